"""Sums and quotients of printed figures, with what rounding allows; results are written as the paper writes its own."""

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from tuodi.audit.figures.amounts import Figure, Kind
from tuodi.kernel.money import decimal_text, rounded


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


_NUMBER = re.compile(r"\d[\d,]*(?:\.(?P<decimals>\d+))?")
MOST_DECIMALS = 6
"""Decimals of the finest amount written: one fen in 万元."""


def like(figure: Figure, value: Fraction) -> str:
    """Write a value as a figure is printed: its unit, its separators, its decimals, more where the value needs them.

    Percentages keep the printed decimals unless they would then look like the printed figure.

    >>> like(figure_of("1,022.04万元"), Fraction(10_000_000))
    '1,000.00万元'
    """
    number = _NUMBER.search(figure.text)
    if number is None:  # 十二项, 百分之九十五点五
        decimals, suffix = len(str(figure.step.denominator)) - 1, figure.unit
    else:
        decimals, suffix = len(number["decimals"] or ""), figure.text[number.end() :]
        suffix = "%" if figure.kind is Kind.SHARE and figure.text.startswith("百分之") else suffix
    in_unit = value / (figure.step * 10**decimals)
    places = decimals
    if figure.kind in (Kind.SHARE, Kind.POINTS):
        while places < decimals + 2 and in_unit != figure.value and rounded(in_unit, places) == figure.value:
            places += 1
    else:
        while places < MOST_DECIMALS and rounded(in_unit, places) != in_unit:
            places += 1
        if rounded(in_unit, places) != in_unit:
            places = max(decimals, 2)
    return decimal_text(in_unit, places, grouped=number is not None and "," in number.group()) + suffix


def written(figures: Sequence[Figure], sign: str = "＋") -> str:
    """Write figures as a sum a reader can follow; of more than eight only the first and the last three stand."""
    texts = [figure.text for figure in figures]
    if len(texts) > 8:
        texts = [*texts[:3], "…", *texts[-3:]]
    return sign.join(texts)
