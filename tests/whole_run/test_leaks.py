"""The search of the whole run finds what it must in each channel, and then the run fails."""

import logging
import subprocess
import sys
from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from tests.office import made_up
from tests.office.databases import SqliteFiles, use
from tests.whole_run import channels, watch
from tests.whole_run.channels import ADDRESS, ERROR_PAGE, HEADER, JOB, LOG, LOG_FILE, PROGRAM, TRAIL
from tests.whole_run.leaks import Leak, Search, numbers_in
from tests.whole_run.starts import OURS, OURS_MAX, Starts
from tuodi.office import trail
from tuodi.office.access import Actor
from tuodi.office.models import Job
from tuodi.office.operations.writing import writing
from tuodi.office.roles import Action, Role
from tuodi.web import urls
from tuodi.web.page import PUBLIC, page

ROOT = Path(__file__).parents[2]
CERTNO, PHONE, ACCOUNT = "990001196001012234", "13900001111", "6200000000000000001"
MASKED = "9900**********2234"
NAME = "欧阳翠花"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"证件{CERTNO}。", [CERTNO]),
        (f"p={CERTNO[:6]} {CERTNO[6:14]} {CERTNO[14:]}", [CERTNO]),
        (f"p={CERTNO[:6]}%2019600101%202234", [CERTNO]),
        ("９９０００１１９６００１０１２２３４", [CERTNO]),
        # The right check character behind any place; behind a real one a wrong one is no number of anybody.
        ("11010519491231002X", ["11010519491231002X"]),
        ("110105194912310021", []),
        ("990001196001012230", ["990001196001012230"]),
        ("990001196013012234", []),
        ("990001600101001", ["990001600101001"]),
        ("990001601301001", []),
        (f"电话{PHONE}", [PHONE]),
        ("139-0000-1111", [PHONE]),
        ("12900001111", []),
        (f"帐号{ACCOUNT}", [ACCOUNT]),
        ("6200 0000 0000 0000 001", [ACCOUNT]),
        ("620000000000001", []),
        # Part of a hash, of a moment, of an amount; shown masked.
        (f"a{CERTNO}", []),
        ("20250303090000123456", []),
        ("0.13900001111", []),
        (MASKED, []),
    ],
)
def test_号码按形式认出(text: str, found: list[str]) -> None:
    assert numbers_in(text) == found


@pytest.fixture
def search(monkeypatch: pytest.MonkeyPatch) -> Search:
    """A search beside that of this run: what these tests leave behind is theirs."""
    found = Search(test="某项检查")
    monkeypatch.setattr(channels, "SEARCH", found)
    return found


@page(get=PUBLIC)
def to_a_person(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=302, headers={"Location": f"/somebody?certno={CERTNO}"})


