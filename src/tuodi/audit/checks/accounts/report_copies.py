"""What attached reports copied from each other, and conclusions that the money of their project contradicts."""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from tuodi.audit.figures.amounts import Kind, figures
from tuodi.audit.material import Material
from tuodi.audit.paper.model import Paragraph, Place
from tuodi.audit.remark import Remark, quoted
from tuodi.audit.statements.account_words import account_words
from tuodi.audit.statements.project_reports import ProjectReport
from tuodi.kernel.finding import Severity
from tuodi.kernel.money import decimal_text

FEWEST_COPIES = 2
SHORTEST = 60
"""Characters of the shortest paragraph worth telling."""
_STANDARD = ("评价目的", "原则", "体系", "方法", "标准", "工作过程", "评价依据")
"""Sections that any two reports may share word for word."""

_WEIGHTS = re.compile(
    r"(?:权重|分值)[^。；]{0,30}(?:设置为|为|：)[^。；]{0,4}预算执行率(?P<first>\d{1,3})%、[^\d。；]{2,10}(?P<second>\d{1,3})%"
)


def check_weights_told(material: Material) -> Iterator[Remark]:
    """Weights of execution rate and indicators told in one sentence that do not make 100 %."""
    found: dict[str, list[tuple[Place, str]]] = {}
    for stretch in material.stretches:
        for match in _WEIGHTS.finditer(stretch.text):
            if int(match["first"]) + int(match["second"]) != 100:
                told = f"{match['first']}%＋{match['second']}%"
                at = match.start("first")
                found.setdefault(told, []).append((stretch.at(at), stretch.quote(at, match.end())))
    for told, places in found.items():
        first, second = (int(part.rstrip("%")) for part in told.split("＋"))
        yield Remark(
            rule="weights-differ",
            severity=Severity.ERROR,
            place=places[0][0],
            quote=places[0][1],
            stated=told,
            expected="100%",
            message=f"权重合计应为 100%，这里 {told}＝{first + second}%"
            + (f"，共 {len(places)} 处相同" if len(places) > 1 else ""),
            advice="请改正权重，通常预算执行率 10%、绩效指标 90%",
            also=tuple(place for place, _ in places[1:]),
        )


def check_same_conclusion(material: Material) -> Iterator[Remark]:
    """All reports conclude with one grade though their projects spent from nothing to everything."""
    graded = [report for report in material.project_reports if report.grade]
    rates = {_execution(report): report for report in graded if _execution(report) is not None}
    grades = {report.grade[0] for report in graded if report.grade}
    if len(graded) <= FEWEST_COPIES or len(grades) > 1 or len(rates) <= 1:
        return
    known = [rate for rate in rates if rate is not None]
    if max(known) - min(known) < Fraction(50):
        return
    listed = "、".join(
        f"{report.budget[0].text} 执行 {decimal_text(rate, 2)}%"
        for report in graded
        if report.budget and (rate := _execution(report)) is not None
    )
    places = [report.grade[1] for report in graded if report.grade]
    yield Remark(
        rule="conclusion-copied",
        severity=Severity.WARNING,
        place=places[0],
        quote=f"自评等级{next(iter(grades))}",
        stated=next(iter(grades)),
        message=f"{len(graded)} 份报告的结论都是“{next(iter(grades))}”，"
        f"各项目的执行率却从 {decimal_text(min(known), 2)}% 到 {decimal_text(max(known), 2)}%：{listed}",
        advice="请按各项目的完成情况分别评定",
        also=tuple(places[1:]),
    )


def _execution(report: ProjectReport) -> Fraction | None:
    if report.budget is None or report.spent is None or report.budget[0].value <= 0:
        return None
    return 100 * report.spent[0].value / report.budget[0].value


def check_copied_paragraphs(material: Material) -> Iterator[Remark]:
    """Long paragraphs word for word the same under different projects; told once for each set of reports."""
    by_text: dict[str, list[tuple[ProjectReport, Paragraph]]] = {}
    for report in material.project_reports:
        for paragraph in report.paragraphs:
            standard = any(word in paragraph.place.section for word in _STANDARD)
            concludes = report.grade is not None and report.grade[1].block == paragraph.place.block
            if len(paragraph.text) >= SHORTEST and not standard and not concludes:
                by_text.setdefault(paragraph.text, []).append((report, paragraph))
    by_reports: dict[tuple[int, ...], list[list[tuple[ProjectReport, Paragraph]]]] = {}
    for same in by_text.values():
        key = tuple(dict.fromkeys(report.title.place.block for report, _ in same))
        by_reports.setdefault(key, []).append(same)
    for groups in by_reports.values():
        reports = list({report.title.place.block: report for report, _ in groups[0]}.values())
        if len(reports) >= FEWEST_COPIES and len({_execution(report) for report in reports}) > 1:
            yield _copied(reports, [[paragraph for _, paragraph in same] for same in groups])


