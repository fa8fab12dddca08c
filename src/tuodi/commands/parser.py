"""The command line in Chinese: argparse with its words replaced, and the commands that exist.

Every module of this package that is a command defines ``COMMAND``; ``main`` lists them in the order of the help page.
"""

import argparse
import difflib
import re
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from rich.cells import cell_len

from tuodi import __version__

WRONG_USE = 2

NOT_BUILT_YET = ("institution",)
"""Commands whose names are fixed and whose parts a later version brings."""

# argparse asks gettext for each of these; a test reads argparse's source and fails if one is missing here.
PHRASES = {
    "usage: ": "用法：",
    "positional arguments": "参数",
    "options": "选项",
    "subcommands": "命令",
    " (default: %(default)s)": "（默认：%(default)s）",
    "show this help message and exit": "显示本说明后退出",
    "show program's version number and exit": "显示版本号后退出",
    "%(prog)s: error: %(message)s\n": "错误：%(message)s\n",
    "%(prog)s: warning: %(message)s\n": "提醒：%(message)s\n",
    "argument %(argument_name)s: %(message)s": "参数 %(argument_name)s：%(message)s",
    "the following arguments are required: %s": "缺少必填的参数：%s",
    "one of the arguments %s is required": "下列参数须写其中一个：%s",
    "unrecognized arguments: %s": "不认识的参数：%s",
    "unexpected option string: %s": "不认识的选项：%s",
    "ambiguous option: %(option)s could match %(matches)s": "选项 %(option)s 不明确，可能是：%(matches)s",
    "not allowed with argument %s": "不能与 %s 同时使用",
    "ignored explicit argument %r": "这个选项不带值，却写了 %r",
    "expected one argument": "后面要写一个值",
    "expected at most one argument": "后面最多写一个值",
    "expected at least one argument": "后面至少写一个值",
    "expected %s argument": "后面要写 %s 个值",
    "expected %s arguments": "后面要写 %s 个值",
    "invalid choice: %(value)r (choose from %(choices)s)": "没有 %(value)r 这一项，可选：%(choices)s",
    "unknown parser %(parser_name)r (choices: %(choices)s)": "没有 %(parser_name)r 这一项，可选：%(choices)s",
    "invalid %(type)s value: %(value)r": "%(value)r 的写法不对",
    "can't open '%(filename)s': %(error)s": "打不开文件 %(filename)s：%(error)s",
    "option '%(option)s' is deprecated": "选项 %(option)s 今后将取消",
    "argument '%(argument_name)s' is deprecated": "参数 %(argument_name)s 今后将取消",
    "command '%(parser_name)s' is deprecated": "命令 %(parser_name)s 今后将取消",
}


@dataclass(frozen=True, slots=True)
class Command:
    """One command: ``arguments`` declares its options on a parser, ``run`` does it and returns the exit status."""

    name: str
    help: str
    arguments: Callable[[ArgumentParser], None]
    run: Callable[[Namespace], int]


def _chinese(phrase: str) -> str:
    return PHRASES.get(phrase, phrase)


def _chinese_plural(one: str, many: str, count: int) -> str:
    return _chinese(one if count == 1 else many)


# argparse has no other door for its words than the two names it took from gettext.
argparse._ = _chinese  # type: ignore[attr-defined]
argparse.ngettext = _chinese_plural  # type: ignore[attr-defined]


def _near(word: str, words: Iterable[str]) -> str:
    """Return the question whether one of ``words`` was meant, and the end of the sentence before it."""
    near = difflib.get_close_matches(word, list(words), n=1, cutoff=0.6)
    return f"，是不是想写 {near[0]}？" if near else "。"


def _aligned(line: re.Match[str]) -> str:
    indent, left, gap = line.groups()
    return f"{indent}{left}{' ' * max(2, len(gap) - (cell_len(left) - len(left)))}"


class ChineseParser(ArgumentParser):
    """An ArgumentParser that takes no abbreviated options and states wrong use in Chinese, with exit status 2."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("allow_abbrev", False)
        super().__init__(*args, **kwargs)

    def format_help(self) -> str:
        """Return the help page, its columns aligned for characters two cells wide."""
        text = re.sub(r"^(\S+):\n  \1\n", r"\1:\n", super().format_help(), flags=re.MULTILINE)
        return re.sub(r"^( +)(\S.*?)(  +)(?=\S)", _aligned, text, flags=re.MULTILINE)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse as argparse does, but name options that do not exist first: it would only miss the required ones."""
        if not self._subparsers and (unknown := self._unknown_options(args or [])):
            self.error("".join(unknown))
        return super().parse_known_args(args, namespace)

    def _unknown_options(self, words: Sequence[str]) -> list[str]:
        options = list(self._option_string_actions)
        before_dashes = words[: words.index("--")] if "--" in words else words
        names = [word.partition("=")[0] for word in before_dashes if re.match(r"--?[^\W\d]\S*$", word)]
        return [f"没有 {name} 这个选项{_near(name, options)}" for name in names if name not in options]

    def error(self, message: str) -> NoReturn:
        """Print what is wrong and where the help is; exit with 2."""
        # Python 3.11 joins this one phrase without asking gettext.
        message = re.sub(r"^argument (.+?): ", r"参数 \1：", message)
        choice = re.search(r"没有 '(.+)' 这一项，可选：(.+)$", message)
        if choice:
            meant = _near(choice[1], re.findall(r"[^\s',]+", choice[2]))
            message = message.replace("，可选：", f"{meant}可选：")
        end = "" if message.endswith(("。", "？")) else "。"
        self.exit(WRONG_USE, f"错误：{message}{end}\n{self.format_usage()}详细说明：{self.prog} --help\n")


def build_parser(commands: Iterable[Command]) -> ArgumentParser:
    """Return the parser of the whole program; the namespace it gives has ``run``, the chosen command's function."""
    parser = ChineseParser(
        prog="tuodi",
        description="托底：县级医疗救助，从结算到可问责的报告。",
        epilog="某个命令的用法：tuodi 命令 --help",
    )
    parser.add_argument("--version", action="version", version=f"托底 tuodi {__version__}", help="显示版本号后退出")
    chosen = parser.add_subparsers(title="命令", metavar="命令", required=True)
    for command in commands:
        of_command = chosen.add_parser(command.name, help=command.help, description=command.help)
        command.arguments(of_command)
        of_command.set_defaults(run=command.run)
    return parser


def parse_command_line(commands: Sequence[Command], words: Sequence[str]) -> Namespace:
    """Parse the words after ``tuodi``; wrong use ends the program with 2 and a Chinese sentence on standard error."""
    parser = build_parser(commands)
    if not words:
        parser.exit(WRONG_USE, parser.format_help())
    names = [command.name for command in commands]
    name = words[0]
    if name in NOT_BUILT_YET and name not in names:
        parser.exit(WRONG_USE, f"这个版本（{__version__}）还没有“{name}”这项功能；现有的命令见 tuodi --help。\n")
    if not name.startswith("-") and name not in names:
        near = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
        meant = f"是不是想用 {'、'.join(near)}？" if near else ""
        parser.exit(WRONG_USE, f"没有“{name}”这个命令。{meant}全部命令见 tuodi --help。\n")
    return parser.parse_args(words)
