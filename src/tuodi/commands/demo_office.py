"""The demo's part about the office: one town brought in by a process of its own, beside the rest of the demo."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tuodi.office.town_shown import TownShown

# What an office sets for its own installation must not lead the demo there.
_OF_AN_INSTALLATION = ("TUODI_", "DATABASE_URL", "DJANGO_")


class OfficeFailed(Exception):
    """The office's process ended without an answer; what it had to say stands on standard error."""


@contextmanager
def office_at_work() -> Iterator[Callable[[], TownShown]]:
    """Start the office's process; give a function that waits for its answer and raises OfficeFailed without one.

    Its installation lies in a temporary folder. Both are gone when the block ends, however it ends.
    """
    with tempfile.TemporaryDirectory(prefix="tuodi-demo-") as home:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_OF_AN_INSTALLATION)}
        words = [sys.executable, "-P", "-m", "tuodi.commands.with_database", "show_town"]
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [*words, '{"demo": true, "follow_parent": true}'],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=kept | {"TUODI_HOME": home},
            start_new_session=True,
        )
        try:
            yield lambda: _answer(process)
        finally:
            # Ended by itself already where all went well.
            process.kill()
            process.communicate()


def _answer(process: subprocess.Popen[bytes]) -> TownShown:
    # Not communicate(): it closes the pipe whose end tells the process that this one is gone.
    answer = process.stdout.read() if process.stdout else b""
    if process.wait():
        raise OfficeFailed
    return TownShown(**json.loads(answer))
