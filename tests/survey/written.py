"""Small answer files for the tests of surveys, as the survey site exports them or typed into a plain sheet."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import xlsxwriter

from tuodi.kernel.finding import Finding, Severity
from tuodi.kernel.shipped import shipped
from tuodi.survey.definition import Definition
from tuodi.survey.definition_file import load_definition
from tuodi.survey.reckoning import reckon
from tuodi.survey.result import QuestionResult, SurveyResult

EXAMPLES = shipped("examples", "surveys")
SITE = ("序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP")


def site_row(number: int, *answers: str, seconds: str = "85秒") -> list[str]:
    """Return one answer with the columns that the site puts before the questions."""
    return [str(number), f"2025/7/5 8:{number:02d}:00", seconds, "微信", "无", f"10.0.0.{number}(新疆-昌吉)", *answers]


def write(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    """Write rows as CSV or XLSX by the suffix."""
    if path.suffix == ".xlsx":
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet()
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    sheet.write(at, column, cell)
    else:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(rows)
    return path


def define(folder: Path, text: str) -> Definition:
    """Return the definition written in YAML; it must be good."""
    path = folder / "definition.yaml"
    path.write_text(f"schema: tuodi-survey/1\ntitle: 测试问卷\n{text}", encoding="utf-8")
    definition, findings = load_definition(path)
    assert definition is not None, [finding.sentence() for finding in findings]
    return definition


def result_of(path: Path, definition: Definition | None = None) -> tuple[SurveyResult, list[Finding]]:
    """Return the result of a file that can be used."""
    result, findings = reckon(path, definition)
    assert result is not None, [finding.sentence() for finding in findings]
    return result, findings


def by_id(result: SurveyResult) -> Mapping[str, QuestionResult]:
    return {question.id: question for question in result.questions}


def counts(question: QuestionResult) -> dict[str, int]:
    return {option.name: option.count for option in question.options}


def rules(findings: Sequence[Finding], *severities: Severity) -> list[str]:
    """Return the rules found, of these severities or of all."""
    return [finding.rule for finding in findings if not severities or finding.severity in severities]


def example(name: str) -> Definition:
    """Return a shipped definition."""
    definition, findings = load_definition(EXAMPLES / name)
    assert definition is not None
    assert findings == []
    return definition
