"""公开文件里可以复核的 70 条得分、比率和合计：67 条重算与印出的相同，3 条不同。"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import pytest
import yaml

from tests.evaluation.printed_tables import scored
from tests.evaluation.scoring_cases import CODE, INPUTS, SCORING, Case, scheme_text
from tuodi.evaluation.data import FigureRow, IndicatorRow
from tuodi.evaluation.measures import Measured, measure
from tuodi.evaluation.scheme import Measure, MeasureKind
from tuodi.evaluation.scoring import rate_text

CHECKS: list[dict[str, Any]] = yaml.safe_load((SCORING / "printed" / "checks.yaml").read_text(encoding="utf-8"))
KINDS = {"比率": MeasureKind.RATE, "调整率": MeasureKind.CHANGED, "节约率": MeasureKind.SAVED}


def _recomputed(check: Mapping[str, Any]) -> Fraction:
    if "规则" in check:
        return _by_rule(**check["规则"])
    if "得分率" in check:
        points, weight = map(Fraction, check["得分率"])
        return Fraction(rate_text(points, weight) or "-1")
    if "评价" in check:
        return _of_evaluation(check["评价"], check.get("组", ""))
    if "指数" in check:
        counts, weights = zip(*check["指数"], strict=True)
        names = tuple(map(str, range(len(counts))))
        return _measured(Measure(kind=MeasureKind.INDEX, of=names, weights=tuple(map(Fraction, weights))), counts)
    if "平均" in check:
        names = tuple(map(str, range(len(check["平均"]))))
        return _measured(Measure(kind=MeasureKind.MEAN, of=names), check["平均"])
    ((name, kind),) = [(name, kind) for name, kind in KINDS.items() if name in check]
    return _measured(Measure(kind=kind, of=("0",), base=("1",), places=check.get("places", 2)), check[name])


def _by_rule(rule: str, 要点: Sequence[str] = (), **written: Any) -> Fraction:
    inputs = {column: written.pop(key, "") for key, column in INPUTS.items() if key != "目标"}
    case = Case(
        table=rule,
        group=0,
        name="",
        scheme=scheme_text(rule, **written),
        row=IndicatorRow(code=CODE, **inputs),
        elements=tuple(要点),
        points=None,
        fault="",
        by_rule=None,
        working="",
    )
    points = [score.points for score in case.result().scores if score.indicator.code == CODE][0]
    assert points is not None
    return points


def _measured(spec: Measure, values: Sequence[str]) -> Fraction:
    found = measure(spec, {str(at): FigureRow(name=str(at), value=value) for at, value in enumerate(values)})
    assert isinstance(found, Measured), found
    return found.value.value


def _of_evaluation(evaluation_id: str, group: str) -> Fraction:
    result = scored(evaluation_id)
    found = [each.rate for each in result.groups if each.indicator.code == group] if group else [str(result.total)]
    return Fraction(found[0] or "-1")


@pytest.mark.parametrize("check", CHECKS, ids=[check["名称"] for check in CHECKS])
def test_重算(check: dict[str, Any]) -> None:
    assert _recomputed(check) == Fraction(check.get("算", check["印"]))


def test_67条与印出的相同_3条不同() -> None:
    different = [check["名称"] for check in CHECKS if "算" in check]
    assert all(Fraction(check["算"]) != Fraction(check["印"]) for check in CHECKS if "算" in check)
    assert (len(CHECKS) - len(different), len(different)) == (67, 3)
    assert len({check["名称"] for check in CHECKS}) == len(CHECKS)
