"""绩效指标质量检查：每条规则遇到埋下的毛病要说话，没有毛病时不说话；界限两边各试一次。"""

from dataclasses import replace

import pytest

from tests.evaluation.clean_evaluation import DATA, scheme, with_row, with_target
from tuodi.evaluation.data import EvaluationData, IndicatorRow
from tuodi.evaluation.indicator_quality import indicator_quality
from tuodi.evaluation.lint import history_fault, is_quantified
from tuodi.evaluation.lint_system import lint_system
from tuodi.evaluation.lint_targets import clarity_evidence, lint_targets
from tuodi.evaluation.scheme import Kind, Scheme
from tuodi.evaluation.scheme_loader import parse_scheme
from tuodi.evaluation.target import parse_target
from tuodi.kernel.finding import Severity
from tuodi.kernel.opinion import Opinion

Change = tuple[str, str]


def _rules(opinions: tuple[Opinion, ...]) -> set[str]:
    return {each.rule for each in opinions}


def test_没有毛病的申报目标和体系没有意见() -> None:
    assert lint_targets(DATA) == ()
    assert lint_system(scheme(), DATA) == ()


申报目标的毛病 = [
    ("目标太少", replace(DATA, targets=DATA.targets[1:]), "indicators-few"),
    ("没有申报目标", EvaluationData(), "targets-none"),
    ("没有写符号", with_target(1, target="3000人次"), "target-operator-missing"),
    ("没有写单位", with_target(1, target="≥3000", last_year=""), "target-unit-missing"),
    ("没有写目标值", with_target(1, target=""), "target-empty"),
    ("空话", with_target(6, target="有所提高"), "target-vague"),
    ("没有依据", with_target(1, basis=""), "target-basis-missing"),
    ("没有数据来源", with_target(1, source=""), "target-source-missing"),
    ("上年已经达到", with_target(1, last_year="3200人次"), "target-already-met"),
    ("高不可攀", with_target(1, last_year="1000人次"), "target-out-of-reach"),
    ("准确率列在数量里", with_target(2, name="资金支付准确率"), "rate-misplaced"),
    ("同一目标写两次", with_target(2, name="住院 救助人次"), "target-twice"),
    ("缺可持续影响", with_target(7, dimension="社会效益指标"), "dimension-missing"),
]


@pytest.mark.parametrize(
    ("资料", "规则"), [case[1:] for case in 申报目标的毛病], ids=[case[0] for case in 申报目标的毛病]
)
def test_申报目标的毛病只说一条(资料: EvaluationData, 规则: str) -> None:
    assert _rules(lint_targets(资料)) == {规则}


def test_文字目标不要求写依据() -> None:
    assert lint_targets(with_target(6, target="全部知晓", basis="")) == ()


def test_量化率低() -> None:
    data = DATA
    for number, words in ((6, "全部知晓"), (7, "逐年归档"), (8, "无投诉")):
        rows = list(data.targets)
        rows[number - 1] = replace(rows[number - 1], target=words)
        data = replace(data, targets=tuple(rows))
    (found,) = lint_targets(data)  # 8 项中 5 项：62.5%
    assert (found.rule, found.severity, found.location) == ("quantified-share-low", Severity.WARNING, "申报目标")
    assert (found.stated, found.expected) == ("62.5%", "≥70%")
    assert "8 项指标中只有 5 项量化，量化率 62.5%" in found.message


@pytest.mark.parametrize(
    ("总数", "量化", "够"),
    [(10, 6, False), (10, 7, True), (10, 8, True), (9, 6, False), (9, 7, True), (1000, 699, False), (1000, 700, True)],
)
def test_量化率的界限(总数: int, 量化: int, 够: bool) -> None:
    number, words = replace(DATA.targets[0], target="≥1人"), replace(DATA.targets[0], target="全部知晓")
    rows = (number,) * 量化 + (words,) * (总数 - 量化)
    assert ("quantified-share-low" in _rules(lint_targets(EvaluationData(targets=rows)))) is not 够


@pytest.mark.parametrize(("个数", "够"), [(6, False), (7, False), (8, True)])
def test_申报目标个数的界限(个数: int, 够: bool) -> None:
    assert ("indicators-few" in _rules(lint_targets(replace(DATA, targets=DATA.targets[:个数])))) is not 够


