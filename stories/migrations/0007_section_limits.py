"""Let accounts be limited to sections."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("stories", "0006_sign_in_by_email")]
    operations = [
        migrations.AddField(
            model_name="user",
            name="sections",
            field=models.ManyToManyField(
                blank=True,
                help_text=(
                    "What this account’s groups let it do to stories, it may do in these sections alone. None chosen: "
                    "in every section. Stories that the person began or was given stay theirs to write, and a "
                    "superuser has no limit."
                ),
                related_name="limited_accounts",
                to="stories.section",
                verbose_name="sections",
            ),
        ),
    ]
