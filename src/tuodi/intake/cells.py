"""One cell -> one value or a fault. What a cell may hold depends on the kind of its column, never on its neighbours.

Text is trimmed of the blanks, tabs and the leading apostrophe that exports leave round it; nothing inside is touched.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from tuodi.intake.layouts import Kind
from tuodi.kernel.dates import FIRST_YEAR, LAST_YEAR, parse_day, parse_moment
from tuodi.kernel.finding import Fault
from tuodi.kernel.money import LARGEST_FEN, Fen, parse_yuan


class UnreadCell(NamedTuple):
    """A cell whose value the workbook does not hold: an error such as ``#N/A``, or a formula without a result."""

    text: str
    is_formula: bool = False


class PercentCell(float):
    """A number that the workbook shows as a percentage: 0.9056 where people see 90.56%."""


Cell: TypeAlias = str | int | float | bool | datetime | date | time | timedelta | Decimal | bytes | UnreadCell | None
Value: TypeAlias = str | int | bool | datetime | date | Fault | None
Converter: TypeAlias = Callable[[Cell, Value], Value]
"""Reads a cell; the second argument is what stands for an empty one."""

LONGEST_TEXT = 500
"""More characters than any field of the national interface has."""

_NEAR_FEN_YUAN = 1e-6
_ALMOST_A_SECOND = 999_000
_SHANGHAI = timezone(timedelta(hours=8))
_ERROR_TEXTS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NUM!", "#NAME?", "#NULL!", "#SPILL!", "#CALC!"})
_FULL_WIDTH = re.compile(r"[\uff01-\uff5e]")
_AS_NUMBER = re.compile(r"[0-9]+\.[0-9]*(?:[eE][+-]?[0-9]+)?|[0-9]+[eE]\+[0-9]+")

_EMPTY = Fault("cell-empty", "必填，不能为空", "请补填")
_NOT_TEXT = Fault(
    "id-as-number", "编号和证件号码必须是文本，这里是数值，末几位可能已丢失", "请把该列设为文本格式，从原始数据重新填写"
)
_NOT_CODE = Fault(
    "code-format",
    "不是代码（代码只有数字和字母）",
    "请填代码：医疗类别例如住院填 21、普通门诊填 11，险种填 310 或 390，区划填六位数字代码，医院等级填 1、2 或 3",
)
_WRONG_FORM = Fault("cell-type", "单元格的类型不对", "请改为文本或数值后重新填写")
_BOOLEAN = Fault("cell-boolean", "是逻辑值，不是数据", "请改为实际的内容")


def too_long(longest: int) -> Fault:
    """Return what is wrong with a text of more than so many characters."""
    return Fault("cell-too-long", f"超过 {longest} 个字符", "请核对是否串列或粘贴有误")


_TOO_LONG = too_long(LONGEST_TEXT)

CONTROL = Fault("text-characters", "文字中有不可见的控制字符", "请删去这些字符，或在记事本中粘贴一遍再复制回来")


def not_to_be_kept(value: str) -> Fault | None:
    """Return what is wrong with a text of a file that no database keeps as it is: NUL, other controls."""
    return CONTROL if not value.isprintable() and any(map(is_control, value)) else None


def is_control(char: str) -> bool:
    """Tell whether no document can hold a character: controls, halves of pairs, places without a character."""
    return (char not in "\n\t" and unicodedata.category(char) in ("Cc", "Cs")) or ord(char) & 0xFFFE == 0xFFFE


def reader_of(kind: Kind, required: bool) -> tuple[Converter, Value]:
    """Return the function that reads a cell of this kind and what it is to return for an empty one.

    That is a fault where required; elsewhere ``""`` for text, 0 for money, False for a flag, None for days and moments.
    """
    read, empty = _READERS[kind]
    return read, _EMPTY if required else empty


def absent(_cell: Cell, if_empty: Value) -> Value:
    """Read a cell of a column that the file does not have."""
    return if_empty


def is_blank(cell: Cell) -> bool:
    """Tell whether a cell holds nothing but blanks."""
    return cell is None or (isinstance(cell, str) and not _trimmed(cell))


def shown(cell: Cell) -> str:
    """Return a cell as a finding prints it, shortened if it is very long."""
    if isinstance(cell, UnreadCell):
        return cell.text[:100]
    text = written(cell)
    return text if len(text) <= 100 else f"{text[:100]}…"


