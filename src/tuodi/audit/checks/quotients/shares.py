"""Amounts told with their share of a whole."""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from tuodi.audit.figures.amounts import Figure, Kind
from tuodi.audit.figures.arithmetic import like, sum_of, written
from tuodi.audit.figures.precision import percent_of
from tuodi.audit.material import Material
from tuodi.audit.remark import Remark
from tuodi.audit.statements.clauses import Clause, clauses
from tuodi.audit.statements.labels import clause_before
from tuodi.audit.statements.stretches import Stretch
from tuodi.kernel.finding import Severity

_CHANGE = re.compile(r"增长|增加|提高|下降|减少|上升|降低|同比|比上年|相比")
_SHARE_LABEL = re.compile(
    r"(?:占比|占(?P<base>[^，。；占%]{2,24}?)(?:的|的比例|的比重|比例|比重)|占|比重|比例)(?:为|达|达到|约为|约)?\Z"
)


def check_money_shares(material: Material) -> Iterator[Remark]:
    """An amount told with its share: ``项目支出 a 元，占比 x%`` in a list under its whole."""
    for at, stretch in enumerate(material.stretches):
        before = material.stretches[max(0, at - 1) : at]
        for number, told in enumerate(clauses(stretch)):
            floor = stretch.figures[number - 1].end if number else 0
            match = _SHARE_LABEL.search(stretch.text, floor, told.figure.start)
            if told.figure.kind is Kind.SHARE and not told.figure.mark and match and not _CHANGE.search(told.before):
                yield from _money_share(material, before, told, match["base"])


def _money_share(material: Material, before: Sequence[Stretch], told: Clause, base: str | None) -> Iterator[Remark]:
    stretch, rate = told.stretch, told.figure
    start, _ = stretch.sentence_of(rate.start)
    earlier = [each for each in stretch.figures if each.end <= rate.start]
    amounts = [each for each in earlier if each.kind is Kind.MONEY]
    if not amounts or amounts[-1] is not earlier[-1] or amounts[-1].start < start:
        return
    part = amounts[-1]
    bases = [each for each in stretch.figures if each.kind is Kind.MONEY and each is not part]
    bases += [each for other in before for each in other.figures if each.kind is Kind.MONEY]
    if not base and any(_fits(rate, part, each) for each in bases) or part.value == 0 == rate.value:
        return
    whole = _named_base(material, base) if base else _listed_whole(stretch, part)
    if whole is None or whole.value <= 0 or _fits(rate, part, whole):
        return
    if not base and part.value > whole.value:
        return
    expected = like(rate, part.value * 100 / whole.value)
    yield Remark(
        rule="share-differs",
        severity=Severity.WARNING if base else Severity.ERROR,
        place=told.place,
        quote=stretch.quote(part.start, rate.end),
        stated=rate.text,
        expected=expected,
        message=f"{part.text}÷{whole.text}＝{expected}，文中写 {rate.text}",
        advice="请核对金额、总数和占比" + (f"；{base} 在别处写 {whole.text}" if base else ""),
    )


def _fits(rate: Figure, part: Figure, base: Figure) -> bool:
    span = percent_of(part, base)
    return span is not None and span.allows(rate)


def _listed_whole(stretch: Stretch, part: Figure) -> Figure | None:
    """Return the whole of a list: the amount before 其中, or the first amount of the sentence if it says so."""
    whole = _summed_whole(stretch, part)
    if whole is not None:
        return whole
    opener = stretch.text.rfind("其中", 0, part.start)
    found = [each for each in stretch.figures if each.kind is Kind.MONEY and each.end <= opener]
    return (
        found[-1]
        if opener >= 0 and found and not _CHANGE.search(clause_before(stretch.text, found[-1].start))
        else None
    )


def _summed_whole(stretch: Stretch, part: Figure) -> Figure | None:
    """Return the amount told before that the amounts with shares of the sentence make together."""
    start, end = stretch.sentence_of(part.start)
    figures = stretch.figures
    shared = [
        one
        for one, after in zip(figures, figures[1:], strict=False)
        if start <= one.start < end and one.kind is Kind.MONEY and after.kind is Kind.SHARE
    ]
    total = sum((each.value for each in shared), Fraction(0))
    slack = sum((each.step for each in shared), Fraction(0)) / 2
    wholes = [each for each in figures if each.kind is Kind.MONEY and each.end <= shared[0].start] if shared else []
    return next((each for each in reversed(wholes) if len(shared) > 1 and abs(each.value - total) <= slack), None)


_OF_AMOUNT = re.compile(r"(?:为|占|相当于|完成)(?P<name>[^，。；\d]{2,16})$")


