"""An honest trail, anchored, and the ways somebody with the right to the database could change it."""

import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from django.db import connection, models, transaction

from tests.office import made_up
from tests.office.made_up_cases import decided, open_case
from tuodi.office import anchors, trail, triggers
from tuodi.office.access import Actor, actor_of
from tuodi.office.anchors import Anchor
from tuodi.office.models import Assignment, Decision, Delegation, Person, Region, Touch, TrailEntry, TrailHead, User
from tuodi.office.operations import console, delegations, merging, people, users
from tuodi.office.plain_sql import snapshot
from tuodi.office.roles import Role
from tuodi.office.told_rows import ToldRows
from tuodi.office.verify import Breach, Entry, Head, entries

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
    with unguarded():
        TrailEntry.objects.all().delete()
        TrailEntry.objects.bulk_create([TrailEntry(**entry._asdict()) for entry in changed])
        TrailHead.objects.update(number=changed[-1].number, hash=changed[-1].hash)


@contextmanager
def unguarded() -> Iterator[None]:
    """Take the database's guards away, and put them back afterwards."""
    with connection.cursor() as cursor:
        for statement in triggers.drop(connection.vendor):
            cursor.execute(statement)
    yield
    with connection.cursor() as cursor:
        for statement in triggers.create(connection.vendor):
            cursor.execute(statement)


def can_be_stored(entries: list[Entry]) -> bool:
    """The database itself refuses two entries with one hash or one predecessor."""
    return len({e.hash for e in entries}) == len({e.previous for e in entries}) == len(entries)


GUARDED_ROWS: tuple[type[models.Model], ...] = (Decision, Touch, Assignment, Delegation)
"""The tables whose rows the trail tells of, in an order in which they can be filled."""


def _other(column: str, table: str) -> str:
    """Return the statement that lets a row refer to another record."""
    another = f"(SELECT MAX(x.id) FROM {table} x WHERE x.id <> {{table}}.{column})"
    return f"UPDATE {{table}} SET {column} = {another} WHERE id = {{id}}"


ROW_TAMPERINGS = {
    "office_decision": (
        "UPDATE {table} SET step = 6 - step WHERE id = {id}",
        "UPDATE {table} SET outcome = 'other' || outcome WHERE id = {id}",
        _other("decided_by_id", "office_user"),
        "UPDATE {table} SET on_behalf_of_id = CASE WHEN on_behalf_of_id IS NULL THEN 1 END WHERE id = {id}",
        _other("case_id", "office_case"),
        "UPDATE {table} SET at = '2025-03-02 08:00:00' WHERE id = {id}",
        "UPDATE {table} SET reason = reason || '改' WHERE id = {id}",
        "UPDATE {table} SET seen_digest = 'other' WHERE id = {id}",
        "DELETE FROM {table} WHERE id = {id}",
        "INSERT INTO {table} (case_id, step, outcome, decided_by_id, reason, seen_digest, at) "
        "SELECT case_id, step, outcome, decided_by_id, reason, seen_digest, at FROM {table} WHERE id = {id}",
    ),
    "office_touch": (
        _other("user_id", "office_user"),
        _other("person_id", "office_person"),
        "UPDATE {table} SET what = 'other' WHERE id = {id}",
        "UPDATE {table} SET at = '2025-03-02 08:00:00' WHERE id = {id}",
        "DELETE FROM {table} WHERE id = {id}",
        "INSERT INTO {table} (person_id, user_id, what, at) SELECT person_id, user_id, what, at FROM {table} "
        "WHERE id = {id}",
    ),
    "office_assignment": (
        _other("user_id", "office_user"),
        "UPDATE {table} SET role = 'other' WHERE id = {id}",
        _other("region_id", "office_region"),
        "UPDATE {table} SET begins = '2025-01-01' WHERE id = {id}",
        "UPDATE {table} SET ends = '2029-12-31' WHERE id = {id}",
        "DELETE FROM {table} WHERE id = {id}",
        "INSERT INTO {table} (user_id, role, region_id, begins, ends) SELECT user_id, role, region_id, begins, ends "
        "FROM {table} WHERE id = {id}",
    ),
    "office_delegation": (
        _other("delegate_id", "office_user"),
        _other("assignment_id", "office_assignment"),
        "UPDATE {table} SET begins = '2025-02-01' WHERE id = {id}",
        "UPDATE {table} SET ends = '2029-12-31' WHERE id = {id}",
        "UPDATE {table} SET reason = reason || '改' WHERE id = {id}",
        "UPDATE {table} SET revoked_at = '2025-03-02 08:00:00' WHERE id = {id}",
        "UPDATE {table} SET revoked_at = NULL WHERE id = {id} AND revoked_at IS NOT NULL",
        "DELETE FROM {table} WHERE id = {id}",
        "INSERT INTO {table} (assignment_id, delegate_id, begins, ends, reason) "
        "SELECT assignment_id, delegate_id, begins, ends, reason FROM {table} WHERE id = {id}",
    ),
}
"""Table -> what somebody with the right to the database does to one of its rows."""


