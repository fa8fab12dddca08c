"""A second, independent and deliberately simple reading of "How a benefit is computed".

It shares no code with the product and is written for clarity, not speed: ratios are Fractions, amounts are integers
in fen, and there are no accumulators: what an account has used so far is added up again, each time, from the lines
that stand before. Entry point: ``assess(policy, persons, settlements)``.

Readings where the rules leave room (each is one line below, marked READING):
1. ``deductible_used`` is the year's part only; the visit's part has its own field.
2. The running sum of a tiered ratio belongs to the person, also where the component's accounts are the family's; it
   grows by what the ratio is applied to (base less both deductibles), whatever the identity was at the time.
3. With several capped accounts ``cap_left_before`` is the smallest room among them; the visit's cap is not in it.
4. ``raw_amt`` is the amount after step 5, so before the visit's cap.
5. A family's settlements are taken together in ascending (setl_time, setl_id); without ``family_no`` a person is alone.
6. A component that names an insurance type does not cover a settlement whose ``insutype`` is empty.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta, timezone
from fractions import Fraction

REVERSED = "reversed"
NO_IDENTITY = "no identity"
NOT_COVERED = "not covered"
OTHER_LEVELS = "其他"
INSURERS = ("hifp_pay", "cvlserv_pay", "hifes_pay", "hifmi_pay", "hifob_pay", "hifdm_pay", "oth_pay")


# --- what a policy can say -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Share:
    """A deductible stated as a share of a dated figure."""

    share: Fraction
    of: str


@dataclass(frozen=True)
class Tier:
    """One slice of the year's running sum: up to and including ``upto`` fen (None: without end)."""

    upto: int | None
    ratio: Fraction


@dataclass(frozen=True)
class Entry:
    """One identity's cell of a component's table. Exactly one of ratio, tiers, by_level is given; money in fen."""

    ratio: Fraction | None = None
    tiers: tuple[Tier, ...] = ()
    by_level: dict[str, Fraction] = field(default_factory=dict)
    deductible: int | Share = 0
    visit_deductible: int = 0
    visit_cap: int | None = None
    caps: dict[str, int | None] = field(default_factory=dict)


@dataclass(frozen=True)
class TopUp:
    identities: tuple[str, ...]
    ratio: Fraction
    own_province_only: bool = True


@dataclass(frozen=True)
class Component:
    code: str
    kinds: tuple[str, ...]
    table: dict[str, Entry]
    base: str = "remaining"
    insurance: tuple[str, ...] = ()
    deductible_account: str | None = None
    top_up: TopUp | None = None


@dataclass(frozen=True)
class Policy:
    """``precedence``: highest first. ``accounts``: name -> "person" or "family". ``figures``: name -> fen."""

    id: str
    precedence: tuple[str, ...]
    components: tuple[Component, ...]
    accounts: dict[str, str] = field(default_factory=dict)
    figures: dict[str, int] = field(default_factory=dict)


# --- what is assessed ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Held:
    """One identity held by one person; both days included, an empty end is open."""

    psn_no: str
    identity: str
    begntime: str
    endtime: str = ""
    family_no: str = ""


@dataclass(frozen=True)
class Settlement:
    """One settlement with the national field names; amounts in fen."""

    setl_id: str
    psn_no: str
    setl_time: str
    med_type: str
    insutype: str = ""
    insuplc_admdvs: str = ""
    mdtrtarea_admvs: str = ""
    fixmedins_code: str = ""
    hosp_lv: str = ""
    medfee_sumamt: int = 0
    fulamt_ownpay_amt: int = 0
    overlmt_selfpay: int = 0
    preselfpay_amt: int = 0
    inscp_scp_amt: int = 0
    act_pay_dedc: int = 0
    hifp_pay: int = 0
    cvlserv_pay: int = 0
    hifes_pay: int = 0
    hifmi_pay: int = 0
    hifob_pay: int = 0
    hifdm_pay: int = 0
    oth_pay: int = 0
    maf_pay: int = 0
    psn_cash_pay: int = 0
    refd_setl_flag: str = "0"


