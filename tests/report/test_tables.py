"""Result tables as workbooks: what somebody sees who opens one, and what a failing disk says."""

import errno
import re
import zipfile
from pathlib import Path

import pyarrow as pa
import pytest
from python_calamine import CalamineWorkbook
from xlsxwriter.workbook import Workbook

from tuodi.kernel.finding import Finding
from tuodi.report.errors import write_errors
from tuodi.report.tables import Column, Kind, write_batches, write_table

COLUMNS = (Column("rank", Kind.COUNT), Column("setl_id"), Column("paid_amt", Kind.MONEY), Column("note"))
ROWS = [(1, "S1", 12345, "一句完整的说明。" * 20), (2, "S2", None, "")]


def _parts(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as book:
        return {name: book.read(name).decode() for name in book.namelist() if name.endswith(".xml")}


def _widths(sheet: str) -> list[float]:
    """Return the columns' widths as somebody set them; the file adds the breadth of the cells' borders."""
    columns = re.findall(r'<col min="(\d+)" max="(\d+)" width="([\d.]+)"', sheet)
    return [round(float(width)) - 1 for first, last, width in columns for _ in range(int(first), int(last) + 1)]


def test_结果工作簿_表名_筛选_冻结_列宽_字体(tmp_path: Path) -> None:
    path = tmp_path / "结果.xlsx"
    assert write_table(path, COLUMNS, ROWS) == 2
    book = CalamineWorkbook.from_path(str(path))
    assert book.sheet_names == ["结果"]
    assert book.get_sheet_by_index(0).to_python() == [
        ["rank", "setl_id", "paid_amt", "note"],
        [1.0, "S1", 123.45, ROWS[0][3]],
        [2.0, "S2", "", ""],
    ]
    parts = _parts(path)
    sheet = parts["xl/worksheets/sheet1.xml"]
    assert '<autoFilter ref="A1:D3"/>' in sheet
    assert 'ySplit="1"' in sheet
    assert 'state="frozen"' in sheet
    assert _widths(sheet) == [16, 22, 14, 60]
    assert 'wrapText="1"' in parts["xl/styles.xml"]
    assert set(re.findall(r'<name val="(.*?)"/>', parts["xl/styles.xml"])) == {"宋体"}


def test_末行合计在筛选之外_不计入行数(tmp_path: Path) -> None:
    path = tmp_path / "结果.xlsx"
    assert write_table(path, COLUMNS, ROWS, foot=("合计 2 笔", None, 123_456_789, "其中 1 笔没有金额")) == 2
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    assert rows[-1] == ["合计 2 笔", "", 1234567.89, "其中 1 笔没有金额"]
    assert '<autoFilter ref="A1:D3"/>' in _parts(path)["xl/worksheets/sheet1.xml"]


def test_没有行的结果也能打开(tmp_path: Path) -> None:
    path = tmp_path / "结果.xlsx"
    assert write_table(path, COLUMNS, []) == 0
    assert len(CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()) == 1


def test_成批写出的结果一样(tmp_path: Path) -> None:
    path = tmp_path / "结果.xlsx"
    batch = pa.record_batch({"setl_id": ["S1"], "paid_amt": pa.array([12345], pa.int64()), "note": ["说明"]})
    assert write_batches(path, batch.schema, [batch]) == 1
    assert CalamineWorkbook.from_path(str(path)).sheet_names == ["结果"]
    assert _widths(_parts(path)["xl/worksheets/sheet1.xml"]) == [22, 14, 60]


def test_错误清单的表名(tmp_path: Path) -> None:
    path = tmp_path / "错误清单.xlsx"
    finding = Finding(rule="cell-empty", message="必填，不能为空", advice="请补填", file="a.csv", row=2)
    write_errors(path, [finding])
    assert CalamineWorkbook.from_path(str(path)).sheet_names == ["错误清单"]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
def test_写不出去_说出是哪个文件(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / "没有的文件夹" / f"结果{suffix}"
    with pytest.raises(FileNotFoundError) as problem:
        write_table(path, COLUMNS, ROWS)
    assert problem.value.filename == str(path)


def test_工作簿写到一半出错_还是系统的话(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_book: Workbook) -> None:
        raise OSError(errno.ESTALE, "Stale file handle")

    monkeypatch.setattr(Workbook, "_store_workbook", broken)
    path = tmp_path / "结果.xlsx"
    with pytest.raises(OSError) as problem:
        write_table(path, COLUMNS, ROWS)
    assert (problem.value.errno, problem.value.filename) == (errno.ESTALE, str(path))
    assert list(tmp_path.iterdir()) == []
