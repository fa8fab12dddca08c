"""A scheme file (``schemes/*.yaml``) -> a Scheme; whatever is wrong in it becomes findings with line and key."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from pathlib import Path

from tuodi.evaluation.rule_loader import read_rule, read_target
from tuodi.evaluation.rules.rule import POINTS_PLACES
from tuodi.evaluation.scheme import FundNames, FundRow, Grade, Indicator, Kind, Measure, MeasureKind, Scheme
from tuodi.evaluation.target import Direction
from tuodi.kernel.finding import Finding
from tuodi.kernel.form import Form
from tuodi.kernel.money import decimal_text
from tuodi.kernel.yaml_nodes import Node, Table, read_bytes, read_nodes

SCHEMA = "tuodi-scheme/1"
DEEPEST_LEVEL = 8

_TOP = ("schema", "id", "title", "kind", "source", "layout", "indicators")
_TOP_OPTIONAL = ("grades", "fund_row", "funds", "notes")
_NODE = ("code", "name", "weight")
_NODE_OPTIONAL = (
    "children", "rule", "rule_text", "printed_rule", "target", "direction", "measure", "definition", "data_source",
    "note", "source", "dimension", "other_names",
)  # fmt: skip
_ONLY_LEAVES = ("rule", "rule_text", "printed_rule", "target", "direction", "measure")


def load_scheme(path: Path, shown_as: str) -> tuple[Scheme | None, list[Finding]]:
    """Read a scheme; None when a finding is an error."""
    data, findings = read_bytes(path, shown_as)
    if findings:
        return None, findings
    return parse_scheme(data, shown_as)


def parse_scheme(data: bytes, shown_as: str) -> tuple[Scheme | None, list[Finding]]:
    """Read a scheme from a file's bytes; None when a finding is an error. Never raises for any content."""
    root, findings = read_nodes(data, shown_as)
    if root is None:
        return None, findings
    form = Form(shown_as, findings)
    scheme = _scheme(form, root)
    _check_tree(form, root, scheme)
    return (None if any(each.is_error for each in findings) else scheme), findings


def _scheme(form: Form, root: Node) -> Scheme:
    fields = form.fields(root, _TOP, _TOP_OPTIONAL)
    schema = form.text(fields.get("schema"))
    if "schema" in fields and schema != SCHEMA:
        form.fault(fields["schema"], "schema-version", "不是评价方案文件", f"第一行应为 schema: {SCHEMA}")
    return Scheme(
        id=form.text(fields.get("id")),
        title=form.text(fields.get("title")),
        kind=form.choice(fields.get("kind"), Kind, "scheme-kind"),
        source=form.text(fields.get("source")),
        layout=form.text(fields.get("layout")),
        indicators=tuple(_indicator(form, node, 1) for node in form.items(fields.get("indicators"))),
        grades=_grades(form, fields.get("grades")),
        fund_row=_fund_row(form, fields.get("fund_row")),
        funds=_funds(form, fields.get("funds")),
        notes=form.texts(fields["notes"]) if "notes" in fields else (),
        file=form.file,
    )


def _indicator(form: Form, node: Node, level: int) -> Indicator:
    fields = form.fields(node, _NODE, _NODE_OPTIONAL)
    if level > DEEPEST_LEVEL:
        form.fault(node, "tree-depth", f"指标超过 {DEEPEST_LEVEL} 级", "请减少层级")
        fields = {key: value for key, value in fields.items() if key != "children"}
    children: tuple[Indicator, ...] = ()
    if "children" in fields:
        children = tuple(_indicator(form, child, level + 1) for child in form.items(fields["children"]))
        for key in _ONLY_LEAVES:
            if key in fields:
                form.fault(fields[key], "rule-on-group", f"有下级的指标不能有 {key}", "请写到最末级指标上")
    elif fields and "rule" not in fields:
        form.fault(node, "rule-missing", "最末级指标没有评分规则", "请补上 rule", value="")
    measure = _measure(form, fields["measure"]) if "measure" in fields else None
    return Indicator(
        code=form.text(fields.get("code")),
        name=form.text(fields.get("name")),
        weight=_weight(form, fields.get("weight")),
        level=level,
        children=children,
        rule=read_rule(form, fields.get("rule")),
        printed_rule=read_rule(form, fields.get("printed_rule")),
        target=read_target(form, fields.get("target")),
        direction=form.choice(fields["direction"], Direction, "target-direction") if "direction" in fields else None,
        measure=measure,
        definition=_optional(form, fields, "definition"),
        rule_text=_optional(form, fields, "rule_text"),
        data_source=_optional(form, fields, "data_source"),
        note=_optional(form, fields, "note"),
        source=_optional(form, fields, "source"),
        dimension=_optional(form, fields, "dimension"),
        other_names=form.texts(fields["other_names"]) if "other_names" in fields else (),
        line=node.line,
    )


def _weight(form: Form, node: Node | None) -> Fraction:
    """Return a weight; scores have two decimals, so a full score must have no more."""
    weight = form.number(node)
    if node is not None and (weight * 10**POINTS_PLACES).denominator != 1:
        form.fault(node, "weight-decimals", f"权重超过 {POINTS_PLACES} 位小数", "得分取两位小数，权重也请写到两位")
    return weight


