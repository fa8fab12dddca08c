"""An evaluation of an invented county in which every kind of scoring rule stands once, for the workbook tests."""

from dataclasses import replace

from tuodi.evaluation.data import (
    ElementRow,
    EvaluationData,
    EvidenceRow,
    FigureRow,
    IndicatorRow,
    ProblemRow,
    ProjectItem,
)
from tuodi.evaluation.scheme import Scheme
from tuodi.evaluation.scheme_loader import parse_scheme
from tuodi.evaluation.scoring import Result, score_evaluation

_LEAVES = """
P1 | 1 | 3 |      | {type: checklist_equal_share, elements: [甲, 乙, 丙], extra: {name: 丁, share: "1/2"}}
P2 | 1 | 4 |      | {type: itemised_points, items: [{name: 甲, points: "2"}, {name: 乙, points: "2"}], deductions: [{name: 丙, points: "0.5"}], veto: 丁}
P3 | 1 | 6 |      | {type: threshold_points, conditions: [{name: 甲, points: "3", target: "=100%"}, {name: 乙, points: "3", target: "≥95%"}]}
P4 | 1 | 3 |      | {type: all_or_nothing, elements: [甲, 乙]}
P5 | 1 | 4 | =12万元 | {type: all_or_nothing}
P6 | 1 | 2 |      | {type: rate_times_weight}
P7 | 1 | 8 |      | {type: survey_share_times_weight}
O1 | 2 | 6 | ≥33333人 | {type: completion_rate_times_weight}
O2 | 2 | 10 | ≥91% | {type: self_eval_completion, under_share: "0.025", over_share: "0.01"}
O3 | 2 | 4 | ≥95% | {type: step_deduction_absolute, step: "5", points: "1"}
O4 | 2 | 6 | ≥70% | {type: step_deduction_share_of_weight, step: "10", share: "0.20"}
O5 | 2 | 8 | ≥80% | {type: deduct_share_per_point, share: "0.05"}
O6 | 2 | 5 | ≥70% | {type: linear_shortfall}
O7 | 2 | 4 | ≥90% | {type: threshold_else_rate_times_weight}
O8 | 2 | 3 | ≤18天 | {type: quantitative_in_proportion}
E1 | 3 | 3 | 扩大 | {type: three_tier, full: {condition: 明显扩大}, pass: {condition: 持平, words: [没有变化]}, zero: {condition: 缩小}, pass_share: "0.6"}
E2 | 3 | 4 | ≥85% | {type: three_tier_numeric, pass_share: "0.6"}
E3 | 3 | 5 | ≤15% | {type: piecewise_percent_scale, full_to: "15", pass_at: "16", pass_mark: "60"}
E4 | 3 | 4 | ≥90% | {type: banded_satisfaction, bands: [{from: "90", give: 满分}, {from: "60", rate_times: "3"}, {from: "0", points: "0"}]}
E5 | 3 | 2 | =0例 | {type: zero_tolerance}
E6 | 3 | 2 | 有效 | {type: qualitative_unquantified}
E7 | 3 | 2 | 有效 | {type: declared_share_deduction}
E8 | 3 | 2 | 有效 | {type: qualitative_bands, bands: [{name: 达到, from: "0.80", to: "1"}, {name: 未达到, from: "0", to: "0.80"}]}
"""  # noqa: E501
_MEASURES = {
    "P6": "{kind: rate, of: [支出], base: [预算, 结转], places: 2}",
    "P7": '{kind: index, of: [很满意, 满意, 一般], weights: ["1", "0.8", "0.6"], places: 2}',
    "O6": "{kind: mean, of: [甲村, 乙村, 丙村], places: 2}",
    "E3": "{kind: saved, of: [支出], base: [预算], places: 2}",
}
_GROUPS = {"1": ("过程", "30"), "2": ("产出", "46"), "3": ("效益", "24")}


