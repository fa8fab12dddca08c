"""Rules by bands and tiers: full, pass and zero, a scale of a hundred, bands of satisfaction, no case at all."""

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from tuodi.evaluation.rules.rates import HUNDRED, percentage
from tuodi.evaluation.rules.rule import (
    Inputs,
    Outcome,
    Rule,
    closed,
    full_marks,
    in_points,
    missing,
    no_marks,
    points_text,
)
from tuodi.evaluation.target import same_unit
from tuodi.kernel.quantity import PERCENT, Quantity, plain

FULL, PASS, ZERO = "满分", "合格", "不得分"
TIER_NAMES = (FULL, PASS, ZERO)


@dataclass(frozen=True, slots=True)
class Tier:
    """One tier: what it takes, and the words of an actual value that stand for it."""

    condition: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreeTier(Rule):
    """三档（满分/合格/不得分）: the tier is read off the actual words, or an evaluator names it.

    ``pass_share``: what the pass tier gives of the weight. Without ``zero`` it is a rule of two tiers.
    """

    name: ClassVar[str] = "three_tier"

    full: Tier
    passed: Tier
    zero: Tier | None
    pass_share: Fraction

    @property
    def tier_names(self) -> tuple[str, ...]:
        """The tiers, best first."""
        return TIER_NAMES if self.zero else (FULL, PASS)

    def outcome(self, inputs: Inputs) -> Outcome:
        """Apply the rule."""
        tier = self.tier_of(inputs)
        if not tier:
            advice = f"请填写 {'、'.join(self.tier_names)} 之一，并说明理由"
            return missing("tier-unknown", "实际情况对不上任何一档", advice)
        return tier_outcome(inputs, tier, self.pass_share, self.full.condition)

    def tier_of(self, inputs: Inputs) -> str:
        """Return the tier an evaluator named, or else the one the words stand for; empty where there is none."""
        if inputs.awarded and inputs.awarded.tier:
            return inputs.awarded.tier
        words, pairs = inputs.actual, ((FULL, self.full), (PASS, self.passed), (ZERO, self.zero))
        return next((name for name, tier in pairs if tier and words in (tier.condition, *tier.words)), "")


def tier_outcome(inputs: Inputs, tier: str, pass_share: Fraction, full: str) -> Outcome:
    """Return the points of a tier; ``full`` is what the best one takes."""
    if inputs.awarded and inputs.awarded.tier:
        said = f"评价人定为{tier}档"
    else:
        said = f"实际情况为“{inputs.actual}”，属于{tier}档"
    if tier == FULL:
        return Outcome(points=inputs.weight, formula=full_marks(inputs.weight, said))
    gain = f"达到{FULL}档：{full}"
    if tier == PASS:
        points = inputs.weight * pass_share
        calculation = f"{said}：{in_points(inputs.weight)} × {plain(pass_share * HUNDRED)}%"
        formula = closed(calculation, points, inputs.weight)
        return Outcome(points=points, formula=formula, lost=f"只达到{PASS}档", gain=gain)
    return Outcome(points=Fraction(0), formula=no_marks(said), lost=f"属于{ZERO}档", gain=gain)


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreeTierNumeric(Rule):
    """三档（数值）: above the target full, at it pass, below it nothing; or an evaluator names the tier."""

    name: ClassVar[str] = "three_tier_numeric"

    pass_share: Fraction

    @property
    def needs_target(self) -> bool:
        """The tiers lie around it."""
        return True

    @property
    def tier_names(self) -> tuple[str, ...]:
        """The tiers, best first."""
        return TIER_NAMES

    def outcome(self, inputs: Inputs) -> Outcome:
        """Apply the rule."""
        target = inputs.target
        if target is None or target.value is None or not (target.from_below and same_unit(target.unit, PERCENT)):
            return missing("target-number", "没有可以比较的目标值", "请填写百分数，例如 ≥85%")
        best = f"高于 {plain(target.value)}%"
        if inputs.awarded and inputs.awarded.tier:
            return tier_outcome(inputs, inputs.awarded.tier, self.pass_share, best)
        actual = percentage(inputs)
        if isinstance(actual, Outcome):
            return actual
        tier = FULL if actual > target.value else PASS if actual == target.value else ZERO
        return tier_outcome(inputs, tier, self.pass_share, best)


