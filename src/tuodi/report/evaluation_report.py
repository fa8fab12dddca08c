"""An evaluation's result and a layout -> the report's blocks. Every figure is bound, every gap is named."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple

from tuodi.evaluation.scoring import Result
from tuodi.kernel.fragments import Quote, text
from tuodi.report.blocks import Block, Cover, Gap, Heading, Report, Table
from tuodi.report.prose import annex_number
from tuodi.report.report_layout import BlockSpec, Chapter, ReportLayout, Section
from tuodi.report.sections import analysis, basics, conclusion, findings, funds, tables
from tuodi.report.sections.context import Context
from tuodi.report.self_evaluation.layout import self_layout
from tuodi.report.self_evaluation.tables import self_report
from tuodi.report.word.text import plain

Composer = Callable[[Context, str], list[Block]]


class Missing(NamedTuple):
    """Which sheet a block is made from, and what is to be told where it is empty."""

    sheet: str
    subject: str

    @property
    def gap(self) -> Gap:
        """Return the open passage that stands in the block's place."""
        prompt = f"“{self.sheet}”表没有这项内容：填写该表后重新生成报告，或在这里写明{self.subject}"
        return Gap(name=self.subject, title=self.subject, prompt=prompt)


MISSING = {
    "funds": Missing("基础数据", "资金预算、到位和支出情况"),
    "figures": Missing("基础数据", "评价用到的基础数据"),
    "targets": Missing("申报目标", "项目单位申报的绩效目标"),
    "process": Missing("项目", "评价各环节的日期"),
    "team": Missing("项目", "评价人员及其分工"),
    "problems": Missing("问题与建议", "存在的问题及原因"),
    "advice": Missing("问题与建议", "针对问题的建议"),
    "summary problems": Missing("问题与建议", "主要问题的概括"),
    "summary advice": Missing("问题与建议", "建议的概括"),
    "survey": Missing("问卷统计", "问卷调查的结果"),
    "interviews": Missing("访谈", "访谈的结果"),
    "compliance": Missing("合规性检查", "合规性检查的结果"),
    "comments": Missing("征求意见", "征求意见和采纳的情况"),
    "evidence": Missing("佐证材料", "主要的佐证材料"),
}
"""By the block's kind, or its kind and what it is of."""

_NUMBER = re.compile("（?[一二三四五六七八九十]+[、）]")


def _self_tables(context: Context, of: str) -> list[Block]:
    """Put the official self-evaluation tables in; ``of`` is their layout."""
    layout, findings = self_layout(of)
    if layout is None:
        raise ValueError([finding.sentence() for finding in findings])
    return list(self_report(context.result, layout).blocks)


COMPOSERS: dict[str, Composer] = {
    "summary": conclusion.summary,
    "overview": basics.overview,
    "conclusion": conclusion.conclusion,
    "funds": funds.funds,
    "figures": funds.figures,
    "targets": basics.targets,
    "indicator-system": basics.indicator_system,
    "grade-bands": basics.grade_bands,
    "process": basics.process,
    "team": basics.team,
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
    """Compose the report; passages that only a person can write are open gaps, annexes without content are left out."""
    context = Context(result)
    blocks = [block for chapter in layout.chapters for block in _chapter(context, chapter)]
    annexes = list(_annexes(context, layout))
    named: set[str] = set()
    return Report(
        id=result.scheme.id,
        cover=_cover(context, layout),
        blocks=tuple(_each_gap_once(blocks, named)),
        annexes=tuple(_each_gap_once(annexes, named)),
    )


def _cover(context: Context, layout: ReportLayout) -> Cover:
    subject, words = context.subject(), layout.title
    # A scheme's title, or a project's name, may already end as the layout's words begin: 绩效评价 + 绩效评价报告.
    shared = next((size for size in range(len(words), 0, -1) if subject.text.endswith(words[:size])), 0)
    lines = tuple((item, text(context.project(item)) if context.has_project(item) else ()) for item in layout.cover)
    foot = tuple(text(context.project(item)) for item in layout.foot if context.has_project(item))
    number = text(context.project(layout.number)) if layout.number and context.has_project(layout.number) else text()
    return Cover(
        title=text(subject),
        words=text(context.year(), Quote("layout.title", words[shared:])),
        lines=lines,
        foot=foot,
        number=number,
    )


def _chapter(context: Context, chapter: Chapter) -> Iterator[Block]:
    yield Heading(1, (Quote("layout.heading", chapter.title),), new_page=chapter.new_page)
    for section in chapter.sections:
        if section.title:
            yield Heading(2, (Quote("layout.heading", section.title),))
        yield from _without_echo(_section(context, section), section.title or chapter.title)


def _section(context: Context, section: Section) -> list[Block]:
    """Return a section's blocks; one whose sheet is empty becomes an open gap."""
    blocks: list[Block] = []
    for spec in section.blocks:
        found = _blocks(context, spec)
        missing = MISSING.get(f"{spec.kind} {spec.of}", MISSING.get(spec.kind))
        blocks.extend(found or ([missing.gap] if missing else []))
    return blocks


def _annexes(context: Context, layout: ReportLayout) -> Iterator[Block]:
    """Yield the annexes that have content, numbered one after the other."""
    number = 0
    for chapter in layout.annexes:
        blocks = [block for section in chapter.sections for spec in section.blocks for block in _blocks(context, spec)]
        if not blocks:
            continue
        number += 1
        title = text(annex_number(layout.annex, number), Quote("layout.heading", chapter.title))
        yield Heading(1, title, new_page=True)
        yield from _without_echo(blocks, chapter.title)


def _without_echo(blocks: list[Block], title: str) -> list[Block]:
    """Drop the caption of a first table that only says its heading again."""
    first = blocks[0] if blocks else None
    if isinstance(first, Table) and plain(first.caption) == _NUMBER.sub("", title, count=1):
        return [replace(first, caption=()), *blocks[1:]]
    return blocks


def _each_gap_once(blocks: list[Block], named: set[str]) -> Iterator[Block]:
    """Leave out a gap that stood before: an empty sheet may be missed in several places."""
    for block in blocks:
        if isinstance(block, Gap):
            if block.name in named:
                continue
            named.add(block.name)
        yield block


def _blocks(context: Context, spec: BlockSpec) -> list[Block]:
    if spec.kind == "gap":
        return [Gap(name=spec.name, title=spec.title, prompt=spec.prompt)]
    return COMPOSERS[spec.kind](context, spec.of)
