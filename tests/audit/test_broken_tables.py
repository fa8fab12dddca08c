"""文字文件中断开、缺格、错位的表：补得回来的补回来，补不回来的不用。"""

import pytest

from tuodi.audit.material import Material
from tuodi.audit.paper.headings import contents_line
from tuodi.audit.paper.text_file import read_text


def told(text: str) -> list[tuple[str, str, str]]:
    material = Material(read_text("x.txt", text))
    return [
        (each.name, each.weight.text if each.weight else "", each.score.text if each.score else "")
        for each in material.tellings
        if each.in_table and each.is_leaf
    ]


@pytest.mark.parametrize(
    ("case", "line", "expected"),
    [
        ("目录", "（一）项目决策情况\t- 24 -", True),
        ("带编号的目录", "1.1\t项目概况\t3", True),
        ("末格是数的表行", "\tB21 管理制度健全性\tB212 业务管理制度健全性\t2\t健全\t2", False),
    ],
)
def test_目录行和表行(case: str, line: str, expected: bool) -> None:
    assert contents_line(line) is expected


HEAD = "二级指标\t三级指标\t四级指标\t权重\t业绩值\t得分\n"
FIRST = "B1.投入管理\t\t\t4\t\t4\n\tB11资金到位率\t\t2\t100%\t2\n\tB12预算执行率\t\t2\t100%\t2\nB2.项目管\t\t\t4\t\t4\n"
SECOND = (
    "理\t\t\t\t\t\n\t\tB211财务管理制度健全性\t2\t健全\t2\n\t\tB212业务管理制度健全性\t2\t健全\t2\n\t合计\t\t8\t\t8\n"
)


def test_翻页把一格撕成两半() -> None:
    material = Material(read_text("x.txt", f"{HEAD}{FIRST}\n表3-2项目过程指标\n\n{HEAD}{SECOND}"))
    (grid,) = material.grids
    assert [row.cells[0].text for row in grid.rows if row.cells[0].text] == ["B1.投入管理", "B2.项目管理"]
    assert len(grid.rows) == 7


def test_表头相同的两张表不相连() -> None:
    other = "\t\tB211财务管理制度健全性\t2\t健全\t2\n\t合计\t\t2\t\t2\n"
    material = Material(read_text("x.txt", f"{HEAD}{FIRST}\n表3-2项目过程指标\n\n{HEAD}{other}"))
    assert len(material.grids) == 2


FORM = (
    "一级指标\t二级指标\t三级指标\t分值\t目标值\t评分规则\t得分\n产出\t数量指标\t参保人数\t10\t≥300人\t按比例得分\t9\n"
)


@pytest.mark.parametrize(
    ("case", "row", "expected"),
    [
        ("左边少一格", "质量指标\t审核准确率\t5\t100%\t按比例得分\t4", ("审核准确率", "5", "4")),
        ("左边少两格", "审核准确率\t5\t100%\t按比例得分\t4", ("审核准确率", "5", "4")),
        ("不缺格", "\t质量指标\t审核准确率\t5\t100%\t按比例得分\t4", ("审核准确率", "5", "4")),
        ("缺的不在左边", "\t质量指标\t审核准确率\t5\t按比例得分\t4", ("审核准确率", "", "")),
    ],
)
def test_缺格的行(case: str, row: str, expected: tuple[str, str, str]) -> None:
    assert told(FORM + row + "\n")[-1] == expected


def test_窄栏认错的名称按评分过程认回() -> None:
    process = "通过核查医保局提供的参保名单，截止年底完成参保27000人，完成率为90%，扣1分。"
    other = "资料归档情况\t5\t资料齐全，按时归档。\t5\n"
    table = f"三级指标\t分值\t评分过程\t得分\n城职大医保参人数\t10\t{process}\t9\n{other}"
    text = f"对于“城镇职工参保人数”：{process}\n\n综上所述，该指标满分10分，扣1分，得分9分。\n"
    assert told(table + "\n" + text)[0] == ("城镇职工参保人数", "10", "9")
    assert told(table)[0] == ("城职大医保参人数", "10", "9")
