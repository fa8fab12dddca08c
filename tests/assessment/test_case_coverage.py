"""No clause without a case: what a policy document says is read from it, what the cases reach from their traces.

A new identity, limit, tier or component makes this fail until somebody writes the cases for it. Amounts count as "just"
below or above a threshold within one yuan. Premium rules have their own tables (``tests/cases/premium``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.assessment.case_tables import all_cases, write_files
from tests.assessment.runs import book_of, document
from tests.policy.places import MADE_UP
from tuodi.assessment.rulebook import Rulebook
from tuodi.assessment.step import (
    OTHER_PROVINCE,
    PROVINCE_UNKNOWN,
    T_BASE,
    T_BY_RATIO,
    T_DEDUCTIBLE_BEFORE,
    T_DEDUCTIBLE_USED,
    T_LEFT,
    T_PAID,
    T_RAW,
    T_RULE,
    T_TIER_BEFORE,
    T_TOP_UP,
    T_VISIT_USED,
)
from tuodi.assessment.words import components
from tuodi.assessment.year import Assessed, Outcome, Person, assess_years, people
from tuodi.intake.persons import read_persons
from tuodi.intake.settlements import read_settlements
from tuodi.policy.document import Base, Component, Entitlement, Owner, PolicyDocument
from tuodi.policy.library import built_in_ids

POLICIES = (*built_in_ids(), *sorted(path.stem for path in MADE_UP.glob("shili-*.yaml")))
JUST = 100
SIDES = ("差一点", "恰好", "超过一点")


def sides(of: str) -> set[str]:
    return {f"{of}：{side}" for side in SIDES}


def side(of: str, amount: int, threshold: int) -> Iterator[str]:
    """Yield on which side of a threshold an amount lies, if it is just there."""
    gap = amount - threshold
    if abs(gap) <= JUST:
        yield f"{of}：{SIDES[(gap > 0) - (gap < 0) + 1]}"


def demands(policy: PolicyDocument) -> set[str]:
    """Return what the cases of a document must reach."""
    asked = {
        "身份：开始当天",
        "身份：开始前一天",
        "身份：结束当天",
        "身份：结束次日",
        "年度：12-31 与次年 01-01",
        "费用：不在救助范围的类别",
    }
    ranked = list(policy.identities)
    asked |= {f"就高不就低：{high}与{low}" for high, low in zip(ranked, ranked[1:], strict=False)}
    for component in policy.components:
        of = component.name
        asked |= {f"{of}：医疗类别{kind}" for kind in component.kinds}
        asked |= {f"{of}：险种{insurance}" for insurance in component.insurance}
        if component.insurance:
            asked |= {f"{of}：别的险种不救助", f"{of}：险种未填不救助"}
        asked |= {f"{of}·{identity}：不救助" for identity in policy.identities if identity not in component.table}
        if component.base in (Base.SCOPE, Base.CASH, Base.TOTAL):
            asked.add(f"{of}：不超过个人负担")
        for entitlement in component.table.values():
            asked |= demands_of_cell(component, entitlement)
    return asked


def demands_of_cell(component: Component, entitlement: Entitlement) -> set[str]:
    of = f"{component.name}·{entitlement.identity}"
    asked = {f"{of}：有救助"}
    if component.base is Base.DEDUCTIBLE:
        asked |= sides(f"{of}·实际起付线对个人负担")
    if entitlement.deductible and entitlement.deductible.amount_fen:
        asked |= sides(f"{of}·年度起付线")
    if entitlement.visit_deductible_fen:
        asked |= sides(f"{of}·每次起付线")
    if entitlement.visit_cap_fen is not None:
        asked |= sides(f"{of}·每次限额")
    for cap in entitlement.caps:
        if cap.amount_fen is not None:
            asked |= sides(f"{of}·{cap.account.name}")
    for tier in entitlement.tiers:
        if tier.upto_fen is not None:
            asked |= sides(f"{of}·分段上限{tier.upto_fen}")
    asked |= {f"{of}·医院等级{level or '其他'}" for level in entitlement.by_level}
    if component.top_up and entitlement.identity in component.top_up.identities:
        asked |= sides(f"{of}·补足对按比例")
        asked |= {f"{of}·省外", f"{of}·省内外不明"} if component.top_up.own_province_only else set()
    return asked


@cache
def reached(policy_id: str) -> set[str]:
    """Return what the cases of a document reach, over all tables that use it."""
    found: set[str] = set()
    for policies in {case.policies for case in all_cases() if policy_id in case.policies}:
        book = book_of(*policies)
        with TemporaryDirectory() as folder:
            persons, settlements = write_files([c for c in all_cases() if c.policies == policies], Path(folder))
            roster = people(read_persons(persons).holdings)
            facts = read_settlements(settlements).settlements
        seen = Seen(book, policy_id, roster)
        for assessed in assess_years(book, roster, facts):
            seen.take(assessed)
        found |= seen.found
    return found


class Seen:
    """Walks over assessed settlements in each owner's order of time and notes what they reach."""

    def __init__(self, book: Rulebook, policy_id: str, roster: dict[str, Person]) -> None:
        self.book, self.policy_id, self.roster = book, policy_id, roster
        self.found: set[str] = set()
        self.paid: dict[tuple[str, int, str], int] = defaultdict(int)
        self.days: dict[str, set[str]] = defaultdict(set)

    def take(self, assessed: Assessed) -> None:
        if assessed.document < 0 or self.book.documents[assessed.document].id != self.policy_id:
            self._count_paid(assessed)
            return
        policy = self.book.documents[assessed.document]
        self._identity(policy, assessed)
        if assessed.outcome is Outcome.NOT_COVERED:
            kinds = {kind for component in policy.components for kind in component.kinds}
            if assessed.settlement.med_type not in kinds:
                self.found.add("费用：不在救助范围的类别")
        if assessed.rank >= 0:
            self._absent(policy, assessed)
        for line in components(assessed):
            self._line(assessed, line)
        self._count_paid(assessed)

    def _identity(self, policy: PolicyDocument, assessed: Assessed) -> None:
        settlement = assessed.settlement
        person, day = self.roster.get(settlement.psn_no), settlement.setl_time.toordinal()
        if person is None:
            return
        if assessed.rank >= 0:
            self.found |= {"身份：开始当天"} if day in person.begins else set()
            self.found |= {"身份：结束当天"} if day in person.ends else set()
        if assessed.outcome is Outcome.NO_IDENTITY:
            self.found |= {"身份：开始前一天"} if day + 1 in person.begins else set()
            self.found |= {"身份：结束次日"} if day - 1 in person.ends else set()
        date = settlement.setl_time.date()
        held = {self.book.names[assessed.document].get(name, -1) for name in person.held_on(day)}
        ranked = list(policy.identities)
        if assessed.rank >= 0 and assessed.rank + 1 in held:
            self.found.add(f"就高不就低：{ranked[assessed.rank]}与{ranked[assessed.rank + 1]}")
        if assessed.outcome is Outcome.ASSESSED:
            days = self.days[person.family_no or settlement.psn_no]
            days.add(str(date))
            if (date.month, date.day) == (1, 1) and str(date - timedelta(days=1)) in days:
                self.found.add("年度：12-31 与次年 01-01")

    def _absent(self, policy: PolicyDocument, assessed: Assessed) -> None:
        settlement, identity = assessed.settlement, list(policy.identities)[assessed.rank]
        present = {self.book.rules[line[T_RULE]].component.code for line in components(assessed)}
        for component in policy.components:
            if component.code in present or settlement.med_type not in component.kinds:
                continue
            if component.insurance and settlement.insutype not in component.insurance:
                word = "别的险种" if settlement.insutype else "险种未填"
                self.found |= {f"{component.name}：{word}不救助"} if identity in component.table else set()
            elif identity not in component.table:
                self.found.add(f"{component.name}·{identity}：不救助")

    def _line(self, assessed: Assessed, line: tuple[int, ...]) -> None:
        settlement, rule = assessed.settlement, self.book.rules[line[T_RULE]]
        component, entitlement = rule.component, rule.entitlement
        of = f"{component.name}·{entitlement.identity}"
        if line[T_PAID]:
            self.found |= {f"{of}：有救助", f"{component.name}：医疗类别{settlement.med_type}"}
            self.found.add(f"{component.name}：险种{settlement.insutype}")
        if component.base is Base.DEDUCTIBLE:
            self.found |= set(side(f"{of}·实际起付线对个人负担", settlement.act_pay_dedc, line[T_LEFT]))
        if max(line[T_BY_RATIO], line[T_TOP_UP]) > line[T_RAW]:
            self.found.add(f"{component.name}：不超过个人负担")
        deductible = entitlement.deductible
        counted = line[T_BASE] - line[T_VISIT_USED]
        if deductible and line[T_DEDUCTIBLE_BEFORE] < deductible.amount_fen:
            self.found |= set(side(f"{of}·年度起付线", line[T_DEDUCTIBLE_BEFORE] + counted, deductible.amount_fen))
        if entitlement.visit_deductible_fen:
            self.found |= set(side(f"{of}·每次起付线", line[T_BASE], entitlement.visit_deductible_fen))
        if entitlement.visit_cap_fen is not None:
            self.found |= set(side(f"{of}·每次限额", line[T_RAW], entitlement.visit_cap_fen))
        for tier in entitlement.tiers:
            if tier.upto_fen is not None and line[T_TIER_BEFORE] < tier.upto_fen:
                upto = line[T_TIER_BEFORE] + counted - line[T_DEDUCTIBLE_USED]
                self.found |= set(side(f"{of}·分段上限{tier.upto_fen}", upto, tier.upto_fen))
        if entitlement.by_level:
            level = settlement.hosp_lv if settlement.hosp_lv in entitlement.by_level else ""
            self.found |= {f"{of}·医院等级{level or '其他'}"} if line[T_PAID] else set()
        if line[T_TOP_UP] >= 0:
            self.found |= set(side(f"{of}·补足对按比例", line[T_TOP_UP], line[T_BY_RATIO]))
        self.found |= {f"{of}·省外"} if line[T_TOP_UP] == OTHER_PROVINCE else set()
        self.found |= {f"{of}·省内外不明"} if line[T_TOP_UP] == PROVINCE_UNKNOWN else set()
        self._caps(assessed, entitlement, line, of)

    def _caps(self, assessed: Assessed, entitlement: Entitlement, line: tuple[int, ...], of: str) -> None:
        """A cap is reached where it is the tightest; its room is reckoned here from what was paid before."""
        rooms = {
            cap.account.name: cap.amount_fen - self.paid[self._account(assessed, cap.account.key, cap.account.owner)]
            for cap in entitlement.caps
            if cap.amount_fen is not None
        }
        for name, room in rooms.items():
            if 0 < room == min(rooms.values()):
                self.found |= set(side(f"{of}·{name}", line[T_RAW], room))

    def _account(self, assessed: Assessed, key: str, owner: Owner) -> tuple[str, int, str]:
        settlement = assessed.settlement
        person = self.roster[settlement.psn_no]
        holder = person.family_no if owner is Owner.FAMILY and person.family_no else settlement.psn_no
        return holder, settlement.setl_time.year, key

    def _count_paid(self, assessed: Assessed) -> None:
        for line in components(assessed):
            for cap in self.book.rules[line[T_RULE]].entitlement.caps:
                self.paid[self._account(assessed, cap.account.key, cap.account.owner)] += line[T_PAID]


@pytest.mark.parametrize("policy_id", POLICIES)
def test_每一条款都有案例(policy_id: str) -> None:
    assert sorted(demands(document(policy_id)) - reached(policy_id)) == []


def test_没有案例的条款会被发现() -> None:
    """The check itself can fail: the demands of one document are not met by the cases of another."""
    asked = demands(document("jiaocheng-2024"))
    assert "住院救助·低保边缘家庭成员·年度起付线：恰好" in asked
    assert "住院救助·低保边缘家庭成员·年度起付线：恰好" not in reached("maqiao-2024")
    assert "住院救助·返贫致贫人口·补足对按比例：超过一点" in asked
