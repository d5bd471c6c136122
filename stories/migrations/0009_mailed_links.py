"""Mails with a link, which is made when they are sent."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("stories", "0008_profiles")]

    operations = [
        migrations.AlterField(
            model_name="outboxmessage",
            name="kind",
            field=models.CharField(
                choices=[("purge", "purge of a cache"), ("mail", "mail"), ("link", "mail with a link")],
                max_length=20,
                verbose_name="kind",
            ),
        ),
    ]
