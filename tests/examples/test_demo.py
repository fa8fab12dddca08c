"""``tuodi demo`` in-process: the table says what the files say, and stands beside the published figures."""

import csv
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest

from tuodi.assessment.engines import is_large
from tuodi.audit.auditor import audited
from tuodi.commands import demo, demo_office, demo_run, demo_table
from tuodi.commands.demo_office import OfficeFailed, office_at_work
from tuodi.commands.parser import build_parser
from tuodi.commands.places import WrongUse
from tuodi.office.town_shown import TownShown
from tuodi.sample.county import sample_county

OUTPATIENT = {"outpatient_chronic_aid", "outpatient_special_drug_aid"}


def start(*words: str) -> int:
    args = build_parser([demo.COMMAND]).parse_args(["demo", *words])
    status: int = args.run(args)
    return status


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("demo") / "结果"
    assert start("--out", str(folder)) == 0
    yield folder


@pytest.fixture(scope="module")
def table(folder: Path) -> dict[str, dict[str, str]]:
    answer = json.loads((folder / "汇总.json").read_text(encoding="utf-8"))
    assert answer["synthetic"] is True
    return {row["item"]: row for row in answer["rows"]}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def fen(text: str) -> int:
    return int(text.replace(".", ""))


def test_人数人次与公布数相同(table: dict[str, dict[str, str]]) -> None:
    for item, count in (
        ("名册人数", "27225"),
        ("参保救助人次", "11514"),
        ("住院救助人次", "3297"),
        ("门诊救助人次", "7958"),
    ):
        assert (table[item]["value"], table[item]["published"]) == (count, count), item


def test_金额旁边是公布数_并注明虚构(table: dict[str, dict[str, str]]) -> None:
    for item, printed, plain in (
        ("参保救助金额", "354.60万元", "3546000.00"),
        ("住院救助金额", "533.84万元", "5338400.00"),
        ("门诊救助金额", "37.15万元", "371500.00"),
        ("救助支出合计", "925.59万元", "9255900.00"),
    ):
        assert (table[item]["printed"], table[item]["published"]) == (printed, plain)
        assert "虚构" in table[item]["remark"]
        assert "交城县" in table[item]["source"]


def test_汇总等于救助结果文件(folder: Path, table: dict[str, dict[str, str]]) -> None:
    paid = [row for row in rows(folder / "救助结果.csv") if fen(row["paid_amt"])]
    inpatient = [row for row in paid if row["benefit"] == "inpatient_aid"]
    outpatient = [row for row in paid if row["benefit"] in OUTPATIENT]
    assert len(inpatient) + len(outpatient) == len(paid)
    assert len({row["setl_id"] for row in inpatient}) == 3297
    assert len({row["setl_id"] for row in outpatient}) == 7958
    assert fen(table["住院救助金额"]["value"]) == sum(fen(row["paid_amt"]) for row in inpatient)
    assert fen(table["门诊救助金额"]["value"]) == sum(fen(row["paid_amt"]) for row in outpatient)
    assert int(table["结算"]["value"]) == len({row["setl_id"] for row in rows(folder / "救助结果.csv")})


def test_汇总等于资助参保文件(folder: Path, table: dict[str, dict[str, str]]) -> None:
    subsidies = [fen(row["subsidy_amt"]) for row in rows(folder / "资助参保.csv")]
    assert int(table["参保救助人次"]["value"]) == sum(1 for amount in subsidies if amount)
    assert fen(table["参保救助金额"]["value"]) == sum(subsidies)
    parts = [fen(table[f"{use}金额"]["value"]) for use in ("参保救助", "住院救助", "门诊救助")]
    assert fen(table["救助支出合计"]["value"]) == sum(parts)


def test_查漏补缺找到全部预设的差错(folder: Path, table: dict[str, dict[str, str]]) -> None:
    kinds = Counter(row["kind"] for row in rows(folder / "查漏补缺.csv"))
    assert kinds == {"missed": 38, "under": 15, "over": 9}
    for item, kind in (("应救未救", "missed"), ("少付", "under"), ("多付", "over")):
        assert int(table[f"查漏补缺：{item}"]["value"]) == kinds[kind]


def test_错误清单_每处预设的错误都在(folder: Path, table: dict[str, dict[str, str]]) -> None:
    errors = rows(folder / "错误清单.csv")
    assert int(table["错误清单"]["value"]) == len(errors)
    found = {(row["file"], int(row["row"]), row["column"]) for row in errors}
    county = sample_county()
    # Row numbers as a spreadsheet shows them, read off the files by eye.
    assert found >= {
        ("roster.csv", row, column)
        for row, column in (
            *((5, "certno"), (10, "certno"), (15, "certno"), (20, "certno"), (25, "brdy"), (30, "begntime")),
            *((35, "begntime"), (40, "identity"), (45, "endtime"), (50, "psn_no"), (55, "certno")),
        )
    }
    assert found >= {
        ("settlements.csv", row, column)
        for row, column in (
            *((6, "inscp_scp_amt"), (11, "inscp_scp_amt"), (16, "inscp_scp_amt"), (21, "inscp_scp_amt")),
            *((26, "hifp_pay"), (31, "hifp_pay"), (36, "hifp_pay"), (41, "hifmi_pay"), (46, "medfee_sumamt")),
            *((51, "psn_cash_pay"), (56, "setl_time"), (61, "setl_time"), (66, "setl_time"), (71, "setl_time")),
            *((76, "setl_time"), (81, "med_type"), (86, "refd_setl_flag"), (91, "refd_setl_flag"), (96, "psn_no")),
            *((101, "setl_id"), (106, "inscp_scp_amt"), (111, "maf_pay"), (115, "setl_id"), (116, "setl_id")),
            *((121, "setl_id"), (126, "setl_id"), (131, "setl_id"), (136, "setl_id")),
        )
    }
    assert {row["file"] for row in errors} == {county.roster_with_errors.name, county.settlements_with_errors.name}
    withheld = {row["psn_no"] for row in rows(county.roster_with_errors) if row["certno"] == "1.49901E+17"}
    assert withheld.isdisjoint(row["psn_no"] for row in rows(folder / "有错文件的救助结果.csv"))


