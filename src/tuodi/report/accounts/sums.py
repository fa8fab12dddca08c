"""Totals of the published tables as formulas: which cell is the sum of which, and references in as few words as can be.

A cell gets a formula only where the printed parts give the printed total: in 万元 each is rounded by itself.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from xlsxwriter.utility import xl_rowcol_to_cell

from tuodi.accounts.disclosure import CellKey
from tuodi.accounts.identities import Equation, Standing
from tuodi.accounts.table_set import Relation

Address = tuple[int, int]
"""Row and column on a sheet, from 0."""
_SUMS = (Relation.TOTAL, Relation.PARTS, Relation.BALANCE)


def totals(
    equations: Iterable[Equation], printed: Mapping[CellKey, Fraction]
) -> Mapping[CellKey, Sequence[tuple[int, CellKey]]]:
    """Return the signed parts of every cell that is a sum inside its own table; no cell depends on itself.

    ``printed`` are the amounts as the tables print them, those of empty cells left out.
    """
    found: dict[CellKey, Sequence[tuple[int, CellKey]]] = {}
    for each in equations:
        if each.relation not in _SUMS or each.standing is not Standing.HOLDS or len(each.left) != 1:
            continue
        sign, total = each.left[0]
        inside = sign > 0 and all(key[0] == total[0] for _, key in each.right)
        if not inside or total in found or total not in printed or _reaches(found, each.right, total):
            continue
        if sum((part * printed.get(key, Fraction(0)) for part, key in each.right), Fraction(0)) == printed[total]:
            found[total] = each.right
    return found


def _reaches(
    found: Mapping[CellKey, Sequence[tuple[int, CellKey]]], parts: Sequence[tuple[int, CellKey]], wanted: CellKey
) -> bool:
    """Tell whether a cell is among the parts, or among what they are the sums of."""
    return any(key == wanted or _reaches(found, found.get(key, ()), wanted) for _, key in parts)


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
