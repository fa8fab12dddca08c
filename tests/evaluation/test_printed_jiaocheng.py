"""交城县 2024 年：印出的 22 项得分由规则和资料得出；改一个输入，得分随之改变（期望值为手算）。"""

from fractions import Fraction

import pytest

from tests.evaluation.input_changes import Change, after, score_of, scoring_inputs, shown, with_change
from tests.evaluation.printed_tables import as_scored, printed, read, scored
from tuodi.evaluation.data_checks import data_findings
from tuodi.evaluation.execution import execution
from tuodi.evaluation.links import link_findings
from tuodi.evaluation.scoring import score_evaluation

ID = "jiaocheng-2024"

GROUPS = {
    "A": ("18", "90.00"), "B": ("17", "85.00"), "C": ("30", "100.00"), "D": ("25.71", "85.70"),
    "A1": ("6", "100.00"), "A2": ("4", "66.67"), "A3": ("8", "100.00"), "B1": ("9", "90.00"), "B2": ("8", "80.00"),
    "C1": ("12", "100.00"), "C2": ("6", "100.00"), "C3": ("6", "100.00"), "C4": ("6", "100.00"),
    "D1": ("16.71", "92.83"), "D2": ("3", "50.00"), "D3": ("6", "100.00"),
}  # fmt: skip

CHANGES = [
    Change("indicators", "C21", "actual", "60%", "C21", "4.8"),
    Change("indicators", "C21", "actual", "59.9%", "C21", "3.6"),
    Change("indicators", "C21", "actual", "＞60%", "C21", None),
    Change("indicators", "C31", "actual", "99%", "C31", "0"),
    Change("indicators", "C41", "actual", "1例", "C41", "0"),
    Change("indicators", "D21", "awarded", "1/3", "D21", "2"),
    Change("elements", "C11.1", "value", "99.99%", "C11", "3"),
    Change("elements", "C11.2", "value", "94.99%", "C11", "3"),
    Change("figures", "预算资金", "value", "12775500.00", "B11", "1.6"),
    Change("figures", "到位资金", "value", "9255900.00", "B12", "4"),
    Change("figures", "到位资金", "value", "9255900.00", "B11", "1.81"),
    Change("figures", "支出资金", "value", "9709380.00", "B12", "4"),
    Change("figures", "支出资金", "value", "9198360.00", "B12", "3"),
    Change("figures", "支出资金", "value", "9197337.96", "B12", "2"),
    Change("figures", "第1题：熟悉", "value", "31", "D13", "4.84"),
    Change("figures", "第1题：一般了解", "value", "179", "D13", "6"),
    Change("figures", "第1题：不清楚", "value", "0", "D13", "6"),
    Change("figures", "报销流程简便性满意度", "value", "86.36", "D31", "6"),
    Change("figures", "报销流程简便性满意度", "value", "86.32", "D31", "2.7"),
    Change("figures", "救助疾病范围满意度", "value", "83.97", "D31", "2.7"),
    Change("figures", "减轻医疗负担满意度", "value", "81.91", "D31", "2.7"),
    Change("figures", "资格认定合理性满意度", "value", "83.14", "D31", "2.7"),
]

WITHOUT_ONE_ELEMENT = {
    "A11.1": "2.4", "A11.2": "2.4", "A11.3": "2.4", "A11.4": "2.4", "A11.5": "2.4", "A12.1": "2", "A12.2": "2",
    "A12.3": "2", "A21.1": "2.25", "A21.2": "2.25", "A21.3": "2.25", "A21.4": "2.25", "A21.5": "1.5", "A22.1": "0",
    "A22.4": "0", "A31.1": "3.75", "A31.2": "3.75", "A31.3": "3.75", "A31.4": "3.75", "A32.1": "1.5", "A32.2": "1.5",
    "B13.1": "3", "B13.2": "3", "B13.3": "3", "B13.4": "3", "B22.1": "2", "B22.2": "2", "B23.3": "0", "C12.1": "0",
    "D11.1": "0", "D12.1": "0",
}  # fmt: skip
WITH_ONE_MORE = {"A22.2": "2", "A22.3": "2", "B23.1": "3", "B23.2": "3"}
CAPPED = ("B21.1", "B21.2", "B21.3")