@dataclass(frozen=True, slots=True, kw_only=True)
class PiecewisePercentScale(Rule):
    """百分制分段再折权重: 100 up to ``full_to``, a straight line to ``pass_mark`` at ``pass_at``, then 0."""

    name: ClassVar[str] = "piecewise_percent_scale"

    full_to: Fraction
    pass_at: Fraction
    pass_mark: Fraction

    def defects(self, weight: Fraction) -> tuple[str, ...]:
        """Say where the ends are the wrong way round."""
        del weight
        return () if self.full_to < self.pass_at else ("满分界限不小于合格界限",)

    def outcome(self, inputs: Inputs) -> Outcome:
        """Apply the rule."""
        actual = percentage(inputs)
        if isinstance(actual, Outcome):
            return actual
        said, full_to = f"实际值 {plain(actual)}%", plain(self.full_to)
        if actual <= self.full_to:
            return Outcome(points=inputs.weight, formula=full_marks(inputs.weight, f"{said}，不高于 {full_to}%"))
        lost, gain = f"{said}，高于 {full_to}%", f"实际值不高于 {full_to}%"
        if actual > self.pass_at:
            formula = no_marks(f"{said}，高于 {plain(self.pass_at)}%")
            return Outcome(points=Fraction(0), formula=formula, lost=lost, gain=gain)
        mark = self.pass_mark + (HUNDRED - self.pass_mark) * (self.pass_at - actual) / (self.pass_at - self.full_to)
        line = f"{plain(self.pass_mark)} + {plain(HUNDRED - self.pass_mark)} × "
        line += f"({plain(self.pass_at)} − {plain(actual)}) ÷ {plain(self.pass_at - self.full_to)}"
        calculation = f"{said}，在 {full_to}% 至 {plain(self.pass_at)}% 之间，按直线折算百分制分数："
        calculation += f"{in_points(inputs.weight)} × ({line}) ÷ 100"
        points = inputs.weight * mark / HUNDRED
        return Outcome(points=points, formula=closed(calculation, points, inputs.weight), lost=lost, gain=gain)


@dataclass(frozen=True, slots=True)
class Band:
    """From this percentage on: the full weight, or the rate times so many points, or fixed points."""

    begins_at: Fraction
    full: bool = False
    rate_times: Fraction | None = None
    points: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class BandedSatisfaction(Rule):
    """分段满意度: the first band (from the best down) whose beginning is reached gives the points."""

    name: ClassVar[str] = "banded_satisfaction"

    bands: tuple[Band, ...]

    def defects(self, weight: Fraction) -> tuple[str, ...]:
        """Say where the bands fall, or leave a jump because a factor is not the weight."""
        begins = [band.begins_at for band in self.bands]
        wrong = [] if begins == sorted(begins, reverse=True) else ["各段没有从高到低排列"]
        for band in self.bands:
            if band.rate_times is not None and band.rate_times != weight:
                factor = points_text(band.rate_times)
                wrong.append(f"{plain(band.begins_at)}% 起按满意度乘 {factor} 分，而权重为 {points_text(weight)} 分")
        return tuple(wrong)

    def outcome(self, inputs: Inputs) -> Outcome:
        """Apply the rule."""
        actual = percentage(inputs)
        if isinstance(actual, Outcome):
            return actual
        band = next((each for each in self.bands if actual >= each.begins_at), Band(Fraction(0)))
        best = self.bands[0]
        above = [each.begins_at for each in self.bands if each.begins_at > actual]
        side = f"低于 {plain(above[-1])}%" if above else f"达到 {plain(best.begins_at)}%"
        said = f"实际值 {plain(actual)}%，{side}"
        if band.full:
            reached = f"实际值 {plain(actual)}%，达到 {plain(band.begins_at)}%"
            return Outcome(points=inputs.weight, formula=full_marks(inputs.weight, reached))
        if band.rate_times is not None:
            points = actual / HUNDRED * band.rate_times
            formula = closed(f"{said}：{plain(actual)}% × {in_points(band.rate_times)}", points, inputs.weight)
        else:
            points, formula = band.points, f"{said}，得 {in_points(min(band.points, inputs.weight))}"
        return Outcome(
            points=min(points, inputs.weight),
            formula=formula,
            lost=f"实际值 {plain(actual)}%，低于 {plain(best.begins_at)}%",
            gain=f"实际值达到 {plain(best.begins_at)}%",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ZeroTolerance(Rule):
    """发现 1 例即 0 分: the actual value is the number of cases found."""

    name: ClassVar[str] = "zero_tolerance"

    def outcome(self, inputs: Inputs) -> Outcome:
        """Apply the rule."""
        actual = inputs.actual
        countable = isinstance(actual, Quantity) and not actual.operator and actual.unit != PERCENT
        if not isinstance(actual, Quantity) or not countable or actual.value < 0 or actual.value.denominator != 1:
            advice = "请填写发现的例数，没有发现填 0例"
            return missing("actual-missing", "没有不符合标准的例数", advice)
        if actual.value == 0:
            return Outcome(points=inputs.weight, formula=full_marks(inputs.weight, "没有发现不符合标准的情况"))
        lost = f"发现 {plain(actual.value)} 例不符合标准"
        return Outcome(points=Fraction(0), formula=no_marks(lost), lost=lost, gain="不发生不符合标准的情况")
