"""Receipts against numbers worked out by hand, and against themselves: every sum on the page must come out."""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.assessment.receipt_builder import book_of, document_of, person_with, settlement_of
from tuodi.assessment.receipt import Explained, NotFound, Receipt, explain_one, find_receipt
from tuodi.assessment.receipt_steps import BY_RATIO, CAP_LEFT, DEDUCTIBLE, PAID, Step
from tuodi.assessment.rulebook import Rulebook
from tuodi.assessment.year import Accounts, assess_one, people
from tuodi.intake.facts import Holding, Settlement

JIAOCHENG = book_of("jiaocheng-2024")
MAQIAO = book_of("maqiao-2024")
CASES = Path(__file__).parents[1] / "cases" / "shared"
POLICIES = Path(__file__).parents[1] / "policies"


def _alone(book: Rulebook, identity: str | tuple[str, ...], settlement: Settlement) -> Receipt:
    """Explain the year's first settlement of somebody."""
    held = (identity,) if isinstance(identity, str) else identity
    return explain_one(book, person_with(*held), settlement, Accounts(book))


def _after(book: Rulebook, identity: str, earlier: Settlement, settlement: Settlement) -> Receipt:
    """Explain a settlement that comes behind another one of the same year."""
    person, accounts = person_with(identity), Accounts(book)
    assess_one(book, person, earlier, accounts)
    return explain_one(book, person, settlement, accounts)


def _step(receipt: Receipt, name: str, component: str | None = None) -> Step:
    found = [s for s in receipt.steps if s.step == name and component in (None, s.component)]
    assert len(found) == 1, [s.step for s in receipt.steps]
    return found[0]


def _names(steps: Iterable[Step]) -> list[str]:
    return [step.step for step in steps]


def test_低保对象住院按百分之七十_从总费用到个人负担逐行可核() -> None:
    receipt = _alone(JIAOCHENG, "低保对象", settlement_of(900000, total=1000000, basic=400000, critical=50000))
    assert [(s.step, s.amount_fen) for s in receipt.steps] == [
        ("医疗费总额", 1000000),
        ("政策范围外费用", 100000),
        ("政策范围内费用", 900000),
        ("基本医保统筹", 400000),
        ("居民大病保险", 50000),
        ("各项保险等支付合计", 450000),
        ("个人负担", 450000),
        ("政策范围内报销后的个人负担", 450000),
        ("扣年度起付线", 0),
        ("按比例计算", 315000),
        ("年度限额还可用", 6000000),
        ("本项支付", 315000),
        ("救助后个人负担", 135000),
        ("个人实际负担合计", 235000),
    ]
    assert _step(receipt, BY_RATIO).formula == "4,500.00 × 70%"
    assert _step(receipt, CAP_LEFT).formula.endswith("此前已用 0.00，本次用 3,150.00，之后还可用 56,850.00")
    assert receipt.sentence == (
        "2024年5月20日这笔结算，按低保对象身份，政策范围内报销后个人负担4,500元，"
        "医疗救助支付3,150元，救助后个人负担1,350元。"
    )
    assert (receipt.identity, receipt.held, receipt.paid_fen) == ("低保对象", ("低保对象",), 315000)
    assert receipt.remarks == ()
    assert receipt.document is document_of("jiaocheng-2024")


def test_监测对象起付线由收入的百分之十得来_标明未核实_扣此前已用() -> None:
    # 个人负担 2,000.00 全部进入起付线；其后还剩 3,092.40 − 2,000.00 = 1,092.40
    # （4,500.00 − 1,092.40）× 70% = 2,385.32
    receipt = _after(JIAOCHENG, "监测对象", settlement_of(200000, setl_id="S0"), settlement_of(900000, basic=450000))
    step = _step(receipt, DEDUCTIBLE)
    assert step.amount_fen == 109240
    assert step.formula == (
        "标准 3,092.40（全省2023年城乡居民人均可支配收入 30,924.00 × 10%，未核实）；"
        "此前已扣 2,000.00，本次扣 1,092.40，还剩 0.00"
    )
    assert step.clause == (
        "吕政办发〔2022〕61号住院救助·监测对象；《山西省2023年国民经济和社会发展统计公报》居民收入，未核实"
    )
    assert _step(receipt, BY_RATIO).formula == "（4,500.00 − 1,092.40）× 70%"
    assert _step(receipt, BY_RATIO).amount_fen == receipt.paid_fen == 238532
    assert receipt.remarks == ("全省2023年城乡居民人均可支配收入30,924元未核实，核实后如有不同，将重新计算。",)


