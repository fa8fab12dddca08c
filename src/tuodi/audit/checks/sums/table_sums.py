"""Sums inside a table: 合计 and 小计 rows, 合计 columns, unit price × quantity, budget + adjustment."""

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction

from tuodi.audit.checks.sums.table_groups import numbered_groups
from tuodi.audit.figures.amounts import Figure, Kind
from tuodi.audit.figures.arithmetic import agree, like, sum_of, written
from tuodi.audit.material import Material
from tuodi.audit.paper.model import Cell
from tuodi.audit.remark import Remark
from tuodi.audit.statements.grids import Grid, Row, bare, last_word
from tuodi.audit.statements.words import paper_words
from tuodi.kernel.finding import Severity

_CODED_TABLES = ("科目编码", "功能分类", "经济分类", "行次")
_PART_OF = ("其中", "内：", "含：")


def check_total_rows(material: Material) -> Iterator[Remark]:
    """Each 合计 row against the rows above it (below it where it stands first), column by column."""
    frames = Counter(grid.table.place.block for grid in material.grids)
    for grid in material.grids:
        if not any(word in heading for heading in grid.headings for word in _CODED_TABLES):
            # The total of an official form counts rows of another table in the same frame (预算执行率) as well.
            left_out = (
                {*grid.columns("weight"), *grid.columns("score")} if frames[grid.table.place.block] > 1 else set()
            )
            totals = grid.totals
            columns = [at for at in _summable(grid) if at not in left_out] if totals else []
            for total in totals:
                yield from _total_row(grid, total, columns)


def _total_row(grid: Grid, total: Row, columns: Sequence[int]) -> Iterator[Remark]:
    parts = _covered(grid, total)
    for column in columns:
        stated = grid.figure(total, column)
        figures = [(row, figure) for row in parts if (figure := grid.figure(row, column)) is not None]
        if stated is None or len(figures) < 2 or any(figure.kind is not stated.kind for _, figure in figures):
            continue
        wholes = [figure for _, figure in figures]
        if any(agree(stated, sum_of(reading)) for reading in _readings(grid, figures)):
            continue
        if total.short or _shifted(grid, total, wholes, column):
            continue
        leaves = [figure for row, figure in figures if not grid.is_parent(row)]
        parts_told = leaves if len(leaves) >= 2 else wholes
        yield _sum_remark("total-differs", total.cells[column], stated, parts_told, last_word(grid.headings[column]))


def _covered(grid: Grid, total: Row) -> tuple[Row, ...]:
    """Return the rows a total sums: those above it since the last total, or all below where it stands first."""
    rows = grid.rows
    at = next(number for number, row in enumerate(rows) if row is total)
    start = max((number + 1 for number, row in enumerate(rows[:at]) if row.is_total), default=0)
    above = rows[start:at]
    if not above and at == 0:
        end = next((number for number, row in enumerate(rows) if number and row.is_total), len(rows))
        above = rows[1:end]
    return tuple(row for row in above if not bare(row.label).startswith(_PART_OF))


def _readings(grid: Grid, figures: Sequence[tuple[Row, Figure]]) -> Iterator[list[Figure]]:
    """Yield the sets of rows that may make a total: all, without subtotals, the subtotals, the groups' first rows."""
    yield [figure for _, figure in figures]
    plain = [figure for row, figure in figures if not row.is_subtotal]
    yield plain
    heads = [head.number for head, _ in numbered_groups(grid)]
    if heads:
        yield [figure for row, figure in figures if row.number in heads]
    subtotals = [figure for row, figure in figures if row.is_subtotal]
    if subtotals:
        yield subtotals
    groups = [figure for row, figure in figures if bare(row.cells[0].text)]
    members = [figure for row, figure in figures if not bare(row.cells[0].text)]
    if groups and members:
        yield groups
        yield members


def _summable(grid: Grid) -> tuple[int, ...]:
    words = paper_words()
    return tuple(
        column
        for column in grid.numeric_columns()
        if (grid.headings[column] or _is_exact(grid))  # without a heading the extraction has lost or moved cells
        and not words.means(last_word(grid.headings[column]), "text_only")
        and not grid.shares(column)
    )


def _is_exact(grid: Grid) -> bool:
    """Tell whether a table without header comes from a Word file, whose cells stand where their author put them."""
    return grid.header_rows == 0 and grid.table.place.table_number is not None


