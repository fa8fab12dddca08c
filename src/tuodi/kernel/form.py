"""Typed reading of YAML nodes: each method takes a node, records what is wrong with it, and returns a value.

Where a node is missing or wrong the method returns a harmless stand-in (empty text, 0, the first day of the calendar):
a document with an error is never handed out, so no stand-in is ever computed with, and readers stay straight lines.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from tuodi.kernel.finding import Fault, Finding, Severity
from tuodi.kernel.money import RATIO_SCALE, Fen, Ratio, parse_ratio, parse_yuan
from tuodi.kernel.quantity import parse_number
from tuodi.kernel.yaml_nodes import Listing, Node, Scalar, Table

NO_DAY = date.min

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONGEST_QUOTE = 40

Choice = TypeVar("Choice", bound=StrEnum)


def join(names: Iterable[str]) -> str:
    """Join names as Chinese text does: 甲、乙、丙."""
    return "、".join(names)


class Form:
    """One file being read: its name and everything found wrong so far."""

    def __init__(self, file: str, findings: list[Finding]) -> None:
        """Start with the findings the reader of nodes has already made."""
        self.file = file
        self.findings = findings

    def fault(
        self,
        node: Node,
        rule: str,
        message: str,
        advice: str,
        value: str | None = None,
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Record one finding about a node; ``value`` None quotes the node's own text."""
        if value is None:
            value = node.text if isinstance(node, Scalar) else ""
        self.findings.append(
            Finding(
                rule=rule,
                message=message,
                advice=advice,
                severity=severity,
                file=self.file,
                row=node.line,
                column=node.path,
                value=value if len(value) <= _LONGEST_QUOTE else value[:_LONGEST_QUOTE] + "…",
            )
        )

    def fields(self, node: Node | None, required: Iterable[str], optional: Iterable[str] = ()) -> Mapping[str, Node]:
        """Return the values of a mapping with fixed keys; unknown and missing keys are findings."""
        if node is None:
            return {}
        if not isinstance(node, Table):
            self.fault(node, "table-expected", "此处应为一组“键: 值”", f"请写出：{join(required)}")
            return {}
        known = [*required, *optional]
        for key in node.keys.values():
            if key.text not in known:
                self.fault(key, "unknown-key", "不认识这个键", f"此处可用的键：{join(known)}")
        for key_name in required:
            if key_name in node.values:
                continue
            if key_name == "clause":
                self.fault(
                    node, "value-uncited", "没有注明出处", "请补上 clause: {source: 来源, at: 条款位置}", value=""
                )
            else:
                self.fault(node, "missing-key", f"缺少“{key_name}”", f"请补上“{key_name}”", value="")
        return node.values

    def named(self, node: Node | None) -> Mapping[str, tuple[Scalar, Node]]:
        """Return the entries of a mapping whose keys the document chooses: the key as it stood, and its value."""
        if node is None:
            return {}
        if not isinstance(node, Table):
            self.fault(node, "table-expected", "此处应为一组“名称: 内容”", "请每行写一个名称和它的内容")
            return {}
        for key in node.keys.values():
            self._as_text(key)
        return {name: (node.keys[name], value) for name, value in node.values.items()}

    def items(self, node: Node | None, *, may_be_empty: bool = False) -> tuple[Node, ...]:
        """Return the items of a list."""
        if node is None:
            return ()
        if not isinstance(node, Listing):
            self.fault(node, "list-expected", "此处应为列表", "请写成 [甲, 乙]，或每行以“- ”开头")
            return ()
        if not node.items and not may_be_empty:
            self.fault(node, "list-empty", "列表是空的", "请至少写一项")
        return node.items

    def scalar(self, node: Node | None) -> Scalar | None:
        """Return the node if it is a single value that is not empty."""
        if node is None:
            return None
        if not isinstance(node, Scalar):
            self.fault(node, "value-expected", "此处应为一个值，不是列表或分组", "请只写一个值")
            return None
        if not node.text.strip():
            self.fault(node, "value-empty", "值是空的", "请填写；没有内容的可选项请整行删除")
            return None
        return node

    def text(self, node: Node | None) -> str:
        """Return printable text; plain numbers, dates and true/false must be quoted to count as text."""
        scalar = self.scalar(node)
        return self._as_text(scalar) if scalar else ""

    def _as_text(self, scalar: Scalar) -> str:
        if not scalar.text_kind:
            self.fault(scalar, "text-unquoted", "会被读成数字、日期或是否", "请加引号，写成文字")
        elif not scalar.text.isprintable():
            self.fault(scalar, "text-control", "文字中含有换行或控制字符", "请删除", value=ascii(scalar.text))
        return scalar.text

    def texts(self, node: Node | None, *, may_be_empty: bool = False) -> tuple[str, ...]:
        """Return a list of texts, each once."""
        seen: dict[str, None] = {}
        for item in self.items(node, may_be_empty=may_be_empty):
            word = self.text(item)
            if word in seen:
                self.fault(item, "item-duplicate", "在同一列表中写了两次", "请只保留一处")
            seen[word] = None
        return tuple(seen)

    def matching(self, node: Node | None, pattern: str, rule: str, advice: str) -> str:
        """Return text that matches a pattern in full."""
        scalar = self.scalar(node)
        if scalar is None:
            return ""
        word = self._as_text(scalar)
        if scalar.text_kind and not re.fullmatch(pattern, word):
            self.fault(scalar, rule, "写法不对", advice)
        return word

    def choice(self, node: Node | None, choices: type[Choice], rule: str) -> Choice:
        """Return one of an enumeration's values."""
        first = next(iter(choices))
        scalar = self.scalar(node)
        if scalar is None:
            return first
        try:
            return choices(scalar.text)
        except ValueError:
            self.fault(scalar, rule, "不是可选的值", f"可选：{join(choices)}")
            return first

    def boolean(self, node: Node | None) -> bool:
        """Return true or false, written so and not quoted."""
        scalar = self.scalar(node)
        if scalar is not None and (scalar.quoted or scalar.text not in {"true", "false"}):
            self.fault(scalar, "boolean-format", "不是 true 或 false", "请写 true（是）或 false（否），不加引号")
        return scalar is not None and scalar.text == "true"

    def whole_number(self, node: Node | None, smallest: int, largest: int) -> int:
        """Return a whole number inside the bounds, such as a year or an age."""
        scalar = self.scalar(node)
        if scalar is None:
            return smallest
        if re.fullmatch(r"[0-9]{1,6}", scalar.text) and smallest <= int(scalar.text) <= largest:
            return int(scalar.text)
        self.fault(scalar, "number-format", f"不是 {smallest} 到 {largest} 之间的整数", "请写整数，例如 2024")
        return smallest

    def day(self, node: Node | None) -> date:
        """Return a calendar day written YYYY-MM-DD."""
        scalar = self.scalar(node)
        if scalar is None:
            return NO_DAY
        if _DAY.fullmatch(scalar.text):
            try:
                return date.fromisoformat(scalar.text)
            except ValueError:
                pass
        self.fault(scalar, "date-format", "不是有效日期", "请写成 YYYY-MM-DD，例如 2024-12-05")
        return NO_DAY

    def amount(self, node: Node | None) -> Fen:
        """Return yuan, quoted, not negative, as fen."""
        scalar = self._decimal(node)
        if scalar is None:
            return 0
        fen = parse_yuan(scalar.text)
        if isinstance(fen, Fault):
            self.fault(scalar, *fen)
            return 0
        if fen < 0:
            self.fault(scalar, "amount-negative", "金额不能为负", "请核对文件原文")
            return 0
        return fen

    def number(self, node: Node | None, smallest: Fraction | None = Fraction(0)) -> Fraction:
        """Return an exact number, quoted: a decimal or a fraction such as "2/3"; not below ``smallest``."""
        scalar = self._decimal(node)
        if scalar is None:
            return Fraction(1)
        number = parse_number(scalar.text)
        if isinstance(number, Fault):
            self.fault(scalar, *number)
            return Fraction(1)
        if smallest is not None and number < smallest:
            self.fault(scalar, "number-range", f"小于 {smallest}", "请核对文件原文")
            return Fraction(1)
        return number

    def ratio(self, node: Node | None) -> Ratio:
        """Return a quoted decimal from 0 to 1."""
        scalar = self._decimal(node)
        if scalar is None:
            return Ratio(0)
        ratio = parse_ratio(scalar.text)
        if isinstance(ratio, Fault):
            self.fault(scalar, *ratio)
            return Ratio(0)
        if ratio.millionths > RATIO_SCALE:
            self.fault(scalar, "ratio-range", "比例超过 1", "请写成小数，例如 70% 写 0.70")
            return Ratio(0)
        return ratio

    def _decimal(self, node: Node | None) -> Scalar | None:
        scalar = self.scalar(node)
        if scalar is not None and not scalar.quoted:
            self.fault(
                scalar, "decimal-unquoted", "金额和比例必须加引号", f'请写成 "{scalar.text}"，以免被读成近似的小数'
            )
            return None
        return scalar

    def amount_or_none(self, node: Node | None) -> Fen | None:
        """Return an amount, or None where the plain word ``none`` stands (没有限额)."""
        return None if is_none(node) else self.amount(node)

    def day_or_none(self, node: Node | None) -> date | None:
        """Return a day, or None where the plain word ``none`` stands (至今有效)."""
        return None if is_none(node) else self.day(node)


def is_none(node: Node | None) -> bool:
    """Whether the plain word ``none`` stands there."""
    return isinstance(node, Scalar) and node.text == "none" and not node.quoted
