"""Result tables as files people and programs read: CSV, XLSX or parquet, chosen by the suffix; written whole.

A table is named columns and rows of text, whole numbers and money (fen in, yuan with two decimals out). CSV is UTF-8
with BOM and CRLF, which Excel opens without asking; in XLSX money is a number with a format and everything else text.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.worksheet import Worksheet

from tuodi.kernel.files import written_whole
from tuodi.kernel.money import yuan

SUFFIXES = (".csv", ".xlsx", ".parquet")
XLSX_ROWS_MAX = 1_048_575
ROWS_AT_ONCE = 65_536

Cell: TypeAlias = str | int | None
Row: TypeAlias = Sequence[Cell]


class Kind(StrEnum):
    """What a column holds; an empty cell is None."""

    TEXT = "text"
    COUNT = "count"
    MONEY = "money"


class Column(NamedTuple):
    """One column: its name in the file and what it holds."""

    name: str
    kind: Kind = Kind.TEXT


CREATED = datetime(2000, 1, 1)
"""Written into every workbook instead of the time: the same data give the same bytes."""

RESULTS_SHEET = "结果"

FONT = {"font_name": "宋体", "font_size": 11}
"""The library writes into the dictionary it is given: hand it a copy."""
ID_WIDTH, WORDS_WIDTH, MONEY_WIDTH, USUAL_WIDTH = 22, 60, 14, 16
# Columns that hold whole sentences: wide, and broken over lines inside the cell.
WORDS = frozenset({"note", "reason", "message", "advice"})


class TooManyRows(ValueError):
    """A sheet cannot hold the rows; the text is a Chinese sentence for the user."""


ARROW_TYPES = {Kind.TEXT: pa.string(), Kind.COUNT: pa.int64(), Kind.MONEY: pa.decimal128(14, 2)}


def write_table(
    path: Path, columns: Sequence[Column], rows: Iterable[Row], sheet: str = RESULTS_SHEET, foot: Row = ()
) -> int:
    """Write rows to a file whose suffix is one of SUFFIXES; return how many. Nothing is left behind on failure.

    ``sheet`` is the name of the sheet in a workbook; ``foot`` a last row there, of sums and of what they are:
    it is not among those counted, and not among those that are filtered.
    """
    suffix = path.suffix.lower()
    counted = _Counted(rows)
    with written_whole(path) as temporary:
        if suffix == ".xlsx":
            _write_xlsx(temporary, columns, counted, sheet, foot)
        elif suffix == ".parquet":
            _write_parquet(temporary, columns, counted)
        else:
            _write_csv(temporary, columns, counted)
    return counted.count


def write_batches(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
    """Write Arrow batches of texts and money (int64 fen); return how many rows."""
    columns = [Column(f.name, Kind.MONEY if pa.types.is_int64(f.type) else Kind.TEXT) for f in schema]
    if path.suffix.lower() != ".parquet":
        return write_table(path, columns, (row for batch in batches for row in _rows_of(batch)))
    count = 0
    with written_whole(path) as temporary, pq.ParquetWriter(temporary, _schema(columns), compression="zstd") as writer:
        for batch in batches:
            arrays = [_typed(column, array) for column, array in zip(columns, batch.columns, strict=True)]
            writer.write_batch(pa.record_batch(arrays, schema=_schema(columns)))
            count += batch.num_rows
    return count


class _Counted:
    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[Row]:
        for row in self.rows:
            self.count += 1
            yield row


def _rows_of(batch: pa.RecordBatch) -> Iterator[Row]:
    return zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _schema(columns: Sequence[Column]) -> pa.Schema:
    return pa.schema([(column.name, ARROW_TYPES[column.kind]) for column in columns])


def _typed(column: Column, fen: pa.Array) -> pa.Array:
    """Turn int64 fen into decimal yuan; the bytes are the same, only the point is set."""
    if column.kind is not Kind.MONEY:
        return fen.cast(ARROW_TYPES[column.kind])
    return fen.cast(pa.decimal128(19, 0)).view(pa.decimal128(19, 2)).cast(ARROW_TYPES[Kind.MONEY])


def _text(column: Column, cell: Cell) -> str:
    if cell is None:
        return ""
    return yuan(int(cell)) if column.kind is Kind.MONEY else str(cell)


def _write_csv(path: Path, columns: Sequence[Column], rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([column.name for column in columns])
        for row in rows:
            writer.writerow([_text(column, cell) for column, cell in zip(columns, row, strict=True)])


def _write_xlsx(path: Path, columns: Sequence[Column], rows: Iterable[Row], name: str, foot: Row) -> None:
    try:
        _write_book(path, columns, rows, name, foot)
    except FileCreateError as problem:
        # The library wraps what the system said in a class of its own.
        raise problem.args[0] from problem


def _width(column: Column) -> int:
    if column.kind is Kind.MONEY:
        return MONEY_WIDTH
    if column.name in WORDS:
        return WORDS_WIDTH
    return ID_WIDTH if column.name.endswith(("_id", "_no")) else USUAL_WIDTH


def _write_book(path: Path, columns: Sequence[Column], rows: Iterable[Row], name: str, foot: Row) -> None:
    number = 0
    with xlsxwriter.Workbook(path, {"constant_memory": True, "default_format_properties": dict(FONT)}) as book:
        book.set_properties({"created": CREATED})
        sheet = book.add_worksheet(name)
        heading = book.add_format({"bold": True, "bg_color": "#E8EEF4", "bottom": 1})
        money = book.add_format({"num_format": "#,##0.00"})
        words = book.add_format({"text_wrap": True, "valign": "top"})
        sheet.freeze_panes(1, 0)
        for at, column in enumerate(columns):
            sheet.set_column(at, at, _width(column), words if column.name in WORDS else None)
            sheet.write_string(0, at, column.name, heading)
        for number, row in enumerate(rows, start=1):
            if number > XLSX_ROWS_MAX:
                raise TooManyRows("结果超过 Excel 工作表的 1048576 行上限；请改用 .csv 或 .parquet。")
            for at, (column, cell) in enumerate(zip(columns, row, strict=True)):
                if cell is None:
                    continue
                if column.kind is Kind.MONEY:
                    # A fen amount below 10^12 survives as a double: 15 significant digits are enough.
                    sheet.write_number(number, at, int(cell) / 100, money)
                elif column.kind is Kind.COUNT:
                    sheet.write_number(number, at, int(cell))
                else:
                    sheet.write_string(number, at, str(cell))
        sheet.autofilter(0, 0, number, len(columns) - 1)
        if foot:
            _write_foot(book, sheet, number + 1, columns, foot)


def _write_foot(book: xlsxwriter.Workbook, sheet: Worksheet, number: int, columns: Sequence[Column], foot: Row) -> None:
    bold = book.add_format({"bold": True, "top": 1})
    money = book.add_format({"bold": True, "top": 1, "num_format": "#,##0.00"})
    for at, (column, cell) in enumerate(zip(columns, foot, strict=True)):
        if isinstance(cell, int) and column.kind is Kind.MONEY:
            sheet.write_number(number, at, cell / 100, money)
        elif cell is not None:
            sheet.write_string(number, at, str(cell), bold)


def _write_parquet(path: Path, columns: Sequence[Column], rows: Iterable[Row]) -> None:
    schema = _schema(columns)
    remaining = iter(rows)
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        while block := list(islice(remaining, ROWS_AT_ONCE)):
            arrays = []
            for column, cells in zip(columns, zip(*block, strict=True), strict=True):
                values = [_decimal(cell) for cell in cells] if column.kind is Kind.MONEY else list(cells)
                arrays.append(pa.array(values, ARROW_TYPES[column.kind]))
            writer.write_batch(pa.record_batch(arrays, schema=schema))


def _decimal(cell: Cell) -> Decimal | None:
    return None if cell is None else Decimal(int(cell)).scaleb(-2)
