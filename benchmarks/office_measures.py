"""What ``benchmarks/office.py`` measures, once Django is set up."""

import time

import office_county
import office_imports
import office_pages
from django.core.management import call_command
from django.db import connection
from office_ground import MOMENT

from tuodi.office import backup, restore, verification
from tuodi.office.models import (
    Account,
    BenefitLine,
    Case,
    County,
    Decision,
    Enrolment,
    Holding,
    ImportBatch,
    ImportChange,
    OwnerYear,
    Person,
    PlatformMark,
    Settlement,
    Touch,
    TrailEntry,
    User,
    Withheld,
)

TABLES = (
    Person, Holding, PlatformMark, Enrolment, Account, Settlement, BenefitLine, OwnerYear, Withheld,
    Case, Decision, Touch, ImportBatch, ImportChange, User, TrailEntry,
)  # fmt: skip
PARTS = ("pages", "import", "unpaid", "roster", "verify", "backup")


def run(people: int, settlements: int, rounds: int, rows: int, only: set[str], page: str) -> None:
    """Fill an empty database, then measure what is named (``PARTS``, or only ``fill``)."""
    _fill(people, settlements)
    print(f"{connection.vendor}: {', '.join(f'{t.__name__} {t.objects.count():,}' for t in TABLES)}", flush=True)
    measures = {
        "pages": lambda: office_pages.measure(rounds, page),
        "import": lambda: office_imports.bring_in_settlements(rows, is_paid=True),
        "unpaid": lambda: office_imports.bring_in_settlements(rows, is_paid=False),
        "roster": office_imports.bring_in_roster,
        "verify": verify,
        "backup": back_up,
    }
    for part in PARTS:
        if not only or part in only:
            measures[part]()


def _fill(people: int, settlements: int) -> None:
    call_command("migrate", verbosity=0)
    if County.objects.exists():
        return
    began = time.perf_counter()
    office_county.make_county(people, settlements)
    told("filled", began)


def verify() -> None:
    """Print how long ``verify`` takes over everything."""
    began = time.perf_counter()
    findings = verification.verify()
    told(f"verified {findings.trail.entries:,} entries and all results, found: {findings.found}", began)
    for breach in findings.breaches[:5]:
        print(f"  {breach.sentence}")


def back_up() -> None:
    """Print how long a backup and its drill (restored elsewhere and compared) take."""
    began = time.perf_counter()
    made = backup.make(MOMENT)
    told(f"backup, {made.bytes / 2**20:,.0f} MB", began)
    began = time.perf_counter()
    faults = restore.drill(made, MOMENT).faults
    told(f"drill, faults: {faults or 0}", began)


def told(what: str, began: float) -> None:
    """Print how long something took."""
    print(f"{what}: {time.perf_counter() - began:.1f} s", flush=True)
