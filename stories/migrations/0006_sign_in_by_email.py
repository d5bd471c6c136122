"""Accounts are named by their e-mail address alone; what had no display name is called by its user name, as before."""

from django.db import migrations
from django.db.models import F
from django.db.models.functions import Trim


def name_the_nameless(apps, schema_editor):
    users = apps.get_model("stories", "User").objects.using(schema_editor.connection.alias)
    users.alias(trimmed=Trim("display_name")).filter(trimmed="").update(display_name=F("username"))


class Migration(migrations.Migration):
    dependencies = [("stories", "0005_rewrite_searched_words")]

    operations = [
        migrations.RunPython(name_the_nameless, migrations.RunPython.noop, elidable=True),
        migrations.AlterModelManagers(name="user", managers=[]),
        migrations.RemoveField(model_name="user", name="username"),
    ]
