"""Scores against the rule printed beside them: points inside a rule, thresholds, steps, shares, full or nothing."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tuodi.audit.figures.amounts import Figure, Kind, figure_of, figures
from tuodi.audit.material import Material
from tuodi.audit.remark import Remark
from tuodi.audit.statements.indicators import Telling, plain_name
from tuodi.kernel.finding import Severity
from tuodi.kernel.money import decimal_text, rounded

_N = r"\d+(?:\.\d+)?"
_POINTS = re.compile(rf"(?:，|,|；|：|）|的)?(?:得|计|记)(?P<points>{_N})分|（(?P<bracket>{_N})分）")
_ELEMENTS = re.compile(r"(?:(?P<count>\d+)项各占|每(?:条|项|个)要素占)(?:权重分的|权重分)?1/(?P<share>\d+)(?:权重分)?")
_STEP = re.compile(
    rf"[≥>](?P<limit>{_N})%[^；。]{{0,12}}?(?:得满分|得{_N}分|满分)[；;，,。]?(?:否则)?每(?:降低|下降|低|减少|少|低于)(?P<step>{_N})(?:%|个百分点)[，,]?"
    rf"(?:扣(?:除|减)?(?P<points>{_N})分|扣(?:除|减)?(?P<share>{_N})%(?:的)?(?:权重|分值))"
)
_STEP_FROM_FULL = re.compile(
    rf"每(?:降低|下降|低|减少|少|低于)(?P<step>{_N})(?:%|个百分点)[，,]?(?:扣(?:除|减)?(?P<points>{_N})分|扣(?:除|减)?(?P<share>{_N})%(?:的)?(?:权重|分值))"
)
_PROPORTION = re.compile(
    r"按照?(?:实际)?(?:完成)?(?:比例|完成率)(?:得分|计分|记分|赋分|折算)|[率度值况](?:÷\d+%)?(?:[*×xX])(?:权重|分值|满分|指标分值|该指标)|按实际值占\d+%的比例"
)
_THRESHOLD = re.compile(
    rf"(?P<mark>[≥>]|达到|不低于|达)(?P<limit>{_N})%(?:以上|及以上)?[，,：:的]?[^；。]{{0,6}}?(?:得满分|满分|得(?P<points>{_N})分)"
)
_BY_COMPLETION = re.compile(r"按照?(?:实际)?完成(?:率|比例)(?:得分|计分|记分|赋分|折算)")
_BASE = re.compile(rf"(?:占|[÷/])(?P<base>{_N})%")
"""What a proportion is reckoned of, where the rule tells it: 按实际值占80%的比例, 实际值÷90%×权重."""
_BANDED = re.compile(
    rf"(?P<low>{_N})%≤[^<≤。；]{{1,10}}<(?P<high>{_N})%[；;，,：:]?(?:得分=)?[^。；]{{0,8}}?=?[^。；×]{{0,8}}×(?P<factor>{_N})分?"
)
_FULL_OR_NOTHING = re.compile(r"得满分[；;，,。](?:否则|反之)[，,]?(?:均|则)?(?:不得分|得0分)")


@dataclass(frozen=True, slots=True)
class Ruled:
    """An indicator with everything its places tell: rule, weight, scores, actual value."""

    telling: Telling
    rule: str
    weight: Figure
    score: Figure
    actual: Figure | None
    label: str


def ruled(material: Material) -> Iterator[Ruled]:
    """Yield the leaf indicators with a printed rule, each once; the actual value is sought in all their places."""
    groups: dict[tuple[str, str], list[Telling]] = defaultdict(list)
    for telling in material.tellings:
        groups[telling.system, telling.code or plain_name(telling.name)].append(telling)
    for tellings in groups.values():
        own = next(
            (each for each in tellings if each.rule and each.score is not None and each.weight is not None), None
        )
        if own is None or own.weight is None or own.score is None or own.weight.value <= 0:
            continue
        yield Ruled(own, own.rule, own.weight, own.score, _actual(own, tellings), own.label)


def _actual(own: Telling, tellings: Sequence[Telling]) -> Figure | None:
    """Return the share an indicator reached: its cell, else the one share its texts tell, by name or alone."""
    completion = _completion(own)
    if completion is not None:
        return completion
    cell = figure_of(own.actual) if own.actual else None
    if cell is not None and cell.kind is Kind.SHARE:
        return cell
    texts = [own.actual, *(each.process or each.reason for each in tellings if each.process or each.reason)]
    name = plain_name(own.name)
    for text in texts:
        shares = [each for each in figures(text) if each.kind is Kind.SHARE and not _in_rule(text, each)]
        named = [each for each in shares if _names(text[: each.start], name)]
        values = {each.value for each in (named or shares)}
        if len(values) == 1:
            return (named or shares)[0]
    return None


def _completion(own: Telling) -> Figure | None:
    """Return actual ÷ target in percent, at most 100, where the rule gives points by completion and both are told."""
    target, actual = figure_of(own.target.lstrip("=")), figure_of(own.actual.lstrip("="))
    if not _BY_COMPLETION.search(own.rule) or target is None or actual is None or target.mark in ("≤", "<"):
        return None
    if target.kind is not actual.kind or target.kind not in (Kind.COUNT, Kind.MONEY, Kind.SHARE, Kind.PLAIN):
        return None
    if target.value <= 0 or target.unit != actual.unit:
        return None
    return figure_of(decimal_text(min(Fraction(100), rounded(100 * actual.value / target.value, 2)), 2) + "%")


def _in_rule(text: str, share: Figure) -> bool:
    before = text[max(0, share.start - 6) : share.start]
    return (
        share.mark in ("≥", "≤")
        or re.search(r"(?:扣|每|低|权重的|得分率为?|标准值?|目标值?|×|\*)$", before) is not None
    )


def _names(before: str, name: str) -> bool:
    clause = re.split(r"[。；，]", before)[-1]
    core = re.sub(r"(?:情况|性|程度)$", "", name)
    return core[-3:] in clause and len(core) >= 3 and (core in clause or core[-5:] in clause)


def check_points(material: Material) -> Iterator[Remark]:
    """The points a rule gives to its elements must make the indicator's weight."""
    seen: set[tuple[str, str]] = set()
    for telling in material.tellings:
        weight = telling.weight
        key = (telling.system, telling.key)
        if not telling.rule or weight is None or key in seen or weight.value <= 0:
            continue
        seen.add(key)
        parts = _itemised(telling.rule)
        total = sum(parts, Fraction(0))
        if len(parts) >= 2 and total != weight.value:
            text = decimal_text(total, 2, trimmed=True)
            printed = "＋".join(decimal_text(part, 2, trimmed=True) for part in parts)
            yield Remark(
                rule="points-differ",
                severity=Severity.ERROR,
                place=telling.place,
                quote=f"{telling.label} 满分 {weight.text}",
                stated=text,
                expected=weight.text,
                message=f"{telling.label}：评分标准各项分值相加为 {text} 分（{printed}），该指标满分 {weight.text}"
                + _cannot_reach(telling, total),
                advice="请核对评分标准各项分值与满分",
            )


