"""Every list page and search of the office, asked as those who open it, with templates and middleware."""

import random
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import Any, Final, NamedTuple
from unittest.mock import patch

import office_county
from django.core.cache import cache
from django.urls import reverse
from office_ground import IDENTITIES, MOMENT

from tests.web.addresses import addresses
from tests.web.signed_in import client_of
from tuodi.office.access import actor_of
from tuodi.office.models import Account, Case, ImportBatch, Person, Region, Sender, Settlement, TrailEntry, User
from tuodi.office.operations import people
from tuodi.office.queries import comparison_members
from tuodi.office.queries.comparison import Difference
from tuodi.office.queries.enrolment_states import STATES

LIMIT_MS: Final = 300
CLOCKS: Final = ("tuodi.web.middleware.now", "tuodi.web.sessions.now", "tests.web.signed_in.now")
CLERK, TOWN, REVIEWER, APPROVER, AUDITOR = "clerk", "town1a", "reviewer", "approver", "auditor"
_UNTIL_COUNTED: Final = 600
_PATIENCE: Final = comparison_members._PATIENCE_AT_FIRST
SECURITY, SYSTEM, AUDIT = "security", "system", "audit"


class Page(NamedTuple):
    """One page as somebody asks for it: ``query`` and ``args`` are made anew for each request.

    ``before`` is done ahead of each request, unmeasured.
    """

    what: str
    who: str
    url: str
    query: Callable[[], Mapping[str, object]] = dict
    args: Callable[[], list[int]] = list
    is_posted: bool = False
    before: Callable[[], object] = lambda: None


def measure(rounds: int, only: str = "") -> None:
    """Print median and slowest time of each page at the server; ``only`` is part of the names of those asked."""
    pages = [page for page in _pages(random.Random(7)) if only in page.what]
    print(f"over {rounds} requests after one uncounted; processor time is this process's, without a database server's")
    print(f"{'page':<44}{'who':<10}{'median ms':>10}{'slowest':>9}{'processor':>11}")
    slow = []
    with _on_that_day():
        clients = {who: client_of(User.objects.get(username=who)) for who in {page.who for page in pages}}
        for client in clients.values():
            client.raise_request_exception = False
        for page in pages:
            try:
                times = [_asked(clients[page.who], page) for _ in range(rounds + 1)][1:]
            except LookupError as failed:
                print(f"{page.what:<44}{page.who:<10}{failed!s:>10}  FAILED", flush=True)
                slow.append(f"{page.what} ({page.who})")
                continue
            median, slowest = statistics.median(t.wall for t in times), max(t.wall for t in times)
            mark = "  SLOW" if median > LIMIT_MS else ""
            slow += [f"{page.what} ({page.who})"] if mark else []
            processor = statistics.median(t.processor for t in times)
            print(f"{page.what:<44}{page.who:<10}{median:>10.0f}{slowest:>9.0f}{processor:>11.0f}{mark}", flush=True)
    print(f"above {LIMIT_MS} ms or failed: {'; '.join(slow) or 'none'}")
    if not only:
        print(f"not asked: {', '.join(_not_asked(pages))}")


@contextmanager
def _on_that_day() -> Iterator[None]:
    """Let the pages believe it is the day on which the county was filled."""
    with ExitStack() as stack:
        for clock in CLOCKS:
            stack.enter_context(patch(clock, lambda: MOMENT))
        yield


class _Took(NamedTuple):
    """How long an answer took, in ms."""

    wall: float
    processor: float


def _asked(client: Any, page: Page) -> _Took:
    page.before()
    url, query = reverse(page.url, args=page.args()), page.query()
    began, worked = time.perf_counter(), time.process_time()
    answer = client.post(url, query) if page.is_posted else client.get(url, query)
    took = _Took((time.perf_counter() - began) * 1000, (time.process_time() - worked) * 1000)
    is_found = answer.status_code == 200 or (page.is_posted and answer.status_code == 302)
    if not is_found:
        raise LookupError(f"{answer.status_code} {answer.get('Location', '')}")
    return took


def _not_asked(pages: list[Page]) -> list[str]:
    """Return the addresses that can be opened and were not asked: forms, and pages of one record among them."""
    asked = {page.url for page in pages}
    return [a.name for a in addresses() if "GET" in getattr(a.view, "access", {}) and a.name not in asked]


def _pages(chance: random.Random) -> list[Page]:
    return [*_of_people(chance), *_of_settlements(chance), *_of_lists(chance), *_of_cases(chance), *_of_offices(chance)]


