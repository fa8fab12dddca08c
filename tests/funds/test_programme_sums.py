"""五个项目一年的资金：每个公布的合计和比率都由明细重新算出，对不上的逐条列出。"""

from pathlib import Path

import pytest

from tuodi.funds.contradictions import contradictions
from tuodi.funds.library import Shelf, known_ids
from tuodi.funds.programme_file import load_programme
from tuodi.funds.reckoning import Reckoning
from tuodi.kernel.finding import Severity
from tuodi.kernel.shipped import shipped


def _reckoned(path: Path) -> Reckoning:
    programme, findings = load_programme(path)
    assert findings == []
    assert programme is not None
    return Reckoning(programme)


def _built_in(programme_id: str) -> Reckoning:
    return _reckoned(shipped("examples", "programmes", f"{programme_id}.yaml"))


def _changed(tmp_path: Path, programme_id: str, *replacements: tuple[str, str]) -> Reckoning:
    """Compute a programme after changing its inputs; the first occurrence of each old text is replaced."""
    text = shipped("examples", "programmes", f"{programme_id}.yaml").read_text(encoding="utf-8")
    for old, new in replacements:
        assert old in text, old
        text = text.replace(old, new, 1)
    path = tmp_path / "changed.yaml"
    path.write_text(text, encoding="utf-8")
    return _reckoned(path)


def _found(reckoning: Reckoning) -> list[tuple[str, str, str]]:
    return [(item.rule, item.column.partition("（")[0], item.value) for item in contradictions(reckoning)]


def test_内置文件名与编号一致() -> None:
    expected = ("fukang-2024", "jiaocheng-2024", "junshan-2022", "lishi-2022", "maqiao-2024")
    assert known_ids(Shelf.PROGRAMMES) == expected
    for programme_id in expected:
        assert _built_in(programme_id).programme.id == programme_id


# 交城 2024


def test_交城来源_用途和人次() -> None:
    reckoning = _built_in("jiaocheng-2024")
    assert [row.amount.printed() for row in reckoning.programme.sources] == [
        "251.88万元",
        "377.06万元",
        "28.10万元",
        "365.00万元",
    ]
    assert (reckoning.sources_total.fen, reckoning.sources_total.grouped()) == (1_022_040_000, "1,022.04 万元")
    assert (reckoning.uses_total.fen, reckoning.uses_total.grouped()) == (925_590_000, "925.59 万元")
    assert reckoning.person_times == 3_297 + 7_958 + 11_514


@pytest.mark.parametrize(
    ("比率", "手算", "结果"),
    [
        ("arrival_rate", "1022.04 ÷ 1022.04", "100.00"),
        ("execution_rate", "925.59 ÷ 1022.04 = 0.905630", "90.56"),
        ("execution_of_available", "925.59 ÷（2892.43 + 1022.04 = 3914.47）= 0.236453", "23.65"),
        ("balance_share", "2988.88 ÷ 1022.04 = 2.924426", "292.44"),
    ],
)
def test_交城比率(比率: str, 手算: str, 结果: str) -> None:
    assert _built_in("jiaocheng-2024").rates[比率].at(2) == 结果


def test_交城结余滚不下去_差4万6600元() -> None:
    reckoning = _built_in("jiaocheng-2024")
    balance = reckoning.balance
    assert balance is not None
    assert balance.computed.fen == 2_988_880_000  # 2892.43 + 1022.04 - 925.59
    assert balance.stated.fen == 2_993_540_000
    assert balance.difference.fen == 4_660_000  # 46,600.00 元
    assert _found(reckoning) == [("balance-not-rolled", "年末结转结余", "2,993.54 万元")]


def test_交城结余更正后不再报(tmp_path: Path) -> None:
    assert _found(_changed(tmp_path, "jiaocheng-2024", ("2993.54万元", "2988.88万元"))) == []


@pytest.mark.parametrize(
    ("改动", "原文", "改为", "规则"),
    [
        ("省级少0.10万元", "377.06万元", "376.96万元", {"资金总计下达", "年末结转结余", "预算执行率"}),
        ("住院多0.10万元", "533.84万元", "533.94万元", {"资金支付总额", "年末结转结余", "预算执行率"}),
        ("执行率多0.01", '"90.56"', '"90.57"', {"年末结转结余", "预算执行率"}),
        ("计划多10万元", 'plan: {amount: "1022.04', 'plan: {amount: "1032.04', {"资金到位率", "年末结转结余"}),
    ],
)
def test_交城改动一个数就对不上(tmp_path: Path, 改动: str, 原文: str, 改为: str, 规则: set[str]) -> None:
    found = _found(_changed(tmp_path, "jiaocheng-2024", (原文, 改为)))
    assert {name for _, name, _ in found} == 规则


