"""A year's trail of the made-up county, chained as ``office.trail`` chains it, and the touches it tells of."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count, islice
from typing import Any, NamedTuple

from django.db import transaction
from office_ground import AT_ONCE, BEGIN, MOMENT

from tuodi.office.bulk import insert
from tuodi.office.models import Region, Touch, TrailEntry, TrailHead, User
from tuodi.office.trail import canonical, hash_of

ENTRIES = 200_000
LONG_HISTORY = 500
_CORRECTED = "person.corrected"
# What is decided and delegated tells its own entries: these are of what leaves no row behind, and of corrections.
_EVENTS = (
    _CORRECTED,
    "person.looked_at",
    "person.looked_at",
    "person.looked_at",
    "import.uploaded",
    "import.applied",
    "settlements.exported",
    "people.exported",
    "sign_in.done",
    "sign_in.done",
    "sign_in.ended",
)


class _Happened(NamedTuple):
    entry: TrailEntry
    touch: Touch | None


def make_trail(people: int, settlements: int, chance: random.Random) -> None:
    """Append a fifth of a million entries (fewer in a small county); the first person has a long history."""
    happened = _year(min(ENTRIES, settlements // 5), people, chance)
    while block := list(islice(happened, AT_ONCE)):
        with transaction.atomic():
            insert(TrailEntry, [each.entry for each in block])
            insert(Touch, [each.touch for each in block if each.touch is not None])
            last = block[-1].entry
            TrailHead.objects.filter(pk=1).update(number=last.number, hash=last.hash)


def _year(entries: int, people: int, chance: random.Random) -> Iterator[_Happened]:
    head = TrailHead.objects.get(pk=1)
    previous = head.hash
    users = dict(User.objects.values_list("username", "pk"))
    # Who decides cases here has changed nobody's facts.
    changers = [name for name in users if name.startswith("town") or name == "clerk"]
    codes = list(Region.objects.values_list("code", flat=True))
    between, touches = (MOMENT - BEGIN) / (entries + 1), count(1)
    for at in range(entries):
        is_long = at % (entries // LONG_HISTORY + 1) == 0
        action = _CORRECTED if is_long else chance.choice(_EVENTS)
        who = chance.choice(changers if action == _CORRECTED else list(users))
        person = 1 if is_long else chance.randint(1, people)
        moment = BEGIN + between * at
        moment -= timedelta(microseconds=moment.microsecond)
        subject, detail = _about(action, person, chance)
        touch = None
        if action == _CORRECTED:
            touch = Touch(person_id=person, user_id=users[who], what="corrected", at=moment)
            detail["touches"] = [[next(touches), person, who, "corrected"]]
        number = head.number + 1 + at
        entry = _entry(number, moment, who, action, subject, chance.choice(codes), detail, previous)
        previous = entry.hash
        yield _Happened(entry, touch)


def _entry(
    number: int,
    moment: datetime,
    who: str,
    action: str,
    subject: str,
    code: str,
    detail: dict[str, Any],
    previous: str,
) -> TrailEntry:
    told = canonical(detail)
    entry = TrailEntry(
        number=number, at=moment, actor=who, action=action, subject=subject, region=code, detail=told, previous=previous
    )
    entry.hash = hash_of(entry)
    return entry


def _about(action: str, person: int, chance: random.Random) -> tuple[str, dict[str, Any]]:
    area = action.partition(".")[0]
    if action == _CORRECTED:
        return f"person {person}", {"changes": [["psn_name", "赵子", "赵丑"]], "evidence": "户口簿", "version": 1}
    if area == "person":
        return f"person {person}", {"field": "certno", "reason": "本人到窗口核对"}
    if area == "import":
        return f"import {chance.randint(1, 400)}", {"kind": "settlements", "counts": {"new": 100}}
    if area == "sign_in":
        return f"user {chance.randint(1, 60)}", {"address": "127.0.0.1"}
    return "settlements", {"rows": 100, "reason": "月度核对"}
