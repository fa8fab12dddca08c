"""Settlement records: one row each; reversed ones are kept and marked, copies count once."""

import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, cast

from tuodi.intake.cells import Cell, Value, is_blank
from tuodi.intake.facts import Refusal, Settlement
from tuodi.intake.foot_rows import FootRows
from tuodi.intake.layouts import Columns
from tuodi.intake.rows import WRONG_WIDTH, OpenFile, RowReader, open_file
from tuodi.intake.sender_format import PLAIN, SenderFormat
from tuodi.intake.sources import DEFAULT_LIMITS, Limits
from tuodi.intake.tables import Clock
from tuodi.intake.totals import Totals
from tuodi.kernel.finding import Fault, Finding, Severity
from tuodi.kernel.money import Fen, yuan

ID_COPIED = "setl-id-copied"
ID_CONFLICT = "setl-id-conflict"

_TITLE = "结算明细"
_FACTS = (*Settlement._fields[:-2], "refd_setl_flag")
_AMOUNTS = slice(_FACTS.index("medfee_sumamt"), _FACTS.index("psn_cash_pay") + 1)
PARTS = (
    "fulamt_ownpay_amt",
    "overlmt_selfpay",
    "preselfpay_amt",
    "fund_pay_sumamt",
    "psn_part_amt",
    "hosp_part_amt",
)
_NAMES = (*_FACTS, *PARTS, "fixmedins_code")
_OWN_ID = "medins_setl_id"

SCOPE_CHECK = ("medfee_sumamt", "fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt", "inscp_scp_amt")
SHARES_CHECK = ("medfee_sumamt", "fund_pay_sumamt", "psn_part_amt", "hosp_part_amt")

Withheld = tuple[str, int | None]
"""A person and a benefit year whose settlements are not assessed; None stands for every year."""


class Record(NamedTuple):
    """A good row: the settlement, the amounts only its checks need (in the order of ``PARTS``), the institution.

    ``medins_setl_id`` is the institution's own number; only the office's layout ``settlement_records`` has it.
    """

    settlement: Settlement
    parts_fen: tuple[Fen, ...]
    fixmedins_code: str
    medins_setl_id: str = ""

    def says_the_same(self, other: "Record") -> bool:
        """Tell whether two rows agree in all known fields."""
        return self._replace(settlement=self.settlement._replace(row=0)) == other._replace(
            settlement=other.settlement._replace(row=0)
        )


class RefusedRow(NamedTuple):
    """A bad row: what is wrong with it, whom it withholds, and its ``setl_id`` as far as it can be told.

    A foot row is left out likewise, but it is no error: it only informs, withholds nobody and has no id. ``why`` is the
    first fault's message without what follows from it.
    """

    findings: list[Finding]
    withheld: frozenset[Withheld]
    setl_id: str
    is_foot: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementsFile:
    """What a file of settlements says. ``usable`` is False if it could not be read to its end or lacks a column.

    ``settlements`` are all good rows in the file's order, those of withheld persons too. ``refused`` names whom to
    withhold: whoever assesses leaves out their settlements of that year (of every year if it is None). ``refused_ids``
    are the ``setl_id`` of bad rows, as far as they can be told; ``present`` the fields whose columns the file has.
    """

    settlements: tuple[Settlement, ...]
    refused: frozenset[Withheld]
    refused_ids: frozenset[str]
    present: frozenset[str]
    findings: tuple[Finding, ...]
    totals: Totals
    usable: bool = True


