"""Fragments as runs of WordprocessingML, and paragraphs of them.

Every figure and every quote is a run of its own with a character style that changes nothing on the page: a reader of
the file can tell which digits are bound to what.
"""

import re
from html import escape

from tuodi.kernel.fragments import Figure, Quote, Text

FIGURE_STYLE = "BoundFigure"
QUOTE_STYLE = "BoundQuote"

# What XML 1.0 cannot hold: data typed by hand or copied from elsewhere may contain it.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BREAK = re.compile("\r\n?|\x0b|\x0c|\u2028|\u2029")


def clean(text: str) -> str:
    """Return the text as a document can hold it: one kind of line break, nothing XML forbids."""
    return _FORBIDDEN.sub("", _BREAK.sub("\n", text))


def attribute(text: str) -> str:
    """Return the text for an XML attribute between double quotes."""
    return escape(clean(text).replace("\n", " "))


def plain(text: Text) -> str:
    """Return the fragments as one string."""
    return "".join(clean(fragment.text) for fragment in text)


def run(text: str, style: str = "", look: str = "") -> str:
    """Return one run; ``style`` is the id of a character style, ``look`` further run properties as XML."""
    text = clean(text)
    if not text:
        return ""
    # Quotation marks, dashes and signs such as ≥ belong to both scripts: the hint makes Word take the Chinese font.
    hint = "" if text.isascii() else '<w:rFonts w:hint="eastAsia"/>'
    named = f'<w:rStyle w:val="{style}"/>' if style else ""
    properties = f"<w:rPr>{named}{hint}{look}</w:rPr>" if named or hint or look else ""
    parts = []
    for part in re.split("(\n|\t)", text):
        if part == "\n":
            parts.append("<w:br/>")
        elif part == "\t":
            parts.append("<w:tab/>")
        elif part:
            parts.append(f'<w:t xml:space="preserve">{escape(part, quote=False)}</w:t>')
    return f"<w:r>{properties}{''.join(parts)}</w:r>"


def runs(text: Text, look: str = "") -> str:
    """Return the fragments as runs, figures and quotes marked as such."""
    styles = {Figure: FIGURE_STYLE, Quote: QUOTE_STYLE}
    return "".join(run(fragment.text, styles.get(type(fragment), ""), look) for fragment in text)


def paragraph(inner: str, style: str, form: str = "") -> str:
    """Return a paragraph; ``inner`` are its runs, ``form`` further paragraph properties in the schema's order."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{form}</w:pPr>{inner}</w:p>'
