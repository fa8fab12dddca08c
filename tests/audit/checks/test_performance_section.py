"""决算公开的预算绩效部分：项目个数、资金、等级与所附的自评表和报告；照抄的报告、与资金相反的结论。"""

from collections.abc import Callable, Iterator

import pytest

from tuodi.audit.checks.accounts.performance_money import (
    check_carried_over,
    check_expenditure_accounted,
    check_initial_budget,
    check_spent_told,
    check_verdict,
    check_whole_department,
)
from tuodi.audit.checks.accounts.performance_section import (
    check_department_evaluation,
    check_grades_against_scores,
    check_grades_told,
    check_number_of_projects,
    check_share_of_projects,
)
from tuodi.audit.checks.accounts.self_table_names import check_forms_against_reports
from tuodi.audit.material import Material
from tuodi.audit.paper.text_file import read_text
from tuodi.audit.remark import Remark

Check = Callable[[Material], Iterator[Remark]]

SPENDING = """\
支出决算表
金额单位：元

科目编码\t科目名称\t本年支出合计\t基本支出\t项目支出
合计\t\t2000000.00\t500000.00\t1500000.00
210\t卫生健康支出\t2000000.00\t500000.00\t1500000.00
2101501\t行政运行\t2000000.00\t500000.00\t1500000.00

"""
CLOSING = """\
收入支出决算总表
金额单位：元

项目\t行次\t决算数\t项目\t行次\t决算数
年初结转和结余\t1\t\t年末结转和结余\t3\t{closing}
总计\t2\t2000000.00\t总计\t4\t2000000.00

"""
REPORT = """\
项目支出绩效评价报告

一、基本情况

项目资金投入{budget}，实际支出金额{spent}，{fate}。

三、评价结论

综合结论为自评等级{grade}。

四、绩效评价指标分析

1、服务对象满意度指标：救助对象满意度为{satisfied}。

"""
FORM = """\
项目支出绩效自评表

项目名称\t{name}\t\t\t\t\t\t
\t\t年初预算数\t全年预算数\t全年执行数\t分值\t执行率\t得分
项目资金（万元）\t年度资金总额\t{budget}\t{budget}\t{spent}\t10\t\t
一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\t偏差原因
满意度指标\t服务对象满意度指标\t救助对象满意度\t≥85%\t{actual}\t90\t{score}\t
总分\t\t\t\t\t100\t{score}\t

"""


def reports(first: str = "良", second: str = "优", *, fate: str = "年底完成", spent: str = "90万元") -> str:
    return REPORT.format(budget="100万元", spent=spent, fate=fate, grade=first, satisfied="92%") + REPORT.format(
        budget="50万元", spent="50万元", fate="年底完成", grade=second, satisfied="91%"
    )


def forms(first: str = "85", second: str = "95", *, actual: str = "92%", spent: str = "90") -> str:
    return FORM.format(name="住院救助", budget="100", spent=spent, actual=actual, score=first) + FORM.format(
        name="门诊救助", budget="50", spent="50", actual="91%", score=second
    )


def told(check: Check, text: str) -> list[tuple[str, str, str]]:
    return [(each.rule, each.stated, each.expected) for each in check(Material(read_text("x", text)))]


SAID = "组织开展了绩效自评，涵盖二级项目{count}个，共涉及资金{money}元，占项目支出总额的{share}%。\n\n"


@pytest.mark.parametrize(
    ("case", "count", "money", "found"),
    [
        ("相符", 2, "1500000", []),
        ("个数少一", 1, "1500000", [("items-differ", "1", "2")] * 2),
        ("金额不等", 2, "1400000", [("value-told-twice", "1400000元", "1500000元")] * 2),
    ],
)
def test_项目个数和资金(case: str, count: int, money: str, found: list[tuple[str, str, str]]) -> None:
    text = SAID.format(count=count, money=money, share="100") + reports() + forms()
    assert told(check_number_of_projects, text) == found, case


def test_有报告没有自评表() -> None:
    third = REPORT.format(budget="2万元", spent="1万元", fate="年底完成", grade="良", satisfied="90%")
    assert told(check_number_of_projects, reports() + third + forms()) == [("items-differ", "2", "3")]


@pytest.mark.parametrize(("share", "found"), [("100", []), ("90", [("share-differs", "90%", "100.00%")])])
def test_占项目支出(share: str, found: list[tuple[str, str, str]]) -> None:
    assert told(check_share_of_projects, SPENDING + SAID.format(count=2, money="1500000", share=share)) == found


