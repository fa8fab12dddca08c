"""Wholes and their parts in sentences: ``共 X，其中 A、B``, ``A、B，合计 X``, ``X（A、B）``, the quarters of a year."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tuodi.audit.figures.amounts import Figure, Kind
from tuodi.audit.statements.labels import clause_before, label_of
from tuodi.audit.statements.sentence_words import levels_named, tells
from tuodi.audit.statements.stretches import Stretch

MOST_PARTS = 20
_OPENER = re.compile(
    r"其中|主要包括|包括|分别[为是]|(?<=[元人次户份])中(?=[，,])|由(?=[^，。；]{1,14}\d)|按[^，。；]{1,6}分[：:，]?|[（(](?=[^（）]*\d)|含(?=[^，。；]{1,12}\d)|(?<=人)，(?=(?:其中)?男性?\d)|(?<=[者象])中，(?=男性?\d)|(?<=[元人次户份件])[：:](?=[^，。；\d]{2,12}\d)"
)
_TOTAL_BEFORE = re.compile(
    r"(?:合计|共计|总计|[两二三四五六七八九]项(?:合计|共计|共|相加)|以上(?:合计|共计|共)|^(?:总投入|总额|总数|一?共)|(?:资金|级|经费)(?:总额|合计|共))(?:为|达|达到|支出|资金|金额|共)*$"
)
_CHANGE = re.compile(r"增加|减少|增长|下降|相比|比上年")
_NEXT_PART = re.compile(r"(?:[、，；]|[、，；]?(?:以及|和|及|与|另有|另外?))[^、，；。（）]{1,16}")
_NOT_A_PART = re.compile(
    r"预算|上年|去年|目标|计划|到位|年初|调整|追加|结转|结余|余额|相比|较|占|每|均|标准|截至|截止|同比|累计|等|主要"
    r"|(?<!总)收入|已|含|剩余|缺口|应|实际|扣除|减|退|至|超|\d"
)
"""Words before a number that is a part of no sum, or of another one."""
_OPEN_END = re.compile(r"等|、|/|以上|左右|；?主要")
_SHARED_MARK = re.compile(
    r"女|男|岁|老|残|童|学生|未成年|患|慢|重病|重度|以上|以下|党员|新增|续|首次|重点|当年|本年|今年"
)
_QUARTER = re.compile(r"第?(?P<number>[一二三四1-4])季度[^，。；\d]{0,8}$")
_OF_YEAR = re.compile(r"(?:全年|年度|四个季度)[^，。；\d]{0,10}$")
QUARTERS = 4
_UNITLESS = re.compile(r"\d(?:,\d{3})*\.\d{2}$")


@dataclass(frozen=True)
class Group:
    """A whole and the parts told with it; ``named`` is the text between, ``opener`` the word that opens the list."""

    stretch: Stretch
    whole: Figure
    parts: tuple[Figure, ...]
    opener: str
    named: str

    @property
    def labels(self) -> tuple[str, ...]:
        """What each part is called."""
        return tuple(label_at(self.stretch, part) for part in self.parts)

    @property
    def is_plain(self) -> bool:
        """Whether the parts are a bare list of names and numbers that nothing else stands between."""
        first, last = self.parts[0], self.parts[-1]
        between = [
            self.stretch.text[one.end : other.start] for one, other in zip(self.parts, self.parts[1:], strict=False)
        ]
        told = [each for each in self.stretch.figures if first.start <= each.start <= last.start]
        start = max(self.stretch.sentence_of(first.start)[0], *self._ends_before(first), 0)
        lead = clause_before(self.stretch.text, first.start, start)
        return (
            len(told) == len(self.parts)
            and not any(each.mark for each in (self.whole, *self.parts))
            and not _NOT_A_PART.search(lead)
            and all(_NEXT_PART.fullmatch(text) and not _NOT_A_PART.search(text) for text in between)
            and not _OPEN_END.match(self.stretch.text, last.end)
            and not any(label.startswith(("其他", "其余")) for label in self.labels[:-1])
            and (self.whole.kind is Kind.COUNT or len({levels_named(label) > 0 for label in self.labels}) == 1)
        )

    def _ends_before(self, figure: Figure) -> list[int]:
        return [each.end for each in self.stretch.figures if each.end <= figure.start]

    @property
    def overlaps(self) -> bool:
        """Whether a part is told by a mark that several parts may share: women and old people."""
        return any(_SHARED_MARK.search(label) for label in self.labels)


def groups(stretch: Stretch) -> Iterator[Group]:
    """Yield the wholes of a text with their parts."""
    amounts = _amounts(stretch)
    if len(amounts) < 3:
        return
    for match in _OPENER.finditer(stretch.text):
        for whole in _wholes(stretch, amounts, match.start()):
            parts = _parts_after(stretch, amounts, whole, match)
            if len(parts) >= 1:
                yield Group(stretch, whole, parts, match[0], stretch.text[whole.end : parts[-1].end])
                break
    yield from _shared(stretch)
    yield from _quarters(stretch, amounts)
    for at, whole in enumerate(amounts):
        before = clause_before(stretch.text, whole.start, amounts[at - 1].end if at else 0)
        if at >= 2 and _TOTAL_BEFORE.search(before):
            parts = _parts_before(stretch, amounts, at)
            if len(parts) >= 2:
                yield Group(stretch, whole, parts, "合计", stretch.text[parts[0].start : whole.end])


def _shared(stretch: Stretch) -> Iterator[Group]:
    """Yield amounts whose shares make a hundred, with the amount told before them: they are all its parts."""
    for start, end in stretch.sentences:
        told = [each for each in stretch.figures if start <= each.start < end]
        pairs = [
            (one, after)
            for one, after in zip(told, told[1:], strict=False)
            if one.kind is Kind.MONEY and after.kind is Kind.SHARE and "占" in stretch.text[one.end : after.start]
        ]
        if len(pairs) < 2 or not 99 <= sum(share.value for _, share in pairs) <= 101:
            continue
        before = [each for each in stretch.figures if each.kind is Kind.MONEY and each.end <= pairs[0][0].start]
        if before:
            parts = tuple(part for part, _ in pairs)
            yield Group(stretch, before[-1], parts, "占", stretch.text[before[-1].end : parts[-1].end])


def _quarters(stretch: Stretch, amounts: Sequence[Figure]) -> Iterator[Group]:
    """Yield the year with its four quarters, told in one sentence and not as running totals."""
    for start, end in stretch.sentences:
        if "季度" not in stretch.text[start:end] or "累计" in stretch.text[start:end]:
            continue
        told = [(each, _clause(stretch, each)) for each in amounts if start <= each.start < end]
        quarters = [(each, match["number"]) for each, clause in told if (match := _QUARTER.search(clause))]
        parts = [each for each, _ in quarters]
        wholes = [each for each, clause in told if _OF_YEAR.search(clause) and each not in parts]
        if len(wholes) != 1 or not len(parts) == len({number for _, number in quarters}) == QUARTERS:
            continue
        if len({(each.kind, each.kind is Kind.COUNT and each.unit) for each in (*wholes, *parts)}) == 1:
            yield Group(stretch, wholes[0], tuple(parts), "季度", stretch.text[start:end])


def _clause(stretch: Stretch, figure: Figure) -> str:
    before = [each.end for each in stretch.figures if each.end <= figure.start]
    return clause_before(stretch.text, figure.start, before[-1] if before else 0)


def _amounts(stretch: Stretch) -> list[Figure]:
    """Return amounts and counts; an amount of a list whose unit was forgotten counts as one in yuan."""
    found = []
    for figure in stretch.figures:
        if figure.unit == "项" and not figure.text[0].isdigit():
            continue  # 三项共 … counts the parts
        if figure.kind in (Kind.MONEY, Kind.COUNT):
            found.append(figure)
        elif forgotten_unit(stretch, figure):
            found.append(replace(figure, kind=Kind.MONEY, unit="元"))
    return found


def forgotten_unit(stretch: Stretch, figure: Figure) -> bool:
    """Tell whether a bare number with fen stands among amounts in yuan."""
    if figure.kind is not Kind.PLAIN or not _UNITLESS.search(figure.text):
        return False
    start, end = stretch.sentence_of(figure.start)
    units = {each.unit for each in stretch.figures if each.kind is Kind.MONEY and start <= each.start < end}
    return units == {"元"} and stretch.text[figure.end : figure.end + 1] in ("；", "，", "、", "。")


def _wholes(stretch: Stretch, amounts: Sequence[Figure], at: int) -> Iterator[Figure]:
    """Yield the numbers an opener may divide: the last before it, or those of the sentence before."""
    start, _ = stretch.sentence_of(at)
    before = [figure for figure in amounts if start <= figure.start and figure.end <= at]
    if before:
        yield before[-1]
        return
    if stretch.text[start:at].strip():
        return
    previous = [figure for figure in amounts if figure.end <= start]
    if previous:
        first, _ = stretch.sentence_of(previous[-1].start)
        yield from [figure for figure in previous if figure.start >= first][:1]


def _parts_after(
    stretch: Stretch, amounts: Sequence[Figure], whole: Figure, opener: re.Match[str]
) -> tuple[Figure, ...]:
    _, end = stretch.sentence_of(opener.start())
    if opener[0] in "（(":
        if stretch.text[whole.end : opener.start()].strip():
            return ()
        closing = stretch.text.find("）", opener.end(), end)
        end = closing if closing >= 0 else end
    nested = stretch.text.find("其中", opener.end(), end)
    end = nested if nested >= 0 else end
    found: list[Figure] = []
    for figure in amounts:
        if not (opener.end() <= figure.start < end and figure.kind is whole.kind):
            continue
        if figure.kind is Kind.COUNT and figure.unit != whole.unit:
            continue
        floor = found[-1].end if found else opener.end()
        clause = stretch.text[floor : figure.start]
        if _TOTAL_BEFORE.search(clause_before(stretch.text, figure.start, floor)):
            break
        inner = opener[0] not in "（(" and _in_brackets(stretch.text, figure, opener.end())
        if not tells(clause, "per_head") and not _CHANGE.search(clause) and not inner:
            found.append(figure)
    if nested >= 0 and found and _of_next_list(stretch, opener.start(), found[-1], nested):
        found.pop()
    return (
        ()
        if _CHANGE.search(clause_before(stretch.text, whole.start)) or _of_years(stretch, found)
        else tuple(found[:MOST_PARTS])
    )


def _of_next_list(stretch: Stretch, opener: int, last: Figure, nested: int) -> bool:
    """Tell whether the last number before another 其中 is the whole of a list of its own, in a later paragraph."""
    return (
        stretch.at_piece(last.start) != stretch.at_piece(opener)
        and stretch.text[last.end : nested].strip("；，、。") == ""
    )


def _of_years(stretch: Stretch, parts: Sequence[Figure]) -> bool:
    """Tell whether the numbers are those of several years, which make no whole."""
    years = set()
    for part in parts:
        years.update(re.findall(r"20\d\d", clause_before(stretch.text, part.start)))
    return len(years) > 1


def _in_brackets(text: str, figure: Figure, floor: int) -> bool:
    before = text[floor : figure.start]
    return before.rfind("（") > before.rfind("）")


def _parts_before(stretch: Stretch, amounts: Sequence[Figure], at: int) -> tuple[Figure, ...]:
    whole = amounts[at]
    start, _ = stretch.sentence_of(whole.start)
    found: list[Figure] = []
    for number in range(at - 1, -1, -1):
        figure = amounts[number]
        if figure.start < start:
            break
        before = clause_before(stretch.text, figure.start, amounts[number - 1].end if number else 0)
        if _TOTAL_BEFORE.search(before) or "其中" in stretch.text[figure.end : (found[0] if found else whole).start]:
            break
        same = figure.kind is whole.kind and (figure.kind is Kind.MONEY or figure.unit == whole.unit)
        if same and not tells(before, "per_head") and not _in_brackets(stretch.text, figure, start):
            found.insert(0, figure)
    return tuple(found)


def label_at(stretch: Stretch, figure: Figure) -> str:
    """Return what a number of a text is called."""
    return label_of(_clause(stretch, figure))
