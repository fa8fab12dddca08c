"""A policy document as a policy officer reads it: tables of words, no layout."""

from typing import NamedTuple

from tuodi.policy import wording
from tuodi.policy.document import Component, Entitlement, OpenQuestion, PolicyDocument


class BenefitRow(NamedTuple):
    """What one identity receives from one component."""

    identity: str
    deductible: str
    ratio: str
    cap: str
    clause: str


class BenefitTable(NamedTuple):
    """One component: its name, its conditions line by line (label, text), and its table."""

    name: str
    code: str
    conditions: tuple[tuple[str, str], ...]
    rows: tuple[BenefitRow, ...]


class PremiumRow(NamedTuple):
    """One premium rule."""

    identities: str
    subsidy: str
    clause: str


class Outline(NamedTuple):
    """The whole document: ``head``, ``sources`` and ``figures`` are pairs of label and text."""

    head: tuple[tuple[str, str], ...]
    sources: tuple[tuple[str, str], ...]
    figures: tuple[tuple[str, str], ...]
    precedence: tuple[str, ...]
    benefits: tuple[BenefitTable, ...]
    premium: tuple[PremiumRow, ...]
    open_questions: tuple[OpenQuestion, ...]


def outline(document: PolicyDocument) -> Outline:
    """Return what a policy officer reads of a document, every value with its clause."""
    return Outline(
        head=(
            ("编号", document.id),
            ("名称", document.title),
            ("项目", document.programme),
            ("地区", f"{document.region_name}（{document.region_code}）"),
            ("施行", wording.validity(document)),
            ("内容校验码", document.digest),
        ),
        sources=tuple((source.key, wording.source(source)) for source in document.sources.values()),
        figures=tuple((figure.name, wording.figure(figure)) for figure in document.figures.values()),
        precedence=tuple(_identity(name, others) for name, others in document.identities.items()),
        benefits=tuple(_benefit(component) for component in document.components),
        premium=tuple(
            PremiumRow("、".join(rule.identities), wording.premium(rule), str(rule.clause)) for rule in document.premium
        ),
        open_questions=document.open_questions,
    )


def _identity(name: str, others: tuple[str, ...]) -> str:
    return f"{name}（又称{'、'.join(others)}）" if others else name


def _benefit(component: Component) -> BenefitTable:
    conditions = [
        ("适用", wording.covers(component)),
        ("计算基数", wording.BASE_NAMES[component.base]),
        ("依据", str(component.clause)),
    ]
    if component.authority:
        conditions.append(("给付层级", component.authority))
    account = component.deductible_account
    if account:
        conditions.append(("起付线", f"{account.name}，{wording.OWNER_NAMES[account.owner]}"))
    for cap_account in {cap.account.key: cap.account for row in component.table.values() for cap in row.caps}.values():
        conditions.append(("限额", f"{cap_account.name}，{wording.OWNER_NAMES[cap_account.owner]}"))
    if component.top_up:
        conditions.append(("补足", wording.top_up(component.top_up)))
    rows = tuple(_row(entitlement) for entitlement in component.table.values())
    return BenefitTable(component.name, component.code, tuple(conditions), rows)


def _row(entitlement: Entitlement) -> BenefitRow:
    if len(entitlement.caps) == 1:
        caps = wording.amount_or_unlimited(entitlement.caps[0].amount_fen)
    else:
        caps = "；".join(wording.cap(cap) for cap in entitlement.caps) or wording.NONE
    ratio = wording.rate(entitlement)
    visit = wording.visit_limits(entitlement)
    return BenefitRow(
        identity=entitlement.identity,
        deductible=wording.deductible(entitlement.deductible),
        ratio=f"{ratio}（{visit}）" if visit else ratio,
        cap=caps,
        clause=str(entitlement.clause),
    )
