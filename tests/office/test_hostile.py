"""What somebody with a right tries beyond it, and files that would break the tables: refused, told, nothing kept."""

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests.office import made_up
from tests.office.importing import Desk, certno, csv_bytes, now, roster, settlement, settlements
from tuodi.office import verification
from tuodi.office.access import actor_of
from tuodi.office.models import Assignment, Person, Settlement, Withheld
from tuodi.office.numbers import certno_of
from tuodi.office.operations.changing import line_of
from tuodi.office.operations.people_export import export_people
from tuodi.office.operations.users import reset_password
from tuodi.office.queries.people import Search
from tuodi.office.queries.users import users
from tuodi.office.refusal import Absent, Refused
from tuodi.office.roles import Role
from tuodi.office.secrets import WrongKey


def _town_desk(county: Desk) -> Desk:
    """Two people of 东镇 who import for their town only."""
    desk = Desk.__new__(Desk)
    desk.region = made_up.region("东镇")
    desk.uploader = made_up.actor(Role.TOWN_CLERK, desk.region)
    desk.confirmer = made_up.actor(Role.REVIEWER, desk.region, "reviewer_east")
    return desk


def _of_two_towns() -> tuple[Desk, Desk]:
    county = Desk()
    county.apply("roster", roster([{"psn_no": "E1", "region": "东镇"}, {"psn_no": "W1", "region": "西镇"}]))
    county.apply("settlements", settlements([settlement("A", "W1", hifp_pay="5000.00")]))
    return county, _town_desk(county)


@pytest.mark.usefixtures("sqlite")
@pytest.mark.parametrize(
    "row",
    [
        settlement("B", "W1"),
        settlement("A", "E1"),
        settlement("A", "W1", hifp_pay="1.00"),
        settlement("A", "W1", hifp_pay="x"),
        settlement("Z", "W1", hifp_pay="x"),
    ],
    ids=["别镇的人", "别镇的编号", "与别镇的矛盾", "别镇编号的错行", "别镇的人的错行"],
)
def test_乡镇的结算文件不动别镇的人_也看不到已登记的内容(row: dict[str, object]) -> None:
    _, town = _of_two_towns()
    before = list(Settlement.objects.values_list("setl_id", "outcome", "due_fen"))
    batch = town.apply("settlements", settlements([settlement("E", "E1"), row]))
    assert [
        each for each in Settlement.objects.values_list("setl_id", "outcome", "due_fen") if each[0] != "E"
    ] == before
    assert not Withheld.objects.exists()
    assert batch.counts["refused"] == 1
    assert "5,000" not in str(batch.findings)


@pytest.mark.usefixtures("sqlite")
def test_县级的结算文件可以更正各镇的人() -> None:
    county, _ = _of_two_towns()
    county.apply("settlements", settlements([settlement("A", "W1", hifp_pay="1.00")]))
    assert Withheld.objects.get().psn_no == "W1"


@pytest.mark.usefixtures("sqlite")
def test_乡镇名册的错行不使别镇的人暂不计算_也不了结别镇的() -> None:
    county, town = _of_two_towns()
    town.apply("roster", roster([{"psn_no": "W1", "begntime": "2024-13-01"}]))
    assert not Withheld.objects.exists()
    county.apply("roster", roster([{"psn_no": "W1", "begntime": "2024-13-01"}]), as_of=date(2025, 3, 2))
    town.apply("roster", roster([{"psn_no": "W1", "psn_name": "甲"}]), as_of=date(2025, 3, 3))
    assert Withheld.objects.get().ended_at is None


LONGEST = 60
LONG = {
    "psn_no": ("settlements", settlements([settlement("A", "P" * (LONGEST + 1))])),
    "setl_id": ("settlements", settlements([settlement("A" * (LONGEST + 1), "P1")])),
    "坏行的 setl_id": ("settlements", settlements([settlement("A" * (LONGEST + 1), "P1", hifp_pay="x")])),
    "坏行的 psn_no": ("settlements", settlements([settlement("A", "P" * 200, hifp_pay="x")])),
    "med_type": ("settlements", settlements([settlement("A", "P1", med_type="2" * (LONGEST + 1))])),
    "机构编号": ("settlements", settlements([settlement("A", "P1", fixmedins_code="3" * (LONGEST + 1))])),
    "姓名": ("roster", roster([{"psn_no": "R", "psn_name": "张" * (LONGEST + 1)}])),
    "家庭编号": ("roster", roster([{"psn_no": "R", "family_no": "F" * (LONGEST + 1)}])),
    "身份": ("roster", roster([{"psn_no": "R", "identity": "低" * (LONGEST + 1)}])),
    "已支付": ("former_payments", csv_bytes(["setl_id", "paid_amt"], [["A" * (LONGEST + 1), "1.00"]])),
    "答复": (
        "payer_answers",
        csv_bytes(["setl_id", "payer", "paid_amt"], [["A" * (LONGEST + 1), "hifmi_pay", "1.00"]]),
    ),
}


