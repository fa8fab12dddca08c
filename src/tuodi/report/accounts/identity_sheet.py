"""The sheet 勾稽关系: every identity with both sides, live where its cells stand in the workbook, and how it stands."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from tuodi.accounts.amounts import FEN_OF_WAN, WAN, decimals_of
from tuodi.accounts.cells import cell_name, last_digit_of
from tuodi.accounts.disclosure import Accounts, CellKey
from tuodi.accounts.identities import Equation, Standing
from tuodi.accounts.table_set import Relation, RowKind
from tuodi.kernel.money import rounded
from tuodi.kernel.quantity import plain
from tuodi.report.accounts.sums import Address, sum_text
from tuodi.report.workbook.sheet_writer import MONEY_FORMAT, CellValue, Column, Formula, SheetWriter

SHEET = "勾稽关系"
_COLUMNS = (
    Column("序号", 6), Column("关系", 40), Column("左边", 40), Column("左边的数", 16), Column("", 4),
    Column("右边", 44), Column("右边的数", 16), Column("结果", 10),
)  # fmt: skip
_HINT = (
    "每一条都按公开的表计算：左边与右边相等（＝），或左边不大于右边（≤）。结果一栏是公式，改动表里的数会跟着变；"
    "两边都没有数的写“没有数据”，条件不具备的写“不适用”。"
)
_ROUNDED = "金额以万元为单位，每个数容许末位的一半的尾差，在容许以内的算相符。"
_CENTRED = {"align": "center"}
_MOST_NAMED = 8
_Signed = Sequence[tuple[int, CellKey]]


def write_identities(
    book: Any,
    accounts: Accounts,
    reckoned: Sequence[Equation],
    names: Mapping[str, str],
    places: Mapping[CellKey, Address],
    printed: Mapping[CellKey, Fraction],
) -> None:
    """Write the sheet; ``names`` are the tables' sheets, ``places`` and ``printed`` what cells hold and where."""
    writer = SheetWriter(book, SHEET, _COLUMNS)
    holding = sum(each.standing is Standing.HOLDS for each in reckoned)
    rounded_off = accounts.unit == WAN
    writer.start(f"{SHEET}（核对 {holding} 处，全部相符）", _HINT + _ROUNDED if rounded_off else _HINT)
    sides = _Sides(accounts, names, places, printed)
    for at, each in enumerate(_listed(reckoned), 1):
        row = SheetWriter.FIRST_ROW + at - 1
        left, right = (sides.words(part) for part in (each.left, each.right))
        held = each.standing is Standing.HOLDS
        look = {"num_format": MONEY_FORMAT + "0" * (sides.decimals - 2)}
        writer.put(row, 0, Fraction(at), {"num_format": "0", **_CENTRED})
        for column, words in ((1, each.name), (2, left), (5, right)):
            writer.put(row, column, words)
        writer.put(row, 3, sides.sum(each.left) if held else None, look)
        writer.put(row, 4, "≤" if each.relation is Relation.NOT_ABOVE else "＝", _CENTRED)
        writer.put(row, 6, sides.sum(each.right) if held else None, look)
        writer.put(row, 7, _result(each, row, sides) if held else each.standing.value, _CENTRED)
        writer.fit(row, ["", each.name, left, "", "", right])


def _listed(reckoned: Sequence[Equation]) -> Iterator[Equation]:
    """Yield what holds; of an identity without any such row its first one, so that none is missing from the list."""
    held = {each.identity for each in reckoned if each.standing is Standing.HOLDS}
    told: set[str] = set()
    for each in reckoned:
        if each.standing is Standing.HOLDS:
            yield each
        elif each.identity and each.identity not in held and each.identity not in told:
            told.add(each.identity)
            yield each


def _result(each: Equation, row: int, sides: "_Sides") -> Formula:
    left, right = xl_rowcol_to_cell(row, 3), xl_rowcol_to_cell(row, 6)
    difference = f"ROUND({left}-{right},{sides.decimals})"
    difference = difference if each.relation is Relation.NOT_ABOVE else f"ABS({difference})"
    within = f"{difference}<={plain(sides.tolerance(each))}"
    return Formula(f'IF({within},"{Standing.HOLDS}","{Standing.BROKEN}")', Standing.HOLDS.value)


class _Sides:
    """The sides of identities in words and as sums."""

    def __init__(
        self,
        accounts: Accounts,
        names: Mapping[str, str],
        places: Mapping[CellKey, Address],
        printed: Mapping[CellKey, Fraction],
    ) -> None:
        self.accounts, self.names, self.places, self.printed = accounts, names, places, printed
        self.in_wan = accounts.unit == WAN
        self.decimals = decimals_of(accounts.digit_fen) if self.in_wan else 2

    def words(self, signed: _Signed) -> str:
        """Return the cells of a side that hold something, joined by their signs."""
        filled = [part for part in signed if self.accounts.cell(part[1]).value] or list(signed)[:1]
        words = ""
        for sign, key in filled[:_MOST_NAMED]:
            words += ("－" if sign < 0 else "＋" if words else "") + cell_name(self.accounts, key)
        return f"{words}等{len(filled)}项" if len(filled) > _MOST_NAMED else words

    def sum(self, signed: _Signed) -> CellValue:
        """Return a side as a formula over its cells, or its sum where some of them are in no published table."""
        here = [(sign, key) for sign, key in signed if key in self.places]
        value = sum((sign * self._shown(key) for sign, key in signed), Fraction(0))
        if not here or any(key not in self.places and self.accounts.cell(key).value for _, key in signed):
            return value
        tables = dict.fromkeys(key[0] for _, key in here)
        parts = [
            sum_text([(sign, self.places[key]) for sign, key in here if key[0] == table], self.names[table])
            for table in tables
        ]
        return Formula(f"ROUND({'+'.join(parts)},{self.decimals})", value)

    def _shown(self, key: CellKey) -> Fraction:
        """Return what a cell shows, in the set's unit where it is money."""
        if key in self.printed:
            return self.printed[key]
        value = self.accounts.cell(key).value or 0
        if value and not self._is_money(key):
            return Fraction(value)
        return rounded(Fraction(value, FEN_OF_WAN), self.decimals) if self.in_wan else Fraction(value, 100)

    def tolerance(self, each: Equation) -> Fraction:
        """Return by how much the sides may differ: half of the last digit for each amount that was rounded.

        An amount that is exact in the data is rounded here, where it is shown in 万元.
        """
        if not self.in_wan:
            return Fraction(0)
        shown = self.accounts.digit_fen
        known = [key for _, key in (*each.left, *each.right) if self._is_money(key)]
        off = sum(last_digit_of(self.accounts, key) or shown for key in known)
        return Fraction(off, 2 * FEN_OF_WAN)

    def _is_money(self, key: CellKey) -> bool:
        table = self.accounts.tables.table(key[0])
        if self.accounts.cell(key).value is None:
            return False
        if table is not None:
            return table.is_money(key[1])
        item = self.accounts.tables.item(key[0], key[1])
        return item is None or item.kind is RowKind.MONEY
