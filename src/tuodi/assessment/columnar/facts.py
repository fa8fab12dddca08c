"""Batches of settlements as the loop wants them: numbers in columns, doubtful rows read by ``intake``."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from tuodi.assessment.columnar import plain
from tuodi.assessment.columnar.loop import BLANK, COUNTS, LEFT_OUT, REVERSED, Columns
from tuodi.assessment.columnar.source import CannotStream, cells_of
from tuodi.assessment.rulebook import Rulebook, own_province
from tuodi.intake.cells import is_blank
from tuodi.intake.facts import INSURED_FIELDS, Settlement
from tuodi.intake.layouts import Columns as FileColumns
from tuodi.intake.layouts import Kind
from tuodi.intake.settlements import SCOPE_CHECK, SHARES_CHECK, RefusedRow, SettlementReader
from tuodi.kernel.finding import Finding

WARNINGS_KEPT = 10_000


@dataclass(slots=True)
class Facts:
    """One batch: ``columns`` for the loop (persons not yet found), and the texts that results carry.

    ``rows`` are the rows' numbers in the file; ``batch`` has the columns as read; ``setl_id`` and ``psn_no`` are as
    ``intake`` understands them. ``by_owner`` lists the batch's rows owner by owner, once persons are found.
    """

    rows: np.ndarray
    columns: Columns
    setl_id: pa.StringArray
    psn_no: pa.StringArray
    batch: pa.RecordBatch
    by_owner: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))


@dataclass(slots=True)
class Troubles:
    """What reading found: findings (of many warnings only the first), whom refused rows withhold."""

    findings: list[Finding] = field(default_factory=list)
    withheld: set[tuple[str, int | None]] = field(default_factory=set)
    warnings: int = 0

    def add(self, found: list[Finding]) -> None:
        """Keep findings; beyond WARNINGS_KEPT warnings are only counted."""
        for finding in found:
            if not finding.is_error:
                self.warnings += 1
                if self.warnings > WARNINGS_KEPT:
                    continue
            self.findings.append(finding)


def field_columns(columns: FileColumns) -> FileColumns:
    """Return the columns of batches that hold just the known fields, headings as printed in the file."""
    header = tuple(columns.header[at] for at in columns.positions.values())
    return FileColumns(columns.layout, {name: at for at, name in enumerate(columns.positions)}, header)


class BatchReader:
    """Turns Arrow batches of one file into ``Facts``."""

    def __init__(self, book: Rulebook, file: str, columns: FileColumns, tells_blank_rows: bool) -> None:
        """Prepare for a file whose batches have ``columns`` (see ``field_columns``)."""
        self._book = book
        self._tells_blank_rows = tells_blank_rows
        self._money = [(f.name, f.required) for f in columns.layout.fields if f.kind is Kind.MONEY]
        self._checks = [check for check in (SCOPE_CHECK, SHARES_CHECK) if set(check) <= set(columns.positions)]
        self.reader = SettlementReader(file, "", columns)

    def facts(self, first_row: int, batch: pa.RecordBatch, troubles: Troubles) -> Facts:
        """Return a batch's facts; refused rows are marked LEFT_OUT and told in ``troubles``. Raises CannotStream."""
        rows = batch.num_rows
        doubtful = np.zeros(rows, np.bool_)

        def column(name: str) -> pa.Array | None:
            at = batch.schema.get_field_index(name)
            return batch.column(at) if at >= 0 else None

        time = plain.moments(column("setl_time"), rows, doubtful, required=True)
        money = {name: plain.money(column(name), rows, required, doubtful) for name, required in self._money}
        kind = plain.codes(column("med_type"), rows, doubtful, self._kind)
        flag = plain.codes(column("refd_setl_flag"), rows, doubtful, _flag)
        plain.codes(column("fixmedins_code"), rows, doubtful, lambda _: 0)
        doubtful |= (kind < 0) | (flag < 0)
        columns = Columns(
            person=np.full(rows, -1, np.int32),
            time=_own(time),
            year=plain.years(time),
            kind=kind,
            insurance=plain.codes(column("insutype"), rows, doubtful, self._insurance),
            level=plain.codes(column("hosp_lv"), rows, doubtful, self._level),
            own_province=_own_province(column("mdtrtarea_admvs"), column("insuplc_admdvs"), rows, doubtful),
            scope=_own(money["inscp_scp_amt"]),
            insured=_sum(money, INSURED_FIELDS),
            deductible_paid=_own(money["act_pay_dedc"]),
            cash=_own(money["psn_cash_pay"]),
            total=_own(money["medfee_sumamt"]),
            flag=np.where(flag == 1, REVERSED, COUNTS).astype(np.int8),
        )
        setl_id = plain.texts(column("setl_id"), rows, doubtful, required=True)
        psn_no = plain.texts(column("psn_no"), rows, doubtful, required=True)
        facts = Facts(np.arange(first_row, first_row + rows), columns, setl_id, psn_no, batch)
        doubtful |= self._odd_sums(money, columns)
        if doubtful.any():
            self._read_doubtful(facts, np.flatnonzero(doubtful).tolist(), troubles)
        return facts

    def _kind(self, text: str) -> int:
        return self._book.kinds.get(text, 0) if text else -1

    def _insurance(self, text: str) -> int:
        return self._book.insurances.get(text, 0)

    def _level(self, text: str) -> int:
        return self._book.levels.get(text, 0)

    def _odd_sums(self, money: dict[str, np.ndarray], columns: Columns) -> plain.Mask:
        """Return rows whose amounts may not add up: ``intake`` looks at them and decides whether to warn."""
        odd: plain.Mask = columns.insured > columns.scope
        for total, *parts in self._checks:
            odd |= money[total] != _sum(money, parts)
        odd &= columns.flag == COUNTS
        return odd

    def _read_doubtful(self, facts: Facts, rows: list[int], troubles: Troubles) -> None:
        ids, people = facts.setl_id.to_pylist(), facts.psn_no.to_pylist()
        for row, cells in zip(rows, cells_of(facts.batch, rows), strict=True):
            if all(map(is_blank, cells)):
                if not self._tells_blank_rows:
                    raise CannotStream("a row without known fields")
                facts.columns.flag[row] = BLANK
                continue
            read = self.reader.row(int(facts.rows[row]), cells)
            if isinstance(read, RefusedRow):
                troubles.add(read.findings)
                troubles.withheld |= read.withheld
                facts.columns.flag[row] = LEFT_OUT
                ids[row] = read.setl_id
                continue
            troubles.add(self.reader.warnings(read, cells))
            ids[row], people[row] = read.settlement.setl_id, read.settlement.psn_no
            put(self._book, facts.columns, row, read.settlement)
        facts.setl_id, facts.psn_no = pa.array(ids, pa.string()), pa.array(people, pa.string())


