# ruff: noqa: E501 - one fault, one line
"""每一种写错的政策文件各一次：错在哪一行、哪一项，规则名和说明是什么。"""

from pathlib import Path

import pytest

from tuodi.kernel.finding import Finding, Severity
from tuodi.kernel.yaml_nodes import LARGEST_FILE_BYTES
from tuodi.policy.loader import load_document

VALID = """\
schema: tuodi-policy/1
id: shili-2025
title: 示例县2025年医疗救助
programme: 医疗救助
region: {code: "990101", name: 示例省示例市示例县}
validity: {from: 2025-01-01, to: 2025-12-31}
sources:
  rules: {title: 示例县医疗救助实施细则, number: 示政发〔2024〕1号, issued: "2024-12-01", verified: true}
figures:
  income: {name: 示例省2024年居民收入, year: 2024, amount: "30000.00", clause: {source: rules, at: 附表}, verified: true}
accounts:
  used: {name: 年度起付线, owner: person, clause: {source: rules, at: 第五条}}
  paid: {name: 年度救助限额, owner: person, clause: {source: rules, at: 第六条}}
identities:
  - {name: 特困人员}
  - {name: 低保对象, aliases: [示例低保户]}
  - {name: 边缘家庭成员}
components:
  - code: inpatient_aid
    name: 住院救助
    kinds: ["21"]
    insurance: ["390"]
    base: remaining
    clause: {source: rules, at: 第五条}
    deductible_account: used
    table:
      特困人员: {ratio: "1.00", caps: {paid: none}}
      低保对象: {deductible: "100.00", ratio: "0.70", caps: {paid: "60000.00"}, at: 第五条第二项}
      边缘家庭成员:
        deductible: {share: "0.10", of: income}
        tiers:
          - {upto: "1000.00", ratio: "0.50"}
          - {above: "1000.00", upto: none, ratio: "0.60"}
    top_up: {identities: [低保对象], ratio: "0.90", own_province_only: true, clause: {source: rules, at: 第七条}}
  - code: outpatient_aid
    name: 门急诊救助
    kinds: ["11", "13"]
    base: cash
    clause: {source: rules, at: 第八条}
    table:
      低保对象:
        by_level: {"1": "0.85", 其他: "0.75"}
        visit_deductible: "10.00"
        visit_cap: "200.00"
premium:
  - {identities: [低保对象, 孤儿], mode: ratio, ratio: "0.80", clause: {source: rules, at: 第二十条}}
open_questions: []
"""