@page(get=PUBLIC)
def file_of_a_person(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("", headers={"Content-Disposition": f"attachment; filename={NAME}.xlsx"})


@page(get=PUBLIC)
def error_about_a_person(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"没有 {PHONE}", status=404)


@page(post=PUBLIC)
def refused_form(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{request.POST['q']} {NAME} {ACCOUNT}", status=422)


handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500
urlpatterns = [
    path("to", to_a_person),
    path("file", file_of_a_person),
    path("error", error_about_a_person),
    path("form", refused_form),
    *urls.urlpatterns,
]


def _found(search: Search) -> list[tuple[str, str]]:
    return [(leak.channel, leak.what) for leak in search.leaks]


@pytest.fixture
def log() -> logging.Logger:
    """A logger that keeps nothing: the files of logs are searched at the end of the run."""
    found = logging.getLogger("whole_run")
    found.propagate = False
    return found


def test_日志(search: Search, log: logging.Logger) -> None:
    log.warning("读到 %s，%s", CERTNO, "赵一")
    assert _found(search) == [(LOG, MASKED), (LOG, "赵一")]


@pytest.mark.usefixtures("sqlite")
@pytest.mark.parametrize(
    ("address", "found"),
    [
        (f"/nowhere/{CERTNO}", [(ADDRESS, MASKED), (LOG, MASKED)]),
        (f"/healthz?q={PHONE}", [(ADDRESS, "13*******11")]),
        ("/healthz?q=%E6%AC%A7%E9%98%B3%E7%BF%A0%E8%8A%B1", [(ADDRESS, NAME)]),
        ("/to", [(HEADER, MASKED)]),
        ("/file", [(HEADER, NAME)]),
        ("/error", [(ERROR_PAGE, "13*******11")]),
        ("/people/?q=%E6%AC%A7%E9%98%B3%E7%BF%A0%E8%8A%B1", []),
        ("/healthz", []),
    ],
)
def test_网址_应答头_出错页面(address: str, found: list[tuple[str, str]], search: Search) -> None:
    with override_settings(ROOT_URLCONF=__name__):
        Client(headers={"Accept-Encoding": "gzip"}).get(address)
    assert _found(search) == found
    assert search.texts[ADDRESS] >= 1


@pytest.mark.usefixtures("sqlite")
def test_退回的表单只能重现填写的号码(search: Search) -> None:
    with override_settings(ROOT_URLCONF=__name__):
        Client().post("/form", {"q": CERTNO})
    assert _found(search) == [(ERROR_PAGE, "6200***********0001")]


def _clerk() -> Actor:
    return made_up.actor(Role.COUNTY_CLERK, made_up.county())


@pytest.mark.usefixtures("sqlite")
def test_留痕_也在取消的操作里(search: Search) -> None:
    with pytest.raises(ValueError), writing(_clerk(), Action.CHANGE_PEOPLE, made_up.NOW):
        trail.append(at=made_up.NOW, actor="clerk", action="person.created", detail={"words": f"核对{CERTNO}"})
        raise ValueError
    assert _found(search) == [(TRAIL, MASKED)]


@pytest.mark.usefixtures("sqlite")
def test_任务消息(search: Search) -> None:
    actor = _clerk()
    Job.objects.create(
        kind="import.apply", asked_by=actor.user, asked_at=made_up.NOW, region=made_up.region("示例县"), message=PHONE
    )
    channels.look_at_database()
    Job.objects.all().delete()
    assert _found(search) == [(JOB, "13*******11")]


def test_数据库都被搜索(sqlite_files: SqliteFiles, search: Search) -> None:
    with sqlite_files.fresh() as config:
        use(config)
        actor = _clerk()
        Job.objects.create(
            kind="x", asked_by=actor.user, asked_at=made_up.NOW, region=made_up.region("东镇"), message=CERTNO
        )
    assert _found(search) == [(JOB, MASKED)]


@pytest.mark.usefixtures("sqlite")
def test_学到的姓名(search: Search, log: logging.Logger) -> None:
    made_up.person("P1", "司马某某", made_up.county())
    log.error("司马某某")
    assert _found(search) == [(LOG, "司马某某")]


def test_程序的输出(search: Search) -> None:
    subprocess.run([sys.executable, "-c", f"print({CERTNO})"], capture_output=True, check=True)
    assert _found(search) == [(PROGRAM, MASKED)]


def test_日志文件(search: Search, tmp_path: Path) -> None:
    (tmp_path / "里面").mkdir()
    old_log = tmp_path / "里面" / "tuodi.log.1"
    old_log.write_text(f"读到{CERTNO}\n", encoding="utf-8")
    (tmp_path / "名册.csv").write_text(f"{CERTNO}\n", encoding="utf-8")
    channels.look_at_log_files([tmp_path])
    old_log.unlink()
    assert _found(search) == [(LOG_FILE, MASKED)]


@pytest.mark.parametrize("workers", [[], ["-n", "1"]], ids=["直接运行", "分给别的进程"])
def test_泄露让全部检查失败_并说出是哪一项(workers: list[str], tmp_path: Path) -> None:
    words = [sys.executable, "-m", "pytest", "tests/whole_run/leaking.py", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*words, f"--basetemp={tmp_path / 'pt'}", *workers], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stderr
    place = "tests/whole_run/leaking.py::"
    assert f"泄露：{place}test_leaves_a_number_in_the_log：日志：{MASKED}" in done.stdout
    assert f"{place}test_says_it_plants_and_does_not 标有 plants_numbers，却什么也没有埋下" in done.stdout
    assert "test_plants_a_number" not in done.stdout
    assert f"泄露：{place}test_plants_elsewhere_than_it_says：日志：{MASKED}" in done.stdout
    assert "泄露 2 处" in done.stdout
    assert CERTNO not in done.stdout


def test_什么也没有搜索到算失败() -> None:
    told = watch.faults(Search(), Starts(), pages=10_000)
    assert told == [f"没有搜索到任何{channel}" for channel in channels.ALWAYS]
    assert watch.faults(Search(), Starts(), pages=1) == []


def test_各进程的结果合在一起() -> None:
    parts = [Search(test="甲"), Search(test="乙")]
    for part in parts:
        part.look(LOG, f"读到{CERTNO}")
    whole = Search()
    for part in parts:
        whole.add(part.told())
    assert whole.leaks == [Leak("甲", LOG, MASKED), Leak("乙", LOG, MASKED)]
    assert (whole.texts[LOG], whole.characters[LOG]) == (2, 40)


@pytest.mark.parametrize(("count", "fails"), [(OURS_MAX, False), (OURS_MAX + 1, True)])
def test_启动程序的次数有上限(count: int, fails: bool) -> None:
    starts = Starts()
    starts.add([("tests/web", OURS, count), ("tests/policy", OURS, 99), ("tests/office", "数据库服务器和浏览器", 99)])
    assert bool(watch.faults(Search(), starts, pages=0)) is fails
