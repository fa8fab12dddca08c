"""The narrative of final accounts against its tables: totals, items, the basic expenditure paragraph, reasons."""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from tuodi.audit.figures.amounts import Figure, Kind, figure_of
from tuodi.audit.figures.arithmetic import like
from tuodi.audit.material import Material
from tuodi.audit.paper.model import Place
from tuodi.audit.remark import Remark
from tuodi.audit.statements.account_tables import AccountRow, AccountTable, is_empty, table_of
from tuodi.audit.statements.account_words import Told, account_words
from tuodi.audit.statements.stretches import Stretch
from tuodi.kernel.finding import Severity
from tuodi.kernel.money import decimal_text

_BEFORE = "度年为中及和与款的括是含计内，。、；：:（）“”\n 0123456789"
_LINK = r"(?:支出|决算|总额|金额)?(?:为|共计|共|合计|是|总额)?\s?"
_NUMBERS = re.compile(
    r"^(?:第[一二三四五六七八九十]+部分|[一二三四五六七八九十]+[、.．]|（[一二三四五六七八九十\d]+）|\d+[、.．]?)"
)
_CODE = re.compile(r"(?P<name>[^，。；：（）、]{2,30})（(?P<code>[12]\d{2}(?:\d{2}){0,2})）(?:[为：]|支出)?")
_CLASS = re.compile(r"(?P<name>[^，。；：（）、]{2,20}支出)（类）(?:支出)?(?:为)?")
_BASIC = re.compile(r"基本支出[\d,.]+(?:万元|元)[^。]{0,12}(?:其中|包括)")
_REASON = re.compile(r"(?P<item>机关运行经费)[^。]*?原因是?[：:]?(?P<reason>[^。]*)。")


class Cell(NamedTuple):
    """A cell of a table that the text repeats: its value in yuan, where it stands and how it is called."""

    value: Fraction
    place: Place
    name: str


def check_told_amounts(material: Material) -> Iterator[Remark]:
    """Amounts of the narrative against the cells they repeat (terms/accounts.yaml tells which)."""
    for stretch in material.stretches:
        topics = [_NUMBERS.sub("", heading) for heading in stretch.place.section.split(" › ")]
        for told in account_words().narrative:
            if not _about(topics, told.sections) or _about(topics, told.not_sections):
                continue
            cell = _cell(material.account_tables, told)
            if cell is None:
                continue
            for word in told.words:
                for start, figure in _amounts_after(stretch, word):
                    if not _is(figure, cell.value):
                        yield _against(stretch, start, figure, word, cell)


def _about(topics: Sequence[str], words: Sequence[str]) -> bool:
    """Tell whether a heading holds one of the words; ``^`` asks for a heading that begins with it."""
    return any(
        topic.startswith(word[1:]) if word.startswith("^") else word in topic for topic in topics for word in words
    )


def _cell(tables: Sequence[AccountTable], told: Told) -> Cell | None:
    table = table_of(tables, told.table)
    if table is None:
        if told.table == "three_public" and is_empty(tables, told.table):
            empty = next(each for each in tables if each.kind == told.table)
            return Cell(Fraction(0), empty.place, empty.title)
        return None
    rows, column = _rows(table, told)
    if not rows or column not in table.columns:
        return None
    value = sum((row.value(column) for row in rows), Fraction(0))
    name = f"{table.title}“{rows[0].label}”" + (
        "" if column == "amount" else account_words().column_names.get(column, "")
    )
    return Cell(value, rows[0].place, name)


def _rows(table: AccountTable, told: Told) -> tuple[tuple[AccountRow, ...], str]:
    words = account_words()
    if told.row == "total":
        return ((table.total,) if table.total else ()), told.column
    if told.line in ("personnel", "public"):
        feet = table.named(words.lists[f"{told.line}_total"])[:1]
        return feet or _classes(table, persons=told.line == "personnel"), "basic"
    if told.line:
        default = "amount" if "amount" in table.columns else "total"
        return table.named(words.lines[told.line], told.side or "any"), told.column or default
    if told.label:
        return table.named([told.label])[:1], "amount"
    return table.named(["决算数"]), told.column


