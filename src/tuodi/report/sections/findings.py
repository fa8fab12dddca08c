"""What is wrong, why, what to do, who and by when; and what stands behind it: compliance, interviews, evidence."""

from fractions import Fraction

from tuodi.evaluation.data import ProblemRow
from tuodi.evaluation.data_checks import amount_checked
from tuodi.evaluation.links import linked
from tuodi.kernel.finding import Fault
from tuodi.kernel.fragments import Figure, Fragment, Text, listed, quote, text
from tuodi.kernel.money import Fen, parse_yuan, percent, yuan_grouped
from tuodi.report.blocks import Align, Block, Cell, Heading, Paragraph, Table
from tuodi.report.prose import NOTHING, dated, measured, number, numbered, points
from tuodi.report.sections.basics import head, without_empty_columns
from tuodi.report.sections.context import Context

IN_DIGITS = "1"
"""What a layout writes as ``of`` where problems and advice stand in a section and are numbered 1., 2., 3."""


def problems(context: Context, of: str) -> list[Block]:
    """Each problem with its cause and the deductions it stands for; numbered 1. where ``of`` says so, else （一）."""
    rows = context.result.data.problems
    found = linked(context.result)[: len(rows)]
    blocks: list[Block] = []
    for place, (row, link) in enumerate(zip(rows, found, strict=True), 1):
        key = f"data.问题与建议.{place}"
        blocks.append(Heading(3, text(numbered(place, of == IN_DIGITS), quote(f"{key}.problem", row.problem))))
        if link.deductions:
            # The row of the budget's execution may lose points that are no part of the total.
            parts = [
                text(quote(f"scheme.{each.code}.code", each.code), "（扣",
                     points(_lost_key(context, each.code), each.lost), "分）")
                for each in link.deductions
            ]  # fmt: skip
            blocks.append(Paragraph(text("对应的扣分：", listed(parts), "。")))
        if row.cause:
            blocks.append(Paragraph(text("原因：", quote(f"{key}.cause", row.cause), "。")))
    return blocks


def _lost_key(context: Context, code: str) -> str:
    return f"score.{code}.lost" if context.result.score_of(code) else "fund.lost"


def advice(context: Context, of: str) -> list[Block]:
    """Each piece of advice, in the order of the problems, with who does it by when; numbered as ``problems``."""
    rows = [(place, row) for place, row in enumerate(context.result.data.problems, 1) if row.advice]
    blocks: list[Block] = []
    for count, (place, row) in enumerate(rows, 1):
        key = f"data.问题与建议.{place}"
        said = text("针对", quote(f"{key}.problem", row.problem), "：", quote(f"{key}.advice", row.advice), "。")
        blocks.append(Paragraph(text(numbered(count, of == IN_DIGITS), said, _who(key, row))))
    return blocks


def _who(key: str, row: ProblemRow) -> Text:
    parts = []
    if row.responsible:
        parts.append(text("责任单位：", quote(f"{key}.responsible", row.responsible)))
    if row.due:
        parts.append(text("完成时限：", dated(f"{key}.due", row.due)))
    return text(listed(parts, "，"), "。") if parts else text()


def rectification(context: Context, of: str) -> list[Block]:
    """The one table that joins deduction, problem, cause, advice, who and by when."""
    del of
    if not linked(context.result):
        return []
    rows = [head("扣分指标", "扣分", "问题", "原因", "建议", "责任单位", "时限")]
    for place, row in enumerate(linked(context.result), 1):
        lines = (
            text(quote(f"scheme.{each.code}.code", each.code), " ", quote(f"scheme.{each.code}.name", each.name))
            for each in row.deductions
        )
        lost = sum((each.lost for each in row.deductions), Fraction(0)) if row.deductions else None
        taken = Cell(text(points(f"linked.{place}.lost", lost)))
        rows.append((Cell(listed(lines, "；")), taken, *_problem_cells(row.problem, f"data.问题与建议.{place}")))
    return [
        Table(
            key="rectification",
            caption=text("扣分、问题、原因、建议和整改责任对照表"),
            widths=(4.0, 1.4, 4.4, 4.4, 5.2, 2.6, 2.2),
            aligns=(Align.LEFT, Align.RIGHT, *(Align.LEFT,) * 5),
            rows=tuple(rows),
            landscape=True,
        )
    ]


def _problem_cells(problem: ProblemRow | None, key: str) -> tuple[Cell, ...]:
    if problem is None:
        return tuple(Cell(text(NOTHING)) for _ in range(5))
    cells = (("problem", problem.problem), ("cause", problem.cause), ("advice", problem.advice),
             ("responsible", problem.responsible))  # fmt: skip
    said = [quote(f"{key}.{name}", value) for name, value in cells]
    return tuple(Cell(text(each)) for each in (*said, dated(f"{key}.due", problem.due)))


def good_results(context: Context, of: str) -> list[Block]:
    """Name the indicators with an actual value that reached full marks: what the figures show went well."""
    del of
    parts = [
        text(context.name(score.indicator), "（", measured(f"score.{score.indicator.code}.actual", score.inputs.actual),
             "）")
        for score in context.full()
        if score.inputs.actual is not None
    ]  # fmt: skip
    return [Paragraph(text("以实际值计分并得满分的指标：", listed(parts), "。"))] if parts else []


