"""The programme's money: budget, arrival, spending with their rates, where it came from, what it went to."""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from tuodi.evaluation.data import FigureRow
from tuodi.evaluation.execution import Execution, RollForward, execution
from tuodi.evaluation.measures import Measured, figure_values, measure, one_unit
from tuodi.evaluation.scheme import Measure, MeasureKind
from tuodi.evaluation.survey_figures import is_survey_figure
from tuodi.kernel.finding import Fault
from tuodi.kernel.fragments import Figure, Text, listed, quote, text
from tuodi.kernel.money import decimal_text, percent
from tuodi.kernel.quantity import parse_quantity
from tuodi.report.blocks import Align, Block, Cell, Paragraph, Table
from tuodi.report.prose import MONEY_UNITS, amount, measured, money
from tuodi.report.sections.basics import head
from tuodi.report.sections.context import Context


def in_short(context: Context) -> Text:
    """Return one sentence on the money: budget, received, spent, execution."""
    names = context.result.scheme.funds
    parts = [_said(context, name, word) for name, word in ((names.budget, "预算"), (names.received, "到位"),
                                                           (names.spent, "支出"))]  # fmt: skip
    view = execution(context.result.scheme, context.result.data)
    if view.declared is not None:
        parts.append(text("预算执行率", _rate("execution.declared", view.declared)))
    given = [part for part in parts if part]
    return text("项目资金", listed(given, "，"), "。") if given else text()


def funds(context: Context, of: str) -> list[Block]:
    """Tell budget, arrival, spending, carry-over and roll-forward; then list sources, uses and all other amounts."""
    del of
    names, figures = context.result.scheme.funds, context.result.data.figures
    blocks: list[Block] = [Paragraph(said) for said in _told(context) if said]
    shown = {names.budget, names.received, names.spent, names.opening, names.closing} if blocks else set()
    for key, title, listed_names in (("sources", "资金来源", names.sources), ("uses", "资金支出去向", names.uses)):
        table = _shares(context, key, title, tuple(name for name in listed_names if name in figures))
        if table is not None:
            blocks.append(table)
            shown.update(listed_names)
    others = [row for row in figures.values() if _money_unit(row) and row.name not in shown]
    if others:
        caption = "其他资金数据" if blocks else "资金数据"
        blocks.append(_figure_table("funds", caption, others))
    return blocks


def figures(context: Context, of: str) -> list[Block]:
    """List all named amounts and counts with their sources; the survey's counts have tables of their own."""
    del of
    rows = [row for row in context.result.data.figures.values() if not is_survey_figure(row.name)]
    return [_figure_table("figures", "基础数据表", rows)] if rows else []


def _money_unit(row: FigureRow) -> str:
    """Return the unit of an amount of money, empty for other figures."""
    value = parse_quantity(row.value)
    unit = row.unit.strip() or ("" if isinstance(value, Fault) else value.unit)
    return "" if isinstance(value, Fault) or unit not in MONEY_UNITS else unit


def _rate(key: str, share: Measured) -> Figure:
    """Return a rate with the decimals of the tables."""
    return Figure(key, f"{decimal_text(share.value.value, 2)}%")


def _said(context: Context, name: str, *words: str) -> Text:
    """Return an amount in prose behind its name, or behind ``words``; nothing where it is not known."""
    row = context.result.data.figures.get(name)
    if row is None or not _money_unit(row):
        return text()
    value = parse_quantity(row.value)
    if isinstance(value, Fault):
        return text()
    key = f"data.基础数据.{name}"
    return text(*(words or (quote(f"{key}.name", name),)), money(f"{key}.value", value.value, _money_unit(row)))


def _told(context: Context) -> Iterator[Text]:
    """Yield the sentences on the programme's money, as far as the data go."""
    names, data = context.result.scheme.funds, context.result.data
    view = execution(context.result.scheme, data)
    planned, arrived = _said(context, names.budget), _said(context, names.received)
    if planned and arrived and names.budget != names.received:
        share = measure(Measure(kind=MeasureKind.RATE, of=(names.received,), base=(names.budget,)), data.figures)
        rate = _rate("execution.arrived", share) if isinstance(share, Measured) else None
        yield text(planned, "，", arrived, text("，到位率", rate) if rate else text(), "。")
    elif planned or arrived:
        yield text(planned or arrived, "。")
    spent = _said(context, names.spent)
    if spent:
        yield text(spent, _declared(context, view), "。")
    if view.available is not None and view.available.denominator is not None:
        row = data.figures[names.received]
        whole = money("execution.available.denominator", view.available.denominator, _money_unit(row))
        yield text("把", _named(names.opening), "也计算在内，当年可用资金", whole, "，执行率",
                   _rate("execution.available", view.available), "。")  # fmt: skip
    if view.roll_forward is not None:
        yield _rolled(context, view.roll_forward)


