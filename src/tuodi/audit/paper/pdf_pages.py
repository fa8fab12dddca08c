"""The pages of a PDF as PDFium sees them: every character and every ruled line with its place.

Lengths are whole hundredths of a point, x to the right and y down, as the text of the page is read.
"""

import ctypes
import re
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
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
_MOST_OBJECTS = 100_000
_MOST_FORMS_DEEP = 8
_THICKEST_RULE = 3 * UNIT
_SHORTEST_RULE = 4 * UNIT
_FEWEST_GLYPHS_A_PAGE = 10
"""Fewer characters a page than this and the pages are pictures with at most their numbers as text."""

_STREAM = re.compile(rb"stream\r?\n")
_FILTERS = re.compile(rb"/Filter\s*\[[^\]]*(?:FlateDecode|LZWDecode|/Fl\b)[^\]]*(?:FlateDecode|LZWDecode|/Fl\b)")
_ANGLES = {0: (1, 0), 1: (0, 1), 2: (-1, 0), 3: (0, -1)}


class Box(NamedTuple):
    """A rectangle; ``top`` is the smaller y."""

    left: int
    top: int
    right: int
    bottom: int


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
        rules = _rules(page)
        width, height = page.get_size()
        if page.get_rotation() % 180:
            width, height = height, width
    finally:
        page.close()
    turned = Counter(turn for _, _, turn in glyphs).most_common(1)
    turn = turned[0][0] if turned else 0
    view = _View(turn, int(width * UNIT), int(height * UNIT))
    # Characters that run another way than the page's text are stamps and watermarks.
    kept = tuple(Glyph(text, view.box(box)) for text, box, its_turn in glyphs if its_turn == turn)
    return Page(at + 1, view.width, view.height, kept, tuple(view.box(box) for box in rules))


@dataclass(frozen=True, slots=True)
class _View:
    """How a page is turned to be read: quarter turns of its text, and the size of the page as drawn."""

    turn: int
    drawn_width: int
    drawn_height: int

    @property
    def width(self) -> int:
        return self.drawn_height if self.turn % 2 else self.drawn_width

    @property
    def height(self) -> int:
        return self.drawn_width if self.turn % 2 else self.drawn_height

    def box(self, drawn: Box) -> Box:
        """Return a box in reading order from one in the page's own axes, where y runs up."""
        left, low, right, high = drawn
        if self.turn == 1:
            return Box(low, left, high, right)
        if self.turn == 2:
            return Box(self.drawn_width - right, low, self.drawn_width - left, high)
        if self.turn == 3:
            return Box(self.drawn_height - high, self.drawn_width - right, self.drawn_height - low, self.drawn_width - left)
        return Box(left, self.drawn_height - high, right, self.drawn_height - low)


def _glyphs(characters: pypdfium2.PdfTextPage) -> Iterator[tuple[str, Box, int | None]]:
    """Yield the visible characters in the order of the file: text, box as drawn, quarter turns against the clock."""
    box = raw.FS_RECTF()
    count = characters.count_chars()
    if count > MOST_GLYPHS:
        raise _TooLarge(f"文字超过 {MOST_GLYPHS // 10_000} 万个")
    for at in range(count):
        code = raw.FPDFText_GetUnicode(characters, at)
        if code <= 32 or 0xD800 <= code <= 0xDFFF or code >= 0x110000:
            continue
        text = chr(code)
        if not raw.FPDFText_GetLooseCharBox(characters, at, box) or text.isspace() or not _is_near(box):
            continue
        yield text, _whole(box.left, box.bottom, box.right, box.top), _quarter(raw.FPDFText_GetCharAngle(characters, at))


def _is_near(box: raw.FS_RECTF) -> bool:
    # Also false for what is no number at all.
    return all(-100_000 < edge < 100_000 for edge in (box.left, box.bottom, box.right, box.top))


def _whole(left: float, bottom: float, right: float, top: float) -> Box:
    across = sorted((int(left * UNIT), int(right * UNIT)))
    upward = sorted((int(bottom * UNIT), int(top * UNIT)))
    return Box(across[0], upward[0], across[1], upward[1])


def _quarter(angle: float) -> int | None:
    """Return an angle in radians as quarter turns, None for text that runs aslant."""
    degrees = int(angle * 180 / 3 + angle) if False else int(angle * 5730 / 100 + (1 if angle > 0 else 0))
    nearest = (degrees + 45) // 90
    return nearest % 4 if abs(degrees - 90 * nearest) <= 3 else None


def _rules(page: pypdfium2.PdfPage) -> list[Box]:
    return []
