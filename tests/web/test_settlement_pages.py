"""Pages of settlements: what they show, to whom, and that nothing sensitive stands where it should not."""

import re
from datetime import date, datetime
from io import BytesIO
from urllib.parse import quote, unquote
from zipfile import ZipFile

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from tests.office import made_up, settling
from tests.office.importing import certno
from tests.office.settling import arrive, record, refusal, settle
from tests.web.signed_in import client_of
from tuodi.kernel.idnumber import mask
from tuodi.office.models import Case, County, Person, Settlement, TrailEntry, Withheld
from tuodi.office.roles import Role

pytestmark = pytest.mark.usefixtures("sqlite")
CERTNO = certno(1)


@pytest.fixture
def clerk(sqlite: str) -> Client:
    top = made_up.county()
    east, west = made_up.region("东镇"), made_up.region("西镇")
    first = made_up.person("P1", "赵一", east, CERTNO)
    made_up.holding(first, "低保对象", date(2024, 1, 1))
    made_up.holding(made_up.person("P2", "钱二", west), "监测对象", date(2024, 1, 1))
    return client_of(made_up.user(Role.COUNTY_CLERK, top, "desk"))


def _text(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, answer.content.decode()
    html = answer.content.decode()
    assert CERTNO not in html
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.split("<main", 1)[1]))


def _pk(setl_id: str) -> int:
    return Settlement.objects.get(setl_id=setl_id).pk


def test_没有结算时说明怎么办(clerk: Client) -> None:
    assert "请先 导入结算明细" in _text(clerk, "/settlements/")


def test_列表有合计_可付与已付分开(clerk: Client) -> None:
    arrive([record("S1"), record("S2", setl_time=datetime(2024, 6, 1), maf_pay=100), record("S3", "X9")])
    text = _text(clerk, "/settlements/?totals=1")
    # 9,000 × 70 % each; the second is paid at the window already, the third is of nobody.
    assert "本页 3 笔 27,000.00 0.00 1.00 12,600.00 6,300.00" in text
    assert "全部 3 笔 27,000.00 0.00 1.00 12,600.00 6,300.00" in text
    assert "没有登记（X9）" in text
    assert text.index("2024-06-01") < text.index("2024-05-20")


def test_暂不计算的不显示为零_不计入合计(clerk: Client) -> None:
    arrive([record("S1"), record("S2", "P2", maf_pay=4230_45)], [refusal("S9", "P2")])
    text = _text(clerk, "/settlements/?totals=1")
    assert "9,000.00 0.00 4,230.45 — — 暂不计算" in text
    # 应救助 and 可支付 are those of S1 alone; what was paid for S2 is told as a fact.
    for line in ("本页 2 笔", "全部 2 笔"):
        told = f"{line} 18,000.00 0.00 4,230.45 6,300.00 6,300.00 其中 1 笔暂不计算，未计入应救助和可支付"
        assert told in text
    answer = clerk.post("/settlements/export", {"reason": "核对当年结算"})
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.getvalue())).get_sheet_by_index(0).to_python()
    held_back = next(dict(zip(rows[0], row, strict=True)) for row in rows if row[0] == "S2")
    assert (held_back["应救助（元）"], held_back["可支付（元）"], held_back["状态"]) == ("", "", "暂不计算")
    foot = dict(zip(rows[0], rows[-1], strict=True))
    assert (foot["应救助（元）"], foot["别处已付救助（元）"]) == (6300, 4230.45)
    assert foot["说明"] == "其中 1 笔暂不计算，未计入应救助和可支付"
    who = Person.objects.get(psn_no="P2")
    page = _text(clerk, f"/people/{who.pk}")
    assert "2024 年 1 暂不计算 2024 年暂不计算 ，不是应救助 0 元：S9 有误（结算编号 S9）。 怎样恢复计算" in page
    year = _text(clerk, f"/settlements/person/{who.pk}/2024")
    assert "— — 暂不计算" in year and "共 1 笔 暂不计算" in year
    sheet = _text(clerk, f"/settlements/{Settlement.objects.get(setl_id='S2').pk}")
    assert "救助身份 暂不计算" in sheet and "救助身份 无" not in sheet


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("year=2024", {"S1", "S2", "S3", "S5"}),
        ("year=2024&month=5", {"S1"}),
        ("year=2024&month=12", {"S5"}),
        ("year=2025", {"S4"}),
        ("month=5", {"S1", "S2", "S3", "S4", "S5"}),
        ("state=due", {"S1", "S4", "S5"}),
        ("state=reversed", {"S2"}),
        ("state=not_on_roster", {"S3"}),
        ("state=withheld", set()),
        ("state=nonsense&year=abc&region=&after=x", {"S1", "S2", "S3", "S4", "S5"}),
        ("year=9999999999999999999", {"S1", "S2", "S3", "S4", "S5"}),
    ],
)
def test_筛选(clerk: Client, query: str, shown: set[str]) -> None:
    arrive(
        [
            record("S1"),
            record("S2", reversed=True, setl_time=datetime(2024, 1, 1)),
            record("S3", "X9", setl_time=datetime(2024, 6, 1)),
            record("S4", setl_time=datetime(2025, 1, 1)),
            record("S5", setl_time=datetime(2024, 12, 31, 23, 59, 59)),
        ]
    )
    assert {
        name for name in ("S1", "S2", "S3", "S4", "S5") if f" {name} " in _text(clerk, f"/settlements/?{query}")
    } == shown


