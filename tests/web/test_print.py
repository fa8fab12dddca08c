"""What the browser prints: wide lists across the page, names on one line, a receipt on one sheet with its signature."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest

from tests.office import made_up, settling
from tests.office.settling import record, settle
from tests.web.browser import Visitors, visiting
from tuodi.office.models import Settlement
from tuodi.office.roles import Role

pytestmark = pytest.mark.needs("chromium")

LANDSCAPE, PORTRAIT = ("841", "594"), ("594", "841")
# What an A4 page holds across, 10 mm left free on each side, in CSS pixels.
ACROSS = {"width": 1047, "height": 718}
PERSONS = 40


@pytest.fixture(scope="module")
def printing(sqlite_module: str, browser: Any) -> Iterator[Any]:
    top = made_up.county()
    for number in range(PERSONS):
        person = made_up.person(f"P2024000{number:02}", f"样例/己/19{number:02}", made_up.region("东镇"))
        made_up.holding(person, "低保边缘家庭成员", date(2024, 1, 1))
    ids = [f"14110020240520{number:06}" for number in range(PERSONS)]
    rows = [
        record(ids[number], f"P2024000{number:02}", maf_pay=1, setl_time=datetime(2024, 5, 20, 10))
        for number in range(PERSONS)
    ]
    settle(settling.clerk(), rows)
    user = made_up.user(Role.COUNTY_CLERK, top, "printer", password=True)
    with visiting(browser) as visitors:
        yield _signed_in(visitors, user)


def _signed_in(visitors: Visitors, user: Any) -> Any:
    return visitors.page_of(user)


def _sheets(page: Any, url: str) -> list[tuple[str, str]]:
    """Return width and height in points of every printed page."""
    assert page.goto(url).status == 200
    printed = page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed)
    assert boxes
    return [(width.decode().split(".")[0], height.decode().split(".")[0]) for width, height in boxes]


@pytest.mark.parametrize("url", ["/settlements/", "/people/", "/comparison/enrolment", "/cases/all"])
def test_宽表横印(printing: Any, url: str) -> None:
    assert set(_sheets(printing, url)) == {LANDSCAPE}


@pytest.mark.parametrize("url", ["/settlements/", "/people/"])
def test_姓名和编号不折行_一页三十五行以上(printing: Any, url: str) -> None:
    assert printing.goto(url).status == 200
    printing.emulate_media(media="print")
    printing.set_viewport_size(ACROSS)
    rows = printing.evaluate("[...document.querySelectorAll('tbody tr')].map(row => row.getBoundingClientRect())")
    broken = printing.evaluate(
        "[...document.querySelectorAll('tbody td.name, tbody td.break, tbody td.nowrap')]"
        ".filter(cell => cell.getClientRects().length > 1 || cell.clientHeight > 20).map(cell => cell.innerText)"
    )
    width = printing.evaluate("document.querySelector('table').getBoundingClientRect().right")
    printing.emulate_media(media="null")
    assert len(rows) == PERSONS
    assert rows[34]["bottom"] <= ACROSS["height"]
    assert broken == []
    assert width <= ACROSS["width"]


def test_计算单印成一页_有单位和签字处(printing: Any) -> None:
    pk = Settlement.objects.order_by("pk").values_list("pk", flat=True)[0]
    assert _sheets(printing, f"/settlements/{pk}") == [PORTRAIT]
    printing.emulate_media(media="print")
    sign = printing.locator(".sign").inner_text()
    heading = printing.locator("main > .only-print").first.inner_text()
    printing.emulate_media(media="null")
    assert sign.split() == ["经办机构（示例县，盖章）：", "经办人：", "电话：", "日期："]
    assert heading.startswith("示例县医疗救助")
    assert not printing.locator(".sign").is_visible()
