"""Indicator by indicator: what was looked at, what was found, how the points come about, why some were lost."""

from collections.abc import Iterator

from tuodi.evaluation.data import FigureRow
from tuodi.evaluation.scoring import Score
from tuodi.report.blocks import Block, Figure, Heading, Paragraph, ParagraphStyle, Text
from tuodi.report.prose import listed, points, quote, text
from tuodi.report.sections.context import Context, number


def analysis(context: Context, of: str) -> list[Block]:
    """Compose the analysis of one first-level indicator; ``of`` is its place, counted from 1."""
    place = int(of) - 1
    if place >= len(context.tops):
        return []
    top = context.tops[place]
    group = context.group_of(top)
    scores = context.scores_below(top)
    full = [score for score in scores if score.points is not None and score.lost == 0]
    opening = text(
        context.name(top), "类指标权重", context.weight(top), "分，得分", context.group(group), "分，得分率",
        context.rate(group), "。共", number(f"count.leaves.{top.code}", len(scores)), "项末级指标，其中",
        number(f"count.full.{top.code}", len(full)), "项得满分。",
    )  # fmt: skip
    blocks: list[Block] = [Paragraph(opening)]
    for score in scores:
        blocks.append(Heading(3, text(context.code(score.indicator), "　", context.name(score.indicator))))
        blocks.extend(map(Paragraph, _about(context, score)))
    return blocks


def _about(context: Context, score: Score) -> Iterator[Text]:
    """Yield the paragraphs on one leaf: what it asks, what was found, how it was scored, what the rule lacks."""
    leaf, code = score.indicator, score.indicator.code
    definition = (
        text("评价内容：", quote(f"scheme.{code}.definition", leaf.definition), "。") if leaf.definition else ()
    )
    scored = text(
        "该指标权重", context.weight(leaf), "分，得分", context.score(score), "分，得分率", context.rate(score)
    )
    yield text(scored, "。", definition)
    found = text(_checked(score), _actual(score))
    if found:
        yield found
    yield text(_reckoned(context, score), _why(context, score))
    if score.note:
        yield text("评分规则说明：", quote(f"score.{code}.note", score.note), "。")


def _checked(score: Score) -> Text:
    elements = list(_elements(score))
    return text("经逐项核查：", listed(elements, "；"), "。") if elements else ()


def _reckoned(context: Context, score: Score) -> Text:
    """Say how the points come about and on which evidence."""
    formula = (
        text("计分过程：", Figure(f"score.{score.indicator.code}.formula", score.formula)) if score.formula else ()
    )
    if not score.evidence:
        return text(formula, "。") if formula else ()
    numbers = listed((text(quote(f"data.佐证材料.{each}.number", each)) for each in score.evidence), "、")
    return text(formula, "（佐证材料", numbers, "）。")


def _why(context: Context, score: Score) -> Text:
    """Say why points were lost and what would raise the score."""
    code = score.indicator.code
    if score.lost <= 0:
        return text("说明：", quote(f"score.{code}.reason", score.reason), "。") if score.reason else ()
    reason = quote(f"score.{code}.reason", score.reason or "未说明")
    gain = text("可提高得分的途径：", quote(f"score.{code}.gain", score.gain), "。") if score.gain else ()
    return text("扣分", context.lost(score), "分，原因：", reason, "。", gain)


def _elements(score: Score) -> Iterator[Text]:
    """Yield each element with its answer and what was found there."""
    code = score.indicator.code
    names = score.indicator.rule.element_names if score.indicator.rule else ()
    for place, name in enumerate(names, 1):
        row = score.inputs.elements.get(place)
        if row is None:
            continue
        key = f"data.要点.{code}.{place}"
        said = quote(f"scheme.{code}.element.{place}", name)
        answer = text("，", "符合" if row.met else "不符合") if row.met is not None else text()
        value = text("，实际为", quote(f"{key}.value", row.value)) if row.value else text()
        found = text("（", quote(f"{key}.finding", row.finding), "）") if row.finding else text()
        yield text(said, answer, value, found)


def _actual(score: Score) -> Text:
    """State the actual value beside its target, how it was computed, where its parts come from."""
    inputs, code, computed = score.inputs, score.indicator.code, score.computed
    if inputs.actual is None:
        return ()
    target = text("，目标值为", quote(f"score.{code}.target", str(inputs.target))) if inputs.target else ()
    value = Figure(f"score.{code}.actual", str(inputs.actual))
    formula = text("；计算：", Figure(f"score.{code}.calculation", computed.formula)) if computed else ()
    figures = [_source_of(row) for row in (computed.figures if computed else ()) if row.source]
    if score.row.source:
        figures.append(text(quote(f"data.指标.{code}.source", score.row.source)))
    sources = text("数据来源：", listed(dict.fromkeys(figures)), "。") if figures else ()
    return text("实际值为", value, target, formula, "。", sources)


def _source_of(row: FigureRow) -> Text:
    key = f"data.基础数据.{row.name}"
    return text(quote(f"{key}.name", row.name), "（", quote(f"{key}.source", row.source), "）")


def rule_notes(context: Context, of: str) -> list[Block]:
    """List where the printed rule gives another value, or where a rule is faulty in itself."""
    del of
    noted = [score for score in context.result.scores if score.note]
    if not noted:
        return [Paragraph(text("各指标得分与所列评分规则一致。"))]
    blocks: list[Block] = []
    for score in noted:
        code = score.indicator.code
        printed = text()
        if score.by_printed_rule is not None:
            by_rule = points(f"score.{code}.by_printed_rule", score.by_printed_rule)
            printed = text("按印出的规则为", by_rule, "分，本次得分", context.score(score), "分。")
        line = text(context.code(score.indicator), context.name(score.indicator), "：",
                    quote(f"score.{code}.note", score.note), "。", printed)  # fmt: skip
        blocks.append(Paragraph(line, ParagraphStyle.LIST))
    return blocks
