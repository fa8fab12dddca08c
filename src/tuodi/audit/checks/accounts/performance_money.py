"""Money of the performance section: the whole department's budget and execution, what is carried over, the verdict."""

import re
from collections.abc import Iterator
from fractions import Fraction

from tuodi.audit.figures.amounts import Figure, Kind
from tuodi.audit.figures.arithmetic import like
from tuodi.audit.material import Material
from tuodi.audit.remark import Remark
from tuodi.audit.statements.account_tables import table_of
from tuodi.audit.statements.account_words import account_words
from tuodi.audit.statements.stretches import Stretch
from tuodi.kernel.finding import Severity
from tuodi.kernel.money import decimal_text, rounded

_ANNUAL = re.compile(r"全年预算数(?:为)?(?=\d)")
_EXECUTED = re.compile(r"执行数(?:为)?(?=\d)")
_INITIAL = re.compile(r"财政拨款支出年初预算(?:数)?(?:为)?(?=\d)")
_WELL = re.compile(r"评价结果[^。]{0,10}总体(?P<verdict>良好|优秀|较好)")
_CARRIED = re.compile(r"结转(?:到|至)?(?:下|次)(?:一)?年")


def check_whole_department(material: Material) -> Iterator[Remark]:
    """Execution of the whole department with parts of different scope: all project expenditure over some projects."""
    forms = [form.fund for form in material.self_tables if form.fund and form.fund.annual and form.fund.executed]
    table = table_of(material.account_tables, "expenditure") or table_of(material.account_tables, "general")
    if table is None or table.total is None or len(forms) < 2 or len(forms) != len(material.self_tables):
        return
    annual = sum((fund.annual.value for fund in forms if fund.annual), Fraction(0))
    executed = sum((fund.executed.value for fund in forms if fund.executed), Fraction(0))
    slack = sum((fund.executed.step / 2 for fund in forms if fund.executed), Fraction(0))
    for stretch in material.stretches:
        budget, spent = _money_after(stretch, _ANNUAL), _money_after(stretch, _EXECUTED)
        if budget is None or spent is None or "整体" not in stretch.text:
            continue
        if (
            budget.value == annual
            and spent.value == table.total.value("project")
            and abs(spent.value - executed) > slack
        ):
            yield Remark(
                rule="scope-mixed",
                severity=Severity.WARNING,
                place=stretch.at(spent.start),
                quote=stretch.quote(budget.start, spent.end),
                stated=spent.text,
                expected=like(spent, executed),
                message=f"全年预算数 {budget.text} 是 {len(forms)} 张自评表的预算之和，执行数 {spent.text}"
                f" 却是{table.title}的全部项目支出；这些项目的执行数相加为 {like(spent, executed)}，"
                f"执行率应为 {decimal_text(100 * executed / annual, 2)}%；整体支出还应包括基本支出"
                f" {like(spent, table.total.value('basic'))}",
                advice="请用同一口径的预算数和执行数",
                also=(table.total.place,),
            )


def _money_after(stretch: Stretch, pattern: re.Pattern[str]) -> Figure | None:
    match = pattern.search(stretch.text)
    if match is None:
        return None
    return next((each for each in stretch.figures if each.start == match.end() and each.kind is Kind.MONEY), None)


def check_initial_budget(material: Material) -> Iterator[Remark]:
    """The initial budget told for all grants can not be less than that of the projects evaluated."""
    starts = [form.fund.initial for form in material.self_tables if form.fund and form.fund.initial]
    total = sum((figure.value for figure in starts), Fraction(0))
    if len(starts) < 2:
        return
    for stretch in material.stretches:
        told = _money_after(stretch, _INITIAL)
        if told is not None and told.high < total:
            yield Remark(
                rule="value-told-twice",
                severity=Severity.WARNING,
                place=stretch.at(told.start),
                quote=stretch.quote(told.start, told.end),
                stated=told.text,
                expected=f"不小于 {like(told, total)}",
                message=f"财政拨款支出年初预算写 {told.text}，"
                f"{len(starts)} 张自评表的年初预算数相加已有 {like(told, total)}，部分大于整体",
                advice="请按批复的部门预算核对年初预算，完成率也要重算",
                also=tuple(form.place for form in material.self_tables),
            )


