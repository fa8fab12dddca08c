"""A disclosure -> the document's blocks: five parts, every figure bound, what only a person can write an open gap."""

from collections.abc import Iterable, Iterator, Mapping

from tuodi.accounts.disclosure import Accounts, Evaluated, Project
from tuodi.accounts.filled import tables
from tuodi.accounts.narrative import prose
from tuodi.accounts.narrative.chapters import glossary, narrative, overview
from tuodi.accounts.performance import BY_DEPARTMENT, WHOLE, projects_of
from tuodi.accounts.sheets import accounts_layout
from tuodi.kernel.fragments import Figure, Quote, Text, text
from tuodi.kernel.money import decimal_text
from tuodi.report.accounts.disclosure_tables import table_blocks
from tuodi.report.blocks import Align, Block, Cell, Cover, Gap, Heading, Paragraph, ParagraphStyle, Report, Table
from tuodi.report.prose import ordinal

_YEAR = "{年度}"
_ANNEX_WIDTHS = (0.9, 5.3, 1.7, 2.9, 2.9, 0.95, 0.95)


def disclosure_report(accounts: Accounts, evaluations: Mapping[str, Evaluated]) -> Report:
    """Compose the document; ``evaluations`` are those the projects name, by id. The last part stands where it is."""
    blocks: list[Block] = [_part(accounts, "overview"), *_chapters(overview(accounts))]
    blocks.append(_part(accounts, "tables"))
    for place, table in enumerate(tables(accounts), 1):
        blocks += table_blocks(table, place)
    chapters = narrative(accounts, evaluations)
    blocks += [_part(accounts, "narrative"), *_chapters(chapters)]
    entries = glossary(accounts, chapters)
    if entries:
        blocks += [_part(accounts, "glossary"), *(Paragraph(entry.text) for entry in entries)]
    annexes = tuple(_annexes(accounts, projects_of(accounts, evaluations)))
    cover = Cover(
        title=(Quote("facts.部门名称", accounts.entity),), words=_titled(accounts, "cover"), lines=(), foot=()
    )
    return Report(id=f"accounts.{accounts.id}", cover=cover, blocks=tuple(blocks), annexes=annexes)


def _part(accounts: Accounts, part: str) -> Heading:
    return Heading(1, _titled(accounts, part), new_page=True)


def _titled(accounts: Accounts, part: str) -> Text:
    """Return a title of the layout with the year in its place."""
    before, mark, behind = accounts_layout().titles[part].partition(_YEAR)
    key = f"layout.title.{part}"
    year = Figure("facts.年度", str(accounts.year)) if mark else ""
    return text(Quote(key, before), year, Quote(key, behind))


def _chapters(chapters: Iterable[prose.Chapter]) -> Iterator[Block]:
    for place, chapter in enumerate(chapters, 1):
        yield Heading(2, text(f"{ordinal(place)}、", Quote(f"set.section.{chapter.id}", chapter.title)))
        yield from map(_block, chapter.blocks)


def _block(block: prose.Block) -> Block:
    match block:
        case prose.Ask():
            return Gap(name=block.name, title=block.title, prompt=block.prompt)
        case prose.Subtitle():
            return Heading(3, block.text)
        case prose.Paragraph():
            return Paragraph(block.text)


def _annexes(accounts: Accounts, projects: Iterable[Project]) -> Iterator[Block]:
    """Yield the list of what is published along: the self-evaluation tables and reports of the projects."""
    listed = [project for project in projects if project.evaluation or project.report]
    if not listed:
        return
    yield _part(accounts, "annexes")
    yield Paragraph(text("随本文件公开的绩效自评表和绩效评价报告见下表。"))
    yield Paragraph(text("金额单位：", Quote("set.unit", accounts.unit)), ParagraphStyle.NOTE)
    names = ("序号", "附件", "评价类别", "全年预算数", "全年执行数", "得分", "等级")
    rows = [tuple(Cell(text(name)) for name in names)]
    rows += [_annex(accounts, project, place) for place, project in enumerate(listed, 1)]
    rows.append(_sum(accounts, listed))
    aligns = (Align.CENTRE, Align.LEFT, Align.CENTRE, Align.RIGHT, Align.RIGHT, Align.CENTRE, Align.CENTRE)
    yield Table(key="annexes", caption=(), widths=_ANNEX_WIDTHS, aligns=aligns, rows=tuple(rows), dense=True)


def _annex(accounts: Accounts, project: Project, place: int) -> tuple[Cell, ...]:
    key = f"project.{project.evaluation or place}"
    score = "" if project.score is None else decimal_text(project.score, 2, trimmed=True)
    return (
        Cell(text(Figure(f"order.{place}", str(place)))),
        Cell(_annex_name(project, key)),
        Cell(text(Quote(f"{key}.kind", project.kind))),
        Cell(_amount(accounts, f"{key}.budget", project.budget_fen)),
        Cell(_amount(accounts, f"{key}.executed", project.executed_fen)),
        Cell(text(Figure(f"{key}.score", score))),
        Cell(text(Quote(f"{key}.grade", project.grade))),
    )


def _annex_name(project: Project, key: str) -> Text:
    if project.report:
        return text(Quote(f"{key}.report", project.report))
    papers = {BY_DEPARTMENT: "绩效评价报告", WHOLE: "部门整体支出绩效自评表"}
    return text(Quote(f"{key}.name", project.name), papers.get(project.kind, "绩效自评表"))


def _sum(accounts: Accounts, projects: Iterable[Project]) -> tuple[Cell, ...]:
    """Return the sums of the list; nothing where an amount is not known."""
    cells = [Cell(), Cell(text("合计"), bold=True), Cell()]
    given = list(projects)
    for key, amounts in (
        ("budget", [project.budget_fen for project in given]),
        ("executed", [project.executed_fen for project in given]),
    ):
        known = [amount for amount in amounts if amount is not None]
        total = sum(known) if len(known) == len(given) else None
        cells.append(Cell(_amount(accounts, f"annexes.{key}", total)))
    return (*cells, Cell(), Cell())


def _amount(accounts: Accounts, key: str, fen: int | None) -> Text:
    return () if fen is None else (Figure(key, accounts.amount(fen)),)
