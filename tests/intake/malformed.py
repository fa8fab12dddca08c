"""Malformed uploads, the same ones every time: several kinds of lists in several formats, each spoilt in one way.

``uploads()`` gives at least 500 as (name, content, kind), ``more(seed)`` some hundreds for every seed. The name is
unique and has the file's suffix. The kind is one of ``KINDS``, whose readers take (path, sender). Some of the files
still hold good rows: what a reader must do with every one of them is to return findings or good rows, never to raise,
and soon.
"""

import io
import random
import struct
import zipfile
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import xlsxwriter

from tests.intake.written import (
    PERSON_HEADER,
    SETTLEMENT_HEADER,
    csv_bytes,
    person,
    settlement,
    write_parquet,
    write_xlsx,
)
from tuodi.intake.compound_file import MAGIC, CompoundFile, compound_file
from tuodi.intake.office_lists import (
    read_enrolment_states,
    read_former_payments,
    read_marks,
    read_payer_answers,
    read_premium_lists,
)
from tuodi.intake.roster import read_roster
from tuodi.intake.sender_format import SenderFormat
from tuodi.intake.settlement_records import read_settlement_records

Rows = list[list[object]]
Spoil = Callable[[Rows, random.Random], Rows]


class Upload(NamedTuple):
    """One malformed file."""

    name: str
    content: bytes
    kind: str


def _settlements(path: Path, sender: SenderFormat) -> Any:
    return read_settlement_records(path, (), sender)


READERS: dict[str, Callable[[Path, SenderFormat], Any]] = {
    "roster": read_roster,
    "settlements": _settlements,
    "marks": read_marks,
    "enrolment_states": read_enrolment_states,
    "premium_lists": read_premium_lists,
    "payer_answers": read_payer_answers,
    "former_payments": read_former_payments,
}
KINDS = tuple(READERS)

_NUMBERS = range(1, 7)
GOOD: dict[str, Rows] = {
    "roster": [
        [*PERSON_HEADER, "乡镇", "联系电话", "变更类型"],
        *([*person(psn_no=f"P{n:03}", certno="", brdy=""), "示例镇", f"1380000000{n}", "新增"] for n in _NUMBERS),
    ],
    "settlements": [
        list(SETTLEMENT_HEADER),
        *(settlement(setl_id=f"S{n:03}", psn_no=f"P{n:03}", setl_time=f"2024-0{n}-1{n} 08:00:00") for n in _NUMBERS),
    ],
    "marks": [
        ["人员编号", "身份标识", "开始时间", "结束时间"],
        *([f"P{n:03}", "低保对象", f"2024-0{n}-01", ""] for n in _NUMBERS),
    ],
    "enrolment_states": [
        ["人员编号", "年度", "参保状态", "险种", "参保日期", "个人缴费标准", "资助金额"],
        *([f"P{n:03}", "2024", "居民医保", "390", "2023-12-20", "380.00", "280.00"] for n in _NUMBERS),
    ],
    "premium_lists": [
        ["人员编号", "年度", "身份", "个人缴费标准", "资助金额"],
        *([f"P{n:03}", "2024", "特困人员", "380.00", "380.00"] for n in _NUMBERS),
    ],
    "payer_answers": [
        ["结算编号", "支付方", "支付金额", "答复日期"],
        *([f"S{n:03}", "居民大病", f"{n}00.50", "2024-05-06"] for n in _NUMBERS),
    ],
    "former_payments": [
        ["结算编号", "人员编号", "支付编号", "救助金额", "支付日期"],
        *([f"S{n:03}", f"P{n:03}", f"ZF{n:03}", f"{n}00.00", "2024-05-07"] for n in _NUMBERS),
    ],
}

HOSTILE = (
    "=1+1", "=cmd|' /C calc'!A0", "@SUM(1)", "<script>alert(1)</script>", "'; DROP TABLE person; --", "../../passwd",
    "#N/A", "#REF!", "5.22627E+17", "-100.00", "１２３", "1,234.00", "1e309", "nan", "inf", "2024/13/45", "0000-00-00",
    "99999999999999999999", "\u202e反转", "P\u200b001", "\ufeff", "\u3000", "长" * 600, "a" * 40_000, "𠀀𠮷", "{{7*7}}",
    "%s%s%n", "${jndi:ldap://x}", "\x7f", "合计", "NULL", "TRUE",
)  # fmt: skip


def _cell(rows: Rows, chance: random.Random) -> Rows:
    rows[chance.randrange(1, len(rows))][chance.randrange(len(rows[0]))] = chance.choice(HOSTILE)
    return rows


def _column(rows: Rows, chance: random.Random) -> Rows:
    at, found = chance.randrange(len(rows[0])), chance.choice(HOSTILE)
    for row in rows[1:]:
        row[at] = found
    return rows


