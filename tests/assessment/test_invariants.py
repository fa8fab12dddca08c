"""What holds for every policy and every set of settlements, whatever the amounts are.

Seeded worlds for bulk; Hypothesis over the same generator, so that a failure shrinks.
"""

import random
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings

from tests.assessment.agreement import holdings_of, settlements_of
from tests.assessment.runs import book_from, read_document
from tests.oracle.files import policy_yaml
from tests.oracle.worlds import World, random_world, worlds
from tuodi.assessment.rulebook import Rulebook
from tuodi.assessment.step import (
    T_CAP_LEFT,
    T_DEDUCTIBLE_USED,
    T_LEFT,
    T_PAID,
    T_RAW,
    T_RULE,
    TRACE_WIDTH,
    Bill,
    step,
)
from tuodi.assessment.words import components
from tuodi.assessment.year import (
    Accounts,
    Assessed,
    Outcome,
    Withheld,
    assess_one,
    assess_years,
    in_order,
    owner_of,
    people,
)
from tuodi.intake.facts import Holding, Settlement

SEEDS = range(5000, 5060)


NOBODY = Withheld()


class Facts:
    """A world as the reference engine takes it."""

    def __init__(self, world: World) -> None:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "policy.yaml"
            path.write_text(policy_yaml(world.policy), encoding="utf-8")
            self.book: Rulebook = book_from([read_document(path)])
        self.holdings: list[Holding] = holdings_of(world)
        self.settlements: list[Settlement] = settlements_of(world)
        self.roster = people(self.holdings)
        self.owner = owner_of(self.book, self.roster)

    def results(
        self, settlements: list[Settlement] | None = None, holdings: list[Holding] | None = None,
        withheld: Withheld = NOBODY,
    ) -> dict[str, Assessed]:  # fmt: skip
        roster = self.roster if holdings is None else people(holdings)
        facts = self.settlements if settlements is None else settlements
        return {a.settlement.setl_id: a for a in assess_years(self.book, roster, facts, withheld)}


@cache
def seeded(seed: int) -> Facts:
    return Facts(random_world(seed))


def holds(rule: Callable[[Facts], None]) -> Callable[[], None]:
    """Make a rule about facts a test: first on many seeded worlds, then on Hypothesis's."""

    @settings(max_examples=20, suppress_health_check=list(HealthCheck))
    @given(world=worlds())
    def on_any(world: World) -> None:
        rule(Facts(world))

    @wraps(rule)
    def test() -> None:
        for seed in SEEDS:
            rule(seeded(seed))
        on_any()

    del test.__wrapped__  # pytest would take the rule's parameter for a fixture
    return test


def rows_of(results: dict[str, Assessed]) -> dict[str, tuple[object, ...]]:
    """Return what may not change: everything but where the row stood in its file."""
    return {setl_id: (a.outcome, a.rank, a.trace, a.paid_fen) for setl_id, a in results.items()}


@holds
def test_支付不低于零_不超过剩余_不超过限额(facts: Facts) -> None:
    for assessed in facts.results().values():
        settlement = assessed.settlement
        left = max(0, settlement.inscp_scp_amt - settlement.insured_fen)
        for line in components(assessed):
            rule = facts.book.rules[line[T_RULE]]
            visit_cap = rule.entitlement.visit_cap_fen
            assert line[T_LEFT] == left
            assert 0 <= line[T_PAID] <= line[T_RAW] <= left
            assert line[T_CAP_LEFT] < 0 or line[T_PAID] <= line[T_CAP_LEFT]
            assert visit_cap is None or line[T_PAID] <= visit_cap
            assert line[T_DEDUCTIBLE_USED] >= 0
            left -= line[T_PAID]
        assert assessed.paid_fen == sum(line[T_PAID] for line in components(assessed))
        assert assessed.paid_fen <= max(0, settlement.inscp_scp_amt - settlement.insured_fen)


