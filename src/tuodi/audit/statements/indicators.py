"""What a paper says of its indicators: weight, score, rate, target and actual value, in tables and in sentences.

The same indicator is told in a score table, in a table of its group, in the analysis and in the summary; a ``Telling``
is one of these places.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tuodi.audit.figures.amounts import Figure, Kind, figure_of
from tuodi.audit.paper.model import Block, Paper, Paragraph, Place, Role, Table
from tuodi.audit.statements.grids import Grid, Row, bare, grids_of, last_word

CODE = re.compile(r"^(?P<code>[A-Z]\d{0,4}(?:\.\d{1,2})*)[.、．]?(?=[^A-Za-z0-9.%])")
_WEIGHT_IN_NAME = re.compile(r"（(?:满分|权重|分值)?(\d+(?:\.\d+)?)分）")
_CHINESE = re.compile(r"[一-龥]")
_LEVELS = ("一级", "二级", "三级", "四级", "五级")


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One place where an indicator is spoken of. ``level`` is 1 for the top, None where the place does not tell.

    ``system`` keeps evaluations apart that stand in one paper: empty for the paper's own, else the self-evaluation
    table's place. ``rule``, ``reason`` and ``process`` are texts of the same row or paragraph.
    """

    code: str
    name: str
    place: Place
    quote: str
    in_table: bool
    level: int | None = None
    system: str = ""
    is_leaf: bool = True
    weight: Figure | None = None
    score: Figure | None = None
    rate: Figure | None = None
    deduction: Figure | None = None
    target: str = ""
    actual: str = ""
    rule: str = ""
    reason: str = ""
    process: str = ""
    full: bool = False

    @property
    def key(self) -> str:
        """What tells the indicator from others: its code, else its bare name."""
        return self.code or plain_name(self.name)

    @property
    def label(self) -> str:
        """Code and name as a reader says them."""
        return f"{self.code} {self.name}".strip() if self.name else self.code


def split_code(text: str) -> tuple[str, str]:
    """Return the code and the name of ``A11立项依据充分性（3分）``; the code is empty where there is none."""
    told = bare(text)
    match = CODE.match(told)
    code = match["code"] if match else ""
    name = told[match.end() :] if match else re.sub(r"^(?:指标\d+[：:]|\d+[.、．]|[①-⑳]|（\d+）)", "", told)
    return code, _WEIGHT_IN_NAME.sub("", name).strip('：:.、“”"')


_PLAIN = re.compile(r"[“”\"'‘’（）()《》\s、，：:]")


def plain_name(name: str) -> str:
    """Return a name without quotation marks, brackets and blanks, for comparing."""
    return _PLAIN.sub("", name)


def tellings(paper: Paper) -> tuple[Telling, ...]:
    """Return every telling in the order of the paper."""
    found: list[Telling] = []
    for block in paper.blocks:
        if isinstance(block, Table):
            for grid in grids_of(block):
                found.extend(of_table(grid, system_of(block) or _form_of(grid)))
    known = {plain_name(telling.name) for telling in found if telling.name} | {
        telling.code for telling in found if telling.code
    }
    found.extend(_of_paragraphs(paper.blocks, known))
    found = [telling for telling in found if telling.code or len(_CHINESE.findall(telling.name)) >= 2]
    return tuple(sorted(found, key=lambda telling: (telling.place.block, telling.place.row or 0)))


def of_table(grid: Grid, system: str = "") -> Iterator[Telling]:
    """Yield what a score table tells: a row an indicator, or a column an indicator where the table lies on its side."""
    if _lies(grid):
        yield from _lying(grid, system)
        return
    scores, weights = grid.columns("score"), grid.columns("weight")
    names = [at for at in grid.columns("indicator") if at not in (*scores, *weights)]
    names = names or [at for at, heading in enumerate(grid.headings) if heading.endswith("名称") and "指标" in heading]
    if not names or not (scores or weights or grid.columns("actual")) or "要点编号" in grid.headings:
        return  # the points of an indicator, each a row, are no indicators
    above: dict[int, str] = {}
    for row in grid.body:
        leaf = _leaf_column(row, names)
        if leaf is None:
            continue
        for at in names:
            if at < leaf and bare(row.cells[at].text):
                above[at] = bare(row.cells[at].text)
        yield from _upper_levels(
            grid, row, [at for at in names if at < leaf and bare(row.cells[at].text)], weights, system
        )
        yield _leaf(grid, row, leaf, names, weights, scores, system)


