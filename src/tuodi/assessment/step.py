"""The one implementation of the benefit rules: one settlement's components, one after the other.

Everything is an integer in a flat sequence, because the very same functions run in two ways: called directly on lists
for one settlement or a county (reference), and compiled on arrays for millions (``columnar``). They therefore use only
what both know: integers, indexing, ``min``, ``max``, loops. Words, clauses and files live elsewhere; what a reader
needs to explain a payment is left in ``trace``.

Source: docs/algorithms/benefit.md, section 四, steps 1 to 7.
"""

from collections.abc import MutableSequence, Sequence
from typing import Final, NamedTuple

from tuodi.kernel.money import RATIO_SCALE, half_up

# What a ratio is taken of.
REMAINING: Final = 0
DEDUCTIBLE: Final = 1
SCOPE: Final = 2
CASH: Final = 3
TOTAL: Final = 4

# One rule (a component's row for one identity) takes RULE_WIDTH places in ``Book.rules``.
R_BASE: Final = 0
R_VISIT_DEDUCTIBLE: Final = 1
R_DEDUCTIBLE_SLOT: Final = 2  # -1: no deductible
R_DEDUCTIBLE_SHARED: Final = 3  # 1: the account belongs to the family
R_DEDUCTIBLE: Final = 4
R_RATIO: Final = 5
R_TIER_FIRST: Final = 6
R_TIER_LAST: Final = 7  # equal to R_TIER_FIRST: no tiers, R_RATIO counts
R_TIER_SLOT: Final = 8  # -1: the component has no tiers for anybody
R_LEVEL_FIRST: Final = 9  # -1: the ratio does not depend on the hospital's level
R_TOP_UP: Final = 10  # 0: no top-up
R_TOP_UP_OWN_PROVINCE: Final = 11
R_VISIT_CAP: Final = 12  # -1: none
R_CAP_FIRST: Final = 13
R_CAP_LAST: Final = 14
RULE_WIDTH: Final = 15

TIER_WIDTH: Final = 2  # upper bound (included), ratio
CAP_WIDTH: Final = 3  # slot, shared by the family, amount (-1: no cap, the payment still counts)

# One line of the trace: what happened in one component.
T_RULE: Final = 0
T_LEFT: Final = 1
T_BASE: Final = 2
T_VISIT_USED: Final = 3
T_DEDUCTIBLE_BEFORE: Final = 4
T_DEDUCTIBLE_USED: Final = 5
T_RATIO: Final = 6  # -1: tiers
T_TIER_BEFORE: Final = 7
T_BY_RATIO: Final = 8
T_TOP_UP: Final = 9  # amount, or one of the three below
T_RAW: Final = 10
T_CAP_LEFT: Final = 11  # -1: no cap
T_PAID: Final = 12
TRACE_WIDTH: Final = 13

NO_TOP_UP: Final = -1
OTHER_PROVINCE: Final = -2
PROVINCE_UNKNOWN: Final = -3

UNBOUNDED: Final = 2**62


class Book(NamedTuple):
    """The rules of one or several documents as flat integers; ``rulebook`` makes it from ``PolicyDocument``.

    ``plan`` lists, for each way a settlement can be covered, the rules that apply in the policy's order; callers name a
    stretch of it by ``first`` and ``last``.
    """

    rules: Sequence[int]
    tiers: Sequence[int]
    levels: Sequence[int]
    caps: Sequence[int]
    plan: Sequence[int]


class Bill(NamedTuple):
    """What the step needs of one settlement; amounts in fen.

    ``level`` is the place of the hospital's level in the book's list (0: another one). ``own_province`` is 1 or 0, and
    -1 where a region code is too short to tell.
    """

    scope: int
    insured: int
    deductible_paid: int
    cash: int
    total: int
    level: int
    own_province: int


