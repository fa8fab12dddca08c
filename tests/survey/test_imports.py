"""各种导出形式：选项文本、序号、字母、多选一列或多列、矩阵、跳过和空；个人信息在读入时丢弃。"""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.survey.written import SITE, by_id, counts, define, result_of, rules, site_row, write
from tuodi.kernel.finding import Severity
from tuodi.survey.definition import Kind
from tuodi.survey.headings import parse_heading, stem_and_parts
from tuodi.survey.personal import hide_numbers, is_personal_heading
from tuodi.survey.raw import seconds_of
from tuodi.survey.reckoning import reckon

SATISFIED = """questions:
  - {number: 1, text: 您满意吗, kind: single, options: [非常满意, 满意, 不满意]}
"""


@pytest.mark.parametrize("后缀", [".csv", ".xlsx"])
@pytest.mark.parametrize(
    "答案",
    [
        ("非常满意", "满意", "满意"),
        ("A.非常满意", "B.满意", "B.满意"),
        ("A 非常满意", "B 满意", "B、满意"),
        ("A非常满意", "B满意", "B满意"),
        ("1", "2", "2"),
        ("A", "b", "B"),
        (" 非常满意 ", "满意。", "满意"),
    ],
)
def test_选项的各种写法(后缀: str, 答案: tuple[str, ...], tmp_path: Path) -> None:
    rows = [[*SITE, "1、您满意吗？"], *(site_row(at, answer) for at, answer in enumerate(答案, start=1))]
    result, findings = result_of(write(tmp_path / f"a{后缀}", rows), define(tmp_path, SATISFIED))
    assert counts(by_id(result)["1"]) == {"非常满意": 1, "满意": 2, "不满意": 0}
    assert rules(findings, Severity.ERROR, Severity.WARNING) == []


@pytest.mark.parametrize(
    ("列名", "题号", "题目", "题型"),
    [
        ("1、您参保的方式是", 1, "您参保的方式是", None),
        ("12．您满意吗？ [单选题] *", 12, "您满意吗？", Kind.SINGLE),
        ("第3题 您知晓吗", 3, "您知晓吗", None),
        ("第5题(电视)", 5, "(电视)", None),
        ("Q7 您知晓吗", 7, "您知晓吗", None),
        ("Q7", 7, "", None),
        ("8. 渠道【多选题】", 8, "渠道", Kind.MULTIPLE),
        ("1.5万元以上的费用能否报销", None, "1.5万元以上的费用能否报销", None),
        ("2024年是否享受补助", None, "2024年是否享受补助", None),
        ("*您满意吗", None, "您满意吗", None),
    ],
)
def test_列名拆成题号和题目(列名: str, 题号: int | None, 题目: str, 题型: Kind | None) -> None:
    heading = parse_heading(0, 列名)
    assert (heading.number, heading.text, heading.kind) == (题号, 题目, 题型)


def test_分题的列名() -> None:
    assert stem_and_parts(["渠道:电视", "渠道:电台"]) == ("渠道", ("电视", "电台"))
    assert stem_and_parts(["请评价—服务", "请评价—环境"]) == ("请评价", ("服务", "环境"))
    assert stem_and_parts(["(电视)", "(报纸)"]) == ("", ("电视", "报纸"))


CHANNELS = """questions:
  - {number: 5, text: 了解政策的渠道, kind: multiple, options: [电视, 村干部, 网络, 其他]}
"""


BY_OPTION = [f"5、了解政策的渠道:{each}" for each in ("电视", "村干部", "网络", "其他")]
ONLY_OPTION = [f"第5题({each})" for each in ("电视", "村干部", "网络", "其他")]


@pytest.mark.parametrize(
    ("形式", "要有定义", "列名", "答案"),
    [
        ("一列文本", False, ["5、了解政策的渠道"], [["电视┋村干部"], ["电视"], ["网络"], ["(跳过)"]]),
        ("一列序号", True, ["5、了解政策的渠道"], [["1┋2"], ["1"], ["3"], ["-3"]]),
        ("一列分号", True, ["5、了解政策的渠道"], [["电视;村干部"], ["电视"], ["网络"], [""]]),
        (
            "每项一列",
            False,
            BY_OPTION,
            [["1", "1", "0", "0"], ["1", "0", "0", "0"], ["0", "0", "1", "0"], ["(跳过)"] * 4],
        ),
        (
            "每项一列只写选项",
            False,
            ONLY_OPTION,
            [["1", "1", "0", "0"], ["1", "", "", ""], ["0", "0", "1", "0"], ["-3"] * 4],
        ),
    ],
)
def test_多选题(形式: str, 要有定义: bool, 列名: list[str], 答案: list[list[str]], tmp_path: Path) -> None:
    rows = [[*SITE, *列名, "6、是否知晓"], *(site_row(at, *each, "是") for at, each in enumerate(答案, start=1))]
    path = write(tmp_path / "a.csv", rows)
    for definition in (define(tmp_path, CHANNELS), *([] if 要有定义 else [None])):
        result, findings = result_of(path, definition)
        question = by_id(result)["5"]
        assert question.kind is Kind.MULTIPLE
        assert question.n == 3
        found = counts(question)
        assert {name: count for name, count in found.items() if count} == {"电视": 2, "村干部": 1, "网络": 1}
        assert definition is None or found == {"电视": 2, "村干部": 1, "网络": 1, "其他": 0}
        assert rules(findings, Severity.ERROR, Severity.WARNING) == []


