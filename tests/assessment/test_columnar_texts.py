"""The compiled functions on texts against plain Python: hash, order, money, moments and ID numbers."""

import random
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.assessment.runs import ENGINE_NAMES
from tuodi.assessment.columnar import order, texts
from tuodi.assessment.columnar.compiled import COMPILED
from tuodi.assessment.columnar.order import sorted_by_text
from tuodi.assessment.columnar.persons import _PROVINCES as PROVINCES
from tuodi.assessment.columnar.roster import text_buffers
from tuodi.assessment.columnar.texts import NO_MOMENT
from tuodi.intake.cells import reader_of
from tuodi.intake.layouts import Kind
from tuodi.kernel.idnumber import check_id_number

EPOCH = datetime(1970, 1, 1)
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NEAR_MONEY = st.from_regex(r"[0-9.,+\-eE ０１]{0,14}", fullmatch=True)
NEAR_MOMENT = st.from_regex(r"(19|20|18|21)[0-9]{2}[-/]?[0-9]{2}[-/]?[0-9]{2}([ T][0-9:]{0,9})?", fullmatch=True)


def column(values: list[str]) -> tuple[np.ndarray, np.ndarray]:
    return text_buffers(pa.array(values, pa.string()))


def read(name: str, values: list[str], required: bool) -> tuple[list[int], list[bool]]:
    out, doubtful = np.zeros(len(values), np.int64), np.zeros(len(values), np.bool_)
    COMPILED[name](*column(values), required, out, doubtful)
    return out.tolist(), doubtful.tolist()


def test_每个编译的函数都是源代码里的那一个() -> None:
    assert set(texts.COMPILED_TOGETHER) <= set(COMPILED)
    assert ENGINE_NAMES == ("python", "columnar")


# --- order ------------------------------------------------------------------------------------------------------------


def sorted_places(values: list[str]) -> list[int]:
    table = pa.table({"id": pa.array(values, pa.string()), "place": range(len(values))})
    return sorted_by_text(table, "id").column("place").to_pylist()


def in_python(values: list[str]) -> list[int]:
    return sorted(range(len(values)), key=lambda place: (values[place].encode(), place))


@settings(max_examples=200)
@given(values=st.lists(ANY_TEXT, max_size=40))
def test_排序逐字节_相同的保持先后(values: list[str]) -> None:
    assert sorted_places(values) == in_python(values)


@settings(max_examples=100)
@given(values=st.lists(st.text("ab\0", max_size=4).map("同样的开头ABCDEFGH".__add__), max_size=40))
def test_排序_开头相同(values: list[str]) -> None:
    """A shorter text and one with NUL bytes behind it have the same eight-byte key."""
    assert sorted_places(values) == in_python(values)


@pytest.mark.parametrize("copies", [2, texts.LONGEST_TIE, texts.LONGEST_TIE + 1, 1000])
def test_排序_许多相同的键(copies: int) -> None:
    values = [f"AAAAAAAA{'x' * 8}{n % 7}" for n in range(copies)] + ["A", "B"]
    random.Random(1).shuffle(values)
    assert sorted_places(values) == in_python(values)


@pytest.mark.parametrize("rows", [0, 1, 2, 39, 40, 41, 500])
def test_溢出到磁盘的排序(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order, "ROWS_IN_MEMORY", 40)
    monkeypatch.setattr(order, "ROWS_OF_A_BATCH", 6)
    values = [f"S{n % 97}-{n % 3}" for n in range(rows)]
    random.Random(2).shuffle(values)
    schema = pa.schema([("id", pa.string()), ("place", pa.int64())])
    with order.SortedRows(schema, "id") as sorted_rows:
        for start in range(0, rows, 17):
            block = values[start : start + 17]
            sorted_rows.add(pa.record_batch([block, list(range(start, start + len(block)))], schema=schema))
        found = [row for batch in sorted_rows.batches() for row in batch.to_pylist()]
    assert [row["id"] for row in found] == sorted(values, key=str.encode)
    assert [row["place"] for row in found] == in_python(values), "equal ids keep their order across runs"


