"""The one table of ``tuodi demo``: each figure of the run beside the published one, with its source."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from tuodi.assessment.screen import Kind
from tuodi.commands.demo_accounts import AccountsRun
from tuodi.commands.demo_evaluations import EvaluationRun
from tuodi.commands.demo_papers import PaperRun
from tuodi.commands.demo_run import DemoRun
from tuodi.commands.screen import NAMES
from tuodi.funds.amount import Amount
from tuodi.funds.clearing import clear
from tuodi.funds.clearing_file import load_clearing
from tuodi.funds.contradictions import agrees
from tuodi.funds.library import NotFound, Shelf, choose
from tuodi.funds.programme import Percent, Programme, UseRow
from tuodi.funds.programme_file import load_programme
from tuodi.funds.reckoning import Figure, Rate, Reckoning, figures
from tuodi.kernel.money import Fen, yuan
from tuodi.office.town_shown import TownShown
from tuodi.sample.county import Check, Compared


@dataclass(frozen=True, slots=True)
class Points:
    """A score and its grade, as printed."""

    text: str
    grade: str = ""


Value: TypeAlias = int | Amount | Percent | Points | None
NOTHING = "—"
MADE_UP = "金额虚构，不可与公布数比较"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoRow:
    """One figure; ``unit`` is that of a count, an amount and a percentage carry their own.

    ``source`` is the title of the document the published figure is from, ``at`` the place in it. ``as_planned`` is
    False where a figure must have come out otherwise.
    """

    item: str
    value: Value
    published: Value = None
    unit: str = ""
    source: str = ""
    at: str = ""
    remark: str = ""
    as_planned: bool = True

    def spoken(self, value: Value) -> str:
        """Return a figure of this row as people read it."""
        match value:
            case None:
                return NOTHING
            case Amount():
                return value.grouped()
            case Percent():
                return f"{value.text} %"
            case Points():
                return f"{value.text} 分 {value.grade}".rstrip()
            case _:
                return f"{value:,} {self.unit}"

    def answer(self) -> dict[str, str | None]:
        """Return the row for a program: amounts in yuan, all numbers as strings; ``printed`` as the document has it."""
        published = self.published
        return {
            "item": self.item,
            "unit": "元" if isinstance(self.value, Amount) else "%" if isinstance(self.value, Percent) else self.unit,
            "value": _plain(self.value),
            "published": _plain(published),
            "printed": published.printed() if isinstance(published, Amount) else _plain(published),
            "source": f"《{self.source}》{self.at}" if self.source else None,
            "remark": self.remark or None,
        }


def demo_rows(run: DemoRun) -> list[DemoRow]:
    """Return the table's rows: the county beside the published year, what was found, published sums computed again."""
    checks = (row for check in run.county.checks for row in _check_rows(check))
    return [
        *_county_rows(run),
        *_found_rows(run),
        *checks,
        *_evaluation_rows(run.evaluations),
        *_paper_rows(run.papers),
        *_accounts_rows(run.accounts),
        *_office_rows(run.office),
    ]


def _county_rows(run: DemoRun) -> Iterator[DemoRow]:
    county = run.county
    programme = _programme(county.programme)
    title = programme.source.title
    yield DemoRow(
        item="名册人数",
        value=run.persons,
        published=county.published_roster,
        unit="人",
        source=title,
        at=county.published_roster_at,
        remark=county.published_roster_remark,
        as_planned=run.persons == county.planned_roster,
    )
    uses = {use.name: use for use in programme.uses}
    for compared in county.compared:
        yield from _use_rows(run, compared, title, uses[compared.use])
    said = next(said for said in programme.statements if said.of == "uses_total")
    yield DemoRow(
        item="救助支出合计",
        value=Amount(sum(_paid(run, compared)[1] for compared in county.compared)),
        published=said.value,
        source=title,
        at=said.clause.at,
        remark=MADE_UP,
    )


def _use_rows(run: DemoRun, compared: Compared, title: str, use: UseRow) -> Iterator[DemoRow]:
    number, amount_fen = _paid(run, compared)
    yield DemoRow(
        item=f"{use.name}人次",
        value=number,
        published=use.person_times,
        unit="人次",
        source=title,
        at=use.clause.at,
        remark="样例按公布的人次编成",
        as_planned=number == compared.planned,
    )
    yield DemoRow(
        item=f"{use.name}金额",
        value=Amount(amount_fen),
        published=use.amount,
        source=title,
        at=use.clause.at,
        remark=MADE_UP,
    )


def _paid(run: DemoRun, compared: Compared) -> tuple[int, Fen]:
    """Return how many were helped for one use, and with how much."""
    if compared.premium:
        amounts = [subsidy.amount_fen for subsidy in run.subsidies.granted if subsidy.amount_fen]
        return len(amounts), sum(amounts)
    summary = run.summary
    visits = sum(summary.visits_by_component[code] for code in compared.components)
    return visits, sum(summary.paid_by_component[code] for code in compared.components)


def _found_rows(run: DemoRun) -> Iterator[DemoRow]:
    summary = run.summary
    without = summary.settlements - summary.paid_settlements
    yield DemoRow(item="结算", value=summary.settlements, unit="笔", remark=f"{without:,} 笔没有救助金额，各有原因")
    yield DemoRow(item="结算明细中的提醒", value=run.warnings, unit="条", remark="重复行只计一次")
    for kind in Kind:
        of_kind = [one for one in run.differences if one.kind is kind]
        differ = Amount(abs(sum(one.diff_fen for one in of_kind)))
        remark = f"与样例中已付的相差 {differ.grouped()}"
        yield DemoRow(item=f"查漏补缺：{NAMES[kind]}", value=len(of_kind), unit="笔", remark=remark)
    withheld = run.summary_with_errors.withheld
    remark = f"特意写错的一组文件；{withheld} 笔暂不计算"
    yield DemoRow(item="错误清单", value=len(run.errors), unit="条", remark=remark)


