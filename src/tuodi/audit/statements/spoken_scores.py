"""Weights and scores told in lists of words: 资金到位率（12分）：…，扣1分，得11分。

Groups are told so as well: 决策类满分25分、实得24分（得分率96%）。 The papers that ``indicators`` reads print tables
and an analysis; short papers print nothing but such lines.
"""

import re
from collections.abc import Collection, Iterator, Sequence

from tuodi.audit.figures.amounts import Figure, Kind, figure_of, figures
from tuodi.audit.paper.model import Block, Paragraph, Role
from tuodi.audit.statements.indicators import Telling, split_code

_N = r"\d{1,3}(?:\.\d+)?"
_BULLET = r"^[●■◆▲★○•·▪□※◇\-—]*(?:（\d{1,2}）|\d{1,2}[.、]|[①-⑳])?"
_NAME = r"[\"“]?(?P<name>(?:[A-Z]\d{1,4}[.、]?)?[一-龥]{2,20}?)[\"”]?"
_BRACKETS = re.compile(rf"{_BULLET}{_NAME}（(?:满分|分值|权重)?(?:为)?(?P<weight>{_N})分）(?:[：:，,]|$)")
_BEHIND = re.compile(
    rf"{_BULLET}{_NAME}(?:指标)?[，,、：]?(?:指标)?(?:满分|分值|权重|共)(?:为|计)?(?P<weight>{_N})分(?:[，,、。；]|$)"
)
_GROUP = re.compile(
    rf"{_BULLET}{_NAME}(?P<kind>类指标|指标|类)[，,：（]?(?:满分|分值|权重|共)?(?:为|计)?(?P<weight>{_N})分"
)
_NO_NAME = re.compile(r"(?:[该本此][项类]?(?:指标|项目|部分)?|综上.{0,2}|因此|其中|合计|总计|共计|总分|项目)$")
"""What stands where a name might: 该指标满分4分."""
_OF_A_LEAF = re.compile(r"[性率度数]$")
"""How the names of single indicators end: 资金到位率指标, beside 产出指标."""
_SCORE = re.compile(rf"(?:实得|应得|得分|得)(?:为|是|：)?(?P<score>{_N})分")
_DEDUCTION = re.compile(rf"扣(?:除|减|了)?(?P<points>{_N})分")
_PROPORTION = re.compile(r"(?:实际值|比例|[一-龥]率)[×*乘](?:以)?(?:该项|指标)?(?:分值|权重|满分)|按比例计分")
_BY_COMPLETION = re.compile(r"按照?(?:实际)?完成(?:率|比例)(?:得分|计分|记分|赋分|折算)")
_PLANNED = re.compile(r"(?:计划|目标|应)[^，。；\d]{0,12}$")
_STEPS = re.compile(r"每[^，。；]{1,10}扣|扣完为止|酌情|不得分")
LONGEST_LINE = 160


def spoken(blocks: Sequence[Block], told: Collection[int]) -> Iterator[Telling]:
    """Yield what lines of words tell of weights and scores; lines in the blocks already understood are left aside."""
    for block in blocks:
        if not isinstance(block, Paragraph) or block.role in (Role.CONTENTS, Role.CAPTION, Role.NOTE):
            continue
        if block.place.block in told or len(block.text) > LONGEST_LINE or "分" not in block.text:
            continue
        telling = _group(block) or _leaf(block)
        if telling is not None:
            yield telling


def _group(block: Paragraph) -> Telling | None:
    match = _GROUP.match(block.text)
    if match is None or match["kind"] == "指标" and _OF_A_LEAF.search(match["name"]):
        return None
    rest = block.text[match.end() :]
    scores = list(_SCORE.finditer(rest))
    if len(scores) > 1 or _DEDUCTION.search(rest):
        return None
    return Telling(
        code="",
        name=match["name"],
        place=block.place,
        quote=block.text[:60],
        in_table=False,
        is_leaf=False,
        weight=figure_of(match["weight"] + "分"),
        score=figure_of(scores[0]["score"] + "分") if scores else None,
        rate=_rate(rest),
    )


def _rate(text: str) -> Figure | None:
    at = text.find("得分率")
    return next((each for each in figures(text) if each.kind is Kind.SHARE and each.start >= at >= 0), None)


def _leaf(block: Paragraph) -> Telling | None:
    match = _BRACKETS.match(block.text) or _BEHIND.match(block.text)
    if match is None or _NO_NAME.match(match["name"]):
        return None
    rest = block.text[match.end() :]
    scores, lost = list(_SCORE.finditer(rest)), list(_DEDUCTION.finditer(rest))
    # A rule printed in the line (每降低1%扣0.5分) is no deduction made.
    if len(scores) != 1 or len(lost) > 1 or lost and _STEPS.search(rest):
        return None
    code, name = split_code(match["name"])
    rule, target, actual = _rule(rest)
    return Telling(
        code=code,
        name=name,
        place=block.place,
        quote=block.text[:80],
        in_table=False,
        weight=figure_of(match["weight"] + "分"),
        score=figure_of(scores[0]["score"] + "分"),
        rate=_rate(rest),
        deduction=figure_of(lost[0]["points"] + "分") if lost else None,
        rule=rule,
        target=target,
        actual=actual,
        process=block.text,
    )


def _rule(rest: str) -> tuple[str, str, str]:
    """Return the rule a line tells with the target and the value it is applied to; empty texts where it tells none."""
    told = figures(rest)
    shares = [each for each in told if each.kind is Kind.SHARE]
    if _PROPORTION.search(rest) and len(shares) == 1 and "得分率" not in rest:
        return "得分=实际值×权重", "", shares[0].text
    rule = _BY_COMPLETION.search(rest)
    counts = [each for each in told if each.kind is Kind.COUNT]
    if rule is None or len(counts) != 2 or counts[0].unit != counts[1].unit:
        return "", "", ""
    planned = [_PLANNED.search(rest[: each.start]) is not None for each in counts]
    return (rule.group(), counts[0].text, counts[1].text) if planned == [True, False] else ("", "", "")
