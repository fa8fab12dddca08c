"""What has come in files over a year: batches and what they changed, marks, enrolments, answers, withheld rows."""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from office_ground import DAY, IDENTITIES, LISTS_OF, MOMENT, fill

from tuodi.intake.settlements import ID_CONFLICT
from tuodi.office.imports.registry import KINDS
from tuodi.office.models import (
    Enrolment,
    Holding,
    ImportBatch,
    PayerAnswer,
    PlatformMark,
    Region,
    Sender,
    User,
    Withheld,
)
from tuodi.office.operations.withheld import ROSTER, SETTLEMENT

SMALL_BATCHES = 400
FINDINGS = 2000
_STATES = ImportBatch.State
# Most lists were brought in; the others are on their way, refused or taken back.
_ENDS = (*[_STATES.APPLIED] * 12, _STATES.PREVIEWED, _STATES.REFUSED, _STATES.UNDONE, _STATES.DISCARDED)


def make_batches(top: Region, towns: list[Region], chance: random.Random) -> list[int]:
    """Make senders and a year's batches; returns the batch of each month's settlements."""
    for kind in KINDS:
        Sender.objects.create(kind=kind, name=f"县{KINDS[kind].title}报送单位", region=top)
        for town in towns[:3]:
            Sender.objects.create(kind=kind, name=f"{town.name}报送单位", region=town)
    users = dict(User.objects.values_list("username", "pk"))
    uploader, confirmer = users["clerk"], users["reviewer"]
    months = [
        _batch("settlements", date(2024, month, 27), uploader, confirmer, _STATES.APPLIED, 100_000)
        for month in range(1, 13)
    ]
    whole = [_batch(kind, LISTS_OF, uploader, confirmer, _STATES.APPLIED, 500_000) for kind in KINDS]
    days = sorted(chance.randint(1, 350) for _ in range(SMALL_BATCHES))
    small = []
    for day in days:
        kind, state = chance.choice(list(KINDS)), chance.choice(_ENDS)
        both = (users["clerk2"], users["clerk3"]) if chance.random() < 0.5 else (uploader, confirmer)
        small.append(_batch(kind, date(2024, 1, 1) + timedelta(days=day), *both, state, chance.randint(1, 5000)))
    ImportBatch.objects.bulk_create([*months, *whole, *small], batch_size=50)
    for at, batch in enumerate(ImportBatch.objects.order_by("pk")[:12]):
        months[at] = batch
    return [batch.pk for batch in months]


