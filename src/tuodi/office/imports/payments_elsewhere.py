"""What others paid for settlements: answers of payers before us, and assistance another system paid.

Both are facts of their own beside the settlement, which stays as it was sent; whichever comes first, the results are
the same (``office.facts``). An answer fills the amount of one payer that the settlement leaves at 0; where the
settlement states another amount, that counts and the row is refused. A former payment is never paid a second time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from tuodi.intake import office_lists
from tuodi.intake.office_words import PAYER, usual_word
from tuodi.kernel.finding import Finding, Severity
from tuodi.kernel.money import yuan_grouped
from tuodi.office.imports.files import sender_format
from tuodi.office.imports.kinds import CHANGED, NEW, SAME, Plan, PlanWriter, Read, Sample, Tell, chunks, silent
from tuodi.office.imports.recorder import Recorder
from tuodi.office.imports.roster_rows import Towns, row_finding
from tuodi.office.models import FormerPayment, ImportBatch, PayerAnswer, Settlement


@dataclass(slots=True)
class PaymentsWork:
    """What applying a list writes; ``new`` are records to be made, ``changed`` those of a newer answer."""

    new: list[Any] = field(default_factory=list)
    changed: list[Any] = field(default_factory=list)
    setl_ids: set[str] = field(default_factory=set)
    named: list[int] = field(default_factory=list)

    def concerned(self) -> set[str]:
        """Return the ``psn_no`` of the settlements these are about."""
        found: set[str] = set()
        for piece in chunks(sorted(self.setl_ids)):
            found.update(Settlement.objects.filter(setl_id__in=piece).values_list("psn_no", flat=True))
        return found


class PayerAnswers:
    """See the module and ``kinds.Kind``."""

    id = "payer_answers"
    title = "前序支付结果"
    layout = "payer_answers"
    amount_title = "支付金额合计"
    can_be_full = False

    def read(self, path: Path, batch: ImportBatch) -> Read:
        """Read the answers."""
        file = office_lists.read_payer_answers(path, sender_format(batch.sender))
        fen = file.totals.answered_fen
        return Read(rows=file.records, findings=file.findings, totals=file.totals, usable=file.usable, amount_fen=fen)

    def plan(self, read: Read, batch: ImportBatch, *, lock: bool, tell: Tell = silent) -> Plan:
        """Compare the answers with the settlements and with earlier answers."""
        rows: Sequence[office_lists.PayerAnswer] = sorted(read.rows, key=lambda row: (row.setl_id, row.payer))
        writer, work, about = PlanWriter(), PaymentsWork(), _Settlements(batch)
        for piece in chunks(rows):
            about.look_up([row.setl_id for row in piece])
            known = _stored(PayerAnswer, [row.setl_id for row in piece], lock)
            answers = {(answer.setl_id, answer.payer): answer for answer in known}
            for row in piece:
                refusal = about.refusal(row.setl_id, row.row) or _contradiction(batch, about, row)
                if refusal:
                    writer.note(refusal)
                else:
                    _answer(writer, work, batch, row, answers.get((row.setl_id, row.payer)))
        about.tell_unknown(writer)
        tell("与结算比较", len(rows), len(rows))
        return writer.finish(work)

    def apply(self, plan: Plan, batch: ImportBatch, recorder: Recorder, tell: Tell = silent) -> Iterable[str]:
        """Write the answers; the years of these settlements are computed again."""
        work: PaymentsWork = plan.work
        tell("写入支付结果", 0, len(work.new) + len(work.changed))
        recorder.create(work.new)
        recorder.update(
            PayerAnswer,
            {
                each.pk: {"paid_fen": each.paid_fen, "answered_on": each.answered_on, "batch": batch}
                for each in work.changed
            },
        )
        recorder.name(PayerAnswer, work.named)
        return work.concerned()

    def after_undo(self, batch: ImportBatch, tell: Tell = silent) -> Iterable[str]:
        """Nothing else follows from the set of lists."""
        return ()


class FormerPayments:
    """See the module and ``kinds.Kind``."""

    id = "former_payments"
    title = "既有系统支付导出"
    layout = "former_payments"
    amount_title = "已救助金额合计"
    can_be_full = False

    def read(self, path: Path, batch: ImportBatch) -> Read:
        """Read the payments."""
        file = office_lists.read_former_payments(path, sender_format(batch.sender))
        return Read(
            rows=file.records,
            findings=file.findings,
            totals=file.totals,
            usable=file.usable,
            amount_fen=file.totals.paid_fen,
        )

    def plan(self, read: Read, batch: ImportBatch, *, lock: bool, tell: Tell = silent) -> Plan:
        """Compare the payments with those known, by settlement and reference."""
        rows: Sequence[office_lists.FormerPayment] = sorted(read.rows, key=lambda row: (row.setl_id, row.reference))
        writer, work, about = PlanWriter(), PaymentsWork(), _Settlements(batch)
        for piece in chunks(rows):
            about.look_up([row.setl_id for row in piece])
            known = _stored(FormerPayment, [row.setl_id for row in piece], lock)
            payments = {(payment.setl_id, payment.reference): payment for payment in known}
            for row in piece:
                refusal = about.refusal(row.setl_id, row.row)
                if refusal:
                    writer.note(refusal)
                else:
                    about.check_person(writer, row.setl_id, row.psn_no, row.row)
                    _payment(writer, work, batch, row, payments.get((row.setl_id, row.reference)))
        about.tell_unknown(writer)
        tell("与结算比较", len(rows), len(rows))
        return writer.finish(work)

    def apply(self, plan: Plan, batch: ImportBatch, recorder: Recorder, tell: Tell = silent) -> Iterable[str]:
        """Write the payments; what is due for these settlements is compared with them again."""
        work: PaymentsWork = plan.work
        tell("写入已支付记录", 0, len(work.new))
        recorder.create(work.new)
        recorder.name(FormerPayment, work.named)
        return work.concerned()

    def after_undo(self, batch: ImportBatch, tell: Tell = silent) -> Iterable[str]:
        """Nothing else follows from the set of lists."""
        return ()


class _Settlements:
    """The settlements a list is about, as far as they have come."""

    def __init__(self, batch: ImportBatch) -> None:
        self.batch = batch
        self.towns = Towns(batch)
        self.known: dict[str, Settlement] = {}
        self.unknown: set[str] = set()

    def look_up(self, setl_ids: Iterable[str]) -> None:
        wanted = set(setl_ids)
        found = Settlement.objects.filter(setl_id__in=wanted).select_related("person__region")
        self.known |= {settlement.setl_id: settlement for settlement in found}
        self.unknown |= wanted - self.known.keys()

    def refusal(self, setl_id: str, row: int) -> Finding | None:
        """Return why a row is refused: the settlement is of somebody outside the batch's region."""
        settlement = self.known.get(setl_id)
        person = settlement.person if settlement else None
        if person is None or person.region is None or self.towns.allows(person.region_id):
            return None
        why = (
            "person-elsewhere",
            f"这次结算的人员登记在{person.region.name}，不在{self.batch.region.name}",
            f"请由{person.region.name}或县级经办人导入这一行",
        )
        return row_finding(self.batch, row, "结算编号", setl_id, why)

    def check_person(self, writer: PlanWriter, setl_id: str, psn_no: str, row: int) -> None:
        """Warn where a payment names another person than the settlement: it counts for the settlement."""
        settlement = self.known.get(setl_id)
        meant = {settlement.psn_no, settlement.person.psn_no if settlement.person else ""} if settlement else set()
        if psn_no and meant and psn_no not in meant:
            finding = row_finding(
                self.batch,
                row,
                "人员编号",
                psn_no,
                ("payment-person", "与这次结算的人员编号不同，按结算计入", "请核对是否付给了别人"),
            )
            writer.note(replace(finding, severity=Severity.WARNING))

    def tell_unknown(self, writer: PlanWriter) -> None:
        """Say how many settlements have not come yet: what is said of them is kept."""
        if self.unknown:
            message = f"{len(self.unknown):,} 笔结算还没有导入，先行保留"
            advice = "结算导入后自动计入；结算编号有误的，请更正后重新上传"
            writer.note(Finding(rule="settlement-unknown", severity=Severity.INFO, message=message, advice=advice))