def _cannot_reach(telling: Telling, total: Fraction) -> str:
    """Say that a score is more than all elements of its rule together give."""
    if telling.score is None or telling.score.value <= total:
        return ""
    return f"；表中得 {telling.score.text} 分，按这个标准最多得 {decimal_text(total, 2, trimmed=True)} 分"


def _itemised(rule: str) -> list[Fraction]:
    """Return the points of elements ①②③ (or of lines) that are all to be had; tiers of one value give none."""
    if re.search(
        r"否则|满分：|满分:|合格|零分|及格|优秀|按比例|每(?:降低|低|出现|发现)|≥|＜|<", rule
    ) and not re.search(r"[①-⑳]", rule):
        return []
    pieces = re.split(r"(?=[①-⑳])", rule)
    pieces = [piece for piece in pieces if re.match(r"[①-⑳]", piece)]
    if len(pieces) < 2 or any("扣" in piece and not re.search(r"得\d", piece) for piece in pieces[:1]):
        return []
    parts = []
    for piece in pieces:
        if re.search(r"本项不得分|不得分|扣", piece) and not re.search(r"（\d+(?:\.\d+)?分）", piece):
            continue
        points = [match["points"] or match["bracket"] for match in _POINTS.finditer(piece)]
        if len(points) != 1:
            if len(points) > 1:
                return []
            continue
        if "扣" in piece.split(points[0])[0][-8:]:
            continue
        parts.append(Fraction(points[0]))
    return parts


def check_scores(material: Material) -> Iterator[Remark]:
    """Each score against its own rule and actual value, where the rule is one of the usual forms."""
    for item in ruled(material):
        allowed = _allowed(item)
        if allowed is None or item.score.value in allowed[0]:
            continue
        expected, reason = allowed
        best = min(expected, key=lambda value: abs(value - item.score.value))
        text = decimal_text(best, 2, trimmed=True) + ("分" if item.score.text.endswith("分") else "")
        yield Remark(
            rule="score-against-rule",
            severity=Severity.ERROR if len(expected) == 1 else Severity.WARNING,
            place=item.telling.place,
            quote=item.telling.quote[:90],
            stated=item.score.text,
            expected=text,
            message=f"{item.label}得分写 {item.score.text}，按所列评分标准应为 {text}（{reason}）",
            advice="请核对实际值、评分标准和得分",
        )


