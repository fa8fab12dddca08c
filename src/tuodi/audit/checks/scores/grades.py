"""Grades against the paper's own scale, and the scale against itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from tuodi.audit.figures.amounts import figure_of
from tuodi.audit.material import Material
from tuodi.audit.paper.model import Passage, Place, Reading, readings
from tuodi.audit.remark import Remark, quoted
from tuodi.audit.statements.other_years import of_another_year
from tuodi.kernel.finding import Severity

_GRADE = r"(?:优秀|良好|合格|不合格|中等|较差|优|良|中|差)"
_N = r"\d{1,3}(?:\.\d+)?"
_SCORE = r"(?:[XxSs]|得分|综合得分|评价得分|分数|总分|分值)"
_FOR = r"(?:分)?(?:的)?[|，,：:]?(?:评价)?(?:结果|等级|等次)?(?:评)?(?:定)?为?[：:]?[“\"]?"
_FROM = r"分?(?:（含）|（含[^）]{1,6}）)?(?:以上)?"
_BANDS = (
    re.compile(rf"(?P<low>{_N}){_FROM}(?:[-—~～至到])(?P<high>{_N})分?(?:（[不含]*）|（含[^）]{{1,6}}）)?(?:以下)?{_FOR}(?P<grade>{_GRADE})"),
    re.compile(rf"(?P<high>{_N})分?[≥>]{_SCORE}≥(?P<low>{_N}){_FOR}(?P<grade>{_GRADE})"),
    re.compile(rf"(?P<low>{_N})分?≤{_SCORE}[<≤](?P<high>{_N}){_FOR}(?P<grade>{_GRADE})"),
    re.compile(rf"{_SCORE}[≥](?P<low>{_N}){_FOR}(?P<grade>{_GRADE})"),
    re.compile(rf"(?<![至到—～~-])(?P<low>{_N})分?(?:（含）)?(?:及)?以上{_FOR}(?P<grade>{_GRADE})"),
    re.compile(rf"(?<![<≤]){_SCORE}<(?P<high>{_N}){_FOR}(?P<grade>{_GRADE})"),
    re.compile(rf"(?<![至到—～~\d.-])(?P<high>{_N})分?(?:（不含）)?以下{_FOR}(?P<grade>{_GRADE})"),
    re.compile(rf"(?P<grade>{_GRADE})[”\"]?（(?:得分)?(?P<low>{_N})分?(?:（含）)?[-—~～至](?P<high>{_N})分?）"),
    re.compile(rf"(?P<grade>{_GRADE})[”\"]?（(?:得分)?(?P<high>{_N})分?以下）"),
    re.compile(rf"(?P<grade>{_GRADE})[”\"]?（(?P<low>{_N})分?≤{_SCORE}[<≤](?P<high>{_N})分?）"),
    re.compile(rf"(?P<grade>{_GRADE})[”\"]?（{_SCORE}<(?P<high>{_N})分?）"),
)  # fmt: skip
_WORD = r"(?:等级|等次|级别|评级|评定|评为|结果为|结论为|属于|绩效为|档次)"
_TOLD = (
    re.compile(
        rf"(?:得分|总分|评分|分值|得|评|为|：)(?:合计|为|是|：)?(?P<score>{_N})分(?:（满分100分）)?[^。；\d]{{0,30}}?{_WORD}[^。；“”\"\d]{{0,8}}?[“\"]?(?P<grade>{_GRADE})[”\"]?"
    ),
    re.compile(
        rf"{_WORD}[^。；“”\"\d]{{0,6}}?[“\"]?(?P<grade>{_GRADE})[”\"]?[，,、（][^。；\d]{{0,14}}?(?P<score>{_N})分"
    ),
)


_TOUCHING = (Fraction(0), Fraction(1, 100), Fraction(1, 10), Fraction(1))
"""Distances of neighbouring grades that leave no score without one: 90 and 90, 89.99, 89.9 or 89."""


@dataclass(frozen=True, slots=True)
class Band:
    """A grade from ``low`` (included) to ``high``; the topmost includes its upper end."""

    grade: str
    low: Fraction
    high: Fraction
    place: Place


def bands(material: Material) -> tuple[Band, ...]:
    """Return the scale a paper prints, from the best grade down; empty where it prints none or a broken one."""
    found: dict[str, Band] = {}
    for passage in _texts(material):
        for pattern in _BANDS:
            for match in pattern.finditer(passage.text):
                groups = match.groupdict()
                low = Fraction(groups["low"]) if groups.get("low") else Fraction(0)
                high = Fraction(groups["high"]) if groups.get("high") else Fraction(100)
                if low < high <= 100:
                    found.setdefault(groups["grade"], Band(groups["grade"], low, high, passage.place))
    scale = tuple(sorted(found.values(), key=lambda band: -band.high))
    return scale if len(scale) >= 2 else ()


def _texts(material: Material) -> Iterator[Reading]:
    """Yield running text, and table rows joined so that a band and its grade stand side by side."""
    yield from (passage for passage in readings(material.paper) if re.search(_GRADE, passage.text))
    for table in material.paper.tables:
        if table.width <= 4:
            for row in table.rows:
                yield Passage("|".join(cell.text for cell in row), row[0].place)


def check_grades(material: Material) -> Iterator[Remark]:
    """Each grade told beside a score against the scale."""
    scale = bands(material)
    for passage in readings(material.paper):
        for match in (match for pattern in _TOLD for match in pattern.finditer(passage.text)):
            score = figure_of(match["score"] + "分")
            if score is None or score.value > 100 or of_another_year(passage.text[: match.start()], material.paper):
                continue
            right = next((band for band in scale if score.value >= band.low), None)
            if (
                right is None
                or _same(right.grade, match["grade"])
                or all(not _same(band.grade, match["grade"]) for band in scale)
            ):
                continue
            yield Remark(
                rule="grade-differs",
                severity=Severity.ERROR,
                place=passage.place,
                also=(right.place,),
                quote=quoted(passage.text, match.start(), match.end()),
                stated=match["grade"],
                expected=right.grade,
                message=f"{score.text}按本报告的等级标准（{_written(right)}）为“{right.grade}”，文中写“{match['grade']}”",
                advice="请核对得分和等级",
            )


def _same(one: str, other: str) -> bool:
    return one[0] == other[0] if "合格" not in one + other else one == other


def _written(band: Band) -> str:
    return f"{band.low}—{band.high} 分"


def check_scale(material: Material) -> Iterator[Remark]:
    """A hole or an overlap between neighbouring grades."""
    scale = bands(material)
    for upper, lower in zip(scale, scale[1:], strict=False):
        if upper.low - lower.high in _TOUCHING:
            continue
        kind = "重叠" if lower.high > upper.low else "空档"
        yield Remark(
            rule="rule-gap",
            severity=Severity.WARNING,
            place=lower.place,
            quote=f"{upper.grade} {_written(upper)}；{lower.grade} {_written(lower)}",
            stated=str(lower.high),
            expected=str(upper.low),
            message=f"等级“{upper.grade}”自 {upper.low} 分起，“{lower.grade}”到 {lower.high} 分止，两档之间有{kind}",
            advice="请核对等级划分标准",
        )
