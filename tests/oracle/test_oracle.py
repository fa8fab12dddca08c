"""The oracle against the checked cases and against sums done by hand; the worlds against what they promise."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings

from tests.oracle.benefit import (
    NO_IDENTITY,
    NOT_COVERED,
    REVERSED,
    Component,
    Entry,
    Held,
    Line,
    Policy,
    Settlement,
    Share,
    Tier,
    TopUp,
    assess,
    deductible,
    fen,
    insured,
)
from tests.oracle.files import read_persons, read_settlements, rows, write_world
from tests.oracle.policies import POLICIES
from tests.oracle.worlds import FEATURES, World, random_world, world_of, worlds

CASES = Path(__file__).parents[1] / "cases" / "shared"


@pytest.mark.parametrize("policy_id", ["jiaocheng-2024", "maqiao-2024", "fukang-2024", "junshan-2022"])
def test_四套核对算例逐笔一致(policy_id: str) -> None:
    folder = CASES / policy_id
    answer = assess(
        POLICIES[policy_id], read_persons(folder / "persons.csv"), read_settlements(folder / "settlements.csv")
    )
    paid = [(line.setl_id, line.benefit, line.paid_amt) for line in _lines(answer) if line.paid_amt]
    expected = [(r["setl_id"], r["benefit"], fen(r["paid_amt"])) for r in rows(folder / "expected.csv")]
    assert sorted(paid) == sorted(expected)


# --- by hand ---------------------------------------------------------------------------------------------------------


def _lines(answer: dict[str, list[Line] | str]) -> list[Line]:
    return [line for lines in answer.values() if not isinstance(lines, str) for line in lines]


def _one(entry: Entry, **more: Any) -> Policy:
    """One inpatient component for 低保对象, its accounts the person's."""
    component = replace(Component("aid", ("21",), {"低保对象": entry}, deductible_account="deductible"), **more)
    return Policy("hand", ("低保对象",), (component,), {"deductible": "person", **dict.fromkeys(entry.caps, "person")})


def _stay(day: str, left: str, **more: Any) -> Settlement:
    return replace(Settlement(f"S{day}", "P1", f"2024-{day}", "21", inscp_scp_amt=fen(left)), **more)


HELD = [Held("P1", "低保对象", "2023-01-01"), Held("P2", "低保对象", "2023-01-01")]


def _paid(policy: Policy, *stays: Settlement, persons: list[Held] = HELD) -> list[int]:
    answer = assess(policy, persons, list(reversed(stays)))
    return [sum(line.paid_amt for line in _lines({s.setl_id: answer[s.setl_id]})) for s in stays]


@pytest.mark.parametrize(
    ("第一次", "第二次", "应付"),
    [
        ("999.99", "100.00", (0, 5000)),  # 0.01 of the deductible is open: 99.99 × 0.5 = 49.995, up
        ("999.99", "100.01", (0, 5000)),
        ("1000.00", "100.00", (0, 5000)),
        ("1000.01", "100.00", (1, 5000)),  # 0.01 × 0.5: half a fen, up
    ],
)
def test_年度起付线累计(第一次: str, 第二次: str, 应付: tuple[int, int]) -> None:
    policy = _one(Entry(Fraction("0.5"), deductible=fen("1000")))
    assert _paid(policy, _stay("01-01", 第一次), _stay("01-02", 第二次)) == list(应付)


def test_按次起付线先于年度起付线且不计入() -> None:
    policy = _one(Entry(Fraction(1), deductible=fen("100"), visit_deductible=fen("30")))
    # 50: visit 30, year 20 · 150: visit 30, the year's other 80, pays 40 · 31: pays 1 · 30: pays nothing
    stays = [_stay("01-01", "50"), _stay("01-02", "150"), _stay("01-03", "31"), _stay("01-04", "30")]
    assert _paid(policy, *stays) == [0, 4000, 100, 0]


def test_按次限额先于年度限额() -> None:
    policy = _one(Entry(Fraction(1), visit_cap=fen("100"), caps={"kind": fen("250"), "all": fen("230")}))
    assert _paid(policy, *(_stay(f"01-0{n}", "120") for n in (1, 2, 3))) == [10000, 10000, 3000]


def test_每个列出的限额账户都计入_不设限的也计入() -> None:
    first = Component("a", ("11",), {"低保对象": Entry(Fraction(1), caps={"own": None, "all": fen("100")})})
    second = Component("b", ("21",), {"低保对象": Entry(Fraction(1), caps={"own": fen("80")})})
    policy = Policy("hand", ("低保对象",), (first, second), {"own": "person", "all": "person"})
    # 70 into both accounts though "own" has no cap for a; then b has 80 − 70 left; a has 100 − 70, b's pay is not in it
    stays = [_stay("01-01", "70", med_type="11"), _stay("01-02", "50"), _stay("01-03", "50", med_type="11")]
    assert _paid(policy, *stays) == [7000, 1000, 3000]


