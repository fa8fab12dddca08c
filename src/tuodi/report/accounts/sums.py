"""Sums of cells as formulas, with references in as few words as can be."""

from collections.abc import Iterable, Iterator, Sequence

from xlsxwriter.utility import xl_rowcol_to_cell

Address = tuple[int, int]
"""Row and column on a sheet, from 0."""


def sum_text(parts: Iterable[tuple[int, Address]], sheet: str = "") -> str:
    """Return the expression of a sum of cells, on another sheet where one is named: ``SUM(C4:C11)-C13``."""
    given = list(parts)
    added = _summed([place for sign, place in given if sign > 0], sheet)
    taken = _summed([place for sign, place in given if sign < 0], sheet)
    return f"{added}-{taken}" if added and taken else added or f"-{taken}"


def _summed(places: Sequence[Address], sheet: str) -> str:
    if not places:
        return ""
    before = f"'{sheet}'!" if sheet else ""
    references = [before + reference for reference in _references(places)]
    return references[0] if len(places) == 1 else f"SUM({','.join(references)})"


def _references(places: Sequence[Address]) -> Iterator[str]:
    """Yield references to the cells, those in a run down a column or along a row as one range."""
    along = len({row for row, _ in places}) == 1
    ordered = sorted(places, key=lambda place: place if along else (place[1], place[0]))
    first = last = ordered[0]
    for place in [*ordered[1:], None]:
        following = (last[0], last[1] + 1) if along else (last[0] + 1, last[1])
        if place == following:
            last = place
            continue
        yield xl_rowcol_to_cell(*first) + ("" if first == last else f":{xl_rowcol_to_cell(*last)}")
        if place is not None:
            first = last = place
