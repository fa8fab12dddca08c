"""Findings as a batch keeps them: where, what is wrong, what to do; long numbers masked, wherever they stood."""

import re
from collections.abc import Iterable
from typing import Any, Final

from tuodi.kernel.finding import Finding
from tuodi.kernel.idnumber import mask

KEPT_MAX: Final = 2000
"""Findings kept for the pages; the workbook of errors has them all."""
_LONG_NUMBER: Final = re.compile(r"\d(?:[\s'-]?[\dXxＸｘ]){10,}")
# No database keeps them all, PostgreSQL no NUL at all.
_UNKEPT: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_WEIGHT: Final = {"error": 0, "warning": 1, "info": 2}


def kept_findings(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return the findings as JSON, the heaviest first, then by row."""
    ordered = sorted(findings, key=lambda finding: (_WEIGHT[str(finding.severity)], finding.row or 0))
    return [
        {
            "severity": str(finding.severity),
            "rule": finding.rule,
            "sheet": finding.sheet,
            "row": finding.row,
            "column": _kept(finding.column),
            "value": _kept(finding.value)[:60],
            "message": _kept(finding.message),
            "advice": _kept(finding.advice),
        }
        for finding in ordered[:KEPT_MAX]
    ]


def _kept(text: str) -> str:
    return _UNKEPT.sub("\N{REPLACEMENT CHARACTER}", without_numbers(text))


def without_numbers(text: str) -> str:
    """Return a text in which every number as long as a telephone's is masked.

    >>> without_numbers("人员 990001199001011234 重复"), without_numbers("2024-13-05 10:00")
    ('人员 9900**********1234 重复', '2024-13-05 10:00')
    """
    return _LONG_NUMBER.sub(lambda found: mask(found.group()), text)
