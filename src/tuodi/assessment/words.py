"""From the integers of an assessed settlement to the words people read: result rows with clause and sentence.

The step leaves a trace; this module reads it beside the rules it names. Nothing is computed again here, so a sentence
cannot disagree with the payment.
"""

from typing import NamedTuple

from tuodi.assessment.rulebook import Rule, Rulebook
from tuodi.assessment.step import (
    OTHER_PROVINCE,
    PROVINCE_UNKNOWN,
    T_BASE,
    T_BY_RATIO,
    T_CAP_LEFT,
    T_DEDUCTIBLE_BEFORE,
    T_DEDUCTIBLE_USED,
    T_LEFT,
    T_PAID,
    T_RATIO,
    T_RAW,
    T_RULE,
    T_TOP_UP,
    T_VISIT_USED,
    TRACE_WIDTH,
)
from tuodi.assessment.year import Assessed, Outcome
from tuodi.kernel.codes import named
from tuodi.kernel.money import Fen, Ratio, yuan_spoken
from tuodi.policy.document import Base
from tuodi.policy.wording import BASE_NAMES, percent_of, verified

NO_BENEFIT = "none"

OUTCOME_NAMES = {
    Outcome.ASSESSED: "按政策计算",
    Outcome.REVERSED: "已冲正",
    Outcome.NOT_ON_ROSTER: "人员不在名册",
    Outcome.NO_IDENTITY: "结算当日没有救助身份",
    Outcome.NOT_COVERED: "身份不救助该类费用",
    Outcome.NO_POLICY: "结算当日没有有效政策",
}


class ResultRow(NamedTuple):
    """One row of ``assess --out``, in the contract's order; amounts in fen, None where the cell stays empty."""

    setl_id: str
    psn_no: str
    benefit: str
    identity: str
    base_amt: Fen | None
    deductible_used: Fen | None
    ratio: str
    raw_amt: Fen | None
    cap_left_before: Fen | None
    paid_amt: Fen
    clause: str
    note: str


def components(assessed: Assessed) -> list[tuple[int, ...]]:
    """Cut a settlement's trace into its components' lines."""
    trace = assessed.trace
    return [trace[at : at + TRACE_WIDTH] for at in range(0, len(trace), TRACE_WIDTH)]


def result_rows(book: Rulebook, assessed: Assessed) -> list[ResultRow]:
    """Return one row per component that applied, or the one row that says why there is none."""
    settlement = assessed.settlement
    if assessed.outcome is not Outcome.ASSESSED:
        identity = book.identity_name(assessed.document, assessed.rank) if assessed.rank >= 0 else ""
        return [
            ResultRow(
                settlement.setl_id, settlement.psn_no, NO_BENEFIT, identity, None, None, "", None, None, 0, "",
                why_none(book, assessed),
            )
        ]  # fmt: skip
    lines = components(assessed)
    left_at_first = lines[0][T_LEFT]
    return [_row(book, assessed, line, left_at_first - line[T_LEFT]) for line in lines]


def _row(book: Rulebook, assessed: Assessed, line: tuple[int, ...], paid_before: Fen) -> ResultRow:
    rule = book.rules[line[T_RULE]]
    return ResultRow(
        assessed.settlement.setl_id,
        assessed.settlement.psn_no,
        rule.component.code,
        rule.entitlement.identity,
        line[T_BASE],
        line[T_DEDUCTIBLE_USED],
        ratio_text(rule, line),
        line[T_RAW],
        line[T_CAP_LEFT] if line[T_CAP_LEFT] >= 0 else None,
        line[T_PAID],
        str(rule.entitlement.clause),
        sentence(rule, line, paid_before),
    )


def ratio_text(rule: Rule, line: tuple[int, ...]) -> str:
    """Return the policy's ratio as the output prints it, the tiers' joined by a semicolon."""
    if rule.entitlement.tiers:
        return ";".join(str(tier.ratio) for tier in rule.entitlement.tiers)
    return str(Ratio(line[T_RATIO]))


def sentence(rule: Rule, line: tuple[int, ...], paid_before: Fen = 0) -> str:
    """Return what a clerk reads out at the counter about one component.

    ``paid_before`` is what earlier components paid for the same settlement: it says who left nothing to pay.
    """
    nothing = why_nothing(rule, line, paid_before)
    parts = [
        _base_words(rule, line),
        *_deductible_words(rule, line),
        _ratio_words(rule, line),
        *_top_up_words(rule, line),
        *_limit_words(rule, line),
        *([f"因{nothing}"] if nothing else []),
    ]
    paid = yuan_spoken(line[T_PAID])
    return f"{rule.component.name}：按{rule.entitlement.identity}身份，{'，'.join(parts)}，支付{paid}元。"


def _base_words(rule: Rule, line: tuple[int, ...]) -> str:
    words = f"{BASE_NAMES[rule.component.base]}{yuan_spoken(line[T_BASE])}元"
    if rule.component.base is Base.REMAINING:
        return words
    return f"{words}（个人负担还剩{yuan_spoken(line[T_LEFT])}元）"


