"""Which program a start is, and of which part of the tests."""

import os
import subprocess
import sys

import pytest

from tests.whole_run.starts import OTHERS, OURS, SERVERS, STARTS, kind_of, part_of


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (["/usr/bin/python3", "-P", "-m", "tuodi", "serve"], OURS),
        ([sys.executable, "-m", "bandit"], OURS),
        (["/opt/tuodi/tuodi", "polic"], OURS),
        (["runuser", "-u", "postgres", "--", "/usr/lib/postgresql/15/bin/initdb", "-D", "x"], SERVERS),
        (["/usr/lib/postgresql/15/bin/pg_dump"], SERVERS),
        (["/v/site-packages/playwright/driver/node", "cli.js"], SERVERS),
        (["/usr/bin/chromium"], SERVERS),
        (["fc-list"], OTHERS),
        (["sh", "-n", "tuodi"], OTHERS),
        ([], OTHERS),
    ],
)
def test_是哪一类程序(words: list[str], kind: str) -> None:
    assert kind_of(words) == kind


@pytest.mark.parametrize(
    ("test", "part"),
    [
        ("tests/office/test_jobs.py::test_x", "tests/office"),
        ("tests/commands/test_serve.py::test_x", "tests/commands/test_serve.py"),
        ("tests/commands/test_main.py::test_x[a/b]", "tests/commands"),
    ],
)
def test_是哪一部分(test: str, part: str) -> None:
    assert part_of(test) == part


def test_启动和分出的进程都被数到() -> None:
    before = STARTS.counts["tests/whole_run", OURS]
    subprocess.run([sys.executable, "-c", ""], check=True)
    assert STARTS.counts["tests/whole_run", OURS] == before + 1
    child = os.fork()
    if not child:
        os._exit(0)
    os.waitpid(child, 0)
    assert STARTS.counts["tests/whole_run", OURS] == before + 2
