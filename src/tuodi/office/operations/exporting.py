"""What all lists taken out of the office have in common: what for, how many at most, and rows read piece by piece."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from django.db.models import QuerySet

from tuodi.office.bulk import chunks
from tuodi.office.operations.changing import line_of
from tuodi.office.operations.looks import REASON_LONGEST, REASON_SHORTEST
from tuodi.office.refusal import Refused
from tuodi.report.tables import Column, Row

ROWS_MAX: Final = 600_000
"""What a sheet of Excel holds with room to spare, and more people than a county has on its rosters."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A list taken out: ``rows`` are read as they are asked for, ``foot`` is the row of their sums, empty for none."""

    columns: Sequence[Column]
    rows: Iterable[Row]
    foot: Row = ()


def purpose_of(reason: str) -> str:
    """Return what a list is for, as it stands in the trail. Raises Refused for one that says nothing."""
    return line_of(reason, "导出的用途", REASON_LONGEST, REASON_SHORTEST)


def check_count(count: int, unit: str, narrow: str) -> None:
    """Refuse a list longer than one workbook takes; ``narrow`` says by what it can be made shorter."""
    if count > ROWS_MAX:
        raise Refused(f"共 {count:,} {unit}，一次最多导出 {ROWS_MAX:,} {unit}；请{narrow}，分几次导出。")


def keys_in_order(found: QuerySet[Any]) -> "array[int]":
    """Return the keys of records in their order: few bytes each, however many there are."""
    return array("q", found.values_list("pk", flat=True).iterator(chunk_size=5000))


def read_in_pieces(found: QuerySet[Any], keys: Sequence[int]) -> Iterator[list[Any]]:
    """Yield the records of ``keys`` in that order, piece by piece; one that is gone by now is left out."""
    for piece in chunks(keys):
        records = found.order_by().in_bulk(list(piece))
        yield [records[key] for key in piece if key in records]


def read_in_order(found: QuerySet[Any], keys: Sequence[int]) -> Iterator[Any]:
    """Yield the same records one by one."""
    return chain.from_iterable(read_in_pieces(found, keys))
