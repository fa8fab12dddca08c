"""Fragments of sentences: our own words hold no digit; a number is a figure bound to cells, a text a quote with place.

The report layer has fragments of the same three kinds; this package may not see it, so it has its own.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

_DIGIT = re.compile(r"[0-9０-９]")


@dataclass(frozen=True, slots=True)
class Words:
    """Prose of our own. Raises ValueError where it holds a digit."""

    text: str

    def __post_init__(self) -> None:
        """Refuse digits."""
        if _DIGIT.search(self.text):
            raise ValueError(f"a digit in prose that is bound to nothing: {self.text}")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as printed; ``key`` names its cells (``03/total/basic``) or what was reckoned from them."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """Text carried over unchanged from the data or the set."""

    key: str
    text: str


Fragment: TypeAlias = Words | Figure | Quote
Text: TypeAlias = tuple[Fragment, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph."""

    text: Text


@dataclass(frozen=True, slots=True)
class Subtitle:
    """A heading inside a chapter; its number （一） is part of the text."""

    text: Text


@dataclass(frozen=True, slots=True)
class Ask:
    """A passage that only a person can write; ``prompt`` says what is asked."""

    name: str
    title: str
    prompt: str


Block: TypeAlias = Paragraph | Subtitle | Ask


@dataclass(frozen=True, slots=True)
class Chapter:
    """One part of the text under its heading (without its number)."""

    id: str
    title: str
    blocks: tuple[Block, ...]


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


def joined(parts: Iterable[Text], mark: str = "；") -> Text:
    """Join texts with a mark between them."""
    fragments: list[Fragment] = []
    for part in parts:
        if fragments:
            fragments.append(Words(mark))
        fragments.extend(part)
    return tuple(fragments)


def quoted(key: str, words: str) -> Quote:
    """Return text carried over, without the stops at its end: the sentence around it sets its own."""
    return Quote(key, words.strip().rstrip("。；;，, "))


def plain_text(fragments: Text) -> str:
    """Return the text as a reader sees it."""
    return "".join(fragment.text for fragment in fragments)
