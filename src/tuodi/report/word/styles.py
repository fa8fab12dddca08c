"""Fonts, sizes and settings of official documents (GB/T 9704), written so that Word and LibreOffice show the same.

python-docx's template carries the styles of an English Word with theme fonts; they are all replaced. Every style names
its Chinese and its Latin font, and the language is set: without it commas take the form of another region.
"""

from typing import NamedTuple

from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from tuodi.report.word.text import FIGURE_STYLE, QUOTE_STYLE

BODY_FONT = "仿宋_GB2312"
HEADING_FONT = "黑体"
SECOND_FONT = "楷体_GB2312"
TITLE_FONT = "方正小标宋简体"
TABLE_FONT = "宋体"
LATIN_FONT = "Times New Roman"
# Windows carries some of these under another name, or not at all: Word then takes the second one.
STAND_INS = {
    BODY_FONT: "仿宋",
    HEADING_FONT: "SimHei",
    SECOND_FONT: "楷体",
    TITLE_FONT: "华文中宋",
    TABLE_FONT: "SimSun",
}

BODY_SIZE = 16.0
TABLE_SIZES = {"": 10.5, "Small": 9.0, "Tiny": 7.5}
"""Points by the beginning of the styles' names."""
BODY_PITCH = 28.0
PLACEHOLDER_STYLE = "PlaceholderText"

LANGUAGE = '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'

_DROPPED_PARTS = ("stylesWithEffects", "webSettings", "fontTable", "customXml", "numbering")
_DROPPED_FROM_PACKAGE = ("thumbnail", "extended-properties")


class _Style(NamedTuple):
    """A paragraph style; ``form`` and ``look`` are paragraph and run properties in the schema's order."""

    id: str
    name: str
    font: str
    size: float
    pitch: float
    form: str = ""
    look: str = ""
    before: str = ""
    """Properties that the schema wants before the spacing."""
    above: float = 0


_INDENT = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
_NO_INDENT = '<w:ind w:firstLineChars="0" w:firstLine="0"/>'
_LEFT, _CENTRE, _RIGHT, _BOTH = (f'<w:jc w:val="{side}"/>' for side in ("left", "center", "right", "both"))
_WITH_NEXT = "<w:keepNext/><w:keepLines/>"
_BOLD = "<w:b/>"
_PLACEHOLDER_NAME = "Placeholder Text"
_GREY = '<w:i/><w:color w:val="808080"/>'
_DOTS = '<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="8844"/></w:tabs>'
_HEADER_RULE = '<w:pBdr><w:bottom w:val="single" w:sz="4" w:space="1" w:color="auto"/></w:pBdr>'


def _heading(level: int, font: str, look: str = "") -> _Style:
    outline = f'{_LEFT}<w:outlineLvl w:val="{level - 1}"/>'
    return _Style(
        f"Heading{level}", f"heading {level}", font, BODY_SIZE, BODY_PITCH, _INDENT + outline, look, _WITH_NEXT
    )


_STYLES = (
    _Style("BodyText", "Body Text", BODY_FONT, BODY_SIZE, BODY_PITCH, _INDENT + _BOTH),
    _Style("ListItem", "条目", BODY_FONT, BODY_SIZE, BODY_PITCH, _INDENT + _BOTH),
    _Style("TableNote", "表注", BODY_FONT, 10.5, 16, _NO_INDENT + _BOTH),
    _Style("SourceNote", "出处", SECOND_FONT, 10.5, 16, _NO_INDENT + _LEFT),
    _heading(1, HEADING_FONT),
    _heading(2, SECOND_FONT),
    _heading(3, BODY_FONT, _BOLD),
    _heading(4, BODY_FONT, _BOLD),
    _Style("Title", "Title", TITLE_FONT, 26, 40, _NO_INDENT + _CENTRE),
    _Style("DraftMark", "稿件标记", SECOND_FONT, 18, 36, _NO_INDENT + _CENTRE),
    _Style("CoverNumber", "封面编号", BODY_FONT, BODY_SIZE, BODY_PITCH, _NO_INDENT + _RIGHT),
    _Style("CoverLine", "封面事项", BODY_FONT, BODY_SIZE, 24, _NO_INDENT + _LEFT),
    _Style("CoverFoot", "封面落款", BODY_FONT, BODY_SIZE, BODY_PITCH, _NO_INDENT + _CENTRE),
    _Style("ContentsTitle", "目录标题", HEADING_FONT, 18, 40, _NO_INDENT + _CENTRE),
    _Style("TOC1", "toc 1", HEADING_FONT, 14, 27, _NO_INDENT + _LEFT, "", _DOTS),
    _Style("TOC2", "toc 2", BODY_FONT, 14, 27, f'<w:ind w:left="560"/>{_LEFT}', "", _DOTS),
    _Style("Caption", "caption", HEADING_FONT, 12, 22, _NO_INDENT + _CENTRE, "", _WITH_NEXT, above=6),
    _Style("ChartCaption", "图题", HEADING_FONT, 12, 22, _NO_INDENT + _CENTRE),
    _Style("TableText", "表格文字", TABLE_FONT, TABLE_SIZES[""], 15, _NO_INDENT + _LEFT),
    _Style("SmallTableText", "表格小字", TABLE_FONT, TABLE_SIZES["Small"], 13, _NO_INDENT + _LEFT),
    _Style("TinyTableText", "表格最小字", TABLE_FONT, TABLE_SIZES["Tiny"], 10, _NO_INDENT + _LEFT),
    _Style("TableHead", "表头", HEADING_FONT, TABLE_SIZES[""], 15, _NO_INDENT + _CENTRE),
    _Style("SmallTableHead", "表头小字", HEADING_FONT, TABLE_SIZES["Small"], 13, _NO_INDENT + _CENTRE),
    _Style("TinyTableHead", "表头最小字", HEADING_FONT, TABLE_SIZES["Tiny"], 10, _NO_INDENT + _CENTRE),
    _Style("header", "header", BODY_FONT, 9, 14, _NO_INDENT + _CENTRE, "", _HEADER_RULE),
    _Style("footer", "footer", TABLE_FONT, 14, 18, _NO_INDENT + _CENTRE),
)


