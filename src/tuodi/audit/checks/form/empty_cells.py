"""Cells of a form left empty where their neighbours are filled: an amount beside its label, a column of particulars."""

import re
from collections.abc import Iterator

from tuodi.audit.figures.amounts import figure_of
from tuodi.audit.material import Material
from tuodi.audit.paper.model import Cell
from tuodi.audit.remark import Remark
from tuodi.audit.statements.grids import Grid, Row, bare, last_word
from tuodi.kernel.finding import Severity

_MONEY_LABEL = re.compile(r"(?:资金|支出|收入|结余|预算)[^（(]{0,6}[（(](?:万元|元)[）)]$")
_PARTICULARS = re.compile(
    r"(?:凭证|文件|合同|批准|发票)(?:编)?号$|(?:负责人|责任人|经办人|到位日期|支付日期|拨付日期|完成时间)$"
)
FEWEST_FILLED = 2
FEWEST_ROWS = 3


def check_money_beside_label(material: Material) -> Iterator[Remark]:
    """A row of labels and amounts side by side in which the amount of one label is empty."""
    for table in material.paper.tables:
        for row in table.rows:
            labels = [at for at, cell in enumerate(row[:-1]) if _MONEY_LABEL.search(bare(cell.text))]
            filled = [at for at in labels if figure_of(bare(row[at + 1].text)) is not None]
            empty = [at for at in labels if not bare(row[at + 1].text) and not row[at + 1].covered]
            if len(filled) >= FEWEST_FILLED and empty:
                yield _empty(row[empty[0]], "、".join(f"“{bare(row[at].text)}”" for at in empty))


def _empty(cell: Cell, names: str) -> Remark:
    return Remark(
        rule="blank-left",
        severity=Severity.INFO,
        place=cell.place,
        quote=bare(cell.text),
        stated="空",
        message=f"{names}没有填写，同一行其他金额都填了",
        advice="请补填；确实没有的填 0",
    )


def check_columns_of_particulars(material: Material) -> Iterator[Remark]:
    """A column for particulars (voucher number, date, person) that no row fills, though all rows have amounts."""
    for grid in material.grids:
        rows = [row for row in grid.body if _has_particulars(grid, row)]
        if len(rows) < FEWEST_ROWS or grid.table.short_rows or _is_plan(grid):
            continue
        for column, heading in enumerate(grid.headings):
            if _PARTICULARS.search(last_word(heading)) and not any(bare(row.cells[column].text) for row in rows):
                yield _column(grid, column, len(rows))


def _has_particulars(grid: Grid, row: Row) -> bool:
    """Tell whether a row has an amount; below a numbered list the rows without a number are sums of it."""
    told = [bare(cell.text) for cell in row.cells]
    if grid.headings[0] in ("编号", "序号") and not told[0].isdigit():
        return False
    return any(figure_of(text) is not None for text in told)


def _is_plan(grid: Grid) -> bool:
    """Tell whether a table is a plan of what is still to be done: its days and persons are filled in later."""
    return any("整改" in text for text in (grid.table.title, grid.table.place.section, grid.table.place.sheet))


def _column(grid: Grid, column: int, count: int) -> Remark:
    heading = last_word(grid.headings[column])
    first = grid.body[0].cells[column]
    return Remark(
        rule="blank-left",
        severity=Severity.INFO,
        place=first.place,
        also=tuple(row.cells[column].place for row in grid.body[1:]),
        quote=heading,
        stated="空",
        message=f"“{heading}”一栏 {count} 行都没有填写",
        advice="请补填，或删去这一栏",
    )
