"""The ministry's self-evaluation form: weights, scores, judgements, reasons, parts left blank."""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from tuodi.audit.figures.amounts import Figure, Kind
from tuodi.audit.figures.arithmetic import like
from tuodi.audit.material import Material
from tuodi.audit.paper.model import Place
from tuodi.audit.remark import Remark
from tuodi.audit.statements.account_words import account_words
from tuodi.audit.statements.self_tables import SelfRow, SelfTable
from tuodi.kernel.finding import Severity
from tuodi.kernel.money import decimal_text, rounded

_HUNDRED = Fraction(100)
_BY_SHARE = re.compile(r"(?:完成值|完成情况)[^。；]{0,12}(?:比例|÷|/)[^。；]{0,12}(?:记分|计分|得分|分值)")
FEWEST_ALIKE = 3


def check_form_weights(material: Material) -> Iterator[Remark]:
    """分值 of money row and indicators against the total; 100 beside 100 is told once for all forms."""
    doubled: list[tuple[SelfTable, str, str]] = []
    for table in material.self_tables:
        weights = [row.weight for row in table.rows if row.weight is not None]
        if table.total_weight is None or len(weights) < 2 or len(weights) < len(table.rows):
            continue
        indicators = sum((weight.value for weight in weights), Fraction(0))
        money = table.fund.weight if table.fund else None
        total = table.total_weight.value
        if indicators == total and money is not None and money.value:
            doubled.append((table, money.text, decimal_text(indicators + money.value, 2, trimmed=True)))
        elif indicators + (money.value if money else 0) != total and indicators != total:
            yield _sum_remark("weights-differ", table, table.total_weight, weights, money, "分值")
    if doubled:
        first, money_text, together = doubled[0]
        total_text = first.total_weight.text if first.total_weight else ""
        yield Remark(
            rule="weights-differ",
            severity=Severity.ERROR,
            place=first.fund.place if first.fund else first.place,
            quote=f"年度资金总额 分值 {money_text}，总分 {total_text}",
            stated=total_text,
            expected=together,
            message=f"资金行分值 {money_text}，各指标分值合计 {total_text}，相加 {together}，总分只写 {total_text}，"
            f"共 {len(doubled)} 张表：{'、'.join(table.name for table, _, _ in doubled)}",
            advice="资金（预算执行率）和各指标的分值合计应为总分，通常是 10 分和 90 分",
            also=tuple(table.fund.place for table, _, _ in doubled[1:] if table.fund),
        )


def _sum_remark(
    rule: str, table: SelfTable, total: Figure, parts: Sequence[Figure], money: Figure | None, what: str
) -> Remark:
    figures = [*([money] if money else []), *parts]
    value = sum((part.value for part in figures), Fraction(0))
    expected = decimal_text(value, 2, trimmed=True)
    return Remark(
        rule=rule,
        severity=Severity.ERROR,
        place=table.total_place,
        quote=f"总分 {total.text}",
        stated=total.text,
        expected=expected,
        message=f"{table.name}：{what}{'＋'.join(part.text for part in figures)}＝{expected}，总分一行写 {total.text}",
        advice=f"请核对各行{what}和总分",
    )


def check_form_scores(material: Material) -> Iterator[Remark]:
    """得分 of money row and indicators against the total score."""
    for table in material.self_tables:
        scores = [row.score for row in table.rows if row.score is not None]
        if table.total_score is None or len(scores) < 2 or len(scores) < len(table.rows):
            continue
        money = table.fund.score if table.fund else None
        indicators = sum((score.value for score in scores), Fraction(0))
        together = indicators + (money.value if money else 0)
        total = table.total_score
        if together == total.value:
            continue
        remark = _sum_remark("scores-differ", table, total, scores, money, "得分")
        if indicators != total.value:
            yield remark
        elif money is not None and money.value:
            yield Remark(
                rule="scores-differ",
                severity=Severity.WARNING,
                place=remark.place,
                quote=remark.quote,
                stated=total.text,
                expected=remark.expected,
                message=remark.message + "，资金行的得分没有计入",
                advice="请核对资金行的得分要不要计入总分",
            )


