"""The monthly comparison: who is on the roster, whom the platform has marked, who is insured; each difference a list.

All three are looked at on one day. ``roster`` means an identity held on it (not withdrawn), ``marked`` a platform mark
in force on it, ``insured`` the enrolment of its year. The day of death or of moving out still counts; afterwards a
person is wanted in no list.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from django.db.models import Case, Exists, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from tuodi.office.access import Actor
from tuodi.office.models import Enrolment, Holding, Person, PlatformMark
from tuodi.office.periods import held_on, in_force
from tuodi.office.queries.concepts import concept_of, names_in_use
from tuodi.office.queries.enrolment_states import ELSEWHERE, INSURED, STATES, UNKNOWN
from tuodi.office.queries.kept_counts import kept_since_import
from tuodi.office.queries.reach import no_duplicate
from tuodi.office.queries.regions import narrowed
from tuodi.office.roles import Action


class Difference(StrEnum):
    """What the lists disagree about; one person may be in several lists."""

    UNMARKED = "unmarked"
    NOT_ON_ROSTER = "not-on-roster"
    OTHER_IDENTITY = "other-identity"
    OTHER_DATES = "other-dates"
    NOT_INSURED = "not-insured"
    INSURED_ELSEWHERE = "insured-elsewhere"
    GONE = "gone"


DIFFERENCE_NAMES: Final = MappingProxyType(
    {
        Difference.UNMARKED: "在册未标识",
        Difference.NOT_ON_ROSTER: "已不在册仍有标识",
        Difference.OTHER_IDENTITY: "标识的身份不同",
        Difference.OTHER_DATES: "标识的起止日期不同",
        Difference.NOT_INSURED: "在册未参保",
        Difference.INSURED_ELSEWHERE: "在册而在外地参保",
        Difference.GONE: "已死亡或迁出仍在名单",
    }
)

NEEDS_MARKS: Final = frozenset(
    {Difference.UNMARKED, Difference.NOT_ON_ROSTER, Difference.OTHER_IDENTITY, Difference.OTHER_DATES}
)
NEEDS_ENROLMENTS: Final = frozenset({Difference.NOT_INSURED, Difference.INSURED_ELSEWHERE})

ROSTER_SAYS: Final = ("is_gone", "left_before_the_year", "is_held", "state")
"""What roster and enrolment say of a person: gone before the day, gone before its year, held on it, how insured."""

MARKS_SAY: Final = ("is_marked", "has_unmarked_identity", "has_unheld_mark", "has_other_dates", "is_named")
"""What the marks say besides; ``is_named``: a roster of a later day than the person left still names them."""

_YES, _NO = (True,), (False,)
_UNINSURED: Final = tuple(state for state in STATES if state not in INSURED)
_ASKED: Final[Mapping[Difference, tuple[Mapping[str, tuple[Any, ...]], ...]]] = MappingProxyType(
    {
        Difference.UNMARKED: ({"is_gone": _NO, "is_held": _YES, "is_marked": _NO},),
        Difference.NOT_ON_ROSTER: ({"is_gone": _NO, "is_held": _NO, "is_marked": _YES},),
        Difference.OTHER_IDENTITY: (
            {"is_gone": _NO, "is_held": _YES, "is_marked": _YES, "has_unmarked_identity": _YES},
            {"is_gone": _NO, "is_held": _YES, "is_marked": _YES, "has_unheld_mark": _YES},
        ),
        Difference.OTHER_DATES: ({"is_gone": _NO, "is_held": _YES, "has_other_dates": _YES},),
        Difference.NOT_INSURED: ({"is_gone": _NO, "is_held": _YES, "state": _UNINSURED},),
        Difference.INSURED_ELSEWHERE: ({"is_gone": _NO, "is_held": _YES, "state": (ELSEWHERE,)},),
        Difference.GONE: (
            {"is_gone": _YES, "is_held": _YES},
            {"is_gone": _YES, "is_named": _YES},
            {"is_gone": _YES, "is_marked": _YES},
            {"left_before_the_year": _YES, "state": INSURED},
        ),
    }
)
"""Whom each list names: those of whom all of one line is said."""


@dataclass(frozen=True, slots=True)
class Lists:
    """Up to which day each of the three lists is known; None where none has come (for enrolment: of that year).

    Rosters and marks come from several senders: besides the newest list of all there is the ``oldest`` among the newest
    lists of those whose entries are still in force.
    """

    roster: date | None
    marks: date | None
    enrolments: date | None
    oldest_roster: date | None
    oldest_marks: date | None

    @property
    def roster_told(self) -> str:
        """Say up to which day rosters are known."""
        return _range_told(self.oldest_roster, self.roster)

    @property
    def marks_told(self) -> str:
        """Say up to which day the platform's marks are known."""
        return _range_told(self.oldest_marks, self.marks)

    def behind(self, first: date) -> list[str]:
        """Say, in sentences, which lists do not reach the month that begins with ``first``."""
        return self.roster_behind(first) + _behind_told("平台标识", self.oldest_marks, self.marks, first)

    def roster_behind(self, first: date) -> list[str]:
        """Say the same of the rosters alone."""
        return _behind_told("名册", self.oldest_roster, self.roster, first)

    def tells(self, difference: Difference) -> bool:
        """Whether the lists needed for a kind of difference are there: without one everybody would differ."""
        if difference in NEEDS_MARKS:
            return self.marks is not None
        return difference not in NEEDS_ENROLMENTS or self.enrolments is not None


