"""The list of settlements: the same page whichever way a region's settlements are looked for, and the years known."""

from datetime import date, datetime
from typing import Any

import pytest

from tests.office import made_up
from tuodi.intake.settlements import ID_CONFLICT
from tuodi.office.models import ImportBatch, Settlement, Withheld
from tuodi.office.queries import settlements as queries
from tuodi.office.queries.settlements import Filters, HeldBack, page_of, years_known
from tuodi.office.roles import Role

pytestmark = pytest.mark.usefixtures("both_databases")


def _settled(setl_id: str, psn_no: str, when: datetime, **fields: object) -> None:
    person = made_up.Person.objects.filter(psn_no=psn_no).first()
    Settlement.objects.create(
        setl_id=setl_id, psn_no=psn_no, person=person, setl_time=when, year=when.year, med_type="21",
        inscp_scp_amt=100_00, hifp_pay=50_00, received_at=when, **fields,
    )  # fmt: skip


@pytest.fixture
def county() -> None:
    """Two towns' persons with settlements, and one settlement of nobody known."""
    made_up.county()
    for psn_no, town in (("P1", "东镇"), ("P2", "东镇"), ("P3", "西镇")):
        made_up.person(psn_no, f"赵{psn_no}", made_up.region(town))
    for number in range(7):
        psn_no = ("P1", "P2", "P3")[number % 3]
        _settled(f"S{number}", psn_no, datetime(2024, 1 + number, 5), outcome=0 if number % 2 else None)
    _settled("S9", "P9", datetime(2023, 12, 31, 23, 59))


@pytest.mark.parametrize("few", [0, 1, 2, 5000], ids=["不算少", "多于一人", "正好两人", "很少"])
@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, ["S6", "S4", "S3", "S1", "S0"]),
        ({"state": "withheld"}, ["S6", "S4", "S0"]),
        ({"year": 2024, "month": 4}, ["S3"]),
        ({"year": 2023}, []),
    ],
    ids=["全部", "暂不计算", "四月", "上年"],
)
def test_乡镇的结算_两种查法一致(
    county: None, monkeypatch: pytest.MonkeyPatch, few: int, filters: dict[str, object], expected: list[str]
) -> None:
    monkeypatch.setattr(queries, "FEW", few)
    monkeypatch.setattr(queries, "PAGE_SIZE", 2)
    town = made_up.actor(Role.TOWN_CLERK, made_up.region("东镇"))
    clerk = made_up.actor(Role.COUNTY_CLERK, made_up.region("示例县"))
    for actor, region_id in ((town, None), (clerk, made_up.region("东镇").pk)):
        found, after = [], None
        for _ in range(4):
            page = page_of(actor, Filters(region_id=region_id, **filters), after)
            found += [row.settlement.setl_id for row in page.rows]
            after = page.after
            if after is None:
                break
        assert found == expected


def test_全县的结算_包括不在登记里的人(county: None) -> None:
    clerk = made_up.actor(Role.COUNTY_CLERK, made_up.region("示例县"))
    found = [row.settlement.setl_id for row in page_of(clerk, Filters()).rows]
    assert found == ["S6", "S5", "S4", "S3", "S2", "S1", "S0", "S9"]


def test_已有结算的年度(county: None) -> None:
    assert years_known() == [2024, 2023]
    Settlement.objects.all().delete()
    assert years_known() == []


@pytest.mark.parametrize(
    ("heading", "row", "rule", "message", "why"),
    [
        ("结算时间", 5, "date-format", "不是有效日期", "“结算时间”不是有效日期"),
        ("setl_time", 5, "date-format", "不是有效日期", "“结算时间”不是有效日期"),
        ("时间", 5, "date-format", "不是有效日期", "“时间”不是有效日期"),
        ("结算时间", 6, "date-format", "不是有效日期", "不是有效日期"),
        ("结算时间", 5, "amount-format", "不是有效金额", "不是有效金额"),
        ("结算时间", 5, "date-format", "结算时间在将来", "结算时间在将来"),
    ],
    ids=["文件里写明了列", "列名是字段名", "报送单位自己的列名", "另一行", "另一个问题", "话里已有列名"],
)
def test_暂不计算的原因写明是哪一列(heading: str, row: int, rule: str, message: str, why: str) -> None:
    told = [{"row": 5, "rule": "date-format", "column": heading}]
    held = Withheld(rule=rule, row=row, message=message, batch=ImportBatch(kind="settlements", findings=told))
    assert HeldBack(held, None).why == why
    assert HeldBack(Withheld(rule=rule, row=row, message=message), None).why == message


@pytest.mark.parametrize(
    ("fields", "advice"),
    [
        (
            {"kind": "settlement", "setl_id": "S1"},
            "截止日期不早于 2025-02-01 的文件里有同一结算编号的正确行，就自动恢复",
        ),
        ({"kind": "settlement"}, "看不出说的是哪一笔"),
        (
            {"kind": "answer", "setl_id": "S1", "key": "hifmi_pay"},
            "截止日期不早于 2025-02-01 的文件里有同一支付方的正确答复，就",
        ),
        ({"kind": "answer", "setl_id": "S1"}, "看不出说的是哪一笔"),
        ({"kind": "payment", "setl_id": "S1", "key": "R1"}, "，有同一支付编号的正确行，就自动恢复"),
        ({"kind": "payment", "setl_id": "S1"}, "看不出说的是哪一笔"),
        ({"kind": "roster"}, "正确的行到了自动恢复"),
        ({"kind": "settlement", "setl_id": "S1", "rule": ID_CONFLICT}, "没有保存另一条的内容"),
        ({"kind": "answer", "setl_id": "S1", "contradiction_id": 1}, "打开“核对两条记录”"),
    ],
)
def test_暂不计算的_写明怎样才恢复(fields: dict[str, Any], advice: str) -> None:
    held = HeldBack(Withheld(batch=ImportBatch(kind="x", as_of=date(2025, 2, 1)), **fields), None)
    assert advice in held.advice
    assert "{" not in held.advice


def test_不知道文件的_不写截止日期() -> None:
    held = HeldBack(Withheld(kind="settlement", setl_id="S1"), None)
    assert "重新报送，有同一结算编号的正确行，就自动恢复" in held.advice
