"""文字说明：每个数手工算好，与表和上年数一致；没有的写没有；缺原因的留空要人写。"""

from dataclasses import replace
from fractions import Fraction

import pytest

from tests.accounts.lishi import EVALUATIONS, changed, lishi, with_reason
from tuodi.accounts.disclosure import Accounts
from tuodi.accounts.narrative import Ask, Chapter, glossary, narrative, overview
from tuodi.kernel.fragments import Figure, Words, plain

LISHI = lishi()


def told(accounts: Accounts, chapter: str) -> str:
    chapters = {each.id: each for each in narrative(accounts, EVALUATIONS)}
    return "\n".join("" if isinstance(each, Ask) else plain(each.text) for each in chapters[chapter].blocks)


@pytest.mark.parametrize(
    ("部分", "句子"),
    [
        # 7824626.42 − 5090780.18 = 2733846.24；÷ 5090780.18 = 53.702 %
        ("overall", "收入总计增加2,733,846.24元，增长53.70%；支出总计增加2,733,846.24元，增长53.70%"),
        ("fiscal", "财政拨款收入总计增加2,733,846.24元，增长53.70%"),
        # 788675.85 ÷ 7824626.42 = 10.079 %；7035950.57 ÷ 7824626.42 = 89.921 %
        ("expenditure", "基本支出788,675.85元，占10.08%；项目支出7,035,950.57元，占89.92%"),
        ("expenditure", "没有上缴上级支出、经营支出、对附属单位补助支出"),
        ("income", "财政拨款收入7,824,626.42元，占100.00%"),
        # 715957.08 ÷ 7824626.42 = 9.150 %；72718.77 ÷ 7824626.42 = 0.929 %
        ("general", "人员经费715,957.08元，占9.15%；日常公用经费72,718.77元，占0.93%"),
        ("general", "项目支出7,035,950.57元，占89.92%"),
        ("general", "占本年支出合计的100.00%"),
        ("general", "完成年初预算的100.00%"),
        ("general", "城乡医疗救助（2101301）6,817,074.57元；行政运行（2101501）885,307.85元"),
        ("basic", "公用经费72,718.77元，包括商品和服务支出72,718.77元"),
        ("funds", "2022年度没有政府性基金预算财政拨款收入、支出和结转结余"),
        ("capital", "没有国有资本经营预算财政拨款支出"),
        ("three-public", "没有公务接待费预算和支出，与上年相同"),
        # 72718.77 − 56052.00 = 16666.77；÷ 56052.00 = 29.734 %
        ("other", "机关运行经费支出72,718.77元，比2021年增加16,666.77元，增长29.73%"),
        ("other", "政府采购支出总额82,120.00元，其中：货物支出12,120.00元；服务支出70,000.00元；没有工程支出"),
        ("other", "没有车辆；没有单价一百万元以上的设备（不含车辆）"),
        # 12898000 = 690000+40000+327000+4200000+330000+6710000+451000+150000
        # 6871200 = 4200000+2617100+54100；÷ 12898000 = 53.273 %，÷ 7035950.57 = 97.658 %
        (
            "other",
            "全年预算数合计12,898,000.00元，全年执行数合计6,871,200.00元，执行率53.27%；执行数占项目支出的97.66%",
        ),
        ("other", "没有评定等级的8个"),
        # 2617100 ÷ 6710000 = 39.003 %；54100 ÷ 150000 = 36.067 %
        ("other", "全年执行数2,617,100.00元，执行率39.00%，得分40分"),
        ("other", "执行率36.07%，得分36分"),
        ("other", "（6）2022年省级财政医疗救助补助资金（671万）：全年预算数"),
    ],
)
def test_离石的句子(部分: str, 句子: str) -> None:
    assert 句子 in told(LISHI, 部分)


def test_没有列出的不写没有() -> None:
    words = told(LISHI, "other")
    assert "整体支出" not in words and "部门评价" not in words and "54.55" not in words
    assert "预算绩效" not in told(replace(LISHI, projects=()), "other")
    for item in ("中小企业合同金额", "小微企业合同金额"):
        assert "授予中小企业" in words
        blank = changed(LISHI, ("补充数据", item, "value"), None)
        assert item[:2] + "企业的合同" not in told(blank, "other")


def test_基本支出只用基本支出列() -> None:
    words = told(LISHI, "basic")
    for only_project in ("医疗费补助", "印刷费", "培训费", "办公设备购置", "279,474.77", "63,792.00", "6,817,074.57"):
        assert only_project not in words
    keys = {each.key for chapter in narrative(LISHI, EVALUATIONS) if chapter.id == "basic" for each in figures(chapter)}
    assert {key for key in keys if key.startswith("06/")} <= {key for key in keys if key.endswith("/basic")}


def figures(chapter: Chapter) -> list[Figure]:
    texts = [each.text for each in chapter.blocks if not isinstance(each, Ask)]
    return [part for text in texts for part in text if isinstance(part, Figure)]


def test_缺原因的地方留空() -> None:
    asks = [each.name for chapter in narrative(LISHI, EVALUATIONS) for each in chapter.blocks if isinstance(each, Ask)]
    assert asks == ["reason.operating-cost"]
    given = with_reason(LISHI, "operating-cost", "办公费增加。")
    assert "主要原因是办公费增加。" in told(given, "other")


@pytest.mark.parametrize(
    ("说明", "上年", "句子"),
    [
        ("减少", 10_000_000, "比2021年减少27,281.23元，下降27.28%"),
        ("持平", 7_271_877, "，与上年相同。"),
        ("上年为零", 0, "增加72,718.77元，上年没有发生，不计算增长率"),
    ],
)
def test_增减的三种说法(说明: str, 上年: int, 句子: str) -> None:
    assert 句子 in told(changed(LISHI, ("上年数", "机关运行经费", "value"), 上年), "other")


def test_没有上年数就不比较() -> None:
    words = told(changed(LISHI, ("上年数", "机关运行经费", "value"), None), "other")
    assert "比2021年" not in words


def test_三公经费有数的写完成率和增减() -> None:
    accounts = LISHI
    for column, fen in (
        ("budget_total", 100_000),
        ("total", 80_000),
        ("budget_reception", 100_000),
        ("reception", 80_000),
    ):
        accounts = changed(accounts, ("07", "total", column), fen)
    accounts = changed(accounts, ("上年数", "公务接待费", "value"), 160_000)
    accounts = changed(accounts, ("补充数据", "国内接待批次", "value"), 3)
    words = told(accounts, "three-public")
    assert "公务接待费预算1,000.00元，支出决算800.00元，完成全年预算的80.00%。" in words
    assert "比上年减少800.00元，下降50.00%。" in words
    assert "国内接待3批次" in words
    assert "没有因公出国（境）费预算和支出，与上年相同。" in words


def test_份额相加是整个支出() -> None:
    shares = [Fraction(each) for each in ("10.08", "89.92")]
    assert sum(shares) == 100
    assert sum(map(Fraction, ("9.15", "0.93", "89.92"))) == 100


def test_概况和名词解释() -> None:
    words = "".join(
        plain(each.text) for chapter in overview(LISHI) for each in chapter.blocks if not isinstance(each, Ask)
    )
    assert "内设机构4个：综合办公室、保障服务股、医药服务管理股、基金监督股" in words
    assert "2019年3月成立" in words
    assert "行政编制6名" in words
    assert len(glossary(LISHI)) == 13


def test_自己的话里不能有数字() -> None:
    with pytest.raises(ValueError, match="bound to nothing"):
        Words("增长53.70%")
