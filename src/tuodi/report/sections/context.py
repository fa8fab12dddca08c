"""What every section may look at, and the bound values all of them print alike."""

from dataclasses import dataclass
from fractions import Fraction

from tuodi.evaluation.links import deductions
from tuodi.evaluation.scheme import Indicator, Kind
from tuodi.evaluation.scoring import GroupScore, Result, Score
from tuodi.kernel.fragments import Figure, Quote, Text, quote, text
from tuodi.kernel.quantity import plain
from tuodi.report.prose import NOTHING, dated, ordinal, points

BLANK = "________"
SAME_AS = {"实施单位": "被评价单位", "被评价单位": "实施单位", "评价单位": "评价机构"}
"""Items that mean the same body unless both are given."""
YEAR = "评价年度"


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """Points lost by a leaf or the row of the budget's execution, bound; ``points`` is how many."""

    points: Fraction
    code: Quote
    name: Quote
    weight: Figure
    score: Figure
    lost: Figure
    reason: Quote


@dataclass(frozen=True, slots=True)
class Context:
    """One result to be reported."""

    result: Result

    def project(self, item: str) -> Figure | Quote:
        """Return a value of the sheet 项目, days as documents write them; a visible blank where it is missing."""
        return dated(f"project.{item}", self._project_value(item) or BLANK)

    def has_project(self, item: str) -> bool:
        """Whether the sheet 项目 gives a value."""
        return bool(self._project_value(item))

    def _project_value(self, item: str) -> str:
        data = self.result.data
        return data.project_value(item) or (data.project_value(SAME_AS[item]) if item in SAME_AS else "")

    def subject(self) -> Quote:
        """Return what is evaluated: the project's name, else the scheme's title."""
        if self.has_project("项目名称"):
            return quote("project.项目名称", self._project_value("项目名称"))
        return quote("scheme.title", self.result.scheme.title)

    def year(self) -> Text:
        """Return the year with 年度 behind it; nothing where it is unknown or the subject's name tells it."""
        value = self._project_value(YEAR).removesuffix("度").removesuffix("年")
        if not value or value in self.subject().text:
            return ()
        return text(quote(f"project.{YEAR}", value), "年度")

    def work(self) -> str:
        """Return what this is: an evaluation, or a unit's own."""
        return "绩效自评" if self.result.scheme.kind is Kind.SELF else "绩效评价"

    def leaf_word(self) -> str:
        """Return what scored indicators are called: 三级指标 where all of them stand on the third level."""
        levels = {leaf.level for leaf in self.result.scheme.leaves()}
        return f"{ordinal(levels.pop())}级指标" if len(levels) == 1 else "末级指标"

    def name(self, node: Indicator) -> Quote:
        """Return an indicator's name."""
        return quote(f"scheme.{node.code}.name", node.name)

    def code(self, node: Indicator) -> Quote:
        """Return an indicator's code."""
        return quote(f"scheme.{node.code}.code", node.code)

    def weight(self, node: Indicator) -> Figure:
        """Return an indicator's weight."""
        return Figure(f"scheme.{node.code}.weight", plain(node.weight))

    def total_weight(self) -> Fraction:
        """Return the points to be had: of the first level, with the row of the budget's execution where it counts."""
        fund = self.result.fund
        own = fund.row.weight if fund is not None and fund.row.counts else Fraction(0)
        return sum((top.weight for top in self.tops), own)

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

    def full(self) -> tuple[Score, ...]:
        """Return the leaves that reached full marks."""
        return tuple(score for score in self.result.scores if score.points is not None and score.lost == 0)

    def losses(self) -> tuple[Loss, ...]:
        """Return what lost points of the total, the greatest loss first."""
        counted = self.result.fund is not None and self.result.fund.row.counts
        found = [self._loss(each.code, each.lost, each.reason) for each in deductions(self.result)
                 if counted or self.result.score_of(each.code)]  # fmt: skip
        return tuple(sorted(found, key=lambda loss: -loss.points))

    def _loss(self, code: str, lost: Fraction, reason: str) -> Loss:
        score, fund = self.result.score_of(code), self.result.fund
        if score is not None:
            leaf, key = score.indicator, f"score.{code}"
            name, weight, own = self.name(leaf), self.weight(leaf), self.score(score)
        else:
            if fund is None:
                raise ValueError(f"points lost by nothing that is scored: {code}")
            key, own = "fund", points("fund.points", fund.points)
            name = quote("scheme.fund_row.name", fund.row.name)
            weight = Figure("scheme.fund_row.weight", plain(fund.row.weight))
        return Loss(
            points=lost,
            code=quote(f"scheme.{code}.code", code),
            name=name,
            weight=weight,
            score=own,
            lost=points(f"{key}.lost", lost),
            reason=quote(f"{key}.reason", reason or "未说明"),
        )
