"""Enrolments: one row per person and identity held on the day of enrolment, with the premium of that year."""

import time
from dataclasses import dataclass
from pathlib import Path

from tuodi.intake.cells import Value
from tuodi.intake.facts import Enrolment
from tuodi.intake.rows import GoodRows, open_file
from tuodi.intake.sender_format import PLAIN, SenderFormat
from tuodi.intake.sources import DEFAULT_LIMITS, Limits
from tuodi.intake.tables import Clock
from tuodi.intake.totals import Totals
from tuodi.kernel.finding import Fault, Finding

_NAMES = ("psn_no", "brdy", "identity", "enrol_date", "premium")
_TITLE = "参保缴费名册"
_NEGATIVE = Fault("amount-negative", "缴费标准不能是负数", "请核对后改为该年度的个人缴费标准（元）")


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentsFile:
    """What a file of enrolments says; ``refused`` are the ``psn_no`` with a bad row, who get no subsidy yet."""

    enrolments: tuple[Enrolment, ...]
    refused: frozenset[str]
    findings: tuple[Finding, ...]
    totals: Totals
    usable: bool = True


def read_enrolments(
    path: Path, limits: Limits = DEFAULT_LIMITS, clock: Clock = time.monotonic, sender: SenderFormat = PLAIN
) -> EnrolmentsFile:
    """Read enrolments from CSV, a workbook or parquet; bad rows and bad files are findings."""
    opened = open_file(path, "enrolments", (), limits, clock, sender)
    if isinstance(opened, list):
        return _unusable(opened)
    rows = GoodRows(opened, _NAMES, "psn_no", _consequence, _negative)
    enrolments = [Enrolment._make([*values, number]) for number, values in rows]
    if not rows.usable:
        return _unusable(rows.findings)
    totals = Totals(
        title=_TITLE,
        rows=rows.count,
        accepted=len(enrolments),
        refused=rows.bad,
        foot_rows=rows.feet,
        persons=len({enrolment.psn_no for enrolment in enrolments}),
        premium_fen=sum(enrolment.premium_fen for enrolment in enrolments),
    )
    return EnrolmentsFile(
        enrolments=tuple(enrolments), refused=frozenset(rows.refused), findings=tuple(rows.findings), totals=totals
    )


def _negative(values: list[Value]) -> list[tuple[str, Fault]]:
    premium = values[-1]
    return [("premium", _NEGATIVE)] if isinstance(premium, int) and premium < 0 else []


def _consequence(psn_no: str) -> str:
    return f"人员 {psn_no} 的参保资助暂不计算" if psn_no else "看不出是哪个人，该行未采用"


def _unusable(findings: list[Finding]) -> EnrolmentsFile:
    return EnrolmentsFile(
        enrolments=(), refused=frozenset(), findings=tuple(findings), totals=Totals(title=_TITLE), usable=False
    )
