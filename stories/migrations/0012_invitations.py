"""Invitations, and requests to reset a password."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("stories", "0011_email_changes"),
    ]

    operations = [
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sent_by_name", models.CharField(blank=True, editable=False, max_length=200, verbose_name="sent by")),
                ("invited_at", models.DateTimeField(editable=False, verbose_name="invited")),
                ("sent_at", models.DateTimeField(editable=False, verbose_name="sent")),
                ("accepted_at", models.DateTimeField(editable=False, null=True, verbose_name="accepted")),
                ("withdrawn_at", models.DateTimeField(editable=False, null=True, verbose_name="withdrawn")),
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitation",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation",
                "verbose_name_plural": "invitations",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="PasswordReset",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "sent_by_name",
                    models.CharField(blank=True, editable=False, max_length=200, verbose_name="sent by"),
                ),
                (
                    "requested_at",
                    models.DateTimeField(db_index=True, editable=False, verbose_name="requested"),
                ),
                ("used_at", models.DateTimeField(editable=False, null=True, verbose_name="used")),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="password_resets",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "request to reset a password",
                "verbose_name_plural": "requests to reset a password",
                "default_permissions": (),
            },
        ),
    ]
