"""Finding the headings of a published table in an exported sheet: several rows, merged cells, blocks side by side."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from tuodi.accounts.sources import RawSheet, bare
from tuodi.accounts.table_set import BlockForm, Holds, Shape, TableForm, ValueColumn
from tuodi.intake.cells import Cell, is_blank, shown
from tuodi.kernel.finding import Finding, Severity

_ROWS_SEARCHED = 30
_LEAST_KNOWN = 2
_AMOUNT = re.compile(r"[-—─－0-9.,]+")
_LEVELS = frozenset({"类", "款", "项"})
"""Below the heading of the codes an export may name the three parts of a code."""
NUMBERS = "栏次"


@dataclass(slots=True)
class Segment:
    """Physical columns that belong together: keys by what they hold (a code may be split), values by column id."""

    keys: dict[Holds, list[int]] = field(default_factory=dict)
    values: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Headings:
    """Where a table has its columns; ``first_data`` is the index of the first row below headings and 栏次."""

    segments: tuple[Segment, ...]
    printed: dict[int, str]
    first_data: int
    titles: tuple[str, ...]


def find_headings(form: TableForm, raw: RawSheet) -> tuple[Headings | None, list[Finding]]:
    """Find a table's headings; None with an error where they are not there or a column of amounts is missing."""
    words = _words(form)
    misspelt = _misspelt(form, raw, words)
    if misspelt is not None:
        return None, [misspelt]
    start = next((at for at, (_, cells) in enumerate(raw.rows[:_ROWS_SEARCHED]) if _known(cells, words)), None)
    if start is None:
        return None, [_finding(raw, None, "table-headings", "找不到表头", f"请保留{form.number}的表头，列名照原表")]
    paths: dict[int, list[str]] = {}
    width = max(len(cells) for _, cells in raw.rows[start:_ROWS_SEARCHED])
    end = start
    for _, cells in raw.rows[start:_ROWS_SEARCHED]:
        if not _is_heading_row(form, cells, words, paths):
            break
        end += 1
        # Rows may be of different lengths: every column has one word a level, blank ones too.
        for at in range(width):
            paths.setdefault(at, []).append(bare(cells[at]) if at < len(cells) else "")
    full = {at: _path(paths, at) for at in sorted(paths)}
    segments, unknown = _segments(form, full)
    printed = {at: "·".join(path) for at, path in full.items() if path}
    findings = list(_missing(form, raw, segments, raw.rows[start][0]))
    if unknown:
        names = "、".join(printed[at] for at in unknown)[:200]
        findings.append(
            _finding(raw, raw.rows[start][0], "column-unknown", f"有不认识的列，未读取：{names}",
                     "如果其中有数据，请换用有这一列的表样", Severity.WARNING)
        )  # fmt: skip
    while end < len(raw.rows) and _is_number_row(form, raw.rows[end][1], segments):
        end += 1
    titles = tuple(bare(cell) for _, cells in raw.rows[:start] for cell in cells if not is_blank(cell))
    if any(finding.is_error for finding in findings):
        return None, findings
    return Headings(tuple(segments), printed, end, titles), findings


def _words(form: TableForm) -> set[str]:
    words = {bare(part) for block in form.blocks for key in block.keys for part in key.heading}
    words |= {bare(part) for column in _columns(form) for part in (*column.heading, *column.also)}
    return words | _LEVELS


def _misspelt(form: TableForm, raw: RawSheet, words: set[str]) -> Finding | None:
    """Return what to say of the first row of headings that are known but for one or a few words."""
    headings = words - _LEVELS
    for number, cells in raw.rows[:_ROWS_SEARCHED]:
        filled = [bare(cell) for cell in cells if not is_blank(cell)]
        known = [word for word in filled if word in headings]
        unknown = [word for word in filled if word not in words and word != NUMBERS and not _AMOUNT.fullmatch(word)]
        if len(known) < _LEAST_KNOWN or not unknown or len(unknown) >= len(known):
            continue
        free = sorted(headings.difference(filled)) or sorted(headings)
        near = {word: get_close_matches(word, free, 1) for word in unknown}
        if any(near.values()):
            told = "；".join(f"“{word}”{f'，相近的是“{most[0]}”' if most else ''}" for word, most in near.items())
            return _finding(raw, number, "column-unknown", f"不认识的列名：{told}"[:300], "请把列名照原表改正")
    return None


def _columns(form: TableForm) -> Iterator[ValueColumn]:
    for block in form.blocks:
        yield from block.columns


def _known(cells: Sequence[Cell], words: set[str]) -> bool:
    filled = [bare(cell) for cell in cells if not is_blank(cell)]
    return bool(filled) and all(word in words for word in filled) and not set(filled) <= _LEVELS


