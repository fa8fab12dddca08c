"""Values as they come from a form."""

from datetime import date
from typing import overload

from django.http import QueryDict

from tuodi.kernel.dates import parse_day
from tuodi.office.operations.writing import Refused


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


def number_of(given: QueryDict, name: str, label: str) -> int:
    """Return the record chosen in a list. Raises Refused where none was."""
    text = given.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Refused(f"请选择{label}。")
    return int(text)
