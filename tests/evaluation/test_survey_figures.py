"""问卷统计的人数直接进入指标；基础数据里有同名的一项时以它为准。"""

from dataclasses import replace
from pathlib import Path

from tuodi.evaluation.data import EvaluationData, FigureRow, SurveyRow
from tuodi.evaluation.data_tables import read_data
from tuodi.evaluation.scheme_library import known_evaluations, scheme_path
from tuodi.evaluation.scheme_loader import load_scheme
from tuodi.evaluation.scoring import score_evaluation
from tuodi.evaluation.survey_figures import is_survey_figure, with_survey_figures
from tuodi.kernel.shipped import shipped

ROWS = (
    SurveyRow(question="4", text="是否知晓", option="是", count="95"),
    SurveyRow(question="4", text="是否知晓", option="否", count="27"),
)


def test_每个选项成为一项数据() -> None:
    figures = with_survey_figures(EvaluationData(surveys=ROWS)).figures
    assert {name: row.value for name, row in figures.items()} == {"第4题：是": "95", "第4题：否": "27"}


def test_基础数据里同名的一项优先() -> None:
    own = {"第4题：是": FigureRow(name="第4题：是", value="90", source="重新核对")}
    assert with_survey_figures(EvaluationData(surveys=ROWS, figures=own)).figures["第4题：是"].value == "90"


def test_只有带题号和选项的名称才是问卷的人数() -> None:
    assert is_survey_figure("第4题：是") and is_survey_figure("第7.1题：满意")
    assert not is_survey_figure("第4题") and not is_survey_figure("到位资金") and not is_survey_figure("第4题：")


def test_问卷人数改了_知晓率的得分跟着改() -> None:
    """阜康市政策知晓率：94/122=77.05%，8 × (1 − 5% × 2.95) = 6.82."""
    scheme, _ = load_scheme(scheme_path("fukang-2024"), "fukang-2024.yaml")
    assert scheme is not None
    data, _ = read_data(Path(shipped("examples", "evaluations", "fukang-2024")))
    rows = tuple(
        replace(row, count={"是": "94", "否": "28"}[row.option]) if row.question == "4" else row for row in data.surveys
    )
    score = score_evaluation(scheme, replace(data, surveys=rows)).score_of("F4.1.3")
    assert score is not None and score.points is not None
    assert float(score.points) == 6.82


def test_内置评价没有把问卷人数再写一遍() -> None:
    for evaluation in known_evaluations():
        data, _ = read_data(shipped("examples", "evaluations", evaluation))
        assert not any(map(is_survey_figure, data.figures)), evaluation
