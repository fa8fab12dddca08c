"""Looking through a Word template that somebody uploaded, before any Word library does.

A .docx is a zip of XML parts. What reaches out of the file (links, remote pictures, embedded objects, macros, fields
that read files) is refused, and so is XML that no word processor writes. Handed on is a plain copy of what was seen,
every part written anew, so that nobody reads the original a second time.
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from docx.oxml.ns import qn
from lxml import etree

from tuodi.kernel.finding import Finding
from tuodi.kernel.zip_parts import DAMAGES, ZipEncrypted, ZipLimits, ZipTooLarge, zip_parts
from tuodi.report.template.tags import count_tags, place, tag_findings

LIMITS = ZipLimits(unpacked_bytes=48 * 2**20, unpacked_ratio=100, unpacked_free_bytes=8 * 2**20, parts=300)
MOST_XML_BYTES = 4 * 2**20
MOST_ELEMENTS = 80_000
MOST_TAGS = 2_000
DEEPEST_TABLES = 6

_NAME = re.compile(r"[^\x00-\x1f:*?\"<>|\\]{1,200}")
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf")
_XML_NAMES = (".xml", ".rels")
_MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_TYPES = "[Content_Types].xml"
_PICTURE_RELATIONS = {"image", "thumbnail"}
_RELATIONS = {
    *("officeDocument", "core-properties", "extended-properties", "custom-properties", "styles", "stylesWithEffects"),
    *("settings", "webSettings", "fontTable", "theme", "numbering", "header", "footer", "footnotes", "endnotes"),
    *("comments", "commentsExtended", "commentsIds", "commentsExtensible", "people", "customXml", "customXmlProps"),
    "glossaryDocument",
}
"""Last words of the relationship types that a plain document has; all others embed, run or fetch something."""
_ACTIVE_ELEMENTS = {
    *("altChunk", "subDoc", "object", "OLEObject", "control", "attachedTemplate", "mailMerge", "contentPart"),
    *("entryMacro", "exitMacro", "script", "embed", "movie", "frameset"),
}
_LINKS = {"src", "href"}
_FIELD = re.compile(
    r"\s*(PAGE|NUMPAGES|SECTION|SECTIONPAGES|TOC|TC|PAGEREF|REF|NOTEREF|SEQ|STYLEREF|XE|INDEX|TITLE|DATE|TIME"
    r"|HYPERLINK\s+\\l)(?=\s|$)",
    re.IGNORECASE,
)
_W = qn("w:p")[: -len("p")]
_PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
)
_MARKUP = {qn("w:p"), qn("w:r"), qn("w:t")}
_ENCODING = re.compile(r"<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)", re.IGNORECASE)
_BLANKS = re.compile(r"[\t\r\n]")
_MOST_SPAN = 64


@dataclass(frozen=True, slots=True)
class CheckedTemplate:
    """A plain copy of a template's parts; None where there are findings."""

    copy: BytesIO | None
    findings: tuple[Finding, ...]


def checked_template(path: Path) -> CheckedTemplate:
    """Unpack a template under the limits and look through all its parts; bad ones give findings, none raises."""
    advice = "请减少图片或内容后另存为 DOCX，再上传"
    try:
        parts = dict(zip_parts(path, LIMITS))
    except ZipTooLarge as too_much:
        return _refused(Finding(rule="file-too-large", message=str(too_much), advice=advice))
    except ZipEncrypted:
        advice = "请在文字处理软件中取消密码后另存，再上传"
        return _refused(Finding(rule="file-encrypted", message="模板已加密", advice=advice))
    except DAMAGES:
        return _refused(_no_template())
    if not {_TYPES, "_rels/.rels"} <= parts.keys():
        return _refused(_no_template())
    findings = list(_name_findings(parts))
    roots: dict[str, etree._Element] = {}
    for name, part in parts.items():
        if not findings and name.endswith(_XML_NAMES):
            root = _parsed(name, part)
            if isinstance(root, Finding):
                findings.append(root)
            else:
                roots[name] = root
    if not findings:
        findings = list(_size_findings(roots))
    if not findings:
        findings = [finding for name, root in roots.items() for finding in _part_findings(name, root, parts)]
    if findings:
        return CheckedTemplate(None, tuple(findings))
    copy = BytesIO()
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as target:
        for name, part in parts.items():
            target.writestr(name, _written(roots[name]) if name in roots else part)
    copy.seek(0)
    return CheckedTemplate(copy, ())


