"""How one sender's files look: where the header is, how many rows at the end are no data, how numbers are written.

Files are read strictly (docs/adr/0007); what a sender's format allows beyond that was decided once by somebody, is told
with every file, and never touches an amount or a day.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from tuodi.intake.layouts import Layout, normal_heading
from tuodi.intake.tables import HEADER_ROWS_SEARCHED
from tuodi.kernel.finding import Fault

MOST_FOOT_ROWS = 100

_AROUND = " \t\r\n\u00a0\u3000\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f'`’‘＇´"
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_BLANKS = re.compile(r"\s+")
_ID_NUMBER = re.compile(r"[0-9]{15}|[0-9]{17}[0-9Xx]")
_HALF_WIDTH = {
    full: full - 0xFEE0 for first, last in ("０９", "ＡＺ", "ａｚ") for full in range(ord(first), ord(last) + 1)
}


@dataclass(frozen=True, slots=True)
class SenderFormat:
    """How one sender's files look; the default changes nothing.

    ``header_row``: the spreadsheet row of the headings, None to look for it. ``foot_rows``: the last rows, blank ones
    not counted, that are no data. ``clean_ids``: ID numbers and codes are cleaned before they are read.
    ``columns``: the sender's heading -> our field; it goes before every other heading of that field.
    """

    header_row: int | None = None
    foot_rows: int = 0
    clean_ids: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)

    def headings(self) -> dict[str, str]:
        """Return the sender's headings in their compared form with the field each means."""
        return {normal_heading(heading): name for heading, name in self.columns.items()}


PLAIN = SenderFormat()


def sender_faults(sender: SenderFormat, layout: Layout) -> list[Fault]:
    """Return what is wrong with a sender's format for a layout, nothing if files can be read by it."""
    found: list[Fault] = []
    if sender.header_row is not None and not 1 <= sender.header_row <= HEADER_ROWS_SEARCHED:
        message = f"列名行不在第 1 至 {HEADER_ROWS_SEARCHED} 行"
        found.append(Fault("sender-format", message, "请改为文件里列名所在的行号，或留空由程序查找"))
    if not 0 <= sender.foot_rows <= MOST_FOOT_ROWS:
        message = f"表尾行数不在 0 至 {MOST_FOOT_ROWS} 之间"
        found.append(Fault("sender-format", message, "请改为数据下面不是数据的行数，没有的填 0"))
    known = {each.name for each in layout.fields}
    for heading, name in sender.columns.items():
        if not normal_heading(heading):
            found.append(Fault("sender-format", "有一个列名是空的", "请写文件里的列名"))
        elif name not in known:
            message = f"列名“{heading}”对应的“{name}”不是{layout.title}的字段"
            found.append(Fault("sender-format", message, f"可以对应的字段见文件说明：{'、'.join(sorted(known))}"))
    return found


def cleaned_id(text: str) -> str:
    """Return an ID number or code without what people and programs leave round it, in half-width digits and letters.

    Characters nobody sees go wherever they stand; blanks inside go only where an identity number remains, since
    otherwise they may stand between two numbers.
    """
    bare = _UNSEEN.sub("", text).strip(_AROUND).translate(_HALF_WIDTH)
    joined = _BLANKS.sub("", bare)
    return joined if _ID_NUMBER.fullmatch(joined) else bare
