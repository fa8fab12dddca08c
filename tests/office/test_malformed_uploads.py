"""Hundreds of malformed files through upload, reading and, where a preview came of them, applying and undoing.

Whatever the file: the job ends at its first attempt, nothing stands in the tables unless the batch says it is applied,
and undoing it leaves the tables as they were.
"""

import logging
from collections import Counter

import pytest
from django.db import connection

from tests.intake.malformed import uploads
from tests.office.importing import Desk, dump, work_all
from tuodi.office.imports.registry import KINDS
from tuodi.office.models import ImportBatch, Job
from tuodi.office.operations.writing import Refused

pytestmark = pytest.mark.usefixtures("sqlite")

UNDONE_EVERY = 5


def test_五百份坏文件_没有部分导入_没有程序错误(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    desk = Desk()
    with connection.cursor() as cursor:
        # Nobody pulls the plug here; the other tests wait for the disk.
        cursor.execute("PRAGMA synchronous=OFF")
    before = dump()
    ended: Counter[str] = Counter()
    for number, upload in enumerate(uploads()):
        try:
            batch = desk.upload(upload.kind, upload.content, file_name=upload.name)
        except Refused as refused:
            assert str(refused).endswith("。"), upload.name
            ended["not kept"] += 1
            continue
        (read,) = Job.objects.filter(subject=batch.pk)
        assert (read.state, read.attempts) == ("done", 1), (upload.name, read.message)
        assert batch.state in ("previewed", "refused"), upload.name
        if batch.state == "refused":
            assert any(each["severity"] == "error" for each in batch.findings), upload.name
        elif number % UNDONE_EVERY == 0:
            job = desk.confirm(batch)
            assert (job.attempts, batch.state) == (1, "applied"), (upload.name, job.message)
            ended["applied and undone"] += 1
            assert desk.undo(batch).attempts == 1
            assert batch.state == "undone", upload.name
            assert dump() == before, upload.name
        ended[batch.state] += 1
    assert sum(ended[state] for state in ("previewed", "refused", "undone", "not kept")) >= 500
    assert ended["applied and undone"] >= 20, ended
    assert dump() == before
    assert not caplog.records
    assert not ImportBatch.objects.filter(state__in=("applied", "confirmed", "uploaded")).exists()
    assert work_all() == []
    assert KINDS.keys() >= {upload.kind for upload in uploads()}
