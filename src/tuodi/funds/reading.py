"""What clearing documents and programmes have in common when read from YAML: the opening, places, amounts."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from tuodi.funds.amount import Amount, parse_amount
from tuodi.kernel.finding import Fault, Finding
from tuodi.kernel.form import Form
from tuodi.kernel.yaml_nodes import Node, read_bytes, read_nodes
from tuodi.policy.document import Clause, Source

LARGEST_COUNT = 999_999


class Opening(NamedTuple):
    """A file read so far: where findings go, its values by key, and the published text all places refer to."""

    form: Form
    values: Mapping[str, Node]
    source: Source

    def clause(self, node: Node | None) -> Clause:
        """Return the place an ``at`` names."""
        return Clause(source=self.source, at=self.form.text(node))


def open_document(
    path: Path, shown_as: str, schema: str, required: Iterable[str], optional: Iterable[str]
) -> tuple[Opening | None, list[Finding]]:
    """Read a file to its keys: ``schema, id, title, source`` and those given; None when it cannot be read at all.

    The findings' list goes on growing while the opening's form is used.
    """
    data, unreadable = read_bytes(path, shown_as)
    if unreadable:
        return None, unreadable
    root, findings = read_nodes(data, shown_as)
    if root is None:
        return None, findings
    form = Form(shown_as, findings)
    values = form.fields(root, ("schema", "id", "title", "source", *required), optional)
    written = values.get("schema")
    if written is not None and form.text(written) != schema:
        form.fault(written, "schema-unknown", "不是这里能读的格式", f"请写 schema: {schema}")
    return Opening(form, values, _source(form, values.get("source"))), findings


def acceptable(findings: Iterable[Finding]) -> bool:
    """Return whether a document may be handed out: nothing found refuses it."""
    return not any(finding.is_error for finding in findings)


def read_amount(form: Form, node: Node | None, *, signed: bool = False) -> Amount:
    """Read an amount, quoted, in yuan or 万元; a minus sign only where the caller allows one."""
    word = form.text(node)
    if not word or node is None:
        return Amount(0)
    amount = parse_amount(word)
    if isinstance(amount, Fault):
        form.fault(node, *amount)
        return Amount(0)
    if amount.fen < 0 and not signed:
        form.fault(node, "amount-negative", "金额不能为负", "请核对文件原文")
        return Amount(0)
    return amount


def read_amount_if_any(form: Form, node: Node | None) -> Amount | None:
    """Read an amount that a document may leave out."""
    return None if node is None else read_amount(form, node)


def read_count(form: Form, node: Node | None) -> int:
    """Read a number of people or visits."""
    return form.whole_number(node, 0, LARGEST_COUNT)


def read_count_if_any(form: Form, node: Node | None) -> int | None:
    """Read a number that a document may leave out."""
    return None if node is None else read_count(form, node)


def read_day_if_any(form: Form, node: Node | None) -> date | None:
    """Read a calendar day that a document may leave out."""
    return None if node is None else form.day(node)


def read_text_if_any(form: Form, node: Node | None) -> str:
    """Read text that a document may leave out; empty then."""
    return "" if node is None else form.text(node)


def _source(form: Form, node: Node | None) -> Source:
    values = form.fields(node, ("title",), ("number", "issued", "verified", "note"))
    return Source(
        key="source",
        title=form.text(values.get("title")),
        number=read_text_if_any(form, values.get("number")),
        issued=read_text_if_any(form, values.get("issued")),
        verified="verified" in values and form.boolean(values["verified"]),
        note=read_text_if_any(form, values.get("note")),
    )
