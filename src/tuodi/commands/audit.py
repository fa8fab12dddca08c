"""``tuodi audit``: finished papers read for contradictions; the answer on screen, as JSON, in a table, by the text."""

import json
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from tuodi.audit.auditor import remarks_on
from tuodi.audit.comparison import Comparison, Standing, compared
from tuodi.audit.paper.model import Paper
from tuodi.audit.paper.opening import READABLE, read_paper
from tuodi.audit.remark import Remark
from tuodi.audit.rules import TITLES
from tuodi.commands.console import note, print_findings, progress, say, show
from tuodi.commands.figures_table import figures_table
from tuodi.commands.parser import Command
from tuodi.commands.places import WrongUse, file_to_read, file_to_write, folder_to_write
from tuodi.kernel.finding import Finding
from tuodi.kernel.opinion import Opinion, Opinions, opinions_of
from tuodi.report.audit.marked_page import write_marked_page
from tuodi.report.audit.word_comments import NotCommentable, write_commented
from tuodi.report.opinion_table import DEGREES, write_opinion_table

TABLE_SUFFIX = ".xlsx"
WORD, PAGE = ".docx", ".html"
STANDINGS = {Standing.STILL: "仍存在", Standing.NEW: "新出现"}
CORRECTED = "已改正"
BIG_FILE = 5 * 2**20


@dataclass(frozen=True, slots=True)
class Audited:
    """One file audited: its paper and the remarks on it, or why it could not be read."""

    path: Path
    paper: Paper | Finding
    remarks: tuple[Remark, ...] = ()
    comparison: Comparison | None = None

    @property
    def opinions(self) -> Opinions:
        """What is handed back about the file."""
        if isinstance(self.paper, Finding):
            return Opinions(self.path.name, opinions_of([self.paper]))
        return Opinions(self.path.name, tuple(remark.opinion() for remark in self.remarks))

    @property
    def corrected(self) -> tuple[Opinion, ...]:
        """What stood in the version before and does no more."""
        return tuple(remark.opinion() for remark in self.comparison.corrected) if self.comparison else ()

    @property
    def standings(self) -> tuple[Standing, ...]:
        """How each remark stands to the version before; nothing without one."""
        return self.comparison.standings if self.comparison else ()

    def answer(self) -> dict[str, object]:
        """Return the object of the contract's JSON array."""
        answer = self.opinions.answer()
        if self.comparison is not None:
            found = [each.answer() for each in self.opinions.opinions]
            marked = zip(found, self.standings, strict=True)
            answer["findings"] = [each | {"since": standing.value} for each, standing in marked]
            answer["corrected"] = [each.answer() for each in self.corrected]
        return answer


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("files", metavar="文件", nargs="+", help=f"要审核的文件（{'、'.join(READABLE)}），可以写多个")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    parser.add_argument(
        "--annotate",
        metavar="输出",
        help="另存批注本：Word 文件得到带批注的副本（.docx），其他文件得到标出问题的网页（.html）；多个文件时写文件夹",
    )
    parser.add_argument("--opinions", metavar="文件", help="另存意见表（.xlsx），留有修改情况一栏")
    parser.add_argument("--since", metavar="上一稿", help="与上一稿对照，逐条标出已改正、仍存在、新出现")
    parser.add_argument("--without", metavar="规则", default="", help="不做哪些检查，用逗号隔开规则名")


def _run(args: Namespace) -> int:
    paths = [file_to_read(name) for name in args.files]
    before = _version_before(args.since, paths)
    inputs = [*paths, *([before] if before else [])]
    without = _switched_off(args.without)
    table = _table(args.opinions, inputs) if args.opinions else None
    copies = _copies(args.annotate, paths, inputs) if args.annotate else {}
    if table is not None and table in copies.values():
        raise WrongUse("意见表和批注本写的是同一个文件；请换一个文件名。")
    old = read_paper(before) if before else None
    papers = _audited_all(paths, old if isinstance(old, Paper) else None, without)
    refused = [each for each in (old, *(each.paper for each in papers)) if isinstance(each, Finding)]
    print_findings(refused)
    if table is not None:
        rows = [Opinions(each.path.name, (*each.opinions.opinions, *each.corrected)) for each in papers]
        standings = [word for each in papers for word in _standing_words(each)] if isinstance(old, Paper) else []
        write_opinion_table(table, f"审核意见表（{_named(paths)}）", rows, standings)
        note(f"意见表已写入 {table}。")
    annotated = [_annotate(each, copies[each.path]) for each in papers if each.path in copies]
    if args.json:
        say(json.dumps([each.answer() for each in papers], ensure_ascii=False, indent=2))
    else:
        for each in papers:
            _print(each)
    return int(bool(refused) or any(each.opinions.found_something for each in papers) or not all(annotated))


def _version_before(name: str | None, paths: Sequence[Path]) -> Path | None:
    if name is None:
        return None
    if len(paths) > 1:
        raise WrongUse("与上一稿对照时一次只能审核一个文件。")
    before = file_to_read(name)
    if before.samefile(paths[0]):
        raise WrongUse(f"{name} 与要审核的文件是同一个；--since 后面请写上一稿。")
    return before


