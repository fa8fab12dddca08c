"""Lists of indicators compared place by place: names, targets and values that differ, items that one of them lacks."""

import re
from collections.abc import Iterator
from itertools import combinations

from tuodi.audit.figures.amounts import Kind, figure_of, figures
from tuodi.audit.material import Material
from tuodi.audit.remark import Remark
from tuodi.audit.statements.indicators import plain_name
from tuodi.audit.statements.name_lists import Entry, NameList, Pair, aligned, likeness, name_lists
from tuodi.audit.statements.scored import scored
from tuodi.kernel.finding import Severity

LONGEST_TARGET = 12
SURE = 0.5
"""Share of the shorter list that must be found in the other before its differing names are told."""
SHORTEST_GOAL = 6
"""Shorter names (救助人次) may be evaluated under any other."""
_AFFIX = re.compile(r"(?:情况|程度|指标|≥\d+%|>\d+%)$")
_LABEL = re.compile(r"^计划|[：:]|(?:年度)?(?:指标值|目标值|计划数|目标)(?:为)?$|[：:]?年度指标值$")
_SPACE = re.compile(r"[\s“”\"。；]")


def check_names_by_place(material: Material) -> Iterator[Remark]:
    """Names that differ where two lists otherwise name the same indicators in the same order; each indicator once."""
    clusters: list[dict[str, tuple[str, Entry]]] = []
    for one, other, pairs in _comparable(material):
        for pair in pairs:
            if pair.likeness == 1 or pair.one.code and pair.one.code == pair.other.code or _same_core(pair):
                continue
            both = {pair.one.plain: (one.kind, pair.one), pair.other.plain: (other.kind, pair.other)}
            joined = [cluster for cluster in clusters if cluster.keys() & both.keys()]
            clusters = [cluster for cluster in clusters if cluster not in joined]
            clusters.append({name: told for cluster in (*joined, both) for name, told in cluster.items()})
    for cluster in clusters:
        (kind, first), *others = cluster.values()
        names = "、".join(f"“{entry.name}”（{where}）" for where, entry in others)
        yield Remark(
            rule="name-told-twice",
            severity=Severity.WARNING,
            place=first.place,
            also=tuple(entry.place for _, entry in others),
            quote=first.name,
            stated=first.name,
            expected="、".join(entry.name for _, entry in others),
            message=f"{kind}中的“{first.name}”，同一位置另有名称{names}",
            advice="同一指标前后名称应一致；确为不同指标的，请写明",
        )


def _same_core(pair: Pair) -> bool:
    one, other = _AFFIX.sub("", pair.one.plain), _AFFIX.sub("", pair.other.plain)
    return one.startswith(other) or other.startswith(one)  # a name whose end a narrow column lost is no other name


def _comparable(material: Material) -> Iterator[tuple[NameList, NameList, tuple[Pair, ...]]]:
    for one, other in combinations(name_lists(material.paper, material.tellings), 2):
        pairs = aligned(one, other)
        same = sum(pair.likeness == 1 for pair in pairs)
        shorter = min(len(one.entries), len(other.entries))
        if same >= 3 and len(pairs) >= SURE * shorter:
            yield one, other, pairs


def check_targets_by_place(material: Material) -> Iterator[Remark]:
    """Targets of one indicator that differ between the list of goals, the goal table and the score table."""
    told: set[frozenset[str]] = set()
    for one, other, pairs in _comparable(material):
        for pair in pairs:
            first, second = _SPACE.sub("", pair.one.target).lstrip("="), _SPACE.sub("", pair.other.target).lstrip("=")
            if not first or not second or first == second or {first, second} in told:
                continue
            if max(len(first), len(second)) > LONGEST_TARGET:
                continue
            numbers = figure_of(first), figure_of(second)
            if any(numbers) and not all(numbers):
                continue  # 全覆盖 beside ≥99%: words and a number may well mean the same
            told.add(frozenset((first, second)))
            differ = bool(numbers[0] and numbers[1] and numbers[0].value != numbers[1].value)
            yield Remark(
                rule="value-told-twice",
                severity=Severity.WARNING if differ else Severity.INFO,
                place=pair.one.place,
                also=(pair.other.place,),
                quote=f"{pair.one.name}：{first}",
                stated=first,
                expected=second,
                message=f"“{pair.one.name}”的目标值{one.kind}写“{first}”，{other.kind}写“{second}”",
                advice="同一指标的目标值应一致，请核对",
            )


