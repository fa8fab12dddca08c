"""One cell of a shipped evaluation's data written otherwise, beside the score worked out by hand."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any, NamedTuple

from tests.evaluation.printed_tables import read
from tuodi.evaluation.data import EvaluationData
from tuodi.evaluation.scoring import Result, Score, score_evaluation
from tuodi.kernel.quantity import plain


class Change(NamedTuple):
    """A cell of a sheet (a field of EvaluationData), and what the leaf then scores; None where it scores nothing."""

    sheet: str
    key: str
    column: str
    value: Any
    leaf: str
    points: str | None
    by_printed_rule: str | None = None

    def __str__(self) -> str:
        return f"{self.key}的{self.column}改为{self.value}"


def score_of(result: Result, code: str) -> Score:
    found = result.score_of(code)
    assert found is not None, code
    return found


def shown(points: Fraction | None) -> str | None:
    return None if points is None else plain(points)


def with_change(data: EvaluationData, sheet: str, key: str, column: str, value: Any) -> EvaluationData:
    """Return the data with one cell changed; its row must exist."""
    rows: Mapping[str, Any] = getattr(data, sheet)
    changes: dict[str, Any] = {sheet: {**rows, key: replace(rows[key], **{column: value})}}
    return replace(data, **changes)


def after(evaluation_id: str, change: Change) -> tuple[str | None, str | None]:
    """Return the leaf's score and its score by the printed rule after a change."""
    scheme, data = read(evaluation_id)
    changed = with_change(data, change.sheet, change.key, change.column, change.value)
    leaf = score_of(score_evaluation(scheme, changed), change.leaf)
    return shown(leaf.points), shown(leaf.by_printed_rule)


def scoring_inputs(evaluation_id: str) -> set[tuple[str, str, str]]:
    """Return sheet, key and column of every filled cell that a score is made from.

    Where the rule counts elements, the words typed as actual value are only shown.
    """
    scheme, data = read(evaluation_id)
    counts_elements = {leaf.code for leaf in scheme.leaves() if leaf.rule and leaf.rule.element_names}
    found = {
        ("indicators", code, column)
        for code, row in data.indicators.items()
        for column in ("actual", "numerator", "denominator", "awarded")
        if getattr(row, column) and not (column == "actual" and code in counts_elements)
    }
    found |= {("elements", code, "value" if row.value else "met") for code, row in data.elements.items()}
    measures = [leaf.measure for leaf in scheme.leaves() if leaf.measure]
    return found | {("figures", name, "value") for each in measures for name in (*each.of, *each.base)}
