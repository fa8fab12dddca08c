"""说的个数与列出的名称、下面的表。"""

import pytest

from tests.audit.checks.told import told
from tuodi.audit.checks.form.counted_lists import levels_behind_list, levels_of_table_below, lists_behind_number

FIVE = (
    "一级指标\t三级指标\t分值\n决策\t立项依据充分性\t10\n决策\t绩效目标合理性\t10\n过程\t资金到位率\t20\n"
    "产出\t救助人次\t30\n效益\t群众满意度\t30\n合计\t\t100\n"
)
CODED = FIVE.replace("立项", "A11立项").replace("绩效目标", "A12绩效目标")


def differs(stated: str, expected: str) -> list[tuple[str, str, str]]:
    return [("items-differ", stated, expected)]


@pytest.mark.parametrize(
    ("case", "text", "expected"),
    [
        ("以效益结尾的列举是全的", "设置决策、过程、产出、效益等5项一级指标。", differs("5", "4")),
        ("相符", "设置决策、过程、产出、效益等4项一级指标。", []),
        ("举例", "设置决策、过程等4项一级指标。", []),
        ("没有等字", "设置决策、过程、产出4项一级指标。", differs("4", "3")),
        ("三级指标是举例", "设置资金到位率、政策知晓率、群众满意度等5项三级指标。", []),
        ("末一项用和", "设置决策、过程、产出和效益四项一级指标。", []),
    ],
)
def test_名称在前(case: str, text: str, expected: list[tuple[str, str, str]]) -> None:
    assert told(levels_behind_list, text) == expected


@pytest.mark.parametrize(
    ("case", "text", "expected"),
    [
        ("少一个乡镇", "共有5个乡镇参与，分别为东河镇、西河镇、南山乡、北山乡。", differs("5", "4")),
        ("相符", "共有4个乡镇参与，分别为东河镇、西河镇、南山乡、北山乡。", []),
        ("末一个用和", "共有5个乡镇参与，分别为东河镇、西河镇、南山乡、北山乡和中山乡。", []),
        ("等", "共有5个乡镇参与，分别为东河镇、西河镇、南山乡等。", []),
        ("后面还有话", "共有5个乡镇参与，分别为东河镇、西河镇、南山乡，另有两个街道。", []),
        ("多一项指标", "设置4项一级指标：决策、过程、产出、质量、效益。", differs("4", "5")),
        ("指标相符", "设置5项一级指标：决策、过程、产出、质量、效益。", []),
        ("包括可以不全", "涉及5个乡镇，包括东河镇、西河镇。", []),
    ],
)
def test_名称在后(case: str, text: str, expected: list[tuple[str, str, str]]) -> None:
    assert told(lists_behind_number, text) == expected


@pytest.mark.parametrize(
    ("case", "text", "table", "expected"),
    [
        ("三级多说一项", "共设一级指标4个、三级指标6个。", FIVE, differs("6", "5")),
        ("相符", "共设一级指标4个、三级指标5个。", FIVE, []),
        ("一级少说一项", "共设一级指标3个。", FIVE, differs("3", "4")),
        ("有编号的按编号数", "共设一级指标4个、三级指标6个。", CODED, []),
        ("表没有合计，可能不全", "共设三级指标6个。", FIVE.replace("合计\t\t100\n", ""), []),
    ],
)
def test_下面的表(case: str, text: str, table: str, expected: list[tuple[str, str, str]]) -> None:
    assert told(levels_of_table_below, text, table) == expected
