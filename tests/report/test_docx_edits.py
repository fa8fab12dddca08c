"""An edited report comes back: hand-written passages by name, figures that changed, and hostile files as findings."""

import io
import random
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from tests.report.docx_demo import CAUSE, INTERVIEW, PROMPT, body, demo, figure, with_text
from tests.report.docx_xml import with_part
from tuodi.kernel.finding import Finding
from tuodi.kernel.fragments import Figure, Quote
from tuodi.report.blocks import Paragraph, Report
from tuodi.report.word.edits import Change, Earlier, changes, fill, read_back
from tuodi.report.word.record import Bound, bound
from tuodi.report.word.writer import report_bytes, write_report

DOCUMENT = "word/document.xml"
SMALL = Report(
    id="yunling-2024",
    cover=None,
    blocks=(body("得分88.50分。"), INTERVIEW, body("附后。"), CAUSE),
    contents=False,
)


def _written(folder: Path, report: Report = SMALL) -> Path:
    path = folder / "报告.docx"
    write_report(path, report)
    return path


def _read(path: Path) -> Earlier:
    found = read_back(path)
    assert isinstance(found, Earlier), found
    return found


def _edited(path: Path, change: Callable[[docx.document.Document], None]) -> Earlier:
    document = docx.Document(str(path))
    change(document)
    document.save(str(path))
    return _read(path)


def _control(document: docx.document.Document, number: int) -> docx.oxml.xmlchemy.BaseOxmlElement:
    return list(document.element.body.iter(qn("w:sdt")))[number]


def _type_over(number: int, *texts: str) -> Callable[[docx.document.Document], None]:
    """Do what Word does when somebody types over the prompt."""

    def change(document: docx.document.Document) -> None:
        control = _control(document, number)
        properties, content = control.find(qn("w:sdtPr")), control.find(qn("w:sdtContent"))
        for flag in properties.findall(qn("w:showingPlcHdr")):
            properties.remove(flag)
        for old in list(content):
            content.remove(old)
        for each in texts:
            content.append(parse_xml(f"<w:p {nsdecls('w')}><w:r><w:t>{each}</w:t></w:r></w:p>"))

    return change


def test_没人动过(tmp_path: Path) -> None:
    earlier = _read(_written(tmp_path, demo()))
    assert earlier.id == "yunling-2024"
    assert earlier.passages == {"访谈情况": (), "原因分析": ()}
    assert earlier.figures == bound(demo())
    assert (earlier.touched, earlier.edited, earlier.holding_more) == (False, False, ())


def test_只另存一次不算改动(tmp_path: Path) -> None:
    earlier = _edited(_written(tmp_path, demo()), lambda document: None)
    assert (earlier.touched, earlier.edited) == (False, False)
    assert len(earlier.figures) == len(bound(demo()))


def test_手写的段落读回并带入新报告(tmp_path: Path) -> None:
    earlier = _edited(_written(tmp_path), _type_over(0, "访谈了12人。", "", "意见一致。"))
    assert earlier.passages == {"访谈情况": ("访谈了12人。", "", "意见一致。"), "原因分析": ()}
    assert (earlier.touched, earlier.edited) == (True, False)
    report, left_over = fill(SMALL, earlier)
    assert left_over == {}
    assert [gap.text for gap in report.gaps] == [("访谈了12人。", "", "意见一致。"), ()]
    assert report.draft
    again = _read(_written(tmp_path, report))
    assert again.passages == earlier.passages
    assert not again.touched


def test_段落的位置不在了_另外交回不丢失(tmp_path: Path) -> None:
    earlier = _edited(_written(tmp_path), _type_over(1, "原因有二。"))
    report, left_over = fill(replace(SMALL, blocks=(body("新。"), INTERVIEW)), earlier)
    assert left_over == {"原因分析": ("原因有二。",)}
    assert [gap.open for gap in report.gaps] == [True]
    assert fill(replace(SMALL, blocks=()), _read(_written(tmp_path))).left_over == {}
    moved = replace(SMALL, blocks=(), annexes=(CAUSE,))
    assert fill(moved, earlier).report.gaps[0].text == ("原因有二。",)


