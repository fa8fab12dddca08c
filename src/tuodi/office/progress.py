"""How far running jobs are: a small file for each, beside the database.

A job's own transaction may last a minute, and on SQLite nobody else can write meanwhile; what it writes inside its
transaction nobody sees before the end. A file, replaced whole, is seen at once, on both databases alike.
"""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

Tell = Callable[[str, int, int], None]
"""``tell(doing, done, total)``: progress; cheap to call often. ``doing`` is Chinese, at most 80 characters."""


def silent(_doing: str, _done: int, _total: int) -> None:
    """Tell nobody."""


class Progress(NamedTuple):
    """``done`` of ``total`` of what it is ``doing``; until ``lease_until`` the job is its worker's alone."""

    doing: str
    done: int
    total: int
    lease_until: datetime


def _path(job_id: int, worker: str) -> Path:
    return Path(settings.HOME) / "progress" / f"{job_id}-{worker}.json"


def show(job_id: int, worker: str, progress: Progress) -> None:
    """Write a job's progress."""
    path = _path(job_id, worker)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_suffix(".new")
    temporary.write_text(
        json.dumps([progress.doing, progress.done, progress.total, progress.lease_until.isoformat()]), encoding="utf-8"
    )
    temporary.replace(path)


def seen(job_id: int, worker: str) -> Progress | None:
    """Return a job's progress, None where it has told none."""
    try:
        doing, done, total, until = json.loads(_path(job_id, worker).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return Progress(doing, done, total, datetime.fromisoformat(until))


def forget(job_id: int, worker: str) -> None:
    """Take the file of an ended job away."""
    _path(job_id, worker).unlink(missing_ok=True)
