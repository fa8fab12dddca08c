"""Which batch lists for the platform were given out, as the trail remembers it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from tuodi.office.models import TrailEntry, User

LIST_EVENT: Final = "comparison.platform_list"
_SHOWN_MAX: Final = 20


@dataclass(frozen=True, slots=True)
class Export:
    """One list given out: when, by whom (name), how many lines, with full document numbers or masked, what for."""

    at: datetime
    by: str
    rows: int
    in_full: bool
    reason: str


def list_subject(day: date) -> str:
    """Return how the trail names the lists of a month."""
    return f"comparison {day:%Y-%m}"


def earlier_exports(day: date) -> Sequence[Export]:
    """Return the lists given out for the month of ``day``, the newest first."""
    entries = list(
        TrailEntry.objects.filter(subject=list_subject(day), action=LIST_EVENT).order_by("-number")[:_SHOWN_MAX]
    )
    names = dict(User.objects.filter(username__in={e.actor for e in entries}).values_list("username", "name"))
    details = [json.loads(entry.detail) for entry in entries]
    return [
        Export(entry.at, names.get(entry.actor, entry.actor), detail["rows"], detail["in_full"], detail["reason"])
        for entry, detail in zip(entries, details, strict=True)
    ]
