"""A set of published tables as data: forms, rows, columns, identities, growths, and what else the disclosure tells.

Shipped sets lie in ``accounts/sets``; a department may bring its own. Places differ in number, order and columns.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

LAST_YEAR, EXTRA = "上年数", "补充数据"
"""Two tables every set has for terms: last year's totals, and figures that stand in no published table."""
VALUE = "value"
"""The only column of those two."""
TOTAL = "total"
"""The row 合计 of a table by codes."""


class Holds(StrEnum):
    """What the cells of a key column are."""

    LABEL = "label"
    LINE = "line"
    CODE = "code"


class Shape(StrEnum):
    """How the rows of a table are known: listed by the form, by codes that the data bring, or one row only."""

    LISTED = "listed"
    CODES = "codes"
    SINGLE = "single"


class RowKind(StrEnum):
    """What a listed row holds: an amount in yuan, a whole number, or only words (a caption inside the table)."""

    MONEY = "money"
    COUNT = "count"
    CAPTION = "caption"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyColumn:
    """A column that names the rows; ``heading`` from the upper cell down, merged cells repeated."""

    holds: Holds
    heading: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueColumn:
    """A column of amounts; ``number`` is its 栏次, ``also`` other words its lowest heading may have."""

    id: str
    heading: tuple[str, ...]
    number: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RowForm:
    """A listed row. ``functional_class`` (类) ties a line to the codes of other tables.

    ``total``: it stands at the foot. ``not_for`` are columns that the form bars with a dash. ``also`` are other labels
    a table may print, which it then keeps. ``cells`` are the texts of a caption.
    """

    id: str
    label: str = ""
    line: int | None = None
    code: str = ""
    functional_class: str = ""
    kind: RowKind = RowKind.MONEY
    total: bool = False
    not_for: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockForm:
    """Key columns and value columns side by side with those of other blocks of the same table."""

    keys: tuple[KeyColumn, ...]
    columns: tuple[ValueColumn, ...]
    rows: tuple[RowForm, ...] = ()

    def column(self, column_id: str) -> ValueColumn | None:
        """Return a value column by its id."""
        return next((each for each in self.columns if each.id == column_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableForm:
    """One published table. ``id`` is what identities name it by, ``number`` what is printed (公开01表)."""

    id: str
    number: str
    title: str
    shape: Shape
    blocks: tuple[BlockForm, ...]
    note: str = ""
    entity_label: str = "部门名称"
    landscape: bool = False

    @property
    def columns(self) -> tuple[ValueColumn, ...]:
        """Return the value columns of all blocks, each id once."""
        return tuple({column.id: column for block in self.blocks for column in block.columns}.values())

    @property
    def rows(self) -> tuple[RowForm, ...]:
        """Return the listed rows of all blocks."""
        return tuple(row for block in self.blocks for row in block.rows)

    def row(self, row_id: str) -> RowForm | None:
        """Return a listed row by its id."""
        return next((row for row in self.rows if row.id == row_id), None)

    def block_of(self, row_id: str) -> BlockForm:
        """Return the block a row stands in; the only block where the data bring the rows."""
        return next((block for block in self.blocks if any(row.id == row_id for row in block.rows)), self.blocks[0])

    def own_heading(self, row_id: str, column_id: str) -> str:
        """Return what a caption with headings inside the table calls a column at a row; empty where there is none."""
        heading = ""
        for block in self.blocks:
            places = {column.id: len(block.keys) + at for at, column in enumerate(block.columns)}
            for row in block.rows:
                if row.kind is RowKind.CAPTION and len(row.cells) == len(places) + len(block.keys):
                    heading = row.cells[places[column_id]] if column_id in places else ""
                if row.id == row_id:
                    return heading
        return ""

    def is_money(self, row_id: str) -> bool:
        """Tell whether a row holds amounts."""
        row = self.row(row_id)
        return row is None or row.kind is RowKind.MONEY


_TERM = re.compile(r"(-?)([^/]+)/([^/]+)/([^/]+)")
EACH, CLASS = "each", "class"
_RANGE = re.compile(r"([0-9]+)-([0-9]+)")


@dataclass(frozen=True, slots=True)
class Term:
    """Cells of one table: ``04/59/general``, ``01/1-8/amount``, ``06/each/basic``; a minus sign subtracts them.

    ``each`` (for a row or a column) and ``class`` (rows of a functional class) stand for one identity per row or
    column. Beside codes, a row may be a prefix ending in ``*``.
    """

    table: str
    row: str
    column: str
    minus: bool = False

    @property
    def span(self) -> tuple[int, int] | None:
        """Return first and last line of a range of lines."""
        found = _RANGE.fullmatch(self.row)
        return (int(found[1]), int(found[2])) if found else None

    def __str__(self) -> str:
        """Write the term as a set has it."""
        return f"{'-' if self.minus else ''}{self.table}/{self.row}/{self.column}"


def parse_term(text: str) -> Term | None:
    """Read a term; None where it is written otherwise."""
    found = _TERM.fullmatch(text)
    return Term(found[2], found[3], found[4], bool(found[1])) if found else None


class Relation(StrEnum):
    """What kind of identity it is; each is a rule of its own for the reader of findings."""

    TOTAL = "total"
    PARTS = "parts"
    BALANCE = "balance"
    TABLES = "tables"
    NOT_ABOVE = "not-above"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """``left`` = ``right`` (or left ≤ right). Holds only while every cell of ``only_if_zero`` is empty or 0."""

    id: str
    name: str
    relation: Relation
    left: tuple[Term, ...]
    right: tuple[Term, ...]
    only_if_zero: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """A total that the text compares with the year before; ``scope`` are the cells a reason may speak of."""

    id: str
    name: str
    now: tuple[Term, ...]
    last: tuple[Term, ...]
    scope: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of a sheet that people fill in; ``blank_is_zero``: left empty it means there is none."""

    id: str
    label: str
    hint: str = ""
    kind: RowKind = RowKind.MONEY
    blank_is_zero: bool = False
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the text: which composer writes it and the heading it has."""

    id: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsExplained:
    """One entry of the explanations of terms (名词解释)."""

    word: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSet:
    """All a department publishes. ``roles`` tell composers where a figure stands or which table plays a part."""

    id: str
    title: str
    unit: str
    tables: tuple[TableForm, ...]
    identities: tuple[Identity, ...] = ()
    growths: tuple[Growth, ...] = ()
    roles: Mapping[str, str] = field(default_factory=dict)
    facts: tuple[Item, ...] = ()
    last_year: tuple[Item, ...] = ()
    extra: tuple[Item, ...] = ()
    sections: tuple[Section, ...] = ()
    glossary: tuple[WordsExplained, ...] = ()
    empty_note: str = ""
    rounding_note: str = ""

    def table(self, table_id: str) -> TableForm | None:
        """Return a table by its id."""
        return next((table for table in self.tables if table.id == table_id), None)

    def growth(self, growth_id: str) -> Growth | None:
        """Return a growth by its id."""
        return next((growth for growth in self.growths if growth.id == growth_id), None)

    def item(self, table_id: str, item_id: str) -> Item | None:
        """Return a line of last year's totals or of the extra figures."""
        items = self.last_year if table_id == LAST_YEAR else self.extra
        return next((item for item in items if item.id == item_id), None)
