"""What an engine hands over: result rows in order, findings, and the counts a clerk compares with other systems.

Both engines fill the same columns. Amounts travel as whole fen (int64); whoever writes a file sets the point.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from tuodi.assessment.rulebook import Rulebook
from tuodi.assessment.words import ResultRow
from tuodi.assessment.year import Outcome
from tuodi.intake.facts import INSURED_FIELDS
from tuodi.intake.layouts import load_layout
from tuodi.kernel.finding import Finding, Severity
from tuodi.kernel.money import Fen, yuan_grouped
from tuodi.policy.document import PolicyDocument

_AMOUNTS = {"base_amt", "deductible_used", "raw_amt", "cap_left_before", "paid_amt"}

STRANGE_NAMES_TOLD = 20

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
    """Control totals of a run, for comparison with the sender's own.

    ``rows`` are all rows of the file of settlements; those that are no accepted ``settlements`` were refused, repeated
    or no data. ``settlements`` = the outcomes together + ``withheld``.
    """

    rows: int = 0
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
    """Return the one warning due where settlements lie outside the validity of the policy, or of all the policies."""
    stranded = summary.outcomes[Outcome.NO_POLICY]
    if stranded:
        return [
            Finding(
                rule="outside-validity",
                severity=Severity.WARNING,
                message=f"有 {stranded} 笔结算不在所给任何一份政策的有效期内，没有计算",
                advice="请补上当时有效的政策后重新计算",
            )
        ]
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


def reading_findings(
    book: Rulebook, request: Request, present: frozenset[str], identities: Mapping[str, int]
) -> list[Finding]:
    """Return what a clerk should know about good files before relying on the result; nothing refuses anybody.

    ``present`` are the settlement fields whose columns the file has, ``identities`` the roster's names of identities
    with their numbers of rows.
    """
    return [
        *absent_columns(book, present, request.settlements.name),
        *_identity_findings(book, identities, request.persons.name),
        *_unverified(book),
    ]


def absent_columns(book: Rulebook, present: frozenset[str], file: str) -> list[Finding]:
    """Tell of amounts whose columns the file of settlements lacks: they count as 0."""
    labels = {field.name: field.both_names for field in load_layout("settlements").fields}
    found = []
    bases = [labels[name] for name in sorted(book.base_fields - present)]
    if bases:
        message = f"政策的计算用到{'、'.join(bases)}，文件中没有这一列，全部按 0 计算"
        advice = "如果对方系统有这项数据，请补上该列后重新计算"
        found.append(
            Finding(rule="amount-column-absent", severity=Severity.WARNING, message=message, advice=advice, file=file)
        )
    payers = [labels[name] for name in INSURED_FIELDS if name not in present]
    if payers:
        message = f"文件中没有这些报销列，全部按 0 计算：{'、'.join(payers)}"
        advice = "其中确有支付的，请补上该列后重新计算，否则救助会多付"
        found.append(
            Finding(rule="payer-column-absent", severity=Severity.INFO, message=message, advice=advice, file=file)
        )
    return found


def _identity_findings(book: Rulebook, identities: Mapping[str, int], file: str) -> list[Finding]:
    """Tell names of identities that count for nothing: strange ones each, known ones of other policies together."""
    used = {name for names in book.names for name in names}
    unused = {name: rows for name, rows in sorted(identities.items()) if name not in used}
    strange = {name: rows for name, rows in unused.items() if name not in book.vocabulary}
    findings = unknown_identities(strange, book.known_names, file)
    others = [f"{name}（{rows} 行）" for name, rows in unused.items() if name in book.vocabulary]
    if others:
        findings.append(
            Finding(
                rule="identity-not-in-policy",
                severity=Severity.INFO,
                file=file,
                message=f"政策没有列出这些身份，按没有该身份计算：{'、'.join(others)}",
                advice="属于正常情况的不用处理",
            )
        )
    return findings


def unknown_identities(strange: Mapping[str, int], known: Set[str], file: str) -> list[Finding]:
    """Warn of each name that is not ``known``, with its number of rows and the nearest names that are."""
    findings = [
        Finding(
            rule="identity-unknown",
            severity=Severity.WARNING,
            file=file,
            message=f"不认识的身份“{name}”（{rows} 行），按没有该身份计算",
            advice=_nearest(name, known),
        )
        for name, rows in sorted(strange.items())[:STRANGE_NAMES_TOLD]
    ]
    if len(strange) > STRANGE_NAMES_TOLD:
        findings.append(
            Finding(
                rule="identity-unknown",
                severity=Severity.WARNING,
                file=file,
                message=f"不认识的身份共 {len(strange)} 种，只列出前 {STRANGE_NAMES_TOLD} 种",
                advice="请核对是否取错了列",
            )
        )
    return findings


def _nearest(name: str, known: Set[str]) -> str:
    near = get_close_matches(name, sorted(known), n=2)
    if near:
        return f"是不是“{'”或“'.join(near)}”？请改为政策中的名称后重新计算"
    return "请改为政策中的名称；确与救助无关的不用处理"


def _unverified(book: Rulebook) -> list[Finding]:
    return [
        Finding(
            rule="figure-in-use-unverified",
            severity=Severity.WARNING,
            message=f"起付线用到未核实的数字：{figure.name} {yuan_grouped(figure.amount_fen)} 元",
            advice="核对原文之前只供测算，不得用于发放",
        )
        for figure in book.unverified_figures
    ]
