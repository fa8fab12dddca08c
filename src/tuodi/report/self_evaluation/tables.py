"""The official self-evaluation tables of a result, in the layout an office uses, before any file format.

The same blocks serve Word (``report.word``) and Excel (``workbook.block_tables``). Nothing is computed here: every
number is the result's, every word the scheme's, the data's or the layout's.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from tuodi.evaluation.scoring import Result
from tuodi.kernel.fragments import Figure, Fragment, Quote, Text, Words
from tuodi.report.blocks import Align, Block, Cell, Paragraph, ParagraphStyle, Report, Table
from tuodi.report.self_evaluation.layout import Holds, LayoutCell, LayoutList, LayoutTable, Lists, SelfLayout
from tuodi.report.self_evaluation.values import Line, Values, differing

_ALWAYS_OPEN = (Holds.POINTS, Holds.ACTUAL, Holds.BLANK)
"""Columns whose empty cells stay empty, whatever the layout prints elsewhere: what is missing must be seen."""


def self_report(result: Result, layout: SelfLayout) -> Report:
    """Return the self-evaluation tables with their notes, without cover and contents."""
    blocks: list[Block] = []
    for table in layout.tables:
        blocks.append(self_table(result, layout, table))
        if any(isinstance(part, LayoutList) and part.over is Lists.INDICATORS for part in table.parts):
            blocks.extend(_footnotes(differing(result)))
        for number, note in enumerate(table.notes, 1):
            key = f"layout.{layout.id}.{table.id}.note{number}"
            blocks.append(Paragraph((Quote(key, note),), ParagraphStyle.NOTE))
    return Report(id=f"{result.scheme.id}-{layout.id}", cover=None, blocks=tuple(blocks), contents=False)


def self_table(result: Result, layout: SelfLayout, table: LayoutTable) -> Table:
    """Return one table of the layout."""
    values = Values(result, table)
    key = f"layout.{layout.id}.{table.id}"
    rows: list[tuple[Cell, ...]] = []
    for part in table.parts:
        if isinstance(part, LayoutList):
            rows.extend(_list(values, part, key))
        else:
            rows.extend(tuple(_cell(values, cell, key) for cell in line) for line in part)
    return Table(
        key=f"self.{table.id}",
        caption=_title(values, table, key),
        widths=tuple(width / 10 for width in table.widths),
        aligns=(Align.CENTRE,) * len(table.widths),
        rows=tuple(rows),
        header_rows=table.header_rows,
        landscape=table.landscape,
    )


def _title(values: Values, table: LayoutTable, key: str) -> Text:
    parts: list[Fragment] = []
    for line in table.title:
        if parts:
            parts.append(Words("\n"))
        for cell in line:
            parts.extend(values.cell(cell, key))
    return tuple(parts)


def _footnotes(notes: Iterable[Text]) -> Iterator[Paragraph]:
    for number, note in enumerate(notes, 1):
        head: Text = (Words("注"), Figure(f"note.{number}", str(number)), Words("："))
        yield Paragraph((*head, *note), ParagraphStyle.NOTE)


def _cell(values: Values, cell: LayoutCell, key: str) -> Cell:
    align = Align.CENTRE if cell.head and cell.align is None else cell.align
    return Cell(values.cell(cell, key), cell.columns, cell.rows, bold=cell.head, align=align)


def _list(values: Values, spec: LayoutList, key: str) -> list[tuple[Cell, ...]]:
    """Return the heading row and the rows of a list; equal level-1 and level-2 names become one cell."""
    lines = _arranged(spec, values.lines(spec))
    lines += [Line("", "", {})] * (spec.at_least - len(lines))
    heading = tuple(
        Cell((Quote(f"{key}.{column.holds}", column.heading),), column.columns, bold=True, align=Align.CENTRE)
        for column in spec.columns
    )
    spans = {Holds.LEVEL1: _spans(lines, 1), Holds.LEVEL2: _spans(lines, 2)}
    numbers = _numbers(lines)
    rows = [heading]
    for at, line in enumerate(lines):
        cells = []
        for column in spec.columns:
            span = spans[column.holds][at] if column.holds in spans else 1
            if span:
                text = _text(spec, line, column.holds, numbers[at], key)
                cells.append(Cell(text, column.columns, span, align=column.align))
        rows.append(tuple(cells))
    if spec.total:
        rows.append(_total(values, spec, key))
    if spec.side:
        side = Cell((Quote(f"{key}.side", spec.side),), spec.side_columns, len(rows), bold=True, align=Align.CENTRE)
        rows[0] = (side, *rows[0])
    return rows


def _total(values: Values, spec: LayoutList, key: str) -> tuple[Cell, ...]:
    """Return a list's last row: its name in the first column, the sum under the amounts."""
    cells = []
    for at, column in enumerate(spec.columns):
        text: Text = (Quote(f"{key}.total", spec.total),) if at == 0 else ()
        if column.holds is Holds.AMOUNT:
            text = values.total(spec)
        align = Align.CENTRE if at == 0 else column.align
        cells.append(Cell(text, column.columns, bold=at == 0, align=align))
    return tuple(cells)


def _text(spec: LayoutList, line: Line, holds: Holds, number: int, key: str) -> Text:
    if holds is Holds.LEVEL1:
        return (Quote(f"{key}.level1", line.level1),) if line.level1 else ()
    if holds is Holds.LEVEL2:
        return (Quote(f"{key}.level2", line.level2),) if line.level2 else ()
    if not line.texts:
        said = spec.empty_name if holds is Holds.NAME else spec.empty
        return (Quote(f"{key}.empty", said),) if said and (line.level1 or line.level2) else ()
    text = line.texts.get(holds, ())
    if holds is Holds.NAME and spec.number:
        return (Quote(f"{key}.number", spec.number.replace("{}", str(number))), *text)
    if not text and spec.empty and holds not in _ALWAYS_OPEN:
        return (Quote(f"{key}.empty", spec.empty),)
    return text


def _arranged(spec: LayoutList, lines: Sequence[Line]) -> list[Line]:
    """Put the rows into the layout's order of dimensions, a row without content where a dimension has none.

    What the layout does not know follows its level-1 name, or stands at the end, in its own order.
    """
    level1 = list(dict.fromkeys([*spec.dimensions, *(line.level1 for line in lines)]))
    arranged = []
    for high in level1:
        within = [line for line in lines if line.level1 == high]
        level2 = dict.fromkeys([*spec.dimensions.get(high, ()), *(line.level2 for line in within)])
        for low in level2:
            arranged.extend([line for line in within if line.level2 == low] or [Line(high, low, {})])
    return arranged


def _spans(lines: Sequence[Line], level: int) -> list[int]:
    """Return for each row how many rows its name reaches down; 0 where a name from above covers the place."""
    spans = []
    for _, run in groupby(lines, lambda line: (line.level1, line.level2 if level == 2 else "")):
        members = list(run)
        named = members[0].level1 if level == 1 else members[0].level2
        spans.extend([len(members)] + [0] * (len(members) - 1) if named else [1] * len(members))
    return spans


def _numbers(lines: Sequence[Line]) -> list[int]:
    """Return each row's number inside its level-2 name."""
    numbers: list[int] = []
    for _, run in groupby(lines, lambda line: (line.level1, line.level2)):
        numbers.extend(number for number, _ in enumerate(run, 1))
    return numbers
