"""Cases follow the facts: after an import or a reassessment each doubt is opened, brought up to date or closed.

The comparison itself is ``assessment.screen``; here it only becomes rows. Whoever reassesses hands the results to a
``CaseRefresh`` in the same transaction; a case that somebody has decided is never closed behind their back.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from django.db.models import Exists, OuterRef, Sum

from tuodi.assessment import screen as screening
from tuodi.assessment.rulebook import Rulebook
from tuodi.assessment.year import Assessed
from tuodi.assessment.year import Person as RosterPerson
from tuodi.kernel.money import yuan_spoken
from tuodi.office.assessing import county_book
from tuodi.office.bulk import chunks, insert, write_over
from tuodi.office.case_deadlines import due_after
from tuodi.office.facts import former_payments
from tuodi.office.models import Case, Contradiction, Decision, FormerPayment, Person, Region, Settlement
from tuodi.office.models.cases import STEPS
from tuodi.office.models.contradictions import Kind
from tuodi.office.operations.writing import Writing

DIFFERENCES: Final = frozenset(kind.value for kind in screening.Kind)
"""The kinds of cases that come of comparing what is due with what was paid."""

UNMARKED: Final = "unmarked"

_DECIDED = (Case.State.APPROVED, Case.State.DISMISSED)
_AT_ONCE = 400


class CaseCounts(NamedTuple):
    """What a refresh did: ``sent_back`` are cases under way whose facts changed, checked anew from the first step."""

    opened: int = 0
    changed: int = 0
    sent_back: int = 0
    gone: int = 0

    def plus(self, other: "CaseCounts") -> "CaseCounts":
        """Return the sums."""
        return CaseCounts(*(one + two for one, two in zip(self, other, strict=True)))


class Doubt(NamedTuple):
    """What a case must say: amounts in fen, ``reason`` one Chinese sentence. An empty ``kind``: nothing is in doubt."""

    kind: str
    due_fen: int
    paid_fen: int
    reason: str

    @property
    def amounts(self) -> dict[str, int]:
        """Return the amounts for the trail."""
        return {"due": self.due_fen, "paid": self.paid_fen}


class _SentBack(NamedTuple):
    case_id: int
    region: Region | None
    before: dict[str, int]
    after: dict[str, int]


class CaseRefresh:
    """Keeps the cases in step with one reassessment inside a write.

        cases = CaseRefresh(write)
        reassess(psn_nos=psn_nos, at=at, judge=cases.judge)
        cases.finish()                      # finish(payments=True) where former payments or settlements came or went

    What is withheld is not assessed, and its cases stay as they are. ``finish`` writes the trail: its head is the last
    row a transaction locks.
    """

    def __init__(self, write: Writing) -> None:
        """Begin with nothing done."""
        self.write = write
        self.counts = CaseCounts()
        self._sent_back: list[_SentBack] = []

    def judge(self, book: Rulebook, roster: Mapping[str, RosterPerson], assessed: Iterable[Assessed]) -> None:
        """Compare what settlements are due with what was paid elsewhere, and bring their cases up to date."""
        results = {one.settlement.setl_id: one for one in assessed}
        paid = screening.paid_at_the_window(results.values())
        for setl_id, fen in former_payments(results).items():
            paid[setl_id] = paid.get(setl_id, 0) + fen
        doubts = {setl_id: _nothing(one.paid_fen) for setl_id, one in results.items()}
        self._follow_all(DIFFERENCES, doubts | _doubts(screening.screen(book, roster, results.values(), paid)))

    def unmarked(self, found: Mapping[str, str], checked: Mapping[str, str]) -> None:
        """Bring the cases of persons not marked in the platform up to date (see ``refresh_unmarked``)."""
        amounts = {
            setl_id: (due, window + former)
            for some in chunks(sorted({*checked, *found}), _AT_ONCE)
            for setl_id, due, window, former in Settlement.objects.filter(setl_id__in=some).values_list(
                "setl_id", "due_fen", "maf_pay", "former_fen"
            )
        }
        doubts = {setl_id: Doubt("", 0, 0, over) for setl_id, over in checked.items()}
        for setl_id, reason in found.items():
            doubts[setl_id] = Doubt(UNMARKED, *amounts.get(setl_id, (0, 0)), reason)
        self._follow_all(frozenset({UNMARKED}), doubts)

    def finish(self, *, payments: bool = False) -> CaseCounts:
        """Write the trail; with ``payments``, first look for former payments that no settlement belongs to."""
        if payments:
            self._judge_payments_without_settlement()
        for back in self._sent_back:
            self.write.log("case.sent_back", f"case {back.case_id}", back.region, before=back.before, after=back.after)
        if any(self.counts):
            self.write.log("cases.refreshed", "cases", None, **self.counts._asdict())
        return self.counts

    def _judge_payments_without_settlement(self) -> None:
        known = Settlement.objects.filter(setl_id=OuterRef("setl_id"))
        # Where files contradict each other in what was paid the case stays as it is, as that of anything withheld.
        contrary = Contradiction.objects.filter(kind=Kind.PAYMENT, setl_id=OuterRef("setl_id"))
        contrary = contrary.filter(state=Contradiction.State.OPEN)
        loose = FormerPayment.objects.filter(~Exists(known), ~Exists(contrary)).order_by()
        paid = dict(loose.values("setl_id").annotate(fen=Sum("paid_fen")).values_list("setl_id", "fen"))
        standing = Case.objects.filter(~Exists(known), ~Exists(contrary), kind__in=DIFFERENCES, state=Case.State.OPEN)
        doubts = {setl_id: _nothing(0) for setl_id in standing.values_list("setl_id", flat=True)}
        if paid or doubts:
            self._follow_all(DIFFERENCES, doubts | _doubts(screening.screen(county_book(), {}, (), paid)))

    def _follow_all(self, kinds: frozenset[str], doubts: Mapping[str, Doubt]) -> None:
        for some in chunks(sorted(doubts), _AT_ONCE):
            self._follow_some(kinds, {setl_id: doubts[setl_id] for setl_id in some})

    def _follow_some(self, kinds: frozenset[str], doubts: Mapping[str, Doubt]) -> None:
        decided = Exists(Decision.objects.filter(case=OuterRef("pk")))
        of_these = Case.objects.filter(kind__in=kinds, setl_id__in=list(doubts))
        standing = of_these.filter(state=Case.State.OPEN).annotate(is_decided=decided).order_by("pk")
        open_for = {case.setl_id: case for case in standing.select_for_update()}
        decided_ones = of_these.filter(state__in=_DECIDED).select_related("person").order_by("pk")
        closed = {case.setl_id: case for case in decided_ones}
        subjects = _subjects(doubts)
        changed, opened, counts = [], [], CaseCounts()
        for setl_id, doubt in doubts.items():
            subject = subjects.get(setl_id, (None, None))
            if case := open_for.get(setl_id):
                moved = (case.settlement_id, case.person_id) != subject
                case.settlement_id, case.person_id = subject
                what = self._follow(case, doubt)
                if what or moved:
                    changed.append(case)
                counts = counts.plus(what or CaseCounts())
            elif doubt.kind and not _same(closed.get(setl_id), doubt, subject[1]):
                opened.append(self._new(setl_id, doubt, *subject))
        write_over(Case, changed, _CHANGED_FIELDS)
        insert(Case, opened)
        self.counts = self.counts.plus(counts).plus(CaseCounts(opened=len(opened)))

    def _new(self, setl_id: str, doubt: Doubt, settlement_id: int | None, person_id: int | None) -> Case:
        return Case(
            **doubt._asdict(),
            setl_id=setl_id,
            settlement_id=settlement_id,
            person_id=person_id,
            due_on=due_after(self.write.at.date(), STEPS[0]),
            opened_at=self.write.at,
        )

    def _follow(self, case: Case, doubt: Doubt) -> CaseCounts | None:
        """Change an open case as its facts changed; None if it says the same already.

        One that nobody decided and whose doubt is over is gone. One under way goes back to the first step: what was
        checked is no longer so; if the doubt is over, it stays for somebody to dismiss.
        """
        if not doubt.kind and not case.is_decided:
            _close_as_gone(self.write, case, doubt.reason)
            return CaseCounts(gone=1)
        now = doubt._replace(kind=doubt.kind or case.kind)
        before = Doubt(case.kind, case.due_fen, case.paid_fen, case.reason)
        if before == now:
            return None
        case.kind, case.due_fen, case.paid_fen, case.reason = now
        case.version += 1
        if not case.is_decided or before[:3] == now[:3]:
            return CaseCounts(changed=1)
        case.next_step = STEPS[0]
        case.due_on = due_after(self.write.at.date(), STEPS[0])
        region = case.person.region if case.person_id else None
        self._sent_back.append(_SentBack(case.pk, region, before.amounts, now.amounts))
        return CaseCounts(sent_back=1)


def refresh_unmarked(write: Writing, *, found: Mapping[str, str], checked: Mapping[str, str]) -> CaseCounts:
    """Bring the cases of persons not marked in the platform up to date.

    ``found``: ``setl_id`` of each settlement in doubt -> the sentence why; ``checked``: all that were looked at ->
    the sentence why a case is closed where nothing is in doubt any more.
    """
    cases = CaseRefresh(write)
    cases.unmarked(found, checked)
    return cases.finish()


def _nothing(fen: int) -> Doubt:
    return Doubt("", fen, fen, f"差额已消除：现在应救助{yuan_spoken(fen)}元，已付{yuan_spoken(fen)}元。")


_CHANGED_FIELDS = (
    "kind",
    "person",
    "settlement",
    "due_fen",
    "paid_fen",
    "reason",
    "state",
    "next_step",
    "due_on",
    "closed_at",
    "version",
)


def _subjects(setl_ids: Iterable[str]) -> dict[str, tuple[int | None, int | None]]:
    """Return the settlement and the person each id means; a payment without settlement may still name a person."""
    wanted = list(setl_ids)
    stored = Settlement.objects.filter(setl_id__in=wanted).values_list("setl_id", "pk", "person_id")
    found: dict[str, tuple[int | None, int | None]] = {setl_id: (pk, person) for setl_id, pk, person in stored}
    loose = FormerPayment.objects.filter(setl_id__in=[one for one in wanted if one not in found])
    psn_nos = dict(loose.exclude(psn_no="").values_list("setl_id", "psn_no"))
    persons = {
        psn_no: merged or pk
        for psn_no, pk, merged in Person.objects.filter(psn_no__in=set(psn_nos.values())).values_list(
            "psn_no", "pk", "merged_into_id"
        )
    }
    return found | {setl_id: (None, persons.get(psn_no)) for setl_id, psn_no in psn_nos.items()}


def _doubts(differences: Sequence[screening.Difference]) -> dict[str, Doubt]:
    return {one.setl_id: Doubt(one.kind.value, one.due_fen, one.paid_fen, one.reason) for one in differences}


def _close_as_gone(write: Writing, case: Case, why: str) -> None:
    """Close a case nobody decided; it says why it ended, and what it was in doubt about stays to be read."""
    case.reason = f"{why}原来的疑点：{case.reason}"
    case.state, case.next_step, case.due_on, case.closed_at = Case.State.GONE, None, None, write.at
    case.version += 1


def _same(case: Case | None, doubt: Doubt, person_id: int | None) -> bool:
    """Tell whether the last decided case decided this very doubt about this person: it is not opened again."""
    if case is None or (case.kind, case.due_fen, case.paid_fen) != (doubt.kind, doubt.due_fen, doubt.paid_fen):
        return False
    # A settlement may have been put under another person since (``operations.contradictions``).
    if case.person is None or person_id is None:
        return True
    return person_id in (case.person_id, case.person.merged_into_id)
