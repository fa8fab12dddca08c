"""The checked-in sample county: its policy, its files and the sizes it was made for (``examples/sample-county``)."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tuodi.kernel.money import Fen, parse_yuan
from tuodi.kernel.shipped import shipped


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One use of money as the programme publishes it; ``components`` are the benefits it consists of.

    ``premium``: it is the premium subsidies, which are no component. ``planned``: how many the files were made for.
    """

    use: str
    planned: int
    components: tuple[str, ...]
    premium: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A published sum to compute again: ``of`` a programme, or the ``total_fen`` or ``days_late`` of a clearing."""

    item: str
    programme: str = ""
    of: str = ""
    clearing: str = ""
    total_fen: Fen | None = None
    days_late: tuple[int, ...] = ()
    at: str = ""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A shipped evaluation to score: its id, the total and grade its document prints, and where."""

    item: str
    evaluation: str
    total: str
    grade: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleCounty:
    """What ``county.yaml`` says to a user of the files; how they were made is in it too, for ``make.py``.

    ``planned_roster`` is how many persons the roster was made for. ``towns`` stand in the order of the numbers T01, T02
    … that begin a ``family_no``.
    """

    name: str
    region_code: str
    towns: tuple[str, ...]
    year: int
    policy: str
    programme: str
    planned_roster: int
    roster: Path
    settlements: Path
    enrolments: Path
    roster_with_errors: Path
    settlements_with_errors: Path
    compared: tuple[Compared, ...]
    published_roster: int
    published_roster_at: str
    published_roster_remark: str
    checks: tuple[Check, ...]
    evaluations: tuple[Evaluated, ...]
    survey_definition: Path
    survey_answers: Path


def sample_county() -> SampleCounty:
    """Read the sample county's plan; a plan that does not fit is a fault of the program and raises."""
    folder = shipped("examples", "sample-county")
    plan: dict[str, Any] = yaml.safe_load((folder / "county.yaml").read_text(encoding="utf-8"))
    return SampleCounty(
        name=plan["name"],
        region_code=plan["region_code"],
        towns=tuple(plan["towns"]),
        year=plan["year"],
        policy=plan["policy"],
        programme=plan["programme"],
        planned_roster=plan["counts"]["roster"],
        roster=folder / plan["files"]["roster"],
        settlements=folder / plan["files"]["settlements"],
        enrolments=folder / plan["files"]["enrolments"],
        roster_with_errors=folder / plan["with_errors"]["roster"],
        settlements_with_errors=folder / plan["with_errors"]["settlements"],
        compared=tuple(
            Compared(
                use=row["use"],
                planned=plan["counts"][row["count"]],
                components=tuple(row.get("components", ())),
                premium=row.get("premium", False),
            )
            for row in plan["compared"]
        ),
        published_roster=plan["published_roster"]["count"],
        published_roster_at=plan["published_roster"]["at"],
        published_roster_remark=plan["published_roster"]["remark"],
        checks=tuple(_check(row) for row in plan["checks"]),
        evaluations=tuple(Evaluated(**{"grade": "", **row}) for row in plan["evaluations"]),
        survey_definition=shipped("examples", "surveys", plan["survey"]["definition"]),
        survey_answers=shipped("examples", "surveys", plan["survey"]["answers"]),
    )


def _check(row: dict[str, Any]) -> Check:
    total = parse_yuan(row["total"]) if "total" in row else None
    if total is not None and not isinstance(total, int):
        raise ValueError(f"{row}: {total.message}")
    return Check(
        item=row["item"],
        programme=row.get("programme", ""),
        of=row.get("of", ""),
        clearing=row.get("clearing", ""),
        total_fen=total,
        days_late=tuple(row.get("days_late", ())),
        at=row.get("at", ""),
    )
