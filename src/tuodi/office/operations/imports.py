"""The way of a file: uploaded, read and compared, confirmed by a second person, applied in one transaction.

What the preview showed is what is applied: the file is read and compared again inside the transaction, and where the
changes would be others by now, nothing is applied and the new preview is shown instead.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction

from tuodi.intake.layouts import load_layout
from tuodi.intake.sender_format import sender_faults
from tuodi.kernel.finding import Finding
from tuodi.office import jobs, trail
from tuodi.office.access import Actor
from tuodi.office.assessing import lock_imports, reassess
from tuodi.office.imports import files
from tuodi.office.imports.files import sender_format
from tuodi.office.imports.findings import kept_findings
from tuodi.office.imports.full_lists import KEPT_AS, kept_full_list
from tuodi.office.imports.kinds import COUNT_NAMES, REFUSED, Kind, Plan, Read
from tuodi.office.imports.recorder import Recorder
from tuodi.office.imports.registry import KINDS
from tuodi.office.models import ImportBatch, Job, Region, Sender
from tuodi.office.operations.cases import CaseRefresh
from tuodi.office.operations.import_checks import check_ended, check_totals
from tuodi.office.operations.writing import Writing, writing
from tuodi.office.queries.imports import may_be_read_again
from tuodi.office.queries.uploaders import why_not_confirmed_by
from tuodi.office.refusal import Absent, Refused
from tuodi.office.roles import Action, who_may

State = ImportBatch.State
UNDER_WAY: Final = (State.UPLOADED, State.PREVIEWED, State.CONFIRMED)
DUE_CHANGES: Final = "due_changes"
"""Where ``ImportBatch.counts`` keeps what applying it did to the sums due: how many changed, and fen before and after.
"""
_TOO_LARGE: Final = "文件超过 {} MB，没有保存；请确认选对了文件，数据确实很多的请拆成几个文件分别上传。"
_CHANGED_SINCE: Final = "预览之后数据有了变动，原来的预览已经作废，没有导入任何内容；请查看新的预览，再由另一人确认。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a sender's files look (the fields of ``Sender``); remembered with each upload."""

    header_row: int | None = None
    foot_rows: int = 0
    clean_ids: bool = True
    columns: dict[str, str] = field(default_factory=dict)
    is_full: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """What stands on the upload form. ``sender`` is the name; one of that kind, name and region is remembered.

    ``as_of`` is the day the list tells of. ``typed_rows`` and ``typed_fen`` are the list's own control totals.
    """

    kind: str
    sender: str
    region_id: int
    as_of: date
    manner: Manner = field(default_factory=Manner)
    file_name: str
    typed_rows: int | None = None
    typed_fen: int | None = None


def upload(*, actor: Actor, at: datetime, form: Upload, content: Iterable[bytes]) -> ImportBatch:
    """Keep a file sealed and ask for it to be read. Raises Refused, Absent."""
    kind = kind_of(form.kind)
    asked = Writing(actor, at, Action.UPLOAD_IMPORT)
    asked.allow(None)
    asked.allow(form.region_id)
    _check_form(form, kind, at)
    token = secrets.token_hex(16)
    try:
        # Outside the transaction: a large file must not keep everybody else from writing.
        kept = files.keep(token, content)
        return _uploaded(actor, at, form, token, kept)
    except files.TooLarge:
        raise Refused(_TOO_LARGE.format(files.megabytes_max())) from None
    except BaseException:
        files.discard(token)
        raise


def _uploaded(actor: Actor, at: datetime, form: Upload, token: str, kept: files.Kept) -> ImportBatch:
    with writing(actor, Action.UPLOAD_IMPORT, at) as write:
        write.allow(form.region_id)
        if not kept.size:
            raise Refused("文件是空的；请重新导出后再上传。")
        region = Region.objects.get(pk=form.region_id)
        batch = ImportBatch.objects.create(
            token=token,
            kind=form.kind,
            sender=_remembered(form, region),
            region=region,
            as_of=form.as_of,
            is_full=form.manner.is_full,
            file_name=files.plain_name(form.file_name),
            file_bytes=kept.size,
            sha256=kept.sha256,
            typed_rows=form.typed_rows,
            typed_fen=form.typed_fen,
            uploaded_by=actor.user,
            uploaded_at=at,
        )
        _refuse_known(batch)
        jobs.ask(kind="import.read", actor=actor, at=at, subject=batch.pk, region=region)
        write.log("import.uploaded", subject_of(batch), region, kind=batch.kind, sha256=batch.sha256)
        return batch


