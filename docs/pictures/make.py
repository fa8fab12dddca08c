"""Make the pictures of the guide (docs/office-guide.md) from the running product: the sample county, in Chromium.

    python docs/pictures/make.py [--to FOLDER] [--chromium PROGRAM]

Run it from the program's folder with the Python of ``.venv`` after ``./tuodi test`` has installed what tests need;
Debian's ``chromium``, ``chromium-l10n`` and a Chinese font must be installed. It starts ``./tuodi serve --demo`` on a
free port with a home of its own, does a month's work through the pages, takes the pictures on the way and stops the
server: about three minutes. Names stay the same from run to run; dates are those of the day, people are made up.
"""

import argparse
import csv
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from small_png import small_png

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "examples" / "sample-county"
WIDE, PHONE = (1200, 800), (390, 844)
START_SECONDS, JOB_MS = 300, 240_000
BYTES_MAX = 150_000
LAST_DAY, NEXT_LIST = "2024-12-31", "2025-01-31"
WHO = "P013215"
"""Two identities in one year, several settlements."""
RECEIPT = "S0014441"
"""An inpatient settlement with a deductible that nobody has verified."""

Rows = list[list[str]]


@contextmanager
def demo(home: Path) -> Iterator[tuple[str, str]]:
    """Serve the sample county; give its address and the users' password."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    password = secrets.token_urlsafe(12)
    outside = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment = {**outside, "TUODI_HOME": str(home), "TUODI_DEMO_PASSWORD": password}
    words = [str(ROOT / "tuodi"), "serve", "--demo", "--port", str(port)]
    server = subprocess.Popen(words, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_until_ready(address, server)
        yield address, password
    finally:
        server.terminate()
        server.wait(30)


def _wait_until_ready(address: str, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    sys.exit("The demonstration did not start.")


class Camera:
    """Users at their browsers, whose pages are photographed."""

    def __init__(self, browser: Browser, address: str, password: str, to: Path) -> None:
        self.browser, self.address, self.password, self.to = browser, address, password, to
        self._pages: dict[str, Page] = {}
        # A page of no site: the product's own pages may not load pictures made of data.
        self.blank = browser.new_page()

    def fresh(self) -> Page:
        """Return a page of somebody not signed in."""
        width, height = WIDE
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", base_url=self.address
        )
        page = context.new_page()
        page.set_default_timeout(30_000)
        return page

    def of(self, username: str) -> Page:
        """Return this user's page; one session each, since a second one ends the first."""
        if username not in self._pages:
            page = self.fresh()
            page.goto("/login")
            page.fill("#username", username)
            page.fill("#password", self.password)
            page.press("#password", "Enter")
            page.wait_for_url(lambda url: "/login" not in url)
            self._pages[username] = page
        return self._pages[username]

    def take(self, page: Page, name: str, height: int, width: int = WIDE[0], begin: str = "body") -> None:
        """Photograph a page of that width: so many pixels from the top of ``begin`` on."""
        page.set_viewport_size({"width": width, "height": height})
        page.locator(".htmx-request").wait_for(state="detached")
        path = self.to / f"{name}.png"
        box = page.locator(begin).first.bounding_box() or {"y": 0}
        clip = {"x": 0, "y": max(0, box["y"] - 8), "width": width, "height": height}
        taken = page.screenshot(full_page=True, clip=clip, animations="disabled", caret="hide")
        path.write_bytes(small_png(self.blank, taken))
        page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
        size = path.stat().st_size
        print(f"{path.name}: {size:,} bytes" + (", too large" if size > BYTES_MAX else ""))

    def upload(self, kind: str, sender: str, file: Path, as_of: str, *, is_full: bool = False) -> str:
        """Let the clerk upload a file; return its batch's address once the preview is there."""
        page = self.of("clerk")
        page.goto(f"/imports/new?kind={kind}")
        page.set_input_files("#file", file)
        page.fill("#sender", sender)
        page.fill("#as_of", as_of)
        if is_full:
            page.check("#is_full")
        page.click("button:text-is('上传')")
        page.locator("dl.facts .state:text-is('待确认')").wait_for(timeout=JOB_MS)
        return page.url

    def confirm(self, url: str) -> None:
        """Let the reviewer confirm a batch and wait until it is in."""
        page = self.of("reviewer")
        page.goto(f"{url}/confirm")
        page.click("button:text-is('确认导入')")
        page.locator("dl.facts .state:text-is('已导入')").wait_for(timeout=JOB_MS)


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    """Read a file of the sample county."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def written(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Path:
    """Write a file to upload."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def marks(folder: Path) -> Path:
    """Make the platform's marks: some persons are missing, some marked otherwise than the roster has them."""
    rows: Rows = []
    for at, row in enumerate(rows_of(SAMPLE / "roster.csv")):
        if at % 3_000 == 7:
            continue
        identity = "低保边缘家庭成员" if at % 4_000 == 9 else row["identity"]
        end = LAST_DAY if at % 5_000 == 11 else row["endtime"]
        rows.append([row["psn_no"], identity, row["begntime"], end])
    return written(folder / "平台标识.csv", ("人员编号", "身份标识", "开始时间", "结束时间"), rows)


