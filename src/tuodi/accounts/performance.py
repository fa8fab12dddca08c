"""Evaluated projects: amounts, scores and grades taken from the evaluations, counted and summed; never typed twice."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from tuodi.accounts.disclosure import Accounts, Evaluated, Project
from tuodi.kernel.finding import Fault, Finding, Severity
from tuodi.kernel.money import Fen, decimal_text, yuan_grouped

OWN, BY_DEPARTMENT, WHOLE = "单位自评", "部门评价", "整体自评"
FIRST_LEVEL = "一级"


@dataclass(frozen=True, slots=True)
class Group:
    """Projects told together: their number, amounts and grades."""

    projects: tuple[Project, ...]

    @property
    def budget_fen(self) -> Fen:
        """Return the sum of the budgets."""
        return sum(project.budget_fen or 0 for project in self.projects)

    @property
    def executed_fen(self) -> Fen:
        """Return the sum of what was spent."""
        return sum(project.executed_fen or 0 for project in self.projects)

    def by_fund(self) -> dict[str, Fen]:
        """Return the budgets by kind of budget, in the order of the projects; "" where the kind is not told."""
        sums: dict[str, Fen] = {}
        for project in self.projects:
            sums[project.fund] = sums.get(project.fund, 0) + (project.budget_fen or 0)
        return sums

    def graded(self, grade: str) -> int:
        """Return how many have a grade; "" counts those without."""
        return sum(1 for project in self.projects if project.grade == grade)


def projects_of(accounts: Accounts, evaluations: Mapping[str, Evaluated]) -> tuple[Project, ...]:
    """Return the projects with amounts, score and grade of the evaluation that each names."""
    return tuple(_filled(project, evaluations.get(project.evaluation)) for project in accounts.projects)


def _filled(project: Project, evaluated: Evaluated | None) -> Project:
    if evaluated is None:
        return project
    return replace(
        project,
        budget_fen=project.budget_fen if evaluated.budget_fen is None else evaluated.budget_fen,
        executed_fen=project.executed_fen if evaluated.executed_fen is None else evaluated.executed_fen,
        score=project.score if evaluated.score is None else evaluated.score,
        # An evaluation that gives no grade leaves none: a grade typed beside it would be another opinion.
        grade=evaluated.grade or "",
    )


def group(projects: Sequence[Project], kind: str, *, first_level: bool | None = None) -> Group:
    """Return the projects of a kind, of the first level, of any other, or (None) of all."""
    chosen = (project for project in projects if project.kind == kind)
    if first_level is None:
        return Group(tuple(chosen))
    return Group(tuple(project for project in chosen if (project.level == FIRST_LEVEL) == first_level))


def performance_findings(accounts: Accounts, evaluations: Mapping[str, Evaluated]) -> list[Finding]:
    """Return what the projects say against the evaluations, against each other and against the tables."""
    findings: list[Finding] = []
    seen: dict[tuple[str, str], Project] = {}
    for project in accounts.projects:
        key = (project.kind, project.evaluation or project.name)
        if key in seen:
            row = seen[key].place.row
            fault = Fault("project-twice", f"与第 {row} 行是同一个项目", "请只保留一行，以免重复计数")
            findings.append(project.place.finding(fault, project.name))
        seen.setdefault(key, project)
        findings += _against_evaluation(project, evaluations)
    projects = projects_of(accounts, evaluations)
    for project in projects:
        if project.budget_fen is None:
            fault = Fault("project-amount-missing", "没有全年预算数", "请补填，或写明评价编号")
            findings.append(project.place.finding(fault, project.name, Severity.WARNING))
    own, spent = group(projects, OWN), accounts.role("project_total")
    if own.projects and spent is not None and own.executed_fen > spent:
        fault = Fault(
            "part-above-total",
            f"自评项目的实际支出合计 {yuan_grouped(own.executed_fen)}，大于项目支出 {yuan_grouped(spent)}",
            "请核对各项目的全年执行数",
        )
        findings.append(own.projects[0].place.finding(fault, yuan_grouped(own.executed_fen)))
    return findings


def _against_evaluation(project: Project, evaluations: Mapping[str, Evaluated]) -> Iterator[Finding]:
    if not project.evaluation:
        return
    evaluated = evaluations.get(project.evaluation)
    if evaluated is None:
        fault = Fault("evaluation-unknown", "没有这个编号的评价", "请核对评价编号")
        yield project.place.finding(fault, project.evaluation)
        return
    pairs = (
        ("全年预算数", _money(project.budget_fen), _money(evaluated.budget_fen)),
        ("全年执行数", _money(project.executed_fen), _money(evaluated.executed_fen)),
        ("得分", _points(project.score), _points(evaluated.score)),
        ("等级", project.grade, evaluated.grade if evaluated.grade is not None else "没有评定等级"),
    )
    for what, typed, given in pairs:
        if typed and given and typed != given:
            message = f"{what}填的是 {typed}，评价 {evaluated.id} 是 {given}"
            fault = Fault("evaluation-differs", message, "请以评价为准，清空这一格即可")
            yield project.place.finding(fault, typed)


def _money(fen: Fen | None) -> str:
    return "" if fen is None else yuan_grouped(fen)


def _points(score: Fraction | None) -> str:
    return "" if score is None else decimal_text(score, 2, trimmed=True)
