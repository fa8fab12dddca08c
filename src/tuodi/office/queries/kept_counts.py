"""Counts over everybody are kept until a fact changes: half a million persons take seconds to count.

Kept in the process's memory, under a name that differs after every import, undoing and change by hand.
"""

import hashlib
from collections.abc import Callable
from typing import Final, TypeVar

from django.core.cache import cache
from django.db import connection
from django.db.models import Max

from tuodi.office.access import Actor
from tuodi.office.models import Enrolment, Holding, ImportBatch, Person, PlatformMark, Settlement, Touch
from tuodi.office.queries.reach import sees_all
from tuodi.office.roles import Action

Counts = TypeVar("Counts")
_SECONDS: Final = 3600
_FACTS: Final = (Person, Holding, PlatformMark, Enrolment, Settlement, Touch)


def kept(count: Callable[[], Counts], actor: Actor, action: Action, *of: object) -> Counts:
    """Return ``count()``, or what it returned before while nothing has changed.

    ``of`` is what it is a count of; ``actor`` and ``action`` say of which regions.
    """
    place = "all" if sees_all(actor, action) else sorted(actor.regions(action))
    facts = f"{connection.settings_dict['NAME']} {of} {place} {_state_of_the_facts()}"
    key = f"counts-{hashlib.sha256(facts.encode()).hexdigest()}"
    found: Counts | None = cache.get(key)
    if found is None:
        found = count()
        cache.set(key, found, _SECONDS)
    return found


def _state_of_the_facts() -> list[object]:
    newest = [table._default_manager.aggregate(newest=Max("pk"))["newest"] for table in _FACTS]
    imports = ImportBatch.objects.aggregate(applied=Max("applied_at"), undone=Max("undone_at"))
    return [*newest, imports["applied"], imports["undone"]]
