"""Weights and scores told in lists of words: groups against their lines, all groups against 100 and the total."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tuodi.audit.figures.amounts import Figure, figure_of
from tuodi.audit.figures.arithmetic import like, sum_of, written
from tuodi.audit.material import Material
from tuodi.audit.paper.model import Paper, Paragraph
from tuodi.audit.remark import Remark, quoted
from tuodi.audit.statements.indicators import Telling
from tuodi.audit.statements.other_years import of_another_year
from tuodi.kernel.finding import Severity

_ALL_PARTS = re.compile(r"(?:以上|各|[二两三四五六])(?:项|类|部分)")
FULL = 100
_NEAR = range(85, 116)
FEWEST_GROUPS = 3
FURTHEST = 2
"""Paragraphs between the lines of one list."""
_N = r"\d{1,3}(?:\.\d+)?"
_OVERALL = re.compile(
    rf"(?:综合|总|最终|自评|合计|评价)(?:得分|总分|评分|分数)(?:合计|结果|为|是|：|共)*(?P<a>{_N})分"
    rf"|(?:得分合计|总分|总得分)(?:为|是|：|共)*(?P<b>{_N})分"
    rf"|共?得分?(?P<c>{_N})分(?=（满分100分）|[，,](?:绩效|评价|自评|评定)?(?:等级|等次|级别))"
)
_PART = re.compile(r"(?:指标|类|项目[一二三四五六七八九]|决策|过程|产出|效益|满意度)[^，。；]{0,4}$")


def check_spoken_groups(material: Material) -> Iterator[Remark]:
    """A group's weight told at the head of its list against the weights of the lines below it."""
    head: Telling | None = None
    lines: list[Telling] = []
    for telling in (*_spoken(material), None):
        goes_on = telling is not None and telling.is_leaf and telling.weight is not None
        if goes_on and head is not None and telling is not None and _follows((*lines, head)[0], telling, len(lines)):
            lines.append(telling)
            continue
        if head is not None and len(lines) > 1:
            yield from _group(head, lines)
        opens = telling is not None and not telling.is_leaf and telling.weight is not None and telling.score is None
        head, lines = (telling if opens else None), []


def _spoken(material: Material) -> list[Telling]:
    return [each for each in material.tellings if not each.in_table and not each.code and not each.system]


def _follows(first: Telling, telling: Telling, count: int) -> bool:
    return telling.place.block - first.place.block <= FURTHEST * (count + 1)


def _group(head: Telling, lines: Sequence[Telling]) -> Iterator[Remark]:
    weights = [each.weight for each in lines if each.weight is not None]
    if head.weight is None or sum_of(weights).value == head.weight.value:
        return
    expected = like(head.weight, sum_of(weights).value)
    yield Remark(
        rule="weights-differ",
        severity=Severity.ERROR,
        place=head.place,
        quote=head.quote,
        stated=head.weight.text,
        expected=expected,
        message=f"{head.name}写 {head.weight.text}，下面各项相加为 {expected}（{written(weights)}）",
        advice="请核对这一类指标和各项指标的分值",
    )


def check_spoken_totals(material: Material) -> Iterator[Remark]:
    """The weights of all groups against 100, their scores against the total told behind them."""
    for run in _runs([each for each in _spoken(material) if not each.is_leaf and each.weight and each.score]):
        weights = [each.weight for each in run if each.weight is not None]
        scores = [each.score for each in run if each.score is not None]
        total = sum_of(weights).value
        if total != FULL and total in _NEAR:
            yield Remark(
                rule="weights-differ",
                severity=Severity.ERROR,
                place=run[0].place,
                quote=run[0].quote,
                stated=like(weights[0], total),
                expected=str(FULL),
                message=f"各类指标的分值相加为 {like(weights[0], total)}，不是 {FULL}（{written(weights)}）",
                advice="请核对各类指标的分值",
            )
        for paragraph, match, score in _totals(material.paper.paragraphs, run[-1].place.block):
            if score.value != sum_of(scores).value:
                expected = like(score, sum_of(scores).value)
                yield Remark(
                    rule="scores-differ",
                    severity=Severity.ERROR,
                    place=paragraph.at(match.start()),
                    quote=quoted(paragraph.text, *match.span()),
                    stated=score.text,
                    expected=expected,
                    message=f"各类指标得分相加为 {expected}（{written(scores)}），总得分写 {score.text}",
                    advice="请核对各类指标得分和总得分",
                )


