"""Several at once: works in threads of their own, which meet where a lock would keep one of them off."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Thread
from typing import Any

import pytest
from django.db import connection

PATIENCE = 0.4


def together(works: Sequence[Callable[[], object]]) -> list[BaseException]:
    """Run works at the same moment in threads of their own, each with its own connection; return what they raised."""
    raised: list[BaseException] = []
    start = Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        try:
            start.wait(10)
            work()
        except BaseException as problem:  # a thread's fault is the test's to judge
            raised.append(problem)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def meeting(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, parties: int = 2) -> None:
    """Let threads wait for each other, a moment, when they come to call ``name``: who is kept off by a lock is late."""
    barrier, original = Barrier(parties), getattr(module, name)

    def meet(*args: Any, **named: Any) -> Any:
        with suppress(BrokenBarrierError):
            barrier.wait(PATIENCE)
        return original(*args, **named)

    monkeypatch.setattr(module, name, meet)
