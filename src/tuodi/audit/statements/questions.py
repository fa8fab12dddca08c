"""Questions of a survey with the answers counted: in tables of options, or told in a sentence."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tuodi.audit.figures.amounts import Figure, Kind, figure_of
from tuodi.audit.paper.model import Paper, Paragraph, Place, Role, Table
from tuodi.audit.statements.grids import Grid, Row, bare, grid_of, last_word
from tuodi.audit.statements.stretches import Stretch

LOOKED_BACK = 6
"""Blocks before a table in which its question may stand."""
_OPTION_HEAD = ("选项", "选择项", "答案", "评价", "选项内容")
_COUNTED = ("人数", "小计", "份数", "人次", "选择人数", "票数", "数量", "频数", "选项人数")
_SHARED = ("占比", "比例", "百分比", "比重")
_ANSWERED = re.compile(r"本题有效填写人次|有效填写|合计|总计|小计|共计|累计")
_MULTIPLE = re.compile(r"多选|可多选|不定项")
_TOLD = re.compile(
    r"(?:选择|选|认为|回答|表示)?[“\"]?(?P<name>[A-F]?[一-龥、]{1,14}?)[”\"]?的?(?:有|为|共|占)?(?P<count>\d+)(?:人|份|名)[，,、（(]?(?:占比?|比例为?|占总数的?)(?:为|达)?(?P<share>\d+(?:\.\d+)?)%"
)


@dataclass(frozen=True, slots=True)
class Option:
    """An answer with its count and its share, and where each stands."""

    name: str
    count: Figure | None
    share: Figure | None
    count_place: Place
    share_place: Place


@dataclass(frozen=True, slots=True)
class Question:
    """A question. ``stated`` is the number of answers told with it, ``text`` the question as far as it is known."""

    text: str
    options: tuple[Option, ...]
    place: Place
    stated: Figure | None = None
    stated_place: Place | None = None
    multiple: bool = False

    @property
    def counts(self) -> tuple[Figure, ...]:
        """The counts told."""
        return tuple(option.count for option in self.options if option.count is not None)

    @property
    def answered(self) -> Fraction:
        """The sum of the counts."""
        return sum((count.value for count in self.counts), Fraction(0))


def questions(paper: Paper, stretches: Sequence[Stretch]) -> tuple[Question, ...]:
    """Return the questions of all surveys of a paper."""
    found: list[Question] = []
    for at, block in enumerate(paper.blocks):
        if isinstance(block, Table):
            question = _of_table(grid_of(block), _asked(paper, at))
            if question is not None:
                found.append(question)
    for at, stretch in enumerate(stretches):
        found.extend(_of_text(stretch, stretches[max(0, at - 1)].text))
    return tuple(found)


def _asked(paper: Paper, at: int) -> str:
    """Return the question above a table."""
    for block in reversed(paper.blocks[max(0, at - LOOKED_BACK) : at]):
        if isinstance(block, Table):
            return ""
        if isinstance(block, Paragraph) and block.role is not Role.CAPTION and len(block.text) > 6:
            return block.text
    return ""


def _of_table(grid: Grid, asked: str) -> Question | None:
    heads = [last_word(heading).partition("（")[0] for heading in grid.headings]
    counted = [at for at, head in enumerate(heads) if head in _COUNTED]
    shared = [at for at, head in enumerate(heads) if head in _SHARED]
    if heads and heads[0] in _OPTION_HEAD and len(counted) == 1:
        return _upright(grid, asked, counted[0], _share_column(grid, shared))
    labels = {row.label: row for row in grid.rows}
    count_row = next((labels[name] for name in _COUNTED if name in labels), None)
    if count_row is not None and len(grid.headings) >= 3:
        return _lying(grid, asked, count_row, next((labels[name] for name in _SHARED if name in labels), None))
    return None


def _share_column(grid: Grid, shared: Sequence[int]) -> int | None:
    """Return the column of shares; where pictures of bars stand between, the shares stand under no heading."""
    for at in (*shared, *(number for number, heading in enumerate(grid.headings) if not heading)):
        if any((figure := grid.figure(row, at)) is not None and figure.kind is Kind.SHARE for row in grid.rows):
            return at
    return None


def _upright(grid: Grid, asked: str, counts: int, shares: int | None) -> Question | None:
    options, stated, place = [], None, None
    for row in grid.rows:
        name, count = bare(row.cells[0].text), grid.figure(row, counts)
        if _ANSWERED.search(name):
            stated, place = count, row.cells[counts].place
        elif name:
            share = grid.figure(row, shares) if shares is not None else None
            share_place = row.cells[shares if shares is not None else counts].place
            options.append(Option(name, count, share, row.cells[counts].place, share_place))
    if len(options) < 1 or all(option.count is None for option in options):
        return None
    return Question(asked, tuple(options), grid.table.place, stated, place, bool(_MULTIPLE.search(asked)))


def _lying(grid: Grid, asked: str, counts: Row, shares: Row | None) -> Question | None:
    options, stated, place = [], None, None
    for at, heading in enumerate(grid.headings):
        count = figure_of(bare(counts.cells[at].text)) if at < len(counts.cells) else None
        if count is None or not heading:
            continue
        if _ANSWERED.search(heading):
            stated, place = count, counts.cells[at].place
            continue
        share = figure_of(bare(shares.cells[at].text)) if shares is not None else None
        share_place = shares.cells[at].place if shares is not None else counts.cells[at].place
        options.append(Option(heading, count, share, counts.cells[at].place, share_place))
    if len(options) < 2:
        return None
    return Question(asked, tuple(options), grid.table.place, stated, place, bool(_MULTIPLE.search(asked)))


def _of_text(stretch: Stretch, before: str) -> Iterator[Question]:
    told = {figure.start: figure for figure in stretch.figures}
    options = []
    for match in _TOLD.finditer(stretch.text):
        count, share = told.get(match.start("count")), told.get(match.start("share"))
        if count is not None and share is not None:
            place = stretch.at(match.start())
            options.append(Option(match["name"], count, share, place, place))
    if len(options) >= 2:
        asked = stretch.text if "？" in stretch.text else before
        yield Question(asked, tuple(options), stretch.place, multiple=bool(_MULTIPLE.search(asked)))
