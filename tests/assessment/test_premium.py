"""Premium subsidies: the officers' tables line by line, the published sum of Lishi, and what any policy must keep."""

import csv
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from random import Random

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tuodi.assessment.premium import PremiumBook, Subsidies, premium_book, subsidies, subsidy_of, totals_by_rule
from tuodi.intake.facts import Enrolment
from tuodi.kernel.finding import Finding, Severity
from tuodi.kernel.money import Ratio, parse_yuan
from tuodi.kernel.shipped import shipped
from tuodi.kernel.terms import Terms, terms_from
from tuodi.policy.document import PolicyDocument, PremiumMode, PremiumRule
from tuodi.policy.library import find

TABLES = Path(__file__).parents[1] / "cases" / "premium"


@cache
def _terms() -> Terms:
    return terms_from(yaml.safe_load(shipped("terms", "identities.yaml").read_text(encoding="utf-8"))["identities"])


def _document(policy_id: str) -> PolicyDocument:
    found = find(policy_id)
    assert isinstance(found, tuple)
    assert found[0] is not None
    return found[0]


def _book(*policy_ids: str) -> PremiumBook:
    return premium_book([_document(policy_id) for policy_id in policy_ids], _terms())


def _fen(text: str) -> int:
    fen = parse_yuan(text)
    assert isinstance(fen, int)
    return fen


def _row(
    identity: str, premium: str = "380.00", day: str = "2024-01-10", birth: str = "1950-01-01", psn_no: str = "P1"
) -> Enrolment:
    born = date.fromisoformat(birth) if birth else None
    return Enrolment(psn_no, born, identity, date.fromisoformat(day), _fen(premium), 2)


def _numbered(rows: Iterable[Enrolment]) -> list[Enrolment]:
    return [row._replace(row=number) for number, row in enumerate(rows, start=2)]