@pytest.mark.parametrize(
    ("个人负担", "扣", "说明"),
    [
        (309239, 309239, "年度起付线未满，还差0.01元"),
        (309240, 309240, "费用刚好扣足起付线"),
        (309241, 309240, ""),
    ],
)
def test_起付线上下一分钱(个人负担: int, 扣: int, 说明: str) -> None:
    receipt = _alone(JIAOCHENG, "监测对象", settlement_of(个人负担))
    assert _step(receipt, DEDUCTIBLE).amount_fen == 扣
    assert receipt.paid_fen == (1 if 个人负担 > 309240 else 0)  # 0.01 × 70% 四舍五入为 0.01
    assert receipt.sentence.endswith(f"；住院救助{说明}。" if 说明 else f"救助后个人负担{'3,092.40'}元。")


def test_返贫致贫人口省内住院补足至百分之九十() -> None:
    # 9,000.00 × 90% − 4,500.00 = 3,600.00，高于 4,500.00 × 70% = 3,150.00
    receipt = _alone(JIAOCHENG, ("低保对象", "返贫致贫人口"), settlement_of(900000, basic=450000))
    step = _step(receipt, "补足至90%")
    assert (step.amount_fen, step.formula) == (360000, "9,000.00 × 90% − 4,500.00；高于按比例计算，按此数")
    assert receipt.paid_fen == 360000
    assert receipt.identity == "返贫致贫人口"
    assert receipt.held == ("低保对象", "返贫致贫人口")
    assert receipt.remarks == ("结算当日同时登记为低保对象、返贫致贫人口，就高不就低，按返贫致贫人口计算。",)
    assert _step(receipt, PAID).formula == "不设年度限额"


@pytest.mark.parametrize(
    ("就医地", "说明"),
    [
        ("110108", "省外就医，不适用补足至90%"),
        ("1", "参保地或就医地代码不足两位，不能确认是省内就医，未补足至90%"),
    ],
)
def test_不能补足时说明原因(就医地: str, 说明: str) -> None:
    receipt = _alone(JIAOCHENG, "返贫致贫人口", settlement_of(900000, basic=450000, care_in=就医地))
    step = _step(receipt, "补足至90%")
    assert (step.amount_fen, step.formula) == (0, 说明)
    assert receipt.paid_fen == 315000


@pytest.mark.parametrize(
    ("总额", "报销", "合计", "算式"),
    [
        (918474, 450000, 153474, "9,184.74 − 4,500.00 − 3,150.00；其中全自费等 184.74 不在救助范围"),
        (900001, 450000, 135001, "9,000.01 − 4,500.00 − 3,150.00；其中全自费等 0.01 不在救助范围"),
        (900000, 450000, 135000, "9,000.00 − 4,500.00 − 3,150.00"),
        (918474, 0, 288474, "9,184.74 − 6,300.00；其中全自费等 184.74 不在救助范围"),
        # 报销超过政策范围：多出的部分抵了范围外费用，没有救助
        (918474, 900001, 18473, "9,184.74 − 9,000.01；其中全自费等 184.74 不在救助范围"),
        (918474, 918475, 0, "9,184.74 − 9,184.75，不足 0 按 0 计；其中全自费等 184.74 不在救助范围"),
    ],
)
def test_最后一行是本人实际付的_连同范围外(总额: int, 报销: int, 合计: int, 算式: str) -> None:
    receipt = _alone(JIAOCHENG, "低保对象", settlement_of(900000, total=总额, basic=报销))
    *_, in_scope, last = receipt.steps
    assert (last.step, last.amount_fen, last.formula) == ("个人实际负担合计", 合计, 算式)
    assert in_scope.step == "救助后个人负担"
    assert in_scope.formula.startswith("政策范围内：")


