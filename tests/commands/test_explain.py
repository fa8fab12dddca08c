"""``tuodi explain`` from the command line to what is printed and written."""

import json
from decimal import Decimal
from pathlib import Path

import docx
import pytest

from tuodi.commands.main import main

CASE = Path(__file__).parents[1] / "cases" / "shared" / "maqiao-2024"
ROSTER = "psn_no,identity,begntime,certno,psn_name\nP1,低保对象,2024-01-01,,测试一\nP1,监测对象,2024-01-01,,测试一\n"
HEADER = "setl_id,psn_no,setl_time,med_type,insuplc_admdvs,mdtrtarea_admvs,inscp_scp_amt,hifp_pay\n"
ROWS = "S1,P1,2024-05-20,21,141122,141122,9000,4500\nS9,P9,2024-05-20,21,141122,141122,9000,x\n"


def _files(folder: Path, rows: str = ROWS) -> list[str]:
    (folder / "persons.csv").write_text(ROSTER, encoding="utf-8")
    (folder / "settlements.csv").write_text(HEADER + rows, encoding="utf-8")
    return ["--persons", str(folder / "persons.csv"), "--settlements", str(folder / "settlements.csv")]


def _explain(files: list[str], setl_id: str, *more: str, policy: str = "jiaocheng-2024") -> int:
    return main(["explain", "--policy", policy, *files, "--setl-id", setl_id, *more])


