"""Triggers, and the head of an empty trail."""

from typing import Any

from django.db import migrations

from tuodi.office import triggers


def first_head(apps: Any, _schema_editor: Any) -> None:
    """Make the one row of the trail's head."""
    apps.get_model("office", "TrailHead").objects.get_or_create(pk=1, defaults={"number": 0, "hash": "0" * 64})


class Migration(migrations.Migration):
    """See the module."""

    dependencies = [("office", "0001_initial")]
    operations = [
        migrations.RunPython(first_head, migrations.RunPython.noop),
        migrations.RunPython(triggers.apply, triggers.revert),
    ]
