"""文字说明：每个数手工算好，与表和上年数一致；没有的写没有；缺原因的留空要人写。"""

from dataclasses import replace
from fractions import Fraction

import pytest

from tests.accounts.lishi import EVALUATIONS, changed, lishi, with_reason
from tuodi.accounts.checks import check
from tuodi.accounts.disclosure import Accounts, Told
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


def test_名词解释只写出现的名词() -> None:
    def words(accounts: Accounts) -> list[str]:
        return [plain(each.text).partition("：")[0] for each in glossary(accounts, narrative(accounts, EVALUATIONS))]

    # 公开的十三条里，结余、结转四条的科目在离石没有发生，文字也没有说到。
    assert words(LISHI) == [
        "财政拨款收入", "事业收入", "经营收入", "其他收入", "基本支出", "项目支出", "“三公”经费", "机关运行经费",
        "城乡医疗救助",
    ]  # fmt: skip
    renamed = {row: replace(told, text="其他") if row == "2101301" else told for row, told in LISHI.names["05"].items()}
    other = replace(LISHI, projects=(), reasons={}, names=dict.fromkeys(("02", "03", "05"), renamed))
    assert "城乡医疗救助" not in words(other)


RECEPTION = {"budget_total": 500_000, "total": 500_000, "budget_reception": 500_000, "reception": 500_000}
COUNTS = ("国内接待批次", "国内接待人次", "国境外接待批次", "国境外接待人次")


@pytest.mark.parametrize(
    ("数", "句子", "没有的话"),
    [
        ((12, 96, None, None), "国内接待12批次，共96人次。", "国（境）外"),
        ((None, 96, None, None), "国内接待共96人次。", "0批次"),
        ((12, None, 0, 0), "国内接待12批次，国（境）外接待0批次，共0人次。", "国内接待12批次，共"),
        ((12, 96, None, 4), "国内接待12批次，共96人次，国（境）外接待共4人次。", "0批次"),
    ],
)
def test_空白的批次人次不当作零(数: tuple[int | None, ...], 句子: str, 没有的话: str) -> None:
    accounts = LISHI
    for column, fen in RECEPTION.items():
        accounts = changed(accounts, ("07", "total", column), fen)
    for item, number in zip(COUNTS, 数, strict=True):
        accounts = changed(accounts, ("补充数据", item, "value"), number)
    words = told(accounts, "three-public")
    assert 句子 in words and 没有的话 not in words
    missing = [each for each in check(accounts, EVALUATIONS) if each.rule == "figure-missing"]
    assert len(missing) == 数.count(None) and not any(each.is_error for each in missing)


def test_类级科目不说成项级科目() -> None:
    assert "按项级科目：城乡医疗救助（2101301）" in told(LISHI, "general")
    cells = {key: cell for key, cell in LISHI.cells.items() if key[0] != "05" or key[1] in ("total", "210")}
    words = told(replace(LISHI, cells=cells), "general")
    assert "（210）" in words and "项级科目" not in words


@pytest.mark.parametrize("原因", ["主要原因是办公费增加。", "原因：办公费增加", "主要原因为办公费增加", "办公费增加"])
def test_原因开头的主要原因是不重复(原因: str) -> None:
    words = told(with_reason(LISHI, "operating-cost", 原因), "other")
    assert "主要原因是办公费增加。" in words


def test_职责前面的序号不重复() -> None:
    typed = ("1.负责医疗保障；\n2、监督基金", "（三）管理价格", "1.5万人的医疗救助", "二、公共服务")
    accounts = replace(LISHI, facts={**LISHI.facts, "主要职责": tuple(map(Told, typed))})
    duties = [plain(each.text) for each in overview(accounts)[0].blocks if not isinstance(each, Ask)]
    assert duties == ["1.负责医疗保障。", "2.监督基金。", "3.管理价格。", "4.1.5万人的医疗救助。", "5.公共服务。"]


def test_自己的话里不能有数字() -> None:
    with pytest.raises(ValueError, match="bound to nothing"):
        Words("增长53.70%")