def enrolments(folder: Path) -> Path:
    """Make the list of who is insured where; a few are not."""
    seen = dict.fromkeys(row["psn_no"] for row in rows_of(SAMPLE / "roster.csv"))
    states = {3: "未参保", 5: "职工医保", 8: "外地参保"}
    rows = [[psn_no, "2024", states.get(at % 700, "居民医保")] for at, psn_no in enumerate(seen)]
    return written(folder / "参保名单.csv", ("人员编号", "年度", "参保状态"), rows)


def changes(folder: Path) -> Path:
    """Make January's change list: the rows with errors, some of the others ended, two new people."""
    rows = list(rows_of(SAMPLE / "with-errors" / "roster.csv"))
    for row in rows[60:66]:
        row["endtime"] = row["endtime"] or LAST_DAY
    header = list(rows[0])
    new = {"identity": "低保对象", "begntime": "2025-01-01", "family_no": "T01-0233"}
    for number in ("P900001", "P900002"):
        rows.append({**dict.fromkeys(header, ""), **new, "psn_no": number, "psn_name": f"样例甲{number[-4:]}"})
    return written(folder / "一月变动名册.csv", header, [[row[name] for name in header] for row in rows])


def imports(camera: Camera, folder: Path) -> None:
    """Bring in the lists of the month and photograph the way of one of them."""
    camera.confirm(camera.upload("marks", "医保信息平台", marks(folder), LAST_DAY, is_full=True))
    camera.confirm(camera.upload("enrolment_states", "医保中心", enrolments(folder), LAST_DAY))
    page = camera.of("clerk")
    page.goto("/imports/new?kind=roster")
    page.select_option("#known", label="示例县民政局（示例县）")
    page.click("text=换成这一种")
    page.fill("#as_of", NEXT_LIST)
    page.locator("#as_of").blur()
    camera.take(page, "import-form", height=800)
    url = camera.upload("roster", "示例县民政局", changes(folder), NEXT_LIST)
    page.goto(f"{url}?tab=changed")
    camera.take(page, "import-preview", height=880)
    page.goto(f"{url}?severity=error")
    camera.take(page, "import-errors", height=440, begin="#findings")
    page = camera.of("reviewer")
    page.goto(f"{url}/confirm")
    camera.take(page, "import-confirm", height=320)
    camera.confirm(url)
    page = camera.of("clerk")
    page.goto("/settlements/withheld")
    camera.take(page, "withheld", height=460)


