"""A thousand tamperings each of the stored trail, of results, and of the rows the trail tells of: each one is found."""

import random
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from tests.long.sizes import size
from tests.office import importing
from tests.office.tampering import (
    ANCHORED,
    GUARDED_ROWS,
    HONEST,
    ROW_TAMPERINGS,
    TAMPERINGS,
    can_be_stored,
    put_in_place,
    row_breaches,
    tampered,
    unguarded,
    write_honest,
    write_honest_rows,
)
from tuodi.office.checking import differences
from tuodi.office.verification import verify

TRIALS = size(1000)

# Whatever the number, it is not what was stored.
RESULTS = (
    ("office_settlement", "due_fen = due_fen + {n}"),
    ("office_settlement", "former_fen = former_fen + {n}"),
    ("office_settlement", "identity = identity || '{n}'"),
    ("office_settlement", "note = note || '{n}'"),
    ("office_settlement", "owner = 'person X{n}'"),
    ("office_benefitline", "benefit = benefit || '{n}'"),
    ("office_benefitline", "identity = identity || '{n}'"),
    ("office_benefitline", "base_amt = base_amt + {n}"),
    ("office_benefitline", "deductible_used = deductible_used + {n}"),
    ("office_benefitline", "ratio = '0.{n}'"),
    ("office_benefitline", "raw_amt = raw_amt + {n}"),
    ("office_benefitline", "paid_amt = paid_amt - 1"),
    ("office_benefitline", "clause = '第{n}条'"),
    ("office_benefitline", "note = note || '{n}'"),
    ("office_accumulator", "used_fen = used_fen - 1"),
    ("office_accumulator", "name = name || '{n}'"),
    ("office_owneryear", "paid_fen = paid_fen + {n}"),
    ("office_owneryear", "is_withheld = (1 = 1)"),
    ("office_owneryear", "owner = 'person X{n}'"),
)


@pytest.mark.usefixtures("both_databases")
def test_留痕被篡改_每一处都查出_位置不晚于最近的锚点(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "ANCHORS_FILE", tmp_path / "anchors.txt")
    write_honest()
    assert verify().found == 0
    tried, seed, missed = 0, 0, []
    while tried < TRIALS:
        rng = random.Random(f"tampering {seed}")
        tamper = TAMPERINGS[seed % len(TAMPERINGS)]
        changed = tamper(HONEST, rng.randrange(1, ANCHORED), rng)
        seed += 1
        if not can_be_stored(changed):
            continue
        tried += 1
        put_in_place(changed)
        done = verify()
        if not done.found or done.trail.first_bad is None or done.trail.first_bad > ANCHORED:
            missed.append((seed - 1, tamper.__name__))
    assert missed == []
    put_in_place(HONEST)
    assert verify().found == 0


@pytest.mark.usefixtures("both_databases")
def test_结果被篡改_每一处都查出() -> None:
    desk = importing.Desk()
    persons = [f"P{n:02}" for n in range(20)]
    rows = [{"psn_no": psn_no, "psn_name": "赵一", "identity": "低保对象"} for psn_no in persons]
    desk.apply("roster", importing.roster(rows))
    stays = [
        importing.settlement(f"S{n:03}", persons[n % 20], inscp_scp_amt=f"{20000 + 137 * n}.00") for n in range(100)
    ]
    desk.apply("settlements", importing.settlements(stays))
    assert verify().found == 0
    tried, seed, missed = 0, 0, []
    while tried < TRIALS:
        change = RESULTS[seed % len(RESULTS)]
        found = _is_found(*change, random.Random(f"results {seed}"))
        seed += 1
        tried += found is not None
        if found is False:
            missed.append((seed - 1, change))
    assert missed == []
    assert verify().found == 0


@pytest.mark.usefixtures("both_databases")
def test_办理_经手_岗位和委托被篡改_每一处都查出() -> None:
    write_honest_rows()
    keys = {each._meta.db_table: list(each._default_manager.values_list("pk", flat=True)) for each in GUARDED_ROWS}
    tried, seed, missed = 0, 0, []
    with unguarded():
        while tried < TRIALS:
            rng = random.Random(f"rows {seed}")
            table = rng.choice(sorted(ROW_TAMPERINGS))
            statement = rng.choice(ROW_TAMPERINGS[table]).format(table=table, id=rng.choice(keys[table]))
            seed += 1
            try:
                with tampered(statement) as changed:
                    tried += changed
                    if changed and not row_breaches():
                        missed.append((seed - 1, statement))
            except IntegrityError:
                continue
    assert missed == []
    assert verify().found == 0


def _is_found(table: str, change: str, rng: random.Random) -> bool | None:
    """Change a row, look, and take it back; None where the database itself refuses the change."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SELECT id FROM {table} ORDER BY id")
            key = rng.choice(cursor.fetchall())[0]
            cursor.execute(f"UPDATE {table} SET {change.format(n=rng.randint(101, 999))} WHERE id = {key}")
            found = bool(list(differences()))
            transaction.set_rollback(True)
            return found
    except IntegrityError:
        return None