def step(
    book: Book,
    first: int,
    last: int,
    bill: Bill,
    state: MutableSequence[int],
    person_at: int,
    family_at: int,
    trace: MutableSequence[int],
    trace_at: int = 0,
) -> int:
    """Assess one settlement that counts; return what is paid in all (fen).

    Shapes:  ``book.plan[first:last]`` are the rules that apply; ``state`` holds the year's accumulators, a person's
             from ``person_at``, the family's from ``family_at``; ``trace`` receives ``last - first`` lines of
             TRACE_WIDTH from ``trace_at`` on.
    Units:   fen; ratios in millionths.
    Effect:  ``state`` is raised in place. The caller keeps a copy if it wants the earlier state back.
    Source:  docs/algorithms/benefit.md, section 四.
    """
    left = max(0, bill.scope - bill.insured)
    paid_so_far = 0
    for line in range(last - first):
        rule = book.plan[first + line] * RULE_WIDTH
        base = _base(book.rules[rule + R_BASE], bill, left)
        visit_used = min(base, book.rules[rule + R_VISIT_DEDUCTIBLE])
        used_before = 0
        used = 0
        if book.rules[rule + R_DEDUCTIBLE_SLOT] >= 0:
            at = family_at if book.rules[rule + R_DEDUCTIBLE_SHARED] else person_at
            at += book.rules[rule + R_DEDUCTIBLE_SLOT]
            used_before = state[at]
            used = min(base - visit_used, max(0, book.rules[rule + R_DEDUCTIBLE] - used_before))
            state[at] = used_before + used
        counted = base - visit_used - used

        ratio = _ratio(book, rule, bill.level)
        tier_before = 0
        if book.rules[rule + R_TIER_SLOT] >= 0:
            at = person_at + book.rules[rule + R_TIER_SLOT]
            tier_before = state[at]
            state[at] = tier_before + counted
        if ratio < 0:
            by_ratio = half_up(_tiered(book, rule, tier_before, counted), RATIO_SCALE)
        else:
            by_ratio = half_up(counted * ratio, RATIO_SCALE)
        top_up = _top_up(book, rule, bill, paid_so_far)
        raw = max(0, min(max(by_ratio, top_up), left))

        cap_left = _cap_left(book, rule, state, person_at, family_at)
        paid = raw
        if book.rules[rule + R_VISIT_CAP] >= 0:
            paid = min(paid, book.rules[rule + R_VISIT_CAP])
        if cap_left >= 0:
            paid = min(paid, cap_left)
        _count_into_caps(book, rule, state, person_at, family_at, paid)

        to = trace_at + line * TRACE_WIDTH
        trace[to + T_RULE] = book.plan[first + line]
        trace[to + T_LEFT] = left
        trace[to + T_BASE] = base
        trace[to + T_VISIT_USED] = visit_used
        trace[to + T_DEDUCTIBLE_BEFORE] = used_before
        trace[to + T_DEDUCTIBLE_USED] = used
        trace[to + T_RATIO] = ratio
        trace[to + T_TIER_BEFORE] = tier_before
        trace[to + T_BY_RATIO] = by_ratio
        trace[to + T_TOP_UP] = top_up
        trace[to + T_RAW] = raw
        trace[to + T_CAP_LEFT] = cap_left
        trace[to + T_PAID] = paid
        left -= paid
        paid_so_far += paid
    return paid_so_far


def _base(kind: int, bill: Bill, left: int) -> int:
    """Step 1. Only the first two bases are limited by what is left; the others meet that limit in step 5."""
    if kind == REMAINING:
        return left
    if kind == DEDUCTIBLE:
        return min(bill.deductible_paid, left)
    if kind == SCOPE:
        return bill.scope
    if kind == CASH:
        return bill.cash
    return bill.total


