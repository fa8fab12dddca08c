"""Filling a Word template that an office uploaded.

The file is looked through first (``package``), then what it says (``language``), all of it before a
word is filled in. Filling itself sees copies in plain types only, calls nothing, and stops at limits of steps and
text: a template can put out and repeat what it was given, and that is all.
"""

import re
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

from docx.opc.constants import CONTENT_TYPE
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template, TemplateSyntaxError, Undefined, UndefinedError, nodes
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree

from tuodi.kernel.files import written_whole
from tuodi.kernel.finding import Fault, Finding
from tuodi.report.template.language import (
    LOOP_FLAGS,
    LOOP_NUMBERS,
    NO_LIST,
    NO_TEXT,
    NO_TEXTS,
    Plain,
    Shape,
    complaints,
    plain,
    unknown_name,
)
from tuodi.report.template.package import checked_template
from tuodi.report.template.tags import place
from tuodi.report.word.package import packed

MOST_STEPS = 2_000_000
"""Parts of the template visited at most, counted over all turns of all loops."""
MOST_TEXT = 6_000_000
"""Characters of XML written at most, in each part of the document."""
MOST_FINDINGS = 50

_EACH = "each"
"""The filter put round every list that a loop goes through; templates themselves cannot use it."""

_TOO_MUCH = Fault("template-too-complex", "填写后的内容过多", "请减少循环和重复的内容，或拆成几个模板")
_DAMAGED = Fault(
    "template-structure",
    "模板的结构有问题，填写后不是正常的文档",
    "循环和判断的开头与结尾应在同一层（同一单元格，或各占一段、一行）；请核对后再上传",
)


class TemplateStopped(Exception):
    """A template cannot be filled to the end; the fault tells why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


def fill_template(template: Path, out: Path, values: Mapping[str, object]) -> list[Finding]:
    """Fill a template and write the document, the same bytes each time; with findings, nothing is written.

    ``values`` hold dict, list and str only; raises TypeError or ValueError otherwise, OSError where ``out`` cannot be
    written. Whatever is wrong with the template is a finding: ``sheet`` tells the part (正文, 页眉 ...), ``value`` the
    text near it.
    """
    given = plain(dict(values))
    checked = checked_template(template)
    findings, document = list(checked.findings), b""
    if checked.copy:
        sandbox = Sandbox(given, check_only=True)
        _filled(checked.copy, sandbox, given)
        findings = sandbox.findings
        if not findings:
            sandbox = Sandbox(given)
            document = _filled(checked.copy, sandbox, given)
            findings = sandbox.findings
    if not findings:
        with written_whole(out) as temporary:
            temporary.write_bytes(document)
    return [replace(finding, file=template.name) for finding in dict.fromkeys(findings)][:MOST_FINDINGS]


def describe(values: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return what a template may use: names as written in it, each with an example; lists show one row's fields."""
    shape = Shape()
    shape.take_in(plain(dict(values)))
    return list(_described(shape, ""))


def _described(shape: Shape, name: str) -> Iterator[tuple[str, str]]:
    if shape.item is not None:
        columns = "、".join(shape.item.fields)
        yield name, f"列表，每项有：{columns}" if columns else f"列表，如：{shape.item.example}"
    elif shape.is_text:
        yield name, shape.example
    row = shape.item.fields if shape.item else {}
    for key, field in shape.fields.items():
        yield from _described(field, f"{name}.{key}" if name else key)
    for key, field in row.items():
        yield from _described(field, f"{name}[0].{key}")


class _Bounded(Template):
    """A template that stops when it has written too much."""

    def render(self, *args: object, **kwargs: object) -> str:
        """Return the text; raises TemplateStopped beyond the limit."""
        pieces, length = [], 0
        for piece in self.generate(*args, **kwargs):
            pieces.append(piece)
            length += len(piece)
            if length > MOST_TEXT:
                raise TemplateStopped(_TOO_MUCH)
        return "".join(pieces)