def _shifted(grid: Grid, total: Row, figures: Sequence[Figure], column: int) -> bool:
    """Tell whether a total seems to stand in a neighbour's column: a cell moved when the table was extracted."""
    span = sum_of(figures)
    others = [grid.figure(total, at) for at in range(len(grid.headings)) if at != column]
    return any(other is not None and agree(other, span) for other in others) and _columns_differ(grid, total)


def _columns_differ(grid: Grid, total: Row) -> bool:
    """Tell whether the total row has figures in columns that hold none."""
    numeric = set(grid.numeric_columns())
    return any(grid.figure(total, at) is not None and at not in numeric for at in range(len(grid.headings)))


def check_subtotal_rows(material: Material) -> Iterator[Remark]:
    """Each 小计 row against the rows above it since the last subtotal."""
    for grid in material.grids:
        run: list[Row] = []
        for row in grid.rows:
            if row.is_subtotal and run:
                yield from _subtotal_row(grid, row, run)
                run = []
            elif row.is_total or row.is_subtotal:
                run = []
            else:
                run.append(row)


def _subtotal_row(grid: Grid, subtotal: Row, run: Sequence[Row]) -> Iterator[Remark]:
    for column in _summable(grid):
        stated = grid.figure(subtotal, column)
        figures = [figure for row in run if (figure := grid.figure(row, column)) is not None]
        if stated is None or not figures or any(figure.kind is not stated.kind for figure in figures):
            continue
        if not agree(stated, sum_of(figures)) and not subtotal.short:
            heading = last_word(grid.headings[column])
            yield _sum_remark("subtotal-differs", subtotal.cells[column], stated, figures, heading)


def check_total_columns(material: Material) -> Iterator[Remark]:
    """A 合计 or 小计 column against the other columns of its row, where most rows show that it sums them."""
    words = paper_words()
    for grid in material.grids:
        for column, heading in enumerate(grid.headings):
            if last_word(heading) in words.total_rows | words.subtotal_rows:
                yield from _total_column(grid, column)


def _total_column(grid: Grid, column: int) -> Iterator[Remark]:
    found = []
    for row in grid.rows:
        stated = grid.figure(row, column)
        parts = [figure for at in _parts(grid, column) if (figure := grid.figure(row, at)) is not None]
        if stated is None or len(parts) < 2 or row.short or any(part.kind is not stated.kind for part in parts):
            continue
        if _is_ratio(row):
            continue
        found.append((row, stated, parts, agree(stated, sum_of(parts))))
    right = sum(agrees for *_, agrees in found)
    for row, stated, parts, agrees in found:
        if not agrees and (right >= len(found) - right or len(found) <= 2) and stated.kind is not Kind.SHARE:
            yield _sum_remark("total-differs", row.cells[column], stated, parts, row.label or "本行")


def _parts(grid: Grid, column: int) -> list[int]:
    """Return the columns a total column may sum: those under the same upper heading, else all others."""
    upper = grid.headings[column].rpartition("›")[0]
    if upper:
        same = [at for at, heading in enumerate(grid.headings) if heading.rpartition("›")[0] == upper and at != column]
        if len(same) >= 2:
            return same
    words = paper_words()
    return [
        at
        for at, heading in enumerate(grid.headings)
        if at != column
        and not words.means(last_word(heading), "text_only")
        and last_word(heading) not in words.total_rows | words.subtotal_rows
    ]


def _is_ratio(row: Row) -> bool:
    return row.label.endswith(("率", "占比", "比例", "比重", "均分", "人均"))


def check_products(material: Material) -> Iterator[Remark]:
    """Unit price × quantity against the amount, row by row, where the table shows that it multiplies."""
    for grid in material.grids:
        price, quantity = grid.column("price"), grid.column("quantity")
        amounts = [
            at
            for at in grid.numeric_columns()
            if at not in (price, quantity)
            and ("预算" in grid.headings[at] or "金额" in grid.headings[at] or "小计" in grid.headings[at])
        ]
        if price is not None and quantity is not None and price != quantity and len(amounts) == 1:
            yield from _products(grid, price, quantity, amounts[0])


