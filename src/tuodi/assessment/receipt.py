"""The receipt of one settlement: what was paid and why, in words for the counter, the telephone and the person."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from tuodi.assessment.payments import PaymentLine, payment_lines
from tuodi.assessment.receipt_steps import Line, Step, benefit_steps, bill_steps, borne_steps
from tuodi.assessment.results import Summary, absent_columns, validity_findings
from tuodi.assessment.rulebook import Rulebook
from tuodi.assessment.step import T_LEFT, T_PAID, T_RULE, T_TOP_UP, UNBOUNDED
from tuodi.assessment.words import components, cut_by, why_none, why_nothing
from tuodi.assessment.year import (
    Accounts,
    Assessed,
    Outcome,
    Person,
    Withheld,
    assess_one,
    assess_years,
    in_order,
    owner_of,
    people,
)
from tuodi.intake.facts import Settlement
from tuodi.intake.persons import read_persons
from tuodi.intake.settlements import read_settlements
from tuodi.kernel.codes import named
from tuodi.kernel.finding import Finding, Severity
from tuodi.kernel.money import Fen, yuan_spoken
from tuodi.policy.document import Component, PolicyDocument, Source


class StepGroup(NamedTuple):
    """Steps under the heading a page gives them."""

    heading: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One settlement explained.

    ``identity`` is the one that counts, as the policy names it, empty if none; ``held`` are those held on the day as
    the roster names them. ``document`` is None where no policy was in force. ``remarks`` are further sentences: why an
    identity was chosen, what would be needed. ``sources`` are the texts the clauses are from. ``sentence`` is what a
    clerk says at the counter or on the phone; ``reasons`` say in it why a benefit was cut or paid nothing. ``paid_fen``
    is what is due; what others than the window (``maf_pay``) paid already, ``former_fen``, only the office knows.
    """

    settlement: Settlement
    document: PolicyDocument | None
    outcome: Outcome
    identity: str
    held: tuple[str, ...]
    steps: tuple[Step, ...]
    paid_fen: Fen
    sentence: str
    reasons: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    psn_name: str = ""
    certno: str = ""
    former_fen: Fen = 0

    @property
    def elsewhere_fen(self) -> Fen:
        """Return the assistance the window and other systems paid already; a reversed settlement's counts no more."""
        return 0 if self.settlement.reversed else self.settlement.maf_pay + self.former_fen

    @property
    def payments(self) -> tuple[PaymentLine, ...]:
        """Return the lines from what is due to what is payable now; none for a reversed settlement."""
        if self.settlement.reversed:
            return ()
        return payment_lines(self.paid_fen, self.settlement.maf_pay, self.former_fen)

    @property
    def identity_told(self) -> str:
        """Return the identity that counts, with those held on the day where there are others or it is none."""
        held = "、".join(self.held)
        if self.settlement.reversed:
            return held or "当日没有登记"
        if not held or self.held == (self.identity,) or (self.identity and len(self.held) == 1):
            return self.identity or "无"
        return f"{self.identity or '无'}（当日登记：{held}）"

    @property
    def moment(self) -> str:
        """Return when the settlement was made; midnight is what a date without a time is read as."""
        at = self.settlement.setl_time
        return f"{at.date()}" if at.time() == time.min else f"{at}"

    @property
    def groups(self) -> Iterator[StepGroup]:
        """Yield the steps as pages show them: the bill, each benefit with the identity it goes by, what is borne."""
        heading = "记录上的金额（已冲正，不作数）" if self.settlement.reversed else "医疗费用和各方支付"
        for code, steps in groupby(self.steps, key=lambda step: step.component):
            yield StepGroup(f"{self.component_name(code)}（按{self.identity}）" if code else heading, tuple(steps))
            heading = "个人承担"

    def component_name(self, code: str) -> str:
        """Return a component's name, with the level of government where a second layer grants it."""
        found: dict[str, Component] = {c.code: c for c in self.document.components} if self.document else {}
        if code not in found:
            return ""
        return f"{found[code].name}（{found[code].authority}）" if found[code].authority else found[code].name


