"""Rows numbered as groups (一、上级补助) against the rows below them: the group's amount is the sum of its members."""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from tuodi.audit.figures.amounts import Figure
from tuodi.audit.figures.arithmetic import agree, like, sum_of, written
from tuodi.audit.material import Material
from tuodi.audit.remark import Remark
from tuodi.audit.statements.grids import Grid, Row, bare, last_word
from tuodi.audit.statements.words import paper_words
from tuodi.kernel.finding import Severity

FEWEST_HEADS = 2
FEWEST_MEMBERS = 2
FURTHEST = Fraction(1, 5)
"""Members that miss their group by more may be a choice of them."""
_HEAD = re.compile(r"[一二三四五六七八九十]{1,3}[、.]")
_PART_OF = re.compile(r"其中|内：|含：")


def numbered_groups(grid: Grid) -> tuple[tuple[Row, tuple[Row, ...]], ...]:
    """Return the rows numbered 一、 二、 with the rows below each; none where fewer than two rows are so numbered."""
    found: list[tuple[Row, list[Row]]] = []
    for row in grid.rows:
        if row.is_total or row.is_subtotal:
            continue
        if _HEAD.match(row.label):
            found.append((row, []))
        elif found:
            found[-1][1].append(row)
    return tuple((head, tuple(members)) for head, members in found) if len(found) >= FEWEST_HEADS else ()


def check_numbered_groups(material: Material) -> Iterator[Remark]:
    """The amount of each group against those of its members, where the total adds up the groups alone."""
    words = paper_words()
    for grid in material.grids:
        groups = numbered_groups(grid)
        for column in grid.numeric_columns() if groups else ():
            if words.means(last_word(grid.headings[column]), "text_only") or grid.shares(column):
                continue
            if _adds_up_groups(grid, [head for head, _ in groups], column):
                for head, members in groups:
                    yield from _group(grid, head, members, column)


def _adds_up_groups(grid: Grid, heads: Sequence[Row], column: int) -> bool:
    told = [figure for head in heads if (figure := grid.figure(head, column)) is not None]
    totals = [figure for row in grid.totals if (figure := grid.figure(row, column)) is not None]
    return len(told) == len(heads) and any(agree(total, sum_of(told)) for total in totals)


def _group(grid: Grid, head: Row, members: Sequence[Row], column: int) -> Iterator[Remark]:
    stated = grid.figure(head, column)
    parts: list[Figure] = [figure for row in members if (figure := grid.figure(row, column)) is not None]
    if stated is None or len(parts) < FEWEST_MEMBERS or any(row.short or _PART_OF.match(row.label) for row in members):
        return
    value = sum_of(parts).value
    if agree(stated, sum_of(parts)) or abs(value - stated.value) > FURTHEST * abs(stated.value):
        return
    expected = like(stated, value)
    yield Remark(
        rule="subtotal-differs",
        severity=Severity.ERROR,
        place=head.cells[column].place,
        quote=f"{bare(head.label)} {stated.text}",
        stated=stated.text,
        expected=expected,
        message=f"“{bare(head.label)}”写 {stated.text}，下面各项相加为 {expected}（{written(parts)}），"
        f"相差 {like(stated, abs(value - stated.value))}",
        advice="请核对这一类和下面各项，改正其中写错的一个",
    )
