"""The published final-accounts tables of a paper, whole or broken into lines by text extraction.

A blank cell of such a table means zero; a table without any amount is published empty.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from tuodi.audit.figures.amounts import Figure, figure_of
from tuodi.audit.paper.headings import unit_of
from tuodi.audit.paper.model import Paper, Place, Table
from tuodi.audit.statements.account_cells import Entry, broken_cells, coded, economic, labelled, whole_cells
from tuodi.audit.statements.account_words import AccountWords, TableForm, account_words
from tuodi.audit.statements.grids import bare, grid_of, last_word
from tuodi.audit.statements.lines import place_of_line

TOTAL = "total"
_SERIAL = re.compile(r"^(?:[一二三四五六七八九十]{1,3}[、.]|（[一二三四五六七八九十]{1,3}）|\d{1,2}[.、])")
_MOST_BACK = 6
_NUMBERED_TABLE = re.compile(r"公开\d{2}表|^附?表\d{1,2}(?:-\d{1,2})?[：:]?")


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """A row: ``code`` of the classification or empty, ``name`` without number and blanks, amounts by column in yuan."""

    code: str
    name: str
    place: Place
    amounts: Mapping[str, Figure]

    def value(self, column: str) -> Fraction:
        """Return an amount in yuan, 0 for a blank cell."""
        figure = self.amounts.get(column)
        return figure.value if figure else Fraction(0)

    @property
    def label(self) -> str:
        """Code and name as a reader knows the row."""
        return f"{self.code}{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountTable:
    """One published table. ``columns`` are the columns it prints; ``rows`` in printed order, totals among them."""

    kind: str
    title: str
    place: Place
    columns: tuple[str, ...]
    rows: tuple[AccountRow, ...] = field(default=())

    @property
    def empty(self) -> bool:
        """Whether no cell holds an amount."""
        return not any(row.amounts for row in self.rows)

    @property
    def total(self) -> AccountRow | None:
        """The 合计 row of a table by codes."""
        return next((row for row in self.rows if not row.code and row.name in ("合计", "总计")), None)

    def coded(self, code: str) -> AccountRow | None:
        """Return the row with a code."""
        return next((row for row in self.rows if row.code == code), None)

    def named(self, names: Sequence[str], side: str = "any") -> tuple[AccountRow, ...]:
        """Return the rows with one of these names.

        A table of both sides prints 总计 twice: the income's first, the expenditure's second.
        """
        found = [row for row in self.rows if row.name in names]
        if side == "any" or len(found) < 2:
            return tuple(found)
        return (found[0],) if side == "income" else (found[1],)

    def children(self, row: AccountRow) -> tuple[AccountRow, ...]:
        """Return the rows one level below a row of the classification."""
        return tuple(
            each for each in self.rows if len(each.code) == len(row.code) + 2 and each.code.startswith(row.code)
        )


def account_tables(paper: Paper) -> tuple[AccountTable, ...]:
    """Return the tables found, the fullest of each kind, in the order of the forms; kinds not found are missing."""
    words = account_words()
    found: dict[str, AccountTable] = {}
    for table in (*_whole_tables(paper, words), *_broken_tables(paper, words)):
        known = found.get(table.kind)
        if known is None or len(known.rows) < len(table.rows):
            found[table.kind] = table
    return tuple(found[form.kind] for form in words.forms if form.kind in found)


def _whole_tables(paper: Paper, words: AccountWords) -> Iterator[AccountTable]:
    for at, block in enumerate(paper.blocks):
        if isinstance(block, Table):
            kind, title = _kind_of(paper, at, block, words)
            if kind:
                read = _read_whole(block, words.form(kind), title, words)
                if read is not None:
                    yield read


def _kind_of(paper: Paper, at: int, table: Table, words: AccountWords) -> tuple[str, str]:
    """Return kind and title: told by the caption, the lines above, the first rows or the sheet's name."""
    told = [table.title, table.place.sheet, *(cell.text for row in table.rows[:3] for cell in row)]
    for before in reversed(paper.blocks[max(0, at - _MOST_BACK) : at]):
        if isinstance(before, Table):
            break
        told.append(before.text)
    for text in told:
        title = _SERIAL.sub("", _NUMBERED_TABLE.sub("", bare(text))).strip("：:-—")
        if kind := words.kind_of(title):
            return kind, title
    return "", ""


FEWEST_COLUMNS = 2


def _read_whole(table: Table, form: TableForm, title: str, words: AccountWords) -> AccountTable | None:
    unit = table.unit or next((unit for row in table.rows[:4] for cell in row if (unit := unit_of(cell.text))), "元")
    grid = grid_of(table)
    cells = whole_cells(table)
    columns = form.columns
    if form.shape == "coded" and table.width <= FEWEST_COLUMNS < len(columns):
        return None  # a list of names and amounts, no table of the set
    if form.shape == "coded":
        mapped = {at: column for at, heading in enumerate(grid.headings) if (column := _column(heading, form, words))}
        entries = list(coded(cells, columns, mapped))
    elif form.shape == "economic":
        columns = _economic_columns(" ".join(heading for heading in grid.headings), form)
        entries = list(economic(cells, columns, _foot_labels(words)))
    elif form.shape == "labelled":
        numbered = any("行次" in bare(cell.text) for row in table.rows[:6] for cell in row)
        entries = list(labelled(cells, columns, numbered=numbered))
    else:
        entries = _single(cells, form)
    return _table(form.kind, title, table.place, columns, entries, unit)


