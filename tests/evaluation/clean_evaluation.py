"""An invented county's evaluation without a fault: tests plant one defect at a time and look what is said."""

from dataclasses import replace

from tuodi.evaluation.data import DeclaredTarget, ElementRow, EvaluationData, FigureRow, IndicatorRow, Place
from tuodi.evaluation.scheme import Scheme
from tuodi.evaluation.scheme_loader import parse_scheme

SCHEME = """\
schema: tuodi-scheme/1
id: example
title: 示例县医疗救助评价
kind: evaluation
source: 本测试
layout: generic
grades:
  - {name: 优, from: "90"}
  - {name: 良, from: "80"}
  - {name: 中, from: "60"}
  - {name: 差, from: "0"}
funds: {received: 到位资金, spent: 支出资金, opening: 上年结余, closing: 年末结余}
indicators:
  - code: A
    name: 决策
    weight: "10"
    children:
      - code: A1
        name: 绩效目标
        weight: "10"
        children:
          - code: A11
            name: 绩效指标明确性
            weight: "6"
            rule: {type: checklist_equal_share, elements: [已经细化, 可以衡量]}
          - code: A12
            name: 管理制度健全性
            weight: "4"
            rule: {type: itemised_points, items: [{name: 业务制度, points: "1"}, {name: 财务制度, points: "3"}]}
  - code: B
    name: 过程
    weight: "10"
    children:
      - code: B11
        name: 预算执行率
        weight: "10"
        target: "≥95%"
        rule: {type: threshold_else_rate_times_weight}
        measure: {kind: rate, of: [支出资金], base: [到位资金]}
  - code: C
    name: 产出
    weight: "40"
    children:
      - code: C1
        name: 产出数量
        weight: "10"
        children:
          - code: C11
            name: 住院救助人次
            weight: "10"
            target: "≥3000人次"
            rule: {type: quantitative_in_proportion}
            data_source: 结算台账
      - code: C2
        name: 产出质量
        weight: "10"
        children:
          - code: C21
            name: 资金发放准确率
            weight: "10"
            target: "≥99%"
            rule: {type: quantitative_in_proportion}
            rule_text: 发放准确率达到目标得满分，否则按比例得分
            data_source: 发放清册
      - code: C3
        name: 产出时效
        weight: "10"
        children:
          - code: C31
            name: 资金发放完成时间
            weight: "10"
            target: "=12月25日"
            rule: {type: all_or_nothing}
            data_source: 支付凭证
      - code: C4
        name: 产出成本
        weight: "10"
        children:
          - code: C41
            name: 每人资助标准
            weight: "10"
            target: "≤380元/人"
            rule: {type: all_or_nothing}
            data_source: 资助文件
  - code: D
    name: 效益
    weight: "40"
    children:
      - code: D1
        name: 社会效益
        weight: "20"
        children:
          - code: D11
            name: 政策知晓率
            weight: "20"
            target: "≥80%"
            rule: {type: deduct_share_per_point, share: "0.05"}
            data_source: 问卷
      - code: D2
        name: 可持续影响
        weight: "10"
        children:
          - code: D21
            name: 长效机制
            weight: "10"
            rule: {type: all_or_nothing, elements: [经费有保障, 队伍稳定]}
      - code: D3
        name: 满意度
        weight: "10"
        children:
          - code: D31
            name: 群众满意度
            weight: "10"
            target: "≥90%"
            rule: {type: threshold_else_rate_times_weight}
            data_source: 问卷
"""

_TARGETS = (
    ("数量指标", "住院救助人次", "≥3000人次", "2900人次"),
    ("数量指标", "门诊救助人次", "≥8000人次", "7900人次"),
    ("质量指标", "资金发放准确率", "≥99%", "99%"),
    ("时效指标", "资金发放完成时间", "=12月25日", "12月25日"),
    ("成本指标", "每人资助标准", "≤380元/人", "380元/人"),
    ("社会效益指标", "政策知晓率", "≥80%", "75%"),
    ("可持续影响指标", "信息档案保存年限", "≥15年", "15年"),
    ("满意度指标", "群众满意度", "≥90%", "88%"),
)

_FIGURES = {"到位资金": "1000000.00", "支出资金": "960000.00", "上年结余": "200000.00", "年末结余": "240000.00"}

DATA = EvaluationData(
    targets=tuple(
        DeclaredTarget(
            dimension=dimension,
            name=name,
            target=target,
            last_year=last_year,
            basis="上年实际值",
            source="结算台账",
            place=Place("data.xlsx", "申报目标", row),
        )
        for row, (dimension, name, target, last_year) in enumerate(_TARGETS, 2)
    ),
    indicators={
        code: IndicatorRow(code=code, actual=actual, place=Place("data.xlsx", "指标", row))
        for row, (code, actual) in enumerate(
            (
                ("C11", "3100人次"),
                ("C21", "100%"),
                ("C31", "12月25日"),
                ("C41", "380元/人"),
                ("D11", "82%"),
                ("D31", "93%"),
            ),
            2,
        )
    },
    elements={code: ElementRow(code=code, met=True) for code in ("A11.1", "A11.2", "A12.1", "A12.2", "D21.1", "D21.2")},
    figures={name: FigureRow(name=name, value=value, unit="元") for name, value in _FIGURES.items()},
)


def scheme(*changes: tuple[str, str]) -> Scheme:
    """Return the clean scheme with texts replaced; each must be there, and the result must load."""
    text = SCHEME
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    loaded, findings = parse_scheme(text.encode(), "scheme.yaml")
    assert loaded is not None, [finding.sentence() for finding in findings]
    return loaded


def with_row(code: str, **cells: object) -> EvaluationData:
    """Return the clean data with cells of one indicator changed."""
    row = DATA.indicators.get(code, IndicatorRow(code=code))
    return replace(DATA, indicators={**DATA.indicators, code: replace(row, **cells)})


def with_target(number: int, **cells: str) -> EvaluationData:
    """Return the clean data with cells of one declared target (from 1) changed."""
    rows = list(DATA.targets)
    rows[number - 1] = replace(rows[number - 1], **cells)
    return replace(DATA, targets=tuple(rows))
