"""工作日历：按国务院办公厅每年的通知，没有通知的年份不推算。期望值按通知手数。"""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuodi.kernel.calendar import CalendarYearMissing, WorkingCalendar, load_calendar, month_end

日历 = load_calendar()


def test_the_shipped_calendar_is_in_order():
    assert isinstance(日历, WorkingCalendar), 日历
    assert list(日历.years) == [2022, 2023, 2024, 2025, 2026]
    for year in 日历.years.values():
        assert year.verified and year.number.startswith(f"国办发明电〔{year.year - 1}〕")
        assert str(year.year) in year.notice and year.issued.year == year.year - 1


# 各年通知所写“共几天”之和；上班日的天数
每年天数 = [
    (2022, 3 + 7 + 3 + 5 + 3 + 3 + 7, 7),
    (2023, 3 + 7 + 1 + 5 + 3 + 8, 7),
    (2024, 1 + 8 + 3 + 5 + 1 + 3 + 7, 8),
    (2025, 1 + 8 + 3 + 5 + 3 + 8, 5),
    (2026, 3 + 9 + 3 + 5 + 3 + 3 + 7, 6),
]


@pytest.mark.parametrize(("年", "放假天数", "上班天数"), 每年天数)
def test_days_of_each_notice(年, 放假天数, 上班天数):
    year = 日历.years[年]
    assert (len(year.holidays), len(year.working_days)) == (放假天数, 上班天数)


某日 = [
    ("平常的星期一", "2024-03-04", True),
    ("平常的星期六", "2024-03-02", False),
    ("平常的星期日", "2024-03-03", False),
    ("元旦", "2024-01-01", False),
    ("2024 年除夕，通知只是鼓励休息", "2024-02-09", True),
    ("春节第一天", "2024-02-10", False),
    ("春节最后一天", "2024-02-17", False),
    ("春节后调休上班的星期日", "2024-02-18", True),
    ("国庆前调休上班的星期日", "2024-09-29", True),
    ("国庆最后一天", "2024-10-07", False),
    ("国庆后第一天", "2024-10-08", True),
    ("2023 年元旦假期的第一天在上一年", "2022-12-31", False),
    ("2025 年除夕起放假", "2025-01-28", False),
    ("2025 年元旦次日不调休", "2025-01-02", True),
    ("2026 年元旦后调休上班的星期日", "2026-01-04", True),
]


@pytest.mark.parametrize(("情形", "日", "上班"), 某日)
def test_is_working_day(情形, 日, 上班):
    assert 日历.is_working_day(date.fromisoformat(日)) is 上班, 情形


几个工作日以后 = [
    ("零个就是当天，休息日也一样", "2024-10-01", 0, "2024-10-01"),
    ("星期五后一个工作日是星期一", "2024-03-01", 1, "2024-03-04"),
    ("从休息日起算", "2024-03-02", 1, "2024-03-04"),
    ("跨国庆十个工作日", "2024-09-27", 10, "2024-10-16"),
    ("五一后五个工作日", "2024-04-30", 5, "2024-05-10"),
    ("五一后第六个工作日是调休的星期六", "2024-04-30", 6, "2024-05-11"),
    ("跨年", "2023-12-29", 1, "2024-01-02"),
]


@pytest.mark.parametrize(("情形", "起", "个数", "到"), 几个工作日以后)
def test_add_working_days(情形, 起, 个数, 到):
    start, end = date.fromisoformat(起), date.fromisoformat(到)
    assert 日历.add_working_days(start, 个数) == end, 情形
    assert 日历.working_days_between(start, end) == 个数, 情形


@given(st.dates(date(2022, 1, 1), date(2026, 6, 30)), st.integers(0, 60))
def test_adding_and_counting_undo_each_other(day, count):
    end = 日历.add_working_days(day, count)
    assert 日历.working_days_between(day, end) == count
    assert count == 0 or 日历.is_working_day(end)


def test_nothing_lies_between_when_the_end_is_not_later():
    assert 日历.working_days_between(date(2024, 3, 4), date(2024, 3, 4)) == 0
    assert 日历.working_days_between(date(2024, 3, 4), date(2024, 3, 1)) == 0


@pytest.mark.parametrize("年", [2021, 2027])
def test_a_year_without_notice_is_never_guessed(年):
    with pytest.raises(CalendarYearMissing) as missing:
        日历.is_working_day(date(年, 6, 1))
    assert missing.value.year == 年
    assert missing.value.fault.rule == "calendar-year-missing" and str(年) in missing.value.fault.message


