"""身份名称：一个概念、一个代码、各地多个叫法。"""

import pytest
import yaml

from tuodi.kernel.shipped import shipped
from tuodi.kernel.terms import Identity, Terms, terms_from


@pytest.fixture(scope="module")
def entries():
    return yaml.safe_load(shipped("terms", "identities.yaml").read_text(encoding="utf-8"))["identities"]


@pytest.fixture(scope="module")
def terms(entries):
    return terms_from(entries)


同一身份 = [
    ("特困人员", "特困供养人员"),
    ("低保对象", "城乡低保家庭成员"),
    ("低保家庭成员", "城乡低保家庭成员"),
    ("散居孤儿", "社会散居孤儿"),
    ("监测对象", "脱贫不稳定人口"),
    ("监测对象", "边缘易致贫户"),
    ("监测对象", "突发严重困难户"),
    ("孤儿", "散居孤儿"),
]


@pytest.mark.parametrize(("文件所列", "名册写法"), 同一身份)
def test_names_counting_as(terms, 文件所列, 名册写法):
    assert 名册写法 in terms.names_counting_as(文件所列)


不同身份 = [
    ("脱贫不稳定人口", "监测对象"),
    ("低保对象", "低保边缘家庭成员"),
    ("散居孤儿", "孤儿"),
    ("第一类支出型贫困家庭成员", "第二类支出型贫困家庭成员"),
]


@pytest.mark.parametrize(("文件所列", "名册写法"), 不同身份)
def test_other_names_do_not_count(terms, 文件所列, 名册写法):
    assert 名册写法 not in terms.names_counting_as(文件所列)


def test_the_name_asked_for_comes_first_and_none_twice(terms):
    names = terms.names_counting_as("城乡低保家庭成员")
    assert names[0] == "城乡低保家庭成员"
    assert len(names) == len(set(names))


def test_an_unknown_name_stands_for_itself(terms):
    assert terms.find("本县自定对象") is None
    assert terms.names_counting_as("本县自定对象") == ("本县自定对象",)


def test_narrower_identities_bring_their_aliases():
    wide = Identity(code="w", name="大类", includes=("n",))
    narrow = Identity(code="n", name="小类", aliases=("小类别称",))
    assert Terms((wide, narrow)).names_counting_as("大类") == ("大类", "小类", "小类别称")
    assert Terms((wide, narrow)).names_counting_as("小类") == ("小类", "小类别称")


def test_one_name_for_two_concepts_is_refused():
    with pytest.raises(ValueError, match="names both a and b"):
        Terms((Identity(code="a", name="甲"), Identity(code="b", name="乙", aliases=("甲",))))


def test_shipped_vocabulary_holds_together(entries, terms):
    codes = [entry["code"] for entry in entries]
    assert len(codes) == len(set(codes))
    assert all(set(identity.includes) <= set(codes) for identity in terms.identities)
