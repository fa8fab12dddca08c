"""How final accounts are worded: headings told twice, names of the national form, phrases left over from a template."""

import re
from collections.abc import Iterator

from tuodi.audit.material import Material
from tuodi.audit.paper.model import Paragraph, Place
from tuodi.audit.remark import Remark
from tuodi.audit.statements.account_words import account_words
from tuodi.audit.statements.lines import place_of_line
from tuodi.kernel.finding import Severity

_NUMBER = re.compile(r"^(?:[一二三四五六七八九十]{1,3}[、.．]|（[一二三四五六七八九十]{1,3}）)")
_MARKS = '“”"（）()'
_REPEATED = re.compile(r"(?P<said>[一-龥]{2,12}[\d,]+(?:\.\d+)?(?:万元|元))[，、]?(?:主要)?(?:包括|为|其中：)(?P=said)")
_OF_NOTHING = re.compile(r"预算的0(?:\.0+)?%")
_ZERO = re.compile(r"支出(?:预算|决算)?0(?:\.0+)?(?:万元|元)，[^。；]{0,30}$")
_BUDGET_IS_FINAL = re.compile(
    r"年初预算(?:数)?(?:为)?(?P<budget>[\d,]+\.\d{2})元，(?:支出)?决算(?:数)?(?:为)?(?P<final>[\d,]+\.\d{2})元[^。]{0,20}100(?:\.0+)?%"
)


def check_headings_twice(material: Material) -> Iterator[Remark]:
    """Two neighbouring headings of one level with the same words: one of the sections has the wrong title."""
    if not material.account_tables:
        return
    last: dict[int, Paragraph] = {}
    for heading in material.paper.paragraphs:
        if heading.level is None or not _NUMBER.match(heading.text):
            continue
        before = last.get(heading.level)
        for deeper in [level for level in last if level >= heading.level]:
            del last[deeper]
        last[heading.level] = heading
        words = _NUMBER.sub("", heading.text)
        if before is not None and len(words) > 6 and words == _NUMBER.sub("", before.text):
            yield Remark(
                rule="name-told-twice",
                severity=Severity.ERROR,
                place=heading.place,
                quote=heading.text,
                stated=words,
                message=f"这一节与前一节“{before.text}”的标题完全相同，内容却不同，其中一个写错了",
                advice="请按这一节的内容改正标题",
                also=(before.place,),
            )


def check_fixed_names(material: Material) -> Iterator[Remark]:
    """A name of the national form written right in one place and with another character or mark in another."""
    if not material.account_tables:
        return
    for name in account_words().lists["fixed_names"]:
        other = _one_character_off(name)
        right: list[Place] = []
        wrong: dict[str, list[Place]] = {}
        for paragraph in material.paper.paragraphs:
            if name in paragraph.text:
                right.append(paragraph.at(paragraph.text.index(name)))
            for match in other.finditer(paragraph.text):
                if match.group() != name:
                    wrong.setdefault(match.group(), []).append(paragraph.at(match.start()))
        for written, places in wrong.items() if right else ():
            yield Remark(
                rule="name-told-twice",
                severity=Severity.INFO if _bare(written) == _bare(name) else Severity.WARNING,
                place=places[0],
                quote=written,
                stated=written,
                expected=name,
                message=f"{_in_quotes(written)}在别处写作{_in_quotes(name)}，本文共 {len(places)} 处写法不同",
                advice=f"请统一写作{_in_quotes(name)}",
                also=(*places[1:], right[0]),
            )


def _in_quotes(name: str) -> str:
    return name if name.startswith("“") else f"“{name}”"


def _one_character_off(name: str) -> re.Pattern[str]:
    """Return what a name looks like with its marks left out or one of its inner characters another."""
    bare = _bare(name)
    marks = f"[{re.escape(_MARKS)}]?"
    forms = [marks.join(re.escape(character) for character in bare)] if bare != name else []
    if len(bare) >= 8:
        forms += [re.escape(bare[:at]) + "[一-龥]" + re.escape(bare[at + 1 :]) for at in range(2, len(bare) - 2)]
    else:
        forms = [f"{marks}{form}{marks}" if name[0] in _MARKS else form for form in forms]
    return re.compile("|".join(forms) or r"(?!)")