def test_屏幕上的表格_句子和依据(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _explain(_files(tmp_path), "S1") == 0
    printed = capsys.readouterr()
    assert "身份：低保对象；当日登记：低保对象、监测对象" in printed.out
    assert "4,500.00 × 70%" in printed.out
    assert "吕政办发〔2022〕61号住院救助·低保对象" in printed.out
    assert "医疗救助支付3,150元，救助后个人负担1,350元。" in printed.out
    assert "就高不就低，按低保对象计算。" in printed.out
    assert "�" not in printed.out
    assert "S1，人员 P1，2024-05-20\n普通住院（21），险种未填\n" in printed.out
    assert "文件中还有 1 处问题与这笔结算无关，其中错误 1 条可用 tuodi assess 的 --errors 列出。\n" in printed.err
    assert "x 不是有效金额" not in printed.err


def test_窗口已经支付的_屏幕和计算单都说现在可支付零(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = _files(tmp_path)
    rows = HEADER.replace("hifp_pay", "hifp_pay,maf_pay") + "S1,P1,2024-05-20,21,141122,141122,9000,4500,3150\n"
    (tmp_path / "settlements.csv").write_text(rows, encoding="utf-8")
    assert _explain(files, "S1", "--docx", str(tmp_path / "one.docx")) == 0
    assert "医疗救助应支付3,150.00元；窗口已支付3,150.00元；现在可支付0.00元。\n" in capsys.readouterr().out
    texts = [each.text for each in docx.Document(str(tmp_path / "one.docx")).paragraphs]
    assert "医疗救助应支付：3,150.00 元　　窗口已支付：3,150.00 元" in texts
    assert "现在可支付：0.00 元" in texts


OF_OTHERS = {
    "只有提醒": (
        "S8,P1,2024-06-20,21,141122,141122,9000,9001\n",
        "文件中还有 1 处问题与这笔结算无关，其中提醒 1 条在运行 tuodi assess 时显示。",
    ),
    "错误和提醒": (
        "S8,P1,2024-06-20,21,141122,141122,9000,9001\nS9,P9,2024-05-20,21,141122,141122,9000,x\n"
        "S7,P8,2024-05-20,21,141122,141122,y,0\n",
        "文件中还有 3 处问题与这笔结算无关，其中错误 2 条可用 tuodi assess 的 --errors 列出，"
        "提醒 1 条在运行 tuodi assess 时显示。",
    ),
}


@pytest.mark.parametrize("case", OF_OTHERS)
def test_别人的问题_错误和提醒分开说(case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows, words = OF_OTHERS[case]
    files = _files(tmp_path, "S1,P1,2024-05-20,21,141122,141122,9000,4500\n" + rows)
    assert _explain(files, "S1") == 0
    assert words in capsys.readouterr().err
    # What is promised there: the errors in the file, the warning on the screen.
    errors = tmp_path / "errors.csv"
    asked = ["--out", str(tmp_path / "out.csv"), "--errors", str(errors)]
    main(["assess", "--policy", "jiaocheng-2024", *files, *asked])
    assert len(errors.read_text(encoding="utf-8-sig").splitlines()) - 1 == rows.count("x") + rows.count("y")
    assert "settlements.csv 第 3 行" in capsys.readouterr().err


def test_JSON的字段与约定一致(capsys: pytest.CaptureFixture[str]) -> None:
    files = ["--persons", str(CASE / "persons.csv"), "--settlements", str(CASE / "settlements.csv")]
    assert _explain(files, "S79176222600360", "--json", policy="maqiao-2024") == 0
    answer = json.loads(capsys.readouterr().out)
    assert list(answer) == ["setl_id", "psn_no", "identity", "held", "steps", "paid_amt", "sentence"]
    assert all(list(step) == ["component", "step", "formula", "amount", "clause"] for step in answer["steps"])
    assert all(Decimal(step["amount"]) >= 0 for step in answer["steps"])
    assert (answer["setl_id"], answer["psn_no"]) == ("S79176222600360", "P0000056")
    assert answer["held"] == [answer["identity"]] == ["第一类支出型贫困家庭成员"]
    paid = {step["component"]: step["amount"] for step in answer["steps"] if step["step"] == "本项支付"}
    assert paid == {"inpatient_aid": "12006.54", "district_aid": "2572.83"}
    assert answer["paid_amt"] == "14579.37"


def test_另存计算单(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "S1.docx"
    assert _explain(_files(tmp_path), "S1", "--docx", str(page)) == 0
    assert "3,150.00" in {cell.text for row in docx.Document(str(page)).tables[1].rows for cell in row.cells}
    assert "计算单已写入" in capsys.readouterr().err


def test_不享受救助的也说明原因_状态为0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "S1,P1,2023-05-20,21,141122,141122,9000,4500\n"
    assert _explain(_files(tmp_path, rows), "S1") == 0
    printed = capsys.readouterr()
    assert "该人员自 2024-01-01 起为低保对象，结算日为 2023-05-20。" in printed.out
    assert "不在政策 jiaocheng-2024 的有效期" in printed.err


def test_本人有错误行_状态1_不写文件(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "S1.docx"
    rows = ROWS + "S2,P1,2024-07-20,21,141122,141122,1e5,0\n"
    assert _explain(_files(tmp_path, rows), "S1", "--docx", str(page)) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "1e5" in printed.err
    assert not page.exists()


def test_错误行自己的编号_状态1(tmp_path: Path) -> None:
    assert _explain(_files(tmp_path), "S9") == 1


def test_缺少必需的列_状态1(tmp_path: Path) -> None:
    files = _files(tmp_path)
    (tmp_path / "persons.csv").write_text("psn_no,identity\nP1,低保对象\n", encoding="utf-8")
    assert _explain(files, "S1") == 1


@pytest.mark.parametrize(
    ("setl_id", "policy", "more", "words"),
    [
        ("S404", "jiaocheng-2024", [], "没有结算编号 S404"),
        ("S1", "jiaocheng-1999", [], "没有名为“jiaocheng-1999”的内置政策"),
        ("S1", "jiaocheng-2024", ["--policy", "maqiao-2024"], "不属于同一地区"),
        ("S1", "jiaocheng-2024", ["--docx", "S1.pdf"], "请以 .docx 结尾"),
        ("S1", "jiaocheng-2024", ["--persons", "没有.csv"], "找不到文件 没有.csv"),
    ],
)
def test_用法不对_状态2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], setl_id: str, policy: str, more: list[str], words: str
) -> None:
    assert _explain(_files(tmp_path), setl_id, *more, policy=policy) == 2
    assert words in capsys.readouterr().err


def test_政策文件有错误_状态1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policy = tmp_path / "p.yaml"
    policy.write_text("schema: tuodi-policy/1\n", encoding="utf-8")
    assert _explain(_files(tmp_path), "S1", policy=str(policy)) == 1
    assert capsys.readouterr().err
