"""Writing a clean document: slots, wordings, headings, tables and the ties between what is printed."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from random import Random

from tests.audit.planted.habit import habit
from tests.audit.planted.model import (
    FIRST_SLOT,
    ORDINAL,
    WORD,
    Block,
    Format,
    Heading,
    Look,
    Model,
    Paragraph,
    Slot,
    Spare,
    Table,
    Tie,
    index_of,
    marker,
    slots_in,
)
from tests.audit.planted.relations import holds
from tests.audit.planted.repeated import repeated
from tests.audit.planted.world import PAPERS, World, world

CITED = ("number-differs", "title-differs")


class Inconsistent(Exception):
    """What would be printed does not agree after rounding; the next numbers are drawn."""


@dataclass(frozen=True, slots=True)
class Spec:
    """A fact about to be printed."""

    key: str
    value: Fraction | date | str
    format: Format


class Draft:
    """One document in the making. All choices come from ``rng``."""

    def __init__(self, family: str, seed: int, attempt: int, units: tuple[str, ...]) -> None:
        self.rng = Random(f"{family}:{seed}:{attempt}")
        self.family = family
        self.seed = seed
        self.world: World = world(self.rng)
        self.habit = habit(self.rng, self.rng.choice(units))
        self.numerals = self.rng.choice(("chinese-count", "count"))
        self.look = Look(
            spaced=self.rng.random() < 0.25,
            half_brackets=self.rng.random() < 0.25,
            half_commas=self.rng.random() < 0.15,
            full_width_digits=self.rng.random() < 0.12,
            page_numbers=self.rng.random() < 0.4,
        )
        self.slots: list[Slot] = []
        self.ties: list[Tie] = []
        self.blocks: list[Block] = []
        self.spares: list[Spare] = []
        self.leave_out: list[str] = []
        self.names: dict[str, str] = {}
        self.section = "封面"
        self._facts: dict[str, object] = {}
        self._numbers: dict[str, list[str]] = defaultdict(list)
        self._heading_counts = [0, 0, 0, 0]
        self._tables = 0
        self._references: list[tuple[str, str]] = []
        papers = self.rng.sample(PAPERS, 3)
        self._papers = [
            (title.format(year=self.world.year, subject=self.world.subject), office, self.rng.randint(3, 98))
            for title, office in papers
        ]

    # --- facts -------------------------------------------------------------------------------------------------

    def money(self, key: str, value: Fraction) -> Spec:
        """Money in a sentence, with its unit."""
        return Spec(key, value, self.habit.text_money)

    def percent(self, key: str, value: Fraction) -> Spec:
        """A percentage; ``value`` 90.5 means 90.5 %."""
        return Spec(key, value, self.habit.percent)

    def score(self, key: str, value: Fraction) -> Spec:
        """Points; the word 分 follows in the wording."""
        return Spec(key, value, self.habit.score)

    def count(self, key: str, value: int, suffix: str = "") -> Spec:
        """A number of people, cases or papers."""
        return Spec(key, Fraction(value), Format("count", 0, grouped=self.habit.text_money.grouped, suffix=suffix))

    def numeral(self, key: str, value: int, suffix: str = "") -> Spec:
        """A small number, in Chinese in some documents."""
        return Spec(key, Fraction(value), Format(self.numerals, 0, suffix=suffix))

    def day(self, key: str, value: date, *, short: bool = False) -> Spec:
        """A date, without its year where ``short``."""
        return Spec(key, value, Format("month-day" if short else self.habit.date))

    def word(self, key: str, value: str) -> Spec:
        """A name or a word."""
        return Spec(key, value, WORD)

    def cell_money(self, key: str, value: Fraction) -> str:
        """Money in a table, in the table's unit."""
        return self.put(Spec(key, value, self.habit.table_money), "table")

    def cell(self, spec: Spec) -> str:
        """Any fact in a table."""
        table_score = spec.format.kind == "score"
        return self.put(replace(spec, format=self.habit.table_score) if table_score else spec, "table")

    def put(self, spec: Spec, place: str = "text") -> str:
        """Register one printed place and return its character."""
        known = self._facts.setdefault(spec.key, spec.value)
        if known != spec.value and not spec.key.startswith("*"):
            raise AssertionError(f"{spec.key}: {known} and {spec.value}")
        self.slots.append(Slot(spec.key, spec.value, spec.format, self.section, place))
        return marker(len(self.slots) - 1)

    # --- words -------------------------------------------------------------------------------------------------

    def say(self, *wordings: str, **facts: Spec) -> tuple[str, dict[str, str]]:
        """Choose one wording, print its facts; return the text and the character of each fact's first print."""
        at: dict[str, str] = {}

        def printed(match: re.Match[str]) -> str:
            name = match.group(1)
            if name in ("year", "place"):
                return self.year() if name == "year" else self.place()
            character = self.put(facts[name])
            at.setdefault(name, character)
            return character

        return re.sub(r"\{(\w+)\}", printed, self.rng.choice(wordings)), at

    def year(self) -> str:
        """The year of the document, which may be left over from another one."""
        year = self.world.year
        character = self.put(Spec("year", str(year), WORD))
        self.tie("year-left", "word", character, wrong=(str(year - 2), str(year - 3), str(year - 4)))
        return character

    def place(self) -> str:
        """The county's name, which may be left over from another county's paper."""
        character = self.put(Spec("place", self.world.county, WORD))
        self.tie("place-left", "word", character, wrong=self.world.others)
        return character

    def paper(self, which: int) -> str:
        """Cite one of the county's papers with title and number."""
        title, office, number = self._papers[which % 3]
        numbering = self.habit.paper.format(self.world.year, number)
        wrong_number = self.habit.paper.format(self.world.year, number + self.rng.choice((1, 2, 9, 10)))
        other_title = title.replace("通知", "意见") if "通知" in title else title.replace("工作方案", "实施方案")
        if other_title == title:
            other_title = title.replace("管理办法", "使用管理规定").replace("实施方案", "工作意见")
            other_title = other_title.replace("暂行办法", "实施细则").replace("的意见", "的实施意见")
            other_title = other_title.replace("工作要点", "重点工作安排")
        shown = self.put(Spec(f"paper-title:{which}", title, WORD))
        cited = self.put(Spec(f"paper-number:{which}", f"{self.world.short}{office}{numbering}", WORD))
        self.tie("number-differs", "word", cited, wrong=(f"{self.world.short}{office}{wrong_number}",))
        self.tie("title-differs", "word", shown, wrong=(other_title,))
        return f"《{shown}》（{cited}）"

    # --- blocks ------------------------------------------------------------------------------------------------

    def title(self, text: str) -> None:
        """The document's title or a line of its cover."""
        self.blocks.append(Paragraph(text, centred=True))

    def plain_heading(self, text: str) -> None:
        """A heading without number, e.g. 摘要; numbering starts again."""
        self.section = text
        self._heading_counts = [0, 0, 0, 0]
        self._numbers["1"] = []
        self.blocks.append(Heading(1, text))

    def head(self, level: int, text: str) -> None:
        """A numbered heading."""
        counts = self._heading_counts
        counts[level] += 1
        for lower in range(level + 1, 4):
            counts[lower] = 0
        if level == 1:
            self.section = text
        style = self.habit.headings
        kind = "count" if level == 3 or (style == "arabic" and level < 3) else "chinese"
        number = self.put(Spec("*heading", Fraction(counts[level]), Format(kind)), "heading")
        if counts[level] > 1:
            wrong = tuple(Format(kind).write(Fraction(each)) for each in (counts[level] + 1, counts[level] - 1))
            self.tie("numbering", "word", number, wrong=wrong, others=(text,))
        shapes = {1: "{0}、{1}", 2: "（{0}）{1}", 3: "{0}.{1}"}
        if style == "parts":
            shapes[1] = "第{0}部分　{1}"
        if style == "arabic":
            shapes = {1: "{0}　{1}", 2: "（{0}）{1}", 3: "{0}）{1}"}
        self.blocks.append(Heading(level, shapes[level].format(number, text)))

    def para(self, text: str, *, group: str = "", numbering: str = "", tag: str = "") -> None:
        """A paragraph."""
        self.blocks.append(Paragraph(text, group, numbering, tag))

    def caption(self, text: str) -> str:
        """A table's caption; returns the number's character."""
        self._tables += 1
        number = self.put(Spec("*caption", Fraction(self._tables), Format("count")), "heading")
        if self._tables > 1:
            wrong = (str(self._tables + 1), str(self._tables - 1))
            self.tie("numbering", "word", number, wrong=wrong, others=(text,))
        self.blocks.append(Paragraph(self.habit.caption.format(number, text), centred=True))
        return number

    def next_table(self) -> str:
        """Point to the table that comes next."""
        character = self.put(Spec("*reference", Fraction(self._tables + 1), Format("count")))
        self._references.append((character, "表"))
        return f"表{character}"

    def annex(self, number: int) -> str:
        """Point to an annex."""
        character = self.put(Spec("*annex-reference", Fraction(number), Format("count")))
        self._references.append((character, "附件"))
        return f"附件{character}"

    def table(self, rows: list[list[str]], head: int = 1) -> None:
        """A table."""
        self.blocks.append(Table(tuple(tuple(row) for row in rows), head))

    # --- ties --------------------------------------------------------------------------------------------------

    def tie(
        self,
        fault: str,
        kind: str,
        change: str,
        *rest: str,
        extra: tuple[Fraction | int, ...] = (),
        wrong: tuple[str, ...] = (),
        largest: Fraction | None = None,
        others: tuple[str, ...] = (),
    ) -> None:
        """State a relation whose first slot a fault changes."""
        self.relate(fault, kind, change, (change, *rest), extra=extra, wrong=wrong, largest=largest, others=others)

    def relate(
        self,
        fault: str,
        kind: str,
        change: str,
        slots: tuple[str, ...],
        *,
        extra: tuple[Fraction | int, ...] = (),
        wrong: tuple[str, ...] = (),
        largest: Fraction | None = None,
        others: tuple[str, ...] = (),
    ) -> None:
        """State a relation and which of its slots a fault changes."""
        indexes = tuple(index_of(each) for each in slots)
        exact = tuple(Fraction(each) for each in extra)
        if not holds(kind, [self.slots[each].shown for each in indexes], exact):
            shown = [self.slots[each].text for each in indexes]
            raise Inconsistent(f"{fault} {kind} {shown} {exact}")
        self.ties.append(Tie(fault, kind, index_of(change), indexes, exact, wrong, largest, others))

    def rate_tie(self, fault: str, kind: str, change: str, *rest: str) -> None:
        """State a percentage of two printed values, to as many places as it is printed."""
        places = self.slots[ord(change) - FIRST_SLOT].format.places
        self.tie(fault, kind, change, *rest, extra=(places,))

    # --- the end -----------------------------------------------------------------------------------------------

    def model(self) -> Model:
        """Return the finished document with the ties that follow from facts told twice."""
        self._tie_references()
        printed = set(slots_in("".join(_words(block) for block in self.blocks)))
        self.ties += repeated(self.slots, printed)
        return Model(
            family=self.family,
            seed=self.seed,
            blocks=tuple(self.blocks),
            slots=tuple(self.slots),
            ties=tuple(tie for tie in self.ties if printed.issuperset(tie.slots) and self._provable(tie, printed)),
            look=self.look,
            spares=tuple(self.spares),
            leave_out=tuple(self.leave_out),
            names=dict(self.names),
        )

    def _provable(self, tie: Tie, printed: set[int]) -> bool:
        """A paper cited only once may have any number and any title."""
        key = self.slots[tie.change].key
        return tie.fault not in CITED or sum(self.slots[each].key == key for each in printed) > 1

    def _tie_references(self) -> None:
        annexes = sum(1 for each in self.slots if each.key == "*annex-heading")
        for character, kind in self._references:
            there = self._tables if kind == "表" else annexes
            wrong = (str(there + 1), str(there + 2))
            self.tie("reference", "word", character, wrong=wrong, others=(f"{kind}{there + 1}", f"{kind}{there + 2}"))


def _words(block: Block) -> str:
    return "".join("".join(row) for row in block.rows) if isinstance(block, Table) else block.text


def amounts(rng: Random, total: int, parts: int, smallest: int = 1) -> list[int]:
    """Split a whole number into so many positive parts, each at least ``smallest``."""
    free = total - parts * smallest
    cuts = sorted(rng.randint(0, free) for _ in range(parts - 1))
    edges = [0, *cuts, free]
    return [smallest + right - left for left, right in zip(edges, edges[1:], strict=False)]


ITEM = ORDINAL
