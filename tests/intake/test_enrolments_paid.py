"""Enrolments and payments: the same reading, smaller tables."""

from datetime import date
from pathlib import Path

import pytest

from tests.intake.written import write_csv
from tuodi.intake.enrolments import read_enrolments
from tuodi.intake.paid import read_paid

ENROLMENT_HEADER = ["psn_no", "brdy", "identity", "enrol_date", "premium"]
ENROLMENT = ["P1", "1990-03-07", "低保对象", "2023-12-01", "380.00"]


def test_参保名册(tmp_path: Path) -> None:
    file = read_enrolments(write_csv(tmp_path / "a.csv", [ENROLMENT_HEADER, ENROLMENT]))
    (one,) = file.enrolments
    assert (one.psn_no, one.birth, one.identity, one.enrol_date, one.premium_fen, one.row) == (
        "P1", date(1990, 3, 7), "低保对象", date(2023, 12, 1), 38000, 2,
    )  # fmt: skip
    assert (file.findings, file.totals.premium_fen) == ((), 38000)


@pytest.mark.parametrize(
    ("position", "value", "rule"),
    [
        (4, "", "cell-empty"),
        (4, "-0.01", "amount-negative"),
        (4, "380元", "amount-format"),
        (3, "", "cell-empty"),
        (2, "", "cell-empty"),
        (1, "1990-02-30", "date-invalid"),
    ],
)
def test_参保名册有误的行(tmp_path: Path, position: int, value: str, rule: str) -> None:
    bad = [*ENROLMENT[:position], value, *ENROLMENT[position + 1 :]]
    file = read_enrolments(write_csv(tmp_path / "a.csv", [ENROLMENT_HEADER, bad, ["P2", *ENROLMENT[1:]]]))
    assert [(f.rule, f.row, f.column, f.value) for f in file.findings] == [(rule, 2, ENROLMENT_HEADER[position], value)]
    assert file.refused == {"P1"}
    assert [one.psn_no for one in file.enrolments] == ["P2"]
    assert (file.totals.rows, file.totals.accepted, file.totals.refused) == (2, 1, 1)


def test_零缴费可以接受(tmp_path: Path) -> None:
    file = read_enrolments(write_csv(tmp_path / "a.csv", [ENROLMENT_HEADER, [*ENROLMENT[:4], "0"]]))
    assert file.enrolments[0].premium_fen == 0


def test_同一结算的已救助金额相加(tmp_path: Path) -> None:
    rows = [["结算编号", "救助金额"], ["S1", "10.00"], ["S2", "1"], ["S1", "0.05"]]
    file = read_paid(write_csv(tmp_path / "a.csv", rows))
    assert [(one.setl_id, one.paid_fen, one.row) for one in file.payments] == [("S1", 1005, 2), ("S2", 100, 3)]
    assert (file.totals.rows, file.totals.accepted, file.totals.paid_fen) == (3, 3, 1105)


@pytest.mark.parametrize("bad", [["S1", "-1"], ["S1", ""], ["S1", "甲"], ["S1"]])
def test_有误的结算不比对(tmp_path: Path, bad: list[str]) -> None:
    file = read_paid(write_csv(tmp_path / "a.csv", [["setl_id", "paid_amt"], ["S1", "10.00"], bad, ["S2", "1"]]))
    assert [one.setl_id for one in file.payments] == ["S2"]
    assert file.refused == {"S1"}
    assert [f.row for f in file.findings] == [3]
    assert "结算 S1 暂不比对" in file.findings[0].message