def _optional(form: Form, fields: Mapping[str, Node], name: str) -> str:
    return form.text(fields[name]) if name in fields else ""


def _measure(form: Form, node: Node) -> Measure:
    fields = form.fields(node, ["kind", "of"], ["base", "weights", "unit", "places"])
    kind = form.choice(fields.get("kind"), MeasureKind, "measure-kind")
    of, base = form.texts(fields.get("of")), form.texts(fields["base"]) if "base" in fields else ()
    weights = tuple(form.number(each) for each in form.items(fields["weights"])) if "weights" in fields else ()
    if kind in (MeasureKind.RATE, MeasureKind.SAVED, MeasureKind.CHANGED) and fields and not base:
        form.fault(node, "measure-base", "没有写分母", "请补上 base: [名称, …]")
    if kind is MeasureKind.INDEX and len(weights) != len(of):
        form.fault(node, "measure-weights", "权数的个数与选项的个数不同", "请给每个选项写一个权数")
    if any(weight > 1 for weight in weights):
        form.fault(node, "measure-weights", "权数超过 1", "请写 0 到 1 的数")
    return Measure(
        kind=kind,
        of=of,
        base=base,
        weights=weights,
        unit=form.text(fields["unit"]) if "unit" in fields else "" if kind is MeasureKind.VALUE else "%",
        places=form.whole_number(fields["places"], 0, 6) if "places" in fields else 2,
    )


def _grades(form: Form, node: Node | None) -> tuple[Grade, ...]:
    grades = []
    for each in form.items(node):
        fields = form.fields(each, ["name", "from"])
        grades.append(Grade(form.text(fields.get("name")), form.number(fields.get("from"))))
    begins = [grade.begins_at for grade in grades]
    if node is not None and (begins != sorted(set(begins), reverse=True) or (begins and begins[-1] != 0)):
        form.fault(
            node, "grades-order", "等级没有从高到低排列，或最低一档不是从 0 分起", "请按分数从高到低写到 0", value=""
        )
    return tuple(grades)


def _fund_row(form: Form, node: Node | None) -> FundRow | None:
    if node is None:
        return None
    fields = form.fields(node, ["code", "name", "weight", "initial", "annual", "executed", "counts"], ["note"])
    return FundRow(
        code=form.text(fields.get("code")),
        name=form.text(fields.get("name")),
        weight=_weight(form, fields.get("weight")),
        initial=form.text(fields.get("initial")),
        annual=form.text(fields.get("annual")),
        executed=form.text(fields.get("executed")),
        counts=form.boolean(fields.get("counts")),
        note=_optional(form, fields, "note"),
    )


def _funds(form: Form, node: Node | None) -> FundNames:
    if node is None:
        return FundNames()
    names = ("budget", "received", "spent", "opening", "closing")
    parts = {"sources": "received", "uses": "spent"}
    fields = form.fields(node, [], (*names, *parts))
    for part, whole in parts.items():
        if part in fields and whole not in fields:
            form.fault(fields[part], "funds-whole-missing", f"写了 {part}，没有写 {whole}", f"请补上 {whole}", value="")
    return FundNames(
        **{name: form.text(fields[name]) for name in names if name in fields},
        sources=form.texts(fields["sources"]) if "sources" in fields else (),
        uses=form.texts(fields["uses"]) if "uses" in fields else (),
    )


def _check_tree(form: Form, root: Node, scheme: Scheme) -> None:
    """Check what only the whole tree shows: codes once each, children's weights adding up to their parent's."""
    seen: set[str] = set()
    for node in scheme.nodes():
        if node.code in seen:
            fault = ("code-twice", "指标编码写了两次", "每个指标用一个编码")
            _fault_at(form, node.line, node.code, *fault)
        seen.add(node.code)
        if node.children:
            _check_sum(form, node.line, node.code, node.weight, node.children)
    if scheme.fund_row and scheme.fund_row.code in seen:
        _fault_at(form, None, scheme.fund_row.code, "code-twice", "资金行与指标用了同一个编码", "每行用一个编码")
    if isinstance(root, Table) and scheme.indicators:
        fund = scheme.fund_row.weight if scheme.fund_row and scheme.fund_row.counts else Fraction(0)
        total = sum((node.weight for node in scheme.indicators), fund)
        if total != 100:
            message = f"全部权重合计 {_text(total)}，不是 100"
            _fault_at(form, root.line, "indicators", "weights-total", message, "请核对各一级指标的权重")


def _check_sum(form: Form, line: int | None, code: str, weight: Fraction, children: Iterable[Indicator]) -> None:
    total = sum((child.weight for child in children), Fraction(0))
    if total != weight:
        message = f"下级权重合计 {_text(total)}，与本级权重 {_text(weight)} 不等"
        _fault_at(form, line, code, "weights-sum", message, "请核对各级权重")


def _fault_at(form: Form, line: int | None, value: str, rule: str, message: str, advice: str) -> None:
    form.findings.append(Finding(rule=rule, message=message, advice=advice, file=form.file, row=line, value=value))


def _text(weight: Fraction) -> str:
    return decimal_text(weight, 4, trimmed=True)
