"""Settlements from a file: stored by the same operation that a hospital's message uses, so that both count once."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from tuodi.intake.facts import Refusal
from tuodi.intake.settlement_records import read_settlement_records
from tuodi.intake.settlements import ID_CONFLICT, Record
from tuodi.kernel.finding import Finding, Severity
from tuodi.kernel.money import yuan_grouped
from tuodi.office.assessing import county_book, hold_registry
from tuodi.office.bulk import chunks
from tuodi.office.imports.files import sender_format
from tuodi.office.imports.kinds import CHANGED, NEW, SAME, Plan, PlanWriter, Read, Sample
from tuodi.office.imports.recorder import Recorder
from tuodi.office.imports.roster_rows import Towns, row_finding
from tuodi.office.models import ImportBatch, Person, Settlement
from tuodi.office.operations.settlements import Classified, Conflict, classify, record_settlements
from tuodi.office.operations.withheld import settle_refusals, unreadable_beside, unreadable_of
from tuodi.office.progress import Tell, silent


@dataclass(frozen=True, slots=True)
class SettlementsWork:
    """Good rows and what refuses the others."""

    records: tuple[Record, ...]
    refusals: tuple[Refusal, ...]


class Settlements:
    """See the module and ``kinds.Kind``."""

    id = "settlements"
    title = "结算明细"
    layout = "settlement_records"
    amount_title = "医疗费总额（未冲正各行）"
    can_be_full = False
    refused_hold_back = True

    def read(self, path: Path, batch: ImportBatch) -> Read:
        """Read the settlements; columns the county's policies use may not be absent."""
        file = read_settlement_records(path, county_book().needed_fields, sender_format(batch.sender))
        return Read(
            rows=SettlementsWork(file.records, file.refusals),
            findings=file.findings,
            totals=file.totals,
            usable=file.usable,
            amount_fen=file.totals.medfee_fen,
        )

    def plan(self, read: Read, batch: ImportBatch, *, lock: bool, tell: Tell = silent, in_full: bool = False) -> Plan:
        """Compare with what is recorded, by ``setl_id``."""
        if lock:
            hold_registry()
        writer = PlanWriter(in_full)
        work = _within_reach(read.rows, batch, writer)
        tell("与已登记的结算比较", 0, len(work.records))
        found = classify(work.records)
        for record in sorted(found.new, key=_setl_id):
            _add(writer, NEW, record, "新增结算", "", _told(record))
        for record in sorted(found.reversals, key=_setl_id):
            _add(writer, CHANGED, record, "冲正", "有效", "已冲正")
        for record in sorted(found.filled, key=_setl_id):
            _add(writer, CHANGED, record, "补充医药机构编号", "（空）", record.fixmedins_code or record.medins_setl_id)
        for record in sorted([*found.same, *found.decided], key=_setl_id):
            writer.add(SAME, record.settlement.setl_id)
        for conflict in found.conflicts:
            writer.note(_conflict_finding(batch, conflict))
        for record in found.decided:
            writer.note(_decided_finding(batch, record))
        writer.agree([list(map(str, refusal)) for refusal in work.refusals])
        writer.findings += _unknown_persons(batch, found)
        tell("与已登记的结算比较", len(work.records), len(work.records))
        return writer.finish(work)

    def apply(self, plan: Plan, batch: ImportBatch, recorder: Recorder, tell: Tell = silent) -> Iterable[str]:
        """Store the rows; whose results follow anew is returned."""
        work: SettlementsWork = plan.work
        tell("写入结算", 0, len(work.records))
        found = record_settlements(
            work.records, work.refusals, batch=batch, received_at=batch.applied_at, recorder=recorder
        )
        return found.psn_nos

    def set_right_by_undo(self, batch: ImportBatch) -> Iterable[str]:
        """Return whom unreadable rows of other files are about that the file's good ones may have settled."""
        return unreadable_beside(batch)

    def after_undo(self, batch: ImportBatch, psn_nos: Collection[str], tell: Tell = silent) -> Iterable[str]:
        """Let the files that stay settle unreadable rows, or not."""
        at = batch.undone_at
        return settle_refusals(unreadable_of(psn_nos), at=at) if at else ()