def _named(name: str) -> Text:
    return text(quote(f"data.基础数据.{name}.name", name))


def _declared(context: Context, view: Execution) -> Text:
    """Return the execution rate with its calculation."""
    names, rate = context.result.scheme.funds, view.declared
    if rate is None:
        return text()
    base = names.received or names.budget
    calculation = text(_said(context, names.spent), " ÷ ", _said(context, base))
    return text("，预算执行率", _rate("execution.declared", rate), "（", calculation, "）")


def _rolled(context: Context, roll: RollForward) -> Text:
    """Tell how the balance rolls forward, and by how much it does not."""
    names = context.result.scheme.funds
    computed = money("execution.roll", roll.computed, roll.unit)
    opening = text(_said(context, names.opening), "，加", _named(names.received), "、减", _named(names.spent),
                   "，推算年末结余", computed, "；")  # fmt: skip
    closing = text("列报的", _said(context, names.closing))
    if roll.difference == 0:
        return text(opening, closing, "，两数一致。")
    beyond = text("，比推算", "多" if roll.difference > 0 else "少")
    difference = money("execution.difference", abs(roll.difference), roll.unit)
    return text(opening, closing, beyond, difference, "，差额的原因应当查明。")


def _shares(context: Context, key: str, title: str, names: tuple[str, ...]) -> Table | None:
    """Return a table of amounts with their shares of their sum; None where they are none or not of one unit."""
    rows = [context.result.data.figures[name] for name in names]
    unit = one_unit(names, context.result.data.figures)
    values = figure_values(names, context.result.data.figures)
    if not rows or isinstance(values, Fault) or isinstance(unit, Fault) or unit not in MONEY_UNITS:
        return None
    total = sum(values, Fraction(0))
    table = [head(title, f"金额（{unit}）", "占比", "数据出处")]
    for row, value in zip(rows, values, strict=True):
        place = f"data.基础数据.{row.name}"
        cells = (quote(f"{place}.name", row.name), amount(f"{place}.value", value),
                 Figure(f"funds.{key}.{row.name}.share", _percent(value, total)),
                 quote(f"{place}.source", row.source))  # fmt: skip
        table.append(tuple(Cell(text(cell)) for cell in cells))
    whole = Figure(f"funds.{key}.share", _percent(total, total))
    table.append((Cell(text("合计")), Cell(text(amount(f"funds.{key}.total", total))), Cell(text(whole)), Cell()))
    return Table(
        key=f"funds-{key}",
        caption=text(f"按{title}分列"),
        widths=(5.0, 4.0, 2.2, 4.4),
        aligns=(Align.LEFT, Align.RIGHT, Align.RIGHT, Align.LEFT),
        rows=tuple(table),
        total=True,
    )


def _percent(part: Fraction, whole: Fraction) -> str:
    share = part / whole if whole else Fraction(0)
    return f"{percent(share.numerator, share.denominator)}%"


def _figure_table(key: str, caption: str, rows: Iterable[FigureRow]) -> Table:
    return Table(
        key=key,
        caption=text(caption),
        widths=(5.6, 3.6, 1.6, 4.8),
        aligns=(Align.LEFT, Align.RIGHT, Align.CENTRE, Align.LEFT),
        rows=(head("项目", "数值", "单位", "数据出处"), *map(_figure_row, rows)),
    )


def _figure_row(row: FigureRow) -> tuple[Cell, ...]:
    key = f"data.基础数据.{row.name}"
    value, unit = parse_quantity(row.value), row.unit.strip()
    shown = Figure(f"{key}.value", row.value)
    if not isinstance(value, Fault):
        # The unit has a column of its own.
        plain_value = value._replace(unit="" if value.unit == unit else value.unit)
        shown = amount(shown.key, value.value) if _money_unit(row) else measured(shown.key, plain_value)
    cells = (quote(f"{key}.name", row.name), shown, quote(f"{key}.unit", unit), quote(f"{key}.source", row.source))
    return tuple(Cell(text(cell)) for cell in cells)
