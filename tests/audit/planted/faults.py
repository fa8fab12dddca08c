"""The classes of faults: what the audit should call them, and how one fault is planted in a clean model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from random import Random

from tests.audit.planted.model import (
    ORDINAL,
    WORD,
    Model,
    Paragraph,
    Slot,
    Table,
    Tie,
    marker,
)
from tests.audit.planted.relations import holds


@dataclass(frozen=True, slots=True)
class FaultClass:
    """A class of faults: its name in Chinese, the rule that should find it and rules that tell it equally well."""

    title: str
    rule: str
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Planted:
    """The one fault of a document. ``figures`` are further figures or words by which a finding shows it means this."""

    rule: str
    alternatives: tuple[str, ...]
    stated: str
    expected: str
    place: str
    figures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Faulty:
    """A document with one planted fault."""

    fault: str
    model: Model
    planted: Planted


TWICE = ("value-told-twice", "text-against-table", "table-against-table")
FAULT_CLASSES: dict[str, FaultClass] = {
    "total-money": FaultClass("金额合计不符", "total-differs", ("subtotal-differs", "table-against-table")),
    "total-count": FaultClass("数量合计不符", "total-differs", ("counts-differ",)),
    "subtotal": FaultClass(
        "小计、上级指标、类款项不符", "subtotal-differs", ("total-differs", "weights-differ", "weight-told-twice")
    ),
    "weights-hundred": FaultClass(
        "权重合计不为100", "weights-differ", ("total-differs", "weight-told-twice", "subtotal-differs")
    ),
    "scores-total": FaultClass(
        "得分合计不符", "scores-differ", ("total-differs", "score-told-twice", "subtotal-differs")
    ),
    "points": FaultClass("评分标准内分值之和与权重不符", "points-differ"),
    "parts": FaultClass("文中分项之和不符", "parts-differ", ("value-told-twice", "text-against-table")),
    "product": FaultClass("单价乘数量不符", "product-differs"),
    "balance": FaultClass("结余滚存不符", "balance-differs"),
    "adjusted-budget": FaultClass("年初加调整与调整后不符", "balance-differs"),
    "execution-rate": FaultClass("执行率不符", "execution-rate-differs", ("completion-rate-differs",)),
    "completion-rate": FaultClass("完成率不符", "completion-rate-differs", ("execution-rate-differs",)),
    "share-of-count": FaultClass("人数占比不符", "share-differs", ("completion-rate-differs",)),
    "share-of-money": FaultClass("金额占比不符", "share-differs"),
    "growth": FaultClass("增长额、增长率不符", "growth-differs", ("balance-differs",)),
    "score-rate": FaultClass("得分率不符", "score-rate-differs", ("share-differs",)),
    "score-ratio": FaultClass("按比例计分不符", "score-against-rule", ("score-told-twice",)),
    "score-steps": FaultClass("按档扣分不符", "score-against-rule", ("score-told-twice",)),
    "above-weight": FaultClass("得分超过权重", "score-above-weight", ("score-told-twice",)),
    "deduction": FaultClass("满分减扣分不等于得分", "deduction-differs"),
    "score-twice": FaultClass("同一得分两处不同", "score-told-twice", TWICE),
    "weight-twice": FaultClass("同一权重两处不同", "weight-told-twice", TWICE),
    "name-twice": FaultClass("同一指标两个名称", "name-told-twice"),
    "amount-twice": FaultClass("同一金额文中两处不同", "value-told-twice", ("text-against-table",)),
    "text-table": FaultClass("文字与表格不符", "text-against-table", ("value-told-twice",)),
    "accounts-total": FaultClass("决算表间总数不符", "table-against-table", ("value-told-twice",)),
    "accounts-item": FaultClass("决算表间项目不符", "table-against-table", ("value-told-twice",)),
    "unit-slip": FaultClass("万元误写为元", "unit-slip", ("value-told-twice", "text-against-table")),
    "grade": FaultClass("等级与分数不符", "grade-differs", ("conclusion-against-data", "value-told-twice")),
    "option-counts": FaultClass(
        "选项人数之和与样本不符", "counts-differ", ("total-differs", "parts-differ", "share-differs")
    ),
    "indicator-number": FaultClass("指标个数不符", "items-differ", ("counts-differ",)),
    "items-number": FaultClass("项目、单位个数不符", "items-differ"),
    "reference": FaultClass("引用的表或附件不存在", "reference-differs"),
    "numbering": FaultClass("编号跳号或重号", "numbering-broken", ("reference-differs",)),
    "dates-order": FaultClass("日期先后颠倒", "dates-out-of-order"),
    "deadline": FaultClass("逾期却写按时", "deadline-missed", ("full-score-against-evidence",)),
    "year-left": FaultClass("残留其他年份", "year-left-over", ("dates-out-of-order",)),
    "number-differs": FaultClass("同一文件两个文号", "document-number-differs", ("document-title-differs",)),
    "title-differs": FaultClass("同一文号两个标题", "document-title-differs", ("document-number-differs",)),
    "place-left": FaultClass("残留其他地名", "other-project-left", ("name-told-twice",)),
    "target-judged": FaultClass("目标完成判断错误", "target-judged-wrongly", ("conclusion-against-data",)),
    "conclusion": FaultClass("文字结论与数据相反", "conclusion-against-data", ("growth-differs",)),
    "deduction-without-problem": FaultClass("扣分指标没有写入问题", "deduction-without-problem"),
    "problem-without-deduction": FaultClass(
        "写了问题却得满分", "problem-without-deduction", ("full-score-against-evidence",)
    ),
    "compliance-full": FaultClass("检查不合格却得满分", "full-score-against-evidence", ("problem-without-deduction",)),
}
MORE_CLASSES: dict[str, FaultClass] = {
    "average": FaultClass("人均、次均不符", "average-differs", ("product-differs",)),
    "scope": FaultClass("口径不同混为一谈", "scope-mixed", ("value-told-twice", "unit-slip", "text-against-table")),
    "conclusion-copied": FaultClass(
        "结论出自其他项目", "conclusion-copied", ("other-project-left", "name-told-twice", "conclusion-against-data")
    ),
}
"""Classes that only the second generator has."""
ALL_CLASSES = FAULT_CLASSES | MORE_CLASSES
ROUNDED = ("sum", "difference", "balance")
"""Relations of amounts that hold but for rounding."""
UNITS = ("unit-slip", "scope")
"""Classes whose fault is the unit behind a figure, not the figure."""
STRUCTURAL = ("deduction-without-problem", "problem-without-deduction")


def plant(clean: Model, fault: str, seed: int) -> Faulty | None:
    """Return the document with one fault of a class; None where it has no such fact."""
    rng = Random(f"{clean.family}:{clean.seed}:{fault}:{seed}")
    if fault == "deduction-without-problem":
        return _without_problem(clean, rng)
    if fault == "problem-without-deduction":
        return _with_problem(clean, rng)
    ties = [tie for tie in clean.ties if tie.fault == fault]
    rng.shuffle(ties)
    for tie in ties:
        faulty = _broken(clean, tie, rng)
        if faulty is not None:
            return faulty
    return None


def _broken(clean: Model, tie: Tie, rng: Random) -> Faulty | None:
    slot = clean.slots[tie.change]
    if tie.wrong:
        form = replace(slot.format, suffix=tie.wrong[0]) if tie.fault in UNITS else WORD
        value = slot.value if tie.fault in UNITS else rng.choice(tie.wrong)
        model = clean.with_slot(tie.change, value, form)
    else:
        wrong = [each for each in _wrong_values(clean, tie, rng) if _breaks(clean, tie, each)]
        if not wrong:
            return None
        model = clean.with_slot(tie.change, wrong[0])
    fault = ALL_CLASSES[tie.fault]
    planted = Planted(
        rule=fault.rule,
        alternatives=_alternatives(clean, tie),
        stated=model.slots[tie.change].text,
        expected=slot.text,
        place=_place(model, tie.change),
        figures=(*tie.others, *_sums(model, tie)),
    )
    return Faulty(tie.fault, model, planted)


def _alternatives(clean: Model, tie: Tie) -> tuple[str, ...]:
    """Rules that tell this fault as well: the class's own and those of every other fact on the same print."""
    own = ALL_CLASSES[tie.fault]
    found = {*own.alternatives}
    for other in clean.ties:
        if tie.change in other.slots:
            found |= {ALL_CLASSES[other.fault].rule, *ALL_CLASSES[other.fault].alternatives}
    key = clean.slots[tie.change].key
    twice = not key.startswith("*") and sum(slot.key == key for slot in clean.slots) > 1
    if twice and not tie.wrong:
        found |= {*TWICE, *({"score-told-twice"} if key.startswith("score") else set())}
    return tuple(sorted(found - {own.rule}))


