"""不写程序、只写文件就能表达的规则，各用一份虚构的政策说明。"""

from datetime import date

from tests.policy.places import MADE_UP, made_up
from tuodi.kernel.money import Ratio
from tuodi.policy.document import Base, Owner, PolicyDocument, PremiumMode
from tuodi.policy.in_force import line_findings


def names(document: PolicyDocument, code: str, identity: str) -> list[tuple[str, int | None]]:
    component = next(component for component in document.components if component.code == code)
    return [(cap.account.key, cap.amount_fen) for cap in component.table[identity].caps]


def test_分段比例() -> None:
    row = made_up("tiers").components[0].table["低保对象"]
    assert [(tier.upto_fen, tier.ratio) for tier in row.tiers] == [
        (1_000_000, Ratio(500_000)),
        (3_000_000, Ratio(600_000)),
        (None, Ratio(700_000)),
    ]
    assert row.ratio is None


def test_按次起付和按次限额() -> None:
    row = made_up("visits").components[0].table["低保对象"]
    assert (row.visit_deductible_fen, row.visit_cap_fen) == (30_000, 500_000)
    assert row.deductible is not None
    assert row.deductible.amount_fen == 100_000
    other = made_up("visits").components[0].table["特困人员"]
    assert (other.visit_deductible_fen, other.visit_cap_fen, other.caps) == (0, 800_000, ())


def test_按医疗机构等级() -> None:
    row = made_up("levels").components[0].table["低保对象"]
    assert {level: str(ratio) for level, ratio in row.by_level.items()} == {
        "1": "0.85",
        "2": "0.80",
        "3": "0.75",
        "": "0.70",
    }


def test_分项限额在总限额之前() -> None:
    document = made_up("caps")
    assert names(document, "inpatient_aid", "低保对象") == [("cap_inpatient", 1_000_000), ("cap_all", 1_200_000)]
    assert names(document, "outpatient_aid", "低保对象") == [("cap_outpatient", 300_000), ("cap_all", 1_200_000)]


def test_家庭共用起付线() -> None:
    component = made_up("family").components[0]
    assert component.deductible_account is not None
    assert component.deductible_account.owner is Owner.FAMILY
    assert component.table["低保边缘家庭成员"].caps[0].account.owner is Owner.PERSON


def test_定额补贴() -> None:
    document = made_up("allowance")
    assert names(document, "outpatient_allowance", "特困人员") == [("allowance", 60_000)]
    assert document.components[0].table["特困人员"].ratio == Ratio(1_000_000)


def test_互助按现金和总费用() -> None:
    assert [component.base for component in made_up("mutual-aid").components] == [Base.CASH, Base.TOTAL]


def test_两级叠加() -> None:
    document = made_up("second-layer")
    assert [(c.code, c.authority, c.insurance) for c in document.components] == [
        ("inpatient_aid", "示例市", ()),
        ("county_aid", "示例县", ("390",)),
    ]
    row = document.components[0].table["低保边缘家庭成员"]
    assert row.deductible is not None
    assert row.deductible.amount_fen == 300_000
    assert row.deductible.of is document.figures["disposable_income_2023"]
    assert [(rule.mode, rule.min_age) for rule in document.premium] == [
        (PremiumMode.RATIO, None),
        (PremiumMode.FIXED_AMOUNT, None),
        (PremiumMode.FIXED_OWN_PAYMENT, 60),
    ]
    assert document.identities["低保对象"] == ("示例低保户",)


def test_年内换文件() -> None:
    first, second = made_up("2025-first"), made_up("2025-second")
    assert first.valid_to == date(2025, 6, 30)
    assert (second.valid_from, second.valid_to) == (date(2025, 7, 1), None)
    assert set(first.accounts) == set(second.accounts)


def test_没有写位置的身份沿用待遇的出处() -> None:
    component = made_up("levels").components[0]
    assert component.table["低保对象"].clause == component.clause
    assert str(component.clause) == "示政发〔2024〕1号第五条"


def test_全部虚构政策放在一起没有错误() -> None:
    documents = [made_up(path.stem.removeprefix("shili-")) for path in sorted(MADE_UP.glob("*.yaml"))]
    assert len(documents) == 10
    assert line_findings(documents) == []
