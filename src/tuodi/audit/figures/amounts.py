"""Every number with its unit in a clean text: money, shares, counts, scores.

A printed number is known only to its last digit: 1022.04 万元 is any amount within 50 元 of it. ``Figure.step`` keeps
that, so that a check never takes rounding for a contradiction.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from tuodi.audit.figures.numerals import NUMERAL, numeral


class Kind(StrEnum):
    """What a figure measures. ``POINTS`` are percentage points, ``PLAIN`` a number without a unit."""

    MONEY = "money"
    SHARE = "share"
    POINTS = "points"
    SCORE = "score"
    COUNT = "count"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number as printed. ``value`` is in the base unit of its kind: yuan, percent, points of a score, pieces.

    ``step`` is one unit of its last printed digit in the base unit; ``mark`` is ``≥ ≤ > <``, ``约`` or empty.
    ``text`` is number and unit as printed, ``unit`` the unit (人次, 万元, %).
    """

    text: str
    value: Fraction
    step: Fraction
    unit: str
    kind: Kind
    mark: str
    start: int
    end: int

    @property
    def low(self) -> Fraction:
        """The least true value that is printed so."""
        return self.value - self.step / 2

    @property
    def high(self) -> Fraction:
        """The largest true value that is printed so."""
        return self.value + self.step / 2

    def agrees(self, other: "Figure") -> bool:
        """Tell whether both can be the same true value, printed more or less exactly."""
        coarse, fine = (self, other) if self.step >= other.step else (other, self)
        return coarse.low <= fine.value <= coarse.high


MOST_DIGITS = 30
"""Longer rows of digits are no amounts."""
_MONEY = {"元": 1, "千元": 1000, "万元": 10_000, "百万元": 1_000_000, "亿元": 100_000_000}
_PIECES = (
    "人次", "万人次", "万人", "人", "户次", "户", "份", "个", "项", "条", "家", "次", "例", "笔", "批次", "批",
    "名", "件", "辆", "台", "张", "天", "个工作日", "工作日", "个月", "页", "本", "所", "处", "场", "位", "只",
    "小时", "分钟", "题", "期",
)  # fmt: skip
_SCALED_PIECES = {"万人次": ("人次", 10_000), "万人": ("人", 10_000)}
_UNITS = sorted((*_MONEY, *_PIECES, "个百分点", "百分点", "%", "‰", "分", "万"), key=len, reverse=True)
_UNIT = "|".join(re.escape(unit) for unit in _UNITS)
_MARK = r"(?P<mark>≥|≤|>|<|不低于|不少于|不高于|不超过|大于|小于|高于|低于|超过|超|约|近|逾|不足|达到|=)?"
_NUMBER = re.compile(
    _MARK + r"(?P<sign>[-+](?=\d))?(?P<spoken>百分之)?"
    # A run of more digits than any amount has is no figure.
    r"(?P<number>\d{1,3}(?:,\d{3}){1,6}(?:\.\d{1,12})?|\d{1,20}(?:\.\d{1,12})?)(?![\d]|,\d{3}(?!\d))"
    rf"(?P<gap> ?)(?P<unit>{_UNIT})?(?P<after>以上|以下|以内|左右|多)?"
)
_CHINESE = re.compile(
    rf"(?P<share>百分之)?(?P<number>{NUMERAL.pattern})"
    rf"(?P<unit>{'|'.join(re.escape(unit) for unit in _UNITS if unit != '%')})?"
)
_NOT_A_NUMBER_BEFORE = re.compile(r"[A-Za-z第〔\[【号\d.．年月-]$")
_NOT_A_NUMBER_AFTER = re.compile(r"\s?(?:年|月|日|号|[A-Za-z]|[-—~/]\d|〕|\]|】|：\d)")
_MARKS = {"不低于": "≥", "不少于": "≥", "不高于": "≤", "不超过": "≤", "大于": ">", "高于": ">", "超过": ">", "超": ">",
          "逾": ">", "小于": "<", "低于": "<", "不足": "<", "近": "约", "达到": "", "=": ""}  # fmt: skip
_AFTER = {"以上": "≥", "以下": "≤", "以内": "≤", "左右": "约", "多": "约"}
_MINUTES = re.compile(r"分(?=之|钟|别|为|析|类|配|布|项|解|工|成|散|担|段|批|级|数|组|期|次|值|支|享|局|档|步|摊)")


def figures(text: str) -> tuple[Figure, ...]:
    """Return the figures of a clean text in order; dates, document numbers, codes and enumerations are none."""
    found = [*_arabic(text), *_chinese(text)]
    return tuple(sorted(found, key=lambda figure: figure.start))


