"""Numbers of things told against the things listed: indicators by level, aspects, points, steps."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction

from tuodi.audit.figures.numerals import numeral
from tuodi.audit.material import Material
from tuodi.audit.paper.model import Block, Paragraph, Place, Table
from tuodi.audit.remark import Remark, quoted
from tuodi.audit.statements.grids import bare
from tuodi.audit.statements.indicators import Telling
from tuodi.audit.statements.words import paper_words

_NUMBER = r"(?P<n>\d{1,2}|[一二两三四五六七八九十]{1,3})"
_LEVELS = ("一级", "二级", "三级", "四级")
_TOLD = re.compile(rf"{_NUMBER}[项个]?(?P<level>[一二三四])级指标")
_TOLD_AFTER = re.compile(rf"(?P<level>[一二三四])级(?:指标)?(?:设置|设|共|有|为|包括|包含)?{_NUMBER}[项个](?!级)")
_CODE = re.compile(r"^(?P<code>[A-Z](?:\d{1,4}|\d(?:\.\d){1,3})?)(?=[.\s\u4e00-\u9fff]|$)")
_ASPECTS = re.compile(
    r"(?P<list>(?:[^、，。；：（）“”\"]{1,24}、){1,12}[^、，。；：（）“”\"]{1,30}?)(?P<etc>等)?"
    r"(?P<n>\d{1,2}|[二两三四五六七八九十])(?:个|大|项|类)?(?:方面|阶段|环节|维度|大类|层面)"
)
_MEMBERS = re.compile(
    rf"(?:单位|项目|部门|机构|县区|乡镇)(?:共有?|有|为)?{_NUMBER}[个家项][，,]?(?:包括|分别[为是]|即|为|有)[：:]?(?P<list>[^。；，：]{{4,200}}?)(?=[。；])"
)
_OTHER_NUMBER = _NUMBER.replace("?P<n>", "?P<m>")
_SELF_EVALUATED = re.compile(
    rf"(?:自评的?项目|绩效自评个数|自评个数)(?:共|共有|有|为)?{_NUMBER}个|对{_OTHER_NUMBER}个(?:二级)?项目(?:全面)?开展(?:了)?(?:绩效)?自评"
)
_FULL = re.compile(
    rf"(?:满分|扣分)指标(?:共|有)?{_NUMBER}[个项]|{_OTHER_NUMBER}[个项](?:三级)?(?:指标)?(?:得满分|有扣分)"
)
_OF_ALL = re.compile(r"(?:共|有)?(?P<all>\d{1,2})[项个](?:(?:[一二三四]|末)级)?(?:指标)?[，,]其中$")
_JOINTS = re.compile(r"[和与及]")
_ORDINALS = ("一是", "二是", "三是", "四是", "五是", "六是", "七是", "八是", "九是")
_ANNOUNCED = re.compile(
    r"(?P<n>\d{1,2}|[二两三四五六七八九])(?:个|项|条|点|大)?(?:方面|部分|问题|建议|内容|原因|措施|原则|工作|任务|事项|做法|不足)(?P<between>[^。；]{0,12}?)[，：:。]?(?=一是)"
)
_LISTED_ORDINAL = re.compile(r"[一二三四五六七八九]是")
FEWEST_INDICATORS = 5
FULL_MARK = 100


def indicators_told(material: Material) -> Iterator[Remark]:
    """How many indicators of each level a sentence tells, against the codes in the tables it speaks of."""
    whole = _codes(material.paper.tables)
    blocks = material.paper.blocks
    for stretch in material.paper.paragraphs:
        told = _told(stretch.text)
        if len(told) < 2:
            continue
        levels = {level for level, _, _ in told}
        table = _table_below(blocks, stretch)
        if 1 in levels:
            codes, where = whole, "全文各表"
        elif table is not None:
            codes, where = _codes([table]), "下面的表"
        else:
            continue
        for level, number, span in told:
            actual = len([code for code in codes if _depth(code) == level])
            if len(codes) >= FEWEST_INDICATORS and actual and actual != number:
                message = f"文中说{_LEVELS[level - 1]}指标 {number} 项，{where}实有 {actual} 项"
                yield differs(stretch, span, str(number), str(actual), message, table.place if table else None)


def _told(text: str) -> list[tuple[int, int, tuple[int, int]]]:
    found: dict[int, tuple[int, int, tuple[int, int]]] = {}
    for pattern in (_TOLD, _TOLD_AFTER):
        for match in pattern.finditer(text):
            level, number = "一二三四".index(match["level"]) + 1, value_of(match["n"])
            if number:
                found.setdefault(level, (level, number, match.span("n")))
    return list(found.values())


def _codes(tables: Iterator[Table] | Sequence[Table]) -> set[str]:
    """Return the codes of indicators (A, A1, A11) printed at the beginning of cells."""
    found: set[str] = set()
    for table in tables:
        own = {match["code"] for row in table.rows for cell in row if (match := _CODE.match(bare(cell.text)))}
        if sum(_depth(code) >= 2 for code in own) >= 2 and not _has_gaps(own):
            found |= own
    parents = {code.replace(".", "")[:depth] for code in found for depth in range(1, _depth(code))}
    return {code.replace(".", "") for code in found} | parents


def _has_gaps(codes: set[str]) -> bool:
    """Tell whether a table names only some indicators, such as those that lost points: A12 without A11."""
    plain = [code.replace(".", "") for code in codes]
    known = {code[:depth] for code in plain for depth in range(2, len(code) + 1)}
    return any(code[:-1] + chr(ord(code[-1]) - 1) not in known for code in known if code[-1] > "1")


def _depth(code: str) -> int:
    return len(code.replace(".", ""))


def _table_below(blocks: Sequence[Block], stretch: Paragraph) -> Table | None:
    at = stretch.place.block + 1
    table = next((block for block in blocks[at : at + 3] if isinstance(block, Table)), None)
    return table if table is not None and is_whole(table) else None


def is_whole(table: Table) -> bool:
    """Tell whether a table ends with its total: one that does not may have been cut by a page break."""
    totals = paper_words().total_rows
    return any(bare(cell.text) in totals for row in table.rows[-2:] for cell in row)


def aspects_told(material: Material) -> Iterator[Remark]:
    """A list with the number of its aspects, phases or kinds behind it (A、B、C三个方面)."""
    for stretch in material.paper.paragraphs:
        for match in _ASPECTS.finditer(stretch.text):
            number = value_of(match["n"])
            commas = match["list"].count("、") + 1
            # 和, 与 and 及 part two items or stand inside one.
            most = commas + len(_JOINTS.findall(match["list"]))
            fits = number >= commas if match["etc"] else commas <= number <= most
            if not fits and number < 10:
                actual = str(commas if commas == most or number < commas else most)
                message = f"文中说{match['n']}，列出的是 {actual} 项：{match['list'][-60:]}"
                yield differs(stretch, match.span("n"), match["n"], actual, message)


def members_told(material: Material) -> Iterator[Remark]:
    """A number of units or projects with their names behind it (单位共3个，包括：…)."""
    for stretch in material.paper.paragraphs:
        for match in _MEMBERS.finditer(stretch.text):
            number, listed = value_of(match["n"]), match["list"].count("、") + 1
            if number != listed and not match["list"].endswith("等"):
                message = f"文中说{match['n']}个，列出的是 {listed} 个"
                yield differs(stretch, match.span("n"), match["n"], str(listed), message)


def self_evaluations_told(material: Material) -> Iterator[Remark]:
    """The number of projects that evaluated themselves, against the forms printed."""
    forms = len(material.self_tables)
    for stretch in material.paper.paragraphs:
        for match in _SELF_EVALUATED.finditer(stretch.text):
            number = value_of(match["n"] or match["m"])
            if forms and number and number != forms:
                span = match.span("n") if match["n"] else match.span("m")
                message = f"文中说自评项目 {number} 个，自评表有 {forms} 张"
                yield differs(stretch, span, match["n"] or match["m"], str(forms), message)


def full_scores_told(material: Material) -> Iterator[Remark]:
    """How many indicators got full points and how many lost some, against weights and scores in the tables."""
    leaves = _score_table(material.tellings)
    if len(leaves) < FEWEST_INDICATORS:
        return
    full = sum(weight == score for weight, score in leaves)
    counts = {"满分": full, "扣分": len(leaves) - full}
    for stretch in material.paper.paragraphs:
        for match in _FULL.finditer(stretch.text):
            kind = "满分" if "满分" in match.group() else "扣分"
            number = value_of(match["n"] or match["m"])
            whole = _OF_ALL.search(stretch.text[: match.start()])
            if whole and int(whole["all"]) != len(leaves):
                continue  # the indicators of one section
            if number != counts[kind]:
                span = match.span("n") if match["n"] else match.span("m")
                message = f"文中说{kind}指标 {number} 个，按表中权重和得分有 {counts[kind]} 个"
                yield differs(stretch, span, match["n"] or match["m"], str(counts[kind]), message)


def _score_table(tellings: Sequence[Telling]) -> list[tuple[Fraction, Fraction]]:
    """Return weight and score of each indicator in the table that holds all of them: its weights make one hundred."""
    by_table: dict[int, list[tuple[Fraction, Fraction]]] = defaultdict(list)
    for each in tellings:
        if each.is_leaf and each.in_table and not each.system and each.weight and each.score:
            by_table[each.place.block].append((each.weight.value, each.score.value))
    whole = [pairs for pairs in by_table.values() if sum(weight for weight, _ in pairs) == FULL_MARK]
    return max(whole, key=len, default=[])


def points_told(material: Material) -> Iterator[Remark]:
    """A number of parts or points followed by 一是…二是…: their number, and their order."""
    for stretch in material.paper.paragraphs:
        for match in _ANNOUNCED.finditer(stretch.text):
            rest = stretch.text[match.end() :]
            listed = 0
            while listed < len(_ORDINALS) and _ORDINALS[listed] in rest:
                listed += 1
            number = value_of(match["n"])
            if listed >= 2 and listed != number:
                message = f"文中说{match['n']}项，后面只列到“{_ORDINALS[listed - 1]}”"
                yield differs(stretch, match.span("n"), match["n"], str(listed), message)
        yield from _ordinals_in_order(stretch)


_BEFORE_BRACKETS = re.compile(
    r"(?P<n>\d{1,2}|[一二两三四五六七八九十]{1,3})(?:个|项|条|点|类|方面)(?:方面)?(?:的)?(?:主要)?"
    r"(?:问题|工作|任务|措施|建议|内容|不足|做法|事项|情况|原因)(?:如下)?[：:]?(?=（1）|（一）|①|1[.、])"
)


def bracketed_points_told(material: Material) -> Iterator[Remark]:
    """A number of problems or works with （1）…（2）… behind it in the same paragraph."""
    for stretch in material.paper.paragraphs:
        for match in _BEFORE_BRACKETS.finditer(stretch.text):
            rest, listed = stretch.text[match.end() :], 0
            form = next(each for each in _POINT_FORMS if rest.startswith(_point(each, 1)))
            while _point(form, listed + 1) in rest:
                listed += 1
            number = value_of(match["n"])
            if listed >= 2 and listed != number:
                message = f"文中说{match['n']}项，后面列出 {listed} 项"
                yield differs(stretch, match.span("n"), match["n"], str(listed), message)


_POINT_FORMS = ("（{0}）", "（{1}）", "{2}", "{0}.", "{0}、")


def _point(form: str, number: int) -> str:
    return form.format(number, "零一二三四五六七八九十"[number] if number <= 10 else "", chr(ord("①") + number - 1))


def _ordinals_in_order(stretch: Paragraph) -> Iterator[Remark]:
    numbers = [
        ("一二三四五六七八九".index(match.group()[0]) + 1, match.start()) for match in _starting_ordinals(stretch.text)
    ]
    for (before, _), (after, at) in zip(numbers, numbers[1:], strict=False):
        if after not in (1, before + 1):
            yield Remark(
                rule="numbering-broken",
                place=stretch.at(at),
                quote=quoted(stretch.text, at, at + 2),
                stated=_ORDINALS[after - 1],
                expected=_ORDINALS[before] if before < len(_ORDINALS) else "",
                message=f"“{_ORDINALS[before - 1]}”之后是“{_ORDINALS[after - 1]}”",
                advice="请补齐或重新编号",
            )
            return


def _starting_ordinals(text: str) -> Iterator[re.Match[str]]:
    return (
        match
        for match in _LISTED_ORDINAL.finditer(text)
        if not match.start() or text[match.start() - 1] in "。；，：、"
    )


def value_of(text: str) -> int:
    """Return a number printed in digits or words; 0 for anything else."""
    return int(text) if text.isdigit() else int(numeral(text) or 0)


def differs(
    stretch: Paragraph, span: tuple[int, int], stated: str, expected: str, message: str, also: Place | None = None
) -> Remark:
    """Return the remark that a number told at ``span`` is not the number listed."""
    return Remark(
        rule="items-differ",
        place=stretch.at(span[0]),
        also=(also,) if also else (),
        quote=quoted(stretch.text, *span),
        stated=stated,
        expected=expected,
        message=message,
        advice="请核对数目",
    )