def check_form_rows(material: Material) -> Iterator[Remark]:
    """A score above its weight."""
    for table in material.self_tables:
        for row in table.rows:
            if row.weight is not None and row.score is not None and row.score.value > row.weight.value:
                yield Remark(
                    rule="score-above-weight",
                    severity=Severity.ERROR,
                    place=row.place,
                    quote=f"{row.name} {row.weight.text} {row.score.text}",
                    stated=row.score.text,
                    expected=f"不大于 {row.weight.text}",
                    message=f"{table.name}“{row.name}”得分 {row.score.text} 大于分值 {row.weight.text}",
                    advice="请核对分值和得分",
                )


def check_judgements(material: Material) -> Iterator[Remark]:
    """Full or part of the points although the actual value is nothing, or below the target."""
    by_share = any(_BY_SHARE.search(paragraph.text) for paragraph in material.paper.paragraphs)
    for table in material.self_tables:
        missed = [row for row in table.rows if _points(row) and _achieved(row) < 1]
        full = [row for row in missed if row.score and row.weight and row.score.value == row.weight.value]
        if full:
            yield _missed("target-judged-wrongly", table, full, "却得满分", Severity.ERROR)
        nothing = [row for row in missed if row not in full and _achieved(row) == 0]
        if nothing:
            severity = Severity.ERROR if by_share else Severity.WARNING
            yield _missed("score-against-rule", table, nothing, "按完成值与指标值的比例应得 0 分", severity)
        if by_share:
            yield from _by_share(table)


def _points(row: SelfRow) -> bool:
    return row.score is not None and row.score.value > 0


def _achieved(row: SelfRow) -> Fraction:
    """Return the share of a target achieved, at most 1; 1 where the two values cannot be compared."""
    actual, target = row.actual_figure, row.target_figure
    if actual is None or actual.mark in ("≤", "<") or target is not None and target.mark in ("≤", "<"):
        return Fraction(1)
    if actual.value == 0:
        return Fraction(1) if target is not None and target.value == 0 or _wants_little(row) else Fraction(0)
    if (
        target is None
        or target.value <= 0
        or {actual.kind, target.kind} not in _COMPARABLE
        or actual.unit != target.unit
    ):
        return Fraction(1)
    return min(Fraction(1), actual.value / target.value)


_COMPARABLE = ({Kind.SHARE}, {Kind.COUNT}, {Kind.MONEY}, {Kind.SCORE})
_LITTLE = ("投诉", "差错", "违规", "事故", "失误", "误差", "成本", "超支", "截留", "挪用", "率降", "降低", "下降")


def _wants_little(row: SelfRow) -> bool:
    """Tell whether an indicator is the better the smaller it is."""
    return row.kind == "成本" or any(word in row.name for word in _LITTLE) or row.target in ("无", "0", "没有")


def _missed(rule: str, table: SelfTable, rows: Sequence[SelfRow], verdict: str, severity: Severity) -> Remark:
    listed = "、".join(
        f"“{row.name}”指标值 {row.target} 完成值 {row.actual} 得 {row.score.text if row.score else ''}"
        f"/{row.weight.text if row.weight else ''}"
        for row in rows
    )
    first = rows[0]
    return Remark(
        rule=rule,
        severity=severity,
        place=first.place,
        quote=f"{first.name} {first.target} {first.actual} {first.weight.text if first.weight else ''}"
        f" {first.score.text if first.score else ''}",
        stated=first.score.text if first.score else "",
        expected="0" if _achieved(first) == 0 else "",
        message=f"{table.name}：{listed}，没有达到指标值，{verdict}",
        advice="请核对实际完成值（是否漏填），再按评分规则给分",
        also=tuple(row.place for row in rows[1:]),
    )


def _by_share(table: SelfTable) -> Iterator[Remark]:
    """Scores against weight × actual ÷ target, where the paper scores by share."""
    for row in table.rows:
        share = _achieved(row)
        comparable = row.actual_figure and row.target_figure and row.weight and row.score
        if not comparable or not row.weight or not row.score or not row.actual_figure or row.actual_figure.value == 0:
            continue
        if (
            row.target_figure is None
            or {row.actual_figure.kind, row.target_figure.kind} not in _COMPARABLE
            or share == 1
        ):
            continue
        value = row.weight.value * share
        if (
            abs(value - row.score.value) >= max(row.score.step, Fraction(1, 100))
            and row.score.value != row.weight.value
        ):
            expected = decimal_text(rounded(value, 2), 2, trimmed=True)
            yield Remark(
                rule="score-against-rule",
                severity=Severity.ERROR,
                place=row.place,
                quote=f"{row.name} {row.target} {row.actual} {row.weight.text} {row.score.text}",
                stated=row.score.text,
                expected=expected,
                message=f"{table.name}“{row.name}”：{row.actual}÷{row.target.lstrip('≥')}×{row.weight.text}＝{expected}，"
                f"表中得 {row.score.text}",
                advice="请按文中的计分规则改正得分",
            )