def _of_people(chance: random.Random) -> Iterator[Page]:
    most = Person.objects.order_by("-pk").first().pk
    towns = list(Region.objects.filter(parent__isnull=False).values_list("pk", flat=True))

    def person() -> Person:
        return Person.objects.get(pk=chance.randint(1, most))

    def number() -> str:
        return office_county.certno(chance.randint(1, most))

    def found(what: str, query: Callable[[], Mapping[str, object]], who: str = CLERK) -> Page:
        return Page(f"people, {what}", who, "people", query)

    yield found("first page", dict)
    yield found("first page", dict, TOWN)
    yield found("page from the middle", lambda: {"after": chance.randint(1, most)})
    yield found("of a town", lambda: {"region": chance.choice(towns)})
    yield found("by name", lambda: {"q": person().psn_name})
    yield found("by name", lambda: {"q": person().psn_name}, TOWN)
    yield found("by surname", lambda: {"q": chance.choice(office_county.SURNAMES)})
    yield found("by initials", lambda: {"q": person().initials})
    yield found("by first initial", lambda: {"q": person().initials[0]})
    yield found("by part of a name", lambda: {"q": chance.choice(office_county.GIVEN)})
    yield found("by a name nobody has", lambda: {"q": "欧阳"})
    yield found("by part of a name", lambda: {"q": chance.choice(office_county.GIVEN)}, TOWN)
    yield found("of an identity", lambda: {"identity": chance.choice(IDENTITIES)})
    yield found("of an identity and town", lambda: {"identity": IDENTITIES[0], "region": chance.choice(towns)})
    yield found("of an identity, years ago", lambda: {"identity": IDENTITIES[0], "day": "2013-01-05"})
    for state in ("on", "dead", "moved", "duplicate"):
        yield found(f"state {state}", lambda state=state: {"state": state})
    yield found("dead of a town", lambda: {"state": "dead", "region": chance.choice(towns)})
    yield found("with account", lambda: {"account": "with"})
    yield found("without account", lambda: {"account": "without"})
    yield found("without account, of a town", lambda: {"account": "without", "region": chance.choice(towns)})
    yield found("all filters", lambda: {"identity": IDENTITIES[0], "state": "on", "account": "without", "q": "赵"})
    yield Page("people, by ID number", CLERK, "people", lambda: {"q": number()}, is_posted=True)
    yield Page("people, by platform number", CLERK, "people", lambda: {"q": person().psn_no}, is_posted=True)
    yield Page("people, by part of a platform number", CLERK, "people", lambda: {"q": "P00"}, is_posted=True)
    yield Page("a person", CLERK, "person", args=lambda: [chance.randint(1, most)])
    yield Page("a person's history", CLERK, "person-history", args=lambda: [chance.randint(1, most)])
    yield Page("a person's history, the longest", CLERK, "person-history", args=lambda: [1])
    yield Page("a household", CLERK, "household", args=lambda: [chance.randint(1, most // 3)])
    yield Page(
        "a person to be merged", CLERK, "person-merge", args=lambda: [chance.randint(5, most - 5) // 10 * 10 + 5]
    )
    yield Page("accounts waiting", "reviewer", "accounts-waiting")
    yield Page("accounts waiting, last page", "reviewer", "accounts-waiting", lambda: {"page": 9999})
    waiting = Account.objects.filter(confirmed_by=None).first()
    yield Page("an account to be confirmed", "reviewer", "account-confirm", args=lambda: [waiting.pk])
    yield Page("people, export's question", CLERK, "people-export")


def _of_settlements(chance: random.Random) -> Iterator[Page]:
    most = Settlement.objects.order_by("-pk").first().pk
    towns = list(Region.objects.filter(parent__isnull=False).values_list("pk", flat=True))
    states = ("due", "nothing", "withheld", "no_identity", "reversed")

    def settlement() -> Settlement:
        return Settlement.objects.get(pk=chance.randint(1, most))

    def found(what: str, query: Callable[[], Mapping[str, object]], who: str = CLERK) -> Page:
        return Page(f"settlements, {what}", who, "settlements", query)

    yield found("first page", dict)
    yield found("first page", dict, TOWN)
    yield found("page from the middle", lambda: {"after": chance.randint(1, most)})
    yield found("page from the middle", lambda: {"after": chance.randint(1, most)}, TOWN)
    yield found("of a month", lambda: {"year": 2024, "month": chance.randint(1, 12)})
    yield found("of a town", lambda: {"region": chance.choice(towns)})
    yield found("of a town and month", lambda: {"year": 2024, "month": 3, "region": chance.choice(towns)})
    yield found("of a year without any", lambda: {"year": 2022})
    for state in states:
        yield found(state, lambda state=state: {"state": state})
        yield found(f"{state} of a town", lambda state=state: {"state": state, "region": chance.choice(towns)})
        yield found(f"{state} of a month", lambda state=state: {"state": state, "year": 2024, "month": 2})
    yield found("sums of a town and month", lambda: {"totals": 1, "year": 2024, "month": 3, "region": towns[0]})
    yield found("sums of a month", lambda: {"totals": 1, "year": 2024, "month": chance.randint(1, 12)})
    yield found("sums of everything", lambda: {"totals": 1})
    one = lambda: {"setl_id": settlement().setl_id}  # noqa: E731
    yield Page("settlements, by number", CLERK, "settlements", one, is_posted=True)
    yield Page("a receipt", CLERK, "settlement", args=lambda: [chance.randint(1, most)])
    yield Page("a receipt in Word", CLERK, "settlement-docx", args=lambda: [_assessed(chance, most)])
    yield Page("a person's year", CLERK, "person-year", args=lambda: [settlement().person_id, 2024])
    yield Page("withheld", CLERK, "settlements-withheld")
    yield Page("withheld", TOWN, "settlements-withheld")
    yield Page("withheld, last page", CLERK, "settlements-withheld", lambda: {"page": 9999})
    yield Page("withheld, last page", TOWN, "settlements-withheld", lambda: {"page": 9999})
    yield Page("settlements of another record, waiting", REVIEWER, "proposals-waiting")
    yield Page("settlements, export's question", CLERK, "settlements-export")


def _assessed(chance: random.Random, most: int) -> int:
    found = (
        Settlement.objects.filter(pk__gte=chance.randint(1, most // 2), outcome__isnull=False).order_by("pk").first()
    )
    return found.pk


def _of_lists(chance: random.Random) -> Iterator[Page]:
    towns = list(Region.objects.filter(parent__isnull=False).values_list("pk", flat=True))
    for who in (CLERK, TOWN):
        yield Page("comparison, counted anew", who, "comparison", before=_forgotten)
        yield Page("comparison, told to be under way", who, "comparison", before=lambda: _forgotten(_PATIENCE))
        yield Page("comparison, after an import", who, "comparison", before=_brought_in)
        yield Page("comparison, after a change by hand", who, "comparison", before=lambda: _changed(chance))
        yield Page("comparison, counted already", who, "comparison")
    yield Page("comparison, a town counted anew", CLERK, "comparison", lambda: {"region": towns[0]}, before=_forgotten)
    yield Page(
        "comparison, a month of spring, anew", CLERK, "comparison", lambda: {"month": "2024-03"}, before=_forgotten
    )
    for kind in Difference:
        yield Page(f"comparison, {kind}", CLERK, "comparison-list", lambda kind=kind: {"list": kind.value})
        last = lambda kind=kind: {"list": kind.value, "page": 9999}  # noqa: E731
        yield Page(f"comparison, {kind}, last page", CLERK, "comparison-list", last)
        yield Page(f"comparison, {kind}", TOWN, "comparison-list", lambda kind=kind: {"list": kind.value})
    for who in (CLERK, TOWN):
        yield Page("enrolment ledger, counted anew", who, "enrolment-ledger", before=cache.clear)
        yield Page("enrolment ledger", who, "enrolment-ledger")
    yield Page("enrolment ledger, year before", CLERK, "enrolment-ledger", lambda: {"year": 2023})
    town = lambda: {"region": towns[5]}  # noqa: E731
    yield Page("enrolment ledger, of a town, counted anew", CLERK, "enrolment-ledger", town, before=cache.clear)
    yield Page("enrolment ledger, of a town", CLERK, "enrolment-ledger", town)
    for state in STATES:
        yield Page(f"enrolment ledger, {state}", CLERK, "enrolment-ledger", lambda state=state: {"state": state})
    last = lambda: {"state": "none", "page": 9999}  # noqa: E731
    yield Page("enrolment ledger, none, last page", CLERK, "enrolment-ledger", last)
    yield Page("enrolment ledger, last page", CLERK, "enrolment-ledger", lambda: {"page": 9999})
    sender = Sender.objects.get(kind="settlements", region__parent=None).pk
    yield Page("imports", CLERK, "imports")
    yield Page("imports", TOWN, "imports")
    yield Page("imports, last page", CLERK, "imports", lambda: {"page": 9999})
    yield Page("imports of a kind, state, sender", CLERK, "imports", lambda: {"kind": "settlements", "sender": sender})
    yield Page("imports to be confirmed", CLERK, "imports", lambda: {"state": "previewed"})
    yield Page("import, form", CLERK, "import-new")
    for state in ("previewed", "applied"):
        batch = ImportBatch.objects.filter(state=state).order_by("-file_bytes").first().pk
        yield Page(f"an import, {state}", CLERK, "import", args=lambda batch=batch: [batch])
        yield Page(f"an import, {state}, progress", CLERK, "import-progress", args=lambda batch=batch: [batch])


def _forgotten(patience: float = _UNTIL_COUNTED) -> None:
    """Let nothing be kept; so long, in seconds, a page waits for the comparison before it says that it is under way."""
    _nothing_under_way()
    cache.clear()
    comparison_members._PATIENCE_AT_FIRST = patience


def _nothing_under_way() -> None:
    while any(thread.name == "comparison" for thread in threading.enumerate()):
        time.sleep(0.1)


def _brought_in() -> None:
    """Let a file have been brought in just now: what is kept of everybody holds no longer."""
    _nothing_under_way()
    batch = ImportBatch.objects.filter(applied_at__isnull=False).order_by("-applied_at").first()
    batch.applied_at += timedelta(seconds=1)
    batch.save(update_fields=["applied_at"])


def _changed(chance: random.Random) -> None:
    """Change somebody by hand."""
    most = Person.objects.order_by("-pk").first().pk
    who = Person.objects.filter(pk__gte=chance.randint(1, most // 2), merged_into=None).order_by("pk").first()
    facts = people.Facts(brdy=who.brdy - timedelta(days=1))
    actor = actor_of(User.objects.get(username=CLERK), MOMENT.date())
    people.correct_person(actor=actor, person_id=who.pk, version=who.version, facts=facts, evidence="户口簿", at=MOMENT)


def _of_cases(chance: random.Random) -> Iterator[Page]:
    towns = list(Region.objects.filter(parent__isnull=False).values_list("pk", flat=True))
    keys = list(Case.objects.values_list("pk", flat=True))
    for who in (CLERK, TOWN, REVIEWER, APPROVER):
        yield Page("cases, my queue", who, "cases")
        yield Page("cases, my queue, last page", who, "cases", lambda: {"page": 9999})
    filters: dict[str, Mapping[str, object]] = {
        "all": {},
        "all, last page": {"page": 9999},
        **{f"kind {kind}": {"kind": kind} for kind in Case.Kind.values},
        **{f"state {state}": {"state": state} for state in Case.State.values},
        "step 2": {"step": 2},
        "overdue": {"overdue": 1},
        "of 1,000 yuan or more": {"amount": 1000},
        "of a town": {"region": towns[3]},
        "all filters": {"region": towns[3], "kind": "missed", "state": "open", "step": 1, "amount": 10, "overdue": 1},
    }
    for what, query in filters.items():
        yield Page(f"cases, {what}", CLERK, "cases-all", lambda query=query: query)
    yield Page("cases, all", TOWN, "cases-all")
    yield Page("a case", CLERK, "case", args=lambda: [chance.choice(keys)])
    yield Page("duties", CLERK, "cases-duties")
    yield Page("duties", TOWN, "cases-duties")


def _of_offices(chance: random.Random) -> Iterator[Page]:
    for who in (CLERK, TOWN, REVIEWER, APPROVER, AUDITOR, SECURITY, SYSTEM, AUDIT):
        yield Page("desk", who, "desk")
    for who in (CLERK, TOWN):
        yield Page("desk's checks, counted anew", who, "desk-checks", before=cache.clear)
        yield Page("desk's checks", who, "desk-checks")
    yield Page("desk's checks", SECURITY, "desk-checks")
    most = TrailEntry.objects.order_by("-number").first().number
    filters: dict[str, Mapping[str, object]] = {
        "first page": {},
        "from the middle": {"before": most // 2},
        "of a user": {"actor": "clerk"},
        "of an event": {"action": "person.looked_at"},
        "of an area": {"action": "person"},
        "of a rare event": {"action": "cases.refreshed"},
        "of an event that never was": {"action": "person.merged"},
        "about a person": {"table": "person", "record": 1},
        "of some days": {"since": "2024-03-01", "until": "2024-03-05"},
        "of a user, an event, some days": {
            "actor": "reviewer",
            "action": "case.pass",
            "since": "2024-03-01",
            "until": "2024-06-05",
        },
        "of a user and an event that never was": {"actor": "reviewer", "action": "person.merged"},
    }
    for what, query in filters.items():
        yield Page(f"trail, {what}", AUDITOR, "trail", lambda query=query: query)
    yield Page("trail, an entry", AUDITOR, "trail-entry", args=lambda: [chance.randint(1, most)])
    yield Page("trail, verification", AUDITOR, "trail-verification")
    yield Page("trail, anchors", AUDITOR, "trail-anchors")
    yield Page("users", SECURITY, "users")
    yield Page("users by name and role", SECURITY, "users", lambda: {"words": "town", "role": "town_clerk"})
    yield Page("users, a list to save", SECURITY, "users-export")
    yield Page("a user", SECURITY, "user", args=lambda: [chance.randint(1, 60)])
    yield Page("delegations", CLERK, "delegations")
    yield Page("system", SYSTEM, "system")
    yield Page("system, jobs", SYSTEM, "system-jobs")
    yield Page("change of year, counted anew", SYSTEM, "new-year", before=cache.clear)
    yield Page("change of year", SYSTEM, "new-year")
    yield Page("change of year, this year", SYSTEM, "new-year", lambda: {"year": 2024})
