"""评价资料的读取：工作簿、CSV 文件夹和单个文件；每个坏单元格只影响它那一行。"""

import random
import zipfile
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path

import pytest

from tests.evaluation.data_files import GOOD, placeless, with_cell, write_book, write_csv, write_folder
from tuodi.evaluation.data import EvaluationData, IndicatorRow
from tuodi.evaluation.data_tables import ROWS, read_data
from tuodi.evaluation.sheets import data_layout, heading
from tuodi.intake.layouts import LAYOUT_IDS
from tuodi.kernel.finding import Finding, Severity


def _important(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity is not Severity.INFO]


def _only(findings: list[Finding]) -> Finding:
    (finding,) = _important(findings)
    return finding


def _read(tmp_path: Path, sheets: dict[str, list[list[object]]]) -> tuple[EvaluationData, list[Finding]]:
    return read_data(write_book(tmp_path / "data.xlsx", sheets))


def _indicator(tmp_path: Path, column: str, cell: object) -> tuple[str | None, list[Finding]]:
    """Read one cell of the sheet 指标; None where its row was left out."""
    data, findings = _read(tmp_path, with_cell("指标", 3, column, cell))
    row = data.indicators.get("C11")
    return (None if row is None else getattr(row, column)), _important(findings)


def test_布局与数据的字段一致() -> None:
    layout = data_layout()
    assert [sheet.id for sheet in layout.sheets] == [each.name for each in fields(EvaluationData)] == list(ROWS)
    for sheet in layout.sheets:
        row = ROWS[sheet.id]
        assert {column.name for column in sheet.columns} == {each.name for each in fields(row)} - {"place"}  # type: ignore[arg-type]
    # 约定的指标列，次序也照约定
    contract = "code, target, actual, numerator, denominator, awarded, reason, evidence, source, last_year, basis"
    assert ", ".join(column.name for column in layout.sheet("indicators").columns) == contract
    assert [sheet.name for sheet in layout.sheets][:5] == ["项目", "申报目标", "指标", "要点", "佐证材料"]
    # 认文件种类时不得把评价资料也算进去
    assert LAYOUT_IDS == ("persons", "settlements", "enrolments", "paid")


def test_工作簿和文件夹读出同样的内容(tmp_path: Path) -> None:
    book, told_book = _read(tmp_path, GOOD)
    folder, told_folder = read_data(write_folder(tmp_path / "资料", GOOD))
    assert told_book == told_folder == []
    assert placeless(book) == placeless(folder)
    assert book.project_value("委托单位") == "示例县财政局"
    assert [each.value for each in book.project if each.item == "成员"] == ["测试甲", "测试乙"]
    assert book.indicators["A11"].evidence == ("1", "2")
    assert (book.indicators["B12"].numerator, book.indicators["B12"].target) == ("9255900.00", "≥95%")
    assert [book.elements[code].met for code in ("A22.1", "A22.2", "B21.3")] == [True, False, None]
    assert book.elements["A22.2"].evidence == ("1", "2")
    assert book.evidence["2"].amount == "1826220.00"
    assert book.problems[0].codes == ("A22", "B12")
    assert book.compliance[0].met is True
    assert (book.indicators["C11"].place.sheet, book.indicators["C11"].place.row) == ("指标", 4)
    assert folder.indicators["C11"].place.file == "指标.csv"


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_单个文件作为指标表(tmp_path: Path, suffix: str) -> None:
    rows = [["实际值", "指标编号", "没有这一列"], ["90.56%", "B12", "x"]]
    path = tmp_path / f"inputs.{suffix}"
    data, findings = read_data(write_csv(path, rows) if suffix == "csv" else write_book(path, {"Sheet1": rows}))
    assert placeless(data).indicators == {"B12": IndicatorRow(code="B12", actual="90.56%")}
    (told,) = findings
    assert (told.rule, told.severity) == ("column-unknown", Severity.INFO)
    assert "没有这一列" in told.message


def test_中文第二行标题不算资料_参考列不提(tmp_path: Path) -> None:
    rows = [["code", "actual", "指标名称"], ["指标编号", "实际值", "指标名称"], ["B12", "90.56%", "预算执行率"]]
    data, findings = _read(tmp_path, {"指标": rows})
    assert (list(data.indicators), findings) == (["B12"], [])


def test_标题行上面有说明时仍能找到列名(tmp_path: Path) -> None:
    rows = [["某项目指标表"], ["指标编号", "实际值"], ["B12", "90.56%"]]
    data, findings = _read(tmp_path, {"指标": rows})
    assert list(data.indicators) == ["B12"]
    assert [finding.rule for finding in findings] == ["header-row"]


