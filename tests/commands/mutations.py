"""Good files spoilt in every way an office, an export or somebody hostile spoils them; the same seed, the same files.

``mutated(seed, folder) -> Mutation``: a roster and a file of settlements, at least one of them spoilt.
"""

from __future__ import annotations

import csv
import io
import random
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from tests.intake.written import PERSON_HEADER, SETTLEMENT_HEADER, person, settlement, typed

Table = list[list[object]]
FORMS = ("csv", "csv", "xlsx", "parquet")
IDENTITIES = ("低保对象", "监测对象", "特困人员", "返贫致贫人口", "低保边缘家庭成员", "因病致贫重病患者")
PEOPLE: Table = [list(PERSON_HEADER)] + [
    person(psn_no=f"P{n:02d}", identity=IDENTITIES[n], family_no="", endtime="", certno="", brdy="") for n in range(6)
]
ROWS: Table = [list(SETTLEMENT_HEADER)] + [
    settlement(setl_id=f"S{n:03d}", psn_no=f"P{n % 6:02d}", setl_time=f"2024-05-{n + 1:02d} 08:00:00",
               insuplc_admdvs="141122", mdtrtarea_admvs="141122", med_type=("21", "14", "16", "11")[n % 4])
    for n in range(18)
]  # fmt: skip


@dataclass
class Mutation:
    """The files; what was done; for a cell known to be bad the sheet's row number that must be named, by file."""

    persons: Path
    settlements: Path
    done: list[str] = field(default_factory=list)
    must_name: set[tuple[str, int]] = field(default_factory=set)


# --- cells ------------------------------------------------------------------------------------------------------------

BAD_MONEY = (
    "１２３.４５", "1,234.56", "1e5", "1E+05", "-0.01", "abc", "一百元", "¥100", "100元", "1.234", "NaN", "inf",
    "#N/A", "0x1F",
    "1 000", "--5", "1.2.3", "9" * 5000, "TRUE", "=1+1", "10000000000.00", "\u200b100", "１００", "−5", "1．5",
)  # fmt: skip
BAD_TIME = (
    "二〇二四年五月六日", "2024-13-01", "2024-02-30", "0000-00-00", "99999999", "2024-05-06 25:00:00", "昨天", "",
    "2024年", "1024-05-06", "3024-05-06", "２０２４-05-06", "#REF!", "2024-05", "-1", "1e9",
)  # fmt: skip
BAD_ID = ("", "１２３", "1.23457E+17", "S 1", "S\u200b1", "S\n1", "x" * 600, "#VALUE!", "123456.0")
BAD_CODE = ("", "２１", "21.0", "2 1", "#N/A")
STRANGE = (
    "\ufeff", "'", "\x00", "\x1b[31m", "💊", "a" * 400, "张\r\n三", '"', ",", "\t", " ", "𠮷", "\u202e", "null",
    "None", "\\N", "=cmd|' /C calc'!A0",
)  # fmt: skip
BAD: dict[str, tuple[str, ...]] = {
    "setl_id": BAD_ID, "psn_no": BAD_ID, "setl_time": BAD_TIME, "med_type": BAD_CODE, "inscp_scp_amt": (*BAD_MONEY, ""),
    "hifp_pay": (*BAD_MONEY, ""), "oth_pay": BAD_MONEY, "medfee_sumamt": BAD_MONEY, "act_pay_dedc": BAD_MONEY,
    "refd_setl_flag": ("2", "是", "Y", "-1", "１", "10"),
}  # fmt: skip
BAD_OF_PERSON: dict[str, tuple[str, ...]] = {
    "psn_no": BAD_ID, "identity": ("", "#N/A", "x" * 600), "begntime": BAD_TIME,
    "endtime": tuple(t for t in BAD_TIME if t),
    "certno": ("110101199003074531", "11010119900307453", "1.10101E+17", "110101199013074530"),
}  # fmt: skip


def bad_cell(rng: random.Random, table: Table, kind: str, mutation: Mutation) -> None:
    choices = BAD if kind == "settlements" else BAD_OF_PERSON
    name = rng.choice(sorted(choices))
    if name not in table[0] or len(table) < 2:
        return
    row = rng.randrange(1, len(table))
    at = table[0].index(name)
    if at >= len(table[row]):
        return
    cell = rng.choice(choices[name])
    table[row][at] = cell
    mutation.done.append(f"{kind} 第 {row + 1} 行 {name} = {cell[:30]!r}")
    mutation.must_name.add((kind, row + 1))


