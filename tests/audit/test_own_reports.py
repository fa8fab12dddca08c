"""本程序写出的报告经得起自己的审核：示例县和空白方案的一处也没有，内置评价的恰好是原文件自己的矛盾。"""

from pathlib import Path

import pytest

from tests.accounts.lishi import EVALUATIONS as LISHI_EVALUATIONS
from tests.accounts.lishi import lishi
from tests.audit.county_report import WHOLE
from tests.evaluation.data_files import write_book
from tests.evaluation.test_blank_schemes import COMMON, COST, SELF, Sheets
from tuodi.audit.auditor import remarks_on
from tuodi.audit.paper.model import Paper
from tuodi.audit.paper.opening import read_paper
from tuodi.audit.remark import Remark
from tuodi.commands.evaluations import read_evaluation
from tuodi.evaluation.data import EvaluationData
from tuodi.evaluation.data_tables import read_data
from tuodi.evaluation.scheme import Scheme
from tuodi.evaluation.scheme_library import scheme_path
from tuodi.evaluation.scheme_loader import load_scheme
from tuodi.evaluation.scoring import score_evaluation
from tuodi.report.accounts.disclosure_report import disclosure_report
from tuodi.report.evaluation_report import COMPOSERS, compose
from tuodi.report.report_layout import layout_path, load_report_layout
from tuodi.report.self_evaluation.layout import known_self_layouts, self_layout
from tuodi.report.self_evaluation.tables import self_report
from tuodi.report.word.writer import write_report
from tuodi.report.workbook.block_tables import write_self_workbook
from tuodi.report.workbook.scores import write_score_workbook

Known = tuple[str, str, str, str]
"""规则、原文、应为、原因。"""
NAMES: Sheets = {"项目": [["item", "value"], ["项目名称", "甲县医疗救助"], ["被评价单位", "甲县医疗保障局"]]}
FILLED = {
    "共性框架，只填评分要的数据": ("common", {**NAMES, **COMMON}),
    "共性框架，各表填全": ("common", WHOLE),
    "单位自评": ("unit-self", {**NAMES, **SELF}),
    "单位自评，含成本指标": ("unit-self-cost", {**NAMES, **COST}),
}

FUND_COUNTED = (
    "weights-differ", "100", "200", "离石的表把资金执行率和各指标都按 100 分列，总分只有 100 分"
)  # fmt: skip
TEMPLATE_ROWS = ("blank-left", "指标1：", "", "离石的表留着模板的空指标行，照原样印")
NO_REASONS = ("deduction-without-problem", "", "", "原表扣了 100 分，偏差原因一栏是空的")
ONE_REASON = ("deduction-without-problem", "逐步拓展救助对象", "", "原表各行的偏差原因都写这一句，说的不是原因")
ONE_REASON_COPIED = ("conclusion-copied", "逐步拓展救助对象", "", "同一句话印在五个不同的指标下面")
MAQIAO_FOUR = [
    ("weight-told-twice", "5", "4", "D11 至 D14：原报告正文写满分 5 分、得 5 分，各表都是 4 分，说明一节照实写出"),
] * 4

