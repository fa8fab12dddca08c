"""A file of answers or of published counts, with or without a definition -> the survey's result and what was found."""

from dataclasses import replace
from pathlib import Path

from tuodi.intake.layouts import normal_heading
from tuodi.kernel.finding import Finding, Severity
from tuodi.survey.answers import AnswerReader, Response, keep_to_the_route
from tuodi.survey.binding import Binding, bind
from tuodi.survey.cleaning import clean
from tuodi.survey.columns import Columns, sort_columns
from tuodi.survey.counts_file import read_counts, read_counts_yaml
from tuodi.survey.definition import Cleaning, Condition, Definition
from tuodi.survey.detection import detect
from tuodi.survey.published import recount
from tuodi.survey.raw import RawSheet, read_raw, seconds_of
from tuodi.survey.result import SurveyResult
from tuodi.survey.statistics import statistics
from tuodi.survey.words import words

YAML_SUFFIXES = (".yaml", ".yml")


def reckon(path: Path, definition: Definition | None = None) -> tuple[SurveyResult | None, list[Finding]]:
    """Return the statistics of a file; None if it cannot be used. Never raises for any content of the file.

    A file with the columns 选项 and 人数, or a YAML file, holds published counts; any other holds answers, a row each.
    """
    if path.suffix.lower() in YAML_SUFFIXES:
        tables, findings = read_counts_yaml(path)
        return (None, findings) if tables is None else recount(tables, definition, path.name, findings)
    asked = [] if definition is None else [normal_heading(question.text) for question in definition.questions]
    sheet = read_raw(path, asked)
    if not isinstance(sheet, RawSheet):
        return None, sheet
    if _holds_counts(sheet):
        tables, findings = read_counts(sheet)
        return (None, findings) if tables is None else recount(tables, definition, sheet.file, findings)
    return _of_answers(sheet, definition)


def _holds_counts(sheet: RawSheet) -> bool:
    return all(sheet.position_of(words().counts[key]) is not None for key in ("option", "count"))


def _of_answers(sheet: RawSheet, definition: Definition | None) -> tuple[SurveyResult | None, list[Finding]]:
    findings = list(sheet.findings)
    cleaning = Cleaning() if definition is None else definition.cleaning
    columns = sort_columns(sheet, cleaning)
    sheet = columns.sheet
    findings += columns.findings
    if definition is None:
        definition, places = detect(columns.questions, sheet.column, Path(sheet.file).stem)
        binding = Binding(columns=places)
        _name_parts(definition, binding)
    else:
        binding = bind(definition, sheet, columns.questions)
        findings += binding.findings
        definition = _of_bound_questions(definition, binding)
    if not binding.columns:
        findings.append(_about_file(sheet))
        return None, findings
    if not sheet.rows:
        findings.append(_about_no_answers(sheet))
    responses, found = _responses(sheet, definition, binding, columns)
    cleaned = clean(responses, definition.cleaning, sheet.file, sheet.sheet)
    kept_rows = {response.row for response in cleaned.kept}
    findings += (finding for finding in found if finding.row in kept_rows)
    findings += cleaned.findings
    kept, shown, astray = keep_to_the_route(definition, cleaned.kept, sheet.file, sheet.sheet)
    findings += astray
    removed = {reason.value: count for reason, count in cleaned.removed.items()}
    findings += _about_notices(result := statistics(definition, kept, shown, len(responses), removed), sheet)
    return result, findings


def _responses(
    sheet: RawSheet, definition: Definition, binding: Binding, columns: Columns
) -> tuple[list[Response], list[Finding]]:
    headings = [heading.printed for heading in sheet.headings]
    reader = AnswerReader(definition, binding, headings, sheet.file, sheet.sheet)
    responses: list[Response] = []
    for row, group in zip(sheet.rows, columns.groups, strict=True):
        if not row.whole:
            responses.append(Response(row=row.number, given={}, readable=False))
            continue
        responses.append(
            Response(
                row=row.number,
                given=reader.read(row.number, row.cells),
                seconds=None if columns.seconds is None else seconds_of(row.cells[columns.seconds]),
                group=group,
            )
        )
    return responses, reader.findings


def _of_bound_questions(definition: Definition, binding: Binding) -> Definition:
    """Return the definition without the questions that the file lacks; nothing depends on their answers any more."""
    bound = binding.columns.keys()

    def answerable(condition: Condition | None) -> Condition | None:
        return condition if condition is not None and condition.question in bound else None

    questions = [
        replace(question, shown_if=answerable(question.shown_if))
        for question in definition.questions
        if question.id in bound
    ]
    return replace(definition, questions=tuple(questions), recipients=answerable(definition.recipients))


def _name_parts(definition: Definition, binding: Binding) -> None:
    """Name the columns of detected split questions; they stand in the order of their options or rows."""
    for question in definition.questions:
        columns = binding.columns[question.id]
        if len(columns) > 1:
            binding.parts[question.id] = question.rows or question.options


def _about_file(sheet: RawSheet) -> Finding:
    return Finding(
        rule="survey-no-question",
        message="没有找到任何一题",
        advice="请核对是否选错了文件，列名应为各题的题目",
        file=sheet.file,
        sheet=sheet.sheet,
        row=sheet.header_row,
    )


def _about_no_answers(sheet: RawSheet) -> Finding:
    return Finding(
        rule="survey-no-answers",
        severity=Severity.WARNING,
        message="只有列名，没有答卷",
        advice="请核对是否选错了文件，或重新导出",
        file=sheet.file,
        sheet=sheet.sheet,
        row=sheet.header_row,
    )


def _about_notices(result: SurveyResult, sheet: RawSheet) -> list[Finding]:
    return [
        Finding(
            rule="survey-notice",
            severity=Severity.INFO,
            message=f"第 {notice.id} 题是告知事项，不是问题，不列入统计",
            advice=f"有 {notice.n} 人点选",
            file=sheet.file,
            sheet=sheet.sheet,
        )
        for notice in result.notices
    ]
