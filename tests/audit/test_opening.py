"""Files that are not what they seem, broken or made to do harm: a refusal that says what to do, never a crash."""

import io
import random
import re
import time
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import pytest

from tests.audit.paper_files import Pdf, assembled, p, repacked, tbl, word, workbook
from tuodi.audit.paper import opening, pdf_pages
from tuodi.audit.paper.model import Paper
from tuodi.audit.paper.opening import read_paper
from tuodi.kernel.finding import Finding

SENTENCE = "示例县预算资金100.00万元，支出90.00万元，预算执行率90.00%。"
REFUSALS = {
    "file-format",
    "file-damaged",
    "file-encrypted",
    "file-empty",
    "file-scanned",
    "file-too-large",
    "file-missing",
    "cell-too-long",
}


def refused(path: Path) -> Finding:
    """Return why a file was refused: a rule of the list, in Chinese, with advice and the file's name."""
    answer = read_paper(path)
    assert isinstance(answer, Finding), answer
    assert answer.rule in REFUSALS
    assert answer.file == path.name
    assert re.search("[一-鿿]", answer.message) and re.search("[一-鿿]", answer.advice)
    return answer


def texts(path: Path) -> list[str]:
    answer = read_paper(path)
    assert isinstance(answer, Paper), answer
    return [each.text for each in answer.paragraphs]


def _text(folder: Path, content: bytes, name: str = "a.txt") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def good_pdf() -> Pdf:
    pdf = Pdf().page().text(60, 700, SENTENCE)
    return pdf.grid((60, 200, 300), (600, 580, 560)).text(65, 585, "项目").text(205, 585, "金额").text(205, 565, "1.00")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_各种编码的文本(encoding: str, tmp_path: Path) -> None:
    assert texts(_text(tmp_path, SENTENCE.encode(encoding))) == [SENTENCE]


@pytest.mark.parametrize(
    ("后缀", "做法"),
    [
        (".doc", ".docx"),
        (".wps", ".docx"),
        (".rtf", ".docx"),
        (".html", ".docx"),
        (".xls", ".xlsx"),
        (".et", ".xlsx"),
        (".ofd", "PDF"),
        (".zzz", ".docx"),
        ("", ".docx"),
    ],
)
def test_其他格式说明怎样转换(后缀: str, 做法: str, tmp_path: Path) -> None:
    finding = refused(_text(tmp_path, b"whatever", f"a{后缀}"))
    assert finding.rule == "file-format"
    assert 做法 in finding.advice


OLD = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(2000)
ENCRYPTED = OLD + "EncryptedPackage".encode("utf-16-le")


@pytest.mark.parametrize(
    ("名称", "内容", "规则"),
    [
        ("a.txt", b"", "file-empty"),
        ("a.docx", b"", "file-empty"),
        ("a.txt", " \n　\n".encode(), "file-empty"),
        ("a.txt", b"\x00\x01\x02" * 100, "file-format"),
        ("a.txt", b"PK\x03\x04" + b"x" * 50, "file-format"),
        ("a.txt", b"\xff\xff\xff\x80" * 50, "file-format"),
        ("a.txt", OLD, "file-format"),
        ("a.docx", OLD, "file-format"),
        ("a.docx", ENCRYPTED, "file-encrypted"),
        ("a.xlsx", ENCRYPTED, "file-encrypted"),
        ("a.docx", b"<html></html>", "file-format"),
        ("a.xlsx", b"<html></html>", "file-format"),
        ("a.pdf", b"<html></html>", "file-format"),
        ("a.docx", b"PK\x03\x04" + b"x" * 500, "file-damaged"),
        ("a.xlsx", b"PK\x03\x04" + b"x" * 500, "file-damaged"),
        ("a.pdf", b"%PDF-1.7\n" + b"x" * 500, "file-damaged"),
        ("a.png", b"\x89PNG", "file-scanned"),
    ],
)
def test_名不副实(名称: str, 内容: bytes, 规则: str, tmp_path: Path) -> None:
    assert refused(_text(tmp_path, 内容, 名称)).rule == 规则


def test_文件不存在或是文件夹(tmp_path: Path) -> None:
    assert refused(tmp_path / "没有.docx").rule == "file-missing"
    (tmp_path / "夹.pdf").mkdir()
    assert refused(tmp_path / "夹.pdf").rule == "file-missing"


def test_过大的文件不读(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "MOST_TEXT_BYTES", 2**20)
    assert texts(_text(tmp_path, SENTENCE.encode() * 3))
    finding = refused(_text(tmp_path, b"a" * (2**20 + 1)))
    assert (finding.rule, "1 MB" in finding.message) == ("file-too-large", True)


