"""The citizen's identity number (公民身份号码, GB 11643-1999): 17 digits and an ISO 7064 MOD 11-2 check character.

The 15-digit form of before 1999 (two-digit year, no check character) is still on old papers and is read as well. The
place part never refuses anybody: places were renamed and merged while people kept their numbers.
"""

import re
from datetime import date
from functools import cache
from operator import mul

import yaml

from tuodi.kernel.dates import parse_day
from tuodi.kernel.finding import Fault, Severity
from tuodi.kernel.shipped import shipped

_EIGHTEEN = re.compile(r"[0-9]{17}[0-9Xx]")
_FIFTEEN = re.compile(r"[0-9]{15}")
_FULL_WIDTH = re.compile(r"[０-９Ｘｘ]")
_AS_NUMBER = re.compile(r"[0-9.]+[eE]\+?[0-9]+|[0-9]{15,18}\.0+")
_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
_CHECK_CHARACTERS = "10X98765432"
_LONGEST_END_SHOWN = 4

_AGAIN = "请与证件核对后重新填写"
_AS_TEXT = "请把该列设为文本格式，再按证件填写完整的号码"


def check_id_number(text: str, not_after: date | None = None) -> list[tuple[Severity, Fault]]:
    """Return what is wrong with an identity number, nothing if it is in order.

    Errors: length or characters, an impossible birth date, one after ``not_after``, a wrong check character (only the
    18-character form has one). A warning only: first two digits that are no province's.
    """
    if not _EIGHTEEN.fullmatch(text) and not _FIFTEEN.fullmatch(text):
        return [(Severity.ERROR, _form_fault(text))]
    found: list[tuple[Severity, Fault]] = []
    birth = birth_date(text)
    if isinstance(birth, Fault):
        found.append((Severity.ERROR, birth))
    elif not_after is not None and birth > not_after:
        found.append((Severity.ERROR, Fault("id-birth-future", f"出生日期 {birth} 晚于 {not_after}", _AGAIN)))
    if len(text) == 18 and check_character(text) != text[17].upper():
        # A spreadsheet keeps 15 digits of a number and fills the rest with zeros.
        lost = text.endswith("000")
        advice = f"末三位可能已被表格软件改成 0，{_AS_TEXT}" if lost else _AGAIN
        found.append((Severity.ERROR, Fault("id-checksum", "身份证号校验码不符", advice)))
    if text[:2] not in known_provinces():
        fault = Fault("id-area", f"身份证号前两位 {text[:2]} 不是省级行政区划代码", "请与证件核对，一致的可以不改")
        found.append((Severity.WARNING, fault))
    return found


def check_character(text: str) -> str:
    """Return the check character that belongs behind the first 17 digits of ``text``."""
    total = sum(map(mul, _WEIGHTS, map(int, text[:17])))
    return _CHECK_CHARACTERS[total % 11]


def birth_date(text: str) -> date | Fault:
    """Return the birth date written in an identity number; a fault if the form or the date is impossible.

    The year of the 15-digit form is one of the years 1900 to 1999. The check character is not looked at.
    """
    if _EIGHTEEN.fullmatch(text):
        digits = text[6:14]
    elif _FIFTEEN.fullmatch(text):
        digits = "19" + text[6:12]
    else:
        return _form_fault(text)
    day = parse_day(digits)
    if isinstance(day, Fault):
        return Fault("id-birth", f"身份证号中的出生日期 {digits} 无效", _AGAIN)
    return day


def normal_form(text: str) -> str:
    """Return the one way to write a number for comparing: 18 characters, the check character in upper case.

    A text of neither form comes back as it is.
    """
    if _FIFTEEN.fullmatch(text):
        return upgrade_15(text)
    return text.upper() if _EIGHTEEN.fullmatch(text) else text


def upgrade_15(text: str) -> str:
    """Return the 18-character form of a 15-digit number; ValueError for anything but 15 digits."""
    if not _FIFTEEN.fullmatch(text):
        raise ValueError("not 15 digits")
    seventeen = f"{text[:6]}19{text[6:]}"
    return seventeen + check_character(seventeen)


def mask(text: str) -> str:
    """Return a document number fit to be seen: its first and last four characters, an asterisk for each between.

    Of fewer than 16 characters only a quarter is shown at each end, so that at least half always stays hidden.
    """
    shown = min(_LONGEST_END_SHOWN, len(text) // 4)
    if shown == 0:
        return "*" * len(text)
    return text[:shown] + "*" * (len(text) - 2 * shown) + text[-shown:]


def _form_fault(text: str) -> Fault:
    """Say why a text is neither 18 nor 15 characters of the right kind."""
    if not text.strip():
        return Fault("id-empty", "身份证号为空", "请按证件填写")
    if text != text.strip():
        return Fault("id-blank", "身份证号前后有空格", "请去掉空格")
    if _FULL_WIDTH.search(text):
        return Fault("id-full-width", "身份证号含有全角字符", "请改为半角数字和字母 X")
    if _AS_NUMBER.fullmatch(text):
        return Fault("id-as-number", "身份证号被表格软件当成了数字，末几位可能已丢失", _AS_TEXT)
    if len(text) not in (15, 18):
        return Fault("id-length", f"身份证号是 {len(text)} 位，应为 18 位（或旧证 15 位）", _AGAIN)
    return Fault("id-characters", "身份证号含有数字以外的字符（只有第 18 位可以是 X）", _AGAIN)


@cache
def known_provinces() -> frozenset[str]:
    """Return the first two digits that are a province's (GB/T 2260)."""
    document = yaml.safe_load(shipped("terms", "provinces.yaml").read_text(encoding="utf-8"))
    return frozenset(document["provinces"])