def test_只有编号的行视为未填(tmp_path: Path) -> None:
    sheets: dict[str, list[list[object]]] = {
        "指标": [["code", "actual"], ["A11", ""], ["B12", "1"]],
        "基础数据": [["name", "value"], ["支出", ""], ["收入", "5"]],
        "项目": [["item", "value"], ["报告编号", ""]],
    }
    data, findings = _read(tmp_path, sheets)
    assert (list(data.indicators), list(data.figures), data.project, findings) == (["B12"], ["收入"], (), [])


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (90.56, "90.56"),
        (30437.0, "30437"),
        (0.1, "0.1"),
        (-2.5, "-2.5"),
        (0, "0"),
        (123456789012345, "123456789012345"),
        (1e-5, "0.00001"),
        (0.9056, "0.9056"),
        (True, "是"),
        (False, "否"),
        (date(2024, 12, 5), "2024-12-05"),
        (datetime(2024, 12, 5, 9, 30), "2024-12-05 09:30:00"),
        (" 90.56% ", "90.56%"),
        ("第一行\n第二行", "第一行\n第二行"),
        ("1,234.50", "1,234.50"),
        ("'0012", "'0012"),
    ],
)
def test_单元格照原样成为文字(tmp_path: Path, cell: object, text: str) -> None:
    assert _indicator(tmp_path, "actual", cell) == (text, [])


@pytest.mark.parametrize(
    ("说明", "column", "cell", "rule"),
    [
        ("十六位数字", "actual", 0.1234567890123456, "number-digits"),
        ("太大", "actual", 1e15, "number-digits"),
        ("公式错误", "actual", "=1/0", "cell-error"),
        ("文字写的公式错误", "actual", "#N/A", "cell-error"),
        ("太长", "reason", "长" * 5001, "cell-too-long"),
        ("控制字符", "reason", "甲\x07乙", "text-characters"),
        ("三分之一成了日期", "awarded", date(2024, 1, 3), "cell-date"),
        ("分子是逻辑值", "numerator", True, "cell-boolean"),
        ("编号是小数", "code", 1.1, "id-as-number"),
        ("编号有空格", "code", "C 11", "text-characters"),
        ("编号为空", "code", "", "cell-empty"),
        ("佐证编号是小数", "evidence", 1.2, "id-as-number"),
    ],
)
def test_坏单元格只使这一行不用(tmp_path: Path, 说明: str, column: str, cell: object, rule: str) -> None:
    data, findings = _read(tmp_path, with_cell("指标", 3, column, cell))
    finding = _only(findings)
    assert (finding.rule, finding.severity, finding.sheet, finding.row) == (rule, Severity.ERROR, "指标", 4), 说明
    assert (finding.file, finding.column) == ("data.xlsx", heading("indicators", column))
    assert finding.column.endswith(f"（{column}）")
    assert "该行未采用" in finding.message
    assert list(data.indicators) == ["A11", "B12"]


def test_刚好够长的文字和刚好够位的数(tmp_path: Path) -> None:
    assert _indicator(tmp_path, "reason", "长" * 5000) == ("长" * 5000, [])
    assert _indicator(tmp_path, "actual", 0.123456789012345) == ("0.123456789012345", [])


@pytest.mark.parametrize(
    ("cell", "met"),
    [
        ("是", True), ("否", False), ("符合", True), ("不符合", False), ("√", True), ("×", False), (True, True),
        (False, False), ("yes", True), ("No", False), ("Y", True), ("n", False), ("TRUE", True), ("FALSE", False),
    ],
)  # fmt: skip
def test_是否符合的写法(tmp_path: Path, cell: object, met: bool) -> None:
    data, findings = _read(tmp_path, with_cell("要点", 1, "met", cell))
    assert (data.elements["A22.1"].met, findings) == (met, [])


@pytest.mark.parametrize("cell", ["有", "无", "基本符合", "1", "0", "对", "是否", "yes/no"])
def test_拿不准的写法不猜(tmp_path: Path, cell: str) -> None:
    data, findings = _read(tmp_path, with_cell("要点", 1, "met", cell))
    finding = _only(findings)
    assert (finding.rule, finding.value, finding.row) == ("met-value", cell, 2)
    assert "A22.1" not in data.elements


@pytest.mark.parametrize("written", ["1、2", "1,2", "1，2", "1;2", "1；2", "1 2", "1、 2、", "1\n2", "1、2、1"])
def test_编号之间的各种分隔(tmp_path: Path, written: str) -> None:
    data, _ = _read(tmp_path, with_cell("指标", 1, "evidence", written))
    assert data.indicators["A11"].evidence == ("1", "2")


def test_编号写成整数时照样认得(tmp_path: Path) -> None:
    data, findings = _read(tmp_path, with_cell("佐证材料", 2, "number", 2))
    assert (list(data.evidence), findings) == (["1", "2"], [])


@pytest.mark.parametrize(
    ("sheet", "column", "at"), [("指标", "code", 4), ("要点", "code", 4), ("佐证材料", "number", 3)]
)
def test_编号重复时都不用(tmp_path: Path, sheet: str, column: str, at: int) -> None:
    first = str(GOOD[sheet][1][0])
    data, findings = _read(tmp_path, with_cell(sheet, at - 1, column, first))
    finding = _only(findings)
    assert (finding.rule, finding.sheet, finding.row, finding.value) == ("key-twice", sheet, at, first)
    assert "第 2 行" in finding.message
    rows = {"指标": data.indicators, "要点": data.elements, "佐证材料": data.evidence}[sheet]
    assert len(rows) == len(GOOD[sheet]) - 3


