"""Chinese numerals: 四项, 十二个, 三千二百九十七, 百分之九十点五."""

import re
from fractions import Fraction

DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_SCALES = {"十": 10, "百": 100, "千": 1000}
NUMERAL = re.compile(r"[零〇一二两三四五六七八九十百千万]+(?:点[零〇一二三四五六七八九]+)?")


def numeral(text: str) -> Fraction | None:
    """Return the value of a Chinese numeral below one hundred million, or None where it is none.

    Digits one after the other are read as digits (二〇二四 is 2024).
    """
    whole, _, decimals = text.partition("点")
    value = _digits(whole) if all(character in DIGITS for character in whole) else _scaled(whole)
    if value is None or not whole:
        return None
    if not decimals:
        return Fraction(value)
    places = _digits(decimals)
    return None if places is None else value + Fraction(places, 10 ** len(decimals))


def _digits(text: str) -> int | None:
    if not text or any(character not in DIGITS for character in text):
        return None
    return int("".join(str(DIGITS[character]) for character in text))


def _scaled(text: str) -> int | None:
    high, mark, low = text.rpartition("万")
    if mark:
        upper, lower = _below_ten_thousand(high), _below_ten_thousand(low) if low else 0
        return None if upper is None or lower is None else upper * 10_000 + lower
    return _below_ten_thousand(low)


def _below_ten_thousand(text: str) -> int | None:
    total, digit, last_scale = 0, None, 10_000
    for character in text:
        if character in DIGITS:
            if digit:
                return None
            digit = DIGITS[character]
        elif character in _SCALES:
            scale = _SCALES[character]
            if scale >= last_scale:
                return None
            total += (1 if digit is None else digit) * scale
            digit, last_scale = None, scale
        else:
            return None
    return total + (digit or 0) if text else None