def check_reasons_given(material: Material) -> Iterator[Remark]:
    """Points lost without a reason, or with one phrase for all rows that gives none."""
    for table in material.self_tables:
        lost = [row for row in table.rows if row.score and row.weight and row.score.value < row.weight.value]
        silent = [row for row in lost if not row.reason]
        if silent:
            points = sum(
                ((row.weight.value - row.score.value) for row in silent if row.weight and row.score), Fraction(0)
            )
            yield _reason(
                table,
                silent,
                f"{len(silent)} 个指标共扣 {decimal_text(points, 2, trimmed=True)} 分，偏差原因没有填写",
            )
        for reason in dict.fromkeys(row.reason for row in lost if row.reason):
            alike = [row for row in lost if row.reason == reason]
            if len(alike) >= FEWEST_ALIKE and not any(word in reason for word in account_words().lists["causes"]):
                yield _reason(table, alike, f"{len(alike)} 个扣分指标的偏差原因都写“{reason}”，没有说明为什么没有完成")


def _reason(table: SelfTable, rows: Sequence[SelfRow], what: str) -> Remark:
    first = rows[0]
    return Remark(
        rule="deduction-without-problem",
        severity=Severity.WARNING,
        place=first.place,
        quote=f"{first.name} {first.weight.text if first.weight else ''} {first.score.text if first.score else ''}"
        f" {first.reason}".strip(),
        stated=first.reason,
        message=f"{table.name}：{what}（{'、'.join(row.name for row in rows)}）",
        advice="请逐项写明没有完成的原因和改进措施",
        also=tuple(row.place for row in rows[1:]),
    )


def check_money_targets(material: Material) -> Iterator[Remark]:
    """A money target larger than the whole budget of the year."""
    for table in material.self_tables:
        annual = table.fund.annual if table.fund else None
        for row in table.rows:
            target = row.target_figure
            if annual is None or target is None or target.kind is not Kind.MONEY or target.mark in ("≤", "<"):
                continue
            if target.unit != "元" and target.value > annual.value > 0 and row.kind != "经济效益":
                share = _HUNDRED * annual.value / target.value
                yield Remark(
                    rule="value-told-twice",
                    severity=Severity.WARNING,
                    place=row.place,
                    quote=f"{row.name} {row.target}",
                    stated=row.target,
                    expected=f"不大于 {like(target, annual.value)}",
                    message=f"{table.name}“{row.name}”的指标值 {row.target} 大于全年预算 {like(target, annual.value)}"
                    f"（预算只够 {decimal_text(share, 2)}%），目标不可能完成",
                    advice="请核对预算数和指标值",
                    also=(table.fund.place,) if table.fund else (),
                )


def check_parts_left_blank(material: Material) -> Iterator[Remark]:
    """Year's goal and its completion, or the sources of the money, not filled in. Told once for all forms.

    A form that stands alone is in the hands of its unit: sources it left open are told of published collections only.
    """
    goals = [table.goal_missing for table in material.self_tables if table.goal_missing is not None]
    if goals:
        message = f"{len(goals)} 张自评表的预期目标和实际完成情况都没有填写"
        yield _left(goals, "年度总体目标", message, "请补填年度总体目标和完成情况")
    funds = [table.fund for table in material.self_tables if table.fund is not None]
    places = [fund.place for fund in funds if fund.parts and all(told is None for part in fund.parts for told in part)]
    if len(places) > 1:
        message = f"{len(places)} 张自评表只有资金总额，各项资金来源都没有填写"
        yield _left(places, "其中：当年财政拨款", message, "请按来源填写当年拨款、结转和其他资金，没有的填 0")


def _left(places: Sequence[Place], quote: str, message: str, advice: str) -> Remark:
    return Remark(
        rule="blank-left",
        severity=Severity.INFO,
        place=places[0],
        quote=quote,
        stated="空",
        message=message,
        advice=advice,
        also=tuple(places[1:]),
    )
