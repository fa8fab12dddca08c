"""``tuodi serve``, ``verify`` and ``office``: the commands of an installation with its database.

Only their options stand here. Django takes half a second to load, which no other command should wait for, so this
process becomes another program, ``tuodi.commands.with_database``, that does the work.
"""

import json
import os
import sys
from argparse import ArgumentParser, Namespace
from typing import NoReturn

from tuodi.commands.parser import Command
from tuodi.commands.places import WrongUse, file_to_read

DEFAULT_PORT = 8000
LAST_PORT = 65_535


def _become(name: str, args: Namespace) -> NoReturn:
    """Replace this process by the program that does it; what the options say goes along as JSON."""
    options = {key: value for key, value in vars(args).items() if key != "run"}
    sys.stdout.flush()
    sys.stderr.flush()
    words = [sys.executable, "-P", "-m", "tuodi.commands.with_database", name, json.dumps(options)]
    os.execv(sys.executable, words)  # noqa: S606 - our own interpreter and module


def _serve_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, metavar="端口", help="监听的端口（默认 8000）")
    parser.add_argument("--host", default="127.0.0.1", metavar="地址", help="监听的地址（默认 127.0.0.1，只供本机）")
    parser.add_argument("--demo", action="store_true", help="打开虚构的示例县，每种角色一个用户，不用第二因素")


def _serve(args: Namespace) -> NoReturn:
    if not 1 <= args.port <= LAST_PORT:
        raise WrongUse(f"端口应在 1 至 {LAST_PORT} 之间，这里写的是 {args.port}。")
    _become("serve", args)


def _verify_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--anchors", metavar="文件", help="另存在别处的锚点文件，一并核对")
    parser.add_argument("--json", action="store_true", help="输出 JSON")


def _verify(args: Namespace) -> NoReturn:
    if args.anchors:
        file_to_read(args.anchors)
    _become("verify", args)


def _office_arguments(parser: ArgumentParser) -> None:
    tasks = parser.add_subparsers(title="操作", metavar="操作", dest="task", required=True)

    def task(name: str, what: str) -> ArgumentParser:
        added: ArgumentParser = tasks.add_parser(name, help=what, description=what)
        return added

    new = task("new", "新装：登记本县和第一个安全管理员")
    new.add_argument("--code", required=True, metavar="代码", help="县的行政区划代码，6 位")
    new.add_argument("--name", required=True, metavar="名称", help="县的名称")
    new.add_argument("--policy", action="append", required=True, metavar="编号", help="执行的政策编号，可写多次")
    new.add_argument("--user", required=True, metavar="用户名", help="第一个安全管理员的用户名")
    new.add_argument("--user-name", required=True, metavar="姓名", help="第一个安全管理员的姓名")
    user = task("add-user", "在服务器上补设一个安全管理员，例如原来的忘了密码")
    user.add_argument("user", metavar="用户名", help="登录用的名称")
    user.add_argument("--user-name", required=True, metavar="姓名", help="这个人的姓名")
    factor = task("reset-factor", "在服务器上重置动态口令，例如唯一的安全管理员丢了手机")
    factor.add_argument("user", metavar="用户名", help="登录用的名称")
    task("backup", "备份数据库和上传的文件，当场核对").add_argument(
        "--to", metavar="文件夹", help="放到这个文件夹（默认在安装文件夹的 backups 里）"
    )
    drill = task("drill", "恢复演练：把备份恢复到临时的地方，与清单核对")
    drill.add_argument("backup", nargs="?", metavar="备份", help="备份的文件夹（默认最近的一份）")
    task("restore", "把备份恢复到空的安装里，与清单核对").add_argument("backup", metavar="备份", help="备份的文件夹")
    task("upgrade", "升级：先备份，再更新数据库结构，再校验")
    policies = task("policies", "执行的政策：列出现在的；写编号先试算，加 --yes 才换用并全部重新计算")
    policies.add_argument("ids", nargs="*", metavar="编号", help="换用这些政策；不写则列出现在的")
    policies.add_argument("--yes", action="store_true", help="确认执行；没有它只试算，不改动任何数据")
    task("new-year", "年度更替的检查单").add_argument("year", type=int, metavar="年度", help="新的年度，四位")
    task("copy-keys", "把密钥另存一份；密钥不在备份里").add_argument(
        "to", metavar="文件", help="存到这个文件，应在另一处介质上"
    )
    task("rotate-key", "换用新密钥，把加密的内容重新加密；中断后可以接着做")


def _office(args: Namespace) -> NoReturn:
    _become("office", args)


SERVE = Command("serve", "打开网页：在本机启动服务，--demo 打开示例县", _serve_arguments, _serve)
VERIFY = Command("verify", "校验一个安装：操作留痕的链条、锚点和累计数", _verify_arguments, _verify)
OFFICE = Command("office", "管理一个安装：新装、备份、恢复、升级、政策、年度更替、换密钥", _office_arguments, _office)
