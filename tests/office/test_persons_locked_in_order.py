"""A roster and a merge by hand at the same moment: nobody waits for somebody who waits; and what happened before."""

from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest

from tests.office import made_up
from tests.office.importing import Desk, now, roster
from tests.office.together import PATIENCE, together
from tuodi.office import bulk, jobs
from tuodi.office.imports import roster as roster_kind
from tuodi.office.models import Job, Person
from tuodi.office.operations import imports, merging

pytestmark = pytest.mark.usefixtures("both_databases")


def _at_once(monkeypatch: pytest.MonkeyPatch, *, in_order: bool) -> list[BaseException]:
    """Apply a roster of P1 and P2 while P2 is merged into P1; P2's record is the older one.

    Both meet when each has come to its second person: the roster goes by number, the merge by the age of the record.
    """
    desk = Desk()
    made_up.person("P2", "赵一", desk.region)
    made_up.person("P1", "赵一", desk.region)
    batch = desk.upload("roster", roster([{"psn_no": "P1"}, {"psn_no": "P2"}]))
    imports.confirm(actor=desk.confirmer, at=now(), batch_id=batch.pk, seen=batch.plan_digest)
    keys = dict(Person.objects.values_list("psn_no", "pk"))
    assert keys["P2"] < keys["P1"]
    _meeting_at_the_second(monkeypatch)
    monkeypatch.setattr(roster_kind, "chunks", lambda keys: bulk.chunks(keys, 1))
    if not in_order:
        monkeypatch.setattr(roster_kind._Planning, "_lock", lambda self, rows: None)
        monkeypatch.setattr(merging, "lock_persons", lambda keys: None)
    job = Job.objects.get(kind="import.apply")

    def merge() -> None:
        merging.merge(
            actor=desk.uploader,
            duplicate_id=keys["P2"],
            survivor_id=keys["P1"],
            versions=(1, 1),
            evidence="户口簿",
            at=made_up.NOW,
        )

    return together([lambda: imports.apply_batch(jobs.Work(job, desk.confirmer, now)), merge])


def _meeting_at_the_second(monkeypatch: pytest.MonkeyPatch) -> None:
    barrier = Barrier(2)
    compare, open_person = roster_kind._Planning._compare_person, merging.open_person
    opened: list[int] = []

    def wait() -> None:
        try:
            barrier.wait(PATIENCE)
        except BrokenBarrierError:
            # The other one is kept off by a lock.
            return

    def compare_then_wait(self: Any, *args: Any) -> None:
        compare(self, *args)
        wait()

    def wait_then_open(write: Any, person_id: int, *args: Any, **named: Any) -> Person:
        opened.append(person_id)
        if len(opened) == 2:
            wait()
        return open_person(write, person_id, *args, **named)

    monkeypatch.setattr(roster_kind._Planning, "_compare_person", compare_then_wait)
    monkeypatch.setattr(merging, "open_person", wait_then_open)


def test_名册导入与手工合并同时进行_都能完成(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _at_once(monkeypatch, in_order=True) == []
    merged = Person.objects.select_related("merged_into").get(psn_no="P2").merged_into
    assert merged is not None
    assert merged.psn_no == "P1"


def test_反证_各按各的顺序锁人_就会互相等待(monkeypatch: pytest.MonkeyPatch, both_databases: str) -> None:
    raised = _at_once(monkeypatch, in_order=False)
    # On SQLite the transaction itself is the lock: the same fault does not show.
    assert ["deadlock detected" in str(each) for each in raised] == [True] * (both_databases == "postgresql")
