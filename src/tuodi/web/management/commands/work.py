"""The worker: does the office's long jobs one after the other, beside the web server (``tuodi serve`` starts it)."""

import signal
import time
from datetime import datetime
from types import FrameType
from typing import Any, Final

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from tuodi.office import jobs

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

IDLE_SECONDS: Final = 0.5
MEMORY_BYTES_MAX: Final = 4 * 2**30
"""A hostile file may ask for more than the machine has: then the reading fails, not the machine."""


class Command(BaseCommand):
    """See the module."""

    stealth_options = ("once",)

    def handle(self, *, once: bool = False, **_options: Any) -> None:
        """Work until the process is asked to end; with ``once`` until nothing waits."""
        limit_memory()
        stopping: list[int] = []

        def stop(number: int, _frame: FrameType | None) -> None:
            stopping.append(number)
            # The job under way is given back: the next worker takes it up from the start.
            raise SystemExit(0)

        signal.signal(signal.SIGTERM, stop)
        while not stopping:
            close_old_connections()
            if jobs.work_once(datetime.now) is None:
                if once:
                    return
                time.sleep(IDLE_SECONDS)


def limit_memory() -> None:
    """Keep this process within its memory, where the system can."""
    if resource is None:
        return
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    wanted = MEMORY_BYTES_MAX if most == resource.RLIM_INFINITY else min(MEMORY_BYTES_MAX, most)
    resource.setrlimit(resource.RLIMIT_AS, (wanted, most))
