"""Lists an office receives besides roster and settlements: one sort of row each, read the same way.

A bad row is refused and told; of rows that mean the same thing, equal ones count once and differing ones are refused.
"""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar, cast

from tuodi.intake.cells import Value
from tuodi.intake.facts import Refusal
from tuodi.intake.office_words import PAYER, STATE, coded
from tuodi.intake.persons import certno_doubts
from tuodi.intake.rows import GoodRows, open_file, without_rows
from tuodi.intake.sender_format import PLAIN, SenderFormat
from tuodi.intake.sources import DEFAULT_LIMITS, Limits, file_finding
from tuodi.intake.tables import Clock
from tuodi.intake.totals import Totals
from tuodi.kernel.finding import Fault, Finding, Severity
from tuodi.kernel.money import Fen

FIRST_YEAR, LAST_YEAR = 2000, 2099


class Mark(NamedTuple):
    """An identity as the national platform has it marked, from ``begin`` to ``end``, both days included."""

    psn_no: str
    identity: str
    begin: date
    end: date | None
    certno: str
    row: int


class EnrolmentState(NamedTuple):
    """Insured or not in a year; ``state`` is a code of ``terms/office.yaml`` (resident, employee, elsewhere, none)."""

    psn_no: str
    year: int
    state: str
    insutype: str
    enrol_date: date | None
    premium_fen: Fen
    subsidy_fen: Fen
    row: int


class PremiumSubsidy(NamedTuple):
    """Somebody whose premium of a year is subsidised, as the list says."""

    psn_no: str
    year: int
    identity: str
    premium_fen: Fen
    subsidy_fen: Fen
    row: int


class PayerAnswer(NamedTuple):
    """What a payer before us paid for a settlement; ``payer`` is the settlement's field, e.g. ``hifmi_pay``."""

    setl_id: str
    payer: str
    paid_fen: Fen
    answered_on: date | None
    row: int


class FormerPayment(NamedTuple):
    """Assistance that another system paid for a settlement."""

    setl_id: str
    psn_no: str
    reference: str
    paid_fen: Fen
    paid_on: date | None
    row: int


Record = TypeVar("Record", Mark, EnrolmentState, PremiumSubsidy, PayerAnswer, FormerPayment)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFile(Generic[Record]):
    """What a list says: good rows in the file's order, each meaning once. ``usable`` is False if it cannot be used.

    ``refusals`` are the refused rows, once for each id a row may be about.
    """

    records: tuple[Record, ...]
    refusals: tuple[Refusal, ...]
    findings: tuple[Finding, ...]
    totals: Totals
    usable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sort(Generic[Record]):
    """A sort of list: its layout, the fields read, what a row means, which rows mean the same thing."""

    layout_id: str
    title: str
    names: tuple[str, ...]
    make: Callable[[list[Value], int], Record]
    key: Callable[[Record], tuple[Hashable, ...]]
    judge: Callable[[dict[str, Value]], list[tuple[str, Fault]]]
    sums: dict[str, str] = field(default_factory=dict)
    """Totals' field -> the record's field that is summed up."""
    consequence: Callable[[str], str] = lambda _: "该行未采用"
    """What a refused row leads to, by its first field as it is written (empty: not to be told)."""
    key_field: str = ""
    key_of: Callable[[str], str] = str
    """What besides the first field tells what a refused row is about, and as which text."""


def read_marks(
    path: Path, sender: SenderFormat = PLAIN, limits: Limits = DEFAULT_LIMITS, clock: Clock = time.monotonic
) -> ListFile[Mark]:
    """Read the identities marked on the platform."""
    return _read(path, _MARKS, sender, limits, clock)


def read_enrolment_states(
    path: Path, sender: SenderFormat = PLAIN, limits: Limits = DEFAULT_LIMITS, clock: Clock = time.monotonic
) -> ListFile[EnrolmentState]:
    """Read who is insured in which year, and where."""
    return _read(path, _STATES, sender, limits, clock)


def read_premium_lists(
    path: Path, sender: SenderFormat = PLAIN, limits: Limits = DEFAULT_LIMITS, clock: Clock = time.monotonic
) -> ListFile[PremiumSubsidy]:
    """Read whose premium is subsidised."""
    return _read(path, _PREMIUMS, sender, limits, clock)


def read_payer_answers(
    path: Path, sender: SenderFormat = PLAIN, limits: Limits = DEFAULT_LIMITS, clock: Clock = time.monotonic
) -> ListFile[PayerAnswer]:
    """Read what payers before us paid."""
    return _read(path, _ANSWERS, sender, limits, clock)


