"""Where a programme's document contradicts its own rows. A finished year is described, not refused."""

from collections.abc import Iterator

from tuodi.funds.amount import Amount
from tuodi.funds.programme import Percent, Said
from tuodi.funds.reckoning import Figure, Rate, Reckoning, figures
from tuodi.kernel.finding import Finding, Severity
from tuodi.policy.document import Clause

_CHECK = "请核对原始账表，更正其中一处并写明原因"


def contradictions(reckoning: Reckoning) -> list[Finding]:
    """Return every contradiction, those between parts of the document first, then statement by statement."""
    return [*_between_parts(reckoning), *_in_statements(reckoning)]


def _between_parts(reckoning: Reckoning) -> Iterator[Finding]:
    programme = reckoning.programme
    balance, given = reckoning.balance, programme.balance
    if balance and given and not balance.stated.agrees_with(balance.computed):
        yield _differs(
            reckoning, "balance-not-rolled", _at("年末结转结余", given.clause), balance.stated, balance.computed, ""
        )
    pairs = [
        ("quarters-total", "各季度支出合计", reckoning.quarters_total, "各用途支出合计", reckoning.uses_total),
        ("spent-total", "各来源支出合计", reckoning.spent_by_source, "各用途支出合计", reckoning.uses_total),
        ("planned-total", "年初预算明细合计", reckoning.planned_total, "年初预算数", reckoning.budget_initial),
        ("executed-total", "各预算科目实际支出合计", reckoning.budget_executed, "各用途支出合计", reckoning.uses_total),
    ]
    present = (
        bool(programme.quarters),
        len(reckoning.source_rates) == len(programme.sources),
        bool(programme.planned_items and programme.budget),
        bool(programme.budget),
    )
    for (rule, name, left, other, right), is_present in zip(pairs, present, strict=True):
        if is_present and not left.agrees_with(right):
            message = f"与{other} {right.grouped()} 不一致，相差 {_size(left - right)}"
            yield _finding(reckoning, rule, name, left.grouped(), message, _CHECK)
    if reckoning.plan is None:
        message = "文中没有计划安排数，无法计算资金到位率"
        advice = "请补上计划安排的资金数额"
        yield _finding(reckoning, "plan-missing", "计划安排资金", "", message, advice, Severity.INFO)


def _in_statements(reckoning: Reckoning) -> Iterator[Finding]:
    computed = figures(reckoning)
    for statement in reckoning.programme.statements:
        figure = computed[statement.of]
        if not agrees(statement.value, figure):
            where = _at(statement.says, statement.clause)
            yield _differs(reckoning, "stated-differs", where, statement.value, figure, statement.note)


def comparable(said: Said, figure: Figure) -> bool:
    """Return whether a statement's value is of the same kind as the figure it speaks of."""
    match said:
        case Amount():
            return isinstance(figure, Amount)
        case Percent():
            return isinstance(figure, Rate)
        case _:
            return isinstance(figure, int)


def agrees(said: Said, figure: Figure) -> bool:
    """Return whether a statement agrees with the computed figure at the precision it is printed with.

    A percentage must follow from the amounts as they are printed, whatever rounding lies behind those.
    """
    if isinstance(said, Amount) and isinstance(figure, Amount):
        return said.agrees_with(figure)
    if isinstance(said, Percent) and isinstance(figure, Rate):
        return said.text == figure.at(said.places)
    return said == figure


def _differs(reckoning: Reckoning, rule: str, where: str, said: Said, figure: Figure, note: str) -> Finding:
    if isinstance(said, Amount) and isinstance(figure, Amount):
        found = said.grouped()
        message = f"与按明细计算的 {figure.grouped()} 不一致，相差 {_size(said - figure)}"
    elif isinstance(said, Percent) and isinstance(figure, Rate):
        found = f"{said.text}%"
        parts = f"{figure.numerator.grouped()} ÷ {figure.denominator.grouped()}"
        message = f"与计算结果 {figure.at(max(said.places, 2))}%（{parts}）不一致"
    else:
        found, message = str(said), f"与按明细计算的 {figure} 不一致"
    return _finding(reckoning, rule, where, found, message, f"{note}，{_CHECK}" if note else _CHECK)


def _finding(
    reckoning: Reckoning,
    rule: str,
    where: str,
    found: str,
    message: str,
    advice: str,
    severity: Severity = Severity.WARNING,
) -> Finding:
    return Finding(
        rule=rule,
        message=message,
        advice=advice,
        severity=severity,
        file=reckoning.programme.id,
        column=where,
        value=found,
    )


def _at(name: str, clause: Clause) -> str:
    return f"{name}（{clause.at}）"


def _size(difference: Amount) -> str:
    return Amount(abs(difference.fen), in_wan=difference.in_wan).grouped()
