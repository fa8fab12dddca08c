"""The groups of an evaluation (决策、过程、产出、效益): other names for them, and what the text's own figures make."""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from tuodi.audit.figures.amounts import Figure
from tuodi.audit.figures.arithmetic import like, sum_of, written
from tuodi.audit.material import Material
from tuodi.audit.paper.model import Paragraph
from tuodi.audit.remark import Remark, quoted
from tuodi.audit.statements.indicators import Telling
from tuodi.kernel.finding import Severity

_CORE = re.compile(r"^(?:项目)|(?:类|指标|情况)+$")
_LIST = re.compile(
    r"(?P<list>(?:[一-龥]{2,8}、){3}[一-龥]{2,8}?)(?P<end>[二两三四五]个?(?:维度|方面|部分|一级指标|大类)|等[二三四五]个)"
)
_WEIGHTED = re.compile(r"(?P<name>项目[一-龥]{2})(?:类)?(?:指标)?权重(?:占|为|是)?(?:\d+(?:\.\d+)?)[%分]")
_KNOWN = frozenset(("决策", "过程", "管理", "产出", "效益", "效果", "投入", "满意度"))
_NAMED = re.compile(rf"^.*?(?P<name>{'|'.join(sorted(_KNOWN))})(?:类|指标)*$")
_CLASS = re.compile(r"项目(?P<name>管理|效果)类指标")
_OTHER_NAME = {"管理": "过程", "效果": "效益"}
_HERE = re.compile(r"项目(?P<name>[一-龥]{2})指标(?:总)?(?:分值|权重|满分)")
FEWEST = 4
"""Top groups of the score table before a name that is missing among them is odd."""


def check_group_names(material: Material) -> Iterator[Remark]:
    """A list of the top groups in which one name is not the score table's, and the others are."""
    names = _top_names(material)
    if len(names) < FEWEST:
        return
    told: list[tuple[Paragraph, re.Match[str], str, str]] = []
    for paragraph in material.paper.paragraphs:
        for match in _LIST.finditer(paragraph.text):
            listed = [_NAMED.sub(r"\g<name>", name) for name in match["list"].split("、")]
            odd = [at for at, name in enumerate(listed) if name not in names]
            left = [name for name in names if name not in listed]
            if len(listed) == len(names) and len(odd) == len(left) == 1 and listed[odd[0]] in _KNOWN:
                told.append((paragraph, match, listed[odd[0]], left[0]))
        for match in _CLASS.finditer(paragraph.text):
            other = _OTHER_NAME.get(match["name"], "")
            if match["name"] not in names and other in names:
                told.append((paragraph, match, match["name"], other))
    if told:
        paragraph, match, odd_name, right = told[0]
        also = [each.at(found.start()) for each, found, *_ in told[1:]]
        also += [
            each.at(found.start())
            for each in material.paper.paragraphs
            for found in _WEIGHTED.finditer(each.text)
            if found["name"] == f"项目{odd_name}"
        ]
        yield Remark(
            rule="name-told-twice",
            severity=Severity.WARNING,
            place=paragraph.at(match.start()),
            also=tuple(also),
            quote=quoted(paragraph.text, *match.span()),
            stated=f"项目{odd_name}",
            expected=f"项目{right}",
            message=f"这里把一级指标叫作“{odd_name}”，得分表叫作“{right}”",
            advice="同一个一级指标的名称应一致，请统一",
        )


def _top_names(material: Material) -> list[str]:
    """Return the names of the top groups as the table of scores lists them, without 项目 and 类."""
    for grid in material.grids:
        names = [_CORE.sub("", heading) for heading in grid.headings[1:]]
        named = [name for name in names if name in _KNOWN]
        if len(named) >= FEWEST:
            return named
    tops = [each for each in material.tellings if each.in_table and each.level == 1 and not each.system]
    return list(dict.fromkeys(name for each in tops if (name := _CORE.sub("", each.name)) in _KNOWN))


