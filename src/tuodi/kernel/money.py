"""Money as integer fen (分), exact ratios, and the only rounding of the whole product.

Nothing here uses binary fractions. ``half_up`` is plain integer arithmetic so that the columnar engine can compile the
very same lines.
"""

import re
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from tuodi.kernel.finding import Fault

Fen: TypeAlias = int

RATIO_SCALE = 1_000_000
"""A ratio is a whole number of millionths: six decimals, more than any document prints."""

LARGEST_FEN = 10**12 - 1
"""9,999,999,999.99 yuan, the national interface's decimal(12,2); times RATIO_SCALE it still fits 64 bits."""

_YUAN = re.compile(r"-?[0-9]+(?:\.[0-9]{1,2})?")
_TOO_FINE = re.compile(r"-?[0-9]+\.[0-9]{3,}")
_RATIO = re.compile(r"(0|[1-9][0-9]{0,2})(?:\.([0-9]{1,6}))?")
_FULL_WIDTH = re.compile(r"[０-９．，－＋￥]")


def half_up(product: int, scale: int) -> int:
    """Return ``product / scale`` rounded half up to a whole number; both are not negative.

    >>> half_up(5, 10), half_up(4, 10), half_up(15, 10)
    (1, 0, 2)
    """
    return (product + scale // 2) // scale


class Ratio(NamedTuple):
    """An exact share in millionths, e.g. 0.70 is ``Ratio(700_000)``."""

    millionths: int

    def of(self, amount_fen: Fen) -> Fen:
        """Return this share of an amount that is not negative, rounded half up once."""
        return half_up(amount_fen * self.millionths, RATIO_SCALE)

    def __str__(self) -> str:
        """Write the ratio with at least two decimals, as the output files do: ``0.70``."""
        whole, rest = divmod(self.millionths, RATIO_SCALE)
        decimals = f"{rest:06d}".rstrip("0").ljust(2, "0")
        return f"{whole}.{decimals}"


def parse_ratio(text: str) -> Ratio | Fault:
    """Read an exact decimal of at most six places, such as ``0.70``; never a binary fraction."""
    match = _RATIO.fullmatch(text)
    if not match:
        return Fault("ratio-format", "不是有效的比例", "请写成小数，例如 0.70，最多六位小数")
    whole, decimals = match.groups()
    return Ratio(int(whole) * RATIO_SCALE + int((decimals or "").ljust(6, "0")))


def parse_yuan(text: str) -> Fen | Fault:
    """Read yuan with at most two decimals into fen; anything that would need a guess is a fault.

    A minus sign is read (reversal rows may carry it); whether it belongs there is for the caller to say.
    """
    if _YUAN.fullmatch(text):
        return _fen_of(text)
    if _FULL_WIDTH.search(text):
        return Fault("amount-full-width", "含有全角数字或符号", "请改为半角，例如 1234.56")
    if _TOO_FINE.fullmatch(text):
        return Fault("amount-decimals", "金额超过两位小数", "请核对原始单据后改为最多两位小数（元），例如 1234.56")
    if re.fullmatch(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", text):
        return Fault("amount-separator", "金额含有千位分隔符", "请去掉逗号，例如 1234.56")
    if re.fullmatch(r"\+[0-9.]+", text):
        return Fault("amount-sign", "金额前有多余的正号", "请去掉正号，例如 1234.56")
    if re.fullmatch(r"-?[0-9.]+[eE][+-]?[0-9]+", text):
        return Fault("amount-scientific", "金额写成了科学计数法", "请把单元格设为文本后写出完整金额，例如 100000.00")
    return Fault("amount-format", "不是有效金额", "请填写以元为单位、最多两位小数的数字，例如 1234.56")


def _fen_of(text: str) -> Fen | Fault:
    sign = -1 if text.startswith("-") else 1
    whole, _, decimals = text.lstrip("-").partition(".")
    whole = whole.lstrip("0") or "0"  # int() itself refuses texts of thousands of digits
    if len(whole) > 10:
        return Fault("amount-too-large", "金额超过 9999999999.99 元", "请核对金额单位是否为元")
    return sign * (int(whole) * 100 + int(decimals.ljust(2, "0")))


def yuan(fen: Fen) -> str:
    """Write fen as yuan with two decimals and no separators, as files and JSON carry it: ``-1234.50``."""
    sign = "-" if fen < 0 else ""
    whole, rest = divmod(abs(fen), 100)
    return f"{sign}{whole}.{rest:02d}"


def yuan_grouped(fen: Fen) -> str:
    """Write fen as yuan with thousands separators, as people read it: ``1,234.50``."""
    sign = "-" if fen < 0 else ""
    whole, rest = divmod(abs(fen), 100)
    return f"{sign}{whole:,}.{rest:02d}"


def yuan_spoken(fen: Fen) -> str:
    """Write fen as a clerk says it: without decimals where there are none, ``60,000`` or ``3,092.40``."""
    text = yuan_grouped(fen)
    return text.removesuffix(".00")


def rounded(value: Fraction, places: int) -> Fraction:
    """Return a number rounded half up (away from zero) to so many decimals, still exact.

    >>> rounded(Fraction(4706, 1000), 2)
    Fraction(471, 100)
    """
    scale = 10**places
    size = abs(value) * scale
    whole = Fraction(half_up(size.numerator, size.denominator), scale)
    return whole if value >= 0 else -whole


def decimal_text(value: Fraction, places: int, *, grouped: bool = False, trimmed: bool = False) -> str:
    """Write a number with so many decimals, rounded half up; ``trimmed`` drops zeros at the end (``4.5``)."""
    exact = rounded(value, places)
    scale = 10**places
    whole, rest = divmod(abs(exact.numerator * (scale // exact.denominator)), scale)
    text = f"{whole:,}" if grouped else str(whole)
    if places:
        decimals = f"{rest:0{places}d}"
        decimals = decimals.rstrip("0") if trimmed else decimals
        text += f".{decimals}" if decimals else ""
    return f"-{text}" if exact < 0 else text


def percent(numerator: int, denominator: int, places: int = 2) -> str:
    """Return ``numerator / denominator`` as a percentage rounded half up, e.g. ``90.56``; ``—`` without denominator.

    Callers keep both parts beside the text: a rate without its counts cannot be checked.
    """
    if denominator == 0:
        return "—"
    scaled = Fraction(abs(numerator) * 100 * 10**places, abs(denominator))
    whole = half_up(scaled.numerator, scaled.denominator)
    sign = "-" if (numerator < 0) != (denominator < 0) and whole else ""
    if places == 0:
        return f"{sign}{whole}"
    return f"{sign}{whole // 10**places}.{whole % 10**places:0{places}d}"
