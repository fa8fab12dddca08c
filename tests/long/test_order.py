"""Facts arriving in any order, in pieces and again: the same results as all at once, on both databases."""

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.long.sizes import size
from tests.office import made_up
from tests.office.arriving import arrive_in_pieces, empty
from tests.office.settling import allow_files, assert_equals_batch, snapshot
from tests.oracle.worlds import World, worlds
from tuodi.office import assessing

SEARCH = settings(
    max_examples=size(1000),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def office(both_databases: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    made_up.county()
    allow_files(monkeypatch)
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)
    assessing.rulebook_of.cache_clear()


@SEARCH
@given(world=worlds(max_persons=4, max_settlements=12), rng=st.randoms(use_true_random=False))
def test_任意次序到达_两次都等于整批计算(office: Path, world: World, rng: random.Random) -> None:
    views = []
    for _ in range(2):
        empty(office, world)
        arrive_in_pieces(world, office, rng)
        assert_equals_batch()
        views.append(snapshot())
    assert views[0] == views[1]
