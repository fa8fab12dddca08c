"""Headings of answer files: the question's number, its text, a kind in brackets, and the parts of split columns."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from os.path import commonprefix

from tuodi.survey.definition import Kind

_TAGS = {
    "单选": Kind.SINGLE,
    "多选": Kind.MULTIPLE,
    "填空": Kind.TEXT,
    "简答": Kind.TEXT,
    "文本": Kind.TEXT,
    "矩阵文本": Kind.MATRIX_TEXT,
    "矩阵填空": Kind.MATRIX_TEXT,
    "矩阵单选": Kind.MATRIX,
    "矩阵量表": Kind.MATRIX,
    "矩阵": Kind.MATRIX,
    "量表": Kind.SINGLE,
    "评分": Kind.SINGLE,
    "判断": Kind.SINGLE,
}
_TAG = re.compile(rf"\s*[\[【(（]({'|'.join(sorted(_TAGS, key=len, reverse=True))})题?[\])）】]\s*")
_REQUIRED = re.compile(r"^[*＊\s]+|[*＊\s]+$|[\[【(（](?:必填|必答|选填|选答)[\])）】]")
_NUMBERED = (
    re.compile(r"第\s*([0-9]{1,3})\s*题[、.．:：\s]*(.*)", re.DOTALL),
    re.compile(r"[Qq]?([0-9]{1,3})\s*[、．，,:：)）]\s*(.*)", re.DOTALL),
    # 1.5万元以上 is no question 1.
    re.compile(r"[Qq]?([0-9]{1,3})\.\s*(?![0-9])(.*)", re.DOTALL),
    re.compile(r"[Qq]([0-9]{1,3})(?:[\s_]+(.*))?", re.DOTALL),
    re.compile(r"([0-9]{1,3})()"),
)
_BETWEEN = ":：—–-_(（[【"
AROUND = ":：—–-_()（）[]【】 \t\u3000"


@dataclass(frozen=True, slots=True)
class Heading:
    """One column's heading: where it stands (from 0), as printed, and what it says."""

    position: int
    printed: str
    number: int | None
    text: str
    kind: Kind | None


def parse_heading(position: int, printed: str) -> Heading:
    """Take a heading apart; a heading without a number keeps its text."""
    printed = " ".join(printed.strip().strip("\ufeff\u200b").split())
    tag = _TAG.search(printed)
    plain = _TAG.sub("", printed, count=1) if tag else printed
    plain = _REQUIRED.sub("", plain).strip()
    kind = _TAGS[tag[1]] if tag else None
    for pattern in _NUMBERED:
        match = pattern.fullmatch(plain)
        if match:
            return Heading(position, printed, int(match[1]), _REQUIRED.sub("", match[2] or "").strip(), kind)
    return Heading(position, printed, None, plain, kind)


def stem_and_parts(texts: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Return what the headings of one question's columns have in common, and what is left of each.

    ``题目:甲, 题目:乙`` gives ``题目`` and ``甲, 乙``; the stem is empty where the headings name only options.
    """
    common = commonprefix(list(texts))
    cut = max((common.rfind(mark) + 1 for mark in _BETWEEN), default=0)
    return texts[0][:cut].strip(AROUND), tuple(text[cut:].strip(AROUND) for text in texts)


def prefix_of(text: str) -> str:
    """Return what stands before the last mark that may part a question from its option; empty if there is none."""
    cut = max(text.rfind(mark) for mark in _BETWEEN)
    return text[:cut].strip(AROUND) if cut > 0 else ""
