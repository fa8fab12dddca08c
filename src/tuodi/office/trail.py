"""The trail: every change and every look at full personal data, chained so that a later change shows.

An entry's hash is SM3 over the canonical JSON of its fields, the hash before it among them. The chain does not see
a cut tail or a chain computed anew; ``office.anchors`` keeps heads outside the database for that.
"""

import json
from datetime import datetime
from typing import Any, Final

from cryptography.hazmat.primitives import hashes
from django.db import connection

from tuodi.office.models import TrailEntry, TrailHead

START: Final = "0" * 64
"""What the first entry names as the one before it."""

CONSOLE: Final = "命令行"
"""The actor of what is done at the server's own keyboard, where nobody has signed in."""


def canonical(value: object) -> str:
    """Return JSON in the one form that is hashed: sorted keys, no blanks, characters as they are."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sm3(text: str) -> str:
    """Return the SM3 hash of a text in hexadecimal."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(text.encode())
    return digest.finalize().hex()


def hash_of(entry: Any) -> str:
    """Return the hash an entry must have; ``entry`` is a TrailEntry or an ``office.verify.Entry``."""
    fields = {
        "number": entry.number,
        "at": entry.at.isoformat(timespec="microseconds"),
        "actor": entry.actor,
        "on_behalf_of": entry.on_behalf_of,
        "action": entry.action,
        "subject": entry.subject,
        "region": entry.region,
        "detail": entry.detail,
        "previous": entry.previous,
    }
    return sm3(canonical(fields))


def append(
    *,
    at: datetime,
    actor: str,
    action: str,
    subject: str = "",
    region: str = "",
    detail: dict[str, Any] | None = None,
    on_behalf_of: str = "",
) -> TrailEntry:
    """Write one entry inside the caller's transaction; the head's row is the last lock that transaction takes.

    ``subject`` is table and record number, for instance ``person 17``; ``detail`` must not hold a full number of a
    document, an account or a telephone.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a trail entry belongs into the transaction of what it tells")
    head = TrailHead.objects.select_for_update().get(pk=1)
    entry = TrailEntry(
        number=head.number + 1,
        at=at,
        actor=actor,
        on_behalf_of=on_behalf_of,
        action=action,
        subject=subject,
        region=region,
        detail=canonical(detail or {}),
        previous=head.hash,
    )
    entry.hash = hash_of(entry)
    entry.save(force_insert=True)
    TrailHead.objects.filter(pk=1).update(number=entry.number, hash=entry.hash)
    return entry