def check_missing_by_place(material: Material) -> Iterator[Remark]:
    """Goals of the goal table that the score table does not evaluate."""
    lists = name_lists(material.paper, material.tellings)
    goals = next((each for each in lists if each.kind == "绩效目标表"), None)
    scores = max((each for each in lists if each.kind == "评分表"), key=lambda each: len(each.entries), default=None)
    if goals is None or scores is None:
        return
    pairs = aligned(goals, scores)
    if len(pairs) < 3:
        return
    found = {pair.one.plain for pair in pairs}
    missing = [
        entry
        for entry in goals.entries
        if entry.plain not in found and len(entry.plain) >= SHORTEST_GOAL and not _like_any(entry, scores)
    ]
    if missing:
        names = "、".join(entry.name for entry in missing)
        yield Remark(
            rule="items-differ",
            severity=Severity.INFO,
            place=missing[0].place,
            also=(scores.entries[0].place,),
            quote=names[:80],
            stated=names,
            message=f"绩效目标表有 {len(goals.entries)} 项指标，其中 {len(missing)} 项没有进入评分：{names}",
            advice="请说明未评价的目标，或补上评价",
        )


def _like_any(entry: Entry, scores: NameList) -> bool:
    return any(likeness(entry.plain, other.plain) >= 0.5 for other in scores.entries)


def check_goal_results(material: Material) -> Iterator[Remark]:
    """A share told as reached in the goal table against the one share the analysis of the same indicator tells."""
    indicators = scored(material.tellings)
    goals = [each for each in name_lists(material.paper, material.tellings) if each.kind == "绩效目标表"]
    for entry in (entry for each in goals for entry in each.entries):
        stated = figure_of(entry.actual.lstrip("="))
        if stated is None or stated.kind is not Kind.SHARE or stated.mark:
            continue
        best = max(indicators, key=lambda each: likeness(entry.plain, each.name), default=None)
        if best is None or likeness(entry.plain, best.name) < 0.8:
            continue
        shares = {f.value: f for text in best.texts for f in figures(text) if f.kind is Kind.SHARE and not f.mark}
        if len(shares) != 1:
            continue
        other = next(iter(shares.values()))
        if not stated.agrees(other):
            yield Remark(
                rule="value-told-twice",
                severity=Severity.WARNING,
                place=entry.place,
                also=(best.place,),
                quote=f"{entry.name} {entry.target} {entry.actual}",
                stated=stated.text,
                expected=other.text,
                message=f"“{entry.name}”在绩效目标表中的完成值是 {stated.text}，指标分析中“{best.name}”是 {other.text}",
                advice="请核对实际完成值，并据此核对是否达到目标",
            )


def check_names_by_value(material: Material) -> Iterator[Remark]:
    """A sentence with the very target and actual value of a table's row, under a name that is only like the row's."""
    rows = [each for each in material.tellings if each.in_table and each.target and each.actual]
    for stretch in material.stretches:
        if stretch.in_table:
            continue
        for start, end in stretch.sentences:
            sentence = stretch.text[start:end]
            counts = [each for each in figures(sentence) if each.kind is Kind.COUNT]
            if len(counts) != 2:
                continue
            label = _LABEL.sub("", re.split(r"[，。；]", sentence[: counts[0].start])[-1])
            for row in rows:
                target, actual = figure_of(row.target), figure_of(row.actual.lstrip("="))
                if target is None or actual is None or [target.value, actual.value] != [each.value for each in counts]:
                    continue
                if label and plain_name(label) != plain_name(row.name) and _alike(label, row.name):
                    yield Remark(
                        rule="name-told-twice",
                        severity=Severity.WARNING,
                        place=row.place,
                        also=(stretch.at(start),),
                        quote=f"{row.name} {row.target} {row.actual}",
                        stated=row.name,
                        expected=label,
                        message=f"表中“{row.name}”（{row.target}、{row.actual}）在文中名为“{label}”",
                        advice="同一指标的名称应一致，请统一",
                    )


def _alike(label: str, name: str) -> bool:
    """Tell whether two names may be one indicator's; one that is only longer is no other name."""
    return label not in name and name not in label and likeness(plain_name(label), plain_name(name)) >= 0.5
