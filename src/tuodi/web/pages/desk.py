"""The first page: what must I do today, and is anything wrong?"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tuodi.office import anchors
from tuodi.office.models import ImportBatch
from tuodi.office.numbers import masked_number
from tuodi.office.queries import cases, comparison, comparison_members, contradictions, duties, users
from tuodi.office.queries import desk as counts
from tuodi.office.queries.system import backup_is_old
from tuodi.office.roles import Action, Role
from tuodi.web.page import OfficeRequest, page

# Tones of a line: to be done, wrong, for information.
TODO: Final = "wait"
WRONG: Final = "bad"
TOLD: Final = "off"
TONE_WORDS: Final = MappingProxyType({TODO: "待办", WRONG: "异常", TOLD: "知悉"})

_ACCOUNTS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the desk: what, how many, by when, and the page where it is done."""

    what: str
    url: str
    tone: str = TODO
    count: int | None = None
    note: str = ""

    @property
    def tone_word(self) -> str:
        """Return the tone as a word: colour alone tells nobody."""
        return TONE_WORDS[self.tone]


@page(get=Action.USE_DESK)
def desk(request: OfficeRequest) -> HttpResponse:
    """Show the desk."""
    actor = request.actor
    lines = [line for action, source in _SOURCES for line in (source(request) if actor.may(action) else ())]
    context = {
        "title": "今日",
        "lines": sorted(lines, key=lambda line: list(TONE_WORDS).index(line.tone)),
        "has_todo": any(line.tone != TOLD for line in lines),
        "delegations": users.live_delegations(actor),
        "has_checks": _has_checks(request),
        "evaluates": Role.EVALUATOR in actor.roles,
        "today": request.now,
    }
    return render(request, "desk.html", context)


def _has_checks(request: OfficeRequest) -> bool:
    return any(request.actor.may(each) for each in (Action.SEE_COMPARISON, Action.SEE_CASES, Action.MANAGE_USERS))


@page(get=Action.USE_DESK)
def checks(request: OfficeRequest) -> HttpResponse:
    """Show what takes longer to count: the month's comparison, and steps nobody is left for."""
    actor = request.actor
    found: dict[str, object] = {"title": "本月比对与岗位检查"}
    if actor.may(Action.SEE_COMPARISON):
        found["month"] = actor.day
        found["behind"] = comparison.lists_on(actor.day).behind(actor.day.replace(day=1))
        standing = comparison_members.standing(actor, actor.day)
        if standing is not None:
            names = comparison.DIFFERENCE_NAMES
            found["before"] = standing.before
            found["differences"] = [(names[kind], count) for kind, count in standing.counts.items()]
    action = Action.SEE_CASES if actor.may(Action.SEE_CASES) else Action.MANAGE_USERS
    if actor.may(action):
        found["gaps"] = duties.steps_without_person(actor, action)
    part = "desk_checks.html" if "HX-Request" in request.headers else "desk_checks_page.html"
    return render(request, part, found)


@page(get=Action.CONFIRM_ACCOUNT)
def accounts(request: OfficeRequest) -> HttpResponse:
    """List the accounts this user may confirm, the oldest first."""
    waiting = counts.accounts_to_confirm(request.actor).select_related("person__region", "entered_by")
    shown = Paginator(waiting, _ACCOUNTS_SHOWN).get_page(request.GET.get("page"))
    context = {
        "title": "待核对的银行账户",
        "shown": shown,
        "rows": [(account, masked_number(account)) for account in shown.object_list],
    }
    return render(request, "accounts_waiting.html", context)


def _imports(request: OfficeRequest) -> Iterator[Line]:
    found = counts.imports(request.actor, request.now)
    url = reverse("imports")
    previewed, refused = (f"{url}?state={state}" for state in (ImportBatch.State.PREVIEWED, ImportBatch.State.REFUSED))
    if found.to_confirm:
        yield Line("导入待我确认", previewed, TODO, found.to_confirm)
    if found.mine_refused:
        yield Line("我上传的文件未能读取", refused, WRONG, found.mine_refused, "请看原因，改好后重新上传")
    if found.mine_waiting:
        yield Line("我上传的导入待他人确认", previewed, TOLD, found.mine_waiting, "须由另一人确认")
    if found.under_way:
        yield Line("正在读取或导入", url, TOLD, found.under_way)


