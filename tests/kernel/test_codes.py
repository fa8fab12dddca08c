"""代码的名称：句子里说名称，代码在括号里。"""

import pytest
import yaml

from tuodi.kernel.codes import named, spoken
from tuodi.kernel.shipped import shipped

名称 = [
    ("med_type", "11", "普通门诊（11）"),
    ("med_type", "13", "急诊（13）"),
    ("med_type", "14", "门诊慢特病（14）"),
    ("med_type", "16", "门诊特药（16）"),
    ("med_type", "21", "普通住院（21）"),
    ("med_type", "99", "医疗类别 99"),
    ("med_type", "", ""),
    ("insutype", "310", "职工医保（310）"),
    ("insutype", "390", "城乡居民医保（390）"),
    ("insutype", "320", "公务员医疗补助（320）"),
    ("insutype", "居民", "险种 居民"),
    ("insutype", "", ""),
    ("hosp_lv", "3", "三级（3）"),
    ("hosp_lv", "9", "医院等级 9"),
]


@pytest.mark.parametrize(("field", "code", "words"), 名称)
def test_named(field: str, code: str, words: str) -> None:
    assert named(field, code) == words


@pytest.mark.parametrize(("field", "code", "words"), 名称)
def test_spoken(field: str, code: str, words: str) -> None:
    """On the phone the name is said without its code; one without a name is told as it stands."""
    assert spoken(field, code) == words.split("（", 1)[0]


def test_a_field_without_codes_is_a_mistake_of_the_program() -> None:
    with pytest.raises(KeyError):
        named("setl_id", "1")


def _fields() -> dict[str, dict[str, object]]:
    content = yaml.safe_load(shipped("terms", "codes.yaml").read_text(encoding="utf-8"))
    assert content["schema"] == "tuodi-codes/1"
    return content["fields"]


@pytest.mark.parametrize("field", _fields())
def test_each_code_stands_once_as_text_with_a_name_and_says_whether_it_is_verified(field: str) -> None:
    entries = _fields()[field]["codes"]
    assert len({entry["code"] for entry in entries}) == len(entries)
    assert len({entry["name"] for entry in entries}) == len(entries)
    for entry in entries:
        assert set(entry) - {"short", "note"} == {"code", "name", "verified"}
        assert isinstance(entry["code"], str)
        assert isinstance(entry["verified"], bool)


def test_every_code_of_the_built_in_policies_has_a_verified_name() -> None:
    used: dict[str, set[str]] = {"med_type": set(), "insutype": set(), "hosp_lv": set()}
    for path in shipped("policies").glob("*.yaml"):
        for component in yaml.safe_load(path.read_text(encoding="utf-8")).get("components", []):
            used["med_type"] |= set(component["kinds"])
            used["insutype"] |= set(component.get("insurance", []))
            for row in component["table"].values():
                used["hosp_lv"] |= set(row.get("by_level", {})) - {"其他"}
    verified = {
        field: {entry["code"] for entry in content["codes"] if entry["verified"]}
        for field, content in _fields().items()
    }
    assert used == verified