# 名称, 原文, 改成, 规则, 出错行含有的文字, 所在项
FAULTS = [
    # YAML 本身
    ("引号没有成对", 'title: 示例县2025年医疗救助', 'title: "示例县', "yaml-syntax", "", ""),
    ("同一个键写了两次", "programme: 医疗救助\n", "programme: 医疗救助\nprogramme: 大额补助\n", "yaml-duplicate-key", "大额补助", "programme"),
    ("同一身份在表中写了两次", "      特困人员: {ratio", "      特困人员: {ratio: \"0.50\"}\n      特困人员: {ratio", "yaml-duplicate-key", "1.00", "components[1].table.特困人员"),
    ("使用锚点", "caps: {paid: none}", "caps: &c {paid: none}", "yaml-anchor", "&c", "components[1].table.特困人员.caps"),
    ("使用引用", "caps: {paid: none}", "caps: *c", "yaml-anchor", "*c", "components[1].table.特困人员.caps"),
    ("使用类型标记", "year: 2024", "year: !!int 2024", "yaml-tag", "!!int", "figures.income.year"),
    ("两份文档", "open_questions: []\n", "open_questions: []\n---\na: b\n", "yaml-documents", "---", ""),
    ("嵌套过深", "open_questions: []", "open_questions: " + "[" * 30 + "]" * 30, "yaml-depth", "[[[", "open_questions" + "[1]" * 19),
    ("键不是文字", "open_questions: []", "open_questions: {[甲]: 乙}", "yaml-key", "[甲]", "open_questions"),
    ("控制字符", "name: 住院救助", "name: 住院\x07救助", "yaml-control", "\x07", ""),
    ("转义出来的控制字符", "name: 住院救助", 'name: "住院\\a救助"', "text-control", "\\a", "components[1].name"),
    # 键
    ("不认识的键", "title: 示例县2025年医疗救助", "title: 示例县2025年医疗救助\ntitel: 甲", "unknown-key", "titel", "titel"),
    ("待遇中不认识的键", "    base: cash", "    base: cash\n    cap: \"1\"", "unknown-key", "cap: \"1\"", "components[2].cap"),
    ("缺少必填的键", "programme: 医疗救助\n", "", "missing-key", "schema", ""),
    ("待遇缺少代码", "  - code: outpatient_aid\n    name", "  - name", "missing-key", "name: 门急诊", "components[2]"),
    ("值是空的", "title: 示例县2025年医疗救助", "title:", "value-empty", "title", "title"),
    ("该写值却写了列表", "title: 示例县2025年医疗救助", "title: [甲]", "value-expected", "title", "title"),
    ("该写列表却写了值", 'kinds: ["21"]', 'kinds: "21"', "list-expected", "kinds", "components[1].kinds"),
    ("列表是空的", 'kinds: ["21"]', "kinds: []", "list-empty", "kinds", "components[1].kinds"),
    ("列表里写了两次", '["11", "13"]', '["11", "11"]', "item-duplicate", '"11", "11"', "components[2].kinds[2]"),
    ("该写分组却写了值", "region: {code: \"990101\", name: 示例省示例市示例县}", "region: 示例县", "table-expected", "region", "region"),
    ("表写成了列表", "    table:\n      低保对象:\n        by_level", "    table:\n      - by_level", "table-expected", "- by_level", "components[2].table"),
    # 出处
    ("待遇没有出处", "    base: cash\n    clause: {source: rules, at: 第八条}\n", "    base: cash\n", "value-uncited", "outpatient_aid", "components[2]"),
    ("数据没有出处", "amount: \"30000.00\", clause: {source: rules, at: 附表}", "amount: \"30000.00\"", "value-uncited", "income:", "figures.income"),
    ("资助参保没有出处", ", ratio: \"0.80\", clause: {source: rules, at: 第二十条}", ", ratio: \"0.80\"", "value-uncited", "孤儿", "premium[1]"),
    ("补足没有出处", "own_province_only: true, clause: {source: rules, at: 第七条}", "own_province_only: true", "value-uncited", "top_up", "components[1].top_up"),
    ("出处没有位置", "clause: {source: rules, at: 第八条}", "clause: {source: rules}", "missing-key", "{source: rules}", "components[2].clause"),
    ("出处写了两处", "at: 第五条第二项", "at: 第五条第二项, clause: {source: rules, at: 第九条}", "clause-twice", "第九条", "components[1].table.低保对象.at"),
    # 引用
    ("没有这个来源", "clause: {source: rules, at: 第八条}", "clause: {source: rule, at: 第八条}", "unknown-source", "第八条", "components[2].clause.source"),
    ("没有这个账户", "caps: {paid: none}", "caps: {payed: none}", "unknown-account", "payed", "components[1].table.特困人员.caps.payed"),
    ("没有这个起付线账户", "deductible_account: used", "deductible_account: usd", "unknown-account", "usd", "components[1].deductible_account"),
    ("没有这项数据", "of: income", "of: incom", "unknown-figure", "of: incom", "components[1].table.边缘家庭成员.deductible.of"),
    ("表中的身份没有列出", "      特困人员: {ratio", "      特困供养: {ratio", "unknown-identity", "特困供养", "components[1].table.特困供养"),
    ("补足的身份不在表中", "identities: [低保对象], ratio: \"0.90\"", "identities: [孤儿], ratio: \"0.90\"", "top-up-identity", "top_up", "components[1].top_up.identities[1]"),
    # 数值
    ("比例没有加引号", 'ratio: "0.80"', "ratio: 0.80", "decimal-unquoted", "孤儿", "premium[1].ratio"),
    ("金额没有加引号", 'deductible: "100.00"', "deductible: 100", "decimal-unquoted", "deductible: 100", "components[1].table.低保对象.deductible"),
    ("比例写成百分数", 'ratio: "0.80"', 'ratio: "80%"', "ratio-format", "80%", "premium[1].ratio"),
    ("比例超过一", 'ratio: "0.80"', 'ratio: "80"', "ratio-range", '"80"', "premium[1].ratio"),
    ("比例略超过一", 'ratio: "0.80"', 'ratio: "1.000001"', "ratio-range", "1.000001", "premium[1].ratio"),
    ("比例超过六位小数", 'ratio: "0.80"', 'ratio: "0.8000001"', "ratio-format", "8000001", "premium[1].ratio"),
    ("金额有千位分隔符", '"60000.00"', '"60,000.00"', "amount-separator", "60,000", "components[1].table.低保对象.caps.paid"),
    ("金额三位小数", '"60000.00"', '"60000.001"', "amount-decimals", "60000.001", "components[1].table.低保对象.caps.paid"),
    ("金额为负", '"60000.00"', '"-1.00"', "amount-negative", "-1.00", "components[1].table.低保对象.caps.paid"),
    ("日期不存在", "to: 2025-12-31", "to: 2025-02-29", "date-format", "2025-02-29", "validity.to"),
    ("日期写法不对", "from: 2025-01-01", "from: 2025/1/1", "date-format", "2025/1/1", "validity.from"),
    ("失效早于生效", "to: 2025-12-31", "to: 2024-12-31", "validity-order", "2024-12-31", "validity.to"),
    ("年份不是整数", "year: 2024", "year: 二〇二四", "number-format", "二〇二四", "figures.income.year"),
    ("是否写成了是", "verified: true}\nfigures", "verified: yes}\nfigures", "boolean-format", "yes", "sources.rules.verified"),
    ("文字会被读成数字", "issued: \"2024-12-01\"", "issued: 2024-12-01", "text-unquoted", "issued: 2024", "sources.rules.issued"),
    ("区划代码没有加引号", 'code: "990101"', "code: 990101", "text-unquoted", "990101", "region.code"),
    # 取值范围
    ("不认识的格式版本", "tuodi-policy/1", "tuodi-policy/9", "schema-unknown", "policy/9", "schema"),
    ("编号写法", "id: shili-2025", "id: 示例_2025", "id-format", "示例_2025", "id"),
    ("区划代码写法", '"990101"', '"9901"', "region-code", "9901", "region.code"),
    ("来源的键写法", "  rules: {title", "  Rules: {title", "key-format", "Rules", "sources.Rules"),
    ("不认识的计算基数", "base: cash", "base: rest", "base-unknown", "rest", "components[2].base"),
    ("不认识的累计方式", "used: {name: 年度起付线, owner: person", "used: {name: 年度起付线, owner: village", "owner-unknown", "village", "accounts.used.owner"),
    ("不认识的资助方式", "mode: ratio", "mode: half", "premium-mode", "half", "premium[1].mode"),
    ("医疗类别写法", 'kinds: ["21"]', 'kinds: ["住院"]', "kind-format", "kinds", "components[1].kinds[1]"),
    ("险种写法", 'insurance: ["390"]', 'insurance: ["居民"]', "insurance-format", "insurance", "components[1].insurance[1]"),
    ("待遇代码写法", "code: outpatient_aid", "code: 门诊", "component-code", "code: 门诊", "components[2].code"),
    ("待遇代码不能叫 none", "code: outpatient_aid", "code: none", "component-code", "code: none", "components[2].code"),
    # 前后不合
    ("两项待遇同一代码", "code: outpatient_aid", "code: inpatient_aid  # 又一个", "component-duplicate", "又一个", "components[2]"),
    ("身份名称重复", "  - {name: 特困人员}", "  - {name: 示例低保户}", "duplicate-identity", "aliases", "identities[2]"),
    ("一种身份也没有的待遇", "      低保对象:\n        by_level: {\"1\": \"0.85\", 其他: \"0.75\"}\n        visit_deductible: \"10.00\"\n        visit_cap: \"200.00\"\n", "      {}\n", "table-empty", "{}", "components[2].table"),
    ("没有写比例", "特困人员: {ratio: \"1.00\", caps", "特困人员: {caps", "rate-one-of", "特困人员: {caps", "components[1].table.特困人员"),
    ("比例写了两种", "特困人员: {ratio: \"1.00\"", "特困人员: {ratio: \"1.00\", by_level: {其他: \"0.5\"}", "rate-one-of", "by_level: {其他: \"0.5\"", "components[1].table.特困人员"),
    ("各档上限没有从低到高", 'upto: none, ratio: "0.60"', 'upto: "500.00", ratio: "0.60"', "tiers-order", "500.00", "components[1].table.边缘家庭成员.tiers[2].upto"),
    ("两档上限相同", 'upto: none, ratio: "0.60"', 'upto: "1000.00", ratio: "0.60"', "tiers-order", 'upto: "1000.00", ratio: "0.60"', "components[1].table.边缘家庭成员.tiers[2].upto"),
    ("两档之间有空档", 'above: "1000.00"', 'above: "1500.00"', "tiers-gap", "1500.00", "components[1].table.边缘家庭成员.tiers[2].above"),
    ("两档重叠", 'above: "1000.00"', 'above: "900.00"', "tiers-overlap", "900.00", "components[1].table.边缘家庭成员.tiers[2].above"),
    ("敞口之后还有一档", '{upto: "1000.00", ratio: "0.50"}', '{upto: none, ratio: "0.50"}', "tiers-overlap", "above", "components[1].table.边缘家庭成员.tiers[2]"),
    ("最后一档没有敞口", 'upto: none, ratio: "0.60"', 'upto: "2000.00", ratio: "0.60"', "tiers-open-end", "2000.00", "components[1].table.边缘家庭成员.tiers[2]"),
    ("等级表没有其他", ', 其他: "0.75"', "", "level-others", "by_level", "components[2].table.低保对象.by_level"),
    ("等级写法", '{"1": "0.85"', '{三级: "0.85"', "level-format", "三级", "components[2].table.低保对象.by_level.三级"),
    ("等级没有加引号", '{"1": "0.85"', '{1: "0.85"', "text-unquoted", "{1:", "components[2].table.低保对象.by_level.1"),
    ("有起付线没有账户", "visit_deductible", "deductible", "deductible-without-account", 'deductible: "10.00"', "components[2].table.低保对象.deductible"),
    ("限额没有账户", 'caps: {paid: "60000.00"}', 'caps: "60000.00"', "cap-without-account", "60000.00", "components[1].table.低保对象.caps"),
    ("同一账户两种用途", "caps: {paid: none}", "caps: {used: none}", "account-mixed-use", "{used: none}", "components[1].table.特困人员.caps.used"),
    ("资助方式与数值不符", "mode: ratio, ratio: \"0.80\"", "mode: fixed_amount, ratio: \"0.80\"", "premium-value", "孤儿", "premium[1]"),
    ("全额资助不写数值", "mode: ratio", "mode: whole", "premium-value", "孤儿", "premium[1]"),
    ("同一身份两条资助规则", "premium:\n", "premium:\n  - {identities: [孤儿], mode: whole, clause: {source: rules, at: 甲}}\n", "premium-duplicate", "[低保对象, 孤儿]", "premium[2]"),
    ("年龄过大", 'ratio: "0.80"', 'ratio: "0.80", min_age: 600', "number-format", "min_age", "premium[1].min_age"),
]  # fmt: skip


