"""Settlements of an office: the same rows as ``read_settlements``, whole, and the refused ones row by row."""

from pathlib import Path

import pytest

from tests.intake.written import SETTLEMENT_HEADER, settlement, write_csv, write_xlsx
from tuodi.intake.facts import Refusal
from tuodi.intake.sender_format import SenderFormat
from tuodi.intake.settlement_records import read_settlement_records
from tuodi.intake.settlements import PARTS, read_settlements

HEADER = (*SETTLEMENT_HEADER, "医疗机构结算编号")


def row(own_id: object = "H1", **changes: object) -> list[object]:
    return [*settlement(**changes), own_id]


def test_整条记录(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [HEADER, row()])
    (record,) = read_settlement_records(path).records
    assert (record.settlement,) == read_settlements(path).settlements
    assert dict(zip(PARTS, record.parts_fen, strict=True)) == {
        "fulamt_ownpay_amt": 5000, "overlmt_selfpay": 3000, "preselfpay_amt": 2000,
        "fund_pay_sumamt": 0, "psn_part_amt": 0, "hosp_part_amt": 0,
    }  # fmt: skip
    assert (record.fixmedins_code, record.medins_setl_id) == ("H99010100001", "H1")


def test_没有医疗机构自己的编号也可以(tmp_path: Path) -> None:
    file = read_settlement_records(write_csv(tmp_path / "a.csv", [SETTLEMENT_HEADER, settlement()]))
    assert [record.medins_setl_id for record in file.records] == [""]
    assert "medins_setl_id" not in file.present


def test_核算用的读法不看这一列(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [HEADER, row(own_id=123456789012345678)])
    assert [finding.rule for finding in read_settlements(path).findings] == ["column-unknown"]
    file = read_settlement_records(path)
    assert [(finding.rule, finding.column) for finding in file.findings] == [("id-as-number", "医疗机构结算编号")]
    assert file.records == ()


BAD = [
    ({"hifp_pay": "-1"}, "amount-negative", 2024),
    ({"hifp_pay": ""}, "cell-empty", 2024),
    ({"med_type": "住院"}, "code-format", 2024),
    ({"setl_time": "2024/5/6"}, "date-notation", None),
]


@pytest.mark.parametrize(("changes", "rule", "year"), BAD)
def test_拒绝的行(tmp_path: Path, changes: dict[str, str], rule: str, year: int | None) -> None:
    rows = [HEADER, row(**changes), row(setl_id="S002", psn_no="P002")]
    file = read_settlement_records(write_csv(tmp_path / "a.csv", rows))
    assert [record.settlement.setl_id for record in file.records] == ["S002"]
    (refusal,) = file.refusals
    assert refusal == Refusal("P001", year, "S001", rule, refusal.message, 2)
    assert "暂不计算" not in refusal.message
    assert (file.withheld, file.refused_ids) == ({("P001", year)}, {"S001"})


def test_看不出是谁的行(tmp_path: Path) -> None:
    file = read_settlement_records(write_csv(tmp_path / "a.csv", [HEADER, row(psn_no="")]))
    assert [(refusal.psn_no, refusal.setl_id, refusal.rule) for refusal in file.refusals] == [
        ("", "S001", "cell-empty")
    ]


def test_错位的行(tmp_path: Path) -> None:
    file = read_settlement_records(write_csv(tmp_path / "a.csv", [HEADER, ["", *row()]]))
    assert {refusal.psn_no for refusal in file.refusals} == {psn_no for psn_no, _ in file.withheld}
    assert {(refusal.rule, refusal.message) for refusal in file.refusals} == {("row-width", "列数与列名行不同")}


def test_同一编号内容不同(tmp_path: Path) -> None:
    rows = [HEADER, row(), row(own_id="H2"), row(setl_id="S002"), row(setl_id="S002")]
    file = read_settlement_records(write_csv(tmp_path / "a.csv", rows))
    assert [record.settlement.setl_id for record in file.records] == ["S002"]
    assert [(refusal.setl_id, refusal.rule, refusal.row) for refusal in file.refusals] == [
        ("S001", "setl-id-conflict", 2),
        ("S001", "setl-id-conflict", 3),
    ]
    assert file.refusals[0].message == "与第 3 行的结算编号相同而内容不同"
    assert (file.totals.rows, file.totals.accepted, file.totals.refused, file.totals.duplicates) == (4, 1, 2, 1)


def test_报送格式和需要的列(tmp_path: Path) -> None:
    rows = [[*SETTLEMENT_HEADER[:4], "范围内", "统筹支付"], ["S001", "'P001", "2024-01-02", "21", "100", "40"]]
    path = write_csv(tmp_path / "a.csv", rows)
    sender = SenderFormat(clean_ids=True, columns={"范围内": "inscp_scp_amt"})
    file = read_settlement_records(path, (), sender)
    assert [(one.settlement.psn_no, one.settlement.inscp_scp_amt) for one in file.records] == [("P001", 10000)]
    refused = read_settlement_records(path, {"insutype"}, sender)
    assert (refused.usable, refused.records, refused.refusals) == (False, (), ())
