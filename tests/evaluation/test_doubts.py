"""算得出分、却可能填错了的写法：得分照规则，同时提醒；看不出意思的不计分（期望值为手算）。"""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from tests.evaluation.clean_evaluation import SCHEME
from tests.evaluation.input_changes import shown
from tuodi.evaluation.data import ElementRow, EvaluationData, FigureRow, IndicatorRow, Place, SurveyRow
from tuodi.evaluation.rules.elements import AllOrNothing, ChecklistEqualShare, Item, ItemisedPoints
from tuodi.evaluation.rules.judged import QualitativeBand, QualitativeBands
from tuodi.evaluation.rules.rates import (
    CompletionRateTimesWeight,
    DeductSharePerPoint,
    QuantitativeInProportion,
    RateTimesWeight,
)
from tuodi.evaluation.rules.rule import Rule
from tuodi.evaluation.scheme import Indicator, Kind, Measure, MeasureKind, Scheme
from tuodi.evaluation.scheme_library import scheme_path
from tuodi.evaluation.scheme_loader import load_scheme, parse_scheme
from tuodi.evaluation.scoring import Result, score_evaluation
from tuodi.evaluation.target import Direction, parse_target
from tuodi.kernel.finding import Finding, Severity

到位, 支出 = "到位资金", "支出资金"
执行率 = Measure(kind=MeasureKind.RATE, of=(支出,), base=(到位,))
达成 = QualitativeBands(
    bands=(
        QualitativeBand("达成", Fraction("0.8"), Fraction(1)),
        QualitativeBand("部分达成", Fraction("0.6"), Fraction("0.8")),
    )
)


def _figures(**values: str) -> dict[str, FigureRow]:
    return {name: FigureRow(name=name, value=value, unit="元") for name, value in values.items()}


def _scored(
    rule: Rule, row: IndicatorRow, target: str = "", figures: dict[str, FigureRow] | None = None, **leaf: Any
) -> Result:
    given = parse_target(target) if target else None
    node = Indicator(code="A1", name="指标", weight=Fraction(10), level=1, rule=rule, target=given, **leaf)
    scheme = Scheme(id="x", title="", kind=Kind.EVALUATION, source="", layout="", indicators=(node,))
    placed = replace(row, code="A1", reason=row.reason or "见说明", place=Place("data.xlsx", "指标", 5))
    return score_evaluation(scheme, EvaluationData(indicators={"A1": placed}, figures=figures or {}))


def found_in(rule: Rule, elements: dict[str, ElementRow]) -> Finding:
    """Return the only finding about a leaf scored by elements."""
    node = Indicator(code="A1", name="指标", weight=Fraction(10), level=1, rule=rule)
    scheme = Scheme(id="x", title="", kind=Kind.EVALUATION, source="", layout="", indicators=(node,))
    return _only(score_evaluation(scheme, EvaluationData(elements=elements)))


def _points(result: Result) -> str | None:
    return shown(result.scores[0].points)


def _only(result: Result) -> Finding:
    (finding,) = result.findings
    return finding


@pytest.mark.parametrize("typed", ["90.56%", "90.6%", "91%", "90.56", "＞90%"])
def test_填写的实际值与基础数据相符时不提醒(typed: str) -> None:
    """9,255,900 ÷ 10,220,400 = 90.5630…%。"""
    figures = _figures(到位资金="10220400.00", 支出资金="9255900.00")
    rule = DeductSharePerPoint(share=Fraction("0.05"))
    result = _scored(rule, IndicatorRow(code="", actual=typed), "≥85%", figures, measure=执行率)
    assert (_points(result), result.findings) == ("10", ())


