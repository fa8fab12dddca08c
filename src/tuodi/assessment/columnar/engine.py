"""The engine ``columnar``: rows streamed in batches through the compiled step, results sorted, memory bounded.

Rows in time order go through once. Rows in any other order are first split by owner into parts on disk, each sorted
and assessed by itself. If rows are refused or an id comes twice, a second pass leaves out what they withhold.
"""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack

import numpy as np
import pyarrow as pa

from tuodi.assessment.columnar.compiled import COMPILED
from tuodi.assessment.columnar.facts import WARNINGS_KEPT, Facts, Troubles
from tuodi.assessment.columnar.loop import IN_ORDER, LEFT_OUT, Columns, Results
from tuodi.assessment.columnar.order import SortedRows
from tuodi.assessment.columnar.persons import RosterFile
from tuodi.assessment.columnar.roster import (
    hashes_of,
    lookup_arrays,
    new_accumulators,
    persons_of,
    roster_arrays,
    text_buffers,
    withheld_keys,
)
from tuodi.assessment.columnar.rows import FactSource, Hashes, Listed, Partitioned, open_settlements
from tuodi.assessment.columnar.source import CannotStream
from tuodi.assessment.columnar.tally import Strangers, brief_rows, count_batch, full_rows
from tuodi.assessment.results import BRIEF, FULL, Request, Summary, reading_findings, validity_findings
from tuodi.assessment.step import TRACE_WIDTH, Book
from tuodi.assessment.year import Withheld

NO_ROWS = np.zeros(0, np.int64)


