"""Rates printed in the rows of a table against the other columns of the row."""

import re
from collections.abc import Iterator, Sequence

from tuodi.audit.figures.amounts import Figure, Kind
from tuodi.audit.figures.arithmetic import Span, like
from tuodi.audit.figures.precision import percent_of
from tuodi.audit.material import Material
from tuodi.audit.paper.model import Place
from tuodi.audit.remark import Remark
from tuodi.audit.statements.grids import Grid, Row, bare, last_word
from tuodi.audit.statements.words import paper_words
from tuodi.kernel.finding import Severity

_AT_MOST = re.compile(r"[≤<]|不高于|不超过")
"""Of such a target the rate is what was aimed at by what was reached, and a full one where it was kept."""


def check_execution_columns(material: Material) -> Iterator[Remark]:
    """Spent ÷ budget against the execution rate of the row; any budget column may be the base."""
    for grid in material.grids:
        rates, spent = grid.columns("execution"), grid.columns("spent")
        bases = sorted({*grid.columns("budget"), *grid.columns("adjusted"), *grid.columns("initial")} - {*spent})
        if len(rates) == 1 and len(spent) == 1 and bases:
            for row in grid.rows:
                yield from _row_rate(grid, row, rates[0], spent, bases, "execution-rate-differs")


def check_completion_columns(material: Material) -> Iterator[Remark]:
    """Actual ÷ target against the completion rate of the row."""
    for grid in material.grids:
        rates, actual, target = grid.columns("completion"), grid.columns("actual"), grid.columns("target")
        if len(rates) == 1 and len(actual) == 1 and len(target) == 1:
            for row in grid.rows:
                if not any(_AT_MOST.match(bare(cell.text)) for cell in row.cells):
                    yield from _row_rate(grid, row, rates[0], actual, target, "completion-rate-differs")


def _row_rate(
    grid: Grid, row: Row, rate: int, parts: Sequence[int], wholes: Sequence[int], rule: str
) -> Iterator[Remark]:
    stated = _rate_figure(grid, row, rate)
    if stated is None or row.short:
        return
    part = grid.figure(row, parts[0])
    bases = [figure for at in wholes if (figure := grid.figure(row, at)) is not None and figure.value > 0]
    if part is None or not bases or any(each.kind is not part.kind for each in bases):
        return
    spans = [(base, span) for base in bases if (span := percent_of(part, base)) is not None]
    if not spans or any(span.allows(stated) for _, span in spans):
        return
    base, span = spans[-1]
    yield _remark(rule, row.cells[rate].place, row.label, stated, part, base, span)


def _rate_figure(grid: Grid, row: Row, column: int) -> Figure | None:
    """Return a rate; a bare number counts as percent where no cell of the column has the sign.

    The points of an execution rate (10) often stand beside it and move into its column.
    """
    figure = grid.figure(row, column)
    if figure is None or figure.kind not in (Kind.SHARE, Kind.PLAIN):
        return None
    if figure.kind is Kind.PLAIN and ("执行率" in grid.headings[column] and "%" not in grid.headings[column]):
        return None
    return figure


def _remark(rule: str, place: Place, label: str, stated: Figure, part: Figure, base: Figure, span: Span) -> Remark:
    expected = like(stated, span.value)
    return Remark(
        rule=rule,
        severity=Severity.ERROR,
        place=place,
        quote=f"{label} {part.text} {base.text} {stated.text}".strip(),
        stated=stated.text,
        expected=expected,
        message=f"{label or '本行'}：{part.text}÷{base.text}＝{expected}，表中写 {stated.text}",
        advice="请核对这一行的两个数和比率",
    )


_GROWTH = ("增长率", "增幅", "同比增长", "增减率", "增减幅度", "同比", "增长")
_YEAR_HEAD = re.compile(r"^(20\d\d)年?(?:度)?(?:支出|收入|金额|人次|人数|数)?(?:（[^）]*）)?$")


def check_growth_columns(material: Material) -> Iterator[Remark]:
    """This year's column against last year's and the growth of the row, where headings are two years running."""
    for grid in material.grids:
        rates = [at for at, heading in enumerate(grid.headings) if last_word(heading).partition("（")[0] in _GROWTH]
        heads = [(_YEAR_HEAD.match(heading), at) for at, heading in enumerate(grid.headings)]
        years = sorted((int(match[1]), at) for match, at in heads if match)
        if len(rates) == 1 and len(years) == 2 and years[1][0] == years[0][0] + 1:
            for row in grid.rows:
                yield from _row_growth(grid, row, years[0][1], years[1][1], rates[0])


def _row_growth(grid: Grid, row: Row, before: int, now: int, rate: int) -> Iterator[Remark]:
    was, figure, stated = grid.figure(row, before), grid.figure(row, now), grid.figure(row, rate)
    if was is None or figure is None or stated is None or stated.kind is not Kind.SHARE or row.short:
        return
    quotient = percent_of(figure, was)
    if quotient is None or figure.kind is not was.kind:
        return
    span = Span(quotient.low - WHOLE, quotient.value - WHOLE, quotient.high - WHOLE)
    unsigned = Span(*sorted(abs(each) for each in span))
    if span.allows(stated) or stated.value >= 0 and unsigned.allows(stated):
        return
    expected = like(stated, span.value)
    yield Remark(
        rule="growth-differs",
        severity=Severity.ERROR,
        place=row.cells[rate].place,
        quote=f"{row.label} {was.text} {figure.text} {stated.text}".strip(),
        stated=stated.text,
        expected=expected,
        message=f"{row.label or '本行'}：（{figure.text}－{was.text}）÷{was.text}＝{expected}，表中写 {stated.text}",
        advice="请核对两年的数和增长率",
    )


WHOLE = 100


def check_share_columns(material: Material) -> Iterator[Remark]:
    """Each share of a 占比 column against its amount and the total of the table."""
    for grid in material.grids:
        shares = grid.columns("share")
        if len(shares) != 1 or any("选项" in heading for heading in grid.headings[:2]):
            continue
        amounts = [at for at in grid.numeric_columns() if at < shares[0] and _summable(grid, at)]
        if amounts and grid.totals and not grid.totals[-1].short:
            yield from _shares(grid, amounts[-1], shares[0])


def _summable(grid: Grid, column: int) -> bool:
    return not grid.shares(column) and not paper_words().means(last_word(grid.headings[column]), "text_only")


def _shares(grid: Grid, amount: int, share: int) -> Iterator[Remark]:
    whole = grid.figure(grid.totals[-1], amount)
    if whole is None or whole.value <= 0:
        return
    found = []
    for row in grid.body:
        part, stated = grid.figure(row, amount), grid.figure(row, share)
        if part is None or stated is None or stated.kind is not Kind.SHARE or row.short:
            continue
        span = percent_of(part, whole)
        if span is not None:
            found.append((row, part, stated, span))
    wrong = [each for each in found if not each[3].allows(each[2])]
    if 2 * len(wrong) > len(found) and len(found) > 2:
        return  # the column tells shares of something else
    for row, part, stated, span in wrong:
        yield _remark("share-differs", row.cells[share].place, row.label, stated, part, whole, span)
