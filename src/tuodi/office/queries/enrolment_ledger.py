"""The enrolment ledger (参保台账): everybody on the roster on a day, insured or not in that year."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, overload

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from tuodi.kernel.money import percent
from tuodi.office.access import Actor
from tuodi.office.models import Enrolment, Person, Region
from tuodi.office.numbers import masked_certno
from tuodi.office.queries.comparison import held, living_here
from tuodi.office.queries.enrolment_states import INSURED, STATES, UNKNOWN, state_of
from tuodi.office.queries.kept_counts import kept
from tuodi.office.queries.platform_changes import identities_of, in_portions
from tuodi.office.queries.reach import no_duplicate
from tuodi.office.queries.regions import narrowed
from tuodi.office.roles import Action

_NOWHERE: Final = 0


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many persons of a region are in each state, by the values of ``STATES``."""

    region_id: int | None
    region: str
    by_state: Mapping[str, int]

    @property
    def persons(self) -> int:
        """Return how many are on the roster: the rate's denominator."""
        return sum(self.by_state.values())

    @property
    def insured(self) -> int:
        """Return how many are insured, here or elsewhere: the rate's numerator."""
        return sum(self.by_state.get(state, 0) for state in INSURED)

    @property
    def rate(self) -> str:
        """Return the coverage in percent with two decimals, — without anybody."""
        return percent(self.insured, self.persons)

    @property
    def rate_told(self) -> str:
        """Return numerator, denominator and rate; that there is none where no list of the year tells of anybody."""
        if self.by_state.get(UNKNOWN, 0) == self.persons:
            return "—（名单未导入）"
        return f"{self.insured}/{self.persons}＝{self.rate}%"


def has_list(year: int) -> bool:
    """Whether a list has told of anybody's enrolment in a year."""
    return Enrolment.objects.filter(year=year).exists()


def coverage(actor: Actor, year: int, day: date, region_id: int | None = None) -> list[Coverage]:
    """Return the coverage of each region with somebody on the roster, by code of the region, the sum last."""
    narrowed(actor, Action.SEE_COMPARISON, region_id)
    return kept(
        lambda: _counted(actor, year, day, region_id), actor, Action.SEE_COMPARISON, "coverage", year, day, region_id
    )


def _counted(actor: Actor, year: int, day: date, region_id: int | None) -> list[Coverage]:
    # Not grouped by the region itself: SQLite would then read everybody in the order of the index on it, one by one.
    people = _people(actor, year, day, region_id).annotate(where=Coalesce("region_id", Value(_NOWHERE)))
    found: dict[int, dict[str, int]] = {}
    whole = dict.fromkeys(STATES, 0)
    for row in people.order_by().values("where", "state").annotate(persons=Count("pk")):
        found.setdefault(row["where"], dict.fromkeys(STATES, 0))[row["state"]] += row["persons"]
        whole[row["state"]] += row["persons"]
    regions = [Coverage(region.pk, region.name, found[region.pk]) for region in Region.objects.filter(pk__in=found)]
    if _NOWHERE in found:
        regions.append(Coverage(None, "（未定乡镇）", found[_NOWHERE]))
    return [*regions, Coverage(None, "合计", whole)]


def enrolled(actor: Actor, year: int, day: date, *, region_id: int | None = None, state: str = "") -> QuerySet[Person]:
    """Return the persons on the roster with ``state``, by region and name; all states where none is asked for."""
    people = _people(actor, year, day, region_id)
    if state:
        people = people.filter(state=state)
    return people.order_by("region_id", "psn_name", "id")


@dataclass(frozen=True, slots=True)
class Enrolled(Sequence[Person]):
    """The persons of the ledger in the order of ``towns``, then by name, read as far as they are asked for.

    One region is asked at a time: in which one a page lies follows from the coverage, so that the last page of half a
    million persons comes as soon as the first.
    """

    towns: Sequence[Coverage]
    year: int
    day: date
    state: str = ""

    def __len__(self) -> int:
        return sum(self._count(town) for town in self.towns)

    @overload
    def __getitem__(self, place: int) -> Person: ...
    @overload
    def __getitem__(self, place: slice) -> list[Person]: ...
    def __getitem__(self, place: int | slice) -> Person | list[Person]:
        if isinstance(place, int):
            return self[place : place + 1][0]
        first, last, _ = place.indices(len(self))
        found: list[Person] = []
        for town in self.towns:
            count = self._count(town)
            if first < count and last > 0:
                found += self._of_town(town)[max(first, 0) : min(last, count)]
            first, last = first - count, last - count
        return found

    def _count(self, town: Coverage) -> int:
        return town.by_state[self.state] if self.state else town.persons

    def _of_town(self, town: Coverage) -> QuerySet[Person]:
        people = Person.objects.filter(region=town.region_id)
        if self.state:
            # Asked before the roster: most are in another state.
            people = people.filter(_is_in_state(self.state, self.year))
        return _on_roster(people, self.day).select_related("region").order_by("psn_name", "id")


def ledger_day(year: int, today: date) -> date:
    """Return the day on which a year's roster is looked at: today in the current year, else its last or first day."""
    return min(max(today, date(year, 1, 1)), date(year, 12, 31))


def _people(actor: Actor, year: int, day: date, region_id: int | None) -> QuerySet[Person]:
    people = Person.objects.filter(narrowed(actor, Action.SEE_COMPARISON, region_id))
    state = Enrolment.objects.filter(person=OuterRef("pk"), year=year).values("state")
    return _on_roster(people, day).annotate(state=Coalesce(Subquery(state), Value(UNKNOWN)))


def _on_roster(people: QuerySet[Person], day: date) -> QuerySet[Person]:
    on_roster = Exists(held(day).filter(person=OuterRef("pk")))
    return people.filter(no_duplicate(), living_here(day), on_roster)


def _is_in_state(state: str, year: int) -> Q:
    told = Enrolment.objects.filter(person=OuterRef("pk"), year=year)
    return ~Q(Exists(told)) if state == UNKNOWN else Q(Exists(told.filter(state=state)))


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One person of the ledger; ``certno`` is masked, ``state`` in words, amounts in fen (None without a record)."""

    person_id: int
    psn_no: str
    name: str
    certno: str
    region: str
    identities: str
    state: str
    enrol_date: date | None
    premium_fen: int | None
    subsidy_fen: int | None


def ledger_lines(people: Iterable[Person], year: int, day: date) -> Iterator[LedgerLine]:
    """Yield the ledger's lines for persons, who come with their region."""
    for some in in_portions(people):
        known = identities_of(some, day)
        enrolments = {e.person_id: e for e in Enrolment.objects.filter(person__in=known, year=year)}
        for person in some:
            enrolment = enrolments.get(person.pk)
            # What no list has stated is left blank: a 0 would be a figure nobody gave.
            stated = enrolment if enrolment and enrolment.premium_as_of else None
            yield LedgerLine(
                person_id=person.pk,
                psn_no=person.psn_no,
                name=person.psn_name,
                certno=masked_certno(person),
                region=person.region.name if person.region else "",
                identities="、".join(dict.fromkeys(holding.identity for holding in known[person.pk].held)),
                state=state_of(enrolment),
                enrol_date=enrolment.enrol_date if enrolment else None,
                premium_fen=stated.premium_fen if stated else None,
                subsidy_fen=stated.subsidy_fen if stated else None,
            )
