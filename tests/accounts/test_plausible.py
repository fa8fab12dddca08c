"""勾稽关系看不出的错：缺一级科目、没有写明的万元、别的部门的表、写错的列名、空白的格。"""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.accounts.files import copied, replaced, rewrite
from tests.accounts.lishi import EVALUATIONS, changed, errors, lishi, read, with_reason
from tuodi.accounts.checks import check
from tuodi.accounts.disclosure import Accounts
from tuodi.accounts.filled import tables
from tuodi.report.accounts.disclosure_tables import block_table
from tuodi.report.word.tables import size_of

LISHI = lishi()
OWN = "部门名称：吕梁市离石区医疗保障局"


def found(accounts: Accounts, rule: str) -> list[tuple[str, str, int | None, str]]:
    told = [each for each in check(accounts, EVALUATIONS) if each.rule == rule]
    return [(each.severity.value, each.file, each.row, each.message) for each in told]


def test_别的表有下级科目而这张表没有() -> None:
    assert found(LISHI, "code-level-missing") == []
    cells = {key: cell for key, cell in LISHI.cells.items() if key[0] != "05" or key[1] in ("total", "210")}
    told = found(replace(LISHI, cells=cells), "code-level-missing")
    assert [each[:3] for each in told] == [("error", "公开05表.csv", 8)]
    assert "科目 210 在公开05表没有下级科目，公开02表有（21013、2101301" in told[0][3]
    # 三张表都只到类：没有缺。
    classes = {
        key: cell for key, cell in LISHI.cells.items() if key[0] not in ("02", "03", "05") or key[1] in ("total", "210")
    }
    assert found(replace(LISHI, cells=classes), "code-level-missing") == []


@pytest.mark.parametrize(("收入总计分", "提醒"), [(999_999, 1), (1_000_000, 0), (78_246, 1), (0, 0)])
def test_总计小得不像元(收入总计分: int, 提醒: int) -> None:
    told = found(changed(LISHI, ("01", "31", "amount"), 收入总计分), "amount-too-small")
    assert [each[0] for each in told] == ["warning"] * 提醒


def test_正好相差一万倍只说一次() -> None:
    accounts = LISHI
    for column in ("total", "basic", "project"):
        for row in LISHI.row_ids("05"):
            value = LISHI.value("05", row, column)
            # 百元以下的零头先去掉，除得尽。
            accounts = changed(accounts, ("05", row, column), None if value is None else value // 10_000)
    general = 782_462_642 // 10_000 * 10_000
    accounts = changed(changed(accounts, ("04", "59", "general"), general), ("04", "41", "general"), general)
    told = [each.message for each in errors(accounts) if "正好相差一万倍，像是万元" in each.message]
    assert len(told) == 1
    assert not any("一万倍" in each.message for each in errors(changed(LISHI, ("01", "27", "amount"), 1)))


@pytest.mark.parametrize(
    ("标题", "错误"),
    [
        ("部门名称：吕梁市离石区水利局", 1),
        ("编制单位：离石区水利局 2022年度 金额单位：元", 1),
        ("单位：元", 0),
        ("部门：离石区医疗保障局", 0),
        ("部门名称：吕梁市离石区医疗保障局 2022年度 金额单位：元", 0),
        ("部门名称：", 0),
    ],
)
def test_别的部门的表(tmp_path: Path, 标题: str, 错误: int) -> None:
    folder = copied(tmp_path)
    rewrite(folder / "公开08表.csv", lambda rows: [[标题], *rows])
    told = [each for each in read(str(folder)).findings if each.rule == "department-differs"]
    assert [(each.file, each.is_error) for each in told] == [("公开08表.csv", True)] * 错误


def test_写错一个列名只说一句(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    rewrite(folder / "公开02表.csv", replaced("其他收入", "其它收入"))
    told = [each for each in read(str(folder)).findings if each.is_error]
    assert [(each.rule, each.file) for each in told] == [("column-unknown", "公开02表.csv")]
    assert "“其它收入”，相近的是“其他收入”" in told[0].message


@pytest.mark.parametrize("格", [("01", "58", "amount"), ("10", "5", "amount"), ("05", "total", "total")])
def test_空白的格指着它自己_说空白(格: tuple[str, str, str]) -> None:
    place = LISHI.cell(格).place
    told = errors(changed(LISHI, 格, None))
    blank = [each for each in told if each.value == "空白"]
    assert blank and {(each.file, each.row) for each in blank} == {(place.file, place.row)}
    assert all(each.value != "0.00" and "空白" in each.message for each in blank)


def test_车辆数的差不写成金额() -> None:
    told = errors(changed(LISHI, ("10", "7", "amount"), 3))
    assert told and told[0].value == "3" and told[0].message.endswith("相差 3")


@pytest.mark.parametrize(("写法", "错误"), [("2022.0", 0), ("2022年", 0), ("22", 1), ("2022.5", 1)])
def test_年度的写法(tmp_path: Path, 写法: str, 错误: int) -> None:
    folder = copied(tmp_path)
    rewrite(folder / "部门情况.csv", replaced("2022", 写法))
    reading = read(str(folder))
    told = [each for each in reading.findings if each.rule == "accounts-year"]
    assert len(told) == 错误 and all("例如 2024" in each.advice for each in told)
    assert reading.accounts is not None and reading.accounts.year == (0 if 错误 else 2022)


def test_没有上年数_原因没有写入() -> None:
    accounts = with_reason(LISHI, "operating-cost", "办公费增加")
    assert found(accounts, "reason-unused") == []
    told = found(changed(accounts, ("上年数", "机关运行经费", "value"), None), "reason-unused")
    assert [each[0] for each in told] == ["warning"] and "原因没有写入" in told[0][3]


def test_房屋建筑物购建和离石印出的写法(tmp_path: Path) -> None:
    def labels(accounts: Accounts) -> dict[str, str]:
        rows = next(table for table in tables(accounts) if table.id == "06").rows
        cells = [[cell.text for cell in row] for row in rows]
        return {row[at]: row[at + 1] for row in cells for at in range(len(row) - 1) if row[at] in ("30901", "31001")}

    assert set(labels(LISHI).values()) == {"房屋构筑物构建"}
    folder = copied(tmp_path)
    rewrite(folder / "公开06表.csv", replaced("房屋构筑物构建", "房屋建筑物购建"))
    reading = read(str(folder))
    assert reading.findings == () and reading.accounts is not None
    assert labels(reading.accounts) == {"30901": "房屋建筑物购建", "31001": "房屋建筑物购建"}


@pytest.mark.parametrize("表", ["02", "03", "05"])
def test_编码列放得下七位数字(表: str) -> None:
    long = {row: replace(told, text="机关事业单位基本养老保险缴费支出") for row, told in LISHI.names[表].items()}
    table = next(table for table in tables(replace(LISHI, names={表: long})) if table.id == 表)
    # 最宽的字体数字宽 0.64 个字，五号字 10.5 磅；左右边距各 70 缇，共 7 磅。
    size = {"": 10.5, "Small": 9.0}[size_of(table.width, dense=False)]
    assert block_table(table).widths[0] * 72 / 2.54 >= 7 * 0.64 * size + 7
