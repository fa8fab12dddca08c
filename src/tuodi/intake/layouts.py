"""The columns a file may have, read from ``layouts/*.yaml``, and finding them in a file's header."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from types import MappingProxyType

import yaml

from tuodi.kernel.finding import Finding, Severity
from tuodi.kernel.shipped import shipped

LAYOUT_IDS = ("persons", "settlements", "enrolments", "paid")
OFFICE_LAYOUT_IDS = (
    "roster", "settlement_records", "marks", "enrolment_states", "premium_lists", "payer_answers", "former_payments",
)  # fmt: skip
"""What an office imports besides; two of them are one of the above with further columns."""
_NEAR = 0.75


class Kind(StrEnum):
    """What a column holds; ``intake.cells`` says how each kind is read."""

    ID = "id"
    CODE = "code"
    TEXT = "text"
    MONEY = "money"
    MOMENT = "moment"
    DAY = "day"
    FLAG = "flag"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One column: the national interface's ``name`` and the Chinese ``labels``, the standard one first.

    A required field must have its column, and no cell of it may be empty.
    """

    name: str
    labels: tuple[str, ...]
    kind: Kind
    required: bool = False

    @property
    def both_names(self) -> str:
        """Return the names as a message shows them: ``setl_id（结算编号）``."""
        return f"{self.name}（{self.labels[0]}）"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The columns of one sort of file, in the order of the documentation; ``extends`` names the one it goes beyond.

    ``longest_text`` is how many characters a text may have where whoever keeps the file has no more room for it.
    """

    id: str
    title: str
    fields: tuple[Field, ...]
    extends: str = ""
    longest_text: int | None = None

    def by_heading(self) -> dict[str, Field]:
        """Return every heading the file may use, in its compared form, with the field it means."""
        return {normal_heading(name): field for field in self.fields for name in (field.name, *field.labels)}


@dataclass(frozen=True, slots=True)
class Columns:
    """Where a file has its fields: position by field name, and the headings as printed.

    Unknown columns left of all fields have positions too (``layout`` then has fields of their own for them): there
    stand the words by which foot rows are known.
    """

    layout: Layout
    positions: Mapping[str, int]
    header: tuple[str, ...]

    def heading(self, name: str) -> str:
        """Return the heading printed above a field, its national name where the file lacks the column."""
        position = self.positions.get(name)
        return name if position is None else self.header[position].strip()


@cache
def load_layout(layout_id: str) -> Layout:
    """Return a shipped layout; ValueError if its file breaks the schema (a fault of the program, not of a user)."""
    document = yaml.safe_load(shipped("layouts", f"{layout_id}.yaml").read_text(encoding="utf-8"))
    if document.get("schema") != "tuodi-layout/1" or document.get("id") != layout_id:
        raise ValueError(f"layouts/{layout_id}.yaml: schema or id")
    fields = tuple(
        Field(
            name=entry["name"],
            labels=tuple(entry["labels"]),
            kind=Kind(entry["kind"]),
            required=entry.get("required", False),
        )
        for entry in document["fields"]
    )
    extends = document.get("extends", "")
    if extends:
        fields = load_layout(extends).fields + fields
    layout = Layout(
        id=layout_id,
        title=document["title"],
        fields=fields,
        extends=extends,
        longest_text=document.get("longest_text"),
    )
    if len(layout.by_heading()) != sum(1 + len(field.labels) for field in fields):
        raise ValueError(f"layouts/{layout_id}.yaml: a heading means two fields")
    return layout


def normal_heading(text: str) -> str:
    """Return a heading in the form in which headings are compared: without blanks and marks around it, lower case."""
    return text.strip().strip("\ufeff\u200b").strip().lower()


def bind_columns(
    layout: Layout,
    header: Sequence[str],
    file: str,
    sheet: str,
    row: int,
    needs: Collection[str] = (),
    own: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Columns, list[Finding]]:
    """Find the layout's fields in a header row; any finding of severity error refuses the file.

    ``needs`` names optional fields that may not be absent this time. ``own`` are the sender's headings in their
    compared form with the field each means: they go before every other heading of that field. Unknown headings are
    named in one info finding, each with the absent field's heading that it is nearly.
    """
    by_heading = _with_own_headings(layout, own, set(map(normal_heading, header)))
    positions: dict[str, int] = {}
    unknown: list[str] = []
    findings: list[Finding] = []

    def add(rule: str, severity: Severity, message: str, advice: str, column: str = "") -> None:
        place = Finding(rule=rule, message=message, advice=advice, file=file, sheet=sheet, row=row, column=column)
        findings.append(replace(place, severity=severity))

    for position, heading in enumerate(header):
        field = by_heading.get(normal_heading(heading))
        if field is None:
            unknown += [heading.strip()] if heading.strip() else []
        elif field.name in positions:
            first = header[positions[field.name]].strip()
            message = f"与“{first}”是同一列 {field.both_names}，出现了两次"
            add("column-twice", Severity.ERROR, message, "请删去或改名其中一列", heading.strip())
        else:
            positions[field.name] = position
    near = _near_headings(layout, positions, unknown)
    for field in layout.fields:
        if field.name in positions or not (field.required or field.name in needs):
            continue
        which = "必需的列" if field.required else "本政策需要的列"
        meant = next((heading for heading, name in near.items() if by_heading.get(normal_heading(name)) is field), "")
        if meant:
            advice = f"文件里的“{meant}”是不是这一列？是的话请把列名改为“{field.labels[0]}”"
        else:
            advice = f"请补上该列，列名写 {field.name} 或“{field.labels[0]}”"
        add("column-missing", Severity.ERROR, f"{layout.title}缺少{which} {field.both_names}", advice)
    if unknown:
        told = [f"{heading}（是不是“{near[heading]}”？）" if heading in near else heading for heading in unknown]
        shown = "、".join(told[:20]) + (f" 等 {len(unknown)} 列" if len(unknown) > 20 else "")
        add(
            "column-unknown",
            Severity.INFO,
            f"有不认识的列，未读取：{shown[:500]}",
            "如果其中有需要的内容，请改用文件说明中的列名",
        )
    return _with_columns_left_of_all(Columns(layout, positions, tuple(header))), findings


def _with_own_headings(layout: Layout, own: Mapping[str, str], present: Collection[str]) -> dict[str, Field]:
    """Return what each heading means; of a field for which the sender's own heading is there, no other counts."""
    named = {heading: name for heading, name in own.items() if heading in present}
    taken = set(named.values())
    fields = {field.name: field for field in layout.fields}
    others = {heading: field for heading, field in layout.by_heading().items() if field.name not in taken}
    return others | {heading: fields[name] for heading, name in named.items()}


