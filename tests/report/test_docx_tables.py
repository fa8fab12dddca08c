"""Tables in Word: merged cells, repeated headers, widths of every column and cell."""

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from tests.report.docx_demo import EMPTY, FUNDS, SATISFACTION, cell, score_table
from tests.report.docx_xml import W, part, text, value
from tuodi.report.blocks import Align, Cell, Report, Table
from tuodi.report.word.tables import grid
from tuodi.report.word.writer import report_bytes


def _xml(table: Table) -> ET.Element:
    report = Report(id="r", cover=None, blocks=(table,), contents=False)
    found = part(report_bytes(report), "word/document.xml").find(f".//{W}tbl")
    assert found is not None
    return found


def _rows(table: ET.Element) -> list[list[ET.Element]]:
    return [row.findall(f"{W}tc") for row in table.findall(f"{W}tr")]


def test_跨行跨列的单元格() -> None:
    rows = _rows(_xml(FUNDS))
    assert [len(row) for row in rows] == [3, 4, 4, 4, 4, 4]
    first = [value(each.find(f"{W}tcPr/{W}gridSpan")) if each.find(f"{W}tcPr/{W}gridSpan") is not None else "1"
             for each in rows[0]]  # fmt: skip
    assert first == ["1", "2", "1"]
    merges = [[each.find(f"{W}tcPr/{W}vMerge") for each in row] for row in rows[:2]]
    told = [["" if each is None else each.get(f"{W}val") or "continue" for each in row] for row in merges]
    assert told == [["restart", "", "restart"], ["continue", "", "", "continue"]]
    assert [text(each) for each in rows[1]] == ["", "到位", "支出", ""]


def test_表头各行重复_每行不跨页() -> None:
    rows = _xml(FUNDS).findall(f"{W}tr")
    assert [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows] == [True, True] + [False] * 4
    assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)


def _kept(table: ET.Element) -> list[bool]:
    return [row.find(f"{W}tc/{W}p/{W}pPr/{W}keepNext") is not None for row in table.findall(f"{W}tr")]


def test_短表不分页_长表的表头和合计不落单() -> None:
    assert _kept(_xml(FUNDS)) == [True] * 5 + [False]
    assert _kept(_xml(score_table(20))) == [True] + [False] * 19 + [True, False]


def test_图与上面的表在同一页() -> None:
    report = Report(id="r", cover=None, blocks=(FUNDS, SATISFACTION), contents=False)
    body = part(report_bytes(report), "word/document.xml").find(f"{W}body")
    assert body is not None
    table = body.find(f"{W}tbl")
    assert table is not None
    assert all(_kept(table))
    after = list(body)[list(body).index(table) + 1]
    assert after.find(f"{W}pPr/{W}keepNext") is not None


@pytest.mark.parametrize("table", [FUNDS, score_table(12), EMPTY])
def test_各列和各单元格都有宽度_固定列宽(table: Table) -> None:
    xml = _xml(table)
    columns = [int(value(each, "w")) for each in xml.iter(f"{W}gridCol")]
    assert value(xml.find(f"{W}tblPr/{W}tblLayout"), "type") == "fixed"
    assert int(value(xml.find(f"{W}tblPr/{W}tblW"), "w")) == sum(columns)
    for row in _rows(xml):
        at = 0
        for each in row:
            span = each.find(f"{W}tcPr/{W}gridSpan")
            columns_here = int(value(span)) if span is not None else 1
            assert int(value(each.find(f"{W}tcPr/{W}tcW"), "w")) == sum(columns[at : at + columns_here])
            at += columns_here
        assert at == len(columns)


def test_比版心宽的表按比例收窄_窄的照写() -> None:
    too_wide = replace(FUNDS, widths=(10.0, 10.0, 10.0, 10.0))
    columns = [int(value(each, "w")) for each in _xml(too_wide).iter(f"{W}gridCol")]
    assert columns == [2211, 2211, 2211, 2211]  # 15.6 cm, a quarter each
    narrow = [int(value(each, "w")) for each in _xml(FUNDS).iter(f"{W}gridCol")]
    assert narrow == [2268, 1984, 1984, 1701]  # 4, 3.5, 3.5 and 3 cm


