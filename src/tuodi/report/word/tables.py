"""Tables: merged cells, headers repeated on every page, rows kept whole, widths that both programs obey."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tuodi.report.blocks import Align, Cell, Table
from tuodi.report.word.pages import LANDSCAPE, PORTRAIT, TWIPS_PER_CM
from tuodi.report.word.text import paragraph, run, runs

MANY_COLUMNS, VERY_MANY_COLUMNS = 8, 14
"""From so many columns on a table is set in the smaller, and in the smallest size."""

KEPT_ROWS = 12
"""A table of at most so many rows is not parted by a page's end, where the page has room for it at all."""

_KEEP = "<w:keepNext/>"
_JUSTIFY = {Align.LEFT: "left", Align.CENTRE: "center", Align.RIGHT: "right"}
_HEADER_FILL = '<w:shd w:val="clear" w:color="auto" w:fill="F2F2F2"/>'
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
_CELL_MARGINS = (("top", 30), ("left", 70), ("bottom", 30), ("right", 70))
_TIGHT_MARGINS = (("top", 4), ("left", 34), ("bottom", 4), ("right", 34))


class Placed(NamedTuple):
    """One physical cell of a row; ``cell`` is None where a cell from a row above reaches down."""

    column: int
    columns: int
    cell: Cell | None
    rows: int = 1


def table_xml(table: Table, *, with_next: bool = False) -> str:
    """Return the table with its caption; ``with_next``: what follows stays on the page of the last row.

    Raises ValueError where rows do not fill the columns exactly.
    """
    widths = widths_of(table)
    size = size_of(len(widths), dense=table.dense)
    body = []
    for number, placed in enumerate(grid(table.rows, len(widths))):
        is_header = number < table.header_rows
        is_total = table.total and number == len(table.rows) - 1
        style = f"{size}TableHead" if is_header else f"{size}TableText"
        keep = _KEEP if _kept(table, number, with_next) else ""
        cells = []
        for each in placed:
            usual = Align.CENTRE if is_header else table.aligns[each.column]
            cells.append(_cell(each, widths, style, usual, keep=keep, bold=is_total and not is_header))
        body.append(_row("".join(cells), is_header))
    if len(table.rows) <= table.header_rows and table.empty:
        centred = paragraph(run(table.empty), f"{size}TableText", '<w:jc w:val="center"/>')
        body.append(_row(_physical(sum(widths), len(widths), "", centred), is_header=False))
    margins = _TIGHT_MARGINS if table.dense or size == "Tiny" else _CELL_MARGINS
    caption = paragraph(runs(table.caption), "Caption") if table.caption else ""
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return f"{caption}<w:tbl>{_properties(sum(widths), margins)}<w:tblGrid>{columns}</w:tblGrid>{''.join(body)}</w:tbl>"


def size_of(columns: int, *, dense: bool) -> str:
    """Return the size of a table's text, a key of ``styles.TABLE_SIZES``: the more columns, the smaller."""
    if columns >= VERY_MANY_COLUMNS:
        return "Tiny"
    return "Small" if dense or columns >= MANY_COLUMNS else ""


def _kept(table: Table, number: int, with_next: bool) -> bool:
    """Tell whether a row stays on the page of the next one: of a short table each, of others the header and the sum."""
    last = len(table.rows) - 1
    if number == last:
        return with_next
    return last < KEPT_ROWS or number < table.header_rows or (table.total and number == last - 1)


def widths_of(table: Table) -> list[int]:
    """Return the columns' widths in twips, made narrower in proportion where the page is."""
    wished = [max(1, round(width * TWIPS_PER_CM)) for width in table.widths]
    room = (LANDSCAPE if table.landscape else PORTRAIT).text_width
    total = sum(wished)
    return [width * room // total for width in wished] if total > room else wished


def grid(rows: Sequence[Sequence[Cell]], columns: int) -> Iterator[list[Placed]]:
    """Yield the physical cells of each row, those that spans from above cover included.

    Raises ValueError where a row has too few or too many cells, or a span leaves the table.
    """
    above: dict[int, tuple[int, int]] = {}  # first column -> columns spanned, rows still to come
    for number, row in enumerate(rows):
        placed, column, left = [], 0, list(row)
        following: dict[int, tuple[int, int]] = {}
        while column < columns:
            if column in above:
                span, more = above[column]
                placed.append(Placed(column, span, None))
            elif left:
                cell = left.pop(0)
                span, more = cell.columns, cell.rows
                placed.append(Placed(column, span, cell, cell.rows))
            else:
                raise ValueError(f"row {number} has too few cells")
            if span < 1 or more < 1 or any(place in above for place in range(column + 1, column + span)):
                raise ValueError(f"row {number}: a span meets another one")
            if more > 1:
                following[column] = (span, more - 1)
            column += span
        if left or column > columns:
            raise ValueError(f"row {number} has more cells than columns")
        above = following
        yield placed
    if above:
        raise ValueError("a span reaches below the last row")


def _properties(width: int, of_cells: Sequence[tuple[str, int]]) -> str:
    borders = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>' for side in _SIDES)
    margins = "".join(f'<w:{side} w:w="{margin}" w:type="dxa"/>' for side, margin in of_cells)
    return (
        f'<w:tblPr><w:tblW w:w="{width}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{borders}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>'
    )


def _row(cells: str, is_header: bool) -> str:
    repeat = "<w:tblHeader/>" if is_header else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeat}</w:trPr>{cells}</w:tr>"


def _cell(placed: Placed, widths: Sequence[int], style: str, usual: Align, *, keep: str, bold: bool) -> str:
    column, columns, cell, rows = placed
    width = sum(widths[column : column + columns])
    more = _HEADER_FILL if style.endswith("Head") else ""
    if cell is None:
        return _physical(width, columns, f"<w:vMerge/>{more}", paragraph("", style, keep))
    if rows > 1:
        more = f'<w:vMerge w:val="restart"/>{more}'
    form = f'{keep}<w:jc w:val="{_JUSTIFY[cell.align or usual]}"/>'
    text = runs(cell.text, "<w:b/>" if cell.bold or bold else "")
    return _physical(width, columns, more, paragraph(text, style, form))


def _physical(width: int, columns: int, more: str, content: str) -> str:
    span = f'<w:gridSpan w:val="{columns}"/>' if columns > 1 else ""
    properties = f'<w:tcW w:w="{width}" w:type="dxa"/>{span}{more}<w:vAlign w:val="center"/>'
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"
