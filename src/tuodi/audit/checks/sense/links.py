"""Deductions, problems and recommendations: each deduction must be explained, each problem must have cost points."""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from tuodi.audit.figures.amounts import Kind, figures
from tuodi.audit.material import Material
from tuodi.audit.remark import Remark
from tuodi.audit.statements.problems import (
    Item,
    Section,
    advice_sections,
    deductions,
    problem_sections,
)
from tuodi.audit.statements.scored import Scored, scored
from tuodi.audit.statements.subjects import (
    clauses,
    core,
    fault_clauses,
    likeness,
    link_words,
    subjects_in,
    subjects_of_indicator,
)
from tuodi.kernel.finding import Severity
from tuodi.kernel.money import decimal_text

SAID = Fraction(7, 10)
"""A reason counts as told by a problem where one of its clauses holds so much of it."""
SHORTEST_REASON = 5
_EXPLAINS = re.compile(r"(?:该|本)?(?:项)?指标(?:主要)?(?:考核|考察|评价|反映)|用以反映|评价要点")
_NOT_DEDUCTED = re.compile(r"不扣分|得满分|未扣分")
_CODES = re.compile(r"(?<![A-Za-z\d.])[A-Z]\d{1,4}(?:\.\d){0,3}(?![\d.])")
_CONDITION = re.compile(r"否则|反之|方可|可得|即可|的，")
_ALL_WELL = re.compile(r"(?:未发现|不存在)(?:明显|重大|任何)?问题|没有(?:发现)?问题。")


def check_unexplained(material: Material) -> Iterator[Remark]:
    """Each indicator that lost points must be the subject of a problem."""
    sections = problem_sections(material.paper)
    if not sections:
        return
    for indicator in scored(material.tellings):
        if indicator.lost and not any(_explains(section, indicator) for section in sections):
            lost, last = _written(indicator.lost), sections[-1]
            marks = f"满分 {_written(indicator.weight)}，得 {_written(indicator.score)}"
            yield Remark(
                rule="deduction-without-problem",
                severity=Severity.WARNING,
                place=indicator.place,
                also=(last.place,),
                quote=f"{indicator.label} 满分 {_written(indicator.weight)} 得 {_written(indicator.score)}",
                stated=_written(indicator.score),
                expected="写明问题",
                message=f"{indicator.label}扣了 {lost} 分（{marks}），“{last.title}”中没有与它对应的问题",
                advice="请补写这项扣分反映的问题和原因，或核对该不该扣分",
            )


def _explains(section: Section, indicator: Scored) -> bool:
    return any(_is_about(item, indicator) for item in section.items)


def _is_about(item: Item, indicator: Scored) -> bool:
    """Tell whether a problem explains an indicator: by its code or name, subject, rate or the reason given with it."""
    told = link_words().surveys.sub("", item.text)
    if core(indicator.name) in told or _names_code(item, indicator) or _same_share(item, indicator):
        return True
    wanted = {subject.name for subject in subjects_of_indicator(indicator.name)}
    spoken = [*item.claims, *fault_clauses(told)]
    if any(subject.name in wanted for claim in spoken for subject in subjects_in(claim)):
        return True
    pieces = clauses(told)
    return any(likeness(reason, piece) >= SAID for reason in _reasons(indicator) for piece in pieces)


def _names_code(item: Item, indicator: Scored) -> bool:
    """Tell whether a problem says what it cost: 对应的扣分：D21（扣3分）."""
    return bool(indicator.code) and any(code == indicator.code for code in _CODES.findall(item.text))


def _same_share(item: Item, indicator: Scored) -> bool:
    """Tell whether a problem names the very share the indicator's analysis tells (78.43%); round ones prove nothing."""
    told = {each.text for each in figures(item.text) if each.kind is Kind.SHARE and "." in each.text}
    return any(each.text in told for text in indicator.texts for each in figures(text) if each.kind is Kind.SHARE)


def _reasons(indicator: Scored) -> list[str]:
    found = []
    for text in indicator.texts:
        told = re.split(r"根据评分标准|按照评分标准|根据评价标准", text)[0]
        found += [clause for clause in fault_clauses(told) if not _EXPLAINS.search(clause)]
    return [clause for clause in found if len(clause) >= SHORTEST_REASON]


def check_unpunished(material: Material) -> Iterator[Remark]:
    """A problem whose subject is an indicator (or all indicators of a subject) with full score."""
    indicators = scored(material.tellings)
    deducted = [indicator for indicator in indicators if indicator.lost]
    told: set[str] = set()
    for section in problem_sections(material.paper):
        for item in section.items:
            named = _full_by_name(item, indicators) or _full_by_subject(item, indicators, deducted)
            head = item.claims[0] if item.claims else item.text[:30]
            if not named or head in told:
                continue
            told.add(head)
            labels = "、".join(f"{each.label}（{_written(each.score)}/{_written(each.weight)}）" for each in named[:3])
            yield Remark(
                rule="problem-without-deduction",
                severity=Severity.WARNING,
                place=item.place,
                also=tuple(each.place for each in named[:3]),
                quote=item.text[:80],
                stated=head,
                expected="扣分或改写问题",
                message=f"“{section.title}”写了“{head}”，与它对应的{labels}得了满分",
                advice="请核对该指标该不该扣分，或改写问题，使问题与得分一致",
            )


