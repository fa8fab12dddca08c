"""The trail in words: what each event and subject is called where people read it.

A test looks up every event that an operation logs: one without its words here fails it.
"""

from types import MappingProxyType
from typing import Final

from tuodi.office.operations.changing import EVENT_NAMES

EVENTS: Final = MappingProxyType(
    {
        **EVENT_NAMES,
        "backup.asked": "提交备份",
        "backup.begun": "开始备份",
        "backup.drill_asked": "提交恢复演练",
        "backup.drilled": "恢复演练完成",
        "backup.made": "备份完成",
        "backup.restored": "从备份恢复",
        "case.dismiss": "疑点不成立",
        "case.pass": "疑点通过一步",
        "case.return": "疑点退回核实",
        "case.sent_back": "疑点因数据变化退回",
        "cases.exported": "导出疑点",
        "cases.refreshed": "重新筛查疑点",
        "comparison.exported": "导出比对结果",
        "comparison.platform_list": "导出平台标识清单",
        "comparison.unmarked_screened": "筛查未标识人员",
        "contradiction.kept": "互相矛盾的记录保留已登记的一条",
        "contradiction.proposed": "提出改用另一条记录",
        "contradiction.rejected": "驳回改用另一条记录",
        "contradiction.replaced": "改用另一条记录",
        "contradiction.withdrawn": "撤回改用另一条记录",
        "county.policies_set": "设定执行的政策",
        "delegation.made": "委托工作",
        "delegation.revoked": "撤回委托",
        "demo.opened": "打开演示县",
        "import.applied": "导入生效",
        "import.changes-exported": "导出导入的变化",
        "import.confirmed": "确认导入",
        "import.discarded": "放弃导入",
        "import.errors-seen": "下载错误清单",
        "import.not-applied": "导入没有完成",
        "import.preview-outdated": "预览已作废",
        "import.previewed": "预览完成",
        "import.read-again": "重新读取文件",
        "import.refused": "文件未能读取",
        "import.undo-asked": "提交撤销导入",
        "import.undo-repeated": "再次提交撤销",
        "import.undone": "导入已撤销",
        "import.uploaded": "上传文件",
        "installation.made": "建立安装",
        "job.retried": "重做后台任务",
        "key.added": "启用新密钥",
        "key.continued": "接着换密钥",
        "key.rotated": "换密钥完成",
        "keys.copied": "另存密钥",
        "people.exported": "导出人员",
        "person.touched": "更改人员信息（经手）",
        "region.added": "增加乡镇",
        "region.removed": "删去乡镇",
        "region.renamed": "乡镇改名",
        "role.assigned": "分配岗位",
        "role.ended": "结束岗位",
        "second_factor.done": "动态口令通过",
        "second_factor.enrolled": "绑定动态口令",
        "second_factor.failed": "动态口令不对",
        "second_factor.reset": "重置动态口令",
        "settlements.exported": "导出结算",
        "sign_in.done": "登录",
        "sign_in.ended": "退出登录",
        "sign_in.failed": "登录失败",
        "sign_in.locked": "登录锁定",
        "trail.anchored": "打锚点",
        "trail.exported": "导出留痕",
        "trail.verified": "校验完成",
        "trail.verify_asked": "提交校验",
        "user.created": "新建用户",
        "user.password_changed": "修改本人密码",
        "user.password_failed": "改密码时现在的密码不对",
        "user.password_reset": "重置密码",
        "user.switched_off": "停用账号",
        "user.switched_on": "启用账号",
        "user.unlocked": "解除登录锁定",
        "withheld.set-aside": "放行暂不计算的记录",
    }
)
"""Event -> what happened."""

AREAS: Final = MappingProxyType(
    {
        "person": "人员",
        "people": "人员导出",
        "import": "导入",
        "settlements": "结算",
        "withheld": "暂不计算的记录",
        "contradiction": "互相矛盾的记录",
        "comparison": "月度比对",
        "case": "疑点办理",
        "cases": "疑点筛查",
        "delegation": "委托",
        "user": "用户",
        "role": "岗位",
        "sign_in": "登录",
        "second_factor": "动态口令",
        "trail": "留痕",
        "backup": "备份",
    }
)
"""What stands before the point of an event -> what it is about."""

SUBJECTS: Final = MappingProxyType(
    {
        "account": "银行账户",
        "batch": "导入批次",
        "case": "疑点",
        "cases": "疑点",
        "comparison": "月度比对",
        "contradiction": "互相矛盾的记录",
        "county": "本县",
        "delegation": "委托",
        "entry": "留痕",
        "holding": "身份",
        "household": "家庭",
        "import": "导入批次",
        "job": "后台任务",
        "new_year": "年度更替",
        "person": "人员",
        "region": "乡镇",
        "settlement": "结算",
        "system": "系统",
        "trail": "留痕",
        "user": "用户",
        "withheld": "暂不计算的记录",
    }
)
"""The table in a subject -> what a record of it is called."""


def event_words(event: str) -> str:
    """Return what happened in Chinese; an event of another version stays as it is."""
    return EVENTS.get(event, event)


def subject_words(subject: str) -> str:
    """Return what it was about: ``person 17`` -> 人员 17."""
    table, _, record = subject.partition(" ")
    return f"{SUBJECTS.get(table, table)} {record}".strip()
