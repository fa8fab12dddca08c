"""Long work in the background: a queue in the database's own table, asked for in the transaction of what it serves.

A job is taken under a lease. Its progress and the lease's renewal stand in ``progress``; a job whose worker died is
taken up again from the start once the lease has run out, so whatever a job runs must look first whether it is done.
What a job may do is looked up when it runs, by the rights its asker has then.
"""

import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from django.db import OperationalError, transaction
from django.db.models import Q
from django.utils.module_loading import import_string

from tuodi.office import progress
from tuodi.office.access import Actor, actor_of
from tuodi.office.busy import is_busy
from tuodi.office.models import Job, Region
from tuodi.office.refusal import Absent, Refused
from tuodi.office.roles import Action, who_may

logger = logging.getLogger(__name__)

LEASE: Final = timedelta(seconds=90)
ATTEMPTS_MAX: Final = 3
_SECONDS_BETWEEN_SHOWS: Final = 1.0
_NO_RIGHT = "提交人现在没有办理这件事的权限，未执行；可以办理的是：{}。"
_GONE = "要办理的内容已不存在或不在提交人的管辖范围内，未执行。"
_NO_MEMORY = "这份文件需要的内存超过了允许的上限，数据没有改动。请核对文件是否正确；数据确实很多的，请拆成几个文件。"
_GAVE_UP = "程序试了 {} 次都没有完成，数据没有改动。请稍后重试；仍不成功的，请系统管理员查看运行日志。"


Waited = TypeVar("Waited")
Ending = tuple[Any, str]
"""How a job ends: its state, and the message a user reads."""


@dataclass(frozen=True, slots=True)
class JobKind:
    """What one kind of job does: ``run(work) -> message`` and what it needs; ``gave_up(job, at, message)`` tidies up.

    Both are named by their path, so that the queue knows its jobs without importing what asks for them.
    """

    title: str
    action: Action
    run: str
    gave_up: str = ""


KINDS: Final[dict[str, JobKind]] = {
    "import.read": JobKind(
        "读取文件",
        Action.UPLOAD_IMPORT,
        "tuodi.office.operations.imports.read_batch",
        "tuodi.office.operations.imports.reading_gave_up",
    ),
    "import.apply": JobKind(
        "导入",
        Action.CONFIRM_IMPORT,
        "tuodi.office.operations.imports.apply_batch",
        "tuodi.office.operations.imports.applying_gave_up",
    ),
    "import.undo": JobKind("撤销导入", Action.UNDO_IMPORT, "tuodi.office.operations.undo.undo_batch"),
    "trail.verify": JobKind("校验", Action.SEE_TRAIL, "tuodi.office.operations.trail.run_verification"),
    "backup.make": JobKind("备份", Action.MANAGE_SYSTEM, "tuodi.office.operations.system.run_backup"),
    "backup.drill": JobKind("恢复演练", Action.MANAGE_SYSTEM, "tuodi.office.operations.system.run_drill"),
}


@dataclass(slots=True)
class Work:
    """A job under way: whose rights it has, the clock, and whom it tells how far it is."""

    job: Job
    actor: Actor
    now: Callable[[], datetime]
    last: tuple[str, int, int] = ("", 0, 0)
    _shown: float = field(default=-_SECONDS_BETWEEN_SHOWS)

    def tell(self, doing: str, done: int, total: int) -> None:
        """Show progress and renew the lease, at most once in a second."""
        self.last = (doing[:80], done, total)
        moment = time.monotonic()
        if moment - self._shown >= _SECONDS_BETWEEN_SHOWS:
            self._shown = moment
            progress.show(self.job.pk, self.job.worker, progress.Progress(*self.last, self.now() + LEASE))


def ask(
    *,
    kind: str,
    actor: Actor,
    at: datetime,
    subject: int,
    region: Region | None,
    arguments: dict[str, Any] | None = None,
) -> Job:
    """Put a job into the queue, in the caller's transaction: it is there if and only if the operation is."""
    if kind not in KINDS:
        raise ValueError(kind)
    return Job.objects.create(
        kind=kind, subject=subject, arguments=arguments or {}, asked_by=actor.user, region=region, asked_at=at
    )


