"""Grades against the paper's own scale, and the scale itself."""

import pytest

from tuodi.audit.checks.scores.grades import check_grades, check_scale
from tuodi.audit.material import Material
from tuodi.audit.paper.text_file import read_text

SCALE = "等级分为四档：90（含）—100分为优，80（含）—90分为良，60（含）—80分为中，60分以下为差。\n\n"


def told(check, text):
    """What a check objects to, with what it expects."""
    return [(remark.stated, remark.expected) for remark in check(Material(read_text("x", text)))]


@pytest.mark.parametrize(
    ("case", "score", "grade", "expected"),
    [
        ("差一点到优", "89.99", "优", [("优", "良")]),
        ("刚好到优", "90", "优", []),
        ("刚好到优写良", "90", "良", [("良", "优")]),
        ("满分", "100", "优", []),
        ("及格线下", "59.99", "中", [("中", "差")]),
        ("及格线上", "60", "中", []),
    ],
)
def test_等级(case, score, grade, expected):
    assert told(check_grades, f"{SCALE}经评价，项目综合得分为{score}分，评价等级为“{grade}”。\n") == expected


@pytest.mark.parametrize(
    ("case", "words", "expected"),
    [
        ("上年的得分", "上年得分85.5分，等级为优", []),
        ("以前年度的得分", "2022年度综合得分85.5分，等级为优", []),
        ("本年的得分", "2023年度综合得分85.5分，等级为优", [("优", "良")]),
    ],
)
def test_别的年度的得分和等级(case, words, expected):
    title = "甲县2023年医疗救助绩效评价报告\n\n"
    assert told(check_grades, f"{title}{SCALE}综合得分90分，等级为优；{words}。\n") == expected


def test_没有等级标准时不判():
    assert told(check_grades, "经评价，项目综合得分为70分，评价等级为“优”。\n") == []


@pytest.mark.parametrize(
    ("case", "scale", "found"),
    [
        ("首尾相接", SCALE, False),
        ("85 到 90 之间是空档", SCALE.replace("80（含）—90分为良", "80（含）—85分为良"), True),
        ("重叠", SCALE.replace("80（含）—90分为良", "80（含）—95分为良"), True),
    ],
)
def test_等级标准(case, scale, found):
    assert bool(told(check_scale, scale)) is found