def _emptied(rows: Rows, chance: random.Random) -> Rows:
    rows[chance.randrange(1, len(rows))][chance.randrange(len(rows[0]))] = ""
    return rows


def _without_column(rows: Rows, chance: random.Random) -> Rows:
    at = chance.randrange(len(rows[0]))
    return [row[:at] + row[at + 1 :] for row in rows]


def _column_twice(rows: Rows, chance: random.Random) -> Rows:
    at = chance.randrange(len(rows[0]))
    return [[*row, row[at]] for row in rows]


def _shuffled_headings(rows: Rows, chance: random.Random) -> Rows:
    chance.shuffle(rows[0])
    return rows


def _without_header(rows: Rows, _: random.Random) -> Rows:
    return rows[1:]


def _header_again(rows: Rows, chance: random.Random) -> Rows:
    rows.insert(chance.randrange(1, len(rows)), list(rows[0]))
    return rows


def _merged_title(rows: Rows, chance: random.Random) -> Rows:
    return [[chance.choice(HOSTILE), *[""] * (len(rows[0]) - 1)], *rows]


def _copied_row(rows: Rows, chance: random.Random) -> Rows:
    rows.append(list(chance.choice(rows[1:])))
    return rows


def _contradicting_row(rows: Rows, chance: random.Random) -> Rows:
    rows.append([*chance.choice(rows[1:])[:-1], "2023-01-01"])
    return rows


def _shifted_row(rows: Rows, chance: random.Random) -> Rows:
    row = rows[chance.randrange(1, len(rows))]
    row.insert(chance.randrange(len(row)), "多出")
    return [each[: len(rows[0])] for each in rows]


def _foot_between(rows: Rows, chance: random.Random) -> Rows:
    rows.insert(chance.randrange(1, len(rows)), ["合计", *[""] * (len(rows[0]) - 1)])
    return rows


def _ids_as_numbers(rows: Rows, _: random.Random) -> Rows:
    return [rows[0], *([int(f"52262719900307{at:04}"), *row[1:]] for at, row in enumerate(rows[1:]))]


def _wrong_types(rows: Rows, chance: random.Random) -> Rows:
    found = chance.choice((True, 1.5, -1, 0.30000000000000004, 10**20, 45401))
    rows[chance.randrange(1, len(rows))][chance.randrange(len(rows[0]))] = found
    return rows


def _negative(rows: Rows, _: random.Random) -> Rows:
    return [
        [f"-{cell}" if isinstance(cell, str) and "." in cell and cell[0].isdigit() else cell for cell in row]
        for row in rows
    ]


def _nothing_but_header(rows: Rows, _: random.Random) -> Rows:
    return rows[:1]


def _many_columns(rows: Rows, _: random.Random) -> Rows:
    return [[*row, *[f"列{at}" for at in range(600)]] for row in rows]


SPOILS: tuple[Spoil, ...] = (
    _cell, _cell, _cell, _column, _emptied, _without_column, _column_twice, _shuffled_headings, _without_header,
    _header_again, _merged_title, _copied_row, _contradicting_row, _shifted_row, _foot_between, _ids_as_numbers,
    _wrong_types, _negative, _nothing_but_header, _many_columns,
)  # fmt: skip


def _as_csv(rows: Rows) -> bytes:
    return csv_bytes(rows)


def _as_xlsx(rows: Rows) -> bytes:
    with TemporaryDirectory() as folder:
        return write_xlsx(Path(folder) / "a.xlsx", [[_fitting(cell) for cell in row] for row in rows]).read_bytes()


def _fitting(cell: object) -> object:
    return cell[:32_767] if isinstance(cell, str) else cell


def _as_parquet(rows: Rows) -> bytes:
    width = len(rows[0])
    even = [[str(cell) for cell in row[:width]] + [""] * (width - len(row)) for row in rows]
    with TemporaryDirectory() as folder:
        return write_parquet(Path(folder) / "a.parquet", even if len(even) > 1 else [*even, [""] * width]).read_bytes()