def test_分段比例_段界含上限_被限额截断的仍全额累计_合计后一次四舍五入() -> None:
    tiers = (Tier(fen("100"), Fraction("0.5")), Tier(fen("200"), Fraction("0.25")), Tier(None, Fraction("0.1")))
    policy = _one(Entry(tiers=tiers, deductible=fen("10"), visit_cap=fen("40")))
    # 10 + 100.01: 50 + 0.0025 = 50.0025, capped at 40; running sum 100.01
    # 99.99: 24.9975 → 25.00, running sum exactly 200 · 0.05: 0.005 → 0.01
    stays = [_stay("01-01", "110.01"), _stay("01-02", "99.99"), _stay("01-03", "0.05")]
    assert _paid(policy, *stays) == [4000, 2500, 1]


def test_各段之和只四舍五入一次() -> None:
    tiers = (Tier(1, Fraction("0.5")), Tier(None, Fraction("0.5")))
    assert _paid(_one(Entry(tiers=tiers)), _stay("01-01", "0.02")) == [1]  # not 0.005 → 0.01 twice


def test_同一次结算中两项待遇共用账户_后者看到前者所用() -> None:
    entry = Entry(Fraction("0.5"), deductible=fen("100"), caps={"cap": fen("120")})
    first = Component("a", ("21",), {"低保对象": entry}, deductible_account="d")
    policy = Policy("hand", ("低保对象",), (first, replace(first, code="b")), {"d": "person", "cap": "person"})
    # a: 300 − 100 = 200, half 100 · b: 200 left, no deductible any more, half 100, the cap has 20 left
    lines = _lines(assess(policy, HELD, [_stay("01-01", "300")]))
    assert [(x.deductible_used, x.raw_amt, x.cap_left_before, x.paid_amt) for x in lines] == [
        (10000, 10000, 12000, 10000),
        (0, 10000, 2000, 2000),
    ]


def test_以起付线为基数时不超过剩余自付() -> None:
    policy = _one(Entry(Fraction(1), deductible=fen("50")), base="deductible")
    line = _lines(assess(policy, HELD, [_stay("01-01", "100", hifp_pay=3000, act_pay_dedc=8000)]))[0]
    assert (line.base_amt, line.deductible_used, line.paid_amt) == (7000, 5000, 2000)


def test_按医院级别() -> None:
    policy = _one(Entry(by_level={"1": Fraction("0.85"), "其他": Fraction("0.75")}))
    assert _paid(policy, _stay("01-01", "100", hosp_lv="1"), _stay("01-02", "100", hosp_lv="")) == [8500, 7500]


def test_家庭账户按家庭累计_先后按时间不按人() -> None:
    policy = _one(Entry(Fraction(1), deductible=fen("100"), caps={"cap": fen("150")}))
    family = replace(policy, accounts={"deductible": "family", "cap": "family"})
    stays = [_stay("01-01", "90"), _stay("01-02", "60", psn_no="P2"), _stay("01-03", "200")]
    together = [replace(h, family_no="F1") for h in HELD]
    assert _paid(policy, *stays, persons=together) == [0, 0, 15000]  # each for himself: 200 − 10 = 190, cap 150
    assert _paid(family, *stays, persons=together) == [0, 5000, 10000]
    assert _paid(family, *stays) == [0, 0, 15000]  # no family_no: alone


@pytest.mark.parametrize(
    ("参保地", "就医地", "应付"),
    [("141122", "140101", 70000), ("141122", "110108", 40000), ("14", "14", 70000), ("1", "1", 40000), ("", "", 40000)],
)
def test_兜底到九成(参保地: str, 就医地: str, 应付: int) -> None:
    top_up = TopUp(("低保对象",), Fraction("0.90"))
    policy = _one(Entry(Fraction("0.5")), top_up=top_up)
    # scope 1000, insured 200: half of 800 is 400, up to 90 % is 900 − 200 = 700
    stay = _stay("01-01", "1000", hifp_pay=fen("200"), insuplc_admdvs=参保地, mdtrtarea_admvs=就医地)
    assert _paid(policy, stay) == [应付]


def test_兜底扣除先付的待遇_起付线照样用掉_不超限额() -> None:
    first = Component("a", ("21",), {"低保对象": Entry(Fraction("0.1"))})
    top_up = TopUp(("低保对象",), Fraction("0.90"), own_province_only=False)
    entry = Entry(Fraction("0.5"), deductible=fen("600"), caps={"cap": fen("1000")})
    second = Component("b", ("21",), {"低保对象": entry}, deductible_account="d", top_up=top_up)
    policy = Policy("hand", ("低保对象",), (first, second), {"d": "person", "cap": "person"})
    answer = assess(policy, HELD, [_stay("01-01", "1000"), _stay("01-02", "1000")])
    # a pays 100; b: 900 − 100 = 800, the deductible of 600 used up; next time 1000 − 800 = 200 are left under the cap
    b = [(x.deductible_used, x.raw_amt, x.cap_left_before, x.paid_amt) for x in _lines(answer) if x.benefit == "b"]
    assert b == [(60000, 80000, 100000, 80000), (0, 80000, 20000, 20000)]


