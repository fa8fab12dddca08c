"""What every section may look at, and the bound values all of them print alike."""

import re
from dataclasses import dataclass
from fractions import Fraction

from tuodi.evaluation.scheme import Indicator
from tuodi.evaluation.scoring import GroupScore, Result, Score
from tuodi.kernel.quantity import plain
from tuodi.report.blocks import Figure, Quote
from tuodi.report.prose import NOTHING, points, quote

BLANK = "________"
SAME_AS = {"实施单位": "被评价单位", "被评价单位": "实施单位", "评价单位": "评价机构"}
"""Items that mean the same body unless both are given."""
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?")


@dataclass(frozen=True, slots=True)
class Context:
    """One result to be reported."""

    result: Result

    def project(self, item: str) -> Figure | Quote:
        """Return a value of the sheet 项目, days as documents write them; a visible blank where it is missing."""
        key, value = f"project.{item}", self._project_value(item)
        day = _DAY.fullmatch(value)
        if day:
            parts = zip(day.groups(), "年月日", strict=True)
            return Figure(key, "".join(f"{int(number)}{unit}" for number, unit in parts if number))
        return quote(key, value or BLANK)

    def has_project(self, item: str) -> bool:
        """Whether the sheet 项目 gives a value."""
        return bool(self._project_value(item))

    def _project_value(self, item: str) -> str:
        data = self.result.data
        return data.project_value(item) or (data.project_value(SAME_AS[item]) if item in SAME_AS else "")

    def name(self, node: Indicator) -> Quote:
        """Return an indicator's name."""
        return quote(f"scheme.{node.code}.name", node.name)

    def code(self, node: Indicator) -> Quote:
        """Return an indicator's code."""
        return quote(f"scheme.{node.code}.code", node.code)

    def weight(self, node: Indicator) -> Figure:
        """Return an indicator's weight."""
        return Figure(f"scheme.{node.code}.weight", plain(node.weight))

    def score(self, score: Score) -> Figure:
        """Return a leaf's points."""
        return points(f"score.{score.indicator.code}.points", score.points)

    def rate(self, score: Score | GroupScore) -> Figure:
        """Return a score rate with its percent sign."""
        kind = "score" if isinstance(score, Score) else "group"
        return Figure(f"{kind}.{score.indicator.code}.rate", f"{score.rate}%" if score.rate else NOTHING)

    def group(self, group: GroupScore) -> Figure:
        """Return a group's points."""
        return points(f"group.{group.indicator.code}.points", group.points)

    def total(self) -> Figure:
        """Return the total."""
        return points("total", self.result.total)

    def grade(self) -> Quote:
        """Return the grade."""
        return Quote("grade", self.result.grade or NOTHING)

    def lost(self, score: Score) -> Figure:
        """Return the points a leaf lost."""
        return points(f"score.{score.indicator.code}.lost", score.lost)

    @property
    def tops(self) -> tuple[Indicator, ...]:
        """The first level."""
        return self.result.scheme.indicators

    def group_of(self, node: Indicator) -> GroupScore:
        """Return the points of a group, or of a leaf on the first level seen as a group."""
        for group in self.result.groups:
            if group.indicator.code == node.code:
                return group
        score = self.result.score_of(node.code)
        return GroupScore(node, score.points if score else None)

    def scores_below(self, node: Indicator) -> tuple[Score, ...]:
        """Return the leaves' scores of one node, in document order."""
        codes = [leaf.code for leaf in node.leaves()]
        return tuple(score for score in self.result.scores if score.indicator.code in codes)

    def deductions(self) -> tuple[Score, ...]:
        """Return the leaves that lost points, the greatest loss first."""
        lost = [score for score in self.result.scores if score.lost > 0]
        return tuple(sorted(lost, key=lambda score: -score.lost))


def number(key: str, value: int | Fraction) -> Figure:
    """Return a count or an exact number as a figure."""
    return Figure(key, plain(Fraction(value)))
