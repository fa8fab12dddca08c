"""What was evaluated, against which targets, how and by whom: composed from the project's data."""

from dataclasses import replace

from tuodi.kernel.fragments import Figure, Text, listed, quote, text
from tuodi.kernel.quantity import plain
from tuodi.report.blocks import Align, Block, Cell, Paragraph, Table
from tuodi.report.prose import number, ordinal
from tuodi.report.sections.context import Context

BASE_DAY = "评价基准日"
DATES = (
    "委托日期",
    "评价开始",
    "方案日期",
    "现场开始",
    "现场结束",
    "问卷开始",
    "问卷结束",
    "问卷调查时间",
    "访谈日期",
    "征求意见日期",
    "报告日期",
)
TEAM = ("主评人", "评价组长", "成员", "复核人", "质控人员")


def head(*words: str) -> tuple[Cell, ...]:
    """Return a header row."""
    return tuple(Cell(text(word), bold=True, align=Align.CENTRE) for word in words)


def without_empty_columns(table: Table) -> Table:
    """Drop the columns where no row says anything; the others share their room.

    Not for tables with spans.
    """
    header, *rows = table.rows
    said = [at for at in range(len(header)) if any(row[at].text for row in rows)]
    wider = sum(table.widths) / sum(table.widths[at] for at in said) if said else 1
    return replace(
        table,
        widths=tuple(table.widths[at] * wider for at in said),
        aligns=tuple(table.aligns[at] for at in said),
        rows=tuple(tuple(row[at] for at in said) for row in table.rows),
    )


def who(context: Context) -> Text:
    """Return one sentence: who evaluates what for whom, of which year, run by which offices."""
    order = text("受", context.project("委托单位"), "委托，") if context.has_project("委托单位") else text()
    body = next((item for item in ("评价机构", "评价单位") if context.has_project(item)), "")
    evaluator = text(context.project(body)) if body else text()
    offices = {item: context.project(item) for item in ("主管部门", "实施单位") if context.has_project(item)}
    units = [text(f"{item}为", office) for item, office in offices.items()]
    if len(offices) > 1 and len({office.text for office in offices.values()}) == 1:
        units = [text("主管部门和实施单位均为", offices["主管部门"])]
    run_by = text("，项目", listed(units, "，")) if units else text()
    return text(order, evaluator, "对", context.subject(), "开展了", context.year(), context.work(), run_by, "。")


def overview(context: Context, of: str) -> list[Block]:
    """Say who evaluates what for whom, and as of which day."""
    del of
    day = text("评价基准日为", context.project(BASE_DAY), "。") if context.has_project(BASE_DAY) else text()
    return [Paragraph(text(who(context), day))]


def targets(context: Context, of: str) -> list[Block]:
    """List the targets the unit declared."""
    del of
    if not context.result.data.targets:
        return []
    rows = [head("指标类别", "指标", "目标值", "上年完成值", "依据")]
    for place, row in enumerate(context.result.data.targets, 1):
        key = f"data.申报目标.{place}"
        cells = (("dimension", row.dimension), ("name", row.name), ("target", row.target),
                 ("last_year", row.last_year), ("basis", row.basis))  # fmt: skip
        rows.append(tuple(Cell(text(quote(f"{key}.{name}", value))) for name, value in cells))
    table = Table(
        key="targets",
        caption=text("项目单位申报的绩效目标"),
        widths=(2.6, 5.0, 3.6, 2.0, 2.4),
        aligns=(Align.LEFT,) * 5,
        rows=tuple(rows),
    )
    return [without_empty_columns(table)]


def indicator_system(context: Context, of: str) -> list[Block]:
    """Describe the tree: how many indicators on each level, how the weights are spread."""
    del of
    nodes = context.result.scheme.nodes()
    levels = sorted({node.level for node in nodes})
    counts = []
    for level in levels:
        count = number(f"count.level.{level}", sum(node.level == level for node in nodes))
        counts.append(text(f"{ordinal(level)}级指标", count, "项"))
    weights = [text(context.name(top), context.weight(top), "分") for top in context.tops]
    return [Paragraph(text("指标体系有", listed(counts), "。权重分配：", listed(weights), "。"))]


def grade_bands(context: Context, of: str) -> list[Block]:
    """List the grades and the points each spans: from its beginning, which is included, to the next better one."""
    del of
    grades = context.result.scheme.grades
    if not grades:
        return [Paragraph(text("方案没有划分等级。"))]
    rows = [head("等级", "得分区间")]
    ends = (context.total_weight(), *(grade.begins_at for grade in grades))
    for grade, end in zip(grades, ends, strict=False):
        key = f"scheme.grades.{grade.name}"
        begins = Figure(f"{key}.from", plain(grade.begins_at))
        span = text(begins, "（含）—", Figure(f"{key}.to", plain(end)))
        rows.append((Cell(text(quote(f"{key}.name", grade.name))), Cell(span)))
    return [
        Table(
            key="grades",
            caption=text("评价等级划分"),
            widths=(5.0, 5.0),
            aligns=(Align.CENTRE, Align.CENTRE),
            rows=tuple(rows),
        )
    ]


def process(context: Context, of: str) -> list[Block]:
    """List the dates of the work."""
    del of
    given = [item for item in DATES if context.has_project(item)]
    if not given:
        return []
    rows = [head("环节", "日期")]
    rows.extend((Cell(text(item)), Cell(text(context.project(item)))) for item in given)
    return [
        Table(
            key="process",
            caption=text("评价工作过程"),
            widths=(6.0, 6.0),
            aligns=(Align.LEFT, Align.LEFT),
            rows=tuple(rows),
        )
    ]


def team(context: Context, of: str) -> list[Block]:
    """List the team with qualifications and duties."""
    del of
    members = [(place, row) for place, row in enumerate(context.result.data.project, 1) if row.item in TEAM]
    if not members:
        return []
    rows = [head("角色", "姓名", "资格或职务", "分工")]
    for place, row in members:
        key = f"data.项目.{place}"
        cells = (("item", row.item), ("value", row.value), ("detail", row.detail), ("note", row.note))
        rows.append(tuple(Cell(text(quote(f"{key}.{name}", value))) for name, value in cells))
    table = Table(
        key="team",
        caption=text("评价工作人员"),
        widths=(2.8, 3.0, 4.4, 5.4),
        aligns=(Align.LEFT,) * 4,
        rows=tuple(rows),
    )
    return [without_empty_columns(table)]