def _sums(model: Model, tie: Tie) -> tuple[str, ...]:
    """The figures a checker would compute where a part of a sum was changed."""
    if tie.kind != "sum" or tie.change == tie.slots[0]:
        return ()
    slots = [model.slots[each] for each in tie.slots]
    whole = slots[0]
    total = sum((slot.shown for slot in slots[1:] if isinstance(slot.shown, Fraction)), Fraction())
    return (whole.text, whole.format.write(total))


def _breaks(clean: Model, tie: Tie, value: Fraction | date) -> bool:
    changed = clean.with_slot(tie.change, value)
    if changed.slots[tie.change].text == clean.slots[tie.change].text:
        return False
    if tie.kind in ROUNDED and _within_rounding(clean, tie, changed):
        return False
    return tie.kind == "word" or not holds(tie.kind, [changed.slots[each].shown for each in tie.slots], tie.extra)


def _within_rounding(clean: Model, tie: Tie, changed: Model) -> bool:
    """Tell whether a reader may take the difference for rounding: amounts in 万元 that miss by their last digits."""
    before, after = clean.slots[tie.change].shown, changed.slots[tie.change].shown
    form = clean.slots[tie.change].format
    if form.divisor == 1 or not isinstance(before, Fraction) or not isinstance(after, Fraction):
        return False
    texts = (changed.slots[each].text.removesuffix(form.suffix) for each in tie.slots)
    places = min(len(text.partition(".")[2]) for text in texts)
    return abs(after - before) <= len(tie.slots) * Fraction(form.divisor, 10**places)


