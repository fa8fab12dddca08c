"""The launcher: sound shell, any folder, any name, any locale."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LAUNCHER = ROOT / "tuodi"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="启动脚本用于 Linux 和 macOS")


@pytest.fixture
def installed_copy(tmp_path: Path) -> Path:
    """The project in a folder with a blank and Chinese characters, its environment already made."""
    copy = tmp_path / "托底 副本"
    venv = copy / ".venv"
    venv.mkdir(parents=True)
    for name in ("src", "policies", "terms", "requirements.txt"):
        (copy / name).symlink_to(ROOT / name)
    shutil.copy(LAUNCHER, copy)
    for part in Path(sys.prefix).iterdir():
        if part.name in {"bin", "lib", "lib64", "pyvenv.cfg"}:
            (venv / part.name).symlink_to(part)
    requirements = (ROOT / "requirements.txt").read_bytes()
    checksum = subprocess.run(["cksum"], input=requirements, capture_output=True, check=True).stdout.decode().strip()
    python = (venv / "bin" / "python").resolve()
    (venv / "requirements.txt.installed").write_text(f"{checksum} {python}\n")
    return copy


def test_the_shell_accepts_it() -> None:
    assert os.access(LAUNCHER, os.X_OK)
    assert subprocess.run(["sh", "-n", str(LAUNCHER)], check=False).returncode == 0


def test_it_starts_through_a_link_in_the_c_locale_from_another_folder(installed_copy: Path, tmp_path: Path) -> None:
    link = tmp_path / "打开托底"
    link.symlink_to("托底 副本/tuodi")
    # A file of the user's must not stand in for one of the program's.
    (tmp_path / "argparse.py").write_text("raise SystemExit('被用户文件夹中的文件替换')")
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    done = subprocess.run([str(link), "polic"], cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert done.returncode == 2
    assert done.stdout == b""
    assert done.stderr.decode().startswith("没有“polic”这个命令。")


def test_the_help_of_the_tests_installs_nothing(installed_copy: Path) -> None:
    environment = {"PATH": os.environ["PATH"]}
    words = [str(installed_copy / "tuodi"), "test", "--help"]
    done = subprocess.run(words, cwd=installed_copy, env=environment, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "--require" in done.stdout.decode()
    assert not (installed_copy / ".venv-install.log").exists()


def test_the_first_start_says_how_long_it_takes() -> None:
    assert "网络好时约半分钟，慢的网络要几分钟" in LAUNCHER.read_text(encoding="utf-8")


def test_requirements_are_hashed_and_name_no_address() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        entries = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
        assert "//" not in text
        assert "-index" not in text
        assert all("==" in entry and entry.endswith("\\") for entry in entries)
        assert text.count("--hash=sha256:") >= len(entries)
