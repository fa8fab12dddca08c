"""What a refused row of an answer or a payment is about; identities of duplicates stand with the record that counts."""

from typing import Any

from django.db import migrations, models


def bring_together(apps: Any, schema_editor: Any) -> None:
    """Move the identities of merged duplicates, of which there are few, to the records they were merged into."""
    holdings = apps.get_model("office", "Holding").objects
    for duplicate in apps.get_model("office", "Person").objects.filter(merged_into__isnull=False):
        of_duplicate = holdings.filter(person=duplicate)
        of_duplicate.update(person=duplicate.merged_into_id, listed_as=duplicate.psn_no)


class Migration(migrations.Migration):
    """See the module."""

    dependencies = [
        ("office", "0004_contradictions"),
    ]

    operations = [
        migrations.AddField(
            model_name="withheld",
            name="key",
            field=models.CharField(blank=True, default="", max_length=60),
        ),
        migrations.AddField(
            model_name="holding",
            name="listed_as",
            field=models.CharField(blank=True, default="", max_length=60),
        ),
        migrations.RemoveConstraint(
            model_name="holding",
            name="holding_once",
        ),
        migrations.AddConstraint(
            model_name="holding",
            constraint=models.UniqueConstraint(
                fields=("person", "identity", "begin", "listed_as"), name="holding_once"
            ),
        ),
        # The last: PostgreSQL changes no table whose foreign keys wait to be checked.
        migrations.RunPython(bring_together, migrations.RunPython.noop),
    ]
