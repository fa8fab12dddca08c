"""Periods of identities and marks, both days included: which cover a day, and how they are written."""

from datetime import date

from django.db.models import Q
from django.db.models.expressions import Combinable


def in_force(day: date | Combinable) -> Q:
    """Return the condition on ``begin`` and ``end`` that a period covers a day."""
    return Q(begin__lte=day) & (Q(end__isnull=True) | Q(end__gte=day))


def held_on(day: date | Combinable) -> Q:
    """Return the condition that an identity is held on a day: in force, and not entered by mistake."""
    return Q(withdrawn=False) & in_force(day)


def period(begin: date, end: date | None) -> str:
    """Return from when to when, as lists and pages write it.

    >>> period(date(2024, 1, 1), date(2024, 12, 31)), period(date(2024, 1, 1), None)
    ('2024-01-01 至 2024-12-31', '2024-01-01 起')
    """
    return f"{begin} 至 {end}" if end else f"{begin} 起"
