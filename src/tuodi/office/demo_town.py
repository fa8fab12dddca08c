"""One town of the sample county brought in as the office would, and held against the batch assessment of its files."""

import csv
from collections.abc import Callable, Set
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

from tuodi.assessment.reference import ReferenceAssessment
from tuodi.assessment.results import Request
from tuodi.assessment.screen import paid_at_the_window, screen
from tuodi.office import anchors, demo
from tuodi.office.assessing import county_book
from tuodi.office.models import Case, Person, Settlement
from tuodi.office.results import lines_of, told
from tuodi.office.town_shown import TownShown
from tuodi.office.verification import verify
from tuodi.sample.county import SampleCounty, sample_county

_FAMILIES: Final = "T01-"


def show_town(folder: Path, now: Callable[[], datetime]) -> TownShown:
    """Fill an empty demonstration with the first town, verify it, and assess the same files by themselves.

    The town's files are left in ``folder``.
    """
    town = _first_town(sample_county(), folder)
    demo.fill(now, town)
    anchors.anchor_due(now())
    done = verify()
    book = county_book()
    batch = ReferenceAssessment(Request(book=book, persons=town.roster, settlements=town.settlements))
    differences = screen(book, batch.roster, batch.assessed, paid_at_the_window(batch.assessed), batch.withheld_ids)
    stored = _stored()
    return TownShown(
        town=f"{town.towns[0]}镇",
        persons=Person.objects.count(),
        settlements=len(stored),
        assessed=len(batch.assessed),
        agreeing=sum(stored.get(each.settlement.setl_id) == told(book, each) for each in batch.assessed),
        differences=len(differences),
        cases=Case.objects.count(),
        entries=done.trail.entries,
        anchors=done.trail.anchors,
        faults=done.found,
    )


def _stored() -> dict[str, tuple[object, ...]]:
    """Return what is stored of every settlement, as ``told`` tells a result."""
    rows = list(Settlement.objects.values_list("pk", "setl_id", "identity", "note"))
    lines = lines_of([key for key, *_ in rows])
    return {setl_id: (identity, note, tuple(lines.get(key, ()))) for key, setl_id, identity, note in rows}


def _first_town(county: SampleCounty, folder: Path) -> SampleCounty:
    """Write the rows of the first town's persons into ``folder``; return the county with these files."""
    with county.roster.open(encoding="utf-8-sig", newline="") as file:
        persons = {row["psn_no"] for row in csv.DictReader(file) if row["family_no"].startswith(_FAMILIES)}
    return replace(
        county,
        roster=_rows_of(persons, county.roster, folder / county.roster.name),
        settlements=_rows_of(persons, county.settlements, folder / county.settlements.name),
    )


def _rows_of(persons: Set[str], source: Path, target: Path) -> Path:
    with source.open(encoding="utf-8-sig", newline="") as file, target.open("w", encoding="utf-8", newline="") as out:
        rows = csv.DictReader(file)
        writer = csv.DictWriter(out, rows.fieldnames or ())
        writer.writeheader()
        writer.writerows(row for row in rows if row["psn_no"] in persons)
    return target