def _switched_off(names: str) -> frozenset[str]:
    """Return the rules named, by their names or their Chinese titles. Raises WrongUse for others, with the nearest."""
    by_title = {title: rule for rule, title in TITLES.items()}
    written = [name.strip() for name in names.replace("，", ",").split(",") if name.strip()]
    chosen = frozenset(by_title.get(name, name) for name in written)
    unknown = sorted(chosen - TITLES.keys())
    if unknown:
        near = [each for name in unknown for each in get_close_matches(name, [*TITLES, *by_title], n=1)]
        hint = f"是不是 {'、'.join(near)}？" if near else ""
        known = "\n".join(f"  {rule}  {title}" for rule, title in TITLES.items())
        raise WrongUse(f"没有规则 {'、'.join(unknown)}。{hint}可以不做的检查有：\n{known}")
    return chosen


def _table(name: str, inputs: Sequence[Path]) -> Path:
    path = file_to_write(name, inputs)
    if path.suffix.lower() != TABLE_SUFFIX:
        raise WrongUse(f"输出文件 {name} 的后缀不认识；意见表是 Excel 工作簿，请用 {TABLE_SUFFIX}。")
    return path


def _copies(name: str, paths: Sequence[Path], inputs: Sequence[Path]) -> dict[Path, Path]:
    """Return where the annotated copy of each file goes: the file named, or one for each in the folder named."""
    if len(paths) == 1 and not Path(name).is_dir():
        path = file_to_write(name, inputs)
        known = (WORD, PAGE) if paths[0].suffix.lower() == WORD else (PAGE,)
        if path.suffix.lower() not in known:
            raise WrongUse(f"批注本 {name} 的后缀不对；{paths[0].name} 的批注本请用 {' 或 '.join(known)}。")
        return {paths[0]: path}
    if Path(name).suffix.lower() in (WORD, PAGE, TABLE_SUFFIX) and not Path(name).is_dir():
        raise WrongUse(f"审核多个文件时，--annotate 后面请写文件夹，不能写文件 {name}。")
    folder = folder_to_write(name)
    copies: dict[Path, Path] = {}
    for path in paths:
        suffix = WORD if path.suffix.lower() == WORD else PAGE
        copy = folder / f"{path.stem}-批注{suffix}"
        number = 2
        while copy in copies.values():
            copy, number = folder / f"{path.stem}-批注{number}{suffix}", number + 1
        copies[path] = file_to_write(str(copy), inputs)
    return copies


def _audited_all(paths: Sequence[Path], old: Paper | None, without: frozenset[str]) -> list[Audited]:
    papers = []
    with progress("正在审核", len(paths)) as advance:
        for path in paths:
            if path.stat().st_size > BIG_FILE:
                note(f"正在审核 {path.name}（{path.stat().st_size // 2**20} MB），请稍候。")
            papers.append(_audited(path, old, without))
            advance(1)
    return papers


def _audited(path: Path, old: Paper | None, without: frozenset[str]) -> Audited:
    paper = read_paper(path)
    if isinstance(paper, Finding):
        return Audited(path, paper)
    remarks = remarks_on(paper, without)
    if old is None:
        return Audited(path, paper, remarks)
    return Audited(path, paper, remarks, compared(remarks_on(old, without), remarks))


def _annotate(audited: Audited, out: Path) -> bool:
    """Write the annotated copy of a paper; False where that cannot be. A file that was not read has none."""
    if isinstance(audited.paper, Finding):
        return False
    if out.suffix.lower() == PAGE:
        write_marked_page(out, audited.paper, audited.remarks)
    else:
        try:
            write_commented(out, audited.path, audited.remarks)
        except NotCommentable:
            advice = f"请在 Word 中另存一次，或把批注本的后缀改为 {PAGE}"
            note(f"{audited.path.name} 的内部结构不规范，写不进批注；{advice}。")
            return False
    note(f"批注本已写入 {out}。")
    return True


def _standing_words(audited: Audited) -> list[str]:
    words = [STANDINGS[each] for each in audited.standings] or [""] * len(audited.opinions.opinions)
    return [*words, *[CORRECTED] * len(audited.corrected)]


def _print(audited: Audited) -> None:
    name = audited.path.name
    opinions, corrected = audited.opinions.opinions, audited.corrected
    if not opinions:
        say(f"{name}：没有发现问题。")
    if not opinions and not corrected:
        return
    headings: tuple[str, ...] = ("程度", "位置", "问题", "写的", "应为")
    rows: list[tuple[str, ...]] = [
        (DEGREES[each.severity], each.location, each.sentence(), each.stated, each.expected)
        for each in (*opinions, *corrected)
    ]
    if audited.comparison is not None:
        headings = ("对照", *headings)
        rows = [(word, *row) for word, row in zip(_standing_words(audited), rows, strict=True)]
    show(figures_table(name, headings, rows))
    counts = Counter(each.severity for each in opinions)
    told = [f"{word} {counts[degree]} 条" for degree, word in DEGREES.items() if counts[degree]]
    if audited.comparison is not None:
        of_each = Counter(_standing_words(audited))
        words = (CORRECTED, *STANDINGS.values())
        told.append(f"与上一稿相比：{'，'.join(f'{word} {of_each[word]} 条' for word in words)}")
    say("；".join(told) + "。" if audited.comparison else "，".join(told) + "。")


def _named(paths: Sequence[Path]) -> str:
    return paths[0].name if len(paths) == 1 else f"{paths[0].name}等 {len(paths)} 个文件"


COMMAND = Command(
    name="audit",
    help="审核写好的报告、决算公开等文件：找出前后矛盾和算错的地方",
    arguments=_arguments,
    run=_run,
)
