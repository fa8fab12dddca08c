"""Working days (工作日) by the State Council's yearly notices: data in ``calendars/cn.yaml``, never a guess.

Monday to Friday are worked unless a notice frees them; Saturday and Sunday are free unless a notice has them worked. A
year without its notice has no working days to count: ``CalendarYearMissing`` says which.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from tuodi.kernel.finding import Fault, Finding
from tuodi.kernel.shipped import shipped

SCHEMA = "tuodi-calendar/1"

_DAY = timedelta(days=1)
_SATURDAY = 5
_TOP = {"schema": str, "title": str, "years": list}
_YEAR = {
    "year": int,
    "notice": str,
    "number": str,
    "issued": date,
    "verified": bool,
    "note": str,
    "holidays": list,
    "working_days": list,
}
_HOLIDAY = {"name": str, "from": date, "to": date}
_KINDS = {str: "文字", int: "整数", date: "日期（不加引号的 YYYY-MM-DD）", bool: "true 或 false", list: "列表"}


class CalendarYearMissing(LookupError):
    """A day of a year was asked for whose notice the calendar does not hold."""

    def __init__(self, year: int) -> None:
        """Keep the year."""
        super().__init__(f"no working calendar for {year}")
        self.year = year

    @property
    def fault(self) -> Fault:
        """Return the same in words for a clerk."""
        advice = f"请在 calendars/cn.yaml 中补入国务院办公厅关于{self.year}年部分节假日安排的通知"
        return Fault("calendar-year-missing", f"缺少 {self.year} 年的工作日历，无法推算工作日", advice)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarYear:
    """One year's notice: days off by name, and the Saturdays and Sundays to be worked.

    A notice may reach back into the last days of the year before.
    """

    year: int
    notice: str
    number: str
    issued: date
    verified: bool
    note: str
    holidays: Mapping[date, str]
    working_days: frozenset[date]


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """The working days of the years held."""

    years: Mapping[int, CalendarYear]
    _holidays: frozenset[date] = field(init=False, repr=False, compare=False)
    _working_days: frozenset[date] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Put the days of all years together."""
        years = self.years.values()
        object.__setattr__(self, "_holidays", frozenset(day for year in years for day in year.holidays))
        object.__setattr__(self, "_working_days", frozenset(day for year in years for day in year.working_days))

    def is_working_day(self, day: date) -> bool:
        """Return whether offices work on ``day``; CalendarYearMissing for a year not held."""
        if day.year not in self.years:
            raise CalendarYearMissing(day.year)
        if day.weekday() < _SATURDAY:
            return day not in self._holidays
        return day in self._working_days

    def add_working_days(self, day: date, count: int) -> date:
        """Return the ``count``-th working day after ``day``, which itself never counts; 0 gives ``day`` back.

        The first day is left out as in article 201 of the Civil Code (开始的当日不计入). ValueError below 0,
        CalendarYearMissing where the way leads into a year not held.
        """
        if count < 0:
            raise ValueError(f"cannot add {count} working days")
        while count:
            day += _DAY
            count -= self.is_working_day(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Return the working days after ``start`` up to and including ``end``; 0 where ``end`` is not later.

        It undoes ``add_working_days``. CalendarYearMissing as there.
        """
        return sum(self.is_working_day(start + timedelta(days=step)) for step in range(1, (end - start).days + 1))


def month_end(day: date) -> date:
    """Return the last calendar day of the month of ``day``."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1) - _DAY


def load_calendar(path: Path | None = None) -> WorkingCalendar | list[Finding]:
    """Read a calendar file, by default the shipped one; a wrong file gives its findings and no calendar."""
    path = path or shipped("calendars", "cn.yaml")
    findings = _Findings(path.name)
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValueError) as error:
        findings.add(
            "calendar-unreadable",
            type(error).__name__,
            "日历文件无法读取",
            "请检查文件是否存在、是否为 UTF-8，日期是否真实",
        )
        return findings.items
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        row = mark.line + 1 if mark else None
        findings.add("calendar-yaml", "", "不是有效的 YAML", "请检查该行的缩进、冒号和括号", row=row)
        return findings.items
    years = _years(document, findings)
    return findings.items or WorkingCalendar(years)


