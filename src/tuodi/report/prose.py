"""Short ways to compose bound text: words, figures with their key, quotes with their place."""

import re
from collections.abc import Iterable
from fractions import Fraction

from tuodi.evaluation.rules.rule import points_text
from tuodi.evaluation.target import Target
from tuodi.kernel.fragments import Figure, Quote, Text, listed, quote, text
from tuodi.kernel.money import decimal_text
from tuodi.kernel.quantity import Quantity

NOTHING = "—"
MONEY_UNITS = ("元", "万元")
ORDINALS = "一二三四五六七八九十"

_DAY = re.compile(r"([0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?")


def points(key: str, value: Fraction | None) -> Figure:
    """Return points as documents print them; a dash while they are not known."""
    return Figure(key, NOTHING if value is None else points_text(value))


def number(key: str, value: int | Fraction) -> Figure:
    """Return a count or an exact number with thousands separators."""
    return Figure(key, decimal_text(Fraction(value), 4, grouped=True, trimmed=True))


def money(key: str, value: Fraction, unit: str) -> Text:
    """Return an amount as prose has it: thousands separators, two decimals, its unit."""
    return text(amount(key, value), unit)


def amount(key: str, value: Fraction) -> Figure:
    """Return an amount as tables have it: thousands separators, two decimals, no unit."""
    return Figure(key, decimal_text(value, 2, grouped=True))


def measured(key: str, value: Quantity | str) -> Figure:
    """Return an actual value: amounts with two decimals, counts with thousands separators, words as they stand."""
    if isinstance(value, str):
        return Figure(key, value)
    if value.unit in MONEY_UNITS:
        return Figure(key, f"{value.operator}{decimal_text(value.value, 2, grouped=True)}{value.unit}")
    # A year has no separators.
    grouped = not value.unit.startswith("年")
    return Figure(key, f"{value.operator}{decimal_text(value.value, 4, grouped=grouped, trimmed=True)}{value.unit}")


def target_text(key: str, target: Target) -> Quote:
    """Return a target for a sentence: what must be equalled stands there without its sign."""
    return quote(key, str(target).lstrip("=＝ "))


def dated(key: str, value: str) -> Figure | Quote:
    """Return a day or a month as documents write it (2025年7月25日); other text as it stands."""
    day = _DAY.fullmatch(value.strip())
    if day is None:
        return quote(key, value)
    parts = zip(day.groups(), "年月日", strict=True)
    return Figure(key, "".join(f"{int(part)}{unit}" for part, unit in parts if part))


def ordinal(place: int) -> str:
    """Return 一, 二, … 九十九 for a place counted from 1."""
    tens, ones = divmod(place, 10)
    words = ("" if tens == 0 else "十" if tens == 1 else f"{ORDINALS[tens - 1]}十") if tens else ""
    return words + (ORDINALS[ones - 1] if ones else "")


def numbered(place: int, in_digits: bool) -> Text:
    """Return the number before an item: （一） below a chapter, 1. below a section, whose own numbers are （一）."""
    return text(Figure(f"order.{place}", str(place)), ".") if in_digits else text(f"（{ordinal(place)}）")


def annex_number(first: str, place: int) -> Text:
    """Return an annex's number in the manner of the first one: 附件1： or 附件一：."""
    if "一" in first:
        return text(first.replace("一", ordinal(place)))
    before, _, behind = first.partition("1")
    return text(before, Figure(f"order.{place}", str(place)), behind)


def in_turn(parts: Iterable[Text]) -> Text:
    """Join texts as 一是…；二是…; a single one stands alone."""
    given = list(parts)
    if len(given) < 2:
        return listed(given)
    return listed((text(f"{ordinal(place)}是", part) for place, part in enumerate(given, 1)), "；")
