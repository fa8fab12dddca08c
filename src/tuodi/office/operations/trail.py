"""What the auditor does with the trail: have it verified, anchor it, take a part of it along."""

from datetime import datetime
from typing import Final

from tuodi.office import anchors
from tuodi.office.access import Actor
from tuodi.office.anchors import Anchor
from tuodi.office.jobs import Work, ask
from tuodi.office.models import Job, TrailEntry
from tuodi.office.operations.exporting import Exported, check_count, keys_in_order, read_in_pieces
from tuodi.office.operations.writing import writing
from tuodi.office.queries.trail import Asked, Shown, chosen, shown
from tuodi.office.refusal import Refused
from tuodi.office.roles import Action
from tuodi.office.verification import verify
from tuodi.report.tables import Column, Row

LINES_MAX: Final = 2_000
_COLUMNS: Final = tuple(
    map(
        Column,
        (
            "序号",
            "时间",
            "用户名",
            "姓名",
            "代谁办理",
            "事项",
            "对象",
            "地区",
            "详情",
            "详情原文",
            "上一条校验值",
            "校验值",
        ),
    )
)


def ask_for_verification(*, actor: Actor, at: datetime, kept: str = "") -> Job:
    """Put a verification into the queue; ``kept`` are lines of anchors somebody kept elsewhere. Raises Refused."""
    lines = kept.splitlines()
    if len(lines) > LINES_MAX:
        raise Refused(f"锚点最多写 {LINES_MAX} 行；请只写要核对的。")
    if wrong := [each.row for each in anchors.read(kept) if not isinstance(each, Anchor) and not each.is_broken_link]:
        raise Refused(f"另存的锚点第 {wrong[0]} 行不是锚点的写法；应为“时间 序号 校验值”，与打印页上的一行相同。")
    with writing(actor, Action.SEE_TRAIL, at) as write:
        waiting = Job.objects.filter(kind="trail.verify", state__in=(Job.State.QUEUED, Job.State.RUNNING))
        if waiting.exists():
            raise Refused("已有一次校验在进行，请等它完成。")
        job = ask(kind="trail.verify", actor=actor, at=at, subject=0, region=None, arguments={"kept": kept})
        write.log("trail.verify_asked", f"job {job.pk}", anchors=len(lines))
    return job


def run_verification(work: Work) -> str:
    """Do the job of a verification; the result stays as the job's message, what was found in the trail too."""
    done = verify(anchors.read(work.job.arguments["kept"]), work.tell)
    with writing(work.actor, Action.SEE_TRAIL, work.now()) as write:
        write.log("trail.verified", f"job {work.job.pk}", entries=done.trail.entries, found=done.found)
    return done.kept()


def anchor_trail(*, actor: Actor, at: datetime) -> Anchor:
    """Anchor the trail now. Raises Refused where the file cannot be written."""
    with writing(actor, Action.ANCHOR_TRAIL, at) as write:
        try:
            made = anchors.anchor(at)
        except OSError:
            raise Refused("锚点文件写不进去；请系统管理员检查 TUODI_ANCHORS 所指的文件夹和磁盘。") from None
        write.log("trail.anchored", f"entry {made.number}", hash=made.hash)
    return made


def export_trail(*, actor: Actor, at: datetime, asked: Asked) -> Exported:
    """Return the entries of the filters, the newest first, each with its place in the chain. Raises Refused."""
    with writing(actor, Action.SEE_TRAIL, at) as write:
        found = chosen(actor, asked)
        check_count(found.count(), "条", "按日期或人员缩小范围")
        keys = keys_in_order(found)
        write.log("trail.exported", "trail 1", rows=len(keys))
    pieces = read_in_pieces(TrailEntry.objects.all(), keys)
    return Exported(_COLUMNS, (_row(each) for piece in pieces for each in shown(piece)))


def _row(each: Shown) -> Row:
    entry = each.entry
    at = entry.at.isoformat(sep=" ", timespec="seconds")
    whom = (entry.actor, each.who, each.behalf)
    details = "；".join(f"{name}：{value}" for name, value in each.details)
    # The check values are those of the details as they were written.
    proof = (entry.detail, entry.previous, entry.hash)
    return (str(entry.number), at, *whom, each.what, each.about, each.where, details, *proof)
