"""What the rows of an evaluation's data say of each other: evidence cited and listed, dates in order, amounts checked.

Run on complete data: after ``data_merge.merged`` where something was put over them.
"""

import calendar
import re
from collections.abc import Iterator
from datetime import date

from tuodi.evaluation.data import EvaluationData, Place
from tuodi.evaluation.sheets import data_layout, heading
from tuodi.kernel.dates import parse_day
from tuodi.kernel.finding import Fault, Finding, Severity
from tuodi.kernel.money import Fen, parse_yuan

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_MOST_NAMED = 20

Span = tuple[date, date]
"""The first and the last day a date may mean: a month without a day means any of its days."""


def data_findings(data: EvaluationData) -> list[Finding]:
    """Return what does not fit together: evidence cited but not listed or never cited, bad amounts, dates."""
    return [*_cited(data), *_amounts(data), *_project_dates(data), *_later_than_the_last(data)]


def amount_checked(data: EvaluationData) -> Fen | None:
    """Return the sum of the evidence's amounts; None where no row has one or one of them cannot be read."""
    amounts = [parse_yuan(row.amount) for row in data.evidence.values() if row.amount]
    readable = [amount for amount in amounts if not isinstance(amount, Fault)]
    return sum(readable) if amounts and len(readable) == len(amounts) else None


def parse_span(text: str) -> Span | Fault:
    """Read a day (``2024-12-05``) or a month (``2024-12``) as the days it may mean."""
    month = _MONTH.fullmatch(text)
    if not month:
        day = parse_day(text)
        return day if isinstance(day, Fault) else (day, day)
    first = parse_day(f"{text}-01")
    if isinstance(first, Fault):
        return first
    return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])


def _citations(data: EvaluationData) -> Iterator[tuple[Place, str, str]]:
    """Yield place, heading and number of every citation."""
    for sheet_id, rows in (
        ("indicators", data.indicators.values()),
        ("elements", data.elements.values()),
        ("figures", data.figures.values()),
        ("compliance", data.compliance),
    ):
        column = heading(sheet_id, "evidence")
        for row in rows:
            for number in row.evidence:
                yield row.place, column, number


def _cited(data: EvaluationData) -> Iterator[Finding]:
    cited = set()
    for place, column, number in _citations(data):
        cited.add(number)
        if number not in data.evidence:
            message = "佐证材料表里没有这个编号，或那一行有误未采用"
            fault = Fault("evidence-unlisted", message, "请在“佐证材料”表补上这份材料，或改正编号")
            yield place.finding(fault, column, number)
    never = [row for number, row in data.evidence.items() if number not in cited]
    if never:
        named = "、".join(row.number for row in never[:_MOST_NAMED]) + (" 等" if len(never) > _MOST_NAMED else "")
        message = f"有 {len(never)} 份佐证材料没有被引用：{named}"
        fault = Fault("evidence-uncited", message, "与评价有关的，请在指标、要点等表写上它的编号")
        yield never[0].place.finding(fault, heading("evidence", "number"), "", Severity.INFO)


def _amounts(data: EvaluationData) -> Iterator[Finding]:
    for row in data.evidence.values():
        fen = parse_yuan(row.amount) if row.amount else 0
        if isinstance(fen, Fault):
            yield row.place.finding(fen, heading("evidence", "amount"), row.amount)


def _project_dates(data: EvaluationData) -> Iterator[Finding]:
    """Yield project dates that cannot be read, and each that lies before the one it must follow."""
    order = data_layout().date_order
    column = heading("project", "value")
    dated: dict[str, Span] = {}
    for each in data.project:
        if each.item not in order or not each.value or each.item in dated:
            continue
        span = parse_span(each.value)
        if isinstance(span, Fault):
            yield each.place.finding(span, column, each.value, Severity.WARNING)
        else:
            dated[each.item] = span
    present = [item for item in order if item in dated]
    for earlier, later in zip(present, present[1:], strict=False):
        if dated[later][1] < dated[earlier][0]:
            row = next(each for each in data.project if each.item == later)
            message = f"{later}早于{earlier}（{data.project_value(earlier)}）"
            fault = Fault("dates-out-of-order", message, "请核对这两个日期")
            yield row.place.finding(fault, column, row.value, Severity.WARNING)


def _later_than_the_last(data: EvaluationData) -> Iterator[Finding]:
    """Yield dates of evidence and interviews that cannot be read or lie after the report."""
    name = data_layout().last_date
    last = parse_span(data.project_value(name))
    dated = [("evidence", row.place, row.day) for row in data.evidence.values()]
    dated += [("interviews", row.place, row.day) for row in data.interviews]
    for sheet_id, place, day in dated:
        if not day:
            continue
        span = parse_span(day)
        if isinstance(span, Fault):
            yield place.finding(span, heading(sheet_id, "day"), day, Severity.WARNING)
        elif not isinstance(last, Fault) and span[0] > last[1]:
            message = f"晚于{name}（{data.project_value(name)}）"
            fault = Fault("dated-after-report", message, "请核对日期；报告之后取得的材料不能作为这次评价的依据")
            yield place.finding(fault, heading(sheet_id, "day"), day, Severity.WARNING)
