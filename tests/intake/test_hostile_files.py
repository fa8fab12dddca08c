"""Files made to break a reader, and files that are simply not what they seem: a refusal with advice, at once."""

import io
import struct
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.intake.written import SETTLEMENT_HEADER, csv_bytes, settlement, write_parquet, write_xlsx
from tuodi.intake import xlsx_guard
from tuodi.intake.settlements import read_settlements
from tuodi.intake.sources import DEFAULT_LIMITS, Limits
from tuodi.intake.xlsx_guard import checked_workbook
from tuodi.kernel.finding import Finding

TABLE = [SETTLEMENT_HEADER, settlement()]
SHEET = "xl/worksheets/sheet1.xml"
GOOD_CSV = csv_bytes(TABLE, "utf-8")


def refused(path: Path, limits: Limits = DEFAULT_LIMITS) -> Finding:
    """Return why a file was refused; every refusal has the file's name, a message and advice."""
    file = read_settlements(path, limits=limits)
    assert not file.usable
    assert file.settlements == ()
    errors = [finding for finding in file.findings if finding.is_error]
    assert errors[-1].file == path.name
    assert errors[-1].message
    assert errors[-1].advice
    return errors[-1]


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def workbook(path: Path, change: Callable[[bytes], bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    """Write a good workbook whose sheet's XML has been changed."""
    parts = parts_of(write_xlsx(path, TABLE))
    parts[SHEET] = change(parts[SHEET])
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return path


def with_cells(cells: bytes) -> Callable[[bytes], bytes]:
    return lambda sheet: sheet.replace(b"</sheetData>", cells + b"</sheetData>")


def test_压缩炸弹(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", with_cells(b" " * 200 * 2**20))
    assert path.stat().st_size < 2**20
    tracemalloc.start()
    assert refused(path).rule == "file-too-large"
    assert tracemalloc.get_traced_memory()[1] < 50 * 2**20
    tracemalloc.stop()


@pytest.mark.parametrize("entry", [SHEET, "docProps/app.xml"])
def test_目录谎报大小的压缩炸弹(tmp_path: Path, entry: str) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", TABLE)
    parts = parts_of(path)
    parts[entry] += b" " * 100 * 2**20
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    true, lie = struct.pack("<I", len(parts[entry])), struct.pack("<I", 1000)
    path.write_bytes(path.read_bytes().replace(true, lie))
    assert refused(path).rule == "file-too-large"


def test_嵌套的解压量按各部分之和计算(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", TABLE)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        for number in range(5):
            archive.writestr(f"xl/media/{number}.png", bytes(10 * 2**20))
    assert refused(path).rule == "file-too-large"


def test_一个单元格一百兆(tmp_path: Path) -> None:
    cell = b'<row r="9"><c r="A9" t="inlineStr"><is><t>' + b"x" * 100 * 2**20 + b"</t></is></c></row>"
    assert refused(workbook(tmp_path / "a.xlsx", with_cells(cell))).rule == "file-too-large"
    stored = workbook(tmp_path / "b.xlsx", with_cells(cell), zipfile.ZIP_STORED)
    assert refused(stored).rule == "cell-too-long"


@pytest.mark.parametrize(
    "cells",
    [
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        b'<row r="2"><c r="XFD1048576"><v>1</v></c></row>',
        b"<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
        b'<row r="9"><c s="0" r = "XFD1048576"><v>1</v></c></row>',
        b'<row r="9"><c r="xfd1048576"><v>1</v></c></row>',
        b'<row r="9"><c x=">" r="XFD1048576"><v>1</v></c></row>',
        b'<x:row r="9"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>',
        b'<row r="1048576"><c><v>1</v></c></row><row r="9">' + b"<c/>" * 16_384 + b"</row>",
    ],
    ids=["最远的角", "行号不符", "单引号", "空格", "小写", "属性里有大于号", "带前缀", "不写位置"],
)
def test_一个远处的单元格撑大整个平面(tmp_path: Path, cells: bytes) -> None:
    finding = refused(workbook(tmp_path / "a.xlsx", with_cells(cells)))
    assert (finding.rule, "范围超过" in finding.message) == ("file-too-large", True)


def test_工作表里的注释可能藏着单元格(tmp_path: Path) -> None:
    cells = b'<!-- <c x=" --><row r="9"><c r=\'XFD1048576\'><v>1</v></c></row>'
    assert refused(workbook(tmp_path / "a.xlsx", with_cells(cells))).rule == "file-damaged"


def test_同一长文本被引用无数次(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    cells = b"".join(b'<row r="%d">' % row + b'<c t="s"><v>0</v></c>' * 500 + b"</row>" for row in range(3, 1003))
    workbook(path, with_cells(cells))
    parts = parts_of(path)
    name = "xl/sharedStrings.xml"
    parts[name] = parts[name].replace(b"<si><t>", b"<si><t>" + b"x" * 30_000, 1)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part_name, part in parts.items():
            archive.writestr(part_name, part)
    assert "文字总量" in refused(path).message


@pytest.mark.parametrize("columns", [501, 2_000_000])
def test_列数过多(tmp_path: Path, columns: int) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b",".join([b"a"] * columns) + b"\n" + GOOD_CSV)
    assert refused(path).rule in ("file-too-large", "cell-too-long")


def test_五百列可以(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    extra = b"," * (500 - len(SETTLEMENT_HEADER))
    path.write_bytes(GOOD_CSV.replace(b"\r\n", extra + b"\r\n"))
    assert read_settlements(path).usable


DISGUISED = [
    ("网页冒充工作簿", "a.xlsx", b"<html><table><tr><td>1</td></tr></table></html>", "file-format"),
    ("网页冒充CSV", "a.csv", b"\xef\xbb\xbf <table><tr></tr></table>", "file-format"),
    ("旧版或加密的工作簿", "a.xlsx", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(4096), "file-format"),
    ("旧版工作簿冒充CSV", "a.csv", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(4096), "file-format"),
    ("旧版工作簿", "a.xls", b"whatever", "file-format"),
    ("WPS 表格", "a.et", b"whatever", "file-format"),
    ("WPS 文字", "a.wps", b"whatever", "file-format"),
    ("Word 文档", "a.docx", b"PK\x03\x04", "file-format"),
    ("网页", "a.html", b"<html>", "file-format"),
    ("不认识的后缀", "a.dat", b"1,2", "file-format"),
    ("没有后缀", "a", b"1,2", "file-format"),
    ("空文件", "a.csv", b"", "file-empty"),
    ("只有换行", "a.csv", b"\r\n\r\n", "file-empty"),
    ("只有空压缩包", "a.xlsx", b"PK\x05\x06" + bytes(18), "file-format"),
    ("假的工作簿", "a.xlsx", b"PK\x03\x04" + bytes(100), "file-damaged"),
    ("假的 parquet", "a.parquet", b"PAR1" + bytes(100) + b"PAR1", "file-damaged"),
    ("CSV 冒充 parquet", "a.parquet", GOOD_CSV, "file-damaged"),
    ("CSV 冒充工作簿", "a.xlsx", GOOD_CSV, "file-format"),
    ("UTF-16", "a.csv", GOOD_CSV.decode().encode("utf-16"), "file-encoding"),
    ("没有标记的 UTF-16", "a.csv", GOOD_CSV.decode().encode("utf-16-le"), "nul-byte"),
    ("中间有空字符", "a.csv", GOOD_CSV.replace(b"P001", b"P0\x001"), "nul-byte"),
    ("孤立的代理项", "a.csv", GOOD_CSV + "S2\ud800".encode("utf-8", "surrogatepass"), "file-encoding"),
    ("两种编码都不是", "a.csv", GOOD_CSV + b"\xff\xff\xff", "file-encoding"),
    ("引号不成对", "a.csv", GOOD_CSV + b'"S2,P2\r\n', "csv-quotes"),
    ("引号后有字", "a.csv", GOOD_CSV + b'"S2"x,P2\r\n', "csv-quotes"),
    ("过长的单元格", "a.csv", GOOD_CSV + b"S" * 32_768 + b"\r\n", "cell-too-long"),
    ("更长的单元格", "a.csv", GOOD_CSV + b"S" * 200_000 + b"\r\n", "cell-too-long"),
    ("没有换行的长行", "a.csv", b"S" * 3 * 2**20, "cell-too-long"),
]


@pytest.mark.parametrize(("name", "content", "rule"), [d[1:] for d in DISGUISED], ids=[d[0] for d in DISGUISED])
def test_名不副实的文件(tmp_path: Path, name: str, content: bytes, rule: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert refused(path).rule == rule


def test_没有这个文件或是文件夹(tmp_path: Path) -> None:
    assert refused(tmp_path / "无.csv").rule == "file-missing"
    folder = tmp_path / "夹.csv"
    folder.mkdir()
    assert refused(folder).rule in ("file-missing", "file-empty")


def test_压缩包不是工作簿(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert refused(path).rule == "file-format"


def test_压缩包里的文件重名(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", TABLE)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as archive:
        archive.writestr(SHEET, b"<worksheet/>")
    assert refused(path).rule == "file-damaged"


@pytest.mark.parametrize("limit", ["file_bytes", "unpacked_bytes", "parts", "sheet_cells", "rows", "columns"])
def test_每一项限制都起作用(tmp_path: Path, limit: str) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [*TABLE, settlement(setl_id="S2")])
    assert read_settlements(path).usable
    assert refused(path, Limits(**{limit: 1})).rule == "file-too-large"


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("suffix", ["xlsx", "parquet"])
def test_截断的文件(tmp_path: Path, suffix: str, keep: float) -> None:
    path = tmp_path / f"a.{suffix}"
    write = write_xlsx if suffix == "xlsx" else write_parquet
    content = write(path, TABLE).read_bytes()
    path.write_bytes(content[: int(len(content) * keep)])
    assert refused(path).rule == "file-damaged"


def test_校验和不符的部分(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", lambda sheet: sheet, zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"<v>0</v>", b"<v>1</v>", 1))
    assert refused(path).rule == "file-damaged"


def test_交给读取库的副本只有看过的部分(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", TABLE)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
    checked = checked_workbook(path, DEFAULT_LIMITS)
    assert not isinstance(checked, Finding)
    with zipfile.ZipFile(io.BytesIO(checked.copy.getvalue())) as archive:
        assert "xl/vbaProject.bin" not in archive.namelist()
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
        assert zlib.crc32(archive.read(SHEET)) == zlib.crc32(parts_of(path)[SHEET])


def test_拒绝不费时间(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", with_cells(b"<c/>" * 1_000_000))
    started = time.monotonic()
    read_settlements(path)
    assert time.monotonic() - started < 20


@pytest.mark.parametrize("cell", [b'<c s="1">', b'<c s="1"', b'<c s="1"><v>1</v>', b"<row "])
def test_永不结束的单元格只走一遍(cell: bytes) -> None:
    """二十万个没有结束的单元格，逐个走到末尾要几分钟；只走一遍不到一秒。"""
    assert list(xlsx_guard._cells(cell * 200_000)) == []
