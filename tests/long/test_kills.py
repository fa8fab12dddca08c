"""The worker killed (``kill -9``) at any moment of an import: all of it is there or nothing, in the end once.

The worker is the one ``serve`` starts, in a process forked from this one, so that hundreds of kills do not cost
hundreds of starts. What dies with it is cleared up as in real life: its lease runs out, after three attempts the
import goes back before its confirmation, and somebody confirms it again.
"""

import os
import random
import signal
import time
from datetime import datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections

from tests.long.sizes import size
from tests.office import importing
from tests.office.importing import Desk
from tests.office.settling import assert_equals_batch, snapshot
from tuodi.office import jobs, progress
from tuodi.office.models import ImportBatch, Job, Settlement, TrailEntry
from tuodi.office.verification import verify

KILLS = size(200)
PERSONS, STAYS = 40, 400
PATIENCE_SECONDS = 60.0
LONG_AGO = datetime(2000, 1, 1)


def _file(number: int) -> bytes:
    """Make a file of stays, another one for each number."""
    return importing.settlements(
        importing.settlement(f"S{number:04}-{n:04}", f"P{n % PERSONS:02}", inscp_scp_amt=f"{9000 + n}.00")
        for n in range(STAYS)
    )


def _forked_worker() -> int:
    """Start a worker that does what waits, then ends; return its process id."""
    connections.close_all()
    child = os.fork()
    if child:
        return child
    try:
        call_command("work", once=True)
    finally:
        # Nothing of the test goes on in here.
        os._exit(0)


def _kill(child: int) -> None:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    _until(_nobody_else_connected)


def _until(is_so: Any) -> None:
    last = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < last
        time.sleep(0.002)


def _nobody_else_connected() -> bool:
    """On PostgreSQL the server ends what a dead client was doing as soon as it notices."""
    if connection.vendor == "sqlite":
        return True
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return bool(cursor.fetchone()[0] == 0)


def _is_taken(job_id: int) -> bool:
    return bool(Job.objects.get(pk=job_id).state != Job.State.QUEUED)


def _lease_runs_out(job_id: int) -> None:
    job = Job.objects.get(pk=job_id)
    if job.state == Job.State.RUNNING:
        progress.forget(job.pk, job.worker)
        Job.objects.filter(pk=job.pk).update(lease_until=LONG_AGO)


def _job_of(batch: ImportBatch) -> Job:
    return Job.objects.filter(kind="import.apply", subject=batch.pk).latest("pk")


def _entries(batch: ImportBatch, action: str) -> int:
    return TrailEntry.objects.filter(action=action, subject=f"import {batch.pk}").count()


def _confirmed(desk: Desk, number: int) -> ImportBatch:
    batch = desk.upload("settlements", _file(number), sender="医保信息平台")
    assert batch.state == "previewed"
    _confirm(desk, batch)
    return batch


def _confirm(desk: Desk, batch: ImportBatch) -> None:
    batch.refresh_from_db()
    importing.imports.confirm(actor=desk.confirmer, at=importing.now(), batch_id=batch.pk, seen=batch.plan_digest)


def _seconds_of_applying(desk: Desk) -> float:
    batch = _confirmed(desk, 0)
    started = time.monotonic()
    os.waitpid(_forked_worker(), 0)
    batch.refresh_from_db()
    assert batch.state == "applied", _job_of(batch).message
    return time.monotonic() - started


@pytest.mark.usefixtures("both_databases")
def test_随时杀死工作进程_从不导入一半_最后恰好一次() -> None:
    desk = Desk()
    desk.apply("roster", importing.roster({"psn_no": f"P{n:02}", "psn_name": "赵一"} for n in range(PERSONS)))
    whole = _seconds_of_applying(desk)
    killed_under_way = kills = number = 0
    while kills < KILLS:
        number += 1
        batch = _confirmed(desk, number)
        before = snapshot()
        while batch.state != "applied":
            chance = random.Random(f"kill {kills}")
            job = _job_of(batch)
            child = _forked_worker()
            if kills < KILLS:
                _until(lambda job=job: _is_taken(job.pk))
                time.sleep(chance.uniform(0, whole))
                _kill(child)
                kills += 1
            else:
                os.waitpid(child, 0)
            batch.refresh_from_db()
            assert batch.state in ("confirmed", "previewed", "applied")
            if batch.state != "applied":
                killed_under_way += 1
                assert snapshot() == before
                assert _entries(batch, "import.applied") == 0
                _lease_runs_out(job.pk)
            if batch.state == "previewed":
                _confirm(desk, batch)
        _lease_runs_out(_job_of(batch).pk)
        importing.work_all()
        assert Settlement.objects.filter(batch=batch).count() == STAYS
        assert _entries(batch, "import.applied") == 1
        assert verify().found == 0
        if number % 5 == 0:
            desk.undo(batch)
            assert batch.state == "undone"
            assert snapshot() == before
    assert killed_under_way >= KILLS // 4
    assert_equals_batch()
    assert jobs.work_once(importing.now) is None
