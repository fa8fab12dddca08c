"""The performance section of final accounts: projects, money and grades told, against what is attached."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from tuodi.audit.figures.amounts import Figure, Kind
from tuodi.audit.figures.arithmetic import like, share_of
from tuodi.audit.material import Material
from tuodi.audit.paper.model import Place
from tuodi.audit.remark import Remark
from tuodi.audit.statements.account_tables import table_of
from tuodi.audit.statements.account_words import account_words
from tuodi.audit.statements.project_reports import pairs
from tuodi.audit.statements.stretches import Stretch
from tuodi.kernel.finding import Severity
from tuodi.kernel.money import decimal_text

_COUNT = re.compile(r"二级项目(?:共)?(?P<after>\d{1,3})个|(?P<before>\d{1,3})个(?:二级|预算|支出)?项目")
_MONEY = re.compile(r"涉及(?:预算)?资金(?:共计|共|为)?(?=\d)")
_SHARE = re.compile(r"占[^。，；]{0,20}项目支出(?:预算)?(?:总额)?的?(?=[\d.]+%)")
_PROJECT_MONEY = re.compile(r"(?<!预算)项目支出[\d,.]*[1-9][\d,.]*(?:万元|元)")
_GRADES = re.compile(r"(?P<count>\d{1,3})个项目(?:自评)?等级为[“\"](?P<grade>优|良|中|差)[”\"]")
_GRADE = re.compile(r"(?<!个项目)(?:结论为)?自评等级(?:为|是)?[“\"]?(?P<grade>优|良|中|差)[”\"]?[。，；]")
_LISTED = re.compile(r"《(?P<title>[^》]{4,60}评价报告)》")

_NEAR = 8
"""Blocks behind the counts in which single projects are told."""


class Scale(NamedTuple):
    """What one sentence says of the evaluations: number of projects, money, share of project expenditure."""

    stretch: Stretch
    number: int
    count_at: int
    count_text: str
    money: Figure
    share: Figure | None


def _scales(material: Material, subject: str) -> Iterator[Scale]:
    """Yield the sentences that tell number and money of what was evaluated; ``subject`` is 自评 or 部门评价."""
    for stretch in material.stretches:
        for start, end in stretch.sentences:
            text = stretch.text[start:end]
            money_at, counts = _MONEY.search(text), [each for each in _COUNT.finditer(text) if _number(each)]
            if money_at is None or not counts or subject not in text or subject == "自评" and "部门评价" in text:
                continue
            money = _figure_at(stretch, start + money_at.end())
            shares = _SHARE.search(text)
            share = _figure_at(stretch, start + shares.end()) if shares else None
            if money is not None and money.kind is Kind.MONEY and "等级为" not in text:
                first = counts[0]
                yield Scale(stretch, _number(first), start + first.start(), first.group(), money, share)


def _number(match: re.Match[str]) -> int:
    return int(match["after"] or match["before"])


def _figure_at(stretch: Stretch, start: int) -> Figure | None:
    return next((figure for figure in stretch.figures if figure.start == start), None)


def check_share_of_projects(material: Material) -> Iterator[Remark]:
    """占项目支出总额的 X% against the project expenditure of the tables, where the text does not tell it itself."""
    table = table_of(material.account_tables, "expenditure") or table_of(material.account_tables, "general")
    if table is None or table.total is None or "project" not in table.total.amounts:
        return
    if any(_PROJECT_MONEY.search(stretch.text) for stretch in material.stretches):
        return
    whole = table.total.amounts["project"]
    for scale in _scales(material, "自评"):
        if scale.share is None:
            continue
        span = share_of(scale.money, whole)
        if span is None or span.allows(scale.share):
            continue
        decimals = max(2, len(scale.share.text.rstrip("%").partition(".")[2]))
        expected = decimal_text(span.value, decimals) + "%"
        yield Remark(
            rule="share-differs",
            severity=Severity.ERROR,
            place=scale.stretch.at(scale.share.start),
            quote=scale.stretch.quote(scale.share.start, scale.share.end),
            stated=scale.share.text,
            expected=expected,
            message=f"自评资金 {scale.money.text}，{table.title}的项目支出"
            f" {decimal_text(whole.value, 2, grouped=True)}元，"
            f"占 {expected}，文中写 {scale.share.text}"
            + ("；分子大于分母，可能一个是预算数、一个是决算数" if scale.money.value > whole.value else ""),
            advice="请按同一口径（都用预算数或都用决算数）重新计算",
            also=(table.total.place,),
        )


def check_number_of_projects(material: Material) -> Iterator[Remark]:
    """Number and money of the projects told against the forms and reports attached."""
    forms, reports = material.self_tables, material.project_reports
    for scale in _scales(material, "自评"):
        place = scale.stretch.at(scale.count_at)
        for things, unit, places in (
            (forms, "张自评表", [form.place for form in forms]),
            (reports, "份项目报告", [report.title.place for report in reports]),
        ):
            if len(things) >= 2 and len(things) != scale.number:
                yield _items(place, scale.count_text, scale.number, len(things), unit, places)
        for values, what, where in (
            ([form.fund.annual.value for form in forms if form.fund and form.fund.annual], "自评表", forms),
            ([report.budget[0].value for report in reports if report.budget], "项目报告", reports),
        ):
            total = sum(values, Fraction(0))
            if len(values) >= 2 and len(values) == len(where) and not scale.money.low <= total <= scale.money.high:
                yield _money_differs(scale, total, what, len(values))
    yield from _without_form(material)


def _items(place: Place, quote: str, told: int, found: int, unit: str, places: Sequence[Place]) -> Remark:
    return Remark(
        rule="items-differ",
        severity=Severity.WARNING,
        place=place,
        quote=quote,
        stated=str(told),
        expected=str(found),
        message=f"文中写{quote}，后面附了 {found} {unit}",
        advice="请核对项目个数和所附材料",
        also=tuple(places),
    )


def _money_differs(scale: Scale, total: Fraction, what: str, count: int) -> Remark:
    expected = like(scale.money, total)
    return Remark(
        rule="value-told-twice",
        severity=Severity.WARNING,
        place=scale.stretch.at(scale.money.start),
        quote=f"涉及资金{scale.money.text}",
        stated=scale.money.text,
        expected=expected,
        message=f"文中写涉及资金 {scale.money.text}，所附 {count} 份{what}的预算相加为 {expected}，"
        f"相差 {like(scale.money, abs(total - scale.money.value))}",
        advice="请核对资金总额和各项目预算",
    )


def _without_form(material: Material) -> Iterator[Remark]:
    """Reports on projects without a form, where others have theirs."""
    paired = {id(report) for report, _ in pairs(material.project_reports, material.self_tables)}
    alone = [report for report in material.project_reports if id(report) not in paired and report.budget]
    budgets = {form.fund.annual.value for form in material.self_tables if form.fund and form.fund.annual}
    alone = [report for report in alone if report.budget and report.budget[0].value not in budgets]
    if paired and alone:
        names = "、".join(report.budget[0].text for report in alone if report.budget)
        yield Remark(
            rule="items-differ",
            severity=Severity.WARNING,
            place=alone[0].title.place,
            quote=alone[0].title.text,
            stated=str(len(material.self_tables)),
            expected=str(len(material.project_reports)),
            message=f"有 {len(alone)} 个项目有评价报告而没有自评表：预算 {names}",
            advice="请补附自评表，或者说明没有自评的原因",
            also=tuple(report.title.place for report in alone[1:]),
        )


def check_department_evaluation(material: Material) -> Iterator[Remark]:
    """Projects said to be evaluated by the department: number, money, list of reports, reports attached."""
    listed = [(match["title"], stretch.at(match.start()), stretch) for stretch in material.stretches
              if "评价" in stretch.place.section for match in _LISTED.finditer(stretch.text)]  # fmt: skip
    reports = material.project_reports
    titles = list(dict.fromkeys(title for title, _, _ in listed))
    for scale in _scales(material, "部门评价"):
        place = scale.stretch.at(scale.count_at)
        if titles and len(titles) != scale.number:
            yield _items(place, scale.count_text, scale.number, len(titles), "份报告（文中列名）", [listed[0][1]])
        budgets = sorted(report.budget[0].value for report in reports if report.budget)
        if len(budgets) >= scale.number:
            least = sum(budgets[: scale.number], Fraction(0))
            if scale.money.high < least:
                yield Remark(
                    rule="value-told-twice",
                    severity=Severity.WARNING,
                    place=scale.stretch.at(scale.money.start),
                    quote=f"{scale.count_text}，涉及资金{scale.money.text}",
                    stated=scale.money.text,
                    expected=f"不小于 {like(scale.money, least)}",
                    message=f"所附项目中预算最小的 {scale.number} 个相加也有 {like(scale.money, least)}，"
                    f"文中写 {scale.number} 个项目涉及资金 {scale.money.text}",
                    advice="请核对金额是否漏了位数，或者单位写错",
                )
    if titles and reports and len(titles) != len(reports):
        places = [report.title.place for report in reports]
        yield _items(listed[0][1], f"列名报告{len(titles)}份", len(titles), len(reports), "份项目报告", places)
    attached = {report.title.text for report in reports}
    if titles and reports and len(attached) == 1 and not attached & set(titles):
        yield Remark(
            rule="reference-differs",
            severity=Severity.WARNING,
            place=listed[0][1],
            quote=f"《{titles[0]}》",
            stated=titles[0],
            expected=reports[0].title.text,
            message=f"文中列名的 {len(titles)} 份报告各有项目名，所附 {len(reports)} 份报告的题名都是"
            f"“{reports[0].title.text}”，没有一份对得上",
            advice="请在报告题名中写上项目名称，与正文一致",
            also=tuple(report.title.place for report in reports),
        )


def check_grades_told(material: Material) -> Iterator[Remark]:
    """How many projects got which grade, against single grades in the text, reports and scores of the forms."""
    for stretch in material.stretches:
        told = {match["grade"]: (int(match["count"]), match) for match in _GRADES.finditer(stretch.text)}
        total = sum(count for count, _ in told.values())
        if not total:
            continue
        first = next(iter(told.values()))[1]
        last = list(told.values())[-1][1]
        place, quote = stretch.at(first.start()), stretch.text[first.start() : last.end()]
        words = "".join(f"{told[grade][0]}{grade}" for grade in told)
        graded = Counter(report.grade[0] for report in material.project_reports if report.grade)
        if graded and any(graded[grade] > told.get(grade, (0,))[0] for grade in graded):
            found = "".join(f"{graded[grade]}{grade}" for grade in ("优", "良", "中", "差") if graded[grade])
            places = [report.grade[1] for report in material.project_reports if report.grade]
            yield _grades(place, quote, words, found, f"所附 {sum(graded.values())} 份报告的结论为 {found}", places)
        scored = [form for form in material.self_tables if form.total_score is not None]
        bands = Counter(_grade_of(form.total_score.value) for form in scored if form.total_score)
        if len(scored) == total and any(bands[grade] != told.get(grade, (0,))[0] for grade in ("优", "良", "中", "差")):
            found = "".join(f"{bands[grade]}{grade}" for grade in ("优", "良", "中", "差") if bands[grade])
            scores = "、".join(form.total_score.text for form in scored if form.total_score)
            what = f"{total} 张自评表总分为 {scores}，按 90、80、60 分划档是 {found}"
            yield _grades(place, quote, words, found, what, [form.total_place for form in scored])
        yield from _single_grades(material, told, place)


def _grades(place: Place, quote: str, told: str, found: str, what: str, places: Sequence[Place]) -> Remark:
    return Remark(
        rule="grade-differs",
        severity=Severity.WARNING,
        place=place,
        quote=quote,
        stated=told,
        expected=found,
        message=f"文中写 {told}，{what}",
        advice="请核对各项目的自评等级；如果划档标准不同，请写明",
        also=tuple(places),
    )


def _single_grades(material: Material, told: dict[str, tuple[int, re.Match[str]]], place: Place) -> Iterator[Remark]:
    """A project's grade in the text of which the counts say there is none; the attached reports are told apart."""
    first_report = min((report.title.place.block for report in material.project_reports), default=None)
    for stretch in material.stretches:
        block = stretch.place.block
        if not 0 <= block - place.block <= _NEAR or first_report is not None and block >= first_report:
            continue
        for match in _GRADE.finditer(stretch.text):
            grade = match["grade"]
            if grade in told and told[grade][0] == 0:
                yield Remark(
                    rule="grade-differs",
                    severity=Severity.ERROR,
                    place=stretch.at(match.start()),
                    quote=stretch.quote(match.start(), match.end()),
                    stated=grade,
                    expected=told[grade][1].group(),
                    message=f"前面说{told[grade][1].group()}，这里却有项目自评等级为“{grade}”",
                    advice="请核对这个项目的等级和等级个数",
                    also=(place,),
                )


def _grade_of(score: Fraction) -> str:
    return next(name for name, lowest in account_words().grades if score >= lowest)


def check_grades_against_scores(material: Material) -> Iterator[Remark]:
    """A report's grade against the score of the form on the same project, by the national bands."""
    if any(re.search(r"\d+分[^。]{0,12}为“?[优良中差]", paragraph.text) for paragraph in material.paper.paragraphs):
        return
    for report, form in pairs(material.project_reports, material.self_tables):
        if report.grade is None or form.total_score is None or not 0 <= form.total_score.value <= 100:
            continue
        expected = _grade_of(form.total_score.value)
        if report.grade[0] != expected:
            yield Remark(
                rule="grade-differs",
                severity=Severity.WARNING,
                place=report.grade[1],
                quote=f"自评等级{report.grade[0]}",
                stated=report.grade[0],
                expected=expected,
                message=f"{report.name}结论为“{report.grade[0]}”，同一项目自评表总分 {form.total_score.text} 分，"
                f"按 90、80、60 分划档应为“{expected}”",
                advice="请核对等级和得分；如果划档标准不同，请写明",
                also=(form.total_place,),
            )
