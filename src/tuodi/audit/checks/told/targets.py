"""Targets judged wrongly: told reached though missed, or missed though reached; in tables and in sentences."""

import re
from collections.abc import Iterator

from tuodi.audit.figures.amounts import Figure, Kind, figure_of, figures
from tuodi.audit.material import Material
from tuodi.audit.paper.model import Place
from tuodi.audit.remark import Remark
from tuodi.audit.statements.grids import Grid, Row, bare
from tuodi.kernel.finding import Severity

_YES = re.compile(r"^(?:是|已?(?:完成|达到|达标|实现)|(?:超额|全部|按期)完成|完成目标|达到(?:目标|预期)值?|√)$")
_NO = re.compile(r"^(?:否|(?:未|没有|尚未|未能)(?:完成|达到|达标|实现)(?:目标)?|不达标|部分完成|×)$")
_LOWER_IS_BETTER = re.compile(
    r"成本|结余|结转|起付|投诉|差错|时限|时间|天数|工作日|超支|空置|死亡|返贫|不合格|不满意|限额|负担"
)
_JUDGED = re.compile(
    r"(?P<no>未能?|没有|尚未|不能)?(?P<yes>达到|完成|实现|达成)了?(?:年度|预期|既定|绩效|考核|年初)*(?:设定的?)?"
    r"(?:目标|绩效目标|指标值|目标值|标准|要求)"
)
_TARGET_WORDS = re.compile(r"目标|指标值|计划|应|预计|标准值")
_ACTUAL_WORDS = re.compile(r"实际|完成|达到|实现|为$|已")
_ASIDE = re.compile(r"（[^（）]*）")
_FRAME = re.compile(r"(?:年度)?(?:指标值|目标值|目标|计划数|计划)(?:为|是)?$|^(?:计划|目标)|[：:]")
_COMPARED = re.compile(
    r"(?<![\d.])(?P<actual>\d{1,9}(?:\.\d{1,9})?%)(?:[^，。；\d]{0,8})[，,]?(?:已|均|且)?"
    r"(?P<word>大于等于|不低于|不高于|高于|大于|超过|超出|低于|小于|不足|未达到|没有达到|达到了?)"
    r"(?:[^，。；\d%]{0,12})(?P<target>\d{1,9}(?:\.\d{1,9})?%)"
)
_HOLDS = {
    "大于等于": lambda actual, target: actual >= target,
    "不低于": lambda actual, target: actual >= target,
    "不高于": lambda actual, target: actual <= target,
    "高于": lambda actual, target: actual > target,
    "大于": lambda actual, target: actual > target,
    "超过": lambda actual, target: actual > target,
    "超出": lambda actual, target: actual > target,
    "低于": lambda actual, target: actual < target,
    "小于": lambda actual, target: actual < target,
    "不足": lambda actual, target: actual < target,
    "未达到": lambda actual, target: actual < target,
    "没有达到": lambda actual, target: actual < target,
    "达到": lambda actual, target: actual >= target,
    "达到了": lambda actual, target: actual >= target,
}


def check_target_tables(material: Material) -> Iterator[Remark]:
    """Each row with a target, an actual value and a word whether it was reached."""
    for grid in material.grids:
        target, actual = _columns(grid)
        if target is None or actual is None:
            continue
        for row in grid.body:
            wanted, reached = _cell(grid, row, target), _cell(grid, row, actual)
            if wanted is None or reached is None or row.short:
                continue
            name = _name(grid, row, target)
            met = is_met(wanted, reached, name)
            if met is None:
                continue
            for at, cell in enumerate(row.cells):
                word = bare(cell.text)
                said = _said(word) if at not in (target, actual) else None
                if said is not None and said is not met:
                    yield _remark(name, wanted, reached, word, met, cell.place)


