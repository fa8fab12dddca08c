"""Performance in the text: how many projects, how much money, which grades; every figure is the evaluations' own."""

from tuodi.accounts.disclosure import Told
from tuodi.accounts.narrative.prose import Ask, Block, Paragraph
from tuodi.accounts.narrative.telling import Teller
from tuodi.accounts.performance import (
    BY_DEPARTMENT,
    OWN,
    WHOLE,
    WHOLE_BUDGET,
    WHOLE_EXECUTED,
    WHOLE_SCOPE,
    Group,
    group,
    whole_department,
)
from tuodi.accounts.sheets import accounts_layout
from tuodi.accounts.table_set import EXTRA, VALUE
from tuodi.kernel.fragments import Figure, Quote, Text, listed, quote, text
from tuodi.kernel.money import decimal_text


def performance_blocks(teller: Teller) -> list[Block]:
    """Return the paragraphs on self-evaluation, evaluation by the department and of the whole expenditure.

    Projects that nobody listed may still have been evaluated: nothing is said of a kind without any.
    """
    own = group(teller.projects, OWN)
    blocks: list[Block] = []
    if own.projects:
        blocks.append(Paragraph(_overview(teller, own)))
        for words, first in (("一级项目", True), ("二级及其他项目", False)):
            of_level = group(teller.projects, OWN, first_level=first)
            if of_level.projects:
                blocks.append(Paragraph(_grades(teller, of_level, words)))
        blocks += [Paragraph(_project(teller, place, own)) for place in range(len(own.projects))]
        blocks += _improvements(teller, own)
    whole = _whole(teller)
    if whole:
        blocks.append(Paragraph(whole))
    evaluated = group(teller.projects, BY_DEPARTMENT)
    if evaluated.projects:
        blocks.append(Paragraph(_by_department(teller, evaluated)))
    blocks += [Paragraph(text(quote("facts.其他说明", told.text), "。")) for told in _facts(teller, "其他说明")]
    return blocks


def _facts(teller: Teller, item: str) -> tuple[Told, ...]:
    return teller.accounts.facts.get(item, ())


def _overview(teller: Teller, own: Group) -> Text:
    count = teller.count("performance.own.count", len(own.projects), "个")
    first = group(teller.projects, OWN, first_level=True)
    levels = text(
        "，其中一级项目", teller.count("performance.own.first", len(first.projects), "个"),
        "、二级及其他项目", teller.count("performance.own.others", len(own.projects) - len(first.projects), "个"),
    )  # fmt: skip
    money = text(
        "，全年预算数合计", teller.amount("performance.own.budget", own.budget_fen), "，全年执行数合计",
        teller.amount("performance.own.executed", own.executed_fen),
    )  # fmt: skip
    rate: Text = ()
    if own.budget_fen and own.complete:
        given = teller.share("performance.own.rate", own.executed_fen, own.budget_fen, exact=True)
        rate = text("，执行率", given)
    spent = teller.accounts.role("project_total")
    share: Text = ()
    if spent:
        share = text("；执行数占项目支出的", teller.share("performance.own.executed", own.executed_fen, spent))
    return text(
        teller.year, "度对", count, "项目开展了绩效自评", levels, money, rate, share, "。", _funds(teller, own, "own")
    )


def _funds(teller: Teller, projects: Group, key: str) -> Text:
    """Return the money by kind of budget; nothing where no project tells its kind."""
    sums = projects.by_fund()
    if set(sums) == {""}:
        return ()
    parts = [
        text(
            Quote(f"performance.{key}.{fund}.name", fund or "未注明预算类别"),
            teller.amount(f"performance.{key}.{fund}", fen),
        )
        for fund, fen in sums.items()
    ]
    none = [text(Quote("layout.fund", fund)) for fund in accounts_layout().words["funds"] if not {fund, ""} & set(sums)]
    missing = text("；没有", listed(none), "资金") if none else ()
    return text("预算数按预算类别：", listed(parts, "，"), missing, "。")


