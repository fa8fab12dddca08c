"""Sums and quotients of printed figures, with what rounding allows; results are written as the paper writes its own."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from tuodi.audit.figures.amounts import Figure, Kind
from tuodi.kernel.money import decimal_text


class Span(NamedTuple):
    """The true values a result of printed figures may have, and its value taken as printed."""

    low: Fraction
    value: Fraction
    high: Fraction

    def allows(self, figure: Figure) -> bool:
        """Tell whether a printed figure can be this result, rounded as it is printed."""
        return self.low - figure.step / 2 <= figure.value <= self.high + figure.step / 2


def sum_of(figures: Iterable[Figure]) -> Span:
    """Return the sum; figures printed to the fen, to points or pieces are exact, coarser ones carry their rounding."""
    parts = list(figures)
    slack = sum((part.step / 2 for part in parts if rounds(part)), Fraction(0))
    value = sum((part.value for part in parts), Fraction(0))
    return Span(value - slack, value, value + slack)


def share_of(part: Figure, whole: Figure) -> Span | None:
    """Return 100 × part / whole in percent; None for a whole of 0."""
    low_whole, high_whole = (whole.low, whole.high) if rounds(whole) else (whole.value, whole.value)
    low_part, high_part = (part.low, part.high) if rounds(part) else (part.value, part.value)
    if low_whole <= 0:
        return None
    low, high = 100 * low_part / (high_whole if low_part >= 0 else low_whole), 100 * high_part / low_whole
    return Span(low, 100 * part.value / whole.value, high)


def rounds(figure: Figure) -> bool:
    """Tell whether a figure may be rounded: amounts coarser than the fen, percentages; points and pieces are not."""
    if figure.kind is Kind.MONEY:
        return figure.unit != "元" and figure.step > Fraction(1, 100)
    return figure.kind in (Kind.SHARE, Kind.POINTS)


def agree(figure: Figure, span: Span) -> bool:
    """Tell whether a figure is the result as printed, or rounded from it where it is printed coarser."""
    if rounds(figure) or span.low != span.high:
        return span.allows(figure)
    return figure.value == span.value


def like(figure: Figure, value: Fraction) -> str:
    """Write a value as a figure is printed: its unit, its decimals (more where the value has them), its separators.

    >>> like(figure_of("1,022.04万元"), Fraction(10_000_000))
    '1,000.00万元'
    """
    scale = figure.step
    decimals = 0
    unit_value = Fraction(1)
    digits = figure.text.rstrip(figure.unit) if figure.unit else figure.text
    if "." in digits:
        decimals = len(digits.rpartition(".")[2])
        unit_value = Fraction(10**decimals)
    base = scale * unit_value
    if not digits.isascii() and figure.kind is Kind.SHARE:  # 百分之九十五点五, 百分之95.5
        places = len(str(figure.step.denominator)) - 1
        return decimal_text(value, places) + "%"
    text = decimal_text(value / base, decimals, grouped="," in digits) if base else str(value)
    return text + (figure.unit if digits != figure.text else "")


def written(figures: Sequence[Figure], sign: str = "＋") -> str:
    """Write figures as a sum a reader can follow; of more than eight only the first and the last three stand."""
    texts = [figure.text for figure in figures]
    if len(texts) > 8:
        texts = [*texts[:3], "…", *texts[-3:]]
    return sign.join(texts)
