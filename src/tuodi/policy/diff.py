"""Two policy documents side by side: every place where their words or parameters differ."""

from typing import NamedTuple

from tuodi.policy import wording
from tuodi.policy.document import Component, Entitlement, PolicyDocument


class Difference(NamedTuple):
    """One place and what each document says there; ``—`` where it says nothing."""

    place: str
    in_a: str
    in_b: str


def differences(a: PolicyDocument, b: PolicyDocument) -> tuple[Difference, ...]:
    """Return where two documents differ, in the order of ``a``, what only ``b`` has at the end of its section.

    Components are matched by code, table rows by identity, so a moved line is no difference unless the order counts.
    """
    words_a, words_b = _words(a), _words(b)
    found = [
        Difference(place, words_a.get(place, wording.NONE), words_b.get(place, wording.NONE))
        for place in _merged(list(words_a), list(words_b))
    ]
    return tuple(difference for difference in found if difference.in_a != difference.in_b)


def _merged(first: list[str], second: list[str]) -> list[str]:
    """Merge two orders: the first one kept, places only in the second after the place they follow there."""
    merged = list(first)
    known = set(first)
    position = 0
    for place in second:
        if place in known:
            position = merged.index(place) + 1
            continue
        merged.insert(position, place)
        position += 1
    return merged


def _words(document: PolicyDocument) -> dict[str, str]:
    words = {
        "名称": document.title,
        "项目": document.programme,
        "地区": f"{document.region_name}（{document.region_code}）",
        "施行": wording.validity(document),
    }
    for source in document.sources.values():
        words[f"来源 {source.key}"] = wording.source(source)
    for figure in document.figures.values():
        words[f"数据 {figure.key}"] = f"{figure.name}：{wording.figure(figure)}"
    for account in document.accounts.values():
        words[f"账户 {account.key}"] = f"{account.name}，{wording.OWNER_NAMES[account.owner]}，{account.clause}"
    words["身份次序"] = "、".join(document.identities)
    for name, others in document.identities.items():
        words[f"身份 {name}·又称"] = "、".join(others) or wording.NONE
    words["待遇次序"] = "、".join(component.code for component in document.components)
    for component in document.components:
        words |= _component_words(component)
    words |= _premium_words(document)
    for question in document.open_questions:
        words[f"待明确 {question.asks}"] = f"{question.reading}（{question.clause}）"
    return words


def _component_words(component: Component) -> dict[str, str]:
    place = f"待遇 {component.code}"
    account = component.deductible_account
    words = {
        f"{place}·名称": component.name,
        f"{place}·适用": wording.covers(component),
        f"{place}·计算基数": wording.BASE_NAMES[component.base],
        f"{place}·给付层级": component.authority or wording.NONE,
        f"{place}·起付线账户": account.key if account else wording.NONE,
        f"{place}·补足": wording.top_up(component.top_up),
        f"{place}·依据": str(component.clause),
    }
    for entitlement in component.table.values():
        words |= _entitlement_words(place, entitlement)
    return words


def _entitlement_words(component_place: str, entitlement: Entitlement) -> dict[str, str]:
    place = f"{component_place}·{entitlement.identity}"
    words = {
        f"{place}·比例": wording.rate(entitlement),
        f"{place}·年度起付线": wording.deductible(entitlement.deductible),
        f"{place}·每次": wording.visit_limits(entitlement) or wording.NONE,
        f"{place}·依据": str(entitlement.clause),
    }
    for cap in entitlement.caps:
        words[f"{place}·限额 {cap.account.key}"] = wording.amount_or_unlimited(cap.amount_fen)
    return words


def _premium_words(document: PolicyDocument) -> dict[str, str]:
    words: dict[str, str] = {}
    for rule in document.premium:
        for name in rule.identities:
            place = f"资助参保 {name}"
            text = f"{wording.premium(rule)}（{rule.clause}）"
            words[place] = f"{words[place]}；{text}" if place in words else text
    return words