def read_batch(work: jobs.Work) -> str:
    """Read an uploaded file, compare it and show the preview (a job)."""
    batch = _batch(work.job.subject)
    if batch.state != State.UPLOADED:
        return "文件已经读取过。"
    read, plan = _read_and_planned(batch, work)
    with writing(work.actor, Action.UPLOAD_IMPORT, work.now()) as write:
        batch = locked(batch.pk)
        write.allow(batch.region_id)
        if batch.state != State.UPLOADED:
            raise Refused("这批文件已经不在等待读取；没有改动。")
        if plan is None:
            _keep_what_was_read(batch, read)
            batch.state = State.REFUSED
            batch.save()
            write.log("import.refused", subject_of(batch), batch.region, rules=sorted({f.rule for f in read.findings}))
            return "文件没有通过读取，没有导入任何内容；原因见检查结果。"
        _show(batch, read, plan)
        batch.save()
        write.log("import.previewed", subject_of(batch), batch.region, counts=plan.counts, plan=plan.digest)
        return "已读取，请核对后由另一人确认。"


def reading_gave_up(job: Job, at: datetime, message: str) -> None:
    """Refuse a file that could not be read to an end (after the last attempt)."""
    with transaction.atomic():
        batch = locked(job.subject)
        if batch.state == State.UPLOADED:
            batch.state = State.REFUSED
            batch.save(update_fields=["state"])
            _log_failure(job, batch, at, "import.refused", message)


def confirm(*, actor: Actor, at: datetime, batch_id: int, seen: str, ended: int | None = None) -> Job:
    """Let a previewed batch be applied; by somebody else than who uploaded it. Raises Refused, Absent.

    ``seen`` is the digest of the preview the confirming person looked at; ``ended`` how many records end because a full
    list does not name them, as they typed it.
    """
    with writing(actor, Action.CONFIRM_IMPORT, at) as write:
        batch = locked(batch_id)
        write.allow(batch.region_id)
        if why := why_not_confirmed_by(actor, batch):
            raise Refused(f"{why}，须由另一人核对后确认；可以确认的是：{who_may(Action.CONFIRM_IMPORT)}。")
        if batch.state != State.PREVIEWED:
            raise Refused(f"这批文件现在是“{batch.get_state_display()}”，不能确认；只有“待确认”的可以。")
        if seen != batch.plan_digest:
            raise Refused("您打开页面之后预览有了变化；请查看新的预览再确认。")
        check_totals(batch)
        check_ended(batch, ended)
        batch.state, batch.confirmed_by, batch.confirmed_at = State.CONFIRMED, actor.user, at
        batch.save(update_fields=["state", "confirmed_by", "confirmed_at"])
        write.log("import.confirmed", subject_of(batch), batch.region, plan=batch.plan_digest)
        return jobs.ask(kind="import.apply", actor=actor, at=at, subject=batch.pk, region=batch.region)


def apply_batch(work: jobs.Work) -> str:
    """Apply a confirmed batch (a job): everything the preview showed, or nothing."""
    batch = _batch(work.job.subject)
    if batch.state != State.CONFIRMED:
        return "这批文件已经处理过。"
    with files.opened(batch) as path:
        work.tell("读取文件", 0, 0)
        read = KINDS[batch.kind].read(path, batch)
    with writing(work.actor, Action.CONFIRM_IMPORT, work.now()) as write:
        lock_imports()
        batch = locked(batch.pk)
        write.allow(batch.region_id)
        if batch.state != State.CONFIRMED:
            raise Refused("这批文件已经不在等待导入；没有改动。")
        _refuse_known(batch)
        plan = KINDS[batch.kind].plan(read, batch, lock=True, tell=work.tell)
        if plan.digest != batch.plan_digest:
            _show(batch, read, plan)
            batch.confirmed_by = batch.confirmed_at = None
            batch.save()
            write.log("import.preview-outdated", subject_of(batch), batch.region, plan=plan.digest)
            return _CHANGED_SINCE
        _apply(write, batch, plan, work)
        return f"已导入：{counts_in_words(batch.counts)}。"


