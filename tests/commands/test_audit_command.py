"""``tuodi audit``：JSON 的样子、退出状态、屏幕上的话、意见表、批注本、与上一稿对照。"""

import json
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from python_calamine import CalamineWorkbook

from tests.audit.paper_files import Pdf, p, tbl, word, workbook
from tuodi.audit import auditor
from tuodi.audit.material import Material
from tuodi.audit.paper.model import Paragraph
from tuodi.audit.remark import Remark
from tuodi.audit.rules import TITLES
from tuodi.commands.audit import COMMAND
from tuodi.commands.main import main
from tuodi.commands.places import WrongUse
from tuodi.kernel.finding import Severity

KEYS = {"rule", "severity", "location", "quote", "stated", "expected", "message"}
CLEAN = "一、概况\n全年工作按计划完成。\n"


def _words(rule: str, word: str, severity: Severity) -> Any:
    """Return a check that finds a word: what the command does with findings must not hang on the real checks."""

    def check(material: Material) -> Iterator[Remark]:
        for block in material.paper.blocks:
            if isinstance(block, Paragraph) and word in block.text:
                yield Remark(
                    rule=rule,
                    place=block.place,
                    message=f"写了“{word}”",
                    advice="请改",
                    quote=block.text,
                    stated=word,
                    severity=severity,
                )

    return check


@pytest.fixture(autouse=True)
def _checks(monkeypatch: pytest.MonkeyPatch) -> None:
    checks = (
        _words("total-differs", "错数", Severity.ERROR),
        _words("grade-differs", "疑问", Severity.WARNING),
        _words("document-number-form", "提示", Severity.INFO),
    )
    monkeypatch.setattr(auditor, "CHECKS", checks)


def _run(*argv: object) -> int:
    parser = ArgumentParser()
    COMMAND.arguments(parser)
    return COMMAND.run(parser.parse_args([str(each) for each in argv]))


