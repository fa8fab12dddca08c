"""Fragments of sentences: our own words hold no digit; a number is a figure bound to its source, a text a quote.

A digit can only enter a sentence as a ``Figure`` (computed, with the key of what it is bound to) or as a ``Quote``
(carried over unchanged, with the key of its cell): ``Words`` refuses digits, so prose cannot invent a number.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

_DIGIT = re.compile(r"[0-9０-９]")


@dataclass(frozen=True, slots=True)
class Words:
    """Prose of our own. Raises ValueError where it holds a digit: a program that writes a number by hand is wrong."""

    text: str

    def __post_init__(self) -> None:
        """Refuse digits."""
        if _DIGIT.search(self.text):
            raise ValueError(f"a digit in prose that is bound to nothing: {self.text}")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as printed, bound to ``key``: ``score.B12``, ``measure.D13.numerator``, ``03/total/basic``."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """Text carried over unchanged, bound to where it stands, e.g. ``data.指标.B12.reason`` or ``scheme.A22.name``."""

    key: str
    text: str


Fragment: TypeAlias = Words | Figure | Quote
Text: TypeAlias = tuple[Fragment, ...]


def text(*parts: str | Fragment | Iterable[Fragment]) -> Text:
    """Return fragments in a row; a plain string is words of our own, empty ones are left out."""
    fragments: list[Fragment] = []
    for part in parts:
        if isinstance(part, str):
            fragments.append(Words(part))
        elif isinstance(part, Words | Figure | Quote):
            fragments.append(part)
        else:
            fragments.extend(part)
    return tuple(fragment for fragment in fragments if fragment.text)


def quote(key: str, value: str) -> Quote:
    """Return text carried over, without the stops at its end: the sentence around it sets its own."""
    return Quote(key, value.strip().rstrip("。；;，, "))


def listed(parts: Iterable[Text], mark: str = "、") -> Text:
    """Join texts with a mark between them."""
    fragments: list[Fragment] = []
    for part in parts:
        if fragments:
            fragments.append(Words(mark))
        fragments.extend(part)
    return tuple(fragments)


def plain(fragments: Text) -> str:
    """Return the text as a reader sees it."""
    return "".join(fragment.text for fragment in fragments)
