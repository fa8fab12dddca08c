"""Words against figures: rising and falling, 逐年, highest and lowest, all against a part, reasons, copied reasons."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from tuodi.audit.figures.amounts import Figure, Kind, figure_of, figures
from tuodi.audit.material import Material
from tuodi.audit.remark import Remark
from tuodi.audit.statements.grids import Grid, bare, last_word
from tuodi.audit.statements.indicators import Telling, plain_name
from tuodi.audit.statements.stretches import Stretch
from tuodi.kernel.finding import Severity

_UP, _DOWN = r"增长|增加|上升|提高|递增|扩大", r"下降|减少|降低|递减|下滑|回落"
_DIRECTION = re.compile(rf"(?P<up>{_UP})|(?P<down>{_DOWN})")
_YEAR_BY_YEAR = re.compile(rf"呈?(?:逐年|连年)(?:呈)?(?:(?P<up>{_UP})|(?P<down>{_DOWN}))(?:趋势|态势)?")
_YEAR = re.compile(r"(20\d\d)年")
_BEFORE = re.compile(r"上年(?:度|同期|末)?|去年(?:同期)?|同期|前一年|上一年")
_COMPARE = re.compile(r"相比|较|同比|比|变为|变化|上年为|上年")
_RATED = (
    r"(?:得分率|评分)?最{0}的(?:是|为)(?P<one>[一-龥]{{2,8}}?)(?:类|指标)*(?=[，。；、]|$)"
    r"|(?P<two>[一-龥]{{2,8}}?)(?:类)?(?:指标)?(?:的)?得分率最{0}"
)
_RATED_HIGH, _RATED_LOW = re.compile(_RATED.format("高")), re.compile(_RATED.format("低"))
_ALL_BUT_PART = re.compile(
    r"(?:均|全部|都)(?:已)?[^。；]{0,24}(?:量化|可衡量|清晰|明确)[^。；]*?共(?:设置|设|有)?(?P<all>\d+)(?P<unit>[条个项])"
    r"[^。；]*?其中(?:有)?(?P<part>\d+)(?P=unit)[^。；]{0,12}(?:已)?量化"
)  # fmt: skip
_REASON_DOWN = re.compile(r"(?:人数|数量|规模|金额|户数|人次)(?:有所)?(?:减少|下降|降低)")
_REASON_UP = re.compile(r"(?:人数|数量|规模|金额|户数|人次)(?:有所)?(?:增加|增长|上升)")
SHORTEST_COPY = 8
MOST_ROWS = 3


def check_directions(material: Material) -> Iterator[Remark]:
    """增长 or 下降 against the two figures of the same sentence, one of them called last year's."""
    for stretch in material.stretches:
        if not (_BEFORE.search(stretch.text) or len(set(_YEAR.findall(stretch.text))) > 1):
            continue
        for start, end in stretch.sentences:
            sentence = stretch.text[start:end]
            found = _direction(sentence)
            if found is not None:
                now, then, word = found
                right = "高于" if now.value > then.value else "低于"
                yield Remark(
                    rule="conclusion-against-data",
                    severity=Severity.ERROR,
                    place=stretch.at(start + word.start()),
                    quote=stretch.quote(start, end),
                    stated=word.group(),
                    expected="增长" if now.value > then.value else "下降",
                    message=f"本年 {now.text}{right}上年 {then.text}，文中写“{word.group()}”",
                    advice="请核对两年的数和增减的说法",
                )


