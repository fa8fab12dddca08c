"""Passages only a person can write: named content controls, written out and read back.

An open passage shows what to write there in grey between 【】. It counts as open again where that text, or the one Word
puts into an emptied control, is all that stands in it.

The controls are of the kind "building block": LibreOffice turns plain ones into form fields and repeats their text when
it saves, but hands these on whole, without their tag. They are then known by their title.
"""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from tuodi.intake.word_text import paragraphs
from tuodi.report.blocks import Gap
from tuodi.report.word.styles import PLACEHOLDER_STYLE
from tuodi.report.word.text import attribute, clean, paragraph, run

LONGEST_NAME = 64
"""Word refuses longer tags and titles of content controls."""

_WORDS_OWN = (
    "单击或点击此处输入文字。",
    "单击此处输入文字。",
    "选择构建基块。",
    "选择一个构建基块。",
    "Click or tap here to enter text.",
    "Click here to enter text.",
    "Choose a building block.",
)
_MORE_THAN_TEXT = tuple(map(qn, ("w:tbl", "w:drawing", "w:pict", "w:object", "w:footnoteReference")))
_KIND = '<w:docPartList><w:docPartGallery w:val="Quick Parts"/></w:docPartList>'


class GapRecord(NamedTuple):
    """What a document keeps of a gap: its name and title, and what it shows while open."""

    name: str
    title: str
    shown: str


class Passage(NamedTuple):
    """What stands in a control: one string a paragraph, none where it is open; and whether it holds more than text."""

    text: tuple[str, ...]
    holds_more: bool = False


def gap_records(gaps: Collection[Gap]) -> tuple[GapRecord, ...]:
    """Return what a document keeps of its gaps.

    Raises ValueError where two have one name or one title, or where one is empty or too long for Word.
    """
    records = tuple(GapRecord(gap.name, clean(gap.title), placeholder(gap)) for gap in gaps)
    for texts in ([record.name for record in records], [record.title for record in records]):
        bad = [text for text in texts if texts.count(text) > 1 or not 0 < len(text) <= LONGEST_NAME]
        if bad:
            raise ValueError(f"gaps' names and titles must differ and have 1 to {LONGEST_NAME} characters: {bad}")
    return records


def gap_xml(gap: Gap, number: int) -> str:
    """Return the control of a gap; ``number`` is its id in the document."""
    if gap.open:
        content = paragraph(run(placeholder(gap), PLACEHOLDER_STYLE), "BodyText")
    else:
        content = "".join(paragraph(run(part), "BodyText") for part in gap.text)
    return (
        f'<w:sdt><w:sdtPr><w:alias w:val="{attribute(gap.title)}"/><w:tag w:val="{attribute(gap.name)}"/>'
        f'<w:id w:val="{number}"/><w:lock w:val="sdtLocked"/>{"<w:showingPlcHdr/>" if gap.open else ""}{_KIND}'
        f"</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"
    )


def placeholder(gap: Gap) -> str:
    """Return what an open gap shows."""
    return f"【{clean(gap.prompt)}】"


def controls(body: OxmlElement, gaps: Collection[GapRecord]) -> Iterator[tuple[GapRecord, OxmlElement]]:
    """Yield the controls of the gaps, outermost ones only."""
    by_name = {gap.name: gap for gap in gaps}
    by_title = {gap.title: gap for gap in gaps}
    inside: set[OxmlElement] = set()
    for control in body.iter(qn("w:sdt")):
        tag, title = _property(control, "w:tag"), _property(control, "w:alias")
        gap = by_name.get(tag) if tag else by_title.get(title)
        if gap and control not in inside:
            inside.update(control.iter(qn("w:sdt")))
            yield gap, control


def passages(body: OxmlElement, gaps: Collection[GapRecord]) -> dict[str, Passage]:
    """Return what stands in each control, by name; one copied to a second place adds its text unless it is the same."""
    found: dict[str, Passage] = {}
    for gap, control in controls(body, gaps):
        passage = _passage(control, gap.shown)
        before = found.get(gap.name, Passage(()))
        text = before.text if passage.text == before.text else before.text + passage.text
        found[gap.name] = Passage(text, before.holds_more or passage.holds_more)
    return found


def _passage(control: OxmlElement, shown: str) -> Passage:
    content = control.find(qn("w:sdtContent"))
    if content is None:
        return Passage(())
    lines = [line.strip("\n") for line in paragraphs(content)]
    # Somebody may have written beside the prompt instead of over it; only the prompt itself goes.
    text = "\n".join(lines).replace(shown, "")
    is_open = not text.strip() or text.strip() in _WORDS_OWN
    holds_more = next(content.iter(*_MORE_THAN_TEXT), None) is not None
    return Passage(() if is_open else tuple(_trimmed(text.split("\n"))), holds_more)


def _trimmed(lines: list[str]) -> list[str]:
    """Drop empty lines at both ends; those between paragraphs stay."""
    while lines and not lines[0].strip():
        lines = lines[1:]
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    return lines


def _property(control: OxmlElement, name: str) -> str:
    properties = control.find(qn("w:sdtPr"))
    found = properties.find(qn(name)) if properties is not None else None
    return (found.get(qn("w:val")) or "") if found is not None else ""
