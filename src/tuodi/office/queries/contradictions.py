"""Two rows that contradict each other, side by side; proposals that wait; what was replaced in a settlement's history.

What a page shows of a contradiction is a ``Dispute``; its ``seen`` is the digest of all of it, so that what somebody
confirms is what they looked at.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from tuodi.office.access import Actor
from tuodi.office.contents import Contents, Line, digest_of, read, recorded, side_by_side, subject
from tuodi.office.models import Case, Contradiction, Person, Proposal, Resolution, Settlement
from tuodi.office.models.contradictions import Kind
from tuodi.office.numbers import masked_certno
from tuodi.office.queries.reach import county_region_id, sees_all
from tuodi.office.refusal import Absent
from tuodi.office.roles import Action

_SHOWN_AT_MOST: Final = 500


@dataclass(frozen=True, slots=True)
class Party:
    """Whom a row is about: ``person`` is None where the number is not on the registry."""

    psn_no: str
    year: int
    person: Person | None

    @property
    def certno(self) -> str:
        """Return the masked number of their document."""
        return masked_certno(self.person) if self.person else ""

    @property
    def told(self) -> list[str | int]:
        """Return what a page shows of them, for the digest."""
        person = self.person
        known = [person.pk, person.psn_name, self.certno, person.region.name if person.region else ""] if person else []
        return [self.psn_no, self.year, *known]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """One contradiction with everything a decision needs.

    ``record`` is the record in force (its table's row), ``before`` what it says, ``other`` what the other row says.
    ``settlement`` is None where the answer or payment came before it. ``parties`` are the persons of the recorded row
    and of the other one: twice the same for answers and payments, nobody where the settlement is not known.
    """

    contradiction: Contradiction
    record: Settlement
    before: Contents
    other: Contents
    settlement: Settlement | None
    parties: Sequence[Party]
    cases: Sequence[Case]
    proposal: Proposal | None

    @property
    def subject(self) -> str:
        """What the rows are about, in words."""
        return subject(self.contradiction)

    @property
    def lines(self) -> list[Line]:
        """The rows field by field."""
        return side_by_side(self.contradiction.kind, self.before, self.other)

    @property
    def seen(self) -> str:
        """The digest of all that is shown."""
        shown = [
            self.contradiction.pk,
            self.before,
            self.other,
            [self.record.batch_id, self.record.row, self.contradiction.batch_id, self.contradiction.row],
            [party.told for party in self.parties],
            [[case.pk, case.kind, case.state, case.next_step, case.due_fen] for case in self.cases],
        ]
        return digest_of(shown)

    @property
    def persons(self) -> list[Person]:
        """The registered persons concerned, each once."""
        return list({party.person.pk: party.person for party in self.parties if party.person}.values())

    @property
    def psn_nos(self) -> set[str]:
        """The numbers concerned."""
        return {party.psn_no for party in self.parties}

    @property
    def regions(self) -> list[int | None]:
        """The regions concerned; whoever is on no registry, or in no town, is the county's."""
        found = {party.person.region_id if party.person else None for party in self.parties} or {None}
        return sorted({region or county_region_id() for region in found}, key=lambda region: region or 0)

    @property
    def is_open(self) -> bool:
        """Whether it holds back."""
        return self.contradiction.state == Contradiction.State.OPEN

    @property
    def may_be_used(self) -> bool:
        """Whether somebody may propose to use the other row: also where it was decided against before."""
        return self.contradiction.state in (Contradiction.State.OPEN, Contradiction.State.AGAINST)

    @property
    def is_proposal_outdated(self) -> bool:
        """Whether something changed since it was proposed."""
        return self.proposal is not None and self.proposal.seen_digest != self.seen

    def is_within(self, actor: Actor, action: Action) -> bool:
        """Tell whether an actor may do something for everybody concerned."""
        return all(region is not None and actor.may(action, region) for region in self.regions)


def disputes(contradictions: Iterable[Contradiction], *, lock: bool = False) -> list[Dispute]:
    """Return contradictions with everything a decision needs; those whose record is gone are left out."""
    every = list(contradictions)
    in_force = recorded(every, lock=lock)
    setl_ids = {each.setl_id for each in every}
    settlements = {row.setl_id: row for row in Settlement.objects.filter(setl_id__in=setl_ids)}
    cases: dict[str, list[Case]] = {}
    for case in Case.objects.filter(setl_id__in=setl_ids).order_by("pk"):
        cases.setdefault(case.setl_id, []).append(case)
    waiting = Proposal.objects.filter(contradiction__in=every, outcome="").select_related("proposed_by", "proposed_for")
    proposals = {row.contradiction_id: row for row in waiting}
    numbers = {row.psn_no for row in settlements.values()} | {each.psn_no for each in every}
    persons = _persons(numbers - {""})
    found = []
    for each in every:
        if (now := in_force.get(each.pk)) is None:
            continue
        settlement = settlements.get(each.setl_id)
        whose = [(settlement.psn_no, settlement.year)] if settlement else []
        whose += [(each.psn_no, each.year or 0)] if each.kind == Kind.SETTLEMENT else whose
        found.append(
            Dispute(
                contradiction=each,
                record=now.record,
                before=now.contents,
                other=read(each.contents),
                settlement=settlement,
                parties=[Party(psn_no, year, persons.get(psn_no)) for psn_no, year in whose],
                cases=cases.get(each.setl_id, []),
                proposal=proposals.get(each.pk),
            )
        )
    return found


def _persons(psn_nos: set[str]) -> dict[str, Person]:
    found = Person.objects.filter(psn_no__in=psn_nos).select_related("region", "merged_into__region")
    return {person.psn_no: person.merged_into or person for person in found}


def dispute_within(actor: Actor, contradiction_id: int) -> Dispute:
    """Return one contradiction; raises Absent where there is none, or none whose persons this actor may see all of."""
    rows = Contradiction.objects.select_related("batch__sender").filter(pk=contradiction_id)
    found = [each for each in disputes(rows) if each.is_within(actor, Action.SEE_SETTLEMENTS)]
    if not found:
        raise Absent
    return found[0]


def proposals_waiting(actor: Actor) -> list[Dispute]:
    """Return what others proposed and this actor may confirm or reject, the oldest first."""
    mine = Q(proposals__proposed_by=actor.user) | Q(proposals__proposed_for=actor.user)
    rows = Contradiction.objects.filter(
        proposals__in=Proposal.objects.filter(outcome=""),
        state__in=(Contradiction.State.OPEN, Contradiction.State.AGAINST),
    )
    rows = rows.exclude(pk__in=Contradiction.objects.filter(mine, proposals__outcome="").values("pk"))
    found = disputes(rows.select_related("batch__sender").order_by("proposals__proposed_at", "pk")[:_SHOWN_AT_MOST])
    return [each for each in found if each.is_within(actor, Action.CONFIRM_IMPORT)]


def without_settlement(actor: Actor) -> list[Contradiction]:
    """Return the open contradictions about settlements that have not come: nobody is held back, the county decides."""
    if not sees_all(actor, Action.SEE_SETTLEMENTS):
        return []
    rows = Contradiction.objects.filter(state=Contradiction.State.OPEN).exclude(kind=Kind.SETTLEMENT)
    known = Settlement.objects.filter(setl_id__in=rows.values("setl_id")).values("setl_id")
    return list(rows.exclude(setl_id__in=known).select_related("batch__sender").order_by("pk")[:_SHOWN_AT_MOST])


def seen_contradictions(actor: Actor, contradictions: Iterable[Contradiction]) -> dict[int, Dispute]:
    """Return those of some contradictions whose page this actor may open."""
    found = disputes(contradictions)
    return {each.contradiction.pk: each for each in found if each.is_within(actor, Action.SEE_SETTLEMENTS)}


@dataclass(frozen=True, slots=True)
class Settled:
    """One contradiction as it was settled by hand."""

    resolution: Resolution
    subject: str
    lines: Sequence[Line]


def history_of(actor: Actor, setl_id: str) -> list[Settled]:
    """Return how contradictions about a settlement were settled by hand, the newest first, as far as this actor may see
    the persons of both rows.
    """
    rows = Resolution.objects.filter(setl_id=setl_id).select_related(
        "contradiction", "proposal__proposed_by", "proposal__proposed_for", "decided_by", "decided_for"
    )
    own = Settlement.objects.filter(setl_id=setl_id).values_list("psn_no", flat=True).first()
    found = []
    for row in rows.order_by("-at", "-pk"):
        kind, before, other = row.contradiction.kind, read(row.before), read(row.other)
        psn_nos = {before["psn_no"], other["psn_no"]} if kind == Kind.SETTLEMENT else {own or ""}
        if _sees(actor, psn_nos):
            found.append(Settled(row, subject(row.contradiction), side_by_side(kind, before, other)))
    return found


def _sees(actor: Actor, psn_nos: set[str]) -> bool:
    """Tell whether an actor may see the settlements of all these numbers."""
    if sees_all(actor, Action.SEE_SETTLEMENTS):
        return True
    persons = _persons(psn_nos)
    regions = [person.region_id for person in persons.values() if person.region_id is not None]
    within = all(actor.may(Action.SEE_SETTLEMENTS, region) for region in regions)
    return len(regions) == len(psn_nos) and within
