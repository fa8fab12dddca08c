"""Writing sheets of numbers, texts and live formulas: one look for all sheets of the score workbook."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from tuodi.report.tables import CREATED
from tuodi.report.workbook.sheet_text import row_height

A4 = 9
SIZE = 10
MARGINS = {"left": 0.5, "right": 0.5, "top": 0.6, "bottom": 0.6}

POINTS_FORMAT = "0.00"
PLAIN_FORMAT = "General"
MONEY_FORMAT = "#,##0.00"

_LAST_ROW = 1_048_575

_BASE = {"font_name": "宋体", "font_size": SIZE, "border": 1, "text_wrap": True, "valign": "vcenter"}
HEADING = {"bold": True, "bg_color": "#E8EEF4", "align": "center"}
INPUT = {"bg_color": "#FFF9DB"}
TOTAL = {"bold": True, "bg_color": "#F2F2F2"}
_TITLE = {"font_name": "黑体", "font_size": 14, "valign": "vcenter", "text_wrap": True}
_HINT = {"font_name": "宋体", "font_size": 9, "valign": "vcenter", "text_wrap": True, "font_color": "#555555"}


def open_book(path: Path, *, title: str) -> Any:
    """Return a new workbook to be used in a ``with`` statement, without a clock."""
    book = xlsxwriter.Workbook(path, {"default_format_properties": {"font_name": "宋体", "font_size": SIZE}})
    book.set_properties({"title": title, "author": "托底", "created": CREATED})
    return book


class Formula(NamedTuple):
    """A formula without its equals sign, and what it gives now; None: nothing."""

    text: str
    value: Fraction | str | None


CellValue = str | Fraction | Formula | None


class Column(NamedTuple):
    """A column's heading and its width in characters."""

    heading: str
    width: int


class SheetWriter:
    """One sheet with a title, a hint, a heading row and rows; remembers where the next row goes."""

    FIRST_ROW = 3
    """Rows before the first row of content: title, hint, headings."""

    def __init__(self, book: Any, name: str, columns: Sequence[Column]) -> None:
        self.name = name
        self.columns = columns
        self._book = book
        self.sheet = book.add_worksheet(name)
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def start(self, title: str, hint: str, *, frozen: int = 0, printed: int = 0) -> None:
        """Write title, hint and headings, set widths and the printed page.

        ``frozen`` columns stay in sight; only the first ``printed`` columns go to paper, all of them where it is 0.
        """
        last = (printed or len(self.columns)) - 1
        for row, text, look, size in ((0, title, _TITLE, 14), (1, hint, _HINT, 9)):
            self.sheet.merge_range(row, 0, row, last, text, self.form(look, plain=True))
            self.sheet.set_row(row, row_height([(text, sum(each.width for each in self.columns[: last + 1]))], size))
        for at, column in enumerate(self.columns):
            self.sheet.set_column(at, at, column.width)
            self.sheet.write_string(2, at, column.heading, self.form(HEADING))
        self.fit(2, [column.heading for column in self.columns])
        self.sheet.freeze_panes(self.FIRST_ROW, frozen)
        self.sheet.repeat_rows(2)
        self.sheet.set_paper(A4)
        self.sheet.set_landscape()
        self.sheet.set_margins(**MARGINS)
        self.sheet.fit_to_pages(1, 0)
        if printed:
            self.sheet.print_area(0, 0, _LAST_ROW, last)
        self.sheet.set_footer("&C— &P —")

    def form(self, look: dict[str, Any], *, plain: bool = False) -> Any:
        """Return a format; ``plain``: without border and wrapping of its own."""
        whole = look if plain else {**_BASE, **look}
        key = tuple(sorted(whole.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(whole)
        return self._formats[key]

    def put(self, row: int, column: int, value: CellValue, look: dict[str, Any] | None = None) -> None:
        """Write one cell: a text, a number, a formula with the value it has now, or nothing."""
        form = self.form(look or {})
        if isinstance(value, Formula):
            now = float(value.value) if isinstance(value.value, Fraction) else value.value or ""
            self.sheet.write_formula(row, column, f"={value.text}", form, now)
        elif isinstance(value, Fraction):
            self.sheet.write_number(row, column, float(value), form)
        elif value:
            self.sheet.write_string(row, column, value, form)
        else:
            self.sheet.write_blank(row, column, None, form)

    def merge(self, row: int, column: int, rows: int, columns: int, text: str, look: dict[str, Any]) -> None:
        """Write one text over several cells."""
        if rows * columns == 1:
            self.put(row, column, text, look)
        else:
            self.sheet.merge_range(row, column, row + rows - 1, column + columns - 1, text, self.form(look))

    def fit(self, row: int, texts: Sequence[str]) -> None:
        """Make a row high enough for its texts, one for each column."""
        rooms = [(text, column.width) for text, column in zip(texts, self.columns, strict=False)]
        self.sheet.set_row(row, row_height(rooms, SIZE))

    def cell(self, row: int, column: int) -> str:
        """Return the absolute reference of a cell, with the sheet's name."""
        return f"'{self.name}'!{xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)}"

    def span(self, first: int, last: int, column: int) -> str:
        """Return the absolute reference of a part of a column, with the sheet's name."""
        end = xl_rowcol_to_cell(last, column, row_abs=True, col_abs=True)
        return self.cell(first, column) if first == last else f"{self.cell(first, column)}:{end}"
