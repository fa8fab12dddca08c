"""A published policy document as plain data: what the YAML under ``policies/`` says once it has been checked.

Every value carries the clause it comes from. Amounts are integer fen, ratios exact millionths, dates calendar days with
both ends included. Nothing here computes a benefit.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from tuodi.kernel.money import Fen, Ratio


class Base(StrEnum):
    """What a component's ratio is taken of (docs/algorithms/benefit.md, section 四, step 1)."""

    REMAINING = "remaining"
    DEDUCTIBLE = "deductible"
    SCOPE = "scope"
    CASH = "cash"
    TOTAL = "total"


class Owner(StrEnum):
    """Whose account it is: one person's, or shared by the family (``family_no``)."""

    PERSON = "person"
    FAMILY = "family"


class PremiumMode(StrEnum):
    """How a premium subsidy is worked out."""

    WHOLE = "whole"
    RATIO = "ratio"
    FIXED_AMOUNT = "fixed_amount"
    FIXED_OWN_PAYMENT = "fixed_own_payment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One published text that values are quoted from."""

    key: str
    title: str
    number: str = ""
    issued: str = ""
    verified: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A place in a source: ``at`` is what the reader looks up there, e.g. 第九条 or 一（一）3（2）."""

    source: Source
    at: str

    def __str__(self) -> str:
        """Write the clause as results print it: document number (or title) and place."""
        return f"{self.source.number or '《' + self.source.title + '》'}{self.at}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A published yearly number the policy refers to, such as last year's disposable income."""

    key: str
    name: str
    year: int
    amount_fen: Fen
    clause: Clause
    verified: bool
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A yearly accumulator: a deductible used up, or a cap paid towards. Components naming one account share it."""

    key: str
    name: str
    owner: Owner
    clause: Clause


@dataclass(frozen=True, slots=True, kw_only=True)
class Deductible:
    """A yearly deductible (起付标准): stated as an amount, or as a share of a figure (then both are kept)."""

    amount_fen: Fen
    share: Ratio | None = None
    of: Figure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """One slice of a tiered ratio; ``upto_fen`` is included in it, None is open-ended."""

    upto_fen: Fen | None
    ratio: Ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """A yearly cap (年度限额) on one account; ``amount_fen`` None: no cap, the payment still counts."""

    account: Account
    amount_fen: Fen | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entitlement:
    """One row of a component's table: what one identity receives.

    Exactly one of ``ratio``, ``tiers``, ``by_level`` is set. ``by_level`` maps a hospital level code ("1", "2", "3") to
    its ratio; the key "" is the ratio of every level not listed. ``caps`` stand in the order they are applied (the
    kind's before the overall one).
    """

    identity: str
    clause: Clause
    ratio: Ratio | None = None
    tiers: tuple[Tier, ...] = ()
    by_level: Mapping[str, Ratio] = field(default_factory=dict)
    deductible: Deductible | None = None
    visit_deductible_fen: Fen = 0
    visit_cap_fen: Fen | None = None
    caps: tuple[Cap, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TopUp:
    """Raise the combined payment of one settlement to ``ratio`` of its scope (救助至90%), for some identities."""

    identities: tuple[str, ...]
    ratio: Ratio
    own_province_only: bool
    clause: Clause


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One benefit of the policy: whom and what it covers, from which base, through which accounts.

    ``insurance`` empty: every insurance type, an empty one too. ``authority`` names the level of government that grants
    the benefit where a second layer stacks on the first.
    """

    code: str
    name: str
    clause: Clause
    kinds: tuple[str, ...]
    insurance: tuple[str, ...]
    base: Base
    deductible_account: Account | None
    table: Mapping[str, Entitlement]
    top_up: TopUp | None = None
    authority: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PremiumRule:
    """A premium subsidy (资助参保) for some identities; ``min_age`` counts full years on the enrolment day."""

    identities: tuple[str, ...]
    mode: PremiumMode
    clause: Clause
    ratio: Ratio | None = None
    amount_fen: Fen | None = None
    min_age: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenQuestion:
    """Where the text is silent or unclear, and how Tuodi reads it until somebody answers."""

    asks: str
    reading: str
    clause: Clause


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyDocument:
    """One published document, whole: immutable once in force.

    ``identities`` maps each identity's name to its further names in this document, in order of precedence (就高不就低:
    the first one held wins). Two documents of one region and one ``programme`` may not overlap in time. ``digest`` is
    the SHA-256 of the file's bytes; a result records id and digest. ``path`` is the file's name as people are shown it.
    """

    id: str
    title: str
    programme: str
    region_code: str
    region_name: str
    valid_from: date
    valid_to: date | None
    digest: str
    path: str
    sources: Mapping[str, Source]
    figures: Mapping[str, Figure]
    accounts: Mapping[str, Account]
    identities: Mapping[str, tuple[str, ...]]
    components: tuple[Component, ...]
    premium: tuple[PremiumRule, ...]
    open_questions: tuple[OpenQuestion, ...]

    def in_force_on(self, day: date) -> bool:
        """Return whether ``day`` lies inside the validity, both ends included."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