def _refused(finding: Finding) -> CheckedTemplate:
    return CheckedTemplate(None, (finding,))


def _no_template(part: str = "") -> Finding:
    message = "不是 Word 文档（DOCX），或文件已损坏、不完整"
    return Finding(
        rule="template-file", message=message, advice="请用文字处理软件打开，另存为 DOCX 后再上传", sheet=part
    )


def _active(part: str, what: str, value: str) -> Finding:
    advice = "请在文字处理软件中删除这一内容（或取消链接、改为普通文字或图片），另存为 DOCX 后再上传"
    message = f"模板中含有{what}，可能读取或运行文档以外的东西"
    return Finding(rule="template-active-content", message=message, advice=advice, sheet=part, value=value[:60])


def _name_findings(parts: Mapping[str, bytes]) -> Iterator[Finding]:
    if len({name.lower() for name in parts}) < len(parts):
        yield _no_template()
    for name in parts:
        if not _NAME.fullmatch(name) or name.startswith("/") or {"", ".", ".."} & set(name.split("/")):
            yield _active("", "名称异常的内部文件", name)
        elif not name.lower().endswith((*_XML_NAMES, *_PICTURES)):
            yield _active("", "宏、嵌入的文件或字体等", name)
    if sum(len(part) for name, part in parts.items() if name.endswith(_XML_NAMES)) > MOST_XML_BYTES:
        message = f"模板中的文字和格式解压后超过 {MOST_XML_BYTES // 2**20} MB"
        yield Finding(rule="file-too-large", message=message, advice="请减少内容后另存为 DOCX，再上传")


def _size_findings(roots: Mapping[str, etree._Element]) -> Iterator[Finding]:
    if sum(1 for root in roots.values() for _ in root.iter()) > MOST_ELEMENTS:
        message = f"模板中的段落、文字和格式超过 {MOST_ELEMENTS} 处"
        yield Finding(rule="file-too-large", message=message, advice="请减少内容后另存为 DOCX，再上传")
    elif sum(map(count_tags, roots.values())) > MOST_TAGS:
        advice = "请用循环代替重复的内容，或拆成几个模板"
        yield Finding(rule="template-too-complex", message=f"模板标记超过 {MOST_TAGS} 个", advice=advice)


def _parsed(name: str, part: bytes) -> etree._Element | Finding:
    """Return the root of a part that is plain UTF-8 without entities; comments and instructions are dropped."""
    try:
        text = part.decode("utf-8-sig")
        declared = _ENCODING.match(text)
        if "\0" in text or "<!DOCTYPE" in text or "<!ENTITY" in text:
            return _active(place(name), "自行定义的 XML 内容", "DOCTYPE")
        if declared and declared[1].lower() not in ("utf-8", "us-ascii"):
            return _no_template(place(name))
        root = etree.fromstring(part, _PARSER)
    except (UnicodeDecodeError, ValueError, etree.LxmlError):
        return _no_template(place(name))
    return root


def _part_findings(name: str, root: etree._Element, parts: Mapping[str, bytes]) -> Iterator[Finding]:
    if name == _TYPES:
        yield from _type_findings(root)
    elif name.endswith(".rels"):
        yield from _relation_findings(name, root, parts)
    else:
        yield from _element_findings(name, root)
        yield from _field_findings(name, root)
        yield from _table_findings(name, root)
        yield from tag_findings(name, root)