@pytest.mark.parametrize(("typed", "points"), [("98%", "9.8"), ("90.57%", "9.06"), ("90.5%", "9.05")])
def test_填写的实际值与基础数据不符_按填写的计分并提醒(typed: str, points: str) -> None:
    figures = _figures(到位资金="10220400.00", 支出资金="9255900.00")
    result = _scored(RateTimesWeight(), IndicatorRow(code="", actual=typed), "", figures, measure=执行率)
    found = _only(result)
    assert _points(result) == points
    assert (found.rule, found.severity, found.column) == ("actual-disagrees", Severity.WARNING, "实际值（actual）")
    assert found.message == (
        f"A1 指标：填写的实际值是 {typed}，由“基础数据”算出的是 90.56%（9,255,900 ÷ 10,220,400 = 90.56%），"
        f"按填写的 {typed} 计分"
    )


def test_问卷算出的与填写的不符_说是问卷统计() -> None:
    counts = [SurveyRow(question="1", text="", option=option, count=count) for option, count in
              (("知道", "80"), ("不知道", "20"))]  # fmt: skip
    spec = Measure(kind=MeasureKind.RATE, of=("第1题：知道",), base=("第1题：知道", "第1题：不知道"))
    leaf = Indicator(code="A1", name="知晓率", weight=Fraction(10), level=1, rule=RateTimesWeight(), measure=spec)
    scheme = Scheme(id="x", title="", kind=Kind.EVALUATION, source="", layout="", indicators=(leaf,))
    row = IndicatorRow(code="A1", actual="90%", reason="见说明")
    result = score_evaluation(scheme, EvaluationData(indicators={"A1": row}, surveys=tuple(counts)))
    assert _points(result) == "9" and "由“问卷统计”算出的是 80%" in _only(result).message


@pytest.mark.parametrize(
    ("direction", "own", "actual", "read", "points"),
    [
        # 20 ÷ 23.98 = 83.40%
        (Direction.AT_MOST, "", "23.98%", "≤20%", "8.34"),
        (Direction.AT_MOST, "", "20%", "≤20%", "10"),
        (Direction.AT_MOST, "≥20%", "23.98%", "≤20%", "8.34"),
        (None, "≤15%", "23.98%", "≤20%", "8.34"),
        (None, "≥15%", "15%", "≥20%", "7.5"),
        (None, "", "15%", "≥20%", "7.5"),
        (None, "有效", "15%", "≥20%", "7.5"),
        (Direction.EXACTLY, "≤15%", "15%", "=20%", "7.5"),
    ],
)
def test_目标值没有写符号(direction: Direction | None, own: str, actual: str, read: str, points: str) -> None:
    row = IndicatorRow(code="", actual=actual, target="20%")
    result = _scored(QuantitativeInProportion(), row, own, direction=direction)
    found = _only(result)
    assert (_points(result), str(result.scores[0].inputs.target)) == (points, read)
    assert (found.rule, found.severity, found.column) == (
        "target-operator-missing", Severity.WARNING, "目标值（target）",
    )  # fmt: skip
    assert f"目标值“20%”没有写符号，按“{read}”计分" in found.message


@pytest.mark.parametrize("target", ["≥20%", "20%以上", "10%–20%", "2024年底", "12月25日"])
def test_目标值写了符号_或是区间和日期_不提醒(target: str) -> None:
    result = _scored(AllOrNothing(), IndicatorRow(code="", target=target, actual="20%"))
    assert "target-operator-missing" not in {each.rule for each in result.findings}


def test_方案自己的目标值没有写符号_仍是等于() -> None:
    result = _scored(AllOrNothing(), IndicatorRow(code="", actual="101%"), "100%")
    assert (_points(result), result.findings) == ("0", ())


@pytest.mark.parametrize(
    ("scheme_id", "code", "points"),
    [
        # 20 ÷ 30 = 66.67%，乘权重 6、8、10、10、5
        ("common", "C41", "4"), ("common", "D21", "5.33"), ("unit-self", "1.4.1", "6.67"),
        ("unit-self-cost", "2.1.1", "6.67"), ("unit-self-cost", "2.1.2", "3.33"),
    ],
)  # fmt: skip
def test_空白方案里越低越好的指标_目标值没有写符号是不超过(scheme_id: str, code: str, points: str) -> None:
    scheme, findings = load_scheme(scheme_path(scheme_id), "scheme.yaml")
    assert scheme is not None and findings == []
    lower = {leaf.code for leaf in scheme.leaves() if leaf.direction is Direction.AT_MOST}
    assert code in lower
    row = IndicatorRow(code=code, target="20", actual="30", reason="见说明")
    score = score_evaluation(scheme, EvaluationData(indicators={code: row})).score_of(code)
    assert score is not None and shown(score.points) == points
    assert str(score.inputs.target).startswith("≤20")