def _grades(teller: Teller, projects: Group, words: str) -> Text:
    key = f"performance.{words}"
    opening = text(
        words, teller.count(f"{key}.count", len(projects.projects), "个"), "，涉及资金",
        teller.amount(f"{key}.budget", projects.budget_fen), "：",
    )  # fmt: skip
    parts = [
        text("自评等级为“", Quote("layout.grade", grade), "”的", teller.count(f"{key}.{grade}", number, "个"))
        for grade in accounts_layout().words["grades"]
        if (number := projects.graded(grade))
    ]
    if ungraded := projects.graded(""):
        parts.append(text("没有评定等级的", teller.count(f"{key}.ungraded", ungraded, "个")))
    return text(opening, listed(parts, "，"), "。")


def _project(teller: Teller, place: int, own: Group) -> Text:
    project = own.projects[place]
    key = f"project.{project.evaluation or place + 1}"
    score: Text = ()
    if project.score is not None:
        score = text("，得分", Figure(f"{key}.score", decimal_text(project.score, 2, trimmed=True)), "分")
    grade = text("，等级为“", Quote(f"{key}.grade", project.grade), "”") if project.grade else ()
    rate: Text = ()
    if project.budget_fen and project.executed_fen is not None:
        rate = text("，执行率", teller.share(f"{key}.rate", project.executed_fen, project.budget_fen, exact=True))
        if project.executed_fen > project.budget_fen and project.above_budget:
            rate = text(rate, "（", quote(f"{key}.above_budget", project.above_budget), "）")
    amounts = [
        text(words, teller.amount(f"{key}.{field}", fen))
        for words, field, fen in (
            ("全年预算数", "budget", project.budget_fen),
            ("全年执行数", "executed", project.executed_fen),
        )
        if fen is not None
    ]
    money = text("：", listed(amounts, "，")) if amounts else ()
    # A number and a full stop before a name that begins with a year would read as a decimal.
    return text(
        "（", Figure(f"{key}.order", str(place + 1)), "）", Quote(f"{key}.name", project.name), money, rate, score,
        grade, "。",
    )  # fmt: skip


def _improvements(teller: Teller, own: Group) -> list[Block]:
    """Return what is done about projects with a low grade; asked for where nobody has told it."""
    weak = [project for project in own.projects if project.grade in accounts_layout().words["grades_to_improve"]]
    if not weak:
        return []
    told = teller.accounts.facts.get("改进措施", ())
    if told:
        measures = listed((text(quote("facts.改进措施", each.text)) for each in told), "；")
        return [Paragraph(text("对等级较低的项目，采取的改进措施：", measures, "。"))]
    return [Ask("performance.improvements", "改进措施", "写明自评等级为中、差的项目怎样改进")]


def _whole(teller: Teller) -> Text:
    budget, executed, scope = whole_department(teller.accounts)
    if budget is None or executed is None or not scope:
        return ()
    whole = group(teller.projects, WHOLE)
    score: Text = ()
    if whole.projects and (points := whole.projects[0].score) is not None:
        score = text("，自评得分", Figure("performance.whole.score", decimal_text(points, 2, trimmed=True)), "分")
    return text(
        "部门整体支出绩效自评（", quote(f"facts.{WHOLE_SCOPE}", scope), "）：全年预算数",
        teller.amount(f"{EXTRA}/{WHOLE_BUDGET}/{VALUE}", budget), "，全年执行数",
        teller.amount(f"{EXTRA}/{WHOLE_EXECUTED}/{VALUE}", executed), "，执行率",
        teller.share("performance.whole", executed, budget, exact=True), score, "。",
    )  # fmt: skip


def _by_department(teller: Teller, evaluated: Group) -> Text:
    count = teller.count("performance.department.count", len(evaluated.projects), "个")
    reports = [text("《", Quote("project.report", each.report), "》") for each in evaluated.projects if each.report]
    told = text("评价报告：", listed(reports), "。") if reports else ()
    amount = teller.amount("performance.department.budget", evaluated.budget_fen)
    funds = _funds(teller, evaluated, "department")
    return text("对", count, "项目开展了部门评价，涉及资金", amount, "。", funds, told)
