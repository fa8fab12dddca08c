"""公民身份号码（GB 11643-1999）：校验码、出生日期、十五位旧号、遮盖。号码均为标准附录的例子或编造。"""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tuodi.kernel.finding import Fault, Severity
from tuodi.kernel.idnumber import birth_date, check_id_number, mask, normal_form, upgrade_15

# The weights and check characters as the standard prints them; the program works them out by itself.
PRINTED_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
PRINTED_CHECK = "10X98765432"


def with_check(seventeen):
    total = sum(weight * int(digit) for weight, digit in zip(PRINTED_WEIGHTS, seventeen, strict=True))
    return seventeen + PRINTED_CHECK[total % 11]


def rules(text, not_after=None):
    return [(str(severity), fault.rule) for severity, fault in check_id_number(text, not_after)]


没有问题 = [
    ("标准附录的例子", "11010519491231002X"),
    ("小写 x", "11010519491231002x"),
    ("十五位旧号", "110105491231002"),
    ("余杭区 330110", with_check("33011019900101001")),
    ("临平区 330113", with_check("33011319900101001")),
    ("莱城区 371202（已撤并）", with_check("37120219900101001")),
    ("济源市 419001", with_check("41900119900101001")),
    ("白杨市 659012", with_check("65901219900101001")),
    ("台湾 71", with_check("71000019900101001")),
    ("香港居民居住证 81", with_check("81000019900101001")),
    ("澳门居民居住证 82", with_check("82000019900101001")),
    ("台湾居民居住证 83", with_check("83000019900101001")),
    ("外国人永久居留身份证 9 开头", with_check("91184019900101001")),
    ("闰年二月二十九日", with_check("14112220000229001")),
    ("最早的出生日期", with_check("14112219000101001")),
]


@pytest.mark.parametrize(("情形", "号码"), 没有问题)
def test_in_order(情形, 号码):
    assert rules(号码) == [], 情形


有问题 = [
    ("校验码不符", "110105194912310021", [("error", "id-checksum")]),
    ("标准附录的另一例，生于 1880 年", "440524188001010014", [("error", "id-birth")]),
    ("平年二月二十九日", with_check("14112219000229001"), [("error", "id-birth")]),
    ("十三月", with_check("14112219901301001"), [("error", "id-birth")]),
    ("日期和校验码都不对", "141122199013010011", [("error", "id-birth"), ("error", "id-checksum")]),
    ("旧号的日期不对", "141122901301001", [("error", "id-birth")]),
    ("省级代码不认识", with_check("17010519900101001"), [("warning", "id-area")]),
    ("旧号省级代码不认识", "990105900101001", [("warning", "id-area")]),
    ("末三位变成零", "110105194912310000", [("error", "id-checksum")]),
    ("十七位", "11010519491231002", [("error", "id-length")]),
    ("十九位", "11010519491231002X0", [("error", "id-length")]),
    ("X 不在末位", "1101051949123100X2", [("error", "id-characters")]),
    ("旧号带 X", "11010549123100X", [("error", "id-characters")]),
    ("末位是别的字母", "11010519491231002Y", [("error", "id-characters")]),
    ("全角", "１１０１０５１９４９１２３１００２Ｘ", [("error", "id-full-width")]),
    ("其他文字的数字", "١١٠١٠٥١٩٤٩١٢٣١٠٠٢٠", [("error", "id-characters")]),
    ("科学计数法", "1.10105E+17", [("error", "id-as-number")]),
    ("带小数点的数字", "110105194912310000.0", [("error", "id-as-number")]),
    ("前有空格", " 11010519491231002X", [("error", "id-blank")]),
    ("后有换行", "11010519491231002X\n", [("error", "id-blank")]),
    ("空", "", [("error", "id-empty")]),
]


@pytest.mark.parametrize(("情形", "号码", "应报"), 有问题)
def test_wrong(情形, 号码, 应报):
    assert rules(号码) == 应报, 情形


def test_lost_digits_are_named():
    [(_, fault)] = check_id_number("110105194912310000")
    assert "末三位" in fault.advice


出生不晚于 = [
    ("前一天出生", date(1950, 1, 1), []),
    ("当天出生", date(1949, 12, 31), []),
    ("后一天出生", date(1949, 12, 30), [("error", "id-birth-future")]),
]


@pytest.mark.parametrize(("情形", "当日", "应报"), 出生不晚于)
@pytest.mark.parametrize("号码", ["11010519491231002X", "110105491231002"])
def test_birth_not_after(情形, 当日, 应报, 号码):
    assert rules(号码, 当日) == 应报, 情形


births = st.dates(date(1900, 1, 1), date(2099, 12, 31))
areas = st.sampled_from(["110105", "141122", "330110", "371202", "419001", "659012", "810000"])
numbers = st.builds(
    lambda area, birth, order: with_check(f"{area}{birth:%Y%m%d}{order:03d}"), areas, births, st.integers(0, 999)
)


@given(numbers)
def test_every_made_number_is_in_order(number):
    assert check_id_number(number) == []
    assert f"{birth_date(number):%Y%m%d}" == number[6:14]


@given(numbers, st.integers(0, 17), st.sampled_from("0123456789X"))
def test_any_single_change_is_noticed(number, place, character):
    assume(number[place] != character)
    changed = number[:place] + character + number[place + 1 :]
    assert any(severity is Severity.ERROR for severity, _ in check_id_number(changed))


@given(numbers, st.integers(0, 16))
def test_any_two_neighbours_swapped_are_noticed(number, place):
    assume(number[place] != number[place + 1])
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert any(severity is Severity.ERROR for severity, _ in check_id_number(swapped))


@given(areas, st.dates(date(1900, 1, 1), date(1999, 12, 31)), st.integers(0, 999))
def test_upgrade_keeps_place_birth_and_order(area, birth, order):
    old = f"{area}{birth:%y%m%d}{order:03d}"
    new = upgrade_15(old)
    assert birth_date(new) == birth_date(old) == birth
    assert (new[:6], new[14:17]) == (area, f"{order:03d}")
    assert check_id_number(new) == check_id_number(old) == []


def test_upgrade_and_normal_form():
    assert upgrade_15("110105491231002") == "11010519491231002X"
    assert normal_form("110105491231002") == "11010519491231002X"
    assert normal_form("11010519491231002x") == "11010519491231002X"
    assert normal_form("护照E12345678") == "护照E12345678"
    with pytest.raises(ValueError, match="15"):
        upgrade_15("11010519491231002X")


@given(st.text(max_size=24))
def test_nothing_raises(text):
    check_id_number(text)
    assert isinstance(birth_date(text), date | Fault)
    assert len(mask(text)) == len(text)


遮盖 = [
    ("十八位", "11010519491231002X", "1101**********002X"),
    ("十五位", "110105491231002", "110*********002"),
    ("护照九位", "E12345678", "E1*****78"),
    ("四位", "1234", "1**4"),
    ("三位全遮", "123", "***"),
    ("空", "", ""),
]


@pytest.mark.parametrize(("情形", "原文", "应得"), 遮盖)
def test_mask(情形, 原文, 应得):
    assert mask(原文) == 应得, 情形


@given(st.text(alphabet="0123456789X", max_size=30))
def test_mask_hides_at_least_half(text):
    assert mask(text).count("*") * 2 >= len(text)