@holds
def test_一年的支付不超过限额_起付线不多扣(facts: Facts) -> None:
    """Reckoned from the lines alone: no accumulator is asked."""
    paid: dict[tuple[object, ...], int] = {}
    used: dict[tuple[object, ...], int] = {}
    most: dict[tuple[object, ...], int] = {}
    for assessed in facts.results().values():
        year = assessed.settlement.setl_time.year
        for line in components(assessed):
            rule = facts.book.rules[line[T_RULE]]
            for cap in rule.entitlement.caps:
                holder = (
                    (assessed.settlement.psn_no,)
                    if cap.account.owner == "person"
                    else (facts.owner(assessed.settlement.psn_no),)
                )
                key = (*holder, year, cap.account.key, "cap")
                paid[key] = paid.get(key, 0) + line[T_PAID]
                if cap.amount_fen is None:
                    most[key] = 2**62
                most[key] = max(most.get(key, 0), cap.amount_fen or 0)
            account = rule.component.deductible_account
            if account and rule.entitlement.deductible:
                holder = (
                    (assessed.settlement.psn_no,)
                    if account.owner == "person"
                    else (facts.owner(assessed.settlement.psn_no),)
                )
                key = (*holder, year, account.key, "deductible")
                used[key] = used.get(key, 0) + line[T_DEDUCTIBLE_USED]
                most[key] = max(most.get(key, 0), rule.entitlement.deductible.amount_fen)
    assert all(amount <= most[key] for key, amount in {**paid, **used}.items())


@holds
def test_结算的先后写法不影响结果(facts: Facts) -> None:
    expected = rows_of(facts.results())
    backwards = list(reversed(facts.settlements))
    shuffled = random.Random(1).sample(facts.settlements, len(facts.settlements))
    for settlements in (backwards, shuffled):
        assert rows_of(facts.results(settlements)) == expected


@holds
def test_名册的先后写法不影响结果(facts: Facts) -> None:
    expected = rows_of(facts.results())
    assert rows_of(facts.results(holdings=list(reversed(facts.holdings)))) == expected


