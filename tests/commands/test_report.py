"""``tuodi report``: what is written, what is taken over from an edited file, what is never overwritten."""

import shutil
import zipfile
from pathlib import Path

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from python_calamine import CalamineWorkbook

from tuodi.commands import report
from tuodi.commands.parser import build_parser
from tuodi.commands.places import WrongUse
from tuodi.report.word.edits import Earlier, read_back


@pytest.fixture(autouse=True)
def without_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Page numbers have tests of their own; here nothing is started."""
    monkeypatch.setattr(shutil, "which", lambda name: None)


def start(*words: str) -> int:
    args = build_parser([report.COMMAND]).parse_args(["report", *words])
    status: int = args.run(args)
    return status


def text_of(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read("word/document.xml").decode("utf-8")


def typed_into(path: Path, name: str, text: str) -> None:
    """Do what Word does when somebody types over a prompt."""
    document = Document(str(path))
    for control in document.element.body.iter(qn("w:sdt")):
        properties, content = control.find(qn("w:sdtPr")), control.find(qn("w:sdtContent"))
        if properties.find(qn("w:tag")).get(qn("w:val")) != name:
            continue
        for flag in properties.findall(qn("w:showingPlcHdr")):
            properties.remove(flag)
        for old in list(content):
            content.remove(old)
        content.append(parse_xml(f"<w:p {nsdecls('w')}><w:r><w:t>{text}</w:t></w:r></w:p>"))
    document.save(str(path))


@pytest.mark.parametrize("evaluation", ["jiaocheng-2024", "junshan-2022", "fukang-2024", "maqiao-2024"])
def test_写出完整报告(evaluation: str, tmp_path: Path) -> None:
    out = tmp_path / "报告.docx"
    assert start(evaluation, "--out", str(out)) == 0
    body = text_of(out)
    assert "征求意见稿" in body
    assert Document(str(out)).tables


@pytest.mark.parametrize("evaluation", ["fukang-2024-self", "lishi-2022-01", "lishi-2022-06", "junshan-2022"])
def test_自评表有Word和Excel两种(evaluation: str, tmp_path: Path) -> None:
    word, book = tmp_path / "自评表.docx", tmp_path / "自评表.xlsx"
    assert start(evaluation, "--out", str(word)) == 0
    assert start(evaluation, "--out", str(book)) == 0
    assert CalamineWorkbook.from_path(book).sheet_names


def test_手写的段落带到新稿_改过的文件不覆盖(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "报告.docx"
    start("jiaocheng-2024", "--out", str(out))
    typed_into(out, "项目概况", "这里是评价人员写的概况。")
    edited = out.read_bytes()
    inputs = tmp_path / "改.csv"
    inputs.write_text("code,actual\nB12,80%\n", encoding="utf-8")
    capsys.readouterr()
    assert start("jiaocheng-2024", "--out", str(out), "--inputs", str(inputs)) == 0
    told = capsys.readouterr().err
    assert out.read_bytes() == edited
    draft = tmp_path / "报告-第2稿.docx"
    earlier = read_back(draft)
    assert isinstance(earlier, Earlier)
    assert earlier.passages["项目概况"] == ("这里是评价人员写的概况。",)
    assert "B12 预算执行率 得分：3 → 1" in told and "总分：90.71 → 88.71" in told
    assert (tmp_path / "报告-第2稿-变动清单.xlsx").exists()


def test_没有改过的旧稿直接更新(tmp_path: Path) -> None:
    out = tmp_path / "报告.docx"
    start("jiaocheng-2024", "--out", str(out))
    first = out.read_bytes()
    start("jiaocheng-2024", "--out", str(out))
    assert out.read_bytes() == first
    assert [each.name for each in tmp_path.iterdir()] == ["报告.docx"]


def test_别人的文件不覆盖(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "报告.docx"
    Document().save(str(out))
    before = out.read_bytes()
    assert start("maqiao-2024", "--out", str(out)) == 0
    assert out.read_bytes() == before and (tmp_path / "报告-第2稿.docx").exists()
    assert "没有覆盖" in capsys.readouterr().err


def test_from_不是本程序的文件时说明原因(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "别的.docx"
    Document().save(str(other))
    assert start("maqiao-2024", "--out", str(tmp_path / "新.docx"), "--from", str(other)) == 1
    assert not (tmp_path / "新.docx").exists()
    assert "不是本程序写出的报告" in capsys.readouterr().err


def test_用本单位的模板(tmp_path: Path) -> None:
    template, out = tmp_path / "模板.docx", tmp_path / "函.docx"
    page = Document()
    page.add_paragraph("{{ 项目.委托单位 }}：总分 {{ 总分 }} 分，等级 {{ 等级 }}。")
    page.save(str(template))
    assert start("jiaocheng-2024", "--out", str(out), "--template", str(template)) == 0
    assert Document(str(out)).paragraphs[0].text == "交城县财政局：总分 90.71 分，等级 优。"


def test_有害的模板什么也不写(tmp_path: Path) -> None:
    template, out = tmp_path / "模板.docx", tmp_path / "函.docx"
    page = Document()
    page.add_paragraph("{{ 总分.__class__ }}")
    page.save(str(template))
    assert start("jiaocheng-2024", "--out", str(out), "--template", str(template)) == 1
    assert not out.exists()


def test_后缀和版式写错是用法错误(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="docx"):
        start("jiaocheng-2024", "--out", str(tmp_path / "报告.pdf"))
    with pytest.raises(WrongUse, match="report-generic"):
        start("jiaocheng-2024", "--out", str(tmp_path / "报告.docx"), "--layout", "没有")


def test_旧稿是另一个评价的_不带过来(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other, out = tmp_path / "阜康.docx", tmp_path / "交城.docx"
    start("fukang-2024", "--out", str(other))
    assert start("jiaocheng-2024", "--out", str(out), "--from", str(other)) == 1
    assert not out.exists() and "另一个评价" in capsys.readouterr().err
    before = other.read_bytes()
    assert start("jiaocheng-2024", "--out", str(other)) == 0
    assert other.read_bytes() == before and (tmp_path / "阜康-第2稿.docx").exists()
    # 同名系列里夹着别的评价的一稿：仍接着自己的那一稿写
    typed_into(other, "项目概况", "阜康的概况。")
    assert start("fukang-2024", "--out", str(other)) == 0
    earlier = read_back(tmp_path / "阜康-第3稿.docx")
    assert isinstance(earlier, Earlier) and earlier.passages["项目概况"] == ("阜康的概况。",)


def test_评分表没有人保存过就更新_保存过就不覆盖(tmp_path: Path) -> None:
    out, inputs = tmp_path / "评分表.xlsx", tmp_path / "改.csv"
    start("jiaocheng-2024", "--out", str(out))
    before = out.read_bytes()
    inputs.write_text("code,actual\nB12,80%\n", encoding="utf-8")
    start("jiaocheng-2024", "--out", str(out), "--inputs", str(inputs))
    assert out.read_bytes() != before
    inputs.unlink()
    saved = saved_by_somebody(out)
    start("jiaocheng-2024", "--out", str(out))
    assert out.read_bytes() == saved
    assert {each.name for each in tmp_path.iterdir()} == {"评分表.xlsx", "评分表-第2稿.xlsx"}


def saved_by_somebody(path: Path) -> bytes:
    """Do what every spreadsheet program does on saving: write the time of it."""
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    parts["docProps/core.xml"] = parts["docProps/core.xml"].replace(
        b"2000-01-01T00:00:00Z</dcterms:mod", b"2026-05-04T08:00:00Z</dcterms:mod"
    )
    with zipfile.ZipFile(path, "w") as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return path.read_bytes()


def test_接着最新的一稿写(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, second = tmp_path / "报告.docx", tmp_path / "报告-第2稿.docx"
    start("jiaocheng-2024", "--out", str(out))
    typed_into(out, "项目概况", "第一稿里写的。")
    start("jiaocheng-2024", "--out", str(out))
    typed_into(second, "评价方法", "第二稿里写的，执行率是90.56%。")
    inputs = tmp_path / "改.csv"
    inputs.write_text("code,actual\nB12,80%\n", encoding="utf-8")
    capsys.readouterr()
    start("jiaocheng-2024", "--out", str(out), "--inputs", str(inputs))
    earlier = read_back(tmp_path / "报告-第3稿.docx")
    assert isinstance(earlier, Earlier)
    assert earlier.passages["项目概况"] == ("第一稿里写的。",)
    assert earlier.passages["评价方法"] == ("第二稿里写的，执行率是90.56%。",)
    assert "手写段落“评价方法”里还有已经变了的数：90.56%" in capsys.readouterr().err
    typed_into(tmp_path / "报告-第3稿.docx", "经验做法", "第三稿里写的。")
    start("jiaocheng-2024", "--out", str(second))
    assert (tmp_path / "报告-第4稿.docx").exists()
    assert not list(tmp_path.glob("*第2稿-第*"))


def test_模板不能与版式同用_也不覆盖已有文件(tmp_path: Path) -> None:
    template, out = tmp_path / "模板.docx", tmp_path / "函.docx"
    page = Document()
    page.add_paragraph("{{ 总分 }}")
    page.save(str(template))
    with pytest.raises(WrongUse, match="layout"):
        start("jiaocheng-2024", "--out", str(out), "--template", str(template), "--layout", "report-generic")
    with pytest.raises(WrongUse, match="docx"):
        start("jiaocheng-2024", "--out", str(tmp_path / "表.xlsx"), "--template", str(template))
    out.write_bytes(b"mine")
    assert start("jiaocheng-2024", "--out", str(out), "--template", str(template)) == 0
    assert out.read_bytes() == b"mine" and (tmp_path / "函-第2稿.docx").exists()


def test_模板里写错名称_列出可以用的名称(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    template = tmp_path / "模板.docx"
    page = Document()
    page.add_paragraph("{{ 总份 }}")
    page.save(str(template))
    assert start("jiaocheng-2024", "--out", str(tmp_path / "函.docx"), "--template", str(template)) == 1
    told = capsys.readouterr().err
    assert "　总分：90.71" in told and "指标：列表" in told
