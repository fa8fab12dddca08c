"""Looking at an old workbook's (.xls) real bytes before any spreadsheet library does.

Its stream of records (BIFF 8, Excel 97 to 2003) may announce more than it holds, name the same sheet a thousand
times, or put one cell into the far corner; formula errors come out of libraries as empty cells, which here would mean
0. So each record is looked at under limits and only the cells of visible sheets are handed on, in a plain copy: what a
library does not need to know (formulas, names, dimensions, merged cells, macros) is left out.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from tuodi.intake.cells import UnreadCell
from tuodi.intake.compound_file import CompoundDamaged, CompoundFile, compound_file
from tuodi.intake.percent_styles import BUILT_IN, is_percent_code
from tuodi.intake.sources import Limits, damaged, file_finding
from tuodi.intake.xlsx_guard import CellPlace, CheckedWorkbook, too_wide
from tuodi.kernel.finding import Finding

MOST_BYTES = 60 * 2**20
"""No honest one comes near: a sheet has 65,536 rows and 256 columns at most."""

MOST_CELLS = 10_000_000
_MOST_CHARACTERS = 2**28
_MOST_CONTINUED = 20_000

_STREAM, _OLDER_STREAM = "Workbook", "Book"
_VERSION = 0x0600

_BOF, _EOF, _CONTINUE, _FILE_PASS = 0x0809, 0x000A, 0x003C, 0x002F
_SHEET, _STRINGS, _FORMAT, _STYLE = 0x0085, 0x00FC, 0x041E, 0x00E0
_DATES_FROM_1904 = 0x0022
# The code page is left out: the texts of this version need none, and some programs write a wrong one.
_OTHERS_KEPT = frozenset({_BOF, _EOF, _DATES_FROM_1904, _FORMAT, _STYLE})
_NUMBER, _SHORT_NUMBER, _SHORT_NUMBERS, _FLAG = 0x0203, 0x027E, 0x00BD, 0x0205
_TEXT, _RICH_TEXT, _SHARED_TEXT, _FORMULA, _FORMULA_TEXT = 0x0204, 0x00D6, 0x00FD, 0x0006, 0x0207
_LEAST_BYTES = {
    _NUMBER: 14, _SHORT_NUMBER: 10, _SHORT_NUMBERS: 12, _FLAG: 8, _TEXT: 8, _RICH_TEXT: 8, _SHARED_TEXT: 10,
    _FORMULA: 14,
}  # fmt: skip
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip
_NOT_AVAILABLE = 0x2A
_NO_RESULT = UnreadCell("=", is_formula=True)
_ENCRYPTED_ADVICE = "请在表格软件中取消密码后另存，再导入"


class _Refused(Exception):
    """Carries the finding that refuses the file."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.rule)
        self.finding = finding


@dataclass(slots=True)
class _SheetEntry:
    place: int
    is_read: bool
    record: bytes


@dataclass(slots=True)
class _Globals:
    """What stands before the sheets: records to keep, sheets, percentage styles, lengths of the shared texts."""

    records: list[bytes | _SheetEntry] = field(default_factory=list)
    sheets: list[_SheetEntry] = field(default_factory=list)
    percents: frozenset[int] = frozenset()
    lengths: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Cells:
    """One sheet's cells as they are copied."""

    out: bytearray = field(default_factory=bytearray)
    unread: dict[CellPlace, UnreadCell] = field(default_factory=dict)
    percents: set[CellPlace] = field(default_factory=set)
    characters: int = 0
    rows: list[int] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)

    def put(self, kind: int, row: int, first: int, last: int, content: bytes) -> None:
        """Copy a record of the cells from column ``first`` to ``last``; rows must not go back."""
        if not self.rows:
            self.rows, self.columns = [row, row], [first, last]
        if row < self.rows[1] or last < first:
            raise CompoundDamaged("order of cells")
        self.rows[1] = row
        self.columns = [min(self.columns[0], first), max(self.columns[1], last)]
        self.out += struct.pack("<HH", kind, len(content)) + content

    def put_unread(self, row: int, column: int, cell: UnreadCell) -> None:
        """Keep the place of a cell whose value the workbook does not hold."""
        self.unread[row, column] = cell
        self.put(_FLAG, row, column, column, struct.pack("<HHHBB", row, column, 0, _NOT_AVAILABLE, 1))

    @property
    def area(self) -> int:
        """How many cells the smallest rectangle round all cells has: what a reader allocates."""
        if not self.rows:
            return 0
        return (self.rows[1] - self.rows[0] + 1) * (self.columns[1] - self.columns[0] + 1)


