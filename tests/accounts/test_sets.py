"""表样是数据：九张表、十五张表、以万元为单位的表样都能用；表样写错一处指出一处；空白工作簿可以读回来。"""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.accounts.files import copied, replaced, rewrite
from tests.accounts.lishi import EVALUATIONS, read
from tuodi.accounts.blank import blank_set, blank_sheets
from tuodi.accounts.checks import check
from tuodi.accounts.filled import GridCell, tables
from tuodi.accounts.library import OWN_SET, known_sets, set_path
from tuodi.accounts.narrative import Ask, narrative
from tuodi.accounts.set_loader import load_set
from tuodi.kernel.fragments import plain


def shipped_set() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(set_path("departmental-2022").read_text(encoding="utf-8"))
    return content


class _InFull(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:
        return True


def write_set(folder: Path, content: dict[str, Any]) -> None:
    text = yaml.dump(content, Dumper=_InFull, allow_unicode=True, sort_keys=False, width=10_000)
    (folder / OWN_SET).write_text(text, encoding="utf-8")


def without_table(content: dict[str, Any], table: str) -> dict[str, Any]:
    def about(entry: object) -> bool:
        return f"{table}/" in yaml.safe_dump(entry, allow_unicode=True)

    kept = {**content, "tables": [each for each in content["tables"] if each["id"] != table]}
    kept["identities"] = [each for each in content["identities"] if not about(each)]
    kept["growths"] = [each for each in content["growths"] if not about(each)]
    kept["roles"] = {name: term for name, term in content["roles"].items() if not term.startswith(f"{table}/")}
    return kept


def test_九张表的表样表号也不同(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    (folder / "公开10表.csv").unlink()
    content = without_table(shipped_set(), "10")
    content |= {"id": "nine", "sections": [each for each in content["sections"] if each["id"] != "other"]}
    for place, table in enumerate(content["tables"], start=1):
        (folder / f"{table['number']}.csv").rename(folder / f"表{place}.csv")
        rewrite(folder / f"表{place}.csv", replaced(table["number"], f"表{place}"))
        table["number"] = f"表{place}"
    write_set(folder, content)
    reading = read(str(folder))
    assert [each.sentence() for each in reading.findings if each.is_error] == []
    assert reading.accounts is not None
    assert [each for each in check(reading.accounts, EVALUATIONS) if each.is_error] == []
    assert [table.number for table in tables(reading.accounts)] == [f"表{number}" for number in range(1, 10)]
    chapters = narrative(reading.accounts, EVALUATIONS)
    assert [each.id for each in chapters][-1] == "three-public"


def test_十五张表的表样(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    content = shipped_set()
    column = {"id": "amount", "heading": ["金额"]}
    keys = [{"holds": "label", "heading": ["项目"]}, {"holds": "line", "heading": ["行次"]}]
    for number in range(11, 16):
        rows = [{"line": 1, "label": "预算数"}, {"line": 2, "label": "执行数"}]
        block = {"keys": keys, "columns": [column], "rows": rows}
        table = {"id": str(number), "number": f"公开{number}表", "title": f"项目绩效自评表{number}", "shape": "listed"}
        content["tables"].append({**table, "blocks": [block]})
        with (folder / f"公开{number}表.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([["项目", "行次", "金额"], ["预算数", "1", "5.00"], ["执行数", "2", "4.00"]])
    less = {"id": "11", "name": "执行数不大于预算数", "relation": "not-above"}
    content["identities"].append({**less, "left": ["11/2/amount"], "right": ["11/1/amount"]})
    write_set(folder, content)
    reading = read(str(folder))
    assert [each.sentence() for each in reading.findings if each.is_error] == []
    assert reading.accounts is not None
    assert len(tables(reading.accounts)) == 15
    assert [each for each in check(reading.accounts, EVALUATIONS) if each.is_error] == []
    rewrite(folder / "公开11表.csv", replaced("4.00", "6.00"))
    broken = read(str(folder)).accounts
    assert broken is not None
    assert [each.rule for each in check(broken, EVALUATIONS) if each.is_error] == ["part-above-total"]


def test_以万元公开的表样四舍五入并说明尾数(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    write_set(folder, {**shipped_set(), "id": "wan", "unit": "万元"})
    accounts = read(str(folder)).accounts
    assert accounts is not None
    assert [each for each in check(accounts, EVALUATIONS) if each.is_error] == []
    third = tables(accounts)[2]
    assert third.unit == "金额单位：万元"
    assert third.rounding_note
    # 782.462642、78.867585、703.595057 万元
    assert [cell.text for cell in third.rows[0]][1:4] == ["782.46", "78.87", "703.60"]
    words = "".join(
        plain(each.text)
        for chapter in narrative(accounts, EVALUATIONS)
        for each in chapter.blocks
        if not isinstance(each, Ask)
    )
    assert "收入总计增加273.38万元，增长53.70%" in words  # 增减和百分比按元计算后再取万元
    assert accounts.tables.rounding_note in words


def test_导出的表以万元为单位时容许尾数(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    wan = {"7824626.42": "782.46", "788675.85": "78.87", "7035950.57": "703.60", "6817074.57": "681.71",
           "1007551.85": "100.76", "885307.85": "88.53", "122244.00": "12.22", "218876.00": "21.89",
           "96632.00": "9.66", "金额单位：元": "金额单位：万元"}  # fmt: skip

    def to_wan(rows: list[list[str]]) -> list[list[str]]:
        return [[wan.get(cell, cell) for cell in row] for row in rows]

    for number in ("02", "03"):
        rewrite(folder / f"公开{number}表.csv", to_wan)
    accounts = read(str(folder)).accounts
    assert accounts is not None
    assert accounts.value("03", "total", "basic") == 78_870_000
    assert [each.sentence() for each in check(accounts, EVALUATIONS) if each.is_error] == []


@pytest.mark.parametrize(
    ("说明", "改", "规则"),
    [
        ("单位", lambda text: text.replace("unit: 元", "unit: 千元"), "accounts-unit"),
        ("格式名", lambda text: text.replace("accounts-set/1", "accounts-set/9"), "schema-unknown"),
        ("不认识的键", lambda text: text.replace("\ngrowths:", "\ngrowth:"), "unknown-key"),
        ("格的写法", lambda text: text.replace("[01/27/amount]", "[01-27]", 1), "accounts-term"),
        ("没有的行", lambda text: text.replace("[01/27/amount]", "[01/99/amount]", 1), "accounts-term"),
        ("没有的列", lambda text: text.replace("[01/27/amount]", "[01/27/sum]", 1), "accounts-term"),
        ("没有的表", lambda text: text.replace("[01/27/amount]", "[77/27/amount]", 1), "accounts-term"),
        ("两张表同号", lambda text: text.replace("number: 公开02表", "number: 公开01表"), "accounts-id-twice"),
        ("没有的说明部分", lambda text: text.replace("{id: overall,", "{id: overview,"), "accounts-section"),
        ("没有的用途", lambda text: text.replace("  goods:", "  stuff:"), "accounts-role"),
    ],
)
def test_表样写错一处指出一处(tmp_path: Path, 说明: str, 改: Callable[[str], str], 规则: str) -> None:
    path = tmp_path / OWN_SET
    path.write_text(改(set_path("departmental-2022").read_text(encoding="utf-8")), encoding="utf-8")
    loaded, findings = load_set(path, OWN_SET)
    assert loaded is None
    assert 规则 in {each.rule for each in findings}


def test_内置表样没有问题() -> None:
    for set_id in known_sets():
        loaded, findings = load_set(set_path(set_id), set_id)
        assert loaded is not None and findings == []


def laid_out(rows: Sequence[Sequence[GridCell]]) -> list[list[str]]:
    """把有合并的行摊开：合并的格子只有左上角有字。"""
    taken: set[tuple[int, int]] = set()
    lines: list[list[str]] = []
    for number, row in enumerate(rows):
        line: dict[int, str] = {}
        at = 0
        for cell in row:
            while (number, at) in taken:
                at += 1
            line[at] = cell.text
            taken |= {(number + down, at + right) for down in range(cell.rows) for right in range(cell.columns)}
        lines.append([line.get(place, "") for place in range(max(line, default=0) + 1)])
    return lines


def test_空白工作簿各表都有而且读得回来(tmp_path: Path) -> None:
    sheets = blank_sheets(blank_set())
    assert len({sheet.name for sheet in sheets}) == 1 + 5 + 10
    for sheet in sheets:
        with (tmp_path / f"{sheet.name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(laid_out(sheet.rows))
    found = [each.rule for each in read(str(tmp_path)).findings if each.is_error]
    assert set(found) == {"fact-missing"}  # 只有部门名称和年度要填