def _direction(sentence: str) -> tuple[Figure, Figure, re.Match[str]] | None:
    """Return this year's figure, last year's and the wrong word; None where all is right or not understood."""
    words = list(_DIRECTION.finditer(sentence))
    if not words or len(sentence) > 160 or not _COMPARE.search(sentence):
        return None
    first = words[0]
    amounts = [each for each in figures(sentence[: first.start()]) if each.kind in (Kind.MONEY, Kind.COUNT)]
    if len(amounts) != 2 or amounts[0].unit != amounts[1].unit or amounts[0].value == amounts[1].value:
        return None
    then = _last_years(sentence, amounts)
    if then is None:
        return None
    now = amounts[0] if then is amounts[1] else amounts[1]
    for word in words:
        follows = figures(sentence[word.end() : word.end() + 20])
        tail = sentence[word.end() : word.end() + (follows[0].start if follows else 0)]
        clause_ends = re.search(r"[，。；]", tail)
        if not follows or clause_ends or follows[0].kind not in (Kind.SHARE, Kind.MONEY, Kind.COUNT):
            continue
        if (word["up"] is not None) is not (now.value > then.value):
            return now, then, word
    return None


def _last_years(sentence: str, amounts: Sequence[Figure]) -> Figure | None:
    """Return the figure that is last year's: by 上年 just before it, or by the earlier of two years."""
    spans = [(0, amounts[0].start), (amounts[0].end, amounts[1].start)]
    marked = [bool(_BEFORE.search(sentence[start:end])) for start, end in spans]
    if marked.count(True) == 1:
        return amounts[marked.index(True)]
    years = [_YEAR.findall(sentence[start:end]) for start, end in spans]
    if all(len(each) == 1 for each in years) and years[0] != years[1] and not any(marked):
        return amounts[0] if years[0] < years[1] else amounts[1]
    return None


_TREND = re.compile(
    rf"(?P<subject>[^，。；]{{0,12}}?)(?:呈)?(?:稳步|持续|逐年|明显|大幅|显著|不断|有所|稳定|逐步)(?:(?P<up>{_UP})|(?P<down>{_DOWN}))"
    rf"|(?P<whose>[^，。；\d]{{0,12}}?)(?:(?P<more>{_UP})|(?P<less>{_DOWN}))(?:明显|显著|较快|较大|较多)"
)


def check_trends(material: Material) -> Iterator[Remark]:
    """稳步增长 or 明显下降 behind two figures of two years that go the other way."""
    for stretch in material.stretches:
        for start, end in stretch.sentences:
            told = [each for each in stretch.figures if start <= each.start < end]
            amounts = [each for each in told if each.kind in (Kind.MONEY, Kind.COUNT)]
            if len(told) != 2 or len(amounts) != 2 or amounts[0].unit != amounts[1].unit:
                continue
            sentence, base = (
                stretch.text[start:end],
                [replace(each, start=each.start - start, end=each.end - start) for each in amounts],
            )
            then = _last_years(sentence, base)
            match = _TREND.search(sentence, base[1].end)
            if then is None or match is None or base[0].value == base[1].value:
                continue
            now = base[0] if then is base[1] else base[1]
            rises, subject = now.value > then.value, match["subject"] or match["whose"] or ""
            if bool(match["up"] or match["more"]) is rises or not _of_amounts(sentence[: base[1].start], subject):
                continue
            word = match.group().removeprefix(subject)
            yield Remark(
                rule="conclusion-against-data",
                severity=Severity.ERROR,
                place=stretch.at(start + match.end() - len(word)),
                quote=stretch.quote(start, end),
                stated=word,
                expected="增长" if rises else "下降",
                message=f"本年 {now.text}{'高' if rises else '低'}于上年 {then.text}，文中写“{word}”",
                advice="请核对两年的数和增减的说法",
            )


def _of_amounts(before: str, subject: str) -> bool:
    """Tell whether a trend is that of the amounts told: it names nothing, or a word that stands before them."""
    pairs = [subject[at : at + 2] for at in range(len(subject) - 1)]
    return not pairs or any(pair in before for pair in pairs)


def check_year_by_year(material: Material) -> Iterator[Remark]:
    """逐年 needs at least three years, and they must go that way."""
    told: dict[str, Remark] = {}
    for stretch in material.stretches:
        for match in _YEAR_BY_YEAR.finditer(stretch.text):
            remark = _year_by_year(stretch, match)
            if remark is not None:
                first = told.get(remark.message)
                told[remark.message] = remark if first is None else replace(first, also=(*first.also, remark.place))
    yield from told.values()


