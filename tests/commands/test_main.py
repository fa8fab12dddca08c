"""Every ending of the program: an exit status and a sentence, never a traceback."""

import errno
import io
import os
import signal
import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

import pytest

from tuodi.commands import main as entrance
from tuodi.commands.console import say
from tuodi.commands.parser import Command
from tuodi.commands.places import WrongUse, file_to_read, file_to_write, folder_to_write
from tuodi.report.tables import Column, write_table


def _ends(monkeypatch: pytest.MonkeyPatch, run: Callable[[Namespace], int]) -> int:
    monkeypatch.setattr(entrance, "COMMANDS", (Command("try", "试", lambda _: None, run),))
    return entrance.main(["try"])


def _raises(problem: BaseException) -> Callable[[Namespace], int]:
    def run(_args: Namespace) -> int:
        raise problem

    return run


@pytest.mark.parametrize("status", [0, 1, 2])
def test_the_commands_status_is_the_programs(monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    assert _ends(monkeypatch, lambda _: status) == status


def test_wrong_use_is_a_sentence_and_2(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert _ends(monkeypatch, _raises(WrongUse("没有这份政策。"))) == 2
    assert capsys.readouterr().err == "没有这份政策。\n"


def test_an_interrupt_is_a_sentence_and_130(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _ends(monkeypatch, _raises(KeyboardInterrupt())) == 130
    assert capsys.readouterr().err.startswith("已中止。")


def test_termination_lets_files_be_cleaned_up(monkeypatch: pytest.MonkeyPatch) -> None:
    cleaned = []

    def run(_args: Namespace) -> int:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            return 0
        finally:
            cleaned.append(True)

    assert _ends(monkeypatch, run) == 143
    assert cleaned


@pytest.mark.parametrize(
    "problem",
    [
        errno.EACCES,
        errno.EROFS,
        errno.ENAMETOOLONG,
        errno.ENOENT,
        errno.EIO,
        errno.ESTALE,
        errno.ENOTCONN,
        errno.EBUSY,
        errno.EINVAL,
    ],
)
def test_a_place_that_cannot_be_used_is_wrong_use(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], problem: int
) -> None:
    assert _ends(monkeypatch, _raises(OSError(problem, "in English", "结果.csv"))) == 2
    assert capsys.readouterr().err.startswith("无法使用 结果.csv：")


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (RuntimeError("boom"), "程序出了意外"),
        (OSError(errno.ENOSPC, "full"), "磁盘空间不足"),
        (OSError(errno.ENOSPC, "full", "结果.csv"), "磁盘空间不足"),
        (OSError("of no file"), "程序出了意外"),
        (MemoryError(), "内存不足"),
        (RecursionError(), "程序出了意外"),
    ],
    ids=lambda given: type(given).__name__ if isinstance(given, BaseException) else "",
)
def test_a_fault_is_one_sentence_and_a_log(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    problem: BaseException,
    words: str,
) -> None:
    monkeypatch.setenv("TUODI_HOME", str(tmp_path / "home"))
    assert _ends(monkeypatch, _raises(problem)) == 1
    out, err = capsys.readouterr()
    (log,) = (tmp_path / "home").iterdir()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith(words)
    assert str(log) in err
    assert "Traceback" in log.read_text(encoding="utf-8")


def test_the_log_goes_elsewhere_when_the_home_cannot_be_made(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "home").write_text("a file, not a folder")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.setenv("TUODI_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(entrance.tempfile, "gettempdir", lambda: str(elsewhere))
    assert _ends(monkeypatch, _raises(RuntimeError())) == 1
    (log,) = elsewhere.iterdir()
    assert str(log) in capsys.readouterr().err


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="没有 /proc")
@pytest.mark.parametrize("name", ["结果.csv", "结果.xlsx", "结果.parquet"])
def test_a_place_where_no_file_can_stand_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    def run(_args: Namespace) -> int:
        write_table(Path("/proc", name), [Column("setl_id")], [("S1",)])
        return 0

    assert _ends(monkeypatch, run) == 2
    err = capsys.readouterr().err
    assert err.startswith(f"无法使用 /proc/{name}：")
    assert err.count("\n") == 1


@pytest.mark.parametrize("lines", [1, 100_000])
def test_a_closed_pipe_ends_without_a_word(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], lines: int
) -> None:
    reading, writing = os.pipe()
    os.close(reading)

    def run(_args: Namespace) -> int:
        for _ in range(lines):
            say("一行")
        return 0

    with os.fdopen(writing, "w", encoding="utf-8") as pipe:
        monkeypatch.setattr(sys, "stdout", pipe)
        assert _ends(monkeypatch, run) == 141
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "gb18030"])
def test_a_pipe_is_utf8_whatever_the_locale_says(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding=encoding))

    def run(_args: Namespace) -> int:
        say("托底\udcff")
        return 0

    assert _ends(monkeypatch, run) == 0
    assert written.getvalue().decode() == "托底\N{REPLACEMENT CHARACTER}\n"


def test_files_are_asked_for_before_the_work_begins(tmp_path: Path) -> None:
    there = tmp_path / "结算.csv"
    there.write_text("x")
    assert file_to_read(str(there)) == there
    assert file_to_write(str(tmp_path / "新.csv"), inputs=[there]) == tmp_path / "新.csv"
    assert folder_to_write(str(tmp_path / "甲" / "乙")).is_dir()
    for ask, name, words in [
        (file_to_read, tmp_path / "没有.csv", "找不到文件"),
        (file_to_read, tmp_path, "是文件夹"),
        (file_to_write, tmp_path, "是文件夹"),
        (file_to_write, tmp_path / "没有" / "x.csv", "不存在"),
        (folder_to_write, there, "是文件，"),
        (folder_to_write, there / "x", "建不了文件夹"),
    ]:
        with pytest.raises(WrongUse, match=words):
            ask(str(name))
    with pytest.raises(WrongUse, match="同一个"):
        file_to_write(str(there), inputs=[there])


def test_a_folder_without_permission(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # root may write anywhere, so the answer of the system is put in its mouth.
    monkeypatch.setattr(os, "access", lambda *_: False)
    there = tmp_path / "结算.csv"
    there.write_text("x")
    for ask in (file_to_read, file_to_write):
        with pytest.raises(WrongUse, match="权限"):
            ask(str(there))


def test_a_name_too_long_is_a_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def run(_args: Namespace) -> int:
        file_to_read("长" * 5000)
        return 0

    assert _ends(monkeypatch, run) == 2
    assert "名称太长" in capsys.readouterr().err