def test_数据带来的文字_不被空白的旧段落盖掉(tmp_path: Path) -> None:
    earlier = _read(_written(tmp_path))
    given = with_text(SMALL, "原因分析", "数据中的原因。")
    assert fill(given, earlier).report.gaps[1].text == ("数据中的原因。",)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ((f"【{PROMPT}】",), ()),
        ((" ", "", "　"), ()),
        (("单击或点击此处输入文字。",), ()),
        (("Click or tap here to enter text.",), ()),
        ((f"【{PROMPT}】", "写在提示后面。"), ("写在提示后面。",)),
        ((f"写在前面。【{PROMPT}】",), ("写在前面。",)),
        (("【自己写的】",), ("【自己写的】",)),
        (("", "前后有空行。", ""), ("前后有空行。",)),
    ],
    ids=["还是提示", "只有空格", "Word自己的提示", "英文提示", "写在提示之后", "写在提示之前", "别的方头括号", "空行"],
)
def test_什么算没写(tmp_path: Path, texts: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert _edited(_written(tmp_path), _type_over(0, *texts)).passages["访谈情况"] == expected


def test_提示有几行也认得(tmp_path: Path) -> None:
    gap = replace(INTERVIEW, prompt="第一，写时间；\n第二，写意见。")
    assert _read(_written(tmp_path, replace(SMALL, blocks=(gap,)))).passages == {"访谈情况": ()}


def test_控件外的改动看得出来(tmp_path: Path) -> None:
    def change(document: docx.document.Document) -> None:
        document.paragraphs[0].runs[1].text = "90.00"

    earlier = _edited(_written(tmp_path), change)
    assert (earlier.touched, earlier.edited) == (True, True)


def test_更新目录不算改动(tmp_path: Path) -> None:
    path = tmp_path / "报告.docx"
    write_report(path, demo(), {"_Toc000001": 1})
    changed = with_part(path, tmp_path / "二.docx", DOCUMENT, lambda xml: xml.replace(b">1</w:t>", b">77</w:t>", 1))
    assert changed.read_bytes() != path.read_bytes()
    assert not _read(changed).touched


def test_修订中删去的不读_插入的读(tmp_path: Path) -> None:
    def change(document: docx.document.Document) -> None:
        _type_over(0, "")(document)
        control = _control(document, 0)
        control.find(qn("w:sdtContent")).append(
            parse_xml(
                f"<w:p {nsdecls('w')}><w:del w:id='1' w:author='a'><w:r><w:delText>删去</w:delText></w:r></w:del>"
                "<w:ins w:id='2' w:author='a'><w:r><w:t>插入</w:t></w:r></w:ins>"
                "<w:moveFrom w:id='3' w:author='a'><w:r><w:t>移走</w:t></w:r></w:moveFrom></w:p>"
            )
        )

    assert _edited(_written(tmp_path), change).passages["访谈情况"] == ("插入",)


def test_段落里放了表格_文字带走并告知(tmp_path: Path) -> None:
    def change(document: docx.document.Document) -> None:
        _type_over(0, "见下表。")(document)
        rows = "<w:tr><w:tc><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:tc></w:tr>"
        table = parse_xml(f"<w:tbl {nsdecls('w')}><w:tblPr/><w:tblGrid/>{rows}</w:tbl>")
        _control(document, 0).find(qn("w:sdtContent")).append(table)

    earlier = _edited(_written(tmp_path), change)
    assert earlier.passages["访谈情况"] == ("见下表。", "甲")
    assert earlier.holding_more == ("访谈情况",)


def test_控件被删_或被拷贝成两份(tmp_path: Path) -> None:
    def remove(document: docx.document.Document) -> None:
        control = _control(document, 0)
        control.getparent().remove(control)

    assert _edited(_written(tmp_path), remove).passages == {"原因分析": ()}

    def twice(document: docx.document.Document) -> None:
        _type_over(0, "甲。")(document)
        control = _control(document, 0)
        copy = parse_xml(docx.oxml.xmlchemy.serialize_for_reading(control))
        control.addnext(copy)
        _control(document, 1).find(qn("w:sdtContent"))[0].r_lst[0].text = "乙。"

    assert _edited(_written(tmp_path), twice).passages["访谈情况"] == ("甲。", "乙。")


def test_标签丢了按标题认_控件里又套控件(tmp_path: Path) -> None:
    def change(document: docx.document.Document) -> None:
        _type_over(0, "甲。")(document)
        control = _control(document, 0)
        properties = control.find(qn("w:sdtPr"))
        properties.remove(properties.find(qn("w:tag")))
        inner = parse_xml(
            f"<w:sdt {nsdecls('w')}><w:sdtPr><w:alias w:val='访谈情况'/></w:sdtPr><w:sdtContent><w:p><w:r>"
            "<w:t>乙。</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        )
        control.find(qn("w:sdtContent")).append(inner)

    earlier = _edited(_written(tmp_path), change)
    assert earlier.passages["访谈情况"] == ("甲。", "乙。")
    assert not earlier.edited


def test_变化的数字逐个列出() -> None:
    before = (
        *(Bound("score.A", "3.00"), Bound("score.B", "2.50"), Bound("score.B", "2.5"), Bound("gone", "7")),
        *(Bound("score.A", "3.00"), Bound("reason", "旧理由")),
    )
    report = replace(
        SMALL,
        blocks=(
            Paragraph((*figure("score.A", "2.00"), *figure("score.B", "2.50"), *figure("score.B", "2.5"))),
            Paragraph((Quote("reason", "新理由"), Figure("new", "9"), Figure("score.A", "2.00"))),
        ),
    )
    assert changes(before, report) == [
        Change("score.A", "3.00", "2.00"),
        Change("reason", "旧理由", "新理由"),
        Change("new", None, "9"),
        Change("gone", "7", None),
    ]
    assert changes(bound(report), report) == []


def test_一个数字有几种写法_变了哪种列哪种() -> None:
    report = replace(SMALL, blocks=(Paragraph((*figure("k", "88.5"), *figure("k", "88.50%"))),))
    assert changes((Bound("k", "88.5"), Bound("k", "87%")), report) == [Change("k", "87%", "88.50%")]
    assert changes((Bound("k", "88.5"),), report) == [Change("k", None, "88.50%")]


def test_清单中的空格和换行不变(tmp_path: Path) -> None:
    texts = (" ", "甲\n乙", "<丙>&\"'", "丁\t")
    report = replace(SMALL, blocks=tuple(Paragraph((Quote(f"键 {at}\n\"'<", text),)) for at, text in enumerate(texts)))
    earlier = _edited(_written(tmp_path, report), lambda document: None)
    assert earlier.figures == bound(report)
    assert changes(earlier.figures, report) == []


# Hostile and broken files


def _zip(**parts: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, each in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), each)
    return content.getvalue()


def _entities() -> bytes:
    lines = ['<!ENTITY a0 "aaaaaaaaaa">'] + [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)]
    return f"<?xml version='1.0'?><!DOCTYPE x [{''.join(lines)}]><x>&a9;</x>".encode()