def check_carried_over(material: Material) -> Iterator[Remark]:
    """Projects said to be carried over to next year while the tables close with nothing carried over."""
    totals = table_of(material.account_tables, "totals")
    if totals is None:
        return
    rows = totals.named(account_words().lines["closing"])
    carried = [
        report
        for report in material.project_reports
        if report.budget and report.spent and any(_CARRIED.search(each.text) for each in report.paragraphs[:6])
    ]
    if not rows or rows[0].amounts or not carried:
        return
    rest = sum(
        (each.budget[0].value - each.spent[0].value for each in carried if each.budget and each.spent), Fraction(0)
    )
    if rest <= 0 or carried[0].budget is None:
        return
    listed = "＋".join(each.budget[0].text for each in carried if each.budget)
    yield Remark(
        rule="text-against-table",
        severity=Severity.WARNING,
        place=carried[0].budget[1],
        quote="结转到下一年",
        stated=f"{decimal_text(rest, 2, grouped=True)}元",
        expected="0.00元",
        message=f"{len(carried)} 个项目说结转到下一年（预算 {listed}，共 {decimal_text(rest, 2, grouped=True)}元），"
        f"{totals.title}“{rows[0].name}”为空",
        advice="请核对；如果结转的是财政指标而不是资金，请写明",
        also=(*(each.budget[1] for each in carried[1:] if each.budget), rows[0].place),
    )


def check_verdict(material: Material) -> Iterator[Remark]:
    """总体良好 while every attached report concludes with 中 or 差."""
    grades = [report.grade for report in material.project_reports if report.grade]
    if len(grades) < 2 or any(grade in ("优", "良") for grade, _ in grades):
        return
    for stretch in material.stretches:
        for match in _WELL.finditer(stretch.text):
            yield Remark(
                rule="conclusion-against-data",
                severity=Severity.WARNING,
                place=stretch.at(match.start()),
                quote=match.group(),
                stated=match["verdict"],
                expected="、".join(dict.fromkeys(grade for grade, _ in grades)),
                message=f"说总体{match['verdict']}，所附 {len(grades)} 份报告的等级却没有一份是优或良",
                advice="请按各项目的等级写总体评价",
                also=tuple(place for _, place in grades),
            )


def check_spent_told(material: Material) -> Iterator[Remark]:
    """An amount spent that misses a figure of the tables only by wrong rounding."""
    tables = [table_of(material.account_tables, kind) for kind in ("expenditure", "general")]
    rows = [row for table in tables if table for row in table.rows if len(row.code) == 7]
    known = {row.value("project"): row for row in rows if row.value("project") > 0}
    for report in material.project_reports:
        if report.spent is None or report.spent[0].value <= 0:
            continue
        figure, place = report.spent
        for value, row in known.items():
            if figure.step / 2 < abs(figure.value - value) < figure.step and figure.step <= value / 100:
                right = like(figure, rounded(value / figure.step, 0) * figure.step)
                yield Remark(
                    rule="value-told-twice",
                    severity=Severity.INFO,
                    place=place,
                    quote=figure.text,
                    stated=figure.text,
                    expected=right,
                    message=f"报告写支出 {figure.text}，决算表“{row.label}”的项目支出"
                    f" {decimal_text(value, 2, grouped=True)}元 舍入为 {right}",
                    advice="请按决算数重新舍入",
                    also=(row.place,),
                )


def check_expenditure_accounted(material: Material) -> Iterator[Remark]:
    """All projects said to be evaluated, but the attached reports spent less than the tables' project expenditure."""
    table = table_of(material.account_tables, "expenditure") or table_of(material.account_tables, "general")
    spent = [report.spent for report in material.project_reports if report.spent]
    if table is None or table.total is None or len(spent) < len(material.project_reports) or len(spent) < 2:
        return
    told = sum((figure.value for figure, _ in spent), Fraction(0))
    slack = sum((figure.step / 2 for figure, _ in spent), Fraction(0))
    whole = table.total.value("project")
    said = next((each for each in material.stretches if "所有项目" in each.text and "绩效自评" in each.text), None)
    if said is None or not told or told + slack >= whole:
        return
    at = said.text.index("所有项目")
    yield Remark(
        rule="text-against-table",
        severity=Severity.INFO,
        place=said.at(at),
        quote=said.quote(at, at + len("所有项目")),
        stated=f"{decimal_text(told, 2, grouped=True)}元",
        expected=f"{decimal_text(whole, 2, grouped=True)}元",
        message=f"说所有项目都自评，所附 {len(spent)} 份报告的支出相加约 {decimal_text(told, 2, grouped=True)}元，"
        f"{table.title}的项目支出为 {decimal_text(whole, 2, grouped=True)}元，"
        f"有约 {decimal_text(whole - told, 2, grouped=True)}元没有对应的项目",
        advice="请核对是否漏了项目，或者说明差额",
        also=(table.total.place,),
    )
