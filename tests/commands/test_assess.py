"""``tuodi assess`` as the contract fixes it: exit status, files, columns, order, and what is said on standard error."""

import csv
import hashlib
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

from tests.intake.written import PERSON_HEADER, person, settlement, write_csv, write_parquet, write_xlsx
from tests.intake.written import SETTLEMENT_HEADER as HEADER
from tests.policy.places import MADE_UP
from tuodi.commands.main import main
from tuodi.kernel.shipped import shipped

ENGINES = ("python", "columnar", "auto")
COLUMNS = [
    "setl_id", "psn_no", "benefit", "identity", "base_amt", "deductible_used", "ratio", "raw_amt", "cap_left_before",
    "paid_amt", "clause", "note",
]  # fmt: skip
ERROR_COLUMNS = ["file", "sheet", "row", "column", "value", "rule", "message", "advice"]
PEOPLE = [PERSON_HEADER] + [
    person(psn_no=f"P{n}", identity=identity, begntime="2024-01-01", endtime="", certno="", brdy="", family_no="")
    for n, identity in enumerate(("特困人员", "低保对象", "监测对象"))
]
AT_HOME = {"insuplc_admdvs": "141122", "mdtrtarea_admvs": "141122"}


def row(setl_id: str, psn_no: str = "P1", scope: str = "1000.00", paid: str = "0.00", **more: object) -> list[object]:
    facts = {
        "fulamt_ownpay_amt": "",
        "hifmi_pay": "",
        "medfee_sumamt": "",
        "setl_time": "2024-05-10",
        **AT_HOME,
        **more,
    }
    return settlement(setl_id=setl_id, psn_no=psn_no, inscp_scp_amt=scope, hifp_pay=paid, **facts)


GOOD = [
    row("S2"),
    row("S10"),
    row("S1", "P0"),
    row("S3", "P2", med_type="14"),
    row("S4", "P9"),
    row("s5", refd_setl_flag="1"),
]


