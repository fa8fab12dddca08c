"""Every event that is logged anywhere, and each of its details, has Chinese words: found by reading the source."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.source import Module, called, modules
from tests.office import databases  # noqa: F401 - sets Django up
from tuodi.office.jobs import KINDS
from tuodi.office.queries.trail_details import NAMES
from tuodi.office.trail_words import EVENTS, event_words, subject_words

_EVENT = re.compile(r"[a-z_]+\.[a-z_-]+")
_AREAS = {event.partition(".")[0] for event in EVENTS}
_FILES = (".csv", ".xlsx", ".yaml", ".json", ".dump")


def _events(module: Module) -> Iterator[str]:
    """Give every text that looks like an event: what is logged as one, and any of an area that has events."""
    for call in module.calls():
        if called(call).endswith("log") and call.args:
            yield from _texts(call.args[0])
    yield from (text for text in _texts(module.tree) if text.partition(".")[0] in _AREAS)


def _texts(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str) and _EVENT.fullmatch(each.value):
            yield each.value


def test_每个留痕事项都有中文名称() -> None:
    found = {event for module in modules() if module.package in ("office", "web") for event in _events(module)}
    found = {event for event in found if event not in KINDS and not event.endswith(_FILES)}
    assert len(found) > 30
    assert sorted(event for event in found if event not in EVENTS) == []


def _details(module: Module) -> Iterator[str]:
    """Give the name of every detail that is logged: as a keyword, or in a dictionary of details."""
    for call in module.calls():
        name = called(call)
        for keyword in call.keywords:
            if keyword.arg == "detail" and isinstance(keyword.value, ast.Dict):
                yield from (str(ast.literal_eval(key)) for key in keyword.value.keys if key is not None)
            elif keyword.arg and name.endswith("log"):
                yield keyword.arg


def test_每项详情都有中文名称() -> None:
    found = {name for module in modules() if module.package in ("office", "web") for name in _details(module)}
    assert len(found) > 30
    assert sorted(found - NAMES.keys()) == []


def test_名称不重复() -> None:
    assert len(set(EVENTS.values())) == len(EVENTS)


def test_不认识的事项和对象照原样显示() -> None:
    assert event_words("later.version") == "later.version"
    assert (subject_words("person 17"), subject_words("later 3"), subject_words("")) == ("人员 17", "later 3", "")