def _deductible_words(rule: Rule, line: tuple[int, ...]) -> list[str]:
    words = []
    if line[T_VISIT_USED]:
        words.append(f"先扣每次起付线{yuan_spoken(line[T_VISIT_USED])}元")
    deductible = rule.entitlement.deductible
    if deductible and deductible.amount_fen:
        before, used = line[T_DEDUCTIBLE_BEFORE], line[T_DEDUCTIBLE_USED]
        doubt = "" if deductible.of is None or deductible.of.verified else f"所依据的收入数字{verified(False)}"
        standard = yuan_spoken(deductible.amount_fen)
        if before >= deductible.amount_fen:
            words.append(f"年度起付线{standard}元此前已扣足{f'（{doubt}）' if doubt else ''}")
        else:
            earlier = f"此前已扣{yuan_spoken(before)}元" if before else ""
            details = "，".join(filter(None, (f"标准{standard}元", doubt, earlier)))
            words.append(f"扣年度起付线{yuan_spoken(used)}元（{details}）")
    return words


def _ratio_words(rule: Rule, line: tuple[int, ...]) -> str:
    amount = yuan_spoken(line[T_BY_RATIO])
    if rule.entitlement.tiers:
        return f"分段按比例计{amount}元"
    return f"按{percent_of(Ratio(line[T_RATIO]))}计{amount}元"


def _top_up_words(rule: Rule, line: tuple[int, ...]) -> list[str]:
    refused = top_up_refused(rule, line)
    if refused:
        return [refused]
    if rule.component.top_up is not None and line[T_TOP_UP] > line[T_BY_RATIO]:
        share = percent_of(rule.component.top_up.ratio)
        return [f"综合支付比例不足{share}，补足至{share}为{yuan_spoken(line[T_TOP_UP])}元"]
    return []


def top_up_refused(rule: Rule, line: tuple[int, ...]) -> str:
    """Return why the regions keep the combined payment from being raised, empty where they do not."""
    if rule.component.top_up is None or line[T_TOP_UP] not in (OTHER_PROVINCE, PROVINCE_UNKNOWN):
        return ""
    share = percent_of(rule.component.top_up.ratio)
    if line[T_TOP_UP] == OTHER_PROVINCE:
        return f"省外就医，不适用补足至{share}"
    return f"参保地或就医地代码不足两位，不能确认是省内就医，未补足至{share}"


def _limit_words(rule: Rule, line: tuple[int, ...]) -> list[str]:
    words = []
    if max(line[T_BY_RATIO], line[T_TOP_UP]) > line[T_RAW]:
        words.append(f"不超过个人负担{yuan_spoken(line[T_LEFT])}元")
    visit_cap = rule.entitlement.visit_cap_fen
    if visit_cap is not None and line[T_RAW] > visit_cap:
        words.append(f"每次限额{yuan_spoken(visit_cap)}元")
    if line[T_CAP_LEFT] >= 0:
        standard = "、".join(yuan_spoken(c.amount_fen) for c in rule.entitlement.caps if c.amount_fen is not None)
        left = yuan_spoken(line[T_CAP_LEFT])
        words.append(f"年度限额{standard}元此前还剩{left}元" if line[T_CAP_LEFT] else f"年度限额已用完（{standard}元）")
    return words


def why_nothing(rule: Rule, line: tuple[int, ...], paid_before: Fen = 0) -> str:
    """Return why nothing is due, empty where something is; what a limit then cut off is told by ``cut_by``."""
    if line[T_RAW]:
        return ""
    if not line[T_LEFT]:
        return "个人负担已由前项救助付清" if paid_before else "报销后政策范围内的个人负担为0"
    if not line[T_BASE]:
        return f"{BASE_NAMES[rule.component.base]}为0"
    if line[T_VISIT_USED] + line[T_DEDUCTIBLE_USED] == line[T_BASE]:
        return _all_deducted(rule, line)
    return "按比例计算四舍五入后为0"


def _all_deducted(rule: Rule, line: tuple[int, ...]) -> str:
    missing = rule.entitlement.visit_deductible_fen - line[T_VISIT_USED]
    if missing:
        return f"每次起付线未满，还差{yuan_spoken(missing)}元"
    yearly = rule.entitlement.deductible.amount_fen if rule.entitlement.deductible else 0
    missing = yearly - line[T_DEDUCTIBLE_BEFORE] - line[T_DEDUCTIBLE_USED]
    return f"年度起付线未满，还差{yuan_spoken(missing)}元" if missing > 0 else "费用刚好扣足起付线"


def cut_by(line: tuple[int, ...]) -> str:
    """Return which cap kept the payment below what was computed, empty if none did."""
    if line[T_PAID] == line[T_RAW]:
        return ""
    if line[T_PAID] == line[T_CAP_LEFT]:
        return f"年度限额只剩{yuan_spoken(line[T_CAP_LEFT])}元" if line[T_CAP_LEFT] else "年度限额已用完"
    return f"每次最多支付{yuan_spoken(line[T_PAID])}元"


def why_none(book: Rulebook, assessed: Assessed) -> str:
    """Return the sentence for a settlement without any component."""
    settlement = assessed.settlement
    if assessed.outcome is Outcome.REVERSED:
        return "该笔结算已冲正，不参与计算。"
    if assessed.outcome is Outcome.NOT_ON_ROSTER:
        return "人员名册中没有该人员，不享受救助。"
    if assessed.outcome is Outcome.NO_POLICY:
        return f"结算当日（{settlement.setl_time:%Y-%m-%d}）没有在有效期内的政策文件。"
    if assessed.outcome is Outcome.NO_IDENTITY:
        return f"结算当日（{settlement.setl_time:%Y-%m-%d}）没有本政策列出的救助身份，不享受救助。"
    identity = book.identity_name(assessed.document, assessed.rank)
    asked = filter(None, (named("med_type", settlement.med_type), named("insutype", settlement.insutype)))
    return f"本政策没有为{identity}规定{'、'.join(asked)}的救助。"
