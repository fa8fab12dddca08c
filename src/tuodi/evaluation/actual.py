"""An indicator's actual value: divided from typed counts, typed, or computed by the scheme's measure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from tuodi.evaluation.data import FigureRow, IndicatorRow
from tuodi.evaluation.measures import Measured, measure, rate
from tuodi.evaluation.scheme import Indicator, MeasureKind
from tuodi.evaluation.target import Target
from tuodi.kernel.finding import Fault
from tuodi.kernel.money import rounded
from tuodi.kernel.quantity import PERCENT, Quantity, parse_number, parse_quantity, share_or_percent

_DECIMALS = re.compile(r"\.([0-9]{1,9})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Actual:
    """A value (None where none is given), how it was computed, what makes it unusable, what should be looked at."""

    value: Quantity | str | None = None
    computed: Measured | None = None
    fault: Fault | None = None
    doubt: Fault | None = None


def actual_of(leaf: Indicator, row: IndicatorRow, target: Target | None, figures: Mapping[str, FigureRow]) -> Actual:
    """Return a leaf's actual value: numerator over denominator, else what was typed, else the measure."""
    by_measure = measure(leaf.measure, figures) if leaf.measure else None
    if row.numerator or row.denominator:
        return _divided(leaf, row, by_measure)
    if row.actual:
        return _typed(row.actual, target)
    if isinstance(by_measure, Measured):
        return Actual(value=by_measure.value, computed=by_measure)
    # A figure that is missing matters only where nobody gave the points themselves.
    if isinstance(by_measure, Fault) and not row.awarded:
        return Actual(fault=by_measure)
    return Actual()


def _divided(leaf: Indicator, row: IndicatorRow, by_measure: Measured | Fault | None) -> Actual:
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
    return Actual(value=computed.value, computed=computed, doubt=_disagreeing(row.actual, computed))


def _may_be_negative(leaf: Indicator) -> bool:
    """Tell whether a rate is of a difference: what was saved or changed may be less than nothing."""
    return leaf.measure is not None and leaf.measure.kind in (MeasureKind.SAVED, MeasureKind.CHANGED)


def _disagreeing(typed: str, computed: Measured) -> Fault | None:
    """Return a doubt where the value typed beside its parts is not what they give, at the decimals typed."""
    said = parse_quantity(typed) if typed else None
    if said is None or isinstance(said, Fault) or said.operator:
        return None
    decimals = _DECIMALS.search(typed)
    places = len(decimals[1]) if decimals else 0
    exact = computed.value.value if computed.denominator is None else None
    if exact is None and computed.numerator is not None and computed.denominator:
        exact = computed.numerator * 100 / computed.denominator
    if exact is None or rounded(exact, places) == said.value:
        return None
    message = f"填写的实际值与分子分母算出的 {computed.value} 不同，按算出的计分"
    return Fault("actual-disagrees", message, "请核对实际值、分子和分母")


def _typed(text: str, target: Target | None) -> Actual:
    quantity = parse_quantity(text)
    if isinstance(quantity, Fault):
        return Actual(value=text.strip())
    if quantity.operator == "=":
        quantity = quantity._replace(operator="")
    in_percent = target is not None and target.unit == PERCENT
    if in_percent and share_or_percent(quantity):
        message = f"“{text}”看不出是比例还是百分数"
        return Actual(fault=Fault("ratio-or-percent", message, "请连百分号一起写成文字，例如 90.56%"))
    if in_percent and not quantity.unit:
        quantity = quantity._replace(unit=PERCENT)
    return Actual(value=quantity)