def _classes(table: AccountTable, *, persons: bool) -> tuple[AccountRow, ...]:
    """Return the economic classes of the personnel or the public part."""
    classes = account_words().lists["personnel_classes"]
    return tuple(row for row in table.rows if len(row.code) == 3 and (row.code in classes) == persons)


def _amounts_after(stretch: Stretch, word: str) -> Iterator[tuple[int, Figure]]:
    """Yield where a word stands and the amount told right behind it."""
    for match in re.finditer(re.escape(word) + _LINK + r"(?=\d)", stretch.text):
        if match.start() and stretch.text[match.start() - 1] not in _BEFORE:
            continue
        figure = _money_at(stretch, match.end())
        if figure is not None:
            yield match.start(), figure


def _money_at(stretch: Stretch, start: int) -> Figure | None:
    """Return the amount that begins at an offset; one without a unit but with two decimals is in yuan."""
    figure = next((each for each in stretch.figures if each.start == start), None)
    if figure is not None and figure.kind is Kind.PLAIN and re.search(r"\.\d{2}$", figure.text):
        return figure_of(figure.text, "元")
    return figure if figure is not None and figure.kind is Kind.MONEY else None


def _is(figure: Figure, value: Fraction) -> bool:
    """Tell whether a printed amount can be a value of a table, rounded as it is printed."""
    return figure.low <= value <= figure.high


def _against(stretch: Stretch, start: int, figure: Figure, word: str, cell: Cell) -> Remark:
    expected = like(figure, cell.value)
    return Remark(
        rule="text-against-table",
        severity=Severity.ERROR,
        place=stretch.at(start),
        quote=f"{word}{figure.text}",
        stated=figure.text,
        expected=expected,
        message=f"文字写{word} {figure.text}，{cell.name}为 {expected}，"
        f"相差 {like(figure, abs(figure.value - cell.value))}",
        advice="请按公开表改正文字，或者核对公开表",
        also=(cell.place,),
    )


def check_codes_told(material: Material) -> Iterator[Remark]:
    """Amounts told with a code or a class in the text against the expenditure tables."""
    table = table_of(material.account_tables, "general") or table_of(material.account_tables, "expenditure")
    if table is None:
        return
    for stretch in material.stretches:
        for pattern in (_CODE, _CLASS):
            for match in pattern.finditer(stretch.text):
                row = (
                    table.coded(match["code"])
                    if pattern is _CODE
                    else next((row for row in table.rows if len(row.code) == 3 and row.name == match["name"]), None)
                )
                figure = _money_at(stretch, match.end()) or _money_at(stretch, match.end() + 1)
                if row is None or figure is None:
                    continue
                if not _is(figure, row.value("total")):
                    cell = Cell(row.value("total"), row.place, f"{table.title}“{row.label}”")
                    yield _against(stretch, match.start(), figure, row.label, cell)


def check_amount_parted_from_code(material: Material) -> Iterator[Remark]:
    """A code followed by a semicolon, then the amount: the sentence was put together from an empty part."""
    for stretch in material.stretches:
        for match in re.finditer(r"（\d{7}）；(?P<amount>[\d,]+\.\d{2}元)", stretch.text):
            yield Remark(
                rule="blank-left",
                severity=Severity.INFO,
                place=stretch.at(match.start()),
                quote=match.group(),
                stated=match.group(),
                expected=match.group().replace("；", ""),
                message="科目编码和金额之间多了一个分号，金额与科目分开了",
                advice="请删去分号",
            )


def check_basic_items(material: Material) -> Iterator[Remark]:
    """The paragraph on basic expenditure: each item against the basic column of the table by economic codes."""
    detail = table_of(material.account_tables, "detail")
    if detail is None:
        return
    sections = {stretch.place.section for stretch in material.stretches if _BASIC.search(stretch.text)}
    rows = sorted((row for row in detail.rows if row.code), key=lambda row: len(row.name), reverse=True)
    for section in sorted(sections):
        told = _items(material, section, rows)
        for stretch, start, figure, row in told:
            yield from _basic_item(stretch, start, figure, row, detail)
        yield from _basic_sum(told, detail)


