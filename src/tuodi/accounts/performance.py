"""Evaluated projects: amounts, scores and grades taken from the evaluations, counted and summed; never typed twice."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from tuodi.accounts.disclosure import Accounts, Evaluated, Project
from tuodi.accounts.scores import score_findings
from tuodi.accounts.table_set import EXTRA, VALUE
from tuodi.kernel.finding import Fault, Finding, Severity
from tuodi.kernel.money import Fen, decimal_text, yuan_grouped

OWN, BY_DEPARTMENT, WHOLE = "单位自评", "部门评价", "整体自评"
FIRST_LEVEL = "一级"
WHOLE_BUDGET, WHOLE_EXECUTED, WHOLE_SCOPE = "整体绩效预算数", "整体绩效执行数", "整体绩效口径"
_GENERAL = ("一般公共预算", "")


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

    @property
    def complete(self) -> bool:
        """Tell whether budget and outlay of every project are known, so that their sums have the same scope."""
        return all(each.budget_fen is not None and each.executed_fen is not None for each in self.projects)

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
        findings += _amounts(project)
    findings += score_findings(accounts)
    findings += _against_tables(accounts, group(projects, OWN))
    findings += _whole(accounts, group(projects, OWN))
    return findings


def _amounts(project: Project) -> Iterator[Finding]:
    """Yield amounts of one project that are missing, and more spent than there was."""
    for what, fen in (("全年预算数", project.budget_fen), ("全年执行数", project.executed_fen)):
        if fen is None:
            fault = Fault("project-amount-missing", f"没有{what}", "请补填，或写明评价编号")
            yield project.place.finding(fault, project.name, Severity.WARNING)
    if project.budget_fen is not None and (project.executed_fen or 0) > project.budget_fen:
        message = f"全年执行数 {_money(project.executed_fen)} 元，大于全年预算数 {_money(project.budget_fen)} 元"
        advice = "请核对两个数；确是用了上年结转等资金的，在“超出预算的原因”写明"
        severity = Severity.WARNING if project.above_budget else Severity.ERROR
        yield project.place.finding(Fault("executed-above-budget", message, advice), project.name, severity)


def _against_tables(accounts: Accounts, own: Group) -> Iterator[Finding]:
    """Yield sums of the self-evaluated projects that the tables and the budget at the start of the year do not hold."""
    spent, initial = accounts.role("project_total"), accounts.role("initial_budget")
    # A total in 万元 may be half of its last digit more than it reads.
    if own.projects and spent is not None and 2 * (own.executed_fen - spent) > accounts.step_fen:
        message = f"自评项目的实际支出合计 {_money(own.executed_fen)}，大于项目支出 {accounts.exactly(spent)}"
        fault = Fault("part-above-total", message, "请核对各项目的全年执行数")
        yield own.projects[0].place.finding(fault, _money(own.executed_fen))
    general = Group(tuple(project for project in own.projects if project.fund in _GENERAL))
    if general.projects and initial is not None and general.budget_fen > initial:
        message = (
            f"自评项目的全年预算数合计 {_money(general.budget_fen)} 元，大于一般公共预算财政拨款支出年初预算"
            f" {_money(initial)} 元"
        )
        advice = (
            "两个数口径不同的（例如项目预算含年中追加、结转下年的资金），请在“部门情况”的“其他说明”里写明；不是的请改正"
        )
        fault = Fault("scope-mixed", message, advice)
        yield general.projects[0].place.finding(fault, severity=Severity.WARNING)


def whole_department(accounts: Accounts) -> tuple[Fen | None, Fen | None, str]:
    """Return budget and outlay of the department's whole expenditure as told, and the scope that both have."""
    budget, executed = (accounts.value(EXTRA, item, VALUE) for item in (WHOLE_BUDGET, WHOLE_EXECUTED))
    return budget, executed, accounts.fact(WHOLE_SCOPE)


def _whole(accounts: Accounts, own: Group) -> Iterator[Finding]:
    """Yield a rate of the whole department whose two amounts are not of one scope, or not said to be."""
    budget, executed, scope = whole_department(accounts)
    if budget is None or executed is None:
        return
    place = accounts.cell((EXTRA, WHOLE_BUDGET, VALUE)).place
    if own.projects and budget == own.budget_fen and executed != own.executed_fen:
        message = (
            f"部门整体支出绩效的全年预算数 {_money(budget)} 元是 {len(own.projects)} 个自评项目的预算之和，"
            f"全年执行数 {_money(executed)} 元不是它们的执行数之和 {_money(own.executed_fen)} 元"
        )
        yield place.finding(Fault("scope-mixed", message, "请填同一范围的预算数和执行数"), _money(budget))
    elif executed > budget:
        message = f"部门整体支出绩效的全年执行数 {_money(executed)} 元，大于全年预算数 {_money(budget)} 元"
        yield place.finding(Fault("executed-above-budget", message, "请填同一范围的预算数和执行数"), _money(executed))
    elif not scope:
        message = "没有写明部门整体支出绩效的预算数和执行数是哪个范围的，文字里不写这两个数和执行率"
        fault = Fault("scope-missing", message, f"请在“部门情况”写明{WHOLE_SCOPE}，例如 全部支出")
        yield place.finding(fault, severity=Severity.WARNING)


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
