"""清算文件的检查：写错一处，指出一处。"""

from pathlib import Path

import pytest

from tuodi.funds.clearing_file import load_clearing
from tuodi.kernel.shipped import shipped

MUTUAL_AID = "maqiao-2024-mutual-aid"
NOTICES = "maqiao-2024-notices"
FUKANG = "fukang-2024"


def _rules(tmp_path: Path, document_id: str, old: str, new: str) -> list[tuple[str, int | None]]:
    text = shipped("examples", "clearing", f"{document_id}.yaml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "wrong.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    document, findings = load_clearing(path, "wrong.yaml")
    assert document is None
    assert all(finding.file == "wrong.yaml" and finding.message and finding.advice for finding in findings)
    return [(finding.rule, finding.row) for finding in findings]


@pytest.mark.parametrize(
    ("说明", "文件", "原文", "改为", "规则"),
    [
        ("格式名不对", FUKANG, "tuodi-clearing/1", "tuodi-policy/1", "schema-unknown"),
        ("没有标题", FUKANG, "title: 阜康市2024", "titel: 阜康市2024", "unknown-key"),
        ("金额没有加引号", FUKANG, '"5.00"', "5.00", "decimal-unquoted"),
        ("金额有三位小数", FUKANG, '"5.00"', '"5.001"', "amount-decimals"),
        ("金额为负", FUKANG, '"5.00"', '"-5.00"', "amount-negative"),
        ("人数不是整数", FUKANG, '"30437"', '"30437.5"', "number-format"),
        ("月数超过12", FUKANG, 'months: "12"', 'months: "13"', "number-format"),
        ("日期不存在", FUKANG, "2024-12-25", "2024-12-32", "date-format"),
        ("引用了没有的人数", FUKANG, "headcount: insured_2024", "headcount: insured_2023", "input-unknown"),
        ("同一项写了两种数值", FUKANG, 'count: "30437"', 'count: "30437", difference: [a, b]', "input-value"),
        ("计算方式不认识", FUKANG, "headcount_months", "headcount_days", "line-kind"),
        ("缺月数", FUKANG, '    months: "12"\n', "", "line-keys"),
        ("多了金额", FUKANG, '    months: "12"\n', '    months: "12"\n    amount: "1.00"\n', "line-keys"),
        ("按比例计算却没有比例", FUKANG, "kind: headcount_months", "kind: headcount_share", "share-missing"),
        ("没有出处", FUKANG, "at: 一（四）", 'at: ""', "value-empty"),
        ("比例之和不是1", NOTICES, 'share: "0.50"', 'share: "0.51"', "share-total"),
        ("付款方没有比例", NOTICES, "payer: 马桥镇", "payer: 梅陇镇", "share-payer"),
        ("同一级写了两次", NOTICES, "level: 闵行区", "level: 上海市", "share-duplicate"),
        ("比例为零", NOTICES, '{level: 闵行区, share: "0.25"}', '{level: 闵行区, share: "0.00"}', "share-zero"),
        ("通知没有金额", NOTICES, '    amount: "32880.00"\n', "", "line-keys"),
        ("相减只有一项", MUTUAL_AID, "[members_2023, members_2022]", "[members_2023]", "difference-parts"),
        ("相减引用后面的项", MUTUAL_AID, "[members_2023, members_2022]", "[members_2023, later]", "input-unknown"),
        ("同一个键写了两次", MUTUAL_AID, "payee:", "payer: 另一个镇\npayee:", "yaml-duplicate-key"),
    ],
)
def test_写错一处指出一处(tmp_path: Path, 说明: str, 文件: str, 原文: str, 改为: str, 规则: str) -> None:
    found = _rules(tmp_path, 文件, 原文, 改为)
    assert 规则 in [rule for rule, _ in found]
    assert all(row for _, row in found)


@pytest.mark.parametrize(
    "content", [b"", b"- 1\n- 2\n", b"\xff\xfe", b"a: [", b"lines: 5\nshares: x\nheadcounts: []\n"]
)
def test_不成样子的文件也不抛异常(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.yaml"
    path.write_bytes(content)
    document, findings = load_clearing(path)
    assert document is None
    assert any(finding.is_error for finding in findings)


def test_文件读不出来(tmp_path: Path) -> None:
    document, (finding,) = load_clearing(tmp_path)
    assert document is None
    assert finding.rule == "file-unreadable"
