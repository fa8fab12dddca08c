"""Dates: days no calendar has, periods that run backwards, steps out of order, deadlines missed, years left over."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tuodi.audit.figures.days import Day, Period, Precision, days, periods
from tuodi.audit.material import Material
from tuodi.audit.paper.model import Paragraph, Place, Reading, readings
from tuodi.audit.remark import Remark, quoted
from tuodi.audit.statements.leftover_words import leftover_words
from tuodi.kernel.finding import Severity

_DOUBLED_YEAR = re.compile(r"(?<!\d)(?:20)(20\d{2})(?=年)")
_DAY_SIGN_LEFT_OUT = re.compile(
    r"(?<![\d\-—~至])\d{1,2}月\d{1,2}(?=[\u4e00-\u9fff])(?![日号个项人次万元户家件份天名批篇条笔年月岁周至到小分期版级楼时])"
)
_NUMBERED = re.compile(r"（?[\d一二三四五六七八九十]{1,2}[）.、]|[①-⑳]|第[一二三四五六七八九十]+阶段")
_SENTENCE = re.compile(r"[^。；;！？]+[。；;！？]?")
_LONGEST_DELAY = timedelta(days=90)
"""A survey longer after a step of the plan than this belongs to another plan."""


def impossible_days(material: Material) -> Iterator[Remark]:
    """A month or a day that no calendar has, a year printed twice over, a day without its sign."""
    for reading in readings(material.paper):
        for day in days(reading.text):
            if day.impossible and (day.day is not None or day.year is not None and not day.inherited):
                yield _remark("dates-out-of-order", reading, day.start, day.end, f"没有{day.text}这一天", "请核对日期")
        for match in _DOUBLED_YEAR.finditer(reading.text):
            yield _remark(
                "year-left-over",
                reading,
                *match.span(),
                f"年份“{match.group()}”多写了数字",
                "请改正年份",
                expected=match[1],
            )
        if isinstance(reading, Paragraph):
            for match in _DAY_SIGN_LEFT_OUT.finditer(reading.text):
                message = f"日期“{match.group()}”后缺“日”字"
                expected = match.group() + "日"
                yield _remark("blank-left", reading, *match.span(), message, "请补全", expected=expected)


def backward_periods(material: Material) -> Iterator[Remark]:
    """A period whose end lies before its beginning."""
    for reading in readings(material.paper):
        for period in periods(reading.text):
            if period.backwards:
                message = f"期间终点{period.finish.text}早于起点{period.begin.text}"
                yield _remark(
                    "dates-out-of-order",
                    reading,
                    period.start,
                    period.end,
                    message,
                    "请核对起止日期",
                    stated=period.finish.text,
                    severity=Severity.ERROR,
                )


@dataclass(frozen=True, slots=True)
class _Told:
    """A period with exact days and the text it stands in."""

    period: Period
    reading: Reading

    @property
    def key(self) -> tuple[int | None, ...]:
        """Month and day of beginning and end, without the years."""
        begin, finish = self.period.begin, self.period.finish
        return begin.month, begin.day, finish.month, finish.day

    @property
    def years(self) -> tuple[int | None, int | None]:
        """The years of beginning and end."""
        return self.period.begin.year, self.period.finish.year


def period_years(material: Material) -> Iterator[Remark]:
    """The same days of beginning and end told with another year than elsewhere."""
    told = [
        _Told(period, reading)
        for reading in readings(material.paper)
        for period in periods(reading.text)
        if period.begin.precision is period.finish.precision is Precision.DAY and not period.begin.inherited
    ]
    for key in dict.fromkeys(each.key for each in told if each.key != (1, 1, 12, 31)):
        group = [each for each in told if each.key == key]
        usual, count = Counter(each.years for each in group).most_common(1)[0]
        for each in group:
            if each.years != usual and count > 1 and each.period.begin.year is not None and not each.period.backwards:
                model = next(other for other in group if other.years == usual)
                begin = model.period.begin
                yield _remark(
                    "year-left-over",
                    each.reading,
                    each.period.start,
                    each.period.end,
                    f"同一期间在其他 {count} 处为 {usual[0]} 年，此处写作 {each.years[0]} 年",
                    "请核对年份",
                    stated=each.period.begin.text,
                    expected=f"{begin.year}年{begin.month}月{begin.day}日",
                    also=(model.reading.at(model.period.start),),
                    severity=Severity.ERROR,
                )


def steps_out_of_order(material: Material) -> Iterator[Remark]:
    """Steps of a plan of work whose dates go back: across its paragraphs, and within one sentence that lists them."""
    words = leftover_words()
    sections: dict[str, list[tuple[Paragraph, Day]]] = {}
    for stretch in material.paper.paragraphs:
        section = stretch.place.section
        if not any(word in section for word in words.work_sections):
            continue
        for sentence in _SENTENCE.finditer(stretch.text):
            yield from _backward_list(stretch, sentence)
        leading = next((day for day in days(stretch.text[:60]) if day.month is not None), None)
        if leading is not None and leading.year is not None and "其中" not in stretch.text[: leading.start]:
            part = next(part for part in section.split(" › ") if any(word in part for word in words.work_sections))
            sections.setdefault(part, []).append((stretch, leading))
    for steps in sections.values():
        for run in _runs(steps):
            yield from _backward_steps(run)


_BEGUN = re.compile(r"^(?:正式)?(?:进驻|开始|启动|开工|进场)")
_ENDED = re.compile(r"^(?:全部|现场)?(?:结束|完成|撤离|完工|竣工)")


def ends_before_begins(material: Material) -> Iterator[Remark]:
    """Something begun on a day and ended on an earlier one, told in one sentence: a 进驻…，b 结束现场检查."""
    for stretch in material.paper.paragraphs:
        told = [day for day in days(stretch.text) if day.precision is Precision.DAY and not day.impossible]
        for begun, ended in zip(told, told[1:], strict=False):
            begins, ends = _BEGUN.match(stretch.text[begun.end :]), _ENDED.match(stretch.text[ended.end :])
            first, last = begun.first(), ended.last(begun.year)
            if not (begins and ends and first and last and last < first):
                continue
            if "。" in stretch.text[begun.end : ended.start]:
                continue
            yield Remark(
                rule="dates-out-of-order",
                severity=Severity.ERROR,
                place=stretch.at(ended.start),
                quote=quoted(stretch.text, begun.start, ended.end),
                stated=ended.text,
                expected=f"不早于 {begun.text}",
                message=f"{begun.text}{begins.group()}，却在{ended.text}{ends.group()}，结束早于开始",
                advice="请核对两个日期",
            )


def _runs(steps: Sequence[tuple[Paragraph, Day]]) -> Iterator[list[tuple[Paragraph, Day]]]:
    """Yield the numbered steps, and the steps without number between two of them: they are parts of the one above."""
    yield [step for step in steps if _NUMBERED.match(step[0].text)]
    run: list[tuple[Paragraph, Day]] = []
    for step in steps:
        if not _NUMBERED.match(step[0].text):
            run.append(step)
        elif run:
            yield run
            run = []
    yield run


def _backward_list(stretch: Paragraph, sentence: re.Match[str]) -> Iterator[Remark]:
    listed = [day for day in days(sentence.group()) if day.precision is Precision.DAY and day.year is not None]
    if len(listed) < 3:
        return
    for before, after in zip(listed, listed[1:], strict=False):
        first, second = before.first(), after.last()
        if first and second and second < first:
            start, end = sentence.start() + before.start, sentence.start() + after.end
            yield _remark(
                "dates-out-of-order",
                stretch,
                start,
                end,
                f"工作步骤的日期倒退：{after.text}早于前一步的{before.text}",
                "请核对各步骤的日期",
                stated=after.text,
            )
            return


def _backward_steps(steps: Sequence[tuple[Paragraph, Day]]) -> Iterator[Remark]:
    latest: tuple[Paragraph, Day] | None = None
    for stretch, day in steps:
        first, last = (latest[1].first(), day.last()) if latest else (None, None)
        if latest is None or first is None or last is None or last >= first:
            latest = (stretch, day)
            continue
        year = latest[1].year
        fixed = day.last(year) if day.year == year else None
        if day.year is not None and year is not None and day.year < year and day.month is not None:
            fixed = date(year, day.month, day.day or 28)
        if fixed is not None and fixed >= first:
            expected = day.text.replace(str(day.year), str(year), 1)
            yield _remark(
                "year-left-over",
                stretch,
                day.start,
                day.end,
                f"工作步骤的年份倒退：前一步为{latest[1].text}，此处为{day.text}",
                "请核对年份",
                stated=day.text,
                expected=expected,
                also=(latest[0].at(latest[1].start),),
                severity=Severity.ERROR,
            )
        else:
            yield _remark(
                "dates-out-of-order",
                stretch,
                day.start,
                day.end,
                f"工作步骤的日期倒退：前一步为{latest[1].text}，此处为{day.text}",
                "请核对各步骤的日期",
                stated=day.text,
                also=(latest[0].at(latest[1].start),),
            )


def after_the_report(material: Material) -> Iterator[Remark]:
    """A survey, an interview or field work that ended after the report was dated."""
    words = leftover_words()
    texts = list(material.paper.paragraphs)
    told = [
        (stretch, day)
        for stretch in texts
        if len(stretch.text) <= 30
        for day in days(stretch.text)
        if day.precision is Precision.DAY
        and (_is_alone(stretch.text, day) or any(word in stretch.text for word in words.report_dates))
    ]
    last = max((day.last() or date.min for _, day in told), default=date.min)
    if last == date.min:
        return
    for stretch in texts:
        for period in periods(stretch.text):
            around = stretch.text[max(0, period.start - 40) : period.end + 40]
            finish = period.finish.last() if period.finish.precision is Precision.DAY else None
            if finish and finish > last and any(word in around for word in words.field_work):
                yield _remark(
                    "dates-out-of-order",
                    stretch,
                    period.start,
                    period.end,
                    f"{period.finish.text}晚于报告日期 {last}：报告写成时该项调查尚未结束",
                    "请核对报告日期和调查日期",
                    stated=period.finish.text,
                )


def _is_alone(text: str, day: Day) -> bool:
    return text.strip() == day.text


def survey_after_its_deadline(material: Material) -> Iterator[Remark]:
    """A step of the plan that had to end by a day, and a survey told elsewhere to have ended later."""
    words = leftover_words()
    texts = list(material.paper.paragraphs)
    due = [
        (stretch, day)
        for stretch in texts
        if any(word in stretch.text for word in words.survey_steps)
        and any(word in stretch.place.section for word in words.work_sections)
        for day in days(stretch.text[:60])
        if day.precision is Precision.DAY and day.year is not None and stretch.text.startswith("前", day.end)
    ]
    told: set[tuple[str, str]] = set()
    for stretch in texts:
        for period in periods(stretch.text):
            around = stretch.text[max(0, period.start - 30) : period.end + 40]
            finish = period.finish.last() if period.finish.precision is Precision.DAY else None
            if finish is None or not any(word in around for word in words.surveys):
                continue
            for step, day in due:
                limit = day.last()
                key = (day.text, period.finish.text)
                if limit and limit < finish <= limit + _LONGEST_DELAY and step is not stretch and key not in told:
                    told.add(key)
                    yield _remark(
                        "deadline-missed",
                        stretch,
                        period.start,
                        period.end,
                        f"应于{day.text}前完成调查，此处调查止于{period.finish.text}，晚 {(finish - limit).days} 天",
                        "请核对工作安排与实际日期",
                        stated=period.finish.text,
                        expected=day.text,
                        also=(step.at(day.start),),
                    )


def _remark(
    rule: str,
    reading: Reading,
    start: int,
    end: int,
    message: str,
    advice: str,
    *,
    stated: str = "",
    expected: str = "",
    severity: Severity = Severity.WARNING,
    also: tuple[Place, ...] = (),
) -> Remark:
    return Remark(
        rule=rule,
        severity=severity,
        place=reading.at(start),
        also=also,
        quote=quoted(reading.text, start, end),
        stated=stated or reading.text[start:end],
        expected=expected,
        message=message,
        advice=advice,
    )