def test_每个指标的得分与印出的相同() -> None:
    assert as_scored(scored(ID)) == printed(ID)


def test_资料和方案没有可指出的问题() -> None:
    assert [*data_findings(read(ID)[1]), *scored(ID).findings] == []


def test_各级得分和得分率() -> None:
    found = {group.indicator.code: (shown(group.points), group.rate) for group in scored(ID).groups}
    assert found == GROUPS


def test_总分和等级() -> None:
    result = scored(ID)
    assert (result.total, result.grade) == (Fraction("90.71"), "优")


@pytest.mark.parametrize(
    ("total", "grade"),
    [("100", "优"), ("90", "优"), ("89.99", "良"), ("80", "良"), ("79.99", "中"), ("60", "中"), ("59.99", "差")],
)
def test_等级按印出的分数段(total: str, grade: str) -> None:
    assert read(ID)[0].grade_of(Fraction(total)) == grade


def test_比率由分子分母算出() -> None:
    result = scored(ID)
    parts = {code: score_of(result, code).computed for code in ("B11", "B12", "D13", "D31")}
    shown = {code: (str(each.value), each.numerator, each.denominator) for code, each in parts.items() if each}
    assert shown == {
        "B11": ("100%", 10220400, 10220400),
        "B12": ("90.56%", 9255900, 10220400),
        "D13": ("78.43%", 80, 102),
        "D31": ("92.04%", None, None),
    }


def test_规则有缺陷或推不出的在说明中写明() -> None:
    noted = {each.indicator.code for each in scored(ID).scores if each.note}
    assert noted == {"B21", "C21", "D12", "D13", "D21", "D31"}
    assert "合计3分" in score_of(scored(ID), "B21").note
    assert "无法从规则推出" in score_of(scored(ID), "D21").note
    assert "乘3分" in score_of(scored(ID), "D31").note


def test_每处扣分都有理由和问题() -> None:
    result, linked = scored(ID), {code for row in read(ID)[1].problems for code in row.codes}
    deducted = {each.indicator.code for each in result.scores if each.lost}
    assert deducted == {"A22", "B12", "B23", "D13", "D21"} == linked
    assert all(score_of(result, code).reason and score_of(result, code).evidence for code in deducted)


def test_当年资金加结转的执行率和结余的差额() -> None:
    found = execution(*read(ID))
    assert found.declared is not None and str(found.declared.value) == "90.56%"
    assert found.available is not None and str(found.available.value) == "23.65%"
    assert found.roll_forward is not None
    assert (shown(found.roll_forward.difference), found.roll_forward.unit) == ("46600", "元")


def test_问卷三题的人数_第三题合计99() -> None:
    counts = [int(row.count) for row in read(ID)[1].surveys]
    assert [sum(counts[at : at + 3]) for at in (0, 3, 6)] == [102, 102, 99]


def test_业务制度检查不太完善却得满分() -> None:
    against = [each.value for each in link_findings(scored(ID)) if each.rule == "compliance-against-score"]
    assert against == ["B21 管理制度健全性、B22 制度执行有效性"]


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_改一个输入得分随之改变(change: Change) -> None:
    assert after(ID, change) == (change.points, change.by_printed_rule)


@pytest.mark.parametrize(("code", "points"), {**WITHOUT_ONE_ELEMENT, **WITH_ONE_MORE}.items())
def test_改一个要点得分随之改变(code: str, points: str) -> None:
    leaf = code.split(".")[0]
    assert after(ID, Change("elements", code, "met", code in WITH_ONE_MORE, leaf, points)) == (points, None)


def test_B21少一个分项仍得满分少两个得1分() -> None:
    scheme, data = read(ID)
    for code in CAPPED:
        data = with_change(data, "elements", code, "met", False)
        points = score_of(score_evaluation(scheme, data), "B21").points
        assert points == {"B21.1": 2, "B21.2": 1, "B21.3": 0}[code]


def test_每个输入都改过() -> None:
    changed = {(change.sheet, change.key, change.column) for change in CHANGES}
    changed |= {("elements", code, "met") for code in (*WITHOUT_ONE_ELEMENT, *WITH_ONE_MORE, *CAPPED)}
    assert changed == scoring_inputs(ID)
