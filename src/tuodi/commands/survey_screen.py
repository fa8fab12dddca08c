"""A survey's result as people read it on the screen: a table for each question, satisfaction under its own name."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from tuodi.commands.figures_table import figures_table
from tuodi.kernel.money import half_up
from tuodi.report.survey_tables import INDEX_NOTE, opinion_rows, satisfaction_rows, summary_rows
from tuodi.survey.definition import Kind
from tuodi.survey.result import INDEX, QuestionResult, Share, SurveyResult

NOTHING = "—"
LONGEST_BAR = 24


def blocks(result: SurveyResult) -> Iterator[RenderableType]:
    """Yield what to print, from the survey as a whole to single questions."""
    for name, told in summary_rows(result):
        if name != "指数":
            yield Text(f"{name}：{told}")
    yield Text("")
    for question in result.questions:
        if question.options:
            yield _options(question)
    rows = [tuple(map(_cell, row)) for row in satisfaction_rows(result)]
    if rows:
        headings = ("题号", "题目", "范围", "答题人数", "名称", "数值（%）", "人数", "占比（%）", "占比的含义")
        yield figures_table("满意度和占比", headings, rows, numbers=("答题人数", "数值（%）", "人数", "占比（%）"))
    for question in result.questions:
        if question.share is not None and question.share.interval is not None:
            yield Text(f"第 {question.id} 题{_interval(question.share)}")
    if any(question.satisfaction and question.satisfaction.label == INDEX for question in result.questions):
        yield Text(INDEX_NOTE)
    opinions = [tuple(map(_cell, row)) for row in opinion_rows(result)]
    if opinions:
        yield Text("")
        yield figures_table("填空题", ("题号", "题目", "类别", "内容", "份数"), opinions, numbers=("份数",))


def _cell(cell: str | int) -> str:
    return str(cell) if cell != "" else NOTHING


def _options(question: QuestionResult) -> RenderableType:
    asked = f"，应答 {question.shown} 人" if question.shown != question.n else ""
    several = "；多选，比例之和可以超过 100%" if question.kind is Kind.MULTIPLE else ""
    title = f"{question.id}. {question.text}（答题 {question.n} 人{asked}{several}）"
    rows = [(option.name, str(option.count), option.text or NOTHING, _bar(option)) for option in question.options]
    total = None
    if question.kind is not Kind.MULTIPLE:
        count = sum(option.count for option in question.options)
        total = ("合计", str(count), "100.00" if count else NOTHING, "")
    return figures_table(title, ("选项", "人数", "比例（%）", ""), rows, numbers=("人数", "比例（%）"), total=total)


def _bar(option: Share) -> str:
    return "█" * half_up(option.count * LONGEST_BAR, option.n) if option.n else ""


def _interval(share: Share) -> str:
    interval = share.interval
    if interval is None:
        return ""
    ends = f"{interval.low_text}%～{interval.high_text}%"
    return f"“{share.name}”{share.text}%，95% 置信区间 {ends}（半宽 {interval.half_width_text} 个百分点）"
