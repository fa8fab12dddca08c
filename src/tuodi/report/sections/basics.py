"""What was evaluated, with which money, against which targets, how: composed from the project's data."""

from collections.abc import Iterator
from fractions import Fraction

from tuodi.evaluation.data import FigureRow
from tuodi.evaluation.execution import Execution, execution
from tuodi.kernel.finding import Fault
from tuodi.kernel.money import decimal_text
from tuodi.kernel.quantity import parse_quantity, plain
from tuodi.report.blocks import Align, Block, Cell, Figure, Paragraph, ParagraphStyle, Table, Text
from tuodi.report.prose import listed, points, quote, text
from tuodi.report.sections.context import Context, number

DATES = ("委托日期", "方案日期", "现场开始", "现场结束", "问卷开始", "问卷结束", "访谈日期", "征求意见日期", "报告日期")
TEAM = ("主评人", "评价组长", "成员", "复核人", "质控人员")


def head(*words: str) -> tuple[Cell, ...]:
    """Return a header row."""
    return tuple(Cell(text(word), bold=True, align=Align.CENTRE) for word in words)


def overview(context: Context, of: str) -> list[Block]:
    """Say who evaluates what, by whose order, with which result."""
    del of
    order = text("受", context.project("委托单位"), "委托，") if context.has_project("委托单位") else text()
    who = context.project("评价机构") if context.has_project("评价机构") else context.project("评价单位")
    blocks: list[Block] = [Paragraph(text(order, who, "对", context.project("项目名称"), "开展了绩效评价。"))]
    unit = [
        text(label, "为", context.project(item))
        for item, label in (
            ("主管部门", "主管部门"),
            ("实施单位", "实施单位"),
            ("评价年度", "评价年度"),
            ("评价基准日", "评价基准日"),
        )
        if context.has_project(item)
    ]
    if unit:
        blocks.append(Paragraph(text("项目", listed(unit, "，"), "。")))
    return blocks


def conclusion(context: Context, of: str) -> list[Block]:
    """State the total and grade, then each first-level indicator in a table."""
    del of
    if context.result.total is None:
        missing = sum(score.points is None for score in context.result.scores)
        return [
            Paragraph(text("还有", number("count.unscored", missing), "项指标没有得分，综合得分待补充数据后得出。"))
        ]
    grade = text("，评价等级为“", context.grade(), "”") if context.result.grade else text()
    blocks: list[Block] = [Paragraph(text("经评价，综合得分", context.total(), "分", grade, "。"))]
    lost = context.deductions()
    if lost:
        parts = [text(context.name(score.indicator), "（扣", context.lost(score), "分）") for score in lost]
        count = number("count.deductions", len(lost))
        blocks.append(Paragraph(text("扣分涉及", count, "项指标：", listed(parts), "。")))
    blocks.append(score_summary(context))
    return blocks


def score_summary(context: Context) -> Table:
    """Return the table of first-level indicators: weight, score, rate, and the total."""
    rows = [head("一级指标", "权重", "得分", "得分率")]
    for top in context.tops:
        group = context.group_of(top)
        rows.append((Cell(text(context.name(top))), Cell(text(context.weight(top))), Cell(text(context.group(group))),
                     Cell(text(context.rate(group)))))  # fmt: skip
    weight, counted = sum((top.weight for top in context.tops), Fraction(0)), context.result.fund
    if counted is not None and counted.row.counts:
        weight += counted.row.weight
        rows.append((Cell(text(quote("scheme.fund_row.name", counted.row.name))),
                     Cell(text(Figure("scheme.fund_row.weight", plain(counted.row.weight)))),
                     Cell(text(points("fund.points", counted.points))),
                     Cell(text(Figure("fund.rate", _share(counted.points, counted.row.weight))))))  # fmt: skip
    total = Cell(text(context.total()))
    rate = Cell(text(Figure("total.rate", _share(context.result.total, weight))))
    rows.append((Cell(text("合计")), Cell(text(Figure("total.weight", plain(weight)))), total, rate))
    return Table(
        key="score-summary",
        caption=text("各级指标得分情况"),
        widths=(5.6, 3.0, 3.0, 4.0),
        aligns=(Align.LEFT, Align.RIGHT, Align.RIGHT, Align.RIGHT),
        rows=tuple(rows),
        total=True,
    )


def _share(part: Fraction | None, whole: Fraction) -> str:
    return "—" if part is None or not whole else f"{decimal_text(part * 100 / whole, 2)}%"


def funds(context: Context, of: str) -> list[Block]:
    """List the figures about money with their sources, the execution rates, the roll-forward of the balance."""
    del of
    figures = [row for row in context.result.data.figures.values() if row.unit in ("元", "万元")]
    blocks: list[Block] = []
    view = execution(context.result.scheme, context.result.data)
    blocks.extend(map(Paragraph, _execution(view)))
    rows = [head("项目", "数值", "单位", "来源")]
    rows.extend(_figure_row(row) for row in figures)
    blocks.append(
        Table(
            key="funds",
            caption=text("资金数据"),
            widths=(5.6, 3.6, 1.6, 4.8),
            aligns=(Align.LEFT, Align.RIGHT, Align.CENTRE, Align.LEFT),
            rows=tuple(rows),
            empty="“基础数据”表里没有金额",
        )
    )
    return blocks


def _figure_row(row: FigureRow) -> tuple[Cell, ...]:
    key = f"data.基础数据.{row.name}"
    value = parse_quantity(row.value)
    shown = row.value if isinstance(value, Fault) else decimal_text(value.value, 2, grouped=True)
    return (
        Cell(text(quote(f"{key}.name", row.name))),
        Cell(text(Figure(f"{key}.value", shown))),
        Cell(text(quote(f"{key}.unit", row.unit))),
        Cell(text(quote(f"{key}.source", row.source))),
    )