@pytest.mark.parametrize(
    ("目标", "上年", "规则"),
    [
        ("≥100人", "99人", None),
        ("≥100人", "100人", None),
        ("≥100人", "101人", "target-already-met"),
        ("≥130人", "100人", None),
        ("≥131人", "100人", "target-out-of-reach"),
        ("≤100元", "100元", None),
        ("≤100元", "99元", "target-already-met"),
        ("≤70元", "100元", None),
        ("≤69元", "100元", "target-out-of-reach"),
        ("=100%", "100%", None),
        ("=100%", "76%", "target-out-of-reach"),
        ("=100%", "77%", None),
        ("≥91%", "100%", "target-already-met"),
        ("≥100人", "50万元", None),
        ("≥100人", "0人", None),
        ("≥100人", "没有统计", None),
        ("90%–95%", "50%", None),
        ("及时", "100%", None),
    ],
)
def test_目标与上年相比(目标: str, 上年: str, 规则: str | None) -> None:
    fault = history_fault(parse_target(目标), 上年, indicator_quality())
    assert (fault.rule if fault else None) == 规则


@pytest.mark.parametrize(
    ("目标", "量化"),
    [
        ("≥33333人", True),
        ("=5元/人/月", True),
        ("12万元", True),
        ("90%–95%", True),
        ("=12 月 25 日", True),
        ("12月底前", True),
        ("2024年底前", True),
        ("及时", False),
        ("不低于上年", False),
        ("", False),
    ],
)
def test_是不是量化(目标: str, 量化: bool) -> None:
    assert is_quantified(parse_target(目标)) is 量化


@pytest.mark.parametrize(
    ("词", "空"),
    [
        ("减轻", True),
        ("有所提高", True),
        ("进一步完善。", True),
        ("持续", True),
        ("应救尽救", False),
        ("不低于上年", False),
    ],
)
def test_是不是空话(词: str, 空: bool) -> None:
    assert indicator_quality().is_vague(词) is 空


def test_阜康申报目标十项中八项量化() -> None:
    values = ["≥33333人", "≥6130人", "≥27203人", "≥91%", "=12月25日", "=5元/人/月", "≤12万元", "及时", "减轻", "≥95%"]
    rows = tuple(replace(DATA.targets[0], name=f"指标{number}", target=value) for number, value in enumerate(values))
    evidence = clarity_evidence(EvaluationData(targets=rows), scheme())
    assert evidence is not None
    assert (evidence.count, evidence.quantified, evidence.share, evidence.code) == (10, 8, "80%", "A11")
    assert "共 10 项，其中 8 项" in evidence.statement
    assert "量化率 80%（8/10），达到不低于 70% 的要求" in evidence.statement
    assert "三级指标 10 项，多于 7 项" in evidence.statement
    assert evidence.statement.endswith("未量化的指标：指标7、指标8。")


def test_不够时佐证也照实说() -> None:
    rows = (DATA.targets[0], replace(DATA.targets[0], name="另一项", target="减轻", basis=""))
    evidence = clarity_evidence(EvaluationData(targets=rows))
    assert evidence is not None
    assert (
        "量化率 50%（1/2），未达到不低于 70% 的要求；三级指标 2 项，没有超过 7 项；写明目标值依据的 1 项"
        in evidence.statement
    )
    assert evidence.code == ""
    assert clarity_evidence(EvaluationData()) is None


PRINTED = [("data_source: 发放清册", "printed_rule: {type: rate_times_weight}\n            data_source: 发放清册")]

