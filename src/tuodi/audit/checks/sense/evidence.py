"""Scores against what the paper itself says of the facts: compliance checks, the indicator's own text, its files."""

import re
from collections.abc import Iterator, Sequence

from tuodi.audit.material import Material
from tuodi.audit.paper.model import Paragraph, Place
from tuodi.audit.remark import Remark
from tuodi.audit.statements.grids import Grid, Row, bare, last_word
from tuodi.audit.statements.scored import Scored, scored
from tuodi.audit.statements.subjects import clauses, core, link_words, subjects_in, subjects_of_indicator
from tuodi.kernel.finding import Severity
from tuodi.kernel.money import decimal_text

_CHECK_COLUMN = re.compile(r"(?:核查|检查|审查|核实|合规性?)(?:要点|内容|事项|项目|点)$")
_RESULT_COLUMN = re.compile(r"(?:核查|检查|审查|核实)?(?:结果|结论|情况)$")
_BAD_RESULT = re.compile(r"^(?:否|无|没有|不|未|缺|部分|基本不|尚未)|不太|不够|不[完齐规健]|有待|欠缺|缺失|滞后")
_GOOD_DENIAL = re.compile(r"^(?:不存在|未发现|没有发现|未出现|未发生|不适用|不涉及|无异常|无问题|无违规|不需要|无需)")
_EVIL = re.compile(r"截留|挤占|挪用|虚列|违规|违法|超标|超范围|套取|重复|遗漏|逾期|滞后|问题|投诉|浪费|沉淀")
_ASKED_EVIL = re.compile(rf"(?:是否|有无|不)(?:存在|有|发现|发生|出现)?[^，。；]{{0,12}}(?:{_EVIL.pattern})")
_EXPLAINS = re.compile(
    r"(?:该|本)?(?:项)?指标(?:主要)?(?:考核|考察|评价|反映|用于|是指)|^考察|^考核|用以反映|评价要点|评分标准|评分规则"
)
_HALVES = re.compile(r"，|且|并(?!购)")
_CONCEDES = re.compile(r"但|然而|仅|尚|仍")
_BARE_ROW = re.compile(
    r"^(?:[^A-Z]{0,12}性)?(?P<code>[A-D]\d{2,3})(?P<name>[一-龥、]{4,20}?)(?P<weight>\d{1,2})(?P<actual>[一-龥]{2,8})(?P<score>\d{1,2}(?:\.\d)?)$"
)
_FILES_WELL = re.compile(r"(?:资料|档案)(?:收集|管理|归档)?(?:规范|齐全|完整|完备)")
_FILES_BAD = re.compile(r"(?:资料|档案)(?:归档|收集|管理)?(?:不完善|不齐全|不完整|不规范|缺失|缺少|有待)")


def check_compliance(material: Material) -> Iterator[Remark]:
    """Each failed point of a compliance check against the indicators of its subject."""
    indicators = scored(material.tellings)
    if not indicators:
        return
    for grid in material.grids:
        point = _column(grid, _CHECK_COLUMN)
        result = _column(grid, _RESULT_COLUMN)
        if point is None or result is None or point == result:
            continue
        for row in grid.body:
            yield from _failed(row, point, result, indicators)


def _column(grid: Grid, wanted: re.Pattern[str]) -> int | None:
    return next((at for at, heading in enumerate(grid.headings) if wanted.search(last_word(heading))), None)


def _failed(row: Row, point: int, result: int, indicators: Sequence[Scored]) -> Iterator[Remark]:
    if max(point, result) >= len(row.cells):
        return
    asked, answer = bare(row.cells[point].text), bare(row.cells[result].text)
    if not asked or not _is_bad(asked, answer):
        return
    full = _full_on(asked, indicators)
    if not full:
        return
    labels = "、".join(f"{each.label}（{_points(each)}）" for each in full[:3])
    yield Remark(
        rule="full-score-against-evidence",
        severity=Severity.WARNING,
        place=row.cells[result].place,
        also=tuple(each.place for each in full[:3]),
        quote=f"{asked}：{answer}",
        stated=answer,
        expected="扣分",
        message=f"检查“{asked}”的结果是“{answer}”，与它对应的{labels}得了满分",
        advice="请核对检查结果和得分，使两处一致",
    )


