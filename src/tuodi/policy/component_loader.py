"""The components of a policy file: which benefit covers what, and the table of what each identity receives."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from tuodi.kernel.form import Form, join
from tuodi.kernel.money import Fen, Ratio
from tuodi.kernel.yaml_nodes import Node, Scalar, Table
from tuodi.policy.document import Account, Base, Cap, Clause, Component, Deductible, Entitlement, Tier, TopUp
from tuodi.policy.references import References

_COMPONENT_REQUIRED = ("code", "name", "kinds", "base", "clause", "table")
_COMPONENT_OPTIONAL = ("insurance", "deductible_account", "authority", "top_up")
_RATES = ("ratio", "tiers", "by_level")
_ENTITLEMENT_KEYS = (*_RATES, "deductible", "visit_deductible", "visit_cap", "caps", "at", "clause")

OTHER_LEVELS = "其他"
"""The key of ``by_level`` for every hospital level not listed."""


class _Rates(NamedTuple):
    ratio: Ratio | None
    tiers: tuple[Tier, ...]
    by_level: Mapping[str, Ratio]


def load_components(references: References, node: Node | None) -> tuple[Component, ...]:
    """Read the section ``components`` in the order the benefits are applied."""
    form = references.form
    components: dict[str, Component] = {}
    for item in form.items(node):
        component = _component(references, item)
        if component.code in components:
            form.fault(
                item, "component-duplicate", "两项待遇用了同一个代码", "请为每项待遇取不同的 code", value=component.code
            )
        components[component.code] = component
    return tuple(components.values())


def _component(references: References, item: Node) -> Component:
    form = references.form
    fields = form.fields(item, _COMPONENT_REQUIRED, _COMPONENT_OPTIONAL)
    clause = references.clause(fields.get("clause"))
    account = None
    if "deductible_account" in fields:
        account = references.account(form.scalar(fields["deductible_account"]), "起付线")
    code_advice = "请用小写字母、数字和下划线，例如 inpatient_aid"
    kinds_advice = '请写国家医疗类别代码并加引号，例如 "21"'
    insurance_advice = '请写国家险种代码并加引号，例如 "390"'
    table = _table(references, fields.get("table"), clause, account)
    return Component(
        code=form.matching(fields.get("code"), r"(?!none$)[a-z][a-z0-9_]*", "component-code", code_advice),
        name=form.text(fields.get("name")),
        clause=clause,
        kinds=_codes(form, fields.get("kinds"), r"[0-9]{2,6}", "kind-format", kinds_advice),
        insurance=_codes(form, fields.get("insurance"), r"[0-9]{3}", "insurance-format", insurance_advice),
        base=form.choice(fields.get("base"), Base, "base-unknown"),
        deductible_account=account,
        table=table,
        top_up=_top_up(references, fields["top_up"], table) if "top_up" in fields else None,
        authority=form.text(fields.get("authority")),
    )


def _codes(form: Form, node: Node | None, pattern: str, rule: str, advice: str) -> tuple[str, ...]:
    codes = form.texts(node)
    for item in form.items(node) if codes else ():
        if isinstance(item, Scalar) and item.text_kind and not re.fullmatch(pattern, item.text):
            form.fault(item, rule, "代码写法不对", advice)
    return codes


def _table(
    references: References, node: Node | None, clause: Clause, account: Account | None
) -> dict[str, Entitlement]:
    form = references.form
    entries = form.named(node)
    if isinstance(node, Table) and not entries:
        form.fault(node, "table-empty", "没有一种身份享受这项待遇", "请至少写一种身份，或删除这项待遇")
    table = {}
    for name, (key, value) in entries.items():
        references.identity(key)
        table[name] = _entitlement(references, name, value, clause, account)
    return table


def _entitlement(
    references: References, identity: str, node: Node, inherited: Clause, account: Account | None
) -> Entitlement:
    form = references.form
    fields = form.fields(node, (), _ENTITLEMENT_KEYS)
    rates = _rates(form, node, fields)
    deductible = _deductible(references, fields["deductible"]) if "deductible" in fields else None
    if deductible is not None and account is None:
        message, advice = "有起付线却没有累计账户", "请在这项待遇中写 deductible_account"
        form.fault(fields["deductible"], "deductible-without-account", message, advice)
    return Entitlement(
        identity=identity,
        clause=_clause(references, fields, inherited),
        ratio=rates.ratio,
        tiers=rates.tiers,
        by_level=rates.by_level,
        deductible=deductible,
        visit_deductible_fen=form.amount(fields.get("visit_deductible")),
        visit_cap_fen=form.amount_or_none(fields["visit_cap"]) if "visit_cap" in fields else None,
        caps=_caps(references, fields.get("caps")),
    )


def _clause(references: References, fields: Mapping[str, Node], inherited: Clause) -> Clause:
    form = references.form
    if "at" in fields and "clause" in fields:
        form.fault(fields["at"], "clause-twice", "at 与 clause 同时出现", "同一来源写 at，另一来源写 clause，只留一个")
    if "clause" in fields:
        return references.clause(fields["clause"])
    if "at" in fields:
        return Clause(source=inherited.source, at=form.text(fields["at"]))
    return inherited


def _rates(form: Form, node: Node, fields: Mapping[str, Node]) -> _Rates:
    given = [name for name in _RATES if name in fields]
    if isinstance(node, Table) and len(given) != 1:
        message = "没有写比例" if not given else "比例写了不止一种"
        form.fault(node, "rate-one-of", message, f"请在 {join(_RATES)} 中只写一种", value="、".join(given))
    return _Rates(
        ratio=form.ratio(fields["ratio"]) if "ratio" in fields else None,
        tiers=_tiers(form, fields["tiers"]) if "tiers" in fields else (),
        by_level=_by_level(form, fields["by_level"]) if "by_level" in fields else {},
    )


def _tiers(form: Form, node: Node) -> tuple[Tier, ...]:
    """Read the slices; ``above``, where the document prints a lower bound, must equal the bound before."""
    tiers: list[Tier] = []
    reached: Fen | None = 0
    items = form.items(node)
    for item in items:
        fields = form.fields(item, ("upto", "ratio"), ("above",))
        upto = form.amount_or_none(fields.get("upto"))
        if reached is None:
            form.fault(
                item, "tiers-overlap", "前一档已经不封顶，这一档与它重叠", "不封顶（upto: none）的一档只能是最后一档"
            )
        elif "above" in fields:
            _check_lower_bound(form, fields["above"], reached)
        if upto is not None and reached is not None and "upto" in fields and upto <= reached:
            message = "上限等于前一档，这一档是空的" if upto == reached else "上限低于前一档"
            form.fault(fields["upto"], "tiers-order", message, "请按上限从低到高排列，每档只写一次")
        tiers.append(Tier(upto_fen=upto, ratio=form.ratio(fields.get("ratio"))))
        reached = upto
    if items and reached is not None:
        form.fault(items[-1], "tiers-open-end", "最后一档没有敞口，超过部分没有比例", "请在最后一档写 upto: none")
    return tuple(tiers)


def _check_lower_bound(form: Form, node: Node, reached: Fen) -> None:
    above = form.amount(node)
    if above > reached:
        form.fault(node, "tiers-gap", "与前一档之间有空档", "这一档的 above 应等于前一档的 upto")
    elif above < reached:
        form.fault(node, "tiers-overlap", "与前一档重叠", "这一档的 above 应等于前一档的 upto")


def _by_level(form: Form, node: Node) -> dict[str, Ratio]:
    ratios = {}
    entries = form.named(node)
    for name, (key, value) in entries.items():
        level = "" if name == OTHER_LEVELS else name
        if level and key.text_kind and not re.fullmatch(r"[0-9]{1,2}", level):
            form.fault(key, "level-format", "不是医疗机构等级代码", f'请写 "1"、"2"、"3" 或 {OTHER_LEVELS}')
        ratios[level] = form.ratio(value)
    if isinstance(node, Table) and "" not in ratios:
        message = f"没有写“{OTHER_LEVELS}”等级的比例"
        form.fault(node, "level-others", message, f"请加一行 {OTHER_LEVELS}，等级不明的按它计算")
    return ratios


def _deductible(references: References, node: Node) -> Deductible:
    form = references.form
    if not isinstance(node, Table):
        return Deductible(amount_fen=form.amount(node))
    fields = form.fields(node, ("share", "of"))
    share = form.ratio(fields.get("share"))
    figure = references.figure(fields.get("of"))
    return Deductible(amount_fen=share.of(figure.amount_fen) if figure else 0, share=share, of=figure)


def _caps(references: References, node: Node | None) -> tuple[Cap, ...]:
    form = references.form
    if isinstance(node, Scalar):
        message, advice = "限额没有指明累计账户", '请写成 caps: {账户: "金额"}，没有限额写 none'
        form.fault(node, "cap-without-account", message, advice)
        return ()
    return tuple(
        Cap(account=references.account(key, "限额"), amount_fen=form.amount_or_none(value))
        for key, value in form.named(node).values()
    )


def _top_up(references: References, node: Node, table: Mapping[str, Entitlement]) -> TopUp:
    form = references.form
    fields = form.fields(node, ("identities", "ratio", "own_province_only", "clause"))
    identities = form.texts(fields.get("identities"))
    for item in form.items(fields.get("identities")) if identities else ():
        if isinstance(item, Scalar) and item.text not in table:
            advice = f"表中的身份有：{join(table)}"
            form.fault(item, "top-up-identity", "不在这项待遇的表中，救助比例无从提高", advice)
    return TopUp(
        identities=identities,
        ratio=form.ratio(fields.get("ratio")),
        own_province_only=form.boolean(fields.get("own_province_only")),
        clause=references.clause(fields.get("clause")),
    )
