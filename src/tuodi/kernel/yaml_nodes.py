"""Strict reading of a YAML file into nodes that know their line and their key path.

YAML allows much that a policy officer never needs and a reader never expects: anchors, tags, several documents in one
file, one key twice. All of it is a finding here. PyYAML only supplies the events; no object is ever constructed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import yaml

from tuodi.kernel.finding import Fault, Finding

LARGEST_FILE_BYTES = 1_000_000
DEEPEST_NESTING = 20

_PLAIN_TEXT = "tag:yaml.org,2002:str"
_RESOLVER = yaml.resolver.Resolver()


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value as written. ``text_kind`` is true where YAML would read it as text (quoted, or plain words)."""

    text: str
    quoted: bool
    text_kind: bool
    line: int | None
    path: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A YAML sequence."""

    items: tuple["Node", ...]
    line: int | None
    path: str


@dataclass(frozen=True, slots=True)
class Table:
    """A YAML mapping: its values by key in the order written, and each key as it stood."""

    values: Mapping[str, "Node"]
    keys: Mapping[str, Scalar]
    line: int | None
    path: str


Node: TypeAlias = Scalar | Listing | Table


@dataclass(slots=True)
class _Open:
    """A collection whose end has not been read yet."""

    line: int | None
    path: str
    is_table: bool
    items: list[Node] = field(default_factory=list)
    values: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, Scalar] = field(default_factory=dict)
    key: Scalar | None = None

    def path_of_next(self) -> str:
        if not self.is_table:
            return f"{self.path}[{len(self.items) + 1}]"
        return self.path if self.key is None else self.key.path

    def closed(self) -> Node:
        if self.is_table:
            return Table(self.values, self.keys, self.line, self.path)
        return Listing(tuple(self.items), self.line, self.path)


class _Refused(Exception):
    """The text cannot be read on; carries the finding."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


def read_nodes(data: bytes, file: str) -> tuple[Node | None, list[Finding]]:
    """Read one YAML document from the bytes of a file; the node is None when the file cannot be read to its end.

    ``file`` is only the name that findings carry. Never raises for any content.
    """
    if len(data) > LARGEST_FILE_BYTES:
        fault = Fault("yaml-too-large", "文件超过 1 MB", "政策文件通常只有几十 KB，请检查是否选错了文件")
        return None, [_finding(fault, file, None, value=f"{len(data)} 字节")]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        fault = Fault("yaml-encoding", "不是 UTF-8 编码", "请用编辑器另存为 UTF-8 编码")
        line = data[: error.start].count(b"\n") + 1
        return None, [_finding(fault, file, line, value=data[error.start : error.start + 1].hex())]
    builder = _Builder(file)
    try:
        builder.read(text)
    except _Refused as refusal:
        return None, [*builder.findings, refusal.finding]
    return builder.root, builder.findings


def read_bytes(path: Path, file: str) -> tuple[bytes, list[Finding]]:
    """Return the bytes of a file, at most one more than is allowed; an unreadable file is a finding."""
    try:
        with path.open("rb") as stream:
            return stream.read(LARGEST_FILE_BYTES + 1), []
    except OSError as error:
        message = "没有读取权限" if isinstance(error, PermissionError) else "文件读不出来"
        fault = Fault("file-unreadable", message, "请检查路径、权限，以及它是不是一个文件")
        return b"", [_finding(fault, file, None)]


