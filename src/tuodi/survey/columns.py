"""The columns of an answer file: questions, the platform's own, and personal data, which ends here."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from tuodi.kernel.finding import Finding, Severity
from tuodi.kernel.form import join
from tuodi.survey.definition import Cleaning
from tuodi.survey.headings import Heading
from tuodi.survey.personal import column_looks_personal, hide_names, hide_numbers, is_personal_heading, names_among
from tuodi.survey.raw import RawRow, RawSheet, number_groups
from tuodi.survey.words import normal, words


@dataclass(frozen=True, slots=True)
class Columns:
    """A file's columns by what becomes of them.

    ``sheet`` is the file without personal data: nothing behind this point can see any. ``groups`` gives rows that
    count as duplicates of each other the same number.
    """

    sheet: RawSheet
    questions: tuple[Heading, ...]
    seconds: int | None
    groups: list[int | None]
    findings: list[Finding]


def sort_columns(sheet: RawSheet, cleaning: Cleaning) -> Columns:
    """Tell questions, the platform's columns and personal data apart; what is dropped is told by its heading."""
    listed = words()
    meta = listed.sequence | listed.submitted | listed.seconds | listed.other
    dropped = frozenset(map(normal, cleaning.drop_columns))
    questions: list[Heading] = []
    personal: list[int] = []
    findings: list[Finding] = []
    for heading in sheet.headings:
        printed = normal(heading.printed)
        if is_personal_heading(heading.text) or column_looks_personal(sheet.column(heading.position)):
            personal.append(heading.position)
            findings.append(_dropped(sheet, heading, "含有个人信息，读入时已丢弃，不保存也不统计"))
        elif printed in dropped or normal(heading.text) in dropped:
            findings.append(_dropped(sheet, heading, "按问卷定义丢弃，未统计"))
        elif not printed and any(sheet.column(heading.position)):
            findings.append(_dropped(sheet, heading, "没有列名，未统计"))
        elif printed and printed not in meta:
            questions.append(heading)
    keys = _duplicate_keys(sheet, cleaning, findings)
    seconds = sheet.position_of(listed.seconds)
    kept = _without_personal(sheet, questions, personal)
    return Columns(kept, tuple(questions), seconds, number_groups(keys), findings)


def _without_personal(sheet: RawSheet, questions: Sequence[Heading], personal: Collection[int]) -> RawSheet:
    """Return the sheet without its personal columns, and without the names and numbers that recur in answers."""
    asked = {heading.position for heading in questions}
    answered = Counter(row.cells[position] for row in sheet.rows if row.whole for position in asked)

    def cleaned(row: RawRow) -> RawRow:
        # What several people answer is a word such as 没有, typed where a name was asked for.
        written = (row.cells[position] for position in personal)
        names = [name for name in names_among(written) if answered[name] < 2]
        cells = tuple(
            hide_names(hide_numbers(cell), names) if position in asked else "" if position in personal else cell
            for position, cell in enumerate(row.cells)
        )
        return RawRow(row.number, cells)

    return replace(sheet, rows=tuple(cleaned(row) if row.whole else row for row in sheet.rows))


def _duplicate_keys(sheet: RawSheet, cleaning: Cleaning, findings: list[Finding]) -> list[tuple[str, ...] | None]:
    """Return for each row what makes it a duplicate of another; personal columns may be named: they are compared."""
    if cleaning.duplicate_columns:
        by_name = {normal(heading.printed): heading.position for heading in sheet.headings}
        by_name = {normal(heading.text): heading.position for heading in sheet.headings} | by_name
        absent = [name for name in cleaning.duplicate_columns if normal(name) not in by_name]
        if absent:
            findings.append(_duplicates_unchecked(sheet, absent))
            return [None] * len(sheet.rows)
        positions = [by_name[normal(name)] for name in cleaning.duplicate_columns]
    elif sheet.position_of(words().sequence | words().submitted) is None:
        # Two people may well give the same answers: without a number or a time nothing shows that it is one answer.
        return [None] * len(sheet.rows)
    else:
        # An answer exported twice gets a number of its own each time; its second of submission stays.
        timed = sheet.position_of(words().submitted) is not None
        numbers = words().sequence if timed else frozenset()
        positions = [heading.position for heading in sheet.headings if normal(heading.printed) not in numbers]
    keys = [tuple(row.cells[at] for at in positions) if row.whole else () for row in sheet.rows]
    return [key if any(key) else None for key in keys]


def _dropped(sheet: RawSheet, heading: Heading, message: str) -> Finding:
    return Finding(
        rule="survey-column-dropped",
        severity=Severity.INFO,
        message=f"这一列{message}",
        advice="结果里没有这一列的任何内容",
        file=sheet.file,
        sheet=sheet.sheet,
        row=sheet.header_row,
        column=heading.printed or f"第 {heading.position + 1} 列",
    )


def _duplicates_unchecked(sheet: RawSheet, absent: Sequence[str]) -> Finding:
    return Finding(
        rule="survey-duplicate-columns",
        severity=Severity.WARNING,
        message=f"没有用来认定重复答卷的列：{join(absent)}，没有查重",
        advice="请核对问卷定义 cleaning 中的列名，或换一份导出文件",
        file=sheet.file,
        sheet=sheet.sheet,
        row=sheet.header_row,
    )
