"""What was reached, told in the goal table and again in the text: the same indicator with another value."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tuodi.audit.figures.amounts import Figure, Kind, figure_of, figures
from tuodi.audit.figures.precision import one_digit_off
from tuodi.audit.material import Material
from tuodi.audit.paper.model import Place
from tuodi.audit.remark import Remark
from tuodi.audit.statements.indicators import plain_name
from tuodi.audit.statements.stretches import Stretch
from tuodi.kernel.finding import Severity

SHORTEST_NAME = 5
MEASURE = 3
"""Characters at the end of an indicator's name that tell its measure: 满意度, 知晓率, 覆盖率."""
_BETWEEN = re.compile(r"^(?:为|是|共|已|达到?|已达到?|完成|实现|达成|合计|共计|总计|：|实际)*$")
_NOT_REACHED = re.compile(r"目标|计划|预期|预计|指标值|上年|去年|同期|应(?:当|达|为)?|标准")


@dataclass(frozen=True, slots=True)
class Reached:
    """An indicator's row in a goal table: name, target and actual value."""

    name: str
    target: Figure | None
    actual: Figure
    place: Place


def reached(material: Material) -> tuple[Reached, ...]:
    """Return the rows that tell a target and an actual value, the first of each name."""
    found: dict[str, Reached] = {}
    for telling in material.tellings:
        actual = figure_of(telling.actual.lstrip("="))
        name = plain_name(telling.name)
        if telling.in_table and telling.target and actual is not None and actual.unit and len(name) >= SHORTEST_NAME:
            found.setdefault(name, Reached(name, figure_of(telling.target.lstrip("=")), actual, telling.place))
    return tuple(found.values())


def check_goal_values(material: Material) -> Iterator[Remark]:
    """Each actual value of a goal table against the sentences that name the indicator with a figure of its unit."""
    for row in reached(material):
        told: set[str] = set()
        for stretch in material.stretches:
            for figure, at in _named(stretch, row):
                if figure.text not in told and _differs(figure, row, stretch.text, at):
                    told.add(figure.text)
                    yield _remark(row, figure, stretch)


def check_analysed_values(material: Material) -> Iterator[Remark]:
    """Each actual share of a goal table against the one the indicator's own analysis tells: 满意度为95.30%."""
    rows = {row.name: row for row in reached(material) if row.actual.kind is Kind.SHARE}
    told: set[tuple[str, str]] = set()
    for telling in material.tellings:
        row = rows.get(plain_name(telling.name))
        if telling.in_table or row is None or row.actual.text in telling.process:
            continue
        measure = re.compile(re.escape(row.name[-MEASURE:]) + r"(?:为|是|达到?|仅为|只有|：)?$")
        for figure in figures(telling.process):
            clause = re.split(r"[，。；]", telling.process[: figure.start])[-1]
            if figure.kind is Kind.SHARE and measure.search(clause) and not _NOT_REACHED.search(clause):
                stretch = next((each for each in material.stretches if telling.process in each.text), None)
                if stretch is not None and (row.name, figure.text) not in told and not figure.agrees(row.actual):
                    told.add((row.name, figure.text))
                    at = stretch.text.find(telling.process) + figure.start
                    yield _remark(row, replace(figure, start=at, end=at + len(figure.text)), stretch)


def _named(stretch: Stretch, row: Reached) -> Iterator[tuple[Figure, int]]:
    """Yield the figures that stand just behind the indicator's name, with the name's offset."""
    at = stretch.text.find(row.name)
    while at >= 0:
        end = at + len(row.name)
        first = next(iter(figures(stretch.text[end : end + 24])), None)
        if first is not None and _BETWEEN.match(stretch.text[end : end + first.start]):
            shifted = Figure(
                text=first.text, value=first.value, step=first.step, unit=first.unit, kind=first.kind, mark=first.mark,
                start=end + first.start, end=end + first.end,
            )  # fmt: skip
            yield shifted, at
        at = stretch.text.find(row.name, end)


def _differs(figure: Figure, row: Reached, text: str, at: int) -> bool:
    if figure.kind is not row.actual.kind or figure.unit != row.actual.unit or figure.mark in ("≥", "≤", ">", "<"):
        return False
    if figure.agrees(row.actual) or row.target is not None and figure.agrees(row.target):
        return False
    if row.target is not None and one_digit_off(figure, row.target.value):
        return False  # the target itself, misprinted
    if text[figure.end : figure.end + 1] in ("至", "—", "~"):
        return False  # a band of a rule
    clause = re.split(r"[，。；]", text[:at])[-1]
    sentence = re.split(r"[。；]", text[:at])[-1]
    return not _NOT_REACHED.search(clause) and not re.search(r"(?:总体|年度|绩效)目标(?:：|为|是)", sentence)


def _remark(row: Reached, figure: Figure, stretch: Stretch) -> Remark:
    also_target = f"，目标 {row.target.mark}{row.target.text}" if row.target is not None else ""
    return Remark(
        rule="value-told-twice" if figure.kind is Kind.SHARE else "text-against-table",
        severity=Severity.WARNING,
        place=stretch.at(figure.start),
        also=(row.place,),
        quote=stretch.quote(figure.start, figure.end),
        stated=figure.text,
        expected=row.actual.text,
        message=f"{row.name}此处写 {figure.text}，绩效目标完成表的完成值是 {row.actual.text}{also_target}",
        advice="请核对完成值，两处写成一致（如为上年数或另一口径，请写明）",
    )
