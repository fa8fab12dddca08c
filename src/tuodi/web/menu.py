"""The menu on the left: what this user may open, in the order of the day's work."""

from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from tuodi.office.access import Actor
from tuodi.office.roles import Action

ENTRIES: Final = (
    ("desk", "今日", Action.USE_DESK),
    ("people", "人员", Action.SEE_PEOPLE),
    ("settlements", "结算", Action.SEE_SETTLEMENTS),
    ("imports", "导入", Action.SEE_IMPORTS),
    ("comparison", "月度比对", Action.SEE_COMPARISON),
    ("enrolment-ledger", "参保台账", Action.SEE_COMPARISON),
    ("cases", "疑点办理", Action.SEE_CASES),
    ("delegations", "工作委托", Action.DELEGATE),
    ("new-year", "年度更替", Action.EXPORT_PEOPLE),
    ("trail", "操作留痕", Action.SEE_TRAIL),
    ("users", "用户与权限", Action.MANAGE_USERS),
    ("system", "系统管理", Action.MANAGE_SYSTEM),
)
"""URL name, label, the action that opens it."""


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One line of the menu."""

    url: str
    label: str
    is_current: bool


def menu_of(actor: Actor, path: str) -> list[MenuEntry]:
    """Return the entries this actor may open; the one that leads to ``path`` is current."""
    found = [(reverse(name), label) for name, label, action in ENTRIES if actor.may(action)]
    current = max(
        (url for url, _ in found if path == url or (url != "/" and path.startswith(url))), key=len, default=""
    )
    return [MenuEntry(url, label, url == current) for url, label in found]