def compliance(context: Context, of: str) -> list[Block]:
    """The compliance check."""
    del of
    if not context.result.data.compliance:
        return []
    rows = [head("序号", "检查内容", "检查结果", "是否符合", "对应指标")]
    for place, row in enumerate(context.result.data.compliance, 1):
        key = f"data.合规性检查.{place}"
        met = "" if row.met is None else "是" if row.met else "否"
        codes = listed((text(quote(f"{key}.codes.{code}", code)) for code in row.codes), "、")
        cells = (
            quote(f"{key}.number", row.number),
            quote(f"{key}.check", row.check),
            quote(f"{key}.result", row.result),
        )
        rows.append((*(Cell(text(cell)) for cell in cells), Cell(text(met)), Cell(codes)))
    return [
        Table(
            key="compliance",
            caption=text("合规性检查表"),
            widths=(1.4, 6.4, 3.6, 2.0, 2.2),
            aligns=(Align.CENTRE, Align.LEFT, Align.LEFT, Align.CENTRE, Align.LEFT),
            rows=tuple(rows),
        )
    ]


def interviews(context: Context, of: str) -> list[Block]:
    """The interviews: question and answer, people by their role."""
    del of
    if not context.result.data.interviews:
        return []
    rows = [head("序号", "访谈对象", "问题", "回答")]
    for place, row in enumerate(context.result.data.interviews, 1):
        key = f"data.访谈.{place}"
        cells = (("number", row.number), ("role", row.role), ("question", row.question), ("answer", row.answer))
        rows.append(tuple(Cell(text(quote(f"{key}.{name}", value))) for name, value in cells))
    return [
        Table(
            key="interviews",
            caption=text("访谈记录"),
            widths=(1.4, 3.2, 5.0, 6.0),
            aligns=(Align.CENTRE, Align.LEFT, Align.LEFT, Align.LEFT),
            rows=tuple(rows),
        )
    ]


def comments(context: Context, of: str) -> list[Block]:
    """The comments on the draft and what was done with them."""
    del of
    if not context.result.data.comments:
        return []
    rows = [head("提出单位", "意见", "采纳情况", "修改内容")]
    for place, row in enumerate(context.result.data.comments, 1):
        key = f"data.征求意见.{place}"
        cells = (("from_whom", row.from_whom), ("comment", row.comment), ("response", row.response),
                 ("change", row.change))  # fmt: skip
        rows.append(tuple(Cell(text(quote(f"{key}.{name}", value))) for name, value in cells))
    return [
        Table(
            key="comments",
            caption=text("征求意见及采纳情况"),
            widths=(3.0, 5.2, 3.2, 4.2),
            aligns=(Align.LEFT,) * 4,
            rows=tuple(rows),
        )
    ]


def _share_checked(context: Context, checked: Fen) -> Text:
    """Put the amount checked over the money spent, where the spending is known in yuan."""
    spent = context.result.data.figures.get(context.result.scheme.funds.spent)
    fen = parse_yuan(spent.value) if spent is not None and spent.unit == "元" else None
    if fen is None or isinstance(fen, Fault) or fen <= 0:
        return text()
    share = Figure("evidence.share", f"{percent(checked, fen)}%")
    return text("，占支出", Figure("evidence.spent", yuan_grouped(fen)), "元的", share)


def evidence(context: Context, of: str) -> list[Block]:
    """The list of evidence, and the amount it covers over the money spent."""
    del of
    if not context.result.data.evidence:
        return []
    rows = [head("编号", "名称", "凭证号", "日期", "金额（元）", "提供单位", "页码")]
    amounts = 0
    for row in context.result.data.evidence.values():
        key = f"data.佐证材料.{row.number}"
        fen = parse_yuan(row.amount)
        amount: Fragment = quote(f"{key}.amount", row.amount)
        if not isinstance(fen, Fault):
            amounts += 1
            amount = Figure(f"{key}.amount", yuan_grouped(fen))
        before = (("number", row.number), ("title", row.title), ("voucher", row.voucher))
        after = (("from_whom", row.from_whom), ("page", row.page))
        cells: list[Fragment] = [quote(f"{key}.{name}", value) for name, value in before]
        cells += [dated(f"{key}.day", row.day), amount, *(quote(f"{key}.{name}", value) for name, value in after)]
        rows.append(tuple(Cell(text(cell)) for cell in cells))
    blocks: list[Block] = []
    total = amount_checked(context.result.data)
    if total is not None:
        checked = Figure("evidence.amount", yuan_grouped(total))
        count = number("evidence.with_amount", amounts)
        share = _share_checked(context, total)
        blocks.append(Paragraph(text("有金额的佐证材料", count, "份，核查金额合计", checked, "元", share, "。")))
    table = Table(
        key="evidence",
        caption=text("佐证材料清单"),
        widths=(1.6, 6.6, 3.0, 3.0, 3.2, 4.6, 1.6),
        aligns=(Align.CENTRE, Align.LEFT, Align.LEFT, Align.LEFT, Align.RIGHT, Align.LEFT, Align.CENTRE),
        rows=tuple(rows),
        landscape=True,
    )
    blocks.append(without_empty_columns(table))
    return blocks