WORD: dict[str, list[Known]] = {
    "jiaocheng-2024": [
        ("numbering-broken", "4", "3", "原报告的访谈没有第 3 问"),
        ("balance-differs", "2993.54万元", "2988.88万元", "2892.43＋1022.04－925.59＝2988.88，差 4.66 万元没有说明"),
        ("full-score-against-evidence", "不太完善", "扣分", "合规性检查说业务制度不太完善，B21 得满分"),
    ],
    "junshan-2022": [
        ("blank-left", "空", "", "原表的计划安排资金没有填"),
        ("blank-left", "空", "", "原表的会计凭证号一栏没有填"),
        (
            "name-told-twice",
            "重点救助对象政策范围内个人自付费用年度限额内住院救助比例",
            "重点救助对象政策范围内住院自付费用年度限额内救助比率",
            "目标表与评分表的名称不同",
        ),
        ("name-told-twice", "市域内一站式即时结算覆盖率", "市域内一站式即时结算覆盖地区", "目标表与评分表的名称不同"),
        ("items-differ", "城乡医疗救助政策知晓率", "", "目标表有这个指标，评分表没有"),
        ("name-told-twice", "困难群众医疗费用负担减轻程度", "困难群众就医负担减轻程度", "目标表与评分表的名称不同"),
        ("name-told-twice", "对健全医疗保障制度体系的作用", "对健全医疗保障体系的作用", "目标表与评分表的名称不同"),
        ("blank-left", "年月日", "", "签字日期等签字人填写"),
        ("deduction-without-problem", "4", "写明问题", "绩效评价机制健全性扣 2 分，主要问题里没有写"),
        (
            "problem-without-deduction",
            "大病保险异地结算的数据不能自动进入系统，医疗救助也跟着不及时",
            "扣分或改写问题",
            "写了结算不及时，一站式结算 8 分得 8 分",
        ),
        ("document-number-form", "湘发（2021）3号", "湘发〔2021〕3号", "原文用圆括号，其他文号用六角括号"),
    ],
    "fukang-2024": [
        ("deduction-without-problem", "5.48", "写明问题", "F3.1.1 参保人数扣 0.52 分，存在问题里没有写"),
        ("deduction-without-problem", "3.39", "写明问题", "F3.1.2 单建统筹参保人数扣 1.61 分，存在问题里没有写"),
        ("deduction-without-problem", "4.83", "写明问题", "F3.1.3 统账结合参保人数扣 0.17 分，存在问题里没有写"),
        (
            "conclusion-copied",
            "因职工医保转城乡居民医保较多，参保人数没有达到年初目标",
            "",
            "三个参保人数指标的扣分原因一字不差",
        ),
    ],
    "fukang-2024-self": [
        ("conclusion-copied", "职工医保转城乡居民医保较多，参保人数减少", "", "三个参保人数指标的偏差原因一字不差"),
        (
            "conclusion-against-data",
            "职工医保转城乡居民医保较多，参保人数减少",
            "较上年增加",
            "统账结合 26280 人，上年 24984 人，没有减少",
        ),
    ],
    "maqiao-2024": [
        ("deadline-missed", "7月2日", "6月20日", "区镇结算晚 12 天，报告自己写明并扣了分，只作提示"),
        ("deadline-missed", "11月15日", "11月14日", "区镇结算晚 1 天，报告自己写明并扣了分，只作提示"),
        *MAQIAO_FOUR,
        ("weight-told-twice", "5", "6", "D21：原报告正文写满分 5 分、得 5 分，各表都是 6 分"),
    ],
    "lishi-2022-01": [FUND_COUNTED, NO_REASONS, TEMPLATE_ROWS],
    "lishi-2022-02": [FUND_COUNTED, NO_REASONS, TEMPLATE_ROWS],
    "lishi-2022-03": [FUND_COUNTED, NO_REASONS, TEMPLATE_ROWS],
    "lishi-2022-04": [
        FUND_COUNTED,
        ("score-against-rule", "0", "100", "资金执行率 100%，资金行得 0 分"),
        ("target-judged-wrongly", "20", "0", "五个指标实际完成 0，都得满分"),
        TEMPLATE_ROWS,
    ],
    "lishi-2022-05": [
        FUND_COUNTED,
        NO_REASONS,
        TEMPLATE_ROWS,
        ("name-told-twice", "政策知晓率", "", "满意度指标里填的是知晓率"),
    ],
    "lishi-2022-06": [
        FUND_COUNTED,
        ("score-against-rule", "40", "39", "资金执行率 39%，资金行得 40 分"),
        ("score-against-rule", "10", "0", "五个指标实际完成 0，仍得部分分"),
        ONE_REASON,
        ONE_REASON_COPIED,
        TEMPLATE_ROWS,
        ("scores-differ", "40", "80", "资金行 40 分和各指标 40 分合计 80，总分写 40"),
    ],
    "lishi-2022-07": [
        FUND_COUNTED,
        ("name-told-twice", "下达区级配套医疗救助基金的通知", "", "项目名称写的是文件名"),
        ONE_REASON,
        ONE_REASON_COPIED,
        ("value-told-twice", "122.59万元", "不大于 45.10万元", "指标值比全年预算还多"),
        TEMPLATE_ROWS,
        ("name-told-twice", "符合条件的救助人员", "", "满意度指标里填的是救助人员"),
    ],
    "lishi-2022-08": [
        FUND_COUNTED,
        ("score-against-rule", "5", "0", "四个指标实际完成 0，仍得部分分"),
        ("conclusion-copied", "表列得分，未说明理由", "", "原表没有写理由，数据里照实注明，四行相同"),
        TEMPLATE_ROWS,
        ("scores-differ", "36", "72", "资金行 36 分和各指标 36 分合计 72，总分写 36"),
    ],
}

