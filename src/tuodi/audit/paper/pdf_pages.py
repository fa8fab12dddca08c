"""The pages of a PDF as PDFium sees them: every character and every ruled line with its place.

Lengths are whole hundredths of a point, x to the right and y down, as the text of the page is read.
"""

import ctypes
import math
import re
import sys
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pypdfium2
from pypdfium2 import raw

from tuodi.kernel.finding import Finding

UNIT = 100
MOST_PAGES = 2_000
MOST_GLYPHS = 5_000_000
MOST_SECONDS = 120
MOST_STREAM_BYTES = 256 * 2**20
MOST_POINTS = 100_000
_MOST_OBJECTS = 100_000
_MOST_SEGMENTS = 20_000
_MOST_DEGREES = 3
_MOST_FORMS_DEEP = 8
_THICKEST_RULE = 3 * UNIT
_SHORTEST_RULE = 4 * UNIT
_FEWEST_GLYPHS_A_PAGE = 10
"""Fewer characters a page than this and the pages are pictures with at most their numbers as text."""

_STREAM = re.compile(rb"stream\r?\n")
_FILTERS = re.compile(rb"/Filter\s*\[[^\]]*(?:FlateDecode|LZWDecode|/Fl\b)[^\]]*(?:FlateDecode|LZWDecode|/Fl\b)")


class Box(NamedTuple):
    """A rectangle; ``top`` is the smaller y."""

    left: int
    top: int
    right: int
    bottom: int


class Matrix(NamedTuple):
    """How a form or path is moved, turned and stretched on its page, with the letters of the PDF standard."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float


_AS_IT_IS = Matrix(1, 0, 0, 1, 0, 0)


class Glyph(NamedTuple):
    """A character and the box its font gives it."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class Page:
    """One page, its number from 1; ``rules`` are straight lines along the text or across it, their boxes thin."""

    number: int
    width: int
    height: int
    glyphs: tuple[Glyph, ...]
    rules: tuple[Box, ...]


class _TooLarge(Exception):
    """More than the limits allow; the text tells in Chinese what is too much."""


def pdf_pages(path: Path, clock: Callable[[], float] = time.monotonic) -> list[Page] | Finding:
    """Return the pages of a PDF with a text layer, or why it cannot be read."""
    started = clock()
    pages: list[Page] = []
    try:
        _check_streams(path.read_bytes())
        with pypdfium2.PdfDocument(path) as document:
            if len(document) > MOST_PAGES:
                return _too_large(path, f"页数超过 {MOST_PAGES} 页")
            glyphs = 0
            for at in range(len(document)):
                pages.append(_page(document, at))
                glyphs += len(pages[-1].glyphs)
                if glyphs > MOST_GLYPHS:
                    return _too_large(path, f"文字超过 {MOST_GLYPHS // 10_000} 万个")
                if clock() - started > MOST_SECONDS:
                    return _too_large(path, f"读取时间超过 {MOST_SECONDS} 秒")
    except _TooLarge as large:
        return _too_large(path, str(large))
    except pypdfium2.PdfiumError as problem:
        if problem.err_code == raw.FPDF_ERR_PASSWORD:
            return _finding(path, "file-encrypted", "PDF 已加密，要密码才能打开", "请取消密码后另存，再审核")
        return _finding(path, "file-damaged", "PDF 已损坏或不完整", "请重新导出 PDF，或直接审核原来的 Word 文件")
    if glyphs < _FEWEST_GLYPHS_A_PAGE * len(pages) or not glyphs:
        message = "扫描件没有文字层，读不出文字" if pages else "PDF 里没有页面"
        return _finding(path, "file-scanned", message, "请用可复制文字的 PDF 或原 Word 文件")
    return pages


