"""Amounts of short papers: tables of a balance that lie on their side, totals misprinted in one digit."""

import re
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from tuodi.audit.checks.two_figures import contradicted
from tuodi.audit.figures.amounts import Figure, Kind, figure_of
from tuodi.audit.figures.arithmetic import like
from tuodi.audit.figures.precision import one_digit_off
from tuodi.audit.material import Material
from tuodi.audit.paper.model import Cell, Table
from tuodi.audit.remark import Remark
from tuodi.audit.statements.grids import bare
from tuodi.audit.statements.labels import clause_before
from tuodi.audit.statements.stretches import Stretch
from tuodi.audit.statements.words import paper_words
from tuodi.kernel.finding import Severity

_SIDES = ("opening", "income", "spent", "closing")


def check_standing_balances(material: Material) -> Iterator[Remark]:
    """A balance printed in rows: opening, received, spent, closing below each other."""
    for table in material.paper.tables:
        rows = _sides(table)
        if set(rows) == set(_SIDES):
            for column in range(1, table.width):
                yield from _balance(rows, column)


def _sides(table: Table) -> dict[str, tuple[Cell, ...]]:
    """Return the rows of a table whose label tells a side of a balance; empty where two rows tell one side."""
    found: dict[str, tuple[Cell, ...]] = {}
    for row in table.rows:
        label = bare(row[0].text) if row else ""
        for side in _SIDES:
            if label in paper_words().columns[side]:
                if side in found:
                    return {}
                found[side] = row
    return found


def _balance(rows: dict[str, tuple[Cell, ...]], column: int) -> Iterator[Remark]:
    figures = [figure_of(bare(rows[side][column].text)) for side in _SIDES if column < len(rows[side])]
    told = [figure for figure in figures if figure is not None and figure.kind is Kind.PLAIN]
    if len(told) != len(_SIDES):
        return
    opening, income, spent, closing = told
    value = opening.value + income.value - spent.value
    coarse = closing.step >= 1 and all(each.value < 100_000 for each in told)
    slack = 2 * closing.step if coarse or closing.step < 1 and max(each.value for each in told) < 100_000 else 0
    if abs(value - closing.value) > slack:
        expected = like(closing, value)
        yield Remark(
            rule="balance-differs",
            severity=Severity.ERROR,
            place=rows["closing"][column].place,
            quote=f"{bare(rows['closing'][0].text)} {closing.text}",
            stated=closing.text,
            expected=expected,
            message=f"{opening.text}＋{income.text}－{spent.text}＝{expected}，"
            f"“{bare(rows['closing'][0].text)}”写 {closing.text}",
            advice="请核对结转、收入、支出和结余",
        )


LEAST_DIGITS = 4
LEAST_TOLD = 2
_HEADS = {
    **dict.fromkeys(("收入", "投入", "资金", "筹集", "预算", "总额"), "in"),
    **dict.fromkeys(("支出", "执行", "决算"), "out"),
    "结余": "left",
}
_OTHER = re.compile(r"上年|去年|同比|增加|减少|增长|下降|年初|追加|核减|调增|调减|每|人均|20\d\d年")


def check_misprinted_totals(material: Material) -> Iterator[Remark]:
    """An amount told once that is, but for one digit or two that changed places, one told twice or more."""
    told: dict[Fraction, list[tuple[Stretch, Figure]]] = defaultdict(list)
    cells = {
        figure.value
        for grid in material.grids
        for row in grid.rows
        for at in range(len(row.cells))
        if (figure := grid.figure(row, at)) is not None
    }
    for stretch in material.stretches:
        for figure in stretch.figures:
            if figure.kind is Kind.MONEY and not stretch.in_table:
                told[figure.value].append((stretch, figure))
    for value, places in told.items():
        stretch, figure = places[0]
        clause = clause_before(stretch.text, figure.start)
        if len(places) > 1 or value in cells or _OTHER.search(clause) or value < 10**LEAST_DIGITS * figure.step:
            continue
        heads = _heads(clause)
        for other, others in told.items():
            if other == value or len(others) + (other in cells) < LEAST_TOLD or not one_digit_off(figure, other):
                continue
            alike = [one for one in others if heads & _heads(clause_before(one[0].text, one[1].start))]
            if alike and all(one.unit == figure.unit for _, one in alike):
                right = alike[0][1].text
                message = f"此处写 {figure.text}，本文他处都写 {right}，只差一个数字或两个数字颠倒"
                yield contradicted(
                    "value-told-twice", Severity.WARNING, places[0], alike[0], message, "请核对是否为同一金额"
                )
                break


def _heads(clause: str) -> set[str]:
    """Return what an amount is of: money that comes in, goes out or is left."""
    return {kind for word, kind in _HEADS.items() if word in clause}