def written(cell: Cell) -> str:
    """Return the whole text of a cell, a whole number without decimals."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, UnreadCell):
        return cell.text
    return _number_text(cell) if isinstance(cell, float) else str(cell)


def money(cell: Cell, if_empty: Value) -> Value:
    """Read an amount in yuan: text as ``parse_yuan`` does, a number if it lies within 1e-6 yuan of a whole fen."""
    if type(cell) is float:
        if not -1e10 < cell < 1e10:
            return Fault("amount-too-large", "金额超过 9999999999.99 元", "请核对金额单位是否为元")
        fen = round(cell * 100)
        if abs(cell - fen / 100) <= _NEAR_FEN_YUAN:
            return fen
        return Fault("amount-decimals", "金额超过两位小数", "请核对原始单据后改为最多两位小数（元），例如 1234.56")
    if type(cell) is str:
        if not (trimmed := _trimmed(cell)):
            return if_empty
        return _text_fault(trimmed) or parse_yuan(trimmed)
    if isinstance(cell, int | Decimal) and not isinstance(cell, bool):
        return _exact_money(cell)
    if isinstance(cell, PercentCell):
        return money(float(cell), if_empty)
    return _other(cell, if_empty)


def _exact_money(cell: int | Decimal) -> Fen | Fault:
    if isinstance(cell, Decimal) and not cell.is_finite():
        return Fault("amount-format", "不是有效金额", "请填写以元为单位、最多两位小数的数字，例如 1234.56")
    if cell > LARGEST_FEN or cell < -LARGEST_FEN:
        return Fault("amount-too-large", "金额超过 9999999999.99 元", "请核对金额单位是否为元")
    hundredfold = cell * 100
    fen = int(hundredfold)
    if fen != hundredfold:
        return Fault("amount-decimals", "金额超过两位小数", "请核对原始单据后改为最多两位小数（元），例如 1234.56")
    if abs(fen) > LARGEST_FEN:
        return Fault("amount-too-large", "金额超过 9999999999.99 元", "请核对金额单位是否为元")
    return fen


def identifier(cell: Cell, if_empty: Value) -> Value:
    """Read an ID or card number: text only, since a number has lost its leading zeros or its last digits."""
    if type(cell) is str:
        if cell.isalnum() and cell.isascii() and len(cell) <= LONGEST_TEXT:
            return cell
        return _plain_text(cell, if_empty)
    if type(cell) in (int, float, Decimal, PercentCell):
        return _NOT_TEXT
    return _other(cell, if_empty)


def code(cell: Cell, if_empty: Value) -> Value:
    """Read a code: letters and digits as text, or a whole number's digits; the words a code stands for are a fault."""
    value = _code_text(cell, if_empty)
    if isinstance(value, str) and value and not (value.isalnum() and value.isascii()):
        return _NOT_CODE
    return value


def _code_text(cell: Cell, if_empty: Value) -> Value:
    if type(cell) is str:
        if cell.isalnum() and cell.isascii() and len(cell) <= LONGEST_TEXT:
            return cell
        return _plain_text(cell, if_empty)
    if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
        return _whole_digits(cell) or _NOT_CODE
    return _other(cell, if_empty)


def text(cell: Cell, if_empty: Value) -> Value:
    """Read a name or a word; blanks of every width round it are dropped."""
    if type(cell) is str:
        trimmed = _trimmed(cell).strip()
        if not trimmed:
            return if_empty
        return _text_fault(trimmed) or trimmed
    if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
        return _number_text(cell)
    return _other(cell, if_empty)


def flag(cell: Cell, if_empty: Value) -> Value:
    """Read a flag: 1 is set, 0 is not; anything else that is not empty is a fault."""
    value = _code_text(cell, if_empty)
    if value is if_empty or isinstance(value, Fault):
        return value
    if value in ("0", "1"):
        return value == "1"
    return Fault("flag-value", "标志只能为空、0 或 1", "请核对后改为 0（有效）或 1（已冲正）")


def moment(cell: Cell, if_empty: Value) -> Value:
    """Read a moment as naive local time, rounded to whole seconds where a workbook keeps fractions of a day."""
    if type(cell) is str:
        trimmed = _trimmed(cell)
        if not trimmed:
            return if_empty
        return _text_fault(trimmed) or parse_moment(trimmed)
    if isinstance(cell, date):
        return _moment_of(cell)
    if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
        return parse_moment(_number_text(cell))
    return _other(cell, if_empty)


