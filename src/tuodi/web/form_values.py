"""Values as they come from a form."""

from datetime import date
from typing import Final, overload

from django.http import QueryDict

from tuodi.kernel.dates import parse_day
from tuodi.office.refusal import Refused

# What a database's key holds for sure.
_DIGITS_MOST: Final = 18


@overload
def day_of(given: QueryDict, name: str, label: str) -> date:
    """Return the day that must be there."""


@overload
def day_of(given: QueryDict, name: str, label: str, *, is_required: bool) -> date | None:
    """Return the day, or None where it may be left out."""


def day_of(given: QueryDict, name: str, label: str, *, is_required: bool = True) -> date | None:
    """Return the day typed into a field, None for an empty one that may be. Raises Refused."""
    text = given.get(name, "").strip()
    if not text and not is_required:
        return None
    day = parse_day(text)
    if not isinstance(day, date):
        raise Refused(f"请填写{label}，写成 2025-03-01 的样子。")
    return day


def whole_number(text: str | None) -> int | None:
    """Return a number of a record, a page or a count as an address or a form gives it; None for anything else.

    >>> whole_number("17"), whole_number("-1"), whole_number("１７"), whole_number("9" * 19), whole_number(None)
    (17, None, None, None, None)
    """
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= _DIGITS_MOST else None


def number_of(given: QueryDict, name: str, label: str) -> int:
    """Return the record chosen in a list. Raises Refused where none was."""
    number = whole_number(given.get(name))
    if number is None:
        raise Refused(f"请选择{label}。")
    return number
