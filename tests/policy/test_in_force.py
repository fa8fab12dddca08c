"""哪一天适用哪份文件；文件之间的空档、重叠和接不上的账户。"""

from dataclasses import replace
from datetime import date

import pytest

from tests.policy.places import made_up
from tuodi.kernel.finding import Finding, Severity
from tuodi.policy.document import Owner, PolicyDocument
from tuodi.policy.in_force import in_force, line_findings

FIRST, SECOND = made_up("2025-first"), made_up("2025-second")


def valid(begin: date, end: date | None, name: str = "shili-other", base: PolicyDocument = SECOND) -> PolicyDocument:
    return replace(base, id=name, digest=name, path=f"{name}.yaml", valid_from=begin, valid_to=end)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2024, 12, 31), None),
        (date(2025, 1, 1), FIRST),
        (date(2025, 6, 30), FIRST),
        (date(2025, 7, 1), SECOND),
        (date(2025, 7, 2), SECOND),
        (date(2099, 1, 1), SECOND),
    ],
    ids=["生效前一日", "生效当日", "换文前一日", "换文当日", "换文次日", "没有写明失效日"],
)
def test_某日适用的文件(day: date, expected: PolicyDocument | None) -> None:
    assert in_force([SECOND, FIRST], day) is expected


def test_失效日之后没有政策() -> None:
    assert in_force([FIRST], date(2025, 7, 1)) is None
    assert in_force([], date(2025, 7, 1)) is None


def test_两份重叠时取后生效的() -> None:
    overlapping = valid(date(2025, 3, 1), None)
    assert in_force([overlapping, FIRST], date(2025, 2, 28)) is FIRST
    assert in_force([overlapping, FIRST], date(2025, 3, 1)) is overlapping


def test_首尾相接没有发现() -> None:
    assert line_findings([SECOND, FIRST]) == []


def test_同一份文件给两次不算重叠() -> None:
    assert line_findings([FIRST, FIRST]) == []


@pytest.mark.parametrize(
    ("begin", "rule", "severity", "words"),
    [
        (date(2025, 6, 30), "validity-overlap", Severity.ERROR, "2025-06-30"),
        (date(2025, 1, 1), "validity-overlap", Severity.ERROR, "2025-06-30"),
        (date(2025, 7, 2), "validity-gap", Severity.WARNING, "2025-07-01 至 2025-07-01"),
        (date(2025, 9, 1), "validity-gap", Severity.WARNING, "2025-07-01 至 2025-08-31"),
    ],
    ids=["重叠一日", "同日生效", "空档一日", "空档两月"],
)
def test_空档和重叠(begin: date, rule: str, severity: Severity, words: str) -> None:
    findings = line_findings([valid(begin, None), FIRST])
    assert [(finding.rule, finding.severity) for finding in findings] == [(rule, severity)]
    assert words in findings[0].message


def test_长文件盖住短文件时不报空档() -> None:
    long = valid(date(2025, 1, 1), date(2025, 12, 31), "a")
    short = valid(date(2025, 2, 1), date(2025, 3, 31), "b")
    later = valid(date(2026, 1, 1), None, "c")
    assert rules(line_findings([long, short, later])) == ["validity-overlap"]


def test_没有失效日的文件之后不能再有文件() -> None:
    assert rules(line_findings([SECOND, valid(date(2026, 1, 1), None)])) == ["validity-overlap"]


def test_不同地区或不同项目互不相干() -> None:
    elsewhere = replace(valid(date(2025, 1, 1), None), region_code="990102")
    other = replace(valid(date(2025, 1, 1), None, "shili-x"), programme="大额医疗补助")
    assert line_findings([FIRST, elsewhere, other]) == []


def test_账户换了累计口径() -> None:
    account = replace(SECOND.accounts["deductible_year"], owner=Owner.FAMILY)
    changed = replace(SECOND, digest="x", accounts={**SECOND.accounts, "deductible_year": account})
    assert rules(line_findings([FIRST, changed])) == ["account-owner-changed"]


def test_同一编号两种内容() -> None:
    revised = replace(valid(date(2026, 1, 1), None, FIRST.id), region_code="990102")
    assert rules(line_findings([FIRST, revised])) == ["id-duplicate"]


def rules(findings: list[Finding]) -> list[str]:
    return [finding.rule for finding in findings]