def _is_bad(asked: str, answer: str) -> bool:
    """Tell whether an answer is a fault: 否 to a good thing, 是 or 存在 to an evil one."""
    if not answer or _GOOD_DENIAL.match(answer):
        return False
    if _ASKED_EVIL.search(asked):
        return bool(re.match(r"(?:是|有|存在|发现)", answer)) and "不" not in answer[:2]
    return bool(_BAD_RESULT.search(answer))


def _full_on(asked: str, indicators: Sequence[Scored]) -> list[Scored]:
    """Return the indicators a point is about, by their name or its first subject; none where one of them lost points.

    A point of two halves (制定有…制度且得到有效落实) is about the subjects of both.
    """
    named = [each for each in indicators if core(each.name) in asked]
    for half in _HALVES.split(asked) if not named else ():
        for subject in subjects_in(half)[:1]:
            about = [each for each in indicators if subject in subjects_of_indicator(each.name)]
            if not named and any(not each.full for each in about):
                return []
            named += [each for each in about if each not in named]
    return [each for each in named if each.full] if named and named[0].full else []


def check_own_text(material: Material) -> Iterator[Remark]:
    """An indicator with full score whose actual value or analysis tells a shortcoming."""
    for indicator in scored(material.tellings):
        if not indicator.full:
            continue
        for text, place in _told_of(indicator):
            fault = _shortcoming(text)
            if fault:
                yield _shortcoming_remark(indicator.label, fault, place, indicator, text)
                break
    yield from _bare_rows(material)


def _told_of(indicator: Scored) -> Iterator[tuple[str, Place]]:
    for each in indicator.tellings:
        yield from ((text, each.place) for text in (each.actual, each.process) if text)


def _shortcoming(text: str) -> str:
    """Return the first clause that tells a shortcoming of what was done: no definition, denial or condition."""
    words = link_words()
    for sentence in re.split(r"[。；]", text):
        if _EXPLAINS.search(sentence):
            continue
        for clause in clauses(sentence):
            match = words.shortcomings.search(clause)
            if match and not words.denials.search(clause[: match.start()]):
                return clause
    return ""


def _shortcoming_remark(label: str, fault: str, place: Place, indicator: Scored | None, text: str) -> Remark:
    got = f"得 {_points(indicator)}" if indicator else "得满分"
    return Remark(
        rule="full-score-against-evidence",
        severity=Severity.WARNING,
        place=place,
        also=(indicator.place,) if indicator and indicator.place != place else (),
        quote=text if len(text) <= 60 else fault,
        stated=fault,
        expected="扣分",
        message=f"{label}写“{fault}”，却{got}，没有扣分",
        advice="请核对评分过程和得分",
    )


def _bare_rows(material: Material) -> Iterator[Remark]:
    """Rows whose cells the extraction ran together: code, name, weight, what was reached, score."""
    for block in material.paper.blocks:
        match = _BARE_ROW.search(block.text) if isinstance(block, Paragraph) and len(block.text) < 50 else None
        if match and match["weight"] == match["score"] and link_words().shortcomings.search(match["actual"]):
            label = f"{match['code']} {match['name']}"
            yield _shortcoming_remark(label, match["actual"], block.place, None, match.group())


def check_files(material: Material) -> Iterator[Remark]:
    """Files called complete under one indicator with full score, incomplete under another that lost points for it."""
    indicators = scored(material.tellings)
    lost = [(each, text) for each in indicators if each.lost for text in each.texts]
    bad = [(each, found) for each, text in lost if (found := _FILES_BAD.search(text))]
    if not bad:
        return
    other, fault = bad[0]
    for indicator in indicators:
        if not indicator.full:
            continue
        for telling in indicator.tellings:
            match = _FILES_WELL.search(telling.process)
            if match and not _CONCEDES.search(telling.process[max(0, match.start() - 10) : match.start()]):
                yield Remark(
                    rule="full-score-against-evidence",
                    severity=Severity.WARNING,
                    place=telling.place,
                    also=(other.place,),
                    quote=match.group(),
                    stated=match.group(),
                    expected=fault.group(),
                    message=f"{indicator.label}以“{match.group()}”得满分，{other.label}却因“{fault.group()}”扣了分",
                    advice="同一批资料前后评价应一致，请核对",
                )
                break


def _points(indicator: Scored) -> str:
    return f"{decimal_text(indicator.score, 2, trimmed=True)}/{decimal_text(indicator.weight, 2, trimmed=True)}"
