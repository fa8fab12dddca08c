"""The lists of indicators of one paper: goal lists, goal tables, score tables, headings of the analysis."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from tuodi.audit.paper.model import Paper, Paragraph, Place, Role
from tuodi.audit.statements.grids import bare
from tuodi.audit.statements.indicators import Telling, plain_name
from tuodi.audit.statements.subjects import link_words
from tuodi.audit.statements.words import paper_words

LIKE = 0.7
"""Two names at the same place of two lists are taken for one indicator's from this likeness on."""
FEWEST = 4
_NUMBERED = r"^(?:[①-⑳]|（\d{1,2}）|\d{1,2}[.、])"
_GOAL = re.compile(_NUMBERED + r"(?P<name>[^，。；]{4,40}?)[：:](?P<target>[^。；]{1,16})[；。]?$")
_ANALYSED = re.compile(r"^(?:（\d{1,2}）|\d{1,2}[.、]|[①-⑳])?(?:对于|关于)[“\"](?P<name>[^”\"]{3,40})[”\"]")
_CODE = re.compile(r"^[A-Z]\d*[.、]?")


@dataclass(frozen=True, slots=True)
class Entry:
    """One indicator of a list."""

    name: str
    place: Place
    target: str = ""
    actual: str = ""
    code: str = ""

    @property
    def plain(self) -> str:
        """The name for comparing."""
        return plain_name(_CODE.sub("", self.name))


@dataclass(frozen=True, slots=True)
class NameList:
    """A list in its order. ``kind`` is what a reader calls it."""

    kind: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two entries at the same place of two lists; ``likeness`` is 1 for the same name."""

    one: Entry
    other: Entry
    likeness: float


def name_lists(paper: Paper, tellings: Sequence[Telling]) -> tuple[NameList, ...]:
    """Return the lists that name at least ``FEWEST`` indicators of the paper's own evaluation."""
    own = [each for each in tellings if not each.system and _is_leaf(each)]
    rows = [each for each in own if each.in_table]
    goals = [each for each in rows if each.weight is None and each.score is None and (each.target or each.actual)]
    scores = [each for each in rows if each.weight is not None and each.score is not None]
    headings = [each for each in own if not each.in_table]
    found = [
        NameList("绩效目标表", _entries(goals) or tuple(_goal_rows(paper, {each.place.block for each in scores}))),
        NameList("绩效目标", tuple(_listed_goals(paper))),
        *(NameList("评分表", _entries(part)) for part in _whole_lists(scores)),
        NameList("指标分析", _entries(headings)),
        NameList("指标分析", tuple(_quoted_headings(paper))),
    ]
    return tuple(each for each in found if len(each.entries) >= FEWEST)


def _is_leaf(telling: Telling) -> bool:
    name = plain_name(telling.name)
    return telling.is_leaf and name not in link_words().groups and len(name) >= 4


def _whole_lists(scores: Sequence[Telling]) -> Iterator[list[Telling]]:
    """Yield the score lists: tables of single groups make one together, a table that names the same again another."""
    part: list[Telling] = []
    tables: dict[int, list[Telling]] = {}
    for each in scores:
        tables.setdefault(each.place.block, []).append(each)
    for table in tables.values():
        names = {plain_name(each.name) for each in part}
        if any(plain_name(each.name) in names for each in table):
            yield part
            part = []
        part = part + table
    if part:
        yield part


def _goal_rows(paper: Paper, scored_blocks: set[int]) -> Iterator[Entry]:
    """Yield the goals of a form whose header stands in the middle: 指标内容, 指标（目标）值, 实际完成值.

    Score tables (``scored_blocks``) tell their targets themselves.
    """
    words = paper_words()
    for table in (each for each in paper.tables if each.place.block not in scored_blocks):
        name = target = actual = None
        for row in table.rows:
            texts = [bare(cell.text) for cell in row]
            if name is None:
                target = next((at for at, text in enumerate(texts) if text in words.columns["target"]), None)
                actual = next((at for at, text in enumerate(texts) if text in words.columns["actual"]), None)
                before = [at for at, text in enumerate(texts) if text in words.columns["indicator"]]
                name = before[-1] if before and target is not None and actual is not None else None
            elif target is not None and actual is not None and len(texts[name]) >= 4 and texts[target]:
                yield Entry(texts[name], row[name].place, texts[target], texts[actual])


def _entries(tellings: Sequence[Telling]) -> tuple[Entry, ...]:
    found: dict[str, Entry] = {}
    for each in tellings:
        found.setdefault(plain_name(each.name), Entry(each.name, each.place, each.target, each.actual, each.code))
    return tuple(found.values())


def _listed_goals(paper: Paper) -> Iterator[Entry]:
    """Yield the goals of a list ``④医疗救助对象覆盖范围：稳步拓展；``."""
    seen: set[str] = set()
    for paragraph in paper.paragraphs:
        match = _GOAL.match(paragraph.text)
        if match and "目标" in paragraph.place.section and plain_name(match["name"]) not in seen:
            seen.add(plain_name(match["name"]))
            yield Entry(match["name"], paragraph.place, match["target"])


def _quoted_headings(paper: Paper) -> Iterator[Entry]:
    for paragraph in paper.paragraphs:
        if isinstance(paragraph, Paragraph) and paragraph.role in (Role.TEXT, Role.HEADING):
            match = _ANALYSED.match(paragraph.text)
            if match:
                yield Entry(match["name"], paragraph.place)


@lru_cache(maxsize=20_000)
def likeness(one: str, other: str) -> float:
    """Return how alike two names are, from 0 to 1."""
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def aligned(one: NameList, other: NameList) -> tuple[Pair, ...]:
    """Return the entries of two lists that stand for one another: equal names, and between equal neighbours the likest.

    A name that is found in the other list stands only for itself.
    """
    ones, others = one.entries, other.entries
    at_other = {entry.plain: at for at, entry in enumerate(others)}
    at_one = {entry.plain for entry in ones}
    found: list[Pair] = []
    taken: set[int] = set()
    for entry in ones:
        same = at_other.get(entry.plain)
        if same is not None:
            found.append(Pair(entry, others[same], 1))
            taken.add(same)
    for at, entry in enumerate(ones):
        if entry.plain in at_other:
            continue
        low, high = _room(ones, at, at_other, len(others))
        free = [each for each in range(low, high) if each not in taken and others[each].plain not in at_one]
        best = max(free, key=lambda each: likeness(entry.plain, others[each].plain), default=None)
        if best is not None and likeness(entry.plain, others[best].plain) >= LIKE:
            taken.add(best)
            found.append(Pair(entry, others[best], likeness(entry.plain, others[best].plain)))
    return tuple(found)


def _room(ones: Sequence[Entry], at: int, at_other: dict[str, int], end: int) -> tuple[int, int]:
    """Return the places of the other list between the nearest equal neighbours of an entry."""
    before = next((at_other[ones[each].plain] for each in range(at - 1, -1, -1) if ones[each].plain in at_other), -1)
    after = next((at_other[ones[each].plain] for each in range(at + 1, len(ones)) if ones[each].plain in at_other), end)
    return (before + 1, after) if before < after else (0, end)
