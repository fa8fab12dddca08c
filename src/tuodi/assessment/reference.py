"""The engine ``python``: reads everything, assesses owner by owner with the reference code, any order of rows."""

from collections import Counter
from collections.abc import Iterator
from itertools import islice

import pyarrow as pa

from tuodi.assessment.results import BRIEF, FULL, Request, Summary, reading_findings, validity_findings
from tuodi.assessment.step import T_PAID, T_RULE
from tuodi.assessment.words import components, result_rows
from tuodi.assessment.year import Assessed, Outcome, Person, Withheld, assess_years, people
from tuodi.intake.persons import read_persons
from tuodi.intake.settlements import read_settlements

ROWS_AT_ONCE = 65_536


class ReferenceAssessment:
    """The answer of the engine ``python`` (``results.Assessment``), and what ``screen`` needs besides.

    ``assessed`` is sorted by ``setl_id``. ``withheld_ids`` are settlements without a result: of refused rows, and of
    persons whose results are held back. ``present`` are the settlement fields whose columns the file has.
    """

    def __init__(self, request: Request) -> None:
        """Read both files and assess; a file that cannot be used leaves ``refused`` set and no rows."""
        self.request = request
        self.summary = Summary()
        persons = read_persons(request.persons)
        settlements = read_settlements(request.settlements, request.book.needed_fields)
        self.findings = [*persons.findings, *settlements.findings]
        self.refused = not (persons.usable and settlements.usable)
        self.assessed: list[Assessed] = []
        self.roster: dict[str, Person] = {}
        self.present = settlements.present
        self.withheld_ids = settlements.refused_ids
        if self.refused:
            return
        self.roster = people(persons.holdings)
        withheld = Withheld(persons.refused, settlements.refused)
        results = assess_years(request.book, self.roster, settlements.settlements, withheld)
        self.assessed = sorted(results, key=lambda assessed: assessed.settlement.setl_id)
        ids = {settlement.setl_id for settlement in settlements.settlements}
        self.withheld_ids |= ids - {assessed.settlement.setl_id for assessed in self.assessed}
        self.summary = summary_of(self.request, self.assessed, len(settlements.settlements))
        self.summary.rows = settlements.totals.rows
        identities = Counter(holding.identity for holding in persons.holdings)
        self.findings += reading_findings(request.book, request, self.present, identities)
        self.findings += validity_findings(request.book, self.summary)

    def __enter__(self) -> "ReferenceAssessment":
        """Return itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Nothing is temporary."""

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows, sorted by ``setl_id``."""
        schema = BRIEF if self.request.brief else FULL
        rows = (row for assessed in self.assessed for row in result_rows(self.request.book, assessed))
        if self.request.brief:
            rows = (row for row in rows if row.paid_amt)
        while block := list(islice(rows, ROWS_AT_ONCE)):
            columns = [[getattr(row, name) for row in block] for name in schema.names]
            yield pa.record_batch(columns, schema=schema)


def summary_of(request: Request, results: list[Assessed], settlements: int) -> Summary:
    """Count what was assessed."""
    summary = Summary(settlements=settlements, withheld=settlements - len(results))
    days = [a.settlement.setl_time.toordinal() for a in results if a.outcome is not Outcome.REVERSED]
    if days:
        summary.first_day, summary.last_day = min(days), max(days)
    for assessed in results:
        summary.outcomes[assessed.outcome] += 1
        summary.paid_fen += assessed.paid_fen
        summary.paid_settlements += assessed.paid_fen > 0
        for line in components(assessed):
            if line[T_PAID]:
                code = request.book.rules[line[T_RULE]].component.code
                summary.visits_by_component[code] += 1
                summary.paid_by_component[code] += line[T_PAID]
    return summary
