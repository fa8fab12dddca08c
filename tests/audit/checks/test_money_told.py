"""收支、乘积、平均、比率、增幅写在一句里：算得出来的都要对上。"""

import pytest

from tests.audit.checks.told import Check, remarks, told
from tuodi.audit.auditor import remarks_on
from tuodi.audit.checks.form.years import years_to_come
from tuodi.audit.checks.quotients.growth import check_growth, check_points
from tuodi.audit.checks.quotients.plain_shares import check_means
from tuodi.audit.checks.quotients.quotients import check_execution_rates, check_rates_with_quotient
from tuodi.audit.checks.quotients.shares import check_shares_of_one_whole
from tuodi.audit.checks.sense.conclusions import check_directions, check_trends, check_year_by_year
from tuodi.audit.checks.sums.balances import check_balances, check_left, check_products
from tuodi.audit.checks.sums.whole_amounts import check_year_told_twice
from tuodi.audit.paper.text_file import read_text
from tuodi.kernel.finding import Severity

Told = list[tuple[str, str, str]]


@pytest.mark.parametrize(
    ("check", "sentence", "expected"),
    [
        (
            check_balances,
            "2023年末结余215.3万元，2024年收入540万元，支出486.7万元，2024年末结余286.6万元。",
            [("balance-differs", "286.6万元", "268.6万元")],
        ),
        (check_balances, "2023年末结余215.3万元，2024年收入540万元，支出486.7万元，2024年末结余268.6万元。", []),
        # 已经写明差额的不再提示
        (
            check_balances,
            "上年末结余215.3万元，2024年收入540万元，支出486.7万元，年末结余286.6万元，差额18万元原因待查。",
            [],
        ),
        (check_left, "到位资金540万元，支出486.7万元，结余35.3万元。", [("balance-differs", "35.3万元", "53.3万元")]),
        (check_left, "到位资金540万元，支出486.7万元，结余53.3万元。", []),
        # 别处写有上年结转，结余里有它
        (check_left, "上年结转10万元。到位资金540万元，支出486.7万元，结余63.3万元。", []),
        (check_products, "购置12台，单价3500元，共计43000元。", [("product-differs", "43000元", "42000元")]),
        (check_products, "购置12台，单价3500元，共计42000元。", []),
        (check_products, "320人，每人400元，需资金13.8万元。", [("product-differs", "13.8万元", "12.8万元")]),
        (check_products, "320人，每人400元，需资金12.8万元。", []),
        (check_products, "320人，每人每月400元，需资金13.8万元。", []),
        (check_products, "320人，每人最高400元，需资金10万元。", []),
        (check_means, "救助3200人次，支出512万元，次均救助1700元。", [("average-differs", "1700元", "1600元")]),
        (check_means, "救助3200人次，支出512万元，平均每人次1700元。", [("average-differs", "1700元", "1600元")]),
        (check_means, "救助3200人次，支出512万元，人均救助1700元。", [("average-differs", "1700元", "1600元")]),
        (check_means, "救助3200人次，支出512万元，人均救助1600元。", []),
        # 一人可以救助多次，人均比次均高得多是正常的
        (check_means, "救助3200人次，支出512万元，人均救助2500元。", []),
    ],
)
def test_收支乘积和平均(check: Check, sentence: str, expected: Told) -> None:
    assert told(check, sentence) == expected


def test_按人次算的人均只提醒() -> None:
    by_case, by_head = "救助3200人次，支出512万元，人均救助1700元。", "救助3200人，支出512万元，人均救助1700元。"
    assert remarks(check_means, by_case)[0].severity is Severity.WARNING
    assert remarks(check_means, by_head)[0].severity is Severity.ERROR


