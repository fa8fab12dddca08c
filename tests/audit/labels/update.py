"""Findings on the five real papers that nobody has labelled yet: ``python -m tests.audit.labels.update [seed …]``.

Prints them in the form of the label files; paste them there and put true, debatable or false for the question mark.
A finding is told by rule, line, stated and expected; longer texts are cut, for no sentence of a paper is kept here.
"""

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.audit.gold.measure import NAMES, remarks_of
from tuodi.audit.remark import Remark

HERE = Path(__file__).parent
LONGEST = 20
_FIGURE = re.compile(r"\d[\d,.]*%?")
Key = tuple[str, int, str, str]


@dataclass(frozen=True, slots=True)
class Label:
    """One labelled finding: ``label`` is true, debatable or false; ``gone`` tells why it is found no longer."""

    key: Key
    label: str
    reason: str = ""
    gone: str = ""


def key_of(remark: Remark) -> Key:
    """Return what a finding is known by."""
    return remark.rule, remark.place.line or 0, _short(remark.stated), _short(remark.expected)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[:10] + "…"


def labels(name: str) -> tuple[Label, ...]:
    """Return a seed's labels."""
    data = yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))
    return tuple(
        Label(
            (each["rule"], each["line"], each["stated"], each["expected"]),
            each["label"],
            each.get("reason", ""),
            each.get("gone", ""),
        )
        for each in data
    )


def same(one: Key, other: Key) -> bool:
    """Tell whether two keys tell one finding: rule, line and figures; units and words around a figure may change."""
    return one[:2] == other[:2] and _figures(one[2]) == _figures(other[2]) and _agree(one[3], other[3])


def _figures(text: str) -> str:
    return "".join(_FIGURE.findall(text)).replace(",", "") or text


def _agree(one: str, other: str) -> bool:
    """Tell whether two expected values are one; an empty one was filled in, or left out, by a change of wording."""
    return not one or not other or _figures(one) == _figures(other)


def unlabelled(name: str) -> list[Remark]:
    """Return the findings without a label."""
    left = [label.key for label in labels(name)] if (HERE / f"{name}.yaml").exists() else []
    return _unmatched(list(remarks_of(name)), left)


def _unmatched(remarks: list[Remark], keys: list[Key]) -> list[Remark]:
    found = []
    for remark in remarks:
        key = next((each for each in keys if same(each, key_of(remark))), None)
        if key is None:
            found.append(remark)
        else:
            keys.remove(key)
    return found


def missing(name: str) -> list[Label]:
    """Return the labels whose finding is gone without being marked so."""
    left = [key_of(remark) for remark in remarks_of(name)]
    found = []
    for label in labels(name):
        key = next((each for each in left if same(label.key, each)), None)
        if key is not None:
            left.remove(key)
        elif not label.gone:
            found.append(label)
    return found


def line_of(key: Key, label: str, reason: str = "") -> str:
    """Return a label as a line of its file."""
    rule, line, stated, expected = key
    parts = [f"rule: {rule}", f"line: {line}", f"stated: {_quoted(stated)}", f"expected: {_quoted(expected)}"]
    parts.append(f"label: {_quoted(label)}")
    return "- {" + ", ".join([*parts, *([f"reason: {_quoted(reason)}"] if reason else [])]) + "}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


def main(arguments: Sequence[str] | None = None) -> None:
    """Print what is new and what is gone."""
    parser = argparse.ArgumentParser()
    parser.add_argument("seeds", nargs="*", default=list(NAMES))
    for name in parser.parse_args(arguments).seeds or NAMES:
        print(f"# {name}.yaml")
        for remark in unlabelled(name):
            print(f"# {remark.message[:150]}")
            print(line_of(key_of(remark), "?"))
        for label in missing(name):
            print(f'# gone (delete it, or add gone: "why"): {label.key}')


if __name__ == "__main__":
    main()
