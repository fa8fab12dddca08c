"""Finding people: names, initials, numbers in either form, filters, pages, and who is out of reach."""

from datetime import date

import pytest

from tests.office import made_up
from tests.office.importing import certno
from tuodi.office.initials import initials_of
from tuodi.office.models import Account, Person
from tuodi.office.numbers import set_number
from tuodi.office.queries.people import COUNTED, By, Page, Search, State, find_people, hint_of, kind_of
from tuodi.office.queries.person import person_sheet
from tuodi.office.refusal import Absent
from tuodi.office.roles import Role

both = pytest.mark.usefixtures("both_databases")


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("欧阳翠花", "oych"),
        ("单雄信", "sxx"),
        ("单于红", "cyh"),
        ("仇小英", "qxy"),
        ("解小龙", "xxl"),
        ("曾子明", "zzm"),
        ("尉迟敬", "ycj"),
        ("万俟和", "mqh"),
        ("黄单", "hd"),
        ("赵一", "zy"),
        ("阿依古丽·买买提", "ayglmmt"),
        ("Peter Li", "peterli"),
        ("", ""),
    ],
)
def test_拼音首字母按姓氏读音(name: str, initials: str) -> None:
    assert initials_of(name) == initials


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", By.NOTHING),
        ("  ", By.NOTHING),
        ("欧阳", By.NAME),
        ("oy", By.INITIALS),
        ("OY", By.INITIALS),
        ("P0001", By.NUMBER),
        ("12345", By.NUMBER),
        ("990001600101001", By.DOCUMENT),
        ("'99000119600101001X", By.DOCUMENT),
        ("990001 19600101 001x", By.DOCUMENT),
        ("９９０００１１９６００１０１００１Ｘ", By.DOCUMENT),
        ("Ｐ０００１", By.NUMBER),
        ("ＯＹ", By.INITIALS),
    ],
)
def test_认得输入的是什么(text: str, kind: By) -> None:
    assert kind_of(text) is kind


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("9900011960010100", "证件号码要输全 18 位，这里是 16 位"),
        ("99000119600101001", "证件号码要输全 18 位，这里是 17 位"),
        ("990001196001010011", ""),
        ("9900011960010100111", "证件号码要输全 18 位，这里是 19 位"),
        ("99000119600", "不能只输其中几位"),
        ("990001196001", "证件号码要输全 18 位，这里是 12 位"),
        ("001X", "不能只输其中几位"),
        ("P13215", "例如中间的 0"),
        ("欧阳", ""),
    ],
)
def test_找不到时提示怎么输(text: str, hint: str) -> None:
    assert hint in hint_of(text)
    assert bool(hint) == bool(hint_of(text))


def _names(page: Page) -> list[str]:
    return [row.person.psn_name for row in page.rows]


def _find(who: object, text: str = "", **narrowed: object) -> list[str]:
    return _names(find_people(who, Search(text=text, day=made_up.TODAY, **narrowed)))  # type: ignore[arg-type]


@both
def test_按姓名首字母编号证件查找() -> None:
    top = made_up.county()
    east = made_up.region("东镇")
    clerk = made_up.actor(Role.COUNTY_CLERK, top)
    made_up.person("P001", "欧阳翠花", east, certno(1, date(1960, 1, 1)))
    made_up.person("P002", "单雄信", east, certno(1, date(1970, 2, 3)))
    assert _find(clerk, "ｐ００１") == _find(clerk, "p001") == ["欧阳翠花"]
    full_width = certno(1, date(1960, 1, 1)).translate({ord(each): ord(each) + 0xFEE0 for each in "0123456789X"})
    assert _find(clerk, full_width) == ["欧阳翠花"]
    made_up.person("P010", "仇小英", east)
    made_up.person("Q001", "张国强", east)
    assert _find(clerk, "欧阳") == ["欧阳翠花"]
    assert _find(clerk, "oych") == _find(clerk, "OY") == ["欧阳翠花"]
    assert _find(clerk, "s") == ["单雄信"]
    assert _find(clerk, "qx") == ["仇小英"]
    assert sorted(_find(clerk, "P00")) == ["单雄信", "欧阳翠花"]
    assert _find(clerk, "国强") == ["张国强"]
    assert find_people(clerk, Search(text="国强", day=made_up.TODAY)).contains
    assert _find(clerk, certno(1, date(1960, 1, 1))) == ["欧阳翠花"]
    assert _find(clerk, certno(1, date(1960, 1, 1)).lower()) == ["欧阳翠花"]
    # The form of before 1999: two digits of the year, no check character.
    assert _find(clerk, "990001600101001") == ["欧阳翠花"]
    assert _find(clerk, certno(1, date(1960, 1, 2))) == []
    assert _find(clerk, "%") == _find(clerk, "_") == _find(clerk, "欧_") == []


@both
def test_旧证登记的按新证也找得到() -> None:
    top = made_up.county()
    clerk = made_up.actor(Role.COUNTY_CLERK, top)
    made_up.person("P1", "赵一", top, "990001600101001")
    assert _find(clerk, certno(1, date(1960, 1, 1))) == ["赵一"]


