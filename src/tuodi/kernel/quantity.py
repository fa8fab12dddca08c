"""Numbers with units as offices write them: ``90.56%``, ``30437人``, ``12万元``, ``2/3``, ``＞99%``. All exact."""

import re
from fractions import Fraction
from typing import NamedTuple

from tuodi.kernel.finding import Fault
from tuodi.kernel.money import decimal_text

PERCENT = "%"

OPERATORS = {
    "≥": "≥", ">=": "≥", "＞＝": "≥", "＞=": "≥", "≧": "≥", "不低于": "≥", "不少于": "≥", "不小于": "≥", "至少": "≥",
    "≤": "≤", "<=": "≤", "＜＝": "≤", "＜=": "≤", "≦": "≤", "不高于": "≤", "不超过": "≤", "不大于": "≤", "至多": "≤",
    ">": ">", "＞": ">", "大于": ">", "高于": ">", "超过": ">",
    "<": "<", "＜": "<", "小于": "<", "低于": "<",
    "=": "=", "＝": "=", "等于": "=",
}  # fmt: skip
"""How an operator may be written, and the sign it is printed with."""

_BEHIND = {"以上": "≥", "及以上": "≥", "以下": "≤", "及以下": "≤", "以内": "≤", "之内": "≤"}
"""Operators written behind the number; all of them include it (民法典 第一千二百五十九条)."""
_TRAILING = re.compile(f"(?:{'|'.join(_BEHIND)})$")
_UNSURE = re.compile("左右|上下|以外|不足|^[余多来几]")
"""Words behind a number that make it an estimate or no number at all: 95%左右, 3000余人."""
_OPERATOR = re.compile("|".join(sorted(map(re.escape, OPERATORS), key=len, reverse=True)))
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,9})?|-?[0-9]{1,3}(?:,[0-9]{3}){1,4}(?:\.[0-9]{1,9})?")
_FRACTION = re.compile(r"([0-9]{1,9})/([1-9][0-9]{0,8})")


class Quantity(NamedTuple):
    """A number with its unit; ``operator`` is empty, or says the number is a bound (``＞99%``) or a condition."""

    value: Fraction
    unit: str = ""
    operator: str = ""

    def __str__(self) -> str:
        """Write the number without needless zeros, e.g. ``≥90.5%``."""
        return f"{self.operator}{plain(self.value)}{self.unit}"


def plain(value: Fraction) -> str:
    """Write a number with as many decimals as it needs, at most four."""
    return decimal_text(value, 4, trimmed=True)


def parse_number(text: str) -> Fraction | Fault:
    """Read a decimal (thousands separators allowed) or a fraction such as ``2/3``."""
    text = text.strip()
    share = _FRACTION.fullmatch(text)
    if share:
        return Fraction(int(share[1]), int(share[2]))
    if _NUMBER.fullmatch(text):
        return Fraction(text.replace(",", ""))
    return Fault("quantity-format", "不是有效的数", "请写成半角数字，例如 90.56、30437 或 2/3")


def parse_quantity(text: str) -> Quantity | Fault:
    """Read a number with an optional operator in front (or ``以上`` and so on at the end) and an optional unit.

    A fraction is a share (``2/3``): above 1 it is something else, such as a month written ``2024/12``.
    """
    rest = text.strip().replace("％", PERCENT)
    operator = ""
    sign = _OPERATOR.match(rest)
    if sign:
        operator, rest = OPERATORS[sign[0]], rest[sign.end() :].strip()
    number = _FRACTION.match(rest) or _longest(rest)
    if number is None:
        return Fault("quantity-format", "不是有效的数", "请写成数字加单位，例如 90.56%、30437人、≥95%")
    value = parse_number(number[0])
    if isinstance(value, Fault):
        return value
    unit = rest[number.end() :].strip()
    behind = _TRAILING.search(unit)
    if behind and not operator:
        operator, unit = _BEHIND[behind[0]], unit[: behind.start()].strip()
    if re.search("[0-9０-９]", unit) or _UNSURE.search(unit) or ("/" in number[0] and value > 1):
        return Fault("quantity-format", "不是有效的数", "日期等不是一个数的内容请作为文字填写")
    return Quantity(value, unit, operator)


def _longest(text: str) -> re.Match[str] | None:
    """Return the number a text begins with; a digit right behind it would mean that it is no number we can read."""
    found = max((match for match in (re.match(part, text) for part in _NUMBER.pattern.split("|")) if match),
                key=lambda match: match.end(), default=None)  # fmt: skip
    if found is None or re.match(r"[0-9０-９.,]", text[found.end() :]):
        return None
    return found


def share_or_percent(number: Quantity) -> bool:
    """Tell whether a number without unit may be a share as well as a percentage: 0.9 of a spreadsheet's 90 %."""
    return not number.unit and 0 < abs(number.value) <= 1


def compare(actual: Fraction, operator: str, target: Fraction) -> bool:
    """Tell whether ``actual operator target`` holds."""
    match operator:
        case "≥":
            return actual >= target
        case "≤":
            return actual <= target
        case ">":
            return actual > target
        case "<":
            return actual < target
        case _:
            return actual == target
