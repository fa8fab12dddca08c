"""The worked examples of docs/algorithms/scoring.md, row by row against the program. The page's numbers are by hand."""

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

import pytest

from tests.architecture.source import ROOT
from tuodi.evaluation.data import ElementRow, EvaluationData, IndicatorRow
from tuodi.evaluation.rule_loader import RULE_TYPES, read_rule
from tuodi.evaluation.rules.rule import Rule
from tuodi.evaluation.scheme import Indicator, Kind, Scheme
from tuodi.evaluation.scoring import Score, score_evaluation
from tuodi.evaluation.target import parse_target
from tuodi.kernel.form import Form
from tuodi.kernel.yaml_nodes import read_nodes

PAGE = ROOT / "docs" / "algorithms" / "scoring.md"
CODE = "A1"

Row = dict[str, str]


class Example(NamedTuple):
    kind: str
    rule: Rule
    row: Row

    @property
    def title(self) -> str:
        """The rule and the row's inputs."""
        return " ".join([self.kind, *(self.row.get(name, "") for name in ("权重", "实际值", "要点", "打分"))])


def examples() -> Iterator[Example]:
    for section in PAGE.read_text(encoding="utf-8").split("\n### ")[1:]:
        title, _, text = section.partition("\n")
        (kind,) = re.findall(r"`(\w+)`", title)
        (written,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
        head, _, *cells = [
            [cell.strip() for cell in line[1:-1].split("|")]
            for line in text.split("\n## ")[0].splitlines()
            if line.startswith("|")
        ]
        for row in cells:
            yield Example(kind, _rule(written), dict(zip(head, row, strict=True)))


def _rule(written: str) -> Rule:
    root, findings = read_nodes(written.encode(), PAGE.name)
    form = Form(PAGE.name, findings)
    rule = read_rule(form, root)
    assert rule is not None, findings
    assert findings == []
    return rule


def _element(number: int, said: str) -> ElementRow:
    met = {"是": True, "否": False}.get(said)
    return ElementRow(code=f"{CODE}.{number}", met=met, value="" if met is not None else said)


def _scored(example: Example) -> Score:
    row = example.row
    leaf = Indicator(
        code=CODE,
        name="指标",
        weight=Fraction(row["权重"]),
        level=1,
        rule=example.rule,
        target=parse_target(row["目标值"]) if row.get("目标值") else None,
    )
    scheme = Scheme(id="page", title="", kind=Kind.EVALUATION, source="", layout="", indicators=(leaf,))
    given = IndicatorRow(code=CODE, actual=row.get("实际值", ""), awarded=row.get("打分", ""), reason="见手算")
    elements = [_element(number, said) for number, said in enumerate(row.get("要点", "").split(), 1)]
    data = EvaluationData(indicators={CODE: given}, elements={each.code: each for each in elements})
    (score,) = score_evaluation(scheme, data).scores
    return score


@pytest.mark.parametrize("example", list(examples()), ids=lambda example: example.title)
def test_算例与程序一致(example: Example) -> None:
    score = _scored(example)
    assert score.points == Fraction(example.row["得分"])
    by_rule = example.row.get("按规则", "")
    assert score.by_printed_rule == (Fraction(by_rule) if by_rule else None)


def test_每种规则都有算例() -> None:
    assert {example.kind for example in examples()} == set(RULE_TYPES)
    assert all(example.rule.name == example.kind for example in examples())
