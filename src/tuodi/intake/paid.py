"""Assistance already paid, as another system tells it; several rows of one settlement add up."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from tuodi.intake.cells import Value
from tuodi.intake.facts import Payment
from tuodi.intake.rows import GoodRows, open_file
from tuodi.intake.sender_format import PLAIN, SenderFormat
from tuodi.intake.sources import DEFAULT_LIMITS, Limits
from tuodi.intake.tables import Clock
from tuodi.intake.totals import Totals
from tuodi.kernel.finding import Fault, Finding
from tuodi.kernel.money import Fen

_NAMES = ("setl_id", "paid_amt")
_TITLE = "已救助明细"
_NEGATIVE = Fault("amount-negative", "救助金额不能是负数", "有退回的，请在原来那一行写扣除后的金额")


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidFile:
    """What a file of payments says: one payment per ``setl_id``, at its first row.

    ``refused`` are the ``setl_id`` with a bad row: nobody knows what was paid for them, so they are not compared.
    """

    payments: tuple[Payment, ...]
    refused: frozenset[str]
    findings: tuple[Finding, ...]
    totals: Totals
    usable: bool = True


def read_paid(
    path: Path, limits: Limits = DEFAULT_LIMITS, clock: Clock = time.monotonic, sender: SenderFormat = PLAIN
) -> PaidFile:
    """Read payments from CSV, a workbook or parquet; bad rows and bad files are findings."""
    opened = open_file(path, "paid", (), limits, clock, sender)
    if isinstance(opened, list):
        return _unusable(opened)
    rows = GoodRows(opened, _NAMES, "setl_id", _consequence, _negative)
    payments: dict[str, Payment] = {}
    for number, values in rows:
        setl_id, paid = cast(str, values[0]), cast(Fen, values[1])
        first = payments.setdefault(setl_id, Payment(setl_id, 0, number))
        payments[setl_id] = first._replace(paid_fen=first.paid_fen + paid)
    if not rows.usable:
        return _unusable(rows.findings)
    kept = tuple(payment for setl_id, payment in payments.items() if setl_id not in rows.refused)
    totals = Totals(
        title=_TITLE,
        rows=rows.count,
        accepted=rows.count - rows.bad - rows.feet,
        refused=rows.bad,
        foot_rows=rows.feet,
        paid_fen=sum(payment.paid_fen for payment in payments.values()),
    )
    return PaidFile(payments=kept, refused=frozenset(rows.refused), findings=tuple(rows.findings), totals=totals)


def _negative(values: list[Value]) -> list[tuple[str, Fault]]:
    paid = values[-1]
    return [("paid_amt", _NEGATIVE)] if isinstance(paid, int) and paid < 0 else []


def _consequence(setl_id: str) -> str:
    return f"结算 {setl_id} 暂不比对" if setl_id else "看不出是哪次结算，该行未采用"


def _unusable(findings: list[Finding]) -> PaidFile:
    return PaidFile(
        payments=(), refused=frozenset(), findings=tuple(findings), totals=Totals(title=_TITLE), usable=False
    )
