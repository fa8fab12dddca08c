"""The ministry's self-evaluation form (项目支出绩效自评表): money, indicators, total; whole or in broken lines."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from tuodi.audit.figures.amounts import Figure, Kind, figure_of
from tuodi.audit.paper.clean import clean
from tuodi.audit.paper.model import Cell, Paper, Place, Table
from tuodi.audit.statements.grids import bare
from tuodi.audit.statements.lines import place_of_line

_TITLE = re.compile(r"^.{0,40}自评表(?:（.{0,12}）)?$")
_FUND = "年度资金总额"
_INDICATOR = re.compile(r"^指标\d{1,2}[：:]\s*(?P<rest>.*)$")
_UNIT = re.compile(r"项目资金（?(?P<unit>万元|元)")
KINDS = ("数量", "质量", "时效", "成本", "经济效益", "社会效益", "生态效益", "可持续", "满意")
"""Kinds of indicators, by the word their names hold."""
_TOTALS = ("总分", "合计", "总得分", "总计")
_LEADER = re.compile(r"^[.…·]{3,}$")
_NO_VALUE = re.compile(r"^[-—─/]*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class FundRow:
    """The row 年度资金总额. Money in yuan; ``rate`` as printed; None for a blank cell.

    ``parts`` are the rows below it (当年财政拨款, 上年结转资金, 其他资金): initial, annual and executed of each.
    """

    place: Place
    initial: Figure | None = None
    annual: Figure | None = None
    executed: Figure | None = None
    weight: Figure | None = None
    rate: Figure | None = None
    score: Figure | None = None
    parts: tuple[tuple[Figure | None, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfRow:
    """An indicator: ``kind`` is 数量, 质量 … or empty; target and actual as printed, ``reason`` the deviation's."""

    place: Place
    kind: str
    name: str
    target: str
    actual: str
    weight: Figure | None
    score: Figure | None
    reason: str = ""

    @property
    def actual_figure(self) -> Figure | None:
        """The actual value where it is a number."""
        return figure_of(self.actual)

    @property
    def target_figure(self) -> Figure | None:
        """The target where it is a number, its mark (≥ …) with it."""
        return figure_of(self.target)


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfTable:
    """One form. ``total_weight``, ``total_score`` stand in the row 总分; ``blank_rows`` are template rows left in."""

    place: Place
    project: str
    project_place: Place
    fund: FundRow | None
    rows: tuple[SelfRow, ...]
    total_place: Place
    total_weight: Figure | None = None
    total_score: Figure | None = None
    blank_rows: int = 0
    goal_missing: Place | None = None
    """Where the year's goal and its completion stand if neither is filled in."""

    @property
    def name(self) -> str:
        """The project with its money, as two projects may share a name."""
        annual = self.fund.annual if self.fund else None
        project = self.project or "自评表"
        if annual is None:
            return project
        return f"{project}（{annual.text if annual.text.endswith('元') else annual.text + annual.unit}）"


def self_tables(paper: Paper) -> tuple[SelfTable, ...]:
    """Return the forms of a paper in order."""
    whole = tuple(found for table in paper.tables if (found := _whole(table)) is not None)
    return whole or tuple(_broken_tables(paper))


def _whole(table: Table) -> SelfTable | None:
    texts = [[bare(cell.text) for cell in row] for row in table.rows]
    head = next((at for at, row in enumerate(texts) if "三级指标" in row and "分值" in row and "得分" in row), None)
    if head is None or not any("完成" in text for text in texts[head]):
        return None
    money = next((at for at, row in enumerate(texts[:head]) if any("全年预算数" in text for text in row)), None)
    if money is None and "自评" not in table.title:
        return None
    fund = _whole_fund(table, texts, money, head) if money is not None else None
    rows, total, blanks = _whole_rows(table, texts, head)
    place = table.place
    named = next((at for at, row in enumerate(texts[:head]) if "项目名称" in row), None)
    total_row = table.rows[total] if total is not None else ()
    columns = _columns(texts[head])
    return SelfTable(
        place=place,
        project=_right_of(texts[named], texts[named].index("项目名称")) if named is not None else "",
        project_place=table.rows[named][0].place if named is not None else place,
        fund=fund,
        rows=tuple(rows),
        total_place=total_row[0].place if total_row else place,
        total_weight=_cell_figure(total_row, columns.get("weight")),
        total_score=_cell_figure(total_row, columns.get("score")),
        blank_rows=blanks,
    )


