"""The report as a Word file: what stands in its XML is what Word and LibreOffice show."""

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import pytest

from tests.report.docx_demo import COVER, INTERVIEW, body, demo, heading, score_table, with_text, words
from tests.report.docx_xml import W, names, part, text, value
from tuodi.kernel.fragments import Figure, Quote, Words
from tuodi.report.blocks import Gap, Paragraph, Report, Table
from tuodi.report.word.pages import entries
from tuodi.report.word.record import bound
from tuodi.report.word.writer import report_bytes, write_report

DOCUMENT = "word/document.xml"


@pytest.fixture(scope="module")
def content() -> bytes:
    return report_bytes(demo())


def _small(*blocks: object, **more: object) -> Report:
    return Report(id="r", cover=None, blocks=tuple(blocks), **more)  # type: ignore[arg-type]


def test_同一份报告字节相同_不含当前时间和路径(content: bytes) -> None:
    assert content == report_bytes(demo())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {each.date_time for each in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
        with zipfile.ZipFile(io.BytesIO(archive.read("word/embeddings/" + _workbook(content)))) as book:
            assert b"2000-01-01" in book.read("docProps/core.xml")
    assert "created" not in core
    assert "modified" not in core
    assert "thumbnail" not in " ".join(names(content))


def _workbook(content: bytes) -> str:
    return next(name for name in names(content) if name.endswith(".xlsx")).rsplit("/", 1)[1]


def test_每个样式都写明中文和西文字体_默认语言为简体中文(content: bytes) -> None:
    styles = part(content, "word/styles.xml")
    defaults = styles.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
    assert defaults is not None
    language = defaults.find(f"{W}lang")
    assert (value(language), value(language, "eastAsia")) == ("en-US", "zh-CN")
    found = [defaults.find(f"{W}rFonts")]
    found += [
        style.find(f"{W}rPr/{W}rFonts") for style in styles.iter(f"{W}style") if value(style, "type") == "paragraph"
    ]
    assert len(found) > 20
    for fonts in found:
        assert value(fonts, "eastAsia") in {"仿宋_GB2312", "黑体", "楷体_GB2312", "方正小标宋简体", "宋体"}
        assert value(fonts, "ascii") == value(fonts, "hAnsi") == value(fonts, "cs") == "Times New Roman"
        assert fonts is not None
        assert not [name for name in fonts.attrib if "Theme" in name]


@pytest.mark.parametrize(
    ("style", "font", "half_points", "line", "bold"),
    [
        ("BodyText", "仿宋_GB2312", "32", "560", False),
        ("Heading1", "黑体", "32", "560", False),
        ("Heading2", "楷体_GB2312", "32", "560", False),
        ("Heading3", "仿宋_GB2312", "32", "560", True),
        ("Heading4", "仿宋_GB2312", "32", "560", True),
        ("Title", "方正小标宋简体", "52", "800", False),
        ("TableText", "宋体", "21", "300", False),
        ("SmallTableText", "宋体", "18", "260", False),
    ],
)
def test_公文字体字号行距(content: bytes, style: str, font: str, half_points: str, line: str, bold: bool) -> None:
    styles = {value(each, "styleId"): each for each in part(content, "word/styles.xml").iter(f"{W}style")}
    look = styles[style].find(f"{W}rPr")
    assert look is not None
    assert value(look.find(f"{W}rFonts"), "eastAsia") == font
    assert value(look.find(f"{W}sz")) == half_points
    assert (look.find(f"{W}b") is not None) == bold
    spacing = styles[style].find(f"{W}pPr/{W}spacing")
    assert (value(spacing, "line"), value(spacing, "lineRule")) == (line, "exact")


def test_正文首行缩进两个字_标题是真正的标题且不与下文分开(content: bytes) -> None:
    styles = {value(each, "styleId"): each for each in part(content, "word/styles.xml").iter(f"{W}style")}
    assert value(styles["BodyText"].find(f"{W}pPr/{W}ind"), "firstLineChars") == "200"
    for level in (1, 2, 3, 4):
        form = styles[f"Heading{level}"].find(f"{W}pPr")
        assert form is not None
        assert value(styles[f"Heading{level}"].find(f"{W}name")) == f"heading {level}"
        assert value(form.find(f"{W}outlineLvl")) == str(level - 1)
        assert form.find(f"{W}keepNext") is not None
        assert form.find(f"{W}pageBreakBefore") is None


def test_只有写明另起一页的标题另起一页() -> None:
    blocks = (body("前文。"), heading(1, "一、接着写"), replace(heading(1, "附件"), new_page=True), body("后文。"))
    paragraphs = part(report_bytes(_small(*blocks, contents=False)), DOCUMENT).findall(f"{W}body/{W}p")
    breaks = [text(each) for each in paragraphs if each.find(f"{W}pPr/{W}pageBreakBefore") is not None]
    assert breaks == ["附件"]


def test_有数的段落左对齐_没有数的两端对齐() -> None:
    blocks = (body("支出9,255,900.00元。"), body("没有数。"), Paragraph((Quote("q", "共3项"),)))
    paragraphs = part(report_bytes(_small(*blocks, contents=False)), DOCUMENT).findall(f"{W}body/{W}p")
    sides = [each.find(f"{W}pPr/{W}jc") for each in paragraphs]
    assert [value(side) if side is not None else "" for side in sides] == ["left", "", "left"]


def test_页面按公文格式_宽表单独横排后转回竖排(content: bytes) -> None:
    sections = docx.Document(io.BytesIO(content)).sections
    millimetres = [
        (round(each.page_width.mm), round(each.page_height.mm), round(each.top_margin.mm), round(each.left_margin.mm))
        for each in sections
    ]
    assert millimetres == [(210, 297, 37, 28)] * 3 + [(297, 210, 28, 35), (210, 297, 37, 28)]
    for each in sections:
        width, height = each.page_width.mm, each.page_height.mm
        block = (
            width - each.left_margin.mm - each.right_margin.mm,
            height - each.top_margin.mm - each.bottom_margin.mm,
        )
        assert sorted(map(round, block)) == [156, 225]


def test_封面无页码_目录用罗马数字_正文从1起(content: bytes) -> None:
    sections = list(part(content, DOCUMENT).iter(f"{W}sectPr"))
    assert [each.find(f"{W}footerReference") is not None for each in sections] == [False, True, True, True, True]
    numbering = [each.find(f"{W}pgNumType") for each in sections]
    told = [(value(each, "fmt"), value(each, "start")) if each is not None else None for each in numbering]
    assert told == [None, ("upperRoman", "1"), ("decimal", "1"), None, None]
    footer = part(content, next(name for name in names(content) if "footer" in name))
    assert text(footer) == "— 1 —"
    assert " PAGE " in [each.text for each in footer.iter(f"{W}instrText")]
    header = part(content, next(name for name in names(content) if "header" in name))
    assert text(header) == demo().header


def test_标题和导语随横排表走() -> None:
    wide = score_table(3)
    annex = replace(heading(1, "附件"), new_page=True)
    report = _small(body("前文。"), annex, body("得分如下："), wide, body("后文。"), contents=False)
    sections = docx.Document(io.BytesIO(report_bytes(report))).sections
    assert [each.page_width > each.page_height for each in sections] == [False, True, False]
    paragraphs = part(report_bytes(report), DOCUMENT).findall(f"{W}body/{W}p")
    ends = [at for at, each in enumerate(paragraphs) if each.find(f"{W}pPr/{W}sectPr") is not None]
    between = [text(each) for each in paragraphs[ends[0] + 1 : ends[1]]]
    assert [each for each in between if each] == ["附件", "得分如下：", "附表1　绩效评价指标得分表"]
    # The section begins a page by itself; a second break would leave an empty one.
    assert paragraphs[ends[0] + 1].find(f"{W}pPr/{W}pageBreakBefore") is None


def test_连着的两张横排表在同一节() -> None:
    wide = score_table(2)
    report = _small(wide, replace(wide, key="second", caption=()), contents=False)
    content = report_bytes(report)
    assert len(docx.Document(io.BytesIO(content)).sections) == 1
    found = [each.tag for each in part(content, DOCUMENT).findall(f"{W}body/*")]
    at = found.index(f"{W}tbl")
    assert found[at + 1] == f"{W}p", "Word joins two tables that nothing parts"


def test_目录是域_条目和页码已写好_没有页码才请Word更新() -> None:
    report = demo()
    listed = entries(report)
    pages = {entry.key: number for number, entry in enumerate(listed, 1)}
    numbered = report_bytes(report, pages)
    root = part(numbered, DOCUMENT)
    shown = [each for each in root.iter(f"{W}p") if value(each.find(f"{W}pPr/{W}pStyle")).startswith("TOC")]
    texts = [text(each) for each in shown]
    assert texts[0] == "一、项目基本情况1"
    assert texts[-1] == f"附件2　访谈提纲{len(listed)}"
    assert len(texts) == len(listed) == 19
    bare = part(report_bytes(report), DOCUMENT).iter(f"{W}hyperlink")
    assert [text(each) for each in bare][:2] == ["一、项目基本情况", "（一）项目背景"]
    instructions = [each.text or "" for each in root.iter(f"{W}instrText")]
    assert instructions[0].strip() == 'TOC \\o "1-2" \\h \\z \\u'
    marks = {value(each, "name") for each in root.iter(f"{W}bookmarkStart")}
    anchors = [value(each, "anchor") for each in root.iter(f"{W}hyperlink")]
    assert anchors == [entry.key for entry in listed]
    assert set(anchors) == marks == {each.split()[1] for each in instructions[1:]}
    kinds = [value(each, "fldCharType") for each in root.iter(f"{W}fldChar")]
    assert kinds.count("begin") == kinds.count("end") == kinds.count("separate") == len(listed) + 1
    del pages[listed[3].key]
    for given, expected in ((None, True), (pages, True)):
        settings = part(report_bytes(report, given), "word/settings.xml")
        assert (settings.find(f"{W}updateFields") is not None) == expected
    assert part(numbered, "word/settings.xml").find(f"{W}updateFields") is None


def test_绑定的数字和原文各成一段文字_顺序和内容与清单一致(content: bytes) -> None:
    report = demo()
    runs = [
        (value(each.find(f"{W}rPr/{W}rStyle")), text(each))
        for each in part(content, DOCUMENT).iter(f"{W}r")
        if each.find(f"{W}rPr/{W}rStyle") is not None
    ]
    shown = [each for style, each in runs if style in {"BoundFigure", "BoundQuote"}]
    in_charts = {"survey.0", "ages.0"}
    assert in_charts <= {key for key, _ in bound(report)}
    expected = [each for key, each in bound(report) if not key.startswith(("survey.", "ages."))]
    assert shown == expected
    assert len(shown) > 150


def test_正文中没有未绑定的数字(content: bytes) -> None:
    root = part(content, DOCUMENT)
    loose = []
    for paragraph in root.iter(f"{W}p"):
        if value(paragraph.find(f"{W}pPr/{W}pStyle")).startswith("TOC"):
            continue
        for run in paragraph.iter(f"{W}r"):
            style = run.find(f"{W}rPr/{W}rStyle")
            if re.search(r"\d", text(run)) and (style is None or not value(style).startswith("Bound")):
                loose.append(text(run))
    assert loose == []


def test_封面写明征求意见稿_写完后去掉() -> None:
    report = demo()
    assert "（征求意见稿）" in text(part(report_bytes(report), DOCUMENT))
    written = with_text(with_text(report, "访谈情况", "甲。"), "原因分析", "乙。")
    assert "征求意见稿" not in text(part(report_bytes(written), DOCUMENT))


def test_没写的段落是带名称的内容控件_写明写什么() -> None:
    report = _small(
        INTERVIEW, Gap(name="原因", title="原因", prompt="写原因。", text=("一段。", "二段。")), contents=False
    )
    open_one, written = part(report_bytes(report), DOCUMENT).iter(f"{W}sdt")
    properties = open_one.find(f"{W}sdtPr")
    assert properties is not None
    assert value(properties.find(f"{W}tag")) == value(properties.find(f"{W}alias")) == "访谈情况"
    assert properties.find(f"{W}showingPlcHdr") is not None
    assert text(open_one) == f"【{INTERVIEW.prompt}】"
    assert value(open_one.find(f".//{W}rStyle")) == "PlaceholderText"
    assert written.find(f"{W}sdtPr/{W}showingPlcHdr") is None
    assert [text(each) for each in written.iter(f"{W}p")] == ["一段。", "二段。"]


@pytest.mark.parametrize(
    "second",
    [
        replace(INTERVIEW, title="另一个"),
        replace(INTERVIEW, name="另一个"),
        replace(INTERVIEW, name="另一个", title=""),
        replace(INTERVIEW, name="长" * 65, title="另一个"),
    ],
)
def test_名称或标题不能区分的段落不让写(second: Gap) -> None:
    with pytest.raises(ValueError, match="differ"):
        report_bytes(_small(INTERVIEW, second, contents=False))


def test_特殊字符照写_不能写入文件的字符去掉() -> None:
    strange = Quote("q", '甲<乙>&"丙"\x00\x0b丁\ud800\t戊\r\n己')
    report = _small(Paragraph((strange, Words("。"))), contents=False, header='页眉<&"')
    paragraph = docx.Document(io.BytesIO(report_bytes(report))).paragraphs[0]
    assert paragraph.text == '甲<乙>&"丙"\n丁\t戊\n己。'
    assert bound(report)[0].text == '甲<乙>&"丙"\n丁\t戊\n己'


def test_中文标点取中文字体() -> None:
    report = _small(Paragraph((Words("“应救尽救”"), Figure("a", "98.50"), Figure("b", "≥95%"))), contents=False)
    runs = list(part(report_bytes(report), DOCUMENT).iter(f"{W}r"))
    hints = [value(fonts, "hint") if (fonts := each.find(f"{W}rPr/{W}rFonts")) is not None else "" for each in runs]
    assert hints == ["eastAsia", "", "eastAsia"]


def test_封面只占一页的高度_标题和事项再长也放得下() -> None:
    long = replace(COVER, title=words("云岭县城乡医疗救助补助资金绩效评价报告" * 4), lines=COVER.lines * 2)
    for cover in (COVER, long, replace(COVER, lines=(), foot=(), number=())):
        content = report_bytes(replace(demo(), cover=cover))
        heights = [value(each, "line") for each in part(content, DOCUMENT).iter(f"{W}spacing")]
        assert all(int(each) > 0 for each in heights if each)
        assert text(part(content, DOCUMENT)).count("（征求意见稿）") == 1


def test_长的标题在文种之前换行_短的不换() -> None:
    kind = words("绩效评价报告")
    for name, broken in (("云岭县城乡医疗救助补助资金", True), ("医疗救助", False)):
        content = report_bytes(replace(demo(), cover=replace(COVER, title=words(name), words=kind)))
        title = next(
            each for each in part(content, DOCUMENT).iter(f"{W}p") if value(each.find(f"{W}pPr/{W}pStyle")) == "Title"
        )
        assert text(title) == f"{name}绩效评价报告"
        assert (title.find(f".//{W}br") is not None) == broken


def test_空报告也能写() -> None:
    content = report_bytes(Report(id="r", cover=None, blocks=()))
    assert docx.Document(io.BytesIO(content)).paragraphs == []


def test_写不成不留文件(tmp_path: Path) -> None:
    bad = Table(key="t", caption=(), widths=(1.0,), aligns=(), rows=((),))
    with pytest.raises(ValueError, match="too few"):
        write_report(tmp_path / "报告.docx", _small(bad, contents=False))
    assert list(tmp_path.iterdir()) == []
    write_report(tmp_path / "报告.docx", _small(body("好。"), contents=False))
    assert [each.name for each in tmp_path.iterdir()] == ["报告.docx"]
