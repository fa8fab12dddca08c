"""Worlds to compare the product and the oracle on: a random policy, its persons, their settlements.

How to write one as files: files.py.

Entry points:
- ``random_world(seed, without=(), max_persons=8, max_settlements=60) -> World``: the same seed, the same world.
- ``worlds(without=(), max_persons=4, max_settlements=12)``: the Hypothesis strategy over the same generator.
- ``world_of(policy, seed, ...) -> World``: as random_world, with a given policy (one of the five, say).

``without`` switches features off (names in FEATURES), to narrow down a difference. Every world is free of row errors:
a product that withholds anybody in it is wrong.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from tests.oracle.benefit import (
    AMOUNTS,
    INSURERS,
    OTHER_LEVELS,
    Component,
    Entry,
    Held,
    Policy,
    Settlement,
    Share,
    Tier,
    TopUp,
    assess,
    deductible,
    insured,
)

FEATURES = frozenset(
    {
        "bases",  # other bases than what remains
        "families",  # accounts owned by the family
        "insurance",  # components of one insurance type
        "levels",  # ratios by hospital level
        "shares",  # deductibles as a share of a figure
        "several_caps",  # more than one cap account in a cell
        "shared_accounts",  # components naming the same account
        "tiers",  # tiered ratios
        "top_up",
        "uneven_cells",  # cells of one component naming different cap accounts
        "visit",  # deductible and cap per visit
    }
)
YEARS = (2024, 2025)
KINDS = ("11", "13", "14", "16", "21")
IDENTITIES = ("特困人员", "返贫致贫人口", "低保对象", "监测对象", "低保边缘家庭成员", "因病致贫重病患者")
UNLISTED = "脱贫人口"
FIGURE = "disposable_income_2023"
RATIOS = ("0.50", "0.70", "0.85", "0.91", "1.00", "0.05", "0.125", "0.3333", "0.6667")
BASES = ("remaining", "remaining", "remaining", "deductible", "scope", "cash", "total")


@dataclass(frozen=True)
class World:
    policy: Policy
    persons: list[Held]
    settlements: list[Settlement]


def random_world(seed: int, without: Collection[str] = (), max_persons: int = 8, max_settlements: int = 60) -> World:
    rng = random.Random(seed)
    return _world(rng, _policy(rng, _features(without)), max_persons, max_settlements)


def world_of(policy: Policy, seed: int, max_persons: int = 8, max_settlements: int = 60) -> World:
    return _world(random.Random(seed), policy, max_persons, max_settlements)


def worlds(without: Collection[str] = (), max_persons: int = 4, max_settlements: int = 12) -> st.SearchStrategy[World]:
    features = _features(without)

    def build(rng: random.Random) -> World:
        return _world(rng, _policy(rng, features), max_persons, max_settlements)

    return st.randoms(use_true_random=False).map(build)


def _features(without: Collection[str]) -> frozenset[str]:
    unknown = set(without) - FEATURES
    if unknown:
        raise ValueError(f"unknown features: {sorted(unknown)}")
    return FEATURES - set(without)


def _world(rng: random.Random, policy: Policy, max_persons: int, max_settlements: int) -> World:
    numbers = [f"P{n:03d}" for n in range(rng.randint(1, max_persons))]
    persons = [row for psn_no in numbers for row in _held(rng, policy, psn_no)]
    rng.shuffle(persons)
    settlements = _settlements(rng, policy, persons, numbers, max_settlements)
    return World(policy, persons, _sharpened(rng, policy, persons, settlements))


# --- policies --------------------------------------------------------------------------------------------------------


def _policy(rng: random.Random, features: frozenset[str]) -> Policy:
    def on(feature: str, chance: float) -> bool:
        return feature in features and rng.random() < chance

    precedence = tuple(rng.sample(IDENTITIES, rng.randint(1, 4)))
    owner = {n: "family" if on("families", 0.2) else "person" for n in ("deductible_a", "deductible_b")}
    owner |= {n: "family" if on("families", 0.2) else "person" for n in ("cap_a", "cap_b", "cap_c", "cap_all")}
    components = []
    for n in range(rng.randint(1, 4)):
        suffix = rng.choice("ab") if "shared_accounts" in features else str(n)
        deductible_account = f"deductible_{suffix}" if rng.random() < 0.6 else None
        caps = [rng.choice(("cap_a", "cap_b", "cap_c")) if "shared_accounts" in features else f"cap_{n}"]
        if on("several_caps", 0.4):
            caps.append("cap_all" if "shared_accounts" in features else f"cap_all_{n}")
        if rng.random() < 0.15:
            caps = []
        for name in (deductible_account, *caps):
            if name is not None:
                owner.setdefault(name, "family" if on("families", 0.2) else "person")
        covered = [name for name in precedence if rng.random() < 0.8] or [precedence[0]]
        table = {name: _entry(rng, on, deductible_account is not None, caps) for name in covered}
        top_up = None
        if on("top_up", 0.4):
            top_up = TopUp(
                identities=tuple(rng.sample(covered, rng.randint(1, len(covered)))),
                ratio=Fraction(rng.choice(("0.90", "0.95", "0.80", "1.00"))),
                own_province_only=rng.random() < 0.7,
            )
        components.append(
            Component(
                code=f"aid_{n + 1}",
                kinds=tuple(sorted(rng.sample(KINDS, rng.randint(1, 3)))),
                insurance=(rng.choice(("310", "390")),) if on("insurance", 0.25) else (),
                base=rng.choice(BASES) if "bases" in features else "remaining",
                deductible_account=deductible_account,
                table=table,
                top_up=top_up,
            )
        )
    cells = [e for c in components for e in c.table.values()]
    named = {c.deductible_account for c in components} | {account for e in cells for account in e.caps}
    uses_figure = any(isinstance(e.deductible, Share) for e in cells)
    return Policy(
        id=f"random-{rng.randint(0, 999999)}",
        precedence=precedence,
        components=tuple(components),
        accounts={name: kind for name, kind in owner.items() if name in named},
        figures={FIGURE: rng.choice((3092400, 1234565, 100004))} if uses_figure else {},
    )


def _entry(rng: random.Random, on: Callable[[str, float], bool], with_deductible: bool, caps: Sequence[str]) -> Entry:
    entry = Entry(ratio=Fraction(rng.choice(RATIOS)))
    if on("tiers", 0.25):
        bounds = sorted(rng.sample((5000, 12345, 100000, 250001, 800000), rng.randint(1, 3)))
        entry = Entry(tiers=tuple(Tier(bound, Fraction(rng.choice(RATIOS))) for bound in [*bounds, None]))
    elif on("levels", 0.25):
        levels = [*rng.sample("123", rng.randint(1, 3)), OTHER_LEVELS]
        entry = Entry(by_level={level: Fraction(rng.choice(RATIOS)) for level in sorted(levels)})
    if with_deductible:
        entry = replace(entry, deductible=rng.choice((0, 1, 30000, 99999, 309240, 750000)))
        if on("shares", 0.3):
            entry = replace(entry, deductible=Share(Fraction(rng.choice(("0.10", "0.25", "0.125"))), FIGURE))
    if on("visit", 0.25):
        entry = replace(entry, visit_deductible=rng.choice((1, 5000, 20001)))
    if on("visit", 0.25):
        entry = replace(entry, visit_cap=rng.choice((10000, 50001, 300000)))
    names = list(caps)
    if names and on("uneven_cells", 0.15):
        names.pop(rng.randrange(len(names)))
    amounts = (1, 28000, 150000, 400001, 2500000, None)
    return replace(entry, caps={name: rng.choice(amounts) for name in names})


# --- persons ---------------------------------------------------------------------------------------------------------


def _held(rng: random.Random, policy: Policy, psn_no: str) -> list[Held]:
    """Nobody, one for good, one ending, one beginning, one after another, two at once, one the policy does not list."""
    family_no = rng.choice(("", "F1", "F1", "F2", "F3"))
    one, two = rng.choice(policy.precedence), rng.choice(policy.precedence)
    turn = _day(rng)
    before = (turn - timedelta(days=1)).isoformat()
    rows: list[tuple[str, str, str]] = rng.choice(
        (
            [(one, "2023-01-01", "")],
            [(one, "2023-01-01", ""), (two, turn.isoformat(), "")],
            [(one, "2023-01-01", before), (two, turn.isoformat(), "")],
            [(one, "2023-01-01", f"{turn.isoformat()} 00:00:00"), (two, turn.isoformat(), "2025-12-31")],
            [(one, f"{turn.isoformat()} 23:59:59", "")],
            [(one, "2023-01-01 00:00:00", f"{turn.isoformat()} 23:59:59")],
            [(one, turn.isoformat(), turn.isoformat())],
            [(UNLISTED, "2023-01-01", "")],
            [(UNLISTED, "2023-01-01", ""), (one, turn.isoformat(), "")],
            [],
        )
    )
    return [Held(psn_no, identity, begin, end, family_no) for identity, begin, end in rows]


def _day(rng: random.Random) -> date:
    """Mostly one of a few days, so that changes and settlements fall on the same day."""
    year = rng.choice(YEARS)
    if rng.random() < 0.8:
        month, day = rng.choice(((1, 1), (12, 31), (6, 30), (7, 1), (7, 2)))
        return date(year, month, day)
    return date(year, 1, 1) + timedelta(days=rng.randrange(365))


# --- settlements -----------------------------------------------------------------------------------------------------


def _settlements(
    rng: random.Random, policy: Policy, persons: list[Held], numbers: list[str], most: int
) -> list[Settlement]:
    covered = sorted({kind for c in policy.components for kind in c.kinds})
    thresholds = _thresholds(policy)
    known = sorted({h.psn_no for h in persons}) or numbers
    ids = rng.sample(range(3000), most)
    settlements = []
    for n in range(rng.randint(1, most)):
        s = Settlement(
            # Ids of different length and case: their order is by bytes, not by number
            setl_id=rng.choice(("S", "s", "SA", "S-")) + str(ids[n]),
            psn_no=rng.choice(known) if rng.random() < 0.92 else rng.choice((*numbers, "UNKNOWN")),
            setl_time=_time(rng),
            med_type=rng.choice(covered) if rng.random() < 0.85 else rng.choice(KINDS),
            insutype=rng.choice(("390", "390", "310", "")),
            insuplc_admdvs=rng.choice(("141122", "141122", "141122", "110108", "1", "")),
            mdtrtarea_admvs=rng.choice(("141122", "140101", "14", "110108", "1", "")),
            fixmedins_code="H14112200001",
            hosp_lv=rng.choice(("1", "2", "3", "")),
            refd_setl_flag=rng.choice(("0", "0", "0", "")),
        )
        s = replace(s, **_amounts(rng, thresholds))
        if rng.random() < 0.06:
            s = replace(s, refd_setl_flag="1")
            if rng.random() < 0.5:  # the mirror of a reversed one
                mirror: dict[str, Any] = {name: -getattr(s, name) for name in AMOUNTS}
                s = replace(s, **mirror)
        settlements.append(s)
    return settlements


def _time(rng: random.Random) -> str:
    day = _day(rng).isoformat()
    return rng.choice((day, f"{day} 00:00:00", f"{day} 08:30:00", f"{day} 08:30:00", f"{day} 23:59:59"))


def _thresholds(policy: Policy) -> list[int]:
    """The amounts at which something changes: deductibles, caps, bounds, and the amounts whose benefit is the cap."""
    found: set[int] = set()
    for entry in (e for c in policy.components for e in c.table.values()):
        first = deductible(policy, entry)
        ratios = [entry.ratio, *(t.ratio for t in entry.tiers), *entry.by_level.values()]
        found |= {first, entry.visit_deductible, first + entry.visit_deductible}
        found |= {first + tier.upto for tier in entry.tiers if tier.upto is not None}
        for cap in (entry.visit_cap, *entry.caps.values()):
            if cap is not None:
                above = [int((cap + more) / ratio) for ratio in ratios if ratio for more in (-1, 0, 1)]
                found |= {cap} | {first + entry.visit_deductible + amount for amount in above}
    return sorted(found - {0}) or [100000]


def _amount(rng: random.Random, thresholds: list[int]) -> int:
    """Around a threshold, or around a half or third of one so that several settlements reach it together."""
    if rng.random() < 0.2:
        return rng.choice((0, 1, rng.randrange(300), rng.randrange(5_000_000)))
    aim = rng.choice(thresholds)
    aim = rng.choice((aim, aim, aim // 2, aim - aim // 2, aim // 3, 2 * aim))
    return max(0, aim + rng.choice((-1, 0, 0, 1)))


def _amounts(rng: random.Random, thresholds: list[int]) -> dict[str, Any]:
    """The fields in fen; one of what remains, scope, cash, total or the insurer's deductible meets a threshold."""
    aim = _amount(rng, thresholds)
    aimed_at = rng.choice(("remaining", "remaining", "remaining", "scope", "cash", "total", "deductible"))
    others = rng.choice((0, aim, 3 * aim, rng.randrange(3_000_000)))
    scope = aim + others
    if aimed_at == "scope":
        scope = aim
        others = aim * rng.randrange(101) // 100
    if rng.random() < 0.05:
        others = scope + rng.choice((1, 12345))  # the insurers paid more than the scope
    parts = dict.fromkeys(INSURERS, 0)
    parts["hifp_pay"] = others * rng.choice((100, 100, 80, 55)) // 100
    parts[rng.choice(INSURERS[1:])] = others - parts["hifp_pay"]
    own = [rng.choice((0, 0, rng.randrange(50_000))) for _ in range(3)]
    total = scope + sum(own)
    if aimed_at == "total":
        total = aim  # the parts then do not add up, which is only a warning
    return {
        **parts,
        "inscp_scp_amt": scope,
        "fulamt_ownpay_amt": own[0],
        "overlmt_selfpay": own[1],
        "preselfpay_amt": own[2],
        "medfee_sumamt": total,
        "act_pay_dedc": aim if aimed_at == "deductible" else rng.choice((0, 30000, 50000, aim + 1)),
        "psn_cash_pay": aim if aimed_at == "cash" else max(0, total - others),
        "maf_pay": rng.choice((0, 0, 12345)),
    }


