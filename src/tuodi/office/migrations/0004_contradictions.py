"""What contradicting rows said, proposals to use one, and how each was settled; file rows of settlements."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from tuodi.office import triggers


class Migration(migrations.Migration):
    """See the module."""

    dependencies = [
        ("office", "0003_second_factor"),
    ]

    operations = [
        migrations.AddField(
            model_name="formerpayment",
            name="row",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="payeranswer",
            name="row",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="settlement",
            name="named_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="settlement",
            name="row",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name="Contradiction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("settlement", "结算"), ("answer", "前序支付答复"), ("payment", "既有系统支付")],
                        max_length=12,
                    ),
                ),
                ("setl_id", models.CharField(max_length=60)),
                ("key", models.CharField(blank=True, default="", max_length=60)),
                ("contents", models.TextField()),
                ("digest", models.CharField(max_length=64)),
                ("psn_no", models.CharField(blank=True, default="", max_length=60)),
                ("year", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("row", models.PositiveIntegerField(blank=True, null=True)),
                ("since", models.DateTimeField()),
                ("named_at", models.DateTimeField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "待核对"),
                            ("against", "不采用"),
                            ("in_force", "已采用"),
                            ("overtaken", "已有较晚的答复"),
                        ],
                        default="open",
                        max_length=12,
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="office.importbatch"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="withheld",
            name="contradiction",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="withheld",
                to="office.contradiction",
            ),
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=200)),
                ("seen_digest", models.CharField(max_length=64)),
                ("proposed_at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("confirmed", "已确认"),
                            ("rejected", "已驳回"),
                            ("withdrawn", "已撤回"),
                            ("outdated", "内容有变动，已作废"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("why", models.CharField(blank=True, default="", max_length=200)),
                (
                    "contradiction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="proposals", to="office.contradiction"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_for",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "proposed_for",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Resolution",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("setl_id", models.CharField(db_index=True, max_length=60)),
                (
                    "outcome",
                    models.CharField(choices=[("keep", "保留已登记的一条"), ("use", "改用另一条")], max_length=12),
                ),
                ("before", models.TextField()),
                ("before_row", models.PositiveIntegerField(blank=True, null=True)),
                ("other", models.TextField()),
                ("other_row", models.PositiveIntegerField(blank=True, null=True)),
                ("reason", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "before_batch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.importbatch",
                    ),
                ),
                (
                    "contradiction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="resolutions",
                        to="office.contradiction",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "decided_for",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "other_batch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.importbatch",
                    ),
                ),
                (
                    "proposal",
                    models.OneToOneField(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="office.proposal"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="contradiction",
            constraint=models.UniqueConstraint(fields=("setl_id", "kind", "key", "digest"), name="contradiction_once"),
        ),
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(condition=models.Q(("outcome", "")), fields=["proposed_at"], name="proposal_waiting"),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("outcome", "")), fields=("contradiction",), name="proposal_one_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "confirmed"), _negated=True),
                    models.Q(
                        ("decided_by__isnull", False),
                        models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                        models.Q(
                            ("proposed_for__isnull", True),
                            models.Q(("decided_by", models.F("proposed_for")), _negated=True),
                            _connector="OR",
                        ),
                        models.Q(
                            ("decided_for__isnull", True),
                            models.Q(("decided_for", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        models.Q(
                            ("decided_for__isnull", True),
                            ("proposed_for__isnull", True),
                            models.Q(("decided_for", models.F("proposed_for")), _negated=True),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="proposal_two_persons",
            ),
        ),
        migrations.AddConstraint(
            model_name="resolution",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome", "keep"), ("proposal__isnull", False), _connector="OR"),
                name="resolution_by_two_persons",
            ),
        ),
        migrations.RunPython(triggers.insert_only, triggers.changeable),
    ]
