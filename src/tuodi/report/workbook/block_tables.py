"""Tables of a report as sheets of an Excel workbook: merged cells, widths, borders, ready to print on A4.

Only tables with their captions and notes are carried over; headings become titles. A cell whose text is a plain number
is a number in the sheet, shown with the decimals of the text. No clock goes into the file: the same report always
gives the same bytes.
"""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from xlsxwriter.exceptions import FileCreateError

from tuodi.kernel.files import written_whole
from tuodi.report.blocks import Align, Cell, Heading, Paragraph, Report, Table
from tuodi.report.word.tables import grid
from tuodi.report.word.text import plain
from tuodi.report.workbook.sheet_text import row_height, row_heights, sheet_name, width_units
from tuodi.report.workbook.sheet_writer import A4, open_book

SIZE = 10
FONT = {"font_name": "仿宋_GB2312", "font_size": SIZE, "valign": "vcenter", "text_wrap": True}
TITLE = {"font_name": "黑体", "font_size": 16, "align": "center", "valign": "vcenter", "text_wrap": True}
NOTE = {"font_name": "仿宋_GB2312", "font_size": 9, "valign": "top", "text_wrap": True}
HEAD = {"font_name": "黑体", "bg_color": "#F2F2F2"}
BORDER = {"border": 1}
PIXELS_PER_CM = 96 / 2.54
MARGINS = {"left": 0.6, "right": 0.6, "top": 0.7, "bottom": 0.7}

# 007 and 1,5 are no numbers; a trailing zero is kept as a decimal of the format.
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]{0,13})(?:\.[0-9]{1,6})?")


class Part(NamedTuple):
    """One sheet: its title lines, its table, the notes below."""

    titles: tuple[str, ...]
    table: Table
    notes: tuple[str, ...]


def write_self_workbook(path: Path, report: Report) -> None:
    """Write every table of the report to a sheet of its own; nothing is left behind on failure.

    Raises OSError where the file cannot be written, ValueError where a table's rows do not fill it.
    """
    with written_whole(path) as temporary:
        try:
            with open_book(temporary, title=report.id) as book:
                names: set[str] = set()
                for part in parts(report):
                    name = sheet_name(plain(part.table.caption) or part.table.key, names)
                    _write(book, book.add_worksheet(name), part)
                if not names:
                    book.add_worksheet(sheet_name(report.id, names))
        except FileCreateError as problem:
            # The library wraps what the system said in a class of its own.
            raise problem.args[0] from problem


def parts(report: Report) -> Iterator[Part]:
    """Yield each table with the headings before and the paragraphs after it."""
    titles: list[str] = []
    table: Table | None = None
    notes: list[str] = []
    for block in (*report.blocks, *report.annexes):
        if isinstance(block, Paragraph) and table is not None:
            notes.append(plain(block.text))
        elif isinstance(block, Heading):
            titles = [*([] if table else titles), plain(block.text)]
            if table is not None:
                yield Part((), table, tuple(notes))
                table, notes = None, []
        elif isinstance(block, Table):
            if table is not None:
                yield Part(tuple(titles), table, tuple(notes))
                titles = []
            table, notes = block, []
    if table is not None:
        yield Part(tuple(titles), table, tuple(notes))


def number_of(text: str) -> tuple[Fraction, str] | None:
    """Return the number a text is and the format that shows it so; None where it is other text."""
    if not _NUMBER.fullmatch(text):
        return None
    decimals = len(text.partition(".")[2])
    whole = "#,##0" if "," in text else "0"
    return Fraction(text.replace(",", "")), f"{whole}.{'0' * decimals}" if decimals else whole


def _write(book: Any, sheet: Any, part: Part) -> None:
    table = part.table
    widths = [round(width * PIXELS_PER_CM) for width in table.widths]
    for column, width in enumerate(widths):
        sheet.set_column_pixels(column, column, width)
    row = 0
    for text in (*part.titles, *filter(None, [plain(table.caption)])):
        across(sheet, row, widths, text, book.add_format(TITLE), 16)
        row += 1
    first = row
    row = _rows(book, sheet, table, widths, row)
    if table.header_rows:
        sheet.repeat_rows(first, first + table.header_rows - 1)
    for text in part.notes:
        across(sheet, row, widths, text, book.add_format(NOTE), 9)
        row += 1
    set_page(sheet, table.landscape)


def set_page(sheet: Any, landscape: bool) -> None:
    """Set the printed page: A4, as wide as the sheet, its number at the foot."""
    sheet.set_paper(A4)
    if landscape:
        sheet.set_landscape()
    else:
        sheet.set_portrait()
    sheet.set_margins(**MARGINS)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C— &P —")
    sheet.hide_gridlines(2)


def across(sheet: Any, row: int, widths: Sequence[int], text: str, form: Any, size: int) -> None:
    """Write one text over all columns, whose widths are pixels, in a row high enough for it."""
    if len(widths) > 1:
        sheet.merge_range(row, 0, row, len(widths) - 1, text, form)
    else:
        sheet.write_string(row, 0, text, form)
    sheet.set_row(row, row_height([(text, width_units(sum(widths), size))], size))


def _rows(book: Any, sheet: Any, table: Table, widths: Sequence[int], first: int) -> int:
    """Write the table's rows from ``first`` on; return the row after them."""
    formats: dict[tuple[tuple[str, Any], ...], Any] = {}
    cells: list[tuple[int, int, str, int]] = []
    for number, placed in enumerate(grid(table.rows, len(widths))):
        for each in placed:
            if each.cell is None:
                continue
            look = _look(table, each.cell, each.column, number)
            _put(sheet, (first + number, each.column, each.rows, each.columns), each.cell, look, formats, book)
            room = width_units(sum(widths[each.column : each.column + each.columns]), SIZE)
            cells.append((number, each.rows, plain(each.cell.text), room))
    heights = row_heights(len(table.rows), cells, SIZE)
    for number, height in enumerate(heights):
        sheet.set_row(first + number, height)
    if len(table.rows) <= table.header_rows and table.empty:
        sheet.merge_range(first + len(heights), 0, first + len(heights), len(widths) - 1, table.empty)
        return first + len(heights) + 1
    return first + len(heights)


def _look(table: Table, cell: Cell, column: int, row: int) -> dict[str, Any]:
    heading = row < table.header_rows
    align = cell.align or (Align.CENTRE if heading else table.aligns[column])
    total = table.total and row == len(table.rows) - 1
    # In Excel the cells that the layout sets bold are the form's own words: shaded, they are told from the data.
    more: dict[str, Any] = HEAD if heading or cell.bold else {"bold": True} if total else {}
    value = number_of(plain(cell.text))
    shown = {"num_format": value[1]} if value else {}
    return {**FONT, **BORDER, **more, **shown, "align": {"centre": "center"}.get(align, align.value)}


def _put(
    sheet: Any,
    place: tuple[int, int, int, int],
    cell: Cell,
    look: dict[str, Any],
    formats: dict[tuple[tuple[str, Any], ...], Any],
    book: Any,
) -> None:
    row, column, rows, columns = place
    key = tuple(sorted(look.items()))
    form = formats.setdefault(key, None) or book.add_format(look)
    formats[key] = form
    text = plain(cell.text)
    if rows > 1 or columns > 1:
        sheet.merge_range(row, column, row + rows - 1, column + columns - 1, "", form)
    value = number_of(text)
    if value:
        sheet.write_number(row, column, float(value[0]), form)
    elif text:
        sheet.write_string(row, column, text, form)
    else:
        sheet.write_blank(row, column, None, form)
