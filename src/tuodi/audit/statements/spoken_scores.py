"""Weights and scores told in lists of words: 资金到位率（12分）：…，扣1分，得11分。

Groups are told so as well: 决策类满分25分、实得24分（得分率96%）。 The papers that ``indicators`` reads print tables and an analysis; short papers print nothing but such lines.
"""

import re
from collections.abc import Collection, Iterator, Sequence

from tuodi.audit.figures.amounts import Figure, Kind, figure_of, figures
from tuodi.audit.paper.model import Block, Paragraph, Role
from tuodi.audit.statements.indicators import Telling, split_code

_N = r"\d{1,3}(?:\.\d+)?"
_BULLET = r"^[●■◆▲★○•·▪□※◇\-—]*(?:（\d{1,2}）|\d{1,2}[.、]|[①-⑳])?"
_NAME = r"[\"“]?(?P<name>[一-龥]{2,20}?)[\"”]?"
_BRACKETS = re.compile(rf"{_BULLET}{_NAME}（(?:满分|分值|权重)?(?:为)?(?P<weight>{_N})分）(?:[：:，,]|$)")
_BEHIND = re.compile(rf"{_BULLET}{_NAME}[，,、：]?(?:满分|分值|权重|共)(?:为|计)?(?P<weight>{_N})分(?:[，,、。；]|$)")
_GROUP = re.compile(rf"{_BULLET}{_NAME}(?:类指标|指标|类)[，,：（]?(?:满分|分值|权重|共)?(?:为|计)?(?P<weight>{_N})分")
_SCORE = re.compile(rf"(?:实得|应得|得分|得)(?:为|是|：)?(?P<score>{_N})分")
_DEDUCTION = re.compile(rf"扣(?:除|减|了)?(?P<points>{_N})分")
_PROPORTION = re.compile(r"(?:实际值|完成率|比率|比例)[×*乘](?:以)?(?:该项)?(?:分值|权重|满分)|按比例计分")
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
    if match is None:
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
    if match is None:
        return None
    rest = block.text[match.end() :]
    scores, lost = list(_SCORE.finditer(rest)), list(_DEDUCTION.finditer(rest))
    # A rule printed in the line (每降低1%扣0.5分) is no deduction made.
    if len(scores) != 1 or len(lost) > 1 or lost and _STEPS.search(rest):
        return None
    code, name = split_code(match["name"])
    shares = [each for each in figures(rest) if each.kind is Kind.SHARE]
    proportional = _PROPORTION.search(rest) and len(shares) == 1 and "得分率" not in rest
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
        rule="得分=实际值×权重" if proportional else "",
        actual=shares[0].text if proportional else "",
        process=block.text,
    )

