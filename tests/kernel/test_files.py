"""A file is written whole or not at all."""

import errno
import subprocess
import sys
from pathlib import Path

import pytest

from tuodi.kernel.files import written_whole


def test_a_new_file_stands_when_the_block_ends(tmp_path: Path) -> None:
    target = tmp_path / "结果.csv"
    with written_whole(target) as temporary:
        temporary.write_text("完整", encoding="utf-8")
        assert not target.exists()
        assert temporary.suffix == ".csv"
    assert [path.name for path in tmp_path.iterdir()] == ["结果.csv"]
    assert target.read_text(encoding="utf-8") == "完整"


@pytest.mark.parametrize("problem", [ValueError, KeyboardInterrupt, SystemExit])
def test_a_failure_leaves_what_stood_there(tmp_path: Path, problem: type[BaseException]) -> None:
    target = tmp_path / "结果.csv"
    target.write_text("上次", encoding="utf-8")
    with pytest.raises(problem), written_whole(target) as temporary:
        temporary.write_text("半", encoding="utf-8")
        raise problem
    assert [path.name for path in tmp_path.iterdir()] == ["结果.csv"]
    assert target.read_text(encoding="utf-8") == "上次"


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), written_whole(tmp_path / "没有" / "结果.csv") as temporary:
        temporary.write_text("x")


@pytest.mark.parametrize("named", [True, False])
def test_what_the_system_says_names_the_file_asked_for(tmp_path: Path, named: bool) -> None:
    target = tmp_path / "结果.csv"
    with pytest.raises(OSError, match="gone") as problem, written_whole(target) as temporary:
        raise OSError(errno.ESTALE, "gone", *([str(temporary)] if named else []))
    assert (problem.value.errno, problem.value.filename) == (errno.ESTALE, str(target))
    assert list(tmp_path.iterdir()) == []


def test_what_is_said_of_another_file_stays_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as problem, written_whole(tmp_path / "结果.csv"):
        (tmp_path / "另一个.csv").read_bytes()
    assert problem.value.filename == str(tmp_path / "另一个.csv")


def test_a_killed_program_leaves_no_result(tmp_path: Path) -> None:
    program = """
import os, sys
from pathlib import Path
from tuodi.kernel.files import written_whole
with written_whole(Path(sys.argv[1])) as temporary:
    temporary.write_text("half")
    os.kill(os.getpid(), 9)
"""
    target = tmp_path / "结果.csv"
    done = subprocess.run([sys.executable, "-c", program, str(target)], check=False)
    assert done.returncode == -9
    assert not target.exists()