def lists_on(day: date) -> Lists:
    """Return how far the lists reach that a comparison on ``day`` looks at."""
    return kept_since_import(lambda: _lists_on(day), "lists", day.year)


def _range_told(oldest: date | None, newest: date | None) -> str:
    if newest is None:
        return "还没有导入"
    return str(newest) if oldest in (None, newest) else f"最早 {oldest}，最新 {newest}"


def _behind_told(name: str, oldest: date | None, newest: date | None, first: date) -> list[str]:
    if oldest is None or oldest >= first:
        return []
    if oldest == newest:
        return [f"{name}只到 {newest}，比所看的月份早；请先导入新的{name}。"]
    return [f"{name}有的单位只报到 {oldest}（最新的 {newest}），比所看的月份早；请先导入新的{name}。"]


def _lists_on(day: date) -> Lists:
    in_force = Q(end__isnull=True) | Q(end__gte=date(day.year, 1, 1))
    rosters = _newest_by_sender(Holding.objects.filter(withdrawn=False), "confirmed_on", in_force)
    marks = _newest_by_sender(PlatformMark.objects.all(), "as_of", in_force)
    enrolments = Enrolment.objects.filter(year=day.year).aggregate(newest=Max("as_of"))["newest"]
    return Lists(rosters[1], marks[1], enrolments, rosters[0], marks[0])


def _newest_by_sender(records: QuerySet[Any], name: str, in_force: Q) -> tuple[date | None, date | None]:
    """Return the day of the oldest and of the newest among the senders' newest lists.

    A sender none of whose entries is in force any more has been followed by another and holds nobody up.
    """
    by_sender = records.order_by().values("sender").annotate(newest=Max(name), standing=Max(name, filter=in_force))
    rows = list(by_sender.values_list("newest", "standing"))
    newest = max((each for each, _ in rows if each), default=None)
    return min((each for each, standing in rows if each and standing), default=newest), newest


def may_be_marked_wrong(lists: Lists, day: date, reach: Q) -> Q:
    """Return a condition of everybody in a list of marks or gone, and of few others: some identity or mark has no
    counterpart of the same name and dates. ``reach`` is that of records.
    """
    if lists.marks is None:
        return _gone(day)
    last = Coalesce("end", Value(date.max))
    holdings, marks = held(day).annotate(last=last), marked(day).annotate(last=last)
    names = ("person", "identity", "begin", "last")
    same = Q(**{name: OuterRef(name) for name in names})
    unmarked = holdings.filter(reach, ~Exists(marks.filter(same))).values("person")
    unheld = marks.filter(reach, ~Exists(holdings.filter(same))).values("person")
    return Q(pk__in=unmarked.union(unheld, Person.objects.filter(_gone(day)).values("pk")))


def may_be_uninsured(day: date) -> Q:
    """Return a condition of everybody in a list of enrolments, asked before what costs more."""
    here = Enrolment.objects.filter(person=OuterRef("pk"), year=day.year, state__in=set(INSURED) - {ELSEWHERE})
    return living_here(day) & ~Q(Exists(here))


def different(actor: Actor, day: date, difference: Difference, region_id: int | None = None) -> QuerySet[Person]:
    """Return the persons of one list, by region and name; nobody where a list that is needed has not come."""
    if not lists_on(day).tells(difference):
        return Person.objects.none()
    people = on_the_lists(narrowed(actor, Action.SEE_COMPARISON, region_id), day)
    if difference not in NEEDS_ENROLMENTS:
        people = with_marks(people, day)
    return people.filter(_condition(difference)).order_by("region_id", "psn_name", "id")


def differently_marked(actor: Actor, day: date, region_id: int | None = None) -> QuerySet[Person]:
    """Return the persons whose marks in the platform have to change, by region and name."""
    if lists_on(day).marks is None:
        return Person.objects.none()
    wrong = _condition(Difference.GONE) & Q(is_marked=True)
    for difference in sorted(NEEDS_MARKS):
        wrong |= _condition(difference)
    people = with_marks(on_the_lists(narrowed(actor, Action.SEE_COMPARISON, region_id), day), day)
    return people.filter(wrong).order_by("region_id", "psn_name", "id")


