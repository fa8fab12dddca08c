"""The built-in disclosure and the eight evaluations it names, amounts and scores typed from the printed tables."""

from dataclasses import replace
from fractions import Fraction

from tuodi.accounts.checks import check
from tuodi.accounts.disclosure import Accounts, Cell, CellKey, Evaluated, Place, Told
from tuodi.accounts.reading import Reading, read_accounts
from tuodi.kernel.finding import Finding

PRINTED = [
    ("690000", "0", 0), ("40000", "0", 0), ("327000", "0", 0), ("4200000", "4200000", 100),
    ("330000", "0", 0), ("6710000", "2617100", 40), ("451000", "0", 0), ("150000", "54100", 36),
]  # fmt: skip
EVALUATIONS = {
    f"lishi-2022-{number:02d}": Evaluated(
        id=f"lishi-2022-{number:02d}",
        name="",
        budget_fen=int(budget) * 100,
        executed_fen=int(executed) * 100,
        score=Fraction(score),
    )
    for number, (budget, executed, score) in enumerate(PRINTED, start=1)
}


def read(path: str) -> Reading:
    reading = read_accounts(path)
    assert isinstance(reading, Reading)
    return reading


def lishi() -> Accounts:
    accounts = read("lishi-2022").accounts
    assert accounts is not None
    return accounts


def changed(accounts: Accounts, key: CellKey, value: int | None) -> Accounts:
    place = accounts.cell(key).place
    if place.row is None:  # an empty table has no row to name
        place = Place("填写.csv", "", 9, key[2])
    return replace(accounts, cells={**accounts.cells, key: Cell(value, place)})


def with_reason(accounts: Accounts, growth: str, reason: str) -> Accounts:
    return replace(accounts, reasons={**accounts.reasons, growth: Told(reason)})


def errors(accounts: Accounts) -> list[Finding]:
    return [finding for finding in check(accounts, EVALUATIONS) if finding.is_error]
