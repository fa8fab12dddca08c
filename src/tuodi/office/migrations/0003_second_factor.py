"""Second factors of our own with sealed secrets; those bound so far are taken over, and their readable rows go."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from tuodi.office.second_factor import place
from tuodi.office.secrets import seal

_OLD_TABLE = "otp_totp_totpdevice"
"""Of django-otp's own plugin, used up to 0.4.0; a database made anew has none."""


def take_over(apps: Any, schema_editor: Any) -> None:
    """Seal the secrets of bound telephones, then drop the old table: deleted rows alone could still be read on disk."""
    connection = schema_editor.connection
    if _OLD_TABLE not in connection.introspection.table_names():
        return
    factor = apps.get_model("office", "SecondFactor")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT user_id, key, drift, last_t FROM {_OLD_TABLE} WHERE confirmed ORDER BY id DESC")  # noqa: S608
        # Signing in asked the oldest of a user, so it is the one written last here.
        bound = {user_id: (key, drift, last_t) for user_id, key, drift, last_t in cursor.fetchall()}
        for user_id, (key, drift, last_t) in sorted(bound.items()):
            sealed = seal(key, place(user_id))
            factor.objects.create(user_id=user_id, name="动态口令", key_sealed=sealed, drift=drift, last_t=last_t)
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA secure_delete=ON")
        cursor.execute(f"DROP TABLE {_OLD_TABLE}")
        # The plugin's steps are undone with it: what was never made may be made again.
        cursor.execute("DELETE FROM django_migrations WHERE app = 'otp_totp'")


class Migration(migrations.Migration):
    """See the module."""

    dependencies = [("office", "0002_triggers")]

    operations = [
        migrations.CreateModel(
            name="SecondFactor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(help_text="The human-readable name of this device.", max_length=64)),
                ("confirmed", models.BooleanField(default=True, help_text="Is this device ready for use?")),
                (
                    "throttling_failure_timestamp",
                    models.DateTimeField(
                        blank=True,
                        default=None,
                        help_text=(
                            "A timestamp of the last failed verification attempt. Null if last attempt succeeded."
                        ),
                        null=True,
                    ),
                ),
                (
                    "throttling_failure_count",
                    models.PositiveIntegerField(default=0, help_text="Number of successive failed attempts."),
                ),
                ("key_sealed", models.BinaryField()),
                ("drift", models.SmallIntegerField(default=0)),
                ("last_t", models.BigIntegerField(default=-1)),
                (
                    "user",
                    models.ForeignKey(
                        help_text="The user that this device belongs to.",
                        on_delete=django.db.models.deletion.CASCADE,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("user",), name="one_factor_each")]},
        ),
        migrations.RunPython(take_over, migrations.RunPython.noop),
    ]