def keys_by_place(people: QuerySet[Person]) -> "array[int]":
    """Return the keys of all persons of a list, by region and name.

    They are sorted here: a database that walks a large table in the order of an index reads it row by row.
    """
    rows = people.order_by().values_list("region_id", "psn_name", "pk")
    return array("q", (key for _, _, key in sorted(rows, key=lambda row: (row[0] or 0, *row[1:]))))


def held(day: date | Combinable) -> QuerySet[Holding]:
    """Return the identities held on a day."""
    return Holding.objects.filter(held_on(day))


def held_once(day: date) -> QuerySet[Holding]:
    """Return the same without what lists say of a merged duplicate beside the person: a mark has one pair of dates."""
    own = held(day).filter(person=OuterRef("person"), identity=OuterRef("identity"), listed_as="")
    return held(day).filter(Q(listed_as="") | ~Q(Exists(own)))


def marked(day: date | Combinable) -> QuerySet[PlatformMark]:
    """Return the platform's marks in force on a day."""
    return PlatformMark.objects.filter(in_force(day))


def living_here(day: date) -> Q:
    """Return the condition that a person has neither died nor moved out before a day."""
    return (Q(died_on__isnull=True) | Q(died_on__gte=day)) & (Q(moved_out_on__isnull=True) | Q(moved_out_on__gte=day))


def on_the_lists(reach: Q, day: date) -> QuerySet[Person]:
    """Return the persons in reach with what roster and enrolment say of each: ``ROSTER_SAYS``."""
    mine = Q(person=OuterRef("pk"))
    return Person.objects.filter(reach, no_duplicate()).annotate(
        is_gone=_if(_gone(day), Value(True)),
        left_before_the_year=_if(_gone(date(day.year, 1, 1)), Value(True)),
        is_held=Exists(held(day).filter(mine)),
        state=Coalesce(Subquery(Enrolment.objects.filter(mine, year=day.year).values("state")), Value(UNKNOWN)),
    )


def with_marks(people: QuerySet[Person], day: date) -> QuerySet[Person]:
    """Return persons of ``on_the_lists`` also with what their marks say: ``MARKS_SAY``."""
    meaning = concept_of("identity", names_in_use())
    last = Coalesce("end", Value(date.max))
    mine = Q(person=OuterRef("pk"))
    same = Q(person=OuterRef("person"), concept=OuterRef("concept"))
    same_dates = Q(begin=OuterRef("begin"), last=OuterRef("last"))
    holdings = held_once(day).annotate(concept=meaning, last=last)
    marks = marked(day).annotate(concept=meaning, last=last)
    # Asked first, since hardly anybody differs: the finer questions are then asked of those who do.
    differs = Exists(holdings.filter(mine, ~Exists(marks.filter(same & same_dates))))
    return people.annotate(
        is_marked=Exists(marked(day).filter(mine)),
        has_unmarked_identity=_if(differs, Exists(holdings.filter(mine, ~Exists(marks.filter(same))))),
        has_unheld_mark=Exists(marks.filter(mine, ~Exists(holdings.filter(same)))),
        has_other_dates=_if(
            differs,
            Exists(holdings.filter(mine, ~Exists(marks.filter(same & same_dates)), Exists(marks.filter(same)))),
        ),
        is_named=_if(_gone(day), Exists(_named_since_gone(day))),
    )


def _if(condition: Q | Exists, then: Exists | Value) -> Case:
    """Return an expression that asks ``then`` only where ``condition`` holds."""
    return Case(When(condition, then=then), default=Value(False))


def _gone(day: date) -> Q:
    return Q(died_on__lt=day) | Q(moved_out_on__lt=day)


def kinds_of(said: Mapping[str, Any], kinds: Iterable[Difference]) -> Iterator[Difference]:
    """Yield those of some lists that name a person; ``said`` is what ``ROSTER_SAYS`` and ``MARKS_SAY`` name."""
    for kind in kinds:
        if any(all(said[name] in values for name, values in asked.items()) for asked in _ASKED[kind]):
            yield kind


def _condition(difference: Difference) -> Q:
    """Return what a list asks, as a condition."""
    found = Q(pk__in=[])
    for asked in _ASKED[difference]:
        ones = {name: values[0] for name, values in asked.items() if len(values) == 1}
        found |= Q(**ones, **{f"{name}__in": values for name, values in asked.items() if len(values) > 1})
    return found


def _named_since_gone(day: date) -> QuerySet[Holding]:
    """Return what a roster of a later day than a person's death or moving out still says about that person."""
    since = Coalesce(OuterRef("died_on"), OuterRef("moved_out_on"))
    stands = (Q(stated_end__isnull=True) | Q(stated_end__gte=day)) & (Q(absent_on__isnull=True) | Q(absent_on__gt=day))
    return Holding.objects.filter(
        stands, person=OuterRef("pk"), withdrawn=False, begin__lte=day, confirmed_on__gt=since
    )
