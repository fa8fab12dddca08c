"""The target that counts for an indicator: the data's, else the scheme's, with what a bare number is taken to mean."""

from dataclasses import dataclass

from tuodi.evaluation.data import IndicatorRow
from tuodi.evaluation.scheme import Indicator
from tuodi.evaluation.target import Direction, Target, parse_target
from tuodi.kernel.finding import Fault
from tuodi.kernel.quantity import PERCENT, Quantity


@dataclass(frozen=True, slots=True)
class StatedTarget:
    """A target (None where nobody gives one), what should be looked at, what makes it unusable."""

    target: Target | None
    doubt: Fault | None = None
    fault: Fault | None = None


def stated_target(leaf: Indicator, row: IndicatorRow) -> StatedTarget:
    """Return a leaf's target. A number typed without an operator gets the leaf's direction and a doubt that says so.

    A scheme's own bare target keeps ``=``: published tables are read as they stand.
    """
    if not row.target:
        return StatedTarget(leaf.target)
    target = parse_target(row.target)
    if not target.bare:
        return StatedTarget(target)
    read = target.in_direction(_direction(leaf))
    fault = Fault(
        "target-operator-missing",
        f"目标值“{row.target}”没有写符号，按“{read}”计分",
        "请在目标值前写上 ≥、≤ 或 =",
    )
    return StatedTarget(read, doubt=fault)


def _direction(leaf: Indicator) -> str:
    if leaf.direction is not None:
        return leaf.direction.value
    own = leaf.target.operator if leaf.target else ""
    return own if own in ("≥", "≤", ">", "<", "=") else Direction.AT_LEAST.value


def beside(stated: StatedTarget, leaf: Indicator, actual: Quantity | str | None) -> StatedTarget:
    """Return the target as it is held against an actual value in percent: above 1 it is in percent as well.

    A target without unit of at most 1 may be a share: a rule that compares with it cannot be used.
    """
    target = stated.target
    if target is None or target.value is None or target.unit:
        return stated
    if not isinstance(actual, Quantity) or actual.unit != PERCENT:
        return stated
    if not target.share_or_percent:
        return StatedTarget(target.in_percent(), doubt=stated.doubt)
    if leaf.rule is None or not leaf.rule.needs_target:
        return stated
    message = f"目标值“{target}”没有百分号，实际值是 {actual}，看不出目标值是比例还是百分数"
    advice = "请给目标值写上百分号，例如 ≥90%"
    return StatedTarget(target, doubt=stated.doubt, fault=Fault("ratio-or-percent", message, advice))