class ColumnarAssessment:
    """The answer of the engine ``columnar`` (``results.Assessment``)."""

    def __init__(self, request: Request) -> None:
        """Assess; results are held in memory or, beyond ROWS_IN_MEMORY rows, in a temporary folder."""
        self.request = request
        self.summary = Summary()
        self._stack = ExitStack()
        self._sorted: SortedRows | None = None
        roster_file = RosterFile(request.persons)
        source = open_settlements(request)
        self.findings = [*roster_file.findings, *source.findings]
        self.refused = not (roster_file.usable and source.usable)
        if self.refused:
            self._tell_rows(source)
            return
        book = request.book
        self._roster, self._owners = roster_arrays(book, roster_file.holdings)
        self._lookup = lookup_arrays(book, roster_file.holdings.identity.dictionary.to_pylist())
        self._book = Book._make(np.array(part, np.int64) for part in book.book)
        identities = roster_file.identities()
        # What reading the roster took goes back to the system before the settlements need it.
        del roster_file.holdings
        pa.default_memory_pool().release_unused()
        self._most_lines = max(b - a for a, b in zip(book.plan_first, book.plan_last, strict=True))
        try:
            self._assess(source, roster_file.refused)
        except CannotStream:
            source = Listed(request)
            self.findings = [*roster_file.findings, *source.findings]
            self.refused = not source.usable
            if self.refused:
                self._sorted, self.summary = None, Summary()
                return
            self._assess(source, roster_file.refused)
        self.summary.rows += source.rows_refused
        self.findings += reading_findings(book, request, source.present, identities)
        self.findings += validity_findings(book, self.summary)

    def __enter__(self) -> "ColumnarAssessment":
        """Return itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Remove the temporary folder."""
        self._stack.close()

    def _tell_rows(self, source: FactSource) -> None:
        """Add what is wrong with rows of a good file whose partner cannot be used: they are to be mended as well."""
        troubles = Troubles()
        try:
            for _ in source.facts(troubles):
                pass
        except CannotStream:
            troubles.findings = [*Listed(self.request).findings]
        self.findings += troubles.findings

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows, sorted by ``setl_id``."""
        if self._sorted is not None:
            yield from self._sorted.batches()

    def _assess(self, source: FactSource, refused: frozenset[str]) -> None:
        """Read everything once, and what was withheld or came out of order once more."""
        troubles, hashes = Troubles(), Hashes()
        withheld = Withheld(refused, source.withheld)
        parts: Partitioned | None = None
        if not self._run(self._logged(source.facts(troubles), hashes), withheld, NO_ROWS):
            troubles, hashes = Troubles(), Hashes()
            parts = self._stack.enter_context(Partitioned(source.rows_about))
            parts.fill(self._found(self._logged(source.facts(troubles), hashes)), self._roster.owner)
            self.summary.remarks.append("结算不是按时间先后排列，已按人在磁盘上重新排序")
        twice = hashes.met_twice()
        left_out = source.copies(twice, troubles) if len(twice) else NO_ROWS
        self.findings += sorted(troubles.findings, key=lambda finding: finding.row or 0)
        if parts or len(left_out) or troubles.withheld:
            remarks = self.summary.remarks
            again = parts.facts() if parts else source.facts(Troubles())
            if not self._run(again, Withheld(refused, source.withheld | troubles.withheld), left_out):
                raise AssertionError("rows out of order after sorting")
            self.summary.remarks = remarks
        if troubles.warnings > WARNINGS_KEPT:
            self.summary.remarks.append(f"提醒共 {troubles.warnings} 条，只列出前 {WARNINGS_KEPT} 条")

    def _logged(self, batches: Iterable[Facts], hashes: Hashes) -> Iterator[Facts]:
        for facts in batches:
            hashes.add(hashes_of(facts.setl_id))
            self.request.tell(len(facts.rows))
            yield facts

    def _found(self, batches: Iterable[Facts]) -> Iterator[Facts]:
        for facts in batches:
            facts.columns.person[:], by_person = persons_of(facts.psn_no, self._roster)
            if self.request.book.family_slots:
                # Strangers are -1 and meet the last entry; a roster may be empty.
                owner = np.append(self._roster.owner, -1)[facts.columns.person]
                facts.by_owner = np.argsort(owner, kind="stable")
            else:
                facts.by_owner = by_person
            yield facts

    def _run(self, batches: Iterable[Facts], withheld: Withheld, left_out: np.ndarray) -> bool:
        """Assess all batches from the start of the accumulators; False if rows came out of order."""
        brief = self.request.brief
        self.summary = Summary()
        if self._sorted is not None:
            self._sorted.close()
        self._sorted = self._stack.enter_context(SortedRows(BRIEF if brief else FULL, "setl_id"))
        accumulators = new_accumulators(self.request.book, self._roster, self._owners)
        keys = withheld_keys(withheld, self._roster)
        strangers = Strangers(withheld)
        seen = 0
        for facts in self._found(batches):
            if len(left_out):
                facts.columns.flag[np.isin(facts.rows, left_out)] = LEFT_OUT
            order = facts.by_owner
            columns = Columns(*(column[order] for column in facts.columns))
            by_owner = self._room_for(len(facts.rows))
            ids, offsets = text_buffers(facts.setl_id)
            answer = COMPILED["assess_batch"](
                self._book, self._lookup, self._roster, columns, order, accumulators, keys, ids, offsets, seen,
                not brief, by_owner,
            )  # fmt: skip
            if answer != IN_ORDER:
                return False
            results = self._room_for(len(facts.rows))
            COMPILED["in_row_order"](order, by_owner, results, not brief)
            seen += len(facts.rows)
            strangers.hold_back(facts, results)
            count_batch(self.request.book, facts, results, self.summary)
            rows = brief_rows if brief else full_rows
            self._sorted.add(rows(self.request.book, facts, results))
        return True

    def _room_for(self, rows: int) -> Results:
        lines = rows * self._most_lines
        traces = self._most_lines if self.request.brief else lines
        return Results(
            outcome=np.empty(rows, np.int8),
            document=np.empty(rows, np.int32),
            rank=np.empty(rows, np.int32),
            line_first=np.zeros(rows + 1, np.int32),
            rule=np.empty(lines, np.int32),
            paid=np.empty(lines, np.int64),
            trace=np.zeros(max(traces, 1) * TRACE_WIDTH, np.int64),
        )
