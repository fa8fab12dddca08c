"""Somebody confirms while a file is applied, a message comes or another decides: one after the other, nothing lost."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.office import made_up
from tests.office.importing import Desk, now, roster, settlement, settlements, work_all
from tests.office.settling import assert_equals_batch, disputed, settle
from tests.office.settling import record as row
from tests.office.together import together
from tuodi.office.checking import differences
from tuodi.office.models import Contradiction, Proposal, Resolution, Settlement, Withheld
from tuodi.office.operations import contradictions, imports
from tuodi.office.operations.contradictions import confirm_other, keep_recorded, propose_other, reject_other
from tuodi.office.refusal import Refused
from tuodi.office.roles import Role

pytestmark = pytest.mark.usefixtures("both_databases")
S1 = settlement("S1", "P1", setl_time="2025-02-01")


def _contradicting() -> tuple[Desk, Proposal, str]:
    desk = Desk()
    desk.apply("roster", roster([{"psn_no": "P1"}, {"psn_no": "P2"}]))
    desk.apply("settlements", settlements([S1]))
    desk.apply("settlements", settlements([{**S1, "psn_no": "P2"}]))
    found = disputed()
    pk, seen = found.contradiction.pk, found.seen
    asked = propose_other(actor=desk.uploader, contradiction_id=pk, seen=seen, reason="医院更正", at=now())
    return desk, asked, seen


THIRD = {"矛盾的第三条": {"hifp_pay": "4000.00"}, "已登记的冲正": {"refd_setl_flag": "1"}, "同样的": {"note": "x"}}


@pytest.mark.parametrize("third", THIRD)
def test_确认改用时正导入同一结算_先后办完_结果不差(third: str) -> None:
    desk, asked, seen = _contradicting()
    batch = desk.upload("settlements", settlements([{**S1, **THIRD[third]}]))
    imports.confirm(actor=desk.confirmer, at=now(), batch_id=batch.pk, seen=batch.plan_digest)
    works: list[Callable[[], Any]] = [
        lambda: confirm_other(actor=desk.confirmer, proposal_id=asked.pk, seen=seen, at=now()),
        work_all,
    ]
    raised = together(works)
    assert all(isinstance(each, Refused) for each in raised), raised
    one = Settlement.objects.get()
    used = Resolution.objects.filter(outcome="use").exists()
    assert used == (not raised)
    assert one.psn_no == ("P2" if used else "P1")
    is_open = Contradiction.objects.filter(state="open").exists()
    assert Withheld.objects.filter(ended_at__isnull=True).exists() == is_open == (one.outcome is None)
    assert list(differences()) == []
    assert_equals_batch()


def test_确认改用时接口报来同一结算(both_databases: str) -> None:
    desk, asked, seen = _contradicting()
    facts = Settlement.objects.get()
    given = {"setl_time": facts.setl_time, "scope": facts.inscp_scp_amt, "hifp_pay": facts.hifp_pay + 100}
    works: list[Callable[[], Any]] = [
        lambda: confirm_other(actor=desk.confirmer, proposal_id=asked.pk, seen=seen, at=now()),
        lambda: settle(desk.uploader, [row("S1", **given)], at=now()),
        lambda: settle(desk.uploader, [row("S2", "P2", **given)], at=now()),
    ]
    raised = together(works)
    assert all(isinstance(each, Refused) for each in raised), raised
    assert Settlement.objects.get(setl_id="S1").psn_no == ("P1" if raised else "P2")
    assert Contradiction.objects.filter(state="open").count() == (2 if raised else 1)
    assert list(differences()) == []
    assert_equals_batch()


def test_确认和驳回同时_只有一个办成() -> None:
    desk, asked, seen = _contradicting()
    second = made_up.actor(Role.COUNTY_CLERK, desk.region, "another")
    works: list[Callable[[], Any]] = [
        lambda: confirm_other(actor=desk.confirmer, proposal_id=asked.pk, seen=seen, at=now()),
        lambda: reject_other(actor=second, proposal_id=asked.pk, reason="与结算单不符", at=now()),
    ]
    (raised,) = together(works)
    assert isinstance(raised, Refused)
    asked.refresh_from_db()
    assert (asked.outcome == "confirmed") == (Settlement.objects.get().psn_no == "P2")


def test_两人同时处理一处矛盾_只有一个办成() -> None:
    desk, asked, seen = _contradicting()
    reject_other(actor=desk.confirmer, proposal_id=asked.pk, reason="与结算单不符", at=now())
    second = made_up.actor(Role.COUNTY_CLERK, desk.region, "another")
    pk = asked.contradiction_id
    works: list[Callable[[], Any]] = [
        lambda who=who: keep_recorded(actor=who, contradiction_id=pk, seen=seen, reason="已核对", at=now())
        for who in (desk.uploader, second)
    ]
    (raised,) = together(works)
    assert isinstance(raised, Refused)
    assert Resolution.objects.count() == 1
    assert Contradiction.objects.get().state == contradictions.State.AGAINST
