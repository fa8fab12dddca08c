"""docs/findings.md, drawn from the source: every rule a finding may carry, with its words.

``python -m tests.architecture.findings_page`` writes the page anew.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from tests.architecture.source import ROOT, called, modules

PAGE = ROOT / "docs" / "findings.md"

HEAD = """# 检查结果一览

程序指出的每一个问题都有一个固定的名称（规则），写在错误清单的 `rule` 一栏。下表由源代码生成，“…”处填入当时的内容；
“（另文说明）”表示这句话按具体情况写成，见屏幕或错误清单。

| 规则 | 说明 | 怎样处理 | 出处 |
| --- | --- | --- | --- |
"""

_RULE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_ELSEWHERE = "（另文说明）"


@dataclass(frozen=True, order=True)
class Row:
    """One statement of a rule and the modules that make it."""

    rule: str
    message: str
    advice: str
    modules: tuple[str, ...]


def rows() -> list[Row]:
    """Return every statement of a rule, sorted by rule."""
    places: dict[tuple[str, str, str], list[str]] = {}
    for module in modules():
        # Pages show findings and make none; their menus and addresses only look like rules.
        if module.name.startswith("web/"):
            continue
        for scope in _scopes(module.tree):
            for statement in _stated_in(scope, module.name):
                places.setdefault(statement, []).append(module.name)
    told = {rule for rule, *words in places if words != [_ELSEWHERE, _ELSEWHERE]}
    return sorted(
        Row(*statement, tuple(sorted(set(found))))
        for statement, found in places.items()
        if statement[1:] != (_ELSEWHERE, _ELSEWHERE) or statement[0] not in told
    )


def _scopes(tree: ast.Module) -> Iterator[list[ast.AST]]:
    """Give the nodes of each outermost function, and those outside of all."""
    functions = [
        node
        for body in (tree.body, *(node.body for node in tree.body if isinstance(node, ast.ClassDef)))
        for node in body
        if isinstance(node, ast.FunctionDef)
    ]
    inside = {id(node): function for function in functions for node in ast.walk(function)}
    yield [node for node in ast.walk(tree) if id(node) not in inside]
    for function in functions:
        yield list(ast.walk(function))


def _stated_in(scope: list[ast.AST], module: str) -> Iterator[tuple[str, str, str]]:
    for node in scope:
        if isinstance(node, ast.Call):
            yield from _stated(node, _texts_before(node.lineno, scope, module), module)
        elif isinstance(node, ast.Tuple) and len(node.elts) > 1 and _text(node.elts[1], {}):
            yield from ((rule, _text(node.elts[1], {}), _ELSEWHERE) for rule in _literals(node.elts[0]))


@cache
def _passing_on() -> dict[str, dict[str, list[str]]]:
    """Return the parameters of ``Fault`` and of each function that takes a rule: name -> module -> parameters."""
    found: dict[str, dict[str, list[str]]] = {"Fault": {"": ["rule", "message", "advice"]}}
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef):
                parameters = [arg.arg for arg in node.args.args if arg.arg != "self"]
                if "rule" in parameters:
                    found.setdefault(node.name, {})[module.name] = parameters
    return found


def _stated(call: ast.Call, names: dict[str, str], module: str) -> list[tuple[str, str, str]]:
    """Return rule, message and advice of a call that states a rule.

    The house form: a literal ``rule=``, or a literal given to ``Fault`` or to a function with a parameter ``rule``.
    """
    takers = _passing_on().get(called(call), {})
    parameters = takers.get(module) or next(iter(takers.values()), [])
    given = dict(zip(parameters, call.args, strict=False)) | {word.arg or "": word.value for word in call.keywords}
    message, advice = _text(given.get("message"), names), _text(given.get("advice"), names)
    return [(rule, message or _ELSEWHERE, advice or _ELSEWHERE) for rule in _literals(given.get("rule"))]


@cache
def _constants() -> dict[str, str]:
    """Return the rule names that modules keep in constants, by the constant's name."""
    return {
        node.targets[0].id: node.value.value
        for module in modules()
        for node in module.tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        if isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        and _RULE.fullmatch(node.value.value)
    }


def _literals(node: ast.expr | None) -> list[str]:
    """Return the rule names written here: one, or two where the source chooses between them."""
    if isinstance(node, ast.IfExp):
        return _literals(node.body) + _literals(node.orelse)
    if isinstance(node, ast.Name) and node.id in _constants():
        return [_constants()[node.id]]
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and _RULE.fullmatch(node.value):
        return [node.value]
    return []


def _text(node: ast.expr | None, names: dict[str, str]) -> str:
    """Return a Chinese text as the page shows it, or nothing."""
    text = ""
    match node:
        case ast.JoinedStr():
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
        case ast.Name():
            text = names.get(node.id, "")
        case ast.Constant(value=str()):
            text = str(node.value)
        case ast.IfExp():
            text = "／".join(filter(None, (_text(node.body, names), _text(node.orelse, names))))
    return text if _CHINESE.search(text) else ""


def _texts_before(line: int, scope: list[ast.AST], module: str) -> dict[str, str]:
    """Return the texts of the module's constants and of the names assigned in the scope before a line."""
    (tree,) = (each.tree for each in modules() if each.name == module)
    earlier = sorted(
        (node for node in scope if isinstance(node, ast.Assign) and node.lineno < line), key=lambda node: node.lineno
    )
    texts: dict[str, str] = {}
    for node in (*(each for each in tree.body if isinstance(each, ast.Assign)), *earlier):
        if isinstance(node.targets[0], ast.Name):
            texts[node.targets[0].id] = _text(node.value, texts)
    return texts


def page() -> str:
    """Return the whole page."""
    lines = [
        f"| `{row.rule}` | {row.message} | {row.advice} | {'、'.join(f'`{module}`' for module in row.modules)} |\n"
        for row in rows()
    ]
    return HEAD + "".join(lines)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
