"""Every form that changes something writes its trail entry in the same transaction: without the entry nothing changes.

Read from the resolver: a view that takes a form has an example here, or a reason why it needs none.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client, override_settings

from tests.office import importing, made_up
from tests.web.addresses import GIVEN, addresses, url_of
from tests.web.canaries import ACCOUNT_NUMBER, CANARIES
from tests.web.signed_in import client_of
from tests.web.test_permission_matrix import LET, County
from tuodi.kernel.finding import Finding, Severity
from tuodi.office import trail
from tuodi.office.imports.files import keep, opened
from tuodi.office.imports.findings import kept_findings
from tuodi.office.imports.registry import KINDS
from tuodi.office.models import (
    Account,
    Case,
    Contradiction,
    Enrolment,
    Holding,
    ImportBatch,
    Job,
    Person,
    PlatformMark,
    Proposal,
    SecondFactor,
    TrailEntry,
    User,
)
from tuodi.office.queries.cases import seen_token, with_shown
from tuodi.office.queries.contradictions import disputes
from tuodi.office.queries.trail_details import NAMES

WHY = {"reason": "月度核对需要", "evidence": "民政更正函", "version": "1"}
LOOK = {"kind": "核对本人证件", "words": "本人来访核对"}

NO_TRAIL = {
    "people": "查找：号码不进地址栏，所以用表单提交；只读",
    "settlements": "查找：同上；只读",
    "system-drill": "要有一份备份在磁盘上；留痕在 tests/office 的备份测试中检查",
    "second-factor": "设备和验证码的留痕在 test_sign_in.py 中检查",
}
"""Forms without an example, and why."""


@dataclass(frozen=True, slots=True)
class Example:
    """Who fills in what; ``prepare`` puts the record into the state the form is for."""

    who: str = "clerk"
    form: Any = field(default_factory=lambda: WHY)
    prepare: Callable[[County], object] = lambda county: None


def _person(**values: Any) -> Callable[[County], object]:
    return lambda county: Person.objects.filter(pk=county.east.records["person"]).update(**values)


def _holding(**values: Any) -> Callable[[County], object]:
    return lambda county: Holding.objects.filter(pk=county.east.records["holding"]).update(**values)


def _batch(**values: Any) -> Callable[[County], object]:
    return lambda county: ImportBatch.objects.filter(pk=county.east.records["batch"]).update(**values)


def _merged(county: County) -> None:
    twin = Person.objects.get(pk=county.east.records["twin"])
    twin.merged_into_id = county.east.records["person"]
    twin.save()
    # The person's page stands for the duplicate's in this test.
    county.east.records["person"] = twin.pk


def _enrolled(county: County) -> None:
    Enrolment.objects.create(
        person_id=county.east.records["person"], year=date.today().year, state="resident", as_of=made_up.TODAY
    )


def _marked(county: County) -> None:
    PlatformMark.objects.create(
        person_id=county.east.records["twin"], identity="低保对象", begin=date(2024, 1, 1), as_of=made_up.TODAY
    )


def _failed_job(county: County) -> None:
    Job.objects.filter(pk=county.east.records["job"]).update(kind="backup.make", state="failed")


def _bad_rows(county: County) -> None:
    finding = Finding(
        rule="column-missing", severity=Severity.ERROR, message="缺少列", advice="请补上", file="结算.csv", row=2
    )
    _batch(findings=kept_findings([finding]))(county)


def _planned(county: County) -> None:
    token = "e" * 32
    keep(token, [importing.roster([{"psn_no": "P9"}])])
    _batch(token=token, kind="roster")(county)
    batch = ImportBatch.objects.get(token=token)
    with opened(batch) as path:
        plan = KINDS["roster"].plan(KINDS["roster"].read(path, batch), batch, lock=False)
    _batch(plan_digest=plan.digest)(county)


def _case_form(county: County) -> dict[str, str]:
    pk = county.east.records["case"]
    seen = seen_token(with_shown(Case.objects.filter(pk=pk)).get())
    return {"step": "1", "outcome": "pass", "seen": seen, "reason": "核实无误", "case": str(pk), f"seen-{pk}": seen}


def _dispute_form(county: County, contradiction: int) -> dict[str, str]:
    (dispute,) = disputes(Contradiction.objects.filter(pk=contradiction))
    return {**WHY, "seen": dispute.seen}


def _proposed(county: County) -> int:
    return Proposal.objects.get(pk=county.east.records["proposal"]).contradiction_id


def _seen(county: County) -> None:
    """Let the proposal be of what is shown now."""
    seen = _dispute_form(county, _proposed(county))["seen"]
    Proposal.objects.filter(pk=county.east.records["proposal"]).update(seen_digest=seen)


def _delegation_form(county: County) -> dict[str, str]:
    giver, taker = (User.objects.get(username=name) for name in ("reviewer", "approver"))
    today = date.today()
    days = {"begins": today.isoformat(), "ends": (today + timedelta(days=3)).isoformat()}
    return {"assignment": str(giver.assignments.get().pk), "delegate": str(taker.pk), "reason": "年休假", **days}


def _upload(county: County) -> dict[str, Any]:
    return {
        "kind": "settlements",
        "sender": "示例平台",
        "region": str(county.east.region.pk),
        "as_of": "2025-03-01",
        "foot_rows": "0",
        "file": SimpleUploadedFile("结算.csv", "结算编号,人员编号\nS9,P1\n".encode()),
    }


def _assignment_form(county: County) -> dict[str, str]:
    return {"role": "accountant", "region": str(county.east.region.pk), "begins": date.today().isoformat(), "ends": ""}


EXAMPLES: dict[str, Example] = {
    "sign-in": Example("signed_out", {"username": "clerk", "password": "wrong"}),
    "sign-out": Example(),
    "change-password": Example(
        form={"old": made_up.PASSWORD, "new": "Other-Words-99", "again": "Other-Words-99"},
        prepare=lambda county: _with_password("clerk"),
    ),
    "people-export": Example(),
    "person-correct": Example(form={**WHY, "psn_name": "赵改", "brdy": "1960-01-01"}),
    "person-household": Example(form={**WHY, "family_no": "F9"}),
    "person-death": Example(form={**WHY, "died_on": "2025-02-01"}),
    "person-death-withdraw": Example(prepare=_person(died_on=date(2025, 2, 1))),
    "person-move-out": Example(form={**WHY, "day": "2025-02-01", "to": "外县"}),
    "person-move-back": Example(prepare=_person(moved_out_on=date(2025, 2, 1), moved_out_to="外县")),
    "person-merge": Example(
        form={**WHY, "survivor": "Q1", "survivor_version": "1", "confirmed": "1", "is_one_person": "1"}
    ),
    "person-unmerge": Example(prepare=_merged),
    "person-certno": Example(form=LOOK),
    "person-phone": Example(form=LOOK),
    "identity-new": Example(form={**WHY, "identity": "特困人员", "begin": "2025-01-01", "end": ""}),
    "identity-correct": Example(form={**WHY, "end": "2025-02-01"}),
    "identity-follow-lists": Example(prepare=_holding(corrected=True, corrected_end=date(2025, 2, 1))),
    "identity-withdraw": Example(),
    "identity-restore": Example(prepare=_holding(withdrawn=True)),
    "account-new": Example(
        form={**WHY, "holder": "赵1", "relation": "本人", "bank": "示例银行", "number": "6200000000000000019"}
    ),
    "account-confirm": Example("reviewer", {**WHY, "number": ACCOUNT_NUMBER}),
    "account-end": Example(),
    "account-number": Example(form=LOOK),
    "settlements-export": Example(),
    "withheld-set-aside": Example(),
    "contradiction-keep": Example(form=lambda county: _dispute_form(county, county.east.records["contradiction"])),
    "contradiction-propose": Example(form=lambda county: _dispute_form(county, county.east.records["contradiction"])),
    "proposal-confirm": Example("reviewer", lambda county: _dispute_form(county, _proposed(county)), _seen),
    "proposal-reject": Example("reviewer"),
    "proposal-withdraw": Example("enterer1"),
    "comparison-list-export": Example(form={**WHY, "list": "gone"}),
    "comparison-platform-list": Example(prepare=_marked),
    "comparison-screening": Example(prepare=_marked),
    "enrolment-ledger-export": Example(prepare=_enrolled),
    "case-decide": Example(form=_case_form),
    "cases-export": Example(form={**WHY, "kind": "missed"}),
    "new-year-ending": Example(form={**WHY, "year": "2025"}),
    "cases-batch": Example(form=lambda county: {**_case_form(county), "confirmed": "1"}),
    "trail-verification": Example("auditor"),
    "trail-export": Example("auditor", {"actor": "enterer1"}),
    "trail-anchors": Example("auditor"),
    "system-backup": Example("sysadmin"),
    "system-job-retry": Example("sysadmin", prepare=_failed_job),
    "system-towns": Example("sysadmin", {"code": "109", "name": "北镇"}),
    "import-new": Example(form=_upload),
    "import-confirm": Example("reviewer", {"seen": "a" * 64}, _batch(plan_digest="a" * 64)),
    "import-discard": Example(),
    "import-undo": Example("reviewer", prepare=_batch(state="applied", applied_at=made_up.NOW)),
    "import-errors": Example(prepare=_bad_rows),
    "import-changes": Example(prepare=_planned),
    "import-read-again": Example(),
    "user-new": Example("secadmin", {"username": "fresh", "name": "新人"}),
    "user-switch": Example("secadmin", {"active": "off"}),
    "user-password": Example("secadmin"),
    "user-second-factor": Example(
        "secadmin",
        prepare=lambda county: SecondFactor.objects.create(user_id=county.east.records["user"], key_sealed=b"x"),
    ),
    "user-unlock": Example(
        "secadmin",
        prepare=lambda county: AccessAttempt.objects.create(username="enterer1", failures_since_start=5),
    ),
    "user-roles": Example("secadmin", _assignment_form),
    "user-role-end": Example("secadmin", {"when": "today"}),
    "delegations": Example("reviewer", _delegation_form),
    "delegation-revoke": Example("confirmer1"),
}


def _with_password(username: str) -> None:
    user = User.objects.get(username=username)
    user.set_password(made_up.PASSWORD)
    user.save()


def _forms() -> set[str]:
    return {address.name for address in addresses() if "POST" in address.view.access}  # type: ignore[attr-defined]


def test_每个表单都有例子或理由() -> None:
    assert sorted(_forms() - EXAMPLES.keys() - NO_TRAIL.keys()) == [], "缺少例子"
    assert sorted((EXAMPLES.keys() | NO_TRAIL.keys()) - _forms()) == [], "多出的例子"


@pytest.fixture(scope="module")
def county(sqlite_module: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    folder = tmp_path_factory.mktemp("installation")
    with override_settings(ANCHORS_FILE=folder / "anchors.txt", UPLOADS=folder / "uploads"):
        yield County()


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a form: status, the new entries of the trail, and whether the tables are as before.

    ``nameless`` are details of theirs without a Chinese name.
    """

    status: int
    events: list[str]
    nameless: set[str]
    is_unchanged: bool
    said: str


