"""The demonstration: every user of the contract, and the sample county's files brought in as the office would."""

import csv
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from tests.office.importing import now
from tuodi.office import demo
from tuodi.office.access import actor_of
from tuodi.office.models import County, ImportBatch, Person, Settlement, TrailEntry, User
from tuodi.office.operations.demo_county import is_demo, open_demo
from tuodi.office.verification import verify
from tuodi.sample.county import SampleCounty, sample_county

pytestmark = pytest.mark.usefixtures("sqlite")
CONTRACT = ["town", "clerk", "reviewer", "approver", "accountant", "evaluator", "auditor", "sysadmin", "secadmin"]
CONTRACT += ["auditadmin"]


def _part(source: Path, target: Path, keep: set[str]) -> Path:
    """Write the rows of some persons to another file."""
    with source.open(encoding="utf-8-sig", newline="") as file, target.open("w", encoding="utf-8", newline="") as out:
        rows = csv.DictReader(file)
        writer = csv.DictWriter(out, rows.fieldnames or ())
        writer.writeheader()
        writer.writerows(row for row in rows if row["psn_no"] in keep)
    return target


@pytest.fixture
def small_county(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SampleCounty:
    whole = sample_county()
    keep = {f"P{number:06}" for number in range(1, 27_000, 100)}
    roster = _part(whole.roster, tmp_path / "roster.csv", keep)
    settlements = _part(whole.settlements, tmp_path / "settlements.csv", keep)
    small = replace(whole, roster=roster, settlements=settlements)
    monkeypatch.setattr(demo, "sample_county", lambda: small)
    return small


def test_演示县有合同规定的全部用户_都能登录() -> None:
    assert is_demo() is None
    open_demo(password="made-up-1", at=datetime(2025, 3, 3))
    assert is_demo() is True
    assert list(User.objects.order_by("pk").values_list("username", flat=True)) == CONTRACT
    for user in User.objects.all():
        assert user.check_password("made-up-1")
        assert len(actor_of(user, datetime(2025, 3, 3).date()).roles) == 1
    open_demo(password="made-up-2", at=datetime(2025, 3, 4))
    assert User.objects.get(username="town").check_password("made-up-2"), "再次打开换成新的密码"
    assert User.objects.count() == 10


def test_名册和结算由经办人上传_复核人确认(small_county: SampleCounty) -> None:
    open_demo(password="made-up-1", at=datetime(2025, 3, 3))
    assert not demo.is_filled()
    demo.fill(now)
    assert demo.is_filled()
    batches = ImportBatch.objects.order_by("pk").select_related("uploaded_by", "confirmed_by")
    assert [(b.kind, b.state, b.uploaded_by.username, b.confirmed_by.username) for b in batches] == [
        ("roster", "applied", "clerk", "reviewer"),
        ("settlements", "applied", "clerk", "reviewer"),
    ]
    assert Person.objects.filter(region__parent__isnull=False).count() == Person.objects.count() == 270
    assert len(set(Person.objects.values_list("region__name", flat=True))) == 10
    assert Settlement.objects.filter(due_fen__gt=0).exists()
    assert County.objects.get().synthetic
    assert TrailEntry.objects.filter(action="import.applied").count() == 2
    assert verify().found == 0
