"""A month of the sample county in a browser: files with errors mended and imported, compared, decided, undone.

Everything is done as its users do it: by clicking, typing and downloading; a worker does the jobs meanwhile. What the
pages then show is held against the commands' answers for the same files, to the fen.
"""

import csv
import re
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from tests.journeys.sample_files import (
    SPOILED,
    Rows,
    csv_file,
    mended_rows,
    mended_workbook,
    rows_of,
    sheet_rows,
    with_towns,
)
from tests.office import made_up
from tuodi.commands.main import main
from tuodi.kernel.money import parse_yuan, yuan_grouped
from tuodi.office import jobs
from tuodi.office.models import User
from tuodi.office.operations.demo_county import USERNAMES, open_demo

pytestmark = pytest.mark.needs("chromium")

MENUS = {
    "town": ["今日", "人员", "结算", "导入", "月度比对", "参保台账", "疑点办理", "工作委托", "年度更替"],
    "clerk": ["今日", "人员", "结算", "导入", "月度比对", "参保台账", "疑点办理", "工作委托", "年度更替"],
    "reviewer": ["今日", "人员", "结算", "导入", "月度比对", "参保台账", "疑点办理", "工作委托", "年度更替"],
    "approver": ["今日", "人员", "结算", "导入", "月度比对", "参保台账", "疑点办理", "工作委托", "年度更替"],
    "accountant": ["今日", "人员", "结算", "导入", "疑点办理", "工作委托", "年度更替"],
    "evaluator": ["今日"],
    "auditor": ["今日", "人员", "结算", "导入", "月度比对", "参保台账", "疑点办理", "年度更替", "操作留痕"],
    "sysadmin": ["今日", "系统管理"],
    "secadmin": ["今日", "用户与权限"],
    "auditadmin": ["今日", "操作留痕"],
}
UNMARKED_PERSON = "P015554"
"""Left out of the platform's marks; has a settlement in January."""


@contextmanager
def worker() -> Iterator[None]:
    """Do the jobs as they come, in a thread of its own."""
    over = threading.Event()

    def work() -> None:
        while not over.is_set():
            if jobs.work_once(datetime.now) is None:
                over.wait(0.1)
        connections.close_all()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


class Office:
    """The people of the sample county at their browsers."""

    def __init__(self, visitors: Any, folder: Path) -> None:
        self.visitors, self.folder = visitors, folder
        self._pages: dict[str, Any] = {}
        open_demo(password=made_up.PASSWORD, at=datetime.now())

    def of(self, username: str) -> Any:
        """Return this user's page, signed in."""
        if username not in self._pages:
            self._pages[username] = self.visitors.page_of(User.objects.get(username=username))
        return self._pages[username]

    def upload(self, kind: str, sender: str, file: Path, as_of: str, **typed: str) -> str:
        """Let the clerk upload a file and wait for the preview; return the batch's address."""
        page = self.of("clerk")
        page.click("nav.office-menu >> text=导入")
        page.click("text=上传文件")
        page.select_option("#kind", kind)
        page.click("text=继续")
        page.set_input_files("#file", file)
        for name, value in {"sender": sender, "as_of": as_of, **typed}.items():
            page.fill(f"#{name}", value)
        page.click("button:text-is('上传')")
        _wait_for_state(page, "待确认")
        return str(page.url)

    def confirm(self, url: str) -> None:
        """Let the reviewer look at the preview and confirm it."""
        page = self.of("reviewer")
        page.goto(url)
        page.click("text=确认导入…")
        page.click("button:text-is('确认导入')")
        _wait_for_state(page, "已导入")

    def bring_in(self, kind: str, sender: str, file: Path, as_of: str) -> str:
        url = self.upload(kind, sender, file, as_of)
        self.confirm(url)
        return url

    def download(self, page: Any, button: str) -> Path:
        """Click something that gives a file."""
        with page.expect_download() as found:
            page.click(button)
        path = self.folder / f"{len(list(self.folder.iterdir()))}.xlsx"
        found.value.save_as(path)
        return path

    def due(self) -> dict[str, int]:
        """Let the clerk export all settlements; return what is due of each that is computed."""
        page = self.of("clerk")
        page.click("nav.office-menu >> text=结算")
        page.click("text=导出")
        page.fill("#reason", "与单机计算核对")
        heading, *rows, _sums = sheet_rows(self.download(page, "button:text-is('导出')"))
        number, due, state = (heading.index(name) for name in ("结算编号", "应救助（元）", "状态"))
        return {row[number]: _fen(row[due]) for row in rows if row[state] != "暂不计算"}


def _wait_for_state(page: Any, state: str) -> None:
    # The page asks for progress by itself and comes anew when the job is done.
    page.locator(f"dl.facts .state:text-is('{state}')").wait_for()


def _fen(text: str) -> int:
    whole, _, part = text.partition(".")
    fen = parse_yuan(f"{whole}.{part.ljust(2, '0')}" if part else text)
    assert isinstance(fen, int), text
    return fen


