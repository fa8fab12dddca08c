"""The summary at the front, and the conclusion: total, grade, first-level indicators, what lost points and why."""

from collections.abc import Iterator
from fractions import Fraction

from tuodi.kernel.fragments import Figure, Text, listed, quote, text
from tuodi.kernel.money import decimal_text
from tuodi.kernel.quantity import plain
from tuodi.report.blocks import Align, Block, Cell, Gap, Paragraph, Table
from tuodi.report.prose import in_turn, number, points
from tuodi.report.sections.basics import head, who
from tuodi.report.sections.context import Context, Loss
from tuodi.report.sections.funds import in_short

NAMED_LOSSES = 3
"""How many deductions a summary names; the others are counted."""


def summary(context: Context, of: str) -> list[Block]:
    """Compose the summary, or one part ``of`` it: project, result, achievements, problems, advice."""
    parts = {"project": _project, "result": _result, "achievements": _achievements, "problems": _problems,
             "advice": _advice}  # fmt: skip
    chosen = [parts[of]] if of else [_project, _result, _problems, _advice]
    return [Paragraph(said) for part in chosen for said in (part(context),) if said]


def _project(context: Context) -> Text:
    return text(who(context), in_short(context))


def _result(context: Context) -> Text:
    if context.result.total is None:
        return _unscored(context)
    return text(_graded(context), _greatest(context.losses()))


def _graded(context: Context) -> Text:
    grade = text("，评价等级为“", context.grade(), "”") if context.result.grade else text()
    return text("综合得分", context.total(), "分", grade, "。")


def _unscored(context: Context) -> Text:
    missing = sum(score.points is None for score in context.result.scores)
    return text("有", number("count.unscored", missing), "项指标尚未得分，综合得分未定。")


def _greatest(losses: tuple[Loss, ...]) -> Text:
    if not losses:
        return text("各项指标均得满分。")
    named, others = losses[:NAMED_LOSSES], losses[NAMED_LOSSES:]
    parts = listed(text(loss.name, "（扣", loss.lost, "分）") for loss in named)
    if not others:
        return text("扣分的指标是", parts, "。")
    rest = sum((loss.points for loss in others), Fraction(0))
    return text("扣分最多的是", parts, "，另有", number("count.other_deductions", len(others)), "项指标共扣",
                points("total.other_lost", rest), "分。")  # fmt: skip


def _achievements(context: Context) -> Text:
    scores, full = context.result.scores, context.full()
    if not full:
        return text()
    return text(context.leaf_word(), "共", number("count.leaves", len(scores)), "项，其中",
                number("count.full", len(full)), "项得满分。", text("各类得分率：", _rates(context), "。"))  # fmt: skip


def _rates(context: Context) -> Text:
    return listed(text(context.name(top), context.rate(context.group_of(top))) for top in context.tops)


def _problems(context: Context) -> Text:
    rows = [text(quote(f"data.问题与建议.{place}.problem", row.problem))
            for place, row in enumerate(context.result.data.problems, 1)]  # fmt: skip
    return text("存在的主要问题：", in_turn(rows), "。") if rows else text()


def _advice(context: Context) -> Text:
    rows = [text(quote(f"data.问题与建议.{place}.advice", row.advice))
            for place, row in enumerate(context.result.data.problems, 1) if row.advice]  # fmt: skip
    return text("建议：", in_turn(rows), "。") if rows else text()


def conclusion(context: Context, of: str) -> list[Block]:
    """State the total and grade, then each first-level indicator and each deduction in tables."""
    del of
    if context.result.total is None:
        prompt = "补齐没有得分的指标后重新生成报告，或在这里写明综合得分和等级"
        return [Paragraph(_unscored(context)), Gap(name="综合得分", title="综合得分", prompt=prompt)]
    blocks: list[Block] = [Paragraph(text(f"经{context.work()}，", _graded(context), *_counted(context)))]
    blocks.append(score_summary(context))
    losses = context.losses()
    if losses:
        blocks.append(_deductions(context, losses))
    return blocks


def _counted(context: Context) -> Iterator[Text]:
    losses, full = context.losses(), context.full()
    yield text(context.leaf_word(), number("count.leaves", len(context.result.scores)), "项，得满分的",
               number("count.full", len(full)), "项")  # fmt: skip
    if losses:
        yield text("，扣分的", number("count.deductions", len(losses)), "项，共扣", _lost(context), "分")
    yield text("。")


def _lost(context: Context) -> Figure:
    total = context.result.total
    return points("total.lost", None if total is None else context.total_weight() - total)


def _deductions(context: Context, losses: tuple[Loss, ...]) -> Table:
    """Return the table of what lost points, the greatest loss first."""
    rows = [head("编码", "指标", "权重", "得分", "扣分", "扣分原因")]
    for loss in losses:
        cells = (loss.code, loss.name, loss.weight, loss.score, loss.lost, loss.reason)
        rows.append(tuple(Cell(text(cell)) for cell in cells))
    rows.append((Cell(text("合计"), columns=4), Cell(text(_lost(context))), Cell()))
    return Table(
        key="deductions",
        caption=text("扣分情况"),
        widths=(1.7, 3.8, 1.3, 1.5, 1.6, 5.7),
        aligns=(Align.CENTRE, Align.LEFT, *(Align.RIGHT,) * 3, Align.LEFT),
        rows=tuple(rows),
        total=True,
    )


def score_summary(context: Context) -> Table:
    """Return the table of first-level indicators: weight, score, rate, and the total."""
    rows = [head("一级指标", "权重", "得分", "得分率")]
    for top in context.tops:
        group = context.group_of(top)
        rows.append((Cell(text(context.name(top))), Cell(text(context.weight(top))), Cell(text(context.group(group))),
                     Cell(text(context.rate(group)))))  # fmt: skip
    counted = context.result.fund
    if counted is not None and counted.row.counts:
        rows.append((Cell(text(quote("scheme.fund_row.name", counted.row.name))),
                     Cell(text(Figure("scheme.fund_row.weight", plain(counted.row.weight)))),
                     Cell(text(points("fund.points", counted.points))),
                     Cell(text(Figure("fund.rate", _share(counted.points, counted.row.weight))))))  # fmt: skip
    weight = context.total_weight()
    rate = Cell(text(Figure("total.rate", _share(context.result.total, weight))))
    total = Cell(text(context.total()))
    rows.append((Cell(text("合计")), Cell(text(Figure("total.weight", plain(weight)))), total, rate))
    return Table(
        key="score-summary",
        caption=text("一级指标得分情况"),
        widths=(5.6, 3.0, 3.0, 4.0),
        aligns=(Align.LEFT, Align.RIGHT, Align.RIGHT, Align.RIGHT),
        rows=tuple(rows),
        total=True,
    )


def _share(part: Fraction | None, whole: Fraction) -> str:
    return "—" if part is None or not whole else f"{decimal_text(part * 100 / whole, 2)}%"
