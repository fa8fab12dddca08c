"""``tuodi premium`` from file to file: columns, exit statuses, what is refused and what is not written."""

import csv
from pathlib import Path

import pytest

from tuodi.commands.main import main

HEADER = "psn_no,brdy,identity,enrol_date,premium"
COLUMNS = ["psn_no", "brdy", "identity", "enrol_date", "premium", "subsidy_amt", "own_amt", "clause"]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def _premium(folder: Path, policy: str, rows: list[str], *more: str) -> tuple[int, Path]:
    enrolments, out = folder / "参保.csv", folder / "资助.csv"
    enrolments.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    words = ["--policy", policy, "--enrolments", str(enrolments), "--out", str(out), *more]
    return main(["premium", *words]), out


def test_离石2022年公布的人数和金额(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    counts = {"城镇特困供养人员": 50, "农村特困供养人员": 649, "孤儿": 43, "事实无人抚养儿童": 36}
    counts |= {"城市低保对象": 2921, "农村低保对象": 7207}
    rows = [
        f"P{number}{identity},1960-05-01,{identity},2022-03-01,320.00"
        for identity, count in counts.items()
        for number in range(count)
    ]
    status, out = _premium(tmp_path, "lishi-2022", rows)
    written = _rows(out)
    assert (status, len(written)) == (0, 10_906)
    assert sum(round(float(row["subsidy_amt"]) * 100) for row in written) == 3_084_800_00
    told = capsys.readouterr().err
    assert "10,906" in told
    assert "3,084,800.00" in told
    assert "错误" not in told


def test_结果的列和行(tmp_path: Path) -> None:
    rows = [
        "B,1950-01-01,低保对象,2024-01-10,380.00",
        "A,,低保对象,20240110,380",
        "A,,特困人员,2024-01-11 08:00:00,380.0",
        "C,1990-02-03,普通居民,2024-01-10,380.00",
    ]
    status, out = _premium(tmp_path, "jiaocheng-2024", rows)
    written = _rows(out)
    assert status == 0
    assert list(written[0]) == COLUMNS
    clause = "《交城县城乡医疗救助补助资金绩效评价报告》一（一）3（1）参保资助"
    assert [list(row.values()) for row in written] == [
        ["A", "", "特困人员", "2024-01-11", "380.00", "380.00", "0.00", clause],
        ["B", "1950-01-01", "低保对象", "2024-01-10", "380.00", "304.00", "76.00", clause],
        ["C", "1990-02-03", "普通居民", "2024-01-10", "380.00", "0.00", "380.00", ""],
    ]
    assert out.read_bytes().startswith("\ufeffpsn_no".encode())


@pytest.mark.parametrize("policy", ["junshan-2022", "fukang-2024"])
def test_没有资助参保规定的政策_不写文件(policy: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out = _premium(tmp_path, policy, ["A,1950-01-01,低保对象,2024-01-10,380.00"])
    assert (status, out.exists()) == (1, False)
    assert "没有资助参保的规定" in capsys.readouterr().err


def test_错误行退回_其余照算(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        "A,1950-01-01,低保对象,2024-01-10,380.001",
        "A,1950-01-01,特困人员,2024-01-10,380.00",
        "B,,低收入困难家庭成员,2024-01-10,555.00",
        "C,1950-01-01,低保对象,2024-01-10,555.00",
        "D,1950-01-01,低保对象,2024-01-10,-1.00",
        "E,1950-01-01,低保对象,2024-01-10,555.00",
        "E,1950-01-01,困境儿童,2024-01-10,556.00",
        "F,1950-01-01,低保对象,2024-01-10,=1+1",
    ]
    errors = tmp_path / "错误.csv"
    status, out = _premium(tmp_path, "maqiao-2024", rows, "--errors", str(errors))
    assert status == 1
    assert [row["psn_no"] for row in _rows(out)] == ["C"]
    listed = [(row["file"], row["row"], row["column"], row["value"]) for row in _rows(errors)]
    assert sorted(listed) == [
        ("参保.csv", "2", "premium", "380.001"),
        ("参保.csv", "4", "brdy", ""),
        ("参保.csv", "6", "premium", "-1.00"),
        ("参保.csv", "7", "premium", "555.00"),
        ("参保.csv", "8", "premium", "556.00"),
        ("参保.csv", "9", "premium", "'=1+1"),
    ]
    assert all(row["rule"] and row["message"] and row["advice"] for row in _rows(errors))
    assert "Traceback" not in capsys.readouterr().err


def test_没有错误清单时每个错误都在屏幕上(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [f"P{number},1950-01-01,低保对象,2024-01-10,错{number}" for number in range(60)]
    status, _ = _premium(tmp_path, "jiaocheng-2024", rows)
    assert status == 1
    told = capsys.readouterr().err
    assert all(f"错{number} " in told for number in range(60))


def test_没有错误的清单只有表头(tmp_path: Path) -> None:
    errors = tmp_path / "错误.csv"
    status, _ = _premium(
        tmp_path, "jiaocheng-2024", ["A,1950-01-01,低保对象,2024-01-10,380.00"], "--errors", str(errors)
    )
    assert status == 0
    assert errors.read_text(encoding="utf-8-sig") == "file,sheet,row,column,value,rule,message,advice\n"


def test_越出有效期提醒一次_照样计算(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = ["A,1950-01-01,低保对象,2023-10-10,380.00", "B,1950-01-01,低保对象,2025-10-10,380.00"]
    status, out = _premium(tmp_path, "jiaocheng-2024", rows)
    assert (status, len(_rows(out))) == (0, 2)
    assert capsys.readouterr().err.count("不在政策") == 1


def test_缺少必需的列_不写文件_错误写入清单(tmp_path: Path) -> None:
    enrolments, out, errors = (tmp_path / name for name in ("参保.csv", "资助.csv", "错误.csv"))
    enrolments.write_text("psn_no,brdy,identity,enrol_date\nA,,低保对象,2024-01-10\n", encoding="utf-8")
    words = ["--policy", "jiaocheng-2024", "--enrolments", str(enrolments), "--out", str(out), "--errors", str(errors)]
    assert main(["premium", *words]) == 1
    assert not out.exists()
    assert [row["rule"] for row in _rows(errors)] == ["column-missing"]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--policy", "没有这份"], "没有这份"),
        (["--policy", "lishi-2022"], "不属于同一地区"),
        (["--out", "结果.txt"], "后缀"),
        (["--errors", "资助.csv"], "两次"),
        (["--errors", "错误.doc"], "后缀"),
        (["--out", "没有的文件夹/资助.csv"], "不存在"),
        (["--enrolments", "没有.csv"], "找不到文件"),
        (["--out", "参保.csv"], "同一个"),
    ],
)
def test_用法不对(
    more: list[str],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    enrolments = tmp_path / "参保.csv"
    enrolments.write_text(f"{HEADER}\nA,,低保对象,2024-01-10,380.00\n", encoding="utf-8")
    given = ["--policy", "jiaocheng-2024", "--enrolments", "参保.csv", "--out", "资助.csv", *more]
    assert main(["premium", *given]) == 2
    assert words in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["参保.csv"]


def test_有错误的政策文件_列出错误_不写文件(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policy = tmp_path / "坏.yaml"
    policy.write_text("schema: tuodi-policy/1\nid: bad\n", encoding="utf-8")
    status, out = _premium(tmp_path, str(policy), ["A,1950-01-01,低保对象,2024-01-10,380.00"])
    assert (status, out.exists()) == (1, False)
    assert "坏.yaml" in capsys.readouterr().err
