"""One person as the counter sees them: masked facts, identities over time, marks, enrolment, family, accounts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count, Q, Sum

from tuodi.office.access import Actor
from tuodi.office.models import Account, Case, Enrolment, Holding, Household, Person, PlatformMark, Settlement
from tuodi.office.numbers import masked_certno, masked_number, masked_phone
from tuodi.office.operations.people import settlements_after_death
from tuodi.office.periods import held_on
from tuodi.office.queries.enrolment_states import state_words
from tuodi.office.queries.known_identities import known_identities
from tuodi.office.queries.people import STATE_NAMES, PersonRow, State, possible_duplicates, rows_of, state_of
from tuodi.office.queries.reach import no_duplicate, person_within, persons_within, within
from tuodi.office.queries.receipts import held_back_in
from tuodi.office.refusal import Absent, Refused
from tuodi.office.roles import Action


@dataclass(frozen=True, slots=True)
class HeldIdentity:
    """One identity over time; ``is_now`` on the day asked for.

    ``is_known``: some policy of the county or the vocabulary knows its name; any other brings no benefit.
    """

    holding: Holding
    is_now: bool
    is_known: bool

    @property
    def note(self) -> str:
        """Say in words what else is known of it."""
        found = []
        if self.holding.withdrawn:
            found.append("已作废")
        if self.holding.corrected:
            found.append("人工更正")
        if self.holding.absent_on and not self.holding.corrected:
            found.append(f"{self.holding.absent_on} 的全量名册中没有")
        if self.holding.listed_as:
            found.append(f"来自重复记录 {self.holding.listed_as}")
        return "；".join(found)

    @property
    def is_never_held(self) -> bool:
        """Tell whether it ends before it begins: entered for a time after the death."""
        return self.holding.end is not None and self.holding.end < self.holding.begin


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One bank account; ``number`` is masked. ``is_own``: the actor entered it and cannot confirm it."""

    account: Account
    number: str
    is_own: bool

    @property
    def state(self) -> str:
        """Return live, waiting or ended."""
        if self.account.ended_at is not None:
            return "ended"
        return "waiting" if self.account.confirmed_at is None else "live"

    @property
    def state_name(self) -> str:
        """Return the state as words."""
        return {"live": "已确认，可付款", "waiting": "待第二人确认", "ended": "已停用"}[self.state]


@dataclass(frozen=True, slots=True)
class EnrolmentRow:
    """One year's enrolment."""

    enrolment: Enrolment

    @property
    def state_name(self) -> str:
        """Return the state as words."""
        return state_words(self.enrolment.state)


@dataclass(frozen=True, slots=True)
class YearRow:
    """One year's settlements in short, ``due_fen`` without the ``withheld`` ones: ``why`` says what holds them back."""

    year: int
    count: int
    due_fen: int
    withheld: int = 0
    why: Sequence[str] = ()

    @property
    def is_computed(self) -> bool:
        """Whether anything was computed: else no amount is due, not even 0."""
        return self.withheld < self.count


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSheet:
    """Everything about one person. ``alike`` may be the same person; ``alike_elsewhere`` counts those out of reach."""

    person: Person
    state: State
    certno: str
    phone: str
    identities: Sequence[HeldIdentity]
    marks: Sequence[PlatformMark]
    enrolments: Sequence[EnrolmentRow]
    years: Sequence[YearRow]
    after_death: Sequence[Settlement]
    family: Sequence[PersonRow]
    accounts: Sequence[AccountRow]
    cases: Sequence[Case]
    duplicates: Sequence[Person]
    alike: Sequence[PersonRow]
    alike_elsewhere: int

    @property
    def state_name(self) -> str:
        """Return the state as a word."""
        return STATE_NAMES[self.state]


