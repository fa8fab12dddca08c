"""Slips of wording that the words prove: characters lost or changed, stops of another script, entries twice."""

import re
from collections import Counter
from collections.abc import Iterator

from tuodi.audit.material import Material
from tuodi.audit.paper.model import Reading, readings
from tuodi.audit.remark import Remark, quoted
from tuodi.audit.statements.leftover_words import leftover_words
from tuodi.audit.statements.lines import place_of_line
from tuodi.kernel.finding import Severity

_MARKS_LOST = re.compile(r"(?:该|本|此)(?:项)?指标满(?P<points>\d+(?:\.\d+)?)分")
_QUESTION = re.compile(r"您(?=(?:20\d{2}年|本|该)[^。？；对就认觉]{2,60}(?:的(?:评价|满意度|满意程度))[是如？。\[（]?)")
_STOP = re.compile(r"(?<=[一-龥）”%])\.(?=[一-龥]|$)|(?<=\d%)\.(?=[一-龥]|$)|(?<=\d(?:元|人))\.(?=[一-龥]|$)")
_ENTRY_TWICE = re.compile(r"(?P<entry>【[^【】]{6,60}】|《[^《》]{6,60}》)[/、，]\s*(?P=entry)")
_TIER = re.compile(r"(?:^|[；。\n])?(?P<tier>满分|合格|及格|良好|零分)(?:（\d+分）)?：")
_NUMERALS = "一二三四五六七八九十"
_HEADING = re.compile(rf"^[{_NUMERALS}]{{1,3}}、")
_POINTED = re.compile(rf"^(?P<number>[{_NUMERALS}]{{1,3}})\.")
_TERM = re.compile(rf"^(?P<number>[{_NUMERALS}]{{1,3}})、[^：，。]{{2,30}}：(?:指|反映|是指)")
_PLAIN_TERM = re.compile(r"^(?P<term>[一-龥（）]{2,20})：(?:指|反映|是指)")
_LABEL_TWICE = re.compile(r"(?P<said>[一-龥]{3,8}[：:])(?P=said)")
_ISSUER_TWICE = re.compile(r"(?P<said>[一-龥]{2,10}(?:局|部|厅|委员会|委|办公室|政府))《(?P=said)")
_FIELD_CODE = re.compile(r"\[bookmark: [^\]]*\]|\{\s*(?:PAGEREF|HYPERLINK|TOC)\s[^}]*\}|错误！未定义书签")
_TIERS = re.compile(
    r"(?P<first>\d{1,3}%)(?:-|—|至|~)(?P<end>\d{1,3}%)[，、；](?P<start>\d{1,3}%)(?:-|—|至|~)(?P<last>\d{1,3}%)"
)
LOOK_AHEAD = 24
FEWEST_HEADINGS = 2
FEWEST_TERMS = 5
FEWEST_TIERS = 3
"""Rules with a word for the middle tier before another word is the odd one."""


def check_lost_characters(material: Material) -> Iterator[Remark]:
    """满8分 for 满分8分 and 您2024年…的评价 for 您对2024年…的评价; each told once with its number."""
    hits = [(reading, match) for reading in readings(material.paper) for match in _MARKS_LOST.finditer(reading.text)]
    usual = any("指标满分" in paragraph.text for paragraph in material.paper.paragraphs)
    if hits and usual:
        points = hits[0][1]["points"]
        yield _lost(hits, f"满{points}分", f"满分{points}分", f"“满{points}分”少了“分”字，应为“满分{points}分”")
    asked = [(reading, match) for reading in readings(material.paper) for match in _QUESTION.finditer(reading.text)]
    if asked:
        reading, match = asked[0]
        said = reading.text[match.start() : match.end() + 5]
        yield _lost(asked, said, f"您对{said[1:]}", f"“{said}…”少了“对”字")


