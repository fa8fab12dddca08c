"""The words of an opened document as a reader sees them: without deleted text, field codes and second renderings."""

from collections.abc import Set as AbstractSet

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

_PARAGRAPH, _TEXT, _FIELD_MARK = qn("w:p"), qn("w:t"), qn("w:fldChar")
_SIGNS = {qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:tab"): "\t", qn("w:noBreakHyphen"): "-"}
_MARKUP = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_UNSEEN = {
    *map(qn, ("w:del", "w:moveFrom", "w:instrText", "w:pPr", "w:rPr", "w:sdtPr", "w:tblPr", "w:sectPr")),
    f"{_MARKUP}Fallback",
}


def paragraphs(root: OxmlElement, *, without: AbstractSet[OxmlElement] = frozenset(), fields: bool = True) -> list[str]:
    """Return the text of every paragraph below ``root``, in order; what stands outside any comes first if it is there.

    Elements in ``without`` are passed over; so is what fields show (contents, page numbers) unless ``fields``.
    """
    reader = _Reader(without, fields)
    reader.read(root)
    texts = ["".join(parts) for parts in reader.texts]
    return texts if texts[0] else texts[1:]


class _Reader:
    def __init__(self, without: AbstractSet[OxmlElement], fields: bool) -> None:
        self.texts: list[list[str]] = [[]]
        self._without = without
        self._fields = fields
        self._depth = 0

    def read(self, element: OxmlElement) -> None:
        """Take in what is below an element. The parser lets nothing nest deeper than 256 levels."""
        for child in element:
            tag = child.tag
            if tag in _UNSEEN or child in self._without:
                continue
            if tag == _FIELD_MARK:
                kind = child.get(qn("w:fldCharType"))
                self._depth += (kind == "begin") - (kind == "end" and self._depth > 0)
            elif tag == _TEXT or tag in _SIGNS:
                if self._fields or not self._depth:
                    self.texts[-1].append(_SIGNS.get(tag) or child.text or "")
            else:
                if tag == _PARAGRAPH:
                    self.texts.append([])
                self.read(child)