def test_公布的合计由明细重新计算_全部相符(table: dict[str, dict[str, str]]) -> None:
    for item, figure in (
        ("交城县2024年资金来源合计", "10220400.00"),
        ("交城县2024年预算执行率", "90.56"),
        ("君山区2022年四个季度支出合计", "7419014.04"),
        ("马桥镇2024年互助帮困筹集与清算", "795265.75"),
        ("马桥镇2024年结算通知逾期（6月通知）", "12"),
        ("马桥镇2024年结算通知逾期（11月通知）", "1"),
        ("阜康市2024年大额医疗补助上解", "1826220.00"),
    ):
        assert (table[item]["value"], table[item]["published"]) == (figure, figure), item


def test_网页办公_一个镇的结算与整批计算相同(table: dict[str, dict[str, str]]) -> None:
    county = sample_county()
    town = {row["psn_no"] for row in rows(county.roster) if row["family_no"].startswith("T01-")}
    settled = {row["setl_id"] for row in rows(county.settlements) if row["psn_no"] in town}
    count = f"{len(settled):,}"
    imported = table[f"网页办公：导入{county.towns[0]}镇的结算"]
    assert int(imported["value"]) == len(settled) == 1578
    assert imported["remark"] == f"{len(town):,} 人；经办人上传、复核人确认；与整批计算逐行逐分相同 {count} 笔"
    cases = table["网页办公：列入疑点待核实"]
    assert cases["remark"] == f"同样的文件用 tuodi screen 查出 {cases['value']} 件"
    trail = table["网页办公：操作留痕"]
    # Made, ten roles given, opened; two files uploaded, previewed, confirmed, applied; their cases told once.
    assert trail["value"] == "21"
    assert "不符 0 处" in trail["remark"]
    assert "./tuodi serve --demo" in trail["remark"]


OFFICE = TownShown(
    town="甲镇",
    persons=3,
    settlements=5,
    assessed=5,
    agreeing=5,
    differences=1,
    cases=1,
    entries=10,
    anchors=1,
    faults=0,
)


@pytest.mark.parametrize(
    ("spoilt", "planned"),
    [
        ({}, [True, True, True]),
        ({"agreeing": 4}, [False, True, True]),
        ({"assessed": 6}, [False, True, True]),
        ({"settlements": 0, "agreeing": 0, "assessed": 0}, [False, True, True]),
        ({"cases": 0}, [True, False, True]),
        ({"faults": 1}, [True, True, False]),
        ({"anchors": 0}, [True, True, False]),
    ],
)
def test_网页办公_不符的看得出(spoilt: dict[str, int], planned: list[bool]) -> None:
    found = demo_table._office_rows(replace(OFFICE, **spoilt))
    assert [row.as_planned for row in found] == planned


def test_网页办公没有完成_说明并以一退出_不留文件夹(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(demo_office.tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(demo_office.sys, "executable", "false")
    with pytest.raises(OfficeFailed), office_at_work() as answer:
        assert len(list(tmp_path.iterdir())) == 1
        answer()
    monkeypatch.setattr(demo_run, "_run", lambda *given: demo_run._answered(given[-1]))
    assert start("--out", str(tmp_path / "结果")) == 1
    assert "没有完成" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["结果"]


def test_三张计算单_各说一种情形(folder: Path) -> None:
    receipts = sorted(folder.glob("计算单*.docx"))
    assert [path.stem.partition("_")[2] for path in receipts] == ["补足综合支付比例", "超过年度起付线", "用完年度限额"]
    for receipt in receipts:
        assert "结算" in ZipFile(receipt).read("word/document.xml").decode()


def test_说明列出每个文件(folder: Path) -> None:
    about = (folder / "说明.txt").read_text(encoding="utf-8")
    for path in folder.iterdir():
        assert path.name == demo.MARKER or f"{path.name}：" in about


def test_示例县的计算单和问卷统计_审核一处也没有(folder: Path) -> None:
    sheets = [*sorted(folder.glob("计算单*.docx")), folder / "问卷统计_阜康市.xlsx"]
    assert len(sheets) == 4
    for path in sheets:
        assert audited(path).opinions == (), path.name


def test_再次运行_逐字节相同_JSON与文件相同(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert start("--out", str(folder), "--json") == 0
    assert capsys.readouterr().out == before["汇总.json"].decode()
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_不覆盖别人的文件夹(tmp_path: Path) -> None:
    (tmp_path / "名册.csv").write_text("psn_no\n", encoding="utf-8")
    with pytest.raises(WrongUse, match="--out"):
        start("--out", str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["名册.csv"]


def test_与公布数不符时_退出状态为一(capsys: pytest.CaptureFixture[str]) -> None:
    row = demo_table.DemoRow(item="名册人数", value=1, published=2, unit="人", as_planned=False)
    assert demo._status([row]) == 1
    assert "名册人数" in capsys.readouterr().err


def test_样例的大小用参考引擎() -> None:
    assert not is_large(sample_county().settlements)
