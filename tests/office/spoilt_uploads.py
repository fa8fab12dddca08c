"""Malformed files through upload, reading and, where a preview came of them, applying and undoing."""

from collections import Counter
from collections.abc import Iterable

from tests.intake.malformed import Upload
from tests.office.importing import Desk, dump, work_all
from tuodi.office.models import Case, ImportBatch, Job
from tuodi.office.refusal import Refused

UNDONE_EVERY = 5
NOT_KEPT, UNDONE = "not kept", "undone"


def bring_in(desk: Desk, uploads: Iterable[Upload]) -> Counter[str]:
    """Bring malformed files in, every fifth preview as far as it goes; return how many ended how.

    Whatever the file: the job ends at its first attempt, nothing stands in the tables unless the batch says it is
    applied, and undoing it leaves the tables as they were, cases that came and went apart.
    """
    before = _standing()
    ended: Counter[str] = Counter()
    for number, upload in enumerate(uploads):
        ended[_brought_in(desk, upload, before if number % UNDONE_EVERY == 0 else None)] += 1
    assert _standing() == before
    assert not ImportBatch.objects.filter(state__in=("applied", "confirmed", "uploaded")).exists()
    assert work_all() == []
    return ended


def _brought_in(desk: Desk, upload: Upload, before: object) -> str:
    """Return the state it ended in; with ``before``, what a preview shows is applied and undone."""
    try:
        batch = desk.upload(upload.kind, upload.content, file_name=upload.name)
    except Refused as refused:
        assert str(refused).endswith("。"), upload.name
        return NOT_KEPT
    (read,) = Job.objects.filter(subject=batch.pk)
    assert (read.state, read.attempts) == ("done", 1), (upload.name, read.message)
    assert batch.state in ("previewed", "refused"), upload.name
    if batch.state == "refused":
        assert any(each["severity"] == "error" for each in batch.findings), upload.name
    elif before is not None:
        job = desk.confirm(batch)
        assert (job.attempts, batch.state) == (1, "applied"), (upload.name, job.message)
        assert desk.undo(batch).attempts == 1
        assert batch.state == UNDONE, upload.name
        assert _standing() == before, upload.name
    return str(batch.state)


def _standing() -> dict[str, list[tuple[str, ...]]]:
    """Return facts and results as they stand; a case that has gone stays as part of what happened."""
    gone = {str(key) for key in Case.objects.filter(state=Case.State.GONE).values_list("pk", flat=True)}
    tables = dump()
    return tables | {"case": [row for row in tables["case"] if row[0] not in gone]}
