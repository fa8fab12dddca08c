"""绩效部分：个数、金额、得分和等级取自评价，与评价不同的不生成。"""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from tests.accounts.lishi import EVALUATIONS, changed, lishi
from tuodi.accounts.checks import check
from tuodi.accounts.disclosure import Accounts, Project, Told
from tuodi.accounts.narrative import Ask, narrative
from tuodi.accounts.performance import OWN, group, projects_of
from tuodi.kernel.fragments import plain

LISHI = lishi()


def rules(accounts: Accounts) -> list[str]:
    return [each.rule for each in check(accounts, EVALUATIONS) if each.is_error]


def with_project(**changes: object) -> Accounts:
    first, *others = LISHI.projects
    return replace(LISHI, projects=(replace(first, **changes), *others))  # type: ignore[arg-type]


def test_八个项目的合计() -> None:
    own = group(projects_of(LISHI, EVALUATIONS), OWN)
    assert len(own.projects) == 8
    assert own.budget_fen == 1289800000
    assert own.executed_fen == 687120000
    assert own.graded("") == 8


@pytest.mark.parametrize(
    "changes",
    [{"budget_fen": 69000001}, {"executed_fen": 1}, {"score": Fraction(7)}, {"grade": "良"}],
    ids=["预算数", "执行数", "得分", "等级"],
)
def test_与评价不同的不生成(changes: dict[str, object]) -> None:
    assert rules(with_project(**changes)) == ["evaluation-differs"]


def test_与评价相同的可以填() -> None:
    assert rules(with_project(budget_fen=69000000, score=Fraction(0))) == []


def test_没有的评价和重复的项目() -> None:
    assert "evaluation-unknown" in rules(with_project(evaluation="lishi-2022-09"))
    assert "project-twice" in rules(replace(LISHI, projects=(*LISHI.projects, LISHI.projects[0])))


def test_执行数合计不能大于项目支出() -> None:
    more = Project(kind=OWN, name="另一个项目", budget_fen=10**9, executed_fen=10**9)
    assert "part-above-total" in rules(replace(LISHI, projects=(*LISHI.projects, more)))


def own(**about: Any) -> Project:
    return Project(kind=OWN, name="甲项目", **{"budget_fen": 10_000_000, "executed_fen": 5_000_000, **about})


def told(project: Project, **facts: str) -> list[tuple[str, bool]]:
    given = {**LISHI.facts, **{item: (Told(text),) for item, text in facts.items()}}
    found = check(replace(LISHI, projects=(project,), facts=given), {})
    return [(each.rule, each.is_error) for each in found if each.rule != "reason-missing"]


SCALE = "优90，良80，中60，差0"


@pytest.mark.parametrize(
    ("项目", "说"),
    [
        (own(), []),
        (own(executed_fen=10_000_000), []),
        (own(executed_fen=10_000_001), [("executed-above-budget", True)]),
        (own(executed_fen=10_000_001, above_budget="使用上年结转资金"), [("executed-above-budget", False)]),
        (own(executed_fen=1, budget_fen=0), [("executed-above-budget", True)]),
        (own(executed_fen=None), [("project-amount-missing", False)]),
        (own(score=Fraction(100)), []),
        (own(score=Fraction(10001, 100)), [("score-out-of-range", True)]),
        (own(score=Fraction(-1)), [("score-out-of-range", True)]),
        (own(score=Fraction(45), grade="优"), [("grade-differs", False)]),
        (own(score=Fraction(90), grade="优"), []),
        (own(score=Fraction(8999, 100), grade="优"), [("grade-differs", False)]),
    ],
)
def test_自己填的项目也要核对(项目: Project, 说: list[tuple[str, bool]]) -> None:
    assert told(项目) == 说


@pytest.mark.parametrize(
    ("分档", "得分", "等级", "说"),
    [
        (SCALE, 45, "优", [("grade-differs", True)]),
        ("优95，良85，中70，差0", 92, "优", [("grade-differs", True)]),
        ("优95分、良85分、中70分、差0分", 95, "优", []),
        ("优90，良95，差0", 92, "优", [("grade-scale", True)]),
        ("九十分以上为优", 92, "优", [("grade-scale", True)]),
    ],
)
def test_等级按本部门写明的分档(分档: str, 得分: int, 等级: str, 说: list[tuple[str, bool]]) -> None:
    assert told(own(score=Fraction(得分), grade=等级), 绩效等级分档=分档) == 说


def whole(budget: int, executed: int, **facts: str) -> Accounts:
    accounts = changed(LISHI, ("补充数据", "整体绩效预算数", "value"), budget)
    given = {**LISHI.facts, **{item: (Told(text),) for item, text in facts.items()}}
    return replace(changed(accounts, ("补充数据", "整体绩效执行数", "value"), executed), facts=given)


@pytest.mark.parametrize(
    ("预算", "执行", "口径", "说"),
    [
        # 印出的两个数：预算是八个项目的，执行是全部项目支出的。
        (1_289_800_000, 703_595_057, "项目支出", [("scope-mixed", True)]),
        (1_289_800_000, 687_120_000, "八个自评项目", []),
        (800_000_000, 782_462_642, "全部支出", []),
        (800_000_000, 782_462_642, "", [("scope-missing", False)]),
        (700_000_000, 782_462_642, "全部支出", [("executed-above-budget", True)]),
    ],
)
def test_整体支出的两个数要同一范围(预算: int, 执行: int, 口径: str, 说: list[tuple[str, bool]]) -> None:
    facts = {"整体绩效口径": 口径} if 口径 else {}
    accounts = whole(预算, 执行, **facts)
    found = [(each.rule, each.is_error) for each in check(accounts, EVALUATIONS)]
    assert [each for each in found if each not in (("reason-missing", False), ("scope-mixed", False))] == 说
    words = "".join(
        plain(each.text)
        for chapter in narrative(accounts, EVALUATIONS)
        for each in chapter.blocks
        if not isinstance(each, Ask)
    )
    assert (f"部门整体支出绩效自评（{口径}）：" in words) == bool(口径)


def test_项目预算大于年初预算要提醒_两个数都写出() -> None:
    found = [each for each in check(LISHI, EVALUATIONS) if each.rule == "scope-mixed"]
    assert [each.is_error for each in found] == [False]
    assert "12,898,000.00" in found[0].message and "7,824,626.42" in found[0].message
    only_fund = replace(LISHI, projects=tuple(replace(each, fund="政府性基金预算") for each in LISHI.projects))
    assert "scope-mixed" not in {each.rule for each in check(only_fund, EVALUATIONS)}


def test_超出预算的原因写在执行率后面() -> None:
    project = own(executed_fen=12_000_000, above_budget="使用上年结转资金")
    words = "".join(
        plain(each.text)
        for chapter in narrative(replace(LISHI, projects=(project,)), {})
        for each in chapter.blocks
        if not isinstance(each, Ask)
    )
    assert "（1）甲项目：全年预算数100,000.00元，全年执行数120,000.00元，执行率120.00%（使用上年结转资金）。" in words


def test_证件号码和手机号码不能公开() -> None:
    for words in ("联系电话13800000000", "身份证11010519491231002X"):
        found = [each for each in check(with_project(name=words), EVALUATIONS) if each.rule == "personal-data"]
        assert found
        assert "13800000000" not in found[0].value
        assert "19491231" not in found[0].value