# 君山 2022


def test_君山四个季度_来源_用途和结余() -> None:
    reckoning = _built_in("junshan-2022")
    assert [row.amount.fen for row in reckoning.programme.quarters] == [
        91_058_457,
        231_772_867,
        123_743_638,
        295_326_442,
    ]
    assert reckoning.quarters_total.fen == 741_901_404
    assert reckoning.sources_total.grouped() == "792.64 万元"
    assert reckoning.uses_total.grouped() == "741.90 万元"
    assert reckoning.spent_by_source.grouped() == "741.90 万元"
    assert reckoning.person_times == 12_411
    assert reckoning.balance is not None
    assert reckoning.balance.computed.grouped() == "50.74 万元"
    assert reckoning.rates["execution_rate"].at(2) == "93.60"
    assert "arrival_rate" not in reckoning.rates


def test_君山文中的矛盾() -> None:
    assert _found(_built_in("junshan-2022")) == [
        ("plan-missing", "计划安排资金", ""),
        ("stated-differs", "下达中央补助资金", "273.64 万元"),
        ("stated-differs", "基金累计结余占筹集基金总额的比重", "0%"),
    ]


def test_君山结余占比的说明写出分子分母() -> None:
    share = contradictions(_built_in("junshan-2022"))[-1]
    assert share.message == "与计算结果 6.40%（50.74 万元 ÷ 792.64 万元）不一致"
    assert "区级配套资金" in share.advice


def test_君山一个季度记错_与用途合计不符(tmp_path: Path) -> None:
    found = _found(_changed(tmp_path, "junshan-2022", ("910584.57", "911584.57")))
    assert ("quarters-total", "各季度支出合计", "7,420,014.04 元") in found
    assert ("stated-differs", "支出合计", "7,419,014.04 元") in found


def test_君山一个来源的支出记错_与用途合计不符(tmp_path: Path) -> None:
    found = _found(_changed(tmp_path, "junshan-2022", ("222.82万元", "222.92万元")))
    assert ("spent-total", "各来源支出合计", "742.00 万元") in found


# 马桥 2024


@pytest.mark.parametrize(
    ("月", "批次", "人次", "金额分", "退回"),
    [
        (1, 2, 188, 8_714_970, 0),
        (2, 2, 146, 3_572_210, 1),
        (3, 3, 117, 3_001_015, 0),
        (4, 2, 140, 4_449_261, 1),
        (5, 3, 236, 6_912_710, 67),
        (6, 2, 162, 6_193_125, 1),
        (7, 2, 155, 6_270_306, 0),
        (8, 2, 119, 2_104_714, 1),
        (9, 2, 183, 6_944_696, 1),
        (10, 3, 204, 5_543_840, 0),
        (11, 2, 141, 4_468_865, 1),
        (12, 1, 105, 5_756_119, 1),
    ],
)
def test_马桥各月发放(月: int, 批次: int, 人次: int, 金额分: int, 退回: int) -> None:
    month = _built_in("maqiao-2024").months[月]
    assert (month.batches, month.person_times, month.amount.fen, month.returned) == (批次, 人次, 金额分, 退回)


def test_马桥26批合计() -> None:
    year = _built_in("maqiao-2024").all_months
    assert (year.batches, year.person_times, year.amount.fen, year.returned) == (26, 1_896, 63_931_831, 74)


def test_马桥年初预算由单价乘数量得出() -> None:
    reckoning = _built_in("maqiao-2024")
    assert [item.amount.fen for item in reckoning.programme.planned_items] == [
        54_600_000,
        4_650_000,
        240_000,
        960_000,
        2_600_000,
        27_000_000,
        33_800_000,
        11_150_000,
    ]
    assert (reckoning.planned_total.fen, reckoning.planned_quantity) == (135_000_000, 2_911)


