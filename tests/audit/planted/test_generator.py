"""The generator itself: clean documents agree by an arithmetic of their own, and a fault changes one fact only."""

import re
from collections import Counter
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import docx
import pytest

from tests.audit.planted import generator
from tests.audit.planted.faults import STRUCTURAL
from tests.audit.planted.generator import (
    FAULT_CLASSES,
    FORMS,
    cases,
    documents,
    faulty_documents,
    plant,
    render_docx,
    render_text,
)
from tests.audit.planted.model import Model, Paragraph, Slot, Table, Tie, slots_in

CLEAN = documents(48, 7)
PER_CLASS = 5
LONGEST = 7_500
NUMERALS = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
names = [f"{clean.family}-{clean.seed}" for clean in CLEAN]
each_clean = pytest.mark.parametrize("clean", CLEAN, ids=names)
each_fault = pytest.mark.parametrize("fault", FAULT_CLASSES)


def number(text: str) -> Decimal:
    """Read what is printed, without its unit."""
    if match := re.match(r"-?[0-9][0-9,]*(\.[0-9]+)?", text):
        return Decimal(match.group().replace(",", ""))
    word = re.match("[零一二两三四五六七八九十]+", text)
    assert word, text
    tens, ten, ones = word.group().rpartition("十")
    return Decimal((NUMERALS[tens] if tens else 1) * 10 * bool(ten) + (NUMERALS[ones] if ones else 0))


def value(slot: Slot) -> Decimal:
    """Read what is printed; money in yuan, also where the unit stands above the table."""
    return number(slot.text) * slot.format.divisor


def day(text: str) -> date:
    """Read a printed date."""
    year, month, of_month = map(int, re.findall("[0-9]+", text))
    return date(year, month, of_month)