AMOUNTS = tuple(f.name for f in fields(Settlement) if f.type == "int")


@dataclass(frozen=True)
class Line:
    """One output line; amounts in fen, ``cap_left_before`` None without a cap."""

    setl_id: str
    psn_no: str
    benefit: str
    identity: str
    base_amt: int
    deductible_used: int
    raw_amt: int
    cap_left_before: int | None
    paid_amt: int
    # What later settlements of the year need to know of this one:
    visit_deductible_used: int = 0
    counted: int = 0
    deductible_account: str | None = None
    cap_accounts: tuple[str, ...] = ()
    topped_up: bool = False


# --- the rules -------------------------------------------------------------------------------------------------------


def assess(policy: Policy, persons: list[Held], settlements: list[Settlement]) -> dict[str, list[Line] | str]:
    """For each setl_id its lines in component order, or the reason why there are none.

    Identical rows count once; two different rows of one setl_id raise ValueError (a row error in the product).
    """
    once: dict[str, Settlement] = {}
    for s in settlements:
        if once.setdefault(s.setl_id, s) != s:
            raise ValueError(f"two different rows of {s.setl_id}")
    family = {h.psn_no: h.family_no for h in persons if h.family_no}
    groups: dict[tuple[str, str, int], list[Settlement]] = defaultdict(list)
    for s in once.values():
        household = ("family", family[s.psn_no]) if s.psn_no in family else ("person", s.psn_no)
        groups[(*household, moment(s.setl_time).year)].append(s)

    answer: dict[str, list[Line] | str] = {}
    for group in groups.values():
        history: list[Line] = []
        for s in sorted(group, key=lambda s: (moment(s.setl_time), s.setl_id.encode())):  # READING 5
            found = settle(policy, persons, s, history)
            answer[s.setl_id] = found
            if not isinstance(found, str):
                history += found
    return answer


def settle(policy: Policy, persons: list[Held], s: Settlement, history: list[Line]) -> list[Line] | str:
    """One settlement. ``history``: the earlier lines of the same household and year."""
    if s.refd_setl_flag == "1":
        return REVERSED
    identity = effective_identity(policy, persons, s.psn_no, moment(s.setl_time).date())
    if identity is None:
        return NO_IDENTITY
    left = max(0, s.inscp_scp_amt - insured(s))
    lines: list[Line] = []
    for component in policy.components:
        if covers(component, s, identity):
            line = pay(policy, component, identity, s, left, history, lines)
            left -= line.paid_amt
            lines.append(line)
    return lines or NOT_COVERED