@pytest.mark.parametrize(
    ("base", "应付"), [("remaining", 4000), ("deductible", 1500), ("scope", 5000), ("cash", 600), ("total", 6000)]
)
def test_计算基数(base: str, 应付: int) -> None:
    stay = _stay("01-01", "100", hifp_pay=2000, act_pay_dedc=3000, psn_cash_pay=1200, medfee_sumamt=12000, maf_pay=7777)
    assert _paid(_one(Entry(Fraction("0.5")), base=base), stay) == [应付]


def test_收入比例起付线四舍五入到分() -> None:
    policy = replace(_one(Entry(Fraction(1))), figures={"income": 100004})
    assert deductible(policy, Entry(Fraction(1), deductible=Share(Fraction("0.125"), "income"))) == 12501


def test_不救助的原因_冲销的不占账户() -> None:
    policy = _one(Entry(Fraction(1), deductible=fen("100")))
    answer = assess(
        policy,
        HELD,
        [
            _stay("01-01", "100", refd_setl_flag="1"),
            _stay("01-02", "100", med_type="11"),
            _stay("01-03", "100", psn_no="nobody"),
            _stay("01-04", "150"),
        ],
    )
    assert (answer["S01-01"], answer["S01-02"], answer["S01-03"]) == (REVERSED, NOT_COVERED, NO_IDENTITY)
    assert [(line.deductible_used, line.paid_amt) for line in _lines(answer)] == [(10000, 5000)]


def test_身份首末两日都算_就高不就低_换身份保留已用起付线() -> None:
    high = Entry(Fraction(1), deductible=fen("100"))
    low = Entry(Fraction("0.5"), deductible=fen("300"))
    component = Component("aid", ("21",), {"特困人员": high, "低保对象": low}, deductible_account="d")
    policy = Policy("hand", ("特困人员", "低保对象"), (component,), {"d": "person"})
    held = [
        Held("P1", "低保对象", "2023-01-01", "2024-12-31 00:00:00"),
        Held("P1", "特困人员", "2024-01-02 23:59:59", "2024-01-03 00:00:00"),
    ]
    days = ("01-01", "01-02 00:00:00", "01-03 23:59:59", "01-04")
    # low: 50 of 300 · high: the other 50 of 100, pays 10 · high: all · low: 300 − 100 used, 220 − 200 = 20, half
    stays = [_stay(day, left) for day, left in zip(days, ("50", "60", "60", "220"), strict=True)]
    assert _paid(policy, *stays, persons=held) == [0, 1000, 6000, 1000]


def test_同一时刻按编号的字节_跨年清零_时区先换算() -> None:
    policy = _one(Entry(Fraction(1), caps={"cap": 100}))
    stays = [
        Settlement(i, "P1", t, "21", inscp_scp_amt=100)
        for i, t in (("a", "2024-12-31"), ("S9", "2024-12-31"), ("S10", "2024-12-31"), ("z", "2024-12-31T16:00:00Z"))
    ]
    assert _paid(policy, *stays) == [0, 0, 100, 100]  # S10 < S9 < a; 16:00 UTC is already the next year


# --- the worlds ------------------------------------------------------------------------------------------------------


def _holds(world: World) -> None:
    """What is true of every assessment, whatever the policy."""
    answer = assess(world.policy, world.persons, world.settlements)
    assert set(answer) == {s.setl_id for s in world.settlements}
    for s in world.settlements:
        lines = answer[s.setl_id]
        if not isinstance(lines, str):
            assert sum(line.paid_amt for line in lines) <= max(0, s.inscp_scp_amt - insured(s))
            for line in lines:
                assert 0 <= line.paid_amt <= line.raw_amt
                assert line.cap_left_before is None or line.paid_amt <= line.cap_left_before
                assert 0 <= line.deductible_used <= line.base_amt


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(worlds())
def test_任意政策下的不变量(world: World) -> None:
    _holds(world)


@pytest.mark.parametrize("policy_id", POLICIES)
def test_五项政策的随机人群(policy_id: str) -> None:
    _holds(world_of(POLICIES[policy_id], 1))


def test_同一种子同一世界() -> None:
    assert random_world(7) == random_world(7) != random_world(8)


