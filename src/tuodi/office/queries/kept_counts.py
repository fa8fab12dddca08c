"""Counts over everybody are kept until a fact changes: half a million persons take a second or two to count.

Kept in the process's memory, under a name that differs after every import, undoing and change by hand. Whoever asks
for a count that somebody else is counting waits for that one: a busy morning does not count the same ten times at once.
"""

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime
from threading import Lock
from typing import Any, Final, TypeVar

from django.core.cache import cache
from django.db import connection
from django.db.models import Max

from tuodi.office.access import Actor
from tuodi.office.models import Enrolment, Holding, ImportBatch, Person, PlatformMark, Settlement, Touch
from tuodi.office.queries.reach import sees_all
from tuodi.office.roles import Action

Counts = TypeVar("Counts")
Imports = tuple[datetime | None, datetime | None]
"""When the last file was brought in, and when one was last taken back."""

_SECONDS: Final = 3600
_LISTED: Final = (Holding, PlatformMark, Enrolment)
_FACTS: Final = (Person, *_LISTED, Settlement, Touch)
# More than there are counts asked for at a time; two that share a lock by chance only wait for each other.
_LOCKS: Final = tuple(Lock() for _ in range(64))


def kept(count: Callable[[], Counts], actor: Actor, action: Action, *of: object) -> Counts:
    """Return ``count()``, or what it returned before while nothing has changed.

    ``of`` is what it is a count of; ``actor`` and ``action`` say of which regions.
    """
    key = key_of(*of, place_of(actor, action), _state_of_the_facts())
    found: Counts | None = cache.get(key)
    if found is not None:
        return found
    with lock_of(key):
        return _kept(key, count)


def kept_for_all(ask: Callable[[], Counts], *of: object) -> Counts:
    """Do the same for what is soon asked and does not depend on who asks."""
    return _kept(key_of(*of, _state_of_the_facts()), ask)


def kept_since_import(ask: Callable[[], Counts], *of: object) -> Counts:
    """Do the same for what lists alone tell: a change by hand leaves it as it is, unless it adds a record to them."""
    return _kept(key_of(*of, _newest(_LISTED), imports_done()), ask)


def key_of(*of: object) -> str:
    """Return the name under which something of this installation is kept; equal names mean the same."""
    name = f"{connection.settings_dict['NAME']} {of}"
    return f"counts-{hashlib.sha256(name.encode()).hexdigest()}"


def place_of(actor: Actor, action: Action) -> object:
    """Return what the regions are called where an actor may do something: the same for all who may do it there."""
    return "all" if sees_all(actor, action) else sorted(actor.regions(action))


def lock_of(key: str) -> Lock:
    """Return the lock under which what has this name is counted; no other may be taken inside."""
    return _LOCKS[int(key[-2:], 16) % len(_LOCKS)]


def imports_done() -> Imports:
    """Return when the last file was brought in, and when one was last taken back."""
    last = ImportBatch.objects.aggregate(applied=Max("applied_at"), undone=Max("undone_at"))
    return last["applied"], last["undone"]


def _kept(key: str, ask: Callable[[], Counts]) -> Counts:
    found: Counts | None = cache.get(key)
    if found is None:
        found = ask()
        cache.set(key, found, _SECONDS)
    return found


def _state_of_the_facts() -> list[object]:
    return [*_newest(_FACTS), *imports_done()]


def _newest(tables: Iterable[Any]) -> list[object]:
    return [table._default_manager.aggregate(newest=Max("pk"))["newest"] for table in tables]
