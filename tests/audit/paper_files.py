"""Small papers made for the tests: Word files with raw XML inside, PDFs drawn by hand, workbooks."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import xlsxwriter
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

W = nsdecls("w")


def word(path: Path, *body: str, parts: dict[str, str] | None = None) -> Path:
    """Write a Word file whose body is the given XML (prefix ``w``); ``parts`` are replaced or added as they are."""
    document = Document()
    element = document.element.body
    for xml in body:
        element.insert(len(element) - 1, parse_xml(xml if "xmlns" in xml else re.sub(r"^<[\w:]+", rf"\g<0> {W}", xml)))
    document.save(str(path))
    if parts:
        repacked(path, {name: text.encode() for name, text in parts.items()})
    return path


def repacked(path: Path, changed: dict[str, bytes]) -> Path:
    """Replace or add parts of a zip file."""
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()} | changed
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return path


def p(text: str, properties: str = "") -> str:
    """Return a paragraph's XML."""
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def tc(content: str, properties: str = "") -> str:
    """Return a cell's XML; content without markup becomes its paragraph."""
    inner = content if content.startswith("<") else f"<w:p><w:r><w:t>{content}</w:t></w:r></w:p>"
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def tbl(*rows: Iterable[str]) -> str:
    """Return a table's XML from rows of cells (``tc`` or plain text)."""
    lines = "".join(
        "<w:tr>" + "".join(cell if cell.startswith("<w:tc") else tc(cell) for cell in row) + "</w:tr>" for row in rows
    )
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{lines}</w:tbl>"


class Pdf:
    """A PDF drawn page by page with a font that has no glyphs of its own; enough for a reader of text."""

    def __init__(self) -> None:
        self.pages: list[list[str]] = []
        self.turned: list[int] = []

    def page(self, turned: int = 0) -> "Pdf":
        """Begin a page of 600 × 800 points."""
        self.pages.append([])
        self.turned.append(turned)
        return self

    def text(self, x: int, y: int, text: str, size: int = 10, matrix: str = "1 0 0 1") -> "Pdf":
        """Write a text whose first character begins at x, y (from below)."""
        code = text.encode("utf-16-be").hex()
        self.pages[-1].append(f"BT /F1 {size} Tf {matrix} {x} {y} Tm <{code}> Tj ET")
        return self

    def line(self, x1: int, y1: int, x2: int, y2: int) -> "Pdf":
        """Draw a line."""
        self.pages[-1].append(f"{x1} {y1} m {x2} {y2} l S")
        return self

    def grid(self, columns: Sequence[int], rows: Sequence[int]) -> "Pdf":
        """Rule a table: the x of the upright lines, the y of the level ones."""
        for x in columns:
            self.line(x, rows[0], x, rows[-1])
        for y in rows:
            self.line(columns[0], y, columns[-1], y)
        return self

    def bytes(self, trailer: str = "", packed: bool = True) -> bytes:
        """Return the file."""
        count = len(self.pages)
        kids = " ".join(f"{5 + 2 * at} 0 R" for at in range(count))
        objects = [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode(),
            b"<< /Type /Font /Subtype /Type0 /BaseFont /SimSun /Encoding /UniGB-UTF16-H /DescendantFonts [4 0 R] >>",
            b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /SimSun /DW 1000 /W [1 [500]] "
            b"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 5 >> "
            b"/FontDescriptor << /Type /FontDescriptor /FontName /SimSun /Flags 4 /FontBBox [0 -200 1000 900] "
            b"/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 80 >> >>",
        ]
        for at, marks in enumerate(self.pages):
            content = "\n".join(marks).encode()
            stream = zlib.compress(content) if packed else content
            how = b"/Filter /FlateDecode " if packed else b""
            objects.append(
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Rotate {self.turned[at]} "
                f"/Resources << /Font << /F1 3 0 R >> >> /Contents {6 + 2 * at} 0 R >>".encode()
            )
            objects.append(b"<< " + how + b"/Length %d >>\nstream\n" % len(stream) + stream + b"\nendstream")
        return assembled(objects, trailer)


def assembled(objects: Sequence[bytes], trailer: str = "") -> bytes:
    """Return a PDF of numbered objects with its table of places."""
    out, places = b"%PDF-1.7\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + each + b"\nendobj\n"
    table = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n" + "".join(
        f"{place:010} 00000 n \n" for place in places
    )
    end = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer}>>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + table.encode() + end.encode()


def workbook(path: Path, sheets: dict[str, Sequence[Sequence[object]]], merged: Sequence[str] = ()) -> Path:
    """Write a workbook; ``merged`` are ranges of the first sheet such as ``A1:D1``."""
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
        for each in merged:
            book.worksheets()[0].merge_range(each, "")
            first = book.worksheets()[0]
            row, column = int("".join(filter(str.isdigit, each.split(":")[0]))) - 1, ord(each[0]) - ord("A")
            first.write(row, column, next(iter(sheets.values()))[row][column])
    return path
