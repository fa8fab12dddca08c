"""From a YAML file to a policy document, strictly: whatever is doubtful is a finding with file, line and key path."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from tuodi.kernel.finding import Finding, Severity
from tuodi.kernel.form import Form
from tuodi.kernel.yaml_nodes import Node, Scalar, Table, read_bytes, read_nodes
from tuodi.policy.component_loader import load_components
from tuodi.policy.document import Account, Figure, OpenQuestion, Owner, PolicyDocument, Source
from tuodi.policy.premium_loader import load_premium
from tuodi.policy.references import References

SCHEMA = "tuodi-policy/1"

_ARCHIVE = "压缩包"
_STARTS = {
    b"PK\x03\x04": _ARCHIVE,
    b"\xd0\xcf\x11\xe0": "旧版的工作簿或 Word 文档",
    b"PAR1": "parquet 数据文件",
    b"%PDF": "PDF 文件",
    b"\x89PNG": "图片",
    b"\xff\xd8\xff": "图片",
}
# A workbook and a Word document are archives inside; a table as text has no mark of its own.
_SUFFIXES = {
    ".xlsx": "工作簿",
    ".xlsm": "工作簿",
    ".et": "工作簿",
    ".docx": "Word 文档",
    ".csv": "CSV 表格",
}
_NOT_A_POLICY = "请写内置政策的编号（tuodi policy list 列出）或 .yaml 政策文件"

_REQUIRED = ("schema", "id", "title", "programme", "region", "validity", "sources", "identities", "components")
_OPTIONAL = ("figures", "accounts", "premium", "open_questions")

_KEY = r"[a-z][a-z0-9_]*"
_KEY_ADVICE = "键只用小写字母、数字和下划线，以字母开头"


def load_document(path: Path, shown_as: str = "") -> tuple[PolicyDocument | None, list[Finding]]:
    """Read one policy document; None if any finding is an error.

    ``shown_as`` is the file's name in findings and results, the path itself by default. Open questions and texts
    nobody has verified are findings of severity info. Never raises for any content of the file.
    """
    file = shown_as or str(path)
    data, unreadable = read_bytes(path, file)
    if unreadable:
        return None, unreadable
    kind = _other_kind(path, data)
    if kind:
        blank = " " if kind[0].isascii() else ""
        message = f"这是{blank}{kind}，不是政策文件"
        return None, [Finding(rule="not-a-policy", message=message, advice=_NOT_A_POLICY, file=file)]
    root, findings = read_nodes(data, file)
    if root is None:
        return None, findings
    document = _document(Form(file, findings), root, hashlib.sha256(data).hexdigest())
    findings.sort(key=lambda finding: finding.row or 0)
    return (None if any(finding.is_error for finding in findings) else document), findings


def _other_kind(path: Path, data: bytes) -> str:
    """Return what a file is that cannot be a policy document, by its first bytes and its suffix; else nothing."""
    kinds = [kind for start, kind in _STARTS.items() if data.startswith(start)]
    kind = _SUFFIXES.get(path.suffix.lower(), "") if not kinds or kinds[0] == _ARCHIVE else ""
    if kind or kinds:
        return kind or kinds[0]
    if data.lstrip()[:1] == b"<":
        return "网页"
    return "二进制文件" if b"\x00" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")) else ""


def _document(form: Form, root: Node, digest: str) -> PolicyDocument:
    top = form.fields(root, _REQUIRED, _OPTIONAL)
    _check_schema(form, top.get("schema"))
    references = References(form)
    _read_sources(references, top.get("sources"))
    _read_figures(references, top.get("figures"))
    _read_accounts(references, top.get("accounts"))
    _read_identities(references, top.get("identities"))
    components = load_components(references, top.get("components"))
    _tell_unused_accounts(references, top.get("accounts"))
    region = form.fields(top.get("region"), ("code", "name"))
    validity = form.fields(top.get("validity"), ("from", "to"))
    valid_from = form.day(validity.get("from"))
    valid_to = form.day_or_none(validity["to"]) if "to" in validity else None
    if valid_to is not None and valid_to < valid_from:
        form.fault(validity["to"], "validity-order", "失效日早于生效日", "请核对 from 与 to")
    id_advice = "请只用小写字母、数字和连字符，例如 shili-2024"
    code_advice = '请写六位行政区划代码并加引号，例如 "990101"'
    return PolicyDocument(
        id=form.matching(top.get("id"), r"[a-z0-9]+(-[a-z0-9]+)*", "id-format", id_advice),
        title=form.text(top.get("title")),
        programme=form.text(top.get("programme")),
        region_code=form.matching(region.get("code"), r"[0-9]{6}([0-9]{3}){0,2}", "region-code", code_advice),
        region_name=form.text(region.get("name")),
        valid_from=valid_from,
        valid_to=valid_to,
        digest=digest,
        path=form.file,
        sources=references.sources,
        figures=references.figures,
        accounts=references.accounts,
        identities=references.identities,
        components=components,
        premium=load_premium(references, top.get("premium")),
        open_questions=_open_questions(references, top.get("open_questions")),
    )


def _check_schema(form: Form, node: Node | None) -> None:
    if node is not None and form.text(node) != SCHEMA:
        form.fault(node, "schema-unknown", "不是本程序认识的格式", f"请写 {SCHEMA}")


def _keyed(form: Form, node: Node | None) -> Mapping[str, tuple[Scalar, Node]]:
    entries = form.named(node)
    for key, _ in entries.values():
        form.matching(key, _KEY, "key-format", _KEY_ADVICE)
    return entries


def _read_sources(references: References, node: Node | None) -> None:
    form = references.form
    for key, (key_node, value) in _keyed(form, node).items():
        fields = form.fields(value, ("title", "verified"), ("number", "issued", "note"))
        source = Source(
            key=key,
            title=form.text(fields.get("title")),
            number=form.text(fields.get("number")),
            issued=form.text(fields.get("issued")),
            verified=form.boolean(fields.get("verified")),
            note=form.text(fields.get("note")),
        )
        references.sources[key] = source
        if not source.verified:
            _tell(form, key_node, "source-unverified", f"来源“{source.title}”未核对原文", source.note)


def _read_figures(references: References, node: Node | None) -> None:
    form = references.form
    for key, (key_node, value) in _keyed(form, node).items():
        fields = form.fields(value, ("name", "year", "amount", "clause", "verified"), ("note",))
        figure = Figure(
            key=key,
            name=form.text(fields.get("name")),
            year=form.whole_number(fields.get("year"), 1949, 2200),
            amount_fen=form.amount(fields.get("amount")),
            clause=references.clause(fields.get("clause")),
            verified=form.boolean(fields.get("verified")),
            note=form.text(fields.get("note")),
        )
        references.figures[key] = figure
        if not figure.verified:
            _tell(form, key_node, "figure-unverified", f"数据“{figure.name}”未核实", figure.note)


def _read_accounts(references: References, node: Node | None) -> None:
    form = references.form
    for key, (_, value) in _keyed(form, node).items():
        fields = form.fields(value, ("name", "owner", "clause"))
        references.accounts[key] = Account(
            key=key,
            name=form.text(fields.get("name")),
            owner=form.choice(fields.get("owner"), Owner, "owner-unknown"),
            clause=references.clause(fields.get("clause")),
        )


def _read_identities(references: References, node: Node | None) -> None:
    form = references.form
    seen: set[str] = set()
    for item in form.items(node):
        fields = form.fields(item, ("name",), ("aliases",))
        name = form.text(fields.get("name"))
        aliases = form.texts(fields.get("aliases"))
        for word in (name, *aliases):
            if word and word in seen:
                form.fault(
                    item, "duplicate-identity", "这个身份名称已经用过", "一个名称只能指一种身份，请合并", value=word
                )
            seen.add(word)
        references.identities[name] = aliases


def _tell_unused_accounts(references: References, node: Node | None) -> None:
    for key in node.keys.values() if isinstance(node, Table) else ():
        if key.text not in references.used_as:
            message, advice = "没有待遇使用这个账户", "请删除，或写进 caps、deductible_account"
            references.form.fault(key, "account-unused", message, advice, severity=Severity.WARNING)


def _open_questions(references: References, node: Node | None) -> tuple[OpenQuestion, ...]:
    form = references.form
    questions = []
    for item in form.items(node, may_be_empty=True):
        fields = form.fields(item, ("asks", "reading", "clause"))
        question = OpenQuestion(
            asks=form.text(fields.get("asks")),
            reading=form.text(fields.get("reading")),
            clause=references.clause(fields.get("clause")),
        )
        questions.append(question)
        _tell(form, item, "open-question", f"待明确“{question.asks}”", f"目前的处理：{question.reading}")
    return tuple(questions)


def _tell(form: Form, node: Node, rule: str, message: str, advice: str) -> None:
    form.fault(node, rule, message, advice or "请向发文机关核对原文", value="", severity=Severity.INFO)
