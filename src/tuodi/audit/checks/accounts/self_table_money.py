"""The money row of the ministry's self-evaluation form: rate, parts and score of the year's money."""

from collections.abc import Iterator
from fractions import Fraction

from tuodi.audit.figures.amounts import Figure
from tuodi.audit.figures.arithmetic import Span, agree, like, rounds, sum_of, written
from tuodi.audit.material import Material
from tuodi.audit.remark import Remark
from tuodi.audit.statements.self_tables import FundRow
from tuodi.kernel.finding import Severity
from tuodi.kernel.money import decimal_text, rounded

_HUNDRED = Fraction(100)
_SMALL_OVERLAP = Fraction(1, 5)


def check_fund_rates(material: Material) -> Iterator[Remark]:
    """执行率 of the money row against 全年执行数 ÷ 全年预算数."""
    for table in material.self_tables:
        fund = table.fund
        if fund is None or fund.annual is None or fund.executed is None or fund.rate is None or fund.annual.value <= 0:
            continue
        span, exact = _rate(fund.executed, fund.annual)
        if span.allows(fund.rate) and not _only_at_the_edge(span, fund.rate):
            continue
        expected = _percent(exact, fund.rate)
        yield Remark(
            rule="execution-rate-differs",
            severity=Severity.WARNING if span.allows(fund.rate) else Severity.ERROR,
            place=fund.place,
            quote=f"年度资金总额 {fund.annual.text} {fund.executed.text} 执行率 {fund.rate.text}",
            stated=fund.rate.text,
            expected=expected,
            message=f"{table.name}：全年执行数 {fund.executed.text}÷全年预算数 {fund.annual.text}＝{expected}，"
            f"执行率写 {fund.rate.text}",
            advice="请核对预算数、执行数和执行率",
        )


def _rate(executed: Figure, annual: Figure) -> tuple[Span, Fraction]:
    """Return the rate in percent: what the printed amounts allow, and as printed. A budget is taken as exact."""
    exact = _HUNDRED * executed.value / annual.value
    rounds = executed.unit != "元" and "." in executed.text
    slack = _HUNDRED * executed.step / 2 / annual.value if rounds else Fraction(0)
    return Span(exact - slack, exact, exact + slack), exact


def _only_at_the_edge(span: Span, rate: Figure) -> bool:
    """Tell whether a rate fits only if the amount had been rounded by its utmost."""
    width = span.high - span.low
    common = min(span.high, rate.high) - max(span.low, rate.low)
    nearest = abs(rate.value - span.value) > rate.step / 2
    return width > 0 and nearest and common < _SMALL_OVERLAP * min(width, rate.step * 10) and common < rate.step


def _percent(value: Fraction, printed: Figure) -> str:
    decimals = len(printed.text.rstrip("%").partition(".")[2])
    return decimal_text(value, max(2, decimals)) + "%"


def check_fund_parts(material: Material) -> Iterator[Remark]:
    """年度资金总额 against grants, carry-over and other money below it, column by column."""
    for table in material.self_tables:
        fund = table.fund
        if fund is None:
            continue
        for at, (whole, what) in enumerate(
            ((fund.initial, "年初预算数"), (fund.annual, "全年预算数"), (fund.executed, "全年执行数"))
        ):
            parts = [figure for part in fund.parts if (figure := part[at]) is not None]
            if whole is None or not parts or len(parts) < len(fund.parts):
                continue
            span = sum_of(parts)
            if (
                agree(whole, span)
                or abs(whole.value - span.value) <= (len(parts) + 1) * whole.step / 2
                and rounds(whole)
            ):
                continue
            expected = like(whole, span.value)
            yield Remark(
                rule="subtotal-differs",
                severity=Severity.ERROR,
                place=fund.place,
                quote=f"年度资金总额 {what} {whole.text}",
                stated=whole.text,
                expected=expected,
                message=f"{table.name}：{what}各项资金 {written(parts)}＝{expected}，年度资金总额写 {whole.text}",
                advice="请核对各项资金和总额",
            )


def check_fund_scores(material: Material) -> Iterator[Remark]:
    """得分 of the money row against 分值 × 执行率."""
    for table in material.self_tables:
        fund = table.fund
        if fund is None or not (fund.annual and fund.executed and fund.weight and fund.score):
            continue
        if fund.annual.value <= 0 or fund.weight.value <= 0:
            continue
        span, exact = _rate(fund.executed, fund.annual)
        share = min(exact, _HUNDRED)
        low, high = (min(each, _HUNDRED) * fund.weight.value / 100 for each in (span.low, span.high))
        if (
            low - fund.score.step < fund.score.value <= high + fund.score.step / 2
            or fund.score.value > fund.weight.value
        ):
            continue
        if _told_rate_fits(fund):
            advice = "执行率改正以后，得分也要改"
        else:
            advice = "请按评分规则重新计算；如果资金得分另有规则，请写明"
        clear = share == 0 or share == _HUNDRED
        expected = decimal_text(rounded(share * fund.weight.value / 100, 2), 2, trimmed=True)
        yield Remark(
            rule="score-against-rule",
            severity=Severity.ERROR if clear else Severity.WARNING,
            place=fund.place,
            quote=f"年度资金总额 分值 {fund.weight.text} 执行率 {fund.rate.text if fund.rate else ''}"
            f" 得分 {fund.score.text}",
            stated=fund.score.text,
            expected=expected,
            message=f"{table.name}：资金执行率 {decimal_text(exact, 2)}%，分值 {fund.weight.text}，"
            f"按比例应得 {expected} 分，表中得 {fund.score.text} 分",
            advice=advice,
        )


def _told_rate_fits(fund: FundRow) -> bool:
    if fund.rate is None or fund.weight is None or fund.score is None:
        return False
    return abs(fund.rate.value * fund.weight.value / 100 - fund.score.value) < fund.score.step