def _apply(write: Writing, batch: ImportBatch, plan: Plan, work: jobs.Work) -> None:
    batch.state, batch.applied_at = State.APPLIED, work.now()
    batch.save(update_fields=["state", "applied_at"])
    concerned = KINDS[batch.kind].apply(plan, batch, Recorder(batch), work.tell)
    cases = CaseRefresh(write)
    done = reassess(psn_nos=set(concerned), at=work.now(), tell=work.tell, judge=cases.judge)
    cases.finish(payments=True)
    batch.counts[DUE_CHANGES] = {
        "settlements": len(done.changes),
        "before_fen": sum(change.before_fen for change in done.changes),
        "after_fen": sum(change.after_fen for change in done.changes),
    }
    batch.save(update_fields=["counts"])
    write.log("import.applied", subject_of(batch), batch.region, counts=plan.counts, sha256=batch.sha256)


def applying_gave_up(job: Job, at: datetime, message: str) -> None:
    """Put a batch that could not be applied back before its confirmation (after the last attempt)."""
    with transaction.atomic():
        batch = locked(job.subject)
        if batch.state == State.CONFIRMED:
            batch.state, batch.confirmed_by, batch.confirmed_at = State.PREVIEWED, None, None
            batch.save(update_fields=["state", "confirmed_by", "confirmed_at"])
            _log_failure(job, batch, at, "import.not-applied", message)


def discard(*, actor: Actor, at: datetime, batch_id: int) -> None:
    """Give up a batch that was not applied; its file is taken away. Raises Refused, Absent."""
    with writing(actor, Action.UPLOAD_IMPORT, at) as write:
        batch = locked(batch_id)
        write.allow(batch.region_id)
        if batch.state not in (State.UPLOADED, State.PREVIEWED, State.REFUSED):
            raise Refused(f"这批文件现在是“{batch.get_state_display()}”，不能放弃；已导入的可以撤销。")
        batch.state = State.DISCARDED
        batch.save(update_fields=["state"])
        write.log("import.discarded", subject_of(batch), batch.region)
        transaction.on_commit(lambda: files.discard(batch.token))


def read_again(*, actor: Actor, at: datetime, batch_id: int) -> Job:
    """Let a file be read once more: after a breakdown, or for a preview of today. Raises Refused, Absent."""
    with writing(actor, Action.UPLOAD_IMPORT, at) as write:
        batch = locked(batch_id)
        write.allow(batch.region_id)
        if not may_be_read_again(batch):
            raise Refused("这批文件不用重新读取；没有通过检查的，请改正后重新上传。")
        was_waiting = batch.state == State.PREVIEWED
        batch.state, batch.plan_digest = State.UPLOADED, ""
        batch.save(update_fields=["state", "plan_digest"])
        if not was_waiting:
            _refuse_known(batch)
        write.log("import.read-again", subject_of(batch), batch.region)
        return jobs.ask(kind="import.read", actor=actor, at=at, subject=batch.pk, region=batch.region)


def kind_of(kind_id: str) -> Kind:
    """Return a kind of file; raises Refused for one there is not."""
    if kind_id not in KINDS:
        raise Refused("没有这一类文件；请从列表里选择。")
    return KINDS[kind_id]


def subject_of(batch: ImportBatch) -> str:
    """Return how the trail names a batch."""
    return f"import {batch.pk}"


def locked(batch_id: int | None) -> ImportBatch:
    """Return a batch whose row is ours until the transaction ends. Raises Absent."""
    found = ImportBatch.objects.select_for_update(of=("self",)).select_related("region", "sender")
    batch = found.filter(pk=batch_id).first()
    if batch is None:
        raise Absent
    return batch


def counts_in_words(counts: dict[str, int]) -> str:
    """Return the counts of a plan in a row."""
    return "、".join(f"{name} {counts[key]:,}" for key, name in COUNT_NAMES.items())