def _runs(groups: Sequence[Telling]) -> Iterator[list[Telling]]:
    run: list[Telling] = []
    for telling in groups:
        new = {each.name for each in run} & {telling.name}
        if run and (new or telling.place.block - run[-1].place.block > FURTHEST):
            if len(run) >= FEWEST_GROUPS:
                yield run
            run = []
        run.append(telling)
    if len(run) >= FEWEST_GROUPS:
        yield run


def _totals(paragraphs: Iterable[Paragraph], block: int) -> Iterator[tuple[Paragraph, re.Match[str], Figure]]:
    """Yield the totals told within the next paragraphs."""
    for paragraph in paragraphs:
        if block < paragraph.place.block <= block + FURTHEST:
            for match in _OVERALL.finditer(paragraph.text):
                score = _score(match)
                if score is not None:
                    yield paragraph, match, score


def _score(match: re.Match[str]) -> Figure | None:
    return figure_of((match["a"] or match["b"] or match["c"]) + "分")


@dataclass(frozen=True, slots=True)
class _Overall:
    """The whole paper's score where it is told."""

    score: Figure
    remark: Remark


def check_overall_score(material: Material) -> Iterator[Remark]:
    """The score of the whole paper told in sentences with its grade, against each other and the table's total."""
    if len(material.self_tables) > 1 or material.project_reports:
        return  # several projects, several scores
    told = [each for paragraph in material.paper.paragraphs for each in _overall(paragraph, material.paper)]
    counts: dict[object, int] = {}
    tables = [
        figure
        for grid in material.grids
        for row in grid.totals
        if _is_hundred([grid.figure(row, at) for at in grid.columns("weight")])
        for at in grid.columns("score")[-1:]
        if (figure := grid.figure(row, at)) is not None
    ]
    for score in (*(each.score for each in told), *tables):
        counts[score.value] = counts.get(score.value, 0) + 1
    if len(counts) != 2 or not told:
        return
    usual = max((*tables, *(each.score for each in told)), key=lambda score: counts[score.value])
    odd = [each for each in told if each.score.value != usual.value] or told
    for each in odd[:1]:
        other = usual if each.score.value != usual.value else next(t for t in tables if t.value != usual.value)
        yield _twice(each, other)


def _is_hundred(figures: Sequence[Figure | None]) -> bool:
    return any(figure is not None and figure.value == FULL for figure in figures)


def _overall(paragraph: Paragraph, paper: Paper) -> Iterator[_Overall]:
    for match in _OVERALL.finditer(paragraph.text):
        around = paragraph.text[match.start() : match.end() + 24]
        before = re.split(r"[。；，]", paragraph.text[: match.start()])[-1]
        graded = re.search(r"等级|等次|级别|满分100分|评定|为[“\"]?[优良中差]", around)
        score = _score(match)
        part = _PART.search(before) and not _ALL_PARTS.search(before)
        if score is None or not graded or part or "平均" in before:
            continue
        if score.value > FULL or of_another_year(paragraph.text[: match.start()], paper):
            continue
        quote = quoted(paragraph.text, *match.span())
        place = paragraph.at(match.start())
        yield _Overall(score, Remark(rule="score-told-twice", place=place, quote=quote, message="", advice=""))


def _twice(told: _Overall, other: Figure) -> Remark:
    return Remark(
        rule="score-told-twice",
        severity=Severity.ERROR,
        place=told.remark.place,
        quote=told.remark.quote,
        stated=told.score.text,
        expected=other.text,
        message=f"总得分此处写 {told.score.text}，另一处写 {other.text}",
        advice="请核对总得分",
    )