def person_sheet(actor: Actor, person_id: int, day: date) -> PersonSheet:
    """Return one person's sheet as of a day; raises Absent where the actor may not see them."""
    person = person_within(actor, person_id)
    duplicates = list(Person.objects.filter(merged_into=person).order_by("id"))
    records = [person, *duplicates]
    alike = possible_duplicates(person)
    seen = list(alike.filter(within(actor, Action.SEE_PEOPLE)).select_related("region").order_by("id")[:20])
    return PersonSheet(
        person=person,
        state=state_of(person),
        certno=masked_certno(person),
        phone=masked_phone(person),
        identities=_identities(person, day),
        marks=list(PlatformMark.objects.filter(person__in=records).order_by("-begin")),
        enrolments=[EnrolmentRow(one) for one in Enrolment.objects.filter(person__in=records).order_by("-year")],
        years=_years(person),
        after_death=list(settlements_after_death(person)[:50]),
        family=_family(actor, person, day),
        accounts=_accounts(actor, person),
        cases=list(Case.objects.filter(person__in=records).order_by("-opened_at")[:50]),
        duplicates=duplicates,
        alike=list(rows_of(seen, day)),
        alike_elsewhere=alike.count() - len(seen),
    )


def holding_within(actor: Actor, holding_id: int, action: Action) -> Holding:
    """Return an identity of somebody within reach for an action; raises Absent."""
    holding = Holding.objects.select_related("person").filter(pk=holding_id).first()
    if holding is None:
        raise Absent
    person_within(actor, holding.person_id, action)
    return holding


def account_within(actor: Actor, account_id: int, action: Action) -> Account:
    """Return an account of somebody within reach for an action; raises Absent."""
    account = Account.objects.select_related("person", "entered_by").filter(pk=account_id).first()
    if account is None:
        raise Absent
    person_within(actor, account.person_id, action)
    return account


def household_sheet(actor: Actor, household_id: int, day: date) -> tuple[Household, Sequence[PersonRow]]:
    """Return a household with those of its members an actor may see; raises Absent where they may see none."""
    members = persons_within(actor).filter(household=household_id).select_related("region", "household")
    found = list(members.order_by("brdy", "id"))
    if not found or found[0].household is None:
        raise Absent
    return found[0].household, list(rows_of(found, day))


def _identities(person: Person, day: date) -> list[HeldIdentity]:
    holdings = Holding.objects.filter(person=person).order_by("-begin", "id")
    known = known_identities()
    now = set(holdings.filter(held_on(day)).values_list("pk", flat=True))
    return [HeldIdentity(one, one.pk in now, one.identity in known) for one in holdings]


def _years(person: Person) -> list[YearRow]:
    held_back = Q(outcome__isnull=True)
    sums = Settlement.objects.filter(person=person).values("year").order_by("-year")
    sums = sums.annotate(
        count=Count("id"), due=Sum("due_fen", filter=~held_back), withheld=Count("id", filter=held_back)
    )
    rows = [YearRow(row["year"], row["count"], row["due"] or 0, row["withheld"]) for row in sums]
    why = _why_withheld(person, [row.year for row in rows if row.withheld])
    return [replace(row, why=why.get(row.year, ())) for row in rows]


def _why_withheld(person: Person, years: Sequence[int]) -> dict[int, list[str]]:
    """Return in sentences what holds back somebody's years."""
    if not years:
        return {}
    try:
        found = held_back_in(person.psn_no, years)
    except Refused as refused:
        return {year: [str(refused)] for year in years}
    return {
        year: [f"{each.why}{f'（结算编号 {each.row.setl_id}）' if each.row.setl_id else ''}。" for each in rows]
        for year, rows in found.items()
    }


def _family(actor: Actor, person: Person, day: date) -> list[PersonRow]:
    """Return the other members of the household within reach."""
    if person.household_id is None:
        return []
    others = persons_within(actor).filter(no_duplicate(), household=person.household_id).exclude(pk=person.pk)
    return list(rows_of(others.select_related("region").order_by("brdy", "id")[:50], day))


def _accounts(actor: Actor, person: Person) -> list[AccountRow]:
    accounts = Account.objects.filter(person=person).select_related("entered_by", "confirmed_by")
    return [
        AccountRow(one, masked_number(one), one.entered_by_id == actor.user.pk)
        for one in accounts.order_by("-entered_at", "-id")
    ]
