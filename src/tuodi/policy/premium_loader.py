"""The premium rules (资助参保) of a policy file."""

from tuodi.kernel.form import Form
from tuodi.kernel.yaml_nodes import Node
from tuodi.policy.document import PremiumMode, PremiumRule
from tuodi.policy.references import References

_OLDEST = 120

_VALUE_OF = {
    PremiumMode.WHOLE: "",
    PremiumMode.RATIO: "ratio",
    PremiumMode.FIXED_AMOUNT: "amount",
    PremiumMode.FIXED_OWN_PAYMENT: "amount",
}
"""The one value each mode needs."""


def load_premium(references: References, node: Node | None) -> tuple[PremiumRule, ...]:
    """Read the section ``premium``; its identities are a list of their own, wider than that of the benefits."""
    form = references.form
    rules: list[PremiumRule] = []
    for item in form.items(node, may_be_empty=True):
        rule = _rule(references, item)
        for other in rules:
            both = [name for name in rule.identities if name in other.identities and rule.min_age == other.min_age]
            for name in both:
                form.fault(
                    item, "premium-duplicate", "已有一条资助参保规则", "请合并为一条，或写明不同的年龄", value=name
                )
        rules.append(rule)
    return tuple(rules)


def _rule(references: References, item: Node) -> PremiumRule:
    form = references.form
    fields = form.fields(item, ("identities", "mode", "clause"), ("ratio", "amount", "min_age"))
    mode = form.choice(fields.get("mode"), PremiumMode, "premium-mode")
    _check_value(form, item, mode, [name for name in ("ratio", "amount") if name in fields])
    return PremiumRule(
        identities=form.texts(fields.get("identities")),
        mode=mode,
        clause=references.clause(fields.get("clause")),
        ratio=form.ratio(fields["ratio"]) if "ratio" in fields else None,
        amount_fen=form.amount(fields["amount"]) if "amount" in fields else None,
        min_age=form.whole_number(fields["min_age"], 0, _OLDEST) if "min_age" in fields else None,
    )


def _check_value(form: Form, item: Node, mode: PremiumMode, given: list[str]) -> None:
    needed = _VALUE_OF[mode]
    if given != ([needed] if needed else []):
        advice = f"mode 为 {mode} 时只写 {needed}" if needed else f"mode 为 {mode} 时不写 ratio 和 amount"
        form.fault(item, "premium-value", "资助方式与给出的数值不符", advice, value="、".join(given))
