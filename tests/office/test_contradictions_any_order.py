"""Contradicting rows in any order, decided at once or at the end: always what ``assess`` says of the facts decided."""

import random
from datetime import datetime
from typing import Any

import pytest

from tests.office import made_up
from tests.office.databases import SqliteFiles, use
from tests.office.settling import (
    arrive,
    assert_equals_batch,
    clerk,
    enter,
    keep_recorded,
    reassess,
    record,
    settle,
    snapshot,
    use_other,
)
from tests.oracle.benefit import Held
from tuodi.intake.settlements import Record
from tuodi.office.checking import differences
from tuodi.office.models import Contradiction, Settlement, Withheld
from tuodi.office.queries.contradictions import disputes

PERSONS = ("P1", "P2", "P3")
HELD = [
    Held("P1", "低保对象", "2024-01-01"),
    Held("P2", "特困人员", "2024-01-01"),
    Held("P3", "低保对象", "2024-06-01"),
]


def _versions(rng: random.Random, setl_id: str) -> list[dict[str, Any]]:
    """Return one to three different rows of one settlement."""
    moment = datetime(rng.choice((2024, 2025)), rng.randint(1, 12), rng.randint(1, 28), rng.randint(0, 23))
    first = {"psn_no": rng.choice(PERSONS), "setl_time": moment, "scope": rng.randint(1, 90000) * 100, "hifp_pay": 0}
    found = [{"setl_id": setl_id, **first}]
    for _ in range(rng.choice((0, 0, 1, 2))):
        change = rng.choice(
            (
                {"psn_no": rng.choice((*PERSONS, "X9"))},
                {"hifp_pay": rng.randint(1, 500) * 100},
                {"setl_time": moment.replace(year=4049 - moment.year)},
            )
        )
        other = {**rng.choice(found), **change}
        if other not in found:
            found.append(other)
    return found


class World:
    """What comes, and which row of each settlement is right; a right row may come reversed as well."""

    def __init__(self, seed: int) -> None:
        rng = random.Random(seed)
        self.right: dict[str, dict[str, Any]] = {}
        self.reversed: set[str] = set()
        self.rows: list[Record] = []
        for number in range(rng.randint(3, 7)):
            versions = _versions(rng, f"S{number}")
            right = rng.choice(versions)
            self.right[f"S{number}"] = right
            for each in versions:
                self.rows.append(record(**each))
                if rng.random() < 0.25:
                    self.rows.append(record(**each, reversed=True))
                    if each is right:
                        self.reversed.add(f"S{number}")
        self.rows += rng.sample(self.rows, len(self.rows) // 3)

    def decide(self) -> None:
        """Decide what can be decided: where the right row is one of the two."""
        while any(self._decide(dispute) for dispute in disputes(Contradiction.objects.filter(state="open"))):
            pass

    def _decide(self, dispute: Any) -> bool:
        right = self.right[dispute.contradiction.setl_id]
        names = ("psn_no", "hifp_pay", "setl_time")
        wanted = [str(right[name]) for name in names]
        if [str(dispute.other[name]) for name in names] == wanted:
            use_other(dispute)
        elif [str(dispute.before[name]) for name in names] == wanted:
            keep_recorded(dispute)
        else:
            return False
        return True


def _arrive(world: World, rng: random.Random) -> None:
    rows = list(world.rows)
    rng.shuffle(rows)
    entered = rng.randrange(len(rows))
    for number, row in enumerate(rows):
        if number == entered:
            reassess(enter(HELD))
        if rng.random() < 0.3:
            settle(clerk(), [row])
        else:
            arrive([row])
        if rng.random() < 0.3:
            world.decide()
    world.decide()


@pytest.mark.parametrize("seed", range(12))
def test_任意次序到达和核对_结果等于按核对后的事实整批计算(seed: int, sqlite_files: SqliteFiles) -> None:
    world, views = World(seed), []
    for turn in range(2):
        with sqlite_files.fresh() as config:
            use(config)
            made_up.county()
            _arrive(world, random.Random(f"{seed}-{turn}"))
            assert not Withheld.objects.filter(ended_at__isnull=True).exists()
            stored = {
                row.setl_id: (row.psn_no, row.setl_time, row.hifp_pay, row.refd_setl_flag)
                for row in Settlement.objects.all()
            }
            assert stored == {
                setl_id: (right["psn_no"], right["setl_time"], right["hifp_pay"], setl_id in world.reversed)
                for setl_id, right in world.right.items()
            }
            assert_equals_batch()
            assert list(differences()) == []
            views.append(snapshot())
    assert views[0] == views[1]