def _full_by_name(item: Item, indicators: Sequence[Scored]) -> list[Scored]:
    """Return the indicators a problem's headline names that have full score; none where it names a deducted one."""
    named = [each for each in indicators if any(_names(claim, each) for claim in item.claims)]
    return named if named and all(each.full for each in named) else []


def _names(claim: str, indicator: Scored) -> bool:
    return len(core(indicator.name)) >= 4 and core(indicator.name) in link_words().surveys.sub("", claim)


def _full_by_subject(item: Item, indicators: Sequence[Scored], deducted: Sequence[Scored]) -> list[Scored]:
    """Return all indicators of the subject that a problem's faults name first, if all of them have full score."""
    if any(_is_about(item, each) for each in deducted):
        return []
    for claim in (*item.claims, *fault_clauses(item.text)):
        for subject in subjects_in(claim)[:1]:
            about = [each for each in indicators if subject in subjects_of_indicator(each.name)]
            if about and all(each.full for each in about):
                return about
    return []


def check_listed_deductions(material: Material) -> Iterator[Remark]:
    """The sentence that lists the deducted indicators against the scores."""
    indicators = scored(material.tellings)
    by_core = {core(each.name): each for each in indicators}
    for sentence in deductions(material.paper):
        named = {core(name): name for name in sentence.names}
        for short, name in named.items():
            found = by_core.get(short)
            if found is not None and found.full:
                yield Remark(
                    rule="problem-without-deduction",
                    severity=Severity.WARNING,
                    place=sentence.place,
                    also=(found.place,),
                    quote=sentence.quote[:90],
                    stated=name,
                    expected=_written(found.weight),
                    message=f"文中说“{name}”扣了分，{found.label}得 {_written(found.score)} 分，是满分",
                    advice="请核对扣分的指标",
                )
        if sum(short in by_core for short in named) < max(2, len(named) - 1):
            continue
        for short, found in by_core.items():
            if found.lost and short not in named:
                yield Remark(
                    rule="deduction-without-problem",
                    severity=Severity.WARNING if sentence.whole else Severity.INFO,
                    place=sentence.place,
                    also=(found.place,),
                    quote=sentence.quote[:90],
                    stated="、".join(sentence.names),
                    expected=found.name,
                    message=f"列举扣分指标的这句话没有写{found.label}，它扣了 {_written(found.lost)} 分",
                    advice="请把扣分的指标写全",
                )


def check_words_of_score(material: Material) -> Iterator[Remark]:
    """An indicator's text says that nothing is deducted, its score is below its weight."""
    for telling in material.tellings:
        weight, score = telling.weight, telling.score
        if telling.in_table or weight is None or score is None or score.value >= weight.value or telling.full:
            continue
        match = _NOT_DEDUCTED.search(telling.process)
        if match and not _CONDITION.search(telling.process[max(0, match.start() - 12) : match.start()]):
            yield Remark(
                rule="conclusion-against-data",
                severity=Severity.WARNING,
                place=telling.place,
                quote=telling.quote[:80],
                stated=match.group(),
                expected=f"扣 {_written(weight.value - score.value)} 分",
                message=f"{telling.label}的分析写“{match.group()}”，得分却是 {score.text}，低于满分 {weight.text}",
                advice="请核对评分过程和得分",
            )


def check_advice(material: Material) -> Iterator[Remark]:
    """Problems and recommendations of one paper: as many of the one as of the other."""
    problems = [each for each in problem_sections(material.paper) if len(each.items) > 1]
    advice = [each for each in advice_sections(material.paper) if len(each.items) > 1]
    if not problems or not advice or not scored(material.tellings):
        return
    told, asked = problems[-1], advice[-1]
    if asked.place.block > told.place.block and len(told.items) != len(asked.items):
        yield Remark(
            rule="items-differ",
            severity=Severity.INFO,
            place=asked.place,
            also=(told.place,),
            quote=f"{told.title} {len(told.items)} 条；{asked.title} {len(asked.items)} 条",
            stated=str(len(asked.items)),
            expected=str(len(told.items)),
            message=f"“{told.title}”写了 {len(told.items)} 条，“{asked.title}”写了 {len(asked.items)} 条，条数不同",
            advice="请逐条核对，每个问题都有建议，每条建议都针对一个问题",
        )


def check_nothing_found(material: Material) -> Iterator[Remark]:
    """A problem section that says nothing was found, while indicators lost points."""
    lost = [each for each in scored(material.tellings) if each.lost]
    for section in problem_sections(material.paper):
        match = _ALL_WELL.search(section.text)
        if match and lost:
            names = "、".join(each.label for each in lost[:3])
            yield Remark(
                rule="conclusion-against-data",
                severity=Severity.WARNING,
                place=section.place,
                also=(lost[0].place,),
                quote=section.text[:80],
                stated=match.group(),
                expected=names,
                message=f"“{section.title}”写“{match.group()}”，却有 {len(lost)} 项指标扣了分（{names}）",
                advice="请写明扣分反映的问题",
            )


def _written(value: Fraction) -> str:
    return decimal_text(value, 2, trimmed=True)
