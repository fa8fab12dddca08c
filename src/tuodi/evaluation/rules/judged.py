"""Rules whose points or shares only an evaluator can give; what is given is an input with its reason."""

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from tuodi.evaluation.rules.rates import HUNDRED
from tuodi.evaluation.rules.rule import Inputs, Outcome, Rule, closed, full_marks, in_points, missing, points_text, said
from tuodi.evaluation.target import Met
from tuodi.kernel.finding import Fault
from tuodi.kernel.quantity import Quantity, plain


@dataclass(frozen=True, slots=True, kw_only=True)
class QualitativeUnquantified(Rule):
    """定性无拆分: the evaluator's judgement, points or a share of the weight."""

    name: ClassVar[str] = "qualitative_unquantified"
    needs: ClassVar[str] = "评价人打分"
    judged: ClassVar[bool] = True

    def outcome(self, inputs: Inputs) -> Outcome:
        """Apply the rule."""
        points = inputs.awarded.of(inputs.weight) if inputs.awarded else None
        if points is None:
            return missing("awarded-missing", "没有评价人给出的得分", "请填写分数或占权重的比例，并说明理由")
        return Outcome(
            points=points,
            formula=f"评价人给出 {in_points(points)}",
            gain="" if points >= inputs.weight else "由评价人按实际改进情况认定",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredShareDeduction(Rule):
    """按权重百分比扣分: full where the target is reached, else weight x (1 − a share an evaluator declares)."""

    name: ClassVar[str] = "declared_share_deduction"
    needs: ClassVar[str] = "实际值或评价人打分"
    judged: ClassVar[bool] = True

    def outcome(self, inputs: Inputs) -> Outcome:
        """Apply the rule."""
        awarded = inputs.awarded.of(inputs.weight) if inputs.awarded else None
        if awarded is None:
            if inputs.target is not None and inputs.actual is not None:
                met = inputs.target.met_by(inputs.actual)
                if met is Met.YES:
                    because = f"实际情况为“{said(inputs.actual)}”，达到要求"
                    return Outcome(points=inputs.weight, formula=full_marks(inputs.weight, because))
            advice = "未达到要求的，请填写得分占权重的比例（例如 75%），并说明理由"
            return missing("awarded-missing", "没有评价人给出的得分或扣分比例", advice)
        share = 1 - awarded / inputs.weight if inputs.weight else Fraction(0)
        taken = f"{plain(share * HUNDRED)}%" if (share * 10_000).denominator == 1 else str(share)
        if not share:
            return Outcome(points=awarded, formula=full_marks(inputs.weight, "没有扣分"))
        calculation = f"扣权重的 {taken}：{in_points(inputs.weight)} × (1 − {taken})"
        return Outcome(points=awarded, formula=closed(calculation, awarded, inputs.weight), gain="按扣分原因整改")


@dataclass(frozen=True, slots=True)
class QualitativeBand:
    """One grade of achievement: the shares of the weight it allows, and the words that stand for it."""

    name: str
    lowest: Fraction
    highest: Fraction
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QualitativeBands(Rule):
    """定性分档: the actual words name a band, the evaluator a share inside it.

    Without a share, or with one outside the band, the rule gives the band's lowest share: nothing shows more.
    """

    name: ClassVar[str] = "qualitative_bands"
    needs: ClassVar[str] = "实际情况和评价人打分"

    bands: tuple[QualitativeBand, ...]

    def defects(self, weight: Fraction) -> tuple[str, ...]:
        """Say where a band's ends are the wrong way round."""
        del weight
        return tuple(f"{band.name}档的下限高于上限" for band in self.bands if band.lowest > band.highest)

    def by_rule(self, inputs: Inputs) -> Outcome:
        """Return the outcome with the share given: it is an input as long as it lies inside the band."""
        return self.outcome(inputs)

    def outcome(self, inputs: Inputs) -> Outcome:
        """Apply the rule."""
        actual = inputs.actual
        words = plain(actual.value) if isinstance(actual, Quantity) else actual or ""
        band = next((each for each in self.bands if words and words in (each.name, *each.words)), None)
        if band is None:
            names = "、".join(each.name for each in self.bands)
            return missing("band-unknown", "实际情况对不上任何一档", f"请填写 {names} 之一")
        given = inputs.awarded.of(inputs.weight) if inputs.awarded else None
        low, high = band.lowest * inputs.weight, band.highest * inputs.weight
        ends = [f"{plain(each * HUNDRED)}%" for each in dict.fromkeys((band.lowest, band.highest))]
        span = f"属于“{band.name}”档（权重的 {' 至 '.join(ends)}）"
        inside = given is not None and low <= given <= high
        points = given if given is not None and inside else low
        calculation = f"{span}，按下限：{in_points(inputs.weight)} × {plain(band.lowest * HUNDRED)}%"
        best = self.bands[0]
        short = points < inputs.weight
        allowed = in_points(high) if low == high else f"{points_text(low)} 至 {in_points(high)}"
        doubt = None if given is None or inside else _outside(inputs, given, band, allowed)
        return Outcome(
            points=points,
            formula=f"{span}，评价人给出 {in_points(points)}" if inside else closed(calculation, low, inputs.weight),
            lost=span if short else "",
            gain=f"达到“{best.name}”" if short and band is not best else "",
            doubts=(doubt,) if doubt else (),
        )


def _outside(inputs: Inputs, given: Fraction, band: QualitativeBand, allowed: str) -> Fault:
    """Return the doubt about an award outside its band; a number up to 1 may have been meant as a share."""
    message = f"实际情况属于“{band.name}”，这一档为 {allowed}，给出的 {in_points(given)}不在其中，按给出的计分"
    advice = "请核对实际情况和打分"
    if inputs.awarded and inputs.awarded.points is not None and 0 < given <= 1:
        share = f"{plain(given * HUNDRED)}%"
        advice += f"；{points_text(given)} 是不是指权重的 {share}？如果是，请写成 {share}"
    return Fault("awarded-outside-band", message, advice)
