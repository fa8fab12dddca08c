"""docs/files.md says of an evaluation's files what the program reads: sheets, columns, keys, words."""

import pytest

from tests.architecture.source import ROOT
from tuodi.evaluation.rule_loader import RULE_TYPES
from tuodi.evaluation.scheme import MeasureKind
from tuodi.evaluation.sheets import Sheet, data_layout
from tuodi.report.evaluation_report import COMPOSERS
from tuodi.report.self_evaluation.layout import Holds, Lists, Source
from tuodi.survey.definition import Kind

PAGE = ROOT / "docs" / "files.md"


def _table(sheet: Sheet) -> str:
    lines = [
        f"### {sheet.name}",
        "",
        sheet.about,
        "",
        "| 列 | 列名 | 也可写作 | 内容 | 必填 |",
        "| --- | --- | --- | --- | --- |",
    ]
    for column in sheet.columns:
        first, *others = column.labels
        required = "是" if column.required else "—"
        lines.append(f"| `{column.name}` | {first} | {'、'.join(others) or '—'} | {column.note} | {required} |")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("sheet", data_layout().sheets, ids=lambda sheet: sheet.name)
def test_评价资料的工作表与布局一致(sheet: Sheet) -> None:
    assert _table(sheet) in PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "words",
    [RULE_TYPES, MeasureKind, COMPOSERS, Source, Lists, Holds, Kind],
    ids=lambda words: getattr(words, "__name__", type(words).__name__),
)
def test_方案版式和问卷定义能写的词都列出了(words: object) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [word for word in list(words) if f"`{word}`" not in page] == []  # type: ignore[call-overload]
