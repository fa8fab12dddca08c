"""Values told with a name, in sentences and in tables: what they are of, of which year, aimed at or reached."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tuodi.audit.figures.amounts import Figure, Kind, figure_of
from tuodi.audit.paper.model import Paper, Paragraph, Place, Role, Table
from tuodi.audit.statements.grids import Grid, Row, bare, last_word
from tuodi.audit.statements.labels import clause_before, label_of
from tuodi.audit.statements.sentence_words import pattern, tells, words
from tuodi.audit.statements.stretches import Stretch
from tuodi.audit.statements.words import paper_words

SHORTEST_NAME = 3
LOOKED_BACK = 200
"""Characters before a sentence that may tell whether it speaks of targets."""
SEVERAL = 3
"""A paper that begins so often with the same first heading holds several reports."""
_RATE_NAME = re.compile(r"(?<!得分)(?:率|满意度|认可度|知晓度|比例|比重)$")
_LEVELS = {
    "中央": "中央",
    "县市区": "县级",
    "县（市、区）": "县级",
    "省": "省级",
    "市": "市级",
    "州": "市级",
    "县": "县级",
    "区": "县级",
    "镇": "镇级",
}
_GOALS = re.compile(r"^[^。：]{0,12}(?:总目标|总体目标|阶段性目标|年度目标|具体目标|目标)[：:]?")
_RULES = re.compile(r"得满分|每降低|扣完为止|不得分|扣除相应|权重分|赋分")
_ITEM = re.compile(r"[；，：][一二三四五六七八九]是")
_COUNTED = ("人", "人次", "户", "户次", "例", "份")


@dataclass(frozen=True, slots=True)
class Value:
    """A value told. ``name`` is the whole name, ``key`` what is left of it without words that tell nothing apart.

    ``aimed`` tells a target, ``year`` the year told with it or empty, ``in_table`` a cell of a table.
    """

    name: str
    key: str
    figure: Figure
    place: Place
    quote: str
    year: str
    aimed: bool
    in_table: bool


def values(stretches: Sequence[Stretch], grids: Sequence[Grid]) -> tuple[Value, ...]:
    """Return the values a paper tells, in sentences first; keys that one longer name explains are joined with it."""
    found = [value for stretch in stretches for value in _of_text(stretch)]
    found += [value for grid in grids for value in _of_grid(grid)]
    return tuple(_joined(list(_without_repeated_targets(found))))


def _without_repeated_targets(found: Sequence[Value]) -> Iterator[Value]:
    """Leave out what a sentence tells as reached without saying so, if it is the target of the same name."""
    aims = [value for value in found if value.aimed]
    for value in found:
        repeated = not value.aimed and not value.in_table and value.figure.kind is Kind.COUNT
        if not (repeated and any(aim.key == value.key and aim.figure.value == value.figure.value for aim in aims)):
            yield value


def projects(paper: Paper) -> tuple[int, ...]:
    """Return the blocks of the self-evaluation tables of a paper that has several: each is of a project of its own."""
    found = tuple(
        block.place.block
        for block in paper.blocks
        if isinstance(block, Table) and block.width > 3 and ("自评表" in block.title or _has_execution(block))
    )
    return found if len(found) > 1 else ()


def _has_execution(table: Table) -> bool:
    return any("全年执行数" in bare(cell.text) for row in table.rows[:6] for cell in row)


def reports(paper: Paper) -> tuple[int, ...]:
    """Return the block at which each report of a paper begins; one report begins at block 0.

    Papers of departments hold a dozen reports of one form: the same first heading returns in each of them.
    """
    heads = [block for block in paper.blocks if isinstance(block, Paragraph) and re.match(r"一[、.]", block.text)]
    counts = Counter(block.text for block in heads if block.role is Role.HEADING)
    starts = [block.place.block for block in heads if counts[block.text] >= SEVERAL]
    return (0, *starts)


def _of_text(stretch: Stretch) -> Iterator[Value]:
    if _RULES.search(stretch.text) and stretch.in_table:
        return
    for at, figure in enumerate(stretch.figures):
        if figure.mark not in ("", "约") or not _is_value(figure):
            continue
        floor = stretch.figures[at - 1].end if at else 0
        clause = clause_before(stretch.text, figure.start, floor)
        name = label_of(clause)
        start, end = stretch.sentence_of(figure.start)
        sentence = stretch.text[start:end]
        if not _names_value(name, figure) or tells(clause, "policy") or _RULES.search(sentence) or "权重" in sentence:
            continue
        if stretch.text[figure.end : figure.end + 1] in ("/", "×", "*", "÷"):
            continue
        yield Value(
            name=name,
            key=_key(name, figure),
            figure=figure,
            place=stretch.at(figure.start),
            quote=stretch.quote(figure.start - len(clause), figure.end),
            year=_year(clause) or _year(stretch.text[start : figure.start]),
            aimed=_aimed(stretch, start, figure),
            in_table=False,
        )


def _is_value(figure: Figure) -> bool:
    if figure.kind is Kind.COUNT:
        return figure.unit in _COUNTED and figure.value >= 10
    return figure.kind in (Kind.MONEY, Kind.SHARE)


def _names_value(name: str, figure: Figure) -> bool:
    if len(name) < SHORTEST_NAME or not re.search(r"[一-龥]{2}", name) or _CHANGE.fullmatch(name):
        return False
    return bool(_RATE_NAME.search(name)) if figure.kind is Kind.SHARE else not _RATE_NAME.search(name)


def _year(text: str) -> str:
    told = re.findall(r"(20\d\d)(?=年|—|-|度)", text)
    return told[-1] if told else ""


def _aimed(stretch: Stretch, start: int, figure: Figure) -> bool:
    """Tell whether a number is a target: the text is of targets, or a word of targets is the last before it."""
    section = stretch.place.section.rpartition("›")[2]
    if _GOALS.match(stretch.text) or "目标" in section and not re.search(r"完成|实现", section):
        return True
    before = _ITEM.split(stretch.text[start : figure.start])[-1]
    if "问题" not in section and not (tells(before, "target") or tells(before, "actual")):
        before = stretch.text[max(0, start - LOOKED_BACK) : start]
    aims = [match.end() for match in pattern("target").finditer(before)]
    reached = [match.end() for match in pattern("actual").finditer(before)]
    return bool(aims) and (not reached or aims[-1] > reached[-1])


def _key(name: str, figure: Figure) -> str:
    """Return what tells a value apart: the name of a rate, the level of money, the name without plain words."""
    if figure.kind is Kind.SHARE:
        return name
    stem = name
    for word in words("plain"):
        stem = stem.replace(word, "")
    stem = re.sub(r"^(?:共|中(?!央)|由|本)", "", stem)
    if figure.kind is Kind.MONEY:
        for word, level in _LEVELS.items():
            if re.fullmatch(rf"(?:其中：?|实际|[一-龥]{{1,3}})?{word}(?:区|级|本级)?", stem):
                return level + ("支出" if tells(name, "spent") else "")
        if len(stem) <= 2 and not tells(name, "not_whole"):
            return "支出总额" if tells(name, "spent") else "资金总额" if tells(name, "funded") else stem
    return stem if len(stem) >= 2 else name


_CHANGE = re.compile(
    r"(?:比|较|同比|环比|与)?(?:上年同期|上年|去年|上一年|同期|年初预算数?|预算数?)?(?:相比)?(?:增加|减少|增长|下降|上升|降低|调增|调减)"
)
"""No name of a value: what it changes stands further before."""
_ACCOUNTS = re.compile(r"行次|栏次|科目编码|功能分类|经济分类")


def _of_grid(grid: Grid) -> Iterator[Value]:
    if _ACCOUNTS.search("".join(grid.headings)) or "决算" in grid.table.title:
        return  # the tables of final accounts have checks of their own
    names = list(grid.columns("indicator")) or [
        at
        for at, heading in enumerate(grid.headings)
        if last_word(heading) in ("项目", "名称", "资金来源", "来源", "支出内容", "用途")
    ]
    if not names:
        yield from _of_form(grid)
        return
    for column, heading in enumerate(grid.headings):
        meaning = _meaning(grid, column, heading)
        if meaning is None:
            continue
        for row in grid.rows:
            value = _of_cell(grid, row, names, column, aimed=meaning == "target")
            if value is not None:
                yield value


def _meaning(grid: Grid, column: int, heading: str) -> str | None:
    """Return whether a column tells targets, what was reached, or amounts; None for weights, scores and last year's."""
    words_of = paper_words()
    name = last_word(heading)
    if re.search(r"上年|上一年|往年", heading):
        return None
    if words_of.means(name, "target"):
        return "target"
    if words_of.means(name, "actual"):
        return "actual"
    if grid.unit(column) in ("元", "万元") and any(
        words_of.means(name, each) for each in ("budget", "spent", "amount")
    ):
        return "amount"
    return None


