"""No full number of a document, a telephone or an account in any page, address, message, log or entry of the trail.

The numbers are planted on a person (``tests.web.addresses``); the permission matrix looks for them in every answer to
every role. Here they are typed where they do not belong. Only the answer to a reasoned, logged look shows one.
"""

import logging
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path

from tests.web.addresses import GIVEN, Address, addresses, url_of
from tests.web.canaries import ACCOUNT_NUMBER, CERTNO, PHONE_NUMBER, found, found_in
from tests.web.test_permission_matrix import County, ask
from tuodi.office.models import Person, TrailEntry
from tuodi.web import urls
from tuodi.web.page import PUBLIC, page

# The answers that may show a number: to a form in which somebody said why, and it was logged.
LOOKS = {"person-certno", "person-phone", "account-number"}
LOOK = {"kind": "核对本人证件", "words": "本人来访核对"}


@page(get=PUBLIC, post=PUBLIC)
def broken(_request: HttpRequest) -> HttpResponse:
    """Fail with a number in the message and in a variable."""
    certno = CERTNO
    raise ValueError(f"{certno} {PHONE_NUMBER} {ACCOUNT_NUMBER}")


handler400, handler403, handler404, handler500 = (
    urls.handler400,
    urls.handler403,
    urls.handler404,
    urls.handler500,
)
urlpatterns = [*urls.urlpatterns, path("broken", broken, name="broken")]


@pytest.fixture(scope="module")
def county(sqlite_module: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    folder = tmp_path_factory.mktemp("installation")
    with override_settings(ANCHORS_FILE=folder / "anchors.txt", UPLOADS=folder / "uploads"):
        yield County()


def test_种下的号码确实在库里_而且能被这个检查发现(county: County) -> None:
    person = Person.objects.get(pk=county.east.records["person"])
    assert person.certno_sealed
    assert person.phone_sealed
    assert found(HttpResponse(f"…{CERTNO[:6]} {CERTNO[6:]}…")) == [CERTNO]


# Every form gets the numbers typed into every field one could mistake for the right one.
TYPED = {
    **dict.fromkeys(("certno", "phone", "q", "text", "words", "name", "setl_id", "survivor", "username"), CERTNO),
    **dict.fromkeys(("number", "holder", "evidence", "reason", "to"), ACCOUNT_NUMBER),
    "version": "1",
}


@pytest.mark.parametrize(
    "address", [each for each in addresses() if "POST" in each.view.access], ids=lambda address: address.name
)
def test_误填的号码不进地址栏_消息_留痕和日志(county: County, address: Address) -> None:
    before = TrailEntry.objects.count()
    url = url_of(address, county.east)
    for who in ("clerk", "secadmin", "sysadmin", "auditor", "signed_out"):
        answer = ask(county.of_county.clients[who], "POST", url, {**TYPED, **GIVEN.get(address.name, {})})
        assert found_in(answer.get("Location", "") + str(answer.cookies)) == [], who
    assert TrailEntry.objects.count() == before, "每次都回滚"
    assert _leaks_in_log() == []


def test_留痕的内容没有完整号码(county: County) -> None:
    """What was typed as a reason into a refused or done form is not kept with a number in it."""
    client = county.of_county.clients["clerk"]
    person = county.east.records["person"]
    client.post(f"/people/{person}/certno", {**LOOK, "words": f"核对 {CERTNO}"})
    client.post(f"/people/{person}/move-out", {"day": "2025-02-01", "to": CERTNO, "evidence": CERTNO, "version": "1"})
    client.post("/people/export", {"reason": f"发给 {PHONE_NUMBER}"})
    details = " ".join(TrailEntry.objects.values_list("detail", flat=True))
    assert found_in(details) == []


@pytest.mark.parametrize("name", sorted(LOOKS))
def test_只有说明事由的查看才显示号码_而且留痕(county: County, name: str) -> None:
    address = next(each for each in addresses() if each.name == name)
    client = county.of_county.clients["clerk"]
    url = url_of(address, county.east)
    assert found(client.get(url)) == []
    assert found(client.post(url, {"kind": "", "words": ""})) == []
    before = TrailEntry.objects.count()
    shown = client.post(url, LOOK)
    assert len(found(shown)) == 1
    assert TrailEntry.objects.count() == before + 1
    assert shown["Cache-Control"] == "no-store"
    assert found(client.get(url)) == []


def _leaks_in_log() -> list[str]:
    path = settings.HOME / "tuodi.log"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return found_in(text)


@pytest.mark.plants_numbers("网址")
def test_程序出错时日志和页面都没有号码(county: County) -> None:
    with override_settings(ROOT_URLCONF=__name__):
        for who in ("clerk", "signed_out"):
            client = county.of_county.clients[who]
            answer = client.post("/broken?q=" + CERTNO, {"certno": CERTNO, "number": ACCOUNT_NUMBER})
            assert answer.status_code == 500
            assert found(answer) == []
    log = (settings.HOME / "tuodi.log").read_text(encoding="utf-8")
    assert "ValueError" in log
    assert _leaks_in_log() == []


@pytest.mark.plants_numbers("日志")
def test_日志里写进号码也会被涂去(county: County) -> None:
    logging.getLogger("tuodi").error("读到 %s，电话%s", CERTNO, PHONE_NUMBER)
    assert "读到 …，电话…" in (settings.HOME / "tuodi.log").read_text(encoding="utf-8")
    assert _leaks_in_log() == []


def test_库里没有明文号码(county: County) -> None:
    """The database's own bytes: what a stolen copy would show."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            assert found_in(str(cursor.fetchall())) == [], table