def test_数字右对齐_表头居中_合计加粗_八列起用小字() -> None:
    rows = _rows(_xml(FUNDS))
    sides = [[value(each.find(f".//{W}jc")) for each in row] for row in (rows[0], rows[2])]
    assert sides == [["center"] * 3, ["left", "right", "right", "right"]]
    assert [each.find(f".//{W}b") is not None for each in rows[5]] == [True] * 4
    assert [each.find(f".//{W}b") is not None for each in rows[4]] == [False] * 4
    assert {value(each.find(f".//{W}pStyle")) for each in rows[2]} == {"TableText"}
    assert {value(each.find(f".//{W}pStyle")) for each in _rows(_xml(score_table(3)))[1]} == {"SmallTableText"}


def test_单元格自定的对齐和加粗() -> None:
    table = Table(key="t", caption=(), widths=(3.0,), aligns=(Align.LEFT,), header_rows=0,
                  rows=((cell("甲", bold=True, align=Align.RIGHT),), (cell("乙"),)))  # fmt: skip
    (first,), (second,) = _rows(_xml(table))
    assert (value(first.find(f".//{W}jc")), first.find(f".//{W}b") is not None) == ("right", True)
    assert (value(second.find(f".//{W}jc")), second.find(f".//{W}b") is not None) == ("left", False)


def test_空表写明没有内容() -> None:
    rows = _rows(_xml(EMPTY))
    assert [[text(each) for each in row] for row in rows] == [["事项", "处理结果"], ["本年没有异议。"]]
    assert value(rows[1][0].find(f"{W}tcPr/{W}gridSpan")) == "2"


def test_标题在表上方并与表同页() -> None:
    report = Report(id="r", cover=None, blocks=(FUNDS,), contents=False)
    content = report_bytes(report)
    body = part(content, "word/document.xml").find(f"{W}body")
    assert body is not None
    caption, table = list(body)[:2]
    assert table.tag == f"{W}tbl"
    assert text(caption) == "表1　资金到位和支出情况（单位：万元）"
    styles = {value(each, "styleId"): each for each in part(content, "word/styles.xml").iter(f"{W}style")}
    assert styles[value(caption.find(f"{W}pPr/{W}pStyle"))].find(f"{W}pPr/{W}keepNext") is not None


A, WIDE, TALL, BIG = Cell(), Cell(columns=2), Cell(rows=2), Cell(columns=2, rows=2)


@pytest.mark.parametrize(
    "rows",
    [
        ((A,),),
        ((A, A, A),),
        ((A, WIDE),),
        ((A, TALL),),
        ((A, TALL), (A, A)),
        ((TALL, A), (WIDE,)),
        ((A, TALL), (WIDE,)),
        ((BIG,), (A, A)),
        ((Cell(columns=0), A),),
        ((Cell(rows=0), A),),
    ],
    ids=[
        "少一格",
        "多一格",
        "跨出右边",
        "跨出下边",
        "被跨处又有格",
        "与竖格重叠",
        "横格压竖格",
        "大格下又有格",
        "零列",
        "零行",
    ],
)
def test_行列对不上的表不让写(rows: tuple[tuple[Cell, ...], ...]) -> None:
    with pytest.raises(ValueError, match="row|span"):
        list(grid(rows, 2))


def test_大格占两行两列() -> None:
    placed = list(grid(((BIG, A), (A,), (A, A, A)), 3))
    assert [[(each.column, each.columns, each.cell is None) for each in row] for row in placed] == [
        [(0, 2, False), (2, 1, False)],
        [(0, 2, True), (2, 1, False)],
        [(0, 1, False), (1, 1, False), (2, 1, False)],
    ]
