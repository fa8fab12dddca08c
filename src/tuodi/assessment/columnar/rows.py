"""Where batches of settlements come from: streamed from a file, listed by ``intake``, or kept in parts by owner."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from tempfile import TemporaryFile
from types import TracebackType
from typing import Final, Protocol

import numpy as np
import pyarrow as pa

from tuodi.assessment.columnar.facts import BatchReader, Facts, Troubles, field_columns, put
from tuodi.assessment.columnar.loop import Columns
from tuodi.assessment.columnar.order import Parts, sorted_by_text
from tuodi.assessment.columnar.roster import hashes_of
from tuodi.assessment.columnar.source import ArrowFile, CannotStream, cells_of
from tuodi.assessment.results import Request
from tuodi.assessment.rulebook import Rulebook
from tuodi.intake.rows import open_file
from tuodi.intake.settlements import ID_CONFLICT, ID_COPIED, SettlementRows, Withheld, read_settlements
from tuodi.kernel.finding import Finding

ROWS_OF_A_PART: Final = 250_000
MOST_PARTS: Final = 400
LISTED_AT_ONCE: Final = 65_536
_TEXTS: Final = ("setl_id", "psn_no", "med_type", "insutype")


class FactSource(Protocol):
    """A file of settlements; ``facts`` may be walked again and again, each time from the start.

    ``rows_refused`` are rows that ``facts`` does not yield at all.
    """

    findings: list[Finding]
    usable: bool
    present: frozenset[str]
    rows_about: int
    rows_refused: int
    withheld: frozenset[Withheld]

    def facts(self, troubles: Troubles) -> Iterator[Facts]:
        """Yield all rows; what is wrong with them goes to ``troubles``."""
        ...

    def copies(self, twice: np.ndarray, troubles: Troubles) -> np.ndarray:
        """Return the numbers of rows that do not count because their id comes twice; ``twice`` are such ids' hashes."""
        ...


def open_settlements(request: Request) -> FactSource:
    """Open a file of settlements for the columnar engine."""
    opened = open_file(request.settlements, "settlements", request.book.needed_fields)
    if isinstance(opened, list):
        return Unusable(opened)
    try:
        file = ArrowFile.of(request.settlements, opened)
    except CannotStream:
        return Listed(request)
    return Streamed(request.book, file, opened.findings)


class Unusable:
    """A file that cannot be used."""

    usable = False
    present: frozenset[str] = frozenset()
    rows_about = rows_refused = 0
    withheld: frozenset[Withheld] = frozenset()

    def __init__(self, findings: list[Finding]) -> None:
        """Keep the reasons."""
        self.findings = findings

    def facts(self, troubles: Troubles) -> Iterator[Facts]:
        """Yield nothing."""
        yield from ()

    def copies(self, twice: np.ndarray, troubles: Troubles) -> np.ndarray:
        """Return nothing."""
        return np.zeros(0, np.int64)


class Streamed:
    """A parquet or CSV file read batch by batch."""

    usable = True
    rows_refused = 0
    withheld: frozenset[Withheld] = frozenset()

    def __init__(self, book: Rulebook, file: ArrowFile, findings: list[Finding]) -> None:
        """Prepare to read; nothing is read yet."""
        self._file = file
        self._reader = BatchReader(book, file.path.name, field_columns(file.columns), file.tells_blank_rows())
        self.findings = findings
        self.present = frozenset(file.columns.positions)
        self.rows_about = file.rows_about()

    def facts(self, troubles: Troubles) -> Iterator[Facts]:
        """Yield all rows; raises CannotStream where Arrow does not understand the file."""
        for number, batch in self._file.batches():
            yield self._reader.facts(number, batch, troubles)

    def copies(self, twice: np.ndarray, troubles: Troubles) -> np.ndarray:
        """Read the rows whose id's hash comes twice once more, and let ``intake`` say which of them count."""
        rows = SettlementRows(self._reader.reader, [])
        met: list[int] = []
        for facts in self.facts(Troubles()):
            here = np.flatnonzero(np.isin(hashes_of(facts.setl_id), twice))
            numbers = facts.rows[here].tolist()
            met += numbers
            for number, cells in zip(numbers, cells_of(facts.batch, here.tolist()), strict=True):
                rows.take(number, cells)
        file = rows.result()
        troubles.add([finding for finding in file.findings if finding.rule in (ID_COPIED, ID_CONFLICT)])
        troubles.withheld |= file.refused
        kept = {settlement.row for settlement in file.settlements}
        return np.array(sorted(set(met) - kept), np.int64)


