"""The frame of writes, the trail's chain and the triggers, on both databases."""

import pytest
from django.db import DatabaseError, transaction

from tests.office import made_up
from tuodi.office import trail
from tuodi.office.models import Case, Decision, Touch, TrailEntry
from tuodi.office.operations.writing import writing
from tuodi.office.refusal import Absent, Refused
from tuodi.office.roles import Action, Role

pytestmark = pytest.mark.usefixtures("both_databases")


def test_写入必须留痕否则整体不生效() -> None:
    top = made_up.county()
    clerk = made_up.actor(Role.COUNTY_CLERK, top)
    with pytest.raises(RuntimeError, match="no trail entry"), writing(clerk, Action.CHANGE_PEOPLE, made_up.NOW):
        made_up.person("P1", "赵一", top)
    assert not TrailEntry.objects.exists()


def test_链条逐条相接() -> None:
    top = made_up.county()
    clerk = made_up.actor(Role.COUNTY_CLERK, top)
    for number in (1, 2, 3):
        with writing(clerk, Action.CHANGE_PEOPLE, made_up.NOW) as write:
            write.log("person.noted", f"person {number}", top, note="测试")
    entries = list(TrailEntry.objects.order_by("number"))
    assert [entry.number for entry in entries] == [1, 2, 3]
    assert [entry.previous for entry in entries] == [trail.START, entries[0].hash, entries[1].hash]
    assert [trail.hash_of(entry) for entry in entries] == [entry.hash for entry in entries]


def test_没有权限的操作被拒绝_管辖外的视为不存在() -> None:
    top = made_up.county()
    auditor = made_up.actor(Role.AUDITOR, top)
    east = made_up.actor(Role.TOWN_CLERK, made_up.region("东镇"))
    with pytest.raises(Refused, match="乡镇经办人、县级经办人"), writing(auditor, Action.CHANGE_PEOPLE, made_up.NOW):
        pass
    with pytest.raises(Absent), writing(east, Action.CHANGE_PEOPLE, made_up.NOW) as write:
        write.allow(made_up.region("西镇").pk)


@pytest.mark.parametrize("change", ["update", "delete"])
def test_留痕只能追加(change: str) -> None:
    top = made_up.county()
    clerk = made_up.actor(Role.COUNTY_CLERK, top)
    with writing(clerk, Action.CHANGE_PEOPLE, made_up.NOW) as write:
        write.log("person.noted", "person 1", top)
    entries = TrailEntry.objects.filter(number=1)
    with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
        entries.update(actor="别人") if change == "update" else entries.delete()
    assert entries.get().actor == "clerk"


def _case() -> Case:
    top = made_up.county()
    someone = made_up.person("P1", "赵一", top)
    return Case.objects.create(kind="missed", person=someone, reason="测试", opened_at=made_up.NOW)


def test_数据库拒绝同一人办两个步骤() -> None:
    case = _case()
    someone = made_up.user(Role.COUNTY_CLERK, made_up.region("示例县"))
    other = made_up.user(Role.REVIEWER, made_up.region("示例县"))
    Decision.objects.create(case=case, step=1, outcome="pass", decided_by=someone, at=made_up.NOW)
    for decided_by, behalf in ((someone, None), (other, someone)):
        with pytest.raises(DatabaseError, match="duties-apart"), transaction.atomic():
            Decision.objects.create(
                case=case, step=2, outcome="pass", decided_by=decided_by, on_behalf_of=behalf, at=made_up.NOW
            )
    Decision.objects.create(case=case, step=2, outcome="pass", decided_by=other, at=made_up.NOW)


def test_数据库拒绝改过本人信息的人办案() -> None:
    case = _case()
    someone = made_up.user(Role.COUNTY_CLERK, made_up.region("示例县"))
    Touch.objects.create(person=case.person, user=someone, what="identity", at=made_up.NOW)
    with pytest.raises(DatabaseError, match="duties-apart"), transaction.atomic():
        Decision.objects.create(case=case, step=1, outcome="pass", decided_by=someone, at=made_up.NOW)