def test_工作簿与文档互换后缀(tmp_path: Path) -> None:
    book = workbook(tmp_path / "a.xlsx", {"表": [["项目", "金额"], ["甲", 1]]})
    assert refused(book.rename(tmp_path / "b.docx")).rule == "file-format"
    document = word(tmp_path / "c.docx", p(SENTENCE))
    assert refused(document.rename(tmp_path / "d.xlsx")).rule == "file-format"


def test_扫描件没有文字层(tmp_path: Path) -> None:
    finding = refused(_text(tmp_path, Pdf().page().line(0, 0, 9, 9).page().bytes(), "a.pdf"))
    assert finding.rule == "file-scanned"
    assert finding.message == "扫描件没有文字层，读不出文字"
    assert "原 Word" in finding.advice
    numbered = Pdf()
    for number in range(20):
        numbered.page().text(300, 30, f"第{number + 1}页")
    assert refused(_text(tmp_path, numbered.bytes(), "b.pdf")).rule == "file-scanned"


def test_加密的PDF(tmp_path: Path) -> None:
    trailer = (
        "/Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -4 "
        f"/O <{'41' * 32}> /U <{'42' * 32}> >> /ID [<{'43' * 16}> <{'43' * 16}>] "
    )
    assert refused(_text(tmp_path, good_pdf().bytes(trailer), "a.pdf")).rule == "file-encrypted"


def test_PDF的页面树和内容互相套成圈(tmp_path: Path) -> None:
    catalog = b"<< /Type /Catalog /Pages 2 0 R >>"
    circle = [catalog, b"<< /Type /Pages /Kids [2 0 R 2 0 R 3 0 R] /Count 3000 >>", b"<< /Type /Pages /Kids [2 0 R] >>"]
    begun = time.monotonic()
    refused(_text(tmp_path, assembled(circle), "a.pdf"))
    form = b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 4 0 R >> >> /Length 4 >>\n"
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Resources << /XObject << /X 4 0 R >> >> /Contents 5 0 R >>"
    )
    pages = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    stream = b"<< /Length 5 >>\nstream\n/X Do\nendstream"
    loop = [catalog, pages, page, form + b"stream\n/X Do\nendstream", stream]
    assert refused(_text(tmp_path, assembled(loop), "b.pdf")).rule == "file-scanned"
    assert time.monotonic() - begun < 5


def test_PDF的压缩炸弹(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_pages, "MOST_STREAM_BYTES", 2**22)
    bomb = zlib.compress(b" " * 2**23)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>",
        b"<< /Filter /FlateDecode /Length %d >>\nstream\n" % len(bomb) + bomb + b"\nendstream",
    ]
    finding = refused(_text(tmp_path, assembled(objects), "a.pdf"))
    assert (finding.rule, "4 MB" in finding.message) == ("file-too-large", True)
    objects[3] = objects[3].replace(b"/FlateDecode", b"[/FlateDecode /FlateDecode]")
    assert "多重压缩" in refused(_text(tmp_path, assembled(objects), "b.pdf")).message


