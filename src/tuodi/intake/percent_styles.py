"""Which cell styles of a workbook show a number as a percentage: 0.9056 in such a cell is 90.56% to everybody."""

import re

BUILT_IN = frozenset({9, 10})
"""0% and 0.00% of ECMA-376 part 1, 18.8.30; every other percentage is a format of the workbook's own."""

_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\s([^>]*)>")
_CELL_STYLES = re.compile(rb"<(?:\w+:)?cellXfs\b")
_CELL_STYLES_END = re.compile(rb"</(?:\w+:)?cellXfs\b")
_STYLE = re.compile(rb"<(?:\w+:)?xf\b([^>]*)>")
_FORMAT_ID = re.compile(rb"\bnumFmtId\s*=\s*[\"']([0-9]{1,9})[\"']")
_FORMAT_CODE = re.compile(rb"\bformatCode\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_LITERAL = re.compile(rb"&quot;.*?&quot;|\"[^\"]*\"|\\.|_.|\*.", re.DOTALL)


def percent_styles(styles: bytes) -> frozenset[int]:
    """Return the numbers of the cell styles in ``xl/styles.xml`` whose number format is a percentage."""
    percents = BUILT_IN | {
        int(number[1])
        for attributes in _FORMAT.findall(styles)
        if (number := _FORMAT_ID.search(attributes)) and (code := _FORMAT_CODE.search(attributes))
        if is_percent_code(code[1] or code[2] or b"")
    }
    start = _CELL_STYLES.search(styles)
    end = _CELL_STYLES_END.search(styles, start.end()) if start else None
    found = _STYLE.findall(styles, start.end(), end.start()) if start and end else []
    return frozenset(
        place
        for place, attributes in enumerate(found)
        if (number := _FORMAT_ID.search(attributes)) and int(number[1]) in percents
    )


def is_percent_code(code: bytes) -> bool:
    """Tell whether a number format shows a percentage: a percent sign that is no literal."""
    return b"%" in _LITERAL.sub(b"", code)