def _check_rows(check: Check) -> Iterator[DemoRow]:
    if check.programme:
        yield _programme_check(check)
    else:
        yield from _clearing_check(check)


def _programme_check(check: Check) -> DemoRow:
    programme = _programme(check.programme)
    said = next(said for said in programme.statements if said.of == check.of)
    figure = figures(Reckoning(programme))[check.of]
    return _check_row(
        check.item,
        _shown(figure, said.value),
        said.value,
        agrees(said.value, figure),
        source=programme.source.title,
        at=said.clause.at,
    )


def _clearing_check(check: Check) -> Iterator[DemoRow]:
    chosen = choose(Shelf.CLEARING, check.clearing)
    if isinstance(chosen, NotFound):
        raise ValueError(chosen.sentence())
    document, findings = load_clearing(chosen.path, chosen.shown_as)
    if document is None:
        raise ValueError([finding.sentence() for finding in findings])
    clearing = clear(document)
    title = document.source.title
    if check.total_fen is not None:
        total, said = Amount(clearing.total_fen), Amount(check.total_fen)
        yield _check_row(check.item, total, said, total == said, source=title, at=check.at)
    for line, days in zip(clearing.lines, check.days_late, strict=bool(check.days_late)):
        item = f"{check.item}（{line.name.partition('：')[0]}）"
        yield _check_row(item, line.days_late, days, line.days_late == days, source=title, at=check.at, unit="天")


def _check_row(
    item: str, value: Value, published: Value, agreed: bool, *, source: str, at: str, unit: str = ""
) -> DemoRow:
    return DemoRow(
        item=item,
        value=value,
        published=published,
        unit=unit,
        source=source,
        at=at,
        remark="由明细重新计算，相符" if agreed else "由明细重新计算，不符",
        as_planned=agreed,
    )


def _evaluation_rows(run: EvaluationRun) -> Iterator[DemoRow]:
    """Each shipped evaluation beside the total its document prints, then the survey."""
    for scored in run.scored:
        said = scored.evaluated
        yield DemoRow(
            item=said.item,
            value=Points(scored.total, scored.result.grade or ""),
            published=Points(said.total, said.grade),
            unit="分",
            source=scored.result.scheme.source,
            at=said.at,
            remark="由方案和数据重新打分，相符" if scored.agrees else "由方案和数据重新打分，不符",
            as_planned=scored.agrees,
        )
    valid, returned = run.survey.valid, run.survey.n
    yield DemoRow(item="阜康市问卷（按公布的人数虚构）", value=valid, unit="份有效", remark=f"共 {returned} 份")


def _programme(programme_id: str) -> Programme:
    """Return a shipped programme; one that cannot be read is a fault of the program."""
    chosen = choose(Shelf.PROGRAMMES, programme_id)
    if isinstance(chosen, NotFound):
        raise ValueError(chosen.sentence())
    programme, findings = load_programme(chosen.path, chosen.shown_as)
    if programme is None:
        raise ValueError([finding.sentence() for finding in findings])
    return programme


def _shown(figure: Figure, said: Value) -> Value:
    """Return a computed figure; a rate is shown at as many decimals as the document prints."""
    if isinstance(figure, Rate):
        return Percent(figure.at(said.places if isinstance(said, Percent) else 2))
    return figure


def _plain(value: Value) -> str | None:
    match value:
        case None:
            return None
        case Amount():
            return yuan(value.fen)
        case Percent() | Points():
            return value.text
        case _:
            return str(value)


def _paper_rows(run: PaperRun) -> Iterator[DemoRow]:
    yield DemoRow(
        item="审核示例报告第一稿",
        value=run.found,
        unit="处",
        remark=f"埋设的差错 {len(run.slips)} 处，找出 {run.found} 处",
        as_planned=run.as_planned,
    )
    yield DemoRow(
        item="审核示例报告第二稿",
        value=run.still,
        unit="处",
        remark=f"埋设的差错已改正 {run.corrected} 处，仍存在 {run.still} 处，新出现 {run.new} 处",
        as_planned=run.as_planned,
    )


def _accounts_rows(run: AccountsRun) -> Iterator[DemoRow]:
    yield DemoRow(
        item="离石区2022年决算勾稽关系",
        value=run.held,
        unit="条成立",
        remark=f"十张公开表和上年数，共 {run.identities} 条；写出的公开文件再审核一遍，有 {run.faults} 处差错",
        as_planned=run.held == run.identities and run.faults == 0,
    )


def _office_rows(run: TownShown) -> Iterator[DemoRow]:
    """What came of one town in an installation of its own."""
    yield DemoRow(
        item=f"网页办公：导入{run.town}的结算",
        value=run.settlements,
        unit="笔",
        remark=f"{run.persons:,} 人；经办人上传、复核人确认；与整批计算逐行逐分相同 {run.agreeing:,} 笔",
        as_planned=0 < run.settlements == run.agreeing == run.assessed,
    )
    yield DemoRow(
        item="网页办公：列入疑点待核实",
        value=run.cases,
        unit="件",
        remark=f"同样的文件用 tuodi screen 查出 {run.differences} 件",
        as_planned=run.cases == run.differences,
    )
    yield DemoRow(
        item="网页办公：操作留痕",
        value=run.entries,
        unit="条",
        remark=f"链条、{run.anchors} 个锚点、重新计算的累计，不符 {run.faults} 处；网页用 ./tuodi serve --demo 打开",
        as_planned=run.entries > 0 and run.anchors > 0 and run.faults == 0,
    )