def system_of(table: Table) -> str:
    """Return the evaluation a table belongs to: empty for the paper's own, the place of a self-evaluation table."""
    texts = [table.title, *(cell.text for row in table.rows[:6] for cell in row)]
    if any("自评表" in text for text in (*texts, table.place.section.rpartition("›")[2])) or any(
        "全年执行数" in text for text in texts
    ):
        return f"自评表{table.place.block}"
    return ""


def _form_of(grid: Grid) -> str:
    """Return the section of a table in the form of a self-evaluation: one project among several has one of its own."""
    if grid.columns("score") and grid.columns("target") and grid.columns("actual") and not grid.columns("rule"):
        return f"自评{grid.table.place.section}" if "自评" in grid.table.place.section + grid.table.title else ""
    return ""


def _leaf_column(row: Row, names: Sequence[int]) -> int | None:
    filled = [at for at in names if at < len(row.cells) and bare(row.cells[at].text)]
    filled = [at for at in filled if figure_of(bare(row.cells[at].text)) is None]
    return max(filled, default=None)


def _upper_levels(
    grid: Grid, row: Row, columns: Sequence[int], weights: Sequence[int], system: str
) -> Iterator[Telling]:
    for at in columns:
        text = bare(row.cells[at].text)
        code, name = split_code(text)
        own = next((column for column in weights if column == at + 1 and len(weights) > 1), None)
        weight = grid.figure(row, own) if own is not None else _weight_in(text)
        yield Telling(
            code=code, name=name, place=row.cells[at].place, quote=text, in_table=True, level=_level(grid, at),
            system=system, is_leaf=False, weight=weight,
        )  # fmt: skip


def _leaf(
    grid: Grid,
    row: Row,
    leaf: int,
    names: Sequence[int],
    weights: Sequence[int],
    scores: Sequence[int],
    system: str,
) -> Telling:
    text = bare(row.cells[leaf].text)
    code, name = split_code(text)
    right = [at for at in weights if at > leaf] or list(weights)
    is_leaf = leaf == max(names) or len(names) == 1 or all(not row.cells[at].text for at in names if at > leaf)
    return Telling(
        code=code,
        name=name,
        place=row.cells[leaf].place,
        quote=f"{text} {' '.join(bare(row.cells[at].text) for at in (*right[:1], *scores[:1]))}".strip(),
        in_table=True,
        level=_level(grid, leaf),
        system=system,
        is_leaf=is_leaf and not _is_parent(grid, row, leaf, names),
        weight=(grid.figure(row, right[0]) if right and not row.short else None) or _weight_in(text),
        score=grid.figure(row, scores[-1]) if scores and not row.short else None,
        rate=None if row.short else _only(grid, row, "rate"),
        deduction=None if row.short else _only(grid, row, "deduction"),
        target=_text(grid, row, "target"),
        actual=_text(grid, row, "actual"),
        rule=_text(grid, row, "rule"),
        reason=_text(grid, row, "deduction_reason") or _text(grid, row, "deviation"),
        process=_process(grid, row),
    )


def _is_parent(grid: Grid, row: Row, leaf: int, names: Sequence[int]) -> bool:
    """Tell whether the row only names a group whose indicators stand in the rows below, one column further right."""
    after = next((other for other in grid.body if other.number > row.number), None)
    if after is None or leaf == max(names):
        return False
    below = _leaf_column(after, names)
    return below is not None and below > leaf and not bare(after.cells[leaf].text)


def _level(grid: Grid, column: int) -> int | None:
    for level, word in enumerate(_LEVELS, 1):
        if word in grid.headings[column]:
            return level
    return None


def _weight_in(text: str) -> Figure | None:
    match = _WEIGHT_IN_NAME.search(text)
    return figure_of(match[1] + "分") if match else None


