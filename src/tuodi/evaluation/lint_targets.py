"""Lint of the targets a unit declared itself, and the evidence this gives for the clarity of its indicators."""

from collections.abc import Iterator
from dataclasses import dataclass

from tuodi.evaluation.data import DeclaredTarget, EvaluationData
from tuodi.evaluation.indicator_quality import IndicatorQuality, indicator_quality
from tuodi.evaluation.lint import (
    count_opinions,
    coverage_opinions,
    history_fault,
    in_percent,
    is_quantified,
    rate_misplaced,
    share_text,
    spoken,
    written_faults,
)
from tuodi.evaluation.scheme import Kind, Scheme
from tuodi.evaluation.sheets import data_layout
from tuodi.evaluation.target import parse_target
from tuodi.kernel.finding import Fault, Severity
from tuodi.kernel.opinion import Opinion
from tuodi.kernel.quantity import plain

SHEET_ID = "targets"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClarityEvidence:
    """What the declared targets show for the clarity indicator: counts, and a statement that says no more than they do.

    ``code`` is the leaf of the scheme it may be cited for, empty where the scheme has none.
    """

    count: int
    quantified: int
    with_basis: int
    code: str
    statement: str

    @property
    def share(self) -> str:
        """Return the quantified share in percent."""
        return share_text(self.quantified, self.count)


def lint_targets(
    data: EvaluationData, kind: Kind = Kind.EVALUATION, rules: IndicatorQuality | None = None
) -> tuple[Opinion, ...]:
    """Return every opinion on the declared targets. Without any there is one opinion and nothing else to say.

    A self-evaluation's own scheme holds the unit's targets, so that an empty sheet only informs there.
    """
    rules = rules or indicator_quality()
    targets, where = data.targets, data_layout().sheet(SHEET_ID).name
    if not targets:
        opinion = Opinion(
            rule="targets-none",
            severity=Severity.INFO if kind is Kind.SELF else Severity.WARNING,
            location=where,
            message="没有填写单位申报的绩效目标，没有检查",
            advice="请照绩效目标申报表填写；没有申报的，请在报告中说明",
        )
        return (opinion,)
    quantified = sum(is_quantified(parse_target(each.target)) for each in targets)
    of_all = [
        *count_opinions(len(targets), quantified, len(targets), where, rules),
        *coverage_opinions((rules.dimension_of(each.dimension) for each in targets), where, rules),
    ]
    of_each = [opinion for number, each in enumerate(targets, 1) for opinion in _of_row(each, number, rules)]
    return (*of_all, *of_each, *_twice(targets))


def clarity_evidence(
    data: EvaluationData, scheme: Scheme | None = None, rules: IndicatorQuality | None = None
) -> ClarityEvidence | None:
    """Return the counts and the statement; None without declared targets."""
    rules = rules or indicator_quality()
    targets = data.targets
    if not targets:
        return None
    parsed = [parse_target(each.target) for each in targets]
    words = [each.name for each, target in zip(targets, parsed, strict=True) if not is_quantified(target)]
    count, quantified = len(targets), len(targets) - len(words)
    with_basis = sum(bool(each.basis) for each in targets)
    wanted, most = rules.quantified_share, rules.count_more_than
    reaches = "达到" if quantified >= wanted.value * count else "未达到"
    more = "多于" if count > most.value else "没有超过"
    statement = (
        f"申报目标共 {count} 项，其中 {quantified} 项以数值或日期表示，量化率 {share_text(quantified, count)}"
        f"（{quantified}/{count}），{reaches}不低于 {in_percent(wanted.value)} 的要求；"
        f"三级指标 {count} 项，{more} {plain(most.value)} 项；写明目标值依据的 {with_basis} 项。"
    )
    if words:
        statement += f"未量化的指标：{'、'.join(words)}。"
    clear = [leaf.code for leaf in scheme.leaves() if rules.clarity_indicator in leaf.name] if scheme else []
    return ClarityEvidence(
        count=count,
        quantified=quantified,
        with_basis=with_basis,
        code=clear[0] if clear else "",
        statement=statement,
    )


def _place(target: DeclaredTarget, number: int) -> str:
    row = target.place.row
    return f"{data_layout().sheet(SHEET_ID).name} 第 {row if row is not None else number} 行"


def _of_row(row: DeclaredTarget, number: int, rules: IndicatorQuality) -> Iterator[Opinion]:
    target = parse_target(row.target)
    faults: list[Fault | None] = [*written_faults(target)]
    if not row.target.strip():
        faults.append(Fault("target-empty", "没有写目标值", "请填写年度指标值，连同符号和单位"))
    elif not is_quantified(target) and rules.is_vague(row.target):
        message = f"目标值“{row.target}”没有可以核对的标准"
        faults.append(Fault("target-vague", message, "请改成数值或日期；只能用文字的，请写清怎样算达到、由谁认定"))
    if is_quantified(target) and not row.basis:
        faults.append(Fault("target-basis-missing", "目标值没有写依据", "请写明根据什么定的，例如上年实际值、计划文件"))
    faults.append(history_fault(target, row.last_year, rules))
    faults.append(rate_misplaced(row.name, rules.dimension_of(row.dimension), rules))
    for fault in faults:
        if fault is not None:
            yield _opinion(fault, Severity.WARNING, row, number)
    if not row.source:
        fault = Fault("target-source-missing", "没有写数据来源", "请写明实际值从哪份报表或台账取得")
        yield _opinion(fault, Severity.INFO, row, number)


def _opinion(fault: Fault, severity: Severity, row: DeclaredTarget, number: int) -> Opinion:
    return Opinion(
        rule=fault.rule,
        severity=severity,
        location=_place(row, number),
        message=f"{row.name}：{fault.message}",
        advice=fault.advice,
        quote=f"{row.name} {row.target}".strip(),
        stated=row.target,
    )


def _twice(targets: tuple[DeclaredTarget, ...]) -> Iterator[Opinion]:
    first: dict[str, int] = {}
    for number, row in enumerate(targets, 1):
        earlier = first.setdefault(spoken(row.name), number)
        if earlier != number:
            place = _place(targets[earlier - 1], earlier)
            fault = Fault("target-twice", f"与{place}是同一个指标，会重复计算", "请只保留一处，或写清两者的区别")
            yield _opinion(fault, Severity.WARNING, row, number)
