"""Rows as Arrow batches: straight from a parquet or a plain CSV file, else nothing and the caller reads row by row."""

from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from tuodi.assessment.columnar.compiled import COMPILED
from tuodi.intake.cells import Cell
from tuodi.intake.layouts import Columns, Kind
from tuodi.intake.rows import OpenFile

BATCH_ROWS: Final = 65_536
_CSV_BLOCK_BYTES: Final = 8 * 2**20
_CSV_ROW_BYTES: Final = 150
_CODES: Final = (Kind.CODE, Kind.FLAG)
_PLAIN_KINDS: Final = (
    pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal, pa.types.is_boolean, pa.types.is_null,
    pa.types.is_timestamp, pa.types.is_date, pa.types.is_time,
)  # fmt: skip


class CannotStream(Exception):
    """The file is not one that Arrow reads as we do; reading it row by row tells what is the matter, if anything."""


@dataclass(frozen=True, slots=True)
class ArrowFile:
    """A parquet or CSV file whose header is its first row, and where the layout's fields stand in it."""

    path: Path
    columns: Columns

    @classmethod
    def of(cls, path: Path, opened: OpenFile) -> "ArrowFile":
        """Return the file if Arrow reads its form as ``intake`` does; raises CannotStream."""
        if path.suffix.lower() not in (".parquet", ".csv") or opened.table.header_row != 1:
            raise CannotStream(path.suffix)
        if path.suffix.lower() == ".csv" and not _has_plain_quotes(path):
            # Arrow forgives quotes that do not pair; read as it likes, "50"0.00 would be five hundred.
            raise CannotStream("quotes")
        return cls(path, opened.columns)

    def tells_blank_rows(self) -> bool:
        """Whether a row whose known fields are all blank is a blank row: nothing stands in a column not read."""
        return self.path.suffix.lower() == ".parquet" or len(self.columns.positions) == len(self.columns.header)

    def rows_about(self) -> int:
        """Return about how many rows there are."""
        if self.path.suffix.lower() == ".parquet":
            return int(pq.read_metadata(self.path).num_rows)
        return self.path.stat().st_size // _CSV_ROW_BYTES

    def batches(self) -> Iterator[tuple[int, pa.RecordBatch]]:
        """Yield the first row's number (as a spreadsheet counts) and a batch of the layout's columns by field name.

        The next batch is read while the last one is worked on. Raises CannotStream.
        """
        parquet = self.path.suffix.lower() == ".parquet"
        number = 2
        for batch in _ahead(self._parquet() if parquet else self._csv()):
            yield number, batch
            number += batch.num_rows

    def _names(self) -> list[str]:
        return [self.columns.header[position] for position in self.columns.positions.values()]

    def _parquet(self) -> Iterator[pa.RecordBatch]:
        kinds = {field.name: field.kind for field in self.columns.layout.fields}
        repeated = [self.columns.header[at] for name, at in self.columns.positions.items() if kinds[name] in _CODES]
        try:
            with pq.ParquetFile(self.path, read_dictionary=repeated, pre_buffer=False) as file:
                for batch in file.iter_batches(BATCH_ROWS, columns=self._names()):
                    for column in batch.columns:
                        _check_text(column)
                    yield self._named(batch)
        except (pa.ArrowException, OSError, ValueError, KeyError) as problem:
            raise CannotStream(str(problem)) from problem

    def _csv(self) -> Iterator[pa.RecordBatch]:
        read = pacsv.ReadOptions(block_size=_CSV_BLOCK_BYTES)
        parse = pacsv.ParseOptions(newlines_in_values=False, ignore_empty_lines=False)
        convert = pacsv.ConvertOptions(
            column_types={name: pa.string() for name in self._names()},
            include_columns=self._names(),
            strings_can_be_null=False,
            check_utf8=True,
        )
        try:
            for batch in pacsv.open_csv(self.path, read, parse, convert):
                yield self._named(batch)
        except (pa.ArrowException, OSError, ValueError, KeyError) as problem:
            raise CannotStream(str(problem)) from problem

    def _named(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Return the batch with field names for headings, whatever order the file has."""
        columns = [_plain(batch.column(name)) for name in self._names()]
        return pa.RecordBatch.from_arrays(columns, names=list(self.columns.positions))


def cells_of(batch: pa.RecordBatch, rows: Sequence[int]) -> Iterator[list[Cell]]:
    """Yield the cells of some rows as ``intake`` reads them; raises CannotStream where Python has no such value."""
    taken = batch.take(pa.array(rows, pa.int64()))
    try:
        columns = [column.to_pylist() for column in taken.columns]
    except (ValueError, OverflowError) as problem:
        raise CannotStream(str(problem)) from problem
    return map(list, zip(*columns, strict=True))


def _has_plain_quotes(path: Path) -> bool:
    with path.open("rb") as file:
        start = len(BOM_UTF8) if file.read(3) == BOM_UTF8 else 0
    content = np.memmap(path, np.uint8, "r")
    return bool(COMPILED["plain_quotes"](content[start:]))


def _plain(column: pa.Array) -> pa.Array:
    """Return a column in a type the rest of the engine knows, with ``intake``'s microseconds; raises CannotStream."""
    if pa.types.is_dictionary(column.type) and not _is_text(column.type.value_type):
        column = column.dictionary_decode()
    kind = column.type
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        return column.cast(pa.timestamp("us", kind.tz), safe=False)
    if not (pa.types.is_dictionary(kind) or _is_text(kind) or any(is_kind(kind) for is_kind in _PLAIN_KINDS)):
        raise CannotStream(str(kind))
    return column


def _check_text(column: pa.Array) -> None:
    """Raise ArrowInvalid where a text is no UTF-8: parquet only promises that it is."""
    texts = column.dictionary if pa.types.is_dictionary(column.type) else column
    if _is_text(texts.type):
        texts.validate(full=True)


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _ahead(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield the same batches, the next one being read in another thread; its exceptions are raised here."""
    waiting: Queue[pa.RecordBatch | BaseException | None] = Queue(maxsize=1)
    stopped = False

    def read() -> None:
        try:
            for batch in batches:
                if stopped:
                    return
                waiting.put(batch)
            waiting.put(None)
        except BaseException as problem:
            waiting.put(problem)

    thread = Thread(target=read, daemon=True)
    thread.start()
    try:
        while (item := waiting.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        stopped = True
        while thread.is_alive():
            while not waiting.empty():
                waiting.get_nowait()
            thread.join(timeout=0.05)
