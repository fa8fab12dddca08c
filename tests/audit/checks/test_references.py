"""引用、目录、编号和数目：指向不存在的表、附件名称不符、跳号重号、几项与所列不符。"""

import pytest

from tests.audit.checks.told import remarks, told
from tuodi.audit.checks.form.items import aspects_told, indicators_told, members_told, points_told
from tuodi.audit.checks.form.numbering import (
    captions_in_order,
    circles_in_order,
    headings_in_order,
    questions_in_order,
    rows_in_order,
)
from tuodi.audit.checks.form.references import (
    annexes_listed,
    parts_pointed_to,
    pointers_to_another,
    pointers_to_nothing,
)
from tuodi.kernel.finding import Severity

TABLE = "来源\t金额\n中央\t10\n省级\t20"


def test_引用的表不存在() -> None:
    assert told(pointers_to_nothing, "支出情况见表3。", "表1 资金来源表", TABLE) == [("reference-differs", "表3", "")]
    assert told(pointers_to_another, "支出情况见表3。", "表1 资金来源表", TABLE) == []
    assert told(pointers_to_nothing, "支出情况见表1。", "表1 资金来源表", TABLE) == []
    assert told(pointers_to_nothing, "支出情况见表3。", "没有编号的表", TABLE) == []


def test_引用的与下面的不是一张表() -> None:
    two = ("表1 指标得分表", TABLE)
    assert told(pointers_to_another, *two, "资金来源详见表1。", "表2 资金来源表", TABLE) == [
        ("reference-differs", "表1", "表2")
    ]
    assert told(pointers_to_another, *two, "资金来源详见表2。", "表2 资金来源表", TABLE) == []
    # 引用的表全文没有，下面的表是另一个编号：只提示一次
    assert told(pointers_to_nothing, "资金来源详见表5。", "表1 资金来源表", TABLE) == []
    assert told(pointers_to_another, "资金来源详见表5。", "表1 资金来源表", TABLE) == [
        ("reference-differs", "表5", "表1")
    ]


ANNEXES = ("附件1：绩效评价指标评分表", "评分情况如下。", "附件2：满意度调查报告", "调查情况如下。")


def test_引用的附件说的是别的事() -> None:
    assert told(pointers_to_another, "问卷调查情况见附件1。", *ANNEXES) == [("reference-differs", "附件1", "附件2")]
    assert told(pointers_to_another, "问卷调查情况见附件2。", *ANNEXES) == []
    assert told(pointers_to_nothing, "问卷调查情况见附件3。", *ANNEXES) == [("reference-differs", "附件3", "")]


def test_引用的部分不存在() -> None:
    assert told(parts_pointed_to, "一、概况", "详见第五部分。") == [("reference-differs", "第五部分", "")]
    assert told(parts_pointed_to, "一、概况", "详见第一部分。") == []


def test_附件清单与附件() -> None:
    listed = ("附件：1.绩效评价指标评分表", "2.满意度调查报告")
    assert told(annexes_listed, *listed, "云河县财政局", *ANNEXES) == []
    assert told(annexes_listed, *listed, "云河县财政局", *ANNEXES, "附件3：访谈报告", "访谈情况如下。") == [
        ("items-differ", "2", "3")
    ]
    other = ("附件1：绩效评价指标评分表", "评分情况如下。", "附件2：访谈报告", "满意度调查报告另附。")
    assert told(annexes_listed, *listed, "云河县财政局", *other) == [
        ("reference-differs", "满意度调查报告", "访谈报告")
    ]


def _headings(*numbers: str) -> list[str]:
    return [part for number in numbers for part in (f"{number}工作开展情况", "按照要求组织实施，各项任务按期完成。")]


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        (("一、", "二、", "三、"), []),
        (("一、", "二、", "四、"), [("四、", "三、")]),
        (("一、", "二、", "二、", "三、"), [("二、", "三、")]),
        (("一、", "二、", "一、", "二、"), []),
        (("（一）", "（二）", "（四）"), [("（四）", "（三）")]),
        (("（一）", "（一）", "（三）"), [("（一）", "（二）")]),
        (("1.", "2.", "4.", "5."), [("4.", "3.")]),
        (("1.", "1.", "2.", "3.", "2."), []),
        (("（1）", "（3）"), [("（3）", "（2）")]),
        (("①", "③"), [("③", "②")]),
        (("第一部分", "第三部分"), [("第三部分", "第二部分")]),
    ],
)
def test_标题编号(numbers: tuple[str, ...], expected: list[tuple[str, str]]) -> None:
    assert [(each[1], each[2]) for each in told(headings_in_order, *_headings(*numbers))] == expected


