"""The loops over rows, in the subset of Python that Numba compiles (``compiled``). No benefit rule stands here.

Text columns come as Arrow lays them out: the bytes of all values one after the other, and ``offsets`` of length n + 1.
Persons, owners and documents are numbers; -1 means there is none.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tuodi.assessment.columnar.texts import Bytes, Ints, less, same
from tuodi.assessment.step import T_PAID, TRACE_WIDTH, Bill, Book, effective, in_force, step

COUNTS = 0
REVERSED = 1
LEFT_OUT = 2
BLANK = 3
"""What ``Columns.flag`` says of a row: it counts, is reversed, is refused or a repetition, or is empty."""

# The outcomes as numbers; ``year.Outcome`` is the same list.
ASSESSED, WAS_REVERSED, NOT_ON_ROSTER, NO_IDENTITY, NOT_COVERED, NO_POLICY, WITHHELD = range(7)

IN_ORDER = -1
ORDINAL_OF_EPOCH = 719163
SECONDS_OF_DAY = 86400


class Lookup(NamedTuple):
    """The rulebook's look-ups as arrays (``rulebook.Rulebook``); ``ranks`` has a row of ``identities`` per document."""

    begins: Ints
    ends: Ints
    ranks: Ints
    identities: int
    plan_first: Ints
    plan_last: Ints
    most_identities: int
    kinds: int
    insurances: int
    person_slots: int
    family_slots: int


class Roster(NamedTuple):
    """Persons numbered from 0 in the order of their names' hashes, each with a stretch of holdings.

    ``starts[hash >> shift]`` is the first person who may have a hash; rows that come in the order of hashes therefore
    walk through all of these arrays from front to back, which is what makes millions of persons fast.
    """

    names: Bytes
    offsets: NDArray[np.int32]
    hashes: NDArray[np.uint64]
    starts: NDArray[np.int32]
    shift: int
    first: NDArray[np.int32]
    identity: NDArray[np.int32]
    begin: NDArray[np.int32]
    end: NDArray[np.int32]
    owner: NDArray[np.int32]


class Accumulators(NamedTuple):
    """The year's accumulators of every person, then of every family, and when each was last touched."""

    state: Ints
    families_at: int
    person_year: NDArray[np.int16]
    owner_year: NDArray[np.int16]
    owner_time: Ints
    owner_row: NDArray[np.int32]


class Columns(NamedTuple):
    """One batch of settlements: numbers only, one entry per row; amounts in fen, ``time`` in local seconds."""

    person: NDArray[np.int32]
    time: Ints
    year: NDArray[np.int32]
    kind: NDArray[np.int32]
    insurance: NDArray[np.int32]
    level: NDArray[np.int32]
    own_province: NDArray[np.int8]
    scope: Ints
    insured: Ints
    deductible_paid: Ints
    cash: Ints
    total: Ints
    flag: NDArray[np.int8]


class Results(NamedTuple):
    """What the loop writes for a batch: per row its outcome, per line (component) its paid amount.

    ``line_first`` has n + 1 entries.
    """

    outcome: NDArray[np.int8]
    document: NDArray[np.int32]
    rank: NDArray[np.int32]
    line_first: NDArray[np.int32]
    rule: NDArray[np.int32]
    paid: Ints
    trace: Ints


def find_persons(
    data: Bytes,
    offsets: Ints,
    hashes: NDArray[np.uint64],
    order: Ints,
    roster: Roster,
    person: NDArray[np.int32],
) -> None:
    """Write each row's person number, -1 where the roster does not have the name; rows are taken in ``order``."""
    count = len(roster.hashes)
    for at in range(len(order)):
        row = order[at]
        value = hashes[row]
        number = roster.starts[value >> np.uint64(roster.shift)]
        while number < count and roster.hashes[number] < value:
            number += 1
        found = -1
        while number < count and roster.hashes[number] == value:
            if same(
                data, offsets[row], offsets[row + 1], roster.names, roster.offsets[number], roster.offsets[number + 1]
            ):
                found = number
                break
            number += 1
        person[row] = found


