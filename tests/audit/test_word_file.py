"""Word files read as their reader sees them."""

from pathlib import Path

import pytest
from docx import Document

from tests.audit.paper_files import W, p, tbl, tc, word
from tuodi.audit.checks.sums.table_sums import check_total_rows
from tuodi.audit.material import Material
from tuodi.audit.paper.model import Paper, Paragraph, Role, Table
from tuodi.audit.paper.word_file import read_word
from tuodi.audit.paper.word_styles import chinese

SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def _read(path: Path) -> Paper:
    paper = read_word(path)
    assert isinstance(paper, Paper), paper
    return paper


def _texts(paper: Paper) -> list[str]:
    return [block.text for block in paper.blocks if isinstance(block, Paragraph)]


def _table(paper: Paper) -> Table:
    (table,) = paper.tables
    return table


def _grid(table: Table) -> list[list[str]]:
    return [["↑" if cell.covered else cell.text for cell in row] for row in table.rows]


def test_标题按样式和编号分层(tmp_path: Path) -> None:
    style = '<w:pStyle w:val="Heading{}"/>'
    paper = _read(
        word(
            tmp_path / "a.docx",
            p("示例县绩效评价报告"),
            p("项目概况", style.format(1)),
            p("（一）基本情况", style.format(3)),
            p("一、资金情况"),
            p("大纲级别", '<w:outlineLvl w:val="1"/>'),
            p("这一段用了标题样式，其实是一句话。", style.format(2)),
        )
    )
    found = [(block.text, block.role, block.level) for block in paper.paragraphs]
    assert found == [
        ("示例县绩效评价报告", Role.TEXT, None),
        ("项目概况", Role.HEADING, 1),
        ("（一）基本情况", Role.HEADING, 2),
        ("一、资金情况", Role.HEADING, 1),
        ("大纲级别", Role.HEADING, 2),
        ("这一段用了标题样式，其实是一句话。", Role.TEXT, None),
    ]
    assert paper.title == "示例县绩效评价报告"


def _level(number: int, form: str, text: str, start: int = 1) -> str:
    begin = f'<w:lvl w:ilvl="{number}"><w:start w:val="{start}"/>'
    return f'{begin}<w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'


def test_自动编号(tmp_path: Path) -> None:
    levels = _level(0, "chineseCounting", "%1、") + _level(1, "decimal", "（%2）") + _level(2, "decimal", "%2.%3", 5)
    numbering = (
        f'<w:numbering {SPACE}><w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>'
        f'<w:abstractNum w:abstractNumId="1">{_level(0, "bullet", "●")}</w:abstractNum>'
        '<w:num w:numId="7"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="8"><w:abstractNumId w:val="1"/></w:num>'
        "</w:numbering>"
    )
    of = '<w:numPr><w:ilvl w:val="{}"/><w:numId w:val="{}"/></w:numPr>'
    body = [
        p("项目概况", of.format(0, 7)),
        p("背景", of.format(1, 7)),
        p("细节", of.format(2, 7)),
        p("内容", of.format(1, 7)),
        p("点", of.format(0, 8)),
        p("评价结论", of.format(0, 7)),
        p("重新开始", of.format(1, 7)),
        p("不编号", of.format(0, 0)),
    ]
    paper = _read(word(tmp_path / "a.docx", *body, parts={"word/numbering.xml": numbering}))
    assert _texts(paper) == [
        "一、项目概况",
        "（1）背景",
        "1.5细节",
        "（2）内容",
        "点",
        "二、评价结论",
        "（1）重新开始",
        "不编号",
    ]