def put(book: Rulebook, columns: Columns, row: int, settlement: Settlement) -> None:
    """Write one settlement into its row; the person is found later."""
    bill = book.bill(settlement)
    moment = settlement.setl_time
    columns.time[row] = np.datetime64(moment, "s").astype(np.int64)
    columns.year[row] = moment.year
    columns.kind[row] = book.kinds.get(settlement.med_type, 0)
    columns.insurance[row] = book.insurances.get(settlement.insutype, 0)
    columns.level[row] = bill.level
    columns.own_province[row] = bill.own_province
    columns.scope[row] = bill.scope
    columns.insured[row] = bill.insured
    columns.deductible_paid[row] = bill.deductible_paid
    columns.cash[row] = bill.cash
    columns.total[row] = bill.total
    columns.flag[row] = REVERSED if settlement.reversed else COUNTS


def _own_province(care: pa.Array | None, insurance: pa.Array | None, rows: int, doubtful: plain.Mask) -> np.ndarray:
    """Put each different pair of provinces (first two digits) to the rule once, then look the answers up."""
    known: list[str] = []

    def number(code: str) -> int:
        province = code[:2]
        if province not in known:
            known.append(province)
        return known.index(province)

    care_at = plain.codes(care, rows, doubtful, number)
    insurance_at = plain.codes(insurance, rows, doubtful, number)
    answers = np.array([[own_province(a, b) for b in known] for a in known], np.int8)
    return answers[care_at, insurance_at]


def _sum(money: dict[str, np.ndarray], names: Sequence[str]) -> np.ndarray:
    total = _own(money[names[0]])
    for name in names[1:]:
        total += money[name]
    return total


def _own(values: np.ndarray) -> np.ndarray:
    """Return a copy, side by side and writable: Arrow's memory is neither."""
    return np.array(values, np.int64)


def _flag(text: str) -> int:
    return {"": 0, "0": 0, "1": 1}.get(text, -1)
