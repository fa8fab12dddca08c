"""日期和期间：各种写法、年份从上文来、倒置的期间、日历上没有的日子。"""

from datetime import date

import pytest

from tuodi.audit.figures.days import Precision, days, periods


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024年12月31日", date(2024, 12, 31)),
        ("2024-12-31", date(2024, 12, 31)),
        ("2024.12.31", date(2024, 12, 31)),
        ("2024/1/5", date(2024, 1, 5)),
        ("二〇二四年十二月三十一日", date(2024, 12, 31)),
        ("二〇二四年一月五日", date(2024, 1, 5)),
        ("2024年2月29日", date(2024, 2, 29)),
    ],
)
def test_一天的各种写法(text: str, expected: date) -> None:
    (day,) = days(text)
    assert (day.first(), day.last(), day.precision) == (expected, expected, Precision.DAY)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2025年6月上旬", date(2025, 6, 1), date(2025, 6, 10)),
        ("2025年6月中旬", date(2025, 6, 11), date(2025, 6, 20)),
        ("2025年2月底", date(2025, 2, 21), date(2025, 2, 28)),
        ("2024年2月", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024年度", date(2024, 1, 1), date(2024, 12, 31)),
    ],
)
def test_不到一天的日期取首尾(text: str, first: date, last: date) -> None:
    (day,) = days(text)
    assert (day.first(), day.last()) == (first, last)


def test_没有年份的日期取上文的年份() -> None:
    told = days("2024年6月印发，6月20日前划拨")
    assert told[1].year == 2024
    assert told[1].inherited
    assert days("6月20日前划拨")[0].year is None


@pytest.mark.parametrize("text", ["2024年2月30日", "2023年2月29日", "2024年13月1日", "2024年4月31日", "2月30日"])
def test_日历上没有的日子(text: str) -> None:
    assert days(text)[0].impossible


@pytest.mark.parametrize("text", ["2024年2月29日", "2月29日", "2024年12月1日", "2024年4月30日"])
def test_日历上有的日子(text: str) -> None:
    assert not days(text)[0].impossible


@pytest.mark.parametrize("text", ["XJ咨-2025-012-002", "每月3.5元", "12个月", "财社〔2024〕5号", "1.2.3版", "5元/月"])
def test_不是日期(text: str) -> None:
    assert days(text) == ()


@pytest.mark.parametrize(
    ("text", "backwards"),
    [
        ("2025年6月28日至7月25日", False),
        ("2025年6月28日至2024年7月25日", True),
        ("2025年6月28日至2025年6月28日", False),
        ("2025年6月28日至2025年6月27日", True),
        ("2025-01-21开始，至2025-01-19", True),
        ("2024年11月至3月", False),
        ("2024-2021年", True),
        ("2021-2024年", False),
        ("6月30-28日", True),
        ("2024年1-12月", False),
    ],
)
def test_期间的先后(text: str, backwards: bool) -> None:
    assert [period.backwards for period in periods(text)] == [backwards]
