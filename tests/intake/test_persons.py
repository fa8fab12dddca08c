"""The roster: periods, certificates, and who is withheld. The certificate numbers are made up."""

from datetime import date
from pathlib import Path

import pytest

from tests.intake.written import PERSON_HEADER, person, write_csv, write_xlsx
from tuodi.intake.persons import PersonsFile, read_persons
from tuodi.kernel.finding import Severity

CASES = Path(__file__).parents[1] / "cases" / "shared"
GOOD_FIFTEEN = "110101900307453"
OTHER_GOOD = "110101199003072738"


def read(folder: Path, *rows: list[object]) -> PersonsFile:
    return read_persons(write_csv(folder / "名册.csv", [PERSON_HEADER, *rows]))


def test_一行名册(tmp_path: Path) -> None:
    file = read(tmp_path, person(begntime="2024-01-01 08:00:00", endtime="2024-08-28 23:59:59"))
    assert file.findings == ()
    (one,) = file.holdings
    assert (one.psn_no, one.identity, one.family_no, one.psn_name) == ("P001", "低保对象", "F01", "测试甲")
    assert (one.begin, one.end, one.birth, one.row) == (date(2024, 1, 1), date(2024, 8, 28), date(1990, 3, 7), 2)


def test_只有必填列(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [["人员编号", "对象类别", "开始时间"], ["P1", "特困人员", "20240101"]])
    (one,) = read_persons(path).holdings
    assert (one.end, one.certno, one.birth) == (None, "", None)


ROWS: list[tuple[str, dict[str, object], list[tuple[str, str, Severity]]]] = [
    ("结束等于开始", {"begntime": "2024-05-01", "endtime": "2024-05-01"}, []),
    (
        "结束早于开始一天",
        {"begntime": "2024-05-02", "endtime": "2024-05-01"},
        [("endtime", "period-reversed", Severity.ERROR)],
    ),
    ("同一天结束的钟点早于开始", {"begntime": "2024-05-01 12:00:00", "endtime": "2024-05-01 08:00:00"}, []),
    ("没有结束", {"endtime": ""}, []),
    ("身份为空", {"identity": ""}, [("identity", "cell-empty", Severity.ERROR)]),
    ("开始为空", {"begntime": ""}, [("begntime", "cell-empty", Severity.ERROR)]),
    ("开始日期不存在", {"begntime": "2023-02-29"}, [("begntime", "date-invalid", Severity.ERROR)]),
    ("证件号码为空", {"certno": ""}, []),
    ("校验码不符", {"certno": "110101199003074531"}, [("certno", "id-checksum", Severity.ERROR)]),
    (
        "出生日期不存在",
        {"certno": "110101199002304530", "brdy": ""},
        [("certno", "id-birth", Severity.ERROR), ("certno", "id-checksum", Severity.ERROR)],
    ),
    ("不足十八位的数字", {"certno": "11010119900307453"}, [("certno", "id-length", Severity.ERROR)]),
    ("十五位旧号", {"certno": GOOD_FIFTEEN}, []),
    ("护照号", {"certno": "E12345678"}, [("certno", "certno-other", Severity.WARNING)]),
    ("脱敏的号码", {"certno": "110101********4530"}, [("certno", "certno-masked", Severity.WARNING)]),
    ("号码成了科学计数法", {"certno": "1.10101E+17"}, [("certno", "id-as-number", Severity.ERROR)]),
    ("出生日期与证件不一致", {"brdy": "1990-03-08"}, [("brdy", "birth-differs", Severity.WARNING)]),
    ("出生日期有误", {"brdy": "1990-3-7"}, [("brdy", "date-notation", Severity.ERROR)]),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_名册的各种行(tmp_path: Path, changes: dict[str, object], expected: list[tuple[str, str, Severity]]) -> None:
    file = read(tmp_path, person(**changes), person(psn_no="P002", certno="", brdy=""))
    assert sorted((f.column, f.rule, f.severity) for f in file.findings) == sorted(expected)
    assert all(f.row == 2 and f.advice for f in file.findings)
    is_bad = any(severity is Severity.ERROR for *_, severity in expected)
    assert file.refused == ({"P001"} if is_bad else set())
    assert [one.psn_no for one in file.holdings] == (["P002"] if is_bad else ["P001", "P002"])
    assert (file.totals.rows, file.totals.refused) == (2, int(is_bad))


def test_有误的行说出暂不计算(tmp_path: Path) -> None:
    assert "人员 P001 各年度的待遇全部暂不计算" in read(tmp_path, person(begntime="")).findings[0].message


def test_好的行仍在_人被暂缓(tmp_path: Path) -> None:
    file = read(tmp_path, person(), person(begntime="明天"))
    assert len(file.holdings) == 1
    assert file.refused == {"P001"}


def test_一人两号与一号两人(tmp_path: Path) -> None:
    file = read(tmp_path, person(), person(certno=OTHER_GOOD), person(psn_no="P002"), person(certno=GOOD_FIFTEEN))
    assert [(f.row, f.rule, f.severity) for f in file.findings] == [
        (3, "certno-differs", Severity.WARNING),
        (4, "certno-shared", Severity.WARNING),
    ]
    assert len(file.holdings) == 4


def test_证件号码是数值的单元格(tmp_path: Path) -> None:
    file = read_persons(write_xlsx(tmp_path / "a.xlsx", [PERSON_HEADER, person(certno=110101199003074530)]))
    assert [(f.column, f.rule) for f in file.findings] == [("certno", "id-as-number")]
    assert file.refused == {"P001"}


def test_错列的行(tmp_path: Path) -> None:
    file = read(tmp_path, ["P001", "110101199003074530", "甲", "乙", *person()[3:]])
    assert [f.rule for f in file.findings] == ["row-width"]
    assert "P001" in file.refused


@pytest.mark.parametrize("case", ["fukang-2024", "jiaocheng-2024", "junshan-2022", "maqiao-2024"])
def test_核对过的四地名册没有问题(case: str) -> None:
    path = CASES / case / "persons.csv"
    file = read_persons(path)
    assert file.usable
    assert file.findings == ()
    assert len(file.holdings) == len(path.read_text(encoding="utf-8-sig").splitlines()) - 1
