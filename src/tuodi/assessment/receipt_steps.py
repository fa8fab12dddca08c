"""The lines of a receipt: from the total cost down to what is paid, each amount with its formula and clause.

Nothing is computed anew: amounts come from the settlement and from the trace the step left behind; what is subtracted
here (what is left of a deductible, of a cap, to the person) is the difference of two amounts that both stand there.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple, TypeAlias

from tuodi.assessment.rulebook import Rule
from tuodi.assessment.step import (
    T_BASE,
    T_BY_RATIO,
    T_CAP_LEFT,
    T_DEDUCTIBLE_BEFORE,
    T_DEDUCTIBLE_USED,
    T_LEFT,
    T_PAID,
    T_RATIO,
    T_RAW,
    T_TIER_BEFORE,
    T_TOP_UP,
    T_VISIT_USED,
    UNBOUNDED,
)
from tuodi.assessment.words import cut_by, top_up_refused
from tuodi.intake.facts import INSURED_FIELDS, Settlement
from tuodi.intake.layouts import load_layout
from tuodi.kernel.codes import named
from tuodi.kernel.money import Fen, Ratio, yuan_grouped
from tuodi.policy.document import Account, Base, Owner, TopUp
from tuodi.policy.wording import BASE_NAMES, percent_of, verified

RECORD = "医保结算记录"
"""The source of every amount that is not computed."""

IN_SCOPE, OUTSIDE_SCOPE = "政策范围内费用", "政策范围外费用"
INSURED = "各项保险等支付"
LEFT = "个人负担"
DEDUCTIBLE = "扣年度起付线"
BY_RATIO = "按比例计算"
TOP_UP = "补足至"
CAP_LEFT = "年度限额还可用"
PAID = "本项支付"
IN_SCOPE_BORNE, BORNE = "救助后个人负担", "个人实际负担合计"
"""Names of steps that readers of a receipt look for; a top-up's is followed by its ratio."""

Trace: TypeAlias = tuple[int, ...]
"""A component's stretch of ``Assessed.trace``."""

Line: TypeAlias = tuple[Rule, Trace]


class Step(NamedTuple):
    """One line: ``component`` is the policy's code, empty before the first component and after the last.

    ``formula`` says in words and numbers where the amount comes from; ``note`` adds where a figure was published.
    """

    component: str
    step: str
    formula: str
    amount_fen: Fen
    clause: str
    note: str = ""


def bill_steps(settlement: Settlement) -> Iterator[Step]:
    """Yield the steps from the total cost to what is left: the same for every policy."""
    names = _record_names()
    total, scope, insured = settlement.medfee_sumamt, settlement.inscp_scp_amt, settlement.insured_fen
    if total:
        yield Step("", names["medfee_sumamt"], "", total, RECORD)
        if total >= scope:
            yield Step("", OUTSIDE_SCOPE, f"{yuan_grouped(total)} − {yuan_grouped(scope)}", total - scope, RECORD)
    yield Step("", IN_SCOPE, "", scope, RECORD)
    payments = [(names[field], amount) for field in INSURED_FIELDS if (amount := getattr(settlement, field))]
    for name, amount in payments:
        yield Step("", name, "", amount, RECORD)
    if len(payments) != 1:
        added = " + ".join(yuan_grouped(amount) for _, amount in payments) or "无"
        yield Step("", f"{INSURED}合计", added, insured, RECORD)
    left = max(0, scope - insured)
    over = "" if scope >= insured else "，不足 0 按 0 计"
    yield Step("", LEFT, f"{yuan_grouped(scope)} − {yuan_grouped(insured)}{over}", left, RECORD)


def recorded_steps(settlement: Settlement) -> Iterator[Step]:
    """Yield the amounts as the record states them, nothing computed: for a settlement that is reversed."""
    names = _record_names() | {"inscp_scp_amt": IN_SCOPE}
    for field in ("medfee_sumamt", "inscp_scp_amt", *INSURED_FIELDS, "maf_pay", "psn_cash_pay"):
        if amount := getattr(settlement, field):
            yield Step("", names[field], "", amount, RECORD)


