"""PDFs read by place: wrapped lines, ruled tables, page breaks, page numbers, turned pages."""

from pathlib import Path

import pytest

from tests.audit.paper_files import Pdf
from tuodi.audit.paper.model import Paper, Paragraph, Role, Table
from tuodi.audit.paper.pdf_file import read_pdf

LEFT, SIZE = 60, 10
FULL = 48
"""Characters of a full line: 480 points wide."""


def _read(pdf: Pdf, folder: Path) -> Paper:
    path = folder / "a.pdf"
    path.write_bytes(pdf.bytes())
    paper = read_pdf(path)
    assert isinstance(paper, Paper), paper
    return paper


def _texts(paper: Paper) -> list[str]:
    return [block.text for block in paper.paragraphs]


def _grid(table: Table) -> list[list[str]]:
    return [["↑" if cell.covered else cell.text for cell in row] for row in table.rows]


def _wrapped(pdf: Pdf, y: int, text: str, indent: int = 2) -> int:
    """Write a paragraph with an indented first line; return the y below it."""
    first = text[: FULL - indent]
    lines = [first, *(text[at : at + FULL] for at in range(len(first), len(text), FULL))]
    for number, line in enumerate(lines):
        pdf.text(LEFT + (0 if number else indent * SIZE), y, line)
        y -= 16
    return y


def _sentence(number: int, length: int) -> str:
    return (f"第{'一二三四五六七八九'[number]}段" + "资金按规定拨付到位并及时用于困难群众" * 9)[: length - 1] + "。"


def test_折行连成段_首行缩进另起一段(tmp_path: Path) -> None:
    pdf, y, written = Pdf().page(), 700, []
    # The second ends with a full line: only the indent tells that the third is a new one.
    for number, length in enumerate((100, 46 + 48, 120, 60)):
        written.append(_sentence(number, length))
        y = _wrapped(pdf, y, written[-1])
    assert _texts(_read(pdf, tmp_path)) == written


def test_不缩进的文件_没写满的一行是一段的末尾(tmp_path: Path) -> None:
    pdf, y = Pdf().page(), 700
    for number in range(5):
        y = _wrapped(pdf, y, _sentence(number, 96), indent=0)
    short = "主管部门和实施单位的联系方式以及资金来源一并列明如下各处"
    pdf.text(LEFT, y, short).text(LEFT, y - 16, "资金按规定拨付到位并及时用于困难群众没有结余")
    assert _texts(_read(pdf, tmp_path))[-2] == short


def test_段落跨页接续_页码和页眉不读(tmp_path: Path) -> None:
    pdf = Pdf()
    long = _sentence(0, 46 + 48 * 3 - 10)
    for number in range(4):
        pdf.page().text(200, 770, "示例县医疗救助绩效评价报告").text(295, 30, f"- {number + 1} -")
        if number == 1:
            pdf.text(LEFT + 20, 100, long[:46]).text(LEFT, 84, long[46:94])
        elif number == 2:
            pdf.text(LEFT, 700, long[94:142]).text(LEFT, 684, long[142:])
        else:
            y = 700
            for at in range(3):
                y = _wrapped(pdf, y, _sentence(at + 1, 100))
    paper = _read(pdf, tmp_path)
    assert long in _texts(paper)
    assert len(_texts(paper)) == 7
    (block,) = [block for block in paper.paragraphs if block.text == long]
    assert block.place.page == 2
    assert "第 2 页" in block.place.words()


def test_有框线的表格_合并的格子(tmp_path: Path) -> None:
    pdf = Pdf().page().text(60, 640, "表1 得分表（单位：分）")
    for y in (620, 600, 580, 560):
        pdf.line(100 if y == 580 else 60, y, 300, y)
    pdf.line(60, 620, 60, 560).line(300, 620, 300, 560).line(200, 620, 200, 560).line(100, 600, 100, 560)
    pdf.text(65, 605, "指标").text(205, 605, "得分").text(65, 575, "过程")
    pdf.text(105, 585, "资金到位率").text(205, 585, "5").text(105, 565, "预算执行率").text(205, 565, "3.5")
    (table,) = _read(pdf, tmp_path).tables
    assert (table.title, table.unit, table.place.page) == ("表1得分表", "分", 1)
    assert _grid(table) == [["指标", "↑", "得分"], ["过程", "资金到位率", "5"], ["↑", "预算执行率", "3.5"]]


def test_格子里折行的字连起来_真换行的分开(tmp_path: Path) -> None:
    pdf = Pdf().page().grid((60, 120, 300), (620, 560, 540))
    pdf.text(65, 600, "预算执行").text(65, 585, "率").text(125, 600, "甲：1").text(125, 585, "乙：2")
    pdf.text(65, 545, "合计").text(125, 545, "3")
    (table,) = _read(pdf, tmp_path).tables
    assert _grid(table) == [["预算执行率", "甲：1\n乙：2"], ["合计", "3"]]


HEADER = ("项目", "预算数", "决算数", "执行率")


def _rows(pdf: Pdf, top: int, *rows: tuple[str, ...]) -> Pdf:
    columns = (60, 180, 300, 420, 540)
    pdf.grid(columns, tuple(range(top, top - 20 * len(rows) - 1, -20)))
    for at, row in enumerate(rows):
        for x, cell in zip(columns, row, strict=False):
            pdf.text(x + 5, top - 15 - 20 * at, cell)
    return pdf