def _cases() -> Iterable[object]:
    for path in sorted(TABLES.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            for case in csv.DictReader(lines):
                yield pytest.param(case, id=f"{path.stem}：{case['说明']}")


@pytest.mark.parametrize("case", list(_cases()))
def test_核对表(case: dict[str, str]) -> None:
    rows = _numbered(
        _row(identity, case["缴费标准"], case["参保日期"], case["出生日期"]) for identity in case["身份"].split("；")
    )
    result = subsidies(_book(case["政策"]), rows, "参保.csv")
    (granted,) = result.granted
    assert (granted.amount_fen, granted.own_fen) == (_fen(case["应资助"]), _fen(case["应自付"]))
    if "取用身份" in case:
        assert granted.enrolment.identity == case["取用身份"]


def test_离石2022年公布的金额() -> None:
    counts = {"特困人员": 50 + 649, "孤儿": 43, "事实无人抚养儿童": 36, "低保对象": 2921 + 7207}
    rows = [
        _row(identity, "320.00", "2022-02-01", psn_no=f"{identity}{number}")
        for identity, count in counts.items()
        for number in range(count)
    ]
    result = subsidies(_book("lishi-2022"), rows, "参保.csv")
    assert not result.findings
    assert len(result.granted) == 10_906
    assert sum(granted.amount_fen for granted in result.granted) == 3_084_800_00
    totals = [(total.persons, total.amount_fen) for total in totals_by_rule(result.granted)]
    assert totals == [(778, 248_960_00), (10_128, 2_835_840_00)]


def test_每人每年一份_按编号和年度排列() -> None:
    rows = [
        _row("特困人员", psn_no="B"),
        _row("特困人员", day="2025-01-10", psn_no="A"),
        _row("低保对象", day="2024-03-01", psn_no="A"),
        _row("特困人员", day="2024-02-01", psn_no="A"),
        _row("普通居民", psn_no="a"),
    ]
    granted = subsidies(_book("jiaocheng-2024"), rows, "参保.csv").granted
    assert [(g.enrolment.psn_no, str(g.enrolment.enrol_date), g.amount_fen) for g in granted] == [
        ("A", "2024-02-01", 380_00),
        ("A", "2025-01-10", 380_00),
        ("B", "2024-01-10", 380_00),
        ("a", "2024-01-10", 0),
    ]
    assert totals_by_rule(granted)[-1] == (None, 1, 0)


def test_文件自己写明的叫法也算() -> None:
    document = _document("jiaocheng-2024")
    document = replace(document, identities={**document.identities, "特困人员": ("五保户",)})
    (granted,) = subsidies(premium_book([document], _terms()), [_row("五保户")], "参保.csv").granted
    assert granted.amount_fen == 380_00


def test_年龄按各行自己的参保日计算() -> None:
    rows = [
        _row("低收入困难家庭成员", "555.00", "2024-05-31", "1964-06-01"),
        _row("低收入困难家庭成员", "555.00", "2024-06-01", "1964-06-01"),
    ]
    (granted,) = subsidies(_book("maqiao-2024"), rows, "参保.csv").granted
    assert (granted.amount_fen, str(granted.enrolment.enrol_date)) == (435_00, "2024-06-01")


# --- what is refused -------------------------------------------------------------------------------------------------


def _faults(result: Subsidies) -> list[tuple[str, int | None, str]]:
    return [(f.rule, f.row, f.column) for f in result.findings if f.is_error]


def test_同一人同一年缴费标准不一致_各行都退回() -> None:
    rows = _numbered(
        [
            _row("特困人员", "380.00"),
            _row("低保对象", "380.01"),
            _row("特困人员", "400.00", "2025-01-10"),
            _row("特困人员", psn_no="P2"),
        ]
    )
    result = subsidies(_book("jiaocheng-2024"), rows, "参保.csv")
    assert _faults(result) == [("premium-differs", 2, "premium"), ("premium-differs", 3, "premium")]
    assert [f.value for f in result.findings if f.is_error] == ["380.00", "380.01"]
    # The other year of that person and the other person are none the worse.
    assert [(g.enrolment.psn_no, g.enrolment.enrol_date.year) for g in result.granted] == [("P1", 2025), ("P2", 2024)]
    assert result.withheld == 1


def test_条件看年龄而出生日期空缺_退回() -> None:
    rows = _numbered(
        [
            _row("低收入困难家庭成员", "555.00", birth=""),
            _row("困境儿童", "555.00", birth="", psn_no="P2"),
        ]
    )
    result = subsidies(_book("maqiao-2024"), rows, "参保.csv")
    assert _faults(result) == [("birth-missing", 2, "brdy")]
    assert [(g.enrolment.psn_no, g.amount_fen) for g in result.granted] == [("P2", 555_00)]


def test_出生日期空缺_别的身份已是全额的照样资助() -> None:
    rows = _numbered([_row("低收入困难家庭成员", "555.00", birth=""), _row("困境儿童", "555.00", birth="")])
    result = subsidies(_book("maqiao-2024"), rows, "参保.csv")
    assert _faults(result) == []
    assert [(g.enrolment.identity, g.amount_fen) for g in result.granted] == [("困境儿童", 555_00)]


def test_已退回的人员不计算() -> None:
    rows = [_row("特困人员"), _row("特困人员", psn_no="P2"), _row("特困人员", day="2025-01-10")]
    result = subsidies(_book("jiaocheng-2024"), rows, "参保.csv", {"P1"})
    assert [g.enrolment.psn_no for g in result.granted] == ["P2"]
    assert result.withheld == 2


def _warnings(result: Subsidies) -> list[Finding]:
    assert all(finding.severity is Severity.WARNING for finding in result.findings)
    return list(result.findings)


def test_不认识的身份提醒一次_写明行数和相近的名称() -> None:
    rows = _numbered([_row("低保对像"), _row("低保对像", psn_no="P2"), _row("低保对象", psn_no="P3")])
    result = subsidies(_book("jiaocheng-2024"), rows, "参保.csv")
    assert [g.amount_fen for g in result.granted] == [0, 0, 304_00]
    (warning,) = _warnings(result)
    assert (warning.rule, warning.file) == ("identity-unknown", "参保.csv")
    assert "“低保对像”（2 行）" in warning.message and "“低保对象”" in warning.advice


def test_认识而不资助的身份不提醒() -> None:
    # Jiaocheng subsidises no orphans; the vocabulary knows them.
    result = subsidies(_book("jiaocheng-2024"), [_row("孤儿")], "参保.csv")
    assert [(g.amount_fen, result.findings) for g in result.granted] == [(0, ())]


# --- which document --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "warned"),
    [
        (["2024-01-01", "2024-12-31"], 0),
        (["2023-12-31", "2024-06-01"], 1),
        (["2024-06-01", "2025-01-01"], 1),
        (["2023-12-31", "2025-01-01", "2026-01-01"], 1),
    ],
)
def test_一份政策用于全部日期_越出有效期提醒一次(days: list[str], warned: int) -> None:
    rows = [_row("特困人员", day=day, psn_no=f"P{day}") for day in days]
    result = subsidies(_book("jiaocheng-2024"), rows, "参保.csv")
    assert [g.amount_fen for g in result.granted] == [380_00] * len(days)
    warnings = _warnings(result)
    assert len(warnings) == warned
    assert all("参保日期" in warning.message for warning in warnings)


