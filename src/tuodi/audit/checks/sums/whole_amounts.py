"""Amounts of the whole told again: another figure, the same digits with another unit, a change the wrong way."""

import re
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from tuodi.audit.checks.two_figures import Told, contradicted
from tuodi.audit.figures.amounts import Figure, Kind
from tuodi.audit.figures.arithmetic import sum_of
from tuodi.audit.figures.precision import significant
from tuodi.audit.material import Material
from tuodi.audit.remark import Remark
from tuodi.audit.statements.labels import clause_before
from tuodi.audit.statements.part_lists import Group, groups
from tuodi.audit.statements.stretches import Stretch
from tuodi.audit.statements.values import reports
from tuodi.kernel.finding import Severity

_WHOLES = {
    "收入": re.compile(r"(?:^|以上|资金)(?:本年|当年|全年)?(?:资金)?收入(?:为|共|合计|总额)?$"),
    "支出": re.compile(r"(?:^|以上|资金)(?:本年|当年|全年)?(?:实际|累计|已)?(?:资金)?支出(?:为|共|合计|总额)?$"),
    "投入": re.compile(r"(?:^|全年|各级)共?(?:投入|筹集资金|安排资金|投入资金|总投入|资金总量|筹集总额)(?:为|共)?$"),
}
FEWEST_TOLD = 2
FURTHEST = Fraction(1, 5)
LEAST_DIGITS = 3


def check_whole_amounts(material: Material) -> Iterator[Remark]:
    """The income, outlay or funds of the whole told several times alike and once otherwise."""
    if len(reports(material.paper)) > 1 or len(material.self_tables) > 1 or material.project_reports:
        return  # several papers in one, several wholes
    for pattern in _WHOLES.values():
        told = [
            (stretch, figure)
            for stretch in material.stretches
            if not stretch.in_table
            for at, figure in enumerate(stretch.figures)
            if figure.kind is Kind.MONEY and pattern.search(_clause(stretch, at)) and not _compares(stretch, figure)
        ]
        counts: dict[Fraction, int] = defaultdict(int)
        for _, figure in told:
            counts[figure.value] += 1
        if len(counts) != 2 or min(counts.values()) > 1 or max(counts.values()) < FEWEST_TOLD:
            continue
        usual = next(each for each in told if counts[each[1].value] > 1)
        odd = next(each for each in told if counts[each[1].value] == 1)
        if odd[1].agrees(usual[1]) or abs(odd[1].value - usual[1].value) > FURTHEST * usual[1].value:
            continue
        yield _differs(odd, usual)


def _clause(stretch: Stretch, at: int) -> str:
    floor = stretch.figures[at - 1].end if at else 0
    return clause_before(stretch.text, stretch.figures[at].start, floor)


def _compares(stretch: Stretch, figure: Figure) -> bool:
    """Tell whether the sentence speaks of several years, so that a second amount is last year's."""
    start, _ = stretch.sentence_of(figure.start)
    return re.search(r"上年|去年|上一年|其中", stretch.text[start : figure.start]) is not None


def _differs(odd: Told, usual: Told) -> Remark:
    (_, figure), (where, right) = odd, usual
    message = f"此处写 {figure.text}，{where.at(right.start).words()}等处写 {right.text}"
    advice = "请核对是哪一个数；如果口径不同，请分别写明"
    return contradicted("value-told-twice", Severity.WARNING, odd, usual, message, advice)


_WHOLE_YEAR = re.compile(r"(?:20\d\d年)?，?全年(?:共|实际|累计)?(?:救助)?支出(?:合计|共计|总额|为|共)*")
_OF_A_USE = re.compile(r"住院|门诊|参保|资助|项目|专项|镇|乡|街道")


def check_year_told_twice(material: Material) -> Iterator[Remark]:
    """The year's outlay told at the head of two sentences, one of them made by its parts, the other another amount."""
    if len(reports(material.paper)) > 1 or len(material.self_tables) > 1 or material.project_reports:
        return
    told: list[tuple[Stretch, Figure, bool]] = []
    for stretch in material.stretches:
        whole = {group.whole.start for group in groups(stretch) if _made_by(group)} if "全年" in stretch.text else set()
        for start, end in () if stretch.in_table else stretch.sentences:
            first = next((each for each in stretch.figures if start <= each.start < end), None)
            if first is None or first.kind is not Kind.MONEY or first.mark:
                continue
            if _WHOLE_YEAR.fullmatch(stretch.text[start : first.start]) and not _OF_A_USE.search(stretch.place.section):
                told.append((stretch, first, first.start in whole))
    proved = [each for each in told if each[2]]
    others = [each for each in told if not each[2]]
    if len(proved) == len(others) == 1 and not proved[0][1].agrees(others[0][1]):
        yield _differs(others[0][:2], proved[0][:2])


def _made_by(group: Group) -> bool:
    return len(group.parts) > 1 and sum_of(group.parts).allows(group.whole)


def check_same_digits(material: Material) -> Iterator[Remark]:
    """An amount whose digits stand elsewhere, again and again, with another unit."""
    told: dict[str, list[Told]] = defaultdict(list)
    for stretch in material.stretches:
        for figure in stretch.figures:
            if figure.kind is Kind.MONEY and not figure.mark and significant(figure) >= LEAST_DIGITS:
                told[figure.text.removesuffix(figure.unit).replace(",", "")].append((stretch, figure))
    for digits, places in told.items():
        units = {figure.unit for _, figure in places}
        if len(units) != 2 or len(digits.replace(".", "")) <= LEAST_DIGITS:
            continue
        for unit in units:
            odd = [each for each in places if each[1].unit == unit]
            rest = [each for each in places if each[1].unit != unit]
            if len(odd) == 1 and len(rest) >= FEWEST_TOLD:
                (_, figure), (_, right) = odd[0], rest[0]
                message = f"此处写 {figure.text}，{len(rest)} 处写 {right.text}，数字相同、单位不同"
                yield contradicted("unit-slip", Severity.ERROR, odd[0], rest[0], message, "请核对金额的单位")


_CHANGED_TO = re.compile(r"由[^，。；\d]{0,12}$")
_WAY = re.compile(r"^[^，。；\d]{0,4}(?P<way>增加|增长|上升|提高|减少|下降|降低)(?:到|至|为)[^，。；\d]{0,4}$")


def check_changes_to(material: Material) -> Iterator[Remark]:
    """``由 a 增加到 b`` with b below a, or the reverse."""
    for stretch in material.stretches:
        for one, other in zip(stretch.figures, stretch.figures[1:], strict=False):
            way = _WAY.match(stretch.text[one.end : other.start])
            if way is None or one.kind is not other.kind or not _CHANGED_TO.search(stretch.text[: one.start]):
                continue
            if one.value == other.value or (other.value > one.value) == (way["way"][0] in "增上提"):
                continue
            right = "减少" if other.value < one.value else "增加"
            yield Remark(
                rule="conclusion-against-data",
                severity=Severity.ERROR,
                place=stretch.at(one.end + way.start("way")),
                quote=stretch.quote(one.start, other.end),
                stated=way["way"],
                expected=right,
                message=f"由 {one.text} 到 {other.text} 是{right}，文中写“{way['way']}”",
                advice="请核对两个数和增减方向",
            )
