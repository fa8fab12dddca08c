"""Opinions: what is wrong in a finished paper or a set of indicators, with what it says and what it should say.

A finding refuses or questions input; an opinion is handed back to whoever wrote the thing. Both JSON answers ``lint``
and ``audit`` are lists of ``Opinions``.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from tuodi.kernel.finding import Finding, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """One fault and its place, e.g. ``B21 管理制度健全性`` or ``申报目标 第 3 行``.

    ``rule`` is a stable kebab-case name; ``message`` and ``advice`` are Chinese without a final full stop. ``quote`` is
    the text found there, ``stated`` the number or word it gives, ``expected`` the one it should be or the demand.
    """

    rule: str
    severity: Severity
    location: str
    message: str
    advice: str
    quote: str = ""
    stated: str = ""
    expected: str = ""

    def sentence(self) -> str:
        """Return what is wrong and what to do."""
        return f"{self.message}；{self.advice}"

    def answer(self) -> dict[str, str]:
        """Return the opinion as the contract's JSON."""
        return {
            "rule": self.rule,
            "severity": self.severity.value,
            "location": self.location,
            "quote": self.quote,
            "stated": self.stated,
            "expected": self.expected,
            "message": self.sentence(),
        }


@dataclass(frozen=True, slots=True)
class Opinions:
    """All opinions on one file, in the order of the file."""

    file: str
    opinions: tuple[Opinion, ...] = ()

    @property
    def found_something(self) -> bool:
        """Whether one of them is more than advice."""
        return any(each.severity is not Severity.INFO for each in self.opinions)

    def answer(self) -> dict[str, object]:
        """Return the object of the contract's JSON array."""
        return {"file": self.file, "findings": [each.answer() for each in self.opinions]}


def opinions_of(findings: Iterable[Finding]) -> tuple[Opinion, ...]:
    """Return what the reading of a file found as opinions; the place is where the reader stood."""
    return tuple(
        Opinion(
            rule=finding.rule,
            severity=finding.severity,
            location=_location(finding),
            message=finding.message,
            advice=finding.advice,
            quote=finding.value,
            stated=finding.value,
        )
        for finding in findings
    )


def _location(finding: Finding) -> str:
    parts = [finding.sheet or finding.file, f"第 {finding.row} 行" if finding.row is not None else "", finding.column]
    return " ".join(part for part in parts if part)
