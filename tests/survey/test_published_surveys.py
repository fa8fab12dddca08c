"""阜康和交城的问卷：印出的人数、比例、满意度，以及印错的地方。"""

import importlib.util
from fractions import Fraction
from pathlib import Path

import pytest

from tests.survey.written import EXAMPLES, by_id, counts, example, result_of, rules, write
from tuodi.kernel.finding import Severity
from tuodi.kernel.money import percent
from tuodi.survey.result import charts, fed_figures

# 阜康报告附件4：题号、选项、人数、印出的比例。
FUKANG = [
    ("1", "我已知悉", 122, "100"),
    ("3", "单建统筹基金参保", 51, "41.8"),
    ("3", "实施统账结合参保", 71, "58.2"),
    ("4", "是", 95, "77.87"),
    ("4", "否", 27, "22.13"),
    ("5", "是", 84, "68.85"),
    ("5", "否", 38, "31.15"),
    ("6", "是", 81, "96.43"),
    ("6", "否", 3, "3.57"),
    ("7", "是", 112, "91.8"),
    ("7", "否", 10, "8.2"),
    ("8", "是", 117, "95.9"),
    ("8", "否", 5, "4.1"),
    ("9", "满意", 117, "95.9"),
    ("9", "一般", 5, "4.1"),
    ("10", "满意", 118, "96.72"),
    ("10", "一般", 4, "3.28"),
    ("11", "非常满意", 92, "75.41"),
    ("11", "比较满意", 11, "9.02"),
    ("11", "满意", 15, "12.3"),
    ("11", "一般", 4, "3.28"),
    ("11", "不满意", 0, "0"),
]
ANSWERS = EXAMPLES / "fukang-2024-answers.csv"


@pytest.mark.parametrize(("题号", "选项", "人数", "印出"), FUKANG)
def test_阜康十题的人数和比例与印出的一致(题号: str, 选项: str, 人数: int, 印出: str) -> None:
    result, _ = result_of(ANSWERS, example("fukang-2024.yaml"))
    (question,) = [each for each in (*result.questions, *result.notices) if each.id == 题号]
    (option,) = [each for each in question.options if each.name == 选项]
    assert option.count == 人数
    assert option.n == (84 if 题号 == "6" else 122)
    places = len(印出.partition(".")[2])
    assert Fraction(percent(option.count, option.n, places)) == Fraction(印出)


def test_阜康满意度是指数_与满意的占比分开() -> None:
    result, findings = result_of(ANSWERS, example("fukang-2024.yaml"))
    question = by_id(result)["11"]
    assert question.satisfaction is not None
    assert (question.satisfaction.label, question.satisfaction.text) == ("满意度指数", "91.31")
    assert (question.satisfaction.points, question.satisfaction.n) == (Fraction(1114, 10), 122)
    assert question.share is not None
    assert (question.share.name, question.share.count, question.share.text) == ("满意及以上占比", 118, "96.72")
    assert (result.n, result.valid, result.recipients) == (122, 122, 84)
    assert [notice.id for notice in result.notices] == ["1"]
    assert [each.id for each in result.questions] == ["3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13"]
    assert rules(findings) == ["survey-notice"]


def test_阜康只算受益者() -> None:
    result, _ = result_of(ANSWERS, example("fukang-2024.yaml"))
    theirs = by_id(result)["11"].recipients
    assert theirs is not None
    assert theirs.n == 84
    # 另数一遍：第5题答“是”的答卷。
    lines = [line.split(",") for line in ANSWERS.read_text(encoding="utf-8-sig").splitlines()]
    header, *rows = lines
    asked, said = header.index("5、2024年是否享受职工大额医疗补助"), header.index("11、整体满意程度")
    weights = {"A.非常满意": 10, "B.比较满意": 8, "C.满意": 6, "D.一般": 4}
    points = sum(weights[row[said]] for row in rows if row[asked] == "是")
    assert theirs.satisfaction is not None
    assert theirs.satisfaction.points == Fraction(points, 10)
    assert theirs.satisfaction.text == percent(points, 840)


def test_没有定义就没有满意度() -> None:
    result, _ = result_of(ANSWERS)
    assert result.recipients is None
    assert all(each.satisfaction is None and each.share is None for each in result.questions)
    assert counts(by_id(result)["11"]) == {"非常满意": 92, "比较满意": 11, "满意": 15, "一般": 4}
    assert by_id(result)["6"].n == 84


def test_阜康填空题按词归类() -> None:
    result, _ = result_of(ANSWERS, example("fukang-2024.yaml"))
    opinions = by_id(result)["12"].opinions
    assert opinions is not None
    assert (opinions.n, opinions.nothing) == (122, 100)
    assert dict(opinions.groups) == {"政策宣传": 15, "报销流程": 4, "补助水平": 3}


