"""What others paid for settlements: answers of payers before us, and assistance another system paid.

Both are facts of their own beside the settlement, which stays as it was sent; whichever comes first, the results are
the same (``office.facts``). An answer fills the amount of one payer that the settlement leaves at 0; where the
settlement states another amount, that counts. A former payment is never paid a second time.

Of two answers the later one counts. Two different ones of one day, and two amounts under one reference, contradict each
other: what the second says is kept and its settlement's year is withheld until somebody settles it, or a later answer
does. A row that could not be read withholds it too (``operations.refused_payments``): what was paid would be missing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from tuodi.intake import office_lists
from tuodi.intake.facts import Refusal
from tuodi.intake.office_words import PAYER, usual_word
from tuodi.kernel.finding import Severity
from tuodi.kernel.money import yuan_grouped
from tuodi.office.assessing import hold_registry
from tuodi.office.bulk import chunks
from tuodi.office.contents import Contents, contents_of, differing, digest_of, read, told, written
from tuodi.office.imports.files import sender_format
from tuodi.office.imports.kinds import CHANGED, NEW, SAME, Plan, PlanWriter, Read, Sample
from tuodi.office.imports.listed_settlements import ListedSettlements
from tuodi.office.imports.recorder import Recorder
from tuodi.office.imports.roster_rows import row_finding
from tuodi.office.models import Contradiction, FormerPayment, ImportBatch, PayerAnswer, Settlement, Withheld
from tuodi.office.models.contradictions import Kind
from tuodi.office.operations.refused_payments import keep_refused_payments
from tuodi.office.operations.withheld import hold_back
from tuodi.office.progress import Tell, silent


@dataclass(slots=True)
class PaymentsWork:
    """What applying a list writes; ``new`` are records to be made, ``changed`` those of a newer answer.

    ``setl_ids`` are the settlements of both, ``repeated`` those of which a newer list only says the same again.
    ``others`` are rows that contradict what is recorded, ``overtaken`` the keys of those a newer answer settles,
    ``refusals`` rows that could not be read and tell their settlement.
    """

    new: list[Any] = field(default_factory=list)
    changed: list[Any] = field(default_factory=list)
    setl_ids: set[str] = field(default_factory=set)
    repeated: set[str] = field(default_factory=set)
    named: list[int] = field(default_factory=list)
    others: list[Contradiction] = field(default_factory=list)
    overtaken: list[int] = field(default_factory=list)
    named_others: list[int] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    def write_doubts(self, kind: Kind, batch: ImportBatch, recorder: Recorder) -> None:
        """Keep what contradicts or could not be read, settle what is overtaken; let them hold back, or no more."""
        for piece in chunks(sorted(self.repeated)):
            refused = Withheld.objects.filter(kind=kind.value, setl_id__in=piece, ended_by__isnull=True)
            self.setl_ids.update(refused.values_list("setl_id", flat=True))
        keep_refused_payments(self.refusals, kind=kind, batch=batch, at=batch.applied_at, recorder=recorder)
        for other in self.others:
            other.since = batch.applied_at
        recorder.create(self.others)
        overtaken = {key: {"state": Contradiction.State.OVERTAKEN} for key in self.overtaken}
        recorder.update(Contradiction, overtaken)
        recorder.name(Contradiction, self.named_others)
        hold_back(self.setl_ids, at=batch.applied_at, recorder=recorder, why="较晚的答复已到")

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
    refused_hold_back = True

    def read(self, path: Path, batch: ImportBatch) -> Read:
        """Read the answers."""
        file = office_lists.read_payer_answers(path, sender_format(batch.sender))
        fen = file.totals.answered_fen
        return Read(rows=file, findings=file.findings, totals=file.totals, usable=file.usable, amount_fen=fen)

    def plan(self, read: Read, batch: ImportBatch, *, lock: bool, tell: Tell = silent, in_full: bool = False) -> Plan:
        """Compare the answers with the settlements and with earlier answers."""
        if lock:
            hold_registry()
        rows: Sequence[office_lists.PayerAnswer] = sorted(read.rows.records, key=lambda row: (row.setl_id, row.payer))
        writer, work, about = PlanWriter(in_full), PaymentsWork(), ListedSettlements(batch)
        for piece in chunks(rows):
            about.look_up([row.setl_id for row in piece])
            known = _stored(PayerAnswer, [row.setl_id for row in piece], lock)
            answers = {(answer.setl_id, answer.payer): answer for answer in known}
            others = _others(Kind.ANSWER, [row.setl_id for row in piece])
            for row in piece:
                refusal = about.refusal(row.setl_id, row.row)
                if refusal:
                    writer.note(refusal)
                else:
                    _tell_unlike(writer, batch, about, row)
                    key = (row.setl_id, row.payer)
                    _answer(writer, work, batch, row, answers.get(key), others[key])
        about.tell_unknown(writer)
        _take_refused(writer, work, PayerAnswer, about, read.rows.refusals)
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
                each.pk: {"paid_fen": each.paid_fen, "answered_on": each.answered_on, "batch": batch, "row": each.row}
                for each in work.changed
            },
        )
        work.write_doubts(Kind.ANSWER, batch, recorder)
        recorder.name(PayerAnswer, work.named)
        return work.concerned()

    def set_right_by_undo(self, batch: ImportBatch) -> Iterable[str]:
        """Nobody besides those of the file."""
        return ()

    def after_undo(self, batch: ImportBatch, psn_nos: Collection[str], tell: Tell = silent) -> Iterable[str]:
        """Nothing else follows from the set of lists."""
        return ()


class FormerPayments:
    """See the module and ``kinds.Kind``."""

    id = "former_payments"
    title = "既有系统支付导出"
    layout = "former_payments"
    amount_title = "已救助金额合计"
    can_be_full = False
    refused_hold_back = True

    def read(self, path: Path, batch: ImportBatch) -> Read:
        """Read the payments."""
        file = office_lists.read_former_payments(path, sender_format(batch.sender))
        return Read(
            rows=file,
            findings=file.findings,
            totals=file.totals,
            usable=file.usable,
            amount_fen=file.totals.paid_fen,
        )

    def plan(self, read: Read, batch: ImportBatch, *, lock: bool, tell: Tell = silent, in_full: bool = False) -> Plan:
        """Compare the payments with those known, by settlement and reference."""
        if lock:
            hold_registry()
        rows: Sequence[office_lists.FormerPayment] = sorted(
            read.rows.records, key=lambda row: (row.setl_id, row.reference)
        )
        writer, work, about = PlanWriter(in_full), PaymentsWork(), ListedSettlements(batch)
        for piece in chunks(rows):
            about.look_up([row.setl_id for row in piece])
            known = _stored(FormerPayment, [row.setl_id for row in piece], lock)
            payments = {(payment.setl_id, payment.reference): payment for payment in known}
            others = _others(Kind.PAYMENT, [row.setl_id for row in piece])
            for row in piece:
                refusal = about.refusal(row.setl_id, row.row)
                if refusal:
                    writer.note(refusal)
                else:
                    about.check_person(writer, row.setl_id, row.psn_no, row.row)
                    key = (row.setl_id, row.reference)
                    _payment(writer, work, batch, row, payments.get(key), others[key])
        about.tell_unknown(writer)
        _take_refused(writer, work, FormerPayment, about, read.rows.refusals)
        tell("与结算比较", len(rows), len(rows))
        return writer.finish(work)

    def apply(self, plan: Plan, batch: ImportBatch, recorder: Recorder, tell: Tell = silent) -> Iterable[str]:
        """Write the payments; what is due for these settlements is compared with them again."""
        work: PaymentsWork = plan.work
        tell("写入已支付记录", 0, len(work.new))
        recorder.create(work.new)
        work.write_doubts(Kind.PAYMENT, batch, recorder)
        recorder.name(FormerPayment, work.named)
        return work.concerned()

    def set_right_by_undo(self, batch: ImportBatch) -> Iterable[str]:
        """Nobody besides those of the file."""
        return ()

    def after_undo(self, batch: ImportBatch, psn_nos: Collection[str], tell: Tell = silent) -> Iterable[str]:
        """Nothing else follows from the set of lists."""
        return ()


def _stored(table: type[Any], setl_ids: Iterable[str], lock: bool) -> Iterable[Any]:
    found = table.objects.filter(setl_id__in=set(setl_ids)).select_related("batch").order_by("pk")
    return list(found.select_for_update(of=("self",)) if lock else found)


def _others(kind: Kind, setl_ids: Iterable[str]) -> dict[tuple[str, str], list[Contradiction]]:
    """Return what is known to contradict records of these settlements, by settlement and payer or reference."""
    found: dict[tuple[str, str], list[Contradiction]] = defaultdict(list)
    for each in Contradiction.objects.filter(kind=kind, setl_id__in=set(setl_ids)).order_by("pk"):
        found[each.setl_id, each.key].append(each)
    return found


def _take_refused(
    writer: PlanWriter,
    work: PaymentsWork,
    table: type[Any],
    about: ListedSettlements,
    refusals: Iterable[Refusal],
) -> None:
    """Take along the rows refused in reading that tell their settlement, as far as good ones would count."""
    found = sorted(each for each in refusals if each.setl_id)
    for piece in chunks(found):
        about.look_up([each.setl_id for each in piece])
    work.refusals = [each for each in found if about.refusal(each.setl_id, each.row) is None]
    for piece in chunks(work.refusals):
        setl_ids = {each.setl_id for each in piece}
        work.named += table.objects.filter(setl_id__in=setl_ids).values_list("pk", flat=True)
        work.setl_ids |= setl_ids
    writer.agree([[each.setl_id, each.key, each.rule, each.message, each.row] for each in work.refusals])


def _tell_unlike(
    writer: PlanWriter, batch: ImportBatch, about: ListedSettlements, row: office_lists.PayerAnswer
) -> None:
    """Warn where the settlement itself states another amount of that payer, which counts as long as it does."""
    settlement = about.known.get(row.setl_id)
    stated = getattr(settlement, row.payer) if settlement else 0
    if not stated or stated == row.paid_fen:
        return
    payer = usual_word(PAYER, row.payer)
    why = (
        "answer-unlike-settlement",
        f"结算记录里{payer}已是 {yuan_grouped(stated)} 元，答复是 {yuan_grouped(row.paid_fen)} 元，按结算记录计算",
        "请与支付方核对；结算记录有误的，请医疗机构更正后重新报送",
    )
    writer.note(replace(row_finding(batch, row.row, "支付金额", "", why), severity=Severity.WARNING))


def _answer(
    writer: PlanWriter,
    work: PaymentsWork,
    batch: ImportBatch,
    row: office_lists.PayerAnswer,
    known: PayerAnswer | None,
    others: Sequence[Contradiction],
) -> None:
    answered_on = row.answered_on or batch.as_of
    change = [row.setl_id, row.payer, row.paid_fen, str(answered_on)]
    what, after = f"{usual_word(PAYER, row.payer)}答复", f"{yuan_grouped(row.paid_fen)} 元，{answered_on}"
    at = {"answered_on": answered_on, "row": row.row or None}
    said = PayerAnswer(setl_id=row.setl_id, payer=row.payer, paid_fen=row.paid_fen, batch=batch, **at)
    if known is None:
        work.new.append(said)
        work.setl_ids.add(row.setl_id)
        writer.add(NEW, change, Sample(what, row.setl_id, "", after))
        return
    known_on = known.answered_on or date.min
    if known_on > answered_on or (known_on, known.paid_fen) == (answered_on, row.paid_fen):
        writer.add(SAME, change)
        if known_on > answered_on or known.batch.as_of >= batch.as_of:
            work.named.append(known.pk)
        else:
            # A newer list says it as well: what an older one said unreadably does not matter any more.
            known.row = row.row or None
            work.changed.append(known)
            work.repeated.add(row.setl_id)
        return
    if known_on == answered_on:
        work.named.append(known.pk)
        contrary = _Contrary(Kind.ANSWER, row.payer, said, known, row.row, "支付金额")
        why = (
            "answer-conflict",
            f"{contrary.told}；这次结算所属人员该年度的待遇暂不计算",
            "请与支付方核对，在“结算—暂不计算”中选定采用哪一条，或导入较晚日期的答复",
        )
        _contradict(writer, work, contrary, why, others)
        return
    before = f"{yuan_grouped(known.paid_fen)} 元，{known.answered_on}"
    work.overtaken += [each.pk for each in others if each.state == Contradiction.State.OPEN]
    known.paid_fen, known.answered_on, known.row = row.paid_fen, answered_on, row.row or None
    work.changed.append(known)
    work.setl_ids.add(row.setl_id)
    writer.add(CHANGED, change, Sample(what, row.setl_id, before, after))


def _payment(
    writer: PlanWriter,
    work: PaymentsWork,
    batch: ImportBatch,
    row: office_lists.FormerPayment,
    known: FormerPayment | None,
    others: Sequence[Contradiction],
) -> None:
    change = [row.setl_id, row.reference, row.psn_no, row.paid_fen, str(row.paid_on)]
    after = f"{yuan_grouped(row.paid_fen)} 元" + (f"，{row.paid_on}" if row.paid_on else "")
    said = FormerPayment(batch=batch, **{**row._asdict(), "row": row.row or None})
    if known is None:
        work.new.append(said)
        work.setl_ids.add(row.setl_id)
        writer.add(NEW, change, Sample("既有系统已支付", f"{row.setl_id} {row.psn_no}".strip(), "", after))
        return
    work.named.append(known.pk)
    if known.paid_fen == row.paid_fen:
        writer.add(SAME, change)
        return
    contrary = _Contrary(Kind.PAYMENT, row.reference, said, known, row.row, "救助金额")
    why = (
        "payment-conflict",
        f"{contrary.told}；这次结算所属人员该年度的待遇暂不计算",
        "请核对，在“结算—暂不计算”中选定采用哪一条；是另一笔支付的，请写明不同的支付编号",
    )
    _contradict(writer, work, contrary, why, others)


class _Contrary(NamedTuple):
    """A row that contradicts the recorded one, and how that is told."""

    kind: Kind
    key: str
    said: Any
    known: Any
    row: int
    column: str

    @property
    def contents(self) -> Contents:
        """What the row says."""
        return contents_of(self.kind, self.said.__dict__)

    @property
    def told(self) -> str:
        """In what they contradict each other."""
        return told(self.kind, contents_of(self.kind, self.known.__dict__), self.contents)


def _contradict(
    writer: PlanWriter,
    work: PaymentsWork,
    contrary: _Contrary,
    why: tuple[str, str, str],
    others: Sequence[Contradiction],
) -> None:
    """Keep a row that contradicts the recorded one; one that says what was decided against changes nothing."""
    kind, said, contents = contrary.kind, contrary.said, contrary.contents
    amount = yuan_grouped(said.paid_fen)
    same = next((each for each in others if not differing(kind, read(each.contents), contents)), None)
    if same is not None:
        work.named_others.append(same.pk)
    if same is not None and same.state == Contradiction.State.AGAINST:
        why = (
            "decided-otherwise",
            "与已登记的不同；同样的内容已由人工核对，决定不采用",
            "不影响其他行；核对有误的，请在该结算的页面上提出改用",
        )
        finding = row_finding(said.batch, contrary.row, contrary.column, amount, why)
        writer.note(replace(finding, severity=Severity.INFO))
        writer.add(SAME, [said.setl_id, contrary.key, contents])
        return
    writer.note(row_finding(said.batch, contrary.row, contrary.column, amount, why))
    writer.agree([said.setl_id, contrary.key, contents, same is None])
    if same is None:
        work.others.append(
            Contradiction(
                kind=kind,
                setl_id=said.setl_id,
                key=contrary.key,
                contents=written(contents),
                digest=digest_of(contents),
                batch=said.batch,
                row=said.row,
            )
        )
        work.setl_ids.add(said.setl_id)