@pytest.mark.parametrize(
    ("check", "sentence", "expected"),
    [
        (
            check_rates_with_quotient,
            "资金执行率为93.75%（587.2/640）。",
            [("execution-rate-differs", "93.75%", "91.75%")],
        ),
        (check_rates_with_quotient, "资金执行率为91.75%（587.2/640）。", []),
        (check_rates_with_quotient, "满意度为94.17%（113/120）。", []),
        (
            check_execution_rates,
            "应到位资金640万元，实际到位600万元，资金到位率95%。",
            [("completion-rate-differs", "95%", "94%")],
        ),
        (check_execution_rates, "应到位资金640万元，实际到位600万元，资金到位率93.75%。", []),
        (
            check_points,
            "知晓率由80%提高到86%，提高了8个百分点。",
            [("growth-differs", "8个百分点", "6个百分点")],
        ),
        (check_points, "知晓率由80%提高到86%，提高了6个百分点。", []),
        (check_points, "知晓率由63.47%提高到66.67%，提高3.2个百分点。", []),
        (
            check_shares_of_one_whole,
            "满意占75%，基本满意占20%，不满意占10%。",
            [("share-differs", "105%", "100%")],
        ),
        (check_shares_of_one_whole, "满意占75%，基本满意占20%，不满意占5%。", []),
        (check_shares_of_one_whole, "满意占33.4%，基本满意占33.4%，不满意占33.3%。", []),
        (check_shares_of_one_whole, "（可多选）办理快占75%，手续简占20%，其他占10%。", []),
    ],
)
def test_比率和占比(check: Check, sentence: str, expected: Told) -> None:
    assert told(check, sentence) == expected


@pytest.mark.parametrize(
    ("rate", "expected"),
    [
        ("2.08%", []),  # 5.2÷249.8
        ("2.58%", [("growth-differs", "2.58%", "2.08%")]),
    ],
)
def test_比哪一年就以哪一年为基数(rate: str, expected: Told) -> None:
    sentence = f"2024年实际支出249.8万元；2025年预算比2024年实际支出增加5.2万元，增长{rate}。"
    assert told(check_growth, sentence) == expected


def test_只有方向写错的不说比率写错() -> None:
    wrong = "2024年支出795.10万元，上年支出860.50万元，同比增长7.60%。"
    assert told(check_growth, wrong) == []
    assert told(check_directions, wrong) == [("conclusion-against-data", "增长", "下降")]
    assert told(check_growth, wrong.replace("7.60", "7.90")) != []


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "2023年救助支出486万元，2024年救助支出452万元，救助支出稳步增长。",
            [("conclusion-against-data", "稳步增长", "下降")],
        ),
        ("2023年救助支出452万元，2024年救助支出486万元，救助支出稳步增长。", []),
        (
            "2023年救助486人次，2024年救助452人次，救助人次逐年增加。",
            [("conclusion-against-data", "逐年增加", "下降")],
        ),
        ("2024年支出452万元，比上年486万元增长明显。", [("conclusion-against-data", "增长明显", "下降")]),
        ("2024年支出452万元，比上年486万元下降明显。", []),
        # 说的是另一件事
        ("2023年救助支出486万元，2024年救助支出452万元，群众满意程度稳步提高。", []),
    ],
)
def test_增减的说法与两年的数(sentence: str, expected: Told) -> None:
    assert told(check_trends, sentence) == expected


def test_两年的数方向相反时不再说只有两年() -> None:
    falling = "2023年支出486万元，2024年支出452万元，支出逐年增加。"
    assert told(check_year_by_year, falling) == []
    assert told(check_trends, falling) == [("conclusion-against-data", "逐年增加", "下降")]
    rising = "2023年支出452万元，2024年支出486万元，支出逐年增加。"
    assert told(check_year_by_year, rising) == [("conclusion-against-data", "逐年增加", "至少三年的数")]


def test_全年支出写了两个数() -> None:
    made = "全年支出1000万元，其中住院救助600万元，门诊救助400万元。"
    expected = [("value-told-twice", "450万元", "1000万元")]
    assert told(check_year_told_twice, "全年支出450万元。", made) == expected
    assert told(check_year_told_twice, "全年支出1000万元。", made) == []
    assert told(check_year_told_twice, "全年住院救助支出450万元。", made) == []
    assert told(check_year_told_twice, "一、住院救助", "全年支出450万元。", "二、总体情况", made) == []


def test_截至很远的将来() -> None:
    title = "云溪县2024年医疗救助资金绩效评价报告"
    expected = [("year-left-over", "2042年", "2024年")]
    assert told(years_to_come, title, "截至2042年12月31日，项目全部完成。") == expected
    assert told(years_to_come, title, "截至2025年6月30日，项目全部完成。") == []
    assert told(years_to_come, title, "截至2030年底，参保率目标为99%。") == []


def test_同一句的同一个占比只说一次() -> None:
    text = "共回收有效问卷160份，其中表示满意的148人，占95.2%；表示一般的12人，占7.5%。"
    found = [each for each in remarks_on(read_text("x.txt", text)) if each.stated == "95.2%"]
    assert [(each.rule, each.expected) for each in found] == [("share-differs", "92.5%")]
