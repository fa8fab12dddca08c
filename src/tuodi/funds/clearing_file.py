"""From a YAML file to a clearing document, strictly: whatever is doubtful is a finding with file, line and key path."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path

from tuodi.funds.clearing import (
    Basis,
    ClearingDocument,
    ClearingItem,
    HeadcountMonths,
    HeadcountShare,
    Input,
    Notified,
    Share,
)
from tuodi.funds.reading import Opening, acceptable, open_document, read_count, read_day_if_any
from tuodi.kernel.finding import Finding
from tuodi.kernel.form import Form, join
from tuodi.kernel.money import RATIO_SCALE
from tuodi.kernel.yaml_nodes import Node
from tuodi.policy.document import Clause

SCHEMA = "tuodi-clearing/1"

MOST_MONTHS = 12


class Kind(StrEnum):
    """How a line is computed."""

    HEADCOUNT_SHARE = "headcount_share"
    HEADCOUNT_MONTHS = "headcount_months"
    NOTIFIED = "notified"


_KEYS_OF_KIND = {
    Kind.HEADCOUNT_SHARE: ("headcount", "per_head"),
    Kind.HEADCOUNT_MONTHS: ("headcount", "per_head", "months"),
    Kind.NOTIFIED: ("amount",),
}


def load_clearing(path: Path, shown_as: str = "") -> tuple[ClearingDocument | None, list[Finding]]:
    """Read one clearing document; None if any finding is an error. Never raises for any content of the file."""
    opening, findings = open_document(
        path, shown_as or str(path), SCHEMA, ("payer", "payee", "lines"), ("shares", "headcounts", "per_head")
    )
    if opening is None:
        return None, findings
    form, values = opening.form, opening.values
    headcounts = _inputs(opening, "headcounts", "count", read_count)
    per_head = _inputs(opening, "per_head", "amount", Form.amount)
    payer = form.text(values.get("payer"))
    shares = _shares(form, values.get("shares"), payer)
    document = ClearingDocument(
        id=form.text(values.get("id")),
        title=form.text(values.get("title")),
        payer=payer,
        payee=form.text(values.get("payee")),
        source=opening.source,
        shares=shares,
        headcounts=tuple(headcounts.values()),
        per_head=tuple(per_head.values()),
        items=tuple(
            _item(opening, node, headcounts, per_head, shared=bool(shares)) for node in form.items(values.get("lines"))
        ),
    )
    return (document if acceptable(findings) else None), findings


def _inputs(opening: Opening, section: str, key: str, read: Callable[[Form, Node | None], int]) -> Mapping[str, Input]:
    """Read the named numbers of one section: each stated under ``key``, or the difference of two read before it."""
    form = opening.form
    known: dict[str, Input] = {}
    for name, (_, node) in form.named(opening.values.get(section)).items():
        values = form.fields(node, ("name", "at"), (key, "difference"))
        if values and (key in values) == ("difference" in values):
            form.fault(node, "input-value", "没有写明数值，或写了两种", f"请在 {key} 和 difference 中只写一个")
        difference = _difference(form, values.get("difference"), known)
        value = difference[0].value - difference[1].value if difference else read(form, values.get(key))
        known[name] = Input(
            name=form.text(values.get("name")),
            value=value,
            clause=opening.clause(values.get("at")),
            difference=difference,
        )
    return known


def _difference(form: Form, node: Node | None, known: Mapping[str, Input]) -> tuple[Input, Input] | None:
    if node is None:
        return None
    parts = [_named_input(form, item, known) for item in form.items(node)]
    if len(parts) != 2:
        form.fault(node, "difference-parts", "不是两项相减", "请写 [被减数, 减数]", value=str(len(parts)))
        return None
    first, second = parts
    return (first, second) if first and second else None


def _named_input(form: Form, node: Node | None, known: Mapping[str, Input]) -> Input | None:
    word = form.text(node)
    if node is not None and word and word not in known:
        form.fault(node, "input-unknown", "前面没有这一项", f"可用：{join(known)}" if known else "请先写明这一项的数值")
    return known.get(word)


def _shares(form: Form, node: Node | None, payer: str) -> tuple[Share, ...]:
    shares = []
    for item in form.items(node):
        values = form.fields(item, ("level", "share"))
        shares.append(Share(level=form.text(values.get("level")), ratio=form.ratio(values.get("share"))))
    if node is None or not shares:
        return ()
    levels = [share.level for share in shares]
    if len(set(levels)) != len(levels):
        form.fault(node, "share-duplicate", "同一级政府写了两次", "请只保留一处", value=join(levels))
    if payer not in levels:
        form.fault(node, "share-payer", "没有付款方的分担比例", f"请写出“{payer}”的比例", value=join(levels))
    total = sum(share.ratio.millionths for share in shares)
    if total != RATIO_SCALE:
        written = "+".join(str(share.ratio) for share in shares)
        form.fault(node, "share-total", "各级分担比例之和不等于 1", "请核对文件原文", value=written)
    if any(share.ratio.millionths == 0 for share in shares):
        form.fault(node, "share-zero", "有一级政府的分担比例是 0", "不分担的不要列出")
    return tuple(shares)


def _item(
    opening: Opening, node: Node, headcounts: Mapping[str, Input], per_head: Mapping[str, Input], *, shared: bool
) -> ClearingItem:
    form = opening.form
    values = form.fields(node, ("name", "kind", "at"), ("headcount", "per_head", "months", "amount", "due", "paid_on"))
    kind = form.choice(values.get("kind"), Kind, "line-kind")
    wanted = _KEYS_OF_KIND[kind]
    for key in ("headcount", "per_head", "months", "amount"):
        if values and (key in values) != (key in wanted):
            message = f"这种计算方式{'缺少' if key in wanted else '用不到'}“{key}”"
            form.fault(node, "line-keys", message, f"{kind} 需要：{join(wanted)}", value=kind)
    if kind is Kind.HEADCOUNT_SHARE and not shared:
        form.fault(node, "share-missing", "没有各级分担比例", "请在文件中写出 shares", value=kind)
    due, paid_on = (read_day_if_any(form, values.get(key)) for key in ("due", "paid_on"))
    return ClearingItem(
        name=form.text(values.get("name")),
        basis=_basis(opening, kind, values, headcounts, per_head),
        clause=opening.clause(values.get("at")),
        due=due,
        paid_on=paid_on,
    )


def _basis(
    opening: Opening,
    kind: Kind,
    values: Mapping[str, Node],
    headcounts: Mapping[str, Input],
    per_head: Mapping[str, Input],
) -> Basis:
    form = opening.form
    if kind is Kind.NOTIFIED:
        return Notified(amount_fen=form.amount(values.get("amount")))
    people = _named_input(form, values.get("headcount"), headcounts)
    standard = _named_input(form, values.get("per_head"), per_head)
    nothing = Input(name="", value=0, clause=Clause(source=opening.source, at=""))
    if kind is Kind.HEADCOUNT_SHARE:
        return HeadcountShare(headcount=people or nothing, per_head=standard or nothing)
    months = form.whole_number(values.get("months"), 1, MOST_MONTHS)
    return HeadcountMonths(headcount=people or nothing, per_head=standard or nothing, months=months)
