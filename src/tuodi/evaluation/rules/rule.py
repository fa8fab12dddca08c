"""What every scoring rule takes and gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import ClassVar

from tuodi.evaluation.data import ElementRow
from tuodi.evaluation.target import Target
from tuodi.kernel.finding import Fault
from tuodi.kernel.money import decimal_text
from tuodi.kernel.quantity import Quantity

POINTS_PLACES = 2
"""Scores are rounded half up to two decimals, as all five documents print them (facts/scoring_rules.md)."""


@dataclass(frozen=True, slots=True)
class Awarded:
    """What an evaluator gave: ``points``, or a ``share`` of the weight, or the name of a ``tier``."""

    text: str
    points: Fraction | None = None
    share: Fraction | None = None
    tier: str = ""

    def of(self, weight: Fraction) -> Fraction | None:
        """Return the points; None for a tier, which only a rule can turn into points."""
        if self.points is not None:
            return self.points
        return None if self.share is None else self.share * weight


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """Everything a rule may look at. ``actual`` is a number, words, or None where nothing was given.

    ``elements`` are the rows of this indicator by their number (``2`` of ``A22.2``).
    """

    weight: Fraction
    target: Target | None = None
    actual: Quantity | str | None = None
    awarded: Awarded | None = None
    elements: Mapping[int, ElementRow] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Points by the rule with the formula and the numbers put in; None where an input is missing or unusable.

    ``formula`` ends with the points. ``lost`` says in words why points were lost, ``gain`` what would raise the score;
    ``faults`` what is missing, ``doubts`` what should be looked at in what an evaluator gave.
    """

    points: Fraction | None
    formula: str = ""
    lost: str = ""
    gain: str = ""
    faults: tuple[Fault, ...] = ()
    doubts: tuple[Fault, ...] = ()


class Rule:
    """One kind of scoring rule with its parameters; subclasses are frozen dataclasses that only score."""

    name: ClassVar[str]
    """The stable name in schemes and answers (facts/scoring_rules.md)."""
    needs: ClassVar[str] = "实际值"
    """Which input a rule without elements asks for, in Chinese: 实际值, 评价人打分."""
    judged: ClassVar[bool] = False
    """Whether only an evaluator can give the points: no rule text says how."""

    def outcome(self, inputs: Inputs) -> Outcome:
        """Apply the rule. Never raises for any inputs."""
        raise NotImplementedError

    @property
    def tier_names(self) -> tuple[str, ...]:
        """Return the tiers an evaluator may name; empty for rules without tiers."""
        return ()

    def by_rule(self, inputs: Inputs) -> Outcome:
        """Return what the rule gives by itself, whatever an evaluator awarded."""
        return self.outcome(replace(inputs, awarded=None))

    def defects(self, weight: Fraction) -> tuple[str, ...]:
        """Say what is wrong with the rule itself for this weight, e.g. sub-points that do not add up to it."""
        del weight
        return ()

    @property
    def needs_target(self) -> bool:
        """Return whether the rule holds the actual value against a target."""
        return False

    @property
    def element_names(self) -> tuple[str, ...]:
        """Return what the sheet 要点 asks, element 1 first; empty for rules without elements."""
        return ()


def points_text(points: Fraction) -> str:
    """Write points as documents do: at most two decimals, no needless zeros."""
    return decimal_text(points, POINTS_PLACES, trimmed=True)


def in_points(points: Fraction) -> str:
    """Write points with their unit."""
    return f"{points_text(points)} 分"


def full_marks(weight: Fraction, because: str) -> str:
    """Return the formula of full marks: why, and how many."""
    return f"{because}，得满分 {in_points(weight)}"


def no_marks(because: str) -> str:
    """Return the formula of no marks."""
    return f"{because}，得 0 分"


def closed(calculation: str, value: Fraction, weight: Fraction) -> str:
    """End a calculation with its result: ``≈`` where it was rounded, and the bound where it lies beyond one."""
    sign = "=" if (value * 10**POINTS_PLACES).denominator == 1 else "≈"
    formula = f"{calculation} {sign} {in_points(value)}"
    if value < 0:
        return f"{formula}，不足 0 分，按 0 分计"
    return f"{formula}，超过权重，按 {in_points(weight)}计" if value > weight else formula


def missing(rule: str, message: str, advice: str) -> Outcome:
    """Return the outcome of a rule that lacks an input."""
    return Outcome(points=None, faults=(Fault(rule, message, advice),))


def said(actual: Quantity | str | None) -> str:
    """Write an actual value as a sentence does."""
    return "" if actual is None else str(actual)
