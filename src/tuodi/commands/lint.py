"""``tuodi lint``: the quality of the targets a unit declared, and of the evaluator's own indicators."""

import json
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tuodi.commands.console import note, say, show
from tuodi.commands.evaluations import add_evaluation_argument, files_of, read_evaluation
from tuodi.commands.figures_table import figures_table
from tuodi.commands.parser import Command
from tuodi.commands.places import WrongUse, file_to_write
from tuodi.evaluation.data import EvaluationData, Place
from tuodi.evaluation.lint_system import lint_system
from tuodi.evaluation.lint_targets import SHEET_ID, ClarityEvidence, clarity_evidence, lint_targets
from tuodi.evaluation.scheme import Kind, Scheme
from tuodi.evaluation.scheme_library import Chosen, NotFound, choose
from tuodi.evaluation.sheets import data_layout
from tuodi.kernel.finding import Finding
from tuodi.kernel.opinion import Opinions, opinions_of
from tuodi.report.opinion_table import DEGREES, write_opinion_table

OUT_SUFFIX = ".xlsx"
TITLES = ("单位申报的绩效目标", "评价指标体系", "评价资料")


def _arguments(parser: ArgumentParser) -> None:
    add_evaluation_argument(parser)
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    parser.add_argument("--out", metavar="文件", help="另存意见表（.xlsx），可退给填报单位")


def _run(args: Namespace) -> int:
    out = _table(args.out, files_of(args.evaluation)) if args.out else None
    chosen = choose(args.evaluation)
    if isinstance(chosen, NotFound):
        raise WrongUse(chosen.sentence())
    scheme, data, findings = read_evaluation(args.evaluation)
    papers = examined(chosen, scheme, data, findings)
    evidence = clarity_evidence(data, scheme)
    if out is not None:
        write_opinion_table(out, f"绩效指标质量意见表（{scheme.title if scheme else chosen.id}）", papers)
        note(f"意见表已写入 {out}。")
    if args.json:
        answers = [each.answer() for each in papers]
        answers[0]["evidence"] = _offered(evidence)
        say(json.dumps(answers, ensure_ascii=False, indent=2))
    else:
        _print(papers, evidence)
    return int(any(each.found_something for each in papers))


def examined(
    chosen: Chosen, scheme: Scheme | None, data: EvaluationData, findings: list[Finding]
) -> tuple[Opinions, ...]:
    """Return the opinions on the unit's declared targets and on the scheme, what their reading found included.

    Opinions on the other sheets of the data come third, where there are any.
    """
    of_scheme = [finding for finding in findings if finding.file == chosen.shown_as]
    of_data = [finding for finding in findings if finding.file != chosen.shown_as]
    of_targets = [finding for finding in of_data if _about_targets(finding)]
    others = [finding for finding in of_data if not _about_targets(finding)]
    kind = scheme.kind if scheme else Kind.EVALUATION
    targets = Opinions(_targets_file(chosen, data), (*opinions_of(of_targets), *lint_targets(data, kind)))
    own = lint_system(scheme, data) if scheme else ()
    system = Opinions(chosen.shown_as, (*opinions_of(of_scheme), *own))
    return (targets, system, Opinions(chosen.data.name, opinions_of(others))) if others else (targets, system)


def _about_targets(finding: Finding) -> bool:
    """Tell whether a finding is about the sheet of declared targets: of a workbook, or a file of that name."""
    return data_layout().sheet(SHEET_ID).name in (finding.sheet, Path(finding.file).stem)


def _targets_file(chosen: Chosen, data: EvaluationData) -> str:
    place = data.targets[0].place if data.targets else Place(chosen.data.name, data_layout().sheet(SHEET_ID).name)
    return f"{place.file}［{place.sheet}］" if place.sheet else place.file


def _table(name: str, inputs: Sequence[Path]) -> Path:
    path = file_to_write(name, inputs)
    if path.suffix.lower() != OUT_SUFFIX:
        raise WrongUse(f"输出文件 {name} 的后缀不认识；意见表是 Excel 工作簿，请用 {OUT_SUFFIX}。")
    return path


def _offered(evidence: ClarityEvidence | None) -> dict[str, object] | None:
    if evidence is None:
        return None
    return {
        "code": evidence.code or None,
        "count": evidence.count,
        "quantified": evidence.quantified,
        "share": evidence.share,
        "statement": evidence.statement,
    }


def _print(papers: Sequence[Opinions], evidence: ClarityEvidence | None) -> None:
    for title, paper in zip(TITLES, papers, strict=False):
        if not paper.opinions:
            say(f"{title}（{paper.file}）：没有发现问题。")
            continue
        rows = [(DEGREES[each.severity], each.location, each.sentence(), each.rule) for each in paper.opinions]
        show(figures_table(f"{title}（{paper.file}）", ("程度", "位置", "意见", "规则"), rows))
        counts = Counter(each.severity for each in paper.opinions)
        say("，".join(f"{word} {counts[degree]} 条" for degree, word in DEGREES.items() if counts[degree]) + "。")
    if evidence is not None:
        cited = f"可以作 {evidence.code} 的佐证：" if evidence.code else "可以作绩效指标明确性的佐证："
        say(f"{cited}{evidence.statement}")


COMMAND = Command(
    name="lint",
    help="绩效指标的质量：申报目标和评价体系是否量化、完整、可核对",
    arguments=_arguments,
    run=_run,
)
