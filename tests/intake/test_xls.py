"""Old workbooks: read like new ones, looked through before, and told from what only calls itself one."""

import struct
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from tests.intake.written import SETTLEMENT_HEADER, csv_bytes, settlement, write_xlsx
from tuodi.intake import xls_guard
from tuodi.intake.cells import PercentCell, UnreadCell
from tuodi.intake.compound_file import MAGIC, CompoundDamaged, CompoundFile, compound_file
from tuodi.intake.roster import read_roster
from tuodi.intake.settlements import read_settlements
from tuodi.intake.sources import Limits
from tuodi.intake.tables import Table, is_workbook, open_sheets, open_table
from tuodi.kernel.finding import Finding

XLS = Path(__file__).parent / "xls"
BOOKS = ("settlements.xls", "roster.xls", "cells.xls", "libreoffice.xls")


def stream_of(name: str) -> bytes:
    return CompoundFile((XLS / name).read_bytes()).stream("Workbook")


def record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def biff(cells: bytes, version: int = 0x0600, extra: bytes = b"", copies: int = 1) -> bytes:
    """Return a stream of one sheet, named ``copies`` times."""
    start = record(0x0809, struct.pack("<HHIII", version, 5, 0, 0, 6))
    names = [b"\x02" + (b"\0" if version == 0x0600 else b"") + b"S%d" % at for at in range(copies)]
    length = len(start) + len(extra) + sum(4 + 6 + len(name) for name in names) + 4
    sheets = b"".join(record(0x0085, struct.pack("<IBB", length, 0, 0) + name) for name in names)
    sheet = record(0x0809, struct.pack("<HHIII", version, 0x10, 0, 0, 6)) + cells + record(0x000A)
    return start + extra + sheets + record(0x000A) + sheet


def number(row: int, column: int, value: float = 1.0) -> bytes:
    return record(0x0203, struct.pack("<HHHd", row, column, 0, value))


def label(row: int, column: int, text: str) -> bytes:
    raw = text.encode("utf-16-le")
    return record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + raw)


def book(path: Path, stream: bytes, name: str = "Workbook") -> Path:
    path.write_bytes(compound_file(name, stream))
    return path


def rows_of(path: Path) -> list[list[object]]:
    table = open_table(path)
    assert isinstance(table, Table), table
    return [list(table.header), *([*item[1]] for item in table.rows if not isinstance(item, Finding))]


def refusal(path: Path, limits: Limits | None = None) -> Finding:
    table = open_table(path, (), limits or Limits())
    assert isinstance(table, Finding), table
    return table


def test_旧版工作簿里的结算(tmp_path: Path) -> None:
    file = read_settlements(XLS / "settlements.xls")
    assert [
        (one.setl_id, one.psn_no, one.setl_time, one.med_type, one.insutype, one.inscp_scp_amt, one.hifp_pay, one.row)
        for one in file.settlements
    ] == [
        ("S001", "P001", datetime(2024, 5, 6, 10, 20, 30), "21", "390", 90000, 50000, 3),
        ("S002", "P002", datetime(2024, 12, 31, 23, 59, 59), "11", "390", 10025, 29, 4),
    ]
    assert [(f.rule, f.row) for f in file.findings] == [("sheet-choice", None), ("header-row", 2), ("id-as-number", 5)]


def test_旧版工作簿里的名册_电话是数值也认得() -> None:
    file = read_roster(XLS / "roster.xls")
    assert [(row.holding.psn_no, row.holding.begin, row.holding.end, row.tel, row.region) for row in file.rows] == [
        ("P001", date(2024, 1, 1), date(2024, 12, 31), "13800000000", "示例镇"),
        ("P002", date(2024, 2, 1), None, "", "示例镇"),
    ]
    assert file.findings == ()


def test_各种单元格() -> None:
    header, first, second = rows_of(XLS / "cells.xls")
    assert header == ["文字", "数", "短数甲", "短数乙", "逻辑", "百分数", "日期", "公式", "错误"]
    assert first[:5] == ["有é中文", 1234.56, 12, 13, True]
    assert isinstance(first[5], PercentCell) and first[5] == 0.9056
    assert first[6:] == [date(2024, 1, 9), UnreadCell("=", is_formula=True), UnreadCell("#N/A")]
    assert second[0] == "长" * 9000


