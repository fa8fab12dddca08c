"""Scores and grades that were typed beside a project: between 0 and 100, and the grade by the scale of the data."""

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from typing import NamedTuple

import yaml

from tuodi.accounts.disclosure import Accounts, Project, Told
from tuodi.accounts.sheets import accounts_layout
from tuodi.kernel.finding import Fault, Finding, Severity
from tuodi.kernel.money import decimal_text
from tuodi.kernel.shipped import shipped

SCALE = "绩效等级分档"
"""The fact that holds the scale of the data: ``优90，良80，中60，差0``."""
_LOWEST, _HIGHEST = Fraction(0), Fraction(100)
_BAND = re.compile(r"([\u4e00-\u9fff]+?)[：:为]?\s*([0-9]{1,3}(?:\.[0-9]{1,2})?)分?")


class Band(NamedTuple):
    """A grade and the points it begins at (included)."""

    grade: str
    begins_at: Fraction


def score_findings(accounts: Accounts) -> Iterator[Finding]:
    """Yield typed scores and grades that cannot be; those of an evaluation are the evaluation's own."""
    told = next(iter(accounts.facts.get(SCALE, ())), None)
    own = own_scale(told.text) if told is not None else None
    if told is not None and own is None:
        yield _wrong_scale(told)
    for project in accounts.projects:
        if project.score is not None and not _LOWEST <= project.score <= _HIGHEST:
            fault = Fault("score-out-of-range", f"得分 {_points(project)} 不在 0 到 100 分之间", "请核对得分")
            yield project.place.finding(fault, project.name)
        elif project.score is not None and project.grade and not project.evaluation:
            yield from _graded(project, own)


def _graded(project: Project, own: tuple[Band, ...] | None) -> Iterator[Finding]:
    """Yield a grade that the score does not give: an error by the scale of the data, else a question."""
    scale = own or national_scale()
    right = next((band.grade for band in scale if (project.score or _LOWEST) >= band.begins_at), "")
    if right == project.grade:
        return
    bands = "、".join(f"{band.grade} {decimal_text(band.begins_at, 2, trimmed=True)} 分起" for band in scale)
    source = "本部门的等级分档" if own else "通行的等级分档"
    message = f"得分 {_points(project)} 分，等级填的是“{project.grade}”，按{source}（{bands}）是“{right}”"
    advice = "请核对得分和等级" if own else f"请核对；分档不同的，在“部门情况”写明{SCALE}"
    severity = Severity.ERROR if own else Severity.WARNING
    yield project.place.finding(Fault("grade-differs", message, advice), project.name, severity)


def own_scale(text: str) -> tuple[Band, ...] | None:
    """Read a scale from the best grade down to 0; None where it is written otherwise."""
    bands = tuple(Band(grade, Fraction(points)) for grade, points in _BAND.findall(text))
    begins = [band.begins_at for band in bands]
    falling = all(upper > lower for upper, lower in zip(begins, begins[1:], strict=False))
    known = all(band.grade in accounts_layout().words["grades"] for band in bands)
    return bands if bands and falling and known and not begins[-1] else None


@cache
def national_scale() -> tuple[Band, ...]:
    """Return the bands of the shipped words on accounts; their source stands there."""
    document = yaml.safe_load(shipped("terms", "accounts.yaml").read_text(encoding="utf-8"))
    return tuple(Band(each["name"], Fraction(each["from"])) for each in document["grades"])


def _wrong_scale(told: Told) -> Finding:
    fault = Fault("grade-scale", "不是能读的等级分档", "请从高到低写到 0 分，例如 优90，良80，中60，差0")
    return told.place.finding(fault, told.text[:60])


def _points(project: Project) -> str:
    return "" if project.score is None else decimal_text(project.score, 2, trimmed=True)