def _answer(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    answer: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return answer


def _text(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("内容", "状态", "规则"),
    [
        ("", 0, []),
        ("这里有一条提示。", 0, ["document-number-form"]),
        ("这里有一处疑问。", 1, ["grade-differs"]),
        ("这里有一个错数。", 1, ["total-differs"]),
    ],
)
def test_退出状态和JSON(
    内容: str, 状态: int, 规则: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = _text(tmp_path / "报告.txt", CLEAN + 内容)
    assert _run(path, "--json") == 状态
    (answer,) = _answer(capsys)
    assert answer["file"] == "报告.txt"
    assert [each["rule"] for each in answer["findings"]] == 规则
    assert all(set(each) == KEYS for each in answer["findings"])
    assert set(answer) == {"file", "findings"}


def test_四种文件各是一个对象(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pdf = tmp_path / "c.pdf"
    pdf.write_bytes(Pdf().page().text(60, 700, "这一页里有一个错数在文字中间。").bytes())
    paths = [
        _text(tmp_path / "a.txt", CLEAN + "错数。"),
        word(tmp_path / "b.docx", p("一、概况"), p("错数。")),
        pdf,
        workbook(tmp_path / "d.xlsx", {"表": [["错数情况表"], ["项目", "金额"], ["甲", 1]]}),
    ]
    assert _run(*paths, "--json") == 1
    answer = _answer(capsys)
    assert [each["file"] for each in answer] == ["a.txt", "b.docx", "c.pdf", "d.xlsx"]
    assert [len(each["findings"]) for each in answer] == [1, 1, 1, 1]
    assert answer[2]["findings"][0]["location"] == "（第 1 页）"
    assert answer[3]["findings"][0]["location"] == "工作表“表” 第 1 行"


def test_屏幕上的表和条数(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = [_text(tmp_path / "a.txt", CLEAN + "一、错数。\n二、疑问和提示。"), _text(tmp_path / "b.txt", CLEAN)]
    assert _run(*paths) == 1
    shown = capsys.readouterr().out
    assert "错误 1 条，提醒 1 条，说明 1 条。" in shown
    assert "b.txt：没有发现问题。" in shown
    assert all(heading in shown for heading in ("程度", "位置", "问题", "写的", "应为"))


def test_读不出来的文件不耽误其他文件(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = _text(tmp_path / "旧.doc", "x")
    good = _text(tmp_path / "好.txt", CLEAN)
    assert _run(old, good, "--json") == 1
    shown = capsys.readouterr()
    refused, read = json.loads(shown.out)
    assert (refused["file"], refused["findings"][0]["rule"]) == ("旧.doc", "file-format")
    assert read["findings"] == []
    assert "旧.doc" in shown.err and ".docx" in shown.err


def test_关掉几类检查(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = _text(tmp_path / "a.txt", CLEAN + "错数和疑问。")
    assert _run(path, "--json", "--without", "total-differs") == 1
    assert [each["rule"] for each in _answer(capsys)[0]["findings"]] == ["grade-differs"]
    assert _run(path, "--json", "--without", "total-differs，grade-differs") == 0
    with pytest.raises(WrongUse) as wrong:
        _run(path, "--without", "total-differs,no-such")
    assert "no-such" in str(wrong.value) and all(rule in str(wrong.value) for rule in TITLES)


def test_意见表留有修改情况一栏(tmp_path: Path) -> None:
    out = tmp_path / "意见.xlsx"
    assert _run(_text(tmp_path / "a.txt", CLEAN + "=1+1是错数。"), "--opinions", out) == 1
    rows = CalamineWorkbook.from_path(out).get_sheet_by_name("意见表").to_python()
    row = dict(zip(rows[1], rows[2], strict=True))
    assert row["位置"] == "一、概况（文件第 3 行）"
    assert (row["原文"], row["意见"], row["修改建议"], row["修改情况"]) == ("=1+1是错数。", "写了“错数”", "请改", "")


def test_与上一稿对照(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = _text(tmp_path / "旧.txt", CLEAN + "二、情况\n这是错数。\n这是疑问。\n")
    new = _text(tmp_path / "新.txt", "前言\n又一段话在前面。\n" + CLEAN + "二、情况\n这是错数。\n这是提示。\n")
    assert _run(new, "--since", old, "--json") == 1
    (answer,) = _answer(capsys)
    assert [(each["rule"], each["since"]) for each in answer["findings"]] == [
        ("total-differs", "still"),
        ("document-number-form", "new"),
    ]
    assert [each["rule"] for each in answer["corrected"]] == ["grade-differs"]
    assert _run(new, "--since", old, "--opinions", tmp_path / "意见.xlsx") == 1
    shown = capsys.readouterr().out
    assert "与上一稿相比：已改正 1 条，仍存在 1 条，新出现 1 条。" in shown
    rows = CalamineWorkbook.from_path(tmp_path / "意见.xlsx").get_sheet_by_name("意见表").to_python()
    at = rows[1].index("与上一稿相比")
    assert [row[at] for row in rows[2:]] == ["仍存在", "新出现", "已改正"]


def test_全部改正时退出状态为零(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = _text(tmp_path / "旧.txt", CLEAN + "错数。"), _text(tmp_path / "新.txt", CLEAN)
    assert _run(new, "--since", old) == 0
    shown = capsys.readouterr().out
    assert "没有发现问题" in shown and "已改正 1 条" in shown


def test_上一稿读不出来(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = _text(tmp_path / "旧.doc", "x"), _text(tmp_path / "新.txt", CLEAN)
    assert _run(new, "--since", old, "--json") == 1
    shown = capsys.readouterr()
    assert json.loads(shown.out) == [{"file": "新.txt", "findings": []}]
    assert "旧.doc" in shown.err


def test_Word的批注本(tmp_path: Path) -> None:
    path = word(tmp_path / "a.docx", p("一、概况"), p("这里是错数。"), tbl(("项目", "金额"), ("甲", "1")))
    before = path.read_bytes()
    assert _run(path, "--annotate", tmp_path / "b.docx") == 1
    (comment,) = Document(str(tmp_path / "b.docx")).comments
    assert comment.text.startswith("【错误】写了“错数”")
    assert path.read_bytes() == before
    assert _run(path, "--annotate", tmp_path / "b.html") == 1
    assert "<mark" in (tmp_path / "b.html").read_text(encoding="utf-8")


def test_多个文件的批注本写到文件夹(tmp_path: Path) -> None:
    (tmp_path / "甲").mkdir()
    paths = [
        word(tmp_path / "a.docx", p("错数。")),
        _text(tmp_path / "b.txt", CLEAN + "错数。"),
        _text(tmp_path / "甲" / "b.txt", CLEAN),
    ]
    assert _run(*paths, "--annotate", tmp_path / "批注") == 1
    assert sorted(each.name for each in (tmp_path / "批注").iterdir()) == ["a-批注.docx", "b-批注.html", "b-批注2.html"]


def test_写法不对的当场指出_什么也不写(tmp_path: Path) -> None:
    path, other = _text(tmp_path / "a.txt", CLEAN + "错数。"), _text(tmp_path / "b.txt", CLEAN)
    same = tmp_path / "链接.html"
    same.symlink_to(path)
    for words in (
        [tmp_path / "没有.txt"],
        [tmp_path],
        [path, "--opinions", tmp_path / "a.docx"],
        [path, "--opinions", path],
        [path, "--annotate", tmp_path / "a.docx"],
        [path, "--annotate", path],
        [path, "--annotate", same],
        [path, "--annotate", tmp_path / "没有" / "a.html"],
        [path, other, "--annotate", tmp_path / "a.html"],
        [path, other, "--since", other],
        [path, "--since", path],
        [path, "--since", tmp_path / "没有.txt"],
        [path, "--since", other, "--opinions", tmp_path / "没有" / "a.xlsx"],
    ):
        with pytest.raises(WrongUse):
            _run(*words)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.txt", "b.txt", "链接.html"]


def test_由总入口调用(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = _text(tmp_path / "a.txt", CLEAN + "错数。")
    assert main(["audit", str(path), "--json"]) == 1
    assert _answer(capsys)[0]["file"] == "a.txt"
    assert main(["audit", str(tmp_path / "没有.txt")]) == 2
    assert main(["audit"]) == 2


def test_作为程序运行(tmp_path: Path) -> None:
    paths = [str(_text(tmp_path / "a.txt", CLEAN)), str(_text(tmp_path / "b.wps", "x"))]
    command = [sys.executable, "-m", "tuodi", "audit", *paths, "--json"]
    done = subprocess.run(command, capture_output=True, check=False)
    answer = json.loads(done.stdout.decode("utf-8"))
    assert (done.returncode, [each["file"] for each in answer]) == (1, ["a.txt", "b.wps"])
    assert "Traceback" not in done.stderr.decode("utf-8")
