"""Short reports on single projects attached to one paper: money, grade, what each says of its indicators."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from tuodi.audit.figures.amounts import Figure, Kind, figures
from tuodi.audit.paper.model import Paper, Paragraph, Place, Role
from tuodi.audit.statements.self_tables import KINDS, SelfTable

_TITLE = re.compile(r"^[^《》，。；：]{0,40}(?:绩效评价报告|绩效自评报告|支出自评报告)$")
_FORM = re.compile(r"自评表(?:（.{0,12}）)?$")
_BUDGET = re.compile(r"(?:资金投入|投入(?:基金|资金)?金额|预算(?:安排|资金|金额|数)?|安排资金)(?:为|共|共计)?$")
_SPENT = re.compile(r"(?:实际支出(?:金额|资金|数)?|已支付|已支出|执行数|累计支出|支出金额)(?:为|共|共计)?$")
_RATE = re.compile(r"执行率(?:为|是|达到|达)?$")
_GRADE = re.compile(r"等级(?:为|是|：)?[“\"]?(?P<grade>优|良|中|差)[”\"]?(?=[。，；]|$)")
_INDICATOR = re.compile(r"^(?:\d{1,2}[、.．]|（\d{1,2}）)(?P<kind>[^：，。；]{2,12}指标)[：:](?P<text>.*)$")
FEWEST = 2
"""One report alone is the paper itself, not an attachment."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a report says under one kind of indicator, its paragraphs joined."""

    kind: str
    text: str
    place: Place


@dataclass(frozen=True)
class ProjectReport:
    """One attached report: its paragraphs from the title on."""

    title: Paragraph
    paragraphs: tuple[Paragraph, ...]

    @cached_property
    def budget(self) -> tuple[Figure, Place] | None:
        """The first amount told as budget or money put in, in yuan."""
        return self._money(_BUDGET)

    @cached_property
    def spent(self) -> tuple[Figure, Place] | None:
        """The first amount told as spent, in yuan."""
        return self._money(_SPENT)

    @cached_property
    def rates(self) -> tuple[tuple[Figure, Place], ...]:
        """Every execution rate told."""
        return tuple(self._figures(_RATE, Kind.SHARE, without="权重"))

    @cached_property
    def grade(self) -> tuple[str, Place] | None:
        """The grade it concludes with."""
        for paragraph in self.paragraphs:
            if match := _GRADE.search(paragraph.text):
                return match["grade"], paragraph.at(match.start())
        return None

    @cached_property
    def said(self) -> tuple[Said, ...]:
        """What it says of its indicators, kind by kind."""
        found: list[Said] = []
        for paragraph in self.paragraphs:
            if match := _INDICATOR.match(paragraph.text):
                found.append(Said(_kind(match["kind"]), match["text"], paragraph.place))
            elif paragraph.level is not None and paragraph.level <= 2:
                found.append(Said("", "", paragraph.place))
            elif found and found[-1].kind:
                found[-1] = Said(found[-1].kind, found[-1].text + paragraph.text, found[-1].place)
        return tuple(said for said in found if said.kind)

    @property
    def name(self) -> str:
        """How a reader can tell the report from the others: its money."""
        return f"预算 {self.budget[0].text} 的报告" if self.budget else f"“{self.title.text}”"

    def _money(self, pattern: re.Pattern[str]) -> tuple[Figure, Place] | None:
        return next(iter(self._figures(pattern, Kind.MONEY)), None)

    def _figures(self, pattern: re.Pattern[str], kind: Kind, without: str = "") -> Iterator[tuple[Figure, Place]]:
        for paragraph in self.paragraphs:
            if without and without in paragraph.text:
                continue
            for figure in figures(paragraph.text):
                if figure.kind is kind and pattern.search(paragraph.text[: figure.start]):
                    yield figure, paragraph.at(figure.start)


def project_reports(paper: Paper) -> tuple[ProjectReport, ...]:
    """Return the attached reports in order, none where the paper holds fewer than two."""
    blocks = list(paper.paragraphs)
    starts = [at for at, block in enumerate(blocks) if _begins(blocks, at)]
    if len(starts) < FEWEST:
        return ()
    reports = []
    for number, at in enumerate(starts):
        end = starts[number + 1] if number + 1 < len(starts) else len(blocks)
        end = next((row for row in range(at + 1, end) if _FORM.search(blocks[row].text)), end)
        reports.append(ProjectReport(blocks[at], tuple(blocks[at + 1 : end])))
    told = sum(report.budget is not None for report in reports)
    return tuple(reports) if told >= FEWEST else ()


def _begins(blocks: Sequence[Paragraph], at: int) -> bool:
    """Tell whether a title begins a report: a first heading follows within a few lines."""
    block = blocks[at]
    if not _TITLE.match(block.text) or block.role is Role.CAPTION:
        return False
    return any(after.text.startswith(("一、", "（一）", "1.", "1、")) for after in blocks[at + 1 : at + 5])


def _kind(text: str) -> str:
    return next((kind for kind in KINDS if kind in text), "")


def pairs(reports: Sequence[ProjectReport], tables: Sequence[SelfTable]) -> Iterator[tuple[ProjectReport, SelfTable]]:
    """Yield report and form of one project: the only two with the same budget."""
    for report in reports:
        if report.budget is None:
            continue
        value = report.budget[0].value
        same = [table for table in tables if table.fund and table.fund.annual and table.fund.annual.value == value]
        others = [other for other in reports if other.budget and other.budget[0].value == value]
        if len(same) == 1 and len(others) == 1:
            yield report, same[0]
