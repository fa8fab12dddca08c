"""Full scores against compliance checks and against the indicator's own text."""

import pytest

from tuodi.audit.checks.sense.evidence import check_compliance, check_files, check_own_text
from tuodi.audit.material import Material
from tuodi.audit.paper.text_file import read_text

SCORES = """表1 指标得分情况
一级指标\t二级指标\t三级指标\t权重\t业绩值\t得分
过程\t组织实施\t管理制度健全性\t5\t{rules_is}\t{rules}
过程\t组织实施\t制度执行有效性\t5\t有效\t{kept}
过程\t资金管理\t资金使用合规性\t5\t合规\t5

"""


def told(check, text):
    """The rules a check tells, with the word it objects to."""
    return [(remark.rule, remark.stated) for remark in check(Material(read_text("x", text)))]


def scores(rules="5", kept="5", rules_is="健全"):
    """The score table."""
    return SCORES.format(rules=rules, kept=kept, rules_is=rules_is)


@pytest.mark.parametrize(
    ("case", "point", "answer", "found"),
    [
        ("制度不太完善", "制定有完善的业务管理制度", "不太完善", True),
        ("制度健全", "业务、财务管理制度是否健全", "健全", False),
        ("好事答否", "业务、财务管理制度是否健全", "否", True),
        ("好事答是", "业务、财务管理制度是否健全", "是", False),
        ("坏事答否", "资金使用是否存在截留、挪用", "否", False),
        ("坏事答存在", "资金使用是否存在截留、挪用", "存在", True),
        ("坏事答不存在", "资金不存在截留、挪用等情况", "不存在", False),
        ("没有对应的指标", "工作总结报送情况", "不及时", False),
    ],
)
def test_检查结果与满分(case, point, answer, found):
    table = f"表2 合规性检查表\n序号\t检查内容\t检查结果\t备注\n1\t{point}\t{answer}\t\n2\t合同是否规范\t规范\t\n"
    assert bool(told(check_compliance, scores() + table)) is found


def test_对应的指标扣了分时不判():
    table = (
        "表2 合规性检查表\n序号\t检查内容\t检查结果\t备注\n1\t业务管理制度是否健全\t不健全\t\n2\t合同是否规范\t规范\t\n"
    )
    assert told(check_compliance, scores(rules="5") + table) == [("full-score-against-evidence", "不健全")]
    assert told(check_compliance, scores(rules="4") + table) == []


@pytest.mark.parametrize(
    ("case", "rules", "rules_is", "expected"),
    [
        ("业绩值不够健全，满分", "5", "不够健全", [("full-score-against-evidence", "不够健全")]),
        ("业绩值不够健全，扣分", "4", "不够健全", []),
        ("业绩值健全，满分", "5", "健全", []),
    ],
)
def test_业绩值与满分(case, rules, rules_is, expected):
    assert told(check_own_text, scores(rules=rules, rules_is=rules_is)) == expected


@pytest.mark.parametrize(
    ("case", "words", "expected"),
    [
        ("写明缺失", "支付附件缺失名单。", [("full-score-against-evidence", "支付附件缺失名单")]),
        ("否认", "未发现资料缺失情况。", []),
        ("只是指标的含义", "该指标主要考核制度是否存在不健全的情况。", []),
    ],
)
def test_评分过程与满分(case, words, expected):
    text = f"（1）B22制度执行有效性（4分）：{words}该指标满分4分，得4分。\n"
    assert told(check_own_text, text) == expected


def test_一处说资料规范一处说不完善():
    text = (
        "（1）B22制度执行有效性（4分）：抽查发现资料归档不完善。该指标满分4分，得{0}分。\n\n"
        "（2）B23项目质量可控性（3分）：责任明确，资料规范。该指标满分3分，得3分。\n"
    )
    assert told(check_files, text.format(3)) == [("full-score-against-evidence", "资料规范")]
    assert told(check_files, text.format(4)) == []