def checked_old_workbook(path: Path, limits: Limits) -> CheckedWorkbook | Finding:
    """Return a plain copy of an old workbook; a Finding if it is none, is damaged or is more than the limits allow."""
    try:
        if path.stat().st_size > MOST_BYTES:
            return limits.exceeded(path, f"旧版工作簿超过 {MOST_BYTES // 2**20} MB")
        file = CompoundFile(path.read_bytes())
        refused = _refused_by_its_streams(path, file.names)
        if refused:
            return refused
        return _checked(path, file.stream(_STREAM), limits)
    except _Refused as refusal:
        return refusal.finding
    except (CompoundDamaged, struct.error, IndexError):
        return damaged(path, "工作簿")
    except OSError:
        return file_finding(path, "file-missing", "文件无法读取", "请核对文件是否被占用、是否有读取权限")


def encrypted_or_old(path: Path) -> Finding | None:
    """Return what refuses a compound file that calls itself XLSX: under a password or an old workbook; else None."""
    try:
        names = CompoundFile(path.read_bytes() if path.stat().st_size <= MOST_BYTES else b"").names
    except (CompoundDamaged, struct.error, OSError):
        return None
    if "EncryptedPackage" in names:
        return _encrypted(path)
    if _STREAM in names or _OLDER_STREAM in names:
        message = "文件名是 XLSX，内容却是旧版 Excel 工作簿"
        return file_finding(
            path, "file-format", message, "请把文件名的后缀改为 .xls，或用表格软件打开，另存为 XLSX 工作簿"
        )
    return None


def _refused_by_its_streams(path: Path, names: Sequence[str]) -> Finding | None:
    if "EncryptedPackage" in names:
        return _encrypted(path)
    if _STREAM in names:
        return None
    if _OLDER_STREAM in names:
        return _too_old(path)
    message = "是 Word 文档或其他文件，不是 Excel 工作簿"
    return file_finding(path, "file-format", message, "请核对文件；是表格的，请另存为 XLSX 工作簿")


def _too_old(path: Path) -> Finding:
    return file_finding(
        path, "file-format", "是 Excel 95 或更早的工作簿", "请用表格软件打开，另存为 XLSX 工作簿后再导入"
    )


def _encrypted(path: Path) -> Finding:
    return file_finding(path, "file-encrypted", "工作簿已加密", _ENCRYPTED_ADVICE)


def _checked(path: Path, stream: bytes, limits: Limits) -> CheckedWorkbook:
    found = _globals(path, stream)
    if len(found.sheets) > limits.parts:
        raise _Refused(limits.exceeded(path, f"工作表超过 {limits.parts} 个"))
    if max(found.lengths, default=0) > limits.cell_chars:
        message = f"有单元格超过 {limits.cell_chars} 个字符"
        raise _Refused(file_finding(path, "cell-too-long", message, "请核对来源，重新导出"))
    sheets: list[_Cells] = []
    most = min(limits.sheet_cells, MOST_CELLS)
    for entry in found.sheets:
        sheets.append(_cells(stream, entry.place, found) if entry.is_read else _Cells())
        if sum(cells.area for cells in sheets) > most:
            raise _Refused(too_wide(path, most))
        if sum(cells.characters for cells in sheets) > _MOST_CHARACTERS:
            raise _Refused(limits.exceeded(path, "单元格中的文字总量过大"))
    return CheckedWorkbook(
        BytesIO(compound_file(_STREAM, _copy(stream, found, sheets))),
        tuple(cells.unread for cells in sheets),
        tuple(frozenset(cells.percents) for cells in sheets),
    )