def test_公式取保存的结果_错误值不当作空() -> None:
    file = read_settlements(XLS / "libreoffice.xls")
    assert [(one.setl_id, one.hifmi_pay) for one in file.settlements] == [("S001", 6000), ("S002", 0)]
    errors = [(f.row, f.column, f.rule, f.value) for f in file.findings]
    assert errors == [(4, "hifmi_pay", "cell-error", "#DIV/0!"), (5, "hifmi_pay", "cell-error", "#N/A")]
    assert file.refused == {("P003", 2024), ("P004", 2024)}


def test_按名称打开工作表() -> None:
    assert is_workbook(XLS / "settlements.xls")
    sheets = open_sheets(XLS / "settlements.xls", {"说明": ()})
    assert not isinstance(sheets, Finding)
    assert [name for name, _ in sheets.opened] == ["说明"]
    assert (sheets.others, sheets.hidden) == (("结算明细",), ("隐藏",))


@pytest.mark.parametrize("name", ["Book", "Workbook"])
def test_Excel95的工作簿(tmp_path: Path, name: str) -> None:
    finding = refusal(book(tmp_path / "a.xls", biff(number(0, 0), 0x0500), name))
    assert (finding.rule, finding.message) == ("file-format", "是 Excel 95 或更早的工作簿")


def test_写错的代码页不影响文字(tmp_path: Path) -> None:
    code_page = record(0x0042, struct.pack("<H", 936))
    assert rows_of(book(tmp_path / "a.xls", biff(label(0, 0, "低保户"), extra=code_page))) == [["低保户"]]


FORMULA = struct.Struct("<HHH8sHIH")


def formula(row: int, result: bytes) -> bytes:
    return record(0x0006, FORMULA.pack(row, 0, 0, result, 0, 0, 0))


@pytest.mark.parametrize(
    ("result", "text", "cell"),
    [
        (struct.pack("<d", 2.5), b"", 2.5),
        (b"\x00" * 6 + b"\xff\xff", record(0x0207, b"\x02\0\0ab"), "ab"),
        (b"\x00" * 6 + b"\xff\xff", record(0x0207, b"\0\0\0"), UnreadCell("=", is_formula=True)),
        (b"\x00" * 6 + b"\xff\xff", b"", UnreadCell("=", is_formula=True)),
        (b"\x01\0\x01\0\0\0\xff\xff", b"", True),
        (b"\x02\0\x17\0\0\0\xff\xff", b"", UnreadCell("#REF!")),
        (b"\x02\0\x99\0\0\0\xff\xff", b"", UnreadCell("#N/A")),
        (b"\x03\0\0\0\0\0\xff\xff", b"", UnreadCell("=", is_formula=True)),
    ],
    ids=["数", "文字", "空文字", "没有文字", "逻辑", "错误", "不认识的错误", "没有结果"],
)
def test_公式的结果(tmp_path: Path, result: bytes, text: bytes, cell: object) -> None:
    path = book(tmp_path / "a.xls", biff(label(0, 0, "列") + formula(1, result) + text + number(2, 0)))
    assert rows_of(path) == [["列"], [cell], [1]]


def test_加密的工作簿(tmp_path: Path) -> None:
    locked = bytearray(stream_of("settlements.xls"))
    # The record after the first becomes FILEPASS.
    at = 4 + struct.unpack_from("<H", locked, 2)[0]
    struct.pack_into("<H", locked, at, 0x002F)
    for path in (
        book(tmp_path / "a.xls", bytes(locked)),
        book(tmp_path / "b.xls", b"\0" * 64, "EncryptedPackage"),
        book(tmp_path / "c.xlsx", b"\0" * 64, "EncryptedPackage"),
    ):
        finding = refusal(path)
        assert (finding.rule, finding.message) == ("file-encrypted", "工作簿已加密")
        assert "取消密码" in finding.advice


