"""阜康市 2024 年职工大额医疗补助：第三方评价 93.5 分、单位自评 88.37 分，逐项与报告印出的分数相同。"""

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

BOTH = ("fukang-2024", "fukang-2024-self")

# 附件1印出的得分率（只列扣了分的）
RATES = {
    "F2.2.2": "75.00", "F3.1.1": "91.33", "F3.1.2": "67.80", "F3.1.3": "96.60",
    "F4.1.1": "91.75", "F4.1.2": "95.88", "F4.1.3": "89.38", "F4.2.1": "81.50",
}  # fmt: skip
# 评分过程里写出的比率
ACTUAL = {
    "F2.1.1": "100%", "F2.1.2": "100%", "F3.1.1": "30437人", "F3.1.2": "4157人", "F3.1.3": "26280人",
    "F4.1.1": "91.8%", "F4.1.2": "95.9%", "F4.1.3": "77.87%", "F4.2.1": "91.31%",
}  # fmt: skip
CHANGES = [(name, each) for name in BOTH for each in changed_inputs(*read(name))]


@pytest.mark.parametrize("name", BOTH)
def test_每项指标的编码_名称_权重和得分与报告相同(name: str) -> None:
    assert as_scored(scored(name)) == printed(name)


@pytest.mark.parametrize(
    ("name", "total", "grade"), [("fukang-2024", "93.5", "优"), ("fukang-2024-self", "88.37", "良")]
)
def test_总分和等级(name: str, total: str, grade: str) -> None:
    result = scored(name)
    assert result.total is not None
    assert (plain(result.total), result.grade) == (total, grade)


def test_一级指标得分和得分率_表3_1() -> None:
    assert group_points(scored("fukang-2024"), 1) == {
        "F1": ("10", "100.00"),
        "F2": ("23.75", "95.00"),
        "F3": ("32.7", "93.43"),
        "F4": ("27.05", "90.17"),
    }


def test_二级指标的权重_附件1() -> None:
    scheme, _ = read("fukang-2024")
    weights = {node.code: plain(node.weight) for node in scheme.nodes() if node.level == 2}
    assert weights == {
        "F1.1": "3", "F1.2": "3.5", "F1.3": "3.5", "F2.1": "9", "F2.2": "16", "F3.1": "16",
        "F3.2": "5", "F3.3": "5", "F3.4": "9", "F4.1": "24", "F4.2": "6",
    }  # fmt: skip


@pytest.mark.parametrize(("code", "rate"), RATES.items())
def test_印出的得分率(code: str, rate: str) -> None:
    score = scored("fukang-2024").score_of(code)
    assert score is not None
    assert score.rate == rate


@pytest.mark.parametrize(("code", "actual"), ACTUAL.items())
def test_实际值由人数和金额算出(code: str, actual: str) -> None:
    score = scored("fukang-2024").score_of(code)
    assert score is not None
    assert score.computed is not None
    assert (score.row.actual, str(score.inputs.actual)) == ("", actual)


def test_资金行得10分并计入总分() -> None:
    fund = scored("fukang-2024-self").fund
    assert fund is not None
    assert fund.executed is not None
    assert (fund.points, fund.by_rule, str(fund.executed.value)) == (Fraction(10), None, "100%")


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("fukang-2024", "F2.2.4", "合计3分"),
        ("fukang-2024", "F3.3.1", "开工"),
        ("fukang-2024", "F4.1.1", "没有印评分规则"),
        ("fukang-2024", "F4.1.2", "没有印评分规则"),
        ("fukang-2024", "F4.2.1", "96.72%"),
        ("fukang-2024-self", "S1.1.1", "9.13 分"),
        ("fukang-2024-self", "S1.1.2", "6.78 分"),
        ("fukang-2024-self", "S1.1.3", "4.83 分"),
        ("fukang-2024-self", "S1.2.1", "10 分"),
    ],
)
def test_印出的规则有问题的指标有说明(name: str, code: str, words: str) -> None:
    score = scored(name).score_of(code)
    assert score is not None
    assert words in score.note


@pytest.mark.parametrize("name", BOTH)
def test_每个扣分都有理由_没有发现问题(name: str) -> None:
    result = scored(name)
    assert [score.indicator.code for score in result.scores if score.lost and not score.reason] == []
    assert result.findings == ()


@pytest.mark.parametrize(("name", "change"), CHANGES, ids=[f"{name} {change.name}" for name, change in CHANGES])
def test_改动任何一项数据_结果都会改变(name: str, change: Changed) -> None:
    scheme, data = read(name)
    before = answer(score_evaluation(scheme, data))
    assert any(answer(score_evaluation(scheme, each)) != before for each in change.variants)
