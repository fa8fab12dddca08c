"""五个地方的政策与公开文件逐项相符。右边的数字全部照公开文件手工抄录。"""

from datetime import date

import pytest

from tests.policy.places import built_in
from tuodi.kernel.finding import Severity
from tuodi.kernel.money import yuan
from tuodi.policy.document import Entitlement, PolicyDocument
from tuodi.policy.library import NotFound, built_in_ids, find

IDS = ["fukang-2024", "jiaocheng-2024", "junshan-2022", "lishi-2022", "maqiao-2024", "maqiao-2024-mutual-aid"]

# 身份: (起付线, 比例, 限额)；None 为没有起付线或不设限额
LVLIANG_INPATIENT = {
    "特困人员": ("0.00", "1.00", None),
    "返贫致贫人口": ("0.00", "0.70", None),
    "低保对象": ("0.00", "0.70", "60000.00"),
    "监测对象": ("10%", "0.70", "60000.00"),
    "低保边缘家庭成员": ("10%", "0.60", "40000.00"),
    "因病致贫重病患者": ("25%", "0.60", "40000.00"),
}
LVLIANG_CHRONIC = {
    "特困人员": (None, "0.60", None),
    "返贫致贫人口": (None, "0.30", None),
    "低保对象": (None, "0.30", "60000.00"),
}
LVLIANG_DRUG = {
    "特困人员": (None, "0.20", None),
    "返贫致贫人口": (None, "0.10", None),
    "低保对象": (None, "0.10", "60000.00"),
}
MAQIAO_IDENTITIES = [
    "特殊救济对象",
    "低保家庭成员",
    "散居孤儿",
    "困境儿童",
    "低收入困难家庭成员",
    "第一类支出型贫困家庭成员",
    "第二类支出型贫困家庭成员",
]
MAQIAO = {
    "deductible_aid": {
        "低保家庭成员": (None, "1.00", None),
        "散居孤儿": (None, "1.00", None),
        "困境儿童": (None, "1.00", None),
    },
    "outpatient_aid": {
        "特殊救济对象": (None, "1.00", None),
        "低保家庭成员": (None, "0.60", "2800.00"),
        "散居孤儿": (None, "0.60", "2800.00"),
        "困境儿童": (None, "0.60", "2800.00"),
        "低收入困难家庭成员": (None, "0.50", "2800.00"),
    },
    "inpatient_aid": {
        "特殊救济对象": (None, "1.00", None),
        "低保家庭成员": (None, "0.90", "130000.00"),
        "散居孤儿": (None, "0.90", "130000.00"),
        "困境儿童": (None, "0.90", "130000.00"),
        "低收入困难家庭成员": (None, "0.80", "130000.00"),
        "第一类支出型贫困家庭成员": (None, "0.70", "130000.00"),
        "第二类支出型贫困家庭成员": (None, "0.50", "130000.00"),
    },
    "district_aid": dict.fromkeys(MAQIAO_IDENTITIES[1:], (None, "0.50", "30000.00")),
}


def as_printed(row: Entitlement) -> tuple[str | None, str, str | None]:
    deductible = None
    if row.deductible is not None:
        share = row.deductible.share
        deductible = f"{share.millionths // 10_000}%" if share else yuan(row.deductible.amount_fen)
    caps = [cap.amount_fen for cap in row.caps]
    assert len(caps) <= 1
    assert row.ratio is not None
    return deductible, str(row.ratio), yuan(caps[0]) if caps and caps[0] is not None else None


def printed_table(document: PolicyDocument, code: str) -> dict[str, tuple[str | None, str, str | None]]:
    component = next(component for component in document.components if component.code == code)
    return {name: as_printed(row) for name, row in component.table.items()}


def shape(document: PolicyDocument) -> list[tuple[str, tuple[str, ...], tuple[str, ...], str]]:
    return [(c.code, c.kinds, c.insurance, c.base.value) for c in document.components]


def premium(document: PolicyDocument) -> list[tuple[tuple[str, ...], str, str, int | None]]:
    return [
        (
            rule.identities,
            rule.mode.value,
            str(rule.ratio) if rule.ratio else yuan(rule.amount_fen) if rule.amount_fen else "",
            rule.min_age,
        )
        for rule in document.premium
    ]