def load(tmp_path: Path, content: str | bytes) -> tuple[bool, list[Finding]]:
    path = tmp_path / "shili.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    document, findings = load_document(path, "shili.yaml")
    return document is not None, findings


def changed(before: str, after: str) -> str:
    assert VALID.count(before) >= 1, before
    return VALID.replace(before, after, 1)


def line_with(content: str, words: str) -> int:
    return next(number for number, line in enumerate(content.split("\n"), start=1) if words in line)


def test_正确的文件没有任何发现(tmp_path: Path) -> None:
    assert load(tmp_path, VALID) == (True, [])


@pytest.mark.parametrize(
    ("before", "after", "rule", "words", "column"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS]
)
def test_每种错误各一次(tmp_path: Path, before: str, after: str, rule: str, words: str, column: str) -> None:
    content = changed(before, after)
    loaded, findings = load(tmp_path, content)
    found = [finding for finding in findings if finding.rule == rule]
    assert not loaded
    assert len(found) == 1, findings
    assert found[0].severity is Severity.ERROR
    assert found[0].file == "shili.yaml"
    assert found[0].column == column
    if words:
        assert found[0].row == line_with(content, words)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in found[0].message)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in found[0].advice)


def test_一个文件的几处错误一次说完(tmp_path: Path) -> None:
    content = changed('"0.80"', "0.80").replace("base: cash", "base: rest").replace("of: income", "of: incom")
    loaded, findings = load(tmp_path, content)
    assert not loaded
    assert [finding.rule for finding in findings] == ["unknown-figure", "base-unknown", "decimal-unquoted"]


