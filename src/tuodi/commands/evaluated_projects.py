"""Evaluations that a disclosure's projects name, scored: what each says of its money, score and grade."""

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

from tuodi.accounts.disclosure import Accounts, Evaluated
from tuodi.commands.console import note, progress
from tuodi.commands.evaluations import result_of
from tuodi.evaluation.measures import figure_values
from tuodi.evaluation.scheme_library import NotFound, choose, known_evaluations
from tuodi.evaluation.scoring import Result
from tuodi.kernel.finding import Fault
from tuodi.kernel.money import Fen

_FEN_OF = {"": 100, "元": 100, "万元": 1_000_000, "亿元": 10_000_000_000}


def evaluated_projects(accounts: Accounts, folder: Path | None = None) -> Mapping[str, Evaluated]:
    """Return the evaluations by id; unknown ids and those that cannot be scored are left out, the latter told.

    An id may be the folder of an evaluation: as seen from ``folder``, where the data lie, else from here.
    """
    ids = dict.fromkeys(project.evaluation for project in accounts.projects if project.evaluation)
    found: dict[str, Evaluated] = {}
    with progress("计算评价得分", len(ids)) as done:
        for evaluation_id in ids:
            source = _source(evaluation_id, folder)
            if source is not None:
                result, findings = result_of(source)
                if result is not None:
                    found[evaluation_id] = evaluated(evaluation_id, result)
                errors = sum(finding.is_error for finding in findings)
                if errors:
                    note(f"评价 {evaluation_id} 有 {errors} 处错误，请运行 tuodi score {evaluation_id} 查看并改正。")
            done(1)
    return found


def _source(evaluation_id: str, folder: Path | None) -> str | None:
    """Return the id or folder to score; None where there is no such evaluation."""
    if evaluation_id not in known_evaluations() and folder is not None:
        beside = str(folder / evaluation_id)
        if not isinstance(choose(beside), NotFound):
            return beside
    return None if isinstance(choose(evaluation_id), NotFound) else evaluation_id


def evaluated(evaluation_id: str, result: Result) -> Evaluated:
    """Return what an evaluation says: money from the row of the budget's execution, else from the programme's names."""
    row, funds = result.scheme.fund_row, result.scheme.funds
    budget, spent = (row.annual, row.executed) if row else (funds.budget or funds.received, funds.spent)
    return Evaluated(
        id=evaluation_id,
        name=result.scheme.title,
        budget_fen=_fen(result, budget),
        executed_fen=_fen(result, spent),
        score=result.total,
        grade=result.grade,
    )


def _fen(result: Result, name: str) -> Fen | None:
    """Return a named figure in fen; None where it is missing or no amount in whole fen."""
    figures = result.data.figures
    values = figure_values([name], figures) if name else None
    if values is None or isinstance(values, Fault) or figures[name].unit not in _FEN_OF:
        return None
    fen: Fraction = values[0] * _FEN_OF[figures[name].unit]
    return fen.numerator if fen.denominator == 1 else None
