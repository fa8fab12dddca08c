"""The receipt of a settlement and the account of a person's year, computed from the facts as they stand now.

Nothing is taken from the stored results: where these differ from what the page shows, the page says so.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from tuodi.assessment.accumulators import KIND_NAMES, AccountOf, Used
from tuodi.assessment.receipt import Receipt, receipt_among
from tuodi.assessment.receipt_steps import recorded_steps
from tuodi.assessment.rulebook import Rulebook
from tuodi.assessment.step import T_CAP_LEFT, T_DEDUCTIBLE_BEFORE, T_DEDUCTIBLE_USED, T_PAID, T_RULE
from tuodi.assessment.words import components
from tuodi.assessment.year import Assessed, assess_owner_year, in_order
from tuodi.intake import facts
from tuodi.kernel.money import Fen
from tuodi.office.access import Actor
from tuodi.office.assessing import county_book
from tuodi.office.facts import Registry, scope_of, settlements_of
from tuodi.office.models import Accumulator, County, OwnerYear, Person, Settlement, Withheld
from tuodi.office.numbers import masked_certno
from tuodi.office.operations.cases import DIFFERENCES
from tuodi.office.queries.answers import answer, of_difference
from tuodi.office.queries.reach import person_within
from tuodi.office.queries.settlements import HeldBack, Row, settlement_within, with_persons
from tuodi.office.roles import Action


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One accumulator as people read it: ``member`` is whose it is inside a family, else empty; fen."""

    name: str
    kind: str
    member: str
    used_fen: Fen
    limit_fen: Fen | None

    @property
    def left_fen(self) -> Fen | None:
        """What is left under the limit, None without one."""
        return None if self.limit_fen is None else self.limit_fen - self.used_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptSheet:
    """One settlement explained: ``receipt`` is None where the owner's year is withheld; ``held_back`` says why.

    ``region`` is the county whose office hands the receipt out.
    """

    row: Row
    receipt: Receipt | None
    held_back: Sequence[HeldBack]
    accounts: Sequence[AccountLine]
    owner_year: OwnerYear | None
    is_stored_as_shown: bool
    region: str

    @property
    def certno(self) -> str:
        """Return the masked number of whom the settlement means, empty where nobody is known by it."""
        person = self.settlement.person
        return masked_certno(person) if person else ""

    @property
    def settlement(self) -> Settlement:
        """Return the settlement's row."""
        return self.row.settlement

    @property
    def sentence(self) -> str:
        """Return what is read out on the phone."""
        if self.receipt is not None:
            return self.receipt.sentence
        day = self.settlement.setl_time
        why = self.held_back[0].why if self.held_back else "有关记录正在核对"
        return f"{day.year}年{day.month}月{day.day}日这笔结算暂时没有计算：{why}；核对清楚后会重新计算，请等候通知。"


def receipt_sheet(actor: Actor, settlement_id: int) -> ReceiptSheet:
    """Explain one settlement. Raises Absent; Refused where the county has no usable policy."""
    settlement = settlement_within(actor, settlement_id)
    book = county_book()
    registry, year = _year_of(book, settlement.psn_no, settlement.year)
    asked = next(each for each in year if each.setl_id == settlement.setl_id)
    owner = registry.owner(asked.psn_no)
    held_back = _held_back(registry, owner, settlement.year)
    receipt = None if held_back else receipt_among(book, registry.roster, year, asked)
    if receipt is not None:
        receipt = _as_the_office_tells(receipt, settlement)
    owner_year = OwnerYear.objects.filter(owner=owner, year=settlement.year).first()
    due = receipt.paid_fen if receipt else 0
    return ReceiptSheet(
        row=Row(settlement),
        receipt=receipt,
        held_back=held_back,
        accounts=_stored_accounts(book, owner_year),
        owner_year=owner_year,
        is_stored_as_shown=due == settlement.due_fen and (receipt is None) == (settlement.outcome is None),
        region=County.objects.select_related("region").get().region.name,
    )


def _as_the_office_tells(receipt: Receipt, settlement: Settlement) -> Receipt:
    """Return a receipt with what only the office knows: who it is, what another system paid, how far a doubt is."""
    person = settlement.person
    if person is not None:
        receipt = replace(receipt, psn_name=person.psn_name, certno=masked_certno(person))
    if receipt.settlement.reversed:
        receipt = replace(receipt, steps=tuple(recorded_steps(receipt.settlement)))
    receipt = replace(receipt, former_fen=settlement.former_fen)
    case = settlement.cases.filter(kind__in=DIFFERENCES).order_by("-pk").first()
    return replace(receipt, sentence=answer(receipt, of_difference(case)))


def _year_of(book: Rulebook, psn_no: str, year: int) -> tuple[Registry, list[facts.Settlement]]:
    """Return the registry around a person and their owner's settlements of a year, in the order they are taken."""
    scope = scope_of(book, {psn_no}, frozenset({year}))
    registry = scope.registry
    owner = registry.owner(registry.numbers.survivor(psn_no))
    members = registry.members()[owner]
    found = [filed.settlement for filed in settlements_of(registry.numbers, members, {year})]
    return registry, sorted(found, key=in_order)


