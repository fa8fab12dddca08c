"""What must stand nowhere in clear, and where it was found: numbers by their form, names by list.

An identity number is known by its form, an existing birth date, and its check character or a place of nobody's; a
telephone and an account by their form. So no number a test makes up needs to be listed here.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote

from tuodi.kernel.dates import parse_day
from tuodi.kernel.finding import Fault
from tuodi.kernel.idnumber import check_character, mask

# Digits, also in groups; neither part of a longer word nor of an amount or a date with fractions.
_RUN = re.compile(r"(?<![0-9A-Za-z.])[0-9](?:[ \t\u2009\u202f\xa0-]?[0-9]){9,18}[Xx]?(?![0-9A-Za-z])")
_GAPS = re.compile(r"[^0-9Xx]")
_PLACES_OF_NOBODY: Final = ("990001", "149901")
_NAMES = re.compile(
    "赵[一大二三丁改]|赵金丝雀|赵P[0-9]+|钱二|孙三|李四|张三|欧阳翠?花|单雄信|仇小英|张国强|样例.[0-9]{4}|测试P[0-9]+"
)
# Made-up names that are also words of the product's own sentences.
_WORDS = frozenset({"测试", "重复", "旧名"})
_CHINESE_NAME = re.compile(r"[\u4e00-\u9fff·]{2,12}")
_AROUND = 30


def numbers_in(text: str) -> list[str]:
    """Return the full identity, telephone and account numbers of a text, as written without their gaps."""
    wide = unicodedata.normalize("NFKC", unquote(text))
    runs = (_GAPS.sub("", found) for found in _RUN.findall(wide))
    return [run.upper() for run in runs if _is_number_of_somebody(run.upper())]


def _is_number_of_somebody(run: str) -> bool:
    if len(run) == 18 and not isinstance(parse_day(run[6:14]), Fault):
        return check_character(run) == run[17] or run.startswith(_PLACES_OF_NOBODY)
    if len(run) == 15 and run.startswith(_PLACES_OF_NOBODY):
        return not isinstance(parse_day("19" + run[6:12]), Fault)
    if len(run) == 11:
        return re.fullmatch("1[3-9][0-9]{9}", run) is not None
    return re.fullmatch("62[0-9]{14,17}", run) is not None


@dataclass(frozen=True)
class Leak:
    """Something found: during which test, where it stood, what it is (masked) and what stands around it."""

    test: str
    channel: str
    what: str

    def __str__(self) -> str:
        return f"{self.test}：{self.channel}：{self.what}"


@dataclass
class Search:
    """Everything searched in one process of a test run."""

    test: str = ""
    # The channels to which this test writes a number or a name on purpose.
    planted_in: Collection[str] = ()
    names: set[str] = field(default_factory=set)
    leaks: list[Leak] = field(default_factory=list)
    # The tests that do so, and those of them in which it was found.
    planting: set[str] = field(default_factory=set)
    planted: set[str] = field(default_factory=set)
    texts: Counter[str] = field(default_factory=Counter)
    characters: Counter[str] = field(default_factory=Counter)

    def learn(self, name: str) -> None:
        """Remember the name of a person a test has made."""
        if _CHINESE_NAME.fullmatch(name) and name not in _WORDS:
            self.names.add(name)

    def look(self, channel: str, text: str, *, names: bool = True, known: Collection[str] = ()) -> None:
        """Search a text that was written to a channel; ``known`` numbers may stand in it."""
        self.texts[channel] += 1
        self.characters[channel] += len(text)
        found = [mask(number) for number in numbers_in(text) if number not in known]
        if names:
            plain = unquote(text)
            found += _NAMES.findall(plain) + sorted(name for name in self.names if name in plain)
        if found and channel in self.planted_in:
            self.planted.add(self.test.partition("[")[0])
        elif found:
            new = (Leak(self.test, channel, what) for what in dict.fromkeys(found))
            self.leaks += [leak for leak in new if leak not in self.leaks]

    def told(self) -> dict[str, Any]:
        """Return all of it in the plain types a worker hands to whoever started it."""
        return {
            "leaks": [(each.test, each.channel, each.what) for each in self.leaks],
            "planting": sorted(self.planting),
            "planted": sorted(self.planted),
            "texts": dict(self.texts),
            "characters": dict(self.characters),
        }

    def add(self, told: dict[str, Any]) -> None:
        """Take in what another process searched."""
        self.leaks += [Leak(*each) for each in told["leaks"]]
        self.planting |= set(told["planting"])
        self.planted |= set(told["planted"])
        self.texts.update(told["texts"])
        self.characters.update(told["characters"])


SEARCH: Final = Search()
"""The search of this process."""
