"""Figures of different scope told as one: people and cases, an item outside its whole."""

import re
from collections.abc import Iterator
from fractions import Fraction

from tuodi.audit.figures.amounts import Figure, Kind
from tuodi.audit.material import Material
from tuodi.audit.remark import Remark
from tuodi.audit.statements.part_lists import Group, groups, label_at
from tuodi.audit.statements.stretches import Stretch
from tuodi.kernel.finding import Severity

_GOES_ON = re.compile(r"、(?P<label>(?!另|此外|同时|还|其他|比|较|共|合计|涉及|惠及)[一-龥]{2,10})")
LEAST_CASES = 100
"""Smaller numbers of people and of cases are the same by chance."""


def check_cases_as_people(material: Material) -> Iterator[Remark]:
    """A number of cases that the paper tells beside the number of people, told elsewhere as a number of people."""
    cases: dict[Fraction, tuple[Stretch, Figure]] = {}
    for stretch in material.stretches:
        for start, end in stretch.sentences:
            here = [each for each in stretch.figures if start <= each.start < end]
            people = [each for each in here if each.unit == "人" and each.value >= LEAST_CASES]
            for each in here:
                told_apart = people and all(other.value != each.value for other in people)
                if each.unit == "人次" and each.value >= LEAST_CASES and told_apart:
                    cases.setdefault(each.value, (stretch, each))
    for stretch in material.stretches:
        for figure in stretch.figures:
            if figure.unit == "人" and figure.value in cases:
                where, case = cases[figure.value]
                yield Remark(
                    rule="scope-mixed",
                    severity=Severity.ERROR,
                    place=stretch.at(figure.start),
                    also=(where.at(case.start),),
                    quote=stretch.quote(figure.start, figure.end),
                    stated=figure.text,
                    expected=case.text,
                    message=f"{case.text}是人次，此处当作人数写 {figure.text}；人数和人次口径不同",
                    advice="请改为人次，或改写真正的人数",
                )


def check_mixed_scope(material: Material) -> Iterator[Remark]:
    """其中 names an item that is no part of the whole, or people and cases are added up."""
    for stretch in material.stretches:
        for group in groups(stretch):
            if group.opener == "其中" and group.whole.kind is Kind.COUNT:
                yield from _foreign_item(group)
        yield from _people_and_cases(stretch)


def _foreign_item(group: Group) -> Iterator[Remark]:
    """``门诊和住院救助…人次，其中…参保救助…人次``: the whole names its kinds, the item is another kind."""
    whole = label_at(group.stretch, group.whole)
    told = re.search(r"([一-龥]{2,4})[和及与、]([一-龥]{2,4}?)([一-龥]{2})$", whole)
    if told is None:
        return
    one, other, head = told[1][-2:], told[2][-2:], told[3]
    labels = [(part, label) for part, label in zip(group.parts, group.labels, strict=True) if label.endswith(head)]
    inside = [label for _, label in labels if one in label or other in label]
    if not (any(one in label for label in inside) and any(other in label for label in inside)):
        return
    outside = [(part, label) for part, label in labels if label not in inside]
    whole_parts = [part for part, label in labels if label in inside]
    if not outside and sum(part.value for part in whole_parts) == group.whole.value:
        outside = list(_listed_behind(group, whole_parts[-1]))
    for part, label in outside:
        yield Remark(
            rule="scope-mixed",
            severity=Severity.WARNING,
            place=group.stretch.at(part.start),
            quote=group.stretch.quote(group.whole.start, part.end),
            stated=part.text,
            message=f"总数 {group.whole.text} 只含{one}、{other}{head}，“其中”却列了{label} {part.text}，"
            "不属于这个总数",
            advice=f"请把{label}另句写明，或把总数改成包括它的数",
        )


def _listed_behind(group: Group, last: Figure) -> Iterator[tuple[Figure, str]]:
    """Yield the counts that go on with a list whose items already make the whole, whatever their unit."""
    _, end = group.stretch.sentence_of(last.start)
    for figure in group.stretch.figures:
        if figure.start < last.end:
            continue
        goes_on = _GOES_ON.fullmatch(group.stretch.text[last.end : figure.start])
        if figure.start >= end or goes_on is None or figure.kind is not Kind.COUNT:
            return
        # A part of the same unit above its whole is told as that.
        if figure.unit != group.whole.unit or figure.value <= group.whole.value:
            yield figure, goes_on["label"]
        last = figure


def _people_and_cases(stretch: Stretch) -> Iterator[Remark]:
    cases = [figure for figure in stretch.figures if figure.unit == "人次" and figure.value >= 100]
    people = [figure for figure in stretch.figures if figure.unit == "人" and figure.value >= 100]
    for whole in cases:
        for part in people:
            for other in cases:
                if (
                    other is not whole
                    and whole.start < min(part.start, other.start)
                    and part.value + other.value == whole.value
                ):
                    yield Remark(
                        rule="unit-slip",
                        severity=Severity.WARNING,
                        place=stretch.at(whole.start),
                        quote=stretch.quote(whole.start, whole.end),
                        stated=whole.text,
                        message=f"{whole.text}＝{part.text}＋{other.text}，把人数和人次加在一起",
                        advice="请统一用人数或人次，或分开写",
                    )