@both
def test_按乡镇身份状态账户筛选() -> None:
    top = made_up.county()
    east, west = made_up.region("东镇"), made_up.region("西镇")
    clerk = made_up.actor(Role.COUNTY_CLERK, top)
    one = made_up.person("P1", "赵一", east)
    made_up.person("P2", "钱二", west, died_on=date(2025, 1, 2))
    made_up.person("P3", "孙三", west, moved_out_on=date(2025, 1, 2))
    made_up.person("P4", "赵一", east, merged_into=one)
    made_up.person("P5", "李四", None)  # type: ignore[arg-type]
    made_up.holding(one, "农村低保", date(2024, 1, 1), date(2025, 3, 3))
    account = Account(person=one, holder="赵一", bank="示例银行", evidence="存折", entered_at=made_up.NOW)
    set_number(account, "6200000000000000001")
    account.entered_by = clerk.user
    account.save()
    assert _find(clerk) == sorted(["赵一", "钱二", "孙三", "李四"])
    assert _find(clerk, region_id=east.pk) == ["赵一"]
    assert sorted(_find(clerk, region_id=top.pk)) == sorted(["赵一", "钱二", "孙三", "李四"])
    assert _find(clerk, state=State.DEAD) == ["钱二"]
    assert _find(clerk, state=State.MOVED) == ["孙三"]
    assert sorted(_find(clerk, state=State.ON)) == sorted(["赵一", "李四"])
    (duplicate,) = find_people(clerk, Search(state=State.DUPLICATE, day=made_up.TODAY)).rows
    assert (duplicate.person.psn_no, duplicate.state_name) == ("P4", "重复")
    # A number finds its record although it is a duplicate's.
    assert [row.person.psn_no for row in find_people(clerk, Search(text="P4", day=made_up.TODAY)).rows] == ["P4"]
    # The standard name finds who is on the roster by another name of the same identity; the last day still counts.
    assert _find(clerk, identity="低保对象") == ["赵一"]
    after = Search(identity="低保对象", day=date(2025, 3, 4))
    assert _names(find_people(clerk, after)) == []
    assert _find(clerk, identity="特困人员") == []
    # An account nobody has confirmed is none.
    assert _find(clerk, account="with") == []
    account.confirmed_by, account.confirmed_at = made_up.user(Role.ACCOUNTANT, top), made_up.NOW
    account.save()
    assert _find(clerk, account="with") == ["赵一"]
    assert "赵一" not in _find(clerk, account="without")


@both
def test_一页一页翻到底再翻回来() -> None:
    top = made_up.county()
    clerk = made_up.actor(Role.COUNTY_CLERK, top)
    # Equal names lie across the page's end.
    for number in range(7):
        made_up.person(f"P{number}", "赵一" if 1 <= number <= 4 else f"孙{number}", top)
    everybody = list(Person.objects.order_by("psn_name", "id").values_list("psn_no", flat=True))
    search, seen, after = Search(day=made_up.TODAY), [], None
    pages = []
    while True:
        page = find_people(clerk, search, after=after, size=2)
        pages.append([row.person.psn_no for row in page.rows])
        assert (page.total, page.is_more) == (7, False)
        assert (page.before is None) == (len(pages) == 1)
        seen += pages[-1]
        if page.after is None:
            break
        after = page.after
    assert seen == everybody
    back = find_people(clerk, search, before=page.before, size=2)
    assert [row.person.psn_no for row in back.rows] == pages[-2]
    first = find_people(clerk, search, before=find_people(clerk, search, after=back.before, size=2).before, size=50)
    assert first.before is None


@both
def test_人数只数到上限() -> None:
    top = made_up.county()
    clerk = made_up.actor(Role.COUNTY_CLERK, top)
    Person.objects.bulk_create(Person(psn_no=f"P{number}", psn_name="赵一", region=top) for number in range(COUNTED))
    page = find_people(clerk, Search(text="赵", day=made_up.TODAY))
    assert (page.total, page.is_more) == (COUNTED, False)
    made_up.person("Q", "赵一", top)
    page = find_people(clerk, Search(text="赵", day=made_up.TODAY))
    assert (page.total, page.is_more) == (COUNTED, True)


@both
def test_别的乡镇的人找不到也打不开() -> None:
    made_up.county()
    east, west = made_up.region("东镇"), made_up.region("西镇")
    clerk = made_up.actor(Role.TOWN_CLERK, east)
    other = made_up.person("P1", "赵一", west, certno(1, date(1960, 1, 1)))
    nobody = made_up.person("P2", "钱二", None)  # type: ignore[arg-type]
    assert _find(clerk, "赵") == _find(clerk, certno(1, date(1960, 1, 1))) == _find(clerk, "P1") == _find(clerk) == []
    with pytest.raises(Absent):
        _find(clerk, region_id=west.pk)
    for hidden in (other, nobody):
        with pytest.raises(Absent):
            person_sheet(clerk, hidden.pk, made_up.TODAY)


@both
def test_列表和人员页上的号码都遮盖() -> None:
    top = made_up.county()
    clerk = made_up.actor(Role.COUNTY_CLERK, top)
    someone = made_up.person("P1", "赵一", top, certno(1, date(1960, 1, 1)))
    page = find_people(clerk, Search(text="赵", day=made_up.TODAY))
    sheet = person_sheet(clerk, someone.pk, made_up.TODAY)
    assert page.rows[0].certno == sheet.certno == "9900" + "*" * 10 + certno(1, date(1960, 1, 1))[-4:]


@both
def test_疑似重复只列管辖内的_别处的只报数() -> None:
    made_up.county()
    east, west = made_up.region("东镇"), made_up.region("西镇")
    clerk = made_up.actor(Role.TOWN_CLERK, east)
    one = made_up.person("P1", "赵一", east, certno(1, date(1960, 1, 1)), brdy=date(1960, 1, 1))
    made_up.person("P2", "赵一", east, brdy=date(1960, 1, 1))
    made_up.person("P3", "赵大", west, "990001600101001")
    made_up.person("P4", "赵一", east, brdy=date(1960, 1, 2))
    sheet = person_sheet(clerk, one.pk, made_up.TODAY)
    assert [row.person.psn_no for row in sheet.alike] == ["P2"]
    assert sheet.alike_elsewhere == 1
