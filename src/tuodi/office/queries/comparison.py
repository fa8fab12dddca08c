"""The monthly comparison: who is on the roster, whom the platform has marked, who is insured; each difference a list.

All three are looked at on one day. ``roster`` means an identity held on it (not withdrawn), ``marked`` a platform mark
in force on it, ``insured`` the enrolment of its year. The day of death or of moving out still counts; afterwards a
person is wanted in no list.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from django.db.models import Case, Count, Exists, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from tuodi.office.access import Actor
from tuodi.office.imports.kinds import chunks
from tuodi.office.models import Enrolment, Holding, Person, PlatformMark
from tuodi.office.queries.concepts import concept_of, names_in_use
from tuodi.office.queries.enrolment_states import ELSEWHERE, INSURED, UNKNOWN
from tuodi.office.queries.kept_counts import kept
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

_EVERYBODY: Final = 10**9


@dataclass(frozen=True, slots=True)
class Lists:
    """Up to which day each of the three lists is known; None where none has come (for enrolment: of that year)."""

    roster: date | None
    marks: date | None
    enrolments: date | None

    def tells(self, difference: Difference) -> bool:
        """Whether the lists needed for a kind of difference are there: without one everybody would differ."""
        if difference in NEEDS_MARKS:
            return self.marks is not None
        return difference not in NEEDS_ENROLMENTS or self.enrolments is not None


def lists_on(day: date) -> Lists:
    """Return how far the lists reach that a comparison on ``day`` looks at."""
    roster = Holding.objects.aggregate(newest=Max("confirmed_on"))["newest"]
    marks = PlatformMark.objects.aggregate(newest=Max("as_of"))["newest"]
    enrolments = Enrolment.objects.filter(year=day.year).aggregate(newest=Max("as_of"))["newest"]
    return Lists(roster, marks, enrolments)


def comparison_counts(actor: Actor, day: date, region_id: int | None = None) -> Mapping[Difference, int | None]:
    """Return how many persons each list names, None where a list that is needed has not come.

    ``region_id`` narrows it to that region and those below; Absent if it is out of the actor's reach.
    """
    narrowed(actor, Action.SEE_COMPARISON, region_id)
    return kept(lambda: _counted(actor, day, region_id), actor, Action.SEE_COMPARISON, "differences", day, region_id)


def _counted(actor: Actor, day: date, region_id: int | None) -> dict[Difference, int | None]:
    lists, conditions = lists_on(day), _conditions(day)
    asked = {kind.name: Count("pk", filter=conditions[kind]) for kind in Difference if lists.tells(kind)}
    # The slice, of everybody, keeps the database from asking each question once for each count.
    found = _people(actor, day, region_id)[:_EVERYBODY].aggregate(**asked)
    return {kind: found.get(kind.name) for kind in Difference}


def different(actor: Actor, day: date, difference: Difference, region_id: int | None = None) -> QuerySet[Person]:
    """Return the persons of one list, by region and name; nobody where a list that is needed has not come."""
    if not lists_on(day).tells(difference):
        return Person.objects.none()
    people = _people(actor, day, region_id).filter(_conditions(day)[difference])
    return people.order_by("region_id", "psn_name", "id")


def differently_marked(actor: Actor, day: date, region_id: int | None = None) -> QuerySet[Person]:
    """Return the persons whose marks in the platform have to change, by region and name."""
    if lists_on(day).marks is None:
        return Person.objects.none()
    conditions = _conditions(day)
    wrong = conditions[Difference.GONE] & Q(is_marked=True)
    for difference in sorted(NEEDS_MARKS):
        wrong |= conditions[difference]
    return _people(actor, day, region_id).filter(wrong).order_by("region_id", "psn_name", "id")


def everybody(people: QuerySet[Person]) -> Iterator[Person]:
    """Yield all persons of a list, by region and name, with their region.

    They are sorted here: a database that walks a large table in the order of an index reads it row by row.
    """
    rows = people.order_by().values_list("region_id", "psn_name", "pk")
    keys = [key for _, _, key in sorted(rows, key=lambda row: (row[0] or 0, *row[1:]))]
    for piece in chunks(keys):
        found = Person.objects.select_related("region").in_bulk(piece)
        yield from (found[key] for key in piece if key in found)


def in_force(day: date | Combinable) -> Q:
    """Return the condition on ``begin`` and ``end`` that a period covers a day, both ends included."""
    return Q(begin__lte=day) & (Q(end__isnull=True) | Q(end__gte=day))


def held(day: date | Combinable) -> QuerySet[Holding]:
    """Return the identities held on a day."""
    return Holding.objects.filter(in_force(day), withdrawn=False)


def marked(day: date | Combinable) -> QuerySet[PlatformMark]:
    """Return the platform's marks in force on a day."""
    return PlatformMark.objects.filter(in_force(day))


