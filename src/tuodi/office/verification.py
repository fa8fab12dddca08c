"""The verification of an installation: the trail, its anchors, the database's own guards, and all results."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection, transaction

from tuodi.office import anchors, triggers
from tuodi.office.anchors import Anchor, Unreadable
from tuodi.office.checking import differences
from tuodi.office.models import County
from tuodi.office.plain_sql import Rows, is_sqlite, snapshot
from tuodi.office.told_rows import Compared, ToldRows
from tuodi.office.verify import Breach, Report, chain, entries, read_head

Progress = Callable[[str, int, int], None]

KEPT_AT_MOST: Final = 100


@dataclass(frozen=True, slots=True)
class Verification:
    """What was checked and what was found: the trail's report, missing guards, rows that are not as the trail tells,
    and results that do not follow.

    ``rows`` and ``results`` hold the first hundred of ``rows_found`` and ``results_found``; ``compared`` is how many
    rows were looked at.
    """

    trail: Report
    guards: tuple[Breach, ...]
    rows: tuple[Breach, ...]
    rows_found: int
    compared: Compared
    results: tuple[Breach, ...]
    results_found: int

    @property
    def found(self) -> int:
        """Return how many things are not as they must be."""
        return self.trail.found + len(self.guards) + self.rows_found + self.results_found

    @property
    def breaches(self) -> tuple[Breach, ...]:
        """Return them: the trail's first; at most a hundred of each kind."""
        return self.trail.breaches + self.guards + self.rows + self.results

    def summary(self) -> str:
        """Return in a sentence what was checked and whether it holds."""
        last = self.trail.last_anchor
        kept = f"锚点 {self.trail.anchors} 个，最近的到第 {last} 条" if last is not None else "还没有锚点"
        rows = f"办理、经手、岗位和委托 {self.compared.rows} 条已与留痕逐条核对"
        if self.compared.in_part:
            rows += f"（其中 {self.compared.in_part} 条的留痕是 0.4.0 版写的，内容较少，只核对其中记下的各项）"
        checked = f"留痕 {self.trail.entries} 条，{kept}；{rows}；累计数和各笔结果已重新计算。"
        return checked + (f"发现 {self.found} 处不符。" if self.found else "全部相符。")

    def answer(self) -> dict[str, Any]:
        """Return it as ``tuodi verify --json`` writes it."""
        return {
            "entries": self.trail.entries,
            "head": {"number": self.trail.head.number, "hash": self.trail.head.hash},
            "anchors": self.trail.anchors,
            "last_anchor": self.trail.last_anchor,
            "found": self.found,
            "first_bad": self.trail.first_bad,
            "findings": [
                {"check": breach.check, "number": breach.number, "message": breach.sentence} for breach in self.breaches
            ],
        }

    def kept(self) -> str:
        """Return the summary and what was found as lines of text, for a job's result."""
        return "\n".join([self.summary(), *(breach.sentence for breach in self.breaches)])


def verify(outside: Sequence[Anchor | Unreadable] = (), tell: Progress = lambda *_: None) -> Verification:
    """Verify the installation as of now; ``outside`` are anchors that somebody else kept."""
    with snapshot() as now:
        head = read_head(now.rows)
        total = head.number if head else 0
        told = ToldRows()
        watched = told.watch(entries(now.rows))
        trail = chain(watched, head, [*anchors.kept(), *outside], lambda done: tell("核对留痕", done, total))
        guards = _missing_triggers(now.rows)
        rows, rows_found = _first(told.compare(now.rows))
    results, count = _results(tell)
    return Verification(trail, tuple(guards), tuple(rows), rows_found, told.compared(), tuple(results), count)


def _missing_triggers(rows: Rows) -> list[Breach]:
    listed = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    if not is_sqlite():
        listed = (
            "SELECT t.tgname, f.prosrc FROM pg_trigger t JOIN pg_proc f ON f.oid = t.tgfoid "
            "WHERE t.tgenabled IN ('O', 'A') AND t.tgqual IS NULL"
        )
    there: dict[str, str] = dict(rows(listed))
    expected = triggers.bodies(connection.vendor)
    return [
        Breach("trigger", None, f"数据库里保护 {table} 的触发器 {name} 不在、被停用或被改写：有人动过数据库的结构。")
        for name, table in triggers.names()
        if there.get(name) != expected[name]
    ]


def _results(tell: Progress) -> tuple[list[Breach], int]:
    """Return the first results that do not follow from the facts, and how many there are."""
    if not County.objects.exists():
        return [], 0
    if is_sqlite():
        # Without a transaction nobody has to wait. What is found may be a change under way: look again, holding still.
        found = _first(_of_results(tell))
        if not found[1]:
            return found
    with _holding_still():
        return _first(_of_results(tell))


def _of_results(tell: Progress) -> Iterator[Breach]:
    return (Breach("result", None, difference.sentence()) for difference in differences(tell))


def _first(found: Iterator[Breach]) -> tuple[list[Breach], int]:
    kept: list[Breach] = []
    count = 0
    for count, breach in enumerate(found, start=1):
        if count <= KEPT_AT_MOST:
            kept.append(breach)
    return kept, count


@contextmanager
def _holding_still() -> Iterator[None]:
    with transaction.atomic():
        if not is_sqlite():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield
