"""A copy of a Word file with a comment at each place an audit found something. The file itself is never changed."""

import re
from collections.abc import Sequence
from pathlib import Path

from docx import Document
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from tuodi.audit.remark import Remark
from tuodi.kernel.files import written_whole
from tuodi.report.audit.remark_words import remark_lines

AUTHOR, INITIALS = "托底", "托底"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HIDDEN_HOLDERS = {qn("w:del"), qn("w:moveFrom"), qn("w:txbxContent")}


class NotCommentable(Exception):
    """Word's own rules are broken in a file that can still be read; the library cannot write it again."""


def write_commented(path: Path, source: Path, remarks: Sequence[Remark]) -> None:
    """Write the copy, whole or not at all. Raises NotCommentable, or OSError where it cannot be written."""
    try:
        document = Document(str(source))
        paragraphs = list(document.element.body.iter(qn("w:p")))
        for remark in remarks:
            text = _NOT_XML.sub("", "\n".join(remark_lines(remark)))
            comment = document.add_comment(_runs(_marked(paragraphs, remark), remark), text, AUTHOR, INITIALS)
            # The library notes the hour it ran; two runs over one file must give the same copy.
            comment._comment_elm.attrib.pop(qn("w:date"), None)
    except (KeyError, ValueError, AttributeError, TypeError, IndexError, SyntaxError) as problem:
        raise NotCommentable from problem
    with written_whole(path) as temporary:
        document.save(str(temporary))


def _marked(paragraphs: Sequence[BaseOxmlElement], remark: Remark) -> Paragraph:
    """Return the paragraph a remark is about; one about the whole paper stands at the first that holds text."""
    if remark.place.anchor is not None:
        return Paragraph(paragraphs[remark.place.anchor], None)
    first = next((each for each in paragraphs if next(each.iter(qn("w:t")), None) is not None), paragraphs[0])
    return Paragraph(first, None)


def _runs(paragraph: Paragraph, remark: Remark) -> list[Run]:
    """Return the runs to comment on: the one that alone holds the figure written, else all of the paragraph."""
    runs = [Run(each, paragraph) for each in paragraph._p.iter(qn("w:r")) if _is_shown(each, paragraph._p)]
    holding = [run for run in runs if remark.stated and remark.stated in run.text]
    if len(holding) == 1:
        return holding
    # A comment on nothing has no place: an empty cell gets an empty run.
    return runs or [paragraph.add_run()]


def _is_shown(run: BaseOxmlElement, paragraph: BaseOxmlElement) -> bool:
    for holder in run.iterancestors():
        if holder is paragraph:
            return True
        if holder.tag in _HIDDEN_HOLDERS:
            return False
    return False