def _copied(reports: Sequence[ProjectReport], groups: Sequence[Sequence[Paragraph]]) -> Remark:
    """Tell copied paragraphs; ``groups`` holds the copies of each, in the order of the reports."""
    first = groups[0][0]
    rates = sorted(rate for report in reports if (rate := _execution(report)) is not None)
    opposed = bool(rates) and rates[0] == 0 and rates[-1] > 50
    spread = f"执行率从 {decimal_text(rates[0], 2)}% 到 {decimal_text(rates[-1], 2)}%" if rates else "数据不同"
    return Remark(
        rule="conclusion-copied",
        severity=Severity.WARNING if opposed else Severity.INFO,
        place=first.place,
        quote=quoted(first.text, 0, min(40, len(first.text))),
        stated=f"{len(reports)} 份相同",
        message=f"{len(reports)} 份报告有 {len(groups)} 段逐字相同"
        f"（{'、'.join(report.name for report in reports)}），{spread}",
        advice="请按各项目自己的情况写",
        also=tuple(paragraph.place for group in groups for paragraph in group)[1:],
    )


def check_nothing_spent(material: Material) -> Iterator[Remark]:
    """Projects without any expenditure whose report says that things were done."""
    for report in material.project_reports:
        if report.spent is None or report.budget is None or report.spent[0].value != 0 or report.budget[0].value == 0:
            continue
        said = [
            (paragraph, at, word)
            for paragraph in _about_results(report)
            for word in account_words().lists["achieved"]
            if (at := paragraph.text.find(word)) >= 0
        ]
        if not said:
            continue
        paragraph, at, word = said[0]
        yield Remark(
            rule="conclusion-against-data",
            severity=Severity.WARNING,
            place=paragraph.at(at),
            quote=quoted(paragraph.text, at, at + len(word)),
            stated="、".join(dict.fromkeys(word for _, _, word in said)),
            message=f"{report.name}说支出 {report.spent[0].text}，全年没有用钱，却写“"
            + "”、“".join(dict.fromkeys(word for _, _, word in said))
            + "”",
            advice="请写实际完成情况；如果由别的资金完成，请写明",
            also=(report.spent[1], *(other.at(start) for other, start, _ in said[1:])),
        )


def _about_results(report: ProjectReport) -> Iterator[Paragraph]:
    """Yield the paragraphs on what was achieved: indicators, outputs, effects; not rules, problems or plans."""
    for paragraph in report.paragraphs:
        section = paragraph.place.section
        if any(word in section for word in ("指标分析", "产出", "效益", "完成情况")) and "经验" not in section:
            yield paragraph


def check_rate_of_nothing(material: Material) -> Iterator[Remark]:
    """A rate of 0 % beside money spent, of 100 % beside none; payment still to begin beside money gone."""
    for report in material.project_reports:
        rate = _execution(report)
        if rate is None or report.budget is None or report.spent is None:
            continue
        for told, place in report.rates:
            if told.value == 0 < rate or told.value == 100 and rate == 0:
                expected = decimal_text(rate, 2) + "%"
                yield Remark(
                    rule="execution-rate-differs",
                    severity=Severity.ERROR,
                    place=place,
                    quote=f"预算执行率{told.text}",
                    stated=told.text,
                    expected=expected,
                    message=f"{report.name}前面说支出 {report.spent[0].text}÷预算 {report.budget[0].text}＝{expected}，"
                    f"这里写预算执行率 {told.text}",
                    advice="请核对支出和执行率",
                    also=(report.spent[1],),
                )
        yield from _still_to_pay(report)


def _still_to_pay(report: ProjectReport) -> Iterator[Remark]:
    opening = "".join(paragraph.text for paragraph in report.paragraphs[:6])
    taken_back = "财政收回" in opening
    for paragraph in report.paragraphs:
        for word in account_words().lists["not_yet_paid"]:
            at = paragraph.text.find(word)
            if at < 0 or report.spent is None or not (taken_back or report.spent[0].value > 0):
                continue
            said = "资金年底已由财政收回" if taken_back else f"已支付 {report.spent[0].text}"
            yield Remark(
                rule="conclusion-against-data",
                severity=Severity.WARNING,
                place=paragraph.at(at),
                quote=quoted(paragraph.text, at, at + len(word)),
                stated=word,
                message=f"{report.name}前面说{said}，这里又写“{word}”",
                advice="请按年末的实际支付情况改写",
                also=(report.spent[1],),
            )


def check_paid_in_time(material: Material) -> Iterator[Remark]:
    """``按要求及时拨付`` in a passage that tells 0 as paid."""
    for stretch in material.stretches:
        for start, end in stretch.sentences:
            text = stretch.text[start:end]
            match = re.search(r"(?:按要求|按时|及时)[^。，；]{0,6}(?:拨付|支付|发放)", text)
            nothing = re.search(r"(?:已支付|实际支出(?:金额|资金)?|执行数|支付)(?:为)?0(?:\.0+)?(?:万元|元)", text)
            if match and nothing and any(figure.kind is Kind.MONEY and figure.value > 0 for figure in figures(text)):
                yield Remark(
                    rule="conclusion-against-data",
                    severity=Severity.WARNING,
                    place=stretch.at(start + match.start()),
                    quote=stretch.quote(start + match.start(), start + nothing.end()),
                    stated=match.group(),
                    message=f"说“{match.group()}”，同一句又说{nothing.group()}",
                    advice="请核对拨付情况",
                )