def _year_by_year(stretch: Stretch, match: re.Match[str]) -> Remark | None:
    series = _series(stretch, match)
    direction = "增加" if match["up"] is not None else "减少"
    if len(series) == 2:
        then, now = series.values()
        if (now.value > then.value) is not (direction == "增加"):
            return None  # check_trends tells it
        years = "、".join(f"{year}年 {figure.text}" for year, figure in series.items())
        message = f"只列出两年的数（{years}），不能说明逐年{direction}"
        return _year_remark(stretch, match, Severity.INFO, "至少三年的数", message)
    values = list(series.values())
    for one, other in zip(values, values[1:], strict=False):
        if (other.value > one.value) is not (direction == "增加"):
            message = f"文中写“{match.group()}”，从 {one.text} 到 {other.text} 并非{direction}"
            return _year_remark(stretch, match, Severity.WARNING, "", message)
    return None


def _series(stretch: Stretch, match: re.Match[str]) -> dict[str, Figure]:
    """Return the amounts by year told in the sentences around the words; empty where a year has two."""
    start, end = stretch.sentence_of(match.start())
    after = stretch.sentence_of(min(end + 1, len(stretch.text) - 1))
    found: dict[str, list[Figure]] = defaultdict(list)
    for figure in stretch.figures:
        if figure.kind is Kind.MONEY and start <= figure.start < max(end, after[1]):
            years = _YEAR.findall(stretch.text[max(start, figure.start - 24) : figure.start])
            if years:
                found[years[-1]].append(figure)
    if any(len(each) > 1 for each in found.values()):
        return {}
    return {year: found[year][0] for year in sorted(found)}


def _year_remark(stretch: Stretch, match: re.Match[str], severity: Severity, expected: str, message: str) -> Remark:
    return Remark(
        rule="conclusion-against-data",
        severity=severity,
        place=stretch.at(match.start()),
        quote=stretch.quote(match.start(), match.end()),
        stated=match.group(),
        expected=expected,
        message=message,
        advice="请补列各年的数，或改写结论",
    )


def check_best_and_worst(material: Material) -> Iterator[Remark]:
    """Which group has the highest and the lowest score rate, against the score table."""
    rates = _group_rates(material.tellings)
    if len(rates) < 3:
        return
    for stretch in material.stretches:
        for pattern, best in ((_RATED_HIGH, max(rates.values())), (_RATED_LOW, min(rates.values()))):
            for match in pattern.finditer(stretch.text):
                name = _group_name(match["one"] or match["two"])
                told = next((rate for group, rate in rates.items() if name and (group in name or name in group)), None)
                if told is None or told == best or "得分率" not in stretch.text:
                    continue
                right = "、".join(group for group, rate in rates.items() if rate == best)
                end, said = "最高" if pattern is _RATED_HIGH else "最低", match["one"] or match["two"]
                yield Remark(
                    rule="conclusion-against-data",
                    severity=Severity.ERROR,
                    place=stretch.at(match.start()),
                    quote=stretch.quote(match.start(), match.end()),
                    stated=said,
                    expected=right,
                    message=f"按得分表，得分率{end}的是{right}，文中写“{said}”",
                    advice="请按得分率核对",
                )


def _group_name(name: str) -> str:
    return re.sub(r"^(?:项目|四类指标中|其中)|(?:类|指标|方面)+$", "", name)


def _group_rates(tellings: Sequence[Telling]) -> dict[str, Fraction]:
    """Return the score rates of the top groups by their short names."""
    rates: dict[str, Fraction] = {}
    for telling in tellings:
        name = _group_name(plain_name(telling.name))
        is_top = telling.level == 1 or name in ("决策", "过程", "产出", "效益", "管理", "满意度")
        weight, score = telling.weight, telling.score
        if is_top and not telling.system and weight is not None and score is not None and weight.value > 0:
            rates.setdefault(name, score.value / weight.value)
    return rates