@pytest.mark.parametrize("总额", [0, 899999])
def test_没有总额或总额小于政策范围的_不写实际负担(总额: int) -> None:
    receipt = _alone(JIAOCHENG, "低保对象", settlement_of(900000, total=总额, basic=450000))
    assert receipt.steps[-1].step == "救助后个人负担"


def test_不享受救助的也写实际负担() -> None:
    receipt = _alone(JIAOCHENG, "监测对象", settlement_of(900000, total=918474, basic=450000, kind="14"))
    last = receipt.steps[-1]
    assert (last.step, last.amount_fen) == ("个人实际负担合计", 468474)
    assert last.formula == "9,184.74 − 4,500.00；其中全自费等 184.74 不在救助范围"


@pytest.mark.parametrize(
    ("时间", "写作"),
    [
        (datetime(2024, 5, 20), "2024-05-20"),
        (datetime(2024, 5, 20, 0, 0, 1), "2024-05-20 00:00:01"),
        (datetime(2024, 5, 20, 10), "2024-05-20 10:00:00"),
    ],
)
def test_只有日期的不写零点(时间: datetime, 写作: str) -> None:
    assert _alone(JIAOCHENG, "低保对象", settlement_of(900000, at=时间)).moment == 写作


@pytest.mark.parametrize(
    ("等级", "算式"),
    [
        ("3", "9,000.00 × 75%（三级（3））"),
        ("9", "9,000.00 × 70%（医院等级 9）"),
        ("", "9,000.00 × 70%（医院等级未填）"),
    ],
)
def test_比例随医院等级的_写明等级(等级: str, 算式: str) -> None:
    book = book_of(str(POLICIES / "shili-levels.yaml"))
    settlement = settlement_of(900000, at=datetime(2025, 3, 1))._replace(hosp_lv=等级)
    assert _step(_alone(book, "低保对象", settlement), BY_RATIO).formula == 算式


def test_限险种的救助_说出险种() -> None:
    book = book_of("fukang-2024")
    receipt = _alone(book, "职工大额医疗参保人员", settlement_of(900000))
    assert receipt.remarks[-1].endswith("，适用职工医保（310）的普通住院（21）。")


def test_已达到百分之九十的不需补足() -> None:
    # 8,000.00 已由医保支付：1,000.00 × 70% = 700.00；9,000.00 × 90% − 8,000.00 = 100.00
    receipt = _alone(JIAOCHENG, "返贫致贫人口", settlement_of(900000, basic=800000))
    assert _step(receipt, "补足至90%").amount_fen == 10000
    assert _step(receipt, "补足至90%").formula.endswith("不高于按比例计算，不需补足")
    assert receipt.paid_fen == 70000


@pytest.mark.parametrize(
    ("此前个人负担", "还可用", "支付", "说明"),
    [
        (8000000, 400000, 315000, ""),  # 此前支付 56,000.00
        (8121428, 315000, 315000, ""),  # 此前支付 56,850.00（8,121,428 × 70% = 5,684,999.6 分）
        (8121430, 314999, 314999, "住院救助年度限额只剩3,149.99元"),
        (8571429, 0, 0, "住院救助年度限额已用完"),
    ],
)
def test_年度限额用到只剩一点(此前个人负担: int, 还可用: int, 支付: int, 说明: str) -> None:
    receipt = _after(
        JIAOCHENG, "低保对象", settlement_of(此前个人负担, setl_id="S0"), settlement_of(900000, basic=450000)
    )
    cap = _step(receipt, CAP_LEFT)
    assert (cap.amount_fen, receipt.paid_fen) == (还可用, 支付)
    used = f"此前已用 {(6000000 - 还可用) / 100:,.2f}" if 还可用 else "此前已用完"
    assert used in cap.formula
    assert (说明 in receipt.sentence) if 说明 else ("限额" not in receipt.sentence)


