"""The notes of the result: why a component pays nothing, what is unverified, names for codes. Numbers by hand."""

from datetime import date, datetime
from pathlib import Path

import pytest

from tests.assessment.receipt_builder import book_of, person_with, settlement_of
from tuodi.assessment.receipt import explain_one
from tuodi.assessment.rulebook import Rulebook
from tuodi.assessment.words import ResultRow, result_rows
from tuodi.assessment.year import Accounts, assess_one, people
from tuodi.intake.facts import Holding, Settlement

POLICIES = Path(__file__).parents[1] / "policies"
JIAOCHENG = book_of("jiaocheng-2024")
MAQIAO = book_of("maqiao-2024")
VISITS = book_of(str(POLICIES / "shili-visits.yaml"))
DAY = datetime(2025, 3, 1)


def _rows(book: Rulebook, identity: str, *settlements: Settlement) -> list[ResultRow]:
    """Return the rows of the last of somebody's settlements in one year."""
    person, accounts = person_with(identity), Accounts(book)
    *earlier, last = settlements
    for settlement in earlier:
        assess_one(book, person, settlement, accounts)
    return result_rows(book, assess_one(book, person, last, accounts))


def _note(book: Rulebook, identity: str, *settlements: Settlement) -> str:
    (row,) = _rows(book, identity, *settlements)
    return row.note


@pytest.mark.parametrize(
    ("个人负担", "结尾"),
    [
        (309239, "年度限额60,000元此前还剩60,000元，因年度起付线未满，还差0.01元，支付0元。"),
        (309240, "年度限额60,000元此前还剩60,000元，因费用刚好扣足起付线，支付0元。"),
        (309241, "按70%计0.01元，年度限额60,000元此前还剩60,000元，支付0.01元。"),
    ],
)
def test_起付线未满(个人负担: int, 结尾: str) -> None:
    note = _note(JIAOCHENG, "监测对象", settlement_of(个人负担))
    assert note.endswith(结尾)
    assert note.count("。") == 1


def test_此前扣过的_还差的数少一些() -> None:
    # 3,092.40 − 2,000.00 − 1,000.00 = 92.40
    note = _note(JIAOCHENG, "监测对象", settlement_of(200000, setl_id="S0"), settlement_of(100000))
    assert note.endswith("因年度起付线未满，还差92.40元，支付0元。")


@pytest.mark.parametrize("报销", [900000, 900001])
def test_已全部报销(报销: int) -> None:
    note = _note(JIAOCHENG, "低保对象", settlement_of(900000, basic=报销))
    assert note.endswith("，因报销后政策范围内的个人负担为0，支付0元。")


@pytest.mark.parametrize(
    ("此前个人负担", "结尾"),
    [
        (8571428, "，年度限额已用完（60,000元），支付0元。"),  # 70% 为 6,000,000（分），恰好用完
        (8571427, "，年度限额60,000元此前还剩0.01元，支付0.01元。"),  # 5,999,998.9，四舍五入为 5,999,999
    ],
)
def test_年度限额用完(此前个人负担: int, 结尾: str) -> None:
    note = _note(JIAOCHENG, "低保对象", settlement_of(此前个人负担, setl_id="S0"), settlement_of(900000))
    assert note.endswith(结尾)
    assert "因" not in note


def test_限额用完而起付线也未满_两样都说() -> None:
    # 4月以前是低保对象，没有起付线，用完限额；4月起是监测对象
    changed = [
        Holding("P1", "低保对象", date(2024, 1, 1), date(2024, 3, 31)),
        Holding("P1", "监测对象", date(2024, 4, 1), None),
    ]
    person, accounts = people(changed)["P1"], Accounts(JIAOCHENG)
    assess_one(JIAOCHENG, person, settlement_of(9000000, at=datetime(2024, 3, 31), setl_id="S0"), accounts)
    (row,) = result_rows(JIAOCHENG, assess_one(JIAOCHENG, person, settlement_of(300000), accounts))
    assert row.note.endswith("，年度限额已用完（60,000元），因年度起付线未满，还差92.40元，支付0元。")


