"""What an engine hands over: result rows in order, findings, and the counts a clerk compares with other systems.

Both engines fill the same columns. Amounts travel as whole fen (int64); whoever writes a file sets the point.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from tuodi.assessment.rulebook import Rulebook
from tuodi.assessment.words import ResultRow
from tuodi.assessment.year import Outcome
from tuodi.kernel.finding import Finding, Severity
from tuodi.kernel.money import Fen
from tuodi.policy.document import PolicyDocument

_AMOUNTS = {"base_amt", "deductible_used", "raw_amt", "cap_left_before", "paid_amt"}

FULL = pa.schema([(name, pa.int64() if name in _AMOUNTS else pa.string()) for name in ResultRow._fields])
BRIEF = pa.schema([FULL.field(name) for name in ("setl_id", "benefit", "paid_amt")])


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One run of ``assess``: which rules on which files, and whether only paid lines are wanted.

    ``tell`` is called with the number of settlements read since the last call, for whoever shows progress.
    """

    book: Rulebook
    persons: Path
    settlements: Path
    brief: bool = False
    tell: Callable[[int], None] = lambda rows: None


@dataclass(slots=True, kw_only=True)
class Summary:
    """Control totals of a run, for comparison with the sender's own (人次 = settlements, 笔 = rows)."""

    settlements: int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    withheld: int = 0
    paid_settlements: int = 0
    paid_fen: Fen = 0
    visits_by_component: Counter[str] = field(default_factory=Counter)
    paid_by_component: Counter[str] = field(default_factory=Counter)
    first_day: int | None = None
    last_day: int | None = None
    remarks: list[str] = field(default_factory=list)


class Assessment(Protocol):
    """An engine's answer. Used as a context manager: temporary files last as long as the block.

    ``refused``: a file could not be used at all, there are no rows. ``batches`` may be read once, sorted by ``setl_id``
    and then in the policy's order of components.
    """

    findings: list[Finding]
    refused: bool
    summary: Summary

    def __enter__(self) -> "Assessment":
        """Start."""
        ...

    def __exit__(self, *error: object) -> None:
        """Remove what was temporary."""
        ...

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows."""
        ...


def validity_findings(book: Rulebook, summary: Summary) -> list[Finding]:
    """Return the one warning due where a single policy is applied to settlements outside its validity."""
    if len(book.documents) != 1 or summary.first_day is None or summary.last_day is None:
        return []
    first, last = date.fromordinal(summary.first_day), date.fromordinal(summary.last_day)
    return outside_validity(book.documents[0], first, last, "结算日期")


def outside_validity(document: PolicyDocument, first: date, last: date, dates: str) -> list[Finding]:
    """Return the one warning due where days from ``first`` to ``last`` leave the validity; ``dates`` names them."""
    if document.in_force_on(first) and document.in_force_on(last):
        return []
    period = f"{document.valid_from} {f'至 {document.valid_to}' if document.valid_to else '起'}"
    return [
        Finding(
            rule="outside-validity",
            severity=Severity.WARNING,
            message=f"有{dates}不在政策 {document.id} 的有效期（{period}）内，仍按该政策计算",
            advice="请确认这些日期应当适用哪一份政策",
        )
    ]


def missing_amount_findings(book: Rulebook, present: frozenset[str], file: str) -> list[Finding]:
    """Return a warning for each amount the policy is based on whose column the file lacks: it counts as 0."""
    return [
        Finding(
            rule="amount-column-absent",
            severity=Severity.WARNING,
            file=file,
            message=f"政策的计算用到 {name}，文件中没有这一列，全部按 0 计算",
            advice="如果对方系统有这项数据，请补上该列后重新计算",
        )
        for name in sorted(book.base_fields - present)
    ]
