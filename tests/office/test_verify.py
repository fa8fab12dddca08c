"""Planted tamperings of the trail: every one is found, at or before the last anchor; an honest trail is not suspected.

The chain itself is checked in memory, a thousand times and more; the same kinds of tampering are done with SQL on both
databases, the triggers dropped as somebody with the right to the database could.
"""

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction

from tests.office import importing, made_up
from tests.office.tampering import (
    ANCHORED,
    ANCHORS,
    HEAD,
    HONEST,
    LENGTH,
    START,
    TAMPERINGS,
    can_be_stored,
    delete,
    edit,
    edit_and_all_after,
    put_in_place,
    write_honest,
)
from tuodi.office import anchors, triggers
from tuodi.office.anchors import Anchor
from tuodi.office.checking import differences
from tuodi.office.verification import verify
from tuodi.office.verify import Entry, Head, Report, chain

EACH = 100


def _checked(entries: list[Entry], is_head_too: bool) -> Report:
    """Verify with the head as it was, or made to fit: who changes the trail can change the head."""
    head = Head(entries[-1].number, entries[-1].hash) if is_head_too and entries else HEAD
    return chain(entries, head, ANCHORS)


def test_没有动过的链条没有任何怀疑() -> None:
    report = chain(HONEST, HEAD, ANCHORS)
    assert (report.found, report.entries, report.last_anchor) == (0, LENGTH, ANCHORED)


@pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda tamper: tamper.__name__)
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
    changed = edit_and_all_after(HONEST, 5, random.Random(1))
    assert chain(changed, Head(LENGTH, changed[-1].hash)).found == 0
    assert chain(changed, Head(LENGTH, changed[-1].hash), ANCHORS).first_bad == 10


def test_指出第一条有问题的序号() -> None:
    assert chain(edit(HONEST, 24, random.Random(1)), HEAD, ANCHORS).first_bad == 25
    assert chain(delete(HONEST, 24, random.Random(1)), HEAD, ANCHORS).first_bad == 25
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
    monkeypatch.setattr(settings, "ANCHORS_FILE", tmp_path / "anchors.txt")
    write_honest()


@pytest.mark.usefixtures("both_databases", "anchored")
def test_在数据库里篡改也全部查出() -> None:
    assert verify().found == 0
    tried = 0
    for number, tamper in enumerate(TAMPERINGS):
        rng = random.Random(number)
        changed = tamper(HONEST, rng.randrange(1, ANCHORED), rng)
        if not can_be_stored(changed):
            continue
        put_in_place(changed)
        done = verify()
        assert done.found, tamper.__name__
        assert done.trail.first_bad is not None
        assert done.trail.first_bad <= ANCHORED, tamper.__name__
        tried += 1
    assert tried >= 9
    put_in_place(HONEST)
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
