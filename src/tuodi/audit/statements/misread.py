"""Names that a text tool misread: the lines of narrow columns come out mixed, those of the analysis hardly ever."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from tuodi.audit.statements.indicators import Telling, plain_name

PIECE = 24
"""Characters of an analysis that only one indicator has."""
PIECES = 4
"""Pieces at the beginning of an analysis that are looked for; its end is a set phrase with the score."""


def with_read_names(tellings: Sequence[Telling]) -> tuple[Telling, ...]:
    """Return the tellings, a table's row named like no other with the name of the indicator whose analysis it holds."""
    told = Counter(plain_name(each.name) for each in tellings)
    spoken = [each for each in tellings if not each.in_table and each.name and each.process and not each.system]
    texts = "\n".join(dict.fromkeys(each.process for each in spoken))
    return tuple(
        _renamed(each, spoken, texts) if each.in_table and not each.code and told[plain_name(each.name)] == 1 else each
        for each in tellings
    )


def _renamed(row: Telling, spoken: Sequence[Telling], texts: str) -> Telling:
    for at in range(0, PIECE * PIECES, PIECE):
        piece = row.process[at : at + PIECE]
        if len(piece) < PIECE:
            break
        if piece not in texts:
            continue
        names = {each.name for each in spoken if piece in each.process and _alike(each, row)}
        if len(names) == 1:
            return replace(row, name=names.pop())
    return row


def _alike(one: Telling, other: Telling) -> bool:
    """Tell whether two tellings have the same weight, as far as both tell one."""
    return one.weight is None or other.weight is None or one.weight.value == other.weight.value
