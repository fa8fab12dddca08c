"""Documents -> a rulebook: the integers the step works on, and the way back from each integer to the words.

A rulebook holds one document, which then applies to every day, or several of one region, of which the one in force on
the settlement's day applies. Accounts of the same key continue from one document to the next inside a year.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from tuodi.assessment.step import (
    CAP_WIDTH,
    CASH,
    DEDUCTIBLE,
    REMAINING,
    SCOPE,
    TIER_WIDTH,
    TOTAL,
    UNBOUNDED,
    Bill,
    Book,
)
from tuodi.intake.facts import Settlement
from tuodi.kernel.terms import Terms
from tuodi.policy.document import Base, Component, Entitlement, Figure, Owner, PolicyDocument

BASES = {
    Base.REMAINING: REMAINING,
    Base.DEDUCTIBLE: DEDUCTIBLE,
    Base.SCOPE: SCOPE,
    Base.CASH: CASH,
    Base.TOTAL: TOTAL,
}

BASE_FIELDS = {Base.DEDUCTIBLE: "act_pay_dedc", Base.CASH: "psn_cash_pay", Base.TOTAL: "medfee_sumamt"}


@dataclass(frozen=True, slots=True)
class Rule:
    """The words behind one row of ``Book.rules``."""

    document: PolicyDocument
    component: Component
    entitlement: Entitlement


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """Everything an engine needs: ``book`` for the step, look-ups for what surrounds it, ``rules`` for the words.

    ``kinds``, ``insurances`` and ``levels`` number the codes the documents name from 1; 0 stands for any other code.
    ``names`` gives each document's rank of every name a roster may use; ``vocabulary`` are all names of identities
    known anywhere. ``person_slots`` and ``family_slots`` count the accumulators of one owner. ``begins`` and ``ends``
    are day ordinals.
    """

    documents: tuple[PolicyDocument, ...]
    book: Book
    rules: tuple[Rule, ...]
    kinds: dict[str, int]
    insurances: dict[str, int]
    levels: dict[str, int]
    begins: tuple[int, ...]
    ends: tuple[int, ...]
    names: tuple[dict[str, int], ...]
    vocabulary: frozenset[str]
    most_identities: int
    person_slots: int
    family_slots: int
    plan_first: tuple[int, ...]
    plan_last: tuple[int, ...]

    def plan_at(self, document: int, rank: int, kind: int, insurance: int) -> int:
        """Return where ``plan_first`` and ``plan_last`` name the rules for these four.

        With Maqiao's four kinds and one named insurance, (document 0, rank 1, kind 4, insurance 0) is place
        (0 × 7 + 1) × (5 × 2) + 4 × 2 + 0 = 18: 低保家庭成员, inpatient, an insurance no rule names.
        """
        width_insurance = len(self.insurances) + 1
        width_kind = (len(self.kinds) + 1) * width_insurance
        return (document * self.most_identities + rank) * width_kind + kind * width_insurance + insurance

    def identity_name(self, document: int, rank: int) -> str:
        """Return the identity's name as that document prints it."""
        return list(self.documents[document].identities)[rank]

    @property
    def known_names(self) -> frozenset[str]:
        """Return every name of an identity that a document or the vocabulary knows."""
        return self.vocabulary.union(*self.names)

    @property
    def needed_fields(self) -> frozenset[str]:
        """Return the fields the policy uses, so that a file without the column cannot be assessed."""
        components = [c for d in self.documents for c in d.components]
        needed = set()
        if any(c.insurance for c in components):
            needed.add("insutype")
        if any(c.top_up and c.top_up.own_province_only for c in components):
            needed |= {"insuplc_admdvs", "mdtrtarea_admvs"}
        if any(e.by_level for c in components for e in c.table.values()):
            needed.add("hosp_lv")
        return frozenset(needed)

    @property
    def base_fields(self) -> frozenset[str]:
        """Return the amounts that a component is based on besides what every file must have."""
        bases = {c.base for d in self.documents for c in d.components}
        return frozenset(BASE_FIELDS[base] for base in bases if base in BASE_FIELDS)

    @property
    def unverified_figures(self) -> tuple[Figure, ...]:
        """Return the published figures behind an entitlement that nobody has checked against their source."""
        deductibles = (rule.entitlement.deductible for rule in self.rules)
        figures = (deductible.of for deductible in deductibles if deductible and deductible.of)
        return tuple(dict.fromkeys(figure for figure in figures if not figure.verified))

    def bill(self, settlement: Settlement) -> Bill:
        """Return what the step needs of a settlement."""
        return Bill(
            settlement.inscp_scp_amt,
            settlement.insured_fen,
            settlement.act_pay_dedc,
            settlement.psn_cash_pay,
            settlement.medfee_sumamt,
            self.levels.get(settlement.hosp_lv, 0),
            own_province(settlement.mdtrtarea_admvs, settlement.insuplc_admdvs),
        )


def own_province(care: str, insurance: str) -> int:
    """Return 1 where the first two digits of both region codes agree, 0 where not, -1 where one has fewer than two."""
    provinces = care[:2], insurance[:2]
    if not all(len(code) == 2 and code.isascii() and code.isdecimal() for code in provinces):
        return -1
    return int(provinces[0] == provinces[1])


