"""The details of an entry of the trail in words: what each is called, and what its value says.

An entry keeps short names and codes, so that it means the same to every version; people read these words.
"""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from tuodi.kernel.money import yuan_grouped
from tuodi.office.imports.kinds import COUNT_NAMES
from tuodi.office.imports.registry import KINDS as IMPORT_KINDS
from tuodi.office.jobs import KINDS as JOB_KINDS
from tuodi.office.models import TrailEntry
from tuodi.office.models.cases import STEPS
from tuodi.office.operations.changing import Changed
from tuodi.office.operations.looks import FIELDS
from tuodi.office.queries.comparison import DIFFERENCE_NAMES
from tuodi.office.queries.enrolment_states import STATES, state_words
from tuodi.office.queries.people import By
from tuodi.office.roles import ROLE_NAMES
from tuodi.office.trail_words import event_words

NAMES: Final = MappingProxyType(
    {
        "account": "账户编号",
        "address": "来自地址",
        "after": "之后",
        "anchors": "另存锚点行数",
        "assignment": "岗位编号",
        "bank": "开户银行",
        "before": "之前",
        "begins": "开始",
        "by": "查找方式",
        "changed": "更新",
        "changes": "改动",
        "count": "数目",
        "counts": "数目",
        "day": "截至日期",
        "decision": "决定编号",
        "difference": "差异",
        "differing": "结果不同的结算",
        "due": "应救助金额",
        "duplicate": "并入的记录",
        "ends": "结束",
        "entries": "留痕条数",
        "evidence": "依据",
        "faults": "不符处数",
        "field": "字段",
        "found": "不符处数",
        "full": "含完整号码",
        "gone": "消除",
        "hash": "校验值",
        "holding": "身份记录",
        "identity": "身份",
        "in_full": "含完整证件号码",
        "in_region": "限于乡镇（编号）",
        "kind": "种类",
        "list": "名单",
        "made": "做成时间",
        "message": "说明",
        "month": "月份",
        "name": "名称",
        "number": "号码",
        "opened": "新立",
        "plan": "预览校验值",
        "policies": "政策",
        "proposal": "提议编号",
        "reason": "理由",
        "reason_sm3": "理由校验值",
        "records": "记录数",
        "role": "岗位",
        "rows": "行数",
        "rule": "规则",
        "rules": "规则",
        "sealed_again": "重新加密项数",
        "seen": "所见内容校验值",
        "sent_back": "退回核实",
        "setl_id": "结算编号",
        "settlements": "重新计算的结算",
        "sha256": "文件校验值",
        "state": "状态",
        "step": "步骤",
        "survivor": "保留的人员（编号）",
        "to": "改为",
        "touches": "经手记录",
        "username": "用户名",
        "version": "版本",
        "why": "缘由",
        "year": "年度",
    }
)
"""What a detail is called."""

VALUES: Final[Mapping[str, Mapping[Any, str]]] = MappingProxyType(
    {
        "by": {
            By.NOTHING: "没有输入查找内容",
            By.DOCUMENT: "证件号码",
            By.INITIALS: "拼音首字母",
            By.NUMBER: "人员编号",
            By.NAME: "姓名",
        },
        "difference": DIFFERENCE_NAMES,
        "field": FIELDS,
        "kind": {
            **{name: kind.title for name, kind in IMPORT_KINDS.items()},
            **{name: kind.title for name, kind in JOB_KINDS.items()},
        },
        "list": {"comparison": "月度比对", "enrolment": "参保台账"},
        "role": ROLE_NAMES,
        "step": {step.value: step.label for step in STEPS},
        "why": {
            "signed-out": "本人退出",
            "idle": "长时间没有操作",
            "long": "登录时间过长",
            "elsewhere": "在别处登录",
        },
    }
)
"""What a code says, by the name of the detail."""

_PARTS: Final = MappingProxyType(
    {**COUNT_NAMES, "due": "应付", "paid": "已付", "due_before": "原来", "due_after": "现在"}
)
_IN_FEN: Final = frozenset({"due", "paid", "due_before", "due_after"})


def details_of(entry: TrailEntry) -> list[tuple[str, str]]:
    """Return name and value of each detail; what another version wrote, and nobody knows any more, stays as it is."""
    try:
        content: Any = json.loads(entry.detail)
    except ValueError:
        content = None
    if not isinstance(content, dict):
        return [("内容", entry.detail)]
    return [(NAMES.get(name, name), _said(entry.action, name, value)) for name, value in content.items()]


def _said(event: str, name: str, value: Any) -> str:
    if value in (None, "", [], {}):
        return "—"
    match value:
        case bool():
            return "是" if value else "否"
        case dict():
            return "，".join(f"{_PARTS.get(part, part)} {_amount(part, each)}" for part, each in value.items())
        case list() if name == "changes" and _are_rows(value, 3):
            return "；".join(Changed(*each).words for each in value)
        case list() if name == "touches" and _are_rows(value, 4):
            return "；".join(_touch(*each) for each in value)
        case list():
            return "、".join(map(str, value))
    if name == "state" and event == "comparison.exported" and value in STATES:
        return state_words(value)
    if name == "field" and str(value).startswith("account "):
        return f"银行账户 {value.removeprefix('account ')}"
    return VALUES.get(name, {}).get(value, str(value))


def _are_rows(value: list[Any], width: int) -> bool:
    """Whether these are rows as this program writes them; somebody may have changed them in the database."""
    return all(
        isinstance(row, list) and len(row) == width and all(isinstance(cell, str | int) for cell in row)
        for row in value
    )


def _amount(part: str, value: Any) -> str:
    return f"{yuan_grouped(value)} 元" if part in _IN_FEN and isinstance(value, int) else str(value)


def _touch(number: int, person: int, username: str, what: object) -> str:
    event = str(what) if "." in str(what) else f"person.{what}"
    return f"经手 {number}：人员 {person}，{username}，{event_words(event)}"
