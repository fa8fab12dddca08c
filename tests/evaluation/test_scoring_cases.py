"""每种评分规则的案例表：得分与手算相符；界限的前、恰好、后都有案例。"""

import re
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

import pytest

from tests.evaluation.input_changes import score_of
from tests.evaluation.scoring_cases import CODE, Case, all_cases, tables
from tests.worked_sums import wrong_sums
from tuodi.evaluation.rule_loader import RULE_TYPES
from tuodi.evaluation.rules.bands import BandedSatisfaction, PiecewisePercentScale, ThreeTier, ThreeTierNumeric
from tuodi.evaluation.rules.elements import AllOrNothing, ChecklistEqualShare, ItemisedPoints, ThresholdPoints
from tuodi.evaluation.rules.judged import QualitativeBands
from tuodi.evaluation.rules.rates import (
    CompletionRateTimesWeight,
    DeductSharePerPoint,
    LinearShortfall,
    QuantitativeInProportion,
    RateTimesWeight,
    SelfEvalCompletion,
    StepDeductionAbsolute,
    StepDeductionShareOfWeight,
    SurveyShareTimesWeight,
    ThresholdElseRateTimesWeight,
)
from tuodi.evaluation.rules.rule import Rule
from tuodi.evaluation.target import Target
from tuodi.kernel.finding import Fault
from tuodi.kernel.quantity import PERCENT, parse_quantity

Thresholds = dict[str, tuple[Fraction, Fraction]]
"""What a number changes at, by name, with the most that just below or above it may lie away."""

CLOSE = Fraction(1, 100)
ONE_MORE = Fraction(1)
BY_TARGET = (
    AllOrNothing,
    CompletionRateTimesWeight,
    DeductSharePerPoint,
    LinearShortfall,
    QuantitativeInProportion,
    SelfEvalCompletion,
    StepDeductionAbsolute,
    StepDeductionShareOfWeight,
    ThreeTierNumeric,
    ThresholdElseRateTimesWeight,
)


@pytest.mark.parametrize("case", all_cases(), ids=str)
def test_得分与手算相符(case: Case) -> None:
    result = case.result()
    score = score_of(result, CODE)
    if case.points is None:
        assert score.points is None, case.working
        about_leaf = [each.rule for each in result.findings if each.is_error and each.message.startswith(CODE)]
        assert set(about_leaf) == {case.fault}, case.working
    else:
        assert score.points == Fraction(case.points), case.working
        assert score.formula
    assert score.by_printed_rule == (None if case.by_rule is None else Fraction(case.by_rule)), case.working


@pytest.mark.parametrize("case", all_cases(), ids=str)
def test_算法里的算式都成立_且以得分结尾(case: Case) -> None:
    assert wrong_sums(case.working) == []
    if case.points is not None:
        numbers = re.findall(r"\d+(?:\.\d+)?", case.working)
        assert numbers and Fraction(numbers[-1]) == Fraction(case.points), case.working


def test_每种规则都有案例表() -> None:
    assert set(tables()) == set(RULE_TYPES)


@pytest.mark.parametrize("rule", RULE_TYPES)
def test_每种规则都有得满分_得零分_和缺资料的案例(rule: str) -> None:
    cases = [case for case in all_cases() if case.table == rule]
    points = {Fraction(case.points) for case in cases if case.points is not None}
    assert any(case.points is not None and Fraction(case.points) == case.leaf().weight for case in cases)
    assert 0 in points or rule == LinearShortfall.name  # a straight line that ends above 0
    assert any(case.fault for case in cases if not case.given & {"实际值", "分子", "分母", "要点", "打分"})


def test_名称不重复() -> None:
    assert [name for name, times in Counter(map(str, all_cases())).items() if times > 1] == []


