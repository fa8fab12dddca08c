"""日期与时间：读得懂的写法、读不懂的写法、周岁、逾期天数。"""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuodi.kernel.dates import age_on, days_late, parse_day, parse_moment
from tuodi.kernel.finding import Fault

读得懂 = [
    ("只有日期就是零点", "2024-12-05", datetime(2024, 12, 5)),
    ("八位数字", "20241205", datetime(2024, 12, 5)),
    ("日期和时间", "2024-12-05 09:30:00", datetime(2024, 12, 5, 9, 30)),
    ("用 T 隔开", "2024-12-05T09:30:00", datetime(2024, 12, 5, 9, 30)),
    ("一天的最后一秒", "2024-12-31 23:59:59", datetime(2024, 12, 31, 23, 59, 59)),
    ("北京时间的时区", "2024-12-05T09:30:00+08:00", datetime(2024, 12, 5, 9, 30)),
    ("时区不写冒号", "2024-12-05 09:30:00+0800", datetime(2024, 12, 5, 9, 30)),
    ("世界时换算成北京时间", "2024-12-05T01:30:00Z", datetime(2024, 12, 5, 9, 30)),
    ("换算后到了第二年", "2024-12-31T16:00:00Z", datetime(2025, 1, 1)),
    ("换算后差一秒到第二年", "2024-12-31T15:59:59Z", datetime(2024, 12, 31, 23, 59, 59)),
    ("西五区", "2024-12-31T12:00:00-05:00", datetime(2025, 1, 1, 1)),
    ("东九区换算后退一天", "2024-12-05T00:30:00+09:00", datetime(2024, 12, 4, 23, 30)),
    ("半小时时区", "2024-12-05T09:30:00+05:30", datetime(2024, 12, 5, 12)),
    ("闰年二月二十九日", "2024-02-29", datetime(2024, 2, 29)),
    ("最早一年", "1900-01-01", datetime(1900, 1, 1)),
    ("最晚一年", "2099-12-31", datetime(2099, 12, 31)),
]


@pytest.mark.parametrize(("情形", "原文", "应得"), 读得懂)
def test_parse_moment(情形, 原文, 应得):
    assert parse_moment(原文) == 应得, 情形
    assert parse_day(原文) == 应得.date(), 情形
    assert type(parse_day(原文)) is date


读不懂 = [
    ("月日不足两位", "2024-1-5", "date-notation"),
    ("用斜线", "2024/01/05", "date-notation"),
    ("用点", "2024.01.05", "date-notation"),
    ("中文写法", "2024年1月5日", "date-notation"),
    ("十三月", "2024-13-05", "date-invalid"),
    ("零月", "2024-00-05", "date-invalid"),
    ("二月三十日", "2024-02-30", "date-invalid"),
    ("平年二月二十九日", "2023-02-29", "date-invalid"),
    ("八位数字不是日期", "20241305", "date-invalid"),
    ("时间在前不存在的日期上", "2024-02-30 10:00:00", "date-invalid"),
    ("二十四点", "2024-01-05 24:00:00", "time-invalid"),
    ("二十四点带时区", "2024-01-05T24:00:00Z", "time-invalid"),
    ("六十分", "2024-01-05 10:60:00", "time-invalid"),
    ("闰秒", "2024-01-05 23:59:60", "time-invalid"),
    ("秒的小数", "2024-01-05 10:00:00.5", "time-fraction"),
    ("秒的小数带时区", "2024-01-05T10:00:00.000Z", "time-fraction"),
    ("不存在的时区", "2024-01-05T10:00:00+25:00", "time-offset"),
    ("时区的分钟超过五十九", "2024-01-05T10:00:00+08:60", "time-offset"),
    ("没有秒", "2024-01-05 10:00", "date-notation"),
    ("八位数字加时间", "20240105 10:00:00", "date-format"),
    ("时区只有小时", "2024-01-05T10:00+08", "date-format"),
    ("只有日期却带时区", "2024-01-05Z", "date-format"),
    ("小写 t", "2024-01-05t10:00:00", "date-format"),
    ("隔着别的字符", "2024-01-05x10:00:00", "date-format"),
    ("按周计的写法", "2024-W01-1", "date-format"),
    ("按周计的紧凑写法", "2024W011", "date-format"),
    ("全角数字", "２０２４-01-05", "date-full-width"),
    ("全角横线", "2024－01－05", "date-full-width"),
    ("其他文字的数字", "٢٠٢٤٠١٠٥", "date-format"),
    ("表格软件的日期序号", "45631", "date-serial"),
    ("早于一九〇〇年", "1899-12-31", "date-year"),
    ("晚于二〇九九年", "2100-01-01", "date-year"),
    ("换算后晚于二〇九九年", "2099-12-31T16:00:00Z", "date-year"),
    ("公元元年带时区", "0001-01-01T00:00:00+09:00", "date-year"),
    ("前有空格", " 2024-01-05", "date-blank"),
    ("后有换行", "2024-01-05\n", "date-blank"),
    ("空", "", "date-empty"),
    ("只有空格", "  ", "date-empty"),
]


