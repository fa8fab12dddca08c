"""Counts of the sheet 问卷统计 as named figures, so that a measure can use them: ``第4题：是``."""

import re
from dataclasses import replace

from tuodi.evaluation.data import EvaluationData, FigureRow, SurveyRow

_NAME = re.compile(r"第.+题：.+")


def survey_figure(question: str, option: str) -> str:
    """Return the name of one option's count."""
    return f"第{question}题：{option}"


def is_survey_figure(name: str) -> bool:
    """Whether a measure's name means a count of the sheet 问卷统计, not a row of 基础数据."""
    return _NAME.fullmatch(name) is not None


def with_survey_figures(data: EvaluationData) -> EvaluationData:
    """Return the data with one figure for each counted option; a row of 基础数据 of the same name stays."""
    counted = {survey_figure(row.question, row.option): _figure(row) for row in data.surveys}
    return replace(data, figures={**counted, **data.figures})


def _figure(row: SurveyRow) -> FigureRow:
    name = survey_figure(row.question, row.option)
    return FigureRow(name=name, value=row.count, unit="人", source=f"问卷统计 第{row.question}题", place=row.place)