SCORE_BOOKS: dict[str, list[Known]] = {
    "jiaocheng-2024": [],
    "junshan-2022": [WORD["junshan-2022"][-1]],
    "fukang-2024": [WORD["fukang-2024"][-1]],
    "maqiao-2024": WORD["maqiao-2024"][:2],
}
"""评分表工作簿没有正文，只有表里的矛盾；自评表工作簿与 Word 的自评表完全相同。"""

ACCOUNTS: list[Known] = [
    ("value-told-twice", "7,824,626.42元", "", "原文件的年初预算与决算一分不差，只作提示"),
    ("name-told-twice", "房屋构筑物构建", "房屋建筑物购建", "公开06表的科目名称照原表印"),
]


def test_内置评价一个不漏() -> None:
    lishi_forms = {f"lishi-2022-0{number}" for number in range(1, 9)}
    reports = {"jiaocheng-2024", "junshan-2022", "fukang-2024", "fukang-2024-self", "maqiao-2024"}
    assert WORD.keys() == reports | lishi_forms


@pytest.mark.parametrize("evaluation", WORD)
def test_内置评价的报告只有原文件自己的矛盾(evaluation: str, tmp_path: Path) -> None:
    scheme, data, _ = read_evaluation(evaluation)
    assert scheme is not None
    word, book = _written(tmp_path, scheme, data)
    assert _told(_audited(word)) == _known(WORD[evaluation])
    assert _told(_audited(book)) == _known(SCORE_BOOKS.get(evaluation, WORD[evaluation]))


@pytest.mark.parametrize("case", FILLED)
def test_空白方案填好以后一处也没有(case: str, tmp_path: Path) -> None:
    scheme_id, sheets = FILLED[case]
    data, findings = read_data(write_book(tmp_path / "data.xlsx", sheets))
    assert findings == []
    for path in _written(tmp_path, _scheme(scheme_id), data):
        assert _told(_audited(path)) == []


@pytest.mark.parametrize("scheme_id", ["common", "unit-self", "unit-self-cost"])
def test_空白方案还没有填时也不乱报(scheme_id: str, tmp_path: Path) -> None:
    for path in _written(tmp_path, _scheme(scheme_id), EvaluationData()):
        assert _told(_audited(path)) == []


def test_填全的报告改错一处就报一处(tmp_path: Path) -> None:
    answer = WHOLE["访谈"][1][3]
    assert isinstance(answer, str)
    spoilt = [WHOLE["访谈"][0], [*WHOLE["访谈"][1][:3], answer.replace("年末结余45万元", "年末结余54万元")]]
    data, _ = read_data(write_book(tmp_path / "data.xlsx", {**WHOLE, "访谈": spoilt}))
    word, _ = _written(tmp_path, _scheme("common"), data)
    assert [(rule, stated) for rule, stated, _ in _told(_audited(word))] == [("balance-differs", "54万元")]


def test_离石的决算公开只有原文件自己的矛盾(tmp_path: Path) -> None:
    path = tmp_path / "公开.docx"
    write_report(path, disclosure_report(lishi(), LISHI_EVALUATIONS))
    assert _told(_audited(path)) == _known(ACCOUNTS)


def _scheme(scheme_id: str) -> Scheme:
    scheme, findings = load_scheme(scheme_path(scheme_id), scheme_id)
    assert scheme is not None, findings
    return scheme


def _written(folder: Path, scheme: Scheme, data: EvaluationData) -> tuple[Path, Path]:
    """Write the Word file and the workbook that ``tuodi report`` writes, and return where."""
    result = score_evaluation(scheme, data)
    word, book = folder / f"{scheme.id}.docx", folder / f"{scheme.id}.xlsx"
    if scheme.layout in known_self_layouts():
        table, _ = self_layout(scheme.layout)
        assert table is not None
        report = self_report(result, table)
        write_self_workbook(book, report)
    else:
        path = layout_path(scheme.layout)
        layout, findings = load_report_layout(path, path.name, COMPOSERS)
        assert layout is not None, findings
        report = compose(result, layout)
        write_score_workbook(book, result)
    write_report(word, report)
    return word, book


def _audited(path: Path) -> tuple[Remark, ...]:
    paper = read_paper(path)
    assert isinstance(paper, Paper), paper
    return remarks_on(paper)


def _told(remarks: tuple[Remark, ...]) -> list[tuple[str, str, str]]:
    return sorted((remark.rule, remark.stated, remark.expected) for remark in remarks)


def _known(exceptions: list[Known]) -> list[tuple[str, str, str]]:
    return sorted((rule, stated, expected) for rule, stated, expected, _ in exceptions)
