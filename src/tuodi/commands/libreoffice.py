"""LibreOffice as a program beside this one: a Word file becomes a PDF, and what a program printed is read."""

import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

SECONDS_MAX = 90.0


def office_program() -> str | None:
    """Return where LibreOffice is; None where it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def convert_to_pdf(office: str, document: Path, seconds: float = SECONDS_MAX) -> bool:
    """Write ``document`` as a PDF beside it; False where the program could not start, failed or took too long."""
    # A profile of its own: an office that is open on the desktop would take over the call and leave nothing.
    profile = f"-env:UserInstallation={(document.parent / 'profile').absolute().as_uri()}"
    words = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(document.parent), str(document)]
    return ran(words, seconds) is not None


def ran(words: Sequence[str], seconds: float) -> bytes | None:
    """Return what a program printed; None where it could not start, failed or took too long."""
    try:
        process = subprocess.Popen(  # noqa: S603 - programs found on the machine, paths of our own
            words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, start_new_session=True
        )
    except OSError:
        return None
    try:
        printed, _ = process.communicate(timeout=seconds)
        return printed if process.returncode == 0 else None
    except subprocess.TimeoutExpired:
        return None
    finally:
        if process.poll() is None:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program that did not end by itself, and those it started."""
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.communicate()
