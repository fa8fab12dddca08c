"""A database somebody else is writing to: jobs wait for another turn, and nobody waits in a circle."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction

from tests.office.importing import Desk, now, roster, settlement, settlements, work_all
from tuodi.office import assessing, busy, jobs
from tuodi.office.models import County, Person, Settlement
from tuodi.office.operations import imports
from tuodi.office.operations.people import change_household

pytestmark = pytest.mark.usefixtures("both_databases")


@contextmanager
def held() -> Iterator[None]:
    """Hold what every write needs, in a thread of its own, as a large import does."""
    holding, over = Event(), Event()

    def hold() -> None:
        with transaction.atomic():
            list(County.objects.select_for_update())
            holding.set()
            over.wait(20)
        connection.close()

    thread = Thread(target=hold)
    thread.start()
    holding.wait(20)
    try:
        yield
    finally:
        over.set()
        thread.join()


@pytest.fixture
def impatient(both_databases: str) -> Iterator[None]:
    """Wait for a lock one second only."""
    options = dict(connections["default"].settings_dict["OPTIONS"])
    busy.wait_at_most(1)
    yield
    connections["default"].settings_dict["OPTIONS"] = options
    connection.close()


def _ready() -> tuple[Desk, Any]:
    desk = Desk()
    desk.apply("roster", roster([{"psn_no": "P1", "psn_name": "赵一"}]))
    return desk, desk.upload("settlements", settlements([settlement("S1", "P1")]))


@pytest.mark.usefixtures("impatient")
def test_别人正在写_任务等下一轮而不算失败(monkeypatch: pytest.MonkeyPatch) -> None:
    desk, batch = _ready()
    imports.confirm(actor=desk.confirmer, at=now(), batch_id=batch.pk, seen=batch.plan_digest)
    original = imports.apply_batch

    def while_held(work: jobs.Work) -> str:
        with held():
            return original(work)

    monkeypatch.setattr(imports, "apply_batch", while_held)
    for _ in range(jobs.ATTEMPTS_MAX + 1):
        job = jobs.work_once(now)
        assert job is not None
        assert (job.state, job.attempts, job.message) == ("queued", 0, "")
    monkeypatch.undo()
    assert [job.state for job in work_all()] == ["done"]
    assert Settlement.objects.get().due_fen == 210000


@pytest.mark.usefixtures("impatient")
def test_只有等锁才算忙() -> None:
    _ready()
    with held(), pytest.raises(OperationalError) as waited, transaction.atomic():
        list(County.objects.select_for_update())
    with pytest.raises(OperationalError) as other:
        raise OperationalError("disk I/O error")
    assert (busy.is_busy(waited.value), busy.is_busy(other.value), busy.is_busy(None)) == (True, False, False)


def test_人员正在更改时导入写入结果_互不等成一圈(monkeypatch: pytest.MonkeyPatch, both_databases: str) -> None:
    """Used to deadlock: the change held the person and waited for the registry, the import the other way round."""
    desk, batch = _ready()
    person = Person.objects.get(psn_no="P1")
    imports.confirm(actor=desk.confirmer, at=now(), batch_id=batch.pk, seen=batch.plan_digest)
    changing, importing = Event(), Event()
    hold, reassess = assessing.hold_registry, assessing.reassess
    raised: list[BaseException] = []

    def reassess_later(**named: Any) -> Any:
        # The one who changes comes here with the person locked, and goes on once the import has the registry.
        changing.set()
        importing.wait(5 if both_databases == "postgresql" else 0.2)
        return reassess(**named)

    def change() -> None:
        try:
            change_household(
                actor=desk.uploader, at=now(), person_id=person.pk, version=1, family_no="F1", evidence="户口簿"
            )
        except BaseException as problem:  # a thread's fault is the test's to judge
            raised.append(problem)
        finally:
            changing.set()
            connection.close()

    def hold_first() -> None:
        hold()
        importing.set()

    monkeypatch.setattr("tuodi.office.imports.settlements.hold_registry", hold_first)
    monkeypatch.setattr("tuodi.office.operations.changing.reassess", reassess_later)
    thread = Thread(target=change)
    thread.start()
    assert changing.wait(10)
    (job,) = work_all()
    thread.join()
    assert raised == []
    assert (job.state, job.attempts) == ("done", 1)
    assert Settlement.objects.get().due_fen == 210000
