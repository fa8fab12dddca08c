"""The demo's part about finished papers: two drafts of a made-up report audited, beside what was planted in them."""

from dataclasses import dataclass
from pathlib import Path

import yaml

from tuodi.audit.auditor import remarks_on
from tuodi.audit.comparison import Standing, compared
from tuodi.audit.paper.model import Paper
from tuodi.audit.paper.opening import read_paper
from tuodi.audit.remark import Remark
from tuodi.kernel.finding import Finding
from tuodi.kernel.opinion import Opinions
from tuodi.kernel.shipped import shipped
from tuodi.report.audit.marked_page import write_marked_page
from tuodi.report.opinion_table import write_opinion_table

OPINIONS = "审核意见_示例报告.xlsx"
PAGE = "审核标注_示例报告.html"


@dataclass(frozen=True, slots=True)
class Slip:
    """A fault planted in the first draft; ``corrected`` where the second no longer has it."""

    rule: str
    stated: str
    expected: str
    corrected: bool

    def is_told(self, remarks: tuple[Remark, ...]) -> bool:
        """Tell whether a remark tells it."""
        told = {(remark.rule, remark.stated, remark.expected) for remark in remarks}
        return (self.rule, self.stated, self.expected) in told


@dataclass(frozen=True, slots=True)
class PaperRun:
    """What the summary is made of: the slips, those found, and how the remarks on both drafts compare."""

    slips: tuple[Slip, ...]
    found: int
    corrected: int
    still: int
    new: int

    @property
    def as_planned(self) -> bool:
        """Whether every slip was found in the first draft and nothing came up in the second."""
        return self.found == len(self.slips) and self.new == 0


def run_papers(folder: Path) -> PaperRun:
    """Audit both drafts and write the opinion table and the marked page. Raises ValueError for a spoilt example."""
    place = shipped("examples", "papers")
    data = yaml.safe_load((place / "slips.yaml").read_text(encoding="utf-8"))
    slips = tuple(Slip(**each) for each in data["slips"])
    paper, first = _audited(place / data["first"])
    _, second = _audited(place / data["second"])
    write_opinion_table(
        folder / OPINIONS,
        "示例报告审核意见表",
        [Opinions(data["first"], tuple(remark.opinion() for remark in first))],
    )
    write_marked_page(folder / PAGE, paper, first)
    comparison = compared(first, second)
    return PaperRun(
        slips=slips,
        found=sum(slip.is_told(first) for slip in slips),
        corrected=sum(slip.corrected and not slip.is_told(second) for slip in slips),
        still=sum(not slip.corrected and slip.is_told(second) for slip in slips),
        new=sum(standing is Standing.NEW for standing in comparison.standings),
    )


def _audited(path: Path) -> tuple[Paper, tuple[Remark, ...]]:
    paper = read_paper(path)
    if isinstance(paper, Finding):
        raise ValueError(paper.sentence())
    return paper, remarks_on(paper)
