"""Until when a step of a case should be done: working days after it came there, data in ``terms/case_steps.yaml``."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any, NamedTuple

import yaml

from tuodi.kernel.calendar import CalendarYearMissing, WorkingCalendar, load_calendar
from tuodi.kernel.shipped import shipped


class StepDeadline(NamedTuple):
    """How many working days a step has, where that is written, and whether somebody checked it there."""

    working_days: int
    source: str
    verified: bool


def due_after(day: date, step: int) -> date | None:
    """Return the last day for a step that a case reached on ``day``; None where that year's calendar is missing."""
    return working_day_after(day, step_deadlines()[step].working_days)


def working_day_after(day: date, count: int) -> date | None:
    """Return the ``count``-th working day after ``day``; None where that year's calendar is missing."""
    try:
        return _calendar().add_working_days(day, count)
    except CalendarYearMissing:
        return None


def step_deadlines() -> Mapping[int, StepDeadline]:
    """Return each step's deadline."""
    return {entry["step"]: _deadline(entry) for entry in _content()["steps"]}


def look_ahead() -> StepDeadline:
    """Return how far ahead it is looked whether each step has somebody to do it."""
    return _deadline(_content()["look_ahead"])


def _deadline(entry: Mapping[str, Any]) -> StepDeadline:
    return StepDeadline(entry["working_days"], entry["source"], entry["verified"])


@cache
def _content() -> Mapping[str, Any]:
    return yaml.safe_load(shipped("terms", "case_steps.yaml").read_text(encoding="utf-8"))


@cache
def _calendar() -> WorkingCalendar:
    calendar = load_calendar()
    if not isinstance(calendar, WorkingCalendar):
        raise ValueError(f"the shipped calendar is wrong: {calendar}")
    return calendar
