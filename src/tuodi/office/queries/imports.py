"""Batches of imports as the pages show them: which an actor may see, what may be done with one, and by whom."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from tuodi.office import jobs
from tuodi.office.access import Actor, actors_on
from tuodi.office.models import ImportBatch, Job, Sender
from tuodi.office.queries.uploaders import uploaders_of, why_not_confirmed_by
from tuodi.office.refusal import Absent
from tuodi.office.roles import ROLE_NAMES, Action, Role

State = ImportBatch.State


@dataclass(frozen=True, slots=True)
class Choices:
    """What this actor may do with a batch now, and who else may confirm it (name and roles)."""

    confirm: bool
    discard: bool
    read_again: bool
    undo: bool
    confirmers: tuple[str, ...]


def batches(actor: Actor, *, kind: str = "", state: str = "", sender_id: int | None = None) -> QuerySet[ImportBatch]:
    """Return the batches an actor may see, the newest first."""
    found = ImportBatch.objects.filter(region_id__in=actor.regions(Action.SEE_IMPORTS))
    for name, value in (("kind", kind), ("state", state), ("sender_id", sender_id)):
        if value:
            found = found.filter(**{name: value})
    people = ("sender", "region", "uploaded_by", "confirmed_by", "undone_by")
    return found.select_related(*people).defer("findings", "samples").order_by("-uploaded_at", "-pk")


def batch_within(actor: Actor, batch_id: int, action: Action = Action.SEE_IMPORTS) -> ImportBatch:
    """Return one batch. Raises Absent where there is none, or none for this actor."""
    people = ("sender", "region", "uploaded_by", "confirmed_by", "undone_by")
    batch = ImportBatch.objects.select_related(*people).filter(pk=batch_id).first()
    if batch is None or not actor.may(action, batch.region_id):
        raise Absent
    return batch


def senders(actor: Actor, kind: str = "", action: Action = Action.UPLOAD_IMPORT) -> QuerySet[Sender]:
    """Return the remembered senders of a kind (of every kind if none is named) an actor may upload for."""
    found = Sender.objects.filter(region_id__in=actor.regions(action)).select_related("region")
    return (found.filter(kind=kind) if kind else found).order_by("kind", "name", "region__code")


def job_of(batch: ImportBatch) -> Job | None:
    """Return the last job about a batch, with its progress as it is now."""
    return jobs.latest("import.", batch.pk)


def is_running(job: Job | None) -> bool:
    """Tell whether a job waits or runs."""
    return job is not None and job.state in (Job.State.QUEUED, Job.State.RUNNING)


def may_be_read_again(batch: ImportBatch) -> bool:
    """Tell whether reading a file once more can come to something else."""
    job = job_of(batch)
    is_broken_down = batch.state == State.REFUSED and job is not None and job.state == Job.State.FAILED
    return is_broken_down or batch.state == State.PREVIEWED


def choices(actor: Actor, batch: ImportBatch, at: datetime) -> Choices:
    """Return what may be done with a batch now; whoever uploaded it, or for whom it was, does not confirm it."""
    region = batch.region_id
    waits = batch.state == State.PREVIEWED
    return Choices(
        confirm=waits and actor.may(Action.CONFIRM_IMPORT, region) and not why_not_confirmed_by(actor, batch),
        discard=batch.state in (State.UPLOADED, State.PREVIEWED, State.REFUSED)
        and actor.may(Action.UPLOAD_IMPORT, region),
        read_again=may_be_read_again(batch) and actor.may(Action.UPLOAD_IMPORT, region),
        undo=batch.state == State.APPLIED and actor.may(Action.UNDO_IMPORT, region),
        confirmers=_confirmers(batch, at) if waits else (),
    )


def _confirmers(batch: ImportBatch, at: datetime) -> tuple[str, ...]:
    """Return who may confirm a batch today, at most ten."""
    found, uploaders = [], uploaders_of(batch)
    for other in actors_on(at.date()):
        is_second = not why_not_confirmed_by(other, batch, uploaders)
        if other.may(Action.CONFIRM_IMPORT, batch.region_id) and is_second:
            roles = "、".join(ROLE_NAMES[role] for role in Role if role in other.roles)
            found.append(f"{other.user.name}（{roles}）")
    return tuple(sorted(found)[:10])
