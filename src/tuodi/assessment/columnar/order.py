"""Order with bounded memory: results sorted by id, and unsorted input split by owner, both by way of disk if need be."""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tuodi.assessment.columnar.compiled import COMPILED
from tuodi.assessment.columnar.roster import text_buffers

ROWS_IN_MEMORY = 2_000_000
SAMPLES_OF_A_RUN = 1_000


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

    def __init__(self, schema: pa.Schema, column: str, rows_in_memory: int = ROWS_IN_MEMORY) -> None:
        """Prepare for batches of ``schema``; beyond ``rows_in_memory`` rows go to a temporary folder."""
        self._schema = schema
        self._column = column
        self._most = rows_in_memory
        self._held: list[pa.RecordBatch] = []
        self._rows = 0
        self._runs: list[Path] = []
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

    @property
    def spilled(self) -> bool:
        """Whether the rows did not fit into memory."""
        return bool(self._runs)

    def add(self, batch: pa.RecordBatch) -> None:
        """Take a batch; spill a sorted run once enough rows are held."""
        self._held.append(batch)
        self._rows += batch.num_rows
        if self._rows >= self._most:
            self._spill()

    def _spill(self) -> None:
        if not self._runs:
            self._folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="tuodi-sort-")))
        run = self._folder / f"{len(self._runs)}.arrow"
        with pa.OSFile(str(run), "wb") as file, pa.ipc.new_file(file, self._schema) as writer:
            writer.write_table(self._take_held(), max_chunksize=65_536)
        self._runs.append(run)

    def _take_held(self) -> pa.Table:
        held, self._held, self._rows = self._held, [], 0
        return sorted_by_text(pa.Table.from_batches(held, self._schema), self._column)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield all rows in order."""
        if not self._runs:
            yield from self._take_held().to_batches(max_chunksize=262_144)
            return
        if self._held:
            self._spill()
        runs = [self._opened(run) for run in self._runs]
        at = [0] * len(runs)
        for bound in [*self._bounds(runs), None]:
            upto = [run.num_rows if bound is None else self._first_at_least(run, bound) for run in runs]
            part = pa.concat_tables([run.slice(a, b - a) for run, a, b in zip(runs, at, upto, strict=True)])
            at = upto
            yield from sorted_by_text(part, self._column).to_batches(max_chunksize=262_144)

    def _opened(self, run: Path) -> pa.Table:
        file = self._stack.enter_context(pa.memory_map(str(run)))
        return pa.ipc.open_file(file).read_all()

    def _bounds(self, runs: list[pa.Table]) -> list[str]:
        """Return texts that cut all rows into parts of about the size that fits into memory."""
        samples: list[str] = []
        for run in runs:
            places = np.linspace(0, run.num_rows - 1, min(SAMPLES_OF_A_RUN, run.num_rows)).astype(np.int64)
            samples += run.column(self._column).take(pa.array(places)).to_pylist()
        samples.sort()
        parts = -(-sum(run.num_rows for run in runs) // self._most)
        return sorted({samples[len(samples) * part // parts] for part in range(1, parts)})

    def _first_at_least(self, run: pa.Table, bound: str) -> int:
        column = run.column(self._column)
        low, high = 0, run.num_rows
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
        folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="tuodi-parts-")))
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
        for file in self._files:
            with pa.memory_map(str(file)) as opened:
                yield pa.ipc.open_file(opened).read_all()