def scheme_text() -> str:
    """Return the scheme file."""
    lines = [
        "schema: tuodi-scheme/1", "id: all-rules", "title: 云岭县医疗救助绩效评价", "kind: evaluation",
        "source: 虚构", "layout: self-generic", "grades:", '  - {name: 优, from: "90"}', '  - {name: 良, from: "80"}',
        '  - {name: 中, from: "60"}', '  - {name: 差, from: "0"}',
        "funds: {budget: 预算, spent: 支出}",
        'fund_row: {code: R0, name: 执行率, weight: "0", initial: 预算, annual: 预算, executed: 支出, counts: false}',
        "indicators:",
    ]  # fmt: skip
    for group, (name, weight) in _GROUPS.items():
        lines += [f"  - code: G{group}", f"    name: {name}", f'    weight: "{weight}"', "    children:"]
        lines += [f"      - code: G{group}.1", f"        name: {name}指标", f'        weight: "{weight}"']
        lines += ["        children:"]
        for line in _LEAVES.strip().splitlines():
            code, own, points, target, rule = (part.strip() for part in line.split("|", 4))
            if own != group:
                continue
            lines += [f"          - code: {code}", f"            name: 指标{code}", f'            weight: "{points}"']
            lines += [f'            target: "{target}"'] if target else []
            lines += [f"            measure: {_MEASURES[code]}"] if code in _MEASURES else []
            lines += [f"            rule: {rule}"]
    return "\n".join(lines) + "\n"


def scheme() -> Scheme:
    """Return the scheme."""
    found, findings = parse_scheme(scheme_text().encode(), "all-rules.yaml")
    assert found is not None, [finding.sentence() for finding in findings]
    return found


_ACTUALS = {
    "P5": "12万元", "O1": "30437人", "O2": "100%", "O3": "90.56%", "O4": "55.5%", "O5": "77.87%", "O7": "78.43%",
    "O8": "20天", "E1": "没有变化", "E2": "85%", "E4": "89.99%", "E5": "0例", "E7": "不足", "E8": "达到",
}  # fmt: skip
_AWARDED = {"E6": "1.5", "E7": "1/3", "E8": "90%"}
_ELEMENTS = {
    "P1.1": "是", "P1.2": "否", "P1.3": "是", "P1.4": "是", "P2.1": "是", "P2.2": "是", "P2.3": "1", "P2.4": "0",
    "P3.1": "100%", "P3.2": "94.9%", "P4.1": "是", "P4.2": "是",
}  # fmt: skip
_FIGURES = {
    "预算": ("10220400.00", "元"), "结转": ("1000000.00", "元"), "支出": ("9255900.00", "元"), "很满意": ("92", "人"),
    "满意": ("26", "人"), "一般": ("4", "人"), "甲村": ("71.5%", ""), "乙村": ("68.23%", ""), "丙村": ("62.1%", ""),
}  # fmt: skip


def data() -> EvaluationData:
    """Return the data: each rule gives a score of its own, most of them not the full weight."""
    codes = dict.fromkeys([*_ACTUALS, *_AWARDED])
    indicators = {
        code: IndicatorRow(code=code, actual=_ACTUALS.get(code, ""), awarded=_AWARDED.get(code, ""), reason="如实填写")
        for code in codes
    }
    elements = {
        code: ElementRow(code=code, met=True if said == "是" else False if said == "否" else None,
                         value="" if said in "是否" else said, finding=f"查到{code}")
        for code, said in _ELEMENTS.items()
    }  # fmt: skip
    return EvaluationData(
        project=(ProjectItem(item="项目名称", value="医疗救助"), ProjectItem(item="评价年度", value="2024")),
        indicators=indicators,
        elements=elements,
        figures={name: FigureRow(name=name, value=value, unit=unit) for name, (value, unit) in _FIGURES.items()},
        evidence={
            "1": EvidenceRow(number="1", title="付款凭证", voucher="记-8", amount="1000000.00"),
            "2": EvidenceRow(number="2", title="花名册"),
        },
        problems=(ProblemRow(codes=("P1", "O3"), problem="执行慢", cause="申报晚", advice="按月申报", due="2025-06"),),
    )


def result() -> Result:
    """Return the result."""
    return score_evaluation(scheme(), data())


def with_actual(code: str, actual: str) -> EvaluationData:
    """Return the data with one actual value changed."""
    before = data()
    return replace(before, indicators={**before.indicators, code: replace(before.indicators[code], actual=actual)})


def with_awarded(code: str, awarded: str) -> EvaluationData:
    """Return the data with what the evaluator gave changed."""
    before = data()
    return replace(before, indicators={**before.indicators, code: replace(before.indicators[code], awarded=awarded)})


def with_figure(name: str, value: str) -> EvaluationData:
    """Return the data with one figure changed."""
    before = data()
    return replace(before, figures={**before.figures, name: replace(before.figures[name], value=value)})


def with_element(code: str, *, met: bool | None = None, value: str = "") -> EvaluationData:
    """Return the data with one element changed."""
    before = data()
    changed = replace(before.elements[code], met=met, value=value)
    return replace(before, elements={**before.elements, code: changed})