def test_太长的文字是那一行的错误_两种数据库一样(both_databases: str) -> None:
    desk = Desk()
    for name, (kind, content) in LONG.items():
        batch = desk.apply(kind, content, file_name=f"{name}.csv")
        assert (batch.counts["new"], batch.counts["refused"]) == (0, 1), name
    fitting = settlement(
        "A" * LONGEST, "P" * LONGEST, **dict.fromkeys(("med_type", "hosp_lv", "fixmedins_code"), "1" * 60)
    )
    assert desk.apply("settlements", settlements([fitting])).counts["new"] == 1
    person = {"psn_no": "R", "psn_name": "张" * LONGEST, "identity": "低" * LONGEST, "family_no": "F" * LONGEST}
    assert desk.apply("roster", roster([person])).counts["new"] == 1


@pytest.mark.usefixtures("sqlite")
def test_错位的行里的证件号码不当作人员编号存下() -> None:
    shifted = ["多出来的", certno(2), "P2", "李四", "低保对象", "2024-01-01"]
    header = ["certno", "psn_no", "psn_name", "identity", "begntime"]
    Desk().apply("roster", csv_bytes(header, [[certno(1), "P1", "张三", "低保对象", "2024-01-01"], shifted]))
    assert list(Withheld.objects.values_list("psn_no", flat=True)) == ["P2"]


@pytest.mark.usefixtures("sqlite")
def test_完整号码只导出有权查看的地区的人() -> None:
    made_up.county()
    east, west = made_up.region("东镇"), made_up.region("西镇")
    user = made_up.user(Role.COUNTY_CLERK, east)
    Assignment.objects.create(user=user, role=Role.AUDITOR.value, region=west, begins=date(2024, 1, 1))
    for where, serial in ((east, 1), (west, 2)):
        made_up.person(f"P{serial}", "王某", where, certno(serial))
    actor = actor_of(user, made_up.TODAY)

    def exported(full: bool, region_id: int | None = None) -> list[str]:
        search = Search(text="王", day=made_up.TODAY, region_id=region_id)
        found = export_people(actor=actor, search=search, full=full, reason="核对名单用", at=now())
        return sorted(row[2] for row in found.rows)

    with pytest.raises(Refused, match="不能查看完整号码"):
        exported(True)
    assert exported(True, east.pk) == [certno(1)]
    assert all("*" in number for number in exported(False))


@pytest.mark.usefixtures("sqlite")
def test_密钥文件不见了_不另造一把(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "KEYS_FILE", tmp_path / "fields.key")
    top = made_up.county()
    person = made_up.person("P1", "甲", top, certno(1))
    kept = settings.KEYS_FILE.rename(tmp_path / "moved.key")
    with pytest.raises(WrongKey):
        made_up.person("P2", "乙", top, certno(2))
    assert not settings.KEYS_FILE.exists()
    kept.rename(settings.KEYS_FILE)
    assert certno_of(Person.objects.get(pk=person.pk)) == certno(1)


def test_触发器被改写也会指出(both_databases: str) -> None:
    made_up.county()
    assert not verification.verify().guards
    body = "BEGIN RETURN NEW; END"
    with connection.cursor() as cursor:
        if both_databases == "sqlite":
            cursor.execute("DROP TRIGGER office_touch_no_delete")
            cursor.execute("CREATE TRIGGER office_touch_no_delete BEFORE DELETE ON office_touch BEGIN SELECT 1; END")
        else:
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION office_duties_apart() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$"
            )
    (breach,) = verification.verify().guards
    assert ("office_touch_no_delete" if both_databases == "sqlite" else "office_decision_duties") in breach.sentence


@pytest.mark.parametrize(
    "number", ["990001196005010017", "９９０００１１９６００５０１００１７", "9900 0119 6005 0100 17"]
)
def test_理由里换一种写法的号码也不收(number: str) -> None:
    with pytest.raises(Refused, match="不要写证件号码"):
        line_of(f"证件 {number}", "理由", 100)
    assert line_of("2025-03-01 至 2025-03-31 的材料 12 份", "理由", 100)


@pytest.mark.usefixtures("sqlite")
def test_乡镇的安全管理员不能重置在别处也有岗位的人的密码() -> None:
    top = made_up.county()
    east = made_up.region("东镇")
    admin = made_up.actor(Role.SECURITY_ADMIN, east)
    both, own, left = (made_up.user(Role.REVIEWER, east, name) for name in ("both", "own", "left"))
    Assignment.objects.create(user=both, role=Role.APPROVER.value, region=top, begins=date(2024, 1, 1))
    Assignment.objects.create(
        user=left, role=Role.APPROVER.value, region=top, begins=date(2024, 1, 1), ends=date(2024, 12, 31)
    )
    with pytest.raises(Absent):
        reset_password(actor=admin, user_id=both.pk, at=now())
    for user in (own, left):
        reset_password(actor=admin, user_id=user.pk, at=now())
    assert [each.user.username for each in users(admin)] == ["left", "own", "secadmin"]
