"""What a person sees: answers on standard output; notes, findings and progress on standard error."""

import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from io import TextIOWrapper
from pathlib import Path
from threading import Timer
from typing import TextIO

from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from tuodi.kernel.finding import Finding, Severity

BAR_AFTER_SECONDS = 2.0
LINE_EVERY_SECONDS = 10.0
WIDTH_WITHOUT_TERMINAL = 160

WORDS = {Severity.ERROR: "错误", Severity.WARNING: "提醒", Severity.INFO: "说明"}


def speak_chinese() -> None:
    """Make both streams able to carry Chinese whatever the locale says; files and pipes are always UTF-8.

    A stream that was closed before the start goes nowhere: Python has None for it, and what belongs on standard error
    would end up in the answer.
    """
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            keep = stream.isatty() and _carries_chinese(stream.encoding)
            stream.reconfigure(encoding=stream.encoding if keep else "utf-8", errors="backslashreplace")


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")


def _carries_chinese(encoding: str) -> bool:
    try:
        "托底：".encode(encoding)
    except (LookupError, UnicodeEncodeError):
        return False
    return True


def _printable(text: str) -> str:
    """Return the text without control characters: a cell of a file must not steer the terminal."""
    return "".join(char if char.isprintable() or char in "\n\t\u3000" else "\N{REPLACEMENT CHARACTER}" for char in text)


def _line(text: str, stream: TextIO) -> None:
    # print() and not rich: rich would cut or wrap a sentence at the width it believes in.
    print(_printable(text), file=stream)


def say(text: str) -> None:
    """Print an answer on standard output."""
    _line(text, sys.stdout)


def note(text: str) -> None:
    """Tell something beside the answer on standard error."""
    _line(text, sys.stderr)


def warn(text: str) -> None:
    """Print a sentence that needs attention on standard error."""
    _line(f"提醒：{text}", sys.stderr)


def show(content: RenderableType) -> None:
    """Print a rich table or the like on standard output; without a terminal it is wide enough not to be cut."""
    terminal = sys.stdout.isatty()
    Console(highlight=False, width=None if terminal else WIDTH_WITHOUT_TERMINAL).print(content)


def show_note(content: RenderableType) -> None:
    """Print a rich table or the like beside the answer, on standard error."""
    width = None if sys.stderr.isatty() else WIDTH_WITHOUT_TERMINAL
    Console(stderr=True, highlight=False, width=width).print(content)


def print_findings(findings: Iterable[Finding], limit: int = 20) -> None:
    """Print findings on standard error, errors first; beyond ``limit`` each rule shows examples and a count."""
    groups: dict[tuple[Severity, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        groups[finding.severity, finding.rule].append(finding)
    if not groups:
        return
    total = sum(len(group) for group in groups.values())
    shown_of_each = total if total <= limit else max(1, limit // len(groups))
    for severity in Severity:
        for (of_severity, rule), group in groups.items():
            if of_severity is not severity:
                continue
            for finding in group[:shown_of_each]:
                _line(f"{WORDS[severity]}：{finding.sentence()}", sys.stderr)
            if len(group) > shown_of_each:
                _line(f"　　……同类（{rule}）共 {len(group)} 条，还有 {len(group) - shown_of_each} 条未列出", sys.stderr)
    counts = {severity: sum(len(group) for (of, _), group in groups.items() if of is severity) for severity in Severity}
    _line("，".join(f"{WORDS[severity]} {count} 条" for severity, count in counts.items() if count) + "。", sys.stderr)


@contextmanager
def progress(title: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """Give a function to call with the number of things done since the last call.

    A bar appears on standard error when the block takes over two seconds; where standard error is not a terminal a
    plain line tells how far it is now and then, so that a short run prints nothing.
    """
    console = Console(stderr=True)
    if not console.is_interactive:
        yield _plain_progress(title, total)
        return
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )
    task = bar.add_task(title, total=total)
    timer = Timer(BAR_AFTER_SECONDS, bar.start)
    timer.daemon = True
    timer.start()
    try:
        yield lambda done: bar.advance(task, done)
    finally:
        timer.cancel()
        timer.join()
        if bar.live.is_started:
            bar.stop()


@contextmanager
def phases() -> Iterator[Callable[[str, int, int], None]]:
    """Give a function told what is being done and how far it is, ``(doing, done, total)``: a progress for each thing.

    A ``total`` of 0 is not known.
    """
    with ExitStack() as shown:
        now, before = "", 0
        advance: Callable[[int], None] = lambda _: None  # noqa: E731 - replaced with the first thing done

        def tell(doing: str, done: int, total: int) -> None:
            nonlocal now, before, advance
            if doing != now:
                shown.pop_all().close()
                advance = shown.enter_context(progress(doing, total or None))
                now, before = doing, 0
            advance(done - before)
            before = done

        yield tell


def _plain_progress(title: str, total: int | None) -> Callable[[int], None]:
    told_at = time.monotonic()
    count = 0

    def advance(done: int) -> None:
        nonlocal told_at, count
        count += done
        if time.monotonic() - told_at >= LINE_EVERY_SECONDS:
            told_at = time.monotonic()
            note(f"{title}：已完成 {count}" + (f" / {total}" if total else ""))

    return advance
