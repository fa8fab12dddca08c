"""What an indicator should reach: ``≥95%``, ``=12万元``, ``90%–95%``, or words (``不低于上年``, ``有效``)."""

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from tuodi.kernel.finding import Fault
from tuodi.kernel.quantity import (
    OPERATORS,
    PERCENT,
    Quantity,
    compare,
    parse_quantity,
    plain,
    share_or_percent,
)


class Met(StrEnum):
    """Whether an actual value reaches its target."""

    YES = "达到"
    NO = "未达到"
    UNKNOWN = "无法比较"


@dataclass(frozen=True, slots=True)
class Target:
    """A target as printed. ``operator`` is one of ≥ ≤ > < = 区间 定性; ``upper`` only for a range.

    ``value`` is None for words.
    """

    text: str
    operator: str
    value: Fraction | None = None
    unit: str = ""
    upper: Fraction | None = None

    @property
    def quantified(self) -> bool:
        """Whether the target is a number."""
        return self.value is not None

    @property
    def from_below(self) -> bool:
        """Whether more is better: ``≥``, ``>``, or ``=`` with a number above 0 (``=0%`` can only be exceeded)."""
        return self.value is not None and (self.operator in ("≥", ">") or (self.operator == "=" and self.value > 0))

    def comparable(self, actual: Quantity) -> bool:
        """Tell whether a number can be held against the target's: one unit, and surely a percentage where asked."""
        return same_unit(actual.unit, self.unit) and not (self.unit == PERCENT and share_or_percent(actual))

    def met_by(self, actual: "Quantity | str") -> Met:
        """Compare an actual value (a number, or words) with the target."""
        if isinstance(actual, str):
            said = _bare(actual)
            return Met.YES if said and not self.quantified and said == _bare(self.text) else Met.UNKNOWN
        if self.value is None or not self.comparable(actual):
            return Met.UNKNOWN
        if actual.operator in (">", "≥", "<", "≤"):
            return self._met_by_bound(actual)
        if self.upper is not None:
            return Met.YES if self.value <= actual.value <= self.upper else Met.NO
        return Met.YES if compare(actual.value, self.operator, self.value) else Met.NO

    def _met_by_bound(self, actual: Quantity) -> Met:
        """Compare where only a bound is known: ``＞99%`` reaches ``≥95%``; whether ``=100%`` nobody knows."""
        if self.value is None:
            return Met.UNKNOWN
        rising = self.operator in ("≥", ">") and actual.operator in (">", "≥")
        falling = self.operator in ("≤", "<") and actual.operator in ("<", "≤")
        if not (rising or falling):
            return Met.UNKNOWN
        beyond = actual.value > self.value if rising else actual.value < self.value
        at = actual.value == self.value and (actual.operator in (">", "<") or self.operator in ("≥", "≤"))
        return Met.YES if beyond or at else Met.UNKNOWN

    def __str__(self) -> str:
        """Write the target as printed."""
        return self.text


def same_unit(first: str, second: str) -> bool:
    """Tell whether two units may be compared; one left out is taken for the other."""
    return not first or not second or first == second


def parse_target(text: str) -> Target:
    """Read a target; whatever is not a number with an optional operator, nor a range, is words."""
    said = text.strip().replace("％", PERCENT)
    quantity = parse_quantity(said)
    if not isinstance(quantity, Fault):
        return Target(text.strip(), quantity.operator or "=", quantity.value, quantity.unit)
    parts = re.split(r"[-–—~～至]", said)
    if len(parts) == 2:
        low, high = (parse_quantity(part) for part in parts)
        if not isinstance(low, Fault) and not isinstance(high, Fault) and low.value <= high.value:
            plain_ends = not (low.operator or high.operator)
            if plain_ends and same_unit(low.unit, high.unit):
                return Target(text.strip(), "区间", low.value, high.unit or low.unit, high.value)
    return Target(text.strip(), "定性")


def shown(value: Fraction, unit: str) -> str:
    """Write a number with its unit."""
    return f"{plain(value)}{unit}"


def _bare(text: str) -> str:
    """Return words as they are compared: without the operator in front and without blanks."""
    said = re.sub(r"\s", "", text)
    for operator in sorted(OPERATORS, key=len, reverse=True):
        # 不低于上年 is words whose sense is in the operator: only signs are dropped.
        if not operator.isalpha() and said.startswith(operator):
            return said[len(operator) :]
    return said