def explain_one(book: Rulebook, person: Person | None, settlement: Settlement, accounts: Accounts) -> Receipt:
    """Return the receipt a settlement would have on the owner's accumulators, which are left as they are."""
    return receipt_of(book, person, assess_one(book, person, settlement, accounts.copy()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """What two files say about one settlement.

    ``receipt`` is None where a file could not be used or the owner's year is withheld: ``findings`` then say why.
    Otherwise they are the doubts about the rows that were used. ``others`` are the findings about other rows.
    """

    receipt: Receipt | None
    findings: tuple[Finding, ...]
    others: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class NotFound:
    """No row of the settlements has this ``setl_id``."""

    setl_id: str


def find_receipt(book: Rulebook, persons_file: Path, settlements_file: Path, setl_id: str) -> Explained | NotFound:
    """Read both files and explain one settlement; of the rest only its owner's year up to it is assessed."""
    persons = read_persons(persons_file)
    settlements = read_settlements(settlements_file, book.needed_fields)
    findings = [f for f in (*persons.findings, *settlements.findings) if f.severity is not Severity.INFO]
    errors = tuple(f for f in findings if f.is_error)
    if not (persons.usable and settlements.usable):
        return Explained(receipt=None, findings=errors)
    asked = next((s for s in settlements.settlements if s.setl_id == setl_id), None)
    if asked is None:
        return Explained(receipt=None, findings=errors) if setl_id in settlements.refused_ids else NotFound(setl_id)
    roster = people(persons.holdings)
    withheld = Withheld(persons.refused, settlements.refused)
    receipt = receipt_among(book, roster, settlements.settlements, asked, withheld)
    if receipt is None:
        return Explained(receipt=None, findings=_naming(_members(book, roster, withheld, asked), errors))
    held = [holding for holding in persons.holdings if holding.psn_no == asked.psn_no]
    receipt = replace(
        receipt,
        psn_name=next((holding.psn_name for holding in held if holding.psn_name), ""),
        certno=next((holding.certno for holding in held if holding.certno), ""),
    )
    rows_used = {holding.row for holding in held}
    about = [f for f in persons.findings if f.row in rows_used and f.severity is not Severity.INFO]
    about += [f for f in settlements.findings if f.row == asked.row and f.severity is not Severity.INFO]
    day = asked.setl_time.toordinal()
    doubts = (
        *about,
        *(
            f
            for f in absent_columns(book, settlements.present, settlements_file.name)
            if f.severity is not Severity.INFO
        ),
        *validity_findings(book, Summary(first_day=day, last_day=day)),
    )
    others = tuple(f for f in findings if all(f is not told for told in about))
    return Explained(receipt=receipt, findings=doubts, others=others)


def receipt_among(
    book: Rulebook,
    roster: dict[str, Person],
    settlements: Iterable[Settlement],
    asked: Settlement,
    withheld: Withheld | None = None,
) -> Receipt | None:
    """Return the receipt of one of these settlements, None if its owner's year is withheld.

    ``settlements`` are in any order and may be of anybody; only the owner's year up to the one asked for is assessed.
    """
    owner = owner_of(book, roster)
    earlier = [
        s
        for s in settlements
        if s.setl_time.year == asked.setl_time.year
        and in_order(s) <= in_order(asked)
        and owner(s.psn_no) == owner(asked.psn_no)
    ]
    for assessed in assess_years(book, roster, earlier, withheld):
        if assessed.settlement is asked:
            return receipt_of(book, roster.get(asked.psn_no), assessed)
    return None


def _members(book: Rulebook, roster: dict[str, Person], withheld: Withheld, asked: Settlement) -> set[str]:
    """Return who among the owner's members had a row refused."""
    owner = owner_of(book, roster)
    refused = withheld.persons | {psn_no for psn_no, _ in withheld.years}
    return {psn_no for psn_no in refused if owner(psn_no) == owner(asked.psn_no)}


def _naming(persons: set[str], errors: tuple[Finding, ...]) -> tuple[Finding, ...]:
    # A finding has no field for the person: intake names whom it withholds in the message.
    named = tuple(f for f in errors if any(f"人员 {psn_no} " in f.message for psn_no in persons))
    return named or errors


def receipt_of(book: Rulebook, person: Person | None, assessed: Assessed) -> Receipt:
    """Return the receipt of an assessed settlement; ``person`` is whose roster rows were used."""
    settlement = assessed.settlement
    held = person.held_on(settlement.setl_time.toordinal()) if person else ()
    identity = book.identity_name(assessed.document, assessed.rank) if assessed.rank >= 0 else ""
    if assessed.outcome is Outcome.ASSESSED:
        lines = [(book.rules[line[T_RULE]], line) for line in components(assessed)]
        left_before = lines[0][1][T_LEFT]
        reasons = tuple(_reasons(lines, left_before))
        return Receipt(
            settlement=settlement,
            document=book.documents[assessed.document],
            outcome=assessed.outcome,
            identity=identity,
            held=held,
            steps=(
                *bill_steps(settlement),
                *benefit_steps(settlement, lines),
                *borne_steps(settlement, assessed.paid_fen),
            ),
            paid_fen=assessed.paid_fen,
            sentence=_sentence(settlement, identity, lines, reasons, assessed.paid_fen),
            reasons=reasons,
            remarks=(*_chosen_identity(held, identity), *_unverified(lines)),
            sources=_sources(lines),
        )
    return Receipt(
        settlement=settlement,
        document=_document_of(book, assessed),
        outcome=assessed.outcome,
        identity=identity,
        held=held,
        steps=() if settlement.reversed else (*bill_steps(settlement), *borne_steps(settlement, 0)),
        paid_fen=0,
        sentence=why_none(book, assessed),
        remarks=tuple(_what_is_needed(book, person, assessed, held)),
    )


def _document_of(book: Rulebook, assessed: Assessed) -> PolicyDocument | None:
    # A reversed settlement is not looked up by day; where there is only one document it is that one all the same.
    if assessed.document < 0 and len(book.documents) > 1:
        return None
    return book.documents[max(0, assessed.document)]


def _reasons(lines: Sequence[Line], left: Fen) -> Iterator[str]:
    for rule, line in lines:
        if reason := cut_by(line) or why_nothing(rule, line, left - line[T_LEFT]):
            yield f"{rule.component.name}{reason}"


def _sentence(settlement: Settlement, identity: str, lines: Sequence[Line], reasons: Sequence[str], paid: Fen) -> str:
    day, left = spoken_day(settlement.setl_time.date()), lines[0][1][T_LEFT]
    parts = ""
    if len(lines) > 1:
        named = (f"{rule.component.name}{yuan_spoken(line[T_PAID])}元" for rule, line in lines)
        parts = f"（{'，'.join(named)}）"
    because = f"；{'，'.join(reasons)}" if reasons else ""
    return (
        f"{day}这笔结算，按{identity}身份，政策范围内报销后个人负担{yuan_spoken(left)}元，"
        f"医疗救助支付{yuan_spoken(paid)}元{parts}，救助后个人负担{yuan_spoken(left - paid)}元{because}。"
    )


def _chosen_identity(held: tuple[str, ...], identity: str) -> tuple[str, ...]:
    if len(held) < 2:
        return ()
    return (f"结算当日同时登记为{'、'.join(held)}，就高不就低，按{identity}计算。",)


def _unverified(lines: Sequence[Line]) -> Iterator[str]:
    figures = (rule.entitlement.deductible.of for rule, _ in lines if rule.entitlement.deductible)
    for figure in {f.key: f for f in figures if f is not None and not f.verified}.values():
        yield f"{figure.name}{yuan_spoken(figure.amount_fen)}元未核实，核实后如有不同，将重新计算。"


def _sources(lines: Sequence[Line]) -> tuple[Source, ...]:
    found: dict[str, Source] = {}
    for rule, line in lines:
        entitlement, top_up = rule.entitlement, rule.component.top_up
        found[entitlement.clause.source.key] = entitlement.clause.source
        if entitlement.deductible and entitlement.deductible.of:
            figure = entitlement.deductible.of
            found[figure.clause.source.key] = figure.clause.source
        if top_up and line[T_TOP_UP] >= 0:
            found[top_up.clause.source.key] = top_up.clause.source
    return tuple(found.values())


def _what_is_needed(book: Rulebook, person: Person | None, assessed: Assessed, held: tuple[str, ...]) -> Iterator[str]:
    """Yield what would have to be different, as far as the files tell."""
    if assessed.outcome is Outcome.REVERSED:
        yield "如已重新结算，请按新的结算编号查询。"
    elif assessed.outcome is Outcome.NOT_ON_ROSTER:
        yield "请核对人员编号；属于救助对象的，请认定部门补入名册后重新计算。"
    elif assessed.outcome is Outcome.NO_POLICY:
        yield "请使用结算当日有效的政策文件重新计算。"
    elif assessed.outcome is Outcome.NO_IDENTITY and person is not None:
        yield from _identities_of_other_days(book, person, assessed, held)
    elif assessed.outcome is Outcome.NOT_COVERED:
        yield _what_is_covered(book.documents[assessed.document], book.identity_name(assessed.document, assessed.rank))


def _identities_of_other_days(
    book: Rulebook, person: Person, assessed: Assessed, held: tuple[str, ...]
) -> Iterator[str]:
    if held:
        yield f"当日登记的身份是{'、'.join(held)}，本政策没有列出。"
    day = assessed.settlement.setl_time.date()
    known = book.names[assessed.document]
    other = False
    for name, begin, end in zip(person.names, person.begins, person.ends, strict=True):
        if name in known:
            other = True
            yield f"该人员{_period(begin, end)}为{name}，结算日为 {day}。"
    if other:
        yield "身份起止日期登记有误的，请认定部门更正名册后重新计算。"
    else:
        yield f"本政策的救助身份有：{'、'.join(book.documents[assessed.document].identities)}。"


def _period(begin: int, end: int) -> str:
    if end == UNBOUNDED:
        return f"自 {date.fromordinal(begin)} 起"
    return f" {date.fromordinal(begin)} 至 {date.fromordinal(end)} "


def _what_is_covered(document: PolicyDocument, identity: str) -> str:
    covered = [f"{c.name}，适用{_covers(c)}" for c in document.components if identity in c.table]
    if not covered:
        return f"本政策没有为{identity}规定医疗费用救助。"
    return f"{identity}可享受的救助有：{'；'.join(covered)}。"


def _covers(component: Component) -> str:
    kinds = "、".join(named("med_type", code) for code in component.kinds)
    insurance = "、".join(named("insutype", code) for code in component.insurance)
    return f"{insurance}的{kinds}" if insurance else kinds


def spoken_day(day: date) -> str:
    """Return a day as it is said."""
    return f"{day.year}年{day.month}月{day.day}日"
