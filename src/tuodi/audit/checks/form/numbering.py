"""Numbers that skip or stand twice: of headings and items, of tables and figures, of rows, of questions."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tuodi.audit.figures.numerals import numeral
from tuodi.audit.material import Material
from tuodi.audit.paper.model import Block, Paper, Paragraph, Place, Role, Table, readings
from tuodi.audit.remark import Remark, quoted
from tuodi.audit.statements.grids import bare
from tuodi.kernel.finding import Severity

_CHINESE = "一二三四五六七八九十"
_FIRST_CIRCLE = ord("①")
_BARE_HEADING = re.compile(r"(?P<n>\d{1,2})(?![项个年月日分人次件条家户元万类种级份名位度])(?=[\u4e00-\u9fff]{2,14}$)")


@dataclass(frozen=True, slots=True)
class _Family:
    """One way to number: its depth, how it is known, how a number of it is written."""

    rank: int
    pattern: re.Pattern[str]
    template: str
    script: str = "digits"

    def written(self, number: int) -> str:
        """Return a number as this family prints it."""
        if self.script == "circled":
            return chr(_FIRST_CIRCLE + number - 1)
        return self.template.format(_in_chinese(number) if self.script == "chinese" else number)


_FAMILIES = (
    _Family(0, re.compile(rf"第(?P<n>[{_CHINESE}]{{1,3}})(?:部分|章)"), "第{0}部分", "chinese"),
    _Family(1, re.compile(rf"(?P<n>[{_CHINESE}]{{1,3}})[、.．]"), "{0}、", "chinese"),
    _Family(2, re.compile(rf"（(?P<n>[{_CHINESE}]{{1,3}})）"), "（{0}）", "chinese"),
    _Family(3, re.compile(r"(?P<n>\d{1,2})[.、](?!\d)"), "{0}."),
    _Family(4, re.compile(r"(?P<n>\d{1,2})）"), "{0}）"),
    _Family(5, re.compile(r"（(?P<n>\d{1,2})）"), "（{0}）"),
    _Family(6, re.compile(r"(?P<n>[①-⑳])"), "{0}", "circled"),
    _Family(7, re.compile(r"第(?P<n>\d{1,2})题"), "第{0}题"),
    _Family(1, _BARE_HEADING, "{0}"),
)
_ANNEX = re.compile(r"(?:附件|附录)")
_CAPTION = re.compile(r"(?P<kind>附?表|图)(?P<prefix>(?:\d+[-—.])*)(?P<n>\d+)(?P<title>.*)$")
_QUESTION = re.compile(r"(?:^|(?<=[。？！；\n）]))(?P<n>\d{1,2})[.、](?=请|您)")
_CIRCLED = re.compile(r"[①-⑳]")
_OF_QUESTION = re.compile(r"第\d{1,2}题(?:答题情况|各选项)")
"""The title of a question's table or chart, which repeats the question's number."""
_POINTER = re.compile(r"[\d）]$")
"""What stands before the ① of a pointer: 五.1（2）①."""
_AMOUNT_ALONE = re.compile(r"(?:^|[^\d.])\d+\.\d{2}$|^\d{1,3}$")
LONGEST_FRAGMENT = 14
"""Lines of a table that extraction tore apart are not longer than this."""


@dataclass(slots=True)
class _Run:
    """Numbers of one kind that belong together; ``odd`` is the index of the first that does not follow."""

    family: _Family
    numbers: list[int] = field(default_factory=list)
    blocks: list[int] = field(default_factory=list)
    odd: int | None = None
    torn: bool = False

    @property
    def expected(self) -> int:
        """The number that would come next."""
        return self.numbers[-1] + 1 if self.numbers else 1


def headings_in_order(material: Material) -> Iterator[Remark]:
    """Headings and items of one level whose numbers skip, stand twice or go back; once for each row of them."""
    blocks = [block for block in material.paper.blocks if isinstance(block, Table) or block.role is not Role.CONTENTS]
    for run in _runs(blocks):
        if run.odd is None or run.torn or not run.odd:
            continue
        before, odd = run.numbers[run.odd - 1], run.numbers[run.odd]
        block = blocks[run.blocks[run.odd]]
        if not isinstance(block, Paragraph) or odd > before + 1 and _swallowed(blocks, run, before + 1):
            continue
        printed = "、".join(str(each) for each in run.numbers[run.odd - 1 : run.odd + 3])
        what = "重复" if odd == before else "跳号" if odd > before else "倒退"
        yield Remark(
            rule="numbering-broken",
            place=block.place,
            also=(blocks[run.blocks[run.odd - 1]].place,),
            quote=block.text[:40],
            stated=run.family.written(odd),
            expected=run.family.written(before + 1),
            message=f"编号{what}：{run.family.written(before)}之后是{run.family.written(odd)}（数字依次为 {printed}）",
            advice="请重新编号，并核对是否缺少内容",
        )


def _runs(blocks: Sequence[Block]) -> Iterator[_Run]:
    open_runs: dict[tuple[int, str], list[_Run]] = {}
    for at, block in enumerate(blocks):
        if isinstance(block, Table):
            continue
        if _ANNEX.match(block.text) and block.level == 0:
            yield from (run for runs in open_runs.values() for run in runs)
            open_runs = {}
            continue
        found = _label(block)
        if found is None:
            continue
        family, number = found
        for key in [key for key in open_runs if key[0] > family.rank]:
            yield from open_runs.pop(key)
        runs = open_runs.setdefault((family.rank, family.template), [])
        yield from _placed(runs, number, at, family, _is_torn(blocks, at))
    yield from (run for runs in open_runs.values() for run in runs)


def _placed(runs: list[_Run], number: int, at: int, family: _Family, torn: bool) -> Iterator[_Run]:
    """Add a number to the run it goes on with, and yield the runs that this ends."""
    fitting = next((index for index in range(len(runs) - 1, -1, -1) if _goes_on(runs, index, number)), None)
    if number == 1 and runs and runs[-1].numbers == [1] and 0 < family.rank <= 2 and runs[-1].odd is None:
        runs[-1].odd = 1
    elif number == 1 or not runs:
        runs.append(_Run(family))
        if number != 1:
            runs[-1].torn = True
    elif fitting is not None:
        yield from runs[fitting + 1 :]
        del runs[fitting + 1 :]
    elif runs[-1].odd is None:
        runs[-1].odd = len(runs[-1].numbers)
    run = runs[-1]
    run.numbers.append(number)
    run.blocks.append(at)
    run.torn = run.torn or torn


def _goes_on(runs: Sequence[_Run], index: int, number: int) -> bool:
    """Tell whether a number follows a run; a row left for an inner one is gone back to only if it was in order."""
    run = runs[index]
    return run.expected == number and (index == len(runs) - 1 or run.odd is None)


def _label(block: Paragraph) -> tuple[_Family, int] | None:
    if _OF_QUESTION.match(block.text):
        return None
    for family in _FAMILIES:
        match = family.pattern.match(block.text)
        if match and match.end() < len(block.text):
            return family, _value(match["n"])
    return None


def _value(text: str) -> int:
    if _CIRCLED.match(text):
        return ord(text) - _FIRST_CIRCLE + 1
    value = int(text) if text.isdigit() else numeral(text)
    return int(value or 0)


def _is_torn(blocks: Sequence[Block], at: int) -> bool:
    """Tell whether a paragraph stands among the torn lines of a table."""
    near = [block for block in blocks[max(0, at - 4) : at + 5] if isinstance(block, Paragraph)]
    short = sum(len(block.text) <= LONGEST_FRAGMENT for block in near)
    amounts = sum(_AMOUNT_ALONE.search(block.text) is not None for block in near)
    return 10 * short >= 6 * len(near) and amounts >= 2


def _swallowed(blocks: Sequence[Block], run: _Run, missing: int) -> bool:
    """Tell whether a missing number stands inside the text before: extraction joined two paragraphs."""
    if run.odd is None:
        return False
    label = re.escape(run.family.written(missing))
    between = blocks[run.blocks[run.odd - 1] : run.blocks[run.odd]]
    if run.family.template == "{0}" and run.family.script == "digits":
        heading = re.compile(rf"{missing}[\u4e00-\u9fff]")
        return any(isinstance(block, Paragraph) and heading.match(block.text) for block in between)
    for block in between:
        texts = [block.text] if isinstance(block, Paragraph) else [cell.text for row in block.rows for cell in row]
        if any(re.search(rf"(?<!\d){label}(?=[\u4e00-\u9fff《])", text) for text in texts):
            return True
    return False


def _in_chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{_CHINESE[tens - 1]}十"
    return head + (_CHINESE[ones - 1] if ones else "")


@dataclass(frozen=True, slots=True)
class _Caption:
    kind: str
    prefix: str
    number: int
    title: str
    place: Place
    part: int

    @property
    def label(self) -> str:
        return f"{self.kind}{self.prefix}{self.number}"


def captions_in_order(material: Material) -> Iterator[Remark]:
    """Tables and figures whose numbers skip or stand twice with different titles."""
    last: dict[tuple[str, str, int], _Caption] = {}
    told: set[str] = set()
    for caption in _captions(material.paper):
        key = (caption.kind, caption.prefix, caption.part)
        before = last.get(key)
        last[key] = caption
        if before is None or caption.number == before.number + 1 or caption.label in told:
            continue
        if caption.number == before.number and caption.title == before.title:
            continue
        if caption.number > before.number + 1 and _stands_elsewhere(material.paper, caption, before.number + 1):
            continue
        told.add(caption.label)
        wanted = f"{caption.kind}{caption.prefix}{before.number + 1}"
        what = "重复" if caption.number == before.number else "不连续"
        yield Remark(
            rule="numbering-broken",
            place=caption.place,
            also=(before.place,),
            quote=f"{caption.label}{caption.title}"[:60],
            stated=caption.label,
            expected=wanted,
            message=f"{caption.kind}号{what}：{before.label}之后是{caption.label}{caption.title}",
            advice="请重新编号，并核对文中的引用",
        )


def _captions(paper: Paper) -> Iterator[_Caption]:
    part = 0
    for block in paper.blocks:
        if isinstance(block, Table) or block.role is Role.CONTENTS:
            continue
        part += block.level == 0
        match = _CAPTION.match(block.text) if block.role is Role.CAPTION else None
        if match:
            title = match["title"].strip("：: ")
            yield _Caption(match["kind"], match["prefix"], int(match["n"]), title, block.place, part)


def _stands_elsewhere(paper: Paper, caption: _Caption, number: int) -> bool:
    """Tell whether a missing caption stands inside another text, not as a reference to it."""
    label = re.compile(rf"(?<![见如及和与至附（、]){caption.kind}{re.escape(caption.prefix)}{number}(?!\d)")
    return any(label.search(reading.text) for reading in readings(paper))


def rows_in_order(material: Material) -> Iterator[Remark]:
    """A column 序号 that begins with 1 and skips or doubles a number once."""
    for grid in material.grids:
        column = next((at for at, heading in enumerate(grid.headings) if heading == "序号"), None)
        if column is None:
            continue
        cells = [row.cells[column] for row in grid.rows if not row.short and bare(row.cells[column].text).isdigit()]
        numbers = [int(bare(cell.text)) for cell in cells]
        broken = [at for at in range(1, len(numbers)) if numbers[at] != numbers[at - 1] + 1]
        if len(broken) != 1 or numbers[0] != 1 or numbers[broken[0]] == 1 or any(row.short for row in grid.rows):
            continue
        before, odd = numbers[broken[0] - 1], numbers[broken[0]]
        yield Remark(
            rule="numbering-broken",
            place=cells[broken[0]].place,
            quote=f"序号 {'、'.join(map(str, numbers))}",
            stated=str(odd),
            expected=str(before + 1),
            message=f"表中序号由 {before} 到 {odd}",
            advice="请重新编号，并核对是否漏列",
        )


def questions_in_order(material: Material) -> Iterator[Remark]:
    """Questions of an interview inside one cell, or cells on both sides of a page break, that skip a number."""
    found: list[tuple[int, str, Place]] = []
    for reading in readings(material.paper):
        for match in _QUESTION.finditer(reading.text):
            number = int(match["n"])
            before = found[-1] if found else None
            found.append((number, reading.text, reading.at(match.start())))
            if before and number > before[0] + 1 and before[2].table == found[-1][2].table and found[-1][2].table:
                yield Remark(
                    rule="numbering-broken",
                    place=found[-1][2],
                    also=(before[2],),
                    quote=quoted(reading.text, *match.span()),
                    stated=str(number),
                    expected=str(before[0] + 1),
                    message=f"问题编号由 {before[0]} 到 {number}，缺第 {before[0] + 1} 问",
                    advice="请补上缺少的问题，或重新编号",
                )


def circles_in_order(material: Material) -> Iterator[Remark]:
    """①②③ inside a paragraph that skip a number; a ① that nothing follows is a hint."""
    texts = list(readings(material.paper))
    for at, reading in enumerate(texts):
        if _CIRCLED.match(reading.text):
            continue
        signs = [(match.start(), ord(match.group()) - _FIRST_CIRCLE + 1) for match in _CIRCLED.finditer(reading.text)]
        numbers = [number for _, number in signs]
        if not numbers or numbers[0] != 1:
            continue
        odd = next((each for each in range(1, len(numbers)) if numbers[each] not in (1, numbers[each - 1] + 1)), None)
        if odd is not None and numbers[odd] > numbers[odd - 1]:
            place = reading.at(signs[odd][0])
            message = f"列举由 {numbers[odd - 1]} 到 {numbers[odd]}，中间缺项"
            yield _circle(reading.text, place, signs[odd][0], message, Severity.WARNING)
        elif _POINTER.search(reading.text[: signs[0][0]]):
            continue
        elif numbers == [1] and not any("②" in each.text.partition("①")[0] for each in texts[at + 1 : at + 4]):
            yield _circle(reading.text, reading.at(signs[0][0]), signs[0][0], "有①而没有②", Severity.INFO)


def _circle(text: str, place: Place, at: int, message: str, severity: Severity) -> Remark:
    return Remark(
        rule="numbering-broken",
        severity=severity,
        place=place,
        quote=quoted(text, at, at + 1),
        stated=text[at],
        message=message,
        advice="请补齐或重新编号",
    )
