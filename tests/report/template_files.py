"""Word files made by hand, small enough to see every part, to be spoilt in one place each."""

import io
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
REL = "http://schemas.openxmlformats.org/package/2006/relationships"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'

Parts = dict[str, bytes]


def paragraph(text: str, within: str = "") -> str:
    return f'<w:p><w:r>{within}<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def table(*rows: tuple[str, ...]) -> str:
    grid = "".join('<w:gridCol w:w="2000"/>' for _ in rows[0])
    body = "".join("<w:tr>" + "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) + "</w:tr>" for row in rows)
    return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl>"


def story(root: str, content: str, start: str = HEAD) -> bytes:
    return f'{start}<w:{root} xmlns:w="{W}" xmlns:r="{R}">{content}</w:{root}>'.encode()


def document(content: str, start: str = HEAD) -> bytes:
    return story("document", f"<w:body>{content}<w:sectPr/></w:body>", start)


def relations(*links: tuple[str, str, str]) -> bytes:
    """Return a part of relationships: each is a type's last word, a target, and Internal or External."""
    each = "".join(
        f'<Relationship Id="r{at}" Type="{R}/{kind}" Target="{escape(target)}" TargetMode="{mode}"/>'
        for at, (kind, target, mode) in enumerate(links)
    )
    return f'{HEAD}<Relationships xmlns="{REL}">{each}</Relationships>'.encode()


def parts(content: str) -> Parts:
    """Return a document with a header, a footer and footnotes."""
    kinds = {"document": "document.main", "header1": "header", "footer1": "footer", "footnotes": "footnotes"}
    types = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_WORD}.{kind}+xml"/>' for name, kind in kinds.items()
    )
    defaults = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    defaults += '<Default Extension="xml" ContentType="application/xml"/>'
    defaults += '<Default Extension="png" ContentType="image/png"/>'
    note = '<w:footnote w:id="2">{}</w:footnote>'
    return {
        "[Content_Types].xml": (
            f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            f"{defaults}{types}</Types>"
        ).encode(),
        "_rels/.rels": relations(("officeDocument", "word/document.xml", "Internal")),
        "word/_rels/document.xml.rels": relations(
            *((kind, f"{name}.xml", "Internal") for name, kind in kinds.items() if name != "document")
        ),
        "word/document.xml": document(content),
        "word/header1.xml": story("hdr", paragraph("{{ 标题 }}")),
        "word/footer1.xml": story("ftr", paragraph("{{ 单位.名称 }}")),
        "word/footnotes.xml": story("footnotes", note.format(paragraph("{{ 说明 }}"))),
    }


def packed(content: Parts, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, part in content.items():
            archive.writestr(name, part)
    return file.getvalue()


def write(path: Path, content: Parts) -> Path:
    path.write_bytes(packed(content))
    return path
