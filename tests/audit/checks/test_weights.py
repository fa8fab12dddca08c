"""Weights and scores: children against parents, 100, each indicator's own marks."""

import pytest

from tuodi.audit.checks.scores.weights import check_each_indicator, check_levels, check_weight_total
from tuodi.audit.material import Material
from tuodi.audit.paper.text_file import read_text


def told(check, text):
    """The rules a check tells, with what is stated and expected."""
    return [(remark.rule, remark.stated, remark.expected) for remark in check(Material(read_text("x", text)))]


@pytest.mark.parametrize(
    ("case", "parent", "expected"),
    [
        ("少一分", "5", [("weights-differ", "5", "6")]),
        ("正好", "6", []),
        ("多一分", "7", [("weights-differ", "7", "6")]),
    ],
)
def test_下级权重(case, parent, expected):
    text = (
        "表1 指标体系\n二级指标\t权重\t三级指标\t权重\t得分\n"
        f"A1项目立项\t{parent}\tA11立项依据充分性\t3\t3\n\t\tA12立项程序规范性\t3\t3\nA2资金投入\t8\tA21预算编制科学性\t8\t8\n"
    )
    assert told(check_levels, text) == expected


@pytest.mark.parametrize(
    ("case", "last", "expected"),
    [
        ("合为 99", "29", [("weights-differ", "99", "100")]),
        ("合为 100", "30", []),
        ("合为 101", "31", [("weights-differ", "101", "100")]),
        ("只是一部分，不判", "9", []),
    ],
)
def test_权重合为一百(case, last, expected):
    text = (
        "表1 指标体系\n三级指标\t权重\t得分\n立项依据充分性\t20\t20\n预算执行率\t20\t20\n救助人次\t30\t30\n"
        f"救助对象满意度\t{last}\t9\n"
    )
    assert told(check_weight_total, text) == expected


@pytest.mark.parametrize(
    ("case", "score", "expected"),
    [
        ("等于满分", "4", []),
        ("高于满分", "4.01", [("score-above-weight", "4.01", "≤4")]),
        ("低于满分", "3.99", []),
    ],
)
def test_得分不高于满分(case, score, expected):
    text = f"表1 得分\n三级指标\t权重\t得分\n立项依据充分性\t4\t{score}\n预算执行率\t6\t6\n"
    assert told(check_each_indicator, text) == expected


@pytest.mark.parametrize(
    ("case", "sentence", "expected"),
    [
        ("减得对", "该指标满分5分，扣1.25分，得分3.75分。", []),
        ("减得不对", "该指标满分5分，扣1.25分，得分3.85分。", [("deduction-differs", "3.85分", "3.75分")]),
    ],
)
def test_满分减扣分(case, sentence, expected):
    assert told(check_each_indicator, f"（1）B22制度执行有效性：附件不全。{sentence}\n") == expected


@pytest.mark.parametrize(
    ("case", "rate", "expected"),
    [
        ("差 0.01 个百分点", "93.42%", [("score-rate-differs", "93.42%", "93.43%")]),
        ("四舍五入", "93.43%", []),
        ("只写一位", "93.4%", []),
    ],
)
def test_得分率(case, rate, expected):
    text = f"表1 得分\n三级指标\t权重\t得分\t得分率\n救助人次完成率\t35\t32.7\t{rate}\n预算执行率\t6\t6\t100%\n"
    assert told(check_each_indicator, text) == expected