def people(camera: Camera) -> None:
    """Search, one person, a look at a number, a receipt."""
    page = camera.of("clerk")
    page.goto("/people/")
    page.fill("#q", "ylw")
    page.press("#q", "Enter")
    page.locator("main table").wait_for()
    camera.take(page, "people", height=560)
    page.fill("#q", WHO)
    page.press("#q", "Enter")
    page.click("main table a")
    account(page)
    camera.take(page, "person", height=900)
    page.click("dd a:text-is('查看完整') >> nth=0")
    page.locator("#looked form").wait_for()
    camera.take(page, "look", height=540)
    page.goto("/settlements/")
    page.fill("#setl_id", RECEIPT)
    page.click("text=打开计算单")
    camera.take(page, "receipt", height=1010)
    camera.take(page, "receipt-phone", height=PHONE[1], width=PHONE[0])


def account(page: Page) -> None:
    """Enter a made-up account, which then waits for another person."""
    here = page.url
    page.click("text=录入账户")
    typed = {"bank": "示例县农村商业银行", "number": "6200000000000001", "holder": "样例戊2250"}
    for name, value in typed.items():
        if page.locator(f"#{name}").count():
            page.fill(f"#{name}", value)
    for select in page.locator("main form.narrow select").all():
        select.select_option(index=1)
    if page.locator("#evidence").count():
        page.fill("#evidence", "存折复印件")
    page.click("main form.narrow .btn-primary")
    page.goto(here)


def lists(camera: Camera) -> None:
    """The comparison, the ledger, the cases and the first page."""
    page = camera.of("clerk")
    page.goto("/comparison/?month=2024-12")
    camera.take(page, "comparison", height=740)
    page.goto("/comparison/enrolment?year=2024")
    camera.take(page, "enrolment", height=660)
    page.goto("/cases/")
    for box in page.locator("tbody input[name=case]").all()[1:4]:
        box.check()
    camera.take(page, "cases", height=620, width=1440)
    page.goto("/")
    page.locator("dl.counts").wait_for()
    camera.take(page, "desk", height=400)


def others(camera: Camera) -> None:
    """Who looks after users, the machine and the trail."""
    page = camera.of("secadmin")
    page.goto("/users/")
    page.click("text=示例复核人")
    camera.take(page, "user", height=530)
    page = camera.of("sysadmin")
    page.goto("/system/")
    page.click("text=现在备份")
    _until_done(page)
    page.locator("main tbody button").first.click()
    _until_done(page)
    camera.take(page, "system", height=600)
    page = camera.of("auditor")
    page.goto("/trail/verification")
    page.click("button:text-is('开始校验')")
    page.locator("#verification .state:text-is('全部相符')").wait_for(timeout=JOB_MS)
    camera.take(page, "verification", height=560)


def _until_done(page: Page) -> None:
    """Look again until no job is under way on the administrator's page."""
    until = time.monotonic() + JOB_MS / 1000
    while time.monotonic() < until:
        page.goto("/system/")
        if not page.locator("main p[role=status]").count():
            return
        time.sleep(1)
    sys.exit("A backup did not come to an end.")


def main() -> int:
    """Make all pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--to", type=Path, default=Path(__file__).parent, metavar="FOLDER")
    parser.add_argument("--chromium", default="/usr/bin/chromium", metavar="PROGRAM")
    args = parser.parse_args()
    environment: dict[str, Any] = {**os.environ, "LANGUAGE": "zh_CN"}
    with TemporaryDirectory() as home, TemporaryDirectory() as folder, sync_playwright() as playwright:
        options: dict[str, Any] = {"executable_path": args.chromium, "env": environment}
        browser = playwright.chromium.launch(args=["--no-sandbox", "--lang=zh-CN"], **options)
        with demo(Path(home)) as (address, password):
            camera = Camera(browser, address, password, args.to)
            page = camera.fresh()
            page.goto("/login")
            camera.take(page, "sign-in", height=480, width=900)
            imports(camera, Path(folder))
            people(camera)
            lists(camera)
            others(camera)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
