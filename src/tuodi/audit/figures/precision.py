"""How exact numbers printed side by side are, and quotients of sums of them."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from tuodi.audit.figures.amounts import Figure, Kind
from tuodi.audit.figures.arithmetic import Span, sum_of


def sharpened(figures: Sequence[Figure]) -> tuple[Figure, ...]:
    """Return numbers printed side by side with the exactness their neighbours show.

    Whoever prints 135万元 beside 117.17万元 leaves out ``.00``: among amounts of one unit a shorter one is as exact as
    the finest, unless it says 约.
    """
    finest: dict[str, Fraction] = {}
    for figure in figures:
        if figure.kind is Kind.MONEY:
            finest[figure.unit] = min(finest.get(figure.unit, figure.step), figure.step)
    return tuple(
        figure if figure.mark == "约" else replace(figure, step=finest.get(figure.unit, figure.step))
        for figure in figures
    )


def percent_span(part: Span, whole: Span) -> Span | None:
    """Return 100 × part / whole in percent; None where the whole may be nothing or the part is negative."""
    if whole.low <= 0 or part.low < 0 and part.value != 0:
        return None
    return Span(
        max(part.low, Fraction(0)) * 100 / whole.high, part.value * 100 / whole.value, part.high * 100 / whole.low
    )


def percent_of(part: Figure, whole: Figure) -> Span | None:
    """Return one number printed beside another as a percentage of it."""
    sharp = sharpened((part, whole))
    return percent_span(sum_of(sharp[:1]), sum_of(sharp[1:]))


TELLING_DIGITS = 4
"""Round numbers differ in one digit by mere chance: one of the two must have so many digits before its zeros."""


def significant(figure: Figure) -> int:
    """Count the printed digits before the zeros at the end."""
    return len(str(abs(int(figure.value / figure.step))).rstrip("0")) if figure.step > 0 else 0


def one_digit_off(stated: Figure, value: Fraction, telling: int = TELLING_DIGITS) -> bool:
    """Tell whether a number differs from a value in one digit, or in two neighbours that changed places."""
    if stated.step <= 0 or (value / stated.step).denominator != 1:
        return False
    printed, meant = str(abs(int(stated.value / stated.step))), str(abs(int(value / stated.step)))
    if max(len(printed.rstrip("0")), len(meant.rstrip("0"))) < telling or printed == meant:
        return False
    if len(printed) != len(meant):
        longer, shorter = sorted((printed, meant), key=len, reverse=True)
        return len(longer) == len(shorter) + 1 and any(
            longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer))
        )
    wrong = [at for at, (one, other) in enumerate(zip(printed, meant, strict=True)) if one != other]
    swapped = len(wrong) == 2 and wrong[1] == wrong[0] + 1 and printed[wrong[0]] == meant[wrong[1]]
    return len(wrong) == 1 or swapped and printed[wrong[1]] == meant[wrong[0]]
