"""Settlements as an office imports them: whole records, with the amounts and numbers that assessing does not need."""

import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from tuodi.intake.facts import Refusal
from tuodi.intake.rows import OpenFile, open_file, without_rows
from tuodi.intake.sender_format import PLAIN, SenderFormat
from tuodi.intake.settlements import Record, SettlementRows, Withheld, settlement_rows, unusable_settlements
from tuodi.intake.sources import DEFAULT_LIMITS, Limits
from tuodi.intake.tables import Clock
from tuodi.intake.totals import Totals
from tuodi.kernel.finding import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementRecordsFile:
    """What a file of settlements says, as ``SettlementsFile`` does, with whole records and the refused rows.

    ``records`` are the good rows in the file's order, those of withheld persons too; ``refusals`` the refused rows,
    once for each person a row may be about. ``withheld`` says whom a refused row holds back, and in which year.
    """

    records: tuple[Record, ...]
    refusals: tuple[Refusal, ...]
    withheld: frozenset[Withheld]
    refused_ids: frozenset[str]
    present: frozenset[str]
    findings: tuple[Finding, ...]
    totals: Totals
    usable: bool = True


def read_settlement_records(
    path: Path,
    needs: Collection[str] = (),
    sender: SenderFormat = PLAIN,
    limits: Limits = DEFAULT_LIMITS,
    clock: Clock = time.monotonic,
) -> SettlementRecordsFile:
    """Read settlements from CSV, a workbook or parquet; bad rows and bad files are findings.

    ``needs`` names fields that the policies use, so that their columns may not be absent.
    """
    opened = open_file(path, "settlement_records", needs, limits, clock, sender)
    rows = settlement_rows(opened)
    if isinstance(rows, SettlementRows) and isinstance(opened, OpenFile) and rows.is_empty:
        rows = [*rows.findings, without_rows(opened.table)]
    read = unusable_settlements(rows) if isinstance(rows, list) else rows.result()
    return SettlementRecordsFile(
        records=() if isinstance(rows, list) else rows.records,
        refusals=() if isinstance(rows, list) else tuple(rows.refusals),
        withheld=read.refused,
        refused_ids=read.refused_ids,
        present=read.present,
        findings=read.findings,
        totals=read.totals,
        usable=read.usable,
    )