def test_几份政策按参保日取当时有效的一份() -> None:
    earlier = _document("jiaocheng-2024")
    rule = replace(earlier.premium[0], identities=("低保对象",))
    later = replace(
        earlier, id="later", digest="0" * 64, valid_from=date(2025, 1, 1), valid_to=date(2025, 12, 31), premium=(rule,)
    )
    book = premium_book([later, earlier], _terms())
    days = ["2024-12-31", "2025-01-01", "2025-12-31", "2026-01-01"]
    result = subsidies(book, [_row("低保对象", day=day, psn_no=f"P{day}") for day in days], "参保.csv")
    assert [g.amount_fen for g in result.granted] == [304_00, 380_00, 380_00, 0]
    (warning,) = _warnings(result)
    assert "2026-01-01 至 2026-01-01" in warning.message


def test_没有资助参保规定的政策看得出来() -> None:
    assert not _book("junshan-2022").has_rules
    assert not _book("fukang-2024").has_rules
    assert _book("lishi-2022").has_rules


# --- whatever the policy says ----------------------------------------------------------------------------------------

NAMES = ("特困人员", "特困供养人员", "低保对象", "监测对象", "突发严重困难户", "普通居民")


@st.composite
def _rules(draw: st.DrawFn) -> PremiumRule:
    mode = draw(st.sampled_from(PremiumMode))
    amounts = mode in (PremiumMode.FIXED_AMOUNT, PremiumMode.FIXED_OWN_PAYMENT)
    return PremiumRule(
        identities=tuple(draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True))),
        mode=mode,
        clause=_document("jiaocheng-2024").premium[0].clause,
        ratio=Ratio(draw(st.integers(0, 1_500_000))) if mode is PremiumMode.RATIO else None,
        amount_fen=draw(st.integers(0, 50_000)) if amounts else None,
        min_age=draw(st.sampled_from([None, None, 18, 60])),
    )


def _made_up(rules: list[PremiumRule]) -> PremiumBook:
    return premium_book([replace(_document("jiaocheng-2024"), premium=tuple(rules))], _terms())


_held = st.builds(
    lambda identity, born, day: Enrolment("P1", born, identity, day, 0),
    st.sampled_from(NAMES),
    st.dates(date(1940, 1, 1), date(2024, 1, 1)),
    st.dates(date(2024, 1, 1), date(2024, 12, 31)),
)


@given(_rules(), st.integers(0, 10**7))
def test_资助不为负也不超过缴费标准(rule: PremiumRule, premium_fen: int) -> None:
    assert 0 <= subsidy_of(rule, premium_fen) <= premium_fen


@given(st.lists(_rules(), max_size=4), st.lists(_held, min_size=1, max_size=4), _held, st.integers(0, 60_000))
def test_多一种身份从不减少资助(rules: list[PremiumRule], held: list[Enrolment], more: Enrolment, premium: int) -> None:
    rows = [row._replace(premium_fen=premium) for row in (*held, more)]
    book = _made_up(rules)
    (without,), (with_more,) = (subsidies(book, some, "").granted for some in (rows[:-1], rows))
    assert 0 <= without.amount_fen <= with_more.amount_fen <= premium


@given(st.lists(_rules(), max_size=4), st.lists(_held, min_size=1, max_size=4), st.randoms())
def test_行的先后次序无关(rules: list[PremiumRule], held: list[Enrolment], chance: Random) -> None:
    rows = [row._replace(premium_fen=38_000) for row in held]
    shuffled = rows.copy()
    chance.shuffle(shuffled)
    book = _made_up(rules)
    assert subsidies(book, rows, "").granted == subsidies(book, shuffled, "").granted
