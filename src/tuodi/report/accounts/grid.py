"""Cells of published tables placed on a sheet: where each stands, with the spans of those above and beside it."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tuodi.accounts.filled import GridCell


class Placed(NamedTuple):
    """A cell at its row and column, from 0."""

    row: int
    column: int
    cell: GridCell


def placed(rows: Iterable[Iterable[GridCell]]) -> Iterator[Placed]:
    """Yield every cell with its place; rows may be shorter than the widest."""
    taken: set[tuple[int, int]] = set()
    for row, cells in enumerate(rows):
        column = 0
        for cell in cells:
            while (row, column) in taken:
                column += 1
            yield Placed(row, column, cell)
            places = range(column, column + cell.columns)
            taken.update((row + down, place) for down in range(cell.rows) for place in places)
            column += cell.columns
