"""Scores told in several places: the same indicator, a group against its leaves, the total, the grade."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tuodi.audit.figures.amounts import Figure, figure_of
from tuodi.audit.figures.arithmetic import agree, like, sum_of, written
from tuodi.audit.material import Material
from tuodi.audit.paper.model import Place
from tuodi.audit.remark import Remark
from tuodi.audit.statements.indicators import Telling, plain_name
from tuodi.audit.statements.other_years import of_another_year
from tuodi.kernel.finding import Severity

_GROUP_WORDS = re.compile(r"^(?:项目)|(?:类|指标|情况|方面)$")
TWO = 2
WEIGHT = "满分（权重）"
_DOUBLED = re.compile(r"(.)\1")


def check_told_twice(material: Material) -> Iterator[Remark]:
    """An indicator with different weights or scores in different places of one evaluation."""
    for tellings in _by_indicator(material).values():
        weights = list(_different(tellings, "weight", "weight-told-twice", WEIGHT, material))
        scores = list(_different(tellings, "score", "score-told-twice", "得分", material))
        differing = {_slip(each) for each in weights} & {_slip(each) for each in scores}
        for each in weights:
            both = _slip(each) in differing
            yield replace(each, message=each.message.replace(WEIGHT, f"{WEIGHT}和得分", 1)) if both else each
        yield from (each for each in scores if _slip(each) not in differing)


def _slip(remark: Remark) -> tuple[Place, str, str]:
    """Return place and figures: a sentence whose weight and score differ alike has one slip."""
    return remark.place, remark.stated.rstrip("分"), remark.expected.rstrip("分")


def _by_indicator(material: Material) -> dict[tuple[str, str], list[Telling]]:
    """Return the tellings of each leaf or group; names without a code go to the code they stand beside elsewhere."""
    codes: dict[tuple[str, str], set[str]] = defaultdict(set)
    for telling in material.tellings:
        if telling.code and telling.name:
            codes[telling.system, _core(telling.name)].add(telling.code)
    found: dict[tuple[str, str], list[Telling]] = defaultdict(list)
    for telling in material.tellings:
        told = codes.get((telling.system, _core(telling.name)), set())
        key = telling.code or (next(iter(told)) if len(told) == 1 else _core(telling.name))
        found[telling.system, key].append(telling)
    return found


def _core(name: str) -> str:
    """Return a name without the words that come and go: 项目决策类, 决策指标, 决策."""
    core = plain_name(name)
    shorter = _GROUP_WORDS.sub("", _GROUP_WORDS.sub("", core))
    return shorter if len(shorter) >= 2 else core


def _different(tellings: Sequence[Telling], field: str, rule: str, what: str, material: Material) -> Iterator[Remark]:
    told = [(telling, figure) for telling in tellings if (figure := _points(getattr(telling, field))) is not None]
    if len(told) < 2:
        return
    first, most = _made_by_total(told, field, material) or _most_told(told)
    for telling, figure in told:
        if figure.value != most.value and not _shortened(figure, most):
            yield Remark(
                rule=rule,
                severity=Severity.ERROR,
                place=telling.place,
                also=(first.place,),
                quote=telling.quote[:90],
                stated=figure.text,
                expected=most.text,
                # A telling stands at the indicator's name; its figure is another cell of that row.
                message=f"{telling.label}的{what}此处写 {figure.text}，"
                f"{replace(first.place, column=None).words()}写 {most.text}",
                advice="同一指标前后应一致，请核对后统一",
            )


def _points(figure: Figure | None) -> Figure | None:
    if figure is None or figure.unit not in ("", "分", "%"):
        return None
    return figure_of(figure.text.rstrip("%分")) if figure.unit else figure


def _most_told(told: Sequence[tuple[Telling, Figure]]) -> tuple[Telling, Figure]:
    """Return the value told most often, of equals the one first told, tables before text."""
    counts: dict[object, int] = defaultdict(int)
    for _, figure in told:
        counts[figure.value] += 1
    best = max(counts.values())
    return next((telling, figure) for telling, figure in told if counts[figure.value] == best)


def _made_by_total(
    told: Sequence[tuple[Telling, Figure]], field: str, material: Material
) -> tuple[Telling, Figure] | None:
    """Return the one of two values with which the column's total comes out, where the table prints the other."""
    if len(told) != TWO or told[0][1].value == told[1][1].value:
        return None
    (printed, stated), (_, other) = sorted(told, key=lambda each: not each[0].in_table)
    grid = next((each for each in material.grids if each.table.place.block == printed.place.block), None)
    columns = grid.columns(field) if grid is not None else ()
    if grid is None or not grid.totals or len(columns) != 1:
        return None
    total = grid.figure(grid.totals[-1], columns[0])
    leaves = [figure for row in grid.leaves if (figure := grid.figure(row, columns[0])) is not None]
    if total is None or total.value != sum_of(leaves).value - stated.value + other.value:
        return None
    return next(each for each in told if each[1] is other)