def check_group_here(material: Material) -> Iterator[Remark]:
    """In a section on one group, its indicators called by a name that no group has: 项目绩效指标分值30分."""
    names = _top_names(material)
    for paragraph in material.paper.paragraphs:
        match = _HERE.search(paragraph.text)
        section = paragraph.place.section.rpartition("›")[2]
        own = [name for name in names if name in section and f"项目{name}" in paragraph.text]
        if match and len(own) == 1 and match["name"] not in (*names, *_KNOWN):
            yield Remark(
                rule="name-told-twice",
                severity=Severity.WARNING,
                place=paragraph.at(match.start()),
                quote=quoted(paragraph.text, *match.span()),
                stated=f"项目{match['name']}指标",
                expected=f"项目{own[0]}指标",
                message=f"这一节说的是{own[0]}类指标，此处写成“项目{match['name']}指标”",
                advice="请改正名称",
            )


def check_rule_of_another(material: Material) -> Iterator[Remark]:
    """A rule that holds, after its own formula, the whole rule of another indicator."""
    rules = [each for each in material.tellings if each.in_table and len(each.rule) >= SHORTEST_RULE]
    for one in rules:
        for other in rules:
            at = one.rule.find(other.rule) if other.name != one.name else -1
            if at > 0 and len(other.name) >= FEWEST and other.name in other.rule and one.rule.find(other.name) == at:
                yield Remark(
                    rule="other-project-left",
                    severity=Severity.WARNING,
                    place=one.place,
                    also=(other.place,),
                    quote=f"{one.label}：…{one.rule[at : at + 40]}",
                    stated=other.name,
                    expected=one.name,
                    message=f"“{one.name}”的评分规则后面连着抄了“{other.name}”的整条规则",
                    advice=f"请删去不属于“{one.name}”的部分",
                )


SHORTEST_RULE = 20


def check_sums_of_the_text(material: Material) -> Iterator[Remark]:
    """Weights and scores as the analysis tells them, added up for a group, where the tables' own make the group's.

    A group whose parts are told wrong in several places is told once more as a whole: the sum shows the wrong side.
    """
    own = [each for each in material.tellings if not each.system and each.code]
    for top in sorted({each.code[0] for each in own}):
        leaves = _leaves([each for each in own if each.code[0] == top])
        for field, rule, what in (("weight", "weights-differ", "满分"), ("score", "scores-differ", "得分")):
            yield from _summed(top, leaves, field, rule, what)


def _leaves(tellings: Sequence[Telling]) -> dict[str, list[Telling]]:
    codes = {each.code for each in tellings}
    leaves = {code for code in codes if not any(other != code and other.startswith(code) for other in codes)}
    return {code: [each for each in tellings if each.code == code] for code in sorted(leaves)}


def _summed(top: str, leaves: dict[str, list[Telling]], field: str, rule: str, what: str) -> Iterator[Remark]:
    in_text: list[tuple[Telling, Figure]] = []
    tables: list[Figure] = []
    for told in leaves.values():
        figures = [(each, figure) for each in told if (figure := getattr(each, field)) is not None]
        text = next((pair for pair in reversed(figures) if not pair[0].in_table), None)
        table = next((figure for each, figure in figures if each.in_table), None)
        if text is None or table is None:
            return
        in_text.append(text)
        tables.append(table)
    wrong = [pair for pair, right in zip(in_text, tables, strict=True) if pair[1].value != right.value]
    figures_told = [figure for _, figure in in_text]
    total, right_total = _value(figures_told), _value(tables)
    if len(wrong) < FEWEST_WRONG or total == right_total:
        return
    finest = min((*figures_told, *tables), key=lambda figure: figure.step)
    stated, expected = like(finest, total), like(finest, right_total)
    yield Remark(
        rule=rule,
        severity=Severity.WARNING,
        place=wrong[0][0].place,
        also=tuple(each.place for each, _ in in_text if each is not wrong[0][0]),
        quote=wrong[0][0].quote[:90],
        stated=stated,
        expected=expected,
        message=f"按正文逐项所写，{top} 类指标的{what}相加为 {stated}（{written(figures_told)}），"
        f"按表相加为 {expected}：正文有 {len(wrong)} 项与表不同",
        advice="总数只与表相符，请改正正文中的各项",
    )


FEWEST_WRONG = 2


def _value(figures: Sequence[Figure]) -> Fraction:
    return sum_of(figures).value
