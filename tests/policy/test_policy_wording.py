"""两份政策的不同之处，和一份政策读起来的样子。"""

from tests.policy.places import built_in, made_up
from tuodi.policy.diff import Difference, differences
from tuodi.policy.show import BenefitRow, PremiumRow, outline


def test_同一份政策没有不同() -> None:
    assert differences(made_up("tiers"), made_up("tiers")) == ()


def test_新旧两版并列() -> None:
    found = differences(made_up("2025-first"), made_up("2025-second"))
    assert [difference for difference in found if "依据" not in difference.place] == [
        Difference("名称", "示例县2025年上半年示例", "示例县2025年下半年示例"),
        Difference("施行", "2025-01-01 至 2025-06-30", "2025-07-01 至 今"),
        Difference(
            "来源 rules",
            "《示例县医疗救助实施细则》 示政发〔2024〕1号 2024-12-01 已核实",
            "《示例县医疗救助实施细则》 示政发〔2025〕3号 2025-06-01 已核实",
        ),
        Difference(
            "账户 deductible_year",
            "年度起付线，按人累计，示政发〔2024〕1号第五条",
            "年度起付线，按人累计，示政发〔2025〕3号第五条",
        ),
        Difference(
            "账户 cap_year",
            "年度救助限额，按人累计，示政发〔2024〕1号第六条",
            "年度救助限额，按人累计，示政发〔2025〕3号第六条",
        ),
        Difference("待遇 inpatient_aid·低保对象·比例", "60%", "70%"),
        Difference("待遇 inpatient_aid·低保对象·年度起付线", "2,000元", "1,000元"),
        Difference("待遇 inpatient_aid·低保对象·限额 cap_year", "20,000元", "30,000元"),
    ]


def test_只有一边有的内容写成横线() -> None:
    found = {difference.place: difference for difference in differences(made_up("family"), made_up("levels"))}
    assert found["待遇 inpatient_aid·低保对象·比例"].in_a == "—"
    assert found["待遇 inpatient_aid·低保对象·比例"].in_b == "一级（1） 85%；二级（2） 80%；三级（3） 75%；其他 70%"
    assert found["待遇 inpatient_aid·低保边缘家庭成员·比例"] == (
        "待遇 inpatient_aid·低保边缘家庭成员·比例",
        "60%",
        "—",
    )
    assert found["账户 deductible_family"].in_b == "—"


def test_反过来比左右对调() -> None:
    a, b = made_up("second-layer"), made_up("caps")
    forth = {(place, left, right) for place, left, right in differences(a, b)}
    back = {(place, right, left) for place, left, right in differences(b, a)}
    assert forth == back


def test_分段_按次_限额的写法() -> None:
    tiers = outline(made_up("tiers")).benefits[0].rows[1]
    assert tiers == BenefitRow(
        "低保对象",
        "1,000元",
        "10,000元以内 50%；10,000元至30,000元 60%；超过30,000元的部分 70%",
        "20,000元",
        "示政发〔2024〕1号第五条第二项",
    )
    visits = outline(made_up("visits")).benefits[0].rows[1]
    assert visits.ratio == "70%（每次起付300元，每次最高5,000元）"
    caps = outline(made_up("caps")).benefits[0].rows[0]
    assert caps.cap == "住院年度限额 10,000元；年度总限额 12,000元"


def test_交城住院救助读起来() -> None:
    read = outline(built_in("jiaocheng-2024"))
    inpatient = read.benefits[0]
    assert (inpatient.name, inpatient.code) == ("住院救助", "inpatient_aid")
    assert inpatient.rows[0].deductible == "无"
    assert inpatient.rows[0].cap == "不设限额"
    assert inpatient.rows[3] == BenefitRow(
        "监测对象",
        "3,092.40元（全省2023年城乡居民人均可支配收入的10%）",
        "70%",
        "60,000元",
        "吕政办发〔2022〕61号住院救助·监测对象",
    )
    assert ("起付线", "年度起付线，按人累计") in inpatient.conditions
    assert any(label == "补足" and "90%" in text for label, text in inpatient.conditions)
    assert read.figures[0][1].endswith("未核实")
    assert read.precedence[0] == "特困人员"
    assert len(read.open_questions) == 4


def test_资助参保读起来() -> None:
    clause = "沪医保规〔2023〕2号资助标准·"
    assert outline(built_in("maqiao-2024")).premium == (
        PremiumRow("特殊救济对象、低保家庭成员、散居孤儿、困境儿童", "全额资助", clause + "全额资助"),
        PremiumRow("低收入困难家庭成员", "个人缴纳120元，其余资助（满60周岁）", clause + "定额资助"),
    )
    assert [row.subsidy for row in outline(built_in("jiaocheng-2024")).premium] == [
        "全额资助",
        "个人缴费的90%",
        "个人缴费的80%",
        "定额资助280元",
    ]
