"""``tuodi accounts``: what is written, what is refused, and the way from an empty workbook to the ten tables."""

import json
import re
import shutil
from pathlib import Path

import pytest
import xlsxwriter
from docx import Document
from python_calamine import CalamineWorkbook

from tests.accounts.files import as_workbook, copied, replaced, rewrite, rows_of
from tests.accounts.lishi import EVALUATIONS, lishi
from tests.commands.test_report import text_of, typed_into
from tuodi.accounts.filled import tables
from tuodi.accounts.reading import Reading, read_accounts
from tuodi.audit import audited
from tuodi.commands import accounts as module
from tuodi.commands.evaluated_projects import evaluated_projects
from tuodi.commands.main import main
from tuodi.kernel.finding import Severity
from tuodi.kernel.shipped import shipped
from tuodi.report.word.edits import Earlier, read_back

LISHI = shipped("examples", "accounts", "lishi-2022")
GAP = "reason.operating-cost"


@pytest.fixture(autouse=True)
def without_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Page numbers have tests of their own; here nothing is started."""
    monkeypatch.setattr(shutil, "which", lambda name: None)


def start(*words: str | Path) -> int:
    return main(["accounts", *map(str, words)])


def names(folder: Path) -> set[str]:
    return {each.name for each in folder.iterdir()}


def test_写出公开文件和公开表(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert start("lishi-2022", "--out", tmp_path / "公开.docx") == 0
    assert start("lishi-2022", "--out", tmp_path / "公开表.xlsx") == 0
    told = capsys.readouterr().err
    assert "机关运行经费比上年增加 16,666.77 元，没有填写原因" in told and "提醒 2 条" in told
    assert "合计 12,898,000.00 元，大于一般公共预算财政拨款支出年初预算 7,824,626.42 元" in told
    assert "待人工撰写：机关运行经费增加的原因；写完之前封面标“征求意见稿”" in told
    assert names(tmp_path) == {"公开.docx", "公开表.xlsx"}
    assert len(Document(str(tmp_path / "公开.docx")).tables) == 11
    assert CalamineWorkbook.from_path(tmp_path / "公开表.xlsx").sheet_names[-1] == "勾稽关系"


def test_the_disclosure_passes_the_audit(tmp_path: Path) -> None:
    path = tmp_path / "公开.docx"
    assert start("lishi-2022", "--out", path) == 0
    found = [each for each in audited(path).opinions if each.severity is not Severity.INFO]
    assert [f"{each.rule} {each.location} {each.message}" for each in found] == []


def test_评价的金额和得分取自评价() -> None:
    found = evaluated_projects(lishi())
    shown = {key: (each.budget_fen, each.executed_fen, each.score, each.grade) for key, each in found.items()}
    assert shown == {key: (each.budget_fen, each.executed_fen, each.score, None) for key, each in EVALUATIONS.items()}


@pytest.mark.parametrize("suffix", [".docx", ".xlsx"])
def test_有错误时不写文件_说出两处的数(suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = copied(tmp_path)
    rewrite(folder / "公开02表.csv", replaced("6817074.57", "6817074.58"))
    assert start(folder, "--out", tmp_path / f"公开{suffix}") == 1
    assert names(tmp_path) == {folder.name}
    told = capsys.readouterr().err
    assert "公开02表" in told and "6,817,074.58" in told and "没有写出文件" in told


def test_评价编号可以是数据文件夹里的评价文件夹(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = copied(tmp_path)
    own = folder / "评价" / "第三"
    shutil.copytree(shipped("examples", "evaluations", "lishi-2022-03"), own)
    shutil.copy(shipped("schemes", "lishi-2022-03.yaml"), own / "scheme.yaml")
    rewrite(folder / "绩效项目.csv", replaced("lishi-2022-03", "评价/第三"))
    accounts = read_accounts(str(folder))
    assert isinstance(accounts, Reading) and accounts.accounts is not None
    found = evaluated_projects(accounts.accounts, folder)["评价/第三"]
    assert (found.budget_fen, found.executed_fen) == (32_700_000, 0)
    assert start(folder, "--out", tmp_path / "公开.docx") == 0
    words = [paragraph.text for paragraph in Document(str(tmp_path / "公开.docx")).paragraphs]
    wanted = (
        "（3）2022年市级城乡医疗救助资金（32.7万）：全年预算数327,000.00元，全年执行数0.00元，执行率0.00%，得分0分。"
    )
    assert wanted in words


def test_写了不存在的评价_不生成(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = copied(tmp_path)
    rewrite(folder / "绩效项目.csv", replaced("lishi-2022-03", "lishi-2022-33"))
    assert start(folder, "--out", tmp_path / "公开.docx") == 1
    assert "没有这个编号的评价" in capsys.readouterr().err
    assert names(tmp_path) == {folder.name}


def test_读不了的工作簿_不生成(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "决算.xlsx"
    broken.write_bytes(b"PK\x03\x04broken")
    assert start(broken, "--out", tmp_path / "公开.docx") == 1
    assert start(broken, "--json") == 1
    assert json.loads(capsys.readouterr().out)["identities"] == []
    assert names(tmp_path) == {"决算.xlsx"}


@pytest.mark.parametrize(
    ("words", "说明"),
    [
        ([], "lishi-2022"),
        (["lishi-2022"], "--out"),
        (["lishi-2023", "--out", "公开.docx"], "lishi-2022"),
        (["lishi-2022", "--out", "公开.doc"], ".docx、.xlsx、.pdf"),
        (["lishi-2022", "--out", "没有/公开.docx"], "不存在"),
        (["lishi-2022", "--out", "公开.xlsx", "--from", "旧.docx"], "--from"),
        (["lishi-2022", "--out", "公开.docx", "--from", "没有.docx"], "找不到文件"),
        (["lishi-2022", "--out", "公开.pdf"], "LibreOffice"),
        (["new"], "--out"),
        (["new", "--out", "有文件"], "不会覆盖"),
        (["new", "--out", "旧.docx"], "是文件"),
        (["决算", "--out", "决算/公开表.xlsx"], "换一个文件夹"),
        (["决算", "--out", "决算/公开01表.csv"], "同一个"),
    ],
)
def test_用法不对_退出码是2(
    words: list[str], 说明: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    copied(tmp_path)
    (tmp_path / "有文件").mkdir()
    (tmp_path / "有文件" / "说明.txt").write_text("x", encoding="utf-8")
    Document().save("旧.docx")
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    assert start(*words) == 2
    assert 说明 in capsys.readouterr().err
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()} == before


def test_JSON列出问题和每一条关系(capsys: pytest.CaptureFixture[str]) -> None:
    assert start("lishi-2022", "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["id"], answer["year"]) == ("lishi-2022", 2022)
    assert [(each["rule"], each["severity"]) for each in answer["findings"]] == [
        ("reason-missing", "warning"), ("scope-mixed", "warning"),
    ]  # fmt: skip
    identities = {each["id"]: each for each in answer["identities"] if each["id"]}
    total = identities["05-06-total"]
    assert total["left_sum"] == total["right_sum"] == "7824626.42" and total["holds"] is True
    assert identities["07-total"]["holds"] is None and identities["07-total"]["left_sum"] is None
    assert len(identities) == len(lishi().tables.identities)


def test_旧稿手写的段落带到新稿_变了的数按表行列说出来(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, out = copied(tmp_path), tmp_path / "公开.docx"
    assert start(folder, "--out", out) == 0
    typed_into(out, GAP, "新增工作人员，工会经费和福利费增加。")
    edited = out.read_bytes()
    rewrite(folder / "上年数.csv", replaced("56052.00", "60000.00"))
    capsys.readouterr()
    assert start(folder, "--out", out) == 0
    told = capsys.readouterr().err
    assert out.read_bytes() == edited
    draft = read_back(tmp_path / "公开-第2稿.docx")
    assert isinstance(draft, Earlier) and draft.passages[GAP] == ("新增工作人员，工会经费和福利费增加。",)
    assert "机关运行经费增减额：16,666.77 → 12,718.77" in told
    assert "（征求意见稿）" not in text_of(tmp_path / "公开-第2稿.docx")


def test_转成PDF_旧稿的段落一起带上(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = tmp_path / "公开.docx"
    assert start("lishi-2022", "--out", draft) == 0
    typed_into(draft, GAP, "新增工作人员。")
    seen: list[str] = []

    def convert(office: str, document: Path, seconds: float) -> bool:
        seen.append(text_of(document))
        document.with_suffix(".pdf").write_bytes(b"%PDF-1.7")
        return True

    monkeypatch.setattr(module, "office_program", lambda: "soffice")
    monkeypatch.setattr(module, "convert_to_pdf", convert)
    assert start("lishi-2022", "--out", tmp_path / "公开.pdf", "--from", draft) == 0
    assert (tmp_path / "公开.pdf").read_bytes() == b"%PDF-1.7"
    assert "新增工作人员。" in seen[0]
    monkeypatch.setattr(module, "convert_to_pdf", lambda *_: False)
    assert start("lishi-2022", "--out", tmp_path / "另.pdf") == 1
    assert names(tmp_path) == {"公开.docx", "公开.pdf"}


def overlaid(blank: list[list[str]], data: list[list[str]]) -> list[list[str]]:
    """空着的格子照数据填；表样印好的不动。"""
    return [
        [cell or (data[at][column] if at < len(data) and column < len(data[at]) else "") for column, cell in
         enumerate(row)]
        for at, row in enumerate(blank)
    ]  # fmt: skip


def listed(blank: list[list[str]], data: list[list[str]]) -> list[list[str]]:
    """一项一行的工作表：同名的项目用数据的行代替，列按列名对。"""
    head = blank[0]
    given = [[row[data[0].index(name)] if name in data[0] else "" for name in head] for row in data[1:]]
    items = {row[0] for row in given}
    return [head, *given, *(row for row in blank[1:] if row[0] not in items)]


def filled(blank: Path, target: Path) -> None:
    """按空工作簿的样子填上离石的数据：金额写数，其余写文字。"""
    opened = CalamineWorkbook.from_path(str(blank))
    with xlsxwriter.Workbook(str(target)) as book:
        for name in opened.sheet_names:
            rows = opened.get_sheet_by_name(name).to_python(skip_empty_area=False)
            texts = [["" if cell is None else str(cell) for cell in row] for row in rows]
            source = LISHI / f"{name}.csv"
            if source.exists():
                texts = (overlaid if name.startswith("公开") else listed)(texts, rows_of(source))
            # 离石印的是另一种写法，表样也认。
            texts = [["房屋构筑物构建" if cell == "房屋建筑物购建" else cell for cell in row] for row in texts]
            sheet = book.add_worksheet(name)
            for at, row in enumerate(texts):
                for column, text in enumerate(row):
                    if re.fullmatch(r"[0-9]+\.[0-9]{2}", text):
                        sheet.write_number(at, column, float(text))
                    elif text:
                        sheet.write_string(at, column, text)


def test_从空工作簿填起_十张表与内置的相同(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "新建"
    assert start("new", "--out", folder) == 0
    assert names(folder) == {"accounts.xlsx"}
    assert start(folder, "--out", tmp_path / "公开.docx") == 1, "空工作簿没有部门名称和年度"
    told = capsys.readouterr().err
    assert "没有填写部门名称" in told and "没有填写年度" in told and "错误 2 条" in told
    blank = folder / "accounts.xlsx"
    filled(blank, tmp_path / "填好.xlsx")
    shutil.move(tmp_path / "填好.xlsx", blank)
    reading = read_accounts(str(folder))
    assert isinstance(reading, Reading) and reading.accounts is not None
    assert [finding.sentence() for finding in reading.findings] == []
    assert [table.rows for table in tables(reading.accounts)] == [table.rows for table in tables(lishi())]
    assert start(folder, "--out", tmp_path / "公开.docx") == 0
    assert start("lishi-2022", "--out", tmp_path / "内置.docx") == 0
    assert text_of(tmp_path / "公开.docx") == text_of(tmp_path / "内置.docx")


def test_一个工作簿就是一份决算(tmp_path: Path) -> None:
    book = as_workbook(LISHI, tmp_path / "决算.xlsx")
    assert start(book, "--out", tmp_path / "公开.docx") == 0
    assert start(book, "--out", book) == 2
