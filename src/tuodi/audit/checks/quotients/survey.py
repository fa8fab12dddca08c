"""Surveys: counts of options against the questionnaires, shares against counts, the text against the tables."""

import re
from collections.abc import Iterator
from fractions import Fraction

from tuodi.audit.figures.amounts import Figure, Kind
from tuodi.audit.figures.arithmetic import Span, like, written
from tuodi.audit.figures.precision import one_digit_off
from tuodi.audit.material import Material
from tuodi.audit.remark import Remark
from tuodi.audit.statements.grids import last_word
from tuodi.audit.statements.labels import clause_before
from tuodi.audit.statements.questions import Option, Question
from tuodi.audit.statements.stretches import Stretch
from tuodi.kernel.finding import Severity

NEAR_MEAN = 2
"""Percentage points within which a told average belongs to the items of a table."""


def check_option_counts(material: Material) -> Iterator[Remark]:
    """The counts of a question's options against the number of answers told with it, or the valid questionnaires."""
    returned = _returned(material)
    for question in material.questions:
        if question.multiple or len(question.counts) < 2:
            continue
        stated, place = question.stated, question.stated_place
        whole = stated if stated is not None else returned
        if whole is None or whole.value == question.answered:
            continue
        if stated is None and not _nearly(question, whole):
            continue
        expected = like(whole, question.answered)
        yield Remark(
            rule="counts-differ",
            severity=Severity.ERROR if stated is not None else Severity.WARNING,
            place=place or question.place,
            quote=f"{_short(question)} {written(question.counts)}".strip(),
            stated=whole.text,
            expected=expected,
            message=f"各选项 {written(question.counts)}＝{expected}，"
            + (f"本题合计写 {whole.text}" if stated is not None else f"有效问卷为 {whole.text}"),
            advice="请核对各选项的人数和答题人数；多选题请注明",
        )


def _nearly(question: Question, whole: Figure) -> bool:
    """Tell whether a question was put to all: its counts miss the questionnaires by little, or one digit is wrong."""
    difference = abs(question.answered - whole.value)
    if 10 * difference <= whole.value:
        return True
    return any(one_digit_off(count, whole.value - question.answered + count.value) for count in question.counts)


def _short(question: Question) -> str:
    return question.text[:30]


def _returned(material: Material) -> Figure | None:
    """Return the number of valid questionnaires if the paper tells one."""
    found = [
        figure
        for stretch in material.stretches
        for figure in stretch.figures
        if figure.unit == "份" and re.search(r"有效|回收", clause_before(stretch.text, figure.start))
    ]
    valid = {figure.value for figure in found}
    return found[-1] if found and len(valid) == 1 else None


def check_option_shares(material: Material) -> Iterator[Remark]:
    """The share of each option against its count, over the answers counted and over the answers told."""
    returned = _returned(material)
    for question in material.questions:
        wholes = _wholes(question, returned)
        if not wholes:
            continue
        for option in question.options:
            if option.count is not None and option.share is not None and option.share.kind is Kind.SHARE:
                yield from _share(question, option, wholes)


def _wholes(question: Question, returned: Figure | None) -> tuple[Fraction, ...]:
    found = [] if question.stated is None else [question.stated.value]
    if not question.multiple and len(question.counts) > 1:
        found.append(question.answered)
    if returned is not None:
        found.append(returned.value)
    return tuple(dict.fromkeys(whole for whole in found if whole > 0))


def _share(question: Question, option: Option, wholes: tuple[Fraction, ...]) -> Iterator[Remark]:
    count, share = option.count, option.share
    if count is None or share is None:
        return
    values = [count.value * 100 / whole for whole in wholes]
    if any(Span(value, value, value).allows(share) for value in values):
        return
    expected = like(share, values[0])
    others = "".join(
        f"，按 {whole} 计为 {like(share, value)}" for whole, value in zip(wholes[1:], values[1:], strict=True)
    )
    yield Remark(
        rule="share-differs",
        severity=Severity.ERROR,
        place=option.share_place,
        quote=f"{_short(question)} {option.name} {count.text} {share.text}".strip(),
        stated=share.text,
        expected=expected,
        message=f"“{option.name}”{count.text}÷{wholes[0]}＝{expected}{others}，写作 {share.text}",
        advice="请按人数重新计算占比",
    )


