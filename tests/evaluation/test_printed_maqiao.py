"""马桥镇 2024 年医疗救助：29 个末级指标、四级体系，89.65 分，良；逐项与报告各表相同。"""

from fractions import Fraction

import pytest

from tests.evaluation.printed_tables import (
    Changed,
    answer,
    as_scored,
    changed_inputs,
    group_points,
    printed,
    read,
    scored,
)
from tuodi.evaluation.scoring import score_evaluation
from tuodi.kernel.quantity import plain

ID = "maqiao-2024"
CHANGES = list(changed_inputs(*read(ID)))


def test_每项指标的编码_名称_级次_权重和得分与报告相同() -> None:
    assert as_scored(scored(ID)) == printed(ID)
    assert len(printed(ID)) == 29


def test_总分和等级() -> None:
    result = scored(ID)
    assert result.total is not None
    assert (plain(result.total), result.grade) == ("89.65", "良")


@pytest.mark.parametrize(
    ("points", "grade"),
    [("90", "优"), ("89.99", "良"), ("80", "良"), ("79.99", "合格"), ("60", "合格"), ("59.99", "不合格")],
)
def test_四档等级的界限(points: str, grade: str) -> None:
    assert read(ID)[0].grade_of(Fraction(points)) == grade


def test_一级指标得分和得分率_表3_1_1() -> None:
    assert group_points(scored(ID), 1) == {
        "A": ("14.25", "71.25"),
        "B": ("19", "95.00"),
        "C": ("28", "93.33"),
        "D": ("28.4", "94.67"),
    }


def test_二级指标得分_B2按下级合计() -> None:
    points = {code: score for code, (score, _) in group_points(scored(ID), 2).items()}
    assert points == {
        "A1": "6", "A2": "3.25", "A3": "5", "B1": "7", "B2": "12", "C1": "10",
        "C2": "9", "C3": "7", "C4": "2", "D1": "16", "D2": "6", "D3": "6.4",
    }  # fmt: skip


def test_四级指标在三级指标之下() -> None:
    scheme, _ = read(ID)
    groups = {node.code: [child.code for child in node.children] for node in scheme.nodes() if node.level == 3}
    assert groups["B21"] == ["B211", "B212"]
    assert groups["B22"] == ["B221", "B222", "B223", "B224"]
    assert sum(1 for node in scheme.nodes() if node.level == 4) == 6


@pytest.mark.parametrize(
    ("code", "deducted"),
    [
        ("A21", "25%"), ("A22", "2/3"), ("A31", "25%"), ("A32", "50%"), ("B221", "50%"), ("C31", "40%"), ("D31", "40%"),
    ],
)  # fmt: skip
def test_扣分份额写在算式里_并有理由(code: str, deducted: str) -> None:
    score = scored(ID).score_of(code)
    assert score is not None
    assert f"(1 − {deducted})" in score.formula
    assert score.reason


@pytest.mark.parametrize(("code", "actual"), [("B11", "100%"), ("B12", "100%"), ("C41", "0%")])
def test_资金指标由金额算出(code: str, actual: str) -> None:
    score = scored(ID).score_of(code)
    assert score is not None
    assert score.computed is not None
    assert str(score.inputs.actual) == actual


@pytest.mark.parametrize("code", ["D11", "D21"])
def test_达到数值目标的不靠评价人给分(code: str) -> None:
    score = scored(ID).score_of(code)
    assert score is not None
    assert score.row.awarded == ""
    assert score.lost == 0


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("B221", "表3-3-2印2分"),
        ("D11", "得5分"), ("D12", "得5分"), ("D13", "得5分"), ("D14", "得5分"), ("D21", "得5分"),
    ],
)  # fmt: skip
def test_正文与表格矛盾的有说明(code: str, words: str) -> None:
    score = scored(ID).score_of(code)
    assert score is not None
    assert words in score.note


def test_没有发现问题() -> None:
    assert scored(ID).findings == ()


@pytest.mark.parametrize("change", CHANGES, ids=[change.name for change in CHANGES])
def test_改动任何一项数据_结果都会改变(change: Changed) -> None:
    scheme, data = read(ID)
    before = answer(score_evaluation(scheme, data))
    assert any(answer(score_evaluation(scheme, each)) != before for each in change.variants)
