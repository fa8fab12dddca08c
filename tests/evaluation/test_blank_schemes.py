"""空白方案：虚构的甲县填一份工作簿就能全部得分（期望值为手算）。"""

from fractions import Fraction
from pathlib import Path

import pytest

from tests.evaluation.data_files import write_book
from tests.evaluation.input_changes import shown
from tuodi.evaluation.data import EvaluationData
from tuodi.evaluation.data_tables import read_data
from tuodi.evaluation.lint_system import lint_system
from tuodi.evaluation.scheme import Kind, Scheme
from tuodi.evaluation.scheme_library import known_evaluations, scheme_path
from tuodi.evaluation.scheme_loader import load_scheme
from tuodi.evaluation.scoring import Result, score_evaluation
from tuodi.kernel.finding import Severity

Sheets = dict[str, list[list[object]]]

BLANK = ("common", "unit-self", "unit-self-cost")
DIMENSIONS = {"数量", "质量", "时效", "成本", "社会效益", "可持续影响", "满意度"}
HEADER: list[object] = ["code", "target", "actual", "numerator", "denominator", "awarded", "reason"]

COMMON: Sheets = {
    "指标": [
        HEADER,
        ["B13", "", "0例", "", "", "", ""],
        ["C11", "≥3000人次", "2850人次", "", "", "", ""],
        ["D11", "≥80%", "", "72", "100", "", ""],
        ["D12", "≥70%", "71.5%", "", "", "", ""],
        ["D21", "≤15%", "", "", "", "", ""],
        ["D31", "≥90%", "86.4%", "", "", "", ""],
    ],
    "要点": [
        ["code", "met"],
        ["A11.1", "是"], ["A11.2", "是"], ["A11.3", "是"], ["A11.4", "是"], ["A11.5", "是"],
        ["A12.1", "是"], ["A12.2", "是"], ["A12.3", "否"],
        ["A21.1", "是"], ["A21.2", "是"], ["A21.3", "是"], ["A21.4", "否"],
        ["A31.1", "是"], ["A31.2", "是"], ["A31.3", "是"], ["A31.4", "是"],
        ["A32.1", "是"], ["A32.2", "否"],
        ["B21.1", "是"], ["B21.2", "是"],
    ],
    "基础数据": [
        ["name", "value"],
        ["定量的申报指标数", "6"], ["申报指标数", "10"],
        ["预算资金", "5000000.00"], ["到位资金", "4500000.00"], ["支出资金", "4050000.00"],
        ["本年末结转结余", "450000.00"],
        ["抽查合格件数", "57"], ["抽查件数", "60"],
        ["实际覆盖人数", "1980"], ["应覆盖人数", "2000"],
        ["质量达标件数", "97"], ["质量检查件数", "100"],
        ["按时办结件数", "285"], ["办结件数", "300"],
        ["实际成本", "110000.00"], ["计划成本", "100000.00"],
    ],
}  # fmt: skip

COMMON_SCORES = {
    "A11": "3", "A12": "2", "A21": "2.25", "A22": "2.57", "A31": "4", "A32": "2",
    "B11": "2.7", "B12": "4.5", "B13": "4", "B21": "4", "B22": "3.8",
    "C11": "4.75", "C12": "4.95", "C21": "7.76", "C31": "5.7", "C41": "5.45",
    "D11": "5.4", "D12": "6", "D21": "8", "D31": "9.6",
}  # fmt: skip

FUNDS: list[list[object]] = [["年初预算数", "5000000.00"], ["全年预算数", "4500000.00"], ["全年执行数", "4050000.00"]]
CHECKED: list[list[object]] = [["抽查准确件数", "59"], ["抽查件数", "60"], ["按时支付笔数", "285"], ["支付笔数", "300"]]
OUTPUTS: list[list[object]] = [
    ["1.1.1", "≥3000人次", "3300人次", "", "", "", ""],
    ["1.1.2", "≥2000人", "1980人", "", "", "", ""],
]

SELF: Sheets = {
    "指标": [
        HEADER,
        *OUTPUTS,
        ["1.4.1", "≤12元", "15元", "", "", "", ""],
        ["2.1.1", "≥80%", "72%", "", "", "", ""],
        ["2.1.2", "", "达成", "", "", "90%", "抽查访谈认可"],
        ["2.2.1", "", "部分达成", "", "", "", ""],
        ["3.1.1", "≥90%", "92%", "", "", "", ""],
    ],
    "基础数据": [["name", "value"], *FUNDS, *CHECKED],
}

SELF_SCORES = {
    "1.1.1": "10", "1.1.2": "9.9", "1.2.1": "9.83", "1.3.1": "9.5", "1.4.1": "8",
    "2.1.1": "9", "2.1.2": "9", "2.2.1": "6", "3.1.1": "10",
}  # fmt: skip