def held_back_in(psn_no: str, years: Collection[int]) -> dict[int, list[HeldBack]]:
    """Return what holds back somebody's years, their own rows and those of whom they share accounts with.

    Raises Refused where the county has no usable policy.
    """
    registry = scope_of(county_book(), {psn_no}, frozenset(years)).registry
    owner = registry.owner(registry.numbers.survivor(psn_no))
    return {year: _held_back(registry, owner, year) for year in years}


def _held_back(registry: Registry, owner: str, year: int) -> list[HeldBack]:
    numbers = registry.numbers.all_of(registry.members()[owner])
    rows = Withheld.objects.filter(psn_no__in=numbers, ended_at__isnull=True)
    rows = rows.select_related("batch__sender", "contradiction")
    return with_persons(row for row in rows.order_by("since", "pk") if row.year in (year, None))


def _stored_accounts(book: Rulebook, owner_year: OwnerYear | None) -> list[AccountLine]:
    if owner_year is None:
        return []
    # An account that limits nothing and took up nothing says nothing.
    rows = Accumulator.objects.filter(owner_year=owner_year).exclude(used_fen=0, limit_fen=0)
    return [
        _account_line(book, AccountOf(row.kind, row.name, row.member), Used(row.used_fen, row.limit_fen))
        for row in rows.order_by("-kind", "name", "member")
    ]


def _account_line(book: Rulebook, account: AccountOf, used: Used) -> AccountLine:
    names = {key: each.name for document in book.documents for key, each in document.accounts.items()}
    return AccountLine(names[account.name], KIND_NAMES[account.kind], account.member, used.used_fen, used.limit_fen)


# --- a person's year -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ComponentLine:
    """What one settlement did to one component's accounts: used before, now and after; None where there is no limit."""

    name: str
    deductible_used: Fen
    deductible_sum: Fen
    has_deductible: bool
    paid_fen: Fen
    cap_left_before: Fen | None
    cap_left_after: Fen | None


@dataclass(frozen=True, slots=True)
class YearRow:
    """One settlement of the year: what insurers left to the person, and what was due until now (``paid_sum``)."""

    row: Row
    left_fen: Fen
    lines: Sequence[ComponentLine]
    paid_sum: Fen


@dataclass(frozen=True, slots=True, kw_only=True)
class YearSheet:
    """A person's year. ``is_family``: accounts are shared, and others' settlements count between these."""

    person: Person
    certno: str
    year: int
    rows: Sequence[YearRow]
    held_back: Sequence[HeldBack]
    accounts: Sequence[AccountLine]
    is_family: bool
    other_years: Sequence[int]


def year_sheet(actor: Actor, person_id: int, year: int) -> YearSheet:
    """Return a person's settlements of a year with running accumulators. Raises Absent, Refused."""
    person = person_within(actor, person_id, Action.SEE_SETTLEMENTS)
    person = person.merged_into or person
    book = county_book()
    registry, settlements = _year_of(book, person.psn_no, year)
    owner = registry.owner(person.psn_no)
    held_back = _held_back(registry, owner, year)
    assessed = {} if held_back else _assessed(book, registry, settlements)
    facts_by_id = {each.setl_id: each for each in settlements}
    stored = Settlement.objects.filter(person=person).select_related("person__region")
    rows, paid = [], 0
    for settlement in sorted(stored.filter(year=year), key=in_order):
        one = assessed.get(settlement.setl_id)
        paid += one.paid_fen if one else 0
        said = facts_by_id[settlement.setl_id]
        left = max(0, said.inscp_scp_amt - said.insured_fen)
        rows.append(YearRow(Row(settlement), left, _component_lines(book, one) if one else (), paid))
    return YearSheet(
        person=person,
        certno=masked_certno(person),
        year=year,
        rows=rows,
        held_back=held_back,
        accounts=_stored_accounts(book, OwnerYear.objects.filter(owner=owner, year=year).first()),
        is_family=len(registry.members()[owner]) > 1,
        other_years=sorted(set(stored.values_list("year", flat=True)) - {year}, reverse=True),
    )


def _assessed(book: Rulebook, registry: Registry, ordered: Sequence[facts.Settlement]) -> dict[str, Assessed]:
    return {each.settlement.setl_id: each for each in assess_owner_year(book, registry.roster, ordered)}


def _component_lines(book: Rulebook, assessed: Assessed) -> list[ComponentLine]:
    found = []
    for line in components(assessed):
        rule = book.rules[line[T_RULE]]
        left, paid = line[T_CAP_LEFT], line[T_PAID]
        found.append(
            ComponentLine(
                rule.component.name,
                line[T_DEDUCTIBLE_USED],
                line[T_DEDUCTIBLE_BEFORE] + line[T_DEDUCTIBLE_USED],
                bool(rule.entitlement.deductible and rule.entitlement.deductible.amount_fen),
                paid,
                left if left >= 0 else None,
                left - paid if left >= 0 else None,
            )
        )
    return found
