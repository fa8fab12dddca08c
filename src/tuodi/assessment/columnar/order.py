"""Order with bounded memory: results sorted by id, unsorted input split by owner, by way of disk if need be."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tuodi.assessment.columnar.compiled import COMPILED
from tuodi.assessment.columnar.roster import text_buffers

ROWS_IN_MEMORY = 500_000
ROWS_OF_A_BATCH = 65_536


def sorted_by_text(table: pa.Table, column: str) -> pa.Table:
    """Return the rows in the order of a text column, byte by byte; rows of equal text keep their order."""
    table = table.combine_chunks()
    if table.num_rows < 2:
        return table
    data, offsets = text_buffers(table.column(column).chunk(0))
    if COMPILED["is_sorted"](data, offsets):
        return table
    prefix = COMPILED["common_prefix"](data, offsets)
    keys = np.empty(table.num_rows, np.uint64)
    COMPILED["sort_keys"](data, offsets, prefix, keys)
    order = np.argsort(keys)
    if COMPILED["settle_ties"](data, offsets, keys, order):
        return table.take(pa.array(order))
    # Many ids that agree in prefix and eight more bytes: leave those to the library's slower sort.
    place = pa.array(np.arange(table.num_rows))
    order = pc.sort_indices(
        pa.table({"id": table.column(column), "place": place}), [("id", "ascending"), ("place", "ascending")]
    )
    return table.take(order)


class SortedRows:
    """Collects batches in any order and gives them back sorted by one text column, in bounded memory.

    Used as a context manager: what was spilled to disk is removed at the end.
    """

    def __init__(self, schema: pa.Schema, column: str) -> None:
        """Prepare for batches of ``schema``; beyond ROWS_IN_MEMORY rows they go to a temporary folder."""
        self._schema = schema
        self._column = column
        self._held: list[pa.RecordBatch] = []
        self._rows = 0
        self._runs: list[Run] = []
        self._stack = ExitStack()

    def __enter__(self) -> "SortedRows":
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove what was spilled."""
        self.close()

    def close(self) -> None:
        """Remove what was spilled; the rows are gone."""
        self._held, self._runs, self._rows = [], [], 0
        self._stack.close()

    def add(self, batch: pa.RecordBatch) -> None:
        """Take a batch; spill a sorted run once enough rows are held."""
        self._held.append(batch)
        self._rows += batch.num_rows
        if self._rows >= ROWS_IN_MEMORY:
            self._spill()

    def _spill(self) -> None:
        if not self._runs:
            self._folder = Path(self._stack.enter_context(TemporaryDirectory(prefix="tuodi-sort-")))
        path = self._folder / f"{len(self._runs)}.arrow"
        batches = self._take_held().to_batches(max_chunksize=ROWS_OF_A_BATCH)
        with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, self._schema) as writer:
            for batch in batches:
                writer.write_batch(batch)
        self._runs.append(Run(path, self._column, [batch.column(self._column)[0].as_py() for batch in batches]))

    def _take_held(self) -> pa.Table:
        held, self._held, self._rows = self._held, [], 0
        return sorted_by_text(pa.Table.from_batches(held, self._schema), self._column)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield all rows in order."""
        if self._runs and self._held:
            self._spill()
        if not self._runs:
            yield from self._take_held().to_batches(max_chunksize=ROWS_OF_A_BATCH)
            return
        # All runs together are cut at texts that begin a batch somewhere, so that a part is about a run in size.
        starts = sorted(start for run in self._runs for start in run.starts)
        each = max(1, ROWS_IN_MEMORY // ROWS_OF_A_BATCH)
        readers = [run.reader(self._stack) for run in self._runs]
        for bound in [*dict.fromkeys(starts[each::each]), None]:
            part = pa.concat_tables([reader.upto(bound) for reader in readers])
            yield from sorted_by_text(part, self._column).to_batches(max_chunksize=ROWS_OF_A_BATCH)


class Run(NamedTuple):
    """A sorted run on disk; ``starts`` are the first texts of its batches."""

    path: Path
    column: str
    starts: list[str]

    def reader(self, stack: ExitStack) -> "RunReader":
        """Open the run; ``stack`` closes it."""
        return RunReader(self, pa.ipc.open_file(stack.enter_context(pa.OSFile(str(self.path)))))


class RunReader:
    """Reads a run from front to back, no further than asked."""

    def __init__(self, run: Run, file: pa.RecordBatchFileReader) -> None:
        """Begin before the first row."""
        self._run = run
        self._file = file
        self._next = 0
        self._rest = file.schema.empty_table()

    def upto(self, bound: str | None) -> pa.Table:
        """Return the rows not yet returned whose text comes before ``bound`` (None: all)."""
        tables = [self._rest]
        while self._next < len(self._run.starts) and (bound is None or self._run.starts[self._next] < bound):
            tables.append(pa.Table.from_batches([self._file.get_batch(self._next)]))
            self._next += 1
        rows = pa.concat_tables(tables)
        end = rows.num_rows if bound is None else first_at_least(rows.column(self._run.column), bound)
        self._rest = rows.slice(end)
        return rows.slice(0, end)


def first_at_least(column: pa.ChunkedArray, bound: str) -> int:
    """Return the place of the first text of a sorted column that does not come before ``bound``."""
    low, high = 0, len(column)
    while low < high:
        middle = (low + high) // 2
        if column[middle].as_py() < bound:
            low = middle + 1
        else:
            high = middle
    return low


class Parts:
    """Splits batches by a number into files on disk; each part is then small enough to be read whole."""

    def __init__(self, schema: pa.Schema, count: int) -> None:
        """Open ``count`` parts for batches of ``schema``; used as a context manager."""
        self._schema = schema
        self._stack = ExitStack()
        folder = Path(self._stack.enter_context(TemporaryDirectory(prefix="tuodi-parts-")))
        self._files = [folder / f"{part}.arrow" for part in range(count)]
        self._writers = [self._stack.enter_context(pa.ipc.new_file(str(file), schema)) for file in self._files]

    def __enter__(self) -> "Parts":
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the parts."""
        self._stack.close()

    def add(self, batch: pa.RecordBatch, part: np.ndarray) -> None:
        """Write each row to its part."""
        order = np.argsort(part, kind="stable")
        bounds = np.searchsorted(part[order], np.arange(len(self._files) + 1))
        rows = batch.take(pa.array(order))
        for number, writer in enumerate(self._writers):
            if bounds[number + 1] > bounds[number]:
                writer.write_batch(rows.slice(bounds[number], bounds[number + 1] - bounds[number]))

    def tables(self) -> Iterable[pa.Table]:
        """Yield each part as a table, its rows in the order they were added."""
        for writer in self._writers:
            writer.close()
        for path in self._files:
            with pa.OSFile(str(path)) as file:
                yield pa.ipc.open_file(file).read_all()
