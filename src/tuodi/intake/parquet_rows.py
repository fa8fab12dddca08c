"""Rows of a parquet file, read in batches; the header counts as row 1."""

from collections.abc import Collection, Iterator
from itertools import chain
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tuodi.intake.cells import Cell
from tuodi.intake.layouts import normal_heading
from tuodi.intake.sources import Limits, Row, Source, damaged
from tuodi.kernel.finding import Finding

_BATCH_ROWS = 8_192
_MAGIC = b"PAR1"


def parquet_source(path: Path, limits: Limits, headings: Collection[str]) -> Source | Finding:
    """Open a parquet file; columns that nobody asked for are not read and give empty cells."""
    try:
        with path.open("rb") as file:
            if file.read(4) != _MAGIC:
                return damaged(path, "parquet 文件")
        parquet = pq.ParquetFile(path)
        metadata, names = parquet.metadata, parquet.schema_arrow.names
        unpacked = sum(metadata.row_group(group).total_byte_size for group in range(metadata.num_row_groups))
        rows = metadata.num_rows
    except (pa.ArrowException, OSError, ValueError, UnicodeError, MemoryError, OverflowError):
        return damaged(path, "parquet 文件")
    if len(names) > limits.columns:
        return limits.exceeded(path, f"列数超过 {limits.columns}")
    if rows > limits.rows:
        return limits.exceeded(path, f"行数超过 {limits.rows}")
    if unpacked > max(limits.unpacked_free_bytes, limits.unpacked_ratio * path.stat().st_size):
        return limits.exceeded(path, f"解压后大小超过原文件的 {limits.unpacked_ratio} 倍")
    header: list[Cell] = list(names)
    known = [normal_heading(name) in headings for name in names]
    # What stands left of all known columns may say that a row is a total.
    first = known.index(True) if True in known else len(names)
    wanted = [is_known or (at < first and names.count(names[at]) == 1) for at, is_known in enumerate(known)]
    return Source("", chain([(1, header)], _rows(path, parquet, wanted, limits)))


def _rows(path: Path, parquet: pq.ParquetFile, wanted: list[bool], limits: Limits) -> Iterator[Row | Finding]:
    number = 1
    read = [position for position, is_wanted in enumerate(wanted) if is_wanted]
    try:
        with parquet:
            names = parquet.schema_arrow.names
            for batch in parquet.iter_batches(_BATCH_ROWS, columns=[names[position] for position in read]):
                columns = [_readable(column) for column in batch.columns]
                if any(_longest(column) > limits.cell_chars for column in columns):
                    yield limits.exceeded(path, f"有单元格超过 {limits.cell_chars} 个字符", row=number + 1)
                    return
                lists: list[list[Cell]] = [[None] * batch.num_rows for _ in wanted]
                for position, column in zip(_positions(read, batch, names), columns, strict=True):
                    lists[position] = column.to_pylist()
                for cells in zip(*lists, strict=True):
                    number += 1
                    yield number, list(cells)
    except (pa.ArrowException, OSError, ValueError, UnicodeError, OverflowError, MemoryError):
        yield damaged(path, "parquet 文件", row=number + 1)


def _positions(read: list[int], batch: pa.RecordBatch, names: list[str]) -> list[int]:
    """Return the header position of each column of a batch; a twice-used name comes back in the file's order."""
    waiting = {name: [position for position in read if names[position] == name] for name in batch.schema.names}
    return [waiting[name].pop(0) for name in batch.schema.names]


def _readable(column: pa.Array) -> pa.Array:
    """Return a column whose values become plain Python objects: dictionaries unpacked, nanoseconds cut off."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
        column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
    return column


def _longest(column: pa.Array) -> int:
    kind = column.type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_binary(kind)):
        return 0
    longest = pc.max(pc.binary_length(column)).as_py()
    return 0 if longest is None else int(longest)
