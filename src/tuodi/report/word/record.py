"""What a written document keeps about itself in a custom XML part, which Word carries along when it saves.

It holds the report's id, every figure and quote in the order of the body, what each passage shows while open, and
digests of the body's words, with and without those passages.
"""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from html import escape
from typing import NamedTuple

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement

from tuodi.intake.word_text import paragraphs
from tuodi.kernel.fragments import Text, Words
from tuodi.report.blocks import Block, Chart, Gap, Heading, Paragraph, Report, Table
from tuodi.report.word.controls import GapRecord, controls, gap_records
from tuodi.report.word.text import clean

NAMESPACE = "urn:tuodi:report"
ITEM_ID = "{5A1C8E52-3F0B-4D7A-9C46-74756F646901}"

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_PROPERTIES_TYPE = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
_PROPERTIES_RELATION = f"{RELATIONSHIP_TYPE.CUSTOM_XML}Props"
_DATA_STORE = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"


class Bound(NamedTuple):
    """One figure or quote of the body as printed, and what it is bound to."""

    key: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What the part says. ``digest`` is of the words outside the passages, ``whole`` of all."""

    id: str
    figures: tuple[Bound, ...]
    gaps: tuple[GapRecord, ...]
    digest: str
    whole: str


def bound(report: Report) -> tuple[Bound, ...]:
    """Return every figure and quote in the order in which the document shows them."""
    fragments = (fragment for text in _texts(report) for fragment in text)
    return tuple(Bound(fragment.key, clean(fragment.text)) for fragment in fragments if not isinstance(fragment, Words))


def _texts(report: Report) -> Iterator[Text]:
    cover = report.cover
    if cover:
        yield cover.number
        yield cover.title
        yield cover.words
        yield from (text for _, text in cover.lines)
        yield from cover.foot
    for block in (*report.blocks, *report.annexes):
        yield from _texts_of(block)


def _texts_of(block: Block) -> Iterator[Text]:
    match block:
        case Heading() | Paragraph():
            yield block.text
        case Table():
            yield block.caption
            yield from (cell.text for row in block.rows for cell in row)
        case Chart():
            yield block.values
            yield block.caption
        case Gap():
            pass


def digest_of(body: OxmlElement, without: Collection[GapRecord] = ()) -> str:
    """Return a digest of the body's words outside these passages: spaces, line breaks and fields do not count."""
    own = {control for _, control in controls(body, without)}
    lines = ("".join(text.split()) for text in paragraphs(body, without=own, fields=False))
    return hashlib.sha256("\n".join(line for line in lines if line).encode()).hexdigest()


def record_of(report: Report, body: OxmlElement) -> Record:
    """Return the record of a report just laid out as ``body``."""
    gaps = gap_records(report.gaps)
    return Record(
        id=report.id,
        figures=bound(report),
        gaps=gaps,
        digest=digest_of(body, gaps),
        whole=digest_of(body),
    )


def add_record(document: Document, record: Record) -> None:
    """Put the record into the document's package."""
    package = document.part.package
    item = Part(PackURI("/customXml/item1.xml"), "application/xml", _record_xml(record).encode(), package)
    properties = (
        f'{_HEAD}<ds:datastoreItem xmlns:ds="{_DATA_STORE}" ds:itemID="{ITEM_ID}">'
        f'<ds:schemaRefs><ds:schemaRef ds:uri="{NAMESPACE}"/></ds:schemaRefs></ds:datastoreItem>'
    )
    beside = Part(PackURI("/customXml/itemProps1.xml"), _PROPERTIES_TYPE, properties.encode(), package)
    item.relate_to(beside, _PROPERTIES_RELATION)
    document.part.relate_to(item, RELATIONSHIP_TYPE.CUSTOM_XML)


def _record_xml(record: Record) -> str:
    figures = "".join(f'<figure key="{_quoted(key)}">{escape(text)}</figure>' for key, text in record.figures)
    gaps = "".join(
        f'<gap name="{_quoted(name)}" title="{_quoted(title)}">{escape(shown)}</gap>'
        for name, title, shown in record.gaps
    )
    digests = f'digest="{record.digest}" whole="{record.whole}"'
    return (
        f'{_HEAD}<report xmlns="{NAMESPACE}" id="{_quoted(record.id)}" {digests} xml:space="preserve">'
        f"<gaps>{gaps}</gaps><figures>{figures}</figures></report>"
    )


def _quoted(text: str) -> str:
    return escape(clean(text)).replace("\n", "&#10;").replace("\t", "&#9;")


def parsed_record(root: OxmlElement) -> Record | None:
    """Return the record that a custom XML part holds; None where it is another program's."""
    if root.tag != f"{{{NAMESPACE}}}report":
        return None
    figures = tuple(Bound(item.get("key") or "", item.text or "") for item in root.iter(f"{{{NAMESPACE}}}figure"))
    gaps = tuple(
        GapRecord(item.get("name") or "", item.get("title") or "", item.text or "")
        for item in root.iter(f"{{{NAMESPACE}}}gap")
    )
    digest, whole = (root.get(name) or "" for name in ("digest", "whole"))
    return Record(id=root.get("id") or "", figures=figures, gaps=gaps, digest=digest, whole=whole)