def _as_xls(rows: Rows) -> bytes:
    """Return a small old workbook of texts and numbers, each in a record of its own."""
    cells = b""
    for at, row in enumerate(rows):
        for place, cell in enumerate(row[:256]):
            head = struct.pack("<HHH", at, place, 0)
            if isinstance(cell, bool):
                cells += record(0x0205, head + bytes((cell, 0)))
            elif isinstance(cell, int | float):
                cells += record(0x0203, head + struct.pack("<d", cell))
            elif cell:
                text = str(cell)[:4000].encode("utf-16-le")
                cells += record(0x0204, head + struct.pack("<HB", len(text) // 2, 1) + text)
    start = record(0x0809, struct.pack("<HHIII", 0x0600, 5, 0, 0, 6))
    sheet = record(0x0085, struct.pack("<IBBBB", len(start) + 13 + 4, 0, 0, 1, 0) + b"a")
    page = record(0x0809, struct.pack("<HHIII", 0x0600, 0x10, 0, 0, 6)) + cells + record(0x000A)
    return compound_file("Workbook", start + sheet + record(0x000A) + page)


def record(kind: int, content: bytes = b"") -> bytes:
    """Return one record of an old workbook."""
    return struct.pack("<HH", kind, len(content)) + content


FORMATS: dict[str, Callable[[Rows], bytes]] = {
    "csv": _as_csv, "xlsx": _as_xlsx, "xls": _as_xls, "parquet": _as_parquet,
}  # fmt: skip


def _mutated(content: bytes, chance: random.Random) -> bytes:
    data = bytearray(content)
    for _ in range(chance.choice((1, 3, 20))):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


def _cut(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(1, len(content))]


def _nul(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content))
    return content[:at] + b"\0" * chance.choice((1, 16)) + content[at:]


def _piece_twice(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content))
    return content[: at + 50] + content[at:]


def _tail(content: bytes, chance: random.Random) -> bytes:
    return content + bytes(chance.randrange(256) for _ in range(200))


BYTES = (_mutated, _mutated, _mutated, _cut, _nul, _piece_twice, _tail)


