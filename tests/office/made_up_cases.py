"""Made-up cases: a settlement that was paid too little or too much, and the people who decide on it."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache

import yaml

from tests.office import made_up
from tuodi.assessment.rulebook import Rulebook, rulebook
from tuodi.assessment.year import Assessed, assess_years, people
from tuodi.intake import facts
from tuodi.kernel.shipped import shipped
from tuodi.kernel.terms import terms_from
from tuodi.office.access import Actor, actor_of
from tuodi.office.models import Case, Decision, Person, Settlement, User
from tuodi.office.operations.cases import CaseCounts, CaseRefresh
from tuodi.office.operations.decisions import decide
from tuodi.office.operations.writing import writing
from tuodi.office.queries.cases import find, seen_token
from tuodi.office.roles import Action
from tuodi.policy.library import find as find_policy

REMEDY = {"clause": "救助办法第十条", "remedy": "收到告知之日起可向县医疗保障局申请复核"}


@cache
def jiaocheng() -> Rulebook:
    """Return Jiaocheng's rules: 低保对象 inpatient 70 % without deductible."""
    document = find_policy("jiaocheng-2024")[0]
    entries = yaml.safe_load(shipped("terms", "identities.yaml").read_text(encoding="utf-8"))["identities"]
    return rulebook([document], terms_from(entries))


def settlement(
    who: Person, setl_id: str, scope_fen: int, others_fen: int, window_fen: int = 0, **more: object
) -> Settlement:
    """Store an inpatient settlement of 2025-02-10."""
    when = datetime(2025, 2, 10, 8, 0)
    return Settlement.objects.create(
        setl_id=setl_id, psn_no=who.psn_no, person=who, setl_time=when, year=when.year, med_type="21",
        medfee_sumamt=scope_fen, inscp_scp_amt=scope_fen, hifp_pay=others_fen, maf_pay=window_fen,
        received_at=made_up.NOW, **{"outcome": 0, **more},
    )  # fmt: skip


def assess(book: Rulebook, stored: Sequence[Settlement]) -> tuple[dict[str, object], list[Assessed]]:
    """Assess stored settlements by the reference engine."""
    holdings = [
        facts.Holding(h.person.psn_no, h.identity, h.begin, h.end)
        for h in made_up.Holding.objects.select_related("person")
    ]
    roster = people(holdings)
    return roster, list(assess_years(book, roster, [_fact(one) for one in stored]))


def _fact(one: Settlement) -> facts.Settlement:
    fields = {
        name: getattr(one, name) for name in facts.Settlement._fields if name not in ("psn_no", "reversed", "row")
    }
    return facts.Settlement(psn_no=one.psn_no, reversed=one.refd_setl_flag, **fields)


def refresh(actor: Actor, stored: Sequence[Settlement], *, payments: bool = False) -> CaseCounts:
    """Assess and bring the cases up to date, as an operation does."""
    book = jiaocheng()
    roster, assessed = assess(book, stored)
    with writing(actor, Action.UPLOAD_IMPORT, made_up.NOW) as write:
        cases = CaseRefresh(write)
        cases.judge(book, roster, assessed)
        counts = cases.finish(payments=payments)
        write.log("test.refreshed", "test")
    return counts


def open_case(who: Person | None, setl_id: str = "S1", due: int = 100_00, paid: int = 40_00, **more: object) -> Case:
    """Open a case without a settlement behind it."""
    fields = {"kind": "under", "reason": "应救助100元；已付40元；请核实后补发60元。", "opened_at": made_up.NOW, **more}
    return Case.objects.create(person=who, setl_id=setl_id, due_fen=due, paid_fen=paid, **fields)


def decided(user: User, case: Case, outcome: str = "pass", step: int | None = None, **more: str) -> Decision:
    """Let a user decide a case as it stands, today."""
    actor = actor_of(user, made_up.TODAY)
    now = Case.objects.get(pk=case.pk)
    shown = find(actor, case.pk) or now
    texts = {"reason": "已电话核实", **(REMEDY if outcome == "dismiss" else {}), **more}
    return decide(
        actor=actor, case_id=case.pk, step=step or now.next_step, outcome=outcome,
        seen_digest=seen_token(shown), at=made_up.NOW, **texts,
    )  # fmt: skip