def test_页数和时间有上限(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _text(tmp_path, good_pdf().page().text(60, 700, SENTENCE).bytes(), "a.pdf")
    assert isinstance(read_paper(path), Paper)
    ticks = iter(range(0, 10_000, pdf_pages.MOST_SECONDS + 1))
    late = pdf_pages.pdf_pages(path, lambda: next(ticks))
    assert isinstance(late, Finding) and "120 秒" in late.message
    monkeypatch.setattr(pdf_pages, "MOST_PAGES", 1)
    assert "页数超过 1 页" in refused(path).message


def test_文档的压缩炸弹(tmp_path: Path) -> None:
    path = repacked(word(tmp_path / "a.docx", p(SENTENCE)), {"word/media/a.bin": bytes(200 * 2**20)})
    assert path.stat().st_size < 2**20
    tracemalloc.start()
    assert refused(path).rule == "file-too-large"
    assert tracemalloc.get_traced_memory()[1] < 50 * 2**20
    tracemalloc.stop()


def test_实体和外部引用一概不展开(tmp_path: Path) -> None:
    secret = _text(tmp_path, "机密".encode(), "secret.txt")
    body = (
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>{}'
    )
    end = "</w:t></w:r></w:p></w:body></w:document>"
    laughs = "".join(f'<!ENTITY a{at} "{f"&a{at - 1};" * 10}">' for at in range(1, 10))
    for declared, used in (
        (f'<!ENTITY x SYSTEM "{secret.as_uri()}">', "&x;"),
        (f'<!ENTITY a0 "哈">{laughs}', "&a9;"),
        ('<!ENTITY % r SYSTEM "http://192.0.2.1/a.dtd"> %r;', "字"),
    ):
        xml = f"<!DOCTYPE w [{declared}]>" + body.format(used) + end
        path = repacked(word(tmp_path / "a.docx", p(SENTENCE)), {"word/document.xml": xml.encode()})
        assert refused(path).rule == "file-damaged"
        notes = xml.replace("w:body", "w:footnotes")
        path = repacked(word(tmp_path / "b.docx", p(SENTENCE)), {"word/footnotes.xml": notes.encode()})
        assert refused(path).rule == "file-damaged"


def test_层层嵌套的表格(tmp_path: Path) -> None:
    inner = p("底")
    for _ in range(55):
        inner = f"<w:tbl><w:tr><w:tc>{inner}<w:p/></w:tc><w:tc>{p('旁')}</w:tc></w:tr></w:tbl>"
    assert isinstance(read_paper(word(tmp_path / "a.docx", inner)), Paper)
    xml = "<w:sdt><w:sdtContent>" * 5000 + "</w:sdtContent></w:sdt>" * 5000
    path = word(tmp_path / "b.docx", p(SENTENCE))
    with zipfile.ZipFile(path) as archive:
        content = archive.read("word/document.xml")
    repacked(path, {"word/document.xml": content.replace(b"<w:sectPr", xml.encode() + b"<w:sectPr", 1)})
    assert refused(path).rule == "file-damaged"


def test_跨列数荒唐的单元格(tmp_path: Path) -> None:
    wide = '<w:tc><w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr><w:p/></w:tc>'
    path = word(tmp_path / "a.docx", p(SENTENCE), tbl(("甲", wide), ("乙", "1")), p("完"))
    assert isinstance(read_paper(path), Paper)


SEEDS = range(50)


@pytest.mark.parametrize("名称", ["a.docx", "a.pdf", "a.xlsx", "a.txt"])
def test_随意改动的文件只会被读或被拒(名称: str, tmp_path: Path) -> None:
    path = tmp_path / 名称
    if 名称 == "a.docx":
        note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
        word(path, p("一、概况"), p(SENTENCE).replace("</w:p>", f"{note}</w:p>"), tbl(("项目", "金额"), ("甲", "1.00")))
    elif 名称 == "a.pdf":
        path.write_bytes(good_pdf().bytes(packed=False))
    elif 名称 == "a.xlsx":
        workbook(path, {"表": [["决算表"], ["项目", "金额"], ["甲", 1.5], ["合计", 1.5]]}, ["A1:B1"])
    else:
        path.write_bytes((SENTENCE + "\n项目\t金额\n甲\t1.00\n").encode() * 3)
    good = path.read_bytes()
    read = 0
    for seed in SEEDS:
        path.write_bytes(_spoilt(good, random.Random(seed), is_zip=名称 in ("a.docx", "a.xlsx")))
        answer = read_paper(path)
        read += isinstance(answer, Paper)
        if isinstance(answer, Finding):
            assert answer.rule in REFUSALS
            assert answer.advice
    assert read


def _spoilt(content: bytes, chance: random.Random, *, is_zip: bool) -> bytes:
    """Return a file with bytes changed, cut out, doubled or cut off; in a zip, half of the time inside a part."""
    if is_zip and chance.random() < 0.6:
        return _spoilt_part(content, chance)
    spoilt = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(spoilt))
        match chance.randrange(4):
            case 0:
                spoilt[at] = chance.randrange(256)
            case 1:
                del spoilt[at : at + chance.randint(1, 40)]
            case 2:
                spoilt[at:at] = spoilt[at : at + chance.randint(1, 200)]
            case _ if chance.random() < 0.3:
                del spoilt[at + 1 :]
    return bytes(spoilt)


def _spoilt_part(content: bytes, chance: random.Random) -> bytes:
    source = io.BytesIO(content)
    out = io.BytesIO()
    with zipfile.ZipFile(source) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        names = archive.namelist()
        chosen = chance.choice([name for name in names if name.endswith(("document.xml", "sheet1.xml", "styles.xml"))])
        for name in names:
            part = archive.read(name)
            target.writestr(name, _spoilt(part, chance, is_zip=False) if name == chosen else part)
    return out.getvalue()
