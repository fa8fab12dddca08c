"""A cell of any type -> its text, exactly as it was written or as its number reads in decimals.

For sheets where one column holds words, numbers with units and dates alike, so that the column cannot say more.
"""

from datetime import date, datetime, time
from decimal import Decimal

from tuodi.intake.cells import CONTROL, Cell, PercentCell, Value, is_control, moment, text
from tuodi.kernel.finding import Fault

MOST_DIGITS = 15
"""So many decimal digits a binary number carries for certain; more are its noise."""

_TOO_MANY_DIGITS = Fault(
    "number-digits",
    f"数值超过 {MOST_DIGITS} 位数字，多半是公式的结果，末几位不可靠",
    "请用 ROUND 取到需要的位数，或分别填写分子和分母；编号请设为文本格式",
)


def exact_text(cell: Cell, longest: int) -> str | Fault:
    """Return the text of a cell, empty for an empty one; ``longest`` is how many characters it may have.

    A number becomes its shortest decimals (``90.56``, ``30437``; ``90.56%`` where the workbook shows a percentage),
    a date ``YYYY-MM-DD``, true and false 是 and 否.
    """
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, date):
        value = moment(cell, None)
        return _day_text(value) if isinstance(value, datetime) else _fault(value)
    return exact_number_text(cell, longest)


def exact_number_text(cell: Cell, longest: int) -> str | Fault:
    """Return the text of a cell of a column for numbers, in which a date, true or false is a fault.

    Words remain words: whether they are a number is for the one who uses them to say.
    """
    if isinstance(cell, str):
        return _written(cell, longest)
    if isinstance(cell, PercentCell):
        points = _decimals(Decimal(repr(float(cell))).scaleb(2))
        return points if isinstance(points, Fault) else f"{points}%"
    if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
        return _decimals(Decimal(repr(cell)) if isinstance(cell, float) else Decimal(cell))
    return "" if cell is None else _fault(text(cell, ""))


def _written(cell: str, longest: int) -> str | Fault:
    said = cell.replace("\r\n", "\n").replace("\r", "\n").strip().strip("\ufeff\u200b").strip()
    if len(said) > longest:
        return Fault("cell-too-long", f"超过 {longest} 个字符", "请核对是否粘贴有误，或精简文字")
    if not said.isprintable() and any(map(is_control, said)):
        return CONTROL
    if said.startswith("#"):
        read = text(said, "")
        if isinstance(read, Fault) and read.rule == "cell-error":
            return read
    return said


def _decimals(number: Decimal) -> str | Fault:
    if not number.is_finite():
        return Fault("number-value", "不是有效的数", "请改为实际的数值")
    plain = number.normalize()
    if len(plain.as_tuple().digits) > MOST_DIGITS or not (plain == 0 or -MOST_DIGITS < plain.adjusted() < MOST_DIGITS):
        return _TOO_MANY_DIGITS
    return "0" if plain == 0 else f"{plain:f}"


def _day_text(value: datetime) -> str:
    return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")


def _fault(value: Value) -> Fault:
    """Return what must be a fault: the readers of cells give nothing else for these types."""
    if not isinstance(value, Fault):
        raise TypeError(f"a cell was read as {value!r}")
    return value
