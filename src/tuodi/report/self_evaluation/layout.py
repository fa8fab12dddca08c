"""Layouts of self-evaluation tables as data (``schemes/layouts/self-*.yaml``): each office has its own form.

A layout is a list of tables on a grid of columns. A table's parts are fixed rows of cells (words, or a value of the
project, the money, the result) and lists (indicators, declared targets, figures, people) with columns of their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tuodi.kernel.finding import Finding
from tuodi.kernel.form import Form
from tuodi.kernel.shipped import shipped
from tuodi.kernel.yaml_nodes import Node, read_bytes, read_nodes
from tuodi.report.blocks import Align

SCHEMA = "tuodi-self-layout/1"
GENERIC = "self-generic"
_PREFIX, _REPORT_PREFIX = "self-", "report-"


class Source(StrEnum):
    """Where a cell's value comes from; ``of`` the layout names which."""

    PROJECT = "project"
    """The first of these items of the sheet 项目 that is filled in."""
    FIGURE = "figure"
    """An amount of the sheet 基础数据, by its name."""
    FUND = "fund"
    """The scheme's execution row: one of FUND_VALUES."""
    FUNDS = "funds"
    """The programme's money by the scheme's names: one of FUNDS_VALUES."""
    RESULT = "result"
    """One of RESULT_VALUES."""


FUND_VALUES = ("initial", "annual", "executed", "weight", "rate", "points")
FUNDS_VALUES = ("budget", "received", "spent", "opening", "closing")
RESULT_VALUES = ("title", "total", "weight", "grade")


class Unit(StrEnum):
    """What amounts are printed in."""

    WAN = "万元"
    YUAN = "元"


class Lists(StrEnum):
    """What a list runs over."""

    INDICATORS = "indicators"
    """Every scored indicator of the scheme."""
    TARGETS = "targets"
    """The unit's declared targets (sheet 申报目标), held against what was reached."""
    PAYMENTS = "payments"
    """Figures of the sheet 基础数据 of the names given, or of one with a part in brackets: 支出明细（4-6月）."""
    PEOPLE = "people"
    """Members of the team and signatories (sheet 项目)."""


class Holds(StrEnum):
    """What a list's column holds; ``BLANK`` is to be written by hand."""

    LEVEL1 = "level1"
    LEVEL2 = "level2"
    NAME = "name"
    TARGET = "target"
    ACTUAL = "actual"
    WEIGHT = "weight"
    POINTS = "points"
    COMPLETION = "completion"
    RATE = "rate"
    BASIS = "basis"
    LAST_YEAR = "last_year"
    RULE = "rule"
    DATA_SOURCE = "data_source"
    EVIDENCE = "evidence"
    REASON = "reason"
    """Why points were lost, as the sheet 指标 gives it."""
    DEVIATION = "deviation"
    """The same; where nobody gave a reason, how far what was reached falls short of the target."""
    AMOUNT = "amount"
    VOUCHER = "voucher"
    NOTE = "note"
    QUALIFICATION = "qualification"
    BLANK = "blank"


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutCell:
    """A cell: ``text``, then the value, then ``after``. ``head``: the text is a heading (bold, centred).

    ``part`` names one source of money, looked up as ``name（part）`` in the sheet 基础数据.
    """

    text: str = ""
    source: Source | None = None
    of: tuple[str, ...] = ()
    part: str = ""
    after: str = ""
    columns: int = 1
    rows: int = 1
    head: bool = False
    align: Align | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutColumn:
    """A column of a list; it takes ``columns`` of the grid."""

    heading: str
    holds: Holds
    columns: int = 1
    align: Align = Align.CENTRE


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutList:
    """A list with its heading row. ``side`` stands at its left over the whole height, ``side_columns`` wide.

    ``dimensions`` are level-1 names with the level-2 names this layout always prints; where the scheme has none, a row
    is printed with ``empty_name`` as its name and ``empty`` elsewhere. ``number`` goes before names (``指标{}：``).
    ``at_least`` rows are printed. ``items`` names the project items, or the figures, that the list runs over. ``total``
    names a last row with the sum of the amounts.
    """

    over: Lists
    columns: tuple[LayoutColumn, ...]
    side: str = ""
    side_columns: int = 1
    dimensions: Mapping[str, tuple[str, ...]]
    empty: str = ""
    empty_name: str = ""
    number: str = ""
    at_least: int = 0
    items: tuple[str, ...] = ()
    total: str = ""


