"""Names in self-evaluation forms, and the forms against the attached reports on the same projects."""

import re
from collections.abc import Iterator

from tuodi.audit.figures.amounts import Figure, Kind, figures
from tuodi.audit.material import Material
from tuodi.audit.paper.model import Place
from tuodi.audit.remark import Remark
from tuodi.audit.statements.account_words import account_words
from tuodi.audit.statements.project_reports import ProjectReport, Said, pairs
from tuodi.audit.statements.self_tables import KINDS, SelfRow, SelfTable
from tuodi.audit.statements.stretches import Stretch
from tuodi.kernel.finding import Severity

SATISFACTION = "满意"
COMMON = 4
"""Characters two texts must share to speak of the same indicator."""


def check_project_names(material: Material) -> Iterator[Remark]:
    """Two forms with one project name and different indicators; a document's title in the place of the name."""
    known: dict[str, SelfTable] = {}
    for table in material.self_tables:
        first = known.setdefault(table.project, table)
        if (
            table.project
            and first is not table
            and {row.name for row in first.rows} != {row.name for row in table.rows}
        ):
            yield Remark(
                rule="name-told-twice",
                severity=Severity.WARNING,
                place=table.project_place,
                quote=table.project,
                stated=table.project,
                message=f"两张自评表的项目名称都是“{table.project}”，预算和指标却不同（{first.name}、{table.name}），无法区分",
                advice="请写出能区分两个项目的名称",
                also=(first.project_place,),
            )
        if table.project.endswith(account_words().lists["notice_names"]):
            yield Remark(
                rule="name-told-twice",
                severity=Severity.INFO,
                place=table.project_place,
                quote=f"项目名称 {table.project}",
                stated=table.project,
                message=f"项目名称写的是文件标题“{table.project}”，不是项目",
                advice="请填写项目名称",
            )


def check_indicator_kinds(material: Material) -> Iterator[Remark]:
    """One indicator under different kinds in several forms; a satisfaction row that measures something else."""
    kinds: dict[str, dict[str, Place]] = {}
    for table in material.self_tables:
        for row in table.rows:
            kinds.setdefault(row.name, {}).setdefault(row.kind, row.place)
            if row.kind == SATISFACTION and not any(
                word in row.name for word in (SATISFACTION, "认可", "投诉", "好评")
            ):
                yield Remark(
                    rule="name-told-twice",
                    severity=Severity.WARNING,
                    place=row.place,
                    quote=f"满意度指标 {row.name} {row.target}",
                    stated=row.name,
                    message=f"{table.name}：满意度指标写的是“{row.name}”，量的不是满意度",
                    advice="请改为服务对象满意度，或者把这个指标移到所属的类别",
                )
    for name, places in kinds.items():
        told = [kind for kind in places if kind and kind != SATISFACTION]
        if len(told) > 1:
            yield Remark(
                rule="name-told-twice",
                severity=Severity.WARNING,
                place=places[told[1]],
                quote=f"{told[1]}指标 {name}",
                stated=told[1],
                expected=told[0],
                message=f"“{name}”在几张自评表中归在不同类别：{'、'.join(f'{kind}指标' for kind in told)}",
                advice="请统一归类",
                also=(places[told[0]],),
            )


def check_forms_against_reports(material: Material) -> Iterator[Remark]:
    """Actual values of a form against what the report on the same project says was reached."""
    for report, table in pairs(material.project_reports, material.self_tables):
        for row in table.rows:
            actual = row.actual_figure
            if actual is None or actual.value != 0:
                continue
            found = _reached(report, row)
            if found is not None:
                said, figure = found
                yield _reached_remark(table, row, said, figure)
        yield from _kinds(report, table)


def check_forms_against_text(material: Material) -> Iterator[Remark]:
    """Money, rate and score of a project told in its section or behind its name, against its form."""
    names = [table.project for table in material.self_tables]
    for table in material.self_tables:
        if len(table.project) < COMMON or names.count(table.project) > 1 or table.fund is None:
            continue
        for stretch in material.stretches:
            if stretch.in_table:
                continue
            section = stretch.place.section.rpartition(" › ")[2]
            told = list(_told_of(stretch, table)) if section.endswith(table.project) else []
            for figure, expected, what in (*told, *_behind_name(stretch, table)):
                yield Remark(
                    rule="text-against-table",
                    severity=Severity.ERROR,
                    place=stretch.at(figure.start),
                    quote=stretch.quote(figure.start, figure.end),
                    stated=figure.text,
                    expected=expected.text,
                    message=f"{table.project}：文字写{what} {figure.text}，自评表为 {expected.text}",
                    advice="请核对文字和自评表，改正其中写错的一个",
                    also=(table.total_place if what == "自评得分" else table.fund.place,),
                )