def test_前项救助已付清() -> None:
    # 起付线补助付清 100.00，门急诊救助和区级救助没有余下的可付
    rows = _rows(MAQIAO, "低保家庭成员", settlement_of(10000, deductible=10000, kind="11"))
    assert [row.paid_amt for row in rows] == [10000, 0, 0]
    assert "因" not in rows[0].note
    for row in rows[1:]:
        assert row.note.endswith("，因个人负担已由前项救助付清，支付0元。")


def test_没有起付线费用() -> None:
    first, *_ = _rows(MAQIAO, "低保家庭成员", settlement_of(10000, kind="11"))
    assert first.note.endswith("，因本次实际支付的起付线为0，支付0元。")


def test_按比例不足半分() -> None:
    # 0.04 × 10% = 0.004，四舍五入为 0.00
    note = _note(JIAOCHENG, "低保对象", settlement_of(4, kind="16"))
    assert note.endswith("，因按比例计算四舍五入后为0，支付0元。")


def test_每次起付线未满() -> None:
    # 每次先扣 300.00，再扣年度的 1,000.00
    assert _note(VISITS, "低保对象", settlement_of(29999, at=DAY)).endswith("，因每次起付线未满，还差0.01元，支付0元。")
    assert _note(VISITS, "低保对象", settlement_of(30000, at=DAY)).endswith(
        "，因年度起付线未满，还差1,000元，支付0元。"
    )


def test_付了钱的不说原因() -> None:
    assert "因" not in _note(JIAOCHENG, "低保对象", settlement_of(900000))


@pytest.mark.parametrize(
    ("此前", "写作"),
    [
        ([], "扣年度起付线3,092.40元（标准3,092.40元，所依据的收入数字未核实）"),
        ([200000], "扣年度起付线1,092.40元（标准3,092.40元，所依据的收入数字未核实，此前已扣2,000元）"),
        ([309240], "年度起付线3,092.40元此前已扣足（所依据的收入数字未核实）"),
    ],
)
def test_起付线所依据的数字未核实(此前: list[int], 写作: str) -> None:
    earlier = [settlement_of(amount, setl_id=f"S0{n}") for n, amount in enumerate(此前)]
    assert 写作 in _note(JIAOCHENG, "监测对象", *earlier, settlement_of(900000))


def test_起付线直接写明数额的不说未核实() -> None:
    note = _note(book_of("junshan-2022"), "三类对象", settlement_of(900000))
    assert "扣年度起付线7,500元（标准7,500元）" in note
    assert "未核实" not in note


@pytest.mark.parametrize(
    ("类别", "险种", "写作"),
    [
        ("11", "390", "普通门诊（11）、城乡居民医保（390）"),
        ("41", "310", "定点药店购药（41）、职工医保（310）"),
        ("11", "", "普通门诊（11）"),
        ("99", "", "医疗类别 99"),
        ("99", "999", "医疗类别 99、险种 999"),
    ],
)
def test_没有规定的_说出名称和代码(类别: str, 险种: str, 写作: str) -> None:
    (row,) = _rows(JIAOCHENG, "低保对象", settlement_of(900000, kind=类别, insurance=险种))
    assert row.note == f"本政策没有为低保对象规定{写作}的救助。"


@pytest.mark.parametrize(
    ("个人负担", "原因"),
    [(309239, "年度起付线未满，还差0.01元"), (0, "报销后政策范围内的个人负担为0")],
)
def test_计算单说的原因与结果表相同(个人负担: int, 原因: str) -> None:
    settlement = settlement_of(个人负担)
    receipt = explain_one(JIAOCHENG, person_with("监测对象"), settlement, Accounts(JIAOCHENG))
    assert receipt.sentence.endswith(f"；住院救助{原因}。")
    assert f"因{原因}，" in _note(JIAOCHENG, "监测对象", settlement)
