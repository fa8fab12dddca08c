"""From which address somebody comes: what a header says about it is believed from our own proxy only."""

import http.client
import json
import threading
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client, override_settings

from tests.office import made_up
from tests.web.test_deployment import settings_with
from tuodi.office.models import TrailEntry
from tuodi.office.roles import Role
from tuodi.web.launch import Stopped
from tuodi.web.serving import listening, server

SAID = {
    "X-Forwarded-For": "198.51.100.9, 192.0.2.77",
    "X-Forwarded-Host": "office.example",
    "X-Forwarded-Proto": "https",
    "Forwarded": "for=198.51.100.8;proto=https;host=other.example",
}


def _seen(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer with what the application sees of the caller."""
    start_response("200 OK", [("Content-Type", "application/json")])
    headers = sorted(name for name in environ if "FORWARDED" in name)
    seen = (environ["REMOTE_ADDR"], environ["wsgi.url_scheme"], environ["HTTP_HOST"], headers)
    return [json.dumps(seen).encode()]


def _asked(proxy: str) -> list[Any]:
    """Start the server with that proxy, ask it from 127.0.0.1 with all headers, return what the application saw."""
    bound = listening("127.0.0.1", 0)
    port = bound.getsockname()[1]
    with override_settings(PROXY=proxy):
        running = server(_seen, bound)

    def run() -> None:
        # Closed from outside, its loop may find the socket gone.
        with suppress(OSError):
            running.run()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/", headers={"Host": f"127.0.0.1:{port}", **SAID})
        answer: list[Any] = json.loads(connection.getresponse().read())
        connection.close()
    finally:
        running.close()
        thread.join(5)
    return [str(each).replace(str(port), "PORT") for each in answer]


@pytest.mark.parametrize("proxy", ["", "192.0.2.1"])
def test_没有代理或不是代理连来的_几个头都去掉(proxy: str) -> None:
    assert _asked(proxy) == ["127.0.0.1", "http", "127.0.0.1:PORT", "[]"]


def test_代理连来的_采用它看到的地址_不是用户自己写的() -> None:
    """Of a list the last counts, which the proxy itself has put there; ``Forwarded`` is not asked for at all."""
    address, scheme, host, headers = _asked("127.0.0.1")
    assert (address, scheme, host) == ("192.0.2.77", "https", "office.example")
    assert headers == "['HTTP_X_FORWARDED_FOR', 'HTTP_X_FORWARDED_HOST', 'HTTP_X_FORWARDED_PROTO']"


@pytest.mark.parametrize(
    ("variables", "proxy"),
    [
        ({}, ""),
        ({"TUODI_PROXY": ""}, ""),
        ({"TUODI_HTTPS": "1"}, "127.0.0.1"),
        ({"TUODI_HTTPS": "1", "TUODI_PROXY": ""}, "127.0.0.1"),
        ({"TUODI_HTTPS": "1", "TUODI_PROXY": "192.0.2.1"}, "192.0.2.1"),
        ({"TUODI_PROXY": "192.0.2.1"}, "192.0.2.1"),
    ],
)
def test_信哪个代理(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], proxy: str) -> None:
    assert settings_with(monkeypatch, variables)["PROXY"] == proxy


@pytest.mark.parametrize("is_https", [True, False])
@pytest.mark.usefixtures("sqlite")
def test_程序自己不看这个头(is_https: bool) -> None:
    """Whatever serves the application, only the server's own answer to who calls counts, for locks and trail alike."""
    made_up.user(Role.COUNTY_CLERK, made_up.county(), password=True)
    with override_settings(HTTPS=is_https):
        for number in range(settings.AXES_FAILURE_LIMIT):
            forged = {"X-Forwarded-For": f"198.51.100.{number}"}
            answer = Client(REMOTE_ADDR="192.0.2.1").post(
                "/login", {"username": "clerk", "password": "x"}, headers=forged
            )
    assert answer.status_code == 429
    assert {json.loads(entry.detail)["address"] for entry in TrailEntry.objects.all()} == {"192.0.2.1"}


@pytest.mark.parametrize("proxy", ["*", "proxy.example", "192.0.2.0/24", "192.0.2.1,192.0.2.2"])
def test_代理必须是一个地址_否则不启动(proxy: str) -> None:
    with override_settings(PROXY=proxy), pytest.raises(Stopped, match="TUODI_PROXY") as stopped:
        call_command("serve", host="127.0.0.1", port=1, demo=False)
    assert stopped.value.returncode == 2
