"""The case tables an officer reads and extends: every case on both engines, and every sum in them worked out again.

All cases of a policy go through an engine in one run; each is then looked up and is a test of its own name.
"""

from collections import Counter
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.assessment.case_tables import Case, all_cases, write_files
from tests.assessment.runs import ENGINE_NAMES, Row, book_of, run
from tests.worked_sums import wrong_sums

POLICIES = ("fukang-2024", "jiaocheng-2024", "junshan-2022", "lishi-2022", "maqiao-2024", "maqiao-2024-mutual-aid")


@cache
def answers(policies: tuple[str, ...], engine: str) -> dict[str, list[Row]]:
    """Assess all cases of a policy at once; return the rows by ``setl_id``."""
    with TemporaryDirectory() as folder:
        persons, settlements = write_files([c for c in all_cases() if c.policies == policies], Path(folder))
        answer = run(engine, book_of(*policies), persons, settlements)
    assert [finding.sentence() for finding in answer.findings if finding.is_error] == []
    rows: dict[str, list[Row]] = {}
    for row in answer.rows:
        rows.setdefault(row["setl_id"], []).append(row)
    return rows


@pytest.mark.parametrize("engine", ENGINE_NAMES)
@pytest.mark.parametrize("case", all_cases(), ids=str)
def test_案例(case: Case, engine: str) -> None:
    rows = answers(case.policies, engine)
    for setl_id, expected in case.expected.items():
        found = rows[setl_id]
        if expected.identity:
            assert {row["identity"] for row in found} == {expected.identity}, case.working
        if expected.reason:
            assert [(row["benefit"], row["paid_amt"]) for row in found] == [("none", 0)], case.working
            assert expected.reason in found[0]["note"], case.working
            continue
        by_component = {
            row["benefit"]: {name: row[name] for name in expected.amounts.get(row["benefit"], {"paid_amt": 0})}
            for row in found
        }
        assert by_component == expected.amounts, case.working


@pytest.mark.parametrize("case", [c for c in all_cases() if "=" in c.working], ids=str)
def test_算法里的算式都成立(case: Case) -> None:
    assert wrong_sums(case.working) == []


def test_名称不重复() -> None:
    assert [name for name, times in Counter(map(str, all_cases())).items() if times > 1] == []


def test_每个有文件的政策都有案例() -> None:
    assert {policy for case in all_cases() for policy in case.policies} >= set(POLICIES)