@pytest.mark.parametrize(
    ("words", "expected"),
    [('direction: "≤"', []), ("direction: 至多", ["target-direction"]), ('direction: ">"', ["target-direction"])],
)
def test_方案里的方向(words: str, expected: list[str]) -> None:
    text = SCHEME.replace("            name: 住院救助人次\n", f"            name: 住院救助人次\n            {words}\n")
    scheme, findings = parse_scheme(text.encode(), "x")
    assert [each.rule for each in findings] == expected
    if scheme is not None:
        assert next(leaf.direction for leaf in scheme.leaves() if leaf.code == "C11") is Direction.AT_MOST


def test_方向只能写在末级指标上() -> None:
    text = SCHEME.replace("    name: 决策\n", '    name: 决策\n    direction: "≤"\n')
    _, findings = parse_scheme(text.encode(), "x")
    assert [each.rule for each in findings] == ["rule-on-group"]


@pytest.mark.parametrize(
    ("target", "actual", "points", "rule"),
    [
        # 81 ÷ 90 = 90%
        ("≥90", "81%", "9", None), ("≥90%", "81", "9", None), ("≥1.5", "0.75%", "5", None),
        ("≥0.9", "81%", None, "ratio-or-percent"), ("≥1", "81%", None, "ratio-or-percent"),
        ("≥90%", "0.81", None, "ratio-or-percent"), ("≥90", "0.823", None, "ratio-or-percent"),
        ("≤20", "0.2398", None, "ratio-or-percent"), ("≥3", "1", "3.33", None), ("≥0.9", "0.81", "9", None),
    ],
)  # fmt: skip
def test_百分号只写了一边(target: str, actual: str, points: str | None, rule: str | None) -> None:
    for each in (QuantitativeInProportion(), CompletionRateTimesWeight()):
        result = _scored(each, IndicatorRow(code="", target=target, actual=actual))
        assert _points(result) == points
        assert [finding.rule for finding in result.findings if finding.is_error] == ([rule] if rule else [])


def test_算出的百分数遇到没有百分号的目标值() -> None:
    figures = _figures(到位资金="100", 支出资金="81")
    row = IndicatorRow(code="", target="≥90")
    result = _scored(QuantitativeInProportion(), row, "", figures, measure=执行率)
    assert (_points(result), str(result.scores[0].inputs.target), result.findings) == ("9", "≥90%", ())
    refused = _scored(QuantitativeInProportion(), replace(row, target="≥0.9"), "", figures, measure=执行率)
    assert (_only(refused).rule, _only(refused).column) == ("ratio-or-percent", "目标值（target）")


@pytest.mark.parametrize(
    ("awarded", "points", "asks"),
    [("0.7", "0.7", True), ("1", "1", True), ("7", "7", False), ("5%", "0.5", False), ("1/3", "3.33", False)],
)
def test_打分不在定性的档内(awarded: str, points: str, asks: bool) -> None:
    result = _scored(达成, IndicatorRow(code="", actual="达成", awarded=awarded))
    found = _only(result)
    assert (_points(result), found.rule, found.severity) == (points, "awarded-outside-band", Severity.WARNING)
    assert "这一档为 8 至 10 分" in found.message
    assert ("写成" in found.advice) is asks
    assert not asks or f"是不是指权重的 {'70%' if awarded == '0.7' else '100%'}" in found.advice