def _only(grid: Grid, row: Row, meaning: str) -> Figure | None:
    column = grid.column(meaning)
    return grid.figure(row, column) if column is not None else None


def _text(grid: Grid, row: Row, meaning: str) -> str:
    column = grid.column(meaning)
    return bare(row.cells[column].text) if column is not None and column < len(row.cells) else ""


def _process(grid: Grid, row: Row) -> str:
    for at, heading in enumerate(grid.headings):
        if last_word(heading) in ("评分过程", "评价过程", "评分说明", "得分说明", "评价情况", "打分依据", "得分依据"):
            return bare(row.cells[at].text)
    return ""


def _lies(grid: Grid) -> bool:
    labels = {bare(row.cells[0].text) for row in grid.rows if row.cells}
    return (
        bool(labels & {"权重", "分值", "满分"})
        and bool(labels & {"得分", "评价得分", "分值", "实际得分"})
        and len(labels) >= 2
    )


def _lying(grid: Grid, system: str) -> Iterator[Telling]:
    by_label = {bare(row.cells[0].text): row for row in grid.rows}
    weight_row = next((by_label[label] for label in ("权重", "满分", "分值") if label in by_label), None)
    score_row = next((by_label[label] for label in ("得分", "评价得分", "实际得分", "分值") if label in by_label), None)
    rate_row = by_label.get("得分率")
    if weight_row is None or score_row is None or weight_row is score_row:
        return
    for at, heading in enumerate(grid.headings[1:], 1):
        name = last_word(heading)
        if not name or name in ("合计", "总计", "总分"):
            continue
        code, plain = split_code(name)
        yield Telling(
            code=code, name=plain, place=score_row.cells[at].place, quote=f"{name} {score_row.cells[at].text}",
            in_table=True, level=1, is_leaf=False, system=system,
            weight=_points(grid.figure(weight_row, at)), score=grid.figure(score_row, at),
            rate=grid.figure(rate_row, at) if rate_row else None,
        )  # fmt: skip


def _points(figure: Figure | None) -> Figure | None:
    """Return a weight printed as a percentage (20%) as points: both say the same."""
    if figure is None or figure.kind is not Kind.SHARE:
        return figure
    return figure_of(figure.text.rstrip("%"))


_N = r"\d+(?:\.\d+)?"
_SCORED = re.compile(
    rf"(?:指标|项)?(?:满分|满(?=\d)|分值|权重|标准分)(?:分)?(?:为|共|是|：)?(?P<weight>{_N})分?[，,、；]"
    rf"(?:根据[^，。；得]{{0,14}}[，,]?)?(?:共?扣(?:除|减)?(?:了)?(?P<deduction>{_N})分[，,、；]?)?"
    rf"(?:(?:评价|实际|最终|自评|本次)*(?:得分|得)(?:为|是|：)?(?P<score>{_N})分|(?:本项)?(?:评价)?得(?P<full>满)分)"
)
_NAMED = re.compile(
    r"^(?:（\d{1,2}）|\d{1,2}[.、]|[①-⑳])?(?:对于|关于)?[“\"]?(?P<name>(?:[A-Z]\d{1,4}[.、]?)?[^“”\"（）：:，。；]{2,34}(?:（[^）\d]{1,12}）)?)[”\"]?"
    rf"(?:指标)?(?:（(?:满分|权重|分值)?(?P<weight>{_N})分(?:[，,](?:评价|实际|自评)?得分?(?:为)?(?P<score>{_N})分)?）)?[：:，,]?"
)
_GROUP = re.compile(
    rf"(?:(?P<name>[一-龥]{{2,12}}?)(?:类)?(?:绩效)?指标|(?P<here>(?:该|本|这一)(?:部分|类指标)))(?:由[^。；]{{2,60}}构成[，,])?(?:总)?(?:权重|满分|分值)(?:分|共|为|计|合计)*"
    rf"(?P<weight>{_N})分[，,、]"
    rf"(?:实际|评价|最终|综合|总)*得(?:分)?(?:为|共|：)?(?P<score>{_N})分(?:[，,]得分率(?:为|达|达到)?(?P<rate>{_N}%))?"
)
_HEADED = re.compile(r"^[（(]?[一二三四五六七八九十\d]+[）)、.]|(?:指标)?(?:得分)?(?:情况)?(?:的)?(?:分析|说明)?$")
_ITS = re.compile(r"(?:该|本|此)(?:项)?指标(?:满分|分值|权重)|综上所述")