@pytest.mark.parametrize(
    ("content", "rule", "row"),
    [
        (VALID.encode("gb18030"), "yaml-encoding", 3),
        (VALID.encode("utf-16"), "yaml-encoding", 1),
        (b"", "yaml-empty", None),
        (b"# only a comment\n", "yaml-empty", None),
        (b"- a\n", "table-expected", 1),
        (b"a", "table-expected", 1),
        (b"#" * (LARGEST_FILE_BYTES + 1), "yaml-too-large", None),
        (b'a: "\\UFFFFFFFF"', "yaml-syntax", None),
        (b"%YAML 1" + b"1" * 5000 + b".1\n---\na: b\n", "yaml-syntax", None),
        (b"%YAML 1.1\n---\na: b\n", "yaml-tag", 1),
    ],
    ids=["GB18030", "UTF-16", "空文件", "只有注释", "列表", "一个词", "超过1MB", "越界转义", "无尽版本号", "指令"],
)
def test_整个文件读不下去(tmp_path: Path, content: bytes, rule: str, row: int | None) -> None:
    loaded, findings = load(tmp_path, content)
    assert not loaded
    assert (findings[0].rule, findings[0].row) == (rule, row)


def test_恰好一兆字节的文件仍读(tmp_path: Path) -> None:
    filler = LARGEST_FILE_BYTES - len(VALID.encode()) - 1
    assert load(tmp_path, VALID.encode() + b"#" * filler + b"\n") == (True, [])


