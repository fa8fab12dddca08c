"""``tuodi funds``: sources, uses, execution, periods and balance of a programme's year, and its contradictions."""

import json
from argparse import ArgumentParser, Namespace

from tuodi.commands.console import print_findings, say, show
from tuodi.commands.funds_tables import heading, tables
from tuodi.commands.parser import Command
from tuodi.commands.places import WrongUse
from tuodi.funds.amount import Amount
from tuodi.funds.contradictions import contradictions
from tuodi.funds.library import NotFound, Shelf, choose, known_ids
from tuodi.funds.programme_file import load_programme
from tuodi.funds.reckoning import Rate, Reckoning, RolledBalance
from tuodi.kernel.finding import Finding
from tuodi.kernel.money import yuan

UNREADABLE = 1

# Beyond this print_findings shows examples only; a programme's contradictions are an answer, never cut.
ALL = 10_000


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("id", metavar="编号", help=f"{'、'.join(known_ids(Shelf.PROGRAMMES))}，或自己的文件")
    parser.add_argument("--json", action="store_true", help="输出 JSON，金额一律以元计")


def _run(args: Namespace) -> int:
    chosen = choose(Shelf.PROGRAMMES, args.id)
    if isinstance(chosen, NotFound):
        raise WrongUse(chosen.sentence())
    programme, findings = load_programme(chosen.path, chosen.shown_as)
    print_findings(findings, ALL)
    if programme is None:
        return UNREADABLE
    reckoning = Reckoning(programme)
    found = contradictions(reckoning)
    if args.json:
        say(json.dumps(_answer(reckoning, found), ensure_ascii=False, indent=2))
    else:
        for line in heading(programme):
            say(line)
        for table in tables(reckoning):
            show(table)
        print_findings(found, ALL)
    return 0


def _answer(reckoning: Reckoning, found: list[Finding]) -> dict[str, object]:
    programme = reckoning.programme
    rates = reckoning.rates
    return {
        "id": programme.id,
        "title": programme.title,
        "sources": [
            {"name": row.name, **_money(row.amount), "spent": _yuan(row.spent), "remainder": row.remainder or None}
            for row in programme.sources
        ],
        "sources_total": yuan(reckoning.sources_total.fen),
        "sources_total_printed": reckoning.sources_total.printed(),
        "uses": [{"name": row.name, **_money(row.amount), "person_times": row.person_times} for row in programme.uses],
        "uses_total": yuan(reckoning.uses_total.fen),
        "uses_total_printed": reckoning.uses_total.printed(),
        "person_times": reckoning.person_times,
        "execution_rate": _percent(rates.get("execution_rate")),
        "arrival_rate": _percent(rates.get("arrival_rate")),
        "rates": [
            {
                "key": rate.key,
                "name": rate.name,
                "numerator": yuan(rate.numerator.fen),
                "denominator": yuan(rate.denominator.fen),
                "percent": rate.at(2),
            }
            for rate in rates.values()
        ],
        "balance": _balance_answer(reckoning.balance),
        "quarters": [{"name": row.name, **_money(row.amount)} for row in programme.quarters],
        "quarters_total": yuan(reckoning.quarters_total.fen) if programme.quarters else None,
        "months": _months_answer(reckoning),
        "months_total": _months_total_answer(reckoning),
        "budget": _budget_answer(reckoning),
        "findings": [
            {
                "rule": finding.rule,
                "severity": finding.severity.value,
                "location": finding.column,
                "stated": finding.value,
                "message": finding.message,
                "advice": finding.advice,
            }
            for finding in found
        ],
    }


def _money(amount: Amount) -> dict[str, object]:
    """Give the amount in yuan, and as the document prints it: 万元 with two decimals is all that is known then."""
    return {"amount": yuan(amount.fen), "printed": amount.printed()}


def _yuan(amount: Amount | None) -> str | None:
    return None if amount is None else yuan(amount.fen)


def _percent(rate: Rate | None) -> str | None:
    return None if rate is None else rate.at(2)


def _balance_answer(balance: RolledBalance | None) -> dict[str, object] | None:
    if balance is None:
        return None
    return {
        "opening": _yuan(balance.opening),
        "received": yuan(balance.received.fen),
        "spent": yuan(balance.spent.fen),
        "computed": yuan(balance.computed.fen),
        "stated": yuan(balance.stated.fen),
        "difference": yuan(balance.difference.fen),
    }


def _months_answer(reckoning: Reckoning) -> list[dict[str, object]]:
    return [
        {
            "month": number,
            "batches": month.batches,
            "person_times": month.person_times,
            "amount": yuan(month.amount.fen),
            "returned": month.returned,
        }
        for number, month in reckoning.months.items()
    ]


def _months_total_answer(reckoning: Reckoning) -> dict[str, object] | None:
    if not reckoning.programme.batches:
        return None
    year = reckoning.all_months
    return {
        "batches": year.batches,
        "person_times": year.person_times,
        "amount": yuan(year.amount.fen),
        "returned": year.returned,
    }


def _budget_answer(reckoning: Reckoning) -> dict[str, object] | None:
    lines = reckoning.programme.budget
    if not lines:
        return None
    return {
        "lines": [
            {
                "name": line.name,
                "initial": yuan(line.initial.fen),
                "change": yuan(line.change.fen),
                "adjusted": yuan(line.adjusted.fen),
                "executed": yuan(line.executed.fen),
            }
            for line in lines
        ],
        "initial": yuan(reckoning.budget_initial.fen),
        "adjusted": yuan(reckoning.budget_adjusted.fen),
        "executed": yuan(reckoning.budget_executed.fen),
    }


COMMAND = Command(
    name="funds",
    help="一个项目一年的资金：来源、用途、执行率、结余，以及文中自相矛盾之处",
    arguments=_arguments,
    run=_run,
)
