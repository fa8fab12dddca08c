"""Cases under whatever order of events: steps, returns, dismissals, changed facts, touches, merges, delegations.

What the program lets through is compared with a small model that reads only decisions and touches.
"""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.office import made_up
from tests.office.databases import use
from tests.office.made_up_cases import decided, refresh, settlement
from tuodi.office.access import actor_of
from tuodi.office.models import (
    Assignment,
    Case,
    Decision,
    Delegation,
    Person,
    Settlement,
    Touch,
    TrailEntry,
    User,
)
from tuodi.office.operations.decisions import decide
from tuodi.office.operations.writing import writing
from tuodi.office.queries.cases import find, queue, seen_token
from tuodi.office.queries.duties import steps_without_person
from tuodi.office.refusal import Absent, Refused
from tuodi.office.roles import Action, Role
from tuodi.office.trail import hash_of

LONG_AGO, FAR = date(2024, 1, 1), date(2030, 1, 1)
CLERK, REVIEWER, APPROVER = Role.COUNTY_CLERK, Role.REVIEWER, Role.APPROVER
STAFF = {
    "甲": (CLERK,),
    "乙": (CLERK, REVIEWER),
    "丙": (REVIEWER, APPROVER),
    "丁": (CLERK, REVIEWER, APPROVER),
    "戊": (),
}
ROLE_OF = {1: CLERK, 2: REVIEWER, 3: APPROVER}
NAMES = st.sampled_from(sorted(STAFF))
OUTCOMES = st.sampled_from(["pass", "pass", "pass", "return", "dismiss"])
# Due is 420.00: nothing, too little, as due, too much.
PAID = st.sampled_from([0, 100_00, 420_00, 500_00])
WHICH = st.integers(0, 3)