def _copy(stream: bytes, found: _Globals, sheets: Sequence[_Cells]) -> bytes:
    """Return the stream of the plain copy: the records kept, then each sheet between its beginning and its end."""
    start = struct.pack("<HHHHIII", _BOF, 16, _VERSION, 0x0010, 0, 0, 0x06)
    end = struct.pack("<HH", _EOF, 0)
    length = sum(len(each.record if isinstance(each, _SheetEntry) else each) for each in found.records)
    places: dict[int, int] = {}
    for entry, cells in zip(found.sheets, sheets, strict=True):
        places[id(entry)] = length
        length += len(start) + len(cells.out) + len(end)
    pieces = [
        each.record[:4] + struct.pack("<I", places[id(each)]) + each.record[8:]
        if isinstance(each, _SheetEntry)
        else each
        for each in found.records
    ]
    for cells in sheets:
        pieces += [start, bytes(cells.out), end]
    return b"".join(pieces)


def _records(stream: bytes, start: int) -> Iterator[tuple[int, int, int]]:
    """Yield kind, start and end of the content of each record up to the end of the part that begins here."""
    at = start
    kind, length = struct.unpack_from("<HH", stream, at)
    if kind != _BOF:
        raise CompoundDamaged("beginning")
    while True:
        kind, length = struct.unpack_from("<HH", stream, at)
        at += 4
        if at + length > len(stream):
            raise CompoundDamaged("record")
        yield kind, at, at + length
        if kind == _EOF:
            return
        at += length


def _globals(path: Path, stream: bytes) -> _Globals:
    found = _Globals()
    if struct.unpack_from("<H", stream, 4)[0] != _VERSION:
        raise _Refused(_too_old(path))
    percents, formats = set(BUILT_IN), []
    texts: list[bytes] = []
    last, names = 0, set()
    for kind, start, end in _records(stream, 0):
        content = stream[start:end]
        if kind == _FILE_PASS:
            raise _Refused(_encrypted(path))
        if kind == _STRINGS or kind == _CONTINUE and last == _STRINGS:
            texts.append(content)
        elif kind in _OTHERS_KEPT:
            found.records.append(stream[start - 4 : end])
        if kind == _SHEET:
            place, state, sort = struct.unpack_from("<IBB", content)
            entry = _SheetEntry(place, state & 0x3F == 0 and sort == 0, stream[start - 4 : end])
            found.sheets.append(entry)
            found.records.append(entry)
            names.add(_name(content[6:]))
        elif kind == _FORMAT and is_percent_code(_format_code(content)):
            percents.add(struct.unpack_from("<H", content)[0])
        elif kind == _STYLE:
            formats.append(struct.unpack_from("<H", content, 2)[0])
        last = last if kind == _CONTINUE else kind
    if len(names) < len(found.sheets) or len(texts) > _MOST_CONTINUED:
        raise CompoundDamaged("sheets")
    if texts:
        found.lengths = list(_lengths(texts))
        whole = [struct.pack("<HH", _CONTINUE if at else _STRINGS, len(text)) + text for at, text in enumerate(texts)]
        found.records[-1:-1] = whole
    found.percents = frozenset(at for at, number in enumerate(formats) if number in percents)
    return found


def _name(content: bytes) -> str:
    """Return a sheet's name, only for comparing."""
    is_wide = content[1] & 1
    raw = content[2 : 2 + content[0] * (2 if is_wide else 1)]
    return raw.decode("utf-16-le" if is_wide else "latin-1", "replace").replace("\0", "")


def _format_code(content: bytes) -> bytes:
    return content[5:].replace(b"\0", b"") if content[4] & 1 else content[5:]