@lru_cache(maxsize=65536)  # every check reads the same cells
def figure_of(text: str, unit: str = "") -> Figure | None:
    """Return the figure a whole cell is, e.g. ``1,022.04``, ``78.43%``, ``≥90%``, ``-``; None for any other text.

    ``unit`` is the one the table or the column tells; a unit in the cell goes before it.
    """
    stripped = text.strip().rstrip("。；")
    match = re.fullmatch(_NUMBER.pattern, stripped)
    if match is None and stripped.startswith("百分之"):
        return next((each for each in _chinese(stripped) if each.text == stripped), None)
    if match is None or match["gap"] and not match["unit"] or len(match["number"]) > MOST_DIGITS:
        return None
    return _figure(match, unit if match["unit"] is None else "")


def _arabic(text: str) -> Iterator[Figure]:
    for match in _NUMBER.finditer(text):
        start = _start(match)
        before = text[max(0, start - 1) : start]
        if not match["mark"] and _NOT_A_NUMBER_BEFORE.match(before) and not (before == "-" or before in "年月"):
            continue
        if match["unit"] is None and _NOT_A_NUMBER_AFTER.match(text, match.end("number")):
            continue
        if match["unit"] == "分" and _MINUTES.match(text, match.start("unit")) or len(match["number"]) > MOST_DIGITS:
            continue
        if match["unit"] is None and _enumerates(text, match):
            continue
        yield _figure(match, "")


def _enumerates(text: str, match: re.Match[str]) -> bool:
    """Tell whether a bare number only counts paragraphs: ``1.``, ``（2）``, ``3、``."""
    start, end = match.start("number"), match.end("number")
    opened = text[start - 1 : start] in ("（", "(") and text[end : end + 1] in ("）", ")") and end - start <= 2
    headed = (
        (start == 0 or text[start - 1] in "。；\n：") and text[end : end + 1] in ("、", ".", "．") and end - start <= 2
    )
    return opened or headed


def _figure(match: re.Match[str], unit: str) -> Figure:
    printed = match["number"].replace(",", "")
    decimals = len(printed.partition(".")[2])
    scale, name, kind = _measure("%" if match["spoken"] else match["unit"] or unit)
    value = Fraction(int(printed.replace(".", "")), 10**decimals) * scale
    mark = match["mark"] or ""
    mark = _MARKS.get(mark, mark) or _AFTER.get(match["after"] or "", "")
    start = _start(match)
    end = match.end("unit") if match["unit"] else match.end("number")
    return Figure(
        text=match.string[start:end],
        value=-value if match["sign"] == "-" else value,
        step=Fraction(scale, 10**decimals),
        unit=name,
        kind=kind,
        mark=mark,
        start=start,
        end=end,
    )


def _start(match: re.Match[str]) -> int:
    """Return where the figure begins: its sign, 百分之 or its first digit."""
    return next(match.start(part) for part in ("sign", "spoken", "number") if match[part])


def _measure(unit: str) -> tuple[int, str, Kind]:
    if unit in _MONEY:
        return _MONEY[unit], unit, Kind.MONEY
    if unit == "万":
        return 10_000, "万", Kind.PLAIN
    if unit in ("个百分点", "百分点"):
        return 1, unit, Kind.POINTS
    if unit == "%":
        return 1, "%", Kind.SHARE
    if unit == "分":
        return 1, "分", Kind.SCORE
    if unit in _SCALED_PIECES:
        name, scale = _SCALED_PIECES[unit]
        return scale, name, Kind.COUNT
    return 1, unit, Kind.COUNT if unit in _PIECES else Kind.PLAIN


def _chinese(text: str) -> Iterator[Figure]:
    for match in _CHINESE.finditer(text):
        value = numeral(match["number"]) if len(match["number"]) <= MOST_DIGITS else None
        unit = match["unit"]
        if (
            value is None
            or not (unit or match["share"])
            or not match["share"]
            and text[match.start() - 1 : match.start()] in ("第", "（", "其")
        ):
            continue
        if unit == "分" and _MINUTES.match(text, match.start("unit")):
            continue
        scale, name, kind = (1, "%", Kind.SHARE) if match["share"] else _measure(unit)
        decimals = len(match["number"].partition("点")[2])
        yield Figure(
            text=match.group(),
            value=value * scale,
            step=Fraction(scale, 10**decimals),
            unit=name,
            kind=kind,
            mark="",
            start=match.start(),
            end=match.end(),
        )
