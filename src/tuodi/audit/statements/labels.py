"""What a number in running text speaks of: the noun before it, without verbs, years and filling words."""

import re

from tuodi.audit.statements.sentence_words import words

_BREAK = re.compile(r"[，。；：！？、（）()“”\"\n【】]")
_YEAR = re.compile(r"20\d\d(?:[-—~至]20\d\d)?(?:年度|年末|年底|年)?")
_DATE = re.compile(
    r"(?:截至|截止|截止至)?20\d\d年(?:\d{1,2}月(?:\d{1,2}日)?)?(?:年?底|末)?|\d{1,2}月\d{1,2}日|\d{1,2}月(?:底|末)?"
)
_REGION = re.compile(r"^[一-龥]{2,4}?(?:省|自治区|自治州|州|市|县|区|镇|乡)(?![级域本财场属内])(?=[一-龥]{4})")
_NUMBERING = re.compile(r"^(?:[A-D]\d{1,3}|[①-⑳]|\d{1,2}[.、]|[一二三四五六七八九十]是|[一二三四五六七八九十]、)")


LONGEST_CLAUSE = 150


def clause_before(text: str, start: int, floor: int = 0) -> str:
    """Return the text between the last break, or the number before, and a number."""
    floor = cut = max(floor, start - LONGEST_CLAUSE)
    for match in _BREAK.finditer(text, floor, start):
        cut = match.end()
    return text[cut:start]


def label_of(clause: str) -> str:
    """Return the noun a clause before a number holds; empty where it holds none."""
    label = _DATE.sub("", _YEAR.sub("", _NUMBERING.sub("", clause.strip())))
    changed = True
    while changed:
        before = label
        label = _REGION.sub("", label)
        for word in words("label_starts"):
            if label.startswith(word):
                label = label[len(word) :]
        for word in words("label_ends"):
            if label.endswith(word) and len(label) > len(word):
                label = label[: -len(word)]
        label = label.strip('的“”"= ≥≤约')
        changed = label != before
    return label
