"""改坏的方案和改坏的资料：只会有发现，不会有异常；读得出来的方案照样评分，得分仍在范围内。"""

import random
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import pytest
import yaml

from tests.evaluation.printed_tables import read
from tests.evaluation.scheme_mutations import CONTROL, ODD, ORIGINALS, TEXTS, TREES, spoilt, written
from tests.evaluation.sound_result import sound
from tuodi.evaluation.data import EvaluationData, Place
from tuodi.evaluation.data_checks import data_findings
from tuodi.evaluation.execution import execution
from tuodi.evaluation.scheme_library import known_evaluations
from tuodi.evaluation.scheme_loader import parse_scheme
from tuodi.evaluation.scoring import score_evaluation

EACH = 9
MORE = {"怪异的文字": 40, "换一种规则": 30, "插入符号": 30, "行错位": 30, "掉位": 30}
KINDS = (*TREES, *TEXTS)
CELLS = (
    *ODD, *CONTROL, "90.56", "0.9056", "1", "100%", "101%", "-5%", "＞99%", "≤1", "2/3", "1/3分", "7/2", "12万元",
    "120000元", "30,437人", "3043７人", "是", "否", "满分", "合格", "不得分", "达成", "有效", "2024-12-25", "95%以上",
    "95%左右", "=1+1", "A1.1",
)  # fmt: skip


def test_改坏的方案不少于两百份() -> None:
    assert len(KINDS) * EACH >= 200


@pytest.mark.parametrize("kind", KINDS)
def test_改坏的方案(kind: str) -> None:
    loaded = 0
    for number in range(MORE.get(kind, EACH)):
        each = spoilt(kind, number)
        scheme, findings = parse_scheme(each.data, "改坏的.yaml")
        where = f"{kind} {number} {each.name}"
        assert (scheme is None) == any(finding.is_error for finding in findings), where
        assert all(finding.message and finding.advice and finding.sentence() for finding in findings), where
        if each.refused:
            assert scheme is None, f"{where} 应当有发现"
        if scheme is not None:
            loaded += 1
            data = read(each.name)[1] if each.name in known_evaluations() else EvaluationData()
            sound(score_evaluation(scheme, data))
            assert all(finding.sentence() for finding in execution(scheme, data).findings)
    if kind in ("换成没有参数的规则", "怪异的文字"):
        assert loaded, "没有一份读得出来，等于没有试评分"


@pytest.mark.parametrize("name", sorted(ORIGINALS))
def test_没有改的方案照原样写出来仍然可用(name: str) -> None:
    scheme, findings = parse_scheme(written(yaml.safe_load(ORIGINALS[name])), name)
    original, _ = parse_scheme(ORIGINALS[name].encode(), name)
    assert scheme is not None and original is not None and findings == []
    assert [leaf.rule for leaf in scheme.leaves()] == [leaf.rule for leaf in original.leaves()]


@pytest.mark.parametrize("seed", range(10))
def test_改坏的资料(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(50):
        evaluation_id = chance.choice(sorted(known_evaluations()))
        scheme, data = read(evaluation_id)
        for _ in range(chance.choice([1, 1, 2, 10])):
            data = _spoilt(data, chance)
        sound(score_evaluation(scheme, data))
        assert all(finding.sentence() for finding in (*data_findings(data), *execution(scheme, data).findings))


def _spoilt(data: EvaluationData, chance: random.Random) -> EvaluationData:
    """Return the data with a cell, a code, a row or a whole sheet made wrong."""
    sheet = chance.choice(["indicators", "elements", "figures", "evidence"])
    rows: dict[str, Any] = dict(getattr(data, sheet))
    if not rows:
        return data
    key = chance.choice(sorted(rows))
    match chance.randrange(8):
        case 0:
            del rows[key]
        case 1:
            rows = {}
        case 2:
            code = chance.choice([key.lower(), f"{key} ", f"{key}.99", key[:-1], "A22.02", "S0", "", "１"])
            field = next(each.name for each in fields(rows[key]) if each.name in ("code", "name", "number"))
            rows[code] = replace(rows[key], **{field: code})
        case _:
            rows[key] = replace(rows[key], **_other_cells(rows[key], chance))
    changes: Mapping[str, Any] = {sheet: rows}
    return replace(data, **changes)


def _other_cells(row: Any, chance: random.Random) -> dict[str, Any]:
    names = [each.name for each in fields(row) if each.name not in ("code", "name", "number", "place")]
    chosen = chance.sample(names, min(len(names), chance.choice([1, 1, 3])))
    found: dict[str, Any] = {}
    for name in chosen:
        value = getattr(row, name)
        if isinstance(value, tuple):
            found[name] = (chance.choice(CELLS),)
        elif name == "met":
            found[name] = chance.choice([True, False, None])
        else:
            found[name] = chance.choice([chance.choice(CELLS), f"{value}{chance.choice(CELLS)}"])
    return {**found, "place": Place("资料.csv", "", chance.randrange(1, 99))}
