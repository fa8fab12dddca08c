"""Every role × every address × every method, against a table written by hand (permission_matrix.csv).

A cell says: ``200`` (the page), ``302`` (sent on), ``let`` (a form was let through to its operation, which may still
refuse it: 200, 302, 400, 409 or 422), ``404``, ``405``, ``login`` (sent to the sign-in page). The object column: ``-``
for an address without a number; ``own`` for a record where the role works, ``other`` for one in another town while the
role is only given in 东镇. No answer holds a planted number in full (``tests.web.canaries``).
"""

import csv
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, override_settings

from tests.office import made_up
from tests.web.addresses import GIVEN, Address, Place, addresses, furnish, furnish_trail, url_of
from tests.web.canaries import found
from tests.web.signed_in import client_of
from tuodi.office.models import User
from tuodi.office.roles import Role
from tuodi.web.page import PUBLIC

TABLE = Path(__file__).with_name("permission_matrix.csv")
METHODS = ("GET", "POST")
NEVER = ("PUT", "PATCH", "DELETE", "OPTIONS")
LET = frozenset({200, 302, 400, 409, 422})
COLUMNS = [*made_up.USERNAMES.values(), "hospital", "outsider", "signed_out"]


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    method: str
    scope: str
    cells: dict[str, str]


@cache
def table() -> tuple[Row, ...]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Row(line["name"], line["method"], line["object"], {column: line[column] for column in COLUMNS})
            for line in csv.DictReader(file)
        )


def _named() -> dict[str, Address]:
    return {address.name: address for address in addresses()}


def _scopes(address: Address) -> tuple[str, ...]:
    return ("own", "other") if address.parameters else ("-",)


def test_每个地址都有名称且名称不重复() -> None:
    counts = Counter(address.name for address in addresses())
    assert {name: n for name, n in counts.items() if n > 1 or not name} == {}


def test_每个地址和方法在权限表里都有一行() -> None:
    needed = {(a.name, method, scope) for a in addresses() for method in METHODS for scope in _scopes(a)}
    stated = Counter((row.name, row.method, row.scope) for row in table())
    assert sorted(needed - stated.keys()) == [], "权限表缺少这些行"
    assert sorted(stated.keys() - needed) == [], "权限表多出这些行"
    assert [key for key, n in stated.items() if n > 1] == [], "权限表重复的行"


def test_权限表每一格都填写了认识的词() -> None:
    words = {"200", "302", "let", "404", "405", "login"}
    bad = [(row.name, who, cell) for row in table() for who, cell in row.cells.items() if cell not in words]
    assert bad == []


class Actors:
    """Clients of one user per role, in one region."""

    def __init__(self, where: str, mark: str) -> None:
        region = made_up.region(where)
        self.clients: dict[str, Client] = {
            username: client_of(made_up.user(role, region, username + mark))
            for role, username in made_up.USERNAMES.items()
        }
        self.clients["hospital"] = client_of(made_up.user(Role.HOSPITAL, region, f"hospital{mark}"))
        outsider = User.objects.create(username=f"outsider{mark}", name="无角色", created_at=made_up.NOW)
        self.clients["outsider"] = client_of(outsider)
        self.clients["signed_out"] = Client()
        for client in self.clients.values():
            client.raise_request_exception = False


class County:
    """The made-up county with both sets of users and a record of each kind in each town."""

    def __init__(self) -> None:
        made_up.county()
        self.east, self.west = furnish(made_up.region("东镇"), "1"), furnish(made_up.region("西镇"), "2")
        furnish_trail(self.east, self.west)
        self.of_county = Actors("示例县", "")
        self.of_east = Actors("东镇", "_east")

    def clients(self, scope: str) -> dict[str, Client]:
        # The town clerk works in 东镇 in both sets: a county has towns.
        if scope == "other":
            return self.of_east.clients
        return {**self.of_county.clients, "town": self.of_east.clients["town"]}

    def place(self, scope: str) -> Place:
        return self.west if scope == "other" else self.east


@pytest.fixture(scope="module")
def county(sqlite_module: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    with override_settings(ANCHORS_FILE=tmp_path_factory.mktemp("anchors") / "anchors.txt"):
        yield County()


def ask(client: Client, method: str, url: str, given: dict[str, str]) -> HttpResponse:
    """Ask, and take back whatever the answer wrote."""
    kept = deepcopy(client.cookies)
    with transaction.atomic():
        answer = client.get(url, given) if method == "GET" else client.post(url, given)
        transaction.set_rollback(True)
    client.cookies = kept
    return answer


def said(answer: HttpResponse, method: str) -> str:
    """Return the word of the table for an answer."""
    if answer.status_code == 302 and answer["Location"].startswith("/login"):
        return "login"
    if method == "POST" and answer.status_code in LET:
        return "let"
    return str(answer.status_code)


@pytest.mark.parametrize("name", sorted({row.name for row in table()}))
def test_权限表与回答一致(county: County, name: str) -> None:
    address = _named()[name]
    wrong = []
    for row in table():
        if row.name != name:
            continue
        url = url_of(address, county.place(row.scope))
        for who, client in county.clients(row.scope).items():
            answer = ask(client, row.method, url, GIVEN.get(name, {}))
            if (word := said(answer, row.method)) != row.cells[who]:
                wrong.append(f"{row.method} {row.scope} {who}: 应为 {row.cells[who]}，实为 {word}")
            if numbers := found(answer):
                wrong.append(f"{row.method} {row.scope} {who}: 出现完整号码 {numbers}")
    assert "\n".join(wrong) == ""


def test_其他方法一律不通(county: County) -> None:
    wrong = []
    for address in addresses():
        url = url_of(address, county.east)
        public = PUBLIC in address.view.access.values()  # type: ignore[attr-defined]
        for method in NEVER:
            for who in ("clerk", "signed_out"):
                status = county.of_county.clients[who].generic(method, url).status_code
                expected = {405} if public else {404, 405} if who != "signed_out" else {302}
                if status not in expected:
                    wrong.append(f"{method} {address.name} {who}: {status}")
    assert "\n".join(wrong) == ""


def test_没有令牌的提交一律被拒绝(county: County) -> None:
    """A form without its CSRF token does nothing, whoever sends it."""
    client = county.of_county.clients["clerk"]
    client.handler.enforce_csrf_checks = True
    try:
        let = [
            address.name
            for address in addresses()
            if "POST" in address.view.access  # type: ignore[attr-defined]
            and client.post(url_of(address, county.east)).status_code not in (403, 404)
        ]
    finally:
        client.handler.enforce_csrf_checks = False
    assert let == []