def check_all_against_part(material: Material) -> Iterator[Remark]:
    """均 and 全部 beside a count of the same things that leaves some out."""
    for stretch in material.stretches:
        for start, end in stretch.sentences:
            match = _ALL_BUT_PART.search(stretch.text[start:end])
            if match and int(match["part"]) < int(match["all"]):
                unit, part, whole = match["unit"], match["part"], match["all"]
                yield Remark(
                    rule="conclusion-against-data",
                    severity=Severity.WARNING,
                    place=stretch.at(start + match.start()),
                    quote=match.group()[:80],
                    stated=f"{part}{unit}",
                    expected=f"{whole}{unit}",
                    message=f"同一句话说指标均可衡量，又说 {whole} {unit}中只有 {part} {unit}量化",
                    advice="请改写其中一处",
                )


def check_reasons_of_rows(material: Material) -> Iterator[Remark]:
    """A row's reason says that a number fell, while the row's number of last year shows that it rose; or reverse."""
    for grid in material.grids:
        if not any(last_word(heading).startswith("上年") for heading in grid.headings):
            continue
        for row in grid.body:
            texts = [bare(cell.text) for cell in row.cells]
            told = [figure_of(text.lstrip("=")) for text in texts]
            counts = [each for each in told if each is not None and each.kind is Kind.COUNT]
            reason = next((text for text in texts if _REASON_DOWN.search(text) or _REASON_UP.search(text)), "")
            if len(counts) != 3 or len({each.unit for each in counts}) != 1 or not reason or counts[0].mark != "≥":
                continue
            now, then = counts[1], counts[2]
            fell = bool(_REASON_DOWN.search(reason))
            if now.value != then.value and (now.value < then.value) is not fell:
                word = "增加" if now.value > then.value else "减少"
                yield Remark(
                    rule="conclusion-against-data",
                    severity=Severity.WARNING,
                    place=row.cells[0].place,
                    quote=f"{now.text} {then.text} {reason}",
                    stated=reason,
                    expected=f"较上年{word}",
                    message=f"本年 {now.text}，上年 {then.text}，是{word}，偏差原因写“{reason}”",
                    advice="请核对偏差原因",
                )


def check_copied_reasons(material: Material) -> Iterator[Remark]:
    """The same reason in several rows whose figures differ; one that returns in another table is told once."""
    told: set[str] = set()
    for grid in material.grids:
        reasons = [at for at, heading in enumerate(grid.headings) if re.search(r"原因|措施", last_word(heading))]
        notes = [at for at, heading in enumerate(grid.headings) if "说明" in last_word(heading)]
        for column in reasons or notes:
            copies = [each for each in _copies(grid, column) if each.stated not in told]
            told.update(each.stated for each in copies)
            yield from copies


def _copies(grid: Grid, column: int) -> Iterator[Remark]:
    rows: dict[str, list[int]] = defaultdict(list)
    for at, row in enumerate(grid.body):
        text = bare(row.cells[column].text) if column < len(row.cells) else ""
        if len(text) >= SHORTEST_COPY and figure_of(text) is None:
            rows[text].append(at)
    for text, found in rows.items():
        others = {_without(grid, row, column) for row in found}
        if len(found) >= MOST_ROWS and len(others) == len(found):
            yield Remark(
                rule="conclusion-copied",
                severity=Severity.INFO,
                place=grid.body[found[0]].cells[column].place,
                also=tuple(grid.body[at].cells[column].place for at in found[1:4]),
                quote=text[:60],
                stated=text[:40],
                message=f"{len(found)} 行的“{last_word(grid.headings[column])}”一字不差，各行的数并不相同",
                advice="请逐项写明各自的原因",
            )


def _without(grid: Grid, row: int, column: int) -> tuple[str, ...]:
    return tuple(bare(cell.text) for at, cell in enumerate(grid.body[row].cells) if at != column)