def _items(
    material: Material, section: str, rows: Sequence[AccountRow]
) -> list[tuple[Stretch, int, Figure, AccountRow]]:
    """Return the items of a section with their amounts; of two codes with one name the one that holds figures."""
    told = []
    for stretch in material.stretches:
        if stretch.place.section != section:
            continue
        for name in dict.fromkeys(row.name for row in rows):
            for start, figure in _amounts_after(stretch, name):
                same = [row for row in rows if row.name == name and row.amounts] or [
                    row for row in rows if row.name == name
                ]
                told.append((stretch, start, figure, same[0]))
    return sorted(told, key=lambda each: (each[0].at(each[1]).block, each[1]))


def _basic_item(
    stretch: Stretch, start: int, figure: Figure, row: AccountRow, detail: AccountTable
) -> Iterator[Remark]:
    basic = row.value("basic")
    if _is(figure, basic):
        return
    expected = like(figure, basic)
    of_all = "amount" in detail.columns and _is(figure, row.value("amount"))
    yield Remark(
        rule="text-against-table",
        severity=Severity.ERROR,
        place=stretch.at(start),
        quote=f"{row.name}{figure.text}",
        stated=figure.text,
        expected=expected,
        message=f"基本支出段落写{row.name} {figure.text}，{detail.title}“{row.label}”的基本支出为 {expected}"
        + (f"；{figure.text} 是包括项目支出在内的金额" if of_all else ""),
        advice="请改用表中“基本支出”一栏的金额" if of_all else "请核对文字和表",
        also=(row.place,),
    )


def _basic_sum(told: Sequence[tuple[Stretch, int, Figure, AccountRow]], detail: AccountTable) -> Iterator[Remark]:
    """Tell where the classes of the paragraph add up to all expenditure, not to the basic expenditure."""
    classes = {row.code: (figure, row) for _, _, figure, row in told if len(row.code) == 3}
    mixed = [row for figure, row in classes.values() if not _is(figure, row.value("basic"))]
    if len(classes) < 2 or not mixed:
        return
    total = sum((figure.value for figure, _ in classes.values()), Fraction(0))
    basic = sum((row.value("basic") for row in detail.rows if len(row.code) == 3), Fraction(0))
    stretch, start, model, _ = told[0]
    formula = "＋".join(figure.text for figure, _ in classes.values())
    yield Remark(
        rule="parts-differ",
        severity=Severity.ERROR,
        place=stretch.at(start),
        quote="、".join(f"{row.name}{figure.text}" for figure, row in classes.values()),
        stated=like(model, total),
        expected=like(model, basic),
        message=f"基本支出段落列出的各类相加 {formula}＝{like(model, total)}，基本支出只有 {like(model, basic)}，"
        f"多出的 {like(model, total - basic)} 是项目支出",
        advice="基本支出段落只列“基本支出”一栏的金额",
        also=tuple(row.place for row in mixed),
    )


def check_reasons(material: Material) -> Iterator[Remark]:
    """A reason given for the operating cost that names an item without any basic expenditure."""
    detail = table_of(material.account_tables, "detail")
    if detail is None or "amount" not in detail.columns:
        return
    for stretch in material.stretches:
        for match in _REASON.finditer(stretch.text):
            for row in detail.rows:
                outside = len(row.code) == 5 and row.value("amount") > 0 and row.value("basic") == 0
                if outside and len(row.name) >= 3 and row.name in match["reason"]:
                    yield Remark(
                        rule="reason-outside-total",
                        severity=Severity.ERROR,
                        place=stretch.at(match.start("reason")),
                        quote=stretch.quote(match.start("reason"), match.end("reason")),
                        stated=row.name,
                        message=f"{match['item']}只含基本支出，{detail.title}“{row.label}”"
                        f" {decimal_text(row.value('amount'), 2, grouped=True)}元"
                        f"全部是项目支出，不能作为{match['item']}变化的原因",
                        advice="请按基本支出中的公用经费说明原因",
                        also=(row.place,),
                    )