def _shortened(figure: Figure, other: Figure) -> bool:
    """Tell whether one figure is the other with its last digits lost in extraction."""
    one, two = figure.text.rstrip("分%"), other.text.rstrip("分%")
    return "." in two and "." in one and (two.startswith(one) or one.startswith(two))


def check_names(material: Material) -> Iterator[Remark]:
    """One code with two names."""
    by_code: dict[tuple[str, str], list[Telling]] = defaultdict(list)
    for telling in material.tellings:
        if telling.code and telling.name and len(telling.code) > 1:
            by_code[telling.system, telling.code].append(telling)
    for tellings in by_code.values():
        first = _usual(tellings, material)
        told: set[str] = set()
        for telling in tellings:
            name, usual = plain_name(telling.name), plain_name(first.name)
            if name == usual or name in told or _cut(name, usual):
                continue
            told.add(name)
            yield Remark(
                rule="name-told-twice",
                severity=Severity.WARNING,
                place=telling.place,
                also=(first.place,),
                quote=telling.quote[:60],
                stated=telling.name,
                expected=first.name,
                message=f"指标 {telling.code} 此处名为“{telling.name}”，{first.place.words()}名为“{first.name}”",
                advice="同一指标的名称应一致，请统一",
            )


def _usual(tellings: Sequence[Telling], material: Material) -> Telling:
    """Return the telling with the name told most often, of equals the first whose name the rest of the paper knows."""
    names = [plain_name(telling.name) for telling in tellings]
    own = {telling.place.block for telling in tellings}
    texts = [paragraph.text for paragraph in material.paper.paragraphs if paragraph.place.block not in own]
    known = {name for name in names if any(name in text for text in texts)}

    def weight(telling: Telling) -> tuple[int, bool, int]:
        name = plain_name(telling.name)
        return names.count(name), name in known, -telling.place.block

    return max(tellings, key=weight)


def _cut(name: str, usual: str) -> bool:
    """Tell whether one name is the other cut off, or damaged beyond reading."""
    one, two = _DOUBLED.sub(r"\1", name), _DOUBLED.sub(r"\1", usual)
    if one.startswith(two) or two.startswith(one):
        return True
    odd = len(re.findall(r"[^一-龥A-Za-z0-9]", name))
    return odd * 4 > len(name)


def check_group_scores(material: Material) -> Iterator[Remark]:
    """Weight and score of a coded group (B2) against the leaves below it (B21, B221, …) wherever they are told."""
    systems: dict[str, list[Telling]] = defaultdict(list)
    for telling in material.tellings:
        if telling.code:
            systems[telling.system].append(telling)
    for tellings in systems.values():
        codes = {telling.code for telling in tellings}
        leaves = {code for code in codes if not any(other != code and other.startswith(code) for other in codes)}
        for parent in sorted(codes - leaves):
            below = sorted(code for code in leaves if code.startswith(parent))
            if len(below) >= 2 and _complete(parent, below, codes):
                yield from _group(parent, below, tellings, "weight", "weights-differ", "权重")
                yield from _group(parent, below, tellings, "score", "scores-differ", "得分")


def _complete(parent: str, below: Sequence[str], codes: set[str]) -> bool:
    """Tell whether no number is missing among the codes directly below a parent."""
    direct = sorted({code[len(parent)] for code in below if len(code) > len(parent) and code[len(parent)].isdigit()})
    return bool(direct) and direct == [str(number) for number in range(1, len(direct) + 1)]