def _lost(hits: list[tuple[Reading, re.Match[str]]], stated: str, expected: str, message: str) -> Remark:
    reading, match = hits[0]
    return Remark(
        rule="blank-left",
        severity=Severity.INFO,
        place=reading.at(match.start()),
        also=tuple(each.at(found.start()) for each, found in hits[1:]),
        quote=quoted(reading.text, *match.span()),
        stated=stated,
        expected=expected,
        message=message + (f"，共 {len(hits)} 处" if len(hits) > 1 else ""),
        advice="请补上缺少的字",
    )


def check_misprints(material: Material) -> Iterator[Remark]:
    """Set words printed with a wrong character, from a list (terms/leftovers.yaml); each told once."""
    for wrong, right in leftover_words().misprints.items():
        hits = [(reading, at) for reading in readings(material.paper) if (at := reading.text.find(wrong)) >= 0]
        if hits:
            reading, at = hits[0]
            yield Remark(
                rule="name-told-twice",
                severity=Severity.INFO,
                place=reading.at(at),
                also=tuple(each.at(found) for each, found in hits[1:]),
                quote=quoted(reading.text, at, at + len(wrong)),
                stated=wrong,
                expected=right,
                message=f"“{wrong}”应为“{right}”" + (f"，共 {len(hits)} 处" if len(hits) > 1 else ""),
                advice="请改正",
            )


def check_stops(material: Material) -> Iterator[Remark]:
    """A point of Latin script where a Chinese sentence ends or goes on; told once with its number."""
    hits = [
        (paragraph, match)
        for paragraph in material.paper.paragraphs
        if paragraph.level is None and "。" in paragraph.text + "。"
        for match in _STOP.finditer(paragraph.text)
        if len(paragraph.text) > SHORTEST_SENTENCE
    ]
    if hits:
        paragraph, match = hits[0]
        yield Remark(
            rule="blank-left",
            severity=Severity.INFO,
            place=paragraph.at(match.start()),
            also=tuple(each.at(found.start()) for each, found in hits[1:]),
            quote=quoted(paragraph.text, *match.span()),
            stated=".",
            expected="。",
            message=f"中文句子用了半角点“.”，共 {len(hits)} 处",
            advice="改为句号或逗号",
        )


SHORTEST_SENTENCE = 16


def check_entries_twice(material: Material) -> Iterator[Remark]:
    """The same menu path or title twice running in a list."""
    for reading in readings(material.paper):
        for match in _ENTRY_TWICE.finditer(reading.text):
            yield Remark(
                rule="items-differ",
                severity=Severity.WARNING,
                place=reading.at(match.start()),
                quote=quoted(reading.text, *match.span()),
                stated=f"{match['entry']}两次",
                expected="一次",
                message=f"{match['entry']}接连列了两次，可能漏了另一项",
                advice="请删去一个，或改成漏列的一项",
            )


def check_tier_words(material: Material) -> Iterator[Remark]:
    """The middle tier of the rules called 合格 everywhere and 及格 once."""
    told = [
        (telling, {match["tier"] for match in _TIER.finditer(telling.rule)} & {"合格", "及格"})
        for telling in material.tellings
        if telling.rule
    ]
    counts = Counter(word for _, words in told for word in words)
    if len(counts) != 2:
        return
    (usual, number), (odd, once) = counts.most_common()
    if number < FEWEST_TIERS or once > 1:
        return
    telling = next(each for each, words in told if odd in words)
    yield Remark(
        rule="name-told-twice",
        severity=Severity.INFO,
        place=telling.place,
        quote=f"{telling.label} {odd}：",
        stated=odd,
        expected=usual,
        message=f"{telling.label}的评分标准写“{odd}”，其他 {number} 项写“{usual}”",
        advice=f"统一写作“{usual}”",
    )