_ASKED = re.compile(r"第(?P<number>\d{1,2})题[：:]?(?P<asked>[^“”\"]{4,60}？)[”\"]?(?P<rest>[^。；]{0,60})")
_CHOSEN = re.compile(
    r"(?:认为|选择|回答|表示)[“\"](?P<name>[^”\"]{1,12})[”\"]的(?:问卷|人数|人员|受访者)?(?:的)?(?:比例|占比)?(?:为|达|占|达到)*$"
)
_PLEASED = re.compile(r"满意的(?:问卷|人员|人数)?(?:的)?(?:比例|占比)(?:为|达|占|达到)*$")


def check_told_answers(material: Material) -> Iterator[Remark]:
    """A share the text tells of a question (第4题…认为“是”的比例) against the table of that question."""
    for stretch in material.stretches:
        for match in _ASKED.finditer(stretch.text):
            question = _question(material, match["number"], match["asked"])
            if question is None:
                continue
            rate = next(
                (
                    each
                    for each in stretch.figures
                    if match.start("rest") <= each.start and each.kind is Kind.SHARE and each.end <= match.end()
                ),
                None,
            )
            if rate is not None:
                yield from _told(stretch, rate, question, stretch.text[match.start("rest") : rate.start])


def _question(material: Material, number: str, asked: str) -> Question | None:
    """Return the question of a number whose words are the same."""
    plain = re.sub(r"[\s*“”\"]", "", asked)
    for question in material.questions:
        if re.search(rf"第{number}题", question.text) and plain[:8] in re.sub(r"[\s*“”\"]", "", question.text):
            return question
    return None


def _told(stretch: Stretch, rate: Figure, question: Question, words: str) -> Iterator[Remark]:
    chosen, total = _CHOSEN.search(words), question.answered
    if total <= 0 or question.multiple:
        return
    if chosen is not None:
        counted = [option for option in question.options if option.name.lstrip("ABCDEF.、") == chosen["name"]]
    elif _PLEASED.search(words):
        counted = [option for option in question.options if "满意" in option.name and "不满意" not in option.name]
    else:
        return
    counts = [option.count for option in counted if option.count is not None]
    if not counts:
        return
    value = sum((count.value for count in counts), Fraction(0)) * 100 / total
    if Span(value, value, value).allows(rate):
        return
    expected = like(rate, value)
    parts = f"（{written(counts)}）" if len(counts) > 1 else counts[0].text
    yield Remark(
        rule="text-against-table",
        severity=Severity.WARNING,
        place=stretch.at(rate.start),
        quote=stretch.quote(rate.start - min(20, len(words)), rate.end),
        stated=rate.text,
        expected=expected,
        message=f"按问卷结果 {parts}÷{total}＝{expected}，文中写 {rate.text}",
        advice="请与问卷统计核对；如果是加权的满意度，请写明各档权重，不要写成人数比例",
        also=(question.place,),
    )


_JOINED = re.compile(
    r"(?:合计|共计|两项合计|二者合计|总)[^，。；、]{0,14}(?:率|占比|比例|满意度)?(?:为|达|达到|仅|占)*$"
)


def check_told_sums(material: Material) -> Iterator[Remark]:
    """Shares of answers told one after the other with their sum: 熟悉 a%，一般了解 b%，合计 c%."""
    for stretch in material.stretches:
        for start, end in stretch.sentences:
            shares = [
                each
                for each in stretch.figures
                if start <= each.start < end and each.kind is Kind.SHARE and not each.mark
            ]
            for at, told in enumerate(shares):
                before = clause_before(stretch.text, told.start, shares[at - 1].end if at else start)
                if 2 <= at <= 4 and _JOINED.search(before):
                    yield from _joined(stretch, shares[:at], told)


