"""What an evaluator gave, read from the cell ``awarded``: points, a share of the weight, or the name of a tier."""

from collections.abc import Sequence
from fractions import Fraction

from tuodi.evaluation.rules.bands import TIER_NAMES
from tuodi.evaluation.rules.rule import Awarded, points_text
from tuodi.kernel.finding import Fault
from tuodi.kernel.quantity import PERCENT, parse_quantity

_UNITS = {"", "分"}


def awarded_of(text: str, weight: Fraction, tiers: Sequence[str] = ()) -> Awarded | Fault | None:
    """Return what was awarded; None for an empty cell.

    ``2.5`` and ``2.5分`` are points; ``75%`` and ``1/3`` are shares of the weight; ``满分`` and so on name one of
    the rule's ``tiers``.
    """
    said = text.strip()
    if not said:
        return None
    if said in tiers:
        return Awarded(said, tier=said)
    if said in TIER_NAMES:
        return Fault("awarded-tier", f"这项规则没有“{said}”这一档", "请填写分数（2.5）或占权重的比例（75% 或 1/3）")
    quantity = parse_quantity(said)
    if isinstance(quantity, Fault) or quantity.operator or quantity.unit not in {*_UNITS, PERCENT}:
        advice = f"请填写分数（2.5）、占权重的比例（75% 或 1/3）或档次（{'、'.join(TIER_NAMES)}）"
        return Fault("awarded-format", "看不懂评价人给出的得分", advice)
    if quantity.unit == PERCENT or ("/" in said and not quantity.unit):
        share = quantity.value / 100 if quantity.unit == PERCENT else quantity.value
        given = Awarded(said, share=share)
    else:
        given = Awarded(said, points=quantity.value)
    points = given.of(weight)
    if points is not None and not 0 <= points <= weight:
        return Fault("awarded-range", f"评价人给出的得分不在 0 到 {points_text(weight)} 分之间", "请核对得分和权重")
    return given