def write_honest_rows() -> None:
    """Found an installation and let people work in it: roles, delegations, changed facts, a merge, decided cases."""
    at = made_up.NOW
    top = console.found_installation(code="990001", name="示例县", policies=["jiaocheng-2024"], at=at)
    Region.objects.create(code="990001001", name="东镇", parent=top)
    security, _ = console.add_security_admin(username="secadmin", name="安全甲", at=at)
    admin = actor_of(security, made_up.TODAY)
    roles = {
        "clerk": Role.COUNTY_CLERK,
        "reviewer": Role.REVIEWER,
        "approver": Role.APPROVER,
        "deputy": Role.ACCOUNTANT,
    }
    for username, role in roles.items():
        _given(admin, username, role, top)
    _given(admin, "later", Role.ACCOUNTANT, top, begins=date(2025, 4, 1))
    leaving = _given(admin, "leaver", Role.ACCOUNTANT, top)
    users.end_role(actor=admin, assignment_id=leaving.pk, ends=date(2025, 3, 31), at=at)
    away = users.assign_role(
        actor=admin,
        user_id=leaving.user_id,
        role=Role.AUDITOR,
        region_id=top.pk,
        begins=date(2026, 1, 1),
        ends=None,
        at=at,
    )
    users.end_role(actor=admin, assignment_id=away.pk, ends=date(2025, 3, 3), at=at)
    clerk = _acting("clerk")
    _delegated("reviewer", "deputy")
    _delegated("clerk", "deputy")
    _delegated("approver", "later", is_taken_back=True)
    persons = [made_up.person(f"P{number}", "赵一", top) for number in range(4)]
    for person in persons[:2]:
        _corrected(clerk, person)
    merging.merge(
        actor=clerk, duplicate_id=persons[1].pk, survivor_id=persons[0].pk, versions=(2, 2), evidence="户口簿", at=at
    )
    _corrected(_acting("deputy"), persons[2])
    for number, person in enumerate((persons[3], None)):
        case = open_case(person, f"S{number}")
        decided(clerk.user, case)
        decided(User.objects.get(username="deputy"), case)
    open_case(persons[2], "S9")


def _given(admin: Actor, username: str, role: Role, top: Region, begins: date = made_up.TODAY) -> Assignment:
    at = made_up.NOW
    user, _ = users.create_user(actor=admin, username=username, name=f"{username}甲", at=at)
    return users.assign_role(actor=admin, user_id=user.pk, role=role, region_id=top.pk, begins=begins, ends=None, at=at)


def _acting(username: str) -> Actor:
    return actor_of(User.objects.get(username=username), made_up.TODAY)


def _delegated(giver: str, taker: str, is_taken_back: bool = False) -> None:
    actor = _acting(giver)
    made = delegations.delegate(
        actor=actor, assignment_id=actor.user.assignments.get().pk, delegate_id=User.objects.get(username=taker).pk,
        begins=made_up.TODAY, ends=date(2025, 3, 9), reason="年休假", at=made_up.NOW,
    )  # fmt: skip
    if is_taken_back:
        delegations.revoke(actor=actor, delegation_id=made.pk, at=made_up.NOW)


def _corrected(clerk: Actor, person: Person) -> None:
    people.correct_person(
        actor=clerk, person_id=person.pk, version=person.version, facts=people.Facts(brdy=date(1960, 1, 1)),
        evidence="户口簿", at=made_up.NOW,
    )  # fmt: skip


def as_told_by_0_4_0() -> None:
    """Write the trail anew as 0.4.0 would have written it: without what entries tell of rows since."""
    with snapshot() as now:
        found = list(entries(now.rows))
    later = ("touches", "assignment", "seen", "reason_sm3")
    older = []
    for entry in found:
        detail = {name: value for name, value in json.loads(entry.detail).items() if name not in later}
        older.append(entry._replace(detail=trail.canonical(detail)))
    put_in_place(_again(older, 0))


def row_breaches() -> list[Breach]:
    """Compare the rows with the trail as verification does."""
    with snapshot() as now:
        told = ToldRows()
        for _ in told.watch(entries(now.rows)):
            pass
        return list(told.compare(now.rows))


@contextmanager
def tampered(statement: str) -> Iterator[int]:
    """Do a statement; give how many rows it changed. Afterwards all rows are as before."""
    before = [(table, list(table.objects.order_by("pk"))) for table in GUARDED_ROWS]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        changed = cursor.rowcount
    yield changed
    with transaction.atomic():
        for table, _ in reversed(before):
            table.objects.all()._raw_delete(table.objects.db)
        for table, rows in before:
            table.objects.bulk_create(rows)