def _read_and_planned(batch: ImportBatch, work: jobs.Work) -> tuple[Read, Plan | None]:
    kind = KINDS[batch.kind]
    with files.opened(batch) as path:
        work.tell("读取文件", 0, 0)
        read = kind.read(path, batch)
    return read, kind.plan(read, batch, lock=False, tell=work.tell) if read.usable else None


def _show(batch: ImportBatch, read: Read, plan: Plan) -> None:
    _keep_what_was_read(batch, read, plan.findings)
    batch.state, batch.plan_digest = State.PREVIEWED, plan.digest
    refused = {REFUSED: read.totals.refused + plan.counts[REFUSED]}
    batch.counts = {**batch.counts, **plan.counts, **refused}
    if plan.full is not None:
        batch.counts[KEPT_AS] = kept_full_list(plan.full)
    batch.samples = {name: [list(sample) for sample in samples] for name, samples in plan.samples.items()}


def _keep_what_was_read(batch: ImportBatch, read: Read, more: Iterable[Finding] = ()) -> None:
    findings = [*read.findings, *more]
    batch.findings = kept_findings(findings)
    batch.totals = [list(line) for line in read.totals.lines()]
    severities = {str(severity): 0 for severity in ("error", "warning", "info")}
    for finding in findings:
        severities[str(finding.severity)] += 1
    batch.counts = {
        REFUSED: read.totals.refused,
        "rows": read.totals.rows - read.totals.foot_rows,
        "amount_fen": read.amount_fen,
        "findings": severities,
    }


def _check_form(form: Upload, kind: Kind, at: datetime) -> None:
    if not form.sender.strip():
        raise Refused("请填写报送单位。")
    if form.as_of > at.date():
        raise Refused(f"名单截止日期 {form.as_of} 还没有到；请核对。")
    for fault in sender_faults(sender_format(form.manner), load_layout(kind.layout)):
        raise Refused(f"{fault.message}；{fault.advice}。")
    if form.manner.is_full and not kind.can_be_full:
        raise Refused(f"{kind.title}没有“全量”一说；请去掉“全量名单”。")


def _refuse_known(batch: ImportBatch) -> None:
    """Refuse a file that came before; a list of whoever is entitled may say the same again for another day."""
    same = ImportBatch.objects.filter(kind=batch.kind, sha256=batch.sha256).exclude(pk=batch.pk)
    if KINDS[batch.kind].can_be_full:
        same = same.filter(as_of=batch.as_of, sender_id=batch.sender_id)
    done = same.filter(state__in=(State.APPLIED, State.CONFIRMED)).first()
    if done is not None:
        when = f"于 {done.applied_at:%Y-%m-%d} 导入" if done.applied_at else "正在导入"
        raise Refused(f"内容完全相同的文件已经{when}（第 {done.pk} 批，{done.file_name}），不再导入第二次。")
    waiting = same.filter(state__in=UNDER_WAY).first()
    if waiting is not None and batch.state == State.UPLOADED:
        raise Refused(f"内容完全相同的文件正在等待处理（第 {waiting.pk} 批）；请在那一批里继续，或先放弃那一批。")


def _remembered(form: Upload, region: Region) -> Sender:
    manner = form.manner
    sender, _ = Sender.objects.update_or_create(
        kind=form.kind,
        name=form.sender.strip()[:60],
        region=region,
        defaults={
            "header_row": manner.header_row,
            "foot_rows": manner.foot_rows,
            "clean_ids": manner.clean_ids,
            "columns": manner.columns,
            "is_full": manner.is_full,
        },
    )
    return sender


def _batch(batch_id: int | None) -> ImportBatch:
    batch = ImportBatch.objects.select_related("region", "sender").filter(pk=batch_id).first()
    if batch is None:
        raise Absent
    return batch


def _log_failure(job: Job, batch: ImportBatch, at: datetime, event: str, message: str) -> None:
    details: dict[str, Any] = {"message": message}
    trail.append(
        at=at,
        actor=job.asked_by.username,
        action=event,
        subject=subject_of(batch),
        region=batch.region.code,
        detail=details,
    )
