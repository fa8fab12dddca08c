"""Data typed beside an evaluation (``score --inputs``) put over its own, cell by cell."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import TypeVar

from tuodi.evaluation.data import ElementRow, EvaluationData, FigureRow, IndicatorRow

_Row = TypeVar("_Row", IndicatorRow, ElementRow, FigureRow)


def merged(base: EvaluationData, over: EvaluationData) -> EvaluationData:
    """Return the base with every filled cell of ``over`` in its place.

    Rows of 指标, 要点 and 基础数据 are found by code or name; new ones are added. An actual value drops the base's
    numerator and denominator, and they drop the base's actual value: one row says one thing. So it is with an element
    that is met or counted. Of the other sheets those that have rows in ``over`` replace the base's.
    """
    elements = {code: _said_otherwise(row, over.elements.get(code)) for code, row in base.elements.items()}
    indicators = {code: _without_the_other(row, over.indicators.get(code)) for code, row in base.indicators.items()}
    return EvaluationData(
        project=over.project or base.project,
        targets=over.targets or base.targets,
        indicators=_rows(indicators, over.indicators),
        elements=_rows(elements, over.elements),
        evidence=over.evidence or base.evidence,
        figures=_rows(base.figures, over.figures),
        problems=over.problems or base.problems,
        compliance=over.compliance or base.compliance,
        interviews=over.interviews or base.interviews,
        comments=over.comments or base.comments,
        surveys=over.surveys or base.surveys,
    )


def _without_the_other(base: IndicatorRow, over: IndicatorRow | None) -> IndicatorRow:
    """Drop from the base what the other way of giving the value has replaced.

    What an evaluator awarded for the old value goes with it, and so does the reason; who gives both keeps both.
    """
    if over is None:
        return base
    changed = bool(over.numerator or over.denominator or (over.actual and over.actual != base.actual))
    if changed and base.awarded and not over.awarded:
        base = replace(base, awarded="", reason="")
    if over.actual:
        return replace(base, numerator="", denominator="")
    if over.numerator or over.denominator:
        return replace(base, actual="")
    return base


def _said_otherwise(base: ElementRow, over: ElementRow | None) -> ElementRow:
    """Drop a count where the element is now said to be met or not, and the other way round."""
    if over is None or (over.met is None) == (not over.value):
        return base
    return replace(base, met=None) if over.value else replace(base, value="")


def _rows(base: Mapping[str, _Row], over: Mapping[str, _Row]) -> dict[str, _Row]:
    return {**base, **{key: _cells(base[key], row) if key in base else row for key, row in over.items()}}


def _cells(base: _Row, over: _Row) -> _Row:
    given = {each.name: getattr(over, each.name) for each in fields(over)}
    return replace(base, **{name: value for name, value in given.items() if value not in ("", (), None)})
