"""The details of an entry of the trail as the auditor reads them: no codes, no raw JSON."""

import json

import pytest

from tuodi.office.models import TrailEntry
from tuodi.office.queries.trail_details import details_of

CASES: list[tuple[str, str, object, tuple[str, str]]] = [
    ("岗位", "role.assigned", {"role": "county_clerk"}, ("岗位", "县级经办人")),
    ("退出登录", "sign_in.ended", {"why": "idle"}, ("缘由", "长时间没有操作")),
    ("看了证件号码", "person.looked_at", {"field": "certno"}, ("字段", "证件号码")),
    ("看了银行账号", "person.looked_at", {"field": "account 7"}, ("字段", "银行账户 7")),
    ("文件的种类", "import.uploaded", {"kind": "roster"}, ("种类", "救助对象名册")),
    ("任务的种类", "job.retried", {"kind": "backup.make"}, ("种类", "备份")),
    ("步骤", "case.pass", {"step": 2}, ("步骤", "复核")),
    ("比对的差异", "comparison.exported", {"difference": "unmarked"}, ("差异", "在册未标识")),
    ("参保状态", "comparison.exported", {"state": "none"}, ("状态", "未参保")),
    ("不限状态", "comparison.exported", {"state": ""}, ("状态", "—")),
    ("没有限定乡镇", "people.exported", {"in_region": None}, ("限于乡镇（编号）", "—")),
    ("含完整号码", "people.exported", {"full": True}, ("含完整号码", "是")),
    ("零不是空", "import.undone", {"records": 0}, ("记录数", "0")),
    ("五种数目", "import.applied", {"counts": {"new": 2, "refused": 1}}, ("数目", "新增 2，拒绝 1")),
    (
        "金额写成元",
        "case.sent_back",
        {"before": {"due": 142050, "paid": 0}},
        ("之前", "应付 1,420.50 元，已付 0.00 元"),
    ),
    ("人员的改动", "person.corrected", {"changes": [["psn_name", "甲", ""]]}, ("改动", "姓名：甲 → （空）")),
    ("平台的变更", "comparison.platform_list", {"changes": {"新增": 3}}, ("改动", "新增 3")),
    (
        "经手",
        "person.died",
        {"touches": [[5, 9, "clerk", "died"], [6, 9, "boss", "contradiction.kept"]]},
        (
            "经手记录",
            "经手 5：人员 9，clerk，登记死亡；经手 6：人员 9，boss，互相矛盾的记录保留已登记的一条",
        ),
    ),
    ("规则", "import.refused", {"rules": ["file-empty", "file-format"]}, ("规则", "file-empty、file-format")),
    ("别的版本写的照原样", "person.died", {"later": "x"}, ("later", "x")),
]


@pytest.mark.parametrize(("action", "detail", "told"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_留痕的详情(action: str, detail: object, told: tuple[str, str]) -> None:
    assert details_of(TrailEntry(action=action, detail=json.dumps(detail))) == [told]


@pytest.mark.parametrize("name", ["changes", "touches", "before", "step", "role", "field", "state", "counts"])
@pytest.mark.parametrize(
    "value",
    ["x", 7, 1.5, True, ["x"], [["x"]], [[["x"], 1, 2]], [[1, 2, 3]], [[1, 2, 3, 4]], [[1, 2, 3, {}]], {"due": "x"}],
)
def test_有人改过的详情也看得到(name: str, value: object) -> None:
    entry = TrailEntry(action="comparison.exported", detail=json.dumps({name: value}))
    ((_, told),) = details_of(entry)
    assert told


@pytest.mark.parametrize("detail", ["", "不是内容", "[1]"])
def test_读不出的详情照原样(detail: str) -> None:
    assert details_of(TrailEntry(action="person.died", detail=detail)) == [("内容", detail)]
