"""决算公开表：表内加总、科目层次、表间勾稽；整表（制表符）和抽取后断行的表都能读。"""

from collections.abc import Callable, Iterator

import pytest

from tuodi.audit.checks.accounts.account_identities import (
    check_classes_agree,
    check_code_levels,
    check_economic_levels,
    check_other_information,
    check_row_parts,
    check_tables_agree,
    check_two_sides,
)
from tuodi.audit.material import Material
from tuodi.audit.paper.text_file import read_text
from tuodi.audit.remark import Remark
from tuodi.audit.statements.account_tables import table_of

Check = Callable[[Material], Iterator[Remark]]
CHECKS: tuple[Check, ...] = (
    check_code_levels,
    check_row_parts,
    check_economic_levels,
    check_two_sides,
    check_tables_agree,
    check_classes_agree,
    check_other_information,
)

WHOLE = """\
收入支出决算总表
金额单位：元

项目\t行次\t决算数\t项目\t行次\t决算数
一、一般公共预算财政拨款收入\t1\t100.00\t一、卫生健康支出\t5\t100.00
本年收入合计\t2\t100.00\t本年支出合计\t6\t100.00
年初结转和结余\t3\t\t年末结转和结余\t7\t
总计\t4\t100.00\t总计\t8\t100.00

支出决算表
金额单位：元

科目编码\t科目名称\t本年支出合计\t基本支出\t项目支出
合计\t\t100.00\t40.00\t60.00
210\t卫生健康支出\t100.00\t40.00\t60.00
21013\t医疗救助\t70.00\t20.00\t50.00
2101301\t城乡医疗救助\t70.00\t20.00\t50.00
21015\t医疗保障管理事务\t30.00\t20.00\t10.00
2101501\t行政运行\t30.00\t20.00\t10.00

一般公共预算财政拨款支出决算表
金额单位：元

科目编码\t科目名称\t小计\t基本支出\t项目支出
合计\t\t100.00\t40.00\t60.00
210\t卫生健康支出\t100.00\t40.00\t60.00

一般公共预算财政拨款支出决算明细表
金额单位：元

科目编码\t科目名称\t金额\t其中：基本支出\t科目编码\t科目名称\t金额\t其中：基本支出
301\t工资福利支出\t30.00\t30.00\t302\t商品和服务支出\t70.00\t10.00
30101\t基本工资\t30.00\t30.00\t30201\t办公费\t70.00\t10.00
人员经费合计\t\t30.00\t30.00\t公用经费合计\t\t70.00\t10.00

部门决算公开相关信息统计表
金额单位：元

项目\t行次\t采购金额
合计\t1\t50.00
货物\t2\t20.00
工程\t3\t
服务\t4\t30.00
（一）行政单位\t5\t10.00
"""

BROKEN = """\
 支出决算表

公开03表

部门名称：某区医疗保障局 2022年度  金额单位：元

项目
本年支出合计 基本支出 项目支出

上缴
上级
支出

功能分类
科目编码

栏次 1 2 3 4 5 6

合计 100.00 40.00 60.00    

210
卫生健康支
出

100.00 40.00 60.00    

21013 医疗救助 70.00  70.00    

2101301
城乡医疗救
助

70.00  70.00    

21015 医疗保障管理事务 30.00 40.00 -10.00    

注：本表反映部门本年度各项支出情况。
 一般公共预算财政拨款支出决算明细表

公开06表

金额单位：元

科目编码 科目名称 金额

其中：基本
支出 科目编码 科目名称 金额

301 工资福利支出 30.00 30.00302
商品和服务支
出

70.00 10.00307
债务利息及
费用支出

  

30101 基本工资 30.00 30.0030201 办公费 70.00  30701
国内债务付
息

 ──── 

人员经费合计 30.00 30.00 公用经费合计 70.00 10.00

注：本表反映明细情况。
"""  # noqa: W291, W293


def told(text: str) -> list[tuple[str, str, str]]:
    material = Material(read_text("x", text))
    return [(each.rule, each.stated, each.expected) for check in CHECKS for each in check(material)]


