"""Clearing between levels of government (筹集、清算、上解): amounts computed from headcounts, standards and shares.

A document holds inputs only. What a level owes is worked out here, each line with the formula and its numbers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TypeAlias

from tuodi.kernel.dates import days_late
from tuodi.kernel.money import RATIO_SCALE, Fen, Ratio, percent, yuan
from tuodi.policy.document import Clause, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """A number a line is computed from: people, or fen per head. ``difference`` names the two it was taken from."""

    name: str
    value: int
    clause: Clause
    difference: tuple["Input", "Input"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What part of a total one level of government bears."""

    level: str
    ratio: Ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadcountShare:
    """People × amount per head, of which the paying level bears its share; fewer people than before give a refund."""

    headcount: Input
    per_head: Input


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadcountMonths:
    """People × amount per head and month × months, borne whole by the paying level."""

    headcount: Input
    per_head: Input
    months: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Notified:
    """An amount the level above has notified as this level's share; the total behind it was not told."""

    amount_fen: Fen


Basis: TypeAlias = HeadcountShare | HeadcountMonths | Notified


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearingItem:
    """One line of a document before it is computed."""

    name: str
    basis: Basis
    clause: Clause
    due: date | None = None
    paid_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearingDocument:
    """What one level pays for one purpose. ``shares`` add up to 1 and hold ``payer``; empty: the payer bears all."""

    id: str
    title: str
    payer: str
    payee: str
    source: Source
    shares: tuple[Share, ...]
    headcounts: tuple[Input, ...]
    per_head: tuple[Input, ...]
    items: tuple[ClearingItem, ...]

    @property
    def own_share(self) -> Ratio:
        """The paying level's share."""
        return next((share.ratio for share in self.shares if share.level == self.payer), Ratio(RATIO_SCALE))


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearingLine:
    """One computed line. ``by_level`` is empty where nothing is shared or the total is not a whole number of fen."""

    name: str
    formula: str
    amount_fen: Fen
    by_level: tuple[tuple[str, Fen], ...]
    clause: Clause
    due: date | None
    paid_on: date | None

    @property
    def shared_fen(self) -> Fen:
        """What all levels bear together."""
        return sum(part for _, part in self.by_level)

    @property
    def days_late(self) -> int | None:
        """Calendar days after the due day; 0 on it or before; None where either day is not known."""
        return None if self.due is None or self.paid_on is None else days_late(self.due, self.paid_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearing:
    """A document with its lines computed."""

    document: ClearingDocument
    lines: tuple[ClearingLine, ...]

    @property
    def total_fen(self) -> Fen:
        """What the payer owes on all lines together."""
        return sum(line.amount_fen for line in self.lines)


def clear(document: ClearingDocument) -> Clearing:
    """Compute every line of a document."""
    return Clearing(document=document, lines=tuple(_line(document, item) for item in document.items))


def split(amount_fen: Fen, shares: Sequence[Ratio]) -> tuple[Fen, ...]:
    """Split an amount by shares that add up to 1 so that the parts add up to it, to the fen (最大余数法).

    Everybody gets the whole fen of their share; the fen left over go one each to the largest remainders, the earlier
    share first where they tie. A refund (negative) is split as its size is.

    >>> split(100, [Ratio(500_000), Ratio(250_000), Ratio(250_000)])
    (50, 25, 25)
    >>> split(1, [Ratio(250_000), Ratio(250_000), Ratio(500_000)])
    (0, 0, 1)
    """
    if sum(share.millionths for share in shares) != RATIO_SCALE:
        raise ValueError("the shares do not add up to 1")
    if amount_fen < 0:
        return tuple(-part for part in split(-amount_fen, shares))
    divided = [divmod(amount_fen * share.millionths, RATIO_SCALE) for share in shares]
    left_over = amount_fen - sum(whole for whole, _ in divided)
    by_remainder = sorted(range(len(shares)), key=lambda place: -divided[place][1])
    luckier = frozenset(by_remainder[:left_over])
    return tuple(whole + (place in luckier) for place, (whole, _) in enumerate(divided))


def _line(document: ClearingDocument, item: ClearingItem) -> ClearingLine:
    match item.basis:
        case HeadcountShare(headcount=headcount, per_head=per_head):
            by_level = _by_level(document, headcount.value * per_head.value)
            amount = _own_part(document, by_level)
            formula = _product(str(headcount.value), _plain(per_head.value), share_text(document.own_share))
        case HeadcountMonths(headcount=headcount, per_head=per_head, months=months):
            by_level = ()
            amount = headcount.value * per_head.value * months
            formula = _product(str(headcount.value), _plain(per_head.value), str(months))
        case Notified(amount_fen=amount):
            by_level, formula = _behind_notice(document, amount)
    return ClearingLine(
        name=item.name,
        formula=formula,
        amount_fen=amount,
        by_level=by_level,
        clause=item.clause,
        due=item.due,
        paid_on=item.paid_on,
    )


def _by_level(document: ClearingDocument, total_fen: Fen) -> tuple[tuple[str, Fen], ...]:
    parts = split(total_fen, [share.ratio for share in document.shares])
    return tuple((share.level, part) for share, part in zip(document.shares, parts, strict=True))


def _own_part(document: ClearingDocument, by_level: Iterable[tuple[str, Fen]]) -> Fen:
    return next(part for level, part in by_level if level == document.payer)


def _behind_notice(document: ClearingDocument, amount_fen: Fen) -> tuple[tuple[tuple[str, Fen], ...], str]:
    share = document.own_share
    implied = Fraction(amount_fen * RATIO_SCALE, share.millionths)
    if not document.shares or implied.denominator != 1:
        return (), f"按通知 {_plain(amount_fen)}"
    implied_total = implied.numerator
    return _by_level(document, implied_total), f"{_plain(implied_total)}×{share_text(share)}（总额由通知金额反推）"


def share_text(ratio: Ratio) -> str:
    """Write a ratio as a percentage without idle zeros: ``25%``, ``12.5%``."""
    return percent(ratio.millionths, RATIO_SCALE, 4).rstrip("0").rstrip(".") + "%"


def _plain(fen: Fen) -> str:
    return yuan(fen).removesuffix(".00")


def _product(*factors: str) -> str:
    return "×".join(factors)
