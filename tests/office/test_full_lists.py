"""What a full list ends is said before it is confirmed, and whoever confirms it has read how many."""

from datetime import date

import pytest

from tests.office import made_up
from tests.office.importing import Desk, csv_bytes, now, roster
from tuodi.office.imports.full_lists import full_list_of
from tuodi.office.imports.kinds import FullList
from tuodi.office.models import County, Holding, ImportBatch
from tuodi.office.operations import imports
from tuodi.office.refusal import Refused

pytestmark = pytest.mark.usefixtures("sqlite")

JAN, FEB = date(2025, 1, 31), date(2025, 2, 28)
HUNDRED = [{"psn_no": f"P{number:03}"} for number in range(1, 101)]


def told(batch: ImportBatch, rule: str) -> list[str]:
    return [each["message"] for each in batch.findings if each["rule"] == rule and each["severity"] == "warning"]


def confirm(desk: Desk, batch: ImportBatch, ended: int | None) -> None:
    imports.confirm(actor=desk.confirmer, at=now(), batch_id=batch.pk, seen=batch.plan_digest, ended=ended)


def marks(*numbers: str) -> bytes:
    return csv_bytes(["人员编号", "身份标识", "开始时间"], [[number, "低保对象", "2024-01-01"] for number in numbers])


def test_名单没有写到的_写明终止多少人次占多少() -> None:
    desk = Desk()
    desk.apply("roster", roster(HUNDRED), as_of=JAN, is_full=True)
    batch = desk.upload("roster", roster(HUNDRED[:3]), as_of=FEB, is_full=True)
    assert full_list_of(batch) == FullList(97, 100, ())
    assert told(batch, "full-list-ends") == [
        "这份全量名单没有写到的 97 人次身份将终止，占“示例县民政局”截至 2025-02-28 在册 100 人次的 97.00%"
    ]
    assert batch.counts["findings"]["warning"] == 1


@pytest.mark.parametrize("ended", [None, 0, 96, 98])
def test_填的人次不对_不能确认(ended: int | None) -> None:
    desk = Desk()
    desk.apply("roster", roster(HUNDRED), as_of=JAN, is_full=True)
    batch = desk.upload("roster", roster(HUNDRED[:3]), as_of=FEB, is_full=True)
    with pytest.raises(Refused, match="将终止 97 人次"):
        confirm(desk, batch, ended)
    confirm(desk, batch, 97)
    batch.refresh_from_db()
    assert batch.state == "confirmed"


def test_一个也不终止的全量名单_不用填_变动名单也不用() -> None:
    desk = Desk()
    batch = desk.upload("roster", roster(HUNDRED), as_of=JAN, is_full=True)
    assert told(batch, "full-list-ends") == []
    confirm(desk, batch, None)
    changes = desk.upload("roster", roster([{"psn_no": "P999"}]), as_of=JAN)
    assert full_list_of(changes) is None
    confirm(desk, changes, None)


def test_已经终止的和人工更正过的不在分母里() -> None:
    desk = Desk()
    rows = [{"psn_no": "P1"}, {"psn_no": "P2"}, {"psn_no": "P3", "endtime": "2024-12-31"}]
    rows += [{"psn_no": "P4"}, {"psn_no": "P5", "died_on": "2024-12-31"}]
    desk.apply("roster", roster(rows), as_of=JAN, is_full=True)
    Holding.objects.filter(person__psn_no="P4").update(corrected=True, corrected_end=None)
    batch = desk.upload("roster", roster(rows[:1]), as_of=FEB, is_full=True)
    assert full_list_of(batch) == FullList(1, 2, ())


def test_以前版本的预览_按终止的条数填() -> None:
    desk = Desk()
    desk.apply("roster", roster(HUNDRED), as_of=JAN, is_full=True)
    batch = desk.upload("roster", roster(HUNDRED[:3]), as_of=FEB, is_full=True)
    del batch.counts["full_list"]
    batch.save()
    with pytest.raises(Refused, match="将终止 97 人次"):
        confirm(desk, batch, None)
    confirm(desk, batch, 97)


