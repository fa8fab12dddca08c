"""Two versions of a paper audited: which points were corrected, which are still there, which are new.

A point is known again by its rule, its figures and its quote, never by lines or pages: those move with every edit.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tuodi.audit.remark import Remark

Key = tuple[str, ...]
_FIGURE = re.compile(r"[\d.,%]+")
_LINE_OR_PAGE = re.compile(r"第 ?\d+ ?(?:[行页段列]|个表)")


class Standing(StrEnum):
    """How a point of the new version stands to the old one."""

    STILL = "still"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Comparison:
    """``standings`` has one for each remark on the new version; ``corrected`` are the old remarks not found again."""

    standings: tuple[Standing, ...]
    corrected: tuple[Remark, ...]


def compared(old: Sequence[Remark], new: Sequence[Remark]) -> Comparison:
    """Match the remarks on two versions, the surest likeness first; each is matched once."""
    left = dict(enumerate(old))
    found: set[int] = set()
    for likeness in _LIKENESSES:
        waiting: dict[Key, list[int]] = defaultdict(list)
        for at, remark in left.items():
            waiting[likeness(remark)].append(at)
        for at, remark in enumerate(new):
            same = waiting.get(likeness(remark)) if at not in found else None
            if same:
                found.add(at)
                del left[same.pop(0)]
    standings = tuple(Standing.STILL if at in found else Standing.NEW for at in range(len(new)))
    return Comparison(standings, tuple(left.values()))


def _same_words(remark: Remark) -> Key:
    return remark.rule, remark.stated, remark.expected, remark.quote, remark.place.section


def _same_figures_and_table(remark: Remark) -> Key:
    return remark.rule, remark.stated, remark.expected, remark.place.table, _subject(remark)


def _same_figures(remark: Remark) -> Key:
    return remark.rule, remark.stated, remark.expected, _subject(remark)


def _same_sentence(remark: Remark) -> Key:
    """Return the sentence with its figures left out: an author who wrote another wrong figure has not corrected it."""
    place = remark.place
    return remark.rule, place.table, _subject(remark), "".join(_FIGURE.split(remark.quote))


def _subject(remark: Remark) -> str:
    return "".join(_FIGURE.split(_LINE_OR_PAGE.sub("", remark.message)))


_LIKENESSES: tuple[Callable[[Remark], Key], ...] = (
    _same_words,
    _same_figures_and_table,
    _same_figures,
    _same_sentence,
)
