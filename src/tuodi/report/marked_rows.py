"""The rows of a sent file that have something wrong, as they were sent, with what is wrong and what to do in front.

Whoever sent the file mends the coloured cells and sends this workbook: its first three columns are not read. It holds
whole ID numbers, so it is for people who may see them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter

from tuodi.intake.cells import Cell, written
from tuodi.intake.sender_format import PLAIN, SenderFormat
from tuodi.intake.tables import Table
from tuodi.kernel.files import written_whole
from tuodi.kernel.finding import Finding, Severity
from tuodi.report.tables import CREATED, FONT

ROW, PROBLEM, ADVICE = "第几行", "问题", "怎样改"
MOST_ROWS = 5_000

_SHEET = "需要改的行"
_WIDTHS = (8, 50, 40)
_CELL_WIDTH = 18
_LONGEST = 32_000
_COLOURS = {Severity.ERROR: "#F8CBAD", Severity.WARNING: "#FFF2CC"}
_FOOT = "表尾，不读取"


class MarkedRows(NamedTuple):
    """How many rows were written, and how many more have something wrong."""

    written: int
    left_out: int


def write_marked_rows(
    path: Path, table: Table, findings: Iterable[Finding], sender: SenderFormat = PLAIN, most: int = MOST_ROWS
) -> MarkedRows:
    """Write the rows that errors or warnings are about, at most ``most`` of them, all cells as text; never a formula.

    ``table`` is the file as ``intake.rows.original_table`` opens it; its rows are walked here. The header stands in the
    row where the sender's format expects it, and as many foot rows below as it leaves out. Raises OSError.
    """
    by_row: dict[int, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.row is not None and finding.severity is not Severity.INFO and finding.sheet == table.sheet:
            by_row[finding.row].append(finding)
    by_row.pop(table.header_row, None)
    wanted = sorted(by_row)[:most]
    with (
        written_whole(path) as temporary,
        xlsxwriter.Workbook(temporary, {"constant_memory": True, "default_format_properties": dict(FONT)}) as book,
    ):
        book.set_properties({"created": CREATED})
        count = _Sheet(book, table, sender).write({row: by_row[row] for row in wanted})
    return MarkedRows(count, len(by_row) - count)


class _Sheet:
    """The one sheet of the workbook; every cell is written as a string, so that nothing is ever computed."""

    def __init__(self, book: Any, table: Table, sender: SenderFormat) -> None:
        self._table, self._sender = table, sender
        self._page = book.add_worksheet(_SHEET)
        # A leading sign that means a formula stays text also when somebody edits the cell.
        text = {"num_format": "@", "quote_prefix": True}
        self._plain = book.add_format(dict(text))
        self._coloured = {
            severity: book.add_format({**text, "bg_color": colour}) for severity, colour in _COLOURS.items()
        }
        self._words = book.add_format({**text, "text_wrap": True, "valign": "top"})
        self._heading = book.add_format({**text, "bold": True, "bg_color": "#E8EEF4", "bottom": 1})
        for at, width in enumerate(_WIDTHS):
            self._page.set_column(at, at, width)
        self._page.set_column(len(_WIDTHS), len(_WIDTHS) + len(table.header), _CELL_WIDTH)

    def write(self, wanted: Mapping[int, Sequence[Finding]]) -> int:
        """Write header, rows and foot rows; return how many rows."""
        header_at = (self._sender.header_row or 1) - 1
        if header_at:
            self._put(0, 0, "改好标出颜色的单元格后，可以直接重新上传本文件；前三列不读取", self._plain)
        for at, heading in enumerate((ROW, PROBLEM, ADVICE, *self._table.header)):
            self._put(header_at, at, heading, self._heading)
        self._page.freeze_panes(header_at + 1, len(_WIDTHS))
        last = max(wanted, default=0)
        count = 0
        for item in self._table.rows:
            if isinstance(item, Finding) or item[0] > last:
                break
            if item[0] in wanted:
                count += 1
                self._row(header_at + count, *item, wanted[item[0]])
        for at in range(self._sender.foot_rows):
            self._put(header_at + count + 1 + at, 1, _FOOT, self._plain)
        return count

    def _row(self, at: int, number: int, cells: Sequence[Cell], findings: Sequence[Finding]) -> None:
        faulty: dict[str, Severity] = {}
        for finding in findings:
            if faulty.get(finding.column) is not Severity.ERROR:
                faulty[finding.column] = finding.severity
        problems = [f"“{each.column}”：{each.message}" if each.column else each.message for each in findings]
        self._put(at, 0, str(number), self._plain)
        self._put(at, 1, "\n".join(problems), self._words)
        self._put(at, 2, "\n".join(dict.fromkeys(finding.advice for finding in findings)), self._words)
        for place, cell in enumerate(cells):
            heading = self._table.header[place].strip() if place < len(self._table.header) else ""
            severity = faulty.get(heading) if heading else None
            self._put(at, len(_WIDTHS) + place, _text(cell), self._coloured[severity] if severity else self._plain)

    def _put(self, row: int, column: int, text: str, style: Any) -> None:
        if text:
            self._page.write_string(row, column, text[:_LONGEST].encode("utf-8", "replace").decode(), style)
        elif style in self._coloured.values():
            self._page.write_blank(row, column, None, style)


def _text(cell: Cell) -> str:
    """Return a cell as text; a number with the 15 digits that a spreadsheet shows at most."""
    return f"{cell:.15g}" if isinstance(cell, float) else written(cell)
