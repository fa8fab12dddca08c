"""Other policies: tried without a trace, adopted with everybody computed anew, and taken back by the old ids."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from tests.office import made_up
from tests.office.importing import dump
from tests.office.settling import arrive, assert_equals_batch, record, settle
from tests.office.settling import clerk as county_clerk
from tuodi.kernel.money import Fen
from tuodi.office import assessing
from tuodi.office.access import Actor
from tuodi.office.checking import differences
from tuodi.office.models import Case, County, OwnerYear, Settlement, TrailEntry
from tuodi.office.operations.console import console_actor
from tuodi.office.operations.policies import Adopted, adopt_policies
from tuodi.office.queries.new_year import new_year
from tuodi.office.queries.policies import adopted_told, policies_told
from tuodi.office.refusal import Refused
from tuodi.office.roles import Role

pytestmark = pytest.mark.usefixtures("both_databases")

JIAOCHENG, LISHI = "jiaocheng-2024", "lishi-2022"
# 9,000.00 of somebody watched (监测对象) and of somebody poor (低保对象, no deductible), 70 % of what the deductible
# leaves: 10 % of 30,924.00 in one county, of 27,426.00 in the other. The second one's result is the same in both.
DUE = {JIAOCHENG: {"S1": 413532, "S2": 630000}, LISHI: {"S1": 438018, "S2": 630000}}
FIRST, SECOND = "tests/policies/shili-2025-first.yaml", "tests/policies/shili-2025-second.yaml"


def _admin() -> Actor:
    return console_actor(Role.SYSTEM_ADMIN, made_up.NOW)


def _adopt(*ids: str, is_trial: bool = False) -> Adopted:
    return adopt_policies(actor=_admin(), at=made_up.NOW, ids=ids, is_trial=is_trial)


def _due() -> dict[str, int]:
    return dict(Settlement.objects.order_by("setl_id").values_list("setl_id", "due_fen"))


@pytest.fixture
def county() -> None:
    made_up.county()
    for psn_no, identity in (("P1", "监测对象"), ("P2", "低保对象")):
        person = made_up.person(psn_no, f"赵{psn_no}", made_up.region("东镇"))
        made_up.holding(person, identity, date(2022, 1, 1))
    settle(county_clerk(), [record("S1", "P1", maf_pay=Fen(413532)), record("S2", "P2", maf_pay=Fen(630000))])
    assert (_due(), Case.objects.count()) == (DUE[JIAOCHENG], 0)


def test_换用政策_全部重新计算_疑点跟着立_留痕(county: None) -> None:
    done = _adopt(LISHI)
    assert (done.before, done.after) == ((JIAOCHENG,), (LISHI,))
    assert _due() == DUE[LISHI]
    assert done.sums == {"due_before": 413532, "due_after": 438018}
    assert set(OwnerYear.objects.values_list("rules", flat=True)) == {assessing.rules_text(assessing.county_book())}
    case = Case.objects.get()
    assert (case.setl_id, case.kind, case.due_fen, case.paid_fen) == ("S1", "under", 438018, 413532)
    assert list(differences()) == []
    entry = TrailEntry.objects.get(action="county.policies_set")
    assert '"after":["lishi-2022"]' in entry.detail and '"due_after":438018' in entry.detail
    assert adopted_told(done) == [
        "执行的政策：jiaocheng-2024 → lishi-2022。",
        "重新计算 2 笔结算，1 笔的结果不同。",
        "其中 1 笔应救助的金额变了，合计由 4,135.32 元变为 4,380.18 元。",
        "疑点：新立 1 件，更新 0 件，退回核实 0 件，消除 0 件。",
    ]


def test_试算说的和执行的一样_不留下任何东西(county: None) -> None:
    before = dump()
    tried = _adopt(LISHI, is_trial=True)
    assert dump() == before
    assert County.objects.get().policies == [JIAOCHENG]
    assert adopted_told(_adopt(LISHI)) == adopted_told(tried)


def test_改回原来的_结果也回到原来(county: None) -> None:
    _adopt(LISHI)
    _adopt(JIAOCHENG)
    assert _due() == DUE[JIAOCHENG]
    assert Case.objects.get().state == "gone"
    assert list(differences()) == []


def test_编号不变_按这个版本重新计算(county: None) -> None:
    # As another version of the program might have left it.
    Settlement.objects.filter(setl_id="S1").update(due_fen=1)
    done = _adopt(JIAOCHENG, JIAOCHENG)
    assert (done.results.written, _due()) == (1, DUE[JIAOCHENG])
    assert list(differences()) == []


@pytest.mark.parametrize(
    ("ids", "said"),
    [
        ([], "至少一个"),
        (["jiaocheng-2025"], "是不是想用 jiaocheng-2024"),
        ([JIAOCHENG, LISHI], "不属于同一地区的同一个项目"),
        ([FIRST], "不在程序所带的政策里"),
    ],
)
def test_不能用的政策_什么都不改(county: None, ids: list[str], said: str) -> None:
    before = dump()
    with pytest.raises(Refused, match=said):
        _adopt(*ids)
    assert dump() == before


def test_还没有登记县名() -> None:
    with pytest.raises(Refused, match="还没有登记县名"):
        _adopt(JIAOCHENG)
    assert policies_told() == ["没有登记任何政策，不能计算待遇。"]


def test_只有系统管理员能办(county: None) -> None:
    with pytest.raises(Refused, match="系统管理员"):
        adopt_policies(actor=county_clerk(), at=made_up.NOW, ids=[LISHI])


@pytest.fixture
def _two_documents(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the program carry two documents of one county, one following the other on 1 July 2025."""
    monkeypatch.setattr(assessing, "built_in_ids", lambda: [FIRST, SECOND])
    assessing.rulebook_of.cache_clear()
    yield
    assessing.rulebook_of.cache_clear()


def test_加上新的一份_各按当时的政策计算(_two_documents: None) -> None:
    made_up.county(policies=(FIRST,))
    county_clerk()
    person = made_up.person("P1", "赵一", made_up.region("东镇"))
    made_up.holding(person, "低保对象", date(2025, 1, 1))
    arrive([record("S1", setl_time=datetime(2025, 6, 30)), record("S2", setl_time=datetime(2025, 7, 1))])
    alone = _due()
    _adopt(FIRST, SECOND)
    assert _due()["S1"] == alone["S1"]
    assert_equals_batch()
    assert list(differences()) == []
    assert len(policies_told()) == 2


def test_检查单说明没有新政策时怎样算(tmp_path: Path) -> None:
    until_2025 = tmp_path / "second.yaml"
    until_2025.write_text(Path(SECOND).read_text(encoding="utf-8").replace("to: none", "to: 2025-12-31"), "utf-8")
    made_up.county(policies=(FIRST,))
    for policies, said in (((FIRST,), f"仍按 {_id(FIRST)} 计算"), ((FIRST, str(until_2025)), "结算不能计算")):
        County.objects.update(policies=list(policies))
        (check,) = [each for each in new_year(2026) if each.name == "新年度的政策"]
        assert (check.is_done, said in check.advice, "office policies" in check.advice) == (False, True, True)


def _id(file: str) -> str:
    return Path(file).stem
