"""Decisions, touches, roles and delegations are what the trail tells of them: what is changed beside it is found."""

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from django.conf import settings
from django.db import IntegrityError

from tests.office import made_up
from tests.office.tampering import (
    ROW_TAMPERINGS,
    as_told_by_0_4_0,
    row_breaches,
    tampered,
    unguarded,
    write_honest_rows,
)
from tuodi.office.access import actor_of
from tuodi.office.models import Assignment, Decision, Delegation, Touch, TrailEntry, User
from tuodi.office.operations import users
from tuodi.office.operations.writing import writing
from tuodi.office.roles import Action
from tuodi.office.verification import verify

KEYS = {"office_decision": Decision, "office_touch": Touch, "office_assignment": Assignment}
KEYS["office_delegation"] = Delegation


@pytest.fixture(autouse=True)
def _furnished(both_databases: str, tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "ANCHORS_FILE", f"{tmp_path}/anchors.txt")
    write_honest_rows()


def _statements(rows: int) -> Iterator[str]:
    for table, statements in ROW_TAMPERINGS.items():
        for key in KEYS[table].objects.order_by("-pk").values_list("pk", flat=True)[:rows]:
            yield from (statement.format(table=table, id=key) for statement in statements)


def _tried(rows: int = 9, unseen: tuple[str, ...] = ()) -> tuple[int, list[str]]:
    """Do every tampering to the last rows of each table; return how many were done, and which were not found."""
    tried, missed = 0, []
    for statement in list(_statements(rows)):
        if any(part in statement for part in unseen):
            continue
        try:
            with tampered(statement) as changed:
                tried += changed
                if changed and not row_breaches():
                    missed.append(statement)
        except IntegrityError:
            continue
    return tried, missed


def test_没有动过时全部相符() -> None:
    done = verify()
    assert (done.found, done.compared.in_part) == (0, 0), done.breaches
    counts = [table.objects.count() for table in (Decision, Touch, Assignment, Delegation)]
    assert counts == [4, 6, 7, 3]
    assert done.compared.rows == sum(counts)
    assert "办理、经手、岗位和委托 20 条已与留痕逐条核对；" in done.summary()


def test_改动_增加或删去任何一条都查出() -> None:
    with unguarded():
        tried, missed = _tried()
    assert missed == []
    assert tried >= 130
    assert verify().found == 0


def test_0_4_0版的留痕按其中记下的核对() -> None:
    """Its entries tell neither grounds nor what was shown; everything else is found all the same."""
    as_told_by_0_4_0()
    done = verify()
    assert (done.found, done.compared.in_part) == (0, 20), done.breaches
    assert "其中 20 条的留痕是 0.4.0 版写的" in done.summary()
    unseen = ("SET reason", "SET seen_digest", "SET assignment_id")
    with unguarded():
        tried, missed = _tried(1, unseen)
    assert missed == []
    assert tried >= 20
    with unguarded(), tampered("UPDATE office_decision SET reason = '改'"):
        assert row_breaches() == []


def test_升级以后的办理记录又核对得全() -> None:
    as_told_by_0_4_0()
    admin = actor_of(User.objects.get(username="secadmin"), made_up.TODAY)
    later = Assignment.objects.get(user__username="clerk")
    users.end_role(actor=admin, assignment_id=later.pk, ends=date(2025, 6, 30), at=made_up.NOW)
    done = verify()
    assert (done.found, done.compared.in_part) == (0, 19)


def test_校验指出是哪一条和哪一项() -> None:
    decision = Decision.objects.order_by("pk").first()
    assert decision is not None
    number = TrailEntry.objects.filter(action="case.pass").order_by("number").values_list("number", flat=True)[0]
    with unguarded(), tampered(f"UPDATE office_decision SET reason = '改' WHERE id = {decision.pk}"):
        (found,) = row_breaches()
    assert (found.check, found.number) == ("row", number)
    assert found.sentence == (f"办理记录第 {decision.pk} 号的理由与第 {number} 条留痕不符：有人直接改动过数据库。")


def test_没有别的留痕说到的经手_另写一条() -> None:
    person = made_up.person("P9", "赵九", made_up.region("示例县"))
    clerk = actor_of(User.objects.get(username="clerk"), made_up.TODAY)
    with writing(clerk, Action.CHANGE_PEOPLE, datetime(2025, 3, 4)) as write:
        write.touch(person, "noted")
        write.log("person.noted", "person 0")
    assert TrailEntry.objects.filter(action="person.touched", subject=f"person {person.pk}").count() == 1
    assert row_breaches() == []
