"""The command line speaks Chinese, and wrong use is told in words with exit status 2."""

import argparse
import ast
import inspect
import re
from argparse import ArgumentParser, Namespace

import pytest

from tuodi import __version__
from tuodi.commands import main, parser
from tuodi.commands.parser import NOT_BUILT_YET, PHRASES, Command, parse_command_line

# What argparse says to programmers only: no user can cause it.
FOR_PROGRAMMERS = {
    "conflicting option string: %s",
    "conflicting option strings: %s",
    ".__call__() not defined",
    "'required' is an invalid argument for positionals",
    "mutually exclusive arguments must be optional",
    "%r is not callable",
    "cannot merge actions - two groups are named %r",
    "invalid option string %(option)r: must start with a character %(prefix_chars)r",
    "dest= is required for options like %r",
    "invalid conflict_resolution value: %r",
    "cannot have multiple subparser arguments",
    "conflicting subparser: %s",
    "conflicting subparser alias: %s",
    'argument "-" with mode %r',
    "%(heading)s:",
}


def _arguments(given: ArgumentParser) -> None:
    given.add_argument("--policy", required=True, metavar="编号或文件", help="所用的政策")
    given.add_argument("--year", type=int, metavar="年", help="年度")
    given.add_argument("--engine", choices=["auto", "python"], help="计算方式")


def _run(_args: Namespace) -> int:
    return 0


COMMANDS = (Command("assess", "逐笔计算救助", _arguments, _run), Command("screen", "查漏补缺", _arguments, _run))


def _said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as ending:
        parse_command_line(COMMANDS, words)
    out, err = capsys.readouterr()
    return int(ending.value.code or 0), out + err


def test_every_phrase_of_argparse_has_chinese_words() -> None:
    asked = {
        word.value
        for call in ast.walk(ast.parse(inspect.getsource(argparse)))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in {"_", "ngettext"}
        for word in call.args
        if isinstance(word, ast.Constant)
    }
    assert asked - FOR_PROGRAMMERS <= PHRASES.keys()


def test_right_use_gives_the_command_to_run() -> None:
    args = parse_command_line(COMMANDS, ["assess", "--policy", "x", "--year", "2024"])
    assert (args.run, args.policy, args.year) == (_run, "x", 2024)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["asses"], "没有“asses”这个命令。是不是想用 assess？全部命令见 tuodi --help。"),
        (["无此命令"], "没有“无此命令”这个命令。全部命令见 tuodi --help。"),
        (["assess"], "错误：缺少必填的参数：--policy。"),
        (["assess", "--policy"], "错误：参数 --policy：后面要写一个值。"),
        (["assess", "--policy", "x", "--year", "二〇二四"], "错误：参数 --year：'二〇二四' 的写法不对。"),
        (["assess", "--policy", "x", "--engine", "快"], "错误：参数 --engine：没有 '快' 这一项。可选："),
        (["assess", "--policy", "x", "y"], "错误：不认识的参数：y。"),
        (["assess", "--poli", "x"], "错误：没有 --poli 这个选项，是不是想写 --policy？"),
        (["assess", "--polcy=x"], "错误：没有 --polcy 这个选项，是不是想写 --policy？"),
        (
            ["assess", "--polcy", "x", "--years", "1"],
            "错误：没有 --polcy 这个选项，是不是想写 --policy？没有 --years 这个选项，是不是想写 --year？",
        ),
        (["assess", "-p", "x"], "错误：没有 -p 这个选项。"),
        (
            ["assess", "--policy", "x", "--engine", "pyton"],
            "错误：参数 --engine：没有 'pyton' 这一项，是不是想写 python？可选：",
        ),
        (["assess", "--policy", "x", "--人员", "y"], "错误：没有 --人员 这个选项。"),
    ],
    ids=lambda given: " ".join(given) if isinstance(given, list) else "",
)
def test_wrong_use(capsys: pytest.CaptureFixture[str], words: list[str], sentence: str) -> None:
    status, said = _said(capsys, *words)
    assert status == 2
    assert said.startswith(sentence)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["assess", "--settlement", "a.csv"], "没有 --settlement 这个选项，是不是想写 --settlements？"),
        (["assess", "--person", "a.csv"], "没有 --person 这个选项，是不是想写 --persons？"),
        (["assess", "--polcy", "a"], "没有 --polcy 这个选项，是不是想写 --policy？"),
        (["policy", "shwo", "maqiao-2024"], "没有 'shwo' 这一项，是不是想写 show？可选："),
        (["policy", "show", "maqiao-2024", "--jsno"], "没有 --jsno 这个选项"),
        (["test", "-x"], "没有 -x 这个选项"),
    ],
    ids=lambda given: " ".join(given) if isinstance(given, list) else "",
)
def test_what_was_misspelt_is_named(capsys: pytest.CaptureFixture[str], words: list[str], sentence: str) -> None:
    with pytest.raises(SystemExit) as ending:
        parse_command_line(main.COMMANDS, words)
    said = capsys.readouterr().err
    assert ending.value.code == 2
    assert sentence in said.splitlines()[0]
    assert "。。" not in said
    assert "？。" not in said


def test_what_stands_behind_two_dashes_is_no_option() -> None:
    assert parse_command_line(main.COMMANDS, ["test", "--", "-x", "--maxfail=1"]).pytest == ["-x", "--maxfail=1"]


@pytest.mark.parametrize("name", NOT_BUILT_YET)
def test_a_command_of_a_later_version(capsys: pytest.CaptureFixture[str], name: str) -> None:
    status, said = _said(capsys, name, "--json", "x")
    assert status == 2
    assert f"还没有“{name}”这项功能" in said


def test_no_command_shows_the_help_and_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    status, said = _said(capsys)
    assert status == 2
    assert "逐笔计算救助" in said


def test_help_lists_each_command_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    status, said = _said(capsys, "--help")
    lines = said.splitlines()
    assert status == 0
    assert [line.split() for line in lines if line.startswith("    ")] == [
        ["assess", "逐笔计算救助"],
        ["screen", "查漏补缺"],
    ]
    assert set(re.findall("[a-z]+", said)) == {"tuodi", "h", "help", "version", "assess", "screen"}


def test_help_columns_are_aligned_for_wide_characters(capsys: pytest.CaptureFixture[str]) -> None:
    _, said = _said(capsys, "assess", "--help")
    lines = said.splitlines()
    starts = {
        parser.cell_len(line[: line.index(text)])
        for line in lines
        for text in ("所用的政策", "显示本说明后退出", "年度")
        if text in line
    }
    assert len(starts) == 1


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    status, said = _said(capsys, "--version")
    assert (status, said) == (0, f"托底 tuodi {__version__}\n")
