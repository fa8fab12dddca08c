"""What a test may need beside Python, and how its absence is told."""

import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.whole_run import channels
from tests.whole_run.starts import STARTS
from tests.whole_run.watch import MARK, Watch

SEEDS = Path(__file__).parents[2] / "shared" / "seeds"


@cache
def _libreoffice() -> str:
    office = shutil.which("soffice")
    if not (office and shutil.which("pdftotext")):
        return "没有 LibreOffice 或 poppler-utils"
    if not (Path(office).resolve().parent / "libsclo.so").exists():
        return "LibreOffice 没有装电子表格（libreoffice-calc-nogui）"
    fonts = subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, check=False).stdout
    return "" if fonts else "没有中文字体（fonts-noto-cjk）"


@cache
def _chromium() -> str:
    return "" if shutil.which("chromium") else "没有 Chromium"


@cache
def _postgresql() -> str:
    found = shutil.which("initdb") or list(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return "" if found else "没有 PostgreSQL 15"


@cache
def _seeds() -> str:
    return "" if SEEDS.is_dir() else "没有原始公开文件（../shared/seeds，不随程序发布）"


# Each probe returns what is missing, or nothing.
PROBES: dict[str, Callable[[], str]] = {
    "libreoffice": _libreoffice,
    "chromium": _chromium,
    "postgresql": _postgresql,
    "seeds": _seeds,
}
# The published documents are other people's: no machine can install them.
NEVER_REQUIRED = {"seeds"}


# Programs that tests start find the source as the tests do, also where pytest was not started by ./tuodi.
os.environ["PYTHONPATH"] = str(Path(__file__).parents[1] / "src")


# Property tests say the same of the same code, however busy the machine is. Whoever wants other examples
# than these runs the tests with --hypothesis-profile=default.
settings.register_profile("suite", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")


def pytest_make_parametrize_id(val: object) -> str | None:
    """Show bytes as Python writes them: with names left readable, pytest would keep them as bytes and stumble."""
    return repr(val) if isinstance(val, bytes) else None


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--require", choices=["all"], help="fail, do not skip, where an outside program is missing")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", f"needs(name): an outside program; one of {', '.join(PROBES)}")
    config.addinivalue_line("markers", f"{MARK}(*channels): a number or name there is put there by the test")
    channels.open_all()
    STARTS.listen()
    config.pluginmanager.register(Watch(config), "whole-run")


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers("needs"):
        for name in mark.args:
            missing = PROBES[name]()
            if missing and item.config.getoption("--require") and name not in NEVER_REQUIRED:
                pytest.fail(f"缺少外部条件：{missing}", pytrace=False)
            if missing:
                pytest.skip(missing)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, started once for all; tests that use it carry ``needs("chromium")``."""
    from tests.web.browser import chromium  # where Chromium is missing nothing of it is loaded

    with chromium() as started:
        yield started


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Count what was skipped, by reason."""
    reasons = Counter(str(report.longrepr[2]) for report in terminalreporter.stats.get("skipped", []))
    for reason, count in reasons.most_common():
        terminalreporter.write_line(f"跳过 {count} 项：{reason.removeprefix('Skipped: ')}")