def _columns(grid: Grid) -> tuple[int | None, int | None]:
    """Return the columns of targets and of actual values: of several that tell one, those that hold figures."""
    numeric = grid.numeric_columns()
    targets = list(grid.columns("target"))
    actuals = [at for at in grid.columns("actual") if at not in targets]
    told = [at for at in targets if at in numeric or _has_figures(grid, at)] or targets
    done = [at for at in actuals if at in numeric or _has_figures(grid, at)]
    return (told[0] if len(told) == 1 else None), (done[0] if len(done) == 1 else None)


def _has_figures(grid: Grid, column: int) -> bool:
    return any(_cell(grid, row, column) is not None for row in grid.body)


def _cell(grid: Grid, row: Row, column: int) -> Figure | None:
    """Return a cell's figure; a sign = before it says nothing more."""
    if column >= len(row.cells):
        return None
    return figure_of(bare(row.cells[column].text).lstrip("="), grid.unit(column))


def _name(grid: Grid, row: Row, target: int) -> str:
    """Return the indicator's name: the last filled cell of words left of the target."""
    left = [cell for cell in row.cells[:target] if bare(cell.text) and figure_of(bare(cell.text)) is None]
    named = [row.cells[at] for at in grid.columns("indicator") if at < len(row.cells) and bare(row.cells[at].text)]
    return bare((named or left or [row.cells[0]])[-1].text)


def is_met(target: Figure, actual: Figure, name: str = "") -> bool | None:
    """Tell whether an actual value meets a target; None where that cannot be told.

    A target without a sign is a least one, unless the name (成本, 结余, 时限 …) tells that less is better.
    """
    if target.kind is not actual.kind and Kind.PLAIN not in (target.kind, actual.kind) or target.mark == "约":
        return None
    if target.unit and actual.unit and target.unit != actual.unit:
        return None
    if target.mark == "≥" or not target.mark and not _LOWER_IS_BETTER.search(name):
        return actual.value >= target.value
    if target.mark == "≤":
        return actual.value <= target.value
    if target.mark == ">":
        return actual.value > target.value
    return actual.value < target.value if target.mark == "<" else None


def _said(word: str) -> bool | None:
    return True if _YES.match(word) else False if _NO.match(word) else None


def _remark(name: str, target: Figure, actual: Figure, word: str, met: bool, place: Place, quote: str = "") -> Remark:
    printed = f"{target.mark}{target.text}"
    return Remark(
        rule="target-judged-wrongly",
        severity=Severity.ERROR,
        place=place,
        quote=quote or f"{name} {printed} {actual.text} {word}",
        stated=word,
        expected="达到" if met else "未达到",
        message=f"{name}目标 {printed}，实际 {actual.text}，{'已达到' if met else '没有达到'}目标，文中判为“{word}”",
        advice="请核对目标值、实际值和完成判断",
    )


def check_scored_targets(material: Material) -> Iterator[Remark]:
    """A target missed and yet full points, where a table prints target, actual value, weight and score."""
    forms = {table.place.block for table in material.self_tables}
    for telling in material.tellings:
        weight, score = telling.weight, telling.score
        if telling.place.block in forms and telling.target.startswith("≥"):
            continue  # told of the whole form
        if not telling.in_table or weight is None or score is None or score.value < weight.value or weight.value <= 0:
            continue
        target, actual = figure_of(telling.target), figure_of(telling.actual.lstrip("="))
        if target is None or actual is None or not target.mark or is_met(target, actual, telling.name) is not False:
            continue
        yield Remark(
            rule="target-judged-wrongly",
            severity=Severity.ERROR,
            place=telling.place,
            quote=f"{telling.name} {telling.target} {telling.actual} {weight.text} {score.text}",
            stated=score.text,
            expected=f"<{weight.text}",
            message=f"{telling.label}目标 {telling.target}，实际 {telling.actual}，没有达到目标，却得满分 {score.text}",
            advice="请核对实际完成值和得分",
        )