def test_随机世界各种情形都出现() -> None:
    seen: Counter[str] = Counter()
    for seed in range(60):
        world = random_world(seed)
        answer = assess(world.policy, world.persons, world.settlements)
        entries = {(c.code, name): e for c in world.policy.components for name, e in c.table.items()}
        seen.update(reason for reason in answer.values() if isinstance(reason, str))
        seen.update(f"owner {owner}" for owner in world.policy.accounts.values())
        seen.update(f"base {c.base}" for c in world.policy.components)
        for line in _lines(answer):
            entry = entries[line.benefit, line.identity]
            first = deductible(world.policy, entry)
            seen["paid"] += line.paid_amt > 0
            seen["topped up"] += line.topped_up
            seen["tiers"] += bool(entry.tiers) and line.paid_amt > 0
            seen["levels"] += bool(entry.by_level) and line.paid_amt > 0
            seen["two caps"] += sum(cap is not None for cap in entry.caps.values()) > 1
            seen["visit deductible and year's"] += line.visit_deductible_used > 0 and line.deductible_used > 0
            seen["visit cap cuts"] += entry.visit_cap is not None and line.paid_amt == entry.visit_cap < line.raw_amt
            seen["deductible in parts"] += 0 < line.deductible_used < first
            seen["exactly the deductible"] += 0 < line.deductible_used == line.base_amt - line.visit_deductible_used
            if line.cap_left_before:
                seen["one fen below the cap"] += line.raw_amt == line.cap_left_before - 1
                seen["at the cap"] += line.raw_amt == line.cap_left_before
                seen["one fen above the cap"] += line.raw_amt == line.cap_left_before + 1
            seen["cap exhausted"] += line.cap_left_before == 0
        for s in world.settlements:
            seen["insurers paid more"] += insured(s) > s.inscp_scp_amt >= 0
            seen["negative mirror"] += s.inscp_scp_amt < 0
        moments = Counter((s.psn_no, s.setl_time) for s in world.settlements)
        seen["same time"] += sum(n - 1 for n in moments.values())
    wanted = {
        *(REVERSED, NO_IDENTITY, NOT_COVERED, "owner person", "owner family", "paid", "topped up", "tiers", "levels"),
        *("base remaining", "base deductible", "base scope", "base cash", "base total", "two caps", "same time"),
        *("visit deductible and year's", "visit cap cuts", "deductible in parts", "exactly the deductible"),
        *("one fen below the cap", "at the cap", "one fen above the cap", "cap exhausted", "insurers paid more"),
        "negative mirror",
    }
    assert {name: seen[name] for name in wanted if seen[name] < 5} == {}


def test_可以关掉一种情形() -> None:
    for seed in range(40):
        policy = random_world(seed, without=FEATURES).policy
        assert "family" not in policy.accounts.values()
        for component in policy.components:
            assert (component.base, component.insurance, component.top_up) == ("remaining", (), None)
            for e in component.table.values():
                assert (e.tiers, e.by_level, e.visit_deductible, e.visit_cap) == ((), {}, 0, None)


def test_写出的文件读回不变(tmp_path: Path) -> None:
    for seed in range(20):
        world = random_world(seed)
        policy, persons, settlements = write_world(world, tmp_path)
        assert read_persons(persons) == world.persons
        assert read_settlements(settlements) == world.settlements
        document = yaml.safe_load(policy.read_text(encoding="utf-8"))
        assert [i["name"] for i in document["identities"]] == list(world.policy.precedence)
        assert {n: a["owner"] for n, a in document.get("accounts", {}).items()} == world.policy.accounts
        for written, component in zip(document["components"], world.policy.components, strict=True):
            assert (written["code"], tuple(written["kinds"])) == (component.code, component.kinds)
            for name, entry in component.table.items():
                _same_cell(written["table"][name], entry)


def _same_cell(cell: dict[str, Any], entry: Entry) -> None:
    """The written cell, read word by word, is the entry again."""

    def amount(text: object) -> int | None:
        return None if text == "none" else fen(str(text))

    given_deductible = cell.get("deductible", "0")
    again = Entry(
        ratio=Fraction(str(cell["ratio"])) if "ratio" in cell else None,
        tiers=tuple(Tier(amount(t["upto"]), Fraction(t["ratio"])) for t in cell.get("tiers", ())),
        by_level={level: Fraction(ratio) for level, ratio in cell.get("by_level", {}).items()},
        deductible=Share(Fraction(given_deductible["share"]), given_deductible["of"])
        if isinstance(given_deductible, dict)
        else fen(str(given_deductible)),
        visit_deductible=fen(str(cell.get("visit_deductible", "0"))),
        visit_cap=fen(str(cell["visit_cap"])) if "visit_cap" in cell else None,
        caps={name: amount(cap) for name, cap in cell.get("caps", {}).items()},
    )
    assert again == entry
