"""Annotated copies: comments in Word at the right place, a page of the text with marks; the original stays whole."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn

from tests.audit.paper_files import p, repacked, tbl, tc, word
from tuodi.audit.paper.model import Paper, Place
from tuodi.audit.paper.text_file import read_text
from tuodi.audit.paper.word_file import read_word
from tuodi.audit.remark import Remark
from tuodi.kernel.finding import Severity
from tuodi.report.audit.marked_page import write_marked_page
from tuodi.report.audit.word_comments import NotCommentable, write_commented


def _remark(place: Place, **more: object) -> Remark:
    words = {"rule": "total-differs", "message": "合计写 12，各项相加为 10", "advice": "请核对", **more}
    return Remark(place=place, **words)  # type: ignore[arg-type]


def _word(folder: Path, *body: str) -> tuple[Path, Paper]:
    path = word(folder / "报告.docx", *body)
    paper = read_word(path)
    assert isinstance(paper, Paper)
    return path, paper


def _comments(path: Path) -> list[tuple[str, str]]:
    """Return what each comment says and the text it covers, in order."""
    document = Document(str(path))
    found = []
    for comment in document.comments:
        covered, inside = "", False
        for element in document.element.body.iter():
            if element.tag == qn("w:commentRangeStart") and element.get(qn("w:id")) == str(comment.comment_id):
                inside = True
            elif element.tag == qn("w:commentRangeEnd") and element.get(qn("w:id")) == str(comment.comment_id):
                inside = False
            elif inside and element.tag == qn("w:t"):
                covered += element.text or ""
        found.append((comment.text, covered))
    return found


def test_批注落在原来的段落和格子(tmp_path: Path) -> None:
    body = (p("一、概况"), p("预算10万元。"), tbl(("项目", "金额"), ("甲", "10"), ("合计", "12")), p("完。"))
    path, paper = _word(tmp_path, *body)
    before = path.read_bytes()
    (table,) = paper.tables
    remarks = [_remark(paper.blocks[1].place), _remark(table.rows[2][1].place, stated="12", expected="10")]
    write_commented(tmp_path / "批注.docx", path, remarks)
    (first, at_first), (second, at_second) = _comments(tmp_path / "批注.docx")
    assert (at_first, at_second) == ("预算10万元。", "12")
    assert first == "【提醒】合计写 12，各项相加为 10\n建议：请核对"
    assert "写的：12；应为：10" in second
    assert path.read_bytes() == before
    shown = [each.text for each in Document(str(tmp_path / "批注.docx")).paragraphs]
    assert shown == ["一、概况", "预算10万元。", "完。"]


def test_一段有几处字时只批注写错的数(tmp_path: Path) -> None:
    runs = "<w:p><w:r><w:t>预算10万元，</w:t></w:r><w:r><w:t>支出12万元</w:t></w:r><w:r><w:t>。</w:t></w:r></w:p>"
    path, paper = _word(tmp_path, runs)
    write_commented(tmp_path / "批注.docx", path, [_remark(paper.blocks[0].place, stated="12")])
    assert [covered for _, covered in _comments(tmp_path / "批注.docx")] == ["支出12万元"]


def test_空格子_文本框_脚注和整篇的意见都有落处(tmp_path: Path) -> None:
    box = "<w:r><w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p></w:txbxContent></w:r>"
    boxed = f"<w:p>{box}<w:r><w:t>框外</w:t></w:r></w:p>"
    path, paper = _word(tmp_path, "<w:p/>", boxed, tbl(("项目", tc("<w:p/>")), ("甲", "1")))
    (table,) = paper.tables
    inner = next(block.place for block in paper.paragraphs if block.text == "框内")
    remarks = [_remark(inner), _remark(table.rows[0][1].place), _remark(Place())]
    write_commented(tmp_path / "批注.docx", path, remarks)
    assert [covered for _, covered in _comments(tmp_path / "批注.docx")] == ["框内框外", "", "框内框外"]
    assert isinstance(read_word(tmp_path / "批注.docx"), Paper)


def test_原有的批注保留_两次写出完全相同(tmp_path: Path) -> None:
    path, _ = _word(tmp_path, p("一、概况"), p("资金10万元。"))
    document = Document(str(path))
    document.add_comment(document.paragraphs[0].runs, "领导的批注", "某人")
    document.save(str(path))
    paper = read_word(path)
    assert isinstance(paper, Paper)
    for name in ("甲.docx", "乙.docx"):
        write_commented(tmp_path / name, path, [_remark(paper.blocks[1].place)])
    assert [text.split("\n")[0] for text, _ in _comments(tmp_path / "甲.docx")] == [
        "领导的批注",
        "【提醒】合计写 12，各项相加为 10",
    ]
    parts = [Document(str(tmp_path / name)).part.package for name in ("甲.docx", "乙.docx")]
    first, second = ({part.partname: part.blob for part in package.iter_parts()} for package in parts)
    assert first == second
    # Two runs inside one second would agree even with the hour in them.
    assert [each.timestamp for each in Document(str(tmp_path / "甲.docx")).comments][1:] == [None]


def test_不能写的控制字符去掉(tmp_path: Path) -> None:
    path, paper = _word(tmp_path, p("资金10万元。"))
    write_commented(tmp_path / "批注.docx", path, [_remark(paper.blocks[0].place, message="坏\x01字\x0c符")])
    assert _comments(tmp_path / "批注.docx")[0][0].startswith("【提醒】坏字符")


def test_写不进批注时不留下半个文件(tmp_path: Path) -> None:
    path, paper = _word(tmp_path, p("资金10万元。"))
    repacked(
        path, {"[Content_Types].xml": b"<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>"}
    )
    with pytest.raises(NotCommentable):
        write_commented(tmp_path / "批注.docx", path, [_remark(paper.blocks[0].place)])
    assert sorted(each.name for each in tmp_path.iterdir()) == ["报告.docx"]


TEXT = "一、概况\n预算10万元，支出12万元。\n项目\t金额\n甲\t10\n合计\t12\n"


def _page(folder: Path, text: str, *remarks: Remark) -> str:
    write_marked_page(folder / "a.html", read_text("a.txt", text), remarks)
    return (folder / "a.html").read_text(encoding="utf-8")


class _Marks(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.marked: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "mark":
            self.marked.append("")

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.tags and self.tags[-1] == "mark" and not self.marked[-1]:
            self.marked[-1] = data


def _parsed(page: str) -> _Marks:
    parser = _Marks()
    parser.feed(page)
    return parser


def test_网页标出写错的数并在旁边说明(tmp_path: Path) -> None:
    paper = read_text("a.txt", TEXT)
    (table,) = paper.tables
    in_text = _remark(paper.blocks[1].place, quote="…支出12万元", stated="12", severity=Severity.ERROR)
    in_cell = _remark(table.rows[2][1].place, stated="12", expected="10")
    page = _page(tmp_path, TEXT, in_text, in_cell)
    assert _parsed(page).marked == ["12", "12"]
    assert "预算10万元，支出<mark" in page
    assert "<td><mark" in page
    assert page.count('id="n') == 2 and page.count('href="#n') == 2
    assert "错误 1 条，提醒 1 条" in page
    assert "写的：12；应为：10" in page


def test_同一处几条意见_找不到原文的也有编号(tmp_path: Path) -> None:
    place = read_text("a.txt", TEXT).blocks[1].place
    remarks = [_remark(place, quote="支出12万元"), _remark(place, quote="12万元"), _remark(place, quote="没有这句")]
    page = _page(tmp_path, TEXT, *remarks)
    assert _parsed(page).marked == ["支出12万元"]
    assert all(f'href="#n{number}"' in page for number in (1, 2, 3))
    assert "支出<" not in page.split("<aside>")[2]


def test_别人的文字都转义_不引用外面的东西(tmp_path: Path) -> None:
    text = '一、<script>alert(1)</script>\n<img src="http://192.0.2.1/x" onerror=alert(2)>的金额"10"万元&amp;。\n'
    paper = read_text("a.txt", text)
    remark = _remark(paper.blocks[1].place, quote="10", stated="<b>10</b>", message="<i>写错</i>", advice='"请"核对')
    parser = _parsed(_page(tmp_path, text, remark))
    assert not {"script", "img", "i", "b", "link", "iframe"} & set(parser.tags)
    assert "<i>写错</i>" in parser.text
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "default-src 'none'" in page
    assert re.findall(r'(?:href|src)="(?!#)', page) == []


def test_没有问题也写出整页(tmp_path: Path) -> None:
    page = _page(tmp_path, TEXT)
    assert "没有发现问题" in page and "支出12万元" in page and "<mark" not in page
