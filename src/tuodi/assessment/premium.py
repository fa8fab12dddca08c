"""Premium subsidies (资助参保): one for each person and calendar year; of the identities held the best rule counts.

Rules have their own list of identities, looked up by every name a roster may use. Nothing here depends on the order of
the rows.
Source:  docs/algorithms/premium.md.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from tuodi.assessment.results import outside_validity, unknown_identities
from tuodi.intake.facts import Enrolment
from tuodi.kernel.dates import age_on
from tuodi.kernel.finding import Fault, Finding, Severity
from tuodi.kernel.money import Fen, yuan
from tuodi.kernel.terms import Terms
from tuodi.policy.document import PolicyDocument, PremiumMode, PremiumRule
from tuodi.policy.in_force import in_force

_DIFFERS = Fault(
    "premium-differs",
    "同一人同一年的各行个人缴费标准不一致，该人员当年暂不计算",
    "请核对当年的个人缴费标准，各行填写相同的金额",
)
_NO_BIRTH = Fault(
    "birth-missing", "资助条件按年龄确定，出生日期为空，该人员当年暂不计算", "请补填出生日期，例如 1960-12-05"
)


class Entry(NamedTuple):
    """A rule under one identity it names; ``place`` counts these pairs in the order of the documents."""

    place: int
    rule: PremiumRule


@dataclass(frozen=True, slots=True)
class PremiumBook:
    """Premium rules ready to be looked up: ``entries[document digest][name in the roster]``.

    ``known_names`` are those of the vocabulary and of the documents, whether a rule names them or not.
    """

    documents: tuple[PolicyDocument, ...]
    entries: Mapping[str, Mapping[str, tuple[Entry, ...]]]
    known_names: frozenset[str]

    @property
    def has_rules(self) -> bool:
        """Whether any of the documents subsidises premiums."""
        return any(document.premium for document in self.documents)

    def on(self, day: date) -> PolicyDocument | None:
        """Return the document that counts on a day: one alone always does."""
        return self.documents[0] if len(self.documents) == 1 else in_force(self.documents, day)


class Subsidy(NamedTuple):
    """What one person is granted for one year; ``enrolment`` is the row that won, ``rule`` None where none applies."""

    enrolment: Enrolment
    place: int
    rule: PremiumRule | None
    amount_fen: Fen

    @property
    def own_fen(self) -> Fen:
        """What the person pays."""
        return self.enrolment.premium_fen - self.amount_fen


@dataclass(frozen=True, slots=True)
class Subsidies:
    """The answer for a file: ``granted`` sorted by ``psn_no`` and year, the findings, how many were held back."""

    granted: tuple[Subsidy, ...]
    findings: tuple[Finding, ...]
    withheld: int


class RuleTotal(NamedTuple):
    """How many persons a rule served with how much; ``rule`` None: no rule applied."""

    rule: PremiumRule | None
    persons: int
    amount_fen: Fen


def premium_book(documents: Sequence[PolicyDocument], terms: Terms) -> PremiumBook:
    """Index the premium rules of documents of one region."""
    in_time = tuple(sorted(documents, key=lambda document: document.valid_from))
    entries: dict[str, dict[str, tuple[Entry, ...]]] = {}
    place = 0
    for document in in_time:
        by_name: dict[str, tuple[Entry, ...]] = {}
        for rule in document.premium:
            for identity in rule.identities:
                names = (*terms.names_counting_as(identity), *document.identities.get(identity, ()))
                for name in dict.fromkeys(names):
                    by_name[name] = (*by_name.get(name, ()), Entry(place, rule))
                place += 1
        entries[document.digest] = by_name
    written = (set(document.identities).union(*document.identities.values()) for document in in_time)
    return PremiumBook(in_time, entries, terms.names.union(*written, *entries.values()))


def subsidies(
    book: PremiumBook, enrolments: Iterable[Enrolment], file: str, withheld: Collection[str] = ()
) -> Subsidies:
    """Grant one subsidy per person and year of ``enrol_date``; rows may come in any order.

    ``withheld`` are persons of whom a row was refused already; ``file`` names the file in findings. A person of whom a
    row is refused here is held back for that year.
    """
    groups: dict[tuple[str, int], list[Enrolment]] = defaultdict(list)
    strange: Counter[str] = Counter()
    for enrolment in enrolments:
        if enrolment.identity not in book.known_names:
            strange[enrolment.identity] += 1
        groups[enrolment.psn_no, enrolment.enrol_date.year].append(enrolment)
    granted: list[Subsidy] = []
    findings: list[Finding] = []
    for psn_no, year in sorted(groups):
        rows = groups[psn_no, year]
        faults = [*_differing(rows, file), *_without_birth(book, rows, file)]
        findings += faults
        if not faults and psn_no not in withheld:
            granted.append(_most_generous(book, rows))
    findings.sort(key=lambda finding: finding.row or 0)
    findings += unknown_identities(strange, book.known_names, file)
    findings += _dates_outside(book, [s.enrolment.enrol_date for s in granted])
    return Subsidies(tuple(granted), tuple(findings), len(groups) - len(granted))


def subsidy_of(rule: PremiumRule, premium_fen: Fen) -> Fen:
    """Return what a rule grants of a premium: never below 0, never more than the premium; rounded at most once."""
    match rule.mode:
        case PremiumMode.WHOLE:
            return premium_fen
        case PremiumMode.RATIO if rule.ratio is not None:
            amount = rule.ratio.of(premium_fen)
        case PremiumMode.FIXED_AMOUNT if rule.amount_fen is not None:
            amount = rule.amount_fen
        case PremiumMode.FIXED_OWN_PAYMENT if rule.amount_fen is not None:
            amount = premium_fen - rule.amount_fen
        case _:
            raise ValueError(f"a premium rule of mode {rule.mode} lacks its value")
    return max(0, min(amount, premium_fen))


def totals_by_rule(granted: Iterable[Subsidy]) -> list[RuleTotal]:
    """Sum subsidies by rule, in the order of the documents; those without a rule come last."""
    persons: Counter[PremiumRule | None] = Counter()
    amounts: Counter[PremiumRule | None] = Counter()
    for subsidy in sorted(granted, key=lambda s: (s.rule is None, s.place)):
        persons[subsidy.rule] += 1
        amounts[subsidy.rule] += subsidy.amount_fen
    return [RuleTotal(rule, count, amounts[rule]) for rule, count in persons.items()]


def _entries(book: PremiumBook, enrolment: Enrolment) -> tuple[Entry, ...]:
    document = book.on(enrolment.enrol_date)
    return book.entries[document.digest].get(enrolment.identity, ()) if document else ()


def _most_generous(book: PremiumBook, rows: Iterable[Enrolment]) -> Subsidy:
    """Return the best offer of all rows; of equal ones the first rule and identity in the document's order.

    The rest of the order only makes the answer the same however the rows are ordered.
    """
    offers = [Subsidy(row, -1, None, 0) for row in rows]
    offers += [
        Subsidy(row, entry.place, entry.rule, subsidy_of(entry.rule, row.premium_fen))
        for row in rows
        for entry in _entries(book, row)
        if _old_enough(entry.rule, row)
    ]
    return min(
        offers,
        key=lambda s: (
            -s.amount_fen,
            s.rule is None,
            s.place,
            s.enrolment.enrol_date,
            s.enrolment.identity,
            s.enrolment.birth or date.min,
        ),
    )


def _old_enough(rule: PremiumRule, row: Enrolment) -> bool:
    if rule.min_age is None:
        return True
    return row.birth is not None and age_on(row.birth, row.enrol_date) >= rule.min_age


def _differing(rows: Sequence[Enrolment], file: str) -> list[Finding]:
    """Refuse all rows of a person and year whose premiums are not the same."""
    if len({row.premium_fen for row in rows}) == 1:
        return []
    return [_finding(_DIFFERS, file, row, "premium", yuan(row.premium_fen)) for row in rows]


def _without_birth(book: PremiumBook, rows: Sequence[Enrolment], file: str) -> list[Finding]:
    """Refuse the rows whose rule asks for an age nobody can tell, where it could grant more than is certain anyway."""
    certain = _most_generous(book, rows).amount_fen
    return [
        _finding(_NO_BIRTH, file, row, "brdy", "")
        for row in rows
        if row.birth is None
        and any(
            entry.rule.min_age is not None and subsidy_of(entry.rule, row.premium_fen) > certain
            for entry in _entries(book, row)
        )
    ]


def _finding(fault: Fault, file: str, row: Enrolment, column: str, value: str) -> Finding:
    return Finding(
        rule=fault.rule, message=fault.message, advice=fault.advice, file=file, row=row.row, column=column, value=value
    )


def _dates_outside(book: PremiumBook, days: Sequence[date]) -> list[Finding]:
    if not days:
        return []
    if len(book.documents) == 1:
        return outside_validity(book.documents[0], min(days), max(days), "参保日期")
    without = sorted({day for day in days if book.on(day) is None})
    if not without:
        return []
    return [
        Finding(
            rule="outside-validity",
            severity=Severity.WARNING,
            message=f"有参保日期（{without[0]} 至 {without[-1]}）不在任何一份所给政策的有效期内，没有资助",
            advice="请补上这些日期适用的政策文件",
        )
    ]
