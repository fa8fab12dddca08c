"""A made-up county of any size straight into the database: people, identities, settlements. Nobody in it exists."""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from django.db import connection, transaction

from tuodi.kernel.idnumber import check_character
from tuodi.office.initials import initials_of
from tuodi.office.models import County, Holding, Household, Person, Region, Settlement
from tuodi.office.secrets import blind, seal

AT_ONCE = 5_000
AREA = "990001"
FAMILY_SIZE = 3
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = "子丑寅卯辰巳午未申酉戌亥东西南北春夏秋冬松竹梅兰山川江河"
IDENTITIES = (
    "特困人员",
    "低保对象",
    "低保对象",
    "低保对象",
    "返贫致贫人口",
    "监测对象",
    "低保边缘家庭成员",
    "脱贫人口",
    "脱贫人口",
)


def make_county(people: int, settlements: int, policy: str = "jiaocheng-2024", seed: int = 1) -> None:
    """Fill an empty migrated database; results are not assessed."""
    chance = random.Random(seed)
    top = Region.objects.create(code=AREA, name="大样县")
    towns = [Region.objects.create(code=f"{AREA}{n:03d}", name=f"第{n}镇", parent=top) for n in range(1, 21)]
    County.objects.create(pk=1, region=top, policies=[policy], synthetic=True)
    _insert(Household, _households(people, towns))
    _insert(Person, _people(people, towns, chance))
    _insert(Holding, _holdings(people, chance))
    _insert(Settlement, _settlements(people, settlements, chance))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _insert(model: Any, rows: Iterator[Any]) -> None:
    with transaction.atomic():
        while block := list(islice(rows, AT_ONCE)):
            model.objects.bulk_create(block)


def _households(people: int, towns: list[Region]) -> Iterator[Household]:
    for number in range(1, people // FAMILY_SIZE + 2):
        yield Household(pk=number, family_no=f"F{number:07d}", region=towns[number % len(towns)])


def certno(number: int) -> str:
    """Return the made-up ID number of the person with this number."""
    born = date(1935, 1, 1) + timedelta(days=number * 37 % 30_000)
    digits = f"{AREA}{born:%Y%m%d}{number % 1000:03d}"
    return digits + check_character(digits)


def name(chance: random.Random) -> str:
    """Return a made-up name of two or three characters."""
    return chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=chance.choice((1, 2, 2))))


def _people(people: int, towns: list[Region], chance: random.Random) -> Iterator[Person]:

    for number in range(1, people + 1):
        family = (number - 1) // FAMILY_SIZE + 1
        called, paper = name(chance), certno(number)
        one = Person(
            pk=number,
            psn_no=f"P{number:07d}",
            psn_name=called,
            initials=initials_of(called),
            certno_index=blind(paper),
            brdy=date(int(paper[6:10]), int(paper[10:12]), int(paper[12:14])),
            region=towns[family % len(towns)],
            household_id=family,
        )
        one.certno_sealed = seal(paper, f"person.certno {one.token}")
        yield one


def _holdings(people: int, chance: random.Random) -> Iterator[Holding]:
    for number in range(1, people + 1):
        begin = date(chance.randint(2012, 2024), chance.randint(1, 12), 1)
        yield Holding(person_id=number, identity=chance.choice(IDENTITIES), begin=begin, source="民政名册")


def _settlements(people: int, settlements: int, chance: random.Random) -> Iterator[Settlement]:
    start = datetime(2024, 1, 1)
    for number in range(1, settlements + 1):
        who = chance.randint(1, people)
        when = start + timedelta(seconds=chance.randint(0, 366 * 86_400 - 1))
        scope = chance.randint(5_000, 2_500_000)
        fund = scope * chance.randint(50, 80) // 100
        total = scope + chance.randint(0, 100_000)
        yield Settlement(
            setl_id=f"B{number:08d}",
            psn_no=f"P{who:07d}",
            person_id=who,
            setl_time=when,
            year=when.year,
            med_type=chance.choice(("11", "14", "21", "21")),
            insutype="390",
            insuplc_admdvs=AREA,
            mdtrtarea_admvs=AREA,
            fixmedins_code=f"H{AREA}{chance.randint(1, 30):05d}",
            hosp_lv=chance.choice("123"),
            medfee_sumamt=total,
            fulamt_ownpay_amt=total - scope,
            inscp_scp_amt=scope,
            hifp_pay=fund,
            psn_cash_pay=total - fund,
            received_at=when,
        )
