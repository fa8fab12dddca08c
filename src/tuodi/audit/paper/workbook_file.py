"""Workbooks: each visible sheet is a section, its blocks of cells tables, the lines above and below them paragraphs."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from tuodi.audit.figures.amounts import figure_of
from tuodi.audit.paper.assembly import Assembly, RawParagraph, RawTable
from tuodi.audit.paper.clean import clean
from tuodi.audit.paper.headings import unit_of
from tuodi.audit.paper.model import Paper
from tuodi.intake.cells import Cell, PercentCell, is_blank, shown
from tuodi.intake.sources import Limits
from tuodi.intake.xlsx_rows import XlsxSheet, xlsx_sheets
from tuodi.kernel.finding import Finding

LIMITS = Limits(file_bytes=64 * 2**20, unpacked_bytes=512 * 2**20, sheet_cells=2_000_000, rows=100_000, columns=300)
_DECIMALS = 6
"""Digits after the point that are kept of a number: what lies beyond is the machine's, not the writer's."""


class _Row(NamedTuple):
    """A row that is not blank: its number as the sheet shows it, and its clean cells."""

    number: int
    cells: tuple[str, ...]

    @property
    def filled(self) -> list[str]:
        return [cell for cell in self.cells if cell]


def read_workbook(path: Path) -> Paper | Finding:
    """Return the paper in an .xlsx workbook, or why it cannot be read."""
    sheets = xlsx_sheets(path, LIMITS)
    if isinstance(sheets, Finding):
        return sheets
    assembly = Assembly(path.name)
    for sheet in sheets.visible:
        refused = _add_sheet(assembly, path, sheet)
        if refused is not None:
            return refused
    return assembly.paper()


def _add_sheet(assembly: Assembly, path: Path, sheet: XlsxSheet) -> Finding | None:
    name = sheet.sheet.name
    rows: list[_Row] = []
    for item in sheet.source(path).rows:
        if isinstance(item, Finding):
            return item
        number, cells = item
        if len(cells) > LIMITS.columns:
            return LIMITS.exceeded(path, f"列数超过 {LIMITS.columns}", name, number)
        if len(rows) == LIMITS.rows:
            return LIMITS.exceeded(path, f"行数超过 {LIMITS.rows}", name, number)
        if not all(map(is_blank, cells)):
            rows.append(_Row(number, tuple(map(_text, cells))))
    covered = _covered(sheet)
    # A sheet's name stands above what it holds, as a heading does.
    assembly.add_paragraph(RawParagraph(text=clean(name), level=0, sheet=name))
    for block in _blocks(rows, _joined_above(sheet)):
        _add_block(assembly, name, block, covered)
    return None


def _blocks(rows: Sequence[_Row], joined: frozenset[int]) -> Iterator[Sequence[_Row]]:
    """Yield runs of rows parted by blank rows; a run that begins with figures goes on with the one before.

    ``joined`` rows belong to a merged cell that begins above: blank ones are part of a form, not the end of a table.
    """
    begin = 0
    for at in range(1, len(rows)):
        parted = any(blank not in joined for blank in range(rows[at - 1].number + 1, rows[at].number))
        if parted and not any(figure_of(cell) for cell in rows[at].filled):
            yield rows[begin:at]
            begin = at
    if rows:
        yield rows[begin:]


def _add_block(assembly: Assembly, sheet: str, block: Sequence[_Row], covered: frozenset[tuple[int, int]]) -> None:
    """Add a table, and what stands above and below it in single cells as paragraphs."""
    begin, end = 0, len(block)
    while begin < end and _is_line(block[begin]):
        begin += 1
    while end > begin and len(block[end - 1].filled) == 1 and not figure_of(block[end - 1].filled[0]):
        end -= 1
    for row in block[:begin]:
        _add_line(assembly, sheet, row)
    body = block[begin:end]
    if body:
        at_row = {row.number: at for at, row in enumerate(body)}
        inside = frozenset((at_row[row], column) for row, column in covered if row in at_row)
        rows, numbers = tuple(row.cells for row in body), tuple(row.number for row in body)
        assembly.add_table(RawTable(rows=rows, lines=numbers, sheet=sheet, covered=inside))
    for row in block[end:]:
        _add_line(assembly, sheet, row)


def _add_line(assembly: Assembly, sheet: str, row: _Row) -> None:
    for cell in row.filled:
        assembly.add_paragraph(RawParagraph(text=cell.replace("\n", ""), line=row.number, sheet=sheet))


def _is_line(row: _Row) -> bool:
    """Tell whether a row above a table is its title or tells its unit and who made it."""
    return len(row.filled) == 1 or any(map(unit_of, row.filled)) and not any(map(figure_of, row.filled))


def _joined_above(sheet: XlsxSheet) -> frozenset[int]:
    """Return the numbers of the rows that a merged cell joins to the row above them."""
    ranges = sheet.sheet.merged_cell_ranges or []
    most = LIMITS.rows
    return frozenset(row + 1 for (top, _), (bottom, _) in ranges for row in range(top + 1, min(bottom, most) + 1))


def _covered(sheet: XlsxSheet) -> frozenset[tuple[int, int]]:
    """Return the cells that only continue a merged one: row as the sheet shows it, column from 0 as its rows begin."""
    first = (sheet.sheet.start or (0, 0))[1]
    ranges = sheet.sheet.merged_cell_ranges or []
    found: set[tuple[int, int]] = set()
    for (top, left), (bottom, right) in ranges:
        if (bottom - top + 1) * (right - left + 1) + len(found) > LIMITS.sheet_cells:
            break
        found |= {
            (row + 1, column - first)
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
            if (row, column) != (top, left)
        }
    return frozenset(found)


def _text(cell: Cell) -> str:
    """Return a cell as the sheet shows it, as far as that can be told without its format."""
    if isinstance(cell, str):
        return "\n".join(filter(None, map(clean, cell.split("\n"))))
    if isinstance(cell, PercentCell):
        return f"{_plain(cell * 100, 2)}%"
    if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
        return _plain(cell)
    if isinstance(cell, datetime) and not (cell.hour or cell.minute or cell.second):
        return str(cell.date())
    return str(cell) if isinstance(cell, date) else clean(shown(cell))


def _plain(number: int | float | Decimal, decimals: int = _DECIMALS) -> str:
    text = f"{number:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