class Sandbox(ImmutableSandboxedEnvironment):
    """What runs a template's parts: each is checked before it is compiled, and sees nothing but the given values.

    With ``check_only`` nothing is filled. ``findings`` gathers what is wrong.
    """

    template_class = _Bounded

    def __init__(self, values: Plain, *, check_only: bool = False) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined, finalize=_text_only, cache_size=0)
        self.globals.clear()
        self.tests.clear()
        self.filters = {"default": _default, "join": self._join, "length": _length, _EACH: self._each}
        self.findings: list[Finding] = []
        self.document: DocxTemplate | None = None
        self._values = Shape()
        self._values.take_in(values)
        self.check_only = check_only
        self._steps = 0

    def from_string(
        self,
        source: str | nodes.Template,
        globals: MutableMapping[str, Any] | None = None,
        template_class: type[Template] | None = None,
    ) -> Template:
        """Return a checked template; an empty one where there is anything to find fault with."""
        tree = self._checked(str(source))
        if tree is None or self.check_only:
            return super().from_string("")
        for loop in list(tree.find_all(nodes.For)):
            weight = nodes.Const(1 + sum(1 for statement in loop.body for _ in statement.find_all(nodes.Node)))
            loop.iter = nodes.Filter(loop.iter, _EACH, [weight], [], None, None, lineno=loop.lineno)
        return super().from_string(tree)

    def complain(self, fault: Fault, value: str = "") -> None:
        """Add a finding about the part that is being filled."""
        part = self.document.current_rendering_part if self.document else None
        where = place(str(part.partname)) if part else ""
        self.findings.append(
            Finding(rule=fault.rule, message=fault.message, advice=fault.advice, sheet=where, value=value[:60])
        )

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return a field of plain data or what ``loop`` tells, never an attribute of Python's."""
        if isinstance(obj, LoopContext) and attribute in LOOP_NUMBERS | LOOP_FLAGS:
            return getattr(obj, attribute)
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Return a field by its name or an item of a list by its number."""
        if type(obj) is dict and type(argument) is str and argument in obj:
            return obj[argument]
        if type(obj) is list and type(argument) is int and 0 <= argument < len(obj):
            return obj[argument]
        return self.undefined(obj=obj, name=str(argument))

    def is_safe_callable(self, obj: Any) -> bool:
        """Nothing is called."""
        return False

    def _checked(self, source: str) -> nodes.Template | None:
        try:
            tree = self.parse(source)
        except TemplateSyntaxError as problem:
            advice = "请核对名称、引号、括号，以及 for 与 endfor、if 与 endif 是否成对"
            self.complain(Fault("template-syntax", "模板标记写得不对", advice), _near(source, problem.lineno))
            return None
        except RecursionError:
            self.complain(_TOO_MUCH)
            return None
        found = complaints(tree, self._values)
        for complaint in found:
            self.complain(complaint.fault, complaint.value or _near(source, complaint.line))
        return None if found else tree

    def _each(self, value: object, weight: int) -> list[object]:
        """Return the list that a loop goes through, having counted its steps beforehand."""
        if isinstance(value, Undefined):
            str(value)  # tells which name is missing
        if type(value) is not list:
            raise TemplateStopped(NO_LIST)
        self._count(len(value) * weight)
        return value

    def _join(self, value: object, separator: str = "") -> str:
        if type(value) is not list or not all(type(item) is str for item in value):
            raise TemplateStopped(NO_TEXTS)
        self._count(1 + len(value))
        return separator.join(value)

    def _count(self, steps: int) -> None:
        self._steps += steps
        if self._steps > MOST_STEPS:
            raise TemplateStopped(_TOO_MUCH)


def _text_only(value: object) -> object:
    """Let texts and numbers into the document: how Python shows its lists is nothing for an official paper."""
    if isinstance(value, Undefined):
        return str(value)
    if type(value) not in (str, int):
        raise TemplateStopped(NO_TEXT)
    return value


def _default(value: object, text: str = "") -> object:
    return text if isinstance(value, Undefined) else value


def _length(value: object) -> int:
    return len(value) if isinstance(value, str | list | dict) else len(str(value))


def _near(source: str, line: int) -> str:
    """Return the text at a line of a part's source: docxtpl begins one at each paragraph."""
    lines = re.split(r"\r\n|\r|\n", source)
    return re.sub(r"<[^>]*>", "", lines[line - 1]).strip() if 0 < line <= len(lines) else ""


def _filled(copy: BytesIO, sandbox: Sandbox, values: Plain) -> bytes:
    """Return the filled document; empty where only checked or where the sandbox has findings."""
    copy.seek(0)
    try:
        document = sandbox.document = DocxTemplate(copy)
        _fill_parts(document, sandbox, values)
        return packed(document.docx) if not sandbox.findings else b""
    except TemplateStopped as stopped:
        sandbox.complain(stopped.fault)
    except UndefinedError as missing:
        sandbox.complain(unknown_name((re.findall("'([^']*)'", str(missing)) or [""])[-1], ()))
    except Exception:
        # docxtpl and python-docx fail in too many ways on odd XML to name them; whatever it was, nothing is written.
        sandbox.complain(_DAMAGED)
    return b""


def _fill_parts(document: DocxTemplate, sandbox: Sandbox, values: Plain) -> None:
    """Fill the text, headers, footers and footnotes by docxtpl's own steps.

    Its ``render`` would fill footnotes once per section, what was filled in included, and mend broken XML in silence.
    """
    document.render_init()
    body = document.build_xml(values, sandbox)
    beside = [
        (relation, xml)
        for kind in (document.HEADER_URI, document.FOOTER_URI)
        for relation, xml in document.build_headers_footers_xml(values, kind, sandbox)
    ]
    notes = []
    for part in document.docx.part.package.iter_parts():
        if part.content_type == CONTENT_TYPE.WML_FOOTNOTES:
            xml = document.patch_xml(part.blob.decode("utf-8"))
            notes.append((part, document.render_xml_part(xml, part, values, sandbox).encode("utf-8")))
    if sandbox.findings or sandbox.check_only:
        return
    document.current_rendering_part = document.docx.part
    etree.fromstring(body)
    tree = document.fix_tables(body)
    document.fix_docpr_ids(tree)
    document.map_tree(tree)
    for relation, xml in beside:
        document.map_headers_footers_xml(relation, xml)
    for part, xml in notes:
        etree.fromstring(xml)
        part._blob = xml
