"""Rules that turn a rate into points: times weight, steps, shares for each point missed, straight lines.

A percentage enters as percentage points already rounded as the document prints it, so that a reader can check every
formula by hand.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import ClassVar

from tuodi.evaluation.rules.elements import incomparable
from tuodi.evaluation.rules.rule import Inputs, Outcome, Rule, points_text
from tuodi.evaluation.target import Met, Target, same_unit
from tuodi.kernel.finding import Fault
from tuodi.kernel.money import rounded
from tuodi.kernel.quantity import PERCENT, Quantity, plain, share_or_percent

HUNDRED = Fraction(100)

_Points = Callable[[Fraction, Target], tuple[Fraction, str]]


def percentage(inputs: Inputs) -> Fraction | Outcome:
    """Return the actual percentage in points; an outcome with the fault where it is none."""
    actual = inputs.actual
    if actual is None:
        fault = Fault("actual-missing", "没有实际值", "请在“指标”表填写 actual，或填写 numerator 和 denominator")
        return Outcome(points=None, faults=(fault,))
    if isinstance(actual, str) or actual.operator:
        fault = Fault("actual-number", f"实际值“{actual}”不是确定的数", "请填写数值，例如 90.56%")
        return Outcome(points=None, faults=(fault,))
    if share_or_percent(actual):
        fault = Fault("ratio-or-percent", f"“{actual}”看不出是比例还是百分数", "请连百分号一起写成文字，例如 90.56%")
        return Outcome(points=None, faults=(fault,))
    if actual.unit not in ("", PERCENT):
        fault = Fault(
            "actual-unit", f"实际值的单位是“{actual.unit}”", "这项规则按百分数计分，请填写百分数，例如 90.56%"
        )
        return Outcome(points=None, faults=(fault,))
    if actual.value < 0:
        fault = Fault("actual-number", f"实际值“{actual}”小于 0", "请核对分子和分母")
        return Outcome(points=None, faults=(fault,))
    return actual.value


def against_target(inputs: Inputs, points: _Points) -> Outcome:
    """Give full points where the target (a percentage) is reached; below it what ``points`` gives with its formula."""
    target, said = inputs.target, inputs.actual
    if isinstance(said, Quantity) and said.operator and target is not None and target.met_by(said) is Met.YES:
        # A bound (＞70%) is no number to calculate with, but enough where it lies beyond the target.
        return Outcome(points=inputs.weight, formula=f"{said} 达到 {target} = {points_text(inputs.weight)}")
    actual = percentage(inputs)
    if isinstance(actual, Outcome):
        return actual
    if target is None or target.value is None or not same_unit(target.unit, PERCENT):
        fault = Fault("target-number", "没有可以比较的目标值", "请在 target 填写百分数，例如 ≥95%")
        return Outcome(points=None, faults=(fault,))
    exceeded = target.from_below and actual > target.value
    if exceeded or target.met_by(Quantity(actual, PERCENT)) is Met.YES:
        return Outcome(points=inputs.weight, formula=f"{plain(actual)}% 达到 {target} = {points_text(inputs.weight)}")
    if not target.from_below:
        advice = "这项规则看比目标低多少，目标请写成 ≥95%"
        return Outcome(points=None, faults=(Fault("target-number", f"这项规则不能用于目标“{target}”", advice),))
    value, formula = points(actual, target)
    return Outcome(
        points=max(min(value, inputs.weight), Fraction(0)),
        formula=formula,
        lost=f"实际值 {plain(actual)}%，未达到目标 {target}",
        gain=f"实际值达到 {target}",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RateTimesWeight(Rule):
    """比率×权重: min(weight, rate x weight)."""

    name: ClassVar[str] = "rate_times_weight"

    def outcome(self, inputs: Inputs) -> Outcome:
        """Apply the rule."""
        return _share_of_weight(inputs, percentage(inputs))


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyShareTimesWeight(Rule):
    """问卷比例×权重: the share of answers times the weight."""

    name: ClassVar[str] = "survey_share_times_weight"

    def outcome(self, inputs: Inputs) -> Outcome:
        """Apply the rule."""
        return _share_of_weight(inputs, percentage(inputs))


def _share_of_weight(inputs: Inputs, rate: Fraction | Outcome) -> Outcome:
    if isinstance(rate, Outcome):
        return rate
    weight = points_text(inputs.weight)
    full = rate >= HUNDRED
    return Outcome(
        points=min(inputs.weight, inputs.weight * rate / HUNDRED),
        formula=f"{weight} × {plain(min(rate, HUNDRED))}%",
        lost="" if full else f"实际值 {plain(rate)}%，不足 100%",
        gain="" if full else "实际值达到 100%",
    )


def completion(inputs: Inputs) -> Fraction | Outcome:
    """Return actual over target in percent, two decimals; for ``≤`` the other way round; 100 where words are equal."""
    target, actual = inputs.target, inputs.actual
    if target is None or actual is None:
        fault = Fault("actual-missing", "没有实际值或目标值", "请在“指标”表填写 target 和 actual")
        return Outcome(points=None, faults=(fault,))
    if isinstance(actual, str) or target.value is None:
        return HUNDRED if target.met_by(actual) is Met.YES else incomparable(target, actual)
    if actual.operator or not target.comparable(actual) or actual.value < 0:
        return incomparable(target, actual)
    if target.upper is not None:
        return HUNDRED if target.met_by(actual) is Met.YES else incomparable(target, actual)
    falling = target.operator in ("≤", "<")
    if falling and actual.value <= target.value:
        return HUNDRED
    over, under = (target.value, actual.value) if falling else (actual.value, target.value)
    if under <= 0 or over < 0:
        return HUNDRED if target.met_by(actual) is Met.YES else incomparable(target, actual)
    return rounded(over * HUNDRED / under, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletionRateTimesWeight(Rule):
    """完成率×权重: the completion rate to two decimals first, at most 100 %, times the weight."""

    name: ClassVar[str] = "completion_rate_times_weight"

    def outcome(self, inputs: Inputs) -> Outcome:
        """Apply the rule."""
        rate = completion(inputs)
        if isinstance(rate, Outcome):
            return rate
        full = rate >= HUNDRED
        return Outcome(
            points=inputs.weight * min(rate, HUNDRED) / HUNDRED,
            formula=f"{points_text(inputs.weight)} × {plain(min(rate, HUNDRED))}%",
            lost="" if full else f"完成 {inputs.actual}，目标 {inputs.target}，完成率 {plain(rate)}%",
            gain="" if full else f"实际值达到 {inputs.target}",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfEvalCompletion(Rule):
    """自评按完成率扣分: ``under_share`` of the weight for each point below 100 %, ``over_share`` for each above."""

    name: ClassVar[str] = "self_eval_completion"

    under_share: Fraction
    over_share: Fraction = Fraction(0)

    def outcome(self, inputs: Inputs) -> Outcome:
        """Apply the rule."""
        rate = completion(inputs)
        if isinstance(rate, Outcome):
            return rate
        weight = points_text(inputs.weight)
        share = self.under_share if rate < HUNDRED else self.over_share
        away = abs(rate - HUNDRED)
        points = inputs.weight * (1 - share * away)
        exact = away == 0 or share == 0
        side = "低于" if rate < HUNDRED else "高于"
        return Outcome(
            points=max(points, Fraction(0)),
            formula=f"完成率 {plain(rate)}% = {weight}"
            if exact
            else f"{weight} × (1 − {plain(share * HUNDRED)}% × {plain(away)})",
            lost="" if exact else f"完成 {inputs.actual}，目标 {inputs.target}，完成率 {plain(rate)}%，{side} 100%",
            gain="" if exact else f"实际值与目标 {inputs.target} 相符",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDeductionAbsolute(Rule):
    """每降一档扣固定分: full at the target, ``points`` for each step begun below it."""

    name: ClassVar[str] = "step_deduction_absolute"

    step: Fraction
    points: Fraction

    def outcome(self, inputs: Inputs) -> Outcome:
        """Apply the rule."""

        def below(actual: Fraction, target: Target) -> tuple[Fraction, str]:
            steps = _steps(actual, target, self.step)
            formula = f"{points_text(inputs.weight)} − {points_text(self.points)} × {steps}"
            return inputs.weight - self.points * steps, f"{formula}（{_steps_text(actual, target, self.step)}）"

        return against_target(inputs, below)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDeductionShareOfWeight(Rule):
    """每低一档扣权重的百分比: full at the target, ``share`` of the weight for each step begun below it."""

    name: ClassVar[str] = "step_deduction_share_of_weight"

    step: Fraction
    share: Fraction

    def outcome(self, inputs: Inputs) -> Outcome:
        """Apply the rule."""

        def below(actual: Fraction, target: Target) -> tuple[Fraction, str]:
            steps = _steps(actual, target, self.step)
            formula = f"{points_text(inputs.weight)} × (1 − {plain(self.share * HUNDRED)}% × {steps})"
            points = inputs.weight * (1 - self.share * steps)
            return points, f"{formula}（{_steps_text(actual, target, self.step)}）"

        return against_target(inputs, below)


def _steps(actual: Fraction, target: Target, step: Fraction) -> int:
    """Return how many steps below the target a value lies; a step begun counts whole."""
    return ceil(((target.value or Fraction(0)) - actual) / step)


def _steps_text(actual: Fraction, target: Target, step: Fraction) -> str:
    return f"低 {plain((target.value or Fraction(0)) - actual)} 个百分点，每 {plain(step)} 个为一档，不足一档按一档"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeductSharePerPoint(Rule):
    """每降低 1 个百分点扣权重的一定比例, in proportion, not in steps."""

    name: ClassVar[str] = "deduct_share_per_point"

    share: Fraction

    def outcome(self, inputs: Inputs) -> Outcome:
        """Apply the rule."""

        def below(actual: Fraction, target: Target) -> tuple[Fraction, str]:
            away = (target.value or Fraction(0)) - actual
            formula = f"{points_text(inputs.weight)} × (1 − {plain(self.share * HUNDRED)}% × {plain(away)})"
            return inputs.weight * (1 - self.share * away), formula

        return against_target(inputs, below)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearShortfall(Rule):
    """线性差额: weight − (target − actual) x weight, both as shares; it never reaches 0."""

    name: ClassVar[str] = "linear_shortfall"

    def outcome(self, inputs: Inputs) -> Outcome:
        """Apply the rule."""

        def below(actual: Fraction, target: Target) -> tuple[Fraction, str]:
            value = target.value or Fraction(0)
            weight = points_text(inputs.weight)
            formula = f"{weight} − ({plain(value)}% − {plain(actual)}%) × {weight}"
            return inputs.weight - (value - actual) / HUNDRED * inputs.weight, formula

        return against_target(inputs, below)


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdElseRateTimesWeight(Rule):
    """达标满分否则按比例: below the target the actual rate (not its share of the target) times the weight."""

    name: ClassVar[str] = "threshold_else_rate_times_weight"

    def outcome(self, inputs: Inputs) -> Outcome:
        """Apply the rule."""

        def below(actual: Fraction, target: Target) -> tuple[Fraction, str]:
            del target
            return inputs.weight * actual / HUNDRED, f"{points_text(inputs.weight)} × {plain(actual)}%"

        return against_target(inputs, below)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantitativeInProportion(Rule):
    """定量指标按比例记分: full where the target is reached, else weight x actual / target."""

    name: ClassVar[str] = "quantitative_in_proportion"

    def outcome(self, inputs: Inputs) -> Outcome:
        """Apply the rule."""
        target, actual = inputs.target, inputs.actual
        weight = points_text(inputs.weight)
        if target is not None and actual is not None and target.met_by(actual) is Met.YES:
            return Outcome(points=inputs.weight, formula=f"{actual} 达到 {target} = {weight}")
        rate = completion(inputs)
        if isinstance(rate, Outcome):
            return rate
        if rate >= HUNDRED:
            return Outcome(points=inputs.weight, formula=f"{weight} × 100%")
        return Outcome(
            points=inputs.weight * rate / HUNDRED,
            formula=f"{weight} × {plain(rate)}%",
            lost=f"完成 {actual}，目标 {target}",
            gain=f"实际值达到 {target}",
        )
