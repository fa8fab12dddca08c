"""The same facts in any order, twice, split into any files: the same results, those of ``assess`` and of the oracle."""

import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.office import made_up
from tests.office.arriving import arrive_in_pieces, empty
from tests.office.databases import use
from tests.office.settling import (
    FAMILY,
    accumulators,
    allow_files,
    arrive,
    assert_equals_batch,
    batch,
    enter,
    reassess,
    record,
    records_of,
    snapshot,
    stored,
)
from tests.oracle import benefit
from tests.oracle.benefit import Held
from tests.oracle.files import write_persons
from tests.oracle.worlds import World, random_world, worlds
from tuodi.office import assessing
from tuodi.office.models import County, Household, Person

SQLITE, POSTGRES = "sqlite", "postgresql"
OFFICE_AND_SEED = ("office", "seed")
EXAMPLES = {SQLITE: 20, POSTGRES: 6}
EDGE = "低保边缘家庭成员"


def _seeds(on_sqlite: int, on_postgres: int) -> list[Any]:
    """Return the cases of a test on both databases: fewer on the one that costs more."""
    server = pytest.mark.needs(POSTGRES)
    return [(SQLITE, seed) for seed in range(on_sqlite)] + [
        pytest.param(POSTGRES, seed, marks=server) for seed in range(on_postgres)
    ]