def test_并入上段的编号不算缺() -> None:
    text = _headings("1.", "3.")
    text[1] += "2.完善机制并加强沟通。"
    assert told(headings_in_order, *text) == []


@pytest.mark.parametrize(
    ("captions", "expected"),
    [
        (("表1-1 来源表", "表1-2 支出表", "表2-1 得分表"), []),
        (("表1-1 来源表", "表1-3 支出表"), [("表1-3", "表1-2")]),
        (("表2-1 来源表", "表2-1 支出表"), [("表2-1", "表2-2")]),
        (("表2-1 来源表", "表2-1 来源表"), []),
    ],
)
def test_表号(captions: tuple[str, ...], expected: list[tuple[str, str]]) -> None:
    paper = [part for caption in captions for part in (caption, TABLE, "以上为本表情况说明。")]
    assert [(each[1], each[2]) for each in told(captions_in_order, *paper)] == expected


@pytest.mark.parametrize(("last", "count"), [("3", 0), ("4", 1), ("2", 1)])
def test_表内序号(last: str, count: int) -> None:
    rows = f"序号\t姓名\t分工\n1\t甲\t主评\n2\t乙\t核查\n{last}\t丙\t复核"
    assert len(remarks(rows_in_order, rows)) == count


def test_访谈问题缺号() -> None:
    cells = "时间\t12月10日\n记录\t1.请您介绍背景。已介绍。2.请您介绍内容。已介绍。4.请您介绍效果。已介绍。"
    assert told(questions_in_order, cells) == [("numbering-broken", "4", "3")]
    assert told(questions_in_order, cells.replace("4.", "3.")) == []


def test_段内列举() -> None:
    assert told(circles_in_order, "要求：①依据充分；③程序规范。") == [("numbering-broken", "③", "")]
    assert told(circles_in_order, "要求：①依据充分；②程序规范。") == []
    (found,) = remarks(circles_in_order, "经核查，①依据充分，程序规范。")
    assert found.severity is Severity.INFO


CODES = "指标\t权重\nA 决策\t20\nA1 立项\t10\nA11 依据\t5\nA12 程序\t5\nA2 目标\t10\nA21 目标\t10\n合计\t20"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("体系包括1项一级指标、2项二级指标、3项三级指标。", []),
        ("体系包括1项一级指标、2项二级指标、4项三级指标。", [("4", "3")]),
        ("体系设一级指标一个、二级指标三个、三级指标三个。", [("3", "2")]),
        ("决策类由2个二级指标和5个三级指标构成。", [("5", "3")]),
        ("一级指标说明如下。", []),
    ],
)
def test_各级指标个数(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(each[1], each[2]) for each in told(indicators_told, text, CODES)] == expected


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("从立项、目标和投入三个方面进行考察。", 0),
        ("从立项、目标和投入四个方面进行考察。", 1),
        ("分为准备、实施、撰写提交三个阶段。", 0),
        ("分为准备、实施两个阶段。", 0),
        ("分为准备、实施、撰写两个阶段。", 1),
        ("从决策、过程、产出等四方面进行评价。", 0),
        ("主要从管理和实施、产出两个方面考察。", 0),
    ],
)
def test_几个方面(text: str, count: int) -> None:
    assert len(remarks(aspects_told, text)) == count


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("主要包括三部分内容，一是筹集；二是资助；三是救助。", []),
        ("主要包括三部分内容，一是筹集；二是资助。", [("items-differ", "三", "2")]),
        ("一是筹集；三是救助。", [("numbering-broken", "三是", "二是")]),
        ("这一是正常的，二是可行的。", []),
    ],
)
def test_一是二是(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert told(points_told, text) == expected


def test_单位个数() -> None:
    assert told(members_told, "编制单位共2个，包括：局本级、服务中心。") == []
    assert told(members_told, "编制单位共3个，包括：局本级、服务中心。") == [("items-differ", "3", "2")]
