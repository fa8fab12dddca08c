"""A published table as blocks: its title, the line of number, department, year and unit, the table, its notes."""

from collections.abc import Iterator

from tuodi.accounts.filled import BARRED, CellKind, FilledTable, GridCell
from tuodi.kernel.fragments import Figure, Quote, Text, text
from tuodi.report.accounts.columns import MARGINS, TIGHT_MARGINS, column_widths
from tuodi.report.blocks import Align, Block, Cell, Heading, Paragraph, ParagraphStyle, Table
from tuodi.report.prose import ordinal
from tuodi.report.word.pages import LANDSCAPE, PORTRAIT
from tuodi.report.word.styles import TABLE_SIZES
from tuodi.report.word.tables import size_of

_MANY_ROWS = 24
"""A table of more rows is set in small type, so that it fits on as few pages as can be."""
_TWIPS_PER_POINT = 20
_POINTS_PER_CM = 72 / 2.54


def table_blocks(table: FilledTable, place: int) -> Iterator[Block]:
    """Yield a table as it stands in the document; ``place`` counts from 1, and all but the first begin a page."""
    named = Quote(f"set.table.{table.id}", table.title)
    yield Heading(2, text(f"{ordinal(place)}、", named), new_page=place > 1)
    line = "　　".join(filter(None, (table.number, table.entity, table.year, table.unit)))
    yield Paragraph((Quote(f"table.{table.id}.line", line),), ParagraphStyle.NOTE)
    yield block_table(table)
    for key, words in notes(table):
        yield Paragraph((Quote(f"set.table.{table.id}.{key}", words),), ParagraphStyle.NOTE)


def notes(table: FilledTable) -> Iterator[tuple[str, str]]:
    """Yield what stands below a table, each with its key: that it is empty, its note, how it was rounded."""
    if table.empty_note:
        yield "empty_note", table.empty_note
    if table.note:
        yield "note", f"注：{table.note}"
    if table.rounding_note:
        yield "rounding_note", table.rounding_note


def block_table(table: FilledTable) -> Table:
    """Return the table itself; its widths fill the page it stands on."""
    page = LANDSCAPE if table.landscape else PORTRAIT
    dense = len(table.rows) > _MANY_ROWS
    name = size_of(table.width, dense=dense)
    margins = TIGHT_MARGINS if dense or name == "Tiny" else MARGINS
    widths = column_widths(table, TABLE_SIZES[name], page.text_width / _TWIPS_PER_POINT, margins)
    return Table(
        key=f"table.{table.id}",
        caption=(),
        widths=tuple(width / _POINTS_PER_CM for width in widths),
        aligns=(Align.LEFT,) * table.width,
        rows=tuple(tuple(map(_cell, row)) for row in (*table.heading_rows, *table.rows)),
        header_rows=len(table.heading_rows),
        landscape=table.landscape,
        dense=dense,
    )


def _cell(cell: GridCell) -> Cell:
    # Bold digits are wider than others in some fonts: a total would not fit where its parts do.
    bold = cell.bold and cell.kind is not CellKind.AMOUNT
    return Cell(_text(cell), cell.columns, cell.rows, bold=bold, align=align_of(cell))


def _text(cell: GridCell) -> Text:
    """Return a cell's text, bound; an empty one too, so that an amount that comes later is told as a change."""
    if cell.key:
        return (Figure(cell.key, cell.text),)
    return (Quote("set.cell", cell.text),) if cell.text else ()


def align_of(cell: GridCell) -> Align:
    """Return how a cell stands: amounts to the right, numbers and single bold words in the middle, labels left."""
    if cell.kind is CellKind.AMOUNT:
        return Align.RIGHT
    if cell.kind is CellKind.NUMBER or cell.text == BARRED or cell.bold:
        return Align.CENTRE
    return Align.LEFT
