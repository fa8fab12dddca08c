"""An answer file as texts: header, rows, and what the platform's own columns say. Nothing of it outlives the import."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from tuodi.intake.cells import Cell, PercentCell, UnreadCell, is_blank, shown
from tuodi.intake.exact_text import MOST_DIGITS, exact_number_text
from tuodi.intake.foot_rows import WORDS as FOOT_WORDS
from tuodi.intake.sources import Limits
from tuodi.intake.tables import Table, open_table
from tuodi.kernel.finding import Fault, Finding, Severity
from tuodi.survey.headings import Heading, parse_heading
from tuodi.survey.personal import looks_personal
from tuodi.survey.words import normal, words

LIMITS = Limits(
    file_bytes=64 * 2**20,
    unpacked_bytes=512 * 2**20,
    sheet_cells=10_000_000,
    rows=200_000,
    columns=1_000,
    seconds=60,
)

_SECONDS = re.compile(r"(?:(\d+)(?:小时|时))?(?:(\d+)(?:分钟|分))?(?:(\d+)秒?)?")
_CLOCK = re.compile(r"(\d+):(\d\d):(\d\d)")


@dataclass(frozen=True, slots=True)
class RawRow:
    """One answer: the row's number as a spreadsheet shows it, its texts, whether it has the header's width."""

    number: int
    cells: tuple[str, ...]
    whole: bool = True


@dataclass(frozen=True, slots=True)
class RawSheet:
    """All of a file; ``findings`` hold nothing that refuses it."""

    file: str
    sheet: str
    header_row: int
    headings: tuple[Heading, ...]
    rows: tuple[RawRow, ...]
    findings: tuple[Finding, ...]

    def column(self, position: int) -> list[str]:
        """Return the texts of one column, of whole rows."""
        return [row.cells[position] for row in self.rows if row.whole]

    def position_of(self, headings: Collection[str]) -> int | None:
        """Return the first column with one of these headings (in their compared form)."""
        return next((h.position for h in self.headings if normal(h.printed) in headings), None)


def read_raw(path: Path, headings: Collection[str] = ()) -> RawSheet | list[Finding]:
    """Read a CSV, XLSX or parquet file to texts; findings, one of them an error, if it cannot be used.

    ``headings`` (in their compared form) help to find the header row below a title.
    """
    table = open_table(path, words().headings.union(headings), LIMITS)
    if isinstance(table, Finding):
        return [table]
    if any(looks_personal(heading.strip()) for heading in table.header):
        return [
            Finding(
                rule="survey-header-missing",
                message="第一行像是答卷，不是列名",
                advice="请在第一行写上各题的题目，或从问卷平台重新导出",
                file=table.file,
                sheet=table.sheet,
                row=table.header_row,
            )
        ]
    return _walked(table)


def _walked(table: Table) -> RawSheet | list[Finding]:
    findings = list(table.findings)
    rows: list[RawRow] = []
    width = len(table.header)
    for item in table.rows:
        if isinstance(item, Finding):
            return [*findings, item]
        number, cells = item
        if _is_foot(cells):
            findings.append(_about_row(table, number, "foot-row", "是合计行，不是答卷，未读取", "不影响统计"))
            continue
        while len(cells) > width and is_blank(cells[-1]):
            cells = cells[:-1]
        if len(cells) != width:
            message = f"该行有 {len(cells)} 列，列名行有 {width} 列，这份答卷未计入"
            advice = "请核对是否多了或少了逗号；内容里有逗号的，用双引号括起"
            findings.append(_about_row(table, number, "row-width", message, advice, Severity.ERROR))
            rows.append(RawRow(number, (), whole=False))
            continue
        for heading, cell in zip(table.header, cells, strict=True):
            if isinstance(cell, UnreadCell):
                findings.append(
                    _about_row(
                        table,
                        number,
                        "survey-cell-unread",
                        "是没有结果的公式或错误值，按没有回答处理",
                        "请在表格软件中粘贴为数值后再导入",
                        Severity.WARNING,
                        heading.strip(),
                    )
                )
        rows.append(RawRow(number, tuple(map(_text, cells))))
    parsed = tuple(parse_heading(position, heading) for position, heading in enumerate(table.header))
    return RawSheet(table.file, table.sheet, table.header_row, parsed, tuple(rows), tuple(findings))


def _about_row(
    table: Table,
    number: int,
    rule: str,
    message: str,
    advice: str,
    severity: Severity = Severity.INFO,
    column: str = "",
) -> Finding:
    return Finding(
        rule=rule,
        severity=severity,
        message=message,
        advice=advice,
        file=table.file,
        sheet=table.sheet,
        row=number,
        column=column,
    )


def _is_foot(cells: Sequence[Cell]) -> bool:
    first = next((cell for cell in cells if not is_blank(cell)), None)
    return isinstance(first, str) and "".join(first.split()).strip("'：:") in FOOT_WORDS


def _text(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell.strip().strip("\ufeff\u200b").strip()
    if isinstance(cell, PercentCell):
        points = exact_number_text(cell, MOST_DIGITS)
        return shown(cell) if isinstance(points, Fault) else points
    return "" if isinstance(cell, UnreadCell) else shown(cell).strip()


def seconds_of(text: str) -> int | None:
    """Return how long somebody took: ``85秒``, ``1分25秒``, ``0:01:25`` or ``85``; None for anything else."""
    plain = normal(text).replace(" ", "")
    match = _CLOCK.fullmatch(plain) or _SECONDS.fullmatch(plain)
    if not plain or match is None or any(part and len(part) > 6 for part in match.groups()):
        return None
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds


def number_groups(keys: Sequence[tuple[str, ...] | None]) -> list[int | None]:
    """Return for each key the number of its group: equal keys share one; None stays None."""
    known: dict[tuple[str, ...], int] = {}
    return [None if key is None else known.setdefault(key, len(known)) for key in keys]