def _wrong_values(clean: Model, tie: Tie, rng: Random) -> Iterable[Fraction | date]:
    slot = clean.slots[tie.change]
    if isinstance(slot.value, date):
        return _wrong_dates(clean, tie, rng)
    if tie.fault == "above-weight":
        weight = clean.slots[tie.slots[1]].shown
        assert isinstance(weight, Fraction)
        return [weight + rng.choice((Fraction(1, 2), Fraction(1), Fraction(2)))]
    found = [each for each in _wrong_numbers(slot, rng) if each > 0 and (tie.largest is None or each <= tie.largest)]
    shown = slot.shown
    assert isinstance(shown, Fraction)
    if slot.format.kind.startswith("percent") and shown <= 100:
        found = [each for each in found if each <= 100]
    rng.shuffle(found)
    return found


def _wrong_dates(clean: Model, tie: Tie, rng: Random) -> list[date]:
    days = [clean.slots[each].value for each in tie.slots]
    dates = [each for each in days if isinstance(each, date)]
    gap = timedelta(days=rng.randint(2, 25))
    first = tie.change == tie.slots[0]
    return [max(dates) + gap] if first else [min(dates) - gap]


def _wrong_numbers(slot: Slot, rng: Random) -> list[Fraction]:
    """Plausible slips of the pen: neighbouring digits swapped, one digit wrong, a score half a point off."""
    shown, form = slot.shown, slot.format
    assert isinstance(shown, Fraction)
    unit = Fraction(form.divisor, 10**form.places)
    if form.kind == "score":
        steps = (1, 2, 3) if form.places == 0 else (Fraction(1, 2), 1, Fraction(3, 2), 2)
        return [shown + sign * Fraction(step) for step in steps for sign in (1, -1)]
    if form.kind.startswith("percent"):
        return [shown + sign * Fraction(rng.randint(10, 90), 10) for sign in (1, -1, 1, -1)]
    whole = int(shown / unit)
    if form.kind.startswith("chinese") or whole < 100:
        return [(whole + step) * unit for step in (1, 2, -1, -2)]
    digits = str(whole)
    found = []
    for place in range(min(4, len(digits) - 1)):
        if digits[place] != digits[place + 1] and not (place == 0 and digits[1] == "0"):
            swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
            found.append(int(swapped) * unit)
        power = 10 ** (len(digits) - 1 - place)
        found += [(whole + sign * rng.randint(1, 4) * power) * unit for sign in (1, -1)]
    return [each for each in found if each > shown / 3]


def _place(model: Model, index: int) -> str:
    """Say where a print stands: its section and the text around it."""
    section = model.slots[index].section
    for block in model.blocks:
        texts = [" ".join(row) for row in block.rows] if isinstance(block, Table) else [block.text]
        for text in texts:
            if marker(index) in text:
                around = model.text(text).replace(ORDINAL, "")
                return f"{section}：{_plain(around)[:80]}"
    return section


def _plain(text: str) -> str:
    return "".join(each for each in text if not "\uf8f0" <= each <= "\uf8f2")


def _without_problem(clean: Model, rng: Random) -> Faulty | None:
    if len(clean.leave_out) < 2:
        return None
    code = rng.choice(clean.leave_out)
    blocks = tuple(
        block for block in clean.blocks if not (isinstance(block, Paragraph) and block.tag == f"problem:{code}")
    )
    fault = FAULT_CLASSES["deduction-without-problem"]
    name = clean.names[code]
    planted = Planted(fault.rule, fault.alternatives, name, "问题", f"存在的问题：缺少{name}", (code, name))
    return Faulty("deduction-without-problem", replace(clean, blocks=blocks), planted)


def _with_problem(clean: Model, rng: Random) -> Faulty | None:
    if not clean.spares:
        return None
    spare = rng.choice(clean.spares)
    blocks = list(clean.blocks)
    for addition in (spare.problem, spare.advice):
        own = [n for n, block in enumerate(blocks) if isinstance(block, Paragraph) and block.group == addition.group]
        if not own:
            return None
        blocks.insert(own[-1] + 1, addition)
    fault = FAULT_CLASSES["problem-without-deduction"]
    text = _plain(spare.problem.text)
    planted = Planted(
        fault.rule, fault.alternatives, text.split("。")[0], "满分", f"存在的问题：{text}", (spare.indicator,)
    )
    return Faulty("problem-without-deduction", replace(clean, blocks=tuple(blocks)), planted)