COST: Sheets = {
    "指标": [
        HEADER,
        *OUTPUTS,
        ["2.1.1", "≤12元", "15元", "", "", "", ""],
        ["2.2.1", "", "达成", "", "", "100%", "抽查访谈认可"],
        ["3.1.1", "≥80%", "72%", "", "", "", ""],
        ["3.1.2", "", "达成", "", "", "90%", "抽查访谈认可"],
        ["3.2.1", "", "部分达成", "", "", "70%", "抽查访谈认可"],
        ["4.1.1", "≥90%", "92%", "", "", "", ""],
    ],
    "基础数据": [["name", "value"], *FUNDS, *CHECKED, ["实际经办费用", "21000.00"], ["计划经办费用", "20000.00"]],
}

COST_SCORES = {
    "1.1.1": "10", "1.1.2": "9.9", "1.2.1": "9.83", "1.3.1": "9.5", "2.1.1": "8", "2.1.2": "4.76", "2.2.1": "5",
    "3.1.1": "7.2", "3.1.2": "6.3", "3.2.1": "3.5", "4.1.1": "10",
}  # fmt: skip


def _scheme(scheme_id: str) -> Scheme:
    scheme, findings = load_scheme(scheme_path(scheme_id), scheme_id)
    assert scheme is not None and findings == [], findings
    return scheme


def _filled(tmp_path: Path, scheme_id: str, sheets: Sheets) -> Result:
    project: Sheets = {"项目": [["item", "value"], ["项目名称", "甲县医疗救助"], ["被评价单位", "甲县医疗保障局"]]}
    data, findings = read_data(write_book(tmp_path / "data.xlsx", {**project, **sheets}))
    assert findings == []
    return score_evaluation(_scheme(scheme_id), data)


CASES = [
    ("common", COMMON, COMMON_SCORES, "92.43", "优"),
    ("unit-self", SELF, SELF_SCORES, "90.23", "优"),
    ("unit-self-cost", COST, COST_SCORES, "92.99", "优"),
]


@pytest.mark.parametrize(("scheme_id", "sheets", "scores", "total", "grade"), CASES, ids=BLANK)
def test_甲县填一份工作簿就全部得分(
    tmp_path: Path,
    scheme_id: str,
    sheets: Sheets,
    scores: dict[str, str],
    total: str,
    grade: str,
) -> None:
    result = _filled(tmp_path, scheme_id, sheets)
    assert {each.indicator.code: shown(each.points) for each in result.scores} == scores
    assert (result.total, result.grade) == (Fraction(total), grade)
    assert not [finding for finding in result.findings if finding.is_error]


@pytest.mark.parametrize(("scheme_id", "sheets"), [case[:2] for case in CASES], ids=BLANK)
def test_填完后定量指标不少于七成(tmp_path: Path, scheme_id: str, sheets: Sheets) -> None:
    scores = _filled(tmp_path, scheme_id, sheets).scores
    quantified = sum(each.inputs.target is not None and each.inputs.target.quantified for each in scores)
    assert len(scores) > 7
    assert quantified * 10 >= len(scores) * 7


@pytest.mark.parametrize(("scheme_id", "sheets"), [case[:2] for case in CASES], ids=BLANK)
def test_填完后指标体系没有可指出的问题(tmp_path: Path, scheme_id: str, sheets: Sheets) -> None:
    result = _filled(tmp_path, scheme_id, sheets)
    rules = {each.rule for each in lint_system(result.scheme, result.data) if each.severity is not Severity.INFO}
    assert rules == set()


@pytest.mark.parametrize("scheme_id", BLANK)
def test_各方面都有指标(scheme_id: str) -> None:
    assert {leaf.dimension for leaf in _scheme(scheme_id).leaves()} - {""} == DIMENSIONS


@pytest.mark.parametrize(
    ("scheme_id", "weights"),
    [("common", [20, 20, 30, 30]), ("unit-self", [10, 50, 30, 10]), ("unit-self-cost", [10, 40, 20, 20, 10])],
)
def test_一级权重(scheme_id: str, weights: list[int]) -> None:
    scheme = _scheme(scheme_id)
    fund = [scheme.fund_row.weight] if scheme.fund_row else []
    assert fund + [node.weight for node in scheme.indicators] == weights
    assert scheme.kind is (Kind.EVALUATION if scheme_id == "common" else Kind.SELF)


@pytest.mark.parametrize("scheme_id", BLANK)
def test_没有资料时没有总分且逐项说明缺什么(scheme_id: str) -> None:
    scheme = _scheme(scheme_id)
    result = score_evaluation(scheme, EvaluationData())
    assert (result.total, result.grade) == (None, None)
    assert all(any(leaf.code in finding.message for finding in result.findings) for leaf in scheme.leaves())


@pytest.mark.parametrize("scheme_id", BLANK)
def test_空白方案没有内置资料并注明出处未核实(scheme_id: str) -> None:
    assert scheme_id not in known_evaluations()
    assert any("核实" in note for note in _scheme(scheme_id).notes)
