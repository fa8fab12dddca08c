"""The roster: one row per person and identity held."""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import cast

from tuodi.intake.cells import Cell, Value
from tuodi.intake.facts import Holding, Refusal
from tuodi.intake.foot_rows import FootRows
from tuodi.intake.layouts import Columns
from tuodi.intake.rows import WRONG_WIDTH, RowReader, open_file
from tuodi.intake.sender_format import PLAIN, SenderFormat
from tuodi.intake.sources import DEFAULT_LIMITS, Limits
from tuodi.intake.tables import Clock
from tuodi.intake.totals import Totals
from tuodi.kernel.finding import Fault, Finding, Severity
from tuodi.kernel.idnumber import birth_date, check_id_number, normal_form

_NAMES = ("psn_no", "identity", "begntime", "endtime", "family_no", "certno", "psn_name", "brdy")
_TITLE = "对象名册"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonsFile:
    """What a roster says. ``usable`` is False if the file could not be read to its end or lacks a column.

    ``refused`` are the ``psn_no`` with a bad row: every year of theirs is withheld, although ``holdings`` may still
    hold their good rows.
    """

    holdings: tuple[Holding, ...]
    refused: frozenset[str]
    findings: tuple[Finding, ...]
    totals: Totals
    usable: bool = True


def read_persons(
    path: Path, limits: Limits = DEFAULT_LIMITS, clock: Clock = time.monotonic, sender: SenderFormat = PLAIN
) -> PersonsFile:
    """Read a roster from CSV, a workbook or parquet; bad rows and bad files are findings."""
    opened = open_file(path, "persons", (), limits, clock, sender)
    if isinstance(opened, list):
        return _unusable(opened)
    rows = PersonRows(opened.table.file, opened.table.sheet, opened.columns)
    rows.findings += opened.findings
    for item in opened.table.rows:
        if not isinstance(item, Finding):
            rows.take(*item)
        elif item.is_error:
            return _unusable([*rows.findings, item])
        else:
            rows.findings.append(item)
    return PersonsFile(
        holdings=tuple(rows.holdings),
        refused=frozenset(rows.refused),
        findings=tuple(rows.findings),
        totals=Totals(
            title=_TITLE,
            rows=rows.count,
            accepted=len(rows.holdings),
            refused=rows.count - len(rows.holdings) - rows.foot_rows,
            foot_rows=rows.foot_rows,
            persons=len({holding.psn_no for holding in rows.holdings}),
        ),
    )


def _unusable(findings: list[Finding]) -> PersonsFile:
    return PersonsFile(
        holdings=(), refused=frozenset(), findings=tuple(findings), totals=Totals(title=_TITLE), usable=False
    )