def _column(heading: str, form: TableForm, words: AccountWords) -> str:
    last = last_word(heading)
    told = last.partition("（")[0] or last
    return next((column for column in form.columns if told in words.column_words.get(column, ())), "")


def _economic_columns(header: str, form: TableForm) -> tuple[str, ...]:
    """Return amount and basic where the table parts them; a table of basic expenditure prints one column."""
    return form.columns if re.search(r"其中[：:]?\s*基本\s*支出", bare(header)) else ("basic",)


def _foot_labels(words: AccountWords) -> tuple[str, ...]:
    return (*words.lists["personnel_total"], *words.lists["public_total"], *words.lists["detail_total"])


def _single(cells: Sequence[Sequence[tuple[str, Place]]], form: TableForm) -> list[Entry]:
    """Return the budget and the actual row of the table of the three public expenses: two groups in one line."""
    width = len(form.columns)
    for row in reversed(cells):
        figures = [text for text, _ in row]
        filled = [text for text in figures if text]
        if not filled or any(figure_of(text) is None for text in filled) or _only_column_numbers(filled):
            continue
        if len(figures) >= 2 * width:
            place = row[0][1]
            return [
                Entry("", "预算数", tuple(figures[:width]), place),
                Entry("", "决算数", tuple(figures[width : 2 * width]), place),
            ]
    return []


def _only_column_numbers(texts: Sequence[str]) -> bool:
    return list(texts) == [str(number) for number in range(1, len(texts) + 1)]


def _broken_tables(paper: Paper, words: AccountWords) -> Iterator[AccountTable]:
    """Read the lines from a table's title to the next title or the note below it."""
    starts = [(at, words.kind_of(bare(line))) for at, line in enumerate(paper.lines)]
    starts = [(at, kind) for at, kind in starts if kind]
    for number, (at, kind) in enumerate(starts):
        end = starts[number + 1][0] if number + 1 < len(starts) else len(paper.lines)
        end = next((row for row in range(at + 1, end) if paper.lines[row].strip().startswith(("注：", "注:"))), end)
        if any("\t" in line.strip() for line in paper.lines[at:end]) or end - at > _LONGEST_TABLE:
            continue
        yield _read_broken(paper, at, end, words.form(kind), words)


_LONGEST_TABLE = 600


def _read_broken(paper: Paper, at: int, end: int, form: TableForm, words: AccountWords) -> AccountTable:
    lines = paper.lines[at:end]
    header = bare("".join(lines[:60]))
    unit = unit_of(header) or "元"
    place = place_of_line(paper, at + 1)
    cells = broken_cells(paper, at + 1, end)
    columns = form.columns
    if form.shape == "coded":
        count = _column_count(lines)
        columns = form.columns[:1] if count and count != len(form.columns) else form.columns
        entries = list(coded(cells, columns, None))
    elif form.shape == "economic":
        columns = _economic_columns(header, form)
        entries = list(economic(cells, columns, _foot_labels(words)))
    elif form.shape == "labelled":
        entries = list(labelled(cells, columns, numbered="行次" in header, joined=True))
    else:
        entries = _single(cells, form)
    return _table(form.kind, bare(paper.lines[at]), place, columns, entries, unit)


def _column_count(lines: Sequence[str]) -> int:
    """Return how many columns the line 栏次 1 2 3 … counts, 0 where there is none."""
    for line in lines:
        if bare(line).startswith("栏次"):
            numbers = [word.partition(".")[0] for word in line.split() if word[0].isdigit()]
            return max((int(number) for number in numbers), default=0)
    return 0


def _table(
    kind: str, title: str, place: Place, columns: Sequence[str], entries: Sequence[Entry], unit: str
) -> AccountTable:
    rows = []
    for entry in entries:
        amounts = {}
        for column, text in zip(columns, entry.amounts, strict=False):
            figure = figure_of(text, unit)
            if figure is not None and text.strip("-—─"):
                amounts[column] = figure
        name = _SERIAL.sub("", bare(entry.name))
        named = Place(
            block=entry.place.block, section=entry.place.section, line=entry.place.line, page=entry.place.page,
            sheet=entry.place.sheet, table=title, row=entry.place.row, column=entry.place.column,
        )  # fmt: skip
        rows.append(AccountRow(code=entry.code, name=name, place=named, amounts=amounts))
    return AccountTable(kind=kind, title=title, place=place, columns=tuple(columns), rows=tuple(rows))


def table_of(tables: Sequence[AccountTable], kind: str) -> AccountTable | None:
    """Return the table of a kind, None where the paper has none or prints it empty."""
    return next((table for table in tables if table.kind == kind and not table.empty), None)


def is_empty(tables: Sequence[AccountTable], kind: str) -> bool:
    """Tell whether the paper publishes this table and publishes it empty."""
    return any(table.kind == kind and table.empty for table in tables)