@pytest.fixture
def office(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder for files of a county on a fresh database of the kind asked for."""
    kind = {SQLITE: "sqlite_files", POSTGRES: "postgres_server"}[request.param]
    with request.getfixturevalue(kind).fresh() as config:
        use(config)
        assert connection.vendor == request.param
        made_up.county()
        allow_files(monkeypatch)
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)
        assessing.rulebook_of.cache_clear()


@pytest.mark.parametrize(OFFICE_AND_SEED, _seeds(12, 3), indirect=["office"])
def test_到达次序不影响结果_与独立算法一致(office: Path, seed: int) -> None:
    world = random_world(seed, max_persons=5, max_settlements=25)
    views = []
    for turn in range(2):
        empty(office, world)
        arrive_in_pieces(world, office, random.Random(f"{seed}-{turn}"))
        assert_equals_batch()
        views.append(snapshot())
    assert views[0] == views[1]
    _assert_agrees_with_oracle(world)


def _assert_agrees_with_oracle(world: World) -> None:
    """Hold lines and accumulators against the independent implementation."""
    answer = benefit.assess(world.policy, world.persons, world.settlements)
    lines = [line for found in answer.values() if not isinstance(found, str) for line in found]
    told = {
        (s, row["benefit"]): row["paid_amt"]
        for s, rows in stored().items()
        for row in rows
        if row["base_amt"] is not None
    }
    assert told == {(line.setl_id, line.benefit): line.paid_amt for line in lines}
    year_of = {row.setl_id: int(row.setl_time[:4]) for row in world.settlements}
    used: dict[tuple[int, str, str], int] = {}
    for line in lines:
        for kind, account, amount in (
            *((("deductible", line.deductible_account, line.deductible_used),) if line.deductible_account else ()),
            *(("cap", account, line.paid_amt) for account in line.cap_accounts),
        ):
            key = year_of[line.setl_id], kind, str(account)
            used[key] = used.get(key, 0) + amount
    stored_sums: dict[tuple[int, str, str], int] = {}
    for (_, year, kind, name, _), (amount, _) in accumulators().items():
        stored_sums[year, kind, name] = stored_sums.get((year, kind, name), 0) + amount
    assert stored_sums == used


def _search(database: str) -> Any:
    """Return a test of worlds in any order; on the database that costs more it looks at fewer of them."""

    @settings(
        max_examples=EXAMPLES[database],
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(world=worlds(max_persons=3, max_settlements=8), rng=st.randoms(use_true_random=False))
    def search(office: Path, world: World, rng: random.Random) -> None:
        empty(office, world)
        arrive_in_pieces(world, office, rng)
        assert_equals_batch()

    return pytest.mark.parametrize("office", [database], indirect=True)(search)


test_任意次序到达_结果等于整批计算 = _search(SQLITE)
test_任意次序到达_在PostgreSQL上也等于整批计算 = pytest.mark.needs(POSTGRES)(_search(POSTGRES))


# --- families that change while settlements arrive ---


@pytest.mark.parametrize(OFFICE_AND_SEED, _seeds(8, 3), indirect=["office"])
def test_家庭随时变动_每一步都等于整批计算(office: Path, seed: int) -> None:
    County.objects.update(policies=[FAMILY])
    assessing.rulebook_of.cache_clear()
    rng = random.Random(seed)
    persons, families = ("P1", "P2", "P3", "P4"), ("F1", "F2", None)
    homes = {family: Household.objects.create(family_no=family) for family in families if family}
    reassess(enter([Held(psn_no, EDGE, "2025-01-01") for psn_no in persons]))
    for turn in range(14):
        if rng.random() < 0.5:
            when = datetime(2025, rng.randint(1, 12), 1, turn)
            arrive([record(f"S{turn}", rng.choice(persons), rng.randint(100_000, 2_000_000), setl_time=when)])
        else:
            moved, family = rng.choice(persons), rng.choice(families)
            Person.objects.filter(psn_no=moved).update(household=homes.get(family))
            reassess({moved})
        assert_equals_batch()
        so_far = snapshot()
        reassess(set(persons))
        assert snapshot() == so_far


# --- several files with copies, contradictions and bad rows, against one file of them all ---


@dataclass(frozen=True)
class Row:
    """A line of a file of settlements, columns as texts."""

    setl_id: str
    psn_no: str
    setl_time: str
    inscp_scp_amt: str
    hifp_pay: str = "0"

    def cells(self) -> str:
        return (
            f"{self.setl_id},{self.psn_no},{self.setl_time},21,390,141122,141122,{self.inscp_scp_amt},{self.hifp_pay}"
        )


HEADER = "setl_id,psn_no,setl_time,med_type,insutype,insuplc_admdvs,mdtrtarea_admvs,inscp_scp_amt,hifp_pay"


def _rows(rng: random.Random) -> list[Row]:
    rows = [
        Row(
            f"S{n}",
            rng.choice(("P1", "P2", "P3", "P4")),
            f"202{rng.choice('45')}-0{rng.randint(1, 9)}-01",
            f"{rng.randint(1, 60000)}",
        )
        for n in range(rng.randint(2, 9))
    ]
    for row in rng.sample(rows, len(rows) // 3):
        change = rng.choice(({}, {"psn_no": "P4"}, {"hifp_pay": "1"}, {"setl_time": "2025-12-31"}))
        rows.append(replace(row, **change))
    if rng.random() < 0.5:
        rows.append(Row("BAD1", rng.choice(("P1", "P4")), "2024-05-01", "12.345"))
    if rng.random() < 0.3:
        rows.append(Row("BAD2", "P2", "2024-13-01", "1"))
    return rows


def _file(folder: Path, name: str, rows: list[Row]) -> Path:
    path = folder / name
    path.write_text("\n".join([HEADER, *(row.cells() for row in rows)]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(OFFICE_AND_SEED, _seeds(25, 6), indirect=["office"])
def test_分几份文件导入_等于并成一份整批计算(office: Path, seed: int) -> None:
    County.objects.update(policies=["jiaocheng-2024"])
    assessing.rulebook_of.cache_clear()
    rng = random.Random(seed)
    held = [
        Held("P1", "低保对象", "2024-01-01"),
        Held("P2", "特困人员", "2024-01-01"),
        Held("P3", "低保对象", "2024-06-01"),
    ]
    rows = _rows(rng)
    write_persons(office / "persons.csv", held)
    expected = batch(assessing.county_book(), office / "persons.csv", _file(office, "all.csv", rows))
    rng.shuffle(rows)
    cuts = sorted(rng.sample(range(len(rows) + 1), 2))
    files = [rows[: cuts[0]], rows[cuts[0] : cuts[1]], rows[cuts[1] :], rng.sample(rows, 1)]
    entered = rng.randrange(4)
    for number, piece in enumerate(files):
        if number == entered:
            reassess(enter(held))
        arrive(*records_of(_file(office, f"{number}.csv", piece)))
    assert stored() == expected
