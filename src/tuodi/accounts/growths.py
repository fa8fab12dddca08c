"""Growth against last year: two figures, their difference, and whether a reason speaks of what is inside the total."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from tuodi.accounts.cells import cells_of, row_label
from tuodi.accounts.disclosure import Accounts, Place, Told
from tuodi.accounts.sheets import accounts_layout
from tuodi.accounts.sources import bare
from tuodi.accounts.table_set import TOTAL, Growth
from tuodi.kernel.finding import Fault, Finding, Severity
from tuodi.kernel.money import Fen, percent

_ORDINAL = re.compile(r"^(?:（?[一二三四五六七八九十]+[）、]|[0-9]{3,7} ?)")
_TOO_GENERAL = frozenset({"合计", "总计", "小计", "其他支出", "本年收入合计", "本年支出合计", "奖金"})
"""Words that stand in many sentences without meaning the row that has them as its label."""


@dataclass(frozen=True)
class Grown:
    """One total this year and last year, in fen; ``last`` and ``reason`` are None where nobody told them.

    ``step_fen`` is the last digit of what is known, ``digit_fen`` that of what is published.
    """

    growth: Growth
    now: Fen
    last: Fen | None
    reason: Told | None
    step_fen: Fen = 1
    digit_fen: Fen = 1

    @cached_property
    def difference(self) -> Fen:
        """Return the increase, negative for a decrease; 0 where last year is not known."""
        return 0 if self.last is None else self.now - self.last

    @property
    def changed(self) -> bool:
        """Tell whether there is a difference that can be seen in what is published."""
        return 2 * abs(self.difference) >= self.digit_fen

    @property
    def rate(self) -> str:
        """Return the size of the growth in percent, at most two decimals; a dash where last year was 0."""
        return "—" if not self.last else sure_percent(abs(self.difference), abs(self.last), self.step_fen)


def sure_percent(part: Fen, whole: Fen, step_fen: Fen) -> str:
    """Return a share in percent with two decimals, fewer where amounts rounded to ``step_fen`` do not tell them.

    Each amount may be off by half of its last digit: a decimal is told where it is off by no more than half of one.
    """
    if step_fen == 1 or not whole:
        return percent(part, whole)
    off = Fraction(50 * step_fen * (abs(whole) + abs(part)), whole * whole)
    return percent(part, whole, next((places for places in (2, 1) if off <= Fraction(1, 2 * 10**places)), 0))


def grown(accounts: Accounts, growth_id: str) -> Grown | None:
    """Return a growth of the set; None where the set has not got it."""
    growth = accounts.tables.growth(growth_id)
    if growth is None:
        return None
    return Grown(
        growth, accounts.summed(growth.now) or 0, accounts.summed(growth.last), accounts.reasons.get(growth_id),
        accounts.step_fen, accounts.digit_fen,
    )  # fmt: skip


def growth_findings(accounts: Accounts) -> list[Finding]:
    """Return last year's figures and reasons that are missing (warnings), and reasons outside their total (errors)."""
    findings: list[Finding] = []
    for growth in accounts.tables.growths:
        each = grown(accounts, growth.id)
        if each is None:
            continue
        if each.last is None:
            fault = Fault("last-year-missing", f"没有填写上年的{growth.name}", "请在“上年数”补填；不填就不能与上年比较")
            findings.append(Place(sheet="上年数").finding(fault, severity=Severity.WARNING))
            if each.reason is not None:
                unused = Fault("reason-unused", f"没有上年的{growth.name}，原因没有写入", "请在“上年数”补填")
                findings.append(each.reason.place.finding(unused, each.reason.text[:60], Severity.WARNING))
        elif each.changed and each.reason is None:
            change = "增加" if each.difference > 0 else "减少"
            amount = f"{accounts.amount(abs(each.difference))} {accounts.unit}"
            message = f"{growth.name}比上年{change} {amount}，没有填写原因"
            fault = Fault("reason-missing", message, "请在“原因”补填")
            findings.append(Place(sheet="原因").finding(fault, severity=Severity.WARNING))
        if each.reason is not None:
            findings += _outside(accounts, each, each.reason)
            findings += _against_direction(each, each.reason)
    return findings


def _against_direction(each: Grown, reason: Told) -> Iterator[Finding]:
    """Yield a reason that speaks only of the other direction: sure where it says so of the money itself."""
    if not each.changed:
        return
    up, down = (accounts_layout().words[name] for name in ("words_of_increase", "words_of_decrease"))
    own, other = (up, down) if each.difference > 0 else (down, up)
    if any(word in reason.text for word in own):
        return
    said = [word for word in other if word in reason.text]
    if not said:
        return
    change = "增加" if each.difference > 0 else "减少"
    money = "|".join(map(re.escape, accounts_layout().words["words_of_money"]))
    sure = re.search(f"(?:{money})(?:有所|大幅|明显)?(?:{'|'.join(map(re.escape, said))})", reason.text)
    fault = Fault(
        "reason-against-direction",
        f"{each.growth.name}比上年{change}，原因写的是“{said[0]}”",
        f"请核对上年数和原因，写明{change}的原因",
    )
    severity = Severity.ERROR if sure and "上年" not in reason.text else Severity.WARNING
    yield reason.place.finding(fault, reason.text[:60], severity)


def _outside(accounts: Accounts, each: Grown, reason: Told) -> Iterator[Finding]:
    """Yield each item a reason names that is no part of the total, or has no amount in it.

    Where the total fell, an item without amount this year may be the very thing that fell away.
    """
    scope = {key for term in each.growth.scope for key in cells_of(accounts, term)}
    if not scope:
        return
    for name, rows in _named(accounts, reason.text):
        inside = [key for key in scope if (key[0], key[1]) in rows]
        if any(accounts.cell(key).value for key in inside) or (inside and each.difference < 0):
            continue
        elsewhere = "、".join(sorted({_where(accounts, row) for row in rows}))
        what = "在这一合计里没有发生额" if inside else "不在这一合计里"
        fault = Fault(
            "reason-outside-total",
            f"{each.growth.name}的原因写到“{name}”，它{what}（{elsewhere}）",
            f"请改写为{each.growth.name}里实际增减的项目",
        )
        yield reason.place.finding(fault, reason.text[:60])


def _named(accounts: Accounts, text: str) -> Iterator[tuple[str, set[tuple[str, str]]]]:
    """Yield the rows' labels that a text holds, the longest where one lies inside another, with their rows."""
    rows: dict[str, set[tuple[str, str]]] = {}
    for table in accounts.tables.tables:
        for row in accounts.row_ids(table.id):
            if row == TOTAL or not table.is_money(row):
                continue
            label = _ORDINAL.sub("", bare(row_label(accounts, table.id, row)))
            if len(label) > 1 and label not in _TOO_GENERAL:
                rows.setdefault(label, set()).add((table.id, row))
    names = sorted(rows, key=len, reverse=True)
    if names:
        for name in dict.fromkeys(re.findall("|".join(map(re.escape, names)), bare(text))):
            yield name, rows[name]


def _where(accounts: Accounts, row: tuple[str, str]) -> str:
    table = accounts.tables.table(row[0])
    return f"{table.number if table else row[0]} {row_label(accounts, *row)}"
