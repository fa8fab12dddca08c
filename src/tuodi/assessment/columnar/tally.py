"""What the loop wrote -> result rows and counts."""

from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tuodi.assessment.columnar.facts import Facts
from tuodi.assessment.columnar.loop import BLANK, LEFT_OUT, ORDINAL_OF_EPOCH, SECONDS_OF_DAY, WITHHELD, Results
from tuodi.assessment.results import BRIEF, FULL, Summary
from tuodi.assessment.rulebook import Rulebook
from tuodi.assessment.step import TRACE_WIDTH
from tuodi.assessment.words import result_rows
from tuodi.assessment.year import Assessed, Outcome, Withheld
from tuodi.intake.cells import reader_of
from tuodi.intake.facts import Settlement
from tuodi.intake.layouts import Kind

_NOTHING = Settlement(
    setl_id="", psn_no="", setl_time=datetime(1900, 1, 1), med_type="", insutype="", insuplc_admdvs="",
    mdtrtarea_admvs="", hosp_lv="", medfee_sumamt=0, inscp_scp_amt=0, act_pay_dedc=0, hifp_pay=0, cvlserv_pay=0,
    hifes_pay=0, hifmi_pay=0, hifob_pay=0, hifdm_pay=0, oth_pay=0, maf_pay=0, psn_cash_pay=0, reversed=False,
)  # fmt: skip


def component_codes(book: Rulebook) -> tuple[pa.StringArray, np.ndarray]:
    """Return the distinct component codes, and for each rule the place of its component's."""
    codes = list(dict.fromkeys(rule.component.code for rule in book.rules))
    return pa.array(codes, pa.string()), np.array([codes.index(r.component.code) for r in book.rules], np.int32)


def brief_rows(book: Rulebook, facts: Facts, results: Results) -> pa.RecordBatch:
    """Return the paid lines of a batch."""
    codes, component = component_codes(book)
    lines = int(results.line_first[-1])
    paid = results.paid[:lines]
    chosen = np.flatnonzero(paid)
    row_of_line = np.repeat(np.arange(len(facts.rows)), np.diff(results.line_first))
    return pa.record_batch(
        [
            facts.setl_id.take(pa.array(row_of_line[chosen])),
            codes.take(pa.array(component[results.rule[:lines][chosen]])),
            pa.array(paid[chosen]),
        ],
        schema=BRIEF,
    )


def full_rows(book: Rulebook, facts: Facts, results: Results) -> pa.RecordBatch:
    """Return every line of a batch with its words, and a row for each settlement that has none."""
    ids, people = facts.setl_id.to_pylist(), facts.psn_no.to_pylist()
    kinds, insurances = _texts(facts, "med_type"), _texts(facts, "insutype")
    first = results.line_first.tolist()
    traces = results.trace.reshape(-1, TRACE_WIDTH)
    times = facts.columns.time.astype("datetime64[s]").tolist()
    rows = []
    for row, outcome in enumerate(results.outcome.tolist()):
        if outcome == WITHHELD:
            continue
        settlement = _NOTHING._replace(
            setl_id=ids[row], psn_no=people[row], setl_time=times[row], med_type=kinds[row], insutype=insurances[row]
        )
        trace = tuple(traces[first[row] : first[row + 1]].ravel().tolist())
        document, rank = int(results.document[row]), int(results.rank[row])
        rows += result_rows(book, Assessed(settlement, Outcome(outcome), document, rank, trace))
    return pa.record_batch([list(column) for column in zip(*rows, strict=True)] or [[]] * len(FULL), schema=FULL)


def _texts(facts: Facts, name: str) -> list[str]:
    at = facts.batch.schema.get_field_index(name)
    if at < 0:
        return [""] * len(facts.rows)
    read, empty = reader_of(Kind.CODE, required=False)
    cells = facts.batch.column(at).to_pylist()
    known = {cell: read(cell, empty) for cell in set(cells)}
    return [str(known[cell]) for cell in cells]


def count_batch(book: Rulebook, facts: Facts, results: Results, summary: Summary) -> None:
    """Add a batch to the counts."""
    outcome = results.outcome
    accepted = facts.columns.flag < LEFT_OUT
    summary.rows += int((facts.columns.flag != BLANK).sum())
    summary.settlements += int(accepted.sum())
    summary.withheld += int((accepted & (outcome == WITHHELD)).sum())
    for each in Outcome:
        count = int((outcome == each).sum())
        if count:
            summary.outcomes[each] += count
    lines = int(results.line_first[-1])
    paid, rule = results.paid[:lines], results.rule[:lines]
    codes, component = component_codes(book)
    for at, code in enumerate(codes.to_pylist()):
        of_component = paid[(component[rule] == at) & (paid > 0)]
        if len(of_component):
            summary.visits_by_component[code] += len(of_component)
            summary.paid_by_component[code] += int(of_component.sum())
    summary.paid_fen += int(paid.sum())
    if lines:
        row_of_line = np.repeat(np.arange(len(outcome)), np.diff(results.line_first))
        has_paid = np.zeros(len(outcome), np.bool_)
        has_paid[row_of_line[paid > 0]] = True
        summary.paid_settlements += int(has_paid.sum())
    counted = facts.columns.time[(outcome != WITHHELD) & (outcome != Outcome.REVERSED)]
    if len(counted):
        first, last = (int(second) // SECONDS_OF_DAY + ORDINAL_OF_EPOCH for second in (counted.min(), counted.max()))
        summary.first_day = min(first, summary.first_day or first)
        summary.last_day = max(last, summary.last_day or last)


class Strangers:
    """Withheld persons whom the roster does not have: the loop knows no number for them."""

    def __init__(self, withheld: Withheld) -> None:
        """Prepare the names to look for."""
        self._always = withheld.persons | {psn_no for psn_no, year in withheld.years if year is None}
        self._years = withheld.years
        self._names = pa.array(sorted(self._always | {psn_no for psn_no, _ in withheld.years}), pa.string())

    def hold_back(self, facts: Facts, results: Results) -> None:
        """Mark their rows."""
        if not len(self._names):
            return
        unknown = facts.columns.person < 0
        named = pc.is_in(facts.psn_no, value_set=self._names).to_numpy(zero_copy_only=False)
        for row in np.flatnonzero(unknown & named).tolist():
            psn_no = facts.psn_no[row].as_py()
            if psn_no in self._always or (psn_no, int(facts.columns.year[row])) in self._years:
                results.outcome[row] = WITHHELD
