"""What the commands about evaluations share: the one that was asked for, read and scored."""

from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path

from tuodi.commands.console import print_findings
from tuodi.commands.places import WrongUse, file_to_read
from tuodi.evaluation.data import EvaluationData
from tuodi.evaluation.data_checks import data_findings
from tuodi.evaluation.data_merge import merged
from tuodi.evaluation.data_tables import read_data
from tuodi.evaluation.scheme import Scheme
from tuodi.evaluation.scheme_library import NotFound, choose, known_evaluations
from tuodi.evaluation.scheme_loader import load_scheme
from tuodi.evaluation.scoring import Result, score_evaluation
from tuodi.kernel.finding import Finding


def add_evaluation_argument(parser: ArgumentParser) -> None:
    """Declare the evaluation: an id or a folder."""
    parser.add_argument("evaluation", metavar="评价", help=f"编号或文件夹；编号：{'、'.join(known_evaluations())}")


def read_evaluation(
    id_or_folder: str, inputs: str | None = None
) -> tuple[Scheme | None, EvaluationData, list[Finding]]:
    """Return scheme and data; the scheme is None where it cannot be used. Raises WrongUse for an unknown id."""
    chosen = choose(id_or_folder)
    if isinstance(chosen, NotFound):
        raise WrongUse(chosen.sentence())
    over = file_to_read(inputs) if inputs else None
    scheme, findings = load_scheme(chosen.scheme, chosen.shown_as)
    data = EvaluationData()
    if chosen.data.exists():
        data, found = read_data(chosen.data)
        findings = findings + found
    if over is not None:
        data, findings = _with_inputs(data, over, findings)
    return scheme, data, findings + data_findings(data)


def _with_inputs(data: EvaluationData, over: Path, findings: list[Finding]) -> tuple[EvaluationData, list[Finding]]:
    changes, found = read_data(over)
    return merged(data, changes), findings + found


def scored(id_or_folder: str, inputs: str | None = None) -> Result | None:
    """Read and score an evaluation, printing every finding; None where its scheme cannot be used."""
    scheme, data, findings = read_evaluation(id_or_folder, inputs)
    result = score_evaluation(scheme, data) if scheme else None
    print_findings([*findings, *(result.findings if result else ())])
    if result is None:
        return None
    return Result(
        scheme=result.scheme,
        data=result.data,
        scores=result.scores,
        groups=result.groups,
        fund=result.fund,
        total=result.total,
        grade=result.grade,
        findings=(*findings, *result.findings),
    )


def refused_something(findings: Iterable[Finding]) -> int:
    """Return the exit status: 1 where a finding is an error; warnings leave it 0 (contract)."""
    return int(any(finding.is_error for finding in findings))
