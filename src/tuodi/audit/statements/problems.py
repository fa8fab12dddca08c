"""The problems a paper tells and what it recommends: sections, their items, and the list of deducted indicators."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tuodi.audit.paper.model import Paper, Paragraph, Place, Role, Table
from tuodi.audit.statements.subjects import link_words

LONGEST_TITLE = 30
_MARK = re.compile(
    r"^(?:(?P<chapter>[一二三四五六七八九十]{1,2}、)|(?P<round>（[一二三四五六七八九十]{1,2}）)|(?P<digit>\d{1,2}[.、．](?!\d))"
    r"|(?P<brackets>（\d{1,2}）)|(?P<ordinal>[一二三四五六七八九十]{1,2}是)|(?P<circle>[①-⑳]))"
)
_TITLE_MARK = re.compile(
    r"^(?:第[一二三四五六七八九十\d]+(?:部分|章)|[一二三四五六七八九十]{1,2}[、.]|（[一二三四五六七八九十]{1,2}）"
    r"|\d{1,2}[.、）]?|[●◆■▲])\s*"
)
_PROMPT = re.compile(r"【[^】]*】")
"""A passage of a draft that nobody has written yet."""
_INLINE = re.compile(r"(?:^|(?<=[。；，：]))(?=[一二三四五六七八九十]是(?!否))")
_DEDUCTED = re.compile(
    r"(?:主要|本次评价)?在(?P<names>[^。；在]{3,160}?)(?P<open>等)?(?:几个|\d个|[一二两三四五六七八九]个)?"
    r"(?:方面|指标上?|指标方面)(?:进行了|有所|存在|予以|均有|有)?扣分"
)
_PARTS = re.compile(r"[、，]|以及|及(?!时)|和")


@dataclass(frozen=True, slots=True)
class Item:
    """One problem or recommendation. ``claims`` are its headlines: the first sentence and those of 一是, 二是."""

    claims: tuple[str, ...]
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Section:
    """A section of problems or of recommendations."""

    title: str
    place: Place
    items: tuple[Item, ...]

    @property
    def text(self) -> str:
        """All it says."""
        return "".join(item.text for item in self.items)


@dataclass(frozen=True, slots=True)
class Deductions:
    """The sentence that lists the deducted indicators; ``whole``: it says no 等, so the list is complete."""

    names: tuple[str, ...]
    whole: bool
    quote: str
    place: Place


def problem_sections(paper: Paper) -> tuple[Section, ...]:
    """Return the sections that tell problems, in order; one without any item is left out."""
    return tuple(_sections(paper, _is_problems))


def advice_sections(paper: Paper) -> tuple[Section, ...]:
    """Return the sections that recommend, in order."""
    return tuple(_sections(paper, _is_advice))


def _is_problems(title: str) -> bool:
    words = link_words()
    return bool(words.problems.search(title) or title in ("问题", "主要问题")) and not words.not_problems.search(title)


def _is_advice(title: str) -> bool:
    words = link_words()
    return bool(words.advice.search(title)) and not words.problems.search(title) and "应用" not in title


def title_of(block: Paragraph) -> str:
    """Return the words of a title line without its number; empty for a line that is none."""
    text = block.text
    if len(text) > LONGEST_TITLE or block.role in (Role.CONTENTS, Role.CAPTION):
        return ""
    if text[-1] in "。；，、？]" or "您" in text:  # a sentence, or a question of a survey
        return ""
    return _TITLE_MARK.sub("", text).rstrip("：")


def _sections(paper: Paper, opens: Callable[[str], bool]) -> Iterator[Section]:
    blocks = paper.blocks
    for at, block in enumerate(blocks):
        if not isinstance(block, Paragraph):
            continue
        title = title_of(block)
        if not title or not opens(title):
            continue
        lines = _lines(blocks[at + 1 :], block)
        if _is_chapter_only(lines, opens):
            continue
        items = tuple(_items([line for line in lines if not _PROMPT.fullmatch(line.text)]))
        if items:
            yield Section(title, block.place, items)


def _is_chapter_only(lines: Sequence[Paragraph], opens: Callable[[str], bool]) -> bool:
    """Tell whether a section holds a deeper one of its own kind: 四、经验、问题和建议 above （二）存在问题."""
    return any(title and opens(title) for line in lines if (title := title_of(line)))


def _lines(blocks: Sequence[object], start: Paragraph) -> list[Paragraph]:
    """Return the paragraphs of a section: to the next heading as deep, or a title of another kind."""
    words = link_words()
    found: list[Paragraph] = []
    for block in blocks:
        if isinstance(block, Table):
            continue
        if not isinstance(block, Paragraph) or block.role in (Role.CONTENTS, Role.CAPTION):
            continue
        title = title_of(block)
        if _of_inner_list(start, found, block):
            found.append(block)
            continue
        if start.level is not None and block.level is not None and block.level <= start.level:
            break
        numbered = _MARK.match(block.text) and _MARK.match(start.text) is None and start.level is not None
        if title and not numbered and _ends(title, start, block, words.others):
            break
        if block.text.startswith(("附件", "附表", "详见附件")):
            break
        found.append(block)
    return found


def _of_inner_list(start: Paragraph, found: Sequence[Paragraph], block: Paragraph) -> bool:
    """Tell whether a line goes on with a list below a title numbered alike: 4.存在的问题, 1.…, 2.…, 5.改进措施."""
    number = _digit(block)
    if _digit(start) is None or number is None or _is_advice(title_of(block)) or _is_problems(title_of(block)):
        return False
    before = [each for line in found if (each := _digit(line)) is not None]
    return number == (before[-1] + 1 if before else 1)


def _digit(block: Paragraph) -> int | None:
    """Return the number of a line numbered 1., 2., …."""
    match = re.match(r"(\d{1,2})[.、．](?!\d)", block.text)
    return int(match[1]) if match else None


def _ends(title: str, start: Paragraph, block: Paragraph, others: re.Pattern[str]) -> bool:
    """Tell whether a title opens another section: problems after advice, or a known other one, not deeper than this."""
    if start.level is not None and block.level is not None and block.level > start.level:
        return False
    if _is_problems(title) or _is_advice(title):
        return True
    return len(title) <= 12 and bool(others.search(title))


def _items(lines: Sequence[Paragraph]) -> Iterator[Item]:
    """Yield the items: a line with the mark of the first marked line begins one, the lines below belong to it."""
    kind = next((found for line in lines if (found := _kind(line.text))), "")
    run: list[Paragraph] = []
    for line in lines:
        if run and (not kind or _kind(line.text) == kind):
            yield _item(run)
            run = []
        if kind and not run and _kind(line.text) != kind:
            continue  # words before the first item
        run.append(line)
    if run:
        yield _item(run)


def _kind(text: str) -> str:
    match = _MARK.match(text)
    return match.lastgroup or "" if match else ""


def _item(run: Sequence[Paragraph]) -> Item:
    text = "".join(line.text if line.text[-1] in "。；！？" else line.text + "。" for line in run)
    claims = [_MARK.sub("", re.split(r"[。；]", text)[0])]
    pieces = _INLINE.split(text)
    claims += [re.split(r"[，。；：]", piece)[0][2:] for piece in pieces[1:] if piece[1:2] == "是"]
    return Item(tuple(claim for claim in claims if claim), text, run[0].place)


def deductions(paper: Paper) -> Iterator[Deductions]:
    """Yield the sentences that list the deducted indicators."""
    for paragraph in paper.paragraphs:
        for match in _DEDUCTED.finditer(paragraph.text):
            names = tuple(name.strip('“”"') for name in _PARTS.split(match["names"]) if len(name) >= 3)
            if names:
                yield Deductions(names, match["open"] is None, match.group(), paragraph.at(match.start()))