LayoutPart = tuple[tuple[LayoutCell, ...], ...] | LayoutList


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutTable:
    """One table. ``widths`` in millimetres; ``title`` are lines of cells of which only words and values count.

    Amounts are printed in ``unit``: 万元 with at most ``places`` decimals, 元 always with so many.
    """

    id: str
    unit: Unit
    places: int
    title: tuple[tuple[LayoutCell, ...], ...]
    widths: tuple[int, ...]
    landscape: bool
    parts: tuple[LayoutPart, ...]
    header_rows: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfLayout:
    """A layout; ``source`` says whose form it follows."""

    id: str
    title: str
    source: str
    tables: tuple[LayoutTable, ...]
    file: str = ""


def known_self_layouts() -> tuple[str, ...]:
    """Return the names of the shipped layouts, in alphabetical order."""
    return tuple(sorted(path.stem for path in shipped("schemes", "layouts").glob(f"{_PREFIX}*.yaml")))


def self_layout(name: str) -> tuple[SelfLayout | None, list[Finding]]:
    """Read the shipped layout of this name, or of the report's name (report-junshan), or else the generic one."""
    wished = (name, f"{_PREFIX}{name.removeprefix(_REPORT_PREFIX)}")
    known = next((each for each in wished if each in known_self_layouts()), GENERIC)
    return load_self_layout(shipped("schemes", "layouts", f"{known}.yaml"), f"schemes/layouts/{known}.yaml")


def load_self_layout(path: Path, shown_as: str) -> tuple[SelfLayout | None, list[Finding]]:
    """Read a layout; None when a finding is an error."""
    data, findings = read_bytes(path, shown_as)
    return (None, findings) if findings else parse_self_layout(data, shown_as)


def parse_self_layout(data: bytes, shown_as: str) -> tuple[SelfLayout | None, list[Finding]]:
    """Read a layout from a file's bytes; None when a finding is an error. Never raises for any content."""
    root, findings = read_nodes(data, shown_as)
    if root is None:
        return None, findings
    form = Form(shown_as, findings)
    fields = form.fields(root, ["schema", "id", "title", "source", "tables"])
    schema = form.text(fields.get("schema"))
    if "schema" in fields and schema != SCHEMA:
        form.fault(fields["schema"], "schema-version", "不是自评表版式文件", f"第一行应为 schema: {SCHEMA}")
    layout = SelfLayout(
        id=form.text(fields.get("id")),
        title=form.text(fields.get("title")),
        source=form.text(fields.get("source")),
        tables=tuple(_table(form, node) for node in form.items(fields.get("tables"))),
        file=shown_as,
    )
    return (None if any(each.is_error for each in findings) else layout), findings


def _table(form: Form, node: Node) -> LayoutTable:
    fields = form.fields(
        node, ["id", "title", "unit", "widths", "landscape", "parts"], ["places", "header_rows", "notes"]
    )
    widths = tuple(form.whole_number(each, 1, 400) for each in form.items(fields.get("widths")))
    header = form.whole_number(fields["header_rows"], 0, 5) if "header_rows" in fields else 0
    return LayoutTable(
        id=form.text(fields.get("id")),
        unit=form.choice(fields.get("unit"), Unit, "layout-unit"),
        places=form.whole_number(fields["places"], 0, 6) if "places" in fields else 2,
        title=tuple(_row(form, line) for line in form.items(fields.get("title"))),
        widths=widths,
        landscape=form.boolean(fields.get("landscape")),
        parts=tuple(_part(form, each, len(widths)) for each in form.items(fields.get("parts"))),
        header_rows=header,
        notes=form.texts(fields["notes"]) if "notes" in fields else (),
    )


def _part(form: Form, node: Node, width: int) -> LayoutPart:
    fields = form.fields(node, [], ["rows", *_LIST_KEYS])
    if "list" in fields:
        return _list(form, node, width)
    rows = tuple(_row(form, line) for line in form.items(fields.get("rows")))
    if rows and not _fills(rows, width):
        form.fault(fields["rows"], "layout-columns", f"单元格没有铺满 {width} 列", "请核对 columns 和 rows")
    return rows


