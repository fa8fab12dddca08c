"""Shipped schemes spoilt in every way an editor, a copy or somebody hostile spoils them; the same seed, the same files.

A mutation of the tree is written back as YAML; those of the bytes are done to the file as it stands.
"""

import random
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import yaml

from tuodi.evaluation.rule_loader import RULE_TYPES
from tuodi.kernel.shipped import shipped

ORIGINALS = {path.stem: path.read_text(encoding="utf-8") for path in sorted(shipped("schemes").glob("*.yaml"))}

Tree = dict[str, Any]
ODD = (
    "", " ", "0", "-1", "1e18", "9" * 15, "9" * 40, "1/0", "1/3", "0.001", "NaN", "∞", "１０", "-0.01", "100.01",
    "none", "满分", "≥95%", "90%–95%", "%", "≥", "x" * 3000, "\u202e", "\ufeff", "💊", "true", "2024-13-01", "{}",
    "[]", "A",
)  # fmt: skip
CONTROL = ("\x00", "\x07", "\x1b", "\x85", "\u2028", "\ufeff", "\ufffe", "\t")
MARKS = ("&a ", "*a", "!!int ", "!x ", "? ", "| ", "> ", "- ", ": ", "{", "]", '"', "'", "%YAML 1.2\n", "---\n",
         "...\n", "<<: *a", "#")  # fmt: skip


class Spoilt(NamedTuple):
    """A file; which scheme it was, what was done, and whether it cannot possibly be right any more."""

    name: str
    done: str
    data: bytes
    refused: bool


class _Writer(yaml.SafeDumper):
    """Writes texts quoted, as numbers in schemes must be."""


