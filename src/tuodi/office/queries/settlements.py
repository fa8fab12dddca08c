"""Settlements as lists show them: filtered, page by page along the time, with sums; and what is withheld."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from django.db.models import Case, Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Sum, Value, When

from tuodi.assessment.words import OUTCOME_NAMES
from tuodi.assessment.year import Outcome
from tuodi.intake.facts import INSURED_FIELDS
from tuodi.intake.settlements import ID_CONFLICT
from tuodi.kernel.money import Fen
from tuodi.office.access import Actor
from tuodi.office.models import Person, Settlement, Withheld
from tuodi.office.operations.settlements import payable_fen
from tuodi.office.operations.withheld import ROSTER
from tuodi.office.operations.writing import Absent
from tuodi.office.queries.reach import sees_all, within
from tuodi.office.queries.regions import narrowed
from tuodi.office.roles import Action

PAGE_SIZE: Final = 50
_SEE: Final = Action.SEE_SETTLEMENTS

DUE, NOTHING, WITHHELD = "due", "nothing", "withheld"
STATES: Final = MappingProxyType(
    {
        DUE: "应救助",
        NOTHING: "按政策计算为 0",
        WITHHELD: "暂不计算",
        **{outcome.name.lower(): OUTCOME_NAMES[outcome] for outcome in Outcome if outcome is not Outcome.ASSESSED},
    }
)
"""How a settlement stands, by the value a filter carries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a list is narrowed to; None or empty does not narrow. ``month`` counts only with a year."""

    year: int | None = None
    month: int | None = None
    state: str = ""
    region_id: int | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of a list, amounts in fen: ``elsewhere`` is what the window and other systems paid."""

    count: int
    scope_fen: Fen
    insured_fen: Fen
    elsewhere_fen: Fen
    due_fen: Fen
    payable_fen: Fen


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list."""

    settlement: Settlement

    @property
    def insured_fen(self) -> Fen:
        """What insurers paid, as the record has it."""
        return sum(getattr(self.settlement, name) for name in INSURED_FIELDS)

    @property
    def elsewhere_fen(self) -> Fen:
        """Assistance the window and other systems paid."""
        return self.settlement.maf_pay + self.settlement.former_fen

    @property
    def payable_fen(self) -> Fen:
        """What may still be paid."""
        return payable_fen(self.settlement)

    @property
    def state(self) -> str:
        """How it stands: a key of STATES."""
        if self.settlement.outcome is None:
            return WITHHELD
        if self.settlement.outcome != Outcome.ASSESSED:
            return Outcome(self.settlement.outcome).name.lower()
        return DUE if self.settlement.due_fen else NOTHING

    @property
    def state_name(self) -> str:
        """How it stands, in words."""
        return STATES[self.state]


@dataclass(frozen=True, slots=True)
class Page:
    """One page; ``after`` is the settlement after which the next one begins, None on the last."""

    rows: Sequence[Row]
    after: int | None

    @property
    def totals(self) -> Totals:
        """Return the sums of this page."""
        return Totals(
            len(self.rows),
            sum(row.settlement.inscp_scp_amt for row in self.rows),
            sum(row.insured_fen for row in self.rows),
            sum(row.elsewhere_fen for row in self.rows),
            sum(row.settlement.due_fen for row in self.rows),
            sum(row.payable_fen for row in self.rows),
        )


def listed(actor: Actor, filters: Filters) -> QuerySet[Settlement]:
    """Return the settlements by filters, the newest first. Raises Absent for a region out of reach."""
    found = Settlement.objects.filter(narrowed(actor, _SEE, filters.region_id, "person__region"))
    if filters.year is not None:
        first, last = _period(filters.year, filters.month)
        found = found.filter(setl_time__gte=first, setl_time__lt=last)
    if filters.state:
        found = found.filter(_in_state(filters.state))
    return found.order_by("-setl_time", "setl_id")


def _period(year: int, month: int | None) -> tuple[datetime, datetime]:
    if month is None:
        return datetime(year, 1, 1), datetime(year + 1, 1, 1)
    return datetime(year, month, 1), datetime(year + month // 12, month % 12 + 1, 1)


def _in_state(state: str) -> Q:
    if state == WITHHELD:
        return Q(outcome__isnull=True)
    if state in (DUE, NOTHING):
        return Q(outcome=Outcome.ASSESSED, due_fen__gt=0) if state == DUE else Q(outcome=Outcome.ASSESSED, due_fen=0)
    return Q(outcome=Outcome[state.upper()])


def page_of(actor: Actor, filters: Filters, after: int | None = None) -> Page:
    """Return one page, beginning after a settlement: as fast for the last page as for the first."""
    found = listed(actor, filters)
    place = Settlement.objects.filter(pk=after).values_list("setl_time", "setl_id").first() if after else None
    if place is not None:
        moment, setl_id = place
        found = found.filter(Q(setl_time__lt=moment) | Q(setl_id__gt=setl_id), setl_time__lte=moment)
    rows = [Row(each) for each in found.select_related("person__region")[: PAGE_SIZE + 1]]
    is_more = len(rows) > PAGE_SIZE
    rows = rows[:PAGE_SIZE]
    return Page(rows, rows[-1].settlement.pk if is_more else None)


def totals_of(settlements: QuerySet[Settlement]) -> Totals:
    """Return the sums of a whole list: on a large one this takes its time."""
    insured = sum((F(name) for name in INSURED_FIELDS[1:]), F(INSURED_FIELDS[0]))
    unpaid = Q(refd_setl_flag=False, outcome__isnull=False, maf_pay=0, former_fen=0)
    sums = settlements.order_by().aggregate(
        count=Count("pk"),
        scope=Sum("inscp_scp_amt"),
        insured=Sum(insured),
        elsewhere=Sum(F("maf_pay") + F("former_fen")),
        due=Sum("due_fen"),
        payable=Sum(Case(When(unpaid, then=F("due_fen")), default=Value(0))),
    )
    names = ("count", "scope", "insured", "elsewhere", "due", "payable")
    return Totals(*(int(sums[name] or 0) for name in names))


def years_known() -> list[int]:
    """Return the years from the first settlement to the last, the newest first."""
    ends = Settlement.objects.aggregate(first=Min("setl_time"), last=Max("setl_time"))
    return list(range(ends["last"].year, ends["first"].year - 1, -1)) if ends["last"] else []


def settlement_within(actor: Actor, settlement_id: int) -> Settlement:
    """Return one settlement with its person; raises Absent where there is none, or none for this actor."""
    found = Settlement.objects.filter(within(actor, _SEE, "person__region"), pk=settlement_id)
    settlement = found.select_related("person__region", "batch__sender").first()
    if settlement is None:
        raise Absent
    return settlement


def find_settlement(actor: Actor, setl_id: str) -> Settlement | None:
    """Return the settlement of that number, None where there is none, or none for this actor."""
    return Settlement.objects.filter(within(actor, _SEE, "person__region"), setl_id=setl_id).first()


# --- withheld --------------------------------------------------------------------------------------------------------

_ADVICE: Final = MappingProxyType(
    {
        ID_CONFLICT: "请与结算单核对。先到的一条正确的，写明理由放行；后到的正确的，撤销先到那一批后重新导入。",
        ROSTER: "请认定部门更正名册中该人员的行后重新导入，正确的行到了自动恢复；确认原行不用的，写明理由放行。",
        "": "请报送单位更正该行后重新报送，同一结算编号的正确行到了自动恢复；确认该行作废的，写明理由放行。",
    }
)


@dataclass(frozen=True, slots=True)
class HeldBack:
    """One row that holds somebody's results back: ``person`` is None where the number is not on the registry."""

    row: Withheld
    person: Person | None

    @property
    def period(self) -> str:
        """Which years it holds back."""
        return f"{self.row.year} 年" if self.row.year else "各年度"

    @property
    def advice(self) -> str:
        """What to do about it."""
        key = ID_CONFLICT if self.row.rule == ID_CONFLICT else ROSTER if self.row.kind == ROSTER else ""
        return _ADVICE[key]


def withheld_rows(actor: Actor) -> QuerySet[Withheld]:
    """Return the open rows that hold back persons within reach, the oldest first."""
    found = Withheld.objects.filter(ended_at__isnull=True)
    if not sees_all(actor, _SEE):
        theirs = Person.objects.filter(within(actor, _SEE), psn_no=OuterRef("psn_no"))
        found = found.filter(Exists(theirs))
    return found.select_related("batch__sender").order_by("since", "pk")


def with_persons(rows: Iterable[Withheld]) -> list[HeldBack]:
    """Return rows with whom they are about."""
    rows = list(rows)
    persons = {
        person.psn_no: person.merged_into or person
        for person in Person.objects.filter(psn_no__in={row.psn_no for row in rows}).select_related(
            "region", "merged_into__region"
        )
    }
    return [HeldBack(row, persons.get(row.psn_no)) for row in rows]
