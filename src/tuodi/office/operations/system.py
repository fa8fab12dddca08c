"""What the system administrator does: backups, drills, keys; each leaves its entry in the trail."""

from datetime import datetime
from pathlib import Path

from django.conf import settings

from tuodi.kernel.files import written_whole
from tuodi.office import backup, restore
from tuodi.office.access import Actor
from tuodi.office.jobs import Work, ask
from tuodi.office.models import Job
from tuodi.office.operations.writing import writing
from tuodi.office.progress import Tell, silent
from tuodi.office.queries.system import may_retry
from tuodi.office.refusal import Absent, Refused
from tuodi.office.resealing import is_unfinished, reseal_all
from tuodi.office.roles import Action
from tuodi.office.secrets import add_key


def back_up(*, actor: Actor, at: datetime, to: Path | None = None, tell: Tell = silent) -> backup.Backup:
    """Make a backup, checked. Raises Refused with the reason where it cannot be made."""
    with writing(actor, Action.MANAGE_SYSTEM, at) as write:
        write.log("backup.begun", "system 1")
    try:
        made = backup.make(at, to, tell)
    except backup.NotDone as problem:
        raise Refused(str(problem)) from None
    with writing(actor, Action.MANAGE_SYSTEM, at) as write:
        head = made.facts.head
        write.log("backup.made", "system 1", name=made.folder.name, entries=head.number if head else 0)
    return made


def practise(*, actor: Actor, at: datetime, name: str, among: Path | None = None, tell: Tell = silent) -> restore.Drill:
    """Restore a backup into a temporary place and compare it; ``name`` is its folder's. Raises Refused, Absent."""
    found = next((each for each in backup.listed(among) if each.folder.name == name), None)
    if found is None:
        raise Absent
    try:
        done = restore.drill(found, at, tell)
    except backup.NotDone as problem:
        raise Refused(str(problem)) from None
    with writing(actor, Action.MANAGE_SYSTEM, at) as write:
        write.log("backup.drilled", "system 1", name=name, faults=len(done.faults))
    return done


def tell_restored(*, actor: Actor, at: datetime, restored: backup.Backup) -> None:
    """Write into the restored installation's trail that it was restored, and from what."""
    with writing(actor, Action.MANAGE_SYSTEM, at) as write:
        write.log("backup.restored", "system 1", name=restored.folder.name, made=restored.at.isoformat())


def copy_keys(*, actor: Actor, at: datetime, to: Path) -> None:
    """Copy the file of keys to another place. Raises Refused where a file stands there, OSError."""
    if to.exists():
        raise Refused(f"{to} 已经存在，没有覆盖；请换一个文件名。")
    with written_whole(to) as path:
        path.chmod(0o600)
        path.write_bytes(Path(settings.KEYS_FILE).read_bytes())
    with writing(actor, Action.MANAGE_SYSTEM, at) as write:
        write.log("keys.copied", "system 1")


def rotate_key(*, actor: Actor, at: datetime, tell: Tell = silent) -> int:
    """Add a new key and seal everything again by it; return how many values and files were sealed again.

    Where the last rotation was interrupted no key is added, the rest is done. Old keys stay in the file: they read what
    is in older backups, and the blind index is made by the first, so that search works throughout.
    """
    with writing(actor, Action.MANAGE_SYSTEM, at) as write:
        if not is_unfinished():
            write.log("key.added", "system 1", number=add_key())
        else:
            write.log("key.continued", "system 1")
    count = 0
    for count in reseal_all():
        tell("重新加密", count, 0)
    with writing(actor, Action.MANAGE_SYSTEM, at) as write:
        write.log("key.rotated", "system 1", sealed_again=count)
    return count


def ask_for_backup(*, actor: Actor, at: datetime) -> Job:
    """Put a backup into the queue."""
    return _ask("backup.make", "backup.asked", actor, at)


def ask_for_drill(*, actor: Actor, at: datetime, name: str) -> Job:
    """Put a drill of one backup into the queue."""
    if all(each.folder.name != name for each in backup.listed()):
        raise Absent
    return _ask("backup.drill", "backup.drill_asked", actor, at, name)


def _ask(kind: str, event: str, actor: Actor, at: datetime, name: str = "") -> Job:
    with writing(actor, Action.MANAGE_SYSTEM, at) as write:
        if Job.objects.filter(kind__startswith="backup.", state__in=(Job.State.QUEUED, Job.State.RUNNING)).exists():
            raise Refused("已有备份或演练在进行，请等它完成。")
        job = ask(kind=kind, actor=actor, at=at, subject=0, region=None, arguments={"name": name})
        write.log(event, f"job {job.pk}", name=name)
    return job


def run_backup(work: Work) -> str:
    """Do the job of a backup."""
    made = back_up(actor=work.actor, at=work.now(), tell=work.tell)
    return f"已备份到 {made.folder.name}，写好后核对无误。"


def run_drill(work: Work) -> str:
    """Do the job of a drill."""
    done = practise(actor=work.actor, at=work.now(), name=work.job.arguments["name"], tell=work.tell)
    if done.faults:
        raise Refused("演练发现不符：" + "".join(done.faults[:5]))
    return "已恢复到临时的地方，与清单、留痕链条核对全部相符，然后删去。"


def retry_job(*, actor: Actor, at: datetime, job_id: int) -> Job:
    """Put a failed job back into the queue. Raises Refused, Absent."""
    with writing(actor, Action.MANAGE_SYSTEM, at) as write:
        job = Job.objects.select_for_update(of=("self",)).filter(pk=job_id).first()
        if job is None:
            raise Absent
        if not may_retry(job):
            raise Refused("这项任务不能原样重做；导入没有读完的，请经办人在那一批的页面上点“重新读取”。")
        job.state, job.attempts, job.message = Job.State.QUEUED, 0, ""
        job.finished_at = None
        job.save(update_fields=["state", "attempts", "message", "finished_at"])
        write.log("job.retried", f"job {job.pk}", kind=job.kind)
    return job
