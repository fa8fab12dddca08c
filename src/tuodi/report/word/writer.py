"""A report as a Word file in the typography of official documents.

The same report with the same page numbers always gives the same bytes: no clock and no path goes into the file.
"""

from collections.abc import Mapping
from pathlib import Path

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tuodi.kernel.files import written_whole
from tuodi.report.blocks import Block, Chart, Gap, Heading, Paragraph, ParagraphStyle, Report, Table
from tuodi.report.word.charts import chart_xml
from tuodi.report.word.controls import gap_xml
from tuodi.report.word.cover import cover_xml
from tuodi.report.word.fields import contents_xml, heading_xml, page_number_xml
from tuodi.report.word.package import packed
from tuodi.report.word.pages import LANDSCAPE, PORTRAIT, Page, entries, heading_keys, turned
from tuodi.report.word.record import add_record, record_of
from tuodi.report.word.styles import set_up
from tuodi.report.word.tables import table_xml
from tuodi.report.word.text import clean, paragraph, plain, run, runs

_PARAGRAPH_STYLES = {
    ParagraphStyle.BODY: "BodyText",
    ParagraphStyle.LIST: "ListItem",
    ParagraphStyle.NOTE: "TableNote",
    ParagraphStyle.SOURCE: "SourceNote",
}
# A paragraph of a single point, so that it never takes a page of its own: a section ends in one, and Word would join
# two tables that nothing parts.
_TINY = '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
_LEFT = '<w:jc w:val="left"/>'
_TINY_RUN = '<w:rPr><w:sz w:val="2"/></w:rPr>'


def write_report(path: Path, report: Report, pages: Mapping[str, int] | None = None) -> None:
    """Write the report; nothing is left behind on failure.

    ``pages`` gives the page of each heading in the contents by ``pages.Entry.key``; where one is missing its entry
    has no number and Word asks to fill the contents when it opens the file. Raises OSError where the file cannot be
    written, ValueError where the report itself is wrong (a table's rows do not fill it, two gaps share a name).
    """
    content = report_bytes(report, pages)
    with written_whole(path) as temporary:
        temporary.write_bytes(content)


def report_bytes(report: Report, pages: Mapping[str, int] | None = None) -> bytes:
    """Return the report as the bytes of a .docx file; see ``write_report``."""
    document = Document()
    listed = entries(report) if report.contents else ()
    known = pages or {}
    set_up(document, update_fields=any(entry.key not in known for entry in listed))
    _set_properties(document, report)
    sections = _Sections(document, report)
    body = ""
    if report.cover:
        body += cover_xml(report.cover, draft=report.draft) + sections.end(PORTRAIT, bare=True)
    if listed:
        body += contents_xml(listed, known) + sections.end(PORTRAIT, numbering='w:fmt="upperRoman" w:start="1"')
    body += _body(document, report, sections)
    _replace_body(document, body)
    add_record(document, record_of(report, document.element.body))
    return packed(document)


def _set_properties(document: WordDocument, report: Report) -> None:
    core = document.core_properties
    core.title = plain((*report.cover.title, *report.cover.words))[:255] if report.cover else ""
    core.subject, core.language = clean(report.id)[:255], "zh-CN"
    core.author = core.last_modified_by = "托底"
    core.comments = core.keywords = ""
    for element in list(core._element):
        # No clock: the file does not say when it was made.
        if element.tag.endswith(("}created", "}modified")):
            core._element.remove(element)


def _replace_body(document: WordDocument, inner: str) -> None:
    body = document.element.body
    for child in list(body):
        body.remove(child)
    for child in list(parse_xml(f"<w:body {nsdecls('w', 'r', 'wp', 'a')}>{inner}</w:body>")):
        body.append(child)


class _Sections:
    """Ends sections: the properties of each, with the header and footer that all but the cover carry."""

    def __init__(self, document: WordDocument, report: Report) -> None:
        part = document.part
        footer, self._footer = part.add_footer_part()
        _fill(footer, page_number_xml())
        self._header = ""
        if report.header:
            header, self._header = part.add_header_part()
            _fill(header, paragraph(run(report.header), "header"))

    def properties(self, page: Page, *, numbering: str = "", bare: bool = False) -> str:
        """Return the properties of a section; ``bare``: without header and footer."""
        links = "" if bare else f'<w:footerReference w:type="default" r:id="{self._footer}"/>'
        if self._header and not bare:
            links = f'<w:headerReference w:type="default" r:id="{self._header}"/>{links}'
        turn = ' w:orient="landscape"' if page.width > page.height else ""
        number = f"<w:pgNumType {numbering}/>" if numbering else ""
        return (
            f'<w:sectPr>{links}<w:type w:val="nextPage"/><w:pgSz w:w="{page.width}" w:h="{page.height}"{turn}/>'
            f'<w:pgMar w:top="{page.top}" w:right="{page.right}" w:bottom="{page.bottom}" w:left="{page.left}" '
            f'w:header="850" w:footer="{page.footer}" w:gutter="0"/>{number}</w:sectPr>'
        )

    def end(self, page: Page, *, numbering: str = "", bare: bool = False) -> str:
        """Return the paragraph that ends a section."""
        properties = self.properties(page, numbering=numbering, bare=bare)
        return _tiny(properties)


def _tiny(more: str = "", before: str = "") -> str:
    return paragraph("", "TableNote", f"{before}{_TINY}{_TINY_RUN}{more}")


def _fill(part: object, inner: str) -> None:
    root = part.element  # type: ignore[attr-defined]
    for child in list(root):
        root.remove(child)
    root.append(parse_xml(inner.replace("<w:p>", f"<w:p {nsdecls('w', 'r')}>", 1)))


def _body(document: WordDocument, report: Report, sections: _Sections) -> str:
    blocks = (*report.blocks, *report.annexes)
    wide = turned(blocks)
    keys = heading_keys(report)
    numbering = 'w:fmt="decimal" w:start="1"'
    parts = []
    for at, block in enumerate(blocks):
        begins_section = at == 0 or wide[at] != wide[at - 1]
        if begins_section and at:
            parts.append(sections.end(LANDSCAPE if wide[at - 1] else PORTRAIT, numbering=numbering))
            numbering = ""
        if isinstance(block, Heading):
            parts.append(heading_xml(block, next(keys), at, first_of_section=begins_section))
        elif isinstance(block, Table):
            # A chart shows the figures of the table above it.
            with_next = at + 1 < len(blocks) and isinstance(blocks[at + 1], Chart)
            parts.append(table_xml(block, with_next=with_next) + _tiny(before="<w:keepNext/>" if with_next else ""))
        else:
            parts.append(_block(document, block, at))
    last = LANDSCAPE if wide and wide[-1] else PORTRAIT
    return "".join(parts) + sections.properties(last, numbering=numbering)


def _block(document: WordDocument, block: Block, number: int) -> str:
    match block:
        case Paragraph():
            return paragraph(runs(block.text), _PARAGRAPH_STYLES[block.style], _form(block))
        case Chart():
            return chart_xml(document, block, number + 1)
        case Gap():
            return gap_xml(block, number + 1)
        case Heading() | Table():
            raise TypeError("headings and tables are laid out with what stands around them")


def _form(block: Paragraph) -> str:
    """Set a paragraph with numbers to the left: between even margins a calculation is torn apart."""
    return _LEFT if any(any(map(str.isdigit, fragment.text)) for fragment in block.text) else ""
