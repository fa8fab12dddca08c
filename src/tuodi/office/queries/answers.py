"""What the office says about a settlement on the phone: what was paid, what is still to come, what the person bears.

    text = answer(receipt, of_difference(case))

Codes are left out: nobody reads them out. Whoever gets nothing is told the identity held, the reason, the clause, and
where to ask for a review.
"""

from collections.abc import Iterator
from typing import Final

from tuodi.assessment.payments import AT_WINDOW, BY_OTHERS, DUE, PAYABLE
from tuodi.assessment.receipt import Receipt, spoken_day
from tuodi.assessment.receipt_steps import BORNE, IN_SCOPE_BORNE, LEFT, OUTSIDE_SCOPE, PAID
from tuodi.assessment.year import Outcome
from tuodi.kernel.codes import spoken
from tuodi.kernel.money import Fen, yuan_spoken
from tuodi.office.models import Case
from tuodi.policy.document import Component

REMEDY: Final = "对结果有不同意见的，可以向受理的乡镇（街道）或县医保局申请复核。"

_OF_DIFFERENCE: Final = {
    Case.State.OPEN: "正在核对",
    Case.State.APPROVED: "已经核对审批",
    Case.State.DISMISSED: "核对后不再补付或追回",
}


def of_difference(case: Case | None) -> str:
    """Return how far the checking of a difference is; ``case`` is the latest about it, None where there is none."""
    return _OF_DIFFERENCE.get(Case.State(case.state), "需要核对") if case else "需要核对"


def answer(receipt: Receipt, checked: str) -> str:
    """Return what is read out; ``checked`` says what becomes of a wrong sum that was paid."""
    day = f"{spoken_day(receipt.settlement.setl_time.date())}这笔结算"
    if receipt.settlement.reversed:
        return f"{day}已经冲正，不作数：不计算医疗救助，也不计入年度累计。"
    if receipt.outcome is not Outcome.ASSESSED:
        told = f"{day}不享受医疗救助：{_why_none(receipt)}"
    else:
        left, due = _amount(receipt, LEFT), yuan_spoken(receipt.paid_fen)
        told = f"{day}，按{receipt.identity}身份，政策范围内报销后个人负担{left}元，{DUE}{due}元{_parts(receipt)}"
    paid = _paid(receipt, checked)
    told += f"{f'；{paid}' if paid else ''}。{_borne(receipt)}"
    return told if receipt.paid_fen else f"{told}{_on_what(receipt)}{REMEDY}"


def _parts(receipt: Receipt) -> str:
    paid = [(step.component, step.amount_fen) for step in receipt.steps if step.step == PAID]
    names = (f"{receipt.component_name(code)}{yuan_spoken(amount)}元" for code, amount in paid)
    said = [*(names if len(paid) > 1 else ()), *receipt.reasons]
    return f"（{'，'.join(said)}）" if said else ""


def _paid(receipt: Receipt, checked: str) -> str:
    """Return what was paid already, by how much that is wrong, and what is payable now."""
    lines = {line.name: line.amount_fen for line in receipt.payments}
    told = [f"{name}{yuan_spoken(lines[name])}元" for name in (AT_WINDOW, BY_OTHERS) if name in lines]
    if not told:
        return f"{PAYABLE}{yuan_spoken(receipt.paid_fen)}元" if receipt.paid_fen else ""
    difference = receipt.paid_fen - receipt.elsewhere_fen
    if not difference:
        return f"{'，'.join(told)}，已经付清，不再另付"
    wrong = "少付" if difference > 0 else "多付"
    return f"{'，'.join(told)}，{wrong}{yuan_spoken(abs(difference))}元，{checked}"


def _borne(receipt: Receipt) -> str:
    """Return what the person bears in all and of what it consists, as far as the record gives the total cost."""
    inside = _fen(receipt, IN_SCOPE_BORNE if receipt.outcome is Outcome.ASSESSED else LEFT)
    borne, outside = _fen(receipt, BORNE), _fen(receipt, OUTSIDE_SCOPE)
    if inside is None:
        return ""
    as_due = "按应支付计算，" if receipt.elsewhere_fen not in (0, receipt.paid_fen) else ""
    who = f"{as_due}{'救助后' if receipt.paid_fen else ''}个人实际负担"
    if borne is None:
        return f"{who}政策范围内{yuan_spoken(inside)}元，范围外的费用没有登记。"
    if not outside or inside + outside != borne:
        return f"{who}合计{yuan_spoken(borne)}元。"
    parts = f"政策范围内{yuan_spoken(inside)}元，政策范围外{yuan_spoken(outside)}元，范围外的费用不在救助范围"
    return f"{who}合计{yuan_spoken(borne)}元，其中{parts}。"


def _fen(receipt: Receipt, name: str) -> Fen | None:
    return next((step.amount_fen for step in receipt.steps if step.step == name), None)


def _amount(receipt: Receipt, name: str) -> str:
    return yuan_spoken(_fen(receipt, name) or 0)


def _why_none(receipt: Receipt) -> str:
    settlement = receipt.settlement
    if receipt.outcome is Outcome.NOT_ON_ROSTER:
        return "人员名册中没有该人员"
    if receipt.outcome is Outcome.NO_POLICY:
        return "结算当日没有在有效期内的政策文件"
    if receipt.outcome is Outcome.NO_IDENTITY:
        if not receipt.held:
            return "结算当日没有登记救助身份"
        return f"结算当日登记的身份是{'、'.join(receipt.held)}，本政策没有列出"
    # The insurance is named where it decides.
    decides = any(component.insurance for component in _of_kind(receipt))
    insurance = spoken("insutype", settlement.insutype) if decides else ""
    kind = f"{insurance}{'的' if insurance else ''}{spoken('med_type', settlement.med_type)}"
    return f"本政策没有为{receipt.identity}规定{kind}费用的救助"


def _of_kind(receipt: Receipt) -> list[Component]:
    """Return the policy's benefits for this kind of visit."""
    components = receipt.document.components if receipt.document else ()
    return [each for each in components if receipt.settlement.med_type in each.kinds]


def _on_what(receipt: Receipt) -> str:
    clauses = list(dict.fromkeys(_clauses(receipt)))
    return f"依据是{'、'.join(clauses)}。" if clauses else ""


def _clauses(receipt: Receipt) -> Iterator[str]:
    """Yield the clauses that say who gets what: those applied, else of the benefits for this kind, else of all."""
    if receipt.outcome is Outcome.ASSESSED:
        yield from (step.clause for step in receipt.steps if step.step == PAID)
    elif receipt.document is not None and receipt.outcome in (Outcome.NO_IDENTITY, Outcome.NOT_COVERED):
        yield from (str(each.clause) for each in _of_kind(receipt) or receipt.document.components)