def _right_of(row: Sequence[str], at: int) -> str:
    return next((text for text in row[at + 1 :] if text), "")


def _columns(head: Sequence[str]) -> dict[str, int]:
    """Return what the columns of the indicators tell, by the words of their heading."""
    found: dict[str, int] = {}
    for at, text in enumerate(head):
        for meaning, words in _HEADINGS:
            if meaning not in found and any(word in text for word in words):
                found[meaning] = at
                break
    return found


_HEADINGS = (
    ("reason", ("偏差", "原因")),
    ("actual", ("实际完成", "完成值", "完成情况")),
    ("kind", ("二级指标",)),
    ("name", ("三级指标",)),
    ("target", ("指标值", "目标值")),
    ("weight", ("分值",)),
    ("score", ("得分",)),
)


def _whole_fund(table: Table, texts: Sequence[Sequence[str]], head: int, end: int) -> FundRow | None:
    """Return the row below the money's heading: the one labelled 年度资金总额, else the first with figures.

    Where merged cells were dropped the figures stand one column off; as many as there are headings, they go in order.
    """
    below = range(head + 1, end)
    at = next((row for row in below if any(text.startswith(_FUND) for text in texts[row])), None)
    at = at if at is not None else next((row for row in below if sum(map(_is_figure, texts[row])) >= 3), None)
    if at is None:
        return None
    joined = "".join(text for row in texts[head : at + 1] for text in row)
    unit = match["unit"] if (match := _UNIT.search(joined)) else table.unit or "万元"
    named = [(column, name) for column, text in enumerate(texts[head]) for name, word in _FUND_HEADINGS if word in text]
    label = next((column for column, text in enumerate(texts[at]) if text.startswith(_FUND)), -1)
    filled = [column for column in range(label + 1, len(texts[at])) if texts[at][column]]
    if len(filled) == len(named):
        places = {name: column for (_, name), column in zip(named, filled, strict=True)}
    else:
        places = {name: column for column, name in named}
    row = table.rows[at]
    units = {"initial": unit, "annual": unit, "executed": unit, "rate": "%"}
    found = {name: _cell_figure(row, places.get(name), units.get(name, "")) for _, name in named}
    below_it = [table.rows[other] for other in range(at + 1, end) if _is_part("".join(texts[other]))]
    parts = tuple(
        tuple(_cell_figure(other, places.get(name), unit) for name in ("initial", "annual", "executed"))
        for other in below_it
    )
    return FundRow(place=row[places.get("executed", 0)].place, parts=parts, **found)


def _is_part(text: str) -> bool:
    return any(word in text for word in _FUND_PARTS)


_FUND_PARTS = ("财政拨款", "结转资金", "其他资金")


def _is_figure(text: str) -> bool:
    return figure_of(text) is not None


_FUND_HEADINGS = (
    ("initial", "年初预算"), ("annual", "全年预算"), ("executed", "执行数"), ("weight", "分值"), ("rate", "执行率"),
    ("score", "得分"),
)  # fmt: skip


def _whole_rows(table: Table, texts: Sequence[Sequence[str]], head: int) -> tuple[list[SelfRow], int | None, int]:
    columns = _columns(texts[head])
    rows: list[SelfRow] = []
    blanks, kind = 0, ""
    for at in range(head + 1, len(texts)):
        if any(text in _TOTALS for text in texts[at][:3]):
            return rows, at, blanks
        cell = {name: texts[at][column] for name, column in columns.items() if column < len(texts[at])}
        kind = _kind(cell.get("kind", "")) or kind
        name = _without_number(cell.get("name", ""))
        weight = _cell_figure(table.rows[at], columns.get("weight"))
        score = _cell_figure(table.rows[at], columns.get("score"))
        if not name or weight is None and score is None:
            blanks += bool(_INDICATOR.match(cell.get("name", "")) or _LEADER.match(cell.get("name", "")))
            continue
        rows.append(
            SelfRow(
                place=table.rows[at][columns.get("score", 0)].place,
                kind=kind, name=name, target=cell.get("target", ""), actual=cell.get("actual", ""),
                weight=weight, score=score, reason=cell.get("reason", ""),
            )
        )  # fmt: skip
    return rows, None, blanks


