"""Charts in Word: editable, with the printed figures as labels and in the workbook behind."""

import io
import zipfile
from dataclasses import replace

import pytest
from python_calamine import CalamineWorkbook

from tests.report.docx_demo import AGES, SATISFACTION
from tests.report.docx_xml import C, part
from tuodi.kernel.fragments import Figure
from tuodi.report.blocks import Chart, Report
from tuodi.report.word.writer import report_bytes


def _content(chart: Chart) -> bytes:
    return report_bytes(Report(id="r", cover=None, blocks=(chart,), contents=False))


def test_图中的数值和名称() -> None:
    content = _content(SATISFACTION)
    root = part(content, "word/charts/chart1.xml")
    names, values = ([each.text for each in root.iterfind(f".//{C}{kind}//{C}v")] for kind in ("cat", "val"))
    assert names == list(SATISFACTION.categories)
    assert values == ["91.31", "88.20", "76.05", "95.00", "81.7"]
    direction = root.find(f".//{C}barDir")
    assert direction is not None
    assert direction.get("val") == "bar"


def test_标签照印出的样子_位数不同的各自写明() -> None:
    root = part(_content(SATISFACTION), "word/charts/chart1.xml")
    labels = root.find(f".//{C}dLbls")
    assert labels is not None
    own = {each.find(f"{C}idx").get("val"): each.find(f"{C}numFmt").get("formatCode")  # type: ignore[union-attr]
           for each in labels.iterfind(f"{C}dLbl")}  # fmt: skip
    assert own == {"4": '0.0"%"'}
    usual = labels.find(f"{C}numFmt")
    assert usual is not None
    assert usual.get("formatCode") == '0.00"%"'
    ages = part(_content(AGES), "word/charts/chart1.xml")
    assert [each.get("formatCode") for each in ages.iterfind(f".//{C}dLbl/{C}numFmt")] == ["#,##0"]


def test_标签不折行_最长的条后面留有地方() -> None:
    root = part(_content(SATISFACTION), "word/charts/chart1.xml")
    labels = root.find(f".//{C}dLbls")
    assert labels is not None
    drawing = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
    assert {each.get("wrap") for each in labels.iter(f"{drawing}bodyPr")} == {"none"}
    longest = root.find(f".//{C}max")
    assert longest is not None
    assert longest.get("val") == "114.000"


def test_图后的工作簿可以编辑_内容相同() -> None:
    with zipfile.ZipFile(io.BytesIO(_content(AGES))) as archive:
        assert "word/embeddings/chart1.xlsx" in archive.namelist()
        relations = archive.read("word/charts/_rels/chart1.xml.rels").decode()
        book = CalamineWorkbook.from_filelike(io.BytesIO(archive.read("word/embeddings/chart1.xlsx")))
    assert "embeddings/chart1.xlsx" in relations
    rows = book.get_sheet_by_name("数据").to_python()
    assert rows[1:] == [["18岁以下", 12], ["18—45岁", 105], ["46—60岁", 1086], ["60岁以上", 97]]


def test_纵轴从零起_有负数时不限() -> None:
    lowest = part(_content(AGES), "word/charts/chart1.xml").find(f".//{C}min")
    assert lowest is not None
    assert lowest.get("val") == "0"
    values = (Figure("a", "-3"), *AGES.values[1:])
    assert part(_content(replace(AGES, values=values)), "word/charts/chart1.xml").find(f".//{C}min") is None


@pytest.mark.parametrize("text", ["优", "", "1.2.3", "NaN", "Infinity", "1e5"])
def test_不是数的不画(text: str) -> None:
    with pytest.raises(ValueError, match="cannot show"):
        _content(replace(AGES, values=(Figure("a", text), *AGES.values[1:])))


def test_名称与数值个数不等不画() -> None:
    with pytest.raises(ValueError, match="names"):
        _content(replace(AGES, categories=("甲",)))
    with pytest.raises(ValueError, match="names"):
        _content(replace(AGES, categories=(), values=()))
