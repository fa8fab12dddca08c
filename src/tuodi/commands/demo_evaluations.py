"""The demo's part about evaluations: the shipped ones scored, one report, the tables, a survey, each as a file."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tuodi.commands.evaluations import read_evaluation
from tuodi.evaluation.rules.rule import points_text
from tuodi.evaluation.scoring import Result, score_evaluation
from tuodi.kernel.finding import Finding
from tuodi.report.evaluation_report import COMPOSERS, compose
from tuodi.report.report_layout import layout_path, load_report_layout
from tuodi.report.self_evaluation.layout import self_layout
from tuodi.report.self_evaluation.tables import self_report
from tuodi.report.survey_tables import write_survey_book
from tuodi.report.word.writer import write_report
from tuodi.report.workbook.block_tables import write_self_workbook
from tuodi.report.workbook.scores import write_score_workbook
from tuodi.sample.county import Evaluated, SampleCounty
from tuodi.survey.definition_file import load_definition
from tuodi.survey.reckoning import reckon
from tuodi.survey.result import SurveyResult

REPORT = "绩效评价报告_交城县.docx"
SCORES = "评分表_交城县.xlsx"
SELF_TABLE = "自评表_阜康市.xlsx"
SURVEY = "问卷统计_阜康市.xlsx"
REPORTED, SELF_EVALUATED = "jiaocheng-2024", "fukang-2024-self"


@dataclass(frozen=True, slots=True)
class Scored:
    """One shipped evaluation beside what its document prints."""

    evaluated: Evaluated
    result: Result

    @property
    def total(self) -> str:
        """The total as people read it."""
        return "—" if self.result.total is None else points_text(self.result.total)

    @property
    def agrees(self) -> bool:
        """Whether total and grade are the printed ones."""
        return self.total == self.evaluated.total and (self.result.grade or "") == self.evaluated.grade


@dataclass(frozen=True, slots=True)
class EvaluationRun:
    """What the summary is made of."""

    scored: tuple[Scored, ...]
    survey: SurveyResult


def run_evaluations(county: SampleCounty, folder: Path) -> EvaluationRun:
    """Score every shipped evaluation and write the demo's four files. Raises ValueError for a spoilt example."""
    scored = tuple(_scored(county))
    results = {each.evaluated.evaluation: each.result for each in scored}
    _write_report(folder / REPORT, results[REPORTED])
    write_score_workbook(folder / SCORES, results[REPORTED])
    table, findings = self_layout(results[SELF_EVALUATED].scheme.layout)
    if table is None:
        raise _spoilt(findings)
    write_self_workbook(folder / SELF_TABLE, self_report(results[SELF_EVALUATED], table))
    survey = _survey(county)
    write_survey_book(folder / SURVEY, survey)
    return EvaluationRun(scored, survey)


def _scored(county: SampleCounty) -> Iterator[Scored]:
    for evaluated in county.evaluations:
        scheme, data, findings = read_evaluation(evaluated.evaluation)
        if scheme is None:
            raise _spoilt(findings)
        yield Scored(evaluated, score_evaluation(scheme, data))


def _write_report(path: Path, result: Result) -> None:
    """Write the Word report; the contents' page numbers are left to Word, so that the demo is the same everywhere."""
    place = layout_path(result.scheme.layout)
    layout, findings = load_report_layout(place, place.name, COMPOSERS)
    if layout is None:
        raise _spoilt(findings)
    write_report(path, compose(result, layout))


def _survey(county: SampleCounty) -> SurveyResult:
    definition, findings = load_definition(county.survey_definition, county.survey_definition.name)
    if definition is None:
        raise _spoilt(findings)
    result, findings = reckon(county.survey_answers, definition)
    if result is None:
        raise _spoilt(findings)
    return result


def _spoilt(findings: list[Finding]) -> ValueError:
    return ValueError([finding.sentence() for finding in findings])