OUTSIDE = (
    b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/hostname">]><w:document '
    b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>&e;</w:body></w:document>'
)
NESTED = b"<a>" * 5000 + b"</a>" * 5000
HOSTILE = {
    "空文件": (b"", "file-damaged"),
    "不是压缩包": ("报告".encode(), "file-damaged"),
    "旧格式或加密": (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "file-encrypted"),
    "没有正文": (_zip(a_xml=b"<a/>"), "file-format"),
    "正文不是XML": (_zip(word__document_xml=b"<w:document"), "file-damaged"),
    "正文为空": (_zip(word__document_xml=b""), "file-damaged"),
    "没有body": (_zip(word__document_xml=b"<a/>"), "file-damaged"),
    "实体炸弹": (_zip(word__document_xml=_entities()), "file-damaged"),
    "外部实体": (_zip(word__document_xml=OUTSIDE), "file-damaged"),
    "层层嵌套": (_zip(word__document_xml=NESTED), "file-damaged"),
    "压缩炸弹": (_zip(word__document_xml=b" " * (200 * 2**20)), "file-too-large"),
    "正文过长": (_zip(word__document_xml=random.Random(1).randbytes(49 * 2**20)), "file-too-large"),
    "旁边的压缩炸弹": (_zip(word__document_xml=b"<a/>", word__media=b"\0" * (300 * 2**20)), "file-too-large"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_有害或损坏的文件给出问题_不出错(tmp_path: Path, case: str) -> None:
    content, rule = HOSTILE[case]
    path = tmp_path / "坏.docx"
    path.write_bytes(content)
    found = read_back(path)
    assert isinstance(found, Finding)
    assert (found.rule, found.file) == (rule, "坏.docx")


def test_文件不在(tmp_path: Path) -> None:
    found = read_back(tmp_path / "无.docx")
    assert isinstance(found, Finding)
    assert found.rule == "file-missing"


def test_不是本程序写的报告(tmp_path: Path) -> None:
    docx.Document().save(str(tmp_path / "别的.docx"))
    found = read_back(tmp_path / "别的.docx")
    assert isinstance(found, Finding)
    assert found.rule == "report-not-ours"


def test_数据部分被改坏或带实体(tmp_path: Path) -> None:
    path = _written(tmp_path)
    for bad in (b"<report", _entities(), b"\xff\xfe\0"):
        found = read_back(with_part(path, tmp_path / "坏.docx", "customXml/item1.xml", lambda _, bad=bad: bad))  # type: ignore[misc]
        assert isinstance(found, Finding)
        assert found.rule == "file-damaged"


def test_字节随意改动_只给问题或读出内容(tmp_path: Path) -> None:
    whole = report_bytes(SMALL)
    numbers = random.Random(7)
    path = tmp_path / "改.docx"
    findings = 0
    for _ in range(150):
        content = bytearray(whole)
        for _ in range(numbers.randint(1, 8)):
            content[numbers.randrange(len(content))] = numbers.randrange(256)
        path.write_bytes(bytes(content[: numbers.choice((len(content), numbers.randrange(len(content))))]))
        findings += isinstance(read_back(path), Finding)
    assert findings > 50


def test_正文结构随意改动_只给问题或读出内容(tmp_path: Path) -> None:
    path = _written(tmp_path, demo(1, 3))
    numbers = random.Random(11)
    words_of = (b"w:sdtContent", b"w:sdtPr", b"w:tag", b"w:fldChar", b"w:p>", b"w:val", b"w:body", b"w:t ", b"figure")
    for _ in range(60):
        word, other = numbers.choice(words_of), numbers.choice(words_of)
        name = numbers.choice((DOCUMENT, "customXml/item1.xml"))
        read_back(with_part(path, tmp_path / "改.docx", name, lambda xml, a=word, b=other: xml.replace(a, b)))  # type: ignore[misc]
