"""The case tables ``tests/cases/scoring/<rule>.yaml``, each case scored through a scheme file of its own.

How a table is written stands in ``tests/cases/README.md``; whoever adds a case needs nothing else.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tuodi.evaluation.data import ElementRow, EvaluationData, IndicatorRow
from tuodi.evaluation.scheme import Indicator, Scheme
from tuodi.evaluation.scheme_loader import parse_scheme
from tuodi.evaluation.scoring import Result, score_evaluation
from tuodi.kernel.finding import Fault
from tuodi.kernel.quantity import parse_number, parse_quantity

SCORING = Path(__file__).parents[1] / "cases" / "scoring"
CODE = "A1"
INPUTS = {"目标": "target", "实际值": "actual", "分子": "numerator", "分母": "denominator", "打分": "awarded"}
CASE_KEYS = {"名称", "要点", "得分", "不计分", "按规则", "算法", *INPUTS}


@dataclass(frozen=True)
class Case:
    """One case: the scheme and the inputs, the points expected (or the rule of the finding that says why none)."""

    table: str
    group: int
    name: str
    scheme: str
    row: IndicatorRow
    elements: tuple[str, ...]
    points: str | None
    fault: str
    by_rule: str | None
    working: str
    given: frozenset[str] = field(default=frozenset())

    def __str__(self) -> str:
        return f"{self.table}／{self.group}／{self.name}"

    def data(self) -> EvaluationData:
        """Return the inputs; an element is 是 or 否, else a value."""
        met = {"是": True, "否": False}
        rows = [
            ElementRow(code=f"{CODE}.{number}", met=met.get(said), value="" if said in met else said)
            for number, said in enumerate(self.elements, 1)
        ]
        return EvaluationData(indicators={CODE: self.row}, elements={row.code: row for row in rows})

    def result(self) -> Result:
        return score_evaluation(scheme_of(self.scheme), self.data())

    def leaf(self) -> Indicator:
        return next(leaf for leaf in scheme_of(self.scheme).leaves() if leaf.code == CODE)

    def number(self) -> Fraction | None:
        """Return the number the rule is given: typed, or divided in percent."""
        if self.row.actual:
            quantity = parse_quantity(self.row.actual)
            return None if isinstance(quantity, Fault) or quantity.operator else quantity.value
        numerator, denominator = parse_number(self.row.numerator), parse_number(self.row.denominator)
        if isinstance(numerator, Fault) or isinstance(denominator, Fault) or denominator == 0:
            return None
        return numerator * 100 / denominator


def tables() -> dict[str, Mapping[str, Any]]:
    """Return every table by its file's name."""
    return {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(SCORING.glob("*.yaml"))}


@cache
def all_cases() -> tuple[Case, ...]:
    """Return every case of every table."""
    return tuple(case for name, table in tables().items() for case in _cases(name, table))


def _cases(name: str, table: Mapping[str, Any]) -> Iterator[Case]:
    assert set(table) == {"规则", "表"} and table["规则"] == name, name
    for number, group in enumerate(table["表"], 1):
        assert set(group) == {"方案", "案例"}, f"{name} {number}"
        scheme = scheme_text(name, **group["方案"])
        for written in group["案例"]:
            yield _case(name, number, scheme, written)


def _case(table: str, group: int, scheme: str, written: Mapping[str, Any]) -> Case:
    where = f"{table} {group} {written.get('名称')}"
    assert set(written) <= CASE_KEYS and {"名称", "算法"} <= set(written), where
    assert ("得分" in written) != ("不计分" in written), f"{where}：要写且只写得分或不计分"
    elements = written.get("要点", [])
    texts = [value for key, value in written.items() if key != "要点"] + elements
    assert all(isinstance(each, str) for each in texts), f"{where}：数要加引号"
    return Case(
        table=table,
        group=group,
        name=written["名称"],
        scheme=scheme,
        row=IndicatorRow(code=CODE, **{column: written.get(key, "") for key, column in INPUTS.items()}),
        elements=tuple(elements),
        points=written.get("得分"),
        fault=written.get("不计分", ""),
        by_rule=written.get("按规则"),
        working=written["算法"],
        given=frozenset(written),
    )


def scheme_text(rule: str, 权重: str, 目标: str = "", 参数: Mapping[str, Any] | None = None) -> str:
    """Return a scheme file with one leaf of this rule; another leaf fills the weights up to 100."""
    leaf = {"code": CODE, "name": "案例", "weight": 权重, "rule": {"type": rule, **(参数 or {})}}
    if 目标:
        leaf["target"] = 目标
    rest = str(100 - Fraction(权重))
    other = {"code": "B1", "name": "其余", "weight": rest, "rule": {"type": "qualitative_unquantified"}}
    top = {
        "schema": "tuodi-scheme/1",
        "id": "anli",
        "title": "案例",
        "kind": "evaluation",
        "source": "自拟",
        "layout": "report-generic",
        "indicators": [leaf, other],
    }
    return yaml.safe_dump(top, allow_unicode=True, default_style='"', sort_keys=False)


@cache
def scheme_of(text: str) -> Scheme:
    """Return the scheme of a case; whatever is found in it fails the test."""
    scheme, findings = parse_scheme(text.encode(), "案例.yaml")
    assert scheme is not None and findings == [], [finding.sentence() for finding in findings]
    return scheme
