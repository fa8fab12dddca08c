"""Deduction -> problem -> cause -> advice -> who -> by when: one table, and where its links are broken."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from tuodi.evaluation.data import ComplianceRow, Place, ProblemRow
from tuodi.evaluation.rules.rule import points_text
from tuodi.evaluation.scheme import Kind, Scheme
from tuodi.evaluation.scoring import Result
from tuodi.evaluation.sheets import data_layout, heading, label
from tuodi.kernel.finding import Fault, Finding, Severity

PROBLEMS, COMPLIANCE = "problems", "compliance"
AGREE = "请核对检查结果和得分，使两处一致"

# What a problem must come with -> whether a report without it is sent back.
ASKED = {"cause": True, "advice": True, "responsible": False, "due": False}


@dataclass(frozen=True, slots=True)
class Deduction:
    """Points that a leaf, or the row of the budget's execution, lost; ``reason`` as the score gives it."""

    code: str
    name: str
    lost: Fraction
    reason: str
    place: Place

    def __str__(self) -> str:
        """Write it as a table does: ``A22 绩效指标明确性（扣 2 分）``."""
        return f"{self.code} {self.name}（扣 {points_text(self.lost)} 分）"


@dataclass(frozen=True, slots=True)
class Linked:
    """One row of the table: a problem with all deductions it explains, or a deduction that no problem names.

    A deduction may stand in several rows; their sum is that of ``deductions``, not of the rows.
    """

    deductions: tuple[Deduction, ...]
    problem: ProblemRow | None


def deductions(result: Result) -> tuple[Deduction, ...]:
    """Return everything that lost points, in the document's order, the fund row last."""
    found = [
        Deduction(
            score.indicator.code, score.indicator.name, score.lost, score.reason, _place(result, score.indicator.code)
        )
        for score in result.scores
        if score.lost > 0
    ]
    fund = result.fund
    if fund is not None and fund.points is not None and fund.points < fund.row.weight:
        lost = fund.row.weight - fund.points
        found.append(Deduction(fund.row.code, fund.row.name, lost, fund.reason, _place(result, fund.row.code)))
    return tuple(found)


def linked(result: Result) -> tuple[Linked, ...]:
    """Return the rows: each problem in the order of its sheet, then the deductions that none of them names."""
    lost = deductions(result)
    meant = [_codes(result.scheme, problem.codes) for problem in result.data.problems]
    rows = [
        Linked(tuple(each for each in lost if each.code in codes), problem)
        for codes, problem in zip(meant, result.data.problems, strict=True)
    ]
    named = set().union(*meant)
    return (*rows, *(Linked((each,), None) for each in lost if each.code not in named))


def link_findings(result: Result) -> tuple[Finding, ...]:
    """Return broken links: unexplained deductions, problems without one, gaps, compliance rows against the scores.

    Codes that the scheme does not have are told where the data are scored.
    """
    findings: list[Finding] = []
    unlinked: list[Deduction] = []
    for row in linked(result):
        if row.problem is not None:
            findings.extend(_of_problem(result, row.problem, row.deductions))
        else:
            unlinked.extend(row.deductions)
    # A unit's own table explains each deviation in its row; it has no list of problems unless it made one.
    if unlinked and not (result.scheme.kind is Kind.SELF and not result.data.problems):
        message = f"有 {len(unlinked)} 项扣分没有问题与它对应：{'、'.join(map(str, unlinked))}"
        fault = Fault("deduction-unlinked", message, "请写明问题、原因和建议，并写上涉及的指标编号")
        place = Place(sheet=data_layout().sheet(PROBLEMS).name)
        findings.append(place.finding(fault, "", "", Severity.WARNING))
    lost = {each.code for each in deductions(result)}
    for check in result.data.compliance:
        findings.extend(_of_check(result, check, lost))
    return tuple(findings)


def _place(result: Result, code: str) -> Place:
    row = result.data.indicators.get(code)
    return row.place if row and row.place.row is not None else Place(file=result.scheme.file)


def _codes(scheme: Scheme, codes: Iterable[str]) -> set[str]:
    """Return the scored codes that codes mean: a group means all its leaves, an unknown code nothing."""
    wanted = set(codes)
    found = {leaf.code for node in scheme.nodes() if node.code in wanted for leaf in node.leaves()}
    if scheme.fund_row and scheme.fund_row.code in wanted:
        found.add(scheme.fund_row.code)
    return found


def _names(result: Result) -> dict[str, str]:
    names = {node.code: node.name for node in result.scheme.nodes()}
    if result.scheme.fund_row:
        names[result.scheme.fund_row.code] = result.scheme.fund_row.name
    return names


def _of_problem(result: Result, problem: ProblemRow, explained: tuple[Deduction, ...]) -> Iterator[Finding]:
    names, codes = _names(result), heading(PROBLEMS, "codes")
    lost = {each.code for each in explained}
    if not problem.codes:
        fault = Fault("problem-unlinked", "没有写涉及的指标", "请写上因它扣分的指标编号")
        yield problem.place.finding(fault, codes, problem.problem, Severity.INFO)
    for code in problem.codes:
        if code in names and not _codes(result.scheme, (code,)) & lost and _all_scored(result, code):
            advice = "请核对这项指标该不该扣分，或改正涉及的指标"
            fault = Fault("problem-without-deduction", "没有扣分，问题却说与它有关", advice)
            yield problem.place.finding(fault, codes, f"{code} {names[code]}", Severity.WARNING)
    gaps = [name for name in ASKED if not getattr(problem, name)]
    if gaps:
        fault = Fault("problem-incomplete", f"没有写{'、'.join(label(PROBLEMS, name) for name in gaps)}", "请补填")
        severity = Severity.WARNING if any(ASKED[name] for name in gaps) else Severity.INFO
        yield problem.place.finding(fault, "", problem.problem, severity)


def _all_scored(result: Result, code: str) -> bool:
    """Tell whether everything a code means has its points: what is not scored may still lose some."""
    meant = _codes(result.scheme, (code,))
    unscored = {score.indicator.code for score in result.scores if score.points is None}
    if result.fund and result.fund.points is None:
        unscored.add(result.fund.row.code)
    return not meant & unscored


def _of_check(result: Result, check: ComplianceRow, lost: set[str]) -> Iterator[Finding]:
    """Compare one line of the compliance check with the scores of the indicators it names."""
    names, column = _names(result), heading(COMPLIANCE, "codes")
    known = [code for code in check.codes if code in names]
    if check.met is None or not known or not all(_all_scored(result, code) for code in known):
        return
    losing = [code for code in known if _codes(result.scheme, (code,)) & lost]
    if check.met:
        for code in losing:
            fault = Fault("compliance-against-score", f"扣了分，检查“{check.check}”却没有问题", AGREE)
            yield check.place.finding(fault, column, f"{code} {names[code]}", Severity.WARNING)
    elif not losing:
        said = "、".join(f"{code} {names[code]}" for code in known)
        fault = Fault("compliance-against-score", f"得了满分，检查“{check.check}”却有问题（{check.result}）", AGREE)
        yield check.place.finding(fault, column, said, Severity.WARNING)
