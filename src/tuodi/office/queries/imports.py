"""Batches of imports as the pages show them: which an actor may see, what may be done with one, and by whom."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from tuodi.office import jobs
from tuodi.office.access import Actor, actors_on
from tuodi.office.models import ImportBatch, Job, Sender
from tuodi.office.operations.writing import Absent
from tuodi.office.roles import ROLE_NAMES, Action, Role

State = ImportBatch.State


@dataclass(frozen=True, slots=True)
class Choices:
    """What this actor may do with a batch now, and who else may confirm it (name and roles)."""

    confirm: bool
    discard: bool
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


def choices(actor: Actor, batch: ImportBatch, at: datetime) -> Choices:
    """Return what may be done with a batch now; whoever uploaded it does not confirm it."""
    region = batch.region_id
    behalf = actor.behalf(Action.CONFIRM_IMPORT, region)
    is_own = batch.uploaded_by_id in (actor.user.pk, behalf.pk if behalf else None)
    waits = batch.state == State.PREVIEWED
    return Choices(
        confirm=waits and not is_own and actor.may(Action.CONFIRM_IMPORT, region),
        discard=batch.state in (State.UPLOADED, State.PREVIEWED, State.REFUSED)
        and actor.may(Action.UPLOAD_IMPORT, region),
        undo=batch.state == State.APPLIED and actor.may(Action.UNDO_IMPORT, region),
        confirmers=_confirmers(batch, at) if waits else (),
    )


def _confirmers(batch: ImportBatch, at: datetime) -> tuple[str, ...]:
    """Return who may confirm a batch today, at most ten."""
    found = []
    for other in actors_on(at.date()):
        behalf = other.behalf(Action.CONFIRM_IMPORT, batch.region_id)
        is_own = batch.uploaded_by_id in (other.user.pk, behalf.pk if behalf else None)
        if other.may(Action.CONFIRM_IMPORT, batch.region_id) and not is_own:
            roles = "、".join(ROLE_NAMES[role] for role in Role if role in other.roles)
            found.append(f"{other.user.name}（{roles}）")
    return tuple(sorted(found)[:10])
