"""The columnar engine with so little room that a few hundred rows need several batches, parts and runs on disk.

Whatever it spills, splits and sorts, the answer must be the reference engine's, in rows, findings and totals.
"""

import random
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.assessment.agreement import differences, expected_of, many_of, merged, shortened
from tests.assessment.runs import ENGINE_NAMES, Answer, book_of, run
from tests.intake.written import write_csv, write_parquet, write_xlsx
from tests.oracle.files import rows as rows_of_file
from tests.oracle.policies import POLICIES
from tests.oracle.worlds import World, random_world
from tuodi.assessment.columnar import order, rows, source
from tuodi.assessment.rulebook import Rulebook

WRITERS = {"csv": write_csv, "parquet": write_parquet, "xlsx": write_xlsx}
HEADER = ["setl_id", "psn_no", "setl_time", "med_type", "inscp_scp_amt", "hifp_pay", "refd_setl_flag"]


@pytest.fixture
def little_room(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = (
        (source, "BATCH_ROWS", 7),
        (source, "_CSV_BLOCK_BYTES", 3000),
        (order, "ROWS_IN_MEMORY", 40),
        (order, "ROWS_OF_A_BATCH", 6),
        (rows, "ROWS_OF_A_PART", 50),
        (rows, "MOST_PARTS", 4),
        (rows, "LISTED_AT_ONCE", 11),
    )
    for module, name, limit in limits:
        assert hasattr(module, name)
        monkeypatch.setattr(module, name, limit)


@pytest.fixture(autouse=True)
def nothing_left_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Whatever was spilled is removed in the end."""
    folder = tmp_path / "spilled"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield
    assert list(folder.iterdir()) == []


def same_answer(book: Rulebook, persons: Path, settlements: Path) -> Answer:
    """Return the columnar answer, which must be the reference engine's."""
    python, columnar = (run(engine, book, persons, settlements) for engine in ENGINE_NAMES)
    assert columnar.rows == python.rows
    assert columnar.told == python.told
    assert columnar.refused == python.refused
    for total in ("settlements", "outcomes", "withheld", "paid_settlements", "paid_fen", "paid_by_component"):
        assert getattr(columnar.summary, total) == getattr(python.summary, total), total
    assert run("columnar", book, persons, settlements, brief=True).rows == shortened(python.rows)
    return columnar


def rewritten(path: Path, form: str) -> Path:
    table = rows_of_file(path)
    cells = [list(table[0]), *(list(row.values()) for row in table)]
    return WRITERS[form](path.with_suffix(f".{form}"), cells)


def with_families() -> list[World]:
    """Merged worlds of a policy with at least one account that belongs to the family."""
    for seed in range(3000, 3100):
        policy = random_world(seed).policy
        if "family" in policy.accounts.values():
            return many_of(policy, range(seed, seed + 12))
    raise AssertionError("no such policy")


@pytest.mark.usefixtures("little_room")
@pytest.mark.parametrize("in_time_order", [True, False], ids=["时间顺序", "乱序"])
@pytest.mark.parametrize("form", ["csv", "parquet", "xlsx"])
@pytest.mark.parametrize("which", ["家庭账户", "交城"])
def test_地方很小也一分不差(which: str, form: str, in_time_order: bool, tmp_path: Path) -> None:
    parts = with_families() if which == "家庭账户" else many_of(POLICIES["jiaocheng-2024"], range(12))
    book, persons, settlements = merged(parts, tmp_path, in_time_order)
    if which == "交城":
        book = book_of("jiaocheng-2024")
    if form != "csv":
        persons, settlements = rewritten(persons, form), rewritten(settlements, form)
    answer = same_answer(book, persons, settlements)
    assert len(answer.rows) > 300, "too few rows for several runs"
    assert differences(expected_of(*parts), answer) == []


@pytest.mark.usefixtures("little_room")
def test_确实用了几批_几份_几段(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without this the tests above could pass with nothing spilled."""
    seen: dict[str, list[int]] = {"runs": [], "parts": [], "batches": []}
    spill, add, batches = order.SortedRows._spill, order.Parts.__init__, source.ArrowFile.batches

    def counted_spill(self: order.SortedRows) -> None:
        seen["runs"].append(self._rows)
        spill(self)

    def counted_parts(self: order.Parts, schema: object, count: int) -> None:
        seen["parts"].append(count)
        add(self, schema, count)

    def counted_batches(self: source.ArrowFile) -> Iterator[object]:
        for number, batch in batches(self):
            seen["batches"].append(batch.num_rows)
            yield number, batch

    monkeypatch.setattr(order.SortedRows, "_spill", counted_spill)
    monkeypatch.setattr(order.Parts, "__init__", counted_parts)
    monkeypatch.setattr(source.ArrowFile, "batches", counted_batches)
    book, persons, settlements = merged(with_families(), tmp_path)
    run("columnar", book, persons, rewritten(settlements, "parquet"))
    assert len(seen["runs"]) > 3
    assert max(seen["parts"]) == 4
    assert len(seen["batches"]) > 20


FAMILY = [["psn_no", "identity", "begntime", "family_no"]] + [
    [person, "低保边缘家庭成员", "2020-01-01", family]
    for person, family in (("甲", "F1"), ("乙", "F1"), ("丙", "F2"), ("丁", ""))
]


@pytest.mark.parametrize("rows_of_a_batch", [1, 2, 3, 100])
@pytest.mark.parametrize("form", ["parquet", "csv"])
@pytest.mark.parametrize("turned", ["按编号", "倒过来", "打乱"])
def test_同一时刻的结算跨批按编号先后(
    turned: str, form: str, rows_of_a_batch: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(source, "BATCH_ROWS", rows_of_a_batch)
    monkeypatch.setattr(source, "_CSV_BLOCK_BYTES", 90 * rows_of_a_batch)
    people = ["甲", "乙", "甲", "丙", "乙", "丁", "甲", "丙"]
    facts = [
        [f"S{n:02d}", person, "2025-05-10 08:00:00", "21", "2000.00", "0.00", "0"] for n, person in enumerate(people)
    ]
    if turned == "倒过来":
        facts.reverse()
    elif turned == "打乱":
        random.Random(3).shuffle(facts)
    persons = WRITERS[form](tmp_path / f"p.{form}", FAMILY)
    settlements = WRITERS[form](tmp_path / f"s.{form}", [HEADER, *facts])
    answer = same_answer(book_of("shili-family"), persons, settlements)
    # 甲、乙 share 5000: 甲 2000, 乙 2000, 甲 the last 1000 and 60 % of 1000; from then on 60 % of 2000.
    assert {row["setl_id"]: row["paid_amt"] for row in answer.rows} == {
        "S00": 0, "S01": 0, "S02": 60000, "S03": 0, "S04": 120000, "S05": 0, "S06": 120000, "S07": 0,
    }  # fmt: skip


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_乱序的结算说明已重新排序_时间顺序的不说(form: str, tmp_path: Path) -> None:
    facts = [[f"S{n}", "甲", f"2025-05-{n + 10}", "21", "2000.00", "0.00", "0"] for n in range(5)]
    persons = WRITERS[form](tmp_path / f"p.{form}", FAMILY)
    book = book_of("shili-family")
    for rows_, told in ((facts, False), (facts[::-1], True), ([facts[0], facts[2], facts[1]], True)):
        settlements = WRITERS[form](tmp_path / f"s.{form}", [HEADER, *rows_])
        answer = same_answer(book, persons, settlements)
        assert any("重新排序" in remark for remark in answer.summary.remarks) is told


def test_不同人之间的先后不算乱序(tmp_path: Path) -> None:
    """Only the order inside an owner matters: a file sorted by person need not be split."""
    facts = [
        [f"{person}{n}", person, f"2025-05-{n + 10}", "21", "2000.00", "0.00", "0"]
        for person in ("丁", "丙")
        for n in range(5)
    ]
    persons = write_csv(tmp_path / "p.csv", FAMILY)
    answer = same_answer(book_of("shili-family"), persons, write_csv(tmp_path / "s.csv", [HEADER, *facts]))
    assert answer.summary.remarks == []


def row(setl_id: str, psn_no: str, day: int, scope: str = "6000.00", **more: str) -> list[str]:
    cells = {"setl_id": setl_id, "psn_no": psn_no, "setl_time": f"2025-05-{day:02d}", "med_type": "21",
             "inscp_scp_amt": scope, "hifp_pay": "0.00", "refd_setl_flag": "0"}  # fmt: skip
    return [{**cells, **more}[name] for name in HEADER]


DUPLICATES = {
    "相同的相隔很远": ([row("S1", "甲", 1), *(row(f"X{n}", "丁", n) for n in range(2, 20)), row("S1", "甲", 1)], 1),
    "相同的相邻": ([row("S1", "甲", 1), row("S1", "甲", 1), row("S2", "甲", 2)], 1),
    "三行都相同": ([row("S1", "甲", 1), row("S1", "甲", 1), row("S2", "乙", 2), row("S1", "甲", 1)], 1),
    "写法不同而意思相同": ([row("S1", "甲", 1), row("S2", "乙", 2), row("S1", "甲", 1, "6000.0")], 1),
    "金额不同": ([row("S1", "甲", 1), row("S2", "乙", 2), row("S3", "丙", 3), row("S1", "甲", 1, "6000.01")], 2),
    "人不同": ([row("S1", "甲", 1), row("S2", "乙", 2), row("S3", "丙", 3), row("S1", "丁", 1)], 2),
    "一行是错误行": ([row("S1", "甲", 1), row("S2", "乙", 2), row("S3", "丙", 3), row("S1", "甲", 1, "６０００")], 2),
    "前一行是错误行": ([row("S1", "丁", 1, "六千"), row("S2", "乙", 2), row("S3", "丙", 3), row("S1", "丙", 4)], 2),
    "两行都是错误行": ([row("S1", "丁", 1, "六千"), row("S2", "乙", 2), row("S1", "丙", 4, "")], 2),
    "冲正的与原来的": ([row("S1", "甲", 1), row("S2", "乙", 2), row("S1", "甲", 1, refd_setl_flag="1")], 2),
    "冲正的两行相同": (
        [row("S1", "甲", 1, refd_setl_flag="1"), row("S2", "乙", 2), row("S1", "甲", 1, refd_setl_flag="1")],
        1,
    ),
    "带撇号的与不带的": ([row("S1", "甲", 1), row("S2", "乙", 2), row("'S1", "甲", 1)], 1),
    "不在名册的人": ([row("S1", "路人", 1), row("S2", "乙", 2), row("S1", "路人", 1, "1.00"), row("S4", "路人", 5)], 2),
}


@pytest.mark.parametrize("rows_of_a_batch", [1, 2, 1000])
@pytest.mark.parametrize("form", ["parquet", "csv"])
@pytest.mark.parametrize("name", DUPLICATES)
def test_结算编号重复(
    name: str, form: str, rows_of_a_batch: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(source, "BATCH_ROWS", rows_of_a_batch)
    monkeypatch.setattr(source, "_CSV_BLOCK_BYTES", 100 * rows_of_a_batch)
    facts, expected = DUPLICATES[name]
    persons = WRITERS[form](tmp_path / f"p.{form}", FAMILY)
    settlements = WRITERS[form](tmp_path / f"s.{form}", [HEADER, *facts])
    for book in (book_of("shili-family"), book_of("shili-second-layer")):
        if book.needed_fields:
            continue
        answer = same_answer(book, persons, settlements)
        assert len([f for f in answer.findings if "setl-id" in f.rule or f.is_error]) >= expected


def test_同一结算编号只计一次(tmp_path: Path) -> None:
    facts, _ = DUPLICATES["三行都相同"]
    persons = write_csv(tmp_path / "p.csv", FAMILY)
    answer = same_answer(book_of("shili-family"), persons, write_csv(tmp_path / "s.csv", [HEADER, *facts]))
    assert [(r["setl_id"], r["paid_amt"]) for r in answer.rows] == [("S1", 60000), ("S2", 360000)]


def test_编号相同内容不同的_两个人当年都不算(tmp_path: Path) -> None:
    facts, _ = DUPLICATES["人不同"]
    persons = write_csv(tmp_path / "p.csv", FAMILY)
    answer = same_answer(book_of("shili-family"), persons, write_csv(tmp_path / "s.csv", [HEADER, *facts]))
    assert [r["setl_id"] for r in answer.rows] == ["S3"], "乙 is of 甲's family"


@pytest.mark.usefixtures("little_room")
def test_重复和错误散在各批里(tmp_path: Path) -> None:
    parts = many_of(POLICIES["jiaocheng-2024"], range(20, 32))
    facts = [s for world in parts for s in world.settlements]
    chosen = random.Random(5).sample(facts, 30)
    again = [*chosen[:10], *(replace(s, hifp_pay=s.hifp_pay + 1) for s in chosen[10:15])]
    mixed = World(parts[0].policy, [h for w in parts for h in w.persons], [*facts, *again])
    _, persons, settlements = merged([mixed], tmp_path)
    text = settlements.read_text(encoding="utf-8-sig")
    for s in chosen[15:20]:
        text = text.replace(f"\n{s.setl_id},", f"\n{s.setl_id} ,")  # a blank: intake trims it
    for s in chosen[20:25]:
        text = text.replace(f"\n{s.setl_id},{s.psn_no},", f"\n{s.setl_id},{s.psn_no},二〇二四")
    settlements.write_text(text, encoding="utf-8", newline="")
    answer = same_answer(book_of("jiaocheng-2024"), persons, settlements)
    assert answer.summary.withheld > 20
    assert len([f for f in answer.findings if f.is_error]) >= 15