@pytest.mark.parametrize("awarded", ["8", "10", "80%", "9.5", ""])
def test_打分在定性的档内(awarded: str) -> None:
    assert _scored(达成, IndicatorRow(code="", actual="达成", awarded=awarded)).findings == ()


@pytest.mark.parametrize(("spent", "told"), [("100.01", True), ("100.00", False), ("90", False)])
def test_比率超过百分之百(spent: str, told: bool) -> None:
    expected = ["rate-over-100"] if told else []
    typed = _scored(RateTimesWeight(), IndicatorRow(code="", numerator=spent, denominator="100"))
    figures = _figures(到位资金="100", 支出资金=spent)
    measured = _scored(RateTimesWeight(), IndicatorRow(code=""), "", figures, measure=执行率)
    for result in (typed, measured):
        assert [each.rule for each in result.findings] == expected
        assert _points(result) == ("9" if spent == "90" else "10")
        assert all(each.severity is Severity.WARNING for each in result.findings)


def test_目标是不超过的_和变动率_超过百分之百不提醒() -> None:
    figures = _figures(到位资金="100", 支出资金="250")
    rule = QuantitativeInProportion()
    assert _scored(rule, IndicatorRow(code=""), "≤100%", figures, measure=执行率).findings == ()
    changed = replace(执行率, kind=MeasureKind.CHANGED)
    assert _scored(rule, IndicatorRow(code=""), "≥100%", figures, measure=changed).findings == ()


def test_缺的几个基础数据说成一条_指到基础数据表() -> None:
    found = _only(_scored(RateTimesWeight(), IndicatorRow(code=""), measure=执行率))
    assert (found.rule, found.sheet, found.row) == ("figure-missing", "基础数据", None)
    assert found.message == "A1 指标：“基础数据”里没有“支出资金”“到位资金”"
    spec = Measure(kind=MeasureKind.RATE, of=("第1题：知道",), base=("第1题：知道", "第1题：不知道"))
    found = _only(_scored(RateTimesWeight(), IndicatorRow(code=""), measure=spec))
    assert (found.sheet, found.message) == ("问卷统计", "A1 指标：“问卷统计”里没有“第1题：知道”“第1题：不知道”")


def test_缺的几个要点说成一条() -> None:
    found = _only(_scored(ChecklistEqualShare(elements=("甲", "乙")), IndicatorRow(code="")))
    assert (found.rule, found.sheet) == ("element-missing", "要点")
    assert found.message == "A1 指标：2 个要点都没有填写是否符合"
    some = {"A1.2": ElementRow(code="A1.2", met=True)}
    leaf = found_in(ChecklistEqualShare(elements=("甲", "乙", "丙")), some)
    assert leaf.message == "A1 指标：2 个要点（第 1 项 甲、第 3 项 丙）没有填写是否符合"
    rule = ItemisedPoints(items=(Item("甲", Fraction(10)),), deductions=(Item("迟报", Fraction(1)),), veto="挪用")
    answers = [(each.rule, each.message) for each in _scored(rule, IndicatorRow(code="")).findings]
    assert answers == [
        ("element-missing", "A1 指标：1 个要点（第 1 项 甲）没有填写是否符合"),
        ("element-value-missing", "A1 指标：2 个要点（第 2 项 迟报、第 3 项 挪用）没有填写数值"),
    ]


@pytest.mark.parametrize(
    ("target", "actual", "rule", "message", "column"),
    [
        ("", "", "actual-missing", "没有目标值，也没有实际值", "实际值（actual）"),
        ("≥90%", "", "actual-missing", "没有实际值", "实际值（actual）"),
        ("", "90%", "target-missing", "没有目标值", "目标值（target）"),
    ],
)
def test_缺目标值还是缺实际值(target: str, actual: str, rule: str, message: str, column: str) -> None:
    for each in (QuantitativeInProportion(), AllOrNothing()):
        found = _only(_scored(each, IndicatorRow(code="", target=target, actual=actual)))
        assert (found.rule, found.message, found.column) == (rule, f"A1 指标：{message}", column)
