"""The blocks of the text of a disclosure; their sentences are made of ``kernel.fragments``."""

from dataclasses import dataclass
from typing import TypeAlias

from tuodi.kernel.fragments import Text


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
