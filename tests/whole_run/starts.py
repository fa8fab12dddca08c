"""Every program a test starts, counted by folder: programs of ours, servers and browsers, other programs."""

import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any, Final

OURS, SERVERS, OTHERS = "自己的程序", "数据库服务器和浏览器", "其他程序"
COUNTED: Final = ("tests/office", "tests/web", "tests/journeys", "tests/commands/test_serve.py")
"""The tests of the office, which together may start ``OURS_MAX`` programs of ours."""
OURS_MAX: Final = 30
_SERVERS = ("initdb", "pg_ctl", "postgres", "pg_dump", "pg_restore", "createdb", "psql", "chrom", "node", "playwright")
_BEFORE_A_PROGRAM = ("runuser", "-u", "postgres", "--")


def kind_of(words: list[str]) -> str:
    """Return which kind of program a command line starts."""
    names = [Path(word).name for word in words]
    if tuple(names[:4]) == _BEFORE_A_PROGRAM:
        names = names[4:]
    if names and names[0].startswith(_SERVERS):
        return SERVERS
    is_ours = bool(names) and (names[0].startswith("python") or "tuodi" in names[0])
    # The driver of the browser is a program of Python's package.
    if is_ours and any("playwright" in word for word in words):
        return SERVERS
    return OURS if is_ours else OTHERS


class Starts:
    """Counts (part of the tests, kind) as they happen; one listener for the life of the process."""

    def __init__(self) -> None:
        self.test = ""
        self.counts: Counter[tuple[str, str]] = Counter()

    def listen(self) -> None:
        """Begin. What Python audits cannot be unheard again."""
        sys.addaudithook(self._heard)

    def _heard(self, event: str, args: tuple[Any, ...]) -> None:
        if not self.test or event not in ("subprocess.Popen", "os.posix_spawn", "os.fork", "os.system", "os.exec"):
            return
        self.note(_words(event, args))

    def note(self, words: list[str]) -> None:
        """Count one start."""
        self.counts[part_of(self.test), kind_of(words)] += 1

    def told(self) -> list[tuple[str, str, int]]:
        """Return the counts in the plain types a worker hands to whoever started it."""
        return [(part, kind, count) for (part, kind), count in self.counts.items()]

    def add(self, told: list[tuple[str, str, int]]) -> None:
        """Take in what another process counted."""
        for part, kind, count in told:
            self.counts[part, kind] += count

    def of_the_office(self) -> int:
        """Return how many programs of ours the tests of the office started."""
        return sum(count for (part, kind), count in self.counts.items() if part in COUNTED and kind == OURS)


def _words(event: str, args: tuple[Any, ...]) -> list[str]:
    if event == "os.fork":
        # A copy of this very program.
        return [sys.executable]
    if event == "os.system":
        return ["sh", os.fsdecode(args[0])]
    words = args[1]
    if isinstance(words, str | bytes | os.PathLike):
        return [os.fsdecode(words)]
    return [os.fsdecode(word) for word in words]


def part_of(test: str) -> str:
    """Return the folder of a test, or its module where a folder holds tests of several parts."""
    module = test.partition("::")[0]
    return module if module in COUNTED else "/".join(module.split("/")[:2])


STARTS: Final = Starts()
"""The count of this process."""
