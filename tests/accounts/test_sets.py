"""表样是数据：九张表、十五张表、以万元为单位的表样都能用；表样写错一处指出一处；空白工作簿可以读回来。"""

import csv
import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.accounts.files import copied, replaced, rewrite
from tests.accounts.lishi import EVALUATIONS, changed, read
from tuodi.accounts.blank import blank_set, blank_sheets
from tuodi.accounts.checks import check
from tuodi.accounts.disclosure import Accounts
from tuodi.accounts.filled import GridCell, tables
from tuodi.accounts.growths import sure_percent
from tuodi.accounts.library import OWN_SET, known_sets, set_path
from tuodi.accounts.narrative import Ask, Figure, Subtitle, narrative
from tuodi.accounts.set_loader import load_set
from tuodi.kernel.finding import Severity
from tuodi.kernel.fragments import plain
from tuodi.kernel.money import decimal_text


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
    if not kept["growths"]:
        del kept["growths"]
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


@pytest.mark.parametrize(
    ("表", "没有的部分", "没有的词"),
    [
        ("01", ["overall"], ["年度收入总计", "，支出总计"]),
        ("02", ["income"], ["本年收入合计"]),
        ("03", ["expenditure"], ["本年支出合计", "占项目支出"]),
        ("04", ["fiscal"], ["财政拨款收入总计", "财政拨款支出总计"]),
        ("05", ["general"], ["一般公共预算财政拨款支出", "其中基本支出", "年初预算"]),
        ("06", [], ["人员经费", "公用经费", "工资福利"]),
        ("07", ["three-public"], ["三公", "公务接待", "公务用车"]),
        ("08", ["funds"], ["政府性基金预算财政拨款"]),
        ("09", ["capital"], ["国有资本经营预算财政拨款"]),
        ("10", [], ["机关运行经费", "政府采购", "车辆", "设备", "中小企业", "国有资产"]),
    ],
)
def test_去掉一张表_没有一句话说到它(tmp_path: Path, 表: str, 没有的部分: list[str], 没有的词: list[str]) -> None:
    folder = copied(tmp_path)
    full = read(str(folder)).accounts
    assert full is not None
    (folder / f"公开{表}表.csv").unlink()
    content = without_table(shipped_set(), 表)
    names = {each["name"] for each in shipped_set()["growths"]} - {each["name"] for each in content.get("growths", ())}
    rewrite(folder / "原因.csv", lambda rows: [row for row in rows if row[0] not in names])
    write_set(folder, {**content, "id": "nine"})
    reading = read(str(folder))
    accounts = reading.accounts
    assert [each.sentence() for each in reading.findings if each.is_error] == [] and accounts is not None
    assert [each.sentence() for each in check(accounts, EVALUATIONS) if each.is_error] == []
    chapters = narrative(accounts, EVALUATIONS)
    assert {section["id"] for section in content["sections"]} - {each.id for each in chapters} == set(没有的部分)
    said = [each.text for chapter in chapters for each in chapter.blocks if not isinstance(each, Ask)]
    words = "".join(map(plain, said))
    assert [word for word in 没有的词 if word in words] == []
    whole = "".join(
        plain(each.text)
        for chapter in narrative(full, EVALUATIONS)
        for each in chapter.blocks
        if not isinstance(each, Ask)
    )
    assert [word for word in 没有的词 if word not in whole] == [], "有这张表时每个词都有"
    keys = [key for each in said for part in each if isinstance(part, Figure) for key in re.split("[.+ ]+", part.key)]
    assert [key for key in keys if key.startswith(f"{表}/")] == []
    assert "—" not in words and "（）" not in words and "，。" not in words
    subtitles = [plain(each.text)[:3] for each in chapters[-1].blocks if isinstance(each, Subtitle)]
    assert subtitles == [f"（{ordinal}）" for ordinal in "一二三四"[: len(subtitles)]]


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


WAN_CSV = re.compile(r"-?[0-9]+\.[0-9]{2}")


