"""The published tables as grids of cells: headings with spans, 栏次, rows as the form lists them, notes at the foot."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tuodi.accounts.amounts import WAN
from tuodi.accounts.disclosure import Accounts
from tuodi.accounts.headings import NUMBERS
from tuodi.accounts.sheets import accounts_layout
from tuodi.accounts.table_set import (
    TOTAL,
    BlockForm,
    Holds,
    KeyColumn,
    RowForm,
    RowKind,
    Shape,
    TableForm,
    ValueColumn,
)

BARRED = "────"
"""What the form prints in a cell that may hold no amount."""


class CellKind(StrEnum):
    """How a cell looks: words, a number of a line or a code, an amount or count."""

    WORDS = "words"
    NUMBER = "number"
    AMOUNT = "amount"


@dataclass(frozen=True, slots=True)
class GridCell:
    """One printed cell; it spans ``columns`` to the right and ``rows`` downwards. A spanned place has none of its own.

    ``key`` names the cell the text is bound to (``03/total/basic``), empty for words of the form. ``value`` is what an
    amount or count is in fen or whole numbers; None where the cell is empty or holds words.
    """

    text: str
    columns: int = 1
    rows: int = 1
    kind: CellKind = CellKind.WORDS
    key: str = ""
    value: int | None = None
    bold: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledTable:
    """One table ready to print. All rows, ``heading_rows`` too, are ``width`` wide, cells from left to right.

    ``empty_note`` says that there are no data where that is so. ``widths`` are weights of the columns.
    """

    id: str
    number: str
    title: str
    entity: str
    year: str
    unit: str
    width: int
    heading_rows: tuple[tuple[GridCell, ...], ...]
    rows: tuple[tuple[GridCell, ...], ...]
    widths: tuple[int, ...]
    landscape: bool
    note: str
    empty_note: str = ""
    rounding_note: str = ""


_WIDTHS = {Holds.LABEL: 14, Holds.LINE: 4, Holds.CODE: 7}
_VALUE_WIDTH = 10


def tables(accounts: Accounts) -> tuple[FilledTable, ...]:
    """Return every table of the set, in its order, filled; one without data says so."""
    return tuple(filled_table(accounts, form) for form in accounts.tables.tables)


def filled_table(accounts: Accounts, form: TableForm) -> FilledTable:
    """Return one table filled."""
    has_data = accounts.has_data(form.id)
    return FilledTable(
        id=form.id,
        number=form.number,
        title=form.title,
        entity=f"{form.entity_label}：{accounts.entity}",
        year=f"{accounts.year}年度" if accounts.year else "",
        unit=f"金额单位：{accounts.unit}",
        width=len(_all_columns(form)),
        heading_rows=heading_rows(form),
        rows=tuple(_rows(accounts, form)),
        widths=tuple(
            _WIDTHS[column.holds] if isinstance(column, KeyColumn) else _VALUE_WIDTH for column in _all_columns(form)
        ),
        landscape=form.landscape,
        note=form.note,
        empty_note="" if has_data else accounts.tables.empty_note,
        rounding_note=rounding_note(accounts) if has_data else "",
    )


def rounding_note(accounts: Accounts) -> str:
    """Return what is said of rounding to 万元: the set's words, the layout's where the yuan are not known."""
    if accounts.unit != WAN:
        return ""
    known = accounts.step_fen == 1 and accounts.tables.rounding_note
    return known or accounts_layout().rounding_note


def _all_columns(form: TableForm) -> list[KeyColumn | ValueColumn]:
    columns: list[KeyColumn | ValueColumn] = []
    for block in form.blocks:
        columns += [*block.keys, *block.columns]
    return columns


def heading_rows(form: TableForm) -> tuple[tuple[GridCell, ...], ...]:
    """Return the headings: equal words side by side are one cell, a short path reaches down to the last row."""
    if form.rows and form.rows[0].kind is RowKind.CAPTION:
        return ()  # the captions inside the table are its headings
    columns = _all_columns(form)
    paths = [column.heading for column in columns]
    depth = max(map(len, paths))
    rows: list[tuple[GridCell, ...]] = []
    for level in range(depth):
        cells: list[GridCell] = []
        at = 0
        while at < len(paths):
            path = paths[at]
            if level >= len(path):
                at += 1
                continue
            last = level == len(path) - 1
            end = at + 1
            while (
                not last
                and end < len(paths)
                and len(paths[end]) > level + 1
                and paths[end][: level + 1] == path[: level + 1]
            ):
                end += 1
            cells.append(GridCell(path[level], end - at, depth - level if last else 1, bold=True))
            at = end
        rows.append(tuple(cells))
    if any(isinstance(column, ValueColumn) and column.number for column in columns):
        rows.append(tuple(_numbers(form)))
    return tuple(rows)


def _numbers(form: TableForm) -> Iterator[GridCell]:
    for block in form.blocks:
        if block.keys:
            yield GridCell(NUMBERS, len(block.keys))
        for column in block.columns:
            yield GridCell(column.number, kind=CellKind.NUMBER)


def _rows(accounts: Accounts, form: TableForm) -> Iterator[tuple[GridCell, ...]]:
    if form.shape is Shape.SINGLE:
        yield tuple(_amounts(accounts, form, form.blocks[0], TOTAL, None))
    elif form.shape is Shape.CODES:
        yield from _coded(accounts, form)
    else:
        yield from _listed(accounts, form)


def _coded(accounts: Accounts, form: TableForm) -> Iterator[tuple[GridCell, ...]]:
    block = form.blocks[0]
    rows = [row for row in accounts.row_ids(form.id) if row != TOTAL]
    yield GridCell("合计", len(block.keys), bold=True), *_amounts(accounts, form, block, TOTAL, None)
    for row in rows:
        told = accounts.names.get(form.id, {}).get(row)
        texts = {Holds.CODE: row, Holds.LABEL: told.text if told is not None else "", Holds.LINE: ""}
        keys = [GridCell(texts[key.holds]) for key in block.keys]
        yield *keys, *_amounts(accounts, form, block, row, None)
    if not rows:
        yield tuple(GridCell("") for _ in (*block.keys, *block.columns))


def _listed(accounts: Accounts, form: TableForm) -> Iterator[tuple[GridCell, ...]]:
    """Yield the lines of all blocks side by side; the totals of all blocks stand in the last line."""
    bodies = [[row for row in block.rows if not row.total] for block in form.blocks]
    for place in range(max(map(len, bodies))):
        cells: list[GridCell] = []
        for block, body in zip(form.blocks, bodies, strict=True):
            cells += _line(accounts, form, block, body[place] if place < len(body) else None)
        yield tuple(cells)
    totals = [next((row for row in block.rows if row.total), None) for block in form.blocks]
    if any(totals):
        yield tuple(_total_line(accounts, form, totals))


def _line(accounts: Accounts, form: TableForm, block: BlockForm, row: RowForm | None) -> list[GridCell]:
    width = len(block.keys) + len(block.columns)
    if row is None:
        return [GridCell("") for _ in range(width)]
    if row.kind is RowKind.CAPTION:
        last = len(row.cells) - 1
        return [
            GridCell(words, width - last if place == last else 1, bold=True) for place, words in enumerate(row.cells)
        ]
    told = accounts.names.get(form.id, {}).get(row.id)
    label = row.label if told is None else told.text
    texts = {Holds.LABEL: label, Holds.CODE: row.code, Holds.LINE: "" if row.line is None else str(row.line)}
    kinds = {Holds.LINE: CellKind.NUMBER}
    keys = [GridCell(texts[key.holds], kind=kinds.get(key.holds, CellKind.WORDS), bold=row.total) for key in block.keys]
    return [*keys, *_amounts(accounts, form, block, row.id, row)]


def _total_line(accounts: Accounts, form: TableForm, totals: Sequence[RowForm | None]) -> Iterator[GridCell]:
    """Yield the last line; where a block has no total of its own, the label of the next total spans it."""
    before = 0
    for block, row in zip(form.blocks, totals, strict=True):
        width = len(block.keys) + len(block.columns)
        if row is None:
            before += width
            continue
        if not before and any(key.holds is Holds.LINE for key in block.keys):
            yield from _line(accounts, form, block, row)
        else:
            yield GridCell(row.label, before + len(block.keys), bold=True)
            yield from _amounts(accounts, form, block, row.id, row)
        before = 0
    yield from (GridCell("") for _ in range(before))


def _amounts(
    accounts: Accounts, form: TableForm, block: BlockForm, row_id: str, row: RowForm | None
) -> Iterator[GridCell]:
    for column in block.columns:
        if row is not None and column.id in row.not_for:
            yield GridCell(BARRED)
            continue
        value = accounts.value(form.id, row_id, column.id)
        key = f"{form.id}/{row_id}/{column.id}"
        if value is None:
            text = ""
        elif row is not None and row.kind is RowKind.COUNT:
            text = str(value)
        else:
            text = accounts.amount(value, grouped=False)
        bold = row_id == TOTAL or (row is not None and row.total)
        yield GridCell(text, kind=CellKind.AMOUNT, key=key, value=value, bold=bold)
