"""``tuodi test``: what is missing skips with a reason, or fails where everything is required."""

from argparse import Namespace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests import conftest
from tuodi.commands import test as command
from tuodi.commands.places import WrongUse


def _item(need: str, require: str | None) -> Any:
    return SimpleNamespace(
        iter_markers=lambda _name: [SimpleNamespace(args=(need,))],
        config=SimpleNamespace(getoption=lambda _name: require),
    )


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conftest, "PROBES", {"chromium": lambda: "没有 Chromium", "seeds": lambda: "没有原始文件"})


@pytest.mark.usefixtures("nothing_installed")
def test_a_missing_need_skips_with_its_reason() -> None:
    with pytest.raises(pytest.skip.Exception, match="没有 Chromium"):
        conftest.pytest_runtest_setup(_item("chromium", None))


@pytest.mark.usefixtures("nothing_installed")
def test_a_missing_need_fails_where_all_is_required() -> None:
    with pytest.raises(pytest.fail.Exception, match="没有 Chromium"):
        conftest.pytest_runtest_setup(_item("chromium", "all"))


@pytest.mark.usefixtures("nothing_installed")
def test_the_published_documents_are_never_required() -> None:
    with pytest.raises(pytest.skip.Exception, match="没有原始文件"):
        conftest.pytest_runtest_setup(_item("seeds", "all"))


def test_an_unknown_long_check_names_those_that_exist(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "tests" / "long").mkdir(parents=True)
    (tmp_path / "tests" / "long" / "test_millions.py").touch()
    monkeypatch.setattr(command, "CHECKOUT", tmp_path)
    with pytest.raises(WrongUse, match="没有名为“thousands”的长时间检查；现有：millions"):
        command.COMMAND.run(Namespace(long="thousands", require=None, pytest=[]))


@pytest.mark.parametrize(
    ("given", "passed_on"),
    [
        (Namespace(long=None, require="all", pytest=[]), ["--require", "all", "-n", "auto"]),
        (Namespace(long=None, require=None, pytest=["tests/kernel", "-x"]), ["tests/kernel", "-x"]),
    ],
)
def test_what_pytest_is_given(monkeypatch: pytest.MonkeyPatch, given: Namespace, passed_on: list[str]) -> None:
    started: list[list[str]] = []

    def run(words: list[str], **_: object) -> Namespace:
        started.append(words)
        return Namespace(returncode=1)

    monkeypatch.setattr(command.subprocess, "run", run)
    assert command.COMMAND.run(given) == 1
    assert started[0][3:] == passed_on


def test_an_installed_copy_without_tests_says_where_they_are(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(command, "CHECKOUT", tmp_path)
    with pytest.raises(WrongUse, match="源代码文件夹"):
        command.COMMAND.run(Namespace(long=None, require=None, pytest=[]))
