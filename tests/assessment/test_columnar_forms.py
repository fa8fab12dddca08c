"""Whatever a file holds and however its columns are typed, the columnar engine answers as the reference engine does."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.assessment.runs import ENGINE_NAMES, Answer, book_of, run
from tests.assessment.test_columnar_limits import same_answer
from tests.intake.written import PERSON_HEADER, SETTLEMENT_HEADER, csv_bytes, person, settlement, write_csv, write_xlsx
from tuodi.assessment.columnar import source
from tuodi.assessment.columnar.rows import Listed
from tuodi.assessment.results import Request

BOOK = "jiaocheng-2024"
PEOPLE = [PERSON_HEADER] + [
    person(psn_no=f"P{n}", certno="", brdy="", psn_name="", identity=identity, begntime="2024-01-01", endtime="")
    for n, identity in enumerate(("低保对象", "监测对象", "特困人员", "返贫致贫人口"))
]
ROWS = [
    settlement(setl_id=f"S{n:02d}", psn_no=f"P{n % 4}", setl_time=f"2024-05-{n + 1:02d} 08:00:00", med_type="21",
               insuplc_admdvs="141122", mdtrtarea_admvs="141122")
    for n in range(20)
]  # fmt: skip


def files(folder: Path, rows: list[list[object]], people: list[object] | None = None) -> tuple[Path, Path]:
    return (
        write_csv(folder / "p.csv", people or PEOPLE),
        write_csv(folder / "s.csv", [SETTLEMENT_HEADER, *rows]),
    )


def at(name: str) -> int:
    return SETTLEMENT_HEADER.index(name)


ODD_CELLS = [
    ("setl_id", " S99\t"), ("setl_id", "'S99"), ("setl_id", "结算99"), ("setl_id", "S９９"), ("setl_id", ""),
    ("setl_id", "1.2E+15"), ("setl_id", "S 99"), ("setl_id", "S" * 70), ("setl_id", "S" * 600), ("setl_id", "#N/A"),
    ("psn_no", " P1"), ("psn_no", "'P1"), ("psn_no", ""), ("psn_no", "Ｐ1"), ("psn_no", "P1\u200b"), ("psn_no", "没有"),
    ("setl_time", "2024/5/6"), ("setl_time", "20240506"), ("setl_time", "2024-05-06T08:00:00+00:00"),
    ("setl_time", "2024-05-06 23:59:59.6"), ("setl_time", "2024-02-30"), ("setl_time", "2023-02-29"),
    ("setl_time", "1899-12-31"), ("setl_time", "2100-01-01"), ("setl_time", "45418"), ("setl_time", ""),
    ("setl_time", "二〇二四"), ("setl_time", "2024-05-06 24:00:00"), ("setl_time", " 2024-05-06 "),
    ("setl_time", "2024-12-31 23:59:59"), ("setl_time", "2024-05-06 08:00"), ("setl_time", "2024-5-6"),
    ("med_type", ""), ("med_type", "２１"), ("med_type", " 21"), ("med_type", "'14"), ("med_type", "99"),
    ("med_type", "21.0"),
    ("insutype", " 390 "), ("insutype", "３９０"), ("insutype", ""), ("insutype", "居民"),
    ("mdtrtarea_admvs", "1"), ("mdtrtarea_admvs", ""), ("mdtrtarea_admvs", "110108"), ("mdtrtarea_admvs", "１４1122"),
    ("hosp_lv", "三级"), ("inscp_scp_amt", ""), ("inscp_scp_amt", "９００"), ("inscp_scp_amt", "1,000.00"),
    ("inscp_scp_amt", "1e5"), ("inscp_scp_amt", "1000.005"), ("inscp_scp_amt", "-1.00"), ("inscp_scp_amt", "+1"),
    ("inscp_scp_amt", ".5"), ("inscp_scp_amt", "5."), ("inscp_scp_amt", " 900 "), ("inscp_scp_amt", "'900"),
    ("inscp_scp_amt", "9999999999.99"), ("inscp_scp_amt", "10000000000"), ("inscp_scp_amt", "00000000000900.00"),
    ("inscp_scp_amt", "¥900"), ("inscp_scp_amt", "NaN"), ("hifp_pay", "900.01"), ("hifp_pay", ""), ("oth_pay", ""),
    ("oth_pay", "x"), ("medfee_sumamt", "1000.01"), ("medfee_sumamt", ""), ("act_pay_dedc", "-0.01"),
    ("refd_setl_flag", "1"), ("refd_setl_flag", ""), ("refd_setl_flag", "2"), ("refd_setl_flag", "是"),
    ("fixmedins_code", "Ｈ1"), ("fixmedins_code", "H 1"),
]  # fmt: skip


@pytest.mark.parametrize("place", [0, 7, 19])
@pytest.mark.parametrize(("name", "cell"), ODD_CELLS)
def test_一格特别的内容在任何位置(name: str, cell: str, place: int, tmp_path: Path) -> None:
    rows = [list(row) for row in ROWS]
    rows[place][at(name)] = cell
    same_answer(book_of(BOOK), *files(tmp_path, rows))
    same_answer(book_of("maqiao-2024"), *files(tmp_path, rows))


def test_每个位置都有一行特别的(tmp_path: Path) -> None:
    """All odd cells of all columns in one file, among plain rows."""
    rows = []
    for n, (name, cell) in enumerate(ODD_CELLS):
        facts = {"setl_id": f"A{n}", "psn_no": f"P{n % 4}", "setl_time": "2024-03-01"}
        rows.append(settlement(**{**facts, name: cell}))
        rows.append(settlement(setl_id=f"B{n}", psn_no=f"Q{n}", setl_time="2024-03-01"))
    answer = same_answer(book_of(BOOK), *files(tmp_path, rows))
    assert len([f for f in answer.findings if f.is_error]) > 15


ODD_PERSONS = [
    {"psn_no": ""}, {"psn_no": " P0 "}, {"psn_no": "Ｐ0"}, {"certno": "110101199003074530"},
    {"certno": "110101199003074531"},
    {"certno": "11010119900307453X"}, {"certno": "1.10101E+17"}, {"certno": "110101********4530"},
    {"certno": "护照E123"},
    {"certno": "990101199003074530"}, {"certno": "110101199013074530"}, {"certno": "110101900307453"},
    {"brdy": "1990-03-08"},
    {"brdy": "九〇年"}, {"identity": ""}, {"identity": " 低保对象 "}, {"identity": "特困供养人员"},
    {"identity": "没有的身份"},
    {"begntime": ""}, {"begntime": "2024/1/1"}, {"begntime": "2024-05-05 23:59:59"}, {"begntime": "2024-02-30"},
    {"endtime": "2023-12-31"}, {"endtime": "2024-05-05"}, {"endtime": "2024-05-05 00:00:00"}, {"endtime": "9999-12-31"},
    {"endtime": "2099-12-31"}, {"endtime": "长期"}, {"family_no": "Ｆ1"}, {"family_no": " F1"}, {"psn_name": "张\t三"},
    {"psn_name": "=1+1"}, {"begntime": "20240101", "endtime": "20240601"},
]  # fmt: skip


@pytest.mark.parametrize("cells", ODD_PERSONS, ids=str)
def test_名册里一行特别的内容(cells: dict[str, str], tmp_path: Path) -> None:
    good = {"psn_no": "P0", "certno": "", "brdy": "", "psn_name": "测试", "identity": "低保对象",
            "begntime": "2024-01-01", "endtime": "", "family_no": ""}  # fmt: skip
    odd = person(**{**good, **cells})
    for people in ([*PEOPLE, odd], [PEOPLE[0], odd, *PEOPLE[1:]], [PEOPLE[0], odd, *PEOPLE[2:], odd]):
        same_answer(book_of(BOOK), *files(tmp_path, ROWS, people))


# --- parquet columns of every type ------------------------------------------------------------------------------------

SHANGHAI = timezone(timedelta(hours=8))
MOMENTS = [datetime(2024, 5, 6, 8, 0, 1) + timedelta(days=n) for n in range(4)]
TYPES: dict[str, tuple[str, Callable[[], pa.Array]]] = {
    "金额decimal(12,2)": (
        "inscp_scp_amt",
        lambda: pa.array([Decimal("900.00"), Decimal("0.01"), Decimal("1234.50"), Decimal("7")], pa.decimal128(12, 2)),
    ),
    "金额decimal(18,0)": (
        "inscp_scp_amt",
        lambda: pa.array([Decimal(900), Decimal(1), Decimal(1234), Decimal(0)], pa.decimal128(18, 0)),
    ),
    "金额decimal(18,1)": (
        "inscp_scp_amt",
        lambda: pa.array([Decimal("900.5"), Decimal(1), Decimal(1234), Decimal(0)], pa.decimal128(18, 1)),
    ),
    "金额decimal(20,4)": (
        "inscp_scp_amt",
        lambda: pa.array([Decimal("900.5000"), Decimal("0.0100"), Decimal("0.0001"), Decimal(0)], pa.decimal128(20, 4)),
    ),
    "金额decimal(38,2)": (
        "inscp_scp_amt",
        lambda: pa.array([Decimal("900.50"), Decimal("9" * 30), Decimal(1), Decimal(0)], pa.decimal128(38, 2)),
    ),
    "金额decimal256": (
        "inscp_scp_amt",
        lambda: pa.array([Decimal("900.50"), Decimal(1), Decimal(2), Decimal(0)], pa.decimal256(40, 2)),
    ),
    "金额负数decimal": (
        "inscp_scp_amt",
        lambda: pa.array([Decimal("900.50"), Decimal("-0.01"), Decimal(2), Decimal(0)], pa.decimal128(12, 2)),
    ),
    "金额有空的decimal": (
        "inscp_scp_amt",
        lambda: pa.array([Decimal("900.50"), None, Decimal(2), Decimal(0)], pa.decimal128(12, 2)),
    ),
    "可空金额有空的decimal": (
        "oth_pay",
        lambda: pa.array([Decimal("1.50"), None, Decimal(2), Decimal(0)], pa.decimal128(12, 2)),
    ),
    "金额int32": ("inscp_scp_amt", lambda: pa.array([900, 1, 0, 2**31 - 1], pa.int32())),
    "金额int64过大": ("inscp_scp_amt", lambda: pa.array([900, 10**10, 0, 2**62], pa.int64())),
    "金额uint64": ("inscp_scp_amt", lambda: pa.array([900, 1, 0, 2**64 - 1], pa.uint64())),
    "金额负数int": ("inscp_scp_amt", lambda: pa.array([900, -1, 0, 5], pa.int16())),
    "金额最小int64": ("inscp_scp_amt", lambda: pa.array([900, -(2**63), 0, 5], pa.int64())),
    "金额float64": ("inscp_scp_amt", lambda: pa.array([900.1, 0.29, 1234.005, 5.0])),
    "金额float32": ("inscp_scp_amt", lambda: pa.array([900.5, 0.25, 1.0, 5.0], pa.float32())),
    "金额无穷大": ("inscp_scp_amt", lambda: pa.array([float("inf"), float("nan"), 1.0, None])),
    "金额文字": ("inscp_scp_amt", lambda: pa.array(["900.10", "", None, "1e5"])),
    "金额大文字": ("inscp_scp_amt", lambda: pa.array(["900.10", "1", "2", "3"], pa.large_string())),
    "金额字典": ("inscp_scp_amt", lambda: pa.array(["900.10", "1", "900.10", "九百"]).dictionary_encode()),
    "金额布尔": ("inscp_scp_amt", lambda: pa.array([True, False, True, None])),
    "金额全空": ("oth_pay", lambda: pa.nulls(4)),
    "必填金额全空": ("hifp_pay", lambda: pa.nulls(4)),
    "金额列表": ("oth_pay", lambda: pa.array([[1], None, [], [2]], pa.list_(pa.int8()))),
    "时间戳s": ("setl_time", lambda: pa.array(MOMENTS, pa.timestamp("s"))),
    "时间戳ms": ("setl_time", lambda: pa.array(MOMENTS, pa.timestamp("ms"))),
    "时间戳us带零头": (
        "setl_time",
        lambda: pa.array([m.replace(microsecond=600000) for m in MOMENTS], pa.timestamp("us")),
    ),
    "时间戳ns": ("setl_time", lambda: pa.array(MOMENTS, pa.timestamp("ns"))),
    "时间戳ns零头": (
        "setl_time",
        lambda: pa.array([1_700_000_000_000_000_001, 1_700_000_000_999_999_999, 0, 1], pa.timestamp("ns")),
    ),
    "时间戳UTC": ("setl_time", lambda: pa.array([m.replace(tzinfo=UTC) for m in MOMENTS], pa.timestamp("us", "UTC"))),
    "时间戳跨年的UTC": (
        "setl_time",
        lambda: pa.array(
            [
                datetime(2023, 12, 31, 15, 59, 59),
                datetime(2023, 12, 31, 16, 0, 0),
                datetime(2024, 12, 31, 15, 59, 59),
                datetime(2024, 12, 31, 16, 0),
            ],
            pa.timestamp("us", "UTC"),
        ),
    ),
    "时间戳上海": (
        "setl_time",
        lambda: pa.array([m.replace(tzinfo=SHANGHAI) for m in MOMENTS], pa.timestamp("ms", "Asia/Shanghai")),
    ),
    "时间戳太早太晚": (
        "setl_time",
        lambda: pa.array(
            [
                datetime(1899, 12, 31, 23, 59, 59),
                datetime(1900, 1, 1),
                datetime(2099, 12, 31, 23, 59, 59),
                datetime(2100, 1, 1),
            ],
            pa.timestamp("s"),
        ),
    ),
    "时间戳空": ("setl_time", lambda: pa.array([MOMENTS[0], None, MOMENTS[1], MOMENTS[2]], pa.timestamp("us"))),
    "时间戳最小值": (
        "setl_time",
        lambda: pa.array([-(2**63) + 1, 2**63 - 1, 0, 1], pa.timestamp("us")),
    ),
    "时间戳UTC最小值": (
        "setl_time",
        lambda: pa.array([-(2**63) + 1, 2**63 - 1, 0, 1], pa.timestamp("ms", "UTC")),
    ),
    "date32": ("setl_time", lambda: pa.array([m.date() for m in MOMENTS], pa.date32())),
    "date32太早": (
        "setl_time",
        lambda: pa.array([date(1899, 12, 31), date(1, 1, 1), date(9999, 12, 31), None], pa.date32()),
    ),
    "date64": ("setl_time", lambda: pa.array([m.date() for m in MOMENTS], pa.date64())),
    "时间整数": ("setl_time", lambda: pa.array([20240506, 20240507, 20240508, 45418], pa.int32())),
    "时间浮点": ("setl_time", lambda: pa.array([20240506.0, 45418.5, 1.0, None])),
    "时间文字": ("setl_time", lambda: pa.array([str(m) for m in MOMENTS], pa.large_string())),
    "时间字典": ("setl_time", lambda: pa.array([str(m) for m in MOMENTS]).dictionary_encode()),
    "时间time64": ("setl_time", lambda: pa.array([m.time() for m in MOMENTS], pa.time64("us"))),
    "代码int8": ("med_type", lambda: pa.array([21, 14, 16, 99], pa.int8())),
    "代码int64字典": ("med_type", lambda: pa.array([21, 14, None, 99]).dictionary_encode()),
    "代码float": ("med_type", lambda: pa.array([21.0, 14.0, 11.0, 99.5])),
    "代码decimal": (
        "med_type",
        lambda: pa.array([Decimal("21.00"), Decimal("14.00"), Decimal("11.00"), None], pa.decimal128(6, 2)),
    ),
    "代码布尔": ("insutype", lambda: pa.array([True, False, None, True])),
    "代码文字有空格": ("med_type", lambda: pa.array([" 21", "'14", "\t11", "21 "])),
    "险种整数": ("insutype", lambda: pa.array([390, 310, None, 390], pa.int32())),
    "地区整数": ("mdtrtarea_admvs", lambda: pa.array([141122, 110108, 1, None], pa.int32())),
    "标志布尔": ("refd_setl_flag", lambda: pa.array([True, False, None, False])),
    "标志整数": ("refd_setl_flag", lambda: pa.array([1, 0, None, 2], pa.int8())),
    "标志浮点": ("refd_setl_flag", lambda: pa.array([1.0, 0.0, None, 0.5])),
    "编号整数": ("setl_id", lambda: pa.array([1, 2, 3, 4])),
    "人员编号整数": ("psn_no", lambda: pa.array([1, 2, 3, 4])),
    "编号字典": ("setl_id", lambda: pa.array(["A", "B", "C", "D"]).dictionary_encode()),
    "编号字典重复": ("setl_id", lambda: pa.array(["A", "B", "A", "D"]).dictionary_encode()),
    "人员大文字": ("psn_no", lambda: pa.array(["P0", "P1", "P2", None], pa.large_string())),
    "编号string_view": ("setl_id", lambda: pa.array(["A", "B", "C", "D"], pa.string_view())),
    "编号binary": ("setl_id", lambda: pa.array([b"A", b"B", b"C", b"D"])),
}


@pytest.mark.parametrize("rows_of_a_batch", [1, 3, 100])
@pytest.mark.parametrize("name", TYPES)
def test_parquet_列的类型(name: str, rows_of_a_batch: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(source, "BATCH_ROWS", rows_of_a_batch)
    column, make = TYPES[name]
    cells = list(zip(*ROWS[:4], strict=True))
    table = pa.table({field: make() if field == column else pa.array(cells[at(field)]) for field in SETTLEMENT_HEADER})
    path = tmp_path / "s.parquet"
    pq.write_table(table, path)
    for policy in (BOOK, "maqiao-2024"):
        same_answer(book_of(policy), write_csv(tmp_path / "p.csv", PEOPLE), path)


@pytest.mark.parametrize("name", ["begntime", "endtime"])
@pytest.mark.parametrize("kind", ["date32", "timestamp", "tz", "text", "int"])
def test_parquet_名册的日期列(kind: str, name: str, tmp_path: Path) -> None:
    days = [date(2024, 5, 5), date(2024, 5, 6), None if name == "endtime" else date(2024, 1, 1), date(2024, 12, 31)]
    types = {"date32": pa.date32(), "timestamp": pa.timestamp("ms"), "tz": pa.timestamp("us", "UTC")}
    if kind in types:
        column = pa.array(days, pa.date32()).cast(types[kind] if kind != "tz" else pa.timestamp("us"))
        column = column.cast(types[kind]) if kind == "tz" else column
    elif kind == "text":
        column = pa.array([str(day) if day else None for day in days])
    else:
        column = pa.array([int(f"{day:%Y%m%d}") if day else None for day in days], pa.int32())
    cells = list(zip(*PEOPLE[1:], strict=True))
    table = pa.table({field: column if field == name else pa.array(cells[n]) for n, field in enumerate(PERSON_HEADER)})
    pq.write_table(table, tmp_path / "p.parquet")
    same_answer(book_of(BOOK), tmp_path / "p.parquet", files(tmp_path, ROWS)[1])


def test_parquet_多个行组_有空列_有多余列(tmp_path: Path) -> None:
    cells = list(zip(*ROWS, strict=True))
    table = pa.table({field: pa.array(cells[at(field)]) for field in SETTLEMENT_HEADER})
    table = table.append_column("多余", pa.array(range(20))).append_column("oth_pay2", pa.nulls(20))
    pq.write_table(table, tmp_path / "s.parquet", row_group_size=3)
    answer = same_answer(book_of(BOOK), write_csv(tmp_path / "p.csv", PEOPLE), tmp_path / "s.parquet")
    assert len(answer.rows) == 20


# --- CSV as offices write it ------------------------------------------------------------------------------------------


def quoted(rows: list[list[object]], end: str = "\r\n") -> bytes:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator=end).writerows(rows)
    return text.getvalue().encode("utf-8-sig")


TABLE = [list(SETTLEMENT_HEADER), *ROWS]
PLAIN = csv_bytes(TABLE)
HEAD = PLAIN.splitlines(keepends=True)[0]
ONE = PLAIN.splitlines(keepends=True)[1]
CSV_FORMS = {
    "全部加引号": quoted(TABLE),
    "GB18030": csv_bytes([*TABLE, settlement(setl_id="结算二十", psn_no="P1")], "gb18030"),
    "没有BOM": csv_bytes(TABLE, "utf-8"),
    "只有换行": csv_bytes(TABLE, "utf-8", "\n"),
    "只有回车": csv_bytes(TABLE, "utf-8", "\r"),
    "最后没有换行": PLAIN.rstrip(),
    "中间有空行": PLAIN.replace(ONE, ONE + b"\r\n\r\n"),
    "中间有只有逗号的行": PLAIN.replace(ONE, ONE + b"," * (len(SETTLEMENT_HEADER) - 1) + b"\r\n"),
    "最后有空行": PLAIN + b"\r\n\r\n\r\n",
    "空行和多余的列": csv_bytes([[*row, "备注"] for row in TABLE]) + b"," * len(SETTLEMENT_HEADER) + b"\r\n",
    "只有多余的列有内容": csv_bytes([[*row, "备注"] for row in TABLE]) + b"," * len(SETTLEMENT_HEADER) + b"x\r\n",
    "最后有只有逗号的行": PLAIN + b"," * (len(SETTLEMENT_HEADER) - 1) + b"\r\n",
    "上面有标题行": "结算明细".encode("utf-8-sig") + b"," * (len(SETTLEMENT_HEADER) - 1) + b"\r\n" + PLAIN[3:],
    "上面有空行": b"\r\n\r\n" + PLAIN[3:],
    "格子里有换行": quoted([[*TABLE[0], "备注"], *([*row, "一\r\n二"] for row in ROWS)]),
    "格子里有逗号和引号": quoted([[*TABLE[0], "备注"], *([*row, '一,"二"'] for row in ROWS)]),
    "少一列的行": PLAIN.replace(ONE, ONE + b"S98,P1,2024-05-01\r\n"),
    "多一列的行": PLAIN.replace(ONE, ONE + ONE.replace(b"S00", b"S98").rstrip() + b",9\r\n"),
    "最后一行少列": PLAIN + b"S98,P1,2024-05-01\r\n",
    "列名有空格": PLAIN.replace(b"psn_no", b" PSN_NO "),
    "列名重复": PLAIN.replace(b"oth_pay", b"hifp_pay"),
    "多余的列名重复": PLAIN.replace(b"fixmedins_code", b"x").replace(b"oth_pay", b"x"),
    "空的列名": PLAIN.replace(b"fixmedins_code", b""),
    "缺必需的列": PLAIN.replace(b"psn_no", b"person"),
    "缺政策需要的列": PLAIN.replace(b"insuplc_admdvs", b"x"),
    "引号不成对": PLAIN + b'"S98,P1,2024-05-01\r\n',
    "中间引号不成对": PLAIN.replace(ONE, ONE + b'"S98,P1,2024-05-01\r\n'),
    "引号后有字": PLAIN.replace(ONE, ONE + b'"S98"x,P1,2024-05-01\r\n'),
    "引号后接着数字": PLAIN.replace(b",500.00,", b',"50"0.00,', 1),
    "引号在格子中间": PLAIN.replace(b",500.00,", b',50"0.00,', 1),
    "两个引号在格子中间": PLAIN.replace(b",500.00,", b',5"0"0.00,', 1),
    "空的引号": PLAIN.replace(b",500.00,", b',"",', 1),
    "中间有空字符": PLAIN.replace(ONE, ONE + ONE.replace(b"S00", b"S\x0098")),
    "最后有空字符": PLAIN + b"\x00",
    "后半是乱码": PLAIN + b"\xff\xfe\xfa" * 20,
    "一格非UTF8": PLAIN.replace(ONE, ONE + ONE.replace(b"S00", b"S\xb0\xa1")),
    "孤立的代理项": PLAIN + b"S\xed\xa0\x80,P1\r\n",
    "截在中间": PLAIN[: len(PLAIN) * 2 // 3],
    "只有列名": HEAD,
    "列名没有换行": HEAD.rstrip(),
    "空文件": b"",
    "只有BOM": b"\xef\xbb\xbf",
    "分号分隔": PLAIN.replace(b",", b";"),
    "制表符分隔": PLAIN.replace(b",", b"\t"),
    "过长的格子": PLAIN.replace(ONE, ONE + b"S" * 40000 + b"\r\n"),
    "第二行又是列名": PLAIN.replace(ONE, ONE + HEAD[3:]),
}


@pytest.mark.parametrize("block", [2000, 8 * 2**20], ids=["小块", "大块"])
@pytest.mark.parametrize("name", CSV_FORMS)
def test_CSV的写法(name: str, block: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(source, "_CSV_BLOCK_BYTES", block)
    persons = write_csv(tmp_path / "p.csv", PEOPLE)
    (tmp_path / "s.csv").write_bytes(CSV_FORMS[name])
    answer = same_answer(book_of(BOOK), persons, tmp_path / "s.csv")
    if name in (
        "引号不成对",
        "中间引号不成对",
        "引号后有字",
        "中间有空字符",
        "最后有空字符",
        "后半是乱码",
        "孤立的代理项",
    ):
        assert answer.refused, "a file broken in the middle gives no rows at all"
    if name in ("全部加引号", "GB18030", "只有回车", "中间有空行", "上面有标题行", "格子里有换行"):
        assert len(answer.rows) >= 20


ROSTER = csv_bytes(PEOPLE)
FIRST = ROSTER.splitlines(keepends=True)[1]
BLANK = b"," * (len(PERSON_HEADER) - 1) + b"\r\n"
ROSTER_FORMS = {
    "全部加引号": quoted(PEOPLE),
    "GB18030": csv_bytes(PEOPLE, "gb18030"),
    "只有回车": csv_bytes(PEOPLE, "utf-8", "\r"),
    "中间有空行": ROSTER.replace(FIRST, FIRST + b"\r\n" + BLANK),
    "最后有空行": ROSTER + b"\r\n\r\n" + BLANK,
    "最后有空行和多余的列": csv_bytes([[*row, "x"] for row in PEOPLE]) + BLANK.rstrip() + b",\r\n",
    "只有多余的列有内容": csv_bytes([[*row, "x"] for row in PEOPLE]) + BLANK.rstrip() + b",x\r\n",
    "上面有标题行": "名册".encode("utf-8-sig") + BLANK + ROSTER[3:],
    "少一列的行": ROSTER.replace(FIRST, FIRST + b"P9,,\r\n"),
    "多一列的行": ROSTER.replace(FIRST, FIRST + FIRST.rstrip() + b",9\r\n"),
    "缺必需的列": ROSTER.replace(b"identity", b"x"),
    "引号不成对": ROSTER + b'"P9,,\r\n',
    "引号后有字": ROSTER + b'"P9"x,,\r\n',
    "中间有空字符": ROSTER.replace(FIRST, FIRST.replace(b"P0", b"P\x000")),
    "后半是乱码": ROSTER + b"\xff\xfe\xfa" * 20,
    "截在中间": ROSTER[: len(ROSTER) * 2 // 3],
    "空文件": b"",
    "分号分隔": ROSTER.replace(b",", b";"),
    "又是列名": ROSTER + ROSTER[3:],
}  # fmt: skip


@pytest.mark.parametrize("block", [200, 8 * 2**20], ids=["小块", "大块"])
@pytest.mark.parametrize("name", ROSTER_FORMS)
def test_名册CSV的写法(name: str, block: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The same misfortunes happen to the roster."""
    monkeypatch.setattr(source, "_CSV_BLOCK_BYTES", block)
    (tmp_path / "p.csv").write_bytes(ROSTER_FORMS[name])
    answer = same_answer(book_of(BOOK), tmp_path / "p.csv", write_csv(tmp_path / "s.csv", TABLE))
    assert answer.refused == (
        name in ("缺必需的列", "引号不成对", "引号后有字", "中间有空字符", "后半是乱码", "空文件", "分号分隔")
    )


