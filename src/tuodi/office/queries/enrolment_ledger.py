"""The enrolment ledger (参保台账): everybody on the roster on a day, insured or not in that year."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from tuodi.kernel.money import percent
from tuodi.office.access import Actor
from tuodi.office.models import Enrolment, Person
from tuodi.office.numbers import masked_certno
from tuodi.office.queries.comparison import held, living_here
from tuodi.office.queries.enrolment_states import INSURED, STATES, UNKNOWN, state_of
from tuodi.office.queries.kept_counts import kept
from tuodi.office.queries.platform_changes import identities_of, in_portions
from tuodi.office.queries.regions import narrowed
from tuodi.office.roles import Action


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


def coverage(actor: Actor, year: int, day: date, region_id: int | None = None) -> list[Coverage]:
    """Return the coverage of each region with somebody on the roster, by code of the region, the sum last."""
    narrowed(actor, Action.SEE_COMPARISON, region_id)
    return kept(
        lambda: _counted(actor, year, day, region_id), actor, Action.SEE_COMPARISON, "coverage", year, day, region_id
    )


def _counted(actor: Actor, year: int, day: date, region_id: int | None) -> list[Coverage]:
    rows = _people(actor, year, day, region_id).order_by("region__code").values("region", "region__name", "state")
    found: dict[int | None, tuple[str, dict[str, int]]] = {}
    whole = dict.fromkeys(STATES, 0)
    for row in rows.annotate(persons=Count("pk")):
        _, states = found.setdefault(row["region"], (row["region__name"] or "（未定乡镇）", dict.fromkeys(STATES, 0)))
        states[row["state"]] += row["persons"]
        whole[row["state"]] += row["persons"]
    regions = [Coverage(region, name, states) for region, (name, states) in found.items()]
    return [*regions, Coverage(None, "合计", whole)]


def enrolled(actor: Actor, year: int, day: date, *, region_id: int | None = None, state: str = "") -> QuerySet[Person]:
    """Return the persons on the roster with ``state``, by region and name; all states where none is asked for."""
    people = _people(actor, year, day, region_id)
    if state:
        people = people.filter(state=state)
    return people.order_by("region_id", "psn_name", "id")


def ledger_day(year: int, today: date) -> date:
    """Return the day on which a year's roster is looked at: today in the current year, else its last or first day."""
    return min(max(today, date(year, 1, 1)), date(year, 12, 31))


def _people(actor: Actor, year: int, day: date, region_id: int | None) -> QuerySet[Person]:
    reach = narrowed(actor, Action.SEE_COMPARISON, region_id)
    state = Enrolment.objects.filter(person=OuterRef("pk"), year=year).values("state")
    on_roster = Exists(held(day).filter(person=OuterRef("pk")))
    people = Person.objects.filter(reach, living_here(day), on_roster, merged_into=None)
    return people.annotate(state=Coalesce(Subquery(state), Value(UNKNOWN)))


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
