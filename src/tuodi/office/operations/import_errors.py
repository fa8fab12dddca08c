"""The rows of a sent file that have something wrong, beside what is wrong, for whoever mends and sends them again."""

from datetime import datetime
from pathlib import Path

from tuodi.intake.rows import original_table
from tuodi.intake.tables import Table
from tuodi.kernel.finding import Finding, Severity
from tuodi.office.access import Actor
from tuodi.office.imports import files
from tuodi.office.imports.registry import KINDS
from tuodi.office.models import ImportBatch
from tuodi.office.operations.imports import State, subject_of
from tuodi.office.operations.writing import writing
from tuodi.office.refusal import Absent, Refused
from tuodi.office.roles import Action
from tuodi.report.marked_rows import MarkedRows, write_marked_rows


def write_error_rows(*, actor: Actor, at: datetime, batch_id: int, path: Path) -> MarkedRows:
    """Write the workbook of a batch's bad rows; they hold full numbers, so it is logged. Raises Refused, Absent."""
    batch = ImportBatch.objects.select_related("region", "sender").filter(pk=batch_id).first()
    if batch is None or not actor.may(Action.SEE_FULL_DATA, batch.region_id):
        raise Absent
    if batch.state == State.DISCARDED:
        raise Refused("这批文件已经放弃，原文件不再保存。")
    kind = KINDS[batch.kind]
    sender = files.sender_format(batch.sender)
    with files.opened(batch) as sent:
        findings = _all_findings(batch, kind.read(sent, batch).findings)
        table = original_table(sent, kind.layout, sender=sender)
        if not isinstance(table, Table):
            raise Refused("整个文件没有通过读取，没有可以逐行列出的错误；请看检查结果。")
        with writing(actor, Action.SEE_FULL_DATA, at) as write:
            write.allow(batch.region_id)
            written = write_marked_rows(path, table, findings, sender)
            write.log("import.errors-seen", subject_of(batch), batch.region, rows=written.written)
            return written


def _all_findings(batch: ImportBatch, read: tuple[Finding, ...]) -> list[Finding]:
    """Add to what reading finds what only the comparison found."""
    known = {(finding.rule, finding.row) for finding in read}
    more = [
        Finding(
            rule=each["rule"],
            severity=Severity(each["severity"]),
            message=each["message"],
            advice=each["advice"],
            sheet=each["sheet"],
            row=each["row"],
            column=each["column"],
        )
        for each in batch.findings
        if (each["rule"], each["row"]) not in known
    ]
    return [*read, *more]