def _lengths(parts: Sequence[bytes]) -> Iterator[int]:
    """Yield the characters of each shared text; IndexError or struct.error where they end too soon."""
    count = struct.unpack_from("<I", parts[0], 4)[0]
    following = iter(parts[1:])
    data, at = parts[0], 8

    def after() -> bytes:
        found = next(following, b"")
        if not found:
            raise CompoundDamaged("texts")
        return found

    for _ in range(count):
        if at >= len(data):
            data, at = after(), 0
        length, flags = struct.unpack_from("<HB", data, at)
        at += 3
        skipped = 0
        if flags & 8:
            skipped += 4 * int(struct.unpack_from("<H", data, at)[0])
            at += 2
        if flags & 4:
            skipped += int(struct.unpack_from("<I", data, at)[0])
            at += 4
        left, width = length, 2 if flags & 1 else 1
        while True:
            taken = min(left, (len(data) - at) // width)
            at += taken * width
            left -= taken
            if not left:
                break
            data = after()
            width, at = 2 if data[0] & 1 else 1, 1
        while skipped:
            if at >= len(data):
                data, at = after(), 0
            step = min(skipped, len(data) - at)
            at, skipped = at + step, skipped - step
        yield length


def _cells(stream: bytes, place: int, found: _Globals) -> _Cells:
    """Copy the cells of one sheet; a formula becomes its result."""
    cells = _Cells()
    waiting: tuple[int, int, int] | None = None
    for kind, start, end in _records(stream, place):
        if kind == _FORMULA_TEXT and waiting:
            row, column, style = waiting
            waiting = None
            if stream[start : start + 2] == b"\0\0":
                cells.put_unread(row, column, _NO_RESULT)
            else:
                content = struct.pack("<HHH", row, column, style) + stream[start:end]
                cells.put(_TEXT, row, column, column, content)
        if kind not in _LEAST_BYTES:
            continue
        if waiting:
            cells.put_unread(waiting[0], waiting[1], _NO_RESULT)
            waiting = None
        content = stream[start:end]
        if len(content) < _LEAST_BYTES[kind]:
            raise CompoundDamaged("cell")
        if kind == _FORMULA:
            waiting = _formula(cells, content, found.percents)
        else:
            _cell(cells, kind, content, found)
    if waiting:
        cells.put_unread(waiting[0], waiting[1], _NO_RESULT)
    return cells


def _formula(cells: _Cells, content: bytes, percents: frozenset[int]) -> tuple[int, int, int] | None:
    """Copy a formula's result; return its place and style if that is a text, which stands in the next record."""
    row, column, style = struct.unpack_from("<HHH", content)
    if content[12:14] != b"\xff\xff":
        cells.put(_NUMBER, row, column, column, content[:14])
        if style in percents:
            cells.percents.add((row, column))
        return None
    sort, value = content[6], content[8]
    if sort == 0:
        return row, column, style
    if sort == 1:
        cells.put(_FLAG, row, column, column, struct.pack("<HHHBB", row, column, style, value, 0))
    elif sort == 2:
        cells.put_unread(row, column, UnreadCell(_ERRORS.get(value, "#N/A")))
    else:
        cells.put_unread(row, column, _NO_RESULT)
    return None


def _cell(cells: _Cells, kind: int, content: bytes, found: _Globals) -> None:
    row, column, style = struct.unpack_from("<HHH", content)
    if kind == _FLAG and content[7]:
        cells.put_unread(row, column, UnreadCell(_ERRORS.get(content[6], "#N/A")))
        return
    last = column
    if kind == _SHORT_NUMBERS:
        last = struct.unpack_from("<H", content, len(content) - 2)[0]
        if len(content) != 6 + 6 * (last - column + 1):
            raise CompoundDamaged("cells")
        styles = [struct.unpack_from("<H", content, 4 + 6 * at)[0] for at in range(last - column + 1)]
        cells.percents.update((row, column + at) for at, each in enumerate(styles) if each in found.percents)
    elif kind in (_NUMBER, _SHORT_NUMBER) and style in found.percents:
        cells.percents.add((row, column))
    elif kind == _SHARED_TEXT:
        cells.characters += found.lengths[struct.unpack_from("<I", content, 6)[0]]
    cells.put(_TEXT if kind == _RICH_TEXT else kind, row, column, last, content)
