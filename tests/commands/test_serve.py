"""``tuodi serve`` and ``verify`` as programs: started, used, disturbed and stopped; what keeps them from starting.

Programs are started four times in all; the rest is done in this process.
"""

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.management import call_command

from tests.office.conftest import sqlite, sqlite_files
from tests.office.databases import SqliteFiles, use
from tests.office.made_up import NOW, county, user
from tests.office.test_demo import CONTRACT
from tuodi.commands import installation
from tuodi.commands.main import main
from tuodi.office.models import County, ImportBatch, Region, Sender, User
from tuodi.office.operations.demo_county import open_demo
from tuodi.office.roles import Role
from tuodi.office.secrets import new_key
from tuodi.web import structure
from tuodi.web.launch import Stopped, prepare
from tuodi.web.serving import listening

__all__ = ["sqlite", "sqlite_files"]

PASSWORD = "made-up-Password-1"
START = [sys.executable, "-P", "-m", "tuodi"]
SECONDS = 90


@dataclass
class Served:
    """A server that runs."""

    process: subprocess.Popen[str]
    port: int
    home: Path
    environment: dict[str, str]

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        return answer, answer.read()

    def signs_in(self, username: str) -> bool:
        answer, page = self.ask("GET", "/login")
        token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token is not None
        form = {"csrfmiddlewaretoken": token[1].decode(), "username": username, "password": PASSWORD}
        cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
        kind = "application/x-www-form-urlencoded"
        answer, _ = self.ask("POST", "/login", urlencode(form), **{"Cookie": cookie, "Content-Type": kind})
        return answer.status == 302

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*START, *words], env=self.environment, capture_output=True, text=True, timeout=SECONDS, check=False
        )


def _workers(parent: int) -> list[int]:
    """Return the processes a process has started."""
    listed = Path(f"/proc/{parent}/task/{parent}/children")
    found = [Path(path) for path in Path(f"/proc/{parent}/task").glob("*/children")] or [listed]
    return sorted({int(word) for path in found for word in path.read_text(encoding="ascii").split()})


def _until(is_so: Callable[[], Any], what: str) -> None:
    end = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < end, what
        time.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _prepare_demo(sqlite_files: SqliteFiles, home: Path) -> None:
    """A demonstration that was opened before: bringing its files in is tested elsewhere."""
    (home / "keys").mkdir(mode=0o700, parents=True)
    (home / "keys" / "fields.key").write_text(new_key().line() + "\n", encoding="ascii")
    shutil.copyfile(sqlite_files.template, home / "tuodi.sqlite3")
    use(sqlite_files.config(home / "tuodi.sqlite3"))
    open_demo(password="earlier", at=NOW)
    top = Region.objects.get(code="149901")
    sender = Sender.objects.create(kind="roster", name="示例", region=top)
    clerk = User.objects.get(username="clerk")
    ImportBatch.objects.create(
        token="ab" * 16,
        kind="roster",
        sender=sender,
        region=top,
        as_of=NOW.date(),
        file_name="名册.csv",
        file_bytes=1,
        sha256="0" * 64,
        state="discarded",
        uploaded_by=clerk,
        uploaded_at=NOW,
    )