class SettlementReader:
    """Reads rows of one file one at a time; the columns are looked up once."""

    def __init__(self, file: str, sheet: str, columns: Columns) -> None:
        """Bind the columns of a file, as ``intake.layouts.bind_columns`` found them."""
        has_own_ids = any(field.name == _OWN_ID for field in columns.layout.fields)
        self.rows = RowReader(file, sheet, columns, (*_NAMES, _OWN_ID) if has_own_ids else _NAMES)
        self._foot_rows = FootRows(file, sheet, columns)
        self._checks_scope = all(name in columns.positions for name in SCOPE_CHECK)
        self._checks_shares = all(name in columns.positions for name in SHARES_CHECK)

    def row(self, number: int, cells: list[Cell]) -> Record | RefusedRow:
        """Read one row; ``number`` is the row as a spreadsheet shows it."""
        rows = self.rows
        foot = self._foot_rows.finding(number, cells)
        if foot:
            return RefusedRow([foot], frozenset(), "", is_foot=True)
        if len(cells) != rows.width:
            return self._wrong_width(number, cells)
        values = rows.values(cells)
        if Fault in map(type, values):
            return self.refuse(number, cells, list(rows.faults(values)))
        split = len(_FACTS)
        amounts = cast(list[Fen], values[_AMOUNTS] + values[split : split + len(PARTS)])
        if min(amounts) < 0 and not values[split - 1]:
            return self.refuse(number, cells, self._negatives(values))
        settlement = Settlement._make([*values[:split], number])
        return Record(settlement, tuple(amounts[-len(PARTS) :]), *cast(list[str], values[len(_NAMES) - 1 :]))

    def warnings(self, record: Record, cells: list[Cell]) -> list[Finding]:
        """Return what does not add up in a good row; nothing for a reversed one."""
        settlement = record.settlement
        if settlement.reversed:
            return []
        found: list[Finding] = []
        total = settlement.medfee_sumamt
        own, over, first, funds, person, hospital = record.parts_fen
        scope_parts = own + over + first + settlement.inscp_scp_amt
        if self._checks_scope and total != scope_parts and self._all_given(cells, SCOPE_CHECK):
            message = f"医疗费总额不等于全自费、超限价、先行自付与政策范围金额之和 {yuan(scope_parts)}"
            found.append(self._warning(settlement.row, cells, "medfee_sumamt", "parts-scope", message))
        shares = funds + person + hospital
        if self._checks_shares and total != shares and self._all_given(cells, SHARES_CHECK):
            message = f"医疗费总额不等于基金支付、个人负担与医院负担之和 {yuan(shares)}"
            found.append(self._warning(settlement.row, cells, "medfee_sumamt", "parts-shares", message))
        if settlement.insured_fen > settlement.inscp_scp_amt:
            message = f"各项保险支付合计 {yuan(settlement.insured_fen)}，超过符合政策范围金额"
            found.append(self._warning(settlement.row, cells, "inscp_scp_amt", "insurers-over-scope", message))
        return found

    def refuse(self, number: int, cells: list[Cell], faults: list[tuple[str, Fault]]) -> RefusedRow:
        """Return the row as refused for these faults of its fields."""
        rows = self.rows
        psn_no = rows.readable_text(cells, "psn_no")
        moment = rows.values(cells)[_FACTS.index("setl_time")]
        year = moment.year if isinstance(moment, datetime) else None
        findings = [
            rows.finding(number, cells, name, fault, consequence=_consequence(psn_no, year)) for name, fault in faults
        ]
        withheld = frozenset({(psn_no, year)} if psn_no else ())
        return RefusedRow(findings, withheld, rows.readable_text(cells, "setl_id"), why=faults[0][1].message)

    def _wrong_width(self, number: int, cells: list[Cell]) -> RefusedRow:
        persons = self.rows.texts_of_shifted_row(cells, "psn_no")
        finding = self.rows.wrong_width(number, cells, _consequence("、".join(sorted(persons)), None))
        withheld: frozenset[Withheld] = frozenset((psn_no, None) for psn_no in persons)
        return RefusedRow([finding], withheld, self.rows.readable_text(cells, "setl_id"), why=WRONG_WIDTH)

    def _negatives(self, values: list[Value]) -> list[tuple[str, Fault]]:
        fault = Fault("amount-negative", "金额为负数，而该行没有冲正标志", "请核对；确已冲正的，退费结算标志填 1")
        amounts = {*_NAMES[_AMOUNTS], *PARTS}
        return [
            (name, fault)
            for name, value in zip(self.rows.names, values, strict=True)
            if name in amounts and isinstance(value, int) and value < 0
        ]

    def _all_given(self, cells: list[Cell], names: Collection[str]) -> bool:
        positions = self.rows.columns.positions
        return not any(is_blank(cells[positions[name]]) for name in names)

    def _warning(self, number: int, cells: list[Cell], name: str, rule: str, message: str) -> Finding:
        fault = Fault(rule, message, "请与结算单核对；系统按原数计算，不作改动")
        return self.rows.finding(number, cells, name, fault, Severity.WARNING)


def read_settlements(
    path: Path,
    needs: frozenset[str] = frozenset(),
    limits: Limits = DEFAULT_LIMITS,
    clock: Clock = time.monotonic,
    sender: SenderFormat = PLAIN,
) -> SettlementsFile:
    """Read settlements from CSV, a workbook or parquet; bad rows and bad files are findings.

    ``needs`` names fields that the policy uses, so that their columns may not be absent.
    """
    rows = settlement_rows(open_file(path, "settlements", needs, limits, clock, sender))
    return unusable_settlements(rows) if isinstance(rows, list) else rows.result()


def settlement_rows(opened: OpenFile | list[Finding]) -> "SettlementRows | list[Finding]":
    """Take in all rows of an open file; the findings if it cannot be used or ended badly."""
    if isinstance(opened, list):
        return opened
    reader = SettlementReader(opened.table.file, opened.table.sheet, opened.columns)
    rows = SettlementRows(reader, list(opened.findings))
    for item in opened.table.rows:
        if not isinstance(item, Finding):
            rows.take(*item)
            continue
        rows.findings.append(item)
        if item.is_error:
            return rows.findings
    return rows


def unusable_settlements(findings: list[Finding]) -> SettlementsFile:
    """Return what a file says that cannot be used: only why."""
    return SettlementsFile(
        settlements=(),
        refused=frozenset(),
        refused_ids=frozenset(),
        present=frozenset(),
        findings=tuple(findings),
        totals=Totals(title=_TITLE),
        usable=False,
    )


