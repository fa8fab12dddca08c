"""Planted tamperings of the trail: every one is found, at or before the last anchor; an honest trail is not suspected.

The chain itself is checked in memory, a thousand times and more; the same kinds of tampering are done with SQL on both
databases, the triggers dropped as somebody with the right to the database could.
"""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction

from tests.office import importing, made_up
from tuodi.office import anchors, trail, triggers
from tuodi.office.anchors import Anchor
from tuodi.office.checking import differences
from tuodi.office.models import TrailEntry, TrailHead
from tuodi.office.verification import verify
from tuodi.office.verify import Entry, Head, Report, chain

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


def _edit(entries: list[Entry], index: int, rng: random.Random) -> list[Entry]:
    return _edited(entries, index, rng)


def _edit_and_hash(entries: list[Entry], index: int, rng: random.Random) -> list[Entry]:
    changed = _edited(entries, index, rng)
    changed[index] = _hashed(changed[index])
    return changed


def _edit_and_all_after(entries: list[Entry], index: int, rng: random.Random) -> list[Entry]:
    return _again(_edited(entries, index, rng), index)


def _delete(entries: list[Entry], index: int, _: random.Random) -> list[Entry]:
    return [*entries[:index], *entries[index + 1 :]]


def _delete_and_close(entries: list[Entry], index: int, rng: random.Random) -> list[Entry]:
    return _again(_renumbered(_delete(entries, index, rng)), index)


def _exchange(entries: list[Entry], index: int, _: random.Random) -> list[Entry]:
    other = index + 1 if index + 1 < len(entries) else index - 1
    one, two = entries[index], entries[other]
    changed = list(entries)
    changed[index], changed[other] = two._replace(number=one.number), one._replace(number=two.number)
    return changed


def _insert(entries: list[Entry], index: int, rng: random.Random) -> list[Entry]:
    made = _hashed(_edited(entries, index, rng)[index])
    return _renumbered([*entries[:index], made, *entries[index:]])


def _insert_and_all_after(entries: list[Entry], index: int, rng: random.Random) -> list[Entry]:
    return _again(_insert(entries, index, rng), index)


def _cut(entries: list[Entry], index: int, _: random.Random) -> list[Entry]:
    return entries[:index]


def _replace_all(entries: list[Entry], _index: int, rng: random.Random) -> list[Entry]:
    return _again([entry._replace(actor=f"other{rng.random()}") for entry in entries], 0)


TAMPERINGS = (
    _edit,
    _edit_and_hash,
    _edit_and_all_after,
    _delete,
    _delete_and_close,
    _exchange,
    _insert,
    _insert_and_all_after,
    _cut,
    _replace_all,
)
EACH = 100


def _checked(entries: list[Entry], is_head_too: bool) -> Report:
    """Verify with the head as it was, or made to fit: who changes the trail can change the head."""
    head = Head(entries[-1].number, entries[-1].hash) if is_head_too and entries else HEAD
    return chain(entries, head, ANCHORS)


def test_没有动过的链条没有任何怀疑() -> None:
    report = chain(HONEST, HEAD, ANCHORS)
    assert (report.found, report.entries, report.last_anchor) == (0, LENGTH, ANCHORED)


@pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda tamper: tamper.__name__.strip("_"))
def test_一千处篡改全部查出_位置不晚于最近的锚点(tamper: Callable[..., list[Entry]]) -> None:
    """10 kinds × 100: at random entries up to the last anchor, the head made to fit in half of them."""
    missed = []
    for seed in range(EACH):
        rng = random.Random(f"{tamper.__name__} {seed}")
        index = rng.randrange(ANCHORED)
        changed = tamper(HONEST, index, rng)
        assert changed != HONEST
        report = _checked(changed, is_head_too=seed % 2 == 0)
        if not report.found or report.first_bad is None or report.first_bad > ANCHORED:
            missed.append((seed, index, report))
    assert missed == []


def test_没有锚点时_整条重算查不出_所以要有锚点() -> None:
    """The reason for anchors: without them the same tampering passes."""
    changed = _edit_and_all_after(HONEST, 5, random.Random(1))
    assert chain(changed, Head(LENGTH, changed[-1].hash)).found == 0
    assert chain(changed, Head(LENGTH, changed[-1].hash), ANCHORS).first_bad == 10


def test_指出第一条有问题的序号() -> None:
    assert chain(_edit(HONEST, 24, random.Random(1)), HEAD, ANCHORS).first_bad == 25
    assert chain(_delete(HONEST, 24, random.Random(1)), HEAD, ANCHORS).first_bad == 25
    assert chain(HONEST[:40], Head(40, HONEST[39].hash), ANCHORS).first_bad == 50
    assert chain([], None, ANCHORS).first_bad == 1


def test_末尾登记被换掉() -> None:
    for head in (Head(LENGTH - 1, HONEST[-2].hash), Head(LENGTH, "0" * 64), Head(LENGTH + 1, HEAD.hash), None):
        assert chain(HONEST, head, ()).found == 1


def test_锚点文件被改过也会指出() -> None:
    lines = [ANCHORS[0].line(), replace(ANCHORS[1], link="0" * 64).line(), "不是锚点"]
    report = chain(HONEST, HEAD, anchors.read("\n".join(lines)))
    assert [each.check for each in report.breaches] == ["anchor-file", "anchor-file"]


@pytest.fixture
def anchored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write the honest trail into the test's database, anchored like above, outside it."""
    monkeypatch.setattr(settings, "ANCHORS_FILE", tmp_path / "anchors.txt")
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