@pytest.mark.parametrize("case", {(each.table, each.group): each for each in all_cases()}.values(), ids=str)
def test_每个界限都有前_恰好_后的案例(case: Case) -> None:
    group = [each for each in all_cases() if (each.table, each.group) == (case.table, case.group)]
    rule = case.leaf().rule
    assert rule is not None
    given = [number for each in group if not each.row.target and (number := each.number()) is not None]
    assert _uncovered(_of_actual(rule, case.leaf().target), given) == []
    if isinstance(rule, QualitativeBands):
        for band in rule.bands:
            cases = [each for each in group if each.row.actual in (band.name, *band.words)]
            shares = [share for each in cases if (share := _awarded(each)) is not None]
            ends = {"下限": (band.lowest, CLOSE), "上限": (band.highest, CLOSE)}
            assert [f"{band.name}{name}" for name in _uncovered(ends, shares, most=1)] == []
    if isinstance(rule, ThresholdPoints):
        for at, condition in enumerate(rule.conditions):
            values = [parse_quantity(each.elements[at]) for each in group if each.elements]
            numbers = [each.value for each in values if not isinstance(each, Fault) and not each.operator]
            assert _uncovered(_of_target(condition.target), numbers) == [], condition.name
    assert sorted(_unseen_answers(rule, group)) == []


def _uncovered(thresholds: Thresholds, numbers: list[Fraction], most: int | None = None) -> list[str]:
    """Return the thresholds without a case just below, at or just above; nothing lies below 0 or above ``most``."""
    missing = []
    for name, (value, close) in thresholds.items():
        if value not in numbers:
            missing.append(f"{name}恰好")
        if value > 0 and not any(value - close <= number < value for number in numbers):
            missing.append(f"{name}之前")
        if value != most and not any(value < number <= value + close for number in numbers):
            missing.append(f"{name}之后")
    return missing


def _of_actual(rule: Rule, target: Target | None) -> Thresholds:
    if isinstance(rule, RateTimesWeight | SurveyShareTimesWeight):
        return {"满分": (Fraction(100), CLOSE)}
    if isinstance(rule, PiecewisePercentScale):
        return {"满分界限": (rule.full_to, CLOSE), "合格界限": (rule.pass_at, CLOSE)}
    if isinstance(rule, BandedSatisfaction):
        return {f"{band.begins_at}": (band.begins_at, CLOSE) for band in rule.bands if band.begins_at}
    if not isinstance(rule, BY_TARGET) or target is None or target.value is None or rule.element_names:
        return {}
    found = {} if target.value < 0 else _of_target(target)
    if isinstance(rule, StepDeductionAbsolute | StepDeductionShareOfWeight):
        found["一档"] = (target.value - rule.step, CLOSE)
    if isinstance(rule, DeductSharePerPoint):
        found["扣完"] = (target.value - 1 / rule.share, CLOSE)
    if isinstance(rule, SelfEvalCompletion):
        left = 1 - 1 / (rule.under_share * 100)
        value = target.value / left if target.operator == "≤" else target.value * left
        found["扣完"] = (value, _close(target))
    return found


def _of_target(target: Target) -> Thresholds:
    if target.value is None:
        return {}
    ends = {"目标": (target.value, _close(target))}
    return ends if target.upper is None else {**ends, "上限": (target.upper, _close(target))}


def _close(target: Target) -> Fraction:
    return ONE_MORE if target.unit in ("人", "人次", "例") else CLOSE


def _awarded(case: Case) -> Fraction | None:
    quantity = parse_quantity(case.row.awarded)
    if isinstance(quantity, Fault) or quantity.unit != PERCENT:
        return None
    return quantity.value / 100


def _unseen_answers(rule: Rule, group: list[Case]) -> Iterator[str]:
    """Yield what an element or a tier may be and no case of the group is, in tables of the whole rule."""
    if isinstance(rule, ThreeTier):
        said = {case.row.actual for case in group} | {case.row.awarded for case in group}
        tiers = {"满分": rule.full, "合格": rule.passed, "不得分": rule.zero}
        for name, tier in tiers.items():
            words = {name, *((tier.condition, *tier.words) if tier else ())}
            if not words & said:
                yield name
    if isinstance(rule, ItemisedPoints) and (rule.deductions or rule.veto):
        for at, name in enumerate(rule.element_names[len(rule.items) :], len(rule.items)):
            counts = {case.elements[at] for case in group if case.elements}
            if len(group) > 1 and not {"0", "1"} <= counts:
                yield f"{name}没有发生和发生一次"
    if isinstance(rule, ChecklistEqualShare) and rule.extra:
        answers = {case.elements for case in group}
        for number in range(len(rule.elements) + 1):
            if not any(each.count("否") == number for each in answers):
                yield f"{number}项不符合"