def test_别的单位报送的不终止_写明多少人次和怎么办() -> None:
    desk = Desk()
    east, west = made_up.region("东镇"), made_up.region("西镇")
    rows = [{"psn_no": f"P{number}", "乡镇": "东镇" if number <= 5 else "西镇"} for number in range(1, 8)]
    desk.apply("roster", roster(rows), as_of=JAN, is_full=True)
    batch = desk.upload("roster", roster(rows[:2]), as_of=FEB, is_full=True, region_id=east.pk, sender="示例县民政局")
    # The same office for another region is another sender: three of 东镇 stay, those of 西镇 are not asked about.
    assert west != east
    assert full_list_of(batch) == FullList(0, 0, (("示例县民政局（示例县）", 3),))
    assert told(batch, "full-list-leaves") == [
        "东镇在册还有 3 人次身份由其他单位报送（示例县民政局（示例县） 3 人次），不因这份名单终止"
    ]
    desk.confirm(batch)
    assert Holding.objects.filter(end__isnull=True).count() == 7


def test_较新的名单认定的和人工作废的不算别的单位报送的() -> None:
    desk = Desk()
    desk.apply("roster", roster([{"psn_no": "P1"}, {"psn_no": "P2"}]), as_of=FEB)
    desk.apply("roster", roster([{"psn_no": "P3"}, {"psn_no": "P4"}]), as_of=JAN)
    Holding.objects.filter(person__psn_no="P4").update(withdrawn=True)
    batch = desk.upload("roster", roster([{"psn_no": "P9"}]), as_of=JAN, is_full=True, sender="乙单位")
    assert full_list_of(batch) == FullList(0, 0, (("示例县民政局（示例县）", 1),))


def test_名单报了死亡的人_别的单位报送的身份也终止_不算留下() -> None:
    desk = Desk()
    desk.apply("roster", roster([{"psn_no": "P1"}]), as_of=JAN, sender="甲单位")
    rows = [{"psn_no": "P1", "identity": "监测对象", "died_on": "2025-02-10"}]
    batch = desk.upload("roster", roster(rows), as_of=FEB, is_full=True)
    assert full_list_of(batch) == FullList(0, 0, ())


def test_平台标识的全量名单也一样() -> None:
    desk = Desk()
    desk.apply("marks", marks("P1", "P2", "P3"), as_of=JAN, is_full=True, sender="平台")
    desk.apply("marks", marks("P8"), as_of=JAN, sender="另一处")
    batch = desk.upload("marks", marks("P1"), as_of=FEB, is_full=True, sender="平台")
    assert full_list_of(batch) == FullList(2, 3, (("另一处（示例县）", 1),))
    assert told(batch, "full-list-ends") == [
        "这份全量名单没有写到的 2 人次平台标识将终止，占“平台”截至 2025-02-28 在册 3 人次的 66.67%"
    ]
    with pytest.raises(Refused, match="将终止 2 人次"):
        confirm(desk, batch, 3)


def test_政策和词汇都没有的身份_逐种提醒() -> None:
    desk = Desk()
    words = ["低保对象", "农村低保户", "农村低保", "农村低保户", "脱贫人口", "低保家庭成员"]
    rows = [{"psn_no": f"P{number}", "identity": word} for number, word in enumerate(words)]
    batch = desk.upload("roster", roster(rows))
    (finding,) = [each for each in batch.findings if each["rule"] == "identity-unknown"]
    assert finding["message"] == "身份“农村低保户”（2 行，首见第 3 行）不在本县政策和身份词汇里，登记后没有待遇"
    assert (finding["severity"], finding["row"], finding["value"]) == ("warning", 3, "农村低保户")
    assert batch.counts["refused"] == 0


@pytest.mark.parametrize(("policies", "is_told"), [(["maqiao-2024-mutual-aid"], False), (["jiaocheng-2024"], True)])
def test_只有本县政策才有的身份_适用这份政策的县不提醒(policies: list[str], is_told: bool) -> None:
    desk = Desk()
    County.objects.update(policies=policies)
    batch = desk.upload("roster", roster([{"psn_no": "P1", "identity": "市民帮困参加人员"}]))
    assert bool(told(batch, "identity-unknown")) == is_told


def test_没有设定政策的县_按身份词汇提醒() -> None:
    desk = Desk()
    County.objects.update(policies=[])
    batch = desk.upload("roster", roster([{"psn_no": "P1"}, {"psn_no": "P2", "identity": "农村低保户"}]))
    assert len(told(batch, "identity-unknown")) == 1


def test_平台标识里不认识的身份也提醒_太多的只列二十种() -> None:
    desk = Desk()
    rows = [[f"P{number}", f"身份{number:02}", "2024-01-01"] for number in range(21)]
    batch = desk.upload("marks", csv_bytes(["人员编号", "身份标识", "开始时间"], rows))
    said = told(batch, "identity-unknown")
    assert len(said) == 21
    assert "不认识的身份共 21 种，只列出前 20 种" in said