def in_wan(folder: Path, decimals: int) -> None:
    """把十张表都换成以万元为单位，每个数各自四舍五入。"""

    def to_wan(cell: str) -> str:
        if WAN_CSV.fullmatch(cell):
            return decimal_text(Fraction(cell) / 10_000, decimals)
        return cell.replace("金额单位：元", "金额单位：万元")

    for path in folder.glob("公开*.csv"):
        rewrite(path, lambda rows: [[to_wan(cell) for cell in row] for row in rows])


def words_of(accounts: Accounts) -> str:
    blocks = [each for chapter in narrative(accounts, EVALUATIONS) for each in chapter.blocks]
    return "".join(plain(each.text) for each in blocks if not isinstance(each, Ask))


@pytest.mark.parametrize(
    ("位数", "总计", "增加", "办公费"), [(2, "782.46", "273.38", "0.78"), (4, "782.4626", "273.3846", "0.7800")]
)
def test_导出的表以万元为单位_公开的也是万元_没有人给过的数不写(
    tmp_path: Path, 位数: int, 总计: str, 增加: str, 办公费: str
) -> None:
    folder = copied(tmp_path)
    in_wan(folder, 位数)
    accounts = read(str(folder)).accounts
    assert accounts is not None
    told = check(accounts, EVALUATIONS)
    assert [each.sentence() for each in told if each.is_error] == []
    assert [each.severity for each in told if each.rule == "rounding-tolerated"] == [Severity.INFO]
    words = words_of(accounts)
    # 782.46 万元 − 5090780.18 元 = 273.381982 万元；四位小数时 782.4626 − 509.078018 = 273.384582。
    assert f"收入总计{总计}万元，支出总计{总计}万元" in words
    assert f"收入总计增加{增加}万元，增长53.70%" in words
    assert f"办公费{办公费}万元" in words
    # 782.46 − 78.87 = 703.59，表中是 703.60：只写表中的数。
    assert "项目支出703.59万元" not in words
    assert not re.search(r"[0-9]元", words)
    assert "尾差" in words and "以元计算的数完全相符" not in words
    first = tables(accounts)[0]
    assert first.unit == "金额单位：万元" and "尾差" in first.rounding_note
    assert {cell.text for row in first.rows for cell in row if cell.kind == "amount"} == {"", 总计}


def test_万元的末位决定百分比写几位() -> None:
    # 7.27 与 5.61 万元都差半个 0.01：增长 29.1 % 至 30.2 % 之间，只能写到整数。
    assert sure_percent(1_664_800, 5_605_200, 10_000) == "30"
    assert sure_percent(1_664_800, 5_605_200, 100) == "29.70"
    assert sure_percent(1_664_800, 5_605_200, 1) == "29.70"
    assert sure_percent(273_381_982, 509_078_018, 10_000) == "53.70"


def test_万元里看不出的变化是基本持平_不要求原因(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    in_wan(folder, 2)
    rewrite(folder / "上年数.csv", replaced("56052.00", "72712.00"))  # 7.27 万元，相差 12 元
    accounts = read(str(folder)).accounts
    assert accounts is not None
    assert "reason-missing" not in {each.rule for each in check(accounts, EVALUATIONS)}
    assert "机关运行经费支出7.27万元，与上年基本持平。" in words_of(accounts)


def test_万元的尾差有限_车辆数没有尾差(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    in_wan(folder, 2)
    accounts = read(str(folder)).accounts
    assert accounts is not None

    def rules(key: tuple[str, str, str], value: int) -> set[str]:
        return {each.rule for each in check(changed(accounts, key, value), EVALUATIONS) if each.is_error}

    # 公开03表合计 782.46 = 78.87 + 703.60 差 0.01，三个数各容许 0.005：差 0.02 就不行。
    assert rules(("03", "total", "total"), 782_460_000 - 10_000) >= {"parts-differ"}
    assert rules(("10", "7", "amount"), 3) == {"total-differs"}


def test_六位小数的万元与元一样准_照表样的单位公开(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    in_wan(folder, 6)
    accounts = read(str(folder)).accounts
    assert accounts is not None and accounts.steps == {}
    assert "收入总计7,824,626.42元" in words_of(accounts)
    off = changed(accounts, ("03", "total", "basic"), 78_867_586)
    assert "parts-differ" in {each.rule for each in check(off, EVALUATIONS)}


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
