"""The relations that slots of a clean document keep, each over the printed values."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import ceil
from typing import Any

from tuodi.kernel.money import rounded

HUNDREDTH = Fraction(1, 100)


def _sum(values: Sequence[Any], _: Sequence[Fraction]) -> bool:
    return bool(values[0] == sum(values[1:]))


def _hundred(values: Sequence[Any], extra: Sequence[Fraction]) -> bool:
    return bool(sum(values) == extra[0])


def _rate(values: Sequence[Any], extra: Sequence[Fraction]) -> bool:
    return bool(values[0] == rounded(values[1] * 100 / values[2], int(extra[0])))


def _growth(values: Sequence[Any], extra: Sequence[Fraction]) -> bool:
    return bool(values[0] == rounded(abs(values[1] - values[2]) * 100 / values[2], int(extra[0])))


def _product(values: Sequence[Any], _: Sequence[Fraction]) -> bool:
    return bool(values[0] == values[1] * values[2])


def _difference(values: Sequence[Any], _: Sequence[Fraction]) -> bool:
    return bool(values[0] == values[1] - values[2])


def _balance(values: Sequence[Any], _: Sequence[Fraction]) -> bool:
    return bool(values[0] == values[1] + values[2] - values[3])


def _same(values: Sequence[Any], _: Sequence[Fraction]) -> bool:
    return all(each == values[0] for each in values)


def _at_most(values: Sequence[Any], _: Sequence[Fraction]) -> bool:
    return bool(values[0] <= values[1])


def _rising(values: Sequence[Any], _: Sequence[Fraction]) -> bool:
    return list(values) == sorted(values)


def _number(values: Sequence[Any], extra: Sequence[Fraction]) -> bool:
    return bool(values[0] == extra[0])


def _score_by_rate(values: Sequence[Any], extra: Sequence[Fraction]) -> bool:
    """Score = rate ÷ full mark (100 or the threshold) × weight, never above the weight."""
    score, weight, rate = values
    return bool(score == min(weight, rounded(weight * rate / extra[0], 2)))


def _score_by_steps(values: Sequence[Any], extra: Sequence[Fraction]) -> bool:
    """Full points from the threshold on; each begun step below it costs points."""
    score, weight, rate = values
    threshold, step, cost = extra
    steps = ceil(max(Fraction(0), threshold - rate) / step)
    return bool(score == max(Fraction(0), weight - steps * cost))


def _average(values: Sequence[Any], extra: Sequence[Fraction]) -> bool:
    return bool(values[0] == rounded(values[1] / values[2], int(extra[0])))


RELATIONS: dict[str, Callable[[Sequence[Any], Sequence[Fraction]], bool]] = {
    "sum": _sum,
    "hundred": _hundred,
    "rate": _rate,
    "growth": _growth,
    "product": _product,
    "average": _average,
    "difference": _difference,
    "balance": _balance,
    "same": _same,
    "at-most": _at_most,
    "rising": _rising,
    "number": _number,
    "score-by-rate": _score_by_rate,
    "score-by-steps": _score_by_steps,
}


def holds(kind: str, values: Sequence[Any], extra: Sequence[Fraction]) -> bool:
    """Say whether printed values keep a relation; a relation of words (``word``) is kept by the clean word only."""
    return kind == "word" or RELATIONS[kind](values, extra)