def _withheld(request: OfficeRequest) -> Iterator[Line]:
    if count := counts.open_withheld(request.actor):
        yield Line(
            "有误的行，所涉人员暂不计算",
            reverse("settlements-withheld"),
            WRONG,
            count,
            "更正后重新导入、写明理由放行，或选定采用哪一条",
        )


def _proposals(request: OfficeRequest) -> Iterator[Line]:
    if count := len(contradictions.proposals_waiting(request.actor)):
        note = "互相矛盾的记录，提出的人不能自己确认"
        yield Line("改用另一条记录待我确认", reverse("proposals-waiting"), TODO, count, note)


def _cases(request: OfficeRequest) -> Iterator[Line]:
    for waiting in cases.queue_counts(request.actor, request.now.date()):
        if waiting.count:
            by_when = f"其中 {waiting.overdue} 件已超过期限" if waiting.overdue else _first_due(request, waiting.step)
            note = "；".join(part for part in (waiting.differences, by_when) if part)
            tone = WRONG if waiting.overdue else TODO
            yield Line(f"疑点待我{waiting.step.label}", reverse("cases"), tone, waiting.count, note)


def _first_due(request: OfficeRequest, step: int) -> str:
    first = cases.queue(request.actor).filter(next_step=step).first()
    return f"最早 {first.due_on} 到期" if first and first.due_on else ""


def _accounts(request: OfficeRequest) -> Iterator[Line]:
    waiting = counts.accounts_to_confirm(request.actor)
    if count := waiting.count():
        yield Line("银行账户待我核对", reverse("accounts-waiting"), TODO, count, "录入的人不能自己确认")


def _jobs(request: OfficeRequest) -> Iterator[Line]:
    if count := counts.failed_jobs(request.actor, request.now):
        yield Line("我提交的后台工作未完成", reverse("imports"), WRONG, count, "近 7 天")


def _users(request: OfficeRequest) -> Iterator[Line]:
    found = counts.users(request.actor, request.now)
    url = reverse("users")
    if found.locked:
        yield Line("登录被锁定的用户", url, TODO, found.locked, "核实是本人后解锁")
    if found.without_role:
        yield Line("没有岗位的用户", url, TODO, found.without_role, "登录后看不到任何页面")
    if found.first_password:
        yield Line("还没有改初始密码的用户", url, TOLD, found.first_password)


def _trail(_request: OfficeRequest) -> Iterator[Line]:
    url = reverse("trail")
    yield _when("留痕最近一次校验", url, counts.last_entry("trail.verified"), "还没有校验过")
    kept = anchors.last()
    if kept is None:
        yield Line("留痕还没有锚点", url, WRONG, note="锚点之前被截去的留痕查不出来")
    else:
        yield Line("留痕最近一次锚点", url, TOLD, note=f"{kept.at:%Y-%m-%d %H:%M}，到第 {kept.number} 条")


def _backup(request: OfficeRequest) -> Iterator[Line]:
    made = counts.last_entry("backup.made")
    line = _when("最近一次备份", reverse("system"), made, "还没有备份")
    is_old = backup_is_old(made.at if made else None, request.now)
    yield Line(line.what, line.url, WRONG if is_old else TOLD, note=line.note)


def _when(what: str, url: str, entry: object, never: str) -> Line:
    at: datetime | None = getattr(entry, "at", None)
    return Line(what, url, TOLD if at else WRONG, note=f"{at:%Y-%m-%d %H:%M}" if at else never)


_SOURCES: Final[tuple[tuple[Action, Callable[[OfficeRequest], Iterator[Line]]], ...]] = (
    (Action.SEE_CASES, _cases),
    (Action.SEE_IMPORTS, _imports),
    (Action.SEE_SETTLEMENTS, _withheld),
    (Action.CONFIRM_IMPORT, _proposals),
    (Action.CONFIRM_ACCOUNT, _accounts),
    (Action.USE_DESK, _jobs),
    (Action.MANAGE_USERS, _users),
    (Action.SEE_TRAIL, _trail),
    (Action.MANAGE_SYSTEM, _backup),
)
