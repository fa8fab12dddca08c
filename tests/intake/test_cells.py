"""One cell of each kind: what is read, what is refused. Expected values from docs/files.md, by hand."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from tuodi.intake.cells import Cell, UnreadCell, is_blank, reader_of, shown
from tuodi.intake.layouts import Kind
from tuodi.kernel.finding import Fault

LONG = "长" * 501

READ: list[tuple[str, Kind, Cell, object]] = [
    ("金额 文本", Kind.MONEY, "1234.5", 123450),
    ("金额 文本前后有空格和制表符", Kind.MONEY, " 12.34\t", 1234),
    ("金额 文本前有单引号", Kind.MONEY, "'12.34", 1234),
    ("金额 数值", Kind.MONEY, 1234.5, 123450),
    ("金额 数值与整分相差不到百万分之一元", Kind.MONEY, 0.1 + 0.2, 30),
    ("金额 数值恰在容差之内", Kind.MONEY, 12.3400009, 1234),
    ("金额 最大的数值", Kind.MONEY, 9999999999.99, 999999999999),
    ("金额 负的数值", Kind.MONEY, -3.07, -307),
    ("金额 整数", Kind.MONEY, 7, 700),
    ("金额 小数类型", Kind.MONEY, Decimal("55.70"), 5570),
    ("金额 十万的数值", Kind.MONEY, 1e5, 10_000_000),
    ("金额 空", Kind.MONEY, "", 0),
    ("金额 只有空格", Kind.MONEY, "  ", 0),
    ("金额 无", Kind.MONEY, None, 0),
    ("编号 文本", Kind.ID, "S001", "S001"),
    ("编号 前导零保留", Kind.ID, "000123", "000123"),
    ("编号 前后空格和单引号去掉", Kind.ID, " '0012 ", "0012"),
    ("编号 含连字符和汉字", Kind.ID, "结-2024-1", "结-2024-1"),
    ("编号 像科学计数法的字母数字", Kind.ID, "12E5", "12E5"),
    ("代码 文本", Kind.CODE, "21", "21"),
    ("代码 整数值的数值", Kind.CODE, 21.0, "21"),
    ("代码 零", Kind.CODE, 0.0, "0"),
    ("代码 整数", Kind.CODE, 390, "390"),
    ("代码 空", Kind.CODE, None, ""),
    ("文字 两端全角空格去掉", Kind.TEXT, "　低保对象　", "低保对象"),
    ("文字 中间的空格保留", Kind.TEXT, "阿 依古丽", "阿 依古丽"),
    ("文字 数值", Kind.TEXT, 12.0, "12"),
    ("标志 空", Kind.FLAG, "", False),
    ("标志 零", Kind.FLAG, "0", False),
    ("标志 一", Kind.FLAG, "1", True),
    ("标志 数值一", Kind.FLAG, 1.0, True),
    ("时间 只有日期", Kind.MOMENT, "2024-05-06", datetime(2024, 5, 6)),
    ("时间 文本", Kind.MOMENT, "2024-05-06 23:59:59", datetime(2024, 5, 6, 23, 59, 59)),
    ("时间 偏移先换算", Kind.MOMENT, "2023-12-31T16:00:00Z", datetime(2024, 1, 1)),
    ("时间 八位数字", Kind.MOMENT, "20240506", datetime(2024, 5, 6)),
    ("时间 八位整数", Kind.MOMENT, 20240506.0, datetime(2024, 5, 6)),
    ("时间 日期单元格", Kind.MOMENT, date(2024, 5, 6), datetime(2024, 5, 6)),
    ("时间 单元格的秒有误差", Kind.MOMENT, datetime(2024, 5, 6, 10, 20, 29, 999_700), datetime(2024, 5, 6, 10, 20, 30)),
    ("时间 带时区的时间戳", Kind.MOMENT, datetime(2023, 12, 31, 16, tzinfo=UTC), datetime(2024, 1, 1)),
    ("日期 只取日期部分", Kind.DAY, "2024-08-28 23:59:59", date(2024, 8, 28)),
    ("日期 单元格", Kind.DAY, datetime(2024, 8, 28, 23, 59), date(2024, 8, 28)),
    ("日期 空", Kind.DAY, " ", None),
]

REFUSED: list[tuple[str, Kind, Cell, str]] = [
    ("金额 三位小数", Kind.MONEY, "1.234", "amount-decimals"),
    ("金额 数值有半分", Kind.MONEY, 1.005, "amount-decimals"),
    ("金额 数值略超容差", Kind.MONEY, 12.340002, "amount-decimals"),
    ("金额 小数类型三位", Kind.MONEY, Decimal("1.001"), "amount-decimals"),
    ("金额 千位分隔符", Kind.MONEY, "1,234.00", "amount-separator"),
    ("金额 正号", Kind.MONEY, "+5.00", "amount-sign"),
    ("金额 全角", Kind.MONEY, "１２.００", "amount-full-width"),
    ("金额 科学计数法文本", Kind.MONEY, "1e5", "amount-scientific"),
    ("金额 文字", Kind.MONEY, "十元", "amount-format"),
    ("金额 非数", Kind.MONEY, float("nan"), "amount-too-large"),
    ("金额 无穷", Kind.MONEY, float("inf"), "amount-too-large"),
    ("金额 超上限一分", Kind.MONEY, "10000000000.00", "amount-too-large"),
    ("金额 超上限的数值", Kind.MONEY, 10000000000.0, "amount-too-large"),
    ("金额 超上限的整数", Kind.MONEY, 10**10, "amount-too-large"),
    ("金额 小数类型的非数", Kind.MONEY, Decimal("NaN"), "amount-format"),
    ("金额 逻辑值", Kind.MONEY, True, "cell-boolean"),
    ("金额 日期", Kind.MONEY, date(2024, 1, 1), "cell-date"),
    ("金额 错误值", Kind.MONEY, UnreadCell("#N/A"), "cell-error"),
    ("金额 错误值的文本", Kind.MONEY, "#N/A", "cell-error"),
    ("金额 没有结果的公式", Kind.MONEY, UnreadCell("=A1+B1", is_formula=True), "cell-formula"),
    ("金额 字节", Kind.MONEY, b"12", "cell-type"),
    ("编号 数值", Kind.ID, 1234567.0, "id-as-number"),
    ("编号 整数", Kind.ID, 1234567, "id-as-number"),
    ("编号 科学计数法", Kind.ID, "5.22627E+17", "id-as-number"),
    ("编号 带小数", Kind.ID, "110101199003074530.0", "id-as-number"),
    ("编号 全角数字", Kind.ID, "Ｐ００１", "text-full-width"),
    ("编号 中间有空格", Kind.ID, "P 001", "text-characters"),
    ("编号 中间有换行", Kind.ID, "P\n001", "text-characters"),
    ("编号 不间断空格", Kind.ID, "P001\u00a0", "text-characters"),
    ("编号 错误值", Kind.ID, "#REF!", "cell-error"),
    ("编号 过长", Kind.ID, "9" * 501, "cell-too-long"),
    ("编号 逻辑值", Kind.ID, False, "cell-boolean"),
    ("代码 小数", Kind.CODE, 21.5, "code-format"),
    ("代码 负数", Kind.CODE, -21.0, "code-format"),
    ("代码 非数", Kind.CODE, float("nan"), "code-format"),
    ("代码 医疗类别写成文字", Kind.CODE, "普通住院", "code-format"),
    ("代码 险种写成文字", Kind.CODE, "城乡居民", "code-format"),
    ("代码 区划写成地名", Kind.CODE, "交城县", "code-format"),
    ("代码 等级写成文字", Kind.CODE, "三级甲等", "code-format"),
    ("代码 与文字写在一起", Kind.CODE, "21-普通住院", "code-format"),
    ("代码 全角", Kind.CODE, "２１", "text-full-width"),
    ("代码 日期", Kind.CODE, date(2024, 1, 1), "cell-date"),
    ("文字 过长", Kind.TEXT, LONG, "cell-too-long"),
    ("文字 错误值", Kind.TEXT, "#NAME?", "cell-error"),
    ("文字 逻辑值", Kind.TEXT, True, "cell-boolean"),
    ("标志 二", Kind.FLAG, "2", "flag-value"),
    ("标志 文字", Kind.FLAG, "是", "flag-value"),
    ("标志 逻辑值", Kind.FLAG, True, "cell-boolean"),
    ("时间 十三月", Kind.MOMENT, "2024-13-05", "date-invalid"),
    ("时间 日期序号", Kind.MOMENT, 45401.5, "date-serial"),
    ("时间 日期序号整数", Kind.MOMENT, 45401.0, "date-serial"),
    ("时间 只有钟点", Kind.MOMENT, time(12, 0), "cell-date"),
    ("时间 时长", Kind.MOMENT, timedelta(hours=1), "cell-date"),
    ("时间 年份过早的单元格", Kind.MOMENT, datetime(1899, 12, 31), "date-year"),
    ("时间 年份过晚的单元格", Kind.MOMENT, datetime(2100, 1, 1), "date-year"),
    ("时间 最大的时间戳", Kind.MOMENT, datetime.max, "date-year"),
    ("时间 最大的带时区时间戳", Kind.MOMENT, datetime.max.replace(tzinfo=UTC), "date-year"),
    ("日期 斜线", Kind.DAY, "2024/5/6", "date-notation"),
    ("日期 全角", Kind.DAY, "２０２４-05-06", "date-full-width"),
]


@pytest.mark.parametrize(("kind", "cell", "value"), [case[1:] for case in READ], ids=[case[0] for case in READ])
def test_读出的值(kind: Kind, cell: Cell, value: object) -> None:
    read, if_empty = reader_of(kind, required=False)
    found = read(cell, if_empty)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(("kind", "cell", "rule"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_不予接受的值(kind: Kind, cell: Cell, rule: str) -> None:
    read, if_empty = reader_of(kind, required=True)
    fault = read(cell, if_empty)
    assert isinstance(fault, Fault)
    assert fault.rule == rule
    assert fault.message
    assert fault.advice


def test_写成文字的代码说出怎样填() -> None:
    read, if_empty = reader_of(Kind.CODE, required=True)
    fault = read("普通住院", if_empty)
    assert isinstance(fault, Fault)
    for words in ("住院填 21、普通门诊填 11", "险种填 310 或 390", "区划填六位数字代码"):
        assert words in fault.advice


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("cell", ["", "  ", "'", None])
def test_必填的空单元格(kind: Kind, cell: Cell) -> None:
    read, if_empty = reader_of(kind, required=True)
    fault = read(cell, if_empty)
    assert isinstance(fault, Fault)
    assert fault.rule == "cell-empty"
    assert is_blank(cell)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (12.0, "12"),
        (12.5, "12.5"),
        (None, ""),
        (True, "TRUE"),
        (UnreadCell("#N/A"), "#N/A"),
        ("甲" * 200, "甲" * 100 + "…"),
    ],
)
def test_在问题清单中的样子(cell: Cell, text: str) -> None:
    assert shown(cell) == text
