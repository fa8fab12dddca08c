"""Names, telephones and numbers of people: how they are known, so that import can leave them behind."""

import re
from collections.abc import Iterable

from tuodi.survey.words import bare, made_of, without_brackets, words

HIDDEN = "＊＊"
LONGEST_PERSONAL_HEADING = 40

_MOBILE = r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"
_LANDLINE = r"(?<!\d)0\d{2,3}[- ]?\d{7,8}(?!\d)"
_IDENTITY = r"(?<!\d)\d{17}[\dXxＸｘ](?!\d)"
_OLD_OR_CARD = r"(?<!\d)\d{15,19}(?!\d)"
_EMAIL = r"[\w.+-]+@[\w-]+\.[\w.-]+"
_ADDRESS_OF_NET = r"(?<!\d)\d{1,3}(?:\.\d{1,3}){3}(?!\d)"
_NUMBERS = re.compile("|".join((_IDENTITY, _OLD_OR_CARD, _MOBILE, _LANDLINE, _EMAIL, _ADDRESS_OF_NET)))
_DOCUMENT_NUMBER = re.compile(r"[0-9]{17}[0-9Xx]|[0-9]{15,19}")
_AROUND_A_NUMBER = re.compile(r"[\s'（）()：:]+|[\u4e00-\u9fff]{0,12}")
_NAME = re.compile(r"[\u3400-\u9fff·]{2,6}")


def is_personal_heading(text: str) -> bool:
    """Tell whether a heading, without its number, asks for nothing but who somebody is: 您的姓名, 联系方式（选填）.

    A question that merely speaks of a telephone is none: the whole heading must consist of such words.
    """
    plain = bare(without_brackets(text))
    listed = words()
    return len(plain) <= LONGEST_PERSONAL_HEADING and made_of(plain, listed.personal, listed.around)


def looks_personal(text: str) -> bool:
    """Tell whether a cell is a telephone, identity or card number, a mail address or a network address."""
    found = _NUMBERS.search(text)
    return found is not None and _AROUND_A_NUMBER.sub("", text[: found.start()] + text[found.end() :]) == ""


def column_looks_personal(cells: Iterable[str]) -> bool:
    """Tell whether at least half of a column's cells that hold something look personal."""
    filled = [cell for cell in cells if cell]
    return bool(filled) and 2 * sum(map(looks_personal, filled)) >= len(filled)


def is_document_number(text: str) -> bool:
    """Tell whether a cell is an identity or card number and nothing else."""
    return _DOCUMENT_NUMBER.fullmatch("".join(text.split()).strip("'")) is not None


def hide_numbers(text: str) -> str:
    """Return a text with every such number in it hidden."""
    return _NUMBERS.sub(HIDDEN, text)


def names_among(cells: Iterable[str]) -> tuple[str, ...]:
    """Return which cells of a dropped column may be a name, the longest first."""
    return tuple(sorted({cell for cell in cells if _NAME.fullmatch(cell)}, key=lambda name: (-len(name), name)))


def hide_names(text: str, names: Iterable[str]) -> str:
    """Return an open answer without the names that the same person gave in a dropped column."""
    for name in names:
        text = text.replace(name, HIDDEN)
    return text