def test_文件开头的字节序标记不算错(tmp_path: Path) -> None:
    assert load(tmp_path, "\ufeff" + VALID) == (True, [])


def test_文件夹不是政策文件(tmp_path: Path) -> None:
    document, findings = load_document(tmp_path)
    assert document is None
    assert [finding.rule for finding in findings] == ["file-unreadable"]


def test_没有使用的账户只是提醒(tmp_path: Path) -> None:
    content = changed(
        "accounts:\n", "accounts:\n  spare: {name: 备用, owner: family, clause: {source: rules, at: 甲}}\n"
    )
    loaded, findings = load(tmp_path, content)
    assert loaded
    assert [(f.rule, f.severity, f.column) for f in findings] == [
        ("account-unused", Severity.WARNING, "accounts.spare")
    ]  # fmt: skip


def test_未核实和待明确只是说明(tmp_path: Path) -> None:
    content = (
        VALID.replace("verified: true", "verified: false")
        .replace("open_questions: []", "open_questions:\n  - {asks: 甲？, reading: 乙, clause: {source: rules, at: 丙}}")
    )  # fmt: skip
    loaded, findings = load(tmp_path, content)
    assert loaded
    assert {finding.severity for finding in findings} == {Severity.INFO}
    assert [finding.rule for finding in findings] == ["source-unverified", "figure-unverified", "open-question"]