def test_阜康供指标使用的数() -> None:
    result, _ = result_of(ANSWERS, example("fukang-2024.yaml"))
    fed = {each.indicator: (each.numerator, each.denominator, each.text) for each in fed_figures(result)}
    assert fed == {
        "政策知晓率": (95, 122, "77.87"),
        "减轻职工医疗经济负担": (112, 122, "91.80"),
        "优化社会医疗保障体系": (117, 122, "95.90"),
        "城镇职工大额医疗保险参保人员满意度": (Fraction(557, 5), 122, "91.31"),
    }


def test_图的数据() -> None:
    result, _ = result_of(ANSWERS, example("fukang-2024.yaml"))
    drawn = {chart.id: chart for chart in charts(result)}
    assert list(drawn) == ["3", "4", "5", "6", "7", "8", "9", "10", "11"]
    assert drawn["5"].categories == ("是", "否")
    assert drawn["5"].counts == (84, 38)
    assert drawn["5"].shares == ("68.85", "31.15")


def test_阜康答卷由脚本生成_逐字节相同(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("make_fukang", EXAMPLES / "make_fukang_answers.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.main(tmp_path / "answers.csv")
    assert (tmp_path / "answers.csv").read_bytes() == ANSWERS.read_bytes()


# 交城报告附件2：表号、选项、人数、应有比例。
JIAOCHENG = [
    ("1", "熟悉", 19, "18.63"),
    ("1", "一般了解", 61, "59.80"),
    ("1", "不清楚", 22, "21.57"),
    ("2", "熟悉", 9, "8.82"),
    ("2", "一般了解", 70, "68.63"),
    ("2", "不清楚", 23, "22.55"),
    ("3", "熟悉", 5, "5.05"),
    ("3", "一般了解", 68, "68.69"),
    ("3", "不清楚", 26, "26.26"),
]


@pytest.mark.parametrize(("表", "选项", "人数", "比例"), JIAOCHENG)
def test_交城三张表按人数重算(表: str, 选项: str, 人数: int, 比例: str) -> None:
    result, _ = result_of(EXAMPLES / "jiaocheng-2024-counts.csv", example("jiaocheng-2024.yaml"))
    (option,) = [each for each in by_id(result)[表].options if each.name == 选项]
    assert (option.count, option.text) == (人数, 比例)


def test_交城印错的地方逐条指出() -> None:
    _, findings = result_of(EXAMPLES / "jiaocheng-2024-counts.csv", example("jiaocheng-2024.yaml"))
    told = [(finding.rule, finding.row, finding.value) for finding in findings]
    assert told == [
        ("survey-printed-share", 5, "8.63%"),
        ("survey-printed-share", 6, "68.82%"),
        ("survey-printed-total", 8, "102"),
        ("survey-printed-share", 8, "8.04%"),
        ("survey-printed-share", 9, "66.27%"),
        ("survey-printed-share", 10, "25.69%"),
    ]
    assert all(finding.severity is Severity.WARNING for finding in findings)
    assert "9÷102 应为 8.82%" in findings[0].message
    assert "各选项人数相加是 99" in findings[2].message


def test_交城知晓率和总体满意度() -> None:
    result, _ = result_of(EXAMPLES / "jiaocheng-2024-counts.csv", example("jiaocheng-2024.yaml"))
    known = by_id(result)["1"].share
    assert known is not None
    assert (known.count, known.n, known.text) == (80, 102, "78.43")
    assert result.overall is not None
    assert result.overall.value == Fraction("0.92035")
    assert (result.overall.name, result.overall.text) == ("总体满意度", "92.04")
    assert result.n == 102


def test_只有公布的满意度_没有定义时不作数() -> None:
    result, _ = result_of(EXAMPLES / "jiaocheng-2024-counts.csv")
    assert [each.satisfaction for each in result.questions] == [None] * 7
    assert result.overall is None


def test_公布的人数也可写成YAML(tmp_path: Path) -> None:
    path = tmp_path / "counts.yaml"
    path.write_text(
        "schema: tuodi-survey-counts/1\n"
        "questions:\n"
        "  - number: 2\n"
        "    text: 是否了解申请方式\n"
        "    printed_total: 102\n"
        "    options:\n"
        "      - {text: 熟悉, count: 9, printed_share: 8.63%}\n"
        "      - {text: 一般了解, count: 70, printed_share: 68.63%}\n"
        "      - {text: 不清楚, count: 23}\n",
        encoding="utf-8",
    )
    result, findings = result_of(path)
    assert [option.text for option in by_id(result)["2"].options] == ["8.82", "68.63", "22.55"]
    assert [(finding.rule, finding.row) for finding in findings] == [("survey-printed-share", 7)]


def test_表格里的百分数单元格(tmp_path: Path) -> None:
    rows = [
        ["题号", "题目", "选项", "人数", "比例"],
        [2, "是否了解", "熟悉", 9, 0.0863],
        ["", "", "不熟悉", 93, "91.18%"],
    ]
    result, findings = result_of(write(tmp_path / "counts.xlsx", rows))
    assert counts(by_id(result)["2"]) == {"熟悉": 9, "不熟悉": 93}
    assert [(finding.rule, finding.row, finding.value) for finding in findings] == [
        ("survey-printed-share", 2, "8.63%")
    ]