@dataclass(slots=True)
class _Current:
    """The indicator whose paragraphs are being read."""

    code: str = ""
    name: str = ""
    weight: Figure | None = None
    texts: list[str] = field(default_factory=list)


def _of_paragraphs(blocks: Sequence[Block], known: set[str]) -> Iterator[Telling]:
    current = _Current()
    for block in blocks:
        if not isinstance(block, Paragraph) or block.role in (Role.CONTENTS, Role.CAPTION, Role.NOTE):
            continue
        yield from _groups(block)
        named = _named(block, known)
        if named is not None:
            current = named
            head = _NAMED.match(block.text)
            if head and head["score"]:
                yield _telling(block, current, current.weight, _score(head["score"]), block.text[: head.end()])
                continue
            if head and current.weight is not None:
                yield _telling(block, current, current.weight, None, block.text[: head.end()])
        elif block.level is not None and _is_title(block):
            current = _Current()
        if not current.name and not current.code:
            continue
        current.texts.append(block.text)
        for match in _SCORED.finditer(block.text):
            if _GROUP.search(block.text) and not _ITS.search(block.text):
                continue
            deduction = _score(match["deduction"]) if match["deduction"] else None
            score = _score(match["weight"] if match["full"] else match["score"])
            yield _telling(
                block,
                current,
                _score(match["weight"]),
                score,
                match.group(),
                deduction=deduction,
                full=bool(match["full"]),
            )


def _is_title(block: Paragraph) -> bool:
    """Tell whether a heading begins another subject: it is no item of an enumeration."""
    return block.level is not None and (
        block.level <= 3 or block.level == 4 and not re.search(r"[，；。：]", block.text)
    )


def _named(block: Paragraph, known: set[str]) -> _Current | None:
    match = _NAMED.match(block.text)
    if match is None:
        return None
    code, name = split_code(match["name"])
    if re.search(r"\d\.\d|[①-⑳]", name):
        return None  # a row of a table that lost its columns
    weight = _score(match["weight"]) if match["weight"] else None
    opens = re.match(r"(?:对于|关于)[“\"]", block.text) is not None
    if (code and len(code) > 1) or plain_name(name) in known or weight is not None or opens:
        return _Current(code, name, weight)
    return None


def _groups(block: Paragraph) -> Iterator[Telling]:
    for match in _GROUP.finditer(block.text):
        name = re.sub(r"^(?:其中|本次|本项目|该)", "", match["name"] or "")
        if match["here"]:
            name = _HEADED.sub("", split_code(block.place.section.rpartition("›")[2].strip())[1])
        if name in ("", "项", "项目", "本项", "此项", "该项"):
            continue
        yield Telling(
            code="", name=name, place=block.at(match.start()), quote=match.group(), in_table=False, level=None,
            is_leaf=False, weight=_score(match["weight"]), score=_score(match["score"]),
            rate=figure_of(match["rate"]) if match["rate"] else None,
        )  # fmt: skip


def _telling(
    block: Paragraph,
    current: _Current,
    weight: Figure | None,
    score: Figure | None,
    quote: str,
    *,
    deduction: Figure | None = None,
    full: bool = False,
) -> Telling:
    return Telling(
        code=current.code,
        name=current.name,
        place=block.at(block.text.find(quote)),
        quote=f"{current.code}{current.name}：{quote}" if not quote.startswith(current.code or current.name) else quote,
        in_table=False,
        weight=weight,
        score=score,
        deduction=deduction,
        process="".join(current.texts) or block.text,
        full=full,
    )


def _score(text: str | None) -> Figure | None:
    return figure_of(f"{text}分") if text else None
