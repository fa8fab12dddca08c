"""The layout of an evaluation report as data: cover, chapters, sections, and which blocks stand in each."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from tuodi.kernel.finding import Finding
from tuodi.kernel.form import Form
from tuodi.kernel.shipped import shipped
from tuodi.kernel.yaml_nodes import Node, Table, read_bytes, read_nodes

SCHEMA = "tuodi-report-layout/1"
FIRST_ANNEX = "附件1："


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockSpec:
    """One block of a section: a ``kind`` the composer knows; ``of`` its subject (a group's place, an item's name).

    A gap has its ``name`` (the content control's), ``title`` and the ``prompt`` that says what to write there.
    """

    kind: str
    of: str = ""
    name: str = ""
    title: str = ""
    prompt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section with its heading (empty: the blocks follow the chapter's heading directly)."""

    title: str
    blocks: tuple[BlockSpec, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A chapter, or an annex, whose title has no number. ``new_page``: it begins a page, as annexes always do."""

    title: str
    sections: tuple[Section, ...]
    new_page: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLayout:
    """A whole layout. ``cover`` names items of the sheet 项目; ``table`` the layout of the self-evaluation tables.

    ``title`` are the last words of the document's title, ``annex`` the number of the first annex as it is printed.
    """

    id: str
    title: str
    cover: tuple[str, ...]
    foot: tuple[str, ...]
    number: str
    chapters: tuple[Chapter, ...]
    annexes: tuple[Chapter, ...]
    annex: str
    table: str


def layout_path(layout_id: str) -> Path:
    """Return the file of a shipped layout."""
    return shipped("schemes", "layouts", f"{layout_id}.yaml")


def known_layouts() -> tuple[str, ...]:
    """Return the ids of the shipped layouts in alphabetical order."""
    return tuple(sorted(path.stem for path in shipped("schemes", "layouts").glob("*.yaml")))


def load_report_layout(path: Path, shown_as: str, kinds: Collection[str]) -> tuple[ReportLayout | None, list[Finding]]:
    """Read a layout; ``kinds`` are the blocks the composer knows. None when a finding is an error."""
    data, findings = read_bytes(path, shown_as)
    if findings:
        return None, findings
    root, findings = read_nodes(data, shown_as)
    if root is None:
        return None, findings
    form = Form(shown_as, findings)
    layout = _layout(form, root, kinds)
    return (None if any(each.is_error for each in findings) else layout), findings


def _layout(form: Form, root: Node, kinds: Collection[str]) -> ReportLayout:
    required, optional = ["schema", "id", "title", "cover", "foot", "chapters"], ["number", "annexes", "annex", "table"]
    fields = form.fields(root, required, optional)
    if "schema" in fields and form.text(fields["schema"]) != SCHEMA:
        form.fault(fields["schema"], "schema-version", "不是报告版式文件", f"第一行应为 schema: {SCHEMA}")
    return ReportLayout(
        id=form.text(fields.get("id")),
        title=form.text(fields.get("title")),
        cover=form.texts(fields.get("cover")),
        foot=form.texts(fields.get("foot")),
        number=form.text(fields["number"]) if "number" in fields else "",
        chapters=tuple(_chapter(form, node, kinds) for node in form.items(fields.get("chapters"))),
        annexes=tuple(_chapter(form, node, kinds) for node in form.items(fields.get("annexes"), may_be_empty=True)),
        annex=_annex(form, fields.get("annex")),
        table=form.text(fields["table"]) if "table" in fields else "",
    )


def _annex(form: Form, node: Node | None) -> str:
    """Read how the first annex is numbered; the others follow it."""
    if node is None:
        return FIRST_ANNEX
    return form.matching(node, "[^0-9一]*[1一][^0-9一]*", "annex-number", "请写第一个附件的编号，例如 附件1：")


def _chapter(form: Form, node: Node, kinds: Collection[str]) -> Chapter:
    fields = form.fields(node, ["title"], ["sections", "blocks", "new_page"])
    sections = [_section(form, each, kinds) for each in form.items(fields.get("sections"))]
    if "blocks" in fields:
        blocks = tuple(_block(form, each, kinds) for each in form.items(fields["blocks"]))
        sections.insert(0, Section(title="", blocks=blocks))
    new_page = form.boolean(fields["new_page"]) if "new_page" in fields else False
    return Chapter(title=form.text(fields.get("title")), sections=tuple(sections), new_page=new_page)


def _section(form: Form, node: Node, kinds: Collection[str]) -> Section:
    fields = form.fields(node, ["title", "blocks"])
    blocks = tuple(_block(form, each, kinds) for each in form.items(fields.get("blocks")))
    return Section(title=form.text(fields.get("title")), blocks=blocks)


def _block(form: Form, node: Node, kinds: Collection[str]) -> BlockSpec:
    """Read a block: its kind as plain text, or a mapping for a gap or a block with a subject."""
    if not isinstance(node, Table):
        return BlockSpec(kind=_kind(form, node, kinds))
    if "gap" in node.values:
        fields = form.fields(node, ["gap", "prompt"], ["title"])
        name = form.text(fields.get("gap"))
        title = form.text(fields["title"]) if "title" in fields else name
        return BlockSpec(kind="gap", name=name, title=title, prompt=form.text(fields.get("prompt")))
    fields = form.fields(node, ["kind"], ["of"])
    kind = _kind(form, fields["kind"], kinds) if "kind" in fields else ""
    return BlockSpec(kind=kind, of=form.text(fields["of"]) if "of" in fields else "")


def _kind(form: Form, node: Node, kinds: Collection[str]) -> str:
    kind = form.text(node)
    if kind and kind not in kinds:
        form.fault(node, "block-kind", "版式里没有这种内容块", f"可用：{'、'.join(sorted(kinds))}")
    return kind
