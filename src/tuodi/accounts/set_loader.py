"""Reading a table set from YAML, strictly: every wrong key, unknown column or dangling term is a finding."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from tuodi.accounts.set_checks import check_set
from tuodi.accounts.table_set import (
    BlockForm,
    Growth,
    Holds,
    Identity,
    Item,
    KeyColumn,
    Relation,
    RowForm,
    RowKind,
    Section,
    Shape,
    TableForm,
    TableSet,
    Term,
    ValueColumn,
    WordsExplained,
    parse_term,
)
from tuodi.kernel.finding import Finding
from tuodi.kernel.form import Form
from tuodi.kernel.yaml_nodes import Node, read_bytes, read_nodes

SCHEMA = "tuodi-accounts-set/1"
UNITS = ("元", "万元")

_REQUIRED = ("schema", "id", "title", "unit", "tables", "sections")
_OPTIONAL = (
    "identities", "growths", "roles", "facts", "last_year", "extra", "glossary", "empty_note", "rounding_note"
)  # fmt: skip
_LARGEST_LINE = 9999
_Read = TypeVar("_Read")


def load_set(path: Path, shown_as: str) -> tuple[TableSet | None, list[Finding]]:
    """Read a table set; None with at least one error where it cannot be used. Never raises for any content."""
    data, unreadable = read_bytes(path, shown_as)
    if unreadable:
        return None, unreadable
    root, findings = read_nodes(data, shown_as)
    if root is None:
        return None, findings
    form = Form(shown_as, findings)
    values = form.fields(root, _REQUIRED, _OPTIONAL)
    schema = values.get("schema")
    if schema is not None and form.text(schema) != SCHEMA:
        form.fault(schema, "schema-unknown", "不是这里能读的格式", f"请写 schema: {SCHEMA}")
    tables = TableSet(
        id=form.matching(values.get("id"), r"[a-z0-9][a-z0-9-]*", "id-format", "只用小写字母、数字和连字符"),
        title=form.text(values.get("title")),
        unit=_unit(form, values.get("unit")),
        tables=_all(form, values.get("tables"), _table),
        identities=_all(form, values.get("identities"), _identity),
        growths=_all(form, values.get("growths"), _growth),
        roles={name: form.text(node) for name, (_, node) in form.named(values.get("roles")).items()},
        facts=_all(form, values.get("facts"), _item),
        last_year=_all(form, values.get("last_year"), _item),
        extra=_all(form, values.get("extra"), _item),
        sections=_all(form, values.get("sections"), _section),
        glossary=_all(form, values.get("glossary"), _explained),
        empty_note=_text_if_any(form, values.get("empty_note")),
        rounding_note=_text_if_any(form, values.get("rounding_note")),
    )
    if not any(finding.is_error for finding in findings):
        findings += check_set(tables, shown_as)
    if any(finding.is_error for finding in findings):
        return None, findings
    return tables, findings


def _all(form: Form, node: Node | None, read: Callable[[Form, Node], _Read]) -> tuple[_Read, ...]:
    return tuple(read(form, each) for each in form.items(node))


def _text_if_any(form: Form, node: Node | None) -> str:
    return "" if node is None else form.text(node)


def _texts_if_any(form: Form, node: Node | None) -> tuple[str, ...]:
    return () if node is None else tuple(form.text(each) for each in form.items(node))


def _flag(form: Form, node: Node | None) -> bool:
    return node is not None and form.boolean(node)


def _unit(form: Form, node: Node | None) -> str:
    unit = form.text(node)
    if node is not None and unit not in UNITS:
        form.fault(node, "accounts-unit", "不是可选的金额单位", "请写 元 或 万元")
    return unit


def _table(form: Form, node: Node) -> TableForm:
    values = form.fields(node, ("id", "number", "title", "shape", "blocks"), ("note", "entity_label", "landscape"))
    return TableForm(
        id=form.text(values.get("id")),
        number=form.text(values.get("number")),
        title=form.text(values.get("title")),
        shape=form.choice(values.get("shape"), Shape, "accounts-shape"),
        blocks=_all(form, values.get("blocks"), _block),
        note=_text_if_any(form, values.get("note")),
        entity_label=_text_if_any(form, values.get("entity_label")) or "部门名称",
        landscape=_flag(form, values.get("landscape")),
    )


def _block(form: Form, node: Node) -> BlockForm:
    values = form.fields(node, ("columns",), ("keys", "rows"))
    keys = values.get("keys")
    rows = values.get("rows")
    return BlockForm(
        keys=() if keys is None else _all(form, keys, _key),
        columns=_all(form, values.get("columns"), _column),
        rows=() if rows is None else _all(form, rows, _row),
    )


def _key(form: Form, node: Node) -> KeyColumn:
    values = form.fields(node, ("holds", "heading"))
    return KeyColumn(
        holds=form.choice(values.get("holds"), Holds, "accounts-key"),
        heading=_texts_if_any(form, values.get("heading")),
    )


def _column(form: Form, node: Node) -> ValueColumn:
    values = form.fields(node, ("id", "heading"), ("number", "also"))
    return ValueColumn(
        id=form.text(values.get("id")),
        heading=_texts_if_any(form, values.get("heading")),
        number=_text_if_any(form, values.get("number")),
        also=_texts_if_any(form, values.get("also")),
    )


def _row(form: Form, node: Node) -> RowForm:
    values = form.fields(
        node, (), ("id", "label", "also", "line", "code", "class", "kind", "total", "not_for", "cells")
    )
    line = values.get("line")
    number = None if line is None else form.whole_number(line, 1, _LARGEST_LINE)
    code = _text_if_any(form, values.get("code"))
    cells = _texts_if_any(form, values.get("cells"))
    row_id = _text_if_any(form, values.get("id")) or code or ("" if number is None else str(number))
    if not row_id and not cells:
        form.fault(node, "accounts-row", "这一行没有行次、科目编码，也没有 id", "请至少写一样", value="")
    kind = values.get("kind")
    return RowForm(
        id=row_id,
        label=_text_if_any(form, values.get("label")),
        line=number,
        code=code,
        functional_class=_text_if_any(form, values.get("class")),
        kind=RowKind.CAPTION if cells else RowKind.MONEY if kind is None else _row_kind(form, kind),
        total=_flag(form, values.get("total")),
        not_for=_texts_if_any(form, values.get("not_for")),
        also=_texts_if_any(form, values.get("also")),
        cells=cells,
    )


def _row_kind(form: Form, node: Node) -> RowKind:
    return form.choice(node, RowKind, "accounts-row-kind")


def _terms(form: Form, node: Node | None) -> tuple[Term, ...]:
    terms: list[Term] = []
    for each in () if node is None else form.items(node):
        term = parse_term(form.text(each))
        if term is None:
            form.fault(each, "accounts-term", "不是单元格的写法", "请写成 表/行/列，例如 01/27/amount")
        else:
            terms.append(term)
    return tuple(terms)


def _identity(form: Form, node: Node) -> Identity:
    values = form.fields(node, ("id", "name", "relation", "left", "right"), ("only_if_zero",))
    return Identity(
        id=form.text(values.get("id")),
        name=form.text(values.get("name")),
        relation=form.choice(values.get("relation"), Relation, "accounts-relation"),
        left=_terms(form, values.get("left")),
        right=_terms(form, values.get("right")),
        only_if_zero=_terms(form, values.get("only_if_zero")),
    )


def _growth(form: Form, node: Node) -> Growth:
    values = form.fields(node, ("id", "name", "now", "last"), ("scope",))
    return Growth(
        id=form.text(values.get("id")),
        name=form.text(values.get("name")),
        now=_terms(form, values.get("now")),
        last=_terms(form, values.get("last")),
        scope=_terms(form, values.get("scope")),
    )


def _item(form: Form, node: Node) -> Item:
    values = form.fields(node, ("id", "label"), ("hint", "kind", "blank_is_zero", "required"))
    kind = values.get("kind")
    return Item(
        id=form.text(values.get("id")),
        label=form.text(values.get("label")),
        hint=_text_if_any(form, values.get("hint")),
        kind=RowKind.MONEY if kind is None else _row_kind(form, kind),
        blank_is_zero=_flag(form, values.get("blank_is_zero")),
        required=_flag(form, values.get("required")),
    )


def _section(form: Form, node: Node) -> Section:
    values = form.fields(node, ("id", "title"))
    return Section(id=form.text(values.get("id")), title=form.text(values.get("title")))


def _explained(form: Form, node: Node) -> WordsExplained:
    values = form.fields(node, ("word", "meaning"))
    return WordsExplained(word=form.text(values.get("word")), meaning=form.text(values.get("meaning")))
