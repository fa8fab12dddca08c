"""Refused rows as they are kept, whatever they are about: one record each, of the newest list that says it."""

from collections.abc import Mapping
from datetime import datetime

from tuodi.intake.facts import Refusal
from tuodi.office.bulk import chunks
from tuodi.office.models import ImportBatch, Withheld
from tuodi.office.operations.recording import Recorder


def withheld_of(refusal: Refusal, *, kind: str, batch: ImportBatch | None, at: datetime) -> Withheld:
    """Return the record of a refused row (not saved)."""
    return Withheld(
        kind=kind,
        psn_no=refusal.psn_no,
        year=refusal.year,
        setl_id=refusal.setl_id,
        key=refusal.key,
        rule=refusal.rule,
        message=refusal.message,
        batch=batch,
        row=refusal.row or None,
        since=at,
    )


def said_again(known: Mapping[int, Refusal], batch: ImportBatch | None, recorder: Recorder) -> None:
    """Keep that a list says again what is known, by its key: whoever said it first is not undone alone.

    Of a newer list it is from now on: no older list's good row settles it then. What was set aside by hand stays so.
    """
    if not known or batch is None:
        return
    for piece in chunks(sorted(known)):
        older = Withheld.objects.filter(pk__in=piece, ended_by__isnull=True, batch__as_of__lt=batch.as_of)
        keys = older.values_list("pk", flat=True)
        recorder.update(Withheld, {key: {"batch": batch, "row": known[key].row or None} for key in keys})
    recorder.name(Withheld, known)