def _allowed(item: Ruled) -> tuple[set[Fraction], str] | None:
    """Return the scores a rule allows and why; None where the rule or the value is not understood."""
    weight = item.weight.value
    elements = _ELEMENTS.search(item.rule)
    if elements and not item.telling.actual.endswith("%"):
        count = int(elements["share"])
        scores = {rounded(weight * part / count, 2) for part in range(count + 1)}
        if re.search(r"扣1/2|扣一半", item.rule):
            scores |= {rounded(weight / 2 * part / count, 2) for part in range(count + 1)} | {rounded(weight / 2, 2)}
        return scores, f"{count} 项要点各占 1/{count}"
    if item.actual is None:
        if _FULL_OR_NOTHING.search(item.rule) and not re.search(r"[①②]|得\d", item.rule):
            return {weight, Fraction(0)}, "只有满分和不得分两种"
        return None
    return _by_share(item, weight, item.actual)


def _by_share(item: Ruled, weight: Fraction, actual: Figure) -> tuple[set[Fraction], str] | None:
    step = _STEP.search(item.rule) or (_STEP_FROM_FULL.search(item.rule) if "100%" in item.rule else None)
    if step:
        limit = Fraction(step.groupdict().get("limit") or 100)
        return _stepped(step, weight, actual, limit)
    threshold = _THRESHOLD.search(item.rule)
    if threshold is None or threshold["points"] and Fraction(threshold["points"]) != weight:
        if threshold is None and _PROPORTION.search(item.rule) and actual.value <= 100:
            return _proportional(item, actual, None)
        return None
    limit = Fraction(threshold["limit"])
    met = actual.value > limit if threshold["mark"] == ">" else actual.value >= limit
    if met or actual.mark in (">", "≥") and actual.value >= limit:
        return {weight}, f"{actual.text}达到 {threshold['limit']}%，得满分"
    if _PROPORTION.search(item.rule) and not _BANDED.search(item.rule):
        base = _BASE.search(item.rule)
        return _proportional(item, actual, limit, Fraction(base["base"]) if base else None)
    if re.search(r"否则[，,]?不得分", item.rule):
        return {Fraction(0)}, f"{actual.text}未达到 {threshold['limit']}%"
    return None


def _proportional(
    item: Ruled, actual: Figure, limit: Fraction | None, base: Fraction | None = None
) -> tuple[set[Fraction], str]:
    """Return the scores in proportion to the base the rule tells, else to 100 % or the threshold (both are usual)."""
    bases = [base] if base else [Fraction(100), *([limit] if limit else [])]
    weight = item.weight.value
    decimals = (2,) if item.score.step == Fraction(1, 100) else (1, 2)
    scores = {min(weight, rounded(weight * actual.value / each, places)) for each in bases for places in decimals}
    printed = decimal_text(weight, 2, trimmed=True)
    of = f"÷{decimal_text(base, 2, trimmed=True)}%" if base else ""
    return scores, f"{printed}×{actual.text}{of}"


def _stepped(
    step: re.Match[str], weight: Fraction, actual: Figure, limit: Fraction
) -> tuple[set[Fraction], str] | None:
    size = Fraction(step["step"])
    if size == 0:
        return None
    each = Fraction(step["points"]) if step["points"] else weight * Fraction(step["share"]) / 100
    short = limit - actual.value
    if short <= 0:
        return {weight}, f"{actual.text}达到 {decimal_text(limit, 2, trimmed=True)}%，得满分"
    exact = short / size
    begun = exact.numerator // exact.denominator + (exact.denominator != 1)
    full_steps = exact.numerator // exact.denominator
    scores = {max(Fraction(0), rounded(weight - steps * each, 2)) for steps in (full_steps, begun, exact)}
    missing = f"低于 {decimal_text(limit, 2, trimmed=True)}% {decimal_text(short, 2, trimmed=True)} 个百分点"
    return scores, f"{missing}，每 {step['step']}% 扣 {decimal_text(each, 2, trimmed=True)} 分"


def check_gaps(material: Material) -> Iterator[Remark]:
    """A rule that jumps: just below its threshold a share times another factor than the indicator's weight."""
    for item in ruled(material):
        band = _BANDED.search(item.rule)
        if band is None or Fraction(band["factor"]) == item.weight.value:
            continue
        below = decimal_text(Fraction(band["high"]) * Fraction(band["factor"]) / 100, 2, trimmed=True)
        yield Remark(
            rule="rule-gap",
            severity=Severity.WARNING,
            place=item.telling.place,
            quote=f"{item.label} {band.group()}",
            stated=f"×{band['factor']}",
            expected=f"×{item.weight.text}",
            message=f"{item.label}满分 {item.weight.text}，评分标准在 {band['high']}% 以下按 ×{band['factor']} 计分，"
            f"接近 {band['high']}% 时只有 {below} 分，与满分之间跳空",
            advice="请核对评分标准中的系数",
        )
