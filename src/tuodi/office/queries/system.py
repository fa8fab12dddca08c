"""What the system administrator looks at: the installation's facts, the jobs; never anybody's data."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection

from tuodi import __version__
from tuodi.office import progress
from tuodi.office.anchors import last
from tuodi.office.jobs import KINDS
from tuodi.office.models import County, ImportBatch, Job, Person, Settlement, TrailHead, User
from tuodi.office.plain_sql import is_sqlite, sqlite_path
from tuodi.office.roles import Action

# docs/installation.md asks for a backup every day and a drill every month.
_BACKUP_DAYS: Final = 1
_DRILL_DAYS: Final = 31


@dataclass(frozen=True, slots=True)
class JobShown:
    """One job in words; ``message`` only of the administrator's own kinds: others may speak of people."""

    job: Job
    title: str
    message: str
    may_retry: bool


def installation_facts() -> list[tuple[str, str]]:
    """Return what this installation is, as name and value."""
    newest = last()
    size = _database_bytes()
    folder = Path(settings.UPLOADS)
    uploads = sum(path.stat().st_size for path in folder.iterdir()) if folder.is_dir() else 0
    return [
        ("程序版本", __version__),
        ("执行的政策", "、".join(County.objects.values_list("policies", flat=True).first() or ()) or "没有登记"),
        (
            "数据库",
            f"SQLite {connection.Database.sqlite_version}" if is_sqlite() else f"PostgreSQL {_server_version()}",
        ),
        ("数据库大小", megabytes(size)),
        ("上传的文件", f"{ImportBatch.objects.count()} 批，{megabytes(uploads)}"),
        ("人员", f"{Person.objects.count():,}"),
        ("结算", f"{Settlement.objects.count():,}"),
        ("用户", f"{User.objects.filter(is_active=True).count()} 人启用"),
        ("留痕", f"{TrailHead.objects.get(pk=1).number:,} 条"),
        ("最近的锚点", f"{newest.at:%Y-%m-%d %H:%M}，到第 {newest.number:,} 条" if newest else "还没有"),
    ]


def jobs_shown(limit: int = 50) -> list[JobShown]:
    """Return the newest jobs, those waiting and running first, with how far they are."""
    under_way = (Job.State.QUEUED, Job.State.RUNNING)
    newest = Job.objects.select_related("asked_by").order_by("-pk")
    found = [*newest.filter(state__in=under_way)[:limit], *newest.exclude(state__in=under_way)[:limit]]
    return [_shown(job) for job in found[:limit]]


def _shown(job: Job) -> JobShown:
    told = progress.seen(job.pk, job.worker) if job.state == Job.State.RUNNING else None
    if told is not None:
        job.doing, job.done, job.total = told.doing, told.done, told.total
    kind = KINDS.get(job.kind)
    title = kind.title if kind else job.kind
    is_own = kind is not None and kind.action == Action.MANAGE_SYSTEM
    return JobShown(job, title, job.message if is_own else "", may_retry(job))


def may_retry(job: Job) -> bool:
    """Tell whether a failed job can be put back into the queue as it is: one that was given up tidily cannot."""
    kind = KINDS.get(job.kind)
    return job.state == Job.State.FAILED and kind is not None and not kind.gave_up


def megabytes(size: int) -> str:
    """Return a size in words."""
    return f"{size / 2**20:,.1f} MB"


def backup_is_old(made: datetime | None, now: datetime) -> bool:
    """Tell whether the newest backup is older than it should be; None: there is none."""
    return _is_older(made, now, _BACKUP_DAYS)


def drill_is_old(done: datetime | None, now: datetime) -> bool:
    """Tell whether the last drill that went well is longer ago than it should be; None: there was none."""
    return _is_older(done, now, _DRILL_DAYS)


def _is_older(at: datetime | None, now: datetime, days: int) -> bool:
    return at is None or (now.date() - at.date()).days > days


def _database_bytes() -> int:
    if is_sqlite():
        names = (sqlite_path(), sqlite_path().with_name(sqlite_path().name + "-wal"))
        return sum(path.stat().st_size for path in names if path.exists())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def _server_version() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return str(cursor.fetchone()[0])