def test_名册只有列名(tmp_path: Path) -> None:
    persons, settlements = files(tmp_path, ROWS, [PERSON_HEADER])
    answer = same_answer(book_of(BOOK), persons, settlements)
    assert {row["note"] for row in answer.rows} == {"人员名册中没有该人员，不享受救助。"}
    assert same_answer(book_of("shili-family"), persons, settlements).rows == answer.rows


@pytest.mark.parametrize("engine", ENGINE_NAMES)
def test_结算只有列名(engine: str, tmp_path: Path) -> None:
    answer = run(engine, book_of(BOOK), *files(tmp_path, []))
    assert (answer.rows, answer.refused, answer.summary.settlements) == ([], False, 0)


def test_XLSX由列式引擎逐行读(tmp_path: Path) -> None:
    persons = write_xlsx(tmp_path / "p.xlsx", PEOPLE)
    settlements = write_xlsx(tmp_path / "s.xlsx", TABLE)
    assert len(same_answer(book_of(BOOK), persons, settlements).rows) == 20
    assert len(Listed(Request(book=book_of(BOOK), persons=persons, settlements=settlements)).findings) == 0


# --- the largest amounts ----------------------------------------------------------------------------------------------

MOST = "9999999999.99"
LARGEST = 10**12 - 1


@pytest.mark.parametrize("engine", ENGINE_NAMES)
def test_最大的金额也不溢出(engine: str, tmp_path: Path) -> None:
    """Ratio 1.00 of the largest amount, many times in a year, with an unlimited account counting on."""
    rows = [
        settlement(setl_id=f"S{n:02d}", psn_no="P2", setl_time=f"2024-05-{n + 1:02d}", medfee_sumamt=MOST,
        fulamt_ownpay_amt="0",
                   overlmt_selfpay="0", preselfpay_amt="0", inscp_scp_amt=MOST, hifp_pay="0", hifmi_pay="0",
                   insuplc_admdvs="141122", mdtrtarea_admvs="141122")
        for n in range(20)
    ]  # fmt: skip
    answer = run(engine, book_of(BOOK), *files(tmp_path, rows))
    assert [row["paid_amt"] for row in answer.rows] == [LARGEST] * 20
    assert answer.summary.paid_fen == 20 * LARGEST


