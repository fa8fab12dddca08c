"""No page leads anywhere its reader may not go: every link on every page opens for whoever sees it."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client, override_settings

from tests.office import made_up
from tests.web.addresses import GIVEN, Place, addresses, furnish, furnish_trail, url_of
from tests.web.signed_in import client_of
from tuodi.office.models import ImportBatch, Region, Withheld
from tuodi.office.roles import Role

_LINK = re.compile(r'<a\b[^>]*\bhref="([^"#][^"]*)"')


@pytest.fixture
def place(sqlite: str, tmp_path: Path) -> Iterator[Place]:
    """A town with everything in it, another one beside it, and rows of the town's people that came from the county."""
    top = made_up.county()
    town, other = furnish(made_up.region("东镇"), "1"), furnish(made_up.region("西镇"), "2")
    furnish_trail(town, other)
    ImportBatch.objects.filter(region__in=Region.objects.filter(parent=top)).update(region=top)
    assert Withheld.objects.filter(batch__region=top).exists()
    with override_settings(ANCHORS_FILE=tmp_path / "anchors.txt"):
        yield town


def _links(client: Client, url: str, given: dict[str, str]) -> set[str]:
    answer = client.get(url, given)
    if answer.status_code != 200 or "html" not in answer.headers["Content-Type"]:
        return set()
    found = {urljoin(url, link.replace("&amp;", "&")) for link in _LINK.findall(answer.content.decode())}
    return {link.partition("#")[0] for link in found if not urlsplit(link).netloc and "/static/" not in link}


@pytest.mark.parametrize(
    ("role", "where"),
    [*((role, "示例县") for role in made_up.USERNAMES), (Role.TOWN_CLERK, "东镇"), (Role.APPROVER, "东镇")],
    ids=lambda value: str(value),
)
def test_看得到的链接都打得开(place: Place, role: Role, where: str) -> None:
    client = client_of(made_up.user(role, made_up.region(where), "reader"))
    open_pages = [each for each in addresses() if "GET" in each.view.access]  # type: ignore[attr-defined]
    found = {
        link: address.name
        for address in open_pages
        for link in _links(client, url_of(address, place), GIVEN.get(address.name, {}))
    }
    assert found
    dead = {link: name for link, name in sorted(found.items()) if client.get(link).status_code not in (200, 302)}
    assert dead == {}