class _Findings:
    """Collects findings of one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.items: list[Finding] = []

    def add(self, rule: str, value: object, message: str, advice: str, row: int | None = None) -> None:
        self.items.append(Finding(rule=rule, message=message, advice=advice, file=self.file, row=row, value=str(value)))

    def fits(self, entry: Any, shape: Mapping[str, type], where: str) -> bool:
        """Check that ``entry`` has exactly the keys of ``shape`` with values of their types."""
        if not isinstance(entry, dict):
            self.add("calendar-shape", where, "应为若干“名称: 值”", "请对照其他年份填写")
            return False
        before = len(self.items)
        for key in entry.keys() - shape.keys():
            self.add(
                "calendar-unknown-key", f"{where} {key}", "没有这个项目", f"请删除，或改为 {'、'.join(shape)} 之一"
            )
        for key, kind in shape.items():
            if key not in entry:
                self.add("calendar-missing-key", f"{where} {key}", "缺少这个项目", "请补上")
            elif type(entry[key]) is not kind:  # bool is an int, and a date with time is a date
                self.add("calendar-type", f"{where} {key}", f"应为{_KINDS[kind]}", "请改正")
        return len(self.items) == before


def _years(document: Any, findings: _Findings) -> dict[int, CalendarYear]:
    years: dict[int, CalendarYear] = {}
    if not findings.fits(document, _TOP, "日历"):
        return years
    if document["schema"] != SCHEMA:
        findings.add("calendar-schema", document["schema"], "不认识的文件格式", f"请写 {SCHEMA}")
    for entry in document["years"]:
        where = str(entry.get("year", "某年")) if isinstance(entry, dict) else "years"
        if not findings.fits(entry, _YEAR, where):
            continue
        if entry["year"] in years:
            findings.add("calendar-duplicate-year", where, "同一年出现了两次", "请只保留一条")
            continue
        holidays = _holidays(entry, findings)
        working_days = _working_days(entry, holidays, findings)
        texts = {key: entry[key] for key in ("year", "notice", "number", "issued", "verified", "note")}
        years[entry["year"]] = CalendarYear(**texts, holidays=holidays, working_days=working_days)
    return years


def _holidays(entry: Mapping[str, Any], findings: _Findings) -> dict[date, str]:
    year = entry["year"]
    days: dict[date, str] = {}
    for holiday in entry["holidays"]:
        if not findings.fits(holiday, _HOLIDAY, f"{year} holidays"):
            continue
        first, last = holiday["from"], holiday["to"]
        where = f"{year} {holiday['name']} {first} 至 {last}"
        if first > last or last.year != year or first.year < year - 1:
            findings.add("calendar-range", where, "起止日期颠倒或不属于这一年", "请对照通知改正")
            continue
        for step in range((last - first).days + 1):
            day = first + timedelta(days=step)
            if day in days:
                findings.add("calendar-overlap", where, f"{day} 已列在{days[day]}中", "请对照通知改正")
            days[day] = holiday["name"]
    return days


def _working_days(entry: Mapping[str, Any], holidays: Mapping[date, str], findings: _Findings) -> frozenset[date]:
    year = entry["year"]
    days: set[date] = set()
    for day in entry["working_days"]:
        if type(day) is not date:
            findings.add("calendar-type", f"{year} working_days {day}", f"应为{_KINDS[date]}", "请改正")
        elif day.weekday() < _SATURDAY or day in holidays or day in days or day.year not in (year - 1, year):
            message = "不是周六周日，或同时列为放假，或重复，或不属于这一年"
            findings.add("calendar-working-day", f"{year} working_days {day}", message, "请对照通知改正")
        else:
            days.add(day)
    return frozenset(days)
