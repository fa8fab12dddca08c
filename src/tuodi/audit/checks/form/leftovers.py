"""Leftovers of a template: another place, trade or firm, the report's title in place of the project's name."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher

from tuodi.audit.material import Material
from tuodi.audit.paper.model import Paper, Paragraph, Reading, readings
from tuodi.audit.remark import Remark, quoted
from tuodi.audit.statements.leftover_words import leftover_words
from tuodi.audit.statements.names import (
    LEVELS,
    Named,
    firms,
    own_places,
    places_named,
    subject,
    times_named,
    units_by_role,
)
from tuodi.kernel.finding import Severity

MOST_MENTIONS = 2
"""A name left over stands once or twice; one that stands more often is meant."""

SHORTEST_NAME = 6

_QUOTED = re.compile(r"《[^》]{0,200}》")
_GOES_ON = ("绩效", "工作", "综合得分", "得分", "评价", "自评")
_KIND = re.compile(r"(?:项目)?(?:支出)?绩效(?:自评|评价)报告$")
_TWICE = re.compile(r"(?P<phrase>[\u4e00-\u9fff]{3,12})(?:内|的)?(?P=phrase)")
_NO_BODY = r"(?!级|[\u4e00-\u9fff]{0,7}(?:[局委院办府城长直域内所站社区]|中心|部门))"
"""What may not follow a doubled 县: 云溪县县医院 and 云溪县县级 are two words."""
_REDOUBLED = re.compile(
    r"(?<=20\d\d)年年(?![底初中末度终内间])|的的|地地(?=[\u4e00-\u9fff])|了了(?!解|然|结|事)|和和(?!睦|气|美)|与与|及及(?!时)|在在"
)


def other_places(material: Material) -> Iterator[Remark]:
    """A place of the level of the paper's own, named once or twice where the paper's own ought to stand."""
    own = own_places(material.paper)
    levels = {LEVELS[name[-1]] for name in own}
    named = [each for each in places_named(material.paper) if isinstance(each.reading, Paragraph)]
    counts = times_named(material.paper)
    for each in named:
        if each.name in own or LEVELS[each.name[-1]] not in levels or counts[each.name] > MOST_MENTIONS:
            continue
        peers = sorted(
            (name for name in own if LEVELS[name[-1]] == LEVELS[each.name[-1]]), key=lambda name: -counts[name]
        )
        least = 1 if peers[0] in material.paper.title else 2
        misread = any(_is_misread(each.name, name) for name in own)
        if counts[peers[0]] < least or misread or _is_neighbour(each):
            continue
        yield Remark(
            rule="other-project-left",
            severity=Severity.ERROR,
            place=each.place,
            quote=quoted(each.reading.text, each.start, each.start + len(each.name)),
            stated=each.name,
            expected=peers[0],
            message=f"全文说的是{peers[0]}，此处写作{each.name}",
            advice="请核对是否为套用旧稿时漏改的地名",
        )


def _is_misread(name: str, own: str) -> bool:
    """Tell whether a name is a place's own: cut, with a word before it, or with one character misread."""
    return (
        len(name) == len(own) > 2
        and sum(a != b for a, b in zip(name, own, strict=True)) == 1
        or own.endswith(name)
        or name.endswith(own)
    )


def _is_neighbour(each: Named) -> bool:
    """Tell whether a place is named on purpose: in a title, in a list of places, as a neighbour to compare with."""
    text, end = each.reading.text, each.start + len(each.name)
    if any(match.start() <= each.start < match.end() for match in _QUOTED.finditer(text)):
        return True
    around = text[max(0, each.start - 12) : end + 12]
    listed = text[max(0, each.start - 1) : each.start] == "、" and text[max(0, each.start - 2)] in LEVELS
    return listed or any(word in around for word in leftover_words().neighbour_words)


def other_trades(material: Material) -> Iterator[Remark]:
    """Words of another trade that stand in one to three passages of a paper whose title knows nothing of that trade."""
    words = leftover_words()
    texts = list(readings(material.paper))
    title = material.paper.title + subject(material.paper)
    for trade, tells in words.trades.items():
        if any(tell in title for tell in tells) or trade[:2] in title:
            continue
        hits = [(reading, tell) for reading in texts for tell in tells if tell in _QUOTED.sub("", reading.text)]
        hits = [(reading, tell) for reading, tell in hits if "无关" not in reading.text]  # the paper says so itself
        passages = {reading.text: (reading, tell) for reading, tell in reversed(hits)}
        number = len({(each.text, each.place.block, each.place.row, each.place.column) for each, _ in hits})
        if not 0 < number <= words.most_trade_passages:
            continue
        for reading, tell in reversed(passages.values()):
            at = reading.text.find(tell)
            yield Remark(
                rule="other-project-left",
                place=reading.at(at),
                quote=quoted(reading.text, at, at + len(tell)),
                stated=tell,
                message=f"“{tell}”是{trade}的说法，全文只有 {number} 处提到，与本项目无关",
                advice="请核对是否为其他项目的模板内容",
            )