class Listed:
    """A file that ``intake`` has read row by row, in batches."""

    def __init__(self, request: Request) -> None:
        """Read the whole file."""
        self._book = request.book
        file = read_settlements(request.settlements, request.book.needed_fields)
        self._settlements = file.settlements
        self.findings = list(file.findings)
        self.usable = file.usable
        self.present = file.present
        self.withheld = file.refused
        self.rows_about = len(file.settlements)
        self.rows_refused = file.totals.rows - len(file.settlements)

    def facts(self, troubles: Troubles) -> Iterator[Facts]:
        """Yield the good rows."""
        for at in range(0, len(self._settlements), LISTED_AT_ONCE):
            block = self._settlements[at : at + LISTED_AT_ONCE]
            columns = empty_columns(len(block))
            for row, settlement in enumerate(block):
                put(self._book, columns, row, settlement)
            texts = pa.record_batch(
                [pa.array([getattr(s, name) for s in block], pa.string()) for name in _TEXTS], names=list(_TEXTS)
            )
            rows = np.array([settlement.row for settlement in block], np.int64)
            yield Facts(rows, columns, texts.column(0), texts.column(1), texts)

    def copies(self, twice: np.ndarray, troubles: Troubles) -> np.ndarray:
        """Return nothing: ``intake`` has dealt with them."""
        return np.zeros(0, np.int64)


def empty_columns(rows: int) -> Columns:
    """Return columns to be filled."""
    return Columns(
        person=np.full(rows, -1, np.int32),
        time=np.zeros(rows, np.int64),
        year=np.zeros(rows, np.int32),
        kind=np.zeros(rows, np.int32),
        insurance=np.zeros(rows, np.int32),
        level=np.zeros(rows, np.int32),
        own_province=np.zeros(rows, np.int8),
        scope=np.zeros(rows, np.int64),
        insured=np.zeros(rows, np.int64),
        deductible_paid=np.zeros(rows, np.int64),
        cash=np.zeros(rows, np.int64),
        total=np.zeros(rows, np.int64),
        flag=np.zeros(rows, np.int8),
    )


class Partitioned:
    """Rows split by owner into parts on disk; each part comes back in the order of time and id.

    Used as a context manager. This is the seam for more than one machine: a part needs no other part.
    """

    def __init__(self, rows_about: int) -> None:
        """Prepare about as many parts as fit into memory one at a time."""
        self._count = min(MOST_PARTS, 1 + rows_about // ROWS_OF_A_PART)
        self._stack = ExitStack()
        self._parts: Parts | None = None

    def __enter__(self) -> "Partitioned":
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the parts."""
        self._stack.close()

    def fill(self, batches: Iterable[Facts], owner: np.ndarray) -> None:
        """Take all rows (persons found); those of one owner go to one part, strangers anywhere."""
        for facts in batches:
            texts = {"setl_id": facts.setl_id, "psn_no": facts.psn_no}
            for name in _TEXTS[2:]:
                at = facts.batch.schema.get_field_index(name)
                column = facts.batch.column(at) if at >= 0 else pa.nulls(len(facts.rows), pa.string())
                texts[name] = column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
            numbers = {"row": facts.rows, **facts.columns._asdict()}
            batch = pa.record_batch({**texts, **{name: pa.array(values) for name, values in numbers.items()}})
            if self._parts is None:
                self._parts = self._stack.enter_context(Parts(batch.schema, self._count))
            person = facts.columns.person
            owners = owner[np.maximum(person, 0)] if len(owner) else person
            self._parts.add(batch, np.where(person >= 0, owners, facts.rows) % self._count)

    def facts(self) -> Iterator[Facts]:
        """Yield each part, sorted."""
        for table in self._parts.tables() if self._parts else ():
            by_id = sorted_by_text(table, "setl_id")
            order = np.argsort(by_id.column("time").to_numpy(), kind="stable")
            ordered = by_id.take(pa.array(order)).combine_chunks()
            for batch in ordered.to_batches():
                columns = Columns(*(np.array(batch.column(name)) for name in Columns._fields))
                yield Facts(
                    np.array(batch.column("row")), columns, batch.column("setl_id"), batch.column("psn_no"), batch
                )


class Hashes:
    """The hashes of all ids, eight bytes for each row of the file, kept on disk until all are there."""

    def __init__(self) -> None:
        """Start with none."""
        self._file = TemporaryFile(prefix="tuodi-ids-")  # noqa: SIM115 - closed by met_twice, or with this object

    def add(self, hashes: np.ndarray) -> None:
        """Keep a batch's."""
        self._file.write(hashes.tobytes())

    def met_twice(self) -> np.ndarray:
        """Return the hashes that came more than once, and forget all."""
        self._file.seek(0)
        held = np.fromfile(self._file, np.uint64)
        self._file.close()
        held.sort()
        return np.unique(held[1:][held[1:] == held[:-1]])