def work_once(now: Callable[[], datetime]) -> Job | None:
    """Take the next job and do it; return it as it stands afterwards, None where there is nothing to do."""
    job = _patiently(lambda: _take(now()))
    if job is None:
        return None
    work = Work(job, actor_of(job.asked_by, now().date()), now)
    try:
        state, message = _done(work)
    except SystemExit:
        # The worker is asked to end: nothing of the job is kept, and the next worker need not wait for the lease. The
        # turn counts as none: an office may restart its server often while a large file waits.
        job.attempts -= 1
        _end(work, Job.State.QUEUED, "", now())
        raise
    except MemoryError:
        state, message = _failed(job, now(), _NO_MEMORY)
    except OperationalError as error:
        state, message = _busy_or_failed(job, error, now())
    except Exception:
        # A fault of the program or the machine: told in the log, tried again, and given up after some attempts.
        logger.exception("job %s (%s), attempt %s", job.pk, job.kind, job.attempts)
        state, message = _given_up_or_again(job, now())
    _patiently(lambda: _end(work, state, message, now()))
    job.refresh_from_db()
    return job


def latest(kind_prefix: str, subject: int) -> Job | None:
    """Return the last job asked for about something, with its progress as it is now."""
    job = Job.objects.filter(kind__startswith=kind_prefix, subject=subject).order_by("-pk").first()
    if job is not None and job.state == Job.State.RUNNING:
        told = progress.seen(job.pk, job.worker)
        if told is not None:
            job.doing, job.done, job.total = told.doing, told.done, told.total
    return job


def _take(at: datetime) -> Job | None:
    waiting = Q(state=Job.State.QUEUED) | Q(state=Job.State.RUNNING, lease_until__lt=at)
    # Looking before taking: an idle worker takes no write lock on SQLite.
    if not Job.objects.filter(waiting).exists():
        return None
    with transaction.atomic():
        found = Job.objects.select_for_update(skip_locked=True, of=("self",)).filter(waiting).order_by("pk")
        for job in found[:20]:
            if job.state == Job.State.RUNNING and _is_held(job, at):
                continue
            progress.forget(job.pk, job.worker)
            job.state, job.worker = Job.State.RUNNING, secrets.token_hex(8)
            job.attempts += 1
            job.started_at, job.lease_until = at, at + LEASE
            job.done = job.total = 0
            job.doing = job.message = ""
            job.save()
            return job
    return None


def _is_held(job: Job, at: datetime) -> bool:
    told = progress.seen(job.pk, job.worker)
    return told is not None and told.lease_until >= at


def _done(work: Work) -> Ending:
    job, kind = work.job, KINDS[work.job.kind]
    if job.attempts > ATTEMPTS_MAX:
        # Its workers died one after the other, without a word.
        return _given_up_or_again(job, work.now())
    if not work.actor.may(kind.action, job.region_id):
        return _failed(job, work.now(), _NO_RIGHT.format(who_may(kind.action)))
    try:
        return Job.State.DONE, import_string(kind.run)(work)
    except Refused as refused:
        return _failed(job, work.now(), str(refused))
    except Absent:
        return _failed(job, work.now(), _GONE)


def _patiently(write: Callable[[], Waited]) -> Waited:
    """Do a short write of the queue's own, again and again while others keep the database to themselves."""
    while True:
        try:
            return write()
        except OperationalError as error:
            if not is_busy(error):
                raise


def _busy_or_failed(job: Job, error: OperationalError, at: datetime) -> Ending:
    """Let a job wait for another turn, which counts as none, where others were writing."""
    if is_busy(error):
        logger.warning("job %s (%s) found the database busy and waits", job.pk, job.kind)
        job.attempts -= 1
        return Job.State.QUEUED, ""
    logger.exception("job %s (%s), attempt %s", job.pk, job.kind, job.attempts)
    return _given_up_or_again(job, at)


def _failed(job: Job, at: datetime, message: str) -> Ending:
    gave_up = KINDS[job.kind].gave_up
    if gave_up:
        import_string(gave_up)(job, at, message)
    return Job.State.FAILED, message


def _given_up_or_again(job: Job, at: datetime) -> Ending:
    if job.attempts < ATTEMPTS_MAX:
        return Job.State.QUEUED, ""
    return _failed(job, at, _GAVE_UP.format(ATTEMPTS_MAX))


def _end(work: Work, state: Any, message: str, at: datetime) -> None:
    """Write how it ended, unless another worker has taken the job over meanwhile."""
    doing, done, total = work.last
    mine = Job.objects.filter(pk=work.job.pk, worker=work.job.worker, state=Job.State.RUNNING)
    mine.update(
        state=state,
        message=message,
        attempts=work.job.attempts,
        doing=doing,
        done=done,
        total=total,
        lease_until=None,
        finished_at=None if state == Job.State.QUEUED else at,
    )
    progress.forget(work.job.pk, work.job.worker)