def test_勾稽相符的表没有发现() -> None:
    assert told(WHOLE) == []


@pytest.mark.parametrize(
    ("case", "old", "new", "found"),
    [
        ("款与项", "2101301\t城乡医疗救助\t70.00", "2101301\t城乡医疗救助\t70.01", "subtotal-differs 70.00 70.01"),
        ("类与款", "医疗救助\t70.00\t20.00\t50", "医疗救助\t71.00\t21.00\t50", "subtotal-differs 100.00 101.00"),
        ("基本加项目", "30.00\t20.00\t10.00", "30.00\t20.00\t11.00", "total-differs 30.00 31.00"),
        ("经济分类", "基本工资\t30.00\t30.00", "基本工资\t30.00\t29.00", "subtotal-differs 30.00 29.00"),
        ("人员经费合计", "合计\t\t30.00\t30.00", "合计\t\t30.00\t31.00", "total-differs 31.00 30.00"),
        ("总计两边", "总计\t8\t100.00", "总计\t8\t101.00", "total-differs 101.00 100.00"),
        ("总表与支出表", "合计\t6\t100.00", "合计\t6\t99.00", "table-against-table 100.00 99.00"),
        ("总表的类", "卫生健康支出\t5\t100.00", "卫生健康支出\t5\t90.00", "table-against-table 90.00 100.00"),
        ("采购分项", "货物\t2\t20.00", "货物\t2\t25.00", "total-differs 50.00 55.00"),
        ("机关运行经费", "行政单位\t5\t10.00", "行政单位\t5\t10.01", "table-against-table 10.01 10.00"),
    ],
)  # fmt: skip
def test_改坏一处就指出来(case: str, old: str, new: str, found: str) -> None:
    assert old in WHOLE, case
    assert tuple(found.split()) in told(WHOLE.replace(old, new)), case


def test_明细表合计与支出表基本支出不等() -> None:
    head, mark, rest = WHOLE.rpartition("合计\t\t100.00\t40.00\t60.00\n210\t卫生健康支出\t100.00\t40.00\t60.00\n")
    text = head + mark.replace("40.00\t60.00", "45.00\t55.00") + rest
    assert ("table-against-table", "40.00", "45.00") in told(text)


def test_万元表允许尾数误差() -> None:
    text = (
        "支出决算表\n单位：万元\n\n科目编码\t科目名称\t本年支出合计\t基本支出\t项目支出\n"
        "合计\t\t100.01\t40.00\t60.00\n210\t卫生健康支出\t100.01\t40.00\t60.00\n"
    )
    assert told(text) == []
    assert told(text.replace("100.01", "100.03")) == [("total-differs", "100.03", "100.00")] * 2


def test_断行的表按双空格认空格_粘连的编码分开() -> None:
    material = Material(read_text("x", BROKEN))
    spending = table_of(material.account_tables, "expenditure")
    detail = table_of(material.account_tables, "detail")
    assert spending is not None
    assert detail is not None
    row = spending.coded("2101301")
    assert row is not None
    assert (row.name, {column: figure.text for column, figure in row.amounts.items()}) == (
        "城乡医疗救助",
        {"total": "70.00", "project": "70.00"},
    )
    assert [(row.code, row.name, sorted(row.amounts)) for row in detail.rows] == [
        ("301", "工资福利支出", ["amount", "basic"]),
        ("302", "商品和服务支出", ["amount", "basic"]),
        ("307", "债务利息及费用支出", []),
        ("30101", "基本工资", ["amount", "basic"]),
        ("30201", "办公费", ["amount"]),
        ("30701", "国内债务付息", []),
        ("", "人员经费合计", ["amount", "basic"]),
        ("", "公用经费合计", ["amount", "basic"]),
    ]


def test_断行的表也算() -> None:
    assert told(BROKEN) == [("subtotal-differs", "10.00", "0.00")]


def test_空表照空表() -> None:
    text = (
        "国有资本经营预算财政拨款支出决算表\n单位：元\n\n科目编码\t科目名称\t合计\t基本支出\t项目支出\n"
        "合计\t\t\t\t\n\n说明：本表无数据\n"
    )
    assert told(text) == []
