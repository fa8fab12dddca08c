"""An honest trail, anchored, and the ways somebody with the right to the database could change it."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection, transaction

from tuodi.office import anchors, trail, triggers
from tuodi.office.anchors import Anchor
from tuodi.office.models import TrailEntry, TrailHead
from tuodi.office.verify import Entry, Head

LENGTH, ANCHORED = 60, 50
START = datetime(2025, 3, 3, 9)


def _hashed(entry: Entry) -> Entry:
    return entry._replace(hash=trail.hash_of(entry))


def _honest(length: int = LENGTH) -> list[Entry]:
    found: list[Entry] = []
    for number in range(1, length + 1):
        at = START + timedelta(minutes=number)
        detail = trail.canonical({"note": f"第{number}次"})
        before = found[-1].hash if found else trail.START
        empty = Entry(
            number, at, f"user{number % 3}", "", "person.noted", f"person {number % 7}", "990001", detail, before, ""
        )
        found.append(_hashed(empty))
    return found


HONEST = _honest()
HEAD = Head(LENGTH, HONEST[-1].hash)
ANCHORS = [Anchor(START, number, HONEST[number - 1].hash) for number in (10, 30, ANCHORED)]


def _again(entries: list[Entry], begin: int) -> list[Entry]:
    """Compute the chain anew from an index on, as somebody who knows how it is made would."""
    done = entries[:begin]
    for entry in entries[begin:]:
        done.append(_hashed(entry._replace(previous=done[-1].hash if done else trail.START)))
    return done


def _renumbered(entries: list[Entry]) -> list[Entry]:
    return [entry._replace(number=number) for number, entry in enumerate(entries, start=1)]


FIELDS: dict[str, Callable[[Entry, random.Random], Entry]] = {
    "at": lambda entry, rng: entry._replace(at=entry.at + timedelta(seconds=rng.randint(1, 10**6))),
    "actor": lambda entry, rng: entry._replace(actor=f"other{rng.random()}"),
    "on_behalf_of": lambda entry, rng: entry._replace(on_behalf_of=f"other{rng.random()}"),
    "action": lambda entry, _: entry._replace(action="person.seen"),
    "subject": lambda entry, rng: entry._replace(subject=f"person {rng.randint(100, 10**6)}"),
    "region": lambda entry, _: entry._replace(region="990002"),
    "detail": lambda entry, rng: entry._replace(detail=trail.canonical({"note": rng.random()})),
}


def _edited(entries: list[Entry], index: int, rng: random.Random) -> list[Entry]:
    field = rng.choice(sorted(FIELDS))
    return [*entries[:index], FIELDS[field](entries[index], rng), *entries[index + 1 :]]


def edit(entries: list[Entry], index: int, rng: random.Random) -> list[Entry]:
    return _edited(entries, index, rng)


def edit_and_hash(entries: list[Entry], index: int, rng: random.Random) -> list[Entry]:
    changed = _edited(entries, index, rng)
    changed[index] = _hashed(changed[index])
    return changed


def edit_and_all_after(entries: list[Entry], index: int, rng: random.Random) -> list[Entry]:
    return _again(_edited(entries, index, rng), index)


def delete(entries: list[Entry], index: int, _: random.Random) -> list[Entry]:
    return [*entries[:index], *entries[index + 1 :]]


def delete_and_close(entries: list[Entry], index: int, rng: random.Random) -> list[Entry]:
    return _again(_renumbered(delete(entries, index, rng)), index)


def exchange(entries: list[Entry], index: int, _: random.Random) -> list[Entry]:
    other = index + 1 if index + 1 < len(entries) else index - 1
    one, two = entries[index], entries[other]
    changed = list(entries)
    changed[index], changed[other] = two._replace(number=one.number), one._replace(number=two.number)
    return changed


def insert(entries: list[Entry], index: int, rng: random.Random) -> list[Entry]:
    made = _hashed(_edited(entries, index, rng)[index])
    return _renumbered([*entries[:index], made, *entries[index:]])


def insert_and_all_after(entries: list[Entry], index: int, rng: random.Random) -> list[Entry]:
    return _again(insert(entries, index, rng), index)


def cut(entries: list[Entry], index: int, _: random.Random) -> list[Entry]:
    return entries[:index]


def replace_all(entries: list[Entry], _index: int, rng: random.Random) -> list[Entry]:
    return _again([entry._replace(actor=f"other{rng.random()}") for entry in entries], 0)


TAMPERINGS = (
    edit,
    edit_and_hash,
    edit_and_all_after,
    delete,
    delete_and_close,
    exchange,
    insert,
    insert_and_all_after,
    cut,
    replace_all,
)


def write_honest() -> None:
    """Write the honest trail into the test's database and anchor it as above."""
    with transaction.atomic():
        for entry in HONEST:
            trail.append(
                at=entry.at,
                actor=entry.actor,
                action=entry.action,
                subject=entry.subject,
                region=entry.region,
                detail={"note": f"第{entry.number}次"},
            )
            if entry.number in (10, 30, ANCHORED):
                anchors.anchor(entry.at)


def put_in_place(changed: list[Entry]) -> None:
    """Put a changed trail and its head in the place of what is stored, the guards taken away and put back."""
    with connection.cursor() as cursor:
        for statement in triggers.drop(connection.vendor):
            cursor.execute(statement)
    TrailEntry.objects.all().delete()
    TrailEntry.objects.bulk_create([TrailEntry(**entry._asdict()) for entry in changed])
    TrailHead.objects.update(number=changed[-1].number, hash=changed[-1].hash)
    with connection.cursor() as cursor:
        for statement in triggers.create(connection.vendor):
            cursor.execute(statement)


def can_be_stored(entries: list[Entry]) -> bool:
    """The database itself refuses two entries with one hash or one predecessor."""
    return len({e.hash for e in entries}) == len({e.previous for e in entries}) == len(entries)
