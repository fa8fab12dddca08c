"""Cells of a final-accounts table put into rows: by code, by economic code (four blocks abreast), by label.

Text extraction parts cells by one blank, so that two blanks are an empty cell; long names run over several lines, and
an amount may stick to the code or the name of the next cell (``715957.08302``).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from tuodi.audit.figures.amounts import figure_of
from tuodi.audit.paper.clean import clean
from tuodi.audit.paper.model import Paper, Place, Table
from tuodi.audit.statements.grids import bare
from tuodi.audit.statements.lines import place_of_line

Cells = Sequence[Sequence[tuple[str, Place]]]
"""Rows of cell texts with their places."""

_FUNCTIONAL = re.compile(r"[12]\d{2}(?:\d{2}){0,2}")
_ECONOMIC = re.compile(r"[35]\d{2}(?:\d{2})?")
_GLUED = re.compile(r"^(?P<amount>-?[\d,]+\.\d{2})(?P<rest>\d{3,7}|\D.*)$")
_TOTALS = ("合计", "总计")
_LINE_NUMBER = re.compile(r"\d{1,3}")
_DASHES = re.compile(r"^[-—─]+$")
_NOT_CELLS = re.compile(r"^\s*(?:公开\d{2}表|-?\s*\d{1,3}\s*-|第[一二三四五六七八九十]+部分.*)\s*$")


class Entry(NamedTuple):
    """A row as read: the texts of its amounts in the order of the columns, ``""`` for a blank cell."""

    code: str
    name: str
    amounts: tuple[str, ...]
    place: Place


def whole_cells(table: Table) -> list[list[tuple[str, Place]]]:
    """Return the cells of a whole table; the continuation of a merged cell is left out only where all of it is."""
    return [[(bare(cell.text), cell.place) for cell in row] for row in table.rows]


def broken_cells(paper: Paper, first: int, end: int) -> list[list[tuple[str, Place]]]:
    """Return the cells of the lines from index ``first`` up to ``end``; lines without text are left out."""
    rows = []
    for at in range(first, end):
        line = paper.lines[at].rstrip("\n")
        if not line.strip() or _NOT_CELLS.match(line):
            continue
        place = place_of_line(paper, at + 1)
        cells: list[tuple[str, Place]] = []
        for text in line.split(" "):
            cells += ((part, place) for part in _parted(clean(text)))
        rows.append(cells)
    return rows


def _parted(text: str) -> list[str]:
    match = _GLUED.match(text)
    return [match["amount"], match["rest"]] if match else [text]


def _is_amount(text: str) -> bool:
    return figure_of(text) is not None


def coded(rows: Cells, columns: Sequence[str], mapped: Mapping[int, str] | None) -> Iterator[Entry]:
    """Yield the rows of a table by functional codes.

    ``mapped`` tells a whole table's columns by their place; without it the cells behind the name are the columns.
    """
    if mapped:
        yield from _coded_whole(rows, columns, mapped)
        return
    code, name, place = "", "", None
    for row in rows:
        at = 0
        first, where = next(((text, place) for text, place in row if text), ("", row[0][1]))
        index = next((number for number, (text, _) in enumerate(row) if text), 0)
        if _opens(first, [text for text, _ in row[index + 1 :]]):
            code = "" if first in _TOTALS else first
            name = first if first in _TOTALS else ""
            place, at = where, index + 1
        elif place is None:
            continue
        while at < len(row) and row[at][0] and not _is_amount(row[at][0]):
            name += row[at][0]
            at += 1
        amounts = [text for text, _ in row[at:]]
        if any(_is_amount(text) for text in amounts):
            yield Entry(code, name, tuple(amounts[: len(columns)]), row[at][1])
            code, name, place = "", "", None
        elif name in _TOTALS and at:
            yield Entry("", name, (), where)
            code, name, place = "", "", None


def _opens(first: str, rest: Sequence[str]) -> bool:
    """Tell whether a line begins a row: 合计 or a code that is no amount (an amount is followed by amounts)."""
    if first in _TOTALS:
        return True
    following = next((text for text in rest if text), "")
    return bool(_FUNCTIONAL.fullmatch(first)) and (not following or not _is_amount(following))


def _coded_whole(rows: Cells, columns: Sequence[str], mapped: Mapping[int, str]) -> Iterator[Entry]:
    """Read rows whose columns the heading tells; a row that lost a merged cell holds its amounts in order."""
    printed = [mapped[at] for at in sorted(mapped)]
    for row in rows:
        texts = [text for text, _ in row]
        code = next((text for text in texts[:4] if _FUNCTIONAL.fullmatch(text)), "")
        name = next((text for text in texts[:4] if text and not _is_amount(text)), "")
        if not code and name not in _TOTALS:
            continue
        amounts = [text for text in texts[texts.index(name or code) + 1 :] if _is_amount(text)]
        if len(amounts) == len(printed):
            by_column = dict(zip(printed, amounts, strict=True))
        else:
            by_column = {column: texts[at] for at, column in mapped.items() if at < len(texts)}
        yield Entry(code, name, tuple(by_column.get(column, "") for column in columns), row[0][1])


def economic(rows: Cells, columns: Sequence[str], foot: Sequence[str]) -> Iterator[Entry]:
    """Yield the rows of a table by economic codes, several blocks of columns abreast, then its foot (人员经费合计…)."""
    stream = [cell for row in rows for cell in (*row, (_LINE_END, Place()))]
    at = 0
    while at < len(stream):
        text, place = stream[at]
        is_foot = text in foot
        if not is_foot and not _is_economic_code(stream, at):
            at += 1
            continue
        name, at = (text, at + 1) if is_foot else _name(stream, at + 1)
        amounts, at = _amounts(stream, at, len(columns), past_blanks=is_foot)
        yield Entry("" if is_foot else text, name, amounts, place)


_LINE_END = "\n"


def _is_economic_code(stream: Sequence[tuple[str, Place]], at: int) -> bool:
    """Tell whether a cell is a code: three or five digits with words behind them."""
    following = next((text for text, _ in stream[at + 1 : at + 4] if text.strip()), "")
    return bool(_ECONOMIC.fullmatch(stream[at][0])) and bool(following) and not _is_amount(following)


def _name(stream: Sequence[tuple[str, Place]], at: int) -> tuple[str, int]:
    """Return the words from ``at`` on, over line ends, and the index behind them."""
    name = ""
    while at < len(stream):
        text = stream[at][0]
        if text not in ("", _LINE_END) and (_is_amount(text) or _DASHES.match(text)) or not text and name:
            break
        name += text.strip()
        at += 1
    return name, at


def _amounts(
    stream: Sequence[tuple[str, Place]], at: int, count: int, *, past_blanks: bool
) -> tuple[tuple[str, ...], int]:
    """Return the amounts of a row (blank cells as ``""``) and the index behind them."""
    amounts: list[str] = []
    while at < len(stream) and len(amounts) < count:
        text = stream[at][0]
        if text == _LINE_END and amounts:
            break
        if (
            text
            and text != _LINE_END
            and (not _is_amount(text) or _is_economic_code(stream, at))
            and not _DASHES.match(text)
        ):
            break
        if text != _LINE_END and (text or not past_blanks):
            amounts.append("" if _DASHES.match(text) else text)
        at += 1
    return tuple(amounts), at


def labelled(rows: Cells, columns: Sequence[str], *, numbered: bool, joined: bool = False) -> Iterator[Entry]:
    """Yield label and amounts of a table with labels on one or both sides.

    ``numbered``: a column 行次 stands before the amounts. ``joined``: names may run over lines, an unnamed 行次 may
    stand alone.
    """
    open_entry = _Open()
    for row in rows:
        words = sum(bool(text) and not _is_amount(text) for text, _ in row)
        is_head = words > 1 and not any(_is_amount(text) for text, _ in row)
        for number, (text, place) in enumerate(row):
            if not text or _is_amount(text):
                open_entry.add(text)
                continue
            if open_entry.amounts or open_entry.name and not (joined and number == 0):
                yield open_entry.entry(columns, numbered=numbered, joined=joined)
                open_entry = _Open()
            open_entry.call(text, place)
        if open_entry.name and (is_head or not joined):
            yield open_entry.entry(columns, numbered=numbered, joined=joined)
            open_entry = _Open()
    if open_entry.name:
        yield open_entry.entry(columns, numbered=numbered, joined=joined)


class _Open:
    """An entry being gathered."""

    def __init__(self) -> None:
        self.name = ""
        self.amounts: list[str] = []
        self._place = Place()

    def call(self, text: str, place: Place) -> None:
        if not self.name:
            self._place = place
        self.name += text

    def add(self, text: str) -> None:
        if text or self.amounts:
            self.amounts.append(text)

    def entry(self, columns: Sequence[str], *, numbered: bool, joined: bool) -> Entry:
        kept = self.amounts[1:] if numbered else self.amounts
        if numbered:
            # A bare line number begins the right-hand side, whose label may be empty.
            numbers = [at for at, text in enumerate(kept) if _LINE_NUMBER.fullmatch(text)]
            kept = kept[: next((at for at in numbers if joined or at and not kept[at - 1]), len(kept))]
        if self.name == "栏次":
            kept = []
        return Entry("", self.name, tuple(kept[: len(columns)]), self._place)
