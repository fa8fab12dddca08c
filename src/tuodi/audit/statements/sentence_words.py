"""The words of sentences around numbers (terms/papers.yaml, ``sentences``)."""

import re
from collections.abc import Sequence
from functools import cache

import yaml

from tuodi.kernel.shipped import shipped


@cache
def _words() -> dict[str, list[str]]:
    data = yaml.safe_load(shipped("terms", "papers.yaml").read_text(encoding="utf-8"))
    words: dict[str, list[str]] = data["sentences"]
    return words


@cache
def words(name: str) -> tuple[str, ...]:
    """Return the words of a name, the longest first."""
    return tuple(sorted(_words()[name], key=len, reverse=True))


@cache
def pattern(name: str) -> re.Pattern[str]:
    """Return a pattern that finds any of the words of a name."""
    return re.compile("|".join(re.escape(word) for word in words(name)))


def tells(text: str, name: str) -> bool:
    """Tell whether a text holds one of the words of a name."""
    return pattern(name).search(text) is not None


def levels_named(text: str) -> int:
    """Count the levels of government that a text names: centre, province, city, county."""
    return sum(any(word in text for word in level) for level in _words()["levels"])


def complete(names: Sequence[str]) -> bool:
    """Tell whether names are all parts of a whole by their words: 城镇 and 农村, 住院 and 门诊 and 参保."""
    for together in _words()["complements"]:
        told = [next((word for word in together if word in name), "") for name in names]
        if all(told) and len(set(told)) == len(names) and set(together) <= {*told}:
            return True
    return False