def _assessed(folder: Path, roster: Path, settlements: Path) -> dict[str, int]:
    """Return what ``tuodi assess`` says is due of each settlement."""
    out = folder / "结果.csv"
    words = ["--policy", "jiaocheng-2024", "--persons", str(roster), "--settlements", str(settlements)]
    main(["assess", *words, "--out", str(out), "--errors", str(folder / "错误.csv")])
    due: dict[str, int] = defaultdict(int)
    with out.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            due[row["setl_id"]] += _fen(row["paid_amt"])
    return dict(due)


def _screened(folder: Path, roster: Path, settlements: Path) -> dict[str, tuple[int, int]]:
    """Return due and paid of each settlement that ``tuodi screen`` names."""
    out = folder / "差额.csv"
    words = ["--policy", "jiaocheng-2024", "--persons", str(roster), "--settlements", str(settlements)]
    main(["screen", *words, "--out", str(out)])
    with out.open(encoding="utf-8-sig", newline="") as file:
        return {row["setl_id"]: (_fen(row["due_amt"]), _fen(row["paid_amt"])) for row in csv.DictReader(file)}


def test_示例县的一个月(visitors: Any, tmp_path: Path) -> None:
    with worker():
        office = Office(visitors, tmp_path)
        roster = csv_file(tmp_path / "名册.csv", with_towns(mended_rows("roster")))
        settlements = csv_file(tmp_path / "结算.csv", mended_rows("settlements"))
        roster_comes_with_errors(office)
        settled = settlements_come_with_errors(office, roster)
        release_what_only_a_person_can_tell(office)
        assert office.due() == _assessed(tmp_path, roster, settlements)
        answer_at_the_counter(office, _assessed(tmp_path, roster, settlements))
        compare_the_month(office)
        undo_the_last_import(office)
        decide_the_cases(office, _screened(tmp_path, roster, settlements))
        what_is_used_is_not_undone(office, settled)
        everybody_opens_their_pages(office)
        verify(office)


def roster_comes_with_errors(office: Office) -> None:
    """The preview names the bad rows, who uploads does not confirm, the mended workbook brings the rest."""
    file = csv_file(office.folder / "有错的名册.csv", with_towns(rows_of(SPOILED["roster"])))
    url = office.upload("roster", "示例县民政局", file, "2024-12-31")
    clerk = office.of("clerk")
    assert "须由另一人核对后确认" in clerk.inner_text("main")
    assert clerk.locator("text=确认导入…").count() == 0
    assert clerk.locator("text=拒绝 11").count() == 1
    assert "1956-13-05" in clerk.inner_text("main")
    downloaded = office.download(clerk, "text=下载需要改的行")
    assert len(sheet_rows(downloaded)) == 1 + 11
    office.confirm(url)
    office.bring_in("roster", "示例县民政局", mended_workbook(downloaded, "roster"), "2024-12-31")


def settlements_come_with_errors(office: Office, roster: Path) -> str:
    """Whose rows are bad waits for that year; the others are computed as ``assess`` computes them; then the rest."""
    spoiled = SPOILED["settlements"]
    url = office.upload("settlements", "医保信息平台", spoiled, "2024-12-31", typed_rows="199")
    clerk = office.of("clerk")
    assert "行数：输入 199，文件 200" in clerk.inner_text("main")
    clerk.click("text=放弃…")
    clerk.click("text=放弃这一批")
    url = office.upload("settlements", "医保信息平台", spoiled, "2024-12-31", typed_rows="200")
    downloaded = office.download(clerk, "text=下载需要改的行")
    office.confirm(url)
    expected = _assessed(office.folder, roster, spoiled)
    assert office.due() == expected
    return office.bring_in("settlements", "医保信息平台", mended_workbook(downloaded, "settlements"), "2024-12-31")


def release_what_only_a_person_can_tell(office: Office) -> None:
    """A row without a number, and numbers that stood on two rows, wait until somebody looked at the papers."""
    page = office.of("clerk")
    page.click("nav.office-menu >> text=结算")
    page.click("text=暂不计算 7 条")
    release = page.locator("main tbody form")
    release.first.wait_for()
    for left in range(7, 0, -1):
        assert release.count() == left
        release.first.locator("input[name=reason]").fill("已与结算单核对，正确的行已另行导入")
        with page.expect_navigation():
            release.first.locator("text=放行").click()
    assert "没有暂不计算的记录" in page.inner_text("main")


def answer_at_the_counter(office: Office, expected: dict[str, int]) -> None:
    """A person found by initials and by ID number; the year's sum and the receipt as ``assess`` has them."""
    page = office.of("clerk")
    of_person = {row[0] for row in mended_rows("settlements")[1:] if row[1] == "P012161"}
    page.click("nav.office-menu >> text=人员")
    page.fill("#q", "ylw")
    page.press("#q", "Enter")
    page.locator("main table >> text=样例戊1196").wait_for()
    page.fill("#q", "149901198207230016")
    page.press("#q", "Enter")
    assert "样例戊1196" in page.inner_text("h1")
    assert "149901198207230016" not in page.content() + page.url
    page.click("text=2024 年")
    total = yuan_grouped(sum(expected[setl_id] for setl_id in of_person))
    assert total in page.inner_text("main tfoot")
    largest = max(of_person, key=lambda setl_id: expected[setl_id])
    page.click(f"main table >> text={largest}")
    assert f"支付{yuan_grouped(expected[largest])}元" in page.inner_text("main .alert-info").replace(" ", "")
    assert office.download(page, "text=下载 Word").stat().st_size > 10_000