def _products(grid: Grid, price: int, quantity: int, amount: int) -> Iterator[Remark]:
    rows = []
    for row in grid.body:
        each, count, stated = grid.figure(row, price), grid.figure(row, quantity), grid.figure(row, amount)
        if each is not None and count is not None and stated is not None and not row.short:
            value = each.value * count.value
            slack = stated.step / 2 if stated.step > 1 else Fraction(0)
            rows.append((row, each, count, stated, value, abs(value - stated.value) <= slack))
    right = sum(agrees for *_, agrees in rows)
    for row, each, count, stated, value, agrees in rows:
        if not agrees and (right >= len(rows) - right or len(rows) == 1):
            expected = like(stated, value)
            yield Remark(
                rule="product-differs",
                severity=Severity.ERROR,
                place=row.cells[amount].place,
                quote=f"{row.label} {each.text}×{count.text} {stated.text}",
                stated=stated.text,
                expected=expected,
                message=f"{row.label}：{each.text}×{count.text}＝{expected}，表中写 {stated.text}",
                advice="请核对单价、数量和金额",
            )


def check_adjusted_budgets(material: Material) -> Iterator[Remark]:
    """Row by row: initial + adjustment = adjusted budget; budget − spent = balance; opening + in − out = closing."""
    for grid in material.grids:
        initial, change, adjusted = grid.column("initial"), grid.column("adjustment"), _adjusted(grid)
        if initial is not None and change is not None and adjusted is not None:
            yield from _balanced(grid, (initial, change), (), adjusted)
        opening, income, closing = grid.column("opening"), grid.column("income"), grid.column("closing")
        outlay = grid.column("spent")
        if opening is not None and income is not None and outlay is not None and closing is not None:
            yield from _balanced(grid, (opening, income), (outlay,), closing)
            continue
        spent, balance = grid.column("spent"), grid.column("balance")
        start = adjusted if adjusted is not None else grid.column("budget")
        if start is not None and spent is not None and balance is not None:
            yield from _balanced(grid, (start,), (spent,), balance)


def _adjusted(grid: Grid) -> int | None:
    found = [at for at in grid.columns("adjusted") if at not in grid.columns("initial")]
    return found[0] if len(found) == 1 else None


def _balanced(grid: Grid, plus: Sequence[int], minus: Sequence[int], result: int) -> Iterator[Remark]:
    missed = Fraction(0)
    for row in grid.rows:
        stated = grid.figure(row, result)
        added = [figure for at in plus if (figure := grid.figure(row, at)) is not None]
        taken = [figure for at in minus if (figure := grid.figure(row, at)) is not None]
        if stated is None or len(added) < len(plus) or len(taken) < len(minus) or row.short:
            continue
        if any(each.kind is not stated.kind for each in (*added, *taken)):
            continue  # a cell moved when the table was extracted
        slack = (
            sum((each.step for each in (*added, *taken, stated)), Fraction(0)) / 2 if stated.step > 1 else Fraction(0)
        )
        value = sum_of(added).value - sum_of(taken).value
        gap = stated.value - value
        if abs(gap) <= slack or row.is_total and missed and abs(gap - missed) <= slack:
            continue  # the total only adds up what is wrong above it
        missed += gap if not row.is_total else 0
        yield _balance_remark(
            grid, row, result, stated, value, written(added) + "".join(f"－{each.text}" for each in taken)
        )


def _balance_remark(grid: Grid, row: Row, result: int, stated: Figure, value: Fraction, formula: str) -> Remark:
    heading = last_word(grid.headings[result])
    expected = like(stated, value)
    return Remark(
        rule="balance-differs",
        severity=Severity.ERROR,
        place=row.cells[result].place,
        quote=f"{row.label} {heading} {stated.text}",
        stated=stated.text,
        expected=expected,
        message=f"{row.label or '本行'}：{formula}＝{expected}，“{heading}”写 {stated.text}",
        advice="请核对这一行的几个金额",
    )


def _sum_remark(rule: str, cell: Cell, stated: Figure, parts: Sequence[Figure], what: str) -> Remark:
    value = sum_of(parts).value
    expected = like(stated, value)
    difference = like(stated, abs(value - stated.value))
    return Remark(
        rule=rule,
        severity=Severity.ERROR,
        place=cell.place,
        quote=f"{what} {stated.text}",
        stated=stated.text,
        expected=expected,
        message=f"“{what}”合计写 {stated.text}，各项相加为 {expected}（{written(parts)}），相差 {difference}",
        advice="请核对各项和合计，改正其中写错的一个",
    )
