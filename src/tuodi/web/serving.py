"""The server of an installation: waitress for the pages, a worker process beside it, the daily anchor of the trail."""

import logging
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from waitress import create_server

THREADS: Final = 8
_LOOK_EVERY_SECONDS = 5.0
_STOP_WITHIN_SECONDS = 10.0
_log = logging.getLogger(__name__)


def listening(host: str, port: int) -> socket.socket:
    """Return a socket bound to that address, not listening yet: whoever calls is refused until all is ready.

    Raises OSError where the port is taken or the address is not this machine's.
    """
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind(address)
    except OSError:
        bound.close()
        raise
    return bound


def server(application: Any, bound: socket.socket) -> Any:
    """Return the web server; it listens from now on and answers once ``run`` is called.

    What the proxy says about the caller is believed from its own address only, and struck out from any other.
    """
    proxy = {}
    if settings.PROXY:
        proxy = {
            "trusted_proxy": settings.PROXY,
            "trusted_proxy_headers": "x-forwarded-for x-forwarded-host x-forwarded-proto",
        }
    return create_server(
        application,
        sockets=[bound],
        threads=THREADS,
        ident=None,
        max_request_body_size=settings.UPLOAD_BYTES_MAX + 2**20,
        **proxy,
    )


class Attendant:
    """Keeps the worker running beside the server and does ``chores`` now and then, until it is stopped.

    The worker's standard input is a pipe from here: when this process is gone, however it ended, the worker sees the
    end of it and goes too.
    """

    def __init__(self, chores: Callable[[datetime], None], now: Callable[[], datetime]) -> None:
        self._chores, self._now = chores, now
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._attend, name="attendant", daemon=True)
        self._worker: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End the worker and wait for it; what it was doing is taken up again at the next start."""
        self._stop.set()
        self._thread.join(_STOP_WITHIN_SECONDS)

    def _attend(self) -> None:
        while not self._stop.is_set():
            if self._worker is None or self._worker.poll() is not None:
                if self._worker is not None:
                    _log.warning("worker ended with %s and is started again", self._worker.returncode)
                self._worker = _start_worker()
            try:
                self._chores(self._now())
            except Exception:  # a chore that fails today is tried again; the pages must stay
                _log.exception("chore")
            self._stop.wait(_LOOK_EVERY_SECONDS)
        if self._worker is not None:
            _end(self._worker)


def _start_worker() -> subprocess.Popen[bytes]:
    words = [sys.executable, "-P", "-m", "tuodi.commands.with_database", "work", '{"follow_parent": true}']
    return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)  # noqa: S603 - our own program


def _end(worker: subprocess.Popen[bytes]) -> None:
    worker.terminate()
    try:
        worker.wait(_STOP_WITHIN_SECONDS / 2)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()
