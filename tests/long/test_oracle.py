"""Twenty thousand random worlds against the independent oracle on both engines."""

from pathlib import Path

import pytest

from tests.assessment.agreement import differences, expected_of, many_of, merged, shortened, written
from tests.assessment.runs import run
from tests.oracle.worlds import random_world

WORLDS = 20_000
WORLDS_AT_ONCE = 500
POLICIES_MERGED = 400


@pytest.mark.parametrize("first", range(100_000, 100_000 + WORLDS, WORLDS_AT_ONCE))
def test_参考引擎(first: int, tmp_path: Path) -> None:
    for seed in range(first, first + WORLDS_AT_ONCE):
        world = random_world(seed)
        book, persons, settlements = written(world, tmp_path)
        assert differences(expected_of(world), run("python", book, persons, settlements)) == [], seed


@pytest.mark.parametrize("in_time_order", [True, False], ids=["时间顺序", "乱序"])
@pytest.mark.parametrize("seed", range(200_000, 200_000 + POLICIES_MERGED))
def test_列式引擎(seed: int, in_time_order: bool, tmp_path: Path) -> None:
    parts = many_of(random_world(seed).policy, range(seed * 100, seed * 100 + 40))
    book, persons, settlements = merged(parts, tmp_path, in_time_order)
    answer = run("columnar", book, persons, settlements)
    assert differences(expected_of(*parts), answer) == []
    assert run("columnar", book, persons, settlements, brief=True).rows == shortened(answer.rows)
