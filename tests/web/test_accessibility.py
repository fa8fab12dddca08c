"""Every page in a real browser: nothing serious for axe, all reached by keyboard, nothing fetched from elsewhere.

A page is looked at as the first role of the table that may see it; the desk as every role.
"""

import csv
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import override_settings
from playwright.sync_api import Error

from tests.office import made_up
from tests.web.addresses import GIVEN, Address, Place, addresses, furnish, furnish_trail, url_of
from tests.web.browser import OLD_DESKTOP, PHONE, Visitors, visiting
from tests.web.signed_in import client_of
from tests.web.test_permission_matrix import TABLE
from tuodi.office.models import User
from tuodi.office.roles import Role

pytestmark = pytest.mark.needs("chromium")

BYTES_MAX = 300 * 1024
ROLES = ("clerk", "town", "reviewer", "approver", "accountant", "auditor", "evaluator", "sysadmin", "secadmin")
ROLES = (*ROLES, "auditadmin")
# Answers that are no page of their own: the watchman's, and what a page's script puts into the page.
NO_PAGES = ("healthz", "import-progress")
# Tabs pressed at most on one page: beyond that the page is a trap.
TABS_MAX = 600


def _pages() -> list[tuple[str, str]]:
    """Return address and role for every page of the table that some role sees."""
    found = []
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["method"] == "GET" and row["name"] not in NO_PAGES and row["object"] in ("-", "own"):
                seeing = [role for role in ROLES if row[role] == "200"]
                found += [(row["name"], role) for role in (seeing if row["name"] == "desk" else seeing[:1])]
    return found


class Office:
    """A server with one record of each kind, and one signed-in page for each role."""

    def __init__(self, visitors: Visitors) -> None:
        self.visitors = visitors
        top = made_up.county()
        self.place: Place = furnish(made_up.region("东镇"), "1")
        furnish_trail(self.place)
        self.users: dict[str, User] = {}
        for role, username in made_up.USERNAMES.items():
            where = made_up.region("东镇") if role is Role.TOWN_CLERK else top
            self.users[username] = made_up.user(role, where, password=True)
        self.by_name: dict[str, Address] = {address.name: address for address in addresses()}
        self.pages: dict[str, Any] = {}
        self.sent: dict[str, list[float]] = {}

    def url(self, name: str) -> str:
        return url_of(self.by_name[name], self.place) + "?" + urlencode(GIVEN.get(name, {}))

    def page(self, who: str) -> Any:
        if who not in self.pages:
            self.pages[who] = page = self.visitors.page_of(self.users[who])
            self.sent[who] = []
            heard = page.context.new_cdp_session(page)
            heard.send("Network.enable")
            heard.send("Network.setCacheDisabled", {"cacheDisabled": True})
            heard.on("Network.loadingFinished", lambda event: self.sent[who].append(event["encodedDataLength"]))
        return self.pages[who]

    def sizes(self, who: str) -> list[float]:
        """Return a list that fills with the bytes of every answer to this user's page from now on."""
        self.page(who)
        self.sent[who] = []
        return self.sent[who]


@pytest.fixture(scope="module")
def office(sqlite_module: str, browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    kept = tmp_path_factory.mktemp("anchors") / "anchors.txt"
    with override_settings(ANCHORS_FILE=kept), visiting(browser) as visitors:
        yield Office(visitors)


def _open(office: Office, name: str, who: str) -> Any:
    """Open a page; None where it is a file to be saved."""
    page = office.page(who)
    try:
        assert page.goto(office.url(name)).status == 200
    except Error as error:
        assert "Download is starting" in str(error)
        return None
    page.locator(".htmx-request").wait_for(state="detached")
    return page


@pytest.mark.parametrize(("name", "who"), _pages(), ids=lambda value: value)
def test_页面无障碍_全键盘可达_手机不溢出_不超过三百千字节(office: Office, name: str, who: str) -> None:
    sizes = office.sizes(who)
    page = _open(office, name, who)
    if page is None:
        return
    assert 0 < sum(sizes) <= BYTES_MAX
    assert page.locator("h1:visible").count() == 1
    assert _violations(page) == []
    assert _keyboard_faults(page) == []
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    page.set_viewport_size({"width": OLD_DESKTOP[0], "height": OLD_DESKTOP[1]})
    assert too_wide <= 0, f"手机上横向溢出 {too_wide} 像素"


def _violations(page: Any) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']} ({one['impact']}): {one['help']}: {[node['html'][:120] for node in one['nodes'][:3]]}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


_MARK = """() => {
  const seen = e => e.checkVisibility({visibilityProperty: true}) && !e.disabled && e.tabIndex >= 0;
  const all = [...document.querySelectorAll('a[href],button,input,select,textarea,summary,[tabindex]')].filter(seen);
  all.forEach((e, n) => e.dataset.stop = n);
  document.activeElement.blur();
  return all.length;
}"""
_AT = """() => {
  const e = document.activeElement;
  if (!e || e.dataset.stop === undefined) return null;
  const s = getComputedStyle(e);
  const isSeen = s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 1;
  return [Number(e.dataset.stop), e.outerHTML.slice(0, 120), isSeen];
}"""
_MISSED = """reached => [...document.querySelectorAll('[data-stop]')]
  .filter(e => !reached.includes(Number(e.dataset.stop)) && e.type !== 'radio').map(e => e.outerHTML.slice(0, 120))"""


def _keyboard_faults(page: Any) -> list[str]:
    """Press Tab through the page; return what was not reached and where the focus was not to be seen."""
    count = page.evaluate(_MARK)
    reached: set[int] = set()
    hidden: set[str] = set()
    for _ in range(TABS_MAX):
        page.keyboard.press("Tab")
        at = page.evaluate(_AT)
        if at is None and len(reached) == count:
            break
        if at is not None:
            if at[0] in reached and at[0] == 0 and len(reached) > 1:
                break
            if not at[2]:
                hidden.add(at[1])
            reached.add(at[0])
    faults = [f"不可达：{html}" for html in page.evaluate(_MISSED, list(reached))]
    return faults + [f"焦点不可见：{html}" for html in hidden]


def test_登录页无障碍_密码不对时说明(office: Office) -> None:
    page = office.visitors.page()
    page.goto("/login")
    assert _violations(page) == []
    assert _keyboard_faults(page) == []
    page.fill("#username", "clerk")
    page.fill("#password", "wrong")
    page.press("#password", "Enter")
    assert "用户名或密码不对" in page.inner_text("[role=alert]")
    assert _violations(page) == []


@pytest.mark.parametrize("url", ["/nothing-here", "/people/999999999"])
def test_出错页无障碍(office: Office, url: str) -> None:
    page = office.page("clerk")
    assert page.goto(url).status == 404
    assert _violations(page) == []
    assert page.locator("h1:visible").count() == 1


def test_手机上菜单不占一整屏(office: Office) -> None:
    page = office.visitors.page_of(office.users["clerk"], PHONE)
    assert page.locator("h1").bounding_box()["y"] < 200
    page.click(".phone-menu summary")
    page.click(".phone-menu a[href='/people/']")
    assert page.locator("h1").bounding_box()["y"] < 200


def test_没有脚本也能办事(office: Office) -> None:
    """The menu, the list and a form work as plain HTML."""
    client = client_of(office.users["secadmin"])
    office.pages.pop("secadmin", None)
    assert 'href="/users/"' in client.get("/").content.decode()
    assert client.post("/users/new", {"username": "noscript", "name": "无脚本"}).status_code == 200