def _joined(stretch: Stretch, parts: list[Figure], told: Figure) -> Iterator[Remark]:
    value = sum((part.value for part in parts), Fraction(0))
    slack = sum((part.step for part in parts), Fraction(0)) / 2
    if Span(value - slack, value, value + slack).allows(told) or abs(value - told.value) > 20:
        return
    expected = like(told, value)
    yield Remark(
        rule="parts-differ",
        severity=Severity.ERROR,
        place=stretch.at(told.start),
        quote=stretch.quote(parts[0].start, told.end),
        stated=told.text,
        expected=expected,
        message=f"{written(parts)}＝{expected}，合计写 {told.text}",
        advice="请核对各项占比和合计",
    )


_SENT = re.compile(r"(?:发放|发出|投放)[^，。；\d]{0,8}$")
_BACK = re.compile(r"(?:回收|收回|收到)[^，。；\d]{0,8}$")
_VALID = re.compile(r"有效[^，。；\d率]{0,8}$")


def check_returns(material: Material) -> Iterator[Remark]:
    """Questionnaires sent, returned and valid, with the rates told in the same text."""
    for stretch in material.stretches:
        counts = [each for each in stretch.figures if each.unit == "份"]
        sent, back, valid = (_one(stretch, counts, told) for told in (_SENT, _BACK, _VALID))
        if back is not None and sent is not None and back.value > sent.value:
            yield _too_many(stretch, back, sent, "回收", "发放")
        if valid is not None and (back or sent) is not None and valid.value > (back or sent or valid).value:
            yield _too_many(stretch, valid, back or sent or valid, "有效", "回收" if back else "发放")
        for rate in stretch.figures:
            before = clause_before(stretch.text, rate.start)
            if rate.kind is not Kind.SHARE or rate.mark:
                continue
            if "回收率" in before[-6:] and back and sent:
                yield from _return_rate(stretch, rate, back, (sent,), "回收率")
            elif re.search(r"(?<!回收)有效率", before[-6:]) and valid and (back or sent):
                yield from _return_rate(stretch, rate, valid, tuple(each for each in (back, sent) if each), "有效率")


def _one(stretch: Stretch, counts: list[Figure], told: re.Pattern[str]) -> Figure | None:
    for count in counts:
        floor = max((each.end for each in stretch.figures if each.end <= count.start), default=0)
        if told.search(clause_before(stretch.text, count.start, floor)):
            return count
    return None


def _too_many(stretch: Stretch, more: Figure, less: Figure, first: str, second: str) -> Remark:
    return Remark(
        rule="counts-differ",
        severity=Severity.ERROR,
        place=stretch.at(more.start),
        quote=stretch.quote(min(more.start, less.start), max(more.end, less.end)),
        stated=more.text,
        expected=f"不大于 {less.text}",
        message=f"{first}问卷 {more.text} 多于{second}的 {less.text}",
        advice="请核对问卷份数",
    )


def _return_rate(
    stretch: Stretch, rate: Figure, part: Figure, wholes: tuple[Figure, ...], what: str
) -> Iterator[Remark]:
    values = [part.value * 100 / whole.value for whole in wholes if whole.value > 0]
    if not values or any(Span(value, value, value).allows(rate) for value in values):
        return
    expected = like(rate, values[0])
    yield Remark(
        rule="share-differs",
        severity=Severity.ERROR,
        place=stretch.at(rate.start),
        quote=stretch.quote(part.start, rate.end),
        stated=rate.text,
        expected=expected,
        message=f"{part.text}÷{wholes[0].text}＝{expected}，{what}写 {rate.text}",
        advice="请核对发放、回收、有效份数和比率",
    )


