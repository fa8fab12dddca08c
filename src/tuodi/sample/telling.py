"""Which settlements explain most about a policy: those where something else than the ratio decided."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from tuodi.assessment.step import T_BY_RATIO, T_CAP_LEFT, T_DEDUCTIBLE_USED, T_PAID, T_RAW, T_TOP_UP
from tuodi.assessment.words import components
from tuodi.assessment.year import Assessed


class Telling(NamedTuple):
    """A settlement worth showing, and in a few Chinese words why."""

    why: str
    setl_id: str


def _topped_up(line: tuple[int, ...]) -> bool:
    return line[T_TOP_UP] > line[T_BY_RATIO] and line[T_PAID] > 0


def _crossed_deductible(line: tuple[int, ...]) -> bool:
    return line[T_DEDUCTIBLE_USED] > 0 and line[T_PAID] > 0


def _cut_by_cap(line: tuple[int, ...]) -> bool:
    return line[T_RAW] > line[T_PAID] == line[T_CAP_LEFT] > 0


CASES: tuple[tuple[str, Callable[[tuple[int, ...]], bool]], ...] = (
    ("补足综合支付比例", _topped_up),
    ("超过年度起付线", _crossed_deductible),
    ("用完年度限额", _cut_by_cap),
)


def telling(assessed: Iterable[Assessed]) -> list[Telling]:
    """Return the first settlement of each case, as far as there is one; ``assessed`` is in a fixed order."""
    found: dict[str, str] = {}
    for one in assessed:
        for why, holds in CASES:
            if why not in found and any(holds(line) for line in components(one)):
                found[why] = one.settlement.setl_id
    return [Telling(why, found[why]) for why, _ in CASES if why in found]
