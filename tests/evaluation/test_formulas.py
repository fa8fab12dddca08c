"""印在报告里的计算过程和扣分原因：通顺的中文，带单位，算式两边相等（手写，不取自程序）。"""

import re
from fractions import Fraction

import pytest
import yaml

from tests.evaluation.scoring_cases import all_cases
from tests.worked_sums import wrong_sums
from tuodi.evaluation.data import ElementRow, EvaluationData, IndicatorRow
from tuodi.evaluation.rule_loader import read_rule
from tuodi.evaluation.scheme import Indicator, Kind, Scheme
from tuodi.evaluation.scoring import Score, score_evaluation
from tuodi.evaluation.target import parse_target
from tuodi.kernel.form import Form
from tuodi.kernel.yaml_nodes import read_nodes

五个要点 = "{type: checklist_equal_share, elements: [甲, 乙, 丙, 丁, 戊]}"
另有一项 = '{type: checklist_equal_share, elements: [甲, 乙, 丙], extra: {name: 自定, share: "1/2"}}'
分项 = '{type: itemised_points, items: [{name: 甲, points: "2"}, {name: 乙, points: "2"}], deductions: [{name: 迟报, points: "0.5"}], veto: 挪用}'  # noqa: E501
条件 = '{type: threshold_points, conditions: [{name: 甲, points: "3", target: "=100%"}, {name: 乙, points: "3", target: "≥95%"}]}'  # noqa: E501
三档 = (
    '{type: three_tier, full: {condition: 增加}, pass: {condition: 持平}, zero: {condition: 减少}, pass_share: "0.6"}'
)
分段 = (
    "{type: banded_satisfaction, bands: "
    '[{from: "90", give: 满分}, {from: "60", rate_times: "3"}, {from: "0", points: "0"}]}'
)
折算 = '{type: piecewise_percent_scale, full_to: "15", pass_at: "16", pass_mark: "60"}'
定性 = '{type: qualitative_bands, bands: [{name: 达成, from: "0.8", to: "1"}, {name: 未达成, from: "0", to: "0.6"}]}'
自评 = '{type: self_eval_completion, under_share: "0.025", over_share: "0.01"}'

FORMULAS = [
    (五个要点, "3", "", "", "是 是 是 是 是", "共 5 个要点，符合 5 个：3 分 × 5 ÷ 5 = 3 分"),
    (五个要点, "3", "", "", "是 否 是 否 是", "共 5 个要点，符合 3 个：3 分 × 3 ÷ 5 = 1.8 分"),
    (另有一项, "3", "", "", "是 是 是 否",
     "共 3 个要点，符合 3 个，另外不符合“自定”：3 分 × 3 ÷ 3 − 3 分 × 1/2 = 1.5 分"),
    (另有一项, "3", "", "", "是 否 否 否",
     "共 3 个要点，符合 1 个，另外不符合“自定”：3 分 × 1 ÷ 3 − 3 分 × 1/2 = -0.5 分，不足 0 分，按 0 分计"),
    (分项, "4", "", "", "是 否 0 0", "各分项得分：2 分 + 0 分 = 2 分"),
    (分项, "3", "", "", "是 是 2 0",
     "各分项得分：2 分 + 2 分 = 4 分，超过权重，按 3 分计；扣分：3 分 − 0.5 分 × 2 = 2 分"),
    (分项, "4", "", "", "是 是 0 1", "发生“挪用”，一票否决，得 0 分"),
    (条件, "6", "", "", "100% 94%", "各条件得分：3 分 + 0 分 = 3 分"),
    ("{type: all_or_nothing}", "3", "≥70%", "100%", "", "实际值 100%，达到目标 ≥70%，得满分 3 分"),
    ("{type: all_or_nothing}", "3", "≤20%", "23.98%", "", "实际值 23.98%，高于目标 ≤20%，得 0 分"),
    ("{type: rate_times_weight}", "5", "", "94.61%", "", "5 分 × 94.61% ≈ 4.73 分"),
    ("{type: rate_times_weight}", "5", "", "80%", "", "5 分 × 80% = 4 分"),
    ("{type: rate_times_weight}", "2", "", "101.01%", "", "101.01% 超过 100%，按 100% 计：2 分 × 100% = 2 分"),
    ("{type: completion_rate_times_weight}", "6", "≥33333人", "30437人", "",
     "完成率 30437人 ÷ 33333人 ≈ 91.31%：6 分 × 91.31% ≈ 5.48 分"),
    ("{type: completion_rate_times_weight}", "6", "≤100万元", "125万元", "",
     "完成率 100万元 ÷ 125万元 = 80%：6 分 × 80% = 4.8 分"),
    ("{type: quantitative_in_proportion}", "10", "＞85%", "85%", "", "完成率 85% ÷ 85% = 100%，得满分 10 分"),
    ("{type: quantitative_in_proportion}", "10", "=4次", "5次", "",
     "完成率 5次 ÷ 4次 = 125%，最高按 100% 计，得满分 10 分"),
    (自评, "10", "≥91%", "100%", "",
     "完成率 100% ÷ 91% ≈ 109.89%，高于 100%：10 分 × (1 − 1% × 9.89) ≈ 9.01 分"),
    ('{type: step_deduction_absolute, step: "5", points: "1"}', "4", "≥95%", "90.56%", "",
     "比目标值 95% 低 4.44 个百分点，每 5 个为一档，不足一档按一档，共 1 档：4 分 − 1 分 × 1 = 3 分"),
    ('{type: deduct_share_per_point, share: "0.05"}', "8", "≥80%", "77.87%", "",
     "比目标值 80% 低 2.13 个百分点：8 分 × (1 − 5% × 2.13) ≈ 7.15 分"),
    ("{type: linear_shortfall}", "8", "≥70%", "69%", "", "8 分 − (70% − 69%) × 8 分 = 7.92 分"),
    ("{type: threshold_else_rate_times_weight}", "6", "≥90%", "78.43%", "",
     "未达到目标 ≥90%：6 分 × 78.43% ≈ 4.71 分"),
    (三档, "8", "", "增加", "", "实际情况为“增加”，属于满分档，得满分 8 分"),
    (三档, "8", "", "持平", "", "实际情况为“持平”，属于合格档：8 分 × 60% = 4.8 分"),
    (三档, "8", "", "减少", "", "实际情况为“减少”，属于不得分档，得 0 分"),
    (折算, "5", "", "6.4%", "", "实际值 6.4%，不高于 15%，得满分 5 分"),
    (折算, "5", "", "16.01%", "", "实际值 16.01%，高于 16%，得 0 分"),
    (分段, "6", "", "92.04%", "", "实际值 92.04%，达到 90%，得满分 6 分"),
    (分段, "6", "", "89.99%", "", "实际值 89.99%，低于 90%：89.99% × 3 分 ≈ 2.7 分"),
    (分段, "6", "", "59.99%", "", "实际值 59.99%，低于 60%，得 0 分"),
    ("{type: zero_tolerance}", "4", "", "0例", "", "没有发现不符合标准的情况，得满分 4 分"),
    ("{type: zero_tolerance}", "4", "", "2例", "", "发现 2 例不符合标准，得 0 分"),
    (定性, "10", "", "达成", "", "属于“达成”档（权重的 80% 至 100%），按下限：10 分 × 80% = 8 分"),
]  # fmt: skip


