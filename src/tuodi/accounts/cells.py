"""Terms -> the cells they mean, and cells -> the words a finding names them by."""

from collections.abc import Iterable, Iterator

from tuodi.accounts.disclosure import Accounts, CellKey
from tuodi.accounts.table_set import (
    CLASS,
    EACH,
    EXTRA,
    LAST_YEAR,
    TOTAL,
    RowForm,
    RowKind,
    Shape,
    TableForm,
    Term,
    ValueColumn,
)
from tuodi.kernel.money import Fen


def cells_of(accounts: Accounts, term: Term) -> tuple[CellKey, ...]:
    """Return the cells of a term; ``each`` and prefixes mean all rows or columns that there are."""
    table = accounts.tables.table(term.table)
    if table is None:
        return ((term.table, term.row, term.column),)
    return tuple(
        (term.table, row, column)
        for row in _rows(accounts, table, term)
        for column in ([each.id for each in table.columns] if term.column == EACH else [term.column])
        if table.block_of(row).column(column) is not None
    )


def _rows(accounts: Accounts, table: TableForm, term: Term) -> Iterable[str]:
    if term.span:
        first, last = term.span
        return (row.id for row in table.rows if row.line is not None and first <= row.line <= last)
    if term.row == EACH:
        return accounts.row_ids(term.table)
    if term.row.endswith("*"):
        return (row for row in accounts.row_ids(term.table) if row.startswith(term.row[:-1]))
    return (term.row,)


def each_row(accounts: Accounts, terms: Iterable[Term]) -> list[str]:
    """Return the rows that ``each`` stands for in an identity: all codes, or all lines that have the columns."""
    found: dict[str, None] = {}
    for term in terms:
        table = accounts.tables.table(term.table)
        if term.row != EACH or table is None:
            continue
        for row in accounts.row_ids(term.table):
            form = table.row(row)
            if form is not None and (form.kind is not RowKind.MONEY or term.column in form.not_for):
                continue
            if term.column == EACH or table.block_of(row).column(term.column) is not None:
                found[row] = None
    return list(found)


def each_column(accounts: Accounts, terms: Iterable[Term]) -> list[str]:
    """Return the columns that ``each`` stands for in an identity: those all its tables have."""
    lists = [
        [column.id for column in _columns(table, term)]
        for term in terms
        if term.column == EACH and (table := accounts.tables.table(term.table)) is not None
    ]
    return [column for column in lists[0] if all(column in each for each in lists)] if lists else []


def _columns(table: TableForm, term: Term) -> Iterable[ValueColumn]:
    if table.shape is not Shape.LISTED or term.row == EACH:
        return table.columns
    row = str(term.span[0]) if term.span else term.row
    return table.block_of(row).columns


def each_class(accounts: Accounts, terms: Iterable[Term]) -> list[str]:
    """Return the functional classes (类) that lines or codes of an identity's tables have."""
    found: dict[str, None] = {}
    for term in terms:
        table = accounts.tables.table(term.table)
        if term.row != CLASS or table is None:
            continue
        if table.shape is Shape.LISTED:
            found.update(dict.fromkeys(row.functional_class for row in table.rows if row.functional_class))
        else:
            found.update(dict.fromkeys(row for row in accounts.row_ids(term.table) if len(row) == 3))
    return list(found)


def row_of_class(accounts: Accounts, table_id: str, functional_class: str) -> str:
    """Return the row of a class: the line of a listed table, the code elsewhere."""
    table = accounts.tables.table(table_id)
    rows: tuple[RowForm, ...] = table.rows if table is not None else ()
    return next((row.id for row in rows if row.functional_class == functional_class), functional_class)


def row_label(accounts: Accounts, table_id: str, row_id: str) -> str:
    """Return how a row is named: its printed label, the name a code came with, or the item."""
    if table_id in (LAST_YEAR, EXTRA):
        item = accounts.tables.item(table_id, row_id)
        return item.label if item is not None else row_id
    table = accounts.tables.table(table_id)
    row = table.row(row_id) if table is not None else None
    told = accounts.names.get(table_id, {}).get(row_id)
    if row is not None:
        return f"{row.code} {told.text if told is not None else row.label}".strip() or f"行次 {row.line}"
    if row_id == TOTAL:
        return "合计" if table is None or table.shape is Shape.CODES else ""
    return f"{row_id} {told.text}" if told is not None else row_id


def cell_name(accounts: Accounts, key: CellKey) -> str:
    """Return how a finding names a cell: ``公开03表“合计·基本支出”``."""
    table_id, row_id, column_id = key
    table = accounts.tables.table(table_id)
    if table is None:
        return f"{table_id}“{row_label(accounts, table_id, row_id)}”"
    column = next((each for each in table.columns if each.id == column_id), None)
    heading = table.own_heading(row_id, column_id) or (column.heading[-1] if column is not None else column_id)
    if table.shape is Shape.SINGLE and column is not None:
        return f"{table.number}“{'·'.join(column.heading)}”"
    return f"{table.number}“{row_label(accounts, table_id, row_id)}·{heading}”"


def cell_shown(accounts: Accounts, key: CellKey) -> str:
    """Return a cell with its place and what it holds: ``公开03表“合计·基本支出”（第 7 行）788,675.85``."""
    cell = accounts.cell(key)
    place = f"（第 {cell.place.row} 行）" if cell.place.row is not None else ""
    return f"{cell_name(accounts, key)}{place} {value_text(accounts, key)}"


def value_text(accounts: Accounts, key: CellKey) -> str:
    """Return what a cell holds: an amount, a whole number, or 空白."""
    value = accounts.cell(key).value
    if value is None:
        return "空白"
    return str(value) if is_count(accounts, key) else accounts.exactly(value)


def is_count(accounts: Accounts, key: CellKey) -> bool:
    """Tell whether a cell holds a whole number and no amount."""
    table = accounts.tables.table(key[0])
    item = accounts.tables.item(key[0], key[1]) if table is None else None
    return (table is not None and not table.is_money(key[1])) or (item is not None and item.kind is RowKind.COUNT)


def last_digit_of(accounts: Accounts, key: CellKey) -> Fen:
    """Return the last digit of an amount that was rounded to 万元, in fen; 0 where a cell is exact or empty."""
    table = accounts.tables.table(key[0])
    if table is None or not table.is_money(key[1]) or accounts.cell(key).value is None:
        return 0
    return accounts.steps.get(key[0], 0)


def signed_cells(accounts: Accounts, terms: Iterable[Term]) -> Iterator[tuple[int, CellKey]]:
    """Yield the cells of several terms with the sign each has in a sum."""
    for term in terms:
        for key in cells_of(accounts, term):
            yield (-1 if term.minus else 1), key