def pay(
    policy: Policy, component: Component, identity: str, s: Settlement, left: int, history: list[Line], here: list[Line]
) -> Line:
    """One component of one settlement, steps 1 to 6. ``here``: the lines of this settlement's earlier components."""
    entry = component.table[identity]
    before = history + here

    def of_owner(account: str) -> list[Line]:
        return [b for b in before if policy.accounts[account] == "family" or b.psn_no == s.psn_no]

    # 1 base
    base = {
        "remaining": left,
        "deductible": min(s.act_pay_dedc, left),
        "scope": s.inscp_scp_amt,
        "cash": s.psn_cash_pay,
        "total": s.medfee_sumamt,
    }[component.base]

    # 2 deductible: the visit's first, then what is still open of the year's
    visit_use = min(base, entry.visit_deductible)
    use = 0
    account = component.deductible_account
    if account is not None:
        used = sum(b.deductible_used for b in of_owner(account) if b.deductible_account == account)
        use = min(base - visit_use, max(0, deductible(policy, entry) - used))  # READING 1

    # 3 ratio
    counted = base - visit_use - use
    if entry.tiers:
        so_far = sum(b.counted for b in before if b.benefit == component.code and b.psn_no == s.psn_no)  # READING 2
        raw = half_up(over_tiers(entry.tiers, so_far, so_far + counted))
    elif entry.by_level:
        level = s.hosp_lv if s.hosp_lv in entry.by_level else OTHER_LEVELS
        raw = half_up(entry.by_level[level] * counted)
    else:
        assert entry.ratio is not None
        raw = half_up(entry.ratio * counted)

    # 4 top-up
    topped_up = False
    if component.top_up is not None and tops_up(component.top_up, identity, s):
        floor = half_up(component.top_up.ratio * s.inscp_scp_amt) - insured(s) - sum(b.paid_amt for b in here)
        topped_up = floor > raw
        raw = max(raw, floor)

    # 5 never more than what the person owes
    raw = max(0, min(raw, left))

    # 6 caps: the visit's, then every named account's
    paid = raw if entry.visit_cap is None else min(raw, entry.visit_cap)  # READING 4
    rooms = []
    for name, cap in entry.caps.items():
        if cap is not None:
            spent = sum(b.paid_amt for b in of_owner(name) if name in b.cap_accounts)
            rooms.append(max(0, cap - spent))
    paid = min([paid, *rooms])
    return Line(
        setl_id=s.setl_id,
        psn_no=s.psn_no,
        benefit=component.code,
        identity=identity,
        base_amt=base,
        deductible_used=use,
        raw_amt=raw,
        cap_left_before=min(rooms) if rooms else None,  # READING 3
        paid_amt=paid,
        visit_deductible_used=visit_use,
        counted=counted,
        deductible_account=account,
        cap_accounts=tuple(entry.caps),
        topped_up=topped_up,
    )


def effective_identity(policy: Policy, persons: list[Held], psn_no: str, day: date) -> str | None:
    """The first identity of the precedence that the person holds on that day."""
    held = {
        h.identity
        for h in persons
        if h.psn_no == psn_no
        and moment(h.begntime).date() <= day
        and (not h.endtime or day <= moment(h.endtime).date())
    }
    return next((name for name in policy.precedence if name in held), None)


def covers(component: Component, s: Settlement, identity: str) -> bool:
    return (
        s.med_type in component.kinds
        and (not component.insurance or s.insutype in component.insurance)  # READING 6
        and identity in component.table
    )


def tops_up(top_up: TopUp, identity: str, s: Settlement) -> bool:
    if identity not in top_up.identities:
        return False
    if not top_up.own_province_only:
        return True
    home, place = s.insuplc_admdvs[:2], s.mdtrtarea_admvs[:2]
    return len(home) == 2 and home.isdigit() and home == place


def insured(s: Settlement) -> int:
    """What everybody but our own assistance paid."""
    return sum(getattr(s, name) for name in INSURERS)


def deductible(policy: Policy, entry: Entry) -> int:
    if isinstance(entry.deductible, Share):
        return half_up(entry.deductible.share * policy.figures[entry.deductible.of])
    return entry.deductible


def over_tiers(tiers: tuple[Tier, ...], low: int, high: int) -> Fraction:
    """The part (low, high] of the year's running sum, each slice at its ratio, not yet rounded."""
    amount = Fraction(0)
    begin = 0
    for tier in tiers:
        end = high if tier.upto is None else tier.upto
        amount += tier.ratio * max(0, min(high, end) - max(low, begin))
        begin = end
    return amount


def half_up(amount: Fraction) -> int:
    return math.floor(amount + Fraction(1, 2))


def moment(text: str) -> datetime:
    """``YYYY-MM-DD[ HH:MM:SS]`` (or ``YYYYMMDD``) in Shanghai's time; an offset is converted."""
    when = datetime.fromisoformat(text)
    if when.tzinfo is not None:
        when = when.astimezone(timezone(timedelta(hours=8))).replace(tzinfo=None)
    return when


def fen(text: str) -> int:
    """Yuan as in the files to fen; empty is 0."""
    amount = Fraction(text or "0") * 100
    if amount.denominator != 1:
        raise ValueError(f"more than two decimals: {text}")
    return amount.numerator
