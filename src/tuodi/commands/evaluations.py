"""What the commands about evaluations share: the one that was asked for, read and scored."""

from argparse import ArgumentParser
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from tuodi.commands.console import print_findings
from tuodi.commands.places import WrongUse, file_to_read
from tuodi.evaluation.data import EvaluationData
from tuodi.evaluation.data_checks import data_findings
from tuodi.evaluation.data_merge import merged
from tuodi.evaluation.data_tables import read_data
from tuodi.evaluation.scheme import Scheme
from tuodi.evaluation.scheme_library import Chosen, NotFound, choose, known_evaluations
from tuodi.evaluation.scheme_loader import load_scheme
from tuodi.evaluation.scoring import Result, score_evaluation
from tuodi.kernel.finding import Finding


def add_evaluation_argument(parser: ArgumentParser) -> None:
    """Declare the evaluation: an id or a folder."""
    parser.add_argument("evaluation", metavar="评价", help=f"编号或文件夹；编号：{'、'.join(known_evaluations())}")


def read_evaluation(id_or_folder: str) -> tuple[Scheme | None, EvaluationData, list[Finding]]:
    """Return scheme and data; the scheme is None where it cannot be used. Raises WrongUse for an unknown id."""
    scheme, data, findings = _read(_chosen(id_or_folder))
    return scheme, data, findings + data_findings(data)


def files_of(id_or_folder: str) -> list[Path]:
    """Return the files an evaluation is read from, which no output may replace; none for an unknown id."""
    chosen = choose(id_or_folder)
    if isinstance(chosen, NotFound):
        return []
    return [chosen.scheme, *(sorted(chosen.data.glob("*")) if chosen.data.is_dir() else [chosen.data])]


def scored(id_or_folder: str, inputs: str | None = None) -> Result | None:
    """Read and score an evaluation, printing every finding; None where its scheme or one of its files cannot be used.

    Raises WrongUse for an unknown id or a missing file.
    """
    result, findings = result_of(id_or_folder, inputs)
    print_findings(findings)
    return result


def result_of(id_or_folder: str, inputs: str | None = None) -> tuple[Result | None, list[Finding]]:
    """Read and score an evaluation without printing; all findings stand in the result as well.

    None where its scheme or one of its files cannot be used. Raises WrongUse for an unknown id or a missing file.
    """
    chosen = _chosen(id_or_folder)
    over = file_to_read(inputs) if inputs else None
    scheme, data, findings = _read(chosen)
    if over is not None:  # a folder with a scheme alone is enough where the data are given beside it
        findings = [finding for finding in findings if finding.rule != "data-missing"]
    unusable = scheme is None or _nothing_read(data, findings)
    if over is not None and not unusable:
        changes, told = read_data(over)
        data, findings = merged(data, changes), findings + told
        unusable = _nothing_read(changes, told)
    if scheme is None or unusable:
        return None, findings
    findings += data_findings(data)
    result = score_evaluation(scheme, data)
    findings += result.findings
    return replace(result, findings=tuple(findings)), findings


def _chosen(id_or_folder: str) -> Chosen:
    chosen = choose(id_or_folder)
    if isinstance(chosen, NotFound):
        raise WrongUse(chosen.sentence())
    return chosen


def _read(chosen: Chosen) -> tuple[Scheme | None, EvaluationData, list[Finding]]:
    scheme, findings = load_scheme(chosen.scheme, chosen.shown_as)
    if not chosen.data.exists():
        return scheme, EvaluationData(), findings
    data, told = read_data(chosen.data)
    return scheme, data, findings + told


def _nothing_read(data: EvaluationData, findings: Iterable[Finding]) -> bool:
    """Tell whether a file could not be used: what is scored without it would look like its score."""
    errors = {finding.rule for finding in findings if finding.is_error}
    return bool(errors) and (data == EvaluationData() or "column-missing" in errors)


def refused_something(findings: Iterable[Finding]) -> int:
    """Return the exit status: 1 where a finding is an error; warnings leave it 0 (contract)."""
    return int(any(finding.is_error for finding in findings))
