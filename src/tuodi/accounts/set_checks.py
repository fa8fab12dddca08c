"""Whether a table set hangs together: ids once, columns and rows that terms name, sections that somebody composes."""

from collections import Counter
from collections.abc import Iterable, Iterator

from tuodi.accounts.table_set import (
    CLASS,
    EACH,
    EXTRA,
    LAST_YEAR,
    TOTAL,
    VALUE,
    Shape,
    TableSet,
    Term,
    parse_term,
)
from tuodi.kernel.finding import Fault, Finding

SECTIONS = (
    "overall", "income", "expenditure", "fiscal", "general", "basic", "funds", "capital", "three-public", "other"
)  # fmt: skip
"""The parts of the text that ``accounts.narrative`` composes."""
TERM_ROLES = (
    "income_grand", "expenditure_grand", "income_total", "expenditure_total", "fiscal_income_grand",
    "fiscal_expenditure_grand", "general_total", "general_basic", "project_total", "personnel_basic", "public_basic",
    "initial_budget", "operating_cost", "procurement", "goods", "works", "services", "sme", "micro", "vehicles",
    "equipment", "general_project",
)  # fmt: skip
"""Roles that name one cell."""
TABLE_ROLES = ("income_table", "expenditure_table", "general_table", "economic_table", "fund_table", "capital_table",
               "three_public_table", "vehicle_rows")  # fmt: skip
"""Roles that name a table, or a range of rows."""


def check_set(tables: TableSet, file: str) -> list[Finding]:
    """Return what is wrong between the parts of a set, each with the names it speaks of."""
    return [
        Finding(rule=fault.rule, message=fault.message, advice=fault.advice, file=file, value=value)
        for value, fault in _faults(tables)
    ]


def _faults(tables: TableSet) -> Iterator[tuple[str, Fault]]:
    for what, names in _lists(tables):
        for name in _twice(names):
            yield name, Fault("accounts-id-twice", f"{what}里有两个相同的编号", "请改成不同的编号")
    for table in tables.tables:
        if table.shape is not Shape.LISTED and len(table.blocks) > 1:
            yield table.id, Fault("accounts-blocks", "只有逐行列出的表可以分成几栏并列", "请改为 shape: listed")
        if (table.shape is Shape.LISTED) != bool(table.rows):
            yield table.id, Fault("accounts-rows", "逐行列出的表要写出各行，其他的表不写", "请核对 shape 和 rows")
    for owner, term in _terms(tables):
        yield from ((f"{owner}：{term}", fault) for fault in _term_faults(tables, term))
    for section in tables.sections:
        if section.id not in SECTIONS:
            yield section.id, Fault("accounts-section", "没有这样一部分说明", f"可选：{'、'.join(SECTIONS)}")
    for role, written in tables.roles.items():
        yield from ((f"{role}：{written}", fault) for fault in _role_faults(tables, role, written))


def _lists(tables: TableSet) -> Iterator[tuple[str, Iterable[str]]]:
    yield "各表", (table.id for table in tables.tables)
    yield "各表表号", (table.number for table in tables.tables)
    yield "勾稽关系", (identity.id for identity in tables.identities)
    yield "增长情况", (growth.id for growth in tables.growths)
    yield "上年数", (item.id for item in tables.last_year)
    yield "补充数据", (item.id for item in tables.extra)
    yield "部门情况", (item.id for item in tables.facts)
    for table in tables.tables:
        yield f"{table.number}的行", (row.id for row in table.rows if row.id)
        for block in table.blocks:
            yield f"{table.number}的列", (column.id for column in block.columns)


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def _terms(tables: TableSet) -> Iterator[tuple[str, Term]]:
    for identity in tables.identities:
        for term in (*identity.left, *identity.right, *identity.only_if_zero):
            yield identity.id, term
    for growth in tables.growths:
        for term in (*growth.now, *growth.last, *growth.scope):
            yield growth.id, term


def _term_faults(tables: TableSet, term: Term) -> Iterator[Fault]:
    if term.table in (LAST_YEAR, EXTRA):
        if tables.item(term.table, term.row) is None:
            yield Fault("accounts-term", f"{term.table}里没有“{term.row}”这一项", "请核对 last_year 和 extra")
        if term.column != VALUE:
            yield Fault("accounts-term", f"{term.table}只有 {VALUE} 这一列", f"请把列写成 {VALUE}")
        return
    table = tables.table(term.table)
    if table is None:
        yield Fault("accounts-term", f"没有编号为“{term.table}”的表", "请核对各表的 id")
        return
    if term.column != EACH and all(column.id != term.column for column in table.columns):
        yield Fault("accounts-term", f"{table.number}没有“{term.column}”这一列", "请核对 columns 的 id")
    if term.row in (EACH, CLASS) or term.row.endswith("*") or table.shape is Shape.CODES:
        return
    if table.shape is Shape.SINGLE:
        known = term.row == TOTAL
    elif term.span:
        first, last = term.span
        known = {row.line for row in table.rows} >= {first, last}
    else:
        known = table.row(term.row) is not None
    if not known:
        yield Fault("accounts-term", f"{table.number}没有“{term.row}”这一行", "请核对 rows 的行次、科目编码和 id")


def _role_faults(tables: TableSet, role: str, written: str) -> Iterator[Fault]:
    if role in TABLE_ROLES:
        table = written.partition("/")[0]
        if tables.table(table) is None:
            yield Fault("accounts-role", f"没有编号为“{table}”的表", "请核对各表的 id")
    elif role in TERM_ROLES:
        for each in written.split("+"):
            term = parse_term(each.strip())
            if term is None:
                yield Fault("accounts-term", "不是单元格的写法", "请写成 表/行/列，例如 01/27/amount")
            else:
                yield from _term_faults(tables, term)
    else:
        yield Fault("accounts-role", "没有这个用途", f"可选：{'、'.join((*TERM_ROLES, *TABLE_ROLES))}")
