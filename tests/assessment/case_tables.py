"""The case tables under ``tests/cases/<policy>/*.yaml``, checked for form and written as the two files of a run.

How a table is written stands in ``tests/cases/README.md``; whoever adds a case needs nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.assessment.runs import document
from tests.intake.written import write_csv
from tuodi.intake.layouts import load_layout, normal_heading
from tuodi.kernel.money import Fen, parse_yuan
from tuodi.policy.document import PolicyDocument

CASES = Path(__file__).parents[1] / "cases"
SCORING = "scoring"
"""The folder of the scoring rules' cases, which tests.evaluation.scoring_cases reads."""
TABLE_KEYS = {"政策", "一并适用的政策", "共同内容", "案例"}
CASE_KEYS = {"名称", "身份", "人员", "结算", "算法"}
EXPECTED_KEYS = {"支付": "paid_amt", "扣起付线": "deductible_used", "限额还剩": "cap_left_before", "基数": "base_amt"}
ONE = "本人"
_DATED = re.compile(r"(次年|上年)? ?(\d{4}-)?(\d\d-\d\d)( .+)?")


@dataclass(frozen=True)
class Expected:
    """What one settlement must give: amounts by component code, or part of the sentence that says why nothing.

    ``identity`` is the one that counts on that day, empty where the case does not say.
    """

    amounts: dict[str, dict[str, Fen]] = field(default_factory=dict)
    reason: str = ""
    identity: str = ""


@dataclass(frozen=True)
class Case:
    """One case of one policy (or of several in force one after the other); ids are distinct over all cases."""

    policies: tuple[str, ...]
    file: Path
    name: str
    number: int
    working: str
    persons: list[list[str]]
    settlements: list[dict[str, str]]
    expected: dict[str, Expected]

    def __str__(self) -> str:
        return f"{'+'.join(self.policies)}／{self.file.stem}／{self.name}"


@cache
def all_cases() -> tuple[Case, ...]:
    """Return every case of every table."""
    files = sorted(path for path in CASES.glob("*/*.yaml") if path.parent.name != SCORING)
    cases: list[Case] = []
    for file in files:
        table = yaml.safe_load(file.read_text(encoding="utf-8"))
        assert set(table) <= TABLE_KEYS, f"{file}: {set(table) - TABLE_KEYS}"
        if "一并适用的政策" in table:
            chosen = [tuple(table["一并适用的政策"])]
        else:
            named = table["政策"]
            chosen = [(policy,) for policy in ([named] if isinstance(named, str) else named)]
        for policies in chosen:
            for written in table["案例"]:
                cases.append(_case(policies, file, written, table.get("共同内容", {}), len(cases)))
    return tuple(cases)


def _case(policies: tuple[str, ...], file: Path, written: dict[str, Any], common: dict[str, str], number: int) -> Case:
    where = f"{file.name}：{written.get('名称')}"
    assert set(written) <= CASE_KEYS, f"{where}: {set(written) - CASE_KEYS}"
    documents = [document(policy) for policy in policies]
    year = documents[0].valid_from.year
    people = written.get("人员") or {ONE: {"身份": written["身份"]}}
    persons = []
    for name, held in people.items():
        identities = held["身份"] or {}
        for identity, period in ({identities: ""} if isinstance(identities, str) else identities).items():
            begin, end = _period(str(period or ""), year)
            family = f"{number}-{held['家庭编号']}" if held.get("家庭编号") else ""
            persons.append([f"P{number:04d}-{name}", identity, begin, end, family])
    settlements, expected = [], {}
    for at, row in enumerate(written["结算"]):
        facts, want = _settlement({**common, **row}, documents, where)
        facts["setl_id"] = f"{number:04d}-{facts.get('setl_id', at)}"
        facts["psn_no"] = f"P{number:04d}-{row.get('人员', ONE)}"
        facts["setl_time"] = _moment(facts["setl_time"], year)
        assert facts["setl_id"] not in expected, where
        expected[facts["setl_id"]] = want
        settlements.append(facts)
    return Case(policies, file, written["名称"], number, str(written["算法"]), persons, settlements, expected)


def _settlement(row: dict[str, Any], documents: list[PolicyDocument], where: str) -> tuple[dict[str, str], Expected]:
    """Split a row into the facts of the settlement and what is expected of it."""
    headings = load_layout("settlements").by_heading()
    codes = {component.name: component.code for each in documents for component in each.components}
    facts: dict[str, str] = {"inscp_scp_amt": "0.00", "hifp_pay": "0.00"}
    amounts: dict[str, dict[str, Fen]] = {}
    reason = identity = ""
    for key, value in row.items():
        if key == "结果":
            reason = value
        elif key == "有效身份":
            identity = value
        elif key in codes:
            given = value if isinstance(value, dict) else {"支付": value}
            amounts[codes[key]] = {EXPECTED_KEYS[name]: _fen(amount, where) for name, amount in given.items()}
        elif key != "人员":
            assert normal_heading(key) in headings, f"{where}: {key}"
            assert isinstance(value, str), f"{where}: {key} 须加引号"
            facts[headings[normal_heading(key)].name] = value
    assert bool(amounts) != bool(reason), f"{where}: 要么写各项救助的金额，要么写“结果”"
    return facts, Expected(amounts, reason, identity)


def _fen(amount: str, where: str) -> Fen:
    assert isinstance(amount, str), f"{where}: 金额 {amount} 须加引号"
    fen = parse_yuan(amount)
    assert isinstance(fen, int), f"{where}: {amount}"
    return fen


def _moment(text: str, year: int) -> str:
    """Write ``05-10``, ``次年 01-01`` or a full date as a full date; the year is the policy's first."""
    found = _DATED.fullmatch(text)
    assert found, text
    which, own_year, day, time = found.groups()
    turned = year + {"次年": 1, "上年": -1}.get(which or "", 0)
    return f"{own_year or f'{turned}-'}{day}{time or ''}"


def _period(text: str, year: int) -> tuple[str, str]:
    """Read ``01-01 至 05-31`` or ``06-01 起``; nothing: since long before, without an end."""
    if not text:
        return "2000-01-01", ""
    if text.endswith("起"):
        return _moment(text.removesuffix("起").strip(), year), ""
    begin, end = text.split("至")
    return _moment(begin.strip(), year), _moment(end.strip(), year)


def write_files(cases: Iterable[Case], folder: Path) -> tuple[Path, Path]:
    """Write the facts of many cases as one roster and one file of settlements; no two cases share a person."""
    chosen = list(cases)
    fields = [each.name for each in load_layout("settlements").fields]
    rows = [settlement for case in chosen for settlement in case.settlements]
    persons = write_csv(
        folder / "persons.csv",
        [("psn_no", "identity", "begntime", "endtime", "family_no"), *(row for case in chosen for row in case.persons)],
    )
    settlements = write_csv(
        folder / "settlements.csv", [fields, *([row.get(name, "") for name in fields] for row in rows)]
    )
    return persons, settlements