@settings(max_examples=200)
@given(one=ANY_TEXT, other=ANY_TEXT)
def test_比较与散列(one: str, other: str) -> None:
    data, offsets = column([one, other])
    a, b, c = offsets.tolist()
    assert COMPILED["less"](data, a, b, data, b, c) == (one.encode() < other.encode())
    assert COMPILED["same"](data, a, b, data, b, c) == (one == other)
    if one != other:
        assert COMPILED["hash_of"](data, a, b) != COMPILED["hash_of"](data, b, c)
    again, starts = column([f"前{other}", one])
    assert COMPILED["hash_of"](data, a, b) == COMPILED["hash_of"](again, starts[1], starts[2])


def test_切片的文字列() -> None:
    """A slice's offsets do not begin at 0."""
    whole = pa.array(["甲", "乙", "", "丁丁", "戊"], pa.string())
    data, offsets = text_buffers(whole.slice(1, 3))
    assert [bytes(data[a:b]).decode() for a, b in zip(offsets, offsets[1:], strict=False)] == ["乙", "", "丁丁"]


# --- cells ------------------------------------------------------------------------------------------------------------


def agrees(name: str, kind: Kind, values: list[str], required: bool, plain: Callable[[object], int]) -> int:
    """Check that whatever is not doubtful is read as ``intake`` reads it; return how many were plain."""
    convert, if_empty = reader_of(kind, required)
    found, doubtful = read(name, values, required)
    for value, number, unsure in zip(values, found, doubtful, strict=True):
        if not unsure:
            assert number == plain(convert(value, if_empty)), value
    return doubtful.count(False)


def seconds(moment: object) -> int:
    assert moment is None or isinstance(moment, datetime), moment
    return NO_MOMENT if moment is None else int((moment - EPOCH).total_seconds())


def fen(amount: object) -> int:
    assert isinstance(amount, int), amount
    return amount


MONEY = ["0", "0.0", "0.00", "1", "1.2", "1.23", "00012.30", "9999999999.99", "9999999999", "1234567890.1"]
NOT_MONEY = [
    "", ".", ".5", "5.", "1.234", "-1", "+1", "1,000", "1e5", " 1", "1 ", "１", "1.2.3", "1.x", "x", "1.",
    "10000000000",
    "00000000001", "0x10", "1_000", "NaN", "1.２", "-0.00", "9999999999.999",
]  # fmt: skip


def test_金额() -> None:
    assert read("plain_money", MONEY, True)[1] == [False] * len(MONEY)
    assert agrees("plain_money", Kind.MONEY, MONEY, True, fen) == len(MONEY)
    assert read("plain_money", NOT_MONEY, True)[1] == [True] * len(NOT_MONEY)
    assert read("plain_money", [""], False) == ([0], [False])


@settings(max_examples=300)
@given(values=st.lists(NEAR_MONEY | ANY_TEXT, max_size=20), required=st.booleans())
def test_任何文字_看懂的金额与逐格读取相同(values: list[str], required: bool) -> None:
    agrees("plain_money", Kind.MONEY, values, required, fen)


@pytest.mark.parametrize("form", ["%Y-%m-%d", "%Y%m%d", "%Y-%m-%d %H:%M:%S"])
def test_1900年至2099年的每一天(form: str) -> None:
    first = date(1900, 1, 1)
    days = [first + timedelta(days=n) for n in range((date(2100, 1, 1) - first).days)]
    moments = [datetime(day.year, day.month, day.day, *((23, 59, 58) if "H" in form else ())) for day in days]
    found, doubtful = read("plain_moments", [moment.strftime(form) for moment in moments], True)
    assert not any(doubtful)
    assert found == [seconds(moment) for moment in moments]


