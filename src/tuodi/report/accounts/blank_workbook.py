"""An empty workbook for a disclosure: instructions, the sheets to fill in, one sheet for each published table."""

from pathlib import Path
from typing import Any

from xlsxwriter.exceptions import FileCreateError

from tuodi.accounts.blank import BlankSheet, blank_sheets
from tuodi.accounts.filled import CellKind
from tuodi.accounts.table_set import TableSet
from tuodi.kernel.files import written_whole
from tuodi.report.accounts.grid import Placed, placed
from tuodi.report.workbook.sheet_text import row_heights
from tuodi.report.workbook.sheet_writer import A4, HEADING, MARGINS, SIZE, open_book

_LINE = {"font_name": "宋体", "font_size": SIZE, "text_wrap": True, "valign": "vcenter"}
_CELL = {**_LINE, "border": 1}
_TEXT_FORMAT, _AMOUNT_FORMAT = "@", "0.00"
_NARROWEST = 6


def write_blank_workbook(path: Path, tables: TableSet) -> None:
    """Write the workbook of a set, whole or not at all. Raises OSError where it cannot be written."""
    with written_whole(path) as temporary:
        try:
            with open_book(temporary, title=tables.title) as book:
                for sheet in blank_sheets(tables):
                    _write(book, book.add_worksheet(sheet.name), sheet)
        except FileCreateError as problem:
            # The library wraps what the system said in a class of its own.
            raise problem.args[0] from problem


def _write(book: Any, sheet: Any, blank: BlankSheet) -> None:
    amount, words = book.add_format({"num_format": _AMOUNT_FORMAT}), book.add_format({"num_format": _TEXT_FORMAT})
    for column, width in enumerate(blank.widths):
        # Codes keep their zeros: every column that holds no amounts is text, below the last row too.
        sheet.set_column(column, column, max(width, _NARROWEST), amount if column in blank.amounts else words)
    cells = list(placed(blank.rows))
    heights = row_heights(len(blank.rows), (_need(blank, each) for each in cells), SIZE)
    for row, height in enumerate(heights):
        sheet.set_row(row, height)
    for each in cells:
        _put(book, sheet, blank, each)
    for row, column, hint in blank.comments:
        sheet.write_comment(row, column, hint, {"author": ""})
    sheet.freeze_panes(blank.frozen, 0)
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.set_margins(**MARGINS)
    sheet.fit_to_pages(1, 0)


def _need(blank: BlankSheet, each: Placed) -> tuple[int, int, str, int]:
    """Return the rows a cell spans, its text and the half-width characters it has on a line."""
    columns = len(blank.widths) if _alone(blank, each.row) else each.cell.columns
    return each.row, each.cell.rows, each.cell.text, max(_NARROWEST, sum(blank.widths[each.column :][:columns]))


def _alone(blank: BlankSheet, row: int) -> bool:
    """Tell whether a row is a title or a note: one cell, which gets the width of the sheet."""
    return len(blank.rows[row]) == 1 < len(blank.widths)


def _put(book: Any, sheet: Any, blank: BlankSheet, each: Placed) -> None:
    row, column, cell = each
    if _alone(blank, row):
        form = book.add_format(_LINE | (HEADING if row == 0 else {}))
        sheet.merge_range(row, 0, row, len(blank.widths) - 1, cell.text, form)
        return
    look = {**_CELL, "num_format": _AMOUNT_FORMAT if column in blank.amounts and cell.key else _TEXT_FORMAT}
    if row < blank.frozen or cell.bold:
        look |= HEADING
    elif cell.kind is CellKind.NUMBER:
        look |= {"align": "center"}
    form = book.add_format(look)
    if cell.rows * cell.columns > 1:
        sheet.merge_range(row, column, row + cell.rows - 1, column + cell.columns - 1, cell.text, form)
    elif cell.text:
        sheet.write_string(row, column, cell.text, form)
    else:
        sheet.write_blank(row, column, None, form)
