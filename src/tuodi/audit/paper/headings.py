"""Headings, captions and lines of the contents: how Chinese official papers number their parts."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from tuodi.audit.paper.model import Block, Paragraph, Role

_TITLE_WORDS = ("报告", "决算", "公开", "自评", "评价", "情况说明", "总结")
MOST_TITLE_LINES = 30
LONGEST_HEADING = 45
"""Characters of the longest line still taken for a heading."""

MOST_CONTENTS_CELLS = 3
"""Number, title and page: more cells than these are a row of a table."""

_CHINESE = "一二三四五六七八九十百"
_LEVELS = (
    re.compile(rf"第[{_CHINESE}\d]+(?:部分|章)"),
    re.compile(rf"(?:附件|附表|附录)[{_CHINESE}\d]*(?:[-—]\d+)?(?=[：、.\s]|$|[^\d{_CHINESE}号])"),
    re.compile(rf"[{_CHINESE}]{{1,3}}[、.．]"),
    re.compile(rf"（[{_CHINESE}]{{1,3}}）"),
    re.compile(r"\d{1,2}[.、](?!\d)"),
    re.compile(r"（\d{1,2}）"),
    re.compile(r"[①-⑳]"),
)
_DEPTHS = (0, 0, 1, 2, 3, 4, 5)
_FIRST_NUMBERED, _FIRST_CIRCLED = 2, 6
LONGEST_NAME = 24
"""Characters of a heading where it names a place."""
_NAME_ENDS = re.compile(r"(?<=.{3})[：，。；（]")
CAPTION = re.compile(rf"(?:表|图|附表)(?:\d+|[{_CHINESE}]+)(?:[-—.]\d+)*(?![\d.%])(?:[：:、]?[^。；，]{{0,60}})$")
_UNIT = re.compile(
    r"[（(]?(?:金额)?单位[：:](?P<unit>元|万元|亿元|千元|百万元|人次|人|分|%|万人|户)(?:、[^）)]*)?[）)]?"
)
_CONTENTS_LINE = re.compile(r"^(?P<text>.*?[^\d\s.…·-])[\s.…·⋯-]*(?:[.…·\t⋯]{2,}|\t)\s*-?\s*(?P<page>\d{1,3})\s*-?$")
_ENUMERATED = re.compile(r"^(?:[①-⑳]|[•●◆■·]|[A-Za-z][.、]|目标\d|注[：:\d]|说明[：:]|其中[：:]|-\s)")


class Heading(NamedTuple):
    """A line's depth as a heading; ``text`` is the line."""

    level: int
    text: str


def heading_of(text: str) -> Heading | None:
    """Return the heading a clean line is, or None: numbered, short and not a whole sentence."""
    if not text or len(text) > LONGEST_HEADING or text[-1] in "。；，、：！？" and not text.endswith("。："):
        short = text[:-1]
        if not text or len(text) > LONGEST_HEADING or any(mark in short for mark in "。；，"):
            return None
    for pattern, level in zip(_LEVELS, _DEPTHS, strict=True):
        match = pattern.match(text)
        if match and len(text) > match.end() - (level == 0):
            return Heading(level, text)
    return None


def numbered_start(text: str) -> Heading | None:
    """Return what a long numbered paragraph is called among the headings: its number and first words."""
    for pattern, level in zip(_LEVELS[_FIRST_NUMBERED:_FIRST_CIRCLED], _DEPTHS[_FIRST_NUMBERED:], strict=False):
        match = pattern.match(text)
        if match:
            return Heading(level, text)
    return None


def starts_paragraph(text: str) -> bool:
    """Tell whether a clean line begins a paragraph of its own, however the line before it ended."""
    return bool(
        any(pattern.match(text) for pattern in _LEVELS) or CAPTION.match(text) or _ENUMERATED.match(text)
    )  # fmt: skip


def contents_line(raw: str) -> bool:
    """Tell whether a line as it stood belongs to a table of contents: a heading, a leader and a page number."""
    told = raw.strip()
    if sum(bool(cell.strip()) for cell in told.split("\t")) > MOST_CONTENTS_CELLS:
        return False  # a row of a table whose last cell is a number
    return _CONTENTS_LINE.match(told) is not None


def unit_of(text: str) -> str:
    """Return the unit a caption or a line above a table tells, e.g. ``万元``; empty where it tells none."""
    match = _UNIT.search(text)
    return match["unit"] if match else ""


def without_unit(text: str) -> str:
    """Return a caption without the unit it tells."""
    return _UNIT.sub("", text).strip("（）() ")


def role_of(text: str) -> Role:
    """Return what a clean line is, apart from lines of the contents."""
    if CAPTION.match(text):
        return Role.CAPTION
    if text.startswith(("注：", "注:", "说明：")):
        return Role.NOTE
    return Role.HEADING if heading_of(text) else Role.TEXT


class Trail:
    """The headings above the place a reader has reached."""

    def __init__(self) -> None:
        self._headings: list[Heading] = []

    def enter(self, heading: Heading) -> None:
        """Go under a heading; those as deep or deeper end."""
        self._headings = [each for each in self._headings if each.level < heading.level] + [heading]

    @property
    def section(self) -> str:
        """The headings from the outermost in, joined by `` › ``; at most the last three."""
        return " › ".join(_name(each.text) for each in self._headings[-3:])


def _name(text: str) -> str:
    """Return a heading as it names a place: its first words."""
    end = _NAME_ENDS.search(text, 3)
    name = text[: end.start()] if end else text.rstrip("。：")
    return name if len(name) <= LONGEST_NAME else name[:LONGEST_NAME] + "…"


def paper_title(blocks: Sequence[Block]) -> str:
    """Return the first short line of a paper that names it; empty where none does."""
    for block in blocks[:MOST_TITLE_LINES]:
        if isinstance(block, Paragraph) and any(word in block.text for word in _TITLE_WORDS) and len(block.text) < 60:
            return block.text
    return ""
