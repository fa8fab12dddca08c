"""勾稽关系：表样里的每一条逐一弄错，都要指出，带两处的位置和算式。"""

import pytest

from tests.accounts.lishi import EVALUATIONS, changed, errors, lishi, with_reason
from tuodi.accounts.checks import check
from tuodi.accounts.disclosure import Accounts, CellKey
from tuodi.accounts.table_set import Identity, Relation, Term

LISHI = lishi()
FAR_TOO_MUCH = 10**11


def a_cell(accounts: Accounts, term: Term) -> CellKey:
    """左边的一个格：逐行的取合计行（表中没有合计的取第一个有数的行），逐列的取第一列。"""
    table = accounts.tables.table(term.table)
    if table is None:
        return term.table, term.row, term.column
    column = term.column if term.column != "each" else table.block_of(term.row).columns[0].id
    row = str(term.span[0]) if term.span else term.row
    if row in ("each", "class"):
        rows = accounts.row_ids(term.table)
        filled = [each for each in rows if accounts.value(term.table, each, column)]
        row = (filled or list(rows))[0]
        if term.row == "class":
            row = next(each.id for each in table.rows if each.functional_class)
    return term.table, row, column


def test_离石的数没有错误() -> None:
    assert errors(LISHI) == []


@pytest.mark.parametrize("identity", LISHI.tables.identities, ids=lambda identity: identity.name)
def test_每一条弄错都要指出(identity: Identity) -> None:
    key = a_cell(LISHI, identity.left[0])
    more = FAR_TOO_MUCH if identity.relation is Relation.NOT_ABOVE else 1
    told = [
        each for each in errors(changed(LISHI, key, (LISHI.value(*key) or 0) + more)) if identity.name in each.message
    ]
    assert told, f"{identity.id} {key}"
    assert all(each.file and each.row for each in told)
    assert "不等于" in told[0].message or "大于" in told[0].message
    assert "相差" in told[0].message


def found(key: CellKey, value: int | None) -> list[tuple[str, str, int | None, str]]:
    return [(each.rule, each.file, each.row, each.column) for each in errors(changed(LISHI, key, value))]


@pytest.mark.parametrize(
    ("说明", "格", "改为", "规则", "文件", "行"),
    [
        ("收入合计多一分", ("01", "27", "amount"), 782462643, "total-differs", "公开01表.csv", 33),
        ("收支总计不等", ("01", "62", "amount"), 782462641, "balance-differs", "公开01表.csv", 37),
        ("02表合计与01表不等", ("02", "total", "total"), 782462641, "table-against-table", "公开01表.csv", 33),
        ("类与款之和不等", ("03", "210", "total"), 782462641, "subtotal-differs", "公开03表.csv", 8),
        ("基本加项目不等于合计", ("03", "2101501", "basic"), 78867586, "parts-differ", "公开03表.csv", 12),
        ("301与各款之和不等", ("06", "30101", "amount"), 28894787, "subtotal-differs", "公开06表.csv", 6),
        ("经济分类合计与05表不等", ("06", "public", "basic"), 7271878, "table-against-table", "公开06表.csv", 34),
        ("机关运行经费与公用经费不等", ("10", "5", "amount"), 7271878, "table-against-table", "公开10表.csv", 12),
        ("政府采购分项", ("10", "4", "amount"), 7000001, "total-differs", "公开10表.csv", 6),
        ("年初结转与上年年末不等", ("04", "28", "amount"), 100, "balance-differs", "上年数.csv", None),
    ],
)  # fmt: skip
def test_指出的位置(说明: str, 格: CellKey, 改为: int, 规则: str, 文件: str, 行: int | None) -> None:
    told = found(格, 改为)
    assert any(
        rule == 规则 and (row == 行 or 行 is None) and (file == 文件 or 行 is None) for rule, file, row, _ in told
    ), told


def test_两处的位置和算式都写明() -> None:
    told = errors(changed(LISHI, ("10", "5", "amount"), 7271878))
    assert len(told) == 1
    assert "公开10表“（一）行政单位·统计数”（第 12 行） 72,718.78" in told[0].message
    assert "公开06表“公用经费合计·其中：基本支出”（第 34 行） 72,718.77" in told[0].message
    assert told[0].message.endswith("相差 0.01")


