"""Sums inside tables: totals, subtotals, total columns, products, balances."""

import pytest

from tuodi.audit.checks.sums.table_sums import (
    check_adjusted_budgets,
    check_products,
    check_subtotal_rows,
    check_total_columns,
    check_total_rows,
)
from tuodi.audit.material import Material
from tuodi.audit.paper.text_file import read_text


def told(check, text):
    """What a check objects to, with what it expects."""
    return [(remark.stated, remark.expected) for remark in check(Material(read_text("x", text)))]


def rows(*lines, unit="元"):
    """A table of lines with cells parted by blanks."""
    return "\n".join([f"表1 资金情况（单位：{unit}）", *("\t".join(line.split()) for line in lines), ""])


@pytest.mark.parametrize(
    ("case", "unit", "total", "expected"),
    [
        ("少一分钱", "元", "1022.03", [("1022.03", "1022.04")]),
        ("正好", "元", "1022.04", []),
        ("多一分钱", "元", "1022.05", [("1022.05", "1022.04")]),
        ("万元：四项和合计各舍入半分，差 0.02 可以是舍入", "万元", "1022.02", []),
        ("万元：差 0.03 不是舍入", "万元", "1022.01", [("1022.01", "1022.04")]),
        ("万元写成整数", "万元", "1022", []),
    ],
)
def test_合计行(case, unit, total, expected):
    text = rows("来源 金额", "中央 251.88", "省级 377.06", "市级 28.10", "县级 365.00", f"合计 {total}", unit=unit)
    assert told(check_total_rows, text) == expected


@pytest.mark.parametrize(
    ("case", "lines", "expected"),
    [
        ("合计在最前", ("来源 金额", "合计 30", "中央 10", "省级 20"), []),
        ("合计在最前而不符", ("来源 金额", "合计 31", "中央 10", "省级 20"), [("31", "30")]),
        ("有小计时不重复加", ("来源 金额", "中央 10", "省级 20", "小计 30", "县级 5", "小计 5", "合计 35"), []),
        ("其中不加", ("来源 金额", "中央 10", "其中：直达 4", "省级 20", "合计 30"), []),
        ("比例不相加", ("来源 执行率", "中央 90%", "省级 80%", "合计 85%"), []),
    ],
)
def test_合计的读法(case, lines, expected):
    assert told(check_total_rows, rows(*lines)) == expected


@pytest.mark.parametrize(("case", "subtotal", "expected"), [("不符", "29", [("29", "30")]), ("相符", "30", [])])
def test_小计行(case, subtotal, expected):
    text = rows("来源 金额", "中央 10", "省级 20", f"小计 {subtotal}", "县级 5", "乡镇 6", "小计 11", "合计 41")
    assert told(check_subtotal_rows, text) == expected


@pytest.mark.parametrize(("case", "total", "expected"), [("不符", "31", [("31", "30")]), ("相符", "30", [])])
def test_合计列(case, total, expected):
    text = rows("项目 住院 门诊 合计", f"甲 10 20 {total}", "乙 1 2 3", "丙 4 5 9")
    assert told(check_total_columns, text) == expected


@pytest.mark.parametrize(
    ("case", "amount", "expected"),
    [("少一元", "1199", [("1199", "1200")]), ("正好", "1200", []), ("多一元", "1201", [("1201", "1200")])],
)
def test_单价乘数量(case, amount, expected):
    text = rows("项目 单价 数量 金额", f"甲 60 20 {amount}", "乙 30 10 300", "丙 5 7 35")
    assert told(check_products, text) == expected


@pytest.mark.parametrize(
    ("case", "after", "expected"), [("不符", "12.18", [("12.18", "12.17")]), ("相符", "12.17", [])]
)
def test_年初加调整(case, after, expected):
    text = rows("项目 年初预算 调整金额 调整后预算", f"甲 42.60 -30.43 {after}", "乙 10.00 0.00 10.00")
    assert told(check_adjusted_budgets, text) == expected


def test_移位的比例不是金额():
    text = rows(
        "项目 年初预算 调整金额 调整后预算", "甲 42.60 -30.43 12.17", "乙 10.00 0.00 10.00", "合计 52.60 22.17 100.00%"
    )
    assert told(check_adjusted_budgets, text) == []
