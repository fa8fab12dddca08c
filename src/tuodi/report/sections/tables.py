"""The wide tables of an evaluation report: the whole score table, the survey's counts with charts."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import groupby

from tuodi.evaluation.data import SurveyRow
from tuodi.evaluation.scheme import Indicator
from tuodi.evaluation.scoring import Score
from tuodi.kernel.finding import Fault
from tuodi.kernel.fragments import Figure, Text, quote, text
from tuodi.kernel.money import percent
from tuodi.kernel.quantity import parse_number
from tuodi.report.blocks import Align, Block, Cell, Chart, ChartKind, Heading, Paragraph, ParagraphStyle, Table
from tuodi.report.prose import measured, number, ordinal
from tuodi.report.sections.basics import head
from tuodi.report.sections.context import Context

SEVERAL = "多选"
"""The kind of question where one person may choose several options, as ``tuodi survey`` writes it."""
_PAGE_CM = 23.4


def score_table(context: Context, of: str) -> list[Block]:
    """Return the whole score table with one merged column for each level above the leaves."""
    del of
    deepest = max(leaf.level for leaf in context.result.scheme.leaves())
    levels = [f"{ordinal(level)}级指标" for level in range(1, deepest + 1)]
    words = (*levels, "权重", "目标值", "实际值", "评分规则", "得分", "扣分原因")
    rows = [head(*words)]
    for top in context.tops:
        rows.extend(_rows(context, top, deepest))
    span = Cell(text("合计"), columns=deepest, bold=True)
    weight = sum((top.weight for top in context.tops), Fraction(0))
    blank = Cell(text())
    total_weight = Cell(text(number("total.leaves.weight", weight)))
    points = [score.points for score in context.result.scores if score.points is not None]
    total = Cell(text(number("total.leaves.points", sum(points, Fraction(0)))))
    rows.append((span, total_weight, blank, blank, blank, total, blank))
    level_cm = 6.6 / max(deepest - 1, 1) if deepest > 1 else 0.0
    widths = (*(level_cm * 0.72 for _ in range(deepest - 1)), 3.4, 1.3, 2.3, 2.3, 5.2, 1.3)
    rest = _PAGE_CM - sum(widths)
    return [
        Table(
            key="score-table",
            caption=text("绩效评价指标评分表"),
            widths=(*widths, rest),
            aligns=(*(Align.LEFT,) * deepest, Align.RIGHT, Align.LEFT, Align.LEFT, Align.LEFT, Align.RIGHT, Align.LEFT),
            rows=tuple(rows),
            landscape=True,
            total=True,
        )
    ]


def _rows(context: Context, node: Indicator, deepest: int) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows below a node; the first carries the node's own cell, spanning all of them."""
    leaves = list(node.leaves())
    if not node.children:
        yield _leaf(context, node, deepest)
        return
    own = Cell(text(context.name(node), "（", context.weight(node), "）"), rows=len(leaves))
    first = True
    for child in node.children:
        for row in _rows(context, child, deepest):
            yield (own, *row) if first else row
            first = False


def _leaf(context: Context, leaf: Indicator, deepest: int) -> tuple[Cell, ...]:
    score = context.result.score_of(leaf.code)
    name = Cell(text(context.name(leaf)), columns=deepest - leaf.level + 1)
    if score is None:
        return (name,)
    code, inputs = leaf.code, score.inputs
    target = text(quote(f"score.{code}.target", str(inputs.target))) if inputs.target else text()
    actual = text(measured(f"score.{code}.actual", inputs.actual)) if inputs.actual is not None else text()
    rule = text(quote(f"scheme.{code}.rule_text", leaf.rule_text)) if leaf.rule_text else text()
    return (
        name,
        Cell(text(context.weight(leaf))),
        Cell(target),
        Cell(actual),
        Cell(rule),
        Cell(text(context.score(score))),
        Cell(_reason(score)),
    )


def _reason(score: Score) -> Text:
    if not score.reason or score.lost == 0:
        return text()
    return text(quote(f"score.{score.indicator.code}.reason", score.reason))


def survey(context: Context, of: str) -> list[Block]:
    """Each question with counts, shares of those who answered it, and a chart."""
    del of
    rows = context.result.data.surveys
    if not rows:
        return []
    said = "本次问卷逐题统计。n 为回答该题的人数，占比为选择该项的人数除以 n。"
    blocks: list[Block] = [Paragraph(text(said))]
    for question, group in groupby(rows, key=lambda row: row.question):
        blocks.extend(_question(question, list(group)))
    return blocks


def _question(question: str, rows: list[SurveyRow]) -> Iterator[Block]:
    """Yield a question's heading, table and chart. Where several options may be chosen there is no sum of shares."""
    key, several = f"survey.{question}", any(row.kind == SEVERAL for row in rows)
    place = text("第", quote(f"{key}.number", question), "题")
    yield Heading(3, text(place, "　", quote(f"{key}.text", rows[0].text)))
    counts = [(row, parse_number(row.count)) for row in rows]
    numbers = [(row, count) for row, count in counts if not isinstance(count, Fault)]
    chosen = sum((count for _, count in numbers), Fraction(0))
    answered = _answered(rows)
    base, base_key = (chosen, "total") if answered is None else (answered, "answered")
    table = [head("选项", "人数", "占比")]
    shares: list[Figure] = []
    for row, count in numbers:
        ratio = count / base if base else Fraction(0)
        share = Figure(f"{key}.{row.option}.share", f"{percent(ratio.numerator, ratio.denominator)}%")
        shares.append(share)
        name = Cell(text(quote(f"{key}.{row.option}.option", row.option)))
        table.append((name, Cell(text(number(f"{key}.{row.option}.count", count))), Cell(text(share))))
    if not several:
        table.append((Cell(text("合计")), Cell(text(number(f"{key}.total", chosen))), Cell()))
    unit = "人次" if several and answered is None else "人"
    yield Table(
        key=key,
        caption=text(place, "答题情况（n＝", number(f"{key}.{base_key}", base), unit, "）"),
        widths=(8.0, 3.4, 3.4),
        aligns=(Align.LEFT, Align.RIGHT, Align.RIGHT),
        rows=tuple(table),
        total=not several,
    )
    if several:
        of_whom = "n 没有单列，取各项人次之和。" if answered is None else "各项占比之和可以超过百分之百。"
        yield Paragraph(text("注：本题可多选，", of_whom), ParagraphStyle.NOTE)
    if len(shares) > 1:
        yield Chart(
            key=f"{key}.chart",
            caption=text(place, "各选项的占比"),
            categories=tuple(row.option for row, _ in numbers),
            values=tuple(shares),
            unit="%",
            kind=ChartKind.BARS,
        )


def _answered(rows: list[SurveyRow]) -> Fraction | None:
    """Return how many answered the question; None where no row tells."""
    for row in rows:
        answered = parse_number(row.answered)
        if not isinstance(answered, Fault) and answered > 0:
            return answered
    return None
