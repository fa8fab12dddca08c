"""``tuodi screen`` from file to file: against the window's payments or a list of payments, and what is left out."""

import csv
from pathlib import Path

import pytest

from tuodi.commands.main import main

COLUMNS = ["rank", "psn_no", "setl_id", "kind", "due_amt", "paid_amt", "diff_amt", "reason"]
PERSONS = """psn_no,identity,begntime,endtime
P1,低保对象,2020-01-01,
P2,特困人员,2024-06-01,
P3,低保对象,2020-01-01,
"""
SETTLEMENTS = """\
setl_id,psn_no,setl_time,med_type,inscp_scp_amt,hifp_pay,insuplc_admdvs,mdtrtarea_admvs,maf_pay,refd_setl_flag
S1,P1,2024-05-01,21,1000.00,0.00,141122,141122,700.00,0
S2,P1,2024-05-02,21,1000.00,0.00,141122,141122,0.00,0
S3,P1,2024-05-03,21,1000.00,0.00,141122,141122,699.99,0
S4,P2,2024-05-31,21,1000.00,0.00,141122,141122,50.00,0
S5,P2,2024-06-01,21,1000.00,0.00,141122,141122,2000.00,0
S6,P1,2024-05-04,21,1000.00,0.00,141122,141122,700.00,1
S7,P3,2024-05-04,21,1000.00,0.00,141122,141122,0.00,0
"""


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture
def county(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a small county's files, and the working directory."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "名册.csv").write_text(PERSONS, encoding="utf-8")
    (tmp_path / "结算.csv").write_text(SETTLEMENTS, encoding="utf-8")
    return tmp_path


def _screen(*more: str, policy: str = "jiaocheng-2024") -> int:
    given = ["--policy", policy, "--persons", "名册.csv", "--settlements", "结算.csv", "--out", "差异.csv"]
    return main(["screen", *given, *more])


def _found(county: Path) -> list[tuple[str, str, str, str]]:
    return [(r["rank"], r["setl_id"], r["kind"], r["diff_amt"]) for r in _rows(county / "差异.csv")]


def test_与窗口已付相比(county: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _screen() == 0
    assert _found(county) == [
        ("1", "S5", "over", "-1000.00"),
        ("2", "S2", "missed", "700.00"),
        ("3", "S7", "missed", "700.00"),
        ("4", "S4", "over", "-50.00"),
        ("5", "S3", "under", "0.01"),
    ]
    first = _rows(county / "差异.csv")[0]
    assert list(first) == COLUMNS
    assert (first["psn_no"], first["due_amt"], first["paid_amt"]) == ("P2", "1000.00", "2000.00")
    assert "两倍" in first["reason"]
    told = capsys.readouterr().err
    assert "相符的结算：2 笔" in told
    assert "1,400.00" in told


def test_与已救助明细相比_多行相加(county: Path) -> None:
    paid = ["S1,700.00", "S2,300", "S2,400.00", "S3,700.01", "S5,1000.00", "S6,700.00", "S7,0.00", "X9,88.00"]
    (county / "已付.csv").write_text("\n".join(["setl_id,paid_amt", *paid, ""]), encoding="utf-8")
    assert _screen("--paid", "已付.csv") == 0
    assert _found(county) == [
        ("1", "S6", "over", "-700.00"),
        ("2", "S7", "missed", "700.00"),
        ("3", "X9", "over", "-88.00"),
        ("4", "S3", "over", "-0.01"),
    ]
    reasons = {row["setl_id"]: row["reason"] for row in _rows(county / "差异.csv")}
    assert "已冲正" in reasons["S6"]
    assert "没有这个结算编号" in reasons["X9"]


def test_有错误的人和支付不比对(county: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (county / "结算.csv").open("a", encoding="utf-8") as lines:
        lines.write("S8,P1,2024-13-05,21,1.00,0.00,141122,141122,0.00,0\n")
    paid = ["S1,1.00", "S8,5.00", "S5,一百", "S7,700.00"]
    (county / "已付.csv").write_text("\n".join(["setl_id,paid_amt", *paid, ""]), encoding="utf-8")
    assert _screen("--paid", "已付.csv", "--errors", "错误.csv") == 1
    # P1 has a bad row: S1 to S3, S6 and S8 are left out; what was paid for S5 nobody knows.
    assert _found(county) == []
    assert [(row["file"], row["value"]) for row in _rows(county / "错误.csv")] == [
        ("结算.csv", "2024-13-05"),
        ("已付.csv", "一百"),
    ]
    told = capsys.readouterr().err
    assert "没有比对的结算：6 笔" in told
    assert "相符的结算：2 笔" in told


def test_文件不能用_不写结果(county: Path) -> None:
    (county / "已付.csv").write_text("setl_id,金额\nS1,1.00\n", encoding="utf-8")
    assert _screen("--paid", "已付.csv") == 1
    assert not (county / "差异.csv").exists()
    (county / "结算.csv").write_text("setl_id,psn_no\nS1,P1\n", encoding="utf-8")
    assert _screen() == 1
    assert not (county / "差异.csv").exists()


def test_没有已付列_提醒后全部按未付(county: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = SETTLEMENTS.replace("maf_pay", "别的列")
    (county / "结算.csv").write_text(text, encoding="utf-8")
    assert _screen() == 0
    assert {row["kind"] for row in _rows(county / "差异.csv")} == {"missed"}
    assert "没有 maf_pay" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--paid", "没有.csv"], "找不到文件"),
        (["--policy", "maqiao-2024"], "不属于同一地区"),
        (["--policy", "没有这份"], "没有这份"),
        (["--out", "名册.csv"], "同一个"),
        (["--out", "结果.docx"], "后缀"),
    ],
)
def test_用法不对(more: list[str], words: str, county: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _screen(*more) == 2
    assert words in capsys.readouterr().err
    assert sorted(path.name for path in county.iterdir()) == ["名册.csv", "结算.csv"]


@pytest.mark.parametrize("suffix", [".xlsx", ".parquet"])
def test_别的格式也写得出(suffix: str, county: Path) -> None:
    assert _screen("--out", f"差异{suffix}") == 0
    assert (county / f"差异{suffix}").stat().st_size > 0