def test_部门评价的个数_金额_列名() -> None:
    said = "（四）部门评价情况\n\n组织对2个二级项目开展了部门评价，涉及资金1500000元。\n\n"
    said += "《住院救助绩效评价报告》、《门诊救助绩效评价报告》（详见附件）。\n\n"
    same = reports().replace("项目支出绩效评价报告", "住院救助绩效评价报告", 1)
    assert told(check_department_evaluation, said + same) == []
    found = told(check_department_evaluation, said.replace("2个", "3个").replace("1500000元", "103000元") + reports())
    assert found == [
        ("items-differ", "3", "2"),
        ("reference-differs", "住院救助绩效评价报告", "项目支出绩效评价报告"),
    ]
    assert told(check_department_evaluation, said.replace("1500000元", "103000元") + same) == [
        ("value-told-twice", "103000元", "不小于 1500000元")
    ]


def test_等级个数() -> None:
    said = "1个项目自评等级为“优”，1个项目自评等级为“良”，0个项目自评等级为“中”，0个项目自评等级为“差”。\n\n"
    assert told(check_grades_told, said + reports() + forms()) == []
    assert told(check_grades_told, said + reports("中", "中") + forms("40", "95")) == [
        ("grade-differs", "1优1良0中0差", "2中"),
        ("grade-differs", "1优1良0中0差", "1优1差"),
    ]
    single = "一、项目资金投入100万元，综合结论为自评等级中。\n\n"
    assert told(check_grades_told, said + single) == [("grade-differs", "中", "0个项目自评等级为“中”")]


@pytest.mark.parametrize(("score", "found"), [("80", []), ("79.99", [("grade-differs", "良", "中")])])
def test_报告等级与自评表总分(score: str, found: list[tuple[str, str, str]]) -> None:
    assert told(check_grades_against_scores, reports() + forms(score)) == found


def test_文中印了分档就不按通行的分档说() -> None:
    assert told(check_grades_against_scores, "得分70分以上为“良”。\n\n" + reports() + forms("75")) == []


def test_整体支出的预算和执行口径不同() -> None:
    said = "整体支出绩效自评：全年预算数为1500000元，执行数为{}元，执行率为{}%。\n\n"
    assert told(check_whole_department, SPENDING + said.format("1400000", "93.33") + forms()) == []
    assert told(check_whole_department, SPENDING + said.format("1500000", "100") + forms()) == [
        ("scope-mixed", "1500000元", "1400000元")
    ]


@pytest.mark.parametrize(
    ("told_budget", "found"),
    [("1,500,000.00元", []), ("1,499,999.99元", [("value-told-twice", "1,499,999.99元", "不小于 1,500,000.00元")])],
)
def test_年初预算小于自评项目之和(told_budget: str, found: list[tuple[str, str, str]]) -> None:
    text = f"2022年度财政拨款支出年初预算{told_budget}，支出决算1,400,000.00元。\n\n"
    assert told(check_initial_budget, text + forms()) == found


@pytest.mark.parametrize(
    ("closing", "fate", "found"),
    [
        ("", "结转到下一年", [("text-against-table", "100,000.00元", "0.00元")]),
        ("100000.00", "结转到下一年", []),
        ("", "年底财政收回", []),
    ],
)
def test_结转与决算表(closing: str, fate: str, found: list[tuple[str, str, str]]) -> None:
    assert told(check_carried_over, CLOSING.format(closing=closing) + reports(fate=fate)) == found


def test_总体良好而等级都不是优良() -> None:
    said = "从评价结果来看，总体良好。\n\n"
    assert told(check_verdict, said + reports()) == []
    assert told(check_verdict, said + reports("中", "差")) == [("conclusion-against-data", "良好", "中、差")]


def test_支出舍入错() -> None:
    wrong = SPENDING.replace("500000.00\t1500000.00", "1900032.00\t99968.00")
    assert told(check_spent_told, wrong + reports(spent="10.00万元")) == []
    assert told(check_spent_told, wrong + reports(spent="9.99万元")) == [("value-told-twice", "9.99万元", "10.00万元")]


def test_自评表完成值与报告() -> None:
    assert told(check_forms_against_reports, reports() + forms()) == []
    assert told(check_forms_against_reports, reports() + forms(actual="0")) == [("value-told-twice", "0", "92%")]


def test_所有项目都自评而支出凑不齐() -> None:
    said = "组织对年初预算安排的所有项目开展了绩效自评。\n\n"
    table = SPENDING.replace("500000.00\t1500000.00", "600000.00\t1400000.00")
    assert told(check_expenditure_accounted, table + said + reports()) == []
    assert told(check_expenditure_accounted, SPENDING + said + reports()) == [
        ("text-against-table", "1,400,000.00元", "1,500,000.00元")
    ]
