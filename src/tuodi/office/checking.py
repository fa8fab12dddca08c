"""Are the stored results what follows from the facts? Everything computed anew, some persons at a time."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from django.db.models import Exists, OuterRef

from tuodi.assessment.accumulators import KIND_NAMES, Used
from tuodi.assessment.year import FAMILY, PERSON
from tuodi.kernel.money import Fen, yuan_grouped
from tuodi.office.assessing import county_book
from tuodi.office.facts import scope_of
from tuodi.office.models import OwnerYear, Settlement
from tuodi.office.progress import Tell, silent
from tuodi.office.results import Comparison, Line, Result, Year, years_of

PERSONS_AT_ONCE: Final = 5_000
DOING: Final = "核对待遇和累计"

FIELD_NAMES: Final = {
    "person_id": "所属人员",
    "owner": "累计归属",
    "outcome": "计算结论",
    "identity": "身份",
    "due_fen": "应救助金额",
    "former_fen": "别处已付",
    "note": "说明",
}


OWNER_NAMES: Final = {PERSON.strip(): "人员", FAMILY.strip(): "家庭"}


class Difference(NamedTuple):
    """Something stored is not what follows: what it is about, and both in words."""

    subject: str
    stored: str
    computed: str

    def sentence(self) -> str:
        """Return it as one sentence."""
        return f"{self.subject}：库中为 {self.stored or '空'}，重新计算为 {self.computed or '空'}。"


def differences(tell: Tell = silent) -> Iterator[Difference]:
    """Compare every owner's year with what follows from the facts; yields nothing where all is in order.

    Lines, results, accumulators, sums and what is withheld are compared. Inside a transaction that holds still
    (PostgreSQL: REPEATABLE READ) it may run beside the office's work; else a change under way can show as a difference.
    """
    book = county_book()
    total, done, last = OwnerYear.objects.count(), 0, ""
    seen: set[tuple[str, int]] = set()
    while piece := _numbers_after(last):
        last = piece[-1]
        for years in years_of(book, scope_of(book, piece)):
            for year in years:
                # A family comes up with each of its members.
                if (year.owner, year.year) not in seen:
                    if book.family_slots:
                        seen.add((year.owner, year.year))
                    done += 1
                    yield from _of_year(year)
            tell(DOING, min(done, total), total)
    yield from _without_settlements()


def _numbers_after(last: str) -> list[str]:
    numbers = Settlement.objects.filter(psn_no__gt=last).order_by("psn_no").values_list("psn_no", flat=True).distinct()
    return list(numbers[:PERSONS_AT_ONCE])


def _without_settlements() -> Iterator[Difference]:
    """Yield the owners' years that stand for nothing."""
    theirs = Settlement.objects.filter(owner=OuterRef("owner"), year=OuterRef("year"))
    empty = OwnerYear.objects.filter(~Exists(theirs)).order_by("pk").values_list("owner", "year")
    for owner, year in empty.iterator():
        yield Difference(_owner_words(owner, year), "有累计记录", "没有结算")


def _of_year(year: Year) -> Iterator[Difference]:
    subject = _owner_words(year.owner, year.year)
    if not year.settlements:
        return
    if year.key is None:
        yield Difference(subject, "没有累计记录", f"救助 {_yuan(year.paid_fen)}")
    elif (year.stored_paid_fen, year.stored_is_withheld) != (year.paid_fen, year.is_withheld):
        yield Difference(
            f"{subject}救助合计",
            _sum_words(year.stored_paid_fen, year.stored_is_withheld),
            _sum_words(year.paid_fen, year.is_withheld),
        )
    for account in sorted(year.stored_accumulators.keys() | year.accumulators.keys()):
        stored, computed = year.stored_accumulators.get(account), year.accumulators.get(account)
        if stored != computed:
            member = f"（{account.member}）" if account.member else ""
            name = f"{KIND_NAMES[account.kind]} {account.name}{member}"
            yield Difference(f"{subject}累计 {name}", _used_words(stored), _used_words(computed))
    for each in year.settlements:
        yield from _of_settlement(each)


def _owner_words(owner: str, year: int) -> str:
    kind, _, number = owner.partition(" ")
    return f"{OWNER_NAMES[kind]} {number} {year} 年"


def _words(name: str, value: object) -> str:
    return _yuan(value) if name.endswith("_fen") and isinstance(value, int) else str(value)


def _yuan(fen: Fen) -> str:
    return f"{yuan_grouped(fen)} 元"


def _used_words(used: Used | None) -> str:
    if used is None:
        return "没有"
    limit = "" if used.limit_fen is None else f"（限额 {_yuan(used.limit_fen)}）"
    return f"已用 {_yuan(used.used_fen)}{limit}"


def _sum_words(paid: int, is_withheld: bool) -> str:
    return f"{_yuan(paid)}{'（暂不计算）' if is_withheld else ''}"


def _of_settlement(each: Comparison) -> Iterator[Difference]:
    for name, stored, computed in zip(Result._fields, each.stored, each.result, strict=True):
        if stored != computed:
            subject = f"结算 {each.setl_id} 的{FIELD_NAMES[name]}"
            yield Difference(subject, _words(name, stored), _words(name, computed))
    if each.stored_lines != each.lines:
        yield Difference(f"结算 {each.setl_id} 的明细", _lines_words(each.stored_lines), _lines_words(each.lines))


def _lines_words(lines: tuple[Line, ...]) -> str:
    return "；".join(line.note for line in lines) or "没有"