def _batch(kind: str, day: date, uploader: int, confirmer: int, state: str, rows: int) -> ImportBatch:
    at = datetime(day.year, day.month, day.day, 9)
    is_applied = state in (_STATES.APPLIED, _STATES.UNDONE)
    number = f"{kind} {day} {rows}"
    return ImportBatch(
        token=random.Random(number).randbytes(16).hex(),
        kind=kind,
        sender=Sender.objects.filter(kind=kind, region__parent=None).get(),
        region=Region.objects.get(parent=None),
        as_of=day,
        file_name=f"{KINDS[kind].title} {day:%Y-%m}.xlsx",
        file_bytes=rows * 120,
        sha256=random.Random(number).randbytes(32).hex(),
        state=state,
        typed_rows=rows,
        counts=_counts(rows),
        samples=_samples(),
        totals=[["读到的行", f"{rows:,}"], ["接受的行", f"{rows:,}"], ["拒绝的行", "0"]],
        findings=_findings(min(FINDINGS, rows // 100)),
        plan_digest=random.Random(number).randbytes(32).hex(),
        uploaded_by_id=uploader,
        uploaded_at=at,
        confirmed_by_id=confirmer if is_applied else None,
        confirmed_at=at if is_applied else None,
        applied_at=at if is_applied else None,
        undone_by_id=confirmer if state == _STATES.UNDONE else None,
        undone_at=at + timedelta(hours=1) if state == _STATES.UNDONE else None,
    )


def _counts(rows: int) -> dict[str, Any]:
    told = {"error": 0, "warning": min(FINDINGS, rows // 100), "info": 0}
    return {
        "new": rows // 2,
        "changed": rows // 4,
        "ended": rows // 8,
        "same": rows // 8,
        "refused": rows // 200,
        "rows": rows,
        "amount_fen": rows * 10_000,
        "findings": told,
    }


def _samples() -> dict[str, list[list[str]]]:
    return {
        kind: [["变更姓名", f"P{number:07d} 赵*", "赵子", "赵丑"] for number in range(40)]
        for kind in ("new", "changed", "ended", "same", "refused")
    }


def _findings(count: int) -> list[dict[str, Any]]:
    return [
        {
            "severity": "warning",
            "rule": "name-differs",
            "sheet": "Sheet1",
            "row": number + 2,
            "column": "姓名",
            "value": "赵*",
            "message": "姓名与登记不同",
            "advice": "请核对",
        }
        for number in range(count)
    ]


def make_lists(people: int, settlements: int, chance: random.Random) -> None:
    """Make marks, enrolments, answers of payers and withheld rows, and what the large batches changed."""
    fill(PlatformMark, _marks(chance))
    fill(Enrolment, _enrolments(people, chance))
    fill(PayerAnswer, _answers(settlements))
    fill(Withheld, _withheld(people, chance))
    _made_by("office.person", ImportBatch.objects.filter(kind="roster").first().pk)
    _made_by("office.holding", ImportBatch.objects.filter(kind="roster").first().pk)
    _made_by("office.platformmark", ImportBatch.objects.filter(kind="marks").first().pk)
    _made_by("office.settlement", None)


def _marks(chance: random.Random) -> Iterator[PlatformMark]:
    """Yield the marks: of 97 % of the identities as they are held, some ended too early, some of another identity."""
    sender = Sender.objects.get(kind="marks", region__parent=None)
    held = Holding.objects.order_by("pk").values_list("person_id", "identity", "begin", "end")
    for person, identity, begin, end in held.iterator():
        kind = chance.random()
        if kind < 0.03:
            continue
        if kind < 0.04:
            identity = chance.choice(IDENTITIES)
        elif kind < 0.05:
            end = date(2024, chance.randint(1, 11), 28)
        elif kind < 0.06 and end is None:
            begin += timedelta(days=30)
        elif kind < 0.07:
            end = None
        yield PlatformMark(
            person_id=person,
            identity=identity,
            begin=begin,
            end=end,
            stated_end=end,
            as_of=LISTS_OF,
            sender_id=sender.pk,
        )


def _enrolments(people: int, chance: random.Random) -> Iterator[Enrolment]:
    states = (*["resident"] * 90, *["employee"] * 4, *["elsewhere"] * 3, *["none"] * 3)
    for number in range(1, people + 1):
        for year in (2023, 2024, 2025):
            if chance.random() > (0.95 if year < 2025 else 0.3):
                continue
            state = chance.choice(states)
            is_resident = state == "resident"
            yield Enrolment(
                person_id=number,
                year=year,
                state=state,
                insutype="390" if is_resident else "",
                enrol_date=date(year - 1, 11, 1),
                premium_fen=38_000 if is_resident else 0,
                subsidy_fen=19_000 if is_resident else 0,
                as_of=LISTS_OF,
                premium_as_of=LISTS_OF if is_resident else None,
            )


def _answers(settlements: int) -> Iterator[PayerAnswer]:
    batch = ImportBatch.objects.filter(kind="payer_answers").first()
    for number in range(50, settlements + 1, 50):
        yield PayerAnswer(
            setl_id=f"B{number:08d}", payer="hifmi_pay", paid_fen=number % 97 * 100, answered_on=DAY, batch_id=batch.pk
        )


def _withheld(people: int, chance: random.Random) -> Iterator[Withheld]:
    clerk = User.objects.get(username="clerk").pk
    batches = list(ImportBatch.objects.filter(kind__in=("settlements", "roster")).values_list("pk", "kind"))
    for number in range(people // 100):
        batch, kind = chance.choice(batches)
        is_settlement, is_ended = kind == "settlements", chance.random() < 0.4
        who = chance.randint(1, people + people // 50)
        yield Withheld(
            kind=SETTLEMENT if is_settlement else ROSTER,
            psn_no=f"P{who:07d}",
            year=2024 if is_settlement else None,
            setl_id=f"W{number:07d}" if is_settlement else "",
            rule=ID_CONFLICT if is_settlement and number % 4 == 0 else "amount-negative",
            message="第 12 行的政策范围内费用小于 0，不能计算",
            batch_id=batch,
            row=number + 2,
            since=MOMENT - timedelta(days=chance.randint(1, 300)),
            ended_at=MOMENT - timedelta(hours=1) if is_ended else None,
            ended_by_id=clerk if is_ended else None,
            ended_why="原行作废，报送单位已更正" if is_ended else "",
        )


def _made_by(label: str, batch: int | None) -> None:
    """Keep that a batch made every record of a table; None: each record's own batch."""
    source = "batch_id" if batch is None else str(batch)
    statement = (
        'INSERT INTO office_importchange (batch_id, "table", record, before_sealed) '
        f"SELECT {source}, '{label}', id, %s FROM {label.replace('.', '_')}"
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [b""])