def _zip(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


SHEET = "xl/worksheets/sheet1.xml"


def _formulas(rows: Rows) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for at, row in enumerate(rows):
            for place, cell in enumerate(row):
                if at and place == len(row) - 1:
                    page.write_formula(at, place, "=1/0", None, "#DIV/0!")
                elif at and not place:
                    page.write_formula(at, place, '=HYPERLINK("http://x","P")', None, "")
                else:
                    page.write_string(at, place, str(cell))
    return out.getvalue()


def _workbooks(kind: str) -> Iterator[tuple[str, bytes]]:
    """Yield workbooks that are wrong inside."""
    good = _as_xlsx(GOOD[kind])
    parts = _parts(good)
    sheet = parts[SHEET]
    huge = sheet.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" t="n"><v>1</v></c></row></sheetData>')
    yield "远处的单元格", _zip(parts | {SHEET: huge})
    if kind == "roster":
        bomb = sheet.replace(b"</sheetData>", b'<row r="9"/>' * 3_000_000 + b"</sheetData>")
        yield "压缩炸弹", _zip(parts | {SHEET: bomb})
    entity = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">]>'
    yield "实体", _zip(parts | {SHEET: sheet.replace(b"<worksheet", entity + b"<worksheet", 1)})
    yield "没有工作表", _zip({name: part for name, part in parts.items() if name != SHEET})
    yield "没有目录", _zip({name: part for name, part in parts.items() if name != "xl/workbook.xml"})
    yield "工作表不是XML", _zip(parts | {SHEET: b"\x00\xff" * 500})
    yield "工作表没有写完", _zip(parts | {SHEET: sheet[: len(sheet) // 2]})
    yield "不认识的单元格类型", _zip(parts | {SHEET: sheet.replace(b't="s"', b't="zz"')})
    yield "字符串编号出界", _zip(parts | {SHEET: sheet.replace(b"<v>1</v>", b"<v>99999999</v>")})
    yield "公式", _formulas(GOOD[kind])
    yield "空的压缩包", _zip({})
    yield "别的压缩包", _zip({"word/document.xml": b"<w/>"})
    yield "路径往上", _zip(parts | {"../../x.xml": b"<a/>"})


def _stream(kind: str) -> bytes:
    """Return the records of a good old workbook, without what fills up its last block."""
    return CompoundFile(_as_xls(GOOD[kind])).stream("Workbook").rstrip(b"\0") + b"\0\0\0"


def _old_workbooks(kind: str) -> Iterator[tuple[str, bytes]]:
    """Yield old workbooks that are wrong inside."""
    stream = _stream(kind)
    end = record(0x000A)
    body = stream[: stream.rindex(end)]
    corner = record(0x0203, struct.pack("<HHHd", 65_535, 255, 0, 1.0))
    yield "远处的单元格", compound_file("Workbook", body + corner + end)
    yield "次序倒了", compound_file("Workbook", body + record(0x0203, struct.pack("<HHHd", 0, 0, 0, 1.0)) + end)
    yield "错误值", compound_file("Workbook", body + record(0x0205, struct.pack("<HHHBB", 7, 1, 0, 7, 1)) + end)
    yield "没有写完", compound_file("Workbook", body)
    yield "加密", compound_file("Workbook", stream[:20] + record(0x002F, b"\0" * 6) + stream[20:])
    yield "加密的新工作簿", compound_file("EncryptedPackage", b"\0" * 100)
    yield "Word 文档", compound_file("WordDocument", b"\0" * 100)
    yield "Excel 95", compound_file("Book", stream.replace(b"\x00\x06", b"\x00\x05", 1))
    yield "共用文字太多", compound_file("Workbook", stream[:20] + record(0x00FC, b"\xff" * 8) + stream[20:])
    yield "只有开头", MAGIC + bytes(600)
    yield "接续的记录", compound_file("Workbook", stream[:20] + record(0x003C, b"") * 30_000 + stream[20:])


def _disguised(rows: Rows) -> Iterator[tuple[str, str, bytes]]:
    """Yield (what, suffix, content) of files that are not what their names say."""
    table = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    page = f"<html><meta charset=utf-8><table>{table}</table></html>".encode()
    tabs = "\n".join("\t".join(map(str, row)) for row in rows)
    text = csv_bytes(rows)
    for suffix in ("xls", "xlsx", "csv"):
        yield "网页", suffix, page
        yield "XML", suffix, b'<?xml version="1.0"?>' + page
    for suffix in ("xls", "xlsx"):
        yield "文本", suffix, text
        yield "制表符", suffix, tabs.encode("gb18030")
        yield "UTF-16", suffix, tabs.encode("utf-16")
    yield "制表符", "csv", tabs.encode()
    yield "分号", "csv", text.replace(b",", b";")
    yield "UTF-16", "csv", text.decode("utf-8-sig").encode("utf-16")
    yield "UTF-16 无标记", "csv", text.decode("utf-8-sig").encode("utf-16-be")
    yield "Big5", "csv", "人員編號,身份\nP001,低保戶\n".encode("big5")
    yield "Latin-1", "csv", text.replace("示例".encode(), b"\xe9\xff\xfe")
    yield "引号不成对", "csv", text + b'"P009,'
    yield "没有换行", "csv", b"P" * 1_200_000
    yield "只有换行", "csv", b"\r\n" * 50
    yield "空", "csv", b""
    yield "空", "xls", b""
    yield "空", "xlsx", b""
    yield "工作簿", "csv", _as_xlsx(rows)
    yield "工作簿", "xls", _as_xlsx(rows)
    yield "旧工作簿", "xlsx", _as_xls(rows)
    yield "旧工作簿", "parquet", _as_xls(rows)
    yield "文本", "parquet", text
    yield "文本", "et", text
    yield "文本", "pdf", b"%PDF-1.7" + text
    yield "文本", "exe", b"MZ" + text


def _spoilt(kind: str, chance: random.Random) -> Iterator[tuple[str, str, bytes]]:
    """Yield (what, suffix, content) of files of one kind."""
    for number, spoil in enumerate(SPOILS):
        suffix = tuple(FORMATS)[number % len(FORMATS)]
        rows = spoil([list(row) for row in GOOD[kind]], chance)
        yield spoil.__name__.strip("_"), suffix, FORMATS[suffix](rows)
    for suffix, write in FORMATS.items():
        good = write(GOOD[kind])
        for spoil_bytes in BYTES:
            yield f"bytes-{spoil_bytes.__name__.strip('_')}", suffix, spoil_bytes(good, chance)
    stream = _stream(kind)
    for spoil_bytes in BYTES:
        yield (
            f"records-{spoil_bytes.__name__.strip('_')}",
            "xls",
            compound_file("Workbook", spoil_bytes(stream, chance)),
        )


@cache
def uploads() -> Sequence[Upload]:
    """Return the malformed uploads, the same ones every time."""
    found: list[Upload] = []
    for kind in KINDS:
        chance = random.Random(f"malformed {kind}")
        spoilt = list(_spoilt(kind, chance)) + list(_spoilt(kind, chance))
        if kind in ("roster", "settlements"):
            spoilt += list(_spoilt(kind, chance))
            spoilt += [(what, "xlsx", content) for what, content in _workbooks(kind)]
            spoilt += [(what, "xls", content) for what, content in _old_workbooks(kind)]
            spoilt += _disguised(GOOD[kind])
        for number, (what, suffix, content) in enumerate(spoilt):
            found.append(Upload(f"{kind}-{number:03}-{what}.{suffix}", content, kind))
    return tuple(found)


def more(seed: int) -> Iterator[Upload]:
    """Yield further malformed uploads, spoilt at places of this seed."""
    for kind in KINDS:
        for number, (what, suffix, content) in enumerate(_spoilt(kind, random.Random(f"malformed {kind} {seed}"))):
            yield Upload(f"{kind}-{seed}-{number:03}-{what}.{suffix}", content, kind)
