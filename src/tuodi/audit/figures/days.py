"""Days, months, years and periods in a clean text, as papers write them.

2024年12月31日, 2024-12-31, 2024.12.31, 二〇二四年六月, 6月20日 (the year from the context), 6月上旬, 7月底, 2024年度,
2025年6月28日至7月25日, 2021-2024年, 1-3月. A day that no calendar has is told as impossible.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from tuodi.audit.figures.numerals import numeral


class Precision(StrEnum):
    """How exactly a date is told; ``PART`` is a third of a month, its beginning or its end."""

    DAY = "day"
    PART = "part"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A date as printed. ``year`` is None where neither the date nor the text before it tells one.

    ``inherited``: the year stands not in the date but before it. ``part`` is 上旬, 中旬, 下旬, 初, 底 or empty.
    """

    text: str
    year: int | None
    month: int | None
    day: int | None
    part: str
    start: int
    end: int
    inherited: bool = False

    @property
    def precision(self) -> Precision:
        """How exactly the date is told."""
        if self.day is not None:
            return Precision.DAY
        if self.part:
            return Precision.PART
        return Precision.MONTH if self.month is not None else Precision.YEAR

    @property
    def impossible(self) -> bool:
        """Whether no calendar has the month or the day; 29 February counts as possible where the year is unknown."""
        if self.month is None:
            return False
        if not 1 <= self.month <= 12:
            return True
        return self.day is not None and not 1 <= self.day <= monthrange(self.year or 2000, self.month)[1]

    def first(self, year: int | None = None) -> date | None:
        """Return the first day it can mean; ``year`` stands in where none is known."""
        return self._limit(year, last=False)

    def last(self, year: int | None = None) -> date | None:
        """Return the last day it can mean."""
        return self._limit(year, last=True)

    def _limit(self, year: int | None, *, last: bool) -> date | None:
        told = self.year or year
        if told is None or self.impossible:
            return None
        if self.month is None:
            return date(told, 12, 31) if last else date(told, 1, 1)
        days = monthrange(told, self.month)[1]
        low, high = _PARTS.get(self.part, (1, days))
        if self.day is not None:
            low = high = min(self.day, days)
        return date(told, self.month, min(high, days) if last else low)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From one date to another, as printed."""

    begin: Day
    finish: Day

    @property
    def start(self) -> int:
        """Where it begins in the text."""
        return self.begin.start

    @property
    def end(self) -> int:
        """Where it ends in the text."""
        return self.finish.end

    @property
    def backwards(self) -> bool:
        """Whether it surely ends before it begins: both years are told, or one year is told and holds for both."""
        begin, finish = self.begin.first(2000), self.finish.last(2000)
        if begin is None or finish is None or (self.begin.year is None) != (self.finish.year is None):
            return False
        return begin > finish and not self.finish.inherited


_PARTS = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31), "初": (1, 10), "底": (21, 31), "末": (21, 31)}
_YEAR = r"(?<![\d.])[12]\d{3}|[一二][〇零○一二三四五六七八九]{3}"
_MONTH = r"\d{1,2}|[正一二三四五六七八九]|十[一二]?"
_NUMERAL_DAY = r"\d{1,2}|三十一?|二?十[一二三四五六七八九]?|二十|[一二三四五六七八九]"
_WRITTEN = re.compile(
    rf"(?:(?P<year>{_YEAR})年度?)?(?<![\d.])(?P<month>{_MONTH})月份?"
    rf"(?:(?P<day>{_NUMERAL_DAY})[日号]|(?P<part>上旬|中旬|下旬|初|底|末)(?!余))?"
)
_POINTED = re.compile(
    r"(?<![\d.\-/])(?P<year>[12]\d{3})(?P<sign>[-./])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})(?![\d\-./]\d|\d)"
)
_YEAR_ONLY = re.compile(rf"(?P<year>{_YEAR})年(?:度)?(?!\s*\d{{1,2}}月|[正一二三四五六七八九十]{{1,2}}月)")
_MONTH_RANGE = re.compile(
    rf"(?:(?P<year>{_YEAR})年)?(?<![\d.])(?P<begin>\d{{1,2}})(?P<sign>[-—~至])(?P<finish>\d{{1,2}})月份?(?!\d)"
)
_DAY_RANGE = re.compile(
    rf"(?:(?P<year>{_YEAR})年)?(?<![\d.])(?P<month>\d{{1,2}})月"
    r"(?P<begin>\d{1,2})日?(?P<sign>[-—~至]|到)(?P<finish>\d{1,2})日"
)
_YEAR_RANGE = re.compile(r"(?<![\d.\-])(?P<begin>[12]\d{3})年?(?P<sign>[-—~至]|到)(?P<finish>[12]\d{3})年")
_JOINT = re.compile(r"(?:起|开始|启动)?，?(?:[-~—]{1,2}|至|到|起至|止于)")


def days(text: str) -> tuple[Day, ...]:
    """Return the dates of a clean text in order; a date without a year takes that of the date before it."""
    found: list[Day] = []
    known: int | None = None
    for day in sorted(_printed(text), key=lambda each: each.start):
        if found and day.start < found[-1].end:
            continue
        if day.year is None and known is not None:
            day = replace(day, year=known, inherited=True)
        elif day.year is not None:
            known = day.year
        found.append(day)
    return tuple(found)


def periods(text: str) -> tuple[Period, ...]:
    """Return the periods of a clean text in order."""
    told = days(text)
    found = [
        Period(begin=begin, finish=finish)
        for begin, finish in zip(told, told[1:], strict=False)
        if _JOINT.fullmatch(text[begin.end : finish.start])
    ]
    taken = {period.start for period in found}
    found += [period for period in _short_periods(text) if period.start not in taken]
    return tuple(sorted(found, key=lambda period: period.start))


def _printed(text: str) -> Iterator[Day]:
    for match in _POINTED.finditer(text):
        yield _day(match, int(match["year"]), int(match["month"]), int(match["day"]), "")
    for match in _WRITTEN.finditer(text):
        month = _number(match["month"])
        day = _number(match["day"]) if match["day"] else None
        if not match["year"] and day is None and not match["part"] and _is_span(text, match):
            continue
        yield _day(match, _number(match["year"]) if match["year"] else None, month, day, match["part"] or "")
    for match in _YEAR_ONLY.finditer(text):
        yield _day(match, _number(match["year"]), None, None, "")


def _is_span(text: str, match: re.Match[str]) -> bool:
    """Tell whether a bare 3月 is no month of a year: 每月, 三月内, or a numeral in a word."""
    return not match["month"].isdigit() or text[: match.start()].endswith("每")


def _day(match: re.Match[str], year: int | None, month: int | None, day: int | None, part: str) -> Day:
    return Day(text=match.group(), year=year, month=month, day=day, part=part, start=match.start(), end=match.end())


def _number(text: str) -> int:
    if text == "正":
        return 1
    value = numeral(text.replace("○", "〇")) if not text.isdigit() else int(text)
    return int(value) if value is not None else 0


def _short_periods(text: str) -> Iterator[Period]:
    """Yield periods that print their common part once: 6月28-30日, 1-3月, 2021-2024年."""
    for match in _YEAR_RANGE.finditer(text):
        yield _pair(match, (int(match["begin"]), None, None), (int(match["finish"]), None, None))
    for match in _MONTH_RANGE.finditer(text):
        year = _number(match["year"]) if match["year"] else None
        yield _pair(match, (year, int(match["begin"]), None), (year, int(match["finish"]), None))
    for match in _DAY_RANGE.finditer(text):
        year, month = _number(match["year"]) if match["year"] else None, int(match["month"])
        yield _pair(match, (year, month, int(match["begin"])), (year, month, int(match["finish"])))


_Date = tuple[int | None, int | None, int | None]


def _pair(match: re.Match[str], begin: _Date, finish: _Date) -> Period:
    middle = match.start("sign")
    first = Day(
        text=match.string[match.start() : middle],
        year=begin[0],
        month=begin[1],
        day=begin[2],
        part="",
        start=match.start(),
        end=middle,
    )
    last = Day(
        text=match.string[middle + 1 : match.end()],
        year=finish[0],
        month=finish[1],
        day=finish[2],
        part="",
        start=middle + 1,
        end=match.end(),
    )
    return Period(begin=first, finish=last)