def _of_cell(grid: Grid, row: Row, names: Sequence[int], column: int, *, aimed: bool) -> Value | None:
    figure = grid.figure(row, column)
    if figure is None or row.short or not _is_value(figure):
        return None
    told = [bare(row.cells[at].text) for at in names if at < len(row.cells) and bare(row.cells[at].text)]
    if not told or row.is_subtotal:
        return None
    name = (
        last_word(grid.headings[column]) if row.is_total else label_of(re.sub(r"^[A-Z]\d+|^指标\d+[：:]", "", told[-1]))
    )
    if not _names_value(name, figure) and figure.kind is not Kind.MONEY:
        return None
    return Value(
        name=name,
        key=_key(name, figure),
        figure=figure,
        place=row.cells[column].place,
        quote=f"{name} {row.cells[column].text}",
        year="",
        aimed=aimed or figure.mark in ("≥", "≤", ">", "<"),
        in_table=True,
    )


def _of_form(grid: Grid) -> Iterator[Value]:
    """Yield amounts of a form: a word and its amount side by side, under a word with the unit in the same column."""
    heads: dict[int, tuple[str, str]] = {}
    for row in grid.table.rows:
        for at, (cell, after) in enumerate(zip(row, row[1:], strict=False)):
            told = bare(cell.text)
            unit = re.search(r"（(万元|元)）$", told)
            if unit:
                heads[at] = (told[: unit.start()], unit[1])
            name, measure = heads.get(at, ("", ""))
            figure = figure_of(bare(after.text), measure)
            if figure is None or not name or figure_of(told) is not None or not told:
                continue
            full = name if unit else f"{name}其中{told.removeprefix('其中：')}"
            key = _key(name, figure) if unit else _form_key(name, told.removeprefix("其中："), figure)
            if key and figure.kind is Kind.MONEY and not tells(name, "not_whole"):
                yield Value(full, key, figure, after.place, f"{full} {after.text}", "", "计划" in name, in_table=True)


