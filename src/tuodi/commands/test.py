"""``tuodi test``: the project's own checks."""

import importlib.util
import os
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from tuodi.commands.console import note
from tuodi.commands.parser import Command
from tuodi.commands.places import WrongUse

CHECKOUT = Path(__file__).parents[3]
LONG = "tests/long"


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--require", choices=["all"], help="缺少外部程序的检查算失败，不跳过")
    parser.add_argument("--long", metavar="名称", help="运行一项耗时很长的检查")
    parser.add_argument("pytest", nargs="*", metavar="pytest参数", help="其余交给 pytest；以 - 开头的写在 -- 之后")


def _run(args: Namespace) -> int:
    if not (CHECKOUT / "tests").is_dir() or importlib.util.find_spec("pytest") is None:
        raise WrongUse("测试随源代码一起提供；请在程序的源代码文件夹里运行 ./tuodi test。")
    words = [sys.executable, "-m", "pytest"]
    if args.require:
        words += ["--require", args.require]
    if args.long:
        words += [str(_long_check(args.long))]
    elif not args.pytest:
        words += ["-n", "auto"]
    words += args.pytest
    note(f"在 {CHECKOUT} 运行测试……")
    environment = os.environ | {"PYTHONPATH": str(CHECKOUT / "src")}
    done = subprocess.run(words, cwd=CHECKOUT, env=environment, check=False)  # noqa: S603 - our own interpreter
    return done.returncode


def _long_check(name: str) -> Path:
    names = sorted(path.stem.removeprefix("test_") for path in (CHECKOUT / LONG).glob("test_*.py"))
    if name not in names:
        raise WrongUse(f"没有名为“{name}”的长时间检查；现有：{'、'.join(names) or '无'}。")
    return CHECKOUT / LONG / f"test_{name}.py"


COMMAND = Command("test", "运行程序自带的全部测试", _arguments, _run)
