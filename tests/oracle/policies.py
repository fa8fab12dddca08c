"""The seeds' five policies, typed in by hand from the tables of the rules ("The seeds' policies")."""

from fractions import Fraction

from tests.oracle.benefit import Component, Entry, Policy, Share, TopUp, fen


def _cell(ratio: str, cap: str | None = None, account: str = "cap_year", deductible: int | Share = 0) -> Entry:
    return Entry(ratio=Fraction(ratio), caps={account: None if cap is None else fen(cap)}, deductible=deductible)


_INCOME = "disposable_income_2023"
_TENTH = Share(Fraction("0.10"), _INCOME)  # 3,092.40
_QUARTER = Share(Fraction("0.25"), _INCOME)  # 7,731.00


def _municipal(policy_id: str) -> Policy:
    """Jiaocheng 2024 and Lishi 2022: the same municipal rules."""
    return Policy(
        id=policy_id,
        precedence=("特困人员", "返贫致贫人口", "低保对象", "监测对象", "低保边缘家庭成员", "因病致贫重病患者"),
        accounts={"deductible_year": "person", "cap_year": "person"},
        figures={_INCOME: fen("30924.00")},
        components=(
            Component(
                code="inpatient_aid",
                kinds=("21",),
                deductible_account="deductible_year",
                table={
                    "特困人员": _cell("1.00"),
                    "返贫致贫人口": _cell("0.70"),
                    "低保对象": _cell("0.70", "60000"),
                    "监测对象": _cell("0.70", "60000", deductible=_TENTH),
                    "低保边缘家庭成员": _cell("0.60", "40000", deductible=_TENTH),
                    "因病致贫重病患者": _cell("0.60", "40000", deductible=_QUARTER),
                },
                top_up=TopUp(identities=("返贫致贫人口",), ratio=Fraction("0.90"), own_province_only=True),
            ),
            Component(
                code="outpatient_chronic_aid",
                kinds=("14",),
                table={
                    "特困人员": _cell("0.60"),
                    "返贫致贫人口": _cell("0.30"),
                    "低保对象": _cell("0.30", "60000"),
                },
            ),
            Component(
                code="outpatient_special_drug_aid",
                kinds=("16",),
                table={
                    "特困人员": _cell("0.20"),
                    "返贫致贫人口": _cell("0.10"),
                    "低保对象": _cell("0.10", "60000"),
                },
            ),
        ),
    )


JIAOCHENG_2024 = _municipal("jiaocheng-2024")
LISHI_2022 = _municipal("lishi-2022")

MAQIAO_2024 = Policy(
    id="maqiao-2024",
    precedence=(
        "特殊救济对象",
        "低保家庭成员",
        "散居孤儿",
        "困境儿童",
        "低收入困难家庭成员",
        "第一类支出型贫困家庭成员",
        "第二类支出型贫困家庭成员",
    ),
    accounts={"outpatient": "person", "inpatient": "person", "district": "person"},
    components=(
        Component(
            code="deductible_aid",
            kinds=("11", "13"),
            insurance=("390",),
            base="deductible",
            table={name: Entry(ratio=Fraction(1)) for name in ("低保家庭成员", "散居孤儿", "困境儿童")},
        ),
        Component(
            code="outpatient_aid",
            kinds=("11", "13", "14"),
            table={
                "特殊救济对象": _cell("1.00", None, "outpatient"),
                "低保家庭成员": _cell("0.60", "2800", "outpatient"),
                "散居孤儿": _cell("0.60", "2800", "outpatient"),
                "困境儿童": _cell("0.60", "2800", "outpatient"),
                "低收入困难家庭成员": _cell("0.50", "2800", "outpatient"),
            },
        ),
        Component(
            code="inpatient_aid",
            kinds=("21",),
            table={
                "特殊救济对象": _cell("1.00", None, "inpatient"),
                "低保家庭成员": _cell("0.90", "130000", "inpatient"),
                "散居孤儿": _cell("0.90", "130000", "inpatient"),
                "困境儿童": _cell("0.90", "130000", "inpatient"),
                "低收入困难家庭成员": _cell("0.80", "130000", "inpatient"),
                "第一类支出型贫困家庭成员": _cell("0.70", "130000", "inpatient"),
                "第二类支出型贫困家庭成员": _cell("0.50", "130000", "inpatient"),
            },
        ),
        Component(
            code="district_aid",
            kinds=("11", "13", "14", "21"),
            table={
                "低保家庭成员": _cell("0.50", "30000", "district"),
                "散居孤儿": _cell("0.50", "30000", "district"),
                "困境儿童": _cell("0.50", "30000", "district"),
                "低收入困难家庭成员": _cell("0.50", "30000", "district"),
                "第一类支出型贫困家庭成员": _cell("0.50", "30000", "district"),
                "第二类支出型贫困家庭成员": _cell("0.50", "30000", "district"),
            },
        ),
    ),
)

FUKANG_2024 = Policy(
    id="fukang-2024",
    precedence=("职工大额医疗参保人员",),
    accounts={"deductible_year": "person", "cap_year": "person"},
    components=(
        Component(
            code="large_amount_subsidy",
            kinds=("21",),
            insurance=("310",),
            base="scope",
            deductible_account="deductible_year",
            table={"职工大额医疗参保人员": _cell("0.91", "180000", deductible=fen("120000"))},
        ),
    ),
)

JUNSHAN_2022 = Policy(
    id="junshan-2022",
    precedence=("三类对象",),
    accounts={"deductible_year": "person", "cap_year": "person"},
    components=(
        Component(
            code="inpatient_aid",
            kinds=("21",),
            deductible_account="deductible_year",
            table={"三类对象": _cell("0.50", deductible=fen("7500"))},
        ),
    ),
)

POLICIES = {p.id: p for p in (JIAOCHENG_2024, LISHI_2022, MAQIAO_2024, FUKANG_2024, JUNSHAN_2022)}
