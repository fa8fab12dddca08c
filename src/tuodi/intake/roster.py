"""The roster as an office imports it: what assessing needs, and region, telephone, death and the sort of change."""

import re
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple, cast

from tuodi.intake.cells import Cell
from tuodi.intake.facts import Holding, Refusal
from tuodi.intake.layouts import Columns
from tuodi.intake.office_words import CHANGE, coded
from tuodi.intake.persons import PersonRows
from tuodi.intake.rows import RowReader, open_file, without_rows
from tuodi.intake.sender_format import PLAIN, SenderFormat
from tuodi.intake.sources import DEFAULT_LIMITS, Limits
from tuodi.intake.tables import Clock
from tuodi.intake.totals import Totals
from tuodi.kernel.finding import Fault, Finding, Severity

_TITLE = "对象名册"
_NAMES = ("region_code", "region", "tel", "died_on", "change", "endtime")
_TEL = re.compile(r"\+?[0-9][0-9 ()（）-]{5,18}[0-9]")
_NO_END = Fault(
    "change-without-end", "变更类型是注销，而没有结束时间", "请补填身份的结束时间或死亡日期；不是注销的，请更正变更类型"
)
_NO_TEL = Fault("tel-format", "不像电话号码，没有采用", "请核对；可以留空")


class RosterRow(NamedTuple):
    """A good row of a roster. ``region`` is a region's code, else its name as written, else ``""``.

    ``change`` is ``new``, ``changed`` or ``ended`` (terms/office.yaml) in lists of changes, else ``""``.
    """

    holding: Holding
    region: str
    tel: str
    died_on: date | None
    change: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterFile:
    """What a roster says; ``usable`` is False if it could not be read to its end or lacks a column.

    ``rows`` are the good rows in the file's order, those of refused persons too: of equal rows the first, and rows that
    contradict each other are refused. ``refusals`` are the refused rows, once for each person a row may be about;
    ``present`` the fields whose columns the file has.
    """

    rows: tuple[RosterRow, ...]
    refusals: tuple[Refusal, ...]
    present: frozenset[str]
    findings: tuple[Finding, ...]
    totals: Totals
    usable: bool = True


def read_roster(
    path: Path, sender: SenderFormat = PLAIN, limits: Limits = DEFAULT_LIMITS, clock: Clock = time.monotonic
) -> RosterFile:
    """Read a roster or a list of changes from CSV, a workbook or parquet; bad rows and bad files are findings."""
    opened = open_file(path, "roster", (), limits, clock, sender)
    if isinstance(opened, list):
        return _unusable(opened)
    rows = RosterRows(opened.table.file, opened.table.sheet, opened.columns)
    rows.persons.findings += opened.findings
    for item in opened.table.rows:
        if not isinstance(item, Finding):
            rows.take(*item)
            continue
        rows.persons.findings.append(item)
        if item.is_error:
            return _unusable(rows.persons.findings)
    if rows.persons.count == rows.persons.foot_rows:
        return _unusable([*rows.persons.findings, without_rows(opened.table)])
    return rows.result()


def _unusable(findings: list[Finding]) -> RosterFile:
    return RosterFile(
        rows=(),
        refusals=(),
        present=frozenset(),
        findings=tuple(findings),
        totals=Totals(title=_TITLE),
        usable=False,
    )


class RosterRows:
    """The rows of one roster as they are taken in: ``PersonRows`` reads each, this what an office needs besides."""

    def __init__(self, file: str, sheet: str, columns: Columns) -> None:
        """Bind the columns of a file of the layout ``roster``."""
        self.persons = PersonRows(file, sheet, columns)
        self._extras = RowReader(file, sheet, columns, _NAMES)
        self._rows: dict[tuple[str, str, date], list[tuple[RosterRow, list[Cell]]]] = {}

    def take(self, number: int, cells: list[Cell]) -> None:
        """Keep a row, refuse its person, or leave out a foot row."""
        persons = self.persons
        before = len(persons.holdings), persons.foot_rows
        persons.take(number, cells)
        if persons.foot_rows > before[1] or len(cells) != self._extras.width:
            return
        region_code, region, tel, died_on, change, end = self._extras.values(cells)
        code = coded(CHANGE, change) if isinstance(change, str) and change else change
        faults = {"region_code": region_code, "region": region, "died_on": died_on, "change": code}
        for name, value in faults.items():
            if isinstance(value, Fault):
                persons.refuse_again(number, cells, name, value)
        if code == "ended" and end is None and died_on is None:
            persons.refuse_again(number, cells, "change", _NO_END)
        if isinstance(tel, Fault) or tel and not _TEL.fullmatch(cast(str, tel)):
            persons.findings.append(self._extras.finding(number, cells, "tel", _NO_TEL, Severity.WARNING))
            tel = ""
        if len(persons.holdings) == before[0]:
            return
        holding = persons.holdings[-1]
        row = RosterRow(
            holding, cast(str, region_code or region), cast(str, tel), cast(date | None, died_on), cast(str, code)
        )
        self._rows.setdefault((holding.psn_no, holding.identity, holding.begin), []).append((row, cells))

    def result(self) -> RosterFile:
        """Count equal rows once, refuse those that contradict each other, and sum up."""
        persons = self.persons
        kept: list[RosterRow] = []
        copies = 0
        for same in self._rows.values():
            (first, _), *others = same
            if all(_says_the_same(first, other) for other, _ in others):
                kept.append(first)
                copies += len(others)
                for other, cells in others[:1]:
                    fault = Fault("row-copied", f"与第 {first.holding.row} 行完全相同，只计一次", "请核对是否重复导出")
                    found = persons.reader.finding(other.holding.row, cells, "psn_no", fault, Severity.WARNING)
                    persons.findings.append(found)
                continue
            for row, cells in same:
                elsewhere = "、".join(str(other.holding.row) for other, _ in same if other is not row)
                message = f"与第 {elsewhere[:50]} 行是同一个人的同一种身份和开始时间，而内容不同"
                persons.refuse_kept(row.holding, cells, Fault("row-conflict", message, "请核对，只保留正确的一行"))
        return RosterFile(
            rows=tuple(kept),
            refusals=tuple(persons.refusals),
            present=frozenset(persons.reader.columns.positions),
            findings=tuple(sorted(persons.findings, key=lambda finding: finding.row or 0)),
            totals=Totals(
                title=_TITLE,
                rows=persons.count,
                accepted=len(kept),
                refused=persons.count - len(kept) - copies - persons.foot_rows,
                duplicates=copies,
                foot_rows=persons.foot_rows,
                persons=len({row.holding.psn_no for row in kept}),
            ),
        )


def _says_the_same(one: RosterRow, other: RosterRow) -> bool:
    return one == other._replace(holding=other.holding._replace(row=one.holding.row))
