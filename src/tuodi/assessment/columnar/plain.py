"""Recognise plain cells in bulk. A row with any other cell is doubtful: ``intake`` then reads it as it reads every row.

So no rule about what a cell may hold is written twice: this module only knows a few forms that are beyond doubt.
"""

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tuodi.assessment.columnar.compiled import COMPILED
from tuodi.assessment.columnar.roster import text_buffers
from tuodi.assessment.columnar.texts import NO_MOMENT
from tuodi.intake.cells import reader_of
from tuodi.intake.layouts import Kind
from tuodi.kernel.money import LARGEST_FEN

Mask = NDArray[np.bool_]

_SHANGHAI_SECONDS = 8 * 3600
# Local seconds since 1970 of 1900-01-01 and 2100-01-01: the years that dates may have.
_FIRST_SECOND, _END_SECOND = -2_208_988_800, 4_102_444_800


def texts(column: pa.Array | None, rows: int, doubtful: Mask, *, required: bool, wide: bool = False) -> pa.StringArray:
    """Return a text column without nulls; rows that are not plain letters and digits are marked."""
    column = as_text(column, rows, doubtful)
    data, offsets = text_buffers(column)
    COMPILED["mark_not_plain"](data, offsets, wide, required, doubtful)
    return column


def as_text(column: pa.Array | None, rows: int, doubtful: Mask) -> pa.StringArray:
    """Return a column as texts without nulls; a column of another type is marked whole and comes back empty."""
    if column is None:
        return pa.array([""] * rows, pa.string())
    if pa.types.is_large_string(column.type) or pa.types.is_dictionary(column.type):
        column = column.cast(pa.string())
    if not pa.types.is_string(column.type):
        doubtful[:] = True
        return pa.array([""] * rows, pa.string())
    return pc.fill_null(column, "") if column.null_count else column


def codes(
    column: pa.Array | None, rows: int, doubtful: Mask, number: Callable[[str], int], kind: Kind = Kind.CODE
) -> NDArray[np.int32]:
    """Return the number of each row's code; ``number`` is asked once for each different one, "" where empty."""
    if column is None:
        return np.full(rows, number(""), np.int32)
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    read, empty = reader_of(kind, required=False)
    values = [read(cell, empty) for cell in encoded.dictionary.to_pylist()]
    values.append("")
    unread = np.array([not isinstance(value, str) for value in values])
    numbers = np.array([number(value) if isinstance(value, str) else number("") for value in values], np.int32)
    indices = encoded.indices
    if indices.null_count:
        indices = pc.fill_null(indices, len(values) - 1)
    at: NDArray[np.int64] = indices.to_numpy(zero_copy_only=False)
    if unread.any():
        doubtful |= unread[at]
    return numbers[at]


def money(column: pa.Array | None, rows: int, required: bool, doubtful: Mask) -> NDArray[np.int64]:
    """Return amounts in fen, an empty cell 0; negative amounts and whatever needs a closer look are marked."""
    if column is None:
        return np.zeros(rows, np.int64)
    if column.null_count:
        empty = column.is_null().to_numpy(zero_copy_only=False)
        if required:
            doubtful |= empty
    else:
        empty = None
    kind = column.type
    if pa.types.is_decimal128(kind) and kind.scale in (0, 1, 2) and kind.precision <= 18:
        # A decimal128 of at most 18 digits has all of its value in the low one of its two 64-bit words.
        words = np.frombuffer(column.buffers()[1], np.int64)[column.offset * 2 : (column.offset + rows) * 2]
        fen = words[::2] if kind.scale == 2 else words[::2] * 10 ** (2 - kind.scale)
    elif pa.types.is_integer(kind):
        yuan = pc.fill_null(column, 0).to_numpy(zero_copy_only=False).astype(np.int64)
        doubtful |= np.abs(yuan) > LARGEST_FEN // 100
        fen = yuan * 100
    elif pa.types.is_string(kind):
        data, offsets = text_buffers(pc.fill_null(column, "") if column.null_count else column)
        fen = np.zeros(rows, np.int64)
        COMPILED["plain_money"](data, offsets, required, fen, doubtful)
    else:
        doubtful[:] = True
        return np.zeros(rows, np.int64)
    if empty is not None:
        fen = np.where(empty, 0, fen)
    low, high = (int(fen.min()), int(fen.max())) if rows else (0, 0)
    if low < 0:
        doubtful |= fen < 0
    if high > LARGEST_FEN:
        doubtful |= fen > LARGEST_FEN
    return fen


def moments(column: pa.Array | None, rows: int, doubtful: Mask, *, required: bool) -> NDArray[np.int64]:
    """Return local seconds since 1970, NO_MOMENT where empty; empty required ones and other forms are marked."""
    if column is None:
        return np.full(rows, NO_MOMENT)
    kind = column.type
    empty = column.is_null().to_numpy(zero_copy_only=False) if column.null_count else None
    if pa.types.is_timestamp(kind):
        per_second = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[kind.unit]
        units = pc.fill_null(column.view(pa.int64()), 0).to_numpy(zero_copy_only=False)
        seconds: NDArray[np.int64] = units // per_second
        doubtful |= seconds * per_second != units
        if kind.tz is not None:
            seconds = seconds + _SHANGHAI_SECONDS
    elif pa.types.is_date32(kind):
        days = pc.fill_null(column.view(pa.int32()), 0).to_numpy(zero_copy_only=False)
        seconds = days.astype(np.int64) * 86_400
    else:
        data, offsets = text_buffers(as_text(column, rows, doubtful))
        seconds = np.zeros(rows, np.int64)
        COMPILED["plain_moments"](data, offsets, required, seconds, doubtful)
        empty = seconds == NO_MOMENT
    outside = (seconds < _FIRST_SECOND) | (seconds >= _END_SECOND)
    if empty is not None and empty.any():
        seconds = np.where(empty, NO_MOMENT, seconds)
        if required:
            doubtful |= empty
        outside &= ~empty
    doubtful |= outside
    return seconds


def years(seconds: NDArray[np.int64]) -> NDArray[np.int32]:
    """Return the calendar year of each local second."""
    return seconds.astype("datetime64[s]").astype("datetime64[Y]").astype(np.int32) + 1970
