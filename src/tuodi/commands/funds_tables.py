"""The tables ``tuodi funds`` shows: each amount in the unit and precision its document prints."""

from collections.abc import Iterator

from rich.console import RenderableType

from tuodi.commands.figures_table import figures_table
from tuodi.funds.programme import Programme
from tuodi.funds.reckoning import Reckoning, RolledBalance
from tuodi.kernel.money import yuan_grouped

NOTHING = "—"
AMOUNT = "金额"
PERSON_TIMES = "人（次）"


def heading(programme: Programme) -> tuple[str, ...]:
    """Return the lines above the tables."""
    return (
        f"{programme.title}（{programme.region}，{programme.year} 年）",
        f"出处：《{programme.source.title}》{programme.source.number}",
        "",
    )


def tables(reckoning: Reckoning) -> Iterator[RenderableType]:
    """Return the tables of a programme that have something to show."""
    programme = reckoning.programme
    yield _sources(reckoning)
    yield _uses(reckoning)
    yield _rates(reckoning)
    if reckoning.balance is not None:
        yield _balance(reckoning.balance)
    if programme.quarters:
        yield figures_table(
            "各季度支出",
            ("季度", AMOUNT, "依据"),
            [(row.name, row.amount.grouped(), row.clause.at) for row in programme.quarters],
            numbers=(AMOUNT,),
            total=("合计", reckoning.quarters_total.grouped(), ""),
        )
    if programme.batches:
        yield _months(reckoning)
    if programme.planned_items:
        yield _planned(reckoning)
    if programme.budget:
        yield _budget(reckoning)


def _sources(reckoning: Reckoning) -> RenderableType:
    rows = reckoning.programme.sources
    if all(row.spent is None for row in rows):
        return figures_table(
            "资金来源",
            ("来源", AMOUNT, "依据"),
            [(row.name, row.amount.grouped(), row.clause.at) for row in rows],
            numbers=(AMOUNT,),
            total=("合计", reckoning.sources_total.grouped(), ""),
        )
    rates = reckoning.source_rates
    cells = [
        (
            row.name,
            row.amount.grouped(),
            row.spent.grouped() if row.spent else NOTHING,
            f"{rates[row.name].at(2)}%" if row.name in rates else NOTHING,
            (row.amount - row.spent).grouped() if row.spent else NOTHING,
            row.remainder,
            row.clause.at,
        )
        for row in rows
    ]
    spent = reckoning.spent_by_source
    total = ("合计", reckoning.sources_total.grouped(), spent.grouped(), "", "", "", "")
    numbers = (AMOUNT, "支出", "执行率", "结余")
    return figures_table("资金来源", ("来源", *numbers, "结余去向", "依据"), cells, numbers=numbers, total=total)


def _uses(reckoning: Reckoning) -> RenderableType:
    rows = [
        (
            row.name,
            row.amount.grouped(),
            NOTHING if row.person_times is None else f"{row.person_times:,}",
            row.clause.at,
        )
        for row in reckoning.programme.uses
    ]
    people = reckoning.person_times
    total = ("合计", reckoning.uses_total.grouped(), NOTHING if people is None else f"{people:,}", "")
    numbers = (AMOUNT, PERSON_TIMES)
    return figures_table("资金用途", ("用途", *numbers, "依据"), rows, numbers=numbers, total=total)


def _rates(reckoning: Reckoning) -> RenderableType:
    rows = [
        (rate.name, rate.numerator.grouped(), rate.denominator.grouped(), f"{rate.at(2)}%")
        for rate in reckoning.rates.values()
    ]
    numbers = ("分子", "分母", "比率")
    return figures_table("比率", ("名称", *numbers), rows, numbers=numbers)


def _balance(balance: RolledBalance) -> RenderableType:
    rows = [
        ("上年结转结余", balance.opening.grouped() if balance.opening else NOTHING),
        ("加：当年到位", balance.received.grouped()),
        ("减：当年支出", balance.spent.grouped()),
        ("年末应有结余", balance.computed.grouped()),
        ("文中年末结余", balance.stated.grouped()),
    ]
    total = ("差额（文中－应有）", balance.difference.grouped())
    return figures_table("结转结余", ("项目", AMOUNT), rows, numbers=(AMOUNT,), total=total)


def _months(reckoning: Reckoning) -> RenderableType:
    year = reckoning.all_months
    numbers = ("批次", PERSON_TIMES, AMOUNT, "首次退回人次")
    rows = [
        (f"{number} 月", str(month.batches), f"{month.person_times:,}", month.amount.grouped(), str(month.returned))
        for number, month in reckoning.months.items()
    ]
    total = ("合计", str(year.batches), f"{year.person_times:,}", year.amount.grouped(), str(year.returned))
    inferred = any(batch.month_inferred for batch in reckoning.programme.batches)
    title = "各月发放（原文月份栏有合并单元格，个别批次的月份按行序判读）" if inferred else "各月发放"
    return figures_table(title, ("月份", *numbers), rows, numbers=numbers, total=total)


def _planned(reckoning: Reckoning) -> RenderableType:
    numbers = ("单价（元）", "数量", AMOUNT)
    rows = [
        (item.name, yuan_grouped(item.unit_price_fen), f"{item.quantity:,}", item.amount.grouped(), item.clause.at)
        for item in reckoning.programme.planned_items
    ]
    total = ("合计", "", f"{reckoning.planned_quantity:,}", reckoning.planned_total.grouped(), "")
    return figures_table("年初预算明细", ("项目", *numbers, "依据"), rows, numbers=numbers, total=total)


def _budget(reckoning: Reckoning) -> RenderableType:
    numbers = ("年初预算", "调整", "调整后预算", "实际支出")
    rows = [
        (
            line.name,
            line.initial.grouped(),
            line.change.grouped(),
            line.adjusted.grouped(),
            line.executed.grouped(),
            line.clause.at,
        )
        for line in reckoning.programme.budget
    ]
    initial, adjusted = reckoning.budget_initial, reckoning.budget_adjusted
    sums = (initial, adjusted - initial, adjusted, reckoning.budget_executed)
    total = ("合计", *(amount.grouped() for amount in sums), "")
    return figures_table("预算安排和执行", ("科目", *numbers, "依据"), rows, numbers=numbers, total=total)
