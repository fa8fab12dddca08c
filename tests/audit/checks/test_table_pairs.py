"""表里的乘积、增长率、分类小计、调整数，以及两张表之间、文字与表之间的同一项。"""

from pathlib import Path

import pytest
import xlsxwriter

from tests.audit.checks.told import Check, told
from tuodi.audit.auditor import remarks_on
from tuodi.audit.checks.quotients.table_quotients import check_growth_columns
from tuodi.audit.checks.sums.table_groups import check_numbered_groups
from tuodi.audit.checks.sums.table_sums import check_adjusted_budgets, check_products, check_total_rows
from tuodi.audit.checks.told.table_pairs import check_same_items, check_told_counts, check_told_outlay
from tuodi.audit.checks.told.values import check_told_twice
from tuodi.audit.paper.model import Paper
from tuodi.audit.paper.workbook_file import read_workbook

Told = list[tuple[str, str, str]]
PRICES = """项目\t单价（元）\t数量（人）\t金额（元）
低保对象资助\t280\t1,250\t350,000
特困人员资助\t400\t320\t{}"""
SOURCES = """资金来源\t预算数
一、上级补助\t{}
中央财政\t200.00
省级财政\t130.00
二、县级配套\t80.00
合计\t{}"""
GROWTH = """项目\t2023年\t2024年\t增长率
住院\t500\t600\t{}
门诊\t100\t90\t{}"""
ADJUSTED = """项目\t年初预算\t调整数\t调整后预算
住院救助\t3,000,000.00\t-200,000.00\t2,800,000.00
门诊救助\t500,000.00\t120,000.00\t{}
合计\t3,500,000.00\t-80,000.00\t{}"""


@pytest.mark.parametrize(
    ("check", "table", "expected"),
    [
        (check_products, PRICES.format("138,000"), [("product-differs", "138,000", "128,000")]),
        (check_products, PRICES.format("128,000"), []),
        # 两行都不相乘：金额另有算法
        (check_products, PRICES.replace("350,000", "420,000").format("138,000"), []),
        (check_numbered_groups, SOURCES.format("320.00", "400.00"), [("subtotal-differs", "320.00", "330.00")]),
        (check_numbered_groups, SOURCES.format("330.00", "410.00"), []),
        # 合计不是各类相加，看不出是分类
        (check_numbered_groups, SOURCES.format("320.00", "500.00"), []),
        # 下面只是其中一部分
        (check_numbered_groups, SOURCES.replace("中央财政", "其中：中央").format("320.00", "400.00"), []),
        # 合计只加各类，不再加下面各项
        (check_total_rows, SOURCES.format("320.00", "400.00"), []),
        (check_growth_columns, GROWTH.format("25%", "-10%"), [("growth-differs", "25%", "20%")]),
        (check_growth_columns, GROWTH.format("20%", "-10%"), []),
        (check_growth_columns, GROWTH.format("20%", "10%"), []),  # 降幅不写负号
        # 一处写错带着合计一起错，只提示写错的一行
        (
            check_adjusted_budgets,
            ADJUSTED.format("602,000.00", "3,402,000.00"),
            [("balance-differs", "602,000.00", "620,000.00")],
        ),
        (
            check_adjusted_budgets,
            ADJUSTED.format("620,000.00", "3,402,000.00"),
            [("balance-differs", "3,402,000.00", "3,420,000.00")],
        ),
        (check_adjusted_budgets, ADJUSTED.format("620,000.00", "3,420,000.00"), []),
    ],
)
def test_表内的计算(check: Check, table: str, expected: Told) -> None:
    assert told(check, table) == expected


ARRIVED = (
    "表1 资金到位情况（单位：万元）",
    "资金来源\t到位资金\n中央资金\t260\n省级资金\t140\n县级资金\t100\n合计\t500",
)
USED = "资金来源\t到位资金\t支出\n中央资金\t260\t250\n省级资金\t{}\t140\n县级资金\t100\t90\n合计\t500\t480"


def test_两张表的同一项() -> None:
    title = "表2 资金使用情况（单位：万元）"
    expected = [("table-against-table", "150", "140")]
    assert told(check_same_items, *ARRIVED, "使用情况如下。", title, USED.format("150")) == expected
    assert told(check_same_items, *ARRIVED, "使用情况如下。", title, USED.format("140")) == []
    # 口径不同：一季度的表
    other = "表2 一季度资金使用情况（单位：万元）"
    assert told(check_same_items, *ARRIVED, "使用情况如下。", other, USED.format("150")) == []
    # 另一年的表
    first = ("表1 2023年资金到位情况（单位：万元）", ARRIVED[1])
    later = "表2 2024年资金使用情况（单位：万元）"
    assert told(check_same_items, *first, "使用情况如下。", later, USED.format("150")) == []


OUTLAYS = ("表1 支出情况表（单位：万元）", "项目\t{}\n住院救助\t321.4\n门诊救助\t58.6\n合计\t380.0")


@pytest.mark.parametrize("heading", ["金额", "支出", "支出金额（万元）"])
def test_文字与表的同一项(heading: str) -> None:
    caption, table = OUTLAYS[0], OUTLAYS[1].format(heading)
    sentence = "2024年住院救助支出{}万元，门诊救助支出58.6万元。"
    found = told(check_told_twice, sentence.format("312.4"), caption, table)
    assert [(rule, stated) for rule, stated, _ in found] == [("text-against-table", "312.4万元")]
    assert found[0][2].startswith("321.4")
    assert told(check_told_twice, sentence.format("321.4"), caption, table) == []


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("2024年全年支出合计371万元。", [("text-against-table", "371万元", "380.0")]),
        ("2024年全年支出合计380万元。", []),
        ("2024年全年支出合计540万元。", []),  # 差得远：表只是其中一部分
        ("2024年一季度支出合计371万元。", []),
    ],
)
def test_全年支出与表的合计(sentence: str, expected: Told) -> None:
    assert told(check_told_outlay, sentence, OUTLAYS[0], OUTLAYS[1].format("金额")) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("住院救助3200人次。", [("text-against-table", "3200人次", "3300人次")]),
        ("住院救助3300人次。", []),
        ("一季度住院救助3200人次。", []),
        ("住院救助1200人次。", []),  # 差得远：可能是其中一部分
        ("住院救助3200人。", []),  # 人数不是人次
    ],
)
def test_文字的人次与表的人次(sentence: str, expected: Told) -> None:
    table = "指标名称\t目标值\t完成值\n住院救助人次\t3000人次\t3300人次\n门诊救助人次\t5000人次\t5200人次"
    assert told(check_told_counts, sentence, "表1 完成情况表", table) == expected


def test_工作簿的百分比单元格按百分数读(tmp_path: Path) -> None:
    path = tmp_path / "资金.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet, percent = book.add_worksheet("资金"), book.add_format({"num_format": "0.00%"})
    rows = [["2024年资金表（单位：万元）"], ["项目", "预算", "执行", "执行率"], ["住院", 640, 587.2], ["门诊", 100, 90]]
    for at, row in enumerate(rows):
        sheet.write_row(at, 0, row)
    sheet.write(2, 3, 0.9375, percent)
    sheet.write(3, 3, 0.9, percent)
    book.close()
    paper = read_workbook(path)
    assert isinstance(paper, Paper)
    found = [(each.rule, each.stated, each.expected) for each in remarks_on(paper)]
    assert found == [("execution-rate-differs", "93.75%", "91.75%")]