def _near_headings(layout: Layout, positions: Mapping[str, int], unknown: Sequence[str]) -> dict[str, str]:
    """Return for unknown headings the heading of an absent field that each is nearly."""
    absent = {
        normal_heading(name): name
        for field in layout.fields
        if field.name not in positions
        for name in (*field.labels, field.name)
    }
    found = {heading: get_close_matches(normal_heading(heading), absent, n=1, cutoff=_NEAR) for heading in unknown}
    return {heading: absent[names[0]] for heading, names in found.items() if names}


def _with_columns_left_of_all(columns: Columns) -> Columns:
    """Add a field for each unknown column left of all known ones whose heading stands there only once."""
    header = columns.header
    left = [at for at in range(min(columns.positions.values(), default=0)) if header.count(header[at]) == 1]
    fields = [Field(name=f"left_{at}", labels=(header[at],), kind=Kind.TEXT) for at in left]
    positions = {**{f"left_{at}": at for at in left}, **columns.positions}
    return Columns(replace(columns.layout, fields=(*columns.layout.fields, *fields)), positions, header)


_KIND_NAMES = {
    Kind.ID: "编号（须为文本）",
    Kind.CODE: "代码",
    Kind.TEXT: "文字",
    Kind.MONEY: "金额（元，最多两位小数）",
    Kind.MOMENT: "日期时间",
    Kind.DAY: "日期",
    Kind.FLAG: "标志（空、0 或 1）",
}


def columns_table(layout: Layout) -> str:
    """Return the layout as the Markdown table that docs/files.md shows; of one that extends another, what it adds."""
    lines = ["| 字段 | 列名 | 也可写作 | 内容 | 必填 |", "| --- | --- | --- | --- | --- |"]
    for field in layout.fields[len(load_layout(layout.extends).fields) if layout.extends else 0 :]:
        others = "、".join(field.labels[1:]) or "—"
        required = "是" if field.required else "—"
        lines.append(f"| `{field.name}` | {field.labels[0]} | {others} | {_KIND_NAMES[field.kind]} | {required} |")
    return "\n".join(lines) + "\n"