def _form_key(head: str, told: str, figure: Figure) -> str:
    """Return the key of a level of government in a form: 中央 of the money received or of the money spent."""
    level = _key(told, figure)
    return (level + "支出" if tells(head, "spent") else level) if level in _LEVELS.values() else ""


def _joined(found: Sequence[Value]) -> Iterator[Value]:
    """Yield the values with short keys of rates replaced by the only longer one that ends with them."""
    keys = Counter(value.key for value in found if value.figure.kind is Kind.SHARE)
    longer: dict[str, str] = {}
    for key in keys:
        ending = [other for other in keys if other != key and other.endswith(key)]
        if len(ending) == 1 and len(key) >= SHORTEST_NAME:
            longer[key] = ending[0]
    for value in found:
        key = longer.get(value.key, value.key) if value.figure.kind is Kind.SHARE else value.key
        yield Value(value.name, key, value.figure, value.place, value.quote, value.year, value.aimed, value.in_table)


def clusters(told: Sequence[Value]) -> list[list[Value]]:
    """Return values that can be the same number together, the best supported first."""
    found: list[list[Value]] = []
    for value in sorted(told, key=lambda each: each.figure.step):
        for cluster in found:
            if all(value.figure.agrees(other.figure) for other in cluster):
                cluster.append(value)
                break
        else:
            found.append([value])
    return sorted(found, key=lambda each: (-support(each), not any(value.in_table for value in each)))


def support(cluster: Sequence[Value]) -> int:
    """Count the paragraphs and rows that tell a value."""
    return len(spots(cluster))


def spots(cluster: Sequence[Value]) -> set[tuple[int, int | None]]:
    """Return the paragraphs and rows that tell a value."""
    return {(value.place.block, value.place.row) for value in cluster}


def apart(one: Fraction, other: Fraction) -> Fraction:
    """Return how far two amounts are apart as a share of the larger."""
    largest = max(abs(one), abs(other))
    return abs(one - other) / largest if largest else Fraction(0)
