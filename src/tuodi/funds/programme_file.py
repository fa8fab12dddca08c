"""From a YAML file to a programme, strictly: whatever is doubtful is a finding with file, line and key path."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from tuodi.funds.amount import Amount
from tuodi.funds.contradictions import comparable
from tuodi.funds.programme import (
    Balance,
    Batch,
    BudgetLine,
    Percent,
    PlannedItem,
    Programme,
    QuarterRow,
    Said,
    SourceRow,
    Statement,
    UseRow,
)
from tuodi.funds.reading import (
    Opening,
    acceptable,
    open_document,
    read_amount,
    read_amount_if_any,
    read_count,
    read_count_if_any,
    read_text_if_any,
)
from tuodi.funds.reckoning import Reckoning, figures
from tuodi.kernel.finding import Finding
from tuodi.kernel.form import Form, join
from tuodi.kernel.yaml_nodes import Listing, Node

SCHEMA = "tuodi-programme/1"

_SECTIONS = ("plan", "quarters", "batches", "planned_items", "budget", "balance", "stated")

Row = TypeVar("Row")


def load_programme(path: Path, shown_as: str = "") -> tuple[Programme | None, list[Finding]]:
    """Read one programme; None if any finding is an error. Never raises for any content of the file."""
    opening, findings = open_document(
        path, shown_as or str(path), SCHEMA, ("region", "year", "sources", "uses"), _SECTIONS
    )
    if opening is None:
        return None, findings
    form, values = opening.form, opening.values
    programme = Programme(
        id=form.text(values.get("id")),
        title=form.text(values.get("title")),
        region=form.text(values.get("region")),
        year=form.whole_number(values.get("year"), 2000, 2099),
        source=opening.source,
        plan=_plan(opening),
        sources=_rows(opening, "sources", _source_row),
        uses=_rows(opening, "uses", _use_row),
        quarters=_rows(opening, "quarters", _quarter_row),
        batches=_rows(opening, "batches", _batch),
        planned_items=_rows(opening, "planned_items", _planned_item),
        budget=_rows(opening, "budget", _budget_line),
        balance=_balance(opening),
        statements=_rows(opening, "stated", _statement),
    )
    _check_names(opening, programme)
    _check_statements(opening, programme)
    return (programme if acceptable(findings) else None), findings


def _rows(opening: Opening, section: str, read: Callable[[Opening, Node], Row]) -> tuple[Row, ...]:
    node = opening.values.get(section)
    return tuple(read(opening, item) for item in opening.form.items(node))


def _plan(opening: Opening) -> Amount | None:
    node = opening.values.get("plan")
    values = opening.form.fields(node, ("amount", "at"))
    opening.clause(values.get("at"))
    return read_amount_if_any(opening.form, values.get("amount"))


def _source_row(opening: Opening, node: Node) -> SourceRow:
    form = opening.form
    values = form.fields(node, ("name", "amount", "at"), ("spent", "remainder"))
    return SourceRow(
        name=form.text(values.get("name")),
        amount=read_amount(form, values.get("amount")),
        spent=read_amount_if_any(form, values.get("spent")),
        remainder=read_text_if_any(form, values.get("remainder")),
        clause=opening.clause(values.get("at")),
    )


def _use_row(opening: Opening, node: Node) -> UseRow:
    form = opening.form
    values = form.fields(node, ("name", "amount", "at"), ("person_times",))
    return UseRow(
        name=form.text(values.get("name")),
        amount=read_amount(form, values.get("amount")),
        person_times=read_count_if_any(form, values.get("person_times")),
        clause=opening.clause(values.get("at")),
    )


def _quarter_row(opening: Opening, node: Node) -> QuarterRow:
    form = opening.form
    values = form.fields(node, ("name", "amount", "at"))
    return QuarterRow(
        name=form.text(values.get("name")),
        amount=read_amount(form, values.get("amount")),
        clause=opening.clause(values.get("at")),
    )


def _batch(opening: Opening, node: Node) -> Batch:
    form = opening.form
    values = form.fields(node, ("month", "person_times", "amount", "returned"), ("month_inferred",))
    return Batch(
        month=form.whole_number(values.get("month"), 1, 12),
        person_times=read_count(form, values.get("person_times")),
        amount=read_amount(form, values.get("amount")),
        returned=read_count(form, values.get("returned")),
        month_inferred="month_inferred" in values and form.boolean(values["month_inferred"]),
    )


def _planned_item(opening: Opening, node: Node) -> PlannedItem:
    form = opening.form
    values = form.fields(node, ("name", "unit_price", "quantity", "at"))
    return PlannedItem(
        name=form.text(values.get("name")),
        unit_price_fen=form.amount(values.get("unit_price")),
        quantity=read_count(form, values.get("quantity")),
        clause=opening.clause(values.get("at")),
    )


def _budget_line(opening: Opening, node: Node) -> BudgetLine:
    form = opening.form
    values = form.fields(node, ("name", "initial", "adjusted", "executed", "at"))
    return BudgetLine(
        name=form.text(values.get("name")),
        initial=read_amount(form, values.get("initial")),
        adjusted=read_amount(form, values.get("adjusted")),
        executed=read_amount(form, values.get("executed")),
        clause=opening.clause(values.get("at")),
    )


def _balance(opening: Opening) -> Balance | None:
    node = opening.values.get("balance")
    values = opening.form.fields(node, ("closing", "at"), ("opening",))
    if node is None:
        return None
    return Balance(
        opening=read_amount_if_any(opening.form, values.get("opening")),
        closing=read_amount(opening.form, values.get("closing")),
        clause=opening.clause(values.get("at")),
    )


def _statement(opening: Opening, node: Node) -> Statement:
    form = opening.form
    values = form.fields(node, ("of", "says", "at"), ("amount", "count", "percent", "note"))
    if values and sum(key in values for key in ("amount", "count", "percent")) != 1:
        form.fault(node, "stated-value", "没有写明数值，或写了几种", "请在 amount、count、percent 中只写一个")
    return Statement(
        of=form.text(values.get("of")),
        says=form.text(values.get("says")),
        value=_said(form, values.get("amount"), values.get("count"), values.get("percent")),
        clause=opening.clause(values.get("at")),
        note=read_text_if_any(form, values.get("note")),
    )


def _said(form: Form, amount: Node | None, count: Node | None, percent: Node | None) -> Said:
    if percent is not None:
        return Percent(form.matching(percent, r"-?[0-9]+(\.[0-9]+)?", "percent-format", '请写数字，例如 "90.56"'))
    if count is not None:
        return read_count(form, count)
    return read_amount(form, amount, signed=True)


def _check_names(opening: Opening, programme: Programme) -> None:
    for section, rows in (("sources", programme.sources), ("uses", programme.uses)):
        names = [row.name for row in rows]
        twice = [name for place, name in enumerate(names) if name in names[:place]]
        node = opening.values.get(section)
        if twice and node is not None:
            opening.form.fault(node, "duplicate", "同名的行有两处", "请改为不同的名称", value=join(twice))


def _check_statements(opening: Opening, programme: Programme) -> None:
    known = figures(Reckoning(programme))
    listing = opening.values.get("stated")
    if not isinstance(listing, Listing):
        return
    for node, statement in zip(listing.items, programme.statements, strict=True):
        figure = known.get(statement.of)
        if figure is None:
            advice = f"可用：{join(known)}"
            opening.form.fault(node, "stated-unknown", "没有这个可核对的数", advice, value=statement.of)
        elif not comparable(statement.value, figure):
            message = "数值的种类不对"
            advice = "金额写 amount，人次写 count，比率写 percent"
            opening.form.fault(node, "stated-kind", message, advice, value=statement.of)
