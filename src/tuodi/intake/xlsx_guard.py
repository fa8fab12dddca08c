"""Looking at a workbook's real bytes before any spreadsheet library does.

A workbook is a zip of XML parts. Its directory may lie, a part may unpack to gigabytes, and one cell at the far corner
makes a reader allocate the whole plane. So every part is unpacked under limits, the sheets' cell references are
checked, and only a plain copy of what was seen is handed on: nobody parses the original zip a second time.
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from tuodi.intake.cells import UnreadCell
from tuodi.intake.percent_styles import percent_styles
from tuodi.intake.sources import Limits, damaged, file_finding
from tuodi.kernel.finding import Finding
from tuodi.kernel.zip_parts import DAMAGES, ZipEncrypted, ZipTooLarge, zip_parts

CellPlace = tuple[int, int]
"""Row and column, counted from 0."""

_WORKBOOK, _RELATIONS, _STYLES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"
_TEXT_BLOCK = 2**18
_MOST_TEXT_BYTES = 8 * 2**30

_CELL_STARTS = re.compile(rb'<c(?: r="([A-Z]+)|[\s/>])')
_PREFIXED_CELL = re.compile(rb":c[\s/>]")
_OTHER_CELL_STARTS = re.compile(rb"[<:]c((?:\s(?:[^>\"']|\"[^\"]*\"|'[^']*')*)?)/?>")
_OTHER_ROW_STARTS = re.compile(rb"[<:]row[\s/>]")
_REFERENCE = re.compile(rb"\br\s*=\s*[\"']\s*\$?([A-Za-z]*)\$?([0-9]*)")
# No part of it may run over the next cell's beginning: cells that never end would be walked once for each of them.
_INSIDE_CELL = rb"[^<]*(?:<(?!/?(?:\w+:)?c[\s>/])[^<]*)*"
_WHOLE_CELL = re.compile(rb"<(?:\w+:)?c\b([^<>]*?)(?:/>|>(" + _INSIDE_CELL + rb")</(?:\w+:)?c\s*>)")
_VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*>([^<]*)<")
_INLINE = re.compile(rb"<(?:\w+:)?t\b[^>]*>[^<]")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b[^>]*?(?:/>|>([^<]*)<)")
_IS_ERROR = re.compile(rb"\bt\s*=\s*[\"']e[\"']")
_STYLE = re.compile(rb"\bs\s*=\s*[\"']([0-9]+)")
_SHEET = re.compile(r"<(?:\w+:)?sheet\s([^>]*)>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\s([^>]*)>")


@dataclass(frozen=True, slots=True)
class CheckedWorkbook:
    """A plain copy of a workbook's parts; by sheet in its order the cells whose value it does not hold (``unread``).

    ``percents``: by sheet the cells that are shown as percentages.
    """

    copy: BytesIO
    unread: tuple[dict[CellPlace, UnreadCell], ...]
    percents: tuple[frozenset[CellPlace], ...]


def checked_workbook(path: Path, limits: Limits) -> CheckedWorkbook | Finding:
    """Unpack a workbook under the limits; a Finding if it is none, is damaged or is more than the limits allow."""
    copy = BytesIO()
    unread: dict[str, dict[CellPlace, UnreadCell]] = {}
    texts: dict[str, bytes] = {}
    longest_text, cells = 0, 0
    try:
        with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as target:
            for name, part in zip_parts(path, limits):
                if not name.endswith((".xml", ".rels")):
                    continue
                if _has_endless_text(part):
                    message = f"有单元格或内容超过 {limits.cell_chars} 个字符"
                    return file_finding(path, "cell-too-long", message, "请核对来源，重新导出", value=name)
                if b"sheetData" in part:
                    count = _dense_cells(part)
                    if count > limits.sheet_cells:
                        return too_wide(path, limits.sheet_cells)
                    cells = max(cells, count)
                    unread[name] = dict(_unread_cells(part))
                if name.endswith("sharedStrings.xml"):
                    longest_text = max(map(len, part.split(b"<si")))
                if name in (_WORKBOOK, _RELATIONS, _STYLES):
                    texts[name] = part
                target.writestr(name, part)
    except ZipTooLarge as too_much:
        return limits.exceeded(path, str(too_much))
    except ZipEncrypted:
        return file_finding(path, "file-encrypted", "工作簿已加密", "请在表格软件中取消密码后另存，再导入")
    except DAMAGES:
        return damaged(path, "工作簿")
    if longest_text * cells > _MOST_TEXT_BYTES:
        return limits.exceeded(path, "单元格中的文字总量过大")
    if not {_WORKBOOK, _RELATIONS} <= texts.keys():
        return file_finding(path, "file-format", "不是 XLSX 工作簿", "请用表格软件打开，另存为 XLSX 后再导入")
    order = _sheet_parts(texts[_WORKBOOK], texts[_RELATIONS])
    if any(unread.values()) and not set(order) >= {name for name, found in unread.items() if found}:
        return damaged(path, "工作簿的目录")
    percents = _percents(copy, order, percent_styles(texts.get(_STYLES, b"")))
    copy.seek(0)
    return CheckedWorkbook(copy, tuple(unread.get(name, {}) for name in order), percents)


def too_wide(path: Path, most_cells: int) -> Finding:
    """Return the finding for a sheet whose cells span more than a reader may allocate."""
    message = f"工作表的范围超过 {most_cells} 个单元格"
    return file_finding(path, "file-too-large", message, "请删除数据区以外的行和列后另存，或拆成几个文件")


def _has_endless_text(part: bytes) -> bool:
    # Text twice as long as a block holds a whole block without a tag; no honest cell comes near that.
    return any(part.find(b"<", at, at + _TEXT_BLOCK) < 0 for at in range(0, len(part) - _TEXT_BLOCK, _TEXT_BLOCK))


def _dense_cells(part: bytes) -> int:
    """Return how many cells the smallest rectangle round all cells of a sheet may have: what a reader allocates."""
    columns = set(_CELL_STARTS.findall(part))
    if b"" in columns or _PREFIXED_CELL.search(part):
        return _dense_cells_of_unusual(part)
    width = max(map(_column_number, columns), default=0)
    # Only references with at least as many digits as the limit could matter: few are left to convert.
    rows_below = max(1_000, part.count(b"<row"))
    longer = re.findall(rb'<c r="[A-Z]+([0-9]{%d,})' % len(str(rows_below)), part)
    height = max([rows_below, *map(_row_number, longer)])
    return width * height


def _dense_cells_of_unusual(part: bytes) -> int:
    """Return the same for a sheet with prefixed tags, other quotes, or cells that do not say where they are."""
    if b"<!" in part:
        raise ValueError("comments or raw text in a sheet could hide cells from the patterns here")
    width = height = 0
    pieces = _OTHER_ROW_STARTS.split(part)
    for piece in pieces:
        attributes = _OTHER_CELL_STARTS.findall(piece)
        width = max(width, len(attributes))
        for text in attributes:
            found = _REFERENCE.search(text)
            if found:
                width = max(width, _column_number(found[1].upper()))
                height = max(height, _row_number(found[2]))
    for row in re.findall(rb"[<:]row\s[^<>]*?\br\s*=\s*[\"']([0-9]+)", part):
        height = max(height, _row_number(row))
    return width * (height + len(pieces))


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters[:8]:
        number = number * 26 + letter - 64
    return number


def _row_number(digits: bytes) -> int:
    return int(digits[:12] or b"0")


def _unread_cells(part: bytes) -> Iterator[tuple[CellPlace, UnreadCell]]:
    """Yield the cells that readers show as empty although they are not: errors and formulas without a result."""
    signs = (b"<f", b't="e"') if b"<c r=" in part else (b"<f", b":f", b't="e"', b"t='e'")
    if not any(sign in part for sign in signs):
        return
    for place, attributes, content in _cells(part):
        value = _VALUE.search(content)
        if _IS_ERROR.search(attributes):
            yield place, UnreadCell(value[1].decode(errors="replace") if value else "#N/A")
        elif (formula := _FORMULA.search(content)) and not (value and value[1]) and not _INLINE.search(content):
            text = (formula[1] or b"").decode(errors="replace")
            yield place, UnreadCell(f"={text}", is_formula=True)


def _cells(part: bytes) -> Iterator[tuple[CellPlace, bytes, bytes]]:
    """Yield the cells of a sheet: place, attributes, content."""
    row = column = -1
    for match in re.finditer(rb"<(?:\w+:)?row\b([^<>]*)>|" + _WHOLE_CELL.pattern, part):
        row_attributes, attributes, content = match.groups()
        if row_attributes is not None:
            place = _REFERENCE.search(row_attributes)
            row, column = (_row_number(place[2]) - 1 if place else row + 1), -1
            continue
        place = _REFERENCE.search(attributes)
        column = _column_number(place[1].upper()) - 1 if place else column + 1
        if place:
            row = _row_number(place[2]) - 1
        yield (row, column), attributes, content or b""


def _percents(copy: BytesIO, order: Sequence[str], styles: frozenset[int]) -> tuple[frozenset[CellPlace], ...]:
    """Return for each sheet the cells of these styles; workbooks without them, nearly all, are not looked at again."""
    if not styles:
        return tuple(frozenset() for _ in order)
    with zipfile.ZipFile(copy) as parts:
        held = set(parts.namelist())
        return tuple(
            frozenset(
                place
                for place, attributes, _ in _cells(parts.read(name) if name in held else b"")
                if (style := _STYLE.search(attributes)) and int(style[1][:9]) in styles
            )
            for name in order
        )


def _sheet_parts(workbook: bytes, relations: bytes) -> list[str]:
    """Return the part names of the sheets in the workbook's order; an unknown one is empty."""
    targets: dict[str, str] = {}
    for text in _RELATION.findall(relations.decode(errors="replace")):
        target = _attribute(text, "Target")
        targets[_attribute(text, "Id")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    sheets = _SHEET.findall(workbook.decode(errors="replace"))
    return [targets.get(_attribute(text, "id"), "") for text in sheets]


def _attribute(text: str, name: str) -> str:
    found = re.search(rf"(?:^|[\s:]){name}\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", text)
    return (found[1] or found[2] or "") if found else ""