CSV = csv_bytes([SETTLEMENT_HEADER, settlement()])
DISGUISED = [
    ("网页", b"<html><table><tr><td>1</td></tr></table></html>", "网页", "另存为 XLSX"),
    ("带标记的网页", b"\xef\xbb\xbf\r\n <!DOCTYPE html>", "网页", "另存为 XLSX"),
    ("UTF-16 的网页", "<html>".encode("utf-16"), "网页", "另存为 XLSX"),
    ("XML 表格", b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>', "网页", "另存为 XLSX"),
    ("单个文件网页", b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "网页", "另存为 XLSX"),
    ("逗号分隔", CSV, "文本", "后缀改为 .csv"),
    ("制表符分隔", "结算编号\t金额\r\nS1\t1\r\n".encode("gb18030"), "文本", "另存为 XLSX"),
    ("UTF-16 的文本", "结算编号\t金额".encode("utf-16"), "文本", "另存为 XLSX"),
    ("很旧的工作簿", b"\x09\x08"[:1] + b"\x02\x06\x00" + bytes(60), "Excel 95 或更早", "另存为 XLSX"),
    ("乱码", bytes(range(256)), "或文件已损坏", "另存为 XLSX"),
    ("只有开头", MAGIC[:4], "或文件已损坏", "另存为 XLSX"),
]


@pytest.mark.parametrize("suffix", ["xls", "xlsx"])
@pytest.mark.parametrize(("content", "said", "advice"), [each[1:] for each in DISGUISED], ids=[d[0] for d in DISGUISED])
def test_冒充工作簿的文件(tmp_path: Path, suffix: str, content: bytes, said: str, advice: str) -> None:
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(content)
    finding = refusal(path)
    assert finding.rule == "file-format"
    assert said in finding.message
    assert advice in finding.advice


def test_新旧工作簿的后缀写反(tmp_path: Path) -> None:
    old = tmp_path / "旧.xlsx"
    old.write_bytes((XLS / "roster.xls").read_bytes())
    new = write_xlsx(tmp_path / "新.xlsx", [SETTLEMENT_HEADER, settlement()]).rename(tmp_path / "新.xls")
    assert (refusal(old).rule, "后缀改为 .xls" in refusal(old).advice) == ("file-format", True)
    assert (refusal(new).rule, "后缀改为 .xlsx" in refusal(new).advice) == ("file-format", True)


def test_Word文档不是工作簿(tmp_path: Path) -> None:
    finding = refusal(book(tmp_path / "a.xls", b"\0" * 64, "WordDocument"))
    assert (finding.rule, "Word" in finding.message) == ("file-format", True)


CORNER = label(0, 0, "a") + number(65535, 255)


def test_远处的单元格不会占满内存(tmp_path: Path) -> None:
    finding = refusal(book(tmp_path / "a.xls", biff(CORNER)))
    assert finding.rule == "file-too-large"


def test_同一个工作表列上千次(tmp_path: Path) -> None:
    cells = label(0, 0, "a") + number(60_000, 40)
    assert refusal(book(tmp_path / "a.xls", biff(cells, copies=9))).rule == "file-too-large"
    assert refusal(book(tmp_path / "b.xls", biff(cells, copies=9)), Limits(parts=8)).rule == "file-too-large"


def test_同名的工作表(tmp_path: Path) -> None:
    stream = biff(label(0, 0, "a"), copies=2).replace(b"S1", b"S0")
    assert refusal(book(tmp_path / "a.xls", stream)).rule == "file-damaged"


def test_行的次序倒了(tmp_path: Path) -> None:
    assert refusal(book(tmp_path / "a.xls", biff(label(5, 0, "a") + number(4, 0)))).rule == "file-damaged"


def test_谎报的范围不占内存(tmp_path: Path) -> None:
    lie = record(0x0200, struct.pack("<IIHHH", 0, 0xFFFFFFF0, 0, 0xFFF0, 0))
    assert rows_of(book(tmp_path / "a.xls", biff(lie + label(0, 0, "列")))) == [["列"]]


def _strings(count: int, *texts: bytes) -> bytes:
    return record(0x00FC, struct.pack("<II", count, count) + b"".join(texts))


def shared(row: int, index: int) -> bytes:
    return record(0x00FD, struct.pack("<HHHI", row, 0, 0, index))


def test_共用文字(tmp_path: Path) -> None:
    text = struct.pack("<HBH", 2, 8, 1) + b"ab" + b"\0" * 4
    extra = _strings(2, text, struct.pack("<HB", 3, 1) + "低保户".encode("utf-16-le"))
    path = book(tmp_path / "a.xls", biff(shared(0, 0) + shared(1, 1), extra=extra))
    assert rows_of(path) == [["ab"], ["低保户"]]


def test_共用文字放大(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    extra = _strings(1, struct.pack("<HB", 8000, 0) + b"a" * 8000)
    path = book(tmp_path / "a.xls", biff(b"".join(shared(row, 0) for row in range(500)), extra=extra))
    assert len(rows_of(path)) == 500
    monkeypatch.setattr(xls_guard, "_MOST_CHARACTERS", 8000 * 499)
    assert refusal(path).rule == "file-too-large"


@pytest.mark.parametrize(
    "extra",
    [
        _strings(2**31),
        _strings(5, b"\x02\0\0ab"),
        _strings(1, b"\xff\xff\0ab"),
        _strings(1, b"\x02\0\x04\xff\xff\xff\x7fab"),
    ],
    ids=["数目太多", "少了几个", "没有写完", "附加的部分太长"],
)
def test_共用文字坏了(tmp_path: Path, extra: bytes) -> None:
    assert refusal(book(tmp_path / "a.xls", biff(label(0, 0, "a"), extra=extra))).rule == "file-damaged"


def test_文件大小(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xls_guard, "MOST_BYTES", 5000)
    assert refusal(XLS / "roster.xls").rule == "file-too-large"


@pytest.mark.parametrize("limit", ["file_bytes", "sheet_cells", "rows", "columns", "cell_chars"])
def test_每一项限制都起作用(limit: str) -> None:
    limits = Limits(**{limit: 1})
    file = read_settlements(XLS / "settlements.xls", frozenset(), limits)
    assert not file.usable
    assert file.findings[-1].rule in ("file-too-large", "cell-too-long")


@pytest.mark.parametrize("name", BOOKS)
def test_抄写的复合文件读出同样的内容(name: str) -> None:
    stream = stream_of(name)
    copy = CompoundFile(compound_file("Workbook", stream))
    assert copy.names == ("Workbook",)
    assert copy.stream("Workbook")[: len(stream)] == stream


def test_很大的复合文件() -> None:
    stream = bytes(range(256)) * 2**15
    assert CompoundFile(compound_file("Workbook", stream)).stream("Workbook") == stream


def _looped(data: bytearray) -> None:
    """Make the first allocation table point every sector at itself."""
    at = (struct.unpack_from("<I", data, 76)[0] + 1) * 512
    struct.pack_into("<128I", data, at, *range(128))


def _lying_length(data: bytearray) -> None:
    at = data.index("Workbook".encode("utf-16-le"))
    struct.pack_into("<I", data, at + 120, 2**31)


def _far_directory(data: bytearray) -> None:
    struct.pack_into("<I", data, 48, 2**20)


def _endless_tables(data: bytearray) -> None:
    struct.pack_into("<II", data, 68, 0, 2**31)


@pytest.mark.parametrize("spoil", [_looped, _lying_length, _far_directory, _endless_tables])
def test_复合文件的目录说谎(tmp_path: Path, spoil: Callable[[bytearray], None]) -> None:
    data = bytearray((XLS / "settlements.xls").read_bytes())
    spoil(data)
    with pytest.raises((CompoundDamaged, KeyError)):
        CompoundFile(bytes(data)).stream("Workbook")
    path = tmp_path / "a.xls"
    path.write_bytes(data)
    assert refusal(path).is_error