def test_分题的列名与定义不同时按先后(tmp_path: Path) -> None:
    text = """questions:
  - {number: 7, text: 请评价, kind: matrix, rows: [服务质量, 办理时限], options: [满意, 一般]}
"""
    rows = [["7、请评价—您觉得态度怎样", "7、请评价—您觉得快慢怎样"], ["满意", "一般"]]
    result, findings = result_of(write(tmp_path / "a.csv", rows), define(tmp_path, text))
    assert [(each.text, each.n) for each in result.questions] == [("请评价：服务质量", 1), ("请评价：办理时限", 1)]
    assert findings == []
    rows = [["7、请评价—服务质量", "7、请评价—办理时限", "7、请评价—环境"], ["满意", "一般", "满意"]]
    result, findings = result_of(write(tmp_path / "a.csv", rows), define(tmp_path, text))
    assert [each.n for each in result.questions] == [1, 1]
    assert [(finding.rule, finding.column) for finding in findings[:1]] == [("survey-part-unknown", "7、请评价—环境")]


def test_其他后面填的字不作选项(tmp_path: Path) -> None:
    rows = [["1、渠道"], ["电视┋其他〖喇叭〗"], ["其他〖亲戚〗"]]
    result, _ = result_of(write(tmp_path / "a.csv", rows))
    assert counts(by_id(result)["1"]) == {"电视": 1, "其他": 2}


@pytest.mark.parametrize("有定义", [True, False])
def test_矩阵题每行各算一题(有定义: bool, tmp_path: Path) -> None:
    text = """questions:
  - number: 7
    text: 请评价
    kind: matrix
    rows: [服务, 环境]
    options: [满意, 一般]
    weights: {满意: "1", 一般: "0.5"}
    share: {name: 满意占比, options: [满意]}
overall: {name: 总体满意度, mean_of: ["7"]}
"""
    rows = [["7、请评价—服务", "7、请评价—环境"], ["满意", "一般"], ["满意", "满意"], ["一般", "(跳过)"]]
    result, _ = result_of(write(tmp_path / "a.csv", rows), define(tmp_path, text) if 有定义 else None)
    first, second = result.questions
    assert [first.id, first.text, second.text] == ["7.1", "请评价：服务", "请评价：环境"]
    assert (first.n, counts(first)) == (3, {"满意": 2, "一般": 1})
    assert (second.n, counts(second)) == (2, {"满意": 1, "一般": 1})
    if 有定义:
        assert first.satisfaction is not None and second.satisfaction is not None
        # (2+0.5)/3 和 (1+0.5)/2，平均 (5/6+3/4)/2 = 19/24。
        assert (first.satisfaction.text, second.satisfaction.text) == ("83.33", "75.00")
        assert result.overall is not None
        assert result.overall.text == "79.17"


def test_普通表格_没有题号(tmp_path: Path) -> None:
    rows = [["编号", "您是否知晓政策", "您的意见"], ["1", "是", "无"], ["2", "否", "多宣传"], ["3", "是", "暂无。"]]
    result, _ = result_of(write(tmp_path / "a.xlsx", rows))
    assert [(each.id, each.text, each.n) for each in result.questions] == [
        ("1", "您是否知晓政策", 3),
        ("2", "您的意见", 3),
    ]
    assert counts(result.questions[0]) == {"是": 2, "否": 1}
    assert result.questions[1].opinions is not None
    assert result.questions[1].opinions.frequent == (("多宣传", 1),)


def test_列名是代码时用作题号(tmp_path: Path) -> None:
    result, _ = result_of(write(tmp_path / "a.csv", [["id", "q1", "q2"], ["1", "是", "满意"], ["2", "否", "满意"]]))
    assert [each.id for each in result.questions] == ["q1", "q2"]


def test_标题行下面的列名(tmp_path: Path) -> None:
    rows = [["满意度调查原始数据"], [], [*SITE, "1、您满意吗"], site_row(1, "满意"), site_row(2, "满意")]
    result, findings = result_of(write(tmp_path / "a.xlsx", rows))
    assert counts(by_id(result)["1"]) == {"满意": 2}
    assert "header-row" in rules(findings)


