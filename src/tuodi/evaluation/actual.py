"""An indicator's actual value: divided from typed counts, typed, or computed by the scheme's measure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from tuodi.evaluation.data import FigureRow, IndicatorRow
from tuodi.evaluation.measures import Measured, measure, rate, typed_places
from tuodi.evaluation.scheme import Indicator, MeasureKind
from tuodi.evaluation.survey_figures import is_survey_figure
from tuodi.evaluation.target import Target, same_unit
from tuodi.kernel.finding import Fault
from tuodi.kernel.money import rounded
from tuodi.kernel.quantity import PERCENT, Quantity, compare, parse_number, parse_quantity, share_or_percent

BOUNDS = ("≥", "≤", ">", "<")


@dataclass(frozen=True, slots=True, kw_only=True)
class Actual:
    """A value (None where none is given), how it was computed, what makes it unusable, what should be looked at."""

    value: Quantity | str | None = None
    computed: Measured | None = None
    fault: Fault | None = None
    doubts: tuple[Fault, ...] = ()


def actual_of(leaf: Indicator, row: IndicatorRow, target: Target | None, figures: Mapping[str, FigureRow]) -> Actual:
    """Return a leaf's actual value: numerator over denominator, else what was typed, else the measure.

    What was typed wins over a measure; where they are not the same, there is a doubt.
    """
    by_measure = measure(leaf.measure, figures) if leaf.measure else None
    if row.numerator or row.denominator:
        return _divided(leaf, row, target, by_measure)
    if row.actual:
        typed = _typed(leaf, row.actual, target)
        if typed.fault is None and isinstance(by_measure, Measured):
            return replace(typed, doubts=_beside_measure(leaf, row.actual, by_measure))
        return typed
    if isinstance(by_measure, Measured):
        return Actual(value=by_measure.value, computed=by_measure, doubts=over_100(leaf, target, by_measure))
    # A figure that is missing matters only where nobody gave the points themselves.
    if isinstance(by_measure, Fault) and not row.awarded:
        return Actual(fault=by_measure)
    return Actual()


def _divided(leaf: Indicator, row: IndicatorRow, target: Target | None, by_measure: Measured | Fault | None) -> Actual:
    """Divide typed parts; a part left out is the measure's."""
    known = by_measure if isinstance(by_measure, Measured) else None
    parts: list[Fraction] = []
    for text, fallback, column in (
        (row.numerator, known.numerator if known else None, "分子（numerator）"),
        (row.denominator, known.denominator if known else None, "分母（denominator）"),
    ):
        number = parse_number(text) if text else fallback
        if number is None:
            return Actual(fault=Fault("rate-part-missing", f"只填了一半，缺{column}", "请同时填写分子和分母"))
        if isinstance(number, Fault):
            return Actual(fault=Fault(number.rule, f"{column}“{text}”{number.message}", number.advice))
        parts.append(number)
    if parts[0] < 0 and not _may_be_negative(leaf):
        return Actual(fault=Fault("rate-part-negative", "分子（numerator）小于 0", "请核对分子"))
    computed = rate(parts[0], parts[1], leaf.measure.places if leaf.measure else 2)
    if isinstance(computed, Fault):
        return Actual(fault=computed)
    doubts = (*_beside_parts(row.actual, computed), *over_100(leaf, target, computed))
    return Actual(value=computed.value, computed=computed, doubts=doubts)


def over_100(leaf: Indicator, target: Target | None, computed: Measured) -> tuple[Fault, ...]:
    """Return a doubt about a rate above 100 %; none where it is a change, or the target is what it may not exceed."""
    if leaf.measure is not None and leaf.measure.kind is not MeasureKind.RATE:
        return ()
    if computed.value.value <= 100 or (target is not None and target.at_most):
        return ()
    return (rate_over_100(computed),)


def rate_over_100(computed: Measured) -> Fault:
    """Return the doubt about a rate above 100 %."""
    message = f"比率 {computed.value} 超过 100%（{computed.formula}）"
    return Fault("rate-over-100", message, "请核对分子和分母是否填反、口径是否一致")


def _may_be_negative(leaf: Indicator) -> bool:
    """Tell whether a rate is of a difference: what was saved or changed may be less than nothing."""
    return leaf.measure is not None and leaf.measure.kind in (MeasureKind.SAVED, MeasureKind.CHANGED)


def _beside_parts(typed: str, computed: Measured) -> tuple[Fault, ...]:
    """Return a doubt where the value typed beside its parts is not what they give."""
    said = parse_quantity(typed) if typed else None
    if said is None or isinstance(said, Fault) or said.operator or _agree(said, typed, computed):
        return ()
    message = f"填写的实际值 {typed} 与分子分母算出的 {computed.value}（{computed.formula}）不同，按算出的计分"
    return (Fault("actual-disagrees", message, "请核对实际值、分子和分母"),)


def _beside_measure(leaf: Indicator, typed: str, computed: Measured) -> tuple[Fault, ...]:
    """Return a doubt where a typed value, which counts, is not what the named figures give."""
    said = parse_quantity(typed)
    if not isinstance(said, Fault) and _agree(said, typed, computed):
        return ()
    names = (*leaf.measure.of, *leaf.measure.base) if leaf.measure else ()
    sheet = "问卷统计" if all(map(is_survey_figure, names)) else "基础数据"
    message = (
        f"填写的实际值是 {typed}，由“{sheet}”算出的是 {computed.value}（{computed.formula}），按填写的 {typed} 计分"
    )
    return (Fault("actual-disagrees", message, "请核对；要按算出的计分，请清空实际值"),)


def _agree(said: Quantity, typed: str, computed: Measured) -> bool:
    """Tell whether a typed number is the computed one at the decimals typed, or a bound that it keeps."""
    if said.operator in BOUNDS:
        return same_unit(said.unit, computed.value.unit) and compare(computed.value.value, said.operator, said.value)
    if not same_unit(said.unit, computed.value.unit):
        return False
    exact = computed.value.value
    if computed.numerator is not None and computed.denominator:
        exact = computed.numerator * 100 / computed.denominator
    return said.value in (computed.value.value, rounded(exact, typed_places(typed)))


def _typed(leaf: Indicator, text: str, target: Target | None) -> Actual:
    quantity = parse_quantity(text)
    if isinstance(quantity, Fault):
        return Actual(value=text.strip())
    if quantity.operator == "=":
        quantity = quantity._replace(operator="")
    in_percent = (target is not None and target.unit == PERCENT) or (
        leaf.measure is not None and leaf.measure.unit == PERCENT
    )
    if in_percent and share_or_percent(quantity):
        message = f"“{text}”看不出是比例还是百分数"
        return Actual(fault=Fault("ratio-or-percent", message, "请连百分号一起写成文字，例如 90.56%"))
    if _share_of_hundred(leaf, quantity, target):
        message = f"实际值“{text}”小于 1，目标值是“{target}”，都没有单位，看不出实际值是不是比例"
        return Actual(fault=Fault("ratio-or-percent", message, "请连百分号或单位一起写，例如 82.3%、0.8万元"))
    if in_percent and not quantity.unit:
        quantity = quantity._replace(unit=PERCENT)
    return Actual(value=quantity)


def _share_of_hundred(leaf: Indicator, actual: Quantity, target: Target | None) -> bool:
    """Tell whether a number without unit below 1 stands beside a target without unit above 1: 0.823 and ≥90."""
    if leaf.rule is None or not leaf.rule.needs_target or target is None or target.value is None or target.unit:
        return False
    return not actual.unit and 0 < abs(actual.value) < 1 < target.value
