"""Lint of the evaluator's own system: what a finance office looks at before it believes a score."""

from collections.abc import Iterator
from fractions import Fraction

from tuodi.evaluation.data import EvaluationData, IndicatorRow
from tuodi.evaluation.indicator_quality import IndicatorQuality, indicator_quality
from tuodi.evaluation.lint import (
    count_opinions,
    coverage_opinions,
    history_fault,
    is_quantified,
    rate_misplaced,
    spoken,
    written_faults,
)
from tuodi.evaluation.rules.bands import FULL, BandedSatisfaction, PiecewisePercentScale, ZeroTolerance
from tuodi.evaluation.rules.elements import ThresholdPoints
from tuodi.evaluation.rules.judged import QualitativeBands
from tuodi.evaluation.rules.rates import RateTimesWeight, SurveyShareTimesWeight
from tuodi.evaluation.rules.rule import Awarded, Inputs, Rule, points_text
from tuodi.evaluation.scheme import Indicator, Kind, Scheme
from tuodi.evaluation.stated_target import stated_target
from tuodi.evaluation.target import Target
from tuodi.kernel.finding import Fault, Severity
from tuodi.kernel.opinion import Opinion
from tuodi.kernel.quantity import PERCENT, Quantity

WHOLE = "全部指标"
_NO_ROW = IndicatorRow(code="")

# These rules carry their numbers themselves: such an indicator is measured even where no target stands beside it.
_NUMERIC: tuple[type[Rule], ...] = (
    ThresholdPoints,
    ZeroTolerance,
    PiecewisePercentScale,
    BandedSatisfaction,
    RateTimesWeight,
    SurveyShareTimesWeight,
)


def lint_system(scheme: Scheme, data: EvaluationData, rules: IndicatorQuality | None = None) -> tuple[Opinion, ...]:
    """Return every opinion on a scheme the loader accepted, its targets and histories as the data have them.

    The quantified share is judged over the leaves outside decision and process, whose common indicators are scored by
    elements; a scheme without such groups is judged whole.
    """
    rules = rules or indicator_quality()
    leaves = scheme.leaves()
    common = {leaf.code for top in scheme.indicators if rules.is_common(top.name) for leaf in top.leaves()}
    judged = [leaf for leaf in leaves if leaf.code not in common] or list(leaves)
    quantified = [leaf for leaf in judged if _measured(leaf, _target(leaf, data))]
    dimensions = _dimensions(scheme, rules)
    covered = [dimensions.get(leaf.code) for leaf in leaves if leaf.code not in common or leaf.dimension]
    of_leaves = [opinion for leaf in leaves for opinion in _of_leaf(leaf, data, dimensions.get(leaf.code), rules)]
    return (
        *count_opinions(len(leaves), len(quantified), len(judged), WHOLE, rules),
        *coverage_opinions(covered, WHOLE, rules),
        *_grades(scheme),
        *of_leaves,
        *_twice(leaves),
        *_without_source(leaves, data),
    )


def _target(leaf: Indicator, data: EvaluationData) -> Target | None:
    """Return the target that counts, as in scoring: the data's, else the scheme's."""
    return stated_target(leaf, data.indicators.get(leaf.code, _NO_ROW)).target


def _measured(leaf: Indicator, target: Target | None) -> bool:
    return is_quantified(target) or leaf.measure is not None or isinstance(leaf.rule, _NUMERIC)


def _dimensions(scheme: Scheme, rules: IndicatorQuality) -> dict[str, str]:
    """Return the dimension of each leaf: what it or the nearest group above it names."""
    found: dict[str, str] = {}

    def walk(node: Indicator, above: str | None) -> None:
        named = rules.dimension_of(node.dimension or (node.name if node.children else ""))
        below = named or above
        if not node.children and below is not None:
            found[node.code] = below
        for child in node.children:
            walk(child, below)

    for node in scheme.indicators:
        walk(node, None)
    return found


def _grades(scheme: Scheme) -> Iterator[Opinion]:
    if not scheme.grades:
        yield Opinion(
            rule="grades-missing",
            severity=Severity.INFO if scheme.kind is Kind.SELF else Severity.WARNING,
            location=WHOLE,
            message="方案没有写等级划分，总分定不了等级",
            advice="请写明各等级从多少分起",
        )


def _of_leaf(
    leaf: Indicator, data: EvaluationData, dimension: str | None, rules: IndicatorQuality
) -> Iterator[Opinion]:
    row, target = data.indicators.get(leaf.code, _NO_ROW), _target(leaf, data)
    faults: list[Fault | None] = [*written_faults(target)] if target else []
    faults.append(history_fault(target, row.last_year, rules))
    faults.append(rate_misplaced(leaf.name, dimension, rules))
    faults.append(_rate_confused(leaf, rules))
    if row.awarded and not row.reason:
        faults.append(Fault("awarded-without-reason", "由评价人给分，没有说明理由", "请在“指标”表写明给分的理由"))
    for fault in faults:
        if fault is not None:
            yield _opinion(leaf, fault, Severity.WARNING, stated=str(target or ""))
    yield from _of_rule(leaf, target)


