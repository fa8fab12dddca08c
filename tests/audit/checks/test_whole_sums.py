"""总数与各项：写明合计、共计的差多少都报；只写“其中”的，列全了才报；没有列全的不报。"""

import pytest

from tests.audit.checks.told import remarks, told
from tuodi.audit.checks.sums.text_sums import check_parts
from tuodi.kernel.finding import Severity

ERROR, WARNING = Severity.ERROR, Severity.WARNING


@pytest.mark.parametrize("total", ["902", "910", "950", "990", "1000", "1050", "850"])
def test_两项合计差多少都是错(total: str) -> None:
    sentence = f"住院救助600万元，门诊救助300万元，两项合计{total}万元。"
    assert told(check_parts, sentence) == [("parts-differ", f"{total}万元", "900万元")]
    assert remarks(check_parts, sentence)[0].severity is ERROR


@pytest.mark.parametrize(
    ("sentence", "severity", "stated", "expected"),
    [
        ("全年支出共计1000万元，其中：住院救助600万元，门诊救助300万元。", ERROR, "1000万元", "900万元"),
        ("全年共支出1000万元（住院救助600万元、门诊救助300万元）。", ERROR, "1000万元", "900万元"),
        ("全年共支出1000万元，其中：住院救助600万元，门诊救助300万元。", WARNING, "1000万元", "900万元"),
        ("全年支出1000万元，其中住院救助600万元和门诊救助300万元。", WARNING, "1000万元", "900万元"),
        ("住院500万元，门诊300万元，参保100万元，合计1050万元。", ERROR, "1050万元", "900万元"),
        ("全年支出950万元，其中住院救助500万元，门诊救助300万元，参保资助100万元。", WARNING, "950万元", "900万元"),
        ("全县共有乡镇12个，其中平原乡镇7个、山区乡镇4个。", WARNING, "12个", "11个"),
        ("项目涉及全县十二个乡镇，其中平原乡镇七个、山区乡镇四个。", WARNING, "十二个", "11个"),
        ("共有乡镇12个，其中：平原乡镇7个、山区乡镇4个、丘陵乡镇2个。", ERROR, "12个", "13个"),
        ("共有低保对象1.2万人，其中城镇低保3100人、农村低保8000人。", WARNING, "1.2万人", "1.11万人"),
        (
            "一季度支出91.06万元，二季度支出231.77万元，三季度支出123.74万元，四季度支出295.33万元，全年支出751.90万元。",
            ERROR,
            "751.90万元",
            "741.90万元",
        ),
    ],
)
def test_列全的各项与总数不符(sentence: str, severity: Severity, stated: str, expected: str) -> None:
    assert told(check_parts, sentence) == [("parts-differ", stated, expected)]
    assert remarks(check_parts, sentence)[0].severity is severity


@pytest.mark.parametrize(
    "sentence",
    [
        "住院救助600万元，门诊救助300万元，两项合计900万元。",
        # 没有列全：只举其中几项
        "全年支出1000万元，其中住院救助600万元、门诊救助300万元。",
        "全年共支出1000万元，其中：住院救助600万元、门诊救助300万元等。",
        "全县定点医疗机构共计120家，其中：三级医院5家，二级医院20家。",
        "全年支出共计1000万元，其中：住院救助200万元，门诊救助100万元。",
        # 按不同的标志数，可以重叠
        "低保对象12000人，其中重度残疾人7800人、60岁以上老人5600人。",
        # 总数还包括前面或后面另写的一项
        "中央补助200万元。省级补助100万元、县级补助50万元，合计350万元。",
        "共筹集资金1000万元（中央财政600万元、省级财政200万元），县级配套资金200万元。",
        # 括号里不是各项
        "全年共支出1000万元（预算1100万元，上年980万元）。",
        # 列表被截断
        "全年共下达1000万元，其中：中央财政600万元、省级财政200万元、",
        # 季度写的是累计数
        "一季度支出100万元，二季度累计支出300万元，三季度累计支出450万元，四季度累计支出600万元，全年支出600万元。",
        "一季度支出100万元，二季度支出200万元，三季度支出150万元，四季度支出150万元，全年支出600万元。",
    ],
)
def test_没有列全或另有所指的不报(sentence: str) -> None:
    assert told(check_parts, sentence) == []


@pytest.mark.parametrize(
    ("total", "expected"),
    [
        ("350.7", []),  # 350.74 印到一位小数
        ("350.74", []),
        ("350.9", [("parts-differ", "350.9万元", "350.74万元")]),
        ("350.6", [("parts-differ", "350.6万元", "350.74万元")]),
    ],
)
def test_总数按自己印的末位四舍五入(total: str, expected: list[tuple[str, str, str]]) -> None:
    sentence = f"中央资金200.15万元、省级资金100.26万元、县级资金50.33万元，合计{total}万元。"
    assert told(check_parts, sentence) == expected


def test_小数点错位先于各项不符() -> None:
    sentence = "上述支出{}万元均已入账，其中住院救助300万元、门诊救助156.78万元。"
    assert told(check_parts, sentence.format("4567.8")) == [("unit-slip", "4567.8万元", "456.78万元")]
    assert told(check_parts, sentence.format("456.78")) == []


def test_各项就是表里的全部用途() -> None:
    caption = "表1 支出情况表（单位：万元）"
    table = "项目\t支出\n住院救助\t600\n门诊救助\t300\n合计\t900"
    sentence = "全年支出{}万元，其中住院救助支出600万元、门诊救助支出300万元。"
    expected = [("parts-differ", "1000万元", "900万元")]
    assert told(check_parts, sentence.format("1000"), caption, table) == expected
    assert told(check_parts, sentence.format("900"), caption, table) == []
    more = table.replace("合计\t900", "资助参保\t100\n合计\t1000")
    assert told(check_parts, sentence.format("1000"), caption, more) == []
