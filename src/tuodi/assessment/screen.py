"""Screening: what each settlement is due beside what was paid for it; who was missed, under- or overpaid, and why.

The due sums come from the reference engine's results; nothing is computed again here.
"""

from collections.abc import Iterable, Iterator, Mapping, Set
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from tuodi.assessment.rulebook import Rulebook
from tuodi.assessment.step import T_CAP_LEFT, T_PAID, T_RAW, T_RULE
from tuodi.assessment.words import components, sentence, why_none
from tuodi.assessment.year import Assessed, Outcome, Person
from tuodi.kernel.money import Fen, yuan_spoken


class Kind(StrEnum):
    """Nothing paid, too little paid, too much paid."""

    MISSED = "missed"
    UNDER = "under"
    OVER = "over"


class Difference(NamedTuple):
    """One settlement whose payment is not what is due; amounts in fen, ``reason`` one Chinese sentence."""

    psn_no: str
    setl_id: str
    kind: Kind
    due_fen: Fen
    paid_fen: Fen
    reason: str

    @property
    def diff_fen(self) -> Fen:
        """What is still due; negative where too much was paid."""
        return self.due_fen - self.paid_fen


def paid_at_the_window(assessed: Iterable[Assessed]) -> dict[str, Fen]:
    """Return ``maf_pay`` of each settlement that was not reversed (fen)."""
    return {a.settlement.setl_id: a.settlement.maf_pay for a in assessed if a.outcome is not Outcome.REVERSED}


def screen(
    book: Rulebook,
    roster: Mapping[str, Person],
    assessed: Iterable[Assessed],
    paid: Mapping[str, Fen],
    held_back: Set[str] = frozenset(),
) -> list[Difference]:
    """Compare every settlement with what was paid for it; return the differences, the largest first.

    Shapes:  ``paid`` by ``setl_id``, in fen; ``held_back`` are settlements that cannot be judged.
    Order:   by size of the difference, then ``setl_id`` by code point.
    """
    without_settlement = {setl_id: amount for setl_id, amount in paid.items() if amount and setl_id not in held_back}
    found = []
    for one in assessed:
        setl_id = one.settlement.setl_id
        without_settlement.pop(setl_id, None)
        amount = paid.get(setl_id, 0)
        if amount != one.paid_fen and setl_id not in held_back:
            found.append(_difference(book, roster.get(one.settlement.psn_no), one, amount))
    found += (_unknown_settlement(setl_id, amount) for setl_id, amount in without_settlement.items())
    return sorted(found, key=lambda difference: (-abs(difference.diff_fen), difference.setl_id))


def _difference(book: Rulebook, person: Person | None, assessed: Assessed, paid: Fen) -> Difference:
    due, settlement = assessed.paid_fen, assessed.settlement
    if paid > due:
        kind, cause = Kind.OVER, _cause_of_over(book, person, assessed, paid)
        action = f"请核实后追回{yuan_spoken(paid - due)}元"
    else:
        kind, cause = Kind.UNDER if paid else Kind.MISSED, _identity_began(book, person, assessed)
        action = f"请核实后补发{yuan_spoken(due - paid)}元"
    happened = f"已付{yuan_spoken(paid)}元" if paid else "未见支付"
    if cause:
        happened += f"，{cause}"
    reason = f"{_due_words(book, assessed)}；{happened}；{action}。"
    return Difference(settlement.psn_no, settlement.setl_id, kind, due, paid, reason)


def _unknown_settlement(setl_id: str, paid: Fen) -> Difference:
    spoken = yuan_spoken(paid)
    reason = f"结算明细中没有这个结算编号；已付{spoken}元；请核对结算编号，确属误付的追回{spoken}元。"
    return Difference("", setl_id, Kind.OVER, 0, paid, reason)


def _due_words(book: Rulebook, assessed: Assessed) -> str:
    if assessed.outcome is not Outcome.ASSESSED:
        return f"不应救助：{_inside(why_none(book, assessed))}"
    lines = components(assessed)
    # A benefit that paid nothing is told where it explains the sum: all of them, or those cut by a cap.
    told = [line for line in lines if line[T_PAID] or line[T_RAW] > line[T_PAID]] or lines
    sentences = "；".join(_inside(sentence(book.rules[line[T_RULE]], line)) for line in told)
    return f"应救助{yuan_spoken(assessed.paid_fen)}元（{sentences}）"


def _cause_of_over(book: Rulebook, person: Person | None, assessed: Assessed, paid: Fen) -> str:
    """Name a likely cause of paying too much, where the facts show one."""
    if assessed.outcome is Outcome.NO_IDENTITY and person is not None:
        return _identity_at_other_times(book, person, assessed)
    if assessed.paid_fen and paid == 2 * assessed.paid_fen:
        return "恰为应救助金额的两倍，可能重复支付"
    lines = components(assessed)
    if any(line[T_CAP_LEFT] == 0 and line[T_RAW] for line in lines):
        return "年度限额在此前已用完"
    if any(line[T_RAW] > line[T_PAID] == line[T_CAP_LEFT] for line in lines):
        return "超过年度限额的剩余额度"
    return ""


def _identity_began(book: Rulebook, person: Person | None, assessed: Assessed) -> str:
    """Say that the identity began within the year: the window may not have known it yet."""
    if person is None:
        return ""
    day = assessed.settlement.setl_time.date()
    begins = [
        begin
        for name, begin, end in _listed(book, person, assessed)
        if begin <= day.toordinal() <= end and book.names[assessed.document][name] == assessed.rank
    ]
    began = date.fromordinal(min(begins))
    if began.year != day.year:
        return ""
    return f"{book.identity_name(assessed.document, assessed.rank)}身份自{began}起，结算时身份标识可能尚未更新"


def _identity_at_other_times(book: Rulebook, person: Person, assessed: Assessed) -> str:
    """Say when a person without an identity on the day gained or lost one that the policy lists."""
    day = assessed.settlement.setl_time.toordinal()
    held = list(_listed(book, person, assessed))
    if later := [(begin, name) for name, begin, _ in held if begin > day]:
        begin, name = min(later)
        return f"{name}身份自{date.fromordinal(begin)}起才有"
    if earlier := [(end, name) for name, _, end in held if end < day]:
        end, name = max(earlier)
        return f"{name}身份已于{date.fromordinal(end)}终止"
    return ""


def _listed(book: Rulebook, person: Person, assessed: Assessed) -> Iterator[tuple[str, int, int]]:
    """Yield the holdings that the policy lists: name in the roster, first and last day as ordinals."""
    for name, begin, end in zip(person.names, person.begins, person.ends, strict=True):
        if name in book.names[assessed.document]:
            yield name, begin, end


def _inside(text: str) -> str:
    """Return a sentence as part of a longer one."""
    return text.removesuffix("。")