def read_former_payments(
    path: Path, sender: SenderFormat = PLAIN, limits: Limits = DEFAULT_LIMITS, clock: Clock = time.monotonic
) -> ListFile[FormerPayment]:
    """Read what another system paid; rows of 0.00 paid nothing and give no record."""
    file = _read(path, _FORMER, sender, limits, clock)
    paid = tuple(payment for payment in file.records if payment.paid_fen)
    nothing = len(file.records) - len(paid)
    if not nothing:
        return file
    message = f"有 {nothing} 行的金额是 0，没有支付，不导入"
    told = file_finding(path, "nothing-paid", message, "不影响其他行", Severity.INFO)
    return replace(file, records=paid, findings=(*file.findings, told))


def _read(path: Path, sort: _Sort[Record], sender: SenderFormat, limits: Limits, clock: Clock) -> ListFile[Record]:
    opened = open_file(path, sort.layout_id, (), limits, clock, sender)
    if isinstance(opened, list):
        return _unusable(sort, opened)

    def judged(values: list[Value]) -> list[tuple[str, Fault]]:
        return sort.judge(dict(zip(sort.names, values, strict=True)))

    rows: GoodRows = GoodRows(opened, sort.names, sort.names[0], sort.consequence, judged, sort.key_field, sort.key_of)
    by_key: dict[tuple[Hashable, ...], list[Record]] = {}
    for number, values in rows:
        record = sort.make(values, number)
        by_key.setdefault(sort.key(record), []).append(record)
    if not rows.usable:
        return _unusable(sort, rows.findings)
    if rows.count == rows.feet:
        return _unusable(sort, [*rows.findings, without_rows(opened.table)])
    is_of_settlements = sort.names[0] == "setl_id"
    kept, copies = _each_once(rows, by_key)
    totals = Totals(
        title=sort.title,
        rows=rows.count,
        accepted=len(kept),
        refused=rows.bad,
        duplicates=copies,
        foot_rows=rows.feet,
        persons=0 if is_of_settlements else len({record[0] for record in kept}),
        **{total: sum(getattr(record, name) for record in kept) for total, name in sort.sums.items()},
    )
    refusals = [
        Refusal("", None, text, rule, why, row, key) if is_of_settlements else Refusal(text, None, "", rule, why, row)
        for text, rule, why, row, key in rows.refusals
    ]
    return ListFile(
        records=tuple(kept),
        refusals=tuple(refusals),
        findings=tuple(sorted(rows.findings, key=lambda finding: finding.row or 0)),
        totals=totals,
    )


def _each_once(rows: GoodRows, by_key: dict[tuple[Hashable, ...], list[Record]]) -> tuple[list[Record], int]:
    """Return one record for each meaning and how many copies were left out; refuse those that contradict."""
    kept: list[Record] = []
    copies = 0
    for about, same in by_key.items():
        first, *others = same
        if all(other._replace(row=first.row) == first for other in others):
            kept.append(first)
            copies += len(others)
            for other in others[:1]:
                fault = Fault("row-copied", f"与第 {first.row} 行完全相同，只计一次", "请核对是否重复导出")
                rows.findings.append(rows.told(other.row, other[0], fault, Severity.WARNING))
            continue
        for record in same:
            elsewhere = "、".join(str(other.row) for other in same if other is not record)
            fault = Fault(
                "row-conflict", f"与第 {elsewhere[:50]} 行说的是同一件事而内容不同", "请核对，只保留正确的一行"
            )
            rows.refuse_read(record.row, record[0], fault, str(about[1]))
    return kept, copies


def _unusable(sort: _Sort[Record], findings: list[Finding]) -> ListFile[Record]:
    return ListFile(records=(), refusals=(), findings=tuple(findings), totals=Totals(title=sort.title), usable=False)


def _negatives(values: dict[str, Value], names: tuple[str, ...]) -> list[tuple[str, Fault]]:
    fault = Fault("amount-negative", "金额不能是负数", "请核对；有退回的，请写扣除后的金额")
    return [(name, fault) for name in names if cast(Fen, values[name]) < 0]


def _year(text: Value) -> int | Fault:
    """Read a year written as 2024, 2024年 or 2024年度."""
    digits = str(text).removesuffix("度").removesuffix("年").strip()
    if digits.isascii() and digits.isdecimal() and len(digits) == 4 and FIRST_YEAR <= int(digits) <= LAST_YEAR:
        return int(digits)
    return Fault("year-format", f"不是 {FIRST_YEAR} 至 {LAST_YEAR} 之间的年度", "请写四位数的年度，例如 2024")


