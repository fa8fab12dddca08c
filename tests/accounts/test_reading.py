"""读入：决算软件导出的表怎样变形都读得对；坏文件、缺表、串年、串行逐一指出，不出异常。"""

from pathlib import Path

import pytest

from tests.accounts.files import as_workbook, copied, replaced, rewrite
from tests.accounts.lishi import lishi, read
from tuodi.accounts.library import NotFound
from tuodi.accounts.reading import read_accounts

LISHI = lishi()


def values(folder: Path) -> dict[tuple[str, str, str], int]:
    reading = read(str(folder))
    assert [each.sentence() for each in reading.findings if each.is_error] == []
    assert reading.accounts is not None
    return {key: cell.value for key, cell in reading.accounts.cells.items() if cell.value is not None}


PRINTED = {key: cell.value for key, cell in LISHI.cells.items() if cell.value is not None}


def rules(folder: Path) -> list[str]:
    return [each.rule for each in read(str(folder)).findings if each.is_error]


def test_工作簿和CSV读出同样的数(tmp_path: Path) -> None:
    book = as_workbook(copied(tmp_path), tmp_path / "accounts.xlsx")
    assert values(book) == PRINTED


def test_文件夹里有工作簿就只读它(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    as_workbook(folder, folder / "accounts.xlsx")
    assert values(folder) == PRINTED
    assert "data-twice" in [each.rule for each in read(str(folder)).findings]


@pytest.mark.parametrize(
    ("说明", "文件", "改"),
    [
        ("没有标题行", "公开03表.csv", lambda rows: rows[3:]),
        ("没有栏次", "公开03表.csv", lambda rows: rows[:5] + rows[6:]),
        ("多几行标题", "公开05表.csv", lambda rows: [["附件3"], ["填报日期：2023年5月"], *rows]),
        ("列的次序不同", "公开03表.csv", lambda rows: [row[:2] + row[3:] + row[2:3] for row in rows]),
        ("左边多一个空列", "公开02表.csv", lambda rows: [["", *row] for row in rows]),
        ("列名里有换行和空格", "公开02表.csv", replaced("附属单位上缴收入", "附属单\n位 上缴收入")),
        ("金额有千位分隔符", "公开03表.csv", replaced("7824626.42", "7,824,626.42")),
        ("行次写成小数", "公开01表.csv", replaced("40", "40.00")),
        ("没有行次列的数", "公开04表.csv", replaced("28", "")),
        ("编码写成小数", "公开05表.csv", replaced("2101301", "2101301.0")),
        ("空白写成横线", "公开07表.csv", lambda rows: [["——"] * 12 if not any(row) else row for row in rows]),
        ("分页重复表头", "公开05表.csv", lambda rows: rows[:9] + rows[3:5] + rows[9:]),
        ("编码分三列", "公开05表.csv", lambda rows: [
            [row[0][:3], row[0][3:5], row[0][5:], *row[1:]] if row[0].isdigit()
            else [row[0], "", "", *row[1:]] for row in rows]),
    ],
)  # fmt: skip
def test_导出的样子不同读出同样的数(tmp_path: Path, 说明: str, 文件: str, 改: object) -> None:
    folder = copied(tmp_path)
    rewrite(folder / 文件, 改)  # type: ignore[arg-type]
    assert values(folder) == PRINTED


def test_表按题名也认得(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    (folder / "公开03表.csv").rename(folder / "Z03 支出决算表.csv")
    (folder / "公开08表.csv").rename(folder / "导出8.csv")
    assert values(folder) == PRINTED


def test_空白和零分开(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    rewrite(folder / "公开10表.csv", lambda rows: [[*row[:2], "0.00"] if row[1] == "3" else row for row in rows])
    accounts = read(str(folder)).accounts
    assert accounts is not None
    assert accounts.value("10", "3", "amount") == 0
    assert LISHI.value("10", "3", "amount") is None


@pytest.mark.parametrize(
    ("说明", "文件", "旧", "新", "规则"),
    [
        ("金额不是数", "公开01表.csv", "7824626.42", "七百万", "amount-format"),
        ("金额三位小数", "公开03表.csv", "788675.85", "788675.855", "amount-decimals"),
        ("公式错误", "公开03表.csv", "788675.85", "#REF!", "cell-error"),
        ("别的年度的表", "公开03表.csv", "2022年度", "2021年度", "year-left-over"),
        ("亿元", "公开03表.csv", "金额单位：元", "金额单位：亿元", "accounts-unit"),
        ("项目名称与表样不同", "公开01表.csv", "九、卫生健康支出", "九、医疗卫生支出", "row-label-differs"),
        ("没有这个行次", "公开01表.csv", "40", "99", "row-unknown"),
        ("没有这个科目", "公开06表.csv", "30101", "30150", "row-unknown"),
        ("编码不是三五七位", "公开05表.csv", "2101301", "21013015", "row-unknown"),
        ("编码重复", "公开05表.csv", "2101599", "2101501", "row-twice"),
        ("缺少一列", "公开03表.csv", "项目支出", "", "column-missing"),
        ("表样不设数的格里有数", "公开06表.csv", "────", "1.00", "cell-barred"),
        ("车辆数不是整数", "公开10表.csv", "3", "3", ""),
        ("上年数的项目不认识", "上年数.csv", "收入总计", "收入总和", "item-unknown"),
        ("上年数写两行", "上年数.csv", "支出总计", "收入总计", "item-twice"),
        ("原因的项目不认识", "原因.csv", "收入总计", "全部收入", "item-unknown"),
        ("评价类别不认识", "绩效项目.csv", "单位自评", "自我评价", "word-unknown"),
        ("年度不是四位数", "部门情况.csv", "2022", "二〇二二", "accounts-year"),
        ("没有部门名称", "部门情况.csv", "吕梁市离石区医疗保障局", "", "fact-missing"),
        ("没有这套表", "部门情况.csv", "departmental-2022", "departmental-1999", "accounts-set"),
        ("没有写表样", "部门情况.csv", "departmental-2022", "", "accounts-set"),
        ("编制数不是数", "部门情况.csv", "6", "六", "count-format"),
    ],
)
def test_改坏一处指出一处(tmp_path: Path, 说明: str, 文件: str, 旧: str, 新: str, 规则: str) -> None:
    folder = copied(tmp_path)
    rewrite(folder / 文件, replaced(旧, 新))
    found = read(str(folder)).findings
    told = [each for each in found if each.is_error]
    assert {each.rule for each in told} == ({规则} if 规则 else set()), [each.sentence() for each in told]
    assert all(each.file == 文件 or not each.file for each in told)


def test_车辆数不是整数(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    rewrite(folder / "公开10表.csv", lambda rows: [[*row[:2], "半辆"] if row[1] == "7" else row for row in rows])
    assert rules(folder) == ["count-format"]


def test_缺一张表和两张同样的表(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    (folder / "公开08表.csv").unlink()
    (folder / "支出决算表.csv").write_bytes((folder / "公开03表.csv").read_bytes())
    assert sorted(rules(folder)) == ["sheet-twice", "table-missing"]


def test_不认识的工作表只提醒(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    (folder / "备查.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
    assert values(folder) == PRINTED
    assert "sheet-unread" in [each.rule for each in read(str(folder)).findings]


@pytest.mark.parametrize(
    "内容", [b"", b"\x00\x01", b"PK\x03\x04broken", b"\xff\xfe1", b"<html>", "甲,乙\n".encode() * 9]
)
@pytest.mark.parametrize("名称", ["公开03表.csv", "accounts.xlsx"])
def test_坏文件是一条问题不是异常(tmp_path: Path, 内容: bytes, 名称: str) -> None:
    folder = copied(tmp_path)
    (folder / 名称).write_bytes(内容)
    assert any(each.is_error for each in read(str(folder)).findings)


def test_没有数据的文件夹和没有的编号(tmp_path: Path) -> None:
    assert rules(tmp_path) == ["data-missing"]
    asked = read_accounts("lishi-1999")
    assert isinstance(asked, NotFound)
    assert "lishi-2022" in asked.sentence()
    assert isinstance(read_accounts("a\x00b"), NotFound)