def test_马桥低保门急诊三项依次从余额中支付() -> None:
    # 900.00 − 300.00 = 600.00；起付线补助 300.00；（600.00 − 300.00）× 60% = 180.00；（300.00 − 180.00）× 50% = 60.00
    receipt = _alone(MAQIAO, "低保家庭成员", settlement_of(90000, basic=30000, deductible=30000, kind="11"))
    paid = {s.component: s.amount_fen for s in receipt.steps if s.step == PAID}
    assert paid == {"deductible_aid": 30000, "outpatient_aid": 18000, "district_aid": 6000}
    assert _step(receipt, "政策范围内报销后的个人负担", "outpatient_aid").formula == "600.00 − 前项救助 300.00"
    assert receipt.paid_fen == 54000
    assert "（门急诊起付线补助300元，门急诊救助180元，区级医疗救助60元）" in receipt.sentence
    assert receipt.component_name("district_aid") == "区级医疗救助（闵行区）"
    assert [source.number for source in receipt.sources] == [
        "沪医保待遇〔2023〕1号",
        "沪医保规〔2022〕12号",
        "闵医保规发〔2022〕1号",
    ]


def test_保险已付超过政策范围的没有余下的个人负担() -> None:
    receipt = _alone(JIAOCHENG, "低保对象", settlement_of(900000, basic=900001))
    assert _step(receipt, "个人负担").formula == "9,000.00 − 9,000.01，不足 0 按 0 计"
    assert receipt.sentence.endswith("；住院救助报销后政策范围内的个人负担为0。")


def test_分段比例逐段列出() -> None:
    # 起付线 1,000.00；其后 10,000.00 以内 50%、30,000.00 以内 60%：10,000 × 50% + 9,000 × 60% = 10,400.00
    book = book_of(str(POLICIES / "shili-tiers.yaml"))
    settlement = settlement_of(2000000, at=datetime(2025, 3, 1))
    receipt = explain_one(book, person_with("低保对象"), settlement, Accounts(book))
    assert _step(receipt, BY_RATIO).formula == "分段：10,000.00 × 50% + 9,000.00 × 60%"
    assert _step(receipt, BY_RATIO).amount_fen == 1040000


def test_全家共用的起付线在单子上写明() -> None:
    book = book_of(str(POLICIES / "shili-family.yaml"))
    receipt = _alone(book, "低保边缘家庭成员", settlement_of(600000, at=datetime(2025, 3, 1)))
    assert _step(receipt, DEDUCTIBLE).formula.startswith("全家共用，标准 5,000.00；")
    assert receipt.paid_fen == 60000


def test_结算日没有身份_说出何时才有() -> None:
    person = people([Holding("P1", "低保", date(2024, 6, 1), None), Holding("P1", "脱贫人口", date(2024, 1, 1), None)])
    receipt = explain_one(JIAOCHENG, person["P1"], settlement_of(900000), Accounts(JIAOCHENG))
    assert receipt.sentence == "结算当日（2024-05-20）没有本政策列出的救助身份，不享受救助。"
    assert receipt.remarks == (
        "当日登记的身份是脱贫人口，本政策没有列出。",
        "该人员自 2024-06-01 起为低保，结算日为 2024-05-20。",
        "身份起止日期登记有误的，请认定部门更正名册后重新计算。",
    )
    assert (receipt.identity, receipt.held, receipt.paid_fen) == ("", ("脱贫人口",), 0)
    assert _names(receipt.steps) == ["政策范围内费用", "各项保险等支付合计", "个人负担"]


