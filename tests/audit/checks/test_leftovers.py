"""模板残留：别处的地名、别的行业、题名误用、重复的字、名称两样、占位文字、个人信息。"""

import pytest

from tests.audit.checks.told import remarks, told
from tuodi.audit.checks.form.blanks import empty_headings, empty_rows, masked_numbers, personal_data, placeholders
from tuodi.audit.checks.form.leftovers import (
    doubled_words,
    firm_told_twice,
    other_places,
    other_trades,
    title_for_project,
    units_told_twice,
)
from tuodi.kernel.finding import Severity
from tuodi.kernel.idnumber import check_character

TITLE = "云河县城乡医疗救助补助资金绩效评价报告"
OWN = (TITLE, "主管部门：云河县医疗保障局", "云河县医疗保障局负责本项目。", "云河县财政局拨付资金。")


def test_别处的地名() -> None:
    assert told(other_places, *OWN, "白石县医疗保障局组织开展了自评。") == [("other-project-left", "白石县", "云河县")]


@pytest.mark.parametrize(
    "text",
    [
        "云州市医疗保障局印发了细则。",
        "各县医疗保障局应当按月报送。",
        "借鉴白石县医疗救助经验。",
        "依据《白石县医疗救助办法》测算。",
        "将结果报县财政局备案。",
        "向社区医疗机构宣传政策。",
    ],
)
def test_不是残留的地名(text: str) -> None:
    assert told(other_places, *OWN, text) == []


def test_多次提到的地名是有意的() -> None:
    text = "白石县医疗保障局参加了联审。"
    assert told(other_places, *OWN, text, text + "并签字。", text + "并反馈。") == []


def test_别的行业的说法() -> None:
    text = "对慰问物品的满意度进行调查。"
    (found,) = remarks(other_trades, *OWN, text)
    assert (found.rule, found.stated) == ("other-project-left", "慰问")
    assert remarks(other_trades, TITLE.replace("城乡医疗救助补助", "困难群众慰问"), text) == []
    assert remarks(other_trades, *OWN, "做好信息公开工作。") == []


def test_说得多的行业不是残留() -> None:
    texts = [f"第{number}次慰问困难群众。" for number in "一二三四"]
    assert remarks(other_trades, *OWN, *texts) == []


def test_报告题名用作项目名称() -> None:
    text = f"经评价，{TITLE}绩效评价综合得分90分。"
    assert [each[0] for each in told(title_for_project, *OWN, text)] == ["name-told-twice"]
    assert told(title_for_project, *OWN, f"形成《{TITLE}》。", f"现提交{TITLE}。") == []


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("2024年云河县城城乡医疗救助主要包括三类。", "城城乡医疗"),
        ("2024年云河县内云河县城乡救助共计9万元。", "云河县内云河县"),
        ("资金用于困难群众的的救助。", "的的"),
    ],
)
def test_重复的字(text: str, stated: str) -> None:
    assert [each[1] for each in told(doubled_words, *OWN, text)] == [stated]


def test_没有重复的字() -> None:
    assert told(doubled_words, *OWN, "云河县城乡医疗救助覆盖全县，县乡村三级联动，人人享有，天天受理。") == []


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("2024年年云河县医疗救助支出500万元。", ["年年"]),
        ("2024年年底、2024年年初、2024年年中。", []),
        ("2024年云河县县医疗救助支出500万元。", ["县县"]),
        ("云河县县级医院、云河县县医院、云河县县委、云河县县医疗保障局。", []),
    ],
)
def test_年和县重复(text: str, stated: list[str]) -> None:
    found = remarks(doubled_words, *OWN, text)
    assert [each.stated for each in found] == stated
    assert all(each.severity is Severity.INFO for each in found)


def test_同一职责两个单位() -> None:
    assert told(units_told_twice, *OWN, "主管部门：云河县民政局") == [
        ("name-told-twice", "云河县民政局", "云河县医疗保障局")
    ]
    assert told(units_told_twice, *OWN, "主管部门：云州市云河县医疗保障局") == []


def test_机构名称不全() -> None:
    text = "受云河县财政局委托，东岭恒信管理咨询有限公司开展评价。"
    assert told(firm_told_twice, "评价机构：东岭恒信管理咨询", text) == [
        ("name-told-twice", "东岭恒信管理咨询", "东岭恒信管理咨询有限公司")
    ]
    assert told(firm_told_twice, "评价机构：东岭恒信管理咨询有限公司", text) == []


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("2024年救助**人，支付9万元。", "**"),
        ("受XX县财政局委托。", "XX"),
        ("走访某某家庭（化名），由某某单位负责。", "某某"),
        ("第三方评价机构全称", "第三方评价机构全称"),
        ("2022云河县医保局开展救助。", "2022"),
    ],
)
def test_没有填写的地方(text: str, stated: str) -> None:
    assert told(placeholders, text) == [("blank-left", stated, "")]


@pytest.mark.parametrize(
    "text",
    ["一**是**掌握情况。", "联系电话：XXXXXXXXXXX", "2022年云河县医保局。", "依据GB/T2260。", "走访某某家庭（化名）。"],
)
def test_不是空白(text: str) -> None:
    assert told(placeholders, text) == []


def test_遮盖的号码只提示一次() -> None:
    (found,) = remarks(masked_numbers, "联系电话：XXXXXXXXXXX", "账号：XXXXXXXXXXXXXXX")
    assert found.severity is Severity.INFO
    assert "全文共 2 处" in found.message


def test_空白的模板行只说一次() -> None:
    (found,) = remarks(empty_rows, "指标1：救助人数100人", "指标2：", "指标3：")
    assert "全文共 2 处" in found.message


def test_标题下没有内容() -> None:
    full = ("一、调查方法", "（一）问卷设计", "（二）问卷抽样", "随机抽取受益群众进行调查。")
    assert told(empty_headings, *full) == [("blank-left", "（一）问卷设计", "")]
    assert told(empty_headings, full[0], full[1], "共设十题。", *full[2:]) == []


def test_个人信息() -> None:
    number = "11010519900307123"
    number += check_character(number + "0")
    wrong = number[:17] + ("0" if number[17] != "0" else "1")
    found = remarks(personal_data, f"张某，身份证号{number}。")
    assert [each.rule for each in found] == ["personal-data"]
    assert number not in found[0].quote + found[0].stated + found[0].message
    assert remarks(personal_data, f"凭证号{wrong}。") == []
    assert len(remarks(personal_data, "联系电话13800000000。")) == 1
    assert remarks(personal_data, "支出13800000000.00元。") == []
    assert len(remarks(personal_data, "银行账号6222000000000000000。")) == 1
    assert remarks(personal_data, "流水号6222000000000000000。") == []
