"""Rules that turn a rate into points: times weight, steps, shares for each point missed, straight lines.

A percentage enters as percentage points already rounded as the document prints it, so that a reader can check every
formula by hand.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import ClassVar

from tuodi.evaluation.rules.elements import NO_ACTUAL, incomparable, nothing_to_compare, reached
from tuodi.evaluation.rules.rule import Inputs, Outcome, Rule, closed, full_marks, in_points
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
        return Outcome(points=None, faults=(NO_ACTUAL,))
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
        return Outcome(points=inputs.weight, formula=reached(inputs))
    actual = percentage(inputs)
    if isinstance(actual, Outcome):
        return actual
    if target is None or target.value is None or not same_unit(target.unit, PERCENT):
        fault = Fault("target-number", "没有可以比较的目标值", "请填写百分数，例如 ≥95%")
        return Outcome(points=None, faults=(fault,))
    exceeded = target.from_below and actual > target.value
    if exceeded or target.met_by(Quantity(actual, PERCENT)) is Met.YES:
        return Outcome(points=inputs.weight, formula=reached(inputs))
    if not target.from_below:
        advice = "这项规则看比目标低多少，目标请写成 ≥95%"
        return Outcome(points=None, faults=(Fault("target-number", f"这项规则不能用于目标“{target}”", advice),))
    value, calculation = points(actual, target)
    return Outcome(
        points=max(min(value, inputs.weight), Fraction(0)),
        formula=closed(calculation, value, inputs.weight),
        lost=target.missed_by(Quantity(actual, PERCENT)),
        gain=f"实际值达到目标 {target}",
    )


class AgainstTarget(Rule):
    """A rule that compares with a target."""

    @property
    def needs_target(self) -> bool:
        """It does."""
        return True


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
    full = rate >= HUNDRED
    return Outcome(
        points=min(inputs.weight, inputs.weight * rate / HUNDRED),
        formula=_times(inputs.weight, rate),
        lost="" if full else f"实际值 {plain(rate)}%，不足 100%",
        gain="" if full else "实际值达到 100%",
    )


def _times(weight: Fraction, rate: Fraction) -> str:
    """Return the formula of weight times a rate of at most 100 %."""
    used = min(rate, HUNDRED)
    capped = f"{plain(rate)}% 超过 100%，按 100% 计：" if rate > HUNDRED else ""
    return closed(f"{capped}{in_points(weight)} × {plain(used)}%", weight * used / HUNDRED, weight)


def _completed(inputs: Inputs, rate: Fraction) -> str:
    """Say how a completion rate comes about: ``完成率 30437人 ÷ 33333人 ≈ 91.31%``."""
    target, actual = inputs.target, inputs.actual
    if target is None or target.value is None or target.upper is not None or not isinstance(actual, Quantity):
        return f"完成率 {plain(rate)}%"
    if actual.value <= 0 or target.value <= 0:
        return f"完成率 {plain(rate)}%"
    goal = Quantity(target.value, target.unit)
    over, under = (goal, actual) if target.at_most else (actual, goal)
    exact = over.value * HUNDRED / under.value
    if rounded(exact, 2) != rate:  # a value below its ceiling counts as 100 %, whatever the quotient
        return f"完成率 {plain(rate)}%"
    return f"完成率 {over} ÷ {under} {'=' if exact == rate else '≈'} {plain(rate)}%"


def _short_of(inputs: Inputs, rate: Fraction) -> str:
    """Say how far an actual value lies from its target; a value that should be small is not *completed*."""
    target, actual = inputs.target, inputs.actual
    if target is None or actual is None:
        return ""
    if isinstance(actual, Quantity) and target.at_most:
        return target.missed_by(actual)
    return f"完成 {actual}，目标 {target}，完成率 {plain(rate)}%"


def completion(inputs: Inputs) -> Fraction | Outcome:
    """Return actual over target in percent, two decimals; for ``≤`` the other way round; 100 where words are equal."""
    target, actual = inputs.target, inputs.actual
    if target is None or actual is None:
        return nothing_to_compare(inputs)
    if isinstance(actual, str) or target.value is None:
        return HUNDRED if target.met_by(actual) is Met.YES else incomparable(target, actual)
    if actual.operator or not target.comparable(actual) or actual.value < 0:
        return incomparable(target, actual)
    if target.upper is not None:
        return HUNDRED if target.met_by(actual) is Met.YES else incomparable(target, actual)
    falling = target.at_most
    if falling and actual.value <= target.value:
        return HUNDRED
    over, under = (target.value, actual.value) if falling else (actual.value, target.value)
    if under <= 0 or over < 0:
        return HUNDRED if target.met_by(actual) is Met.YES else incomparable(target, actual)
    return rounded(over * HUNDRED / under, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletionRateTimesWeight(AgainstTarget):
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
            formula=_by_completion(inputs, rate),
            lost="" if full else _short_of(inputs, rate),
            gain="" if full else f"实际值达到目标 {inputs.target}",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfEvalCompletion(AgainstTarget):
    """自评按完成率扣分: ``under_share`` of the weight for each point below 100 %, ``over_share`` for each above."""

    name: ClassVar[str] = "self_eval_completion"

    under_share: Fraction
    over_share: Fraction = Fraction(0)

    def outcome(self, inputs: Inputs) -> Outcome:
        """Apply the rule."""
        rate = completion(inputs)
        if isinstance(rate, Outcome):
            return rate
        share = self.under_share if rate < HUNDRED else self.over_share
        away = abs(rate - HUNDRED)
        points = inputs.weight * (1 - share * away)
        said = _completed(inputs, rate)
        if away == 0 or share == 0:
            return Outcome(points=inputs.weight, formula=full_marks(inputs.weight, said))
        side = "低于" if rate < HUNDRED else "高于"
        calculation = f"{in_points(inputs.weight)} × (1 − {plain(share * HUNDRED)}% × {plain(away)})"
        return Outcome(
            points=max(points, Fraction(0)),
            formula=closed(f"{said}，{side} 100%：{calculation}", points, inputs.weight),
            lost=f"{_short_of(inputs, rate)}，{side} 100%" if rate > HUNDRED else _short_of(inputs, rate),
            gain=f"实际值与目标 {inputs.target} 相符",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDeductionAbsolute(AgainstTarget):
    """每降一档扣固定分: full at the target, ``points`` for each step begun below it."""

    name: ClassVar[str] = "step_deduction_absolute"

    step: Fraction
    points: Fraction

    def outcome(self, inputs: Inputs) -> Outcome:
        """Apply the rule."""

        def below(actual: Fraction, target: Target) -> tuple[Fraction, str]:
            steps = _steps(actual, target, self.step)
            calculation = f"{in_points(inputs.weight)} − {in_points(self.points)} × {steps}"
            return inputs.weight - self.points * steps, f"{_steps_text(actual, target, self.step)}：{calculation}"

        return against_target(inputs, below)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDeductionShareOfWeight(AgainstTarget):
    """每低一档扣权重的百分比: full at the target, ``share`` of the weight for each step begun below it."""

    name: ClassVar[str] = "step_deduction_share_of_weight"

    step: Fraction
    share: Fraction

    def outcome(self, inputs: Inputs) -> Outcome:
        """Apply the rule."""

        def below(actual: Fraction, target: Target) -> tuple[Fraction, str]:
            steps = _steps(actual, target, self.step)
            calculation = f"{in_points(inputs.weight)} × (1 − {plain(self.share * HUNDRED)}% × {steps})"
            points = inputs.weight * (1 - self.share * steps)
            return points, f"{_steps_text(actual, target, self.step)}：{calculation}"

        return against_target(inputs, below)


def _steps(actual: Fraction, target: Target, step: Fraction) -> int:
    """Return how many steps below the target a value lies; a step begun counts whole."""
    return ceil(((target.value or Fraction(0)) - actual) / step)


def _steps_text(actual: Fraction, target: Target, step: Fraction) -> str:
    steps = f"每 {plain(step)} 个为一档，不足一档按一档，共 {_steps(actual, target, step)} 档"
    return f"{_points_below(actual, target)}，{steps}"


def _points_below(actual: Fraction, target: Target) -> str:
    value = target.value or Fraction(0)
    return f"比目标值 {plain(value)}% 低 {plain(value - actual)} 个百分点"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeductSharePerPoint(AgainstTarget):
    """每降低 1 个百分点扣权重的一定比例, in proportion, not in steps."""

    name: ClassVar[str] = "deduct_share_per_point"

    share: Fraction

    def outcome(self, inputs: Inputs) -> Outcome:
        """Apply the rule."""

        def below(actual: Fraction, target: Target) -> tuple[Fraction, str]:
            away = (target.value or Fraction(0)) - actual
            calculation = f"{in_points(inputs.weight)} × (1 − {plain(self.share * HUNDRED)}% × {plain(away)})"
            return inputs.weight * (1 - self.share * away), f"{_points_below(actual, target)}：{calculation}"

        return against_target(inputs, below)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearShortfall(AgainstTarget):
    """线性差额: weight − (target − actual) x weight, both as shares; it never reaches 0."""

    name: ClassVar[str] = "linear_shortfall"

    def outcome(self, inputs: Inputs) -> Outcome:
        """Apply the rule."""

        def below(actual: Fraction, target: Target) -> tuple[Fraction, str]:
            value = target.value or Fraction(0)
            weight = in_points(inputs.weight)
            calculation = f"{weight} − ({plain(value)}% − {plain(actual)}%) × {weight}"
            return inputs.weight - (value - actual) / HUNDRED * inputs.weight, calculation

        return against_target(inputs, below)


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdElseRateTimesWeight(AgainstTarget):
    """达标满分否则按比例: below the target the actual rate (not its share of the target) times the weight."""

    name: ClassVar[str] = "threshold_else_rate_times_weight"

    def outcome(self, inputs: Inputs) -> Outcome:
        """Apply the rule."""

        def below(actual: Fraction, target: Target) -> tuple[Fraction, str]:
            calculation = f"{in_points(inputs.weight)} × {plain(actual)}%"
            return inputs.weight * actual / HUNDRED, f"未达到目标 {target}：{calculation}"

        return against_target(inputs, below)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantitativeInProportion(AgainstTarget):
    """定量指标按比例记分: full where the target is reached, else weight x actual / target."""

    name: ClassVar[str] = "quantitative_in_proportion"

    def outcome(self, inputs: Inputs) -> Outcome:
        """Apply the rule."""
        target, actual = inputs.target, inputs.actual
        if target is not None and actual is not None and target.met_by(actual) is Met.YES:
            return Outcome(points=inputs.weight, formula=reached(inputs))
        rate = completion(inputs)
        if isinstance(rate, Outcome):
            return rate
        formula = _by_completion(inputs, rate)
        if rate >= HUNDRED:
            return Outcome(points=inputs.weight, formula=formula)
        return Outcome(
            points=inputs.weight * rate / HUNDRED,
            formula=formula,
            lost=_short_of(inputs, rate),
            gain=f"实际值达到目标 {target}",
        )


def _by_completion(inputs: Inputs, rate: Fraction) -> str:
    """Return the formula of weight times completion, of full marks where the target is reached."""
    target, actual = inputs.target, inputs.actual
    if target is not None and actual is not None and target.met_by(actual) is Met.YES:
        return reached(inputs)
    said = _completed(inputs, rate)
    if rate >= HUNDRED:
        return full_marks(inputs.weight, f"{said}，最高按 100% 计" if rate > HUNDRED else said)
    return f"{said}：{_times(inputs.weight, rate)}"