@holds
def test_按账户所有人分成两份不影响结果(facts: Facts) -> None:
    """Families too: whoever splits the work splits it by owner."""
    expected = rows_of(facts.results())
    owners = sorted({facts.owner(s.psn_no) for s in facts.settlements})
    chosen = set(random.Random(2).sample(owners, len(owners) // 2))
    one = [s for s in facts.settlements if facts.owner(s.psn_no) in chosen]
    other = [s for s in facts.settlements if facts.owner(s.psn_no) not in chosen]
    assert rows_of(facts.results(one)) | rows_of(facts.results(other)) == expected


@holds
def test_冲正最后一笔_账户回到之前(facts: Facts) -> None:
    groups: dict[tuple[str, int], list[Settlement]] = {}
    for settlement in sorted(facts.settlements, key=in_order):
        groups.setdefault((facts.owner(settlement.psn_no), settlement.setl_time.year), []).append(settlement)
    for group in groups.values():
        *earlier, last = group
        before, after = Accounts(facts.book), Accounts(facts.book)
        for settlement in earlier:
            assess_one(facts.book, facts.roster.get(settlement.psn_no), settlement, before)
        for settlement in [*earlier, last._replace(reversed=True)]:
            assess_one(facts.book, facts.roster.get(settlement.psn_no), settlement, after)
        assert after.state == before.state


@holds
def test_冲正一笔_之前的不变(facts: Facts) -> None:
    """Reversing leaves everything that came before it, and every other owner and year, as it was."""
    if not facts.settlements:
        return
    ordered = sorted(facts.settlements, key=in_order)
    gone = ordered[len(ordered) // 2]
    expected = rows_of(facts.results())
    changed = rows_of(facts.results([s._replace(reversed=True) if s is gone else s for s in facts.settlements]))
    for settlement in facts.settlements:
        other = (facts.owner(settlement.psn_no), settlement.setl_time.year) != (
            facts.owner(gone.psn_no), gone.setl_time.year,
        )  # fmt: skip
        if other or in_order(settlement) < in_order(gone):
            assert changed[settlement.setl_id] == expected[settlement.setl_id]
    assert changed[gone.setl_id][0] is Outcome.REVERSED


@holds
def test_增加一个无关的人不影响别人(facts: Facts) -> None:
    expected = rows_of(facts.results())
    others = [s._replace(setl_id=f"无关{s.setl_id}", psn_no="无关") for s in facts.settlements]
    identity = next(iter(facts.book.documents[0].identities))
    stranger = Holding("无关", identity, facts.settlements[0].setl_time.date(), None, "无关的家庭")
    more = rows_of(facts.results([*others, *facts.settlements], [stranger, *facts.holdings]))
    assert {setl_id: row for setl_id, row in more.items() if not setl_id.startswith("无关")} == expected


@holds
def test_一人暂不计算_同户的也不算_别人不变(facts: Facts) -> None:
    expected = rows_of(facts.results())
    psn_no = facts.settlements[0].psn_no
    year = facts.settlements[0].setl_time.year
    held_back = Withheld(years=frozenset({(psn_no, year)}))
    of_owner = {s.setl_id for s in facts.settlements if facts.owner(s.psn_no) == facts.owner(psn_no)}
    of_year = {s.setl_id for s in facts.settlements if s.setl_time.year == year} & of_owner
    assert rows_of(facts.results(withheld=held_back)) == {
        setl_id: row for setl_id, row in expected.items() if setl_id not in of_year
    }
    for always in (Withheld(persons=frozenset({psn_no})), Withheld(years=frozenset({(psn_no, None)}))):
        assert rows_of(facts.results(withheld=always)) == {
            setl_id: row for setl_id, row in expected.items() if setl_id not in of_owner
        }


@holds
def test_另有排在后面的身份不影响结果(facts: Facts) -> None:
    """就高不就低: whoever holds one identity, every lower one may come on top of it."""
    names = list(facts.book.documents[0].identities)
    ranks = facts.book.names[0]
    lower = [
        holding._replace(identity=name)
        for holding in facts.holdings
        for name in names[ranks.get(holding.identity, len(names)) + 1 :]
    ]
    expected = rows_of(facts.results())
    assert rows_of(facts.results(holdings=[*lower, *facts.holdings])) == expected


@holds
def test_不适用的结算不动账户(facts: Facts) -> None:
    for settlement in facts.settlements:
        accounts = Accounts(facts.book)
        place = accounts.place_of(settlement.psn_no)
        accounts.state[:] = range(1, len(accounts.state) + 1)
        before = accounts.state.copy()
        assessed = assess_one(facts.book, facts.roster.get(settlement.psn_no), settlement, accounts)
        if assessed.outcome is not Outcome.ASSESSED:
            assert accounts.state == before
        # No rule applies: the step itself leaves everything alone and pays nothing.
        trace = [7] * TRACE_WIDTH
        paid = step(facts.book.book, 0, 0, facts.book.bill(settlement), accounts.state, place, 0, trace)
        assert (paid, trace) == (0, [7] * TRACE_WIDTH)


@holds
def test_副本上试算不动原来的账户(facts: Facts) -> None:
    accounts = Accounts(facts.book)
    for settlement in sorted(facts.settlements, key=in_order):
        tried = accounts.copy()
        before = accounts.state.copy()
        person = facts.roster.get(settlement.psn_no)
        what_if = assess_one(facts.book, person, settlement, tried)
        assert accounts.state == before
        assert assess_one(facts.book, person, settlement, accounts) == what_if
        assert accounts.state == tried.state


@holds
def test_账户只增不减(facts: Facts) -> None:
    """A deductible used or a payment counted is never taken back inside the year."""
    accounts = Accounts(facts.book)
    for settlement in facts.settlements:
        accounts.place_of(settlement.psn_no)
    for settlement in sorted(facts.settlements, key=in_order):
        before = accounts.state.copy()
        assess_one(facts.book, facts.roster.get(settlement.psn_no), settlement, accounts)
        assert all(now >= earlier for now, earlier in zip(accounts.state, before, strict=True))


@pytest.mark.parametrize("scope", [0, 1, 10**12 - 1])
def test_没有规则时什么也不做(scope: int) -> None:
    facts = seeded(5000)
    state = [5, 6, 7]
    assert step(facts.book.book, 0, 0, Bill(scope, 0, 0, 0, 0, 0, 1), state, 0, 0, []) == 0
    assert state == [5, 6, 7]