def check_shares_of_amounts(material: Material) -> Iterator[Remark]:
    """Two amounts and their quotient: 支出 a 元，为年初预算 b 元的 c%."""
    for stretch in material.stretches:
        told = list(clauses(stretch))
        for one, other, rate in zip(told, told[1:], told[2:], strict=False):
            match = _OF_AMOUNT.search(other.before)
            if rate.figure.kind is not Kind.SHARE or rate.before.strip() != "的" or match is None:
                continue
            if one.figure.kind is not Kind.MONEY or other.figure.kind is not Kind.MONEY:
                continue
            span = percent_of(one.figure, other.figure)
            if span is None or span.allows(rate.figure):
                continue
            expected = like(rate.figure, span.value)
            yield Remark(
                rule="completion-rate-differs" if "预算" in match["name"] else "share-differs",
                severity=Severity.ERROR,
                place=rate.place,
                quote=stretch.quote(one.figure.start, rate.figure.end),
                stated=rate.figure.text,
                expected=expected,
                message=f"{one.figure.text}÷{other.figure.text}＝{expected}，文中写 {rate.figure.text}",
                advice="请核对两个金额和比率",
            )


def _named_base(material: Material, base: str) -> Figure | None:
    """Return the amount that all places of the paper tell for a named whole (项目支出总额), or None."""
    name = re.sub(r"（[^）]*）", "", base)
    name = re.sub(r"^(?:本|全)?(?:部门|单位|区|县|市|年度|年)*", "", name)
    name = re.sub(r"(?:总额|合计|总数)$", "", name)
    if len(name) < 4:
        return None
    found = [
        told.figure
        for stretch in material.stretches
        if not stretch.in_table
        for told in clauses(stretch)
        if told.figure.kind is Kind.MONEY
        and told.before.strip().endswith(name)
        and told.before.strip()[: -len(name)] in ("", "其中：")
    ]
    return found[0] if found and len({each.value for each in found}) == 1 else None


_NEVER_ABOVE = re.compile(
    r"(?:覆盖率|到位率|知晓率|满意度|占比|合格率|准确率|参保率|及时率|回收率|有效率|知晓度|达标率|比重)(?:为|达|达到|高达)?$"
)


def check_above_hundred(material: Material) -> Iterator[Remark]:
    """Percentages over 100 that cannot be."""
    for stretch in material.stretches:
        for told in clauses(stretch):
            if told.figure.kind is Kind.SHARE and told.figure.value > 100 and _NEVER_ABOVE.search(told.before):
                yield Remark(
                    rule="share-differs",
                    severity=Severity.ERROR,
                    place=told.place,
                    quote=stretch.quote(told.figure.start, told.figure.end),
                    stated=told.figure.text,
                    expected="不大于 100%",
                    message=f"{told.before.strip()} {told.figure.text}，这个比率不会超过 100%",
                    advice="请核对分子和分母",
                )


FEWEST_SHARES = 3
_SEVERAL_ANSWERS = re.compile(r"多选|可选|多项|累计|以上|其中|同比|增长|提高|下降|目标|完成率")
_SCALES = ("不满意", "不了解", "不知道", "不知晓", "不清楚", "没有", "其他", "差", "男", "女")


def check_shares_of_one_whole(material: Material) -> Iterator[Remark]:
    """Shares of one scale told in one sentence make more than a hundred: 满意占…、一般占…、不满意占…."""
    for stretch in material.stretches:
        for start, end in stretch.sentences:
            sentence = stretch.text[start:end]
            told = [each for each in clauses(stretch) if start <= each.figure.start < end]
            shares = [each for each in told if each.figure.kind is Kind.SHARE]
            if len(shares) < FEWEST_SHARES or _SEVERAL_ANSWERS.search(sentence) or "多选" in stretch.text:
                continue
            labels = [_SHARE_OF.fullmatch(each.before) for each in shares]
            figures = [each.figure for each in shares]
            names = [match["name"] if match else "" for match in labels]
            if len(set(names)) < len(names) or not all(names) or any(each.mark for each in figures):
                continue
            total, slack = sum_of(figures).value, sum((each.step for each in figures), Fraction(0)) / 2
            if total - slack <= HUNDRED or total > 2 * HUNDRED or not any(word in names[-1] for word in _SCALES):
                continue
            yield Remark(
                rule="share-differs",
                severity=Severity.WARNING,
                place=stretch.at(figures[0].start),
                quote=stretch.quote(figures[0].start, figures[-1].end),
                stated=like(figures[0], total),
                expected=like(figures[0], Fraction(HUNDRED)),
                message=f"各项占比相加 {written(figures)}＝{like(figures[0], total)}，超过 100%",
                advice="请核对各项占比",
            )


HUNDRED = 100
_SHARE_OF = re.compile(
    r"[^，。；、\d]{0,6}?(?:认为|表示)?[“\"]?(?P<name>[^，。；、\d“”\"]{1,10}?)[”\"]?(?:的)?(?:占比|占)(?:为)?"
)