def _fills(rows: tuple[tuple[LayoutCell, ...], ...], width: int) -> bool:
    """Tell whether every row is filled exactly, cells reaching down from above counted."""
    taken = [0] * len(rows)
    for at, row in enumerate(rows):
        for cell in row:
            if at + cell.rows > len(rows):
                return False
            for reached in range(at, at + cell.rows):
                taken[reached] += cell.columns
    return all(each == width for each in taken)


def _row(form: Form, node: Node) -> tuple[LayoutCell, ...]:
    return tuple(_cell(form, each) for each in form.items(node, may_be_empty=True))


_SOURCES = {each.value: each for each in Source}
_ALLOWED = {Source.FUND: FUND_VALUES, Source.FUNDS: FUNDS_VALUES, Source.RESULT: RESULT_VALUES}


def _cell(form: Form, node: Node) -> LayoutCell:
    optional = ["text", "head", "part", "after", "columns", "rows", "align", *_SOURCES]
    fields = form.fields(node, [], optional)
    named = [name for name in _SOURCES if name in fields]
    if len(named) > 1 or ("text" in fields and "head" in fields):
        form.fault(node, "layout-value", "一格里写了两个内容", "每格只写一种内容", value="")
    source = _SOURCES[named[0]] if named else None
    of = _of(form, source, fields[named[0]]) if source else ()
    return LayoutCell(
        text=form.text(fields["head"]) if "head" in fields else form.text(fields.get("text")),
        source=source,
        of=of,
        part=form.text(fields.get("part")),
        after=form.text(fields.get("after")),
        columns=form.whole_number(fields["columns"], 1, 40) if "columns" in fields else 1,
        rows=form.whole_number(fields["rows"], 1, 40) if "rows" in fields else 1,
        head="head" in fields,
        align=form.choice(fields["align"], Align, "layout-align") if "align" in fields else None,
    )


def _of(form: Form, source: Source, node: Node) -> tuple[str, ...]:
    if source is Source.PROJECT:
        return form.texts(node)
    word = form.text(node)
    allowed = _ALLOWED.get(source)
    if allowed and word not in allowed:
        form.fault(node, "layout-value", "版式里没有这个值", f"可选：{'、'.join(allowed)}")
    return (word,)


_LIST_KEYS = (
    "list", "columns", "side", "side_columns", "dimensions", "empty", "empty_name", "number", "at_least", "items",
    "total",
)  # fmt: skip


def _list(form: Form, node: Node, width: int) -> LayoutList:
    fields = form.fields(node, ["list", "columns"], _LIST_KEYS[2:])
    columns = tuple(_column(form, each) for each in form.items(fields.get("columns")))
    side = form.text(fields.get("side"))
    side_columns = form.whole_number(fields["side_columns"], 1, 10) if "side_columns" in fields else 1
    taken = sum(column.columns for column in columns) + (side_columns if side else 0)
    if columns and taken != width:
        form.fault(fields["columns"], "layout-columns", f"各列共占 {taken} 列，表格有 {width} 列", "请核对 columns")
    dimensions = {name: form.texts(each) for name, (_, each) in form.named(fields.get("dimensions")).items()}
    return LayoutList(
        over=form.choice(fields.get("list"), Lists, "layout-list"),
        columns=columns,
        side=side,
        side_columns=side_columns,
        dimensions=dimensions,
        empty=form.text(fields.get("empty")),
        empty_name=form.text(fields.get("empty_name")),
        number=form.text(fields.get("number")),
        at_least=form.whole_number(fields["at_least"], 0, 40) if "at_least" in fields else 0,
        items=form.texts(fields["items"]) if "items" in fields else (),
        total=form.text(fields.get("total")),
    )


def _column(form: Form, node: Node) -> LayoutColumn:
    fields = form.fields(node, ["heading", "holds"], ["columns", "align"])
    return LayoutColumn(
        heading=form.text(fields.get("heading")),
        holds=form.choice(fields.get("holds"), Holds, "layout-holds"),
        columns=form.whole_number(fields["columns"], 1, 40) if "columns" in fields else 1,
        align=form.choice(fields["align"], Align, "layout-align") if "align" in fields else Align.CENTRE,
    )