def test_缺少必需的列时整张表不用_其他表照读(tmp_path: Path) -> None:
    sheets = {**GOOD, "指标": [["target", "actual"], ["1", "2"]]}
    data, findings = _read(tmp_path, sheets)
    finding = _only(findings)
    assert (finding.rule, finding.sheet) == ("column-missing", "指标")
    assert (len(data.indicators), len(data.elements)) == (0, 3)


def test_缺少的表是空的(tmp_path: Path) -> None:
    data, findings = _read(tmp_path, {"指标": GOOD["指标"], "要点": []})
    assert (len(data.indicators), data.elements, data.evidence, findings) == (3, {}, {}, [])


def test_不认识的表和隐藏的表会说明(tmp_path: Path) -> None:
    path = write_book(tmp_path / "data.xlsx", {**GOOD, "底稿": [["随便"]], "填写说明": [["说明"]]}, hidden=["访谈"])
    data, findings = read_data(path)
    assert [(each.rule, each.severity) for each in findings] == [
        ("sheet-unknown", Severity.INFO),
        ("sheet-hidden", Severity.WARNING),
    ]
    assert ("底稿" in findings[0].message, "填写说明" in findings[0].message) == (True, False)
    assert data.interviews == ()


def test_文件夹里两种都有时读工作簿并提醒(tmp_path: Path) -> None:
    write_folder(tmp_path, {"指标": [["code", "actual"], ["Z99", "1"]]})
    write_book(tmp_path / "data.xlsx", GOOD)
    data, findings = read_data(tmp_path)
    assert ("Z99" in data.indicators, _only(findings).rule) == (False, "data-twice")


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("没有.xlsx", None, "file-missing"),
        ("没有", None, "file-format"),
        ("空.csv", b"", "file-empty"),
        ("旧.xls", b"\xd0\xcf\x11\xe0", "file-format"),
        ("坏.xlsx", b"PK\x03\x04" + b"x" * 100, "file-damaged"),
        ("网页.xlsx", b"<html></html>", "file-format"),
        ("乱码.csv", b"code,actual\r\nA11,\xff\xff\xff", "file-encoding"),
        ("引号.csv", b'code,actual\r\nA11,"1', "csv-quotes"),
        ("空文件夹", "dir", "data-missing"),
    ],
)
def test_读不了的文件(tmp_path: Path, name: str, content: bytes | str | None, rule: str) -> None:
    path = tmp_path / name
    if content == "dir":
        path.mkdir()
    elif isinstance(content, bytes):
        path.write_bytes(content)
    data, findings = read_data(path)
    assert (data, [finding.rule for finding in findings]) == (EvaluationData(), [rule])


def test_CSV行的列数不对(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("code,actual\nA11,1\nB12,1,2\n", encoding="utf-8")
    data, findings = read_data(path)
    assert (list(data.indicators), _only(findings).rule, _only(findings).row) == (["A11"], "row-width", 3)


def test_一千个改坏的文件都不会出错(tmp_path: Path) -> None:
    chance = random.Random(20250725)
    book = write_book(tmp_path / "good.xlsx", GOOD).read_bytes()
    folder = write_folder(tmp_path / "资料", GOOD)
    texts = {name: (folder / f"{name}.csv").read_bytes() for name in GOOD}
    seen: set[str] = set()
    for _ in range(700):
        name = chance.choice(list(texts))
        (folder / f"{name}.csv").write_bytes(_spoilt(chance, texts[name]))
        data, findings = read_data(folder)
        assert isinstance(data, EvaluationData)
        seen |= {finding.rule for finding in findings}
        (folder / f"{name}.csv").write_bytes(texts[name])
    for number in range(300):
        path = tmp_path / "spoilt.xlsx"
        path.write_bytes(_spoilt(chance, book) if number % 3 == 0 else _spoilt_part(chance, tmp_path / "good.xlsx"))
        data, findings = read_data(path)
        assert isinstance(data, EvaluationData)
        seen |= {finding.rule for finding in findings}
    # 改坏的确实被发现了
    assert {"column-missing", "row-width", "csv-quotes", "file-damaged", "file-encoding"} <= seen


PIECES = (b",", b'"', b"\n", b"\x00", b"\xff", "１".encode(), b"=1+1", b"#N/A", b"<c r=", b"1e999", b"\x07", b"9" * 400)


def _spoilt(chance: random.Random, data: bytes) -> bytes:
    at, until = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    match chance.randrange(4):
        case 0:
            return data[:at] + chance.choice(PIECES) + data[at:]
        case 1:
            return data[:at] + data[min(until, at + 9) :]
        case 2:
            return data[:at]
        case _:
            return data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]


def _spoilt_part(chance: random.Random, path: Path) -> bytes:
    """Spoil one part inside a workbook and zip it soundly again."""
    target = path.with_name("part.xlsx")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as copy:
        names = source.namelist()
        spoilt = chance.choice([name for name in names if "sheet" in name or "shared" in name or "workbook" in name])
        for name in names:
            part = source.read(name)
            copy.writestr(name, _spoilt(chance, part) if name == spoilt else part)
    return target.read_bytes()
