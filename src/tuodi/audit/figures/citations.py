"""Documents cited in a clean text: titles in 《》 and numbers (机关代字〔年〕号), paired where they belong together."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

OPENED, CLOSED = "《〈<", "》〉>"
PROPER_BRACKETS = ("〔", "〕")


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentNumber:
    """A document number as printed: ``agency`` the issuer's characters, ``brackets`` the pair around the year.

    ``loose``: it stands in running text without brackets around it, so that words before it may be part of ``agency``.
    ``odd`` is what its form has too much or wrong (年, 第, a bracket of another kind), empty where it is regular.
    """

    text: str
    agency: str
    year: int
    number: int
    brackets: tuple[str, str]
    start: int
    end: int
    loose: bool = False
    odd: str = ""

    @property
    def key(self) -> tuple[str, int, int]:
        """What makes it this document, whatever brackets were used."""
        return self.agency, self.year, self.number

    @property
    def proper(self) -> str:
        """The number as the rules for official documents want it."""
        return f"{self.agency}〔{self.year}〕{self.number}号"


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A title, a number or both. ``title`` is without the outer brackets; offsets span everything."""

    title: str
    number: DocumentNumber | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Bracket:
    """A bracket of a title that has no partner."""

    sign: str
    at: int


_OPEN, _CLOSE = r"〔\[【（(［", r"〕\]】）)］"
_NUMBER = re.compile(
    rf"(?P<outer>[（(])?(?P<agency>[\u4e00-\u9fff]{{1,14}})(?P<open>[{_OPEN}])(?P<year>(?:19|20)\d{{2}})(?P<close>[{_CLOSE}])"
    rf"(?P<odd>年?第?)(?P<number>\d{{1,5}})号(?P<shut>[{_CLOSE}])?"
)
_BETWEEN = re.compile(r"(?:的?(?:通知|批复|意见|函|决定|公告|请示|报告|方案))?》?[，,]?(?:的?通知》)?")
_BEFORE_TITLE = re.compile(r"(?:文件?|号文|的|，|：)?")
_LEAD = re.compile(r"^.*(?:依据|根据|按照|参照|遵照|印发|下发|转发|文件|以及|的|见|按|和|及|与|由|以|号)")
_PAIRS = dict(zip("〔[【（(［", "〕]】）)］", strict=True))
LONGEST_TITLE = 90


def numbers(text: str) -> tuple[DocumentNumber, ...]:
    """Return the document numbers of a clean text in order."""
    return tuple(_number(match) for match in _NUMBER.finditer(text))


def _number(match: re.Match[str]) -> DocumentNumber:
    agency, start = match["agency"], match.start("agency")
    loose = match["outer"] is None
    if loose:
        bare = _LEAD.sub("", agency)
        start, agency = start + len(agency) - len(bare), bare or agency
    odd = match["odd"]
    if _PAIRS[match["open"]] != match["close"]:
        odd = match["open"] + match["close"]
    elif match["outer"] and match["shut"] and match["shut"] not in "）)":
        odd = match["outer"] + match["shut"]
    end = match.end("shut") if match["shut"] and match["outer"] else match.end("number") + 1
    bracket_odd = odd.startswith("（") and odd[-1] == match["shut"]
    return DocumentNumber(
        text=match.group() if bracket_odd else match.string[start : match.end("number") + 1],
        agency=agency,
        year=int(match["year"]),
        number=int(match["number"]),
        brackets=(match["open"], match["close"]),
        start=start,
        end=end,
        loose=loose,
        odd=odd,
    )


def citations(text: str) -> tuple[Citation, ...]:
    """Return the citations of a clean text: titles with their number, titles and numbers that stand alone."""
    left = list(numbers(text))
    found = []
    for start, end in titles(text):
        number = _number_of(text, start, end, left)
        if number is not None:
            left.remove(number)
        inner = text[start + 1 : end - 1]
        if text[max(0, start - 2) : start] in ("印发", "转发") and text.startswith("的通知", end):
            inner = f"关于印发{inner}的通知"
        found.append(
            Citation(
                title=inner,
                number=number,
                start=min(start, number.start) if number else start,
                end=max(end, number.end) if number else end,
            )
        )
    found += [Citation(title="", number=each, start=each.start, end=each.end) for each in left]
    return tuple(sorted(found, key=lambda each: each.start))


def _number_of(text: str, start: int, end: int, left: list[DocumentNumber]) -> DocumentNumber | None:
    """Return the number that belongs to a title: right behind it, else right before it."""
    tail = _BETWEEN.match(text, end)
    reach = tail.end() if tail else end
    for number in left:
        opening = 1 if not number.loose else 0
        if end <= number.start - opening <= reach and not _shared(text, number):
            return number
        if _BEFORE_TITLE.fullmatch(text[number.end : start]) and number.loose and number.end <= start:
            return number
    return None


def _shared(text: str, number: DocumentNumber) -> bool:
    """Tell whether a bracket holds several numbers: which of them belongs to the title is then unknown."""
    shut = text.find("）", number.end - 1)
    return not number.loose and shut > number.end and len(numbers(text[number.end : shut])) > 0


def titles(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of the outermost 《…》 of a text, brackets included; a bracket without a partner yields none."""
    depth, start = 0, 0
    for at, sign in enumerate(text):
        if sign == "《" and depth and at - start > LONGEST_TITLE:
            depth = 0
        if sign in "《〈" or sign == "<" and depth:
            if not depth:
                start = at
            depth += 1
        elif sign in CLOSED and depth:
            depth -= 1
            if not depth:
                yield start, at + 1


def lone_brackets(text: str) -> tuple[Bracket, ...]:
    """Return the 《 and 》 of a text that have no partner."""
    open_at: list[int] = []
    lone = []
    for at, sign in enumerate(text):
        if sign == "《":
            open_at.append(at)
        elif sign == "》":
            if open_at:
                open_at.pop()
            else:
                lone.append(Bracket(sign, at))
    return tuple(sorted([*lone, *(Bracket("《", at) for at in open_at)], key=lambda each: each.at))
