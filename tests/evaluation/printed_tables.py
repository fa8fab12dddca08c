"""The shipped evaluations beside the scores their documents print, and every input changed once."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tuodi.evaluation.data import EvaluationData
from tuodi.evaluation.data_tables import read_data
from tuodi.evaluation.rules.judged import QualitativeBands
from tuodi.evaluation.scheme import Indicator, Scheme
from tuodi.evaluation.scheme_library import Chosen, choose
from tuodi.evaluation.scheme_loader import load_scheme
from tuodi.evaluation.scoring import Result, score_evaluation
from tuodi.evaluation.survey_figures import with_survey_figures
from tuodi.kernel.finding import Fault
from tuodi.kernel.quantity import Quantity, parse_quantity, plain

PRINTED = Path(__file__).parent / "printed"
NONSENSE = "没有这种情况"


class Printed(NamedTuple):
    """One scored indicator as the document prints it; ``by_printed_rule`` only where the printed rule differs."""

    code: str
    name: str
    level: int
    weight: Fraction
    score: Fraction
    by_printed_rule: Fraction | None


def printed(evaluation_id: str) -> list[Printed]:
    with (PRINTED / f"{evaluation_id}.csv").open(encoding="utf-8", newline="") as file:
        return [
            Printed(
                row["code"],
                row["name"],
                int(row["level"]),
                Fraction(row["weight"]),
                Fraction(row["score"]),
                Fraction(row["by_printed_rule"]) if row["by_printed_rule"] else None,
            )
            for row in csv.DictReader(file)
        ]


@cache
def read(evaluation_id: str) -> tuple[Scheme, EvaluationData]:
    """Return a shipped evaluation, its survey counts among the figures; whatever is found in it fails the test."""
    chosen = choose(evaluation_id)
    assert isinstance(chosen, Chosen)
    scheme, in_scheme = load_scheme(chosen.scheme, chosen.shown_as)
    data, in_data = read_data(chosen.data)
    assert scheme is not None and in_scheme == [] and in_data == []
    return scheme, with_survey_figures(data)


@cache
def scored(evaluation_id: str) -> Result:
    return score_evaluation(*read(evaluation_id))


def as_scored(result: Result) -> list[Printed]:
    return [
        Printed(
            score.indicator.code,
            score.indicator.name,
            score.indicator.level,
            score.indicator.weight,
            Fraction(-1) if score.points is None else score.points,
            score.by_printed_rule,
        )
        for score in result.scores
    ]


def group_points(result: Result, level: int) -> dict[str, tuple[str, str | None]]:
    """Return points and rate of the groups of one level by their code."""
    return {
        group.indicator.code: (plain(group.points), group.rate)
        for group in result.groups
        if group.indicator.level == level and group.points is not None
    }


class Changed(NamedTuple):
    """One input with other values in its place; at least one of them must show in the answer."""

    name: str
    variants: tuple[EvaluationData, ...]


def changed_inputs(scheme: Scheme, data: EvaluationData) -> Iterator[Changed]:
    """Yield every row the score depends on: 指标 (what was awarded or achieved), 要点, and 基础数据 a measure names."""
    leaves = {leaf.code: leaf for leaf in scheme.leaves()}
    for code, row in data.indicators.items():
        leaf = leaves.get(code)
        if row.awarded:
            rows = tuple(replace(row, awarded=each) for each in ("0", "10%"))
            yield Changed(f"{code} awarded", tuple(_with(data, "indicators", code, each) for each in rows))
        # Where an evaluator judges, what was awarded stands whatever the words beside it.
        if row.actual and leaf is not None and not (row.awarded and leaf.rule is not None and leaf.rule.judged):
            rows = tuple(replace(row, actual=each) for each in _other_actuals(row.actual, leaf))
            yield Changed(f"{code} actual", tuple(_with(data, "indicators", code, each) for each in rows))
    for code, element in data.elements.items():
        other = replace(element, value=str(int(element.value) + 1)) if element.value else element
        other = other if element.met is None else replace(other, met=not element.met)
        yield Changed(code, (_with(data, "elements", code, other),))
    for name in sorted(_figures_used(scheme)):
        figure = data.figures[name]
        number = Fraction(figure.value)
        others = (number / 2, number * 2, Fraction(0), number + 1000)
        figures = (replace(figure, value=plain(each)) for each in others if each != number)
        yield Changed(name, tuple(_with(data, "figures", name, each) for each in figures))


def answer(result: Result) -> object:
    """Return everything a changed input may change."""
    fund = (result.fund.points, result.fund.by_rule) if result.fund else None
    scores = [(score.points, score.by_printed_rule) for score in result.scores]
    return scores, fund, [(each.rule, each.message) for each in result.findings]


def _with(data: EvaluationData, sheet: str, key: str, row: object) -> EvaluationData:
    rows: Mapping[str, object] = getattr(data, sheet)
    changes: dict[str, object] = {sheet: {**rows, key: row}}
    return replace(data, **changes)  # type: ignore[arg-type]


def _other_actuals(text: str, leaf: Indicator) -> tuple[str, ...]:
    quantity = parse_quantity(text)
    bands = [band.name for band in leaf.rule.bands] if isinstance(leaf.rule, QualitativeBands) else []
    if bands:
        return tuple(band for band in bands if band != text)
    if isinstance(quantity, Fault):
        return (NONSENSE,)
    if quantity.value == 0 and leaf.target is not None and leaf.target.value is not None:
        return (str(Quantity(leaf.target.value, leaf.target.unit)),)
    return tuple(str(quantity._replace(value=each)) for each in (quantity.value / 2, quantity.value * 2))


def _figures_used(scheme: Scheme) -> set[str]:
    used = {name for leaf in scheme.leaves() if leaf.measure for name in (*leaf.measure.of, *leaf.measure.base)}
    return used | ({scheme.fund_row.annual, scheme.fund_row.executed} if scheme.fund_row else set())