def _check_streams(content: bytes) -> None:
    """Refuse a stream that unpacks to more than any page needs: the library would unpack it whole."""
    if _FILTERS.search(content):
        raise _TooLarge("内容经过多重压缩")
    for match in _STREAM.finditer(content):
        if content[match.end() : match.end() + 1] not in (b"x", b"h", b"\x08", b"X"):
            continue
        unpacker, packed, total = zlib.decompressobj(), content[match.end() : match.end() + 2**16], 0
        at = match.end() + len(packed)
        try:
            while packed and not unpacker.eof and total <= MOST_STREAM_BYTES:
                total += len(unpacker.decompress(packed, 2**20))
                packed = unpacker.unconsumed_tail
                if not packed and not unpacker.eof:
                    packed = content[at : at + 2**16]
                    at += len(packed)
        except zlib.error:
            continue
        if total > MOST_STREAM_BYTES:
            raise _TooLarge(f"有内容解压后超过 {MOST_STREAM_BYTES // 2**20} MB")


def _page(document: pypdfium2.PdfDocument, at: int) -> Page:
    page = document[at]
    try:
        characters = page.get_textpage()
        try:
            glyphs = list(_glyphs(characters))
        finally:
            characters.close()
        drawn = page.get_bbox()
        rules = _rules(page)
    finally:
        page.close()
    turns = Counter(turn for _, _, turn in glyphs if turn is not None).most_common(1)
    view = _View(turns[0][0] if turns else 0, _whole(*map(_kept_near, drawn)))
    # Characters that run another way than the page's text are stamps and watermarks.
    kept = tuple(Glyph(text, view.box(box)) for text, box, turn in glyphs if turn == view.turn)
    return Page(at + 1, view.width, view.height, kept, tuple(map(view.box, rules)))


@dataclass(frozen=True, slots=True)
class _View:
    """How a page is turned to be read: quarter turns of its text against the clock, and the page as drawn."""

    turn: int
    drawn: Box

    @property
    def width(self) -> int:
        return self._down if self.turn % 2 else self._across

    @property
    def height(self) -> int:
        return self._across if self.turn % 2 else self._down

    @property
    def _across(self) -> int:
        return self.drawn.right - self.drawn.left

    @property
    def _down(self) -> int:
        return self.drawn.bottom - self.drawn.top

    def box(self, drawn: Box) -> Box:
        """Return a box in reading order from one in the page's own axes, where y runs up."""
        left, right = drawn.left - self.drawn.left, drawn.right - self.drawn.left
        low, high = drawn.top - self.drawn.top, drawn.bottom - self.drawn.top
        if self.turn == 1:
            return Box(low, left, high, right)
        if self.turn == 2:
            return Box(self._across - right, low, self._across - left, high)
        if self.turn == 3:
            return Box(self._down - high, self._across - right, self._down - low, self._across - left)
        return Box(left, self._down - high, right, self._down - low)


def _glyphs(characters: pypdfium2.PdfTextPage) -> Iterator[tuple[str, Box, int | None]]:
    """Yield the visible characters in the order of the file: text, box as drawn, quarter turns against the clock."""
    box = raw.FS_RECTF()
    count = characters.count_chars()
    if count > MOST_GLYPHS:
        raise _TooLarge(f"文字超过 {MOST_GLYPHS // 10_000} 万个")
    for at in range(count):
        code = raw.FPDFText_GetUnicode(characters, at)
        if code > sys.maxunicode or not chr(code).isprintable() or chr(code).isspace():
            # Half of a pair, a sign that steers the direction of writing, or nothing to see.
            continue
        if raw.FPDFText_GetLooseCharBox(characters, at, box):
            edges = map(_kept_near, (box.left, box.bottom, box.right, box.top))
            yield chr(code), _whole(*edges), _quarter(raw.FPDFText_GetCharAngle(characters, at))


def _kept_near(length: float) -> float:
    """Return a length kept within what any page has; what is no number at all counts as 0."""
    return min(max(length, -MOST_POINTS), MOST_POINTS) if length == length else 0


def _whole(left: float, low: float, right: float, high: float) -> Box:
    across = sorted((int(left * UNIT), int(right * UNIT)))
    upward = sorted((int(low * UNIT), int(high * UNIT)))
    return Box(across[0], upward[0], across[1], upward[1])


def _quarter(angle: float) -> int | None:
    """Return an angle with the clock, in radians, as quarter turns against it; None for text that runs aslant."""
    degrees = int(math.degrees(angle)) if math.isfinite(angle) else 0
    nearest = (degrees + 45) // 90
    return -nearest % 4 if abs(degrees - 90 * nearest) <= _MOST_DEGREES else None


