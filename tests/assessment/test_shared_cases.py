"""The four checked case sets, to the fen: each engine, each format, each order of rows, each way to head and encode.

``expected.csv`` was computed apart from the product; for Lishi, whose benefit is Jiaocheng's with another income
figure, the oracle reckons it on Jiaocheng's files.
"""

import csv
import random
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from tests.assessment.runs import ENGINE_NAMES, Answer, book_of, run
from tests.intake.written import typed, write_csv, write_parquet, write_xlsx
from tests.oracle.benefit import assess, fen
from tests.oracle.files import read_persons, read_settlements
from tests.oracle.policies import LISHI_2022
from tuodi.intake.layouts import load_layout

SHARED = Path(__file__).parents[1] / "cases" / "shared"
SETS = ("fukang-2024", "jiaocheng-2024", "junshan-2022", "maqiao-2024")
FORMATS = ("csv", "xlsx", "parquet", "parquet-typed")
ORDERS = ("file", "shuffled", "time")
Table = list[list[str]]


@cache
def table(name: str, kind: str) -> Table:
    with (SHARED / name / f"{kind}.csv").open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.reader(lines))


@cache
def expected(name: str) -> dict[tuple[str, str], int]:
    if name == "lishi-2022":
        folder = SHARED / "jiaocheng-2024"
        policy = replace(LISHI_2022, figures={"disposable_income_2023": fen("27426.00")})
        answer = assess(policy, read_persons(folder / "persons.csv"), read_settlements(folder / "settlements.csv"))
        lines = [line for found in answer.values() if not isinstance(found, str) for line in found]
        return {(line.setl_id, line.benefit): line.paid_amt for line in lines if line.paid_amt}
    return {(setl_id, benefit): fen(paid) for setl_id, benefit, paid in table(name, "expected")[1:]}


def ordered(name: str, order: str) -> Table:
    header, *rows = table(name, "settlements")
    if order == "shuffled":
        random.Random(7).shuffle(rows)
    elif order == "time":
        rows.sort(key=lambda row: (row[header.index("setl_time")], row[header.index("setl_id")]))
    return [header, *rows]


def write(rows: Table, path: Path, form: str) -> Path:
    if form == "csv":
        return write_csv(path.with_suffix(".csv"), rows)
    if form == "xlsx":
        header, *body = rows
        cells = [[float(cell) if isinstance(cell, Decimal) else cell for cell in typed(header, row)] for row in body]
        return write_xlsx(path.with_suffix(".xlsx"), [header, *cells] if "setl_id" in header else rows)
    if form == "parquet-typed" and "setl_id" in rows[0]:
        header, *body = rows
        return write_parquet(path.with_suffix(".parquet"), [header, *(typed(header, row) for row in body)])
    return write_parquet(path.with_suffix(".parquet"), rows)


def files(name: str, form: str, order: str, folder: Path) -> tuple[Path, Path]:
    data = "jiaocheng-2024" if name == "lishi-2022" else name
    return (
        write(table(data, "persons"), folder / "persons", form),
        write(ordered(data, order), folder / "settlements", form),
    )


def errors(answer: Answer) -> list[str]:
    return [finding.sentence() for finding in answer.findings if finding.is_error]


@pytest.mark.parametrize("engine", ENGINE_NAMES)
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", [*SETS, "lishi-2022"])
def test_一分不差(name: str, form: str, order: str, engine: str, tmp_path: Path) -> None:
    persons, settlements = files(name, form, order, tmp_path)
    answer = run(engine, book_of(name), persons, settlements, brief=True)
    assert errors(answer) == []
    assert answer.paid == expected(name)
    assert [row["setl_id"] for row in answer.rows] == sorted(row["setl_id"] for row in answer.rows)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", SETS)
def test_两个引擎的完整结果和检查结果相同(name: str, form: str, order: str, tmp_path: Path) -> None:
    persons, settlements = files(name, form, order, tmp_path)
    python, columnar = (run(engine, book_of(name), persons, settlements) for engine in ENGINE_NAMES)
    assert python.paid == expected(name)
    assert columnar.rows == python.rows
    assert columnar.told == python.told
    for total in ("settlements", "outcomes", "withheld", "paid_settlements", "paid_fen", "visits_by_component",
                  "paid_by_component", "first_day", "last_day"):  # fmt: skip
        assert getattr(columnar.summary, total) == getattr(python.summary, total), total


@pytest.mark.parametrize("name", SETS)
def test_格式和先后不改变完整结果的任何一格(name: str, tmp_path: Path) -> None:
    first = None
    for form in FORMATS:
        for order in ORDERS:
            (tmp_path / form / order).mkdir(parents=True)
            answer = run("python", book_of(name), *files(name, form, order, tmp_path / form / order))
            first = first or answer.rows
            assert answer.rows == first, (form, order)


@pytest.mark.parametrize("engine", ENGINE_NAMES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("name", ["jiaocheng-2024", "maqiao-2024"])
def test_中文列名和编码(name: str, encoding: str, engine: str, tmp_path: Path) -> None:
    paths = []
    for kind in ("persons", "settlements"):
        labels = {field.name: field.labels[0] for field in load_layout(kind).fields}
        header, *rows = table(name, kind)
        path = tmp_path / f"{kind}.csv"
        paths.append(write_csv(path, [[labels[field] for field in header], *rows], encoding))
    answer = run(engine, book_of(name), *paths, brief=True)
    assert errors(answer) == []
    assert answer.paid == expected(name)


def test_离石的起付线不同于交城() -> None:
    """Otherwise the test above could pass with the wrong figure."""
    assert expected("lishi-2022") != expected("jiaocheng-2024")
    assert expected("lishi-2022").keys() >= expected("jiaocheng-2024").keys()