def fonts(chinese: str) -> str:
    """Return the fonts of a run: this Chinese one, and the Latin one for letters and digits."""
    return f'<w:rFonts w:ascii="{LATIN_FONT}" w:hAnsi="{LATIN_FONT}" w:eastAsia="{chinese}" w:cs="{LATIN_FONT}"/>'


def set_fonts(properties: OxmlElement, chinese: str) -> None:
    """Put the fonts into run properties, in place of what stands there."""
    for old in properties.findall(qn("w:rFonts")):
        properties.remove(old)
    properties.insert(0, _parsed(fonts(chinese)))


def set_language(properties: OxmlElement) -> None:
    """Put the language into run properties, in place of what stands there."""
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    properties.append(_parsed(LANGUAGE))


def set_up(document: Document, *, update_fields: bool) -> None:
    """Give a new document the styles and settings; ``update_fields``: Word fills the contents when it opens it."""
    package = document.part.package
    for holder, names in ((document.part.rels, _DROPPED_PARTS), (package.rels, _DROPPED_FROM_PACKAGE)):
        for key in [key for key, relation in holder.items() if relation.reltype.rsplit("/", 1)[1] in names]:
            del holder[key]
    _replace(document.styles.element, _styles_xml())
    _replace(document.settings.element, _settings_xml(update_fields))
    font_table = Part(PackURI("/word/fontTable.xml"), CONTENT_TYPE.WML_FONT_TABLE, _font_table(), package)
    document.part.relate_to(font_table, RELATIONSHIP_TYPE.FONT_TABLE)


def _parsed(xml: str) -> OxmlElement:
    tag, rest = xml.split(" ", 1)
    return parse_xml(f"{tag} {nsdecls('w')} {rest}")


def _replace(root: OxmlElement, inner: str) -> None:
    for child in list(root):
        root.remove(child)
    for child in list(parse_xml(f"<w:x {nsdecls('w')}>{inner}</w:x>")):
        root.append(child)


def _size(points: float) -> str:
    return f'<w:sz w:val="{round(points * 2)}"/><w:szCs w:val="{round(points * 2)}"/>'


def _styles_xml() -> str:
    base = _size(BODY_SIZE)
    defaults = f"<w:rPr>{fonts(BODY_FONT)}{base}{LANGUAGE}</w:rPr>"
    sides = (("top", 0), ("left", 108), ("bottom", 0), ("right", 108))
    margins = "".join(f'<w:{side} w:w="{width}" w:type="dxa"/>' for side, width in sides)
    return (
        f"<w:docDefaults><w:rPrDefault>{defaults}</w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
        f'<w:pPr><w:spacing w:line="560" w:lineRule="exact"/>{_BOTH}</w:pPr><w:rPr>{fonts(BODY_FONT)}{base}</w:rPr>'
        "</w:style>"
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        f'<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>{margins}'
        "</w:tblCellMar></w:tblPr></w:style>"
        '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/><w:semiHidden/>'
        f"</w:style>{''.join(map(_style_xml, _STYLES))}"
        f"{_character(FIGURE_STYLE, '绑定数值')}{_character(QUOTE_STYLE, '绑定原文')}"
        f"{_character(PLACEHOLDER_STYLE, _PLACEHOLDER_NAME, _GREY)}"
    )


def _style_xml(style: _Style) -> str:
    custom = "" if style.name.isascii() else ' w:customStyle="1"'
    following = '<w:next w:val="BodyText"/>' if style.id.startswith("Heading") else ""
    above, pitch = round(style.above * 20), round(style.pitch * 20)
    spacing = f'<w:spacing w:before="{above}" w:after="0" w:line="{pitch}" w:lineRule="exact"/>'
    return (
        f'<w:style w:type="paragraph"{custom} w:styleId="{style.id}"><w:name w:val="{style.name}"/>'
        f'<w:basedOn w:val="Normal"/>{following}<w:qFormat/>'
        f"<w:pPr>{style.before}{spacing}{style.form}</w:pPr>"
        f"<w:rPr>{fonts(style.font)}{style.look}{_size(style.size)}</w:rPr></w:style>"
    )


def _character(key: str, name: str, look: str = "") -> str:
    custom = "" if name.isascii() else ' w:customStyle="1"'
    properties = f"<w:rPr>{look}</w:rPr>" if look else ""
    return f'<w:style w:type="character"{custom} w:styleId="{key}"><w:name w:val="{name}"/>{properties}</w:style>'


def _settings_xml(update_fields: bool) -> str:
    mode = (
        '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
        '<w:compatSetting w:name="overrideTableStyleFontSizeAndJustification" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="1"/>'
    )
    update = '<w:updateFields w:val="true"/>' if update_fields else ""
    return (
        '<w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/>'
        '<w:characterSpacingControl w:val="compressPunctuation"/>'
        f"{update}"
        f"<w:compat><w:useFELayout/>{mode}</w:compat>"
        '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/>'
        '<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/>'
    )


def _font_table() -> bytes:
    listed = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
        for name, other in STAND_INS.items()
    )
    latin = f'<w:font w:name="{LATIN_FONT}"><w:charset w:val="00"/><w:family w:val="roman"/></w:font>'
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f"{head}<w:fonts {nsdecls('w')}>{listed}{latin}</w:fonts>".encode()
