"""Weights and scores of one evaluation: children against their parent, all against 100 and the total, rates, limits."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from tuodi.audit.figures.amounts import Figure, figure_of
from tuodi.audit.figures.arithmetic import agree, like, share_of, sum_of, written
from tuodi.audit.material import Material
from tuodi.audit.paper.model import Cell
from tuodi.audit.remark import Remark
from tuodi.audit.statements.grids import Grid, Row, bare
from tuodi.audit.statements.indicators import Telling
from tuodi.kernel.finding import Severity

FULL = 100
"""Points of a whole evaluation; a table whose weights come near it is taken for one."""
_NEAR = range(85, 116)


def check_levels(material: Material) -> Iterator[Remark]:
    """In a table with weights (or scores) on several levels: the children's sum against the parent's figure."""
    for grid in material.grids:
        columns = grid.columns("weight")
        for upper, lower in zip(columns, columns[1:], strict=False):
            yield from _level(grid, upper, lower)
        for meaning, rule in (("weight", "weights-differ"), ("score", "scores-differ")):
            column = grid.columns(meaning)
            if len(column) == 1:
                yield from _same_column(grid, column[0], rule)


def _level(grid: Grid, upper: int, lower: int) -> Iterator[Remark]:
    """Compare a column of parents with the column of children right of it."""
    run: list[Figure] = []
    parent: tuple[Row, Figure] | None = None
    if not grid.body or grid.figure(grid.body[0], upper) is None:
        return  # the parents' cells stand in the middle of their merged rows: which rows are theirs is not known
    for row in (*grid.body, None):
        figure = grid.figure(row, upper) if row is not None else None
        if row is None or figure is not None:
            if parent is not None and run and not agree(parent[1], sum_of(run)):
                yield _remark("weights-differ", parent[0], upper, parent[1], run)
            parent, run = (row, figure) if row is not None and figure is not None else None, []
        child = grid.figure(row, lower) if row is not None else None
        if child is not None:
            run.append(child)
        if row is not None and row.short and row.number in grid.table.short_rows:
            parent = None


def _remark(rule: str, row: Row, column: int, stated: Figure, parts: Sequence[Figure]) -> Remark:
    expected = like(stated, sum_of(parts).value)
    before = [bare(cell.text) for cell in reversed(row.cells[:column])]
    name = next((text for text in before if text and figure_of(text) is None), row.label)
    what = "权重" if rule == "weights-differ" else "得分"
    return Remark(
        rule=rule,
        severity=Severity.ERROR,
        place=row.cells[column].place,
        quote=f"{name} {stated.text}",
        stated=stated.text,
        expected=expected,
        message=f"{name}的{what}写 {stated.text}，下级各项{what}相加为 {expected}（{written(parts)}）",
        advice=f"请核对{name}及其下级指标的{what}",
    )


def _same_column(grid: Grid, column: int, rule: str) -> Iterator[Remark]:
    """Compare parents and children that stand in one column: a parent row fills a name column left of its children."""
    names = list(grid.columns("indicator"))
    if len(names) < 2:
        return
    parent: tuple[Row, Figure] | None = None
    run: list[Figure] = []
    for row in (*grid.body, None):
        is_parent = (
            row is not None
            and bool(bare(row.cells[names[0]].text))
            and not any(bare(row.cells[at].text) for at in names[1:])
        )
        if row is None or is_parent:
            if parent is not None and len(run) >= 1 and not agree(parent[1], sum_of(run)):
                yield _remark(rule, parent[0], column, parent[1], run)
            figure = grid.figure(row, column) if row is not None else None
            parent, run = (row, figure) if row is not None and figure is not None else None, []
        elif row is not None and parent is not None:
            figure = grid.figure(row, column)
            if figure is None or row.short:
                parent = None
            else:
                run.append(figure)


def check_weight_total(material: Material) -> Iterator[Remark]:
    """The weights of a whole table that tells no total must make 100."""
    for grid in material.grids:
        if grid.totals or grid.header_rows == 0 or grid.table.short_rows:
            continue
        columns = grid.columns("weight")
        if not columns:
            continue
        column = columns[-1]
        rows = [row for row in grid.body if grid.figure(row, column) is not None]
        figures = [grid.figure(row, column) for row in rows]
        weights = [figure for figure in figures if figure is not None]
        total = sum_of(weights).value
        if len(weights) < 4 or total == FULL or total not in _NEAR or _has_parents(grid, column):
            continue
        yield Remark(
            rule="weights-differ",
            severity=Severity.ERROR,
            place=grid.table.place,
            quote=f"{grid.table.title} 权重",
            stated=f"{like(weights[0], total)}",
            expected=str(FULL),
            message=f"表中各项权重相加为 {like(weights[0], total)}，不是 {FULL}（{written(weights)}）",
            advice="请核对各指标的权重",
        )


def _has_parents(grid: Grid, column: int) -> bool:
    names = grid.columns("indicator")
    return len(names) > 1 and any(
        bare(row.cells[names[0]].text) and not any(bare(row.cells[at].text) for at in names[1:]) for row in grid.body
    )


def check_each_indicator(material: Material) -> Iterator[Remark]:
    """In each place that tells an indicator: score against weight, full marks − deduction = score, score rate."""
    for telling in material.tellings:
        weight, score = telling.weight, telling.score
        if weight is None or score is None or weight.value <= 0:
            continue
        if score.value > weight.value:
            yield _one(
                "score-above-weight",
                telling,
                score,
                weight,
                f"{telling.label}得分 {score.text}，高于满分 {weight.text}",
            )
        elif telling.deduction is not None and telling.deduction.unit != "%":
            value = weight.value - telling.deduction.value
            cut = telling.in_table and _cut_off(telling.deduction, weight.value - score.value)
            if value != score.value and not cut:
                expected = like(score, value)
                arithmetic = f"满分 {weight.text} 减扣分 {telling.deduction.text} 为 {expected}"
                message = f"{telling.label}：{arithmetic}，得分写 {score.text}"
                yield _one("deduction-differs", telling, score, None, message, expected)
        yield from _rate(telling, weight, score)


def check_total_rates(material: Material) -> Iterator[Remark]:
    """The score rate of a 合计 row, and of the 合计 column of a table that lies on its side."""
    for grid in material.grids:
        weights, scores, rate = grid.columns("weight"), grid.columns("score"), grid.column("rate")
        if len(weights) == 1 and len(scores) == 1 and rate is not None:
            for row in grid.totals:
                if not row.short:
                    cells = (grid.figure(row, weights[0]), grid.figure(row, scores[0]), grid.figure(row, rate))
                    yield from _total_rate(row.cells[rate], *cells)
        rows = {bare(row.cells[0].text): row for row in grid.rows if row.cells}
        if "得分率" not in rows:
            continue
        weight_row = next((rows[label] for label in ("权重", "满分") if label in rows), None)
        score_row = next((rows[label] for label in ("得分", "评价得分", "实际得分", "分值") if label in rows), None)
        for at, heading in enumerate(grid.headings):
            if heading in ("合计", "总计", "总分") and weight_row is not None and score_row is not None:
                figures = [grid.figure(row, at) for row in (weight_row, score_row, rows["得分率"])]
                yield from _total_rate(rows["得分率"].cells[at], *figures)


def _total_rate(cell: Cell, weight: Figure | None, score: Figure | None, rate: Figure | None) -> Iterator[Remark]:
    share = share_of(score, weight) if weight is not None and score is not None else None
    if share is None or rate is None or weight is None or score is None or share.allows(rate):
        return
    expected = like(rate, share.value)
    yield Remark(
        rule="score-rate-differs",
        severity=Severity.ERROR,
        place=cell.place,
        quote=f"合计 {weight.text} {score.text} {rate.text}",
        stated=rate.text,
        expected=expected,
        message=f"合计得分率：{score.text}÷{weight.text}＝{expected}，表中写 {rate.text}",
        advice="请核对合计的权重、得分和得分率",
    )


def _cut_off(deduction: Figure, true_value: Fraction) -> bool:
    """Tell whether a deduction lost its last digits in extraction: 1.2 for 1.25."""
    step = deduction.step
    return true_value > 0 and deduction.value <= true_value < deduction.value + step


def _rate(telling: Telling, weight: Figure, score: Figure) -> Iterator[Remark]:
    rate = telling.rate
    if rate is None:
        return
    share = share_of(score, weight)
    if share is not None and not share.allows(rate):
        expected = like(rate, share.value)
        message = f"{telling.label}：{score.text}÷{weight.text}＝{expected}，得分率写 {rate.text}"
        yield _one("score-rate-differs", telling, rate, None, message, expected)


def _one(
    rule: str, telling: Telling, stated: Figure, limit: Figure | None, message: str, expected: str | None = None
) -> Remark:
    return Remark(
        rule=rule,
        severity=Severity.ERROR,
        place=telling.place,
        quote=telling.quote[:90],
        stated=stated.text,
        expected=expected if expected is not None else f"≤{limit.text}" if limit else "",
        message=message,
        advice="请核对这项指标的满分、扣分、得分和得分率",
    )
