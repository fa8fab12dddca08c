"""A survey's result as ``tuodi survey --json`` answers it; decimals are strings, shares in percent."""

from collections.abc import Iterable

from tuodi.kernel.finding import Finding
from tuodi.survey.result import OfRecipients, QuestionResult, Satisfaction, Share, SurveyResult


def survey_answer(result: SurveyResult, findings: Iterable[Finding]) -> dict[str, object]:
    """Return the answer: the keys of the contract, and more beside them."""
    return {
        "title": result.title,
        "n": result.n,
        "valid": result.valid,
        "removed": dict(result.removed),
        "recipients": result.recipients,
        "published": result.published,
        "questions": [_question(question) for question in result.questions],
        "notices": [_question(question) for question in result.notices],
        "overall": None if result.overall is None else {"name": result.overall.name, "value": result.overall.text},
        "findings": [
            {
                "rule": finding.rule,
                "severity": finding.severity.value,
                "row": finding.row,
                "column": finding.column,
                "value": finding.value,
                "message": finding.message,
                "advice": finding.advice,
            }
            for finding in findings
        ],
    }


def _question(question: QuestionResult) -> dict[str, object]:
    opinions = question.opinions
    return {
        "id": question.id,
        "text": question.text,
        "kind": question.kind.value,
        "n": question.n,
        "shown": question.shown,
        "options": [{"text": option.name, **_share(option)} for option in question.options],
        "satisfaction": _text(question.satisfaction),
        "satisfaction_label": question.satisfaction.label if question.satisfaction else None,
        "share": _named(question.share),
        "recipients": _recipients(question.recipients),
        "feeds": question.feeds or None,
        "opinions": None
        if opinions is None
        else {
            "nothing": opinions.nothing,
            "groups": [{"text": text, "count": count} for text, count in opinions.groups],
            "ungrouped": opinions.ungrouped,
            "different": opinions.different,
            "frequent": [{"text": text, "count": count} for text, count in opinions.frequent],
        },
    }


def _text(satisfaction: Satisfaction | None) -> str | None:
    return None if satisfaction is None else satisfaction.text


def _share(share: Share) -> dict[str, object]:
    interval = share.interval
    return {
        "count": share.count,
        "share": share.text,
        "low": None if interval is None else interval.low_text,
        "high": None if interval is None else interval.high_text,
    }


def _named(share: Share | None) -> dict[str, object] | None:
    if share is None:
        return None
    half = None if share.interval is None else share.interval.half_width_text
    return {"name": share.name, "n": share.n, **_share(share), "half_width": half}


def _recipients(theirs: OfRecipients | None) -> dict[str, object] | None:
    if theirs is None:
        return None
    return {"n": theirs.n, "satisfaction": _text(theirs.satisfaction), "share": _named(theirs.share)}