class _Builder:
    """Builds the nodes from the parser's events, one pass, without recursion."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.root: Node | None = None
        self.findings: list[Finding] = []
        self._open: list[_Open] = []
        self._documents = 0

    def read(self, text: str) -> None:
        for event in self._events(text):
            match event:
                case yaml.DocumentStartEvent():
                    self._start_document(event)
                case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                    self._start_collection(event)
                case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                    self._put(self._open.pop().closed())
                case yaml.ScalarEvent():
                    self._scalar(event)
                case yaml.AliasEvent():
                    self._refuse(event, "yaml-anchor", f"*{event.anchor}", "使用了 YAML 引用", "请把内容原样写出")
        if self.root is None or (isinstance(self.root, Scalar) and not self.root.text):
            fault = Fault("yaml-empty", "文件没有内容", "请写入政策文件的各项内容")
            raise _Refused(_finding(fault, self.file, None))

    def _events(self, text: str) -> Iterator[yaml.Event]:
        try:
            yield from yaml.parse(text, Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 1 if mark else None
            raise _Refused(_finding(_SYNTAX, self.file, line, value=_line_of(text, line))) from error
        except yaml.reader.ReaderError as error:
            line = text[: error.position].count("\n") + 1
            fault = Fault("yaml-control", "含有不可见的控制字符", "请删除这个字符")
            raise _Refused(_finding(fault, self.file, line, value=f"U+{ord(text[error.position]):04X}")) from error
        except (ValueError, OverflowError) as error:
            # PyYAML turns an escape such as "\UFFFFFFFF" or an endless version number into these.
            raise _Refused(_finding(_SYNTAX, self.file, None)) from error

    def _start_document(self, event: yaml.DocumentStartEvent) -> None:
        self._documents += 1
        if self._documents > 1:
            self._refuse(event, "yaml-documents", "---", "一个文件里有多份 YAML 文档", "请拆成多个文件")
        if event.version or event.tags:
            self._refuse(event, "yaml-tag", "%", "使用了 YAML 指令", "请删除以 % 开头的行")

    def _start_collection(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> None:
        self._no_tricks(event)
        if len(self._open) >= DEEPEST_NESTING:
            self._refuse(event, "yaml-depth", "", f"嵌套超过 {DEEPEST_NESTING} 层", "请检查缩进和括号")
        path = ""
        if self._open:
            parent = self._open[-1]
            if parent.is_table and parent.key is None:
                self._refuse(event, "yaml-key", "", "键不是文字", "请检查括号和冒号")
            path = parent.path_of_next()
        is_table = isinstance(event, yaml.MappingStartEvent)
        self._open.append(_Open(_line(event), path, is_table))

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        self._no_tricks(event)
        quoted = event.style is not None
        text_kind = quoted or _reads_as_text(event.value)
        parent = self._open[-1] if self._open else None
        if parent is not None and parent.is_table and parent.key is None:
            path = f"{parent.path}.{event.value}" if parent.path else event.value
            parent.key = Scalar(event.value, quoted, text_kind, _line(event), path)
            return
        path = parent.path_of_next() if parent else ""
        self._put(Scalar(event.value, quoted, text_kind, _line(event), path))

    def _put(self, node: Node) -> None:
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        if not parent.is_table:
            parent.items.append(node)
            return
        key, parent.key = parent.key, None
        if key is None:
            return
        if key.text in parent.values:
            fault = Fault(
                "yaml-duplicate-key",
                f"同一个键写了两次（第一次在第 {parent.keys[key.text].line} 行）",
                "请只保留正确的一处",
            )
            self.findings.append(_finding(fault, self.file, key.line, column=node.path, value=key.text))
            return
        parent.values[key.text] = node
        parent.keys[key.text] = key

    def _no_tricks(self, event: yaml.NodeEvent) -> None:
        if event.anchor is not None:
            self._refuse(event, "yaml-anchor", f"&{event.anchor}", "使用了 YAML 锚点", "请把内容原样写出")
        tag = getattr(event, "tag", None)
        if tag is not None:
            self._refuse(event, "yaml-tag", tag, "使用了 YAML 类型标记", "请删除标记，文字和数字加引号")

    def _refuse(self, event: yaml.Event, rule: str, value: str, message: str, advice: str) -> None:
        path = self._open[-1].path_of_next() if self._open else ""
        raise _Refused(_finding(Fault(rule, message, advice), self.file, _line(event), column=path, value=value))


_SYNTAX = Fault("yaml-syntax", "不合 YAML 写法", "请检查此处的缩进、冒号、引号和括号是否成对")


def _reads_as_text(plain: str) -> bool:
    kind = _RESOLVER.resolve(yaml.ScalarNode, plain, (True, False))  # type: ignore[no-untyped-call]
    return bool(kind == _PLAIN_TEXT)


def _line(event: yaml.Event) -> int | None:
    return event.start_mark.line + 1 if event.start_mark else None


def _line_of(text: str, line: int | None) -> str:
    lines = text.splitlines()
    return lines[line - 1].strip()[:60] if line and line <= len(lines) else ""


def _finding(fault: Fault, file: str, line: int | None, *, column: str = "", value: str = "") -> Finding:
    return Finding(
        rule=fault.rule,
        message=fault.message,
        advice=fault.advice,
        file=file,
        row=line,
        column=column,
        value=value,
    )
