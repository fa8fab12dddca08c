"""Whose a file is: who uploaded it and for whom; neither confirms it, and nobody does for either of them.

For whom somebody uploaded stands in the trail, which nobody changes unseen; the batch itself names the one who did it,
and the database refuses that one as the second person.
"""

from tuodi.office.access import Actor
from tuodi.office.models import ImportBatch, TrailEntry, User
from tuodi.office.roles import Action


def uploaders_of(batch: ImportBatch) -> frozenset[int]:
    """Return the ids of who uploaded a file and of whom it was uploaded for."""
    told = TrailEntry.objects.filter(subject=f"import {batch.pk}", action="import.uploaded").exclude(on_behalf_of="")
    behalf = User.objects.filter(username__in=told.values("on_behalf_of")).values_list("pk", flat=True)
    return frozenset({batch.uploaded_by_id, *behalf})


def why_not_confirmed_by(actor: Actor, batch: ImportBatch, uploaders: frozenset[int] | None = None) -> str:
    """Return why this actor is no second person for a file, as the beginning of a sentence; empty where they are."""
    uploaders = uploaders_of(batch) if uploaders is None else uploaders
    behalf = actor.behalf(Action.CONFIRM_IMPORT, batch.region_id)
    if actor.user.pk in uploaders:
        return "这份文件是您上传的" if actor.user.pk == batch.uploaded_by_id else "这份文件是别人受您委托上传的"
    if behalf is not None and behalf.pk in uploaders:
        is_own = behalf.pk == batch.uploaded_by_id
        return "这份文件是委托您的人上传的" if is_own else "这份文件是别人受委托您的人的委托上传的"
    return ""
