"""Balances, adjusted budgets and products told in sentences."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from tuodi.audit.figures.amounts import Figure, Kind
from tuodi.audit.figures.arithmetic import like
from tuodi.audit.figures.precision import one_digit_off, sharpened
from tuodi.audit.material import Material
from tuodi.audit.remark import Remark
from tuodi.audit.statements.labels import clause_before
from tuodi.audit.statements.sentence_words import pattern
from tuodi.audit.statements.stretches import Stretch
from tuodi.kernel.finding import Severity

NEAR = Fraction(5, 100)
"""A sum or product that misses by no more than this share was meant to be told."""


def check_balances(material: Material) -> Iterator[Remark]:
    """Opening balance + received − spent against the closing balance, told in neighbouring sentences."""
    told: dict[tuple[Fraction, ...], Remark] = {}
    for at, stretch in enumerate(material.stretches):
        for closing in _labelled(stretch, "closing_balance"):
            near = material.stretches[max(0, at - 4) : at + 1]
            remark = _balance(stretch, closing, near)
            if remark is None:
                continue
            key, found = remark
            first = told.get(key)
            told[key] = found if first is None else replace(first, also=(*first.also, found.place))
    yield from told.values()


def _labelled(stretch: Stretch, name: str) -> list[Figure]:
    found = []
    for at, figure in enumerate(stretch.figures):
        if figure.kind is Kind.MONEY:
            floor = stretch.figures[at - 1].end if at else 0
            clause = clause_before(stretch.text, figure.start, floor)
            if pattern(name).search(clause):
                found.append(figure)
    return found


_OPENING = re.compile(r"(?:上年度?|年初|期初|20\d\d年(?:度|末)?)[^，。；\d]{0,4}(?:结转|结余|余额)")
_CLOSING = re.compile(r"(?:年末|期末|累计|20\d\d年末)[^，。；\d]{0,6}(?:结转|结余|余额)")
_RECEIVED = re.compile(r"(?:下达|到位|收入|筹集|安排|拨入)[^，。；\d]{0,8}$")
_SPENT = re.compile(r"(?:支付总额|支出总额|实际支出|支出合计|共支出|使用资金|支出|支付)[^，。；\d]{0,8}$")


_TOLD_GAP = re.compile(r"推算|差额|相差|不符")
"""Words of a sentence that itself tells that the account does not come out."""


def _balance(stretch: Stretch, closing: Figure, near: Sequence[Stretch]) -> tuple[tuple[Fraction, ...], Remark] | None:
    year = re.search(r"20\d\d", clause_before(stretch.text, closing.start))
    before = f"{int(year[0]) - 1}年" if year else "上年"
    opening = _first(
        near,
        _OPENING,
        lambda text: (not _CLOSING.search(text) or before in text) and (not year or year[0] not in text),
    )
    received = _first(near, _RECEIVED, lambda text: "结" not in text)
    spent = _first(near, _SPENT, lambda text: "结" not in text)
    if opening is None or received is None or spent is None or opening is closing:
        return None
    figures = sharpened((opening, received, spent, closing))
    value = figures[0].value + figures[1].value - figures[2].value
    slack = sum((each.step for each in figures), Fraction(0)) / 2
    if closing.value in (opening.value,) or abs(value - closing.value) <= slack:
        return None
    if _TOLD_GAP.search(stretch.text[slice(*stretch.sentence_of(closing.start))]):
        return None
    in_one = _in_one_sentence(stretch, (opening, received, spent, closing))
    if not in_one and abs(value - closing.value) > NEAR * 4 * max(closing.value, Fraction(1)):
        return None
    expected, difference = like(closing, value), like(closing, abs(value - closing.value))
    remark = Remark(
        rule="balance-differs",
        severity=Severity.ERROR,
        place=stretch.at(closing.start),
        quote=stretch.quote(closing.start, closing.end),
        stated=closing.text,
        expected=expected,
        message=f"上年结转 {opening.text}＋本年到位 {received.text}－本年支出 {spent.text}＝{expected}，"
        f"年末结余写 {closing.text}，相差 {difference}",
        advice="请核对结转、到位和支出；如有利息、退回等其他收支，请写明",
    )
    return (opening.value, received.value, spent.value, closing.value), remark


def _in_one_sentence(stretch: Stretch, figures: Sequence[Figure]) -> bool:
    """Tell whether a sentence tells these amounts and no other: they are the whole account."""
    start, end = stretch.sentence_of(figures[-1].start)
    told = [each for each in stretch.figures if start <= each.start < end and each.kind is Kind.MONEY]
    return len(told) == len(figures) and all(any(each is figure for each in told) for figure in figures)


def _first(near: Sequence[Stretch], told: re.Pattern[str], allowed: Callable[[str], bool]) -> Figure | None:
    """Return the first amount, in the nearest text that has one, whose clause tells a meaning."""
    for stretch in reversed(near):
        for at, figure in enumerate(stretch.figures):
            if figure.kind is not Kind.MONEY:
                continue
            clause = clause_before(stretch.text, figure.start, stretch.figures[at - 1].end if at else 0)
            if told.search(clause) and allowed(clause):
                return figure
    return None


_LEFT = re.compile(r"(?:结余|剩余|尚余|余额)(?:资金|金额)?(?:为|是)?$")


def check_left(material: Material) -> Iterator[Remark]:
    """Received − spent against what is left, told in one sentence of a paper that tells no opening balance."""
    if any(_OPENING.search(stretch.text) for stretch in material.stretches):
        return
    for stretch in material.stretches:
        for start, end in stretch.sentences:
            told = [each for each in stretch.figures if start <= each.start < end and each.kind is Kind.MONEY]
            sides = [_ending(stretch, told, each) for each in (_RECEIVED, _SPENT, _LEFT)]
            if len(told) == len(sides) and all(len(side) == 1 for side in sides) and not any(f.mark for f in told):
                yield from _left(stretch, *(side[0] for side in sides))


def _left(stretch: Stretch, received: Figure, spent: Figure, left: Figure) -> Iterator[Remark]:
    figures = sharpened((received, spent, left))
    value = received.value - spent.value
    if value < 0 or abs(value - left.value) <= sum((each.step for each in figures), Fraction(0)) / 2:
        return
    expected = like(left, value)
    sure = one_digit_off(left, value, telling=3)
    yield Remark(
        rule="balance-differs",
        severity=Severity.ERROR if sure else Severity.WARNING,
        place=stretch.at(left.start),
        quote=stretch.quote(min(each.start for each in (received, spent, left)), left.end),
        stated=left.text,
        expected=expected,
        message=f"{received.text}－{spent.text}＝{expected}，结余写 {left.text}",
        advice="请核对到位、支出和结余；如有上年结转等其他收支，请写明",
    )


_INITIAL = re.compile(r"年初(?:预算|安排|批复|的)?[^，。；\d]{0,8}$")
_ADJUSTED = re.compile(r"(?:调整后|变为|调整为)[^，。；\d]{0,8}$")
_RAISED = re.compile(r"(?:调增|追加|核增|增加)[^，。；\d]{0,8}$")
_LOWERED = re.compile(r"(?:调减|核减|压减|减少)[^，。；\d]{0,8}$")


def check_adjustments(material: Material) -> Iterator[Remark]:
    """Initial budget + raised − lowered against the adjusted budget told with them."""
    told = [stretch for stretch in material.stretches if not stretch.in_table]
    for at, stretch in enumerate(told):
        for start, end in stretch.sentences:
            here = [each for each in stretch.figures if start <= each.start < end and each.kind is Kind.MONEY]
            adjusted, raised, lowered = (_ending(stretch, here, each) for each in (_ADJUSTED, _RAISED, _LOWERED))
            if not adjusted or not (raised or lowered):
                continue
            initial = _ending(stretch, here, _INITIAL) or _initial_before(told[max(0, at - 4) : at + 1])
            if len({each.value for each in initial}) == 1:
                yield from _adjusted(stretch, initial[0], raised, lowered, adjusted)


def _ending(stretch: Stretch, here: Sequence[Figure], told: re.Pattern[str]) -> list[Figure]:
    return [each for each in here if told.search(_clause(stretch, each))]


def _clause(stretch: Stretch, figure: Figure) -> str:
    floor = max((each.end for each in stretch.figures if each.end <= figure.start), default=0)
    return clause_before(stretch.text, figure.start, floor)


def _initial_before(near: Sequence[Stretch]) -> list[Figure]:
    return [
        each
        for stretch in near
        for each in stretch.figures
        if each.kind is Kind.MONEY and _INITIAL.search(_clause(stretch, each))
    ]


def _adjusted(
    stretch: Stretch, initial: Figure, raised: Sequence[Figure], lowered: Sequence[Figure], adjusted: Sequence[Figure]
) -> Iterator[Remark]:
    figures = sharpened((initial, *raised, *lowered, *adjusted))
    value = initial.value + sum(each.value for each in raised) - sum(each.value for each in lowered)
    slack = sum((each.step for each in figures[: 1 + len(raised) + len(lowered)] if each.unit != "元"), Fraction(0)) / 2
    for stated in adjusted:
        own = Fraction(0) if stated.unit == "元" else figures[-1].step / 2
        if abs(value - stated.value) <= slack + own:
            continue
        expected = like(stated, value)
        formula = (
            initial.text + "".join(f"＋{each.text}" for each in raised) + "".join(f"－{each.text}" for each in lowered)
        )
        yield Remark(
            rule="balance-differs",
            severity=Severity.ERROR,
            place=stretch.at(stated.start),
            quote=stretch.quote(stated.start, stated.end),
            stated=stated.text,
            expected=expected,
            message=f"年初预算与调整相加 {formula}＝{expected}，调整后写 {stated.text}",
            advice="请核对年初预算、调整数和调整后预算",
        )


_HEADS = re.compile(r"(?:每人(?:每年)?|人均|每户|户均|每人次|每[台套件份]|单价)[^，。；\d]{0,8}$")
_TOTAL_SUM = re.compile(r"(?:合计|共计|总计|共|总额|总价|计|需(?:要)?(?:资金|经费)?)[^，。；\d]{0,6}$")
_COUNTED = ("人", "人次", "户", "户次", "台", "套", "件", "份", "本", "张", "辆")
_NOT_THEM_ALL = re.compile(r"月|最高|限额|不超过|以上|其中|左右|约|分别|至")
FURTHEST = Fraction(1, 3)
"""Where a sentence tells nothing but a price, a number and their product, the product may miss by so much."""


def check_products(material: Material) -> Iterator[Remark]:
    """Heads × rate told with the amount: 人均 a 元、b 人，共 c 元, or written out as a product."""
    for stretch in material.stretches:
        for start, end in stretch.sentences:
            figures = [each for each in stretch.figures if start <= each.start < end]
            heads = [each for each in figures if each.kind is Kind.COUNT and each.unit in _COUNTED]
            rates = [each for each in figures if each.kind is Kind.MONEY and _HEADS.search(_clause(stretch, each))]
            sums = [each for each in figures if each.kind is Kind.MONEY and _TOTAL_SUM.search(_clause(stretch, each))]
            if len(heads) == len(rates) == len(sums) == 1 and sums[0].start > max(heads[0].start, rates[0].start):
                alone = len(figures) == 3 and not _NOT_THEM_ALL.search(stretch.text[heads[0].start : sums[0].start])
                alone = alone and not any(each.mark for each in figures)
                yield from _product(stretch, heads[0], rates[0], sums[0], FURTHEST if alone else NEAR)


def _product(stretch: Stretch, heads: Figure, rate: Figure, stated: Figure, furthest: Fraction) -> Iterator[Remark]:
    value = heads.value * rate.value
    slack = stated.step / 2 if stated.unit != "元" else Fraction(0)
    if any(abs(value * months - stated.value) <= slack for months in (1, 12)):
        return
    if abs(value - stated.value) > furthest * stated.value and not one_digit_off(stated, value):
        return
    expected = like(stated, value)
    yield Remark(
        rule="product-differs",
        severity=Severity.WARNING,
        place=stretch.at(stated.start),
        quote=stretch.quote(min(heads.start, rate.start), stated.end),
        stated=stated.text,
        expected=expected,
        message=f"{rate.text}×{heads.text}＝{expected}，文中写 {stated.text}",
        advice="请核对标准、人数和金额",
    )
