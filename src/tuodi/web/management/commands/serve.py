"""``tuodi serve``: bring the database up to this program, collect the static files, answer requests until stopped."""

import os
import secrets
from datetime import datetime
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections

from tuodi.office import anchors, demo
from tuodi.office.busy import wait_at_most
from tuodi.office.operations.demo_county import USERNAMES, is_demo, open_demo
from tuodi.office.queries.comparison_members import keep_ready
from tuodi.web import structure
from tuodi.web.launch import Stopped
from tuodi.web.serving import Attendant, listening, server

# So long a page waits for a lock: few threads answer everybody, and those who only read must find one free.
_LOCK_SECONDS = 10
_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")


class Command(BaseCommand):
    """See the module."""

    stealth_options = ("host", "port", "demo")

    def handle(self, *, host: str, port: int, **options: Any) -> None:
        """Serve until the process is asked to end."""
        _check_proxy()
        try:
            bound = listening(host, port)
        except OSError:
            raise Stopped(f"{host} 的端口 {port} 不能使用：已有程序在用，或不是本机的地址；请换一个端口。") from None
        try:
            structure.check_database()
            self._warn_of_network(host)
            if kept := structure.update(datetime.now()):
                self.stderr.write(f"数据库结构已更新到这个版本；更新之前的数据备份在 {kept.folder}。")
            password = self._county(options["demo"])
            self._static_files(host)
            self._serve(bound, f"{_shown(host)}:{port}", password)
        finally:
            bound.close()

    def _warn_of_network(self, host: str) -> None:
        if host in _THIS_MACHINE:
            return
        if not settings.HTTPS:
            self.stderr.write(
                f"提醒：{host} 是网络上别人也能连到的地址，而没有 HTTPS，密码和个人信息会明文经过网络。"
                "请在前面设置 HTTPS 的反向代理并设 TUODI_HTTPS=1，或去掉 --host 只供本机使用。"
            )
        if "TUODI_HOSTS" not in os.environ:
            self.stderr.write("提醒：请用 TUODI_HOSTS 写明用户在浏览器里输入的主机名，逗号隔开；否则只接受本机访问。")

    def _county(self, is_for_show: bool) -> str:
        """Keep demonstrations and real data apart; return the password of a demonstration's users."""
        kind = is_demo()
        if is_for_show and kind is False:
            raise Stopped(f"{settings.HOME} 里是真实的数据，不能作演示；请用 TUODI_HOME 另指一个文件夹。")
        if not is_for_show:
            if kind is None:
                raise Stopped("这里还没有安装。新装请先运行 tuodi office new；只是看看，请运行 tuodi serve --demo。")
            if kind:
                raise Stopped(f"{settings.HOME} 里是演示数据；请加 --demo，真实数据请用 TUODI_HOME 另指一个文件夹。")
            return ""
        password = os.environ.get("TUODI_DEMO_PASSWORD") or secrets.token_urlsafe(9)
        open_demo(password=password, at=datetime.now())
        if not demo.is_filled():
            self.stderr.write("第一次打开演示：正在导入示例县的名册和结算，约需半分钟……")
            demo.fill(datetime.now)
        return password

    def _static_files(self, host: str) -> None:
        """Put the static files, compressed, where WhiteNoise reads them once at the start."""
        settings.WHITENOISE_USE_FINDERS = False
        if host not in (*_THIS_MACHINE, "0.0.0.0", "::"):  # noqa: S104 - compared, not bound
            settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, host]
        call_command("collectstatic", interactive=False, verbosity=0)

    def _serve(self, bound: Any, address: str, password: str) -> None:
        wait_at_most(_LOCK_SECONDS)
        waiting = server(get_wsgi_application(), bound)
        attendant = Attendant(_chores, datetime.now)
        attendant.start()
        try:
            self.stdout.write(f"托底已经打开：http://{address}/　按 Ctrl+C 停止。")
            if password:
                self.stdout.write(f"演示数据，人员全部虚构。用户：{'、'.join(USERNAMES)}；密码：{password}")
            self.stdout.flush()
            waiting.run()
        finally:
            waiting.close()
            attendant.stop()


def _check_proxy() -> None:
    """Raise Stopped where the proxy is not one address: believing everybody, anybody could call from any address."""
    try:
        if settings.PROXY:
            ip_address(settings.PROXY)
    except ValueError:
        raise Stopped(
            f"TUODI_PROXY 应是反向代理连到这里时用的一个 IP 地址，这里写的是 {settings.PROXY}；不能写主机名或 *。"
        ) from None


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _chores(now: datetime) -> None:
    close_old_connections()
    anchors.anchor_due(now)
    keep_ready(now.date())