def _try(county: County, name: str) -> Tried:
    example = EXAMPLES[name]
    address = next(each for each in addresses() if each.name == name)
    kept = dict(county.east.records)
    with transaction.atomic():
        client = _client(county, example.who)
        example.prepare(county)
        if name == "change-password":
            client = client_of(User.objects.get(username=example.who))
        client.raise_request_exception = False
        form = example.form(county) if callable(example.form) else example.form
        before, last = _tables(), TrailEntry.objects.count()
        answer = client.post(url_of(address, county.east), form)
        entries = list(TrailEntry.objects.filter(number__gt=last))
        done = Tried(
            answer.status_code,
            [entry.action for entry in entries],
            {name for entry in entries for name in json.loads(entry.detail)} - NAMES.keys(),
            _tables() == before,
            answer.getvalue().decode(errors="replace"),
        )
        transaction.set_rollback(True)
    county.east.records.clear()
    county.east.records.update(kept)
    return done


def _client(county: County, who: str) -> Client:
    if who == "signed_out":
        return Client()
    return client_of(User.objects.get(username=who))


# A session is no fact of the office, and failures of sign-in are counted before they are told.
_NOT_FACTS = ("django_session", "axes_", "sqlite_")


def _tables() -> dict[str, Any]:
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if not table.startswith(_NOT_FACTS):
                cursor.execute(f'SELECT * FROM "{table}"')
                found[table] = cursor.fetchall()
    return found


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_办成的事都留痕(county: County, name: str) -> None:
    done = _try(county, name)
    assert done.status in LET | {303}, done.said[-2000:]
    assert done.events, _alert(done.said)
    assert done.nameless == set()
    for number in CANARIES:
        assert not TrailEntry.objects.filter(detail__contains=number).exists()


def _alert(page: str) -> str:
    """Return what a refused page says."""
    return page.split('role="alert">')[-1][:200]


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_留不了痕的事就不办(county: County, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: object) -> None:
        raise OSError("磁盘已满")

    monkeypatch.setattr(trail, "append", fail)
    done = _try(county, name)
    assert done.is_unchanged
    assert done.status == 500
    assert Account.objects.count() == 2


@pytest.mark.parametrize("who", [*made_up.USERNAMES.values(), "hospital", "outsider", "signed_out"])
def test_打开任何一页都不写任何东西(county: County, who: str) -> None:
    """A GET writes no entry and changes no row; sessions and failures of sign-in aside."""
    client = county.of_county.clients[who]
    with transaction.atomic():
        before, last = _tables(), TrailEntry.objects.count()
        wrote = []
        for address in addresses():
            for given in ({}, GIVEN.get(address.name, {})):
                client.get(url_of(address, county.east), given)
            if TrailEntry.objects.count() != last:
                wrote.append(address.name)
                last = TrailEntry.objects.count()
        changed = sorted(name for name, rows in _tables().items() if rows != before[name])
        transaction.set_rollback(True)
    assert (wrote, changed) == ([], [])