def _written(changed: list[Entry]) -> None:
    """Put a changed trail in the place of the honest one, with the database's guards taken away and put back."""
    with connection.cursor() as cursor:
        for statement in triggers.drop(connection.vendor):
            cursor.execute(statement)
    TrailEntry.objects.all().delete()
    TrailEntry.objects.bulk_create([TrailEntry(**entry._asdict()) for entry in changed])
    with connection.cursor() as cursor:
        for statement in triggers.create(connection.vendor):
            cursor.execute(statement)


def _unique(entries: list[Entry]) -> bool:
    """The database itself refuses two entries with one hash or one predecessor."""
    return len({e.hash for e in entries}) == len({e.previous for e in entries}) == len(entries)


@pytest.mark.usefixtures("both_databases", "anchored")
def test_在数据库里篡改也全部查出() -> None:
    assert verify().found == 0
    tried = 0
    for number, tamper in enumerate(TAMPERINGS):
        rng = random.Random(number)
        changed = tamper(HONEST, rng.randrange(1, ANCHORED), rng)
        if not _unique(changed):
            continue
        _written(changed)
        TrailHead.objects.update(number=changed[-1].number, hash=changed[-1].hash)
        done = verify()
        assert done.found, tamper.__name__
        assert done.trail.first_bad is not None
        assert done.trail.first_bad <= ANCHORED, tamper.__name__
        tried += 1
    assert tried >= 9
    _written(HONEST)
    TrailHead.objects.update(number=HEAD.number, hash=HEAD.hash)
    assert verify().found == 0, "恢复原样之后不再怀疑"


@pytest.mark.usefixtures("both_databases", "anchored")
def test_拆掉触发器会指出() -> None:
    with connection.cursor() as cursor:
        cursor.execute(triggers.drop(connection.vendor)[0])
    assert [each.check for each in verify().breaches] == ["trigger"]


@pytest.mark.usefixtures("sqlite", "anchored")
def test_文字列里放进别的东西也不会使校验中断() -> None:
    with connection.cursor() as cursor:
        for statement in triggers.drop(connection.vendor):
            cursor.execute(statement)
        cursor.execute("UPDATE office_trailentry SET detail = x'ff00' WHERE number = 3")
        cursor.execute("UPDATE office_trailentry SET at = 'spoilt' WHERE number = 4")
        for statement in triggers.create(connection.vendor):
            cursor.execute(statement)
    found = verify()
    assert [(each.check, each.number) for each in found.breaches] == [("hash", 3), ("hash", 4)]


@pytest.mark.usefixtures("sqlite", "anchored")
def test_别处保管的锚点一并核对() -> None:
    made_up.county()
    good = Anchor(START, 20, HONEST[19].hash)
    assert verify([good]).found == 0
    found = verify([replace(good, hash=HONEST[20].hash)])
    assert [(each.check, each.number) for each in found.breaches] == [("anchor", 20)]
    assert [each.check for each in verify([Anchor(START, 999, HEAD.hash)]).breaches] == ["anchor"]


PLANTED = (
    ("office_settlement", "due_fen = due_fen + 1"),
    ("office_settlement", "identity = '特困人员'"),
    ("office_settlement", "outcome = NULL"),
    ("office_settlement", "note = '改过'"),
    ("office_settlement", "former_fen = 100"),
    ("office_settlement", "inscp_scp_amt = inscp_scp_amt + 100000"),
    ("office_settlement", "hifp_pay = hifp_pay - 100000"),
    ("office_settlement", "med_type = '11'"),
    ("office_settlement", "refd_setl_flag = (1 = 1)"),
    ("office_settlement", "psn_no = 'P2'"),
    ("office_benefitline", "paid_amt = paid_amt - 1"),
    ("office_benefitline", "base_amt = base_amt + 1"),
    ("office_benefitline", "deductible_used = deductible_used + 1"),
    ("office_benefitline", "ratio = '1.00'"),
    ("office_benefitline", "clause = '第九条'"),
    ("office_benefitline", "cap_left_before = 0"),
    ("office_accumulator", "used_fen = 0"),
    ("office_accumulator", "limit_fen = limit_fen + 1"),
    ("office_accumulator", "name = 'other' || id"),
    ("office_owneryear", "paid_fen = paid_fen + 1"),
    ("office_owneryear", "is_withheld = (1 = 1)"),
    ("office_owneryear", "owner = 'person P9'"),
    ("office_owneryear", "year = 2023"),
    ("office_holding", "identity = '特困人员'"),
    ("office_holding", "begin = '2024-12-01'"),
    ("office_holding", "withdrawn = (1 = 1)"),
)
"""What somebody with the right to the database writes over: results, sums, or the facts below them."""


@pytest.mark.usefixtures("both_databases")
def test_改动结果_累计或所依据的数据_每一处都查出() -> None:
    """One stay of 8,000.00 within the policy, 5,000.00 insured, of P1; the changes are taken back one by one."""
    desk = importing.Desk()
    desk.apply("roster", importing.roster([{"psn_no": "P1", "psn_name": "赵一"}, {"psn_no": "P2", "identity": "无"}]))
    desk.apply("settlements", importing.settlements([importing.settlement("S1", "P1", inscp_scp_amt="28000.00")]))
    assert verify().found == 0
    missed = []
    for table, change in PLANTED:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"UPDATE {table} SET {change}")
                assert cursor.rowcount
            # Results are read by this very connection, so that the change is seen before it is taken back.
            if not list(differences()):
                missed.append((table, change))
            transaction.set_rollback(True)
    assert missed == []
    assert verify().found == 0
