"""得分的不变性质：任何输入都不出异常，得分在 0 到权重之间、恰好两位小数，更好的实际值不会得分更低。"""

from collections.abc import Mapping
from dataclasses import fields, replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.evaluation.input_changes import score_of
from tests.evaluation.printed_tables import read
from tests.evaluation.scoring_cases import CODE, all_cases, scheme_of
from tests.evaluation.sound_result import sound
from tuodi.evaluation.data import ElementRow, EvaluationData, FigureRow, IndicatorRow
from tuodi.evaluation.data_merge import merged
from tuodi.evaluation.execution import execution
from tuodi.evaluation.scheme_library import known_evaluations
from tuodi.evaluation.scoring import Result, score_evaluation
from tuodi.evaluation.target import Met, parse_target
from tuodi.kernel.finding import Fault
from tuodi.kernel.quantity import OPERATORS, Quantity, parse_number, parse_quantity

FAST = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
SCHEMES = sorted({case.scheme for case in all_cases()})
COLUMNS = ("target", "actual", "numerator", "denominator", "awarded")
RISING = {
    "rate_times_weight", "survey_share_times_weight", "completion_rate_times_weight", "step_deduction_absolute",
    "step_deduction_share_of_weight", "deduct_share_per_point", "linear_shortfall", "threshold_else_rate_times_weight",
    "quantitative_in_proportion", "three_tier_numeric", "banded_satisfaction", "all_or_nothing",
}  # fmt: skip
"""Rules whose score must not fall when the actual value gets nearer to a target from below, or beyond it.

``self_eval_completion`` is none of them: the document takes points for what lies beyond the target (over_share).
``zero_tolerance`` and ``piecewise_percent_scale`` fall: fewer cases and a smaller balance are better.
"""
FALLING = {"zero_tolerance", "piecewise_percent_scale"}

numbers = st.decimals(-1000, 100_000, places=2).map(lambda number: f"{number:f}")
units = st.sampled_from(
    ["", "%", "％", "人", "人次", "元", "万元", "分", "例", "次", "天", "以上", "%以上", "左右", "‰"]
)
operators = st.sampled_from(["", *OPERATORS])
quantities = st.tuples(operators, numbers, units).map("".join)
words = [
    "",
    "是",
    "否",
    "有效",
    "满分",
    "合格",
    "不得分",
    "达成",
    "1/3",
    "2024/12",
    "1/0",
    "１００",
    "-0",
    "%",
    "９９％",
]
odd = ["1e9", "∞", "NaN", "9" * 15, "9" * 30, "0.000000001", "90%–95%", "95-90", "\u200b1", "=1+1"]
strange = st.one_of(st.text(max_size=12), st.sampled_from([*words, *odd]))
cells = st.one_of(quantities, strange)
elements = st.lists(st.tuples(st.sampled_from([True, False, None]), cells), max_size=6)


def _result(scheme: str, row: Mapping[str, str], given_elements: list[tuple[bool | None, str]]) -> Result:
    rows = [ElementRow(code=f"{CODE}.{n}", met=met, value=value) for n, (met, value) in enumerate(given_elements, 1)]
    data = EvaluationData(
        indicators={CODE: replace(IndicatorRow(code=CODE), **row)},  # type: ignore[arg-type]
        elements={element.code: element for element in rows},
    )
    return score_evaluation(scheme_of(scheme), data)


def _name(scheme: str) -> str:
    rule = scheme_of(scheme).leaves()[0].rule
    return rule.name if rule else ""


@FAST
@pytest.mark.parametrize("scheme", SCHEMES, ids=_name)
@given(
    row=st.fixed_dictionaries(dict.fromkeys(COLUMNS, cells)),
    filled=st.sets(st.sampled_from(COLUMNS)),
    given_elements=elements,
)
def test_任何输入都得零到权重之间的分或说明缺什么(
    scheme: str, row: dict[str, str], filled: set[str], given_elements: list[tuple[bool | None, str]]
) -> None:
    kept = {name: value for name, value in row.items() if name in filled}
    sound(_result(scheme, kept, given_elements))


@FAST
@pytest.mark.parametrize("scheme", SCHEMES, ids=_name)
@given(first=st.decimals(0, 130, places=2), second=st.decimals(0, 130, places=2))
def test_更好的实际值得分不会更低(scheme: str, first: Any, second: Any) -> None:
    leaf = scheme_of(scheme).leaves()[0]
    assert leaf.rule is not None
    low, high = sorted((Fraction(first), Fraction(second)))
    target = leaf.target
    unit = target.unit if target else "%"
    step = Fraction(1) if target is None or target.value is None or unit == "%" else abs(target.value) / 100
    points = [
        score_of(_result(scheme, {"actual": str(Quantity(each * step, unit))}, []), leaf.code).points
        for each in (low, high)
    ]
    if None in points or leaf.rule.element_names:
        return
    at_low, at_high = points
    assert at_low is not None and at_high is not None
    assert min(at_low, at_high) >= 0 and max(at_low, at_high) <= leaf.weight
    # A target that must be met exactly, or inside two ends, is passed by too much as by too little.
    exact = target is not None and (target.operator == "=" or target.upper is not None)
    falls = leaf.rule.name in FALLING or (target is not None and target.operator in ("≤", "<"))
    if leaf.rule.name in FALLING | RISING and not (exact and leaf.rule.name == "all_or_nothing"):
        assert at_high <= at_low if falls else at_low <= at_high


def test_每种按数值计分的规则都说明了是升是降() -> None:
    named = RISING | FALLING | {"self_eval_completion"}
    by_number = {case.table for case in all_cases() if case.points is not None and case.number() is not None}
    assert by_number - {"declared_share_deduction", "qualitative_bands"} == named