def _type_findings(root: etree._Element) -> Iterator[Finding]:
    """Look at what kind of file it says to be: a document, not a template with macros, not a workbook."""
    types = [element.get("ContentType", "") for element in root]
    main = [kind for kind in types if kind.endswith(".main+xml")]
    active = [kind for kind in types if re.search(r"macro|vba|oleobject|activex|control", kind, re.IGNORECASE)]
    if active:
        yield _active("", "宏或控件", active[0])
    elif main != [_MAIN_TYPE]:
        yield _no_template()


def _relation_findings(name: str, root: etree._Element, parts: Mapping[str, bytes]) -> Iterator[Finding]:
    folder = posixpath.dirname(posixpath.dirname(name))
    for element in root:
        kind, target = element.get("Type", "").rpartition("/")[2], element.get("Target", "")
        if element.get("TargetMode", "Internal") != "Internal":
            yield _active(place(name), f"指向文档以外的链接（{kind}）", target)
            continue
        known = _PICTURES if kind in _PICTURE_RELATIONS else ".xml" if kind in _RELATIONS else ()
        if not known:
            yield _active(place(name), f"不支持的内容（{kind[:30]}）", target)
            continue
        inside = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        if inside not in parts or not inside.lower().endswith(known) or inside == _TYPES:
            yield _active(place(name), "指向不存在或不相符的内部文件的链接", target)


def _element_findings(name: str, root: etree._Element) -> Iterator[Finding]:
    for element in root.iter():
        tag = etree.QName(element)
        # Word's own prefix: docxtpl goes by prefixes, Word by namespaces; both must mean the same.
        if (element.prefix == "w") != (tag.namespace == _W[1:-1]):
            yield _no_template(place(name))
            return
        if tag.localname in _ACTIVE_ELEMENTS:
            yield _active(place(name), "嵌入的对象、控件、宏或外部文档", tag.localname)
        for key, value in element.items():
            if etree.QName(key).localname in _LINKS and value:
                yield _active(place(name), "指向文档以外的链接", value)


def _field_findings(name: str, root: etree._Element) -> Iterator[Finding]:
    """Look at the fields: page numbers, contents and references are known, all others may read or run something."""
    codes = [element.get(qn("w:instr"), "") for element in root.iter(qn("w:fldSimple"))]
    code = ""
    for element in root.iter(qn("w:fldChar"), qn("w:instrText"), qn("w:delInstrText")):
        if element.tag == qn("w:fldChar"):
            codes.append(code)
            code = ""
        else:
            code += element.text or ""
    for found in [*codes, code]:
        if found.strip() and not _FIELD.match(found):
            yield _active(place(name), "不支持的域", found.strip())


def _table_findings(name: str, root: etree._Element) -> Iterator[Finding]:
    """Look at what docxtpl counts in tables: it takes widths and spans for numbers."""
    for table in root.iter(qn("w:tbl")):
        if sum(1 for _ in table.iterancestors(qn("w:tbl"))) >= DEEPEST_TABLES:
            advice = "请把里层的表格拆出来"
            message = f"表格套表格超过 {DEEPEST_TABLES} 层"
            yield Finding(rule="template-too-complex", message=message, advice=advice, sheet=place(name))
            return
        grid = table.find(qn("w:tblGrid"))
        columns = [] if grid is None else [column.get(qn("w:w"), "") for column in grid.iter(qn("w:gridCol"))]
        spans = [span.get(qn("w:val"), "") for span in table.iter(qn("w:gridSpan"))]
        wide = not columns or not all(re.fullmatch(r"[0-9]{1,6}", width) for width in columns)
        if wide or not all(re.fullmatch(r"[0-9]{1,2}", span) and 0 < int(span) < _MOST_SPAN for span in spans):
            yield _no_template(place(name))


def _written(root: etree._Element) -> bytes:
    """Return a part written anew, without what only slows the patterns of docxtpl down."""
    for element in root.iter(*_MARKUP):
        if element.tag == qn("w:t") and element.text:
            # A line or a tab in Word is an element of its own; as characters they are only blanks.
            element.text = _BLANKS.sub(" ", element.text)
        if not len(element) and not element.text:
            element.attrib.clear()
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))