def test_翻页不重复不遗漏(clerk: Client) -> None:
    arrive([record(f"S{n:03}", scope=100, setl_time=datetime(2024, 1, 1 + n // 40)) for n in range(120)])
    seen, url = [], "/settlements/?year=2024"
    for _ in range(3):
        html = clerk.get(url).content.decode()
        seen += re.findall(r">(S\d{3})</a>", html)
        after = re.search(r"after=(\d+)", html)
        url = f"/settlements/?year=2024&after={after[1]}" if after else ""
    assert url == ""
    assert len(seen) == len(set(seen)) == 120
    assert seen == sorted(seen, key=lambda s: (-(int(s[1:]) // 40), s))


def test_按编号查找不进地址(clerk: Client) -> None:
    arrive([record("S1")])
    answer = clerk.post("/settlements/", {"setl_id": " S1 "})
    assert answer["Location"] == f"/settlements/{_pk('S1')}"
    for typed in ("s1", "Ｓ１", "S 1"):
        assert clerk.post("/settlements/", {"setl_id": typed})["Location"] == f"/settlements/{_pk('S1')}"
    answer = clerk.post("/settlements/", {"setl_id": CERTNO}, follow=True)
    assert "没有找到这个结算编号" in answer.content.decode()
    assert CERTNO not in answer.request["PATH_INFO"] + answer.request["QUERY_STRING"]


def test_计算单列出每一步和累计(clerk: Client) -> None:
    arrive([record("S1", scope=8000000, setl_time=datetime(2024, 3, 1)), record("S2", scope=1000000, hifp_pay=100000)])
    text = _text(clerk, f"/settlements/{_pk('S2')}")
    assert "2024年5月20日这笔结算，按低保对象身份，政策范围内报销后个人负担9,000元，医疗救助应支付4,000元" in text
    assert "年度限额只剩4,000元" in text
    assert mask(CERTNO) in text
    for part in (
        "政策范围内费用",
        "10,000.00 − 1,000.00",
        "9,000.00 × 70%",
        "吕政办发〔2022〕61号",
        "此前已用 56,000.00",
        "现在可支付 4,000.00",
    ):
        assert part in text, part
    # The year's account: 60,000 of 60,000 used.
    assert "年度救助限额（住院、门诊共用） 年度限额 60,000.00 60,000.00 0.00" in text


def test_窗口已付的不再支付(clerk: Client) -> None:
    arrive([record("S1", maf_pay=630000)])
    text = _text(clerk, f"/settlements/{_pk('S1')}")
    assert "医疗救助应支付 6,300.00 窗口已支付 6,300.00 现在可支付 0.00" in text
    assert "窗口已支付6,300元，已经付清，不再另付" in text
    word = _word(clerk, "S1")
    for part in ("窗口已支付：6,300.00 元", "现在可支付：0.00 元", "已经付清，不再另付"):
        assert part in word, part


def test_窗口付少了的_页面和Word都说少付多少_正在核对(clerk: Client) -> None:
    settle(settling.clerk(), [record("S1", maf_pay=600000)])
    text, word = _text(clerk, f"/settlements/{_pk('S1')}"), _word(clerk, "S1")
    assert "少付（作为疑点核对） 300.00 现在可支付 0.00" in text
    assert "少付（作为疑点核对）：300.00 元" in word
    for each in (text, word):
        assert "窗口已支付6,000元，少付300元，正在核对" in each
    Case.objects.update(state=Case.State.DISMISSED, next_step=None)
    assert "少付300元，核对后不再补付或追回" in _text(clerk, f"/settlements/{_pk('S1')}")


def test_已冲正的列出记录上的金额和身份_不作数(clerk: Client) -> None:
    arrive([record("S1", reversed=True, hifp_pay=100000, maf_pay=560000)])
    text, word = _text(clerk, f"/settlements/{_pk('S1')}"), _word(clerk, "S1")
    assert "这笔结算已经冲正，不作数：不计算医疗救助，也不计入年度累计。" in text
    assert "救助身份 低保对象" in text
    for part in ("记录上的金额（已冲正，不作数）", "9,000.00", "1,000.00", "医疗救助基金", "5,600.00"):
        assert part in text and part in word, part
    assert "可支付" not in text


def test_没有救助的结算说明原因(clerk: Client) -> None:
    arrive([record("S1", "P2", med_type="14"), record("S2", "X9"), record("S3", reversed=True)])
    assert "本政策没有为监测对象规定" in _text(clerk, f"/settlements/{_pk('S1')}")
    assert "人员名册中没有该人员" in _text(clerk, f"/settlements/{_pk('S2')}")
    assert "已冲正" in _text(clerk, f"/settlements/{_pk('S3')}")
    # Whoever gets nothing is told where to ask; codes are not read out.
    told = _text(clerk, f"/settlements/{_pk('S1')}").split("姓名", 1)[0]
    assert "可以向受理的乡镇（街道）或县医保局申请复核" in told
    assert "门诊慢特病" in told and "（14）" not in told and "（390）" not in told


def test_暂不计算的说明原因和办法_放行后恢复(clerk: Client) -> None:
    arrive([record("S1")], [refusal("S9")])
    text = _text(clerk, f"/settlements/{_pk('S1')}")
    assert "这笔结算暂时没有计算：S9 有误" in text
    assert "请报送单位更正该行后重新报送" in text
    assert "这个年度暂不计算，累计数没有算出" in text
    person = Person.objects.get(psn_no="P1").pk
    assert "这个年度暂不计算，累计数没有算出" in _text(clerk, f"/settlements/person/{person}/2024")
    assert clerk.get(f"/settlements/{_pk('S1')}/receipt.docx").status_code == 422
    held = Withheld.objects.get()
    text = _text(clerk, "/settlements/withheld")
    assert "赵一" in text and "共 1 条" in text
    answer = clerk.post(f"/settlements/withheld/{held.pk}/set-aside", {"reason": " "})
    assert answer.status_code == 422
    assert "请填写理由" in answer.content.decode()
    answer = clerk.post(f"/settlements/withheld/{held.pk}/set-aside", {"reason": f"身份证{CERTNO}"})
    assert answer.status_code == 422
    answer = clerk.post(f"/settlements/withheld/{held.pk}/set-aside", {"reason": "医院说明该行作废"}, follow=True)
    assert "已放行" in answer.content.decode()
    assert Settlement.objects.get().due_fen == 630000
    assert "没有暂不计算的记录" in _text(clerk, "/settlements/withheld")


def test_年度页列出累计(clerk: Client) -> None:
    arrive(
        [
            record("S1", scope=8000000, setl_time=datetime(2024, 3, 1)),
            record("S2"),
            record("S3", setl_time=datetime(2025, 1, 1)),
        ]
    )
    person = Person.objects.get(psn_no="P1")
    text = _text(clerk, f"/settlements/person/{person.pk}/2024")
    assert "限额之前剩 4,000.00，之后剩 0.00" in text
    assert "共 2 笔 60,000.00" in text
    assert "其他年度： 2025 年" in text
    assert mask(CERTNO) in text
    assert "2023 年没有结算" in _text(clerk, f"/settlements/person/{person.pk}/2023")
    assert clerk.get(f"/settlements/person/{person.pk}/99999").status_code == 404


def test_合并的重复记录在保留的人名下(clerk: Client) -> None:
    keep, double = Person.objects.get(psn_no="P1"), made_up.person("P8", "赵一", made_up.region("东镇"))
    Person.objects.filter(pk=double.pk).update(merged_into=keep)
    arrive([record("S1", "P8")])
    assert "共 1 笔 6,300.00" in _text(clerk, f"/settlements/person/{double.pk}/2024")
    assert "P8（已并入 P1）" in _text(clerk, f"/settlements/{_pk('S1')}")


def test_计算单可存为_Word(clerk: Client) -> None:
    arrive([record("S1")])
    document = _word(clerk, "S1")
    assert "赵一" in document and mask(CERTNO) in document and CERTNO not in document
    assert "经办机构（示例县，盖章）：" in document


@pytest.mark.parametrize(("setl_id", "name"), [("S1", "S1"), ("S/1\\2 3:", "S_1_2_3_"), (CERTNO, None)])
def test_Word的文件名是结算编号_像证件号码的用库内编号(clerk: Client, setl_id: str, name: str | None) -> None:
    arrive([record(setl_id)])
    answer = clerk.get(f"/settlements/{_pk(setl_id)}/receipt.docx")
    whole = f"计算单-{name or _pk(setl_id)}.docx"
    assert answer["Content-Disposition"] == f"attachment; filename*=UTF-8''{quote(whole)}"


def _word(client: Client, setl_id: str) -> str:
    answer = client.get(f"/settlements/{_pk(setl_id)}/receipt.docx")
    assert answer.status_code == 200
    with ZipFile(BytesIO(answer.content)) as packed:
        return re.sub(r"<[^>]+>", "", packed.read("word/document.xml").decode())


def test_导出须有用途并留痕(clerk: Client) -> None:
    arrive([record("S1"), record("S2", setl_time=datetime(2025, 1, 1))])
    assert "用途" in _text(clerk, "/settlements/export?year=2024")
    answer = clerk.post("/settlements/export", {"year": "2024", "reason": ""})
    assert answer.status_code == 422
    answer = clerk.post("/settlements/export", {"year": "2024", "reason": "核对当年结算"})
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.getvalue())).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows] == ["结算编号", "S1", "合计 1 笔"]
    assert dict(zip(rows[0], rows[2], strict=True))["可支付（元）"] == 6300
    assert re.search(r"结算清单_2024年_20\d\d-\d\d-\d\d\.xlsx$", unquote(answer["Content-Disposition"]))
    assert dict(zip(rows[0], rows[1], strict=True))["应救助（元）"] == 6300
    entry = TrailEntry.objects.order_by("-number")[0]
    assert (entry.action, '"rows":1' in entry.detail) == ("settlements.exported", True)


def test_乡镇只看到本乡镇的(clerk: Client) -> None:
    arrive([record("S1"), record("S2", "P2"), record("S3", "X9")], [refusal("S8", "P2"), refusal("S9", "X9")])
    east = client_of(made_up.user(Role.TOWN_CLERK, made_up.region("东镇")))
    text = _text(east, "/settlements/")
    assert " S1 " in text and " S2 " not in text and " S3 " not in text
    assert "没有暂不计算的记录" in _text(east, "/settlements/withheld")
    for setl_id in ("S2", "S3"):
        assert east.get(f"/settlements/{_pk(setl_id)}").status_code == 404
        assert east.get(f"/settlements/{_pk(setl_id)}/receipt.docx").status_code == 404
        assert east.post("/settlements/", {"setl_id": setl_id})["Location"] == "/settlements/"
    for held in Withheld.objects.all():
        assert east.post(f"/settlements/withheld/{held.pk}/set-aside", {"reason": "理由"}).status_code == 404
    assert east.get(f"/settlements/?region={made_up.region('西镇').pk}").status_code == 404
    assert east.get(f"/settlements/person/{Person.objects.get(psn_no='P2').pk}/2024").status_code == 404


def test_审计人员能看不能放行(clerk: Client) -> None:
    arrive([record("S1")], [refusal("S9")])
    auditor = client_of(made_up.user(Role.AUDITOR, made_up.region("示例县")))
    assert "放行" not in _text(auditor, "/settlements/withheld").replace("写明理由放行", "")
    assert (
        auditor.post(f"/settlements/withheld/{Withheld.objects.get().pk}/set-aside", {"reason": "x"}).status_code == 404
    )


def test_库中结果被改动时页面提醒(clerk: Client) -> None:
    arrive([record("S1")])
    Settlement.objects.update(due_fen=1)
    assert "请勿支付" in _text(clerk, f"/settlements/{_pk('S1')}")


def test_没有设定政策时说明(clerk: Client) -> None:
    arrive([record("S1")])

    County.objects.update(policies=[])
    assert "请系统管理员设定" in _text(clerk, f"/settlements/{_pk('S1')}", 422)
