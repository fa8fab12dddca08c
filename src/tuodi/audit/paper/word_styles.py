"""What a Word file keeps beside its text: which styles are headings, and the numbers that Word writes itself."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

_VALUE, _LEVEL = qn("w:val"), qn("w:ilvl")
_NO_OUTLINE = 9
"""Word's outline level for body text."""
_MOST_BASES = 20
_DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Numbering:
    """The list a paragraph belongs to and its level there, from 0."""

    list_id: str
    level: int


def value(element: BaseOxmlElement | None, path: str) -> str | None:
    """Return the ``w:val`` of the element at a path of tags without prefix, e.g. ``pPr/pStyle``; None without it."""
    for tag in path.split("/"):
        element = None if element is None else element.find(qn(f"w:{tag}"))
    return None if element is None else element.get(_VALUE)


class Styles:
    """The paragraph styles of a file."""

    def __init__(self, root: BaseOxmlElement | None) -> None:
        every = () if root is None else root.iter(qn("w:style"))
        self._styles = {style.get(qn("w:styleId")): style for style in every}

    def is_contents(self, paragraph: BaseOxmlElement) -> bool:
        """Tell whether a paragraph has the style of a line of the contents."""
        style = value(paragraph, "pPr/pStyle") or ""
        name = (value(self._styles.get(style), "name") or style).lower()
        return name.startswith("toc") and name.removeprefix("toc").strip().isdigit()

    def outline(self, paragraph: BaseOxmlElement) -> int | None:
        """Return a heading's outline level from 0; None for body text."""
        for holder in self._holders(paragraph):
            level = value(holder, "pPr/outlineLvl")
            if level is not None:
                return int(level) if level.isdigit() and int(level) < _NO_OUTLINE else None
            name = (value(holder, "name") or "").lower()
            if name.startswith("heading ") and name[-1].isdigit():
                return int(name[-1]) - 1
        return None

    def numbering(self, paragraph: BaseOxmlElement) -> Numbering | None:
        """Return the list a paragraph belongs to, by itself or by its style."""
        list_id, level = None, None
        for holder in self._holders(paragraph):
            list_id = list_id or value(holder, "pPr/numPr/numId")
            level = level or value(holder, "pPr/numPr/ilvl")
        if list_id is None or list_id == "0":
            return None
        return Numbering(list_id, int(level) if level and level.isdigit() else 0)

    def _holders(self, paragraph: BaseOxmlElement) -> list[BaseOxmlElement]:
        """Return the paragraph, its style and the styles that one is based on; a circle of styles ends."""
        holders, name = [paragraph], value(paragraph, "pPr/pStyle")
        while name in self._styles and len(holders) < _MOST_BASES:
            holders.append(self._styles[name])
            name = value(holders[-1], "basedOn")
        return holders


class Lists:
    """Counts the numbered paragraphs of a file as Word does, and tells the number printed before each."""

    def __init__(self, root: BaseOxmlElement | None) -> None:
        lists = () if root is None else root.findall(qn("w:num"))
        kinds = () if root is None else root.findall(qn("w:abstractNum"))
        self._kind_of = {each.get(qn("w:numId")): value(each, "abstractNumId") for each in lists}
        self._levels = {
            kind.get(qn("w:abstractNumId")): {level.get(_LEVEL): level for level in kind.findall(qn("w:lvl"))}
            for kind in kinds
        }
        self._restarts = {each.get(qn("w:numId")) for each in lists if each.find(qn("w:lvlOverride")) is not None}
        self._counts: dict[str | None, Counter[int]] = {}

    def label(self, numbering: Numbering) -> str:
        """Count one paragraph and return its number as printed, e.g. ``（一）``; empty for dots and unknown lists."""
        kind = self._kind_of.get(numbering.list_id)
        levels = self._levels.get(kind, {})
        level = levels.get(str(numbering.level))
        if level is None:
            return ""
        counts = self._counts.setdefault(numbering.list_id if numbering.list_id in self._restarts else kind, Counter())
        counts[numbering.level] += 1
        for deeper in [each for each in counts if each > numbering.level]:
            del counts[deeper]
        if value(level, "numFmt") in ("bullet", "none"):
            return ""
        text = value(level, "lvlText") or ""
        for at in range(numbering.level + 1):
            if f"%{at + 1}" in text:
                text = text.replace(f"%{at + 1}", _number(levels.get(str(at)), max(counts[at], 1)))
        return text


def _number(level: BaseOxmlElement | None, count: int) -> str:
    start = value(level, "start")
    number = count - 1 + (int(start) if start and start.isdigit() else 1)
    return _FORMS.get(value(level, "numFmt") or "", str)(number)


def chinese(number: int) -> str:
    """Return a whole number below one hundred as headings write it: 一, 十, 十二, 二十; others in digits."""
    tens, ones = divmod(number, 10)
    if not 0 < number < 100:
        return str(number)
    return (_DIGITS[tens] if tens > 1 else "") + ("十" if tens else "") + (_DIGITS[ones] if ones else "")


def _circled(number: int) -> str:
    return chr(ord("①") + number - 1) if 0 < number <= 20 else str(number)


def _letter(number: int) -> str:
    return chr(ord("A") + (number - 1) % 26)


_FORMS: dict[str, Callable[[int], str]] = {
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "chineseLegalSimplified": chinese,
    "taiwaneseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "ideographDigital": chinese,
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "upperLetter": _letter,
    "lowerLetter": lambda number: _letter(number).lower(),
}
