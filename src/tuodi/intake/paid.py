"""Assistance already paid, as another system tells it; several rows of one settlement add up."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from tuodi.intake.cells import Value
from tuodi.intake.facts import Payment
from tuodi.intake.foot_rows import FootRows
from tuodi.intake.rows import RowReader, open_file
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


def read_paid(path: Path, limits: Limits = DEFAULT_LIMITS, clock: Clock = time.monotonic) -> PaidFile:
    """Read payments from CSV, XLSX or parquet; bad rows and bad files are findings."""
    opened = open_file(path, "paid", (), limits, clock)
    if isinstance(opened, list):
        return _unusable(opened)
    reader = RowReader(opened.table.file, opened.table.sheet, opened.columns, _NAMES)
    foot_rows = FootRows(opened.table.file, opened.table.sheet, opened.columns)
    findings = list(opened.findings)
    payments: dict[str, Payment] = {}
    refused: set[str] = set()
    count = bad = feet = 0
    for item in opened.table.rows:
        if isinstance(item, Finding):
            return _unusable([*findings, item])
        count += 1
        number, cells = item
        foot = foot_rows.finding(number, cells)
        if foot:
            feet += 1
            findings.append(foot)
            continue
        if len(cells) != reader.width:
            ids = reader.texts_of_shifted_row(cells, "setl_id")
            refused |= ids
            findings.append(reader.wrong_width(number, cells, _consequence("、".join(sorted(ids)))))
            bad += 1
            continue
        values = reader.values(cells)
        faults = list(reader.faults(values)) or _negative(values)
        if faults:
            bad += 1
            setl_id = reader.readable_text(cells, "setl_id")
            refused |= {setl_id} - {""}
            findings += (
                reader.finding(number, cells, name, fault, consequence=_consequence(setl_id)) for name, fault in faults
            )
            continue
        setl_id, paid = cast(str, values[0]), cast(Fen, values[1])
        first = payments.setdefault(setl_id, Payment(setl_id, 0, number))
        payments[setl_id] = first._replace(paid_fen=first.paid_fen + paid)
    kept = tuple(payment for setl_id, payment in payments.items() if setl_id not in refused)
    totals = Totals(
        title=_TITLE,
        rows=count,
        accepted=count - bad - feet,
        refused=bad,
        foot_rows=feet,
        paid_fen=sum(payment.paid_fen for payment in payments.values()),
    )
    return PaidFile(payments=kept, refused=frozenset(refused), findings=tuple(findings), totals=totals)


def _negative(values: list[Value]) -> list[tuple[str, Fault]]:
    paid = values[-1]
    return [("paid_amt", _NEGATIVE)] if isinstance(paid, int) and paid < 0 else []


def _consequence(setl_id: str) -> str:
    return f"结算 {setl_id} 暂不比对" if setl_id else "看不出是哪次结算，该行未采用"


def _unusable(findings: list[Finding]) -> PaidFile:
    return PaidFile(
        payments=(), refused=frozenset(), findings=tuple(findings), totals=Totals(title=_TITLE), usable=False
    )
