"""Sentences copied within a paper with one figure or word changed, and paragraphs printed twice."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from zlib import crc32

from tuodi.audit.material import Material
from tuodi.audit.paper.model import Paragraph, Place, Role
from tuodi.audit.remark import Remark
from tuodi.kernel.finding import Severity

SHORTEST = 30
LONGEST = 600
LIKE = 0.92
MOST_CHANGED = 8
PIECE = 6
KEPT = 12
"""Of a sentence's pieces only the few with the least checksums are compared first: copies share most of them."""
INSIDE = 4
"""What differs at the beginning or the end of a sentence is its frame."""
SHARED = 4
MOST_IN_BUCKET = 12
"""A piece that more sentences share belongs to a set phrase."""
_SIGNS = re.compile(r"[^\u4e00-\u9fffA-Za-z0-9.%]")
_STOPS = re.compile(r"[。！？；]")
_NUMBER = re.compile(r"\d")
_SCORING = re.compile(r"满分|得分率|权重|评分标准|扣分?\d|÷|该项指标|该指标|\[单选题\]|问卷")
_MEANS = re.compile(r"以上|以下|以内|以外|不|未|非|无")
SHORTEST_PARAGRAPH = 60


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence without signs, its place and its number in the paper."""

    text: str
    place: Place
    number: int


def check_near_copies(material: Material) -> Iterator[Remark]:
    """Two long sentences that are the same but for one figure or a word or two."""
    if material.project_reports or material.account_tables:
        return  # papers of many projects and disclosures repeat their phrases with other figures by nature
    told: set[frozenset[str]] = set()
    for one, other in _candidates(_sentences(material)):
        change = _change(one.text, other.text)
        if change is None or frozenset(change) in told:
            continue
        told.add(frozenset(change))
        first, second = change
        number = bool(_NUMBER.search(first) and _NUMBER.search(second))
        if not number and not _MEANS.fullmatch(first + second):
            continue
        here, there = second or "（缺）", first or "（无）"
        yield Remark(
            rule="value-told-twice" if number else "name-told-twice",
            severity=Severity.WARNING if number else Severity.INFO,
            place=other.place,
            also=(one.place,),
            quote=_around(other.text, second),
            stated=here,
            expected=there,
            message=f"与{one.place.words()}的同一句话只有一处不同：此处“{here}”，那里“{there}”",
            advice="两处说的是一件事的，请写成一致",
        )


def _sentences(material: Material) -> list[Sentence]:
    found: dict[str, Sentence] = {}
    for stretch in material.stretches:
        for start, end in stretch.sentences:
            raw = stretch.text[start:end]
            text = _SIGNS.sub("", raw)
            if SHORTEST <= len(text) <= LONGEST and not _SCORING.search(raw):
                found.setdefault(text, Sentence(text, stretch.at(start), len(found)))
    return list(found.values())


def _candidates(sentences: Sequence[Sentence]) -> Iterator[tuple[Sentence, Sentence]]:
    buckets: dict[int, list[Sentence]] = defaultdict(list)
    for sentence in sentences:
        sums = {crc32(sentence.text[at : at + PIECE].encode()) for at in range(len(sentence.text) - PIECE + 1)}
        for each in sorted(sums)[:KEPT]:
            buckets[each].append(sentence)
    shared: dict[tuple[int, int], int] = defaultdict(int)
    for bucket in buckets.values():
        for at, one in enumerate(bucket[:MOST_IN_BUCKET]):
            for other in bucket[at + 1 : MOST_IN_BUCKET]:
                shared[one.number, other.number] += 1
    for (one_number, other_number), count in shared.items():
        one, other = sentences[one_number], sentences[other_number]
        if count >= SHARED and abs(len(one.text) - len(other.text)) <= MOST_CHANGED:
            yield one, other


def _change(one: str, other: str) -> tuple[str, str] | None:
    """Return what the one place of change reads in both; None where there is none or more than one."""
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.quick_ratio() < LIKE:
        return None
    changed = [each for each in matcher.get_opcodes() if each[0] != "equal"]
    if not changed:
        return None
    begin, end = changed[0][1], changed[-1][2]
    begin_other, end_other = changed[0][3], changed[-1][4]
    if max(end - begin, end_other - begin_other) > MOST_CHANGED:
        return None
    if min(begin, len(one) - end, len(other) - end_other) < INSIDE:
        return None
    begin, end, begin_other, end_other = _whole_number(one, other, begin, end, begin_other, end_other)
    return one[begin:end], other[begin_other:end_other]


def _whole_number(
    one: str, other: str, begin: int, end: int, begin_other: int, end_other: int
) -> tuple[int, int, int, int]:
    """Widen a change inside a number to the whole number."""
    if _NUMBER.search(one[begin:end] + other[begin_other:end_other]):
        while begin and begin_other and one[begin - 1] == other[begin_other - 1] and one[begin - 1] in "0123456789.":
            begin, begin_other = begin - 1, begin_other - 1
        while end < len(one) and end_other < len(other) and one[end] == other[end_other] and one[end] in "0123456789.%":
            end, end_other = end + 1, end_other + 1
    return begin, end, begin_other, end_other


def _around(text: str, part: str) -> str:
    at = text.find(part) if part else 0
    return text[max(0, at - 25) : at + len(part) + 25]


def check_repeated_paragraphs(material: Material) -> Iterator[Remark]:
    """One long paragraph printed twice under equal headings; a summary that repeats many of the body's is none."""
    seen: dict[str, int] = {}
    blocks = [
        each for each in material.paper.paragraphs if each.role is Role.TEXT and len(each.text) >= SHORTEST_PARAGRAPH
    ]
    pairs = []
    for at, block in enumerate(blocks):
        first = seen.setdefault(_STOPS.sub("", block.text), at)
        if first != at:
            pairs.append((first, at))
    if material.project_reports or len(pairs) > 2:
        return
    for first, again in pairs:
        if _heading(blocks[first]) == _heading(blocks[again]) != "":
            yield _repeated(blocks[first], blocks[again])


def _heading(paragraph: Paragraph) -> str:
    """Return the heading a paragraph stands under, without its number."""
    return re.sub(r"^[（(]?[\d一二三四五六七八九十]+[）).、]*", "", paragraph.place.section.rpartition(" › ")[2])


def _repeated(first: Paragraph, again: Paragraph) -> Remark:
    return Remark(
        rule="conclusion-copied",
        severity=Severity.INFO,
        place=again.place,
        also=(first.place,),
        quote=again.text[:60],
        stated=again.text[:30],
        message=f"这一段与{first.place.words()}的一段一字不差",
        advice="请核对是否照抄，保留一处或写出各自的内容",
    )