def day(cell: Cell, if_empty: Value) -> Value:
    """Read a day; of a moment only its local day counts."""
    if type(cell) is str:
        trimmed = _trimmed(cell)
        if not trimmed:
            return if_empty
        return _text_fault(trimmed) or parse_day(trimmed)
    value = moment(cell, if_empty)
    return value.date() if isinstance(value, datetime) else value


def _moment_of(cell: date) -> datetime | Fault:
    if not isinstance(cell, datetime):
        value = datetime(cell.year, cell.month, cell.day)
    elif cell.tzinfo is not None:
        try:
            value = cell.astimezone(_SHANGHAI).replace(tzinfo=None)
        except OverflowError:
            return Fault("date-year", "年份超出范围", "请核对年份，例如 2024-12-05")
    else:
        value = cell
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        return Fault("date-year", f"年份不在 {FIRST_YEAR} 至 {LAST_YEAR} 之间", "请核对年份，例如 2024-12-05")
    if value.microsecond:
        # A workbook keeps days as binary fractions, a hair before the second that was meant; real fractions are cut
        # off, since the day of a settlement decides its year.
        value = value.replace(microsecond=0) + timedelta(seconds=value.microsecond // _ALMOST_A_SECOND)
    return value


def _trimmed(cell: str) -> str:
    if cell.isalnum():
        return cell
    return cell.strip(" \t").removeprefix("'").strip(" \t")


def _plain_text(cell: str, if_empty: Value) -> Value:
    """Read the text of an ID or a code, in which no blank, control or full-width character may hide."""
    trimmed = _trimmed(cell)
    if not trimmed:
        return if_empty
    fault = _text_fault(trimmed)
    if fault:
        return fault
    if _AS_NUMBER.fullmatch(trimmed):
        return Fault("id-as-number", "编号或代码被表格软件写成了小数或科学计数法", _NOT_TEXT.advice)
    if _FULL_WIDTH.search(trimmed):
        return Fault("text-full-width", "含有全角数字、字母或符号", "请改为半角")
    if '"' in trimmed or not trimmed.isprintable() or any(map(str.isspace, trimmed)):
        return Fault("text-characters", "编号或代码中有空格、换行或不可见字符", "请删去这些字符")
    return trimmed


def _text_fault(trimmed: str) -> Fault | None:
    if len(trimmed) > LONGEST_TEXT:
        return _TOO_LONG
    if trimmed[0] == "#" and trimmed.upper() in _ERROR_TEXTS:
        return _error_fault(trimmed)
    return None


def _error_fault(found: str) -> Fault:
    return Fault("cell-error", f"是公式错误值 {found}", "请在表格软件中改正公式，再粘贴为数值")


def _other(cell: Cell, if_empty: Value) -> Value:
    """Say what is wrong with a cell of a type that its column never holds, unless it is empty."""
    if cell is None:
        return if_empty
    if isinstance(cell, bool):
        return _BOOLEAN
    if isinstance(cell, UnreadCell):
        if cell.is_formula:
            return Fault("cell-formula", "是没有计算结果的公式", "请用表格软件打开并保存，或粘贴为数值后再导入")
        return _error_fault(cell.text)
    if isinstance(cell, date | time | timedelta):
        return Fault("cell-date", "是日期或时间，不是这一列该有的内容", "请核对是否串列，并把该列设为文本或数值格式")
    return _WRONG_FORM


def _whole_digits(number: float | Decimal) -> str | None:
    try:
        whole = int(number)
    except (ValueError, OverflowError):
        return None
    return str(whole) if whole == number and 0 <= whole < 10**15 else None


def _number_text(number: float | Decimal) -> str:
    return _whole_digits(number) or str(number)


_READERS: dict[Kind, tuple[Converter, Value]] = {
    Kind.ID: (identifier, ""),
    Kind.CODE: (code, ""),
    Kind.TEXT: (text, ""),
    Kind.MONEY: (money, 0),
    Kind.MOMENT: (moment, None),
    Kind.DAY: (day, None),
    Kind.FLAG: (flag, False),
}
