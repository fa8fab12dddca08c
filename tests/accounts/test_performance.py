"""绩效部分：个数、金额、得分和等级取自评价，与评价不同的不生成。"""

from dataclasses import replace
from fractions import Fraction

import pytest

from tests.accounts.lishi import EVALUATIONS, lishi
from tuodi.accounts.checks import check
from tuodi.accounts.disclosure import Accounts, Project
from tuodi.accounts.performance import OWN, group, projects_of

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


def test_证件号码和手机号码不能公开() -> None:
    for words in ("联系电话13800000000", "身份证11010519491231002X"):
        found = [each for each in check(with_project(name=words), EVALUATIONS) if each.rule == "personal-data"]
        assert found
        assert "13800000000" not in found[0].value
        assert "19491231" not in found[0].value
