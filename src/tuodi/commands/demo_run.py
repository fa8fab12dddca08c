"""What ``tuodi demo`` does with the sample county, by the functions the commands use; every step writes its file."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tuodi import __version__
from tuodi.assessment.engines import assess
from tuodi.assessment.premium import Subsidies, premium_book, subsidies
from tuodi.assessment.receipt import NotFound, find_receipt
from tuodi.assessment.reference import ReferenceAssessment
from tuodi.assessment.results import FULL, Request, Summary
from tuodi.assessment.rulebook import Rulebook
from tuodi.assessment.screen import Difference, paid_at_the_window, screen
from tuodi.commands import premium as premium_command
from tuodi.commands import screen as screen_command
from tuodi.commands.demo_accounts import AccountsRun, run_accounts
from tuodi.commands.demo_evaluations import EvaluationRun, run_evaluations
from tuodi.commands.demo_office import OfficeFailed, office_at_work
from tuodi.commands.demo_papers import PaperRun, run_papers
from tuodi.intake.enrolments import read_enrolments
from tuodi.kernel.finding import Finding
from tuodi.kernel.terms import shipped_terms
from tuodi.office.town_shown import TownShown
from tuodi.report.errors import write_errors
from tuodi.report.receipt_docx import write_receipt
from tuodi.report.tables import write_batches, write_table
from tuodi.sample.county import SampleCounty
from tuodi.sample.telling import Telling, telling

RESULTS = "救助结果.csv"
SUBSIDIES = "资助参保.csv"
DIFFERENCES = "查漏补缺.csv"
RESULTS_WITH_ERRORS = "有错文件的救助结果.csv"
ERRORS = "错误清单.csv"
STEPS = 9


class SampleSpoiled(Exception):
    """The checked-in files are not as they were made, or the program is not; the text is a Chinese sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoRun:
    """Everything the summary is made of; the files named above lie in the folder."""

    county: SampleCounty
    book: Rulebook
    persons: int
    summary: Summary
    warnings: int
    subsidies: Subsidies
    differences: list[Difference]
    receipts: list[tuple[Telling, str]]
    summary_with_errors: Summary
    errors: list[Finding]
    evaluations: EvaluationRun
    papers: PaperRun
    accounts: AccountsRun
    office: TownShown


def run_demo(county: SampleCounty, book: Rulebook, folder: Path, done: Callable[[int], None]) -> DemoRun:
    """Assess, subsidise, screen, explain, and assess the files with errors; ``done`` is called after each step.

    The office brings in its town meanwhile. Raises SampleSpoiled where the clean files give errors.
    """
    with office_at_work() as office:
        return _run(county, book, folder, done, office)


def _run(
    county: SampleCounty, book: Rulebook, folder: Path, done: Callable[[int], None], office: Callable[[], TownShown]
) -> DemoRun:
    # The reference engine: what ``auto`` would choose for this size, and screening reads its results.
    assessment = ReferenceAssessment(Request(book=book, persons=county.roster, settlements=county.settlements))
    _refuse(assessment.findings)
    write_batches(folder / RESULTS, FULL, assessment.batches())
    done(1)
    granted = _subsidies(county, book, folder)
    done(1)
    paid = paid_at_the_window(assessment.assessed)
    differences = screen(book, assessment.roster, assessment.assessed, paid, assessment.withheld_ids)
    write_table(folder / DIFFERENCES, screen_command.COLUMNS, screen_command.difference_rows(differences))
    done(1)
    receipts = [
        (case, _receipt(county, book, folder, number, case))
        for number, case in enumerate(telling(assessment.assessed), start=1)
    ]
    done(1)
    summary_with_errors, errors = _with_errors(county, book, folder)
    done(1)
    evaluations = run_evaluations(county, folder)
    done(1)
    papers = run_papers(folder)
    done(1)
    accounts = run_accounts(folder, {each.evaluated.evaluation: each.result for each in evaluations.scored})
    done(1)
    brought_in = _answered(office)
    done(1)
    return DemoRun(
        county=county,
        book=book,
        persons=len(assessment.roster),
        summary=assessment.summary,
        warnings=len(assessment.findings),
        subsidies=granted,
        differences=differences,
        receipts=receipts,
        summary_with_errors=summary_with_errors,
        errors=errors,
        evaluations=evaluations,
        papers=papers,
        accounts=accounts,
        office=brought_in,
    )


def _subsidies(county: SampleCounty, book: Rulebook, folder: Path) -> Subsidies:
    file = read_enrolments(county.enrolments)
    _refuse(file.findings)
    granted = subsidies(
        premium_book(book.documents, shipped_terms()), file.enrolments, county.enrolments.name, file.refused
    )
    write_table(folder / SUBSIDIES, premium_command.COLUMNS, map(premium_command.subsidy_row, granted.granted))
    return granted


def _receipt(county: SampleCounty, book: Rulebook, folder: Path, number: int, case: Telling) -> str:
    explained = find_receipt(book, county.roster, county.settlements, case.setl_id)
    if isinstance(explained, NotFound) or explained.receipt is None:
        raise SampleSpoiled(f"样例中的结算 {case.setl_id} 不能说明。")
    name = f"计算单{number}_{case.why}.docx"
    write_receipt(folder / name, explained.receipt, __version__)
    return name


def _with_errors(county: SampleCounty, book: Rulebook, folder: Path) -> tuple[Summary, list[Finding]]:
    request = Request(book=book, persons=county.roster_with_errors, settlements=county.settlements_with_errors)
    with assess(request) as assessment:
        write_batches(folder / RESULTS_WITH_ERRORS, FULL, assessment.batches())
        errors = [finding for finding in assessment.findings if finding.is_error]
        write_errors(folder / ERRORS, errors)
        return assessment.summary, errors


def _answered(office: Callable[[], TownShown]) -> TownShown:
    try:
        return office()
    except OfficeFailed:
        raise SampleSpoiled("网页办公的演示没有完成；请重新运行，仍不成功的请把上面的话发给维护人员。") from None


def _refuse(findings: list[Finding] | tuple[Finding, ...]) -> None:
    errors = [finding for finding in findings if finding.is_error]
    if errors:
        raise SampleSpoiled(f"样例文件与发布时不同：{errors[0].sentence()}请重新取得完整的程序后再运行。")
