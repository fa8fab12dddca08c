"""Rules that cannot work as printed: no way to points, tiers that miss the target, formulas of another scale."""

import re
from collections.abc import Iterator
from fractions import Fraction

from tuodi.audit.checks.scores.rules import Ruled, ruled
from tuodi.audit.figures.amounts import Kind, figure_of, figures
from tuodi.audit.material import Material
from tuodi.audit.remark import Remark
from tuodi.audit.statements.indicators import plain_name
from tuodi.audit.statements.name_lists import likeness
from tuodi.kernel.finding import Severity
from tuodi.kernel.money import decimal_text

_FORMULA = re.compile(r"[^。；=＝]{2,20}[=＝][^。；]*?×100%[。；]?")
_DEFINED = re.compile(r"(?<=[。；])?[^。；：]{2,12}：[^。；]*[。；]?")
_GIVES_POINTS = re.compile(r"[扣得计记赋]|\d分|分值|权重|满分|比例|酌情|×")
_FULL_ABOVE = re.compile(r"满分：>(?P<limit>\d+(?:\.\d+)?)%")
SHORTEST_RULE = 10
"""Characters of a rule that a text tool did not lose."""
_ON_A_SCALE = re.compile(r"(?P<base>\d+)\+(?P<more>\d+)[*×]（\d+%-[^）]{2,6}）/1%")
_SHORTFALL = re.compile(r"(?P<full>\d+)-（(?P<limit>\d+)%-[^）]{2,6}）[*×](?P<factor>\d+)")
_NEEDS_GROWTH = re.compile(
    r"满分：[^。；]{0,24}?较(?:上年|往年|上一年)[^。；]{0,8}?(?P<word>增加|提高|扩大|上升)(?P<share>\d+%)?"
)
_TOLD_GROWTH = re.compile(r"增加|新增|提高|扩大|上升|增长|拓展|高于上年|较上年")
_LIKE = Fraction(1, 2)


def check_missing_rules(material: Material) -> Iterator[Remark]:
    """Points lost where the column of rules says nothing of points: a definition, or a formula of the rate only."""
    for item in ruled(material):
        told = _FORMULA.sub("", _DEFINED.sub("", item.rule))
        lost = item.weight.value - item.score.value
        if lost <= 0 or len(item.rule) < SHORTEST_RULE or _GIVES_POINTS.search(told):
            continue
        points = decimal_text(lost, 2, trimmed=True)
        only = "只写了比率的算法" if _FORMULA.search(item.rule) else "只有解释"
        yield Remark(
            rule="rule-gap",
            severity=Severity.WARNING,
            place=item.telling.place,
            quote=f"{item.label} 满分 {item.weight.text} 得 {item.score.text}",
            stated=item.score.text,
            message=f"{item.label}扣了 {points} 分，评分规则栏{only}，没有写怎样扣分",
            advice="请补写评分规则，说明这些分是怎样扣的",
        )


def check_limits(material: Material) -> Iterator[Remark]:
    """A rule whose full marks need more than the target: target ≥85 %, full marks only above 85 %."""
    for telling in material.tellings:
        target, full = figure_of(telling.target), _FULL_ABOVE.search(telling.rule)
        if target is None or full is None or target.mark != "≥" or target.value != Fraction(full["limit"]):
            continue
        yield Remark(
            rule="rule-gap",
            severity=Severity.WARNING,
            place=telling.place,
            quote=f"{telling.label} {telling.target} {full.group()}",
            stated=full.group(),
            expected=f"满分：≥{full['limit']}%",
            message=f"{telling.label}的标准值是 {telling.target}，评分标准却要 >{full['limit']}% 才得满分，"
            f"正好达到标准值的得不到满分",
            advice="请把满分条件改成与标准值一致",
        )


def check_formulas(material: Material) -> Iterator[Remark]:
    """Formulas that go up to 100 for an indicator of few points, or down to points where nothing was reached."""
    for item in ruled(material):
        scale = _ON_A_SCALE.search(item.rule)
        if scale is not None and int(scale["base"]) + int(scale["more"]) != item.weight.value:
            top = str(int(scale["base"]) + int(scale["more"]))
            message = f"{item.label}的公式 {scale.group()} 最高得 {top}，该指标满分 {item.weight.text}，没有写怎样折算"
            yield _formula("points-differ", item, scale.group(), top, item.weight.text, message)
        short = _SHORTFALL.search(item.rule)
        if short is None or short["full"] != item.weight.text.rstrip("分"):
            continue
        least = Fraction(short["full"]) - Fraction(short["limit"]) * Fraction(short["factor"]) / 100
        if least > 0:
            text = decimal_text(least, 2, trimmed=True)
            message = f"{item.label}的公式 {short.group()} 在实际值为 0 时仍得 {text} 分，永远不会得 0 分"
            yield _formula("rule-gap", item, short.group(), short.group(), "", message)


def _formula(rule: str, item: Ruled, quote: str, stated: str, expected: str, message: str) -> Remark:
    return Remark(
        rule=rule,
        severity=Severity.WARNING,
        place=item.telling.place,
        quote=f"{item.label} {quote}",
        stated=stated,
        expected=expected,
        message=message,
        advice="请写明公式的分值范围和不得分的条件",
    )


def check_growth_needed(material: Material) -> Iterator[Remark]:
    """Full marks that need growth over last year (by so many percent), given where nothing tells of any."""
    for item in ruled(material):
        needs = _NEEDS_GROWTH.search(item.rule)
        if needs is None or item.score.value != item.weight.value:
            continue
        told = _told_of(item, material)
        shares = [figure for text in told for figure in figures(text) if figure.kind is Kind.SHARE]
        if shares if needs["share"] else any(_TOLD_GROWTH.search(text) for text in told):
            continue
        lacks = f"增减的百分比（要 {needs['share']}）" if needs["share"] else f"比上年{needs['word']}的依据"
        yield Remark(
            rule="score-against-rule",
            severity=Severity.WARNING,
            place=item.telling.place,
            quote=f"{item.label} {needs.group()} {item.telling.actual}",
            stated=item.score.text,
            message=f"{item.label}得满分 {item.score.text}，满分条件是“{needs.group().removeprefix('满分：')}”，"
            f"实际值和分析里都没有{lacks}",
            advice="请补充与上年比较的数据，或按评分标准降档",
        )


def _told_of(item: Ruled, material: Material) -> list[str]:
    """Return what the paper says of an indicator, under its name or one like it, rules left out."""
    name = plain_name(item.telling.name)
    alike = [each for each in material.tellings if likeness(plain_name(each.name), name) >= _LIKE]
    return [text for each in alike for text in (each.actual, each.process, each.reason) if text]
