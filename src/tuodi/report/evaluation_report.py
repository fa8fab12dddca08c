"""An evaluation's result and a layout -> the report's blocks. Every figure is bound, every gap is named."""

from collections.abc import Callable, Iterator

from tuodi.evaluation.scoring import Result
from tuodi.report.blocks import Block, Cover, Gap, Heading, Quote, Report, Text
from tuodi.report.prose import quote, text
from tuodi.report.report_layout import BlockSpec, Chapter, ReportLayout
from tuodi.report.sections import analysis, basics, findings, tables
from tuodi.report.sections.context import Context
from tuodi.report.self_layout import self_layout
from tuodi.report.self_tables import self_report

Composer = Callable[[Context, str], list[Block]]


def _self_tables(context: Context, of: str) -> list[Block]:
    """Put the official self-evaluation tables in; ``of`` is their layout."""
    layout, findings = self_layout(of)
    if layout is None:
        raise ValueError([finding.sentence() for finding in findings])
    return list(self_report(context.result, layout).blocks)


COMPOSERS: dict[str, Composer] = {
    "overview": basics.overview,
    "conclusion": basics.conclusion,
    "funds": basics.funds,
    "targets": basics.targets,
    "indicator-system": basics.indicator_system,
    "grade-bands": basics.grade_bands,
    "process": basics.process,
    "team": basics.team,
    "notes": basics.notes,
    "analysis": analysis.analysis,
    "rule-notes": analysis.rule_notes,
    "problems": findings.problems,
    "advice": findings.advice,
    "rectification": findings.rectification,
    "good-results": findings.good_results,
    "compliance": findings.compliance,
    "interviews": findings.interviews,
    "comments": findings.comments,
    "evidence": findings.evidence,
    "score-table": tables.score_table,
    "survey": tables.survey,
    "self-tables": _self_tables,
}
"""Every block a layout may name, beside ``gap``."""


def compose(result: Result, layout: ReportLayout) -> Report:
    """Compose the report; passages that only a person can write are open gaps."""
    context = Context(result)
    return Report(
        id=result.scheme.id,
        cover=_cover(context, layout),
        blocks=tuple(block for chapter in layout.chapters for block in _chapter(context, chapter)),
        annexes=tuple(block for chapter in layout.annexes for block in _chapter(context, chapter)),
    )


def _cover(context: Context, layout: ReportLayout) -> Cover:
    title: Text = (quote("scheme.title", context.result.scheme.title),)
    if layout.title:
        title = (*title, Quote("layout.title", layout.title))
    lines = tuple((item, text(context.project(item))) for item in layout.cover)
    foot = tuple(text(context.project(item)) for item in layout.foot if context.has_project(item))
    number = text(context.project(layout.number)) if layout.number and context.has_project(layout.number) else text()
    return Cover(title=title, lines=lines, foot=foot, number=number)


def _chapter(context: Context, chapter: Chapter) -> Iterator[Block]:
    yield Heading(1, (Quote("layout.heading", chapter.title),))
    for section in chapter.sections:
        if section.title:
            yield Heading(2, (Quote("layout.heading", section.title),))
        for spec in section.blocks:
            yield from _blocks(context, spec)


def _blocks(context: Context, spec: BlockSpec) -> list[Block]:
    if spec.kind == "gap":
        return [Gap(name=spec.name, title=spec.title, prompt=spec.prompt)]
    return COMPOSERS[spec.kind](context, spec.of)