def test_马桥预算科目从135万调到147万() -> None:
    reckoning = _built_in("maqiao-2024")
    assert [line.change.fen for line in reckoning.programme.budget] == [
        6_500_000,
        36_100_000,
        -240_000,
        24_926_575,
        -70_609_381,
        16_859_337,
        -1_362_000,
    ]
    assert (reckoning.budget_initial.fen, reckoning.budget_adjusted.fen) == (135_000_000, 147_174_531)
    assert reckoning.budget_executed.fen == reckoning.uses_total.fen == reckoning.sources_total.fen == 147_174_531
    rates = {key: rate.at(2) for key, rate in reckoning.rates.items()}
    assert rates == {
        "arrival_rate": "100.00",
        "execution_rate": "100.00",
        "execution_of_initial": "109.02",
        "adjustment_rate": "9.02",
    }


def test_马桥文中的矛盾_退回人次75与74_金额单位写错() -> None:
    reckoning = _built_in("maqiao-2024")
    assert _found(reckoning) == [
        ("stated-differs", "截至年底实际支出", "147.17 元"),
        ("stated-differs", "首次发放失败退回人次", "75"),
    ]
    assert contradictions(reckoning)[1].message == "与按明细计算的 74 不一致"


@pytest.mark.parametrize(
    ("改动", "原文", "改为", "规则"),
    [
        ("一批少1分", "56307.81", "56307.80", "社会化发放合计"),
        ("一批多1人次", 'person_times: "112"', 'person_times: "113"', "医疗救助人次"),
        ("少退回1人次", 'returned: "66"', 'returned: "65"', "首次发放失败退回人次"),
        ("一项预算的数量多1", 'quantity: "455"', 'quantity: "456"', "年初预算明细合计"),
        ("一个科目的年初数多1元", 'initial: "755100.00"', 'initial: "755101.00"', "年初预算"),
        ("一个科目的支出少1分", 'executed: "49006.19"', 'executed: "49006.18"', "各预算科目实际支出合计"),
        ("一项用途多1分", '"4281.25"', '"4281.26"', "各预算科目实际支出合计"),
    ],
)
def test_马桥改动一个数就对不上(tmp_path: Path, 改动: str, 原文: str, 改为: str, 规则: str) -> None:
    assert 规则 in {name for _, name, _ in _found(_changed(tmp_path, "maqiao-2024", (原文, 改为)))}


# 阜康 2024


def test_阜康执行与人数() -> None:
    reckoning = _built_in("fukang-2024")
    assert reckoning.uses_total.fen == 182_622_000
    assert reckoning.sources_total.fen == 182_620_000
    rates = {key: rate.at(2) for key, rate in reckoning.rates.items()}
    assert rates == {
        "arrival_rate": "100.00",
        "execution_rate": "100.00",
        "execution_of_initial": "91.31",  # 1,826,220 ÷ 2,000,000
        "adjustment_rate": "-8.69",  # (182.62 - 200) ÷ 200
    }
    assert _found(reckoning) == [("stated-differs", "城镇职工大额医疗参保人数", "30750")]


# 离石 2022


def test_离石十一项资金从0到100() -> None:
    reckoning = _built_in("lishi-2022")
    assert [rate.at(2) for rate in reckoning.source_rates.values()] == [
        "100.00",
        "0.00",
        "36.07",
        "0.00",
        "0.00",
        "39.00",
        "0.00",
        "0.00",
        "0.00",
        "0.00",
        "96.70",
    ]
    remainders = [row.remainder for row in reckoning.programme.sources]
    assert (remainders.count("结转下年"), remainders.count("财政收回")) == (4, 3)
    assert reckoning.sources_total.grouped() == "1,451.80 万元"
    assert reckoning.uses_total.fen == 703_595_057
    assert reckoning.rates["execution_rate"].at(2) == "48.46"


def test_离石文中的矛盾() -> None:
    found = _found(_built_in("lishi-2022"))
    assert [(rule, value) for rule, _, value in found] == [
        ("spent-total", "696.79 万元"),
        ("plan-missing", ""),
        ("stated-differs", "12,898,000.00 元"),
        ("stated-differs", "55%"),
        ("stated-differs", "40.49%"),
        ("stated-differs", "36.10%"),
        ("stated-differs", "0%"),
    ]


def test_矛盾只提醒_不算错误() -> None:
    for programme_id in known_ids(Shelf.PROGRAMMES):
        for finding in contradictions(_built_in(programme_id)):
            expected = Severity.INFO if finding.rule == "plan-missing" else Severity.WARNING
            assert finding.severity is expected
            assert finding.file == programme_id
