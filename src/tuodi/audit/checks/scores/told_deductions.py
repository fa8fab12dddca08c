"""Full marks, deductions and score told in one paragraph that names its indicator otherwise or nowhere."""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from tuodi.audit.material import Material
from tuodi.audit.paper.model import Paragraph, Role
from tuodi.audit.remark import Remark, quoted
from tuodi.kernel.finding import Severity
from tuodi.kernel.money import decimal_text

_N = r"\d{1,2}(?:\.\d{1,2})?"
_FULL = re.compile(rf"(?:满分|分值|权重)(?:为|是|共|：)?(?P<points>{_N})分")
_GOT = re.compile(rf"(?:得分|实得|评得|计得|记得|得)(?:为|是|共|：)?(?P<points>{_N})分")
_LOST = re.compile(rf"(?:扣|减)(?:除|减|去|了|掉)?(?:分)?(?P<points>{_N})分")
_RULE = re.compile(r"每|若|如|否则|反之|标准|规则|最多|至多|应扣|扣完|不得分|酌情|[①-⑳]")
"""Words of a rule printed in the paragraph: its points are not those taken off."""
MOST_DEDUCTIONS = 6


def check_told_deductions(material: Material) -> Iterator[Remark]:
    """满分 4 分 … 扣 1.5 分 … 得 3 分 in one paragraph, wherever in it each is told."""
    understood = {each.place.block for each in material.tellings if each.deduction is not None}
    for paragraph in material.paper.paragraphs:
        if paragraph.role in (Role.CAPTION, Role.NOTE) or paragraph.place.block in understood:
            continue
        remark = _of_paragraph(paragraph)
        if remark is not None:
            yield remark


def _of_paragraph(paragraph: Paragraph) -> Remark | None:
    text = paragraph.text
    if "扣" not in text or _RULE.search(text):
        return None
    full, got = list(_FULL.finditer(text)), list(_GOT.finditer(text))
    lost = [Fraction(match["points"]) for match in _LOST.finditer(text)]
    if len(full) != 1 or len(got) != 1 or not 0 < len(lost) <= MOST_DEDUCTIONS:
        return None
    weight, score = Fraction(full[0]["points"]), Fraction(got[0]["points"])
    if score > weight or weight - score in _sums(lost):
        return None
    right = weight - sum(lost)
    points = "、".join(_written(each) for each in lost)
    told = "－".join(_written(each) for each in (weight, *lost)) + f"＝{_written(right)}"
    return Remark(
        rule="deduction-differs",
        severity=Severity.ERROR,
        place=paragraph.at(got[0].start()),
        quote=quoted(text, *got[0].span()),
        stated=f"{got[0]['points']}分",
        expected=f"{_written(right)}分" if right >= 0 else "",
        message=f"满分 {full[0]['points']} 分，扣 {points} 分，{told}，得分写 {got[0]['points']} 分",
        advice="请核对这项指标的满分、扣分和得分",
    )


def _sums(points: Sequence[Fraction]) -> set[Fraction]:
    """Return what the deductions may make: all of them, each told once, or the one that is the sum of the others."""
    most = max(points)
    return {sum(points, Fraction(0)), sum(set(points), Fraction(0))} | ({most} if 2 * most == sum(points) else set())


def _written(value: Fraction) -> str:
    return decimal_text(value, 2, trimmed=True)
