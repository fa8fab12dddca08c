"""The score workbook: the values it carries, and the values its formulas give when a spreadsheet calculates them."""

import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.report import score_case
from tests.report.recalculation import patched, recalculate, sheets, spoiled
from tuodi.evaluation.data import EvaluationData
from tuodi.evaluation.data_tables import read_data
from tuodi.evaluation.scheme_library import Chosen, choose, known_evaluations
from tuodi.evaluation.scheme_loader import load_scheme
from tuodi.evaluation.scoring import Result, score_evaluation
from tuodi.report.workbook.formulas import number, rounded_formula
from tuodi.report.workbook.scores import write_score_workbook

HEADINGS = 2


def _shipped(name: str) -> Result:
    chosen = choose(name)
    assert isinstance(chosen, Chosen)
    scheme, findings = load_scheme(chosen.scheme, chosen.shown_as)
    assert scheme is not None, findings
    data, _ = read_data(chosen.data)
    return score_evaluation(scheme, data)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("scores") / "all-rules.xlsx"
    write_score_workbook(path, score_case.result())
    return path


def _table(rows: list[list[Any]]) -> tuple[dict[str, int], dict[str, list[Any]]]:
    """Return the columns by heading, and the rows of the scores by code (the sums of the groups come later)."""
    columns = {heading: at for at, heading in enumerate(rows[HEADINGS])}
    found: dict[str, list[Any]] = {}
    for row in rows[HEADINGS + 1 :]:
        found.setdefault(str(row[columns["编码"]]) or str(row[columns["指标"]]), row)
    return columns, found


def _differences(result: Result, rows: list[list[Any]]) -> Iterator[str]:
    """Yield every number of the sheet 评分表 that is not the result's."""
    columns, table = _table(rows)

    def differs(code: str, column: str, expected: Fraction | None) -> Iterator[str]:
        said = table[code][columns[column]]
        wanted = "" if expected is None else float(expected)
        same = said == wanted if isinstance(said, str) or wanted == "" else abs(said - float(wanted)) < 1e-9
        if not same:
            yield f"{code} {column}：表上 {said!r}，应为 {wanted!r}"

    for score in result.scores:
        code = score.indicator.code
        yield from differs(code, "权重", score.indicator.weight)
        yield from differs(code, "得分", score.points)
        yield from differs(code, "得分率（%）", Fraction(score.rate) if score.rate else None)
        yield from differs(code, "扣分", None if score.points is None else score.lost)
    for group in result.groups:
        yield from differs(group.indicator.code, "得分", group.points)
        yield from differs(group.indicator.code, "权重", group.indicator.weight)
    if result.fund:
        yield from differs(result.fund.row.code, "得分", result.fund.points)
    yield from differs("合计", "得分", result.total)
    grade = table["合计"][columns["佐证材料"]]
    if grade != (result.grade or ""):
        yield f"等级：表上 {grade!r}，应为 {result.grade!r}"


def test_表上每个数都是评分结果(written: Path) -> None:
    assert not list(_differences(score_case.result(), sheets(written)["评分表"]))


@pytest.mark.parametrize("name", known_evaluations())
def test_各评价表上每个数都是评分结果(name: str, tmp_path: Path) -> None:
    result = _shipped(name)
    write_score_workbook(tmp_path / "scores.xlsx", result)
    assert not list(_differences(result, sheets(tmp_path / "scores.xlsx")["评分表"]))


def test_每种规则都写成公式(written: Path) -> None:
    columns, table = _table(sheets(written)["评分表"])
    kinds = {code: table[code][columns["得分来源"]] for code in (score.indicator.code for score in _scores())}
    judged = {code for code, kind in kinds.items() if kind == "评价人给分"}
    assert judged == {"E6", "E7", "E8"}
    assert {kind for code, kind in kinds.items() if code not in judged} == {"公式"}
    xml = zipfile.ZipFile(written).read("xl/worksheets/sheet1.xml").decode()
    scored = re.findall(r'<c r="I(\d+)"[^>]*><f>', xml)
    assert len(scored) >= len(kinds) + 1


def _scores() -> Any:
    return score_case.result().scores


def test_一级二级指标合并_表头每页重复(written: Path) -> None:
    with zipfile.ZipFile(written) as book:
        xml = book.read("xl/worksheets/sheet1.xml").decode()
        names = book.read("xl/workbook.xml").decode()
    # P1–P7 stand in rows 4 to 10, O1–O8 in 11 to 18, E1–E8 in 19 to 26.
    merged = re.findall(r'<mergeCell ref="([AB]\d+:[AB]\d+)"', xml)
    assert merged == ["A4:A10", "A11:A18", "A19:A26", "B4:B10", "B11:B18", "B19:B26"]
    assert "_xlnm.Print_Titles" in names and "$3:$3" in names
    assert 'orientation="landscape"' in xml and 'paperSize="9"' in xml and 'fitToHeight="0"' in xml