def test_字母定选项的先后(tmp_path: Path) -> None:
    rows = [["1、您满意吗"], ["C.一般"], ["A.非常满意"], ["B.满意"], ["A.非常满意"]]
    result, _ = result_of(write(tmp_path / "a.csv", rows))
    assert [option.name for option in by_id(result)["1"].options] == ["非常满意", "满意", "一般"]


@pytest.mark.parametrize(
    ("写法", "秒"),
    [
        ("85秒", 85),
        ("1分25秒", 85),
        ("1小时2分3秒", 3723),
        ("85", 85),
        ("0:01:25", 85),
        ("2分钟", 120),
        ("很快", None),
        ("", None),
    ],
)
def test_所用时间(写法: str, 秒: int | None) -> None:
    assert seconds_of(写法) == 秒


@pytest.mark.parametrize(
    "列名",
    [
        "姓名", "您的姓名", "您的姓名：", "联系方式（选填）", "手机号码", "姓名和联系电话", "身份证号",
        "家庭住址", "来自IP", "来源详情", "填写人信息（仅用于样本抽查）—您的姓名", "请留下您的联系方式",
        "微信昵称", "name", "您的电话号码是", "真实姓名及手机号",
    ],
)  # fmt: skip
def test_个人信息的列名(列名: str) -> None:
    assert is_personal_heading(parse_heading(0, f"2、{列名}").text)


@pytest.mark.parametrize(
    "列名",
    [
        "您是否接到过回访电话", "您对12345电话服务满意吗", "您的身份类别", "是否知道电子医保凭证", "户籍类型",
        "您参保的方式是", "您的意见", "您是否通过微信了解政策", "来源", "您的家庭是否困难",
    ],
)  # fmt: skip
def test_提到电话的问题不是个人信息(列名: str) -> None:
    assert not is_personal_heading(列名)


def test_手机号藏在别的列名下_整列丢弃(tmp_path: Path) -> None:
    rows = [["1、您满意吗", "2、备用"], ["满意", "138 0000 0001"], ["满意", "13800000002"], ["一般", ""]]
    result, findings = result_of(write(tmp_path / "a.csv", rows))
    assert [each.id for each in result.questions] == ["1"]
    assert [(finding.rule, finding.column, finding.value) for finding in findings] == [
        ("survey-column-dropped", "2、备用", "")
    ]


def test_没有列名行的文件不读(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [["张三丰", "13800000001", "满意"], ["李四光", "13800000002", "满意"]])
    result, findings = reckon(path)
    assert result is None
    assert rules(findings) == ["survey-header-missing"]
    assert "13800000001" not in findings[0].sentence()


@pytest.mark.parametrize(
    ("原文", "隐去后"),
    [
        ("请打13812345678找我", "请打＊＊找我"),
        ("电话0994-3222222", "电话＊＊"),
        ("身份证11010119900307453X", "身份证＊＊"),
        ("报销了12345678元", "报销了12345678元"),
        ("比例91%，2024年", "比例91%，2024年"),
        ("a.b@example.com", "＊＊"),
    ],
)
def test_填空题里的号码隐去(原文: str, 隐去后: str) -> None:
    assert hide_numbers(原文) == 隐去后


PHONES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
NAMES = st.text(alphabet="赵钱孙李周吴郑王冯陈褚卫", min_size=2, max_size=3)
IDS = st.from_regex(r"[1-6][0-9]{5}(19[0-9]{2}|20[01][0-9])[0-9]{7}[0-9X]", fullmatch=True)


@settings(max_examples=40)
@given(people=st.lists(st.tuples(NAMES, PHONES, IDS), min_size=1, max_size=6), 有定义=st.booleans())
def test_姓名电话证件号不进任何结果(
    people: list[tuple[str, str, str]], 有定义: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("personal")
    header = [
        *SITE,
        "1、您满意吗",
        "2、填写人信息—您的姓名",
        "2、填写人信息—联系方式",
        "3、证件",
        "4、您的意见",
        "5、留言板",
        "6、办理人",
    ]
    rows = [
        site_row(
            at,
            "满意",
            name,
            phone,
            number,
            f"我是{name}，电话{phone}",
            f"{name}{number}",
            f"{name}（{phone}）本人",
        )
        for at, (name, phone, number) in enumerate(people, start=1)
    ]
    text = """questions:
  - {number: 1, text: 您满意吗, kind: single, options: [满意, 一般]}
  - {number: 2, text: 填写人信息, kind: matrix_text, rows: [您的姓名, 联系方式]}
  - {number: 4, text: 您的意见, kind: text}
  - {number: 5, text: 留言板, kind: text}
"""
    result, findings = reckon(write(folder / "a.csv", [header, *rows]), define(folder, text) if 有定义 else None)
    assert result is not None
    assert result.valid == len(people)
    told = repr(result) + "".join(repr(finding) for finding in findings)
    for name, phone, number in people:
        assert name not in told
        assert phone not in told
        assert number not in told
        assert "10.0.0." not in told