@pytest.fixture(scope="module")
def served(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("serve") / "home"
    _prepare_demo(sqlite_files, home)
    environment = {**os.environ, "TUODI_HOME": str(home), "TUODI_DEMO_PASSWORD": PASSWORD}
    environment.pop("TUODI_DEMO", None)
    port = _free_port()
    process = subprocess.Popen(
        [*START, "serve", "--demo", "--port", str(port)],
        env=environment,
        stdout=subprocess.PIPE,
        # Among the logs that are searched at the end of the run.
        stderr=(home.parent / "serve.stderr.log").open("w"),
        text=True,
    )
    found = Served(process, port, home, environment)
    try:
        assert process.stdout is not None
        assert f"http://127.0.0.1:{port}/" in process.stdout.readline()
        told = process.stdout.readline()
        assert PASSWORD in told
        assert all(name in told for name in CONTRACT)
        yield found
    finally:
        process.kill()
        process.wait()


def test_就绪_登录页_静态文件已压缩(served: Served) -> None:
    answer, body = served.ask("GET", "/healthz")
    assert (answer.status, body) == (200, b"ok")
    _, page = served.ask("GET", "/login")
    sheet = re.search(rb'href="(/static/[^"]+tabler.min.css)"', page)
    assert sheet is not None
    answer, body = served.ask("GET", sheet[1].decode(), **{"Accept-Encoding": "gzip"})
    assert answer.status == 200
    assert answer.getheader("Content-Encoding") == "gzip"
    assert body[:2] == b"\x1f\x8b"
    assert "max-age=86400" in (answer.getheader("Cache-Control") or "")


def test_演示的用户都能登录_不要第二因素(served: Served) -> None:
    """All ten share the password set at the start (tests/office/test_demo.py); two sign in, which takes its time."""
    assert [name for name in (CONTRACT[0], CONTRACT[-1]) if not served.signs_in(name)] == []


def test_端口被占用时第二个启动以2退出(served: Served) -> None:
    done = served.run("serve", "--demo", "--port", str(served.port))
    assert done.returncode == 2
    assert "端口" in done.stderr
    assert "Traceback" not in done.stderr


def test_校验一个开着的安装(served: Served) -> None:
    _until(lambda: (served.home / "anchors" / "anchors.txt").exists(), "当天的锚点")
    done = served.run("verify", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    answer = json.loads(done.stdout)
    assert (answer["found"], answer["findings"]) == (0, [])
    assert answer["last_anchor"] >= 1


def test_工作进程死了会再起来_停止时一起结束(served: Served) -> None:
    _until(lambda: _workers(served.process.pid), "工作进程没有启动")
    (first,) = _workers(served.process.pid)
    os.kill(first, signal.SIGKILL)
    _until(lambda: _workers(served.process.pid) not in ([], [first]), "工作进程没有再起来")
    (second,) = _workers(served.process.pid)
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(SECONDS) == 0
    _until(lambda: not Path(f"/proc/{second}").exists(), "工作进程还在")
    assert "Traceback" not in (served.home / "tuodi.log").read_text(encoding="utf-8").replace("worker ended", "")


def _serve(**options: Any) -> None:
    call_command("serve", host="127.0.0.1", port=_free_port(), **{"demo": False, **options})


@pytest.mark.usefixtures("sqlite")
def test_演示和真实的数据不混用() -> None:
    with pytest.raises(Stopped, match="还没有安装"):
        _serve()
    county()
    with pytest.raises(Stopped, match="演示数据"):
        _serve()
    County.objects.update(synthetic=False)
    with pytest.raises(Stopped, match="真实的数据") as stopped:
        _serve(demo=True)
    assert stopped.value.returncode == 2


@pytest.mark.usefixtures("sqlite")
def test_只有用户没有县名也算真实的数据() -> None:
    user(Role.SECURITY_ADMIN, Region.objects.create(code="990001", name="示例县"))
    with pytest.raises(Stopped, match="真实的数据"):
        _serve(demo=True)


def test_连不上的数据库(sqlite_files: SqliteFiles, tmp_path: Path) -> None:
    before = sqlite_files.config(sqlite_files.template)
    bad = tmp_path / "damaged.sqlite3"
    bad.write_bytes(b"this is no database, and long enough to be read as a damaged one" * 50)
    use(sqlite_files.config(bad))
    with pytest.raises(Stopped, match="打不开"):
        structure.check_database()
    use(before)


@pytest.mark.parametrize(
    ("url", "match"),
    [
        ("mysql://a@b/c", "DATABASE_URL"),
        ("postgresql://a:b@c", "DATABASE_URL"),
        ("postgresql://a@b:x/c", "DATABASE_URL"),
    ],
)
def test_写错的数据库地址(url: str, match: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(Stopped, match=match) as stopped:
        prepare()
    assert stopped.value.returncode == 2
    assert url not in str(stopped.value)


def test_没有安装的文件夹不会因为校验而多出数据库(sqlite_files: SqliteFiles, tmp_path: Path) -> None:
    use(sqlite_files.config(tmp_path / "none.sqlite3"))
    with pytest.raises(Stopped, match="没有安装"):
        structure.require()
    assert list(tmp_path.iterdir()) == []
    use(sqlite_files.config(sqlite_files.template))


def test_绑定不是本机的地址() -> None:
    with pytest.raises(OSError, match=".+"):
        listening("203.0.113.1", 8000)


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """What a command hands over, instead of becoming another program."""
    found: list[tuple[str, dict[str, Any]]] = []

    def note(name: str, args: Namespace) -> int:
        found.append((name, {key: value for key, value in vars(args).items() if key != "run"}))
        return 0

    monkeypatch.setattr(installation, "_become", note)
    return found


@pytest.mark.parametrize(
    ("words", "name", "options"),
    [
        (["serve"], "serve", {"port": 8000, "host": "127.0.0.1", "demo": False}),
        (["serve", "--demo", "--port", "80"], "serve", {"port": 80, "host": "127.0.0.1", "demo": True}),
        (["verify"], "verify", {"anchors": None, "json": False}),
        (["office", "new-year", "2025"], "office", {"task": "new-year", "year": 2025}),
        (["office", "reset-factor", "anquan"], "office", {"task": "reset-factor", "user": "anquan"}),
        (["office", "policies"], "office", {"task": "policies", "ids": [], "yes": False}),
        (["office", "policies", "a", "b", "--yes"], "office", {"task": "policies", "ids": ["a", "b"], "yes": True}),
        (["office", "drill"], "office", {"task": "drill", "backup": None}),
    ],
)
def test_选项交给另一个程序(words: list[str], name: str, options: dict[str, Any], handed: list[Any]) -> None:
    main(words)
    assert handed == [(name, options)]


@pytest.mark.parametrize(
    "words",
    [
        ["serve", "--port", "0"],
        ["serve", "--port", "65536"],
        ["serve", "--port", "x"],
        ["serve", "--prot", "1"],
        ["verify", "--anchors", "没有的文件"],
        ["office"],
        ["office", "none"],
        ["office", "new-year", "明年"],
    ],
)
def test_用法不对以2退出(words: list[str], handed: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    assert handed == []
    assert "Traceback" not in capsys.readouterr().err