def test_同一结果写出同样的字节(written: Path, tmp_path: Path) -> None:
    write_score_workbook(tmp_path / "again.xlsx", score_case.result())
    assert (tmp_path / "again.xlsx").read_bytes() == written.read_bytes()


def test_缺一项得分时合计和等级空着(tmp_path: Path) -> None:
    result = score_evaluation(score_case.scheme(), score_case.with_actual("O1", "待查"))
    assert result.total is None
    write_score_workbook(tmp_path / "open.xlsx", result)
    columns, table = _table(sheets(tmp_path / "open.xlsx")["评分表"])
    assert table["O1"][columns["得分"]] == table["合计"][columns["得分"]] == table["G2"][columns["得分"]] == ""
    assert table["G1"][columns["得分"]] == pytest.approx(24.7)
    assert table["合计"][columns["佐证材料"]] == ""


def test_佐证材料写核查金额和占支出的比例(written: Path) -> None:
    rows = {row[0]: row[4] for row in sheets(written)["佐证材料"][HEADINGS + 1 :]}
    assert rows["核查金额合计"] == 1_000_000
    # 1000000 / 9255900 = 10.803918…%
    assert rows["核查金额占支出（%）"] == 10.8


def test_整改清单先列问题_再列没有问题对应的扣分(written: Path) -> None:
    rows = sheets(written)["整改清单"][HEADINGS + 1 :]
    first = rows[0]
    assert first[1].split("\n") == ["P1 指标P1（扣 1 分）", "O3 指标O3（扣 1 分）"]
    assert first[2:8] == [2, "执行慢", "申报晚", "按月申报", "", "2025-06"]
    alone = [row[1] for row in rows[1:]]
    assert "O1 指标O1（扣 0.52 分）" in alone and not any(name.startswith(("P1 ", "O3 ", "P4 ")) for name in alone)


def test_不是公式的文字不会被当成公式(tmp_path: Path) -> None:
    data = score_case.with_actual("E7", '=HYPERLINK("http://x")')
    write_score_workbook(tmp_path / "words.xlsx", score_evaluation(score_case.scheme(), data))
    with zipfile.ZipFile(tmp_path / "words.xlsx") as book:
        assert not any("<f>HYPERLINK" in book.read(name).decode() for name in book.namelist() if "sheet" in name)


@pytest.mark.parametrize(
    ("value", "text"),
    [(Fraction(1, 40), "0.025"), (Fraction(60), "60"), (Fraction(1, 3), "(1/3)"), (Fraction(-1, 2), "-0.5")],
)
def test_规则里的数写进公式时不走样(value: Fraction, text: str) -> None:
    assert number(value) == text


def test_取整公式多加一丝() -> None:
    assert rounded_formula("A1") == "ROUND(A1+1E-11,2)"


