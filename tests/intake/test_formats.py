"""The same rows in every format, encoding and shape of sheet give the same settlements."""

import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from tests.intake.written import (
    SETTLEMENT_HEADER,
    csv_bytes,
    moment,
    settlement,
    typed,
    write_csv,
    write_parquet,
    write_xlsx,
)
from tuodi.intake.layouts import load_layout
from tuodi.intake.settlements import read_settlements
from tuodi.intake.sources import Limits
from tuodi.intake.tables import Table, open_table
from tuodi.kernel.finding import Finding, Severity

ROWS = [
    settlement(),
    settlement(setl_id="S002", hifp_pay="0.29", hifmi_pay="", setl_time="2024-12-31 23:59:59", insutype=""),
    settlement(setl_id="S003", refd_setl_flag="1", hifp_pay="-500.00"),
    settlement(setl_id="S004", psn_no="00012", medfee_sumamt="9999999999.99", fulamt_ownpay_amt=""),
]
TABLE = [SETTLEMENT_HEADER, *ROWS]
TYPED = [SETTLEMENT_HEADER, *(typed(SETTLEMENT_HEADER, row) for row in ROWS)]


def test_三种格式读出同样的结算(tmp_path: Path) -> None:
    expected = read_settlements(write_csv(tmp_path / "a.csv", TABLE))
    assert len(expected.settlements) == 4
    as_text = [write_xlsx(tmp_path / "t.xlsx", TABLE), write_parquet(tmp_path / "t.parquet", TABLE)]
    # A database's columns have one type: what is empty there is null, not text.
    nulls = [SETTLEMENT_HEADER, *([None if cell == "" else cell for cell in row] for row in TYPED[1:])]
    as_typed = [write_xlsx(tmp_path / "n.xlsx", TYPED), write_parquet(tmp_path / "n.parquet", nulls)]
    for path in (*as_text, *as_typed):
        file = read_settlements(path)
        assert file.settlements == expected.settlements
        assert file.refused == expected.refused
        assert file.totals == expected.totals
        assert [(f.row, f.column, f.rule) for f in file.findings] == [
            (f.row, f.column, f.rule) for f in expected.findings
        ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_编码与换行(tmp_path: Path, encoding: str, end: str) -> None:
    header = ["结算编号", "人员编号", "结算时间", "医疗类别", "符合政策范围金额", "基本医保统筹", "备注"]
    row = ["S1", "P1", "2024-01-02", "21", "100", "40", "住院,含\n床位费"]
    file = read_settlements(write_csv(tmp_path / "a.csv", [header, row], encoding, end))
    assert [(one.setl_id, one.inscp_scp_amt) for one in file.settlements] == [("S1", 10000)]
    assert [f.rule for f in file.findings] == ["column-unknown"]


def test_列的先后不影响(tmp_path: Path) -> None:
    turned = [list(reversed(row)) for row in TABLE]
    expected = read_settlements(write_csv(tmp_path / "a.csv", TABLE))
    assert read_settlements(write_csv(tmp_path / "b.csv", turned)).settlements == expected.settlements


def test_中文列名与国家字段名相同(tmp_path: Path) -> None:
    labels = {field.name: field.labels[0] for field in load_layout("settlements").fields}
    chinese = [[labels[name] for name in SETTLEMENT_HEADER], *ROWS]
    expected = read_settlements(write_csv(tmp_path / "a.csv", TABLE))
    assert read_settlements(write_csv(tmp_path / "b.csv", chinese)).settlements == expected.settlements


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_标题行和空行不影响_行号与表格一致(tmp_path: Path, write: object) -> None:
    path = tmp_path / ("a.csv" if write is write_csv else "a.xlsx")
    blank = [""] * len(SETTLEMENT_HEADER)
    title = ["示例县医疗救助结算明细", *blank[1:]]
    write(path, [title, blank, SETTLEMENT_HEADER, settlement(), blank, settlement(setl_id="S2", hifp_pay="")])  # type: ignore[operator]
    file = read_settlements(path)
    assert [one.row for one in file.settlements] == [4]
    assert [(f.row, f.rule, f.severity) for f in file.findings] == [
        (3, "header-row", Severity.INFO),
        (6, "cell-empty", Severity.ERROR),
    ]


def test_表不从左上角开始(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet()
        page.write_row(4, 2, SETTLEMENT_HEADER)
        page.write_row(5, 2, settlement())
        page.write_row(6, 2, settlement(setl_id="S2"))
        page.write_formula(6, 2 + SETTLEMENT_HEADER.index("hifp_pay"), "=NA()", None, "#N/A")
    file = read_settlements(path)
    assert [one.row for one in file.settlements] == [6]
    assert [(f.row, f.column, f.rule, f.value) for f in file.findings] == [(7, "hifp_pay", "cell-error", "#N/A")]


def test_读第一个有列名的可见工作表(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("空表")
        book.add_worksheet("说明").write(0, 0, "填报说明")
        hidden = book.add_worksheet("隐藏")
        page = book.add_worksheet("结算")
        for sheet in (hidden, page):
            sheet.write_row(0, 0, SETTLEMENT_HEADER)
        page.write_row(1, 0, settlement())
        page.activate()
        hidden.hide()
    file = read_settlements(path)
    assert len(file.settlements) == 1
    (finding,) = file.findings
    assert (finding.rule, finding.severity, finding.sheet) == ("sheet-choice", Severity.INFO, "结算")
    assert "只读取了“结算”，未读取：说明" in finding.message


def test_没有结果的公式和错误值不当作零(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    at = SETTLEMENT_HEADER.index
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, SETTLEMENT_HEADER)
        for row, name in enumerate(("S1", "S2", "S3"), start=1):
            page.write_row(row, 0, settlement(setl_id=name, psn_no=f"P{row}"))
        page.write_formula(1, at("oth_pay"), "=A1+B1", None, "")
        page.write_formula(2, at("oth_pay"), "=1/0", None, "#DIV/0!")
        page.write_formula(3, at("oth_pay"), "=3+4.5", None, 7.5)
    file = read_settlements(path)
    assert [(f.row, f.rule, f.value) for f in file.findings] == [
        (2, "cell-formula", "=A1+B1"),
        (3, "cell-error", "#DIV/0!"),
    ]
    assert [one.oth_pay for one in file.settlements] == [750]


def test_parquet_的时间与字典列(tmp_path: Path) -> None:
    times = [moment("2024-01-01 00:00:00"), moment("2023-12-31 16:00:00")]
    table = pa.table(
        {
            "setl_id": pa.array(["S1", "S2"]).dictionary_encode(),
            "psn_no": pa.array(["P1", "P2"], pa.large_string()),
            "setl_time": pa.array(times, pa.timestamp("ns")),
            "med_type": pa.array([21, 14], pa.int8()),
            "inscp_scp_amt": pa.array([100.1, 7.0], pa.float64()),
            "hifp_pay": pa.array([40, 0], pa.int32()),
            "多余": pa.array([[1], None], pa.list_(pa.int8())),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    utc = table.set_column(2, "setl_time", pa.array(times, pa.timestamp("us", "UTC")))
    pq.write_table(utc, tmp_path / "b.parquet")
    local, shifted = (read_settlements(tmp_path / name).settlements for name in ("a.parquet", "b.parquet"))
    assert [(one.setl_id, one.med_type, one.inscp_scp_amt, one.hifp_pay) for one in local] == [
        ("S1", "21", 10010, 4000),
        ("S2", "14", 700, 0),
    ]
    assert [one.setl_time for one in local] == times
    assert shifted[1].setl_time == times[0]


def test_限时(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [["a", "b"], *(["1", "2"] for _ in range(3000))])
    ticks = iter(range(100))
    table = open_table(path, limits=Limits(seconds=0.5), clock=lambda: float(next(ticks)))
    assert isinstance(table, Table)
    *rows, last = table.rows
    assert isinstance(last, Finding)
    assert (last.rule, len(rows)) == ("file-too-large", 1023)


def test_没有给出列名时第一行就是列名(tmp_path: Path) -> None:
    table = open_table(write_csv(tmp_path / "a.csv", [["甲"], ["1"], ["2"]]))
    assert isinstance(table, Table)
    assert (table.header, table.header_row, list(table.rows)) == (("甲",), 1, [(2, ["1"]), (3, ["2"])])


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_不是逗号分隔(tmp_path: Path, separator: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(csv_bytes(TABLE).replace(b",", separator.encode()))
    file = read_settlements(path)
    assert not file.usable
    assert "逗号" in file.findings[0].advice


def test_压缩包里用反斜杠的工作簿(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", TABLE)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name.replace("/", "\\"), part)
    assert len(read_settlements(path).settlements) == 4
