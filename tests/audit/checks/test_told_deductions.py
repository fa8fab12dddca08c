"""一段话里写的满分、扣分和得分。"""

import pytest

from tests.audit.checks.told import told
from tuodi.audit.auditor import remarks_on
from tuodi.audit.checks.scores.told_deductions import check_told_deductions
from tuodi.audit.checks.scores.weights import check_each_indicator
from tuodi.audit.paper.text_file import read_text

WRONG = [("deduction-differs", "3分", "2.5分")]


@pytest.mark.parametrize(
    ("case", "text", "expected"),
    [
        ("综上一句里没有扣分", "测算依据不充分，扣1.5分。综上，该指标满分4分，得分3分。", WRONG),
        ("算得对", "测算依据不充分，扣1.5分。综上，该指标满分4分，得分2.5分。", []),
        ("没有名称", "该指标满分4分，因测算依据不充分扣1.5分，得3分。", WRONG),
        ("两处扣分", "依据不足扣1分，口径不明扣0.5分，该指标满分4分，得分3分。", WRONG),
        ("两处扣分算得对", "依据不足扣1分，口径不明扣0.5分，该指标满分4分，得分2.5分。", []),
        ("又写共扣多少", "依据不足扣1分，口径不明扣0.5分，共扣1.5分，该指标满分4分，得分2.5分。", []),
        ("评分标准不是扣分", "该指标满分4分，每低1%扣1.5分，得分3分。", []),
        ("两个指标", "甲满分4分，扣1.5分，得3分；乙满分5分，得5分。", []),
    ],
)
def test_段落里的扣分(case: str, text: str, expected: list[tuple[str, str, str]]) -> None:
    assert told(check_told_deductions, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“预算编制科学性”指标满分4分，因测算依据不充分扣1.5分，得3分。", WRONG),
        ("“预算编制科学性”指标满分4分，因测算依据不充分扣1.5分，得2.5分。", []),
        ("预算编制科学性：指标分值4分，扣1.5分，实际得分3分。", WRONG),
    ],
)
def test_带名称的一行(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert told(check_each_indicator, text) == expected


def test_两种读法只说一次() -> None:
    paper = read_text("x", "“预算编制科学性”指标满分4分，扣1.5分，得3分。")
    assert [each.rule for each in remarks_on(paper)] == ["deduction-differs"]
