"""Anchors: the trail's last number and hash, kept outside the database, where changing the database does not reach.

A line of the file is ``time number hash link``; ``link`` is SM3 over the line before (zeros for the first), so that the
file is a chain of its own. Lines are only added. Copies that others keep (a signed page, the auditor's own file) are
worth more: who can write the database can often write this file too.
"""

import fcntl
import os
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from tuodi.office.models import TrailEntry, TrailHead
from tuodi.office.trail import START, sm3

_LINE = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d) (\d{1,18}) ([0-9a-f]{64})(?: ([0-9a-f]{64}))?")
_MODE = 0o600
# What is anchored at once and not only at the end of the day: an import changes many people's results.
_AFTER = "import.applied"


@dataclass(frozen=True, slots=True)
class Anchor:
    """What the trail's last entry was at a time; ``link`` is empty where a copy without it was kept."""

    at: datetime
    number: int
    hash: str
    link: str = ""

    def line(self) -> str:
        """Return it as the file keeps it, without the line end."""
        return " ".join(filter(None, (self.at.isoformat(timespec="seconds"), str(self.number), self.hash, self.link)))


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line that is no anchor, or that does not follow the line before it."""

    row: int
    is_broken_link: bool


def read(text: str) -> list[Anchor | Unreadable]:
    """Return the anchors of a file or a pasted text, line by line, with what cannot be read in its place.

    Empty lines are passed over. Where lines carry links, each must be that of the line before.
    """
    found: list[Anchor | Unreadable] = []
    before = ""
    for row, line in enumerate(text.splitlines(), start=1):
        line = line.strip().lstrip("\ufeff")
        if not line:
            continue
        parts = _LINE.fullmatch(line)
        anchor = _anchor(parts) if parts else None
        if anchor is None:
            found.append(Unreadable(row, is_broken_link=False))
        elif anchor.link and anchor.link != (sm3(before) if before else START):
            found += [Unreadable(row, is_broken_link=True), anchor]
        else:
            found.append(anchor)
        before = line
    return found


def _anchor(parts: re.Match[str]) -> Anchor | None:
    try:
        at = datetime.fromisoformat(parts[1])
    except ValueError:
        return None
    return Anchor(at, int(parts[2]), parts[3], parts[4] or "")


def kept() -> list[Anchor | Unreadable]:
    """Return what stands in the installation's file of anchors."""
    path = Path(settings.ANCHORS_FILE)
    return read(path.read_text(encoding="ascii", errors="replace")) if path.exists() else []


def last() -> Anchor | None:
    """Return the newest anchor of the installation's file."""
    return next((each for each in reversed(kept()) if isinstance(each, Anchor)), None)


def anchor(at: datetime) -> Anchor:
    """Add the trail's head to the file, on disk when this returns. Raises OSError where the file cannot be written.

    An unchanged head is added too: the line then says that nothing happened since.
    """
    path = Path(settings.ANCHORS_FILE)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, _MODE), "r+", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        lines = file.read().splitlines()
        # Read under the lock: of two who anchor at once, the later line must not hold the older head.
        head = TrailHead.objects.get(pk=1)
        made = Anchor(at, head.number, head.hash, sm3(lines[-1].strip()) if lines else START)
        file.write(made.line() + "\n")
        file.flush()
        os.fsync(file.fileno())
    return made


def anchor_due(at: datetime) -> Anchor | None:
    """Anchor if that was not done today, or a file was applied since; return the anchor made, if any."""
    newest = last()
    if newest is None:
        return anchor(at) if TrailEntry.objects.exists() else None
    applied_since = TrailEntry.objects.filter(action=_AFTER, number__gt=newest.number)
    return anchor(at) if newest.at.date() != at.date() or applied_since.exists() else None
