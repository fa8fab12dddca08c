"""Scores, weights and names told in several places of one evaluation."""

import pytest

from tuodi.audit.checks.scores.scores import check_group_scores, check_names, check_told_twice, check_totals
from tuodi.audit.checks.scores.spoken_totals import check_overall_score
from tuodi.audit.material import Material
from tuodi.audit.paper.text_file import read_text

TABLE = "表1 得分\n三级指标\t权重\t得分\nA11{name}\t4\t{score}\nA12立项程序规范性\t6\t6\n\n"
UNCODED = "表1 得分\n三级指标\t权重\t得分\n预算执行率\t4\t3\n资金到位率\t6\t6\n\n"


def told(check, text):
    """The rules a check tells, with what is stated and expected."""
    return [(remark.rule, remark.stated, remark.expected) for remark in check(Material(read_text("x", text)))]


def table(name="立项依据充分性", score="3"):
    """A score table of two indicators."""
    return TABLE.format(name=name, score=score)


@pytest.mark.parametrize(
    ("case", "sentence", "expected"),
    [
        ("两处相同", "该指标满分4分，得3分。", []),
        ("得分不同", "该指标满分4分，得2.5分。", [("score-told-twice", "2.5", "3")]),
        ("权重不同", "该指标满分5分，得3分。", [("weight-told-twice", "5", "4")]),
        ("写法不同的同一数", "该指标满分4.00分，得3.00分。", []),
    ],
)
def test_两处的得分和权重(case, sentence, expected):
    assert told(check_told_twice, table() + f"（1）A11立项依据充分性：有一项不足。{sentence}\n") == expected


def test_权重和得分同样写错只说一次():
    text = table() + "（1）A11立项依据充分性：有一项不足。该指标满分5分，得5分。\n"
    same = text.replace("\t4\t3\n", "\t4\t4\n")
    assert told(check_told_twice, same) == [("weight-told-twice", "5", "4")]
    assert [each[0] for each in told(check_told_twice, text)] == ["weight-told-twice", "score-told-twice"]


@pytest.mark.parametrize(
    ("case", "words", "count"),
    [("上年", "上年得分85.5分，等级为良", 0), ("以前年度", "2022年度综合得分85.5分，等级为良", 0),
     ("本年", "2023年度综合得分85.5分，等级为良", 1), ("没有写年度", "综合得分85.5分，等级为良", 1)],
)  # fmt: skip
def test_总分两处不同(case, words, count):
    text = f"甲县2023年医疗救助绩效评价报告\n\n综合得分90分，等级为优。\n\n{words}。\n"
    assert len(told(check_totals, text)) == count
    assert len(told(check_overall_score, text)) == count


def test_没有编号时按名称对():
    text = UNCODED + "对于“预算执行率”：支付较慢。该指标满分4分，得2分。\n"
    assert told(check_told_twice, text) == [("score-told-twice", "2", "3")]


def test_没有列入表中的指标另起一项():
    text = (
        UNCODED + "对于“预算执行率”：支付较慢。该指标满分4分，得3分。\n\n"
        "对于“资金到账率”：全部到位。该指标满分6分，得6分。\n"
    )
    assert told(check_told_twice, text) == []


@pytest.mark.parametrize(
    ("case", "name", "expected"),
    [
        ("相同", "立项依据充分性", []),
        ("不同", "项目依据充分性", [("name-told-twice", "立项依据充分性", "项目依据充分性")]),
        ("多了引号", "“立项依据充分性”", []),
    ],
)
def test_同一编号的名称(case, name, expected):
    text = table(name) + "（1）A11立项依据充分性：有一项不足。该指标满分4分，得3分。\n"
    assert told(check_names, text) == expected


@pytest.mark.parametrize(
    ("case", "parent", "expected"), [("相符", "9", []), ("不符", "8", [("scores-differ", "8", "9")])]
)
def test_上级得分(case, parent, expected):
    text = (
        "表1 得分\n一级指标\t三级指标\t权重\t得分\nA1项目立项\t\t10\t"
        + parent
        + "\n\tA11立项依据充分性\t4\t3\n\tA12立项程序规范性\t6\t6\n"
    )
    assert told(check_group_scores, text) == expected


@pytest.mark.parametrize(
    ("case", "total", "expected"),
    [
        ("少 0.01", "90.70", [("score-told-twice", "90.70分", "90.71")]),
        ("相同", "90.71", []),
        ("写法不同", "90.710", []),
    ],
)
def test_总分(case, total, expected):
    text = (
        "表1 得分\n一级指标\t权重\t得分\n决策\t20\t18\n过程\t20\t17\n产出\t30\t30\n"
        "效益\t30\t25.71\n合计\t100\t90.71\n\n"
        f"经评价，项目综合得分{total}分，评价等级为“优”。\n"
    )
    assert told(check_totals, text) == expected
