"""The worker killed (``kill -9``) at any moment of an import: all of it is there or nothing, in the end once.

Half of the kills come at some moment, half of them before one of the statements the import sends to the database, each
statement in turn: what lies between two of them may be so short that no moment finds it. After each kill everything
stands as it stood before, or as it must stand after: what the file says, and what ``assess`` makes of the files.

The worker is the one ``serve`` starts, in a process forked from this one, so that hundreds of kills do not cost
hundreds of starts. What dies with it is cleared up as in real life: its lease runs out, after three attempts the
import goes back before its confirmation, and somebody confirms it again.
"""

import os
import random
import signal
import time
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections

from tests.long.sizes import size
from tests.office import importing
from tests.office.importing import Desk
from tests.office.settling import assert_equals_batch, batch, snapshot, stored
from tuodi.kernel.files import written_whole
from tuodi.office import jobs, progress
from tuodi.office.assessing import county_book
from tuodi.office.models import ImportBatch, ImportChange, Job, Settlement, TrailEntry
from tuodi.office.verification import verify

KILLS = size(200)
PERSONS, STAYS = 40, 400
STATEMENTS = "statements.txt"
PATIENCE_SECONDS = 60.0
LONG_AGO = datetime(2000, 1, 1)


def _roster() -> bytes:
    return importing.roster({"psn_no": f"P{n:02}", "psn_name": "赵一"} for n in range(PERSONS))


def _rows(number: int) -> list[dict[str, object]]:
    """Make the rows of a file of stays, another one for each number."""
    return [
        importing.settlement(f"S{number:04}-{n:04}", f"P{n % PERSONS:02}", inscp_scp_amt=f"{9000 + n}.00")
        for n in range(STAYS)
    ]


def _forked_worker(folder: Path, dies_before: int | None = None) -> int:
    """Start a worker that does what waits, then ends, or is killed before that statement; return its process id.

    One that came to its end leaves the number of its statements in the folder.
    """
    connections.close_all()
    child = os.fork()
    if child:
        return child
    statements = count()

    def _dying(execute: Any, *args: Any) -> Any:
        if next(statements) == dies_before:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*args)

    try:
        with connection.execute_wrapper(_dying):
            call_command("work", once=True)
        # Whole or not at all: this process may be killed right here.
        with written_whole(folder / STATEMENTS) as path:
            path.write_text(str(next(statements)))
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


def _everything() -> tuple[Any, ...]:
    """Return what an import changes or may have changed: facts, results, images to undo by, batches, the trail of it.

    Jobs, and what tells that an attempt was given up, go on: they are not part of it.
    """
    batches = ImportBatch.objects.filter(state="applied").order_by("pk").values_list("pk", "applied_at", "counts")
    applied = TrailEntry.objects.filter(action="import.applied").order_by("number").values_list("number", "hash")
    images = ImportChange.objects.order_by("pk").values_list("pk", "batch", "table", "record")
    return importing.dump(), list(images), list(batches), list(applied)


class Books:
    """What must stand in the database, made from the files alone: nothing of it was read from there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.applied: dict[int, int] = {}

    def expect(self) -> dict[str, list[dict[str, Any]]]:
        persons, stays = self.folder / "persons.csv", self.folder / "stays.csv"
        persons.write_bytes(_roster())
        stays.write_bytes(importing.settlements(row for number in self.applied for row in _rows(number)))
        return batch(county_book(), persons, stays)

    def assert_are_right(self) -> None:
        """Hold results, the rows of each file, the images and the trail of each import against the files."""
        assert stored() == self.expect()
        for number, key in self.applied.items():
            expected = {row["setl_id"] for row in _rows(number)}
            assert set(Settlement.objects.filter(batch=key).values_list("setl_id", flat=True)) == expected
            assert ImportChange.objects.filter(batch=key, table="office.settlement").count() == STAYS
            entries = TrailEntry.objects.filter(action="import.applied", subject=f"import {key}")
            assert entries.count() == 1
        assert Settlement.objects.count() == STAYS * len(self.applied)


def _confirmed(desk: Desk, number: int) -> ImportBatch:
    batch = desk.upload("settlements", importing.settlements(_rows(number)), sender="医保信息平台")
    assert batch.state == "previewed"
    _confirm(desk, batch)
    return batch


def _confirm(desk: Desk, batch: ImportBatch) -> None:
    batch.refresh_from_db()
    importing.imports.confirm(actor=desk.confirmer, at=importing.now(), batch_id=batch.pk, seen=batch.plan_digest)


def _seconds_of_applying(desk: Desk, books: Books) -> float:
    """Apply a file undisturbed."""
    batch = _confirmed(desk, 0)
    started = time.monotonic()
    os.waitpid(_forked_worker(books.folder), 0)
    batch.refresh_from_db()
    assert batch.state == "applied", _job_of(batch).message
    books.applied[0] = batch.pk
    return time.monotonic() - started


def _killed(kill: int, seconds: float, folder: Path, job: Job) -> None:
    """Let a worker take the job up and die of it."""
    if kill % 2:
        # From the end: what stands there decides whether it is done. As many as the last whole import took.
        statements = int((folder / STATEMENTS).read_text())
        child = _forked_worker(folder, statements - 1 - kill // 2 % statements)
        os.waitpid(child, 0)
        _until(_nobody_else_connected)
        return
    child = _forked_worker(folder)
    _until(lambda: _is_taken(job.pk))
    time.sleep(random.Random(f"kill {kill}").uniform(0, seconds))
    _kill(child)


@pytest.mark.usefixtures("both_databases")
def test_随时杀死工作进程_从不导入一半_最后恰好一次(tmp_path: Path) -> None:
    desk, books = Desk(), Books(tmp_path)
    desk.apply("roster", _roster())
    seconds = _seconds_of_applying(desk, books)
    books.assert_are_right()
    killed_under_way = kills = number = 0
    while kills < KILLS:
        number += 1
        batch = _confirmed(desk, number)
        before, view = _everything(), snapshot()
        while batch.state != "applied":
            job = _job_of(batch)
            if kills < KILLS:
                _killed(kills, seconds, tmp_path, job)
                kills += 1
            else:
                os.waitpid(_forked_worker(tmp_path), 0)
            batch.refresh_from_db()
            assert batch.state in ("confirmed", "previewed", "applied")
            if batch.state != "applied":
                killed_under_way += 1
                assert _everything() == before
                _lease_runs_out(job.pk)
            if batch.state == "previewed":
                _confirm(desk, batch)
        books.applied[number] = batch.pk
        books.assert_are_right()
        _lease_runs_out(_job_of(batch).pk)
        importing.work_all()
        books.assert_are_right()
        assert verify().found == 0
        if number % 5:
            # Most go again: with each that stays an import takes more statements.
            desk.undo(batch)
            assert batch.state == "undone"
            del books.applied[number]
            assert snapshot() == view
    assert killed_under_way >= KILLS // 4
    books.assert_are_right()
    assert_equals_batch()
    assert jobs.work_once(importing.now) is None
