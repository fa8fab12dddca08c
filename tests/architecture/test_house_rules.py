"""The house rules that a program can check. Each exception stands here with its reason."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.source import Module, called, modules

EXACT_PACKAGES = {"kernel", "policy", "assessment", "funds", "accounts"}
LONGEST_FUNCTION = 70
LONGEST_MODULE = 400

# Module -> why something is imported inside a function.
LATE_IMPORTS: dict[str, str] = {}
# Module -> why a number that is not exact may stand there.
INEXACT = {"assessment/columnar/source.py": "seconds that a thread waits"}

# Who may ask what time it is: commands, pages, and the worker; operations are told.
CLOCKS = {"commands", "web", "office/jobs.py"}

DOMAIN = [module for module in modules() if "/" in module.name and not {module.package, module.name} & CLOCKS]
each_module = pytest.mark.parametrize("module", modules(), ids=lambda module: module.name)
each_domain_module = pytest.mark.parametrize("module", DOMAIN, ids=lambda module: module.name)


def _functions(module: Module) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef))


def _lines(function: ast.FunctionDef) -> int:
    """Return the lines of a function; its docstring is not held against it."""
    first = function.body[0]
    documented = ast.get_docstring(function) is not None
    docstring = (first.end_lineno or 0) - first.lineno + 1 if documented else 0
    return (function.end_lineno or 0) - function.lineno + 1 - docstring


def _clocks(module: Module) -> set[str]:
    asked = {
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
    names = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today"}
    # A monotonic clock tells no time of day: it limits how long a hostile file may take.
    harmless = {"time.monotonic", "time.min", "time.max"}
    return {name for name in asked if name in names or name.startswith("time.")} - harmless


def _inexact(module: Module) -> set[str]:
    found = {
        f"{node.value}"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and type(node.value) is float
    }
    found |= {called(call) for call in module.calls() if called(call) in {"float", "Decimal", "round"}}
    return found | {
        alias.name
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and node.module == "decimal"
        for alias in node.names
    }


def _late_imports(module: Module) -> set[int]:
    return {
        node.lineno
        for function in _functions(module)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }


@each_module
def test_length(module: Module) -> None:
    assert module.text.count("\n") <= LONGEST_MODULE
    long = {each.name: _lines(each) for each in _functions(module)}
    assert {name: lines for name, lines in long.items() if lines > LONGEST_FUNCTION} == {}


@each_module
def test_every_module_and_public_function_is_documented(module: Module) -> None:
    assert ast.get_docstring(module.tree)
    public = [node for node in module.tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    assert [node.name for node in public if not node.name.startswith("_") and not ast.get_docstring(node)] == []


@each_module
def test_names_say_what_is_inside(module: Module) -> None:
    assert not {"utils", "common", "helpers"} & set(module.name.removesuffix(".py").split("/"))


@each_module
def test_imports_stand_at_the_top(module: Module) -> None:
    assert bool(_late_imports(module)) == (module.name in LATE_IMPORTS), _late_imports(module)


@each_domain_module
def test_the_domain_asks_no_clock(module: Module) -> None:
    assert _clocks(module) == set()


@each_domain_module
def test_money_is_exact(module: Module) -> None:
    if module.package in EXACT_PACKAGES:
        assert bool(_inexact(module)) == (module.name in INEXACT), _inexact(module)


@each_domain_module
def test_the_domain_prints_nothing(module: Module) -> None:
    assert [call.lineno for call in module.calls() if called(call) in {"print", "input"}] == []


@pytest.mark.parametrize(
    ("source", "check"),
    [
        ("from datetime import date\nday = date.today()", _clocks),
        ("import time\nstart = time.time", _clocks),
        ("share = 0.7", _inexact),
        ("from decimal import Decimal", _inexact),
        ("fen = round(amount)", _inexact),
        ("def load():\n    import numba", _late_imports),
    ],
)
def test_a_breach_is_seen(source: str, check: object) -> None:
    assert callable(check)
    assert check(Module("kernel/planted.py", source, ast.parse(source)))
