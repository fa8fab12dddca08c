"""What a template may say: put out a text, repeat for a list, choose. Nothing is called, computed or fetched.

The parsed template is walked once. Only what is listed here passes; every name is looked up in the values that the
template will get, so a misspelt one is told before anything is written.
"""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from jinja2 import nodes

from tuodi.kernel.finding import Fault

Plain: TypeAlias = "str | list[Plain] | dict[str, Plain]"
"""All that a template gets to see."""

DEEPEST_VALUES = 12
DEEPEST_LOOP = 3
DEEPEST_NEST = 8
FILTERS = {"default": 1, "join": 1, "length": 0}
"""Filters a template may use, with the most arguments of each."""
LOOP_NUMBERS, LOOP_FLAGS = {"index", "index0", "revindex", "revindex0", "length"}, {"first", "last"}
"""What ``loop`` tells inside a ``for``; the flags are for conditions only."""

_RESERVED = {"loop", "self", "super", "caller", "varargs", "kwargs"}
_NEVER_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ORDER = {"lt", "lteq", "gt", "gteq"}


@dataclass(slots=True)
class Shape:
    """What values of one place have in common: a text, a list of one shape, or fields by name."""

    example: str = ""
    is_text: bool = False
    item: "Shape | None" = None
    fields: "dict[str, Shape]" = field(default_factory=dict)

    def take_in(self, value: Plain) -> None:
        """Widen the shape by one more value."""
        if isinstance(value, str):
            self.is_text = True
            self.example = self.example or value
        elif isinstance(value, list):
            self.item = self.item or Shape()
            for each in value:
                self.item.take_in(each)
        else:
            for key, each in value.items():
                self.fields.setdefault(key, Shape()).take_in(each)

    @property
    def is_known(self) -> bool:
        """Whether any value was seen: the rows of an empty list may have any field."""
        return self.is_text or self.item is not None or bool(self.fields)


NO_LIST = Fault("template-name", "不是列表，不能循环", "for 后面只能写列表（名单、表格的行等）的名称")
NO_TEXT = Fault("template-name", "不是文字，不能直接输出", "请写到其中的一项（如“{{ 名称.字段 }}”），列表用循环或 join")
NO_TEXTS = Fault("template-name", "不是文字的列表，不能用 join", "join 只用于文字的列表")

_TEXT = Shape(is_text=True)
_NUMBER = Shape(is_text=True)
_LOOP = Shape(fields=dict.fromkeys(sorted(LOOP_NUMBERS), _NUMBER) | {name: Shape() for name in sorted(LOOP_FLAGS)})


class Complaint(NamedTuple):
    """A fault and the line of the template's source where it stands."""

    fault: Fault
    line: int
    value: str = ""


