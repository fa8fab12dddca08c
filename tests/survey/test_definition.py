"""问卷定义的检查：写错一处，指出一处；改坏一千次，只有发现，没有异常。"""

import random
from pathlib import Path

import pytest

from tests.survey.written import EXAMPLES
from tuodi.survey.definition_file import load_definition
from tuodi.survey.reckoning import reckon

DEFINITIONS = sorted(EXAMPLES.glob("*.yaml"))


def _load(tmp_path: Path, text: str) -> list[tuple[str, int | None]]:
    path = tmp_path / "wrong.yaml"
    path.write_text(text, encoding="utf-8")
    definition, findings = load_definition(path)
    assert (definition is None) == any(finding.is_error for finding in findings)
    assert all(finding.file == "wrong.yaml" and finding.message and finding.advice for finding in findings)
    return [(finding.rule, finding.row) for finding in findings]


@pytest.mark.parametrize(
    ("说明", "原文", "改为", "规则"),
    [
        ("格式名不对", "tuodi-survey/1", "tuodi-survey/2", "schema-unknown"),
        ("没有标题", "\ntitle:", "\ntitel:", "unknown-key"),
        ("题型不认识", "kind: notice", "kind: note", "survey-kind"),
        ("权重没有加引号", '非常满意: "1"', "非常满意: 1", "decimal-unquoted"),
        ("权重超过1", '比较满意: "0.8"', '比较满意: "1.1"', "ratio-range"),
        ("少一个权重", '一般: "0.4", ', "", "survey-weight-missing"),
        ("权重的选项不存在", '一般: "0.4"', '还行: "0.4"', "survey-option-unknown"),
        (
            "有权重没有满意的选项",
            "    share: {name: 满意及以上占比, options: [非常满意, 比较满意, 满意]}\n",
            "",
            "survey-share-needed",
        ),
        ("占比的选项不存在", "[非常满意, 比较满意, 满意]}", "[非常满意, 很满意]}", "survey-option-unknown"),
        ("跳转引用后面的题", 'shown_if: {question: "5"', 'shown_if: {question: "7"', "survey-question-unknown"),
        ("跳转答案没有", 'if: {question: "5", answers: [', 'if: {question: "5", answers: [x', "survey-option-unknown"),
        ("受益者引用没有的题", 'recipients: {question: "5"', 'recipients: {question: "55"', "survey-question-unknown"),
        ("受益者引用填空题", 'recipients: {question: "5"', 'recipients: {question: "12"', "survey-condition-kind"),
        ("题号写了两次", "number: 8", "number: 7", "survey-question-twice"),
        ("单选题没有选项", "kind: single, options: [满意, 一般]", "kind: single", "survey-key-needed"),
        ("填空题写了选项", "number: 12\n", "number: 12\n    options: [是]\n", "survey-key-misplaced"),
        ("选项写了两次", "比较满意, 满意, 一般, 不满意]", "比较满意, 满意, 一般, 满意]", "item-duplicate"),
        ("没有可供指标使用的数", "    share: {name: 政策知晓率, options: [是]}\n", "", "survey-feeds-nothing"),
        ("最短用时不是整数", "minimum_seconds: 15", "minimum_seconds: 很短", "number-format"),
        ("没有题号", "{number: 9, text", "{text", "survey-question-unnamed"),
    ],
)  # fmt: skip
def test_写错一处指出一处(tmp_path: Path, 说明: str, 原文: str, 改为: str, 规则: str) -> None:
    text = (EXAMPLES / "fukang-2024.yaml").read_text(encoding="utf-8")
    assert 原文 in text
    found = _load(tmp_path, text.replace(原文, 改为, 1))
    assert 规则 in [rule for rule, _ in found]
    assert all(row for _, row in found)


def test_总体满意度只能平均有满意度的题(tmp_path: Path) -> None:
    text = (EXAMPLES / "jiaocheng-2024.yaml").read_text(encoding="utf-8")
    assert ("survey-overall", 23) in _load(tmp_path, text.replace('"4.1", "4.2"', '"1", "4.2"'))


@pytest.mark.parametrize("seed", range(10))
def test_改坏的定义和答卷从不引发异常(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    answers = (EXAMPLES / "fukang-2024-answers.csv").read_bytes()[:6000]
    counted = (EXAMPLES / "jiaocheng-2024-counts.csv").read_bytes()
    good, _ = load_definition(EXAMPLES / "fukang-2024.yaml")
    for number in range(100):
        kind = chance.randrange(3)
        source = (chance.choice(DEFINITIONS).read_bytes(), answers, counted)[kind]
        data = _spoilt(source, chance)
        path = tmp_path / f"{number}.{'yaml' if kind == 0 else 'csv'}"
        path.write_bytes(data)
        if kind == 0:
            definition, findings = load_definition(path)
            assert (definition is None) == any(finding.is_error for finding in findings)
        else:
            result, findings = reckon(path, chance.choice([None, good]))
            assert result is not None or any(finding.is_error for finding in findings)
            if result is not None:
                assert 0 <= result.valid <= result.n
        assert all(finding.sentence() for finding in findings)


def _spoilt(data: bytes, chance: random.Random) -> bytes:
    lines = data.split(b"\n")
    for _ in range(chance.randrange(1, 4)):
        at = chance.randrange(len(lines))
        match chance.randrange(7):
            case 0 if len(lines) > 1:
                del lines[at]
            case 1:
                lines.insert(at, lines[at])
            case 2:
                lines[at] = lines[at].replace(b",", b"", 1)
            case 3:
                place = chance.randrange(len(lines[at]) + 1)
                word = chance.choice([b"\x00", b'"', b"\xff", b": ", b"[", "，".encode(), b"-3", b"none", b",,,"])
                lines[at] = lines[at][:place] + word + lines[at][place:]
            case 4:
                lines[at] = lines[at][: chance.randrange(len(lines[at]) + 1)]
            case 5:
                other = chance.randrange(len(lines))
                lines[at], lines[other] = lines[other], lines[at]
            case _:
                lines[at] = b"  " + lines[at]
    return b"\n".join(lines)
