"""项目资金文件的检查：写错一处，指出一处。"""

from pathlib import Path

import pytest

from tuodi.funds.programme_file import load_programme
from tuodi.kernel.shipped import shipped

JIAOCHENG = "jiaocheng-2024"
MAQIAO = "maqiao-2024"


@pytest.mark.parametrize(
    ("说明", "文件", "原文", "改为", "规则"),
    [
        ("格式名不对", JIAOCHENG, "tuodi-programme/1", "tuodi-programme/2", "schema-unknown"),
        ("年份不对", JIAOCHENG, 'year: "2024"', 'year: "24"', "number-format"),
        ("缺用途", JIAOCHENG, "uses:", "usage:", "missing-key"),
        ("来源没有出处", JIAOCHENG, 'amount: "251.88万元", at: 一（二）1', 'amount: "251.88万元"', "missing-key"),
        ("金额没有加引号", MAQIAO, '"65000.00"', "65000.00", "text-unquoted"),
        ("万元只写一位小数", JIAOCHENG, "28.10万元", "28.1万元", "amount-wan-decimals"),
        ("金额为负", JIAOCHENG, "28.10万元", "-28.10万元", "amount-negative"),
        ("两个来源同名", JIAOCHENG, "name: 省级", "name: 中央", "duplicate"),
        ("人次不是整数", JIAOCHENG, '"3297"', '"3297.5"', "number-format"),
        ("没有十三月", MAQIAO, 'month: "12"', 'month: "13"', "number-format"),
        ("核对的数不存在", JIAOCHENG, "of: uses_total", "of: use_total", "stated-unknown"),
        ("没有预算科目就没有调整率", JIAOCHENG, "of: arrival_rate", "of: adjustment_rate", "stated-unknown"),
        ("比率写成金额", JIAOCHENG, 'percent: "90.56"', 'amount: "90.56"', "stated-kind"),
        ("金额写成人次", JIAOCHENG, 'amount: "925.59万元", at', 'count: "926", at', "stated-kind"),
        ("写了两种数值", JIAOCHENG, 'percent: "90.56"', 'percent: "90.56", count: "1"', "stated-value"),
        ("百分数带了百分号", JIAOCHENG, '"90.56"', '"90.56%"', "percent-format"),
        ("结余缺年末数", JIAOCHENG, 'closing: "2993.54万元", ', "", "missing-key"),
        ("判读标记不是真假", MAQIAO, "month_inferred: true", "month_inferred: maybe", "boolean-format"),
    ],
)
def test_写错一处指出一处(tmp_path: Path, 说明: str, 文件: str, 原文: str, 改为: str, 规则: str) -> None:
    text = shipped("examples", "programmes", f"{文件}.yaml").read_text(encoding="utf-8")
    assert 原文 in text
    path = tmp_path / "wrong.yaml"
    path.write_text(text.replace(原文, 改为, 1), encoding="utf-8")
    programme, findings = load_programme(path, "wrong.yaml")
    assert programme is None
    assert 规则 in [finding.rule for finding in findings]
    assert all(finding.file == "wrong.yaml" and finding.row and finding.advice for finding in findings)


@pytest.mark.parametrize(
    "content", [b"", b"5", b"\xff", b"sources: {}\nuses: 3\nstated: [1, [2]]\nbalance: []\n", b"a: b: c"]
)
def test_不成样子的文件也不抛异常(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.yaml"
    path.write_bytes(content)
    programme, findings = load_programme(path)
    assert programme is None
    assert any(finding.is_error for finding in findings)
