"""Searches and counts during a whole run of pytest, in every worker, and lets the run fail at its end."""

from collections import Counter
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from tests.whole_run import channels
from tests.whole_run.leaks import SEARCH, Search
from tests.whole_run.starts import COUNTED, OURS_MAX, STARTS, Starts

MARK = "plants_numbers"
# From so many tests of pages on a run is no excerpt, and every channel must have been written to.
_PAGES_OF_A_WHOLE_RUN = 300
_PAGES = "tests/web/"


class Watch:
    """One in each process: the one that was started, and each worker of pytest-xdist."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.pages = 0
        self.faults: list[str] = []

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Know which test is running, and whether it puts numbers where they do not belong."""
        SEARCH.test = STARTS.test = item.nodeid
        mark = item.get_closest_marker(MARK)
        SEARCH.planted_in = mark.args if mark else ()
        self.pages += item.nodeid.startswith(_PAGES)
        try:
            return (yield)
        finally:
            SEARCH.planted_in = ()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Search what was printed, once at the end of a test."""
        report = yield
        if call.when == "call" and report.passed and SEARCH.planted_in:
            SEARCH.planting.add(item.nodeid.partition("[")[0])
        if call.when == "teardown":
            for title, text in report.sections:
                if "log" not in title:
                    SEARCH.look(channels.SCREEN, text, names=False)
        return report

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """Take in what a worker found."""
        told = getattr(node, "workeroutput", {})
        if "search" in told:
            SEARCH.add(told["search"])
            STARTS.add(told["starts"])
            self.pages += told["pages"]

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Search the files of logs; hand everything over, or judge it."""
        SEARCH.test, STARTS.test = "全部检查之后", ""
        if not self.config.pluginmanager.has_plugin("dsession"):
            channels.look_at_log_files(self._folders())
        output = getattr(self.config, "workeroutput", None)
        if output is not None:
            output |= {"search": SEARCH.told(), "starts": STARTS.told(), "pages": self.pages}
            return
        self.faults = faults(SEARCH, STARTS, self.pages)
        if self.faults and session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _folders(self) -> list[Path]:
        # Only where tests needed them were they made.
        factory = self.config._tmp_path_factory
        made = [factory.getbasetemp()] if factory._basetemp else []
        home = channels.home_of_tests()
        return made + ([home] if home else [])

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say how much was searched and started, and what is wrong."""
        if hasattr(self.config, "workeroutput"):
            return
        for line in summary(SEARCH, STARTS):
            terminalreporter.write_line(line)
        if self.faults:
            terminalreporter.section("整个检查过程的问题", red=True)
            for fault in self.faults:
                terminalreporter.write_line(fault, red=True)


def faults(search: Search, starts: Starts, pages: int) -> list[str]:
    """Return what makes a run fail beside its tests."""
    found = [f"泄露：{leak}" for leak in search.leaks]
    found += [f"{test} 标有 {MARK}，却什么也没有埋下" for test in sorted(search.planting - search.planted)]
    if pages >= _PAGES_OF_A_WHOLE_RUN:
        found += [f"没有搜索到任何{channel}" for channel in channels.ALWAYS if not search.texts[channel]]
    if (count := starts.of_the_office()) > OURS_MAX:
        found.append(f"{'、'.join(COUNTED)} 共启动 {count} 次自己的程序，最多 {OURS_MAX} 次")
    return found


def summary(search: Search, starts: Starts) -> list[str]:
    """Return the lines at the end of a run."""
    parts = "，".join(f"{channel} {count:,}" for channel, count in sorted(search.texts.items()))
    total = f"{search.texts.total():,} 段、{search.characters.total():,} 字"
    lines = [f"搜索个人信息：共 {total}（{parts}），泄露 {len(search.leaks)} 处"]
    by_part: dict[str, Counter[str]] = {}
    for (part, kind), count in sorted(starts.counts.items()):
        by_part.setdefault(part, Counter())[kind] += count
    for part, kinds in by_part.items():
        lines.append(f"启动程序：{part} " + "，".join(f"{kind} {count} 次" for kind, count in sorted(kinds.items())))
    if by_part:
        lines.append(f"启动程序：办公部分共 {starts.of_the_office()} 次自己的程序（最多 {OURS_MAX} 次）")
    return lines
