"""Over a thousand spoilt files, the same ones every time: findings or a plain refusal, never an exception.

Each mutant spoils one thing in a small good file. Where the spoilt cell must not pass, its person must be refused.
"""

import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.intake.written import (
    PERSON_HEADER,
    SETTLEMENT_HEADER,
    csv_bytes,
    person,
    settlement,
    write_parquet,
    write_xlsx,
)
from tuodi.intake.persons import PersonsFile, read_persons
from tuodi.intake.settlements import SettlementsFile, read_settlements

SEEDS = range(120)

Rows = list[list[object]]
SETTLEMENTS: Rows = [
    list(SETTLEMENT_HEADER),
    *(settlement(setl_id=f"S{n:03}", psn_no=f"P{n:03}", setl_time=f"2024-0{n}-1{n} 08:00:00") for n in range(1, 7)),
]
PERSONS: Rows = [list(PERSON_HEADER), *(person(psn_no=f"P{n:03}", certno="", brdy="") for n in range(1, 7))]

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
AMOUNTS = ("inscp_scp_amt", "hifp_pay", "hifmi_pay", "medfee_sumamt", "preselfpay_amt")

# What is put into a cell of these columns; none of it may pass.
BAD_CELLS: dict[str, tuple[tuple[str, ...], Callable[[str], object]]] = {
    "金额全角": (AMOUNTS, lambda cell: cell.translate(FULL_WIDTH)),
    "金额为负": (AMOUNTS, lambda cell: f"-{cell}1"),
    "金额科学计数法": (AMOUNTS, lambda _: "1e5"),
    "金额千分位": (AMOUNTS, lambda _: "1,234.00"),
    "金额三位小数": (AMOUNTS, lambda cell: f"{cell}5"),
    "金额带单位": (AMOUNTS, lambda cell: f"{cell}元"),
    "金额中间有空格": (AMOUNTS, lambda cell: f"1 {cell}"),
    "金额错误值": (AMOUNTS, lambda _: "#N/A"),
    "金额过大": (AMOUNTS, lambda cell: f"99999999999{cell}"),
    "金额过长": (AMOUNTS, lambda cell: cell * 2_000),
    "编号为小数": (("setl_id", "psn_no"), lambda _: "123456789012345678.0"),
    "编号为科学计数法": (("setl_id", "psn_no"), lambda _: "1.23457E+17"),
    "编号有空格": (("setl_id", "psn_no"), lambda cell: f"{cell[:2]} {cell[2:]}"),
    "编号全角": (("setl_id", "psn_no"), lambda cell: cell.translate(FULL_WIDTH)),
    "日期不存在": (("setl_time", "begntime"), lambda _: "2024-02-30"),
    "日期斜线": (("setl_time", "begntime"), lambda _: "2024/2/3"),
    "日期序号": (("setl_time", "begntime"), lambda _: "45401"),
    "日期全角": (("setl_time", "begntime"), lambda cell: cell.translate(FULL_WIDTH)),
    "日期两位年": (("setl_time", "begntime"), lambda _: "24-05-06"),
    "结束早于开始": (("endtime",), lambda _: "2023-12-31"),
    "标志有误": (("refd_setl_flag",), lambda _: "是"),
    "必填为空": (("setl_id", "setl_time", "med_type", "inscp_scp_amt", "hifp_pay", "identity"), lambda _: " "),
}
# The same for cells that are not text, which only a workbook or a database holds.
BAD_TYPED: dict[str, tuple[tuple[str, ...], object]] = {
    "编号为数值": (("setl_id", "psn_no"), 1.2345678901234568e17),
    "编号为整数": (("setl_id", "psn_no"), 123),
    "金额为半分": (AMOUNTS, 100.005),
    "金额为逻辑值": (AMOUNTS, True),
    "金额为负数值": (AMOUNTS, -0.01),
    "日期为序号": (("setl_time", "begntime"), 45401.25),
    "代码为小数": (("med_type", "insutype"), 21.5),
}


def _spoilt_header(rows: Rows, chance: random.Random) -> Rows:
    header, body = rows[0], rows[1:]
    at, other = chance.randrange(len(header)), chance.randrange(len(header))
    match chance.randrange(8):
        case 0:
            return [["合并的标题", *[""] * (len(header) - 1)], header, *body]
        case 1:
            return [[*header[:at], "", *header[at + 1 :]], *body]
        case 2:
            return [[*header[:at], header[other], *header[at + 1 :]], *body]
        case 3:
            return body
        case 4:
            return [*body, header]
        case 5:
            return [[f"{header[at]}\n（{name}）" if name == header[at] else name for name in header], *body]
        case 6:
            return [row[:at] + row[at + 1 :] for row in rows]
        case _:
            return [chance.sample(header, len(header)), *body]


def _spoilt_text(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content))
    text = content.decode("utf-8-sig")
    match chance.randrange(9):
        case 0:
            return content[:at]
        case 1:
            return text.encode(chance.choice(["utf-16", "utf-16-le", "utf-32", "gb18030", "big5", "utf-7"]), "replace")
        case 2:
            return text.replace(",", chance.choice([";", "\t", "，", ",,", " , "])).encode()
        case 3:
            return content[:at] + chance.choice([b'"', b'""', b"'", b",", b"\r", b"\n", b"\x00"]) + content[at:]
        case 4:
            return content[:at] + chance.randbytes(4) + content[at + 4 :]
        case 5:
            return content[:at] + content[at:].replace(b"\r\n", b"", 1)
        case 6:
            return content[:at] + "\ud800".encode("utf-8", "surrogatepass") + content[at:]
        case 7:
            return content + content
        case _:
            return text.encode("utf-8")[::-1]