class SettlementRows:
    """The rows of one file as they are taken in. Ids seen before are rare, so only their rows are kept whole.

    ``refusals`` are the refused rows, once for each person a row may be about; ``result`` adds those whose ids mean
    different rows.
    """

    def __init__(self, reader: SettlementReader, findings: list[Finding]) -> None:
        self._reader = reader
        self.findings = findings
        self._count = self._refused_rows = self._duplicates = self._foot_rows = 0
        self._records: dict[str, Record] = {}
        self._bad_ids: set[str] = set()
        self._again: dict[str, list[Record]] = {}
        self._withheld: set[Withheld] = set()
        self.refusals: list[Refusal] = []

    @property
    def is_empty(self) -> bool:
        """Whether no row but foot rows has been taken in."""
        return self._count == self._foot_rows

    @property
    def records(self) -> tuple[Record, ...]:
        """The good rows in the file's order, once ``result`` has been asked for."""
        return tuple(self._records.values())

    def take(self, number: int, cells: list[Cell]) -> None:
        """Keep, count as a copy, leave out, or refuse one row."""
        self._count += 1
        read = self._reader.row(number, cells)
        if isinstance(read, RefusedRow):
            self._refuse(read)
            return
        setl_id = read.settlement.setl_id
        self.findings += self._reader.warnings(read, cells)
        if self._records.setdefault(setl_id, read) is not read:
            self._again.setdefault(setl_id, []).append(read)

    def result(self) -> SettlementsFile:
        """Count copies once, refuse the ids that mean different rows, and sum up."""
        for setl_id in self._again.keys() | (self._bad_ids & self._records.keys()):
            first, *others = rows = [self._records[setl_id], *self._again.get(setl_id, ())]
            if setl_id not in self._bad_ids and all(first.says_the_same(other) for other in others):
                self._duplicates += len(others)
                message = f"与第 {first.settlement.row} 行完全相同，只计一次"
                self.findings.append(self._id_finding(others[0], ID_COPIED, message, Severity.WARNING))
                continue
            del self._records[setl_id]
            self._bad_ids.add(setl_id)
            for record in rows:
                self._refuse_twice_used(record, [other.settlement.row for other in rows if other is not record])
        settlements = tuple(record.settlement for record in self._records.values())
        counted = [settlement for settlement in settlements if not settlement.reversed]
        totals = Totals(
            title=_TITLE,
            rows=self._count,
            accepted=len(settlements),
            refused=self._refused_rows,
            persons=len({settlement.psn_no for settlement in settlements}),
            reversed=len(settlements) - len(counted),
            duplicates=self._duplicates,
            foot_rows=self._foot_rows,
            medfee_fen=sum(settlement.medfee_sumamt for settlement in counted),
            inscp_fen=sum(settlement.inscp_scp_amt for settlement in counted),
            hifp_fen=sum(settlement.hifp_pay for settlement in counted),
            maf_fen=sum(settlement.maf_pay for settlement in counted),
        )
        findings = tuple(sorted(self.findings, key=lambda finding: finding.row or 0))
        return SettlementsFile(
            settlements=settlements,
            refused=frozenset(self._withheld),
            refused_ids=frozenset(self._bad_ids),
            present=frozenset(self._reader.rows.columns.positions),
            findings=findings,
            totals=totals,
        )

    def _refuse(self, row: RefusedRow) -> None:
        self.findings += row.findings
        if row.is_foot:
            self._foot_rows += 1
            return
        self._refused_rows += 1
        self._withheld |= row.withheld
        first = row.findings[0]
        for psn_no, year in sorted(row.withheld, key=str) or [("", None)]:
            self.refusals.append(Refusal(psn_no, year, row.setl_id, first.rule, row.why, first.row or 0))
        if row.setl_id:
            self._bad_ids.add(row.setl_id)

    def _refuse_twice_used(self, record: Record, other_rows: list[int]) -> None:
        settlement = record.settlement
        year = settlement.setl_time.year
        where = f"第 {'、'.join(map(str, other_rows[:5]))} 行" if other_rows else "另一个有错误的行"
        why = f"与{where}的结算编号相同而内容不同"
        message = f"与{where}的结算编号相同而内容不同，{_consequence(settlement.psn_no, year)}"
        self.findings.append(self._id_finding(record, ID_CONFLICT, message, Severity.ERROR))
        self._refused_rows += 1
        self._withheld.add((settlement.psn_no, year))
        at = settlement.row
        self.refusals.append(Refusal(settlement.psn_no, year, settlement.setl_id, ID_CONFLICT, why, at))

    def _id_finding(self, record: Record, rule: str, message: str, severity: Severity) -> Finding:
        rows = self._reader.rows
        return Finding(
            rule=rule,
            severity=severity,
            message=message,
            advice="请与结算单核对，每个结算编号只保留正确的一行",
            file=rows.file,
            sheet=rows.sheet,
            row=record.settlement.row,
            column=rows.columns.heading("setl_id"),
            value=record.settlement.setl_id,
        )


def _consequence(psn_no: str, year: int | None) -> str:
    if not psn_no:
        return "看不出是哪个人，该行未采用"
    return f"人员 {psn_no} {f'{year} 年' if year else '各年度'}的结算全部暂不计算"
