"""Both engines against an independent reading of the rules, on random policies, persons and settlements."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from tests.assessment.agreement import (
    differences,
    disagreements,
    expected_of,
    many_of,
    merged,
    shortened,
    written,
)
from tests.assessment.runs import book_of, run
from tests.oracle.policies import POLICIES
from tests.oracle.worlds import World, random_world, world_of, worlds

WORLDS = 600
WORLDS_AT_ONCE = 50


@pytest.mark.parametrize("first", range(0, WORLDS, WORLDS_AT_ONCE))
def test_参考引擎与独立实现一分不差(first: int, tmp_path: Path) -> None:
    for seed in range(first, first + WORLDS_AT_ONCE):
        world = random_world(seed)
        book, persons, settlements = written(world, tmp_path)
        assert differences(expected_of(world), run("python", book, persons, settlements)) == [], seed


@pytest.mark.parametrize("seed", range(1000, 1060))
def test_列式引擎与独立实现一分不差(seed: int, tmp_path: Path) -> None:
    assert disagreements(random_world(seed), tmp_path, "columnar") == []


@pytest.mark.parametrize("in_time_order", [True, False], ids=["时间顺序", "乱序"])
@pytest.mark.parametrize("seed", range(2000, 2012))
def test_列式引擎在合并的大文件上与独立实现一分不差(seed: int, in_time_order: bool, tmp_path: Path) -> None:
    parts = many_of(random_world(seed).policy, range(seed * 100, seed * 100 + 20))
    book, persons, settlements = merged(parts, tmp_path, in_time_order)
    answer = run("columnar", book, persons, settlements)
    assert differences(expected_of(*parts), answer) == []
    assert run("columnar", book, persons, settlements, brief=True).rows == shortened(answer.rows)
    assert run("python", book, persons, settlements).rows == answer.rows
    # Told apart, or else these would be two names for one test.
    assert any("重新排序" in remark for remark in answer.summary.remarks) is not in_time_order


@pytest.mark.parametrize("policy_id", ["fukang-2024", "jiaocheng-2024", "junshan-2022", "maqiao-2024"])
def test_公布的政策与独立实现一分不差(policy_id: str, tmp_path: Path) -> None:
    parts = many_of(POLICIES[policy_id], range(40))
    _, persons, settlements = merged(parts, tmp_path)
    for engine in ("python", "columnar"):
        assert differences(expected_of(*parts), run(engine, book_of(policy_id), persons, settlements)) == []


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(world=worlds())
def test_任意的政策和结算与独立实现一分不差(world: World, tmp_path: Path) -> None:
    book, persons, settlements = written(world, tmp_path)
    assert differences(expected_of(world), run("python", book, persons, settlements)) == []


def test_比较本身能发现差别(tmp_path: Path) -> None:
    """One fen more in one settlement of the file is seen."""
    world = world_of(POLICIES["jiaocheng-2024"], 3)
    _, persons, settlements = written(world, tmp_path)
    text = settlements.read_text(encoding="utf-8-sig")
    expected = expected_of(world)
    paid = next(lines[0] for lines in expected.values() if not isinstance(lines, str) and lines[0].paid_amt)
    line = next(row for row in text.splitlines() if row.startswith(paid.setl_id + ","))
    cells = line.split(",")
    cells[text.split("\r\n")[0].split(",").index("hifp_pay")] = "0.00"
    settlements.write_text(text.replace(line, ",".join(cells)), encoding="utf-8", newline="")
    assert len(differences(expected, run("python", book_of("jiaocheng-2024"), persons, settlements))) >= 1
