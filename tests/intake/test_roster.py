"""The roster of an office: the rows of ``read_persons`` and region, telephone, death and the sort of change."""

from datetime import date
from pathlib import Path

import pytest

from tests.intake.written import PERSON_HEADER, person, write_csv, write_xlsx
from tuodi.intake.facts import Refusal
from tuodi.intake.persons import read_persons
from tuodi.intake.roster import RosterFile, read_roster
from tuodi.intake.sender_format import SenderFormat
from tuodi.kernel.finding import Severity

EXTRA = ("行政区划代码", "乡镇", "联系电话", "死亡日期", "变更类型")
HEADER = (*PERSON_HEADER, *EXTRA)


def row(*extra: object, **changes: object) -> list[object]:
    return [*person(**changes), *extra, *[""] * (len(EXTRA) - len(extra))]


def read(folder: Path, *rows: list[object], header: tuple[str, ...] = HEADER) -> RosterFile:
    return read_roster(write_csv(folder / "a.csv", [header, *rows]))


def told(file: RosterFile) -> list[tuple[str, Severity, int | None, str]]:
    return [(finding.rule, finding.severity, finding.row, finding.column) for finding in file.findings]


def test_一行的各项(tmp_path: Path) -> None:
    file = read(tmp_path, row("990101001", "示例镇", "0571-88888888", "2024-06-30", "注销"))
    (one,) = file.rows
    assert one.holding == read_persons(tmp_path / "a.csv").holdings[0]
    assert (one.region, one.tel, one.died_on, one.change) == ("990101001", "0571-88888888", date(2024, 6, 30), "ended")
    assert (file.findings, file.refusals) == ((), ())
    assert {"region_code", "region", "tel", "died_on", "change"} <= file.present


def test_没有这些列也可以(tmp_path: Path) -> None:
    file = read(tmp_path, person(), header=PERSON_HEADER)
    assert [(one.region, one.tel, one.died_on, one.change) for one in file.rows] == [("", "", None, "")]
    assert file.findings == ()


def test_没有代码时区划用名称(tmp_path: Path) -> None:
    assert read(tmp_path, row("", " 示例镇 ")).rows[0].region == "示例镇"


@pytest.mark.parametrize(
    ("tel", "kept"),
    [
        ("13800000000", "13800000000"), ("0571-8888888", "0571-8888888"), ("+86 138 0000 0000", "+86 138 0000 0000"),
        ("1234567", "1234567"), ("123456", ""), ("无", ""), ("1" * 21, ""), ("138000O0000", ""),
    ],
)  # fmt: skip
def test_电话不像样只提醒(tmp_path: Path, tel: str, kept: str) -> None:
    file = read(tmp_path, row("", "", tel))
    assert file.rows[0].tel == kept
    assert told(file) == ([] if kept else [("tel-format", Severity.WARNING, 2, "联系电话")])


def test_数值的电话和区划代码(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [HEADER, row(990101001, "", 13800000000)])
    assert [(one.region, one.tel) for one in read_roster(path).rows] == [("990101001", "13800000000")]


@pytest.mark.parametrize(
    ("word", "code"),
    [("新增", "new"), ("变动", "changed"), ("退出", "ended"), (" 注 销 ", "ended"), ("", "")],
)
def test_变更类型(tmp_path: Path, word: str, code: str) -> None:
    assert read(tmp_path, row("", "", "", "", word)).rows[0].change == code


@pytest.mark.parametrize(
    ("extra", "rule", "column"),
    [
        (("", "", "", "", "转移"), "word-unknown", "变更类型"),
        (("", "", "", "2024/6/30", ""), "date-notation", "死亡日期"),
        (("示例镇", "", "", "", ""), "code-format", "行政区划代码"),
        (("", "#REF!", "", "", ""), "cell-error", "乡镇"),
    ],
)
def test_这些列有误_该行不采用(tmp_path: Path, extra: tuple[str, ...], rule: str, column: str) -> None:
    file = read(tmp_path, row(*extra), row(psn_no="P002", certno=""))
    assert [one.holding.psn_no for one in file.rows] == ["P002"]
    assert told(file) == [(rule, Severity.ERROR, 2, column)]
    (refusal,) = file.refusals
    assert (refusal.psn_no, refusal.year, refusal.rule, refusal.row) == ("P001", None, rule, 2)
    assert "P001" not in refusal.message
    assert (file.totals.rows, file.totals.accepted, file.totals.refused) == (2, 1, 1)


