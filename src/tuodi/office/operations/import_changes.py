"""All changes a preview counts, as rows for a workbook: compared once more, and the same as shown or nothing."""

from datetime import datetime
from typing import Final

from tuodi.office.access import Actor
from tuodi.office.imports import files
from tuodi.office.imports.kinds import CHANGED, COUNT_NAMES, ENDED, NEW
from tuodi.office.imports.registry import KINDS
from tuodi.office.models import ImportBatch
from tuodi.office.operations.exporting import Exported, check_count, purpose_of
from tuodi.office.operations.imports import State, subject_of
from tuodi.office.operations.writing import writing
from tuodi.office.refusal import Absent, Refused
from tuodi.office.roles import Action
from tuodi.report.tables import Column

_HEADINGS: Final = ("变化", "事项", "对象", "原来", "改为")
LISTED: Final = (NEW, CHANGED, ENDED)
"""What the workbook lists: records that stay as they are would only hide the others."""


def export_changes(*, actor: Actor, at: datetime, batch_id: int, reason: str) -> Exported:
    """Return every change of a batch that waits for confirmation. Raises Refused, Absent.

    Full names, as on the pages of people, and no full number; so it has a reason and stands in the trail.
    """
    batch = ImportBatch.objects.select_related("region", "sender").filter(pk=batch_id).first()
    if batch is None or not actor.may(Action.EXPORT_PEOPLE, batch.region_id):
        raise Absent
    why = purpose_of(reason)
    if batch.state != State.PREVIEWED:
        raise Refused(f"这批文件现在是“{batch.get_state_display()}”；全部变化只在“待确认”时可以导出。")
    check_count(sum(batch.counts.get(name, 0) for name in LISTED), "条", "把文件按乡镇或月份拆开上传")
    rows = _compared_again(batch)
    # Written only now: comparing takes a while, and must not keep everybody else from writing.
    with writing(actor, Action.EXPORT_PEOPLE, at) as write:
        write.allow(batch.region_id)
        write.log("import.changes-exported", subject_of(batch), batch.region, rows=len(rows), reason=why)
    return Exported([Column(heading) for heading in _HEADINGS], rows)


def _compared_again(batch: ImportBatch) -> list[tuple[str, ...]]:
    kind = KINDS[batch.kind]
    with files.opened(batch) as path:
        read = kind.read(path, batch)
    plan = kind.plan(read, batch, lock=False, in_full=True) if read.usable else None
    if plan is None or plan.digest != batch.plan_digest:
        raise Refused("预览之后数据有了变动，这时导出的会与预览不同，没有导出；请点“重新读取”，看新的预览。")
    return [(COUNT_NAMES[name], *sample) for name in LISTED for sample in plan.samples[name]]
