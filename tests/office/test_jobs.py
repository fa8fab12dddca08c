"""The queue: in the transaction of what asks, taken once, taken up again, given up after three attempts."""

import threading
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection, transaction

from tests.office import made_up
from tuodi.office import jobs, progress
from tuodi.office.access import Actor
from tuodi.office.models import Job
from tuodi.office.refusal import Absent, Refused
from tuodi.office.roles import Action, Role

pytestmark = pytest.mark.usefixtures("both_databases")

AT = made_up.NOW
DID: list[int] = []
SCRIPT = SimpleNamespace(run=lambda work: "好了", gave_up=lambda job, at, message: None)


def run(work: jobs.Work) -> str:
    """What the jobs of these tests do."""
    DID.append(work.job.pk)
    return SCRIPT.run(work)


def gave_up(job: Job, at: datetime, message: str) -> None:
    SCRIPT.gave_up(job, at, message)


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    DID.clear()
    kind = jobs.JobKind("测试", Action.UPLOAD_IMPORT, f"{__name__}.run", f"{__name__}.gave_up")
    monkeypatch.setitem(jobs.KINDS, "test", kind)
    monkeypatch.setattr(SCRIPT, "run", lambda work: "好了")
    monkeypatch.setattr(jobs, "import_string", lambda path: globals()[path.rpartition(".")[2]])


def clerk() -> Actor:
    return made_up.actor(Role.COUNTY_CLERK, made_up.county())


def ask(actor: Actor, subject: int = 1) -> Job:
    return jobs.ask(kind="test", actor=actor, at=AT, subject=subject, region=made_up.region("示例县"))


def now() -> datetime:
    return AT


def test_随操作一起提交或一起取消() -> None:
    actor = clerk()
    with pytest.raises(ValueError), transaction.atomic():
        ask(actor)
        raise ValueError
    assert jobs.work_once(now) is None
    job = ask(actor)
    done = jobs.work_once(now)
    assert done is not None
    assert (done.pk, done.state, done.message, done.attempts) == (job.pk, "done", "好了", 1)
    assert jobs.work_once(now) is None


def test_先来先办() -> None:
    actor = clerk()
    asked = [ask(actor, subject).pk for subject in (1, 2, 3)]
    while jobs.work_once(now):
        pass
    assert asked == DID


def test_做着的任务别人不接手_租期过后才接手() -> None:
    ask(clerk())
    taken = jobs._take(AT)
    assert taken is not None
    assert jobs.work_once(lambda: AT + jobs.LEASE) is None
    again = jobs.work_once(lambda: AT + jobs.LEASE + timedelta(seconds=1))
    assert again is not None
    assert (again.state, again.attempts) == ("done", 2)


def test_显示进度即续租() -> None:
    ask(clerk())
    taken = jobs._take(AT)
    assert taken is not None
    late = AT + jobs.LEASE
    jobs.Work(taken, clerk_again(), lambda: late).tell("读取", 5, 10)
    shown = jobs.latest("test", 1)
    assert shown is not None
    assert (shown.doing, shown.done, shown.total, shown.state) == ("读取", 5, 10, "running")
    assert jobs.work_once(lambda: late + timedelta(seconds=1)) is None
    assert jobs.work_once(lambda: late + jobs.LEASE + timedelta(seconds=1)) is not None


def clerk_again() -> Actor:
    return Actor(Job.objects.get().asked_by, AT.date())


def test_事务之内也看得到进度() -> None:
    ask(clerk())
    seen = []

    def work(under_way: jobs.Work) -> str:
        with transaction.atomic():
            under_way.tell("写入", 1, 3)
            told = progress.seen(under_way.job.pk, under_way.job.worker)
            seen.append(told and (told.doing, told.done, told.total))
        return ""

    SCRIPT.run = work
    done = jobs.work_once(now)
    assert done is not None
    assert seen == [("写入", 1, 3)]
    assert (done.done, done.total) == (1, 3)
    assert progress.seen(done.pk, done.worker) is None


def test_出错三次后放弃并说明() -> None:
    ask(clerk())
    told = []
    SCRIPT.gave_up = lambda job, at, message: told.append(message)

    def broken(_work: jobs.Work) -> str:
        raise OSError("disk")

    SCRIPT.run = broken
    states = [job.state for job in iter(lambda: jobs.work_once(now), None)]
    assert states == ["queued", "queued", "failed"]
    assert told == [Job.objects.get().message]
    assert told[0].startswith("程序试了 3 次都没有完成，数据没有改动")


def test_工作进程接连死去_第四次不再做() -> None:
    ask(clerk())
    moment = AT
    for _ in range(jobs.ATTEMPTS_MAX):
        assert jobs._take(moment) is not None
        moment += jobs.LEASE + timedelta(seconds=1)
    last = jobs.work_once(lambda: moment)
    assert last is not None
    assert (last.state, DID) == ("failed", [])


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (Refused("不行。"), "不行。"),
        (Absent(), "已不存在或不在提交人的管辖范围内"),
        (MemoryError(), "内存超过了允许的上限"),
    ],
)
def test_被拒绝的不再试(fault: BaseException, told: str) -> None:
    ask(clerk())

    def refuse(_work: jobs.Work) -> str:
        raise fault

    SCRIPT.run = refuse
    done = jobs.work_once(now)
    assert done is not None
    assert (done.state, done.attempts) == ("failed", 1)
    assert told in done.message


def test_请进程结束时_任务交还() -> None:
    ask(clerk())

    def end(_work: jobs.Work) -> str:
        raise SystemExit(0)

    SCRIPT.run = end
    for _ in range(jobs.ATTEMPTS_MAX + 1):
        with pytest.raises(SystemExit):
            jobs.work_once(now)
    SCRIPT.run = lambda work: "好了"
    again = jobs.work_once(now)
    assert again is not None
    assert (again.state, again.attempts) == ("done", 1)


def test_办理时再查提交人的权限() -> None:
    actor = clerk()
    ask(actor)
    actor.user.assignments.update(ends=AT.date() - timedelta(days=1))
    done = jobs.work_once(now)
    assert done is not None
    assert (done.state, DID) == ("failed", [])
    assert "可以办理的是：乡镇经办人、县级经办人" in done.message


def test_两个进程同时取_各取一个() -> None:
    actor = clerk()
    asked = [ask(actor, subject).pk for subject in range(6)]
    start = threading.Barrier(3)

    def worker() -> None:
        start.wait()
        while jobs.work_once(now):
            pass
        connection.close()

    threads = [threading.Thread(target=worker) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(DID) == asked
    assert set(Job.objects.values_list("state", "attempts")) == {("done", 1)}
