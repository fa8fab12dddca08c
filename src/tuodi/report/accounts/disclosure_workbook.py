"""The disclosure as a workbook: a sheet per table, as plain values, and a sheet with every identity as formulas.

What is published must read the same in every program: some show formulas, or nothing where they do not reckon.
"""

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from xlsxwriter.exceptions import FileCreateError

from tuodi.accounts.amounts import WAN, decimals_of
from tuodi.accounts.disclosure import Accounts, CellKey
from tuodi.accounts.filled import CellKind, FilledTable, tables
from tuodi.accounts.identities import equations
from tuodi.kernel.files import written_whole
from tuodi.report.accounts.columns import column_widths
from tuodi.report.accounts.disclosure_tables import align_of, notes
from tuodi.report.accounts.grid import Placed, placed
from tuodi.report.accounts.identity_sheet import write_identities
from tuodi.report.accounts.sums import Address
from tuodi.report.workbook.block_tables import BORDER, FONT, HEAD, NOTE, SIZE, TITLE, across, set_page
from tuodi.report.workbook.sheet_text import row_heights, sheet_name, width_units
from tuodi.report.workbook.sheet_writer import open_book

_TITLE_SIZE, _NOTE_SIZE = 16, 9
_LINES_ABOVE = 3
"""Rows above the headings: the title, the table's number, and the line of department, year and unit."""
_PIXELS_PER_POINT = 96 / 72
COUNT_FORMAT = "0"


class Sheets(NamedTuple):
    """Where the cells of all tables stand, and what they show: amounts in the set's unit, or whole numbers."""

    names: Mapping[str, str]
    places: Mapping[CellKey, Address]
    printed: Mapping[CellKey, Fraction]


def write_disclosure_workbook(path: Path, accounts: Accounts) -> None:
    """Write the workbook, whole or not at all. Raises OSError where it cannot be written."""
    filled = tables(accounts)
    reckoned = list(equations(accounts))
    with written_whole(path) as temporary:
        try:
            with open_book(temporary, title=f"{accounts.entity}{accounts.year}年度部门决算公开表") as book:
                sheets = _sheets(filled)
                for table in filled:
                    _write(book, table, sheets, _amount_format(accounts))
                write_identities(book, accounts, reckoned, sheets.names, sheets.places, sheets.printed)
        except FileCreateError as problem:
            # The library wraps what the system said in a class of its own.
            raise problem.args[0] from problem


def _amount_format(accounts: Accounts) -> str:
    return "0." + "0" * (decimals_of(accounts.digit_fen) if accounts.unit == WAN else 2)


def _sheets(filled: tuple[FilledTable, ...]) -> Sheets:
    taken: set[str] = set()
    places: dict[CellKey, Address] = {}
    printed: dict[CellKey, Fraction] = {}
    for table in filled:
        for each in _cells(table):
            if each.cell.key:
                key = _key(each)
                places[key] = (each.row + _LINES_ABOVE, each.column)
                if each.cell.value is not None:
                    printed[key] = Fraction(each.cell.text)
    return Sheets({table.id: sheet_name(table.number, taken) for table in filled}, places, printed)


def _cells(table: FilledTable) -> list[Placed]:
    return list(placed((*table.heading_rows, *table.rows)))


def _key(each: Placed) -> CellKey:
    table, row, column = each.cell.key.split("/")
    return table, row, column


def _write(book: Any, table: FilledTable, sheets: Sheets, amounts: str) -> None:
    sheet = book.add_worksheet(sheets.names[table.id])
    widths = [round(width * _PIXELS_PER_POINT) for width in column_widths(table, SIZE)]
    for column, width in enumerate(widths):
        sheet.set_column_pixels(column, column, width)
    across(sheet, 0, widths, table.title, book.add_format(TITLE), _TITLE_SIZE)
    across(sheet, 1, widths, table.number, book.add_format({**NOTE, "align": "right"}), _NOTE_SIZE)
    line = "　　".join(filter(None, (table.entity, table.year, table.unit)))
    across(sheet, 2, widths, line, book.add_format(NOTE), _NOTE_SIZE)
    cells = _cells(table)
    for each in cells:
        _put(book, sheet, table, each, amounts)
    rows = len(table.heading_rows) + len(table.rows)
    rooms = (
        (each.row, each.cell.rows, each.cell.text, width_units(sum(widths[each.column :][: each.cell.columns]), SIZE))
        for each in cells
    )
    for row, height in enumerate(row_heights(rows, rooms, SIZE)):
        sheet.set_row(_LINES_ABOVE + row, height)
    for at, (_, words) in enumerate(notes(table)):
        across(sheet, _LINES_ABOVE + rows + at, widths, words, book.add_format(NOTE), _NOTE_SIZE)
    if table.heading_rows:
        sheet.repeat_rows(_LINES_ABOVE, _LINES_ABOVE + len(table.heading_rows) - 1)
    set_page(sheet, table.landscape)


def _put(book: Any, sheet: Any, table: FilledTable, each: Placed, amounts: str) -> None:
    row, column, cell = each.row + _LINES_ABOVE, each.column, each.cell
    more: dict[str, Any] = HEAD if each.row < len(table.heading_rows) else {"bold": True} if cell.bold else {}
    align = align_of(cell).value.replace("centre", "center")
    look = {**FONT, **BORDER, "align": "center" if more is HEAD else align, **more}
    if cell.kind is CellKind.AMOUNT:
        look["num_format"] = amounts if "." in cell.text or not cell.text else COUNT_FORMAT
    form = book.add_format(look)
    if cell.rows * cell.columns > 1:
        sheet.merge_range(row, column, row + cell.rows - 1, column + cell.columns - 1, "", form)
    if cell.value is not None:
        sheet.write_number(row, column, float(Fraction(cell.text)), form)
    elif cell.kind is CellKind.NUMBER and cell.text.isdigit():
        sheet.write_number(row, column, int(cell.text), form)
    elif cell.text:
        sheet.write_string(row, column, cell.text, form)
    else:
        sheet.write_blank(row, column, None, form)
