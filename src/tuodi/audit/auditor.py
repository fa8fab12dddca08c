"""Auditing a paper: every check over the same material, the remarks in the order of the paper."""

from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from tuodi.audit.checks.registry import CHECKS
from tuodi.audit.material import Material
from tuodi.audit.paper.model import Paper
from tuodi.audit.paper.opening import read_paper
from tuodi.audit.remark import Remark
from tuodi.kernel.finding import Finding, Severity
from tuodi.kernel.opinion import Opinions, opinions_of

Check = Callable[[Material], Iterator[Remark]]
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
            if remark.rule not in without:
                key = (remark.rule, remark.place.block, remark.place.row, remark.stated, remark.expected, remark.quote)
                found.setdefault(key, remark)
    return tuple(sorted(found.values(), key=_order))


def _order(remark: Remark) -> tuple[int, int, int, int]:
    place = remark.place
    return place.block, place.row or 0, place.column or 0, _WEIGHT[remark.severity]
