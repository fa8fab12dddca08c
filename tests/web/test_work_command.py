"""The worker's command: does what waits, and keeps its memory limited."""

import signal

import pytest
from django.core.management import call_command

from tests.office.importing import Desk, roster
from tests.office.test_imports import PEOPLE
from tuodi.office import jobs
from tuodi.office.models import ImportBatch, Job
from tuodi.office.operations import imports
from tuodi.web.management.commands import work

pytestmark = pytest.mark.usefixtures("sqlite")


def test_工作进程把等待的任务做完(monkeypatch: pytest.MonkeyPatch) -> None:
    limited: list[int] = []
    monkeypatch.setattr(work, "limit_memory", lambda: limited.append(1))
    before = signal.getsignal(signal.SIGTERM)
    desk = Desk()
    batch = desk.upload("roster", roster(PEOPLE))
    imports.confirm(actor=desk.confirmer, at=batch.uploaded_at, batch_id=batch.pk, seen=batch.plan_digest)
    # The job is done with the rights its asker has on the day it runs.
    desk.confirmer.user.assignments.update(ends=None)
    try:
        call_command("work", once=True)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert limited == [1]
    assert Job.objects.latest("pk").state == "done"
    assert ImportBatch.objects.get().state == "applied"
    assert set(jobs.KINDS) >= {"import.read", "import.apply", "import.undo"}
