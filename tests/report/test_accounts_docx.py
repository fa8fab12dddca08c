"""公开文件重新打开以后：十张表逐格与数据相同，空表、横排、重复的表头、列宽、绑定的数都在。"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn

from tests.accounts.lishi import EVALUATIONS, changed, lishi
from tuodi.accounts.disclosure import Accounts
from tuodi.accounts.filled import GridCell, tables
from tuodi.report.accounts.disclosure_report import disclosure_report
from tuodi.report.accounts.spoken_keys import spoken_keys
from tuodi.report.word.edits import changes
from tuodi.report.word.pages import LANDSCAPE, PORTRAIT
from tuodi.report.word.record import bound
from tuodi.report.word.writer import write_report

FILLED = tables(lishi())
IDS = [table.number for table in FILLED]


def written(folder: Path, accounts: Accounts) -> WordDocument:
    path = folder / "公开.docx"
    write_report(path, disclosure_report(accounts, EVALUATIONS))
    return Document(str(path))


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> WordDocument:
    return written(tmp_path_factory.mktemp("决算"), lishi())


def expanded(rows: Sequence[Sequence[GridCell]], width: int) -> list[list[str]]:
    """合并的格子在它占的每一处都写上。"""
    shown: dict[tuple[int, int], str] = {}
    for at, row in enumerate(rows):
        column = 0
        for cell in row:
            while (at, column) in shown:
                column += 1
            for down in range(cell.rows):
                for along in range(cell.columns):
                    shown[at + down, column + along] = cell.text
            column += cell.columns
    return [[shown[at, column] for column in range(width)] for at in range(len(rows))]


@pytest.mark.parametrize("place", range(10), ids=IDS)
def test_逐格与数据相同(document: WordDocument, place: int) -> None:
    filled = FILLED[place]
    shown = [[cell.text for cell in row.cells] for row in document.tables[place].rows]
    assert shown == expanded((*filled.heading_rows, *filled.rows), filled.width)


@pytest.mark.parametrize("place", range(10), ids=IDS)
def test_表头在每一页重复_列宽不超过版心(document: WordDocument, place: int) -> None:
    filled, table = FILLED[place], document.tables[place]._tbl
    repeated = [row for row in table.tr_lst if row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None]
    assert len(repeated) == len(filled.heading_rows)
    widths = [int(column.get(qn("w:w"))) for column in table.tblGrid.iter(qn("w:gridCol"))]
    room = (LANDSCAPE if filled.landscape else PORTRAIT).text_width
    assert len(widths) == filled.width
    assert room - 30 <= sum(widths) <= room
    assert int(table.tblPr.find(qn("w:tblW")).get(qn("w:w"))) == sum(widths)
    assert min(widths) >= 280, "a column too narrow for two characters"


def test_横排的表在横排的页上(document: WordDocument) -> None:
    waiting: list[bool] = []
    found: list[bool] = []
    for element in document.element.body:
        if element.tag == qn("w:tbl"):
            waiting.append(True)
        for section in element.iter(qn("w:sectPr")):
            wide = section.find(qn("w:pgSz")).get(qn("w:orient")) == "landscape"
            found += [wide] * len(waiting)
            waiting = []
    assert found[:10] == [table.landscape for table in FILLED]
    assert [number for number, wide in zip(IDS, found, strict=False) if wide] == [
        "公开02表", "公开03表", "公开04表", "公开06表", "公开07表", "公开08表",
    ]  # fmt: skip


def test_每张表有题名_表号_部门_年度_单位_空表写明没有数据(document: WordDocument) -> None:
    texts = [paragraph.text for paragraph in document.paragraphs]
    for ordinal, table in zip("一二三四五六七八九十", FILLED, strict=True):
        at = texts.index(f"{ordinal}、{table.title}", texts.index("第二部分　2022年度部门决算表"))
        assert texts[at + 1] == f"{table.number}　　{table.entity}　　2022年度　　金额单位：元"
        after = texts[at + 2 : at + 5]
        empty = "本表没有数据，按空表公开。" in after
        assert empty == (table.number in ("公开07表", "公开08表", "公开09表"))
        assert f"注：{table.note}" in after


def test_五个部分按顺序_说明有十节(document: WordDocument) -> None:
    heads = [each.text for each in document.paragraphs if each.style.name == "Heading 1"]
    assert heads == [
        "第一部分　部门概况", "第二部分　2022年度部门决算表", "第三部分　2022年度部门决算情况说明",
        "第四部分　名词解释", "第五部分　附件",
    ]  # fmt: skip
    sections = [each.text[:2] for each in document.paragraphs if each.style.name == "Heading 2"]
    assert sections == [f"{ordinal}、" for part in ("一二", *["一二三四五六七八九十"] * 2) for ordinal in part]


def test_附件列出八份自评表_合计与各项相符(document: WordDocument) -> None:
    rows = [[cell.text for cell in row.cells] for row in document.tables[10].rows]
    assert len(document.tables) == 11
    assert rows[6] == [
        "6", "2022年省级财政医疗救助补助资金（671万）绩效自评表", "单位自评", "6,710,000.00", "2,617,100.00", "40", "",
    ]  # fmt: skip
    assert rows[9] == ["", "合计", "", "12,898,000.00", "6,871,200.00", "", ""]
    assert len(rows) == 10


def narrative_runs(document: WordDocument) -> Iterator[tuple[str, str]]:
    for paragraph in document.paragraphs:
        if paragraph.style.name in ("Body Text", "Heading 1", "Heading 2", "Heading 3", "表注"):
            for run in paragraph.runs:
                yield run.text, run.style.name


def test_文字里的每个数都是绑定的(document: WordDocument) -> None:
    loose = [text for text, style in narrative_runs(document) if any(map(str.isdigit, text)) and "绑定" not in style]
    assert loose == []
    keys = {each.key: each.text for each in bound(disclosure_report(lishi(), EVALUATIONS))}
    assert keys["share.03/total/basic"] == "10.08"
    assert keys["growth.income-grand.rate"] == "53.70"
    assert keys["project.lishi-2022-06.executed"] == "2,617,100.00"


def test_没有写原因的_留出要填的地方(document: WordDocument) -> None:
    report = disclosure_report(lishi(), EVALUATIONS)
    assert [gap.title for gap in report.gaps] == ["机关运行经费增加的原因"]
    assert "（征求意见稿）" in [paragraph.text for paragraph in document.paragraphs]


def test_改了一格_变动按表和行列说出来() -> None:
    before = disclosure_report(lishi(), EVALUATIONS)
    accounts = changed(lishi(), ("10", "3", "amount"), 500)
    after = disclosure_report(accounts, EVALUATIONS)
    spoken = spoken_keys(accounts, after)
    told = {(spoken.get(each.key, each.key), each.before, each.after) for each in changes(bound(before), after)}
    assert ("公开10表“工程·采购金额”", "", "5.00") in told


def test_没有项目的不出附件(tmp_path: Path) -> None:
    accounts = lishi()
    without = Accounts(id="x", tables=accounts.tables, cells=accounts.cells, names=accounts.names, facts=accounts.facts)
    document = written(tmp_path, without)
    assert len(document.tables) == 10
    assert "第五部分　附件" not in [paragraph.text for paragraph in document.paragraphs]


def test_金额再大_列宽仍在版心以内(tmp_path: Path) -> None:
    accounts = lishi()
    for key in [key for key, cell in accounts.cells.items() if key[0] == "06" and cell.value]:
        accounts = changed(accounts, key, 999_999_999_999)
    table = written(tmp_path, accounts).tables[5]
    widths = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid.iter(qn("w:gridCol"))]
    assert sum(widths) <= LANDSCAPE.text_width
