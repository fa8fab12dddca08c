"""The roster as arrays: persons numbered, found by name in a hash table, their holdings side by side."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from tuodi.assessment.columnar.compiled import COMPILED
from tuodi.assessment.columnar.loop import Accumulators, Lookup, Roster
from tuodi.assessment.rulebook import Rulebook
from tuodi.assessment.step import UNBOUNDED
from tuodi.assessment.year import Withheld

NEVER_ENDS = np.iinfo(np.int32).max


@dataclass(frozen=True, slots=True)
class HoldingColumns:
    """The accepted rows of a persons file: days as ordinals, an open end NEVER_ENDS, texts never null."""

    psn_no: pa.StringArray
    identity: pa.DictionaryArray
    begin: np.ndarray
    end: np.ndarray
    family_no: pa.StringArray | None


def text_buffers(texts: pa.StringArray) -> tuple[np.ndarray, np.ndarray]:
    """Return the bytes and the n + 1 offsets (int64) of a text column without nulls."""
    _, offsets, data = texts.buffers()
    starts = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1].astype(np.int64)
    bytes_ = np.frombuffer(data, np.uint8) if data is not None and data.size else np.zeros(0, np.uint8)
    return bytes_, starts


def hashes_of(texts: pa.StringArray) -> np.ndarray:
    """Return a 64-bit hash of each text."""
    data, offsets = text_buffers(texts)
    hashes = np.empty(len(texts), np.uint64)
    COMPILED["hash_rows"](data, offsets, hashes)
    return hashes


def grouped(values: np.ndarray) -> np.ndarray:
    """Return the rows in the order of whole numbers, rows of (nearly) equal number in their own order.

    The row takes the place of each number's last bits, so that plain sorting does it; numbers that agree in all the
    bits before count as equal.
    """
    bits = max(1, (len(values) - 1).bit_length())
    mask = np.uint64((1 << bits) - 1)
    keys = (values & ~mask) | np.arange(len(values), dtype=np.uint64)
    keys.sort()
    return (keys & mask).astype(np.int64)


def _numbered(texts: pa.StringArray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Number distinct texts by their hashes: each row's number, a row of each number, and all rows' hashes."""
    data, offsets = text_buffers(texts)
    hashes = hashes_of(texts)
    numbers = np.empty(len(texts), np.int32)
    seen = np.empty(len(texts), np.int32)
    count = COMPILED["number_texts"](data, offsets, hashes, np.argsort(hashes, kind="stable"), numbers, seen)
    return numbers, seen[:count], hashes


def _owners(holdings: HoldingColumns, person: np.ndarray, first_seen: np.ndarray) -> np.ndarray:
    """Return each person's owner number: the first family number given, else an owner alone."""
    count = len(first_seen)
    owner = np.full(count, -1, np.int64)
    if holdings.family_no is not None:
        family, _, _ = _numbered(holdings.family_no)
        given = np.flatnonzero(np.diff(text_buffers(holdings.family_no)[1]))
        # Written from the last row to the first, so that the first family given is the one that stays.
        owner[person[given[::-1]]] = family[given[::-1]]
    alone = np.flatnonzero(owner < 0)
    owner[alone] = owner.max(initial=-1) + 1 + np.arange(len(alone))
    return np.unique(owner, return_inverse=True)[1].astype(np.int32)


def roster_arrays(book: Rulebook, holdings: HoldingColumns) -> tuple[Roster, int]:
    """Return the roster for the loop and the number of owners (families only where an account belongs to one)."""
    person, first_seen, hashes = _numbered(holdings.psn_no)
    count = len(first_seen)
    names = holdings.psn_no.take(pa.array(first_seen))
    data, offsets = text_buffers(names)
    # Holdings side by side: a stable sort by person keeps each person's rows in the file's order.
    order = np.argsort(person, kind="stable")
    first = np.zeros(count + 1, np.int32)
    np.cumsum(np.bincount(person, minlength=count), out=first[1:])
    shift = 64 - max(4, count.bit_length())
    prefixes = np.arange(1 << (64 - shift), dtype=np.uint64) << np.uint64(shift)
    starts = np.searchsorted(hashes[first_seen], prefixes).astype(np.int32)
    owner = _owners(holdings, person, first_seen) if book.family_slots else np.arange(count, dtype=np.int32)
    roster = Roster(
        names=data,
        offsets=offsets.astype(np.int32),
        hashes=hashes[first_seen],
        starts=starts,
        shift=shift,
        first=first,
        identity=holdings.identity.indices.to_numpy(zero_copy_only=False).astype(np.int32)[order],
        begin=holdings.begin.astype(np.int32)[order],
        end=holdings.end.astype(np.int32)[order],
        owner=owner,
    )
    return roster, int(owner.max(initial=-1)) + 1


def lookup_arrays(book: Rulebook, identities: Iterable[str]) -> Lookup:
    """Return the rulebook's look-ups for a roster whose identity texts are ``identities``."""
    texts = list(identities)
    ranks = [names.get(text, -1) for names in book.names for text in texts]
    return Lookup(
        begins=np.array(book.begins, np.int64),
        ends=np.array([min(end, UNBOUNDED) for end in book.ends], np.int64),
        ranks=np.array(ranks, np.int64),
        identities=len(texts),
        plan_first=np.array(book.plan_first, np.int64),
        plan_last=np.array(book.plan_last, np.int64),
        most_identities=book.most_identities,
        kinds=len(book.kinds),
        insurances=len(book.insurances),
        person_slots=book.person_slots,
        family_slots=book.family_slots,
    )


def new_accumulators(book: Rulebook, roster: Roster, owners: int) -> Accumulators:
    """Return accumulators nobody has touched yet."""
    persons = len(roster.first) - 1
    return Accumulators(
        state=np.zeros(persons * book.person_slots + owners * book.family_slots, np.int64),
        families_at=persons * book.person_slots,
        person_year=np.zeros(persons, np.int16),
        owner_year=np.zeros(owners if book.family_slots else 0, np.int16),
        owner_time=np.zeros(owners, np.int64),
        owner_row=np.full(owners, -1, np.int32),
    )


def withheld_keys(withheld: Withheld, roster: Roster) -> np.ndarray:
    """Return the sorted keys by which the loop holds back owners: owner × 10000 + year, year 0 for every year."""
    pairs = sorted({(psn_no, 0) for psn_no in withheld.persons} | {(p, year or 0) for p, year in withheld.years})
    if not pairs:
        return np.zeros(0, np.int64)
    person, _ = persons_of(pa.array([psn_no for psn_no, _ in pairs], pa.string()), roster)
    keys = [
        int(roster.owner[number]) * 10000 + year for number, (_, year) in zip(person, pairs, strict=True) if number >= 0
    ]
    return np.unique(np.array(keys, np.int64))


def persons_of(psn_no: pa.StringArray, roster: Roster) -> tuple[np.ndarray, np.ndarray]:
    """Return the person number of each row, -1 where the roster does not have the name, and the rows by person."""
    data, offsets = text_buffers(psn_no)
    hashes = hashes_of(psn_no)
    order = grouped(hashes)
    person = np.empty(len(psn_no), np.int32)
    COMPILED["find_persons"](data, offsets, hashes, order, roster, person)
    return person, order