def _half_up(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _score(kind: str, read: list[Decimal], extra: list[Decimal]) -> bool:
    score, weight, rate = read
    if kind == "score-by-rate":
        return score == min(weight, _half_up(weight * rate / extra[0], 2))
    threshold, step, cost = extra
    begun = 0
    while rate + step * begun < threshold:
        begun += 1
    return score == max(Decimal(0), weight - cost * begun)


def kept(tie: Tie, model: Model) -> bool:
    """Say whether printed figures keep a tie, computed from the prints alone."""
    slots = [model.slots[each] for each in tie.slots]
    if tie.kind == "word":
        return True
    if slots[0].format.kind in ("date", "point-date", "dash-date"):
        days = [day(each.text) for each in slots]
        return all(one <= next_one for one, next_one in zip(days, days[1:], strict=False))
    read = [value(each) for each in slots]
    extra = [Decimal(each.numerator) / Decimal(each.denominator) for each in tie.extra]
    if tie.kind.startswith("score-by"):
        return _score(tie.kind, read, extra)
    if tie.kind in ("rate", "growth"):
        top = read[1] if tie.kind == "rate" else abs(read[1] - read[2])
        return read[0] == _half_up(top * 100 / read[2], int(extra[0]))
    answers = {
        "sum": lambda: read[0] == sum(read[1:]),
        "product": lambda: read[0] == read[1] * read[2],
        "difference": lambda: read[0] + read[2] == read[1],
        "balance": lambda: read[0] + read[3] == read[1] + read[2],
        "same": lambda: len(set(read)) == 1,
        "at-most": lambda: read[0] <= read[1],
        "number": lambda: read[0] == extra[0],
    }
    return answers[tie.kind]()


def _coarseness(slot: Slot) -> Decimal:
    return Decimal(slot.format.divisor).scaleb(-slot.format.places)


def printed(model: Model) -> list[int]:
    """Return the numbers of all printed slots."""
    texts = (("".join(map("".join, each.rows)) if isinstance(each, Table) else each.text) for each in model.blocks)
    return slots_in("".join(texts))


@each_clean
def test_clean_documents_agree(clean: Model) -> None:
    assert [tie for tie in clean.ties if not kept(tie, clean)] == []


@each_clean
def test_one_fact_has_one_value(clean: Model) -> None:
    by_key: dict[str, list[Slot]] = {}
    for index in printed(clean):
        slot = clean.slots[index]
        if not slot.key.startswith("*"):
            by_key.setdefault(slot.key, []).append(slot)
    for slots in by_key.values():
        if not isinstance(slots[0].value, str | date):
            read = [value(each) for each in slots]
            assert max(read) - min(read) <= max(map(_coarseness, slots)) / 2, [each.text for each in slots]
        else:
            assert len({each.text for each in slots}) == 1


@each_clean
def test_grades_fit_scores(clean: Model) -> None:
    for slot in clean.slots:
        if slot.key.startswith("grade"):
            score = number(next(each.text for each in clean.slots if each.key == f"score:{slot.key[5:] or 'total'}"))
            assert slot.text == ("优" if score >= 90 else "良" if score >= 80 else "中" if score >= 60 else "差")


@each_clean
def test_documents_are_short(clean: Model, tmp_path: Path) -> None:
    render_text(clean, tmp_path / "x.txt", "tabs")
    assert 900 < len((tmp_path / "x.txt").read_text(encoding="utf-8")) < LONGEST


@pytest.mark.parametrize("clean", CLEAN[:12], ids=names[:12])
def test_rendered_files_open(clean: Model, tmp_path: Path) -> None:
    render_docx(clean, tmp_path / "x.docx")
    opened = docx.Document(str(tmp_path / "x.docx"))
    assert len(opened.tables) == sum(isinstance(each, Table) for each in clean.blocks)
    for form in FORMS:
        render_text(clean, tmp_path / "x.txt", form)
        text = (tmp_path / "x.txt").read_text(encoding="utf-8")
        assert not re.search("[\ue000-\uf8ff]", text)


@each_fault
def test_a_fault_changes_one_fact(fault: str) -> None:
    for faulty in faulty_documents(fault, PER_CLASS, 300):
        clean = next(each for each in _documents_of(faulty.model) if each.family == faulty.model.family)
        changed = [
            index
            for index, (old, new) in enumerate(zip(clean.slots, faulty.model.slots, strict=True))
            if old.text != new.text
        ]
        if fault in STRUCTURAL:
            assert changed == []
            moved = set(clean.blocks) ^ set(faulty.model.blocks)
            assert moved
            assert len({each.tag for each in moved if isinstance(each, Paragraph)}) == 1
            continue
        assert len(changed) == 1
        assert faulty.model.blocks == clean.blocks
        assert printed(faulty.model).count(changed[0]) >= 1
        assert faulty.model.slots[changed[0]].text == faulty.planted.stated
        tied = [tie for tie in clean.ties if tie.fault == fault and changed[0] in tie.slots]
        assert tied
        assert any(tie.kind == "word" or not kept(tie, faulty.model) for tie in tied)


def _documents_of(model: Model) -> list[Model]:
    return [generator.document(family, model.seed) for family in generator.FAMILIES]


@each_fault
def test_every_class_has_enough_documents(fault: str) -> None:
    assert sum(1 for _ in faulty_documents(fault, 20)) == 20


def test_the_same_seed_gives_the_same_documents() -> None:
    first = documents(4, 99)
    generator.document.cache_clear()
    assert documents(4, 99) == first
    assert plant(first[0], "grade", 1) == plant(first[0], "grade", 1)


def test_a_class_without_such_a_fact_gives_nothing() -> None:
    assert plant(generator.document(generator.FAMILIES[2], 5), "score-steps", 1) is None


@pytest.mark.parametrize("fault", ["total-money", "grade", "year-left", "numbering"])
def test_the_fault_is_in_the_file(fault: str, tmp_path: Path) -> None:
    for case in cases(2):
        if case.fault == fault and case.form == "tabs" and case.planted and not case.model.look.full_width_digits:
            text = re.sub(r"\s", "", case.write(tmp_path).read_text(encoding="utf-8"))
            assert case.planted.stated in text


def test_forms_and_families_are_mixed() -> None:
    made = list(cases(10))
    assert {case.form for case in made} == {"docx", *FORMS}
    clean = Counter(case.model.family for case in made if case.planted is None)
    assert min(clean.values()) >= 8


@pytest.mark.parametrize("key", ["execution", "money:budget", "score:total", "growth", "money:closing"])
def test_a_fact_is_worded_in_many_ways(key: str) -> None:
    shapes = set()
    for clean in documents(400, 0):
        for block in clean.blocks:
            if isinstance(block, Paragraph) and key in {_kind(clean.slots[each].key) for each in slots_in(block.text)}:
                shapes.add(re.sub("[\ue000-\uf000]", "#", block.text))
    assert len(shapes) >= 12


def _kind(key: str) -> str:
    same = {
        "money:budget1": "money:budget",
        "money:total": "money:budget",
        "money:adjusted": "money:budget",
        "score:1": "score:total",
        "execution1": "execution",
        "*growth:whole": "growth",
        "growth-people": "growth",
        "money:whole": "money:closing",
    }
    return same.get(key, key)
