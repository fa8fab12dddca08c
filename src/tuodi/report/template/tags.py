"""Where the tags of a template stand and how they are written, before anybody reads what they say.

docxtpl finds tags with patterns over the whole part. They are quick as long as every tag is short, opens and closes
within one paragraph, and stands in the row, cell or run that it names; so that is asked for here.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from docx.oxml.ns import qn
from lxml import etree

from tuodi.kernel.finding import Finding

LONGEST_TAG = 200

_P, _R, _T = qn("w:p"), qn("w:r"), qn("w:t")

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}")
_BRACES = re.compile(r"\{[{%#]|[}%#]\}")
_ACROSS = re.compile(r"\{\n+[{%#]|[}%#]\n+\}")
_STATEMENT = re.compile(r"\{%[-+]?(?:(?P<around>tr|tc|p|r) )?\s*(?P<word>\w*)")
_STATEMENTS = {"for", "endfor", "if", "elif", "else", "endif"}
_REPLACING = re.compile(r"\{[{#](?:tr|tc|p|r) ")

_RENDERED = re.compile(r"word/(?:document|(?:header|footer)[0-9]*|footnotes)\.xml")
_PLACES = (
    ("word/document", "正文"),
    ("word/header", "页眉"),
    ("word/footer", "页脚"),
    ("word/footnotes", "脚注"),
    ("word/endnotes", "尾注"),
    ("word/comments", "批注"),
    ("word/styles", "样式"),
    ("word/settings", "文档设置"),
    ("docProps/", "文档属性"),
)


class _Line(NamedTuple):
    """Text that belongs to one paragraph, None for text outside of all."""

    paragraph: etree._Element | None
    text: str


def place(name: str) -> str:
    """Return how people call a part of a document, e.g. 页眉 for ``word/header1.xml``."""
    plain = name.lstrip("/").replace("_rels/", "").removesuffix(".rels")
    return next((words for start, words in _PLACES if plain.startswith(start)), plain)


def tag_findings(name: str, root: etree._Element) -> Iterator[Finding]:
    """Yield what is wrong with the tags of one part; a part that is not filled may have none."""
    lines = _lines(root)
    if not _RENDERED.fullmatch(name):
        text = "".join(line.text for line in lines) + "\n".join(_hidden(root))
        if re.search(r"\{[{%#]", text):
            advice = "请把标记移到正文、页眉、页脚或脚注的文字里"
            yield Finding(rule="template-tag-place", message="这里不能写模板标记", advice=advice, sheet=place(name))
        return
    if any(re.search(r"[{}]", text) for text in _elsewhere(root)) or any(map(_BRACES.search, _hidden(root))):
        advice = "请把标记直接写在正文文字里，接受全部修订，删去域、公式和图片说明中的标记"
        yield Finding(rule="template-tag-place", message="标记不在普通文字里", advice=advice, sheet=place(name))
        return
    if _ACROSS.search("\n".join(line.text for line in lines)):
        yield _unpaired(name, "")
        return
    for line in lines:
        for tag in _TAG.findall(line.text):
            yield from _one_tag(name, tag, line.paragraph)
        if _BRACES.search(_TAG.sub("", line.text)):
            yield _unpaired(name, line.text)


def count_tags(root: etree._Element) -> int:
    """Return how many tags a part has."""
    return sum(len(_TAG.findall(line.text)) for line in _lines(root))


def _unpaired(name: str, text: str) -> Finding:
    message = "模板标记没有成对，或跨了段落"
    advice = "请核对标记的两端（如“{{”和“}}”、“{%”和“%}”），一个标记写在同一段里"
    return Finding(rule="template-tag-unpaired", message=message, advice=advice, sheet=place(name), value=text[:60])


def _one_tag(name: str, tag: str, paragraph: etree._Element | None) -> Iterator[Finding]:
    if len(tag) > LONGEST_TAG:
        message = f"一个标记超过 {LONGEST_TAG} 个字符"
        advice = "请把它写短，计算和判断由程序完成"
        yield Finding(rule="template-too-complex", message=message, advice=advice, sheet=place(name), value=tag[:60])
    elif tag.startswith("{%"):
        found = _STATEMENT.match(tag)
        word, around = (found["word"], found["around"]) if found else ("", "")
        if word not in _STATEMENTS:
            message = "模板不能使用这种语句"
            advice = "语句只能用 for、endfor、if、elif、else、endif"
            yield Finding(rule="template-statement", message=message, advice=advice, sheet=place(name), value=tag[:60])
        elif around in ("tr", "tc") and not _stands_in(paragraph, f"w:{around}"):
            message = "“{%tr … %}”“{%tc … %}”只能写在表格里"
            advice = "请写在表格的一行（单元格）中，或去掉 tr、tc"
            yield Finding(rule="template-tag-place", message=message, advice=advice, sheet=place(name), value=tag[:60])
    elif _REPLACING.match(tag):
        message = "不能用带 r、p、tr、tc 的输出标记或注释"
        advice = "请写成“{{ 名称 }}”“{# 注释 #}”"
        yield Finding(rule="template-statement", message=message, advice=advice, sheet=place(name), value=tag[:60])


def _stands_in(paragraph: etree._Element | None, tag: str) -> bool:
    return paragraph is not None and next(paragraph.iterancestors(qn(tag)), None) is not None


def _lines(root: etree._Element) -> list[_Line]:
    """Return all text in its order; a paragraph within another (a text box) cuts the outer one in two."""
    lines: list[_Line] = []
    within: list[etree._Element | None] = [None]
    pieces: list[str] = []

    def end_line() -> None:
        lines.append(_Line(within[-1], "".join(pieces)))
        pieces.clear()

    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            if element.tag == _P:
                end_line()
                within.append(element)
            pieces.append(element.text or "")
        else:
            if element.tag == _P:
                end_line()
                within.pop()
            pieces.append(element.tail or "")
    end_line()
    return lines


def _elsewhere(root: etree._Element) -> Iterator[str]:
    """Yield the text that is no plain text of a run: fields, formulas, deleted text, blanks between elements."""
    for element in root.iter():
        parent = element.getparent()
        if element.tag != _T or parent is None or parent.tag != _R:
            yield element.text or ""
        yield element.tail or ""


def _hidden(root: etree._Element) -> Iterator[str]:
    """Yield what stands inside the angle brackets: attributes and the addresses of namespaces."""
    for element in root.iter():
        yield from map(str, element.attrib.values())
    for _, (_, address) in etree.iterwalk(root, events=("start-ns",)):
        yield address