_TOLD = (
    ("annual", "全年预算数", re.compile(r"全年预算数(?:为)?$")),
    ("executed", "全年执行数", re.compile(r"执行数(?:为)?$")),
    ("rate", "执行率", re.compile(r"(?<!总体)执行率(?:为|达到)?$")),
)
_SCORED = re.compile(r"自评(?:总分|得分)?(?:为)?$")


def _told_of(stretch: Stretch, table: SelfTable) -> Iterator[tuple[Figure, Figure, str]]:
    """Yield what a project's own section tells and its form tells otherwise."""
    for figure in stretch.figures:
        before = stretch.text[: figure.start]
        for field, what, pattern in _TOLD:
            expected = getattr(table.fund, field)
            if expected is not None and pattern.search(before) and not figure.agrees(expected):
                yield figure, expected, what
        total = table.total_score
        if total is not None and figure.kind is Kind.SCORE and _SCORED.search(before) and not figure.agrees(total):
            yield figure, total, "自评得分"


def _behind_name(stretch: Stretch, table: SelfTable) -> Iterator[tuple[Figure, Figure, str]]:
    """Yield an amount right behind a project's name that is none of its form's amounts."""
    fund = table.fund
    known = [figure for figure in (fund.annual, fund.executed, fund.initial) if figure] if fund else []
    behind = re.compile(re.escape(table.project) + r"(?:资金|预算)?(?:为)?$")
    for figure in stretch.figures:
        if figure.kind is not Kind.MONEY or not behind.search(stretch.text[: figure.start]):
            continue
        if known and not any(figure.agrees(each) for each in known):
            yield figure, known[0], "预算"


def _reached(report: ProjectReport, row: SelfRow) -> tuple[Said, Figure] | None:
    """Return what a report tells as reached for a row: a share above 0 that is no target (≥)."""
    for said in report.said:
        for start, end in _clauses(said.text):
            clause = said.text[start:end]
            if (SATISFACTION in row.name) != (SATISFACTION in clause):
                continue
            if SATISFACTION not in clause and not _share_words(row.name, clause):
                continue
            for figure in figures(clause):
                if figure.kind is Kind.SHARE and figure.value > 0 and not _is_target(clause, figure):
                    return said, figure
    return None


def _clauses(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for at, character in enumerate(text):
        if character in "。；，":
            yield start, at
            start = at + 1
    yield start, len(text)


def _is_target(clause: str, figure: Figure) -> bool:
    """Tell whether a figure only repeats a target: ≥85%, 不低于70%; 大于90% tells what was reached."""
    before = clause[max(0, figure.start - 4) : figure.start]
    return any(mark in before for mark in ("≥", "≤", ">", "<", "不低于", "不少于", "不超过", "不高于"))


def _share_words(name: str, clause: str) -> bool:
    """Tell whether a clause has a run of characters of an indicator's name."""
    return any(name[at : at + COMMON] in clause for at in range(len(name) - COMMON + 1))


def _reached_remark(table: SelfTable, row: SelfRow, said: Said, figure: Figure) -> Remark:
    score = f"，得 {row.score.text}/{row.weight.text}" if row.score and row.weight else ""
    return Remark(
        rule="value-told-twice",
        severity=Severity.WARNING,
        place=row.place,
        quote=f"{row.name} {row.target} {row.actual}",
        stated=row.actual,
        expected=figure.text,
        message=f"{table.name}“{row.name}”的实际完成值写 {row.actual}{score}，同一项目的报告写 {figure.text}",
        advice="请核对实际完成值，两处写成一样，再按评分规则给分",
        also=(said.place,),
    )


def _kinds(report: ProjectReport, table: SelfTable) -> Iterator[Remark]:
    """Kinds of indicators that only the form or only the report has."""
    in_form = {row.kind for row in table.rows if row.kind}
    in_report = {said.kind for said in report.said}
    if not in_report or not in_form or in_form == in_report:
        return
    only = [f"自评表有{kind}指标，报告没有" for kind in _in_order(in_form - in_report)]
    only += [f"报告有{kind}指标，自评表没有" for kind in _in_order(in_report - in_form)]
    first = next((row for row in table.rows if row.kind not in in_report), table.rows[0])
    yield Remark(
        rule="items-differ",
        severity=Severity.WARNING,
        place=first.place,
        quote=f"{first.kind}指标 {first.name}",
        stated="、".join(_in_order(in_form)),
        expected="、".join(_in_order(in_report)),
        message=f"{table.name}的自评表与报告所列指标不同：{'；'.join(only)}",
        advice="请按批复的绩效目标统一两处的指标",
        also=(report.said[0].place,),
    )


def _in_order(kinds: set[str]) -> list[str]:
    return [kind for kind in KINDS if kind in kinds]