# What is changed -> sheet, column, new value; the data with the same change. Rows are looked up by code or name.
_CHANGES: dict[str, tuple[str, str, str, str, Callable[[], EvaluationData]]] = {
    "完成人数": ("数据", "O1", "实际值", "33333", lambda: score_case.with_actual("O1", "33333人")),
    "完成人数差一": ("数据", "O1", "实际值", "33332", lambda: score_case.with_actual("O1", "33332人")),
    "自评完成率低于目标": ("数据", "O2", "实际值", "61.7", lambda: score_case.with_actual("O2", "61.7%")),
    "正好少两档": ("数据", "O3", "实际值", "85", lambda: score_case.with_actual("O3", "85%")),
    "少两档多一点": ("数据", "O3", "实际值", "84.99", lambda: score_case.with_actual("O3", "84.99%")),
    "达到目标": ("数据", "O3", "实际值", "95", lambda: score_case.with_actual("O3", "95%")),
    "按权重逐档": ("数据", "O4", "实际值", "40", lambda: score_case.with_actual("O4", "40%")),
    "逐点扣到零": ("数据", "O5", "实际值", "59.99", lambda: score_case.with_actual("O5", "59.99%")),
    "达标满分": ("数据", "O7", "实际值", "90", lambda: score_case.with_actual("O7", "90%")),
    "正好在进位处": ("数据", "O7", "实际值", "25.125", lambda: score_case.with_actual("O7", "25.125%")),
    "越少越好达标": ("数据", "O8", "实际值", "18", lambda: score_case.with_actual("O8", "18天")),
    "越少越好未达标": ("数据", "O8", "实际值", "25", lambda: score_case.with_actual("O8", "25天")),
    "档次文字": ("数据", "E1", "实际情况（文字）", "缩小", lambda: score_case.with_actual("E1", "缩小")),
    "超过目标": ("数据", "E2", "实际值", "85.01", lambda: score_case.with_actual("E2", "85.01%")),
    "满意度刚到九十": ("数据", "E4", "实际值", "90", lambda: score_case.with_actual("E4", "90%")),
    "满意度不到六十": ("数据", "E4", "实际值", "59.9", lambda: score_case.with_actual("E4", "59.9%")),
    "发现一例": ("数据", "E5", "实际值", "1", lambda: score_case.with_actual("E5", "1例")),
    "评价人给分": ("数据", "E6", "评价人给分", "0.5", lambda: score_case.with_awarded("E6", "0.5")),
    "金额未达到": ("数据", "P5", "实际值", "11.9", lambda: score_case.with_actual("P5", "11.9万元")),
    "要点改为否": ("要点", "P1.1", "是否符合", "否", lambda: score_case.with_element("P1.1", met=False)),
    "加扣条件": ("要点", "P1.4", "是否符合", "否", lambda: score_case.with_element("P1.4", met=False)),
    "一票否决": ("要点", "P2.4", "数值", "1", lambda: score_case.with_element("P2.4", value="1")),
    "按次扣分": ("要点", "P2.3", "数值", "3", lambda: score_case.with_element("P2.3", value="3")),
    "阈值达到": ("要点", "P3.2", "数值", "95", lambda: score_case.with_element("P3.2", value="95%")),
    "全有或全无": ("要点", "P4.1", "是否符合", "否", lambda: score_case.with_element("P4.1", met=False)),
    "支出金额": ("基础数据", "支出", "数值", "10220400", lambda: score_case.with_figure("支出", "10220400.00")),
    "支出略少于预算": ("基础数据", "支出", "数值", "8646458.4", lambda: score_case.with_figure("支出", "8646458.40")),
    "满意人数": ("基础数据", "一般", "数值", "40", lambda: score_case.with_figure("一般", "40")),
    "平均数": ("基础数据", "丙村", "数值", "73.5", lambda: score_case.with_figure("丙村", "73.5%")),
}


def _cell(book: Mapping[str, list[list[Any]]], sheet: str, row_name: str, column: str) -> str:
    rows = book[sheet]
    row = next(at for at, row in enumerate(rows) if row[0] == row_name)
    return f"{chr(ord('A') + rows[HEADINGS].index(column))}{row + 1}"


@pytest.fixture(scope="module")
def recalculated(written: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, dict[str, list[list[Any]]]]:
    """All workbooks of this file, calculated anew by one program start: the spoiled ones and the changed ones."""
    folder = tmp_path_factory.mktemp("recalculation")
    files = []
    for name in known_evaluations():
        write_score_workbook(folder / f"stored-{name}.xlsx", _shipped(name))
        spoiled(folder / f"stored-{name}.xlsx", folder / f"{name}.xlsx")
        files.append(folder / f"{name}.xlsx")
    book = sheets(written)
    spoiled(written, folder / "all-rules.xlsx")
    files.append(folder / "all-rules.xlsx")
    for title, (sheet, row, column, value, _) in _CHANGES.items():
        patched(folder / "all-rules.xlsx", folder / f"{title}.xlsx", sheet, _cell(book, sheet, row, column), value)
        files.append(folder / f"{title}.xlsx")
    return {Path(name).stem: sheets(path) for name, path in recalculate(files, folder).items()}


@pytest.mark.needs("libreoffice")
@pytest.mark.parametrize("name", known_evaluations())
def test_表格软件重算各评价_与评分结果一致(name: str, recalculated: Any) -> None:
    assert not list(_differences(_shipped(name), recalculated[name]["评分表"]))


@pytest.mark.needs("libreoffice")
def test_表格软件重算全部规则_与评分结果一致(written: Path, recalculated: Any) -> None:
    assert not list(_differences(score_case.result(), recalculated["all-rules"]["评分表"]))
    for sheet, rows in sheets(written).items():
        cells = [(at, cell) for at, row in enumerate(rows) for cell in row]
        again = [cell for row in recalculated["all-rules"][sheet] for cell in row]
        for (at, cell), other in zip(cells, again, strict=True):
            assert other == (pytest.approx(cell) if isinstance(cell, float) else cell), f"{sheet} 第 {at + 1} 行"


@pytest.mark.needs("libreoffice")
@pytest.mark.parametrize("title", _CHANGES)
def test_改一个输入格_重算与重新评分一致(title: str, recalculated: Any) -> None:
    changed = score_evaluation(score_case.scheme(), _CHANGES[title][4]())
    assert changed.total != score_case.result().total
    assert not list(_differences(changed, recalculated[title]["评分表"]))
