"""The values of a policy document in the words a policy officer uses."""

from collections.abc import Iterable

from tuodi.kernel.codes import named
from tuodi.kernel.money import Fen, Ratio, yuan_spoken
from tuodi.policy.document import (
    Base,
    Cap,
    Component,
    Deductible,
    Entitlement,
    Figure,
    Owner,
    PolicyDocument,
    PremiumMode,
    PremiumRule,
    Source,
    TopUp,
)

BASE_NAMES = {
    Base.REMAINING: "政策范围内报销后的个人负担",
    Base.DEDUCTIBLE: "本次实际支付的起付线",
    Base.SCOPE: "政策范围内费用",
    Base.CASH: "个人现金支付",
    Base.TOTAL: "医疗费总额",
}

OWNER_NAMES = {Owner.PERSON: "按人累计", Owner.FAMILY: "按家庭累计"}

NONE = "—"


def percent_of(ratio: Ratio) -> str:
    """Write a ratio as a percentage without needless zeros: ``70%``, ``87.5%``."""
    whole, rest = divmod(ratio.millionths, 10_000)
    decimals = f"{rest:04d}".rstrip("0")
    return f"{whole}.{decimals}%" if decimals else f"{whole}%"


def amount(fen: Fen) -> str:
    """Write an amount as people say it, with its unit: ``60,000元``."""
    return f"{yuan_spoken(fen)}元"


def amount_or_unlimited(fen: Fen | None) -> str:
    """Write a cap; None is 不设限额."""
    return "不设限额" if fen is None else amount(fen)


def validity(document: PolicyDocument) -> str:
    """Write the period in force."""
    return f"{document.valid_from} 至 {document.valid_to or '今'}"


def verified(flag: bool) -> str:
    """Write whether somebody compared the text with the original."""
    return "已核实" if flag else "未核实"


def source(text: Source) -> str:
    """Write a source: title, number, day of issue, verified or not."""
    parts = [f"《{text.title}》", text.number, text.issued, verified(text.verified)]
    return " ".join(part for part in parts if part)


def figure(value: Figure) -> str:
    """Write a dated figure with its clause."""
    return f"{value.year}年 {amount(value.amount_fen)}，{value.clause}，{verified(value.verified)}"


def rate(entitlement: Entitlement) -> str:
    """Write the ratio: one, by slices of the year, or by hospital level."""
    if entitlement.ratio is not None:
        return percent_of(entitlement.ratio)
    if entitlement.tiers:
        return "；".join(_slices(entitlement))
    return "；".join(f"{_level(code)} {percent_of(ratio)}" for code, ratio in entitlement.by_level.items())


def _slices(entitlement: Entitlement) -> Iterable[str]:
    above: Fen = 0
    for tier in entitlement.tiers:
        if tier.upto_fen is None:
            bounds = f"超过{amount(above)}的部分" if above else "全部"
        else:
            bounds = f"{amount(above)}至{amount(tier.upto_fen)}" if above else f"{amount(tier.upto_fen)}以内"
            above = tier.upto_fen
        yield f"{bounds} {percent_of(tier.ratio)}"


def _level(code: str) -> str:
    return named("hosp_lv", code) or "其他"


def deductible(value: Deductible | None) -> str:
    """Write a yearly deductible, with the figure it is a share of."""
    if value is None:
        return NONE
    if value.share is None or value.of is None:
        return amount(value.amount_fen) if value.amount_fen else "无"
    return f"{amount(value.amount_fen)}（{value.of.name}的{percent_of(value.share)}）"


def visit_limits(entitlement: Entitlement) -> str:
    """Write what applies to each visit, empty where nothing does."""
    parts = []
    if entitlement.visit_deductible_fen:
        parts.append(f"每次起付{amount(entitlement.visit_deductible_fen)}")
    if entitlement.visit_cap_fen is not None:
        parts.append(f"每次最高{amount(entitlement.visit_cap_fen)}")
    return "，".join(parts)


def cap(value: Cap) -> str:
    """Write one cap with its account's name."""
    return f"{value.account.name} {amount_or_unlimited(value.amount_fen)}"


def covers(component: Component) -> str:
    """Write which settlements a component covers."""
    kinds = "、".join(named("med_type", code) for code in component.kinds)
    insurance = "、".join(named("insutype", code) for code in component.insurance) or "险种不限"
    return f"{kinds}；{insurance}"


def top_up(value: TopUp | None) -> str:
    """Write the top-up rule."""
    if value is None:
        return NONE
    where = "省内" if value.own_province_only else ""
    return f"{'、'.join(value.identities)}{where}单次综合支付补足至{percent_of(value.ratio)}（{value.clause}）"


def premium(rule: PremiumRule) -> str:
    """Write what a premium rule grants."""
    match rule.mode:
        case PremiumMode.RATIO if rule.ratio is not None:
            text = f"个人缴费的{percent_of(rule.ratio)}"
        case PremiumMode.FIXED_AMOUNT if rule.amount_fen is not None:
            text = f"定额资助{amount(rule.amount_fen)}"
        case PremiumMode.FIXED_OWN_PAYMENT if rule.amount_fen is not None:
            text = f"个人缴纳{amount(rule.amount_fen)}，其余资助"
        case _:
            text = "全额资助"
    return text if rule.min_age is None else f"{text}（满{rule.min_age}周岁）"