def test_七项报销都是最大金额(tmp_path: Path) -> None:
    insured = dict.fromkeys(
        ("hifp_pay", "cvlserv_pay", "hifes_pay", "hifmi_pay", "hifob_pay", "hifdm_pay", "oth_pay"), MOST
    )
    rows = [
        settlement(setl_id=f"S{n}", psn_no=f"P{n}", inscp_scp_amt=MOST, medfee_sumamt=MOST, **insured) for n in range(4)
    ]
    answer = same_answer(book_of(BOOK), *files(tmp_path, rows))
    assert {row["paid_amt"] for row in answer.rows} == {0}


@pytest.mark.parametrize("policy", ["shili-tiers", "shili-visits", "shili-levels", "fukang-2024", "shili-mutual-aid"])
def test_最大的金额_分段和起付线(policy: str, tmp_path: Path) -> None:
    identities = {"fukang-2024": "职工大额医疗参保人员", "shili-mutual-aid": "互助参加人员"}
    people = [
        PEOPLE[0],
        person(psn_no="P0", certno="", brdy="", identity=identities.get(policy, "低保对象"), endtime="2029-12-31"),
    ]
    rows = [
        settlement(setl_id=f"S{n}", psn_no="P0", setl_time=f"2024-05-{n + 10}", insutype="310", medfee_sumamt=MOST,
                   inscp_scp_amt=MOST, hifp_pay="0", hifmi_pay="0")
        for n in range(5)
    ]  # fmt: skip
    answer: Answer = same_answer(book_of(policy), *files(tmp_path, rows, people))
    assert answer.rows[0]["paid_amt"] > 0