def _ratio(book: Book, rule: int, level: int) -> int:
    """Return the ratio in millionths, -1 where it is tiered."""
    if book.rules[rule + R_TIER_LAST] > book.rules[rule + R_TIER_FIRST]:
        return -1
    if book.rules[rule + R_LEVEL_FIRST] >= 0:
        return book.levels[book.rules[rule + R_LEVEL_FIRST] + level]
    return book.rules[rule + R_RATIO]


def _tiered(book: Book, rule: int, before: int, counted: int) -> int:
    """Return the sum over the slices of the year's running sum, in millionths of a fen: it is rounded once."""
    product = 0
    lower = 0
    for tier in range(book.rules[rule + R_TIER_FIRST], book.rules[rule + R_TIER_LAST]):
        upper = book.tiers[tier * TIER_WIDTH]
        inside = min(before + counted, upper) - max(before, lower)
        if inside > 0:
            product += inside * book.tiers[tier * TIER_WIDTH + 1]
        lower = upper
    return product


def _top_up(book: Book, rule: int, bill: Bill, paid_so_far: int) -> int:
    """Step 4: what would bring the combined payment of this settlement up to the policy's share of the scope."""
    share = book.rules[rule + R_TOP_UP]
    if share == 0:
        return NO_TOP_UP
    if book.rules[rule + R_TOP_UP_OWN_PROVINCE] and bill.own_province != 1:
        return OTHER_PROVINCE if bill.own_province == 0 else PROVINCE_UNKNOWN
    return max(0, half_up(bill.scope * share, RATIO_SCALE) - bill.insured - paid_so_far)


def _cap_left(book: Book, rule: int, state: Sequence[int], person_at: int, family_at: int) -> int:
    """Step 6: the least that is left under the rule's caps, -1 where none is set."""
    left = -1
    for cap in range(book.rules[rule + R_CAP_FIRST], book.rules[rule + R_CAP_LAST]):
        amount = book.caps[cap * CAP_WIDTH + 2]
        if amount >= 0:
            at = family_at if book.caps[cap * CAP_WIDTH + 1] else person_at
            here = max(0, amount - state[at + book.caps[cap * CAP_WIDTH]])
            left = here if left < 0 else min(left, here)
    return left


def _count_into_caps(
    book: Book, rule: int, state: MutableSequence[int], person_at: int, family_at: int, paid: int
) -> None:
    """Every named account is raised by what is paid, whether it has a cap or not."""
    for cap in range(book.rules[rule + R_CAP_FIRST], book.rules[rule + R_CAP_LAST]):
        at = family_at if book.caps[cap * CAP_WIDTH + 1] else person_at
        state[at + book.caps[cap * CAP_WIDTH]] += paid


def effective(
    ranks: Sequence[int],
    ranks_at: int,
    identities: Sequence[int],
    begins: Sequence[int],
    ends: Sequence[int],
    first: int,
    last: int,
    day: int,
) -> int:
    """Return the rank of the identity that counts on ``day`` (就高不就低: the lowest rank held), -1 if none.

    Holdings ``first`` to ``last`` belong to the person; ``begins`` and ``ends`` are day ordinals, both included;
    ``ranks[ranks_at + identity]`` is the document's precedence, -1 for an identity it does not list.
    """
    best = -1
    for holding in range(first, last):
        if begins[holding] <= day <= ends[holding]:
            rank = ranks[ranks_at + identities[holding]]
            if rank >= 0 and (best < 0 or rank < best):
                best = rank
    return best


def in_force(begins: Sequence[int], ends: Sequence[int], day: int) -> int:
    """Return which document is in force on ``day`` (ordinals, both included), -1 if none; they do not overlap."""
    for document in range(len(begins)):
        if begins[document] <= day <= ends[document]:
            return document
    return -1


COMPILED_TOGETHER: Final = (
    "half_up", "_base", "_ratio", "_tiered", "_top_up", "_cap_left", "_count_into_caps", "step",
    "effective", "in_force",
)  # fmt: skip
"""Names the columnar engine compiles, each before those that call it."""
