"""Published tables that give counts only: shares computed anew, and every printed slip told."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from tuodi.kernel.finding import Finding, Severity
from tuodi.kernel.money import percent
from tuodi.survey.definition import Definition, Kind, Question
from tuodi.survey.result import PUBLISHED, QuestionResult, Satisfaction, Share, SurveyResult
from tuodi.survey.statistics import overall, satisfaction_of


@dataclass(frozen=True, slots=True)
class Printed:
    """A percentage as printed: its digits without the sign, and their value from 0 to 1."""

    text: str
    value: Fraction

    @property
    def places(self) -> int:
        """Return how many decimals are printed."""
        return len(self.text.partition(".")[2])


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """One option: ``row`` in the file; ``count`` None where only a percentage is printed."""

    row: int | None
    option: str
    count: int | None
    share: Printed | None


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """One question of a report; ``total`` is the total as printed, if any."""

    id: str
    number: int | None
    text: str
    rows: tuple[PublishedRow, ...]
    total: int | None
    row: int | None


def recount(
    tables: Sequence[PublishedTable], definition: Definition | None, file: str, findings: list[Finding]
) -> tuple[SurveyResult, list[Finding]]:
    """Return the result of published counts; a printed share or total that differs is a warning."""
    known = {} if definition is None else _questions(definition)
    results: list[QuestionResult] = []
    notices: list[QuestionResult] = []
    most = 0
    for table in tables:
        question = known.get(table.id) or known.get(table.text)
        result = _of_table(table, question, file, findings)
        most = max(most, result.n, table.total or 0)
        (notices if result.kind is Kind.NOTICE else results).append(result)
    if definition is not None:
        named = {table.id for table in tables} | {table.text for table in tables}
        findings += (
            _not_in_file(question, file)
            for question in definition.questions
            if not {question.id, question.text, str(question.number)} & named
            and question.kind in (Kind.SINGLE, Kind.MULTIPLE, Kind.PUBLISHED)
        )
    return SurveyResult(
        title="" if definition is None else definition.title,
        period="" if definition is None else definition.period,
        method="" if definition is None else definition.method,
        source="" if definition is None else definition.source,
        note="" if definition is None else definition.note,
        n=most,
        valid=most,
        questions=tuple(results),
        notices=tuple(notices),
        overall=None if definition is None else overall(definition, results),
        published=True,
    ), findings


def _questions(definition: Definition) -> dict[str, Question]:
    numbered = {str(question.number): question for question in definition.questions if question.number}
    named = {question.text: question for question in definition.questions}
    return named | numbered | {question.id: question for question in definition.questions}


def _of_table(table: PublishedTable, question: Question | None, file: str, findings: list[Finding]) -> QuestionResult:
    kind = Kind.SINGLE if question is None else question.kind
    counted = [row for row in table.rows if row.count is not None]
    if not counted:
        return _only_percentage(table, question)
    total = sum(row.count or 0 for row in counted)
    base = total
    if kind is Kind.MULTIPLE and table.total is not None:
        base = table.total
    elif table.total is not None and table.total != total:
        findings.append(_total_differs(table, total, file))
    for row in counted:
        if row.share is not None and base:
            findings += _share_differs(table, row, base, file)
    counts = Counter({row.option: row.count or 0 for row in counted})
    options = list(dict.fromkeys([*(question.options if question else ()), *(row.option for row in counted)]))
    if question is not None and question.options:
        findings += (_option_unknown(row, question, file) for row in counted if row.option not in question.options)
    share = None
    if question is not None and question.share is not None:
        share = Share(question.share.name, sum(counts[option] for option in question.share.options), base)
    return QuestionResult(
        id=table.id,
        number=table.number,
        text=table.text,
        kind=kind,
        n=base,
        shown=base,
        options=tuple(Share(option, counts[option], base) for option in options),
        satisfaction=None if question is None else satisfaction_of(question, counts, base),
        share=share,
        feeds="" if question is None else question.feeds,
    )


def _only_percentage(table: PublishedTable, question: Question | None) -> QuestionResult:
    """Carry a printed satisfaction over, where the definition says that this is all there is."""
    printed = next((row.share for row in table.rows if row.share is not None), None)
    declared = question is not None and question.kind is Kind.PUBLISHED and printed is not None
    return QuestionResult(
        id=table.id,
        number=table.number,
        text=table.text,
        kind=Kind.PUBLISHED,
        n=0,
        shown=0,
        satisfaction=Satisfaction(PUBLISHED, printed.value) if declared and printed is not None else None,
        feeds="" if question is None else question.feeds,
    )


def _as_printed(count: int, base: int, places: int) -> str:
    return percent(count, base, places)


def _share_differs(table: PublishedTable, row: PublishedRow, base: int, file: str) -> list[Finding]:
    printed, count = row.share, row.count
    if printed is None or count is None or Fraction(_as_printed(count, base, printed.places)) == printed.value * 100:
        return []
    message = f"是第 {table.id} 题“{row.option}”印出的比例，按人数 {count}÷{base} 应为 {percent(count, base)}%"
    if table.total and table.total != base:
        message += f"（按印出合计 {table.total} 算是 {percent(count, table.total)}%）"
    return [
        Finding(
            rule="survey-printed-share",
            severity=Severity.WARNING,
            message=message,
            advice="请核对原始答卷，更正报告中的比例",
            file=file,
            row=row.row,
            value=f"{printed.text}%",
        )
    ]


def _total_differs(table: PublishedTable, total: int, file: str) -> Finding:
    return Finding(
        rule="survey-printed-total",
        severity=Severity.WARNING,
        message=f"是第 {table.id} 题印出的合计，各选项人数相加是 {total}",
        advice="请核对原始答卷，更正人数或合计；比例按各选项人数之和计算",
        file=file,
        row=table.row,
        value=str(table.total),
    )


def _option_unknown(row: PublishedRow, question: Question, file: str) -> Finding:
    return Finding(
        rule="survey-printed-option",
        severity=Severity.WARNING,
        message=f"问卷定义的第 {question.id} 题没有这个选项",
        advice="请核对公布的表和问卷定义",
        file=file,
        row=row.row,
        value=row.option,
    )


def _not_in_file(question: Question, file: str) -> Finding:
    return Finding(
        rule="survey-printed-missing",
        severity=Severity.INFO,
        message=f"公布的表里没有第 {question.id} 题“{question.text}”",
        advice="没有公布的题不统计",
        file=file,
    )
