"""The checked-in sample county: its size is Jiaocheng's, its people are nobody, its generator gives the same bytes.

The counts of assisted visits come from the oracle, which shares no code with the product or the generator.
"""

import csv
import importlib
import re
import sys
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

import pytest

from tests.oracle.benefit import Held, assess
from tests.oracle.files import read_persons, read_settlements
from tests.oracle.policies import JIAOCHENG_2024

COUNTY = Path(__file__).parents[2] / "examples" / "sample-county"
REVIEW_LIMIT = 3_000_000
FICTIONAL_REGIONS = {"149901", "149801", "619901"}
FILES = ("roster.csv", "settlements.csv", "enrolments.csv", "with-errors/roster.csv", "with-errors/settlements.csv")
SAME_AS = {
    "农村低保对象": "低保对象",
    "特困供养人员": "特困人员",
    "脱贫不稳定人口": "监测对象",
    "边缘易致贫人口": "监测对象",
    "边缘易致贫户": "监测对象",
}
SUBSIDISED = {"特困人员": 38000, "返贫致贫人口": 34200, "低保对象": 30400, "监测对象": 28000}
"""Fen of a premium of 380 yuan, by hand: whole, 90 %, 80 %, a fixed 280."""


@cache
def rows(name: str) -> list[dict[str, str]]:
    with (COUNTY / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@cache
def due_by_oracle() -> dict[str, tuple[str, int]]:
    """Kind of care and assistance in fen for each settlement that has lines, person by person."""
    held = defaultdict(list)
    for h in read_persons(COUNTY / "roster.csv"):
        held[h.psn_no].append(Held(h.psn_no, SAME_AS.get(h.identity, h.identity), h.begntime, h.endtime))
    settlements = defaultdict(list)
    for s in read_settlements(COUNTY / "settlements.csv"):
        settlements[s.psn_no].append(s)
    due = {}
    for psn_no, of_person in settlements.items():
        kind = {s.setl_id: s.med_type for s in of_person}
        for setl_id, lines in assess(JIAOCHENG_2024, held[psn_no], of_person).items():
            if not isinstance(lines, str):
                due[setl_id] = (kind[setl_id], sum(line.paid_amt for line in lines))
    return due


def test_花名册_二万七千二百二十五人_各有不同的证件号码() -> None:
    persons = {row["psn_no"]: row["certno"] for row in rows("roster.csv")}
    assert len(persons) == 27_225
    assert len(set(persons.values())) == 27_225
    assert {row["psn_no"]: row["certno"] for row in reversed(rows("roster.csv"))} == persons


def test_住院三千二百九十七人次_门诊七千九百五十八人次() -> None:
    assisted = Counter("住院" if kind == "21" else "门诊" for kind, paid in due_by_oracle().values() if paid > 0)
    assert assisted == {"住院": 3297, "门诊": 7958}


def test_救助金额与公布数同一数量级() -> None:
    amounts: Counter[str] = Counter()
    for kind, paid in due_by_oracle().values():
        amounts["住院" if kind == "21" else "门诊"] += paid
    assert 4_800_000_00 < amounts["住院"] < 5_900_000_00
    assert 330_000_00 < amounts["门诊"] < 410_000_00


def test_资助参保一万一千五百一十四人_金额同一数量级() -> None:
    best: dict[str, int] = defaultdict(int)
    for row in rows("enrolments.csv"):
        assert row["premium"] == "380.00"
        identity = SAME_AS.get(row["identity"], row["identity"])
        best[row["psn_no"]] = max(best[row["psn_no"]], SUBSIDISED.get(identity, 0))
    assert sum(1 for amount in best.values() if amount > 0) == 11_514
    assert sum(1 for amount in best.values() if amount == 0) > 0
    assert 3_300_000_00 < sum(best.values()) < 3_800_000_00


def test_平台已付数与应得数不符的人次如计划() -> None:
    due = due_by_oracle()
    told = Counter()
    for row in {row["setl_id"]: row for row in rows("settlements.csv")}.values():
        paid, owed = int(row["maf_pay"].replace(".", "")), due.get(row["setl_id"], ("", 0))[1]
        if paid != owed:
            told["missed" if paid == 0 else "under" if paid < owed else "over"] += 1
    assert told == {"missed": 38, "under": 15, "over": 9}


def test_账单各部分相加等于总额() -> None:
    def fen(row: dict[str, str], *columns: str) -> int:
        return sum(int(row[column].replace(".", "")) for column in columns)

    for row in rows("settlements.csv"):
        parts = fen(row, "fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt", "inscp_scp_amt")
        payers = fen(row, "hifp_pay", "hifmi_pay", "hifob_pay", "maf_pay", "psn_cash_pay")
        assert fen(row, "medfee_sumamt") == parts == payers, row


def test_各种情形都有() -> None:
    settlements = rows("settlements.csv")
    identities = Counter(row["psn_no"] for row in rows("roster.csv"))
    repeated = Counter(tuple(row.values()) for row in settlements)
    assert sum(1 for count in repeated.values() if count == 2) == 12
    assert Counter(row["refd_setl_flag"] for row in settlements)["1"] >= 172
    assert {row["med_type"] for row in settlements} == {"11", "13", "14", "16", "21"}
    assert {row["mdtrtarea_admvs"] for row in settlements} == FICTIONAL_REGIONS
    assert {row["insutype"] for row in settlements} == {"310", "390"}
    assert len({row["psn_no"] for row in settlements} - set(identities)) == 45
    assert max(identities.values()) == 2
    assert any(row["endtime"].startswith("2024") for row in rows("roster.csv"))


@pytest.mark.parametrize("name", FILES)
def test_没有真实的人和地方(name: str) -> None:
    for row in rows(name):
        if re.fullmatch("[0-9]{17}[0-9X]", row.get("certno", "")):
            assert row["certno"][:6] == "149901"
        assert re.fullmatch("样例[甲乙丙丁戊己庚辛壬癸][0-9]{4}", row.get("psn_name", "样例甲0001"))
        assert {row[c] for c in ("insuplc_admdvs", "mdtrtarea_admvs") if c in row} <= FICTIONAL_REGIONS
        assert row.get("fixmedins_code", "H149901")[1:7] in FICTIONAL_REGIONS


@pytest.mark.parametrize("name", [*FILES, "county.yaml", "make.py"])
def test_文件不超过评审上限(name: str) -> None:
    assert (COUNTY / name).stat().st_size < REVIEW_LIMIT


def test_重新生成_逐字节相同(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(COUNTY))
    before = set(sys.modules)
    try:
        importlib.import_module("make").main(tmp_path)
    finally:
        for name in set(sys.modules) - before:
            if not name.startswith("tuodi"):
                del sys.modules[name]
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (COUNTY / name).read_bytes(), name