@pytest.mark.parametrize("evaluation_id", known_evaluations())
@FAST
@given(data=st.data())
def test_内置评价改任何格都不出异常(evaluation_id: str, data: st.DataObject) -> None:
    scheme, original = read(evaluation_id)
    sheet = data.draw(st.sampled_from(["indicators", "elements", "figures"]))
    rows: Mapping[str, Any] = getattr(original, sheet)
    if not rows:
        return
    key = data.draw(st.sampled_from(sorted(rows)))
    texts = [each.name for each in fields(rows[key]) if isinstance(getattr(rows[key], each.name), str)]
    changed = replace(rows[key], **{data.draw(st.sampled_from(texts)): data.draw(cells)})
    changes: dict[str, Any] = {sheet: {**rows, key: changed}}
    after = replace(original, **changes)
    sound(score_evaluation(scheme, after))
    assert all(finding.sentence() for finding in execution(scheme, after).findings)


@pytest.mark.parametrize("evaluation_id", known_evaluations())
@settings(max_examples=5)
@given(share=st.integers(0, 100))
def test_改打分_得分和总分就跟着变(evaluation_id: str, share: int) -> None:
    scheme, original = read(evaluation_id)
    before = score_evaluation(scheme, original)
    for score in before.scores:
        row = original.indicators.get(score.indicator.code, IndicatorRow(code=score.indicator.code))
        rows = {**original.indicators, row.code: replace(row, awarded=f"{share}%")}
        after = score_evaluation(scheme, replace(original, indicators=rows))
        points = score_of(after, row.code).points
        assert points is not None and abs(points - score.indicator.weight * share / 100) <= Fraction(1, 200)
        assert after.total is not None and before.total is not None and score.points is not None
        assert after.total - before.total == points - score.points


@FAST
@given(cells)
@example("95%以上")
@example("2024/12")
def test_读数从不出异常_读出的写出来再读还是它(text: str) -> None:
    quantity = parse_quantity(text)
    number = parse_number(text)
    assert isinstance(number, Fault | Fraction)
    target = parse_target(text)
    assert target == parse_target(str(target))
    assert target.met_by(text) in Met
    if not isinstance(quantity, Fault):
        assert target.met_by(quantity) in Met
        if (quantity.value * 10**4).denominator == 1 and len(str(quantity.value.numerator)) < 15:
            assert parse_quantity(str(quantity)) == quantity


@FAST
@given(value=st.decimals(-(10**9), 10**9, places=4), unit=st.sampled_from(["", "%", "人", "万元", "元/人/月"]))
def test_数写出来再读还是它(value: Any, unit: str) -> None:
    for operator in ("", "≥", "≤", ">", "<", "="):
        quantity = Quantity(Fraction(value), unit, operator)
        assert parse_quantity(str(quantity)) == quantity
        target = parse_target(str(quantity))
        assert (target.value, target.unit, target.operator) == (quantity.value, unit, operator or "=")


@FAST
@given(low=st.integers(0, 100), high=st.integers(0, 100), sign=st.sampled_from("-–—~～至"))
def test_区间的两端都算在内(low: int, high: int, sign: str) -> None:
    target = parse_target(f"{low}%{sign}{high}%")
    assert (target.upper is not None) == (low <= high)
    if target.upper is not None:
        assert [target.met_by(Quantity(Fraction(each), "%")) for each in (low + 2, high)][1] is Met.YES
        assert target.met_by(Quantity(Fraction(high) + Fraction(1, 100), "%")) is Met.NO


rows = st.builds(
    IndicatorRow,
    code=st.just("B12"),
    target=st.sampled_from(["", "≥95%"]),
    actual=st.sampled_from(["", "90%", "97%"]),
    numerator=st.sampled_from(["", "9"]),
    denominator=st.sampled_from(["", "10"]),
    awarded=st.sampled_from(["", "3"]),
    reason=st.sampled_from(["", "甲", "乙"]),
    evidence=st.sampled_from([(), ("1",)]),
)
evaluations = st.builds(
    EvaluationData,
    indicators=st.one_of(st.just({}), rows.map(lambda row: {row.code: row})),
    elements=st.sampled_from([{}, {"A1.1": ElementRow(code="A1.1", met=False)}, {"A1.1": ElementRow(code="A1.1")}]),
    figures=st.sampled_from(
        [{}, {"支出": FigureRow(name="支出", value="2")}, {"到位": FigureRow(name="到位", value="1")}]
    ),
)


@FAST
@given(a=evaluations, b=evaluations, c=evaluations)
def test_合并的规律(a: EvaluationData, b: EvaluationData, c: EvaluationData) -> None:
    empty = EvaluationData()
    assert merged(a, empty) == a == merged(empty, a)
    both = merged(a, b)
    assert merged(both, b) == both
    # Not associative, and never asked to be: what one layer replaced, a third must not bring back.
    assert merged(merged(both, c), c) == merged(both, c)
    for code, row in b.indicators.items():
        kept = both.indicators[code]
        assert all(getattr(kept, each.name) == value for each in fields(row) if (value := getattr(row, each.name)))
    assert set(both.figures) == set(a.figures) | set(b.figures)


def test_刚才的检查真的会发现问题() -> None:
    """Break a sound result in each way and see it found."""
    scheme, data = read("jiaocheng-2024")
    result = score_evaluation(scheme, data)
    sound(result)
    first = result.scores[0]
    for points in (Fraction(-1, 100), first.indicator.weight + Fraction(1, 100), Fraction(1, 3), None):
        with pytest.raises(AssertionError):
            sound(replace(result, scores=(replace(first, points=points), *result.scores[1:])))
    with pytest.raises(AssertionError):
        sound(replace(result, total=Fraction(1)))
