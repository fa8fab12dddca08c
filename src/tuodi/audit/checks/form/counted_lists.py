"""Numbers of things told with their names in the sentence, or with a table below whose rows can be counted."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from tuodi.audit.checks.form.items import differs, is_whole, value_of
from tuodi.audit.material import Material
from tuodi.audit.paper.model import Paragraph
from tuodi.audit.remark import Remark
from tuodi.audit.statements.grids import Grid, bare
from tuodi.audit.statements.indicators import CODE

_CODED = re.compile(r"[A-Z]\d")
_NUMBER = r"(?P<n>\d{1,2}|[一二两三四五六七八九十]{1,3})"
_LEVEL_BEHIND = re.compile(
    rf"(?P<list>(?:[一-龥]{{2,8}}、){{1,12}}[一-龥]{{2,8}}?)(?P<etc>等)?{_NUMBER}[项个](?P<level>[一二三四])级指标"
)
_LAST_OF_LEVEL = re.compile(r"(?:效益|效果|绩效|满意度)(?:类|指标)?$")
"""A list of top indicators that ends so is whole, even with 等 behind it."""
_LISTED = re.compile(
    rf"{_NUMBER}[个家项所名类](?:[一二三四]级)?(?P<noun>[一-龥]{{2,14}}?)[，,]?(?:分别[为是]|即|具体为|(?<=指标)：)[：:]?"
    r"(?P<list>[^、，；。：\d（）]{2,20}(?:、[^、，；。：\d（）]{2,20}){1,40})(?P<end>[，；。]|$)"
)
_JOINTS = re.compile(r"[和与及]")
_LEVELS = "一二三四"
_COUNTED = (
    re.compile(rf"{_NUMBER}[项个](?P<level>[一二三四])级指标"),
    re.compile(rf"(?P<level>[一二三四])级指标(?:设置|设|共|有|为)*{_NUMBER}[项个]"),
)
BLOCKS_BELOW = 3


def levels_behind_list(material: Material) -> Iterator[Remark]:
    """``决策、过程、产出、效益等4项一级指标``: as many as listed, where the list ends with what ends such lists."""
    for paragraph in material.paper.paragraphs:
        for match in _LEVEL_BEHIND.finditer(paragraph.text):
            number, listed = value_of(match["n"]), match["list"].count("、") + 1
            most = listed + len(_JOINTS.findall(match["list"]))
            open_list = match["etc"] and not (match["level"] == "一" and _LAST_OF_LEVEL.search(match["list"]))
            if listed <= number <= most or open_list and number > listed:
                continue
            yield _list_remark(paragraph, match, listed)


def lists_behind_number(material: Material) -> Iterator[Remark]:
    """``5个乡镇，分别为甲、乙、丙``: as many as listed; only words that announce the whole list."""
    for paragraph in material.paper.paragraphs:
        for match in _LISTED.finditer(paragraph.text):
            number, listed = value_of(match["n"]), match["list"].count("、") + 1
            most = listed + len(_JOINTS.findall(match["list"]))
            goes_on = match["end"] == "，" or match["list"].endswith(("等", "等等"))
            if listed <= number <= most or goes_on and number > listed:
                continue
            yield _list_remark(paragraph, match, listed)


def _list_remark(paragraph: Paragraph, match: re.Match[str], listed: int) -> Remark:
    message = f"文中说{match['n']}个，列出的是 {listed} 个：{match['list'][-60:]}"
    return differs(paragraph, match.span("n"), match["n"], str(listed), message)


def levels_of_table_below(material: Material) -> Iterator[Remark]:
    """How many indicators of a level a sentence tells against the rows of the table right below, codes or none."""
    grids = {grid.table.place.block: grid for grid in material.grids if is_whole(grid.table)}
    for paragraph in material.paper.paragraphs:
        at = paragraph.place.block
        grid = next((grids[below] for below in range(at + 1, at + 1 + BLOCKS_BELOW) if below in grids), None)
        if grid is None:
            continue
        told = {match["level"]: match for each in _COUNTED for match in each.finditer(paragraph.text)}
        for level, match in told.items():
            names = _names(grid, level)
            number = value_of(match["n"])
            if names and number and number != len(names):
                message = f"文中说{level}级指标 {number} 项，下面的表有 {len(names)} 项：{'、'.join(names)[:60]}"
                place = grid.table.place
                yield differs(paragraph, match.span("n"), match["n"], str(len(names)), message, place)


def _names(grid: Grid, level: str) -> Sequence[str]:
    """Return the names in the column of a level, each once; none where the table has no such column or lost cells."""
    column = next((at for at, heading in enumerate(grid.headings) if heading.endswith(f"{level}级指标")), None)
    if column is None or grid.table.short_rows:
        return ()
    deepest = max(_LEVELS.find(heading[-4]) for heading in grid.headings if re.search(r"[一二三四]级指标$", heading))
    texts = [text for row in grid.body if (text := bare(row.cells[column].text))]
    if any(CODE.match(text) for text in texts):
        return ()  # counted by their codes
    letters = Counter(text[0] for text in texts if _CODED.match(text))
    if len(letters) > 1 and min(letters.values()) == 1 < max(letters.values()):
        return ()  # a code that begins unlike the others (P22 among B11, B12) was misread
    if _LEVELS.index(level) == deepest:
        return texts if len(texts) == len(grid.body) else ()
    return tuple(dict.fromkeys(texts))