class Cases(RuleBasedStateMachine):
    """Two persons, one of them with a duplicate; two settlements each."""

    database: Any

    def __init__(self) -> None:
        super().__init__()
        self.fresh = self.database.fresh()
        use(self.fresh.__enter__())

    @initialize()
    def found(self) -> None:
        top = made_up.county()
        for name, roles in STAFF.items():
            user = User.objects.create(username=name, name=name, created_at=made_up.NOW)
            for role in roles:
                Assignment.objects.create(user=user, role=role, region=top, begins=LONG_AGO)
        self.persons = [made_up.person(f"P{n}", "赵", made_up.region("东镇")) for n in range(3)]
        for person in self.persons:
            made_up.holding(person, "低保对象", date(2020, 1, 1))
        for number in range(4):
            settlement(self.persons[number % 2], f"S{number}", 1000_00, 400_00)
        self.compare()

    def teardown(self) -> None:
        self.fresh.__exit__(None, None, None)

    def user(self, name: str) -> User:
        return User.objects.get(username=name)

    def compare(self) -> None:
        refresh(actor_of(self.user("甲"), made_up.TODAY), list(Settlement.objects.select_related("person")))

    # --- what happens ---

    @rule(which=WHICH, paid=PAID)
    def facts_change(self, which: int, paid: int) -> None:
        Settlement.objects.filter(setl_id=f"S{which}").update(maf_pay=paid)
        self.compare()

    @rule(name=NAMES, which=st.integers(0, 2))
    def touch(self, name: str, which: int) -> None:
        actor = actor_of(self.user(name), made_up.TODAY)
        person = Person.objects.get(psn_no=f"P{which}")
        try:
            with writing(actor, Action.CHANGE_PEOPLE, made_up.NOW) as write:
                write.touch(person, "identity")
                write.log("person.changed", f"person {person.pk}", person.region)
        except Refused:
            assert not actor.may(Action.CHANGE_PEOPLE)

    @rule(which=st.integers(0, 1))
    def merge(self, which: int) -> None:
        Person.objects.filter(psn_no="P2").update(merged_into=Person.objects.get(psn_no=f"P{which}"))

    @rule(giver=NAMES, taker=NAMES, role=st.sampled_from([CLERK, REVIEWER, APPROVER]))
    def delegate(self, giver: str, taker: str, role: Role) -> None:
        assignment = Assignment.objects.filter(user=self.user(giver), role=role).first()
        if assignment and giver != taker:
            Delegation.objects.get_or_create(
                assignment=assignment, delegate=self.user(taker), begins=LONG_AGO, ends=FAR, reason="休假"
            )

    @rule(name=NAMES)
    def take_back(self, name: str) -> None:
        Delegation.objects.filter(assignment__user=self.user(name)).update(revoked_at=made_up.NOW)

    @rule(name=NAMES, which=WHICH, outcome=OUTCOMES)
    def decide_as_shown(self, name: str, which: int, outcome: str) -> None:
        case = Case.objects.filter(setl_id=f"S{which}", state="open").first()
        if case is None:
            return
        before = Decision.objects.count()
        expected = self.free_doers(name, case) and self.sensible(case, outcome)
        try:
            decided(self.user(name), case, outcome)
        except (Refused, Absent) as refused:
            assert not expected, refused
            assert Decision.objects.count() == before
        else:
            assert expected
            assert Decision.objects.count() == before + 1

    @rule(pick=st.integers(0, 4), which=WHICH, outcome=OUTCOMES)
    def decide_by_somebody_free(self, pick: int, which: int, outcome: str) -> None:
        case = Case.objects.filter(setl_id=f"S{which}", state="open").first()
        free = [name for name in STAFF if case and self.free_doers(name, case)]
        if free:
            self.decide_as_shown(free[pick % len(free)], which, outcome)

    @rule(name=NAMES, which=WHICH, step=st.integers(1, 3))
    def decide_on_stale(self, name: str, which: int, step: int) -> None:
        case = Case.objects.filter(setl_id=f"S{which}").order_by("-pk").first()
        if case is None:
            return
        actor = actor_of(self.user(name), made_up.TODAY)
        seen = seen_token(find(actor, case.pk) or case)
        Case.objects.filter(pk=case.pk).update(paid_fen=case.paid_fen + 1)
        with pytest.raises((Refused, Absent)):
            decide(actor=actor, case_id=case.pk, step=step, outcome="pass", seen_digest=seen, at=made_up.NOW)
        Case.objects.filter(pk=case.pk).update(paid_fen=case.paid_fen)

    @rule(name=NAMES)
    def look_at_queue_and_gaps(self, name: str) -> None:
        open_cases = list(Case.objects.filter(state="open"))
        mine = {case.pk for case in queue(actor_of(self.user(name), made_up.TODAY))}
        assert mine == {case.pk for case in open_cases if self.free_doers(name, case)}
        found = steps_without_person(actor_of(self.user("甲"), made_up.TODAY))
        nobody = [case for case in open_cases if not any(self.free_doers(other, case) for other in STAFF)]
        assert sum(gap.cases for gap in found.cases) >= len(nobody)

    # --- the model ---

    def records(self, person_id: int) -> set[int]:
        """One record and those it was merged with; here only P2 is ever merged."""
        twin, survivor = Person.objects.values_list("pk", "merged_into_id").get(psn_no="P2")
        return {twin, survivor} if person_id in (twin, survivor) else {person_id}

    def barred(self, case: Case, step: int) -> set[str]:
        touched = Touch.objects.filter(person_id__in=self.records(case.person_id))
        found = set(touched.values_list("user__username", flat=True))
        for decision in case.decisions.exclude(step=step).select_related("decided_by", "on_behalf_of"):
            found.add(decision.decided_by.username)
            if decision.on_behalf_of:
                found.add(decision.on_behalf_of.username)
        return found

    def free_doers(self, name: str, case: Case) -> bool:
        step = case.next_step
        barred = self.barred(case, step)
        if name in barred:
            return False
        live = Delegation.objects.filter(delegate__username=name, revoked_at=None, assignment__role=ROLE_OF[step])
        givers = set(live.values_list("assignment__user__username", flat=True))
        return ROLE_OF[step] in STAFF[name] or bool(givers - barred)

    def sensible(self, case: Case, outcome: str) -> bool:
        if outcome == "return":
            return case.next_step != 1
        return outcome == "dismiss" or case.due_fen != case.paid_fen

    # --- what always holds ---

    @invariant()
    def nobody_on_two_steps(self) -> None:
        steps: dict[tuple[int, int], set[int]] = {}
        for decision in Decision.objects.all():
            for user in {decision.decided_by_id, decision.on_behalf_of_id} - {None}:
                steps.setdefault((decision.case_id, user), set()).add(decision.step)
        assert all(len(found) == 1 for found in steps.values())

    @invariant()
    def states_follow_from_decisions(self) -> None:
        for case in Case.objects.prefetch_related("decisions"):
            decisions = sorted(case.decisions.all(), key=lambda decision: decision.pk)
            last = decisions[-1] if decisions else None
            assert (case.next_step is not None) == (case.state == "open") == (case.closed_at is None)
            if case.state == "approved":
                assert (last.step, last.outcome) == (3, "pass")
            elif case.state == "dismissed":
                assert last.outcome == "dismiss"
            elif case.state == "gone":
                assert not decisions
            elif last and case.next_step != 1:
                assert (last.outcome, last.step) == ("pass", case.next_step - 1)

    @invariant()
    def one_open_case_for_a_settlement(self) -> None:
        open_ids = list(Case.objects.filter(state="open").values_list("setl_id", flat=True))
        assert len(open_ids) == len(set(open_ids))

    @invariant()
    def every_decision_is_in_the_trail(self) -> None:
        entries = TrailEntry.objects.filter(action__in=["case.pass", "case.return", "case.dismiss"])
        told = {(entry.actor, entry.on_behalf_of, entry.subject, entry.action) for entry in entries}
        decisions = Decision.objects.select_related("decided_by", "on_behalf_of")
        done = {
            (
                d.decided_by.username,
                d.on_behalf_of.username if d.on_behalf_of else "",
                f"case {d.case_id}",
                f"case.{d.outcome}",
            )
            for d in decisions
        }
        assert told == done
        assert entries.count() == decisions.count()
        last = TrailEntry.objects.order_by("-number").first()
        assert last is None or hash_of(last) == last.hash


LIMITS = {"sqlite_files": (20, 30), "postgres_server": (4, 25)}


@pytest.mark.parametrize(
    "kind", ["sqlite_files", pytest.param("postgres_server", marks=pytest.mark.needs("postgresql"))]
)
def test_任意次序的办理都守住分工(kind: str, request: pytest.FixtureRequest) -> None:
    class OnThis(Cases):
        database = request.getfixturevalue(kind)

    examples, steps = LIMITS[kind]
    run_state_machine_as_test(
        OnThis,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            suppress_health_check=list(HealthCheck),
        ),
    )
