"""Tables of figures as offices know them: numbers to the right, never broken, a total at the foot."""

from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text


def figures_table(
    title: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    numbers: Iterable[str],
    total: Sequence[str] | None = None,
) -> RenderableType:
    """Return a table; ``numbers`` names the headings of the columns of figures, ``total`` is the row under the line."""
    of_figures = set(numbers)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        is_number = heading in of_figures
        table.add_column(
            Text(heading), justify="right" if is_number else "left", no_wrap=is_number, overflow="fold", vertical="top"
        )
    for row in rows:
        # Text and not str: a bracket in a document must not be read as colour.
        table.add_row(*(Text(cell) for cell in row))
    if total is not None:
        table.add_section()
        table.add_row(*(Text(cell, style="bold") for cell in total))
    return Group(Text(title, style="bold"), table)