def check_heading_stops(material: Material) -> Iterator[Remark]:
    """Headings 五.… among headings 五、…; told once with their number."""
    texts = list(material.paper.paragraphs)
    usual = sum(_HEADING.match(each.text) is not None for each in texts)
    headings = [each for each in texts if each.level is not None]
    odd = [(each, match) for each in headings if (match := _POINTED.match(each.text)) is not None]
    if odd and usual >= FEWEST_HEADINGS * len(odd):
        paragraph, match = odd[0]
        yield Remark(
            rule="numbering-broken",
            severity=Severity.INFO,
            place=paragraph.place,
            also=tuple(each.place for each, _ in odd[1:]),
            quote=paragraph.text[:40],
            stated=match.group(),
            expected=match["number"] + "、",
            message=f"标题序号写“{match.group()}”，其他 {usual} 处写“{match['number']}、”的样式，共 {len(odd)} 处",
            advice="按公文格式，一级标题的序号后用顿号",
        )


def check_unnumbered_terms(material: Material) -> Iterator[Remark]:
    """A term explained without a number at the end of a numbered list of terms."""
    texts = [each for each in material.paper.paragraphs if each.level is None or _TERM.match(each.text)]
    run: list[re.Match[str]] = []
    for each in texts:
        numbered, plain = _TERM.match(each.text), _PLAIN_TERM.match(each.text)
        if numbered:
            run.append(numbered)
        elif plain and len(run) >= FEWEST_TERMS:
            yield Remark(
                rule="numbering-broken",
                severity=Severity.INFO,
                place=each.place,
                quote=each.text[:40],
                stated="无编号",
                message=f"前面 {len(run)} 条名词解释都有序号（到“{run[-1]['number']}、”），“{plain['term']}”一条没有",
                advice="请补上序号",
            )
            run = []
        elif each.level is not None or not run:
            run = []


def check_said_twice(material: Material) -> Iterator[Remark]:
    """A label printed twice running, and an issuer both before a title and in it; each told once with its number."""
    for pattern, what in ((_LABEL_TWICE, "连着写了两遍"), (_ISSUER_TWICE, "发文单位在书名号内外各写了一遍")):
        hits = [(reading, match) for reading in readings(material.paper) for match in pattern.finditer(reading.text)]
        if hits:
            reading, match = hits[0]
            yield Remark(
                rule="name-told-twice",
                severity=Severity.INFO,
                place=reading.at(match.start()),
                also=tuple(each.at(found.start()) for each, found in hits[1:]),
                quote=quoted(reading.text, *match.span()),
                stated=match.group(),
                expected=match.group()[len(match["said"]) :],
                message=f"“{match['said']}”{what}" + (f"，共 {len(hits)} 处" if len(hits) > 1 else ""),
                advice="请删去一个",
            )


def check_codes_left(material: Material) -> Iterator[Remark]:
    """Field codes of a word processor left in the text."""
    lines = [at for at, line in enumerate(material.paper.lines, 1) if _FIELD_CODE.search(line)]
    if lines:
        first = material.paper.lines[lines[0] - 1]
        match = _FIELD_CODE.search(first)
        yield Remark(
            rule="blank-left",
            severity=Severity.INFO,
            place=place_of_line(material.paper, lines[0]),
            also=tuple(place_of_line(material.paper, at) for at in lines[1:]),
            quote=match.group() if match else "",
            stated=match.group() if match else "",
            message=f"文中留有目录域代码，共 {len(lines)} 行",
            advice="请更新或删去域代码（如为转换文件时带入，可不理会）",
        )


def check_shared_limits(material: Material) -> Iterator[Remark]:
    """Tiers 100%-80%, 80%-60% that share a limit without saying whose it is; told once with its number."""
    hits = [
        (reading, match)
        for reading in readings(material.paper)
        for match in _TIERS.finditer(reading.text)
        if match["end"] == match["start"] and "含" not in reading.text[match.start() : match.end() + LOOK_AHEAD]
    ]
    if hits:
        reading, match = hits[0]
        yield Remark(
            rule="rule-gap",
            severity=Severity.INFO,
            place=reading.at(match.start()),
            also=tuple(each.at(found.start()) for each, found in hits[1:]),
            quote=quoted(reading.text, *match.span()),
            stated=match.group(),
            message=f"两档都写了 {match['end']}，没有说明归哪一档" + (f"，共 {len(hits)} 处" if len(hits) > 1 else ""),
            advice=f"写明 {match['end']}（含）归哪一档",
        )