def _faults(found: dict[str, Value | Fault]) -> list[tuple[str, Fault]]:
    return [(name, value) for name, value in found.items() if isinstance(value, Fault)]


def _judge_mark(values: dict[str, Value]) -> list[tuple[str, Fault]]:
    begin, end, certno = cast(date, values["begntime"]), cast(date | None, values["endtime"]), str(values["certno"])
    found: list[tuple[str, Fault]] = []
    if end is not None and end < begin:
        fault = Fault("period-reversed", f"结束日期早于开始日期 {begin}", "请核对后更正开始或结束日期")
        found.append(("endtime", fault))
    doubts = certno_doubts(certno) if certno else []
    return found + [("certno", fault) for severity, fault in doubts if severity is Severity.ERROR]


def _judge_state(values: dict[str, Value]) -> list[tuple[str, Fault]]:
    found = _faults({"year": _year(values["year"]), "state": coded(STATE, str(values["state"]))})
    return found + _negatives(values, ("premium", "subsidy"))


def _judge_premium(values: dict[str, Value]) -> list[tuple[str, Fault]]:
    return _faults({"year": _year(values["year"])}) + _negatives(values, ("premium", "subsidy"))


def _judge_answer(values: dict[str, Value]) -> list[tuple[str, Fault]]:
    return _faults({"payer": coded(PAYER, str(values["payer"]))}) + _negatives(values, ("paid_amt",))


def _judge_former(values: dict[str, Value]) -> list[tuple[str, Fault]]:
    return _negatives(values, ("paid_amt",))


def _state(values: list[Value], number: int) -> EnrolmentState:
    psn_no, year, state, *others = values
    return EnrolmentState._make([psn_no, _year(year), coded(STATE, str(state)), *others, number])


def _premium(values: list[Value], number: int) -> PremiumSubsidy:
    psn_no, year, *others = values
    return PremiumSubsidy._make([psn_no, _year(year), *others, number])


def _answer(values: list[Value], number: int) -> PayerAnswer:
    setl_id, payer, *others = values
    return PayerAnswer._make([setl_id, coded(PAYER, str(payer)), *others, number])


_MARKS = _Sort(
    layout_id="marks",
    title="平台身份标识",
    names=("psn_no", "psn_idet_type", "begntime", "endtime", "certno"),
    make=lambda values, number: Mark._make([*values, number]),
    key=lambda mark: (mark.psn_no, mark.identity, mark.begin),
    judge=_judge_mark,
)
_STATES = _Sort(
    layout_id="enrolment_states",
    title="参保情况",
    names=("psn_no", "year", "state", "insutype", "enrol_date", "premium", "subsidy"),
    make=_state,
    key=lambda state: (state.psn_no, state.year),
    judge=_judge_state,
    sums={"premium_fen": "premium_fen", "subsidy_fen": "subsidy_fen"},
)
_PREMIUMS = _Sort(
    layout_id="premium_lists",
    title="资助参保名单",
    names=("psn_no", "year", "identity", "premium", "subsidy"),
    make=_premium,
    key=lambda subsidy: (subsidy.psn_no, subsidy.year),
    judge=_judge_premium,
    sums={"premium_fen": "premium_fen", "subsidy_fen": "subsidy_fen"},
)


def _in_doubt(setl_id: str) -> str:
    return f"该行未采用；拿不准结算 {setl_id} 已付多少的，待遇暂不计算" if setl_id else "看不出是哪次结算，该行未采用"


def _payer(text: str) -> str:
    code = coded(PAYER, text)
    return code if isinstance(code, str) else ""


_ANSWERS = _Sort(
    layout_id="payer_answers",
    title="前序支付结果",
    names=("setl_id", "payer", "paid_amt", "answered_on"),
    make=_answer,
    key=lambda answer: (answer.setl_id, answer.payer),
    judge=_judge_answer,
    sums={"answered_fen": "paid_fen"},
    consequence=_in_doubt,
    key_field="payer",
    key_of=_payer,
)
_FORMER = _Sort(
    layout_id="former_payments",
    title="既有系统支付导出",
    names=("setl_id", "psn_no", "reference", "paid_amt", "paid_on"),
    make=lambda values, number: FormerPayment._make([*values, number]),
    key=lambda payment: (payment.setl_id, payment.reference),
    judge=_judge_former,
    sums={"paid_fen": "paid_fen"},
    consequence=_in_doubt,
    key_field="reference",
)
