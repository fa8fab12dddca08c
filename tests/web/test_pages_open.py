"""Every page of the menu opens for somebody who may, and is not there for anybody else."""

import pytest
from django.test import Client

from tests.office import made_up
from tests.web.signed_in import client_of
from tuodi.office.roles import Role

pytestmark = pytest.mark.usefixtures("sqlite")


def test_经办人看到菜单里的页面() -> None:
    top = made_up.county()
    client = client_of(made_up.user(Role.COUNTY_CLERK, top))
    for url in ("/", "/people/", "/settlements/", "/imports/", "/comparison/", "/cases/"):
        assert client.get(url).status_code == 200, url
    for url in ("/trail/", "/users/", "/system/"):
        assert client.get(url).status_code == 404, url


def test_没有登录的转到登录页() -> None:
    made_up.county()
    answer = Client().get("/people/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/login")