_Writer.add_representer(str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"'))
_Writer.ignore_aliases = lambda self, data: True  # type: ignore[method-assign]


def written(tree: Tree) -> bytes:
    """Return a tree as a scheme file."""
    return yaml.dump(tree, Dumper=_Writer, allow_unicode=True, sort_keys=False, width=10_000).encode("utf-8", "replace")


def leaves(tree: Tree) -> list[Tree]:
    """Return the leaves of a scheme, in order."""
    found: list[Tree] = []
    waiting = list(reversed(tree["indicators"]))
    while waiting:
        node = waiting.pop()
        waiting += reversed(node.get("children", []))
        if "children" not in node:
            found.append(node)
    return found


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every container with each of its keys or indices."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from places(value[key])


def _leaf(tree: Tree, chance: random.Random) -> Tree:
    return chance.choice(leaves(tree))


def _with_key(tree: Tree, key: str, chance: random.Random) -> Any:
    """Return a container that has this key, or None."""
    found = [container for container, each in places(tree) if each == key and isinstance(container, dict)]
    return chance.choice(found) if found else None


def _set(value: str, *keys: str) -> Callable[[Tree, random.Random], bool]:
    def change(tree: Tree, chance: random.Random) -> bool:
        for key in keys:
            container = _with_key(tree, key, chance)
            if container is not None:
                container[key] = value
                return True
        return False

    return change


def drop_key(tree: Tree, chance: random.Random) -> bool:
    container, key = chance.choice([place for place in places(tree) if isinstance(place[0], dict)])
    del container[key]
    return False


def drop_needed(tree: Tree, chance: random.Random) -> bool:
    key = chance.choice(["code", "name", "weight", "rule"])
    del _leaf(tree, chance)[key]
    return True


def other_type(tree: Tree, chance: random.Random) -> bool:
    container, key = chance.choice(list(places(tree)))
    container[key] = chance.choice([{}, [], ["甲"], {"甲": "乙"}, None, True, 1, 1.5, "甲", [[]], {"type": "x"}])
    return False


def odd_text(tree: Tree, chance: random.Random) -> bool:
    texts = [place for place in places(tree) if isinstance(place[0][place[1]], str)]
    for _ in range(chance.randint(1, 4)):
        container, key = chance.choice(texts)
        container[key] = chance.choice(ODD)
    return False


def unknown_rule(tree: Tree, chance: random.Random) -> bool:
    _leaf(tree, chance)["rule"]["type"] = chance.choice(["", "points", "checklist", "Rate_times_weight"])
    return True


def other_rule(tree: Tree, chance: random.Random) -> bool:
    _leaf(tree, chance)["rule"]["type"] = chance.choice(RULE_TYPES)
    return False


def bare_rule(tree: Tree, chance: random.Random) -> bool:
    """Give many leaves a rule without parameters: their targets, measures and data were made for another one."""
    kinds = (
        "rate_times_weight", "completion_rate_times_weight", "zero_tolerance", "linear_shortfall", "all_or_nothing",
        "quantitative_in_proportion", "threshold_else_rate_times_weight", "qualitative_unquantified",
    )  # fmt: skip
    for leaf in leaves(tree):
        if chance.random() < 0.7:
            leaf["rule"] = {"type": chance.choice(kinds)}
    return False


def bands_reversed(tree: Tree, chance: random.Random) -> bool:
    container = _with_key(tree, "bands", chance) or _with_key(tree, "grades", chance)
    if container is None:
        return False
    key = "bands" if "bands" in container else "grades"
    by_from = [each["from"] for each in container[key]]
    container[key].reverse()
    # The bands of judged grades may stand in any order.
    return len(set(by_from)) > 1 and not any("to" in each for each in container[key])


def code_twice(tree: Tree, chance: random.Random) -> bool:
    every = leaves(tree)
    first, second = chance.sample(range(len(every)), 2)
    every[first]["code"] = every[second]["code"]
    return True


def weight_off(tree: Tree, chance: random.Random) -> bool:
    leaf = _leaf(tree, chance)
    leaf["weight"] = str(round(float(leaf["weight"]) + 0.01, 2))
    return True


def too_deep(tree: Tree, chance: random.Random) -> bool:
    leaf = _leaf(tree, chance)
    inner = dict(leaf)
    for level in range(chance.choice([9, 15, 60])):
        inner = {"code": f"Z{level}", "name": "层", "weight": leaf["weight"], "children": [inner]}
    leaf.clear()
    leaf.update(inner)
    return True


def many_leaves(tree: Tree, chance: random.Random) -> bool:
    tree["indicators"] += [
        {"code": f"Z{number}", "name": "多", "weight": "1", "rule": {"type": "zero_tolerance"}} for number in range(300)
    ]
    return True


def rule_on_group(tree: Tree, chance: random.Random) -> bool:
    tree["indicators"][0].update(rule={"type": "zero_tolerance"}, children=[dict(_leaf(tree, chance))])
    return True


def figures_gone(tree: Tree, chance: random.Random) -> bool:
    container = _with_key(tree, "of", chance)
    if container is not None:
        container["of"] = chance.choice([[], ["没有这一项"], container["of"] * 3, [container["of"]]])
    return container is not None and container["of"] in ([], [container["of"]])


TREES: dict[str, Callable[[Tree, random.Random], bool]] = {
    "缺一个键": drop_key,
    "缺必需的键": drop_needed,
    "换成别的类型": other_type,
    "怪异的文字": odd_text,
    "没有的规则": unknown_rule,
    "换一种规则": other_rule,
    "换成没有参数的规则": bare_rule,
    "各段颠倒": bands_reversed,
    "编码重复": code_twice,
    "权重差0.01": weight_off,
    "权重为负": _set("-1", "weight"),
    "权重巨大": _set("9" * 18, "weight"),
    "权重三位小数": _set("0.001", "weight"),
    "步长为0": _set("0", "step", "weight"),
    "比例超过1": _set("1.5", "share", "pass_share", "under_share", "weight"),
    "层次太深": too_deep,
    "指标太多": many_leaves,
    "规则写在上级": rule_on_group,
    "算式里的数据": figures_gone,
}


def duplicate_key(text: str, chance: random.Random) -> bytes:
    lines = text.split("\n")
    at = chance.choice([n for n, line in enumerate(lines) if ":" in line and not line.lstrip().startswith(("#", "-"))])
    lines.insert(at, lines[at])
    return "\n".join(lines).encode()


def truncated(text: str, chance: random.Random) -> bytes:
    data = text.encode()
    return data[: chance.randrange(len(data))]


def flipped(text: str, chance: random.Random) -> bytes:
    data = bytearray(text.encode())
    for _ in range(chance.choice([1, 1, 3, 30])):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


def inserted(text: str, chance: random.Random) -> bytes:
    for _ in range(chance.choice([1, 1, 4])):
        at = chance.randrange(len(text))
        text = text[:at] + chance.choice([*CONTROL, *MARKS]) + text[at:]
    return text.encode()


def lines_moved(text: str, chance: random.Random) -> bytes:
    lines = text.split("\n")
    for _ in range(chance.choice([1, 3])):
        at = chance.randrange(len(lines))
        match chance.randrange(4):
            case 0:
                del lines[at]
            case 1:
                lines[at] = "\t" + lines[at]
            case 2:
                lines[at] = chance.choice([" ", "    "]) + lines[at]
            case _:
                lines.insert(chance.randrange(len(lines)), lines[at])
    return "\n".join(lines).encode()


def unquoted(text: str, chance: random.Random) -> bytes:
    return text.replace('"', "", chance.choice([2, 10, -1])).encode()


def recoded(text: str, chance: random.Random) -> bytes:
    return text.encode(chance.choice(["gb18030", "utf-16", "utf-32", "utf-8-sig"]))


TEXTS: dict[str, Callable[[str, random.Random], bytes]] = {
    "键写两次": duplicate_key,
    "截断": truncated,
    "掉位": flipped,
    "插入符号": inserted,
    "行错位": lines_moved,
    "去掉引号": unquoted,
    "换编码": recoded,
}


def spoilt(kind: str, number: int) -> Spoilt:
    """Return the file number so-and-so of a kind of mutation."""
    chance = random.Random(f"{kind} {number}")
    name = chance.choice(sorted(ORIGINALS))
    if kind in TEXTS:
        return Spoilt(name, kind, TEXTS[kind](ORIGINALS[name], chance), refused=kind == "键写两次")
    tree = yaml.safe_load(ORIGINALS[name])
    refused = TREES[kind](tree, chance)
    return Spoilt(name, kind, written(tree), refused)
