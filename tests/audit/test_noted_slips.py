"""The slips of the five published papers that their fact sheets name and arithmetic or comparison can find.

Typed by hand from the fact sheets: paper, rules under which it may be told, stated, expected, line of the paper.
"""

from functools import cache

import pytest

from tests.audit.gold.measure import NEAR, lines_of, remarks_of
from tests.audit.labels.update import same

_cached = cache(remarks_of)

NOTED = (
    # 交城：问卷占比、人数合计、结余滚动、附件个数、评分标准
    ("jiaocheng", "share-differs", "8.63%", "8.82%", 786),
    ("jiaocheng", "share-differs", "68.82%", "68.63%", 786),
    ("jiaocheng", "counts-differ", "102", "99", 793),
    ("jiaocheng", "balance-differs", "2993.54万元", "2988.88万元", 63),
    ("jiaocheng", "items-differ", "3", "4", 39),
    ("jiaocheng", "reference-differs", "合规性调查报告", "访谈报告", 41),
    ("jiaocheng", "name-told-twice", "受益群众满意度", "救助群众满意度", 609),
    ("jiaocheng", "points-differ", "3", "2", 694),
    ("jiaocheng", "rule-gap", "×3", "×6", 713),
    # 君山：中央资金两个数、总数、满分条件、百分制公式、差额公式、要有增长才得满分
    ("junshan", "text-against-table", "273.64万元", "273.56万元", 297),
    ("junshan", "parts-differ", "792.64万元", "792.72万元", 297),
    ("junshan", "rule-gap", "满分：>85%", "满分：≥85%", 650),
    ("junshan", "points-differ", "100", "5", 544),
    ("junshan", "rule-gap", "8-（70%-实际值）*8", "", 556),
    ("junshan", "score-against-rule", "8", "", 579),
    ("junshan", "score-against-rule", "3", "", 605),
    # 阜康：上年数当作完成数、自评表计分、分项分值、没有规则的扣分、加权满意度、工程类用语
    ("fukang", "text-against-table", "30750人", "30437人", 849),
    ("fukang", "text-against-table", "5766人", "4157人", 849),
    ("fukang", "text-against-table", "24984人", "26280人", 849),
    ("fukang", "text-against-table", "30750人", "30437人", 1134),
    ("fukang", "score-against-rule", "7.83", "9.13", 1136),
    ("fukang", "score-against-rule", "1.95", "6.78", 1139),
    ("fukang", "score-against-rule", "4.58", "4.83", 1140),
    ("fukang", "score-against-rule", "9.01", "10", 1141),
    ("fukang", "points-differ", "3", "4", 770),
    ("fukang", "rule-gap", "7.34", "", 782),
    ("fukang", "rule-gap", "7.67", "", 783),
    ("fukang", "text-against-table", "91.31%", "96.72%", 665),
    ("fukang", "other-project-left", "及时开工", "", 777),
    # 马桥：退回人次、B221 和 B2、正文的满分和得分
    ("maqiao", "text-against-table", "75人次", "74人次", 366),
    ("maqiao", "weights-differ", "12", "13", 809),
    ("maqiao", "scores-differ", "11", "13", 809),
    ("maqiao", "score-told-twice", "2", "1", 817),
    ("maqiao", "weight-told-twice", "5", "4", 946),
    ("maqiao", "weight-told-twice", "5", "4", 951),
    ("maqiao", "weight-told-twice", "5", "4", 955),
    ("maqiao", "weight-told-twice", "5", "4", 959),
    ("maqiao", "weight-told-twice", "5", "6", 963),
    ("maqiao", "name-told-twice", "项目管理", "组织管理", 809),
    # 离石：执行率、完成值为零而得分、资金行得分、权重、等级、两个上年数、部分大于整体、占比
    ("lishi", "execution-rate-differs", "40.49%", "39.00%", 1196),
    ("lishi", "execution-rate-differs", "40.49%", "39.00%", 4376),
    ("lishi", "execution-rate-differs", "36.10%", "36.07%", 4668),
    ("lishi", "execution-rate-differs", "0%", "96.70%", 3536),
    ("lishi", "score-against-rule", "0", "100", 4081),
    ("lishi", "target-judged-wrongly", "20", "0", 4119),
    ("lishi", "score-against-rule", "10", "0", 4412),
    ("lishi", "score-against-rule", "5", "0", 4715),
    ("lishi", "weights-differ", "100", "200", 3638),
    ("lishi", "weights-differ", "100%＋90%", "100%", 1368),
    ("lishi", "grade-differs", "1优7良0中0差", "11中", 1174),
    ("lishi", "grade-differs", "1优7良0中0差", "1优7差", 1174),
    ("lishi", "grade-differs", "中", "优", 2424),
    ("lishi", "value-told-twice", "2,909,346.24元", "2,733,846.24元", 1007),
    ("lishi", "value-told-twice", "7,824,626.42元", "不小于 12,898,000.00元", 1022),
    ("lishi", "parts-differ", "12898000元", "不大于 103000元", 1158),
    ("lishi", "share-differs", "100%", "183%", 1147),
    ("lishi", "items-differ", "8", "11", 1145),
    ("lishi", "items-differ", "6", "11", 1235),
    ("lishi", "name-told-twice", "一般公共预算财政拨款支出决算情况说明", "", 1030),
    ("lishi", "value-told-twice", "122.59万元", "不大于 45.10万元", 4571),
)  # fmt: skip


@pytest.mark.needs("seeds")
@pytest.mark.parametrize(("name", "rule", "stated", "expected", "line"), NOTED)
def test_资料里点名的错(name: str, rule: str, stated: str, expected: str, line: int) -> None:
    near = set(range(line - NEAR, line + NEAR + 1))
    on_line = [remark for remark in _cached(name) if near & lines_of(remark)]
    told = [(remark.rule, line, remark.stated, remark.expected) for remark in on_line]
    assert any(same((rule, line, stated, expected), each) for each in told), told