def test_内置政策的编号() -> None:
    # A county of one's own may stand beside them (CONTRIBUTING.md).
    assert set(IDS) <= set(built_in_ids())


@pytest.mark.parametrize("policy_id", IDS)
def test_内置政策检查无错误无提醒(policy_id: str) -> None:
    found = find(policy_id)
    assert not isinstance(found, NotFound)
    document, findings = found
    assert document is not None
    assert document.id == policy_id
    assert {finding.severity for finding in findings} == {Severity.INFO}


@pytest.mark.parametrize("policy_id", IDS)
def test_每份政策管一个自然年(policy_id: str) -> None:
    year = int(policy_id.split("-")[1])
    document = built_in(policy_id)
    assert (document.valid_from, document.valid_to) == (date(year, 1, 1), date(year, 12, 31))


@pytest.mark.parametrize(
    ("policy_id", "region", "programme"),
    [
        ("jiaocheng-2024", "141122", "医疗救助"),
        ("lishi-2022", "141102", "医疗救助"),
        ("junshan-2022", "430611", "医疗救助"),
        ("fukang-2024", "652302", "职工大额医疗补助"),
        ("maqiao-2024", "310112", "医疗救助"),
        ("maqiao-2024-mutual-aid", "310112", "市民社区医疗互助帮困"),
    ],
)
def test_地区和项目(policy_id: str, region: str, programme: str) -> None:
    document = built_in(policy_id)
    assert (document.region_code, document.programme) == (region, programme)


@pytest.mark.parametrize("policy_id", ["jiaocheng-2024", "lishi-2022"])
def test_吕梁市住院门诊标准(policy_id: str) -> None:
    document = built_in(policy_id)
    assert list(document.identities) == list(LVLIANG_INPATIENT)
    assert shape(document) == [
        ("inpatient_aid", ("21",), (), "remaining"),
        ("outpatient_chronic_aid", ("14",), (), "remaining"),
        ("outpatient_special_drug_aid", ("16",), (), "remaining"),
    ]
    assert printed_table(document, "inpatient_aid") == LVLIANG_INPATIENT
    assert printed_table(document, "outpatient_chronic_aid") == LVLIANG_CHRONIC
    assert printed_table(document, "outpatient_special_drug_aid") == LVLIANG_DRUG
    cap_accounts = {cap.account.key for c in document.components for row in c.table.values() for cap in row.caps}
    assert cap_accounts == {"cap_year"}
    top_up = document.components[0].top_up
    assert top_up is not None
    assert (top_up.identities, str(top_up.ratio), top_up.own_province_only) == (("返贫致贫人口",), "0.90", True)
    assert [component.deductible_account is not None for component in document.components] == [True, False, False]


@pytest.mark.parametrize(
    ("policy_id", "income", "tenth", "quarter"),
    [
        ("jiaocheng-2024", "30924.00", "3092.40", "7731.00"),
        ("lishi-2022", "27426.00", "2742.60", "6856.50"),
    ],
)
def test_吕梁市起付线按上年收入(policy_id: str, income: str, tenth: str, quarter: str) -> None:
    document = built_in(policy_id)
    figure = next(iter(document.figures.values()))
    assert (yuan(figure.amount_fen), figure.verified) == (income, False)
    assert figure.year == int(policy_id.split("-")[1]) - 1
    amounts = {
        name: yuan(row.deductible.amount_fen)
        for name, row in document.components[0].table.items()
        if row.deductible is not None
    }
    assert amounts["监测对象"] == amounts["低保边缘家庭成员"] == tenth
    assert amounts["因病致贫重病患者"] == quarter


def test_交城资助参保() -> None:
    assert premium(built_in("jiaocheng-2024")) == [
        (("特困人员",), "whole", "", None),
        (("返贫致贫人口",), "ratio", "0.90", None),
        (("低保对象",), "ratio", "0.80", None),
        (("监测对象", "脱贫不稳定人口", "边缘易致贫人口"), "fixed_amount", "280.00", None),
    ]