def test_身份已经结束() -> None:
    person = person_with("低保对象", begin=date(2023, 1, 1), end=date(2024, 5, 19))
    receipt = explain_one(JIAOCHENG, person, settlement_of(900000), Accounts(JIAOCHENG))
    assert "该人员 2023-01-01 至 2024-05-19 为低保对象，结算日为 2024-05-20。" in receipt.remarks


def test_该身份不享受这类救助_说出享受哪些() -> None:
    receipt = _alone(JIAOCHENG, "监测对象", settlement_of(900000, kind="14"))
    assert receipt.sentence == "本政策没有为监测对象规定门诊慢特病（14）、城乡居民医保（390）的救助。"
    assert receipt.remarks == ("监测对象可享受的救助有：住院救助，适用普通住院（21）。",)
    assert receipt.identity == "监测对象"


def test_不在名册和已冲正() -> None:
    nobody = explain_one(JIAOCHENG, None, settlement_of(900000), Accounts(JIAOCHENG))
    assert nobody.sentence == "人员名册中没有该人员，不享受救助。"
    assert nobody.remarks
    undone = _alone(JIAOCHENG, "低保对象", settlement_of(-900000, is_reversed=True))
    assert undone.sentence == "该笔结算已冲正，不参与计算。"
    assert (undone.steps, undone.paid_fen) == ((), 0)


def test_说明一笔不改动累计() -> None:
    accounts = Accounts(JIAOCHENG)
    person = person_with("监测对象")
    first = explain_one(JIAOCHENG, person, settlement_of(900000), accounts)
    assert explain_one(JIAOCHENG, person, settlement_of(900000), accounts) == first
    assert not any(accounts.state)


AMOUNTS = st.integers(0, 20_000_000)


@given(
    identity=st.sampled_from([*JIAOCHENG.documents[0].identities]),
    earlier=AMOUNTS,
    scope=AMOUNTS,
    total=AMOUNTS,
    basic=AMOUNTS,
    critical=AMOUNTS,
)
def test_单子上的每个合计都对得上(
    identity: str, earlier: int, scope: int, total: int, basic: int, critical: int
) -> None:
    settlement = settlement_of(scope, total=total, basic=basic, critical=critical)
    receipt = _after(JIAOCHENG, identity, settlement_of(earlier, setl_id="S0"), settlement)
    left = _step(receipt, "个人负担").amount_fen
    assert left == max(0, scope - basic - critical)
    assert _step(receipt, "救助后个人负担").amount_fen == left - receipt.paid_fen
    assert sum(s.amount_fen for s in receipt.steps if s.step == PAID) == receipt.paid_fen
    assert all(step.amount_fen >= 0 for step in receipt.steps)
    if total >= scope >= basic + critical and total:
        assert receipt.steps[-1].amount_fen == left - receipt.paid_fen + total - scope
    assert _before_used_left(_step(receipt, DEDUCTIBLE).formula) == _standard(identity)


def _before_used_left(formula: str) -> int | None:
    """Return the sum of 此前已扣, 本次扣 and 还剩 in fen, None where there is no deductible."""
    if "此前已扣" not in formula:
        return None
    parts = formula.split("；")[-1].split("，")
    return sum(int(part.split(" ")[-1].replace(",", "").replace(".", "")) for part in parts)


def _standard(identity: str) -> int | None:
    return {"监测对象": 309240, "低保边缘家庭成员": 309240, "因病致贫重病患者": 773100}.get(identity)


def _find(case: str, setl_id: str) -> Explained | NotFound:
    folder = CASES / case
    return find_receipt(book_of(case), folder / "persons.csv", folder / "settlements.csv", setl_id)


def test_从文件中找一笔_与期望表一致() -> None:
    found = _find("maqiao-2024", "S79176222600360")
    assert isinstance(found, Explained)
    assert found.receipt is not None
    paid = {s.component: s.amount_fen for s in found.receipt.steps if s.step == PAID}
    assert paid == {"inpatient_aid": 1200654, "district_aid": 257283}
    assert found.receipt.psn_name.startswith("测试")