def _group(
    parent: str, below: Sequence[str], tellings: Sequence[Telling], field: str, rule: str, what: str
) -> Iterator[Remark]:
    figures: list[Figure] = []
    for code in below:
        told = [(each, figure) for each in tellings if each.code == code and (figure := _points(getattr(each, field)))]
        if not told:
            return
        in_tables = [(each, figure) for each, figure in told if each.in_table]
        figures.append(_most_told(in_tables or told)[1])
    for telling in tellings:
        stated = _points(getattr(telling, field))
        if telling.code != parent or stated is None or agree(stated, sum_of(figures)):
            continue
        expected = like(stated, sum_of(figures).value)
        yield Remark(
            rule=rule,
            severity=Severity.ERROR,
            place=telling.place,
            quote=telling.quote[:60],
            stated=stated.text,
            expected=expected,
            message=f"{telling.label}的{what}写 {stated.text}，{'、'.join(below)} 的{what}相加为 {expected}"
            f"（{written(figures)}）",
            advice="请核对这一组指标的权重和得分",
        )
        return


_TOTAL = re.compile(
    r"(?:综合|总|最终|评价|自评|绩效)*(?:得分|总分|评分)(?:结果)?(?:为|是|：|共|合计)?(?P<score>\d{1,3}(?:\.\d+)?)分"
    r"(?:[^。；]{0,16}?(?:等级|等次|级别|评级|评定|结果|结论)[^。；“”\"]{0,8}?[“\"]?(?P<grade>优秀|良好|合格|不合格|优|良|中|差|较好|一般)[”\"]?)?"
)


def check_totals(material: Material) -> Iterator[Remark]:
    """The total told in sentences against the total of the whole score table, and against each other."""
    totals = _table_totals(material)
    told = list(_told_totals(material))
    for place, quote, score in told:
        table = next((figure for figure in totals if figure.value != score.value), None)
        same = any(figure.value == score.value for figure in totals)
        if table is not None and not same:
            yield Remark(
                rule="score-told-twice",
                severity=Severity.ERROR,
                place=place,
                quote=quote,
                stated=score.text,
                expected=table.text,
                message=f"文中总得分写 {score.text}，评分表合计为 {table.text}",
                advice="请核对总得分",
            )
    values = {score.value for _, _, score in told}
    if not totals and len(values) > 1:
        first = told[0]
        for place, quote, score in told[1:]:
            if score.value != first[2].value:
                yield Remark(
                    rule="score-told-twice",
                    severity=Severity.ERROR,
                    place=place,
                    also=(first[0],),
                    quote=quote,
                    stated=score.text,
                    expected=first[2].text,
                    message=f"总得分此处写 {score.text}，{first[0].words()}写 {first[2].text}",
                    advice="请核对总得分",
                )


def _table_totals(material: Material) -> list[Figure]:
    """Return the totals of tables whose weights make 100: their scores' totals."""
    found = []
    for grid in material.grids:
        weights, scores = grid.columns("weight"), grid.columns("score")
        for row in grid.totals:
            if any(word in grid.table.title + grid.table.place.section for word in ("自评表",)):
                continue
            full = [figure for at in weights if (figure := grid.figure(row, at)) is not None and figure.value == 100]
            score = [figure for at in scores if (figure := grid.figure(row, at)) is not None]
            if full and score:
                found.append(score[-1])
    return found


def _told_totals(material: Material) -> Iterator[tuple[Place, str, Figure]]:
    for paragraph in material.paper.paragraphs:
        if (
            "自评" in paragraph.text[:60]
            and "自评报告" not in paragraph.text
            or paragraph.place.section.endswith("自评表")
        ):
            continue
        for match in _TOTAL.finditer(paragraph.text):
            before = paragraph.text[: match.start()]
            if not _speaks_of_whole(before, match.group()) or of_another_year(before, material.paper):
                continue
            score = figure_of(match["score"] + "分")
            if score is not None:
                yield paragraph.at(match.start()), match.group(), score


def _speaks_of_whole(before: str, told: str) -> bool:
    """Tell whether a score is the whole evaluation's: named so, or graded."""
    clause = re.split(r"[。；，]", before)[-1]
    if re.search(r"指标|满分|分值|权重|[A-D]\d", clause) or re.match(r"得分", told) and "等级" not in told:
        return False
    return bool(re.match(r"(?:综合|总|最终|评价综合|绩效评价|评价最终|自评)", told)) or "级" in told
