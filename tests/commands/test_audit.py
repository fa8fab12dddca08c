"""Cases an audit of the commands brought up: closed streams, fractions of a second, ordinary Chinese characters."""

import csv
import io
import json
import sys
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tuodi.commands.main import main

ENGINES = ("python", "columnar")
SETTLEMENTS = "setl_id,psn_no,setl_time,med_type,insuplc_admdvs,mdtrtarea_admvs,inscp_scp_amt,hifp_pay"


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUODI_HOME", str(tmp_path / "home"))


def _write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _files(folder: Path, setl_id: str = "S1", setl_time: str = "2024-06-01") -> list[str]:
    persons = _write(folder / "p.csv", "psn_no,identity,begntime", "P1,低保对象,2020-01-01")
    settlements = _write(folder / "s.csv", SETTLEMENTS, f"{setl_id},P1,{setl_time},21,141122,141122,10000.00,5000.00")
    return ["--policy", "jiaocheng-2024", "--persons", str(persons), "--settlements", str(settlements)]


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def test_标准输出关闭时照常完成(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # `tuodi assess … >&-` (cron, services): Python has no sys.stdout then. The result is written, so the status is 0.
    out = tmp_path / "o.csv"
    words = ["assess", *_files(tmp_path), "--out", str(out)]
    with monkeypatch.context() as closed:
        closed.setattr(sys, "stdout", None)
        status = main(words)
    assert [row["paid_amt"] for row in _rows(out)] == ["3500.00"]
    assert status == 0


def test_标准错误关闭时提醒不混入答案(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # `tuodi explain … --json 2>&-`: print(file=None) falls back to standard output and spoils the JSON.
    words = ["explain", *_files(tmp_path, setl_time="2025-06-01"), "--setl-id", "S1", "--json"]
    with monkeypatch.context() as closed:
        closed.setattr(sys, "stderr", None)
        assert main(words) == 0
    assert json.loads(capsys.readouterr().out)["setl_id"] == "S1"


@pytest.mark.parametrize("engine", ENGINES)
def test_秒的小数不把结算推到第二天(tmp_path: Path, engine: str) -> None:
    # The settlement's day decides: 23:59:59.600 of 31 December 2024 is not 2025.
    persons = _write(
        tmp_path / "p.csv",
        "psn_no,identity,begntime,endtime",
        "P1,监测对象,2024-01-01,2024-12-31",
        "P1,特困人员,2025-01-01,",
    )
    settlements = tmp_path / "s.parquet"
    table = {name: [value] for name, value in zip(SETTLEMENTS.split(","), _late(), strict=True)}
    pq.write_table(pa.table(table), settlements)
    out = tmp_path / "o.csv"
    words = ["assess", "--policy", "jiaocheng-2024", "--persons", str(persons), "--settlements", str(settlements)]
    assert main([*words, "--out", str(out), "--engine", engine]) == 0
    (row,) = _rows(out)
    assert (row["identity"], row["deductible_used"]) == ("监测对象", "3092.40")


def _late() -> tuple[object, ...]:
    late = datetime(2024, 12, 31, 23, 59, 59, 600_000)
    return "S1", "P1", late, "21", "141122", "141122", "5000.00", "0.00"


@pytest.mark.parametrize("setl_id", ["二〇二四-1", "結算々1", "é1", "\U00020bb71"])
def test_编号中的文字照常读取(tmp_path: Path, setl_id: str) -> None:
    # Ids are texts, compared byte by byte: a letter is neither a blank, a line break nor an invisible character.
    out = tmp_path / "o.csv"
    assert main(["assess", *_files(tmp_path, setl_id), "--out", str(out)]) == 0
    assert [row["setl_id"] for row in _rows(out)] == [setl_id]
