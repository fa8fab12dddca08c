"""While a large import writes: whoever reads is not kept waiting, whoever writes is told to come back later."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.test import override_settings
from django.urls import reverse

from tests.office import made_up
from tests.web.addresses import GIVEN, addresses, furnish, furnish_trail, url_of
from tests.web.signed_in import client_of
from tuodi.office import busy
from tuodi.office.models import Person

PATIENCE = 1
ADVICE = "正在导入大文件，请稍后再试；刚才的操作没有保存"


@contextmanager
def held() -> Iterator[None]:
    """Hold the one write lock of the SQLite file, by a connection of its own."""
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@pytest.fixture(autouse=True)
def impatient(sqlite: str, tmp_path: Path) -> Iterator[None]:
    options = dict(connections["default"].settings_dict["OPTIONS"])
    busy.wait_at_most(PATIENCE)
    with override_settings(ANCHORS_FILE=tmp_path / "anchors.txt"):
        yield
    connections["default"].settings_dict["OPTIONS"] = options
    connection.close()


def _county() -> tuple[Any, dict[str, Any]]:
    top = made_up.county()
    place, other = furnish(made_up.region("东镇"), "1"), furnish(made_up.region("西镇"), "2")
    furnish_trail(place, other)
    return place, {name: client_of(made_up.user(role, top, name)) for role, name in made_up.USERNAMES.items()}


class Waits:
    """Statements that waited for the lock in vain, also where the page got over it: (page, statement)."""

    def __init__(self) -> None:
        self.page = ""
        self.found: set[tuple[str, str]] = set()

    def __call__(self, execute: Any, sql: str, *others: Any) -> Any:
        try:
            return execute(sql, *others)
        except OperationalError:
            self.found.add((self.page, sql))
            raise


def test_别人正在写_每个能看的页面照常打开() -> None:
    place, clients = _county()
    waits, broken, opened = Waits(), set(), set()
    with held(), connection.execute_wrapper(waits):
        for address in addresses():
            if "GET" not in address.view.access:  # type: ignore[attr-defined]
                continue
            waits.page = address.name
            for client in clients.values():
                answer = client.get(url_of(address, place), GIVEN.get(address.name, {}))
                if answer.status_code == 200:
                    opened.add(address.name)
                if answer.status_code >= 500:
                    broken.add((address.name, answer.status_code))
    assert (waits.found, broken) == (set(), set())
    assert {"people", "person", "settlements", "settlement", "cases", "case", "comparison", "desk", "trail"} <= opened


@pytest.mark.parametrize("is_htmx", [False, True])
def test_别人正在写_要写的操作得到说明而不是出错(is_htmx: bool) -> None:
    _, clients = _county()
    person = Person.objects.order_by("pk").first()
    assert person is not None
    url = reverse("person-correct", args=[person.pk])
    given = {"psn_name": "赵新", "evidence": "户口簿", "version": person.version}
    headers = {"HX-Request": "true"} if is_htmx else {}
    with held():
        answer = clients["clerk"].post(url, given, headers=headers)
    text = answer.content.decode()
    assert (answer.status_code, int(answer["Retry-After"]) > 0) == (503, True)
    assert ADVICE in text
    assert ("<html" in text) is not is_htmx
    assert Person.objects.get(pk=person.pk).psn_name == person.psn_name
    assert clients["clerk"].post(url, given, headers=headers).status_code in (200, 302)


def test_等过锁的语句都数得到_页面不出错的也算() -> None:
    waits = Waits()
    with held(), connection.execute_wrapper(waits):
        with suppress(OperationalError):
            Person.objects.update(psn_name="改")
        with suppress(OperationalError), transaction.atomic():
            pass
    assert sorted(sql.split()[0] for _, sql in waits.found) == ["BEGIN", "UPDATE"]


def test_退出时别人正在写_也得到说明() -> None:
    _, clients = _county()
    with held():
        answer = clients["clerk"].post(reverse("sign-out"))
    assert (answer.status_code, ADVICE in answer.content.decode()) == (503, True)
