"""Pinyin initials of names, by which the counter finds people fastest: 欧阳翠花 is ``oych``.

A surname is read as surnames are (单 shan, 仇 qiu): ``terms/surnames.yaml`` has those whose reading differs.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

import yaml
from pypinyin import Style, lazy_pinyin

from tuodi.kernel.shipped import shipped

LONGEST: Final = 60
_LETTERS = re.compile(r"[a-z]+")
_LONGEST_SURNAME = 2


def initials_of(name: str) -> str:
    """Return the initials of a name in lower case; Latin letters stay, whatever else has no reading is left out.

    >>> initials_of("单雄信"), initials_of("欧阳翠花"), initials_of("阿依古丽·买买提")
    ('sxx', 'oych', 'ayglmmt')
    """
    for length in range(_LONGEST_SURNAME, 0, -1):
        readings = _surnames().get(name[:length])
        if readings:
            return ("".join(reading[0] for reading in readings) + _usual(name[length:]))[:LONGEST]
    return _usual(name)[:LONGEST]


def _usual(text: str) -> str:
    """Return the initials of a text read as usual."""
    return "".join(_LETTERS.findall("".join(lazy_pinyin(text, style=Style.FIRST_LETTER, errors="default")).lower()))


@cache
def _surnames() -> Mapping[str, tuple[str, ...]]:
    """Return the readings of surnames, one for each character; ValueError where the file is wrong."""
    content = yaml.safe_load(shipped("terms", "surnames.yaml").read_text(encoding="utf-8"))
    found = {}
    for surname, readings in content["readings"].items():
        if len(readings) != len(surname) or not all(_LETTERS.fullmatch(each) for each in readings):
            raise ValueError(f"terms/surnames.yaml: {surname}")
        found[surname] = tuple(readings)
    return found
