"""``tuodi pack``: put all components into ``wheels/``, for computers without internet."""

import re
import subprocess
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from pathlib import Path

from tuodi.commands.console import note, say
from tuodi.commands.parser import Command
from tuodi.commands.places import WrongUse, folder_to_write

CHECKOUT = Path(__file__).parents[3]

# The tags of compiled packages that each kind of computer accepts, newest first.
PLATFORMS = {
    "linux-x86_64": ("manylinux_2_28_x86_64", "manylinux_2_27_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"),
    "linux-aarch64": (
        "manylinux_2_28_aarch64",
        "manylinux_2_27_aarch64",
        "manylinux_2_17_aarch64",
        "manylinux2014_aarch64",
    ),
    "windows-x86_64": ("win_amd64",),
    "macos-arm64": ("macosx_14_0_arm64", "macosx_12_0_arm64", "macosx_11_0_arm64", "macosx_10_12_universal2"),
}


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--python", metavar="版本", help="目标电脑的 Python，如 3.12；默认与本机相同")
    parser.add_argument("--platform", choices=PLATFORMS, help="目标电脑的类型；默认与本机相同")
    parser.add_argument("--with-tests", action="store_true", help="连同运行测试所需的组件")


def _run(args: Namespace) -> int:
    if not (CHECKOUT / "requirements.txt").is_file():
        raise WrongUse("组件清单随源代码一起提供；请在程序的源代码文件夹里运行 ./tuodi pack。")
    wheels = folder_to_write(str(CHECKOUT / "wheels"))
    lists = ["requirements.txt"] + (["requirements-dev.txt"] if args.with_tests else [])
    note("正在下载组件，网络好时约半分钟，慢的网络要几分钟……")
    with tempfile.TemporaryDirectory(dir=CHECKOUT, prefix=".wheels-") as arriving:
        for name in lists:
            done = subprocess.run(  # noqa: S603 - our own interpreter
                _pip_words(args, name, arriving), capture_output=True, text=True, check=False
            )
            if done.returncode:
                log = CHECKOUT / ".venv-install.log"
                log.write_text(done.stdout + done.stderr, encoding="utf-8")
                note(f"组件没有下载完，wheels 文件夹没有改动。请检查网络和所写的版本、类型后重新运行；详情见 {log}。")
                return 1
        arrived = sorted(Path(arriving).iterdir())
        for wheel in arrived:
            wheel.replace(wheels / wheel.name)
    size = sum(wheel.stat().st_size for wheel in wheels.iterdir())
    say(f"已把 {len(arrived)} 个组件放入 {wheels}，文件夹共 {size // 1_000_000} MB。")
    say("把整个程序文件夹拷到目标电脑，运行 ./tuodi demo 即可。")
    return 0


def _pip_words(args: Namespace, requirements: str, folder: str) -> list[str]:
    words = [sys.executable, "-m", "pip", "download", "--quiet", "--only-binary", ":all:", "--require-hashes"]
    words += ["--dest", folder, "-r", str(CHECKOUT / requirements)]
    if args.python:
        if not re.fullmatch(r"3\.1[1-3]", args.python):
            raise WrongUse(f"--python 写的是 {args.python}；可写 3.11、3.12 或 3.13。")
        words += ["--implementation", "cp", "--python-version", args.python]
    if args.platform:
        words += [word for tag in PLATFORMS[args.platform] for word in ("--platform", tag)]
    return words


COMMAND = Command("pack", "下载全部组件，供不能上网的电脑安装", _arguments, _run)