def test_不存在的日子() -> None:
    days = [f"{y:04d}-{m:02d}-{d:02d}" for y in (1900, 2000, 2023, 2024, 2100) for m in range(14) for d in range(33)]
    for day in days:
        try:
            real = 1900 <= date.fromisoformat(day).year <= 2099
        except ValueError:
            real = False
        assert read("plain_moments", [day, day.replace("-", ""), f"{day} 00:00:00"], True)[1] == [not real] * 3, day


NOT_MOMENTS = [
    "2024-05-06T08:00:00", "2024-05-06 24:00:00", "2024-05-06 08:60:00", "2024-05-06 08:00:60", "2024-05-06 08-00-00",
    "2024-05-06 8:00:00", "2024/05/06", "2024.05.06", "2024-5-6", "20240506080000", "2024-05-06 08:00", "0000-00-00",
    "２０２４-05-06", "2024-05-0x", "2024-05-06+08:00:00", "abcdefgh", "-2024-05-0",
]  # fmt: skip


def test_别的写法都留给逐格读取() -> None:
    assert read("plain_moments", NOT_MOMENTS, True)[1] == [True] * len(NOT_MOMENTS)
    assert read("plain_moments", ["", ""], True) == ([NO_MOMENT] * 2, [True] * 2)
    assert read("plain_moments", [""], False) == ([NO_MOMENT], [False])


@settings(max_examples=300)
@given(values=st.lists(NEAR_MOMENT | ANY_TEXT, max_size=20), required=st.booleans())
def test_任何文字_看懂的时间与逐格读取相同(values: list[str], required: bool) -> None:
    agrees("plain_moments", Kind.MOMENT, values, required, seconds)


@pytest.mark.parametrize("wide", [True, False])
@settings(max_examples=200)
@given(values=st.lists(ANY_TEXT | st.text("azAZ09-_@[`{/:. ", max_size=70), max_size=20))
def test_平常的文字(wide: bool, values: list[str]) -> None:
    doubtful = np.zeros(len(values), np.bool_)
    COMPILED["mark_not_plain"](*column(values), wide, True, doubtful)
    pattern = re.compile(r"[A-Za-z0-9_\-]*" if not wide else r"[A-Za-z0-9_\-\x80-\U0010ffff]*")
    for value, unsure in zip(values, doubtful.tolist(), strict=True):
        plain = pattern.fullmatch(value) and 0 < len(value.encode()) <= texts.LONGEST_PLAIN
        assert unsure is not bool(plain), value


# --- ID numbers -------------------------------------------------------------------------------------------------------


def numbers() -> list[str]:
    rng = random.Random(18)
    found = [
        "",
        "11010119900307453X",
        "11010119900307453x",
        "110101900307453",
        "1101011990030745",
        "１１010119900307453X",
    ]
    for _ in range(4000):
        province = rng.choice((11, 12, 14, 31, 43, 65, 71, 81, 82, 83, 91, 99, 10, 0, rng.randrange(100)))
        day = f"{rng.choice((1900, 1990, 2024, 2100, 1899, rng.randrange(1880, 2110))):04d}"
        day += f"{rng.randrange(0, 14):02d}{rng.choice((0, 1, 28, 29, 30, 31, 32)):02d}"
        body = f"{province:02d}{rng.randrange(10000):04d}{day}{rng.randrange(1000):03d}"
        total = sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(body))
        check = "10X98765432"[total % 11]
        found.append(body + rng.choice((check, check, check, rng.choice("0123456789X"), "x", "A")))
    return found


def test_身份证号码与逐个校验相同() -> None:
    """Never plain where the check finds anything; plain wherever it finds nothing at all."""
    values = numbers()
    doubtful = np.zeros(len(values), np.bool_)
    COMPILED["mark_id_numbers"](*column(values), PROVINCES, doubtful)
    plain = 0
    for value, unsure in zip(values, doubtful.tolist(), strict=True):
        faults = check_id_number(value) if value else []
        if faults:
            assert unsure, (value, faults)
        elif len(value) == 18 and value[-1] != "x":
            assert not unsure, value
            plain += 1
    assert plain > 300
