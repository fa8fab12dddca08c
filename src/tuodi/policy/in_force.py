"""Which of several documents counts on a day, and whether together they leave a gap or contradict each other.

Documents of one region and one programme form a line in time. Accounts of the same key continue from one to the next
inside a year, so a change of policy in July neither refunds a deductible nor opens a cap anew.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise

from tuodi.kernel.finding import Finding, Severity
from tuodi.policy.document import PolicyDocument


def in_force(documents: Iterable[PolicyDocument], day: date) -> PolicyDocument | None:
    """Return the document in force on a day among those of one region and programme, None where none is.

    Where two overlap (a finding of ``line_findings``) the later one counts.
    """
    candidates = [document for document in documents if document.in_force_on(day)]
    return max(candidates, key=lambda document: (document.valid_from, document.id), default=None)


def line_findings(documents: Iterable[PolicyDocument]) -> list[Finding]:
    """Find what several documents cannot be together.

    One id with two contents; and between documents of one region and programme gaps, overlaps, and accounts that
    cannot continue. The same document given twice counts once.
    """
    different = list({document.digest: document for document in documents}.values())
    findings = _ids(different)
    lines: dict[tuple[str, str], list[PolicyDocument]] = defaultdict(list)
    for document in different:
        lines[document.region_code, document.programme].append(document)
    for line in lines.values():
        line.sort(key=lambda document: (document.valid_from, document.id))
        findings += _dates(line)
        for earlier, later in pairwise(line):
            findings += _accounts(earlier, later)
    return findings


def _ids(documents: Iterable[PolicyDocument]) -> list[Finding]:
    findings = []
    first: dict[str, PolicyDocument] = {}
    for document in documents:
        other = first.setdefault(document.id, document)
        if other is not document:
            message = f"编号 {document.id} 已被 {other.path} 使用，内容不同"
            advice = "生效的文件不再改动；修订后的文件请另取编号"
            findings.append(_finding(document, "id-duplicate", "id", message, advice))
    return findings


def _dates(line: Iterable[PolicyDocument]) -> list[Finding]:
    findings = []
    reaches: PolicyDocument | None = None
    for document in line:
        if reaches is not None:
            findings += _between(reaches, document)
        if reaches is None or _last_day(document) > _last_day(reaches):
            reaches = document
    return findings


def _last_day(document: PolicyDocument) -> date:
    return document.valid_to or date.max


def _between(earlier: PolicyDocument, later: PolicyDocument) -> list[Finding]:
    if later.valid_from <= _last_day(earlier):
        end = str(earlier.valid_to) if earlier.valid_to else "至今有效"
        message = f"与 {earlier.id} 的施行期间重叠：{earlier.id} 到 {end}，{later.id} 从 {later.valid_from}"
        return [_finding(later, "validity-overlap", "validity", message, "请修改其中一份的施行期间")]
    first_day_without = _last_day(earlier) + timedelta(days=1)
    if first_day_without == later.valid_from:
        return []
    last_day_without = later.valid_from - timedelta(days=1)
    message = f"与 {earlier.id} 之间有空档：{first_day_without} 至 {last_day_without} 没有政策"
    advice = "请补上这一期间的政策文件，或核对施行日期"
    return [_finding(later, "validity-gap", "validity", message, advice, Severity.WARNING)]


def _accounts(earlier: PolicyDocument, later: PolicyDocument) -> list[Finding]:
    findings = []
    for key, account in later.accounts.items():
        before = earlier.accounts.get(key)
        if before is not None and before.owner != account.owner:
            message = f"账户 {key} 在 {earlier.id} 中归 {before.owner}，这里归 {account.owner}，年内无法接续"
            advice = "累计口径变了，请为它另取账户名"
            findings.append(_finding(later, "account-owner-changed", f"accounts.{key}.owner", message, advice))
    return findings


def _finding(
    document: PolicyDocument, rule: str, column: str, message: str, advice: str, severity: Severity = Severity.ERROR
) -> Finding:
    return Finding(rule=rule, message=message, advice=advice, severity=severity, file=document.path, column=column)
