"""评价的文件：不能用的不充数，输出不覆盖资料，百分比格式的单元格照所见计分。"""

import json
import shutil
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from tests.evaluation.data_files import write_csv
from tests.evaluation.scoring_cases import scheme_text
from tuodi.commands import lint, report, score
from tuodi.commands.parser import Command
from tuodi.commands.places import WrongUse


def _start(command: Command, *words: str) -> int:
    parser = ArgumentParser()
    command.arguments(parser)
    return command.run(parser.parse_args(words))


@pytest.fixture
def 文件夹(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An evaluation whose leaf A1 earns its rate of 4 points; the evaluator gave all 96 of the other one."""
    monkeypatch.setattr(shutil, "which", lambda name: None)  # no page numbers here
    folder = tmp_path / "示例评价"
    folder.mkdir()
    text = scheme_text("rate_times_weight", "4", 目标="=100%")
    (folder / "scheme.yaml").write_text(text, encoding="utf-8")
    _book(folder / "data.xlsx", 0.5, "0%")
    return folder


def _book(path: Path, actual: float, number_format: str) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("指标")
        sheet.write_row(0, 0, ["code", "actual", "awarded"])
        sheet.write_row(2, 0, ["B1", "", "96"])
        sheet.write_string(1, 0, "A1")
        sheet.write_number(1, 1, actual, book.add_format({"num_format": number_format}))
    return path


def _total(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any]:
    capsys.readouterr()
    status = _start(score.COMMAND, *words, "--json")
    out = capsys.readouterr().out
    return status, json.loads(out)["total"] if out else "没有输出"


def test_百分比格式的单元格照所见计分(文件夹: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _total(capsys, str(文件夹)) == (0, "98.00")
    inputs = _book(文件夹.parent / "另给.xlsx", 0.755, "0.00%")
    assert _total(capsys, str(文件夹), "--inputs", str(inputs)) == (0, "99.02")


def test_没有百分比格式的小数不猜(文件夹: Path, capsys: pytest.CaptureFixture[str]) -> None:
    inputs = _book(文件夹.parent / "另给.xlsx", 0.755, "0.00")
    assert _total(capsys, str(文件夹), "--inputs", str(inputs)) == (1, None)


@pytest.mark.parametrize(
    ("名称", "内容"),
    [
        ("空.csv", b""),
        ("缺编号列.csv", "actual,reason\n90%,查账\n".encode()),
        ("坏.xlsx", b"PK\x03\x04 not a workbook"),
        ("一行也不能用.csv", b"code,actual\nA1,90%\nA1,80%\n"),
    ],
)
def test_另给的数据不能用时_不拿原来的得分充数(
    名称: str, 内容: bytes, 文件夹: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = 文件夹.parent / 名称
    path.write_bytes(内容)
    assert _total(capsys, str(文件夹), "--inputs", str(path)) == (1, "没有输出")


@pytest.mark.parametrize("内容", [b"", b"PK\x03\x04", b"code,actual\nA1,90%\n", None])
def test_资料读不进来时不写报告(内容: bytes | None, 文件夹: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (文件夹 / "data.xlsx").unlink()
    if 内容 is not None:
        (文件夹 / "data.xlsx").write_bytes(内容)
    for name in ("报告.docx", "评分表.xlsx"):
        out = 文件夹.parent / name
        assert _start(report.COMMAND, str(文件夹), "--out", str(out)) == 1
        assert not out.exists()
    assert _total(capsys, str(文件夹)) == (1, "没有输出")


def test_文件夹里只有方案_数据可以另给(文件夹: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (文件夹 / "data.xlsx").unlink()
    inputs = write_csv(文件夹.parent / "另给.csv", [["code", "actual", "awarded"], ["A1", "75%", ""], ["B1", "", "96"]])
    assert _total(capsys, str(文件夹), "--inputs", str(inputs)) == (0, "99.00")


@pytest.mark.parametrize(("command", "名称"), [(lint.COMMAND, "data.xlsx"), (report.COMMAND, "data.xlsx")])
def test_输出不能覆盖评价的资料(command: Command, 名称: str, 文件夹: Path) -> None:
    before = (文件夹 / 名称).read_bytes()
    with pytest.raises(WrongUse):
        _start(command, str(文件夹), "--out", str(文件夹 / 名称))
    assert (文件夹 / 名称).read_bytes() == before
    assert sorted(path.name for path in 文件夹.iterdir()) == ["data.xlsx", "scheme.yaml"]