def _is_heading_row(form: TableForm, cells: Sequence[Cell], words: set[str], above: dict[int, list[str]]) -> bool:
    filled = [(at, bare(cell)) for at, cell in enumerate(cells) if not is_blank(cell)]
    if not all(word in words for _, word in filled):
        return False
    # 合计 alone may be the heading of a column of amounts or the first row of data: below a key it is data.
    at, first = filled[0]
    names = {bare(key.heading[-1]) for block in form.blocks for key in block.keys}
    return not (first == "合计" and names & set(above.get(at, ())))


def _path(paths: dict[int, list[str]], at: int) -> tuple[str, ...]:
    """Return a column's headings from above: a cell merged to the right stands for the blank ones behind it.

    Blank cells below which nothing stands are part of a cell merged downwards.
    """
    parts: list[str] = []
    for level, own in enumerate(paths[at]):
        word = own
        if not word and any(paths[at][level + 1 :]):
            left = (paths[before][level] for before in range(at - 1, -1, -1) if before in paths)
            word = next((each for each in left if each), "")
        if word and (not parts or parts[-1] != word):
            parts.append(word)
    while len(parts) > 1 and parts[-1] in _LEVELS:
        parts.pop()
    return tuple(parts)


def _segments(form: TableForm, paths: dict[int, tuple[str, ...]]) -> tuple[list[Segment], list[int]]:
    segments: list[Segment] = []
    unknown: list[int] = []
    under_code = False
    for at, path in paths.items():
        if not path:
            # A heading merged to the right over the parts of a code leaves blank cells behind it.
            if under_code:
                segments[-1].keys[Holds.CODE].append(at)
            continue
        key = _key_of(form, path)
        under_code = key is Holds.CODE
        if key is not None and (not segments or segments[-1].values) or not segments:
            segments.append(Segment())
        if key is not None:
            segments[-1].keys.setdefault(key, []).append(at)
            continue
        block = form.blocks[min(len(segments), len(form.blocks)) - 1]
        column = _column_of(block, path)
        if column is None or column.id in segments[-1].values:
            unknown.append(at)
        else:
            segments[-1].values[column.id] = at
    return segments, unknown


def _key_of(form: TableForm, path: tuple[str, ...]) -> Holds | None:
    """Return what a key column holds by its lowest heading; 项目 above other keys is none of them."""
    for block in form.blocks:
        for key in block.keys:
            if bare(key.heading[-1]) == path[-1]:
                return key.holds
    return None


def _column_of(block: BlockForm, path: tuple[str, ...]) -> ValueColumn | None:
    """Return the value column whose lowest heading is the path's, the one with most of the path if several are."""
    words = set(path)
    fits = [
        (len(words & {bare(part) for part in column.heading}), column)
        for column in block.columns
        if path[-1] in {bare(column.heading[-1]), *map(bare, column.also)}
    ]
    best = max((count for count, _ in fits), default=0)
    chosen = [column for count, column in fits if count == best]
    return chosen[0] if len(chosen) == 1 else None


def _missing(form: TableForm, raw: RawSheet, segments: Sequence[Segment], row: int) -> Iterator[Finding]:
    if len(segments) != len(form.blocks):
        message = f"表头里并列的栏数是 {len(segments)}，{form.number}应有 {len(form.blocks)} 栏"
        yield _finding(raw, row, "table-headings", message, "请保留原表的各栏和列名")
        return
    for segment, block in zip(segments, form.blocks, strict=True):
        for key in block.keys:
            # Rows can be told apart by their line or code alone, or by their label alone.
            if key.holds is not Holds.LINE and key.holds not in segment.keys:
                yield _finding(raw, row, "column-missing", f"缺少列“{key.heading[-1]}”", "请补上该列，列名照原表")
        for column in block.columns:
            if column.id not in segment.values:
                name = "·".join(column.heading)
                yield _finding(raw, row, "column-missing", f"缺少列“{name}”", "请补上该列，没有数据的留空")


def _is_number_row(form: TableForm, cells: Sequence[Cell], segments: Sequence[Segment]) -> bool:
    """Tell whether a row holds the numbers of the columns (栏次)."""
    if any(bare(cell) == NUMBERS for cell in cells):
        return True
    if form.shape is not Shape.SINGLE:
        return False
    numbers = {column.id: column.number for column in form.columns if column.number}
    found = [(numbers.get(name), at) for name, at in segments[0].values.items()]
    return bool(numbers) and all(number == _text_at(cells, at) for number, at in found if number)


def _text_at(cells: Sequence[Cell], at: int) -> str:
    return shown(cells[at]).strip() if at < len(cells) else ""


def _finding(
    raw: RawSheet, row: int | None, rule: str, message: str, advice: str, severity: Severity = Severity.ERROR
) -> Finding:
    return Finding(
        rule=rule, message=message, advice=advice, severity=severity, file=raw.file, sheet=raw.sheet, row=row
    )
