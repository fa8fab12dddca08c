"""Identities between cells: every one a set states is reckoned on whole fen, and told with both places when broken."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from tuodi.accounts.cells import (
    cell_shown,
    cells_of,
    each_class,
    each_column,
    each_row,
    is_count,
    last_digit_of,
    row_of_class,
    signed_cells,
)
from tuodi.accounts.disclosure import Accounts, CellKey, Place
from tuodi.accounts.table_set import CLASS, EACH, TOTAL, Identity, Relation, Shape, TableForm, Term
from tuodi.kernel.finding import Fault, Finding

_FAULTS = {
    Relation.TOTAL: Fault("total-differs", "合计与各项之和不符", "请核对合计和各项，改正后重新生成"),
    Relation.PARTS: Fault("parts-differ", "总数与其中各部分之和不符", "请核对总数和各部分，改正后重新生成"),
    Relation.BALANCE: Fault("balance-differs", "收支和结转不平衡", "请核对收入、支出和年初、年末结转，改正后重新生成"),
    Relation.TABLES: Fault("table-against-table", "两张表的同一项目不一致", "请核对两张表，改正后重新生成"),
    Relation.NOT_ABOVE: Fault("part-above-total", "部分大于全部", "请核对两处的数，改正后重新生成"),
}
_SUBTOTAL = Fault("subtotal-differs", "上级科目与下级科目之和不符", "请核对上下级科目，改正后重新生成")
_TOTAL_OF_CODES = Fault("total-differs", "合计与各科目之和不符", "请核对合计和各科目，改正后重新生成")
_NAMES = Fault("name-told-twice", "同一科目编码有两个名称", "请核对科目编码和名称")
_MOST_NAMED = 8
_FEW = 3
"""So many cells of a side are all named, blank ones too."""
_YUAN_OF_WAN = 10_000

_Signed = Sequence[tuple[int, CellKey]]


class Standing(StrEnum):
    """How an equation stands, in the words of the sheet that lists them all."""

    HOLDS = "✓"
    BROKEN = "✗"
    EMPTY = "没有数据"
    OTHERWISE = "不适用"
    UNKNOWN = "没有填写"


@dataclass(frozen=True, slots=True, kw_only=True)
class Equation:
    """One identity for one row, class and column: signed cells on both sides and their sums, fen or whole numbers.

    Both sides are empty where a condition of the identity is not met, or no row or column is there. ``identity`` is
    its id in the set, empty for a sum over codes.
    """

    identity: str
    name: str
    relation: Relation
    fault: Fault
    left: _Signed = ()
    right: _Signed = ()
    left_sum: int = 0
    right_sum: int = 0
    standing: Standing


def equations(accounts: Accounts) -> Iterator[Equation]:
    """Yield every identity reckoned, in the order of the set, then sums over codes."""
    for identity in accounts.tables.identities:
        yield from _of_identity(accounts, identity)
    for table in accounts.tables.tables:
        yield from _of_codes(accounts, table)


def broken_identities(accounts: Accounts) -> list[Finding]:
    """Return every identity that does not hold, in the order of ``equations``, then codes with two names."""
    broken = [each for each in equations(accounts) if each.standing is Standing.BROKEN]
    in_wan = next((each for each in broken if _off_by_wan(each)), None)
    return [*(_finding(accounts, each, each is in_wan) for each in broken), *_names(accounts)]


def _off_by_wan(each: Equation) -> bool:
    """Tell whether one side is exactly ten thousand times the other: 万元 that was taken for 元."""
    small, large = sorted((abs(each.left_sum), abs(each.right_sum)))
    return small > 0 and small * _YUAN_OF_WAN == large


def _of_identity(accounts: Accounts, identity: Identity) -> Iterator[Equation]:
    about = Equation(
        identity=identity.id,
        name=identity.name,
        relation=identity.relation,
        fault=replace_message(_FAULTS[identity.relation], identity.name),
        standing=Standing.EMPTY,
    )
    conditions = (key for term in identity.only_if_zero for key in cells_of(accounts, term))
    if any(accounts.cell(key).value for key in conditions):
        yield replace(about, standing=Standing.OTHERWISE)
        return
    concrete = list(_concrete(accounts, identity))
    if not concrete:
        yield about
    for left, right in concrete:
        sides = replace(about, left=tuple(signed_cells(accounts, left)), right=tuple(signed_cells(accounts, right)))
        known = all(accounts.known(term) for term in (*left, *right))
        yield _reckoned(accounts, sides) if known else replace(sides, standing=Standing.UNKNOWN)


def replace_message(fault: Fault, name: str) -> Fault:
    """Return a fault that names the identity: ``合计与各项之和不符（本年收入合计是各项之和）``."""
    return fault._replace(message=f"{fault.message}（{name}）")


def _concrete(accounts: Accounts, identity: Identity) -> Iterator[tuple[list[Term], list[Term]]]:
    """Yield the identity once for each row, class and column that it speaks of."""
    terms = (*identity.left, *identity.right)
    rows = each_row(accounts, terms) if any(term.row == EACH for term in terms) else [""]
    classes = each_class(accounts, terms) if any(term.row == CLASS for term in terms) else [""]
    columns = each_column(accounts, terms) if any(term.column == EACH for term in terms) else [""]
    for row in rows:
        for functional_class in classes:
            for column in columns:
                one = (row, functional_class, column)
                yield (
                    [_one(accounts, term, *one) for term in identity.left],
                    [_one(accounts, term, *one) for term in identity.right],
                )


def _one(accounts: Accounts, term: Term, row: str, functional_class: str, column: str) -> Term:
    if term.row == EACH:
        term = replace(term, row=row)
    elif term.row == CLASS:
        term = replace(term, row=row_of_class(accounts, term.table, functional_class))
    return replace(term, column=column) if term.column == EACH else term


def _reckoned(accounts: Accounts, each: Equation) -> Equation:
    """Return an equation with its sums and how it stands."""
    known = [key for _, key in (*each.left, *each.right) if accounts.cell(key).value is not None]
    if not known:
        return replace(each, standing=Standing.EMPTY)
    left, right = _sum(accounts, each.left), _sum(accounts, each.right)
    difference = left - right
    # Amounts read in 万元 are rounded one by one: each may be off by half of its last digit.
    near = 2 * abs(difference) <= sum(last_digit_of(accounts, key) for key in known)
    less = each.relation is Relation.NOT_ABOVE and difference < 0
    standing = Standing.HOLDS if near or less or difference == 0 else Standing.BROKEN
    return replace(each, left_sum=left, right_sum=right, standing=standing)


def _finding(accounts: Accounts, each: Equation, tell_wan: bool) -> Finding:
    sign = "大于" if each.relation is Relation.NOT_ABOVE else "不等于"
    arithmetic = (
        f"{_side(accounts, each.left, each.left_sum)}，{sign}{_side(accounts, each.right, each.right_sum)}，"
        f"相差 {_number(accounts, each, abs(each.left_sum - each.right_sum))}"
        f"{'（正好相差一万倍，像是万元）' if tell_wan else ''}"
    )
    fault = each.fault._replace(message=f"{each.fault.message}：{arithmetic}")
    blank = _blank_place(accounts, each)
    if blank is not None:
        return blank.finding(fault, "空白")
    return _place(accounts, each.left, each.right).finding(fault, _number(accounts, each, each.left_sum))


def _blank_place(accounts: Accounts, each: Equation) -> Place | None:
    """Return where the cell stands that is blank while the other side holds something."""
    for side in (each.left, each.right):
        cells = [accounts.cell(key) for _, key in side]
        if 0 < len(cells) <= _FEW and all(cell.value is None for cell in cells):
            return next((cell.place for cell in cells if cell.place.row is not None), None)
    return None


def _number(accounts: Accounts, each: Equation, number: int) -> str:
    """Write a sum of an equation: amounts, or whole numbers where its first cell counts."""
    return str(number) if is_count(accounts, each.left[0][1]) else accounts.exactly(number)


def _sum(accounts: Accounts, cells: _Signed) -> int:
    return sum(sign * (accounts.cell(key).value or 0) for sign, key in cells)


def _side(accounts: Accounts, cells: _Signed, total: int) -> str:
    """Write one side of an identity: its cells that hold something, each with its place, and their sum."""
    filled = [(sign, key) for sign, key in cells if accounts.cell(key).value]
    if not filled or len(cells) <= _FEW:
        # A blank cell among few may be the very one that was forgotten.
        filled = list(cells)[:_FEW]
    shown = [
        f"{'− ' if sign < 0 else '+ ' if place else ''}{cell_shown(accounts, key)}"
        for place, (sign, key) in enumerate(filled[:_MOST_NAMED])
    ]
    more = f" 等 {len(filled)} 项" if len(filled) > _MOST_NAMED else ""
    result = f" = {accounts.exactly(total)}" if len(filled) > 1 else ""
    return f"{' '.join(shown)}{more}{result}"


def _place(accounts: Accounts, left: _Signed, right: _Signed) -> Place:
    places = [accounts.cell(key).place for _, key in (*left, *right)]
    return next((place for place in places if place.row is not None), Place())


def _of_codes(accounts: Accounts, table: TableForm) -> Iterator[Equation]:
    """Yield each sum over codes (类款项), column by column, and the total over the highest."""
    listed = {row.id: row for row in table.rows}
    codes = [row for row in accounts.row_ids(table.id) if row.isdigit() and (row not in listed or listed[row].code)]
    children: dict[str, list[str]] = {}
    for code in codes:
        parents = [each for each in codes if each != code and code.startswith(each)]
        children.setdefault(max(parents, key=len, default=""), []).append(code)
    for column in table.columns:
        for parent, below in children.items():
            if not parent and table.shape is not Shape.CODES:
                continue
            if parent in listed and column.id in listed[parent].not_for:
                continue
            words = f"科目 {parent} 是下级科目之和" if parent else "合计是各科目之和"
            sum_of_codes = Equation(
                identity="",
                name=f"{table.number}{words}",
                relation=Relation.TOTAL,
                fault=_SUBTOTAL if parent else _TOTAL_OF_CODES,
                left=((1, (table.id, parent or TOTAL, column.id)),),
                right=tuple((1, (table.id, code, column.id)) for code in below),
                standing=Standing.EMPTY,
            )
            yield _reckoned(accounts, sum_of_codes)


def _names(accounts: Accounts) -> Iterator[Finding]:
    """Yield each code that stands under two names in two tables."""
    first: dict[str, tuple[str, str]] = {}
    for table_id, names in accounts.names.items():
        table = accounts.tables.table(table_id)
        number = table.number if table is not None else table_id
        for code, told in names.items():
            if not told.text:
                continue
            earlier = first.setdefault(code, (told.text, number))
            if earlier[0] != told.text:
                message = f"{_NAMES.message}：{earlier[1]}写的是“{earlier[0]}”"
                yield told.place.finding(_NAMES._replace(message=message), f"{code} {told.text}")