def plain(value: object, depth: int = DEEPEST_VALUES) -> Plain:
    """Return a deep copy in plain types; characters that XML cannot hold are left out.

    Raises TypeError for anything but dict with text keys, list and str, ValueError where they nest too deeply.
    """
    if depth < 0:
        raise ValueError("values for a template nest too deeply")
    if type(value) is str:
        return _NEVER_IN_XML.sub("", value.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    if type(value) is list:
        return [plain(each, depth - 1) for each in value]
    if type(value) is dict and all(type(key) is str for key in value):
        return {str(key): plain(each, depth - 1) for key, each in value.items()}
    raise TypeError(f"a template gets dict, list and str only, not {type(value).__name__}")


def complaints(tree: nodes.Template, values: Shape) -> list[Complaint]:
    """Return everything in a parsed template that it may not say, or that the values do not have."""
    walk = _Walk()
    walk.block(tree.body, values.fields, 0, 0)
    return walk.found


class _Walk:
    """One walk over a parsed template; ``names`` are the values and loop variables known at a place."""

    def __init__(self) -> None:
        self.found: list[Complaint] = []

    def block(self, body: Sequence[nodes.Node], names: Mapping[str, Shape], loops: int, depth: int) -> None:
        """Walk over statements; whatever is not listed is refused."""
        for node in body:
            if isinstance(node, nodes.Output):
                for part in node.nodes:
                    if not isinstance(part, nodes.TemplateData):
                        self._output(part, names)
            elif depth >= DEEPEST_NEST:
                self._too_deep(node)
            elif isinstance(node, nodes.If):
                for branch in (node, *node.elif_):
                    self._condition(branch.test, names)
                    self.block(branch.body, names, loops, depth + 1)
                self.block(node.else_, names, loops, depth + 1)
            elif isinstance(node, nodes.For):
                self._loop(node, names, loops, depth)
            else:
                self._forbidden(node)

    def _loop(self, node: nodes.For, names: Mapping[str, Shape], loops: int, depth: int) -> None:
        target = node.target
        if loops >= DEEPEST_LOOP:
            self._too_deep(node)
            return
        if node.recursive or node.test or node.else_ or not isinstance(target, nodes.Name) or _is_private(target.name):
            self._forbidden(node)
            return
        found = self._place(node.iter, names)
        if found.is_known and found.item is None:
            self._complain(node, NO_LIST, _written(node.iter))
        self.block(node.body, {**names, target.name: found.item or Shape(), "loop": _LOOP}, loops + 1, depth + 1)

    def _output(self, node: nodes.Node, names: Mapping[str, Shape]) -> None:
        found = self._value(node, names)
        if found.is_known and not found.is_text:
            self._complain(node, NO_TEXT, _written(node))

    def _condition(self, node: nodes.Node, names: Mapping[str, Shape]) -> None:
        if isinstance(node, nodes.And | nodes.Or):
            self._condition(node.left, names)
            self._condition(node.right, names)
        elif isinstance(node, nodes.Not):
            self._condition(node.node, names)
        elif isinstance(node, nodes.Compare):
            self._comparison(node, names)
        else:
            self._value(node, names)

    def _comparison(self, node: nodes.Compare, names: Mapping[str, Shape]) -> None:
        operand = node.ops[0]
        other = _constant(operand.expr)
        if len(node.ops) != 1 or other is None:
            self._forbidden(node)
            return
        is_number = self._value(node.expr, names) is _NUMBER
        kind = list if operand.op in ("in", "notin") else int if is_number else str
        if not isinstance(other, kind) or (operand.op in _ORDER and not is_number):
            message = "比较的写法不对：模板里的数值都是文字"
            advice = (
                "请用 ==、!= 与引号里的文字比较，或用 in 与文字的列表比较；只有 loop.index 和 length 可以与数比大小"
            )
            self._complain(node, Fault("template-expression", message, advice), _written(node.expr))

    def _value(self, node: nodes.Node, names: Mapping[str, Shape]) -> Shape:
        """Return what a name, a field, a constant or one of them through a filter may be."""
        if isinstance(node, nodes.Const) and isinstance(node.value, str):
            return _TEXT
        if not isinstance(node, nodes.Filter):
            return self._place(node, names)
        given = [_constant(argument) for argument in node.args]
        most = FILTERS.get(node.name, -1)
        if node.node is None or node.kwargs or node.dyn_args or node.dyn_kwargs or len(given) > most:
            self._forbidden(node)
            return Shape()
        if not all(isinstance(each, str) for each in given):
            self._forbidden(node)
        is_optional = node.name == "default"
        found = self._place(node.node, names, is_optional=is_optional)
        if node.name == "length":
            return _NUMBER
        if (
            node.name == "join"
            and found.is_known
            and not (found.item and (found.item.is_text or not found.item.is_known))
        ):
            self._complain(node, NO_TEXTS, _written(node))
        return found if is_optional else _TEXT

    def _place(self, node: nodes.Node, names: Mapping[str, Shape], *, is_optional: bool = False) -> Shape:
        """Return what stands at a name or a field of one; nothing else may be read."""
        if isinstance(node, nodes.Name) and (node.name in names or not _is_private(node.name)):
            return self._known(node, node.name, names, is_optional)
        if isinstance(node, nodes.Getattr | nodes.Getitem):
            argument = node.attr if isinstance(node, nodes.Getattr) else _constant(node.arg)
            if isinstance(argument, str) and not _is_private(argument):
                within = self._place(node.node, names, is_optional=is_optional)
                return self._known(node, argument, within.fields, is_optional) if within.is_known else within
            if type(argument) is int and argument >= 0:
                return self._place(node.node, names, is_optional=is_optional).item or Shape()
        self._forbidden(node)
        return Shape()

    def _known(self, node: nodes.Node, name: str, names: Mapping[str, Shape], is_optional: bool) -> Shape:
        if name not in names and not is_optional:
            self._complain(node, unknown_name(name, names), _written(node))
        return names.get(name, Shape())

    def _too_deep(self, node: nodes.Node) -> None:
        message = f"循环超过 {DEEPEST_LOOP} 层，或语句套得太深"
        self._complain(node, Fault("template-too-complex", message, "请减少层次，内容由程序先整理好"))

    def _forbidden(self, node: nodes.Node) -> None:
        advice = "只能输出名称或其字段、用 for 循环列表、用 if 判断；过滤器只有 default、join、length；计算由程序完成"
        self._complain(node, Fault("template-expression", "模板不能使用这种写法", advice), _written(node))

    def _complain(self, node: nodes.Node, fault: Fault, value: str = "") -> None:
        self.found.append(Complaint(fault, node.lineno, value))


def unknown_name(name: str, names: Iterable[str]) -> Fault:
    """Return the fault of a name that the values do not have, with the known names nearest to it."""
    known = [each for each in names if not _is_private(each)]
    nearest = difflib.get_close_matches(name[:60], known, n=3, cutoff=0.4) or known[:5]
    similar = f"相近的名称：{'、'.join(nearest)}；" if nearest else ""
    advice = f"{similar}请改正，或用 default 写明没有时填什么"
    return Fault("template-name", f"没有“{name[:60]}”这个名称", advice)


def _is_private(name: str) -> bool:
    return name.startswith("_") or name in _RESERVED


def _constant(node: nodes.Node) -> str | int | list[str] | None:
    """Return the constant a template wrote: a text, a whole number, a list of texts; None for anything else."""
    if isinstance(node, nodes.List | nodes.Tuple):
        items = [_constant(item) for item in node.items]
        texts = [item for item in items if isinstance(item, str)]
        return texts if len(texts) == len(items) else None
    if isinstance(node, nodes.Const) and type(node.value) in (str, int):
        return node.value  # type: ignore[no-any-return]
    return None


def _written(node: nodes.Node) -> str:
    """Return a name as the template writes it; empty for longer expressions."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        return f"{_written(node.node)}.{node.attr}"
    return ""