def _spoilt_bytes(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content))
    match chance.randrange(5):
        case 0:
            return content[:at]
        case 1:
            return content[:at] + chance.randbytes(chance.randrange(1, 9)) + content[at + 4 :]
        case 2:
            return content[:at] + bytes([content[at] ^ (1 << chance.randrange(8))]) + content[at + 1 :]
        case 3:
            return content[:at] + content[at + chance.randrange(1, 64) :]
        case _:
            return content + chance.randbytes(chance.randrange(1, 200))


def _spoilt_parts(path: Path, chance: random.Random) -> None:
    """Spoil the XML inside a workbook and zip it again, so that no checksum gives the damage away."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice([name for name in parts if name.startswith("xl/") and "theme" not in name])
    parts[name] = _spoilt_bytes(parts[name], chance)
    if chance.random() < 0.1:
        del parts[name]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part_name, part in parts.items():
            archive.writestr(part_name, part)


def _write(folder: Path, rows: Rows, suffix: str) -> Path:
    path = folder / f"变异.{suffix}"
    if suffix == "csv":
        path.write_bytes(csv_bytes(rows))
    elif suffix == "xlsx":
        write_xlsx(path, rows)
    else:
        columns = list(zip(*rows, strict=True))
        mixed = [len({type(cell) for cell in column[1:]}) > 1 for column in columns]
        turned = [
            [column[0], *(map(str, column[1:]) if is_mixed else column[1:])]
            for column, is_mixed in zip(columns, mixed, strict=True)
        ]
        write_parquet(path, [list(row) for row in zip(*turned, strict=True)])
    return path


def _checked(path: Path, is_roster: bool) -> PersonsFile | SettlementsFile:
    """Read a mutant; whatever came of it, the counts close and every error says where and what to do."""
    file: PersonsFile | SettlementsFile = read_persons(path) if is_roster else read_settlements(path)
    errors = [finding for finding in file.findings if finding.is_error]
    assert all(finding.message and finding.advice and finding.file == path.name for finding in file.findings)
    if not file.usable:
        assert errors
        return file
    totals = file.totals
    assert totals.rows == totals.accepted + totals.refused + totals.duplicates + totals.foot_rows
    assert len({finding.row for finding in errors if finding.row}) == totals.refused
    assert bool(errors) == bool(totals.refused)
    return file


def _tables(chance: random.Random) -> tuple[Rows, bool]:
    is_roster = chance.random() < 0.3
    return [list(row) for row in (PERSONS if is_roster else SETTLEMENTS)], is_roster


def _who_is_refused(file: PersonsFile | SettlementsFile) -> set[str]:
    return {entry if isinstance(entry, str) else entry[0] for entry in file.refused}


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "parquet"])
@pytest.mark.parametrize("kind", [*BAD_CELLS, *BAD_TYPED])
def test_坏的单元格一定被拒绝(tmp_path: Path, kind: str, suffix: str) -> None:
    for table, is_roster in ((SETTLEMENTS, False), (PERSONS, True)):
        names = (BAD_CELLS.get(kind) or BAD_TYPED[kind])[0]
        for name in set(names) & set(table[0]):
            column = table[0].index(name)
            rows = [list(row) for row in table]
            spoilt = [3]
            if kind in BAD_CELLS:
                rows[3][column] = BAD_CELLS[kind][1](str(rows[3][column]))
            elif suffix == "csv":
                continue
            else:
                # A database's column has one type, so the whole column is spoilt.
                spoilt = list(range(1, 7)) if suffix == "parquet" else [3]
                for row in spoilt:
                    rows[row][column] = BAD_TYPED[kind][1]
            file = _checked(_write(tmp_path, rows, suffix), is_roster)
            assert file.usable
            assert file.totals.refused == len(spoilt)
            assert file.totals.accepted == 6 - len(spoilt)
            assert all(finding.column == name for finding in file.findings if finding.is_error)
            if name != "psn_no":
                assert _who_is_refused(file) == {f"P{row:03}" for row in spoilt}


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "parquet"])
@pytest.mark.parametrize("seed", SEEDS)
def test_坏的列名行(tmp_path: Path, seed: int, suffix: str) -> None:
    chance = random.Random(f"列名 {seed}")
    rows, is_roster = _tables(chance)
    rows = _spoilt_header(rows, chance)
    if suffix == "parquet" and rows[0][0] == "合并的标题":
        rows = rows[1:]
    _checked(_write(tmp_path, rows, suffix), is_roster)


@pytest.mark.parametrize("seed", SEEDS)
def test_坏的文本(tmp_path: Path, seed: int) -> None:
    chance = random.Random(f"文本 {seed}")
    for _ in range(4):
        rows, is_roster = _tables(chance)
        path = _write(tmp_path, rows, "csv")
        path.write_bytes(_spoilt_text(path.read_bytes(), chance))
        _checked(path, is_roster)


@pytest.mark.parametrize("suffix", ["xlsx", "parquet"])
@pytest.mark.parametrize("seed", SEEDS)
def test_坏的字节(tmp_path: Path, seed: int, suffix: str) -> None:
    chance = random.Random(f"字节 {seed}")
    for _ in range(2):
        rows, is_roster = _tables(chance)
        path = _write(tmp_path, rows, suffix)
        path.write_bytes(_spoilt_bytes(path.read_bytes(), chance))
        _checked(path, is_roster)


@pytest.mark.parametrize("seed", SEEDS)
def test_工作簿里面坏了(tmp_path: Path, seed: int) -> None:
    chance = random.Random(f"里面 {seed}")
    for _ in range(2):
        rows, is_roster = _tables(chance)
        path = _write(tmp_path, rows, "xlsx")
        _spoilt_parts(path, chance)
        _checked(path, is_roster)
