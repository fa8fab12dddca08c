"""Rules whose points or shares only an evaluator can give; what is given is an input with its reason."""

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from tuodi.evaluation.rules.rates import HUNDRED
from tuodi.evaluation.rules.rule import Inputs, Outcome, Rule, missing, points_text, said
from tuodi.evaluation.target import Met
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
            return missing("awarded-missing", "没有评价人给出的得分", "请在 awarded 填写分数或权重的比例，并说明理由")
        return Outcome(
            points=points,
            formula=f"评价人给出 {points_text(points)} 分",
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
        weight = points_text(inputs.weight)
        awarded = inputs.awarded.of(inputs.weight) if inputs.awarded else None
        if awarded is None:
            if inputs.target is not None and inputs.actual is not None:
                met = inputs.target.met_by(inputs.actual)
                if met is Met.YES:
                    return Outcome(points=inputs.weight, formula=f"{said(inputs.actual)}，达到要求 = {weight}")
            advice = "未达到要求的，请在 awarded 填写得分占权重的比例（例如 75%），并说明理由"
            return missing("awarded-missing", "没有评价人给出的得分或扣分比例", advice)
        share = 1 - awarded / inputs.weight if inputs.weight else Fraction(0)
        taken = f"{plain(share * HUNDRED)}%" if (share * 10_000).denominator == 1 else str(share)
        return Outcome(
            points=awarded,
            formula=f"{weight} × (1 − {taken})" if share else f"未扣分 = {weight}",
            gain="按扣分原因整改" if share else "",
        )


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
            return missing("band-unknown", "实际情况对不上任何一档", f"请在 actual 填写 {names} 之一")
        weight = points_text(inputs.weight)
        given = inputs.awarded.of(inputs.weight) if inputs.awarded else None
        span = f"{band.name}（{plain(band.lowest * HUNDRED)}%–{plain(band.highest * HUNDRED)}%）"
        inside = given is not None and band.lowest * inputs.weight <= given <= band.highest * inputs.weight
        points = given if given is not None and inside else band.lowest * inputs.weight
        best = self.bands[0]
        short = points < inputs.weight
        return Outcome(
            points=points,
            formula=f"{span}：{weight} × {plain(points / inputs.weight * HUNDRED)}%" if inputs.weight else "0",
            lost=f"属于{span}" if short else "",
            gain=f"达到“{best.name}”" if short and band is not best else "",
        )