def _within_reach(work: SettlementsWork, batch: ImportBatch, writer: PlanWriter) -> SettlementsWork:
    """Leave out rows about persons of other regions: nobody outside changes, holds back or learns their settlements."""
    towns = Towns(batch)
    if towns.allows_all:
        return work
    elsewhere = _Elsewhere(towns, work)
    kept = []
    for record in work.records:
        settlement = record.settlement
        if elsewhere.owns(settlement.psn_no, settlement.setl_id):
            writer.note(row_finding(batch, settlement.row, "结算编号", settlement.setl_id, elsewhere.why(batch)))
        else:
            kept.append(record)
    refusals = (each for each in work.refusals if not elsewhere.owns(each.psn_no, each.setl_id))
    return SettlementsWork(tuple(kept), tuple(refusals))


class _Elsewhere:
    """The persons, and the recorded settlements, of regions a batch may not write to."""

    def __init__(self, towns: Towns, work: SettlementsWork) -> None:
        psn_nos = {record.settlement.psn_no for record in work.records} | {each.psn_no for each in work.refusals}
        setl_ids = {record.settlement.setl_id for record in work.records} | {each.setl_id for each in work.refusals}
        self._psn_nos: set[str] = set()
        for piece in chunks(sorted(psn_nos)):
            regions = Person.objects.filter(psn_no__in=piece).values_list("psn_no", "region", "merged_into__region")
            self._psn_nos |= {psn_no for psn_no, own, into in regions if not _is_within(towns, into or own)}
        self._setl_ids: set[str] = set()
        for piece in chunks(sorted(setl_ids)):
            stored = Settlement.objects.filter(setl_id__in=piece).values_list("setl_id", "person__region")
            self._setl_ids |= {setl_id for setl_id, region in stored if not _is_within(towns, region)}

    def owns(self, psn_no: str, setl_id: str) -> bool:
        """Tell whether a row is about one of them."""
        return psn_no in self._psn_nos or setl_id in self._setl_ids

    def why(self, batch: ImportBatch) -> tuple[str, str, str]:
        """Return why such a row is refused; it tells nothing that is recorded."""
        where = batch.region.name
        return "person-elsewhere", f"此人或这个结算编号登记在别处，不在{where}", "请由县级经办人导入这一行"


def _is_within(towns: Towns, region_id: int | None) -> bool:
    return region_id is None or towns.allows(region_id)


def _setl_id(record: Record) -> str:
    return record.settlement.setl_id


def _add(writer: PlanWriter, kind: str, record: Record, what: str, before: str, after: str) -> None:
    settlement = record.settlement
    change = [
        str(value) for value in (*settlement[:-1], record.parts_fen, record.fixmedins_code, record.medins_setl_id)
    ]
    who = f"{settlement.setl_id} {settlement.psn_no}"
    writer.add(kind, change, Sample(what, who, before, after) if writer.wants_sample(kind) else None)


def _told(record: Record) -> str:
    settlement = record.settlement
    reversal = "，已冲正" if settlement.reversed else ""
    return f"{settlement.setl_time:%Y-%m-%d}，医疗费总额 {yuan_grouped(settlement.medfee_sumamt)} 元{reversal}"


def _conflict_finding(batch: ImportBatch, conflict: Conflict) -> Finding:
    return Finding(
        rule=ID_CONFLICT,
        message=f"{conflict.message}；两条记录所属人员该年度的待遇暂不计算",
        advice="请与结算单核对，在“结算—暂不计算”中选定采用哪一条",
        file=batch.file_name,
        row=conflict.record.settlement.row,
        column="结算编号",
        value=conflict.record.settlement.setl_id,
    )


def _decided_finding(batch: ImportBatch, record: Record) -> Finding:
    return Finding(
        rule="decided-otherwise",
        severity=Severity.INFO,
        message="与已登记的结算不同；同样的内容已由人工核对，决定不采用",
        advice="不影响其他行；核对有误的，请在该结算的页面上提出改用",
        file=batch.file_name,
        row=record.settlement.row,
        column="结算编号",
        value=record.settlement.setl_id,
    )


def _unknown_persons(batch: ImportBatch, found: Classified) -> list[Finding]:
    """Tell how many new settlements are of nobody on the registry: they wait for the roster."""
    numbers = {record.settlement.psn_no for record in found.new}
    known: set[str] = set()
    for piece in chunks(sorted(numbers)):
        known.update(Person.objects.filter(psn_no__in=piece).values_list("psn_no", flat=True))
    count = sum(record.settlement.psn_no not in known for record in found.new)
    if not count:
        return []
    message = f"{count:,} 笔新增结算的人员（{len(numbers - known):,} 人）不在人员登记里，按没有身份计算"
    advice = "其中有救助对象的，导入名册后会自动重新计算"
    return [
        Finding(rule="person-unknown", severity=Severity.INFO, message=message, advice=advice, file=batch.file_name)
    ]