def check_target_sentences(material: Material) -> Iterator[Remark]:
    """Sentences that tell a target, what was reached and whether that is enough; and comparisons that do not hold."""
    for stretch in material.stretches:
        for start, end in stretch.sentences:
            sentence = stretch.text[start:end]
            for match in _COMPARED.finditer(sentence):
                remark = _comparison(match, stretch.at(start + match.start()))
                if remark is not None:
                    yield remark
            judged = list(_JUDGED.finditer(sentence))
            if len(judged) != 1:
                continue
            pair = _pair(sentence[: judged[0].start()])
            if pair is None:
                continue
            target, actual, name = pair
            met = is_met(target, actual, name)
            said = judged[0]["no"] is None
            if met is not None and said is not met:
                word = judged[0].group()
                place = stretch.at(start + judged[0].start())
                yield _remark(name, target, actual, word, met, place, stretch.quote(start, end))


_AIM_BEHIND = re.compile(
    r"(?P<no>未能?|没有|尚未|不能)?(?:达到|完成|实现|达成)了?[^，。；（）\d]{0,8}目标(?:值)?（(?P<aim>[^（）]{2,12})）"
)


def check_aims_behind(material: Material) -> Iterator[Remark]:
    """What was reached, whether that is enough, and the target in brackets: 满意度 72%，达到目标（≥90%）."""
    for stretch in material.stretches:
        for match in _AIM_BEHIND.finditer(stretch.text):
            aim = figure_of(match["aim"])
            start, _ = stretch.sentence_of(match.start())
            before = [each for each in stretch.figures if start <= each.start and each.end <= match.start()]
            if aim is None or not aim.mark or not before or before[-1].kind is not aim.kind:
                continue
            told = before[-1]
            met = is_met(aim, told, "")
            if "，" in stretch.text[told.end : match.start() - 1] or met is None or met is (match["no"] is None):
                continue
            word = match.group().partition("（")[0]
            quote = stretch.quote(told.start, match.end())
            yield _remark("该项", aim, told, word, met, stretch.at(match.start()), quote)


def _pair(text: str) -> tuple[Figure, Figure, str] | None:
    """Return target and actual value where a sentence tells just two figures of one unit, each called what it is."""
    text = _ASIDE.sub(lambda match: "，" * len(match.group()), text)
    found = [each for each in figures(text) if each.kind in (Kind.COUNT, Kind.MONEY, Kind.SHARE, Kind.PLAIN)]
    counts = [each for each in found if each.kind is not Kind.SHARE] or found
    if len(counts) != 2 or counts[0].unit != counts[1].unit or counts[0].mark not in ("", "≥"):
        return None
    before, between = text[: counts[0].start], text[counts[0].end : counts[1].start]
    if not _TARGET_WORDS.search(before[-14:]) or not _ACTUAL_WORDS.search(between) or _TARGET_WORDS.search(between):
        return None
    clause = re.split(r"[，。；]", before)[-1]
    name = _FRAME.sub("", clause.rstrip("≥≤><=")).removesuffix("的")
    return counts[0], counts[1], name or clause


def _comparison(match: re.Match[str], place: Place) -> Remark | None:
    actual, target = figure_of(match["actual"]), figure_of(match["target"])
    word = match["word"]
    if match.string[: match.start("target")][-1] in "≤<" and word.startswith("达到"):
        word = "不高于"  # 10%，达到目标≤15%
    if actual is None or target is None or _HOLDS[word](actual.value, target.value):
        return None
    if re.search(r"得|扣|分|≥|＞|>", match.string[max(0, match.start() - 2) : match.start("word")]):
        return None  # a scoring rule
    before, after = match.string[: match.start("actual")][-1:], match.string[match.end() :][:4]
    if before in tuple("比较个至到") or "百分点" in after:
        return None
    sign = "<" if actual.value < target.value else "=" if actual.value == target.value else ">"
    return Remark(
        rule="target-judged-wrongly",
        severity=Severity.ERROR,
        place=place,
        quote=match.group(),
        stated=match["word"] + match["target"],
        expected=f"{actual.text}{sign}{target.text}",
        message=f"文中说{actual.text}“{match['word']}{target.text}”，{actual.text}并不{match['word']}{target.text}",
        advice="请核对两个比例和比较的结论",
    )