def test_counting_out_of_the_last_year_is_never_guessed():
    assert 日历.add_working_days(date(2026, 12, 30), 1) == date(2026, 12, 31)
    with pytest.raises(CalendarYearMissing):
        日历.add_working_days(date(2026, 12, 30), 2)
    with pytest.raises(CalendarYearMissing):
        日历.working_days_between(date(2026, 12, 30), date(2027, 1, 1))


def test_negative_count_is_a_program_error():
    with pytest.raises(ValueError, match="-1"):
        日历.add_working_days(date(2024, 3, 4), -1)


@pytest.mark.parametrize(
    ("日", "月末"),
    [
        ("2024-02-01", "2024-02-29"),
        ("2023-02-28", "2023-02-28"),
        ("2024-01-31", "2024-01-31"),
        ("2024-04-15", "2024-04-30"),
        ("2024-12-31", "2024-12-31"),
    ],
)
def test_month_end(日, 月末):
    assert month_end(date.fromisoformat(日)) == date.fromisoformat(月末)


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_the_day_after_month_end_is_a_first(day):
    assert month_end(day) >= day and (month_end(day) + timedelta(days=1)).day == 1
    assert month_end(day).month == day.month


正确 = """\
schema: tuodi-calendar/1
title: 试
years:
  - year: 2024
    notice: 通知
    number: 文号
    issued: 2023-10-25
    verified: false
    note: 无
    holidays:
      - {name: 元旦, from: 2024-01-01, to: 2024-01-01}
      - {name: 春节, from: 2024-02-10, to: 2024-02-17}
    working_days: [2024-02-04, 2024-02-18]
"""


def load_text(folder: Path, text: str) -> object:
    path = folder / "cn.yaml"
    path.write_text(text, encoding="utf-8")
    return load_calendar(path)


def test_the_small_calendar_is_in_order(tmp_path):
    assert isinstance(load_text(tmp_path, 正确), WorkingCalendar)


写错的日历 = [
    ("格式名不对", "calendar/1", "calendar/9", "calendar-schema"),
    ("多一个项目", "title: 试", "title: 试\nextra: 1", "calendar-unknown-key"),
    ("少一个项目", "    number: 文号\n", "", "calendar-missing-key"),
    ("年份写成文字", "year: 2024", 'year: "2024"', "calendar-type"),
    ("verified 写成文字", "verified: false", "verified: 否", "calendar-type"),
    ("日期加了引号", "to: 2024-01-01", 'to: "2024-01-01"', "calendar-type"),
    ("日期带时间", "to: 2024-01-01", "to: 2024-01-01 08:00:00", "calendar-type"),
    ("起止颠倒", "to: 2024-02-17", "to: 2024-02-09", "calendar-range"),
    ("不是这一年", "to: 2024-02-17", "to: 2025-02-17", "calendar-range"),
    ("两个假期重叠", "from: 2024-01-01, to: 2024-01-01", "from: 2024-02-17, to: 2024-02-17", "calendar-overlap"),
    ("平日不必列为上班", "2024-02-04,", "2024-02-05,", "calendar-working-day"),
    ("放假日列为上班", "2024-02-04,", "2024-02-10,", "calendar-working-day"),
    ("上班日重复", "2024-02-04,", "2024-02-18,", "calendar-working-day"),
    ("上班日属于别的年份", "2024-02-04,", "2022-02-05,", "calendar-working-day"),
    ("不存在的日期", "to: 2024-02-17", "to: 2024-02-30", "calendar-unreadable"),
    ("缩进不对", "    notice: 通知", "  notice: 通知", "calendar-yaml"),
]


@pytest.mark.parametrize(("情形", "原来", "改成", "规则"), 写错的日历)
def test_a_wrong_calendar_gives_findings(tmp_path, 情形, 原来, 改成, 规则):
    assert 正确.count(原来) == 1
    findings = load_text(tmp_path, 正确.replace(原来, 改成))
    assert isinstance(findings, list), 情形
    assert {finding.rule for finding in findings} == {规则}, 情形
    assert all(finding.file == "cn.yaml" and finding.message and finding.advice for finding in findings)


def test_the_same_year_twice(tmp_path):
    findings = load_text(tmp_path, 正确 + 正确[正确.index("  - year") :])
    assert [finding.rule for finding in findings] == ["calendar-duplicate-year"]


@pytest.mark.parametrize("内容", [b"", b"[]", b"- 1", b"years: 5", b"\xff\xfe\x00", b"a: [", b"years: [1, {year: []}]"])
def test_anything_at_all_gives_findings(tmp_path, 内容):
    path = tmp_path / "cn.yaml"
    path.write_bytes(内容)
    assert isinstance(load_calendar(path), list)


def test_a_missing_file_gives_a_finding(tmp_path):
    assert [finding.rule for finding in load_calendar(tmp_path / "无此文件.yaml")] == ["calendar-unreadable"]
