"""``tuodi office policies``: what it lists, a trial that changes nothing, and doing it."""

import io
from datetime import date

import pytest
from django.core.management import call_command

from tests.office import made_up
from tests.office.settling import clerk, record, settle
from tuodi.office.models import County, Settlement
from tuodi.web.launch import FOUND, Stopped

pytestmark = pytest.mark.usefixtures("sqlite")


def _run(*ids: str, yes: bool = False) -> list[str]:
    out = io.StringIO()
    call_command("office", stdout=out, task="policies", ids=list(ids), yes=yes)
    return out.getvalue().splitlines()


@pytest.fixture
def county() -> None:
    made_up.county()
    made_up.holding(made_up.person("P1", "赵一", made_up.region("东镇")), "监测对象", date(2022, 1, 1))
    settle(clerk(), [record("S1")])


def test_不写编号_列出现在的(county: None) -> None:
    (line,) = _run()
    assert line.startswith("jiaocheng-2024：") and line.endswith("施行 2024-01-01 至 2024-12-31。")


def test_先试算_再执行(county: None) -> None:
    before = Settlement.objects.get().due_fen
    tried = _run("lishi-2022")
    assert "没有改动任何数据" in tried[-1]
    assert (County.objects.get().policies, Settlement.objects.get().due_fen) == (["jiaocheng-2024"], before)
    done = _run("lishi-2022", yes=True)
    assert done[:-1] == tried[:-1]
    assert done[-1].endswith("tuodi office policies jiaocheng-2024 --yes")
    # 9,000.00 less 2,742.60, 70 %.
    assert (County.objects.get().policies, Settlement.objects.get().due_fen) == (["lishi-2022"], 438018)


def test_不能用的政策_以1退出_不出错误堆栈(county: None) -> None:
    with pytest.raises(Stopped, match="没有名为“lishi-2023”的内置政策") as stopped:
        _run("lishi-2023", yes=True)
    assert stopped.value.returncode == FOUND
