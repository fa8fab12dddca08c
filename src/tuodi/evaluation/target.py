"""What an indicator should reach: ``≥95%``, ``=12万元``, ``90%–95%``, or words (``不低于上年``, ``有效``)."""

import re
from dataclasses import dataclass, replace
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


RANGE, WORDS = "区间", "定性"
_DAY = re.compile(r"[0-9]{1,2}月|[0-9]{4}年(底|末|前|内)|[0-9]{4}-[0-9]{2}")


class Direction(StrEnum):
    """What a bare number means as a target: at least, at most, exactly."""

    AT_LEAST = "≥"
    AT_MOST = "≤"
    EXACTLY = "="


@dataclass(frozen=True, slots=True)
class Target:
    """A target as printed. ``operator`` is one of ≥ ≤ > < = 区间 定性; ``upper`` only for a range.

    ``value`` is None for words. ``read_as`` is how it was read where the text leaves something out (``20%`` as
    ``≤20%``); empty where the text says all.
    """

    text: str
    operator: str
    value: Fraction | None = None
    unit: str = ""
    upper: Fraction | None = None
    read_as: str = ""

    @property
    def quantified(self) -> bool:
        """Whether the target is a number."""
        return self.value is not None

    @property
    def from_below(self) -> bool:
        """Whether more is better: ``≥``, ``>``, or ``=`` with a number above 0 (``=0%`` can only be exceeded)."""
        return self.value is not None and (self.operator in ("≥", ">") or (self.operator == "=" and self.value > 0))

    @property
    def at_most(self) -> bool:
        """Whether less is better: ``≤`` or ``<``."""
        return self.operator in ("≤", "<")

    @property
    def bare(self) -> bool:
        """Whether the text is a number without an operator (and no day, which needs none)."""
        quantity = parse_quantity(self.text)
        return not isinstance(quantity, Fault) and not quantity.operator and not names_a_day(self.text)

    def in_direction(self, direction: str) -> "Target":
        """Return a bare target with the operator it is taken to mean."""
        return replace(self, operator=direction, read_as=f"{direction}{self.text}")

    def in_percent(self) -> "Target":
        """Return a target without unit as percentage points."""
        return replace(self, unit=PERCENT, read_as=f"{self}{PERCENT}")

    @property
    def share_or_percent(self) -> bool:
        """Whether the target has no unit and may be a share as well as a percentage."""
        ends = (self.value,) if self.upper is None else (self.value, self.upper)
        return any(each is not None and share_or_percent(Quantity(each, self.unit)) for each in ends)

    def comparable(self, actual: Quantity) -> bool:
        """Tell whether a number can be held against the target's: one unit, and surely a percentage where asked."""
        unsure = (self.unit == PERCENT and share_or_percent(actual)) or (
            actual.unit == PERCENT and self.share_or_percent
        )
        return same_unit(actual.unit, self.unit) and not unsure

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

    def missed_by(self, actual: "Quantity | str") -> str:
        """Say how a value that does not reach the target lies to it: ``实际值 23.98%，高于目标 ≤20%``."""
        side = "未达到"
        may_exceed = self.at_most or self.operator == "="
        if may_exceed and isinstance(actual, Quantity) and self.value is not None and not actual.operator:
            side = "高于" if actual.value > self.value else "低于" if actual.value < self.value else side
        return f"实际值 {actual}，{side}目标 {self}"

    def __str__(self) -> str:
        """Write the target as printed, with what was read into it."""
        return self.read_as or self.text


def same_unit(first: str, second: str) -> bool:
    """Tell whether two units may be compared; one left out is taken for the other."""
    return not first or not second or first == second


def names_a_day(text: str) -> bool:
    """Tell whether a text names a day, a month or a year's end: one can say afterwards whether it was kept."""
    return _DAY.search(re.sub(r"\s", "", text)) is not None


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
                return Target(text.strip(), RANGE, low.value, high.unit or low.unit, high.value)
    return Target(text.strip(), WORDS)


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
