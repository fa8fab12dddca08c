"""Settlement rows: what counts, what is refused and whom that withholds, what is only warned of."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

from tests.intake.written import SETTLEMENT_HEADER, settlement, write_csv, write_xlsx
from tuodi.intake.settlements import SettlementsFile, read_settlements
from tuodi.kernel.finding import Severity

CASES = Path(__file__).parents[1] / "cases" / "shared"


def read(folder: Path, *rows: Sequence[object], header: Sequence[str] = SETTLEMENT_HEADER) -> SettlementsFile:
    return read_settlements(write_csv(folder / "结算.csv", [header, *rows]))


def rules(file: SettlementsFile, severity: Severity = Severity.ERROR) -> list[tuple[int | None, str, str]]:
    return [(f.row, f.column, f.rule) for f in file.findings if f.severity is severity]


def test_一条结算(tmp_path: Path) -> None:
    file = read(tmp_path, settlement())
    assert file.usable
    assert file.findings == ()
    assert file.refused == frozenset()
    (one,) = file.settlements
    assert (one.setl_id, one.psn_no, one.setl_time) == ("S001", "P001", datetime(2024, 5, 6, 10, 20, 30))
    assert (one.med_type, one.insutype, one.insuplc_admdvs, one.mdtrtarea_admvs, one.hosp_lv) == (
        "21", "390", "990101", "990101", "2",
    )  # fmt: skip
    assert (one.medfee_sumamt, one.inscp_scp_amt, one.act_pay_dedc) == (100000, 90000, 20000)
    assert (one.insured_fen, one.hifp_pay, one.hifmi_pay) == (56000, 50000, 6000)
    assert (one.maf_pay, one.psn_cash_pay, one.reversed, one.row) == (0, 0, False, 2)


BAD_CELLS = [
    ("结算编号为空", "setl_id", "", "cell-empty", 2024),
    ("医疗类别为空", "med_type", "", "cell-empty", 2024),
    ("结算时间为空", "setl_time", "", "cell-empty", None),
    ("结算时间不存在", "setl_time", "2024-13-05", "date-invalid", None),
    ("政策范围金额为空", "inscp_scp_amt", "", "cell-empty", 2024),
    ("统筹支付为空", "hifp_pay", " ", "cell-empty", 2024),
    ("三位小数", "medfee_sumamt", "1.234", "amount-decimals", 2024),
    ("全角数字", "hifmi_pay", "１２", "amount-full-width", 2024),
    ("负的统筹支付", "hifp_pay", "-0.01", "amount-negative", 2024),
    ("负的全自费", "fulamt_ownpay_amt", "-0.01", "amount-negative", 2024),
    ("负的其他支付", "oth_pay", "-0.01", "amount-negative", 2024),
    ("标志为二", "refd_setl_flag", "2", "flag-value", 2024),
    ("编号成了小数", "setl_id", "12.0", "id-as-number", 2024),
]


@pytest.mark.parametrize(
    ("name", "value", "rule", "year"), [case[1:] for case in BAD_CELLS], ids=[case[0] for case in BAD_CELLS]
)
def test_有误的行(tmp_path: Path, name: str, value: str, rule: str, year: int | None) -> None:
    file = read(tmp_path, settlement(**{name: value}), settlement(setl_id="S002", psn_no="P002"))
    assert file.usable
    assert [one.setl_id for one in file.settlements] == ["S002"]
    assert file.refused == {("P001", year)}
    (finding,) = file.findings
    assert (finding.rule, finding.row, finding.column, finding.value) == (rule, 2, name, value)
    assert finding.file == "结算.csv"
    assert f"人员 P001 {'2024 年' if year else '各年度'}的结算全部暂不计算" in finding.message
    assert finding.advice


def test_人员编号为空时无人可暂缓(tmp_path: Path) -> None:
    file = read(tmp_path, settlement(psn_no=""))
    assert file.refused == frozenset()
    assert "看不出是哪个人" in file.findings[0].message


def test_负的医疗救助金额(tmp_path: Path) -> None:
    file = read(tmp_path, [*settlement(), "-1.00"], header=[*SETTLEMENT_HEADER, "maf_pay"])
    assert rules(file) == [(2, "maf_pay", "amount-negative")]


@pytest.mark.parametrize(("flag", "counts"), [("", True), ("0", True), ("1", False)])
def test_冲正标志(tmp_path: Path, flag: str, counts: bool) -> None:
    file = read(tmp_path, settlement(refd_setl_flag=flag))
    assert file.settlements[0].reversed is not counts
    assert (file.totals.reversed, file.totals.hifp_fen) == ((0, 50000) if counts else (1, 0))


def test_已冲正的行金额可以为负也不核对(tmp_path: Path) -> None:
    file = read(tmp_path, settlement(refd_setl_flag="1", hifp_pay="-500.00", medfee_sumamt="-7.00"))
    assert file.findings == ()
    assert file.settlements[0].hifp_pay == -50000


def test_已冲正的行格式仍须正确(tmp_path: Path) -> None:
    assert rules(read(tmp_path, settlement(refd_setl_flag="1", hifp_pay="五百"))) == [(2, "hifp_pay", "amount-format")]


def test_缺少的列和空的金额按零(tmp_path: Path) -> None:
    header = ["setl_id", "psn_no", "setl_time", "med_type", "inscp_scp_amt", "hifp_pay", "hifmi_pay"]
    file = read(tmp_path, ["S1", "P1", "2024-01-01", "21", "100", "40", ""], header=header)
    (one,) = file.settlements
    assert (one.hifmi_pay, one.oth_pay, one.insutype, one.setl_time) == (0, 0, "", datetime(2024, 1, 1))
    assert file.findings == ()


def test_政策用到的列不能没有(tmp_path: Path) -> None:
    header = ["setl_id", "psn_no", "setl_time", "med_type", "inscp_scp_amt", "hifp_pay"]
    path = write_csv(tmp_path / "a.csv", [header, ["S1", "P1", "2024-01-01", "21", "100", "40"]])
    assert read_settlements(path).usable
    file = read_settlements(path, frozenset({"insutype"}))
    assert not file.usable
    assert file.settlements == ()
    assert file.findings[0].rule == "column-missing"


def test_相同的行只计一次(tmp_path: Path) -> None:
    file = read(tmp_path, settlement(), settlement(hosp_lv=" 2 "), settlement(medfee_sumamt="1000"))
    assert [one.row for one in file.settlements] == [2]
    assert rules(file, Severity.WARNING) == [(3, "setl_id", "setl-id-copied")]
    assert (file.totals.rows, file.totals.accepted, file.totals.duplicates, file.totals.refused) == (3, 1, 2, 0)
    assert file.refused == frozenset()


@pytest.mark.parametrize("name", ["hifp_pay", "preselfpay_amt", "fixmedins_code", "psn_no", "setl_time"])
def test_同一编号内容不同则每一行都有误(tmp_path: Path, name: str) -> None:
    other = {"psn_no": "P009", "setl_time": "2023-05-06", "fixmedins_code": "H2"}.get(name, "20.01")
    file = read(tmp_path, settlement(), settlement(), settlement(**{name: other}), settlement(setl_id="S2"))
    assert [one.setl_id for one in file.settlements] == ["S2"]
    assert rules(file) == [(row, "setl_id", "setl-id-conflict") for row in (2, 3, 4)]
    assert ("P001", 2024) in file.refused
    assert len(file.refused) == (2 if name in ("psn_no", "setl_time") else 1)
    assert (file.totals.refused, file.totals.duplicates) == (3, 0)


def test_与有误的行同一编号的行也有误(tmp_path: Path) -> None:
    file = read(tmp_path, settlement(hifp_pay="甲", psn_no="P009"), settlement())
    assert file.settlements == ()
    assert rules(file) == [(2, "hifp_pay", "amount-format"), (3, "setl_id", "setl-id-conflict")]
    assert file.refused == {("P009", 2024), ("P001", 2024)}


CHECKS = [
    ("各部分之和相等", {}, []),
    ("各部分之和差一分", {"preselfpay_amt": "20.01"}, [("medfee_sumamt", "parts-scope")]),
    ("有一部分为空则不核对", {"preselfpay_amt": ""}, []),
    ("保险支付恰为政策范围金额", {"hifp_pay": "840.00"}, []),
    ("保险支付超出一分", {"hifp_pay": "840.01"}, [("inscp_scp_amt", "insurers-over-scope")]),
]


@pytest.mark.parametrize(("changes", "expected"), [case[1:] for case in CHECKS], ids=[case[0] for case in CHECKS])
def test_核对后只提示(tmp_path: Path, changes: dict[str, str], expected: list[tuple[str, str]]) -> None:
    file = read(tmp_path, settlement(**changes))
    assert len(file.settlements) == 1
    assert rules(file, Severity.WARNING) == [(2, column, rule) for column, rule in expected]


@pytest.mark.parametrize(
    ("parts", "warned"),
    [(("600", "400", "0"), False), (("600", "400", "0.01"), True), (("600", "400", ""), False)],
)
def test_基金与个人负担之和(tmp_path: Path, parts: tuple[str, ...], warned: bool) -> None:
    header = [*SETTLEMENT_HEADER, "fund_pay_sumamt", "psn_part_amt", "hosp_part_amt"]
    file = read(tmp_path, [*settlement(), *parts], header=header)
    assert rules(file, Severity.WARNING) == ([(2, "medfee_sumamt", "parts-shares")] if warned else [])


@pytest.mark.parametrize("change", [lambda row: row[:-1], lambda row: [*row, ""], lambda row: [row[0], "多", *row[1:]]])
def test_列数不对的行(tmp_path: Path, change: object) -> None:
    file = read(tmp_path, change(settlement()), settlement(setl_id="S2", psn_no="P2"))  # type: ignore[operator]
    assert [one.setl_id for one in file.settlements] == ["S2"]
    assert rules(file) == [(2, "", "row-width")]
    assert ("P001", None) in file.refused


def test_编号是数值的单元格(tmp_path: Path) -> None:
    rows = [SETTLEMENT_HEADER, settlement(psn_no=1001, setl_id=5.0)]
    file = read_settlements(write_xlsx(tmp_path / "a.xlsx", rows))
    assert [(f.column, f.rule, f.value, f.sheet) for f in file.findings] == [
        ("setl_id", "id-as-number", "5", "明细"),
        ("psn_no", "id-as-number", "1001", "明细"),
    ]
    assert file.refused == {("1001", 2024)}


def test_控制总数(tmp_path: Path) -> None:
    file = read(
        tmp_path,
        settlement(),
        settlement(),
        settlement(setl_id="S2", refd_setl_flag="1"),
        settlement(setl_id="S3", psn_no="P2"),
        settlement(setl_id="S4", psn_no="P3", hifp_pay=""),
    )
    totals = file.totals
    assert (totals.rows, totals.accepted, totals.refused, totals.duplicates) == (5, 3, 1, 1)
    assert (totals.reversed, totals.persons) == (1, 2)
    assert (totals.medfee_fen, totals.inscp_fen, totals.hifp_fen, totals.maf_fen) == (200000, 180000, 100000, 0)
    assert ("医疗费总额（元）", "2,000.00") in totals.lines()


@pytest.mark.parametrize("case", ["fukang-2024", "jiaocheng-2024", "junshan-2022", "maqiao-2024"])
def test_核对过的四地数据没有错误(case: str) -> None:
    path = CASES / case / "settlements.csv"
    file = read_settlements(path, frozenset({"insutype", "insuplc_admdvs", "mdtrtarea_admvs", "hosp_lv"}))
    assert file.usable
    assert [f for f in file.findings if f.is_error] == []
    assert len(file.settlements) == len(path.read_text(encoding="utf-8-sig").splitlines()) - 1
