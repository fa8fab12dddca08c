"""Auditing a paper: every check over the same material, the remarks in the order of the paper."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from tuodi.audit.checks.registry import CHECKS
from tuodi.audit.material import Material
from tuodi.audit.paper.model import Paper
from tuodi.audit.paper.opening import read_paper
from tuodi.audit.remark import Remark
from tuodi.kernel.finding import Finding, Severity
from tuodi.kernel.opinion import Opinions, opinions_of

Check = Callable[[Material], Iterator[Remark]]
_SAME_SLIP = (
    ("counts-differ", "subtotal-differs", "total-differs"),
    ("weights-differ",),
    ("scores-differ",),
    ("deduction-differs",),
    ("score-told-twice",),
    ("text-against-table", "table-against-table", "value-told-twice", "parts-differ"),
    ("execution-rate-differs", "completion-rate-differs", "growth-differs", "share-differs", "average-differs"),
)
"""Rules under which two checks may meet one slip: the more telling rule first, it is the one kept."""
_LIMITS = ("不大于", "不小于", "≥", "≤", "约")
_WEIGHT = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


def audited(path: Path, without: Collection[str] = ()) -> Opinions:
    """Return the opinions on a finished paper; a file that cannot be read gives one opinion that says so.

    ``without`` names rules that are switched off.
    """
    paper = read_paper(path)
    if isinstance(paper, Finding):
        return Opinions(path.name, opinions_of([paper]))
    return Opinions(path.name, tuple(remark.opinion() for remark in remarks_on(paper, without)))


def remarks_on(paper: Paper, without: Collection[str] = ()) -> tuple[Remark, ...]:
    """Return the remarks of all checks in the order of the paper, none told twice."""
    material = Material(paper)
    found: dict[tuple[object, ...], Remark] = {}
    for check in CHECKS:
        for remark in check(material):
            told_right = bool(remark.stated) and remark.stated == remark.expected  # no contradiction a reader could see
            if remark.rule not in without and not told_right:
                key = (remark.rule, remark.place.block, remark.place.row, remark.stated, remark.expected, remark.quote)
                found.setdefault(key, remark)
    return tuple(sorted(_merged(found.values()), key=_order))


def _merged(remarks: Iterable[Remark]) -> list[Remark]:
    """Return the remarks with one left where two checks tell the same slip: one place, one figure, one right figure."""
    kept: dict[tuple[object, ...], Remark] = {}
    for remark in remarks:
        family = next((at for at, rules in enumerate(_SAME_SLIP) if remark.rule in rules), None)
        if family is None or not remark.stated or not remark.expected:
            kept[remark.rule, id(remark)] = remark
            continue
        place = remark.place
        key = (family, place.block, place.row, place.line, _figure(remark.stated), _figure(remark.expected))
        before = kept.get(key)
        rules = _SAME_SLIP[family]
        if before is None:
            kept[key] = remark
            continue
        if before.rule == remark.rule and len(rules) > 1 and place.row is not None:
            kept[remark.rule, id(remark)] = remark  # two figures of one place, not two checks
            continue
        main, other = sorted((before, remark), key=lambda each: (rules.index(each.rule), _WEIGHT[each.severity]))
        kept[key] = replace(main, also=tuple(dict.fromkeys((*main.also, *other.also))))
    return list(kept.values())


def _figure(text: str) -> str:
    """Return a figure as told without the words that make it a limit."""
    told = text.replace(" ", "")
    for word in _LIMITS:
        told = told.removeprefix(word)
    return told


def _order(remark: Remark) -> tuple[int, int, int, int]:
    place = remark.place
    return place.block, place.row or 0, place.column or 0, _WEIGHT[remark.severity]
