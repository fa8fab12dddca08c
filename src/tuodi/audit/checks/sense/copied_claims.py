"""One claim that all is done, word for word under several results, where one of the results falls short of its plan."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from tuodi.audit.figures.amounts import Figure, Kind, figures
from tuodi.audit.material import Material
from tuodi.audit.paper.model import Paragraph, Role
from tuodi.audit.remark import Remark
from tuodi.kernel.finding import Severity

SHORTEST = 12
FULL = Fraction(100)
_ALL_DONE = re.compile(
    r"(?:全部|全面|均已?|圆满|超额|按时足额)(?:按期|按时)?(?:完成|达到|实现)|(?:达到|完成|实现)了?(?:年度|预期|既定|全年|各项)*(?:绩效)?目标"
)
_NOT = re.compile(r"[未没]能?有?|尚|部分|基本")
_RATE = re.compile(r"(?:完成率|完成比例|完成进度)[^，。；\d]{0,6}$")


@dataclass(frozen=True, slots=True)
class Claim:
    """A paragraph with the one completion rate it tells."""

    paragraph: Paragraph
    rate: Figure
    start: int


def check_copied_claims(material: Material) -> Iterator[Remark]:
    """全部完成年度目标 copied from a result of more than 100 % to one of less."""
    claims: dict[str, list[Claim]] = defaultdict(list)
    for paragraph in material.paper.paragraphs:
        rate = _rate(paragraph) if paragraph.role in (Role.TEXT, Role.HEADING) else None
        if rate is not None:
            for sentence, start in _claimed(paragraph.text):
                claims[sentence].append(Claim(paragraph, rate, start))
    for sentence, told in claims.items():
        reached = [each for each in told if each.rate.value >= FULL]
        for short in told if reached else ():
            if short.rate.value < FULL:
                yield _remark(sentence, short, reached[0])


def _rate(paragraph: Paragraph) -> Figure | None:
    """Return the one completion rate of a paragraph."""
    told = [
        each
        for each in figures(paragraph.text)
        if each.kind is Kind.SHARE and _RATE.search(paragraph.text[max(0, each.start - 16) : each.start])
    ]
    return told[0] if len(told) == 1 else None


def _claimed(text: str) -> Iterator[tuple[str, int]]:
    """Yield the sentences without figures that claim that all is done, with their offsets."""
    for match in re.finditer(r"[^。；！]+", text):
        sentence, done = match.group(), _ALL_DONE.search(match.group())
        if done and len(sentence) >= SHORTEST and not figures(sentence) and not _NOT.search(sentence[: done.start()]):
            yield sentence, match.start()


def _remark(sentence: str, short: Claim, reached: Claim) -> Remark:
    claim = _ALL_DONE.search(sentence)
    said = claim.group() if claim else sentence
    return Remark(
        rule="conclusion-copied",
        severity=Severity.WARNING,
        place=short.paragraph.at(short.start),
        also=(reached.paragraph.at(reached.start),),
        quote=sentence[:60],
        stated=said,
        expected=f"完成率 {short.rate.text}",
        message=f"此处完成率 {short.rate.text}，结论却与{reached.paragraph.place.words()}（完成率 {reached.rate.text}）"
        f"一字不差，写“{said}”",
        advice="请按各自的完成情况分别写结论",
    )