def title_for_project(material: Material) -> Iterator[Remark]:
    """The report's title in the middle of a sentence where the project's name belongs."""
    title = material.paper.title
    name = _KIND.sub("", title)
    if name == title or len(name) < SHORTEST_NAME:
        return
    for stretch in material.paper.paragraphs:
        at = stretch.text.find(title)
        if at < 0 or not stretch.text.startswith(_GOES_ON, at + len(title)) or stretch.text[:at].endswith(("《", "“")):
            continue
        yield Remark(
            rule="name-told-twice",
            place=stretch.at(at),
            quote=quoted(stretch.text, at, at + len(title)),
            stated=title,
            expected=name,
            message="应写项目名称的地方写成了报告的题名",
            advice=f"改为“{name}”",
        )


def doubled_words(material: Material) -> Iterator[Remark]:
    """A phrase printed twice in a row, and the first character of the project's name doubled."""
    project = subject(material.paper)
    doubled = f"{project[0]}{project[:4]}" if len(project) >= 4 else ""
    levels = _level_doubled(material.paper)
    for reading in readings(material.paper):
        if not isinstance(reading, Paragraph) or reading.text[-1] not in "。；：":
            continue
        for match in _TWICE.finditer(reading.text):
            yield _doubled(reading, match.start(), match.end(), f"“{match['phrase']}”重复", match["phrase"])
        for match in _REDOUBLED.finditer(reading.text):
            yield _doubled(reading, *match.span(), f"“{match.group()}”重复", match.group()[0], Severity.INFO)
        for match in levels.finditer(reading.text) if levels else ():
            at = match.end("name")
            yield _doubled(reading, at - 1, at + 1, f"“{match.group()}”重复了一个“{match['level']}”字",
                           match["level"], Severity.INFO)  # fmt: skip
        at = reading.text.find(doubled) if doubled else -1
        if at >= 0 and project[0] != project[1]:
            yield _doubled(reading, at, at + len(doubled), f"项目名称多了一个“{project[0]}”字", doubled[1:])


def _level_doubled(paper: Paper) -> re.Pattern[str] | None:
    """Return what finds one of the paper's own places with its last character doubled and no body of it behind."""
    names = "|".join(re.escape(name) for name in sorted(own_places(paper)) if name[-1] in LEVELS)
    return re.compile(rf"(?P<name>{names})(?P<level>[县市区镇乡])(?<=(?P=level){{2}}){_NO_BODY}") if names else None


def _doubled(
    reading: Reading, start: int, end: int, message: str, expected: str, severity: Severity = Severity.WARNING
) -> Remark:
    return Remark(
        rule="name-told-twice",
        severity=severity,
        place=reading.at(start),
        quote=quoted(reading.text, start, end),
        stated=reading.text[start:end],
        expected=expected,
        message=message,
        advice="请删去重复的字",
    )


def units_told_twice(material: Material) -> Iterator[Remark]:
    """The same role (实施单位, 评价机构) filled with two units in two places."""
    by_role: dict[str, list[Named]] = defaultdict(list)
    for label, unit in units_by_role(material.paper):
        by_role[label.removeprefix("项目")].append(unit)
    for label, units in by_role.items():
        for unit in units[1:]:
            first, other = units[0].name, unit.name
            if not (first.endswith(other) or other.endswith(first)):
                yield _named_otherwise(unit, units[0], f"{label}前后不一：此处为{other}，另一处为{first}")


def firm_told_twice(material: Material) -> Iterator[Remark]:
    """The evaluator's name cut short on the cover, or told with a character more or less, or another firm's name."""
    named = list(firms(material.paper))
    counts = Counter(each.name for each in named)
    for label, unit in units_by_role(material.paper):
        fuller = next((name for name in counts if name.startswith(unit.name) and name != unit.name), None)
        if fuller and unit.name not in counts:
            model = next(each for each in named if each.name == fuller)
            yield _named_otherwise(unit, model, f"{label}的名称不全：此处为{unit.name}，正文为{fuller}")
    if not counts:
        return
    usual, count = counts.most_common(1)[0]
    model = next(each for each in named if each.name == usual)
    for each in named:
        alike = SequenceMatcher(None, each.name, usual).ratio()
        if each.name != usual and counts[each.name] == 1 and count >= 3 and 10 * alike >= 8:
            yield _named_otherwise(each, model, f"机构名称前后不一：此处为{each.name}，其他 {count} 处为{usual}")


def _named_otherwise(each: Named, model: Named, message: str) -> Remark:
    return Remark(
        rule="name-told-twice",
        place=each.place,
        also=(model.place,),
        quote=quoted(each.reading.text, each.start, each.start + len(each.name)),
        stated=each.name,
        expected=model.name,
        message=message,
        advice="请统一名称",
    )
