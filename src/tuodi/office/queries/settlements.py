"""Settlements as lists show them: filtered, page by page along the time, with sums; and what is withheld."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Sum

from tuodi.assessment.words import OUTCOME_NAMES
from tuodi.assessment.year import Outcome
from tuodi.intake.facts import INSURED_FIELDS
from tuodi.intake.layouts import load_layout
from tuodi.intake.settlements import ID_CONFLICT
from tuodi.kernel.money import Fen
from tuodi.office.access import Actor
from tuodi.office.imports.registry import KINDS
from tuodi.office.models import Person, Settlement, Withheld
from tuodi.office.models.contradictions import Kind
from tuodi.office.operations.settlements import payable_fen
from tuodi.office.operations.withheld import ROSTER, SETTLEMENT, holding_back
from tuodi.office.queries.people import FEW
from tuodi.office.queries.reach import sees_all, within
from tuodi.office.queries.regions import narrowed
from tuodi.office.refusal import Absent
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
    """Sums of a list, amounts in fen: ``elsewhere`` is what the window and other systems paid.

    ``withheld`` counts those that are not computed: nothing of them is in ``due`` and ``payable``.
    """

    count: int
    scope_fen: Fen
    insured_fen: Fen
    elsewhere_fen: Fen
    due_fen: Fen
    payable_fen: Fen
    withheld: int
    cost_fen: Fen

    @property
    def note(self) -> str:
        """Say what the sums leave out, in words; empty where it is nothing."""
        return f"其中 {self.withheld} 笔暂不计算，未计入应救助和可支付" if self.withheld else ""


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
    def is_withheld(self) -> bool:
        """Whether it is not computed: then no amount is due, not even 0."""
        return self.settlement.outcome is None

    @property
    def due_fen(self) -> Fen | None:
        """What is due; None where it is not computed."""
        return None if self.is_withheld else self.settlement.due_fen

    @property
    def payable_fen(self) -> Fen | None:
        """What may still be paid; None where it is not computed."""
        return None if self.is_withheld else payable_fen(self.settlement)

    @property
    def state(self) -> str:
        """How it stands: a key of STATES."""
        if self.is_withheld:
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
    """One page with its sums; ``after`` is the settlement after which the next one begins, None on the last."""

    rows: Sequence[Row]
    after: int | None
    totals: Totals


def listed(actor: Actor, filters: Filters) -> QuerySet[Settlement]:
    """Return the settlements by filters, the newest first. Raises Absent for a region out of reach."""
    return _filtered(narrowed(actor, _SEE, filters.region_id, "person__region"), filters)


def _filtered(reach: Q, filters: Filters) -> QuerySet[Settlement]:
    found = Settlement.objects.filter(reach)
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
    found = _filtered(_in_reach(actor, filters.region_id), filters)
    place = Settlement.objects.filter(pk=after).values_list("setl_time", "setl_id").first() if after else None
    if place is not None:
        moment, setl_id = place
        found = found.filter(Q(setl_time__lt=moment) | Q(setl_id__gt=setl_id), setl_time__lte=moment)
    rows = [Row(each) for each in found.select_related("person__region")[: PAGE_SIZE + 1]]
    is_more = len(rows) > PAGE_SIZE
    rows = rows[:PAGE_SIZE]
    totals = totals_of(Settlement.objects.filter(pk__in=[row.settlement.pk for row in rows]))
    return Page(rows, rows[-1].settlement.pk if is_more else None, totals)


def _in_reach(actor: Actor, region_id: int | None) -> Q:
    """Return the condition of ``listed`` for one page: of a town of many the page is soon full along the time, while
    the settlements of a few persons are soon all found.
    """
    reach = narrowed(actor, _SEE, region_id)
    persons = Person.objects.filter(reach)
    if not reach or persons[: FEW + 1].count() <= FEW:
        return narrowed(actor, _SEE, region_id, "person__region")
    return Q(Exists(persons.filter(pk=OuterRef("person"))))


def totals_of(settlements: QuerySet[Settlement]) -> Totals:
    """Return the sums of a whole list: on a large one this takes its time."""
    insured = sum((F(name) for name in INSURED_FIELDS[1:]), F(INSURED_FIELDS[0]))
    computed = Q(outcome__isnull=False)
    unpaid = computed & Q(refd_setl_flag=False, maf_pay=0, former_fen=0)
    sums = settlements.order_by().aggregate(
        count=Count("pk"),
        scope=Sum("inscp_scp_amt"),
        insured=Sum(insured),
        elsewhere=Sum(F("maf_pay") + F("former_fen")),
        due=Sum("due_fen", filter=computed),
        payable=Sum("due_fen", filter=unpaid),
        withheld=Count("pk", filter=~computed),
        cost=Sum("medfee_sumamt"),
    )
    names = ("count", "scope", "insured", "elsewhere", "due", "payable", "withheld", "cost")
    return Totals(*(int(sums[name] or 0) for name in names))


def years_known() -> list[int]:
    """Return the years from the first settlement to the last, the newest first."""
    # One question for each end: the index answers it, while both at once would read every settlement.
    ends = [Settlement.objects.aggregate(end=end("setl_time"))["end"] for end in (Min, Max)]
    return list(range(ends[1].year, ends[0].year - 1, -1)) if ends[1] else []


def settlement_within(actor: Actor, settlement_id: int) -> Settlement:
    """Return one settlement with its person; raises Absent where there is none, or none for this actor."""
    found = Settlement.objects.filter(within(actor, _SEE, "person__region"), pk=settlement_id)
    settlement = found.select_related("person__region", "batch__sender").first()
    if settlement is None:
        raise Absent
    return settlement


def find_settlement(actor: Actor, setl_id: str) -> Settlement | None:
    """Return the settlement of that number, None where there is none, or none for this actor.

    One typed in small letters or in full width is the same number, unless there is one written just so.
    """
    plain = "".join(unicodedata.normalize("NFKC", setl_id).split())
    found = Settlement.objects.filter(
        within(actor, _SEE, "person__region"), setl_id__in={setl_id, plain, plain.upper()}
    )
    return min(found, key=lambda each: each.setl_id != setl_id, default=None)


# --- withheld --------------------------------------------------------------------------------------------------------

CONTRADICTION: Final = "contradiction"
_KINDS: Final = {Kind.ANSWER.value: "前序支付答复", Kind.PAYMENT.value: "既有系统支付"}
_MENDED: Final = "请报送单位更正该行后重新报送，{}，就自动恢复；确认该行作废的，写明理由放行。"
_ADVICE: Final = MappingProxyType(
    {
        CONTRADICTION: "请与结算单、支付凭证核对，打开“核对两条记录”，选定采用哪一条。",
        ID_CONFLICT: "没有保存另一条的内容（同一份文件里的两行，或旧版本程序导入的），这里只能放行：请与结算单核对，"
        "把正确的一行导入后，写明理由放行。",
        ROSTER: "请认定部门更正名册中该人员的行后重新导入，正确的行到了自动恢复；确认原行不用的，写明理由放行。",
        SETTLEMENT: _MENDED.format("{0}有同一结算编号的正确行"),
        Kind.ANSWER.value: _MENDED.format("{0}有同一支付方的正确答复"),
        Kind.PAYMENT.value: _MENDED.format("有同一支付编号的正确行"),
        "": "这一行看不出说的是哪一笔，再来的行不能代替它：请报送单位更正后重新报送，核实以后写明理由放行。",
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
    def why(self) -> str:
        """What is wrong, and in which column, as far as the findings of the row's file tell it."""
        title = _KINDS.get(self.row.kind)
        return f"{title}有误：{self._fault}" if title else self._fault

    @property
    def _fault(self) -> str:
        row = self.row
        if row.batch is None or row.contradiction_id is not None:
            return row.message
        told = ((each["row"], each["rule"], each["column"]) for each in row.batch.findings)
        heading = next((column for number, rule, column in told if (number, rule) == (row.row, row.rule)), "")
        fields = load_layout(KINDS[row.batch.kind].layout).fields
        column = next((field.labels[0] for field in fields if field.name == heading), heading)
        return row.message if not column or column in row.message else f"“{column}”{row.message}"

    @property
    def advice(self) -> str:
        """What to do about it."""
        row = self.row
        if row.contradiction_id is not None:
            return _ADVICE[CONTRADICTION]
        tells_which = row.key if row.kind in _KINDS else row.setl_id or row.kind == ROSTER
        key = ID_CONFLICT if row.rule == ID_CONFLICT else row.kind if tells_which else ""
        return _ADVICE[key].format(f"截止日期不早于 {row.batch.as_of} 的文件里" if row.batch else "")


def withheld_rows(actor: Actor) -> QuerySet[Withheld]:
    """Return the open rows that hold back persons within reach, the oldest first."""
    found = holding_back()
    if not sees_all(actor, _SEE):
        theirs = Person.objects.filter(within(actor, _SEE), psn_no=OuterRef("psn_no"))
        found = found.filter(Exists(theirs))
    return found.select_related("batch__sender", "contradiction").order_by("since", "pk")


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
