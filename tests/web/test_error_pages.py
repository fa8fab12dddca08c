"""What a user sees when something goes wrong: Chinese, what to do, and nothing of what the program saw."""

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from tests.office import made_up
from tests.web.signed_in import client_of
from tuodi.office.models import User
from tuodi.office.roles import Action, Role
from tuodi.web import urls
from tuodi.web.page import PUBLIC, page

pytestmark = pytest.mark.usefixtures("sqlite")

SECRET = "990001199001011239"


@page(get=PUBLIC)
def broken(_request: HttpRequest) -> HttpResponse:
    raise ValueError(f"证件号码 {SECRET} 没有准备好")


@page(post=PUBLIC)
def reading(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(len(request.body)))


@page(get=Action.SEE_PEOPLE, post=Action.CHANGE_PEOPLE)
def changing(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("办了")


def unstated(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("看得到就错了")


handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500
urlpatterns = [
    *urls.urlpatterns,
    path("broken", broken, name="broken"),
    path("reading", reading, name="reading"),
    path("unstated", unstated, name="unstated"),
    path("changing", changing, name="changing"),
]


@pytest.fixture
def client(sqlite: str) -> Client:
    """A signed-in clerk's client on an application with three faulty pages more."""
    signed_in = client_of(made_up.user(Role.COUNTY_CLERK, made_up.county()))
    signed_in.raise_request_exception = False
    with override_settings(ROOT_URLCONF=__name__):
        yield signed_in


def test_程序出错时页面不透露内容_日志只记位置(client: Client) -> None:
    answer = client.get("/broken")
    text = answer.content.decode()
    assert answer.status_code == 500
    assert "刚才的操作没有生效" in text
    for leaked in (SECRET, "ValueError", "Traceback", "没有准备好"):
        assert leaked not in text
    log = (settings.HOME / "tuodi.log").read_text(encoding="utf-8")
    assert "ValueError" in log
    assert "test_error_pages.py" in log
    assert SECRET not in log


def test_没有写明权限的页面不存在(client: Client) -> None:
    assert client.get("/unstated").status_code == 404


def test_能看不能改的人不知道可以改(client: Client) -> None:
    auditor = client_of(made_up.user(Role.AUDITOR, made_up.region("示例县")))
    assert [auditor.get("/changing").status_code, auditor.post("/changing").status_code] == [200, 404]
    assert [client.get("/changing").status_code, client.post("/changing").status_code] == [200, 200]


def test_不存在的页面说明怎么办(client: Client) -> None:
    answer = client.get("/nothing-here")
    assert answer.status_code == 404
    assert "没有这个页面" in answer.content.decode()


def test_没有岗位的人看到该找谁(client: Client) -> None:
    nobody = User.objects.create(username="fresh", name="新人", created_at=made_up.NOW)
    answer = client_of(nobody).get("/")
    assert answer.status_code == 404
    assert "请联系安全管理员分配" in answer.content.decode()
    assert "退出" in answer.content.decode()


def test_过期的表单说明刷新后重交(client: Client) -> None:
    client.handler.enforce_csrf_checks = True
    answer = client.post("/password", {"old": "x"})
    assert answer.status_code == 403
    assert "页面已过期" in answer.content.decode()


@pytest.mark.parametrize("size", [settings.DATA_UPLOAD_MAX_MEMORY_SIZE, settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1])
def test_表单过大时说明_正好到上限可以(client: Client, size: int) -> None:
    answer = client.generic("POST", "/reading", b"x" * size, content_type="application/octet-stream")
    if size <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        assert answer.content == str(size).encode()
    else:
        assert answer.status_code == 413
        assert "提交的内容过大" in answer.content.decode()


def test_声称过大的上传不读就拒绝(client: Client) -> None:
    answer = client.post("/imports/new", CONTENT_LENGTH=str(300 * 2**20))
    assert answer.status_code == 413
    assert "没有任何内容被保存" in answer.content.decode()


def test_主机名不对时不透露内容(client: Client) -> None:
    answer = client.get("/", headers={"host": "elsewhere.example"})
    assert answer.status_code == 400
    assert "elsewhere" not in answer.content.decode()


def test_每个回答都有安全标头(client: Client) -> None:
    for url in ("/", "/nothing-here", "/broken", "/login"):
        answer = client.get(url)
        assert "default-src 'self'" in answer["Content-Security-Policy"], url
        assert answer["Cache-Control"] == "no-store", url
        assert answer["X-Frame-Options"] == "DENY", url
        assert answer["X-Content-Type-Options"] == "nosniff", url


def test_空字符不是程序的错误() -> None:
    client = client_of(made_up.user(Role.COUNTY_CLERK, made_up.county()))
    assert client.get("/imports/", {"kind": "a\0"}).status_code == 400
    assert client.get("/imports/", {"a\0": ""}).status_code == 400
    assert Client().post("/login", {"username": "a\0", "password": "x"}).status_code == 400
