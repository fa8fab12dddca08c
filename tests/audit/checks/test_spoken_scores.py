"""一行话里写明的评分标准、实际值和得分。"""

import pytest

from tests.audit.checks.told import told
from tuodi.audit.checks.scores.rules import check_scores
from tuodi.audit.checks.sense.evidence import check_own_text

TABLE = (
    "三级指标\t分值\t评分标准\t完成情况\t得分\n预算执行率\t5\t得分=预算执行率×权重分值\t{}\t{}\n"
    "资金到位率\t5\t得分=资金到位率×权重分值\t资金到位率为100%\t5\n"
)
PLAN = (
    "三级指标\t分值\t目标值\t完成值\t完成率\t评分标准\t得分\n救助人次\t10\t4000\t3600\t90%\t按完成比例赋分\t{}\n"
    "参保人数\t10\t100\t100\t100%\t按完成比例赋分\t10\n"
)
LINE = "B12预算执行率：指标分值5分，预算执行率为88%，评分标准为预算执行率×分值，实际得分{}分。"
COUNTS = "救助人次：满分10分，{}4000人次，{}3600人次，按完成比例赋分，得8分。"


@pytest.mark.parametrize(
    ("case", "text", "expected"),
    [
        ("实际值写成一句", TABLE.format("预算执行率为88%", "4.8"), [("4.8", "4.4")]),
        ("得分对", TABLE.format("预算执行率为88%", "4.4"), []),
        ("只写比率", TABLE.format("88%", "4.8"), [("4.8", "4.4")]),
        ("两个比率，不知用哪个", TABLE.format("到位率90%，另一率为88%", "4.8"), []),
        ("没有单位的计划和实际", PLAN.format("8"), [("8", "9")]),
        ("按完成比例得分对", PLAN.format("9"), []),
        ("一行话", LINE.format("4.8"), [("4.8分", "4.4分")]),
        ("一行话得分对", LINE.format("4.4"), []),
        ("计划和实际", COUNTS.format("计划救助", "实际救助"), [("8分", "9分")]),
        ("不写计划", COUNTS.format("住院", "门诊"), []),
    ],
)  # fmt: skip
def test_按标准应得多少(case: str, text: str, expected: list[tuple[str, str]]) -> None:
    assert [each[1:] for each in told(check_scores, text)] == expected


@pytest.mark.parametrize(
    ("case", "score", "fault", "count"),
    [
        ("抽查有问题而得满分", "5", "部分申请材料缺少签字、归档不完整", 1),
        ("扣了分", "4", "部分申请材料缺少签字、归档不完整", 0),
        ("没有问题", "5", "申请材料签字齐全、归档完整", 0),
    ],
)
def test_写了不足而得满分(case: str, score: str, fault: str, count: int) -> None:
    text = f"“档案管理规范性”指标满分5分，抽查发现{fault}，该指标得{score}分。"
    assert len(told(check_own_text, text)) == count
