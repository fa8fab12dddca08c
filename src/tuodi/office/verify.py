"""Does the trail's chain hold, and does it agree with the anchors kept outside the database?

Any later change to an entry at or before an anchor shows: an edited entry no longer has its hash, a taken, added or
exchanged one breaks the numbers or the links, a chain computed anew or cut does not meet the anchor.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from tuodi.office.anchors import Anchor, Unreadable
from tuodi.office.plain_sql import Rows
from tuodi.office.trail import START, hash_of

BATCH: Final = 10_000
_NAMED_AT_MOST = 100
_FIELDS = "number, at, actor, on_behalf_of, action, subject, region, detail, previous, hash"


class Entry(NamedTuple):
    """An entry as it lies in the table ``office_trailentry``."""

    number: int
    at: datetime
    actor: str
    on_behalf_of: str
    action: str
    subject: str
    region: str
    detail: str
    previous: str
    hash: str


class Head(NamedTuple):
    """The head's row: number and hash of the last entry."""

    number: int
    hash: str


@dataclass(frozen=True, slots=True)
class Breach:
    """One thing that is not as it must be: which check, at which entry (None: not at one), in a sentence.

    Checks: number, hash, previous, head, anchor, anchor-file, trigger, row (``office.told_rows``), and that of the
    results (``office.checking``).
    """

    check: str
    number: int | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a verification saw; ``breaches`` holds the first hundred of ``found``."""

    entries: int
    head: Head
    anchors: int
    last_anchor: int | None
    found: int
    breaches: tuple[Breach, ...]

    @property
    def first_bad(self) -> int | None:
        """Return the lowest number of an entry that is not as it must be."""
        return min((breach.number for breach in self.breaches if breach.number is not None), default=None)


def read_head(rows: Rows) -> Head | None:
    """Return the head's row, None where it is missing."""
    found = list(rows("SELECT number, hash FROM office_trailhead WHERE id = 1"))
    return Head(*found[0]) if found else None


def entries(rows: Rows) -> Iterator[Entry]:
    """Give the entries in the order of their numbers, some thousands at a time."""
    after = -(2**62)
    while True:
        batch = list(
            rows(f"SELECT {_FIELDS} FROM office_trailentry WHERE number > {after} ORDER BY number LIMIT {BATCH}")  # noqa: S608
        )
        if not batch:
            return
        for row in batch:
            # SQLite would let somebody put a blob where a text belongs; it then has another hash.
            yield Entry(row[0], time_of(row[1]), *(each if isinstance(each, str) else repr(each) for each in row[2:]))
        after = batch[-1][0]


def time_of(value: Any) -> datetime:
    """Return a stored time: SQLite keeps it as text. One that was spoilt is read as the beginning of time."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    try:
        return datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return datetime.min


class _Breaches:
    """Collects breaches; beyond some the count is enough."""

    def __init__(self) -> None:
        self.count = 0
        self.first: list[Breach] = []

    def add(self, check: str, number: int | None, sentence: str) -> None:
        self.count += 1
        if len(self.first) < _NAMED_AT_MOST:
            self.first.append(Breach(check, number, sentence))


def chain(
    found: Iterable[Entry],
    head: Head | None,
    anchors: Sequence[Anchor | Unreadable] = (),
    progress: Callable[[int], None] = lambda _count: None,
) -> Report:
    """Check the entries one by one, the head after the last, and every anchor. The hash of each is computed again."""
    breaches = _Breaches()
    for unreadable in anchors:
        if isinstance(unreadable, Unreadable):
            why = "与上一行接不上，文件被改过" if unreadable.is_broken_link else "不是锚点的写法"
            breaches.add("anchor-file", None, f"锚点文件第 {unreadable.row} 行{why}；请与另存的锚点核对。")
    kept = [each for each in anchors if isinstance(each, Anchor)]
    expected: dict[int, list[Anchor]] = {}
    for anchor in kept:
        expected.setdefault(anchor.number, []).append(anchor)
    last = Head(0, START)
    _meet(expected.pop(0, []), last, breaches)
    count = 0
    for entry in found:
        _check(entry, last, breaches)
        last = Head(entry.number, entry.hash)
        _meet(expected.pop(entry.number, []), last, breaches)
        count += 1
        if count % BATCH == 0:
            progress(count)
    if head != last:
        shown = f"第 {head.number} 条" if head else "没有"
        at = min(last.number, head.number) + 1 if head and head.number != last.number else max(last.number, 1)
        breaches.add("head", at, f"留痕的末尾是第 {last.number} 条，而登记的末尾是{shown}，或两者的校验值不同。")
    for number, missed in sorted(expected.items()):
        for anchor in missed:
            breaches.add("anchor", number, f"{anchor.at:%Y-%m-%d %H:%M} 的锚点记着第 {number} 条，现在没有这一条。")
    newest = max((anchor.number for anchor in kept), default=None)
    return Report(count, head or Head(0, ""), len(kept), newest, breaches.count, tuple(breaches.first))


def _check(entry: Entry, before: Head, breaches: _Breaches) -> None:
    """Check one entry's number, link and hash."""
    expected = before.number + 1
    if entry.number != expected:
        # The gap begins where the missing number should be, whatever number comes next.
        breaches.add("number", min(entry.number, expected), f"应是第 {expected} 条，却是第 {entry.number} 条：有缺。")
    if entry.previous != before.hash:
        breaches.add("previous", entry.number, f"第 {entry.number} 条与上一条接不上：有留痕被改动、删去或插入。")
    if hash_of(entry) != entry.hash:
        breaches.add("hash", entry.number, f"第 {entry.number} 条的内容与校验值不符：这一条被改动过。")


def _meet(anchors: Iterable[Anchor], entry: Head, breaches: _Breaches) -> None:
    for anchor in anchors:
        if anchor.hash != entry.hash:
            breaches.add(
                "anchor",
                entry.number,
                f"第 {entry.number} 条与 {anchor.at:%Y-%m-%d %H:%M} 的锚点不符：它或它之前的留痕在那以后被改写。",
            )