def _score(rule: str, weight: str, target: str, actual: str, elements: str = "") -> Score:
    root, findings = read_nodes(rule.encode(), "x")
    leaf = Indicator(
        code="A1",
        name="指标",
        weight=Fraction(weight),
        level=1,
        rule=read_rule(Form("x", findings), root),
        target=parse_target(target) if target else None,
    )
    assert findings == []
    scheme = Scheme(id="x", title="", kind=Kind.EVALUATION, source="", layout="", indicators=(leaf,))
    rows = {}
    for number, said in enumerate(elements.split(), 1):
        met = {"是": True, "否": False}.get(said)
        rows[f"A1.{number}"] = ElementRow(code=f"A1.{number}", met=met, value="" if met is not None else said)
    data = EvaluationData(indicators={"A1": IndicatorRow(code="A1", actual=actual)}, elements=rows)
    (score,) = score_evaluation(scheme, data).scores
    return score


@pytest.mark.parametrize(("rule", "weight", "target", "actual", "elements", "formula"), FORMULAS)
def test_计算过程(rule: str, weight: str, target: str, actual: str, elements: str, formula: str) -> None:
    assert _score(rule, weight, target, actual, elements).formula == formula


@pytest.mark.parametrize(
    ("rule", "target", "actual", "lost"),
    [
        ("quantitative_in_proportion", "≤20%", "23.98%", "实际值 23.98%，高于目标 ≤20%"),
        ("completion_rate_times_weight", "≤100万元", "125万元", "实际值 125万元，高于目标 ≤100万元"),
        ("quantitative_in_proportion", "≥33333人", "30437人", "完成 30437人，目标 ≥33333人，完成率 91.31%"),
        ("all_or_nothing", "=100%", "99.99%", "实际值 99.99%，低于目标 =100%"),
        ("all_or_nothing", "≥95%", "90%", "实际值 90%，未达到目标 ≥95%"),
    ],
)
def test_扣分原因(rule: str, target: str, actual: str, lost: str) -> None:
    assert _score(yaml.safe_dump({"type": rule}), "10", target, actual).reason == lost


def test_算式都成立_比较和得分之间不写等号() -> None:
    """Every case of the case tables: what stands left of the result is arithmetic, and it gives the result."""
    checked = 0
    for case in all_cases():
        formula = case.result().scores[0].formula
        sums = re.findall(r"([^：；，]*) [=≈] (-?[0-9.]+) 分", formula)
        for left, right in sums:
            assert re.fullmatch(r"[0-9.()%+−×÷/ 分]+", left), formula
            if "/" not in left and not right.startswith("-"):
                assert wrong_sums(f"{left.replace(' 分', '')} = {right}") == [], formula
                checked += 1
        assert formula == "" or sums or re.search("得满分|得 0 分|得 [0-9.]+ 分|给出|得分：", formula), formula
    assert checked > 100


def test_得分以外的等号只在目标值里() -> None:
    for case in all_cases():
        formula = case.result().scores[0].formula
        for target in re.findall(r"目标 =[^，：]*", formula):
            formula = formula.replace(target, "")
        assert all(re.match(r"[=≈] -?[0-9.]+(%| 分)", formula[at:]) for at in _signs(formula)), formula


def _signs(text: str) -> list[int]:
    return [at for at, char in enumerate(text) if char in "=≈"]