def strange_cell(rng: random.Random, table: Table, kind: str, mutation: Mutation) -> None:
    for _ in range(rng.randint(1, 6)):
        row = rng.randrange(len(table)) if rng.random() < 0.1 else len(table) - 1 - rng.randrange((len(table) + 1) // 2)
        at = rng.randrange(len(table[row]))
        cell = rng.choice(STRANGE)
        table[row][at] = rng.choice((cell, f"{table[row][at]}{cell}", f"{cell}{table[row][at]}"))
        mutation.done.append(f"{kind} 第 {row + 1} 行第 {at + 1} 列加入 {cell[:10]!r}")


def odd_type(rng: random.Random, table: Table, kind: str, mutation: Mutation) -> None:
    """A whole column as numbers, as an export or a spreadsheet makes it: ids and card numbers as floats too."""
    at = rng.randrange(len(table[0]))
    number = rng.choice((1.5, 3.30522e17, 1e300, 45418.0, -1, 0, True, 2**62, Decimal("12.345"), float(10**15 + 1)))
    for row in table[1:]:
        if rng.random() < 0.7 and at < len(row):
            row[at] = number
    mutation.done.append(f"{kind} 第 {at + 1} 列 = {number}")


def headings(rng: random.Random, table: Table, kind: str, mutation: Mutation) -> None:
    header = table[0]
    what = rng.choice(("缺", "改名", "重复", "换位", "标题行", "两层", "空", "大小写", "多一列"))
    at, other = rng.randrange(len(header)), rng.randrange(len(header))
    if what == "缺":
        for row in table:
            del row[at : at + 1]
    elif what == "改名":
        header[at] = rng.choice(("备注", "1", "﻿", "身 份", "金额"))
    elif what == "重复":
        header[at] = header[other]
    elif what == "换位":
        for row in table:
            if max(at, other) < len(row):
                row[at], row[other] = row[other], row[at]
    elif what == "标题行":
        for _ in range(rng.choice((1, 3, 25))):
            table.insert(0, ["某县医疗救助结算明细表", *[""] * (len(header) - 1)])
    elif what == "两层":
        table.insert(1, [rng.choice(("元", "", "合计")) for _ in header])
    elif what == "空":
        header[at] = ""
    elif what == "大小写":
        table[0] = [f" {str(name).upper()} " for name in header]
    else:
        for row in table:
            row.insert(at, "x")
    mutation.done.append(f"{kind} 列名：{what}")


def rows_moved(rng: random.Random, table: Table, kind: str, mutation: Mutation) -> None:
    if len(table) < 2:
        return
    what = rng.choice(
        ("重复", "重复而不同", "打乱", "空行", "合计行", "列名再现", "短行", "长行", "没有数据", "只有一行")
    )
    row = rng.randrange(1, len(table))
    if what == "重复":
        table.append(list(table[row]))
    elif what == "重复而不同":
        table.append([*table[row][:-1], "1"])
    elif what == "打乱":
        body = table[1:]
        rng.shuffle(body)
        table[1:] = body
    elif what == "空行":
        table.insert(row, [""] * len(table[0]))
    elif what == "合计行":
        table.append(["合计", *[""] * (len(table[0]) - 2), "999"])
    elif what == "列名再现":
        table.insert(row, list(table[0]))
    elif what == "短行":
        table[row] = table[row][: rng.randrange(1, len(table[0]))]
    elif what == "长行":
        table[row] = [*table[row], "x", "y"]
    elif what == "没有数据":
        del table[1:]
    else:
        del table[2:]
    mutation.done.append(f"{kind} 行：{what}")


CELLS: tuple[Callable[[random.Random, Table, str, Mutation], None], ...] = (
    bad_cell, bad_cell, bad_cell, strange_cell, odd_type, headings, rows_moved,
)  # fmt: skip


# --- files ------------------------------------------------------------------------------------------------------------


def write(path: Path, table: Table, rng: random.Random) -> None:
    if path.suffix == ".csv":
        text = io.StringIO()
        quoting = rng.choice((csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
        writer = csv.writer(text, lineterminator=rng.choice(("\r\n", "\n")), quoting=quoting)
        writer.writerows(table)
        path.write_bytes(text.getvalue().encode(rng.choice(("utf-8-sig", "utf-8", "gb18030")), "replace"))
    elif path.suffix == ".xlsx":
        with xlsxwriter.Workbook(str(path)) as book:
            page = book.add_worksheet(rng.choice(("明细", "Sheet1")))
            for number, row in enumerate(table):
                for at, cell in enumerate(row):
                    if isinstance(cell, bool):
                        page.write_boolean(number, at, cell)
                    elif isinstance(cell, int | float | Decimal):
                        page.write_number(number, at, float(cell))
                    elif cell != "":
                        page.write_string(number, at, str(cell)[:32_000])
            if rng.random() < 0.05:
                page.merge_range(0, 0, 0, 3, "合并的标题")
    else:
        width = max(map(len, table))
        columns = list(zip(*([*row, *[""] * (width - len(row))] for row in table), strict=True))
        pq.write_table(
            pa.Table.from_arrays([_array(column[1:]) for column in columns], names=[str(c[0]) for c in columns]), path
        )


def _array(cells: tuple[object, ...]) -> pa.Array:
    kinds = {type(cell) for cell in cells if cell != ""}
    if kinds <= {str} or len(kinds) > 1:
        return pa.array([str(cell) for cell in cells], pa.string())
    return pa.array([None if cell == "" else cell for cell in cells])


def bytes_spoilt(rng: random.Random, path: Path, kind: str, mutation: Mutation) -> None:
    content = bytearray(path.read_bytes())
    what = rng.choice(("截断", "乱字节", "插入", "重复一段", "清空", "换内容", "换后缀", "加尾巴", "掉位"))
    at = rng.randrange(len(content))
    if what == "截断":
        del content[at:]
    elif what == "乱字节":
        for _ in range(rng.choice((1, 5, 50))):
            content[rng.randrange(len(content))] = rng.randrange(256)
    elif what == "插入":
        content[at:at] = rng.choice(
            (b"\x00", b'"', b"\xff\xfe", b"\r", b",,,,", b"\xef\xbb\xbf", bytes(rng.randbytes(20)))
        )
    elif what == "重复一段":
        content[at:at] = content[at : at + 200]
    elif what == "清空":
        content.clear()
    elif what == "换内容":
        content[:] = rng.choice(
            (b"<html><table></table></html>", b"%PDF-1.4", rng.randbytes(500), b"PK\x03\x04", b"PAR1PAR1", b"\r\n" * 50)
        )
    elif what == "换后缀":
        other = path.with_suffix(rng.choice((".csv", ".xlsx", ".parquet", ".xls", ".txt")))
        setattr(mutation, kind, other)
        path = other
    elif what == "加尾巴":
        content += rng.choice((b"\x00" * 100, b"\x1a", rng.randbytes(100), b"\r\n\r\n,,,\r\n"))
    else:
        content[at] ^= 1 << rng.randrange(8)
    path.write_bytes(bytes(content))
    mutation.must_name.clear()
    mutation.done.append(f"{kind} 字节：{what}")


@cache
def bomb(which: str) -> bytes:
    """Workbooks made to hurt: a bomb, one whose directory lies, a giant cell, a far cell."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        page = book.add_worksheet()
        for number, row in enumerate(ROWS):
            page.write_row(number, 0, [str(cell) for cell in row])
    with zipfile.ZipFile(stream) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    more = {
        "压缩炸弹": b" " * 60 * 2**20,
        "谎报大小": b" " * 60 * 2**20,
        "巨大的格子": b'<row r="99"><c r="A99" t="inlineStr"><is><t>' + b"x" * 3 * 2**20 + b"</t></is></c></row>",
        "远处的格子": b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        "外部实体": b'<!DOCTYPE x [<!ENTITY a "aaaa">]>',
    }[which]
    parts[sheet] = parts[sheet].replace(b"</sheetData>", more + b"</sheetData>")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    content = out.getvalue()
    if which == "谎报大小":
        content = content.replace(struct.pack("<I", len(parts[sheet])), struct.pack("<I", 1000))
    return content


BOMBS = ("压缩炸弹", "谎报大小", "巨大的格子", "远处的格子", "外部实体")


def mutated(seed: int, folder: Path) -> Mutation:
    """Return spoilt files; every tenth is not spoilt in its cells but its bytes, every fiftieth is a bomb."""
    rng = random.Random(seed)
    mutation = Mutation(folder / f"p.{rng.choice(FORMS)}", folder / f"s.{rng.choice(FORMS)}")
    tables = {"persons": [list(row) for row in PEOPLE], "settlements": [list(row) for row in ROWS]}
    if rng.random() < 0.3:
        header, *rows = tables["settlements"]
        cells = [typed(header, row) for row in rows]
        tables["settlements"] = [
            header, *([str(c) if not isinstance(c, Decimal) else float(c) for c in row] for row in cells),
        ]  # fmt: skip
    kind = rng.choice(("persons", "settlements", "settlements"))
    by_bytes = rng.random() < 0.3
    if not by_bytes:
        for change in rng.sample(CELLS, rng.choice((1, 1, 1, 2, 3))):
            change(rng, tables[kind], kind, mutation)
    if len(mutation.done) != 1:
        # A later change may have moved, mended or hidden what was spoilt first.
        mutation.must_name.clear()
    for name, table in tables.items():
        write(getattr(mutation, name), table, rng)
    if seed % 50 == 7:
        which = BOMBS[seed // 50 % len(BOMBS)]
        mutation.settlements = folder / "s.xlsx"
        mutation.settlements.write_bytes(bomb(which))
        mutation.done.append(which)
        mutation.must_name = set()
    elif by_bytes:
        bytes_spoilt(rng, getattr(mutation, kind), kind, mutation)
    return mutation
