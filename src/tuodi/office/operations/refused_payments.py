"""Refused rows of what others paid: whom they hold back. What was paid would be missing, and be paid once more.

Each is about one payer's answer, or one payment, of a settlement; a good row of the same ends it, whichever came first.
An answer may be corrected by a later one: only a good row of a list as new as the refused one's ends that. Where the
row does not tell of which, nothing ends it but a hand.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any, Final

from tuodi.intake.facts import Refusal
from tuodi.office.bulk import chunks
from tuodi.office.models import FormerPayment, ImportBatch, PayerAnswer, Settlement, Withheld
from tuodi.office.models.contradictions import Kind
from tuodi.office.operations.recording import Recorder
from tuodi.office.operations.refused_rows import said_again, withheld_of

_KINDS: Final = (Kind.ANSWER.value, Kind.PAYMENT.value)
"""Kinds of withheld rows here."""


def keep_refused_payments(
    refusals: Iterable[Refusal], *, kind: Kind, batch: ImportBatch, at: datetime, recorder: Recorder
) -> None:
    """Keep refused rows; whom they hold back ``hold_back_refused`` sees to.

    One that says what was kept before does not count again, so that what was set aside by hand stays so. A row that
    does not tell of which payment it is may mean another one than a row like it: each counts.
    """
    rows = {(row.setl_id, row.key, row.rule, row.message, 0 if row.key else row.row): row for row in refusals}
    told: dict[tuple[Any, ...], int] = {}
    for piece in chunks(sorted({row.setl_id for row in rows.values()})):
        kept = Withheld.objects.filter(kind=kind.value, setl_id__in=piece).exclude(key="")
        for *said, pk in kept.values_list("setl_id", "key", "rule", "message", "pk"):
            told[*said, 0] = pk
    new = [withheld_of(row, kind=kind.value, batch=batch, at=at) for said, row in rows.items() if said not in told]
    recorder.create(new)
    said_again({told[said]: row for said, row in rows.items() if said in told}, batch, recorder)


def hold_back_refused(setl_ids: Collection[str], *, at: datetime, recorder: Recorder) -> list[str]:
    """Let refused rows of these settlements hold back whom the settlement is of, or nobody; return the ``psn_no``.

    Nobody is held back while the settlement has not come, once it is reversed, and where it states that payer's amount
    itself.
    """
    rows = Withheld.objects.filter(kind__in=_KINDS, setl_id__in=setl_ids, ended_by__isnull=True)
    found = list(rows.select_related("batch").order_by("pk"))
    if not found:
        return []
    settlements = {each.setl_id: each for each in Settlement.objects.filter(setl_id__in=setl_ids)}
    good = _newest_good(setl_ids)
    values: dict[int, dict[str, Any]] = {}
    changed: set[str] = set()
    for row in found:
        settlement = settlements.get(row.setl_id)
        if settlement is not None and not _counts(row, settlement):
            settlement = None
        newest = good.get((row.kind, row.setl_id, row.key)) if row.key else None
        is_over = newest is not None and (row.batch is None or newest >= row.batch.as_of)
        now = {
            "psn_no": settlement.psn_no if settlement else "",
            "year": settlement.year if settlement else None,
            "ended_at": row.ended_at or at if is_over else None,
            "ended_why": "已收到同一笔的正确记录" if is_over else "",
        }
        if any(getattr(row, name) != value for name, value in now.items()):
            values[row.pk] = now
            changed |= {row.psn_no, str(now["psn_no"])}
    if values:
        recorder.update(Withheld, values)
    return sorted(changed - {""})


def _newest_good(setl_ids: Collection[str]) -> dict[tuple[str, str, str], date]:
    """Return up to which day good rows speak: of an answer the newest list that gave it, of a payment for ever."""
    payments = FormerPayment.objects.filter(setl_id__in=setl_ids).values_list("setl_id", "reference")
    good = {(Kind.PAYMENT.value, *about): date.max for about in payments}
    answers = PayerAnswer.objects.filter(setl_id__in=setl_ids)
    for setl_id, payer, as_of, answered_on in answers.values_list("setl_id", "payer", "batch__as_of", "answered_on"):
        good[Kind.ANSWER.value, setl_id, payer] = max(as_of, answered_on or as_of)
    return good


def _counts(row: Withheld, settlement: Settlement) -> bool:
    """Tell whether the amount would count: the settlement is not reversed, nor does it state that payer itself."""
    is_stated = row.kind == Kind.ANSWER and bool(row.key) and getattr(settlement, row.key) != 0
    return not (settlement.refd_setl_flag or is_stated)
