"""What an owner's year has taken up of each account, and the limit it ran under: read from the lines, not computed.

The step keeps accumulators by place; this names them, for whoever stores or shows them.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from tuodi.assessment.rulebook import Rulebook
from tuodi.assessment.step import T_DEDUCTIBLE_USED, T_PAID, T_RULE
from tuodi.assessment.words import components
from tuodi.assessment.year import FAMILY, Assessed
from tuodi.kernel.money import Fen
from tuodi.policy.document import Account, Owner

DEDUCTIBLE: Final = "deductible"
CAP: Final = "cap"
KIND_NAMES: Final = {DEDUCTIBLE: "起付线", CAP: "年度限额"}
"""What the kinds are called."""


class AccountOf(NamedTuple):
    """One accumulator: ``kind`` is DEDUCTIBLE or CAP, ``name`` the account's key in the policy.

    ``member`` is the ``psn_no`` where a person owns the account inside a family that owns others, else empty.
    """

    kind: str
    name: str
    member: str


class Used(NamedTuple):
    """How much of it is taken up (fen), and the highest limit any of the year's lines met; None: one met no limit."""

    used_fen: Fen
    limit_fen: Fen | None


def accumulators(book: Rulebook, owner: str, year: Iterable[Assessed]) -> dict[AccountOf, Used]:
    """Return the accounts that the lines of one owner's year met; ``owner`` is named as by ``owner_of``."""
    found: dict[AccountOf, Used] = {}
    for assessed in year:
        psn_no = assessed.settlement.psn_no
        for line in components(assessed):
            rule = book.rules[line[T_RULE]]
            account, deductible = rule.component.deductible_account, rule.entitlement.deductible
            if account:
                limit = deductible.amount_fen if deductible else 0
                _take(found, _place(owner, psn_no, DEDUCTIBLE, account), line[T_DEDUCTIBLE_USED], limit)
            for cap in rule.entitlement.caps:
                _take(found, _place(owner, psn_no, CAP, cap.account), line[T_PAID], cap.amount_fen)
    return found


def _place(owner: str, psn_no: str, kind: str, account: Account) -> AccountOf:
    inside = owner.startswith(FAMILY) and account.owner is Owner.PERSON
    return AccountOf(kind, account.key, psn_no if inside else "")


def _take(found: dict[AccountOf, Used], place: AccountOf, amount: Fen, limit: Fen | None) -> None:
    before = found.get(place)
    if before is None:
        found[place] = Used(amount, limit)
        return
    highest = None if before.limit_fen is None or limit is None else max(before.limit_fen, limit)
    found[place] = Used(before.used_fen + amount, highest)