def test_离石资助参保() -> None:
    document = built_in("lishi-2022")
    assert premium(document) == [
        (("特困人员", "孤儿", "事实无人抚养儿童"), "whole", "", None),
        (("低保对象",), "fixed_amount", "280.00", None),
    ]
    assert any("84元" in question.asks for question in document.open_questions)


def test_君山三类对象() -> None:
    document = built_in("junshan-2022")
    assert list(document.identities) == ["三类对象"]
    assert shape(document) == [("inpatient_aid", ("21",), (), "remaining")]
    assert printed_table(document, "inpatient_aid") == {"三类对象": ("7500.00", "0.50", None)}
    assert document.premium == ()


def test_阜康职工大额() -> None:
    document = built_in("fukang-2024")
    assert list(document.identities) == ["职工大额医疗参保人员"]
    assert shape(document) == [("large_amount_subsidy", ("21",), ("310",), "scope")]
    assert printed_table(document, "large_amount_subsidy") == {
        "职工大额医疗参保人员": ("120000.00", "0.91", "180000.00")
    }
    assert document.premium == ()


def test_马桥四项待遇() -> None:
    document = built_in("maqiao-2024")
    assert list(document.identities) == MAQIAO_IDENTITIES
    assert shape(document) == [
        ("deductible_aid", ("11", "13"), ("390",), "deductible"),
        ("outpatient_aid", ("11", "13", "14"), (), "remaining"),
        ("inpatient_aid", ("21",), (), "remaining"),
        ("district_aid", ("11", "13", "14", "21"), (), "remaining"),
    ]
    for code, table in MAQIAO.items():
        assert printed_table(document, code) == table
    accounts = [{cap.account.key for r in c.table.values() for cap in r.caps} for c in document.components]
    assert accounts == [set(), {"outpatient"}, {"inpatient"}, {"district"}]
    assert [component.authority for component in document.components] == ["", "", "", "闵行区"]
    assert [component.clause.source.number for component in document.components] == [
        "沪医保待遇〔2023〕1号",
        "沪医保规〔2022〕12号",
        "沪医保规〔2022〕12号",
        "闵医保规发〔2022〕1号",
    ]


def test_马桥资助参保() -> None:
    assert premium(built_in("maqiao-2024")) == [
        (("特殊救济对象", "低保家庭成员", "散居孤儿", "困境儿童"), "whole", "", None),
        (("低收入困难家庭成员",), "fixed_own_payment", "120.00", 60),
    ]


def test_市民社区医疗互助帮困() -> None:
    document = built_in("maqiao-2024-mutual-aid")
    allowance, outpatient, inpatient = document.components
    name = "市民社区医疗互助帮困参加人员"
    assert list(document.identities)[-1] == name
    assert printed_table(document, allowance.code)[name] == (None, "1.00", "150.00")
    assert allowance.base.value == outpatient.base.value == "cash"
    row = outpatient.table[name]
    assert row.deductible is not None
    assert yuan(row.deductible.amount_fen) == "300.00"
    assert {level: str(ratio) for level, ratio in row.by_level.items()} == {
        "1": "0.85",
        "2": "0.80",
        "3": "0.75",
        "": "0.75",
    }
    assert inpatient.base.value == "total"
    assert printed_table(document, inpatient.code) == {name: ("1000.00", "0.50", None)}
    assert any("当地起付标准" in question.asks for question in document.open_questions)


@pytest.mark.parametrize("policy_id", IDS)
def test_每个数值都有出处(policy_id: str) -> None:
    document = built_in(policy_id)
    clauses = [row.clause for component in document.components for row in component.table.values()]
    clauses += [rule.clause for rule in document.premium] + [figure.clause for figure in document.figures.values()]
    clauses += [account.clause for account in document.accounts.values()]
    assert all(clause.at and clause.source.title for clause in clauses)


def test_未知编号和文件() -> None:
    assert find("jiaocheng") == NotFound("jiaocheng")
    assert find("没有这个文件.yaml") == NotFound("没有这个文件.yaml")
    assert find("a\0b") == NotFound("a\0b")
    assert "jiaocheng-2024" in NotFound("甲").sentence()
