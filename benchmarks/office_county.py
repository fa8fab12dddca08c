"""A made-up county of any size straight into the database, worked in for a year. Nobody in it exists."""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import office_lists
import office_staff
import office_trail
from django.db import transaction
from django.db.models import Q
from office_ground import BEGIN, DAY, IDENTITIES, LISTS_OF, MOMENT, analyze, fill

from tuodi.kernel.idnumber import check_character
from tuodi.office.access import actor_of
from tuodi.office.assessing import reassess_everyone
from tuodi.office.bulk import insert, write_columns
from tuodi.office.initials import initials_of
from tuodi.office.models import (
    County,
    FormerPayment,
    Holding,
    Household,
    ImportBatch,
    Person,
    Region,
    Sender,
    Settlement,
    User,
)
from tuodi.office.operations.cases import CaseRefresh
from tuodi.office.operations.unmarked import screen_unmarked
from tuodi.office.operations.writing import writing
from tuodi.office.roles import Action
from tuodi.office.secrets import blind, keys, seal

AREA = "990001"
FAMILY_SIZE = 3
ONE_IN_MERGED, ONE_IN_DEAD, ONE_IN_MOVED, ONE_IN_ENDED = 1000, 100, 200, 50
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = "子丑寅卯辰巳午未申酉戌亥东西南北春夏秋冬松竹梅兰山川江河"


def make_county(people: int, settlements: int, policy: str = "jiaocheng-2024", seed: int = 1) -> None:
    """Fill an empty migrated database with a county and a year of its work, everything assessed and screened."""
    # Before anything is there: a missing key is made only while nothing can have been sealed.
    keys()
    chance = random.Random(seed)
    top = Region.objects.create(code=AREA, name="大样县")
    towns = [Region.objects.create(code=f"{AREA}{n:03d}", name=f"第{n}镇", parent=top) for n in range(1, 21)]
    County.objects.create(pk=1, region=top, policies=[policy], synthetic=True)
    office_staff.make_staff(top, towns)
    months = office_lists.make_batches(top, towns, chance)
    fill(Household, _households(people, towns))
    fill(Person, _people(people, towns, chance))
    _merge(people)
    fill(Holding, _holdings(people, Sender.objects.get(kind="roster", region=top), chance))
    fill(Settlement, _settlements(people, settlements, months, chance))
    office_lists.make_lists(people, settlements, chance)
    office_staff.make_accounts(people, chance)
    office_trail.make_trail(people, settlements, chance)
    analyze()
    _assess(chance)
    office_staff.make_decisions(chance)
    analyze()