def check_sample_size(material: Material) -> Iterator[Remark]:
    """The number of valid questionnaires told in several places."""
    told: list[tuple[Stretch, Figure]] = []
    for stretch in material.stretches:
        for figure in stretch.figures:
            floor = max((each.end for each in stretch.figures if each.end <= figure.start), default=0)
            if (
                figure.unit == "份"
                and not figure.mark
                and _VALID.search(clause_before(stretch.text, figure.start, floor))
            ):
                told.append((stretch, figure))
    values = {figure.value for _, figure in told}
    if len(values) == 2:
        first = told[0][1]
        for stretch, figure in told:
            if figure.value != first.value:
                yield Remark(
                    rule="value-told-twice",
                    severity=Severity.WARNING,
                    place=stretch.at(figure.start),
                    quote=stretch.quote(figure.start, figure.end),
                    stated=figure.text,
                    expected=first.text,
                    message=f"有效问卷此处写 {figure.text}，另一处写 {first.text}",
                    advice="请核对有效问卷份数；如是两次调查，请写明",
                    also=(told[0][0].at(first.start),),
                )
                return


_MEAN = re.compile(r"(?:平均|总体|综合|整体)[^，。；、\d]{0,6}(?:满意度|满意率)[^，。；、\d]{0,4}$")


def check_mean_satisfaction(material: Material) -> Iterator[Remark]:
    """The average satisfaction told near a table of items against the mean of the items."""
    for grid in material.grids:
        columns = [at for at, heading in enumerate(grid.headings) if "满意" in last_word(heading) and grid.shares(at)]
        items = [figure for row in grid.body if columns and (figure := grid.figure(row, columns[0])) is not None]
        if len(columns) != 1 or len(items) < 3:
            continue
        mean = sum((item.value for item in items), Fraction(0)) / len(items)
        slack = max(item.step for item in items) / 2
        for stretch in material.stretches:
            if abs(stretch.place.block - grid.table.place.block) > 4:
                continue
            for figure in stretch.figures:
                if (
                    figure.kind is Kind.SHARE
                    and not figure.mark
                    and _MEAN.search(clause_before(stretch.text, figure.start))
                ):
                    if Span(mean - slack, mean, mean + slack).allows(figure) or abs(mean - figure.value) > NEAR_MEAN:
                        continue
                    yield _mean_remark(stretch, figure, items, mean)


def _mean_remark(stretch: Stretch, figure: Figure, items: list[Figure], mean: Fraction) -> Remark:
    expected = like(figure, mean)
    return Remark(
        rule="average-differs",
        severity=Severity.WARNING,
        place=stretch.at(figure.start),
        quote=stretch.quote(figure.start, figure.end),
        stated=figure.text,
        expected=expected,
        message=f"（{written(items)}）÷{len(items)}＝{expected}，平均满意度写 {figure.text}",
        advice="请重新计算；如果是加权平均，请写明权重",
    )


FINEST_MARK = 20
"""Answers are marked in steps of a twentieth at the finest: 1, 0.8, 0.75, 0.6, 0.5, …."""


def check_possible_satisfaction(material: Material) -> Iterator[Remark]:
    """Shares of satisfaction that no answers of so many people can give; a hint, since the marks are not printed."""
    returned = _returned(material)
    for grid in material.grids:
        columns = [at for at, heading in enumerate(grid.headings) if "满意" in last_word(heading) and grid.shares(at)]
        if returned is None or len(columns) != 1:
            continue
        parts = returned.value * FINEST_MARK
        for row in grid.body:
            figure = grid.figure(row, columns[0])
            if figure is None or figure.mark or 100 / parts <= 2 * figure.step:
                continue
            nearest = Fraction(int(figure.value * parts / 100 + Fraction(1, 2))) * 100 / parts
            if not Span(nearest, nearest, nearest).allows(figure):
                yield Remark(
                    rule="share-differs",
                    severity=Severity.INFO,
                    place=row.cells[columns[0]].place,
                    quote=f"{row.label} {figure.text}",
                    stated=figure.text,
                    message=f"{returned.text}有效问卷，各档按 1、0.8、0.75、0.6 等计分，得不到 {figure.text}，"
                    f"最接近的是 {like(figure, nearest)}",
                    advice="请核对答题人数和计分方法，并附各选项人数",
                )