class PersonRows:
    """The rows of one roster as they are taken in, and what has been seen of each person's papers.

    ``refusals`` are the refused rows, once for each person a row may be about.
    """

    def __init__(self, file: str, sheet: str, columns: Columns) -> None:
        """Bind the columns of a file, as ``intake.layouts.bind_columns`` found them."""
        self.reader = RowReader(file, sheet, columns, _NAMES)
        self.count = self.foot_rows = 0
        self.holdings: list[Holding] = []
        self.refused: set[str] = set()
        self.refusals: list[Refusal] = []
        self.findings: list[Finding] = []
        self._foot_rows = FootRows(file, sheet, columns)
        self._checked: dict[str, list[tuple[Severity, Fault]]] = {}
        self._certno_of: dict[str, str] = {}
        self._person_of: dict[str, str] = {}

    def take(self, number: int, cells: list[Cell]) -> None:
        """Keep a row's holding, refuse its person, or leave out a foot row."""
        self.count += 1
        reader = self.reader
        foot = self._foot_rows.finding(number, cells)
        if foot:
            self.foot_rows += 1
            self.findings.append(foot)
            return
        if len(cells) != reader.width:
            persons = reader.texts_of_shifted_row(cells, "psn_no")
            self._refuse_shifted(persons, reader.wrong_width(number, cells, _withheld("、".join(sorted(persons)))))
            return
        values = reader.values(cells)
        faults = [(name, Severity.ERROR, fault) for name, fault in reader.faults(values)]
        faults += self._doubts(values)
        is_bad = any(severity is Severity.ERROR for _, severity, _ in faults)
        psn_no = reader.readable_text(cells, "psn_no") if is_bad else ""
        for name, severity, fault in faults:
            consequence = _withheld(psn_no) if severity is Severity.ERROR else ""
            self.findings.append(reader.finding(number, cells, name, fault, severity, consequence))
        if is_bad:
            first = next(fault for _, severity, fault in faults if severity is Severity.ERROR)
            self._note({psn_no} - {""}, first.rule, first.message, number)
        else:
            self.holdings.append(_holding(values, number))

    def refuse_again(self, number: int, cells: Sequence[Cell], name: str, fault: Fault) -> None:
        """Refuse the row just taken for a fault found elsewhere, whether or not it was refused already."""
        psn_no = self.reader.readable_text(cells, "psn_no")
        self.findings.append(self.reader.finding(number, cells, name, fault, consequence=_withheld(psn_no)))
        if self.holdings and self.holdings[-1].row == number:
            self.holdings.pop()
            self._note({psn_no}, fault.rule, fault.message, number)

    def refuse_kept(self, holding: Holding, cells: Sequence[Cell], fault: Fault) -> None:
        """Refuse a row that was taken as good long before; its holding stays among ``holdings``."""
        found = self.reader.finding(holding.row, cells, "psn_no", fault, consequence=_withheld(holding.psn_no))
        self.findings.append(found)
        self._note({holding.psn_no}, fault.rule, fault.message, holding.row)

    def _refuse_shifted(self, persons: Collection[str], finding: Finding) -> None:
        self.findings.append(finding)
        self._note(persons, finding.rule, WRONG_WIDTH, finding.row or 0)

    def _note(self, persons: Collection[str], rule: str, message: str, row: int) -> None:
        self.refused.update(persons)
        self.refusals += [Refusal(psn_no, None, "", rule, message, row) for psn_no in sorted(persons) or [""]]

    def _doubts(self, values: list[Value]) -> list[tuple[str, Severity, Fault]]:
        """Return what is wrong between the cells of a row, or between it and the rows before."""
        psn_no, _, begin, end, _, certno, _, birth = values
        found: list[tuple[str, Severity, Fault]] = []
        if isinstance(begin, date) and isinstance(end, date) and end < begin:
            fault = Fault("period-reversed", f"结束日期早于开始日期 {begin}", "请核对后更正开始或结束日期")
            found.append(("endtime", Severity.ERROR, fault))
        if isinstance(certno, Fault) or not certno or isinstance(psn_no, Fault):
            return found
        certno, psn_no = str(certno), str(psn_no)
        form = normal_form(certno)
        seen_before = self._certno_of.get(psn_no) == form
        if form not in self._checked:
            self._checked[form] = certno_doubts(certno)
        for severity, fault in self._checked[form]:
            if severity is Severity.ERROR or not seen_before:
                found.append(("certno", severity, fault))
        if any(severity is Severity.ERROR for severity, _ in self._checked[form]):
            return found
        written = birth_date(certno)
        if isinstance(birth, date) and isinstance(written, date) and birth != written:
            fault = Fault("birth-differs", f"与证件号码中的出生日期 {written} 不一致", "请与证件核对")
            found.append(("brdy", Severity.WARNING, fault))
        if self._certno_of.setdefault(psn_no, form) != form:
            fault = Fault("certno-differs", f"人员 {psn_no} 在前面的行里是另一个证件号码", "请与证件核对，统一为一个")
            found.append(("certno", Severity.WARNING, fault))
        other = self._person_of.setdefault(form, psn_no)
        if other != psn_no:
            fault = Fault(
                "certno-shared", f"这个证件号码在前面的行里属于人员 {other}", "请核对是否同一人有两个人员编号"
            )
            found.append(("certno", Severity.WARNING, fault))
        return found


def certno_doubts(certno: str) -> list[tuple[Severity, Fault]]:
    """Return what is wrong with the number of a paper, which may be another than the citizen's identity card."""
    if "*" in certno:
        return [(Severity.WARNING, Fault("certno-masked", "证件号码已脱敏，无法校验", "请改用完整的名册"))]
    if len(certno) in (15, 18) or certno.isdecimal():
        return check_id_number(certno)
    message = "不是居民身份证号码，按其他证件处理，未校验"
    return [(Severity.WARNING, Fault("certno-other", message, "请核对证件类型"))]


def _withheld(psn_no: str) -> str:
    return f"人员 {psn_no} 各年度的待遇全部暂不计算" if psn_no else "看不出是哪个人，该行未采用"


def _holding(values: list[Value], number: int) -> Holding:
    psn_no, identity, begin, end, family_no, certno, psn_name, birth = values
    return Holding(
        psn_no=cast(str, psn_no),
        identity=cast(str, identity),
        begin=cast(date, begin),
        end=cast(date | None, end),
        family_no=cast(str, family_no),
        certno=cast(str, certno),
        psn_name=cast(str, psn_name),
        birth=cast(date | None, birth),
        row=number,
    )
