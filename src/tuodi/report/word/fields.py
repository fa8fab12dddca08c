"""Fields: the contents with page numbers already in them, and the page number at the foot."""

from collections.abc import Mapping, Sequence

from tuodi.report.blocks import Heading
from tuodi.report.word.pages import CONTENTS_LEVELS, Entry
from tuodi.report.word.text import paragraph, plain, run, runs

_PAGE_BREAK = "<w:pageBreakBefore/>"
_NAMED = {1: "Heading1", 2: "Heading2", 3: "Heading3", 4: "Heading4"}


def heading_xml(heading: Heading, key: str, number: int, *, first_of_section: bool) -> str:
    """Return a heading; ``key`` is the bookmark that its entry in the contents points to, ``number`` its number."""
    text = runs(heading.text)
    if key:
        start = f'<w:bookmarkStart w:id="{number}" w:name="{key}"/>'
        text = f'{start}{text}<w:bookmarkEnd w:id="{number}"/>'
    # A section begins on a new page by itself; a second break would leave an empty page in some programs.
    form = _PAGE_BREAK if heading.new_page and not first_of_section else ""
    return paragraph(text, _NAMED[heading.level], form)


def contents_xml(entries: Sequence[Entry], pages: Mapping[str, int]) -> str:
    """Return the contents' title and field. An entry without a page stands with an empty number."""
    begin = _mark("begin") + _instruction(f'TOC \\o "1-{CONTENTS_LEVELS}" \\h \\z \\u') + _mark("separate")
    parts = [paragraph(run("目　录"), "ContentsTitle")]
    for at, (key, heading) in enumerate(entries):
        page = str(pages.get(key, ""))
        number = _mark("begin") + _instruction(f"PAGEREF {key} \\h") + _mark("separate") + run(page) + _mark("end")
        shown = run(plain(heading.text)) + run("\t") + number
        link = f'<w:hyperlink w:anchor="{key}" w:history="1">{shown}</w:hyperlink>'
        inner = (begin if at == 0 else "") + link + (_mark("end") if at == len(entries) - 1 else "")
        parts.append(paragraph(inner, f"TOC{heading.level}"))
    return "".join(parts)


def page_number_xml() -> str:
    """Return the foot of a page: its number between two dashes."""
    field = _mark("begin") + _instruction("PAGE") + _mark("separate") + run("1") + _mark("end")
    return paragraph(run("— ") + field + run(" —"), "footer")


def _mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def _instruction(text: str) -> str:
    return f'<w:r><w:instrText xml:space="preserve"> {text} </w:instrText></w:r>'
