"""Texts as Arrow lays them out, in the subset of Python that Numba compiles: hashed, numbered, compared, sorted.

The bytes of all values stand one after the other in ``data``; ``offsets`` has n + 1 entries.
"""

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int64]
Bytes: TypeAlias = NDArray[np.uint8]

LONGEST_TIE: Final = 256


def hash_of(data: Bytes, start: int, end: int) -> int:
    """Return a 64-bit hash of a text's bytes (FNV-1a with a final mix); equal hashes are always compared in full."""
    value = np.uint64(14695981039346656037)
    for at in range(start, end):
        value = (value ^ np.uint64(data[at])) * np.uint64(1099511628211)
    value ^= value >> np.uint64(33)
    value *= np.uint64(18397679294719823053)
    value ^= value >> np.uint64(29)
    return value  # type: ignore[return-value]


def same(data: Bytes, start: int, end: int, other: Bytes, other_start: int, other_end: int) -> bool:
    """Return whether two texts are equal."""
    if end - start != other_end - other_start:
        return False
    for at in range(end - start):
        if data[start + at] != other[other_start + at]:
            return False
    return True


def less(data: Bytes, start: int, end: int, other: Bytes, other_start: int, other_end: int) -> bool:
    """Return whether the first text comes before the second, byte by byte (= code point order in UTF-8)."""
    for at in range(min(end - start, other_end - other_start)):
        if data[start + at] != other[other_start + at]:
            return data[start + at] < other[other_start + at]
    return end - start < other_end - other_start


def number_texts(
    data: Bytes, offsets: Ints, table: NDArray[np.int32], numbers: NDArray[np.int32], first_seen: NDArray[np.int32]
) -> int:
    """Number distinct texts in the order they appear; return how many. ``first_seen`` names each number's first row."""
    mask = np.uint64(len(table) - 1)
    count = 0
    for row in range(len(offsets) - 1):
        place = np.int64(hash_of(data, offsets[row], offsets[row + 1]) & mask)
        while True:
            number = table[place]
            if number < 0:
                table[place] = count
                first_seen[count] = row
                numbers[row] = count
                count += 1
                break
            seen = first_seen[number]
            if same(data, offsets[row], offsets[row + 1], data, offsets[seen], offsets[seen + 1]):
                numbers[row] = number
                break
            place = (place + 1) & np.int64(mask)
    return count


def hash_rows(data: Bytes, offsets: Ints, hashes: NDArray[np.uint64], at: int) -> None:
    """Write the hash of each row's text from ``at`` on."""
    for row in range(len(offsets) - 1):
        hashes[at + row] = hash_of(data, offsets[row], offsets[row + 1])


def is_sorted(data: Bytes, offsets: Ints) -> bool:
    """Return whether the texts stand in order (equal neighbours are in order)."""
    for row in range(1, len(offsets) - 1):
        if less(data, offsets[row], offsets[row + 1], data, offsets[row - 1], offsets[row]):
            return False
    return True


def common_prefix(data: Bytes, offsets: Ints) -> int:
    """Return how many leading bytes all texts share."""
    length = offsets[1] - offsets[0]
    for row in range(1, len(offsets) - 1):
        length = min(length, offsets[row + 1] - offsets[row])
        for at in range(length):
            if data[offsets[row] + at] != data[offsets[0] + at]:
                length = at
                break
    return length


def sort_keys(data: Bytes, offsets: Ints, prefix: int, keys: NDArray[np.uint64]) -> None:
    """Write the eight bytes after the common prefix as a number that sorts like them."""
    for row in range(len(offsets) - 1):
        key = np.uint64(0)
        for at in range(offsets[row] + prefix, offsets[row] + prefix + 8):
            key = (key << np.uint64(8)) | np.uint64(data[at] if at < offsets[row + 1] else 0)
        keys[row] = key


def settle_ties(data: Bytes, offsets: Ints, keys: NDArray[np.uint64], order: Ints) -> bool:
    """Put rows of equal key in the order of their whole texts, then of their places; False if a tie is very long."""
    start = 0
    while start < len(order):
        end = start + 1
        while end < len(order) and keys[order[end]] == keys[order[start]]:
            end += 1
        if end - start > LONGEST_TIE:
            return False
        for at in range(start + 1, end):
            row = order[at]
            to = at
            while to > start and _before(data, offsets, row, order[to - 1]):
                order[to] = order[to - 1]
                to -= 1
            order[to] = row
        start = end
    return True


def _before(data: Bytes, offsets: Ints, row: int, other: int) -> bool:
    if less(data, offsets[row], offsets[row + 1], data, offsets[other], offsets[other + 1]):
        return True
    if less(data, offsets[other], offsets[other + 1], data, offsets[row], offsets[row + 1]):
        return False
    return row < other


COMPILED_TOGETHER: Final = (
    "hash_of", "same", "less", "number_texts", "hash_rows",
    "is_sorted", "common_prefix", "sort_keys", "_before", "settle_ties",
)  # fmt: skip
"""Names to compile, each before those that call it."""
