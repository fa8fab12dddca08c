"""Answers -> statistics: counts that add up, satisfaction by declared weights, recipients apart."""

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction

from tuodi.kernel.money import RATIO_SCALE
from tuodi.survey.answers import Response
from tuodi.survey.definition import Definition, Item, Kind, Question
from tuodi.survey.opinions import gather
from tuodi.survey.result import (
    INDEX,
    PLAIN_SHARE,
    OfRecipients,
    Overall,
    QuestionResult,
    Satisfaction,
    Share,
    SurveyResult,
)


def statistics(
    definition: Definition,
    kept: Sequence[Response],
    shown: Mapping[str, int],
    returned: int,
    removed: Mapping[str, int],
) -> SurveyResult:
    """Return the result of the answers that count; ``returned`` is how many came in."""
    condition = definition.recipients
    recipients = None if condition is None else [response for response in kept if response.meets(condition)]
    results = [_of_item(item, kept, shown[item.id], recipients) for item in definition.items()]
    return SurveyResult(
        title=definition.title,
        period=definition.period,
        method=definition.method,
        source=definition.source,
        note=definition.note,
        n=returned,
        valid=len(kept),
        removed=removed,
        questions=tuple(each for each in results if each.kind is not Kind.NOTICE),
        notices=tuple(each for each in results if each.kind is Kind.NOTICE),
        recipients=None if recipients is None else len(recipients),
        overall=overall(definition, results),
    )


def _of_item(item: Item, kept: Sequence[Response], shown: int, recipients: Sequence[Response] | None) -> QuestionResult:
    given = [response.given[item.id] for response in kept if item.id in response.given]
    question = item.question
    if item.kind is Kind.TEXT:
        opinions = gather((answer for (answer,) in given), question.groups)
        return QuestionResult(
            id=item.id,
            number=question.number,
            text=item.text,
            kind=item.kind,
            n=len(given),
            shown=shown,
            opinions=opinions,
        )
    counts = Counter(option for chosen in given for option in chosen)
    of_recipients = None
    if recipients is not None and question.share is not None:
        theirs = [response.given[item.id] for response in recipients if item.id in response.given]
        their_counts = Counter(option for chosen in theirs for option in chosen)
        of_recipients = OfRecipients(
            len(theirs),
            satisfaction_of(question, their_counts, len(theirs)),
            _share_of_answers(question, theirs),
        )
    return QuestionResult(
        id=item.id,
        number=question.number,
        text=item.text,
        kind=item.kind,
        n=len(given),
        shown=shown,
        options=tuple(Share(option, counts[option], len(given)) for option in question.options),
        satisfaction=satisfaction_of(question, counts, len(given)),
        share=_share_of_answers(question, given),
        recipients=of_recipients,
        feeds=question.feeds,
    )


def _share_of_answers(question: Question, given: Sequence[tuple[str, ...]]) -> Share | None:
    if question.share is None:
        return None
    count = sum(not set(chosen).isdisjoint(question.share.options) for chosen in given)
    return Share(question.share.name, count, len(given))


def satisfaction_of(question: Question, counts: Mapping[str, int], n: int) -> Satisfaction | None:
    """Return Σ weight × count / n; None without weights or answers."""
    if not question.weights or n == 0:
        return None
    millionths = sum(weight.millionths * counts.get(option, 0) for option, weight in question.weights.items())
    points = Fraction(millionths, RATIO_SCALE)
    return Satisfaction(INDEX if question.is_index else PLAIN_SHARE, points / n, points, n)


def overall(definition: Definition, results: Sequence[QuestionResult]) -> Overall | None:
    """Return the declared mean over several questions; None while one of them has no satisfaction."""
    declared = definition.overall
    if declared is None:
        return None
    parts = [each for name in declared.mean_of for each in results if each.id == name or _is_row_of(each, name)]
    values = [each.satisfaction.value for each in parts if each.satisfaction is not None]
    if not parts or len(values) < len(parts):
        return None
    named = tuple((each.text, each.satisfaction.text) for each in parts if each.satisfaction is not None)
    return Overall(declared.name, sum(values, Fraction(0)) / len(values), named)


def _is_row_of(result: QuestionResult, question: str) -> bool:
    return result.id.startswith(f"{question}.")
