"""An indicator called otherwise in the list of problems than where it is scored."""

import re
from collections.abc import Iterator

from tuodi.audit.material import Material
from tuodi.audit.paper.model import Paragraph
from tuodi.audit.remark import Remark
from tuodi.audit.statements.indicators import Telling, plain_name
from tuodi.audit.statements.problems import problem_sections

FEWEST_NAMES = 5
"""Indicators a paper must name before a name that is not among them tells anything."""
_HEAD = re.compile(
    r"^(?:\d{1,2}[.、]|（[\d一二三四五六七八九十]{1,2}）|[一二三四五六七八九十]是|[①-⑳])?"
    r"(?P<name>[一-龥]{4,12}(?:性|率|度|人数|户数))(?=方面|没有|未|不|得|扣|有待|偏|指标|：|，)"
)
MOST_CHANGED = 2


def check_problem_names(material: Material) -> Iterator[Remark]:
    """A problem that begins with a name which differs in one word from an indicator that lost points."""
    leaves = {plain_name(each.name): each for each in material.tellings if each.is_leaf and each.score is not None}
    if len(leaves) < FEWEST_NAMES:
        return
    lines = [item.text for section in problem_sections(material.paper) for item in section.items]
    spoken = {name for name in leaves if any(name in line for line in lines)}
    for paragraph in material.paper.paragraphs:
        match = _HEAD.match(paragraph.text)
        if match is None or match["name"] in leaves or not any(match["name"] in line for line in lines):
            continue
        alike = [name for name in leaves if name not in spoken and _one_word_off(match["name"], name)]
        if len(alike) == 1:
            yield _remark(paragraph, match, leaves[alike[0]])


def _one_word_off(one: str, other: str) -> bool:
    """Tell whether two names of one length differ in one word of at most two characters."""
    if len(one) != len(other):
        return False
    wrong = [at for at, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    return bool(wrong) and len(wrong) <= MOST_CHANGED and wrong[-1] - wrong[0] < MOST_CHANGED


def _remark(paragraph: Paragraph, match: re.Match[str], scored: Telling) -> Remark:
    return Remark(
        rule="name-told-twice",
        place=paragraph.at(match.start("name")),
        also=(scored.place,),
        quote=paragraph.text[:40],
        stated=match["name"],
        expected=scored.name,
        message=f"此处称“{match['name']}”，评分处称“{scored.name}”，没有名为“{match['name']}”的指标",
        advice="请统一指标名称",
    )
