"""The chapters in the order of the set, the overview before the tables, and the explanations of terms."""

import re
from collections.abc import Callable, Iterable, Mapping

from tuodi.accounts.disclosure import Accounts, Evaluated
from tuodi.accounts.filled import rounding_note
from tuodi.accounts.narrative.general import basic, general
from tuodi.accounts.narrative.other_matters import other
from tuodi.accounts.narrative.prose import Ask, Block, Chapter, Paragraph
from tuodi.accounts.narrative.telling import Teller
from tuodi.accounts.narrative.three_public import three_public
from tuodi.accounts.narrative.totals import capital, expenditure, fiscal, funds, income, overall
from tuodi.accounts.table_set import Section
from tuodi.kernel.fragments import Figure, Quote, Text, listed, plain, quote, text

COMPOSERS: Mapping[str, Callable[[Teller, Section], Chapter]] = {
    "overall": overall,
    "income": income,
    "expenditure": expenditure,
    "fiscal": fiscal,
    "general": general,
    "basic": basic,
    "funds": funds,
    "capital": capital,
    "three-public": three_public,
    "other": other,
}
_ORDINAL = re.compile(
    r"^(?:(?:[（(]?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})[）)]|[0-9]{1,2}[、.．](?![0-9])|[一二三四五六七八九十]{1,3}、)\s*)+"
)
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?")


def narrative(accounts: Accounts, evaluations: Mapping[str, Evaluated]) -> tuple[Chapter, ...]:
    """Return the chapters of the set in its order; amounts in 万元 begin with the note on rounding.

    A chapter on tables that the set has not got is left out: of what is not published nothing is known.
    """
    teller = Teller(accounts, evaluations)
    chapters = [COMPOSERS[section.id](teller, section) for section in accounts.tables.sections]
    chapters = [chapter for chapter in chapters if chapter.blocks]
    note = rounding_note(accounts)
    if note and chapters:
        first = chapters[0]
        blocks: tuple[Block, ...] = (*first.blocks, Paragraph(text(Quote("set.rounding_note", note))))
        chapters[0] = Chapter(first.id, first.title, blocks)
    return tuple(chapters)


def overview(accounts: Accounts) -> tuple[Chapter, ...]:
    """Return what the department is for and how it is made up (概况), from the facts that were told."""
    duties = [
        Paragraph(text(Figure("order", str(place)), ".", quote("facts.主要职责", duty), "。"))
        for place, duty in enumerate(_duties(accounts), start=1)
    ]
    return (
        Chapter("duties", "主要职责", tuple(duties)),
        Chapter("institution", "机构设置", (Paragraph(_institution(accounts)),)),
    )


def _duties(accounts: Accounts) -> list[str]:
    """Return the duties without the numbers typed before them; one cell may hold several lines."""
    lines = [line.strip() for told in accounts.facts.get("主要职责", ()) for line in told.text.splitlines()]
    return [duty for line in lines if (duty := _ORDINAL.sub("", line).rstrip("；;"))]


def _institution(accounts: Accounts) -> Text:
    kind = listed(
        (text(Quote(f"facts.{item}", accounts.fact(item))) for item in ("机构级别", "机构性质") if accounts.fact(item)),
        "的",
    )
    opening = text(Quote("facts.部门名称", accounts.entity), text("是", kind) if kind else ())
    founded = accounts.fact("成立时间")
    parts = [opening] if kind else []
    if founded:
        parts.append(text("" if parts else Quote("facts.部门名称", accounts.entity), _day(founded), "成立"))
    sentences = [listed(parts, "，")] if parts else []
    for item, words, unit in (("内设机构", "内设机构", "个"), ("所属单位", "纳入决算的所属单位", "个")):
        named = accounts.facts.get(item, ())
        if named:
            names = listed(text(Quote(f"facts.{item}", told.text)) for told in named)
            sentences.append(text(words, Figure(f"facts.{item}.count", str(len(named))), unit, "：", names))
    posts = [
        text(item, Figure(f"facts.{item}", accounts.fact(item)), "名")
        for item in ("行政编制", "事业编制")
        if accounts.fact(item)
    ]
    if accounts.fact("领导职数"):
        posts.append(text("领导职数为", Quote("facts.领导职数", accounts.fact("领导职数"))))
    if accounts.fact("股级领导职数"):
        posts.append(text("内设机构领导职数", Figure("facts.股级领导职数", accounts.fact("股级领导职数")), "名"))
    if posts:
        sentences.append(listed(posts, "，"))
    return text(*(text(sentence, "。") for sentence in sentences))


def _day(value: str) -> Text:
    day = _DAY.fullmatch(value)
    if day is None:
        return text(quote("facts.成立时间", value))
    parts = zip(day.groups(), "年月日", strict=True)
    return text(*(text(Figure("facts.成立时间", str(int(part))), unit) for part, unit in parts if part))


def _unquoted(words: str) -> str:
    return words.replace("“", "").replace("”", "")


def glossary(accounts: Accounts, chapters: Iterable[Chapter]) -> tuple[Paragraph, ...]:
    """Return the explanations of those terms that the chapters or the names of codes with an amount hold."""
    told = [plain(block.text) for chapter in chapters for block in chapter.blocks if not isinstance(block, Ask)]
    told += [
        name.text
        for table, names in accounts.names.items()
        for row, name in names.items()
        if any(cell.value for key, cell in accounts.cells.items() if key[:2] == (table, row))
    ]
    words = _unquoted("\n".join(told))
    return tuple(
        Paragraph(text(Quote("set.glossary.word", each.word), "：", Quote("set.glossary", each.meaning)))
        for each in accounts.tables.glossary
        if _unquoted(each.word) in words
    )
