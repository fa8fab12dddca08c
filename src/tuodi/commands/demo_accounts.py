"""The demo's part about final accounts: the shipped disclosure checked, written, and audited as a finished paper."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tuodi.accounts.checks import check
from tuodi.accounts.identities import Standing, equations
from tuodi.accounts.library import NotFound
from tuodi.accounts.reading import read_accounts
from tuodi.audit import audited
from tuodi.commands.evaluated_projects import evaluated
from tuodi.evaluation.scoring import Result
from tuodi.kernel.finding import Severity
from tuodi.report.accounts.disclosure_report import disclosure_report
from tuodi.report.accounts.disclosure_workbook import write_disclosure_workbook
from tuodi.report.word.writer import write_report

DISCLOSURE = "决算公开_离石区.docx"
TABLES = "决算公开表_离石区.xlsx"
PUBLISHED = "lishi-2022"


@dataclass(frozen=True, slots=True)
class AccountsRun:
    """What the summary is made of: identities that hold and all of them, and what the audit says of the paper."""

    held: int
    identities: int
    faults: int


def run_accounts(folder: Path, results: Mapping[str, Result]) -> AccountsRun:
    """Write the disclosure and its tables; ``results`` are the evaluations scored. Raises ValueError if spoilt."""
    reading = read_accounts(PUBLISHED)
    if isinstance(reading, NotFound) or reading.accounts is None:
        raise ValueError(PUBLISHED)
    accounts = reading.accounts
    evaluations = {name: evaluated(name, result) for name, result in results.items()}
    errors = [each.sentence() for each in (*reading.findings, *check(accounts, evaluations)) if each.is_error]
    if errors:
        raise ValueError(errors)
    write_report(folder / DISCLOSURE, disclosure_report(accounts, evaluations))
    write_disclosure_workbook(folder / TABLES, accounts)
    told = [each for each in equations(accounts) if each.standing in (Standing.HOLDS, Standing.BROKEN)]
    said = audited(folder / DISCLOSURE).opinions
    return AccountsRun(
        held=sum(each.standing is Standing.HOLDS for each in told),
        identities=len(told),
        faults=sum(each.severity is not Severity.INFO for each in said),
    )