体系的毛病: list[tuple[str, list[Change], EvaluationData, str, str]] = [
    ("分值合计大于权重", [('points: "3"', 'points: "4"')], DATA, "rule-points", "A12 管理制度健全性"),
    ("分值合计小于权重", [('points: "3"', 'points: "2"')], DATA, "rule-points", "A12 管理制度健全性"),
    (
        "没有写怎样给分",
        [("{type: all_or_nothing, elements: [经费有保障, 队伍稳定]}", "{type: qualitative_unquantified}")],
        DATA,
        "rule-judged",
        "D21 长效机制",
    ),
    ("没有目标值", [('            target: "≥80%"\n', "")], DATA, "rule-not-computable", "D11 政策知晓率"),
    ("目标的单位对不上规则", [('"≥80%"', '"≥80人"')], DATA, "rule-not-computable", "D11 政策知晓率"),
    ("没有符号", [('"≥3000人次"', '"3000人次"')], DATA, "target-operator-missing", "C11 住院救助人次"),
    ("没有单位", [('"≥3000人次"', '"≥3000"')], DATA, "target-unit-missing", "C11 住院救助人次"),
    ("印出的规则不同", PRINTED, DATA, "rule-not-as-printed", "C21 资金发放准确率"),
    ("名称和规则不是一回事", [("发放准确率达到", "按计划完成率达到")], DATA, "rate-confused", "C21 资金发放准确率"),
    ("准确率列在数量里", [("住院救助人次", "住院救助准确率")], DATA, "rate-misplaced", "C11 住院救助准确率"),
    ("同名", [("群众满意度", "政策知晓率")], DATA, "indicator-twice", "D31 政策知晓率"),
    (
        "用同样的数据",
        [("            data_source: 发放清册", "            measure: {kind: rate, of: [支出资金], base: [到位资金]}")],
        DATA,
        "measure-twice",
        "C21 资金发放准确率",
    ),
    ("上年已经达到", [], with_row("C11", last_year="3001人次"), "target-already-met", "C11 住院救助人次"),
    ("高不可攀", [], with_row("C11", last_year="2000人次"), "target-out-of-reach", "C11 住院救助人次"),
    ("给分没有理由", [], with_row("D21", awarded="5"), "awarded-without-reason", "D21 长效机制"),
    ("没有数据来源", [("            data_source: 结算台账\n", "")], DATA, "indicator-source-missing", "全部指标"),
    ("缺成本", [("产出成本", "产出标准")], DATA, "dimension-missing", "全部指标"),
    ("没有等级", [(line, "") for line in (
        "grades:\n", '  - {name: 优, from: "90"}\n', '  - {name: 良, from: "80"}\n', '  - {name: 中, from: "60"}\n',
        '  - {name: 差, from: "0"}\n')], DATA, "grades-missing", "全部指标"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("改动", "资料", "规则", "位置"), [case[1:] for case in 体系的毛病], ids=[case[0] for case in 体系的毛病]
)
def test_体系的毛病只说一条(改动: list[Change], 资料: EvaluationData, 规则: str, 位置: str) -> None:
    (found,) = lint_system(scheme(*改动), 资料)
    assert (found.rule, found.location) == (规则, 位置)


def test_资料里的目标值代替方案的目标值() -> None:
    assert _rules(lint_system(scheme(), with_row("C11", target="3000人次"))) == {"target-operator-missing"}
    without = scheme(('            target: "≥80%"\n', ""))
    assert lint_system(without, with_row("D11", target="≥80%")) == ()


def test_分值合计说出两个数() -> None:
    (found,) = lint_system(scheme(('points: "3"', 'points: "4"')), DATA)
    assert (found.severity, found.stated, found.expected) == (
        Severity.ERROR, "各分项合计 5 分，超过权重 4 分", "4 分"
    )  # fmt: skip


def test_体系的量化率只看产出和效益() -> None:
    # 产出和效益 7 项中原有 6 项量化；再去掉一项是 5/7 = 71.43%，再去掉一项是 4/7 = 57.14%。
    one = ('"≥80%"', "广泛知晓"), ('{type: deduct_share_per_point, share: "0.05"}', "{type: all_or_nothing}")
    two = (
        ('"≥90%"', "群众认可"),
        ("type: threshold_else_rate_times_weight}\n            data", "type: all_or_nothing}\n            data"),
    )
    assert "quantified-share-low" not in _rules(lint_system(scheme(*one), DATA))
    (found,) = lint_system(scheme(*one, *two), DATA)
    assert (found.rule, found.stated) == ("quantified-share-low", "57.14%")


FEW = """\
schema: tuodi-scheme/1
id: few
title: 指标少的方案
kind: self-evaluation
source: 本测试
layout: generic
indicators:
"""
ROW = """\
  - {{code: S{n}, name: 指标{n}, weight: "{weight}", target: "≥1人", rule: {{type: all_or_nothing}}}}
"""


@pytest.mark.parametrize(("个数", "够"), [(6, False), (7, False), (8, True)])
def test_末级指标个数的界限(个数: int, 够: bool) -> None:
    rows = "".join(ROW.format(n=n, weight=0 if n else 100) for n in range(个数))
    assert ("indicators-few" in _rules(lint_system(_loaded(FEW + rows), EvaluationData()))) is not 够


def _loaded(text: str) -> Scheme:
    loaded, findings = parse_scheme(text.encode(), "scheme.yaml")
    assert loaded is not None, findings
    return loaded


def test_自评没有申报表和等级只作说明() -> None:
    (found,) = lint_targets(EvaluationData(), Kind.SELF)
    assert found.severity is Severity.INFO
    opinions = lint_system(_loaded(FEW + ROW.format(n=1, weight=100)), EvaluationData())
    grades = [each for each in opinions if each.rule == "grades-missing"]
    assert [each.severity for each in grades] == [Severity.INFO]


def test_每条意见都有话说() -> None:
    everything = [*lint_targets(EvaluationData())]
    everything += [each for _, changes, data, _, _ in 体系的毛病 for each in lint_system(scheme(*changes), data)]
    everything += [each for _, data, _ in 申报目标的毛病 for each in lint_targets(data)]
    for each in everything:
        assert each.message and each.advice and not each.message.endswith("。") and not each.advice.endswith("。")
        assert set(each.answer()) == {"rule", "severity", "location", "quote", "stated", "expected", "message"}


def test_一行没有编号的指标不使检查停下() -> None:
    assert lint_system(scheme(), EvaluationData(indicators={"不存在": IndicatorRow(code="不存在")})) == ()
