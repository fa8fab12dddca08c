"""Moments and days as files write them: naive local time of Asia/Shanghai, a fixed eight hours ahead of UTC.

Read are ``YYYY-MM-DD``, ``YYYY-MM-DD HH:MM:SS`` (or with ``T``, or with an offset behind the time) and ``YYYYMMDD``,
years 1900 to 2099. Everything else is a fault, never a guess.
"""

import re
from datetime import date, datetime, timedelta

from tuodi.kernel.finding import Fault

FIRST_YEAR = 1900
LAST_YEAR = 2099

_ADVICE = "请改为 YYYY-MM-DD，例如 2024-12-05"
_TIME_ADVICE = "请改为 YYYY-MM-DD HH:MM:SS，例如 2024-12-05 09:30:00"

_SHANGHAI = timedelta(hours=8)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{8}")
_FULL = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]([0-9]{2}:[0-9]{2}:[0-9]{2})(Z|[+-][0-9]{2}:?[0-9]{2})?")
_FRACTION = re.compile(r"[0-9-]{10}[ T][0-9:]{8}[.,][0-9]+.*")
_FULL_WIDTH = re.compile(r"[０-９－／：　]")
# Year, month and day are all there and in this order, only not as YYYY-MM-DD; perhaps with hours and minutes.
_OTHER_NOTATION = re.compile(
    r"([0-9]{4}) ?[-/.年] ?([0-9]{1,2}) ?[-/.月] ?([0-9]{1,2})日?"
    r"(?:[ T]*([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?)?"
)
_SERIAL = re.compile(r"[0-9]{5}(\.[0-9]+)?")
_LARGEST_OFFSET = timedelta(hours=14)


def parse_moment(text: str) -> datetime | Fault:
    """Read a date or a date with time as local time; a date alone is its midnight, an offset is converted first.

    >>> parse_moment("2024-12-05T01:30:00Z")
    datetime.datetime(2024, 12, 5, 9, 30)
    """
    if _looks_plain(text):
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return _fault_of(text)
        return moment if FIRST_YEAR <= moment.year <= LAST_YEAR else _fault_of(text)
    return _with_offset(text)


def parse_day(text: str) -> date | Fault:
    """Read the same forms as ``parse_moment``, of which only the local day counts."""
    if len(text) == 10 and text[4] == text[7] == "-":
        try:
            day = date.fromisoformat(text)
        except ValueError:
            return _fault_of(text)
        return day if FIRST_YEAR <= day.year <= LAST_YEAR else _fault_of(text)
    moment = parse_moment(text)
    return moment.date() if isinstance(moment, datetime) else moment


def age_on(birth: date, day: date) -> int:
    """Return the full years (周岁) somebody born on ``birth`` has completed on ``day``; below 0 before the birth.

    The birthday itself counts as completed, and who was born on 29 February completes the year on 1 March of a common
    year. Both are our reading: the policy documents only say 年满 and 周岁, and courts count some ages from the day
    after the birthday.
    """
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def days_late(due: date, done: date) -> int:
    """Return the calendar days by which ``done`` missed ``due``; 0 on the due day and before it."""
    return max(0, (done - due).days)


def _looks_plain(text: str) -> bool:
    # fromisoformat reads week dates, any separator, shorter times and more besides; these shapes leave it no choice.
    # Later versions of Python also take 24:00:00 for the next midnight.
    length = len(text)
    if length == 10:
        return text[4] == text[7] == "-"
    if length == 19:
        return text[4] == text[7] == "-" and text[13] == text[16] == ":" and text[10] in " T" and text[11:13] != "24"
    return length == 8 and text.isdecimal() and text.isascii()


def _with_offset(text: str) -> datetime | Fault:
    match = _FULL.fullmatch(text)
    if not match or not match[3] or match[2].startswith("24"):
        return _fault_of(text)
    try:
        written = datetime.fromisoformat(f"{match[1]} {match[2]}")
        offset = _offset_of(match[3])
    except ValueError:
        return _fault_of(text)
    if written.year < FIRST_YEAR or written.year > LAST_YEAR:
        return _fault_of(text)
    moment = written - offset + _SHANGHAI
    return moment if FIRST_YEAR <= moment.year <= LAST_YEAR else _fault_of(text)


def _offset_of(text: str) -> timedelta:
    """Return the offset from UTC; ValueError where no place on earth has it."""
    if text == "Z":
        return timedelta()
    hours, minutes = int(text[1:3]), int(text[-2:])
    offset = timedelta(hours=hours, minutes=minutes)
    if minutes > 59 or offset > _LARGEST_OFFSET:
        raise ValueError(text)
    return -offset if text[0] == "-" else offset


def _fault_of(text: str) -> Fault:
    """Say what is wrong with a text that was not read; only reached on failure, so it may take its time."""
    if not text.strip():
        return Fault("date-empty", "日期为空", "请填写 YYYY-MM-DD，例如 2024-12-05")
    if text != text.strip():
        return Fault("date-blank", "日期前后有空格", "请去掉空格，例如 2024-12-05")
    if _FULL_WIDTH.search(text):
        return Fault("date-full-width", "含有全角数字或符号", "请改为半角，例如 2024-12-05")
    if _SERIAL.fullmatch(text):
        return Fault(
            "date-serial", "是表格软件的日期序号，不是日期", "请把该列设为日期格式，或改为 YYYY-MM-DD，例如 2024-12-05"
        )
    if _FRACTION.fullmatch(text):
        return Fault("time-fraction", "时间带有秒的小数", _TIME_ADVICE)
    full = _FULL.fullmatch(text)
    day = full[1] if full else text
    if not _DAY.fullmatch(day):
        return _fault_of_notation(text)
    try:
        year = date.fromisoformat(day).year
    except ValueError:
        return Fault("date-invalid", "不是有效日期", _ADVICE)
    if full and FIRST_YEAR <= year <= LAST_YEAR and not _is_time(full[2]):
        return Fault("time-invalid", "时间不在 00:00:00 至 23:59:59 之间", _TIME_ADVICE)
    if full and full[3] and not _is_offset(full[3]):
        return Fault("time-offset", "时区偏移无效", "请改为北京时间，例如 2024-12-05 09:30:00")
    return Fault("date-year", f"年份不在 {FIRST_YEAR} 至 {LAST_YEAR} 之间", "请核对年份，例如 2024-12-05")


def _fault_of_notation(text: str) -> Fault:
    """Say how a date in another notation is to be written; only a date that exists is rewritten."""
    match = _OTHER_NOTATION.fullmatch(text)
    if not match:
        return Fault("date-format", "不是有效日期", _ADVICE)
    year, month, day, hour, minute, second = (int(part) if part else 0 for part in match.groups())
    try:
        moment = datetime(year, month, day, hour, minute, second)
    except ValueError:
        return Fault("date-invalid", "不是有效日期", _ADVICE)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return Fault("date-year", f"年份不在 {FIRST_YEAR} 至 {LAST_YEAR} 之间", "请核对年份，例如 2024-12-05")
    written = moment if match[4] else moment.date()
    message = "日期写法不对（年月日都有，但不是 YYYY-MM-DD）"
    return Fault("date-notation", message, f"请改为 {written}，或把单元格设为日期格式")


def _is_time(text: str) -> bool:
    hours, minutes, seconds = (int(part) for part in text.split(":"))
    return hours < 24 and minutes < 60 and seconds < 60


def _is_offset(text: str) -> bool:
    try:
        _offset_of(text)
    except ValueError:
        return False
    return True
