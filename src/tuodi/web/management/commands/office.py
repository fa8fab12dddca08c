"""``tuodi office …``: making an installation, backups, restoring, upgrades, the change of year, keys."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand

from tuodi.office import backup, restore
from tuodi.office.operations import system
from tuodi.office.operations.console import add_security_admin, console_actor, found_installation, reset_factor
from tuodi.office.operations.policies import adopt_policies
from tuodi.office.progress import Tell, silent
from tuodi.office.queries.new_year import YEARS, new_year
from tuodi.office.queries.policies import adopted_told, policies_told
from tuodi.office.refusal import Absent, Refused
from tuodi.office.roles import Role
from tuodi.office.verification import verify
from tuodi.web import structure
from tuodi.web.launch import FOUND, Stopped

_KEYS_APART = "备份里没有密钥，请用 tuodi office copy-keys 另存到别处：没有密钥，备份里的证件号码和账号谁也读不出。"


class Command(BaseCommand):
    """See the module."""

    stealth_options = (
        "task",
        "code",
        "name",
        "policy",
        "user",
        "user_name",
        "to",
        "backup",
        "year",
        "ids",
        "yes",
        "tell",
    )

    tell: Tell = staticmethod(silent)

    def handle(self, *, task: str, tell: Tell = silent, **options: Any) -> None:
        """Do one task; what an operation refuses ends with status 1."""
        self.tell = tell
        try:
            _TASKS[task](self, datetime.now(), options)
        except (Refused, backup.NotDone) as refused:
            raise Stopped(str(refused), FOUND) from None
        except Absent:
            raise Stopped("没有这份备份；请检查名称，或用 tuodi office backup 做一份。") from None

    def say(self, sentence: str) -> None:
        """Print a sentence."""
        self.stdout.write(sentence)


def _new(command: Command, at: datetime, options: dict[str, Any]) -> None:
    structure.check_database()
    structure.update(at, command.tell)
    found_installation(code=options["code"], name=options["name"], policies=options["policy"], at=at)
    command.say(f"已登记{options['name']}（{options['code']}）。")
    _add_user(command, at, options)


def _add_user(command: Command, at: datetime, options: dict[str, Any]) -> None:
    structure.require()
    user, password = add_security_admin(username=options["user"], name=options["user_name"], at=at)
    command.say(f"安全管理员 {user.username}（{user.name}），初始密码：{password}　只显示这一次，登录后须修改。")
    command.say("请用它登录，在“用户与权限”里设其他用户。")


def _reset_factor(command: Command, at: datetime, options: dict[str, Any]) -> None:
    structure.require()
    user = reset_factor(username=options["user"], at=at)
    command.say(f"{user.name}（{user.username}）的动态口令已经重置，登录中的已经退出；下次登录时绑定新的手机。")


def _backup(command: Command, at: datetime, options: dict[str, Any]) -> None:
    structure.require()
    to = Path(options["to"]) if options["to"] else None
    made = system.back_up(actor=console_actor(Role.SYSTEM_ADMIN, at), at=at, to=to, tell=command.tell)
    _tell(command, made)
    command.say(_KEYS_APART)


def _tell(command: Command, made: backup.Backup) -> None:
    rows = sum(made.facts.tables.values())
    head = made.facts.head.number if made.facts.head else 0
    command.say(f"备份在 {made.folder}：{len(made.facts.tables)} 张表 {rows} 行，留痕 {head} 条，核对无误。")


def _drill(command: Command, at: datetime, options: dict[str, Any]) -> None:
    structure.require()
    name, among = None, None
    if options["backup"]:
        folder = Path(options["backup"])
        name, among = folder.name, folder.parent if len(folder.parts) > 1 else None
    elif found := backup.listed():
        name = found[0].folder.name
    if name is None:
        raise Stopped("还没有备份；请先运行 tuodi office backup。")
    done = system.practise(actor=console_actor(Role.SYSTEM_ADMIN, at), at=at, name=name, among=among, tell=command.tell)
    for fault in done.faults:
        command.say(fault)
    if done.faults:
        raise Stopped(f"{name}：演练发现 {len(done.faults)} 处不符，这份备份不可靠；请马上另做一份。", FOUND)
    command.say(f"{name}：已恢复到临时的地方，与清单、留痕链条核对全部相符，然后删去。")


def _restore(command: Command, at: datetime, options: dict[str, Any]) -> None:
    structure.check_database()
    source = backup.load(Path(options["backup"]))
    faults = restore.restore(source)
    structure.update(at, command.tell)
    system.tell_restored(actor=console_actor(Role.SYSTEM_ADMIN, at), at=at, restored=source)
    for fault in faults:
        command.say(fault)
    if faults:
        raise Stopped(f"已恢复，但有 {len(faults)} 处与清单不符。", FOUND)
    command.say(f"已恢复 {source.at:%Y-%m-%d %H:%M} 的备份，与清单、留痕链条核对全部相符。")
    _verify(command)


def _verify(command: Command) -> None:
    done = verify(tell=command.tell)
    for breach in done.breaches:
        command.say(breach.sentence)
    command.say(done.summary())
    if done.found:
        raise Stopped("", FOUND)


def _upgrade(command: Command, at: datetime, _options: dict[str, Any]) -> None:
    structure.check_database()
    if not structure.pending():
        structure.require()
        command.say("数据库结构已是这个版本的，不用升级。")
        return
    kept = structure.update(at, command.tell)
    command.say("数据库结构已更新到这个版本。" + (f"更新之前的备份在 {kept.folder}。" if kept else ""))
    _verify(command)


def _new_year(command: Command, _at: datetime, options: dict[str, Any]) -> None:
    structure.require()
    year = options["year"]
    if year not in YEARS:
        raise Stopped(f"年度应在 {YEARS.start} 至 {YEARS.stop - 1} 之间，这里写的是 {year}。")
    checks = new_year(year)
    for check in checks:
        command.say(f"{'√' if check.is_done else '×'} {check.name}：{check.found}{check.advice}")
    if not all(check.is_done for check in checks):
        raise Stopped("", FOUND)


def _policies(command: Command, at: datetime, options: dict[str, Any]) -> None:
    structure.require()
    if not options["ids"]:
        for sentence in policies_told():
            command.say(sentence)
        return
    is_trial = not options["yes"]
    done = adopt_policies(
        actor=console_actor(Role.SYSTEM_ADMIN, at), at=at, ids=options["ids"], is_trial=is_trial, tell=command.tell
    )
    for sentence in adopted_told(done):
        command.say(sentence)
    if is_trial:
        command.say("以上是试算，没有改动任何数据。确认执行请加 --yes；要写很久的，请在下班以后、先备份再办。")
    else:
        command.say(f"已经执行。要改回，再运行一次：tuodi office policies {' '.join(done.before)} --yes")


def _copy_keys(command: Command, at: datetime, options: dict[str, Any]) -> None:
    structure.require()
    to = Path(options["to"])
    if not to.parent.is_dir():
        raise Stopped(f"没有文件夹 {to.parent}；请先建立，或换一个。")
    system.copy_keys(actor=console_actor(Role.SYSTEM_ADMIN, at), at=at, to=to)
    command.say(f"密钥已存到 {to}。请放在另一处介质上，与备份分开保管：两样都拿到的人能读出全部证件号码和账号。")


def _rotate_key(command: Command, at: datetime, _options: dict[str, Any]) -> None:
    structure.require()
    count = system.rotate_key(actor=console_actor(Role.SYSTEM_ADMIN, at), at=at, tell=command.tell)
    command.say(f"已换用新密钥，{count} 项加密的内容重新加密。旧密钥仍在文件里，用来读以前的备份。")
    command.say(f"密钥文件变了，请用 tuodi office copy-keys 再另存一份：{settings.KEYS_FILE}")


_TASKS: Final[dict[str, Callable[[Command, datetime, dict[str, Any]], None]]] = {
    "new": _new,
    "add-user": _add_user,
    "reset-factor": _reset_factor,
    "backup": _backup,
    "drill": _drill,
    "restore": _restore,
    "upgrade": _upgrade,
    "policies": _policies,
    "new-year": _new_year,
    "copy-keys": _copy_keys,
    "rotate-key": _rotate_key,
}
