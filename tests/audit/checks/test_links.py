"""Deductions, problems and recommendations of one paper against each other."""

import pytest

from tuodi.audit.checks.sense.links import (
    check_advice,
    check_listed_deductions,
    check_nothing_found,
    check_unexplained,
    check_unpunished,
    check_words_of_score,
)
from tuodi.audit.material import Material
from tuodi.audit.paper.text_file import read_text
from tuodi.kernel.finding import Severity

TABLE = """表1 指标得分情况
一级指标\t二级指标\t三级指标\t权重\t得分
过程\t资金管理\t预算执行率\t10\t{execution}
过程\t组织实施\t管理制度健全性\t5\t{rules}
过程\t组织实施\t档案管理规范性\t5\t{files}
效益\t满意度\t救助对象满意度\t10\t{pleased}

"""


def told(check, text):
    """The rules a check tells, with the word it objects to."""
    return [(remark.rule, remark.stated) for remark in check(Material(read_text("x", text)))]


def paper(problems, *, execution="10", rules="5", files="5", pleased="10", advice=()):
    """A score table, the problems (all under one heading) and the recommendations."""
    lines = [TABLE.format(execution=execution, rules=rules, files=files, pleased=pleased), "六、存在的主要问题\n"]
    lines += [f"{problem}\n" for problem in problems]
    lines += ["七、相关建议\n", *(f"{each}\n" for each in advice)] if advice else ["七、附件\n"]
    return "\n".join(lines)


OTHER = "（二）救助信息尚未与民政部门共享。"


@pytest.mark.parametrize(
    ("case", "problem", "scores", "expected"),
    [
        ("满分，不必有问题", OTHER, {}, []),
        ("少 0.01 分而没有问题", OTHER, {"pleased": "9.99"}, [("deduction-without-problem", "9.99")]),
        ("按名称对上", "（一）预算执行率不高。", {"execution": "8"}, []),
        ("按题目对上", "（一）资金支付进度滞后，年末集中支付。", {"execution": "8"}, []),
        ("按题目对上：归档", "（一）部分资料跨年才归档。", {"files": "3"}, []),
        (
            "只提到满意度问卷，不是说满意度",
            "（一）满意度问卷显示，宣传不够。",
            {"pleased": "9"},
            [("deduction-without-problem", "9")],
        ),
        ("说满意度低，对上", "（一）救助对象满意度偏低。", {"pleased": "9"}, []),
    ],
)
def test_每项扣分都要有问题(case, problem, scores, expected):
    assert told(check_unexplained, paper([problem], **scores)) == expected


def test_没有问题一节的报告不判():
    assert told(check_unexplained, TABLE.format(execution="5", rules="5", files="5", pleased="10")) == []


@pytest.mark.parametrize(
    ("case", "problem", "scores", "expected"),
    [
        (
            "指标满分，问题点名",
            "（一）管理制度健全性不足。制度没有印发。",
            {},
            [("problem-without-deduction", "管理制度健全性不足")],
        ),
        ("扣了分，问题点名", "（一）管理制度健全性不足。制度没有印发。", {"rules": "4"}, []),
        ("同题目的指标满分", "（一）资金支付进度滞后。", {}, [("problem-without-deduction", "资金支付进度滞后")]),
        ("没有这个题目的指标", "（一）信息共享不够。", {}, []),
    ],
)
def test_问题对应的指标不应满分(case, problem, scores, expected):
    assert told(check_unpunished, paper([problem], **scores)) == expected


def test_同一问题说明的另一项扣了分时不判():
    text = paper(["（一）档案管理规范性不够，管理制度没有落实到位。"], files="4")
    assert told(check_unpunished, text) == []


@pytest.mark.parametrize(
    ("case", "sentence", "expected"),
    [
        ("列出的都扣了分", "本次评价主要在预算执行率、档案管理规范性等方面进行了扣分。", []),
        (
            "列出的一项是满分",
            "本次评价主要在预算执行率、管理制度健全性等方面进行了扣分。",
            [("problem-without-deduction", "管理制度健全性")],
        ),
        (
            "没有“等”而漏了一项",
            "本次评价在预算执行率、救助对象满意度两个方面进行了扣分。",
            [
                ("problem-without-deduction", "救助对象满意度"),
                ("deduction-without-problem", "预算执行率、救助对象满意度"),
            ],
        ),
        (
            "有“等”而漏了一项，只是提示",
            "本次评价在预算执行率、救助对象满意度等方面进行了扣分。",
            [("problem-without-deduction", "救助对象满意度")],
        ),
    ],
)
def test_列举扣分的句子(case, sentence, expected):
    text = paper([OTHER], execution="8", files="4") + "\n八、结论\n\n" + sentence
    found = list(check_listed_deductions(Material(read_text("x", text))))
    assert [(each.rule, each.stated) for each in found if each.severity is not Severity.INFO] == expected


@pytest.mark.parametrize(
    ("case", "score", "expected"),
    [
        ("写不扣分而少得", "3", [("conclusion-against-data", "不扣分")]),
        ("写不扣分而满分", "4", []),
    ],
)
def test_不扣分的分析(case, score, expected):
    text = f"（1）A11立项依据充分性（4分）：依据充分。根据评分标准，不扣分。该指标满分4分，得{score}分。\n"
    assert told(check_words_of_score, text) == expected


@pytest.mark.parametrize(
    ("case", "advice", "expected"),
    [
        ("条数相同", ["（一）加快支付。", "（二）共享信息。"], []),
        ("少一条建议", ["（一）加快支付。", "（二）共享信息。", "（三）完善制度。"], [("items-differ", "3")]),
    ],
)
def test_问题和建议的条数(case, advice, expected):
    text = paper(["（一）预算执行率不高。", OTHER], execution="8", advice=advice)
    assert told(check_advice, text) == expected


def test_写没有问题却扣了分():
    assert told(check_nothing_found, paper(["本次评价未发现问题。"], execution="8")) == [
        ("conclusion-against-data", "未发现问题")
    ]
    assert told(check_nothing_found, paper(["本次评价未发现问题。"])) == []