@pytest.mark.parametrize(
    ("end", "died_on", "good"), [("", "", False), ("2024-12-31", "", True), ("", "2024-06-30", True)]
)
def test_注销要有结束时间(tmp_path: Path, end: str, died_on: str, good: bool) -> None:
    file = read(tmp_path, row("", "", "", died_on, "注销", endtime=end))
    assert len(file.rows) == good
    assert [finding.rule for finding in file.findings] == ([] if good else ["change-without-end"])


def test_几处有误只算一行(tmp_path: Path) -> None:
    file = read(tmp_path, row("示例镇", "", "", "坏", "坏", begntime=""))
    assert len([finding for finding in file.findings if finding.is_error]) == 4
    assert [(refusal.rule, refusal.row) for refusal in file.refusals] == [("cell-empty", 2)]
    assert file.totals.refused == 1


def test_完全相同的行只计一次(tmp_path: Path) -> None:
    file = read(tmp_path, row("", "示例镇"), row("", "示例镇"), row("", "示例镇", identity="特困人员"))
    assert [(one.holding.identity, one.holding.row) for one in file.rows] == [("低保对象", 2), ("特困人员", 4)]
    assert told(file) == [("row-copied", Severity.WARNING, 3, "psn_no")]
    assert (file.totals.accepted, file.totals.duplicates, file.totals.refused) == (2, 1, 0)


@pytest.mark.parametrize("changes", [{"endtime": "2024-06-30"}, {"family_no": "F02"}, {"psn_name": "测试乙"}])
def test_同一身份两行不同_都不采用(tmp_path: Path, changes: dict[str, object]) -> None:
    file = read(tmp_path, row(), row(**changes), row(psn_no="P002", certno=""))
    assert [one.holding.psn_no for one in file.rows] == ["P002"]
    errors = [each for each in told(file) if each[1] is Severity.ERROR]
    assert errors == [("row-conflict", Severity.ERROR, 2, "psn_no"), ("row-conflict", Severity.ERROR, 3, "psn_no")]
    assert [(refusal.psn_no, refusal.row) for refusal in file.refusals] == [("P001", 2), ("P001", 3)]
    assert (file.totals.accepted, file.totals.refused) == (1, 2)


def test_列数不对的行_两头的人都不采用(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [PERSON_HEADER, ["", *person()]])
    file = read_roster(path)
    assert {refusal.psn_no for refusal in file.refusals} == {"P001"}
    assert file.refusals[0] == Refusal("P001", None, "", "row-width", "列数与列名行不同", 2)


def test_看不出是哪个人(tmp_path: Path) -> None:
    file = read(tmp_path, row(psn_no=""))
    assert [(refusal.psn_no, refusal.rule) for refusal in file.refusals] == [("", "cell-empty")]


def test_合计行和报送格式(tmp_path: Path) -> None:
    rows = [HEADER, row(psn_no="'P001"), ["合计", *[""] * 12], ["完", *[""] * 12]]
    file = read_roster(write_csv(tmp_path / "a.csv", rows), SenderFormat(foot_rows=1, clean_ids=True))
    assert [one.holding.psn_no for one in file.rows] == ["P001"]
    assert [finding.rule for finding in file.findings] == ["ids-cleaned", "sender-foot-rows", "foot-row"]
    assert (file.totals.rows, file.totals.foot_rows) == (2, 1)


@pytest.mark.parametrize("rows", [[], [["合计", *[""] * 7]]])
def test_没有数据的名册不能用(tmp_path: Path, rows: list[list[object]]) -> None:
    file = read_roster(write_csv(tmp_path / "a.csv", [PERSON_HEADER, *rows]))
    assert (file.usable, file.findings[-1].rule) == (False, "file-no-rows")


def test_读不了的文件(tmp_path: Path) -> None:
    file = read_roster(write_csv(tmp_path / "a.csv", [["psn_no", "姓名"], ["P001", "测试甲"]]))
    assert (file.usable, file.rows, {finding.rule for finding in file.findings}) == (False, (), {"column-missing"})