def test_有上年结转的年度不再要求每一科目收支相等() -> None:
    accounts = changed(LISHI, ("02", "2101501", "total"), 88530784)
    assert any("没有结转结余的年度" in each.message for each in errors(accounts))
    carried = changed(accounts, ("01", "29", "amount"), 1)
    assert not any("没有结转结余的年度" in each.message for each in errors(carried))


def test_同一编码两个名称() -> None:
    names = {**LISHI.names, "05": {**LISHI.names["05"], "21013": LISHI.names["05"]["21015"]}}
    object_with = LISHI.__class__(**{f: getattr(LISHI, f) for f in LISHI.__dataclass_fields__} | {"names": names})
    assert "name-told-twice" in {each.rule for each in errors(object_with)}


@pytest.mark.parametrize(
    ("对比项目", "原因", "拒绝"),
    [
        ("operating-cost", "办公设备购置经费增加", True),  # 印出的原因：310没有基本支出
        ("operating-cost", "办公费和福利费增加", False),
        ("operating-cost", "基本工资提高", True),
        ("operating-cost", "印刷费增加", True),  # 302里只有项目支出
        ("income-grand", "城乡医疗救助各级配套资金增加", False),
        ("income-grand", "住房保障支出增加", True),
        ("operating-cost", "工作量增加", False),
    ],
)
def test_原因只能写合计里的项目(对比项目: str, 原因: str, 拒绝: bool) -> None:
    told = [each for each in errors(with_reason(LISHI, 对比项目, 原因)) if each.rule == "reason-outside-total"]
    assert bool(told) == 拒绝


UP = ("上年数", "机关运行经费", "value")


@pytest.mark.parametrize(
    ("上年", "原因", "说"),
    [
        (5_605_200, "支出减少", "error"),
        (5_605_200, "办公费支出大幅下降", "error"),
        (5_605_200, "厉行节约", "warning"),
        (5_605_200, "上年经费减少", "warning"),
        (5_605_200, "办公费增加，差旅费减少", ""),
        (5_605_200, "新进人员", ""),
        (10_000_000, "支出增加", "error"),
        (10_000_000, "办公费减少", ""),
        (10_000_000, "上年一次性支出增加，今年没有发生", ""),
        (7_271_877, "支出减少", ""),
    ],
)
def test_原因的方向与增减相反(上年: int, 原因: str, 说: str) -> None:
    accounts = with_reason(changed(LISHI, UP, 上年), "operating-cost", 原因)
    told = [each for each in check(accounts, EVALUATIONS) if each.rule == "reason-against-direction"]
    assert [each.severity.value for each in told] == ([说] if 说 else [])


def test_减少时可以写今年没有发生的项目但不能写合计以外的() -> None:
    accounts = changed(LISHI, ("上年数", "机关运行经费", "value"), 10_000_000)
    assert errors(with_reason(accounts, "operating-cost", "没有再发生办公设备购置")) == []
    assert [each.rule for each in errors(with_reason(accounts, "operating-cost", "城乡医疗救助减少"))] == [
        "reason-outside-total"
    ]


def test_没有原因和没有上年数都要问() -> None:
    rules = [each.rule for each in check(LISHI, EVALUATIONS)]
    assert rules == ["reason-missing", "scope-mixed"]
    without = changed(LISHI, ("上年数", "收入总计", "value"), None)
    assert "last-year-missing" in [each.rule for each in check(without, EVALUATIONS)]


def test_印出的上年支出数与财政拨款总计对不上() -> None:
    told = errors(changed(LISHI, ("上年数", "一般公共预算财政拨款支出", "value"), 491528018))
    assert [each.rule for each in told] == ["parts-differ"]
    assert "175,500.00" in told[0].message


def test_负数只提醒金额写元() -> None:
    accounts = changed(LISHI, ("06", "30201", "amount"), -150)
    told = [each for each in check(accounts, EVALUATIONS) if each.rule == "amount-below-zero"]
    assert [(each.value, each.is_error) for each in told] == [("-1.50", False)]
