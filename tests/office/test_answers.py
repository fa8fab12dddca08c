"""The sentence read out on the phone: what was paid, what the person really bears, and what to do about a refusal."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.assessment.receipt_builder import book_of, document_of, person_with, settlement_of
from tuodi.assessment.receipt import Receipt, explain_one
from tuodi.assessment.year import Accounts, Person
from tuodi.office.models import Case
from tuodi.office.queries.answers import REMEDY, answer, of_difference

JIAOCHENG = book_of("jiaocheng-2024")
DAY = "2024年5月20日这笔结算"
ASK = "对结果有不同意见的，可以向受理的乡镇（街道）或县医保局申请复核。"


def _receipt(person: Person | None, scope: int = 900000, *, window: int = 0, others: int = 0, **fields: Any) -> Receipt:
    settlement = settlement_of(scope, **fields)._replace(maf_pay=window)
    receipt = explain_one(JIAOCHENG, person, settlement, Accounts(JIAOCHENG))
    return replace(receipt, former_fen=others)


# 政策范围内 9,000.00 − 4,500.00 = 4,500.00；× 70% = 3,150.00；还剩 1,350.00；范围外 10,000.00 − 9,000.00 = 1,000.00
HEAD = f"{DAY}，按低保对象身份，政策范围内报销后个人负担4,500元，医疗救助应支付3,150元"
BORNE = "救助后个人实际负担合计2,350元，其中政策范围内1,350元，政策范围外1,000元，范围外的费用不在救助范围。"


@pytest.mark.parametrize(
    ("window", "others", "paid", "borne"),
    [
        (0, 0, "现在可支付3,150元", BORNE),
        (315000, 0, "窗口已支付3,150元，已经付清，不再另付", BORNE),
        (300000, 15000, "窗口已支付3,000元，其他系统已支付150元，已经付清，不再另付", BORNE),
        (314999, 0, "窗口已支付3,149.99元，少付0.01元，正在核对", f"按应支付计算，{BORNE}"),
        (0, 315001, "其他系统已支付3,150.01元，多付0.01元，正在核对", f"按应支付计算，{BORNE}"),
    ],
)
def test_已经付的和还差的都念出来(window: int, others: int, paid: str, borne: str) -> None:
    receipt = _receipt(person_with("低保对象"), total=1000000, basic=450000, window=window, others=others)
    assert answer(receipt, "正在核对") == f"{HEAD}；{paid}。{borne}"


def test_没有登记总费用的只说政策范围内() -> None:
    told = answer(_receipt(person_with("低保对象"), basic=450000), "")
    assert told == f"{HEAD}；现在可支付3,150元。救助后个人实际负担政策范围内1,350元，范围外的费用没有登记。"


def test_都在范围内的不分开说() -> None:
    told = answer(_receipt(person_with("低保对象"), total=900000, basic=450000), "")
    assert told.endswith("现在可支付3,150元。救助后个人实际负担合计1,350元。")


def test_起付线以内的_说原因条款和复核() -> None:
    # 3,092.40 的起付线，本次 2,000.00，还差 1,092.40
    told = answer(_receipt(person_with("监测对象"), 200000, total=200000), "")
    assert told == (
        f"{DAY}，按监测对象身份，政策范围内报销后个人负担2,000元，医疗救助应支付0元"
        "（住院救助年度起付线未满，还差1,092.40元）。个人实际负担合计2,000元。"
        f"依据是吕政办发〔2022〕61号住院救助·监测对象。{ASK}"
    )
    assert REMEDY == ASK


def test_身份不在政策里的_说出他的身份_条款和复核() -> None:
    told = answer(_receipt(person_with("脱贫人口"), total=1000000, basic=450000), "")
    assert told == (
        f"{DAY}不享受医疗救助：结算当日登记的身份是脱贫人口，本政策没有列出。"
        "个人实际负担合计5,500元，其中政策范围内4,500元，政策范围外1,000元，范围外的费用不在救助范围。"
        f"依据是吕政办发〔2022〕61号住院救助。{ASK}"
    )


def test_不救助这类费用的_不念代码_窗口却付了的照说() -> None:
    told = answer(_receipt(person_with("监测对象"), total=900000, kind="14", window=5000), "需要核对")
    assert told.startswith(f"{DAY}不享受医疗救助：本政策没有为监测对象规定门诊慢特病费用的救助；")
    assert "；窗口已支付50元，多付50元，需要核对。按应支付计算，个人实际负担合计9,000元。" in told
    assert told.endswith(f"依据是吕政办发〔2022〕61号门诊救助·门诊慢性病。{ASK}")
    assert "（14）" not in told and "（390）" not in told


def test_险种决定的_说出险种() -> None:
    # 门急诊起付线补助只给居民医保；别的险种、别的身份在同一类费用里没有
    maqiao = document_of("maqiao-2024")
    only = replace(maqiao, components=maqiao.components[:1])
    settlement = settlement_of(90000, total=90000, kind="11", insurance="310")
    receipt = explain_one(book_of(only), person_with("低保家庭成员"), settlement, Accounts(book_of(only)))
    told = answer(receipt, "")
    assert "本政策没有为低保家庭成员规定职工医保的普通门诊费用的救助。" in told
    assert f"依据是沪医保待遇〔2023〕1号门急诊起付线补助。{ASK}" in told


@pytest.mark.parametrize(
    ("person", "reason"),
    [
        (None, "人员名册中没有该人员"),
        (person_with("低保对象", begin=date(2024, 6, 1)), "结算当日没有登记救助身份"),
    ],
)
def test_没有身份的(person: Person | None, reason: str) -> None:
    told = answer(_receipt(person, total=900000), "")
    assert told.startswith(f"{DAY}不享受医疗救助：{reason}。") and told.endswith(ASK)


def test_冲正的不作数_不叫人申请复核() -> None:
    receipt = _receipt(person_with("低保对象"), window=315000, is_reversed=True)
    assert answer(receipt, "正在核对") == f"{DAY}已经冲正，不作数：不计算医疗救助，也不计入年度累计。"
    assert (receipt.elsewhere_fen, receipt.payments, receipt.identity_told) == (0, (), "低保对象")


@pytest.mark.parametrize(
    ("case", "words"),
    [
        (None, "需要核对"),
        (Case(state=Case.State.OPEN), "正在核对"),
        (Case(state=Case.State.APPROVED), "已经核对审批"),
        (Case(state=Case.State.DISMISSED), "核对后不再补付或追回"),
        (Case(state=Case.State.GONE), "需要核对"),
    ],
)
def test_差额核对到哪一步(case: Case | None, words: str) -> None:
    assert of_difference(case) == words


@pytest.mark.parametrize(
    ("held", "told"),
    [
        (("低保对象",), "低保对象"),
        (("监测对象", "低保对象"), "低保对象（当日登记：监测对象、低保对象）"),
        (("脱贫人口",), "无（当日登记：脱贫人口）"),
    ],
)
def test_身份一栏(held: tuple[str, ...], told: str) -> None:
    assert _receipt(person_with(*held)).identity_told == told
