"""Codes in an evaluation's data that its scheme does not have."""

from collections.abc import Iterator

from tuodi.evaluation.data import EvaluationData
from tuodi.evaluation.scheme import Scheme
from tuodi.evaluation.sheets import heading
from tuodi.kernel.finding import Fault, Finding, Severity


def unknown_codes(scheme: Scheme, data: EvaluationData) -> Iterator[Finding]:
    """Yield every unknown code: an error where it would have been scored, a warning where it only links."""
    yield from _of_inputs(scheme, data)
    names = {node.code for node in scheme.nodes()} | ({scheme.fund_row.code} if scheme.fund_row else set())
    column = heading("problems", "codes")
    for problem in data.problems:
        for code in problem.codes:
            if code not in names:
                fault = Fault("problem-code-unknown", "方案里没有这个编码的指标", "请核对编码")
                yield problem.place.finding(fault, column, code, Severity.WARNING)
    column = heading("compliance", "codes")
    for check in data.compliance:
        for code in check.codes:
            if code not in names:
                fault = Fault("compliance-code-unknown", "方案里没有这个编码的指标", "请核对编码")
                yield check.place.finding(fault, column, code, Severity.WARNING)


def _of_inputs(scheme: Scheme, data: EvaluationData) -> Iterator[Finding]:
    leaves = {leaf.code: leaf for leaf in scheme.leaves()}
    known = {*leaves, scheme.fund_row.code} if scheme.fund_row else set(leaves)
    for row in data.indicators.values():
        if row.code not in known:
            fault = Fault("code-unknown", "方案里没有这个编码的末级指标", "请核对编码，或删除这一行")
            yield row.place.finding(fault, heading("indicators", "code"), row.code)
    elements = {
        f"{leaf.code}.{number}"
        for leaf in leaves.values()
        for number in range(1, len(leaf.rule.element_names if leaf.rule else ()) + 1)
    }
    for element in data.elements.values():
        if element.code not in elements:
            fault = Fault("code-unknown", "方案里没有这个编码的要点", "请写成“指标编码.序号”，例如 A22.2")
            yield element.place.finding(fault, heading("elements", "code"), element.code)