@pytest.mark.parametrize("重复表头", [True, False])
def test_跨页的表格(重复表头: bool, tmp_path: Path) -> None:
    pdf = _rows(Pdf().page(), 100, HEADER, ("甲", "10", "9", "90%")).text(295, 20, "1")
    _rows(pdf.page(), 760, *((HEADER,) if 重复表头 else ()), ("乙", "20", "20", "100%"), ("合计", "30", "29", "96.67%"))
    pdf.text(295, 20, "2")
    (table,) = _read(pdf, tmp_path).tables
    assert _grid(table) == [
        list(HEADER),
        ["甲", "10", "9", "90%"],
        ["乙", "20", "20", "100%"],
        ["合计", "30", "29", "96.67%"],
    ]
    assert [row[0].place.page for row in table.rows] == [1, 1, 2, 2]


def test_被分页切断的一行接回去(tmp_path: Path) -> None:
    pdf = _rows(Pdf().page(), 100, HEADER, ("资金使用情况说", "10", "9", "90%"))
    _rows(pdf.page(), 760, ("", "续", "", ""), ("合计", "10", "9", "90%"))
    (table,) = _read(pdf, tmp_path).tables
    assert _grid(table)[1:] == [["资金使用情况说", "10续", "9", "90%"], ["合计", "10", "9", "90%"]]


def test_中间有字的是两张表(tmp_path: Path) -> None:
    pdf = _rows(Pdf().page(), 700, HEADER, ("甲", "10", "9", "90%")).text(60, 600, "下表为上年数据。")
    _rows(pdf, 560, ("科目", "预算", "决算", "比率"), ("乙", "20", "20", "100%"))
    assert len(list(_read(pdf, tmp_path).tables)) == 2


def test_没有框线的列(tmp_path: Path) -> None:
    pdf = Pdf().page()
    for y, row in zip((600, 580, 560), (("项目", "金额"), ("住院救助", "12.50"), ("合计", "12.50")), strict=True):
        pdf.text(60, y, row[0]).text(300, y, row[1])
    (table,) = _read(pdf, tmp_path).tables
    assert _grid(table) == [["项目", "金额"], ["住院救助", "12.50"], ["合计", "12.50"]]


def test_图表的填充块不是表格线(tmp_path: Path) -> None:
    pdf = Pdf().page().text(60, 700, "第1题各选项的占比见下图。")
    for y in (600, 560, 520):
        pdf.pages[-1].append(f"100 {y} 200 20 re f")
        pdf.text(105, y + 5, "18.63%")
    assert list(_read(pdf, tmp_path).tables) == []


def test_细长的填充块是表格线(tmp_path: Path) -> None:
    pdf = Pdf().page()
    for x in (60, 160, 260):
        pdf.pages[-1].append(f"{x} 560 0.5 40 re f")
    for y in (560, 580, 600):
        pdf.pages[-1].append(f"60 {y} 200 0.5 re f")
    pdf.text(65, 585, "项目").text(165, 585, "金额").text(65, 565, "住院救助").text(165, 565, "1.00")
    (table,) = _read(pdf, tmp_path).tables
    assert _grid(table) == [["项目", "金额"], ["住院救助", "1.00"]]


@pytest.mark.parametrize(("转角", "矩阵"), [(90, "0 1 -1 0"), (270, "0 -1 1 0"), (180, "-1 0 0 -1")])
def test_横放的页面(转角: int, 矩阵: str, tmp_path: Path) -> None:
    # What is printed along the long side of the page, row by row: where x and y go when the page is turned.
    place = {90: lambda x, y: (600 - y, x), 270: lambda x, y: (y, 800 - x), 180: lambda x, y: (600 - x, 800 - y)}[转角]
    pdf = Pdf().page(turned=转角)
    for x, y, text in (
        (65, 585, "项目"),
        (165, 585, "金额"),
        (65, 565, "甲"),
        (165, 565, "1.00"),
        (65, 500, "合计一段话。"),
    ):
        pdf.text(*place(x, y), text, matrix=矩阵)
    for one, other in [((x, 560), (x, 600)) for x in (60, 160, 260)] + [((60, y), (260, y)) for y in (560, 580, 600)]:
        pdf.line(*place(*one), *place(*other))
    paper = _read(pdf, tmp_path)
    (table,) = paper.tables
    assert _grid(table) == [["项目", "金额"], ["甲", "1.00"]]
    assert _texts(paper) == ["合计一段话。"]


def test_斜放的水印不读(tmp_path: Path) -> None:
    pdf = Pdf().page().text(60, 700, "预算资金一百万元已经到位。").text(200, 400, "征求意见稿", 40, "0.7 0.7 -0.7 0.7")
    assert _texts(_read(pdf, tmp_path)) == ["预算资金一百万元已经到位。"]


def test_目录行(tmp_path: Path) -> None:
    pdf = Pdf().page().text(60, 700, "一、项目概况……………………3").text(60, 680, "二、评价结论……………………5")
    pdf.page().text(60, 700, "一、项目概况").text(60, 680, "资金全部到位。")
    paper = _read(pdf, tmp_path)
    roles = [block.role for block in paper.blocks if isinstance(block, Paragraph)]
    assert roles == [Role.CONTENTS, Role.CONTENTS, Role.HEADING, Role.TEXT]