@cache
def _record_names() -> dict[str, str]:
    """Return the standard Chinese names of a settlement's fields."""
    return {field.name: field.labels[0] for field in load_layout("settlements").fields}


def benefit_steps(settlement: Settlement, lines: Sequence[Line]) -> Iterator[Step]:
    """Yield each component's steps, and what remains to the person of the policy's scope."""
    left, paid = lines[0][1][T_LEFT], 0
    for rule, line in lines:
        yield from _component_steps(settlement, rule, line, paid)
        paid += line[T_PAID]
    yield Step("", IN_SCOPE_BORNE, f"政策范围内：{yuan_grouped(left)} − {yuan_grouped(paid)}", left - paid, "")


def borne_steps(settlement: Settlement, paid: Fen) -> Iterator[Step]:
    """Yield what the person bears in all, what lies outside the scope too, where the record gives the total cost."""
    total, outside = settlement.medfee_sumamt, settlement.medfee_sumamt - settlement.inscp_scp_amt
    if not total or outside < 0:
        return
    borne = total - settlement.insured_fen - paid
    formula = " − ".join(yuan_grouped(amount) for amount in (total, settlement.insured_fen, paid) if amount)
    if borne < 0:
        formula += "，不足 0 按 0 计"
    if outside:
        formula += f"；其中全自费等 {yuan_grouped(outside)} 不在救助范围"
    yield Step("", BORNE, formula, max(0, borne), "")


def _component_steps(settlement: Settlement, rule: Rule, line: Trace, paid_before: Fen) -> Iterator[Step]:
    code, clause, entitlement = rule.component.code, str(rule.entitlement.clause), rule.entitlement
    base = _base_formula(rule, line, paid_before)
    yield Step(code, BASE_NAMES[rule.component.base], base, line[T_BASE], clause)
    if entitlement.visit_deductible_fen:
        standard = f"每次标准 {yuan_grouped(entitlement.visit_deductible_fen)}"
        yield Step(code, "扣每次起付线", standard, line[T_VISIT_USED], clause)
    if entitlement.deductible:
        yield _deductible_step(rule, line, clause)
    yield Step(code, BY_RATIO, _ratio_formula(settlement, rule, line), line[T_BY_RATIO], clause)
    if rule.component.top_up and entitlement.identity in rule.component.top_up.identities:
        yield _top_up_step(settlement, rule, rule.component.top_up, line, paid_before)
    if max(line[T_BY_RATIO], line[T_TOP_UP]) > line[T_RAW]:
        yield Step(code, "以个人负担为限", f"个人负担还剩 {yuan_grouped(line[T_LEFT])}", line[T_RAW], clause)
    if entitlement.visit_cap_fen is not None:
        yield Step(code, "每次限额", "每次最多支付的标准", entitlement.visit_cap_fen, clause)
    if line[T_CAP_LEFT] >= 0:
        yield _cap_step(rule, line, clause)
    yield Step(code, PAID, _paid_formula(rule, line), line[T_PAID], clause)


def _base_formula(rule: Rule, line: Trace, paid_before: Fen) -> str:
    match rule.component.base:
        case Base.REMAINING if paid_before:
            return f"{yuan_grouped(line[T_LEFT] + paid_before)} − 前项救助 {yuan_grouped(paid_before)}"
        case Base.REMAINING:
            return "同上列个人负担"
        case Base.DEDUCTIBLE:
            return f"{RECORD}所列，不超过个人负担 {yuan_grouped(line[T_LEFT])}"
    return f"{RECORD}所列"


def _deductible_step(rule: Rule, line: Trace, clause: str) -> Step:
    deductible, account = rule.entitlement.deductible, rule.component.deductible_account
    used = line[T_DEDUCTIBLE_USED]
    if deductible is None or account is None or not deductible.amount_fen:
        return Step(rule.component.code, DEDUCTIBLE, "不设起付线", used, clause)
    standard, before = deductible.amount_fen, line[T_DEDUCTIBLE_BEFORE]
    words, note = yuan_grouped(standard), ""
    if deductible.share is not None and deductible.of is not None:
        figure = deductible.of
        known = "" if figure.verified else f"，{verified(False)}"
        words += f"（{figure.name} {yuan_grouped(figure.amount_fen)} × {percent_of(deductible.share)}{known}）"
        note = f"{figure.name}（{figure.year}年）出自{figure.clause}{known}"
        clause = f"{clause}；{figure.clause}{known}"
    formula = (
        f"{_owned(account)}标准 {words}；此前已扣 {yuan_grouped(before)}，本次扣 {yuan_grouped(used)}，"
        f"还剩 {yuan_grouped(max(0, standard - before - used))}"
    )
    return Step(rule.component.code, DEDUCTIBLE, formula, used, clause, note)


