"""A run of the verification says what was erased since the heads that it was given."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("stories", "0006_picture_sizes")]

    operations = [
        migrations.AddField(
            model_name="verificationrun",
            name="erased",
            field=models.PositiveIntegerField(default=0, verbose_name="erasures"),
        ),
        migrations.AddField(
            model_name="verificationrun",
            name="erasures",
            field=models.JSONField(default=list),
        ),
    ]
