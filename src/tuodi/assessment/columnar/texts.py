"""Texts as Arrow lays them out, in the subset of Python that Numba compiles: hashed, numbered, compared, sorted, read.

The bytes of all values stand one after the other in ``data``; ``offsets`` has n + 1 entries.
"""

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int64]
Bytes: TypeAlias = NDArray[np.uint8]

LONGEST_TIE: Final = 256
LONGEST_PLAIN: Final = 64
NO_MOMENT: Final = -(2**62)


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
    for at in range(end - start):  # noqa: SIM110 - Numba compiles no generator expression
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
    data: Bytes,
    offsets: Ints,
    hashes: NDArray[np.uint64],
    order: Ints,
    numbers: NDArray[np.int32],
    first_seen: NDArray[np.int32],
) -> int:
    """Number distinct texts in the order of their hashes; return how many.

    ``order`` lists the rows by hash. ``first_seen`` names a row of each number.
    """
    count = 0
    for at in range(len(order)):
        row = order[at]
        number = count
        # Equal hashes stand together; nearly always the last number is the one, or none is.
        while number > 0 and hashes[first_seen[number - 1]] == hashes[row]:
            number -= 1
            seen = first_seen[number]
            if same(data, offsets[row], offsets[row + 1], data, offsets[seen], offsets[seen + 1]):
                break
            if number == 0 or hashes[first_seen[number - 1]] != hashes[row]:
                number = count
                break
        if number == count:
            first_seen[count] = row
            count += 1
        numbers[row] = number
    return count


def hash_rows(data: Bytes, offsets: Ints, hashes: NDArray[np.uint64]) -> None:
    """Write the hash of each row's text."""
    for row in range(len(offsets) - 1):
        hashes[row] = hash_of(data, offsets[row], offsets[row + 1])


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


def mark_not_plain(data: Bytes, offsets: Ints, wide: bool, required: bool, doubtful: NDArray[np.bool_]) -> None:
    """Mark rows whose text is long or has anything but ASCII letters, digits, ``-`` and ``_``.

    ``wide``: characters beyond ASCII are plain too. An empty text is marked where it is required.
    """
    for row in range(len(offsets) - 1):
        length = offsets[row + 1] - offsets[row]
        if length > LONGEST_PLAIN or (required and length == 0):
            doubtful[row] = True
            continue
        for at in range(offsets[row], offsets[row + 1]):
            byte = data[at]
            letter = 65 <= (byte & 0xDF) <= 90
            plain = letter or 48 <= byte <= 57 or byte == 45 or byte == 95
            if not (plain or (wide and byte >= 0x80)):
                doubtful[row] = True
                break


def mark_id_numbers(data: Bytes, offsets: Ints, provinces: NDArray[np.bool_], doubtful: NDArray[np.bool_]) -> None:
    """Mark ID numbers that are not 18 characters of a known province, a plain date and the right check character."""
    for row in range(len(offsets) - 1):
        start, length = offsets[row], offsets[row + 1] - offsets[row]
        if length == 0:
            continue
        if length != 18 or digits(data, start, start + 17) < 0:
            doubtful[row] = True
            continue
        # ISO 7064 MOD 11-2: the weighted sum of all 18 characters leaves 1; X stands for 10.
        total = np.int64(10) if data[start + 17] == 88 else digits(data, start + 17, start + 18)
        plain = total >= 0 and provinces[digits(data, start, start + 2)]
        weight = np.int64(1)
        for at in range(start + 16, start - 1, -1):
            weight = weight * 2 % 11
            total += weight * np.int64(data[at] - 48)
        year, month = digits(data, start + 6, start + 10), digits(data, start + 10, start + 12)
        day = digits(data, start + 12, start + 14)
        plain = plain and total % 11 == 1 and 1900 <= year <= 2099 and 1 <= month <= 12
        if not plain or day < 1 or day > days_of_month(year, month):
            doubtful[row] = True


