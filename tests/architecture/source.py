"""The project's own source as syntax trees, for the rules that a program can check."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "tuodi"


@dataclass(frozen=True)
class Module:
    """One source file: ``name`` is its path below the package, e.g. ``kernel/money.py``."""

    name: str
    text: str
    tree: ast.Module

    @property
    def package(self) -> str:
        return self.name.split("/")[0]

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))


@cache
def modules() -> tuple[Module, ...]:
    """Return every module of the package."""
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        if path.parent.name == "migrations":  # written by a program
            continue
        text = path.read_text(encoding="utf-8")
        found.append(Module(path.relative_to(SOURCE).as_posix(), text, ast.parse(text)))
    return tuple(found)


def called(call: ast.Call) -> str:
    """Return the last part of what is called: ``now`` for ``datetime.now()``."""
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
