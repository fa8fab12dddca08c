"""Amounts and counts of short papers: cases told as people, tables of a balance that lie on their side."""

import re
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

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

LEAST_CASES = 100
"""Smaller numbers of people and of cases are the same by chance."""


def check_cases_as_people(material: Material) -> Iterator[Remark]:
    """A number of cases that the paper tells beside the number of people, told elsewhere as a number of people."""
    cases: dict[Fraction, tuple[Stretch, Figure]] = {}
    for stretch in material.stretches:
        for start, end in stretch.sentences:
            here = [each for each in stretch.figures if start <= each.start < end]
            people = [each for each in here if each.unit == "人" and each.value >= LEAST_CASES]
            for each in here:
                if each.unit == "人次" and each.value >= LEAST_CASES and people:
                    if all(other.value != each.value for other in people):
                        cases.setdefault(each.value, (stretch, each))
    for stretch in material.stretches:
        for figure in stretch.figures:
            if figure.unit == "人" and figure.value in cases:
                where, case = cases[figure.value]
                yield Remark(
                    rule="scope-mixed",
                    severity=Severity.ERROR,
                    place=stretch.at(figure.start),
                    also=(where.at(case.start),),
                    quote=stretch.quote(figure.start, figure.end),
                    stated=figure.text,
                    expected=case.text,
                    message=f"{case.text}是人次，此处当作人数写 {figure.text}；人数和人次口径不同",
                    advice="请改为人次，或改写真正的人数",
                )


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
_HEADS = {"收入": "in", "投入": "in", "资金": "in", "筹集": "in", "预算": "in", "总额": "in", "支出": "out", "执行": "out",
          "决算": "out", "结余": "left"}  # fmt: skip
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
            alike = [
                one
                for one in others
                if heads & _heads(clause_before(one[0].text, one[1].start))
            ]
            if alike and all(one.unit == figure.unit for _, one in alike):
                where, right = alike[0]
                yield Remark(
                    rule="value-told-twice",
                    severity=Severity.WARNING,
                    place=stretch.at(figure.start),
                    also=(where.at(right.start),),
                    quote=stretch.quote(figure.start, figure.end),
                    stated=figure.text,
                    expected=right.text,
                    message=f"此处写 {figure.text}，本文他处都写 {right.text}，只差一个数字或两个数字颠倒",
                    advice="请核对是否为同一金额",
                )
                break


def _heads(clause: str) -> set[str]:
    """Return what an amount is of: money that comes in, goes out or is left."""
    return {kind for word, kind in _HEADS.items() if word in clause}
