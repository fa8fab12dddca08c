"""Ties that follow from a fact printed in more than one place."""

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from tests.audit.planted.model import Slot, Tie

TWICE = {"money": "amount-twice", "score": "score-twice", "weight": "weight-twice", "name": "name-twice"}
"""Beginning of a fact's key -> the class of faults where its prints differ."""


def repeated(slots: list[Slot], printed: set[int]) -> Iterator[Tie]:
    """Yield a tie for every printed place whose fact is printed elsewhere too."""
    by_key: dict[str, list[int]] = defaultdict(list)
    for number in sorted(printed):
        if slots[number].place != "heading":
            by_key[slots[number].key].append(number)
    for key, numbers in by_key.items():
        fault = TWICE.get(key.split(":")[0]) if ":" in key else None
        for number in numbers if fault and len(numbers) > 1 else ():
            yield from _twice(slots, fault or "", number, [each for each in numbers if each != number])


def _twice(slots: list[Slot], fault: str, number: int, others: list[int]) -> Iterator[Tie]:
    slot = slots[number]
    if fault == "name-twice":
        if wrong := _other_names(str(slot.value)):
            yield Tie(fault, "word", number, (number,), wrong=wrong)
        return
    if fault != "amount-twice":
        largest = slot.value if fault == "score-twice" and isinstance(slot.value, Fraction) else None
        yield Tie(fault, "word", number, (number,), largest=largest)
        return
    places = {slots[each].place for each in others if slots[each].shown == slot.shown}
    if slot.place == "text" and "text" in places:
        yield Tie("amount-twice", "word", number, (number,))
    if slot.place == "text" and "table" in places:
        yield Tie("text-table", "word", number, (number,))
    if slot.format.suffix == "万元":
        yield Tie("unit-slip", "word", number, (number,), wrong=("元",))


def _other_names(name: str) -> tuple[str, ...]:
    swaps = (
        ("规范性", "合规性"),
        ("充分性", "合理性"),
        ("合理性", "科学性"),
        ("明确性", "清晰性"),
        ("科学性", "准确性"),
        ("有效性", "完整性"),
        ("健全性", "完备性"),
        ("及时性", "时效性"),
        ("覆盖率", "到达率"),
        ("满意度", "认可度"),
        ("知晓率", "普及率"),
        ("到位率", "拨付率"),
        ("完成率", "达成率"),
        ("准确率", "合格率"),
        ("人数", "户数"),
    )
    return tuple(name.replace(old, new) for old, new in swaps if old in name and new not in name)[:2]
