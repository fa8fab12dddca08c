"""The program that ``tuodi serve``, ``verify`` and ``office`` become, and the worker: Django set up, then one command.

``python -m tuodi.commands.with_database NAME OPTIONS`` with the options as JSON; ``NAME`` is one of Django's
management commands of ``tuodi.web``; one that says so is given ``tell(doing, done, total)`` for its progress.
"""

import json
import os
import signal
import sys
import threading

from django.core.management import call_command, load_command_class
from django.core.management.base import CommandError

from tuodi.commands.console import note, phases
from tuodi.commands.main import guarded
from tuodi.web.launch import prepare


def main() -> int:
    """Run the command the process was started for; return its exit status."""
    return guarded(_run)


def _run() -> int:
    name, options = sys.argv[1], json.loads(sys.argv[2])
    if options.pop("follow_parent", False):
        threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        prepare(is_demo=options.get("demo"))
        command = load_command_class("tuodi.web", name)
        with phases() as tell:
            call_command(command, **options, **({"tell": tell} if "tell" in command.stealth_options else {}))
    except CommandError as stopped:
        if str(stopped):
            note(str(stopped))
        status: int = stopped.returncode
        return status
    return 0


def _end_with_parent() -> None:
    """Wait for the end of standard input, a pipe from the process that started this one; then end like it."""
    # Not sys.stdin: its lock would be held when the program ends by itself.
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
