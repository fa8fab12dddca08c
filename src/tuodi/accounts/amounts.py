"""Amounts in yuan or 万元: read from the cells of a published table, and written. Blank and 0 are kept apart."""

import re
from collections.abc import Iterable
from fractions import Fraction

from tuodi.intake.cells import Cell, is_blank, money, shown
from tuodi.intake.exact_text import exact_number_text
from tuodi.kernel.finding import Fault
from tuodi.kernel.money import LARGEST_FEN, Fen, decimal_text, yuan, yuan_grouped

_GROUPED = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,6})?")
_DASHES = re.compile(r"[-—─－–/／]+")
_DECIMAL = re.compile(r"-?[0-9]{1,10}(?:\.[0-9]{1,6})?")
_UNIT = re.compile(r"单位：(?:人民币)?(万元|亿元|元)")
_COUNT = re.compile(r"([0-9]{1,7})(?:\.0+)?")
FEN_OF_WAN = 1_000_000
WAN = "万元"
_FINEST_WAN = 6
"""Decimals of 万元 that are a whole fen."""
_LAST_DIGITS: tuple[Fen, ...] = (10_000, 1_000, 100, 10)
"""Two to five decimals of 万元, in fen."""
_LONGEST = 60


def unit_of(titles: tuple[str, ...]) -> str:
    """Return the unit that the rows above the headings state (金额单位：万元), empty where they state none."""
    return next((found[1] for title in titles if (found := _UNIT.search(title))), "")


def is_dash(cell: Cell) -> bool:
    """Tell whether a cell holds only dashes: the form has no amount there."""
    return isinstance(cell, str) and _DASHES.fullmatch(cell.strip()) is not None


def read_amount(cell: Cell, in_wan: bool) -> int | Fault | None:
    """Read an amount in fen; None for a blank cell or a dash."""
    if is_blank(cell) or is_dash(cell):
        return None
    if isinstance(cell, str) and _GROUPED.fullmatch(cell.strip()):
        cell = cell.strip().replace(",", "")
    if in_wan:
        return _read_wan(cell)
    value = money(cell, None)
    if isinstance(value, Fault) or value is None:
        return value
    # The reader of amounts gives whole fen, a fault, or what stands for an empty cell.
    return int(value) if isinstance(value, int) else Fault("amount-format", "不是有效金额", "请填写金额")


def _read_wan(cell: Cell) -> int | Fault:
    text = exact_number_text(cell, _LONGEST)
    if isinstance(text, Fault):
        return text
    if not _DECIMAL.fullmatch(text):
        return Fault("amount-format", "不是有效金额", "请填写以万元为单位、最多六位小数的数字，例如 782.46")
    fen = Fraction(text) * FEN_OF_WAN
    if fen.denominator != 1 or abs(fen) > LARGEST_FEN:
        return Fault("amount-too-large", "金额超过 9999999999.99 元", "请核对金额单位")
    return fen.numerator


def last_digit(amounts: Iterable[Fen]) -> Fen:
    """Return the last digit of amounts that were read in 万元, in fen: two decimals, or the most that any has."""
    given = list(amounts)
    return next((digit for digit in _LAST_DIGITS if all(amount % digit == 0 for amount in given)), 1)


def decimals_of(digit: Fen) -> int:
    """Return how many decimals of 万元 a last digit in fen is."""
    return _FINEST_WAN + 1 - len(str(digit))


def amount_text(fen: Fen, unit: str, digit: Fen, *, grouped: bool) -> str:
    """Write an amount in 元, or in 万元 rounded half up to a last digit in fen."""
    if unit == WAN:
        return decimal_text(Fraction(fen, FEN_OF_WAN), decimals_of(digit), grouped=grouped)
    return yuan_grouped(fen) if grouped else yuan(fen)


def read_count(cell: Cell) -> int | Fault | None:
    """Read a whole number of vehicles, groups or visits; None for a blank cell or a dash."""
    if is_blank(cell) or is_dash(cell):
        return None
    found = _COUNT.fullmatch(shown(cell).strip())
    if found is None:
        return Fault("count-format", "不是有效的数量", "请填写 0 或正整数")
    return int(found[1])
