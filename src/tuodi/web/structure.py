"""Whether the database answers and has the structure this program needs, and bringing it there."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from tuodi.office import backup
from tuodi.office.plain_sql import is_sqlite, sqlite_path
from tuodi.office.progress import Tell, silent
from tuodi.office.restore import holds_data
from tuodi.office.secrets import WrongKey, is_anything_sealed
from tuodi.web.launch import FOUND, Stopped

_NEWER = "数据库是更新的版本建立的，这个版本不能使用；请安装新版本。"


def check_database() -> None:
    """Raise Stopped where the database does not answer, or where its keys are not in their place."""
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        raise Stopped(_unreachable()) from None
    if not Path(settings.KEYS_FILE).exists() and is_anything_sealed():
        # Sealing by a new key would make two kinds of values under one number.
        lost = "没有它读不出证件号码和账号，动态口令也不能用"
        raise Stopped(f"密钥文件 {settings.KEYS_FILE} 不在；{lost}，请把另存的密钥放回去。")


def _unreachable() -> str:
    config = settings.DATABASES["default"]
    if connection.vendor == "sqlite":
        return f"数据库文件 {config['NAME']} 打不开；请检查文件夹的权限和磁盘，或从备份恢复。"
    place = f"{config['HOST'] or '本机'}:{config['PORT'] or 5432}/{config['NAME']}"
    return f"连不上数据库 {place}；请确认数据库已经启动、库已经建立，并检查 DATABASE_URL 里的地址、用户名和密码。"


def pending() -> list[str]:
    """Return the steps still to be done to the database's structure; empty when it fits this program."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def _is_newer() -> bool:
    """Tell whether a newer program has changed the structure in a way this one does not know."""
    loader = MigrationExecutor(connection).loader
    return any(app == "office" and (app, name) not in loader.disk_migrations for app, name in loader.applied_migrations)


def update(at: datetime, tell: Tell = silent) -> backup.Backup | None:
    """Bring the structure up to this program; existing data are backed up first, and that backup is returned.

    Raises Stopped where that cannot be: the data are then as before, or the sentence says how to bring them back.
    """
    if _is_newer():
        raise Stopped(_NEWER)
    if not pending():
        return None
    kept = None
    if holds_data():
        try:
            kept = backup.make(at, tell=tell)
        except backup.NotDone as problem:
            raise Stopped(f"升级之前的备份没有做成，数据库没有改动：{problem}", FOUND) from None
    tell("更新数据库结构", 0, 0)
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except (DatabaseError, WrongKey) as problem:
        advice = f"请用 tuodi office restore {kept.folder} 恢复到另一个空的文件夹，再用原来的版本打开。" if kept else ""
        raise Stopped(f"更新数据库结构时出错（{type(problem).__name__}），没有完成。{advice}", FOUND) from problem
    return kept


def require() -> None:
    """Raise Stopped unless the database answers and its structure is this program's."""
    if is_sqlite() and not sqlite_path().exists():
        raise Stopped(f"{settings.HOME} 里没有安装；请用 TUODI_HOME 指明文件夹，新装请运行 tuodi office new。")
    check_database()
    if _is_newer():
        raise Stopped(_NEWER)
    if pending():
        raise Stopped("数据库还没有建立，或是旧版本的；新装请运行 tuodi office new，升级请运行 tuodi office upgrade。")
