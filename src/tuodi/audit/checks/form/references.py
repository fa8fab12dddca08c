"""Where a text points to and what stands there: tables, annexes, parts; the contents and the headings they list."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tuodi.audit.figures.numerals import numeral
from tuodi.audit.material import Material
from tuodi.audit.paper.model import Block, Paper, Paragraph, Place, Role, Table
from tuodi.audit.remark import Remark, quoted

_CHINESE = "一二三四五六七八九十"
_POINTER = re.compile(
    rf"(?:[见如按]|参照|参见|列于|载于)(?:下|后附)?(?P<kind>附表|附件|表|图)(?P<n>\d+(?:[-—.]\d+)*|[{_CHINESE}]{{1,2}})(?!\d)"
)
_MORE = re.compile(rf"(?:和|及|、|与)(?P<kind>附表|附件|表|图)(?P<n>\d+(?:[-—.]\d+)*|[{_CHINESE}]{{1,2}})(?!\d)")
_BRACKETED = re.compile(r"（(?P<kind>附件|附表|表)(?P<n>\d+(?:[-—.]\d+)*)）")
_NUMBERED = re.compile(r"(?P<kind>附?表|图)(?P<n>\d+(?:[-—.]\d+)*)(?P<title>.*)$")
_ANNEX = re.compile(rf"附件(?P<n>\d+|[{_CHINESE}]{{1,2}})[：:、.\s]?(?P<title>.*)$")
_ANNEX_LIST = re.compile(r"附件：\s*1[.、](?P<title>.+)$")
_ITEM = re.compile(r"(?P<n>\d{1,2})[.、](?P<title>.+)$")
_PART = re.compile(rf"[见如](?:本报告|本文|前文|报告)?第(?P<n>[{_CHINESE}]{{1,3}})部分")
_PAGE = re.compile(r"[\s.…·⋯\-—]*\d{1,3}[\s\-—]*$")
LONGEST_TITLE = 40
_GENERAL = re.compile(r"情况|报告|附件|绩效|评价|结果|明细|具体")
_PUNCTUATION = re.compile(r"[\s：:、，。.（）()\-—《》“”\"]")


@dataclass(frozen=True, slots=True)
class _Entry:
    """A table, figure or annex: ``number`` as printed in digits, its title, its place."""

    number: str
    title: str
    place: Place
    at: int


@dataclass(frozen=True, slots=True)
class _Pointer:
    kind: str
    number: str
    stretch: Paragraph
    start: int
    end: int

    @property
    def label(self) -> str:
        return self.stretch.text[self.start : self.end]


def pointers_to_nothing(material: Material) -> Iterator[Remark]:
    """A table, figure or annex pointed to that the paper does not hold, though it holds others of the kind."""
    paper = material.paper
    captions = _captions(paper)
    annexes = _annexes(paper)
    for pointer in _pointers(paper):
        if pointer.kind == "附件":
            held = {entry.number for entry in annexes}
            missing = held and pointer.number.partition("-")[0] not in held
        else:
            kinds = ("表", "附表") if pointer.kind != "图" else ("图",)
            held = {number for kind, number in captions if kind in kinds}
            missing = held and pointer.number not in held and not _named_anywhere(paper, pointer)
        if missing and _other_below(material, pointer) is None:
            yield _differs(pointer, f"文中引用{pointer.kind}{pointer.number}，全文没有这个编号", "")


def pointers_to_another(material: Material) -> Iterator[Remark]:
    """A pointer right above a table of another number, and one to an annex that speaks of something else."""
    annexes = _annexes(material.paper)
    for pointer in _pointers(material.paper):
        if pointer.kind == "附件":
            better = _better_annex(pointer, annexes)
            if better is not None:
                message = f"此处引用附件{pointer.number}，所说的内容在附件{better.number}《{better.title}》"
                yield _differs(pointer, message, f"附件{better.number}", better.place)
            continue
        there = _other_below(material, pointer)
        if there is not None:
            yield _differs(pointer, f"此处引用{pointer.kind}{pointer.number}，下面的却是{there}", there)


def _other_below(material: Material, pointer: _Pointer) -> str | None:
    """Return the table right below the pointer where it has another number than the one pointed to."""
    below = _caption_below(material.paper.blocks, pointer) if pointer.kind != "附件" else None
    if below is None or below[1] == pointer.number or "图" in (below[0], pointer.kind):
        return None
    captions = _captions(material.paper)
    named, there = captions.get((pointer.kind, pointer.number)), captions.get(below)
    if named is not None and _is_about(pointer, named.title):
        return None
    if named is None and (there is None or not _words_shared(pointer, there.title)):
        return None  # nothing is pointed to, and what stands below is of something else
    return f"{below[0]}{below[1]}"


def parts_pointed_to(material: Material) -> Iterator[Remark]:
    """A part (见第五部分) that the paper does not have."""
    texts = [block.text for block in material.paper.blocks if isinstance(block, Paragraph) and block.level in (0, 1)]
    for stretch in material.paper.paragraphs:
        for match in _PART.finditer(stretch.text):
            starts = (f"第{match['n']}部分", f"{match['n']}、")
            if texts and not any(text.startswith(starts) for text in texts):
                pointer = _Pointer("部分", match["n"], stretch, match.start("n") - 1, match.end())
                yield _differs(pointer, f"文中引用第{match['n']}部分，全文没有这一部分", "")


def annexes_listed(material: Material) -> Iterator[Remark]:
    """Annexes in the contents or in the list at the end against those that follow: number of them and their titles."""
    annexes = _annexes(material.paper)
    if not annexes:
        return
    for what, listed in _lists_of_annexes(material.paper):
        if len(listed) != len(annexes):
            yield Remark(
                rule="items-differ",
                place=listed[0].place,
                also=(annexes[0].place,),
                quote="；".join(entry.title for entry in listed)[:70],
                stated=str(len(listed)),
                expected=str(len(annexes)),
                message=f"{what}列附件 {len(listed)} 件，正文后实有 {len(annexes)} 件",
                advice="请补齐或核对附件",
            )
        actual = {entry.number: entry for entry in annexes}
        for entry in listed:
            there = actual.get(entry.number)
            if there is None or _alike(entry.title, there.title) or _is_garbled(entry.title, material.paper):
                continue
            yield Remark(
                rule="reference-differs",
                place=entry.place,
                also=(there.place,),
                quote=f"附件{entry.number}：{entry.title}",
                stated=entry.title,
                expected=there.title,
                message=f"{what}的附件{entry.number}是《{entry.title}》，实际是《{there.title}》",
                advice="请统一附件的编号和名称",
            )


def contents_and_headings(material: Material) -> Iterator[Remark]:
    """A line of the contents whose heading has another name; lines garbled in reading are passed over."""
    blocks = material.paper.blocks
    lines = [block for block in blocks if isinstance(block, Paragraph) and block.role is Role.CONTENTS]
    if len(lines) < 4:
        return
    last = max(line.place.block for line in lines)
    headings = [
        block
        for block in blocks[last + 1 :]
        if isinstance(block, Paragraph) and block.level in (0, 1, 2) and len(block.text) < LONGEST_TITLE
    ]
    names = {_bare(heading.text) for heading in headings}
    for line in lines:
        text = _PAGE.sub("", line.text)
        match = re.match(rf"(?:第[{_CHINESE}]+部分|[{_CHINESE}]{{1,3}}、|（[{_CHINESE}]{{1,3}}）)", text)
        if match is None or _bare(text) in names or _is_garbled(text[match.end() :], material.paper):
            continue
        same = [heading for heading in headings if heading.text.startswith(match.group())]
        told_so = any(_alike(text, heading.text) for heading in same) or any(_bare(text)[2:] in name for name in names)
        if told_so or not same:
            continue
        close = max(same, key=lambda heading: len(set(heading.text) & set(text)))
        if len(set(close.text) & set(text)) * 2 < len(set(text)):
            continue
        yield Remark(
            rule="reference-differs",
            place=line.place,
            also=(close.place,),
            quote=line.text,
            stated=text,
            expected=close.text,
            message=f"目录写作“{text}”，正文标题是“{close.text}”",
            advice="请更新目录",
        )


def _pointers(paper: Paper) -> Iterator[_Pointer]:
    for stretch in paper.paragraphs:
        for pattern in (_POINTER, _BRACKETED):
            for match in pattern.finditer(stretch.text):
                yield _Pointer(match["kind"], _digits(match["n"]), stretch, match.start("kind"), match.end("n"))
                more = _MORE.match(stretch.text, match.end())
                if pattern is _POINTER and more:
                    yield _Pointer(more["kind"], _digits(more["n"]), stretch, more.start("kind"), more.end("n"))


def _digits(text: str) -> str:
    if text[0].isdigit():
        return text.replace("—", "-")
    return str(int(numeral(text) or 0))


def _captions(paper: Paper) -> dict[tuple[str, str], _Entry]:
    found: dict[tuple[str, str], _Entry] = {}
    for at, block in enumerate(paper.blocks):
        match = _NUMBERED.match(_caption(block))
        if match:
            entry = _Entry(match["n"].replace("—", "-"), match["title"].strip("：: "), block.place, at)
            found.setdefault((match["kind"], entry.number), entry)
    return found


def _caption(block: Block) -> str:
    if isinstance(block, Table):
        return block.title
    return block.text if block.role is Role.CAPTION else ""


def _annexes(paper: Paper) -> list[_Entry]:
    """Return the annexes with content: entries of a list of annexes follow each other without anything between."""
    found = list(_annex_headings(paper.blocks))
    return [entry for entry in found if not _is_listed(entry, found)]


def _annex_headings(blocks: Sequence[Block]) -> Iterator[_Entry]:
    for at, block in enumerate(blocks):
        if isinstance(block, Paragraph) and block.role is not Role.CONTENTS and len(block.text) <= 45:
            match = _ANNEX.match(block.text)
            if match and match["title"][:1] not in ("和", "、", "所", "中", "的", "-"):
                yield _Entry(_digits(match["n"]), match["title"], block.place, at)


def _is_listed(entry: _Entry, found: Sequence[_Entry]) -> bool:
    """Tell whether an annex heading is an entry of a list: 附件1, 附件2 … one right after the other."""
    at = {each.at: each.number for each in found}
    first = entry.at
    while first - 1 in at:
        first -= 1
    return at[first] == "1" and first + 1 in at


def _lists_of_annexes(paper: Paper) -> Iterator[tuple[str, list[_Entry]]]:
    contents = []
    for at, block in enumerate(paper.blocks):
        if isinstance(block, Table):
            continue
        if block.role is Role.CONTENTS:
            match = _ANNEX.match(_PAGE.sub("", block.text))
            if match:
                contents.append(_Entry(_digits(match["n"]), match["title"], block.place, at))
            continue
        opening = _ANNEX_LIST.match(block.text)
        if opening:
            yield "附件清单", [_Entry("1", opening["title"], block.place, at), *_following(paper.blocks, at + 1)]
    if contents:
        yield "目录", contents
    found = list(_annex_headings(paper.blocks))
    listed = [entry for entry in found if _is_listed(entry, found)]
    if listed:
        yield "附件目录", listed


def _following(blocks: Sequence[Block], at: int) -> Iterator[_Entry]:
    for number, block in enumerate(blocks[at:], 2):
        match = _ITEM.match(block.text) if isinstance(block, Paragraph) else None
        if match is None or int(match["n"]) != number:
            return
        yield _Entry(match["n"], match["title"].rstrip("；。"), block.place, at + number - 2)


def _caption_below(blocks: Sequence[Block], pointer: _Pointer) -> tuple[str, str] | None:
    """Return kind and number of the caption right below the paragraph that points, where the pointer ends it."""
    tail = pointer.stretch.text[pointer.end :]
    if not re.fullmatch(r"[所列示）]*[。：:；]?|.{0,6}[）)]?[。：]", tail):
        return None
    for block in blocks[pointer.stretch.place.block + 1 :][:2]:
        match = _NUMBERED.match(_caption(block))
        if match:
            return match["kind"], match["n"].replace("—", "-")
        if isinstance(block, Paragraph) and len(block.text) > 20:
            return None
    return None


def _better_annex(pointer: _Pointer, annexes: Sequence[_Entry]) -> _Entry | None:
    """Return the annex whose title fits the words before the pointer, where that of the annex pointed to does not."""
    named = next((entry for entry in annexes if entry.number == pointer.number), None)
    words = re.split(r"[，。；、：（]|见|附后", pointer.stretch.text[: pointer.start].rstrip("见如详（参"))[-1]
    if named is None or len(words) < 4 or _shared(words, named.title):
        return None
    bare = _GENERAL.sub("", words)
    fitting = [entry for entry in annexes if _shared(bare, _GENERAL.sub("", entry.title))]
    return fitting[0] if len(fitting) == 1 else None


def _shared(one: str, other: str) -> int:
    """Count the pairs of characters two texts have in common."""
    pairs = {one[at : at + 2] for at in range(len(one) - 1)}
    return sum(other[at : at + 2] in pairs for at in range(len(other) - 1))


def _is_about(pointer: _Pointer, title: str) -> bool:
    """Tell whether a table further off is really meant: its title shares words with the sentence that points to it."""
    return _words_shared(pointer, title) >= 2


def _words_shared(pointer: _Pointer, title: str) -> int:
    before = re.split(r"[。；]", pointer.stretch.text[: pointer.start])[-1]
    return _shared(before, title.removesuffix("情况表").removesuffix("表"))


def _named_anywhere(paper: Paper, pointer: _Pointer) -> bool:
    """Tell whether the number stands in a text that is no pointer: extraction may have swallowed its caption."""
    label = re.compile(rf"(?<![见如及和与至附（、]){pointer.kind[-1]}{re.escape(pointer.number)}(?![\d\-])")
    return any(label.search(stretch.text) for stretch in paper.paragraphs)


def _bare(text: str) -> str:
    return _PUNCTUATION.sub("", text)


def _alike(one: str, other: str) -> bool:
    one, other = _bare(one), _bare(other)
    return one in other or other in one


def _is_garbled(text: str, paper: Paper) -> bool:
    """Tell whether a text holds a pair of characters found nowhere else: character recognition made it up."""
    body = "".join(stretch.text for stretch in paper.paragraphs)
    bare = _bare(text)
    return any(bare[at : at + 2] not in body for at in range(len(bare) - 1))


def _differs(pointer: _Pointer, message: str, expected: str, *also: Place) -> Remark:
    return Remark(
        rule="reference-differs",
        place=pointer.stretch.at(pointer.start),
        also=also,
        quote=quoted(pointer.stretch.text, pointer.start, pointer.end),
        stated=pointer.label,
        expected=expected,
        message=message,
        advice="请核对引用",
    )
