"""The structured model of a planted document: blocks whose texts hold slots, slots that tell facts, ties between them.

A slot is one place where one fact is printed. In a block's text it stands as a single private-use character, so that
a fault can change exactly one printed place and nothing else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import TypeAlias

from tuodi.kernel.money import decimal_text, rounded

FIRST_SLOT = 0xE000
ORDINAL = "\uf8f0"
"""Stands for the number of an item in its group; counted when the document is rendered."""
UP = "\uf8f1"
"""A cell merged with the one above it."""
LEFT = "\uf8f2"
"""A cell merged with the one to its left."""

Value: TypeAlias = Fraction | date | str

_NUMERALS = "零一二三四五六七八九"


def chinese(number: int) -> str:
    """Write a whole number below one thousand in Chinese.

    >>> chinese(4), chinese(10), chinese(12), chinese(20), chinese(35), chinese(105), chinese(112)
    ('四', '十', '十二', '二十', '三十五', '一百零五', '一百一十二')
    """
    hundreds, rest = divmod(number, 100)
    if hundreds:
        below = "" if not rest else "零" + chinese(rest) if rest < 10 else ("一" if rest < 20 else "") + chinese(rest)
        return _NUMERALS[hundreds] + "百" + below
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _NUMERALS[tens] + "十"
    return head + (_NUMERALS[ones] if ones or not tens else "")


@dataclass(frozen=True, slots=True)
class Format:
    """How a value is written. ``divisor`` 10000 with suffix 万元 for money; money values are in yuan."""

    kind: str
    places: int = 0
    grouped: bool = False
    trimmed: bool = False
    divisor: int = 1
    suffix: str = ""

    def write(self, value: Value) -> str:
        """Write a value; words and dates as they are in their form."""
        if isinstance(value, str):
            return value + self.suffix
        if isinstance(value, date):
            return self._date(value)
        if self.kind.startswith("chinese"):
            counted = self.kind == "chinese-count" and value == 2
            return ("两" if counted else chinese(int(value))) + self.suffix
        number = decimal_text(value / self.divisor, self.places, grouped=self.grouped, trimmed=self.trimmed)
        if self.kind == "percent-words":
            return "百分之" + number
        if self.kind == "percent-chinese":
            whole, _, decimals = number.partition(".")
            spoken = "点" + "".join(_NUMERALS[int(each)] for each in decimals) if decimals else ""
            return f"百分之{chinese(int(whole))}{spoken}"
        return number + self.suffix

    def shown(self, value: Value) -> Value:
        """Return the value as far as the print tells it."""
        if isinstance(value, Fraction) and not self.kind.startswith("chinese"):
            return rounded(value / self.divisor, self.places) * self.divisor
        return value

    def _date(self, day: date) -> str:
        if self.kind == "month-day":
            return f"{day.month}月{day.day}日"
        if self.kind == "point-date":
            return f"{day.year}.{day.month:02d}.{day.day:02d}"
        if self.kind == "dash-date":
            return f"{day.year}-{day.month:02d}-{day.day:02d}"
        if self.kind == "slash-date":
            return f"{day.year}/{day.month}/{day.day}"
        if self.kind == "chinese-date":
            year = "".join("〇一二三四五六七八九"[int(each)] for each in str(day.year))
            return f"{year}年{chinese(day.month)}月{chinese(day.day)}日"
        return f"{day.year}年{day.month}月{day.day}日"


WORD = Format("word")


@dataclass(frozen=True, slots=True)
class Slot:
    """One printed place: which fact, its value, how it is written, in which section, in a text or in a table."""

    key: str
    value: Value
    format: Format
    section: str
    place: str

    @property
    def text(self) -> str:
        """The print."""
        return self.format.write(self.value)

    @property
    def shown(self) -> Value:
        """The value as printed, rounded as the print is."""
        return self.format.shown(self.value)


@dataclass(frozen=True, slots=True)
class Tie:
    """What the document says about several slots at once, and the class of faults that breaks it.

    ``kind`` is a relation of ``relations.RELATIONS``; ``change`` the slot a fault changes; ``slots`` all of them in the
    relation's order. ``wrong`` gives the words to choose from where the fact is no number. ``largest`` bounds a number.
    """

    fault: str
    kind: str
    change: int
    slots: tuple[int, ...]
    extra: tuple[Fraction, ...] = ()
    wrong: tuple[str, ...] = ()
    largest: Fraction | None = None
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 3; ``text`` has its number already."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; ``group`` and ``numbering`` number the items of a list, ``tag`` names what it speaks of."""

    text: str
    group: str = ""
    numbering: str = ""
    tag: str = ""
    centred: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table; ``head`` rows are headings. Cells may be ``UP`` or ``LEFT``."""

    rows: tuple[tuple[str, ...], ...]
    head: int = 1


Block: TypeAlias = Heading | Paragraph | Table


@dataclass(frozen=True, slots=True)
class Look:
    """How the whole document is typed."""

    spaced: bool = False
    half_brackets: bool = False
    half_commas: bool = False
    full_width_digits: bool = False
    page_numbers: bool = False


@dataclass(frozen=True, slots=True)
class Spare:
    """A problem (with its advice) that the clean document does not have because the indicator got all its points."""

    indicator: str
    problem: Paragraph
    advice: Paragraph


@dataclass(frozen=True, slots=True)
class Model:
    """A document before it is rendered."""

    family: str
    seed: int
    blocks: tuple[Block, ...]
    slots: tuple[Slot, ...]
    ties: tuple[Tie, ...]
    look: Look
    spares: tuple[Spare, ...] = ()
    leave_out: tuple[str, ...] = ()
    names: dict[str, str] = field(default_factory=dict)

    def with_slot(self, index: int, value: Value, form: Format | None = None) -> Model:
        """Return the document with one print changed."""
        slot = self.slots[index]
        changed = replace(slot, value=value, format=form or slot.format)
        return replace(self, slots=(*self.slots[:index], changed, *self.slots[index + 1 :]))

    def text(self, template: str) -> str:
        """Return a template with its slots filled in."""
        return "".join(self._character(each) for each in template)

    def _character(self, character: str) -> str:
        index = ord(character) - FIRST_SLOT
        return self.slots[index].text if 0 <= index < len(self.slots) else character


def marker(index: int) -> str:
    """Return the character of a slot."""
    return chr(FIRST_SLOT + index)


def index_of(character: str) -> int:
    """Return the number of the slot that a character stands for."""
    return ord(character) - FIRST_SLOT


def slots_in(text: str) -> list[int]:
    """Return the numbers of the slots in a template."""
    return [index_of(each) for each in re.findall("[\ue000-\uf000]", text)]