def targets(context: Context, of: str) -> list[Block]:
    """List the targets the unit declared."""
    del of
    rows = [head("维度", "指标", "目标值", "上年值", "依据")]
    for place, row in enumerate(context.result.data.targets, 1):
        key = f"data.申报目标.{place}"
        cells = (("dimension", row.dimension), ("name", row.name), ("target", row.target),
                 ("last_year", row.last_year), ("basis", row.basis))  # fmt: skip
        rows.append(tuple(Cell(text(quote(f"{key}.{name}", value))) for name, value in cells))
    return [
        Table(
            key="targets",
            caption=text("项目单位申报的绩效目标"),
            widths=(2.6, 5.0, 3.6, 2.0, 2.4),
            aligns=(Align.LEFT,) * 5,
            rows=tuple(rows),
            empty="“申报目标”表还没有填写",
        )
    ]


def indicator_system(context: Context, of: str) -> list[Block]:
    """Describe the tree: how many indicators on each level, how the weights are spread."""
    del of
    nodes = context.result.scheme.nodes()
    levels = sorted({node.level for node in nodes})
    counts = [
        text("第", number(f"count.level.{level}.no", level), "级",
             number(f"count.level.{level}", sum(node.level == level for node in nodes)), "项")
        for level in levels
    ]  # fmt: skip
    weights = [text(context.name(top), context.weight(top), "分") for top in context.tops]
    leaves = number("count.leaves", len(context.result.scores))
    return [
        Paragraph(
            text("指标体系共", leaves, "项末级指标，按层级计：", listed(counts), "。权重分配：", listed(weights), "。")
        )
    ]


def grade_bands(context: Context, of: str) -> list[Block]:
    """List the grades and where each begins."""
    del of
    grades = context.result.scheme.grades
    if not grades:
        return [Paragraph(text("方案没有划分等级。"))]
    rows = [head("等级", "得分不低于")]
    for grade in grades:
        key = f"scheme.grades.{grade.name}"
        begins = Cell(text(Figure(f"{key}.from", plain(grade.begins_at))))
        rows.append((Cell(text(quote(f"{key}.name", grade.name))), begins))
    return [
        Table(
            key="grades",
            caption=text("评价等级划分"),
            widths=(5.0, 5.0),
            aligns=(Align.CENTRE, Align.RIGHT),
            rows=tuple(rows),
        )
    ]


def process(context: Context, of: str) -> list[Block]:
    """List the dates of the work."""
    del of
    given = [item for item in DATES if context.has_project(item)]
    rows = [head("环节", "日期")]
    rows.extend((Cell(text(item)), Cell(text(context.project(item)))) for item in given)
    return [
        Table(
            key="process",
            caption=text("评价工作过程"),
            widths=(6.0, 6.0),
            aligns=(Align.LEFT, Align.LEFT),
            rows=tuple(rows),
            empty="“项目”表还没有填写各环节的日期",
        )
    ]


def team(context: Context, of: str) -> list[Block]:
    """List the team with qualifications and duties."""
    del of
    rows = [head("角色", "姓名", "资格或职务", "分工")]
    members = [(place, row) for place, row in enumerate(context.result.data.project, 1) if row.item in TEAM]
    for place, row in members:
        key = f"data.项目.{place}"
        cells = (("item", row.item), ("value", row.value), ("detail", row.detail), ("note", row.note))
        rows.append(tuple(Cell(text(quote(f"{key}.{name}", value))) for name, value in cells))
    return [
        Table(
            key="team",
            caption=text("评价工作人员"),
            widths=(2.8, 3.0, 4.4, 5.4),
            aligns=(Align.LEFT,) * 4,
            rows=tuple(rows),
            empty="“项目”表还没有填写评价工作人员",
        )
    ]


def notes(context: Context, of: str) -> list[Block]:
    """Print what the scheme itself notes, e.g. that a source is not verified."""
    del of
    given = context.result.scheme.notes
    return [
        Paragraph(text(quote(f"scheme.notes.{place}", note), "。"), ParagraphStyle.LIST)
        for place, note in enumerate(given, 1)
    ]


def _execution(view: Execution) -> Iterator[Text]:
    """Tell the execution declared, that of all the money there was, and how the balance rolls forward."""
    if view.declared is not None:
        yield text("预算执行率为", Figure("execution.declared", str(view.declared.value)), "，计算：",
                   Figure("execution.declared.formula", view.declared.formula), "。")  # fmt: skip
    if view.available is not None:
        rate = Figure("execution.available", str(view.available.value))
        formula = Figure("execution.available.formula", view.available.formula)
        yield text("把上年结转也计算在内，当年可用资金的执行率为", rate, "，计算：", formula, "。")
    roll = view.roll_forward
    if roll is None:
        return
    unit = quote("execution.unit", roll.unit)
    opening = text("上年结余加到位资金减支出，推算年末结余：", Figure("execution.roll", roll.formula), unit, "；")
    closing = Figure("execution.closing", decimal_text(roll.closing, 2, grouped=True))
    if roll.difference == 0:
        yield text(opening, "与年末结余", closing, unit, "一致。")
        return
    difference = Figure("execution.difference", decimal_text(abs(roll.difference), 2, grouped=True))
    more = "多" if roll.difference > 0 else "少"
    yield text(opening, "年末结余为", closing, unit, f"，比推算{more}", difference, unit, "，需要查明原因。")
