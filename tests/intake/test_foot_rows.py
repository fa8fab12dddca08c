"""Foot rows: totals under or between the data are left out and told, whatever the format and the sort of file."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.intake.written import (
    PERSON_HEADER,
    SETTLEMENT_HEADER,
    person,
    settlement,
    write_csv,
    write_parquet,
    write_xlsx,
)
from tuodi.intake.enrolments import read_enrolments
from tuodi.intake.foot_rows import told_once
from tuodi.intake.paid import read_paid
from tuodi.intake.persons import read_persons
from tuodi.intake.settlements import read_settlements
from tuodi.kernel.finding import Finding, Severity

Table = list[list[object]]
WRITERS: dict[str, Callable[[Path, Sequence[Sequence[object]]], Path]] = {
    "csv": write_csv, "xlsx": write_xlsx, "parquet": write_parquet,
}  # fmt: skip
WORDS = ["合计", "小计", "总计", "总合计", "合 计", "本页合计", "合　计", " 合计：", "'合计"]


def foot(header: Sequence[str], **cells: str) -> list[object]:
    return [cells.get(name, "") for name in header]


def numbered(header: Sequence[str], rows: Table, label: str = "序号") -> Table:
    """Put a column that the program does not know left of all others; the last row's cell is 合计."""
    return [[label, *header], *([str(n), *row] for n, row in enumerate(rows[:-1], start=1)), ["合计", *rows[-1]]]


@pytest.mark.parametrize("suffix", WRITERS)
@pytest.mark.parametrize("word", WORDS)
def test_结算明细的合计行(word: str, suffix: str, tmp_path: Path) -> None:
    rows = [settlement(), foot(SETTLEMENT_HEADER, setl_id=word, hifp_pay="500.00"), settlement(setl_id="S2")]
    file = read_settlements(WRITERS[suffix](tmp_path / f"结算.{suffix}", [SETTLEMENT_HEADER, *rows]))
    (finding,) = file.findings
    assert (finding.rule, finding.severity, finding.row) == ("foot-row", Severity.INFO, 3)
    assert [one.setl_id for one in file.settlements] == ["S001", "S2"]
    assert (file.refused, file.refused_ids) == (frozenset(), frozenset())
    totals = file.totals
    assert (totals.rows, totals.accepted, totals.refused, totals.duplicates, totals.foot_rows) == (3, 2, 0, 0, 1)
    assert ("合计行数（未读取）", "1") in totals.lines()


@pytest.mark.parametrize("suffix", WRITERS)
@pytest.mark.parametrize("name", ["psn_no", "setl_id"])
def test_合计写在编号列_前面的列不空(name: str, suffix: str, tmp_path: Path) -> None:
    header = ["insutype", *(each for each in SETTLEMENT_HEADER if each != "insutype")]
    rows = [dict(zip(SETTLEMENT_HEADER, settlement(), strict=True)), {"insutype": "390", name: "小计"}]
    table = [header, *([row.get(each, "") for each in header] for row in rows)]
    file = read_settlements(WRITERS[suffix](tmp_path / f"结算.{suffix}", table))
    assert [f.rule for f in file.findings] == ["foot-row"]
    assert (len(file.settlements), file.refused) == (1, frozenset())


@pytest.mark.parametrize("suffix", WRITERS)
@pytest.mark.parametrize("label", ["序号", "乡镇", ""])
def test_合计写在不认识的第一列(label: str, suffix: str, tmp_path: Path) -> None:
    if label == "" and suffix == "parquet":
        label = "空"
    rows = [settlement(), foot(SETTLEMENT_HEADER, medfee_sumamt="1000.00", hifp_pay="500.00")]
    file = read_settlements(WRITERS[suffix](tmp_path / f"结算.{suffix}", numbered(SETTLEMENT_HEADER, rows, label)))
    assert [f.rule for f in file.findings if f.row == 3] == ["foot-row"]
    assert not any(f.is_error for f in file.findings)
    assert (len(file.settlements), file.totals.foot_rows) == (1, 1)


def test_CSV的合计行列数不够(tmp_path: Path) -> None:
    path = tmp_path / "结算.csv"
    write_csv(path, [SETTLEMENT_HEADER, settlement(), ["合计", "", ""]])
    assert [f.rule for f in read_settlements(path).findings] == ["foot-row"]