def plain_money(data: Bytes, offsets: Ints, required: bool, fen: Ints, doubtful: NDArray[np.bool_]) -> None:
    """Read ``digits[.digit[digit]]`` into fen; mark every other text, and an empty one where it is required."""
    for row in range(len(offsets) - 1):
        start, end = offsets[row], offsets[row + 1]
        if start == end:
            if required:
                doubtful[row] = True
            continue
        point = start
        while point < end and 48 <= data[point] <= 57:
            point += 1
        decimals = end - point - 1
        if point == start or point - start > 10 or (point < end and (data[point] != 46 or not 1 <= decimals <= 2)):
            doubtful[row] = True
            continue
        value = digits(data, start, point) * 100
        if point < end:
            part = digits(data, point + 1, end)
            if part < 0:
                doubtful[row] = True
                continue
            value += part * 10 if decimals == 1 else part
        fen[row] = value


def digits(data: Bytes, start: int, end: int) -> int:
    """Return the number that the bytes spell, -1 where one is not a digit."""
    value = 0
    for at in range(start, end):
        if not 48 <= data[at] <= 57:
            return -1
        value = value * 10 + np.int64(data[at] - 48)
    return value


def plain_moments(data: Bytes, offsets: Ints, required: bool, seconds: Ints, doubtful: NDArray[np.bool_]) -> None:
    """Read ``YYYY-MM-DD[ HH:MM:SS]`` and ``YYYYMMDD`` into local seconds since 1970; mark every other text.

    An empty text is NO_MOMENT, and marked where it is required.
    """
    for row in range(len(offsets) - 1):
        start = offsets[row]
        length = offsets[row + 1] - start
        if length == 0:
            seconds[row] = NO_MOMENT
            if required:
                doubtful[row] = True
            continue
        if length == 8:
            month_at, day_at = start + 4, start + 6
        elif (length == 10 or length == 19) and data[start + 4] == 45 and data[start + 7] == 45:
            month_at, day_at = start + 5, start + 8
        else:
            doubtful[row] = True
            continue
        year = digits(data, start, start + 4)
        month = digits(data, month_at, month_at + 2)
        day = digits(data, day_at, day_at + 2)
        if year < 1900 or year > 2099 or month < 1 or month > 12 or day < 1 or day > days_of_month(year, month):
            doubtful[row] = True
            continue
        value = days_from_1970(year, month, day) * 86400
        if length == 19:
            hour = digits(data, start + 11, start + 13)
            minute = digits(data, start + 14, start + 16)
            second = digits(data, start + 17, start + 19)
            marks = data[start + 10] == 32 and data[start + 13] == 58 and data[start + 16] == 58
            if not marks or not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60):
                doubtful[row] = True
                continue
            value += hour * 3600 + minute * 60 + second
        seconds[row] = value


def days_of_month(year: int, month: int) -> int:
    """Return how many days a month of the Gregorian calendar has."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month == 4 or month == 6 or month == 9 or month == 11 else 31


def days_from_1970(year: int, month: int, day: int) -> int:
    """Return the days since 1970-01-01 (the year begins in March, so that the leap day is its last)."""
    shifted = year - 1 if month <= 2 else year
    era_day = (153 * (month - 3 if month > 2 else month + 9) + 2) // 5 + day - 1
    return shifted * 365 + shifted // 4 - shifted // 100 + shifted // 400 + era_day - 719468


def plain_quotes(data: Bytes) -> bool:
    """Return whether every quote of a CSV file surrounds a whole cell, with neither quote nor line end inside."""
    inside = False
    at_start = True
    for at in range(len(data)):
        byte = data[at]
        if byte == 34:
            if inside:
                after = data[at + 1] if at + 1 < len(data) else 10
                if after != 44 and after != 10 and after != 13:
                    return False
                inside = False
            elif at_start:
                inside = True
            else:
                return False
        elif inside and (byte == 10 or byte == 13):
            return False
        at_start = byte == 44 or byte == 10 or byte == 13
    return not inside


COMPILED_TOGETHER: Final = (
    "hash_of", "same", "less", "number_texts", "hash_rows",
    "is_sorted", "common_prefix", "sort_keys", "_before", "settle_ties",
    "mark_not_plain", "digits", "plain_money", "days_of_month", "days_from_1970", "plain_moments", "mark_id_numbers",
    "plain_quotes",
)  # fmt: skip
"""Names to compile, each before those that call it."""
