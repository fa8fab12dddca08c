"""Everything that must hold before a disclosure is written."""

import re
from collections.abc import Iterator, Mapping

from tuodi.accounts.cells import row_label
from tuodi.accounts.counts import missing_counts
from tuodi.accounts.disclosure import Accounts, Evaluated, Place, Told
from tuodi.accounts.growths import growth_findings
from tuodi.accounts.identities import Standing, broken_identities, equations
from tuodi.accounts.performance import performance_findings
from tuodi.accounts.plausible import missing_levels, too_small
from tuodi.accounts.table_set import EXTRA, VALUE, Relation
from tuodi.kernel.finding import Fault, Finding, Severity
from tuodi.kernel.idnumber import mask

_ID_NUMBER = re.compile(r"(?<![0-9])[0-9]{17}[0-9Xx](?![0-9Xx])")
_MOBILE = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")
_NEGATIVE_ALLOWED = frozenset({"结转和结余", "结余分配", "年初", "年末"})


def check(accounts: Accounts, evaluations: Mapping[str, Evaluated]) -> list[Finding]:
    """Return all findings on a disclosure; with an error among them nothing may be written.

    ``evaluations`` are those the projects name, by id.
    """
    return [
        *broken_identities(accounts),
        *missing_levels(accounts),
        *too_small(accounts),
        *_negative(accounts),
        *growth_findings(accounts),
        *performance_findings(accounts, evaluations),
        *_rounded(accounts),
        *_extra_missing(accounts),
        *missing_counts(accounts),
        *_personal(accounts),
    ]


def _rounded(accounts: Accounts) -> Iterator[Finding]:
    """Yield how many sums hold only within the last digit of amounts that were read in 万元."""
    if accounts.step_fen == 1:
        return
    near = [
        each.name
        for each in equations(accounts)
        if each.standing is Standing.HOLDS
        and each.left_sum != each.right_sum
        and (each.relation is not Relation.NOT_ABOVE or each.left_sum > each.right_sum)
    ]
    named = f"：{'、'.join(dict.fromkeys(near))}"[:200] if near else ""
    message = (
        f"公开表以万元为单位，核对时每个数容许末位的一半（{accounts.amount(accounts.step_fen)} 万元的一半），"
        f"有尾差的 {len(near)} 处{named}"
    )
    fault = Fault("rounding-tolerated", message, "公开文件写万元并说明尾差；有以元为单位的表，请换用")
    yield Place().finding(fault, severity=Severity.INFO)


def _negative(accounts: Accounts) -> Iterator[Finding]:
    """Yield amounts below 0 that are no balances: corrections are possible, so it is a question."""
    for (table_id, row, column), cell in accounts.cells.items():
        if cell.value is None or cell.value >= 0:
            continue
        words = f"{row_label(accounts, table_id, row)}{cell.place.column}{column}"
        if not any(word in words for word in _NEGATIVE_ALLOWED):
            fault = Fault("amount-below-zero", "是负数", "请核对是不是红字冲销；不是的请改正")
            yield cell.place.finding(fault, accounts.exactly(cell.value), Severity.WARNING)


def _extra_missing(accounts: Accounts) -> Iterator[Finding]:
    for item in accounts.tables.extra:
        if item.required and accounts.value(EXTRA, item.id, VALUE) is None:
            fault = Fault("figure-missing", f"没有填写{item.label}", "请在“补充数据”补填；不填就缺少有关的句子")
            yield Place(sheet=EXTRA).finding(fault, severity=Severity.WARNING)


def _personal(accounts: Accounts) -> Iterator[Finding]:
    """Yield identity numbers and mobile numbers in any text that would be published; they are shown masked."""
    texts = [told for each in accounts.facts.values() for told in each]
    texts += accounts.reasons.values()
    texts += [Told(f"{each.name} {each.report} {each.above_budget}", each.place) for each in accounts.projects]
    texts += [told for names in accounts.names.values() for told in names.values()]
    for told in texts:
        for found in (*_ID_NUMBER.findall(told.text), *_MOBILE.findall(told.text)):
            what = "证件号码" if len(found) > 11 else "手机号码"
            fault = Fault("personal-data", f"含有{what}，不能公开", "请删去")
            yield told.place.finding(fault, mask(found) if len(found) > 11 else f"{found[:3]}****{found[-4:]}")