def _bare(name: str) -> str:
    return "".join(character for character in name if character not in _MARKS)


def check_phrases_repeated(material: Material) -> Iterator[Remark]:
    """An item with its amount said twice on end: ``X 100元，主要包括X 100元``."""
    for stretch in material.stretches:
        for match in _REPEATED.finditer(stretch.text):
            yield Remark(
                rule="value-told-twice",
                severity=Severity.INFO,
                place=stretch.at(match.start()),
                quote=match.group(),
                stated=match["said"],
                message=f"“{match['said']}”连着说了两遍",
                advice="请删去重复的半句",
            )


def check_shares_of_nothing(material: Material) -> Iterator[Remark]:
    """A completion of 0.00 % of a budget of 0: the quotient does not exist."""
    if not material.account_tables:
        return
    places = [
        (stretch.at(match.start()), stretch.quote(match.start(), match.end()))
        for stretch in material.stretches
        for match in _OF_NOTHING.finditer(stretch.text)
        if _ZERO.search(stretch.text[: match.start()])
    ]
    if places:
        yield Remark(
            rule="execution-rate-differs",
            severity=Severity.INFO,
            place=places[0][0],
            quote=places[0][1],
            stated="0.00%",
            message=f"预算和决算都是 0 时没有完成率，0÷0 不能写成 0.00%，共 {len(places)} 处",
            advice="预算为 0 的，写“未安排预算，未发生支出”，不写完成率",
            also=tuple(place for place, _ in places[1:]),
        )


def check_budget_is_final(material: Material) -> Iterator[Remark]:
    """An initial budget equal to the final accounts to the fen: most likely copied."""
    for stretch in material.stretches:
        for match in _BUDGET_IS_FINAL.finditer(stretch.text):
            if match["budget"] == match["final"] and any(digit != "0" for digit in match["budget"] if digit.isdigit()):
                yield Remark(
                    rule="value-told-twice",
                    severity=Severity.INFO,
                    place=stretch.at(match.start()),
                    quote=stretch.quote(match.start(), match.end()),
                    stated=f"{match['budget']}元",
                    message=f"年初预算与决算都是 {match['final']}元，一分不差，像是把决算数抄作了年初预算",
                    advice="请按年初批复的部门预算填写，再算完成率",
                )


def check_lone_stops(material: Material) -> Iterator[Remark]:
    """Stops that follow each other: a template's empty item was left in."""
    if not material.account_tables:
        return
    places, quote, stop = [], "", ""
    for stretch in material.stretches:
        for match in re.finditer(r"。；|。。|；；|；。", stretch.text):
            stop, quote = stop or match.group(), quote or stretch.quote(match.start(), match.end())
            places.append(stretch.at(match.start()))
    if places:
        yield Remark(
            rule="blank-left",
            severity=Severity.INFO,
            place=places[0],
            quote=quote,
            stated=stop,
            message=f"标点连写，共 {len(places)} 处，像是模板中的空项没有删去",
            advice="请补上内容，或者删去多余的标点",
            also=tuple(places[1:]),
        )
    lone = [at for at, line in enumerate(material.paper.lines, 1) if line.strip() in ("；", "。", "，", ";")]
    if lone:
        lines = [place_of_line(material.paper, at) for at in lone]
        yield Remark(
            rule="blank-left",
            severity=Severity.INFO,
            place=lines[0],
            quote=material.paper.lines[lone[0] - 1].strip(),
            stated=material.paper.lines[lone[0] - 1].strip(),
            message=f"标点单独成行，共 {len(lone)} 处，像是模板中的空项没有删去",
            advice="请补上内容，或者删去多余的标点",
            also=tuple(lines[1:]),
        )