def _cell_figure(row: Sequence[Cell], column: int | None, unit: str = "") -> Figure | None:
    if column is None or column >= len(row) or _NO_VALUE.match(bare(row[column].text)):
        return None
    return figure_of(bare(row[column].text), unit)


def _kind(text: str) -> str:
    return next((kind for kind in KINDS if kind in bare(text)), "")


def _without_number(text: str) -> str:
    match = _INDICATOR.match(text)
    name = match["rest"] if match else text
    return "" if _LEADER.match(name) else name


def _broken_tables(paper: Paper) -> Iterator[SelfTable]:
    starts = [at for at, line in enumerate(paper.lines) if _TITLE.match(bare(clean(line)))]
    for number, at in enumerate(starts):
        end = starts[number + 1] if number + 1 < len(starts) else len(paper.lines)
        lines = [clean(line) for line in paper.lines[at:end]]
        if any(line.startswith(_FUND) for line in lines) and not any("\t" in line for line in paper.lines[at:end]):
            yield _Broken(paper, at, end).table()


class _Broken:
    """A form cut into lines: markers begin its parts (项目名称, 年度资金总额, 指标1：, 总分)."""

    def __init__(self, paper: Paper, start: int, end: int) -> None:
        self._paper = paper
        self._start = start
        self._raw = [line.strip() for line in paper.lines[start:end]]
        self._unit = match["unit"] if (match := _UNIT.search(bare("".join(self._raw)))) else "万元"

    def table(self) -> SelfTable:
        """Return the form."""
        rows, blanks = self._rows()
        named = next((at for at, line in enumerate(self._raw) if line.startswith("项目名称")), None)
        total = next((at for at, line in enumerate(self._raw) if line.split(" ")[0] in _TOTALS), None)
        figures = [figure_of(clean(text)) for text in self._raw[total].split(" ")[1:]] if total is not None else []
        return SelfTable(
            place=self._place(0),
            project=clean(self._raw[named].removeprefix("项目名称")) if named is not None else "",
            project_place=self._place(named or 0),
            fund=self._fund(),
            rows=tuple(rows),
            total_place=self._place(total or 0),
            total_weight=figures[0] if figures else None,
            total_score=figures[1] if len(figures) > 1 else None,
            blank_rows=blanks,
            goal_missing=self._goal_missing(),
        )

    def _place(self, at: int) -> Place:
        return replace(place_of_line(self._paper, self._start + at + 1), table=bare(clean(self._raw[0])))

    def _fund(self) -> FundRow | None:
        at = next((at for at, line in enumerate(self._raw) if line.startswith(_FUND)), None)
        if at is None:
            return None
        cells = [clean(text) for text in self._raw[at].removeprefix(_FUND).split(" ") if text]
        if len(cells) != len(_FUND_HEADINGS):
            return FundRow(place=self._place(at))
        initial, annual, executed, weight, rate, score = cells
        return FundRow(
            place=self._place(at),
            initial=figure_of(initial, self._unit),
            annual=figure_of(annual, self._unit),
            executed=figure_of(executed, self._unit),
            weight=figure_of(weight),
            rate=figure_of(rate, "%"),
            score=figure_of(score),
            parts=tuple(self._parts(at)),
        )

    def _parts(self, at: int) -> Iterator[tuple[Figure | None, ...]]:
        for line in self._raw[at + 1 : at + 8]:
            words = [clean(word) for word in line.split(" ") if word]
            if words and _is_part(words[0]) and len(words) > 1 and all(_NO_VALUE.match(word) for word in words[1:]):
                yield None, None, None
            elif words and _is_part(words[0]) and len(words) >= 4:
                yield tuple(None if _NO_VALUE.match(word) else figure_of(word, self._unit) for word in words[1:4])

    def _goal_missing(self) -> Place | None:
        """Return the place of 预期目标 and 实际完成情况 where only the labels of the margin stand below them."""
        at = next((at for at, line in enumerate(self._raw) if "预期目标" in line and "完成情况" in line), None)
        end = next((at for at, line in enumerate(self._raw) if "一级指标" in line), len(self._raw))
        empty = at is not None and bare("".join(self._raw[at + 1 : end])) in ("", "绩效指标")
        return self._place(at) if at is not None and empty else None

    def _rows(self) -> tuple[list[SelfRow], int]:
        if not any(_INDICATOR.match(clean(line)) for line in self._raw):
            return self._plain_rows(), 0
        rows: list[SelfRow] = []
        blanks, at, label = 0, 0, ""
        while at < len(self._raw):
            text = clean(self._raw[at])
            if not _INDICATOR.match(text):
                blanks += bool(_LEADER.match(text))
                label = "" if _LEADER.match(text) else label + bare(text)
                at += 1
                continue
            end = next(
                (row for row in range(at + 1, len(self._raw)) if self._ends(clean(self._raw[row]))), len(self._raw)
            )
            row = self._row(at, end, _kind(label) or (rows[-1].kind if rows else ""))
            blanks += row is None
            rows += [row] if row else []
            at = end
        return rows, blanks

    def _plain_rows(self) -> list[SelfRow]:
        """Read a form that keeps each indicator on a line of its own, groups named on their first line only."""
        head = next((at for at, line in enumerate(self._raw) if "三级指标" in line), len(self._raw))
        rows: list[SelfRow] = []
        for at in range(head + 1, len(self._raw)):
            words = _with_units(clean(word) for word in self._raw[at].split(" ") if word)
            if words and words[0] in _TOTALS:
                break
            labels = [word for word in words[:2] if word.endswith("指标")]
            row = self._of_words(words[len(labels) :], _kind("".join(labels)) or (rows[-1].kind if rows else ""), at)
            rows += [row] if row else []
        return rows

    @staticmethod
    def _ends(text: str) -> bool:
        return bool(_INDICATOR.match(text) or _LEADER.match(text)) or text.split(" ")[0] in _TOTALS

    def _row(self, at: int, end: int, kind: str) -> SelfRow | None:
        words = [(clean(word), line) for line in range(at, end) for word in self._raw[line].split(" ") if word]
        texts = [word for word, _ in words]
        last = _last_pair(texts)
        return self._of_words([_without_number(texts[0]), *texts[1:]], kind, words[last][1] if last else at)

    def _of_words(self, texts: Sequence[str], kind: str, at: int) -> SelfRow | None:
        """Return the indicator that words tell, from name to reason; None without weight and score."""
        last = _last_pair(texts)
        if not texts or not texts[0] or last is None or last < 2:
            return None
        has_actual = last > 2
        return SelfRow(
            place=self._place(at),
            kind=kind,
            name=texts[0],
            target="".join(texts[1 : last - 1]) if has_actual else texts[1],
            actual=texts[last - 1] if has_actual else "",
            weight=figure_of(texts[last]),
            score=figure_of(texts[last + 1]),
            reason="".join(texts[last + 2 :]),
        )


def _with_units(words: Iterable[str]) -> list[str]:
    """Put a unit that stands alone behind its number: ``1430``, ``人``."""
    joined: list[str] = []
    for word in words:
        figure = figure_of(joined[-1]) if joined else None
        unit = figure_of(f"1{word}")
        if figure is not None and not figure.unit and unit is not None and unit.unit == word:
            joined[-1] += word
        else:
            joined.append(word)
    return joined


def _last_pair(texts: Sequence[str]) -> int | None:
    """Return where weight and score stand: the last two bare numbers side by side."""
    for at in range(len(texts) - 2, 0, -1):
        if all(
            (figure := figure_of(text)) is not None and figure.kind is Kind.PLAIN and not figure.mark
            for text in texts[at : at + 2]
        ):
            return at
    return None