def _of_rule(leaf: Indicator, target: Target | None) -> Iterator[Opinion]:
    if leaf.rule is None:
        return
    for defect in leaf.rule.defects(leaf.weight):
        fault = Fault("rule-points", f"评分规则有误：{defect}", "请核对各分项的分值和权重")
        expected = f"{points_text(leaf.weight)} 分"
        yield _opinion(leaf, fault, Severity.ERROR, quote=leaf.rule_text, stated=defect, expected=expected)
    if leaf.rule.judged:
        fault = Fault("rule-judged", "得分由评价人判断，没有写明怎样给分", "请把要求拆成要点，写明每个要点的分值")
        severity = Severity.INFO if isinstance(leaf.rule, QualitativeBands) else Severity.WARNING
        yield _opinion(leaf, fault, severity, quote=leaf.rule_text)
    else:
        yield from _uncomputable(leaf, leaf.rule, target)
    if leaf.printed_rule is not None:
        fault = Fault("rule-not-as-printed", "印出的评分规则与实际计分不同", "请按实际计分改写规则，或按规则重新计分")
        yield _opinion(leaf, fault, Severity.WARNING, quote=leaf.rule_text)


def _uncomputable(leaf: Indicator, rule: Rule, target: Target | None) -> Iterator[Opinion]:
    """Yield an opinion where not even the best actual value gives points: the target itself, or all of it."""
    if rule.element_names or isinstance(rule, QualitativeBands):
        return
    best: list[Quantity | str] = [Quantity(Fraction(100), PERCENT)]
    if target is not None:
        best.append(target.text if target.value is None else Quantity(target.value, target.unit))
    full = Awarded(FULL, tier=FULL)
    tries = [Inputs(weight=leaf.weight, target=target, actual=actual, awarded=full) for actual in best]
    if any(rule.outcome(inputs).points is not None for inputs in tries):
        return
    if target is None:
        fault = Fault("rule-not-computable", "评分规则要与目标值比较，却没有目标值", "请补上目标值，连同符号和单位")
    else:
        message = f"评分规则不能按目标值“{target}”计分"
        fault = Fault("rule-not-computable", message, "请核对目标值的写法和单位，或换一种评分规则")
    yield _opinion(leaf, fault, Severity.ERROR, quote=leaf.rule_text, stated=str(target or ""))


def _rate_confused(leaf: Indicator, rules: IndicatorQuality) -> Fault | None:
    """Return the fault of a name that says one rate and a rule that computes another one."""
    named, computed = rules.rates_in(leaf.name), rules.rates_in(leaf.rule_text or leaf.definition)
    if not named or not computed or set(named.values()) & set(computed.values()):
        return None
    message = f"名称是{'、'.join(named)}，评分规则算的却是{'、'.join(computed)}"
    return Fault("rate-confused", message, "请核对考核的是哪一方面，改名称或改规则")


def _twice(leaves: tuple[Indicator, ...]) -> Iterator[Opinion]:
    """Yield leaves that count the same thing again: by their name, or by the figures they are computed from."""
    names: dict[str, Indicator] = {}
    measures: dict[object, Indicator] = {}
    for leaf in leaves:
        earlier = names.setdefault(spoken(leaf.name), leaf)
        if earlier is not leaf:
            message = f"与 {_place(earlier)} 同名，会重复计算"
            fault = Fault("indicator-twice", message, "请只保留一处，或写清两者的区别")
            yield _opinion(leaf, fault, Severity.WARNING)
        if leaf.measure is None:
            continue
        spec = leaf.measure
        earlier = measures.setdefault((spec.kind, spec.of, spec.base, spec.weights), leaf)
        if earlier is not leaf:
            message = f"与 {_place(earlier)} 用同样的数据计算，会重复计算"
            fault = Fault("measure-twice", message, "请只保留一处，或改用能反映不同方面的数据")
            yield _opinion(leaf, fault, Severity.WARNING)


def _without_source(leaves: tuple[Indicator, ...], data: EvaluationData) -> Iterator[Opinion]:
    """Yield one opinion on all measured leaves of which nobody says where the actual value comes from."""
    lacking = []
    for leaf in leaves:
        row = data.indicators.get(leaf.code, _NO_ROW)
        if _measured(leaf, _target(leaf, data)) and not (leaf.data_source or row.source or leaf.measure):
            lacking.append(leaf)
    if lacking:
        yield Opinion(
            rule="indicator-source-missing",
            severity=Severity.INFO,
            location=WHOLE,
            message=f"有 {len(lacking)} 项量化指标没有写数据来源",
            advice="请写明实际值从哪份报表或台账取得",
            quote="、".join(map(_place, lacking)),
        )


def _place(leaf: Indicator) -> str:
    return f"{leaf.code} {leaf.name}"


def _opinion(
    leaf: Indicator, fault: Fault, severity: Severity, quote: str = "", stated: str = "", expected: str = ""
) -> Opinion:
    return Opinion(
        rule=fault.rule,
        severity=severity,
        location=_place(leaf),
        message=fault.message,
        advice=fault.advice,
        quote=quote or leaf.name,
        stated=stated,
        expected=expected,
    )