@pytest.mark.parametrize(("情形", "原文", "规则"), 读不懂)
def test_parse_moment_refuses(情形, 原文, 规则):
    fault = parse_moment(原文)
    assert isinstance(fault, Fault), 情形
    assert fault.rule == 规则, 情形
    assert parse_day(原文) == fault, 情形
    said = "请改为 2024-01-05" if 规则 == "date-notation" else "例如 2024-12-05"
    assert said in fault.advice and not fault.advice.endswith("。")


改写 = [
    ("2024/1/9", "2024-01-09"),
    ("2024.1.9", "2024-01-09"),
    ("2024年1月9日", "2024-01-09"),
    ("2024年12月31日", "2024-12-31"),
    ("2024-1-9", "2024-01-09"),
    ("2024/12/5", "2024-12-05"),
    ("2024-01-09 10:00", "2024-01-09 10:00:00"),
    ("2024/1/9 8:05", "2024-01-09 08:05:00"),
    ("2024年1月9日 23:59:59", "2024-01-09 23:59:59"),
    ("2024-02-29 0:00", "2024-02-29 00:00:00"),
]


@pytest.mark.parametrize(("原文", "改为"), 改写)
def test_another_notation_is_refused_with_the_value_rewritten(原文, 改为):
    fault = parse_moment(原文)
    assert fault == Fault(
        "date-notation", "日期写法不对（年月日都有，但不是 YYYY-MM-DD）", f"请改为 {改为}，或把单元格设为日期格式"
    )
    assert parse_day(原文) == fault
    assert not isinstance(parse_moment(改为), Fault)


@pytest.mark.parametrize("原文", ["2024/2/30", "2023.2.29", "2024年13月1日", "2024-0-5", "2024/1/9 25:00"])
def test_a_date_that_does_not_exist_is_not_rewritten(原文):
    fault = parse_day(原文)
    assert fault == Fault("date-invalid", "不是有效日期", "请改为 YYYY-MM-DD，例如 2024-12-05")


def test_wording_of_a_wrong_date():
    assert parse_day("2024-13-05")[1:] == ("不是有效日期", "请改为 YYYY-MM-DD，例如 2024-12-05")


moments = st.datetimes(datetime(1901, 1, 1), datetime(2098, 12, 31)).map(lambda moment: moment.replace(microsecond=0))


@given(moments, st.sampled_from(" T"), st.integers(-14 * 60, 14 * 60))
def test_what_is_written_is_read_back(moment, between, offset):
    sign, minutes = "-" if offset < 0 else "+", abs(offset)
    text = f"{moment:%Y-%m-%d}{between}{moment:%H:%M:%S}"
    assert parse_moment(text) == moment
    local = moment + timedelta(hours=8) - timedelta(minutes=offset)
    assert parse_moment(f"{text}{sign}{minutes // 60:02d}:{minutes % 60:02d}") == local
    assert parse_day(f"{moment:%Y%m%d}") == moment.date()


near_misses = st.text(alphabet="0123456789-:TZW+. ０", min_size=0, max_size=26)


@given(st.one_of(near_misses, st.text(max_size=30)))
def test_nothing_else_is_read_and_nothing_raises(text):
    moment, day = parse_moment(text), parse_day(text)
    if isinstance(moment, Fault):
        assert day == moment
    else:
        assert day == moment.date()
        assert 1900 <= moment.year <= 2099 and moment.tzinfo is None
        assert len(text) in (8, 10, 19, 20, 24, 25)


周岁 = [
    ("生日前一天", date(1964, 5, 10), date(2024, 5, 9), 59),
    ("生日当天", date(1964, 5, 10), date(2024, 5, 10), 60),
    ("生日后一天", date(1964, 5, 10), date(2024, 5, 11), 60),
    ("出生当天", date(2024, 5, 10), date(2024, 5, 10), 0),
    ("尚未出生", date(2024, 5, 10), date(2024, 5, 9), -1),
    ("二月二十九日出生，平年二月二十八日", date(2004, 2, 29), date(2022, 2, 28), 17),
    ("二月二十九日出生，平年三月一日", date(2004, 2, 29), date(2022, 3, 1), 18),
    ("二月二十九日出生，闰年二月二十八日", date(2004, 2, 29), date(2024, 2, 28), 19),
    ("二月二十九日出生，闰年二月二十九日", date(2004, 2, 29), date(2024, 2, 29), 20),
]


@pytest.mark.parametrize(("情形", "出生", "当日", "岁数"), 周岁)
def test_age_on(情形, 出生, 当日, 岁数):
    assert age_on(出生, 当日) == 岁数, 情形


逾期 = [
    ("马桥：应于 6 月 20 日，实际 7 月 2 日", date(2024, 6, 20), date(2024, 7, 2), 12),
    ("马桥：应于 11 月 14 日，实际 11 月 15 日", date(2024, 11, 14), date(2024, 11, 15), 1),
    ("到期当天", date(2024, 6, 20), date(2024, 6, 20), 0),
    ("提前一天", date(2024, 6, 20), date(2024, 6, 19), 0),
    ("跨年", date(2024, 12, 31), date(2025, 1, 1), 1),
]


@pytest.mark.parametrize(("情形", "应于", "实际", "天数"), 逾期)
def test_days_late(情形, 应于, 实际, 天数):
    assert days_late(应于, 实际) == 天数, 情形