def _assess(chance: random.Random) -> None:
    """Assess everybody, let the window pay, and screen what it paid."""
    with transaction.atomic():
        reassess_everyone(at=BEGIN)
    _pay(chance)
    clerk = actor_of(User.objects.get(username="clerk"), DAY)
    with writing(clerk, Action.CHANGE_PEOPLE, MOMENT) as write:
        cases = CaseRefresh(write)
        reassess_everyone(at=MOMENT, judge=cases.judge)
        cases.finish(payments=True)
    for month in (10, 11, 12):
        first = date(2024, month, 1)
        last = min(DAY, date(2024 + month // 12, month % 12 + 1, 1) - timedelta(days=1))
        screen_unmarked(actor=clerk, at=MOMENT, first=first, last=last)


def _pay(chance: random.Random) -> None:
    """Let the window pay what is due, another system pay some of it, and a few percent be paid wrong or not at all."""
    batch = ImportBatch.objects.filter(kind="former_payments").first()
    something = Settlement.objects.filter(Q(due_fen__gt=0) | Q(setl_id__endswith="77"), refd_setl_flag=False)
    paid: list[tuple[int, int]] = []
    elsewhere: list[FormerPayment] = []
    for key, setl_id, psn_no, due in something.values_list("pk", "setl_id", "psn_no", "due_fen").iterator():
        kind = chance.random()
        if not due:
            paid += [(chance.randint(1, 400) * 100, key)] if kind < 0.05 else []
        elif kind < 0.95:
            paid.append((due, key))
        elif kind < 0.97:
            elsewhere.append(_former(setl_id, psn_no, due, batch))
        elif kind < 0.985:
            paid.append((due * chance.choice((50, 90, 110, 200)) // 100, key))
    for number in range(len(paid) // 2000 + 1):
        psn_no = f"P{chance.randint(1, 1000):07d}" if number % 3 else ""
        elsewhere.append(_former(f"L{number:07d}", psn_no, chance.randint(100, 900) * 100, batch))
    with transaction.atomic():
        write_columns(Settlement, ("maf_pay",), paid)
        insert(FormerPayment, elsewhere)


def _former(setl_id: str, psn_no: str, fen: int, batch: ImportBatch) -> FormerPayment:
    return FormerPayment(
        setl_id=setl_id, reference=f"R{setl_id}", psn_no=psn_no, paid_on=DAY, paid_fen=fen, batch_id=batch.pk
    )


def _households(people: int, towns: list[Region]) -> Iterator[Household]:
    for number in range(1, people // FAMILY_SIZE + 2):
        yield Household(family_no=f"F{number:07d}", region=towns[number % len(towns)])


def certno(number: int) -> str:
    """Return the made-up ID number of the person with this number."""
    born = date(1935, 1, 1) + timedelta(days=number * 37 % 30_000)
    digits = f"{AREA}{born:%Y%m%d}{number % 1000:03d}"
    return digits + check_character(digits)


def name(chance: random.Random) -> str:
    """Return a made-up name of two or three characters."""
    return chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=chance.choice((1, 2, 2))))


def died_on(number: int) -> date | None:
    """Return on which day of the year the person with this number died, None of most."""
    return date(2024, number // ONE_IN_DEAD % 12 + 1, 15) if number % ONE_IN_DEAD == 1 else None


def _people(people: int, towns: list[Region], chance: random.Random) -> Iterator[Person]:
    for number in range(1, people + 1):
        family = (number - 1) // FAMILY_SIZE + 1
        called, paper = name(chance), certno(number)
        one = Person(
            psn_no=f"P{number:07d}",
            psn_name=called,
            initials=initials_of(called),
            certno_index=blind(paper),
            brdy=date(int(paper[6:10]), int(paper[10:12]), int(paper[12:14])),
            region=towns[family % len(towns)],
            household_id=family,
            died_on=died_on(number),
            moved_out_on=date(2024, number // ONE_IN_MOVED % 12 + 1, 20) if number % ONE_IN_MOVED == 2 else None,
            facts_on={"psn_name": f"{LISTS_OF}", "brdy": f"{LISTS_OF}", "region": f"{LISTS_OF}"},
        )
        one.certno_sealed = seal(paper, f"person.certno {one.token}")
        yield one


def _merge(people: int) -> None:
    """Let some records be duplicates of the one before them."""
    duplicates = range(ONE_IN_MERGED, people + 1, ONE_IN_MERGED)
    with transaction.atomic():
        write_columns(Person, ("merged_into",), [(number - 1, number) for number in duplicates])


def _holdings(people: int, sender: Sender, chance: random.Random) -> Iterator[Holding]:
    for number in range(1, people + 1):
        end = died_on(number)
        if number % ONE_IN_ENDED == 3:
            end = date(2024, chance.randint(1, 11), 28)
        yield Holding(
            person_id=number,
            identity=chance.choice(IDENTITIES),
            begin=date(chance.randint(2012, 2023), chance.randint(1, 12), 1),
            end=end,
            stated_end=end,
            confirmed_on=LISTS_OF if end is None else date(2024, 1, 1),
            sender_id=sender.pk,
            source="民政名册",
        )


def _settlements(people: int, settlements: int, months: list[int], chance: random.Random) -> Iterator[Settlement]:
    start = datetime(2024, 1, 1)
    for number in range(1, settlements + 1):
        who = chance.randint(1, people)
        when = start + timedelta(seconds=chance.randint(0, 355 * 86_400 - 1))
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
            refd_setl_flag=number % 500 == 0,
            batch_id=months[when.month - 1],
            received_at=when,
        )