def _owned(account: Account) -> str:
    return "全家共用，" if account.owner is Owner.FAMILY else ""


def _ratio_formula(settlement: Settlement, rule: Rule, line: Trace) -> str:
    used = line[T_VISIT_USED] + line[T_DEDUCTIBLE_USED]
    counted = line[T_BASE] - used
    if rule.entitlement.tiers:
        parts = [f"{yuan_grouped(i)} × {percent_of(r)}" for i, r in _slices(rule, line[T_TIER_BEFORE], counted)]
        before = f"；本年此前已计 {yuan_grouped(line[T_TIER_BEFORE])}" if line[T_TIER_BEFORE] else ""
        return f"分段：{' + '.join(parts) or '0.00'}{before}"
    share = percent_of(Ratio(line[T_RATIO]))
    if rule.entitlement.by_level:
        share += f"（{named('hosp_lv', settlement.hosp_lv) or '医院等级未填'}）"
    if not used:
        return f"{yuan_grouped(counted)} × {share}"
    return f"（{yuan_grouped(line[T_BASE])} − {yuan_grouped(used)}）× {share}"


def _slices(rule: Rule, before: Fen, counted: Fen) -> Iterator[tuple[Fen, Ratio]]:
    """Yield how much of ``counted`` falls into each tier that it touches."""
    lower = 0
    for tier in rule.entitlement.tiers:
        upper = UNBOUNDED if tier.upto_fen is None else tier.upto_fen
        inside = min(before + counted, upper) - max(before, lower)
        if inside > 0:
            yield inside, tier.ratio
        lower = upper


def _top_up_step(settlement: Settlement, rule: Rule, top_up: TopUp, line: Trace, paid_before: Fen) -> Step:
    share = percent_of(top_up.ratio)
    name, clause = f"{TOP_UP}{share}", str(top_up.clause)
    refused = top_up_refused(rule, line)
    if refused:
        return Step(rule.component.code, name, refused, 0, clause)
    earlier = f" − {yuan_grouped(paid_before)}" if paid_before else ""
    scope, insured = yuan_grouped(settlement.inscp_scp_amt), yuan_grouped(settlement.insured_fen)
    wins = line[T_TOP_UP] > line[T_BY_RATIO]
    better = "高于按比例计算，按此数" if wins else "不高于按比例计算，不需补足"
    formula = f"{scope} × {share} − {insured}{earlier}；{better}"
    return Step(rule.component.code, name, formula, line[T_TOP_UP], clause)


def _cap_step(rule: Rule, line: Trace, clause: str) -> Step:
    caps = [(cap.account, cap.amount_fen) for cap in rule.entitlement.caps if cap.amount_fen is not None]
    left, paid = line[T_CAP_LEFT], line[T_PAID]
    words = "、".join(f"{_owned(account)}{account.name} {yuan_grouped(amount)}" for account, amount in caps)
    if len(caps) > 1:
        words += "，取还可用最少的一项"
    elif left:
        words += f"；此前已用 {yuan_grouped(caps[0][1] - left)}"
    else:
        words += "；此前已用完"
    formula = f"{words}，本次用 {yuan_grouped(paid)}，之后还可用 {yuan_grouped(left - paid)}"
    return Step(rule.component.code, CAP_LEFT, formula, left, clause)


def _paid_formula(rule: Rule, line: Trace) -> str:
    cut = cut_by(line)
    if cut:
        return f"{cut}，其余 {yuan_grouped(line[T_RAW] - line[T_PAID])} 不再支付"
    return "在年度限额以内" if line[T_CAP_LEFT] >= 0 else "不设年度限额"
