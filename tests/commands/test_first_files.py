"""What a clerk's first files hold: totals, words for codes, files swapped. Both engines answer alike."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.assessment.runs import book_of, run
from tests.assessment.test_columnar_limits import same_answer
from tests.intake.written import PERSON_HEADER, SETTLEMENT_HEADER, person, settlement, write_csv, write_parquet
from tuodi.commands.main import main

Table = list[list[object]]
WRITERS: dict[str, Callable[[Path, Sequence[Sequence[object]]], Path]] = {"csv": write_csv, "parquet": write_parquet}
PEOPLE: Table = [
    [*PERSON_HEADER],
    *(person(psn_no=f"P{n}", certno="", brdy="", begntime="2024-01-01", endtime="") for n in range(4)),
]
ROWS: Table = [
    settlement(setl_id=f"S{n}", psn_no=f"P{n}", insuplc_admdvs="141122", mdtrtarea_admvs="141122") for n in range(4)
]


def foot(header: Sequence[str], **cells: str) -> list[object]:
    return [cells.get(name, "") for name in header]


@pytest.mark.parametrize("suffix", WRITERS)
@pytest.mark.parametrize("label", ["", "序号"])
def test_两个引擎都略去合计行(label: str, suffix: str, tmp_path: Path) -> None:
    write = WRITERS[suffix]
    totals = foot(SETTLEMENT_HEADER, hifp_pay="2000.00", **({} if label else {"setl_id": "合计"}))
    people = [*PEOPLE, foot(PERSON_HEADER, **({} if label else {"psn_no": "小计"}))]
    table = [[*SETTLEMENT_HEADER], *ROWS[:2], totals, *ROWS[2:], totals]
    if label:
        table = [[label, *table[0]], *(["合计" if row is totals else "1", *row] for row in table[1:])]
        people = [[label, *people[0]], *(["1", *row] for row in people[1:-1]), ["合计", *people[-1]]]
    persons, settlements = write(tmp_path / f"p.{suffix}", people), write(tmp_path / f"s.{suffix}", table)
    answer = same_answer(book_of("jiaocheng-2024"), persons, settlements)
    assert [(f.file[0], f.row) for f in answer.findings if f.rule == "foot-row"] == [("p", 6), ("s", 4), ("s", 7)]
    assert not any(f.is_error for f in answer.findings)
    assert len(answer.rows) == answer.summary.settlements == 4
    assert answer.summary.withheld == 0


@pytest.mark.parametrize("suffix", WRITERS)
@pytest.mark.parametrize(
    ("name", "cell"),
    [("med_type", "普通住院"), ("insutype", "城乡居民"), ("insuplc_admdvs", "交城县"), ("hosp_lv", "三级")],
)
def test_代码写成文字_两个引擎都退回(name: str, cell: str, suffix: str, tmp_path: Path) -> None:
    rows = [[*row] for row in ROWS]
    rows[1][SETTLEMENT_HEADER.index(name)] = cell
    write = WRITERS[suffix]
    files = write(tmp_path / f"p.{suffix}", PEOPLE), write(tmp_path / f"s.{suffix}", [SETTLEMENT_HEADER, *rows])
    for policy in ("jiaocheng-2024", "maqiao-2024"):
        answer = same_answer(book_of(policy), *files)
        (error,) = [f for f in answer.findings if f.is_error]
        assert (error.rule, error.row, error.column, error.value) == ("code-format", 3, name, cell)
        assert {row["setl_id"] for row in answer.rows} == {"S0", "S2", "S3"}


@pytest.mark.parametrize("cell", ["示例县人民医院", "H 001", "Ｈ００１", "12345.0", "H-1（分院）"])
@pytest.mark.parametrize("engine", ["python", "columnar"])
def test_医药机构编号的写法不影响任何人(engine: str, cell: str, tmp_path: Path) -> None:
    rows = [[*row] for row in ROWS]
    rows[1][SETTLEMENT_HEADER.index("fixmedins_code")] = cell
    files = write_csv(tmp_path / "p.csv", PEOPLE), write_csv(tmp_path / "s.csv", [SETTLEMENT_HEADER, *rows])
    answer = run(engine, book_of("jiaocheng-2024"), *files)
    assert not any(f.is_error for f in answer.findings)
    assert len(answer.rows) == 4


def _assess(folder: Path, persons: Path, settlements: Path, *more: str) -> int:
    files = ["--persons", str(persons), "--settlements", str(settlements), "--out", str(folder / "结果.csv")]
    return main(["assess", "--policy", "jiaocheng-2024", *files, *more])


def test_合计行不影响退出码_只说一句(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    total = foot(SETTLEMENT_HEADER, setl_id="本页合计", hifp_pay="1.00")
    persons = write_csv(tmp_path / "名册.csv", PEOPLE)
    settlements = write_csv(tmp_path / "结算.csv", [SETTLEMENT_HEADER, *ROWS[:2], total, *ROWS[2:], total])
    assert _assess(tmp_path, persons, settlements) == 0
    told = capsys.readouterr().err
    assert "结算.csv：有 2 行是合计行，不是数据，未读取：第 4、7 行" in told
    assert "错误" not in told


@pytest.mark.parametrize("title", [False, True])
def test_名册和结算写反了(title: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    above: Table = [["示例县医疗救助", ""]] if title else []
    persons = write_csv(tmp_path / "名册.csv", [*above, *PEOPLE])
    settlements = write_csv(tmp_path / "结算.csv", [*above, SETTLEMENT_HEADER, *ROWS])
    assert _assess(tmp_path, settlements, persons) == 1
    told = capsys.readouterr().err.splitlines()
    assert told[0] == "文件不能使用，没有写出结果："
    assert "这像是结算明细，是不是把 --persons 和 --settlements 写反了？" in told[1]
    assert "这像是对象名册，是不是把 --settlements 和 --persons 写反了？" in told[2]
    assert len([line for line in told if line.startswith("错误：")]) == 2
    assert not (tmp_path / "结果.csv").exists()


@pytest.mark.parametrize("command", ["assess", "screen"])
def test_文件不能用先说_不列另一个文件的行(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    people = [PEOPLE[0], *(person(psn_no=f"P{n}", certno="", begntime="2024/1/1") for n in range(30))]
    persons = write_csv(tmp_path / "名册.csv", people)
    settlements = write_csv(tmp_path / "结算.csv", [["结算编码序", "人员编号", "姓名"], ["S1", "P1", "甲"]])
    files = ["--persons", str(persons), "--settlements", str(settlements), "--out", str(tmp_path / "结果.csv")]
    errors = tmp_path / "错误.csv"
    assert main([command, "--policy", "jiaocheng-2024", *files]) == 1
    told = capsys.readouterr().err
    assert told.startswith(
        "文件不能使用，没有写出结果：\n错误：结算.csv 第 1 行：结算明细缺少必需的列 setl_id（结算编号）"
    )
    assert "第 2 行" not in told
    assert "另有 30 处" in told
    assert main([command, "--policy", "jiaocheng-2024", *files, "--errors", str(errors)]) == 1
    assert len(errors.read_text(encoding="utf-8-sig").splitlines()) > 31


def test_文件不能用_计算单也先说(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    people = [PEOPLE[0], *(person(psn_no=f"P{n}", certno="", begntime="2024/1/1") for n in range(30))]
    persons = write_csv(tmp_path / "名册.csv", people)
    settlements = write_csv(tmp_path / "结算.csv", [["人员编号", "姓名"], ["P1", "甲"]])
    files = ["--persons", str(persons), "--settlements", str(settlements), "--setl-id", "S1"]
    assert main(["explain", "--policy", "jiaocheng-2024", *files]) == 1
    told = capsys.readouterr().err
    assert told.startswith("错误：结算.csv 第 1 行：结算明细缺少必需的列")
    assert "名册.csv" not in told
