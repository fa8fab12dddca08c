"""One run of an engine on two files, in this process, and its answer as plain Python values."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.policy.places import MADE_UP, built_in
from tuodi.assessment.engines import ENGINES
from tuodi.assessment.results import Request, Summary
from tuodi.assessment.rulebook import Rulebook, rulebook
from tuodi.commands.policies import shipped_terms
from tuodi.kernel.finding import Finding
from tuodi.policy.document import PolicyDocument
from tuodi.policy.loader import load_document

Row = dict[str, Any]
ENGINE_NAMES = ("python", "columnar")


@dataclass(frozen=True)
class Answer:
    """``rows`` in the order of the output, amounts in fen; ``findings`` in the order the engine tells them."""

    rows: list[Row]
    findings: list[Finding]
    refused: bool
    summary: Summary

    @property
    def paid(self) -> dict[tuple[str, str], int]:
        """What is paid by settlement and component, zero lines left out."""
        return {(row["setl_id"], row["benefit"]): row["paid_amt"] for row in self.rows if row["paid_amt"]}

    @property
    def told(self) -> list[Finding]:
        """The findings in an order that does not depend on the engine."""
        return sorted(self.findings, key=lambda f: (f.file, f.row or 0, f.column, f.rule, f.value, f.message))


def run(engine: str, book: Rulebook, persons: Path, settlements: Path, brief: bool = False) -> Answer:
    """Assess two files."""
    request = Request(book=book, persons=persons, settlements=settlements, brief=brief)
    with ENGINES[engine](request) as assessment:
        rows = [] if assessment.refused else [row for batch in assessment.batches() for row in batch.to_pylist()]
    return Answer(rows, assessment.findings, assessment.refused, assessment.summary)


@cache
def document(name: str) -> PolicyDocument:
    """Return a built-in policy, or the made-up one ``shili-…``."""
    if not name.startswith("shili-"):
        return built_in(name)
    return read_document(MADE_UP / f"{name}.yaml")


def read_document(path: Path) -> PolicyDocument:
    """Return a policy document that must be without errors."""
    found, findings = load_document(path)
    assert found is not None, [finding.sentence() for finding in findings]
    return found


@cache
def book_of(*names: str) -> Rulebook:
    """Return the rules of the named documents together."""
    return book_from([document(name) for name in names])


def book_from(documents: Sequence[PolicyDocument]) -> Rulebook:
    """Return the rules of documents, identities known by the shipped vocabulary."""
    return rulebook(documents, shipped_terms())