def _stored(table: type[Any], setl_ids: Iterable[str], lock: bool) -> Iterable[Any]:
    found = table.objects.filter(setl_id__in=set(setl_ids)).order_by("pk")
    return list(found.select_for_update(of=("self",)) if lock else found)


def _contradiction(batch: ImportBatch, about: _Settlements, row: office_lists.PayerAnswer) -> Finding | None:
    """Return why an answer is refused: the settlement itself states another amount of that payer."""
    settlement = about.known.get(row.setl_id)
    stated = getattr(settlement, row.payer) if settlement else 0
    if not stated or stated == row.paid_fen:
        return None
    payer = usual_word(PAYER, row.payer)
    message = f"结算记录里{payer}已是 {yuan_grouped(stated)} 元，答复是 {yuan_grouped(row.paid_fen)} 元"
    why = ("answer-conflict", message, "请与支付方核对；结算记录有误的，请更正结算")
    return row_finding(batch, row.row, "支付金额", "", why)


def _answer(
    writer: PlanWriter,
    work: PaymentsWork,
    batch: ImportBatch,
    row: office_lists.PayerAnswer,
    known: PayerAnswer | None,
) -> None:
    answered_on = row.answered_on or batch.as_of
    change = [row.setl_id, row.payer, row.paid_fen, str(answered_on)]
    what, after = f"{usual_word(PAYER, row.payer)}答复", f"{yuan_grouped(row.paid_fen)} 元，{answered_on}"
    if known is None:
        work.new.append(
            PayerAnswer(
                setl_id=row.setl_id, payer=row.payer, paid_fen=row.paid_fen, answered_on=answered_on, batch=batch
            )
        )
        work.setl_ids.add(row.setl_id)
        writer.add(NEW, change, Sample(what, row.setl_id, "", after))
        return
    known_on = known.answered_on or date.min
    if known_on > answered_on or (known_on, known.paid_fen) == (answered_on, row.paid_fen):
        writer.add(SAME, change)
        work.named.append(known.pk)
        return
    before = f"{yuan_grouped(known.paid_fen)} 元，{known.answered_on}"
    if known_on == answered_on:
        work.named.append(known.pk)
        why = ("answer-conflict", f"与已导入的同日答复不同（{before}）", "请与支付方核对，写明较晚的答复日期后重新上传")
        writer.note(row_finding(batch, row.row, "支付金额", yuan_grouped(row.paid_fen), why))
        return
    known.paid_fen, known.answered_on = row.paid_fen, answered_on
    work.changed.append(known)
    work.setl_ids.add(row.setl_id)
    writer.add(CHANGED, change, Sample(what, row.setl_id, before, after))


def _payment(
    writer: PlanWriter,
    work: PaymentsWork,
    batch: ImportBatch,
    row: office_lists.FormerPayment,
    known: FormerPayment | None,
) -> None:
    change = [row.setl_id, row.reference, row.psn_no, row.paid_fen, str(row.paid_on)]
    after = f"{yuan_grouped(row.paid_fen)} 元" + (f"，{row.paid_on}" if row.paid_on else "")
    if known is None:
        work.new.append(FormerPayment(batch=batch, **{name: getattr(row, name) for name in row._fields[:-1]}))
        work.setl_ids.add(row.setl_id)
        writer.add(NEW, change, Sample("既有系统已支付", f"{row.setl_id} {row.psn_no}".strip(), "", after))
        return
    work.named.append(known.pk)
    if known.paid_fen == row.paid_fen:
        writer.add(SAME, change)
    else:
        message = f"同一笔支付已导入，金额是 {yuan_grouped(known.paid_fen)} 元"
        why = ("payment-conflict", message, "请核对；是另一笔支付的，请写明不同的支付编号")
        writer.note(row_finding(batch, row.row, "救助金额", yuan_grouped(row.paid_fen), why))