def living_here(day: date) -> Q:
    """Return the condition that a person has neither died nor moved out before a day."""
    return (Q(died_on__isnull=True) | Q(died_on__gte=day)) & (Q(moved_out_on__isnull=True) | Q(moved_out_on__gte=day))


def _people(actor: Actor, day: date, region_id: int | None) -> QuerySet[Person]:
    """Return the persons in reach with what the three lists say of each, as ``_conditions`` asks for it."""
    meaning = concept_of("identity", names_in_use())
    last = Coalesce("end", Value(date.max))
    mine = Q(person=OuterRef("pk"))
    same = Q(person=OuterRef("person"), concept=OuterRef("concept"))
    same_dates = Q(begin=OuterRef("begin"), last=OuterRef("last"))
    holdings = held(day).annotate(concept=meaning, last=last)
    marks = marked(day).annotate(concept=meaning, last=last)
    # Asked first, since hardly anybody differs: the finer questions are then asked of those who do.
    differs = Exists(holdings.filter(mine, ~Exists(marks.filter(same & same_dates))))
    reach = narrowed(actor, Action.SEE_COMPARISON, region_id)
    return Person.objects.filter(reach, merged_into=None).annotate(
        is_held=Exists(held(day).filter(mine)),
        is_marked=Exists(marked(day).filter(mine)),
        has_unmarked_identity=_if(differs, Exists(holdings.filter(mine, ~Exists(marks.filter(same))))),
        has_unheld_mark=Exists(marks.filter(mine, ~Exists(holdings.filter(same)))),
        has_other_dates=_if(
            differs,
            Exists(holdings.filter(mine, ~Exists(marks.filter(same & same_dates)), Exists(marks.filter(same)))),
        ),
        is_named=_if(_gone(day), Exists(_named_since_gone(day))),
        state=Coalesce(Subquery(Enrolment.objects.filter(mine, year=day.year).values("state")), Value(UNKNOWN)),
    )


def _if(condition: Q | Exists, then: Exists) -> Case:
    """Return an expression that asks ``then`` only where ``condition`` holds."""
    return Case(When(condition, then=then), default=Value(False))


def _gone(day: date) -> Q:
    return Q(died_on__lt=day) | Q(moved_out_on__lt=day)


def _conditions(day: date) -> Mapping[Difference, Q]:
    """Return what each list asks of a person of ``_people``."""
    here = living_here(day)
    before_the_year = _gone(date(day.year, 1, 1))
    is_insured = Q(state__in=INSURED)
    on_roster = here & Q(is_held=True)
    other = Q(has_unmarked_identity=True) | Q(has_unheld_mark=True)
    return {
        Difference.UNMARKED: on_roster & Q(is_marked=False),
        Difference.NOT_ON_ROSTER: here & Q(is_held=False, is_marked=True),
        Difference.OTHER_IDENTITY: on_roster & Q(is_marked=True) & other,
        Difference.OTHER_DATES: on_roster & Q(has_other_dates=True),
        Difference.NOT_INSURED: on_roster & ~is_insured,
        Difference.INSURED_ELSEWHERE: on_roster & Q(state=ELSEWHERE),
        Difference.GONE: (_gone(day) & (Q(is_held=True) | Q(is_named=True) | Q(is_marked=True)))
        | (before_the_year & is_insured),
    }


def _named_since_gone(day: date) -> QuerySet[Holding]:
    """Return what a roster of a later day than a person's death or moving out still says about that person."""
    since = Coalesce(OuterRef("died_on"), OuterRef("moved_out_on"))
    stands = (Q(stated_end__isnull=True) | Q(stated_end__gte=day)) & (Q(absent_on__isnull=True) | Q(absent_on__gt=day))
    return Holding.objects.filter(
        stands, person=OuterRef("pk"), withdrawn=False, begin__lte=day, confirmed_on__gt=since
    )