def _rules(page: pypdfium2.PdfPage) -> list[Box]:
    """Return the straight lines drawn along the axes, thin filled rectangles too, forms inside the page included."""
    found: list[Box] = []
    holders: list[tuple[object, Matrix, int]] = [(page, _AS_IT_IS, 0)]
    looked_at = 0
    while holders:
        holder, outer, depth = holders.pop()
        count, get = (
            (raw.FPDFFormObj_CountObjects, raw.FPDFFormObj_GetObject)
            if depth
            else (raw.FPDFPage_CountObjects, raw.FPDFPage_GetObject)
        )
        for at in range(count(holder)):
            looked_at += 1
            if looked_at > _MOST_OBJECTS:
                # A map or a drawing: whatever stands in it, it is no table.
                return []
            drawn = get(holder, at)
            kind = raw.FPDFPageObj_GetType(drawn)
            if kind == raw.FPDF_PAGEOBJ_PATH:
                found += _rules_of(drawn, _matrix(drawn, outer))
            elif kind == raw.FPDF_PAGEOBJ_FORM and depth < _MOST_FORMS_DEEP:
                holders.append((drawn, _matrix(drawn, outer), depth + 1))
    return found


def _rules_of(path: object, matrix: Matrix) -> Iterator[Box]:
    """Yield the lines of one path that lie along an axis and are long enough to be ruled.

    Of what is only filled, thin pieces count: Word draws borders so, while bars of a chart are no lines.
    """
    count = raw.FPDFPath_CountSegments(path)
    if count > _MOST_SEGMENTS:
        return
    mode, stroked = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path, mode, stroked)
    x, y = ctypes.c_float(), ctypes.c_float()
    piece: list[tuple[int, int]] = []
    for at in range(count):
        segment = raw.FPDFPath_GetPathSegment(path, at)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            yield from _rules_along(piece, bool(stroked))
            piece = []
        elif kind == raw.FPDF_SEGMENT_BEZIERTO:
            piece = []
        piece.append(_moved(matrix, x.value, y.value))
        if raw.FPDFPathSegment_GetClose(segment):
            piece.append(piece[0])
    yield from _rules_along(piece, bool(stroked))


def _rules_along(points: Sequence[tuple[int, int]], stroked: bool) -> Iterator[Box]:
    if len(points) < 2:
        return
    across, upward = (max(each) - min(each) for each in zip(*points, strict=True))
    if stroked or min(across, upward) <= _THICKEST_RULE:
        for one, other in pairwise(points):
            yield from _rule(one, other)


def _rule(one: tuple[int, int], other: tuple[int, int]) -> Iterator[Box]:
    across, upward = abs(one[0] - other[0]), abs(one[1] - other[1])
    if min(across, upward) <= UNIT and max(across, upward) >= _SHORTEST_RULE:
        yield Box(min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1]))


def _matrix(drawn: object, outer: Matrix) -> Matrix:
    """Return what an object's own matrix and the one of the form around it make together."""
    own = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(drawn, own):
        return outer
    return Matrix(
        own.a * outer.a + own.b * outer.c,
        own.a * outer.b + own.b * outer.d,
        own.c * outer.a + own.d * outer.c,
        own.c * outer.b + own.d * outer.d,
        own.e * outer.a + own.f * outer.c + outer.e,
        own.e * outer.b + own.f * outer.d + outer.f,
    )


def _moved(matrix: Matrix, x: float, y: float) -> tuple[int, int]:
    across = matrix.a * x + matrix.c * y + matrix.e
    upward = matrix.b * x + matrix.d * y + matrix.f
    return int(_kept_near(across) * UNIT), int(_kept_near(upward) * UNIT)


def _too_large(path: Path, what: str) -> Finding:
    return _finding(path, "file-too-large", what, "请核对文件是否正确，或拆成几个文件分别审核")


def _finding(path: Path, rule: str, message: str, advice: str) -> Finding:
    return Finding(rule=rule, message=message, advice=advice, file=path.name)