@pytest.mark.parametrize(
    ("数", "字"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九"), (0, "0"), (100, "100")]
)
def test_编号的汉字(数: int, 字: str) -> None:
    assert chinese(数) == 字


def test_合并单元格(tmp_path: Path) -> None:
    start, more = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    table = tbl(
        (tc("指标", '<w:gridSpan w:val="2"/>'), "得分"),
        (tc("过程", start), "资金到位率", "5"),
        (tc("<w:p/>", more), "预算执行率", "3.5"),
    )
    paper = _read(word(tmp_path / "a.docx", p("表1 得分表（单位：分）"), table))
    found = _table(paper)
    assert (found.title, found.unit) == ("表1得分表", "分")
    assert _grid(found) == [["指标", "↑", "得分"], ["过程", "资金到位率", "5"], ["↑", "预算执行率", "3.5"]]


def test_单元格内多段_嵌套表格和空行(tmp_path: Path) -> None:
    inner = tbl(("内一", "内二"), ("1", "2"))
    outer = tbl(("甲", tc(p("第一段") + p("第二段") + inner + "<w:p/>")), ("", ""), ("乙", "9"))
    first, second = _read(word(tmp_path / "a.docx", outer)).tables
    assert _grid(first) == [["甲", "第一段\n第二段"], ["乙", "9"]]
    assert _grid(second) == [["内一", "内二"], ["1", "2"]]


def test_一个格子的表格是边框(tmp_path: Path) -> None:
    paper = _read(word(tmp_path / "a.docx", tbl((tc(p("框里的一段话。") + p("又一段。")),))))
    assert (_texts(paper), list(paper.tables)) == (["框里的一段话。", "又一段。"], [])


def test_脚注在引用它的段落之后(tmp_path: Path) -> None:
    notes = (
        f'<w:footnotes {SPACE}><w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>'
        '<w:footnote w:id="2"><w:p><w:r><w:t>数据来自决算报表。</w:t></w:r></w:p></w:footnote></w:footnotes>'
    )
    reference = '<w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
    body = (p("支出90万元。").replace("</w:p>", reference), p("下一段。"))
    paper = _read(word(tmp_path / "a.docx", *body, parts={"word/footnotes.xml": notes}))
    assert _texts(paper) == ["支出90万元。", "数据来自决算报表。", "下一段。"]
    assert [block.place.anchor for block in paper.blocks] == [0, 0, 1]


def test_文本框只读一次且不打乱正文(tmp_path: Path) -> None:
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    box = "<w:txbxContent><w:p><w:r><w:t>框内文字</w:t></w:r></w:p></w:txbxContent>"
    xml = (
        f"<w:p {W} {mc}><w:r><w:t>框前</w:t></w:r><w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice>"
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>框后</w:t></w:r></w:p>"
    )
    paper = _read(word(tmp_path / "a.docx", p("头"), xml, p("尾")))
    assert _texts(paper) == ["头", "框前框后", "框内文字", "尾"]
    assert [block.place.anchor for block in paper.blocks] == [0, 1, 1, 4]


def test_目录不是正文(tmp_path: Path) -> None:
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    code = '<w:r><w:instrText>TOC \\o "1-3"</w:instrText></w:r>'
    line = "<w:p>{}<w:r><w:t>{}</w:t></w:r>{}</w:p>"
    paper = _read(
        word(
            tmp_path / "a.docx",
            line.format(mark.format("begin") + code + mark.format("separate"), "一、概况1", ""),
            line.format("", "二、结论5", ""),
            line.format("", "三、附件9", mark.format("end")),
            p("样式目录", '<w:pStyle w:val="TOC1"/>'),
            line.format("", "手工目录</w:t></w:r><w:r><w:tab/><w:t>12", ""),
            p("一、概况"),
        )
    )
    assert [block.text for block in paper.paragraphs] == ["一、概况"]
    assert len(paper.blocks) == 6


def test_题注里的域不是目录(tmp_path: Path) -> None:
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    number = mark.format("begin") + "<w:r><w:instrText> SEQ 表 </w:instrText></w:r>" + mark.format("separate")
    run = "<w:r><w:t>{}</w:t></w:r>"
    xml = f"<w:p>{run.format('表')}{number}{run.format(3)}{mark.format('end')}{run.format(' 得分表')}</w:p>"
    paper = _read(word(tmp_path / "a.docx", xml))
    assert [(block.text, block.role) for block in paper.paragraphs] == [("表3得分表", Role.CAPTION)]


def test_删除的文字和行看不见_插入的看得见(tmp_path: Path) -> None:
    xml = (
        "<w:p><w:r><w:t>支出</w:t></w:r><w:del><w:r><w:delText>80</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>90</w:t></w:r></w:ins><w:r><w:t>万元。</w:t></w:r></w:p>"
    )
    gone = "<w:tr><w:trPr><w:del/></w:trPr>" + tc("删去") + tc("1") + "</w:tr>"
    table = tbl(("项目", "金额"), ("甲", "2")).replace("</w:tbl>", gone + "</w:tbl>")
    paper = _read(word(tmp_path / "a.docx", xml, table))
    assert _texts(paper) == ["支出90万元。"]
    assert _grid(_table(paper)) == [["项目", "金额"], ["甲", "2"]]


def test_页眉页脚不读(tmp_path: Path) -> None:
    path = word(tmp_path / "a.docx", p("正文。"))
    document = Document(str(path))
    document.sections[0].header.paragraphs[0].text = "页眉"
    document.save(str(path))
    assert _texts(_read(path)) == ["正文。"]


def test_内容控件里的段落和行(tmp_path: Path) -> None:
    row = "<w:sdt><w:sdtContent><w:tr>" + tc("乙") + tc("3") + "</w:tr></w:sdtContent></w:sdt>"
    table = tbl(("甲", "2")).replace("</w:tbl>", row + "</w:tbl>")
    sdt = f"<w:sdt><w:sdtContent>{p('控件里的段落。')}</w:sdtContent></w:sdt>"
    paper = _read(word(tmp_path / "a.docx", sdt, table))
    assert _texts(paper) == ["控件里的段落。"]
    assert _grid(_table(paper)) == [["甲", "2"], ["乙", "3"]]


def test_换行符隔开的是不同的段(tmp_path: Path) -> None:
    breaks = p("一、概况</w:t><w:br/><w:t>资金100万元。</w:t><w:br/><w:t>完成。")
    assert _texts(_read(word(tmp_path / "a.docx", breaks))) == ["一、概况", "资金100万元。", "完成。"]


def test_每个格子记得自己的段落(tmp_path: Path) -> None:
    paper = _read(word(tmp_path / "a.docx", p("头"), tbl(("甲", "1"), ("乙", "2")), p("尾")))
    assert [[cell.place.anchor for cell in row] for row in _table(paper).rows] == [[1, 2], [3, 4]]
    assert [block.place.anchor for block in paper.paragraphs] == [0, 5]


def test_没有页码的文件写第几段第几个表(tmp_path: Path) -> None:
    heading = '<w:pStyle w:val="Heading1"/>'
    body = (
        p("一、资金", heading), p("到位900万元。"), tbl(("项目", "金额"), ("甲", "1"), ("乙", "2")), p("支出800万元。"),
        tbl(("名称", "人数"), ("丙", "3"), ("丁", "4")), p("二、成效", heading), p("救助90人。"),
        p("表1 救助情况"), tbl(("对象", "人次"), ("低保", "5"), ("特困", "6")),
    )  # fmt: skip
    blocks = _read(word(tmp_path / "a.docx", *body)).blocks
    assert [block.place.words() for block in blocks] == [
        "一、资金",
        "一、资金 第 1 段",
        "一、资金 第 1 个表",
        "一、资金 第 2 段",
        "一、资金 第 2 个表",
        "二、成效",
        "二、成效 第 1 段",
        "二、成效 第 2 段",
        "二、成效 表1救助情况",
    ]
    (_, second, titled) = (block for block in blocks if isinstance(block, Table))
    assert second.rows[2][1].place.words() == "一、资金 第 2 个表 第 3 行第 2 列"
    assert titled.rows[1][1].place.words() == "二、成效 表1救助情况 第 2 行第 2 列"


def test_格子里的表也查合计(tmp_path: Path) -> None:
    inner = tbl(("甲", "1"), ("乙", "2"), ("合计", "4"))
    right = tbl(("甲", "1"), ("乙", "2"), ("合计", "3"))
    first, second = f"{tc('情况')}<w:tc>{inner}{p('')}</w:tc>", tc("一") + tc("二")
    outer = f"<w:tbl><w:tr>{first}</w:tr><w:tr>{second}</w:tr></w:tbl>"
    for text, found in ((outer, [("4", "3")]), (outer.replace(inner, right), [])):
        paper = _read(word(tmp_path / "a.docx", p("正文。"), text))
        assert [(each.stated, each.expected) for each in check_total_rows(Material(paper))] == found