def rulebook(documents: Sequence[PolicyDocument], terms: Terms) -> Rulebook:
    """Compile documents, one alone for every day or several by their validity, into a rulebook."""
    chosen = sorted(documents, key=lambda d: d.valid_from)
    components = [c for d in chosen for c in d.components]
    kinds = _numbered(code for c in components for code in c.kinds)
    insurances = _numbered(code for c in components for code in c.insurance)
    levels = _numbered(code for c in components for e in c.table.values() for code in e.by_level if code)
    writer = _Writer(levels)
    most_identities = max(len(d.identities) for d in chosen)
    plan_first: list[int] = []
    plan_last: list[int] = []
    for document in chosen:
        rows = writer.rows_of(document)
        identities = [*document.identities, *[""] * (most_identities - len(document.identities))]
        for identity, kind, insurance in product(identities, ["", *kinds], ["", *insurances]):
            plan_first.append(len(writer.plan))
            writer.plan += (
                rows[component.code, identity]
                for component in document.components
                if identity in component.table
                and kind in component.kinds
                and (not component.insurance or insurance in component.insurance)
            )
            plan_last.append(len(writer.plan))
    alone = len(chosen) == 1
    return Rulebook(
        documents=tuple(chosen),
        book=Book(*(tuple(part) for part in (writer.rows, writer.tiers, writer.levels, writer.caps, writer.plan))),
        rules=tuple(writer.rules),
        kinds=kinds,
        insurances=insurances,
        levels=levels,
        begins=(0,) if alone else tuple(d.valid_from.toordinal() for d in chosen),
        ends=(UNBOUNDED,) if alone else tuple(d.valid_to.toordinal() if d.valid_to else UNBOUNDED for d in chosen),
        names=tuple(_ranks(d, terms) for d in chosen),
        vocabulary=terms.names,
        most_identities=most_identities,
        person_slots=len(writer.person_slots),
        family_slots=len(writer.family_slots),
        plan_first=tuple(plan_first),
        plan_last=tuple(plan_last),
    )


def _numbered(codes: object) -> dict[str, int]:
    """Number distinct codes from 1 in the order they are met."""
    return {code: number for number, code in enumerate(dict.fromkeys(codes), start=1)}  # type: ignore[call-overload]


def _ranks(document: PolicyDocument, terms: Terms) -> dict[str, int]:
    """Return every name a roster may use, with the rank it has in this document; an own row beats an alias."""
    ranks: dict[str, int] = {}
    for rank, (name, further) in enumerate(document.identities.items()):
        for known in (*terms.names_counting_as(name), *further):
            ranks.setdefault(known, rank)
    ranks.update({name: rank for rank, name in enumerate(document.identities)})
    return ranks


class _Writer:
    """Collects the flat integers of ``Book`` while documents are read one after the other."""

    def __init__(self, levels: dict[str, int]) -> None:
        self.level_codes = levels
        self.rows: list[int] = []
        self.tiers: list[int] = []
        self.levels: list[int] = []
        self.caps: list[int] = []
        self.plan: list[int] = []
        self.rules: list[Rule] = []
        self.person_slots: dict[tuple[str, str], int] = {}
        self.family_slots: dict[tuple[str, str], int] = {}

    def rows_of(self, document: PolicyDocument) -> dict[tuple[str, str], int]:
        """Write every entitlement of a document; return its row by component code and identity."""
        rows = {}
        for component in document.components:
            for identity, entitlement in component.table.items():
                rows[component.code, identity] = len(self.rules)
                self._write(document, component, entitlement)
        return rows

    def _write(self, document: PolicyDocument, component: Component, entitlement: Entitlement) -> None:
        account = component.deductible_account
        slot, shared = self._slot("deductible", account.key, account.owner) if account else (-1, 0)
        tier_first, level_first, cap_first = len(self.tiers) // TIER_WIDTH, -1, len(self.caps) // CAP_WIDTH
        for tier in entitlement.tiers:
            self.tiers += (UNBOUNDED if tier.upto_fen is None else tier.upto_fen, tier.ratio.millionths)
        if entitlement.by_level:
            level_first = len(self.levels)
            otherwise = entitlement.by_level[""]
            self.levels += (entitlement.by_level.get(code, otherwise).millionths for code in ("", *self.level_codes))
        for cap in entitlement.caps:
            self.caps += self._slot("cap", cap.account.key, cap.account.owner)
            self.caps.append(-1 if cap.amount_fen is None else cap.amount_fen)
        tiered = any(e.tiers for e in component.table.values())
        top_up = component.top_up if component.top_up and entitlement.identity in component.top_up.identities else None
        self.rows += (
            BASES[component.base],
            entitlement.visit_deductible_fen,
            slot,
            shared,
            entitlement.deductible.amount_fen if entitlement.deductible else 0,
            entitlement.ratio.millionths if entitlement.ratio else 0,
            tier_first,
            len(self.tiers) // TIER_WIDTH,
            self._slot("tier", component.code, Owner.PERSON)[0] if tiered else -1,
            level_first,
            top_up.ratio.millionths if top_up else 0,
            int(top_up.own_province_only) if top_up else 0,
            -1 if entitlement.visit_cap_fen is None else entitlement.visit_cap_fen,
            cap_first,
            len(self.caps) // CAP_WIDTH,
        )
        self.rules.append(Rule(document, component, entitlement))

    def _slot(self, use: str, key: str, owner: Owner) -> tuple[int, int]:
        """Return an accumulator's place and whether the family owns it; a deductible and a cap never share one."""
        slots = self.family_slots if owner is Owner.FAMILY else self.person_slots
        return slots.setdefault((use, key), len(slots)), int(owner is Owner.FAMILY)
