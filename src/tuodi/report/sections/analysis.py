"""Indicator by indicator: what was looked at, what was found, how the points come about, why some were lost."""

from collections.abc import Iterator

from tuodi.evaluation.data import ElementRow, FigureRow
from tuodi.evaluation.scheme import MeasureKind
from tuodi.evaluation.scoring import Score
from tuodi.evaluation.survey_figures import is_survey_figure
from tuodi.kernel.fragments import Figure, Text, listed, quote, text
from tuodi.report.blocks import Block, Heading, Paragraph, ParagraphStyle
from tuodi.report.prose import measured, number, target_text
from tuodi.report.sections.context import Context

NATURES = {
    MeasureKind.MEAN: "该值按方案规定取各项的简单平均。",
    MeasureKind.INDEX: "该值是加权指数，不是满意人数的占比。",
}
"""What a reader would otherwise take for a share."""


def analysis(context: Context, of: str) -> list[Block]:
    """Compose the analysis of one first-level indicator; ``of`` is its place, counted from 1."""
    place = int(of) - 1
    if place >= len(context.tops):
        return []
    top = context.tops[place]
    group = context.group_of(top)
    scores = context.scores_below(top)
    full = [score for score in context.full() if score in scores]
    kind = "" if top.name.endswith("指标") else "类指标"
    opening = text(
        context.name(top), kind, "权重", context.weight(top), "分，得分", context.group(group), "分，得分率",
        context.rate(group), "。共", number(f"count.leaves.{top.code}", len(scores)), "项", context.leaf_word(),
        "，其中", number(f"count.full.{top.code}", len(full)), "项得满分。",
    )  # fmt: skip
    blocks: list[Block] = [Paragraph(opening)]
    for score in scores:
        blocks.append(Heading(3, text(context.code(score.indicator), "　", context.name(score.indicator))))
        blocks.extend(map(Paragraph, _about(context, score)))
    return blocks


def _about(context: Context, score: Score) -> Iterator[Text]:
    """Yield the paragraphs on one leaf: what it asks, what was found, how it was scored."""
    leaf, code = score.indicator, score.indicator.code
    definition = (
        text("评价内容：", quote(f"scheme.{code}.definition", leaf.definition), "。") if leaf.definition else ()
    )
    scored = text("，得分", context.score(score), "分，得分率", context.rate(score))
    yield text("该指标权重", context.weight(leaf), "分", scored if score.points is not None else "，尚未得分", "。",
               definition)  # fmt: skip
    for said in (text(_checked(score), _actual(score)), text(_reckoned(score), _why(context, score))):
        if said:
            yield said


def _checked(score: Score) -> Text:
    """Say what was found at each element and which were not met; the calculation says how many."""
    code, answers = score.indicator.code, score.inputs.elements
    names = score.indicator.rule.element_names if score.indicator.rule else ()
    said = {place: text(quote(f"scheme.{code}.element.{place}", name)) for place, name in enumerate(names, 1)}
    unmet = [place for place in said if place in answers and answers[place].met is False]
    found = [_found(code, place, answers[place], said[place]) for place in said
             if place in answers and place not in unmet]  # fmt: skip
    told = text(listed(dict.fromkeys(filter(None, found)), "；"), "。") if any(found) else text()
    missed = (text(said[place], _apart(score, place, answers[place])) for place in unmet)
    return text(told, text("不符合的是：", listed(missed, "；"), "。") if unmet else text())


def _found(code: str, place: int, row: ElementRow, name: Text) -> Text:
    """Return what was found at an element that is met, or its value."""
    key = f"data.要点.{code}.{place}"
    finding = text(quote(f"{key}.finding", row.finding)) if row.finding else text()
    if not row.value:
        return finding
    return text(name, "实际为", quote(f"{key}.value", row.value), "，" if finding else "", finding)


def _apart(score: Score, place: int, row: ElementRow) -> Text:
    """Return what was found at an element that is not met, unless the reason of the deduction says it anyway."""
    if not row.finding or row.finding in score.reason:
        return text()
    return text("（", quote(f"data.要点.{score.indicator.code}.{place}.finding", row.finding), "）")


def _actual(score: Score) -> Text:
    """State the actual value beside its target, how it was computed, where its parts come from."""
    inputs, code, computed = score.inputs, score.indicator.code, score.computed
    if inputs.actual is None:
        return ()
    value = measured(f"score.{code}.actual", inputs.actual)
    said = text("实际情况为“", value, "”") if isinstance(inputs.actual, str) else text("实际值", value)
    if inputs.target:
        aim = target_text(f"score.{code}.target", inputs.target)
        said = text(said, *(("，目标值", aim) if inputs.target.quantified else ("，目标是“", aim, "”")))
    formula = text("；计算：", Figure(f"score.{code}.calculation", computed.formula)) if computed else ()
    origins = [_source_of(row) for row in (computed.figures if computed else ()) if row.source]
    if score.row.source:
        origins.append(text(quote(f"data.指标.{code}.source", score.row.source)))
    once = {"".join(fragment.text for fragment in origin): origin for origin in origins}
    sources = text("数据来源：", listed(once.values()), "。") if once else ()
    return text(said, formula, "。", _nature(score), sources)


def _nature(score: Score) -> Text:
    """Say where a percentage is no share: a declared mean, or an index."""
    spec = score.indicator.measure
    if spec is None or score.row.numerator or score.row.denominator:
        return text()
    return text(NATURES.get(spec.kind, ""))


def _source_of(row: FigureRow) -> Text:
    key = f"data.基础数据.{row.name}"
    if is_survey_figure(row.name):
        # All options of a question come from the same place.
        return text(quote(f"{key}.source", row.source))
    return text(quote(f"{key}.name", row.name), "（", quote(f"{key}.source", row.source), "）")


def _reckoned(score: Score) -> Text:
    """Say how the points come about and on which evidence."""
    formula = (
        text("计分过程：", Figure(f"score.{score.indicator.code}.formula", score.formula)) if score.formula else ()
    )
    numbers = listed((text(quote(f"data.佐证材料.{each}.number", each)) for each in score.evidence), "、")
    if not formula:
        return text("佐证材料", numbers, "。") if numbers else ()
    return text(formula, text("（佐证材料", numbers, "）") if numbers else (), "。")


def _why(context: Context, score: Score) -> Text:
    """Say why points were lost."""
    code = score.indicator.code
    if score.lost <= 0:
        return text("说明：", quote(f"score.{code}.reason", score.reason), "。") if score.reason else ()
    reason = quote(f"score.{code}.reason", score.reason or "未说明")
    return text("扣分", context.lost(score), "分，原因：", reason, "。")


def rule_notes(context: Context, of: str) -> list[Block]:
    """List where the printed rule gives another value, or where a rule is faulty in itself, as the scores note it."""
    del of
    noted = [score for score in context.result.scores if score.note]
    if not noted:
        return [Paragraph(text("各指标得分与所列评分规则一致。"))]
    blocks: list[Block] = []
    for score in noted:
        code = score.indicator.code
        line = text(context.code(score.indicator), context.name(score.indicator), "：",
                    quote(f"score.{code}.note", score.note), "。")  # fmt: skip
        blocks.append(Paragraph(line, ParagraphStyle.LIST))
    return blocks
