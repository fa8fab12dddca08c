"""Deadlines: what had to be done by a day and was done later, told in one passage or in a table of targets."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tuodi.audit.figures.days import Day, Precision, days
from tuodi.audit.material import Material
from tuodi.audit.paper.model import readings
from tuodi.audit.remark import Remark, quoted
from tuodi.audit.statements.leftover_words import leftover_words
from tuodi.kernel.finding import Severity

_BY = re.compile(r"日?(?:之前|以前|前)")
_LIMIT_BEFORE = re.compile(
    r"(?:[最至]迟[于在]?|期限[为是]|时限[为是]|不晚于|不迟于|截止[日时]?[期间]?[为是至到]?|限于|务必于"
    r"|(?:要求|规定|计划|应)(?:的)?(?:完成|拨付|发放|到位|报送)(?:时间|日期|期限)(?:为|是)?[：:]?)$"
)
_OBLIGED = re.compile(r"应|须|需|要求|规定|计划|必须|不得晚于|不迟于|不晚于|[最至]迟|期限|时限|截止")
_DENIED = r"(?:没有|未|无|不存在|并未|未发生|未出现|未有|不得?|最|至)[^，。；]{0,4}?"
_SAME_YEAR = 2000


@dataclass(frozen=True, slots=True)
class _Late:
    """A deadline and the later day something was done on."""

    due: Day
    done: Day
    days: int


def deadlines_missed(material: Material) -> Iterator[Remark]:
    """A deadline and a later actual day in one passage; a hint where the paper owns up to it."""
    told: set[tuple[str, str]] = set()
    words = leftover_words()
    for reading in readings(material.paper):
        for late in _late_in(reading.text):
            key = (late.due.text, late.done.text)
            if key in told:
                continue
            told.add(key)
            around = reading.text[late.due.start : late.done.end + 120]
            plainly = re.sub(_DENIED + f"(?:{'|'.join(words.plain_late_words)})", "", reading.text)
            owned = any(word in plainly for word in words.late_words)
            timely = not owned and any(word in around for word in words.timely_words)
            yield Remark(
                rule="deadline-missed",
                severity=Severity.INFO if owned else Severity.ERROR,
                place=reading.at(late.due.start),
                quote=quoted(reading.text, late.due.start, late.done.end),
                stated=late.done.text,
                expected=late.due.text,
                message=f"应于{late.due.text}前完成，实际为{late.done.text}，晚 {late.days} 天"
                + ("，文中却称及时" if timely else "，文中已说明" if owned else ""),
                advice="已说明的，核对扣分是否一致" if owned else "请核对日期，或改写及时性的结论和得分",
            )


def _late_in(text: str) -> Iterator[_Late]:
    """Yield the pairs of deadline and later day: each day something was done on belongs to the first open deadline."""
    waiting: list[Day] = []
    last: Day | None = None
    for day in days(text):
        if day.precision is not Precision.DAY or day.impossible:
            continue
        if _is_deadline(text, day):
            waiting.append(day)
            last = day
        elif waiting and last is not None and _is_deed(text, day, last):
            limit = waiting.pop(0)
            late = _days_between(limit, day)
            if late > 0:
                yield _Late(limit, day, late)


def _is_deadline(text: str, day: Day) -> bool:
    clause = re.split(r"[。；]", text[: day.start])[-1]
    if _LIMIT_BEFORE.search(clause):
        return True
    return _BY.match(text, day.end) is not None and _OBLIGED.search(clause + text[day.end : day.end + 12]) is not None


def _is_deed(text: str, day: Day, due: Day) -> bool:
    """Tell whether a day after a deadline is when the same thing was done: said so, and in the same two sentences."""
    between = text[due.end : day.start]
    if between.count("。") > 1 or len(between) > 160:
        return False
    return any(word in between or word in text[day.end : day.end + 14] for word in leftover_words().deed_words)


def _days_between(limit: Day, day: Day) -> int:
    """Return the days from the limit to the day; where only one tells a year both have it, where none does one year."""
    year = limit.year or day.year or _SAME_YEAR
    first, last = limit.last(year), day.first(limit.year if day.year is None else None) or day.first(year)
    return (last - first).days if first and last else 0


def targets_by_day(material: Material) -> Iterator[Remark]:
    """A table's target day and a later actual day beside it."""
    for grid in material.grids:
        target, actual = grid.column("target"), grid.column("actual")
        if target is None or actual is None:
            continue
        for row in grid.body:
            if row.short or max(target, actual) >= len(row.cells):
                continue
            due, done = _only_day(row.cells[target].text), _only_day(row.cells[actual].text)
            late = _days_between(due, done) if due and done else 0
            if due and done and late > 0:
                yield Remark(
                    rule="deadline-missed",
                    severity=Severity.ERROR,
                    place=row.cells[actual].place,
                    quote=f"{row.label}：{due.text}，{done.text}",
                    stated=done.text,
                    expected=due.text,
                    message=f"指标值为{due.text}，实际为{done.text}，晚 {late} 天",
                    advice="请核对完成时间和得分",
                )


_CLAIMED = re.compile(r"^[^。；]{0,24}(?:早于|先于)[^，。；\d]{0,12}$")


def claimed_earlier(material: Material) -> Iterator[Remark]:
    """A day told to be earlier than another that is not: a 拨付，早于规定的 b."""
    for reading in readings(material.paper):
        told = [day for day in days(reading.text) if day.precision is Precision.DAY and not day.impossible]
        for done, due in zip(told, told[1:], strict=False):
            late = _days_between(due, done) if _CLAIMED.match(reading.text[done.end : due.start]) else 0
            if late > 0:
                yield Remark(
                    rule="deadline-missed",
                    severity=Severity.ERROR,
                    place=reading.at(done.start),
                    quote=quoted(reading.text, done.start, due.end),
                    stated=done.text,
                    expected=due.text,
                    message=f"文中说{done.text}早于{due.text}，其实晚 {late} 天",
                    advice="请核对日期，或改写及时性的结论",
                )


def _only_day(text: str) -> Day | None:
    told = [day for day in days(text) if day.precision is Precision.DAY]
    return told[0] if len(told) == 1 and len(text) <= len(told[0].text) + 8 else None
