"""Findings: bad input as a value, in words a clerk can act on.

Every message has four parts: what is wrong, where, what was found there, what to do.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """How much a finding weighs: an error refuses, a warning asks, an info tells."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Fault(NamedTuple):
    """What is wrong with one value, before anyone knows where the value stood.

    ``rule`` is a stable name (kebab-case, listed in docs/findings.md), ``message`` and ``advice`` are Chinese
    without a final full stop.
    """

    rule: str
    message: str
    advice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A fault with its place.

    ``row`` counts as the spreadsheet shows it (the header is usually row 1); None where a whole file or document is
    meant. ``column`` is the heading as printed in the file. ``value`` is the text found there, as it stood.
    """

    rule: str
    message: str
    advice: str
    severity: Severity = Severity.ERROR
    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""

    @property
    def is_error(self) -> bool:
        """Whether the finding refuses what it speaks of."""
        return self.severity is Severity.ERROR

    def sentence(self) -> str:
        """Return the finding as one Chinese sentence: where, what was found, what is wrong, what to do."""
        where = self.file
        if self.sheet:
            where += f"［{self.sheet}］"
        if self.row is not None:
            where += f" 第 {self.row} 行"
        if self.column:
            where += f"“{self.column}”"
        found = f"{self.value} " if self.value else ""
        end = "" if self.advice.endswith("？") else "。"
        what = f"{found}{self.message}；{self.advice}{end}"
        return f"{where.strip()}：{what}" if where else what
