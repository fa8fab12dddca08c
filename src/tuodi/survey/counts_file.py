"""Published counts from a table (题号, 题目, 选项, 人数, 印出比例, 印出合计) or from YAML."""

import re
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from tuodi.kernel.finding import Fault, Finding
from tuodi.kernel.form import Form
from tuodi.kernel.yaml_nodes import Node, read_bytes, read_nodes
from tuodi.survey.published import Printed, PublishedRow, PublishedTable
from tuodi.survey.raw import RawRow, RawSheet
from tuodi.survey.words import words

SCHEMA = "tuodi-survey-counts/1"
LARGEST_COUNT = 999_999

_COUNT = re.compile(r"[0-9]{1,6}")
_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,4})?)\s*[%％]?")
_BAD_COUNT = Fault("survey-count-format", "不是人数", "请写 0 或正整数，例如 19")
_BAD_PERCENT = Fault("survey-percent-format", "不是百分比", "请照报告原文写，例如 18.63%")


def read_counts(sheet: RawSheet) -> tuple[list[PublishedTable] | None, list[Finding]]:
    """Read a table of counts, a row for each option; None if a row cannot be read."""
    reader = _TableReader(sheet)
    for row in sheet.rows:
        reader.take(row)
    refused = any(finding.is_error for finding in reader.findings)
    return (None if refused else reader.tables()), reader.findings


class _TableReader:
    def __init__(self, sheet: RawSheet) -> None:
        self.findings = list(sheet.findings)
        self._sheet = sheet
        self._places = {key: sheet.position_of(listed) for key, listed in words().counts.items()}
        self._rows: dict[tuple[str, str], list[PublishedRow]] = {}
        self._totals: dict[tuple[str, str], int] = {}

    def take(self, row: RawRow) -> None:
        if not row.whole:
            return
        number, text, option = (self._cell(row, key) for key in ("number", "text", "option"))
        if not number and not text and self._rows:
            # Below the first row of a question its number and text are often left empty or merged.
            number, text = next(reversed(self._rows))
        key = (number, text or f"第{number}题")
        if not option or not (number or text):
            self._fault(row, "option", Fault("survey-option-empty", "没有题目或选项", "请补填题号、题目和选项"))
            return
        count, share, total = (self._cell(row, key_) for key_ in ("count", "printed_share", "printed_total"))
        for key_, cell in (("count", count), ("printed_total", total)):
            if cell and not _COUNT.fullmatch(cell):
                self._fault(row, key_, _BAD_COUNT)
                return
        printed = parse_percent(share)
        if isinstance(printed, Fault):
            self._fault(row, "printed_share", printed)
            return
        if not count and printed is None:
            self._fault(row, "count", Fault("survey-count-empty", "人数和印出比例都没有", "请至少填一项"))
            return
        if total:
            self._totals.setdefault(key, int(total))
        rows = self._rows.setdefault(key, [])
        if any(each.option == option for each in rows):
            self._fault(row, "option", Fault("survey-option-twice", "这一题的这个选项前面已经有了", "请只保留一行"))
            return
        rows.append(PublishedRow(row.number, option, int(count) if count else None, printed))

    def tables(self) -> list[PublishedTable]:
        taken: set[str] = set()
        tables = []
        for place, ((number, text), rows) in enumerate(self._rows.items(), start=1):
            name = number or str(place)
            while name in taken:
                name += "_2"
            taken.add(name)
            printed = int(number) if number.isdecimal() and len(number) <= 3 else None
            total = self._totals.get((number, text))
            tables.append(PublishedTable(name, printed, text, tuple(rows), total, rows[0].row if rows else None))
        return tables

    def _cell(self, row: RawRow, key: str) -> str:
        place = self._places[key]
        return "" if place is None else row.cells[place]

    def _fault(self, row: RawRow, key: str, fault: Fault) -> None:
        place = self._places[key]
        self.findings.append(
            Finding(
                rule=fault.rule,
                message=fault.message,
                advice=fault.advice,
                file=self._sheet.file,
                sheet=self._sheet.sheet,
                row=row.number,
                column="" if place is None else self._sheet.headings[place].printed,
                value=self._cell(row, key)[:40],
            )
        )


def parse_percent(text: str) -> Printed | Fault | None:
    """Read a percentage as printed, with or without its sign; None for nothing.

    A spreadsheet keeps a cell shown as 18.63% as 0.1863: a number below one with more than two decimals is taken so.
    """
    if not text:
        return None
    match = _PERCENT.fullmatch(text)
    if not match:
        return _BAD_PERCENT
    digits = match[1]
    whole, _, decimals = digits.partition(".")
    if match[0] == digits and whole == "0" and len(decimals) > 2:
        digits = f"{int(decimals[:2])}.{decimals[2:]}"
    value = Fraction(digits) / 100
    return Printed(digits, value) if value <= 1 else _BAD_PERCENT


def read_counts_yaml(path: Path) -> tuple[list[PublishedTable] | None, list[Finding]]:
    """Read published counts from YAML (schema tuodi-survey-counts/1); None if any finding is an error."""
    data, unreadable = read_bytes(path, path.name)
    if unreadable:
        return None, unreadable
    root, findings = read_nodes(data, path.name)
    if root is None:
        return None, findings
    form = Form(path.name, findings)
    values = form.fields(root, ("schema", "questions"), ("title", "source"))
    written = values.get("schema")
    if written is not None and form.text(written) != SCHEMA:
        form.fault(written, "schema-unknown", "不是这里能读的格式", f"请写 schema: {SCHEMA}")
    tables = [_table(form, node) for node in form.items(values.get("questions"))]
    names = [table.id for table in tables]
    node = values.get("questions")
    if node is not None and len(set(names)) != len(names):
        form.fault(node, "survey-number-twice", "两题写了同一个题号 number", "请核对报告原文")
    return (None if any(finding.is_error for finding in findings) else tables), findings


def _table(form: Form, node: Node) -> PublishedTable:
    values = form.fields(node, ("number", "text", "options"), ("printed_total",))
    number = form.whole_number(values.get("number"), 1, 999)
    total = values.get("printed_total")
    return PublishedTable(
        id=str(number),
        number=number,
        text=form.text(values.get("text")),
        rows=_options(form, form.items(values.get("options"))),
        total=None if total is None else form.whole_number(total, 0, LARGEST_COUNT),
        row=node.line,
    )


def _options(form: Form, nodes: Sequence[Node]) -> tuple[PublishedRow, ...]:
    rows = []
    for node in nodes:
        values = form.fields(node, ("text",), ("count", "printed_share"))
        if values and not {"count", "printed_share"} & set(values):
            form.fault(node, "survey-count-empty", "人数和印出比例都没有", "请至少写 count 或 printed_share", value="")
        count, share = values.get("count"), values.get("printed_share")
        printed = None if share is None else parse_percent(form.text(share))
        if isinstance(printed, Fault) and share is not None:
            form.fault(share, *printed)
            printed = None
        number = None if count is None else form.whole_number(count, 0, LARGEST_COUNT)
        assert not isinstance(printed, Fault)
        rows.append(PublishedRow(node.line, form.text(values.get("text")), number, printed))
    return tuple(rows)
