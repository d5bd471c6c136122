"""Order stories by when they appeared, without keeping anybody from publishing meanwhile."""

from django.db import migrations, models

from stories.migrations.operations import AddIndexOnline


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('stories', '0016_words'),
    ]

    operations = [
        AddIndexOnline(
            model_name='storystatus',
            index=models.Index(fields=['first_live_from', 'article'], name='status_by_appearance'),
        ),
    ]
