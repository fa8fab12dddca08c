"""A year left over from an earlier paper: the paper's own doings of the year told with another year."""

import re
from collections import Counter
from collections.abc import Iterator

from tuodi.audit.material import Material
from tuodi.audit.remark import Remark, quoted
from tuodi.audit.statements.leftover_words import leftover_words
from tuodi.audit.statements.names import Named, fiscal_year, own_places, subject, year_mentions
from tuodi.kernel.finding import Severity

MOST_MENTIONS = 2
"""A year named more often is a year the paper speaks of on purpose."""

USUAL_SHARE = 2
"""The paper's own year is named at least so many times as often where its title does not tell it."""

_STARTS = re.compile(r"(?:^|[，。；：（]|截至|截止|对|于|受|开展|完成|[县区市镇乡州旗局]|检查|评价|年度：|年份：)$")
_FOLLOWS = re.compile(r"年(?:度|末|底|12月31日)?[，,]?(?P<words>[^。；]{0,14})")
_TITLES = re.compile(r"《[^》]{0,200}》")
_SENTENCE_END = re.compile(r"[。；\n]")


def years_left_over(material: Material) -> Iterator[Remark]:
    """Yield the rare mentions of an earlier year in front of words that tell what was done in the paper's own year."""
    own = fiscal_year(material.paper)
    if own is None:
        return
    mentions = list(year_mentions(material.paper))
    counts = Counter(int(each.name) for each in mentions)
    project = subject(material.paper).removeprefix("关于")
    places = own_places(material.paper)
    # A year in the title needs no further witnesses.
    share = 1 if f"{own}年" in material.paper.title else USUAL_SHARE
    for each in mentions:
        year = int(each.name)
        if year >= own or counts[year] > MOST_MENTIONS or counts[own] < share * counts[year]:
            continue
        if _tells_own_year(each, project, places) and not _tells_other_year(each, own):
            start = each.start
            yield Remark(
                rule="year-left-over",
                severity=Severity.WARNING,
                place=each.place,
                quote=quoted(each.reading.text, start, start + 5),
                stated=f"{year}年",
                expected=f"{own}年",
                message=f"本文说的是 {own} 年，此处写作 {year} 年",
                advice="请核对是否为套用旧稿时漏改的年份",
            )


_UNTIL = re.compile(r"(?:截至|截止到?|截止至)(?P<year>20\d\d)年")
_PLANNED = re.compile(r"目标|规划|预计|计划|将|力争|期限|有效期|远景|合同|协议|到期")
FURTHEST_AHEAD = 2
"""Years after its own in which a paper may be written."""


def years_to_come(material: Material) -> Iterator[Remark]:
    """Yield days up to which something is told as done, in a year long after the paper's own: 截至2042年12月31日."""
    own = fiscal_year(material.paper)
    for paragraph in material.paper.paragraphs if own is not None else ():
        for match in _UNTIL.finditer(paragraph.text):
            year = int(match["year"])
            sentence = _SENTENCE_END.split(paragraph.text[match.start() :])[0]
            if own is None or year <= own + FURTHEST_AHEAD or _PLANNED.search(sentence):
                continue
            yield Remark(
                rule="year-left-over",
                severity=Severity.WARNING,
                place=paragraph.at(match.start()),
                quote=quoted(paragraph.text, *match.span()),
                stated=f"{year}年",
                expected=f"{own}年",
                message=f"本文说的是 {own} 年，此处写“{match.group()}”，是还没有到的年份",
                advice="请核对年份",
            )


_IS_YEAR = re.compile(r"(?:(?:实施|评价|项目|预算)?(?:年度|年份)：|重点检查|重点审计|重点核查)$")


def _tells_own_year(each: Named, project: str, places: frozenset[str]) -> bool:
    text = each.reading.text
    after = _FOLLOWS.match(text, each.start + len(each.name))
    if after is not None and (_IS_YEAR.search(text[: each.start]) or after["words"].startswith(tuple(places))):
        return True
    if after is None or not _STARTS.search(text[: each.start]):
        return False
    own = (*leftover_words().own_year, *([project[:4]] if len(project) >= 4 else []))
    return any(word in after["words"] for word in own)


def _tells_other_year(each: Named, own: int) -> bool:
    """Tell whether the sentence compares years or tells why it speaks of an earlier one."""
    text = each.reading.text
    before = _TITLES.sub("", _SENTENCE_END.split(text[: each.start])[-1])
    after = _TITLES.sub("", _SENTENCE_END.split(text[each.start :])[0])
    clause = after[:24]
    return f"{own}年" in before + after or any(word in before[-12:] + clause for word in leftover_words().other_year)