NOT_FEET = [
    ("有人员编号", {"setl_id": "合计", "psn_no": "P009"}),
    ("有结算编号", {"setl_id": "S9", "psn_no": "小计"}),
    ("没有合计的字样", {"hifp_pay": "500.00"}),
    ("别的字样", {"setl_id": "合计人数"}),
    ("字样不在第一格也不在编号列", {"med_type": "21", "hosp_lv": "合计"}),
]


@pytest.mark.parametrize("cells", [case[1] for case in NOT_FEET], ids=[case[0] for case in NOT_FEET])
def test_不是合计行的仍算有误(cells: dict[str, str], tmp_path: Path) -> None:
    path = write_csv(tmp_path / "结算.csv", [SETTLEMENT_HEADER, settlement(), foot(SETTLEMENT_HEADER, **cells)])
    file = read_settlements(path)
    assert any(f.is_error and f.row == 3 for f in file.findings)
    assert (file.totals.refused, file.totals.foot_rows) == (1, 0)


@pytest.mark.parametrize("suffix", WRITERS)
def test_名册的合计行(suffix: str, tmp_path: Path) -> None:
    rows = [person(), foot(PERSON_HEADER, psn_no="合计", psn_name="1人"), person(psn_no="P2", certno="", brdy="")]
    file = read_persons(WRITERS[suffix](tmp_path / f"名册.{suffix}", [PERSON_HEADER, *rows]))
    assert [(f.rule, f.severity, f.row) for f in file.findings] == [("foot-row", Severity.INFO, 3)]
    assert ([one.psn_no for one in file.holdings], file.refused) == (["P001", "P2"], frozenset())
    totals = file.totals
    assert (totals.rows, totals.accepted, totals.refused, totals.foot_rows) == (3, 2, 0, 1)


@pytest.mark.parametrize("suffix", WRITERS)
def test_参保名册和已救助明细的合计行(suffix: str, tmp_path: Path) -> None:
    write = WRITERS[suffix]
    header = ["psn_no", "identity", "enrol_date", "premium"]
    rows = [["P1", "特困人员", "2024-01-01", "380.00"], ["总计", "", "", "380.00"]]
    enrolments = read_enrolments(write(tmp_path / f"参保.{suffix}", [header, *rows]))
    assert [(f.rule, f.row) for f in enrolments.findings] == [("foot-row", 3)]
    totals = enrolments.totals
    assert (totals.rows, totals.accepted, totals.refused, totals.foot_rows) == (2, 1, 0, 1)
    assert (totals.premium_fen, enrolments.refused) == (38000, frozenset())
    # This row would otherwise be a payment: both of its cells are filled.
    paid = read_paid(write(tmp_path / f"已付.{suffix}", [["setl_id", "paid_amt"], ["S1", "5.00"], ["合计", "5.00"]]))
    assert [(f.rule, f.row) for f in paid.findings] == [("foot-row", 3)]
    assert [(one.setl_id, one.paid_fen) for one in paid.payments] == [("S1", 500)]
    assert (paid.totals.rows, paid.totals.accepted, paid.totals.foot_rows, paid.totals.paid_fen) == (2, 1, 1, 500)


def _foot(row: int, file: str = "a.xlsx") -> Finding:
    return Finding(rule="foot-row", message="是合计行", advice="不影响", severity=Severity.INFO, file=file, row=row)


def test_一个文件的合计行只说一次_说有几行和哪几行() -> None:
    other = Finding(rule="cell-empty", message="必填", advice="请补填", file="a.xlsx", row=4)
    told = told_once([_foot(3), other, _foot(7), _foot(5), _foot(9, "b.csv")])
    assert [(f.rule, f.file, f.row) for f in told] == [
        ("foot-row", "a.xlsx", None),
        ("cell-empty", "a.xlsx", 4),
        ("foot-row", "b.csv", 9),
    ]
    assert "有 3 行是合计行，不是数据，未读取：第 3、5、7 行" in told[0].message


def test_合计行很多时只列前十行() -> None:
    (one,) = told_once(_foot(row) for row in range(2, 42))
    assert "有 40 行" in one.message
    assert "第 2、3、4、5、6、7、8、9、10、11 等 行" in one.message
