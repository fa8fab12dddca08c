"""Which answers count: unreadable, empty, too fast and duplicate ones are put aside, each with its reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tuodi.kernel.finding import Finding, Severity
from tuodi.survey.answers import Response
from tuodi.survey.definition import Cleaning


class Reason(StrEnum):
    """Why an answer does not count."""

    UNREADABLE = "unreadable"
    EMPTY = "empty"
    TOO_FAST = "too_fast"
    DUPLICATE = "duplicate"

    @property
    def label(self) -> str:
        """Return the reason in Chinese."""
        return {"unreadable": "读不出来", "empty": "空白", "too_fast": "作答过快", "duplicate": "重复"}[self.value]


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The answers that count, how many were put aside for each reason, and one finding for each of them."""

    kept: list[Response]
    removed: dict[Reason, int]
    findings: list[Finding]


def clean(responses: Sequence[Response], cleaning: Cleaning, file: str, sheet: str) -> Cleaned:
    """Put answers aside in the order of ``Reason``: of duplicates the first that is left otherwise counts."""
    kept: list[Response] = []
    removed = dict.fromkeys(Reason, 0)
    findings: list[Finding] = []
    first_of: dict[int, int] = {}
    for response in responses:
        finding: Finding | None = None
        reason: Reason | None = None
        if not response.readable:
            reason = Reason.UNREADABLE
        elif not response.given:
            reason, finding = Reason.EMPTY, _empty(response, file, sheet)
        elif response.seconds is not None and response.seconds < cleaning.minimum_seconds:
            reason, finding = Reason.TOO_FAST, _too_fast(response, cleaning.minimum_seconds, file, sheet)
        elif response.group is not None and response.group in first_of:
            reason, finding = Reason.DUPLICATE, _duplicate(response, first_of[response.group], file, sheet)
        if reason is None:
            kept.append(response)
            if response.group is not None:
                first_of[response.group] = response.row
            continue
        removed[reason] += 1
        findings += [finding] if finding else []
    return Cleaned(kept, {reason: count for reason, count in removed.items() if count}, findings)


def _empty(response: Response, file: str, sheet: str) -> Finding:
    return Finding(
        rule="survey-removed-empty",
        severity=Severity.INFO,
        message="答卷没有任何回答，作为无效答卷剔除",
        advice="不计入有效份数",
        file=file,
        sheet=sheet,
        row=response.row,
    )


def _too_fast(response: Response, least: int, file: str, sheet: str) -> Finding:
    return Finding(
        rule="survey-removed-fast",
        severity=Severity.INFO,
        message=f"作答用时 {response.seconds} 秒，少于定义的 {least} 秒，作为无效答卷剔除",
        advice="不计入有效份数",
        file=file,
        sheet=sheet,
        row=response.row,
    )


def _duplicate(response: Response, first: int, file: str, sheet: str) -> Finding:
    return Finding(
        rule="survey-removed-duplicate",
        severity=Severity.INFO,
        message=f"与第 {first} 行是同一份答卷，作为重复答卷剔除",
        advice="只计先交的一份；认定重复的列由问卷定义写明",
        file=file,
        sheet=sheet,
        row=response.row,
    )
