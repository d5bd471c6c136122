"""E-mail addresses that people have asked for, and not confirmed yet."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    # The second enqueues mails with links, which this one is about.
    dependencies = [("stories", "0010_failed_attempts"), ("stories", "0009_mailed_links")]

    operations = [
        migrations.CreateModel(
            name="EmailChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                (
                    "address",
                    models.EmailField(max_length=254, verbose_name="new email address"),
                ),
                ("asked_at", models.DateTimeField(verbose_name="asked")),
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="email_change",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="account",
                    ),
                ),
            ],
            options={
                "verbose_name": "change of an email address",
                "verbose_name_plural": "changes of email addresses",
            },
        ),
    ]