def _marks() -> Rows:
    """The platform's marks: as the roster has them, but one person is missing."""
    heading, *rows = mended_rows("roster")
    who, what, begin, end = (heading.index(name) for name in ("psn_no", "identity", "begntime", "endtime"))
    marked = [[row[who], row[what], row[begin], row[end]] for row in rows if row[who] != UNMARKED_PERSON]
    return [["人员编号", "身份标识", "开始时间", "结束时间"], *marked]


def compare_the_month(office: Office) -> None:
    """Who is not marked is found, goes to the platform as a list, and what they had settled becomes a case."""
    office.bring_in("marks", "医保信息平台", csv_file(office.folder / "标识.csv", _marks()), "2024-12-31")
    page = office.of("clerk")
    page.click("nav.office-menu >> text=月度比对")
    page.fill("#month", "2024-01")
    page.click("button:text-is('比对')")
    assert re.search(r"在册未标识\s*1\s*人", page.inner_text(".tiles"))
    page.fill("#reason", "报送平台更新标识")
    heading, *rows = sheet_rows(office.download(page, "text=导出平台批量变更名单 >> visible=true"))
    assert [row for row in rows if UNMARKED_PERSON in row] == rows and len(rows) == 1, (heading, rows)
    page.click("text=转入疑点办理")


def undo_the_last_import(office: Office) -> None:
    """The enrolment list was another month's: all of it goes."""
    rows = [["人员编号", "年度", "参保状态"], *([row[0], "2024", "居民医保"] for row in mended_rows("roster")[1:])]
    unique = [list(row) for row in dict.fromkeys(map(tuple, rows))]
    file = csv_file(office.folder / "参保.csv", unique)
    url = office.bring_in("enrolment_states", "医保中心", file, "2024-12-31")
    page = office.of("clerk")
    page.goto(url)
    page.click("text=整批撤销…")
    page.click("text=撤销这一批")
    assert page.locator("main .state:text-is('已导入')").count() == 0
    page.fill("#reason", "报送单位发错了年度")
    page.click("text=撤销这一批")
    _wait_for_state(page, "已撤销")


def decide_the_cases(office: Office, expected: dict[str, tuple[int, int]]) -> None:
    """What differs from the window is checked, reviewed and approved by three people, in batches."""
    page = office.of("clerk")
    page.click("nav.office-menu >> text=疑点办理")
    page.click("text=全部疑点")
    page.fill("#reason", "本月疑点核对")
    heading, *rows, _sums = sheet_rows(office.download(page, "button:has-text('导出')"))
    number, due, paid = (heading.index(name) for name in ("结算编号", "应付（元）", "已付（元）"))
    shown = {row[number]: (_fen(row[due]), _fen(row[paid])) for row in rows}
    assert {key: value for key, value in shown.items() if key in expected} == expected
    for username, label in (("clerk", "核实"), ("reviewer", "复核"), ("approver", "审批")):
        page = office.of(username)
        page.click("nav.office-menu >> text=疑点办理")
        page.check("[data-all]")
        page.click("text=核对选中的合计，准备通过")
        page.click(f"button:has-text('确认{label}通过')")
        assert f"{label}通过 {len(rows)} 件" in page.inner_text("main .alert-success")
        # The same person cannot do the next step.
        page.goto("/cases/all?state=open" if label != "审批" else "/cases/all?state=approved")
        page.click("main tbody a >> nth=0")
        assert page.locator("text=通过 >> visible=true").locator("button").count() == 0
    assert "已审批" in office.of("approver").inner_text("h1")


def what_is_used_is_not_undone(office: Office, settled: str) -> None:
    """Somebody has decided about its people since: the refusal says who did what."""
    page = office.of("reviewer")
    page.goto(settled)
    page.click("text=整批撤销…")
    page.fill("#reason", "重复的文件")
    page.click("text=撤销这一批")
    assert "不能整批撤销：" in page.inner_text("[role=alert]")


def everybody_opens_their_pages(office: Office) -> None:
    """Each role sees its own menu, and each entry opens."""
    assert MENUS.keys() == USERNAMES.keys()
    for username, entries in MENUS.items():
        page = office.of(username)
        page.goto("/")
        links = page.locator("nav.office-menu a")
        assert links.all_inner_texts() == entries, username
        for address in [links.nth(at).get_attribute("href") for at in range(len(entries))]:
            assert page.goto(address).status == 200, (username, address)
            assert page.locator("h1:visible").count() == 1


def verify(office: Office) -> None:
    """The auditor's page finds the chain whole and every result as the facts have it."""
    page = office.of("auditor")
    page.goto("/trail/verification")
    page.click("button:text-is('开始校验')")
    page.locator("#verification .state:text-is('全部相符')").wait_for()