def test_没有这个结算编号() -> None:
    assert _find("maqiao-2024", "S0") == NotFound("S0")


ROSTER = "psn_no,identity,begntime,family_no\nP1,低保边缘家庭成员,2025-01-01,F1\nP2,低保边缘家庭成员,2025-01-01,F1\n"
HEADER = "setl_id,psn_no,setl_time,med_type,inscp_scp_amt,hifp_pay\n"


def _files(folder: Path, settlements: str, roster: str = ROSTER) -> tuple[Path, Path]:
    (folder / "persons.csv").write_text(roster, encoding="utf-8")
    (folder / "settlements.csv").write_text(HEADER + settlements, encoding="utf-8")
    return folder / "persons.csv", folder / "settlements.csv"


FAMILY = book_of(str(POLICIES / "shili-family.yaml"))


def test_家人此前的结算也计入共用的起付线(tmp_path: Path) -> None:
    rows = "S3,P1,2025-09-01,21,9000,0\nS2,P1,2025-03-02,21,6000,0\nS1,P2,2025-03-01,21,4000,0\n"
    found = find_receipt(FAMILY, *_files(tmp_path, rows), "S2")
    assert isinstance(found, Explained)
    assert found.receipt is not None
    # 家人已用 4,000.00，还剩 1,000.00：（6,000.00 − 1,000.00）× 60%
    assert found.receipt.paid_fen == 300000
    assert "此前已扣 4,000.00，本次扣 1,000.00，还剩 0.00" in _step(found.receipt, DEDUCTIBLE).formula


@pytest.mark.parametrize("asked", ["S1", "S2"])
def test_本人或家人有错误行的_给出问题而不是单子(tmp_path: Path, asked: str) -> None:
    rows = "S2,P1,2025-03-02,21,6000,0\nS1,P2,2025-03-01,21,12x,0\nS9,P9,2025-03-01,21,13x,0\n"
    found = find_receipt(FAMILY, *_files(tmp_path, rows), asked)
    assert isinstance(found, Explained)
    assert found.receipt is None
    assert "12x" in [finding.value for finding in found.findings]
    if asked == "S2":
        assert [finding.row for finding in found.findings] == [3]


def test_别人的错误行不影响_只报个数(tmp_path: Path) -> None:
    rows = "S2,P1,2025-03-02,21,6000,0\nS9,P9,2025-03-01,21,13x,0\n"
    found = find_receipt(FAMILY, *_files(tmp_path, rows), "S2")
    assert isinstance(found, Explained)
    assert found.receipt is not None
    assert found.findings == ()
    assert [(finding.row, finding.value) for finding in found.others] == [(3, "13x")]


def test_这一笔自己的提醒不算别人的(tmp_path: Path) -> None:
    rows = "S2,P1,2025-03-02,21,6000,6001\nS3,P2,2025-03-03,21,6000,6001\n"
    found = find_receipt(FAMILY, *_files(tmp_path, rows), "S2")
    assert isinstance(found, Explained)
    assert [(finding.row, finding.is_error) for finding in found.findings] == [(2, False)]
    assert [(finding.row, finding.is_error) for finding in found.others] == [(3, False)]


def test_结算日在政策有效期外的给出提醒(tmp_path: Path) -> None:
    found = find_receipt(FAMILY, *_files(tmp_path, "S2,P1,2026-03-02,21,6000,0\n"), "S2")
    assert isinstance(found, Explained)
    assert [finding.rule for finding in found.findings] == ["outside-validity"]


def test_名册读不出来(tmp_path: Path) -> None:
    found = find_receipt(FAMILY, *_files(tmp_path, "S2,P1,2025-03-02,21,6000,0\n", roster="a,b\n1,2\n"), "S2")
    assert isinstance(found, Explained)
    assert found.receipt is None
    assert found.findings