def _sharpened(
    rng: random.Random, policy: Policy, persons: list[Held], settlements: list[Settlement]
) -> list[Settlement]:
    """Some settlements changed so that they meet, by a fen, what their deductible or cap still leaves open that day."""
    components = {c.code: c for c in policy.components}
    by_id = {s.setl_id: s for s in settlements}
    for _ in range(len(settlements) // 5):
        answer = assess(policy, persons, list(by_id.values()))
        lines = [line for found in answer.values() if not isinstance(found, str) for line in found]
        if not lines:
            break
        line = rng.choice(lines)
        component, s = components[line.benefit], by_id[line.setl_id]
        entry = component.table[line.identity]
        target = line.visit_deductible_used + line.deductible_used
        ratio = entry.ratio or entry.by_level.get(s.hosp_lv) or entry.by_level.get(OTHER_LEVELS) or entry.tiers[0].ratio
        if line.cap_left_before and rng.random() < 0.7:
            target += math.ceil((line.cap_left_before + rng.choice((-1, 0, 1))) / ratio)
        else:
            target += rng.choice((-1, 0, 1))
        by_id[s.setl_id] = _with_base(s, component.base, max(0, target))
    return list(by_id.values())


def _with_base(s: Settlement, base: str, target: int) -> Settlement:
    """The settlement with this base, if no earlier component takes from it."""
    if base == "scope":
        nobody: dict[str, Any] = dict.fromkeys(INSURERS, 0)
        return replace(s, **nobody, inscp_scp_amt=target)
    named = {"deductible": "act_pay_dedc", "cash": "psn_cash_pay", "total": "medfee_sumamt"}
    s = replace(s, inscp_scp_amt=insured(s) + target)
    aimed: dict[str, Any] = {named[base]: target} if base in named else {}
    return replace(s, **aimed)
