"""Packing a Word file so that the same document always gives the same bytes."""

import io
import zipfile

from docx.document import Document


def packed(document: Document) -> bytes:
    """Return the file's bytes with fixed times inside the archive."""
    written, fixed = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as parts, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in parts.namelist():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), parts.read(name), zipfile.ZIP_DEFLATED)
    return fixed.getvalue()