def assess_batch(
    book: Book,
    lookup: Lookup,
    roster: Roster,
    columns: Columns,
    order: Ints,
    accumulators: Accumulators,
    withheld: Ints,
    ids: Bytes,
    id_offsets: Ints,
    first_row: int,
    keep: bool,
    results: Results,
) -> int:
    """Assess rows, each owner's in the file's order; return IN_ORDER, or a row that came after a later one.

    ``columns`` and ``results`` stand in the order of ``order``, which lists the batch's rows owner by owner.

    ``withheld`` holds sorted keys (owner × 10000 + year; year 0: every year) of owners whose results are held back.
    ``first_row`` counts the rows of earlier batches. ``keep``: every line's trace is kept, else each row's overwrites
    the last one's.
    """
    lines = 0
    for row in range(len(columns.person)):
        results.line_first[row] = lines
        results.document[row] = -1
        results.rank[row] = -1
        person = columns.person[row]
        if columns.flag[row] >= LEFT_OUT:
            results.outcome[row] = WITHHELD
            continue
        if len(withheld) and person >= 0 and is_withheld(withheld, roster.owner[person], columns.year[row]):
            results.outcome[row] = WITHHELD
            continue
        if columns.flag[row] == REVERSED:
            results.outcome[row] = WAS_REVERSED
            continue
        day = columns.time[row] // SECONDS_OF_DAY + ORDINAL_OF_EPOCH
        document = in_force(lookup.begins, lookup.ends, day)
        results.document[row] = document
        if document < 0:
            results.outcome[row] = NO_POLICY
            continue
        if person < 0:
            results.outcome[row] = NOT_ON_ROSTER
            continue
        if not turn(accumulators, lookup, roster, columns, row, order[row], first_row, ids, id_offsets):
            return order[row]
        rank = effective(
            lookup.ranks, document * lookup.identities, roster.identity, roster.begin, roster.end,
            roster.first[person], roster.first[person + 1], day,
        )  # fmt: skip
        results.rank[row] = rank
        if rank < 0:
            results.outcome[row] = NO_IDENTITY
            continue
        width = (lookup.kinds + 1) * (lookup.insurances + 1)
        plan = (document * lookup.most_identities + rank) * width
        plan += columns.kind[row] * (lookup.insurances + 1) + columns.insurance[row]
        first, last = lookup.plan_first[plan], lookup.plan_last[plan]
        if first == last:
            results.outcome[row] = NOT_COVERED
            continue
        results.outcome[row] = ASSESSED
        bill = Bill(
            columns.scope[row], columns.insured[row], columns.deductible_paid[row], columns.cash[row],
            columns.total[row], np.int64(columns.level[row]), np.int64(columns.own_province[row]),
        )  # fmt: skip
        person_at = np.int64(person) * lookup.person_slots
        family_at = accumulators.families_at + np.int64(roster.owner[person]) * lookup.family_slots
        trace_at = lines * TRACE_WIDTH if keep else 0
        step(book, first, last, bill, accumulators.state, person_at, family_at, results.trace, trace_at)
        for line in range(last - first):
            results.rule[lines] = book.plan[first + line]
            results.paid[lines] = results.trace[trace_at + line * TRACE_WIDTH + T_PAID]
            lines += 1
    results.line_first[len(columns.person)] = lines
    return IN_ORDER


def is_withheld(withheld: Ints, owner: int, year: int) -> bool:
    """Return whether an owner's results are held back in a year, or in every year."""
    for key in (np.int64(owner) * 10000, np.int64(owner) * 10000 + year):
        at = np.searchsorted(withheld, key)
        if at < len(withheld) and withheld[at] == key:
            return True
    return False


def turn(
    accumulators: Accumulators,
    lookup: Lookup,
    roster: Roster,
    columns: Columns,
    at: int,
    row: int,
    first_row: int,
    ids: Bytes,
    id_offsets: Ints,
) -> bool:
    """Turn to the owner of a row (its place ``at`` in ``columns``): start a new year at 0; False if out of order.

    Rows of one owner at the same second must stand in the order of their ids; across two batches that cannot be seen,
    and counts as out of order.
    """
    person = columns.person[at]
    owner = roster.owner[person]
    time = columns.time[at]
    if accumulators.owner_row[owner] >= 0:
        if time < accumulators.owner_time[owner]:
            return False
        if time == accumulators.owner_time[owner]:
            before = accumulators.owner_row[owner] - first_row
            if before < 0 or less(
                ids, id_offsets[row], id_offsets[row + 1], ids, id_offsets[before], id_offsets[before + 1]
            ):
                return False
    accumulators.owner_time[owner] = time
    accumulators.owner_row[owner] = first_row + row
    year = columns.year[at]
    if accumulators.person_year[person] != year:
        accumulators.person_year[person] = year
        for slot in range(lookup.person_slots):
            accumulators.state[np.int64(person) * lookup.person_slots + slot] = 0
    if lookup.family_slots and accumulators.owner_year[owner] != year:
        accumulators.owner_year[owner] = year
        for slot in range(lookup.family_slots):
            accumulators.state[accumulators.families_at + np.int64(owner) * lookup.family_slots + slot] = 0
    return True


def in_row_order(order: Ints, results: Results, sorted_results: Results, keep: bool) -> None:
    """Copy results that stand in the order of ``order`` back into the order of the file's rows."""
    for at in range(len(order)):
        sorted_results.line_first[order[at] + 1] = results.line_first[at + 1] - results.line_first[at]
    for row in range(len(order)):
        sorted_results.line_first[row + 1] += sorted_results.line_first[row]
    for at in range(len(order)):
        row = order[at]
        sorted_results.outcome[row] = results.outcome[at]
        sorted_results.document[row] = results.document[at]
        sorted_results.rank[row] = results.rank[at]
        to = sorted_results.line_first[row]
        for line in range(results.line_first[at], results.line_first[at + 1]):
            sorted_results.rule[to] = results.rule[line]
            sorted_results.paid[to] = results.paid[line]
            if keep:
                for place in range(TRACE_WIDTH):
                    sorted_results.trace[to * TRACE_WIDTH + place] = results.trace[line * TRACE_WIDTH + place]
            to += 1


COMPILED_TOGETHER: Final = ("find_persons", "is_withheld", "turn", "assess_batch", "in_row_order")
"""Names to compile, each before those that call it; those of ``step`` and ``texts`` come first."""
