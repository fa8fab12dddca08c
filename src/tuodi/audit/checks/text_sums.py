"""Sums told in sentences: a whole and its parts, balances, products and averages."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from tuodi.audit.figures.amounts import Figure, Kind
from tuodi.audit.figures.arithmetic import Span, like, sum_of, written
from tuodi.audit.figures.precision import TELLING_DIGITS, one_digit_off, sharpened, significant
from tuodi.audit.material import Material
from tuodi.audit.remark import Remark
from tuodi.audit.statements.labels import clause_before, label_of
from tuodi.audit.statements.sentence_words import levels_named, tells
from tuodi.audit.statements.stretches import Stretch
from tuodi.kernel.finding import Severity

NEAR = Fraction(5, 100)
"""Parts that miss their whole by no more than this share of it were meant to make it."""
MOST_PARTS = 20
NEIGHBOURS = 2
"""Stretches before and behind in which the true sum may be told."""
_OPENER = re.compile(
    r"其中|主要包括|包括|分别[为是]|(?<=[元人次户份])中(?=[，,])|由(?=[^，。；]{1,14}\d)|按[^，。；]{1,6}分[：:，]?|[（(](?=[^（）]*\d)|含(?=[^，。；]{1,12}\d)|(?<=人)，(?=(?:其中)?男性?\d)|(?<=[元人次户份件])[：:](?=[^，。；\d]{2,12}\d)"
)
_TOTAL_BEFORE = re.compile(
    r"(?:合计|共计|总计|[两二三四五六七八九]项(?:合计|共计|共|相加)|以上(?:合计|共计|共)|^(?:总投入|总额|总数|一?共)|(?:资金|级|经费)(?:总额|合计|共))(?:为|达|达到|支出|资金|金额|共)*$"
)
_CHANGE = re.compile(r"增加|减少|增长|下降|相比|比上年")
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


def check_parts(material: Material) -> Iterator[Remark]:
    """A whole against its parts, told before or after it in the same sentence or list."""
    for at, stretch in enumerate(material.stretches):
        seen: set[int] = set()
        beside = {
            (each.unit, each.value)
            for other in material.stretches[max(0, at - NEIGHBOURS) : at + NEIGHBOURS + 1]
            for each in other.figures
            if significant(each) >= TELLING_DIGITS - 1
        }
        for group in groups(stretch):
            if group.whole.start in seen and group.opener != "其中":
                continue
            remark = _judged(group, beside)
            if remark is not None:
                seen.add(group.whole.start)
                yield remark


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


def _amounts(stretch: Stretch) -> list[Figure]:
    """Return amounts and counts; an amount of a list whose unit was forgotten counts as one in yuan."""
    found = []
    for figure in stretch.figures:
        if figure.unit == "项" and not figure.text[0].isdigit():
            continue  # 三项共 … counts the parts
        if figure.kind in (Kind.MONEY, Kind.COUNT):
            found.append(figure)
        elif _forgotten_unit(stretch, figure):
            found.append(replace(figure, kind=Kind.MONEY, unit="元"))
    return found


def _forgotten_unit(stretch: Stretch, figure: Figure) -> bool:
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
    before = [each.end for each in stretch.figures if each.end <= figure.start]
    return label_of(clause_before(stretch.text, figure.start, before[-1] if before else 0))


def _judged(group: Group, beside: Collection[tuple[str, Fraction]]) -> Remark | None:
    whole, *parts = sharpened((group.whole, *group.parts))
    larger = next((part for part in parts if part.low > whole.high), None)
    if larger is not None and group.opener in ("其中", "包括", "主要包括"):
        between = {each.kind for each in group.stretch.figures if whole.end <= each.start < larger.start}
        # Money that stands behind numbers of people is not a part of the money before them.
        return None if larger.kind is Kind.MONEY and Kind.COUNT in between else _larger_part(group, larger)
    exhaustive = _exhaustive(group)
    readings = [parts] if exhaustive else _readings(parts)
    if len(parts) < 2 or any(_fits(whole, reading) for reading in readings):
        return None
    slip = _unit_slip(group, (whole, *parts))
    if slip is not None:
        return slip
    total = sum_of(parts)
    # The very sum told in the neighbourhood shows that these are all the parts.
    if not exhaustive and not _near(whole, parts, total) and (whole.unit, total.value) not in beside:
        return None
    expected = like(group.whole, total.value)
    difference = like(group.whole, abs(total.value - whole.value))
    return Remark(
        rule="parts-differ",
        severity=Severity.ERROR if exhaustive or group.opener == "合计" else Severity.WARNING,
        place=group.stretch.at(group.whole.start),
        quote=_quote(group),
        stated=group.whole.text,
        expected=expected,
        message=f"总数写 {group.whole.text}，各项相加 {written(group.parts)}＝{expected}，相差 {difference}",
        advice="请核对总数和各项，改正其中写错的一个；如果没有列全，请写明",
    )


def _larger_part(group: Group, part: Figure) -> Remark:
    return Remark(
        rule="parts-differ",
        severity=Severity.ERROR,
        place=group.stretch.at(part.start),
        quote=_quote(group),
        stated=part.text,
        expected=f"不大于 {group.whole.text}",
        message=f"其中一项 {part.text} 大于总数 {group.whole.text}，部分不能大于整体",
        advice="请核对总数和这一项",
    )


def _unit_slip(group: Group, figures: Sequence[Figure]) -> Remark | None:
    """Return the remark if everything agrees once one amount in 元 is taken in 万元."""
    if not any(figure.unit == "万元" for figure in figures):
        return None
    for at, figure in enumerate(figures):
        if figure.unit != "元":
            continue
        larger = replace(figure, value=figure.value * 10_000, step=figure.step * 10_000, unit="万元")
        whole, *parts = (larger if number == at else each for number, each in enumerate(figures))
        if _fits(whole, parts):
            right = figure.text.replace("元", "万元")
            return Remark(
                rule="unit-slip",
                severity=Severity.ERROR,
                place=group.stretch.at(figure.start),
                quote=_quote(group),
                stated=figure.text,
                expected=right,
                message=f"写 {figure.text}，按 {right} 各项相加才等于总数，少写了“万”",
                advice=f"请把 {figure.text} 改为 {right}",
            )
    return None


def _quote(group: Group) -> str:
    figures = (group.whole, *group.parts)
    start, end = min(each.start for each in figures), max(each.end for each in figures)
    return group.stretch.quote(start, min(end, start + 70))


def _readings(parts: Sequence[Figure]) -> Iterator[Sequence[Figure]]:
    """Yield the sets of numbers that may be the parts: all, all but one, the first or the last few."""
    yield parts
    yield parts[:1]
    for at in range(len(parts)):
        rest = [*parts[:at], *parts[at + 1 :]]
        if len(rest) >= 2:
            yield rest
    for at in range(2, len(parts)):
        yield parts[:at]
        yield parts[-at:]


def _fits(whole: Figure, parts: Sequence[Figure]) -> bool:
    return _with_rounding(parts).allows(whole)


def _with_rounding(parts: Sequence[Figure]) -> Span:
    span = sum_of(parts)
    return span if parts[0].kind is Kind.MONEY else Span(span.value, span.value, span.value)


def _near(whole: Figure, parts: Sequence[Figure], total: Span) -> bool:
    if whole.value <= 0:
        return False
    telling = 1 if any(significant(part) >= TELLING_DIGITS for part in parts) else TELLING_DIGITS
    if abs(total.value - whole.value) <= NEAR * whole.value or one_digit_off(whole, total.value, telling):
        return True
    return any(one_digit_off(part, whole.value - (total.value - part.value), telling) for part in parts)


def _exhaustive(group: Group) -> bool:
    """Tell whether the parts are named in full: every level of government, or the text says so."""
    start, end = group.stretch.sentence_of(group.whole.start)
    levels = levels_named("".join(group.labels))
    sexes = {label[:1] for label in group.labels}
    return (
        levels == 4
        or sexes == {"男", "女"} and len(group.parts) == len(sexes)
        or levels >= 3
        and len(group.parts) == levels
        and group.opener == "合计"
        or (tells(group.stretch.text[start:end], "exhaustive") and group.opener != "其中")
    )


def check_forgotten_units(material: Material) -> Iterator[Remark]:
    """An amount without its unit in a list of amounts."""
    for stretch in material.stretches:
        for figure in stretch.figures:
            if _forgotten_unit(stretch, figure):
                yield Remark(
                    rule="unit-slip",
                    severity=Severity.WARNING,
                    place=stretch.at(figure.start),
                    quote=stretch.quote(figure.start, figure.end),
                    stated=figure.text,
                    expected=f"{figure.text}元",
                    message=f"金额 {figure.text} 没有单位，同一句其他金额都以元为单位",
                    advice="请补上单位",
                )