class Office:
    """A folder with files, and the command run on them."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capsys = capsys
        self.persons = write_csv(folder / "名册.csv", PEOPLE)
        self.settlements = write_csv(folder / "结算.csv", [HEADER, *GOOD])
        self.out = folder / "结果.csv"
        self.errors = folder / "错误.csv"
        self.said = self.told = ""

    def give(self, *rows: list[object]) -> None:
        write_csv(self.settlements, [HEADER, *rows])

    def run(self, *more: str, **changed: object) -> int:
        words = {"policy": "jiaocheng-2024", "persons": self.persons, "settlements": self.settlements, "out": self.out}
        line = ["assess"]
        for name, value in {**words, **changed}.items():
            if value is not None:
                line += [f"--{name}", str(value)]
        status = main([*line, *more])
        self.said, self.told = self.capsys.readouterr()
        assert "Traceback" not in self.told + self.said
        assert "程序出了意外" not in self.told
        assert [path.name for path in self.folder.iterdir() if path.name.startswith(".")] == []
        return status

    def rows(self, path: Path | None = None) -> list[dict[str, str]]:
        with (path or self.out).open(encoding="utf-8-sig", newline="") as lines:
            return list(csv.DictReader(lines))


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Office:
    return Office(tmp_path, capsys)


# --- what a result looks like -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ENGINES)
def test_完整结果的每一格(engine: str, office: Office) -> None:
    office.give(row("S1", scope="1000.05", paid="300.00"))
    assert office.run("--engine", engine) == 0
    (found,) = office.rows()
    assert found == {
        "setl_id": "S1", "psn_no": "P1", "benefit": "inpatient_aid", "identity": "低保对象", "base_amt": "700.05",
        "deductible_used": "0.00", "ratio": "0.70", "raw_amt": "490.04", "cap_left_before": "60000.00",
        "paid_amt": "490.04", "clause": "吕政办发〔2022〕61号住院救助·低保对象",
        "note": "住院救助：按低保对象身份，政策范围内报销后的个人负担700.05元，按70%计490.04元，"
        "年度限额60,000元此前还剩60,000元，支付490.04元。",
    }  # fmt: skip


@pytest.mark.parametrize("engine", ENGINES)
def test_按结算编号逐字排序_没有救助的也有一行(engine: str, office: Office) -> None:
    assert office.run("--engine", engine) == 0
    assert [(r["setl_id"], r["benefit"], r["paid_amt"]) for r in office.rows()] == [
        ("S1", "inpatient_aid", "1000.00"),
        ("S10", "inpatient_aid", "700.00"),
        ("S2", "inpatient_aid", "700.00"),
        ("S3", "none", "0.00"),
        ("S4", "none", "0.00"),
        ("s5", "none", "0.00"),
    ]
    first, *_, not_covered, stranger, reversed_ = office.rows()
    assert first["cap_left_before"] == "", "no cap leaves the cell empty"
    assert [r["note"][:12] for r in (not_covered, stranger, reversed_)] == [
        "本政策没有为监测对象规定", "人员名册中没有该人员，不", "该笔结算已冲正，不参与计",
    ]  # fmt: skip
    assert {
        r[name] for r in (not_covered, stranger, reversed_) for name in ("base_amt", "ratio", "raw_amt", "clause")
    } == {""}


@pytest.mark.parametrize("engine", ENGINES)
def test_编码_换行_列名(engine: str, office: Office) -> None:
    assert office.run("--engine", engine) == 0
    content = office.out.read_bytes()
    assert content.startswith(b"\xef\xbb\xbfsetl_id,psn_no,benefit,")
    assert content.endswith(b"\r\n")
    assert content.count(b"\n") == content.count(b"\r\n") == 7
    assert list(office.rows()[0]) == COLUMNS


@pytest.mark.parametrize("engine", ENGINES)
def test_简要结果只有付钱的行(engine: str, office: Office) -> None:
    assert office.run("--engine", engine, "--brief") == 0
    assert office.out.read_bytes() == (
        b"\xef\xbb\xbfsetl_id,benefit,paid_amt\r\nS1,inpatient_aid,1000.00\r\n"
        b"S10,inpatient_aid,700.00\r\nS2,inpatient_aid,700.00\r\n"
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_一笔几项按政策的先后(engine: str, office: Office) -> None:
    write_csv(
        office.persons, [PERSON_HEADER, person(psn_no="P1", identity="低保家庭成员", endtime="", certno="", brdy="")]
    )
    office.give(row("S1", med_type="11", insutype="390", act_pay_dedc="200.00"))
    assert office.run("--engine", engine, policy="maqiao-2024") == 0
    assert [(r["benefit"], r["paid_amt"]) for r in office.rows()] == [
        ("deductible_aid", "200.00"), ("outpatient_aid", "480.00"), ("district_aid", "160.00"),
    ]  # fmt: skip


@pytest.mark.parametrize("engine", ENGINES)
def test_分段的比例用分号相连_按等级的写实际的(engine: str, office: Office) -> None:
    office.give(row("S1", scope="2000.00", setl_time="2025-05-10", hosp_lv="2"))
    assert office.run("--engine", engine, policy=MADE_UP / "shili-tiers.yaml") == 0
    assert [r["ratio"] for r in office.rows()] == ["0.50;0.60;0.70"]
    assert office.run("--engine", engine, policy=MADE_UP / "shili-levels.yaml") == 0
    assert [r["ratio"] for r in office.rows()] == ["0.80"]


@pytest.mark.parametrize("engine", ENGINES)
def test_补足时比例仍写政策的_说明里写明(engine: str, office: Office) -> None:
    write_csv(
        office.persons, [PERSON_HEADER, person(psn_no="P1", identity="返贫致贫人口", endtime="", certno="", brdy="")]
    )
    office.give(row("S1"), row("S2", mdtrtarea_admvs="1"))
    assert office.run("--engine", engine) == 0
    own, unknown = office.rows()
    assert (own["ratio"], own["paid_amt"]) == ("0.70", "900.00")
    assert "补足至90%为900元" in own["note"]
    assert (unknown["ratio"], unknown["paid_amt"]) == ("0.70", "700.00")
    assert "不足两位" in unknown["note"]


@pytest.mark.parametrize("engine", ENGINES)
def test_三种结果格式内容相同(engine: str, office: Office) -> None:
    assert office.run("--engine", engine) == 0
    expected = [list(r.values()) for r in office.rows()]
    sheet, parquet = office.folder / "r.xlsx", office.folder / "r.PARQUET"
    assert office.run("--engine", engine, out=sheet) == 0
    header, *cells = CalamineWorkbook.from_path(str(sheet)).get_sheet_by_index(0).to_python()
    assert header == COLUMNS
    assert [[f"{c:.2f}" if isinstance(c, float) else c for c in one] for one in cells] == expected
    assert office.run("--engine", engine, out=parquet) == 0
    table = pq.read_table(parquet)
    assert table.schema.names == COLUMNS
    assert str(table.schema.field("paid_amt").type) == "decimal128(14, 2)"
    assert [["" if c is None else str(c) for c in one.values()] for one in table.to_pylist()] == expected
    assert table.column("paid_amt").to_pylist()[0] == Decimal("1000.00")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
def test_三种输入格式_中文列名_顺序不限(form: str, engine: str, office: Office) -> None:
    chinese = [
        "医院等级",
        "结算编号",
        "人员编号",
        "结算时间",
        "医疗类别",
        "符合政策范围金额",
        "基本医保统筹",
        "参保地",
        "就医地",
    ]
    cells = [["2", "S1", "P1", "20240510", "21", "1000.00", "300.00", "141122", "141122"]]
    write = {"csv": write_csv, "xlsx": write_xlsx, "parquet": write_parquet}[form]
    people = [["身份", "人员编号", "开始时间"], ["城乡低保家庭成员", "P1", "2024-01-01"]]
    persons = write(office.folder / f"p.{form}", people)
    settlements = write(office.folder / f"s.{form}", [chinese, *cells])
    assert office.run("--engine", engine, persons=persons, settlements=settlements) == 0
    assert [(r["setl_id"], r["identity"], r["paid_amt"]) for r in office.rows()] == [("S1", "低保对象", "490.00")]


# --- exit status 0 ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("rows", "word"),
    [
        pytest.param([row("S1", refd_setl_flag="1", scope="-5.00")], "已冲正", id="只有冲正的"),
        pytest.param([row("S1", "P9")], "人员不在名册", id="人不在名册"),
        pytest.param([row("S1", "P2", med_type="14")], "身份不救助该类费用", id="不救助的类别"),
        pytest.param([row("S1"), row("S1")], "完全相同", id="相同的行只计一次"),
        pytest.param([row("S1", medfee_sumamt="5.00", fulamt_ownpay_amt="1.00")], "医疗费总额不等于", id="金额不平"),
        pytest.param([row("S1", paid="1000.01")], "超过符合政策范围金额", id="报销超过政策范围"),
        pytest.param([row("S1", setl_time="2023-05-10")], "不在政策 jiaocheng-2024 的有效期", id="有效期外"),
        pytest.param([], "结算", id="没有结算"),
    ],
)
def test_提醒和不享受救助不算错(rows: list[list[object]], word: str, engine: str, office: Office) -> None:
    office.give(*rows)
    assert office.run("--engine", engine, errors=office.errors) == 0
    assert word in office.told
    assert office.rows(office.errors) == []
    assert len({r["setl_id"] for r in office.rows()}) == min(len(rows), 1)


@pytest.mark.parametrize("engine", ENGINES)
def test_有效期外只提醒一次(engine: str, office: Office) -> None:
    dates = ("2023-12-31 23:59:59", "2024-01-01", "2024-12-31 23:59:59", "2025-01-01", "2022-05-05")
    office.give(*(row(f"S{n}", setl_time=date) for n, date in enumerate(dates)))
    assert office.run("--engine", engine) == 0
    assert office.told.count("不在政策 jiaocheng-2024 的有效期") == 1
    assert {r["paid_amt"] for r in office.rows()} == {"700.00", "0.00"}, "the identity begins in 2024"
    office.give(*(row(f"S{n}", setl_time=date) for n, date in enumerate(dates[1:3])))
    assert office.run("--engine", engine) == 0
    assert "的有效期" not in office.told


def test_说明用的是哪一份政策(office: Office) -> None:
    office.give(row("S1"))
    assert office.run() == 0
    digest = hashlib.sha256(shipped("policies", "jiaocheng-2024.yaml").read_bytes()).hexdigest()
    assert f"依据政策 jiaocheng-2024（校验码 {digest[:12]}）" in office.told


@pytest.mark.parametrize("engine", ENGINES)
def test_几份政策按结算日期选用(engine: str, office: Office) -> None:
    first, second = MADE_UP / "shili-2025-first.yaml", MADE_UP / "shili-2025-second.yaml"
    dates = ("2024-12-31", "2025-06-30 23:59:59", "2025-07-01")
    office.give(*(row(f"S{n}", scope="3000.00", setl_time=date) for n, date in enumerate(dates)))
    for pair in ((first, second), (second, first)):
        assert office.run("--engine", engine, "--policy", str(pair[1]), policy=pair[0]) == 0
        found = office.rows()
        assert "没有在有效期内的政策文件" in found[0]["note"]
        assert [(r["paid_amt"], r["ratio"]) for r in found[1:]] == [("600.00", "0.60"), ("2100.00", "0.70")]
        assert "仍按该政策计算" not in office.told


def test_不认识的列只说一次_不拒绝(office: Office) -> None:
    write_csv(office.settlements, [[*HEADER, "备注", "经办人"], *([*r, "x", "y"] for r in GOOD)])
    assert office.run() == 0
    assert office.told.count("备注") == 1
    assert "经办人" in office.told


def test_别处已付的救助不进入计算(office: Office) -> None:
    write_csv(office.settlements, [[*HEADER, "maf_pay"], *([*r, "999.00"] for r in GOOD)])
    assert office.run("--brief") == 0
    assert [r["paid_amt"] for r in office.rows()] == ["1000.00", "700.00", "700.00"]


def test_缺金额列按零计算_提醒(office: Office) -> None:
    columns = [name for name in HEADER if name != "act_pay_dedc"]
    cells = [[r[HEADER.index(name)] for name in columns] for r in GOOD]
    write_csv(office.settlements, [columns, *cells])
    assert office.run(policy="maqiao-2024") == 0
    assert "act_pay_dedc" in office.told
    assert office.run(policy="jiaocheng-2024") == 0
    assert "act_pay_dedc" not in office.told


# --- exit status 1: rows ----------------------------------------------------------------------------------------------

BAD_ROWS = {
    "三位小数": (row("X", "P0", "1.005"), "inscp_scp_amt", "1.005"),
    "全角数字": (row("X", "P0", "１００"), "inscp_scp_amt", "１００"),
    "千位分隔": (row("X", "P0", "1,000.00"), "inscp_scp_amt", "1,000.00"),
    "科学计数": (row("X", "P0", "1e5"), "inscp_scp_amt", "1e5"),
    "负数": (row("X", "P0", "-1.00"), "inscp_scp_amt", "-1.00"),
    "政策范围金额为空": (row("X", "P0", ""), "inscp_scp_amt", ""),
    "统筹支付为空": (row("X", "P0", paid=""), "hifp_pay", ""),
    "不存在的日子": (row("X", "P0", setl_time="2024-02-30"), "setl_time", "2024-02-30"),
    "医疗类别为空": (row("X", "P0", med_type=""), "med_type", ""),
    "结算编号为空": (row("", "P0"), "setl_id", ""),
    "退费标志不认识": (row("X", "P0", refd_setl_flag="2"), "refd_setl_flag", "2"),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", BAD_ROWS)
def test_坏行退回_此人当年全部暂不计算_别人照算(name: str, engine: str, office: Office) -> None:
    bad, column, value = BAD_ROWS[name]
    office.give(*GOOD, bad)
    assert office.run("--engine", engine, errors=office.errors) == 1
    (error,) = office.rows(office.errors)
    assert list(error) == ERROR_COLUMNS
    assert (error["file"], error["sheet"], error["row"], error["column"]) == ("结算.csv", "", "8", column)
    assert error["value"] == value
    assert "暂不计算" in error["message"] and error["advice"]
    assert {r["setl_id"] for r in office.rows()} == {"S2", "S10", "S3", "S4", "s5"}
    assert "第 8 行" in office.told


@pytest.mark.parametrize("engine", ENGINES)
def test_坏行只影响当年(engine: str, office: Office) -> None:
    office.give(row("A", setl_time="2023-05-10"), row("B"), row("C", scope="x"), row("D", setl_time="2025-05-10"))
    write_csv(
        office.persons, [PERSON_HEADER, person(psn_no="P1", begntime="2020-01-01", endtime="", certno="", brdy="")]
    )
    assert office.run("--engine", engine) == 1
    assert [r["setl_id"] for r in office.rows()] == ["A", "D"]


@pytest.mark.parametrize("engine", ENGINES)
def test_看不出年份的坏行_各年都不算(engine: str, office: Office) -> None:
    office.give(row("A", setl_time="2023-05-10"), row("B"), row("C", setl_time="x"), row("D", "P0"))
    assert office.run("--engine", engine) == 1
    assert [r["setl_id"] for r in office.rows()] == ["D"]


@pytest.mark.parametrize("engine", ENGINES)
def test_名册里的坏行_此人各年都不算(engine: str, office: Office) -> None:
    bad = person(psn_no="P1", begntime="2024-06-01", endtime="2024-05-31", certno="", brdy="")
    write_csv(office.persons, [*PEOPLE, bad])
    assert office.run("--engine", engine, errors=office.errors) == 1
    assert [r["setl_id"] for r in office.rows()] == ["S1", "S3", "S4"]
    assert [(e["file"], e["row"], e["column"]) for e in office.rows(office.errors)] == [("名册.csv", "5", "endtime")]


@pytest.mark.parametrize("engine", ENGINES)
def test_同一编号不同内容_各行都退回(engine: str, office: Office) -> None:
    office.give(*GOOD, row("S10", "P2"))
    assert office.run("--engine", engine, errors=office.errors) == 1
    assert [(e["row"], e["rule"]) for e in office.rows(office.errors)] == [
        ("3", "setl-id-conflict"),
        ("8", "setl-id-conflict"),
    ]
    assert [r["setl_id"] for r in office.rows()] == ["S1", "S4"]


def test_没有错误清单时_每个坏行都说到(office: Office) -> None:
    office.give(*(row(f"B{n}", f"P{n}", "x") for n in range(150)))
    assert office.run() == 1
    assert [n for n in range(2, 152) if f"第 {n} 行" not in office.told] == []


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
def test_错误清单的格式(suffix: str, office: Office) -> None:
    errors = office.folder / f"e{suffix}"
    office.give(*GOOD, row("=1+1", "P0", "x"))
    assert office.run(errors=errors) == 1
    if suffix == ".csv":
        assert errors.read_bytes().startswith(b"\xef\xbb\xbf" + ",".join(ERROR_COLUMNS).encode() + b"\r\n")
    elif suffix == ".parquet":
        assert pq.read_table(errors).schema.names == ERROR_COLUMNS
        assert pq.read_table(errors).column("row").to_pylist() == [8]
    else:
        header, first = CalamineWorkbook.from_path(str(errors)).get_sheet_by_index(0).to_python()
        assert (header, first[2], first[4]) == (ERROR_COLUMNS, 8, "x")


def test_没有错误时错误清单只有列名(office: Office) -> None:
    assert office.run(errors=office.errors) == 0
    assert office.errors.read_bytes() == b"\xef\xbb\xbf" + ",".join(ERROR_COLUMNS).encode() + b"\r\n"


# --- exit status 1: files ---------------------------------------------------------------------------------------------

BEGIN = b"setl_id,psn_no,setl_time,med_type,inscp_scp_amt,hifp_pay\r\nS1,P1,2024-05-10,21,1,0\r\n"
BROKEN = {
    "空文件": b"",
    "缺必需的列": b"psn_no,setl_time\r\nP1,2024-05-10\r\n",
    "引号不成对": BEGIN + b'"S2,P1\r\n',
    "网页": b"<html><table><tr><td>setl_id</td></tr></table></html>",
    "乱码": bytes(range(128, 256)) * 10,
    "中间有空字符": BEGIN + b"S\x002,P1\r\n",
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("which", ["persons", "settlements"])
@pytest.mark.parametrize("name", BROKEN)
def test_文件不能使用_不写结果_原有的不动(name: str, which: str, engine: str, office: Office) -> None:
    broken = office.folder / "坏.csv"
    broken.write_bytes(BROKEN[name])
    assert office.run("--engine", engine, **{which: broken}, errors=office.errors) == 1
    assert not office.out.exists()
    assert {e["file"] for e in office.rows(office.errors)} == {"坏.csv"}
    assert "没有写出结果" in office.told
    office.out.write_bytes(b"old")
    assert office.run("--engine", engine, **{which: broken}) == 1
    assert office.out.read_bytes() == b"old"


@pytest.mark.parametrize("name", ["insuplc_admdvs", "mdtrtarea_admvs"])
@pytest.mark.parametrize("engine", ENGINES)
def test_政策用到的列不能缺(engine: str, name: str, office: Office) -> None:
    columns = [column for column in HEADER if column != name]
    write_csv(office.settlements, [columns, *([r[HEADER.index(c)] for c in columns] for r in GOOD)])
    assert office.run("--engine", engine) == 1
    assert name in office.told and not office.out.exists()
    assert office.run("--engine", engine, policy="junshan-2022") == 0


def test_险种列只在政策用到时才必需(office: Office) -> None:
    columns = [column for column in HEADER if column != "insutype"]
    write_csv(office.settlements, [columns, *([r[HEADER.index(c)] for c in columns] for r in GOOD)])
    assert office.run(policy="jiaocheng-2024") == 0
    for policy in ("fukang-2024", "maqiao-2024"):
        office.out.unlink(missing_ok=True)
        assert office.run(policy=policy) == 1
        assert not office.out.exists()


def test_政策文件有错_不计算(office: Office) -> None:
    broken = office.folder / "p.yaml"
    broken.write_text(
        (MADE_UP / "shili-tiers.yaml").read_text(encoding="utf-8").replace("0.50", "0.5x"), encoding="utf-8"
    )
    assert office.run(policy=broken) == 1
    assert not office.out.exists()
    assert "p.yaml" in office.told


@pytest.mark.parametrize("engine", ENGINES)
def test_算好的结果替换原有的(engine: str, office: Office) -> None:
    office.out.write_bytes(b"old")
    assert office.run("--engine", engine) == 0
    assert len(office.rows()) == 6


# --- exit status 2 ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        pytest.param({"policy": "没有-2024"}, "没有名为", id="没有这个政策"),
        pytest.param({"policy": None}, "--policy", id="没写政策"),
        pytest.param({"persons": None}, "--persons", id="没写名册"),
        pytest.param({"settlements": None}, "--settlements", id="没写结算"),
        pytest.param({"out": None}, "--out", id="没写结果"),
        pytest.param({"engine": "spark"}, "spark", id="还没有的引擎"),
        pytest.param({"persons": "没有.csv"}, "没有.csv", id="没有名册文件"),
        pytest.param({"settlements": "没有.csv"}, "没有.csv", id="没有结算文件"),
        pytest.param({"out": "结果.xls"}, ".csv", id="结果后缀不认识"),
        pytest.param({"out": "结果"}, ".csv", id="结果没有后缀"),
        pytest.param({"out": "没有的文件夹/结果.csv"}, "没有的文件夹", id="结果文件夹不存在"),
        pytest.param({"errors": "错误.txt"}, ".csv", id="错误清单后缀不认识"),
        pytest.param({"unknown": "1"}, "--unknown", id="不认识的选项"),
    ],
)
def test_用法不对(changed: dict[str, object], word: str, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(office.folder)
    before = {path.name for path in office.folder.iterdir()}
    assert office.run(**changed) == 2
    assert word in office.told
    assert {path.name for path in office.folder.iterdir()} == before


@pytest.mark.parametrize("which", ["persons", "settlements", "errors"])
def test_结果不能盖住别的文件(which: str, office: Office) -> None:
    target = office.folder / "e.csv" if which == "errors" else getattr(office, which)
    content = target.read_bytes() if target.exists() else b""
    changed: dict[str, object] = {"out": target, **({"errors": target} if which == "errors" else {})}
    assert office.run(**changed) == 2
    assert (target.read_bytes() if target.exists() else b"") == content


def test_文件夹不是文件(office: Office) -> None:
    folder = office.folder / "夹.csv"
    folder.mkdir()
    for which in ("persons", "settlements", "out", "errors"):
        assert office.run(**{which: folder}) == 2


def test_不是同一地区的政策不能一起用(office: Office) -> None:
    assert office.run("--policy", "maqiao-2024") == 2
    assert not office.out.exists()


def test_同一政策写两次只算一次(office: Office) -> None:
    assert office.run("--policy", "jiaocheng-2024") == 0
    assert len(office.rows()) == 6


def test_结果写在标准错误上的话都是中文(office: Office) -> None:
    office.give(*GOOD, row("X", "P0", "1,5"))
    assert office.run() == 1
    assert office.said == ""
    assert all(any("\u4e00" <= char <= "\u9fff" for char in line) for line in office.told.splitlines() if line.strip())
