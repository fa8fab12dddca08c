"""The sums written beside the cases of the case tables, worked out again."""

import re
from fractions import Fraction

_NUMBER = r"\d[\d,]*(?:\.\d+)?"
_EQUATION = re.compile(rf"([(\d][\d,.()%+−×÷ ]*?) = ({_NUMBER})")


def wrong_sums(working: str) -> list[str]:
    """Return the equations that do not hold, the right side rounded half up to its decimals, or cannot be read."""
    equations = _EQUATION.findall(working)
    if len(equations) != working.count("="):
        return [working]
    return [f"{left} = {right}" for left, right in equations if not _holds(left, right)]


def _holds(left: str, right: str) -> bool:
    places = len(right.partition(".")[2])
    rounded = (_worked_out(left) * 10**places * 2 + 1) // 2
    return bool(rounded == Fraction(right.replace(",", "")) * 10**places)


def _worked_out(text: str) -> Fraction:
    """Return the value of an expression of + − × ÷, brackets and percentages."""
    words = re.sub(_NUMBER, lambda number: f"Fraction('{number.group().replace(',', '')}')", text)
    for sign, operator in (("−", "-"), ("×", "*"), ("÷", "/"), ("%", "/100")):
        words = words.replace(sign, operator)
    result = eval(words, {"Fraction": Fraction})
    assert isinstance(result, Fraction)
    return result
